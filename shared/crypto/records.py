"""Epoch records: who is in a conversation, under which policy and key, and who may change that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final

from shared.crypto.accounts import Account, active_device
from shared.crypto.public import (
    SUITE,
    VERSION,
    ZERO32,
    class_channel_id,
    direct_id,
    expect,
    expect_version,
    group_id,
    hash32,
    is_bytes,
    is_count,
    label,
    pack,
    unpack_exact,
    verify,
)
from shared.errors import CryptoReject
from shared.messages import MAX_MEMBERS, MAX_RECORD_BYTES

ALL, FROM_JOIN = 0, 1  # history
EVERYBODY, ADMINS, NOBODY = 0, 1, 2  # who_*
PRIVATE, OPEN = 0, 1  # visibility
DIRECT, GROUP, CLASS_CHANNEL = 0, 1, 2  # origin
REASONS: Final = frozenset(
    ("create", "add", "remove", "leave", "rotate", "rename", "admit", "policy")
)
_STAFF_ROLE: Final = 1  # messages.Role.ASSISTANT


class GroupRole(IntEnum):
    """The role of a member in a group."""

    MEMBER = 0
    ADMIN = 1
    OWNER = 2


@dataclass(frozen=True, slots=True)
class RecordMember:
    """One member: the role in the group, and the state of the chain that the seed is sealed to."""

    uid: bytes
    role: int
    acct_seq: int
    acct_head: bytes
    uk_gen: int
    uk_pub: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a conversation's id; present only in epoch 0.

    Group: 32 random bytes; channel: its name.
    """

    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a conversation.

    `title` is sealed in a private group and plain UTF-8 in an open one.
    """

    history: int = ALL
    who_adds: int = EVERYBODY
    who_removes: int = ADMINS
    who_writes: int = EVERYBODY
    visibility: int = PRIVATE
    rotate_msgs: int = 2000
    rotate_secs: int = 604_800
    retention_days: int = 0
    title: bytes = b""


DIRECT_POLICY: Final = Policy(who_adds=NOBODY, who_removes=NOBODY)
GENERAL_POLICY: Final = Policy(visibility=OPEN, title=b"general")
ANNOUNCEMENTS_POLICY: Final = Policy(who_writes=ADMINS, visibility=OPEN, title=b"announcements")
CHANNEL_POLICIES: Final = {b"general": GENERAL_POLICY, b"announcements": ANNOUNCEMENTS_POLICY}


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed in the member list."""

    adds: tuple[RecordMember, ...] = ()
    removes: tuple[bytes, ...] = ()
    changes: tuple[RecordMember, ...] = ()


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One signed link of a conversation's epoch chain."""

    conv_id: bytes
    epoch: int
    prev: bytes
    reason: str
    origin: Origin | None
    members_root: bytes
    member_count: int
    delta: Delta
    policy: Policy
    commit: bytes
    link: bytes | None
    base_seq: int
    base_t: bytes
    sent_at_ms: int
    uid: bytes
    did: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a conversation after a record. `epoch_id` is the hash of that record."""

    conv_id: bytes
    epoch: int
    epoch_id: bytes
    origin: Origin
    members: Mapping[bytes, RecordMember]
    policy: Policy
    commit: bytes
    sent_at_ms: int
    author: bytes


def member_of(account: Account, role: int = GroupRole.MEMBER) -> RecordMember:
    """Return the row of an account in its present state."""
    return RecordMember(
        account.uid, int(role), account.sequence, account.head, account.uk_gen, account.uk_pub
    )


def members_root(members: Mapping[bytes, RecordMember]) -> bytes:
    """Return the hash of the member list, sorted by uid."""
    return hash32(label("members"), pack([_member_items(members[uid]) for uid in sorted(members)]))


def build_record(
    before: Snapshot | None,
    *,
    conv_id: bytes,
    origin: Origin | None,
    members_after: Mapping[bytes, RecordMember],
    policy: Policy,
    commit: bytes,
    link: bytes | None,
    base_seq: int,
    base_t: bytes,
    sent_at_ms: int,
    uid: bytes,
    did: bytes,
    reason: str,
) -> EpochRecord:
    """Build the record that leads from `before` to these members and this policy."""
    old: Mapping[bytes, RecordMember] = before.members if before else {}
    delta = Delta(
        tuple(members_after[u] for u in sorted(members_after) if u not in old),
        tuple(u for u in sorted(old) if u not in members_after),
        tuple(
            members_after[u]
            for u in sorted(members_after)
            if u in old and members_after[u] != old[u]
        ),
    )
    return EpochRecord(
        conv_id,
        before.epoch + 1 if before else 0,
        before.epoch_id if before else ZERO32,
        reason,
        None if before else origin,
        members_root(members_after),
        len(members_after),
        delta,
        policy,
        commit,
        link,
        base_seq,
        base_t,
        sent_at_ms,
        uid,
        did,
    )


def encode_record(r: EpochRecord) -> bytes:
    """Return the bytes that travel, are hashed and signed."""
    origin = None if r.origin is None else [r.origin.kind, r.origin.data]
    delta = [
        [_member_items(row) for row in r.delta.adds],
        list(r.delta.removes),
        [_member_items(x) for x in r.delta.changes],
    ]
    return pack(
        (
            VERSION,
            SUITE,
            r.conv_id,
            r.epoch,
            r.prev,
            r.reason,
            origin,
            r.members_root,
            r.member_count,
            delta,
            _policy_items(r.policy),
            r.commit,
            r.link,
            r.base_seq,
            r.base_t,
            r.sent_at_ms,
            r.uid,
            r.did,
        )
    )


def _policy_items(p: Policy) -> list[object]:
    return [
        p.history,
        p.who_adds,
        p.who_removes,
        p.who_writes,
        p.visibility,
        p.rotate_msgs,
        p.rotate_secs,
        p.retention_days,
        p.title,
    ]


def decode_record(raw: bytes) -> EpochRecord:
    """Read a record; raises CryptoReject unless every field has its exact shape.

    Nothing is verified yet.
    """
    items = unpack_exact(raw, MAX_RECORD_BYTES, 18)
    expect_version(items[0], items[1])
    conv_id, epoch, prev, reason, origin, root, count, delta = items[2:10]
    policy, commit, link, seq, base_t, sent_at_ms, uid, did = items[10:]
    expect(all(is_bytes(value, 16) for value in (conv_id, uid, did)))
    expect(all(is_bytes(value, 32) for value in (prev, root, commit, base_t)))
    expect(
        is_count(epoch, 2**32 - 1)
        and is_count(count, MAX_MEMBERS)
        and is_count(seq)
        and is_count(sent_at_ms)
    )
    expect(type(reason) is str and reason in REASONS)
    expect(link is None or is_bytes(link, 72))  # nonce 24 + seed 32 + tag 16
    return EpochRecord(
        conv_id,
        epoch,
        prev,
        reason,
        _origin(origin),
        root,
        count,
        _delta(delta),
        _policy(policy),
        commit,
        link,
        seq,
        base_t,
        sent_at_ms,
        uid,
        did,
    )


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A record as it was posted, decoded once.

    Only `read_record` makes one, so bytes and decoded record are always the same record.
    """

    raw: bytes
    signature: bytes
    record: EpochRecord


