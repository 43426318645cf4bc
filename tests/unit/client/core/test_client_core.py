"""The client core against the real broker core, in memory: writing, order, receipts, offline,
restarts.
"""

from __future__ import annotations

from client.api.events import (
    ConnectionChanged,
    CreateGroup,
    DeleteMessage,
    Done,
    EditMessage,
    LoadRows,
    MarkRead,
    MessageStateChanged,
    OpenDirect,
    PendingChanged,
    Quit,
    ReactToMessage,
    RetryNow,
    RowsLoaded,
    SaveUnsentText,
    SessionOpened,
    SetTyping,
    SignInFailed,
    TypingChanged,
)
from client.api.values import ConnectionState, Conversation, MessageState
from client.core.state.effects import Received, Save
from client.core.state.saved import SavedCursors
from shared.crypto.identity import create_identity
from shared.messages import Attached, Entries, Message, MessageAccepted, SignedOut, TypingShown
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.members import CountedRandom


def states(person: Participant, message_id: bytes) -> list[MessageState]:
    found = [
        n
        for n in person.notices
        if isinstance(n, MessageStateChanged) and n.message_id == message_id
    ]
    return [notice.state for notice in found]


def pair() -> tuple[ClassRoom, Participant, Participant, bytes]:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people["alice"], room.people["bob"]
    opened = alice.order(OpenDirect(request_id=1, uid=bob.uid))
    assert opened is not None and opened.data == room.direct("alice", "bob")
    return room, alice, bob, room.direct("alice", "bob")


def test_a_message_goes_through_all_states() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "hello")
    room.settle()
    assert bob.texts(conv) == ["hello"] == alice.texts(conv)
    assert states(alice, sent) == [
        MessageState.SAVED,
        MessageState.SENT,
        MessageState.STORED,
        MessageState.DELIVERED,
    ]
    assert not alice.quarantined() and not bob.quarantined()


def test_both_may_open_a_direct_conversation_at_once() -> None:
    room, alice, bob, conv = pair()
    bob.order(OpenDirect(uid=alice.uid))
    alice.say(conv, "from alice")
    bob.say(conv, "from bob")
    room.settle()
    assert sorted(alice.texts(conv)) == ["from alice", "from bob"]
    assert alice.texts(conv) == bob.texts(conv)


def test_everybody_is_let_into_the_class_channels() -> None:
    room = ClassRoom(["alice", "bob", "carmen"])
    for person in room.people.values():
        view = person.shown[room.general]
        assert view.is_member and view.can_write and len(view.members) == 3
        assert not person.shown[room.announcements].can_write
    room.people["alice"].say(room.general, "hi")
    room.settle()
    assert all(person.texts(room.general) == ["hi"] for person in room.people.values())


def test_staff_writes_announcements() -> None:
    room = ClassRoom(["alice"])
    teacher = room.enter("teacher", INSTRUCTOR_CODE)
    room.settle()
    assert teacher.shown[room.announcements].can_write
    teacher.say(room.announcements, "exam on friday, @alice")
    room.settle()
    alice = room.people["alice"]
    assert alice.texts(room.announcements) == ["exam on friday, @alice"]
    assert alice.shown[room.announcements].unread_mentions == 1


def test_what_is_written_offline_is_sent_later_in_order() -> None:
    room, alice, bob, conv = pair()
    alice.reachable = False
    alice.cut()
    for number in range(5):
        alice.say(conv, f"m{number}")
    assert len(alice.seen(PendingChanged)[-1].rows) == 5  # type: ignore[attr-defined]
    room.settle()
    assert bob.texts(conv) == []
    alice.kill()
    alice.reachable = True
    alice.start()
    opened = alice.seen(SessionOpened)[-1]
    assert isinstance(opened, SessionOpened) and [len(rows) for _, rows in opened.pending] == [5]
    room.settle(40_000)
    assert bob.texts(conv) == [f"m{number}" for number in range(5)]
    assert alice.texts(conv) == bob.texts(conv)
    assert not bob.quarantined()


def test_a_lost_answer_does_not_store_twice() -> None:
    room, alice, bob, conv = pair()
    alice.say(conv, "first")
    room.settle()

    def swallow(message: Message) -> Message | None:
        return None if isinstance(message, MessageAccepted | Entries) else message

    alice.tamper = swallow
    alice.say(conv, "second")
    alice.say(conv, "third")
    room.flow()
    alice.kill()
    alice.tamper = lambda message: message
    alice.start()
    room.settle()
    assert bob.texts(conv) == ["first", "second", "third"] == alice.texts(conv)
    assert len(set(bob.shown_rows(conv))) == len(bob.shown_rows(conv)) == 3
    assert not bob.quarantined() and not alice.quarantined()


def test_the_broker_may_restart_at_any_time() -> None:
    room, alice, bob, conv = pair()
    alice.say(conv, "one")
    room.settle()
    room.restart_broker()
    alice.say(conv, "two")
    room.settle(40_000)
    assert bob.texts(conv) == ["one", "two"]


def test_edit_delete_react() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "frist")
    room.settle()
    assert alice.order(EditMessage(request_id=2, message_id=sent, text="first")).ok  # type: ignore[union-attr]
    bob.order(ReactToMessage(message_id=sent, emoji="👍"))
    room.settle()
    row = bob.store.row(sent)
    assert (
        row is not None
        and row.text == "first"
        and row.is_edited
        and row.reactions[0].uids == (bob.uid,)
    )
    bob.order(ReactToMessage(message_id=sent, emoji="👍", remove=True))
    refused = bob.order(DeleteMessage(request_id=3, message_id=sent))
    assert refused is not None and refused.code == "not_allowed"
    alice.order(DeleteMessage(message_id=sent))
    room.settle()
    row = bob.store.row(sent)
    assert row is not None and row.kind == "deleted" and row.text == "" and not row.reactions
    assert not alice.quarantined() and not bob.quarantined()


