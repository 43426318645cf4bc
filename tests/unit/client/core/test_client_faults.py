"""Whether the log goes on from what is stored here: what is pushed meanwhile, empty answers, faults
that meet.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from client.api.events import CreateGroup, OpenDirect, RetryNow
from client.api.values import MessageState
from client.core.server_faults import DIFFERS, REPLACED, note_difference
from client.core.state.effects import Received
from shared.codec import decode_requests
from shared.crypto.content import Text
from shared.messages import DIRECTORY_LOG, Entries, LogId, Message, MessageAccepted, ReadLog
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import conversation_of, digest_of, forge, push, sent_by, without_boxes
from tests.support.hostile import deal_honestly, group, hold_back, reasons
from tests.support.pair import states


def held(log_id: bytes) -> tuple[list[Message], Callable[[Message], Message | None]]:
    """A connection on which the first answer about a log comes later; it is put into the list."""
    kept: list[Message] = []

    def tamper(message: Message) -> Message | None:
        if isinstance(message, Entries) and message.log_id == log_id and not kept:
            kept.append(message)
            return None
        return message

    return kept, tamper


def away_while(room: ClassRoom, person: Participant, happens: Callable[[], object]) -> None:
    """Something happens while a person has no connection; then they connect, and nothing has
    arrived yet.
    """
    person.reachable = False
    person.cut()
    happens()
    room.settle()
    person.reachable = True
    person.order(RetryNow())


def test_the_last_entry_that_is_known_is_read_again_after_a_sign_in_that_finds_more() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    asked: list[ReadLog] = []
    away_while(room, bob, lambda: alice.say(conv, "one"))
    spied = bob.to_broker
    while not asked:
        room.pass_time(200)
        while room.step():
            sent = [message for frame in spied for message in decode_requests(frame)]
            asked += [
                message
                for message in sent
                if isinstance(message, ReadLog) and message.log_id == conv
            ]
    assert asked[0].after == 0 and conversation_of(bob, conv).log.cursor == 2  # entry 1 was known
    room.settle()
    assert bob.texts(conv) == ["one"] and not bob.quarantined()
    assert conversation_of(bob, conv).log.last_digest == digest_of(
        room.storage.entries_after(LogId(conv), 1, 2, 1, 1 << 20)[0]
    )


def test_what_is_pushed_before_the_log_has_shown_that_it_goes_on_comes_after_it() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    away_while(room, bob, lambda: alice.say(conv, "while bob was away"))
    kept, bob.tamper = held(conv)
    room.settle()
    alice.say(conv, "pushed")
    room.flow()
    assert bob.texts(conv) == []
    bob.hand(Received(room.moment, kept[0]))
    room.settle()
    assert bob.texts(conv) == ["while bob was away", "pushed"] and not bob.quarantined()


def test_people_who_are_pushed_before_the_directory_has_shown_that_it_goes_on_come_after_it() -> (
    None
):
    room = ClassRoom(["alice", "bob"])
    alice = room.people["alice"]
    away_while(room, alice, lambda: room.enter("carmen"))
    kept, alice.tamper = held(DIRECTORY_LOG)
    room.settle()
    room.enter("dan")
    room.flow()
    assert not alice.core._work.people.uid_of("dan")
    alice.hand(Received(room.moment, kept[0]))
    room.settle()
    assert alice.core._work.people.uid_of("carmen") and alice.core._work.people.uid_of("dan")
    assert not alice.quarantined()


@pytest.mark.parametrize("is_directory", [False, True])
def test_an_end_instead_of_the_entry_that_is_known_is_an_end(is_directory: bool) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    log_id = DIRECTORY_LOG if is_directory else conv
    away_while(room, bob, lambda: room.enter("carmen") if is_directory else alice.say(conv, "one"))
    kept, tamper = held(log_id)
    bob.tamper = lambda message: Entries(log_id, [], 1) if tamper(message) is None else message
    room.settle()
    assert kept and bob.core._work.is_directory_read
    deal_honestly(bob)
    bob.cut()
    room.settle()
    assert bob.core._work.people.uid_of("carmen") if is_directory else bob.texts(conv) == ["one"]
    assert not bob.quarantined()


def test_what_somebody_else_has_seen_does_not_start_a_stopped_conversation() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    found = conversation_of(bob, conv)
    note_difference(bob.core._work, found, bob.uid, 1)  # my own view is no news
    assert found.doubts.fault == ""
    found.doubts.fault = REPLACED
    note_difference(bob.core._work, found, alice.uid, 1)
    assert found.doubts.fault == REPLACED
    found.doubts.fault = ""
    note_difference(bob.core._work, found, alice.uid, 1)
    assert (found.doubts.fault, found.doubts.fault_by) == (DIFFERS, alice.uid)


def test_an_acknowledgement_concerns_its_own_conversation() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    alice.order(OpenDirect(uid=bob.uid))
    direct = room.direct("alice", "bob")
    alice.say(direct, "hello")
    room.settle()
    hold_back(alice, direct)
    in_direct = alice.say(direct, "on its way")
    alice.to_broker.clear()
    alice.hand(Received(room.moment, MessageAccepted(in_direct, direct, 3)))
    in_group = alice.say(conv, "here")
    room.flow()
    assert (
        states(alice, in_group)[-1] is MessageState.STORED
        and states(alice, in_direct)[-1] is MessageState.STORED
    )
    assert sent_by(alice, Received(room.moment, MessageAccepted(in_group, conv, 2))) == []


def test_a_gap_among_what_waited_for_its_key_is_told_without_a_row() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    bob.tamper = without_boxes()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    push(room, bob, conv, forge(bob, alice, conv, Text("one"), n=1))
    push(room, bob, conv, forge(bob, alice, conv, Text("three"), n=3))
    found = conversation_of(bob, conv)
    deal_honestly(bob)
    found.keys.keys_asked.clear()
    bob.core._work.touch(found)
    room.settle()
    assert bob.texts(conv) == ["one", "three"] and reasons(bob) == ["gap"]
    assert [row.kind for row in bob.rows(conv)] == ["system", "text", "text"]
