"""The chain of epochs of a conversation: records of the log, seeds, missing keys, statements;
pure.
"""

from __future__ import annotations

from client.api.events import Done, Quarantined
from client.api.said import Added, Created, Joined, Left, Removed, Renamed, Said
from client.core.context import Context
from client.core.conversation.conversation_events import (
    add_system_row,
    tell_group,
    tell_untold,
    update_delivered,
)
from client.core.server_faults import note_difference
from client.core.state.conversation import CLASS_KIND, DIRECT_KIND, GROUP_KIND, Conversation
from client.core.state.saved import SavedEpoch
from client.core.timers import AnswerTimer
from shared.crypto.accounts import statement_device, verify_statement
from shared.crypto.identity import make_statement
from shared.crypto.public import ZERO32
from shared.crypto.records import (
    ALL,
    OPEN,
    EpochRecord,
    GroupRole,
    SignedRecord,
    Snapshot,
    apply_record,
    read_record,
)
from shared.crypto.seeds import box_seed, open_box, open_link, open_title
from shared.errors import CryptoReject
from shared.messages import (
    Box,
    Boxes,
    Entry,
    EntryKind,
    FetchBoxes,
    KeyRequested,
    PostBoxes,
    RequestKey,
)

ANSWER_SPREAD_MS = 3000


# --- receiving ---


def record_of(entry: Entry) -> SignedRecord | None:
    """The record in an entry, read once for all who ask; None if there is none that can be read."""
    if entry.kind != EntryKind.RECORD:
        return None
    try:
        return read_record(entry.body, entry.proof)
    except CryptoReject:
        return None


def unknown_accounts(work: Context, record: EpochRecord) -> bool:
    """Whether a record speaks of accounts that the directory log has yet to bring."""
    uids = [record.uid, *(row.uid for row in (*record.delta.adds, *record.delta.changes))]
    return any(uid not in work.people.accounts for uid in uids)


def apply_record_entry(
    work: Context, conversation: Conversation, entry: Entry, signed: SignedRecord | None
) -> None:
    """Verify one record of the log and take it over; CryptoReject if it does not hold."""
    before = conversation.snapshot
    signed = signed or read_record(entry.body, entry.proof)  # says what is wrong with it
    record = signed.record
    if record.conv_id != conversation.conv_id or record.uid != entry.sender:
        raise CryptoReject("misplaced")
    snapshot = apply_record(
        before,
        signed,
        account_of=work.people.account,
        role_of=work.people.highest_role_of,
        class_id=work.saved_self.class_id,
        leavers=frozenset(conversation.moves.leavers),
        joiners=frozenset(conversation.moves.joiners),
    )
    _compare_transcript(work, conversation, record, entry)
    epoch = SavedEpoch(
        conv_id=conversation.conv_id,
        epoch=snapshot.epoch,
        epoch_id=snapshot.epoch_id,
        commit=snapshot.commit,
        link=record.link or b"",
        author=record.uid,
        sequence=entry.sequence,
        has_me=work.me in snapshot.members,
        title=snapshot.policy.title,
        may_rename=_may_rename(snapshot),
        sent_at_ms=snapshot.sent_at_ms,
    )
    conversation.keys.add(epoch)
    leavers = set(conversation.moves.leavers)
    added = {row.uid for row in record.delta.adds}
    conversation.membership.take(snapshot, added, record.delta.removes)
    conversation.moves.settle(added, record.delta.removes, snapshot.members)
    conversation.pending.want_rotation(False)
    if before is None:
        _take_origin(work, conversation, snapshot)
    if work.me in added:
        conversation.moves.wait_for_admission(False)
    work.save(epoch)
    work.save(conversation.membership.saved(conversation.conv_id))
    _tell_changes(work, conversation, before, entry, record, leavers)
    _settle_posted(work, conversation, entry)
    _open_title(work, conversation)
    update_delivered(work, conversation)
    work.touch(conversation)


def _compare_transcript(
    work: Context, conversation: Conversation, record: EpochRecord, entry: Entry
) -> None:
    """A record counts for what it signs, but another history is told."""
    known = conversation.reach.transcripts.get(record.base_seq)
    if known is None or known == record.base_t:
        return
    work.tell(Quarantined(conversation.conv_id, "history_differs", entry.sequence))
    note_difference(work, conversation, record.uid, record.base_seq)


def _take_origin(work: Context, conversation: Conversation, snapshot: Snapshot) -> None:
    about, pending = conversation.about, conversation.pending
    if snapshot.origin.kind == DIRECT_KIND:
        about.become_direct(next((uid for uid in snapshot.members if uid != work.me), b""))
    elif snapshot.origin.kind == CLASS_KIND:
        about.become_class_channel(snapshot.origin.data.decode())
    else:
        about.become_group()
    if pending.group is not None:
        work.drop(pending.group)
        pending.forget_group()


