"""Recovery: the blob that a passphrase opens, how the broker keeps and guards it, and when a client
sends it.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
import zmq

from broker.core.recovery import TRIES
from broker.storage.base import StoredRecovery
from shared.crypto.identity import Identity
from shared.crypto.public import pack
from shared.crypto.recovery import (
    FLOOR,
    RecoveryKeys,
    auth_hash,
    keys_from,
    make_keys,
    open_identity,
    seal_identity,
)
from shared.crypto.vault import Cost
from shared.errors import CryptoReject, WrongPassphrase
from shared.messages import AskRecovery, KeepRecovery, Message, Recovery, RecoveryKept, Refused
from tests.support.class_room import ClassRoom
from tests.support.people import Room, make_person

CHEAP = Cost(1, 8192)
ALICE = make_person("alice")
KEYS = make_keys("six good words", os.urandom, CHEAP)
BLOB = seal_identity(KEYS, ALICE, os.urandom)


# --- the blob ---


def test_the_passphrase_gives_everything_back() -> None:
    keys = keys_from(KEYS.header, "six good words", CHEAP)
    assert keys == KEYS and RecoveryKeys.unpack(KEYS.pack()) == KEYS
    assert open_identity(keys, BLOB, "alice") == ALICE


def test_another_passphrase_gives_nothing() -> None:
    wrong = keys_from(KEYS.header, "six bad words", CHEAP)
    assert wrong.auth != KEYS.auth and auth_hash(wrong.auth) != auth_hash(KEYS.auth)
    with pytest.raises(WrongPassphrase):
        open_identity(wrong, BLOB, "alice")


def test_a_blob_that_was_changed_is_refused() -> None:
    flipped = BLOB[:40] + bytes([BLOB[40] ^ 1]) + BLOB[41:]
    for blob in (b"", BLOB[:32], BLOB[:-1], BLOB + b"x", flipped, b"x" * 70_000):
        with pytest.raises((CryptoReject, WrongPassphrase)):
            open_identity(KEYS, blob, "alice")


def test_a_blob_of_another_name_is_refused() -> None:
    with pytest.raises(CryptoReject):
        open_identity(KEYS, BLOB, "bob")


@pytest.mark.parametrize(
    "header",
    [
        b"junk",
        pack((2, "argon2id13", 3, 2**28, bytes(16))),
        pack((1, "md5", 3, 2**28, bytes(16))),
        pack((1, "argon2id13", 1, 2**28, bytes(16))),
        pack((1, "argon2id13", 11, 2**28, bytes(16))),
        pack((1, "argon2id13", 3, 2**20, bytes(16))),
        pack((1, "argon2id13", 3, 2**31, bytes(16))),
        pack((1, "argon2id13", 3, 2**28, bytes(15))),
        pack((1, "argon2id13", "3", 2**28, bytes(16))),
    ],
)
def test_a_server_cannot_name_a_cost_that_makes_guessing_cheap(header: bytes) -> None:
    with pytest.raises(CryptoReject):
        keys_from(header, "six good words", FLOOR)


def test_packed_keys_are_checked() -> None:
    with pytest.raises(CryptoReject):
        RecoveryKeys.unpack(pack((b"h", bytes(31), bytes(32), bytes(32))))


# --- the broker ---


def stranger() -> Identity:
    """Somebody at a new computer, with keys that nobody knows."""
    public, secret = zmq.curve_keypair()
    return replace(ALICE, transport_public=public, transport_secret=secret)


def ask(room: Room, auth: bytes = b"", name: str = "alice") -> Message:
    someone = stranger()
    (answer,) = room.send(room.connect(someone), someone, AskRecovery(name, auth))
    return answer


def code_of(answer: Message) -> str:
    assert isinstance(answer, Refused)
    return answer.code


def kept(room: Room) -> None:
    (alice,) = room.enroll("alice")
    assert room.say(alice, KeepRecovery(KEYS.header, auth_hash(KEYS.auth), BLOB)) == [
        RecoveryKept(auth_hash(KEYS.auth))
    ]


def test_the_broker_gives_the_blob_to_who_knows_the_passphrase() -> None:
    room = Room()
    kept(room)
    assert ask(room) == Recovery(KEYS.header, b"")
    assert ask(room, KEYS.auth, "Alice") == Recovery(KEYS.header, BLOB)
    assert list(room.storage.recoveries()) == [
        StoredRecovery(ALICE.uid, KEYS.header, auth_hash(KEYS.auth), BLOB)
    ]
    again = Room(storage=room.storage)
    assert ask(again, KEYS.auth) == Recovery(KEYS.header, BLOB)


def test_nothing_is_told_of_a_name_that_keeps_nothing() -> None:
    room = Room()
    room.enroll("bob")
    assert code_of(ask(room, name="bob")) == code_of(ask(room, name="nobody")) == "no_recovery"


def test_guesses_of_one_name_are_few() -> None:
    room = Room()
    kept(room)
    guesses = [code_of(ask(room, bytes([number]) * 32)) for number in range(TRIES + 1)]
    assert guesses == ["wrong_passphrase"] * TRIES + ["slow_down"]
    refused = ask(room, KEYS.auth)
    assert (
        isinstance(refused, Refused) and refused.code == "slow_down" and "10 min" in refused.message
    )
    room.now_ms += 601_000
    assert ask(room, KEYS.auth) == Recovery(KEYS.header, BLOB)


def test_it_is_given_out_only_once_it_is_stored() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    room.is_holding = True
    assert room.say(alice, KeepRecovery(KEYS.header, auth_hash(KEYS.auth), BLOB)) == []
    assert code_of(ask(room)) == "no_recovery"
    room.commit()
    assert ask(room) == Recovery(KEYS.header, b"")
    room.stall()
    assert code_of(room.say(alice, KeepRecovery(KEYS.header, bytes(32), BLOB))[-1]) == "busy"


# --- the client ---


def test_a_client_hands_its_blob_over_until_the_server_has_it() -> None:
    room = ClassRoom(["bob"])
    bob = room.people["bob"]
    bob.kill()
    bob.recovery = KeepRecovery(KEYS.header, auth_hash(KEYS.auth), BLOB)
    bob.start()
    room.settle()
    stored = list(room.storage.recoveries())
    assert [one.blob for one in stored] == [
        BLOB
    ] and bob.core._work.saved_self.recovery_kept == auth_hash(KEYS.auth)
    bob.kill()
    bob.recovery = replace_blob(bob.recovery)
    bob.start()
    room.settle()
    assert list(room.storage.recoveries()) == stored  # it has it: nothing is sent again


def replace_blob(before: KeepRecovery) -> KeepRecovery:
    return KeepRecovery(before.header, before.auth_hash, BLOB + b"of another start")
