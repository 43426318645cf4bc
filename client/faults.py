"""What the server does that does not fit together: noticed, kept with the conversation, and said in words; pure."""

from __future__ import annotations

from collections.abc import Iterable

from client.conversations import CLASS_KIND, Conversation
from client.events import Quarantined
from client.workspace import Workspace
from shared.crypto.public import entry_hash
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, LogHead

ROLLED_BACK = "rolled_back"  # the log of the server ends before what is stored here
REPLACED = "replaced"  # the log goes on, but its entry at my cursor is not the one that is stored here
DIFFERS = "history_differs"  # somebody has seen another history than I; nothing stops, for they could lie

_STOPPING = (ROLLED_BACK, REPLACED)


def digest_of(entry: Entry) -> bytes:
    """What an entry adds to the transcript; of one that I may not read the server gives that alone."""
    return entry.body if entry.kind == EntryKind.WITHHELD else entry_hash(entry.body, entry.proof)


def is_stopped(conversation: Conversation) -> bool:
    """Whether nothing more is believed or sent here: what would be sent, nobody else could fit in."""
    return conversation.state.fault in _STOPPING


def on_heads(work: Workspace, heads: Iterable[LogHead]) -> None:
    """A sign-in: the server tells how far its logs reach. None ends before what it told before."""
    reach = {found.log_id: found.head for found in heads}
    _on_directory_head(work, reach.get(DIRECTORY_LOG, 0))
    for conversation in work.conversations.values():
        state = conversation.state
        head = reach.get(conversation.conv_id, 0)
        conversation.is_withheld = conversation.is_unchecked = False
        if head < state.cursor:
            _stop(work, conversation, ROLLED_BACK, head)
        elif head > state.cursor or is_stopped(conversation):
            conversation.is_unchecked = bool(state.last_digest)
            if not state.last_digest:  # stored by a version that did not keep it: nothing to compare
                _go_on(work, conversation)


def _on_directory_head(work: Workspace, head: int) -> None:
    known = work.saved_self
    work.is_directory_unchecked = False
    if head < known.directory_cursor:
        note_directory(work, True)
    elif head > known.directory_cursor or known.is_directory_lost:
        work.is_directory_unchecked = bool(known.directory_digest)
        if not known.directory_digest:
            note_directory(work, False)


def note_directory(work: Workspace, is_lost: bool) -> None:
    """Whether the list of people goes on from what is stored here."""
    known = work.saved_self
    if known.is_directory_lost == is_lost:
        return
    known.is_directory_lost = is_lost
    work.save(known)
    if is_lost:
        work.tell(Quarantined(DIRECTORY_LOG, ROLLED_BACK, known.directory_cursor))
    for conversation in work.conversations.values():
        if conversation.state.kind == CLASS_KIND:
            work.touch(conversation)


def check_cursor_entry(work: Workspace, conversation: Conversation, entry: Entry) -> None:
    """The server shows the entry at my cursor again: the log goes on from there only if it is the same."""
    state = conversation.state
    conversation.is_unchecked = False
    if digest_of(entry) != state.last_digest:
        _stop(work, conversation, REPLACED, state.cursor)
    else:
        _go_on(work, conversation)


def _go_on(work: Workspace, conversation: Conversation) -> None:
    if is_stopped(conversation):
        conversation.state.fault = ""
        work.touch(conversation)


def _stop(work: Workspace, conversation: Conversation, fault: str, sequence: int) -> None:
    if conversation.state.fault != fault:
        conversation.state.fault = fault
        work.tell(Quarantined(conversation.conv_id, fault, sequence))
    work.touch(conversation)


def note_difference(work: Workspace, conversation: Conversation, uid: bytes, sequence: int) -> None:
    """A message or record says, inside its signature, that its author has seen another history up to `sequence`."""
    state = conversation.state
    if not is_stopped(conversation) and uid != work.me:
        state.fault, state.fault_by, state.fault_at = DIFFERS, uid, sequence
        work.touch(conversation)


def note_agreement(work: Workspace, conversation: Conversation, uid: bytes, sequence: int) -> None:
    """The author has seen what I have seen; histories that once differ never meet again, so it was no other history."""
    state = conversation.state
    if state.fault == DIFFERS and state.fault_by == uid and sequence > state.fault_at:
        state.fault = ""
        work.touch(conversation)


def sentence(work: Workspace, conversation: Conversation) -> str:
    """What is wrong here in words, or nothing."""
    state = conversation.state
    if state.fault == ROLLED_BACK:
        return "The server has lost the end of this conversation. Nothing is sent here; what you have stays."
    if state.fault == REPLACED:
        return "The server shows another history of this conversation than before. Nothing is sent here."
    if state.fault == DIFFERS:
        name = work.people.username(state.fault_by)
        return f"{name} has seen another history of this conversation than you. Compare what you read."
    if conversation.is_withheld:
        return "The server does not hand over the newest messages of this conversation."
    if state.kind == CLASS_KIND and work.saved_self.is_directory_lost:
        return "The server has lost people or roles that this computer knows. Ask your instructor."
    return ""
