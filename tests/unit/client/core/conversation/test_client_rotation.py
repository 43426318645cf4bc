"""The records that a client makes: who changes the keys and when, races, refusals, and groups that
cannot be.
"""

from __future__ import annotations

import pytest

from client.api.events import (
    AddMembers,
    CreateGroup,
    JoinGroup,
    LeaveGroup,
    MessageStateChanged,
    OpenDirect,
    RemoveMembers,
    RenameGroup,
    SendText,
)
from client.api.values import MessageState
from client.core.conversation import membership_changes as rotation
from client.core.conversation.membership_changes import HOLD_MS
from client.core.state.effects import Received, Ticked
from shared.codec import encode
from shared.crypto.accounts import verify_genesis
from shared.crypto.identity import rotate_uk
from shared.crypto.records import Policy
from shared.errors import REFUSAL_SENTENCES
from shared.messages import AppendChain, EntryKind, Hint, Message, PostRecord, Refused
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import conversation_of, push, sent_by, statement_entry
from tests.support.saying import why


def team(
    *names: str, is_private: bool = True, outsiders: tuple[str, ...] = ()
) -> tuple[ClassRoom, list[Participant], bytes]:
    """A group made by the first; outsiders are in the class only."""
    room = ClassRoom([*names, *outsiders])
    people = list(room.people.values())
    uids = tuple(room.people[name].uid for name in names[1:])
    done = people[0].order(
        CreateGroup(request_id=1, name="team", members=uids, is_private=is_private)
    )
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, people, done.data


def epoch_of(person: Participant, conv: bytes) -> int:
    snapshot = conversation_of(person, conv).snapshot
    assert snapshot is not None
    return snapshot.epoch


def refuse(
    room: ClassRoom, person: Participant, code: str, about: bytes, retry_after_ms: int = 0
) -> list[Message]:
    person.to_broker.clear()
    return sent_by(person, Received(room.moment, Refused(code, "Why.", about, [], retry_after_ms)))


def tick(room: ClassRoom, person: Participant, ms: int) -> list[Message]:
    room.now_ms += ms
    return sent_by(person, Ticked(room.moment))


def posts(messages: list[Message]) -> list[PostRecord]:
    return [message for message in messages if isinstance(message, PostRecord)]


def posted(person: Participant, conv: bytes) -> PostRecord:
    post = conversation_of(person, conv).pending.posted
    assert post is not None
    return post.post


# --- when the key changes ---


def test_after_many_messages_the_key_changes_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotation, "Policy", lambda **given: Policy(**given, rotate_msgs=3))
    room, (alice, bob), conv = team("alice", "bob")
    for number in range(5):
        alice.say(conv, f"m{number}")
        room.settle()
    assert bob.texts(conv) == [f"m{number}" for number in range(5)] and epoch_of(bob, conv) == 1
    assert not bob.quarantined()


def test_a_renewed_account_key_changes_the_key_of_its_conversations() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    fresh, blob = rotate_uk(
        bob.identity, verify_genesis(bob.identity.genesis), 2_000, lambda n: b"r" * n
    )
    bob.core._work.identity = fresh
    bob.to_broker.append(encode(AppendChain(b"c" * 16, blob)))
    room.settle()
    alice.say(conv, "under a new key")
    room.settle()
    snapshot = conversation_of(alice, conv).snapshot
    assert snapshot is not None and snapshot.epoch == 1 and snapshot.members[bob.uid].uk_gen == 2
    assert bob.texts(conv) == ["under a new key"]


def test_after_a_leave_a_hint_has_one_member_change_the_key() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    carmen.order(LeaveGroup(conv_id=conv))
    room.settle()
    assert epoch_of(alice, conv) == epoch_of(bob, conv) == 1
    sent = sent_by(alice, Received(room.moment, Hint(conv, "rotate")))
    assert not posts(sent)  # nothing is due any more
    assert not sent_by(alice, Received(room.moment, Hint(conv, "something new")))


def test_two_who_change_the_key_at_once_agree_on_one_and_both_messages_arrive() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    for person in (alice, bob):
        person.tamper = lambda message: None if isinstance(message, Hint) else message
    carmen.order(LeaveGroup(conv_id=conv))
    room.flow()
    alice.say(conv, "a")
    bob.say(conv, "b")
    room.settle()
    assert sorted(alice.texts(conv)) == ["a", "b"] and alice.texts(conv) == bob.texts(conv)
    assert epoch_of(alice, conv) == epoch_of(bob, conv) == 1
    assert not alice.quarantined() and not bob.quarantined()


# --- letting people in ---


def test_a_hint_lets_people_in_at_once_and_is_needed_by_nobody() -> None:
    room, (alice, bob), conv = team("alice", is_private=False, outsiders=("bob",))
    alice.tamper = lambda message: None if isinstance(message, Hint) else message
    bob.order(JoinGroup(conv_id=conv))
    room.settle(1_000)
    assert alice.shown[conv].members[0].uid == alice.uid
    room.settle()
    assert {member.uid for member in bob.shown[conv].members} == {alice.uid, bob.uid}


def test_a_hint_without_anybody_waiting_does_nothing() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    assert sent_by(alice, Received(room.moment, Hint(conv, "admit"))) == []
    direct = room.direct("alice", "bob")
    alice.order(OpenDirect(uid=bob.uid))
    assert sent_by(alice, Received(room.moment, Hint(direct, "admit"))) == []
    alice.say(direct, "hi")
    room.settle()
    assert sent_by(alice, Received(room.moment, Hint(direct, "admit"))) == []


