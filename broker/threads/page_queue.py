"""Whose page is read next: few of each session at a time, and none for who does not take those it
was sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from broker.core.events import ReadBoxes, ReadPage

AT_ONCE: Final = 8  # of one session, with the thread that reads
MAX_WAITING: Final = 1000  # of one session; its rate lets no honest client come near

Order = ReadPage | ReadBoxes


@dataclass(slots=True)
class _Turn:
    reading: int = 0
    waiting: deque[Order] = field(default_factory=deque)


class PageTurns:
    """Belongs to the network thread. The orders of one session stay in their order."""

    def __init__(self, put: Callable[[Order], None], is_reading: Callable[[bytes], bool]) -> None:
        self._put = put
        self._is_reading = is_reading
        self._turns: dict[bytes, _Turn] = {}

    def order(self, order: Order) -> bool:
        """Have it read in its turn; False if too many wait already."""
        turn = self._turns.setdefault(order.session, _Turn())
        if len(turn.waiting) >= MAX_WAITING:
            return False
        turn.waiting.append(order)
        self._go_on(order.session)
        return True

    def answered(self, session: bytes) -> None:
        """One was read."""
        turn = self._turns.get(session)
        if turn is not None:
            turn.reading -= 1
            self._go_on(session)

    def tick(self) -> None:
        """Who did not take their pages may have taken them now."""
        for session in [
            session for session, turn in self._turns.items() if turn.waiting and not turn.reading
        ]:
            self._go_on(session)

    def ended(self, session: bytes) -> None:
        """The session is over."""
        self._turns.pop(session, None)

    def _go_on(self, session: bytes) -> None:
        turn = self._turns[session]
        while turn.waiting and turn.reading < AT_ONCE and self._is_reading(session):
            turn.reading += 1
            self._put(turn.waiting.popleft())
        if not turn.waiting and not turn.reading:
            del self._turns[session]
