"""What has happened, as data: kept on disk and handed to the faces, which word it each in its own
language.

A person is a uid here. `Told` adds the names that these people have when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from shared.errors import REFUSAL_SENTENCES, ChatError

NAMES_LISTED = 5  # of more people four are named, and the rest is counted


class Detail(StrEnum):
    """Which of several reasons a failure has whose code covers more than one.

    The words of shared/errors.py and shared/names.py (`ChatError.detail`) stand here, too.
    """

    QUIET = "quiet"  # passes by itself: nothing is said about it
    REJECTED = "rejected"
    UNEXPECTED = "unexpected"
    SERVER_WORDS = "server_words"  # the server says more than its code: limits of this class
    # commands
    NOT_YET = "not_yet"
    NO_MESSAGE = "no_message"
    NO_ANSWER_TO_ACCEPT = "no_answer_to_accept"
    QUESTION_REPLIES = "question_replies"
    MESSAGE_ON_ITS_WAY = "message_on_its_way"
    NOT_IN_OUTBOX = "not_in_outbox"
    NOT_IN_OUTBOX_OR_ON_ITS_WAY = "not_in_outbox_or_on_its_way"
    SEARCH_LIMIT = "search_limit"
    SIMILAR_LIMIT = "similar_limit"
    LEAVE_INSTEAD = "leave_instead"
    PERSON_NO_MEMBER = "person_no_member"
    KEY_OF_ONE_CHANGED = "key_of_one_changed"
    THEIR_KEY_CHANGED = "their_key_changed"
    NO_CHANGED_KEY = "no_changed_key"
    ANSWER_LOST = "answer_lost"
    UNSENDABLE_TEXT = "unsendable_text"
    # names
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    NAME_BEGINS_WRONG = "name_begins_wrong"
    NAME_CHARACTERS = "name_characters"
    NAME_MARKS = "name_marks"
    NAME_ALPHABETS = "name_alphabets"
    GROUP_NAME_EMPTY = "group_name_empty"
    GROUP_NAME_TOO_LONG = "group_name_too_long"
    GROUP_NAME_BEGINS_WRONG = "group_name_begins_wrong"
    GROUP_NAME_CHARACTERS = "group_name_characters"
    GROUP_NAME_MARKS = "group_name_marks"
    GROUP_NAME_LENGTH = "group_name_length"
    # messages
    NOT_SENT = "not_sent"
    # files and transfers
    DATA_TOO_LARGE = "data_too_large"
    NO_TARGET = "no_target"
    TRANSFER_DONE = "transfer_done"
    FILE_DELETED = "file_deleted"
    NO_FILE = "no_file"
    NEEDS_CONNECTION = "needs_connection"
    CANNOT_WRITE_HERE = "cannot_write_here"
    MESSAGE_DELETED = "message_deleted"
    LARGER_THAN_ANY = "larger_than_any"
    FOLDER_MISSING = "folder_missing"
    FOLDER_CLOSED = "folder_closed"
    FOLDER_GONE = "folder_gone"
    TARGET_NO_FILE = "target_no_file"
    TARGET_NO_PATH = "target_no_path"
    SAVE_FAILED = "save_failed"
    NOT_AS_SIGNED = "not_as_signed"
    SOURCE_UNREADABLE = "source_unreadable"
    SOURCE_NO_PATH = "source_no_path"
    SOURCE_MOVED = "source_moved"
    SOURCE_MISSING = "source_missing"
    SOURCE_FORBIDDEN = "source_forbidden"
    TRANSFER_BROKE = "transfer_broke"
    CALLED_OFF = "called_off"
    # profile, sign-in, connection
    PROFILE_LOCKED = "profile_locked"
    OTHER_CLASS = "other_class"
    NO_INVITATION = "no_invitation"
    NO_INVITATION_TO_RECOVER = "no_invitation_to_recover"
    RECOVERY_UNREACHABLE = "recovery_unreachable"
    RECOVERY_DAMAGED = "recovery_damaged"
    TOO_MANY_GUESSES = "too_many_guesses"
    UNREADABLE_ANSWER = "unreadable_answer"
    UNREADABLE_FRAME = "unreadable_frame"
    CLIENT_BROKE = "client_broke"
    # export
    EXPORT_NOT_EMPTY = "export_not_empty"
    EXPORT_UNWRITTEN = "export_unwritten"
    EXPORT_BROKE = "export_broke"
    EXPORT_OFFLINE = "export_offline"


class _Said(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all that can be said."""