def read_record(raw: bytes, signature: bytes) -> SignedRecord:
    """Read a posted record; raises CryptoReject like `decode_record`. Nothing is verified yet."""
    return SignedRecord(raw, signature, decode_record(raw))


def members_after_leave(
    snapshot: Snapshot, leavers: frozenset[bytes]
) -> Mapping[bytes, RecordMember]:
    """Return the members without the leavers.

    If that leaves a group without an owner, its admin with the smallest uid becomes the owner; if
    there is no admin, its member with the smallest uid does.
    """
    rest = {uid: row for uid, row in snapshot.members.items() if uid not in leavers}
    return _with_owner(snapshot.origin, rest)


def apply_record(
    before: Snapshot | None,
    signed: SignedRecord,
    *,
    account_of: Callable[[bytes], Account | None],
    role_of: Callable[[bytes], int],
    class_id: bytes,
    leavers: frozenset[bytes] = frozenset(),
    joiners: frozenset[bytes] = frozenset(),
) -> Snapshot:
    """Return the snapshot after the record, or raise CryptoReject(reason).

    The record must be valid and its signer allowed to make it. `leavers` are members of `before`
    who have left since: every record must drop them. `joiners` asked to join. `role_of` gives the
    role in the class (directory). The broker and every client run this same function.
    """
    record = signed.record
    author = account_of(record.uid)
    if author is None:
        raise CryptoReject("unknown_account")
    verify(active_device(author, record.did).sign_pub, signed.signature, "epoch-sig", signed.raw)
    origin = _check_chain(before, record, class_id)
    after = _members_after(before, record)
    for row in (*record.delta.adds, *record.delta.changes):
        _check_member(row, account_of(row.uid))
    expect(record.uid in after and record.uid not in leavers, "signer")
    expect(not (leavers & after.keys()), "leavers")
    snapshot = Snapshot(
        record.conv_id,
        record.epoch,
        hash32(signed.raw),
        origin,
        MappingProxyType(after),
        record.policy,
        record.commit,
        record.sent_at_ms,
        record.uid,
    )
    _check_policy(before, snapshot, record)
    if before is None:
        _check_first(snapshot)
    else:
        _check_changes(before, snapshot, record, role_of, leavers, joiners)
    return snapshot


