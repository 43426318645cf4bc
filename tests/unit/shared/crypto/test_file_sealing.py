"""Chunks, index and manifest of a file: what was sealed opens, and nothing else does."""

from __future__ import annotations

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.content import File, Text, decode_content, encode_content
from shared.crypto.files import (
    Manifest,
    check_index,
    index_root,
    open_chunk,
    open_index_piece,
    pack_manifest,
    seal_chunk,
    seal_index,
    unpack_manifest,
)
from shared.crypto.public import pack
from shared.errors import CryptoReject
from shared.files import MAX_FILE_BYTES, Layout, part_hash
from shared.messages import CHUNK_BYTES
from tests.support.members import CountedRandom

FILE_ID, KEY = b"f" * 16, b"k" * 32
SIZE = 2 * CHUNK_BYTES + 100
LAYOUT = Layout(SIZE)
CHUNKS = [bytes([number]) * LAYOUT.chunk_size(number) for number in range(3)]
PARTS = [
    seal_chunk(FILE_ID, KEY, LAYOUT, number, CHUNKS[number], CountedRandom("s"))
    for number in range(3)
]
INDEX = b"".join(part_hash(part) for part in PARTS)
MANIFEST = Manifest(
    FILE_ID, KEY, SIZE, index_root(INDEX), b"s" * 32, "hw1.py", "text/x-python", 4, 3
)


def reason(call: object, *arguments: object) -> str:
    with pytest.raises(CryptoReject) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.reason


def test_what_was_sealed_opens() -> None:
    assert [
        open_chunk(MANIFEST, LAYOUT, number, PARTS[number], INDEX) for number in range(3)
    ] == CHUNKS
    piece = seal_index(FILE_ID, KEY, LAYOUT, INDEX, 3, CountedRandom("i"))
    assert open_index_piece(MANIFEST, LAYOUT, 3, piece) == INDEX
    check_index(MANIFEST, LAYOUT, INDEX)


def test_every_part_has_a_nonce_of_its_own() -> None:
    random = CountedRandom("n")
    parts = {seal_chunk(FILE_ID, KEY, LAYOUT, 0, CHUNKS[0], random)[:24] for _ in range(50)}
    assert len(parts) == 50


