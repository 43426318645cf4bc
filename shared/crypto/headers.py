"""The header of a message: what the broker may see, and what the sender's signature binds."""

from __future__ import annotations

from dataclasses import dataclass

from shared.crypto.public import SUITE, VERSION, expect, expect_version, is_bytes, is_count, pack, unpack_exact
from shared.messages import MAX_HEADER_BYTES

CONTENT, CONTROL = 0, 1


@dataclass(frozen=True, slots=True)
class Header:
    """`n` counts the sender device's messages in the conversation from 1; `kind` is CONTENT or CONTROL."""

    kind: int
    conv_id: bytes
    epoch: int
    epoch_id: bytes
    uid: bytes
    did: bytes
    n: int
    mid: bytes
    ts_ms: int


def encode_header(h: Header) -> bytes:
    """The bytes that travel, are hashed and signed."""
    return pack((VERSION, SUITE, h.kind, h.conv_id, h.epoch, h.epoch_id, h.uid, h.did, h.n, h.mid, h.ts_ms))


def decode_header(raw: bytes) -> Header:
    """Read a header; CryptoReject unless every field has its exact shape."""
    items = unpack_exact(raw, MAX_HEADER_BYTES, 11)
    expect_version(items[0], items[1])
    _, _, kind, conv_id, epoch, epoch_id, uid, did, n, mid, ts_ms = items
    expect(type(kind) is int and kind in (CONTENT, CONTROL))
    expect(all(is_bytes(value, 16) for value in (conv_id, uid, did, mid)) and is_bytes(epoch_id, 32))
    expect(is_count(epoch, 2**32 - 1) and is_count(n, 2**63 - 1) and is_count(ts_ms))
    return Header(kind, conv_id, epoch, epoch_id, uid, did, n, mid, ts_ms)
