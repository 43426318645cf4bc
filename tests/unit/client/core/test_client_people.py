"""People as the directory names them: what is not believed, changed keys, roles, and what is
rebuilt from disk.
"""

from __future__ import annotations

import msgspec
import pytest

from client.api.events import (
    AcceptKey,
    CreateGroup,
    Done,
    PeopleChanged,
    SetClassRole,
    TrustChanged,
)
from client.api.values import Trust
from client.core.state.effects import Received, Save
from client.core.state.saved import SavedAccount
from shared.codec import encode
from shared.crypto.accounts import verify_genesis
from shared.crypto.identity import create_identity, rotate_uk
from shared.messages import (
    DIRECTORY_LOG,
    AppendChain,
    Entries,
    Entry,
    EntryKind,
    MessageAccepted,
    PresenceChanged,
    Role,
)
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import last_reason
from tests.support.members import CountedRandom
from tests.support.people import bits


def pair() -> tuple[ClassRoom, Participant, Participant]:
    room = ClassRoom(["alice", "bob"])
    return room, room.people["alice"], room.people["bob"]


def tell(room: ClassRoom, person: Participant, kind: int, sender: bytes, body: bytes) -> None:
    """The next entry of the directory."""
    sequence = person.core._work.saved_self.directory_cursor + 1
    entry = Entry(sequence, kind, sender, 5, b"", body, b"")
    person.hand(Received(room.moment, Entries(DIRECTORY_LOG, [entry], sequence)))


def pack(*items: object) -> bytes:
    return msgspec.msgpack.encode(items)


def impostor(name: str = "bob") -> tuple[bytes, bytes]:
    """Another account of this name: (uid, genesis)."""
    made = create_identity(name, "x", 9, CountedRandom("mallory"), (b"p" * 40, b"s" * 40))
    return made.uid, made.genesis


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (EntryKind.ACCOUNT, b"junk", "shape"),
        (EntryKind.ACCOUNT, b"\x93\xa2\xff\xfe\x00\xc4\x00", "shape"),  # a name that is no text
        (EntryKind.ACCOUNT, pack("bob", 0, b"junk"), "shape"),
        (
            EntryKind.ACCOUNT,
            pack("adam", 0, impostor()[1]),
            "account",
        ),  # not the name that is signed
        (EntryKind.ACCOUNT, pack("bob", 9, impostor()[1]), "account"),  # no such role
        (EntryKind.CHAIN, b"junk", "unknown_account"),
        (EntryKind.ROLE, pack(b"u" * 16, 1), "unknown_account"),
        (EntryKind.ROLE, pack("text", 1), "shape"),
        (EntryKind.CHANNEL, pack(b"short", "club"), "shape"),
        (77, b"", "kind"),
    ],
)
def test_a_directory_entry_that_does_not_hold_is_set_aside(
    kind: int, body: bytes, reason: str
) -> None:
    room, alice, _ = pair()
    before = dict(alice.core._work.people.accounts)
    tell(room, alice, int(kind), b"u" * 16, body)
    assert last_reason(alice) == reason and alice.core._work.people.accounts == before
    assert alice.core._work.saved_self.directory_cursor == 3  # the next one is read all the same


def test_nobody_is_added_twice_and_no_role_is_made_up() -> None:
    room, alice, bob = pair()
    tell(room, alice, int(EntryKind.ACCOUNT), bob.uid, pack("bob", 0, bob.identity.genesis))
    assert last_reason(alice) == "account"
    tell(room, alice, int(EntryKind.ROLE), bob.uid, pack(bob.uid, 9))
    assert (
        last_reason(alice) == "unknown_account"
        and alice.core._work.people.role_of(bob.uid) == Role.STUDENT
    )


def test_a_changed_key_stays_changed_over_a_restart_until_it_is_accepted() -> None:
    room, alice, bob = pair()
    uid, genesis = impostor()
    tell(room, alice, int(EntryKind.ACCOUNT), uid, pack("bob", 0, genesis))
    alice.kill()
    alice.start()
    room.settle()
    people = alice.core._work.people
    assert people.trust(uid) is Trust.CHANGED and people.trust(bob.uid) is Trust.PINNED
    assert alice.order(AcceptKey(request_id=1, uid=uid)) == Done(1, True)
    told = alice.seen(TrustChanged)[-1]
    assert isinstance(told, TrustChanged) and (told.uid, told.change) == (uid, "pinned")


