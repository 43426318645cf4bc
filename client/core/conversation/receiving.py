"""Entries of a conversation log in order: verify, open, make rows of them; what fails is set aside
with a reason.
"""

from __future__ import annotations

import re
from functools import partial
from typing import assert_never

from client.api.events import MessageChanged, Quarantined
from client.api.said import ChangeSetAside, MessageMissing, Said, SetAside, encode_said
from client.api.values import RowKind
from client.core.context import Context
from client.core.conversation.conversation_events import schedule_cursor, stop_typing
from client.core.conversation.epochs import apply_record_entry, apply_statement
from client.core.server_faults import digest_of, note_agreement, note_difference
from client.core.state.conversation import GROUP_KIND, Conversation
from client.core.state.effects import DropPreview
from client.core.state.saved import (
    Rights,
    SavedSender,
    SavedWaiting,
    StoredFile,
    StoredReaction,
    StoredRow,
)
from client.core.views import is_staff_member, may_pin
from shared.crypto.accounts import active_device
from shared.crypto.content import (
    Accept,
    Act,
    Delete,
    Edit,
    File,
    Pin,
    Question,
    React,
    Shown,
    decode_content,
)
from shared.crypto.files import Manifest
from shared.crypto.headers import CONTENT, CONTROL, Header, decode_header
from shared.crypto.public import entry_hash
from shared.crypto.records import CLASS_CHANNEL, EVERYBODY, GroupRole, SignedRecord, is_allowed
from shared.crypto.sealing import Opened, open_message
from shared.errors import CryptoReject
from shared.messages import DeleteFile, Entry, EntryKind, Role

QUOTE_LENGTH = 120
_FENCE = re.compile(r" {0,3}(```|~~~)[\w+#.-]{0,20}\s*$")
MAX_REACTIONS = 40  # different emoji under one row


class _KeyMissing(Exception):
    """The seed of the message's epoch has not arrived."""


def apply_entry(
    work: Context, conversation: Conversation, entry: Entry, signed: SignedRecord | None
) -> bool:
    """Apply the next entry of the log; never raises for what the entry holds. False if it was set
    aside.

    `signed` is what `record_of` has read in it.
    """
    is_valid = True
    digest = digest_of(entry)
    try:
        if entry.kind == EntryKind.MESSAGE:
            _receive_message(work, conversation, entry, digest)
        elif entry.kind == EntryKind.RECORD:
            apply_record_entry(work, conversation, entry, signed)
        elif entry.kind in (EntryKind.LEAVE, EntryKind.JOIN):
            apply_statement(
                work, conversation, entry, "leave" if entry.kind == EntryKind.LEAVE else "join"
            )
        elif entry.kind == EntryKind.WITHHELD and len(digest) == 32:
            conversation.log.note_withheld(entry.sequence)
        else:
            raise CryptoReject("kind")
    except CryptoReject as reject:
        _quarantine(work, conversation, entry, digest, reject.reason)
        is_valid = False
    conversation.log.advance(entry.sequence, digest)
    conversation.reach.note_transcript(conversation.log)
    schedule_cursor(work, conversation)
    work.touch(conversation)
    return is_valid


def _quarantine(
    work: Context, conversation: Conversation, entry: Entry, digest: bytes, reason: str
) -> None:
    is_change = entry.kind in (EntryKind.RECORD, EntryKind.LEAVE, EntryKind.JOIN)
    said = ChangeSetAside() if is_change else SetAside(reason=reason)
    _add_notice(work, conversation, entry, digest, said)
    work.tell(Quarantined(conversation.conv_id, reason, entry.sequence))


def _add_notice(
    work: Context, conversation: Conversation, entry: Entry, digest: bytes, said: Said
) -> None:
    row = StoredRow(
        conv_id=conversation.conv_id,
        position=0,
        message_id=digest[:16].ljust(16, b"\0"),
        sequence=entry.sequence,
        kind=RowKind.QUARANTINED,
        sender=entry.sender,
        sent_at_ms=entry.stored_at_ms,
        text="",
        said=encode_said(said),
    )
    work.rows.add(conversation, row)


# --- messages ---


def _receive_message(
    work: Context, conversation: Conversation, entry: Entry, digest: bytes
) -> None:
    header = _checked_header(work, conversation, entry)
    conversation.moves.count_message()
    try:
        _open(work, conversation, entry, header, digest)
    except _KeyMissing:
        _keep_waiting(work, conversation, entry, header)
    if header.uid == work.me and header.did == work.identity.did:
        conversation.own.advance(header.n, digest)


