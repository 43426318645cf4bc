"""A broker core in its real shell, for tests and simulation alike: the disk is a storage in memory,
what arrives and what is sent are lists.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator

from broker.core.core import BrokerCore
from broker.core.events import (
    Action,
    BoxesRead,
    Committed,
    Event,
    ListParts,
    PageRead,
    Persist,
    ReadBoxes,
    ReadPage,
    ReadPart,
    RemoveParts,
    WritePart,
)
from broker.storage.memory import MemoryStorage
from broker.threads.shell import Arrived, BrokerShell, Ended, Unsent
from shared.messages import MAX_PAGE_BYTES

FileOrder = WritePart | ListParts | RemoveParts | ReadPart


def read(storage: MemoryStorage, order: ReadPage | ReadBoxes) -> PageRead | BoxesRead:
    """What the thread that reads would report."""
    if isinstance(order, ReadBoxes):
        boxes = storage.boxes_for(order.conv_id, order.epoch, order.uid)
        return BoxesRead(order.session, order.conv_id, order.epoch, boxes)
    entries = storage.entries_after(
        order.log_id, order.after, order.through, order.limit, MAX_PAGE_BYTES
    )
    return PageRead(order.session, order.log_id, order.through, entries)


class WatchedCore:
    """A core whose events and orders are seen: each order just before it is carried out."""

    def __init__(
        self,
        core: BrokerCore,
        on_event: Callable[[Event], None],
        on_order: Callable[[Action], None],
    ) -> None:
        self._core = core
        self._on_event = on_event
        self._on_order = on_order

    def handle(self, event: Event) -> Iterator[Action]:
        self._on_event(event)
        for action in self._core.handle(event):
            self._on_order(action)
            yield action


class BrokerBench:
    """Takes turns until it is quiet. The disk answers at once, unless `is_holding`: then `commit`
    lets it.
    """

    def __init__(
        self,
        core: BrokerCore,
        storage: MemoryStorage,
        clock: Callable[[], int],
        send: Callable[[bytes, bytes], None],
        *,
        on_order: Callable[[Action], None] = lambda action: None,
        on_file_order: Callable[[FileOrder], None] = lambda order: None,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._on_order = on_order
        self.names: dict[str, str] = {
            key: core.directory.username_of_key(key) or "" for key in core.directory.keys
        }
        self.held: list[Persist] = []
        self.is_holding = False
        self._mail: deque[Event] = deque()
        self._followed: list[list[Action]] = []  # what the core orders for each event
        self._is_turning = False
        self._shell = BrokerShell(
            WatchedCore(core, lambda event: self._followed.append([]), self._see),
            link=_Link(send),
            disk=_Disk(self._hold, lambda order: self.tell(read(storage, order)), on_file_order),
            names=self.names,
            clock=clock,
        )

    def tell(self, event: Event) -> list[Action]:
        """Tell the core, carry out its orders and all that follows; gives what it ordered first.

        What is told from within a turn comes when that is over, as mail does.
        """
        self._mail.append(event)
        if self._is_turning:
            return []
        self._followed.clear()
        self._go_on()
        return self._followed[0]

    def arrive(self, *arrivals: Arrived | Ended) -> None:
        """Something comes over the network."""
        self._followed.clear()
        self._go_on(arrivals)

    def commit(self) -> None:
        """Commit all that is held, as one batch."""
        if self.held:
            held, self.held = self.held, []
            for order in held:
                self._storage.commit(order.batch)
            self.tell(Committed(held[-1].ticket, self._clock()))

    def _go_on(self, arrivals: Iterable[Arrived | Ended] = ()) -> None:
        self._is_turning = True
        try:
            while self._mail or arrivals:
                mail, now = [self._mail.popleft()] if self._mail else [], arrivals
                arrivals = ()
                self._shell.turn(mail, now)
        finally:
            self._is_turning = False

    def _see(self, action: Action) -> None:
        self._followed[-1].append(action)
        self._on_order(action)

    def _hold(self, orders: list[Persist]) -> None:
        self.held += orders
        if not self.is_holding:
            self.commit()


class _Link:
    """Everybody takes what they are sent."""

    def __init__(self, send: Callable[[bytes, bytes], None]) -> None:
        self._send = send

    def send(self, sessions: Collection[bytes], data: bytes) -> tuple[Unsent, ...]:
        for session in sessions:
            self._send(session, data)
        return ()

    def is_reading(self, session: bytes) -> bool:
        return True

    def cut(self, session: bytes) -> None:
        """Whoever plays the clients sees the order to cut them off."""

    def cut_hoarders(self) -> int:
        return 0


class _Disk:
    """Reads at once; what it is to commit is held, what concerns files is handed on."""

    def __init__(
        self,
        hold: Callable[[list[Persist]], None],
        read: Callable[[ReadPage | ReadBoxes], object],
        file: Callable[[FileOrder], None],
    ) -> None:
        self._hold, self._read, self._file = hold, read, file

    def commit(self, orders: list[Persist]) -> None:
        self._hold(orders)

    def read(self, order: ReadPage | ReadBoxes) -> None:
        self._read(order)

    def write_file(self, order: WritePart | ListParts | RemoveParts) -> None:
        self._file(order)

    def read_file(self, order: ReadPart) -> None:
        self._file(order)
