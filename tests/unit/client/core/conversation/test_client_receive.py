"""What a client believes of the log: every promise of a message, broken on its own, is set aside
with its reason.
"""

from __future__ import annotations

import msgspec
import pytest

from client.api.events import (
    AddMembers,
    CreateGroup,
    DeleteMessage,
    EditMessage,
    MessageChanged,
    ReactToMessage,
    RemoveMembers,
    SetClassRole,
)
from client.api.said import SetAside, encode_said
from client.api.values import RowKind
from client.core.conversation import membership_changes as rotation
from client.core.conversation.receiving import MAX_REACTIONS, QUOTE_LENGTH, one_line
from client.core.state.log_position import KEPT_TRANSCRIPTS
from shared.crypto.content import Delete, Edit, React, Text
from shared.crypto.headers import CONTENT, CONTROL
from shared.crypto.records import ADMINS, Policy
from shared.messages import Boxes, EntryKind, Role
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.forging import (
    conversation_of,
    digest_of,
    forge,
    known_sender,
    last_reason,
    push,
    without_boxes,
)
from tests.support.saying import in_english


def team(*names: str, **options: bool) -> tuple[ClassRoom, list[Participant], bytes]:
    """A private group of all these people, made by the first."""
    room = ClassRoom(names)
    people = [room.people[name] for name in names]
    order = CreateGroup(
        request_id=1, name="team", members=tuple(p.uid for p in people[1:]), **options
    )
    done = people[0].order(order)
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, people, done.data


def test_a_true_message_is_shown() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("hi")))
    assert bob.texts(conv) == ["hi"] and not bob.quarantined()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"conv_id": b"o" * 16}, "misplaced"),
        ({"uid": b"o" * 16}, "misplaced"),
        ({"epoch": 7}, "unknown_epoch"),
        ({"epoch_id": b"o" * 32}, "fork"),
        ({"did": b"o" * 16}, "device"),
    ],
)
def test_a_header_that_does_not_fit_is_set_aside(changes: dict[str, object], reason: str) -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("hi"), header_changes=changes))
    assert last_reason(bob) == reason and bob.texts(conv) == []
    row = bob.rows(conv)[-1]
    assert row.kind == RowKind.QUARANTINED.value and row.said == encode_said(
        SetAside(reason=reason)
    )


def test_a_message_under_old_keys_is_late() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    old = forge(bob, alice, conv, Text("old"), sequence=3)
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    push(room, bob, conv, old)
    assert last_reason(bob) == "late"


def test_a_message_of_a_former_member_is_set_aside() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    seed = conversation_of(alice, conv).head_seed()
    push(room, bob, conv, forge(bob, carmen, conv, Text("me again"), seed=seed))
    assert last_reason(bob) == "not_a_member" and bob.texts(conv) == []


def test_where_only_admins_write_others_are_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "Policy", lambda **given: Policy(**given, who_writes=ADMINS))
    room, (alice, bob), conv = team("alice", "bob")
    assert not bob.shown[conv].can_write and alice.shown[conv].can_write
    alice.say(conv, "rules")
    room.settle()
    assert bob.texts(conv) == ["rules"]
    push(room, alice, conv, forge(alice, bob, conv, Text("hi")))
    assert last_reason(alice) == "not_allowed"


def test_an_entry_of_an_unknown_kind_is_set_aside_and_the_log_goes_on() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    strange = msgspec.structs.replace(forge(bob, alice, conv, Text("x")), kind=99)
    short = msgspec.structs.replace(
        strange, sequence=3, kind=int(EntryKind.WITHHELD), body=b"short"
    )
    push(room, bob, conv, strange, short)
    assert [notice.reason for notice in bob.quarantined()] == ["kind", "kind"]
    push(room, bob, conv, forge(bob, alice, conv, Text("after")))
    assert bob.texts(conv) == ["after"]


# --- order of one sender ---


def test_two_messages_of_one_number_are_an_equivocation() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("one")))
    push(room, bob, conv, forge(bob, alice, conv, Text("two"), prev=b"?" * 32))
    assert last_reason(bob) == "equivocation"
    push(room, bob, conv, forge(bob, alice, conv, Text("one again"), n=1))
    assert last_reason(bob) == "replayed" and bob.texts(conv) == ["one"]


