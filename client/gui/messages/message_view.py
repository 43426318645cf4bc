"""The message view: paints the timeline of a conversation, and leads mouse and keys to what they
are meant for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PyQt5.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QTimer,
    pyqtSignal,
)
from PyQt5.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PyQt5.QtWidgets import QAbstractItemView, QToolTip, QWidget

from client.api.values import Row
from client.gui.kit.bare_list import QListView
from client.gui.kit.jump_button import JumpButton
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr
from client.gui.messages.card_layer import CardLayer
from client.gui.messages.hit_testing import Hit, HitKind
from client.gui.messages.hover import Hover
from client.gui.messages.look import Look
from client.gui.messages.model import ConversationModel, sentence_of
from client.gui.messages.painting import RowPainter, RowState
from client.gui.messages.row_menu import RowMenu
from client.gui.messages.row_signals import RowSignals, copy_text, pressed_action
from client.gui.messages.text_selection import TextSelection
from client.gui.messages.timeline import Timeline

FLASH_MS = 1200
WHEEL_STEP = 30  # three of them a notch
PAGE_OVERLAP = 40  # what of a page is seen on the next one, too
MENU_X, MENU_DOWN = 80, 24  # where the menu of a row opens by the keyboard
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class MessageView(QListView):
    """Shows a ConversationModel and listens to the user. Lives on the window's thread.

    `timeline` knows the rows and where they stand, `hover` what the mouse is on, `text` what is
    selected, `cards` the
    files, `menus` what can be done with a row; what the user wants done is told by `actions`.
    """

    at_bottom_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messages")
        self.setAccessibleName(tr("Messages"))
        self.signals = RowSignals(self)
        self.cards = CardLayer(self)
        self.timeline = Timeline(self.viewport(), self.cards, self)
        self.text = TextSelection(self.timeline, self.viewport(), self)
        self.hover = Hover(self.timeline, self.text, self.viewport())
        self.menus = RowMenu(self, self.signals, self.timeline, self.cards, self.text)
        self.jump = JumpButton(self)
        self.empty_text = ""
        self._painter = RowPainter(self.timeline.look)
        self._rows: ConversationModel | None = None
        self._roles: dict[bytes, str] = {}
        self._is_syncing, self._was_at_bottom = False, True
        self._pressed: Hit | None = None
        self._has_keyboard = False  # the focus came by keys, and its row is framed
        self._flashed = -1
        self._flash_timer = QTimer(self)
        self._flash_timer.setSingleShot(True)
        self._flash_timer.setInterval(FLASH_MS)
        self._flash_timer.timeout.connect(self._end_flash)
        self.configure()
        self._connect()

    def _connect(self) -> None:
        repaint = self.viewport().update
        self.timeline.touched.connect(repaint)
        self.timeline.arranged.connect(self._on_arranged)
        self.text.changed.connect(repaint)
        self.text.scroll_wanted.connect(
            lambda pixels: self.verticalScrollBar().setValue(
                self.verticalScrollBar().value() + pixels
            )
        )
        self.cards.changed.connect(repaint)
        self.cards.refused.connect(self.timeline.forget_message)
        self.jump.clicked.connect(self.scroll_to_bottom)
        self.signals.quote_clicked.connect(self._go_to_message)
        self.signals.load_requested.connect(
            lambda message_id: self.cards.load_again(self.timeline.card_of(message_id))
        )

    # --- what the window asks ---

    def set_theme(self, theme: Theme) -> None:
        """Other colours or another size of text; the place in the conversation stays."""
        look = Look(theme)
        self._painter = RowPainter(look)
        self.timeline.set_look(look)

    def set_staff(self, roles: Mapping[bytes, str]) -> None:
        """The text of the chip behind these people's names, by uid."""
        self._roles = dict(roles)
        self.viewport().update()

    def set_empty_text(self, text: str) -> None:
        """What to do, said where no message stands yet."""
        self.empty_text = text
        self.viewport().update()

    def scroll_to_bottom(self) -> None:
        """Go to the newest row and stay there."""
        self.timeline.scroll_to_bottom()

    def scroll_to_position(self, position: int) -> None:
        """Show this row in the upper third and let it light up."""
        if 0 <= position < self.timeline.count:
            self._flashed = position
            self._flash_timer.start()
            self.timeline.scroll_to_row(position)

    @property
    def is_at_bottom(self) -> bool:
        """Whether the newest row is shown and new ones will be followed."""
        return self.timeline.is_at_bottom

    def copy_selection(self) -> str:
        """The selected text, also put on the clipboard; without a selection the focused message."""
        text = self.text.text()
        if not text and self.currentIndex().isValid():
            row = self.timeline.row(self.currentIndex().row())
            text = sentence_of(row) if row is not None else ""
        if text:
            copy_text(text)
        return text

    # --- the model ---

    def setModel(self, model: QAbstractItemModel | None) -> None:
        if self._rows is not None:
            self._rows.rowsRemoved.disconnect(self._on_rows_removed)
        self._rows = model if isinstance(model, ConversationModel) else None
        self.timeline.set_rows(self._rows)
        super().setModel(model)
        if self._rows is not None:
            self._rows.rowsRemoved.connect(self._on_rows_removed)
            self._rows.file_words = self.cards.spoken

    def reset(self) -> None:
        super().reset()
        if not hasattr(self, "timeline"):
            return  # the base class resets before our own part exists
        self.text.clear()
        self._has_keyboard, self._flashed = False, -1
        self.timeline.reset()
        self.cards.thumbnails.forget_failures()

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Iterable[int] = ()) -> None:
        self.timeline.rows_changed(first.row(), last.row())

    def rowsInserted(self, parent: QModelIndex, start: int, end: int) -> None:
        self.timeline.rows_inserted(start, end - start + 1)
        self.text.drop_from(start)
        super().rowsInserted(parent, start, end)
        self.timeline.touch()

    def _on_rows_removed(self, _parent: QModelIndex, start: int, end: int) -> None:
        self.text.drop_from(start)
        self.timeline.rows_removed(start, end - start + 1)

    # --- places and painting ---

    def _on_arranged(self) -> None:
        bar, (value, maximum) = self.verticalScrollBar(), self.timeline.bar_values()
        self._is_syncing = True
        bar.setRange(0, maximum)
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(WHEEL_STEP)
        bar.setValue(value)
        bar.setEnabled(maximum > 0)
        self._is_syncing = False
        self.timeline.prefetch()
        is_at_bottom = self.timeline.is_at_bottom
        if is_at_bottom:
            self.timeline.unseen = 0
            self.jump.hide()
        else:
            self.jump.show_in(self.viewport().geometry(), self.timeline.unseen)
        if is_at_bottom != self._was_at_bottom:
            self._was_at_bottom = is_at_bottom
            self.at_bottom_changed.emit(is_at_bottom)

    def _end_flash(self) -> None:
        self._flashed = -1
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        timeline, painter, viewport = self.timeline, self._painter, self.viewport()
        shown, width = timeline.shown, viewport.width()
        self.hover.update()
        p = QPainter(viewport)
        p.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        p.fillRect(viewport.rect(), QColor(timeline.look.theme.bg))
        placed = [(y, timeline.layout(index), self._state_of(index)) for index, y in shown]
        for y, layout, state in placed:
            painter.paint_ground(p, y, width, layout, state)
        for y, layout, state in placed:
            painter.paint(p, y, width, layout, state)
        self.hover.paint(p, painter)
        if not shown:
            self._paint_empty(p)
        p.end()
        self.cards.want_soon((layout.card for _, layout, _ in placed), self.devicePixelRatioF())

    def _state_of(self, index: int) -> RowState:
        made, hover = self.timeline.cached(index), self.hover
        row = made.row if made is not None else None
        state = RowState(
            index,
            role=self._roles.get(row.sender, "") if row is not None else "",
            is_hovered=index == hover.row,
            is_focused=self.is_row_focused(index),
            is_flashed=index == self._flashed,
            code_block=hover.code if index == hover.row else -1,
            selection=self.text.selection,
        )
        return (
            self.cards.with_file(state, made.card, hover.file)
            if made is not None and made.card
            else state
        )

    def _paint_empty(self, p: QPainter) -> None:
        if self.empty_text and self.timeline.count == 0:
            look, area = self.timeline.look, QRectF(self.viewport().rect())
            p.setFont(look.text_font)
            p.setPen(QColor(look.theme.muted))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            p.drawText(
                QRectF(32, 0, max(1, area.width() - 64), area.height()), flags, self.empty_text
            )

    # --- mouse ---

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.localPos()
        self._has_keyboard = False
        self.hover.move(point)
        on_bar = self.hover.press(point)
        if on_bar is not None:
            row = self.timeline.row(on_bar[0])
            if row is not None:
                self.menus.press(
                    on_bar[1], row, self.viewport().mapToGlobal(point.toPoint() + QPoint(0, 8))
                )
            return
        self._pressed = self.hover.hit(point)
        if self._pressed.row >= 0 and self.model() is not None:
            self.setCurrentIndex(self.model().index(self._pressed.row, 0))
        self.text.press(point, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        is_elsewhere = self.hover.move(event.localPos())
        if self.text.is_selecting:
            self.text.move(event.localPos())
            return
        self.viewport().setCursor(self.hover.cursor())
        if is_elsewhere:
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        pressed, self._pressed = self._pressed, None
        was_selecting = self.text.release()
        self.viewport().update()
        if event is not None and not was_selecting and pressed is not None:
            row = self.timeline.row(pressed.row)
            if row is not None and pressed == self.hover.hit(event.localPos()):
                self._click(pressed, row, event)

    def _click(self, hit: Hit, row: Row, event: QMouseEvent) -> None:
        if hit.kind is HitKind.FILE and hit.action is not None:
            transfer = self.cards.transfer_of(row.message_id)
            self.signals.act_on_file(pressed_action(hit.action, event.modifiers()), row, transfer)
        else:
            self.signals.click(hit, row, self.timeline.my_name)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.text.select_word(event.localPos())

    def _go_to_message(self, message_id: bytes) -> None:
        index = self.timeline.find_message(message_id)
        if index >= 0:
            self.scroll_to_position(index)
        else:
            self.signals.quote_activated.emit(message_id)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is None:
            return
        index, point = self.timeline.row_under(event.y()), event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex().row()
            point = self._menu_point(index)
        row = self.timeline.row(index) if index >= 0 else None
        if row is None:
            return
        menu = self.menus.of(row)
        hit = self.hover.hit(QPointF(point))
        if hit.kind is HitKind.LINK:
            menu.addAction(tr("Copy link"), lambda: copy_text(hit.target))
        if not menu.isEmpty():
            self.menus.pop_up(menu, self.viewport().mapToGlobal(point))

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key, bar, page = (
            event.key(),
            self.verticalScrollBar(),
            self.viewport().height() - PAGE_OVERLAP,
        )
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not int(event.modifiers()) & ~int(_KEYPAD):
            self._move_focus(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_PageUp:
            bar.setValue(bar.value() - page)
        elif key == Qt.Key.Key_PageDown:
            bar.setValue(bar.value() + page)
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.scroll_to_bottom()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._has_keyboard:
            self._open_focused_menu()
        elif key == Qt.Key.Key_Escape and self.text.selection is not None:
            self.text.clear()
            self.viewport().update()
        else:
            event.ignore()  # the window gives it to the composer

    def _move_focus(self, step: int) -> None:
        model, current, shown = self.model(), self.currentIndex().row(), self.timeline.shown
        if model is None or model.rowCount() == 0:
            return
        if current < 0 or self.timeline.row_y(current) is None:
            target = shown[-1][0] if step < 0 else shown[0][0]
        else:
            target = max(0, min(model.rowCount() - 1, current + step))
        self._has_keyboard = True
        self.setCurrentIndex(model.index(target, 0))
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def _menu_point(self, index: int) -> QPoint:
        return QPoint(MENU_X, max(0, self.timeline.row_y(index) or 0) + MENU_DOWN)

    def _open_focused_menu(self) -> None:
        index = self.currentIndex().row()
        row = self.timeline.row(index) if index >= 0 else None
        if row is not None:
            self.menus.pop_up(
                self.menus.of(row), self.viewport().mapToGlobal(self._menu_point(index))
            )

    def is_row_focused(self, index: int) -> bool:
        """Whether the keyboard is on this row."""
        return self._has_keyboard and self.hasFocus() and self.currentIndex().row() == index

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        if event is not None and event.reason() in _BY_KEYS:
            self._has_keyboard = True
            current, shown = self.currentIndex().row(), self.timeline.shown
            is_seen = current >= 0 and self.timeline.row_y(current) is not None
            if not is_seen and shown and self.model() is not None:
                self.setCurrentIndex(self.model().index(shown[-1][0], 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.viewport().update()

    # --- what Qt asks ---

    def viewportEvent(self, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Leave:
            self.hover.leave()
            self.viewport().update()
        elif isinstance(event, QHelpEvent):
            text = self.hover.tool_tip(QPointF(event.pos()))
            if text is not None:
                # Usernames and addresses are others' text: a tool tip must not take them for HTML.
                QToolTip.showText(event.globalPos(), text.replace("<", "\u2039"), self)
            return True
        return super().viewportEvent(event) if event is not None else False

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.timeline.touch()
        if event is not None:
            super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._is_syncing:
            return
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if bar.value() in (0, bar.maximum()) or abs(dy) > 3 * height:
            self.timeline.scroll_to_value(bar.value())
        else:
            self.timeline.scroll_by(-dy)

    def visualRect(self, index: QModelIndex) -> QRect:
        y = self.timeline.row_y(index.row()) if index.isValid() else None
        if y is None:
            return QRect()  # only what is shown: assistive tools must not get made-up places
        return QRect(0, y, self.viewport().width(), self.timeline.measure(index.row()))

    def scrollTo(
        self,
        index: QModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if index.isValid():
            self.timeline.ensure_visible(index.row())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.timeline.row_under(point.y())
        if (
            row < 0
            or self.model() is None
            or not self.visualRect(self.model().index(row, 0)).contains(point)
        ):
            return QModelIndex()
        return self.model().index(row, 0)
