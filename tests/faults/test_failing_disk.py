"""The disk does not take it: the n-th write fails for every n, a file system becomes full, or
cannot be written at all.

What was acknowledged is there, what was refused can be said again, everything stands once and in
order, and as soon as
there is room the broker goes on by itself.
"""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.storage.part_files import FileStore
from broker.threads import database as workers
from shared.crypto.public import hash32
from shared.crypto.records import Policy
from shared.files import unpack_stored
from shared.invitations import Invitation
from shared.messages import (
    Entries,
    FetchParts,
    Message,
    MessageAccepted,
    Part,
    PartsStored,
    Ping,
    Pong,
    PutPart,
    ReadLog,
    Refused,
    Register,
    Registered,
    SignIn,
    UploadClosed,
    UploadReady,
)
from tests.support.file_room import UploadOf
from tests.support.people import first_record, make_person, message_of
from tests.support.processes.inside import inside_broker
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
from tools.module_map import ROOT

FULL, BROKEN, LOCKED = (
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
)


@pytest.fixture
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_RETRY_S", 0.02)


def insist(peer: Peer, request: Message, is_answer: Callable[[Message], bool]) -> Message:
    """Say it until it is taken, as a client does: after a refusal that asks to come again."""
    while True:
        peer.send(request)
        answer = peer.receive_until(lambda m: isinstance(m, Refused) or is_answer(m))
        if not isinstance(answer, Refused):
            return answer
        assert answer.code in ("busy", "slow_down") and answer.retry_after_ms > 0, answer
        peer.is_silent(20)


def insist_on_account(network: Network, invitation: Invitation, name: str) -> Peer:
    """Register, whatever the disk says, and sign in."""
    person = make_person(name)
    peer = connect(network, invitation, person)
    while True:
        signature = login_signature(peer, person)
        peer.send(Register(name, invitation.join_code, person.genesis, signature))
        answer = peer.receive_until(lambda m: isinstance(m, Refused | Registered))
        if isinstance(answer, Registered):
            return sign_in(network, invitation, person)
        assert isinstance(answer, Refused) and answer.code == "busy", answer
        peer.close()
        peer = connect(network, invitation, person)


def script(network: Network, invitation: Invitation) -> list[bytes]:
    """Two people, a group, messages one by one and in a row; the ids as they stand in the log at
    the end.
    """
    alice, bo = make_person("alice"), make_person("bo")
    a, b = (
        insist_on_account(network, invitation, "alice"),
        insist_on_account(network, invitation, "bo"),
    )
    record = first_record(alice, [bo], Policy(title=b"t"))
    insist(a, record, lambda m: isinstance(m, MessageAccepted))
    epoch_id = hash32(record.record)
    sent = [message_of(alice, record.conv_id, 0, epoch_id, b"c" * 100) for _ in range(6)]
    for message in sent[:3]:
        insist(
            a, message, lambda m, wanted=message: getattr(m, "message_id", b"") == wanted.message_id
        )  # type: ignore[misc]
    a.send(*sent[3:])
    for message in sent[
        3:
    ]:  # those that were refused are said again; those that were not are known
        insist(
            a, message, lambda m, wanted=message: getattr(m, "message_id", b"") == wanted.message_id
        )  # type: ignore[misc]
    return (
        [record.message_id, *(message.message_id for message in sent)]
        if log_of(b, record.conv_id, sent)
        else []
    )


def log_of(peer: Peer, conv_id: bytes, sent: list[Message]) -> bool:
    """Whether the log holds these, once each."""
    peer.send(ReadLog(conv_id, 0, 0))
    page = peer.receive_until(lambda m: isinstance(m, Entries) and len(m.entries) >= len(sent) + 1)
    assert isinstance(page, Entries)
    assert [entry.sequence for entry in page.entries] == list(range(1, len(sent) + 2))
    assert {entry.message_id for entry in page.entries[1:]} == {m.message_id for m in sent}  # type: ignore[attr-defined]
    return True


@pytest.mark.parametrize(("reason", "times"), [(FULL, 1), (BROKEN, 3), (LOCKED, 2)])
def test_the_nth_commit_fails_for_every_n(tmp_path: Path, reason: str, times: int) -> None:
    for number in itertools.count(1):
        network = Network()
        with inside_broker(tmp_path / f"data{number}") as inside:
            inside.storage.fails = lambda n: reason if number <= n < number + times else ""  # noqa: B023
            try:
                assert script(network, inside.invitation)
            finally:
                network.close()
            failures = inside.storage.failures
            assert not inside.broker.fault()
        with inside_broker(tmp_path / f"data{number}") as again:  # what the disk holds verifies
            assert len(list(again.storage.transport_keys())) == 2
        if not failures:
            assert number > 5
            return


