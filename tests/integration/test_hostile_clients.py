"""Hostile clients before a real broker: wrong keys, replays, half-open connections, garbage, bombs,
floods.

After each attack somebody honest is served, and the broker has said nothing on standard error but
warnings.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import zmq

from shared.codec import encode
from shared.crypto.identity import Identity
from shared.crypto.records import Policy
from shared.messages import (
    MAX_FRAME_BYTES,
    REQUESTS,
    Attach,
    Hello,
    Message,
    MessageAccepted,
    Ping,
    Pong,
    PutPart,
    ReadLog,
    Refused,
    Register,
    SignedIn,
    SignIn,
    Welcome,
)
from tests.support.people import first_record, make_person, message_of
from tests.support.processes.sockets import (
    BrokerProcess,
    Network,
    Peer,
    attach,
    connect,
    enroll,
    login_signature,
    sign_in,
)

MIB = 1024 * 1024
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX sockets and limits")


@pytest.fixture
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path / "data")
    yield process
    if process.process.poll() is None:
        process.stop()


def is_alive(peer: Peer) -> bool:
    peer.send(Ping(5))
    return peer.receive_until(lambda m: m == Pong(5)) == Pong(5)


def memory_of(broker: BrokerProcess) -> int:
    return int(psutil.Process(broker.process.pid).memory_info().rss)


def raw_connections(broker: BrokerProcess, count: int, first: bytes) -> list[socket.socket]:
    """TCP connections that send this and then nothing."""
    found = []
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", broker.invitation.port), timeout=10)
        if first:
            one.sendall(first)
        found.append(one)
    return found


def wait_until_closed(connections: list[socket.socket], timeout_s: float = 20) -> None:
    """The broker ends all of these."""
    for one in connections:
        one.settimeout(timeout_s)
        with suppress(ConnectionError):
            while one.recv(4096):
                pass
        one.close()


def read_until_cut(peer: Peer) -> None:
    """libzmq notices the end of a connection when it reads."""
    until = time.monotonic() + 20
    while not peer.monitor.poll(0):
        assert time.monotonic() < until, "still connected"
        if peer.socket.poll(20):
            peer.socket.recv()


# --- keys and identities ---


def test_a_wrong_server_key_gets_nowhere(broker: BrokerProcess, network: Network) -> None:
    other = replace(broker.invitation, broker_key=zmq.curve_keypair()[0] and os.urandom(32))
    deceived = connect(network, other, make_person("alice"))
    deceived.send(Ping(1))
    deceived.wait_until_cut()
    assert is_alive(enroll(network, broker.invitation, make_person("bo")))


@pytest.mark.parametrize("kind", [zmq.DEALER, zmq.PUSH, zmq.SUB, zmq.REQ])
def test_sockets_without_keys_or_of_a_wrong_kind_get_nothing(
    broker: BrokerProcess, network: Network, kind: int
) -> None:
    bare = network.context.socket(kind)
    bare.setsockopt(zmq.LINGER, 0)
    monitor = bare.get_monitor_socket(
        zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_CLOSED
    )
    bare.connect(broker.invitation.endpoint)
    assert monitor.poll(10_000)
    bare.disable_monitor()
    monitor.close(0)
    bare.close(0)
    assert is_alive(enroll(network, broker.invitation, make_person("alice")))


def test_a_sign_in_serves_once(broker: BrokerProcess, network: Network) -> None:
    alice, mallory = make_person("alice"), make_person("mallory")
    enroll(network, broker.invitation, alice).close()
    enroll(network, broker.invitation, mallory).close()
    peer = connect(network, broker.invitation, alice)
    spoken = SignIn(alice.uid, alice.did, login_signature(peer, alice))
    peer.send(spoken)
    assert isinstance(peer.receive(), SignedIn)
    again = connect(
        network, broker.invitation, alice
    )  # whoever has the transport key, but not the device's
    again.send(Hello(1, "test", "alice"))
    again.receive()
    by_mallory = connect(network, broker.invitation, mallory)
    by_mallory.send(Hello(1, "test", "alice"))
    by_mallory.receive()
    for replayer in (peer, again, by_mallory):
        for replayed in (spoken, Attach(spoken.uid, spoken.did, spoken.login_signature)):
            replayer.send(replayed)
            refused = replayer.receive_until(lambda m: isinstance(m, Refused))
            assert isinstance(refused, Refused) and refused.code in ("bad_signature", "not_allowed")
    assert is_alive(peer)


def test_a_login_for_one_connection_does_not_open_another(
    broker: BrokerProcess, network: Network
) -> None:
    """The signature covers the connection's own key: a broker in the middle cannot pass it on."""
    alice, mallory = make_person("alice"), make_person("mallory")
    enroll(network, broker.invitation, alice).close()
    stranger = connect(network, broker.invitation, mallory)
    stranger.send(Hello(1, "test", "alice"))
    welcome = stranger.receive()
    assert isinstance(welcome, Welcome)
    there = connect(network, broker.invitation, alice)
    there.receive_until = lambda wanted: welcome  # type: ignore[method-assign]  # alice signs mallory's challenge
    signature = login_signature(there, alice)
    stranger.send(SignIn(alice.uid, alice.did, signature))
    refused = stranger.receive()
    assert isinstance(refused, Refused) and refused.code == "bad_signature"


