"""Keys, seals and chains that do not hold are refused with one error and a stable reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.crypto.accounts import Account, active_device, extend_account, verify_genesis
from shared.crypto.headers import CONTENT, Header, encode_header
from shared.crypto.identity import Identity, create_identity, rotate_uk
from shared.crypto.public import ZERO32, label, pack, unpack_exact, verify
from shared.crypto.sealing import open_message
from shared.crypto.secret import (
    aead_seal,
    argon2id,
    generate_box_pair,
    generate_sign_pair,
    kdf,
    open_sealed,
    pad,
    seal_to,
    sign,
    unpad,
)
from shared.crypto.seeds import device_key, open_title, seal_title
from shared.crypto.vault import Cost, Vault
from shared.errors import CryptoReject, WrongPassphrase
from tests.support.members import CountedRandom, Group, make_identity

SEED, CONV = b"s" * 32, b"c" * 16
random = CountedRandom("refusals")


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(CryptoReject) as rejected:
        call()
    return rejected.value.reason


# --- small pieces ---


def test_labels_are_a_closed_list() -> None:
    with pytest.raises(ValueError, match="no such label"):
        label("anything")
    assert label("acct").endswith(b"acct\0")


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), "text"])
def test_signatures_have_their_length(signature: bytes) -> None:
    assert reason(lambda: verify(bytes(32), signature, "acct", b"x")) == "signature_length"


def test_what_has_no_place_in_a_packed_array_is_refused() -> None:
    for item in ("half \ud800", 2**70, object()):
        assert reason(lambda item=item: pack((item,))) == "shape"  # type: ignore[misc]
    assert reason(lambda: unpack_exact(b"x" * 20, 10)) == "size"
    for raw in (b"\x05", b"\x91\x05", b"\xff"):  # no array, another length, nothing known
        assert reason(lambda raw=raw: unpack_exact(raw, 10, 2)) == "shape"  # type: ignore[misc]


def test_sealing_to_a_key_that_is_none() -> None:
    assert reason(lambda: seal_to(b"short", b"x")) == "box_key"
    assert reason(lambda: open_sealed(b"k" * 32, b"short")) == "box"


def test_padding_that_is_none() -> None:
    for data in (b"", bytes(128), b"text"):
        assert reason(lambda data=data: unpad(data)) == "padding"  # type: ignore[misc]
    assert unpad(pad(b"text\x80\0")) == b"text\x80\0"


def test_a_cost_that_the_machine_cannot_pay() -> None:
    assert reason(lambda: argon2id("words", bytes(16), 0, 8192)) == "cost"


# --- names of groups ---


def test_a_name_that_cannot_be_sealed_or_is_no_text() -> None:
    assert reason(lambda: seal_title(SEED, CONV, 0, "half \ud800", random)) == "shape"
    assert reason(lambda: seal_title(SEED, CONV, 0, "x" * 1000, random)) == "too_large"
    associated = label("title") + CONV + bytes(4)
    for plain, expected in (
        (b"\xff\xfe\x80" + bytes(61), "shape"),
        (bytes(64), "padding"),
        (b"a\x80b", "padding"),
    ):
        sealed = aead_seal(kdf(SEED, 4, b"c513titl"), plain, associated, random)
        assert reason(lambda sealed=sealed: open_title(SEED, CONV, 0, sealed)) == expected  # type: ignore[misc]


# --- messages ---


def test_a_signed_message_of_another_shape() -> None:
    alice = make_identity("alice")
    header = Header(CONTENT, CONV, 0, ZERO32, alice.uid, alice.did, 1, b"m" * 16, 5)
    raw = encode_header(header)
    for items in (
        (b"short", [0, ZERO32], b""),
        (ZERO32, (0,), b""),
        (ZERO32, [0, ZERO32], "text"),
        (ZERO32, [-1, ZERO32], b""),
        (ZERO32, [0, b"short"], b""),
    ):
        inner = pack(items)
        signature = sign(alice.sign_secret, "msg-sig", len(raw).to_bytes(4, "big"), raw, inner)
        key = device_key(SEED, alice.did)
        cipher = aead_seal(key, pad(signature + inner), label("msg") + raw, random)
        assert (
            reason(lambda cipher=cipher: open_message(SEED, alice.sign_pub, raw, cipher)) == "shape"
        )  # type: ignore[misc]


# --- the vault ---


def test_a_vault_whose_master_key_was_changed_does_not_open() -> None:
    vault, blob = Vault.create("words", random, Cost(1, 8192))
    header, sealed = unpack_exact(blob, 4096, 2)
    damaged = pack((header, sealed[:-1] + bytes([sealed[-1] ^ 1])))
    with pytest.raises(WrongPassphrase):
        Vault.unlock(damaged, "words", random)
    assert (
        Vault.unlock(blob, "words", random).open("t", b"k", "c", vault.seal("t", b"k", "c", b"x"))
        == b"x"
    )


# --- account chains ---


def entry_of(
    identity: Identity,
    account: Account,
    kind: str,
    body: list[object],
    *,
    secret: bytes = b"",
    signer: bytes = b"root",
) -> bytes:
    """The next entry of a chain, signed by the root unless told otherwise."""
    entry = pack((1, 1, account.uid, account.sequence + 1, account.head, kind, body, 5, signer))
    return pack((entry, sign(secret or identity.root_secret, "acct", entry)))


def new_device(name: str) -> tuple[list[object], bytes, bytes]:
    """(its items in a chain entry, its id, its signing secret)."""
    made = create_identity("x", name, 5, CountedRandom(name), (b"p" * 40, b"s" * 40))
    return [made.did, made.sign_pub, made.box_pub, name], made.did, made.sign_secret


def test_devices_are_added_and_removed_for_good() -> None:
    alice = make_identity("alice")
    account = verify_genesis(alice.genesis)
    items, did, secret = new_device("phone")
    account = extend_account(account, entry_of(alice, account, "add_device", items))
    assert active_device(account, did).name == "phone" and account.sequence == 1
    again = entry_of(alice, account, "add_device", items)
    assert reason(lambda: extend_account(account, again)) == "chain"
    _, uk_pub = generate_box_pair(random)
    gone = extend_account(account, entry_of(alice, account, "revoke_device", [did, 2, uk_pub, 0]))
    assert reason(lambda: active_device(gone, did)) == "device" and gone.uk_gen == 2
    for who in (did, b"u" * 16, b"short"):
        blob = entry_of(alice, gone, "revoke_device", [who, 3, uk_pub, 0])
        assert reason(lambda blob=blob: extend_account(gone, blob)) == "device"  # type: ignore[misc]
    signed_by_gone = entry_of(alice, gone, "rotate_uk", [3, uk_pub, 0], secret=secret, signer=did)
    assert reason(lambda: extend_account(gone, signed_by_gone)) == "device"


def test_a_chain_grows_by_known_kinds_and_the_next_generation_only() -> None:
    alice = make_identity("alice")
    account = verify_genesis(alice.genesis)
    _, uk_pub = generate_box_pair(random)
    for kind, body, expected in (
        ("dance", [2, uk_pub, 0], "chain_kind"),
        ("rotate_uk", [3, uk_pub, 0], "chain"),
        ("rotate_uk", [2, bytes(32), 0], "box_key"),
        ("rotate_uk", [2, uk_pub], "shape"),
    ):
        blob = entry_of(alice, account, kind, list(body))
        assert reason(lambda blob=blob: extend_account(account, blob)) == expected  # type: ignore[misc]
    stranger, _ = generate_sign_pair(random)
    forged = entry_of(alice, account, "rotate_uk", [2, uk_pub, 0], secret=stranger)
    assert reason(lambda: extend_account(account, forged)) == "signature"


# --- records ---


def test_a_first_record_must_say_where_its_id_comes_from() -> None:
    group = Group.of("ana", "bo")
    rows = group.rows().values()
    group.snapshot = None
    next_record = group.next_record("ana", rows)
    assert reason(lambda: group.apply(replace(next_record, origin=None), "ana")) == "origin"
    assert reason(lambda: group.apply(replace(next_record, link=bytes(72)), "ana")) == "origin"


def test_a_member_may_be_added_with_an_account_state_from_before_but_not_with_a_made_up_one() -> (
    None
):
    group = Group.of("ana", "bo", outsiders=["cy"])
    cy = group.people["cy"]
    old = group.row("cy")
    _, blob = rotate_uk(cy, group.accounts[cy.uid], 5, random)
    group.accounts[cy.uid] = extend_account(group.accounts[cy.uid], blob)
    made_up = replace(old, uk_gen=2)
    next_record = group.next_record("ana", [*group.rows().values(), made_up])
    assert reason(lambda: group.apply(next_record, "ana")) == "account_state"
    snapshot = group.apply(group.next_record("ana", [*group.rows().values(), old]), "ana")
    assert snapshot.members[cy.uid].uk_gen == 1
    group.apply(
        group.next_record(
            "ana", [*(r for r in group.rows().values() if r.uid != cy.uid), group.row("cy")]
        ),
        "ana",
    )
    back = [*(r for r in group.rows().values() if r.uid != cy.uid), old]
    assert reason(lambda: group.apply(group.next_record("ana", back), "ana")) == "account_state"