def test_while_nothing_can_be_written_reading_and_signing_in_go_on(
    tmp_path: Path, network: Network
) -> None:
    with inside_broker(tmp_path / "data") as inside:
        alice = make_person("alice")
        a = enroll(network, inside.invitation, alice)
        inside.storage.fails = lambda n: FULL
        refused: Message | None = None
        while refused is None:
            a.send(first_record(alice, [], Policy(title=b"t")))
            a.send(Ping(1))
            while (answer := a.receive()) != Pong(1):
                refused = answer if isinstance(answer, Refused) else refused
        assert (
            isinstance(refused, Refused) and refused.code == "busy" and refused.retry_after_ms > 0
        )
        a.send(ReadLog(bytes(16), 0, 0))
        assert isinstance(a.receive_until(lambda m: isinstance(m, Entries)), Entries)
        a = sign_in(network, inside.invitation, alice)
        elsewhere = make_person(
            "alice"
        )  # the same person with another transport key, which would have to be stored
        peer = connect(network, inside.invitation, elsewhere)
        peer.send(SignIn(alice.uid, alice.did, login_signature(peer, elsewhere)))
        refused = peer.receive()
        assert isinstance(refused, Refused) and refused.code == "busy"
        inside.storage.fails = lambda n: ""
        insist(
            a, first_record(alice, [], Policy(title=b"u")), lambda m: isinstance(m, MessageAccepted)
        )
        assert insist_on_account(network, inside.invitation, "bo")


# --- parts of files ---


