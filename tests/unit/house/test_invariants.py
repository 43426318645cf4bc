"""What `check_invariants` of the two cores finds: broken state, and steps that leave it broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from broker.core.accounts import Sessions
from broker.core.conversations import Conversations as BrokerConversations
from broker.core.core import BrokerCore
from broker.core.delivery import Change, Delivery
from client.core.conversation.outbox import Outbox
from client.core.core import ClientCore
from client.core.session import Session, Stage
from client.core.state.conversation import Conversation
from client.core.state.conversation_list import Conversations
from client.core.state.log_position import LogReach
from client.core.state.membership import Keys, Membership
from client.core.state.orders import Orders
from client.core.state.reading import Reading
from client.core.state.saved import SavedEpoch, SavedWaiting
from client.core.timers import RetryTimer
from shared.crypto.records import Snapshot
from shared.invariants import InvariantBroken, require
from tests.support.class_room import ClassRoom, Participant

Break = Callable[[ClientCore, Conversation], object]
BreakBroker = Callable[[BrokerCore, bytes], object]


def talk() -> tuple[ClassRoom, Participant, Conversation]:
    """Two people in #general, with a few messages."""
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    for number in range(3):
        alice.say(room.general, f"a{number}")
        bob.say(room.general, f"b{number}")
    room.settle()
    return room, alice, alice.core._work.conversations[room.general]


def waiting(found: Conversation, **changes: object) -> SavedWaiting:
    item = SavedWaiting(
        conv_id=found.conv_id,
        sequence=1,
        epoch=0,
        position=-1,
        sender=b"s" * 16,
        stored_at_ms=5,
        message_id=b"m" * 16,
        header=b"",
        cipher=b"",
    )
    return msgspec.structs.replace(item, **changes)


def test_a_rule_that_holds_is_silent() -> None:
    require(1, "one")
    with pytest.raises(InvariantBroken, match="nothing"):
        require(0, "nothing")


# --- broken state ---


@pytest.mark.parametrize(
    "break_something, why",
    [
        (
            lambda core, one: setattr(one.log, "withheld_at", one.log.cursor + 1),
            "withheld entry lies within",
        ),
        (lambda core, one: setattr(one.log, "transcript", b""), "there is a transcript"),
        (
            lambda core, one: (setattr(one.log, "cursor", 0), setattr(one.log, "withheld_at", 0)),
            "nothing is known of",
        ),
        (lambda core, one: one.reach.transcripts.pop(one.log.cursor), "transcript at the cursor"),
        (lambda core, one: one.reach.transcripts.update({10**6: b""}), "beyond the cursor"),
        (
            lambda core, one: one.reach.transcripts.update({-n: b"" for n in range(1, 3000)}),
            "pile up",
        ),
        (
            lambda core, one: setattr(one.reading, "read_position", one.reading.row_count + 1),
            "no more is read",
        ),
        (
            lambda core, one: setattr(one.reading, "unread", one.reading.row_count + 1),
            "what is unread stands",
        ),
        (
            lambda core, one: setattr(one.reading, "unread_mentions", one.reading.unread + 1),
            "mentions are unread",
        ),
        (
            lambda core, one: setattr(one.reading, "delivered_upto", one.log.cursor + 1),
            "delivered is in the log",
        ),
        (lambda core, one: one.membership.joined.popitem(), "since which epoch"),
        (lambda core, one: one.moves.leavers.append(b"x" * 16), "who leaves was a member"),
        (lambda core, one: one.moves.leavers.append(core._work.me), "who leaves has left"),
        (lambda core, one: one.moves.joiners.extend([b"x" * 16] * 2), "asks once"),
        (lambda core, one: one.moves.joiners.append(core._work.me), "who asks is no member"),
        (lambda core, one: setattr(one.moves, "messages_in_epoch", -1), "counted up"),
        (lambda core, one: setattr(one.moves, "asked_to_join", True), "does not wait to be let in"),
        (lambda core, one: one.keys.epochs.pop(0), "every epoch"),
        (lambda core, one: one.keys.keys_asked.add(99), "asked for of epochs"),
        (lambda core, one: one.keys.keys_requested.add(0), "what is missing"),
        (
            lambda core, one: one.keys.keep_seed(one.snapshot.epoch, b"x" * 32),
            "a key is that of its epoch",
        ),
        (lambda core, one: setattr(one.pending, "group", object()), "to be created"),
        (
            lambda core, one: one.incoming.hold(waiting(one, sequence=10**6)),
            "waits for its key is in the log",
        ),
        (lambda core, one: one.incoming.hold(waiting(one, conv_id=b"")), "what waits is of this"),
        (lambda core, one: one.incoming.hold(waiting(one, epoch=99)), "an epoch that is known"),
        (lambda core, one: core._work.touch(one), "saved and shown"),
        (lambda core, one: core._work.conversations.stir(one), "at rest"),
        (lambda core, one: core._work.conversations.update({b"x": one}), "under its id"),
        (lambda core, one: core._work.save(one.saved), "handed over"),
        (lambda core, one: core._work.people.saved.popitem(), "every account is kept"),
        (lambda core, one: core._work.people._uid_by_name.update(eve=core._work.me), "who has it"),
        (lambda core, one: core._work.people._uid_by_name.update(eve=b""), "leads to an account"),
        (
            lambda core, one: core._work.people._uid_by_number.update({99: core._work.me}),
            "leads to its account",
        ),
        (lambda core, one: core._work.people._shown.add(core._work.me), "who changed is told"),
        (
            lambda core, one: core._outbox._sent.update({b"c": {b"m"}}),
            "on its way to a conversation",
        ),
        (lambda core, one: core._outbox._accepted.update({b"m": 1}), "is in the outbox"),
        (lambda core, one: core._outbox.tell_pending(one.conv_id), "what is pending is told"),
        (lambda core, one: core._transfers._changed.update({b"t": None}), "what changed is told"),
        (lambda core, one: core._transfers._running.update({b"t": 1}), "on the list"),
        (
            lambda core, one: setattr(core._session, "stage", Stage.IDLE),
            "who is online is signed in",
        ),
        (lambda core, one: core._work.timers.set(RetryTimer(), 5), "only who is idle"),
        (lambda core, one: core._catch_up._held.update({one.conv_id: []}), "held for ever"),
        (lambda core, one: one.reach.extend(10**6), "what is behind is known"),
        (lambda core, one: setattr(core, "_was_signed_in", False), "end of a session"),
    ],
)
def test_state_that_does_not_fit_is_found(break_something: Break, why: str) -> None:
    _, alice, found = talk()
    alice.core.check_invariants()
    break_something(alice.core, found)
    with pytest.raises(InvariantBroken, match=why):
        alice.core.check_invariants()


