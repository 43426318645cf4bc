"""A server that does as it likes with a class in memory: what it shows to whom, what it forgets,
what it makes up.
"""

from __future__ import annotations

from copy import deepcopy

import msgspec

from broker.storage.memory import MemoryStorage
from client.api.events import CreateGroup
from client.core.state.effects import Received
from shared.messages import DIRECTORY_LOG, Entries, Entry, Heads, LogId, Message
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import conversation_of


def group(
    *names: str, outsiders: tuple[str, ...] = (), history_all: bool = True
) -> tuple[ClassRoom, list[Participant], bytes]:
    """A private group "team" that the first has made; outsiders are in the class only."""
    room = ClassRoom([*names, *outsiders])
    people = list(room.people.values())
    uids = tuple(room.people[name].uid for name in names[1:])
    done = people[0].order(
        CreateGroup(request_id=1, name="team", members=uids, history_all=history_all)
    )
    assert done is not None and isinstance(done.data, bytes)
    room.settle()
    return room, people, done.data


def entries_of(room: ClassRoom, log_id: bytes) -> list[Entry]:
    """The whole log as the server has it."""
    return room.storage.entries_after(LogId(log_id), 0, 10**6, 10**6, 1 << 30)


def hold_back(person: Participant, log_id: bytes) -> None:
    """From now on the server gives this person nothing of this log by itself."""

    def tamper(message: Message) -> Message | None:
        is_news = isinstance(message, Entries) and message.log_id == log_id
        return None if is_news or isinstance(message, Heads) else message

    person.tamper = tamper


def deal_honestly(person: Participant) -> None:
    """From now on the server passes on what it has."""
    person.tamper = lambda message: message


def show(room: ClassRoom, person: Participant, log_id: bytes, *entries: Entry) -> None:
    """The server shows these entries to one person as the next of the log, whatever their numbers
    were.
    """
    if log_id == DIRECTORY_LOG:
        cursor = person.core._work.saved_self.directory_cursor
    else:
        cursor = conversation_of(person, log_id).log.cursor
    numbered = [
        msgspec.structs.replace(entry, sequence=cursor + at) for at, entry in enumerate(entries, 1)
    ]
    person.hand(Received(room.moment, Entries(LogId(log_id), numbered, numbered[-1].sequence)))


def backup(room: ClassRoom) -> MemoryStorage:
    """What the server has stored by now."""
    copy = MemoryStorage()
    for name, value in vars(room.storage).items():
        if name != "_lock":
            setattr(copy, name, deepcopy(value))
    return copy


def restore(room: ClassRoom, storage: MemoryStorage) -> None:
    """The server comes back with what it had stored once; everybody connects again."""
    room.storage = storage
    room.restart_broker()
    room.settle()


def set_aside(person: Participant, conv_id: bytes) -> list[str]:
    """The sentences of all that was set aside in a conversation."""
    return [person.words(row) for row in person.rows(conv_id) if row.kind == "quarantined"]


def reasons(person: Participant) -> list[str]:
    """The codes of all that was set aside."""
    return [notice.reason for notice in person.quarantined()]
