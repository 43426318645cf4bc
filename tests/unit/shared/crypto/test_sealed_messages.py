"""Messages, boxes, links, titles and the vault: they open in their one place and nowhere else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from shared.crypto.content import Delete, Edit, React, Text, decode_content, encode_content
from shared.crypto.headers import Header
from shared.crypto.public import LABELS, ZERO32, check_box_key, check_sign_key, pack, verify
from shared.crypto.sealing import open_message, seal_message
from shared.crypto.secret import pad, sign, unpad
from shared.crypto.seeds import (
    box_seed,
    open_box,
    open_link,
    open_title,
    seal_link,
    seal_title,
    seed_commit,
)
from shared.crypto.vault import Cost, Vault, change_passphrase, generate_passphrase
from shared.errors import CryptoReject, WrongPassphrase
from tests.support.members import CountedRandom, make_identity

ANA, BO = make_identity("ana"), make_identity("bo")
SEED, CONV = b"s" * 32, b"v" * 16
HEADER = Header(0, CONV, 3, b"e" * 32, ANA.uid, ANA.did, 7, b"m" * 16, 1_000)
MINIMAL = Cost(1, 8192)


def _seal(header: Header = HEADER, text: str = "hello") -> tuple[bytes, bytes]:
    body = encode_content(Text(text))
    return seal_message(
        SEED, ANA.sign_secret, header, ZERO32, (4, b"t" * 32), body, CountedRandom()
    )


def test_a_message_opens_for_who_has_the_seed() -> None:
    opened = open_message(SEED, ANA.sign_pub, *_seal())
    assert opened.header == HEADER
    assert opened.seen == (4, b"t" * 32)
    assert decode_content(opened.body) == Text("hello")


def test_every_flipped_bit_and_every_truncation_is_rejected() -> None:
    header, cipher = _seal()
    for part, other, join in (
        (header, cipher, lambda p, o: (p, o)),
        (cipher, header, lambda p, o: (o, p)),
    ):
        for i in range(len(part)):
            for changed in (part[:i] + bytes([part[i] ^ (1 << i % 8)]) + part[i + 1 :], part[:i]):
                with pytest.raises(CryptoReject):
                    open_message(SEED, ANA.sign_pub, *join(changed, other))


@pytest.mark.parametrize(
    "change", [{"conv_id": b"w" * 16}, {"epoch": 4}, {"did": BO.did}, {"kind": 1}, {"n": 8}]
)
def test_a_cipher_belongs_to_its_header(change: dict[str, object]) -> None:
    other, _ = _seal(replace(HEADER, **change))  # type: ignore[arg-type]
    _, cipher = _seal()
    with pytest.raises(CryptoReject):
        open_message(SEED, ANA.sign_pub, other, cipher)


def test_a_member_cannot_speak_as_another() -> None:
    body = encode_content(Text("as ana"))
    forged = seal_message(SEED, BO.sign_secret, HEADER, ZERO32, (0, ZERO32), body, CountedRandom())
    with pytest.raises(CryptoReject, match="signature"):
        open_message(SEED, ANA.sign_pub, *forged)


def test_lengths_are_hidden_in_steps() -> None:
    lengths = {len(_seal(text="x" * n)[1]) for n in range(0, 300, 7)}
    assert len(lengths) <= 4
    for n in range(1200):
        assert unpad(pad(b"\x80" * n)) == b"\x80" * n


def test_signatures_hold_under_their_label_alone() -> None:
    for made in LABELS:
        signature = sign(ANA.sign_secret, made, b"text")
        for tried in LABELS - {made}:
            with pytest.raises(CryptoReject):
                verify(ANA.sign_pub, signature, tried, b"text")


def test_boxes_open_in_their_place_and_against_the_commitment() -> None:
    commit = seed_commit(SEED, CONV, 1)
    secret, public = BO.uk_secrets[1]
    box = box_seed(SEED, CONV, 1, BO.uid, public)
    assert open_box(box, secret, CONV, 1, BO.uid, commit) == SEED
    for place in ((b"w" * 16, 1, BO.uid), (CONV, 2, BO.uid), (CONV, 1, ANA.uid)):
        with pytest.raises(CryptoReject, match="box"):
            open_box(box, secret, *place, commit)
    with pytest.raises(CryptoReject, match="commit"):
        open_box(box_seed(b"x" * 32, CONV, 1, BO.uid, public), secret, CONV, 1, BO.uid, commit)
    with pytest.raises(CryptoReject):
        open_box(box[:-1] + bytes([box[-1] ^ 1]), secret, CONV, 1, BO.uid, commit)


def test_links_and_titles() -> None:
    before, random = b"b" * 32, CountedRandom()
    commit = seed_commit(before, CONV, 1)
    link = seal_link(SEED, before, CONV, 2, commit, random)
    assert len(link) == 72
    assert open_link(SEED, link, CONV, 2, commit) == before
    with pytest.raises(CryptoReject):
        open_link(SEED, link, CONV, 3, commit)
    title = seal_title(SEED, CONV, 2, "équipe-epoll", random)
    assert open_title(SEED, CONV, 2, title) == "équipe-epoll"
    with pytest.raises(CryptoReject):
        open_title(SEED, CONV, 3, title)
    assert random.asked == [24, 24]


@pytest.mark.parametrize(
    "key", [bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"short"]
)
def test_keys_of_small_order_are_refused(key: bytes) -> None:
    with pytest.raises(CryptoReject):
        check_box_key(key)
    with pytest.raises(CryptoReject):
        check_sign_key(key)


@pytest.mark.parametrize(
    "content",
    [
        Text("a", b"r" * 16),
        Edit(b"m" * 16, ZERO32, "b"),
        Delete(b"m" * 16, ZERO32),
        React(b"m" * 16, ZERO32, "👍", True),
    ],
)
def test_contents_round_trip(content: Text | Edit | Delete | React) -> None:
    assert decode_content(encode_content(content)) == content


@pytest.mark.parametrize(
    "body", [[], [9, "x"], [1, 5, b""], [1, "x", b"short"], [4, b"m" * 16, ZERO32, "", False]]
)
def test_other_contents_are_refused(body: list[object]) -> None:
    with pytest.raises(CryptoReject):
        decode_content(pack(body))


def test_the_vault_opens_with_its_passphrase_alone() -> None:
    random = CountedRandom()
    vault, header = Vault.create("Zoë's café", random, MINIMAL)
    sealed = vault.seal("rows", b"1", "body", b"text")
    same = Vault.unlock(header, "Zoe\u0308's cafe\u0301", random)
    assert same.open("rows", b"1", "body", sealed) == b"text"
    for place in (("outbox", b"1", "body"), ("rows", b"2", "body"), ("rows", b"1", "draft")):
        with pytest.raises(CryptoReject):
            vault.open(*place, sealed)
    with pytest.raises(WrongPassphrase):
        Vault.unlock(header, "zoe", random)
    changed = change_passphrase(header, "Zoë's café", "new", random)
    assert Vault.unlock(changed, "new", random).open("rows", b"1", "body", sealed) == b"text"
    with pytest.raises(WrongPassphrase):
        Vault.unlock(changed, "Zoë's café", random)


def test_hostile_costs_are_refused() -> None:
    for ops, mem in ((1, 2**32), (11, 8192), (0, 8192), (1, 1)):
        header = pack((1, "argon2id13", ops, mem, bytes(16), ZERO32))
        with pytest.raises(CryptoReject, match="cost"):
            Vault.unlock(pack((header, bytes(80))), "x", CountedRandom())


def test_generated_passphrases_have_six_words() -> None:
    phrases = {generate_passphrase() for _ in range(20)}
    assert len(phrases) == 20
    assert all(len(phrase.split("-")) >= 6 for phrase in phrases)
