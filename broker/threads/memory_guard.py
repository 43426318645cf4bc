"""Finds the connection that fills the memory: with a message that never ends, or with answers that
it never reads.

libzmq holds a message until its last frame has come, and what a peer does not read up to a number
of messages; neither
is bounded in bytes. When the process has grown, the traffic of each connection is looked at: TCP
knows what came in and
what the other side has taken. Linux alone; elsewhere it finds nothing.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from broker.process import resident_bytes

_MIB: Final = 1024 * 1024
GROWN_BYTES: Final = 64 * _MIB  # from here on it is looked at
_OF_A_CONNECTION: Final = 64 * 1024  # what each may add besides
_AT_ONCE: Final = 1000  # connections looked at in one turn: about 5 ms
UNFINISHED_BYTES: Final = 16 * _MIB  # came in without completing a message; a legal one has 1 MiB
UNREAD_BYTES: Final = (
    32 * _MIB
)  # sent and not taken; an honest client asks for 4 MiB of parts, or pages of 8 MiB
PAGES_BYTES: Final = 8 * _MIB  # of answers not taken, before a reader gets the next page
COUNTED_FROM: Final = 16 * 1024  # smaller answers are held by their number
_PATIENCE: Final = 600  # looks without a finding, then what there is counts as usual
_TCP_INFO_BYTES, _ACKED_AT = (
    136,
    120,
)  # struct tcp_info of linux/tcp.h: tcpi_bytes_acked, tcpi_bytes_received


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes of one connection since it began: what the peer has confirmed, and what came from
    it.
    """

    taken: int
    received: int


@dataclass(slots=True)
class _Since:
    """Where the counting of one connection began."""

    sent: int
    taken: int
    received: int


_NOT_KNOWN: Final = _Since(0, 0, 0)


def traffic_of(fd: int) -> Traffic | None:
    """What TCP knows of a connection; None if nothing."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(fd)) as connection:
        raw = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        if len(raw) == _TCP_INFO_BYTES:
            return Traffic(*struct.unpack_from("=QQ", raw, _ACKED_AT))
    return None


class MemoryGuard:
    """Belongs to the network thread.

    Costs nothing but a look at the memory as long as that is as usual.
    """

    def __init__(
        self,
        memory: Callable[[], int] = resident_bytes,
        traffic: Callable[[int], Traffic | None] = traffic_of,
    ) -> None:
        self._memory = memory
        self._traffic = traffic
        self._usual = 0
        self._looks = 0
        self._sent: dict[bytes, int] = {}  # session -> bytes of large answers
        self._since: dict[int, _Since | None] = {}  # by descriptor
        self._heard: set[bytes] = set()
        self._turn: list[int] = []  # still to be looked at in this round
        self.is_watching = False

    def connected(self, fd: int) -> None:
        """A connection has begun; maybe it never says a whole word."""
        self._since[fd] = None

    def ended(self, fd: int, session: bytes | None) -> None:
        """It is over."""
        self._since.pop(fd, None)
        self._sent.pop(session or b"", None)

    def sent(self, fd: int, session: bytes, size: int) -> None:
        """A large answer is on its way."""
        if self._since.get(fd, _NOT_KNOWN) is None and (now := self._traffic(fd)) is not None:
            self._since[fd] = _Since(0, now.taken, now.received)
        self._sent[session] = self._sent.get(session, 0) + size

    def is_reading(self, fd: int, session: bytes) -> bool:
        """Whether the session takes what it is sent."""
        since = self._since.get(fd)
        if since is None or self._sent.get(session, 0) - since.sent < PAGES_BYTES:
            return True
        now = self._traffic(fd)
        return now is None or self._unread(since, session, now) < PAGES_BYTES

    def heard(self, session: bytes) -> None:
        """A whole message came; to be told while `is_watching`."""
        self._heard.add(session)

    def look(self, sessions: Mapping[int, bytes]) -> list[int]:
        """The descriptors of connections that hold too much; `sessions` are those that have said a
        whole word.
        """
        memory = self._memory()
        if not self._usual or memory < self._usual:
            self._usual = memory
        if memory - self._usual < GROWN_BYTES + len(self._since) * _OF_A_CONNECTION:
            self.is_watching = False
            return []
        if not self.is_watching:
            self.is_watching, self._looks = True, 0
            self._heard = set(sessions.values())
        if not self._turn:
            self._turn = list(self._since)
        now, self._turn = self._turn[:_AT_ONCE], self._turn[_AT_ONCE:]
        guilty = [fd for fd in now if fd in self._since and self._holds_much(fd, sessions.get(fd))]
        if not self._turn:
            self._heard.clear()
        self._looks = 0 if guilty else self._looks + 1
        if self._looks > _PATIENCE:
            self._usual = memory
        return guilty

    def _holds_much(self, fd: int, session: bytes | None) -> bool:
        now = self._traffic(fd)
        if now is None:
            return False
        since = self._since[fd]
        if since is None:
            # Before its first whole word nothing is usual; of others only what comes from now on
            # can be judged.
            since = self._since[fd] = _Since(
                0, now.taken, now.received if session is not None else 0
            )
        if session is not None and session in self._heard:
            since.received = now.received
        is_unfinished = now.received - since.received > UNFINISHED_BYTES
        return is_unfinished or self._unread(since, session or b"", now) > UNREAD_BYTES

    def _unread(self, since: _Since, session: bytes, now: Traffic) -> int:
        sent = self._sent.get(session, 0)
        unread = (sent - since.sent) - (now.taken - since.taken)
        if unread <= 0:
            since.sent, since.taken = sent, now.taken  # all of it was taken, and small ones beside
        return max(0, unread)
