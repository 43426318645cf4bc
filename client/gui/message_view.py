"""The message view: rows of a conversation with mouse, keys, selection, menus and tool tips."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QCursor, QFocusEvent, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent
from PyQt5.QtWidgets import QAbstractItemView, QApplication, QMenu, QToolTip, QWidget

from client.gui.emoji_picker import EmojiPicker
from client.gui.file_view import FileRowView
from client.gui.file_words import CardAction, file_of
from client.gui.hits import CLICKABLE, Hit, HitKind, hit_test, place_at, tooltip_of
from client.gui.models import sentence_of
from client.gui.painting import BarAction
from client.gui.selection import Place, Selection
from client.gui.translation import tr, tr_dynamic
from client.values import MessageState, Row, RowKind

QUICK_EMOJI = ("👍", "❤️", "😂", "🎉", "🤔", "👀", "✅", "🙏")
AUTO_SCROLL_MS = 30
_KEYPAD = Qt.KeyboardModifier.KeypadModifier

_BY_KEYS = (
    Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason
)  # fmt: skip


class MessageView(FileRowView):
    """Shows a ConversationModel and listens to the user. Lives on the window's thread."""

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
    quote_activated = pyqtSignal(bytes)  # message_id of a quoted message that is not among the rows here

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._can_moderate = False
        self._can_pin = False
        self._is_staff = False
        self._pressed: Hit | None = None
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll_while_selecting)

    def set_can_moderate(self, can_moderate: bool) -> None:
        """Whether messages of others may be deleted."""
        self._can_moderate = can_moderate

    def set_rights(self, can_pin: bool, is_staff: bool) -> None:
        """Whether messages may be pinned here, and whether I belong to the staff."""
        self._can_pin, self._is_staff = can_pin, is_staff

    def copy_selection(self) -> str:
        """The selected text, also put on the clipboard; without a selection the focused message."""
        text = self.selected_text()
        if not text and self.currentIndex().isValid():
            row = self._row(self.currentIndex().row())
            text = sentence_of(row) if row is not None else ""
        clipboard = QApplication.clipboard()
        if text and clipboard is not None:
            clipboard.setText(text)
        return text

    # --- mouse ---

    def _set_cursor(self, point: QPointF) -> None:
        hit = self._hit(point)
        shape = Qt.CursorShape.ArrowCursor
        if self._hovered_action is not None or hit.kind in CLICKABLE:
            shape = Qt.CursorShape.PointingHandCursor
        elif hit.kind is HitKind.TEXT:
            shape = Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.localPos()
        self._mouse, self._keyboard_focus = point, False
        self._rehover()
        on_bar = self._bar_action(point)
        if on_bar is not None:
            self._do_bar_action(*on_bar)
            return
        self._pressed = self._hit(point)
        if self._pressed.row >= 0 and self.model() is not None:
            self.setCurrentIndex(self.model().index(self._pressed.row, 0))
        place = self._place(point)
        if place is None:
            return
        is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self._selection is not None
        anchor = self._selection.anchor if is_extending and self._selection is not None else place
        self._selection, self._is_selecting = Selection(anchor, place), True
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self._mouse = event.localPos()
        if self._is_selecting:
            self._extend_selection()
            y = self._mouse.y()
            if not 0 <= y < self.viewport().height():
                self._auto_scroll.start()
            else:
                self._auto_scroll.stop()
            return
        before = (self._hovered_row, self._hovered_code, self._hovered_action, self._hovered_file)
        self._rehover()
        self._set_cursor(self._mouse)
        if before != (self._hovered_row, self._hovered_code, self._hovered_action, self._hovered_file):
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._auto_scroll.stop()
        was_selecting, self._is_selecting = self._is_selecting, False
        pressed, self._pressed = self._pressed, None
        self.viewport().update()
        if event is None or (was_selecting and self._selection is not None and not self._selection.is_empty):
            return
        if was_selecting:
            self._selection = None
        if pressed is not None and pressed == self._hit(event.localPos()):
            self._do_click(pressed, event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        place = self._place(event.localPos()) if event is not None else None
        if place is None:
            return
        blocks = self._layout(place.row).blocks
        if place.block >= len(blocks):
            return
        block = blocks[place.block]
        start, end = (0, block.length) if block.is_file else word_around(block.text, place.char)
        self._selection = Selection(Place(place.row, place.block, start), Place(place.row, place.block, end))
        self._is_selecting = False
        self.viewport().update()

    def _place(self, point: QPointF) -> Place | None:
        index = self.row_under(int(point.y()))
        if index < 0:
            return None
        local = self.local(index, point)
        return place_at(self._layout(index), index, local.x(), local.y())

    def _extend_selection(self) -> None:
        place = self._place(self._mouse) if self._mouse is not None else None
        if place is not None and self._selection is not None and self._selection.cursor != place:
            self._selection = Selection(self._selection.anchor, place)
            self.viewport().update()

    def _scroll_while_selecting(self) -> None:
        if not self._is_selecting or self._mouse is None:
            self._auto_scroll.stop()
            return
        y, height = self._mouse.y(), self.viewport().height()
        over = y if y < 0 else max(0.0, y - height)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + int(max(-60.0, min(60.0, over))))
        self._extend_selection()

    def _do_click(self, hit: Hit, modifiers: Qt.KeyboardModifiers | Qt.KeyboardModifier) -> None:
        row = self._row(hit.row)
        if row is None:
            return
        clipboard = QApplication.clipboard()
        if hit.kind is HitKind.LINK:
            self.link_activated.emit(hit.target)
        elif hit.kind is HitKind.MENTION:
            self.mention_activated.emit(hit.target)
        elif hit.kind is HitKind.PILL and hit.reaction is not None:
            self.react_requested.emit(row.message_id, hit.reaction.emoji, self._my_name in hit.reaction.usernames)
        elif hit.kind is HitKind.RETRY:
            self.retry_requested.emit(row.message_id)
        elif hit.kind is HitKind.DISCARD:
            self.discard_requested.emit(row.message_id)
        elif hit.kind is HitKind.COPY and clipboard is not None:
            clipboard.setText(hit.target)
        elif hit.kind is HitKind.FILE and hit.action is not None:
            is_asking = hit.action is CardAction.SAVE and bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self.do_file_action(row, CardAction.SAVE_AS if is_asking else hit.action)
        elif hit.kind is HitKind.QUOTE and row.quote is not None:
            self._go_to_message(row.quote.message_id)

    def _go_to_message(self, message_id: bytes) -> None:
        index = self._rows.find_message(message_id) if self._rows is not None else -1
        if index >= 0:
            self.scroll_to_position(index)
        else:
            self.quote_activated.emit(message_id)

    def _do_bar_action(self, index: int, action: BarAction) -> None:
        row = self._row(index)
        if row is None:
            return
        if action is BarAction.REPLY:
            self.reply_requested.emit(row.message_id)
        elif action is BarAction.EDIT:
            self.edit_requested.emit(row.message_id)
        else:
            menu = self.reaction_menu(row) if action is BarAction.REACT else self.row_menu(row)
            point = self._mouse.toPoint() if self._mouse is not None else QPoint()
            self._pop_up(menu, point + QPoint(0, 8))

    # --- menus ---

    def _pop_up(self, menu: QMenu, point: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(point))

    def reaction_menu(self, row: Row) -> QMenu:
        """The quick reactions; one that I gave already is taken back."""
        menu = QMenu(tr("React"), self)
        mine = {reaction.emoji for reaction in row.reactions if self._my_name in reaction.usernames}
        for emoji in QUICK_EMOJI:
            action = menu.addAction(emoji)
            action.setCheckable(True)
            action.setChecked(emoji in mine)
            action.triggered.connect(
                lambda _checked, emoji=emoji: self.react_requested.emit(row.message_id, emoji, emoji in mine)
            )
        menu.addSeparator()
        menu.addAction(tr("Others\u2026"), lambda: self._pick_reaction(row))
        return menu

    def _pick_reaction(self, row: Row) -> None:
        picker = EmojiPicker(self)
        picker.chosen.connect(lambda emoji: self.react_requested.emit(row.message_id, emoji, False))
        picker.open_at(QCursor.pos() - QPoint(picker.sizeHint().width() // 2, picker.sizeHint().height() + 8))

    def row_menu(self, row: Row) -> QMenu:
        """All that can be done with a row."""
        menu, message_id = QMenu(self), row.message_id
        is_text, is_stored = row.kind is RowKind.TEXT, row.sequence > 0
        self.add_file_menu(menu, row)
        if is_text and is_stored:
            menu.addMenu(self.reaction_menu(row))
            menu.addAction(tr("Reply"), lambda: self.reply_requested.emit(message_id))
            self._add_marks(menu, row)
        if self.selected_text():
            menu.addAction(tr("Copy selection"), self._on_copy)
        if is_text:
            label = tr("Copy text") if file_of(row) is None else tr("Copy name and caption")
            menu.addAction(label, lambda: self._copy(sentence_of(row)))
        if is_text and is_stored and row.is_own:
            menu.addAction(tr("Edit"), lambda: self.edit_requested.emit(message_id))
        if is_stored and row.kind not in (RowKind.SYSTEM, RowKind.DELETED) and (row.is_own or self._can_moderate):
            menu.addSeparator()
            menu.addAction(tr("Delete for everyone"), lambda: self.delete_requested.emit(message_id))
        if row.is_own and row.state is MessageState.FAILED:
            menu.addAction(tr("Retry"), lambda: self.retry_requested.emit(message_id))
        if row.is_own and not is_stored and row.state in (MessageState.FAILED, MessageState.SAVED):
            menu.addAction(tr("Discard"), lambda: self.discard_requested.emit(message_id))
        return menu

    def _add_marks(self, menu: QMenu, row: Row) -> None:
        """Pin or take down; accept an answer or take that back."""
        message_id = row.message_id
        if self._can_pin:
            text = tr("Unpin") if row.is_pinned else tr("Pin")
            menu.addAction(text, lambda: self.pin_requested.emit(message_id, row.is_pinned))
        # The question itself may stand far above the rows that are loaded.
        if row.is_answer and row.quote is not None and (row.quote.username == self._my_name or self._is_staff):
            text = tr("Do not accept this answer any more") if row.is_accepted else tr("Accept as the answer")
            menu.addAction(text, lambda: self.accept_requested.emit(message_id, row.is_accepted))

    def _on_copy(self) -> None:
        self.copy_selection()

    def _copy(self, text: str) -> None:
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is None:
            return
        index, point = self.row_under(event.y()), event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex().row()
            y = self.row_y(index)
            point = QPoint(80, max(0, y or 0) + 24)
        row = self._row(index) if index >= 0 else None
        if row is None:
            return
        menu = self.row_menu(row)
        hit = self._hit(QPointF(point))
        if hit.kind is HitKind.LINK:
            menu.addAction(tr("Copy link"), lambda: self._copy(hit.target))
        if not menu.isEmpty():
            self._pop_up(menu, point)

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key, bar = event.key(), self.verticalScrollBar()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not int(event.modifiers()) & ~int(_KEYPAD):
            self._move_focus(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_PageUp:
            bar.setValue(bar.value() - (self.viewport().height() - 40))
        elif key == Qt.Key.Key_PageDown:
            bar.setValue(bar.value() + (self.viewport().height() - 40))
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.scroll_to_bottom()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._keyboard_focus:
            self._open_focused_menu()
        elif key == Qt.Key.Key_Escape and self._selection is not None:
            self._selection = None
            self.viewport().update()
        else:
            event.ignore()  # the window gives it to the composer

    def _move_focus(self, step: int) -> None:
        model, current = self.model(), self.currentIndex().row()
        if model is None or model.rowCount() == 0:
            return
        if current < 0 or self.row_y(current) is None:
            target = self._shown[-1][0] if step < 0 else self._shown[0][0]
        else:
            target = max(0, min(model.rowCount() - 1, current + step))
        self._keyboard_focus = True
        self.setCurrentIndex(model.index(target, 0))
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def _open_focused_menu(self) -> None:
        index = self.currentIndex().row()
        row = self._row(index) if index >= 0 else None
        if row is not None:
            self._pop_up(self.row_menu(row), QPoint(80, max(0, self.row_y(index) or 0) + 24))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        if event is not None and event.reason() in _BY_KEYS:
            self._keyboard_focus = True
            current = self.currentIndex().row()
            is_seen = current >= 0 and self.row_y(current) is not None
            if not is_seen and self._shown and self.model() is not None:
                self.setCurrentIndex(self.model().index(self._shown[-1][0], 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.viewport().update()

    # --- the viewport ---

    def viewportEvent(self, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Leave:
            self._mouse, self._hovered_row, self._hovered_code, self._hovered_action = None, -1, -1, None
            self.viewport().update()
        elif isinstance(event, QHelpEvent):
            self._show_tool_tip(event)
            return True
        return super().viewportEvent(event) if event is not None else False

    def _show_tool_tip(self, event: QHelpEvent) -> None:
        point = QPointF(event.pos())
        if self._hovered_action is not None:
            text = tr_dynamic(self._hovered_action.value)
        else:
            index = self.row_under(event.y())
            if index < 0:
                return
            local, layout = self.local(index, point), self._layout(index)
            text = tooltip_of(layout, hit_test(layout, index, local.x(), local.y()), local.x(), local.y())
        # Usernames and addresses are others' text: a tool tip must not take them for HTML.
        QToolTip.showText(event.globalPos(), text.replace("<", "\u2039"), self)


def word_around(text: str, utf16_char: int) -> tuple[int, int]:
    """The word at a caret, as UTF-16 offsets."""
    encoded = text.encode("utf-16-le")
    at = len(encoded[: 2 * utf16_char].decode("utf-16-le", "ignore"))
    start, end = at, at
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return len(text[:start].encode("utf-16-le")) // 2, len(text[:end].encode("utf-16-le")) // 2