def test_a_missing_message_is_told_but_what_follows_is_shown() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("one")))
    push(room, bob, conv, forge(bob, alice, conv, Text("three"), n=3, prev=b"?" * 32))
    assert last_reason(bob) == "gap" and bob.texts(conv) == ["one", "three"]


def test_one_id_is_shown_once_whoever_uses_it() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    first = forge(bob, alice, conv, Text("mine"))
    push(room, bob, conv, first)
    push(room, bob, conv, forge(bob, carmen, conv, Text("no, mine"), message_id=first.message_id))
    assert last_reason(bob) == "replayed" and bob.texts(conv) == ["mine"]


@pytest.mark.parametrize(
    ("seen", "shown"), [((1, b"?" * 32), []), ((99, bytes(32)), []), ((0, bytes(32)), ["hi"])]
)
def test_a_sender_who_saw_another_history_is_noticed(
    seen: tuple[int, bytes], shown: list[str]
) -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("hi"), seen=seen))
    assert bob.texts(conv) == shown and last_reason(bob) == ("" if shown else "history_differs")


def test_what_is_too_long_ago_is_not_compared() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    found = conversation_of(bob, conv)
    for sequence in range(2, 2 * KEPT_TRANSCRIPTS + 10):
        found.log.cursor = sequence
        found.reach.note_transcript(found.log)
    assert KEPT_TRANSCRIPTS <= len(found.reach.transcripts) <= 2 * KEPT_TRANSCRIPTS
    assert 1 not in found.reach.transcripts and found.log.cursor in found.reach.transcripts


def test_content_that_says_another_kind_than_its_header_is_set_aside() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, Text("hidden"), kind=CONTROL))
    assert last_reason(bob) == "content"
    push(room, bob, conv, forge(bob, alice, conv, b"\x91\x09", kind=CONTENT))
    assert len(bob.quarantined()) == 2 and bob.texts(conv) == []


# --- acts ---


def said(
    room: ClassRoom, reader: Participant, sender: Participant, conv: bytes
) -> tuple[bytes, bytes]:
    """A message; its id and hash."""
    entry = forge(reader, sender, conv, Text("hello"))
    push(room, reader, conv, entry)
    return entry.message_id, digest_of(entry)


def test_only_the_author_edits_and_only_admins_delete_for_others() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    message_id, digest = said(room, bob, carmen, conv)
    push(room, bob, conv, forge(bob, alice, conv, Edit(message_id, digest, "changed by an owner")))
    assert last_reason(bob) == "not_allowed" and bob.texts(conv) == ["hello"]
    push(
        room,
        bob,
        conv,
        forge(bob, alice, conv, Delete(message_id, digest), n=2, prev=known(bob, alice, conv)),
    )
    assert bob.store.row(message_id) is not None and bob.store.row(message_id).kind == "deleted"  # type: ignore[union-attr]
    message_id, digest = said(room, carmen, alice, conv)
    push(room, carmen, conv, forge(carmen, bob, conv, Delete(message_id, digest)))
    assert last_reason(carmen) == "not_allowed" and carmen.texts(conv) == ["hello"]


def known(reader: Participant, sender: Participant, conv: bytes) -> bytes:
    found = known_sender(reader, sender, conv)
    assert found is not None
    return found.hash


def test_acts_on_what_is_not_there_or_not_the_same_change_nothing() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    push(room, bob, conv, forge(bob, alice, conv, React(b"?" * 16, bytes(32), "👍")))
    assert last_reason(bob) == "unknown_target"
    message_id, digest = said(room, bob, alice, conv)
    push(room, bob, conv, forge(bob, alice, conv, Edit(message_id, b"?" * 32, "other bytes")))
    assert len(bob.quarantined()) == 2 and bob.texts(conv) == ["hello"]
    push(room, bob, conv, forge(bob, alice, conv, Delete(message_id, digest)))
    push(room, bob, conv, forge(bob, alice, conv, Edit(message_id, digest, "back again")))
    assert bob.texts(conv) == [] and len(bob.quarantined()) == 2  # what is deleted stays deleted


def test_reactions_are_counted_once_per_person_and_limited() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    message_id, digest = said(room, bob, alice, conv)
    for number in range(MAX_REACTIONS + 2):
        push(room, bob, conv, forge(bob, alice, conv, React(message_id, digest, f"e{number}")))
    push(room, bob, conv, forge(bob, alice, conv, React(message_id, digest, "e0")))
    row = bob.store.row(message_id)
    assert row is not None and len(row.reactions) == MAX_REACTIONS
    assert next(found for found in row.reactions if found.emoji == "e0").uids == (alice.uid,)
    push(room, bob, conv, forge(bob, alice, conv, React(message_id, digest, "e0", True)))
    row = bob.store.row(message_id)
    assert row is not None and "e0" not in {found.emoji for found in row.reactions}


