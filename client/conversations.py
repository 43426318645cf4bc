"""One conversation as the client knows it: rows, unread, receipts, typing, permissions, and how the window sees it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import msgspec

from client import values
from client.events import GroupChanged, MessageStateChanged, TypingChanged
from client.state import (
    SavedConversation,
    SavedCursors,
    SavedEpoch,
    SavedGroup,
    SavedSender,
    SavedSnapshot,
    SavedWaiting,
    StoredRow,
)
from client.values import MessageState
from client.workspace import Workspace
from shared.crypto.public import entry_hash
from shared.crypto.records import (
    CLASS_CHANNEL,
    DIRECT,
    GROUP,
    MemberRow,
    Snapshot,
)
from shared.messages import AdvanceCursor, Cursor, Entry, PostRecord, Restriction, StartTyping

DIRECT_KIND, GROUP_KIND, CLASS_KIND = DIRECT, GROUP, CLASS_CHANNEL
KEPT_TRANSCRIPTS = 1024  # how far back `seen` of others can be compared
CURSOR_PAUSE_MS = 100
TYPING_SHOWN_MS = 5000
TYPING_PAUSE_MS = 3000
PARTIAL_RECEIPTS_UPTO = 32  # members; in larger conversations only "delivered to all" is told


@dataclass
class Change:
    """A change of members or title that the user ordered; done when a record with it is committed."""

    kind: str  # "add" | "remove" | "rename"
    uids: tuple[bytes, ...] = ()
    name: str = ""
    request_id: int = 0


@dataclass
class Draft:
    """A record that is on its way, with the seed that counts only once the broker has committed the record."""

    post: PostRecord
    seed: bytes
    epoch: int
    change: Change | None
    title: str


@dataclass
class Conversation:
    """Owns the state of one conversation. What is in `state` lies on disk, the rest is rebuilt."""

    state: SavedConversation
    snapshot: Snapshot | None = None
    joined: dict[bytes, int] = field(default_factory=dict)
    epochs: dict[int, SavedEpoch] = field(default_factory=dict)
    senders: dict[bytes, SavedSender] = field(default_factory=dict)
    waiting: dict[int, SavedWaiting] = field(default_factory=dict)
    cursors: dict[bytes, int] = field(default_factory=dict)
    transcripts: dict[int, bytes] = field(default_factory=dict)
    group: SavedGroup | None = None  # still to be created
    head: int = 0
    draft: Draft | None = None
    changes: deque[Change] = field(default_factory=deque)
    keys_asked: set[int] = field(default_factory=set)  # epochs whose boxes were fetched on this connection
    keys_requested: set[int] = field(default_factory=set)  # epochs that the members were asked for
    in_flight: dict[bytes, int] = field(default_factory=dict)  # message_id -> bytes
    is_recalled: bool = False  # a refusal came: wait for all answers, then seal anew in order
    is_admission_due: bool = False
    is_rotation_wanted: bool = False
    has_old_rows: bool = False  # a member has a newer account key than the member list
    shown: values.Conversation | None = None  # what the window was told last
    untold: list[GroupChanged] = field(default_factory=list)  # wait for the name of the group
    is_unchecked: bool = False  # the server has yet to show that it goes on from the entry at my cursor
    is_withheld: bool = False  # the server told of entries that it did not hand over
    typing: dict[bytes, int] = field(default_factory=dict)  # uid -> shown until

    @property
    def conv_id(self) -> bytes:
        """The id, which is also that of its log."""
        return self.state.conv_id

    @property
    def is_caught_up(self) -> bool:
        """Whether everything that the broker has is applied."""
        return self.state.cursor >= self.head

    def row(self, uid: bytes) -> MemberRow | None:
        """The member row of a person who has not left."""
        if self.snapshot is None or uid in self.state.leavers:
            return None
        return self.snapshot.members.get(uid)

    def member_uids(self) -> list[bytes]:
        """Current members."""
        if self.snapshot is None:
            return []
        return [uid for uid in self.snapshot.members if uid not in self.state.leavers]

    def head_seed(self) -> bytes:
        """The seed of the newest epoch, empty while it is missing."""
        if self.snapshot is None:
            return b""
        return self.epochs[self.snapshot.epoch].seed

    def note_transcript(self) -> None:
        """Remember the transcript at the cursor for comparing."""
        self.transcripts[self.state.cursor] = self.state.transcript
        if len(self.transcripts) > 2 * KEPT_TRANSCRIPTS:
            for sequence in sorted(self.transcripts)[:KEPT_TRANSCRIPTS]:
                del self.transcripts[sequence]


# --- finding and making ---


def ensure(work: Workspace, conv_id: bytes) -> Conversation:
    """The conversation, made new if nothing is known of it."""
    found = work.conversations.get(conv_id)
    if found is None:
        found = Conversation(SavedConversation(conv_id, GROUP_KIND))
        found.transcripts[0] = bytes(32)
        work.conversations[conv_id] = found
        work.touch(found)
    return found


def ensure_direct(work: Workspace, conv_id: bytes, peer: bytes) -> Conversation:
    """The direct conversation with a person."""
    found = ensure(work, conv_id)
    found.state.kind, found.state.peer = DIRECT_KIND, peer
    work.touch(found)
    return found


# --- rows ---


def add_row(work: Workspace, conversation: Conversation, row: StoredRow) -> StoredRow:
    """Give a row the next position, count it, order it to be kept and shown."""
    state = conversation.state
    placed = restruct(row, position=state.row_count)
    state.row_count += 1
    state.last_at_ms = max(state.last_at_ms, row.sent_at_ms)
    if placed.counts_as_unread:
        state.unread += 1
        state.unread_mentions += placed.mentions_me
    elif state.unread == 0:
        state.read_position = state.row_count
    work.append_row(placed)
    work.touch(conversation)
    return placed


def change_row(work: Workspace, row: StoredRow, **changes: object) -> StoredRow:
    """Order a row to be kept and shown in its new form; unread counts follow."""
    changed = restruct(row, **changes)
    conversation = work.conversations[row.conv_id]
    state = conversation.state
    if row.position >= state.read_position:
        state.unread += changed.counts_as_unread - row.counts_as_unread
        state.unread_mentions += (changed.counts_as_unread and changed.mentions_me) - (
            row.counts_as_unread and row.mentions_me
        )
    work.update_row(changed)
    work.touch(conversation)
    return changed


def add_system_row(
    work: Workspace, conversation: Conversation, text: str, sequence: int, message_id: bytes, at_ms: int
) -> None:
    """A quiet sentence about the conversation."""
    add_row(work, conversation, StoredRow(conversation.conv_id, 0, message_id, sequence, "system", b"", at_ms, text))


def tell_in_general(work: Workspace, text: str, entry: Entry) -> None:
    """A sentence that concerns the class stands in #general, and what people may do there is shown anew."""
    for conversation in work.conversations.values():
        work.touch(conversation)
        if conversation.state.kind == CLASS_KIND and conversation.state.class_name == "general":
            message_id = entry_hash(entry.body, entry.sequence.to_bytes(8, "big"))[:16]
            add_system_row(work, conversation, text, conversation.state.cursor, message_id, entry.stored_at_ms)


