"""The store: what is applied is there after opening again, all or nothing, and nothing readable
lies on the disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.core.state.about import About
from client.core.state.effects import Drop, Effect, Save, SaveRow
from client.core.state.saved import (
    SavedConversation,
    SavedEpoch,
    SavedOutbox,
    StoredReaction,
    StoredRow,
)
from client.settings import MINIMAL_COST
from client.storage.keystore import Keystore, ProfileOfOther, read_profile
from client.storage.store import Store
from shared.crypto.vault import Vault
from shared.errors import InvitationInvalid, ProfileInUse, WrongPassphrase
from shared.invitations import Invitation

CONV = b"c" * 16
INVITATION = Invitation("127.0.0.1", 5555, b"k" * 32, "code", "Class")


@pytest.fixture
def vault() -> Vault:
    return Vault.create("pass", os.urandom, MINIMAL_COST)[0]


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> Iterator[Store]:
    opened = Store(tmp_path / "db", vault)
    yield opened
    opened.close()


def row(position: int, **changes: object) -> StoredRow:
    values: dict[str, object] = {
        "conv_id": CONV,
        "position": position,
        "message_id": bytes([position]) * 16,
        "sequence": position + 1,
        "kind": "text",
        "sender": b"u" * 16,
        "sent_at_ms": 5,
        "text": "canary text",
    }
    return StoredRow(**{**values, **changes})  # type: ignore[arg-type]


def outbox(body: bytes = b"canary body") -> SavedOutbox:
    return SavedOutbox(
        message_id=b"m" * 16,
        conv_id=CONV,
        order=1,
        body=body,
        text="canary text",
        is_act=False,
        reply_to=b"",
        sent_at_ms=7,
    )


def test_items_come_back_and_can_be_dropped(tmp_path: Path, vault: Vault) -> None:
    epoch = SavedEpoch(
        conv_id=CONV,
        epoch=3,
        epoch_id=b"e" * 32,
        commit=b"c" * 32,
        link=b"",
        author=b"a" * 16,
        sequence=9,
        has_me=True,
        seed=b"canary seed",
    )
    first = Store(tmp_path / "db", vault)
    first.apply(
        [
            Save(
                SavedConversation(
                    conv_id=CONV,
                    about=About(unsent_text="canary draft"),
                )
            ),
            Save(epoch),
            Save(outbox()),
        ]
    )
    first.close()
    second = Store(tmp_path / "db", vault)
    assert {type(item) for item in second.load()} == {SavedConversation, SavedEpoch, SavedOutbox}
    second.apply([Drop("outbox", b"m" * 16)])
    assert {type(item) for item in second.load()} == {SavedConversation, SavedEpoch}
    second.close()


def test_rows_by_position_message_and_owner(store: Store) -> None:
    rows = [
        row(0),
        row(1, is_own=True),
        row(2, mentions_me=True),
        row(3, kind="system", sender=b""),
    ]
    store.apply([SaveRow(one) for one in rows])
    assert store.page(CONV, 1, 2) == rows[1:3]
    assert store.row(rows[2].message_id) == rows[2] and store.row(b"x" * 16) is None
    assert store.own_rows(CONV, 0, 9) == [rows[1]] and store.own_rows(CONV, 2, 9) == []
    assert store.count_unread(CONV, 0) == (2, 1) and store.count_unread(CONV, 1) == (1, 1)


def test_a_changed_row_keeps_its_place(store: Store) -> None:
    store.apply([SaveRow(row(0)), SaveRow(row(1))])
    changed = row(0, text="new", is_edited=True, reactions=(StoredReaction("👍", (b"u" * 16,)),))
    store.apply([SaveRow(changed)])
    assert store.page(CONV, 0, 5) == [changed, row(1)]


def test_a_batch_is_applied_whole_or_not_at_all(store: Store) -> None:
    broken: list[Effect] = [SaveRow(row(0)), SaveRow(row(1, text=object()))]
    with pytest.raises(TypeError):
        store.apply(broken)
    assert store.page(CONV, 0, 5) == []
    store.apply([SaveRow(row(0))])
    assert len(store.page(CONV, 0, 5)) == 1


def test_nothing_readable_lies_on_the_disk(tmp_path: Path, vault: Vault) -> None:
    opened = Store(tmp_path / "db", vault)
    saved = SavedConversation(conv_id=CONV, about=About(unsent_text="canary draft"))
    opened.apply([Save(outbox()), SaveRow(row(0)), Save(saved)])
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    opened.close()
    assert b"canary" not in on_disk


def test_a_row_moved_to_another_place_does_not_open(tmp_path: Path, vault: Vault) -> None:
    opened = Store(tmp_path / "db", vault)
    opened.apply([SaveRow(row(0))])
    opened.close()
    database = sqlite3.connect(tmp_path / "db")
    database.execute("UPDATE rows SET position = 7")
    database.commit()
    database.close()
    again = Store(tmp_path / "db", vault)
    with pytest.raises(Exception, match="Rejected"):
        again.page(CONV, 0, 10)
    again.close()


# --- the profile directory ---


def keypair() -> tuple[bytes, bytes]:
    return b"p" * 40, b"s" * 40


def unlock(
    directory: Path,
    username: str = "ana",
    passphrase: str = "pass",
    invitation: Invitation | None = None,
) -> bytes:
    keystore = Keystore(directory)
    try:
        profile = keystore.open(invitation, username, passphrase, os.urandom, keypair, MINIMAL_COST)
        return profile.identity.uid
    finally:
        keystore.close()


def test_a_profile_opens_again_with_its_passphrase_only(tmp_path: Path) -> None:
    directory = tmp_path / "profile"
    uid = unlock(directory, invitation=INVITATION)
    assert unlock(directory) == uid == unlock(directory, username="")
    with pytest.raises(WrongPassphrase):
        unlock(directory, passphrase="other")
    known = read_profile(directory)
    assert known is not None and known.username == "ana"
    if os.name == "posix":
        assert all(
            path.stat().st_mode & 0o077 == 0 for path in directory.iterdir() if path.name != "lock"
        )
        assert directory.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", [b"", b"{", b'{"username": "\x80"}', b"[1]"])
def test_a_profile_file_that_cannot_be_read_takes_no_keys_with_it(
    tmp_path: Path, damage: bytes
) -> None:
    uid = unlock(tmp_path, invitation=INVITATION)
    (tmp_path / "history.sqlite3").write_bytes(b"what was said")
    (tmp_path / "profile.json").write_bytes(damage)
    with pytest.raises(ProfileOfOther):
        unlock(tmp_path, username="bea", invitation=INVITATION)
    assert unlock(tmp_path, invitation=INVITATION) == uid == unlock(tmp_path)
    assert (tmp_path / "history.sqlite3").read_bytes() == b"what was said"


def test_a_profile_needs_an_invitation_the_first_time(tmp_path: Path) -> None:
    with pytest.raises(InvitationInvalid):
        unlock(tmp_path / "profile")


def test_one_window_for_each_profile(tmp_path: Path) -> None:
    keystore = Keystore(tmp_path)
    with pytest.raises(ProfileInUse):
        Keystore(tmp_path)
    keystore.close()
    Keystore(tmp_path).close()


def test_a_refused_name_can_be_changed_until_the_account_exists(tmp_path: Path) -> None:
    directory = tmp_path / "profile"
    first = unlock(directory, invitation=INVITATION)
    assert unlock(directory, username="ana2", invitation=INVITATION) != first
    keystore = Keystore(directory)
    keystore.mark_registered()
    keystore.close()
    with pytest.raises(ProfileOfOther):
        unlock(directory, username="bea", invitation=INVITATION)
    other_class = Invitation("127.0.0.1", 5555, b"x" * 32, "code", "Other")
    with pytest.raises(InvitationInvalid):
        unlock(directory, username="ana2", invitation=other_class)
