"""The network thread: the only owner of the ROUTER.

Frames become events, the core's orders are carried out.
"""

from __future__ import annotations

import heapq
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never

import zmq

from broker.core.accounts import is_claim_honest
from broker.core.core import BrokerCore
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
from broker.core.gauges import Gauges
from broker.metrics import Counters
from broker.threads.base import BrokerFailed, BrokerThread
from broker.threads.connections import Connections
from broker.threads.database import CommitWorker, ReadWorker, wall_ms
from broker.threads.files import FileReader, FileWriter
from broker.threads.listening import Address, bind, open_router
from broker.threads.mailbox import Mailbox
from broker.threads.memory_guard import COUNTED_FROM, MemoryGuard
from broker.threads.page_queue import PageTurns
from broker.threads.zap import KEY_PROPERTY
from shared.codec import decode_requests
from shared.errors import CodecError
from shared.logs import Log
from shared.messages import MAX_FRAME_BYTES

_DRAIN: Final = 256
_AT_ONCE: Final = 256  # entries handed to the commit worker while the next are read
_TICK_MS: Final = 100
_QUIET_MS: Final = (
    250  # between ticks while nothing comes: waking is most of what an idle broker costs
)
_MAX_WAITING: Final = (
    8192  # changes not committed; above it nothing more is read and TCP holds the clients back
)
_MAX_PARTS: Final = 8  # frames of one message before the peer is cut off at once
_SHARED_BYTES: Final = 1024  # above it one buffer is shared by all recipients
_FLUSH_MS: Final = 500  # how long the last words may take when the broker stops
_METRICS_MS: Final = 60_000

# Plain ints: arithmetic on zmq's enums costs more than the send itself.
_DONTWAIT: Final = int(zmq.DONTWAIT)
_DISCONNECTED: Final = int(zmq.EVENT_DISCONNECTED)
_MONITORED: Final = struct.Struct("=Hi")  # what a monitor tells: the event, and the descriptor
_ID_FLAGS: Final = int(zmq.DONTWAIT) | int(zmq.SNDMORE)

_log = Log("broker.network")


@dataclass(frozen=True, slots=True)
class Workers:
    """The threads that touch the disk."""

    commits: CommitWorker
    reads: ReadWorker
    file_writes: FileWriter
    file_reads: FileReader

    def start(self) -> None:
        """Start all of them."""
        for thread in self.all:
            thread.start()

    @property
    def all(self) -> tuple[BrokerThread, ...]:
        """Each of them."""
        return (self.commits, self.reads, self.file_writes, self.file_reads)

    def stop(self, between: Callable[[], None] = lambda: None) -> None:
        """Let each end after what it has, and wait for it.

        What a commit leads to may still be ordered of the files.
        """
        threads: tuple[CommitWorker | ReadWorker | FileWriter | FileReader, ...]
        for threads in ((self.commits, self.reads), (self.file_writes, self.file_reads)):
            for thread in threads:
                thread.stop()
            for thread in threads:
                if thread.ident is not None:  # it was started
                    thread.join(10)
            between()


class StopRequested:
    """Posted to the mailbox to end the thread."""


@dataclass(frozen=True, slots=True)
class OwnCallEnded:
    """Posted after the broker has called itself (broker/admin/own_call.py): these frames were no
    client's.
    """

    frames: int
    bytes_out: int


