"""Records, names, keys and statements: what is believed of them, who gets a key, and who does
not.
"""

from __future__ import annotations

import msgspec

from client.api.events import (
    AddMembers,
    CreateGroup,
    GroupChanged,
    JoinGroup,
    LeaveGroup,
    RemoveMembers,
    RenameGroup,
)
from client.core.conversation.epochs import ANSWER_SPREAD_MS
from client.core.state.effects import Received, Ticked
from shared.crypto.identity import make_statement
from shared.messages import (
    BoxesPosted,
    EntryKind,
    FetchBoxes,
    KeyRequested,
    Message,
    PostBoxes,
    PostedBox,
    RequestKey,
)
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import (
    box_for,
    conversation_of,
    forge_record,
    hand_boxes,
    last_reason,
    push,
    sent_by,
    statement_entry,
    without_boxes,
)

SEED = b"s" * 32


def team(
    *names: str, history_all: bool = True, outsiders: tuple[str, ...] = ()
) -> tuple[ClassRoom, list[Participant], bytes]:
    """A private group made by the first; outsiders are in the class only."""
    room = ClassRoom([*names, *outsiders])
    people = list(room.people.values())
    uids = tuple(room.people[name].uid for name in names[1:])
    done = people[0].order(
        CreateGroup(request_id=1, name="team", members=uids, history_all=history_all)
    )
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, people, done.data


def name_of(person: Participant, conv: bytes) -> str:
    return person.shown[conv].name


# --- records ---


def test_a_record_that_is_none_is_set_aside_and_the_keys_stay() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    record = forge_record(bob, alice, conv)
    push(room, bob, conv, msgspec.structs.replace(record, body=b"junk"))
    push(room, bob, conv, msgspec.structs.replace(forge_record(bob, alice, conv), sender=bob.uid))
    push(room, bob, conv, msgspec.structs.replace(forge_record(bob, alice, conv), proof=bytes(64)))
    assert [notice.reason for notice in bob.quarantined()] == ["shape", "misplaced", "signature"]
    found = conversation_of(bob, conv)
    assert found.snapshot is not None and found.snapshot.epoch == 0 and found.log.cursor == 4


def test_a_record_whose_author_saw_another_history_is_told() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge_record(bob, alice, conv, base=(1, b"?" * 32)))
    assert last_reason(bob) == "history_differs"
    found = conversation_of(bob, conv)
    assert found.snapshot is not None and found.snapshot.epoch == 1  # told, but the group goes on


def test_many_are_listed_shortly() -> None:
    room, people, conv = team("alice", "bob", outsiders=("ana", "ben", "cy", "dee", "eli", "fay"))
    alice, bob = people[:2]
    alice.order(AddMembers(conv_id=conv, uids=tuple(person.uid for person in people[2:])))
    room.settle()
    assert bob.sentences(conv)[-1] == "alice added ana, ben, cy, dee and 2 others"
    alice.order(RemoveMembers(conv_id=conv, uids=tuple(person.uid for person in people[5:])))
    room.settle()
    assert bob.sentences(conv)[-1] == "alice removed dee, eli and fay"


# --- names ---


def test_a_plain_member_cannot_rename_the_group() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, alice, conv, forge_record(alice, bob, conv, title="bob's own"))
    hand_boxes(room, alice, conv, 1, box_for(alice, conv, 1, SEED))
    assert last_reason(alice) == "title" and name_of(alice, conv) == "team"


def test_a_new_name_is_believed_whoever_began_the_epochs_after_it() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    carmen.reachable = False
    carmen.cut()
    alice.order(RenameGroup(request_id=2, conv_id=conv, name="crew"))
    room.settle()
    alice.order(LeaveGroup(request_id=3, conv_id=conv))
    room.settle()
    last = conversation_of(bob, conv).snapshot
    assert last is not None and last.author == bob.uid and name_of(bob, conv) == "crew"
    carmen.reachable = True
    room.settle(60_000)
    assert name_of(carmen, conv) == "crew" and carmen.quarantined() == []
    assert "alice renamed the group to crew" in carmen.sentences(conv)


def test_a_name_that_could_not_be_opened_does_not_keep_the_next_one_out() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge_record(bob, alice, conv, changes={"title": b"t" * 90}))
    hand_boxes(room, bob, conv, 1, box_for(bob, conv, 1, SEED))
    push(room, bob, conv, forge_record(bob, alice, conv, title="crew"))
    hand_boxes(room, bob, conv, 2, box_for(bob, conv, 2, SEED))
    assert name_of(bob, conv) == "crew"


