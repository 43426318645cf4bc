"""How a conversation is seen: unread, receipts, typing, what waits; and rows that are not on disk
yet.
"""

from __future__ import annotations

import pytest

from client.api.events import (
    AddMembers,
    CreateGroup,
    EditMessage,
    LeaveGroup,
    MarkRead,
    MessageStateChanged,
    OpenDirect,
    RemoveMembers,
    RowsAppended,
    SaveUnsentText,
    SetTyping,
    TypingChanged,
)
from client.api.values import ConversationKind, MessageState
from client.core.state.effects import Received, SaveRow, Ticked
from client.core.state.rows import RowBook
from client.core.state.saved import StoredRow
from shared.codec import decode_requests
from shared.messages import AdvanceCursor, Cursor, CursorsAdvanced, StartTyping, TypingShown
from tests.bench.client import MemoryStore
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import conversation_of, sent_by, without_boxes
from tests.support.saying import in_english


def team(*names: str) -> tuple[ClassRoom, list[Participant], bytes]:
    room = ClassRoom(names)
    people = list(room.people.values())
    order = CreateGroup(
        request_id=1, name="team", members=tuple(person.uid for person in people[1:])
    )
    done = people[0].order(order)
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, people, done.data


def progress(person: Participant, message_id: bytes) -> list[tuple[MessageState, tuple[str, ...]]]:
    found = [
        n
        for n in person.notices
        if isinstance(n, MessageStateChanged) and n.message_id == message_id
    ]
    return [(notice.state, notice.delivered_to) for notice in found if notice.delivered_to]


# --- receipts ---


def test_receipts_are_told_one_by_one_until_all_have_it() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    carmen.reachable = False
    carmen.cut()
    sent = alice.say(conv, "hello")
    room.settle()
    assert progress(alice, sent) == [(MessageState.STORED, ("bob",))]
    known = CursorsAdvanced(conv, [Cursor(bob.uid, 1)])
    alice.hand(Received(room.moment, known))  # nothing new
    assert progress(alice, sent) == [(MessageState.STORED, ("bob",))]
    carmen.reachable = True
    room.settle(40_000)
    assert progress(alice, sent)[-1] == (MessageState.DELIVERED, ("bob", "carmen"))


def test_who_stays_away_makes_no_message_to_be_told_again_and_again() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    carmen.reachable = False
    carmen.cut()
    sent = []
    for number in range(12):
        sent.append(alice.say(conv, f"message {number}"))
        room.settle()
    for message_id in sent:
        assert progress(alice, message_id) == [(MessageState.STORED, ("bob",))]
    carmen.reachable = True
    room.settle(40_000)
    assert all(
        progress(alice, one)[-1] == (MessageState.DELIVERED, ("bob", "carmen")) for one in sent
    )


def test_a_member_who_leaves_is_not_waited_for() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    carmen.reachable = False
    carmen.cut()
    sent = alice.say(conv, "hello")
    room.settle()
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    room.settle()
    assert progress(alice, sent)[-1] == (MessageState.DELIVERED, ("bob",))


def test_who_left_reports_nothing_more() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    bob.order(LeaveGroup(conv_id=conv))
    room.flow()
    room.now_ms += 200
    assert not any(
        isinstance(m, AdvanceCursor) and m.conv_id == conv
        for m in sent_by(bob, Ticked(room.moment))
    )


def test_a_message_and_its_change_in_one_page_are_shown_once() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    bob.reachable = False
    bob.cut()
    sent = alice.say(conv, "frist")
    room.settle()
    alice.order(EditMessage(message_id=sent, text="first"))
    room.settle()
    bob.reachable = True
    room.settle(40_000)
    appended = [
        row
        for n in bob.notices
        if isinstance(n, RowsAppended) and n.conv_id == conv
        for row in n.rows
    ]
    assert [row.text for row in appended if row.message_id == sent] == [
        "first"
    ] and not bob.updates(conv)


# --- typing ---


def names(person: Participant) -> tuple[str, ...]:
    found = person.seen(TypingChanged)[-1]
    assert isinstance(found, TypingChanged)
    return found.usernames


def test_several_type_and_each_stops_in_their_time() -> None:
    room, (alice, bob, carmen), conv = team("alice", "bob", "carmen")
    bob.order(SetTyping(conv_id=conv))
    room.flow()
    room.settle(2_000)
    carmen.order(SetTyping(conv_id=conv))
    room.flow()
    assert names(alice) == ("bob", "carmen")
    room.settle(3_200)
    assert names(alice) == ("carmen",)
    carmen.say(conv, "done")
    room.flow()
    assert names(alice) == ()


def test_typing_is_said_once_per_while_and_not_by_outsiders() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    alice.order(SetTyping(conv_id=conv))
    assert [type(message) for message in _sent(alice)] == [StartTyping]
    alice.order(SetTyping(conv_id=conv))
    assert len(_sent(alice)) == 1
    room.settle(4_000)
    alice.order(SetTyping(conv_id=conv))
    assert len(_sent(alice)) == 1
    before = len(bob.seen(TypingChanged))
    for uid in (bob.uid, b"u" * 16):
        bob.hand(Received(room.moment, TypingShown(conv, uid)))
    assert len(bob.seen(TypingChanged)) == before
    bob.hand(Received(room.moment, TypingShown(b"?" * 16, alice.uid)))
    assert len(bob.seen(TypingChanged)) == before