def test_while_admission_is_due_no_timer_is_needed() -> None:
    room, (alice, bob), conv = team("alice", is_private=False, outsiders=("bob",))
    push(room, alice, conv, statement_entry(alice, bob, conv, EntryKind.JOIN))
    (post,) = posts(sent_by(alice, Received(room.moment, Hint(conv, "admit"))))
    assert not posts(sent_by(alice, Received(room.moment, Hint(conv, "admit"))))  # one at a time
    assert conversation_of(alice, conv).pending.is_admission_due
    assert refuse(room, alice, "internal", post.message_id) == []
    assert len(posts(tick(room, alice, HOLD_MS))) == 1


# --- refusals ---


@pytest.mark.parametrize("code", ["slow_down", "busy", "internal"])
def test_a_record_that_was_only_too_early_is_posted_again(code: str) -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", outsiders=("carmen",))
    alice.order(AddMembers(request_id=5, conv_id=conv, uids=(carmen.uid,)))
    first = posted(alice, conv)
    assert refuse(room, alice, code, first.message_id, 5_000) == []
    assert not posts(tick(room, alice, HOLD_MS))
    assert len(posts(tick(room, alice, 5_000))) == 1
    room.settle()
    assert alice.answer(5).ok and carmen.shown[conv].is_member


@pytest.mark.parametrize("request_id", [0, 5])
def test_a_change_that_is_refused_for_good_is_answered_so(request_id: int) -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", outsiders=("carmen",))
    alice.order(AddMembers(request_id=request_id, conv_id=conv, uids=(carmen.uid,)))
    refuse(room, alice, "invalid_record", posted(alice, conv).message_id)
    assert not conversation_of(alice, conv).pending.changes
    if request_id:
        done = alice.answer(5)
        assert (done.ok, done.code, why(done)) == (
            False,
            "invalid_record",
            REFUSAL_SENTENCES["invalid_record"],
        )


def test_a_refusal_of_a_record_of_ones_own_accord_is_tried_again_later() -> None:
    room, (alice, bob), conv = team("alice", is_private=False, outsiders=("bob",))
    push(room, alice, conv, statement_entry(alice, bob, conv, EntryKind.JOIN))
    (post,) = posts(sent_by(alice, Received(room.moment, Hint(conv, "admit"))))
    refuse(room, alice, "invalid_record", post.message_id)
    assert conversation_of(alice, conv).pending.posted is None
    found: list[PostRecord] = []
    for _ in range(10):
        found += posts(tick(room, alice, 1_000))
    assert found


def test_what_has_come_true_meanwhile_is_done() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", outsiders=("carmen",))
    alice.reachable = False
    alice.cut()
    alice.order(AddMembers(request_id=5, conv_id=conv, uids=(carmen.uid,)))
    alice.order(RenameGroup(request_id=6, conv_id=conv, name="team"))
    alice.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    bob.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    alice.reachable = True
    room.settle(40_000)
    assert alice.answer(5).ok and alice.answer(6).ok and epoch_of(alice, conv) == 1


def test_who_is_removed_meanwhile_is_told_that_the_change_failed() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", outsiders=("carmen",))
    bob.reachable = False
    bob.cut()
    bob.order(AddMembers(request_id=5, conv_id=conv, uids=(carmen.uid,)))
    bob.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    alice.order(RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    room.settle()
    bob.reachable = True
    room.settle(40_000)
    assert (bob.answer(5).ok, bob.answer(5).code) == (False, "not_a_member")


# --- groups that cannot be created ---


def test_a_group_that_the_server_refuses_says_so_and_fails_its_messages() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    first = alice.order(CreateGroup(request_id=1, name="club", members=(), is_private=False))
    room.settle()
    assert first is not None and first.ok
    bob.reachable = False
    bob.cut()
    done = bob.order(CreateGroup(request_id=2, name="club", members=(), is_private=False))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    sent = bob.say(conv, "first words")
    bob.order(RenameGroup(request_id=3, conv_id=conv, name="other"))
    bob.reachable = True
    room.settle(40_000)
    view = bob.shown[conv]
    assert (view.name, view.is_member, view.can_write) == ("club", False, False)
    why = REFUSAL_SENTENCES["group_name_taken"]
    assert bob.sentences(conv) == [f"The group could not be created. {why}"]
    bob.order(
        RenameGroup(request_id=4, conv_id=conv, name="too late")
    )  # answered, though there is nothing to change
    assert bob.answer(4).code == "not_a_member"
    states = [
        n.state for n in bob.notices if isinstance(n, MessageStateChanged) and n.message_id == sent
    ]
    assert states[-1] is MessageState.FAILED and not bob.answer(3).ok
    refused = bob.order(SendText(request_id=4, conv_id=conv, text="hello?"))
    assert refused is not None and refused.code == "not_a_member"
    bob.kill()
    bob.start()
    room.settle()
    assert conversation_of(bob, conv).pending.group is None


def test_a_direct_conversation_is_not_asked_for_again_at_once() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    alice.order(OpenDirect(uid=bob.uid))
    conv = room.direct("alice", "bob")
    alice.say(conv, "one")
    refuse(room, alice, "internal", posted(alice, conv).message_id)
    alice.say(conv, "two")
    assert conversation_of(alice, conv).pending.posted is None
    room.settle()
    assert bob.texts(conv) == ["one", "two"]


def test_a_class_channel_that_is_missing_is_made_once() -> None:
    room = ClassRoom()
    alice = room.enter("alice")
    alice.tamper = lambda message: (
        None if getattr(message, "about", b"") == room.general else message
    )
    room.flow()
    (post,) = posts(refuse(room, alice, "unknown_conversation", room.general))
    assert refuse(room, alice, "unknown_conversation", room.general) == []
    assert post.conv_id == room.general
    assert refuse(room, alice, "epoch_taken", post.message_id)  # somebody was faster: read theirs
    alice.tamper = lambda message: message
    alice.cut()
    room.settle()
    assert alice.shown[room.general].is_member