def restriction_sentence(by: str, username: str, before: int, after: int) -> str:
    """What the staff has done about somebody, in words."""
    if after == Restriction.CLOSED:
        return f"{by} closed the account of {username}; who comes back under this name has new keys"
    if after == Restriction.BANNED:
        return f"{by} removed {username} from the class"
    if before == Restriction.BANNED:
        return f"{by} let {username} into the class again"
    return f"{by} muted {username}" if after else f"{by} lets {username} write again"


def restruct(row: StoredRow, **changes: object) -> StoredRow:
    """A row with some of its fields changed."""
    return msgspec.structs.replace(row, **changes)


def mark_read(work: Workspace, conversation: Conversation, position: int) -> None:
    """Rows below `position` are read (-1: all)."""
    state = conversation.state
    if position < 0 or position >= state.row_count:
        state.read_position, state.unread, state.unread_mentions = state.row_count, 0, 0
    elif position > state.read_position:
        state.read_position = position
        state.unread, state.unread_mentions = work.rows.count_unread(conversation.conv_id, position)
    else:
        return
    work.touch(conversation)


# --- receipts ---


def schedule_cursor(work: Workspace, conversation: Conversation) -> None:
    """Say soon, and once for many entries, how far this conversation is stored here."""
    work.timers.set_once(("cursor", conversation.conv_id), work.at.steady_ms + CURSOR_PAUSE_MS)


def send_cursor(work: Workspace, conversation: Conversation) -> None:
    """Say how far this conversation is stored here."""
    if conversation.row(work.me) is not None:
        work.send(AdvanceCursor(conversation.conv_id, conversation.state.cursor))


