"""What the window (or a headless caller) orders, what it is told, and what the core and its shell exchange.

Commands go down (`post(command)`, any thread). Notices come up in paced batches, in order. Both are frozen and hold
only plain values, so they cross threads freely. Ids are raw bytes of 16; times are Unix milliseconds UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum

from client.filetypes import IMAGE_TYPES, MAX_PREVIEW_BYTES, MAX_TEXT_FILE_BYTES, is_text_type

# --- vocabulary ------------------------------------------------------------------------------------------------


class ConversationKind(Enum):
    """In which section of the sidebar a conversation stands."""

    DIRECT = "direct"
    ANNOUNCEMENTS = "announcements"  # class channel, staff write
    CHANNEL = "channel"  # #general and open groups
    GROUP = "group"  # private study group


class MessageState(IntEnum):
    """How far an own message has come; it only grows (FAILED excepted)."""

    FAILED = 0
    SAVED = 1  # in the outbox on disk
    SENT = 2  # handed to the connection
    STORED = 3  # committed by the broker
    DELIVERED = 4  # stored by every current member's client


class RowKind(Enum):
    """What one row of a conversation is."""

    TEXT = "text"
    SYSTEM = "system"  # "bo added carmen"; `text` is the sentence
    WAITING = "waiting"  # its key has not arrived yet
    DELETED = "deleted"
    QUARANTINED = "quarantined"  # did not verify; `text` says why in words


class TransferDirection(Enum):
    """Whether a file goes to the broker or comes from it."""

    UP = "up"
    DOWN = "down"


class TransferState(Enum):
    """Where a transfer stands."""

    WAITING = "waiting"  # for the connection, for its turn, or for what `message` says
    ACTIVE = "active"
    PAUSED = "paused"  # by the user
    DONE = "done"
    FAILED = "failed"  # until ResumeTransfer or CancelTransfer; `message` says why


class ConnectionState(Enum):
    """Where the connection to the broker stands."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    ONLINE = "online"
    REFUSED = "refused"  # will not retry by itself


class Trust(Enum):
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


@dataclass(frozen=True, slots=True)
class FileInfo:
    """The file of a row. `version` counts the files of this name in the conversation from 1."""

    name: str  # safe to be written to a disk and to be shown
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


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a conversation. `position` is dense (0, 1, 2, ...) within its conversation and never changes.

    Own messages that the broker has not stored yet have position -1 and stand after all positions
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
    failure: str = ""  # the sentence for MessageState.FAILED
    file: FileInfo | None = None  # then `text` is its caption, maybe empty


@dataclass(frozen=True, slots=True)
class Transfer:
    """One file on its way. For an upload `transfer_id` is the message_id of the message that it will be."""

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
    code: str = ""
    message: str = ""  # why WAITING or FAILED, a sentence


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the class, myself included."""

    uid: bytes
    username: str
    role: int  # shared.messages.Role
    is_online: bool
    trust: Trust
    is_me: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a conversation. `group_role`: 0 member, 1 admin, 2 owner."""

    uid: bytes
    group_role: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that the sidebar, the header and the members panel show of one conversation."""

    conv_id: bytes
    kind: ConversationKind
    name: str  # without sign; for DIRECT the other person's username
    members: tuple[Member, ...]
    row_count: int  # stored rows: positions 0 .. row_count - 1
    read_position: int  # rows below it are read; the NEW line stands before it while unread > 0
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
    status: str  # a sentence when something is to be said ("Waiting for the key of 12 messages"), else ""
    draft: str  # what stood in the composer
    sequence: int = 0  # up to which the log is stored here


# --- commands --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base. A `request_id` other than 0 is answered by exactly one Done."""

    request_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText(Command):
    """Send a text; Done.data is the message_id (bytes) once it is in the outbox on disk."""

    conv_id: bytes
    text: str
    reply_to: bytes = b""  # message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EditMessage(Command):
    """Replace the text of an own message. Done.data is the message_id of the act."""

    message_id: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMessage(Command):
    """Delete a message for all (own, or any as admin). Done.data is the message_id of the act."""

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactToMessage(Command):
    """Add or remove an emoji. Done.data is the message_id of the act."""

    message_id: bytes
    emoji: str
    remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage(Command):
    """Try a FAILED message again."""

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardMessage(Command):
    """Take a FAILED or not yet sent message out of the outbox."""

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDirect(Command):
    """Make sure that the direct conversation with a person is in the list. Done.data is its conv_id."""

    uid: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGroup(Command):
    """Create a group; Done.data is its conv_id once it is in the outbox on disk."""

    name: str
    members: tuple[bytes, ...]  # uids, without me
    history_all: bool = True
    is_private: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMembers(Command):
    """Add people. Done when the broker has committed the record."""

    conv_id: bytes
    uids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMembers(Command):
    """Remove people. Done when the broker has committed the record."""

    conv_id: bytes
    uids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameGroup(Command):
    """Rename a group. Done when the broker has committed the record."""

    conv_id: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinGroup(Command):
    """Ask to join an open group; a member's client lets one in."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveGroup(Command):
    """Leave. Done when the broker has committed the statement."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClassRole(Command):
    """Make somebody an assistant or a student again (instructors only)."""

    uid: bytes
    role: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead(Command):
    """All rows below `position` are read (-1: all there are)."""

    conv_id: bytes
    position: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTyping(Command):
    """I type here (call freely; the core paces it)."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft(Command):
    """Keep what stands in the composer, sealed on disk."""

    conv_id: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptKey(Command):
    """I accept the changed key of this person (Trust.CHANGED -> PINNED)."""

    uid: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSafetyNumber(Command):
    """Done.data is the 60 digits for this person and me."""

    uid: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryNow(Command):
    """Connect now instead of waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRows(Command):
    """Read rows from disk: positions [first, first + count). Answered by one RowsLoaded with this request_id."""

    conv_id: bytes
    first: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFile(Command):
    """Send a file with a caption: from `path`, or `data` under `name` (a pasted image).

    Done.data is the message_id, which is also the transfer_id, once the order is on disk. `is_temporary`: the file at
    `path` was made for this and is removed when it has been sent.
    """

    conv_id: bytes
    path: str = ""
    name: str = ""
    data: bytes = b""
    text: str = ""
    reply_to: bytes = b""
    is_temporary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveFile(Command):
    """Save the file of a message. Done.data is the transfer_id.

    `path` is a folder (the file gets its own name there, numbered if that is taken) or a whole path, which is
    replaced once everything is verified.
    """

    message_id: bytes
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTransfer(Command):
    """Hold a transfer until ResumeTransfer, also across restarts."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeTransfer(Command):
    """Go on with a paused or failed transfer where it was."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTransfer(Command):
    """Give a transfer up: what was stored of it is removed. One that is DONE is only taken off the list."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPreview(Command):
    """The content of a small file (FileInfo.is_image or is_text), from the sealed cache or from the broker.

    Done.data is bytes, verified; several asks for one message share one transfer.
    """

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDrafts(Command):
    """All files of a conversation: Done.data is a tuple of drafts, the one changed last first.

    A draft is a tuple of rows, one for each version, oldest first; deleted versions are left out.
    """

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit(Command):
    """Save, say goodbye, stop. Done when all is on disk."""


# --- notices ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """Base of what the window and the headless client are told."""


@dataclass(frozen=True, slots=True)
class Done(Notice):
    """The one answer to a command with a request_id."""

    request_id: int
    ok: bool
    code: str = ""
    message: str = ""
    data: object = None


@dataclass(frozen=True, slots=True)
class ConnectionChanged(Notice):
    """The banner's content. `retry_in_s` is meaningful for OFFLINE; `outbox` counts messages not yet stored."""

    state: ConnectionState
    retry_in_s: float = 0.0
    outbox: int = 0
    code: str = ""  # why REFUSED or OFFLINE, e.g. "server_key_mismatch", "taken_over", "unreachable"
    message: str = ""


