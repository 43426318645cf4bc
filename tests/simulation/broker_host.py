"""The simulated broker process: the real core in its real shell, on simulated connections, disk and
clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from broker.core.core import ClassInfo
from broker.core.events import (
    CommitStalled,
    Committed,
    Event,
    FrameReceived,
    Persist,
    ReadBoxes,
    ReadPage,
)
from broker.storage.base import Batch
from broker.storage.memory import MemoryStorage
from broker.threads.database import _merge
from broker.threads.shell import Arrived, BrokerShell, Ended, Unsent
from tests.bench.broker import WatchedCore, read
from tests.simulation.network import Link
from tests.simulation.world import Clock, Crashed, World
from tests.support.checked import CheckedBrokerCore

TICK_MS = 100
RETRY_MS = 1000  # broker/threads/database.py


class SimLink:
    """The sending side of the ROUTER: mandatory and never waiting, as broker/threads/link.py has
    it.
    """

    def __init__(self, host: BrokerHost) -> None:
        self._host = host

    def send(self, sessions: Collection[bytes], data: bytes) -> list[Unsent]:
        unsent = []
        for session in sessions:
            link = self._host.links.get(session)
            if link is None or link.is_over_at_broker:
                unsent.append(Unsent(session, is_gone=True))
            elif not link.down.takes():
                unsent.append(Unsent(session, is_gone=False))
            else:
                self._host.on_told(data)
                link.down.send(data)
        return unsent

    def is_reading(self, session: bytes) -> bool:
        return True  # memory is not simulated: nobody hoards

    def cut(self, session: bytes) -> None:
        link = self._host.links.get(session)
        if link is not None:
            link.cut(self._host.world.rng.randrange(30), 0)

    def cut_hoarders(self) -> int:
        return 0


class BrokerHost:
    """The process of the broker, and the disk that stays when it dies: the port `Disk` of its
    shell.
    """

    def __init__(
        self,
        world: World,
        info: ClassInfo,
        storage: MemoryStorage,
        on_told: Callable[[bytes], None],
    ) -> None:
        self.world = world
        self.info = info
        self.storage = storage
        self.on_told = on_told  # every frame to every client, before it leaves
        self.on_commit: Callable[[Batch], None] = lambda batch: None
        self.clock = Clock(world)
        self.links: dict[bytes, Link] = {}
        self.life = 0
        self.is_up = False
        self.is_disk_full = False
        self.slowest_commit_ms = world.rng.choice((2, 10, 40, 1500))
        self.crash_in = 0  # how many steps until the process dies; 0: it does not
        self.on_crash: Callable[[], None] = lambda: None

    # --- life ---

    def boot(self) -> None:
        """A new process on what the disk holds."""
        self.life += 1
        self.is_up = True
        self.crash_in = 0
        self.core = CheckedBrokerCore(self.info, self.world.rng.randbytes)
        self.core.load(self.storage)
        directory = self.core.directory
        self._names = {
            key: name for key in directory.keys if (name := directory.username_of_key(key))
        }
        self._mail: deque[Event] = deque()
        self._shell = BrokerShell(
            WatchedCore(self.core, self._see, lambda order: self.step()),
            link=SimLink(self),
            disk=self,
            names=self._names,
            clock=lambda: self.clock.wall_ms,
        )
        self._frames: deque[tuple[Link, bytes]] = deque()
        self._gone_links: deque[Link] = deque()
        self._commits: deque[list[Persist]] = deque()
        self._current: tuple[Batch, int] | None = None
        self._is_stalled = False
        self._is_due = False
        self._tick_later()

    def _see(self, event: Event) -> None:
        if isinstance(event, FrameReceived):
            self.world.detail(f"broker <- {event.user_id}", event.messages)

    def die(self, what: str) -> None:
        """The process ends; what was not committed is gone, a commit that was under way is there or
        not, never half.
        """
        self.world.note("broker", what)
        self.is_up = False
        self.crash_in = 0
        is_power = self.world.chance(0.2)  # nobody says that the connection has ended
        for link in list(self.links.values()):
            link.is_over_at_broker = True
            link.cut(
                self.world.rng.randrange(20_000, 25_000)
                if is_power
                else self.world.rng.randrange(50),
                0,
            )
        self.links.clear()
        self.on_crash()

    def step(self) -> None:
        """A place where the process may die."""
        if self.crash_in:
            self.crash_in -= 1
            if not self.crash_in:
                raise Crashed

    def _later(self, delay_ms: int, action: Callable[[], None]) -> None:
        """Something of this process; if it dies before, it never happens."""
        life = self.life

        def run() -> None:
            if self.life != life or not self.is_up:
                return
            try:
                action()
            except Crashed:
                self.die("dies")

        self.world.after(delay_ms, run)

    # --- the loop: mail, ends of connections, frames, tick, flush, as NetThread has them ---

    def wake(self) -> None:
        """Something waits for the network thread."""
        if self.is_up and not self._is_due:
            self._is_due = True
            self._later(self.world.rng.choice((0, 0, 0, 1, 3)), self._turn)

    def _tick_later(self) -> None:
        self._later(TICK_MS, self._on_tick_time)

    def _on_tick_time(self) -> None:
        self._tick_later()
        self._turn(is_tick=True)

    def _turn(self, *, is_tick: bool = False) -> None:
        self._is_due = False
        self._shell.turn(self._take_mail(), self._arrivals(), is_tick=is_tick)
        if self._frames:
            self.wake()

    def _take_mail(self) -> list[Event]:
        mail = list(self._mail)
        self._mail.clear()
        return mail

    def _arrivals(self) -> Iterator[Arrived | Ended]:
        while self._gone_links:
            link = self._gone_links.popleft()
            self.links.pop(link.routing_id, None)
            if link.is_known:
                yield Ended(link.routing_id)
        for _ in range(min(256, len(self._frames))):
            link, frame = self._frames.popleft()
            link.up.unread -= 1
            link.is_known = True
            yield Arrived(link.routing_id, link.user_id, link.key, frame)

    # --- connections ---

    def take(self, link: Link, frame: bytes) -> None:
        """A frame has arrived."""
        if self.is_up and not self.is_stranger(link):
            self._frames.append((link, frame))
            self.wake()

    def is_stranger(self, link: Link) -> bool:
        """Whether this connection was made to another process."""
        return link.routing_id not in self.links

    def accept(self, link: Link) -> None:
        """A connection stands."""
        self.links[link.routing_id] = link

    def lost(self, link: Link) -> None:
        """The end of a connection is noticed."""
        if self.is_up and not self.is_stranger(link):
            self._gone_links.append(link)
            self.wake()

    def user_id_of(self, key: str) -> str:
        """What ZAP says of a key."""
        return self._names.get(key, "?" + key)

    # --- the disk ---

    def commit(self, orders: list[Persist]) -> None:
        """For the commit worker."""
        self._commits.append(orders)
        self._commit_next()

    def _gather(self, orders: list[Persist]) -> None:
        if self._current is None:
            self._current = (Batch(), 0)
        _merge(self._current[0], orders)
        self._current = (self._current[0], orders[-1].ticket)

    def _commit_next(self) -> None:
        if self._commits and self._current is None:
            while self._commits:
                self._gather(self._commits.popleft())
            self._later(self.world.rng.randint(0, self.slowest_commit_ms), self._write)

    def _write(self) -> None:
        if self._current is None:
            return  # committed while stopping
        if self.is_disk_full:
            if not self._is_stalled:
                self._is_stalled = True
                self._post(CommitStalled())
            self._later(RETRY_MS, self._write)
            return
        batch, ticket = self._current
        self.step()  # torn: nothing of it is there
        self.on_commit(batch)
        self.storage.commit(batch)
        self.step()  # whole, but nobody is told
        self._is_stalled, self._current = False, None
        self._post(Committed(ticket, self.clock.wall_ms))
        self._commit_next()

    def _post(self, event: Event) -> None:
        self._mail.append(event)
        self.wake()

    def write_file(self, order: object) -> None:
        """Files are not simulated."""

    def read_file(self, order: object) -> None:
        """Files are not simulated."""

    def read(self, order: ReadPage | ReadBoxes) -> None:
        """For the read worker."""
        self._later(self.world.rng.choice((0, 1, 3, 15)), lambda: self._read(order))

    def _read(self, order: ReadPage | ReadBoxes) -> None:
        if isinstance(order, ReadPage):  # as if the entries were large
            order = replace(order, limit=min(order.limit, self.world.rng.choice((2, 20, 1000))))
        self._post(read(self.storage, order))

    def stop_gracefully(self) -> None:
        """As NetThread._finish: commit and answer what was taken, then say goodbye."""
        if not self.is_disk_full:
            for orders in self._commits:
                self._gather(orders)
            self._commits.clear()
            if self._current is not None:
                batch, ticket = self._current
                self._current = None
                self.on_commit(batch)
                self.storage.commit(batch)
                self._mail.append(Committed(ticket, self.clock.wall_ms))
        self._shell.take_mail(self._take_mail())
        self._shell.say_goodbye()
