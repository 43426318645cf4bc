"""How a conversation is presented: its kind and name, who may do what in it; pure."""

from __future__ import annotations

from client.api import values
from client.api.said import (
    KeyBlocks,
    NotMemberAnyMore,
    Said,
    WaitsForAnybody,
    WaitsForKey,
    WaitsForMember,
    WaitsForMessageKeys,
    tell,
)
from client.api.values import ConversationKind, Member
from client.core import server_faults as faults
from client.core.context import Context
from client.core.state.conversation import CLASS_KIND, DIRECT_KIND, GROUP_KIND, Conversation
from shared.crypto.records import (
    ADMINS,
    NOBODY,
    OPEN,
    Policy,
    is_allowed,
)
from shared.messages import Role


def policy_of(conversation: Conversation) -> Policy | None:
    """Return the present policy."""
    return conversation.snapshot.policy if conversation.snapshot else None


def can_write(work: Context, conversation: Conversation) -> bool:
    """Return whether I may write here."""
    if conversation.about.peer and work.people.is_blocked(conversation.about.peer):
        return False
    if faults.is_stopped(conversation):
        return False
    snapshot = conversation.snapshot
    if snapshot is None:
        return conversation.about.kind == DIRECT_KIND or conversation.pending.group is not None
    if conversation.row(work.me) is None:
        return False
    if conversation.about.kind != DIRECT_KIND and work.people.restriction_of(work.me):
        return False
    return is_allowed(snapshot.policy.who_writes, snapshot, work.me, work.people.role_of)


def is_member(work: Context, conversation: Conversation) -> bool:
    """Return whether I am a member; a conversation about to be created counts."""
    if conversation.snapshot is None:
        return conversation.about.kind == DIRECT_KIND or conversation.pending.group is not None
    return conversation.row(work.me) is not None


def kind_of(work: Context, conversation: Conversation) -> ConversationKind:
    """Return the section of the sidebar."""
    if conversation.about.kind == DIRECT_KIND:
        return ConversationKind.DIRECT
    if conversation.about.kind == CLASS_KIND:
        is_for_staff = conversation.about.channel_name == "announcements"
        return ConversationKind.ANNOUNCEMENTS if is_for_staff else ConversationKind.CHANNEL
    policy = policy_of(conversation)
    if policy is not None:
        return ConversationKind.CHANNEL if policy.visibility == OPEN else ConversationKind.GROUP
    if conversation.pending.group is not None and conversation.pending.group.is_private:
        return ConversationKind.GROUP
    return ConversationKind.CHANNEL


def name_of(work: Context, conversation: Conversation) -> str:
    """Return the name without its sign."""
    if conversation.about.kind == DIRECT_KIND:
        return work.people.username(conversation.about.peer)
    if conversation.about.kind == CLASS_KIND:
        return conversation.about.channel_name
    if conversation.about.title:
        return conversation.about.title
    if conversation.pending.group is not None:
        return conversation.pending.group.name
    channel = work.people.channels.get(conversation.conv_id)
    return channel.name if channel else "…"


def is_shown(work: Context, conversation: Conversation) -> bool:
    """Return whether it belongs in the sidebar: an id alone is not enough."""
    if conversation.snapshot is not None:
        is_direct = conversation.about.kind == DIRECT_KIND
        return not is_direct or conversation.about.is_opened or conversation.reading.row_count > 0
    return (
        conversation.about.is_opened
        or conversation.pending.group is not None
        or conversation.conv_id in work.people.channels
        or conversation.about.kind == CLASS_KIND
        or bool(conversation.about.title)  # a group whose creation was refused
        or (conversation.about.kind == DIRECT_KIND and bool(conversation.about.unsent_text))
    )


def _members(conversation: Conversation, work: Context) -> tuple[Member, ...]:
    if conversation.snapshot is not None:
        rows = conversation.snapshot.members
        return tuple(Member(uid, rows[uid].role) for uid in conversation.member_uids())
    if conversation.about.kind == DIRECT_KIND:
        return tuple(Member(uid, 0) for uid in (work.me, conversation.about.peer))
    if conversation.pending.group is not None:
        return (Member(work.me, 2), *(Member(uid, 0) for uid in conversation.pending.group.members))
    return ()


def _status(work: Context, conversation: Conversation) -> Said | None:
    if conversation.about.peer and work.people.is_blocked(conversation.about.peer):
        return KeyBlocks(uid=conversation.about.peer)
    wrong = faults.fault_of(work, conversation)
    if wrong is not None:
        return wrong
    if conversation.incoming.waiting:
        return WaitsForMessageKeys(count=len(conversation.incoming.waiting))
    if conversation.row(work.me) is not None and not conversation.head_seed():
        return WaitsForKey()
    if conversation.snapshot is not None and conversation.row(work.me) is None:
        return NotMemberAnyMore()
    if conversation.moves.asked_to_join:
        return WaitsForMember()
    if conversation.about.kind == CLASS_KIND and conversation.snapshot is None:
        return WaitsForAnybody()
    return None


def may_pin(work: Context, conversation: Conversation, uid: bytes) -> bool:
    """Return whether a person may pin messages and address @all here.

    Staff may in class channels, every member elsewhere.
    """
    if conversation.row(uid) is None:
        return False
    return (
        conversation.about.kind != CLASS_KIND or work.people.highest_role_of(uid) >= Role.ASSISTANT
    )


def is_staff_member(work: Context, conversation: Conversation, uid: bytes) -> bool:
    """Return whether a person is a member here and belongs to the staff of the class."""
    return conversation.row(uid) is not None and work.people.highest_role_of(uid) >= Role.ASSISTANT


def view(work: Context, conversation: Conversation) -> values.Conversation:
    """Return everything that the window shows of it."""
    snapshot = conversation.snapshot
    reading = conversation.reading
    belongs = is_member(work, conversation)
    mine = conversation.row(work.me)
    is_group = conversation.about.kind == GROUP_KIND
    has_key = bool(conversation.head_seed())

    def allows(rule: int) -> bool:
        if (
            snapshot is None
            or mine is None
            or not has_key
            or rule == NOBODY
            or faults.is_stopped(conversation)
        ):
            return False
        return is_allowed(rule, snapshot, work.me, work.people.role_of)

    policy = policy_of(conversation) or Policy(who_adds=NOBODY, who_removes=NOBODY)
    is_waiting = not belongs and (
        conversation.moves.asked_to_join or conversation.about.kind == CLASS_KIND
    )
    is_waiting = (
        is_waiting or bool(conversation.incoming.waiting) or (mine is not None and not has_key)
    )
    status = _status(work, conversation)
    return values.Conversation(
        conv_id=conversation.conv_id,
        kind=kind_of(work, conversation),
        name=name_of(work, conversation),
        members=_members(conversation, work),
        row_count=reading.row_count,
        read_position=reading.read_position,
        unread=reading.unread,
        unread_mentions=reading.unread_mentions,
        last_at_ms=reading.last_at_ms,
        can_write=can_write(work, conversation),
        can_add=allows(policy.who_adds),
        can_remove=allows(policy.who_removes),
        can_rename=is_group and allows(ADMINS),
        can_leave=is_group and mine is not None,
        is_member=belongs,
        is_waiting=is_waiting,
        status=tell(status, work.people.username) if status else None,
        unsent_text=conversation.about.unsent_text,
        sequence=conversation.log.cursor,
        can_pin=can_write(work, conversation) and may_pin(work, conversation, work.me),
    )


def is_staff(work: Context) -> bool:
    """Return whether I am an assistant or instructor."""
    return work.people.role_of(work.me) >= Role.ASSISTANT
