"""The outbox: what becomes of own messages that are refused, cut off, rewritten, discarded, or over
the credit.
"""

from __future__ import annotations

import pytest

from client.api.english import failure_words
from client.api.events import (
    CreateGroup,
    DeleteMessage,
    DiscardMessage,
    Done,
    EditMessage,
    ReactToMessage,
    RemoveMembers,
    RetryMessage,
    SendText,
)
from client.api.said import Failed
from client.api.values import MessageState
from client.core.conversation.outbox import MAX_IN_FLIGHT, PAUSES_MS
from client.core.state.effects import Received, Ticked
from client.core.state.saved import SavedOutbox
from shared.crypto.content import MAX_TEXT_BYTES
from shared.crypto.headers import decode_header
from shared.messages import Entries, EntryKind, Message, MessageAccepted, SendMessage
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import altered, sent_by
from tests.support.pair import pair, pending, refuse, states


def numbers(messages: list[Message]) -> list[int]:
    return [
        decode_header(message.header).n for message in messages if isinstance(message, SendMessage)
    ]


def swallow(message: Message) -> Message | None:
    return None if isinstance(message, MessageAccepted | Entries) else message


# --- refusals ---


@pytest.mark.parametrize("code", ["slow_down", "busy", "internal"])
def test_refused_for_now_is_sent_again_in_order_after_a_pause(code: str) -> None:
    room, alice, bob, conv = pair()
    alice.tamper = swallow
    ids = [alice.say(conv, f"m{number}") for number in range(3)]
    alice.to_broker.clear()
    for message_id in ids:
        assert refuse(room, alice, code, message_id) == []
    assert [row.state for row in pending(alice, conv)] == [MessageState.SAVED] * 3
    room.now_ms += PAUSES_MS[code]
    assert numbers(sent_by(alice, Ticked(room.moment))) == [2, 3, 4]
    alice.tamper = lambda message: message
    room.settle()
    assert bob.texts(conv) == ["zero", "m0", "m1", "m2"] and not bob.quarantined()


def test_nothing_is_sent_before_all_answers_of_a_recall_are_here() -> None:
    room, alice, bob, conv = pair()
    ids = [alice.say(conv, f"m{number}") for number in range(2)]
    alice.to_broker.clear()
    assert (
        numbers(refuse(room, alice, "stale_epoch", ids[0])) == []
    )  # the second is still under way
    third = alice.say(conv, "m2")
    assert numbers(refuse(room, alice, "stale_epoch", ids[1])) == [2, 3, 4]
    room.settle()
    assert (
        bob.texts(conv) == ["zero", "m0", "m1", "m2"]
        and states(alice, third)[-1] is MessageState.DELIVERED
    )


