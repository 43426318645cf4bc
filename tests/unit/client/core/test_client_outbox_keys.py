"""The outbox while keys change: what waits, what is sent under the new key, and what can no longer
be sent.
"""

from __future__ import annotations

from client.api.events import (
    AcceptKey,
    AddMembers,
    CreateGroup,
    Done,
    LeaveGroup,
    RemoveMembers,
    SendText,
)
from client.api.said import Failed
from client.api.values import MessageState, Trust
from shared.codec import decode_requests
from shared.crypto.content import Text
from shared.messages import Entries, Hint, Message, PostRecord
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import forge, push
from tests.support.pair import pair, pending, refuse, states

# --- while the keys change ---


def trio() -> tuple[ClassRoom, Participant, Participant, Participant, bytes]:
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid, carmen.uid)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, alice, bob, carmen, done.data


def records(messages: list[Message]) -> list[PostRecord]:
    return [message for message in messages if isinstance(message, PostRecord)]


def test_a_message_waits_while_the_new_key_is_refused_for_a_moment() -> None:
    room, alice, bob, carmen, conv = trio()
    carmen.order(LeaveGroup(conv_id=conv))
    alice.tamper = lambda message: None if isinstance(message, Hint) else message
    room.flow()
    alice.say(conv, "under the new key")
    (post,) = records([m for frame in alice.to_broker for m in decode_requests(frame)])
    alice.to_broker.clear()
    assert refuse(room, alice, "busy", post.message_id) == []
    alice.say(conv, "and this")
    assert not records([m for frame in alice.to_broker for m in decode_requests(frame)])
    room.settle()
    assert bob.texts(conv) == ["under the new key", "and this"] and carmen.texts(conv) == []


def test_a_refusal_because_of_a_leave_makes_the_client_change_the_key_first() -> None:
    room, alice, bob, carmen, conv = trio()
    room.flow()
    for person in (alice, bob):
        person.tamper = lambda message: None if isinstance(message, Hint | Entries) else message
    carmen.order(LeaveGroup(conv_id=conv))
    room.flow()  # alice does not know of it
    sent = alice.say(conv, "hello")
    alice.tamper = bob.tamper = lambda message: message
    room.settle()
    assert bob.texts(conv) == ["hello"] and carmen.texts(conv) == []
    assert states(alice, sent)[-1] is MessageState.DELIVERED


def test_messages_of_a_group_that_cannot_be_created_yet_wait() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    (post,) = records([m for frame in alice.to_broker for m in decode_requests(frame)])
    alice.to_broker.clear()
    refuse(room, alice, "busy", post.message_id)
    sent = alice.say(done.data, "early")
    assert states(alice, sent) == [MessageState.SAVED]
    room.settle()
    assert bob.texts(done.data) == ["early"]


# --- where writing has become impossible ---


def test_what_is_under_way_when_one_is_removed_is_answered_by_the_broker() -> None:
    room, alice, bob, carmen, conv = trio()
    alice.order(RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    room.deliver_to_broker(alice)
    sent = bob.say(conv, "under way")
    waiting = bob.to_broker.popleft()
    later = bob.say(conv, "later")
    bob.to_broker.clear()
    while bob.to_client:
        room.deliver_to_client(bob)
    assert states(bob, later)[-1] is MessageState.SENT
    last = bob.order(SendText(request_id=9, conv_id=conv, text="no more"))
    assert last is not None and last.code == "not_a_member"
    bob.to_broker.appendleft(waiting)
    refuse(room, bob, "not_a_member", later)
    room.settle()
    assert states(bob, sent)[-1] is states(bob, later)[-1] is MessageState.FAILED


def test_a_message_to_somebody_whose_key_changed_waits_until_it_is_accepted() -> None:
    room, alice, bob, conv = pair()
    alice.reachable = False
    alice.cut()
    sent = alice.say(conv, "for the true bob")
    account = alice.core._work.people.saved[bob.uid]
    account.trust = Trust.CHANGED
    alice.reachable = True
    room.settle(40_000)
    assert bob.texts(conv) == ["zero"] and states(alice, sent) == [MessageState.SAVED]
    assert alice.order(AcceptKey(request_id=2, uid=bob.uid)) == Done(2, True)
    room.settle()
    assert bob.texts(conv) == ["zero", "for the true bob"]


def test_an_own_message_that_the_outbox_does_not_know_is_shown() -> None:
    room, alice, _, conv = pair()
    push(room, alice, conv, forge(alice, alice, conv, Text("from my backup")))
    assert alice.texts(conv) == ["zero", "from my backup"] and alice.rows(conv)[-1].is_own


def test_who_is_removed_while_offline_sees_the_messages_fail() -> None:
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    bob.reachable = False
    bob.cut()
    sent = bob.say(conv, "too late")
    alice.order(RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    alice.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    bob.reachable = True
    room.settle(40_000)
    assert states(bob, sent)[-1] is MessageState.FAILED and carmen.texts(conv) == []
    assert pending(bob, conv)[0].failure == Failed(code="not_a_member")
