"""The local history, conversation keys and outbox in SQLite; the profile's vault seals every value."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import assert_never

import msgspec

from client.core.state.effects import Drop, Effect, Save, SaveRow, StoreOrder
from client.core.state.saved import TABLES, Saved, StoredRow
from shared.codec import prepare
from shared.crypto.vault import Vault

prepare((*TABLES, StoredRow))
_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (tbl TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tbl, key))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    conv_id BLOB NOT NULL, position INTEGER NOT NULL, message_id BLOB NOT NULL, sequence INTEGER NOT NULL,
    is_own INTEGER NOT NULL, counts INTEGER NOT NULL, mentions INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (conv_id, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rows_by_message ON rows (message_id);
CREATE INDEX IF NOT EXISTS own_rows ON rows (conv_id, sequence) WHERE is_own = 1;
"""


class Store:
    """Owns one database connection; belongs to the thread that made it."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._vault = vault
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
            path.chmod(0o600)
        except (OSError, sqlite3.Error):
            self._db.close()
            raise

    def close(self) -> None:
        """Close the database; what was applied is on disk."""
        self._db.close()

    # --- writing ---

    def apply(self, effects: Iterable[Effect]) -> None:
        """Carry out everything that is to be stored, in one transaction; ignore other effects."""
        changes = [effect for effect in effects if isinstance(effect, Save | Drop | SaveRow)]
        if not changes:
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                self._change(change)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _change(self, change: StoreOrder) -> None:
        match change:
            case Save():
                table, key = change.item.TABLE, change.item.key()
                sealed = self._vault.seal(table, key, "value", msgspec.msgpack.encode(change.item))
                self._db.execute(
                    "INSERT OR REPLACE INTO items VALUES (?, ?, ?)", (table, key, sealed)
                )
            case Drop():
                self._db.execute(
                    "DELETE FROM items WHERE tbl = ? AND key = ?", (change.table, change.key)
                )
            case SaveRow():
                self._put_row(change.row)
            case _:
                assert_never(change)

    def _put_row(self, row: StoredRow) -> None:
        sealed = self._vault.seal(
            "rows", _row_key(row.conv_id, row.position), "value", msgspec.msgpack.encode(row)
        )
        self._db.execute(
            "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.conv_id,
                row.position,
                row.message_id,
                row.sequence,
                row.is_own,
                row.counts_as_unread,
                row.counts_as_unread and row.mentions_me,
                sealed,
            ),
        )

    # --- reading ---

    def load(self) -> list[Saved]:
        """Return all items of all tables."""
        items: list[Saved] = []
        for kind in TABLES:
            query = "SELECT key, value FROM items WHERE tbl = ? ORDER BY key"
            for key, sealed in self._db.execute(query, (kind.TABLE,)):
                plain = self._vault.open(kind.TABLE, key, "value", sealed)
                items.append(msgspec.msgpack.decode(plain, type=kind))
        return items

    def extents(self) -> list[tuple[bytes, int]]:
        """Return (conv_id, number of rows) for every conversation that has any."""
        rows = self._db.execute("SELECT conv_id, max(position) + 1 FROM rows GROUP BY conv_id")
        return [(conv_id, int(count)) for conv_id, count in rows]

    def row(self, message_id: bytes) -> StoredRow | None:
        """Return the row of a message; None if there is none."""
        rows = self._rows("message_id = ? ORDER BY position LIMIT 1", (message_id,))
        return rows[0] if rows else None

    def page(self, conv_id: bytes, first: int, count: int) -> list[StoredRow]:
        """Return the rows [first, first + count), in order."""
        where = "conv_id = ? AND position >= ? AND position < ? ORDER BY position"
        return self._rows(where, (conv_id, first, first + count))

    def own_rows(self, conv_id: bytes, after: int, upto: int) -> list[StoredRow]:
        """Return one's own rows whose sequence is in (after, upto]."""
        where = "conv_id = ? AND is_own = 1 AND sequence > ? AND sequence <= ? ORDER BY sequence"
        return self._rows(where, (conv_id, after, upto))

    def count_unread(self, conv_id: bytes, first: int) -> tuple[int, int]:
        """Return the number of unread rows from `first` on, and how many of them mention me."""
        sums = "SELECT coalesce(sum(counts), 0), coalesce(sum(mentions), 0) FROM rows"
        unread, mentions = self._db.execute(
            f"{sums} WHERE conv_id = ? AND position >= ?", (conv_id, first)
        ).fetchone()
        return int(unread), int(mentions)

    def _rows(self, where: str, values: tuple[bytes | int, ...]) -> list[StoredRow]:
        query = f"SELECT conv_id, position, value FROM rows WHERE {where}"
        rows = []
        for conv_id, position, sealed in self._db.execute(query, values):
            plain = self._vault.open("rows", _row_key(conv_id, position), "value", sealed)
            rows.append(msgspec.msgpack.decode(plain, type=StoredRow))
        return rows


def _row_key(conv_id: bytes, position: int) -> bytes:
    return conv_id + position.to_bytes(8, "big")
