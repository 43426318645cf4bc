"""Cut a file into parts, and describe parts the same way on both sides. Needs no secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.crypto.public import hash32
from shared.messages import CHUNK_BYTES, PART_BYTES, PART_HASH_BYTES

MAX_FILE_BYTES: Final = 4 * 1024**3
PART_OVERHEAD: Final = PART_BYTES - CHUNK_BYTES
_RECORD_BYTES: Final = 4 + PART_HASH_BYTES


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file of this size is cut into parts. An empty file has one chunk of no bytes."""

    size: int

    @property
    def chunk_count(self) -> int:
        """The number of parts that hold the data."""
        return max(1, -(-self.size // CHUNK_BYTES))

    @property
    def index_count(self) -> int:
        """The number of parts that hold the hashes of the others."""
        return -(-self.chunk_count * PART_HASH_BYTES // CHUNK_BYTES)

    @property
    def part_count(self) -> int:
        """The number of all parts."""
        return self.chunk_count + self.index_count

    @property
    def total_bytes(self) -> int:
        """The bytes that all parts take at the broker."""
        return self.size + self.chunk_count * PART_HASH_BYTES + self.part_count * PART_OVERHEAD

    def chunk_size(self, number: int) -> int:
        """Return the number of plain bytes in a chunk of data."""
        return min(CHUNK_BYTES, self.size - number * CHUNK_BYTES)

    def part_size(self, number: int) -> int:
        """Return the number of bytes in a sealed part."""
        if number < self.chunk_count:
            return self.chunk_size(number) + PART_OVERHEAD
        start = (number - self.chunk_count) * CHUNK_BYTES
        return min(CHUNK_BYTES, self.chunk_count * PART_HASH_BYTES - start) + PART_OVERHEAD

    def index_piece(self, index: bytes, number: int) -> bytes:
        """Return the piece of the index that the part `number` holds."""
        start = (number - self.chunk_count) * CHUNK_BYTES
        return index[start : start + CHUNK_BYTES]


def layout_of(part_count: int, total_bytes: int) -> Layout | None:
    """Return the layout of a file with this many parts and bytes at the broker.

    None if there is no such file.
    """
    for chunk_count in (part_count - 1, part_count - 2):  # one part of index, or two from 2 GiB on
        size = total_bytes - chunk_count * PART_HASH_BYTES - part_count * PART_OVERHEAD
        layout = Layout(size)
        if (
            chunk_count > 0
            and size >= 0
            and (layout.part_count, layout.total_bytes) == (part_count, total_bytes)
        ):
            return layout
    return None


def part_hash(part: bytes) -> bytes:
    """Return the BLAKE2b-256 of a sealed part."""
    return hash32(part)


def upload_digest(hashes: Sequence[bytes]) -> bytes:
    """Return the hash by which a closed upload is compared: over its parts' hashes, in order."""
    return hash32(*hashes)


def pack_stored(hashes: Mapping[int, bytes]) -> bytes:
    """Return part numbers and hashes as UploadReady carries them."""
    return b"".join(number.to_bytes(4, "big") + hashes[number] for number in sorted(hashes))


def unpack_stored(stored: bytes, part_count: int) -> dict[int, bytes]:
    """Undo pack_stored; numbers that the file does not have are left out."""
    hashes = {}
    for start in range(0, len(stored) - _RECORD_BYTES + 1, _RECORD_BYTES):
        number = int.from_bytes(stored[start : start + 4], "big")
        if number < part_count:
            hashes[number] = stored[start + 4 : start + _RECORD_BYTES]
    return hashes
