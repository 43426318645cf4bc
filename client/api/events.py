"""The messages between a face (window or headless caller) and the core: commands and notices.

Commands go down (`post(command)`, from any thread). Notices come up in paced batches, in order.
Both are frozen and hold only plain values, so they can cross threads freely. Ids are 16 raw bytes;
times are Unix milliseconds in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.api.said import Failed, Told
from client.api.values import ConnectionState, Conversation, MessageState, Person, Row, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands. A `request_id` other than 0 is answered by exactly one Done."""

    request_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText(Command):
    """Send a text; Done.data is the message_id (bytes) once it is in the outbox on disk."""

    conv_id: bytes
    text: str
    reply_to: bytes = b""  # message_id
    is_question: bool = False  # a question replies to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class EditMessage(Command):
    """Replace the text of a message of one's own. Done.data is the message_id of the act."""

    message_id: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMessage(Command):
    """Delete a message for everybody. Done.data is the message_id of the act.

    One's own, or anyone's as an admin.
    """

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactToMessage(Command):
    """Add or remove an emoji. Done.data is the message_id of the act."""

    message_id: bytes
    emoji: str
    remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMessage(Command):
    """Pin a message for everybody, or unpin it.

    Staff may do so in class channels, every member elsewhere.
    """

    message_id: bytes
    remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAnswer(Command):
    """Accept a reply as the answer to its question, or take that back.

    The asker and the staff may do so.
    """

    message_id: bytes  # of the answer
    remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPins(Command):
    """Get the pinned messages of a conversation.

    Done.data is a tuple of rows, the one pinned last first.
    """

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GetQuestions(Command):
    """Get the questions of a conversation: Done.data is a tuple of rows, newest first."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateMessage(Command):
    """Find the place of a stored message: Done.data is (conv_id, position)."""

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Command):
    """Search one conversation, or all: Done.data is a client.api.values.Found.

    The query has words that must all occur (the last one may be a beginning), "exact phrases",
    from:name, has:file.
    """

    query: str
    conv_id: bytes = b""
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSimilar(Command):
    """Look for earlier questions like the one being written.

    Done.data is a client.api.values.Found, best first. Those of `conv_id` come before those of all
    other conversations.
    """

    text: str
    conv_id: bytes = b""
    limit: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage(Command):
    """Try a FAILED message again."""

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardMessage(Command):
    """Remove a FAILED or unsent message from the outbox."""

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDirect(Command):
    """Make sure that the direct conversation with a person is in the list.

    Done.data is its conv_id.
    """

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
    """Ask to join an open group; a member's client lets people in."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveGroup(Command):
    """Leave a group. Done when the broker has committed the statement."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClassRole(Command):
    """Make somebody an assistant or a student (instructors only)."""

    uid: bytes
    role: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictPerson(Command):
    """Mute or ban a student, or take that back.

    `restriction` is a shared.messages.Restriction.
    """

    uid: bytes
    restriction: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead(Command):
    """Mark all rows below `position` as read (-1: all there are)."""

    conv_id: bytes
    position: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTyping(Command):
    """Say that I am typing here (call freely; the core paces it)."""

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveUnsentText(Command):
    """Keep the text in the composer, sealed on disk."""

    conv_id: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptKey(Command):
    """Accept a person's changed key (Trust.CHANGED -> PINNED)."""

    uid: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSafetyNumber(Command):
    """Get the 60 digits for a person and me, as Done.data."""

    uid: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryNow(Command):
    """Connect now instead of waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRows(Command):
    """Read rows from disk: positions [first, first + count).

    Answered by one RowsLoaded with this request_id.
    """

    conv_id: bytes
    first: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFile(Command):
    """Send a file with a caption: from `path`, or `data` under `name` (a pasted image).

    Done.data is the message_id, which is also the transfer_id, once the order is on disk.
    `is_temporary`: the file at `path` was made for this and is removed once it has been sent.
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

    `path` is a folder (the file keeps its own name there, with a number if that is taken) or a
    whole path, which is replaced once everything is verified.
    """

    message_id: bytes
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTransfer(Command):
    """Hold a transfer until ResumeTransfer, also across restarts."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeTransfer(Command):
    """Continue a paused or failed transfer where it stopped."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTransfer(Command):
    """Give up a transfer and remove what was stored of it.

    One that is DONE is only taken off the list.
    """

    transfer_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPreview(Command):
    """Get the content of a small file (FileInfo.is_image or is_text), as Done.data.

    It is bytes, verified, from the sealed cache or from the broker; several requests for one
    message share one transfer.
    """

    message_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDrafts(Command):
    """Get all files of a conversation: Done.data is a tuple of drafts, last changed first.

    A draft is a tuple of rows, one for each version, oldest first; deleted versions are left out.
    """

    conv_id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitUntilRead(Command):
    """Wait until everything that the broker has for me is read.

    Without a connection, that is after the next one.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit(Command):
    """Save, say goodbye, stop. Done when everything is on disk."""


