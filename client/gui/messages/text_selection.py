"""Selecting text across messages with the mouse; beyond the edges of the viewport it scrolls on."""

from __future__ import annotations

from PyQt5.QtCore import QObject, QPointF, QTimer, pyqtSignal
from PyQt5.QtWidgets import QWidget

from client.gui.messages.hit_testing import caret_at
from client.gui.messages.selection import Caret, Selection, copied_text
from client.gui.messages.timeline import Timeline

AUTO_SCROLL_MS = 30
MAX_STEP = 60.0  # pixels for one step of scrolling


class TextSelection(QObject):
    """Belongs to a message view; lives on the window's thread."""

    changed = pyqtSignal()
    scroll_wanted = pyqtSignal(int)  # pixels down, or up if negative

    def __init__(
        self, timeline: Timeline, viewport: QWidget, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._timeline, self._viewport = timeline, viewport
        self.selection: Selection | None = None
        self.is_selecting = False  # the button is held down
        self._mouse = QPointF()
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll)
        timeline.text_read.connect(self._drop_in)

    def text(self) -> str:
        """The selected text as copying gives it."""
        if self.selection is None or self.selection.is_empty:
            return ""
        return copied_text(self.selection, self._timeline.row, self._timeline.layout)

    def press(self, point: QPointF, is_extending: bool) -> None:
        """Begin here, or lead what is selected on to here."""
        caret = self._caret(point)
        if caret is None:
            return
        anchor = self.selection.anchor if is_extending and self.selection is not None else caret
        self.selection, self.is_selecting = Selection(anchor, caret), True
        self.changed.emit()

    def move(self, point: QPointF) -> None:
        """The mouse went here with its button held down."""
        self._mouse = point
        self._extend()
        if 0 <= point.y() < self._viewport.height():
            self._auto_scroll.stop()
        else:
            self._auto_scroll.start()

    def release(self) -> bool:
        """The button was let go; whether text was selected, so that this was no click."""
        self._auto_scroll.stop()
        was_selecting, self.is_selecting = self.is_selecting, False
        if not was_selecting:
            return False
        if self.selection is not None and not self.selection.is_empty:
            return True
        self.selection = None
        return False

    def select_word(self, point: QPointF) -> None:
        """Select the word here, or the name of a file as a whole."""
        caret = self._caret(point)
        if caret is None:
            return
        blocks = self._timeline.layout(caret.row).blocks
        if caret.block >= len(blocks):
            return
        block = blocks[caret.block]
        start, end = (0, block.length) if block.is_file else word_around(block.text, caret.char)
        self.selection = Selection(
            Caret(caret.row, caret.block, start), Caret(caret.row, caret.block, end)
        )
        self.is_selecting = False
        self.changed.emit()

    def clear(self) -> None:
        """Nothing is selected any more."""
        self.selection, self.is_selecting = None, False

    def drop_from(self, row: int) -> None:
        """The rows from here on are others: a selection that reaches them goes."""
        if self.selection is not None and self.selection.ends[1].row >= row:
            self.clear()

    def _drop_in(self, row: int) -> None:
        """Drop a selection that begins or ends in a row whose blocks are others now."""
        if self.selection is not None and row in (
            self.selection.anchor.row,
            self.selection.cursor.row,
        ):
            self.clear()

    def _caret(self, point: QPointF) -> Caret | None:
        index = self._timeline.row_under(int(point.y()))
        if index < 0:
            return None
        local = self._timeline.local(index, point)
        return caret_at(self._timeline.layout(index), index, local.x(), local.y())

    def _extend(self) -> None:
        caret = self._caret(self._mouse)
        if caret is not None and self.selection is not None and self.selection.cursor != caret:
            self.selection = Selection(self.selection.anchor, caret)
            self.changed.emit()

    def _scroll(self) -> None:
        if not self.is_selecting:
            self._auto_scroll.stop()
            return
        y = self._mouse.y()
        over = y if y < 0 else max(0.0, y - self._viewport.height())
        self.scroll_wanted.emit(int(max(-MAX_STEP, min(MAX_STEP, over))))
        self._extend()


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