def _checked_header(work: Context, conversation: Conversation, entry: Entry) -> Header:
    """What can be verified without the key."""
    header = decode_header(entry.body)
    if (header.conv_id, header.uid, header.message_id) != (
        conversation.conv_id,
        entry.sender,
        entry.message_id,
    ):
        raise CryptoReject("misplaced")
    snapshot = conversation.snapshot
    if snapshot is None or header.epoch > snapshot.epoch:
        raise CryptoReject("unknown_epoch")
    if header.epoch_id != conversation.keys.epochs[header.epoch].epoch_id:
        raise CryptoReject("fork")
    if header.epoch < snapshot.epoch:
        raise CryptoReject("late")
    if conversation.row(header.uid) is None:
        raise CryptoReject("not_a_member")
    active_device(work.people.accounts[header.uid], header.did)
    # In class channels the right to write hangs on roles that change; there the broker is asked,
    # not the log.
    rule = snapshot.policy.who_writes
    is_ruled = rule != EVERYBODY and snapshot.origin.kind != CLASS_CHANNEL
    if is_ruled and not is_allowed(rule, snapshot, header.uid, work.people.role_of):
        raise CryptoReject("not_allowed")
    return header


def epoch_of(header: bytes) -> int:
    """Under the key of which epoch a message says to be sealed; -1 if it says nothing that can be
    read.
    """
    try:
        return decode_header(header).epoch
    except CryptoReject:
        return -1


def _keep_waiting(work: Context, conversation: Conversation, entry: Entry, header: Header) -> None:
    position = -1
    if header.kind == CONTENT:
        _refuse_second(work, entry)  # now, for the row is found by this id when the key comes
        row = StoredRow(
            conv_id=conversation.conv_id,
            position=0,
            message_id=entry.message_id,
            sequence=entry.sequence,
            kind=RowKind.WAITING,
            sender=entry.sender,
            sent_at_ms=header.sent_at_ms,
            text="",
            is_own=header.uid == work.me,
        )
        position = work.rows.add(conversation, row).position
    waiting = SavedWaiting(
        conv_id=conversation.conv_id,
        sequence=entry.sequence,
        epoch=header.epoch,
        position=position,
        sender=entry.sender,
        stored_at_ms=entry.stored_at_ms,
        message_id=entry.message_id,
        header=entry.body,
        cipher=entry.proof,
        rights=_rights_of(work, conversation, header.uid),
    )
    conversation.incoming.hold(waiting)
    work.save(waiting)


def open_waiting(work: Context, conversation: Conversation) -> None:
    """Open what waited for keys that are here now, in order."""
    for sequence in sorted(conversation.incoming.waiting):
        waiting = conversation.incoming.waiting[sequence]
        if not conversation.keys.epochs[waiting.epoch].seed:
            continue
        entry = Entry(
            sequence,
            EntryKind.MESSAGE,
            waiting.sender,
            waiting.stored_at_ms,
            waiting.message_id,
            waiting.header,
            waiting.cipher,
        )
        digest = entry_hash(entry.body, entry.proof)
        try:
            _open(work, conversation, entry, decode_header(entry.body), digest, waiting)
        except _KeyMissing:
            continue
        except CryptoReject as reject:
            _set_aside_waiting(work, conversation, waiting, reject.reason)
        conversation.incoming.release(waiting)
        work.drop(waiting)
        work.touch(conversation)


def _set_aside_waiting(
    work: Context, conversation: Conversation, waiting: SavedWaiting, reason: str
) -> None:
    row = work.rows.get(waiting.message_id)
    if waiting.position >= 0 and row is not None:
        work.rows.change(row, kind=RowKind.QUARANTINED, said=encode_said(SetAside(reason=reason)))
    work.tell(Quarantined(conversation.conv_id, reason, waiting.sequence))


def _open(
    work: Context,
    conversation: Conversation,
    entry: Entry,
    header: Header,
    digest: bytes,
    waiting: SavedWaiting | None = None,
) -> None:
    """Decrypt, verify, and apply, with the rights that the sender had when it was stored."""
    seed = conversation.keys.epochs[header.epoch].seed
    if not seed:
        raise _KeyMissing
    device = active_device(work.people.accounts[header.uid], header.did)
    opened = open_message(seed, device.sign_pub, entry.body, entry.proof, header)
    _check_seen(work, conversation, opened, entry.sequence)
    if _check_sender_order(work, conversation, opened, digest, entry.sequence):
        work.tell(Quarantined(conversation.conv_id, "gap", entry.sequence))
        if waiting is None:
            _add_notice(work, conversation, entry, entry_hash(b"gap", digest), MessageMissing())
    content = decode_content(opened.body)
    if header.kind != (CONTENT if isinstance(content, Shown) else CONTROL):
        raise CryptoReject("content")
    rights = (waiting and waiting.rights) or _rights_of(work, conversation, header.uid)
    if isinstance(content, Shown):
        _show_text(
            work, conversation, entry, header, digest, content, rights, is_new=waiting is None
        )
        stop_typing(work, conversation, header.uid)
    else:
        _act(work, conversation, header, content, rights)


