"""Credit for parts of files: how many may be on their way in each direction.

It is limited for each session and for all sessions together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from shared.invariants import require
from shared.messages import MAX_ASKED, MAX_WINDOW

MAX_PARTS_IN_MEMORY: Final = 256  # in each direction, for all sessions together: 64 MiB
STALLED_MS: Final = 60_000  # parts that are not confirmed for this long end the session


@dataclass(slots=True)
class Flow:
    """What is on its way between one session and the disk."""

    writing: int = 0  # parts that came and are not on the disk yet
    reading: int = 0  # parts that the disk was asked for
    receipts: set[bytes] = field(default_factory=set)  # of parts that were sent and not confirmed
    asked: deque[tuple[bytes, int]] = field(
        default_factory=deque
    )  # (file_id, number) that wait for credit
    heard_ms: int = 0  # the last receipt, or the first part after a quiet time


class Flows:
    """One flow for each session that stores or fetches.

    What a client claims without grounds changes nothing.
    """

    def __init__(self) -> None:
        self._flows: dict[bytes, Flow] = {}
        self._writing = 0

    def of(self, session_id: bytes) -> Flow:
        """Return the flow of a session, creating it with the first request."""
        flow = self._flows.get(session_id)
        if flow is None:
            flow = self._flows[session_id] = Flow()
        return flow

    def close(self, session_id: bytes) -> None:
        """Forget a session that has ended."""
        self._flows.pop(session_id, None)

    @property
    def window(self) -> int:
        """The number of parts that each session may have on their way."""
        return max(1, min(MAX_WINDOW, MAX_PARTS_IN_MEMORY // max(1, len(self._flows))))

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless the counts match what is in memory, within the limits."""
        require(
            self._writing >= sum(flow.writing for flow in self._flows.values()),
            "parts in memory are counted",
        )
        require(
            0 <= self._writing <= MAX_PARTS_IN_MEMORY, "no more parts are in memory than may be"
        )
        for flow in self._flows.values():
            require(
                0 <= flow.writing <= MAX_WINDOW and flow.reading >= 0,
                "a session keeps to its window",
            )
            require(len(flow.asked) <= MAX_ASKED, "no more parts wait than may")

    # --- to the disk ---

    def take_write(self, session_id: bytes) -> bool:
        """Count a part that arrived; returns False if there is no room for it.

        It is compared with the widest window, because the window may just have narrowed.
        """
        flow = self.of(session_id)
        if flow.writing >= MAX_WINDOW or self._writing >= MAX_PARTS_IN_MEMORY:
            return False
        flow.writing += 1
        self._writing += 1
        return True

    def written(self, session_id: bytes) -> None:
        """Note that a part has left memory."""
        self._writing -= 1
        flow = self._flows.get(session_id)
        if flow is not None and flow.writing:
            flow.writing -= 1

    # --- from the disk ---

    def give_back(self, session_id: bytes, receipts: Iterable[bytes], now_ms: int) -> None:
        """Note that the client has these parts; receipts that were not given out have no effect."""
        flow = self.of(session_id)
        for receipt in receipts:
            if receipt in flow.receipts:
                flow.receipts.discard(receipt)
                flow.heard_ms = now_ms

    def ask(self, session_id: bytes, file_id: bytes, numbers: list[int]) -> bool:
        """Queue the parts that a client wants; returns False if too many are waiting already."""
        flow = self.of(session_id)
        if len(flow.asked) + len(numbers) > MAX_ASKED:
            return False
        flow.asked.extend((file_id, number) for number in numbers)
        return True

    def to_read(self, session_id: bytes) -> Iterator[tuple[bytes, int]]:
        """Yield what may be read for a session now."""
        flow = self.of(session_id)
        while flow.asked and flow.reading + len(flow.receipts) < self.window:
            flow.reading += 1
            yield flow.asked.popleft()

    def read(self, session_id: bytes) -> bool:
        """Note that the disk has answered; returns False if the session has ended meanwhile."""
        flow = self._flows.get(session_id)
        if flow is None or not flow.reading:
            return False
        flow.reading -= 1
        return True

    def sent(self, session_id: bytes, receipt: bytes, now_ms: int) -> None:
        """Note that a part went out."""
        flow = self.of(session_id)
        if not flow.receipts:
            flow.heard_ms = now_ms
        flow.receipts.add(receipt)

    def shift(self, ms: int) -> None:
        """Adjust all times by `ms` after the clock was set."""
        for flow in self._flows.values():
            flow.heard_ms += ms

    def stalled(self, now_ms: int) -> list[bytes]:
        """Return sessions that were sent parts and have confirmed none for a minute."""
        return [
            session_id
            for session_id, flow in self._flows.items()
            if flow.receipts and now_ms - flow.heard_ms > STALLED_MS
        ]
