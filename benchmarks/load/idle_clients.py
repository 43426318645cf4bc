"""A process of many idle clients: signs them in, lets them ping as real clients do, and come back
after a cut.

Each is a full sign-in on a connection of its own, with the socket options, pings and back-off of
the real client.
Takes orders on standard input ("connect 500", "lost"), answers on standard output when that many
are signed in.
Run by w5_idle: python -m benchmarks.load.idle_clients INVITATION IDENTITIES
"""

from __future__ import annotations

import heapq
import os
import random
import resource
import select
import socket
import sys
import time
from pathlib import Path

import zmq

from benchmarks.load.crowd import LoadFailed, VirtualClient
from benchmarks.load.prepared import load_identities
from client.core.session import (
    CONNECT_TIMEOUT_MS,
    MAX_DELAY_MS,
    MIN_DELAY_MS,
    PING_EVERY_MS,
    QUIET_PINGS,
)
from client.threads.dealer import OPTIONS
from shared.codec import decode_answers
from shared.invitations import parse_invitation
from shared.messages import Ping, Refused, SignedIn, Welcome

AT_ONCE = 100  # handshakes under way while the class comes for the first time
PROBE_EVERY_S = 0.02
QUIET_PING_S = PING_EVERY_MS * QUIET_PINGS / 1000


class IdleClient(VirtualClient):
    """One signed-in person who does nothing."""

    number = 0
    attempt = 0
    opening = 0  # counts the connections, so that a late time-out knows that it is late
    is_connecting = False
    is_online = False

    def connect(self) -> None:
        """A fresh socket, set up as a real client's."""
        fresh = self._context.socket(zmq.DEALER)
        for option, value in OPTIONS:
            fresh.setsockopt(option, value)
        fresh.setsockopt(
            zmq.IMMEDIATE, 0
        )  # Hello waits for the handshake; a real client watches its monitor instead
        fresh.setsockopt(zmq.ROUTING_ID, self.me.username.encode() + b"\0" + os.urandom(16))
        fresh.setsockopt(zmq.CURVE_SERVERKEY, self._invitation.broker_key_z85)
        fresh.setsockopt(zmq.CURVE_PUBLICKEY, self.me.transport_public)
        fresh.setsockopt(zmq.CURVE_SECRETKEY, self.me.transport_secret)
        fresh.connect(self._invitation.endpoint)
        self.socket = fresh

    def delay_s(self) -> float:
        """How long a real client waits before its next attempt."""
        ceiling = min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** (self.attempt + 1))
        self.attempt = min(self.attempt + 1, 10)
        return float(MIN_DELAY_MS + (ceiling - MIN_DELAY_MS) * random.random()) / 1000


