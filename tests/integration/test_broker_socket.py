"""The real broker process before real CURVE sockets: identities, malformed input, takeover, stop
and crash.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.codec import encode
from shared.crypto.accounts import verify_genesis
from shared.crypto.identity import Identity
from shared.crypto.records import Policy, apply_record, read_record
from shared.invitations import Invitation
from shared.messages import (
    Entries,
    Hello,
    MessageAccepted,
    Ping,
    Pong,
    PostRecord,
    PresenceChanged,
    ReadLog,
    Refused,
    SignedOut,
    Welcome,
)
from tests.support.people import bits, first_record, make_person, message_of
from tests.support.processes.sockets import BrokerProcess, Network, Peer, connect, enroll, sign_in
from tools.module_map import ROOT


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
    return peer.receive_until(lambda m: isinstance(m, Pong)) == Pong(5)


def group_of(*people: Identity) -> tuple[PostRecord, bytes]:
    """A record that creates a group, and the id of its epoch."""
    post = first_record(people[0], people[1:], Policy())
    accounts = {p.uid: verify_genesis(p.genesis) for p in people}
    snapshot = apply_record(
        None,
        read_record(post.record, post.signature),
        account_of=accounts.get,
        role_of=lambda uid: 0,
        class_id=b"c" * 16,
    )
    return post, snapshot.epoch_id


def test_a_message_goes_from_one_socket_to_the_other(
    broker: BrokerProcess, network: Network
) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    b, a = enroll(network, broker.invitation, bo), enroll(network, broker.invitation, alice)
    assert b.receive_until(lambda m: m == PresenceChanged(bits(1, 2)))
    record, epoch_id = group_of(alice, bo)
    a.send(record)
    message = message_of(alice, record.conv_id, 0, epoch_id, b"c" * 256)
    a.send(message)
    assert a.receive_until(lambda m: m == MessageAccepted(message.message_id, record.conv_id, 2))
    wanted = b.receive_until(
        lambda m: isinstance(m, Entries) and m.entries[-1].message_id == message.message_id
    )
    assert isinstance(wanted, Entries) and wanted.entries[-1].proof == b"c" * 256
    b.send(ReadLog(record.conv_id, 0, 0))
    page = b.receive_until(lambda m: isinstance(m, Entries) and len(m.entries) == 2)
    assert isinstance(page, Entries) and page.head == 2
    a.close()
    assert b.receive_until(lambda m: m == PresenceChanged(bits(1)))
    code, errors = broker.stop()
    assert code == 0 and errors == ""


def test_a_forged_identity_gets_nothing(broker: BrokerProcess, network: Network) -> None:
    alice, mallory = make_person("alice"), make_person("mallory")
    a = enroll(network, broker.invitation, alice)
    enroll(network, broker.invitation, mallory).close()
    keys = (mallory.transport_public, mallory.transport_secret)
    for routing_id in (
        b"alice\0" + os.urandom(16),
        b"\0abcd",
        b"\0\x6b\x8b\x45\x67",
        b"mallory",
        b"mallory\0short",
    ):
        forger = Peer(network, broker.invitation, keys, routing_id)
        forger.send(Hello(1, "test", "alice"))
        forger.wait_until_cut()
        assert forger.is_silent(0)
        forger.close()
    assert is_alive(a)


def test_a_claimed_automatic_id_does_not_end_the_broker(
    broker: BrokerProcess, network: Network
) -> None:
    """libzmq's first automatic ids are known in advance; a claim on one aborted brokers that had
    not seeded rand().
    """
    mallory = make_person("mallory")
    keys = (mallory.transport_public, mallory.transport_secret)
    first = 0x6B8B4567
    for number in range(first, first + 8):
        Peer(network, broker.invitation, keys, b"\0" + number.to_bytes(4, "big")).send(Ping(1))
    for _ in range(8):  # each of these gets an automatic id
        Peer(network, broker.invitation, keys, b"").send(Ping(1))
    assert is_alive(enroll(network, broker.invitation, make_person("alice")))
    assert broker.process.poll() is None


def test_a_taken_id_is_not_handed_over(broker: BrokerProcess, network: Network) -> None:
    alice, mallory = make_person("alice"), make_person("mallory")
    routing_id = b"alice\0" + b"n" * 16
    keys = (alice.transport_public, alice.transport_secret)
    first = Peer(network, broker.invitation, keys, routing_id)
    first.send(Hello(1, "test", "alice"))
    assert isinstance(first.receive(), Welcome)
    second = Peer(
        network, broker.invitation, (mallory.transport_public, mallory.transport_secret), routing_id
    )
    second.send(Hello(1, "test", "alice"))
    assert second.is_silent()
    first.send(Ping(1))
    assert first.receive() == Pong(1)
    assert second.is_silent(100)


def test_malformed_and_multi_frame_messages(broker: BrokerProcess, network: Network) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    a, b = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
    for frame in (b"\xc1", b"", encode(Pong(1))):
        a.socket.send(frame)
        refused = a.receive_until(lambda m: isinstance(m, Refused))
        assert isinstance(refused, Refused) and refused.code == "malformed"
    a.socket.send_multipart([encode(Ping(1))] * 2)
    a.wait_until_cut()
    b.socket.send_multipart([b"x" * 1000] * 400)
    b.wait_until_cut()
    assert is_alive(sign_in(network, broker.invitation, bo))


def test_a_takeover_is_told(broker: BrokerProcess, network: Network) -> None:
    alice = make_person("alice")
    first = enroll(network, broker.invitation, alice)
    second = sign_in(network, broker.invitation, alice)
    told = first.receive_until(lambda m: isinstance(m, SignedOut))
    assert isinstance(told, SignedOut) and told.code == "taken_over"
    first.wait_until_cut()
    assert is_alive(second)


def test_a_clean_stop_is_told(broker: BrokerProcess, network: Network) -> None:
    peer = enroll(network, broker.invitation, make_person("alice"))
    broker.process.terminate()
    told = peer.receive_until(lambda m: isinstance(m, SignedOut))
    assert broker.wait() == (0, "")
    assert isinstance(told, SignedOut) and told.code == "stopping"


def test_many_silent_strangers_do_not_disturb(broker: BrokerProcess, network: Network) -> None:
    people = [make_person(f"silent{number}") for number in range(30)]
    peers = [connect(network, broker.invitation, person) for person in people]
    assert is_alive(enroll(network, broker.invitation, make_person("alice")))
    assert len(peers) == 30


@pytest.mark.slow
def test_a_killed_broker_keeps_all_that_it_acknowledged(tmp_path: Path, network: Network) -> None:
    broker = BrokerProcess(tmp_path / "data", "--message-rate", "0")
    alice, bo = make_person("alice"), make_person("bo")
    a = enroll(network, broker.invitation, alice)
    enroll(network, broker.invitation, bo).close()
    record, epoch_id = group_of(alice, bo)
    a.send(record)
    sent = [message_of(alice, record.conv_id, 0, epoch_id, b"c" * 256) for _ in range(64)]
    a.send(*sent)
    accepted: set[bytes] = set()
    while len(accepted) < 5:  # the rest is somewhere between the socket and the disk now
        message = a.receive()
        if isinstance(message, MessageAccepted):
            accepted.add(message.message_id)
    broker.kill()
    while a.socket.poll(200):
        accepted |= _accepted(a)
    broker.start()
    b = sign_in(network, broker.invitation, bo)
    b.send(ReadLog(record.conv_id, 0, 0))
    page = b.receive_until(lambda m: isinstance(m, Entries) and m.log_id == record.conv_id)
    assert isinstance(page, Entries)
    stored = [entry.message_id for entry in page.entries]
    assert accepted <= set(stored) and len(stored) == len(set(stored))
    again = sign_in(network, broker.invitation, alice)
    again.send(*sent)
    answers: set[bytes] = set()
    while len(answers) < 64:
        message = again.receive()
        if isinstance(message, MessageAccepted):
            answers.add(message.message_id)
    b.send(ReadLog(record.conv_id, 0, 0))
    page = b.receive_until(lambda m: isinstance(m, Entries) and len(m.entries) == 65)
    assert isinstance(page, Entries) and [e.message_id for e in page.entries[1:]] == [
        m.message_id for m in sent
    ]
    broker.stop()


def _accepted(peer: Peer) -> set[bytes]:
    message = peer.receive()
    return {message.message_id} if isinstance(message, MessageAccepted) else set()


def test_a_second_broker_on_the_same_data_is_refused(broker: BrokerProcess, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "run_broker.py"),
        "--data-dir",
        str(tmp_path / "data"),
        "--port",
        "0",
    ]
    second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 5 and second.stdout == ""
    assert len(second.stderr.splitlines()) == 1 and "already running" in second.stderr


def test_files_of_the_data_folder_are_for_the_owner_alone(
    broker: BrokerProcess, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for name in (
        "broker-key.json",
        "join-codes.json",
        "invitation-students.txt",
        "invitation-instructor.txt",
    ):
        assert (data / name).stat().st_mode & 0o077 == 0
    assert (data / "invitation-students.txt").read_text(encoding="utf-8").strip() == broker.ready[
        "invitation"
    ]
    assert isinstance(broker.invitation, Invitation)
