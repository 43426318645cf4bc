"""Which pages are asked for ahead, what becomes of those that do not fit on, and logs that are held
for a key.
"""

from __future__ import annotations

import pytest

from client.api.events import AddMembers, CreateGroup
from client.core.conversation import log_reading as catchup
from client.core.conversation import page_window as paging
from client.core.conversation.page_window import PAGES_AHEAD, Pages
from client.core.state.effects import Received
from shared.messages import (
    MAX_PAGE_ENTRIES,
    Boxes,
    Entries,
    Entry,
    FetchBoxes,
    Message,
    ReadLog,
    Refused,
)
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import conversation_of, push, sent_by

KIB = 1024


def page(first: int, count: int, size: int = 400) -> list[Entry]:
    return [Entry(first + at, 1, b"", 0, b"", bytes(size), b"") for at in range(count)]


# --- which pages ---


def test_the_first_page_says_how_many_entries_the_next_ones_shall_hold() -> None:
    pages = Pages()
    assert pages.is_idle and pages.next_asks(0, 0, 16) == []
    assert pages.next_asks(0, 9000, 16) == [(0, MAX_PAGE_ENTRIES)]
    assert pages.next_asks(0, 9000, 16) == []  # of what size is not known yet
    assert pages.answered(page(1, 500, 1 * KIB), 9000)
    size = 448
    assert pages.next_asks(500, 9000, 16) == [(500 + at * size, size) for at in range(PAGES_AHEAD)]
    assert len(pages) == PAGES_AHEAD and pages.next_asks(500, 9000, 16) == []


def test_small_entries_let_the_pages_grow_to_the_limit_and_large_ones_shrink_to_one() -> None:
    pages = Pages()
    pages.next_asks(0, 9000, 1)
    pages.answered(page(1, 1, 512 * KIB), 9000)
    assert pages.next_asks(1, 9000, 1) == [(1, 1)]
    pages.answered(page(2, 1, 0), 9000)
    assert pages.next_asks(2, 9000, 1) == [(2, MAX_PAGE_ENTRIES)]


def test_no_more_is_asked_for_than_there_is_and_than_there_is_room() -> None:
    pages = Pages()
    assert pages.next_asks(0, 50, 0) == []
    pages.next_asks(0, 1200, 16)
    pages.answered(page(1, 1000), 1200)
    assert pages.next_asks(1000, 1200, 16) == [(1000, MAX_PAGE_ENTRIES)]
    assert pages.answered(page(1001, 200), 1200) and pages.is_idle


def test_pages_behind_a_short_one_are_let_go_and_it_begins_anew() -> None:
    pages = Pages()
    pages.next_asks(0, 9000, 16)
    pages.answered(page(1, 1000), 9000)
    assert len(pages.next_asks(1000, 9000, 16)) == PAGES_AHEAD
    assert pages.answered(page(1001, 10, 50 * KIB), 9000)  # the rest of this page is missing
    assert pages.next_asks(1010, 9000, 16) == []
    for first in (2001, 3001, 4001):
        assert len(pages) and pages.next_asks(1010, 9000, 16) == []
        pages.answered(page(first, 1000), 9000)
    assert pages.next_asks(1010, 9000, 1)[0][0] == 1010


def test_what_was_pushed_answers_nothing() -> None:
    pages = Pages()
    pages.next_asks(0, 90, 16)
    assert not pages.answered(page(90, 1), 90) and len(pages) == 1
    pages.forget_first()
    assert len(pages) == 0


def test_an_empty_answer_is_the_end_only_if_nothing_else_is_on_its_way() -> None:
    pages = Pages()
    assert pages.ended()
    pages.begin(0)
    assert pages.ended()
    pages.begin(0)
    pages.begin(7)
    assert not pages.ended() and pages.ended()


# --- with a broker ---


def pair() -> tuple[ClassRoom, Participant, Participant, bytes]:
    """alice and bob with a group."""
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, alice, bob, done.data


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGE_ENTRIES", 5)


def leave(bob: Participant) -> None:
    bob.reachable = False
    bob.cut()


def write(room: ClassRoom, person: Participant, conv: bytes, *texts: str) -> None:
    for text in texts:
        person.say(conv, text)
        room.settle(1000)


def numbered(first: int, count: int) -> list[str]:
    return [f"m{number}" for number in range(first, first + count)]


@pytest.mark.usefixtures("small_pages")
def test_several_pages_are_on_their_way_at_once_and_all_come_in_order() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    write(room, alice, conv, *numbered(0, 43))
    bob.reachable = True
    most = 0
    for _ in range(100):
        room.pass_time(200)
        while room.step():
            most = max(most, bob.core._catch_up._on_way)
    assert most == PAGES_AHEAD
    assert (
        bob.texts(conv) == numbered(0, 43)
        and not bob.quarantined()
        and not bob.core._catch_up._reading
    )


@pytest.mark.usefixtures("small_pages")
def test_a_connection_that_ends_between_pages_loses_and_repeats_nothing() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    write(room, alice, conv, *numbered(0, 43))
    bob.reachable = True
    cut = 0
    for _ in range(400):
        room.pass_time(200)
        while room.step():
            if bob.core._catch_up._on_way == PAGES_AHEAD and cut < 5:
                cut += 1
                bob.cut()
    assert cut == 5 and bob.texts(conv) == numbered(0, 43) and not bob.quarantined()


def new_key(room: ClassRoom, alice: Participant, conv: bytes, name: str = "carmen") -> None:
    added = room.enter(name)
    room.settle()
    alice.order(AddMembers(conv_id=conv, uids=(added.uid,)))
    room.settle()


