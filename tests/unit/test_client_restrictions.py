"""Muting and banning as clients see it: who may order it, what is believed, what is said in #general."""

from __future__ import annotations

import itertools

import pytest

from client import events as ev
from client.effects import Received
from client.events import Done
from client.values import ConnectionState, MessageState
from client.views import view
from shared.crypto.public import pack
from shared.messages import DIRECTORY_LOG, Entries, Entry, EntryKind, Restriction, Role
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.pair import pending

_numbers = itertools.count(100)
NONE, MUTED, BANNED = Restriction.NONE, Restriction.MUTED, Restriction.BANNED


def classroom() -> tuple[ClassRoom, Participant, Participant, Participant]:
    room = ClassRoom()
    prof = room.enter("prof", INSTRUCTOR_CODE)
    alice, bob = room.enter("alice"), room.enter("bob")
    room.settle()
    return room, prof, alice, bob


def restrict(by: Participant, uid: bytes, restriction: int) -> str:
    """Order it; the code of the refusal, or ""."""
    number = next(_numbers)
    done = by.order(ev.RestrictPerson(request_id=number, uid=uid, restriction=int(restriction)))
    by.room.settle()
    return (done or by.answer(number)).code


def can_write(person: Participant, conv: bytes) -> bool:
    return view(person.core._work, person.core._work.conversations[conv]).can_write


def lines(person: Participant) -> list[str]:
    return [
        text for text in person.sentences(person.room.general) if "muted" in text or "class" in text or "lets" in text
    ]


def test_a_muted_person_reads_and_writes_in_direct_conversations() -> None:
    room, prof, alice, bob = classroom()
    bob.order(ev.OpenDirect(uid=alice.uid))
    room.settle()
    direct = room.direct("bob", "alice")
    bob.say(direct, "hello")
    room.settle()
    assert restrict(prof, bob.uid, MUTED) == ""
    assert not can_write(bob, room.general) and can_write(bob, direct) and can_write(alice, room.general)
    for person in (prof, alice, bob):
        assert lines(person) == ["prof muted bob"]
        assert person.core._work.people.person(bob.uid).restriction == MUTED
    refused = bob.order(ev.SendText(request_id=1, conv_id=room.general, text="but"))
    assert refused is not None and not refused.ok
    bob.say(direct, "still here")
    prof.say(room.general, "read this")
    room.settle()
    assert alice.texts(direct)[-1] == "still here" and bob.texts(room.general)[-1] == "read this"
    bob.kill()
    bob.start()
    room.settle()
    assert not can_write(bob, room.general) and lines(bob) == ["prof muted bob"]
    assert restrict(prof, bob.uid, NONE) == ""
    assert can_write(bob, room.general) and lines(alice)[-1] == "prof lets bob write again"


def test_what_waits_in_the_outbox_of_a_muted_person_is_kept_and_says_why() -> None:
    room, prof, _, bob = classroom()
    bob.reachable = False
    bob.cut()
    sent = bob.say(room.general, "written before")
    restrict(prof, bob.uid, MUTED)
    bob.reachable = True
    room.settle(40_000)
    assert not any(text == "written before" for text in prof.texts(room.general))
    (row,) = pending(bob, room.general)
    assert row.message_id == sent and row.state in (MessageState.SAVED, MessageState.FAILED)
    restrict(prof, bob.uid, NONE)
    bob.order(ev.RetryMessage(message_id=sent))
    room.settle(40_000)
    assert prof.texts(room.general)[-1] == "written before"


def test_a_banned_person_is_out_until_let_in_again() -> None:
    room, prof, alice, bob = classroom()
    assert restrict(prof, bob.uid, BANNED) == ""
    last = bob.seen(ev.ConnectionChanged)[-1]
    assert (last.state, last.code) == (ConnectionState.REFUSED, "banned")
    assert "removed you" in last.message
    assert lines(alice) == ["prof removed bob from the class"]
    bob.order(ev.RetryNow())
    room.settle()
    assert bob.seen(ev.ConnectionChanged)[-1].code == "banned"
    assert restrict(prof, bob.uid, NONE) == ""
    assert lines(alice)[-1] == "prof let bob into the class again"
    bob.order(ev.RetryNow())
    room.settle()
    assert bob.seen(ev.ConnectionChanged)[-1].state is ConnectionState.ONLINE


def test_who_may_order_it() -> None:
    room, prof, alice, bob = classroom()
    assert restrict(alice, bob.uid, MUTED) == "not_allowed"
    assert restrict(prof, b"?" * 16, MUTED) == "unknown_user"
    assert prof.order(ev.SetClassRole(request_id=7, uid=alice.uid, role=int(Role.ASSISTANT))) is None
    room.settle()
    assert restrict(alice, bob.uid, BANNED) == "not_allowed"
    assert restrict(alice, prof.uid, MUTED) == "not_allowed"
    assert restrict(alice, bob.uid, MUTED) == ""
    assert restrict(prof, bob.uid, BANNED) == ""
    assert restrict(alice, bob.uid, NONE) == "not_allowed"
    prof.reachable = False
    prof.cut()
    done = prof.order(ev.RestrictPerson(request_id=32, uid=bob.uid, restriction=0))
    assert isinstance(done, Done) and done.code == "offline"


@pytest.mark.parametrize(
    ("by", "whom", "restriction", "reason"),
    [("alice", "bob", 1, "not_allowed"), ("prof", "bob", 9, "unknown_account"), ("prof", "", 1, "unknown_account")],
)
def test_a_restriction_that_breaks_the_rules_is_not_believed(by: str, whom: str, restriction: int, reason: str) -> None:
    room, _, alice, bob = classroom()
    uid = room.people[whom].uid if whom else b"?" * 16
    work = alice.core._work
    entry = Entry(
        work.saved_self.directory_cursor + 1, int(EntryKind.RESTRICTION), room.people[by].uid, 5, b"",
        pack((uid, restriction)), b"",
    )  # fmt: skip
    alice.hand(Received(room.moment, Entries(DIRECTORY_LOG, [entry], entry.sequence)))
    assert alice.quarantined()[-1].reason == reason
    assert work.people.restriction_of(bob.uid) == NONE and work.people.restriction_of(b"?" * 16) == NONE
