"""What is told to whom and when: presence, frames and pages, spans of reading, cursors, and failing
reads.
"""

from __future__ import annotations

import pytest

from broker.core.delivery import RECENT_IDS
from broker.core.events import (
    BoxesRead,
    PageRead,
    PeerGone,
    PeerLagging,
    ReadBoxes,
    ReadFailed,
    ReadPage,
)
from shared.crypto.records import FROM_JOIN, OPEN, Policy
from shared.messages import (
    DIRECTORY_LOG,
    MAX_CIPHER_BYTES,
    MAX_PAGE_ENTRIES,
    AdvanceCursor,
    Box,
    Boxes,
    Cursor,
    CursorsAdvanced,
    Entries,
    EntryKind,
    FetchBoxes,
    Heads,
    Hint,
    LogId,
    MessageAccepted,
    Ping,
    PostBoxes,
    PresenceChanged,
    ReadLog,
    Refused,
    SetRole,
    SignedIn,
    SignOut,
)
from shared.messages import Role as ClassRole
from tests.support.people import (
    INSTRUCTOR_CODE,
    Room,
    bits,
    class_channel_record,
    make_person,
    new_id,
)


def codes(answers: list[object]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def sequences(pushed: list[Entries]) -> list[int]:
    return [entry.sequence for entries in pushed for entry in entries.entries]


# --- presence ---


def test_who_signs_in_before_a_tick_misses_no_later_change() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    room.tick()
    room.say(bo, SignOut())  # not told yet when carmen signs in
    carmen = make_person("carmen")
    room.register(carmen)
    (signed_in,) = (m for m in room.sign_in(carmen) if isinstance(m, SignedIn))
    assert signed_in.online == bits(1, 2, 3)  # bo as told so far
    room.tick()
    (changed,) = room.got(carmen, PresenceChanged)
    assert changed.online == bits(1, 3)


@pytest.mark.slow
def test_the_more_are_online_the_longer_presence_is_gathered() -> None:
    room = Room()
    people = room.enroll(*(f"p{number}" for number in range(400)))
    room.tick()
    room.clear()
    room.say(people[399], SignOut())
    room.tick(150)  # 399 pushes are worth 199 ms
    assert room.got(people[0], PresenceChanged) == []
    room.tick(50)
    assert [told.online for told in room.got(people[0], PresenceChanged)] == [bits(*range(1, 400))]
    room.say(people[398], SignOut())
    room.tick(-3_600_000)  # a clock that was set back must not keep the news for an hour
    assert len(room.got(people[0], PresenceChanged)) == 2


def test_who_came_and_went_between_two_ticks_is_not_named() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    room.tick()
    room.clear()
    room.say(bo, SignOut())
    room.sign_in(bo)
    room.tick()
    assert room.got(alice, PresenceChanged) == []


def test_a_session_that_lagged_gets_the_presence_it_missed() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    room.tick()
    room.tell(PeerLagging(room.sessions[alice.uid], room.now_ms))
    room.say(bo, SignOut())
    room.clear()
    room.tick(10)
    assert room.got(alice, PresenceChanged) == []
    answers = room.say(alice, Ping(1))
    (changed,) = (m for m in answers if isinstance(m, PresenceChanged))
    assert changed.online == bits(1)


def test_a_lagging_session_that_says_nothing_is_tried_again() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    room.tick()
    room.clear()
    room.tell(PeerLagging(room.sessions[alice.uid], room.now_ms))
    room.tick(4_000)
    assert room.got(alice, PresenceChanged) == []
    room.tick(1_000)
    assert [told.online for told in room.got(alice, PresenceChanged)] == [bits(1, 2)]
    assert room.core.gauges().lagging == 0
    for _ in range(13):  # now it is sent to in vain, again and again
        room.tell(PeerLagging(room.sessions[alice.uid], room.now_ms))
        room.tick(5_000)
    assert room.ended == [room.sessions[alice.uid]] and room.core.gauges().lagging == 0


# --- frames and pages ---


def test_a_large_commit_is_split_into_pages_and_frames_in_order() -> None:
    room = Room()
    people = room.enroll("alice", "bo", "carmen", "dan")
    conv_id = room.create_group(people[0], *people[1:])
    room.clear()
    room.is_holding = True
    for sender in people:
        for _ in range(60):
            assert room.say(sender, room.message(sender, conv_id)) == []
    room.commit()
    for person in people:
        pages = room.got(person, Entries)
        assert sequences(pages) == list(range(2, 242))
        assert max(len(page.entries) for page in pages) <= MAX_PAGE_ENTRIES and {
            page.head for page in pages
        } == {241}


def test_large_messages_are_split_by_size() -> None:
    room = Room()
    people = room.enroll(*(f"p{number}x" for number in range(6)))
    conv_id = room.create_group(people[0], *people[1:])
    room.is_holding = True
    for sender in people:
        for _ in range(3):
            assert room.say(sender, room.message(sender, conv_id, bytes(MAX_CIPHER_BYTES))) == []
    room.clear()
    room.frames_sent = 0
    room.commit()
    assert room.frames_sent > len(people)  # each got several frames
    for person in people:
        assert sequences(room.got(person, Entries)) == list(range(2, 20))


def test_a_sender_who_left_meanwhile_is_not_told() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    message = room.message(alice, conv_id)
    room.say(alice, message)
    room.tell(PeerGone(room.sessions[alice.uid]))
    room.clear()
    room.commit()
    assert room.got(alice, MessageAccepted) == [] and sequences(room.got(bo, Entries)) == [2]
    room.is_holding = False
    room.sign_in(alice)
    assert room.say(alice, message) == [MessageAccepted(message.message_id, conv_id, 2)]


def test_only_the_last_ids_of_a_sender_are_kept() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    first = room.message(alice, conv_id)
    room.say(alice, first)
    for _ in range(RECENT_IDS):
        room.say(alice, room.message(alice, conv_id))
    room.say(alice, room.change(alice, conv_id))
    heads = room.storage.heads()
    for place in (room, Room(storage=room.storage)):
        place.sign_in(alice)
        assert codes(place.say(alice, first)) == ["stale_epoch"] and room.storage.heads() == heads


def test_every_request_that_appends_is_repeated_without_a_second_entry() -> None:
    room = Room()
    (teacher,) = room.enroll("teacher", code=INSTRUCTOR_CODE)
    (alice,) = room.enroll("alice")
    open_id = room.create_group(teacher, policy=Policy(visibility=OPEN, title=b"club"))
    record = room.change(teacher, open_id)
    join = room.statement(alice, open_id, EntryKind.JOIN)
    role = SetRole(new_id(), alice.uid, ClassRole.ASSISTANT)
    for person, request in ((teacher, record), (alice, join), (teacher, role)):
        first = [m for m in room.say(person, request) if isinstance(m, MessageAccepted)]
        heads = room.storage.heads()
        assert room.say(person, request) == first and len(first) == 1
        assert room.storage.heads() == heads


# --- who reads what ---


def test_who_is_being_added_reads_nothing_before_the_commit() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    room.say(alice, room.change(alice, conv_id, add=[carmen]))
    assert codes(room.say(carmen, ReadLog(conv_id, 0, 0))) == ["not_a_member"]
    (signed_in,) = (m for m in room.sign_in(carmen) if isinstance(m, SignedIn))
    assert [head.log_id for head in signed_in.heads] == [DIRECTORY_LOG]
    room.clear()
    room.commit()
    assert [(h.log_id, h.head) for heads in room.got(carmen, Heads) for h in heads.heads] == [
        (conv_id, 2)
    ]


def test_a_newcomer_without_history_gets_no_push_of_what_came_before() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo, policy=Policy(history=FROM_JOIN, title=b"t"))
    room.is_holding = True
    room.say(alice, room.message(alice, conv_id))  # 2
    room.say(alice, room.change(alice, conv_id, add=[carmen]))  # 3
    room.clear()
    room.commit()
    assert sequences(room.got(bo, Entries)) == [2, 3]
    assert room.got(carmen, Entries) == [] and len(room.got(carmen, Heads)) == 1
    (page,) = room.say(carmen, ReadLog(conv_id, 0, 0))
    assert isinstance(page, Entries)
    assert [entry.kind for entry in page.entries] == [
        EntryKind.RECORD,
        EntryKind.WITHHELD,
        EntryKind.RECORD,
    ]


