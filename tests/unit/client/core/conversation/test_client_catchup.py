"""Reading logs: gaps, pages, refusals, many at once, the directory first; and receipts that were
missed.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from client.api.events import (
    AddMembers,
    CreateGroup,
    MessageStateChanged,
    OpenDirect,
    WaitUntilRead,
)
from client.api.values import MessageState
from client.core import core
from client.core.state.effects import Received, Ticked
from shared.codec import encode
from shared.crypto.accounts import verify_genesis
from shared.crypto.content import Text
from shared.crypto.identity import rotate_uk
from shared.messages import (
    DIRECTORY_LOG,
    MAX_PAGE_ENTRIES,
    AdvanceCursor,
    AppendChain,
    CursorsAdvanced,
    Entries,
    Entry,
    EntryKind,
    FetchBoxes,
    Heads,
    LogHead,
    Message,
    MessageAccepted,
    ReadLog,
    Refused,
)
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import (
    conversation_of,
    forge,
    push,
    sent_by,
    statement_entry,
    without_boxes,
)


def pair() -> tuple[ClassRoom, Participant, Participant, bytes]:
    """alice and bob with a group."""
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, alice, bob, done.data


def tick(room: ClassRoom, person: Participant, ms: int) -> list[Message]:
    room.now_ms += ms
    return sent_by(person, Ticked(room.moment))


def refused(room: ClassRoom, code: str, about: bytes) -> Received:
    return Received(room.moment, Refused(code, "Why.", about, [], 0))


def once(
    kind: type[Message], log_id: bytes, instead: Message | None
) -> Callable[[Message], Message | None]:
    """A connection on which the first message of a kind about a log is another one, or lost."""
    left = [1]

    def tamper(message: Message) -> Message | None:
        if isinstance(message, kind) and getattr(message, "log_id", b"") == log_id and left:
            left.pop()
            return instead
        return message

    return tamper


# --- gaps and repeats ---


def test_a_push_that_was_lost_is_read() -> None:
    room, alice, bob, conv = pair()
    bob.tamper = once(Entries, conv, None)
    alice.say(conv, "one")
    room.flow()
    assert bob.texts(conv) == []
    alice.say(conv, "two")
    room.settle()
    assert bob.texts(conv) == ["one", "two"] and not bob.quarantined()


def test_entries_that_are_known_already_change_nothing() -> None:
    room, alice, bob, conv = pair()
    alice.say(conv, "one")
    room.settle()
    known = room.storage.entries_after(conv, 0, 99, 99, 1 << 20)
    push(room, bob, conv, *known)
    directory = room.storage.entries_after(DIRECTORY_LOG, 0, 99, 99, 1 << 20)
    bob.hand(Received(room.moment, Entries(DIRECTORY_LOG, directory, len(directory))))
    assert bob.texts(conv) == ["one"] and not bob.quarantined()
    assert bob.core._work.saved_self.directory_cursor == len(directory)


def test_a_directory_push_with_a_gap_is_read() -> None:
    room, alice, bob, _ = pair()
    beyond = Entry(9, int(EntryKind.ROLE), alice.uid, 5, b"", b"", b"")
    sent = sent_by(bob, Received(room.moment, Entries(DIRECTORY_LOG, [beyond], 9)))
    assert sent == [ReadLog(DIRECTORY_LOG, 2, MAX_PAGE_ENTRIES)] and not bob.quarantined()
    room.settle()
    assert bob.core._work.saved_self.directory_cursor == 2


def test_a_record_about_people_who_are_not_known_yet_waits_for_the_directory() -> None:
    room, alice, bob, conv = pair()
    bob.tamper = once(Entries, DIRECTORY_LOG, None)
    carmen = room.enter("carmen")
    # alice lets carmen into the class channels: a record with an account that was not pushed
    room.settle()
    assert carmen.uid in bob.core._work.people.accounts
    alice.order(AddMembers(conv_id=conv, uids=(carmen.uid,)))
    alice.say(conv, "welcome")
    room.settle()
    assert (
        bob.texts(conv) == ["welcome"]
        and len(bob.shown[conv].members) == 3
        and not bob.quarantined()
    )


def test_a_statement_of_somebody_the_directory_does_not_know_is_set_aside_after_one_look() -> None:
    room, alice, bob, conv = pair()
    stranger = msgspec.structs.replace(
        statement_entry(bob, alice, conv, EntryKind.JOIN), sender=b"s" * 16
    )
    push(room, bob, conv, stranger)
    assert not bob.quarantined()  # the directory is read first
    bob.hand(Received(room.moment, Entries(DIRECTORY_LOG, [], 2)))
    push(room, bob, conv, stranger)
    assert [notice.reason for notice in bob.quarantined()] == ["unknown_account"]


def test_what_is_pushed_before_the_directory_is_read_comes_after_it() -> None:
    room, alice, bob, conv = pair()
    bob.cut()
    alice.say(conv, "early")
    held: list[Message] = []

    def hold(message: Message) -> Message | None:
        if isinstance(message, Entries) and message.log_id == DIRECTORY_LOG and not held:
            held.append(message)
            return None
        return message

    bob.tamper = hold
    room.settle()
    assert held and bob.texts(conv) == []
    alice.say(conv, "pushed")
    fresh = alice.order(CreateGroup(request_id=2, name="fresh", members=(bob.uid,)))
    assert fresh is not None and isinstance(fresh.data, bytes)
    room.flow()
    assert bob.texts(conv) == [] and conversation_of(bob, fresh.data).snapshot is None
    bob.hand(Received(room.moment, held[0]))
    room.settle()
    assert bob.texts(conv) == ["early", "pushed"] and bob.shown[fresh.data].name == "fresh"


@pytest.mark.slow
def test_many_logs_are_read_a_few_at_a_time() -> None:
    room, alice, bob, _ = pair()
    bob.reachable = False
    bob.cut()
    groups = []
    for number in range(40):
        done = alice.order(CreateGroup(request_id=1, name=f"g{number}", members=(bob.uid,)))
        assert done is not None and isinstance(done.data, bytes)
        groups.append(done.data)
        alice.say(done.data, f"m{number}")
    room.settle()
    most = 0
    bob.reachable = True
    for _ in range(200):
        room.pass_time(200)
        while room.step():
            most = max(most, bob.core._catch_up._on_way)
        if all(bob.texts(conv) for conv in groups):
            break
    assert [bob.texts(conv) for conv in groups] == [[f"m{number}"] for number in range(40)]
    assert most == 16


# --- refusals ---


@pytest.mark.parametrize("code", ["slow_down", "busy", "internal"])
def test_a_log_that_could_not_be_read_is_read_again(code: str) -> None:
    room, alice, bob, conv = pair()
    bob.cut()
    alice.say(conv, "one")
    bob.tamper = once(Entries, conv, Refused(code, "Why.", conv, [], 0))
    room.settle()
    assert bob.texts(conv) == ["one"]


def test_a_directory_that_could_not_be_read_is_read_again() -> None:
    room, alice, bob, conv = pair()
    bob.cut()
    alice.say(conv, "one")
    bob.tamper = once(Entries, DIRECTORY_LOG, Refused("internal", "Why.", DIRECTORY_LOG, [], 0))
    room.settle()
    assert bob.core._work.is_directory_read and bob.texts(conv) == ["one"]


def test_keys_that_could_not_be_fetched_are_fetched_again() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    bob.tamper = without_boxes()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    bob.tamper = lambda message: message
    assert sent_by(bob, refused(room, "internal", conv)) == []
    sent = tick(room, bob, 1_000)
    assert ReadLog(conv, 1, MAX_PAGE_ENTRIES) in sent and FetchBoxes(conv, 0) in sent
    room.settle()
    assert conversation_of(bob, conv).head_seed()


def test_refusals_about_something_else_change_nothing() -> None:
    room, alice, bob, conv = pair()
    for about in (b"", b"?" * 16):
        assert sent_by(bob, refused(room, "malformed", about)) == []
        assert sent_by(bob, refused(room, "slow_down", about)) == []
    assert sent_by(bob, refused(room, "not_a_member", conv)) == []
    bob.reachable = False
    bob.cut()
    assert sent_by(bob, refused(room, "not_a_member", conv)) == []
    assert bob.shown[conv].is_member


def test_a_log_that_ends_before_its_head_is_not_asked_for_for_ever() -> None:
    room, alice, bob, conv = pair()
    assert sent_by(bob, Received(room.moment, Heads([LogHead(conv, 9)]))) == [
        ReadLog(conv, 1, MAX_PAGE_ENTRIES)
    ]
    assert sent_by(bob, Received(room.moment, Entries(conv, [], 9))) == []
    assert conversation_of(bob, conv).is_caught_up


# --- receipts ---


def states(person: Participant, message_id: bytes) -> list[MessageState]:
    return [
        n.state
        for n in person.notices
        if isinstance(n, MessageStateChanged) and n.message_id == message_id
    ]


@pytest.mark.parametrize("is_lagging", [True, False])
def test_receipts_that_were_missed_while_away_or_lagging_are_fetched(is_lagging: bool) -> None:
    room, alice, bob, conv = pair()
    alice.tamper = lambda message: None if isinstance(message, CursorsAdvanced) else message
    sent = alice.say(conv, "hello")
    room.settle()
    assert states(alice, sent)[-1] is MessageState.STORED
    alice.tamper = lambda message: message
    if is_lagging:  # all heads at once: the broker could not send for a while
        heads = Heads([LogHead(DIRECTORY_LOG, 2), LogHead(conv, 2)])
        alice.hand(Received(room.moment, heads))
    else:
        alice.cut()
    room.settle()
    assert states(alice, sent)[-1] is MessageState.DELIVERED


def test_receipts_that_were_told_before_the_message_was_read_are_fetched() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "hello")
    room.deliver_to_broker(alice)
    alice.cut()  # before the answer: bob reads and says so while alice is away
    bob.hand(Ticked(room.moment))
    while bob.to_client or bob.to_broker:
        room.step()
    tick(room, bob, 200)
    room.deliver_to_broker(bob)
    room.settle()
    assert states(alice, sent)[-1] is MessageState.DELIVERED


def test_answers_that_were_lost_while_lagging_are_asked_for_again() -> None:
    room, alice, bob, conv = pair()
    bob.tamper = without_boxes()
    done = alice.order(CreateGroup(request_id=1, name="club", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    sent = bob.say(conv, "is this lost?")
    bob.to_broker.clear()  # as if the answer had been a refusal that was lost
    bob.tamper = lambda message: message
    online = bob.core._work.people.online
    bob.hand(Received(room.moment, Heads([LogHead(DIRECTORY_LOG, 2), LogHead(conv, 1)])))
    assert bob.core._work.people.online == online != set()
    room.settle()
    assert conversation_of(bob, done.data).head_seed()
    assert states(bob, sent)[-1] is MessageState.DELIVERED


def test_a_cursor_that_was_refused_for_now_is_said_again() -> None:
    room, _, bob, conv = pair()
    assert sent_by(bob, refused(room, "busy", conv)) == []
    tick(room, bob, 1_000)
    assert AdvanceCursor(conv, 1) in tick(room, bob, 100)


def test_who_was_removed_still_reads_up_to_that_when_a_cursor_is_refused() -> None:
    room, _, bob, conv = pair()
    bob.hand(Received(room.moment, Heads([LogHead(conv, 3)])))
    bob.to_broker.clear()
    bob.hand(refused(room, "not_a_member", conv))
    assert conversation_of(bob, conv).reach.head == 3
    assert ReadLog(conv, 1, MAX_PAGE_ENTRIES) in sent_by(bob, refused(room, "not_a_member", conv))


def test_an_accepted_message_whose_entry_does_not_come_is_read() -> None:
    room, alice, bob, conv = pair()
    alice.tamper = once(Entries, conv, None)
    sent = alice.say(conv, "hello")
    room.flow()
    assert states(alice, sent)[-1] is MessageState.STORED
    assert ReadLog(conv, 1, MAX_PAGE_ENTRIES) in tick(room, alice, 1_000)
    alice.tamper = once(Entries, conv, None)
    alice.say(conv, "again")
    room.flow()
    alice.cut()
    assert not any(
        isinstance(message, ReadLog) for message in tick(room, alice, 1_000)
    )  # nobody to ask
    room.settle()
    assert alice.texts(conv) == bob.texts(conv) == ["hello", "again"]


def test_an_entry_that_came_before_its_answer_needs_no_reading() -> None:
    room, alice, _, conv = pair()
    sent = alice.say(conv, "hello")
    room.settle()
    assert sent_by(alice, Received(room.moment, MessageAccepted(sent, conv, 2))) == []
    assert not any(isinstance(message, ReadLog) for message in tick(room, alice, 1_000))


# --- old account keys ---


@pytest.mark.parametrize("restarts", [False, True])
def test_a_renewed_key_is_heeded_even_after_a_restart(restarts: bool) -> None:
    room, alice, bob, conv = pair()
    fresh, blob = rotate_uk(
        bob.identity, verify_genesis(bob.identity.genesis), 2_000, lambda n: b"r" * n
    )
    bob.core._work.identity = fresh
    bob.to_broker.append(encode(AppendChain(b"c" * 16, blob)))
    room.settle()
    if restarts:
        alice.kill()
        alice.start()
        room.settle()
    alice.say(conv, "hello")
    room.settle()
    snapshot = conversation_of(alice, conv).snapshot
    assert snapshot is not None and snapshot.epoch == 1 and bob.texts(conv) == ["hello"]


def test_what_was_refused_is_not_asked_for_without_a_connection() -> None:
    room, _, bob, conv = pair()
    bob.core._catch_up.on_refused(conv, "busy")
    bob.reachable = False
    bob.cut()
    room.pass_time(1500)  # the state is looked at after every event
    assert not bob.core._catch_up._reading
    bob.reachable = True
    room.settle()
    assert bob.core._work.is_directory_read


# --- what never ends ---


def test_a_conversation_that_is_never_at_rest_is_a_fault_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room, alice, bob, conv = pair()
    monkeypatch.setattr(core, "advance", lambda work, found: work.touch(found))
    with pytest.raises(core.Restless, match=conv.hex()):
        push(room, bob, conv, forge(bob, alice, conv, Text("hi")))


def test_a_direct_conversation_is_known_by_its_first_record() -> None:
    room, alice, bob, _ = pair()
    alice.order(OpenDirect(uid=bob.uid))
    direct = room.direct("alice", "bob")
    alice.say(direct, "psst")
    room.settle()
    assert bob.shown[direct].name == "alice" and bob.texts(direct) == ["psst"]
    strange = Entry(1, int(EntryKind.RECORD), alice.uid, 5, b"m" * 16, b"junk", b"")
    push(room, bob, b"z" * 16, strange)
    assert b"z" * 16 not in bob.shown  # an id alone has no place in the sidebar


def test_who_waits_until_all_is_read_is_told_when_it_is() -> None:
    room, alice, bob, conv = pair()
    bob.kill()
    alice.say(conv, "while bob was away")
    room.settle()
    bob.start()
    assert bob.order(WaitUntilRead(request_id=7)) is None  # not connected yet
    room.settle()
    assert bob.answer(7).ok and bob.texts(conv) == ["while bob was away"]
    assert bob.order(WaitUntilRead(request_id=8)) is not None  # nothing to be read: at once