# --- half-open and silent ---


def test_thousands_of_half_open_handshakes(broker: BrokerProcess, network: Network) -> None:
    """T10, T12: silent, half a greeting, a whole greeting and then nothing.

    Freed when the handshake's time is over.
    """
    honest = enroll(network, broker.invitation, make_person("alice"))
    files = psutil.Process(broker.process.pid).num_fds()
    before = memory_of(broker)
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x01CURVE".ljust(23, b"\0") + bytes(32)
    junk = [raw_connections(broker, 700, first) for first in (b"", greeting[:11], greeting)]
    assert is_alive(honest)
    assert is_alive(enroll(network, broker.invitation, make_person("bo")))
    assert memory_of(broker) - before < 150 * MIB
    for connections in junk:
        wait_until_closed(connections)
    assert is_alive(honest)
    assert psutil.Process(broker.process.pid).num_fds() < files + 50


@pytest.mark.parametrize(
    "first",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01",
        os.urandom(3000),
        b"\xff" * 64,
    ],
)
def test_another_protocol(broker: BrokerProcess, network: Network, first: bytes) -> None:
    connections = raw_connections(broker, 20, first)
    assert is_alive(enroll(network, broker.invitation, make_person("alice")))
    wait_until_closed(connections)


def test_no_file_descriptors_left(tmp_path: Path, network: Network) -> None:
    """T12: at the limit newcomers wait; who is there is served, and all is well again
    afterwards.
    """
    broker = BrokerProcess(tmp_path / "data")
    try:
        honest = enroll(network, broker.invitation, make_person("alice"))
        used = psutil.Process(broker.process.pid).num_fds()
        resource.prlimit(broker.process.pid, resource.RLIMIT_NOFILE, (used + 30, used + 30))
        connections = raw_connections(broker, 60, b"")
        assert is_alive(honest)
        for one in connections:
            one.close()
        assert is_alive(enroll(network, broker.invitation, make_person("bo")))
        assert is_alive(honest)
    finally:
        broker.kill()


# --- frames ---