def test_added_and_removed_within_one_commit() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    room.say(alice, room.change(alice, conv_id, add=[carmen]))  # 2
    room.say(alice, room.change(alice, conv_id, remove=[carmen.uid]))  # 3
    room.say(alice, room.message(alice, conv_id))  # 4
    room.clear()
    room.commit()
    assert [(h.log_id, h.head) for heads in room.got(carmen, Heads) for h in heads.heads] == [
        (conv_id, 3)
    ]
    assert sequences(room.got(carmen, Entries)) == [2, 3]
    assert sequences(room.got(bo, Entries)) == [2, 3, 4]


def test_around_a_change_of_members_a_lagging_or_former_member_gets_no_push() -> None:
    room = Room()
    alice, bo, carmen, dan = room.enroll("alice", "bo", "carmen", "dan")
    conv_id = room.create_group(alice, bo, carmen)
    room.say(alice, room.change(alice, conv_id, remove=[carmen.uid]))
    room.tell(PeerLagging(room.sessions[bo.uid], room.now_ms))
    room.clear()
    room.say(alice, room.change(alice, conv_id, add=[dan]))
    assert room.got(bo, Entries) == [] and room.got(carmen, Entries) == []
    assert sequences(room.got(dan, Entries)) == [3]


def test_a_commit_before_an_addition_under_way_goes_to_the_old_members() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    room.say(alice, room.message(alice, conv_id))  # 2
    (first,) = room.held
    room.held.clear()
    room.say(alice, room.change(alice, conv_id, add=[carmen]))  # 3
    later, room.held = room.held, [first]
    room.clear()
    room.commit()
    assert sequences(room.got(bo, Entries)) == [2] and room.got(carmen, Heads) == []
    room.held = later
    room.commit()
    assert sequences(room.got(bo, Entries)) == [2, 3] and len(room.got(carmen, Heads)) == 1


