"""Files over real sockets: hostile and slow clients, a broker that stops or is killed, what lies on
its disk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from shared.crypto.identity import Identity
from shared.crypto.records import Policy
from shared.files import unpack_stored
from shared.messages import (
    MAX_WINDOW,
    DeleteFile,
    FetchParts,
    Message,
    MessageAccepted,
    Part,
    PartsStored,
    Ping,
    Pong,
    PutPart,
    Refused,
    SendMessage,
    SignedOut,
    UploadClosed,
    UploadReady,
)
from tests.support.file_room import UploadOf
from tests.support.people import first_record, make_person
from tests.support.processes.sockets import BrokerProcess, Network, Peer, attach, enroll, sign_in

MIB = 1024 * 1024


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


def group(peer: Peer, *people: Identity) -> bytes:
    record = first_record(people[0], people[1:], Policy(title=b"t"))
    peer.send(record)
    peer.receive_until(lambda m: isinstance(m, MessageAccepted))
    return record.conv_id


def upload(peer: Peer, conv_id: bytes, size: int) -> UploadOf:
    file = UploadOf(size)
    file.file_id = os.urandom(16)
    peer.send(file.opening(conv_id))
    assert isinstance(peer.receive(), UploadReady)
    for first in range(0, file.layout.part_count, MAX_WINDOW):
        numbers = range(first, min(first + MAX_WINDOW, file.layout.part_count))
        for number in numbers:
            peer.send(file.part(number))
        stored: list[int] = []
        while len(stored) < len(numbers):
            answer = peer.receive()
            assert isinstance(answer, PartsStored), answer
            stored += answer.numbers
    peer.send(file.closing())
    assert peer.receive() == UploadClosed(file.file_id)
    return file


def parts_on_disk(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]


def test_stored_fetched_removed(network: Network, broker: BrokerProcess, tmp_path: Path) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    chat, _ = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
    conv_id = group(chat, alice, bo)
    up, down = attach(network, broker.invitation, alice), attach(network, broker.invitation, bo)
    file = upload(up, conv_id, 3 * MIB + 5)
    assert len(parts_on_disk(tmp_path)) == file.layout.part_count
    for path in (tmp_path / "data" / "files").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    down.send(FetchParts(file.file_id, list(range(file.layout.part_count)), []))
    for number in range(file.layout.part_count):
        part = down.receive()
        assert isinstance(part, Part) and (part.number, part.data) == (number, file.data(number))
    chat.send(DeleteFile(file.file_id))
    down.send(FetchParts(file.file_id, [0], []))
    refused = down.receive()
    while isinstance(refused, Part):  # asked for before the removal was read
        down.send(FetchParts(file.file_id, [0], [refused.receipt]))
        refused = down.receive()
    assert isinstance(refused, Refused) and refused.code == "unknown_file"
    code, errors = broker.stop()
    assert (code, errors) == (0, "") and not parts_on_disk(tmp_path)


def test_what_was_stored_outlives_a_kill(
    network: Network, broker: BrokerProcess, tmp_path: Path
) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    chat, _ = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
    conv_id = group(chat, alice, bo)
    up = attach(network, broker.invitation, alice)
    done = upload(up, conv_id, 10)
    file = UploadOf(2 * MIB)
    file.file_id = os.urandom(16)
    up.send(file.opening(conv_id))
    up.receive()
    told: set[int] = set()
    for number in range(5):
        up.send(file.part(number))
    while len(told) < 5:
        stored = up.receive()
        assert isinstance(stored, PartsStored)
        told.update(stored.numbers)
    broker.kill()
    (folder,) = {
        path.parent for path in parts_on_disk(tmp_path) if path.parent.name == file.file_id.hex()
    }
    (folder / ".00000006.part").write_bytes(b"half")
    (folder.parent / ("ab" * 16)).mkdir()  # of a file that no row knows
    broker.start()
    assert not (folder.parent / ("ab" * 16)).exists()
    up = attach(network, broker.invitation, alice)
    up.send(file.opening(conv_id))
    ready = up.receive()
    assert (
        isinstance(ready, UploadReady)
        and set(unpack_stored(ready.stored, file.layout.part_count)) == told
    )
    assert not (folder / ".00000006.part").exists()
    down = attach(network, broker.invitation, bo)
    down.send(FetchParts(done.file_id, [0], []))
    assert isinstance(down.receive(), Part)


def test_who_sends_without_credit_is_slowed_and_nobody_else_suffers(
    network: Network, broker: BrokerProcess, tmp_path: Path
) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    chat, other = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
    conv_id = group(chat, alice, bo)
    up = attach(network, broker.invitation, alice)
    file = UploadOf(100 * MIB)
    file.file_id = os.urandom(16)
    up.send(file.opening(conv_id))
    assert isinstance(up.receive(), UploadReady)
    before = psutil.Process(broker.process.pid).memory_info().rss
    answers: list[Message] = []
    for number in range(400):  # 100 MiB, without waiting for anything
        up.send(file.part(number))
        if number % 40 == 0:
            other.send(Ping(number))
            assert other.receive_until(lambda m: isinstance(m, Pong)) == Pong(number)
        while up.socket.poll(0):
            answers.append(up.receive())
    up.send(Ping(1))
    while not isinstance(answers[-1:] and answers[-1], Pong):
        answers.append(up.receive())
    stored = sum(len(answer.numbers) for answer in answers if isinstance(answer, PartsStored))
    slowed = [answer for answer in answers if isinstance(answer, Refused)]
    assert slowed and {answer.code for answer in slowed} == {"slow_down"} and 0 < stored < 400
    grown = psutil.Process(broker.process.pid).memory_info().rss - before
    assert grown < 80 * MIB  # what libzmq and the disk have on their way; never what was sent


def test_who_never_reads_costs_a_bounded_amount(network: Network, broker: BrokerProcess) -> None:
    alice, bo = make_person("alice"), make_person("bo")
    chat, _ = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
    conv_id = group(chat, alice, bo)
    file = upload(attach(network, broker.invitation, alice), conv_id, 20 * MIB)
    down = attach(network, broker.invitation, bo)
    for number in range(200):
        down.send(FetchParts(file.file_id, [number % 80], [os.urandom(8)]))
    down.send(Ping(3))
    answers: list[Message] = []
    while Pong(3) not in answers:
        answers.append(down.receive())
    while not down.is_silent():
        answers.append(down.receive())
    assert 0 < sum(isinstance(answer, Part) for answer in answers) <= MAX_WINDOW
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"slow_down"}


def test_a_second_connection_for_files_replaces_the_first(
    network: Network, broker: BrokerProcess
) -> None:
    alice = make_person("alice")
    chat = enroll(network, broker.invitation, alice)
    first = attach(network, broker.invitation, alice)
    attach(network, broker.invitation, alice)
    goodbye = first.receive()
    assert isinstance(goodbye, SignedOut) and goodbye.code == "taken_over"
    first.wait_until_cut()
    chat.send(Ping(5))
    chat.receive_until(lambda m: m == Pong(5))


@pytest.mark.parametrize("number", [0, 7])
def test_file_requests_of_strangers_and_nonsense_are_refused(
    network: Network, broker: BrokerProcess, number: int
) -> None:
    alice = make_person("alice")
    chat = enroll(network, broker.invitation, alice)
    up = attach(network, broker.invitation, alice)
    for request in (
        FetchParts(os.urandom(16), [number], []),
        PutPart(os.urandom(16), number, b"x"),
        UploadOf(10).closing(),
        UploadOf(10).opening(os.urandom(16)),
    ):
        up.send(request)
        refused = up.receive()
        assert isinstance(refused, Refused) and refused.about == request.file_id
    up.send(SendMessage(os.urandom(16), os.urandom(16), b"", b""))
    refused = up.receive()
    assert isinstance(refused, Refused) and refused.code == "not_allowed"
    chat.send(Ping(9))
    chat.receive_until(lambda m: m == Pong(9))
    assert sign_in(network, broker.invitation, alice)
