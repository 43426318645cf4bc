"""What the broker asks of a storage, in the broker's own words.

One suite tests every engine (tests/contract).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, Protocol

from shared.errors import ChatError
from shared.messages import Entry, LogId, PostedBox

MAX_POSTERS = 8  # boxes kept per (conversation, epoch, uid, uk_gen)


class StorageError(ChatError):
    """The broker's data could not be read or written."""

    code = "storage"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBox:
    """A box for `uid`, posted by `poster`; `by_author` if it came with the epoch record itself."""

    conv_id: bytes
    epoch: int
    uid: bytes
    uk_gen: int
    poster: bytes
    by_author: bool
    box: bytes


@dataclass(frozen=True, slots=True)
class StoredCursor:
    """Up to which sequence a member's client has stored a conversation."""

    conv_id: bytes
    uid: bytes
    sequence: int


@dataclass(frozen=True, slots=True)
class TransportKey:
    """A CURVE key (Z85 text) that belongs to a device of an account."""

    key: str
    uid: bytes
    did: bytes


@dataclass(frozen=True, slots=True)
class KnownId:
    """A message_id of a sender and where it was stored."""

    sender: bytes
    message_id: bytes
    log_id: LogId
    sequence: int


class FileState(IntEnum):
    """How far a file is."""

    OPEN = 0  # its upload goes on
    COMPLETE = 1
    REMOVED = 2  # as an order of a batch; nothing of it is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is known of a file beside its parts, which lie in the file store.

    `total_bytes` is of all parts.
    """

    file_id: bytes
    conv_id: bytes
    uid: bytes  # who uploads it
    part_count: int
    total_bytes: int
    created_ms: int
    touched_ms: int  # when the upload was last begun or gone on with, or completed
    state: int = FileState.OPEN  # of FileState


def file_of_row(row: Iterable[Any]) -> StoredFile:
    """A file from the columns of its row, which stand in the order of the fields."""
    return StoredFile(**dict(zip(StoredFile.__dataclass_fields__, row, strict=True)))


@dataclass(frozen=True, slots=True)
class StoredRecovery:
    """The recovery blob of an account, opaque to the broker, and what recognises who may have
    it.
    """

    uid: bytes
    header: bytes
    auth_hash: bytes
    blob: bytes


@dataclass(slots=True)
class Batch:
    """All that one transaction writes. Entries of a log come in the order of their sequences."""

    entries: list[tuple[LogId, Entry]] = field(default_factory=list)
    boxes: list[StoredBox] = field(default_factory=list)
    cursors: list[StoredCursor] = field(default_factory=list)
    keys: list[TransportKey] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)  # the last one of a file_id counts
    recoveries: list[StoredRecovery] = field(default_factory=list)  # the last one of a uid counts

    def extend(self, later: Batch) -> None:
        """Take in what comes after."""
        for name in _KINDS:
            getattr(self, name).extend(getattr(later, name))

    @property
    def size(self) -> int:
        """Bytes of its entries."""
        return sum([len(entry.body) + len(entry.proof) for _, entry in self.entries])


_KINDS = tuple(kind.name for kind in fields(Batch))


def next_heads(
    heads: Mapping[LogId, int], entries: Sequence[tuple[LogId, Entry]]
) -> dict[LogId, int]:
    """The heads of the logs that these entries continue; StorageError if there is a gap, or a
    sequence comes twice.
    """
    later: dict[LogId, int] = {}
    for log_id, entry in entries:
        head = later.get(log_id)
        if entry.sequence != (heads.get(log_id, 0) if head is None else head) + 1:
            raise StorageError("A sequence of a log has a gap.")
        later[log_id] = entry.sequence
    return later


class Reader(Protocol):
    """Reads committed data. Belongs to the thread that uses it."""

    def entries_after(
        self, log_id: LogId, after: int, through: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries with after < sequence <= through in order; at least one if there is any, else
        within both limits.
        """

    def boxes_for(self, conv_id: bytes, epoch: int, uid: bytes) -> list[PostedBox]:
        """The boxes addressed to `uid`, the record author's first."""

    def close(self) -> None:
        """Free what it holds."""


class Storage(Reader, Protocol):
    """One broker's data.

    `commit` is durable when it returns; StorageError leaves everything as it was.
    """

    def commit(self, batch: Batch) -> None:
        """Write all or nothing."""

    def reader(self) -> Reader:
        """A second way in for another thread; to be called in that thread."""

    def state_entries(self) -> Iterator[tuple[LogId, Entry]]:
        """Every entry that is not a MESSAGE, in the order of their commits: what the memory is
        rebuilt from.
        """

    def heads(self) -> dict[LogId, int]:
        """The last sequence of every log."""

    def recent_ids(self, sender: bytes, limit: int) -> list[KnownId]:
        """The last ids of a sender, oldest first."""

    def cursors(self) -> Iterator[StoredCursor]:
        """All cursors."""

    def transport_keys(self) -> Iterator[TransportKey]:
        """All registered transport keys."""

    def files(self) -> Iterator[StoredFile]:
        """All files that were not removed."""

    def recoveries(self) -> Iterator[StoredRecovery]:
        """The recovery blobs of all accounts that have one."""
