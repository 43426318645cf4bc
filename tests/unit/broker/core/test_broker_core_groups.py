"""Messages, records, statements, boxes and who may read what, as the broker's core sees them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broker.core.events import PeerLagging
from broker.core.limits import Rates
from shared.crypto.identity import make_statement
from shared.crypto.public import entry_hash
from shared.crypto.records import FROM_JOIN, OPEN, Policy
from shared.messages import (
    DIRECTORY_LOG,
    AdvanceCursor,
    Box,
    Boxes,
    BoxesPosted,
    Cursor,
    CursorsAdvanced,
    Entries,
    EntryKind,
    FetchBoxes,
    FetchCursors,
    Heads,
    Hint,
    KeyRequested,
    MessageAccepted,
    Ping,
    PostBoxes,
    ReadLog,
    Refused,
    RequestKey,
    SignedIn,
    StartTyping,
    TypingShown,
)
from tests.support.people import (
    CLASS_ID,
    INSTRUCTOR_CODE,
    Room,
    class_channel_record,
    direct_record,
    first_record,
    message_of,
    new_id,
)


def codes(answers: list[object]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def sequences(pushed: list[Entries]) -> list[int]:
    return [entry.sequence for entries in pushed for entry in entries.entries]


def test_a_message_reaches_all_members_after_the_commit() -> None:
    room = Room()
    alice, bo, eve = room.enroll("alice", "bo", "eve")
    conv_id = room.create_group(alice, bo)
    room.clear()
    room.is_holding = True
    message = room.message(alice, conv_id)
    assert room.say(alice, message) == [] and room.got(bo, Entries) == []
    room.commit()
    assert room.got(alice, MessageAccepted) == [MessageAccepted(message.message_id, conv_id, 2)]
    for member in (alice, bo):
        (entries,) = room.got(member, Entries)
        (entry,) = entries.entries
        assert (entry.sequence, entry.sender, entry.body, entry.proof) == (
            2,
            alice.uid,
            message.header,
            b"sealed",
        )
    assert room.got(eve, Entries) == []


def test_a_repeat_is_answered_again_and_stored_once_even_after_a_restart() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    message = room.message(alice, conv_id)
    room.say(alice, message)
    room.say(
        alice, room.change(alice, conv_id)
    )  # another epoch: the repeat is known before its epoch is looked at
    assert room.say(alice, message) == [MessageAccepted(message.message_id, conv_id, 2)]
    again = Room(storage=room.storage)
    again.sign_in(alice)
    assert again.say(alice, message) == [MessageAccepted(message.message_id, conv_id, 2)]
    assert again.storage.heads()[conv_id] == 3


def test_all_of_one_commit_goes_out_in_one_frame_per_member() -> None:
    room = Room()
    people = room.enroll(*(f"p{number}x" for number in range(20)))
    conv_id = room.create_group(people[0], *people[1:])
    room.is_holding = True
    for sender in people[:5]:
        for _ in range(10):
            room.say(sender, room.message(sender, conv_id))
    room.clear()
    room.frames_sent = 0
    room.commit()
    assert room.frames_sent == len(people)
    for person in people:
        assert sequences(room.got(person, Entries)) == list(range(2, 52))


@pytest.mark.parametrize("wrong", ["conv", "uid", "did", "message_id", "junk"])
def test_a_header_that_disagrees_is_refused(wrong: str) -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    message = room.message(alice, conv_id)
    if wrong == "junk":
        message = type(message)(message.message_id, conv_id, b"junk", b"c")
    elif wrong == "message_id":
        message = type(message)(new_id(), conv_id, message.header, b"c")
    elif wrong == "conv":
        message = type(message)(
            message.message_id, room.create_group(alice, bo), message.header, b"c"
        )
    else:
        author = replace(alice, uid=bo.uid) if wrong == "uid" else replace(alice, did=bo.did)
        message = room.message(author, conv_id)
    answers = room.say(alice, message)
    assert codes(answers) == ["malformed"] or (wrong == "conv" and codes(answers))


def test_who_may_write() -> None:
    room = Room()
    alice, bo, eve = room.enroll("alice", "bo", "eve")
    conv_id = room.create_group(alice, bo)
    assert codes(room.say(eve, room.message(eve, conv_id))) == ["not_a_member"]
    unknown = message_of(alice, b"n" * 16, 0, bytes(32), b"c")
    assert codes(room.say(alice, unknown)) == ["unknown_conversation"]
    old = room.message(bo, conv_id)
    room.say(alice, room.change(alice, conv_id))
    (refused,) = room.say(bo, old)
    assert isinstance(refused, Refused) and (refused.code, refused.about) == (
        "stale_epoch",
        old.message_id,
    )


def test_announcements_are_written_by_staff() -> None:
    room = Room()
    (teacher,) = room.enroll("teacher", code=INSTRUCTOR_CODE)
    (alice,) = room.enroll("alice")
    record = class_channel_record(teacher, "announcements", [alice])
    room.say(teacher, record)
    assert codes(room.say(alice, room.message(alice, record.conv_id))) == ["not_allowed"]
    assert not codes(room.say(teacher, room.message(teacher, record.conv_id)))


def test_records_add_and_remove_and_each_reads_its_span() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo)  # 1
    room.say(alice, room.message(alice, conv_id))  # 2
    room.clear()
    room.is_holding = True
    room.say(alice, room.message(alice, conv_id))  # 3
    room.say(alice, room.change(alice, conv_id, add=[carmen], remove=[bo.uid]))  # 4
    room.say(alice, room.message(alice, conv_id))  # 5
    room.clear()
    room.commit()
    assert sequences(room.got(alice, Entries)) == [3, 4, 5]
    assert sequences(room.got(bo, Entries)) == [3, 4]
    (heads,) = room.got(carmen, Heads)
    assert [(head.log_id, head.head) for head in heads.heads] == [(conv_id, 5)]
    room.is_holding = False
    (page,) = room.say(carmen, ReadLog(conv_id, 0, 200))
    assert isinstance(page, Entries) and sequences([page]) == [1, 2, 3, 4, 5]
    assert all(entry.kind != EntryKind.WITHHELD for entry in page.entries)
    (page,) = room.say(bo, ReadLog(conv_id, 0, 200))
    assert isinstance(page, Entries) and sequences([page]) == [1, 2, 3, 4] and page.head == 4
    assert codes(room.say(bo, room.message(bo, conv_id))) == ["not_a_member"]
    signed_in = room.sign_in(bo)[0]
    assert isinstance(signed_in, SignedIn) and (conv_id, 4) in [
        (head.log_id, head.head) for head in signed_in.heads
    ]


def test_newcomers_of_a_from_join_group_get_hashes_of_what_was_before() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo, policy=Policy(history=FROM_JOIN))  # 1
    hidden = room.message(alice, conv_id)
    room.say(alice, hidden)  # 2
    room.say(alice, room.change(alice, conv_id, add=[carmen]))  # 3
    room.say(alice, room.message(alice, conv_id))  # 4
    (page,) = room.say(carmen, ReadLog(conv_id, 0, 200))
    assert isinstance(page, Entries)
    assert [e.kind for e in page.entries] == [
        EntryKind.RECORD,
        EntryKind.WITHHELD,
        EntryKind.RECORD,
        EntryKind.MESSAGE,
    ]
    assert (
        page.entries[1].body == entry_hash(hidden.header, hidden.cipher)
        and page.entries[1].proof == b""
    )
    room.say(alice, room.change(alice, conv_id, remove=[carmen.uid]))  # 5
    room.say(alice, room.message(alice, conv_id))  # 6
    room.say(alice, room.change(alice, conv_id, add=[carmen]))  # 7
    again = Room(storage=room.storage)
    again.sign_in(carmen)
    (page,) = again.say(carmen, ReadLog(conv_id, 1, 200))
    assert isinstance(page, Entries)
    assert [e.sequence for e in page.entries if e.kind == EntryKind.WITHHELD] == [2, 6]


def test_strangers_read_no_log() -> None:
    room = Room()
    alice, bo, eve = room.enroll("alice", "bo", "eve")
    conv_id = room.create_group(alice, bo)
    assert codes(room.say(eve, ReadLog(conv_id, 0, 0))) == ["not_a_member"]
    assert codes(room.say(eve, ReadLog(b"n" * 16, 0, 0))) == ["unknown_conversation"]
    assert codes(
        room.say(eve, FetchBoxes(conv_id, 0), StartTyping(conv_id), FetchCursors(conv_id))
    ) == ["not_a_member", "not_a_member", "not_a_member"]


def test_the_first_record_of_an_epoch_wins() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    first, second = room.change(alice, conv_id), room.change(bo, conv_id)
    assert not codes(room.say(alice, first))
    assert codes(room.say(bo, second)) == ["epoch_taken"]
    direct = direct_record(alice, bo)
    assert not codes(room.say(alice, direct))
    assert codes(room.say(bo, direct_record(bo, alice))) == ["epoch_taken"]
    assert not codes(room.say(bo, room.message(bo, direct.conv_id)))


def test_invalid_records_are_refused() -> None:
    room = Room()
    alice, bo, eve = room.enroll("alice", "bo", "eve")
    conv_id = room.create_group(alice, bo)
    record = room.change(alice, conv_id)
    forged = type(record)(new_id(), conv_id, record.record, bytes(64), [])
    assert codes(room.say(alice, forged)) == ["invalid_record"]
    assert codes(room.say(bo, record)) == ["invalid_record"]  # somebody else's
    assert codes(room.say(eve, room.change(eve, conv_id))) == ["not_a_member"]
    assert codes(room.say(alice, type(record)(new_id(), conv_id, b"junk", bytes(64), []))) == [
        "invalid_record"
    ]
    stranger_box = type(record)(
        new_id(), conv_id, record.record, record.signature, [Box(eve.uid, 1, b"b")]
    )
    assert codes(room.say(alice, stranger_box)) == ["invalid_record"]
    assert codes(room.say(bo, room.change(bo, conv_id, remove=[alice.uid]))) in (
        ["not_allowed"],
        ["invalid_record"],
    )
    assert room.snapshot(conv_id).epoch == 0


def test_the_number_of_groups_is_limited() -> None:
    room = Room(max_groups=2)
    alice, bo = room.enroll("alice", "bo")
    room.create_group(alice, bo)
    room.create_group(alice, bo)
    assert codes(room.say(alice, first_record(alice, [bo], Policy()))) == ["too_many_groups"]
    assert not codes(room.say(alice, direct_record(alice, bo)))


def test_open_groups_have_unique_names_that_the_directory_announces() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    policy = Policy(visibility=OPEN, title=b"thesis-club")
    room.clear()
    conv_id = room.create_group(alice, policy=policy)
    announced = [
        e
        for entries in room.got(bo, Entries)
        if entries.log_id == DIRECTORY_LOG
        for e in entries.entries
    ]
    assert [entry.kind for entry in announced] == [EntryKind.CHANNEL] and conv_id in announced[
        0
    ].body
    for name in (b"thesis-club", b"general", b"thesls-club"):
        draft = first_record(bo, [], replace(policy, title=name))
        assert codes(room.say(bo, draft)) == ["group_name_taken"]
    assert codes(room.say(bo, first_record(bo, [], replace(policy, title=b"Not Normal")))) == [
        "name_invalid"
    ]
    again = Room(storage=room.storage)
    again.sign_in(bo)
    assert codes(again.say(bo, first_record(bo, [], policy))) == ["group_name_taken"]
    room.say(alice, room.change(alice, conv_id, policy=replace(policy, title=b"essay-club")))
    assert not codes(room.say(bo, first_record(bo, [], policy)))  # the old name is free again


def test_join_and_admit() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, policy=Policy(visibility=OPEN, title=b"club"))
    room.clear()
    assert not codes(room.say(bo, room.statement(bo, conv_id, EntryKind.JOIN)))
    assert room.got(alice, Hint) == [Hint(conv_id, "admit")]
    assert codes(room.say(bo, room.message(bo, conv_id))) == ["not_a_member"]
    room.say(alice, room.change(alice, conv_id, add=[bo]))
    assert not codes(room.say(bo, room.message(bo, conv_id)))
    room.clear()
    room.tick(100_000)
    assert room.got(alice, Hint) == []
    private = room.create_group(alice)
    assert codes(room.say(bo, room.statement(bo, private, EntryKind.JOIN))) == ["not_allowed"]


def test_leave_ends_membership_and_asks_for_new_keys() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo, carmen)  # 1
    leave = room.statement(bo, conv_id, EntryKind.LEAVE)
    room.clear()
    answers = room.say(bo, leave)  # 2
    assert MessageAccepted(leave.message_id, conv_id, 2) in answers
    assert codes(room.say(bo, room.message(bo, conv_id))) == ["not_a_member"]
    assert codes(room.say(alice, room.message(alice, conv_id))) == ["rotation_due"]
    hinted = [person for person in (alice, carmen) if room.got(person, Hint)]
    again = Room(storage=room.storage)
    again.sign_in(alice)
    assert codes(again.say(alice, again.message(alice, conv_id))) == ["rotation_due"]
    assert len(hinted) <= 1  # alice's inbox was cleared by her message
    room.clear()
    room.tick(2_000)
    assert sum(len(room.got(person, Hint)) for person in (alice, carmen)) == 1
    assert not codes(room.say(carmen, room.change(carmen, conv_id)))
    assert not codes(room.say(alice, room.message(alice, conv_id)))
    assert codes(room.say(bo, ReadLog(conv_id, 0, 0))) == []
    (page,) = room.say(bo, ReadLog(conv_id, 0, 0))
    assert isinstance(page, Entries) and page.head == 2
    direct = direct_record(alice, carmen)
    room.say(alice, direct)
    assert codes(room.say(alice, room.statement(alice, direct.conv_id, EntryKind.LEAVE))) == [
        "not_allowed"
    ]


def test_statements_must_be_ones_own() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    other = room.create_group(alice, bo)
    bos = room.statement(bo, conv_id, EntryKind.LEAVE)
    assert codes(room.say(alice, bos)) == ["bad_signature"]
    moved = type(bos)(new_id(), other, bos.kind, bos.statement, bos.signature)
    assert codes(room.say(bo, moved)) == ["bad_signature"]
    assert codes(room.say(bo, type(bos)(new_id(), conv_id, 9, bos.statement, bos.signature))) == [
        "malformed"
    ]


def test_newcomers_of_the_class_are_announced_to_a_member_of_the_channels() -> None:
    room = Room()
    (teacher,) = room.enroll("teacher", code=INSTRUCTOR_CODE)
    (alice,) = room.enroll("alice")
    record = class_channel_record(teacher, "general", [alice])
    room.say(alice, class_channel_record(alice, "general", [teacher]))
    assert codes(room.say(teacher, record)) == ["epoch_taken"]
    room.clear()
    room.enroll("bo")
    assert room.got(teacher, Hint) == [Hint(record.conv_id, "admit")]  # staff first
    assert room.got(alice, Hint) == []
    room.clear()
    room.tick(2_000)
    assert room.got(alice, Hint) == [Hint(record.conv_id, "admit")]
    assert room.core.conversations.class_channels[record.conv_id] == "general" and CLASS_ID


def test_boxes_are_handed_out_to_their_addressee() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    (boxes,) = room.say(bo, FetchBoxes(conv_id, 0))
    assert isinstance(boxes, Boxes) and [(b.poster, b.box) for b in boxes.boxes] == [
        (alice.uid, b"box for " + bo.uid)
    ]
    room.clear()
    assert room.say(bo, PostBoxes(conv_id, 0, [Box(alice.uid, 1, b"again")])) == []
    assert room.got(alice, BoxesPosted) == [BoxesPosted(conv_id, 0)]
    (boxes,) = room.say(alice, FetchBoxes(conv_id, 0))
    assert isinstance(boxes, Boxes) and [b.poster for b in boxes.boxes] == [alice.uid, bo.uid]
    assert codes(room.say(bo, PostBoxes(conv_id, 7, [Box(alice.uid, 1, b"x")]))) == ["not_allowed"]


def test_a_key_request_goes_to_the_other_members() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    statement, signature = make_statement(
        bo, "keyreq", conv_id, room.snapshot(conv_id).epoch_id, (0, 1)
    )
    room.clear()
    room.say(bo, RequestKey(conv_id, 0, statement, signature))
    assert room.got(alice, KeyRequested) == [KeyRequested(conv_id, 0, bo.uid, statement, signature)]
    assert codes(room.say(bo, RequestKey(conv_id, 0, statement, bytes(64)))) == ["bad_signature"]


def test_cursors_reach_the_senders_after_the_commit() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.say(alice, room.message(alice, conv_id))
    room.clear()
    room.say(bo, AdvanceCursor(conv_id, 99))  # more than there is
    assert room.got(alice, CursorsAdvanced) == [CursorsAdvanced(conv_id, [Cursor(bo.uid, 2)])]
    (all_of_them,) = room.say(alice, FetchCursors(conv_id))
    assert isinstance(all_of_them, CursorsAdvanced)
    assert {(c.uid, c.sequence) for c in all_of_them.cursors} == {(alice.uid, 0), (bo.uid, 2)}
    again = Room(storage=room.storage)
    again.sign_in(alice)
    assert again.core.conversations.all[conv_id].cursors == {bo.uid: 2}


def test_typing_is_passed_on_at_a_low_rate() -> None:
    room = Room(rates=Rates())
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.clear()
    room.say(alice, StartTyping(conv_id), StartTyping(conv_id))
    assert room.got(bo, TypingShown) == [TypingShown(conv_id, alice.uid)]


def test_over_the_rate_later_messages_do_not_overtake() -> None:
    room = Room(rates=Rates(message_rate=10, message_burst=2))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    sent = [room.message(alice, conv_id) for _ in range(4)]
    assert codes(room.say(alice, *sent)) == ["slow_down", "slow_down"]
    room.now_ms += 1000
    assert codes(room.say(alice, sent[3])) == ["slow_down"]  # it must wait for the one before it
    assert not codes(room.say(alice, sent[2], sent[3]))
    (page,) = room.say(bo, ReadLog(conv_id, 1, 0))
    assert isinstance(page, Entries) and [e.message_id for e in page.entries] == [
        m.message_id for m in sent
    ]


def test_over_the_credit_a_sender_is_slowed_down() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    sent = [room.message(alice, conv_id) for _ in range(65)]
    assert codes(room.say(alice, *sent)) == ["slow_down"]
    room.commit()
    assert not codes(room.say(alice, sent[64]))


def test_a_full_disk_answers_busy_and_loses_nothing() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    taken = room.message(alice, conv_id)
    room.say(alice, taken)
    room.stall()
    later = room.message(alice, conv_id)
    assert codes(room.say(alice, later, room.change(alice, conv_id))) == ["busy", "busy"]
    room.commit()
    assert room.got(alice, MessageAccepted) == [MessageAccepted(taken.message_id, conv_id, 2)]
    room.is_holding = False
    assert not codes(room.say(alice, later))


def test_a_lagging_session_gets_nothing_pushed_until_it_speaks() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.tell(PeerLagging(room.sessions[bo.uid], room.now_ms))
    room.clear()
    room.say(alice, room.message(alice, conv_id))
    assert room.got(bo, Entries) == []
    answers = room.say(bo, Ping(1))
    assert isinstance(answers[0], Heads) and (conv_id, 2) in [
        (head.log_id, head.head) for head in answers[0].heads
    ]
    room.tell(PeerLagging(room.sessions[bo.uid], room.now_ms))
    room.tick(60_001)
    assert room.sessions[bo.uid] in room.ended


def test_answers_of_a_replaced_session_go_to_the_new_one() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    message = room.message(alice, conv_id)
    room.say(alice, message)
    room.sign_in(alice)
    assert room.say(alice, message) == []
    room.commit()
    assert room.got(alice, MessageAccepted) == [MessageAccepted(message.message_id, conv_id, 2)]
