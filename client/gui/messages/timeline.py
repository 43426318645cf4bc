"""The timeline: the rows of a conversation laid out for a viewport, and which of them stand where
in it.
"""

from __future__ import annotations

from PyQt5.QtCore import QObject, QPointF, pyqtSignal
from PyQt5.QtWidgets import QWidget

from client.api.values import Row
from client.gui.kit.theme import LIGHT
from client.gui.messages.anchor import Anchor
from client.gui.messages.card_layer import CardLayer
from client.gui.messages.cards.layout import FileCard
from client.gui.messages.heights import Heights
from client.gui.messages.layout import LayoutCache, RowComposer, RowLayout
from client.gui.messages.look import Look
from client.gui.messages.model import ConversationModel
from client.gui.messages.text.parsed_texts import ParsedTexts

PREFETCH_ROWS = 48


class Timeline(QObject):
    """Belongs to a message view; lives on the window's thread.

    It arranges before it tells what stands where.
    """

    touched = pyqtSignal()  # it is arranged anew, and must be painted
    arranged = pyqtSignal()
    text_read = pyqtSignal(int)  # a row has other blocks now: its long text has been read

    def __init__(self, viewport: QWidget, cards: CardLayer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewport, self._cards = viewport, cards
        self._rows: ConversationModel | None = None
        self._heights = Heights()
        self._anchor = Anchor(self._heights, self.measure)
        self._cache = LayoutCache()
        self._shown: list[tuple[int, int]] = []
        self._is_dirty = True
        self.look = Look(LIGHT)
        self._texts = ParsedTexts(self)
        self._texts.ready.connect(self._on_text_ready)
        self._composer = self._composer_for(0)
        self.my_name = ""  # tells my reactions from those of others
        self.unseen = 0  # rows that came while older ones were read

    # --- what the view tells ---

    def set_look(self, look: Look) -> None:
        """Other colours or another size of text; the place in the conversation stays."""
        self.look = look
        # Another width than any viewport's: forces a new layout.
        self._composer = self._composer_for(0)
        self.touch()

    def set_me(self, username: str) -> None:
        """My name."""
        self.my_name = username
        self._cache.clear()
        self.touch()

    def set_rows(self, rows: ConversationModel | None) -> None:
        """Whose rows are shown."""
        self._rows = rows

    def reset(self) -> None:
        """Other rows altogether: begin at the NEW line, else at the end."""
        self._cache.clear()
        self._heights.reset(self._rows.rowCount() if self._rows is not None else 0)
        self.unseen = 0
        self._anchor.to_bottom()
        if self._rows is not None and self._rows.new_line >= 0:
            self._anchor.to_row(self._rows.new_line, self._viewport.height() // 4)
        self.touch()

    def rows_changed(self, first: int, last: int) -> None:
        """These rows have another content."""
        # The row after the last one too: whether it starts a group depends on the one before it.
        for row in range(first, min(last + 2, len(self._heights))):
            self._heights.forget_row(row)
        self._cache.drop(first, last + 1)
        self.touch()

    def rows_inserted(self, start: int, count: int) -> None:
        """Rows came; the text that is read does not move."""
        had = len(self._heights)
        self._heights.insert(start, count)
        self._anchor.rows_inserted(start, count)
        if start < had:
            self._cache.drop(start, had + count)
            for row in range(start + count, had + count):
                self._heights.forget_row(row)
        if not self._anchor.is_at_bottom:
            self.unseen += count

    def rows_removed(self, start: int, count: int) -> None:
        """Rows went away."""
        had = len(self._heights)
        self._heights.remove(start, count)
        self._anchor.rows_removed(start, count)
        self._cache.drop(start, had)
        for row in range(start, len(self._heights)):
            self._heights.forget_row(row)
        self.unseen = max(0, self.unseen - count)
        self.touch()

    def forget_message(self, message_id: bytes) -> None:
        """The row of this message is to be laid out anew."""
        index = self.find_message(message_id)
        if 0 <= index < len(self._heights):
            self._heights.forget_row(index)
            self._cache.drop(index, index)
        self.touch()

    def touch(self) -> None:
        """Something changed: arrange before the next answer."""
        self._is_dirty = True
        self.touched.emit()

    # --- rows and layouts ---

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._heights)

    def row(self, index: int) -> Row | None:
        """The row, None if it is not here yet."""
        return self._rows.row_at(index) if self._rows is not None else None

    def find_message(self, message_id: bytes) -> int:
        """The index of a message among the rows that are here, -1 without."""
        return self._rows.find_message(message_id) if self._rows is not None else -1

    def layout(self, index: int) -> RowLayout:
        """The row laid out; one that is not here yet has the height of an estimate."""
        made = self._cache.get(index) or self._compose(index)
        if made.card is not None:
            self._cards.refresh(made.card, self.look)
        return made

    def _compose(self, index: int) -> RowLayout:
        row = self.row(index)
        if row is None or self._rows is None:
            return RowLayout(None, self._heights.height(index), column=self._composer.column)
        if row.is_own:
            self.my_name = row.username
        before = self.row(index - 1) if index else None
        made = self._composer.compose(
            row, before, index == 0, index == self._rows.new_line, self.my_name
        )
        self._cache.put(index, made)
        self._heights.set(index, made.height)
        return made

    def _composer_for(self, width: int) -> RowComposer:
        return RowComposer(self.look, width, self._cards.shows_image, self._texts.blocks)

    def _on_text_ready(self, message_id: bytes) -> None:
        """Lay out a row whose text has been read now; what is being read stays where it is."""
        index = self.find_message(message_id)
        if not 0 <= index < len(self._heights):
            return
        self.text_read.emit(index)
        self._anchor.row_changes(index, self._viewport.height())
        self._heights.forget_row(index)
        self._cache.drop(index, index)
        self.touch()

    def cached(self, index: int) -> RowLayout | None:
        """The layout if it is made already."""
        return self._cache.get(index)

    def card_of(self, message_id: bytes) -> FileCard | None:
        """The card or picture of a message, if it is laid out."""
        made = self._cache.get(self.find_message(message_id))
        return made.card if made is not None else None

    def measure(self, index: int) -> int:
        """The exact height of a row."""
        if not self._heights.is_measured(index):
            return self.layout(index).height
        return self._heights.height(index)

    # --- what stands where ---

    def arrange(self) -> None:
        """Decide which rows stand where; does nothing if nothing changed."""
        if not self._is_dirty:
            return
        self._is_dirty = False
        viewport = self._viewport.rect()
        if self._composer.width != viewport.width():
            self._composer = self._composer_for(viewport.width())
            self._cache.clear()
            self._heights.forget()
        self._shown = self._anchor.visible(viewport.height())
        self.arranged.emit()

    def prefetch(self) -> None:
        """Ask for the rows just beyond the edges of the viewport."""
        if self._rows is not None and self._shown:
            self._rows.row_at(max(0, self._shown[0][0] - PREFETCH_ROWS))
            self._rows.row_at(min(len(self._heights) - 1, self._shown[-1][0] + PREFETCH_ROWS))

    @property
    def shown(self) -> list[tuple[int, int]]:
        """The rows in the viewport, each with the height of its top there."""
        self.arrange()
        return self._shown

    @property
    def is_at_bottom(self) -> bool:
        """Whether the newest row is shown and new ones will be followed."""
        self.arrange()
        return self._anchor.is_at_bottom

    @property
    def top_place(self) -> tuple[int, int]:
        """The topmost row and how many pixels of it are above the viewport."""
        self.arrange()
        return self._anchor.row, self._anchor.offset

    def row_y(self, index: int) -> int | None:
        """The top of a row in the viewport, None if it is not shown."""
        return next((y for row, y in self.shown if row == index), None)

    def row_under(self, y: int) -> int:
        """The row at this height of the viewport, the nearest one outside of all; -1 without
        rows.
        """
        shown = self.shown
        if not shown:
            return -1
        return next((index for index, top in reversed(shown) if top <= y), shown[0][0])

    def local(self, index: int, point: QPointF) -> QPointF:
        """A point of the viewport relative to a row that is shown."""
        return point - QPointF(0, self.row_y(index) or 0)

    # --- scrolling ---

    def scroll_to_bottom(self) -> None:
        """Go to the newest row and stay there."""
        self._anchor.to_bottom()
        self.touch()
        self.arrange()

    def scroll_to_row(self, index: int) -> None:
        """Show this row in the upper third."""
        self._anchor.to_row(index, self._viewport.height() // 3)
        self.touch()
        self.arrange()

    def show_place(self, card: tuple[int, int]) -> None:
        """Show what `top_place` said, a row and the pixels of it above the viewport."""
        row, offset = card
        if 0 <= row < len(self._heights):
            self._anchor.to_row(row, -offset)
            self.touch()
            self.arrange()

    def ensure_visible(self, index: int) -> None:
        """Scroll as little as it takes to show a row."""
        height = self._viewport.height()
        y, row_height = self.row_y(index), self.measure(index)
        if y is None or y < 0:
            self._anchor.to_row(
                index, 0 if y is not None or index < self._anchor.row else height - row_height
            )
        elif y + row_height > height:
            self._anchor.move(min(y, y + row_height - height))
        self.touch()

    def scroll_by(self, pixels: int) -> None:
        """Scroll down (up if negative)."""
        self._anchor.move(pixels)
        self.touch()

    def scroll_to_value(self, value: int) -> None:
        """The scroll bar was dragged here."""
        self._anchor.to_value(value, self._viewport.height())
        self.touch()

    def bar_values(self) -> tuple[int, int]:
        """What the scroll bar shows, and its end."""
        height = self._viewport.height()
        return self._anchor.value(height), self._anchor.maximum(height)
