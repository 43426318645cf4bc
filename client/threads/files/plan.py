"""Which parts of a file go next: what is stored, what is on its way, and how much may be; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from shared.files import Layout
from shared.messages import MAX_WINDOW

FIRST_WINDOW: Final = 4
FAST_MS, SLOW_MS = 250, 1000


class Window:
    """How many parts may be on their way: as many as come back within a quarter of a second, 1 to
    16.
    """

    def __init__(self) -> None:
        self.size = FIRST_WINDOW
        self.limit = MAX_WINDOW

    def on_answer(self, took_ms: int) -> None:
        """A part was answered after this time."""
        if took_ms < FAST_MS:
            self.size = min(self.size + 1, MAX_WINDOW)
        elif took_ms > SLOW_MS:
            self.size = max(1, self.size // 2)

    @property
    def open(self) -> int:
        """Parts that may be on their way now."""
        return max(1, min(self.size, self.limit))


class UploadPlan:
    """The parts of one upload: each is hashed once in order, and sent unless the broker has it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.hashes: dict[int, bytes] = {}  # of what is stored or on its way
        self.in_flight: dict[int, int] = {}  # number -> when it was sent, ms
        self._stored: set[int] = set()
        self._next = 0

    def restart(self, stored: Mapping[int, bytes]) -> None:
        """The broker says what it has: all of that is kept, everything else is to be sent."""
        self.hashes = dict(stored)
        self._stored = set(stored)
        self.in_flight.clear()
        self._next = 0
        if len(self._stored) < self.layout.part_count:
            # The index speaks of all chunks, so it is made when they are all there.
            for number in range(self.layout.chunk_count, self.layout.part_count):
                self._stored.discard(number)
                self.hashes.pop(number, None)

    @property
    def next_number(self) -> int:
        """The part to look at next; the number of parts if all have been."""
        return self._next

    @property
    def is_next_stored(self) -> bool:
        """Whether the next part needs no sending."""
        return self._next in self._stored

    @property
    def may_send(self) -> bool:
        """Whether the next part may be made: those of the index only when all chunks are stored."""
        if self._next >= self.layout.part_count:
            return False
        return self._next < self.layout.chunk_count or self.are_chunks_stored

    @property
    def are_chunks_stored(self) -> bool:
        """Whether the broker has all data."""
        return not self.in_flight and self._chunks_stored == self.layout.chunk_count

    @property
    def is_complete(self) -> bool:
        """Whether every part was looked at and is stored."""
        return self._next >= self.layout.part_count and len(self._stored) == self.layout.part_count

    @property
    def bytes_stored(self) -> int:
        """Plain bytes that the broker has."""
        chunks = self._chunks_stored
        last = self.layout.chunk_count - 1
        full = self.layout.chunk_size(0)
        return chunks * full - (full - self.layout.chunk_size(last) if last in self._stored else 0)

    @property
    def _chunks_stored(self) -> int:
        stored_index = sum(
            number in self._stored
            for number in range(self.layout.chunk_count, self.layout.part_count)
        )
        return len(self._stored) - stored_index

    def skip(self) -> None:
        """The next part is stored already."""
        self._next += 1

    def sent(self, digest: bytes, now_ms: int) -> None:
        """The next part is on its way."""
        self.hashes[self._next] = digest
        self.in_flight[self._next] = now_ms
        self._next += 1

    def on_stored(self, numbers: Iterable[int]) -> list[int]:
        """The broker has these; gives when those that were on their way were sent."""
        sent_ms = [at for number in numbers if (at := self.in_flight.pop(number, None)) is not None]
        self._stored.update(number for number in numbers if number in self.hashes)
        return sent_ms

    def ordered_hashes(self) -> list[bytes]:
        """The hashes of all parts."""
        return [self.hashes[number] for number in range(self.layout.part_count)]

    def index(self) -> bytes:
        """The hashes of all chunks, joined."""
        return b"".join(self.hashes[number] for number in range(self.layout.chunk_count))


class DownloadPlan:
    """The parts of one download: first the index, then the chunks in order from where it was."""

    def __init__(self, layout: Layout, chunks_done: int) -> None:
        self.layout = layout
        self.chunks_done = chunks_done
        index = range(layout.chunk_count, layout.part_count)
        self._to_ask = [*index, *range(chunks_done, layout.chunk_count)]
        self._to_come = list(self._to_ask)
        self._asked = 0
        self._came = 0
        self._sent_ms: dict[int, int] = {}

    @property
    def expected(self) -> int | None:
        """The part that must come next; None if all are here."""
        return self._to_come[self._came] if self._came < len(self._to_come) else None

    def ask(self, window: int, now_ms: int) -> list[int]:
        """Numbers to ask for now."""
        room = window - (self._asked - self._came)
        numbers = self._to_ask[self._asked : self._asked + max(0, room)]
        self._asked += len(numbers)
        for number in numbers:
            self._sent_ms[number] = now_ms
        return numbers

    def came(self) -> int:
        """The expected part is here; gives when it was asked for."""
        number = self._to_come[self._came]
        self._came += 1
        if number < self.layout.chunk_count:
            self.chunks_done += 1
        return self._sent_ms.pop(number)


class Rate:
    """Bytes per second over about the last second, from moments and totals."""

    def __init__(self) -> None:
        self._points: list[tuple[int, int]] = []

    def add(self, now_ms: int, total: int) -> int:
        """The rate with this moment."""
        self._points = [point for point in self._points if now_ms - point[0] <= 1500][-32:]
        self._points.append((now_ms, total))
        since_ms, before = self._points[0]
        return (total - before) * 1000 // (now_ms - since_ms) if now_ms > since_ms else 0