@pytest.mark.parametrize(
    "break_something, why",
    [
        (lambda core, conv: core.sessions.online.popitem(), "that of its account"),
        (lambda core, conv: core.sessions.all.popitem(), "who is online has a session"),
        (lambda core, conv: core.directory.roles.popitem(), "number and role"),
        (
            lambda core, conv: core.directory.numbers.update(
                dict.fromkeys(core.directory.numbers, 1)
            ),
            "of one account",
        ),
        (
            lambda core, conv: core.directory._uids_by_name.update(
                eve=next(iter(core.directory.accounts))
            ),
            "a name is",
        ),
        (
            lambda core, conv: core.directory._freed.update(core.directory._uids_by_name),
            "taken or freed",
        ),
        (lambda core, conv: core.directory.keys.update(k=(b"x", b"y")), "transport key"),
        (lambda core, conv: setattr(core.conversations.all[conv], "members", {}), "have not left"),
        (
            lambda core, conv: core.conversations.all[conv].spans.popitem(),
            "every member has a span",
        ),
        (
            lambda core, conv: [found.clear() for found in core.conversations.by_member.values()],
            "is known to",
        ),
        (lambda core, conv: setattr(core.conversations, "_group_count", 7), "groups are counted"),
        (lambda core, conv: core.delivery.change(), "committed with it"),
        (lambda core, conv: setattr(core.delivery, "waiting_count", 1), "what waits is counted"),
        (lambda core, conv: core.delivery.heads.update({conv: 10**6}), "ahead by what waits"),
        (lambda core, conv: core.delivery.committed.update({b"x": 0}), "only what was appended"),
        (lambda core, conv: setattr(core.files, "_used_by_class", 1), "files of the class"),
        (lambda core, conv: core.files._used.update(x=1), "files of a person"),
        (lambda core, conv: setattr(core._file_requests.flows, "_writing", -1), "parts in memory"),
        (lambda core, conv: core._actions.append(object()), "handed over"),
        (lambda core, conv: core._strangers.update({b"x": 1}), "a stranger"),
        (lambda core, conv: core._lagging.add(b"x"), "who lags"),
        (
            lambda core, conv: core.conversations.all[conv].cursors.update({b"x": 10**6}),
            "within its log",
        ),
    ],
)
def test_state_of_the_broker_that_does_not_fit_is_found(
    break_something: BreakBroker, why: str
) -> None:
    room, _, _ = talk()
    room.broker.check_invariants()
    break_something(room.broker, room.general)
    with pytest.raises(InvariantBroken, match=why):
        room.broker.check_invariants()


# --- broken steps ---


def _not_at_all(*_: Any, **__: Any) -> None:
    pass


def _take_snapshot_alone(self: Membership, snapshot: Snapshot, *_: object) -> None:
    self.snapshot = snapshot


def _keep_another(self: Keys, number: int, _: bytes) -> SavedEpoch:
    self.epochs[number] = msgspec.structs.replace(self.epochs[number], seed=bytes(32))
    return self.epochs[number]


def _count_too_much(self: Reading, *_: object, **__: object) -> None:
    self.unread += 1


def _take_without_counting(self: Delivery, ticket: int) -> list[Change]:
    return [self._waiting.popleft() for change in list(self._waiting) if change.ticket <= ticket]


def _play() -> None:
    room = ClassRoom(["alice", "bob", "carmen"])
    alice, bob, _ = room.people.values()
    for number in range(3):
        alice.say(room.general, f"a{number}")
        bob.say(room.general, f"b{number}")
    room.settle()
    alice.cut()
    room.settle()


@pytest.mark.parametrize(
    "owner, name, mutant",
    [
        (LogReach, "note_transcript", _not_at_all),
        (Membership, "take", _take_snapshot_alone),
        (Keys, "keep_seed", _keep_another),
        (Reading, "read_all", _count_too_much),
        (Reading, "add_row", _count_too_much),
        (Orders, "take", lambda self, rows: []),
        (Conversations, "take_dirty", lambda self: list(self._dirty.values())),
        (Outbox, "_land", _not_at_all),
        (Session, "_leave", _not_at_all),
        (Sessions, "close", lambda self, session_id: self.all.pop(session_id, None) and None),
        (Delivery, "take_committed", _take_without_counting),
        (BrokerConversations, "_change_members", _not_at_all),
    ],
)
def test_a_step_that_breaks_something_is_found(
    owner: type, name: str, mutant: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _play()
    monkeypatch.setattr(owner, name, mutant)
    with pytest.raises(InvariantBroken):
        _play()