def test_replies_quote_their_target() -> None:
    room, alice, bob, conv = pair()
    question = alice.say(conv, "what\nis 2 + 2?")
    room.settle()
    bob.say(conv, "4", reply_to=question)
    room.settle()
    alice.order(LoadRows(request_id=9, conv_id=conv, first=0, count=10))
    loaded = alice.seen(RowsLoaded)[-1]
    assert isinstance(loaded, RowsLoaded) and loaded.rows[1].quote is not None
    assert (loaded.rows[1].quote.username, loaded.rows[1].quote.text) == ("alice", "what is 2 + 2?")
    assert [row.position for row in loaded.rows] == [0, 1]


def view(person: Participant, conv_id: bytes) -> Conversation:
    return person.shown[conv_id]


def test_unread_counts_and_the_read_line() -> None:
    room, alice, bob, conv = pair()
    for number in range(3):
        alice.say(conv, f"m{number}")
    room.settle()
    assert (view(bob, conv).unread, view(bob, conv).read_position) == (3, 0)
    bob.order(MarkRead(conv_id=conv, position=2))
    assert (view(bob, conv).unread, view(bob, conv).read_position) == (1, 2)
    bob.order(MarkRead(conv_id=conv))
    assert (view(bob, conv).unread, view(bob, conv).read_position) == (0, 3)
    assert view(alice, conv).unread == 0


def test_typing_is_shown_for_a_while() -> None:
    room, alice, bob, conv = pair()
    alice.say(conv, "hi")
    room.settle()
    bob.order(SetTyping(conv_id=conv))
    room.flow()
    assert alice.seen(TypingChanged)[-1] == TypingChanged(conv, ("bob",))
    room.settle()
    assert alice.seen(TypingChanged)[-1] == TypingChanged(conv, ())


def test_unsent_texts_and_opened_conversations_survive_a_restart() -> None:
    room, alice, _, conv = pair()
    alice.order(SaveUnsentText(conv_id=conv, text="half a sen"))
    alice.kill()
    alice.start()
    assert view(alice, conv).unsent_text == "half a sen"


def test_a_second_sign_in_ends_the_first_for_good() -> None:
    room = ClassRoom(["alice"])
    alice = room.people["alice"]
    before = len(alice.notices)
    alice.hand(Received(room.moment, SignedOut("taken_over", "You have signed in somewhere else.")))
    room.settle(60_000)
    changes = [n for n in alice.notices[before:] if isinstance(n, ConnectionChanged)]
    assert changes[-1].state is ConnectionState.REFUSED and changes[-1].code == "taken_over"
    alice.order(RetryNow())
    room.settle()
    last = alice.seen(ConnectionChanged)[-1]
    assert isinstance(last, ConnectionChanged) and last.state is ConnectionState.ONLINE


def test_a_taken_name_is_refused_with_free_ones() -> None:
    room = ClassRoom(["alice"])
    other = Participant(room, "alice", "student-code")
    other.key = "z" * 40
    other.identity = create_identity(
        "alice", "x", 1, CountedRandom("other"), (b"p" * 40, b"s" * 40)
    )
    room.people["other"] = other
    other.start()
    room.settle()
    failed = other.seen(SignInFailed)[-1]
    assert isinstance(failed, SignInFailed)
    assert (
        failed.code == "name_taken" and failed.field == "username" and len(failed.suggestions) == 2
    )


def test_backoff_grows_and_says_when() -> None:
    room = ClassRoom(["alice"])
    alice = room.people["alice"]
    alice.reachable = False
    alice.cut()
    room.settle(120_000)
    waits = [
        n.retry_in_s
        for n in alice.notices
        if isinstance(n, ConnectionChanged) and n.code == "unreachable"
    ]
    assert len(waits) > 3 and max(waits) <= 30.2 and min(waits) >= 0.2
    alice.reachable = True
    alice.order(RetryNow())
    room.settle()
    last = alice.seen(ConnectionChanged)[-1]
    assert isinstance(last, ConnectionChanged) and last.state is ConnectionState.ONLINE


def test_quit_answers_once_all_is_saved() -> None:
    room = ClassRoom(["alice"])
    done = room.people["alice"].order(Quit(request_id=4))
    assert done == Done(4, True) and room.people["alice"].is_halted


def test_a_group_survives_until_the_broker_has_it() -> None:
    room, alice, bob, _ = pair()
    alice.reachable = False
    alice.cut()
    done = alice.order(CreateGroup(request_id=2, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    alice.say(done.data, "first words")
    alice.kill()
    alice.reachable = True
    alice.start()
    room.settle(40_000)
    assert bob.texts(done.data) == ["first words"] and view(bob, done.data).name == "team"


def test_what_is_said_or_kept_of_no_known_conversation_is_left() -> None:
    room = ClassRoom(["alice"])
    alice = room.people["alice"]
    before = len(alice.notices)
    alice.hand(Received(room.moment, TypingShown(b"z" * 16, alice.uid)))
    alice.hand(Received(room.moment, Attached(alice.uid, 1)))  # of the other connection
    assert len(alice.notices) == before
    alice.store.apply([Save(SavedCursors(b"z" * 16, {}))])
    alice.kill()
    alice.start()
    assert b"z" * 16 not in alice.core._work.conversations
