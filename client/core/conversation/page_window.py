"""Which pages of one log are asked for: some ahead of what is read, so that nobody waits for the
way; pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.messages import MAX_PAGE_BYTES, MAX_PAGE_ENTRIES, Entry

PAGES_AHEAD: Final = 4  # of one log on their way
_USUAL_BYTES: Final = (
    MAX_PAGE_BYTES * 7 // 8
)  # what a page is asked to hold: entries differ in size

Ask = tuple[int, int]  # after, limit


class Pages:
    """Asked and not answered, in order.

    Each page says how large the entries are; the next ones are asked for in a number that fits,
    several at once. If
    one comes short all the same, those behind it do not follow on: they are let go, and it begins
    anew after it.
    """

    def __init__(self) -> None:
        self._asked: list[Ask] = []
        self._size = 0  # entries of a page, 0 while that is not known

    def __len__(self) -> int:
        return len(self._asked)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not self._asked and not self._size

    def begin(self, after: int) -> Ask:
        """A page of any size, if none is on its way."""
        return self._ask(after, MAX_PAGE_ENTRIES)

    def next_asks(self, cursor: int, head: int, room: int) -> list[Ask]:
        """What to ask for now, at most `room` pages, for who has read up to `cursor` of `head`
        entries.
        """
        asks = []
        if not self._asked and cursor < head and room > 0:
            asks.append(self._ask(cursor, self._size or MAX_PAGE_ENTRIES))
        while (
            self._size
            and 0 < len(self._asked) < PAGES_AHEAD
            and self._asked[0][0] <= cursor
            and len(asks) < room
        ):
            after = sum(self._asked[-1])
            if after >= head:
                break
            asks.append(self._ask(after, self._size))
        return asks

    def answered(self, entries: Sequence[Entry], head: int) -> bool:
        """Whether these entries were asked for (else they were pushed)."""
        after = entries[0].sequence - 1
        asked = next((one for one in self._asked if one[0] == after), None)
        if asked is None:
            return False
        self._asked.remove(asked)
        if after + len(entries) >= head or (self._asked and len(entries) < asked[1]):
            self._size = 0
        else:
            size = sum(len(entry.body) + len(entry.proof) for entry in entries)
            self._size = max(1, min(MAX_PAGE_ENTRIES, len(entries) * _USUAL_BYTES // max(1, size)))
        return True

    def ended(self) -> bool:
        """An empty answer: whether it says that nothing more is to be had.

        Else it was to the last of several.
        """
        if self._asked:
            self._asked.pop()
        return not self._asked

    def forget_first(self) -> None:
        """The first that was asked for is not waited for any more."""
        del self._asked[:1]

    def _ask(self, after: int, limit: int) -> Ask:
        self._asked.append((after, limit))
        return after, limit