def is_allowed(rule: int, snapshot: Snapshot, uid: bytes, role_of: Callable[[bytes], int]) -> bool:
    """Return whether a who_* rule of the policy lets this member act.

    In class channels the directory's staff are admins.
    """
    row = snapshot.members.get(uid)
    if row is None or rule == NOBODY:
        return False
    if rule == EVERYBODY:
        return True
    if snapshot.origin.kind == CLASS_CHANNEL:
        return role_of(uid) >= _STAFF_ROLE
    return row.role >= GroupRole.ADMIN


def _check_chain(before: Snapshot | None, record: EpochRecord, class_id: bytes) -> Origin:
    if before is not None:
        expect(record.conv_id == before.conv_id and record.epoch == before.epoch + 1, "epoch")
        expect(record.prev == before.epoch_id and record.origin is None, "prev")
        expect(record.uid in before.members, "signer")
        return before.origin
    expect(record.epoch == 0 and record.prev == ZERO32, "epoch")
    origin = record.origin
    if origin is None or record.link is not None:
        raise CryptoReject("origin")
    if origin.kind == GROUP:
        expected = group_id(record.uid, origin.data)
    elif origin.kind == CLASS_CHANNEL:
        expected = class_channel_id(class_id, origin.data.decode())
    else:
        uids = [row.uid for row in record.delta.adds]
        expect(len(uids) == 2, "origin")
        expected = direct_id(*uids)
    expect(record.conv_id == expected, "origin")
    return origin


def _members_after(before: Snapshot | None, record: EpochRecord) -> dict[bytes, RecordMember]:
    members = dict(before.members) if before else {}
    adds, removes, changes = record.delta.adds, record.delta.removes, record.delta.changes
    lists = ([row.uid for row in adds], list(removes), [row.uid for row in changes])
    expect(
        all(uids == sorted(set(uids)) for uids in lists), "members"
    )  # one way to write each change
    touched = [uid for uids in lists for uid in uids]
    expect(len(touched) == len(set(touched)), "members")
    expect(all(row.uid not in members for row in adds), "members")
    expect(
        all(uid in members for uid in removes) and all(row.uid in members for row in changes),
        "members",
    )
    for uid in removes:
        del members[uid]
    members.update({row.uid: row for row in (*adds, *changes)})
    expect(0 < len(members) <= MAX_MEMBERS and len(members) == record.member_count, "members")
    expect(members_root(members) == record.members_root, "members_root")
    return members


def _check_member(row: RecordMember, account: Account | None) -> None:
    if account is None:
        raise CryptoReject("unknown_account")
    expect(
        row.acct_seq <= account.sequence and account.uks.get(row.uk_gen) == row.uk_pub,
        "account_state",
    )
    if (
        row.acct_seq == account.sequence
    ):  # at the head, an older generation of the key would be a step back
        expect(row.acct_head == account.head and row.uk_gen == account.uk_gen, "account_state")


def _check_policy(before: Snapshot | None, after: Snapshot, record: EpochRecord) -> None:
    policy, kind = after.policy, after.origin.kind
    if kind == DIRECT:
        expect(replace(policy, title=b"") == DIRECT_POLICY and not policy.title, "policy")
    elif kind == CLASS_CHANNEL:
        expect(policy == CHANNEL_POLICIES.get(after.origin.data), "policy")
    elif before is not None:
        expect(policy.visibility == before.policy.visibility, "policy")
    adds_members = before is not None and bool(record.delta.adds)
    expect(not (policy.history == FROM_JOIN and adds_members and record.link is not None), "link")


def _check_first(after: Snapshot) -> None:
    roles = {uid: row.role for uid, row in after.members.items()}
    if after.origin.kind == GROUP:
        expect(roles[after.author] == GroupRole.OWNER, "role")
        expect(
            all(role == GroupRole.MEMBER for uid, role in roles.items() if uid != after.author),
            "role",
        )
    else:
        expect(not any(roles.values()), "role")


