"""A known text is in no traffic, no memory of the broker, no file of it, and in no file of the
clients.
"""

from __future__ import annotations

import base64
import json
import mmap
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import FileIO
from pathlib import Path

import pytest

from shared.invitations import parse_invitation
from tests.support.processes.headless import BrokerProcess, HeadlessClient
from tools.tapped_line import TappedLine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        sys.platform != "linux", reason="reads the memory of a process through /proc"
    ),
]

CANARY = "Kanarienvogel-7391-homework-answer"
TITLE = "Zaunkoenig-4482"
EDITED = "Rotkehlchen-5518-edited"
FILE_NAME = "Eisvogel-2290-draft.txt"
PAGE = mmap.PAGESIZE
SECRETS = (CANARY, TITLE, EDITED, FILE_NAME)


def spellings(text: str) -> Iterator[bytes]:
    """How a text could lie somewhere: plain, wide, encoded."""
    plain = text.encode()
    yield plain
    yield text.casefold().encode()
    yield text.encode("utf-16-le")
    yield plain.hex().encode()
    yield plain[::-1]
    for shift in range(3):  # base64 of it at any place of a longer text
        yield base64.b64encode(b"\0" * shift + plain)[4:-4]
    yield zlib.compress(plain)[2:-4]


def found(data: bytes) -> list[str]:
    """Which secrets stand in these bytes."""
    return [text for text in SECRETS if any(spelling in data for spelling in spellings(text))]


def memory_of(pid: int) -> bytes:
    """All readable and writable memory of a process."""
    parts = []
    with (
        Path(f"/proc/{pid}/maps").open(encoding="utf-8") as maps,
        Path(f"/proc/{pid}/mem").open("rb", 0) as memory,
    ):
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            parts += _region(memory, start, end)
    return b"".join(parts)


def _region(memory: FileIO, start: int, end: int) -> Iterator[bytes]:
    """What can be read of a region: pages that guard stacks, or have nothing behind them, are no
    memory.
    """
    at = start
    while at < end:
        got = None
        with suppress(OSError):
            memory.seek(at)
            got = memory.read(
                end - at
            )  # often less than asked for: up to the next page that cannot be read
        if got:
            yield got
        at += len(got) if got else PAGE


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_nobody_between_can_read(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "broker", 0, "--log-format", "json", "--log-level", "debug")
    line = TappedLine(broker.port)
    invitation = replace(parse_invitation(broker.invitation), port=line.port).encode()
    alice = HeadlessClient(tmp_path / "alice", "alice", invitation)
    alice.online()
    bob = HeadlessClient(tmp_path / "bob", "bob", invitation)
    bob.online()
    try:
        alice.event("group", group="#general", change="added", members=["bob"])
        bob.event("trust", username="alice")
        (tmp_path / "home").mkdir()
        talk(alice, bob, tmp_path / "home")
        memory = memory_of(broker.process.pid)
        files = files_of(tmp_path / "broker")
        assert any(name.endswith("-wal") for name in files), sorted(files)
        # That the search can find: names are public, and a client has what it shows in its memory.
        assert (
            b"alice" in memory
            and b"alice" in b"".join(files.values())
            and b"CURVE" in line.captured
        )
        assert CANARY in found(memory_of(bob.process.pid))
        assert len(line.captured) > 10_000
        assert not found(line.captured)
        assert not found(memory)
        assert not [name for name, data in files.items() if found(data)]
        for client in (alice, bob):
            assert client.quit() == 0
        broker.stop()
        assert not found("".join(broker.errors).encode())
        events = {
            json.loads(text)["event"] for text in broker.errors
        }  # each line of the log is JSON
        assert {"started", "registered", "signed_in", "file_stored", "stopped"} <= events
        kept = {
            **files_of(tmp_path / "broker"),
            **files_of(tmp_path / "alice"),
            **files_of(tmp_path / "bob"),
        }
        assert not [name for name, data in kept.items() if found(data)]
        assert not found("".join(alice.errors + bob.errors).encode())
    finally:
        line.close()
        for process in (alice, bob, broker):
            if process.process.poll() is None:
                process.kill()


def talk(alice: HeadlessClient, bob: HeadlessClient, folder: Path) -> None:
    """The secrets go through a direct conversation, a channel, a private group with a secret title,
    and a file.
    """
    first = alice.send("send", to="@bob", text=CANARY)
    bob.event("message", text=CANARY, conversation="@alice")
    alice.event("message_state", message_id=first["message_id"], state="stored")
    assert alice.send("edit", message_id=first["message_id"], text=EDITED)["ok"]
    bob.event("edited", text=EDITED)
    bob.send("send", to="#general", text=f"In the channel: {CANARY}")
    alice.event("message", conversation="#general")
    assert alice.send("create_group", name=TITLE, members=["bob"])["group"] == f"#{TITLE}"
    bob.event("group", group=f"#{TITLE}", change="created")
    bob.send("send", to=f"#{TITLE}", text=f"In the group: {CANARY}")
    alice.event("message", conversation=f"#{TITLE}")
    (folder / FILE_NAME).write_text(f"In the file: {CANARY}", encoding="utf-8")
    sent = alice.send_file("@bob", folder / FILE_NAME, text=f"Its caption: {CANARY}")
    bob.event("message", message_id=sent["message_id"])
    saved = bob.save_file(sent["message_id"], folder / "saved.txt")
    assert saved["sha256"] == sent["sha256"]


# A page without anything behind it, as newer systems have among the stacks, and a text after it
# that is written in
# pieces, so that it stands as a whole nowhere else.
WITH_A_HOLE = """
import hashlib, mmap, sys, tempfile
file = tempfile.TemporaryFile()
file.truncate(2 * mmap.PAGESIZE)
hole = mmap.mmap(file.fileno(), mmap.PAGESIZE, offset=mmap.PAGESIZE)
file.truncate(mmap.PAGESIZE)
shown = mmap.mmap(-1, mmap.PAGESIZE)
piece = hashlib.sha256(b"piece").digest()
for at in range(0, mmap.PAGESIZE, 32):
    shown[at:at + 32] = piece
print("ready", flush=True)
sys.stdin.read()
"""


def test_memory_is_read_around_what_cannot_be_read() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WITH_A_HOLE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        assert sha256(b"piece").digest() * (PAGE // 32) in memory_of(child.pid)
        child.communicate("")


def test_the_spellings_are_found() -> None:
    for text in SECRETS:
        for spelling in spellings(text):
            assert found(b"before" + spelling + b"after") == [text]
    assert not found(b"nothing of it")
