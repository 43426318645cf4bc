"""Pins, questions and accepted answers: who may, what is shown, what survives restarts, deletions
and late keys.
"""

from __future__ import annotations

from client.api import events as ev
from client.api.events import Done, MessageChanged, Quarantined
from client.api.values import MessageState, QuestionState, Row
from client.core.presenting import show_row
from client.core.state.pins_and_questions import MAX_PINS
from shared.crypto.content import Accept, Pin, Question
from tests.support.class_room import INSTRUCTOR_CODE, ClassRoom, Participant
from tests.support.forging import forge, push, without_boxes
from tests.support.pair import pair, pending


def ask(person: Participant, conv: bytes, text: str = "Why does poll() return at once?") -> bytes:
    done = person.order(ev.SendText(request_id=1, conv_id=conv, text=text, is_question=True))
    assert done is not None and isinstance(done.data, bytes), done
    person.room.settle()
    return done.data


def rows(person: Participant, command: ev.Command) -> list[Row]:
    done = person.order(command)
    assert done is not None and done.ok and isinstance(done.data, tuple), done
    return list(done.data)


def questions(person: Participant, conv: bytes) -> list[tuple[bytes, QuestionState | None, int]]:
    return [
        (row.message_id, row.question, row.answers)
        for row in rows(person, ev.GetQuestions(request_id=2, conv_id=conv))
    ]


def pins(person: Participant, conv: bytes) -> list[bytes]:
    found = rows(person, ev.GetPins(request_id=3, conv_id=conv))
    assert all(row.is_pinned for row in found)
    return [row.message_id for row in found]


def code(done: Done | None) -> str:
    assert done is not None and not done.ok
    return done.code


def shown(person: Participant, conv: bytes, message_id: bytes) -> Row:
    stored = next(row for row in person.rows(conv) if row.message_id == message_id)
    return show_row(person.core._work, stored)


# --- questions ---


def test_a_question_is_open_then_answered_then_accepted() -> None:
    room, alice, bob, conv = pair()
    question = ask(alice, conv)
    for person in (alice, bob):
        assert questions(person, conv) == [(question, QuestionState.OPEN, 0)]
    alice.say(conv, "anybody?", question)  # one's own reply is no answer
    answer = bob.say(conv, "Edge or level?", question)
    other = bob.say(conv, "Read the manual", question)
    room.settle()
    for person in (alice, bob):
        assert questions(person, conv) == [(question, QuestionState.ANSWERED, 2)]
    assert shown(alice, conv, answer).is_answer and not shown(alice, conv, question).is_answer
    assert alice.order(ev.AcceptAnswer(request_id=4, message_id=answer)) is not None
    room.settle()
    for person in (alice, bob):
        assert questions(person, conv) == [(question, QuestionState.ACCEPTED, 2)]
        assert (
            shown(person, conv, answer).is_accepted and not shown(person, conv, other).is_accepted
        )
    assert [n.change for n in bob.seen(MessageChanged)][-1] == "accepted"
    alice.order(ev.AcceptAnswer(request_id=4, message_id=other))
    room.settle()
    assert not shown(bob, conv, answer).is_accepted and shown(bob, conv, other).is_accepted
    alice.order(
        ev.AcceptAnswer(request_id=4, message_id=answer, remove=True)
    )  # it is not the one any more
    alice.order(ev.AcceptAnswer(request_id=4, message_id=other, remove=True))
    room.settle()
    assert questions(bob, conv) == [(question, QuestionState.ANSWERED, 2)]
    assert not shown(bob, conv, other).is_accepted


def test_questions_survive_restarts_and_edits() -> None:
    room, alice, bob, conv = pair()
    first, second = ask(alice, conv, "one?"), ask(bob, conv, "two?")
    bob.kill()
    bob.start()
    room.settle()
    assert [found[0] for found in questions(bob, conv)] == [second, first]
    late = alice.say(conv, "an answer after the restart", first)
    room.settle()
    assert shown(bob, conv, late).is_answer
    plain = alice.say(conv, "an answer to that is none", late)
    room.settle()
    assert not shown(bob, conv, plain).is_answer
    alice.order(ev.EditMessage(message_id=first, text="one, really?"))
    room.settle()
    row = shown(bob, conv, first)
    assert (row.text, row.question) == ("one, really?", QuestionState.OPEN)


