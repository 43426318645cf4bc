"""Orders that cannot be carried out are answered with a code and a sentence, and change nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from client.api.events import (
    AcceptKey,
    AddMembers,
    Command,
    CreateGroup,
    DeleteMessage,
    Done,
    EditMessage,
    FindSimilar,
    GetSafetyNumber,
    JoinGroup,
    LeaveGroup,
    LoadRows,
    LocateMessage,
    MarkRead,
    OpenDirect,
    ReactToMessage,
    RemoveMembers,
    RenameGroup,
    RowsLoaded,
    SaveUnsentText,
    Search,
    SendText,
    SetClassRole,
    SetTyping,
)
from client.api.values import Found, Trust
from client.core.state.effects import FindQuestions, FindText, Received, TextFound
from shared.errors import REFUSAL_SENTENCES
from shared.messages import Refused, Role
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.forging import sent_by
from tests.support.saying import in_english, why


def team(is_private: bool = True) -> tuple[ClassRoom, Participant, Participant, Participant, bytes]:
    """alice made a group with bob; carmen is outside."""
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    done = alice.order(
        CreateGroup(request_id=1, name="team", members=(bob.uid,), is_private=is_private)
    )
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, alice, bob, carmen, done.data


def code(done: Done | None) -> str:
    assert done is not None and not done.ok and why(done)
    return done.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Dance(Command):
    """Nobody knows how."""


def test_what_nobody_can_do_yet() -> None:
    room = ClassRoom(["alice"])
    alice = room.people["alice"]
    assert code(alice.order(Dance(request_id=1))) == "not_yet"
    assert alice.order(Dance()) is None


# --- texts ---


@pytest.mark.parametrize(
    ("text", "expected"), [("", "empty"), (" \n\t", "empty"), ("half \ud800", "malformed")]
)
def test_texts_that_cannot_be_sent(text: str, expected: str) -> None:
    room, alice, bob, _, conv = team()
    sent = alice.say(conv, "hello")
    room.settle()
    assert code(alice.order(SendText(request_id=2, conv_id=conv, text=text))) == expected
    assert code(alice.order(EditMessage(request_id=3, message_id=sent, text=text))) == expected
    assert not alice.order(SendText(conv_id=conv, text=text))
    room.settle()
    assert bob.texts(conv) == ["hello"]


def test_messages_that_are_not_there_or_not_mine() -> None:
    room, alice, bob, _, conv = team()
    sent = alice.say(conv, "hello")
    room.settle()
    assert code(bob.order(EditMessage(request_id=1, message_id=sent, text="x"))) == "not_allowed"
    assert code(bob.order(DeleteMessage(request_id=2, message_id=b"?" * 16))) == "unknown_message"
    assert (
        code(bob.order(ReactToMessage(request_id=3, message_id=b"?" * 16, emoji="👍")))
        == "unknown_message"
    )
    assert (
        code(bob.order(SendText(request_id=4, conv_id=conv, text="x", reply_to=b"short")))
        == "unknown_message"
    )
    for emoji, expected in (("", "too_large"), ("x" * 65, "too_large"), ("\ud800", "malformed")):
        assert (
            code(bob.order(ReactToMessage(request_id=5, message_id=sent, emoji=emoji))) == expected
        )


def test_where_one_may_not_write_one_may_not_react() -> None:
    room = ClassRoom(["alice"])
    teacher = room.enter("teacher", INSTRUCTOR_CODE)
    room.settle()
    alice = room.people["alice"]
    sent = teacher.say(room.announcements, "exam")
    room.settle()
    assert (
        code(alice.order(ReactToMessage(request_id=1, message_id=sent, emoji="👍")))
        == "not_allowed"
    )
    assert (
        code(alice.order(SendText(request_id=2, conv_id=room.announcements, text="x")))
        == "not_allowed"
    )


# --- groups ---


@pytest.mark.parametrize("name", ["", "   ", "x" * 200, "a\0b", "half \ud800", "é" * 70])
def test_names_that_no_group_can_have(name: str) -> None:
    room, alice, _, _, conv = team()
    for number, is_private in ((1, True), (2, False)):
        order = CreateGroup(request_id=number, name=name, members=(), is_private=is_private)
        assert code(alice.order(order)) == "name_invalid"
    assert code(alice.order(RenameGroup(request_id=3, conv_id=conv, name=name))) == "name_invalid"


def test_open_groups_take_normal_names_only() -> None:
    room, alice, bob, _, conv = team(is_private=False)
    alice.order(RenameGroup(request_id=2, conv_id=conv, name="Essay-Club"))
    room.settle()
    assert bob.shown[conv].name in ("essay-club", "Essay-Club") and alice.answer(2).ok


def test_people_who_are_unknown_or_whose_key_changed_are_not_added() -> None:
    room, alice, bob, carmen, conv = team()
    unknown = b"u" * 16
    assert (
        code(alice.order(CreateGroup(request_id=1, name="x", members=(unknown,)))) == "unknown_user"
    )
    assert (
        code(alice.order(AddMembers(request_id=2, conv_id=conv, uids=(unknown,)))) == "unknown_user"
    )
    assert code(alice.order(OpenDirect(request_id=3, uid=unknown))) == "unknown_user"
    assert code(alice.order(OpenDirect(request_id=3, uid=alice.uid))) == "unknown_user"
    alice.core._work.people.saved[carmen.uid].trust = Trust.CHANGED
    assert (
        code(alice.order(AddMembers(request_id=4, conv_id=conv, uids=(carmen.uid,))))
        == "key_changed"
    )
    assert code(alice.order(AcceptKey(request_id=5, uid=bob.uid))) == "unknown_user"
    assert code(alice.order(AcceptKey(request_id=6, uid=unknown))) == "unknown_user"


def test_who_may_not_change_members() -> None:
    room, alice, bob, carmen, conv = team()
    assert (
        code(carmen.order(AddMembers(request_id=1, conv_id=conv, uids=(bob.uid,))))
        == "unknown_conversation"
    )
    assert (
        code(bob.order(RemoveMembers(request_id=2, conv_id=conv, uids=(alice.uid,))))
        == "not_allowed"
    )
    assert (
        code(alice.order(RemoveMembers(request_id=3, conv_id=conv, uids=(alice.uid,))))
        == "not_allowed"
    )
    assert (
        code(alice.order(RemoveMembers(request_id=4, conv_id=conv, uids=(carmen.uid,))))
        == "not_a_member"
    )
    alice.order(RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    room.settle()
    assert (
        code(bob.order(AddMembers(request_id=5, conv_id=conv, uids=(carmen.uid,)))) == "not_allowed"
    )
    assert code(bob.order(LeaveGroup(request_id=6, conv_id=conv))) == "not_a_member"
    alice.order(OpenDirect(uid=bob.uid))
    direct = room.direct("alice", "bob")
    assert code(alice.order(LeaveGroup(request_id=7, conv_id=direct))) == "not_allowed"
    assert (
        code(alice.order(RenameGroup(request_id=8, conv_id=room.general, name="x")))
        == "not_allowed"
    )


def test_a_group_that_is_not_created_yet_can_be_changed_already() -> None:
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    alice.reachable = False
    alice.cut()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    alice.order(AddMembers(request_id=2, conv_id=conv, uids=(carmen.uid,)))
    alice.order(RemoveMembers(request_id=3, conv_id=conv, uids=(bob.uid,)))
    alice.order(RenameGroup(request_id=4, conv_id=conv, name="duo"))
    alice.reachable = True
    room.settle(40_000)
    assert all(alice.answer(number).ok for number in (2, 3, 4))
    assert carmen.shown[conv].name == "duo" and not bob.shown[conv].is_member


# --- statements and roles ---


def test_statements_and_roles_need_a_connection_and_a_lost_one_answers_them() -> None:
    room = ClassRoom(["alice"])
    teacher = room.enter("teacher", INSTRUCTOR_CODE)
    room.settle()
    alice = room.people["alice"]
    promote = SetClassRole(request_id=1, uid=alice.uid, role=int(Role.ASSISTANT))
    assert code(alice.order(promote)) == "not_allowed"
    assert code(teacher.order(SetClassRole(request_id=2, uid=b"u" * 16, role=1))) == "unknown_user"
    assert teacher.order(promote) is None
    teacher.order(SetClassRole(uid=alice.uid, role=int(Role.ASSISTANT)))
    teacher.reachable = False
    teacher.cut()
    assert code(teacher.answer(1)) == "offline"
    assert code(teacher.order(SetClassRole(request_id=3, uid=alice.uid, role=1))) == "offline"
    teacher.reachable = True
    room.settle(40_000)
    teacher.order(SetClassRole(request_id=4, uid=alice.uid, role=int(Role.ASSISTANT)))
    room.settle()
    assert teacher.answer(4).ok and alice.shown[room.announcements].can_write
    teacher.order(SetClassRole(uid=alice.uid, role=int(Role.STUDENT)))
    room.settle()
    assert not alice.shown[room.announcements].can_write
    teacher.order(SetClassRole(request_id=5, uid=teacher.uid, role=int(Role.STUDENT)))
    room.settle()
    assert code(teacher.answer(5)) == "not_allowed"  # the class keeps an instructor


@pytest.mark.parametrize("request_id", [0, 7])
def test_a_wish_to_join_that_is_refused_is_taken_back(request_id: int) -> None:
    room, alice, _, carmen, conv = team(is_private=False)
    carmen.order(JoinGroup(request_id=request_id, conv_id=conv))
    assert in_english(carmen.shown[conv].status) == "Waiting to be let in by a member"
    (message_id,) = carmen.core._commands._asked
    carmen.to_broker.clear()
    assert not sent_by(
        carmen, Received(room.moment, Refused("not_allowed", "Why.", message_id, [], 0))
    )
    assert carmen.shown[conv].status is None
    if request_id:
        done = carmen.answer(request_id)
        assert (code(done), why(done)) == ("not_allowed", REFUSAL_SENTENCES["not_allowed"])


def test_a_leave_that_is_refused_leaves_one_a_member() -> None:
    room, alice, bob, _, conv = team()
    bob.order(LeaveGroup(request_id=2, conv_id=conv))
    (message_id,) = bob.core._commands._asked
    bob.to_broker.clear()
    bob.hand(Received(room.moment, Refused("busy", "Why.", message_id, [], 0)))
    assert code(bob.answer(2)) == "busy" and bob.shown[conv].is_member


# --- the rest ---


def test_unsent_texts_are_kept_and_half_characters_do_no_harm() -> None:
    room, alice, _, _, conv = team()
    alice.order(SaveUnsentText(conv_id=conv, text="half a sen \ud800"))
    assert alice.shown[conv].unsent_text == "half a sen ?"
    before = len(alice.notices)
    alice.order(SaveUnsentText(conv_id=conv, text="half a sen ?"))
    assert len(alice.notices) == before
    assert (
        code(alice.order(SaveUnsentText(request_id=2, conv_id=b"?" * 16, text="x")))
        == "unknown_conversation"
    )


def test_safety_numbers_are_the_same_for_both_and_for_others_only() -> None:
    room, alice, bob, carmen, _ = team()
    mine = alice.order(GetSafetyNumber(request_id=1, uid=bob.uid))
    theirs = bob.order(GetSafetyNumber(request_id=1, uid=alice.uid))
    other = carmen.order(GetSafetyNumber(request_id=1, uid=alice.uid))
    assert mine is not None and theirs is not None and other is not None
    assert mine.data == theirs.data != other.data and len(str(mine.data)) == 60
    assert code(alice.order(GetSafetyNumber(request_id=2, uid=alice.uid))) == "unknown_user"
    assert code(alice.order(GetSafetyNumber(request_id=3, uid=b"u" * 16))) == "unknown_user"


def test_rows_outside_are_left_out() -> None:
    room, alice, _, _, conv = team()
    for first, count, expected in ((-5, 10, 1), (5, 10, 0), (0, -1, 0)):
        alice.order(LoadRows(request_id=9, conv_id=conv, first=first, count=count))
        loaded = alice.seen(RowsLoaded)[-1]
        assert isinstance(loaded, RowsLoaded) and len(loaded.rows) == expected


def test_small_orders_need_a_conversation_that_is_known() -> None:
    room, alice, _, _, conv = team()
    unknown = b"?" * 16
    for order in (
        MarkRead(request_id=1, conv_id=unknown),
        SetTyping(request_id=1, conv_id=unknown),
        JoinGroup(request_id=1, conv_id=unknown),
        LeaveGroup(request_id=1, conv_id=unknown),
    ):
        assert code(alice.order(order)) == "unknown_conversation"
    assert alice.order(MarkRead(request_id=2, conv_id=conv)) == Done(2, True)


def test_a_search_is_ordered_and_its_answer_is_shown() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    bob.say(room.general, "a poll loop")
    room.settle()

    def ordered(query: str, **fields: object) -> list[FindText]:
        before = len(alice.searches)
        assert alice.order(Search(request_id=9, query=query, **fields)) is None  # type: ignore[arg-type]
        return alice.searches[before:]

    assert ordered("poll from:BOB has:file", conv_id=room.general) == [
        FindText(9, '"poll"', room.general, bob.uid, True, 200)
    ]
    (order,) = ordered("poll")
    assert (order.match, order.conv_id, order.sender, order.has_file) == (
        '"poll"*',
        b"",
        b"",
        False,
    )
    row = alice.rows(room.general)[-1]
    alice.hand(TextFound(room.moment, 9, [row], False))
    found = alice.answer(9).data
    assert isinstance(found, Found) and not found.is_complete
    assert [(conv_id, one.text) for conv_id, one in found.hits] == [(room.general, "a poll loop")]
    for nothing in ("", "from:nobody poll"):
        assert alice.order(Search(request_id=10, query=nothing)) == Done(
            10, True, data=Found((), True)
        )
    assert code(alice.order(Search(request_id=11, query="x", limit=0))) == "malformed"
    assert (
        code(alice.order(Search(request_id=11, query="x", conv_id=b"?" * 16)))
        == "unknown_conversation"
    )


def test_similar_questions_are_looked_for() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    bob.say(room.general, "Is it due on Friday?")
    room.settle()
    assert alice.order(FindSimilar(request_id=9, text="due on Fri", conv_id=room.general)) is None
    assert alice.order(FindSimilar(request_id=10, text="due", limit=1)) is None
    assert alice.searches == [
        FindQuestions(9, "due on Fri", room.general, 3),
        FindQuestions(10, "due", b"", 1),
    ]
    alice.hand(TextFound(room.moment, 9, [alice.rows(room.general)[-1]], True))
    found = alice.answer(9).data
    assert isinstance(found, Found) and [row.text for _, row in found.hits] == [
        "Is it due on Friday?"
    ]
    for limit in (0, 21):
        assert code(alice.order(FindSimilar(request_id=11, text="x", limit=limit))) == "malformed"
    assert (
        code(alice.order(FindSimilar(request_id=11, text="x", conv_id=b"?" * 16)))
        == "unknown_conversation"
    )


def test_a_stored_message_is_located() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    bob.say(room.general, "first")
    bob.say(room.general, "second")
    room.settle()
    row = alice.rows(room.general)[-1]
    done = alice.order(LocateMessage(request_id=1, message_id=row.message_id))
    assert done == Done(1, True, data=(room.general, row.position))
    assert code(alice.order(LocateMessage(request_id=2, message_id=b"?" * 16))) == "unknown_message"
