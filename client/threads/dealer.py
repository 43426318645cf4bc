"""One connection to the broker: a DEALER with a fresh routing id, CURVE, and its monitor."""

from __future__ import annotations

import os
from collections.abc import Iterator

import zmq
from zmq.utils.monitor import recv_monitor_message

from shared.crypto.identity import Identity
from shared.errors import CodecError
from shared.invitations import Invitation

_FAILURES = {
    zmq.EVENT_CLOSED,
    zmq.EVENT_DISCONNECTED,
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
    zmq.EVENT_HANDSHAKE_FAILED_AUTH,
}
OPTIONS: tuple[tuple[int, int], ...] = (
    (zmq.LINGER, 0),
    (zmq.SNDHWM, 1000),
    (zmq.RCVHWM, 1000),
    (zmq.SNDBUF, 262_144),
    (zmq.MAXMSGSIZE, 4 * 1024 * 1024),
    (zmq.HANDSHAKE_IVL, 10_000),
    (zmq.HEARTBEAT_IVL, 20_000),
    (zmq.HEARTBEAT_TIMEOUT, 20_000),
    (zmq.HEARTBEAT_TTL, 40_000),
    (zmq.TCP_KEEPALIVE, 1),
    (zmq.TCP_KEEPALIVE_IDLE, 30),
    (zmq.TCP_KEEPALIVE_INTVL, 10),
    (zmq.TCP_KEEPALIVE_CNT, 3),
    (zmq.RECONNECT_IVL, -1),
    (zmq.IMMEDIATE, 1),
    (zmq.CONNECT_TIMEOUT, 8000),
    (zmq.IPV6, 1),
)


class Dealer:
    """A fresh socket with a fresh routing id for every attempt: nothing of an old connection can
    come back.

    Belongs to the thread that made it.
    """

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], identity: Identity, invitation: Invitation
    ) -> None:
        self._socket = context.socket(zmq.DEALER)
        for option, value in OPTIONS:
            self._socket.setsockopt(option, value)
        self._socket.setsockopt(zmq.ROUTING_ID, identity.username.encode() + b"\0" + os.urandom(16))
        self._socket.setsockopt(zmq.CURVE_SERVERKEY, invitation.broker_key_z85)
        self._socket.setsockopt(zmq.CURVE_PUBLICKEY, identity.transport_public)
        self._socket.setsockopt(zmq.CURVE_SECRETKEY, identity.transport_secret)
        self._monitor = self._socket.get_monitor_socket()
        self._has_tcp = False
        self.has_failed = False
        self.is_open = False
        try:
            self._socket.connect(invitation.endpoint)
        except zmq.ZMQError:
            self.has_failed = True

    def register(self, poller: zmq.Poller) -> None:
        """Let a poller wait for this connection."""
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._monitor, zmq.POLLIN)

    def events(self) -> list[str]:
        """What happened to the connection: "opened", and at the end "lost", "handshake" or
        "unreachable".
        """
        if self.has_failed:
            return ["unreachable"]
        happened: list[str] = []
        while self._monitor.poll(0):
            event = recv_monitor_message(self._monitor)["event"]
            if event == zmq.EVENT_CONNECTED:
                self._has_tcp = True
            elif event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self.is_open = True
                happened.append("opened")
            elif event in _FAILURES:
                happened.append(self._failure())
                break
        return happened

    def _failure(self) -> str:
        if self.is_open:
            return "lost"
        return "handshake" if self._has_tcp else "unreachable"

    def frames(self, limit: int) -> Iterator[bytes]:
        """What has come, at most so many frames; CodecError if one is not single."""
        for _ in range(limit):
            try:
                frame = self._socket.recv(zmq.DONTWAIT)
            except zmq.Again:
                return
            if self._socket.getsockopt(zmq.RCVMORE):
                raise CodecError("more than one frame")
            yield frame

    def send(self, frame: bytes) -> bool:
        """Hand a frame over without waiting; False if the connection takes no more."""
        try:
            self._socket.send(frame, zmq.DONTWAIT)
        except zmq.Again:
            return False
        return True

    def close(self, linger_ms: int) -> None:
        """Close; what was sent has so long to go out."""
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close(linger=linger_ms)