def test_staff_deletes_in_class_channels_and_nobody_who_left_does() -> None:
    room = ClassRoom(["alice", "bob"])
    teacher = room.enter("teacher", INSTRUCTOR_CODE)
    room.settle()
    alice, bob = room.people["alice"], room.people["bob"]
    sent = alice.say(room.general, "off topic")
    room.settle()
    refused = bob.order(DeleteMessage(request_id=2, message_id=sent))
    assert refused is not None and refused.code == "not_allowed"
    teacher.order(DeleteMessage(message_id=sent))
    room.settle()
    assert bob.texts(room.general) == []
    bob_sent = bob.say(room.general, "by bob")
    room.settle()
    teacher.order(SetClassRole(request_id=3, uid=alice.uid, role=int(Role.ASSISTANT)))
    room.settle()
    assert teacher.answer(3).ok
    alice.order(DeleteMessage(message_id=bob_sent))
    room.settle()
    assert teacher.texts(room.general) == []


def test_who_left_deletes_nothing() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    sent = alice.say(conv, "stay")
    room.settle()
    alice.order(RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    room.settle()
    refused = bob.order(DeleteMessage(request_id=3, message_id=sent))
    assert refused is not None and refused.code == "not_allowed" and alice.texts(conv) == ["stay"]


def test_quotes_and_mentions_are_of_this_conversation() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    elsewhere = alice.say(room.general, "elsewhere")
    room.settle()
    long = "word " * 100
    target = alice.say(conv, long)
    for text, mentions in (
        ("@bob!", True),
        ("@all", True),
        ("@bobby", False),
        ("a@bob", False),
        ("@carmen", False),
    ):
        alice.say(conv, text, reply_to=target)
        room.settle()
        assert bob.rows(conv)[-1].mentions_me is mentions
        assert len(bob.rows(conv)[-1].quote_text) <= QUOTE_LENGTH
    room.people["alice"].say(room.general, "@all in the class channel")
    room.settle()
    assert not bob.rows(room.general)[-1].mentions_me  # there the staff alone addresses all
    assert one_line("a\nb  c") == "a b c"
    assert one_line("see\n```python\nx = 1\n```\n") == "see x = 1"
    push(room, bob, conv, forge(bob, alice, conv, Text("as said", elsewhere)))
    row = bob.rows(conv)[-1]
    assert row.text == "as said" and row.reply_to == b"" and row.quote_text == ""


# --- what waits for its key ---


def waiting_pair() -> tuple[ClassRoom, list[Participant], bytes]:
    """bob is a member whose key has not come."""
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    bob.tamper = without_boxes()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid, carmen.uid)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, [alice, bob, carmen], done.data


def let_keys_come(room: ClassRoom, person: Participant) -> None:
    person.tamper = lambda message: message
    person.cut()
    room.settle()


def test_acts_wait_with_their_targets_and_come_in_order() -> None:
    room, (alice, bob, carmen), conv = waiting_pair()
    sent = alice.say(conv, "frist")
    room.settle()
    alice.order(EditMessage(message_id=sent, text="first"))
    carmen.order(ReactToMessage(message_id=sent, emoji="👍"))
    alice.say(conv, "second", reply_to=sent)
    room.settle()
    assert in_english(bob.shown[conv].status) == "Waiting for the key of 4 messages"
    let_keys_come(room, bob)
    assert bob.texts(conv) == ["first", "second"] and not bob.quarantined()
    row = bob.store.row(sent)
    assert row is not None and row.is_edited and row.reactions[0].uids == (carmen.uid,)
    opened = [n for n in bob.notices if isinstance(n, MessageChanged) and n.change == "opened"]
    assert [notice.text for notice in opened] == ["frist", "second"]


