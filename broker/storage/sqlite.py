"""The storage in one SQLite file: WAL, synchronous=FULL, migrations by user_version.

Entries: see entry_rows.py.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from broker.storage import entry_rows
from broker.storage.base import (
    MAX_POSTERS,
    Batch,
    FileState,
    KnownId,
    StorageError,
    StoredCursor,
    StoredFile,
    StoredRecovery,
    TransportKey,
    file_of_row,
)
from broker.storage.schema import MIGRATIONS
from shared.durable import new_file, sync_file, sync_folder
from shared.logs import Log
from shared.messages import Entry, LogId, PostedBox

_log = Log("broker.storage")

_CHECKPOINT_PAGES: Final = 4000
_LOG_BYTES: Final = 32 + _CHECKPOINT_PAGES * (24 + 4096)
_FILES_SINCE: Final = 2  # the version that brought the table
_FILE = "file_id, conv_id, uid, part_count, total_bytes, created_ms, touched_ms, state"


# check_same_thread is off because the writing connection is opened and read by the starting thread,
# then handed over.
def _connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StorageError(f"The data file {path} cannot be opened: {error}.") from error
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("PRAGMA cache_size=-32000")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
    except sqlite3.Error as error:
        connection.close()
        raise StorageError(f"The data file {path} cannot be opened: {error}.") from error
    return connection


def _lengthen(log: Path) -> None:
    """Give the write-ahead log the length that it has between two checkpoints: a sync takes half
    the time then.

    SQLite knows frames by their checksums and overlooks what stands behind the last one that holds
    (sqlite.org/fileformat.html, section 4); nobody has locks on this file. On a full disk it stays
    as it is.
    """
    with suppress(OSError), log.open("ab") as file:
        missing = _LOG_BYTES - file.tell()
        if missing > 0 and shutil.disk_usage(log.parent).free > 64 * missing:
            file.write(
                bytes(missing)
            )  # written, not only reserved: first writes to a reserved block cost the same
            file.flush()
            os.fsync(file.fileno())


class SqliteReader:
    """A connection that only reads."""

    def __init__(self, path: Path) -> None:
        self._db = _connect(path, read_only=True)

    def entries_after(
        self, log_id: LogId, after: int, through: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries with after < sequence <= through, within both limits."""
        return _entries_after(self._db, log_id, after, through, limit, max_bytes)

    def boxes_for(self, conv_id: bytes, epoch: int, uid: bytes) -> list[PostedBox]:
        """The boxes addressed to `uid`, the record author's first."""
        return _boxes_for(self._db, conv_id, epoch, uid)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