@pytest.mark.parametrize("bit", [0, 100, 24 * 8, 8 * (CHUNK_BYTES + 39)])
def test_a_changed_part_is_refused(bit: int) -> None:
    broken = bytearray(PARTS[0])
    broken[bit // 8] ^= 1 << bit % 8
    assert reason(open_chunk, MANIFEST, LAYOUT, 0, bytes(broken), INDEX) == "chunk_hash"
    index = (
        part_hash(bytes(broken)) + INDEX[32:]
    )  # a member who knows the key, with the broker's help
    assert reason(open_chunk, MANIFEST, LAYOUT, 0, bytes(broken), index) == "cipher"
    assert reason(check_index, MANIFEST, LAYOUT, index) == "index_root"


def test_parts_do_not_fit_elsewhere() -> None:
    index = part_hash(PARTS[1]) + INDEX[32:]
    assert reason(open_chunk, MANIFEST, LAYOUT, 0, PARTS[1], index) == "cipher"  # another place
    other = Manifest(b"g" * 16, KEY, SIZE, MANIFEST.root, b"s" * 32, "x", "a/b")
    assert reason(open_chunk, other, LAYOUT, 0, PARTS[0], INDEX) == "cipher"  # another file
    for size in (SIZE - 1, SIZE + 1, SIZE + CHUNK_BYTES):  # another size, another count
        assert reason(open_chunk, MANIFEST, Layout(size), 0, PARTS[0], INDEX) == "cipher"
    piece = seal_index(FILE_ID, KEY, LAYOUT, INDEX, 3, CountedRandom("i"))
    assert (
        reason(open_chunk, MANIFEST, LAYOUT, 0, piece, part_hash(piece)) == "cipher"
    )  # the index as data
    assert reason(open_index_piece, MANIFEST, LAYOUT, 2, piece) == "cipher"
    assert reason(open_index_piece, MANIFEST, LAYOUT, 3, PARTS[2]) == "cipher"
    assert reason(open_chunk, MANIFEST, LAYOUT, 0, b"", part_hash(b"")) == "cipher_length"


def test_a_chunk_of_another_length_is_refused() -> None:
    short = seal_chunk(FILE_ID, KEY, LAYOUT, 2, b"short", CountedRandom("s"))
    assert (
        reason(open_chunk, MANIFEST, LAYOUT, 2, short, INDEX[:64] + part_hash(short))
        == "chunk_size"
    )


@pytest.mark.parametrize("index", [INDEX[:-1], INDEX + bytes(32), b"", INDEX[32:] + INDEX[:32]])
def test_an_index_that_was_not_signed_is_refused(index: bytes) -> None:
    assert reason(check_index, MANIFEST, LAYOUT, index).startswith("index")


def test_large_files_have_an_index_of_several_parts() -> None:
    layout = Layout(3 * 1024**3)
    assert (layout.chunk_count, layout.index_count) == (12_288, 2)
    index = bytes(range(256)) * (layout.chunk_count * 32 // 256)
    pieces = [layout.index_piece(index, number) for number in (12_288, 12_289)]
    assert b"".join(pieces) == index and len(pieces[0]) == CHUNK_BYTES


def test_manifests_travel_in_messages() -> None:
    content = File(MANIFEST, "My draft", b"r" * 16)
    assert decode_content(encode_content(content)) == content
    assert decode_content(encode_content(File(MANIFEST))) == File(MANIFEST)


@pytest.mark.parametrize(
    "change",
    [
        {0: b"short"},
        {1: b""},
        {1: "k" * 32},
        {2: -1},
        {2: MAX_FILE_BYTES + 1},
        {2: 1.5},
        {2: True},
        {3: b"r" * 31},
        {4: b""},
        {5: b"name"},
        {5: "x" * 256},
        {6: "é"},
        {6: "x" * 128},
        {6: "a\n"},
        {6: 5},
        {7: -1},
        {7: 70_000},
        {8: None},
    ],
)
def test_what_is_no_manifest_is_refused(change: dict[int, object]) -> None:
    fields = msgpack.unpackb(pack_manifest(MANIFEST))
    fields[next(iter(change))] = next(iter(change.values()))
    raw = msgpack.packb(fields)
    reason(unpack_manifest, raw)
    reason(decode_content, pack((5, raw, "", b"")))


@pytest.mark.parametrize(
    "raw", [b"", b"\xc1", msgpack.packb([1, 2]), msgpack.packb("x"), bytes(2000), "text", None]
)
def test_other_things_are_no_manifest(raw: object) -> None:
    reason(unpack_manifest, raw)


def test_names_with_half_characters_are_refused() -> None:
    fields = msgpack.unpackb(pack_manifest(MANIFEST))
    raw = msgpack.packb(fields).replace(b"\xa6hw1.py", b"\xa6hw\xed\xa0\x80y")
    reason(unpack_manifest, raw)


@pytest.mark.parametrize(
    "fields", [(b"m", 1, b""), (b"m", "x", b"r"), (b"m", "", b"", 1), ("m", "", b"")]
)
def test_other_things_are_no_file(fields: tuple[object, ...]) -> None:
    manifest = pack_manifest(MANIFEST)
    reason(decode_content, pack((5, *(manifest if field == b"m" else field for field in fields))))


@given(st.binary(max_size=1200))
def test_any_bytes_are_a_manifest_or_refused(raw: bytes) -> None:
    try:
        found = unpack_manifest(raw)
    except CryptoReject:
        return
    assert found.size >= 0


@given(st.data())
def test_damaged_manifests_never_do_worse_than_being_refused(data: st.DataObject) -> None:
    raw = bytearray(encode_content(File(MANIFEST, "caption")))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode_content(bytes(raw))
    except CryptoReject:
        return
    assert isinstance(found, File | Text)
