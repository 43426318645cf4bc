"""A server that shows different histories to different people, or goes back in time: what is
noticed, said, kept.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from broker.storage.memory import MemoryStorage
from client.api.english import failure_words, words
from client.api.events import AddMembers, Done, OpenDirect, RemoveMembers, SendText, SetClassRole
from client.api.values import MessageState
from client.core.server_faults import DIFFERS, REPLACED, ROLLED_BACK
from client.core.state.effects import Save
from shared.crypto.content import Text
from shared.messages import DIRECTORY_LOG, EntryKind, Role
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.forging import altered, conversation_of, forge, forge_record, push
from tests.support.hostile import (
    backup,
    entries_of,
    group,
    hold_back,
    reasons,
    restore,
    set_aside,
    show,
)
from tests.support.pair import pending, states
from tests.support.window.onlooker import Onlooker

ANOTHER = "{} has seen another history of this conversation than you. Compare what you read."
LOST = (
    "The server has lost the end of this conversation. Nothing is sent here; what you have stays."
)
REPLACED_WORDS = (
    "The server shows another history of this conversation than before. Nothing is sent here."
)
DIRECTORY = "The server has lost people or roles that this computer knows. Ask your instructor."
SET_ASIDE = "The sender has seen another history of this conversation than you."
CHANGE = "A change of members or keys could not be verified and was set aside."
OTHER_KEYS = "This message was sealed under other keys than those of this conversation."


def fault_of(person: Participant, conv: bytes) -> str:
    return conversation_of(person, conv).doubts.fault


# --- two histories ---


def test_two_orders_for_two_people_come_out_with_the_next_message(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob, carmen, dan), conv = group("alice", "bob", "carmen", "dan")
    windows = {person.name: Onlooker(qtbot, tmp_path, person) for person in (bob, dan)}
    for person in (bob, dan):
        hold_back(person, conv)
    alice.say(conv, "we meet at 5")
    carmen.say(conv, "good, then not at 6")
    room.flow()
    first, second = entries_of(room, conv)[1:]
    show(room, bob, conv, first, second)
    show(room, dan, conv, second, first)
    assert (
        bob.texts(conv) == dan.texts(conv)[::-1] and not bob.quarantined() and not dan.quarantined()
    )
    bob.say(conv, "see you")
    room.settle()
    show(room, dan, conv, entries_of(room, conv)[-1])
    assert reasons(dan) == ["history_differs"] and set_aside(dan, conv) == [SET_ASIDE]
    show(room, bob, conv, entries_of(room, conv)[-1])
    dan.say(conv, "see you, too")
    room.settle()
    show(room, bob, conv, entries_of(room, conv)[-1])
    for name, other in (("bob", "dan"), ("dan", "bob")):
        windows[name].look(conv)
        assert windows[name].strip == ANOTHER.format(other) and windows[name].can_write
        assert ANOTHER.format(other) in windows[name].header and windows[name].rows[-1] in (
            SET_ASIDE,
            "see you, too",
        )


def test_who_only_says_to_have_seen_another_history_does_not_stop_the_others() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("lie"), seen=(1, b"?" * 32)))
    assert fault_of(bob, conv) == DIFFERS and bob.shown[conv].can_write
    found = conversation_of(bob, conv)
    push(room, bob, conv, forge(bob, alice, conv, Text("older"), seen=(0, bytes(32))))
    assert fault_of(bob, conv) == DIFFERS  # that much both had seen in any case
    push(
        room,
        bob,
        conv,
        forge(bob, alice, conv, Text("truth"), seen=(2, found.reach.transcripts[2])),
    )
    assert fault_of(bob, conv) == "" and bob.texts(conv) == ["older", "truth"]


def test_two_records_of_one_epoch_split_the_group_visibly(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    window = Onlooker(qtbot, tmp_path, carmen)
    for person in (bob, carmen):
        hold_back(person, conv)
    show(room, bob, conv, forge_record(bob, alice, conv, seed=b"b" * 32))
    show(room, carmen, conv, forge_record(carmen, alice, conv, seed=b"c" * 32))
    under_other_keys = forge(bob, alice, conv, Text("for bob only"), seed=b"b" * 32)
    show(room, carmen, conv, under_other_keys)
    assert reasons(carmen) == ["fork"] and carmen.texts(conv) == []
    show(
        room, carmen, conv, forge_record(bob, alice, conv, seed=b"b" * 32)
    )  # it continues bob's record, not hers
    window.look(conv)
    assert reasons(carmen)[1:] == ["prev"] and window.rows[1:] == [OTHER_KEYS, CHANGE]


def test_a_removal_that_is_kept_from_one_member_comes_out_with_the_next_message(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob, mallory), conv = group("alice", "bob", "mallory")
    windows = {person.name: Onlooker(qtbot, tmp_path, person) for person in (alice, bob)}
    for person in (alice, bob):
        hold_back(person, conv)
    alice.order(RemoveMembers(conv_id=conv, uids=(mallory.uid,)))
    room.settle()
    show(room, alice, conv, entries_of(room, conv)[-1])
    alice.say(conv, "without mallory now")
    room.settle()
    show(room, bob, conv, entries_of(room, conv)[-1])  # the message, not the removal before it
    assert reasons(bob) == ["unknown_epoch"] and bob.texts(conv) == []
    windows["bob"].look(conv)
    assert (
        windows["bob"].rows[-1]
        == "This message was sealed under keys that this conversation never had."
    )
    from_bob = forge(bob, bob, conv, Text("still to mallory"))
    show(room, alice, conv, from_bob)
    windows["alice"].look(conv)
    assert (
        reasons(alice) == ["late"]
        and "This message came after the keys had changed." in windows["alice"].rows
    )


def test_a_record_whose_author_saw_another_history_names_them(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, bob)
    push(room, bob, conv, forge_record(bob, alice, conv, base=(1, b"?" * 32)))
    window.look(conv)
    assert reasons(bob) == ["history_differs"] and window.strip == ANOTHER.format("alice")


def test_a_wrong_hash_for_what_a_newcomer_may_not_read_comes_out(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, _, dan), conv = group("alice", "bob", outsiders=("dan",), history_all=False)
    alice.say(conv, "before dan")
    room.settle()
    window = Onlooker(qtbot, tmp_path, dan)
    dan.tamper = altered(
        lambda entry: msgspec.structs.replace(entry, body=b"?" * 32), EntryKind.WITHHELD
    )
    alice.order(AddMembers(conv_id=conv, uids=(dan.uid,)))
    room.settle()
    alice.say(conv, "welcome")
    room.settle()
    assert set(reasons(dan)) == {"history_differs"} and dan.texts(conv) == []
    window.look(conv)
    assert window.strip == ANOTHER.format("alice") and window.rows[-1] == SET_ASIDE


# --- going back in time ---


def rolled_back() -> tuple[ClassRoom, list[Participant], bytes, MemoryStorage]:
    """The server has forgotten the last two of three messages, which alice and bob hold; what it
    had is the last.
    """
    room, people, conv = group("alice", "bob", "carmen")
    alice, bob, carmen = people
    alice.say(conv, "one")
    room.settle()
    carmen.reachable = False
    carmen.cut()
    old = backup(room)
    alice.say(conv, "two")
    bob.say(conv, "three")
    room.settle()
    assert bob.texts(conv) == ["one", "two", "three"] and carmen.texts(conv) == ["one"]
    new = backup(room)
    restore(room, old)
    return room, people, conv, new


def test_a_server_that_forgets_is_noticed_and_nothing_that_one_holds_is_lost(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob, _), conv, _ = rolled_back()
    window = Onlooker(qtbot, tmp_path, bob)
    assert reasons(alice) == reasons(bob) == [ROLLED_BACK]
    window.look(conv)
    assert window.strip == LOST and LOST in window.header and not window.can_write
    assert window.rows[1:] == ["one", "two", "three"]
    refused = bob.order(SendText(request_id=5, conv_id=conv, text="is anybody there?"))
    assert isinstance(refused, Done) and (
        refused.ok,
        refused.code,
        failure_words(refused.failure),
    ) == (
        False,
        ROLLED_BACK,
        LOST,
    )
    bob.kill()
    bob.start()
    room.settle()
    assert words(bob.shown[conv].status) == LOST and bob.texts(conv) == ["one", "two", "three"]
    assert (
        bob.shown[room.general].status is None and bob.shown[room.general].can_write
    )  # there nothing was lost


def test_when_the_server_has_found_what_it_lost_all_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob, carmen), conv, new = rolled_back()
    window = Onlooker(qtbot, tmp_path, bob)
    carmen.reachable = True
    restore(room, new)
    window.look(conv)
    assert window.can_write and LOST not in window.header
    bob.say(conv, "four")
    room.settle()
    assert (
        alice.texts(conv)
        == bob.texts(conv)
        == carmen.texts(conv)
        == ["one", "two", "three", "four"]
    )
    assert reasons(bob) == [ROLLED_BACK] and fault_of(alice, conv) == fault_of(bob, conv) == ""


def test_what_was_waiting_to_be_sent_waits_until_the_server_remembers() -> None:
    room, (alice, bob, _), conv = group("alice", "bob", "carmen")
    old = backup(room)
    bob.say(conv, "one")
    room.settle()
    new = backup(room)
    alice.reachable = False
    alice.cut()
    sent = alice.say(conv, "written while offline")
    alice.reachable = True
    restore(room, old)
    room.settle(20_000)
    assert states(alice, sent)[-1] is MessageState.SAVED and len(pending(alice, conv)) == 1
    restore(room, new)
    room.settle()
    assert (
        states(alice, sent)[-1] in (MessageState.STORED, MessageState.DELIVERED)
        and pending(alice, conv) == ()
    )
    assert bob.texts(conv) == ["one", "written while offline"]


def test_a_history_that_grew_anew_after_the_loss_is_not_taken_for_the_old_one(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    alice.say(conv, "one")
    room.settle()
    for person in (alice, carmen):
        person.reachable = False
        person.cut()
    old = backup(room)
    bob.say(conv, "two, which only bob has")
    room.settle()
    bob.reachable = False
    bob.cut()
    alice.reachable = carmen.reachable = True
    restore(room, old)
    for text in ("another two", "three", "four"):
        alice.say(conv, text)
        room.settle()
    assert carmen.texts(conv) == ["one", "another two", "three", "four"]
    window = Onlooker(qtbot, tmp_path, bob)
    bob.reachable = True
    room.settle(40_000)
    assert reasons(bob) == [REPLACED] and bob.texts(conv) == ["one", "two, which only bob has"]
    alice.say(conv, "five")  # pushed to bob, and not believed
    room.settle()
    window.look(conv)
    assert window.strip == REPLACED_WORDS and window.rows[1:] == ["one", "two, which only bob has"]
    bob.cut()
    room.settle(40_000)
    assert reasons(bob) == [REPLACED] and fault_of(bob, conv) == REPLACED


def test_what_grows_anew_while_one_looks_is_not_believed_either() -> None:
    room, (_, bob, carmen), conv, _ = rolled_back()
    carmen.reachable = True
    room.settle(40_000)
    for number in range(4):
        carmen.say(conv, f"new {number}")
        room.settle()
    assert bob.texts(conv) == ["one", "two", "three"] and fault_of(bob, conv) == ROLLED_BACK
    bob.cut()
    room.settle(40_000)
    assert fault_of(bob, conv) == REPLACED and reasons(bob) == [ROLLED_BACK, REPLACED]


def test_a_conversation_that_the_server_knows_nothing_of_any_more_stays_readable(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room = ClassRoom(["alice", "bob"])
    before = backup(room)
    alice, bob = room.people.values()
    direct = room.direct("alice", "bob")
    alice.order(OpenDirect(uid=bob.uid))
    alice.say(direct, "hello")
    room.settle()
    restore(room, before)
    window = Onlooker(qtbot, tmp_path, bob)
    window.look(direct)
    assert window.strip == LOST and window.rows == ["hello"]
    assert fault_of(bob, direct) == ROLLED_BACK and fault_of(bob, room.general) == ""


def test_a_profile_of_an_older_version_goes_on_when_the_log_is_long_enough_again() -> None:
    room, (_, bob, _), conv, new = rolled_back()
    bob.kill()
    conversation_of(bob, conv).log.last_digest = b""
    bob.store.apply([Save(conversation_of(bob, conv).saved)])
    bob.start()
    room.settle()
    assert fault_of(bob, conv) == ROLLED_BACK
    restore(room, new)
    assert fault_of(bob, conv) == "" and bob.texts(conv) == ["one", "two", "three"]


# --- the directory ---


@pytest.mark.parametrize("is_old", [False, True])  # a profile that an older version has written
def test_a_directory_that_forgets_is_said_in_the_class_channels(
    qtbot: QtBot, tmp_path: Path, is_old: bool
) -> None:
    room = ClassRoom(["alice"])
    teacher = room.enter("teacher", INSTRUCTOR_CODE)
    room.settle(20_000)
    alice = room.people["alice"]
    alice.order(OpenDirect(uid=teacher.uid))
    old = backup(room)
    teacher.order(SetClassRole(uid=alice.uid, role=int(Role.ASSISTANT)))
    room.settle()
    new = backup(room)
    restore(room, old)
    window = Onlooker(qtbot, tmp_path, alice)
    window.look(room.general)
    assert [(n.conv_id, n.reason) for n in alice.quarantined()] == [(DIRECTORY_LOG, ROLLED_BACK)]
    assert window.strip == DIRECTORY and window.can_write  # the conversations themselves are whole
    assert alice.shown[room.direct("alice", "teacher")].status is None
    assert alice.core._work.people.role_of(alice.uid) == Role.ASSISTANT  # what is known stays
    alice.kill()
    alice.start()
    room.settle()
    assert words(alice.shown[room.general].status) == DIRECTORY and len(alice.quarantined()) == 1
    if is_old:
        alice.core._work.saved_self.directory_digest = b""
    restore(room, new)
    assert (
        alice.shown[room.general].status is None
        and not alice.core._work.saved_self.is_directory_lost
    )


@pytest.mark.parametrize("was_there", [True, False])
def test_a_directory_that_grew_anew_is_not_believed(was_there: bool) -> None:
    room = ClassRoom(["alice"])
    alice, old = room.people["alice"], backup(room)
    bob = room.enter("bob")
    room.flow()
    bob.kill()
    del room.people["bob"]
    alice.reachable = was_there
    restore(room, old)
    for name in ("carmen", "dan"):
        room.enter(name)
    room.settle()
    alice.reachable = True
    alice.cut()
    room.settle(40_000)
    known = alice.core._work
    assert known.saved_self.is_directory_lost and known.is_directory_read
    assert {account.username for account in known.people.accounts.values()} == {"alice", "bob"}
    assert (DIRECTORY_LOG, ROLLED_BACK) in [
        (notice.conv_id, notice.reason) for notice in alice.quarantined()
    ]
