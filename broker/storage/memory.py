"""A storage in memory: for tests and for brokers that need not outlive their process."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from broker.storage.base import (
    MAX_POSTERS,
    Batch,
    FileState,
    KnownId,
    StoredBox,
    StoredCursor,
    StoredFile,
    StoredRecovery,
    TransportKey,
    next_heads,
)
from shared.messages import Entry, EntryKind, LogId, PostedBox


class MemoryStorage:
    """Holds everything in lists; a lock lets the reading thread look in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logs: dict[LogId, list[Entry]] = {}
        self._order: list[tuple[LogId, Entry]] = []
        self._boxes: dict[tuple[bytes, int, bytes], list[StoredBox]] = {}
        self._cursors: dict[tuple[bytes, bytes], int] = {}
        self._keys: dict[str, TransportKey] = {}
        self._files: dict[bytes, StoredFile] = {}
        self._recoveries: dict[bytes, StoredRecovery] = {}

    def commit(self, batch: Batch) -> None:
        """Write all or nothing."""
        with self._lock:
            heads = {log_id: len(self._logs.get(log_id, ())) for log_id, _ in batch.entries}
            next_heads(heads, batch.entries)
            for log_id, entry in batch.entries:
                self._logs.setdefault(log_id, []).append(entry)
                self._order.append((log_id, entry))
            for box in batch.boxes:
                self._add_box(box)
            for cursor in batch.cursors:
                cursor_key = (cursor.conv_id, cursor.uid)
                self._cursors[cursor_key] = max(cursor.sequence, self._cursors.get(cursor_key, 0))
            self._keys.update({key.key: key for key in batch.keys})
            self._recoveries.update({one.uid: one for one in batch.recoveries})
            for file in batch.files:
                self._files.pop(file.file_id, None)
                if file.state != FileState.REMOVED:
                    self._files[file.file_id] = file

    def _add_box(self, box: StoredBox) -> None:
        held = self._boxes.setdefault((box.conv_id, box.epoch, box.uid), [])
        same = [other for other in held if other.uk_gen == box.uk_gen]
        if len(same) < MAX_POSTERS and all(other.poster != box.poster for other in same):
            held.append(box)

    def reader(self) -> MemoryStorage:
        """The same object: the lock guards it."""
        return self

    def entries_after(
        self, log_id: LogId, after: int, through: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries with after < sequence <= through, within both limits."""
        with self._lock:
            entries = self._logs.get(log_id, [])[after : min(through, after + limit)]
        page: list[Entry] = []
        size = 0
        for entry in entries:
            size += len(entry.body) + len(entry.proof)
            if page and size > max_bytes:
                break
            page.append(entry)
        return page

    def boxes_for(self, conv_id: bytes, epoch: int, uid: bytes) -> list[PostedBox]:
        """The boxes addressed to `uid`, the record author's first."""
        with self._lock:
            held = sorted(
                self._boxes.get((conv_id, epoch, uid), []), key=lambda box: not box.by_author
            )
        return [PostedBox(box.poster, box.uk_gen, box.box) for box in held]

    def state_entries(self) -> Iterator[tuple[LogId, Entry]]:
        """Every entry that is not a MESSAGE, in the order of their commits."""
        return iter(
            [(log_id, entry) for log_id, entry in self._order if entry.kind != EntryKind.MESSAGE]
        )

    def heads(self) -> dict[LogId, int]:
        """The last sequence of every log."""
        return {log_id: len(entries) for log_id, entries in self._logs.items()}

    def recent_ids(self, sender: bytes, limit: int) -> list[KnownId]:
        """The last ids of a sender, oldest first."""
        ids = [
            KnownId(sender, entry.message_id, log_id, entry.sequence)
            for log_id, entry in self._order
            if entry.sender == sender and entry.message_id
        ]
        return ids[-limit:]

    def cursors(self) -> Iterator[StoredCursor]:
        """All cursors."""
        return iter(
            [
                StoredCursor(conv_id, uid, sequence)
                for (conv_id, uid), sequence in self._cursors.items()
            ]
        )

    def transport_keys(self) -> Iterator[TransportKey]:
        """All registered transport keys."""
        return iter(list(self._keys.values()))

    def recoveries(self) -> Iterator[StoredRecovery]:
        """The recovery blobs of all accounts that have one."""
        return iter(list(self._recoveries.values()))

    def files(self) -> Iterator[StoredFile]:
        """All files that were not removed."""
        return iter(list(self._files.values()))

    def close(self) -> None:
        """Nothing to free."""
