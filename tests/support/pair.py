"""Two people with a direct conversation that stands, and what is asked of them in the tests of
outbox and transfers.
"""

from __future__ import annotations

from client.api.events import MessageStateChanged, OpenDirect, PendingChanged
from client.api.values import MessageState, Row
from client.core.state.effects import Received
from shared.messages import Message, Refused
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import sent_by


def pair() -> tuple[ClassRoom, Participant, Participant, bytes]:
    """alice and bob with a direct conversation that stands."""
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    alice.order(OpenDirect(uid=bob.uid))
    conv = room.direct("alice", "bob")
    alice.say(conv, "zero")
    room.settle()
    return room, alice, bob, conv


def states(person: Participant, message_id: bytes) -> list[MessageState]:
    """How far an own message has come, step by step."""
    return [
        n.state
        for n in person.notices
        if isinstance(n, MessageStateChanged) and n.message_id == message_id
    ]


def pending(person: Participant, conv: bytes) -> tuple[Row, ...]:
    """What is shown as not stored yet."""
    return [n for n in person.notices if isinstance(n, PendingChanged) and n.conv_id == conv][
        -1
    ].rows


def refuse(
    room: ClassRoom, person: Participant, code: str, about: bytes, retry_after_ms: int = 0
) -> list[Message]:
    """The broker refuses something; what is sent because of it."""
    return sent_by(person, Received(room.moment, Refused(code, "Why.", about, [], retry_after_ms)))
