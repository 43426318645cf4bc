"""Published vectors (Wycheproof, libsodium) and our own frozen ones: a change of any format is a
visible difference.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from nacl import bindings
from nacl.exceptions import CryptoError

from shared.crypto import public, secret
from shared.crypto.accounts import login_items, safety_number, verify_genesis
from shared.crypto.content import Accept, File, Pin, Question, React, Text, encode_content
from shared.crypto.files import Manifest, index_root, seal_chunk, seal_index
from shared.crypto.headers import Header
from shared.crypto.identity import make_statement, rotate_uk
from shared.crypto.records import encode_record
from shared.crypto.sealing import seal_message
from shared.crypto.seeds import device_key, seal_link, seal_title, seed_commit
from shared.crypto.vault import Cost, Vault
from shared.errors import CryptoReject
from shared.files import Layout
from shared.messages import CHUNK_BYTES
from tests.support.members import CountedRandom, Group, make_identity
from tools.module_map import ROOT

VECTORS = ROOT / "tests" / "vectors"
PUBLISHED = json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
FROZEN = VECTORS / "frozen.json"


def _cases(name: str) -> list[Any]:
    return [
        pytest.param(case, id=str(case.get("tcId", case.get("index")))) for case in PUBLISHED[name]
    ]


def _raw(case: dict[str, str], *names: str) -> list[bytes]:
    return [bytes.fromhex(case[name]) for name in names]


@pytest.mark.parametrize("case", _cases("xchacha20_poly1305"))
def test_xchacha20_poly1305(case: dict[str, str]) -> None:
    key, iv, aad, msg, ct, tag = _raw(case, "key", "iv", "aad", "msg", "ct", "tag")
    if case["result"] == "valid":
        assert secret.aead_open(key, iv + ct + tag, aad) == msg
        assert secret.aead_seal(key, msg, aad, lambda size: iv[:size]) == iv + ct + tag
    else:
        with pytest.raises(CryptoReject):
            secret.aead_open(key, iv + ct + tag, aad)


@pytest.mark.parametrize("case", _cases("x25519"))
def test_x25519(case: dict[str, Any]) -> None:
    point, scalar, shared = _raw(case, "public", "private", "shared")
    if not any(shared):
        with pytest.raises(CryptoReject):
            public.check_box_key(point)
        with pytest.raises((CryptoError, RuntimeError)):
            bindings.crypto_scalarmult(scalar, point)
    else:
        assert bindings.crypto_scalarmult(scalar, point) == shared


@pytest.mark.parametrize("case", _cases("ed25519"))
def test_ed25519(case: dict[str, str]) -> None:
    key, message, signature = _raw(case, "public", "msg", "sig")
    try:
        bindings.crypto_sign_open(signature + message, key)
        is_good = len(signature) == 64
    except (CryptoError, ValueError):
        is_good = False
    assert is_good == (case["result"] == "valid")


@pytest.mark.parametrize("case", _cases("kdf"))
def test_kdf(case: dict[str, Any]) -> None:
    (key,) = _raw(case, "key")
    assert secret.kdf(key, case["index"], case["context"].encode()).hex() == case["expected"]


def _frozen() -> dict[str, str]:
    ana, bo = make_identity("ana"), make_identity("bo")
    random, seed, conv = CountedRandom("frozen"), b"s" * 32, b"v" * 16
    account = verify_genesis(ana.genesis)
    group = Group.of("ana", "bo")
    record = encode_record(group.next_record("ana", group.rows().values()))
    header = Header(0, conv, 3, b"e" * 32, ana.uid, ana.did, 7, b"m" * 16, 1_000)
    header_bytes, cipher = seal_message(
        seed,
        ana.sign_secret,
        header,
        bytes(32),
        (4, b"t" * 32),
        encode_content(Text("hello", b"r" * 16)),
        random,
    )
    layout, of_files = Layout(CHUNK_BYTES + 14), CountedRandom("frozen files")
    manifest = Manifest(
        b"f" * 16, b"k" * 32, layout.size, b"o" * 32, b"h" * 32, "hw1.py", "text/x-python", 3, 4
    )
    vault, vault_header = Vault.create("passphrase", random, Cost(1, 8192))
    parts = login_items(b"c" * 32, b"b" * 32, b"d" * 32, "ana", ana.did)
    values = {
        "genesis": ana.genesis,
        "rotate_uk": rotate_uk(ana, account, 2_000, random)[1],
        "login": secret.sign(ana.sign_secret, "login", *parts),
        "leave": b"".join(make_statement(ana, "leave", conv, b"e" * 32)),
        "keyreq": b"".join(make_statement(ana, "keyreq", conv, b"e" * 32, (3, 1))),
        "record": record,
        "record_signature": secret.sign(ana.sign_secret, "epoch-sig", record),
        "commit": seed_commit(seed, conv, 3),
        "device_key": device_key(seed, ana.did),
        "link": seal_link(seed, b"o" * 32, conv, 3, b"k" * 32, random),
        "title": seal_title(seed, conv, 3, "team", random),
        "header": header_bytes,
        "cipher": cipher,
        "entry_hash": public.entry_hash(header_bytes, cipher),
        "transcript": public.next_transcript(bytes(32), public.entry_hash(header_bytes, cipher)),
        "reaction": encode_content(React(b"m" * 16, bytes(32), "👍")),
        "direct_id": public.direct_id(ana.uid, bo.uid),
        "class_channel_id": public.class_channel_id(b"c" * 16, "general"),
        "chunk": seal_chunk(b"f" * 16, b"k" * 32, layout, 1, b"the last chunk", of_files),
        "index": seal_index(b"f" * 16, b"k" * 32, layout, bytes(64), 2, of_files),
        "index_root": index_root(bytes(64)),
        "file": encode_content(File(manifest, "caption", b"r" * 16)),
        "pin": encode_content(Pin(b"m" * 16, bytes(32))),
        "question": encode_content(Question("why?")),
        "accept": encode_content(Accept(b"m" * 16, bytes(32), True)),
        "vault_header": vault_header,
        "vault_row": vault.seal("rows", b"key", "body", b"text"),
    }
    bo_root = verify_genesis(bo.genesis).root_pub
    frozen = {name: value.hex() for name, value in values.items()}
    return {**frozen, "safety_number": safety_number(ana.uid, account.root_pub, bo.uid, bo_root)}


def test_our_own_formats_are_frozen() -> None:
    # A deliberate change: write json.dumps(_frozen(), indent=1) to the file and raise the version
    # in the format.
    assert json.loads(FROZEN.read_text(encoding="utf-8")) == _frozen()


def test_safety_numbers_are_the_same_for_both() -> None:
    a, b, c = (verify_genesis(make_identity(name).genesis) for name in ("ana", "bo", "cy"))
    number = safety_number(a.uid, a.root_pub, b.uid, b.root_pub)
    assert len(number) == 60
    assert number.isdigit()
    assert number == safety_number(b.uid, b.root_pub, a.uid, a.root_pub)
    assert number != safety_number(a.uid, a.root_pub, b.uid, c.root_pub)
