"""The client core in groups: members, keys, history, leaving, joining, and what a broker may try
against them.
"""

from __future__ import annotations

import msgspec

from client.api.events import (
    AcceptKey,
    AddMembers,
    CreateGroup,
    Done,
    JoinGroup,
    LeaveGroup,
    MessageStateChanged,
    OpenDirect,
    RemoveMembers,
    RenameGroup,
    SendText,
    TrustChanged,
)
from client.api.said import Failed
from client.api.values import MessageState, Trust
from client.core.state.effects import Received
from client.core.state.saved import SavedEpoch
from shared.crypto.identity import create_identity
from shared.messages import DIRECTORY_LOG, Boxes, Entries, Entry, EntryKind, Message
from tests.support.class_room import ClassRoom, Participant
from tests.support.members import CountedRandom
from tests.support.saying import in_english


def group(
    room: ClassRoom, creator: str, *members: str, history_all: bool = True, is_private: bool = True
) -> bytes:
    uids = tuple(room.people[name].uid for name in members)
    done = room.people[creator].order(
        CreateGroup(
            request_id=1, name="team", members=uids, history_all=history_all, is_private=is_private
        )
    )
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return done.data


def trio() -> tuple[ClassRoom, Participant, Participant, Participant]:
    room = ClassRoom(["alice", "bob", "carmen"])
    return room, *(room.people[name] for name in ("alice", "bob", "carmen"))


def epochs(person: Participant, conv_id: bytes) -> dict[int, SavedEpoch]:
    found = [
        item
        for item in person.store.load()
        if isinstance(item, SavedEpoch) and item.conv_id == conv_id
    ]
    return {epoch.epoch: epoch for epoch in found}


