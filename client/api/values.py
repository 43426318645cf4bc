"""What the core shows to the window: rows, files, transfers, people, conversations.

All values are frozen, so threads can share them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum

from client.api.said import Failed, Told
from client.text.filetypes import IMAGE_TYPES, MAX_PREVIEW_BYTES, MAX_TEXT_FILE_BYTES, is_text_type


class ConversationKind(Enum):
    """The section of the sidebar that a conversation belongs to."""

    DIRECT = "direct"
    ANNOUNCEMENTS = "announcements"  # class channel, staff write
    CHANNEL = "channel"  # #general and open groups
    GROUP = "group"  # private study group


class MessageState(IntEnum):
    """How far a message of one's own has got; it only grows (except for FAILED)."""

    FAILED = 0
    SAVED = 1  # in the outbox on disk
    SENT = 2  # handed to the connection
    STORED = 3  # committed by the broker
    DELIVERED = 4  # stored by every current member's client


class RowKind(StrEnum):
    """What one row of a conversation is."""

    TEXT = "text"
    SYSTEM = "system"  # "bo added carmen"; `said` is what happened
    WAITING = "waiting"  # its key has not arrived yet
    DELETED = "deleted"
    QUARANTINED = "quarantined"  # did not verify; `said` is why


class QuestionState(Enum):
    """Whether a question has been answered."""

    OPEN = "open"
    ANSWERED = "answered"  # somebody else has replied
    ACCEPTED = "accepted"  # the asker or the staff has taken an answer as the right one


class TransferDirection(Enum):
    """Whether a file goes to the broker or comes from it."""

    UP = "up"
    DOWN = "down"


class TransferState(StrEnum):
    """The state of a transfer."""

    WAITING = "waiting"  # for the connection, for its turn, or for what `failure` says
    ACTIVE = "active"
    PAUSED = "paused"  # by the user
    DONE = "done"
    FAILED = "failed"  # until ResumeTransfer or CancelTransfer; `failure` says why


class ConnectionState(Enum):
    """The state of the connection to the broker."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    ONLINE = "online"
    REFUSED = "refused"  # will not retry on its own


class Trust(StrEnum):
    """How we know a person's key."""

    PINNED = "pinned"
    VERIFIED = "verified"
    CHANGED = "changed"  # sending to them is blocked until AcceptKey


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that a row answers, shortened to one line."""

    message_id: bytes
    username: str
    text: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message and who gave it."""

    emoji: str
    usernames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInfo:
    """The file of a row. `version` counts the files of this name in the conversation from 1."""

    name: str  # safe to write to a disk and to show
    size: int  # bytes
    mime: str
    sha256: bytes  # empty while an own upload is not finished
    version: int = 1
    previous: bytes = b""  # message_id of the version before
    width: int = 0  # pixels, if it is an image
    height: int = 0

    @property
    def is_image(self) -> bool:
        """Whether the window may show it inline."""
        return self.width > 0 and self.mime in IMAGE_TYPES and self.size <= MAX_PREVIEW_BYTES

    @property
    def is_text(self) -> bool:
        """Whether two versions of it can be compared line by line."""
        return is_text_type(self.name, self.mime) and self.size <= MAX_TEXT_FILE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a conversation. `position` is dense (0, 1, 2, ...) in it and never changes.

    Own messages that the broker has not stored yet have position -1 and come after all positions
    (PendingChanged gives them in order).
    """

    position: int
    message_id: bytes
    sequence: int  # 0 while pending
    kind: RowKind
    sender: bytes  # uid; empty for SYSTEM
    username: str
    sent_at_ms: int
    text: str
    is_own: bool = False
    state: MessageState = MessageState.STORED  # meaningful for own rows
    is_edited: bool = False
    mentions_me: bool = False
    quote: Quote | None = None
    reactions: tuple[Reaction, ...] = ()
    failure: Failed | None = None  # why, for MessageState.FAILED
    said: Told | None = None  # for SYSTEM and QUARANTINED
    file: FileInfo | None = None  # then `text` is its caption, maybe empty
    is_pinned: bool = False
    question: QuestionState | None = None  # None if it is not a question
    answers: int = 0  # replies of others to this question
    is_accepted: bool = False  # the answer that was taken as the right one
    is_answer: bool = False  # it replies to a question


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search: (conv_id, row), newest first; for similar questions, best first."""

    hits: tuple[tuple[bytes, Row], ...]
    is_complete: bool  # False while older messages are still being read


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One file being transferred.

    For an upload, `transfer_id` is the message_id of the future message.
    """

    transfer_id: bytes
    message_id: bytes
    conv_id: bytes
    direction: TransferDirection
    state: TransferState
    name: str
    size: int
    bytes_done: int  # up: stored by the broker; down: verified and written
    path: str  # of the source, or where it is saved
    rate: int = 0  # bytes per second, while ACTIVE
    sha256: bytes = b""  # once DONE: the whole file was verified against it
    failure: Failed | None = None  # why WAITING or FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the class, including oneself."""

    uid: bytes
    username: str
    role: int  # shared.messages.Role
    is_online: bool
    trust: Trust
    is_me: bool = False
    restriction: int = 0  # shared.messages.Restriction


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a conversation. `group_role`: 0 member, 1 admin, 2 owner."""

    uid: bytes
    group_role: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything about a conversation that the sidebar, header and members panel show."""

    conv_id: bytes
    kind: ConversationKind
    name: str  # without sign; for DIRECT the other person's username
    members: tuple[Member, ...]
    row_count: int  # stored rows: positions 0 .. row_count - 1
    read_position: int  # rows below it are read; the NEW line comes before it while unread > 0
    unread: int
    unread_mentions: int
    last_at_ms: int  # of the newest row, 0 if none
    can_write: bool
    can_add: bool
    can_remove: bool
    can_rename: bool
    can_leave: bool
    is_member: bool  # False: left, removed, or an open group not joined
    is_waiting: bool  # asked to join, or the keys have not arrived yet
    status: Told | None  # when something is to be said: waiting for keys, a fault of the server
    unsent_text: str  # what stood in the composer
    sequence: int = 0  # up to which the log is stored here
    can_pin: bool = False
