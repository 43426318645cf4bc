"""Which descriptor belongs to which session: reuse of numbers, late ends, and kicking a real
connection.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from typing import Any, cast

import pytest
import zmq

from broker.threads import connections
from broker.threads.connections import Connections
from broker.threads.link import RouterLink
from broker.threads.shell import Arrived

_UNUSED_FD = 1_000_000


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a TCP connection: (the broker's, the client's)."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        accepted, _ = server.accept()
        client.settimeout(5)
        with accepted:
            yield accepted, client


def test_an_end_is_told_by_descriptor() -> None:
    known = Connections()
    assert known.add(b"one", _UNUSED_FD) is None
    assert b"one" in known and len(known) == 1
    assert known.ended(_UNUSED_FD) == b"one" and b"one" not in known and len(known) == 0
    assert known.ended(_UNUSED_FD) is None


def test_a_number_in_use_again_belongs_to_the_newest_alone() -> None:
    known = Connections()
    known.add(b"one", _UNUSED_FD)
    assert (
        known.add(b"two", _UNUSED_FD) == b"one"
    )  # its first frame was read when its end had been announced
    assert b"one" not in known and len(known) == 1 and known.fd_of(b"one") == -1
    assert known.ended(_UNUSED_FD) == b"two" and len(known) == 0


class _Announcements:
    """A monitor that has these to tell."""

    def __init__(self, *events: tuple[int, int]) -> None:
        self._events = [struct.pack("=Hi", *event) for event in events]

    def poll(self, _: int) -> bool:
        return bool(self._events)

    def recv_multipart(self, _: int) -> list[bytes]:
        return [self._events.pop(0), b"tcp://127.0.0.1:1"]


class _OneFrame:
    """A ROUTER over which one session has sent its first frame."""

    def __init__(self) -> None:
        self._waiting: list[Any] = [b"one", self]
        self.more, self.bytes = False, b"frame"

    def get(self, name: int | str) -> object:
        return _UNUSED_FD if name == zmq.SRCFD else "one"

    def recv(self, _: int, copy: bool = True) -> Any:
        if not self._waiting:
            raise zmq.Again
        return self._waiting.pop(0)


def test_the_late_end_of_a_silent_connection_ends_nobody_else() -> None:
    link = RouterLink(cast("Any", None), cast("Any", None))
    silent, ours = (int(zmq.EVENT_DISCONNECTED), _UNUSED_FD), (int(zmq.EVENT_ACCEPTED), _UNUSED_FD)
    link._monitor = cast("Any", _Announcements(silent, ours))
    link._router = cast("Any", _OneFrame())
    # its first frame is read before what the monitor tells
    (arrived,) = link.arrivals([link._router])
    assert isinstance(arrived, Arrived) and arrived.session == b"one"
    assert list(link.arrivals([link._monitor])) == []
    assert link.count == 1


def test_a_kick_ends_the_connection(pair: tuple[socket.socket, socket.socket]) -> None:
    accepted, client = pair
    known = Connections()
    known.add(b"one", accepted.fileno())
    assert known.kick(b"one")
    assert client.recv(1) == b""


def test_nothing_else_is_kicked(pair: tuple[socket.socket, socket.socket]) -> None:
    accepted, client = pair
    known = Connections()
    assert not known.kick(b"nobody")
    known.add(b"gone", _UNUSED_FD)  # had ended before we looked
    assert not known.kick(b"gone")
    number = os.dup(accepted.fileno())
    known.add(b"one", number)
    os.dup2(client.fileno(), number)  # the number belongs to another connection by now
    assert not known.kick(b"one")
    os.close(number)
    assert not known.kick(b"one")
    client.sendall(b"x")
    accepted.settimeout(5)
    assert accepted.recv(1) == b"x"  # neither connection was ended


def test_where_a_descriptor_cannot_be_duplicated_nothing_is_kicked(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_CAN_KICK", False)
    known = Connections()
    known.add(b"one", pair[0].fileno())
    assert not known.kick(b"one") and known.ended(pair[0].fileno()) == b"one"
