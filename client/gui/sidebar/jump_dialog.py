"""The jump field (Ctrl+K): conversations and people by a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from client.api.values import ConversationKind
from client.gui.kit.avatars import avatar_icon
from client.gui.language.translation import tr
from client.gui.session.state import SessionState, sign_of

MAX_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Target:
    """Where one can jump to: a conversation, or a person without one yet."""

    name: str
    conv_id: bytes = b""
    uid: bytes = b""
    sign: str = ""
    unread: int = 0
    last_at_ms: int = 0

    @property
    def label(self) -> str:
        """The line of the list."""
        sign = f"{self.sign} " if self.sign else ""
        unread = "   " + tr("({unread} unread)", unread=self.unread) if self.unread else ""
        return f"{sign}{self.name}{unread}"


def targets_of(state: SessionState, only_people: bool) -> list[Target]:
    """Every place one can jump to."""
    targets: list[Target] = []
    with_direct = set()
    for one in state.conversations.values():
        is_direct = one.kind is ConversationKind.DIRECT
        if is_direct:
            with_direct.add(state.other_of(one))
        if is_direct or not only_people:
            uid = state.other_of(one) if is_direct else b""
            targets.append(
                Target(one.name, one.conv_id, uid, sign_of(one), one.unread, one.last_at_ms)
            )
    targets += [
        Target(one.username, uid=one.uid) for one in state.others() if one.uid not in with_direct
    ]
    return targets


def score(query: str, name: str) -> int:
    """How well a name fits: 0 is not at all.

    The letters must come in order; starts of words count most.
    """
    wanted, text = query.casefold(), name.casefold()
    if not wanted:
        return 1
    if text.startswith(wanted):
        return 1000 - len(text)
    at = text.find(wanted)
    if at >= 0:
        return (700 if not text[at - 1].isalnum() else 500) - len(text)
    previous, points = -1, 200
    for letter in wanted:
        following = text.find(letter, previous + 1)
        if following < 0:
            return 0
        starts_word = following == 0 or not text[following - 1].isalnum()
        points -= 0 if starts_word else min(20, following - previous - 1) + 2
        previous = following
    return max(1, points)


def best(query: str, targets: Sequence[Target]) -> list[Target]:
    """The targets that fit, best first; without a query the unread ones and then the newest."""
    clean = query.strip().lstrip("#@!").strip()
    scored = [(score(clean, one.name), one) for one in targets]
    fitting = [(points, one) for points, one in scored if points]
    if clean:
        fitting.sort(key=lambda pair: (-pair[0], -pair[1].last_at_ms, pair[1].name.casefold()))
    else:
        fitting.sort(
            key=lambda pair: (not pair[1].unread, -pair[1].last_at_ms, pair[1].name.casefold())
        )
    return [one for _, one in fitting[:MAX_SHOWN]]


class JumpDialog(QDialog):
    """A field and a list under it."""

    chosen = pyqtSignal(object)  # Target

    def __init__(
        self, state: SessionState, parent: QWidget | None = None, only_people: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Write to somebody") if only_people else tr("Jump to"))
        self.setMinimumWidth(420)
        self._targets = targets_of(state, only_people)
        self._shown: list[Target] = []
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(
            tr("Name of a person") if only_people else tr("Name of a channel, group or person")
        )
        self.field.setAccessibleName(self.windowTitle())
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMinimumHeight(320)
        self.nothing = QLabel(self)
        self.nothing.setProperty("muted", True)
        self.nothing.setWordWrap(True)
        layout = QVBoxLayout(self)
        for widget in (self.field, self.list, self.nothing):
            layout.addWidget(widget)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._accept_current)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._accept_current())
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            step = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}.get(event.key(), 0)
            if step and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        self._shown = best(self.field.text(), self._targets)
        self.list.clear()
        for target in self._shown:
            item = QListWidgetItem(target.label)
            if target.uid:
                item.setIcon(avatar_icon(target.name))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.nothing.setVisible(not self._shown)
        if self._targets:
            self.nothing.setText(tr("Nothing of this name. Try fewer letters."))
        else:
            self.nothing.setText(
                tr("Nobody else is in the class yet. Give your classmates the invitation.")
            )

    def _accept_current(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown):
            target = self._shown[row]
            self.accept()
            self.chosen.emit(target)
