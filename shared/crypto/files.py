"""Seal files in chunks: a random key for each file, and a signed hash over all of its chunks.

Each chunk is bound to its place. The chunks of the data are the parts 0 .. n-1 of an upload; its
index (the hashes of those parts) follows as further parts. The manifest travels in a signed
message, so even somebody who has the file key cannot exchange the content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.crypto.public import expect, hash32, is_bytes, is_count, label, pack, unpack_exact
from shared.crypto.secret import Random, aead_open, aead_seal
from shared.filenames import MAX_FILE_NAME_BYTES, safe_file_name
from shared.files import MAX_FILE_BYTES, Layout, part_hash
from shared.messages import CHUNK_BYTES, PART_HASH_BYTES

MAX_MIME_BYTES: Final = 127  # RFC 4288, section 4.2
MAX_PIXELS: Final = 65_535
_MAX_MANIFEST_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the sender signs about a file: where its parts are, how they open, what they hold."""

    file_id: bytes  # 16 bytes
    key: bytes  # 32 bytes
    size: int  # of the plain file, bytes
    root: bytes  # BLAKE2b-256 over the hashes of all sealed chunks
    sha256: bytes  # of the plain file
    name: str
    mime: str
    width: int = 0  # of an image in pixels, 0 if it is not one
    height: int = 0


def index_root(index: bytes) -> bytes:
    """Return the hash of the index, which the manifest signs."""
    return hash32(label("file-index"), index)


def seal_chunk(
    file_id: bytes, key: bytes, layout: Layout, number: int, data: bytes, random: Random
) -> bytes:
    """Seal one chunk of data as a part."""
    return aead_seal(key, data, _chunk_place(file_id, layout, number), random)


def open_chunk(manifest: Manifest, layout: Layout, number: int, part: bytes, index: bytes) -> bytes:
    """Return the data of a part.

    Raises CryptoReject unless it is exactly the part that the sender made for this place.
    """
    start = number * PART_HASH_BYTES
    expect(part_hash(part) == index[start : start + PART_HASH_BYTES], "chunk_hash")
    data = aead_open(manifest.key, part, _chunk_place(manifest.file_id, layout, number))
    expect(len(data) == layout.chunk_size(number), "chunk_size")
    return data


def seal_index(
    file_id: bytes, key: bytes, layout: Layout, index: bytes, number: int, random: Random
) -> bytes:
    """Seal the part `number`, a piece of the index."""
    return aead_seal(
        key, layout.index_piece(index, number), _index_place(file_id, layout, number), random
    )


def open_index_piece(manifest: Manifest, layout: Layout, number: int, part: bytes) -> bytes:
    """Return one piece of the index; check the whole with `check_index`."""
    return aead_open(manifest.key, part, _index_place(manifest.file_id, layout, number))


def check_index(manifest: Manifest, layout: Layout, index: bytes) -> None:
    """Raise CryptoReject unless this is the index that the manifest signs."""
    expect(len(index) == layout.chunk_count * PART_HASH_BYTES, "index_size")
    expect(index_root(index) == manifest.root, "index_root")


def pack_manifest(manifest: Manifest) -> bytes:
    """Return the bytes of a manifest as they travel in a message."""
    return pack(
        (
            manifest.file_id,
            manifest.key,
            manifest.size,
            manifest.root,
            manifest.sha256,
            manifest.name,
            manifest.mime,
            manifest.width,
            manifest.height,
        )
    )


def unpack_manifest(raw: bytes) -> Manifest:
    """Read a manifest; raises CryptoReject if it is not one.

    The name comes out safe, whatever was sent.
    """
    expect(type(raw) is bytes)
    file_id, key, size, root, sha256, name, mime, width, height = unpack_exact(
        raw, _MAX_MANIFEST_BYTES, 9
    )
    expect(
        is_bytes(file_id, 16) and is_bytes(key, 32) and is_bytes(root, 32) and is_bytes(sha256, 32)
    )
    expect(
        is_count(size, MAX_FILE_BYTES)
        and is_count(width, MAX_PIXELS)
        and is_count(height, MAX_PIXELS)
    )
    expect(type(name) is str and _is_short(name, MAX_FILE_NAME_BYTES))
    expect(
        type(mime) is str
        and _is_short(mime, MAX_MIME_BYTES)
        and mime.isascii()
        and mime.isprintable()
    )
    return Manifest(file_id, key, size, root, sha256, safe_file_name(name), mime, width, height)


def _is_short(text: str, limit: int) -> bool:
    return len(text.encode()) <= limit


def _chunk_place(file_id: bytes, layout: Layout, number: int) -> bytes:
    return (
        label("file")
        + file_id
        + _u64(number)
        + _u64(layout.chunk_count)
        + _u64(layout.size)
        + _u32(CHUNK_BYTES)
    )


def _index_place(file_id: bytes, layout: Layout, number: int) -> bytes:
    return (
        label("file-index") + file_id + _u64(number) + _u64(layout.part_count) + _u64(layout.size)
    )


def _u64(value: int) -> bytes:
    return value.to_bytes(8, "big")


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "big")
