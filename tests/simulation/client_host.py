"""A simulated client process: the real core and its real order of save, send, tell, on a simulated
disk and clock.
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
from client.core.effects import (
    CommandPosted,
    Drop,
    Effect,
    Event,
    Moment,
    Save,
    SaveRow,
    Started,
    Ticked,
)
from client.core.saved import SavedConversation, SavedCursors, SavedSelf
from client.threads.network import MAX_DRAIN, _Loop
from client.threads.resolver import Resolver, resolve_name
from shared.crypto.identity import Identity
from shared.invitations import z85_decode
from tests.simulation.network import Link
from tests.simulation.world import Clock, Crashed, Violation, World
from tests.support.checked import CheckedClientCore
from tests.support.class_room import MemoryStore

BROKER_KEY = b"k" * 32


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


class SimDealer:
    """One connection as client/threads/dealer.py has it: a fresh routing id, frames before
    events.
    """

    def __init__(self, host: ClientHost) -> None:
        self._host = host
        self.has_failed = False
        self.is_open = False
        self.is_closed = False
        self.link: Link | None = None
        self.happened: deque[str] = deque()
        self._inbox: deque[bytes] = deque()

    def arrived(self, frame: bytes) -> None:
        """The network brings a frame."""
        if not self.is_closed:
            self._inbox.append(frame)
            self._host.wake()

    def tell(self, happened: str) -> None:
        """The monitor says something."""
        if not self.is_closed:
            self.happened.append(happened)
            self._host.wake()

    def events(self) -> list[str]:
        found = []
        while self.happened:
            event = self.happened.popleft()
            self.is_open = self.is_open or event == "opened"
            found.append(event)
            if event != "opened":
                break
        return found

    def frames(self, limit: int) -> Iterator[bytes]:
        for _ in range(min(limit, len(self._inbox))):
            if self.link is not None:
                self.link.down.unread -= 1
            yield self._inbox.popleft()

    @property
    def has_news(self) -> bool:
        return bool(self._inbox or self.happened)

    def send(self, frame: bytes) -> bool:
        self._host.step()  # between two sends
        if self.link is None or not self.link.up.takes():
            return False
        self.link.up.send(frame)
        return True

    def close(self, linger_ms: int) -> None:
        self.is_closed = True
        if self.link is not None:
            self._host.hang_up(self.link)


class _Nothing:
    """The parts of the shell that are not simulated: search, files, keystore."""

    def note(self, rows: object) -> None:
        """Nobody searches."""

    def post(self, order: object) -> None:
        """No files are sent."""

    def mark_registered(self) -> None:
        """The profile is always there."""


class SimLoop(_Loop):
    """Reuses `_hand`, `_send`, `_carry_out`, `_drain` and `_suspended` of the client's network
    thread.
    """

    def __init__(self, host: ClientHost, core: ClientCore) -> None:
        self._host = host
        self._core = core
        self._store = host.store  # type: ignore[assignment]
        self._search = self._files = self._keystore = _Nothing()  # type: ignore[assignment]
        self._resolver = Resolver(
            "127.0.0.1", 1, resolve_name, lambda: None
        )  # an address needs no question
        self._deliver = host.see
        self._inbox = deque()
        self._dealer: SimDealer | None = None  # type: ignore[assignment]
        self._has_ended = False
        self._at = host.moment()

    @property
    def core(self) -> ClientCore:
        return self._core

    def post(self, command: Command) -> None:
        self._inbox.append(command)

    def turn(self) -> None:
        """One round of `_Loop.run`, with everything that `_wait` would find."""
        now = self._host.moment()
        events: list[Event] = self._suspended(now)
        if self._dealer is not None:
            events += self._drain(self._dealer, now)  # type: ignore[arg-type]
        while self._inbox and len(events) < 4 * MAX_DRAIN:
            item = self._inbox.popleft()
            events.append(item if isinstance(item, Event) else CommandPosted(now, item))
        wake = self._core.next_wake_ms
        if wake is not None and wake <= now.steady_ms:
            events.append(Ticked(now))
        if events:
            self._host.world.detail(
                f"{self._host.name} <-", [getattr(event, "message", event) for event in events]
            )
            self._hand(events)

    @property
    def has_news(self) -> bool:
        return bool(self._inbox) or (self._dealer is not None and self._dealer.has_news)

    def _carry_out(self, effect: Effect) -> None:
        self._host.step()
        super()._carry_out(effect)

    def _open_dealer(self) -> None:
        self._close_dealer(0)
        self._dealer = self._host.dial()


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
        dial: Callable[[ClientHost, SimDealer], None],
        hang_up: Callable[[Link], None],
    ) -> None:
        self.world, self.identity, self.store = world, identity, store
        self.name, self.uid = identity.username, identity.uid
        self.key = identity.transport_public.decode()
        self.clock = Clock(world)
        self.hang_up = hang_up
        self._dial = dial
        self._join_code = join_code
        self.loop: SimLoop | None = None
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
        assert self.loop is not None
        return self.loop.core

    # --- life ---

    def start(self) -> None:
        """A new process on what the disk holds."""
        if self.loop is not None:
            return
        self._life += 1
        self.crash_in, self._due_at = 0, -1
        self.store.step = self.step
        self.shown, self.state = {}, ConnectionState.OFFLINE
        self.open_requests.clear()
        self.appended = set()
        core = CheckedClientCore(
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
        self.loop = SimLoop(self, core)
        self.world.note(self.name, "starts")
        self._guarded(lambda: self.loop is not None and self.loop._hand([Started(self.moment())]))

    def die(self, what: str = "is killed") -> None:
        """The process ends at once."""
        if self.loop is None:
            return
        self.world.note(self.name, what)
        dealer, self.loop = self.loop._dealer, None
        self.crash_in = 0
        self.is_paused = False
        if dealer is not None:
            dealer.close(0)

    def step(self) -> None:
        """A place where the process may die: between change, save, each send and each thing
        told.
        """
        if self.crash_in:
            self.crash_in -= 1
            if not self.crash_in:
                raise Crashed

    def _guarded(self, action: Callable[[], object]) -> None:
        self.world.running = self
        try:
            action()
        except Crashed:
            self.die("dies")
            return
        self._plan()

    # --- the loop ---

    def wake(self, delay_ms: int | None = None) -> None:
        """Something is there for the network thread."""
        if self.loop is None or self.is_paused:
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
        if life != self._life or at != self._due_at or self.is_paused or self.loop is None:
            return
        self._due_at = -1
        self._guarded(self.loop.turn)

    def _plan(self) -> None:
        if self.loop is None:
            return
        if self.loop.has_news:
            self.wake()
        elif self.core.next_wake_ms is not None:
            self.wake(max(0, self.core.next_wake_ms - self.clock.steady_ms))

    def dial(self) -> SimDealer:
        """A new connection is tried."""
        dealer = SimDealer(self)
        self._dial(self, dealer)
        return dealer

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
        if self.loop is not None:
            if command.request_id:
                self.open_requests[command.request_id] = command
            self.loop.post(command)
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
