"""What the user wants done with a message: asked for by a click, the hover bar or a menu, done by
who listens.
"""

from __future__ import annotations

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QApplication

from client.api.values import Row, Transfer
from client.gui.messages.cards.words import TRANSFER_ORDERS, CardAction
from client.gui.messages.hit_testing import Hit, HitKind


class RowSignals(QObject):
    """Belongs to a message view; lives on the window's thread.

    Messages are named by their message_id.
    """

    reply_requested = pyqtSignal(bytes)
    edit_requested = pyqtSignal(bytes)
    delete_requested = pyqtSignal(bytes)
    react_requested = pyqtSignal(bytes, str, bool)  # message_id, emoji, remove
    retry_requested = pyqtSignal(bytes)
    discard_requested = pyqtSignal(bytes)
    pin_requested = pyqtSignal(bytes, bool)  # message_id, take it down
    accept_requested = pyqtSignal(bytes, bool)  # message_id of an answer, take it back
    link_activated = pyqtSignal(str)
    mention_activated = pyqtSignal(str)
    quote_clicked = pyqtSignal(bytes)  # of the quoted message
    quote_activated = pyqtSignal(bytes)  # the same, if that message is not among the rows here
    save_requested = pyqtSignal(bytes)
    save_as_requested = pyqtSignal(bytes)
    transfer_action = pyqtSignal(
        bytes, str
    )  # transfer_id, "pause" | "resume" | "cancel" | "folder"
    versions_requested = pyqtSignal(bytes)
    compare_requested = pyqtSignal(bytes)
    image_requested = pyqtSignal(bytes)
    load_requested = pyqtSignal(bytes)  # a picture that could not be had is to be tried again

    def click(self, hit: Hit, row: Row, my_name: str) -> None:
        """What a click on a row means; buttons of its file's card are pressed with
        act_on_file().
        """
        if hit.kind is HitKind.LINK:
            self.link_activated.emit(hit.target)
        elif hit.kind is HitKind.MENTION:
            self.mention_activated.emit(hit.target)
        elif hit.kind is HitKind.PILL and hit.reaction is not None:
            self.react_requested.emit(
                row.message_id, hit.reaction.emoji, my_name in hit.reaction.usernames
            )
        elif hit.kind is HitKind.RETRY:
            self.retry_requested.emit(row.message_id)
        elif hit.kind is HitKind.DISCARD:
            self.discard_requested.emit(row.message_id)
        elif hit.kind is HitKind.COPY:
            copy_text(hit.target)
        elif hit.kind is HitKind.QUOTE and row.quote is not None:
            self.quote_clicked.emit(row.quote.message_id)

    def act_on_file(self, action: CardAction, row: Row, transfer: Transfer | None) -> None:
        """What a button of a card, or the same entry of the menu, does."""
        if action in TRANSFER_ORDERS:
            if transfer is not None:
                self.transfer_action.emit(transfer.transfer_id, TRANSFER_ORDERS[action])
            return
        signals = {
            CardAction.SAVE: self.save_requested,
            CardAction.SAVE_AS: self.save_as_requested,
            CardAction.VERSIONS: self.versions_requested,
            CardAction.COMPARE: self.compare_requested,
            CardAction.IMAGE: self.image_requested,
            CardAction.LOAD: self.load_requested,
        }
        signals[action].emit(row.message_id)


def pressed_action(
    action: CardAction, modifiers: Qt.KeyboardModifiers | Qt.KeyboardModifier
) -> CardAction:
    """A button of a card as it was pressed: Save asks where to if Shift is held."""
    is_asking = action is CardAction.SAVE and bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    return CardAction.SAVE_AS if is_asking else action


def copy_text(text: str) -> None:
    """Put it on the clipboard."""
    clipboard = QApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
