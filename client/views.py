"""How a conversation is seen: its kind, its name, who may do what in it, and all of it as the window gets it; pure."""

from __future__ import annotations

from client import faults, values
from client.conversations import CLASS_KIND, DIRECT_KIND, GROUP_KIND, Conversation
from client.values import ConversationKind, Member
from client.workspace import Workspace
from shared.crypto.records import (
    ADMINS,
    NOBODY,
    OPEN,
    Policy,
    is_allowed,
)
from shared.messages import Role


def policy_of(conversation: Conversation) -> Policy | None:
    """The present policy."""
    return conversation.snapshot.policy if conversation.snapshot else None


def can_write(work: Workspace, conversation: Conversation) -> bool:
    """Whether I may write here."""
    if conversation.state.peer and work.people.is_blocked(conversation.state.peer):
        return False
    if faults.is_stopped(conversation):
        return False
    snapshot = conversation.snapshot
    if snapshot is None:
        return conversation.state.kind == DIRECT_KIND or conversation.group is not None
    if conversation.row(work.me) is None:
        return False
    if conversation.state.kind != DIRECT_KIND and work.people.restriction_of(work.me):
        return False
    return is_allowed(snapshot.policy.who_writes, snapshot, work.me, work.people.role_of)


def is_member(work: Workspace, conversation: Conversation) -> bool:
    """Whether I belong to it; a conversation about to be created counts."""
    if conversation.snapshot is None:
        return conversation.state.kind == DIRECT_KIND or conversation.group is not None
    return conversation.row(work.me) is not None


def kind_of(work: Workspace, conversation: Conversation) -> ConversationKind:
    """The section of the sidebar."""
    state = conversation.state
    if state.kind == DIRECT_KIND:
        return ConversationKind.DIRECT
    if state.kind == CLASS_KIND:
        return ConversationKind.ANNOUNCEMENTS if state.class_name == "announcements" else ConversationKind.CHANNEL
    policy = policy_of(conversation)
    if policy is not None:
        return ConversationKind.CHANNEL if policy.visibility == OPEN else ConversationKind.GROUP
    if conversation.group is not None and conversation.group.is_private:
        return ConversationKind.GROUP
    return ConversationKind.CHANNEL


def name_of(work: Workspace, conversation: Conversation) -> str:
    """The name without its sign."""
    state = conversation.state
    if state.kind == DIRECT_KIND:
        return work.people.username(state.peer)
    if state.kind == CLASS_KIND:
        return state.class_name
    if state.title:
        return state.title
    if conversation.group is not None:
        return conversation.group.name
    channel = work.people.channels.get(conversation.conv_id)
    return channel.name if channel else "…"


def is_shown(work: Workspace, conversation: Conversation) -> bool:
    """Whether it has its place in the sidebar: an id alone is not enough."""
    if conversation.snapshot is not None:
        is_direct = conversation.state.kind == DIRECT_KIND
        return not is_direct or conversation.state.is_opened or conversation.state.row_count > 0
    return (
        conversation.state.is_opened
        or conversation.group is not None
        or conversation.conv_id in work.people.channels
        or conversation.state.kind == CLASS_KIND
        or bool(conversation.state.title)  # a group whose creation was refused
        or (conversation.state.kind == DIRECT_KIND and bool(conversation.state.draft))
    )


def _members(conversation: Conversation, work: Workspace) -> tuple[Member, ...]:
    if conversation.snapshot is not None:
        rows = conversation.snapshot.members
        return tuple(Member(uid, rows[uid].role) for uid in conversation.member_uids())
    if conversation.state.kind == DIRECT_KIND:
        return tuple(Member(uid, 0) for uid in (work.me, conversation.state.peer))
    if conversation.group is not None:
        return (Member(work.me, 2), *(Member(uid, 0) for uid in conversation.group.members))
    return ()


def _status(work: Workspace, conversation: Conversation) -> str:
    state = conversation.state
    if state.peer and work.people.is_blocked(state.peer):
        return f"The key of {work.people.username(state.peer)} has changed. Accept it before you write."
    wrong = faults.sentence(work, conversation)
    if wrong:
        return wrong
    if conversation.waiting:
        count = len(conversation.waiting)
        return f"Waiting for the key of {count} message{'s' if count > 1 else ''}"
    if conversation.row(work.me) is not None and not conversation.head_seed():
        return "Waiting for the key of this conversation"
    if conversation.snapshot is not None and conversation.row(work.me) is None:
        return "You are no longer a member. What you have read stays here."
    if state.asked_to_join:
        return "Waiting to be let in by a member"
    if state.kind == CLASS_KIND and conversation.snapshot is None:
        return "Waiting to be let in by somebody who is online"
    return ""


def may_pin(work: Workspace, conversation: Conversation, uid: bytes) -> bool:
    """Whether a person may pin messages and address @all here: staff in class channels, every member elsewhere."""
    if conversation.row(uid) is None:
        return False
    return conversation.state.kind != CLASS_KIND or work.people.highest_role_of(uid) >= Role.ASSISTANT


def is_staff_member(work: Workspace, conversation: Conversation, uid: bytes) -> bool:
    """Whether a person is a member here and belongs to the staff of the class."""
    return conversation.row(uid) is not None and work.people.highest_role_of(uid) >= Role.ASSISTANT


def view(work: Workspace, conversation: Conversation) -> values.Conversation:
    """All that the window shows of it."""
    state, snapshot = conversation.state, conversation.snapshot
    belongs = is_member(work, conversation)
    mine = conversation.row(work.me)
    is_group = state.kind == GROUP_KIND
    has_key = bool(conversation.head_seed())

    def allows(rule: int) -> bool:
        if snapshot is None or mine is None or not has_key or rule == NOBODY or faults.is_stopped(conversation):
            return False
        return is_allowed(rule, snapshot, work.me, work.people.role_of)

    policy = policy_of(conversation) or Policy(who_adds=NOBODY, who_removes=NOBODY)
    is_waiting = not belongs and (state.asked_to_join or state.kind == CLASS_KIND)
    is_waiting = is_waiting or bool(conversation.waiting) or (mine is not None and not has_key)
    return values.Conversation(
        state.conv_id, kind_of(work, conversation), name_of(work, conversation), _members(conversation, work),
        state.row_count, state.read_position, state.unread, state.unread_mentions, state.last_at_ms,
        can_write(work, conversation), allows(policy.who_adds), allows(policy.who_removes),
        is_group and allows(ADMINS), is_group and mine is not None, belongs, is_waiting,
        _status(work, conversation), state.draft, state.cursor,
        can_write(work, conversation) and may_pin(work, conversation, work.me),
    )  # fmt: skip


def is_staff(work: Workspace) -> bool:
    """Whether I am an assistant or instructor."""
    return work.people.role_of(work.me) >= Role.ASSISTANT