@dataclass(frozen=True, slots=True)
class SessionOpened(Notice):
    """First notice after the profile is unlocked: all that is known from disk, before any connection."""

    me: Person
    class_name: str
    people: tuple[Person, ...]
    conversations: tuple[Conversation, ...]
    pending: tuple[tuple[bytes, tuple[Row, ...]], ...] = ()  # (conv_id, pending rows)
    transfers: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSignedIn(Notice):
    """The broker has accepted the sign-in."""

    username: str
    role: int
    class_name: str


@dataclass(frozen=True, slots=True)
class PeopleChanged(Notice):
    """These people are new or changed (role, presence, trust)."""

    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ConversationsChanged(Notice):
    """These conversations are new or changed; each replaces what was known under its conv_id."""

    conversations: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class RowsAppended(Notice):
    """New stored rows at the end, in order of position. Sent exactly once per row."""

    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RowsUpdated(Notice):
    """Stored rows that changed (state, edit, deletion, reaction, a key that arrived). Pending rows excluded."""

    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RowsLoaded(Notice):
    """Answer to LoadRows; rows outside of what there is are left out."""

    request_id: int
    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PendingChanged(Notice):
    """All own messages of a conversation that are not stored yet, in order."""

    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class MessageStateChanged(Notice):
    """An own message came further (for the headless client; the window follows the rows)."""

    conv_id: bytes
    message_id: bytes
    state: MessageState
    sequence: int = 0
    code: str = ""
    delivered_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageChanged(Notice):
    """A stored message was edited, deleted or reacted to (for the headless client)."""

    conv_id: bytes
    message_id: bytes
    change: str  # "edited" | "deleted" | "reacted" | "opened" (its key arrived after it)
    by: str
    text: str = ""
    emoji: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class TransfersChanged(Notice):
    """These transfers are new or changed; each replaces what was known under its transfer_id. At most 10 per second."""

    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class TransferRemoved(Notice):
    """A transfer was cancelled, or taken off the list."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True)
class GroupChanged(Notice):
    """Membership or name of a group changed (for the headless client and notifications)."""

    conv_id: bytes
    change: str  # "created" | "added" | "removed" | "left" | "renamed"
    members: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class TypingChanged(Notice):
    """Who types in a conversation now (usernames; empty: nobody)."""

    conv_id: bytes
    usernames: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TrustChanged(Notice):
    """A key was pinned, extended, or CHANGED: the alarm."""

    uid: bytes
    username: str
    change: str  # "pinned" | "changed" | "extended"
    message: str


@dataclass(frozen=True, slots=True)
class Quarantined(Notice):
    """Something from the broker did not verify and was set aside."""

    conv_id: bytes
    reason: str
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class SignInFailed(Notice):
    """The profile could not be opened, or the broker refused the account. `field` is the input that it is about."""

    code: str
    message: str
    field: str = ""  # "invitation" | "username" | "passphrase" | ""
    suggestions: tuple[str, ...] = ()
