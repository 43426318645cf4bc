"""The chain of epochs of a conversation: records, seeds, missing keys, and the records that this client makes; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from client.conversations import (
    CLASS_KIND,
    DIRECT_KIND,
    GROUP_KIND,
    Change,
    Conversation,
    Draft,
    add_system_row,
    saved_snapshot,
    tell_group,
    tell_untold,
    update_delivered,
)
from client.events import Done, Quarantined
from client.state import SavedEpoch
from client.workspace import Workspace
from shared.crypto.accounts import statement_device, verify_statement
from shared.crypto.identity import make_statement
from shared.crypto.public import ZERO32
from shared.crypto.records import (
    ALL,
    CHANNEL_POLICIES,
    DIRECT_POLICY,
    FROM_JOIN,
    OPEN,
    PRIVATE,
    GroupRole,
    MemberRow,
    Origin,
    Policy,
    Snapshot,
    apply_record,
    build_record,
    decode_record,
    encode_record,
    is_allowed,
    members_after_leave,
    row_of,
)
from shared.crypto.secret import sign
from shared.crypto.seeds import box_seed, new_seed, open_box, open_link, open_title, seal_link, seal_title, seed_commit
from shared.errors import REFUSAL_SENTENCES, CryptoReject
from shared.messages import (
    MAX_MEMBERS,
    Box,
    Boxes,
    Entry,
    FetchBoxes,
    KeyRequested,
    MessageId,
    PostBoxes,
    PostRecord,
    Refused,
    RequestKey,
)

ADMIT_AT_ONCE = 500  # people in one record
ADMIT_MIN_MS, ADMIT_SPREAD_MS = 300, 1700
ANSWER_SPREAD_MS = 3000
HOLD_MS = 2000


@dataclass(frozen=True)
class Plan:
    """What the next record shall do."""

    reason: str
    members: Mapping[bytes, MemberRow]
    title: str
    change: Change | None = None


# --- receiving ---


def unknown_accounts(work: Workspace, entry: Entry) -> bool:
    """Whether a record speaks of accounts that the directory log has yet to bring."""
    try:
        record = decode_record(entry.body)
    except CryptoReject:
        return False
    uids = [record.uid, *(row.uid for row in (*record.delta.adds, *record.delta.changes))]
    return any(uid not in work.people.accounts for uid in uids)


def apply_record_entry(work: Workspace, conversation: Conversation, entry: Entry) -> None:
    """Verify one record of the log and take it over; CryptoReject if it does not hold."""
    before, state = conversation.snapshot, conversation.state
    record = decode_record(entry.body)
    if record.conv_id != conversation.conv_id or record.uid != entry.sender:
        raise CryptoReject("misplaced")
    snapshot = apply_record(
        before, entry.body, entry.proof, account_of=work.people.account, role_of=work.people.highest_role_of,
        class_id=work.saved_self.class_id, leavers=frozenset(state.leavers), joiners=frozenset(state.joiners),
    )  # fmt: skip
    _compare_transcript(work, conversation, record.base_seq, record.base_t, entry.sequence)
    conversation.snapshot = snapshot
    epoch = SavedEpoch(
        conversation.conv_id, snapshot.epoch, snapshot.epoch_id, snapshot.commit, record.link or b"", record.uid,
        entry.sequence, work.me in snapshot.members,
    )  # fmt: skip
    conversation.epochs[snapshot.epoch] = epoch
    for row in record.delta.adds:
        conversation.joined[row.uid] = snapshot.epoch
    for uid in record.delta.removes:
        conversation.joined.pop(uid, None)
    leavers = set(state.leavers)
    added = {row.uid for row in record.delta.adds}
    state.leavers = []
    state.left = [uid for uid in {*state.left, *record.delta.removes} if uid not in added]
    state.joiners = [uid for uid in state.joiners if uid not in snapshot.members]
    state.messages_in_epoch = 0
    conversation.has_old_rows = False
    conversation.is_rotation_wanted = False
    if before is None:
        _take_origin(work, conversation, snapshot)
    if work.me in added:
        state.asked_to_join = False
    work.save(epoch)
    work.save(saved_snapshot(conversation))
    _tell_changes(work, conversation, before, entry, added, set(record.delta.removes) - leavers)
    _settle_draft(work, conversation, entry)
    _open_title(work, conversation)
    update_delivered(work, conversation)
    work.touch(conversation)


def _compare_transcript(work: Workspace, conversation: Conversation, sequence: int, digest: bytes, at: int) -> None:
    known = conversation.transcripts.get(sequence)
    if known is not None and known != digest:
        work.tell(Quarantined(conversation.conv_id, "history_differs", at))


def _take_origin(work: Workspace, conversation: Conversation, snapshot: Snapshot) -> None:
    state = conversation.state
    state.kind = snapshot.origin.kind
    if state.kind == DIRECT_KIND:
        state.peer = next((uid for uid in snapshot.members if uid != work.me), b"")
    elif state.kind == CLASS_KIND:
        state.class_name = snapshot.origin.data.decode()
    if conversation.group is not None:
        work.drop(conversation.group)
        conversation.group = None


def _tell_changes(
    work: Workspace, conversation: Conversation, before: Snapshot | None, entry: Entry, added: set[bytes],
    removed: set[bytes],
) -> None:  # fmt: skip
    if conversation.state.kind == DIRECT_KIND:
        return
    name, by = work.people.username, entry.sender
    if before is None:
        if conversation.state.kind == GROUP_KIND:
            sentence = f"{name(by)} created the group"
            add_system_row(work, conversation, sentence, entry.sequence, entry.message_id, entry.stored_at_ms)
        tell_group(work, conversation, "created", sorted(added), by)
        return
    sentences = []
    if added:
        who = _listed(name(uid) for uid in sorted(added, key=name))
        is_let_in = conversation.state.kind == CLASS_KIND or decode_record(entry.body).reason == "admit"
        sentences.append(f"{who} joined" if is_let_in else f"{name(by)} added {who}")
        tell_group(work, conversation, "added", sorted(added), by)
    if removed:
        sentences.append(f"{name(by)} removed {_listed(name(uid) for uid in sorted(removed, key=name))}")
        tell_group(work, conversation, "removed", sorted(removed), by)
    for sentence in sentences:
        add_system_row(work, conversation, sentence, entry.sequence, entry.message_id, entry.stored_at_ms)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    if len(found) > 5:
        return f"{', '.join(found[:4])} and {len(found) - 4} others"
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else str(found[0])


def _open_title(work: Workspace, conversation: Conversation) -> None:
    """Read the name of a group; a name that changed by somebody who may not change it is not taken."""
    snapshot, state = conversation.snapshot, conversation.state
    if snapshot is None or state.kind != GROUP_KIND:
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
    if not state.title or title == state.title:
        state.title = state.title or title
        tell_untold(work, conversation)
        return
    author = snapshot.members.get(snapshot.author)
    if author is None or author.role < GroupRole.ADMIN:
        work.tell(Quarantined(conversation.conv_id, "title"))
        return
    state.title = title
    epoch = conversation.epochs[snapshot.epoch]
    sentence = f"{work.people.username(snapshot.author)} renamed the group to {title}"
    add_system_row(work, conversation, sentence, epoch.sequence, snapshot.epoch_id[:16], snapshot.ts_ms)
    tell_group(work, conversation, "renamed", (), snapshot.author)


def apply_statement(work: Workspace, conversation: Conversation, entry: Entry, kind: str) -> None:
    """A member left, or somebody asks to be let in; CryptoReject if it is not signed by them."""
    account = work.people.account(entry.sender)
    if account is None:
        raise CryptoReject("unknown_account")
    statement = verify_statement(account, statement_device(entry.body), kind, entry.body, entry.proof)
    state = conversation.state
    if statement.uid != entry.sender or statement.conv_id != conversation.conv_id:
        raise CryptoReject("misplaced")
    if kind == "join":
        if conversation.row(entry.sender) is None and entry.sender not in state.joiners:
            state.joiners.append(entry.sender)
    elif conversation.row(entry.sender) is None:
        raise CryptoReject("not_a_member")
    else:
        state.leavers.append(entry.sender)
        state.left = sorted({*state.left, entry.sender})
        if entry.sender == work.me:
            state.asked_to_join = False
        sentence = f"{work.people.username(entry.sender)} left"
        add_system_row(work, conversation, sentence, entry.sequence, entry.message_id, entry.stored_at_ms)
        tell_group(work, conversation, "left", (entry.sender,), entry.sender)
        update_delivered(work, conversation)
    work.touch(conversation)


# --- seeds ---


def take_seed(work: Workspace, conversation: Conversation, number: int, seed: bytes) -> None:
    """A seed that opens its commitment: keep it, and walk the links down to older ones."""
    while True:
        epoch = conversation.epochs[number]
        if not epoch.seed:
            epoch.seed = seed
            work.save(epoch)
            work.touch(conversation)
        conversation.keys_requested.discard(number)
        before = conversation.epochs.get(number - 1)
        if before is None or before.seed or not epoch.link:
            break
        try:
            seed = open_link(epoch.seed, epoch.link, conversation.conv_id, number, before.commit)
        except CryptoReject as reject:
            work.tell(Quarantined(conversation.conv_id, f"link_{reject.reason}", epoch.sequence))
            break
        number -= 1
    _open_title(work, conversation)


def on_boxes(work: Workspace, conversation: Conversation, boxes: Boxes) -> None:
    """Boxes from anybody: the first that opens the commitment is right."""
    epoch = conversation.epochs.get(boxes.epoch)
    if epoch is None or epoch.seed:
        return
    ordered = sorted(boxes.boxes, key=lambda posted: posted.poster != epoch.author)
    for posted in ordered:
        pair = work.identity.uk_secrets.get(posted.uk_gen)
        if pair is None:
            continue
        try:
            seed = open_box(posted.box, pair[0], conversation.conv_id, epoch.epoch, work.me, epoch.commit)
        except CryptoReject:
            continue
        take_seed(work, conversation, epoch.epoch, seed)
        return
    if epoch.epoch not in conversation.keys_requested:
        conversation.keys_requested.add(epoch.epoch)
        generation = max(work.identity.uk_secrets)
        statement, signature = make_statement(
            work.identity, "keyreq", conversation.conv_id, epoch.epoch_id, (epoch.epoch, generation)
        )
        work.send(RequestKey(conversation.conv_id, epoch.epoch, statement, signature))
    work.touch(conversation)


def want_keys(work: Workspace, conversation: Conversation) -> None:
    """Fetch the newest key that is missing: that of the head, or of messages that wait."""
    if not conversation.is_caught_up or conversation.snapshot is None:
        return
    head = conversation.snapshot.epoch
    wanted = {waiting.epoch for waiting in conversation.waiting.values()} | {head}
    for number in sorted(wanted, reverse=True):
        epoch = conversation.epochs.get(number)
        if epoch is None or epoch.seed or number in conversation.keys_asked:
            continue
        if not epoch.has_me and number == head:
            continue
        conversation.keys_asked.add(number)
        work.send(FetchBoxes(conversation.conv_id, number))
        return


def on_boxes_posted(work: Workspace, conversation: Conversation, number: int) -> None:
    """Somebody shared a key again."""
    epoch = conversation.epochs.get(number)
    if epoch is not None and not epoch.seed:
        work.send(FetchBoxes(conversation.conv_id, number))


def on_key_requested(work: Workspace, conversation: Conversation, request: KeyRequested) -> None:
    """A member misses a key that I hold: answer after a random while."""
    if _may_have(work, conversation, request):
        key = ("answer", conversation.conv_id + request.epoch.to_bytes(8, "big") + request.uid)
        work.timers.set_once(key, work.at.steady_ms + int(ANSWER_SPREAD_MS * work.jitter()))


def _may_have(work: Workspace, conversation: Conversation, request: KeyRequested) -> bool:
    account = work.people.account(request.uid)
    epoch = conversation.epochs.get(request.epoch)
    snapshot = conversation.snapshot
    if account is None or epoch is None or snapshot is None or not epoch.seed or work.people.is_blocked(request.uid):
        return False
    try:
        device = statement_device(request.statement)
        statement = verify_statement(account, device, "keyreq", request.statement, request.signature)
    except CryptoReject:
        return False
    if (statement.conv_id, statement.epoch_id, statement.uid) != (conversation.conv_id, epoch.epoch_id, request.uid):
        return False
    return _is_entitled(conversation, request.uid, request.epoch)


def _is_entitled(conversation: Conversation, uid: bytes, epoch: int) -> bool:
    if conversation.row(uid) is None or conversation.snapshot is None:
        return False
    return conversation.snapshot.policy.history == ALL or conversation.joined.get(uid, 2**32) <= epoch


def answer_key(work: Workspace, conversation: Conversation, number: int, uid: bytes) -> None:
    """Share the seed of an epoch again with a member."""
    account, epoch = work.people.account(uid), conversation.epochs[number]
    if account is not None and epoch.seed and _is_entitled(conversation, uid, number):
        box = box_seed(epoch.seed, conversation.conv_id, number, uid, account.uk_pub)
        work.send(PostBoxes(conversation.conv_id, number, [Box(uid, account.uk_gen, box)]))


# --- making records ---


def people_to_admit(work: Workspace, conversation: Conversation) -> list[bytes]:
    """Who waits to be let in and may be let in by me."""
    snapshot, state = conversation.snapshot, conversation.state
    if snapshot is None or conversation.row(work.me) is None or not conversation.head_seed():
        return []
    if state.kind == CLASS_KIND:
        waiting = [uid for uid in work.people.accounts if uid not in snapshot.members and uid not in state.left]
    elif state.kind == GROUP_KIND and snapshot.policy.visibility == OPEN:
        waiting = [uid for uid in state.joiners if uid in work.people.accounts]
    else:
        return []
    room = MAX_MEMBERS - len(snapshot.members)
    return sorted(uid for uid in waiting if not work.people.is_blocked(uid))[: min(room, ADMIT_AT_ONCE)]


def schedule_admission(work: Workspace, conversation: Conversation, at_once: bool = False) -> None:
    """Let people in, now or after a random while so that not everybody does it."""
    key = ("admit", conversation.conv_id)
    if at_once:
        conversation.is_admission_due = True
        work.timers.drop(key)
        work.touch(conversation)
    elif not conversation.is_admission_due:
        work.timers.set_once(key, work.at.steady_ms + ADMIT_MIN_MS + int(ADMIT_SPREAD_MS * work.jitter()))


def is_rotation_due(work: Workspace, conversation: Conversation) -> bool:
    """Whether the key must change before the next message."""
    snapshot, state = conversation.snapshot, conversation.state
    if snapshot is None:
        return False
    is_old = work.at.wall_ms - snapshot.ts_ms > snapshot.policy.rotate_secs * 1000
    is_worn = state.messages_in_epoch >= snapshot.policy.rotate_msgs
    return bool(state.leavers) or is_old or is_worn or conversation.has_old_rows


def advance(work: Workspace, conversation: Conversation) -> None:
    """Make the next record if one is needed and possible now."""
    if conversation.draft is not None or not conversation.is_caught_up:
        return
    if work.timers.has(("hold", conversation.conv_id)):
        return
    if conversation.snapshot is None:
        if conversation.group is not None:
            _create_group(work, conversation)
        return
    if conversation.row(work.me) is None or not conversation.head_seed():
        return
    plan = _next_plan(work, conversation)
    if plan is not None:
        _post(work, conversation, plan)
    if conversation.draft is None and people_to_admit(work, conversation):
        schedule_admission(work, conversation)


def _next_plan(work: Workspace, conversation: Conversation) -> Plan | None:
    snapshot, state = conversation.snapshot, conversation.state
    assert snapshot is not None
    members = _fresh_members(work, conversation)
    while conversation.changes:
        change = conversation.changes[0]
        plan = _plan_change(work, conversation, change, members)
        if plan is not None:
            return plan
        conversation.changes.popleft()
        if change.request_id:
            work.tell(Done(change.request_id, True))
    if conversation.is_admission_due:
        conversation.is_admission_due = False
        admitted = people_to_admit(work, conversation)
        if admitted:
            adds = {uid: row_of(work.people.accounts[uid]) for uid in admitted}
            return Plan("admit", {**members, **adds}, state.title)
    if conversation.is_rotation_wanted and is_rotation_due(work, conversation):
        return Plan("leave" if state.leavers else "rotate", members, state.title)
    conversation.is_rotation_wanted = False
    return None


def _fresh_members(work: Workspace, conversation: Conversation) -> dict[bytes, MemberRow]:
    """The members without those who left, with the present account keys."""
    assert conversation.snapshot is not None
    members = {}
    for uid, row in members_after_leave(conversation.snapshot, frozenset(conversation.state.leavers)).items():
        account = work.people.accounts[uid]
        members[uid] = row_of(account, row.role) if account.uk_gen != row.uk_gen else row
    return members


def _plan_change(
    work: Workspace, conversation: Conversation, change: Change, members: dict[bytes, MemberRow]
) -> Plan | None:
    """The record for what the user ordered; None if it has come true already."""
    title = conversation.state.title
    if change.kind == "add":
        adds = {uid: row_of(work.people.accounts[uid]) for uid in change.uids if uid not in members}
        return Plan("add", {**members, **adds}, title, change) if adds else None
    if change.kind == "remove":
        rest = {uid: row for uid, row in members.items() if uid not in change.uids}
        return Plan("remove", rest, title, change) if len(rest) < len(members) else None
    return Plan("rename", members, change.name, change) if change.name != title else None


def _post(work: Workspace, conversation: Conversation, plan: Plan) -> None:
    before = conversation.snapshot
    assert before is not None
    epoch, seed = before.epoch + 1, new_seed(work.random)
    policy = before.policy
    if conversation.state.kind == GROUP_KIND:
        policy = _titled(work, policy, conversation.conv_id, epoch, seed, plan.title)
    has_adds = any(uid not in before.members for uid in plan.members)
    link = None
    if not (policy.history == FROM_JOIN and has_adds):
        link = seal_link(seed, conversation.head_seed(), conversation.conv_id, epoch, before.commit, work.random)
    _send_record(work, conversation, plan, epoch, seed, policy, None, link)


def _titled(work: Workspace, policy: Policy, conv_id: bytes, epoch: int, seed: bytes, title: str) -> Policy:
    if policy.visibility == OPEN:
        return replace(policy, title=title.encode())
    return replace(policy, title=seal_title(seed, conv_id, epoch, title, work.random))


def _create_group(work: Workspace, conversation: Conversation) -> None:
    group = conversation.group
    assert group is not None
    seed = new_seed(work.random)
    policy = Policy(
        history=ALL if group.history_all else FROM_JOIN, visibility=PRIVATE if group.is_private else OPEN
    )
    policy = _titled(work, policy, conversation.conv_id, 0, seed, group.name)
    accounts = work.people.accounts
    rows = {uid: row_of(accounts[uid]) for uid in group.members if uid in accounts}
    rows[work.me] = row_of(accounts[work.me], GroupRole.OWNER)
    origin = Origin(GROUP_KIND, group.random)
    _send_record(work, conversation, Plan("create", rows, group.name), 0, seed, policy, origin, None)


def create_direct(work: Workspace, conversation: Conversation) -> None:
    """Record 0 of a direct conversation; if the other side was faster, theirs counts."""
    accounts, peer = work.people.accounts, conversation.state.peer
    if conversation.draft is not None or peer not in accounts or work.timers.has(("hold", conversation.conv_id)):
        return
    rows = {uid: row_of(accounts[uid]) for uid in (work.me, peer)}
    plan = Plan("create", rows, "")
    _send_record(work, conversation, plan, 0, new_seed(work.random), DIRECT_POLICY, Origin(DIRECT_KIND, b""), None)


def create_class_channel(work: Workspace, conversation: Conversation) -> None:
    """Record 0 of a class channel with everybody who is known."""
    if conversation.draft is not None or conversation.snapshot is not None:
        return
    people = sorted(uid for uid in work.people.accounts if not work.people.is_blocked(uid))[:ADMIT_AT_ONCE]
    rows = {uid: row_of(work.people.accounts[uid]) for uid in {work.me, *people}}
    name = conversation.state.class_name.encode()
    origin = Origin(CLASS_KIND, name)
    plan = Plan("create", rows, "")
    _send_record(work, conversation, plan, 0, new_seed(work.random), CHANNEL_POLICIES[name], origin, None)


def _send_record(
    work: Workspace, conversation: Conversation, plan: Plan, epoch: int, seed: bytes, policy: Policy,
    origin: Origin | None, link: bytes | None,
) -> None:  # fmt: skip
    state, conv_id = conversation.state, conversation.conv_id
    record = build_record(
        conversation.snapshot, conv_id=conv_id, origin=origin, members_after=plan.members, policy=policy,
        commit=seed_commit(seed, conv_id, epoch), link=link, base_seq=state.cursor, base_t=state.transcript,
        ts_ms=work.at.wall_ms, uid=work.me, did=work.identity.did, reason=plan.reason,
    )  # fmt: skip
    raw = encode_record(record)
    boxes = [
        Box(uid, row.uk_gen, box_seed(seed, conv_id, epoch, uid, row.uk_pub)) for uid, row in plan.members.items()
    ]
    message_id = MessageId(work.random(16))
    post = PostRecord(message_id, conv_id, raw, sign(work.identity.sign_secret, "epoch-sig", raw), boxes)
    conversation.draft = Draft(post, seed, epoch, plan.change, plan.title)
    work.send(post)


def _settle_draft(work: Workspace, conversation: Conversation, entry: Entry) -> None:
    """A record is committed: mine, or somebody was faster and mine will be refused."""
    draft = conversation.draft
    if draft is None or draft.post.message_id != entry.message_id or draft.post.record != entry.body:
        return
    conversation.draft = None
    if draft.change is not None and conversation.changes and conversation.changes[0] is draft.change:
        conversation.changes.popleft()
        if draft.change.request_id:
            work.tell(Done(draft.change.request_id, True))
    take_seed(work, conversation, draft.epoch, draft.seed)


def on_record_refused(work: Workspace, conversation: Conversation, refused: Refused) -> bool:
    """My record was refused; True if the log must be read because somebody else changed the keys."""
    draft = conversation.draft
    conversation.draft = None
    work.touch(conversation)
    if draft is None or refused.code == "epoch_taken":
        return True
    hold_ms = max(HOLD_MS, refused.retry_after_ms)
    work.timers.set(("hold", conversation.conv_id), work.at.steady_ms + hold_ms)
    if refused.code in ("slow_down", "busy", "internal"):
        return False
    change = draft.change
    if change is not None and conversation.changes and conversation.changes[0] is change:
        conversation.changes.popleft()
        if change.request_id:
            message = REFUSAL_SENTENCES.get(refused.code, refused.message)
            work.tell(Done(change.request_id, False, refused.code, message))
    elif draft.epoch == 0 and conversation.group is not None:
        work.drop(conversation.group)
        conversation.group = None
    return True


def may_add(work: Workspace, conversation: Conversation) -> bool:
    """Whether the policy lets me add people."""
    snapshot = conversation.snapshot
    return snapshot is not None and is_allowed(snapshot.policy.who_adds, snapshot, work.me, work.people.role_of)


def statement_epoch(conversation: Conversation) -> bytes:
    """The epoch that a statement of mine names."""
    return conversation.snapshot.epoch_id if conversation.snapshot else ZERO32