class Failed(_Said, frozen=True, kw_only=True):
    """Something did not work. `code` is the documented word for programs (docs/HEADLESS.md)."""

    code: str
    detail: str = ""  # a Detail, where `code` alone does not say it
    subject: str = ""  # the file, folder or path that it is about
    system: str = ""  # what the operating system, or a newer server, says in its own words
    size: int = 0  # bytes
    limit: int = 0  # bytes
    count: int = 0  # how many there may be; minutes to wait


# --- what stands in a conversation ---


class Created(_Said, frozen=True, kw_only=True):
    """Somebody created the group."""

    by: bytes


class Joined(_Said, frozen=True, kw_only=True):
    """People were let in."""

    uids: tuple[bytes, ...]


class Added(_Said, frozen=True, kw_only=True):
    """A member added people."""

    by: bytes
    uids: tuple[bytes, ...]


class Removed(_Said, frozen=True, kw_only=True):
    """A member removed people."""

    by: bytes
    uids: tuple[bytes, ...]


class Left(_Said, frozen=True, kw_only=True):
    """A member left."""

    uid: bytes


class Renamed(_Said, frozen=True, kw_only=True):
    """A member gave the group another name."""

    by: bytes
    title: str


class NotCreated(_Said, frozen=True, kw_only=True):
    """The server refused the group."""

    why: Failed


class Muted(_Said, frozen=True, kw_only=True):
    """The staff, or the host (no `by`), lets somebody write no more."""

    by: bytes
    uid: bytes


class Unmuted(_Said, frozen=True, kw_only=True):
    """The staff, or the host (no `by`), lets somebody write again."""

    by: bytes
    uid: bytes


class Banned(_Said, frozen=True, kw_only=True):
    """The staff, or the host (no `by`), removed somebody from the class."""

    by: bytes
    uid: bytes


class Unbanned(_Said, frozen=True, kw_only=True):
    """The staff, or the host (no `by`), let somebody into the class again."""

    by: bytes
    uid: bytes


class AccountClosed(_Said, frozen=True, kw_only=True):
    """The host closed an account for good."""

    by: bytes
    uid: bytes


class SetAside(_Said, frozen=True, kw_only=True):
    """A message did not verify. `reason` is that of CryptoReject."""

    reason: str


class ChangeSetAside(_Said, frozen=True, kw_only=True):
    """A change of members or keys did not verify."""


class MessageMissing(_Said, frozen=True, kw_only=True):
    """A message of a person before their next one is not there."""


# --- how a conversation is ---


class KeyBlocks(_Said, frozen=True, kw_only=True):
    """Nothing is sent to this person before their changed key is accepted."""

    uid: bytes


class WaitsForMessageKeys(_Said, frozen=True, kw_only=True):
    """The keys of so many messages have not arrived."""

    count: int


class WaitsForKey(_Said, frozen=True, kw_only=True):
    """The key of the conversation has not arrived."""


class NotMemberAnyMore(_Said, frozen=True, kw_only=True):
    """I was removed, or left."""


class WaitsForMember(_Said, frozen=True, kw_only=True):
    """A member has to let me in."""


class WaitsForAnybody(_Said, frozen=True, kw_only=True):
    """Somebody who is online has to let me in."""


class HistoryDiffers(_Said, frozen=True, kw_only=True):
    """This person has seen another history."""

    uid: bytes


class NewestWithheld(_Said, frozen=True, kw_only=True):
    """The server does not hand over what it says to have."""


class DirectoryLost(_Said, frozen=True, kw_only=True):
    """The server has lost people or roles."""


# --- how a person's key is ---


