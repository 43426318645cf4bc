"""What the client keeps on disk as plain structs: one table for each, sealed by the store."""

from __future__ import annotations

from typing import ClassVar, Protocol

from msgspec import Struct, field

from client.api.said import Failed
from client.api.values import RowKind, TransferState, Trust
from client.core.state.about import About
from client.core.state.log_position import Doubts, LogPosition, OwnChain
from client.core.state.member_moves import MemberMoves
from client.core.state.reading import Reading
from shared.crypto.records import Snapshot


class Saved(Protocol):
    """What is kept under a table and a key."""

    TABLE: ClassVar[str]

    def key(self) -> bytes:
        """The key within the table."""


def _numbered(conv_id: bytes, number: int) -> bytes:
    return conv_id + number.to_bytes(8, "big")


class SavedSelf(Struct, kw_only=True):
    """What I know of myself and of the class."""

    TABLE: ClassVar[str] = "self"
    class_id: bytes = b""
    class_name: str = ""
    role: int = 0
    directory_cursor: int = 0
    has_signed_in: bool = False
    outbox_order: int = 0
    directory_digest: bytes = b""  # of the entry at directory_cursor
    is_directory_lost: bool = (
        False  # the server's directory does not go on from there (client/core/server_faults.py)
    )
    recovery_kept: bytes = b""  # auth_hash of the recovery blob that the broker has

    def key(self) -> bytes:
        return b"self"


class SavedAccount(Struct, kw_only=True):
    """One account of the directory with all that its chain was built from."""

    TABLE: ClassVar[str] = "account"
    uid: bytes
    username: str
    role: int
    max_role: int  # the highest role ever held: old records of a former assistant stay valid
    genesis: bytes
    chain: list[bytes] = field(default_factory=list)
    trust: Trust = Trust.PINNED
    restriction: int = 0  # shared.messages.Restriction
    number: int = 0  # the sequence of its entry in the directory

    def key(self) -> bytes:
        return self.uid


class SavedChannel(Struct, frozen=True):
    """An open group as the directory announces it."""

    TABLE: ClassVar[str] = "channel"
    conv_id: bytes
    name: str

    def key(self) -> bytes:
        return self.conv_id


class SavedConversation(Struct, kw_only=True):
    """Where one conversation stands; small, saved with every change."""

    TABLE: ClassVar[str] = "conversation"
    conv_id: bytes
    about: About = field(default_factory=About)
    log: LogPosition = field(default_factory=LogPosition)
    own: OwnChain = field(default_factory=OwnChain)
    doubts: Doubts = field(default_factory=Doubts)
    reading: Reading = field(default_factory=Reading)
    moves: MemberMoves = field(default_factory=MemberMoves)

    def key(self) -> bytes:
        return self.conv_id


class SavedSnapshot(Struct, frozen=True):
    """The newest membership of a conversation and since which epoch each member belongs to it."""

    TABLE: ClassVar[str] = "snapshot"
    conv_id: bytes
    snapshot: Snapshot
    joined: dict[bytes, int]

    def key(self) -> bytes:
        return self.conv_id


class SavedEpoch(Struct, frozen=True, kw_only=True):
    """One epoch of a conversation; `seed` is empty until its key has arrived."""

    TABLE: ClassVar[str] = "epoch"
    conv_id: bytes
    epoch: int
    epoch_id: bytes
    commit: bytes
    link: bytes
    author: bytes
    sequence: int
    has_me: bool
    seed: bytes = b""
    title: bytes = b""  # as it is sealed in this epoch
    may_rename: bool = False  # whether its author may
    sent_at_ms: int = 0

    def key(self) -> bytes:
        return _numbered(self.conv_id, self.epoch)


class SavedSender(Struct, frozen=True):
    """The last message of one device in one conversation."""

    TABLE: ClassVar[str] = "sender"
    conv_id: bytes
    did: bytes
    n: int
    hash: bytes
    sequence: int

    def key(self) -> bytes:
        return self.conv_id + self.did


class Rights(Struct, frozen=True):
    """What the sender of a message might do about those of others when it was stored."""

    may_delete: bool
    may_pin: bool
    is_staff: bool


class SavedWaiting(Struct, frozen=True, kw_only=True):
    """A message whose key has not arrived. `position` is -1 if it takes no row of its own."""

    TABLE: ClassVar[str] = "waiting"
    conv_id: bytes
    sequence: int
    epoch: int
    position: int
    sender: bytes
    stored_at_ms: int
    message_id: bytes
    header: bytes
    cipher: bytes
    rights: Rights | None = None  # later it is too late to ask: the sender may have left

    def key(self) -> bytes:
        return _numbered(self.conv_id, self.sequence)


class StoredFile(Struct, frozen=True, kw_only=True):
    """The file of a row: what the sender signed, and which version of its draft it is."""

    file_id: bytes
    key: bytes
    size: int
    root: bytes
    sha256: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0
    version: int = 1
    previous: bytes = b""  # message_id