def _rights_of(work: Context, conversation: Conversation, uid: bytes) -> Rights:
    return Rights(
        may_delete(work, conversation, uid),
        may_pin(work, conversation, uid),
        is_staff_member(work, conversation, uid),
    )


def _check_seen(work: Context, conversation: Conversation, opened: Opened, sequence: int) -> None:
    seen, transcript = opened.seen
    known = conversation.reach.transcripts.get(seen)
    if seen >= sequence or (known is not None and known != transcript):
        note_difference(work, conversation, opened.header.uid, seen)
        raise CryptoReject("history_differs")
    if known is not None:
        note_agreement(work, conversation, opened.header.uid, seen)


def _check_sender_order(
    work: Context, conversation: Conversation, opened: Opened, digest: bytes, sequence: int
) -> bool:
    """Every device counts its messages: a repeat, a second one of a number are refused.

    True if one is missing.
    """
    has_gap = False
    header, conv_id = opened.header, conversation.conv_id
    last = conversation.incoming.senders.get(header.did)
    if (
        last is not None and sequence < last.sequence
    ):  # it has waited for its key; later ones are open already
        if header.n >= last.n:
            raise CryptoReject("replayed")
        return False
    if last is not None and last.sequence == sequence:
        return False  # an act that has waited for its target
    if last is not None:
        if header.n <= last.n:
            raise CryptoReject("replayed")
        if header.n == last.n + 1 and opened.prev != last.hash:
            raise CryptoReject("equivocation")
        has_gap = header.n > last.n + 1 and not _is_blind(conversation, last.sequence, sequence)
    saved = SavedSender(conv_id, header.did, header.n, digest, sequence)
    conversation.incoming.note_sender(saved)
    work.save(saved)
    return has_gap


def _is_blind(conversation: Conversation, after: int, before: int) -> bool:
    """Whether messages in between are withheld, or wait for their key."""
    waiting = conversation.incoming.waiting
    return conversation.log.withheld_at > after or any(
        after < sequence < before for sequence in waiting
    )


# --- content ---


def _show_text(
    work: Context,
    conversation: Conversation,
    entry: Entry,
    header: Header,
    digest: bytes,
    content: Shown,
    rights: Rights,
    is_new: bool,
) -> None:
    if is_new:
        _refuse_second(work, entry)
    reply_to = b"" if isinstance(content, Question) else content.reply_to
    quote_sender, quote_text = _quote(work, conversation, reply_to)
    file = None
    if isinstance(content, File):
        file = stored_file(content.manifest)
        file = work.drafts.add_version(conversation.conv_id, entry.sequence, entry.message_id, file)
    row = StoredRow(
        conv_id=conversation.conv_id,
        position=0,
        message_id=entry.message_id,
        sequence=entry.sequence,
        kind=RowKind.TEXT,
        sender=header.uid,
        sent_at_ms=header.sent_at_ms,
        text=content.text,
        hash=digest,
        is_own=header.uid == work.me,
        is_edited=False,
        mentions_me=_mentions(work, rights, header.uid, content.text),
        reply_to=reply_to if quote_sender else b"",
        quote_sender=quote_sender,
        quote_text=quote_text,
        file=file,
        is_question=isinstance(content, Question),
    )
    if is_new:
        work.rows.add(conversation, row)
        work.marks.on_shown(row)
        return
    before = work.rows.get(entry.message_id)
    assert before is not None
    work.rows.change(
        before,
        kind=RowKind.TEXT,
        text=row.text,
        hash=digest,
        mentions_me=row.mentions_me,
        reply_to=row.reply_to,
        quote_sender=quote_sender,
        quote_text=quote_text,
        file=file,
        is_question=row.is_question,
    )
    work.marks.on_shown(row)
    by = work.people.username(header.uid)
    work.tell(
        MessageChanged(
            conv_id=conversation.conv_id,
            message_id=entry.message_id,
            change="opened",
            by=by,
            text=row.text,
        )
    )


def _refuse_second(work: Context, entry: Entry) -> None:
    if work.rows.get(entry.message_id) is not None:
        raise CryptoReject("replayed")


def _quote(work: Context, conversation: Conversation, reply_to: bytes) -> tuple[bytes, str]:
    target = work.rows.get(reply_to) if reply_to else None
    if (
        target is None
        or target.conv_id != conversation.conv_id
        or target.kind not in (RowKind.TEXT, RowKind.DELETED)
    ):
        return b"", ""
    return target.sender, quoted_text(target)


def stored_file(manifest: Manifest) -> StoredFile:
    """A manifest as a row keeps it."""
    return StoredFile(
        file_id=manifest.file_id,
        key=manifest.key,
        size=manifest.size,
        root=manifest.root,
        sha256=manifest.sha256,
        name=manifest.name,
        mime=manifest.mime,
        width=manifest.width,
        height=manifest.height,
    )