def _check_changes(
    before: Snapshot,
    after: Snapshot,
    record: EpochRecord,
    role_of: Callable[[bytes], int],
    leavers: frozenset[bytes],
    joiners: frozenset[bytes],
) -> None:
    policy, author = before.policy, record.uid
    removed = frozenset(record.delta.removes) - leavers
    if removed:
        expect(is_allowed(policy.who_removes, before, author, role_of), "not_allowed")
        expect(author not in removed, "signer")
    if record.delta.adds:
        allowed = is_allowed(policy.who_adds, before, author, role_of)
        invited = policy.visibility == OPEN and all(row.uid in joiners for row in record.delta.adds)
        expect(allowed or invited, "not_allowed")
        expect(all(row.role == GroupRole.MEMBER for row in record.delta.adds), "role")
    if replace(policy, title=b"") != replace(after.policy, title=b""):
        expect(before.members[author].role == GroupRole.OWNER, "not_allowed")
    if policy.visibility == OPEN and policy.title != after.policy.title:
        expect(before.members[author].role >= GroupRole.ADMIN, "not_allowed")
    for row in record.delta.changes:
        known = before.members[row.uid]
        expect(row.acct_seq >= known.acct_seq and row.uk_gen >= known.uk_gen, "account_state")
    _check_roles(before, after, author, leavers, removed)


def _check_roles(
    before: Snapshot,
    after: Snapshot,
    author: bytes,
    leavers: frozenset[bytes],
    removed: frozenset[bytes],
) -> None:
    mine = before.members[author].role
    rest = members_after_leave(
        before, leavers
    )  # the heir is known before the author removes anybody
    if before.origin.kind == GROUP and mine != GroupRole.OWNER:
        expect(all(rest[uid].role <= mine for uid in removed), "role")
    had_owner = any(row.role == GroupRole.OWNER for row in before.members.values())
    changed = {
        u for u, row in rest.items() if u in after.members and after.members[u].role != row.role
    }
    if changed:
        expect(mine == GroupRole.OWNER and before.origin.kind == GROUP, "role")
    if before.origin.kind == GROUP and had_owner:
        expect(any(row.role == GroupRole.OWNER for row in after.members.values()), "last_owner")


def _with_owner(
    origin: Origin, members: Mapping[bytes, RecordMember]
) -> Mapping[bytes, RecordMember]:
    if (
        origin.kind != GROUP
        or not members
        or any(row.role == GroupRole.OWNER for row in members.values())
    ):
        return members
    admins = [uid for uid, row in members.items() if row.role == GroupRole.ADMIN]
    heir = min(admins or members)
    return {**members, heir: replace(members[heir], role=int(GroupRole.OWNER))}


def _member_items(row: RecordMember) -> list[Any]:
    return [row.uid, row.role, row.acct_seq, row.acct_head, row.uk_gen, row.uk_pub]


def _member_from(items: Any) -> RecordMember:
    expect(type(items) is list and len(items) == 6)
    uid, role, acct_seq, acct_head, uk_gen, uk_pub = items
    expect(is_bytes(uid, 16) and is_bytes(acct_head, 32) and is_bytes(uk_pub, 32))
    expect(is_count(role, 2) and is_count(acct_seq) and is_count(uk_gen))
    return RecordMember(uid, role, acct_seq, acct_head, uk_gen, uk_pub)


def _origin(items: Any) -> Origin | None:
    if items is None:
        return None
    expect(
        type(items) is list
        and len(items) == 2
        and is_count(items[0], 2)
        and type(items[1]) is bytes
    )
    kind, data = items
    expect(kind != GROUP or len(data) == 32)
    expect(kind != CLASS_CHANNEL or data in CHANNEL_POLICIES)
    expect(kind != DIRECT or data == b"")
    return Origin(kind, data)


def _delta(items: Any) -> Delta:
    expect(type(items) is list and len(items) == 3 and all(type(each) is list for each in items))
    expect(all(is_bytes(uid, 16) for uid in items[1]))
    return Delta(
        tuple(map(_member_from, items[0])), tuple(items[1]), tuple(map(_member_from, items[2]))
    )


def _policy(items: Any) -> Policy:
    expect(type(items) is list and len(items) == 9 and all(is_count(item) for item in items[:8]))
    expect(items[0] <= 1 and all(rule <= 2 for rule in items[1:4]) and items[4] <= 1)
    expect(items[5] > 0 and items[6] > 0 and type(items[8]) is bytes and len(items[8]) <= 256)
    return Policy(*items)
