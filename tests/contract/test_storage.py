"""One suite over every storage engine of the broker."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.storage import entry_rows
from broker.storage.base import (
    Batch,
    FileState,
    KnownId,
    Storage,
    StorageError,
    StoredBox,
    StoredCursor,
    StoredFile,
    StoredRecovery,
    TransportKey,
)
from broker.storage.inspection import database_faults
from broker.storage.memory import MemoryStorage
from broker.storage.sqlite import SqliteStorage
from shared.messages import Entry, EntryKind, LogId, PostedBox

LOG, OTHER = LogId(b"l" * 16), LogId(b"o" * 16)
ALICE, BO = b"a" * 16, b"b" * 16


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    engine: Storage = (
        MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "broker.sqlite3")
    )
    yield engine
    engine.close()


def entry(
    sequence: int, kind: int = EntryKind.MESSAGE, sender: bytes = ALICE, body: bytes = b"body"
) -> Entry:
    return Entry(
        sequence, int(kind), sender, 1_000 + sequence, sequence.to_bytes(16, "big"), body, b"proof"
    )


def test_pages_come_in_order_and_within_their_limits(storage: Storage) -> None:
    entries = [entry(number) for number in range(1, 11)]
    storage.commit(Batch(entries=[(LOG, e) for e in entries] + [(OTHER, entry(1))]))
    assert storage.entries_after(LOG, 0, 99, 100, 1 << 20) == entries
    assert storage.entries_after(LOG, 3, 6, 100, 1 << 20) == entries[3:6]
    assert storage.entries_after(LOG, 3, 99, 2, 1 << 20) == entries[3:5]
    assert storage.entries_after(LOG, 0, 99, 100, 20) == entries[:2]
    assert storage.entries_after(LOG, 0, 99, 100, 1) == entries[:1]
    assert storage.entries_after(LOG, 10, 99, 100, 1 << 20) == []
    assert storage.entries_after(LogId(b"n" * 16), 0, 99, 100, 1 << 20) == []
    assert storage.heads() == {LOG: 10, OTHER: 1}


def test_another_reader_sees_what_is_committed(storage: Storage) -> None:
    reader = storage.reader()
    storage.commit(Batch(entries=[(LOG, entry(1))]))
    assert reader.entries_after(LOG, 0, 9, 9, 999) == [entry(1)]
    reader.close()


def test_a_batch_is_all_or_nothing(storage: Storage) -> None:
    storage.commit(Batch(entries=[(LOG, entry(1))]))
    with pytest.raises(StorageError):
        storage.commit(
            Batch(entries=[(OTHER, entry(1)), (LOG, entry(1))], cursors=[StoredCursor(LOG, BO, 1)])
        )
    assert storage.heads() == {LOG: 1} and list(storage.cursors()) == []
    storage.commit(Batch(entries=[(LOG, entry(2))]))


def test_a_gap_is_refused_and_nothing_is_written(storage: Storage) -> None:
    with pytest.raises(StorageError):
        storage.commit(Batch(entries=[(LOG, entry(1)), (LOG, entry(3))]))
    storage.commit(Batch(entries=[(LOG, entry(1)), (OTHER, entry(1)), (LOG, entry(2))]))
    assert storage.heads() == {LOG: 2, OTHER: 1}


@settings(max_examples=40, deadline=None)
@given(
    commits=st.lists(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=9), max_size=12
    ),
    place_every=st.integers(1, 12),
    questions=st.randoms(use_true_random=False),
)
def test_any_commits_read_back(
    commits: list[list[tuple[int, int]]], place_every: int, questions: Random
) -> None:
    """Wherever the index of the entries ends, pages, heads and recent ids are those of a plain
    list.
    """
    logs = [LogId(bytes([number]) * 16) for number in range(3)]
    rows: list[tuple[LogId, Entry]] = []
    # Hypothesis ends an example wherever it draws: what is open is closed then, too.
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        ExitStack() as opened,
    ):
        path = Path(folder) / "broker.sqlite3"
        patch.setattr(entry_rows, "PLACE_EVERY", place_every)
        storage = opened.enter_context(closing(SqliteStorage(path)))
        for commit in commits:
            batch = Batch()
            for log, sender in commit:
                sequence = sum(log_id == logs[log] for log_id, _ in rows) + 1
                made = Entry(
                    sequence, 1, bytes([sender]) * 16, 5, questions.randbytes(16), b"body", b"proof"
                )
                rows.append((logs[log], made))
                batch.entries.append(rows[-1])
            storage.commit(batch)
            if questions.random() < 0.2:
                storage.close()
                storage = opened.enter_context(closing(SqliteStorage(path)))
        for log_id in logs:
            found = [row for place, row in rows if place == log_id]
            after, through, limit = (questions.randrange(len(found) + 3) for _ in range(3))
            page = storage.entries_after(log_id, after, through, limit, 1 << 20)
            assert page == found[after:through][:limit]
            assert storage.heads().get(log_id, 0) == len(found)
        for number in range(3):
            own = [(place, row) for place, row in rows if row.sender == bytes([number]) * 16]
            known = [
                (one.log_id, one.sequence, one.message_id)
                for one in storage.recent_ids(bytes([number]) * 16, 4)
            ]
            assert known == [(place, row.sequence, row.message_id) for place, row in own[-4:]]
        assert database_faults(path) == []


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM sender_runs",
        "DELETE FROM log_runs",
        "UPDATE log_runs SET first = 2",
        "UPDATE log_runs SET ids = '2,1'",
        "UPDATE sender_runs SET sender = x'00'",
        "UPDATE sender_runs SET ids = '1,1'",
        "UPDATE placed SET upto = 1",
    ],
)
def test_an_index_that_does_not_fit_is_found(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "broker.sqlite3"
    storage = SqliteStorage(path)
    storage.commit(Batch(entries=[(LOG, entry(1)), (LOG, entry(2))]))
    storage.close()
    SqliteStorage(path).close()  # enters both into the index
    assert database_faults(path) == []
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(damage)
    assert database_faults(path) == ["The index of the entries does not fit the entries."]


def test_state_comes_back_in_the_order_of_commits(storage: Storage) -> None:
    storage.commit(
        Batch(entries=[(LOG, entry(1, EntryKind.RECORD)), (OTHER, entry(1, EntryKind.ACCOUNT))])
    )
    storage.commit(Batch(entries=[(LOG, entry(2)), (LOG, entry(3, EntryKind.LEAVE))]))
    assert [(log, e.sequence) for log, e in storage.state_entries()] == [
        (LOG, 1),
        (OTHER, 1),
        (LOG, 3),
    ]


def test_recent_ids_of_a_sender(storage: Storage) -> None:
    storage.commit(
        Batch(entries=[(LOG, entry(n, sender=ALICE if n % 2 else BO)) for n in range(1, 9)])
    )
    assert storage.recent_ids(ALICE, 2) == [
        KnownId(ALICE, (5).to_bytes(16, "big"), LOG, 5),
        KnownId(ALICE, (7).to_bytes(16, "big"), LOG, 7),
    ]
    assert storage.recent_ids(b"n" * 16, 9) == []


def test_boxes_at_most_eight_posters_and_the_author_first(storage: Storage) -> None:
    for number in range(10):
        poster = bytes([number]) * 16
        boxes = [
            StoredBox(
                conv_id=LOG,
                epoch=1,
                uid=uid,
                uk_gen=1,
                poster=poster,
                by_author=number == 5,
                box=b"box%d" % number,
            )
            for uid in (BO, ALICE)
        ]
        storage.commit(Batch(boxes=boxes * 2))
    found = storage.boxes_for(LOG, 1, BO)
    assert len(found) == 8 and found[0] == PostedBox(b"\x05" * 16, 1, b"box5")
    assert storage.boxes_for(LOG, 2, BO) == []


def test_cursors_only_grow(storage: Storage) -> None:
    storage.commit(Batch(cursors=[StoredCursor(LOG, BO, 5), StoredCursor(LOG, BO, 3)]))
    storage.commit(Batch(cursors=[StoredCursor(LOG, BO, 4), StoredCursor(LOG, ALICE, 1)]))
    assert {(c.uid, c.sequence) for c in storage.cursors()} == {(BO, 5), (ALICE, 1)}


def test_transport_keys(storage: Storage) -> None:
    key = TransportKey("k" * 40, ALICE, b"d" * 16)
    storage.commit(Batch(keys=[key, key]))
    assert list(storage.transport_keys()) == [key]


def test_files_are_kept_in_their_last_state(storage: Storage) -> None:
    begun = StoredFile(
        file_id=b"f" * 16,
        conv_id=b"c" * 16,
        uid=ALICE,
        part_count=3,
        total_bytes=1_000,
        created_ms=5,
        touched_ms=5,
    )
    other = StoredFile(
        file_id=b"g" * 16,
        conv_id=b"c" * 16,
        uid=BO,
        part_count=2**14,
        total_bytes=2**40,
        created_ms=6,
        touched_ms=7,
        state=FileState.COMPLETE,
    )
    storage.commit(Batch(files=[begun, other]))
    assert sorted(storage.files(), key=lambda file: file.file_id) == [begun, other]
    complete = replace(begun, touched_ms=9, state=FileState.COMPLETE)
    storage.commit(Batch(files=[complete, replace(other, state=FileState.REMOVED)]))
    assert list(storage.files()) == [complete]
    gone = replace(begun, state=FileState.REMOVED)
    storage.commit(Batch(files=[gone, begun, gone]))  # the last one counts
    assert list(storage.files()) == []
    storage.commit(Batch(files=[gone]))


def test_a_recovery_blob_takes_the_place_of_the_one_before(storage: Storage) -> None:
    assert list(storage.recoveries()) == []
    old, new = (StoredRecovery(ALICE, b"header", bytes(32), blob) for blob in (b"old", b"new"))
    other = StoredRecovery(BO, b"header", bytes(32), b"bo")
    storage.commit(Batch(recoveries=[old, other]))
    storage.commit(Batch(recoveries=[new]))
    assert sorted(storage.recoveries(), key=lambda one: one.uid) == [new, other]


def test_sqlite_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "broker.sqlite3"
    first = SqliteStorage(path)
    first.commit(Batch(entries=[(LOG, entry(1))]))
    first.close()
    second = SqliteStorage(path)
    assert second.entries_after(LOG, 0, 9, 9, 99) == [entry(1)]
    second.close()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sqlite_refuses_the_file_of_a_newer_version_and_junk(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "newer.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StorageError):
        SqliteStorage(path)
    junk = tmp_path / "junk.sqlite3"
    junk.write_bytes(b"junk" * 1000)
    with pytest.raises(StorageError):
        SqliteStorage(junk)
    with pytest.raises(StorageError, match="cannot be used: No such file"):
        SqliteStorage(tmp_path / "nothing" / "broker.sqlite3")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match="cannot be opened"):
        SqliteStorage(tmp_path / "folder")
