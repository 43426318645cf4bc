"""Counters of the network thread, written to the log once a minute."""

from __future__ import annotations

from dataclasses import asdict, dataclass

_REPORTED = frozenset((
    "malformed", "lagging", "signed_in", "registered", "taken_over", "file_stored", "file_expired", "disk_full"
))  # fmt: skip


@dataclass(slots=True)
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