# --- cursors ---


def test_cursors_never_go_back_and_a_repeat_is_told_once() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.say(alice, room.message(alice, conv_id))
    room.is_holding = True
    room.clear()
    room.say(bo, AdvanceCursor(conv_id, 2), AdvanceCursor(conv_id, 1), AdvanceCursor(conv_id, 2))
    room.commit()
    assert room.got(alice, CursorsAdvanced) == [CursorsAdvanced(conv_id, [Cursor(bo.uid, 2)])]
    assert room.say(bo, AdvanceCursor(conv_id, 1)) == [] and room.held == []


def test_after_a_restart_all_members_are_told_of_what_was_sent_before() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo, carmen)
    room.say(alice, room.message(alice, conv_id))
    again = Room(storage=room.storage)
    for person in (alice, bo, carmen):
        again.sign_in(person)
    again.clear()
    again.say(bo, AdvanceCursor(conv_id, 2))
    told = CursorsAdvanced(conv_id, [Cursor(bo.uid, 2)])
    assert [again.got(person, CursorsAdvanced) for person in (alice, bo, carmen)] == [
        [told],
        [],
        [told],
    ]


def test_cursors_of_a_large_conversation_are_told_with_the_tick() -> None:
    room = Room()
    people = room.enroll(*(f"p{number}x" for number in range(34)))
    conv_id = room.create_group(people[0], *people[1:])
    room.say(people[0], room.message(people[0], conv_id))
    room.clear()
    for reader in people[1:4]:
        room.say(reader, AdvanceCursor(conv_id, 2))
    assert room.got(people[0], CursorsAdvanced) == []
    room.tick(100)
    (told,) = room.got(people[0], CursorsAdvanced)
    assert told == CursorsAdvanced(conv_id, [Cursor(reader.uid, 2) for reader in people[1:4]])


# --- reading ---