class SavedOutbox(Struct, kw_only=True):
    """An own message that the broker has not stored yet; it keeps the bytes it was last sealed
    to.
    """

    TABLE: ClassVar[str] = "outbox"
    message_id: bytes
    conv_id: bytes
    order: int
    body: bytes
    text: str  # shown while pending; empty for acts (edit, delete, reaction)
    is_act: bool
    reply_to: bytes
    sent_at_ms: int
    failure: str = ""  # a refusal code: it waits for RetryMessage or DiscardMessage
    epoch_id: bytes = b""
    n: int = 0
    prev: bytes = b""
    header: bytes = b""
    cipher: bytes = b""
    file: StoredFile | None = None
    is_question: bool = False

    def key(self) -> bytes:
        return self.message_id


class SavedTransfer(Struct, kw_only=True):
    """A file on its way, or done.

    The broker's parts and the length of the file being written say how far it is.
    """

    TABLE: ClassVar[str] = "transfer"
    transfer_id: bytes
    message_id: bytes
    conv_id: bytes
    is_upload: bool
    order: int
    sent_at_ms: int
    state: TransferState  # ACTIVE is never kept
    path: str  # of the source, or where it is to be saved
    name: str
    mime: str
    size: int
    file_id: bytes
    file_key: bytes
    stamp: list[int] = field(default_factory=list)  # of the source: when it was changed
    width: int = 0
    height: int = 0
    text: str = ""
    reply_to: bytes = b""
    data: bytes = b""  # of a pasted image, until it is sent
    is_temporary: bool = False
    bytes_done: int = 0
    root: bytes = b""
    sha256: bytes = b""
    failure: Failed | None = None  # why it waits or has failed

    def key(self) -> bytes:
        return self.transfer_id


class SavedDraft(Struct):
    """The files of one name in a conversation: (sequence, message_id) of each version, oldest
    first.
    """

    TABLE: ClassVar[str] = "draft"
    draft_id: bytes  # random: keys are not sealed, so a name must not stand in one
    conv_id: bytes
    name: str  # folded: names that differ in case alone are one draft
    versions: list[tuple[int, bytes]] = field(default_factory=list)

    def key(self) -> bytes:
        return self.draft_id


class SavedMarks(Struct):
    """The pinned messages of a conversation in the order of pinning, and its questions as
    (sequence, message_id).
    """

    TABLE: ClassVar[str] = "marks"
    conv_id: bytes
    pins: list[bytes] = field(default_factory=list)
    questions: list[tuple[int, bytes]] = field(default_factory=list)

    def key(self) -> bytes:
        return self.conv_id


class SavedGroup(Struct, frozen=True):
    """A group that is still to be created at the broker."""

    TABLE: ClassVar[str] = "group"
    conv_id: bytes
    random: bytes
    name: str
    members: list[bytes]
    history_all: bool
    is_private: bool

    def key(self) -> bytes:
        return self.conv_id


class SavedCursors(Struct, frozen=True):
    """Up to where the members' clients have stored a conversation."""

    TABLE: ClassVar[str] = "cursors"
    conv_id: bytes
    cursors: dict[bytes, int]

    def key(self) -> bytes:
        return self.conv_id


class StoredReaction(Struct, frozen=True):
    """One emoji under a row and the uids that gave it."""

    emoji: str
    uids: tuple[bytes, ...]


class StoredRow(Struct, frozen=True, kw_only=True):
    """One row as it lies on disk; names are looked up when it is shown."""

    conv_id: bytes
    position: int
    message_id: bytes
    sequence: int
    kind: RowKind
    sender: bytes
    sent_at_ms: int
    text: str
    hash: bytes = b""
    is_own: bool = False
    is_edited: bool = False
    mentions_me: bool = False
    reply_to: bytes = b""
    quote_sender: bytes = b""
    quote_text: str = ""
    reactions: tuple[StoredReaction, ...] = ()
    file: StoredFile | None = None
    is_pinned: bool = False
    is_question: bool = False
    answers: int = 0  # replies of others to this question
    accepted: bytes = b""  # message_id of the answer that counts
    is_accepted: bool = False  # this is that answer
    said: bytes = b""  # of SYSTEM and QUARANTINED (client/api/said.py: encode_said)

    @property
    def counts_as_unread(self) -> bool:
        """Whether it is something of another person to be read."""
        return not self.is_own and self.kind in (RowKind.TEXT, RowKind.WAITING)


TABLES: tuple[type[Saved], ...] = (
    SavedSelf,
    SavedAccount,
    SavedChannel,
    SavedConversation,
    SavedSnapshot,
    SavedEpoch,
    SavedSender,
    SavedWaiting,
    SavedOutbox,
    SavedGroup,
    SavedCursors,
    SavedTransfer,
    SavedDraft,
    SavedMarks,
)
