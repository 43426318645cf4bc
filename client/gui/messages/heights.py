"""Heights of all rows in chunks of 256: find in n/256 steps, append in one; what is not measured
yet is an estimate.
"""

from __future__ import annotations

from array import array

CHUNK = 256


class Heights:
    """Row heights in pixels with a sum for each chunk. Pure: knows no Qt."""

    def __init__(self, estimate: int = 42) -> None:
        if estimate <= 0:
            raise ValueError("the estimate must be positive")
        self.estimate = estimate
        self._heights = array("I")
        self._is_measured = bytearray()
        self._sums: list[int] = []
        self.total = 0

    def __len__(self) -> int:
        return len(self._heights)

    def reset(self, count: int) -> None:
        """Start anew with `count` unmeasured rows."""
        self._heights = array("I", [self.estimate]) * count
        self._is_measured = bytearray(count)
        self._rebuild(0)

    def append(self, count: int = 1) -> None:
        """Add unmeasured rows at the end."""
        for _ in range(count):
            if len(self._heights) % CHUNK == 0:
                self._sums.append(0)
            self._heights.append(self.estimate)
            self._is_measured.append(0)
            self._sums[-1] += self.estimate
        self.total += count * self.estimate

    def insert(self, at: int, count: int) -> None:
        """Add unmeasured rows before row `at`."""
        if at == len(self._heights):
            self.append(count)
            return
        self._heights[at:at] = array("I", [self.estimate]) * count
        self._is_measured[at:at] = bytes(count)
        self._rebuild(at // CHUNK)

    def remove(self, at: int, count: int) -> None:
        """Take rows away."""
        del self._heights[at : at + count]
        del self._is_measured[at : at + count]
        self._rebuild(at // CHUNK)

    def forget(self) -> None:
        """The width changed: known heights become estimates, so that the scroll bar stays where it
        is.
        """
        self._is_measured = bytearray(len(self._heights))

    def forget_row(self, row: int) -> None:
        """This row changed and must be measured anew."""
        self._is_measured[row] = 0

    def is_measured(self, row: int) -> bool:
        """Whether the height is exact."""
        return bool(self._is_measured[row])

    def set(self, row: int, height: int) -> int:
        """Note the measured height; the answer is by how much it differs from what was assumed."""
        change = height - self._heights[row]
        self._heights[row] = height
        self._is_measured[row] = 1
        self._sums[row // CHUNK] += change
        self.total += change
        return change

    def height(self, row: int) -> int:
        """The height or its estimate."""
        return self._heights[row]

    def top(self, row: int) -> int:
        """Pixels above this row (`row` may be the length: the total)."""
        chunk = row // CHUNK
        return sum(self._sums[:chunk]) + sum(self._heights[chunk * CHUNK : row])

    def find(self, y: int) -> tuple[int, int]:
        """The row at this pixel and the pixels into it; before the first and after the last it is
        clamped.
        """
        if not self._heights:
            return 0, 0
        y = max(y, 0)
        if y >= self.total:
            last = len(self._heights) - 1
            return last, self._heights[last]
        chunk = 0
        while y >= self._sums[chunk]:
            y -= self._sums[chunk]
            chunk += 1
        row = chunk * CHUNK
        while y >= self._heights[row]:
            y -= self._heights[row]
            row += 1
        return row, y

    def _rebuild(self, first_chunk: int) -> None:
        del self._sums[first_chunk:]
        for start in range(first_chunk * CHUNK, len(self._heights), CHUNK):
            self._sums.append(sum(self._heights[start : start + CHUNK]))
        self.total = sum(self._sums)