def test_a_renewed_key_is_told_and_rebuilt_from_disk() -> None:
    room, alice, bob = pair()
    _, blob = rotate_uk(
        bob.identity, verify_genesis(bob.identity.genesis), 2_000, lambda n: b"r" * n
    )
    bob.to_broker.append(encode(AppendChain(b"c" * 16, blob)))
    room.settle()
    told = alice.seen(TrustChanged)[-1]
    assert isinstance(told, TrustChanged) and (told.uid, told.change) == (bob.uid, "extended")
    tell(
        room, alice, int(EntryKind.CHAIN), bob.uid, blob
    )  # the same again does not continue the chain
    assert alice.quarantined() and alice.core._work.people.accounts[bob.uid].uk_gen == 2
    alice.kill()
    alice.start()
    assert alice.core._work.people.accounts[bob.uid].uk_gen == 2


def test_a_former_assistant_is_remembered_as_one() -> None:
    room, alice, bob = pair()
    for role in (Role.ASSISTANT, Role.STUDENT):
        tell(room, alice, int(EntryKind.ROLE), b"", pack(bob.uid, int(role)))
    people = alice.core._work.people
    assert (people.role_of(bob.uid), people.highest_role_of(bob.uid)) == (
        Role.STUDENT,
        Role.ASSISTANT,
    )
    assert (people.role_of(b"u" * 16), people.highest_role_of(b"u" * 16)) == (0, 0)
    assert people.trust(b"u" * 16) is Trust.PINNED and people.username(b"u" * 16) == "?"


def test_my_own_role_is_kept() -> None:
    room, alice, _ = pair()
    tell(room, alice, int(EntryKind.ROLE), b"", pack(alice.uid, int(Role.INSTRUCTOR)))
    assert alice.core._work.saved_self.role == Role.INSTRUCTOR
    assert (
        alice.order(SetClassRole(request_id=1, uid=alice.uid, role=0)) is None
    )  # may be asked for now
    alice.hand(Received(room.moment, MessageAccepted(b"o" * 16, DIRECTORY_LOG, 9)))
    assert not [
        notice for notice in alice.seen(Done) if isinstance(notice, Done) and notice.request_id == 1
    ]


def test_presence_follows_what_is_told() -> None:
    room, alice, bob = pair()
    for is_online, row in ((False, bits(1, 700)), (True, bits(1, 2, 700))):
        alice.hand(Received(room.moment, PresenceChanged(row)))
        changed = alice.seen(PeopleChanged)[-1]
        assert isinstance(changed, PeopleChanged)
        assert [(person.uid, person.is_online) for person in changed.people] == [
            (bob.uid, is_online)
        ]
    alice.cut()
    assert alice.core._work.people.online == set()


def test_accounts_that_an_earlier_version_kept_get_their_places_in_the_directory() -> None:
    room, alice, bob = pair()
    alice.kill()
    for item in alice.store.load():
        if isinstance(item, SavedAccount) and item.uid == bob.uid:
            item.number = 0
            alice.store.apply([Save(item)])
    alice.start()
    room.settle()
    assert alice.core._work.people.online == {alice.uid, bob.uid}
    quarantined = len(alice.quarantined())
    alice.kill()
    alice.start()
    assert not alice.core._work.people.lacks_numbers and len(alice.quarantined()) == quarantined


def test_before_the_directory_is_read_one_knows_ones_own_name() -> None:
    room = ClassRoom()
    alice = Participant(room, "alice", "student-code")
    alice.reachable = False
    room.people["alice"] = alice
    alice.start()
    assert alice.core._work.people.username(alice.uid) == "alice"
    done = alice.order(CreateGroup(request_id=1, name="early", members=()))
    assert done is not None and done.ok
    alice.reachable = True
    room.settle(40_000)
    assert any(view.name == "early" and view.is_member for view in alice.shown.values())
