"""The file store on a real disk: what is written is whole, what a crash left is removed, trouble is
told.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest
import zmq

from broker.core.events import (
    ListParts,
    PartRead,
    PartsListed,
    PartsWritten,
    ReadPart,
    RemoveParts,
    WritePart,
)
from broker.storage.part_files import FileStore, PartReader
from broker.threads.files import FileReader, FileWriter
from broker.threads.mailbox import Mailbox
from shared.files import part_hash

FILE, OTHER = b"f" * 16, b"o" * 16


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(root: Path) -> FileStore:
    store = FileStore(root)
    store.prepare(set())
    return store


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_parts_are_found_by_number_and_hash(store: FileStore, root: Path) -> None:
    for number, data in ((0, b"zero"), (1, b""), (16_385, b"last")):
        store.write(FILE, number, data)
    store.sync()
    assert store.hashes(FILE) == {
        0: part_hash(b"zero"),
        1: part_hash(b""),
        16_385: part_hash(b"last"),
    }
    assert store.hashes(OTHER) == {}
    reader = PartReader(root)
    assert [reader.read(FILE, number) for number in (16_385, 0, 1)] == [b"last", b"zero", b""]
    for path in root.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_later_part_of_a_number_replaces_the_earlier(store: FileStore, root: Path) -> None:
    for data in (b"first", b"second", b"second"):
        store.write(FILE, 7, data)
    assert store.hashes(FILE) == {7: part_hash(b"second")} and len(names(root)) == 1


def test_what_a_crash_left_is_removed(store: FileStore, root: Path) -> None:
    store.write(FILE, 1, b"one")
    (folder,) = (path.parent for path in root.rglob("*-*"))
    (folder / ".00000002.part").write_bytes(b"half")
    (folder / f"00000001-{'f' * 64}").write_bytes(b"was about to be replaced, or to replace")
    (folder / f"0000000x-{'f' * 64}").write_bytes(b"junk")
    (folder / "00000003-short").write_bytes(b"junk")
    fresh = FileStore(root)
    assert list(fresh.hashes(FILE)) == [1] and len(names(root)) == 1


def test_unknown_folders_are_swept_at_the_start(store: FileStore, root: Path) -> None:
    for file_id in (FILE, OTHER):
        store.write(file_id, 0, b"data")
    (root / "aa" / "not-hex").mkdir(parents=True)
    (root / "stray").write_bytes(b"")
    FileStore(root).prepare({FILE})
    assert store.hashes(FILE) and not store.hashes(OTHER) and not (root / "aa" / "not-hex").exists()


def test_removed_files_are_gone_and_can_come_again(store: FileStore, root: Path) -> None:
    reader = PartReader(root)
    store.write(FILE, 0, b"before")
    assert reader.read(FILE, 0) == b"before"
    store.remove(FILE)
    store.remove(FILE)
    store.sync()
    with pytest.raises(FileNotFoundError):
        reader.read(FILE, 0)
    store.write(FILE, 0, b"after")
    assert reader.read(FILE, 0) == b"after"
    with pytest.raises(FileNotFoundError):
        reader.read(FILE, 1)


def test_only_so_many_lists_are_kept(store: FileStore, root: Path) -> None:
    ids = [number.to_bytes(16, "big") for number in range(40)]
    for file_id in ids:
        store.write(file_id, 0, file_id)
    reader = PartReader(root)
    assert [reader.read(file_id, 0) for file_id in ids * 2] == ids * 2
    assert len(reader._names._names) == len(store._names._names) == 32


def test_the_reserve_is_not_spare(root: Path) -> None:
    store = FileStore(root, 1 << 60)
    store.prepare(set())
    assert store.spare_bytes() < 0 < FileStore(root).spare_bytes()


def test_a_part_that_does_not_fit_leaves_what_was_there(
    store: FileStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(FILE, 0, b"before")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write(FILE, 0, b"after")
    assert store.hashes(FILE) == {0: part_hash(b"before")} and len(names(root)) == 1


# --- the threads ---


class Desk:
    """The two threads, and what they report."""

    def __init__(self, store: FileStore, root: Path) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.mailbox = Mailbox(self.context)
        self.writer = FileWriter(store, self.mailbox)
        self.reader = FileReader(PartReader(root), self.mailbox)
        self.reports: list[Any] = []

    def run(self, *orders: WritePart | ListParts | RemoveParts | ReadPart) -> list[Any]:
        """All of it, to the end."""
        for order in orders:
            (self.reader if isinstance(order, ReadPart) else self.writer).put(order)  # type: ignore[arg-type]
        for thread in (self.writer, self.reader):
            thread.stop()
            thread.start()
            thread.join(10)
            assert not thread.is_alive()
        reports = self.mailbox.take()
        self.mailbox.close()
        self.context.term()
        return reports


def put(number: int, data: bytes = b"data", file_id: bytes = FILE) -> WritePart:
    return WritePart(b"session", file_id, number, data)


def test_orders_are_done_in_their_order(store: FileStore, root: Path) -> None:
    desk = Desk(store, root)
    reports = desk.run(
        put(0),
        put(1),
        ListParts(b"s", FILE, b"d"),
        put(2),
        RemoveParts(FILE),
        ListParts(b"s", FILE),
        put(3),
    )
    kinds = [type(report) for report in reports]
    assert kinds == [PartsWritten, PartsListed, PartsWritten, PartsListed, PartsWritten]
    assert [part.number for part in reports[0].parts] == [0, 1]
    assert (
        list(reports[1].hashes) == [0, 1] and reports[1].digest == b"d" and reports[3].hashes == {}
    )
    assert store.hashes(FILE).keys() == {3}


def test_batches_are_bounded(store: FileStore, root: Path) -> None:
    reports = Desk(store, root).run(*(put(number, bytes(1 << 20)) for number in range(10)))
    assert len(reports) > 1 and sum(len(report.parts) for report in reports) == 10


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EIO, "internal")])
def test_trouble_of_the_disk_is_told_and_the_thread_goes_on(
    store: FileStore, root: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    real = FileStore.write

    def write(self: FileStore, file_id: bytes, part: int, data: bytes) -> None:
        if part == 1:
            raise OSError(number, "trouble")
        real(self, file_id, part, data)

    monkeypatch.setattr(FileStore, "write", write)
    (report,) = Desk(store, root).run(put(0), put(1), put(2))
    assert [part.code for part in report.parts] == ["", code, ""]


def test_nothing_counts_whose_folder_cannot_be_synced(
    store: FileStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(self: FileStore) -> None:
        raise OSError(errno.EIO, "trouble")

    monkeypatch.setattr(FileStore, "sync", sync)
    (report,) = Desk(store, root).run(put(0), put(1))
    assert [part.code for part in report.parts] == ["internal", "internal"]


def test_the_reserve_is_kept_free(root: Path) -> None:
    store = FileStore(root, 1 << 60)
    store.prepare(set())
    reports = Desk(store, root).run(put(0), ListParts(b"s", FILE))
    assert [part.code for part in reports[0].parts] == ["disk_full"] and reports[1].spare_bytes < 0


def test_a_folder_that_cannot_be_read_is_a_full_disk_for_now(
    store: FileStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trouble(*_: object) -> None:
        raise OSError(errno.EIO, "trouble")

    monkeypatch.setattr(FileStore, "hashes", trouble)
    monkeypatch.setattr(FileStore, "remove", trouble)
    monkeypatch.setattr(PartReader, "read", trouble)
    listed, read = Desk(store, root).run(
        ListParts(b"s", FILE), RemoveParts(FILE), ReadPart(b"s", FILE, 0)
    )
    assert (listed.hashes, listed.spare_bytes) == ({}, -1) and read.code == "internal"


def test_reading_what_is_not_there(store: FileStore, root: Path) -> None:
    store.write(FILE, 0, b"data")
    reports = Desk(store, root).run(
        ReadPart(b"s", FILE, 0), ReadPart(b"s", FILE, 1), ReadPart(b"s", OTHER, 0)
    )
    assert all(isinstance(report, PartRead) for report in reports)
    assert [(report.data, report.code) for report in reports] == [
        (b"data", ""),
        (b"", "unknown_file"),
        (b"", "unknown_file"),
    ]


def test_a_fault_of_a_thread_reaches_the_mailbox(
    store: FileStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(FileStore, "write", fault)
    monkeypatch.setattr(PartReader, "read", fault)
    reports = Desk(store, root).run(put(0), ReadPart(b"s", FILE, 0))
    assert [type(report) for report in reports] == [ZeroDivisionError, ZeroDivisionError]
