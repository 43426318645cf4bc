"""Looks at a database of the broker without changing it: is it whole, and which files must lie
beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Final

from broker.storage.base import FileState, StorageError, StoredFile, file_of_row
from broker.storage.schema import MIGRATIONS
from broker.storage.sqlite import open_read_only

_MOST: Final = 5  # faults of one kind that are named
_INDEX_SINCE: Final = 4  # the version in which the index became tables of its own


def database_faults(path: Path) -> list[str]:
    """What is wrong with the database, in sentences. Works beside a running broker."""
    try:
        with closing(open_read_only(path)) as db:
            return _faults(db)
    except (sqlite3.Error, StorageError) as error:
        reason = error.message if isinstance(error, StorageError) else str(error)
        return [f"The database cannot be read: {reason}"]


def _faults(db: sqlite3.Connection) -> list[str]:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if not 0 < version <= len(MIGRATIONS):
        return [f"The database has version {version}; this program knows 1 to {len(MIGRATIONS)}."]
    faults = [
        f"The database is damaged: {text}"
        for (text,) in db.execute(f"PRAGMA integrity_check({_MOST})")
    ]
    if faults != ["The database is damaged: ok"]:
        return faults
    db.execute("BEGIN")  # one moment for all questions
    logs = db.execute(
        "SELECT lower(hex(log_id)), COUNT(*), MAX(sequence) FROM entries GROUP BY log_id"
        f" HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*) LIMIT {_MOST}"
    )
    faults = [
        f"Entries are missing in the log {log}: it has {count} of {last}."
        for log, count, last in logs
    ]
    cursors = db.execute(
        "WITH heads AS (SELECT log_id, MAX(sequence) AS head FROM entries GROUP BY log_id)"
        " SELECT lower(hex(conv_id)) FROM cursors LEFT JOIN heads ON log_id = conv_id"
        f" GROUP BY conv_id HAVING head IS NULL OR MAX(sequence) > head LIMIT {_MOST}"
    )
    faults += [f"Somebody has read more of the log {log} than there is." for (log,) in cursors]
    return faults + (_index_faults(db) if version >= _INDEX_SINCE else [])


def _index_faults(db: sqlite3.Connection) -> list[str]:
    """Whether every entry stands in its place of both indexes, but for the latest."""
    wrong = db.execute(
        "WITH by_log AS (SELECT r.log_id, r.first + j.key AS sequence, j.value AS id"
        "                FROM log_runs r, json_each('[' || r.ids || ']') j),"
        " by_sender AS (SELECT r.sender, j.value AS id FROM sender_runs r, json_each('[' || r.ids || ']') j),"
        " old AS (SELECT COUNT(*) AS rows FROM entries WHERE id <= (SELECT upto FROM placed))"
        " SELECT (SELECT COUNT(*) FROM by_log) <> rows OR (SELECT COUNT(DISTINCT id) FROM by_sender) <> rows"
        "  OR EXISTS (SELECT 1 FROM by_log LEFT JOIN entries e USING (id)"
        "             WHERE e.log_id IS NOT by_log.log_id OR e.sequence IS NOT by_log.sequence)"
        "  OR EXISTS (SELECT 1 FROM by_sender LEFT JOIN entries e USING (id) WHERE e.sender IS NOT by_sender.sender)"
        " FROM old"
    ).fetchone()[0]
    return ["The index of the entries does not fit the entries."] if wrong else []


def stored_files(path: Path) -> dict[bytes, StoredFile]:
    """The files that are complete, as the database says. StorageError if it cannot be read."""
    try:
        with closing(open_read_only(path)) as db:
            if db.execute("PRAGMA user_version").fetchone()[0] < 2:
                return {}
            rows = db.execute(
                "SELECT file_id, conv_id, uid, part_count, total_bytes, created_ms, touched_ms, state FROM files"
                " WHERE state = ?",
                (int(FileState.COMPLETE),),
            )
            return {row[0]: file_of_row(row) for row in rows}
    except sqlite3.Error as error:
        raise StorageError(f"The data file {path} cannot be read: {error}.") from error


def drop_files(path: Path, file_ids: Collection[bytes]) -> None:
    """Take files out of a copy of the database."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("DELETE FROM files WHERE file_id = ?", [(file_id,) for file_id in file_ids])


def entry_count(path: Path) -> int:
    """How many entries all logs have together."""
    with closing(open_read_only(path)) as db:
        return int(db.execute("SELECT COUNT(*) FROM entries").fetchone()[0])