class KeyPinned(_Said, frozen=True, kw_only=True):
    """The key of a person is known now."""

    uid: bytes


class KeyChanged(_Said, frozen=True, kw_only=True):
    """The key of a person is another than before: the alarm."""

    uid: bytes


class KeyRenewed(_Said, frozen=True, kw_only=True):
    """A person added a key to their account, or took one back."""

    uid: bytes


class KeyAccepted(_Said, frozen=True, kw_only=True):
    """I accepted the changed key of a person."""

    uid: bytes


class Unknown(_Said, frozen=True, kw_only=True):
    """Something that a newer version has kept."""


Said = (
    Failed
    | Created
    | Joined
    | Added
    | Removed
    | Left
    | Renamed
    | NotCreated
    | Muted
    | Unmuted
    | Banned
    | Unbanned
    | AccountClosed
    | SetAside
    | ChangeSetAside
    | MessageMissing
    | KeyBlocks
    | WaitsForMessageKeys
    | WaitsForKey
    | NotMemberAnyMore
    | WaitsForMember
    | WaitsForAnybody
    | HistoryDiffers
    | NewestWithheld
    | DirectoryLost
    | KeyPinned
    | KeyChanged
    | KeyRenewed
    | KeyAccepted
    | Unknown
)

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)


def encode_said(said: Said) -> bytes:
    """Return it as it is kept on disk."""
    return _encoder.encode(said)


def decode_said(raw: bytes) -> Said:
    """Return what was kept; Unknown if this version has no such thing."""
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Unknown()


@dataclass(frozen=True, slots=True)
class Told:
    """What is said, and what the people in it are called now."""

    said: Said
    names: tuple[tuple[bytes, str], ...] = ()  # (uid, username)

    def name(self, uid: bytes) -> str:
        """Return the username of a person."""
        return dict(self.names).get(uid, "?")

    def listed(self, uids: tuple[bytes, ...]) -> tuple[list[str], int]:
        """Return the usernames to be listed, sorted, and how many others there are."""
        known = dict(self.names)
        names = sorted(known.get(uid, "?") for uid in uids)
        if len(names) <= NAMES_LISTED:
            return names, 0
        return names[: NAMES_LISTED - 1], len(names) - NAMES_LISTED + 1


def tell(said: Said, username: Callable[[bytes], str]) -> Told:
    """Return it with the names of its people."""
    uids = dict.fromkeys([*_people_in(said)])
    return Told(said, tuple((uid, username(uid)) for uid in uids if uid))


def _people_in(said: Said) -> tuple[bytes, ...]:
    match said:
        case Joined(uids=uids):
            return uids
        case Added(by=by, uids=uids) | Removed(by=by, uids=uids):
            return (by, *uids)
        case Created(by=by) | Renamed(by=by):
            return (by,)
        case Muted() | Unmuted() | Banned() | Unbanned() | AccountClosed():
            return (said.by, said.uid)
        case Left() | KeyBlocks() | HistoryDiffers():
            return (said.uid,)
        case KeyPinned() | KeyChanged() | KeyRenewed() | KeyAccepted():
            return (said.uid,)
        case _:
            return ()


def failed_by(error: ChatError) -> Failed:
    """Return what went wrong as data; the details of the error are the fields of the same name."""
    known = {name: value for name, value in error.details.items() if name in _FIELDS}
    return msgspec.convert(
        {"type": "Failed", "code": error.code, "detail": error.detail, **known}, Failed
    )


_FIELDS = frozenset(Failed.__struct_fields__)


def refused_by(code: str, message: str) -> Failed:
    """Return a refusal of the server; its own words count only for a code that is not known here."""
    return Failed(code=code, system="" if code in REFUSAL_SENTENCES else message)


def refused_in_full(code: str, message: str) -> Failed:
    """Return a refusal of the server in its own words, where they say more than its code."""
    if not message or message == REFUSAL_SENTENCES.get(code):
        return Failed(code=code)
    return Failed(code=code, detail=Detail.SERVER_WORDS, system=message)
