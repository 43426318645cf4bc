"""What the broker's core is told (events, past tense), and what it orders (actions, imperative)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from broker.storage.base import Batch
from shared.messages import Entry, LogId, Message, PostedBox

# --- events ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """A frame of a session, decoded. `user_id` and `key` (Z85) are what ZAP found, not what the client says."""

    session: bytes
    user_id: str
    key: str
    messages: Sequence[Message]
    size_bytes: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class FrameMalformed:
    """A session sent what cannot be read."""

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
    """The disk does not take the data at present. The worker keeps trying; nothing is lost, nothing is told."""


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
class Stopping:
    """The broker ends; everything that was taken is committed."""


Event = (
    FrameReceived | FrameMalformed | Committed | CommitStalled | PageRead | BoxesRead | ReadFailed | PeerGone
    | PeerLagging | Ticked | Stopping
)  # fmt: skip

# --- actions ---------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class ReadBoxes:
    """Read the boxes of one epoch addressed to `uid`."""

    session: bytes
    conv_id: bytes
    epoch: int
    uid: bytes


@dataclass(frozen=True, slots=True)
class Disconnect:
    """End a connection, `after_ms` from now so that what was sent before can still arrive."""

    session: bytes
    after_ms: int = 0


@dataclass(frozen=True, slots=True)
class RegisterKey:
    """From now on ZAP names this key's connections by this username."""

    key: str
    username: str


@dataclass(frozen=True, slots=True)
class Report:
    """Something for the log and the counters; never content."""

    event: str
    username: str = ""


Action = SendTo | Persist | ReadPage | ReadBoxes | Disconnect | RegisterKey | Report
