"""A database of version 1, made by the program of then (make_fixture.py): brought up at the start,
the old one kept.
"""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from broker.storage.base import StorageError
from broker.storage.inspection import database_faults
from broker.storage.schema import MIGRATIONS
from broker.storage.sqlite import SqliteStorage
from tests.support.processes.class_processes import class_processes
from tests.support.processes.headless import HeadlessClient
from tools.module_map import ROOT

PACKED = Path(__file__).parent / "version1.zip"
WRITTEN = [f"written in version 1: {number}" for number in range(3)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with zipfile.ZipFile(PACKED) as packed:
        packed.extractall(tmp_path)
    return tmp_path


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def entries_of(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT * FROM entries ORDER BY id").fetchall()


def test_the_old_database_is_kept_and_the_new_one_holds_the_same(folder: Path) -> None:
    database = folder / "broker" / "broker.sqlite3"
    kept = database.with_name("broker.sqlite3.v1.bak")
    before = entries_of(database)
    assert version_of(database) == 1 and len(before) > 5
    assert database_faults(database) == []
    SqliteStorage(database).close()
    assert version_of(database) == len(MIGRATIONS) and entries_of(database) == before
    assert version_of(kept) == 1 and entries_of(kept) == before
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    mark = kept.stat().st_mtime_ns
    SqliteStorage(database).close()
    assert kept.stat().st_mtime_ns == mark
    assert sorted(path.name for path in database.parent.glob("*.bak")) == [kept.name]


def test_what_waits_in_the_log_file_is_kept_too(folder: Path) -> None:
    """After a crash the newest entries stand beside the database; a plain copy of it would not have
    them.
    """
    database = folder / "broker" / "broker.sqlite3"
    script = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        'db.execute("UPDATE entries SET stored_at_ms = 7 WHERE id = 1"); os._exit(0)'
    )
    subprocess.run([sys.executable, "-c", script, str(database)], check=True, timeout=20)
    SqliteStorage(database).close()
    assert entries_of(database.with_name("broker.sqlite3.v1.bak"))[0][5] == 7


def test_an_upgrade_that_cannot_keep_the_old_one_does_not_begin(folder: Path) -> None:
    database = folder / "broker" / "broker.sqlite3"
    database.with_name(".broker.sqlite3.v1.bak.part").mkdir()
    with pytest.raises(StorageError, match="could not be copied"):
        SqliteStorage(database)
    assert version_of(database) == 1


def test_a_newer_database_is_refused_in_a_sentence(folder: Path) -> None:
    database = folder / "broker" / "broker.sqlite3"
    with closing(sqlite3.connect(database)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    done = subprocess.run(
        [sys.executable, "run_broker.py", "--data-dir", str(folder / "broker"), "--port", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "was written by a newer version of this program" in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_class_goes_on_after_the_upgrade(folder: Path) -> None:
    # What a client has stored is brought forward from the first release on; until then it reads all
    # of it again.
    (folder / "alice" / "history.sqlite3").unlink()
    with class_processes(folder) as room:
        alice = HeadlessClient(folder / "alice", "alice", room.broker.invitation)
        room.clients["alice"] = alice
        alice.online()
        alice.event("message", text=WRITTEN[-1])
        history = alice.send("history", of="#general", limit=20)["messages"]
        assert [m["text"] for m in history if m["text"].startswith("written")] == WRITTEN
        carol = room.start("carol")
        carol.event("group", group="#general", change="added", members=["carol"])
        sent = carol.send("send", to="#general", text="written after it")
        carol.event("message_state", message_id=sent["message_id"], state="stored")
        alice.event("message", text="written after it")
        found = carol.send("history", of="#general", limit=20)["messages"]
        assert [m["text"] for m in found if m["text"].startswith("written")] == [
            *WRITTEN,
            "written after it",
        ]
