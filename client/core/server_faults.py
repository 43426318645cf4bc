"""What the server does that does not fit together: noticed, kept with the conversation, and shown
with it; pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from client.api.events import Quarantined
from client.api.said import DirectoryLost, Failed, HistoryDiffers, NewestWithheld, Said
from client.core.context import Context
from client.core.state.conversation import CLASS_KIND, Conversation
from shared.crypto.public import entry_hash
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, LogHead

ROLLED_BACK = "rolled_back"  # the log of the server ends before what is stored here
REPLACED = (
    "replaced"  # the log goes on, but its entry at my cursor is not the one that is stored here
)
DIFFERS = (
    "history_differs"  # somebody has seen another history than I; nothing stops, for they could lie
)

_STOPPING = (ROLLED_BACK, REPLACED)


def digest_of(entry: Entry) -> bytes:
    """What an entry adds to the transcript; of one that I may not read the server gives that
    alone.
    """
    return entry.body if entry.kind == EntryKind.WITHHELD else entry_hash(entry.body, entry.proof)


def is_stopped(conversation: Conversation) -> bool:
    """Whether nothing more is believed or sent here: what would be sent, nobody else could fit
    in.
    """
    return conversation.doubts.fault in _STOPPING


def on_heads(work: Context, heads: Iterable[LogHead]) -> None:
    """A sign-in: the server tells how far its logs reach. None ends before what it told before."""
    reach = {log_head.log_id: log_head.head for log_head in heads}
    _on_directory_head(work, reach.get(DIRECTORY_LOG, 0))
    for conversation in work.conversations.values():
        head = reach.get(conversation.conv_id, 0)
        conversation.reach.withhold(False)
        conversation.reach.check_again(False)
        if head < conversation.log.cursor:
            _stop(work, conversation, ROLLED_BACK, head)
        elif head > conversation.log.cursor or is_stopped(conversation):
            conversation.reach.check_again(bool(conversation.log.last_digest))
            if (
                not conversation.log.last_digest
            ):  # stored by a version that did not keep it: nothing to compare
                _go_on(work, conversation)


def _on_directory_head(work: Context, head: int) -> None:
    known = work.saved_self
    work.is_directory_unchecked = False
    if head < known.directory_cursor:
        note_directory(work, True)
    elif head > known.directory_cursor or known.is_directory_lost:
        work.is_directory_unchecked = bool(known.directory_digest)
        if not known.directory_digest:
            note_directory(work, False)


def note_directory(work: Context, is_lost: bool) -> None:
    """Whether the list of people goes on from what is stored here."""
    known = work.saved_self
    if known.is_directory_lost == is_lost:
        return
    known.is_directory_lost = is_lost
    work.save(known)
    if is_lost:
        work.tell(Quarantined(DIRECTORY_LOG, ROLLED_BACK, known.directory_cursor))
    for conversation in work.conversations.values():
        if conversation.about.kind == CLASS_KIND:
            work.touch(conversation)


def check_cursor_entry(work: Context, conversation: Conversation, entry: Entry) -> None:
    """The server shows the entry at my cursor again: the log goes on from there only if it is the
    same.
    """
    conversation.reach.check_again(False)
    if digest_of(entry) != conversation.log.last_digest:
        _stop(work, conversation, REPLACED, conversation.log.cursor)
    else:
        _go_on(work, conversation)


def _go_on(work: Context, conversation: Conversation) -> None:
    if is_stopped(conversation):
        conversation.doubts.clear()
        work.touch(conversation)


def _stop(work: Context, conversation: Conversation, fault: str, sequence: int) -> None:
    if conversation.doubts.fault != fault:
        conversation.doubts.stop(fault)
        work.tell(Quarantined(conversation.conv_id, fault, sequence))
    work.touch(conversation)


def note_difference(work: Context, conversation: Conversation, uid: bytes, sequence: int) -> None:
    """A message or record says, inside its signature, that its author has seen another history up
    to `sequence`.
    """
    if not is_stopped(conversation) and uid != work.me:
        conversation.doubts.differ(DIFFERS, uid, sequence)
        work.touch(conversation)


def note_agreement(work: Context, conversation: Conversation, uid: bytes, sequence: int) -> None:
    """The author has seen what I have seen; histories that once differ never meet again, so it was
    no other history.
    """
    doubts = conversation.doubts
    if doubts.fault == DIFFERS and doubts.fault_by == uid and sequence > doubts.fault_at:
        doubts.clear()
        work.touch(conversation)


def fault_of(work: Context, conversation: Conversation) -> Said | None:
    """What is wrong here, or nothing."""
    doubts = conversation.doubts
    if doubts.fault in _STOPPING:
        return Failed(code=doubts.fault)
    if doubts.fault == DIFFERS:
        return HistoryDiffers(uid=doubts.fault_by)
    if conversation.reach.is_withheld:
        return NewestWithheld()
    if conversation.about.kind == CLASS_KIND and work.saved_self.is_directory_lost:
        return DirectoryLost()
    return None