def test_newcomers_read_everything_where_history_is_for_all() -> None:
    room, alice, bob, carmen = trio()
    conv = group(room, "alice", "bob")
    alice.say(conv, "before")
    room.settle()
    alice.order(AddMembers(request_id=5, conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    assert alice.answer(5).ok
    assert carmen.texts(conv) == ["before"] and carmen.shown[conv].name == "team"
    carmen.say(conv, "thanks")
    room.settle()
    assert bob.texts(conv) == ["before", "thanks"]
    assert bob.sentences(conv) == ["alice created the group", "alice added carmen"]


def test_newcomers_read_only_from_their_joining_where_the_group_wants_that() -> None:
    room, alice, bob, carmen = trio()
    conv = group(room, "alice", "bob", history_all=False)
    alice.say(conv, "secret")
    room.settle()
    alice.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    bob.say(conv, "welcome")
    room.settle()
    assert carmen.texts(conv) == ["welcome"]
    assert not epochs(carmen, conv)[0].seed and epochs(carmen, conv)[1].seed
    assert not carmen.quarantined()


def test_who_was_removed_reads_no_further() -> None:
    room, alice, bob, carmen = trio()
    conv = group(room, "alice", "bob", "carmen")
    alice.order(RemoveMembers(request_id=6, conv_id=conv, uids=(bob.uid,)))
    room.settle()
    assert alice.answer(6).ok
    alice.say(conv, "without bob")
    room.settle()
    assert carmen.texts(conv) == ["without bob"] and bob.texts(conv) == []
    assert not bob.shown[conv].is_member and not bob.shown[conv].can_write
    assert 1 not in epochs(bob, conv) or not epochs(bob, conv)[1].seed
    refused = bob.order(SendText(request_id=7, conv_id=conv, text="hello?"))
    assert refused is not None and refused.code == "not_a_member"


def test_after_a_leave_the_next_sender_changes_the_key_first() -> None:
    room, alice, bob, carmen = trio()
    conv = group(room, "alice", "bob", "carmen")
    carmen.order(LeaveGroup(request_id=3, conv_id=conv))
    room.settle()
    assert carmen.answer(3).ok
    bob.say(conv, "new key")
    room.settle()
    assert alice.texts(conv) == ["new key"] and carmen.texts(conv) == []
    assert max(epochs(alice, conv)) == 1
    assert "carmen left" in alice.sentences(conv)


def test_an_owner_who_leaves_hands_the_group_on() -> None:
    room, alice, bob, carmen = trio()
    conv = group(room, "alice", "bob", "carmen")
    alice.order(LeaveGroup(conv_id=conv))
    room.settle()
    bob.say(conv, "who owns this?")
    room.settle()
    roles = sorted(member.group_role for member in bob.shown[conv].members)
    assert roles == [0, 2] and carmen.texts(conv) == ["who owns this?"]


def test_open_groups_let_people_in() -> None:
    room, alice, bob, carmen = trio()
    conv = group(room, "alice", is_private=False)
    alice.say(conv, "open to all")
    room.settle()
    assert bob.shown[conv].name == "team" and not bob.shown[conv].is_member
    early = bob.order(AddMembers(request_id=3, conv_id=conv, uids=(carmen.uid,)))
    assert early is not None and early.code == "not_a_member"
    bob.order(JoinGroup(request_id=4, conv_id=conv))
    room.settle()
    assert bob.answer(4).ok and bob.texts(conv) == ["open to all"] and bob.shown[conv].is_member
    assert "bob joined" in alice.sentences(conv)
    assert carmen.shown[conv].row_count == 0


def test_a_group_is_renamed() -> None:
    room, alice, bob, _ = trio()
    conv = group(room, "alice", "bob")
    alice.order(RenameGroup(request_id=8, conv_id=conv, name="Team Seven"))
    room.settle()
    assert alice.answer(8).ok and bob.shown[conv].name == "Team Seven"
    refused = bob.order(RenameGroup(request_id=9, conv_id=conv, name="mine"))
    assert refused is not None and refused.code == "not_allowed"


def test_two_who_change_at_once_both_succeed() -> None:
    room = ClassRoom(["alice", "bob", "carmen", "dan"])
    alice, bob, carmen, dan = room.people.values()
    conv = group(room, "alice", "bob")
    alice.order(AddMembers(request_id=5, conv_id=conv, uids=(carmen.uid,)))
    bob.order(AddMembers(request_id=5, conv_id=conv, uids=(dan.uid,)))
    bob.say(conv, "to all four")
    room.settle()
    assert alice.answer(5).ok and bob.answer(5).ok
    assert carmen.texts(conv) == dan.texts(conv) == ["to all four"]
    assert max(epochs(alice, conv)) == 2


def test_old_keys_are_changed_with_time() -> None:
    room, alice, bob, _ = trio()
    conv = group(room, "alice", "bob")
    room.now_ms += 8 * 86_400_000
    room.settle(60_000)
    bob.say(conv, "a week later")
    room.settle(60_000)
    assert alice.texts(conv) == ["a week later"] and max(epochs(alice, conv)) == 1


def test_a_key_that_never_came_is_asked_of_members() -> None:
    room, alice, bob, carmen = trio()
    junk = 1

    def spoil(message: Message) -> Message | None:
        nonlocal junk
        if isinstance(message, Boxes) and junk:
            junk -= 1
            return Boxes(message.conv_id, message.epoch, [])
        return message

    bob.tamper = spoil
    conv = group(room, "alice", "bob", "carmen")
    alice.say(conv, "can you read me?")
    room.settle()
    assert bob.texts(conv) == ["can you read me?"] and not bob.quarantined()


def test_waiting_messages_are_said_to_wait() -> None:
    room, alice, bob, _ = trio()
    bob.tamper = lambda message: None if isinstance(message, Boxes) else message
    conv = group(room, "alice", "bob")
    alice.say(conv, "one")
    alice.say(conv, "two")
    room.settle()
    assert [row.kind for row in bob.rows(conv)][-2:] == ["waiting", "waiting"]
    assert bob.shown[conv].is_waiting and "2 messages" in in_english(bob.shown[conv].status)
    bob.tamper = lambda message: message
    bob.kill()
    bob.start()
    room.settle()
    assert bob.texts(conv) == ["one", "two"] and not bob.shown[conv].is_waiting
    assert bob.shown[conv].unread == 2


def test_an_altered_message_is_set_aside_with_a_reason() -> None:
    room, alice, bob, _ = trio()
    conv = group(room, "alice", "bob")

    def flip(message: Message) -> Message | None:
        if isinstance(message, Entries):
            entries = [_flipped(e) if e.kind == EntryKind.MESSAGE else e for e in message.entries]
            return msgspec.structs.replace(message, entries=entries)
        return message

    bob.tamper = flip
    alice.say(conv, "pay me 10")
    room.settle()
    bob.tamper = lambda message: message
    assert [row.kind for row in bob.rows(conv)][-1] == "quarantined" and bob.quarantined()
    assert bob.texts(conv) == []


def _flipped(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, proof=entry.proof[:-1] + bytes([entry.proof[-1] ^ 1]))


def test_a_message_that_the_broker_repeats_is_not_shown_twice() -> None:
    room, alice, bob, _ = trio()
    conv = group(room, "alice", "bob")
    alice.say(conv, "once")
    room.settle()
    stored = room.storage.entries_after(conv, 0, 99, 99, 1 << 20)[-1]
    again = msgspec.structs.replace(stored, sequence=stored.sequence + 1)
    bob.hand(Received(room.moment, Entries(conv, [again], again.sequence)))
    assert bob.texts(conv) == ["once"]
    assert bob.quarantined()[-1].reason == "replayed"


def test_a_swapped_account_raises_the_alarm_and_blocks_sending() -> None:
    room, alice, bob, _ = trio()
    impostor = create_identity("bob", "x", 9, CountedRandom("mallory"), (b"p" * 40, b"s" * 40))
    body = msgspec.msgpack.encode(["bob", 0, impostor.genesis])
    entry = Entry(4, int(EntryKind.ACCOUNT), impostor.uid, 5, b"", body, b"")
    alice.hand(Received(room.moment, Entries(DIRECTORY_LOG, [entry], 4)))
    alarm = alice.seen(TrustChanged)[-1]
    assert (
        isinstance(alarm, TrustChanged) and alarm.change == "changed" and alarm.uid == impostor.uid
    )
    opened = alice.order(OpenDirect(request_id=2, uid=impostor.uid))
    assert opened is not None and isinstance(opened.data, bytes)
    refused = alice.order(SendText(request_id=3, conv_id=opened.data, text="hi"))
    assert refused is not None and refused.code == "key_changed"
    assert impostor.uid not in {member.uid for member in alice.shown[room.general].members}
    assert alice.order(AcceptKey(request_id=4, uid=impostor.uid)) == Done(4, True)
    sent = alice.order(SendText(request_id=5, conv_id=opened.data, text="hi"))
    assert sent is not None and sent.ok
    assert alice.core._work.people.trust(impostor.uid) is Trust.PINNED  # noqa: SLF001


def test_a_conversation_that_is_gone_is_refused() -> None:
    room, alice, _, _ = trio()
    done = alice.order(SendText(request_id=2, conv_id=b"?" * 16, text="x"))
    assert done is not None and done.code == "unknown_conversation"
    assert done == Done(2, False, Failed(code="unknown_conversation"))


def test_what_was_stored_just_before_a_crash_is_still_reported_as_delivered() -> None:
    room, alice, bob, _ = trio()
    conv = group(room, "alice", "bob")
    message_id = alice.say(conv, "the last one")
    room.flow()
    assert "the last one" in bob.texts(conv)
    bob.kill()  # before its report, which waits a little for more to report
    room.settle()
    assert alice.shown[conv].sequence and not _is_delivered(alice, message_id)
    bob.start()
    room.settle()
    assert _is_delivered(alice, message_id)


def _is_delivered(person: Participant, message_id: bytes) -> bool:
    states = [
        n.state
        for n in person.notices
        if isinstance(n, MessageStateChanged) and n.message_id == message_id
    ]
    return MessageState.DELIVERED in states
