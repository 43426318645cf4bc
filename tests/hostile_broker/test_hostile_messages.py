"""A server that drops, withholds, repeats, reorders and alters messages: what the client notices,
what one sees.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from client.api.english import failure_words
from client.api.events import CreateGroup, RemoveMembers, RetryMessage
from client.api.values import MessageState
from client.core.state.effects import ConnectionFailed, Received
from shared.messages import Entries, MessageAccepted
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import without_boxes
from tests.support.hostile import (
    deal_honestly,
    entries_of,
    group,
    hold_back,
    reasons,
    set_aside,
    show,
)
from tests.support.pair import pending, states
from tests.support.window.onlooker import Onlooker

DIFFERS = "{} has seen another history of this conversation than you. Compare what you read."
WITHHELD = "The server does not hand over the newest messages of this conversation."
NOT_THERE = "The server said that it stored this message, but it is not in the conversation."
GAP = "A message of this person before the next one is missing, or was set aside."
REPEATED = "This message was delivered before."
NOT_VERIFIED = "This message could not be verified and was set aside."


def burst(room: ClassRoom, sender: Participant, conv: bytes, *texts: str) -> None:
    """Messages that their sender writes before the first of them has come back."""
    for text in texts:
        sender.say(conv, text)
    room.settle()


# --- dropping ---


def test_a_message_that_is_left_out_shows_with_the_next_one(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    window = Onlooker(qtbot, tmp_path, bob)
    hold_back(bob, conv)
    burst(room, alice, conv, "never shown to bob")
    burst(room, carmen, conv, "I agree with alice")
    show(room, bob, conv, entries_of(room, conv)[-1])
    assert reasons(bob) == ["history_differs"] and bob.texts(conv) == []
    window.look(conv)
    assert window.rows[1:] == ["The sender has seen another history of this conversation than you."]
    assert DIFFERS.format("carmen") in window.header and window.strip == DIFFERS.format("carmen")
    assert (
        window.can_write
    )  # for carmen could lie; what bob writes shows the others what he has seen
    bob.kill()
    bob.start()
    assert (
        bob.core._work.conversations[conv].doubts.fault_by == carmen.uid
    )  # and it is still said after a restart


def test_a_message_that_is_left_out_of_a_burst_leaves_a_visible_gap(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, bob)
    hold_back(bob, conv)
    burst(room, alice, conv, "one", "two", "three")
    _, one, _, three = entries_of(room, conv)
    show(room, bob, conv, one, three)
    assert reasons(bob) == ["gap"]
    window.look(conv)
    assert window.rows[1:] == ["one", GAP, "three"]


def test_what_is_only_delayed_arrives_whole_and_in_order() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    hold_back(bob, conv)
    burst(room, alice, conv, "one", "two")
    assert bob.texts(conv) == []
    deal_honestly(bob)
    burst(room, alice, conv, "three")
    assert bob.texts(conv) == ["one", "two", "three"] and not bob.quarantined()


def test_what_is_announced_and_not_handed_over_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, bob)
    bob.hand(Received(room.moment, Entries(conv, [], 9)))
    window.look(conv)
    assert WITHHELD in window.header and window.strip == WITHHELD and window.can_write
    burst(room, alice, conv, "here it is")
    window.look(conv)
    assert WITHHELD not in window.header and window.strip == "" and window.rows[-1] == "here it is"


@pytest.mark.parametrize("shows_another", [True, False])
def test_a_message_that_is_acknowledged_and_dropped_has_failed(
    qtbot: QtBot, tmp_path: Path, shows_another: bool
) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, alice)
    hold_back(alice, conv)
    sent = alice.say(conv, "important")
    alice.to_broker.clear()
    alice.hand(Received(room.moment, MessageAccepted(sent, conv, 2)))
    window.look(conv)
    assert states(alice, sent)[-1] is MessageState.STORED
    if shows_another:
        burst(room, bob, conv, "something else")
        show(room, alice, conv, entries_of(room, conv)[-1])
    else:
        alice.hand(Received(room.moment, Entries(conv, [], 1)))
    assert (
        states(alice, sent)[-1] is MessageState.FAILED
        and failure_words(pending(alice, conv)[0].failure) == NOT_THERE
    )
    window.look(conv)
    assert window.rows[-1] == "important"  # nothing of it is lost
    deal_honestly(alice)
    alice.order(RetryMessage(request_id=9, message_id=sent))
    room.settle()
    assert bob.texts(conv)[-1] == "important" and pending(alice, conv) == ()


def test_an_acknowledgement_of_a_place_that_is_taken_is_not_believed() -> None:
    room, (alice, _), conv = group("alice", "bob")
    sent = alice.say(conv, "important")
    alice.to_broker.clear()
    alice.hand(Received(room.moment, MessageAccepted(sent, conv, 1)))
    assert (
        states(alice, sent)[-1] is MessageState.FAILED
        and failure_words(pending(alice, conv)[0].failure) == NOT_THERE
    )


def test_keys_that_are_withheld_are_said_to_be_missing(qtbot: QtBot, tmp_path: Path) -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    window = Onlooker(qtbot, tmp_path, bob)
    bob.tamper = without_boxes()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    alice.say(done.data, "hello")
    room.settle()
    window.look(done.data)
    assert window.strip == "Waiting for the key of 1 message"
    assert window.rows == [
        "alice created the group",
        "Waiting for the key of this message from alice.",
    ]


def test_a_frame_that_cannot_be_read_ends_the_connection_in_words(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, _), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, alice)
    alice.hand(ConnectionFailed(room.moment, "malformed"))
    window.look(conv)
    assert window.banner.startswith("The server sent something that cannot be read.")


def test_another_server_under_the_same_address_is_not_spoken_to(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, (alice, _), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, alice)
    monkeypatch.setattr(alice, "open", lambda now: alice.happen("handshake"))
    alice.cut()
    alice.say(conv, "not for strangers")
    room.settle(60_000)
    window.look(conv)
    assert window.banner.startswith(
        "The server answered but its key is not the one in your invitation."
    )
    assert (
        window.rows[-1] == "not for strangers" and len(pending(alice, conv)) == 1
    )  # kept, and sent to nobody


# --- repeating and reordering ---


def test_a_repeated_message_is_shown_once(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, bob)
    burst(room, alice, conv, "once")
    again = entries_of(room, conv)[-1]
    bob.hand(
        Received(room.moment, Entries(conv, [again], 2))
    )  # with the number that it had: nothing happens
    assert not bob.quarantined()
    show(room, bob, conv, again)
    assert reasons(bob) == ["replayed"]
    window.look(conv)
    assert window.rows[1:] == ["once", REPEATED]


def test_a_message_is_not_taken_into_another_conversation(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, bob)
    burst(room, alice, conv, "only for the group")
    show(room, bob, room.general, entries_of(room, conv)[-1])
    assert reasons(bob) == ["misplaced"] and bob.texts(room.general) == []
    window.look(room.general)
    assert window.rows[-1] == NOT_VERIFIED


def test_a_message_that_is_kept_until_the_keys_have_changed_is_set_aside(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    window = Onlooker(qtbot, tmp_path, bob)
    hold_back(bob, conv)
    burst(room, carmen, conv, "while I was a member")
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    _, message, removal = entries_of(room, conv)
    show(room, bob, conv, removal, message)
    assert reasons(bob)[-1] == "late" and bob.texts(conv) == []
    window.look(conv)
    assert window.rows[1:] == [
        "alice removed carmen",
        "This message came after the keys had changed.",
    ]


def test_messages_in_another_order_are_noticed(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, bob)
    burst(room, alice, conv, "zero")
    hold_back(bob, conv)
    burst(room, alice, conv, "yes, do it", "no, wait")
    *_, yes, no = entries_of(room, conv)
    show(room, bob, conv, no, yes)
    assert reasons(bob) == ["gap", "replayed"]
    window.look(conv)
    assert window.rows[1:] == ["zero", GAP, "no, wait", REPEATED]


# --- altering ---


@pytest.mark.parametrize("part", ["body", "proof", "sender", "message_id"])
def test_an_altered_message_is_never_shown_as_one(qtbot: QtBot, tmp_path: Path, part: str) -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    window = Onlooker(qtbot, tmp_path, bob)
    hold_back(bob, conv)
    burst(room, alice, conv, "pay 10")
    true = entries_of(room, conv)[-1]
    value = (
        carmen.uid
        if part == "sender"
        else bytes([*getattr(true, part)[:-1], getattr(true, part)[-1] ^ 1])
    )
    show(room, bob, conv, msgspec.structs.replace(true, **{part: value}))
    assert len(bob.quarantined()) == 1 and bob.texts(conv) == []
    window.look(conv)
    assert len(set_aside(bob, conv)) == 1 and window.rows[-1] == set_aside(bob, conv)[0]


def test_an_own_message_that_comes_back_altered_is_not_lost(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, alice)
    hold_back(alice, conv)
    sent = alice.say(conv, "my words")
    room.settle()
    true = entries_of(room, conv)[-1]
    show(room, alice, conv, msgspec.structs.replace(true, proof=true.proof[:-1] + b"?"))
    window.look(conv)
    assert window.rows[1:] == [NOT_VERIFIED, "my words"]
    (row,) = pending(alice, conv)
    assert (row.message_id, row.state, failure_words(row.failure)) == (
        sent,
        MessageState.FAILED,
        "This message could not be sent.",
    )