def manifest_of(file: StoredFile) -> Manifest:
    """What the sender signed about the file of a row."""
    return Manifest(
        file.file_id,
        file.key,
        file.size,
        file.root,
        file.sha256,
        file.name,
        file.mime,
        file.width,
        file.height,
    )


def quoted_text(row: StoredRow) -> str:
    """What a quote of a row says: its text, or the name of its file."""
    return one_line(row.text) if row.text or row.file is None else row.file.name


def one_line(text: str) -> str:
    """A text shortened to one line; the lines that only open or close a code block are left out."""
    line = " ".join(one for one in text.split("\n") if not _FENCE.match(one))
    line = " ".join(line.split())
    return line if len(line) <= QUOTE_LENGTH else line[: QUOTE_LENGTH - 1] + "…"


def _mentions(work: Context, rights: Rights, sender: bytes, text: str) -> bool:
    """Whether a text addresses me: by name, or by @all from somebody who may address all here."""
    if sender == work.me or "@" not in text:
        return False
    everybody = ["all"] if rights.may_pin else []
    names = "|".join(re.escape(name) for name in (work.identity.username, *everybody))
    return re.search(rf"(?<!\w)@(?:{names})(?!\w)", text, re.IGNORECASE) is not None


def _act(
    work: Context, conversation: Conversation, header: Header, act: Act, rights: Rights
) -> None:
    target = work.rows.get(act.target_message_id)
    if (
        target is not None
        and target.conv_id == conversation.conv_id
        and target.kind == RowKind.WAITING
    ):
        raise _KeyMissing
    if target is None or target.conv_id != conversation.conv_id or target.hash != act.target_hash:
        work.tell(Quarantined(conversation.conv_id, "unknown_target"))
        return
    if target.kind != RowKind.TEXT:
        return
    is_author = header.uid == target.sender
    by = work.people.username(header.uid)
    changed = partial(MessageChanged, conv_id=target.conv_id, message_id=target.message_id, by=by)
    match act:
        case React():
            work.rows.change(target, reactions=_reacted(target.reactions, act, header.uid))
            change = changed(change="reacted", emoji=act.emoji, removed=act.remove)
        case Edit():
            _require(is_author)
            mentions = _mentions(work, rights, header.uid, act.text)
            work.rows.change(target, text=act.text, is_edited=True, mentions_me=mentions)
            change = changed(change="edited", text=act.text)
        case Pin():
            _require(rights.may_pin)
            work.marks.pin(target, act)
            change = changed(change="pinned", removed=act.remove)
        case Accept():
            work.marks.accept(target, act, header.uid, rights.is_staff)
            change = changed(change="accepted", removed=act.remove)
        case Delete():
            _require(is_author or rights.may_delete)
            _delete(work, target, header.uid)
            change = changed(change="deleted")
        case _:
            assert_never(act)
    work.tell(change)


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise CryptoReject("not_allowed")


def _delete(work: Context, target: StoredRow, by: bytes) -> None:
    work.rows.change(
        target,
        kind=RowKind.DELETED,
        text="",
        reactions=(),
        mentions_me=False,
        file=None,
        is_pinned=False,
        is_accepted=False,
    )
    work.marks.on_deleted(target)
    if target.file is not None:
        _drop_file(work, target, target.file, by)


def _drop_file(work: Context, row: StoredRow, file: StoredFile, by: bytes) -> None:
    """The message of a file is deleted: whoever did that removes it from the broker, everybody
    forgets its content.
    """
    work.drafts.on_deleted(row)
    work.order(DropPreview(file.file_id))
    if by == work.me:
        work.send(DeleteFile(file.file_id))


def may_delete(work: Context, conversation: Conversation, uid: bytes) -> bool:
    """Whether a person may delete messages of others here."""
    row = conversation.row(uid)
    if row is None:
        return False
    if conversation.about.kind == GROUP_KIND:
        return row.role >= GroupRole.ADMIN
    return (
        conversation.about.kind == CLASS_CHANNEL
        and work.people.highest_role_of(uid) >= Role.ASSISTANT
    )


def _reacted(
    reactions: tuple[StoredReaction, ...], act: React, uid: bytes
) -> tuple[StoredReaction, ...]:
    uids = {
        reacting.emoji: [one for one in reacting.uids if one != uid or reacting.emoji != act.emoji]
        for reacting in reactions
    }
    if not act.remove and (act.emoji in uids or len(uids) < MAX_REACTIONS):
        uids.setdefault(act.emoji, []).append(uid)
    return tuple(
        StoredReaction(emoji, tuple(reacting)) for emoji, reacting in uids.items() if reacting
    )
