"""A simulated client process: the real core in its real shell, on a simulated disk, connection and
clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from client.api.events import (
    Command,
    ConnectionChanged,
    ConversationsChanged,
    Done,
    Notice,
    Quarantined,
    RowsAppended,
    SessionOpened,
)
from client.api.values import ConnectionState, Conversation
from client.core.core import ClientCore
from client.core.state.effects import Drop, Effect, Moment, Save, SaveRow, Started
from client.core.state.saved import SavedConversation, SavedCursors, SavedSelf
from client.threads.network import MAX_POSTED
from client.threads.shell import ClientShell
from shared.crypto.identity import Identity
from shared.invitations import z85_decode
from shared.messages import Message
from tests.bench.client import Arriving, MemoryStore, Outlet, TracedCore
from tests.simulation.network import Link
from tests.simulation.world import Clock, Crashed, Violation, World

BROKER_KEY = b"k" * 32
Decode = Callable[[bytes], list[Message]]


class SimStore(MemoryStore):
    """The disk of one client: a transaction is there wholly or not at all, and what only grows
    never shrinks.
    """

    def __init__(self, before: SimStore | None = None) -> None:
        super().__init__()
        self.step: Callable[[], None] = lambda: None
        self.floor: dict[tuple[str, bytes, Any], int] = {}
        if before is not None:
            self._items, self._rows = dict(before._items), dict(before._rows)
            self._by_message, self.floor = dict(before._by_message), dict(before.floor)

    def apply(self, effects: Iterable[Effect]) -> None:
        changes = [effect for effect in effects if isinstance(effect, Save | Drop | SaveRow)]
        if not changes:
            return
        self.step()  # changed in memory, not saved
        for change in changes:
            if isinstance(change, Save):
                self._check_growth(change.item)
        super().apply(changes)
        self.step()  # saved, nothing sent

    def _check_growth(self, item: object) -> None:
        if isinstance(item, SavedConversation):
            growing = {
                "cursor": item.log.cursor,
                "row_count": item.reading.row_count,
                "own_n": item.own.own_n,
                "read_position": item.reading.read_position,
                "delivered_upto": item.reading.delivered_upto,
            }
            for name, value in growing.items():
                self._raise_floor("conversation", item.conv_id, name, value)
        elif isinstance(item, SavedCursors):
            for uid, sequence in item.cursors.items():
                self._raise_floor("cursors", item.conv_id, uid, sequence)
        elif isinstance(item, SavedSelf):
            self._raise_floor("self", b"", "directory_cursor", item.directory_cursor)

    def _raise_floor(self, table: str, key: bytes, name: Any, value: int) -> None:
        place = (table, key, name)
        if value < self.floor.get(place, 0):
            shown = name.hex()[:6] if isinstance(name, bytes) else name
            raise Violation(
                f"{shown} of {table} {key.hex()[:6]} went back from {self.floor[place]} to {value}"
            )
        self.floor[place] = value

    @property
    def row_count(self) -> int:
        """All rows of all conversations."""
        return len(self._rows)


class SimLink:
    """The connections of one process, one at a time: frames before events, as
    client/threads/link.py has them.
    """

    def __init__(self, host: ClientHost) -> None:
        self._host = host
        self.now: SimConnection | None = None

    @property
    def is_dialled(self) -> bool:
        return self.now is not None

    def open(self, now: Moment) -> None:
        self._host.step()
        self.end()
        self.now = self._host.dial()

    def close(self) -> None:
        self._host.step()
        self.end()

    def end(self) -> None:
        """What the end of a process does to its connection, too."""
        if self.now is not None:
            self.now.close()
            self.now = None

    def frames(self, limit: int) -> Iterator[bytes]:
        return self.now.frames(limit) if self.now is not None else iter(())

    def events(self, now: Moment) -> list[str]:
        return self.now.events() if self.now is not None else []

    def send(self, frame: bytes) -> bool:
        self._host.step()  # between two sends
        return self.now is not None and self.now.send(frame)


class SimConnection:
    """One connection as client/threads/dealer.py has it: a fresh routing id each time."""

    def __init__(self, host: ClientHost) -> None:
        self._host = host
        self.is_closed = False
        self.link: Link | None = None
        self._arriving = Arriving()

    def arrived(self, frame: bytes) -> None:
        """The network brings a frame."""
        if not self.is_closed:
            self._arriving.frames.append(frame)
            self._host.wake()

    def tell(self, happened: str) -> None:
        """The monitor says something."""
        if not self.is_closed:
            self._arriving.events.append(happened)
            self._host.wake()

    def events(self) -> list[str]:
        return self._arriving.take_events()

    def frames(self, limit: int) -> Iterator[bytes]:
        for frame in self._arriving.take_frames(limit):
            if self.link is not None:
                self.link.down.unread -= 1
            yield frame

    @property
    def has_news(self) -> bool:
        return bool(self._arriving)

    def send(self, frame: bytes) -> bool:
        if self.link is None or not self.link.up.takes():
            return False
        self.link.up.send(frame)
        return True

    def close(self) -> None:
        self.is_closed = True
        if self.link is not None:
            self._host.hang_up(self.link)


class _Process:
    """What is gone when the process dies: the core, its shell, the connection, what was posted."""

    def __init__(self, host: ClientHost, core: ClientCore, decode: Decode) -> None:
        self.core = core
        self.link = SimLink(host)
        self.posted: deque[Command] = deque()
        unused: Outlet[Any] = Outlet(
            lambda order: host.step()
        )  # search and files are not simulated
        self.shell = ClientShell(
            core,
            clock=host.moment,
            link=self.link,
            store=host.store,
            files=unused,
            search=unused,
            deliver=host.see,
            decode=decode,
        )

    def turn(self) -> None:
        """What client/threads/network.py does when anything has happened."""
        count = min(MAX_POSTED, len(self.posted))
        self.shell.turn([self.posted.popleft() for _ in range(count)])

    @property
    def has_news(self) -> bool:
        return bool(self.posted) or (self.link.now is not None and self.link.now.has_news)


class ClientHost:
    """One person's computer: it can be killed, started, stopped for a while, and its clock can be
    set.
    """

    def __init__(
        self,
        world: World,
        identity: Identity,
        join_code: str,
        store: SimStore,
        dial: Callable[[ClientHost, SimConnection], None],
        hang_up: Callable[[Link], None],
        decode: Decode,
    ) -> None:
        self.world, self.identity, self.store = world, identity, store
        self.name, self.uid = identity.username, identity.uid
        self.key = identity.transport_public.decode()
        self.clock = Clock(world)
        self.hang_up = hang_up
        self._dial = dial
        self._join_code = join_code
        self._decode = decode
        self.process: _Process | None = None
        self.is_paused = False
        self.is_partitioned = False
        self.crash_in = 0
        self._life = 0
        self._due_at = -1
        self.watch: Callable[[ClientHost, Notice], None] = lambda host, notice: None
        self.shown: dict[bytes, Conversation] = {}
        self.state = ConnectionState.OFFLINE
        self.quarantined: list[Quarantined] = []
        self.open_requests: dict[int, Command] = {}
        self.appended: set[tuple[bytes, int]] = set()

    def moment(self) -> Moment:
        """What time it is here."""
        return Moment(self.clock.steady_ms, self.clock.wall_ms)

    @property
    def core(self) -> ClientCore:
        """The core of the running process."""
        assert self.process is not None
        return self.process.core

    @property
    def link(self) -> Link | None:
        """The connection that stands now."""
        now = self.process.link.now if self.process is not None else None
        return now.link if now is not None else None

    # --- life ---

    def start(self) -> None:
        """A new process on what the disk holds."""
        if self.process is not None:
            return
        self._life += 1
        self.crash_in, self._due_at = 0, -1
        self.store.step = self.step
        self.shown, self.state = {}, ConnectionState.OFFLINE
        self.open_requests.clear()
        self.appended = set()
        core = TracedCore(
            self.identity,
            self.store,
            self.store.load(),
            broker_public=BROKER_KEY,
            client_public=z85_decode(self.identity.transport_public),
            join_code=self._join_code,
            class_name="Class",
            random=self.world.rng.randbytes,
            jitter=self.world.rng.random,
        )
        core.trace = lambda told: self.world.detail(f"{self.name} <-", told)
        self.process = process = _Process(self, core, self._decode)
        self.world.note(self.name, "starts")
        self._guarded(lambda: process.shell.turn([Started(self.moment())]))

    def die(self, what: str = "is killed") -> None:
        """The process ends at once."""
        if self.process is None:
            return
        self.world.note(self.name, what)
        process, self.process = self.process, None
        self.crash_in = 0
        self.is_paused = False
        process.link.end()

    def step(self) -> None:
        """A place where the process may die: between change, save, each send and each thing
        told.
        """
        if self.crash_in:
            self.crash_in -= 1
            if not self.crash_in:
                raise Crashed

    def _guarded(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Crashed:
            self.die("dies")
            return
        self._plan()

    # --- the loop ---

    def wake(self, delay_ms: int | None = None) -> None:
        """Something is there for the network thread."""
        if self.process is None or self.is_paused:
            return
        at = self.world.now_ms + (
            self.world.rng.choice((0, 0, 1, 4)) if delay_ms is None else delay_ms
        )
        if self._due_at >= 0 and self._due_at <= at:
            return
        self._due_at = at
        life = self._life
        self.world.after(at - self.world.now_ms, lambda: self._turn(life, at))

    def _turn(self, life: int, at: int) -> None:
        if life != self._life or at != self._due_at or self.is_paused or self.process is None:
            return
        self._due_at = -1
        self._guarded(self.process.turn)

    def _plan(self) -> None:
        if self.process is None:
            return
        if self.process.has_news:
            self.wake()
        elif self.core.next_wake_ms is not None:
            self.wake(max(0, self.core.next_wake_ms - self.clock.steady_ms))

    def dial(self) -> SimConnection:
        """A new connection is tried."""
        connection = SimConnection(self)
        self._dial(self, connection)
        return connection

    def pause(self) -> None:
        """The process gets no time (SIGSTOP)."""
        self.is_paused = True
        self._due_at = -1

    def resume(self) -> None:
        """It goes on."""
        if self.is_paused:
            self.is_paused = False
            self.wake()

    # --- the user ---

    def order(self, command: Command) -> None:
        """The user orders something."""
        if self.process is not None:
            if command.request_id:
                self.open_requests[command.request_id] = command
            self.process.posted.append(command)
            self.wake()

    def see(self, notices: list[Notice]) -> None:
        """What the window is told."""
        for notice in notices:
            self.step()
            self.watch(self, notice)
            if isinstance(notice, ConversationsChanged | SessionOpened):
                self.shown.update({found.conv_id: found for found in notice.conversations})
            elif isinstance(notice, ConnectionChanged):
                self.state = notice.state
            elif isinstance(notice, Quarantined):
                self.quarantined.append(notice)
            elif isinstance(notice, RowsAppended):
                for row in notice.rows:
                    if (notice.conv_id, row.position) in self.appended:
                        raise Violation(f"{self.name} is told row {row.position} twice")
                    self.appended.add((notice.conv_id, row.position))
            elif (
                isinstance(notice, Done) and self.open_requests.pop(notice.request_id, None) is None
            ):
                raise Violation(f"{self.name} gets a second answer to request {notice.request_id}")