def test_a_read_that_failed_is_answered_and_may_be_asked_again() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    room.clear()
    room.tell(ReadFailed(room.sessions[alice.uid], DIRECTORY_LOG))
    (refused,) = room.got(alice, Refused)
    assert (refused.code, refused.about, refused.retry_after_ms) == (
        "internal",
        DIRECTORY_LOG,
        1000,
    )
    assert room.tell(ReadFailed(b"nobody", DIRECTORY_LOG)) == []


def test_a_reader_who_has_everything_gets_an_empty_page() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    assert room.say(bo, ReadLog(conv_id, 1, 0)) == [Entries(conv_id, [], 1)]
    assert room.say(bo, ReadLog(conv_id, 99, 0)) == [Entries(conv_id, [], 1)]


def test_changes_that_wait_for_their_commit_are_counted() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    room.say(alice, room.message(alice, conv_id), room.message(alice, conv_id))
    assert room.core.delivery.waiting_count == 2
    room.commit()
    assert room.core.delivery.waiting_count == 0


def test_what_was_read_for_a_session_that_ended_goes_nowhere() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    assert room.tell(PageRead(b"nobody", LogId(conv_id), 1, [])) == []
    assert room.tell(BoxesRead(b"nobody", conv_id, 0, [])) == []


def test_boxes_are_for_members_past_or_present_only() -> None:
    room = Room()
    alice, bo, eve = room.enroll("alice", "bo", "eve")
    conv_id = room.create_group(alice, bo)
    assert codes(room.say(eve, FetchBoxes(conv_id, 0))) == ["not_a_member"]
    assert codes(room.say(alice, PostBoxes(conv_id, 0, [Box(eve.uid, 1, b"x")]))) == [
        "not_a_member"
    ]
    assert room.say(alice, PostBoxes(conv_id, 0, [])) == [] and room.held == []
    room.say(alice, room.change(alice, conv_id, remove=[bo.uid]))
    (boxes,) = room.say(bo, FetchBoxes(conv_id, 0))
    assert isinstance(boxes, Boxes) and len(boxes.boxes) == 1


# --- hints ---


def test_everybody_is_asked_in_turn_and_then_again_from_the_start() -> None:
    room = Room()
    (teacher,) = room.enroll("teacher", code=INSTRUCTOR_CODE)
    (alice,) = room.enroll("alice")
    record = class_channel_record(teacher, "general", [alice])
    room.say(teacher, record)
    room.clear()
    room.enroll("bo")
    order = []
    for _ in range(12):
        for name, person in (("teacher", teacher), ("alice", alice)):
            order += [name for _ in room.got(person, Hint)]
        room.clear()
        room.tick(60_000)
    assert order[:2] == ["teacher", "alice"] and order[2:4] == ["teacher", "alice"]


def test_nobody_is_asked_for_what_is_being_done() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo, carmen)
    room.say(bo, room.statement(bo, conv_id, EntryKind.LEAVE))
    room.is_holding = True
    room.say(carmen, room.change(carmen, conv_id))  # the keys change, not yet on the disk
    room.clear()
    room.tick(10_000)
    assert room.got(alice, Hint) == [] and room.got(carmen, Hint) == []


def test_a_lagging_member_is_not_asked_and_who_comes_is_asked_soon() -> None:
    room = Room()
    alice, bo, carmen = room.enroll("alice", "bo", "carmen")
    conv_id = room.create_group(alice, bo, carmen)
    lagging = [PeerLagging(room.sessions[person.uid], room.now_ms) for person in (alice, carmen)]
    for event in lagging:
        room.tell(event)
    room.say(bo, room.statement(bo, conv_id, EntryKind.LEAVE))
    for _ in range(3):
        room.tick(9_000)
        for event in lagging:  # tried again in vain
            room.tell(event)
    room.sign_in(carmen)
    room.clear()
    room.tick(2_000)
    assert room.got(carmen, Hint) == [Hint(conv_id, "rotate")] and room.got(alice, Hint) == []


def test_what_could_not_be_read_is_named() -> None:
    """By the log of a page, by the conversation of keys."""
    assert ReadPage(b"s", DIRECTORY_LOG, 0, 9, 9).about == DIRECTORY_LOG
    assert ReadBoxes(b"s", b"c" * 16, 1, b"u" * 16).about == b"c" * 16
