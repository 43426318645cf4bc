"""Whatever bytes arrive, the codec and the readers of signed items raise their one documented
error, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.codec import decode_answers, decode_requests, encode
from shared.crypto.accounts import verify_genesis
from shared.crypto.content import decode_content
from shared.crypto.headers import decode_header
from shared.crypto.records import decode_record, encode_record
from shared.errors import CodecError, CryptoReject
from shared.messages import (
    ANSWERS,
    REQUESTS,
    Entries,
    Entry,
    FetchParts,
    Hello,
    OpenUpload,
    Part,
    PartsStored,
    PutPart,
    SendMessage,
    SignedIn,
    UploadReady,
)
from tests.support.members import Group, make_identity

ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    st.binary(max_size=64),
    st.text(max_size=32),
)
TREES = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=8), max_leaves=40)
TAGS = sorted({int(str(kind.__struct_config__.tag)) for kind in (*REQUESTS, *ANSWERS)})
SAMPLES = [
    encode(Hello(1, "test", "ana")),
    encode(SendMessage(bytes(16), bytes(16), b"header", b"cipher")),
    encode(Entries(bytes(16), [Entry(1, 1, bytes(16), 5, bytes(16), b"body", b"proof")], 1)),
    encode(SignedIn(bytes(16), "ana", 0, [], [bytes(16)], 5)),
    encode(OpenUpload(bytes(16), bytes(16), 3, 300_000)),
    encode(PutPart(bytes(16), 2, b"part")),
    encode(FetchParts(bytes(16), [0, 1], [bytes(8)])),
    encode(UploadReady(bytes(16), bytes(72), 16)),
    encode(PartsStored(bytes(16), [1, 2], 4)),
    encode(Part(bytes(16), 5, bytes(8), b"part")),
]
GROUP = Group.of("ana", "bo")
RECORD = encode_record(GROUP.next_record("ana", GROUP.rows().values()))
GENESIS = make_identity("ana").genesis


def _only(error: type[Exception], read: Callable[[bytes], Any], raw: bytes) -> None:
    with suppress(error):
        read(raw)


@pytest.mark.parametrize("decode", [decode_requests, decode_answers])
@settings(max_examples=400, deadline=None)
@given(frame=st.binary(max_size=300))
def test_any_bytes(decode: Callable[[bytes], Any], frame: bytes) -> None:
    _only(CodecError, decode, frame)


@pytest.mark.parametrize("decode", [decode_requests, decode_answers])
@settings(max_examples=400, deadline=None)
@given(tag=st.sampled_from(TAGS), fields=st.lists(TREES, max_size=9))
def test_any_fields_under_a_known_tag(
    decode: Callable[[bytes], Any], tag: int, fields: list[Any]
) -> None:
    _only(CodecError, decode, bytes(msgpack.packb([tag, *fields])))


@settings(max_examples=600, deadline=None)
@given(
    sample=st.sampled_from(SAMPLES),
    place=st.integers(0, 10_000),
    value=st.integers(0, 255),
    cut=st.integers(0, 400),
)
def test_changed_and_cut_frames(sample: bytes, place: int, value: int, cut: int) -> None:
    at = place % len(sample)
    changed = (sample[:at] + bytes([value]) + sample[at + 1 :])[: len(sample) - cut % 3]
    for decode in (decode_requests, decode_answers):
        _only(CodecError, decode, changed)


@pytest.mark.parametrize("read", [decode_record, decode_header, decode_content, verify_genesis])
@settings(max_examples=300, deadline=None)
@given(tree=st.lists(TREES, max_size=20), junk=st.binary(max_size=100))
def test_signed_items(read: Callable[[bytes], Any], tree: list[Any], junk: bytes) -> None:
    _only(CryptoReject, read, bytes(msgpack.packb(tree)))
    _only(CryptoReject, read, junk)


@pytest.mark.parametrize(("read", "sample"), [(decode_record, RECORD), (verify_genesis, GENESIS)])
@settings(max_examples=500, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_changed_signed_items(
    read: Callable[[bytes], Any], sample: bytes, place: int, value: int
) -> None:
    at = place % len(sample)
    _only(CryptoReject, read, sample[:at] + bytes([value]) + sample[at + 1 :])