def _tell_changes(
    work: Context,
    conversation: Conversation,
    before: Snapshot | None,
    entry: Entry,
    record: EpochRecord,
    leavers: set[bytes],
) -> None:
    if conversation.about.kind == DIRECT_KIND:
        return
    by = entry.sender
    added, removed = {row.uid for row in record.delta.adds}, set(record.delta.removes) - leavers
    if before is None:
        if conversation.about.kind == GROUP_KIND:
            _add_row(work, conversation, Created(by=by), entry)
        tell_group(work, conversation, "created", sorted(added), by)
        return
    if added:
        uids = tuple(sorted(added))
        is_let_in = conversation.about.kind == CLASS_KIND or record.reason == "admit"
        said = Joined(uids=uids) if is_let_in else Added(by=by, uids=uids)
        _add_row(work, conversation, said, entry)
        tell_group(work, conversation, "added", uids, by)
    if removed:
        _add_row(work, conversation, Removed(by=by, uids=tuple(sorted(removed))), entry)
        tell_group(work, conversation, "removed", sorted(removed), by)


def _add_row(work: Context, conversation: Conversation, said: Said, entry: Entry) -> None:
    add_system_row(work, conversation, said, entry.sequence, entry.message_id, entry.stored_at_ms)


def _open_title(work: Context, conversation: Conversation) -> None:
    """Read the name of a group; a name that changed by somebody who may not change it is not
    taken.
    """
    snapshot = conversation.snapshot
    if snapshot is None or conversation.about.kind != GROUP_KIND:
        return
    try:
        if snapshot.policy.visibility == OPEN:
            title = snapshot.policy.title.decode()
        else:
            seed = conversation.head_seed()
            if not seed:
                return
            title = open_title(seed, conversation.conv_id, snapshot.epoch, snapshot.policy.title)
    except (CryptoReject, UnicodeDecodeError):
        work.tell(Quarantined(conversation.conv_id, "title"))
        return
    if not conversation.about.title or title == conversation.about.title:
        conversation.about.rename(title)
        tell_untold(work, conversation)
        return
    epoch = _renaming_epoch(conversation, conversation.keys.epochs[snapshot.epoch], title)
    if not epoch.may_rename:
        work.tell(Quarantined(conversation.conv_id, "title"))
        return
    conversation.about.rename(title)
    said = Renamed(by=epoch.author, title=title)
    add_system_row(work, conversation, said, epoch.sequence, epoch.epoch_id[:16], epoch.sent_at_ms)
    tell_group(work, conversation, "renamed", (), epoch.author)


def _may_rename(snapshot: Snapshot) -> bool:
    author = snapshot.members.get(snapshot.author)
    return author is not None and author.role >= GroupRole.ADMIN


def _renaming_epoch(conversation: Conversation, latest: SavedEpoch, title: str) -> SavedEpoch:
    """The epoch that brought the name: whoever begins a later one, and may not rename, carries it
    on.
    """
    while _title_at(conversation, latest.epoch - 1) == title:
        latest = conversation.keys.epochs[latest.epoch - 1]
    return latest


def _title_at(conversation: Conversation, number: int) -> str | None:
    """The name in an epoch; None where it cannot be read."""
    epoch = conversation.keys.epochs.get(number)
    try:
        return (
            open_title(epoch.seed, conversation.conv_id, number, epoch.title)
            if epoch and epoch.seed
            else None
        )
    except CryptoReject:
        return None


def apply_statement(work: Context, conversation: Conversation, entry: Entry, kind: str) -> None:
    """A member left, or somebody asks to be let in; CryptoReject if it is not signed by them."""
    account = work.people.account(entry.sender)
    if account is None:
        raise CryptoReject("unknown_account")
    statement = verify_statement(
        account, statement_device(entry.body), kind, entry.body, entry.proof
    )
    if statement.uid != entry.sender or statement.conv_id != conversation.conv_id:
        raise CryptoReject("misplaced")
    if kind == "join":
        if conversation.row(entry.sender) is None:
            conversation.moves.ask(entry.sender)
    elif conversation.row(entry.sender) is None:
        raise CryptoReject("not_a_member")
    else:
        conversation.moves.leave(entry.sender)
        if entry.sender == work.me:
            conversation.moves.wait_for_admission(False)
        _add_row(work, conversation, Left(uid=entry.sender), entry)
        tell_group(work, conversation, "left", (entry.sender,), entry.sender)
        update_delivered(work, conversation)
    work.touch(conversation)


# --- seeds ---


def take_seed(work: Context, conversation: Conversation, number: int, seed: bytes) -> None:
    """A seed that opens its commitment: keep it, and walk the links down to older ones."""
    while True:
        epoch = conversation.keys.keep_seed(number, seed)
        work.save(epoch)
        work.touch(conversation)
        before = conversation.keys.epochs.get(number - 1)
        if before is None or before.seed or not epoch.link:
            break
        try:
            seed = open_link(epoch.seed, epoch.link, conversation.conv_id, number, before.commit)
        except CryptoReject as reject:
            work.tell(Quarantined(conversation.conv_id, f"link_{reject.reason}", epoch.sequence))
            break
        number -= 1
    _open_title(work, conversation)