def test_a_question_of_the_outbox_is_one_already() -> None:
    room, alice, bob, conv = pair()
    alice.reachable = False
    alice.cut()
    done = alice.order(ev.SendText(request_id=1, conv_id=conv, text="Who?", is_question=True))
    assert done is not None and isinstance(done.data, bytes)
    (row,) = pending(alice, conv)
    assert (row.question, row.state) == (QuestionState.OPEN, MessageState.SAVED)
    alice.order(ev.EditMessage(message_id=done.data, text="Who else?"))
    alice.reachable = True
    room.settle(40_000)
    assert shown(bob, conv, done.data).text == "Who else?"
    assert questions(bob, conv) == [(done.data, QuestionState.OPEN, 0)]


def test_deleting_takes_back_what_a_message_stood_for() -> None:
    room, alice, bob, conv = pair()
    question = ask(alice, conv)
    answer, other = bob.say(conv, "yes", question), bob.say(conv, "no", question)
    own = alice.say(conv, "hm", question)
    room.settle()
    alice.order(ev.AcceptAnswer(request_id=4, message_id=answer))
    room.settle()
    bob.order(ev.DeleteMessage(message_id=other))
    alice.order(ev.DeleteMessage(message_id=own))
    room.settle()
    assert questions(alice, conv) == [(question, QuestionState.ACCEPTED, 1)]
    bob.order(ev.DeleteMessage(message_id=answer))
    room.settle()
    assert questions(alice, conv) == [(question, QuestionState.OPEN, 0)]
    alice.order(ev.DeleteMessage(message_id=question))
    room.settle()
    assert questions(bob, conv) == []
    late = bob.say(conv, "too late", question)
    room.settle()
    assert not shown(alice, conv, late).is_answer
    assert code(alice.order(ev.AcceptAnswer(request_id=5, message_id=late))) == "unknown_message"


def test_only_the_asker_and_the_staff_accept() -> None:
    room = ClassRoom()
    prof = room.enter("prof", INSTRUCTOR_CODE)
    alice, bob, carmen = (room.enter(name) for name in ("alice", "bob", "carmen"))
    room.settle()
    question = ask(alice, room.general)
    answer = bob.say(room.general, "like this", question)
    room.settle()
    assert code(carmen.order(ev.AcceptAnswer(request_id=1, message_id=answer))) == "not_allowed"
    assert prof.order(ev.AcceptAnswer(request_id=2, message_id=answer)) is not None
    room.settle()
    assert shown(carmen, room.general, answer).is_accepted
    # A client that does not keep the rule is not believed.
    row = next(row for row in carmen.rows(room.general) if row.message_id == answer)
    push(
        room,
        alice,
        room.general,
        forge(alice, carmen, room.general, Accept(answer, row.hash, True)),
    )
    assert alice.seen(Quarantined)[-1].reason == "not_allowed"
    plain = next(row for row in alice.rows(room.general) if row.message_id == question)
    push(
        room, alice, room.general, forge(alice, carmen, room.general, Accept(question, plain.hash))
    )
    assert alice.seen(Quarantined)[-1].reason == "unknown_target"


def test_what_is_no_question_or_no_answer_is_refused() -> None:
    room, alice, bob, conv = pair()
    text = alice.say(conv, "a text")
    reply = bob.say(conv, "a reply", text)
    room.settle()
    assert code(alice.order(ev.AcceptAnswer(request_id=1, message_id=reply))) == "unknown_message"
    assert code(alice.order(ev.AcceptAnswer(request_id=1, message_id=text))) == "unknown_message"
    bad = ev.SendText(request_id=1, conv_id=conv, text="?", reply_to=text, is_question=True)
    assert code(alice.order(bad)) == "unknown_message"
    for command in (
        ev.GetQuestions(request_id=1, conv_id=b"?" * 16),
        ev.GetPins(request_id=1, conv_id=b"?" * 16),
    ):
        assert code(alice.order(command)) == "unknown_conversation"


# --- pins ---