def test_stale_and_due_keys_are_followed_by_all_messages_in_order() -> None:
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, carmen = room.people.values()
    done = alice.order(CreateGroup(request_id=1, name="team", members=(bob.uid, carmen.uid)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    for number in range(5):  # under way while bob changes the key
        alice.say(conv, f"a{number}")
    bob.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    alice.order(RemoveMembers(conv_id=conv, uids=(carmen.uid,)))
    for number in range(5, 8):
        alice.say(conv, f"a{number}")
    room.settle()
    assert bob.texts(conv) == [f"a{number}" for number in range(8)] == alice.texts(conv)
    assert not bob.quarantined() and not alice.quarantined()


def test_refused_for_good_fails_with_a_sentence_and_may_be_tried_again() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "hello")
    alice.to_broker.clear()
    refuse(room, alice, "not_allowed", sent)
    (row,) = pending(alice, conv)
    assert (row.state, row.failure) == (MessageState.FAILED, Failed(code="not_allowed"))
    later = alice.say(conv, "later")
    assert alice.order(RetryMessage(request_id=2, message_id=sent)) == Done(2, True)
    assert [row.message_id for row in pending(alice, conv)] == [
        later,
        sent,
    ]  # after those that wait
    assert alice.order(RetryMessage(request_id=3, message_id=sent)) == Done(
        3, True
    )  # it waits already
    room.settle()
    assert bob.texts(conv) == ["zero", "later", "hello"] and pending(alice, conv) == ()


def test_failed_messages_survive_a_restart_and_can_be_discarded() -> None:
    room, alice, _, conv = pair()
    sent = alice.say(conv, "hello")
    alice.to_broker.clear()
    refuse(room, alice, "too_large", sent)
    alice.kill()
    alice.start()
    assert [item.failure for item in alice.store.load() if isinstance(item, SavedOutbox)] == [
        "too_large"
    ]
    assert alice.order(DiscardMessage(request_id=2, message_id=sent)) == Done(2, True)
    assert not [item for item in alice.store.load() if isinstance(item, SavedOutbox)]
    done = alice.order(DiscardMessage(request_id=3, message_id=sent))
    assert done is not None and done.code == "unknown_message"
    done = alice.order(RetryMessage(request_id=4, message_id=sent))
    assert done is not None and done.code == "unknown_message"


def test_what_the_log_has_otherwise_than_it_was_sent_fails() -> None:
    room, alice, _, conv = pair()
    alice.tamper = altered(
        lambda entry: type(entry)(
            *(  # noqa: E731
                entry.proof[:-1] + b"?" if name == "proof" else getattr(entry, name)
                for name in entry.__struct_fields__
            )
        ),
        EntryKind.MESSAGE,
    )
    sent = alice.say(conv, "hello")
    room.settle()
    assert states(alice, sent)[-1] is MessageState.FAILED and alice.quarantined()
    assert failure_words(pending(alice, conv)[0].failure) == "This message could not be sent."


def test_the_longest_text_can_be_sent() -> None:
    room, alice, bob, conv = pair()
    alice.say(conv, "x" * MAX_TEXT_BYTES)
    room.settle()
    assert len(bob.texts(conv)[-1]) == MAX_TEXT_BYTES
    done = alice.order(SendText(request_id=5, conv_id=conv, text="x" * (MAX_TEXT_BYTES + 1)))
    assert done is not None and done.code == "too_large"


# --- rewriting and discarding ---


def offline_pair() -> tuple[ClassRoom, Participant, Participant, bytes]:
    room, alice, bob, conv = pair()
    alice.reachable = False
    alice.cut()
    return room, alice, bob, conv


def test_what_was_not_sent_can_be_rewritten_and_discarded() -> None:
    room, alice, bob, conv = offline_pair()
    first, second, third = (alice.say(conv, text) for text in ("frist", "second", "third"))
    assert alice.order(EditMessage(request_id=2, message_id=first, text="first")) == Done(
        2, True, data=first
    )
    assert alice.order(DeleteMessage(request_id=3, message_id=second)) == Done(3, True, data=second)
    assert alice.order(DiscardMessage(request_id=4, message_id=third)) == Done(4, True)
    assert [row.text for row in pending(alice, conv)] == ["first"]
    alice.reachable = True
    room.settle(40_000)
    assert bob.texts(conv) == ["zero", "first"]


def test_what_is_on_its_way_is_neither_rewritten_nor_discarded() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "hello")
    for order in (
        EditMessage(request_id=2, message_id=sent, text="other"),
        DeleteMessage(request_id=2, message_id=sent),
        DiscardMessage(request_id=2, message_id=sent),
    ):
        done = alice.order(order)
        assert done is not None and not done.ok
    room.settle()
    assert bob.texts(conv) == ["zero", "hello"]


def test_what_may_have_arrived_before_a_cut_is_not_rewritten() -> None:
    room, alice, bob, conv = pair()
    alice.tamper = swallow
    sent = alice.say(conv, "original")
    room.flow()  # stored, but the answer is lost
    alice.reachable = False
    alice.cut()
    done = alice.order(EditMessage(request_id=2, message_id=sent, text="edited"))
    assert done is not None and done.code == "busy"
    alice.tamper, alice.reachable = lambda message: message, True
    room.settle(40_000)
    assert alice.texts(conv) == bob.texts(conv) == ["zero", "original"]
    assert alice.order(EditMessage(request_id=3, message_id=sent, text="edited")).ok  # type: ignore[union-attr]
    room.settle()
    assert alice.texts(conv) == bob.texts(conv) == ["zero", "edited"]


