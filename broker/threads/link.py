"""The connections to all clients: the ROUTER, what it announces, and who takes too much memory."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from typing import Final

import zmq

from broker.threads.connections import Connections
from broker.threads.listening import Address, bind, open_router
from broker.threads.memory_guard import COUNTED_FROM, MemoryGuard
from broker.threads.shell import Arrived, Ended, Unsent
from broker.threads.zap import KEY_PROPERTY

_DRAIN: Final = 256
_SHARED_BYTES: Final = 1024  # above it one buffer is shared by all recipients

# Plain ints: arithmetic on zmq's enums costs more than the send itself.
_DONTWAIT: Final = int(zmq.DONTWAIT)
_DISCONNECTED: Final = int(zmq.EVENT_DISCONNECTED)
_MONITORED: Final = struct.Struct("=Hi")  # what a monitor tells: the event, and the descriptor
_ID_FLAGS: Final = int(zmq.DONTWAIT) | int(zmq.SNDMORE)


class RouterLink:
    """The port `Link` of the shell over ZeroMQ. Belongs to the network thread."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], address: Address) -> None:
        self._context = context
        self._address = address
        self._connections = Connections()
        self._guard = MemoryGuard()
        self.port = 0

    # --- life ---

    def listen(self) -> None:
        """Open the ROUTER; BrokerFailed in words if the address cannot be listened on."""
        self._router = open_router(self._context, self._address)
        self.port = bind(self._router, self._address)
        self._monitor = self._router.get_monitor_socket(zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED)

    def register(self, poller: zmq.Poller, *, with_frames: bool) -> None:
        """Let a poller wait for ends of connections, and for what clients send."""
        poller.register(self._monitor, zmq.POLLIN)
        if with_frames:
            poller.register(self._router, zmq.POLLIN)

    def close(self, linger_ms: int) -> None:
        """Close; what was sent has so long to go out."""
        self._router.disable_monitor()
        self._monitor.close(0)
        self._router.close(linger_ms)

    @property
    def count(self) -> int:
        """How many connections have said something."""
        return len(self._connections)

    # --- in ---

    def arrivals(self, ready: Collection[object]) -> Iterator[Arrived | Ended]:
        """What has come over these sockets. Ends first: a number may be in use again."""
        if self._monitor in ready:
            yield from self.ends(0)
        if self._router not in ready:
            return
        recv, connections, guard = self._router.recv, self._connections, self._guard
        for _ in range(_DRAIN):
            try:
                session = recv(_DONTWAIT)
            except zmq.Again:
                return
            frame = recv(_DONTWAIT, copy=False)
            before = None if session in connections else self._meet(session, frame)
            frame_count = 1
            while frame.more:
                frame = recv(_DONTWAIT, copy=False)
                frame_count += 1
            if guard.is_watching:
                guard.heard(session)
            if before is not None:
                yield from before
            yield _arrived(session, frame, frame_count)

    def ends(self, wait_ms: int) -> Iterator[Ended]:
        """Ends of connections that are announced now, or within this time."""
        while self._monitor.poll(wait_ms):
            wait_ms = 0
            kind, fd = _MONITORED.unpack(self._monitor.recv_multipart(_DONTWAIT)[0])
            if kind != _DISCONNECTED:
                self._guard.connected(fd)
                continue
            session = self._connections.ended(fd)
            self._guard.ended(fd, session)
            if session is not None:
                yield Ended(session)

    def _meet(self, session: bytes, frame: zmq.Frame) -> list[Ended]:
        """Note a session whose first frame this is; gives those that have ended before it."""
        # all that was announced before it began: an end of its number is that of another one
        ended = list(self.ends(0))
        before = self._connections.add(session, int(frame.get(zmq.SRCFD)))
        return ended if before is None else [*ended, Ended(before)]

    # --- out ---

    def send(self, sessions: Collection[bytes], data: bytes) -> list[Unsent]:
        """Never waits; gives the sessions that did not take it, in their order."""
        send = self._router.send
        unsent: list[Unsent] = []
        shared = zmq.Frame(data) if len(data) > _SHARED_BYTES and len(sessions) > 1 else None
        for session in sessions:
            try:
                send(session, _ID_FLAGS)
                if shared is None:
                    send(data, _DONTWAIT)
                else:
                    send(shared, _DONTWAIT, copy=False)
            except zmq.Again:
                unsent.append(Unsent(session, is_gone=False))
            except zmq.ZMQError as error:
                if error.errno != zmq.EHOSTUNREACH:
                    raise
                unsent.append(Unsent(session, is_gone=True))
            else:
                if len(data) >= COUNTED_FROM:
                    self._guard.sent(self._connections.fd_of(session), session, len(data))
        return unsent

    def is_reading(self, session: bytes) -> bool:
        """Whether the session takes what it is sent."""
        return self._guard.is_reading(self._connections.fd_of(session), session)

    def cut(self, session: bytes) -> None:
        """End the connection of a session."""
        self._connections.kick(session)

    def cut_hoarders(self) -> int:
        """End the connections that hold too much memory; how many."""
        hoarders = self._guard.look(self._connections.by_fd)
        return sum(self._connections.cut(fd, self.port) for fd in hoarders)


def _arrived(session: bytes, frame: zmq.Frame, frame_count: int) -> Arrived:
    try:
        user_id, key = str(frame.get("User-Id")), str(frame.get(KEY_PROPERTY))
    except zmq.ZMQError:  # no such property: nobody let this connection in
        user_id = key = ""
    return Arrived(session, user_id, key, frame.bytes if frame_count == 1 else b"", frame_count)