def test_a_name_that_cannot_be_opened_is_not_taken() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge_record(bob, alice, conv, changes={"title": b"t" * 90}))
    hand_boxes(room, bob, conv, 1, box_for(bob, conv, 1, SEED))
    assert last_reason(bob) == "title" and name_of(bob, conv) == "team"


def test_a_new_name_is_told_once_its_key_is_here() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    bob.tamper = without_boxes()
    alice.order(RenameGroup(conv_id=conv, name="Team Seven"))
    room.settle()
    assert name_of(bob, conv) == "team"
    bob.tamper = lambda message: message
    bob.cut()
    room.settle()
    assert name_of(bob, conv) == "Team Seven"
    assert bob.sentences(conv)[-1] == "alice renamed the group to Team Seven"
    changes = [
        notice.change
        for notice in bob.notices
        if isinstance(notice, GroupChanged) and notice.conv_id == conv
    ]
    assert changes == ["created", "renamed"]


# --- statements ---


def test_only_a_member_leaves_and_only_for_this_conversation() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", outsiders=("carmen",))
    push(room, alice, conv, statement_entry(alice, carmen, conv, EntryKind.LEAVE))
    push(room, alice, conv, statement_entry(alice, bob, conv, EntryKind.LEAVE, about=b"o" * 16))
    unknown = msgspec.structs.replace(
        statement_entry(alice, bob, conv, EntryKind.LEAVE), sender=b"u" * 16
    )
    push(room, alice, conv, unknown)
    push(
        room,
        alice,
        conv,
        msgspec.structs.replace(statement_entry(alice, bob, conv, EntryKind.LEAVE), body=b"junk"),
    )
    reasons = [notice.reason for notice in alice.quarantined()]
    assert reasons == ["not_a_member", "misplaced", "unknown_account", "shape"]
    assert len(alice.shown[conv].members) == 2


def test_who_asks_twice_is_let_in_once() -> None:
    room, (alice, bob), _ = team("alice", "bob")
    done = alice.order(CreateGroup(request_id=2, name="open-house", members=(), is_private=False))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    alice.tamper = lambda message: message
    bob.order(JoinGroup(conv_id=conv))
    bob.order(JoinGroup(conv_id=conv))
    room.settle()
    assert [member.uid for member in alice.shown[conv].members].count(bob.uid) == 1
    assert bob.order(JoinGroup(request_id=3, conv_id=conv)).ok  # type: ignore[union-attr]
    push(room, alice, conv, statement_entry(alice, bob, conv, EntryKind.JOIN))
    assert conversation_of(alice, conv).moves.joiners == []
    bob.order(LeaveGroup(request_id=4, conv_id=conv))


# --- keys ---


def keyless_bob(history_all: bool = True) -> tuple[ClassRoom, list[Participant], bytes]:
    """bob is a member and has no key; nobody answers for the moment."""
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    bob.tamper = without_boxes()
    order = CreateGroup(
        request_id=1, name="team", members=(bob.uid, carmen.uid), history_all=history_all
    )
    done = alice.order(order)
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, [alice, bob, carmen], done.data


def test_the_first_box_that_opens_the_commitment_counts_whoever_posted_it() -> None:
    room, (alice, bob, _), conv = keyless_bob()
    seed = conversation_of(alice, conv).head_seed()
    wrong = box_for(bob, conv, 0, b"w" * 32, poster=alice.uid)
    newer = PostedBox(alice.uid, 9, wrong.box)  # to a key that bob does not have
    assert hand_boxes(room, bob, b"o" * 16, 0, wrong) == [] == hand_boxes(room, bob, conv, 5, wrong)
    hand_boxes(room, bob, conv, 0, wrong, newer, box_for(bob, conv, 0, seed))
    assert conversation_of(bob, conv).head_seed() == seed
    hand_boxes(room, bob, conv, 0, wrong)
    assert conversation_of(bob, conv).head_seed() == seed