def on_boxes(work: Context, conversation: Conversation, boxes: Boxes) -> None:
    """Boxes from anybody: the first that opens the commitment is right."""
    epoch = conversation.keys.epochs.get(boxes.epoch)
    if epoch is None or epoch.seed:
        return
    ordered = sorted(boxes.boxes, key=lambda posted: posted.poster != epoch.author)
    for posted in ordered:
        pair = work.identity.uk_secrets.get(posted.uk_gen)
        if pair is None:
            continue
        try:
            seed = open_box(
                posted.box, pair[0], conversation.conv_id, epoch.epoch, work.me, epoch.commit
            )
        except CryptoReject:
            continue
        take_seed(work, conversation, epoch.epoch, seed)
        return
    if epoch.epoch not in conversation.keys.keys_requested:
        conversation.keys.note_requested(epoch.epoch)
        generation = max(work.identity.uk_secrets)
        statement, signature = make_statement(
            work.identity, "keyreq", conversation.conv_id, epoch.epoch_id, (epoch.epoch, generation)
        )
        work.send(RequestKey(conversation.conv_id, epoch.epoch, statement, signature))
    work.touch(conversation)


def want_keys(work: Context, conversation: Conversation) -> None:
    """Fetch the newest key that is missing: that of the head, or of messages that wait."""
    if not conversation.is_caught_up or conversation.snapshot is None:
        return
    head = conversation.snapshot.epoch
    wanted = {waiting.epoch for waiting in conversation.incoming.waiting.values()} | {head}
    for number in sorted(wanted, reverse=True):
        epoch = conversation.keys.epochs.get(number)
        if epoch is None or epoch.seed or number in conversation.keys.keys_asked:
            continue
        if not epoch.has_me and number == head:
            continue
        conversation.keys.note_asked(number)
        work.send(FetchBoxes(conversation.conv_id, number))
        return


def on_boxes_posted(work: Context, conversation: Conversation, number: int) -> None:
    """Somebody shared a key again."""
    epoch = conversation.keys.epochs.get(number)
    if epoch is not None and not epoch.seed:
        work.send(FetchBoxes(conversation.conv_id, number))


def on_key_requested(work: Context, conversation: Conversation, request: KeyRequested) -> None:
    """A member misses a key that I hold: answer after a random while."""
    if _may_have(work, conversation, request):
        key = AnswerTimer(conversation.conv_id, request.epoch, request.uid)
        work.timers.set_once(key, work.at.steady_ms + int(ANSWER_SPREAD_MS * work.jitter()))


def _may_have(work: Context, conversation: Conversation, request: KeyRequested) -> bool:
    account = work.people.account(request.uid)
    epoch = conversation.keys.epochs.get(request.epoch)
    snapshot = conversation.snapshot
    if (
        account is None
        or epoch is None
        or snapshot is None
        or not epoch.seed
        or work.people.is_blocked(request.uid)
    ):
        return False
    try:
        device = statement_device(request.statement)
        statement = verify_statement(
            account, device, "keyreq", request.statement, request.signature
        )
    except CryptoReject:
        return False
    if (statement.conv_id, statement.epoch_id, statement.uid) != (
        conversation.conv_id,
        epoch.epoch_id,
        request.uid,
    ):
        return False
    return _is_entitled(conversation, request.uid, request.epoch)


def _is_entitled(conversation: Conversation, uid: bytes, epoch: int) -> bool:
    if conversation.row(uid) is None or conversation.snapshot is None:
        return False
    return (
        conversation.snapshot.policy.history == ALL
        or conversation.membership.joined.get(uid, 2**32) <= epoch
    )


def answer_key(work: Context, conversation: Conversation, number: int, uid: bytes) -> None:
    """Share the seed of an epoch again with a member."""
    account, epoch = work.people.account(uid), conversation.keys.epochs[number]
    if account is not None and epoch.seed and _is_entitled(conversation, uid, number):
        box = box_seed(epoch.seed, conversation.conv_id, number, uid, account.uk_pub)
        work.send(PostBoxes(conversation.conv_id, number, [Box(uid, account.uk_gen, box)]))


# --- posted records and statements ---


def _settle_posted(work: Context, conversation: Conversation, entry: Entry) -> None:
    """A record is committed: mine, or somebody was faster and mine will be refused."""
    posted = conversation.pending.posted
    if (
        posted is None
        or posted.post.message_id != entry.message_id
        or posted.post.record != entry.body
    ):
        return
    conversation.pending.take_posted()
    if (
        conversation.pending.finish(posted.change)
        and posted.change is not None
        and posted.change.request_id
    ):
        work.tell(Done(posted.change.request_id, True))
    take_seed(work, conversation, posted.epoch, posted.seed)


def statement_epoch(conversation: Conversation) -> bytes:
    """The epoch that a statement of mine names."""
    return conversation.snapshot.epoch_id if conversation.snapshot else ZERO32
