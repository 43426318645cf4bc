"""Figures of a running broker, counted where things happen and read for the log and for /metrics.

No names, no content.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Final

from broker.storage.base import Batch
from shared.messages import EntryKind

COMMIT_BUCKETS_S: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)

_REPORTED = frozenset(
    (
        "malformed",
        "lagging",
        "signed_in",
        "registered",
        "taken_over",
        "file_stored",
        "file_expired",
        "disk_full",
    )
)


@dataclass(slots=True, kw_only=True)
class Counters:
    """Since the start of the process."""

    frames_in: int = 0
    frames_out: int = 0
    bytes_out: int = 0
    commits: int = 0
    rows: int = 0
    forged: int = 0  # a routing id that claims another user's name
    malformed: int = 0
    lagging: int = 0
    signed_in: int = 0
    registered: int = 0
    taken_over: int = 0
    file_stored: int = 0  # uploads that were completed
    file_expired: int = 0
    disk_full: int = 0
    hoarding: int = 0  # connections cut because they filled the memory

    def as_fields(self) -> dict[str, int]:
        """For the log."""
        return asdict(self)

    def count(self, event: str) -> None:
        """One more of what the core reported, if it is counted."""
        name = {"malformed_frame": "malformed"}.get(event, event)
        if name in _REPORTED:
            setattr(self, name, getattr(self, name) + 1)


class CommitMeter:
    """Counts commits and how long they take. Written by the commit worker alone, read by others."""

    def __init__(self) -> None:
        self.entries = 0
        self.messages = 0
        self.count = 0
        self.seconds = 0.0
        self.buckets = [0] * len(COMMIT_BUCKETS_S)
        self.is_stalled = False
        self.running_since_s = 0.0  # monotonic; 0 if no commit runs

    def begin(self) -> None:
        """A commit begins."""
        self.running_since_s = time.monotonic()

    def end(self, batch: Batch) -> None:
        """It is on the disk."""
        took, self.running_since_s = time.monotonic() - self.running_since_s, 0.0
        self.count += 1
        self.seconds += took
        self.entries += len(batch.entries)
        self.messages += [entry.kind for _, entry in batch.entries].count(EntryKind.MESSAGE)
        for index, limit in enumerate(COMMIT_BUCKETS_S):
            if took <= limit:
                self.buckets[index] += 1
