"""The lines of a comparison: read-only text with the line numbers of both versions, signs, colours,
and folded runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PyQt5.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PyQt5.QtWidgets import QFrame, QPlainTextEdit, QWidget

from client.gui.kit.theme import Theme, mono_font
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from client.gui.versions.line_diff import DiffLine, LineKind, Run, collapse

MAX_SHOWN = 4000  # characters of a line; copying gives all
NO_END = tr_noop("no newline at the end of the file")
_PAD = 8
_BAR = 3
_TAB = 4  # columns
_MARK_LINE = 2  # pixels
# What would end a line, turn its direction or show nothing is shown as a sign for "unknown".
_HIDDEN_CHARACTERS = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


class _Margin(QWidget):
    """Numbers and signs at the left; scrolls with the text."""

    def __init__(self, text: DiffText) -> None:
        super().__init__(text)
        self._text = text

    def sizeHint(self) -> QSize:
        return QSize(self._text.margin_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_margin(self, event.rect())


class DiffText(QPlainTextEdit):
    """Each block of the document is one line, or one run of hidden lines that a click or Enter
    opens.
    """

    change_reached = pyqtSignal(
        int, int
    )  # which one holds the cursor, from 1, 0 if none; how many there are

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[DiffLine | Run] = []
        self._changes: list[tuple[int, int]] = []  # [first, end) entries of each change
        self._numbers = 1  # digits of the highest line number
        self._theme = theme
        self._margin = _Margin(self)
        self.margin_width = 0
        self.setObjectName("diffText")
        self.setAccessibleName(tr("Changes, line by line"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        flag = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.updateRequest.connect(self._on_update)
        self.cursorPositionChanged.connect(self._on_cursor)
        self.set_theme(theme)

    # --- what the dialog tells ---

    def show_lines(self, lines: Sequence[DiffLine]) -> None:
        """Show a comparison; unchanged lines far from a change are folded away."""
        self.entries = []
        for run in collapse(lines):
            self.entries.extend((run,) if run.is_hidden else run.lines)
        highest = max((max(line.old_number, line.new_number) for line in lines), default=1)
        self._numbers = max(2, len(str(highest)))
        self._find_changes()
        self._set_margin()
        self.setPlainText("\n".join(map(_shown_text, self.entries)))
        self._colour_gaps()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if self._changes:
            self._go_to(0)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self._theme = theme
        font = mono_font(theme.code_px)
        self.setFont(font)
        self.setStyleSheet(
            f"#diffText {{ background: {theme.bg}; color: {theme.text}; border: none; border-radius: 0; padding: 0;"
            f" selection-background-color: {theme.selection_bg}; selection-color: {theme.selection_text}; }}"
            f"#diffText::corner {{ background: {theme.bg}; border: none; }}"
        )
        self.setTabStopDistance(_TAB * self._metrics().horizontalAdvance(" "))
        self._set_margin()
        self._colour_gaps()
        self.viewport().update()
        self._margin.update()

    def next_change(self) -> None:
        """Go to the first change below the cursor."""
        row = self.textCursor().blockNumber()
        change = next((at for at, (first, _) in enumerate(self._changes) if first > row), -1)
        if change >= 0:
            self._go_to(change)

    def previous_change(self) -> None:
        """Go to the last change that ends above the cursor."""
        row = self.textCursor().blockNumber()
        change = next(
            (at for at in reversed(range(len(self._changes))) if self._changes[at][1] <= row), -1
        )
        if change >= 0:
            self._go_to(change)

    def open_run(self, row: int) -> bool:
        """Show the hidden lines that stand in this row; False if there are none."""
        entry = self.entries[row] if 0 <= row < len(self.entries) else None
        if not isinstance(entry, Run):
            return False
        self.entries[row : row + 1] = entry.lines
        self._find_changes()
        cursor = QTextCursor(self.document().findBlockByNumber(row))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("\n".join(map(_shown_text, entry.lines)), QTextCharFormat())
        cursor.setPosition(self.document().findBlockByNumber(row).position())
        self.setTextCursor(cursor)
        self._margin.update()
        return True

    # --- changes ---

    def _find_changes(self) -> None:
        self._changes = []
        for at, entry in enumerate(self.entries):
            if isinstance(entry, DiffLine) and entry.kind is not LineKind.SAME:
                if self._changes and self._changes[-1][1] == at:
                    self._changes[-1] = (self._changes[-1][0], at + 1)
                else:
                    self._changes.append((at, at + 1))

    def _current(self) -> int:
        row = self.textCursor().blockNumber()
        return next((at for at, (first, end) in enumerate(self._changes) if first <= row < end), -1)

    def _go_to(self, number: int) -> None:
        cursor = QTextCursor(self.document().findBlockByNumber(self._changes[number][0]))
        self.setTextCursor(cursor)
        self.centerCursor()

    def _on_cursor(self) -> None:
        self._margin.update()
        self.change_reached.emit(self._current() + 1, len(self._changes))

    # --- keys and mouse ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (is_enter and self.open_run(self.textCursor().blockNumber())):
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        is_gap = isinstance(self._entry_at(event.pos()), Run)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if is_gap else Qt.CursorShape.IBeamCursor
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        is_click = (
            event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection()
        )
        if is_click and self._entry_at(event.pos()) is not None:
            self.open_run(self.cursorForPosition(event.pos()).blockNumber())

    def _entry_at(self, point: QPoint) -> DiffLine | Run | None:
        block = self.cursorForPosition(point).block()
        block_rect = self.blockBoundingGeometry(block).translated(self.contentOffset())
        row = block.blockNumber()
        return (
            self.entries[row]
            if block_rect.top() <= point.y() <= block_rect.bottom() and row < len(self.entries)
            else None
        )

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied: whole lines whole, also those that are hidden or cut."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    def selected_text(self) -> str:
        """The chosen text, without numbers and signs."""
        cursor = self.textCursor()
        texts: list[str] = []
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        block = self.document().findBlock(start)
        while block.isValid() and block.position() <= end:
            first, last = (
                max(start, block.position()),
                min(end, block.position() + block.length() - 1),
            )
            is_whole = first == block.position() and last == block.position() + block.length() - 1
            entry = self.entries[block.blockNumber()]
            if isinstance(entry, Run):
                texts.extend(line.text for line in entry.lines if is_whole)
            elif is_whole:
                texts.append(entry.text)
            else:
                cursor.setPosition(first)
                cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
                texts.append(cursor.selectedText())
            block = block.next()
        return "\n".join(texts)

    # --- margin ---

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self.font())

    def _columns(self) -> tuple[int, int, int]:
        """Right ends of the numbers, and the left of the signs."""
        digits = self._numbers * self._metrics().horizontalAdvance("0")
        old_end = _BAR + _PAD + digits
        new_end = old_end + _PAD + digits
        return old_end, new_end, new_end + _PAD

    def _set_margin(self) -> None:
        sign = self._metrics().horizontalAdvance("+")
        self.margin_width = self._columns()[2] + sign + _PAD
        self.setViewportMargins(self.margin_width, 0, 0, 0)
        self._place_margin()

    def _place_margin(self) -> None:
        area = self.contentsRect()
        self._margin.setGeometry(
            QRect(area.left(), area.top(), self.margin_width, self.viewport().height())
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_margin()

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            self._margin.scroll(0, dy)
        else:
            self._margin.update(0, rect.y(), self.margin_width, rect.height())

    # --- painting ---

    def _visible(self, area: QRect) -> Iterator[tuple[int, DiffLine | Run, QTextBlock, QRectF]]:
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            block_rect = self.blockBoundingGeometry(block).translated(offset)
            layout, row = block.layout(), block.blockNumber()
            if layout is not None:
                block_rect.setHeight(
                    layout.boundingRect().height()
                )  # the last block also holds the margin below it
            if block_rect.top() > area.bottom() or row >= len(self.entries):
                return
            if block_rect.bottom() >= area.top():
                yield row, self.entries[row], block, block_rect
            block = block.next()

    def _grounds(self, entry: DiffLine | Run) -> tuple[str, str]:
        """Colours behind a line and behind its changed words."""
        theme = self._theme
        if isinstance(entry, Run):
            return theme.side, theme.side
        if entry.kind is LineKind.ADDED:
            return theme.added_bg, theme.added_word_bg
        if entry.kind is LineKind.REMOVED:
            return theme.removed_bg, theme.removed_word_bg
        return theme.bg, theme.bg

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        width = self.viewport().width()
        for _, entry, block, block_rect in self._visible(event.rect()):
            ground, word_ground = self._grounds(entry)
            painter.fillRect(
                QRectF(0, block_rect.top(), width, block_rect.height()), QColor(ground)
            )
            if isinstance(entry, DiffLine):
                self._paint_marks(painter, entry, block, block_rect, word_ground)
        painter.end()
        super().paintEvent(event)

    def _paint_marks(
        self, painter: QPainter, entry: DiffLine, block: QTextBlock, block_rect: QRectF, ground: str
    ) -> None:
        layout = block.layout()
        if layout is None or layout.lineCount() == 0:
            return
        line = layout.lineAt(0)
        ink = QColor(self._theme.added if entry.kind is LineKind.ADDED else self._theme.removed)
        for start, end in entry.marks:
            left, right = (_x(line.cursorToX(_utf16(entry.text, at))) for at in (start, end))
            painter.fillRect(
                QRectF(
                    block_rect.left() + left, block_rect.top(), right - left, block_rect.height()
                ),
                QColor(ground),
            )
            under = QRectF(
                block_rect.left() + left, block_rect.bottom() - _MARK_LINE, right - left, _MARK_LINE
            )
            painter.fillRect(under, ink)
        if not entry.has_end:
            painter.setFont(self._note_font())
            painter.setPen(QColor(self._theme.muted))
            left = block_rect.left() + line.naturalTextWidth() + 2 * _PAD
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(
                QRectF(left, block_rect.top(), 400, block_rect.height()), flags, tr_dynamic(NO_END)
            )

    def _note_font(self) -> QFont:
        font = QFont(self.font())
        font.setItalic(True)
        font.setPixelSize(max(9, font.pixelSize() - 1))
        return font

    def paint_margin(self, margin: QWidget, area: QRect) -> None:
        """Paint numbers and signs of the lines in this part of the margin."""
        painter, theme, width = QPainter(margin), self._theme, self.margin_width
        painter.fillRect(area, QColor(theme.bg))
        painter.setFont(self.font())
        old_end, new_end, sign_at = self._columns()
        first, end = self._changes[self._current()] if self._current() >= 0 else (0, 0)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        for row, entry, _, block_rect in self._visible(area):
            top, height = block_rect.top(), block_rect.height()
            painter.fillRect(QRectF(0, top, width, height), QColor(self._grounds(entry)[0]))
            if first <= row < end:
                painter.fillRect(QRectF(0, top, _BAR, height), QColor(theme.accent))
            if isinstance(entry, Run):
                continue
            painter.setPen(QColor(theme.muted))
            for number, x in ((entry.old_number, old_end), (entry.new_number, new_end)):
                if number:
                    painter.drawText(QRectF(0, top, x, height), right, str(number))
            if entry.kind is not LineKind.SAME:
                painter.setPen(
                    QColor(theme.added if entry.kind is LineKind.ADDED else theme.removed)
                )
                painter.drawText(
                    QRectF(sign_at, top, width - sign_at - _PAD, height), right, entry.kind.value
                )
        painter.end()

    def _colour_gaps(self) -> None:
        look = QTextCharFormat()
        look.setForeground(QColor(self._theme.link))
        for row, entry in enumerate(self.entries):
            if isinstance(entry, Run):
                cursor = QTextCursor(self.document().findBlockByNumber(row))
                cursor.movePosition(
                    QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
                )
                cursor.setCharFormat(look)


def _shown_text(entry: DiffLine | Run) -> str:
    if isinstance(entry, Run):
        return entry.words
    text = entry.text
    cut = text
    if len(text) > MAX_SHOWN:
        more = tr_count("{count} character more", "{count} characters more", len(text) - MAX_SHOWN)
        cut = f"{text[:MAX_SHOWN]} \u2026 {more}"
    return _HIDDEN_CHARACTERS.sub("\ufffd", cut)


def _utf16(text: str, index: int) -> int:
    """Where the character of this index stands as Qt counts."""
    return index if text.isascii() else len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def _x(position: object) -> float:
    """cursorToX() gives the place alone or with the index, as the binding likes."""
    return float(position[0]) if isinstance(position, tuple) else float(str(position))
