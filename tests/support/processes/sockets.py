"""A real broker process and real CURVE sockets that speak the protocol by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import zmq

from shared.codec import decode_answers, encode, join
from shared.crypto.identity import Identity, sign_login
from shared.invitations import Invitation, parse_invitation, z85_decode
from shared.messages import (
    Attach,
    Attached,
    Hello,
    Message,
    Register,
    Registered,
    SignedIn,
    SignIn,
    Welcome,
)
from tools.module_map import ROOT

LIMIT_MS = 10_000


class BrokerProcess:
    """`run_broker.py` on a data folder; started again on the same data after `kill`."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self._command = [
            sys.executable,
            str(ROOT / "run_broker.py"),
            "--data-dir",
            str(data_dir),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--json",
            "--log-level",
            "error",
            *options,
        ]
        self.start()

    def start(self) -> None:
        """Start and wait for the ready line."""
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())
        self.invitation: Invitation = parse_invitation(self.ready["invitation"])

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.wait()

    def stop(self) -> tuple[int, str]:
        """SIGTERM; gives the exit code and what stood on standard error."""
        self.process.terminate()
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """The end of the process: its exit code and what stood on standard error."""
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


class Network:
    """All sockets of a test, so that none is left open."""

    def __init__(self) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.peers: list[Peer] = []

    def close(self) -> None:
        """Close everything."""
        for peer in self.peers:
            peer.close()
        self.context.term()


class Peer:
    """One DEALER with one key."""

    def __init__(
        self,
        network: Network,
        invitation: Invitation,
        keys: tuple[bytes, bytes],
        routing_id: bytes,
        receive_hwm: int = 1000,
    ) -> None:
        network.peers.append(self)
        self.invitation = invitation
        self.public = keys[0]
        self.socket = network.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, receive_hwm)
        self.socket.setsockopt(zmq.RECONNECT_IVL, -1)
        if routing_id:
            self.socket.setsockopt(zmq.ROUTING_ID, routing_id)
        self.socket.setsockopt(zmq.IPV6, 1)
        self.socket.setsockopt(zmq.CURVE_SERVERKEY, invitation.broker_key_z85)
        self.socket.setsockopt(zmq.CURVE_PUBLICKEY, keys[0])
        self.socket.setsockopt(zmq.CURVE_SECRETKEY, keys[1])
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self.socket.connect(invitation.endpoint)
        self._left: list[Message] = []

    def send(self, *messages: Message) -> None:
        """One frame."""
        self.socket.send(join([encode(message) for message in messages]))

    def receive(self) -> Message:
        """The next message."""
        if not self._left:
            assert self.socket.poll(LIMIT_MS), "nothing came"
            self._left = decode_answers(self.socket.recv())
        return self._left.pop(0)

    def receive_until(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that is wanted; the others are dropped."""
        until = time.monotonic() + LIMIT_MS / 1000
        while time.monotonic() < until:
            message = self.receive()
            if wanted(message):
                return message
        raise AssertionError("it did not come")

    def is_silent(self, ms: int = 300) -> bool:
        """Whether nothing comes for a while."""
        return not self._left and not self.socket.poll(ms)

    def wait_until_cut(self) -> None:
        """The broker ends this connection."""
        assert self.monitor.poll(LIMIT_MS), "still connected"

    def close(self) -> None:
        """Close the socket; more than once does no harm."""
        if self.socket.closed:
            return
        self.socket.disable_monitor()
        self.monitor.close(0)
        self.socket.close(0)


def connect(
    network: Network, invitation: Invitation, person: Identity, receive_hwm: int = 1000
) -> Peer:
    """A fresh connection of a person, not signed in."""
    routing_id = person.username.encode() + b"\0" + os.urandom(16)
    return Peer(
        network,
        invitation,
        (person.transport_public, person.transport_secret),
        routing_id,
        receive_hwm,
    )


def login_signature(peer: Peer, person: Identity) -> bytes:
    """Say hello, and sign the challenge."""
    peer.send(Hello(1, "test", person.username))
    welcome = peer.receive_until(lambda m: isinstance(m, Welcome))
    assert isinstance(welcome, Welcome)
    return sign_login(
        person, welcome.challenge, peer.invitation.broker_key, z85_decode(peer.public)
    )


def register(network: Network, invitation: Invitation, person: Identity) -> None:
    """Create the account."""
    peer = connect(network, invitation, person)
    signature = login_signature(peer, person)
    peer.send(Register(person.username, invitation.join_code, person.genesis, signature))
    assert peer.receive() == Registered(person.uid)
    peer.close()


def sign_in(
    network: Network, invitation: Invitation, person: Identity, receive_hwm: int = 1000
) -> Peer:
    """A signed-in connection."""
    peer = connect(network, invitation, person, receive_hwm)
    peer.send(SignIn(person.uid, person.did, login_signature(peer, person)))
    assert isinstance(peer.receive(), SignedIn)
    return peer


def attach(network: Network, invitation: Invitation, person: Identity) -> Peer:
    """A connection for files."""
    peer = connect(network, invitation, person)
    peer.send(Attach(person.uid, person.did, login_signature(peer, person)))
    assert isinstance(peer.receive(), Attached)
    return peer


def enroll(network: Network, invitation: Invitation, person: Identity) -> Peer:
    """Register and sign in."""
    register(network, invitation, person)
    return sign_in(network, invitation, person)
