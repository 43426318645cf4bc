"""The records that this client makes: a first one, letting people in, changed members or name, new
keys; pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from client.api.events import Done
from client.api.said import Failed, NotCreated, refused_by
from client.core.context import Context
from client.core.conversation.conversation_events import add_system_row
from client.core.server_faults import is_stopped
from client.core.state.conversation import CLASS_KIND, DIRECT_KIND, GROUP_KIND, Conversation
from client.core.state.pending_record import Change, PostedRecord
from client.core.state.saved import SavedGroup
from client.core.timers import AdmissionTimer, HoldTimer
from shared.crypto.records import (
    ALL,
    CHANNEL_POLICIES,
    DIRECT_POLICY,
    FROM_JOIN,
    OPEN,
    PRIVATE,
    GroupRole,
    Origin,
    Policy,
    RecordMember,
    build_record,
    encode_record,
    is_allowed,
    member_of,
    members_after_leave,
)
from shared.crypto.secret import sign
from shared.crypto.seeds import box_seed, new_seed, seal_link, seal_title, seed_commit
from shared.messages import (
    MAX_MEMBERS,
    Box,
    MessageId,
    PostRecord,
    Refused,
)

ADMIT_AT_ONCE = 500  # people in one record
ADMIT_MIN_MS, ADMIT_SPREAD_MS = 300, 1700
HOLD_MS = 2000


@dataclass(frozen=True)
class Plan:
    """What the next record shall do."""

    reason: str
    members: Mapping[bytes, RecordMember]
    title: str
    change: Change | None = None


def people_to_admit(work: Context, conversation: Conversation) -> list[bytes]:
    """Who waits to be let in, by a member who has the key."""
    snapshot, moves = conversation.snapshot, conversation.moves
    assert snapshot is not None
    if conversation.about.kind == CLASS_KIND:
        waiting = [
            uid
            for uid in work.people.accounts
            if uid not in snapshot.members and uid not in moves.left
        ]
    elif conversation.about.kind == GROUP_KIND and snapshot.policy.visibility == OPEN:
        waiting = [uid for uid in moves.joiners if uid in work.people.accounts]
    else:
        return []
    room = MAX_MEMBERS - len(snapshot.members)
    return sorted(uid for uid in waiting if not work.people.is_blocked(uid))[
        : min(room, ADMIT_AT_ONCE)
    ]


def schedule_admission(work: Context, conversation: Conversation, at_once: bool = False) -> None:
    """Let people in, now or after a random while so that not everybody does it."""
    key = AdmissionTimer(conversation.conv_id)
    if at_once:
        conversation.pending.want_admission()
        work.timers.drop(key)
        work.touch(conversation)
    else:
        work.timers.set_once(
            key, work.at.steady_ms + ADMIT_MIN_MS + int(ADMIT_SPREAD_MS * work.jitter())
        )


def take_hint(work: Context, conversation: Conversation, kind: str) -> None:
    """The broker chose this client to let people in, or to change the keys."""
    if kind == "admit":
        schedule_admission(work, conversation, at_once=True)
    elif kind == "rotate":
        conversation.pending.want_rotation(True)
        work.touch(conversation)


def is_rotation_due(work: Context, conversation: Conversation) -> bool:
    """Whether the key must change before the next message."""
    snapshot = conversation.snapshot
    assert snapshot is not None
    is_old = work.at.wall_ms - snapshot.sent_at_ms > snapshot.policy.rotate_secs * 1000
    is_worn = conversation.moves.messages_in_epoch >= snapshot.policy.rotate_msgs
    return (
        bool(conversation.moves.leavers)
        or is_old
        or is_worn
        or conversation.membership.has_old_rows
    )


def advance(work: Context, conversation: Conversation) -> None:
    """Make the next record if one is needed and possible now."""
    if (
        conversation.pending.posted is not None
        or not conversation.is_caught_up
        or is_stopped(conversation)
    ):
        return
    if work.timers.has(HoldTimer(conversation.conv_id)):
        return
    if conversation.snapshot is None:
        if conversation.pending.group is not None:
            _create_group(work, conversation)
        else:  # its creation was refused, or it was never joined
            _refuse_changes(work, conversation, "not_a_member")
        return
    if conversation.row(work.me) is None:
        _refuse_changes(work, conversation, "not_a_member")
        return
    if not conversation.head_seed():
        return
    plan = _next_plan(work, conversation)
    if plan is not None:
        _post(work, conversation, plan)
    if conversation.pending.posted is None and people_to_admit(work, conversation):
        schedule_admission(work, conversation)


def _refuse_changes(work: Context, conversation: Conversation, code: str) -> None:
    while (change := conversation.pending.next_change) is not None:
        conversation.pending.finish(change)
        if change.request_id:
            work.tell(Done(change.request_id, False, Failed(code=code)))


def _next_plan(work: Context, conversation: Conversation) -> Plan | None:
    snapshot = conversation.snapshot
    assert snapshot is not None
    members = _fresh_members(work, conversation)
    while (change := conversation.pending.next_change) is not None:
        plan = _plan_change(work, conversation, change, members)
        if plan is not None:
            return plan
        conversation.pending.finish(change)
        if change.request_id:
            work.tell(Done(change.request_id, True))
    if conversation.pending.take_admission():
        admitted = people_to_admit(work, conversation)
        if admitted:
            adds = {uid: member_of(work.people.accounts[uid]) for uid in admitted}
            return Plan("admit", {**members, **adds}, conversation.about.title)
    if conversation.pending.is_rotation_wanted and is_rotation_due(work, conversation):
        return Plan(
            "leave" if conversation.moves.leavers else "rotate", members, conversation.about.title
        )
    conversation.pending.want_rotation(False)
    return None


def _fresh_members(work: Context, conversation: Conversation) -> dict[bytes, RecordMember]:
    """The members without those who left, with the present account keys."""
    assert conversation.snapshot is not None
    members = {}
    for uid, row in members_after_leave(
        conversation.snapshot, frozenset(conversation.moves.leavers)
    ).items():
        account = work.people.accounts[uid]
        members[uid] = member_of(account, row.role) if account.uk_gen != row.uk_gen else row
    return members


def _plan_change(
    work: Context, conversation: Conversation, change: Change, members: dict[bytes, RecordMember]
) -> Plan | None:
    """The record for what the user ordered; None if it has come true already."""
    title = conversation.about.title
    if change.kind == "add":
        adds = {
            uid: member_of(work.people.accounts[uid]) for uid in change.uids if uid not in members
        }
        return Plan("add", {**members, **adds}, title, change) if adds else None
    if change.kind == "remove":
        rest = {uid: row for uid, row in members.items() if uid not in change.uids}
        return Plan("remove", rest, title, change) if len(rest) < len(members) else None
    return Plan("rename", members, change.name, change) if change.name != title else None


def _post(work: Context, conversation: Conversation, plan: Plan) -> None:
    before = conversation.snapshot
    assert before is not None
    epoch, seed = before.epoch + 1, new_seed(work.random)
    policy = before.policy
    if conversation.about.kind == GROUP_KIND:
        policy = _titled(work, policy, conversation.conv_id, epoch, seed, plan.title)
    has_adds = any(uid not in before.members for uid in plan.members)
    link = None
    if not (policy.history == FROM_JOIN and has_adds):
        link = seal_link(
            seed, conversation.head_seed(), conversation.conv_id, epoch, before.commit, work.random
        )
    _send_record(work, conversation, plan, epoch, seed, policy, None, link)


def _titled(
    work: Context, policy: Policy, conv_id: bytes, epoch: int, seed: bytes, title: str
) -> Policy:
    if policy.visibility == OPEN:
        return replace(policy, title=title.encode())
    return replace(policy, title=seal_title(seed, conv_id, epoch, title, work.random))


def _create_group(work: Context, conversation: Conversation) -> None:
    group = conversation.pending.group
    assert group is not None
    seed = new_seed(work.random)
    policy = Policy(
        history=ALL if group.history_all else FROM_JOIN,
        visibility=PRIVATE if group.is_private else OPEN,
    )
    policy = _titled(work, policy, conversation.conv_id, 0, seed, group.name)
    accounts = work.people.accounts
    rows = {uid: member_of(accounts[uid]) for uid in group.members if uid in accounts}
    rows[work.me] = member_of(accounts[work.me], GroupRole.OWNER)
    origin = Origin(GROUP_KIND, group.random)
    _send_record(
        work, conversation, Plan("create", rows, group.name), 0, seed, policy, origin, None
    )


def create_direct(work: Context, conversation: Conversation) -> None:
    """Record 0 of a direct conversation; if the other side was faster, theirs counts."""
    accounts, peer = work.people.accounts, conversation.about.peer
    if work.timers.has(HoldTimer(conversation.conv_id)):
        return
    rows = {uid: member_of(accounts[uid]) for uid in (work.me, peer)}
    plan = Plan("create", rows, "")
    _send_record(
        work,
        conversation,
        plan,
        0,
        new_seed(work.random),
        DIRECT_POLICY,
        Origin(DIRECT_KIND, b""),
        None,
    )


def create_class_channel(work: Context, conversation: Conversation) -> None:
    """Record 0 of a class channel with everybody who is known."""
    if conversation.pending.posted is not None:
        return
    people = sorted(uid for uid in work.people.accounts if not work.people.is_blocked(uid))[
        :ADMIT_AT_ONCE
    ]
    rows = {uid: member_of(work.people.accounts[uid]) for uid in sorted({work.me, *people})}
    name = conversation.about.channel_name.encode()
    origin = Origin(CLASS_KIND, name)
    plan = Plan("create", rows, "")
    _send_record(
        work, conversation, plan, 0, new_seed(work.random), CHANNEL_POLICIES[name], origin, None
    )


def _send_record(
    work: Context,
    conversation: Conversation,
    plan: Plan,
    epoch: int,
    seed: bytes,
    policy: Policy,
    origin: Origin | None,
    link: bytes | None,
) -> None:
    conv_id = conversation.conv_id
    record = build_record(
        conversation.snapshot,
        conv_id=conv_id,
        origin=origin,
        members_after=plan.members,
        policy=policy,
        commit=seed_commit(seed, conv_id, epoch),
        link=link,
        base_seq=conversation.log.cursor,
        base_t=conversation.log.transcript,
        sent_at_ms=work.at.wall_ms,
        uid=work.me,
        did=work.identity.did,
        reason=plan.reason,
    )
    raw = encode_record(record)
    boxes = [
        Box(uid, row.uk_gen, box_seed(seed, conv_id, epoch, uid, row.uk_pub))
        for uid, row in plan.members.items()
    ]
    message_id = MessageId(work.random(16))
    post = PostRecord(
        message_id, conv_id, raw, sign(work.identity.sign_secret, "epoch-sig", raw), boxes
    )
    conversation.pending.post(PostedRecord(post, seed, epoch, plan.change, plan.title))
    work.send(post)


def on_record_refused(work: Context, conversation: Conversation, refused: Refused) -> bool:
    """My record was refused; True if the log must be read because somebody else changed the
    keys.
    """
    posted = conversation.pending.take_posted()
    work.touch(conversation)
    if posted is None or refused.code == "epoch_taken":
        return True
    hold_ms = max(HOLD_MS, refused.retry_after_ms)
    work.timers.set(HoldTimer(conversation.conv_id), work.at.steady_ms + hold_ms)
    if refused.code in ("slow_down", "busy", "internal"):
        return False
    change = posted.change
    if conversation.pending.finish(change):
        if change is not None and change.request_id:
            why = refused_by(refused.code, refused.message)
            work.tell(Done(change.request_id, False, why))
    elif posted.epoch == 0 and conversation.pending.group is not None:
        _give_up_group(work, conversation, conversation.pending.group, refused)
    return True


def _give_up_group(
    work: Context, conversation: Conversation, group: SavedGroup, refused: Refused
) -> None:
    work.drop(group)
    conversation.pending.forget_group()
    conversation.about.rename(group.name)
    said = NotCreated(why=refused_by(refused.code, refused.message))
    add_system_row(work, conversation, said, 0, refused.about, work.at.wall_ms)
    _refuse_changes(work, conversation, "unknown_conversation")


def may_add(work: Context, conversation: Conversation) -> bool:
    """Whether the policy lets me add people."""
    snapshot = conversation.snapshot
    return snapshot is not None and is_allowed(
        snapshot.policy.who_adds, snapshot, work.me, work.people.role_of
    )
