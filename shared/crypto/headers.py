"""The header of a message: what the broker may see, and what the sender's signature binds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, msgpack

from shared.codec import prepare
from shared.crypto.public import SUITE, VERSION
from shared.errors import CryptoReject
from shared.messages import MAX_HEADER_BYTES, Bytes32, Count, Id16

CONTENT, CONTROL = 0, 1


class Header(Struct, frozen=True, gc=False):
    """The header of a message; `kind` is CONTENT or CONTROL.

    `n` counts the messages of the sender's device in the conversation from 1.
    """

    kind: int
    conv_id: bytes
    epoch: int
    epoch_id: bytes
    uid: bytes
    did: bytes
    n: int
    message_id: bytes
    sent_at_ms: int


class PackedHeader(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A header as it travels: the fields in their places, each of its exact shape."""

    version: int
    suite: int
    kind: Annotated[int, Meta(ge=CONTENT, le=CONTROL)]
    conv_id: Id16
    epoch: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    epoch_id: Bytes32
    uid: Id16
    did: Id16
    n: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    message_id: Id16
    sent_at_ms: Count


prepare([Header, PackedHeader])
_unpack = msgpack.Decoder(PackedHeader).decode
_pack = msgpack.Encoder().encode


def encode_header(h: Header) -> bytes:
    """Return the bytes that travel and are hashed and signed."""
    packed = PackedHeader(
        VERSION,
        SUITE,
        h.kind,
        h.conv_id,
        h.epoch,
        h.epoch_id,
        h.uid,
        h.did,
        h.n,
        h.message_id,
        h.sent_at_ms,
    )
    return _pack(packed)


def unpack_header(raw: bytes) -> PackedHeader:
    """Read a header; raises CryptoReject unless every field has its exact shape."""
    if len(raw) > MAX_HEADER_BYTES:
        raise CryptoReject("size")
    try:
        packed = _unpack(raw)
    except ValueError as error:  # msgspec's errors are ValueErrors
        raise CryptoReject("shape") from error
    if packed.version != VERSION or packed.suite != SUITE:
        raise CryptoReject("version")
    return packed


def decode_header(raw: bytes) -> Header:
    """Return the header as a client uses it; raises CryptoReject like `unpack_header`."""
    p = unpack_header(raw)
    return Header(
        p.kind, p.conv_id, p.epoch, p.epoch_id, p.uid, p.did, p.n, p.message_id, p.sent_at_ms
    )
