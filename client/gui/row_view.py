"""The view of rows without the user: an own item view, anchored to a row, painted from cached layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PyQt5.QtCore import QAbstractItemModel, QModelIndex, QPoint, QPointF, QRect, QRectF, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PyQt5.QtWidgets import QAbstractItemView, QAbstractScrollArea, QPushButton, QWidget

from client.gui.anchor import Anchor
from client.gui.file_words import shows_image
from client.gui.heights import Heights
from client.gui.hits import Hit, HitKind, hit_test
from client.gui.layouts import LayoutCache, RowComposer, RowLayout
from client.gui.look import Look
from client.gui.models import ConversationModel
from client.gui.painting import BarAction, RowPainter, RowState, bar_rects
from client.gui.selection import Selection, copied_text
from client.gui.theme import LIGHT, Theme
from client.gui.translation import tr
from client.values import Row

PREFETCH_ROWS = 48
FLASH_MS = 1200
WHEEL_STEP = 30  # three of them a notch


class QListView(QAbstractItemView):
    """Only a name: Qt's accessibility takes a view for a list if a class of this name is among its bases.

    PyQt5 has no QAccessibleInterface to say it otherwise, and the real QListView asks the delegate for each row.
    """


class RowView(QListView):
    """Shows a ConversationModel and knows what is under the mouse. Lives on the window's thread."""

    at_bottom_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: ConversationModel | None = None
        self._heights = Heights()
        self._anchor = Anchor(self._heights, self._measure)
        self._cache = LayoutCache()
        self._shown: list[tuple[int, int]] = []
        self._is_dirty, self._is_syncing, self._was_at_bottom = True, False, True
        self._unseen = 0
        self._roles: dict[bytes, str] = {}
        self._empty_text = ""
        self._flashed = -1
        self._flash_timer = QTimer(self)
        self._flash_timer.setSingleShot(True)
        self._flash_timer.setInterval(FLASH_MS)
        self._flash_timer.timeout.connect(self._end_flash)
        self._jump = QPushButton(self)
        self._jump.setObjectName("jumpToBottom")
        self._jump.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._jump.setCursor(Qt.CursorShape.PointingHandCursor)
        self._jump.clicked.connect(self.scroll_to_bottom)
        self._jump.hide()
        self._look = Look(LIGHT)
        self._painter = RowPainter(self._look)
        self._composer = RowComposer(self._look, 0, self._shows_image)
        self._my_name = ""
        self._selection: Selection | None = None
        self._is_selecting = False
        self._mouse: QPointF | None = None
        self._hovered_row, self._hovered_code = -1, -1
        self._hovered_action: BarAction | None = None
        self._keyboard_focus = False
        self._configure()

    def _configure(self) -> None:
        self.setObjectName("messages")
        self.setAccessibleName(tr("Messages"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
        self.setAutoScroll(False)  # a click must not move the text
        self.viewport().setMouseTracking(True)

    # --- what the window asks ---

    def set_theme(self, theme: Theme) -> None:
        """Other colours or another size of text; the place in the conversation stays."""
        self._look = Look(theme)
        self._painter = RowPainter(self._look)
        # Another width than any viewport's: forces a new layout.
        self._composer = RowComposer(self._look, 0, self._shows_image)
        self._touch()

    def set_staff(self, roles: Mapping[bytes, str]) -> None:
        """The text of the chip behind these people's names, by uid."""
        self._roles = dict(roles)
        self.viewport().update()

    def set_me(self, username: str) -> None:
        """My name, to tell my reactions from those of others."""
        self._my_name = username
        self._cache.clear()
        self._touch()

    def set_empty_text(self, text: str) -> None:
        """What to do, said where no message stands yet."""
        self._empty_text = text
        self.viewport().update()

    def scroll_to_bottom(self) -> None:
        """Go to the newest row and stay there."""
        self._anchor.to_bottom()
        self._touch()
        self._arrange()

    def scroll_to_position(self, position: int) -> None:
        """Show this row in the upper third and let it light up."""
        if not 0 <= position < len(self._heights):
            return
        self._anchor.to_row(position, self.viewport().height() // 3)
        self._flashed = position
        self._flash_timer.start()
        self._touch()
        self._arrange()

    def selected_text(self) -> str:
        """The selected text as copying gives it."""
        if self._selection is None or self._selection.is_empty:
            return ""
        return copied_text(self._selection, self._row, self._layout)

    @property
    def is_at_bottom(self) -> bool:
        """Whether the newest row is shown and new ones will be followed."""
        self._arrange()
        return self._anchor.is_at_bottom

    @property
    def anchor_place(self) -> tuple[int, int]:
        """The topmost row and how many pixels of it are above the viewport."""
        self._arrange()
        return self._anchor.row, self._anchor.offset

    # --- the model ---

    def setModel(self, model: QAbstractItemModel | None) -> None:
        if self._rows is not None:
            self._rows.rowsRemoved.disconnect(self._on_rows_removed)
        self._rows = model if isinstance(model, ConversationModel) else None
        super().setModel(model)
        if self._rows is not None:
            self._rows.rowsRemoved.connect(self._on_rows_removed)

    def reset(self) -> None:
        super().reset()
        if not hasattr(self, "_heights"):
            return  # the base class resets before our own part exists
        self._cache.clear()
        self._heights.reset(self._rows.rowCount() if self._rows is not None else 0)
        self._clear_input()
        self._unseen, self._flashed = 0, -1
        self._anchor.to_bottom()
        if self._rows is not None and self._rows.new_line >= 0:
            self._anchor.to_row(self._rows.new_line, self.viewport().height() // 4)
        self._touch()

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Iterable[int] = ()) -> None:
        # The row after the last one too: whether it starts a group depends on the one before it.
        for row in range(first.row(), min(last.row() + 2, len(self._heights))):
            self._heights.forget_row(row)
        self._cache.drop(first.row(), last.row() + 1)
        self._touch()

    def rowsInserted(self, parent: QModelIndex, start: int, end: int) -> None:
        count, had = end - start + 1, len(self._heights)
        self._heights.insert(start, count)
        self._anchor.rows_inserted(start, count)
        if start < had:
            self._cache.drop(start, had + count)
            for row in range(start + count, had + count):
                self._heights.forget_row(row)
        self._drop_selection_from(start)
        if not self._anchor.is_at_bottom:
            self._unseen += count
        super().rowsInserted(parent, start, end)
        self._touch()

    def _on_rows_removed(self, _parent: QModelIndex, start: int, end: int) -> None:
        had = len(self._heights)
        self._heights.remove(start, end - start + 1)
        self._anchor.rows_removed(start, end - start + 1)
        self._cache.drop(start, had)
        for row in range(start, len(self._heights)):
            self._heights.forget_row(row)
        self._drop_selection_from(start)
        self._unseen = max(0, self._unseen - (end - start + 1))
        self._touch()

    def _row(self, index: int) -> Row | None:
        return self._rows.row_at(index) if self._rows is not None else None

    # --- layouts ---

    def _shows_image(self, row: Row) -> bool:
        return shows_image(row)

    def _layout(self, index: int) -> RowLayout:
        made = self._cache.get(index)
        if made is not None:
            return made
        row = self._row(index)
        if row is None or self._rows is None:
            return RowLayout(None, self._heights.height(index), column=self._composer.column)
        if row.is_own:
            self._my_name = row.username
        before = self._row(index - 1) if index else None
        made = self._composer.compose(row, before, index == 0, index == self._rows.new_line, self._my_name)
        self._cache.put(index, made)
        self._heights.set(index, made.height)
        return made

    def _measure(self, index: int) -> int:
        if not self._heights.is_measured(index):
            return self._layout(index).height
        return self._heights.height(index)

    def _touch(self) -> None:
        self._is_dirty = True
        self.viewport().update()

    def _arrange(self) -> None:
        """Decide which rows stand where; does nothing if nothing changed."""
        if not self._is_dirty:
            return
        self._is_dirty = False
        viewport = self.viewport().rect()
        if self._composer.width != viewport.width():
            self._composer = RowComposer(self._look, viewport.width(), self._shows_image)
            self._cache.clear()
            self._heights.forget()
        self._shown = self._anchor.visible(viewport.height())
        self._sync_scroll_bar(viewport.height())
        if self._rows is not None and self._shown:
            self._rows.row_at(max(0, self._shown[0][0] - PREFETCH_ROWS))
            self._rows.row_at(min(len(self._heights) - 1, self._shown[-1][0] + PREFETCH_ROWS))
        if self._anchor.is_at_bottom:
            self._unseen = 0
        self._show_jump()
        if self._anchor.is_at_bottom != self._was_at_bottom:
            self._was_at_bottom = self._anchor.is_at_bottom
            self.at_bottom_changed.emit(self._was_at_bottom)

    def _sync_scroll_bar(self, height: int) -> None:
        bar, maximum = self.verticalScrollBar(), self._anchor.maximum(height)
        self._is_syncing = True
        bar.setRange(0, maximum)
        bar.setPageStep(height)
        bar.setSingleStep(WHEEL_STEP)
        bar.setValue(self._anchor.value(height))
        bar.setEnabled(maximum > 0)
        self._is_syncing = False

    def _show_jump(self) -> None:
        if self._anchor.is_at_bottom:
            self._jump.hide()
            return
        text = tr("\u2193 {count} new", count=self._unseen) if self._unseen else "\u2193"
        if self._jump.text() != text or not self._jump.isVisible():
            self._jump.setText(text)
            self._jump.setAccessibleName(tr("Jump to the newest message, {count} new", count=self._unseen))
            self._jump.setToolTip(tr("Jump to the newest message"))
        self._jump.ensurePolished()  # the style sheet decides on the font, and so on the width
        self._jump.setFixedSize(max(44, self._jump.sizeHint().width() + 4), 32)
        area = self.viewport().geometry()
        self._jump.move(area.right() - self._jump.width() - 16, area.bottom() - 44)
        self._jump.show()

    def _end_flash(self) -> None:
        self._flashed = -1
        self.viewport().update()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent | None) -> None:
        self._arrange()
        self._rehover()
        viewport = self.viewport()
        width, height = viewport.width(), viewport.height()
        p = QPainter(viewport)
        p.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        p.fillRect(viewport.rect(), QColor(self._look.theme.bg))
        if not self._shown:
            self._paint_empty(p, width, height)
            p.end()
            return
        placed = [(index, y, self._layout(index), self._state_of(index)) for index, y in self._shown]
        for _, y, layout, state in placed:
            self._painter.paint_ground(p, y, width, layout, state)
        for _, y, layout, state in placed:
            self._painter.paint(p, y, width, layout, state)
        for index, y, layout, _ in placed:
            if index == self._bar_row():
                self._painter.paint_bar(p, bar_rects(y, layout, width), self._hovered_action)
        p.end()

    def _state_of(self, index: int) -> RowState:
        made = self._cache.get(index)
        row = made.row if made is not None else None
        return RowState(
            index,
            role=self._roles.get(row.sender, "") if row is not None else "",
            is_hovered=index == self._hovered_row,
            is_focused=self._is_row_focused(index),
            is_flashed=index == self._flashed,
            code_block=self._hovered_code if index == self._hovered_row else -1,
            selection=self._selection,
        )

    def _paint_empty(self, p: QPainter, width: int, height: int) -> None:
        if self._empty_text and (self._rows is None or self._rows.rowCount() == 0):
            p.setFont(self._look.text_font)
            p.setPen(QColor(self._look.theme.muted))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            p.drawText(QRectF(32, 0, max(1, width - 64), height), flags, self._empty_text)

    # --- under the mouse ---

    def _clear_input(self) -> None:
        self._selection, self._is_selecting, self._keyboard_focus = None, False, False

    def _drop_selection_from(self, row: int) -> None:
        if self._selection is not None and self._selection.ends[1].row >= row:
            self._selection, self._is_selecting = None, False

    def _is_row_focused(self, index: int) -> bool:
        return self._keyboard_focus and self.hasFocus() and self.currentIndex().row() == index

    def _bar_row(self) -> int:
        return -1 if self._is_selecting else self._hovered_row

    def _hit(self, point: QPointF) -> Hit:
        index = self.row_under(int(point.y()))
        if index < 0:
            return Hit(HitKind.NOTHING)
        local = self.local(index, point)
        layout = self._layout(index)
        if local.y() < 0 or local.y() >= layout.height:
            return Hit(HitKind.NOTHING)
        return hit_test(layout, index, local.x(), local.y())

    def _bar_action(self, point: QPointF) -> tuple[int, BarAction] | None:
        index = self._hovered_row
        y = self.row_y(index) if index >= 0 else None
        if y is None:
            return None
        for action, rect in bar_rects(y, self._layout(index), self.viewport().width()):
            if rect.contains(point):
                return index, action
        return None

    def _rehover(self) -> None:
        """Find what is under the mouse again; the text may have moved below it."""
        point = self._mouse
        if point is None or self._is_selecting:
            return
        on_bar = self._bar_action(point)
        self._hovered_action = on_bar[1] if on_bar else None
        if on_bar:
            return  # the bar reaches over the row above, and stays with its own row
        hit = self._hit(point)
        self._hovered_row = hit.row
        self._hovered_code = -1
        if hit.kind in (HitKind.TEXT, HitKind.COPY, HitKind.LINK) and self._layout(hit.row).blocks[hit.block].text:
            self._hovered_code = hit.block

    # --- what QAbstractItemView asks ---

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._touch()
        if event is not None:
            super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._is_syncing:
            return
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if bar.value() in (0, bar.maximum()) or abs(dy) > 3 * height:
            self._anchor.to_value(bar.value(), height)
        else:
            self._anchor.move(-dy)
        self._touch()

    def row_y(self, index: int) -> int | None:
        """The top of a row in the viewport, None if it is not shown."""
        self._arrange()
        return next((y for row, y in self._shown if row == index), None)

    def row_under(self, y: int) -> int:
        """The row at this height of the viewport, the nearest one outside of all; -1 without rows."""
        self._arrange()
        if not self._shown:
            return -1
        return next((index for index, top in reversed(self._shown) if top <= y), self._shown[0][0])

    def visualRect(self, index: QModelIndex) -> QRect:
        y = self.row_y(index.row()) if index.isValid() else None
        if y is None:
            return QRect()  # only what is shown: assistive tools must not get made-up places
        return QRect(0, y, self.viewport().width(), self._heights.height(index.row()))

    def scrollTo(
        self, index: QModelIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        row, height = index.row(), self.viewport().height()
        y, row_height = self.row_y(row), self._measure(row)
        if y is None or y < 0:
            self._anchor.to_row(row, 0 if y is not None or row < self._anchor.row else height - row_height)
        elif y + row_height > height:
            self._anchor.move(min(y, y + row_height - height))
        self._touch()

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.row_under(point.y())
        if row < 0 or self.model() is None or not self.visualRect(self.model().index(row, 0)).contains(point):
            return QModelIndex()
        return self.model().index(row, 0)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifiers | Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()  # the subclass handles the keys

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: QModelIndex) -> bool:
        return False

    def setSelection(self, rect: QRect, command: object) -> None:
        """Rows are not selected, text is."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion()

    def keyboardSearch(self, search: str | None) -> None:
        """Typing must not walk through a hundred thousand rows."""

    def local(self, index: int, point: QPointF) -> QPointF:
        """A point of the viewport relative to a row that is shown."""
        return point - QPointF(0, self.row_y(index) or 0)