def test_a_forged_message_that_waited_is_set_aside_when_its_key_comes() -> None:
    room, (alice, bob, _), conv = waiting_pair()
    wrong = forge(bob, alice, conv, Text("x"), seed=b"w" * 32)
    push(room, bob, conv, wrong)
    act = forge(bob, alice, conv, React(b"t" * 16, bytes(32), "x"), seed=b"w" * 32)
    push(room, bob, conv, act)
    assert [row.kind for row in bob.rows(conv)][-1:] == ["waiting"]
    let_keys_come(room, bob)
    assert bob.rows(conv)[-1].kind == "quarantined"
    assert [notice.reason for notice in bob.quarantined()].count("cipher") == 2
    assert not conversation_of(bob, conv).incoming.waiting


def test_a_repeat_that_waited_is_not_shown_again() -> None:
    room, (alice, bob, _), conv = waiting_pair()
    push(room, bob, conv, forge(bob, alice, conv, Text("one"), n=5))  # 2
    push(room, bob, conv, forge(bob, alice, conv, Text("same number"), n=5))  # 3
    let_keys_come(room, bob)
    assert bob.texts(conv) == ["one"] and last_reason(bob) == "replayed"


def test_nobody_puts_words_under_a_name_by_an_id_that_waits() -> None:
    room, (alice, bob, carmen), conv = waiting_pair()
    first = forge(bob, alice, conv, Text("alice's words"))
    push(room, bob, conv, first)
    push(
        room,
        bob,
        conv,
        forge(bob, carmen, conv, Text("carmen's words"), message_id=first.message_id),
    )
    assert last_reason(bob) == "replayed"
    let_keys_come(room, bob)
    row = bob.store.row(first.message_id)
    assert row is not None and (row.sender, row.text) == (alice.uid, "alice's words")


def late_key() -> tuple[ClassRoom, list[Participant], bytes, bytes]:
    """bob reads what was written under the newest key, and lacks the one before."""
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen", history_all=False)
    dan = room.enter("dan")
    room.settle()
    bob.tamper = lambda message: (
        None if isinstance(message, Boxes) and message.epoch == 1 else message
    )
    alice.order(AddMembers(conv_id=conv, uids=(dan.uid,)))  # epoch 1, whose key bob does not get
    room.settle()
    sent = alice.say(conv, "one")
    room.settle()
    alice.say(conv, "two")
    room.settle()
    bob.kill()
    alice.order(RemoveMembers(conv_id=conv, uids=(dan.uid,)))
    room.settle()
    erin = room.enter("erin")
    room.settle()
    alice.order(AddMembers(conv_id=conv, uids=(erin.uid,)))  # no link back to what was before erin
    room.settle()
    alice.order(ReactToMessage(message_id=sent, emoji="👍"))
    alice.say(conv, "three")
    carmen.order(ReactToMessage(message_id=sent, emoji="👍"))
    room.settle()
    bob.tamper = lambda message: (
        None if isinstance(message, Boxes) and message.epoch < 3 else message
    )
    bob.start()
    room.settle()
    assert (
        bob.texts(conv) == ["three"]
        and in_english(bob.shown[conv].status) == "Waiting for the key of 4 messages"
    )
    return room, [alice, bob, carmen], conv, sent


def test_a_key_that_comes_late_opens_what_waited_among_what_is_open() -> None:
    room, (alice, bob, carmen), conv, sent = late_key()
    let_keys_come(room, bob)
    assert bob.texts(conv) == ["one", "two", "three"] and not bob.quarantined()
    row = bob.store.row(sent)
    assert row is not None and row.reactions[0].uids == (alice.uid, carmen.uid)


def test_a_device_that_counts_backwards_is_noticed_when_the_late_key_comes() -> None:
    room, (alice, bob, _), conv, _ = late_key()
    last = known_sender(bob, alice, conv)
    assert last is not None
    # As if "three" had been numbered below what waits.
    conversation_of(bob, conv).incoming.note_sender(msgspec.structs.replace(last, n=2))
    let_keys_come(room, bob)
    assert bob.texts(conv) == ["one", "three"] and last_reason(bob) == "replayed"


def test_history_that_is_withheld_leaves_no_gap() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen", history_all=False)
    alice.say(conv, "one")
    room.settle()
    alice.order(RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    room.settle()
    alice.say(conv, "two")
    alice.say(conv, "three")
    room.settle()
    alice.order(AddMembers(conv_id=conv, uids=(bob.uid,)))
    room.settle()
    alice.say(conv, "four")
    room.settle()
    assert bob.texts(conv) == ["one", "four"] and not bob.quarantined()
    assert carmen.texts(conv) == ["one", "two", "three", "four"]
