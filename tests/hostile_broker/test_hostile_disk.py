"""Real processes, and an operator who changes the data of his server between two starts: real
clients notice.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from broker.storage.data_folder import DATABASE_FILE
from client.core.server_faults import ROLLED_BACK
from tests.support.processes.class_processes import ClassProcesses, class_processes
from tests.support.processes.headless import HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def keep(running: ClassProcesses, folder: Path) -> Path:
    """Stop the server and keep a copy of its data; it is started again."""
    running.broker.stop()
    shutil.copytree(running.data_dir, folder)
    running.start_broker()
    return folder


def put_back(running: ClassProcesses, folder: Path) -> None:
    """Stop the server, and start it on data that were kept."""
    running.broker.stop()
    for file in running.data_dir.glob(DATABASE_FILE + "*"):
        file.unlink()
    for file in folder.glob(DATABASE_FILE + "*"):
        shutil.copy(file, running.data_dir / file.name)
    running.start_broker()


def texts(client: HeadlessClient) -> list[str]:
    """What a person can read in #general."""
    return [message["text"] for message in client.send("history", of="#general")["messages"]]


def test_an_old_backup_is_noticed_and_the_newest_one_mends_all(tmp_path: Path) -> None:
    with class_processes(tmp_path) as running:
        alice, bob, carmen = running.start_all("alice", "bob", "carmen")
        alice.send("send", to="#general", text="one")
        bob.event("message", text="one")
        carmen.quit()  # she was not there for what is forgotten
        old = keep(running, tmp_path / "old")
        alice.online(len(alice.lines))
        alice.send("send", to="#general", text="two")
        bob.event("message", text="two")
        new = keep(running, tmp_path / "new")
        put_back(running, old)
        for client in (alice, bob):
            client.event("quarantined", reason=ROLLED_BACK, conversation="#general")
        refused = bob.send("send", to="#general", text="three")
        assert (refused["ok"], refused["code"]) == (False, ROLLED_BACK)
        assert texts(alice) == texts(bob) == ["one", "two"]
        assert bob.send("send", to="@alice", text="do you see that, too?")[
            "ok"
        ]  # a conversation that is whole
        alice.event("message", text="do you see that, too?")
        put_back(running, new)
        carmen = running.start("carmen")
        carmen.send("send", to="#general", text="three")
        for client in (alice, bob):
            client.event("message", text="three")
        four = bob.send("send", to="#general", text="four")["message_id"]
        alice.event("message", text="four")
        bob.event("message_state", message_id=four, state="stored")
        assert texts(alice) == texts(bob) == ["one", "two", "three", "four"]


def test_a_database_that_was_edited_shows_in_the_clients(tmp_path: Path) -> None:
    with class_processes(tmp_path) as running:
        alice, bob = running.start_all("alice", "bob")
        bob.quit()
        for text in ("first", "second", "third"):
            sent = alice.send("send", to="#general", text=text)
            alice.event("message_state", message_id=sent["message_id"], state="stored")
        running.broker.stop()
        with closing(sqlite3.connect(running.data_dir / DATABASE_FILE)) as database, database:
            rows = database.execute("SELECT * FROM entries WHERE kind = 1 ORDER BY id").fetchall()
            first, second, third = rows[-3:]
            database.execute(
                "UPDATE entries SET proof = ? WHERE id = ?", (first[-1][:-1] + b"?", first[0])
            )
            again = (third[0] + 1, third[1], third[2] + 1, *second[3:])
            database.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", again)
        running.start_broker()
        bob = running.start("bob")
        bob.event("quarantined", reason="cipher", sequence=first[2])
        for later in (second, third):  # they are whole, but say that alice has seen another "first"
            bob.event("quarantined", reason="history_differs", sequence=later[2])
        (shown,) = [one for one in bob.send("groups")["groups"] if one["group"] == "#general"]
        assert shown["status"].startswith(
            "alice has seen another history of this conversation than you."
        )
        alice.event("quarantined", reason="replayed", sequence=third[2] + 1)
        assert texts(alice)[:3] == ["first", "second", "third"]


@pytest.mark.parametrize("change", ["altered", "shortened", "swapped"])
def test_a_file_that_was_changed_at_the_server_is_not_saved(tmp_path: Path, change: str) -> None:
    with class_processes(tmp_path) as running:
        alice, bob = running.start_all("alice", "bob")
        source = tmp_path / "hw1.bin"
        source.write_bytes(
            bytes(range(256)) * 3000
        )  # three chunks of 256 KiB, the last one shorter
        sent = alice.send_file("@bob", source)
        bob.event("message", message_id=sent["message_id"])
        first, second, *_ = sorted(
            path for path in (running.data_dir / "files").rglob("*-*") if path.is_file()
        )
        chunk, other = first.read_bytes(), second.read_bytes()
        if change == "altered":
            first.write_bytes(chunk[:-1] + bytes([chunk[-1] ^ 1]))
        elif change == "shortened":
            first.write_bytes(chunk[:-5])
        else:
            first.write_bytes(other)
            second.write_bytes(chunk)
        inbox = tmp_path / "inbox"
        inbox.mkdir()
        saving = bob.send("save_file", message_id=sent["message_id"], path=str(inbox))
        failed = bob.transfer(saving["transfer_id"], "failed")
        assert failed["message"] == "This file is not what its sender signed, so it was not saved."
        assert list(inbox.iterdir()) == []
