"""What a client core in its real shell needs of the world, for tests and simulation alike."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from client.core.state import effects as fx
from client.core.state.saved import TABLES, Saved, StoredRow
from tests.support.checked import CheckedClientCore

T = TypeVar("T")

_KINDS = {kind.TABLE: kind for kind in TABLES}


class MemoryStore:
    """Keeps what a core orders to be kept, as bytes, so that a restarted core gets nothing but
    that.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[str, bytes], bytes] = {}
        self._rows: dict[tuple[bytes, int], StoredRow] = {}
        self._by_message: dict[bytes, tuple[bytes, int]] = {}
        self._end = 0  # no row of any conversation has this position or a later one

    def apply(self, effects: Iterable[fx.Effect]) -> None:
        for effect in effects:
            if isinstance(effect, fx.Save):
                self._items[effect.item.TABLE, effect.item.key()] = msgspec.msgpack.encode(
                    effect.item
                )
            elif isinstance(effect, fx.Drop):
                self._items.pop((effect.table, effect.key), None)
            elif isinstance(effect, fx.SaveRow):
                place = (effect.row.conv_id, effect.row.position)
                self._rows[place] = effect.row
                self._end = max(self._end, effect.row.position + 1)
                self._by_message.setdefault(effect.row.message_id, place)

    def load(self) -> list[Saved]:
        return [
            msgspec.msgpack.decode(raw, type=_KINDS[table])
            for (table, _), raw in sorted(self._items.items())
        ]

    def row(self, message_id: bytes) -> StoredRow | None:
        place = self._by_message.get(message_id)
        return self._rows[place] if place else None

    def page(self, conv_id: bytes, first: int, count: int) -> list[StoredRow]:
        end = min(first + count, self._end)
        places = ((conv_id, position) for position in range(first, end))
        return [self._rows[place] for place in places if place in self._rows]

    def own_rows(self, conv_id: bytes, after: int, upto: int) -> list[StoredRow]:
        found = [
            r
            for r in self._rows.values()
            if r.conv_id == conv_id and r.is_own and after < r.sequence <= upto
        ]
        return sorted(found, key=lambda row: row.sequence)

    def count_unread(self, conv_id: bytes, first: int) -> tuple[int, int]:
        found = [r for r in self.page(conv_id, first, len(self._rows)) if r.counts_as_unread]
        return len(found), sum(row.mentions_me for row in found)


class Outlet(Generic[T]):
    """Search and files as the shell knows them: what is ordered is handed on."""

    def __init__(self, ordered: Callable[[T], None]) -> None:
        self._ordered = ordered

    def post(self, order: T) -> None:
        """Hand it on."""
        self._ordered(order)

    def note(self, rows: Iterable[StoredRow]) -> None:
        """There is no index to be kept up."""


class TracedCore(CheckedClientCore):
    """Lets a trace show what the core is told."""

    trace: Callable[[list[object]], None] = staticmethod(lambda told: None)

    def handle_batch(self, batch: Iterable[fx.Event]) -> list[fx.Effect]:
        events = list(batch)
        self.trace([getattr(event, "message", event) for event in events])
        return super().handle_batch(events)


class Arriving:
    """What a connection has for the client that was not looked at yet: frames before events."""

    def __init__(self) -> None:
        self.frames: deque[bytes] = deque()
        self.events: deque[str] = deque()

    def take_frames(self, limit: int) -> Iterator[bytes]:
        """The oldest frames, at most so many."""
        for _ in range(min(limit, len(self.frames))):
            yield self.frames.popleft()

    def take_events(self) -> list[str]:
        """What happened to the connection, up to its end."""
        found = []
        while self.events:
            found.append(self.events.popleft())
            if found[-1] != "opened":
                break
        return found

    def __bool__(self) -> bool:
        return bool(self.frames or self.events)
