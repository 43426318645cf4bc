"""The record that a conversation is to get from this client: what is wished for, and what is on its
way; pure.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from client.core.state.saved import SavedGroup
from shared.crypto.records import Snapshot
from shared.invariants import require
from shared.messages import PostRecord


@dataclass(frozen=True, slots=True)
class Change:
    """A change of members or title that the user ordered; done when a record with it is
    committed.
    """

    kind: str  # "add" | "remove" | "rename"
    uids: tuple[bytes, ...] = ()
    name: str = ""
    request_id: int = 0


@dataclass(frozen=True, slots=True)
class PostedRecord:
    """A record that is on its way, with the seed that counts only once the broker has committed the
    record.
    """

    post: PostRecord
    seed: bytes
    epoch: int
    change: Change | None
    title: str


@dataclass
class PendingRecord:
    """Owns what the next record shall do and the one that is on its way."""

    group: SavedGroup | None = None  # still to be created
    posted: PostedRecord | None = None
    changes: deque[Change] = field(default_factory=deque)
    is_admission_due: bool = False
    is_rotation_wanted: bool = False

    @property
    def next_change(self) -> Change | None:
        """What the user ordered first of what is not done."""
        return self.changes[0] if self.changes else None

    def order_group(self, group: SavedGroup) -> None:
        """A group is to be created."""
        self.group = group

    def forget_group(self) -> None:
        """The group exists, or its creation was refused."""
        self.group = None

    def order(self, change: Change) -> None:
        """The user orders a change."""
        self.changes.append(change)

    def finish(self, change: Change | None) -> bool:
        """The first change is done or refused; False if it was not this one."""
        if change is None or self.next_change is not change:
            return False
        self.changes.popleft()
        return True

    def post(self, record: PostedRecord) -> None:
        """A record is on its way."""
        self.posted = record

    def take_posted(self) -> PostedRecord | None:
        """It is answered, or the connection is gone: it is not on its way any more."""
        posted, self.posted = self.posted, None
        return posted

    def want_admission(self) -> None:
        """Let people in with the next record."""
        self.is_admission_due = True

    def take_admission(self) -> bool:
        """Whether people are to be let in now."""
        is_due, self.is_admission_due = self.is_admission_due, False
        return is_due

    def want_rotation(self, is_wanted: bool) -> None:
        """Whether the keys are to be changed with the next record."""
        self.is_rotation_wanted = is_wanted

    def check_invariants(self, snapshot: Snapshot | None, can_send: bool) -> None:
        """A record is on its way on a connection, and begins an epoch that may come next."""
        require(self.posted is None or can_send, "a record is on its way on a connection")
        last = -1 if snapshot is None else snapshot.epoch
        require(
            self.posted is None or self.posted.epoch <= last + 1,
            "a record begins no epoch but the next",
        )
        require(
            self.group is None or snapshot is None, "a group that is to be created is not there yet"
        )