@pytest.mark.parametrize("number_of_error", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_the_nth_part_fails_for_every_n(
    tmp_path: Path, network: Network, monkeypatch: pytest.MonkeyPatch, number_of_error: int
) -> None:
    real = FileStore.write
    fails = {"at": 0, "count": 0}

    def write(self: FileStore, file_id: bytes, number: int, data: bytes) -> None:
        fails["count"] += 1
        if fails["count"] == fails["at"]:
            raise OSError(number_of_error, os.strerror(number_of_error))
        real(self, file_id, number, data)

    monkeypatch.setattr(FileStore, "write", write)
    with inside_broker(tmp_path / "data") as inside:
        alice = make_person("alice")
        chat = enroll(network, inside.invitation, alice)
        record = first_record(alice, [], Policy(title=b"t"))
        chat.send(record)
        chat.receive_until(lambda m: isinstance(m, MessageAccepted))
        up = attach(network, inside.invitation, alice)
        size = 4 * 256 * 1024 + 5
        for at in range(1, UploadOf(size).layout.part_count + 2):
            fails.update(at=at, count=0)
            file = UploadOf(size)
            file.file_id = os.urandom(16)
            refusals = send_file(up, file, record.conv_id)
            expected = "disk_full" if number_of_error == errno.ENOSPC else "internal"
            assert refusals == ([expected] if at <= file.layout.part_count else [])
            up.send(FetchParts(file.file_id, list(range(file.layout.part_count)), []))
            receipts = []
            for number in range(file.layout.part_count):
                part = up.receive_until(lambda m: isinstance(m, Part))
                assert isinstance(part, Part) and part.data == file.data(number)
                receipts.append(part.receipt)
            up.send(FetchParts(file.file_id, [], receipts))


def send_file(peer: Peer, file: UploadOf, conv_id: bytes) -> list[str]:
    """Send a file, and what was not stored again; the codes of the refusals."""
    refusals: list[str] = []
    while True:
        peer.send(file.opening(conv_id))
        ready = peer.receive_until(lambda m: isinstance(m, UploadReady))
        assert isinstance(ready, UploadReady)
        stored = set(unpack_stored(ready.stored, file.layout.part_count))
        waiting = set(range(file.layout.part_count)) - stored
        for number in sorted(waiting):
            part = file.part(number)
            assert isinstance(part, PutPart)
            peer.send(part)
        while waiting:
            answer = peer.receive_until(lambda m: isinstance(m, PartsStored | Refused))
            if isinstance(answer, Refused):
                refusals.append(answer.code)
                waiting.pop()
            elif isinstance(answer, PartsStored):
                waiting -= set(answer.numbers)
        peer.send(file.closing())
        if isinstance(
            peer.receive_until(lambda m: isinstance(m, UploadClosed | UploadReady)), UploadClosed
        ):
            return refusals


# --- real file systems ---


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of this size; skips where nothing may be mounted."""
    folder.mkdir()
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("nothing may be mounted here")
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    """Change a mounted file system."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def start_in_vain(data_dir: Path) -> str:
    """The one line that a broker says when it cannot start."""
    command = [
        sys.executable,
        str(ROOT / "run_broker.py"),
        "--data-dir",
        str(data_dir),
        "--port",
        "0",
    ]
    ended = subprocess.run(
        [*command, "--host", "127.0.0.1"], capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 1 and ended.stdout == "", ended
    assert len(ended.stderr.splitlines()) == 1 and ended.stderr.startswith("run_broker.py: "), (
        ended.stderr
    )
    return ended.stderr


def answer_to(peer: Peer) -> Message | None:
    """What is said to a message; nothing if it waits for the disk."""
    while peer.socket.poll(1000):
        answer = peer.receive()
        if isinstance(answer, MessageAccepted | Refused):
            return answer
    return None


@pytest.mark.slow
def test_a_full_disk_refuses_in_words_and_recovers_by_itself(
    tmp_path: Path, network: Network
) -> None:
    options = ("--message-rate", "0", "--disk-reserve-mb", "0")
    with small_disk(tmp_path / "disk", "4m") as disk:
        broker = BrokerProcess(disk / "data", *options)
        alice, bo = make_person("alice"), make_person("bo")
        a, b = enroll(network, broker.invitation, alice), enroll(network, broker.invitation, bo)
        record = first_record(alice, [bo], Policy(title=b"t"))
        a.send(record)
        a.receive_until(lambda m: isinstance(m, MessageAccepted))
        epoch_id = hash32(record.record)
        accepted: list[bytes] = []
        refused: Refused | None = None
        waiting: list[Message] = []
        while refused is None:
            message = message_of(alice, record.conv_id, 0, epoch_id, os.urandom(60_000))
            waiting.append(message)
            a.send(message)
            answer = answer_to(a)
            if isinstance(answer, MessageAccepted):
                accepted.append(answer.message_id)
            elif isinstance(answer, Refused):
                refused = answer
            assert len(waiting) < 200
        assert refused.code == "busy" and refused.retry_after_ms > 0 and len(accepted) > 10
        b.send(ReadLog(record.conv_id, 0, 3))
        assert isinstance(b.receive_until(lambda m: isinstance(m, Entries)), Entries)
        broker.kill()
        assert "full" in start_in_vain(disk / "data")
        remount(disk, "size=40m")
        broker.start()
        a = sign_in(network, broker.invitation, alice)
        for message in waiting:
            insist(
                a,
                message,
                lambda m, wanted=message: getattr(m, "message_id", b"") == wanted.message_id,
            )  # type: ignore[misc]
        b = sign_in(network, broker.invitation, bo)
        found: list[bytes] = []
        while len(found) < len(waiting) + 1:
            b.send(ReadLog(record.conv_id, len(found), 0))
            page = b.receive_until(lambda m: isinstance(m, Entries) and bool(m.entries))
            assert isinstance(page, Entries)
            found += [entry.message_id for entry in page.entries]
        assert len(set(found)) == len(found) and set(accepted) <= set(found)
        assert broker.stop()[0] == 0


@pytest.mark.slow
def test_a_running_broker_goes_on_when_space_returns(tmp_path: Path, network: Network) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        broker = BrokerProcess(disk / "data", "--message-rate", "0")
        alice = make_person("alice")
        a = enroll(network, broker.invitation, alice)
        record = first_record(alice, [], Policy(title=b"t"))
        a.send(record)
        a.receive_until(lambda m: isinstance(m, MessageAccepted))
        (disk / "ballast").write_bytes(bytes(2 * 1024 * 1024))
        sent: list[bytes] = []
        while True:
            message = message_of(
                alice, record.conv_id, 0, hash32(record.record), os.urandom(60_000)
            )
            sent.append(message.message_id)
            a.send(message)
            if isinstance(answer_to(a), Refused):
                break
            assert len(sent) < 100
        (disk / "ballast").unlink()
        last = message_of(alice, record.conv_id, 0, hash32(record.record), b"c")
        insist(a, last, lambda m: getattr(m, "message_id", b"") == last.message_id)
        code, errors = broker.stop()
        assert code == 0 and "Traceback" not in errors and "commit_failed" in errors


@pytest.mark.slow
def test_a_disk_that_cannot_be_written_is_said_at_the_start(
    tmp_path: Path, network: Network
) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        broker = BrokerProcess(disk / "data")
        alice = make_person("alice")
        enroll(network, broker.invitation, alice).close()
        broker.stop()
        remount(disk, "ro")
        assert "Read-only" in start_in_vain(disk / "data")
        remount(disk, "rw")
        broker.start()
        sign_in(network, broker.invitation, alice)
        assert broker.stop()[0] == 0