@pytest.mark.usefixtures("small_pages")
def test_an_empty_answer_to_one_of_several_pages_ends_nothing() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    write(room, alice, conv, *numbered(0, 43))
    bob.reachable = True
    while bob.core._catch_up._on_way < PAGES_AHEAD:
        room.pass_time(200)
        while bob.core._catch_up._on_way < PAGES_AHEAD and room.step():
            pass
    bob.hand(Received(room.moment, Entries(conv, [], 44)))
    assert (
        not conversation_of(bob, conv).is_caught_up
        and not conversation_of(bob, conv).reach.is_withheld
    )
    room.settle(20_000)
    assert bob.texts(conv) == numbered(0, 43) and not bob.quarantined()


@pytest.mark.usefixtures("small_pages")
def test_two_keys_in_a_row_hold_the_log_twice() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    write(room, alice, conv, *numbered(0, 6))
    new_key(room, alice, conv)
    write(room, alice, conv, "between")
    new_key(room, alice, conv, "dan")
    write(room, alice, conv, *numbered(6, 20))
    bob.reachable = True
    room.settle(20_000)
    assert (
        bob.texts(conv) == [*numbered(0, 6), "between", *numbered(6, 20)] and not bob.quarantined()
    )
    assert bob.updates(conv) == [] and bob.core._catch_up._holds[conv] == 2


@pytest.mark.usefixtures("small_pages")
def test_a_log_is_held_until_the_key_is_here_so_that_no_message_waits() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    write(room, alice, conv, *numbered(0, 12))
    new_key(room, alice, conv)
    write(room, alice, conv, *numbered(12, 30))
    bob.reachable = True
    room.settle(20_000)
    assert bob.texts(conv) == numbered(0, 42) and not bob.quarantined()
    assert bob.updates(conv) == []  # every row was shown as it is


@pytest.mark.usefixtures("small_pages")
def test_a_key_that_does_not_come_holds_the_log_for_a_moment_only() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    write(room, alice, conv, *numbered(0, 6))
    new_key(room, alice, conv)
    write(room, alice, conv, *numbered(6, 12))
    bob.tamper = lambda message: None if isinstance(message, Boxes) else message
    bob.reachable = True
    while conv not in bob.core._catch_up._held:
        room.pass_time(100)
        while room.step():
            pass
    push(room, bob, conv, *page(99, 1))  # not asked for: it is read later
    assert len(bob.core._catch_up._held[conv]) == 3 and not bob.core._catch_up.is_complete
    room.pass_time(catchup.HOLD_MS)
    room.settle(20_000)
    assert [row.kind for row in bob.rows(conv)].count("waiting") == 12
    bob.tamper = lambda message: message
    leave(bob)
    bob.reachable = True
    room.settle(20_000)
    assert bob.texts(conv) == numbered(0, 18) and not bob.quarantined()


def held(room: ClassRoom, alice: Participant, bob: Participant, conv: bytes) -> None:
    """bob is back and has asked for a key; nothing of it has come."""
    leave(bob)
    new_key(room, alice, conv)
    write(room, alice, conv, "after")
    lost: list[Message] = []

    def is_key(message: Message) -> bool:
        return isinstance(message, Boxes) and message.conv_id == conv

    bob.tamper = lambda message: lost.append(message) if is_key(message) else message
    bob.reachable = True
    while not lost:
        room.pass_time(100)
        while room.step():
            pass
    bob.tamper = lambda message: message


def test_a_refused_key_is_asked_for_again_with_the_log() -> None:
    room, alice, bob, conv = pair()
    held(room, alice, bob, conv)
    assert sent_by(bob, Received(room.moment, Refused("internal", "Why.", conv, [], 0))) == []
    room.settle()
    assert bob.texts(conv) == ["after"] and bob.updates(conv) == []


def test_the_boxes_of_another_epoch_do_not_end_the_wait() -> None:
    room, alice, bob, conv = pair()
    held(room, alice, bob, conv)
    sent_by(bob, Received(room.moment, Boxes(conv, 0, [])))
    assert conv in bob.core._catch_up._held
    sent = sent_by(bob, Received(room.moment, Boxes(conv, 1, [])))
    assert conv not in bob.core._catch_up._held and not any(
        isinstance(one, ReadLog | FetchBoxes) for one in sent
    )
    assert bob.rows(conv)[-1].kind == "waiting"


def test_after_many_holds_messages_wait_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchup, "MAX_HOLDS", 0)
    room, alice, bob, conv = pair()
    leave(bob)
    new_key(room, alice, conv)
    write(room, alice, conv, "after")
    bob.reachable = True
    room.settle()
    assert bob.texts(conv) == ["after"] and bob.updates(conv) != []


def test_a_header_that_cannot_be_read_holds_nothing() -> None:
    room, alice, bob, conv = pair()
    leave(bob)
    new_key(room, alice, conv)
    bob.tamper = lambda message: None if isinstance(message, Boxes) else message
    bob.reachable = True
    room.settle()
    conversation = conversation_of(bob, conv)
    conversation.keys.keys_asked.clear()
    entry = Entry(conversation.log.cursor + 1, 1, alice.uid, 5, b"m" * 16, b"nothing", b"")
    bob.hand(Received(room.moment, Entries(conv, [entry], entry.sequence)))
    assert not bob.core._catch_up._held and bob.rows(conv)[-1].kind == "quarantined"
