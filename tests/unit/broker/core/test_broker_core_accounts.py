"""Joining, signing in, takeover, and what strangers and malformed frames get."""

from __future__ import annotations

import pytest

from broker.core.accounts import is_claim_honest
from broker.core.events import FrameMalformed, PeerGone, Stopping
from broker.core.limits import Rates
from shared.crypto.identity import rotate_uk
from shared.messages import (
    DIRECTORY_LOG,
    AppendChain,
    Entries,
    EntryKind,
    Hello,
    MessageAccepted,
    Ping,
    Pong,
    PresenceChanged,
    ReadLog,
    Refused,
    Register,
    Registered,
    Role,
    SetRole,
    SignedIn,
    SignedOut,
    SignIn,
    SignOut,
)
from tests.support.people import (
    INSTRUCTOR_CODE,
    STUDENT_CODE,
    Room,
    account_of,
    bits,
    make_person,
    new_id,
)


def codes(answers: list[object]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def test_register_then_sign_in() -> None:
    room = Room()
    alice = make_person("alice")
    assert room.register(alice) == [Registered(alice.uid)]
    (signed_in,) = room.sign_in(alice)
    assert isinstance(signed_in, SignedIn)
    assert (signed_in.uid, signed_in.username, signed_in.role) == (alice.uid, "alice", Role.STUDENT)
    assert signed_in.online == bits(1)
    assert [(head.log_id, head.head) for head in signed_in.heads] == [(DIRECTORY_LOG, 1)]


def test_nothing_is_told_before_the_commit() -> None:
    room = Room()
    room.is_holding = True
    alice = make_person("alice")
    assert room.register(alice) == []
    assert alice.transport_public.decode() not in room.names
    room.commit()
    assert room.names[alice.transport_public.decode()] == "alice"


def test_the_same_registration_again_is_answered_the_same() -> None:
    room = Room()
    alice = make_person("alice")
    room.register(alice)
    assert room.register(alice) == [Registered(alice.uid)]
    assert room.storage.heads()[DIRECTORY_LOG] == 1


@pytest.mark.parametrize("name", ["alice", "Alice", "a1ice", "ALlCE"])
def test_names_that_look_the_same_are_taken(name: str) -> None:
    room = Room()
    room.enroll("alice")
    (refused,) = room.register(make_person(name, "another"))
    assert isinstance(refused, Refused) and refused.code == "name_taken"
    assert len(refused.suggestions) == 2 and not any(
        room.core.directory.uid_of_name(n) for n in refused.suggestions
    )


def test_join_codes_give_the_role() -> None:
    room = Room()
    (teacher,) = room.enroll("teacher", code=INSTRUCTOR_CODE)
    assert room.core.directory.role_of(teacher.uid) == Role.INSTRUCTOR
    assert codes(room.register(make_person("eve"), "wrong")) == ["wrong_code"]
    assert codes(room.register(make_person("eve"), "")) == ["wrong_code"]
    assert room_open_accepts_no_code()


def room_open_accepts_no_code() -> bool:
    room = Room(joining="open")
    bo = make_person("bo")
    return room.register(bo, "") == [Registered(bo.uid)]


def test_a_challenge_serves_once_and_a_wrong_signature_is_refused() -> None:
    room = Room()
    alice, mallory = make_person("alice"), make_person("mallory")
    room.register(alice)
    session = room.connect(alice)
    signature = room.login_signature(session, alice)
    room.hello(session, alice)  # another challenge
    assert codes(room.send(session, alice, SignIn(alice.uid, alice.did, signature))) == [
        "bad_signature"
    ]
    assert codes(room.send(session, alice, SignIn(alice.uid, alice.did, signature))) == [
        "bad_signature"
    ]
    other = room.connect(mallory)
    assert codes(room.send(other, mallory, SignIn(alice.uid, alice.did, signature))) == [
        "bad_signature"
    ]
    unknown = SignIn(b"u" * 16, alice.did, signature)
    assert codes(room.send(session, alice, unknown)) == ["unknown_account"]


def test_mallory_with_a_key_of_her_own_cannot_sign_in_as_alice() -> None:
    room = Room()
    alice, mallory = room.enroll("alice", "mallory")
    session = room.connect(mallory)
    signature = room.login_signature(session, mallory)
    assert codes(room.send(session, mallory, SignIn(alice.uid, mallory.did, signature))) == [
        "bad_signature"
    ]


def test_a_new_transport_key_of_a_known_device_is_registered() -> None:
    from dataclasses import replace

    import zmq

    room = Room()
    (alice,) = room.enroll("alice")
    public, secret = zmq.curve_keypair()
    moved = replace(alice, transport_public=public, transport_secret=secret)
    assert room.sign_in(moved) == [Registered(alice.uid)]
    assert isinstance(room.sign_in(moved)[0], SignedIn)


def test_the_newest_sign_in_wins_and_the_other_is_told() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    first = room.sessions[alice.uid]
    room.sign_in(alice)
    assert [m.code for m in room.inbox[first] if isinstance(m, SignedOut)] == ["taken_over"]
    assert room.ended == [first]
    assert room.say(alice, Ping(7)) == [Pong(7)]


def test_requests_before_sign_in_are_refused() -> None:
    room = Room()
    eve = make_person("eve")
    session = room.connect(eve)
    assert codes(room.send(session, eve, ReadLog(DIRECTORY_LOG, 0, 0))) == ["not_signed_in"]
    assert codes(room.send(session, eve, Hello(99, "x", "eve"))) == ["protocol_version"]
    assert codes(room.send(session, eve, Register("eve", STUDENT_CODE, b"junk", bytes(64)))) == [
        "bad_signature"
    ]
    assert codes(room.send(session, eve, Register(" e", STUDENT_CODE, eve.genesis, bytes(64)))) == [
        "name_invalid"
    ]


def test_strangers_are_limited_and_leave_after_a_while() -> None:
    room = Room(rates=Rates())
    eve = make_person("eve")
    session = room.connect(eve)
    answers = [answer for _ in range(30) for answer in room.send(session, eve, Ping(1))]
    assert codes(answers)[-1:] == ["slow_down"]
    room.tick(1)
    room.tick(120_001)
    assert session in room.ended


def test_malformed_frames_are_counted_and_the_peer_is_cut_off() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    session = room.sessions[alice.uid]
    room.clear()
    for _ in range(4):
        room.tell(FrameMalformed(session, "alice", alice.transport_public.decode(), room.now_ms))
    assert codes(list(room.inbox[session])) == ["malformed"] * 3
    assert room.ended == [session]
    stranger = make_person("eve")
    other = room.connect(stranger)
    for _ in range(3):
        room.tell(FrameMalformed(other, "?" + stranger.transport_public.decode(), "", room.now_ms))
    assert other in room.ended


def test_presence_is_told_in_batches() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    room.tick(100)
    room.clear()
    room.say(bo, SignOut())
    room.tell(PeerGone(room.sessions[carmen.uid]))
    room.tick(100)
    (changed,) = room.got(alice, PresenceChanged)
    assert changed.online == bits(1)


def test_the_directory_is_pushed_and_read() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    room.clear()
    (bo,) = room.enroll("bo")
    (pushed,) = room.got(alice, Entries)
    assert [(e.sequence, e.kind, e.sender) for e in pushed.entries] == [
        (2, EntryKind.ACCOUNT, bo.uid)
    ]
    (read,) = room.say(bo, ReadLog(DIRECTORY_LOG, 0, 1))
    assert isinstance(read, Entries) and len(read.entries) == 1 and read.head == 2


def test_chain_entries_and_roles() -> None:
    room = Room()
    (teacher,) = room.enroll("teacher", code=INSTRUCTOR_CODE)
    (alice,) = room.enroll("alice")
    _, blob = rotate_uk(alice, account_of(alice), 2_000, lambda n: b"r" * n)
    request = AppendChain(new_id(), blob)
    accepted = room.say(alice, request)
    assert MessageAccepted(request.message_id, DIRECTORY_LOG, 3) in accepted
    assert room.say(alice, request) == [MessageAccepted(request.message_id, DIRECTORY_LOG, 3)]
    assert codes(room.say(alice, AppendChain(new_id(), blob))) == ["bad_signature"]
    assert room.core.directory.accounts[alice.uid].uk_gen == 2
    assert codes(room.say(alice, SetRole(new_id(), alice.uid, Role.INSTRUCTOR))) == ["not_allowed"]
    assert codes(room.say(teacher, SetRole(new_id(), teacher.uid, Role.STUDENT))) == ["not_allowed"]
    assert codes(room.say(teacher, SetRole(new_id(), alice.uid, 77))) == ["not_allowed"]
    assert codes(room.say(teacher, SetRole(new_id(), b"n" * 16, 1))) == ["unknown_user"]
    room.say(teacher, SetRole(new_id(), alice.uid, Role.ASSISTANT))
    again = Room(storage=room.storage)
    assert again.core.directory.role_of(alice.uid) == Role.ASSISTANT
    assert again.core.directory.accounts[alice.uid].uk_gen == 2
    assert isinstance(again.sign_in(alice)[0], SignedIn)


def test_stopping_is_told_to_everybody() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    room.tell(Stopping())
    for person in (alice, bo):
        assert [m.code for m in room.got(person, SignedOut)] == ["stopping"]


@pytest.mark.parametrize(
    ("routing_id", "user_id", "is_honest"),
    [
        (b"alice\0" + bytes(16), "alice", True),
        (b"alice\0" + b"\0" * 16, "alice", True),
        ("Zoë".encode() + b"\0" + b"n" * 16, "Zoë", True),
        (b"alice\0" + b"n" * 16, "mallory", False),
        (b"alice\0" + b"n" * 15, "alice", False),
        (b"alice\0" + b"n" * 17, "alice", False),
        (b"alice\0" + b"n" * 16, "?key", True),
        (b"alice\0" + b"n" * 16, "", False),
        (b"\0abcd", "alice", False),
        (b"\0" + b"n" * 16, "?key", False),
        (b"\0lice\0" + b"n" * 16, "?key", False),
        (b"", "alice", False),
    ],
)
def test_claims(routing_id: bytes, user_id: str, is_honest: bool) -> None:
    assert is_claim_honest(routing_id, user_id) is is_honest
