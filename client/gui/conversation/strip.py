"""The strip over the composer: why one cannot write here, or what is wrong, and what can be done
about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from client.api.said import Failed
from client.api.values import Conversation, ConversationKind, Person, Trust
from client.gui.kit.theme import Theme
from client.gui.language.said_words import failure_words, said_words
from client.gui.language.translation import tr
from client.gui.session.state import title_of, trust_sentence
from shared.messages import Restriction


@dataclass(frozen=True, slots=True)
class StripWords:
    """A sentence, and the words of the button beside it; both may be empty."""

    text: str = ""
    action: str = ""


def strip_for(conversation: Conversation, person: Person | None, me: Person | None) -> StripWords:
    """What the strip says in a conversation; `person` is the other one of a direct conversation.

    Pure.
    """
    if person is not None and person.restriction == Restriction.CLOSED:
        return StripWords(
            tr("This account was closed. Whoever comes back under this name has new keys.")
        )
    if person is not None and person.trust is Trust.CHANGED:
        return StripWords(trust_sentence(person), tr("Accept new key"))
    said = said_words(conversation.status)
    if conversation.is_waiting:
        return StripWords(
            said or tr("Waiting for a member's computer to let you in. This happens by itself.")
        )
    if not conversation.is_member and conversation.kind is ConversationKind.CHANNEL:
        return StripWords(
            tr("You have not joined {title} yet.", title=title_of(conversation)), tr("Join")
        )
    if not conversation.is_member:
        return StripWords(
            tr("You are not a member here any more. What you could read stays on this computer.")
        )
    if conversation.can_write:
        return StripWords(said)  # the server does what does not fit together; one may still write
    if me is not None and me.restriction:
        return StripWords(failure_words(Failed(code="muted")))
    if conversation.kind is ConversationKind.ANNOUNCEMENTS:
        return StripWords(said or tr("Only the staff writes here."))
    return StripWords(said or tr("You cannot write here now."))


class StripBar(QFrame):
    """Shows the strip; hidden while there is nothing to say."""

    pressed = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.button = QPushButton(self)
        self.button.clicked.connect(lambda: self.pressed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.setStyleSheet(
            f"QFrame {{ background: {theme.side}; }} QLabel {{ color: {theme.text}; }}"
        )

    def show_words(self, words: StripWords) -> None:
        """Say this."""
        self.label.setText(words.text)
        self.button.setText(words.action)
        self.button.setVisible(bool(words.action))
        self.setVisible(bool(words.text))
