"""Muting and banning at the broker's core: who may, what it stops, what stays possible, what a
restart keeps.
"""

from __future__ import annotations

import pytest

from shared.crypto.identity import Identity
from shared.messages import (
    Attach,
    Entries,
    EntryKind,
    Message,
    MessageAccepted,
    Ping,
    Pong,
    Refused,
    Restrict,
    Restriction,
    Role,
    SetRole,
    SignedOut,
)
from tests.support.file_room import FileRoom, UploadOf
from tests.support.people import INSTRUCTOR_CODE, STUDENT_CODE, Room, direct_record, new_id

NONE, MUTED, BANNED = Restriction.NONE, Restriction.MUTED, Restriction.BANNED


def codes(answers: list[Message]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def class_of(room: Room) -> tuple[Identity, Identity, Identity, Identity]:
    """An instructor, an assistant and two students."""
    (prof,) = room.enroll("prof", code=INSTRUCTOR_CODE)
    helper, alice, bob = room.enroll("helper", "alice", "bob")
    room.say(prof, SetRole(new_id(), helper.uid, Role.ASSISTANT))
    return prof, helper, alice, bob


def restrict(room: Room, by: Identity, whom: Identity, restriction: int) -> list[Message]:
    return room.say(by, Restrict(new_id(), whom.uid, int(restriction)))


def test_a_muted_student_writes_in_direct_conversations_alone() -> None:
    room = FileRoom()
    prof, helper, alice, bob = class_of(room)
    conv_id, direct = room.create_group(alice, bob), direct_record(alice, bob)
    room.say(alice, direct)
    assert any(
        isinstance(answer, MessageAccepted) for answer in restrict(room, helper, alice, MUTED)
    )
    assert codes(room.say(alice, room.message(alice, conv_id))) == ["muted"]
    assert codes(room.say(alice, UploadOf(10).opening(conv_id))) == ["muted"]
    assert codes(room.say(alice, room.message(alice, direct.conv_id))) == []
    assert codes(room.say(bob, room.message(bob, conv_id))) == []
    restrict(room, helper, alice, NONE)
    assert codes(room.say(alice, room.message(alice, conv_id))) == []


def test_everybody_is_told_by_the_directory() -> None:
    room = Room()
    prof, helper, alice, bob = class_of(room)
    room.clear()
    restrict(room, prof, alice, MUTED)
    (entries,) = room.got(bob, Entries)
    assert [(entry.kind, entry.sender) for entry in entries.entries] == [
        (EntryKind.RESTRICTION, prof.uid)
    ]


def test_a_banned_student_is_signed_out_and_stays_out() -> None:
    room = FileRoom()
    prof, _, alice, bob = class_of(room)
    files, chat = room.attach(alice), room.sessions[alice.uid]
    restrict(room, prof, alice, BANNED)
    assert {files, chat} <= set(room.ended)
    for session in (files, chat):
        assert [answer.code for answer in room.inbox[session] if isinstance(answer, SignedOut)] == [
            "banned"
        ]
    assert codes(room.sign_in(alice)) == ["banned"]
    session = room.connect(alice)
    signature = room.login_signature(session, alice)
    assert codes(room.send(session, alice, Attach(alice.uid, alice.did, signature))) == ["banned"]
    assert codes(room.register(alice, STUDENT_CODE)) == ["banned"]
    assert room.say(bob, Ping(1)) == [Pong(1)]
    restrict(room, prof, alice, NONE)
    assert codes(room.sign_in(alice)) == []


def test_who_may_restrict_whom() -> None:
    room = Room()
    prof, helper, alice, bob = class_of(room)
    for by, whom, restriction in (
        (alice, bob, MUTED),
        (helper, bob, BANNED),
        (helper, prof, MUTED),
        (prof, helper, MUTED),
        (prof, prof, MUTED),
        (prof, alice, 3),
        (prof, alice, -1),
    ):
        assert codes(restrict(room, by, whom, restriction)) == ["not_allowed"]
    assert codes(room.say(prof, Restrict(new_id(), b"?" * 16, 1))) == ["unknown_user"]
    restrict(room, prof, bob, BANNED)
    assert codes(restrict(room, helper, bob, NONE)) == [
        "not_allowed"
    ]  # only instructors let in again


def test_repeats_are_answered_and_change_nothing() -> None:
    room = Room()
    prof, _, alice, _ = class_of(room)
    request = Restrict(new_id(), alice.uid, int(MUTED))
    first, second = room.say(prof, request), room.say(prof, request)
    accepted = [answer for answer in (*first, *second) if isinstance(answer, MessageAccepted)]
    assert len(accepted) == 2 and accepted[0] == accepted[1]


@pytest.mark.parametrize("restriction", [MUTED, BANNED])
def test_a_restart_keeps_restrictions(restriction: Restriction) -> None:
    room = Room()
    prof, _, alice, bob = class_of(room)
    conv_id = room.create_group(alice, bob)
    restrict(room, prof, alice, restriction)
    later = Room(storage=room.storage)
    answers = codes(later.sign_in(alice))
    if restriction is BANNED:
        assert answers == ["banned"]
    else:
        assert codes(later.say(alice, later.message(alice, conv_id))) == ["muted"]
