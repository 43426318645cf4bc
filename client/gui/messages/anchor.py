"""Which rows stand where in the viewport: the position is a row and a pixel offset, so measuring
never moves text.
"""

from __future__ import annotations

from collections.abc import Callable

from client.gui.messages.heights import Heights


class Anchor:
    """The topmost row and how many of its pixels are above the viewport; or stuck to the bottom.

    Pure.
    """

    def __init__(self, heights: Heights, measure: Callable[[int], int]) -> None:
        self._heights = heights
        self._measure = measure  # gives a row's exact height and notes it in `heights`
        self.row = 0
        self.offset = 0
        self.is_at_bottom = True

    def to_bottom(self) -> None:
        """Stick to the last row."""
        self.is_at_bottom = True

    def to_row(self, row: int, y: int) -> None:
        """Put the top of a row at this height of the viewport."""
        self.row, self.offset, self.is_at_bottom = row, -y, False

    def to_value(self, value: int, view_height: int) -> None:
        """The scroll bar was dragged here."""
        if value >= self.maximum(view_height):
            self.to_bottom()
            return
        self.row, self.offset = self._heights.find(value)
        self.is_at_bottom = False

    def move(self, pixels: int) -> None:
        """Scroll down (up if negative), exactly, whatever the estimates say."""
        self.offset += pixels
        self.is_at_bottom = False

    def rows_inserted(self, at: int, count: int) -> None:
        """Rows came before or after; the anchored one keeps its place."""
        if not self.is_at_bottom and at <= self.row and at < len(self._heights) - count:
            self.row += count

    def rows_removed(self, at: int, count: int) -> None:
        """Rows went away."""
        if at + count <= self.row:
            self.row -= count
        elif at <= self.row:
            self.row, self.offset = at, 0

    def row_changes(self, row: int, view_height: int) -> None:
        """A row is about to be measured anew: if it reaches into the viewport from above, what is
        below it stays.
        """
        if (
            self.is_at_bottom
            or row != self.row
            or self.offset <= 0
            or row + 1 >= len(self._heights)
        ):
            return
        bottom = self._heights.height(row) - self.offset
        if bottom < view_height:
            self.to_row(row + 1, bottom)

    def visible(self, view_height: int) -> list[tuple[int, int]]:
        """The rows in the viewport and the top of each, measured; corrects the anchor at the
        ends.
        """
        count = len(self._heights)
        if count == 0:
            self.row, self.offset, self.is_at_bottom = 0, 0, True
            return []
        if not self.is_at_bottom:
            self._normalise(count)
            rows, bottom = self._walk_down(self.row, -self.offset, count, view_height)
            if bottom > view_height or rows[-1][0] < count - 1:
                return rows
            self.is_at_bottom = True
        y, row = view_height, count
        while row > 0 and y > 0:
            row -= 1
            y -= self._measure(row)
        self.row, self.offset = row, -y  # a negative offset: all rows fit, they stand at the bottom
        return self._walk_down(row, y, count, view_height)[0]

    def value(self, view_height: int) -> int:
        """What the scroll bar shows."""
        maximum = self.maximum(view_height)
        if self.is_at_bottom:
            return maximum
        return max(0, min(maximum, self._heights.top(self.row) + self.offset))

    def maximum(self, view_height: int) -> int:
        """The end of the scroll bar."""
        return max(0, self._heights.total - view_height)

    def _normalise(self, count: int) -> None:
        self.row = max(0, min(self.row, count - 1))
        while self.offset < 0 and self.row > 0:
            self.row -= 1
            self.offset += self._measure(self.row)
        self.offset = max(0, self.offset)
        while self.row < count - 1 and self.offset >= (height := self._measure(self.row)):
            self.offset -= height
            self.row += 1

    def _walk_down(
        self, row: int, y: int, count: int, view_height: int
    ) -> tuple[list[tuple[int, int]], int]:
        rows: list[tuple[int, int]] = []
        while row < count and (y < view_height or not rows):
            rows.append((row, y))
            y += self._measure(row)
            row += 1
        return rows, y