def test_a_missing_key_is_asked_for_once_and_again_when_somebody_comes() -> None:
    room, (alice, bob, carmen), conv = keyless_bob()
    for person in (alice, carmen):
        person.reachable = False
        person.cut()
    room.settle()
    bob.tamper = lambda message: None
    asked = hand_boxes(room, bob, conv, 0)
    assert [type(message) for message in asked] == [RequestKey] and hand_boxes(
        room, bob, conv, 0
    ) == []
    bob.tamper = lambda message: message
    bob.to_client.clear()
    carmen.reachable = True
    spoilt = 1

    def spoil(message: Message) -> Message | None:
        nonlocal spoilt
        if type(message).__name__ == "Boxes" and spoilt:
            spoilt -= 1
            return msgspec.structs.replace(message, boxes=[])
        return message

    bob.tamper = spoil  # his own box is of no use: only what carmen posts is
    room.settle(60_000)
    assert (
        conversation_of(bob, conv).head_seed() == conversation_of(carmen, conv).head_seed() != b""
    )


def test_a_link_that_does_not_open_is_told_and_the_newer_key_still_serves() -> None:
    room, (alice, bob, _), conv = keyless_bob()
    push(room, bob, conv, forge_record(bob, alice, conv, link=b"l" * 72, title="team"))
    hand_boxes(room, bob, conv, 1, box_for(bob, conv, 1, SEED))
    assert last_reason(bob).startswith("link_")
    found = conversation_of(bob, conv)
    assert found.head_seed() == SEED and not found.keys.epochs[0].seed


def test_posted_boxes_are_fetched_only_if_they_are_missing() -> None:
    room, (alice, bob, _), conv = keyless_bob()
    assert sent_by(bob, Received(room.moment, BoxesPosted(conv, 0))) == [FetchBoxes(conv, 0)]
    assert sent_by(alice, Received(room.moment, BoxesPosted(conv, 0))) == []
    assert sent_by(bob, Received(room.moment, BoxesPosted(conv, 9))) == []


def request(
    asker: Participant, holder: Participant, conv: bytes, number: int = 0, epoch_id: bytes = b""
) -> KeyRequested:
    """A wish for a key as the broker passes it on."""
    named = epoch_id or conversation_of(holder, conv).keys.epochs[number].epoch_id
    statement, signature = make_statement(asker.identity, "keyreq", conv, named, (number, 1))
    return KeyRequested(conv, number, asker.uid, statement, signature)


def answers(room: ClassRoom, holder: Participant, asked: KeyRequested) -> list[PostBoxes]:
    holder.hand(Received(room.moment, asked))
    room.now_ms += ANSWER_SPREAD_MS
    sent = sent_by(holder, Ticked(room.moment))
    return [message for message in sent if isinstance(message, PostBoxes)]


def test_a_member_who_misses_a_key_gets_it() -> None:
    room, (alice, bob, _), conv = keyless_bob()
    (post,) = answers(room, alice, request(bob, alice, conv))
    assert (post.conv_id, post.epoch, post.boxes[0].uid) == (conv, 0, bob.uid)
    hand_boxes(room, bob, conv, 0, PostedBox(alice.uid, post.boxes[0].uk_gen, post.boxes[0].box))
    assert conversation_of(bob, conv).head_seed() == conversation_of(alice, conv).head_seed()


def test_nobody_else_gets_a_key() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", outsiders=("carmen",))
    good = request(bob, alice, conv)
    wrong = [
        request(carmen, alice, conv),  # not a member
        msgspec.structs.replace(good, uid=b"u" * 16),  # unknown
        msgspec.structs.replace(good, uid=carmen.uid),  # not the signer
        msgspec.structs.replace(good, signature=bytes(64)),
        msgspec.structs.replace(good, statement=b"junk"),
        msgspec.structs.replace(good, epoch=4),  # there is none
        request(bob, alice, conv, epoch_id=b"e" * 32),
    ]
    for asked in wrong:
        assert answers(room, alice, asked) == []
    assert len(answers(room, alice, good)) == 1


def test_a_newcomer_gets_no_key_from_before_where_history_begins_with_joining() -> None:
    room, (alice, bob, carmen), conv = team(
        "alice", "bob", outsiders=("carmen",), history_all=False
    )
    alice.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    assert answers(room, bob, request(carmen, bob, conv, 0)) == []
    assert len(answers(room, bob, request(carmen, bob, conv, 1))) == 1


def test_who_is_removed_before_the_answer_gets_no_key() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    bob.hand(Received(room.moment, request(carmen, bob, conv)))
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    room.flow()
    room.now_ms += ANSWER_SPREAD_MS
    assert not any(isinstance(message, PostBoxes) for message in sent_by(bob, Ticked(room.moment)))
