"""How far a conversation is read here and stored by the others, and who types in it; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import Struct

from shared.invariants import require
from shared.messages import Cursor


class Reading(Struct, kw_only=True):
    """The count of rows, how far they are read, and up to where all members have them; lies on
    disk.
    """

    row_count: int = 0
    read_position: int = 0
    unread: int = 0
    unread_mentions: int = 0
    last_at_ms: int = 0  # of the newest row
    delivered_upto: int = 0

    def add_row(self, at_ms: int, *, is_unread: bool, mentions_me: bool) -> None:
        """Count one more row at the end."""
        self.row_count += 1
        self.last_at_ms = max(self.last_at_ms, at_ms)
        if is_unread:
            self.unread += 1
            self.unread_mentions += mentions_me
        elif self.unread == 0:
            self.read_position = self.row_count

    def change_row(self, position: int, *, unread: int, mentions: int) -> None:
        """A row became something to be read (1), or is that no more (-1)."""
        if position >= self.read_position:
            self.unread += unread
            self.unread_mentions += mentions

    def read_all(self) -> None:
        """Nothing is left to be read."""
        self.read_position, self.unread, self.unread_mentions = self.row_count, 0, 0

    def read_upto(self, position: int, unread: int, mentions: int) -> None:
        """Rows below `position` are read, so many behind it are not."""
        self.read_position, self.unread, self.unread_mentions = position, unread, mentions

    def deliver(self, sequence: int) -> bool:
        """Every member has my messages up to here; False if that is not new."""
        before = self.delivered_upto
        self.delivered_upto = max(before, sequence)
        return self.delivered_upto > before

    def check_invariants(self, cursor: int) -> None:
        """What is counted is there."""
        require(0 <= self.read_position <= self.row_count, "no more is read than there is")
        require(
            0 <= self.unread <= self.row_count - self.read_position,
            "what is unread stands behind what is read",
        )
        require(0 <= self.unread_mentions <= self.unread, "mentions are unread")
        require(0 <= self.delivered_upto <= cursor, "what is delivered is in the log")


@dataclass
class Receipts:
    """Owns up to where the members' clients have stored the conversation."""

    cursors: dict[bytes, int] = field(default_factory=dict)

    def load(self, cursors: dict[bytes, int]) -> None:
        """Take over what lay on disk."""
        self.cursors = cursors

    def take(self, cursors: Iterable[Cursor]) -> list[int]:
        """Members' clients have stored more; gives where the cursors that have moved stood."""
        passed = []
        for cursor in cursors:
            before = self.cursors.get(cursor.uid, 0)
            if cursor.sequence > before:
                self.cursors[cursor.uid] = cursor.sequence
                passed.append(before)
        return passed


@dataclass
class Typing:
    """Owns who types now."""

    typing_until: dict[bytes, int] = field(
        default_factory=dict
    )  # uid -> shown until, on the steady clock

    def start(self, uid: bytes, until_ms: int) -> None:
        """Somebody types."""
        self.typing_until[uid] = until_ms

    def stop(self, uid: bytes) -> bool:
        """Somebody stopped; False if they did not type."""
        return self.typing_until.pop(uid, None) is not None

    def expire(self, now_ms: int) -> None:
        """Take away who has been silent since."""
        self.typing_until = {
            uid: until for uid, until in self.typing_until.items() if until > now_ms
        }
