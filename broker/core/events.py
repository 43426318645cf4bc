"""What the broker's core is told (events, past tense), and what it orders (actions, imperative)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from broker.storage.base import Batch
from shared.messages import Entry, LogId, Message, PostedBox

# --- events ---


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """A session's frame, decoded.

    `user_id` and `key` (Z85) are what ZAP found, not what the client claims.
    """

    session: bytes
    user_id: str
    key: str
    messages: Sequence[Message]
    now_ms: int


@dataclass(frozen=True, slots=True)
class FrameMalformed:
    """A session sent a frame that cannot be read."""

    session: bytes
    user_id: str
    key: str
    now_ms: int


@dataclass(frozen=True, slots=True)
class Committed:
    """Everything persisted up to this ticket is on the disk."""

    ticket: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class CommitStalled:
    """The disk cannot be written at present.

    The worker keeps trying; nothing is lost, nothing is told.
    """


@dataclass(frozen=True, slots=True)
class PageRead:
    """The entries for a ReadPage."""

    session: bytes
    log_id: LogId
    through: int
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class BoxesRead:
    """The boxes for a ReadBoxes."""

    session: bytes
    conv_id: bytes
    epoch: int
    boxes: list[PostedBox]


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """Stored data could not be read; `about` names the log."""

    session: bytes
    about: bytes


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """The result of one WritePart; `code` is empty if the part is on the disk, else says why not."""

    session: bytes
    file_id: bytes
    number: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class PartsWritten:
    """Parts that are on the disk, or could not be written."""

    parts: list[WrittenPart]


@dataclass(frozen=True, slots=True)
class PartsListed:
    """The parts of a file that the disk holds.

    `digest` is that of the ListParts; `spare_bytes` is the free space beyond the reserve.
    """

    session: bytes
    file_id: bytes
    digest: bytes
    hashes: Mapping[int, bytes]  # part number -> BLAKE2b-256
    spare_bytes: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class PartRead:
    """The part for a ReadPart; `code` says why there is none."""

    session: bytes
    file_id: bytes
    number: int
    data: bytes
    now_ms: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class PeerGone:
    """The connection of a session has ended."""

    session: bytes


@dataclass(frozen=True, slots=True)
class PeerLagging:
    """The session's queue is full: something could not be sent to it."""

    session: bytes
    now_ms: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """About a tenth of a second has passed."""

    now_ms: int


@dataclass(frozen=True, slots=True)
class HostOrdered:
    """The host wants something done; report `HostAnswered` with this number after the commit."""

    number: int
    order: HostOrder
    now_ms: int


@dataclass(frozen=True, slots=True)
class Stopping:
    """The broker ends; everything that was accepted is committed."""


# The orders that HostOrdered may carry.


@dataclass(frozen=True, slots=True)
class ListAccounts:
    """List the people in the class."""


@dataclass(frozen=True, slots=True)
class GiveRole:
    """Give a person another role."""

    username: str
    role: int


@dataclass(frozen=True, slots=True)
class RestrictAccount:
    """Ban a person, or lift a restriction: a shared.messages.Restriction except CLOSED."""

    username: str
    restriction: int


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """Close an account and free its name for whoever holds the personal code."""

    username: str
    code: str


@dataclass(frozen=True, slots=True)
class UseCodes:
    """Use these join codes from now on. A closed account keeps its personal code."""

    student: str
    instructor: str


HostOrder = ListAccounts | GiveRole | RestrictAccount | CloseAccount | UseCodes

Event = (
    FrameReceived
    | FrameMalformed
    | Committed
    | CommitStalled
    | PageRead
    | BoxesRead
    | ReadFailed
    | PartsWritten
    | PartsListed
    | PartRead
    | PeerGone
    | PeerLagging
    | Ticked
    | HostOrdered
    | Stopping
)

# --- actions ---


@dataclass(frozen=True, slots=True)
class SendTo:
    """Send these bytes, one frame, to each of the sessions."""

    sessions: Sequence[bytes]
    data: bytes


@dataclass(frozen=True, slots=True)
class Persist:
    """Commit this; report `Committed` with this ticket or a later one."""

    ticket: int
    batch: Batch = field(default_factory=Batch)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Read entries after < sequence <= through for a session."""

    session: bytes
    log_id: LogId
    after: int
    through: int
    limit: int

    @property
    def about(self) -> bytes:
        """What `ReadFailed` names."""
        return self.log_id


@dataclass(frozen=True, slots=True)
class ReadBoxes:
    """Read the boxes of one epoch addressed to `uid`."""

    session: bytes
    conv_id: bytes
    epoch: int
    uid: bytes

    @property
    def about(self) -> bytes:
        """What `ReadFailed` names."""
        return self.conv_id


@dataclass(frozen=True, slots=True)
class WritePart:
    """Put a part on the disk; report `PartsWritten`.

    Writes, lists and removals of parts are done in the order in which they were given.
    """

    session: bytes
    file_id: bytes
    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ListParts:
    """List the parts of a file on the disk; `digest` is returned with the answer."""

    session: bytes
    file_id: bytes
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class RemoveParts:
    """Remove all parts of a file."""

    file_id: bytes


@dataclass(frozen=True, slots=True)
class ReadPart:
    """Read a part for a session; report `PartRead`."""

    session: bytes
    file_id: bytes
    number: int


@dataclass(frozen=True, slots=True)
class Disconnect:
    """End a connection `after_ms` from now, so that what was sent before can still arrive."""

    session: bytes
    after_ms: int = 0


@dataclass(frozen=True, slots=True)
class RegisterKey:
    """From now on ZAP gives this username to connections with this key."""

    key: str
    username: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report for the log and the counters; never content."""

    event: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """One account as the host sees it."""

    username: str
    role: int
    restriction: int
    is_online: bool
    file_bytes: int


@dataclass(frozen=True, slots=True)
class HostAnswered:
    """The answer to a HostOrdered. `code` is empty if it was done, else `message` says why not."""

    number: int
    code: str = ""
    message: str = ""
    accounts: tuple[AccountInfo, ...] = ()


Action = (
    SendTo
    | Persist
    | ReadPage
    | ReadBoxes
    | WritePart
    | ListParts
    | RemoveParts
    | ReadPart
    | Disconnect
    | RegisterKey
    | Report
    | HostAnswered
)
