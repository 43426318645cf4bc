"""The entries of all logs in SQLite: rows in the order of their commits, and indexes that follow
behind.

An index of (log, sequence) that is kept with every commit dirties a page for each log and each
sender that took part,
and all of them go through the write-ahead log: that costs more than the entries themselves
(docs/decisions/0010). So
the latest rows stand in no index. Once there are PLACE_EVERY of them they are entered together, one
row for each log
and one for each sender, within the transaction that brought the last of them. Readers look into the
index first and
then at the latest rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

from broker.storage.base import KnownId, next_heads
from shared.messages import Entry, LogId

PLACE_EVERY: Final = 2048

COLUMNS: Final = "sequence, kind, sender, stored_at_ms, message_id, body, proof"

SCHEMA: Final = """
    CREATE TABLE log_runs (                -- entries of a log that follow each other
        log_id BLOB NOT NULL,
        first INTEGER NOT NULL,            -- sequence of the first
        ids TEXT NOT NULL,                 -- of the rows, with commas, in the order of the log
        PRIMARY KEY (log_id, first)
    ) WITHOUT ROWID;
    CREATE TABLE sender_runs (             -- entries of a sender
        sender BLOB NOT NULL,
        first INTEGER NOT NULL,            -- id of the first
        ids TEXT NOT NULL,
        PRIMARY KEY (sender, first)
    ) WITHOUT ROWID;
    CREATE TABLE placed (upto INTEGER NOT NULL);  -- the last id that stands in both
    INSERT INTO log_runs SELECT log_id, MIN(sequence), group_concat(id)
        FROM (SELECT log_id, sequence, id FROM entries ORDER BY log_id, sequence) GROUP BY log_id, (sequence - 1) / 256;
    INSERT INTO sender_runs SELECT sender, MIN(id), group_concat(id)
        FROM (SELECT sender, id FROM entries ORDER BY sender, id) GROUP BY sender, id / 4096;
    INSERT INTO placed SELECT COALESCE(MAX(id), 0) FROM entries;
    DROP INDEX entries_by_log;
    DROP INDEX entries_by_sender;
"""

# One statement for many rows: Python's sqlite3 gives up the interpreter's lock at every statement,
# and to get it back
# beside a busy thread takes longer than the insertion.
_AT_ONCE: Final = (256, 32, 4, 1)
_INSERT: Final = {
    count: f"INSERT INTO entries (log_id, {COLUMNS}) VALUES "
    + ",".join(["(?,?,?,?,?,?,?,?)"] * count)
    for count in _AT_ONCE
}

_LATEST: Final = "entries WHERE id > (SELECT upto FROM placed)"
_OF = ", ".join(f"e.{column.strip()}" for column in COLUMNS.split(","))
# Runs of a log follow each other without gaps: the first one wanted is the last that begins at or
# before ?2 + 1.
_PAGE: Final = f"""
    SELECT * FROM (
        SELECT {_OF} FROM log_runs r, json_each('[' || r.ids || ']') j CROSS JOIN entries e ON e.id = j.value
        WHERE r.log_id = ?1 AND r.first <= ?3 AND e.sequence > ?2 AND e.sequence <= ?3 AND r.first >= COALESCE(
            (SELECT MAX(first) FROM log_runs WHERE log_id = ?1 AND first <= ?2 + 1), 0)
        ORDER BY r.first LIMIT ?4
    )
    UNION ALL
    SELECT * FROM (
        SELECT {COLUMNS} FROM {_LATEST} AND log_id = ?1 AND sequence > ?2 AND sequence <= ?3 ORDER BY id LIMIT ?4
    )
"""
_LAST_RUNS: Final = """
    WITH RECURSIVE logs(log_id) AS (
        SELECT MIN(log_id) FROM log_runs
        UNION ALL
        SELECT (SELECT MIN(log_id) FROM log_runs r WHERE r.log_id > logs.log_id) FROM logs WHERE log_id IS NOT NULL
    )
    SELECT log_id, (SELECT MAX(first) FROM log_runs r WHERE r.log_id = logs.log_id) AS first
    FROM logs WHERE log_id IS NOT NULL
