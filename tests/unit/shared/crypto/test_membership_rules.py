"""Who may change a group's members, roles, rules and keys: each rule of apply_record, allowed and
refused.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.crypto.public import class_channel_id, direct_id
from shared.crypto.records import (
    CLASS_CHANNEL,
    DIRECT,
    DIRECT_POLICY,
    FROM_JOIN,
    GENERAL_POLICY,
    OPEN,
    GroupRole,
    Origin,
    Policy,
    apply_record,
    build_record,
    decode_record,
    encode_record,
    members_after_leave,
    read_record,
)
from shared.crypto.secret import sign
from shared.errors import CryptoReject
from tests.support.members import CLASS_ID, Group


def _without(group: Group, *names: str) -> list[object]:
    gone = {group.people[name].uid for name in names}
    return [row for uid, row in group.rows().items() if uid not in gone]


def test_members_add_and_owner_removes() -> None:
    group = Group.of("ana", "bo", outsiders=["cy"])
    group.apply(group.next_record("bo", [*group.rows().values(), group.row("cy")]), "bo")
    assert group.people["cy"].uid in group.rows()
    group.apply(group.next_record("ana", _without(group, "cy")), "ana")  # type: ignore[arg-type]
    assert group.people["cy"].uid not in group.rows()


@pytest.mark.parametrize(
    ("reason", "make"),
    [
        ("not_allowed", lambda g: (g.next_record("bo", _without(g, "cy")), "bo")),
        ("signature", lambda g: (g.next_record("bo", g.rows().values()), "ana")),
        ("signer", lambda g: (g.next_record("di", [*g.rows().values(), g.row("di")]), "di")),
        ("signer", lambda g: (g.next_record("ana", _without(g, "ana")), "ana")),
        (
            "role",
            lambda g: (g.next_record("bo", g.with_role("bo", GroupRole.OWNER).values()), "bo"),
        ),
        (
            "role",
            lambda g: (
                g.next_record("bo", [*g.rows().values(), g.row("di", GroupRole.ADMIN)]),
                "bo",
            ),
        ),
        (
            "last_owner",
            lambda g: (g.next_record("ana", g.with_role("ana", GroupRole.MEMBER).values()), "ana"),
        ),
        (
            "not_allowed",
            lambda g: (
                g.next_record("bo", g.rows().values(), Policy(history=FROM_JOIN, title=b"t")),
                "bo",
            ),
        ),
        (
            "policy",
            lambda g: (
                g.next_record("ana", g.rows().values(), Policy(visibility=OPEN, title=b"t")),
                "ana",
            ),
        ),
        (
            "prev",
            lambda g: (replace(g.next_record("ana", g.rows().values()), prev=b"x" * 32), "ana"),
        ),
        ("epoch", lambda g: (replace(g.next_record("ana", g.rows().values()), epoch=5), "ana")),
        (
            "members_root",
            lambda g: (
                replace(g.next_record("ana", g.rows().values()), members_root=b"x" * 32),
                "ana",
            ),
        ),
        (
            "members",
            lambda g: (replace(g.next_record("ana", g.rows().values()), member_count=9), "ana"),
        ),
        (
            "account_state",
            lambda g: (
                g.next_record(
                    "ana", [*g.rows().values(), replace(g.row("di"), uk_pub=g.row("bo").uk_pub)]
                ),
                "ana",
            ),
        ),
        (
            "unknown_account",
            lambda g: (
                g.next_record("ana", [*g.rows().values(), replace(g.row("di"), uid=b"u" * 16)]),
                "ana",
            ),
        ),
    ],
)
def test_what_nobody_may_do(reason, make) -> None:  # type: ignore[no-untyped-def]
    group = Group.of("ana", "bo", "cy", outsiders=["di"])
    before = group.snapshot
    with pytest.raises(CryptoReject) as refused:
        group.apply(*make(group))
    assert refused.value.reason == reason
    assert group.snapshot is before


def test_a_record_must_drop_who_has_left() -> None:
    group = Group.of("ana", "bo")
    with pytest.raises(CryptoReject, match="leavers"):
        group.apply(group.next_record("ana", group.rows().values()), "ana", leavers=["bo"])
    group.apply(group.next_record("ana", _without(group, "bo")), "ana", leavers=["bo"])  # type: ignore[arg-type]


def test_an_heir_follows_the_last_owner() -> None:
    group = Group.of("ana", "bo", "cy")
    assert group.snapshot is not None
    rest = members_after_leave(group.snapshot, frozenset([group.people["ana"].uid]))
    owners = [uid for uid, row in rest.items() if row.role == GroupRole.OWNER]
    assert owners == [min(group.people["bo"].uid, group.people["cy"].uid)]
    author = next(name for name, person in group.people.items() if person.uid == owners[0])
    group.apply(group.next_record(author, rest.values()), author, leavers=["ana"])


def test_from_join_leaves_no_way_back() -> None:
    group = Group.of("ana", "bo", policy=Policy(history=FROM_JOIN, title=b"t"), outsiders=["cy"])
    rows = [*group.rows().values(), group.row("cy")]
    with pytest.raises(CryptoReject, match="link"):
        group.apply(group.next_record("ana", rows, link=bytes(72)), "ana")
    group.apply(group.next_record("ana", rows), "ana")


def test_open_groups_let_in_who_asked() -> None:
    policy = Policy(visibility=OPEN, who_adds=1, title=b"open")
    group = Group.of("ana", "bo", policy=policy, outsiders=["cy"])
    record = group.next_record("bo", [*group.rows().values(), group.row("cy")])
    with pytest.raises(CryptoReject, match="not_allowed"):
        group.apply(record, "bo")
    group.apply(record, "bo", joiners=["cy"])


def test_direct_conversations_are_of_two_and_stay_so() -> None:
    group = Group.of("ana", "bo", outsiders=["cy"])
    ana, bo = group.people["ana"], group.people["bo"]

    def record_of(names: list[str], conv_id: bytes):  # type: ignore[no-untyped-def]
        return build_record(
            None,
            conv_id=conv_id,
            origin=Origin(DIRECT, b""),
            members_after={r.uid: r for r in map(group.row, names)},
            policy=DIRECT_POLICY,
            commit=bytes(32),
            link=None,
            base_seq=0,
            base_t=bytes(32),
            sent_at_ms=1,
            uid=ana.uid,
            did=ana.did,
            reason="create",
        )

    conv_id = direct_id(ana.uid, bo.uid)
    group.snapshot, group.conv_id = None, conv_id
    for names, wrong in (
        (["ana", "bo", "cy"], conv_id),
        (["ana", "cy"], conv_id),
        (["ana", "bo"], b"x" * 16),
    ):
        with pytest.raises(CryptoReject, match="origin"):
            group.apply(record_of(names, wrong), "ana")
    group.apply(record_of(["ana", "bo"], conv_id), "ana")
    with pytest.raises(CryptoReject, match="not_allowed"):
        group.apply(group.next_record("ana", [*group.rows().values(), group.row("cy")]), "ana")


def test_class_channels_are_open_to_add_and_staff_removes() -> None:
    group = Group.of("ana", outsiders=["bo", "prof"])
    ana = group.people["ana"]
    group.snapshot, group.conv_id = None, class_channel_id(CLASS_ID, "general")
    first = build_record(
        None,
        conv_id=group.conv_id,
        origin=Origin(CLASS_CHANNEL, b"general"),
        members_after={ana.uid: group.row("ana")},
        policy=GENERAL_POLICY,
        commit=bytes(32),
        link=None,
        base_seq=0,
        base_t=bytes(32),
        sent_at_ms=1,
        uid=ana.uid,
        did=ana.did,
        reason="create",
    )
    group.apply(first, "ana")
    group.apply(
        group.next_record("ana", [group.row(name) for name in ("ana", "bo", "prof")]), "ana"
    )
    fewer = _without(group, "bo")
    with pytest.raises(CryptoReject, match="not_allowed"):
        group.apply(group.next_record("ana", fewer), "ana")  # type: ignore[arg-type]
    group.roles[group.people["prof"].uid] = 2
    group.apply(group.next_record("prof", fewer), "prof")  # type: ignore[arg-type]


def test_every_flipped_bit_and_every_truncation_of_a_record_is_rejected() -> None:
    group = Group.of("ana", "bo")
    raw = encode_record(group.next_record("ana", group.rows().values()))
    signature = sign(group.people["ana"].sign_secret, "epoch-sig", raw)
    assert encode_record(decode_record(raw)) == raw

    def attempt(changed: bytes, sig: bytes) -> None:
        with pytest.raises(CryptoReject):
            apply_record(
                group.snapshot,
                read_record(changed, sig),
                account_of=group.accounts.get,
                role_of=lambda _: 0,
                class_id=CLASS_ID,
            )

    for i in range(len(raw)):
        attempt(raw[:i] + bytes([raw[i] ^ (1 << i % 8)]) + raw[i + 1 :], signature)
        attempt(raw[:i], signature)
    for i in range(64):
        attempt(raw, signature[:i] + bytes([signature[i] ^ 1]) + signature[i + 1 :])
