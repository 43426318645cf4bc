"""Muting and banning as clients see it: who may order it, what is believed, what is said in
#general.
"""

from __future__ import annotations

import itertools

import pytest

from broker.core.events import CloseAccount, HostOrdered, RestrictAccount
from client.api import events as ev
from client.api.events import Done
from client.api.values import ConnectionState, MessageState, Trust
from client.core.state.effects import Received
from client.core.views import view
from shared.crypto.public import direct_id, pack
from shared.messages import DIRECTORY_LOG, Entries, Entry, EntryKind, Restriction, Role
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.pair import pending
from tests.support.saying import why

_numbers = itertools.count(100)
NONE, MUTED, BANNED, CLOSED = Restriction


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
        text
        for text in person.sentences(person.room.general)
        if "muted" in text or "class" in text or "lets" in text
    ]


def test_a_muted_person_reads_and_writes_in_direct_conversations() -> None:
    room, prof, alice, bob = classroom()
    bob.order(ev.OpenDirect(uid=alice.uid))
    room.settle()
    direct = room.direct("bob", "alice")
    bob.say(direct, "hello")
    room.settle()
    assert restrict(prof, bob.uid, MUTED) == ""
    assert (
        not can_write(bob, room.general)
        and can_write(bob, direct)
        and can_write(alice, room.general)
    )
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
    assert "removed from this class" in why(last)
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
    assert (
        prof.order(ev.SetClassRole(request_id=7, uid=alice.uid, role=int(Role.ASSISTANT))) is None
    )
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
    [
        ("alice", "bob", 1, "not_allowed"),
        ("prof", "bob", 3, "not_allowed"),
        ("prof", "bob", 9, "unknown_account"),
        ("prof", "", 1, "unknown_account"),
    ],
)
def test_a_restriction_that_breaks_the_rules_is_not_believed(
    by: str, whom: str, restriction: int, reason: str
) -> None:
    room, _, alice, bob = classroom()
    uid = room.people[whom].uid if whom else b"?" * 16
    work = alice.core._work
    entry = Entry(
        work.saved_self.directory_cursor + 1,
        int(EntryKind.RESTRICTION),
        room.people[by].uid,
        5,
        b"",
        pack((uid, restriction)),
        b"",
    )
    alice.hand(Received(room.moment, Entries(DIRECTORY_LOG, [entry], entry.sequence)))
    assert alice.quarantined()[-1].reason == reason
    assert (
        work.people.restriction_of(bob.uid) == NONE
        and work.people.restriction_of(b"?" * 16) == NONE
    )


def host_orders(room: ClassRoom, order: CloseAccount | RestrictAccount) -> None:
    """The person who runs the broker orders it."""
    room.tell_broker(HostOrdered(next(_numbers), order, room.now_ms))
    room.settle()


def test_the_host_bans_and_lets_in_again_and_it_is_said_who_did() -> None:
    room, prof, alice, bob = classroom()
    host_orders(room, RestrictAccount("prof", int(BANNED)))
    assert lines(alice) == ["The server's host removed prof from the class"]
    assert prof.seen(ev.ConnectionChanged)[-1].code == "banned"
    host_orders(room, RestrictAccount("prof", int(NONE)))
    assert lines(alice)[-1] == "The server's host let prof into the class again"
    assert not alice.quarantined()


def test_who_comes_back_under_a_freed_name_is_an_alarm_until_accepted() -> None:
    room, prof, alice, bob = classroom()
    alice.order(ev.OpenDirect(uid=bob.uid))
    room.settle()
    direct = room.direct("alice", "bob")
    alice.say(direct, "before")
    room.settle()
    host_orders(room, CloseAccount("bob", "bobs-own-code"))
    assert bob.seen(ev.ConnectionChanged)[-1].code == "account_closed"
    assert "closed the account of bob" in alice.sentences(room.general)[-1]
    people = alice.core._work.people
    assert people.person(bob.uid).trust is Trust.PINNED and not can_write(
        alice, direct
    )  # nothing goes to a closed one
    for restriction in (NONE, BANNED):
        assert restrict(prof, bob.uid, restriction) == "not_allowed"
    assert restrict(prof, alice.uid, CLOSED) == "not_allowed"
    again = Participant(room, "bob", "bobs-own-code", seed="bob's next computer")
    room.people["bob"] = again
    again.start()
    room.settle()
    assert again.seen(ev.ConnectionChanged)[-1].state is ConnectionState.ONLINE
    assert people.trust(again.uid) is Trust.CHANGED and people.is_blocked(again.uid)
    assert not again.texts(
        room.general
    )  # no key is sealed to somebody whose key nobody has accepted
    assert again.core._work.people.uid_of(
        "bob"
    ) == again.uid and not again.core._work.people.is_blocked(again.uid)
    assert people.uid_of("bob") == bob.uid
    assert not people.accept_key(bob.uid)
    alice.order(ev.AcceptKey(request_id=0, uid=again.uid))
    assert (
        people.uid_of("bob") == again.uid
        and not people.is_blocked(again.uid)
        and people.is_blocked(bob.uid)
    )
    for person in (alice, again):
        person.kill()
        person.start()
        room.settle()
        people = person.core._work.people
        assert (
            people.uid_of("bob") == again.uid
            and not people.is_blocked(again.uid)
            and people.is_blocked(bob.uid)
        )
    alice.order(ev.OpenDirect(uid=again.uid))
    room.settle()
    alice.say(direct_id(alice.uid, again.uid), "welcome back")
    room.settle()
    assert again.texts(direct_id(alice.uid, again.uid)) == ["welcome back"]