# --- notices ---


@dataclass(frozen=True, slots=True)
class Notice:
    """Base of what the window and the headless client are told."""


@dataclass(frozen=True, slots=True)
class Done(Notice):
    """The one answer to a command with a request_id."""

    request_id: int
    ok: bool
    failure: Failed | None = None
    data: object = None

    @property
    def code(self) -> str:
        """The documented word for why not; empty if it was carried out."""
        return self.failure.code if self.failure else ""


@dataclass(frozen=True, slots=True)
class ConnectionChanged(Notice):
    """The banner's content.

    `retry_in_s` is meaningful for OFFLINE; `outbox` counts messages not yet stored.
    """

    state: ConnectionState
    retry_in_s: float = 0.0
    outbox: int = 0
    failure: Failed | None = None  # why REFUSED or OFFLINE

    @property
    def code(self) -> str:
        """The word for why, e.g. "server_key_mismatch", "taken_over", "unreachable"; or empty."""
        return self.failure.code if self.failure else ""


@dataclass(frozen=True, slots=True)
class SessionOpened(Notice):
    """First notice after the profile is unlocked: what the disk knows, before any connection."""

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
    """Stored rows that changed (state, edit, deletion, reaction, a key that arrived).

    Pending rows are excluded.
    """

    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RowsLoaded(Notice):
    """Answer to LoadRows; rows that do not exist are left out."""

    request_id: int
    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PendingChanged(Notice):
    """All messages of one's own in a conversation that are not stored yet, in order."""

    conv_id: bytes
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class MessageStateChanged(Notice):
    """A message of one's own got further (for the headless client; the window uses the rows)."""

    conv_id: bytes
    message_id: bytes
    state: MessageState
    sequence: int = 0
    code: str = ""
    delivered_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged(Notice):
    """A stored message was edited, deleted, reacted to, pinned or accepted.

    For the headless client.
    """

    conv_id: bytes
    message_id: bytes
    # "edited" | "deleted" | "reacted" | "pinned" | "accepted" | "opened" (its key arrived after it)
    change: str
    by: str
    text: str = ""
    emoji: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class TransfersChanged(Notice):
    """These transfers are new or changed; each replaces what was known under its transfer_id.

    At most 10 per second.
    """

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
    """Who is typing in a conversation now (usernames; empty: nobody)."""

    conv_id: bytes
    usernames: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TrustChanged(Notice):
    """A key was pinned, extended, or CHANGED: the alarm."""

    uid: bytes
    username: str
    change: str  # "pinned" | "changed" | "extended"
    told: Told  # the same in words; a pin says whether I have accepted the key


@dataclass(frozen=True, slots=True)
class Quarantined(Notice):
    """Something from the broker did not verify and was set aside."""

    conv_id: bytes
    reason: str
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class SignInFailed(Notice):
    """The profile could not be opened, or the broker refused the account.

    `field` is the input that it concerns.
    """

    failure: Failed
    field: str = ""  # "invitation" | "username" | "passphrase" | ""
    suggestions: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The documented word for what went wrong."""
        return self.failure.code
