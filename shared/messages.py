"""Every message of the wire as a frozen struct, with its tag and the limits of both sides.

docs/PROTOCOL.md describes when each of them is sent.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Final, NewType

from msgspec import Meta, Struct

PROTOCOL_VERSION: Final = 1

MAX_FRAME_BYTES: Final = 1024 * 1024  # a whole frame, before it is parsed
MAX_HEADER_BYTES: Final = 512
MAX_CIPHER_BYTES: Final = 64 * 1024
MAX_RECORD_BYTES: Final = (
    512 * 1024
)  # a record that adds 2,000 members; without adds records stay under 8 KiB
MAX_CHAIN_ENTRY_BYTES: Final = 2048
MAX_STATEMENT_BYTES: Final = 512
MAX_BOX_BYTES: Final = 256
MAX_MEMBERS: Final = 2000
MAX_NAME_BYTES: Final = 64  # username or group name in UTF-8
MAX_BOXES: Final = 4096  # in one request
MAX_PAGE_ENTRIES: Final = 1000
MAX_PAGE_BYTES: Final = 512 * 1024
CHUNK_BYTES: Final = 256 * 1024  # of a file, before it is sealed
PART_BYTES: Final = CHUNK_BYTES + 40  # a sealed chunk: nonce, data, tag
PART_HASH_BYTES: Final = 32
MAX_PARTS: Final = 16_384 + 2  # a file of 4 GiB and its index
MAX_WINDOW: Final = 16  # parts of one connection on their way in one direction
MAX_ASKED: Final = 64  # part numbers in one FetchParts
RECEIPT_BYTES: Final = 8

Uid = NewType("Uid", bytes)  # 16 bytes: start of the hash of the account's genesis entry
LogId = NewType("LogId", bytes)  # 16 bytes: a conversation, or DIRECTORY_LOG
MessageId = NewType("MessageId", bytes)  # 16 random bytes, chosen by the sender

DIRECTORY_LOG: Final = LogId(bytes(16))

Id16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, Meta(min_length=64, max_length=64)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Name = Annotated[str, Meta(max_length=64)]
Line = Annotated[str, Meta(max_length=1024)]
Bits = Annotated[
    bytes, Meta(max_length=128 * 1024)
]  # bit n & 7 of byte n >> 3: the n-th entry of the directory
HeaderBytes = Annotated[bytes, Meta(max_length=MAX_HEADER_BYTES)]
CipherBytes = Annotated[bytes, Meta(max_length=MAX_CIPHER_BYTES)]
RecordBytes = Annotated[bytes, Meta(max_length=MAX_RECORD_BYTES)]
ChainBytes = Annotated[bytes, Meta(max_length=MAX_CHAIN_ENTRY_BYTES)]
StatementBytes = Annotated[bytes, Meta(max_length=MAX_STATEMENT_BYTES)]
BoxBytes = Annotated[bytes, Meta(max_length=MAX_BOX_BYTES)]
RecoveryHeader = Annotated[bytes, Meta(max_length=256)]
RecoveryBytes = Annotated[bytes, Meta(max_length=64 * 1024)]
Auth = Annotated[bytes, Meta(max_length=32)]
PartBytes = Annotated[bytes, Meta(max_length=PART_BYTES)]
PartNumber = Annotated[int, Meta(ge=0, lt=MAX_PARTS)]
PartNumbers = Annotated[list[PartNumber], Meta(max_length=MAX_ASKED)]
PartCount = Annotated[int, Meta(ge=1, le=MAX_PARTS)]
Receipt = Annotated[bytes, Meta(min_length=RECEIPT_BYTES, max_length=RECEIPT_BYTES)]
Receipts = Annotated[list[Receipt], Meta(max_length=MAX_ASKED)]
StoredParts = Annotated[bytes, Meta(max_length=MAX_PARTS * (4 + PART_HASH_BYTES))]


class Role(IntEnum):
    """A person's role in the class, granted by the broker's operator through the invitation."""

    STUDENT = 0
    ASSISTANT = 1
    INSTRUCTOR = 2


class Restriction(IntEnum):
    """What a person may no longer do, by order of the staff or of whoever runs the server."""

    NONE = 0
    MUTED = 1  # reads, and writes only in direct conversations
    BANNED = 2  # cannot sign in
    CLOSED = 3  # for ever; the name may be registered again. Only the host can do it


class EntryKind(IntEnum):
    """The kind of a log entry: 1..15 in conversation logs, from 16 in the directory log."""

    MESSAGE = 1  # body = header, proof = cipher
    RECORD = 2  # body = epoch record, proof = signature
    LEAVE = 3  # body = signed statement, proof = signature
    JOIN = 4  # body = signed statement, proof = signature
    WITHHELD = 5  # body = entry hash of an entry that this reader may not have (from_join history)
    ACCOUNT = 16  # body = packed [username, role, genesis blob]
    CHAIN = 17  # body = chain entry blob
    ROLE = 18  # body = packed [uid, role]
    CHANNEL = 19  # body = packed [conv_id, name]: an open group was created or renamed
    RESTRICTION = (
        20  # body = packed [uid, restriction]; the sender belongs to the staff, or is empty
    )


class Message(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of everything that travels: packed as a MessagePack array `[tag, field, ...]`.

    `gc=False` where there are many and no field can hold a container: the garbage collector need
    not look at them.
    """


