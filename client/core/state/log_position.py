"""How far a log is applied here and reaches at the broker, and what does not fit together in it;
pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from shared.crypto.public import next_transcript
from shared.invariants import require

KEPT_TRANSCRIPTS = 1024  # how far back `seen` of others can be compared


class LogPosition(Struct, kw_only=True):
    """Up to where the log is applied; lies on disk."""

    cursor: int = 0
    transcript: bytes = bytes(32)  # of all entries up to the cursor
    last_digest: bytes = b""  # of the entry at the cursor
    withheld_at: int = 0  # the last entry that I may not read

    def advance(self, sequence: int, digest: bytes) -> None:
        """The next entry is applied, or set aside."""
        self.cursor, self.last_digest = sequence, digest
        self.transcript = next_transcript(self.transcript, digest)

    def note_withheld(self, sequence: int) -> None:
        """This entry is not for me."""
        self.withheld_at = sequence

    def check_invariants(self) -> None:
        """Nothing lies beyond the cursor."""
        require(0 <= self.withheld_at <= self.cursor, "the last withheld entry lies within the log")
        require(len(self.transcript) == 32, "there is a transcript")
        require(
            self.cursor or not self.last_digest, "nothing is known of an entry that is not there"
        )


class OwnChain(Struct, kw_only=True):
    """The last message that the log has of this device; lies on disk."""

    own_n: int = 0
    own_prev: bytes = bytes(32)

    def advance(self, n: int, digest: bytes) -> None:
        """The log has one more of mine."""
        self.own_n, self.own_prev = n, digest


class Doubts(Struct, kw_only=True):
    """What does not fit together in what the server tells (client/core/server_faults.py); lies on
    disk.
    """

    fault: str = ""
    fault_by: bytes = b""  # who has seen another history
    fault_at: int = 0  # up to which sequence they had seen it

    def stop(self, fault: str) -> None:
        """Believe nothing more here."""
        self.fault = fault

    def differ(self, fault: str, uid: bytes, sequence: int) -> None:
        """Somebody has seen another history."""
        self.fault, self.fault_by, self.fault_at = fault, uid, sequence

    def clear(self) -> None:
        """It fits together again."""
        self.fault = ""


@dataclass
class LogReach:
    """How far the log reaches at the broker, and the transcripts on the way to the cursor; rebuilt
    after a start.
    """

    head: int = 0
    transcripts: dict[int, bytes] = field(default_factory=dict)
    is_unchecked: bool = (
        False  # the server has yet to show that it goes on from the entry at my cursor
    )
    is_withheld: bool = False  # the server told of entries that it did not hand over

    def extend(self, head: int) -> None:
        """The broker has entries up to here."""
        self.head = max(self.head, head)

    def end_at(self, cursor: int) -> None:
        """Nothing more is to be had than what is applied."""
        self.head = cursor

    def note_transcript(self, log: LogPosition) -> None:
        """Remember the transcript at the cursor for comparing."""
        self.transcripts[log.cursor] = log.transcript
        if len(self.transcripts) > 2 * KEPT_TRANSCRIPTS:
            for sequence in sorted(self.transcripts)[:KEPT_TRANSCRIPTS]:
                del self.transcripts[sequence]

    def check_again(self, is_unchecked: bool) -> None:
        """Whether the server has yet to show the entry at my cursor."""
        self.is_unchecked = is_unchecked

    def withhold(self, is_withheld: bool) -> None:
        """Whether the server keeps back what it told of."""
        self.is_withheld = is_withheld

    def check_invariants(self, log: LogPosition) -> None:
        """The transcripts are those up to the cursor, and not too many."""
        require(
            self.transcripts.get(log.cursor) == log.transcript,
            "the transcript at the cursor is kept",
        )
        require(max(self.transcripts) == log.cursor, "no transcript lies beyond the cursor")
        require(len(self.transcripts) <= 2 * KEPT_TRANSCRIPTS, "transcripts do not pile up")