def test_pins_are_seen_by_all_the_last_one_first() -> None:
    room, alice, bob, conv = pair()
    one, two = alice.say(conv, "one"), bob.say(conv, "two")
    room.settle()
    alice.order(ev.PinMessage(request_id=1, message_id=one))
    bob.order(ev.PinMessage(request_id=1, message_id=two))
    room.settle()
    assert pins(alice, conv) == pins(bob, conv) == [two, one]
    bob.order(ev.PinMessage(request_id=1, message_id=one))
    room.settle()
    assert pins(alice, conv) == [one, two]
    bob.kill()
    bob.start()
    room.settle()
    alice.order(ev.PinMessage(request_id=1, message_id=two, remove=True))
    room.settle()
    assert pins(bob, conv) == [one] and not shown(bob, conv, two).is_pinned
    alice.order(ev.DeleteMessage(message_id=one))
    room.settle()
    assert pins(bob, conv) == []
    assert [n.change for n in bob.seen(MessageChanged)][-3:] == ["pinned", "pinned", "deleted"]


def test_in_class_channels_the_staff_pins() -> None:
    room = ClassRoom()
    prof, alice = room.enter("prof", INSTRUCTOR_CODE), room.enter("alice")
    room.settle()
    message = alice.say(room.general, "pin me")
    room.settle()
    assert code(alice.order(ev.PinMessage(request_id=1, message_id=message))) == "not_allowed"
    prof.order(ev.PinMessage(request_id=1, message_id=message))
    room.settle()
    assert pins(alice, room.general) == [message]
    row = next(row for row in alice.rows(room.general) if row.message_id == message)
    push(room, prof, room.general, forge(prof, alice, room.general, Pin(message, row.hash, True)))
    assert prof.seen(Quarantined)[-1].reason == "not_allowed" and pins(prof, room.general) == [
        message
    ]


def test_only_so_many_pins_are_kept() -> None:
    room, alice, _, conv = pair()
    work = alice.core._work
    messages = [alice.say(conv, str(number)) for number in range(3)]
    room.settle()
    stored = {row.message_id: row for row in alice.rows(conv)}
    work.marks._of(conv).pins = [
        b"gone".ljust(16),
        messages[0],
        *(bytes([n]) * 16 for n in range(1, MAX_PINS - 1)),
    ]
    for message in messages[1:]:
        work.marks.pin(stored[message], Pin(message, b""))
    alice.store.apply(work.orders.take([]))
    assert (
        len(work.marks._of(conv).pins) == MAX_PINS and messages[0] not in work.marks._of(conv).pins
    )


def test_who_has_left_pins_nothing() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    done = alice.order(ev.CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    message = bob.say(done.data, "mine")
    room.settle()
    alice.order(ev.RemoveMembers(conv_id=done.data, uids=(bob.uid,)))
    room.settle()
    assert code(bob.order(ev.PinMessage(request_id=1, message_id=message))) == "not_allowed"


def test_a_question_whose_key_comes_late_is_one_then() -> None:
    room, alice, bob, conv = pair()
    push(room, bob, conv, forge(bob, alice, conv, Question("sealed?")))
    (found,) = questions(bob, conv)
    assert found[1] is QuestionState.OPEN


def test_what_staff_did_before_it_left_counts_also_where_the_key_comes_later() -> None:
    room = ClassRoom(["alice", "bob", "carol"])
    alice, bob, carol = room.people.values()
    done = alice.order(ev.CreateGroup(request_id=1, name="team", members=(bob.uid, carol.uid)))
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    conv = done.data
    message, other = bob.say(conv, "mine"), bob.say(conv, "mine, too")
    room.settle()
    carol.tamper = without_boxes()
    alice.order(
        ev.RenameGroup(conv_id=conv, name="crew")
    )  # a new key, which carol does not get yet
    room.settle()
    alice.order(ev.DeleteMessage(message_id=message))
    alice.order(ev.PinMessage(message_id=other))
    room.settle()
    alice.order(ev.LeaveGroup(conv_id=conv))
    room.settle()
    carol.tamper = lambda message: message
    carol.cut()
    room.settle()
    assert carol.texts(conv) == bob.texts(conv) == ["mine, too"]
    assert pins(carol, conv) == pins(bob, conv) == [other]