class NetThread(BrokerThread):
    """Runs the loop. `ready` is set once it listens (`port`) or has failed (`error`)."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        core: BrokerCore,
        address: Address,
        mailbox: Mailbox,
        workers: Workers,
        names: dict[str, str],
    ) -> None:
        super().__init__("net")
        self._sockets = context
        self._core = core
        self._address = address
        self._mailbox = mailbox
        self._workers = workers
        self._names = names
        self._connections = Connections()
        self._guard = MemoryGuard()
        self._turns = PageTurns(workers.reads.put, self._is_reading)
        self._ending: set[bytes] = set()  # told to go; what they still send is not read
        self._to_cut: list[tuple[int, bytes]] = []
        self._persists: list[Persist] = []
        self._unflushed = 0  # entries in them
        self._events: deque[Event] = deque()
        self._is_stopping = False
        self.counters = Counters()
        self.gauges = Gauges()
        self.ticked_s = time.monotonic()  # when it was last seen alive
        self.answer_host: Callable[[HostAnswered], None] = lambda answer: None
        self.done = threading.Event()
        self.port = 0

    # --- life ---

    def work(self) -> None:
        """Listen and serve until stopped."""
        try:
            self._router = open_router(self._sockets, self._address)
            self.port = bind(self._router, self._address)
            self._monitor = self._router.get_monitor_socket(
                zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED
            )
            self.ready.set()
            try:
                self._serve()
                self._finish()
            finally:
                self._router.disable_monitor()
                self._monitor.close(0)
                self._router.close(_FLUSH_MS)
        finally:
            self._mailbox.close()
            self.done.set()

    def failed(self, error: BaseException) -> None:
        """What cannot be listened on is said by whoever starts the broker; anything else is a fault
        of ours.
        """
        if not isinstance(error, BrokerFailed):
            super().failed(error)

    def _serve(self) -> None:
        calm, busy = zmq.Poller(), zmq.Poller()
        for poller in (calm, busy):
            poller.register(self._mailbox.socket, zmq.POLLIN)
            poller.register(self._monitor, zmq.POLLIN)
        calm.register(self._router, zmq.POLLIN)
        next_tick_ms = wall_ms()
        next_metrics_ms = next_tick_ms + _METRICS_MS
        wait_ms = _TICK_MS
        while not self._is_stopping:
            poller = calm if self._core.delivery.waiting_count < _MAX_WAITING else busy
            ready = dict(poller.poll(wait_ms))
            wait_ms = _TICK_MS if ready or self._to_cut else _QUIET_MS
            if self._mailbox.socket in ready:
                self._take_mail()
            if self._monitor in ready:
                self._read_monitor()
            if self._router in ready:
                self._drain()
            now_ms = wall_ms()
            if (
                now_ms >= next_tick_ms or next_tick_ms - now_ms > _TICK_MS
            ):  # or the clock was set back
                next_tick_ms = now_ms + _TICK_MS
                self._tell(Ticked(now_ms))
                self.gauges, self.ticked_s = self._core.gauges(), time.monotonic()
                self._cut_due(now_ms)
                self._cut_hoarders()
                self._turns.tick()
                if now_ms >= next_metrics_ms:
                    next_metrics_ms = now_ms + _METRICS_MS
                    _log.info("metrics", **self.counters.as_fields())
            self._flush()

    def _finish(self) -> None:
        """Commit and answer what was taken, then say goodbye."""
        self._workers.stop(self._take_mail)
        self._tell(Stopping())
        # libzmq drops what a client has not read yet when its connection ends: leave them the time
        # to hang up first.
        until_ms = wall_ms() + _FLUSH_MS
        while len(self._connections) and wall_ms() < until_ms:
            if self._monitor.poll(_TICK_MS):
                self._read_monitor()

    # --- in ---

    def _take_mail(self) -> None:
        for item in self._mailbox.take():
            match item:
                case StopRequested():
                    self._is_stopping = True
                case BaseException():
                    raise RuntimeError(f"a worker has failed: {item}") from item
                case OwnCallEnded():
                    self.counters.frames_in -= item.frames
                    self.counters.frames_out -= item.frames
                    self.counters.bytes_out -= item.bytes_out
                case PageRead() | BoxesRead() | ReadFailed():
                    self._turns.answered(item.session)
                    self._tell(item)
                case _:
                    self._tell(item)  # type: ignore[arg-type]  # the workers post events only

    def _read_monitor(self) -> None:
        while self._monitor.poll(0):
            kind, fd = _MONITORED.unpack(self._monitor.recv_multipart(_DONTWAIT)[0])
            if kind != _DISCONNECTED:
                self._guard.connected(fd)
                continue
            session = self._connections.ended(fd)
            self._guard.ended(fd, session)
            if session is not None:
                self._gone(session)

    def _drain(self) -> None:
        recv = self._router.recv
        now_ms = wall_ms()
        for _ in range(_DRAIN):
            try:
                session = recv(_DONTWAIT)
            except zmq.Again:
                return
            frame = recv(_DONTWAIT, copy=False)
            self.counters.frames_in += 1
            if session not in self._connections:
                self._meet(session, frame)
            parts = 1
            while frame.more:
                frame = recv(_DONTWAIT, copy=False)
                parts += 1
            if self._guard.is_watching:
                self._guard.heard(session)
            if session not in self._ending:
                self._take_frame(session, frame, parts, now_ms)
            if self._unflushed >= _AT_ONCE:
                return

    def _meet(self, session: bytes, frame: zmq.Frame) -> None:
        # all that was announced before it began: an end of its number is that of another one
        self._read_monitor()
        before = self._connections.add(session, int(frame.get(zmq.SRCFD)))
        if before is not None:
            self._gone(before)

    def _take_frame(self, session: bytes, frame: zmq.Frame, parts: int, now_ms: int) -> None:
        try:
            user_id, key = str(frame.get("User-Id")), str(frame.get(KEY_PROPERTY))
        except zmq.ZMQError:  # no such property: nobody let this connection in
            user_id = key = ""
        if not is_claim_honest(session, user_id):
            self.counters.forged += 1
            _log.warning("forged_identity", user=user_id if not user_id.startswith("?") else "?")
            self._cut(session)
        elif parts > _MAX_PARTS:
            self.counters.malformed += 1
            _log.warning("too_many_frames", parts=parts)
            self._tell(PeerGone(session))
            self._cut(session)
        else:
            self._decode(session, user_id, key, frame, parts, now_ms)

    def _decode(
        self, session: bytes, user_id: str, key: str, frame: zmq.Frame, parts: int, now_ms: int
    ) -> None:
        try:
            if parts > 1 or len(frame) > MAX_FRAME_BYTES:
                raise CodecError("frame count or size")
            messages = decode_requests(frame.bytes)
        except CodecError:
            self._tell(FrameMalformed(session, user_id, key, now_ms))
            return
        self._tell(FrameReceived(session, user_id, key, messages, now_ms))

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
                    self._events.append(ReadFailed(action.session, action.about))
            case WritePart() | ListParts() | RemoveParts():
                self._workers.file_writes.put(action)
            case ReadPart():
                self._workers.file_reads.put(action)
            case Disconnect():
                self._ending.add(action.session)
                heapq.heappush(self._to_cut, (wall_ms() + action.after_ms, action.session))
            case RegisterKey():
                self._names[action.key] = action.username
            case HostAnswered():
                self.answer_host(action)
            case Report():
                self.counters.count(action.event)
                _log.info(action.event, user=action.username)
            case _:
                assert_never(action)

    def _flush(self) -> None:
        if self._persists:
            self.counters.commits += 1
            self.counters.rows += len(self._persists)
            self._workers.commits.put(self._persists)
            self._persists = []
            self._unflushed = 0

    # --- out ---

    def _send(self, order: SendTo) -> None:
        """Never waits: a full queue makes the session lagging, a missing peer ends it."""
        send, data = self._router.send, order.data
        shared = zmq.Frame(data) if len(data) > _SHARED_BYTES and len(order.sessions) > 1 else None
        for session in order.sessions:
            try:
                send(session, _ID_FLAGS)
                if shared is None:
                    send(data, _DONTWAIT)
                else:
                    send(shared, _DONTWAIT, copy=False)
            except zmq.Again:
                self._events.append(PeerLagging(session, wall_ms()))
            except zmq.ZMQError as error:
                if error.errno != zmq.EHOSTUNREACH:
                    raise
                self._events.append(PeerGone(session))
            else:
                if len(data) >= COUNTED_FROM:
                    self._guard.sent(self._connections.fd_of(session), session, len(data))
        self.counters.frames_out += len(order.sessions)
        self.counters.bytes_out += len(order.sessions) * len(data)

    def _is_reading(self, session: bytes) -> bool:
        return self._guard.is_reading(self._connections.fd_of(session), session)

    def _gone(self, session: bytes) -> None:
        self._turns.ended(session)
        self._ending.discard(session)
        self._tell(PeerGone(session))

    def _cut(self, session: bytes) -> None:
        self._ending.add(session)
        self._connections.kick(session)

    def _cut_hoarders(self) -> None:
        for fd in self._guard.look(self._connections.by_fd):
            if self._connections.cut(fd, self.port):
                self.counters.hoarding += 1
                _log.warning("memory_hoarded")

    def _cut_due(self, now_ms: int) -> None:
        while self._to_cut and self._to_cut[0][0] <= now_ms:
            _, session = heapq.heappop(self._to_cut)
            if session in self._ending:
                self._connections.kick(session)
