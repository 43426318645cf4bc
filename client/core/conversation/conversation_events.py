"""What happens in every conversation: rows about it, what is read, receipts, typing, and news
of a group; pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from client.api.events import GroupChanged, MessageStateChanged, TypingChanged
from client.api.said import Said, encode_said
from client.api.values import MessageState, RowKind
from client.core.context import Context
from client.core.state.conversation import CLASS_KIND, GROUP_KIND, Conversation
from client.core.state.saved import SavedCursors, StoredRow
from client.core.timers import CursorTimer, TypedTimer, TypingTimer
from shared.crypto.public import entry_hash
from shared.messages import AdvanceCursor, Cursor, Entry, StartTyping

CURSOR_PAUSE_MS = 100
TYPING_SHOWN_MS = 5000
TYPING_PAUSE_MS = 3000
PARTIAL_RECEIPTS_UPTO = 32  # members; in larger conversations only "delivered to all" is told


# --- finding and making ---


def ensure_direct(work: Context, conv_id: bytes, peer: bytes) -> Conversation:
    """The direct conversation with a person."""
    conversation = work.conversations.ensure(conv_id)
    conversation.about.become_direct(peer)
    work.touch(conversation)
    return conversation


# --- rows ---


def add_system_row(
    work: Context,
    conversation: Conversation,
    said: Said,
    sequence: int,
    message_id: bytes,
    at_ms: int,
) -> None:
    """A quiet row about the conversation."""
    work.rows.add(
        conversation,
        StoredRow(
            conv_id=conversation.conv_id,
            position=0,
            message_id=message_id,
            sequence=sequence,
            kind=RowKind.SYSTEM,
            sender=b"",
            sent_at_ms=at_ms,
            text="",
            said=encode_said(said),
        ),
    )


def tell_in_general(work: Context, said: Said, entry: Entry) -> None:
    """What concerns the class stands in #general, and what people may do there is shown
    anew.
    """
    for conversation in work.conversations.values():
        work.touch(conversation)
        if conversation.about.kind == CLASS_KIND and conversation.about.channel_name == "general":
            message_id = entry_hash(entry.body, entry.sequence.to_bytes(8, "big"))[:16]
            add_system_row(
                work, conversation, said, conversation.log.cursor, message_id, entry.stored_at_ms
            )


def mark_read(work: Context, conversation: Conversation, position: int) -> None:
    """Rows below `position` are read (-1: all)."""
    reading = conversation.reading
    if position < 0 or position >= reading.row_count:
        reading.read_all()
    elif position > reading.read_position:
        reading.read_upto(position, *work.rows.count_unread(conversation.conv_id, position))
    else:
        return
    work.touch(conversation)


# --- receipts ---


def schedule_cursor(work: Context, conversation: Conversation) -> None:
    """Say soon, and once for many entries, how far this conversation is stored here."""
    work.timers.set_once(CursorTimer(conversation.conv_id), work.at.steady_ms + CURSOR_PAUSE_MS)


def send_cursor(work: Context, conversation: Conversation) -> None:
    """Say how far this conversation is stored here."""
    if conversation.row(work.me) is not None:
        work.send(AdvanceCursor(conversation.conv_id, conversation.log.cursor))


def on_cursors(work: Context, conversation: Conversation, cursors: Iterable[Cursor]) -> None:
    """Members' clients have stored more."""
    passed = conversation.receipts.take(cursors)
    if passed:
        work.save(SavedCursors(conversation.conv_id, conversation.receipts.cursors))
        update_delivered(work, conversation, min(passed))


def update_delivered(work: Context, conversation: Conversation, after: int = 0) -> None:
    """Mark own messages that every current member's client has stored, and say who has those beyond
    `after`.

    Nothing is new of those before it. One member who stays away for a week leaves all messages of
    that week half
    delivered: they must not be gone through at every news.
    """
    others = [uid for uid in conversation.member_uids() if uid != work.me]
    if not others:
        return
    reading, cursors = conversation.reading, conversation.receipts.cursors
    before = reading.delivered_upto
    reached = min(cursors.get(uid, 0) for uid in others)
    names = {uid: work.people.username(uid) for uid in others}
    if reading.deliver(min(reached, conversation.log.cursor)):
        rows = work.rows.own_rows(conversation.conv_id, before, reading.delivered_upto)
        work.rows.show_again(rows)
        for row in rows:
            work.tell(_progress(row, MessageState.DELIVERED, tuple(sorted(names.values()))))
        work.touch(conversation)
    if 1 < len(others) <= PARTIAL_RECEIPTS_UPTO:
        first = max(after, reading.delivered_upto)
        for row in work.rows.own_rows(conversation.conv_id, first, conversation.log.cursor):
            have = tuple(
                sorted(n for uid, n in names.items() if cursors.get(uid, 0) >= row.sequence)
            )
            if have:
                work.tell(_progress(row, MessageState.STORED, have))


def _progress(row: StoredRow, state: MessageState, names: tuple[str, ...]) -> MessageStateChanged:
    return MessageStateChanged(row.conv_id, row.message_id, state, row.sequence, "", names)


# --- typing ---


def say_typing(work: Context, conversation: Conversation) -> None:
    """I type; said at most once per pause."""
    key = TypedTimer(conversation.conv_id)
    if conversation.row(work.me) is not None and not work.timers.has(key):
        work.timers.set(key, work.at.steady_ms + TYPING_PAUSE_MS)
        work.send(StartTyping(conversation.conv_id))


def on_typing(work: Context, conversation: Conversation, uid: bytes) -> None:
    """Somebody types; shown for a while."""
    if uid == work.me or conversation.row(uid) is None:
        return
    conversation.typing.start(uid, work.at.steady_ms + TYPING_SHOWN_MS)
    work.timers.set_once(TypingTimer(conversation.conv_id), work.at.steady_ms + TYPING_SHOWN_MS)
    tell_typing(work, conversation)


def stop_typing(work: Context, conversation: Conversation, uid: bytes) -> None:
    """A message of this person has come."""
    if conversation.typing.stop(uid):
        tell_typing(work, conversation)


def on_typing_timer(work: Context, conversation: Conversation) -> None:
    """Take away who has stopped."""
    conversation.typing.expire(work.at.steady_ms)
    if conversation.typing.typing_until:
        work.timers.set(
            TypingTimer(conversation.conv_id), min(conversation.typing.typing_until.values())
        )
    tell_typing(work, conversation)


def tell_typing(work: Context, conversation: Conversation) -> None:
    """Tell who types now."""
    names = tuple(sorted(work.people.username(uid) for uid in conversation.typing.typing_until))
    work.tell(TypingChanged(conversation.conv_id, names))


def tell_group(
    work: Context, conversation: Conversation, change: str, uids: Iterable[bytes], by: bytes
) -> None:
    """Tell that membership or name changed; of a group whose sealed name cannot be read yet,
    later.
    """
    names = tuple(work.people.username(uid) for uid in uids)
    conversation.news.add(
        GroupChanged(conversation.conv_id, change, names, work.people.username(by))
    )
    if conversation.about.kind != GROUP_KIND or conversation.about.title:
        tell_untold(work, conversation)


def tell_untold(work: Context, conversation: Conversation) -> None:
    """Tell what has waited for the name."""
    for notice in conversation.news.take():
        work.tell(notice)