# --- parts ---


class Entry(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One row of an append-only log. `sequence` starts at 1 and has no gaps."""

    sequence: Count
    kind: int
    sender: bytes  # uid; empty for the broker itself
    stored_at_ms: Count
    message_id: bytes  # 16 bytes, or empty for directory entries
    body: bytes
    proof: bytes


class LogHead(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """The last sequence of a log that the reader may read.

    For a removed member, that is the entry that removed them.
    """

    log_id: Id16
    head: Count


class Box(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """The seed of an epoch, sealed to one member's account key of generation `uk_gen`."""

    uid: Id16
    uk_gen: Count
    box: BoxBytes


BoxList = Annotated[list[Box], Meta(max_length=MAX_BOXES)]


class PostedBox(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A box as the broker hands it out: who posted it, and the box."""

    poster: Id16
    uk_gen: Count
    box: BoxBytes


class Cursor(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """The sequence up to which a member's client has stored a conversation."""

    uid: Id16
    sequence: Count


# --- client to broker ---


class Hello(Message, frozen=True, tag=1):
    """The first message on every connection."""

    protocol: Count
    client: Line
    username: Name


class Register(Message, frozen=True, tag=2):
    """Create the account `username`. Answered by Registered or Refused."""

    username: Name
    join_code: Line
    genesis: ChainBytes
    login_signature: Bytes64


class SignIn(Message, frozen=True, tag=3):
    """Sign in with a device of an account. Answered by SignedIn or Refused."""

    uid: Id16
    did: Id16
    login_signature: Bytes64


class SignOut(Message, frozen=True, tag=4):
    """Announce that the client ends; not answered."""


class Ping(Message, frozen=True, tag=5, gc=False):
    """Answered by Pong with the same number. Also ends `lagging`."""

    nonce: Count


class Attach(Message, frozen=True, tag=6):
    """Sign in a device's second connection, only for file parts; signed like SignIn.

    Answered by Attached.
    """

    uid: Id16
    did: Id16
    login_signature: Bytes64


class ReadLog(Message, frozen=True, tag=10):
    """Read entries with sequence > after. Answered by Entries (possibly empty) or Refused."""

    log_id: Id16
    after: Count
    limit: Count


class SendMessage(Message, frozen=True, tag=11, gc=False):
    """Append a sealed message.

    Answered by MessageAccepted after the commit, or Refused(about=message_id).
    """

    message_id: Id16
    conv_id: Id16
    header: HeaderBytes
    cipher: CipherBytes


class PostRecord(Message, frozen=True, tag=12):
    """Append an epoch record (membership, policy, title, new key) with the boxes of its seed."""

    message_id: Id16
    conv_id: Id16
    record: RecordBytes
    signature: Bytes64
    boxes: BoxList


class PostStatement(Message, frozen=True, tag=13):
    """Append a signed LEAVE or JOIN statement of the sender."""

    message_id: Id16
    conv_id: Id16
    kind: int
    statement: StatementBytes
    signature: Bytes64


class PostBoxes(Message, frozen=True, tag=14):
    """Share the seed of an epoch again: boxes for members who lack it.

    Not answered unless refused.
    """

    conv_id: Id16
    epoch: Count
    boxes: BoxList


class FetchBoxes(Message, frozen=True, tag=15):
    """Ask for all boxes of one epoch addressed to me. Answered by Boxes (possibly empty)."""

    conv_id: Id16
    epoch: Count


class RequestKey(Message, frozen=True, tag=16):
    """Ask the members of an epoch for its seed. Fanned out to online members as KeyRequested."""

    conv_id: Id16
    epoch: Count
    statement: StatementBytes
    signature: Bytes64


class AdvanceCursor(Message, frozen=True, tag=17, gc=False):
    """My client has stored the conversation up to this sequence. Cumulative; not answered."""

    conv_id: Id16
    sequence: Count


class FetchCursors(Message, frozen=True, tag=18):
    """Ask for the cursors of all members of a conversation. Answered by CursorsAdvanced."""

    conv_id: Id16


class StartTyping(Message, frozen=True, tag=19):
    """Say that I am typing in this conversation.

    Not stored, not answered; at most one per 3 s.
    """

    conv_id: Id16


class AppendChain(Message, frozen=True, tag=20):
    """Extend my own account chain by one signed entry."""

    message_id: Id16
    entry: ChainBytes


class SetRole(Message, frozen=True, tag=21):
    """Change a person's role in the class (instructors only)."""

    message_id: Id16
    uid: Id16
    role: int


class Restrict(Message, frozen=True, tag=22):
    """Mute or ban a student, or take that back: staff mutes, instructors ban."""

    message_id: Id16
    uid: Id16
    restriction: int


class KeepRecovery(Message, frozen=True, tag=23):
    """Keep my recovery blob in place of the previous one.

    Answered by RecoveryKept once it is stored.
    """

    header: RecoveryHeader
    auth_hash: Bytes32
    blob: RecoveryBytes


class AskRecovery(Message, frozen=True, tag=24):
    """Ask, before a sign-in, for the header of a name (`auth` empty), then for its blob.

    Answered by Recovery or Refused.
    """

    username: Name
    auth: Auth


class OpenUpload(Message, frozen=True, tag=30):
    """Begin an upload or resume it. Answered by UploadReady or Refused(about=file_id)."""

    file_id: Id16
    conv_id: Id16
    part_count: PartCount
    total_bytes: Count  # of all parts together


class PutPart(Message, frozen=True, tag=31, gc=False):
    """One part of an open upload.

    Answered by PartsStored once it is on the disk; the last part with a number counts.
    """

    file_id: Id16
    number: PartNumber
    data: PartBytes


class CloseUpload(Message, frozen=True, tag=32):
    """Say that all parts are sent; `digest` is BLAKE2b-256 over their hashes in order.

    Answered by UploadClosed, or by UploadReady if the broker has other parts than these.
    """

    file_id: Id16
    digest: Bytes32


class FetchParts(Message, frozen=True, tag=33):
    """Ask for parts of a file, in this order; each arrives as a Part.

    `receipts` return the credit of parts already read.
    """

    file_id: Id16
    numbers: PartNumbers
    receipts: Receipts


class DeleteFile(Message, frozen=True, tag=34):
    """Remove an upload of one's own, finished or not. Not answered."""

    file_id: Id16


# --- broker to client ---


class Welcome(Message, frozen=True, tag=40):
    """The answer to Hello: who I am, and the challenge that Register or SignIn must sign."""

    protocol: Count
    class_name: Line
    class_id: Id16
    challenge: Bytes32
    joining: str  # "code" or "open"
    uid: bytes  # of the account with the name in Hello, empty if none


class Registered(Message, frozen=True, tag=41):
    """The account exists now. Reconnect with a fresh socket and sign in."""

    uid: Id16


class SignedIn(Message, frozen=True, tag=42):
    """You are signed in. `heads` names every log you may read; catch up with ReadLog."""

    uid: Id16
    username: Name
    role: int
    heads: list[LogHead]
    online: Bits
    server_time_ms: Count


class Refused(Message, frozen=True, tag=43):
    """A request was refused. `about` is its message_id or conv_id, or empty."""

    code: str
    message: Line
    about: bytes
    suggestions: list[Name]
    retry_after_ms: Count


class Pong(Message, frozen=True, tag=44):
    """The answer to Ping."""

    nonce: Count


class SignedOut(Message, frozen=True, tag=45):
    """The broker ended this session: code is "taken_over", "kicked" or "stopping"."""

    code: str
    message: Line


class Entries(Message, frozen=True, tag=50):
    """Entries of one log in order: live push, or the answer to ReadLog.

    `head` is the last sequence there is.
    """

    log_id: Id16
    entries: list[Entry]
    head: Count


class MessageAccepted(Message, frozen=True, tag=51, gc=False):
    """The request with this message_id is committed at this sequence; also answers a repeat."""

    message_id: Id16
    log_id: Id16
    sequence: Count


class Boxes(Message, frozen=True, tag=53):
    """All boxes of one epoch addressed to me."""

    conv_id: Id16
    epoch: Count
    boxes: list[PostedBox]


class KeyRequested(Message, frozen=True, tag=54):
    """A member lacks the seed of an epoch.

    Also sent to that member's askers when a box has been posted.
    """

    conv_id: Id16
    epoch: Count
    uid: Id16
    statement: StatementBytes
    signature: Bytes64


class BoxesPosted(Message, frozen=True, tag=55):
    """Somebody has shared the seed of this epoch with you again: fetch it."""

    conv_id: Id16
    epoch: Count


class CursorsAdvanced(Message, frozen=True, tag=56):
    """Members' clients have stored the conversation up to these sequences."""

    conv_id: Id16
    cursors: list[Cursor]


class PresenceChanged(Message, frozen=True, tag=57):
    """People came or went: exactly these are online now."""

    online: Bits


class TypingShown(Message, frozen=True, tag=58):
    """A member is typing; show it for 5 s."""

    conv_id: Id16
    uid: Id16


class Hint(Message, frozen=True, tag=59):
    """Please change the keys now: "admit" people who are waiting, or "rotate" after a leave.

    Sent to one of the online members.
    """

    conv_id: Id16
    kind: str


class Heads(Message, frozen=True, tag=60):
    """Logs that you may read and their heads: after you were added, or after you lagged behind."""

    heads: list[LogHead]


class Attached(Message, frozen=True, tag=46):
    """This connection carries file parts now."""

    uid: Id16
    max_file_bytes: Count  # of a file before it is sealed


class RecoveryKept(Message, frozen=True, tag=47):
    """The recovery blob with this hash is stored."""

    auth_hash: Bytes32


class Recovery(Message, frozen=True, tag=48):
    """The recovery blob of a name; empty in the answer to an empty `auth`."""

    header: RecoveryHeader
    blob: RecoveryBytes


class UploadReady(Message, frozen=True, tag=70):
    """The upload is open.

    `stored` holds a u32be number and 32 bytes of BLAKE2b-256 for each part on the disk.
    """

    file_id: Id16
    stored: StoredParts
    window: Count  # how many parts may be on their way


class PartsStored(Message, frozen=True, tag=71):
    """These parts are on the disk."""

    file_id: Id16
    numbers: list[PartNumber]
    window: Count


class UploadClosed(Message, frozen=True, tag=72):
    """The file is whole and can be fetched by the members of its conversation."""

    file_id: Id16


class Part(Message, frozen=True, tag=73, gc=False):
    """One part of a file; return `receipt` with the next FetchParts."""

    file_id: Id16
    number: PartNumber
    receipt: Receipt
    data: PartBytes


REQUESTS: tuple[type[Message], ...] = (
    Hello,
    Register,
    SignIn,
    SignOut,
    Ping,
    ReadLog,
    SendMessage,
    PostRecord,
    PostStatement,
    PostBoxes,
    FetchBoxes,
    RequestKey,
    AdvanceCursor,
    FetchCursors,
    StartTyping,
    AppendChain,
    SetRole,
    Restrict,
    Attach,
    OpenUpload,
    PutPart,
    CloseUpload,
    FetchParts,
    DeleteFile,
    KeepRecovery,
    AskRecovery,
)
ANSWERS: tuple[type[Message], ...] = (
    Welcome,
    Registered,
    SignedIn,
    Refused,
    Pong,
    SignedOut,
    Entries,
    MessageAccepted,
    Boxes,
    KeyRequested,
    BoxesPosted,
    CursorsAdvanced,
    PresenceChanged,
    TypingShown,
    Hint,
    Heads,
    Attached,
    UploadReady,
    PartsStored,
    UploadClosed,
    Part,
    RecoveryKept,
    Recovery,
)
