"""BrokerShell: turns what has arrived into events and carries the core's orders out, through ports.

It knows no socket, file, thread or clock of its own: the program gives it real ones, the simulation
and the tests give it theirs.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, assert_never

import msgspec

from broker.clock import Clock
from broker.core.accounts import is_claim_honest
from broker.core.events import (
    Action,
    BoxesRead,
    Disconnect,
    Event,
    FrameMalformed,
    FrameReceived,
    HostAnswered,
    ListParts,
    PageRead,
    PeerGone,
    PeerLagging,
    Persist,
    ReadBoxes,
    ReadFailed,
    ReadPage,
    ReadPart,
    RegisterKey,
    RemoveParts,
    Report,
    SendTo,
    Stopping,
    Ticked,
    WritePart,
)
from broker.metrics import Counters
from broker.threads.page_queue import PageTurns
from shared.codec import decode_requests
from shared.errors import CodecError
from shared.logs import Log
from shared.messages import MAX_FRAME_BYTES

_AT_ONCE: Final = 256  # entries handed to the disk while the next are read
_MAX_FRAMES: Final = 8  # frames of one message before the peer is cut off at once

_log = Log("broker.threads.shell")


class Arrived(msgspec.Struct, gc=False):  # one for each frame: no class is made faster
    """One message of a session. `data` is its only frame; of more than one nothing is read."""

    session: bytes
    user_id: str  # what ZAP said of the key; empty if nobody let the connection in
    key: str
    data: bytes
    frame_count: int = 1


@dataclass(slots=True)
class Ended:
    """A connection that had said something is over."""

    session: bytes


@dataclass(slots=True)
class Unsent:
    """A session that did not take what was sent: it is gone, or its queue is full."""

    session: bytes
    is_gone: bool


class StopRequested:
    """Mail that ends the service."""


@dataclass(frozen=True, slots=True)
class OwnCallEnded:
    """Mail after the broker has called itself (broker/admin/own_call.py): these frames were no
    client's.
    """

    frames: int
    bytes_out: int


Mail = Event | StopRequested | OwnCallEnded | BaseException


class Core(Protocol):
    """What decides: `broker.core.core.BrokerCore`."""

    def handle(self, event: Event) -> Iterable[Action]:
        """Give what is to be done because of this, in this order."""


class Link(Protocol):
    """The connections to all clients: never waited for."""

    def send(self, sessions: Collection[bytes], data: bytes) -> Iterable[Unsent]:
        """Send to all of these; gives those that did not take it, in their order."""

    def is_reading(self, session: bytes) -> bool:
        """Whether the session takes what it is sent."""

    def cut(self, session: bytes) -> None:
        """End the connection of a session."""

    def cut_hoarders(self) -> int:
        """End the connections that hold too much memory; how many."""


class Disk(Protocol):
    """What touches the disk, elsewhere; its answers come as mail."""

    def commit(self, orders: list[Persist]) -> None:
        """Make these durable, in this order."""

    def read(self, order: ReadPage | ReadBoxes) -> None:
        """Read from the history."""

    def write_file(self, order: WritePart | ListParts | RemoveParts) -> None:
        """Do this with parts of files, after all that was ordered before."""

    def read_file(self, order: ReadPart) -> None:
        """Read a part of a file."""


class BrokerShell:
    """Belongs to one thread, which calls `turn` whenever anything may have happened."""

    def __init__(
        self, core: Core, *, link: Link, disk: Disk, names: dict[str, str], clock: Clock
    ) -> None:
        self._core = core
        self._link = link
        self._disk = disk
        self._names = names  # by transport key, for whoever lets connections in
        self._clock = clock
        self._turns = PageTurns(disk.read, link.is_reading)
        self._ending: set[bytes] = set()  # told to go; what they still send is not read
        self._to_cut: list[tuple[int, bytes]] = []
        self._persists: list[Persist] = []
        self._unflushed = 0  # entries in them
        self._events: deque[Event] = deque()
        self.is_stopping = False
        self.counters = Counters()
        self.answer_host: Callable[[HostAnswered], None] = lambda answer: None

    @property
    def has_to_cut(self) -> bool:
        """Whether a connection is to be ended soon."""
        return bool(self._to_cut)

    # --- in ---

    def turn(
        self,
        mail: Iterable[Mail] = (),
        arrivals: Iterable[Arrived | Ended] = (),
        *,
        is_tick: bool = False,
    ) -> None:
        """Hand over what has happened, then order the commit of all that follows from it.

        `arrivals` is left where a commit has enough to do; what is still in it comes another time.
        """
        self.take_mail(mail)
        now_ms = self._clock()
        for arrival in arrivals:
            if isinstance(arrival, Ended):
                self._gone(arrival.session)
                continue
            self.counters.frames_in += 1
            if arrival.session not in self._ending:
                self._take_frame(arrival, now_ms)
            if self._unflushed >= _AT_ONCE:
                break
        if is_tick:
            self._tick()
        self._flush()

    def take_mail(self, mail: Iterable[Mail]) -> None:
        """Hand over what other threads report."""
        for item in mail:
            if isinstance(item, StopRequested):
                self.is_stopping = True
            elif isinstance(item, BaseException):
                raise RuntimeError(f"a worker has failed: {item}") from item
            elif isinstance(item, OwnCallEnded):
                self.counters.frames_in -= item.frames
                self.counters.frames_out -= item.frames
                self.counters.bytes_out -= item.bytes_out
            else:
                if isinstance(item, PageRead | BoxesRead | ReadFailed):
                    self._turns.answered(item.session)
                self._tell(item)

    def say_goodbye(self) -> None:
        """Tell everybody that the broker stops."""
        self._tell(Stopping())

    def _take_frame(self, arrival: Arrived, now_ms: int) -> None:
        session, user_id = arrival.session, arrival.user_id
        if not is_claim_honest(session, user_id):
            self.counters.forged += 1
            _log.warning("forged_identity", user=user_id if not user_id.startswith("?") else "?")
            self._cut(session)
        elif arrival.frame_count > _MAX_FRAMES:
            self.counters.malformed += 1
            _log.warning("too_many_frames", frame_count=arrival.frame_count)
            self._tell(PeerGone(session))
            self._cut(session)
        else:
            self._decode(arrival, now_ms)

    def _decode(self, arrival: Arrived, now_ms: int) -> None:
        session, user_id, key = arrival.session, arrival.user_id, arrival.key
        try:
            if arrival.frame_count > 1 or len(arrival.data) > MAX_FRAME_BYTES:
                raise CodecError("frame count or size")
            messages = decode_requests(arrival.data)
        except CodecError:
            self._tell(FrameMalformed(session, user_id, key, now_ms))
            return
        self._tell(FrameReceived(session, user_id, key, messages, now_ms))

    def _gone(self, session: bytes) -> None:
        self._turns.ended(session)
        self._ending.discard(session)
        self._tell(PeerGone(session))

    def _tick(self) -> None:
        now_ms = self._clock()
        self._tell(Ticked(now_ms))
        self._turns.tick()
        while self._to_cut and self._to_cut[0][0] <= now_ms:
            _, session = heapq.heappop(self._to_cut)
            if session in self._ending:
                self._link.cut(session)
        for _ in range(self._link.cut_hoarders()):
            self.counters.hoarding += 1
            _log.warning("memory_hoarded")

    # --- the core ---

    def _tell(self, event: Event) -> None:
        """Tell the core, and whatever follows from carrying out its orders."""
        self._events.append(event)
        while self._events:
            for action in self._core.handle(self._events.popleft()):
                self._do(action)

    def _do(self, action: Action) -> None:
        match action:
            case SendTo():
                self._send(action)
            case Persist():
                self._persists.append(action)
                self._unflushed += len(action.batch.entries)
            case ReadPage() | ReadBoxes():
                if not self._turns.order(action):
                    about = action.log_id if isinstance(action, ReadPage) else action.conv_id
                    self._events.append(ReadFailed(action.session, about))
            case WritePart() | ListParts() | RemoveParts():
                self._disk.write_file(action)
            case ReadPart():
                self._disk.read_file(action)
            case Disconnect():
                self._ending.add(action.session)
                heapq.heappush(self._to_cut, (self._clock() + action.after_ms, action.session))
            case RegisterKey():
                self._names[action.key] = action.username
            case HostAnswered():
                self.answer_host(action)
            case Report():
                self.counters.count(action.event)
                _log.info(action.event, user=action.username)
            case _:
                assert_never(action)

    # --- out ---

    def _flush(self) -> None:
        if self._persists:
            self.counters.commits += 1
            self.counters.rows += len(self._persists)
            self._disk.commit(self._persists)
            self._persists = []
            self._unflushed = 0

    def _send(self, order: SendTo) -> None:
        """A full queue makes a session lagging, a missing peer ends it."""
        sessions, data = order.sessions, order.data
        for unsent in self._link.send(sessions, data):
            self._events.append(
                PeerGone(unsent.session)
                if unsent.is_gone
                else PeerLagging(unsent.session, self._clock())
            )
        self.counters.frames_out += len(sessions)
        self.counters.bytes_out += len(sessions) * len(data)

    def _cut(self, session: bytes) -> None:
        self._ending.add(session)
        self._link.cut(session)