BOMBS = {
    "deep": b"\x91" * 200_000,
    "array of 2^32": b"\xdd\xff\xff\xff\xff",
    "array of 4096 nothings": b"\x92\x0b\xdd\0\0\x10\0" + b"\xc0" * 4096,
    "bytes of 2^32": b"\x92\x05\xc6\xff\xff\xff\xff",
    "text of 2^32": b"\x94\x01\x01\xdb\xff\xff\xff\xff\xa1x",
    "map": b"\x92\x05\xdf\xff\xff\xff\xff",
    "extension": b"\x92\x05\xc9\xff\xff\xff\xff\x01",
    "time stamp": b"\x92\x05\xd6\xff\0\0\0\0",
    "number too large": b"\x92\x05\xcf" + b"\xff" * 8,
    "not a number": b"\x92\x05\xcb\x7f\xf8" + bytes(6),
    "half a text": b"\x94\x01\x01\xa1x\xa2\xc3\x28",
    "no tag": b"\x90",
    "true is no tag": b"\x92\xc3\x05",
    "empty": b"",
    "two messages in a row without their number": encode(Ping(1)) * 2,
    "two thousand messages": b"\xdc" + (2000).to_bytes(2, "big") + encode(Ping(1)) * 2000,
    "a row of none": b"\xdc\0\0",
    "a row shorter than it says": b"\xdc\0\x03" + encode(Ping(1)) * 2,
    "rows within rows": b"\xdc\0\x01" * 1000 + encode(Ping(1)),
    "the broker's own word": encode(Pong(1)),
    "one byte more than a frame": encode(Ping(1)) + bytes(MAX_FRAME_BYTES),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(broker: BrokerProcess, network: Network, name: str) -> None:
    """T4: each is refused, the fourth ends the connection; nothing of it stays in memory."""
    alice, bo = make_person("alice"), make_person("bo")
    honest, hostile = (
        enroll(network, broker.invitation, bo),
        enroll(network, broker.invitation, alice),
    )
    before = memory_of(broker)
    for _ in range(3):
        hostile.socket.send(BOMBS[name])
        refused = hostile.receive_until(lambda m: isinstance(m, Refused))
        assert isinstance(refused, Refused) and refused.code == "malformed"
    hostile.socket.send(BOMBS[name])
    hostile.wait_until_cut()
    assert is_alive(honest) and memory_of(broker) - before < 40 * MIB


def test_a_frame_beyond_what_the_socket_takes(broker: BrokerProcess, network: Network) -> None:
    peer = enroll(network, broker.invitation, make_person("alice"))
    peer.socket.send(bytes(4 * MAX_FRAME_BYTES))
    peer.wait_until_cut()
    assert is_alive(enroll(network, broker.invitation, make_person("bo")))


def test_empty_frames_by_the_thousand(broker: BrokerProcess, network: Network) -> None:
    peer = enroll(network, broker.invitation, make_person("alice"))
    with suppress(zmq.Again):
        for _ in range(5_000):
            peer.socket.send_multipart([b"", b"", b""], zmq.DONTWAIT)
    peer.wait_until_cut()
    assert is_alive(enroll(network, broker.invitation, make_person("bo")))


# --- valid frames in wrong states ---


def request_of(kind: type[Message]) -> Message:
    """A request with fields of a right shape and no sense."""
    shapes: dict[str, object] = {
        "boxes": [],
        "numbers": [],
        "receipts": [],
        "role": 0,
        "kind": 3,
        "restriction": 0,
    }
    lengths = {"login_signature": 64, "signature": 64, "digest": 32, "auth_hash": 32}
    fields = []
    for name, hint in zip(kind.__struct_fields__, kind.__annotations__.values(), strict=True):
        if name in shapes:
            fields.append(shapes[name])
        elif hint in ("Count", "PartNumber", "PartCount"):
            fields.append(1)
        elif hint in ("Name", "Line", "str"):
            fields.append("alice")
        else:
            fields.append(bytes(lengths.get(name, 16)))
    return kind(*fields)


def test_every_request_before_the_sign_in(broker: BrokerProcess, network: Network) -> None:
    alice = make_person("alice")
    free = {"Hello", "Register", "SignIn", "SignOut", "Ping", "Attach", "AskRecovery"}
    peer = connect(network, broker.invitation, alice)
    for number, kind in enumerate(kind for kind in REQUESTS if kind.__name__ not in free):
        if number % 15 == 14:  # a stranger may say only so much on one connection
            peer = connect(network, broker.invitation, alice)
        peer.send(request_of(kind))
        refused = peer.receive()
        assert isinstance(refused, Refused) and refused.code == "not_signed_in", kind
    assert is_alive(enroll(network, broker.invitation, alice))


def test_every_request_twice_over(broker: BrokerProcess, network: Network) -> None:
    """Whatever the state, the answer is a refusal or nothing, and the session goes on."""
    alice, bo = make_person("alice"), make_person("bo")
    chat = enroll(network, broker.invitation, alice)
    files = attach(network, broker.invitation, alice)
    for kind in REQUESTS:
        if kind.__name__ != "SignOut":
            for peer in (chat, files):
                peer.send(request_of(kind))
    assert is_alive(chat) and is_alive(files)
    assert is_alive(enroll(network, broker.invitation, bo))
    code, errors = broker.stop()
    assert code == 0 and "Traceback" not in errors


def test_signing_in_as_somebody_else_on_a_signed_in_connection(
    broker: BrokerProcess, network: Network
) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    enroll(network, broker.invitation, bo).close()
    peer = enroll(network, broker.invitation, alice)
    peer.send(SignIn(bo.uid, bo.did, login_signature(peer, bo)))
    refused = peer.receive_until(lambda m: isinstance(m, Refused))
    assert isinstance(refused, Refused) and refused.code == "bad_signature"
    peer.send(
        Register(bo.username, broker.invitation.join_code, bo.genesis, login_signature(peer, bo))
    )
    refused = peer.receive_until(lambda m: isinstance(m, Refused))
    assert isinstance(refused, Refused)
    assert is_alive(peer)


# --- floods ---


def group(peer: Peer, *people: Identity) -> tuple[bytes, bytes]:
    from shared.crypto.public import hash32

    record = first_record(people[0], people[1:], Policy(title=b"t"))
    peer.send(record)
    peer.receive_until(lambda m: isinstance(m, MessageAccepted))
    return record.conv_id, hash32(record.record)


def test_a_flood_of_messages_is_held_at_the_rate_of_the_account(
    broker: BrokerProcess, network: Network
) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    flooder, honest = (
        enroll(network, broker.invitation, alice),
        enroll(network, broker.invitation, bo),
    )
    conv_id, epoch_id = group(flooder, alice, bo)
    accepted = 0
    for _ in range(3):  # connecting anew brings no new burst
        messages = [message_of(alice, conv_id, 0, epoch_id, b"c") for _ in range(100)]
        flooder.send(*messages)
        answers = [
            flooder.receive_until(lambda m: isinstance(m, MessageAccepted | Refused))
            for _ in range(len(messages))
        ]
        accepted += sum(isinstance(answer, MessageAccepted) for answer in answers)
        flooder = sign_in(network, broker.invitation, alice)
    assert 60 <= accepted < 60 + 20 * 10
    assert is_alive(honest)


@pytest.mark.parametrize("reads", [True, False])
def test_a_flood_in_vain_ends_the_connection(
    broker: BrokerProcess, network: Network, reads: bool
) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    flooder, honest = (
        enroll(network, broker.invitation, alice),
        enroll(network, broker.invitation, bo),
    )
    before = memory_of(broker)
    frame = encode(PutPart(b"f" * 16, 1, bytes(1000)))
    for number in range(20_000):
        if not flooder.socket.poll(2_000, zmq.POLLOUT) or flooder.monitor.poll(0):
            break
        with suppress(zmq.Again):  # it was cut off in this very moment
            flooder.socket.send(frame, zmq.DONTWAIT)
        if number % 2000 == 0:
            assert is_alive(honest)
        while reads and flooder.socket.poll(0):
            flooder.socket.recv()
    read_until_cut(flooder)
    assert is_alive(honest) and memory_of(broker) - before < 60 * MIB


def test_connections_of_one_key_have_a_rate(broker: BrokerProcess, network: Network) -> None:
    alice = make_person("alice")
    honest = enroll(network, broker.invitation, make_person("bo"))
    peers = [connect(network, broker.invitation, alice) for _ in range(60)]
    for peer in peers:
        peer.send(Ping(1))
    served = [peer for peer in peers if not peer.is_silent(50)]
    assert 0 < len(served) < 60 and is_alive(honest)


def test_a_deaf_reader_costs_a_bounded_amount(broker: BrokerProcess, network: Network) -> None:
    """It asks for page after page and reads none: the broker must not keep them all."""
    alice, bo = make_person("alice"), make_person("bo")
    deaf, honest = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
    conv_id, epoch_id = group(deaf, alice, bo)
    for _ in range(8):
        message = message_of(alice, conv_id, 0, epoch_id, os.urandom(60_000))
        deaf.send(message)
        deaf.receive_until(lambda m, wanted=message: isinstance(m, MessageAccepted))  # type: ignore[misc]
    deaf.close()
    deaf = sign_in(network, broker.invitation, alice, receive_hwm=1)
    before, highest = memory_of(broker), 0
    for number in range(2_000):  # answers of a gigabyte
        if not deaf.socket.poll(2_000, zmq.POLLOUT):
            break
        deaf.socket.send(encode(ReadLog(conv_id, 0, 0)), zmq.DONTWAIT)
        if number % 20 == 0:
            assert is_alive(honest)
            highest = max(highest, memory_of(broker))
    assert highest - before < 60 * MIB
    while deaf.socket.poll(500):  # and whoever reads at last gets what was asked for
        deaf.receive()
    assert is_alive(deaf) and is_alive(honest)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_message_of_hundreds_of_large_frames(
    broker: BrokerProcess, network: Network, is_known: bool
) -> None:
    """T4: libzmq hands over a message when its last frame is there, and counts no bytes until
    then.
    """
    alice = make_person("alice")
    honest = enroll(network, broker.invitation, make_person("bo"))
    peer = (
        enroll(network, broker.invitation, alice)
        if is_known
        else connect(network, broker.invitation, alice)
    )
    before, highest, frame = memory_of(broker), 0, bytes(900_000)
    for number in range(600):
        peer.socket.send(frame, 0 if number == 599 else zmq.SNDMORE)
    while not peer.monitor.poll(10):
        highest = max(highest, memory_of(broker))
        assert is_alive(honest)
    print("grown by MiB", (highest - before) // MIB)
    assert highest - before < 300 * MIB
    assert is_alive(enroll(network, broker.invitation, make_person("carmen")))