def test_what_was_refused_for_now_can_be_discarded() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "hello")
    alice.to_broker.clear()
    refuse(room, alice, "slow_down", sent)
    assert alice.order(DiscardMessage(request_id=2, message_id=sent)) == Done(2, True)
    room.now_ms += PAUSES_MS["slow_down"]
    alice.hand(Ticked(room.moment))
    other = alice.say(conv, "other")
    alice.to_broker.clear()
    refuse(room, alice, "not_signed_in", other)  # nobody looked whether it is stored already
    assert not alice.order(DiscardMessage(request_id=3, message_id=other)).ok  # type: ignore[union-attr]
    room.settle()
    assert bob.texts(conv) == ["zero", "other"]


def test_acts_are_pending_too_but_not_shown() -> None:
    room, alice, bob, conv = pair()
    sent = alice.say(conv, "hello")
    room.settle()
    alice.reachable = False
    alice.cut()
    act = alice.order(ReactToMessage(request_id=2, message_id=sent, emoji="👍"))
    assert act is not None and isinstance(act.data, bytes) and pending(alice, conv) == ()
    done = alice.order(EditMessage(request_id=3, message_id=act.data, text="x"))
    assert done is not None and done.code == "unknown_message"
    alice.say(conv, "answer", reply_to=sent)
    (row,) = pending(alice, conv)
    assert row.quote is not None and (row.quote.username, row.quote.text) == ("alice", "hello")
    assert alice.order(DeleteMessage(request_id=4, message_id=act.data)) == Done(
        4, True, data=act.data
    )
    alice.reachable = True
    room.settle(40_000)
    assert bob.texts(conv)[-1] == "answer" and not bob.store.row(sent).reactions  # type: ignore[union-attr]


# --- states and credit ---


def test_states_follow_each_other_whichever_answer_comes_first() -> None:
    room, alice, _, conv = pair()
    alice.tamper = lambda message: None if isinstance(message, MessageAccepted) else message
    sent = alice.say(conv, "hello")
    room.settle()
    assert states(alice, sent) == [
        MessageState.SAVED,
        MessageState.SENT,
        MessageState.STORED,
        MessageState.DELIVERED,
    ]
    alice.tamper = lambda message: None if isinstance(message, Entries) else message
    sent = alice.say(conv, "again")
    room.flow()
    (row,) = pending(alice, conv)
    assert row.state is MessageState.STORED
    alice.tamper = lambda message: message
    room.settle()  # the entry was not pushed, so it is read
    assert pending(alice, conv) == () and states(alice, sent)[-1] is MessageState.DELIVERED
    accepted = MessageAccepted(sent, conv, 3)
    assert sent_by(alice, Received(room.moment, accepted)) == [] and pending(alice, conv) == ()


def test_over_the_credit_the_rest_waits_and_follows() -> None:
    room, alice, bob, conv = pair()
    other = room.general
    for number in range(MAX_IN_FLIGHT + 10):
        alice.say(conv, f"m{number}")
    alice.say(other, "elsewhere")
    assert len(alice.to_broker) == MAX_IN_FLIGHT
    assert sum(row.state is MessageState.SENT for row in pending(alice, conv)) == MAX_IN_FLIGHT
    room.settle()
    assert bob.texts(conv) == ["zero", *(f"m{number}" for number in range(MAX_IN_FLIGHT + 10))]
    assert bob.texts(other) == ["elsewhere"] and not bob.quarantined()


def test_large_texts_count_against_the_credit_in_bytes() -> None:
    room, alice, bob, conv = pair()
    for number in range(20):
        alice.say(conv, f"{number}" + "x" * 30_000)
    assert len(alice.to_broker) < 20
    room.settle()
    assert len(bob.texts(conv)) == 21 and not bob.quarantined()


def test_after_a_cut_what_was_under_way_is_sent_again_unchanged() -> None:
    room, alice, bob, conv = pair()
    for number in range(3):
        alice.say(conv, f"m{number}")
    before = list(alice.to_broker)
    alice.cut()
    alice.say(conv, "m3")
    room.now_ms += 60_000
    alice.hand(Ticked(room.moment))
    for _ in range(50):
        room.step()
        if len([frame for frame in alice.to_broker if frame in before]) == 3:
            break
    assert [frame for frame in alice.to_broker if frame in before] == before
    room.settle()
    assert bob.texts(conv) == ["zero", "m0", "m1", "m2", "m3"]
