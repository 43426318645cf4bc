"""A server that swaps keys and adds people who are none: what the client notices, what one sees,
who gets no key.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from client.api.english import words
from client.api.events import (
    AcceptKey,
    DeleteMessage,
    GetSafetyNumber,
    OpenDirect,
    RemoveMembers,
    TrustChanged,
)
from client.api.values import Trust
from client.core.conversation.epochs import ANSWER_SPREAD_MS
from client.core.state.effects import Received, Ticked
from shared.crypto.accounts import verify_genesis
from shared.crypto.content import Delete, Text
from shared.crypto.identity import Identity, create_identity, make_statement, rotate_uk
from shared.crypto.records import member_of
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, KeyRequested, PostBoxes, Role
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import (
    box_for,
    conversation_of,
    forge,
    forge_record,
    hand_boxes,
    push,
    sent_by,
    statement_entry,
)
from tests.support.hostile import group, hold_back, reasons, set_aside, show
from tests.support.members import CountedRandom
from tests.support.window.onlooker import Onlooker

CHANGE = "A change of members or keys could not be verified and was set aside."
CHANGED = "The key of bob has changed. Compare safety numbers before you write to them."


def made_up(name: str) -> Identity:
    """An account that the server has made for itself."""
    return create_identity(
        name, "server", 9, CountedRandom("operator" + name), (b"p" * 40, b"s" * 40)
    )


def account_entry(name: str, role: int, genesis: bytes) -> Entry:
    """An entry of the directory that names an account."""
    return Entry(
        0, int(EntryKind.ACCOUNT), b"", 5, b"", msgspec.msgpack.encode((name, role, genesis)), b""
    )


def safety_number(person: Participant, uid: bytes) -> str:
    """The digits that a person would read out."""
    done = person.order(GetSafetyNumber(request_id=77, uid=uid))
    assert done is not None and isinstance(done.data, str)
    return done.data


# --- swapped keys ---


def test_another_key_under_a_known_name_is_an_alarm_and_nothing_is_sent_to_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    alice.order(OpenDirect(uid=bob.uid))
    alice.say(room.direct("alice", "bob"), "to the true bob")
    room.settle()
    window = Onlooker(qtbot, tmp_path, alice)
    window.look()
    false = made_up("bob")
    show(room, alice, DIRECTORY_LOG, account_entry("bob", 0, false.genesis))
    told = [notice for notice in alice.notices if isinstance(notice, TrustChanged)][-1]
    assert (told.uid, told.change, words(told.told)) == (false.uid, "changed", CHANGED)
    window.look()
    assert window.said == CHANGED
    done = alice.order(OpenDirect(request_id=1, uid=false.uid))
    assert done is not None and isinstance(done.data, bytes)
    window.look(done.data)
    assert window.strip.startswith(
        "The key of bob has changed. Ask bob in person before you accept it"
    )
    assert not window.can_write
    room.settle(20_000)
    snapshot = conversation_of(alice, room.general).snapshot
    assert (
        snapshot is not None and false.uid not in snapshot.members
    )  # let in by nobody who has seen the alarm
    assert alice.core._work.people.trust(bob.uid) is Trust.PINNED  # what is known stays as it is
    accepted = alice.order(AcceptKey(request_id=2, uid=false.uid))
    window.look(done.data)
    assert accepted is not None and accepted.ok and window.can_write  # only a person can say so


def test_a_key_that_was_swapped_at_first_contact_shows_in_the_safety_number() -> None:
    room = ClassRoom(["alice"])
    alice = room.people["alice"]
    false = made_up("alice")
    carmen = room.enter("carmen")

    def swapped(message: object) -> object:
        is_directory = type(message).__name__ == "Entries" and message.log_id == DIRECTORY_LOG  # type: ignore[attr-defined]
        if not is_directory:
            return message
        entries = [
            msgspec.structs.replace(
                account_entry("alice", 0, false.genesis), sequence=entry.sequence
            )
            if entry.sequence == 1
            else entry
            for entry in message.entries  # type: ignore[attr-defined]
        ]
        return msgspec.structs.replace(message, entries=entries)  # type: ignore[type-var]

    carmen.tamper = swapped  # type: ignore[assignment]
    room.settle()
    assert (
        carmen.core._work.people.uid_of("alice") == false.uid
    )  # no alarm: nothing was known before
    assert safety_number(carmen, false.uid) != safety_number(
        alice, carmen.uid
    )  # but what they read out differs


def test_a_key_inside_an_account_cannot_be_exchanged() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    before = alice.core._work.people.accounts[bob.uid]
    genesis, box_key = bob.identity.genesis, before.uk_pub
    altered = genesis.replace(box_key, made_up("eve").uk_secrets[1][1])
    assert altered != genesis
    show(room, alice, DIRECTORY_LOG, account_entry("bob", 0, altered))
    eve = made_up("eve")
    _, blob = rotate_uk(eve, verify_genesis(eve.genesis), 2_000, CountedRandom("eve"))
    show(room, alice, DIRECTORY_LOG, Entry(0, int(EntryKind.CHAIN), bob.uid, 5, b"", blob, b""))
    assert len(alice.quarantined()) == 2 and alice.core._work.people.accounts[bob.uid] == before
    assert not [
        notice
        for notice in alice.notices
        if isinstance(notice, TrustChanged) and notice.change != "pinned"
    ]


def test_an_older_key_of_a_member_is_not_taken_back() -> None:
    room, (alice, bob, _), conv = group("alice", "bob", "carmen")
    fresh, blob = rotate_uk(
        bob.identity, verify_genesis(bob.identity.genesis), 2_000, CountedRandom("new")
    )
    show(room, alice, DIRECTORY_LOG, Entry(0, int(EntryKind.CHAIN), bob.uid, 5, b"", blob, b""))
    old = member_of(verify_genesis(bob.identity.genesis), 0)
    members = {**conversation_of(alice, conv).snapshot.members}  # type: ignore[union-attr]
    newer = member_of(alice.core._work.people.accounts[bob.uid], 0)
    push(room, alice, conv, forge_record(alice, alice, conv, members={**members, bob.uid: newer}))
    assert not alice.quarantined()
    push(room, alice, conv, forge_record(alice, alice, conv, members={**members, bob.uid: old}))
    assert reasons(alice) == ["account_state"] and set_aside(alice, conv) == [CHANGE]


def test_a_key_of_the_server_is_not_taken_for_that_of_the_group() -> None:
    room, (alice, bob), conv = group("alice", "bob")
    hold_back(bob, conv)
    push(room, bob, conv, forge_record(bob, alice, conv, seed=b"s" * 32))
    hand_boxes(
        room, bob, conv, 1, box_for(bob, conv, 1, b"w" * 32), box_for(bob, conv, 1, b"x" * 32)
    )
    assert conversation_of(bob, conv).head_seed() == b""
    assert words(bob.shown[conv].status) == "Waiting for the key of this conversation"
    hand_boxes(room, bob, conv, 1, box_for(bob, conv, 1, b"s" * 32))
    assert conversation_of(bob, conv).head_seed() == b"s" * 32


# --- ghosts ---


def ghost_records(
    alice: Participant, bob: Participant, mallory: Participant, conv: bytes
) -> list[Entry]:
    """A ghost among the members: signed by itself, by a member who also changes the rules, under a
    stolen signature.
    """
    snapshot = conversation_of(alice, conv).snapshot
    assert snapshot is not None
    ghost = member_of(alice.core._work.people.accounts[mallory.uid], 0)
    members = {**snapshot.members, mallory.uid: ghost}
    by_ghost = forge_record(alice, mallory, conv, members=members)
    by_member = forge_record(alice, bob, conv, members=members, changes={"who_writes": 1})
    true = forge_record(alice, alice, conv)
    stolen = msgspec.structs.replace(by_ghost, proof=true.proof, sender=alice.uid)
    return [by_ghost, by_member, stolen]


def test_a_ghost_is_not_added_to_a_private_group(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob, mallory), conv = group("alice", "bob", outsiders=("mallory",))
    before = conversation_of(alice, conv).snapshot
    window = Onlooker(qtbot, tmp_path, alice)
    for entry in ghost_records(alice, bob, mallory, conv):
        show(room, alice, conv, entry)
    assert (
        set_aside(alice, conv) == [CHANGE] * 3 and conversation_of(alice, conv).snapshot == before
    )
    window.look(conv)
    assert window.rows[1:] == [CHANGE] * 3
    assert window.members == ["alice, owner, online, you", "bob, online"]


def test_a_ghost_says_nothing_and_is_given_no_key(qtbot: QtBot, tmp_path: Path) -> None:
    room, (alice, bob, mallory), conv = group("alice", "bob", outsiders=("mallory",))
    window = Onlooker(qtbot, tmp_path, alice)
    epoch = conversation_of(alice, conv).keys.epochs[0]
    statement, signature = make_statement(mallory.identity, "keyreq", conv, epoch.epoch_id, (0, 1))
    alice.hand(Received(room.moment, KeyRequested(conv, 0, mallory.uid, statement, signature)))
    room.now_ms += ANSWER_SPREAD_MS
    assert not [sent for sent in sent_by(alice, Ticked(room.moment)) if isinstance(sent, PostBoxes)]
    seed = conversation_of(alice, conv).head_seed()  # even if the ghost had got it somewhere
    show(room, alice, conv, forge(alice, mallory, conv, Text("I am here"), seed=seed))
    window.look(conv)
    assert window.rows[1:] == ["This message is from somebody who is not a member."]


def test_a_device_that_the_account_does_not_name_speaks_for_nobody(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob), conv = group("alice", "bob")
    window = Onlooker(qtbot, tmp_path, alice)
    show(
        room,
        alice,
        conv,
        forge(alice, bob, conv, Text("hi"), header_changes={"did": made_up("bob").did}),
    )
    window.look(conv)
    assert window.rows[1:] == ["This message is from a device that does not belong to its sender."]


def test_a_member_cannot_be_made_to_speak_by_another_with_the_help_of_the_server() -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    true = forge(alice, carmen, conv, Text("signed by carmen"))
    as_bob = forge(
        alice,
        carmen,
        conv,
        Text("as if by bob"),
        header_changes={"uid": bob.uid, "did": bob.identity.did},
    )
    show(room, alice, conv, msgspec.structs.replace(as_bob, sender=bob.uid))
    assert alice.texts(conv) == [] and len(alice.quarantined()) == 1
    show(room, alice, conv, true)
    assert alice.texts(conv) == ["signed by carmen"]


def test_an_account_of_the_operator_in_a_class_channel_is_seen(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room = ClassRoom(["alice", "bob"])
    alice = room.people["alice"]
    window = Onlooker(qtbot, tmp_path, alice)
    room.enter("mallory")  # whoever makes the invitations can register
    room.settle(20_000)
    window.look(room.general)
    assert window.rows[-1] == "mallory joined" and "mallory, online" in window.members


def test_a_role_that_the_server_grants_is_seen_and_opens_no_private_group(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room, (alice, bob, mallory), conv = group("alice", "bob", outsiders=("mallory",))
    window = Onlooker(qtbot, tmp_path, alice)
    sent = alice.say(conv, "ours")
    room.settle()
    role = msgspec.msgpack.encode((mallory.uid, int(Role.INSTRUCTOR)))
    for person in (alice, bob, mallory):
        show(room, person, DIRECTORY_LOG, Entry(0, int(EntryKind.ROLE), b"", 5, b"", role, b""))
    window.look(room.general)
    assert "mallory, instructor, online" in window.members
    seed = conversation_of(alice, conv).head_seed()
    row = alice.store.row(sent)
    assert row is not None
    from_staff = forge(alice, mallory, conv, Delete(sent, row.hash), seed=seed)
    show(room, alice, conv, from_staff)
    assert alice.texts(conv) == ["ours"] and reasons(alice) == ["not_a_member"]
    refused = mallory.order(DeleteMessage(request_id=3, message_id=sent))
    assert refused is not None and not refused.ok


def test_a_leave_that_is_shown_again_is_seen_and_gives_nobody_a_key(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """An honest limit (docs/SECURITY.md): statements may be shown again."""
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    window = Onlooker(qtbot, tmp_path, alice)
    show(room, alice, conv, statement_entry(alice, bob, conv, EntryKind.LEAVE))
    window.look(conv)
    assert window.rows[-1] == "bob left"
    alice.say(conv, "what bob cannot read any more")
    found = conversation_of(alice, conv)
    assert {member.uid for member in alice.shown[conv].members} == {alice.uid, carmen.uid}
    assert found.pending.posted is not None and bob.uid not in {
        box.uid for box in found.pending.posted.post.boxes
    }


def test_an_honest_server_makes_none_of_these_alarms() -> None:
    room, (alice, bob, carmen), conv = group("alice", "bob", "carmen")
    alice.say(conv, "one")
    room.settle()
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    bob.say(conv, "two")
    room.settle()
    room.restart_broker()
    room.settle()
    alice.say(conv, "three")
    room.settle()
    assert [person.quarantined() for person in (alice, bob, carmen)] == [[], [], []]
    assert (
        bob.texts(conv) == ["one", "two", "three"]
        and alice.shown[conv].status == bob.shown[conv].status is None
    )