class Herd:
    """All clients of this process, on one epoll."""

    def __init__(self, invitation: str, people: Path) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._context.set(zmq.MAX_SOCKETS, 20_000)
        where = parse_invitation(invitation)
        self._port = where.port
        self._clients = [
            IdleClient(self._context, where, me.username, me) for me in load_identities(people)
        ]
        for number, client in enumerate(self._clients):
            client.number = number
        self._epoll = select.epoll()
        self._epoll.register(0, select.EPOLLIN)
        self._by_fd: dict[int, IdleClient] = {}
        self._timers: list[
            tuple[float, int, str, int]
        ] = []  # when, which client, what for, of which connection
        self._wanted = self._begun = self._connecting = self._online = 0
        self._is_answered = True
        self._is_broker_up = True
        self._next_probe = 0.0

    def run(self) -> None:
        """Until standard input ends."""
        while True:
            for fd, _ in self._epoll.poll(self._patience_s(), 512):
                if fd:
                    client = self._by_fd.get(fd)
                    if client is not None:
                        self._drain(client)
                elif not self._take_order():
                    return
            self._on_time()
            while self._begun < self._wanted and self._connecting < AT_ONCE:
                self._open(self._clients[self._begun])
                self._begun += 1
            if not self._is_answered and self._online == self._wanted:
                self._is_answered = True
                print(f"online {self._online}", flush=True)

    def _patience_s(self) -> float:
        if not self._timers:
            return 1.0
        return min(1.0, max(0.001, self._timers[0][0] - time.monotonic()))

    def _take_order(self) -> bool:
        order = os.read(0, 100).decode().split()
        if not order:
            return False
        self._is_answered = False
        if order[0] == "connect":
            self._wanted = int(order[1])
        else:
            self._lose_all()
        return True

    def _lose_all(self) -> None:
        """The broker is gone: every client's monitor says so at once."""
        self._is_broker_up = False
        for client in self._clients[: self._begun]:
            self._close(client)
            self._set_timer(client, "retry", client.delay_s())

    # --- one client ---

    def _open(self, client: IdleClient) -> None:
        client.connect()
        client.opening += 1
        client.is_connecting = True
        self._connecting += 1
        fd = int(client.socket.getsockopt(zmq.FD))
        self._by_fd[fd] = client
        self._epoll.register(fd, select.EPOLLIN)
        client.hello()
        self._set_timer(client, "stalled", CONNECT_TIMEOUT_MS / 1000)
        self._drain(client)

    def _close(self, client: IdleClient) -> None:
        fd = int(client.socket.getsockopt(zmq.FD))
        del self._by_fd[fd]
        self._epoll.unregister(fd)
        client.socket.close(0)
        self._connecting -= client.is_connecting
        self._online -= client.is_online
        client.is_connecting = client.is_online = False
        client.opening += 1

    def _drain(self, client: IdleClient) -> None:
        """Until nothing is left: the descriptor tells only once.

        Sending may swallow a sign, so drain after it, too.
        """
        try:
            while True:
                frame = client.socket.recv(zmq.DONTWAIT)
                if not client.is_online:
                    self._greet(client, frame)
        except zmq.Again:
            pass

    def _greet(self, client: IdleClient, frame: bytes) -> None:
        for message in decode_answers(frame):
            if isinstance(message, Welcome):
                client.unread = [message]
                client.sign_in()
            elif isinstance(message, SignedIn):
                client.is_online, client.is_connecting, client.attempt = True, False, 0
                self._connecting -= 1
                self._online += 1
                # The first anywhere in the time between two, as with clients that have been here
                # for long.
                self._set_timer(client, "ping", QUIET_PING_S * random.random())
            elif isinstance(message, Refused):
                raise LoadFailed(message.message)

    # --- time ---

    def _set_timer(self, client: IdleClient, what: str, seconds: float) -> None:
        heapq.heappush(
            self._timers, (time.monotonic() + seconds, client.number, what, client.opening)
        )

    def _on_time(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            _, number, what, opening = heapq.heappop(self._timers)
            client = self._clients[number]
            if client.opening != opening:
                continue
            if what == "ping" and client.is_online:
                client.send(Ping(1))
                self._set_timer(client, "ping", QUIET_PING_S)
                self._drain(client)
            elif what == "stalled" and not client.is_online:
                self._close(client)
                self._set_timer(client, "retry", client.delay_s())
            elif what == "retry" and self._is_listening(now):
                self._open(client)
            elif what == "retry":
                self._set_timer(client, "retry", client.delay_s())

    def _is_listening(self, now: float) -> bool:
        """Whether an attempt would be refused at once; asked by one plain connection for all, not
        by each.
        """
        if not self._is_broker_up and now >= self._next_probe:
            self._next_probe = now + PROBE_EVERY_S
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                self._is_broker_up = True
            except OSError:
                pass
        return self._is_broker_up


def main(argv: list[str]) -> int:
    """Serve orders."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    herd = Herd(argv[0], Path(argv[1]))
    print("ready", flush=True)
    herd.run()
    os._exit(0)  # thousands of sockets need not be closed one by one


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
