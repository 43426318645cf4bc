"""What the person who runs the broker orders of its core: it is told after the commit, seen by
everybody, kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from broker.core.events import (
    AccountInfo,
    CloseAccount,
    Committed,
    GiveRole,
    HostAnswered,
    HostOrder,
    HostOrdered,
    ListAccounts,
    PeerGone,
    RestrictAccount,
    UseCodes,
)
from broker.storage.base import StorageError
from broker.storage.memory import MemoryStorage
from shared.messages import (
    Entries,
    Entry,
    EntryKind,
    LogId,
    Message,
    Refused,
    Registered,
    Restrict,
    Restriction,
    Role,
    SetRole,
    SignedIn,
    SignedOut,
)
from tests.support.file_room import FileRoom
from tests.support.people import INSTRUCTOR_CODE, STUDENT_CODE, Room, make_person, new_id

CODE = "abcde-fghjk-mnpqr"
_numbers = itertools.count(1)


def codes(answers: list[Message]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def order(room: Room, wanted: HostOrder) -> HostAnswered:
    """Order it; the answer, at once or with the commit."""
    number, found = next(_numbers), []
    handle = room.core.handle

    def listening(event: object) -> object:
        actions = handle(event)  # type: ignore[arg-type]
        found.extend(action for action in actions if isinstance(action, HostAnswered))
        return actions

    room.core.handle = listening  # type: ignore[method-assign, assignment]
    room.tell(HostOrdered(number, wanted, room.now_ms))
    room.core.handle = handle  # type: ignore[method-assign]
    (answer,) = found
    assert answer.number == number
    return answer


def test_the_list_of_accounts() -> None:
    room = FileRoom()
    (prof,) = room.enroll("prof", code=INSTRUCTOR_CODE)
    bob, alice = room.enroll("bob", "Alice")
    room.say(prof, Restrict(new_id(), bob.uid, int(Restriction.MUTED)))
    conv_id = room.create_group(alice, prof)
    room.upload(room.attach(alice), alice, conv_id, 1000)
    room.tell(PeerGone(room.sessions[bob.uid]))
    accounts = order(room, ListAccounts()).accounts
    assert [(a.username, a.role, a.restriction, a.is_online) for a in accounts] == [
        ("prof", 2, 0, True),
        ("Alice", 0, 0, True),
        ("bob", 0, 1, False),
    ]
    assert accounts[1].file_bytes > 1000 and accounts[0].file_bytes == 0
    assert isinstance(accounts[0], AccountInfo)


def test_a_role_is_answered_when_it_is_committed_and_comes_from_nobody() -> None:
    room = Room()
    alice, bob = room.enroll("alice", "bob")
    room.clear()
    room.is_holding = True
    (persist,) = room.tell(HostOrdered(7, GiveRole("ALICE", int(Role.INSTRUCTOR)), room.now_ms))
    assert not room.got(bob, Entries)
    (held,) = room.held
    room.storage.commit(held.batch)
    room.held.clear()
    assert HostAnswered(7) in room.tell(Committed(held.ticket, room.now_ms))
    (entries,) = room.got(bob, Entries)
    assert [(entry.kind, entry.sender) for entry in entries.entries] == [(EntryKind.ROLE, b"")]
    room.is_holding = False
    assert codes(room.say(alice, SetRole(new_id(), bob.uid, int(Role.ASSISTANT)))) == []
    later = Room(storage=room.storage)
    assert later.core.directory.role_of(alice.uid) == Role.INSTRUCTOR


def test_a_ban_and_its_end() -> None:
    room = Room()
    (prof,) = room.enroll("prof", code=INSTRUCTOR_CODE)
    (alice,) = room.enroll("alice")
    session = room.sessions[prof.uid]
    assert (
        order(room, RestrictAccount("prof", int(Restriction.BANNED))).code == ""
    )  # the host may ban staff, too
    assert [m.code for m in room.inbox[session] if isinstance(m, SignedOut)] == ["banned"]
    assert codes(room.sign_in(prof)) == ["banned"]
    assert order(room, RestrictAccount("prof", int(Restriction.NONE))).code == ""
    assert codes(room.sign_in(prof)) == []


@pytest.mark.parametrize("name", ["nobody", "", "a\nb"])
def test_who_is_not_there_is_refused(name: str) -> None:
    room = Room()
    room.enroll("alice")
    for wanted in (GiveRole(name, 1), RestrictAccount(name, 2), CloseAccount(name, CODE)):
        assert order(room, wanted).code in ("unknown_user", "name_invalid")


def test_new_codes_count_at_once() -> None:
    room = Room()
    assert order(room, UseCodes("new-student", "new-instructor")).code == ""
    assert codes(room.register(make_person("alice"), STUDENT_CODE)) == ["wrong_code"]
    assert codes(room.register(make_person("prof"), INSTRUCTOR_CODE)) == ["wrong_code"]
    assert codes(room.register(make_person("alice"), "new-student")) == []
    assert codes(room.register(make_person("prof"), "new-instructor")) == []
    assert [a.role for a in order(room, ListAccounts()).accounts] == [2, 0]


def test_a_closed_account_stays_out_and_its_name_waits_for_the_code() -> None:
    room = Room()
    (prof,) = room.enroll("prof", code=INSTRUCTOR_CODE)
    (old,) = room.enroll("alice")
    order(room, GiveRole("alice", int(Role.ASSISTANT)))
    session = room.sessions[old.uid]
    assert order(room, CloseAccount("Alice", CODE)).code == ""
    assert [m.code for m in room.inbox[session] if isinstance(m, SignedOut)] == ["account_closed"]
    assert codes(room.sign_in(old)) == ["account_closed"]
    assert codes(room.register(old, CODE)) == ["account_closed"]
    # Neither the code of the class nor a look-alike gives the name to somebody else.
    for name, code in (
        ("alice", STUDENT_CODE),
        ("alice", ""),
        ("ALICE", STUDENT_CODE),
        ("alice", "wrong"),
    ):
        assert codes(room.register(make_person(name, "thief"), code)) == ["name_taken"]
    assert codes(room.say(prof, Restrict(new_id(), old.uid, int(Restriction.NONE)))) == [
        "not_allowed"
    ]
    assert codes(room.say(prof, Restrict(new_id(), prof.uid, int(Restriction.CLOSED)))) == [
        "not_allowed"
    ]
    new = make_person("alice", "second")
    assert room.register(new, CODE) == [Registered(new.uid)]
    (signed_in,) = [m for m in room.sign_in(new) if isinstance(m, SignedIn)]
    assert signed_in.role == Role.ASSISTANT  # the code stands for the person who had the name
    assert codes(room.register(make_person("alice", "third"), CODE)) == ["name_taken"]
    assert codes(room.sign_in(old)) == ["account_closed"]


def test_a_lost_personal_code_is_replaced_without_another_entry() -> None:
    room = Room()
    room.enroll("alice")
    order(room, CloseAccount("alice", CODE))
    head = room.core.delivery.heads[bytes(16)]  # type: ignore[index]
    assert order(room, CloseAccount("alice", "another")).code == ""
    assert room.core.delivery.heads[bytes(16)] == head  # type: ignore[index]
    assert codes(room.register(make_person("alice", "new"), CODE)) == ["name_taken"]
    assert codes(room.register(make_person("alice", "new"), "another")) == []


def test_a_restart_keeps_what_was_closed() -> None:
    room = Room()
    (old,) = room.enroll("alice")
    order(room, CloseAccount("alice", CODE))
    later = Room(storage=room.storage)
    assert codes(later.sign_in(old)) == ["account_closed"]
    assert codes(later.register(make_person("alice", "new"), STUDENT_CODE)) == ["name_taken"]
    assert later.core.directory.uid_of_name("alice") == b""


def test_nothing_is_changed_while_the_disk_is_full() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    room.stall()
    for wanted in (GiveRole("alice", 2), RestrictAccount("alice", 2), CloseAccount("alice", CODE)):
        assert order(room, wanted).code == "busy"
    assert order(room, ListAccounts()).accounts[0].restriction == 0
    assert not room.core.directory.admission.personal_codes


def test_the_figures_of_the_core() -> None:
    room = FileRoom()
    alice, bob = room.enroll("alice", "bob")
    conv_id = room.create_group(alice, bob)
    room.upload(room.attach(alice), alice, conv_id, 1000)
    before = room.core.gauges()
    room.say(alice, room.message(alice, conv_id))
    room.say(alice, Restrict(new_id(), bob.uid, 1))
    gauges = room.core.gauges()
    assert (gauges.signed_in, gauges.file_connections, gauges.accounts) == (2, 1, 2)
    assert gauges.connections >= 3 and gauges.lagging == 0 and gauges.waiting_changes == 0
    assert gauges.conversations >= 1 and gauges.files == 1 and gauges.file_bytes > 1000
    assert gauges.deliveries == before.deliveries + 2
    assert gauges.refused == {"not_allowed": 1} and before.refused == {}


def test_data_that_cannot_be_read_says_why() -> None:
    class Broken(MemoryStorage):
        def state_entries(self) -> Iterator[tuple[LogId, Entry]]:
            raise StorageError("The disk has a scratch.")

    with pytest.raises(StorageError, match="scratch"):
        Room(storage=Broken())
