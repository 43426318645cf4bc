"""The tables of the broker's database, one step for each version."""

from __future__ import annotations

from typing import Final

from broker.storage import entry_rows

# One item per version; an existing file is brought up from its user_version. Never change an item
# that was released.
MIGRATIONS: Final = (
    """
    CREATE TABLE entries (
        id INTEGER PRIMARY KEY,            -- the order of commits, over all logs
        log_id BLOB NOT NULL,
        sequence INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        sender BLOB NOT NULL,
        stored_at_ms INTEGER NOT NULL,
        message_id BLOB NOT NULL,
        body BLOB NOT NULL,
        proof BLOB NOT NULL
    );
    CREATE UNIQUE INDEX entries_by_log ON entries (log_id, sequence);
    CREATE INDEX entries_by_sender ON entries (sender);
    CREATE INDEX entries_of_state ON entries (kind) WHERE kind <> 1;
    CREATE TABLE boxes (
        conv_id BLOB NOT NULL,
        epoch INTEGER NOT NULL,
        uid BLOB NOT NULL,
        uk_gen INTEGER NOT NULL,
        poster BLOB NOT NULL,
        by_author INTEGER NOT NULL,
        box BLOB NOT NULL,
        PRIMARY KEY (conv_id, epoch, uid, uk_gen, poster)
    ) WITHOUT ROWID;
    CREATE TABLE cursors (
        conv_id BLOB NOT NULL,
        uid BLOB NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (conv_id, uid)
    ) WITHOUT ROWID;
    CREATE TABLE transport_keys (key TEXT PRIMARY KEY, uid BLOB NOT NULL, did BLOB NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE files (
        file_id BLOB PRIMARY KEY,
        conv_id BLOB NOT NULL,
        uid BLOB NOT NULL,
        part_count INTEGER NOT NULL,
        total_bytes INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        touched_ms INTEGER NOT NULL,
        state INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE recoveries (
        uid BLOB PRIMARY KEY,
        header BLOB NOT NULL,
        auth_hash BLOB NOT NULL,
        blob BLOB NOT NULL
    );
    """,
    entry_rows.SCHEMA,
)