def on_cursors(work: Workspace, conversation: Conversation, cursors: Iterable[Cursor]) -> None:
    """Members' clients have stored more."""
    passed: list[int] = []  # where the cursors that have moved stood
    for cursor in cursors:
        before = conversation.cursors.get(cursor.uid, 0)
        if cursor.sequence > before:
            conversation.cursors[cursor.uid] = cursor.sequence
            passed.append(before)
    if passed:
        work.save(SavedCursors(conversation.conv_id, conversation.cursors))
        update_delivered(work, conversation, min(passed))


def update_delivered(work: Workspace, conversation: Conversation, after: int = 0) -> None:
    """Mark own messages that every current member's client has stored, and say who has those beyond `after`.

    Nothing is new of those before it. One member who stays away for a week leaves all messages of that week half
    delivered: they must not be gone through at every news.
    """
    others = [uid for uid in conversation.member_uids() if uid != work.me]
    if not others:
        return
    state = conversation.state
    before = state.delivered_upto
    reached = min(conversation.cursors.get(uid, 0) for uid in others)
    state.delivered_upto = max(before, min(reached, state.cursor))
    names = {uid: work.people.username(uid) for uid in others}
    if state.delivered_upto > before:
        rows = work.rows.own_rows(conversation.conv_id, before, state.delivered_upto)
        work.show_again(rows)
        for row in rows:
            work.tell(_progress(row, MessageState.DELIVERED, tuple(sorted(names.values()))))
        work.touch(conversation)
    if 1 < len(others) <= PARTIAL_RECEIPTS_UPTO:
        first = max(after, state.delivered_upto)
        for row in work.rows.own_rows(conversation.conv_id, first, state.cursor):
            have = tuple(sorted(n for uid, n in names.items() if conversation.cursors.get(uid, 0) >= row.sequence))
            if have:
                work.tell(_progress(row, MessageState.STORED, have))


def _progress(row: StoredRow, state: MessageState, names: tuple[str, ...]) -> MessageStateChanged:
    return MessageStateChanged(row.conv_id, row.message_id, state, row.sequence, "", names)


# --- typing ---


def say_typing(work: Workspace, conversation: Conversation) -> None:
    """I type; said at most once per pause."""
    key = ("typed", conversation.conv_id)
    if conversation.row(work.me) is not None and not work.timers.has(key):
        work.timers.set(key, work.at.steady_ms + TYPING_PAUSE_MS)
        work.send(StartTyping(conversation.conv_id))


def on_typing(work: Workspace, conversation: Conversation, uid: bytes) -> None:
    """Somebody types; shown for a while."""
    if uid == work.me or conversation.row(uid) is None:
        return
    conversation.typing[uid] = work.at.steady_ms + TYPING_SHOWN_MS
    work.timers.set_once(("typing", conversation.conv_id), work.at.steady_ms + TYPING_SHOWN_MS)
    tell_typing(work, conversation)


def stop_typing(work: Workspace, conversation: Conversation, uid: bytes) -> None:
    """A message of this person has come."""
    if conversation.typing.pop(uid, None) is not None:
        tell_typing(work, conversation)


def on_typing_timer(work: Workspace, conversation: Conversation) -> None:
    """Take away who has stopped."""
    now = work.at.steady_ms
    conversation.typing = {uid: until for uid, until in conversation.typing.items() if until > now}
    if conversation.typing:
        work.timers.set(("typing", conversation.conv_id), min(conversation.typing.values()))
    tell_typing(work, conversation)


def tell_typing(work: Workspace, conversation: Conversation) -> None:
    """Tell who types now."""
    names = tuple(sorted(work.people.username(uid) for uid in conversation.typing))
    work.tell(TypingChanged(conversation.conv_id, names))


def tell_group(work: Workspace, conversation: Conversation, change: str, uids: Iterable[bytes], by: bytes) -> None:
    """Tell that membership or name changed; of a group whose sealed name cannot be read yet, later."""
    names = tuple(work.people.username(uid) for uid in uids)
    conversation.untold.append(GroupChanged(conversation.conv_id, change, names, work.people.username(by)))
    if conversation.state.kind != GROUP_KIND or conversation.state.title:
        tell_untold(work, conversation)


def tell_untold(work: Workspace, conversation: Conversation) -> None:
    """Tell what has waited for the name."""
    for notice in conversation.untold:
        work.tell(notice)
    conversation.untold.clear()


def saved_snapshot(conversation: Conversation) -> SavedSnapshot:
    """The membership in the form that is kept."""
    assert conversation.snapshot is not None
    plain = replace(conversation.snapshot, members=dict(conversation.snapshot.members))
    return SavedSnapshot(conversation.conv_id, plain, dict(conversation.joined))