def _sent(person: Participant) -> list[object]:
    return [message for frame in person.to_broker for message in decode_requests(frame)]


# --- how it is seen ---


def test_a_read_line_never_goes_back() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    for number in range(3):
        alice.say(conv, f"m{number}")
    room.settle()
    bob.order(MarkRead(conv_id=conv, position=3))
    bob.order(MarkRead(conv_id=conv, position=1))
    assert (bob.shown[conv].read_position, bob.shown[conv].unread) == (3, 1)


def test_a_group_is_seen_before_it_is_created_and_after_one_left() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    alice.reachable = False
    alice.cut()
    kinds = []
    for number, is_private in enumerate((True, False)):
        order = CreateGroup(
            request_id=1, name=f"g{number}", members=(bob.uid,), is_private=is_private
        )
        done = alice.order(order)
        assert done is not None and isinstance(done.data, bytes)
        view = alice.shown[done.data]
        kinds.append(view.kind)
        assert view.is_member and view.can_write and len(view.members) == 2 and not view.can_add
    assert kinds == [ConversationKind.GROUP, ConversationKind.CHANNEL]
    alice.reachable = True
    room.settle(40_000)
    conv = done.data
    bob.order(LeaveGroup(conv_id=conv))
    room.settle()
    assert not bob.shown[conv].is_member and in_english(bob.shown[conv].status).startswith(
        "You are no longer a member"
    )


def test_one_message_that_waits_is_one_message() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    bob.tamper = without_boxes()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    assert (
        in_english(bob.shown[conv].status) == "Waiting for the key of this conversation"
        and bob.shown[conv].name == "…"
    )
    alice.say(conv, "one")
    room.settle()
    assert in_english(bob.shown[conv].status) == "Waiting for the key of 1 message"


def test_a_newcomer_waits_for_the_class_channels() -> None:
    room = ClassRoom(["alice"])
    room.people["alice"].reachable = False
    room.people["alice"].cut()
    bob = room.enter("bob")
    room.flow()
    room.settle(400)
    view = bob.shown[room.general]
    assert (
        view.is_waiting
        and in_english(view.status) == "Waiting to be let in by somebody who is online"
    )


def test_an_unsent_text_keeps_a_direct_conversation_in_the_list() -> None:
    room, (alice, bob), _ = team("alice", "bob")
    alice.order(OpenDirect(uid=bob.uid))
    direct = room.direct("alice", "bob")
    alice.order(SaveUnsentText(conv_id=direct, text="dear"))
    conversation_of(alice, direct).about.is_opened = False
    alice.order(SaveUnsentText(conv_id=direct, text="dear bob"))
    assert alice.shown[direct].unsent_text == "dear bob" and len(alice.shown[direct].members) == 2


def test_a_group_changed_by_others_is_read_back_from_disk() -> None:
    room, (alice, bob), conv = team("alice", "bob")
    carmen = room.enter("carmen")
    room.settle()
    alice.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    alice.order(CreateGroup(request_id=2, name="club", members=(), is_private=False))
    room.settle()
    before = dict(bob.shown)
    bob.kill()
    bob.start()
    room.settle()
    assert bob.shown == before and "club" in {view.name for view in bob.shown.values()}


# --- rows that are ordered but not on disk ---


def row(
    position: int,
    sequence: int,
    *,
    is_own: bool = False,
    mentions: bool = False,
    conv: bytes = b"c",
) -> StoredRow:
    message_id = conv + bytes([position])
    return StoredRow(
        conv_id=conv,
        position=position,
        message_id=message_id,
        sequence=sequence,
        kind="text",
        sender=b"s",
        sent_at_ms=5,
        text="x",
        is_own=is_own,
        mentions_me=mentions,
    )


@pytest.fixture
def book() -> RowBook:
    """Positions 0 to 2 are on disk, 2 and 3 are ordered to be saved."""
    store = MemoryStore()
    store.apply([SaveRow(row(0, 1)), SaveRow(row(1, 2, is_own=True)), SaveRow(row(2, 3))])
    found = RowBook(store)
    found.put(row(2, 3, mentions=True))
    found.put(row(3, 4, is_own=True))
    found.put(row(9, 5, is_own=True, conv=b"o"))
    return found


def test_pages_show_the_newest_version_of_each_row(book: RowBook) -> None:
    assert [(found.position, found.mentions_me) for found in book.page(b"c", 1, 3)] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert [found.position for found in book.own_rows(b"c", 1, 4)] == [1, 3]
    book.settled()
    assert [found.position for found in book.page(b"c", 0, 9)] == [0, 1, 2]


def test_what_is_ordered_is_counted_in_place_of_what_is_on_disk(book: RowBook) -> None:
    assert book.count_unread(b"c", 0) == (2, 1)  # 0 and 2; the own ones do not count
    assert book.count_unread(b"c", 3) == (0, 0)