class SqliteStorage:
    """The writing connection. Opened, used and closed by one thread at a time."""

    def __init__(self, path: Path, *, is_read_only: bool = False) -> None:
        """`is_read_only` looks at a database of any known version, also of a running broker."""
        self._path = path
        if is_read_only:
            self._db = open_read_only(path)
            return
        try:
            if (
                not path.exists()
            ):  # created by us with narrow rights, before SQLite would create it with wide ones
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StorageError(f"The data file {path} cannot be used: {error.strerror}.") from error
        self._db = _connect(path)
        try:
            self._migrate()
            self._entries = entry_rows.EntryWriter(self._db)
            _lengthen(path.with_name(f"{path.name}-wal"))
        except StorageError:
            self._db.close()
            raise
        except (OSError, sqlite3.Error) as error:
            self._db.close()
            raise StorageError(f"The data file {path} cannot be used: {error}.") from error

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StorageError(
                f"The data file {self._path} was written by a newer version of this program."
            )
        if 0 < version < len(MIGRATIONS):
            kept = self._path.with_name(f"{self._path.name}.v{version}.bak")
            if not kept.exists():
                copy_database(self._path, kept)
            _log.info("migrating", from_version=version, to_version=len(MIGRATIONS), kept=kept.name)
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self._db.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;"
            )

    def commit(self, batch: Batch) -> None:
        """One transaction, on the disk when this returns."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._write(batch)
                self._db.execute("COMMIT")
                if batch.entries:
                    self._entries.committed()
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StorageError(f"The data could not be written: {error}.") from error

    def _write(self, batch: Batch) -> None:
        if batch.entries:
            self._entries.write(batch.entries)
        if batch.boxes:
            self._db.executemany(
                "INSERT OR IGNORE INTO boxes SELECT ?1,?2,?3,?4,?5,?6,?7 WHERE (SELECT COUNT(*) FROM boxes"
                f" WHERE conv_id=?1 AND epoch=?2 AND uid=?3 AND uk_gen=?4) < {MAX_POSTERS}",
                [
                    (b.conv_id, b.epoch, b.uid, b.uk_gen, b.poster, b.by_author, b.box)
                    for b in batch.boxes
                ],
            )
        if batch.cursors:
            self._db.executemany(
                "INSERT INTO cursors VALUES (?,?,?)"
                " ON CONFLICT DO UPDATE SET sequence=MAX(sequence, excluded.sequence)",
                [(c.conv_id, c.uid, c.sequence) for c in batch.cursors],
            )
        if batch.keys:
            self._db.executemany(
                "INSERT OR REPLACE INTO transport_keys VALUES (?,?,?)",
                [(k.key, k.uid, k.did) for k in batch.keys],
            )
        if batch.recoveries:
            self._db.executemany(
                "INSERT OR REPLACE INTO recoveries VALUES (?,?,?,?)",
                [(one.uid, one.header, one.auth_hash, one.blob) for one in batch.recoveries],
            )
        for file in batch.files:
            if file.state == FileState.REMOVED:
                self._db.execute("DELETE FROM files WHERE file_id=?", (file.file_id,))
            else:
                self._db.execute(
                    "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?)", _file_row(file)
                )

    def reader(self) -> SqliteReader:
        """A connection of its own for the calling thread."""
        return SqliteReader(self._path)

    def entries_after(
        self, log_id: LogId, after: int, through: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries with after < sequence <= through, within both limits."""
        return _entries_after(self._db, log_id, after, through, limit, max_bytes)

    def boxes_for(self, conv_id: bytes, epoch: int, uid: bytes) -> list[PostedBox]:
        """The boxes addressed to `uid`, the record author's first."""
        return _boxes_for(self._db, conv_id, epoch, uid)

    def state_entries(self) -> Iterator[tuple[LogId, Entry]]:
        """Every entry that is not a MESSAGE, in the order of their commits."""
        with _reading():
            yield from entry_rows.of_state(self._db)
            self._db.execute(
                "PRAGMA shrink_memory"
            )  # the pages of the whole log, which nobody needs again

    def heads(self) -> dict[LogId, int]:
        """The last sequence of every log."""
        with _reading():
            return entry_rows.heads(self._db)

    def recent_ids(self, sender: bytes, limit: int) -> list[KnownId]:
        """The last ids of a sender, oldest first."""
        with _reading():
            return entry_rows.recent_ids(self._db, sender, limit)

    def cursors(self) -> Iterator[StoredCursor]:
        """All cursors."""
        with _reading():
            yield from (
                StoredCursor(*row)
                for row in self._db.execute("SELECT conv_id, uid, sequence FROM cursors")
            )

    def transport_keys(self) -> Iterator[TransportKey]:
        """All registered transport keys."""
        with _reading():
            yield from (
                TransportKey(*row)
                for row in self._db.execute("SELECT key, uid, did FROM transport_keys")
            )

    def files(self) -> Iterator[StoredFile]:
        """All files that were not removed."""
        with _reading():
            if self._db.execute("PRAGMA user_version").fetchone()[0] < _FILES_SINCE:
                return
            yield from map(file_of_row, self._db.execute(f"SELECT {_FILE} FROM files"))

    def recoveries(self) -> Iterator[StoredRecovery]:
        """The recovery blobs of all accounts that have one."""
        rows = self._db.execute("SELECT uid, header, auth_hash, blob FROM recoveries")
        return (StoredRecovery(*row) for row in rows)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            f"The stored data is damaged ({error}). Look with `run_broker.py check`, and restore a backup."
        ) from error


def copy_database(source: Path, target: Path) -> None:
    """One moment of a database that may be in use, as a file of its own for the owner alone.

    Whole or not at all.
    """
    unfinished = target.with_name(f".{target.name}.part")
    try:
        os.close(new_file(unfinished))
        with closing(open_read_only(source)) as old, closing(sqlite3.connect(unfinished)) as new:
            old.backup(new)  # in one step: it reads within one transaction, and writers go on
            new.execute("PRAGMA journal_mode=DELETE")
        sync_file(unfinished)
        unfinished.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StorageError(f"The data file {source} could not be copied: {error}.") from error


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, also of a database in use. StorageError if it is none."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None
        )
    except sqlite3.Error as error:
        raise StorageError(f"The data file {path} cannot be opened: {error}.") from error
    try:
        connection.execute("PRAGMA busy_timeout=5000")
    except sqlite3.Error as error:
        connection.close()
        raise StorageError(f"The data file {path} cannot be opened: {error}.") from error
    return connection


def _file_row(file: StoredFile) -> tuple[object, ...]:
    return (
        file.file_id,
        file.conv_id,
        file.uid,
        file.part_count,
        file.total_bytes,
        file.created_ms,
        file.touched_ms,
        int(file.state),
    )


def _entries_after(
    db: sqlite3.Connection, log_id: LogId, after: int, through: int, limit: int, max_bytes: int
) -> list[Entry]:
    page: list[Entry] = []
    size = 0
    try:
        for entry in entry_rows.entries_after(db, log_id, after, through, limit):
            size += len(entry.body) + len(entry.proof)
            if page and size > max_bytes:
                break
            page.append(entry)
    except sqlite3.Error as error:
        raise StorageError(f"The data could not be read: {error}.") from error
    return page


def _boxes_for(db: sqlite3.Connection, conv_id: bytes, epoch: int, uid: bytes) -> list[PostedBox]:
    try:
        rows = db.execute(
            "SELECT poster, uk_gen, box FROM boxes WHERE conv_id=? AND epoch=? AND uid=? ORDER BY by_author DESC",
            (conv_id, epoch, uid),
        ).fetchall()
    except sqlite3.Error as error:
        raise StorageError(f"The data could not be read: {error}.") from error
    return [PostedBox(*row) for row in rows]
