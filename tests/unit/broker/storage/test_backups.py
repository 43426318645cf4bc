"""Backups of a folder that is in use: one moment of it each, whatever comes and goes meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from broker.storage import backups
from broker.storage.backups import (
    BackupFailed,
    backup_faults,
    folder_of,
    make_backup,
    restore_backup,
)
from broker.storage.base import Batch, FileState, StoredFile
from broker.storage.data_folder import DataDir
from broker.storage.inspection import database_faults, entry_count, stored_files
from broker.storage.part_files import FileStore
from broker.storage.sqlite import SqliteStorage, copy_database
from shared.invitations import Invitation
from shared.messages import Entry, EntryKind, LogId

LOG = LogId(b"l" * 16)
FILE = b"f" * 16


def entry(sequence: int) -> Entry:
    return Entry(
        sequence,
        int(EntryKind.MESSAGE),
        b"a" * 16,
        1,
        sequence.to_bytes(16, "big"),
        b"x" * 700,
        b"y",
    )


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A data folder with one message and one file of two parts."""
    made = DataDir(tmp_path / "data")
    made.open()
    made.curve_pair((b"public", b"secret"))
    made.codes()
    invitation = Invitation("127.0.0.1", 1, bytes(32), "code", "Class")
    made.write_invitations(invitation, invitation)
    store = FileStore(made.files)
    store.prepare(set())
    for number in range(2):
        store.write(FILE, number, bytes([number]) * 1000)
    storage = SqliteStorage(made.database)
    file = StoredFile(
        file_id=FILE,
        conv_id=LOG,
        uid=b"a" * 16,
        part_count=2,
        total_bytes=2000,
        created_ms=1,
        touched_ms=1,
        state=FileState.COMPLETE,
    )
    storage.commit(Batch(entries=[(LOG, entry(1))], files=[file]))
    storage.close()
    made.close()
    return made


def test_copies_of_a_database_that_is_written_are_whole(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "busy.sqlite3")
    storage.commit(Batch(entries=[(LOG, entry(1))]))
    is_over = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for sequence in range(2, 20_000, 10):
                storage.commit(
                    Batch(
                        entries=[(LOG, entry(number)) for number in range(sequence, sequence + 10)]
                    )
                )
                if is_over.is_set():
                    return
        except BaseException as error:  # noqa: BLE001  told to the test
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for number in range(12):
            copy = tmp_path / f"copy{number}.sqlite3"
            copy_database(tmp_path / "busy.sqlite3", copy)
            assert database_faults(copy) == []
            counts.append(entry_count(copy))
    finally:
        is_over.set()
        writer.join(30)
        storage.close()
    assert not failures and counts == sorted(counts) and counts[-1] > counts[0]
    assert all(count % 10 == 1 for count in counts)  # never half of a commit


def test_a_file_that_is_removed_meanwhile_is_left_out(
    data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_parts = backups._copy_parts

    def after_its_removal(folder: DataDir, writer: backups._Writer, file: StoredFile) -> str:
        storage = SqliteStorage(data.database)
        storage.commit(
            Batch(
                files=[
                    StoredFile(
                        file_id=FILE,
                        conv_id=LOG,
                        uid=b"a" * 16,
                        part_count=2,
                        total_bytes=2000,
                        created_ms=1,
                        touched_ms=1,
                        state=FileState.REMOVED,
                    )
                ]
            )
        )
        storage.close()
        FileStore(data.files).remove(FILE)
        return copy_parts(folder, writer, file)

    monkeypatch.setattr(backups, "_copy_parts", after_its_removal)
    made = make_backup(data.path, tmp_path / "backup")
    assert (made.files, made.missing) == (0, []) and backup_faults(tmp_path / "backup") == []
    assert stored_files(tmp_path / "backup" / "broker.sqlite3") == {}


def test_what_is_missing_is_said_and_the_rest_is_saved(data: DataDir, tmp_path: Path) -> None:
    next(folder_of(data.files, FILE).glob("00000001-*")).unlink()
    made = make_backup(data.path, tmp_path / "backup")
    assert made.missing == [f"Part 1 of the file {FILE.hex()} is missing."]
    assert backup_faults(tmp_path / "backup") == []
    restore_backup(tmp_path / "backup", tmp_path / "new")
    assert entry_count(tmp_path / "new" / "broker.sqlite3") == 1


def test_a_backup_that_was_cut_is_none_and_does_not_hinder_the_next(
    data: DataDir, tmp_path: Path
) -> None:
    part = tmp_path / "backup.part"
    part.mkdir()
    (part / "broker.sqlite3").write_bytes(b"half")
    assert "is not a backup, or it was not finished" in backup_faults(part)[0]
    make_backup(data.path, tmp_path / "backup")
    assert not part.exists() and backup_faults(tmp_path / "backup") == []


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b"])
def test_a_manifest_that_points_outside_is_not_followed(
    data: DataDir, tmp_path: Path, name: str
) -> None:
    make_backup(data.path, tmp_path / "backup")
    with (tmp_path / "backup" / "manifest.txt").open("a", encoding="utf-8") as manifest:
        manifest.write(f"{'0' * 64}  {name}\n")
    with pytest.raises(BackupFailed, match="is not a backup"):
        restore_backup(tmp_path / "backup", tmp_path / "new")


def test_a_restore_that_is_cut_leaves_a_folder_that_no_broker_takes(
    data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(data.path, tmp_path / "backup")

    def no_space(writer: backups._Writer, source: Path, name: str) -> str:
        raise OSError(28, "No space left on device", name)

    with monkeypatch.context() as patch:
        patch.setattr(backups._Writer, "copy", no_space)
        with pytest.raises(BackupFailed, match="No space left"):
            restore_backup(tmp_path / "backup", tmp_path / "new")
    with pytest.raises(Exception, match="not restored to its end"):
        DataDir(tmp_path / "new").open()
