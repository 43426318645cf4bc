"""The menus of a message: all that can be done with it, and the reactions."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QCursor
from PyQt5.QtWidgets import QMenu, QWidget

from client.api.values import MessageState, Row, RowKind
from client.gui.kit.emoji_picker import EmojiPicker
from client.gui.language.translation import tr, tr_dynamic
from client.gui.messages.card_layer import CardLayer
from client.gui.messages.cards.words import CardAction, file_of, menu_actions_of
from client.gui.messages.model import sentence_of
from client.gui.messages.painting import BarAction
from client.gui.messages.row_signals import RowSignals, copy_text
from client.gui.messages.text_selection import TextSelection
from client.gui.messages.timeline import Timeline

QUICK_EMOJI = ("👍", "❤️", "😂", "🎉", "🤔", "👀", "✅", "🙏")


class RowMenu:
    """Belongs to a message view; lives on the window's thread."""

    def __init__(
        self,
        view: QWidget,
        actions: RowSignals,
        timeline: Timeline,
        cards: CardLayer,
        text: TextSelection,
    ) -> None:
        self._view, self._actions = view, actions
        self._timeline, self._cards, self._text = timeline, cards, text
        self._can_moderate = False
        self._can_pin = False
        self._is_staff = False

    def set_can_moderate(self, can_moderate: bool) -> None:
        """Whether messages of others may be deleted."""
        self._can_moderate = can_moderate

    def set_rights(self, can_pin: bool, is_staff: bool) -> None:
        """Whether messages may be pinned here, and whether I belong to the staff."""
        self._can_pin, self._is_staff = can_pin, is_staff

    def press(self, action: BarAction, row: Row, point: QPoint) -> None:
        """A button of the hover bar was pressed; its menu opens at this point of the screen."""
        if action is BarAction.REPLY:
            self._actions.reply_requested.emit(row.message_id)
        elif action is BarAction.EDIT:
            self._actions.edit_requested.emit(row.message_id)
        else:
            self.pop_up(self.reactions(row) if action is BarAction.REACT else self.of(row), point)

    def pop_up(self, menu: QMenu, point: QPoint) -> None:
        """Show a menu at this point of the screen."""
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def reactions(self, row: Row) -> QMenu:
        """The quick reactions; one that I gave already is taken back."""
        menu, react = QMenu(tr("React"), self._view), self._actions.react_requested
        mine = {
            reaction.emoji
            for reaction in row.reactions
            if self._timeline.my_name in reaction.usernames
        }
        for emoji in QUICK_EMOJI:
            action = menu.addAction(emoji)
            action.setCheckable(True)
            action.setChecked(emoji in mine)
            action.triggered.connect(
                lambda _checked, emoji=emoji: react.emit(row.message_id, emoji, emoji in mine)
            )
        menu.addSeparator()
        menu.addAction(tr("Others\u2026"), lambda: self._pick_reaction(row))
        return menu

    def _pick_reaction(self, row: Row) -> None:
        picker = EmojiPicker(self._view)
        picker.chosen.connect(
            lambda emoji: self._actions.react_requested.emit(row.message_id, emoji, False)
        )
        picker.open_at(
            QCursor.pos() - QPoint(picker.sizeHint().width() // 2, picker.sizeHint().height() + 8)
        )

    def of(self, row: Row) -> QMenu:
        """All that can be done with a row."""
        menu, message_id, actions = QMenu(self._view), row.message_id, self._actions
        is_text, is_stored = row.kind is RowKind.TEXT, row.sequence > 0
        self._add_file(menu, row)
        if is_text and is_stored:
            menu.addMenu(self.reactions(row))
            menu.addAction(tr("Reply"), lambda: actions.reply_requested.emit(message_id))
            self._add_marks(menu, row)
        if self._text.text():
            menu.addAction(tr("Copy selection"), self._copy_selection)
        if is_text:
            label = tr("Copy text") if file_of(row) is None else tr("Copy name and caption")
            menu.addAction(label, lambda: copy_text(sentence_of(row)))
        if is_text and is_stored and row.is_own:
            menu.addAction(tr("Edit"), lambda: actions.edit_requested.emit(message_id))
        if (
            is_stored
            and row.kind not in (RowKind.SYSTEM, RowKind.DELETED)
            and (row.is_own or self._can_moderate)
        ):
            menu.addSeparator()
            menu.addAction(
                tr("Delete for everyone"), lambda: actions.delete_requested.emit(message_id)
            )
        if row.is_own and row.state is MessageState.FAILED:
            menu.addAction(tr("Retry"), lambda: actions.retry_requested.emit(message_id))
        if row.is_own and not is_stored and row.state in (MessageState.FAILED, MessageState.SAVED):
            menu.addAction(tr("Discard"), lambda: actions.discard_requested.emit(message_id))
        return menu

    def _copy_selection(self) -> None:
        text = self._text.text()
        if text:
            copy_text(text)

    def _add_file(self, menu: QMenu, row: Row) -> None:
        """Entries for all that can be done with the file of a row."""
        for action in menu_actions_of(row, self._cards.transfer_of(row.message_id)):
            if action is CardAction.IMAGE and not self._cards.shows_image(row):
                continue
            menu.addAction(
                tr_dynamic(action.value), lambda action=action: self._act_on_file(action, row)
            )
        if file_of(row) is not None:
            menu.addSeparator()

    def _act_on_file(self, action: CardAction, row: Row) -> None:
        self._actions.act_on_file(action, row, self._cards.transfer_of(row.message_id))

    def _add_marks(self, menu: QMenu, row: Row) -> None:
        """Pin or take down; accept an answer or take that back."""
        message_id, actions = row.message_id, self._actions
        if self._can_pin:
            text = tr("Unpin") if row.is_pinned else tr("Pin")
            menu.addAction(text, lambda: actions.pin_requested.emit(message_id, row.is_pinned))
        # The question itself may stand far above the rows that are loaded.
        is_mine = row.quote is not None and row.quote.username == self._timeline.my_name
        if row.is_answer and row.quote is not None and (is_mine or self._is_staff):
            text = (
                tr("Do not accept this answer any more")
                if row.is_accepted
                else tr("Accept as the answer")
            )
            menu.addAction(text, lambda: actions.accept_requested.emit(message_id, row.is_accepted))