"""
_HEADS: Final = f"""
    SELECT log_id, first + json_array_length('[' || ids || ']') - 1
    FROM ({_LAST_RUNS}) JOIN log_runs USING (log_id, first)
    UNION ALL
    SELECT log_id, MAX(sequence) FROM {_LATEST} GROUP BY log_id
"""


class EntryWriter:
    """Appends to the logs of an open database; belongs to the thread that commits.

    The caller owns the transaction.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        if db.execute(f"SELECT EXISTS (SELECT 1 FROM {_LATEST})").fetchone()[
            0
        ]:  # what the last run has left
            db.execute("BEGIN IMMEDIATE")
            self._place()
            db.execute("COMMIT")
        self._heads = heads(db)
        self._latest = 0  # rows that stand in no index
        self._next: tuple[dict[LogId, int], int] = ({}, 0)

    def write(self, entries: Sequence[tuple[LogId, Entry]]) -> None:
        """Append rows; StorageError if a log would get a gap or a sequence twice."""
        later = next_heads(self._heads, entries)
        self._insert(entries)
        latest = self._latest + len(entries)
        if latest >= PLACE_EVERY:
            self._place()
            latest = 0
        self._next = (later, latest)

    def committed(self) -> None:
        """What was written last is on the disk."""
        later, self._latest = self._next
        self._heads.update(later)

    def _insert(self, entries: Sequence[tuple[LogId, Entry]]) -> None:
        start = 0
        for count in _AT_ONCE:
            while len(entries) - start >= count:
                values: list[object] = []
                for log_id, e in entries[start : start + count]:
                    values += (
                        log_id,
                        e.sequence,
                        e.kind,
                        e.sender,
                        e.stored_at_ms,
                        e.message_id,
                        e.body,
                        e.proof,
                    )
                self._db.execute(_INSERT[count], values)
                start += count

    def _place(self) -> None:
        self._db.execute(
            f"INSERT INTO log_runs SELECT log_id, MIN(sequence), group_concat(id) FROM {_LATEST} GROUP BY log_id"
        )
        self._db.execute(
            f"INSERT INTO sender_runs SELECT sender, MIN(id), group_concat(id) FROM {_LATEST} GROUP BY sender"
        )
        self._db.execute("UPDATE placed SET upto = (SELECT COALESCE(MAX(id), 0) FROM entries)")


def entries_after(
    db: sqlite3.Connection, log_id: LogId, after: int, through: int, limit: int
) -> Iterator[Entry]:
    """Entries with after < sequence <= through in order, `limit` of them at most.

    All of one moment.
    """
    if limit < 1 or after >= through:
        return
    rows = db.execute(_PAGE, (log_id, after, through, limit))
    try:
        for number, row in enumerate(rows, 1):
            yield Entry(*row)
            if number == limit or row[0] == through:
                return  # the latest rows need not be looked at
    finally:
        rows.close()


def of_state(db: sqlite3.Connection) -> Iterator[tuple[LogId, Entry]]:
    """Every entry that is not a MESSAGE, in the order of their commits."""
    for log_id, *row in db.execute(
        f"SELECT log_id, {COLUMNS} FROM entries WHERE kind <> 1 ORDER BY id"
    ):
        yield log_id, Entry(*row)


def heads(db: sqlite3.Connection) -> dict[LogId, int]:
    """The last sequence of every log; later rows of the answer win."""
    return dict(db.execute(_HEADS).fetchall())


def recent_ids(db: sqlite3.Connection, sender: bytes, limit: int) -> list[KnownId]:
    """The last ids of a sender, oldest first."""
    ids = [
        row[0]
        for row in db.execute(f"SELECT id FROM {_LATEST} AND sender = ? ORDER BY id", (sender,))
    ]
    runs = db.execute("SELECT ids FROM sender_runs WHERE sender = ? ORDER BY first DESC", (sender,))
    while len(ids) < limit and (run := runs.fetchone()) is not None:
        ids = [*map(int, run[0].split(",")), *ids]
    runs.close()
    wanted = json.dumps(ids[-limit:])
    rows = db.execute(
        "SELECT sender, message_id, log_id, sequence FROM json_each(?) j CROSS JOIN entries e ON e.id = j.value"
        " ORDER BY e.id",
        (wanted,),
    )
    return [KnownId(*row) for row in rows if row[1]]
