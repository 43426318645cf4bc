"""Hashes, labels, ids, and the checking of signatures and keys: all that needs no secret key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, Final

import msgpack
from nacl import bindings
from nacl.exceptions import CryptoError

from shared.errors import CryptoReject

VERSION: Final = 1
SUITE: Final = 1
_PREFIX: Final = b"csce513msg/1/"
LABELS: Final = frozenset(
    (
        "acct",
        "conv",
        "dm",
        "class",
        "epoch-sig",
        "epoch-box",
        "members",
        "link",
        "title",
        "msg",
        "msg-sig",
        "msg-hash",
        "file",
        "file-index",
        "backup",
        "roster",
        "safety",
        "login",
        "keyreq",
        "leave",
        "join",
        "rest",
    )
)
ZERO32: Final = bytes(32)

# Points of small order on Curve25519, in canonical and non-canonical encodings, top bit cleared
# (libsodium, crypto_scalarmult_curve25519/ref10, has_small_order).
_LOW_ORDER_X25519: Final = frozenset(
    bytes.fromhex(h)
    for h in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)


@cache
def label(name: str) -> bytes:
    """The prefix of every signed or associated byte string of this kind."""
    if name not in LABELS:
        raise ValueError(f"no such label: {name}")
    return _PREFIX + name.encode() + b"\0"


def hash32(*parts: bytes) -> bytes:
    """BLAKE2b-256 over the parts joined."""
    return blake2b(b"".join(parts), digest_size=32).digest()


def verify(sign_pub: bytes, signature: bytes, label_name: str, *parts: bytes) -> None:
    """Ed25519 (RFC 8032, libsodium's strict rules) over label and parts; CryptoReject if it does
    not hold.
    """
    if not (is_bytes(signature, 64) and is_bytes(sign_pub, 32)):
        raise CryptoReject("signature_length")
    try:
        bindings.crypto_sign_open(signature + label(label_name) + b"".join(parts), sign_pub)
    except (CryptoError, ValueError, TypeError, RuntimeError) as error:
        raise CryptoReject("signature") from error


def check_sign_key(pub: bytes) -> None:
    """Refuse an Ed25519 key that is no valid point of the main subgroup."""
    if (
        not is_bytes(pub, 32)
        or not any(pub)
        or not bindings.crypto_core_ed25519_is_valid_point(pub)
    ):
        raise CryptoReject("sign_key")


def check_box_key(pub: bytes) -> None:
    """Refuse an X25519 key of small order (RFC 7748, section 6.1)."""
    if not is_bytes(pub, 32) or bytes([*pub[:31], pub[31] & 0x7F]) in _LOW_ORDER_X25519:
        raise CryptoReject("box_key")


def unpack_exact(raw: bytes, limit: int, length: int | None = None) -> list[Any]:
    """A MessagePack array of `length` items out of at most `limit` bytes; only CryptoReject is
    raised.
    """
    if not isinstance(raw, bytes) or len(raw) > limit:
        raise CryptoReject("size")
    try:
        items = msgpack.unpackb(raw, max_array_len=4096, max_map_len=0, max_ext_len=0)
    except (ValueError, TypeError, RecursionError, OverflowError, msgpack.UnpackException) as error:
        raise CryptoReject("shape") from error
    if type(items) is not list or (length is not None and len(items) != length):
        raise CryptoReject("shape")
    return items


def pack(items: Sequence[Any]) -> bytes:
    """A MessagePack array; CryptoReject for what has no place in one, such as half a surrogate pair
    in a text.
    """
    try:
        return bytes(msgpack.packb(tuple(items)))
    except (ValueError, TypeError, OverflowError) as error:
        raise CryptoReject("shape") from error


def is_bytes(value: object, length: int) -> bool:
    """Whether the value is a byte string of exactly this length."""
    return type(value) is bytes and len(value) == length


def is_count(value: object, limit: int = 2**53) -> bool:
    """Whether the value is a whole number in 0..limit (booleans are not numbers)."""
    return type(value) is int and 0 <= value <= limit


def expect_version(version: object, suite: object) -> None:
    """CryptoReject unless these are the version and the suite that we speak, as whole numbers."""
    expect(
        type(version) is int and type(suite) is int and (version, suite) == (VERSION, SUITE),
        "version",
    )


def expect(condition: bool, reason: str = "shape") -> None:  # noqa: FBT001  # it is read as a sentence
    """CryptoReject(reason) unless the condition holds."""
    if not condition:
        raise CryptoReject(reason)


def entry_hash(body: bytes, proof: bytes) -> bytes:
    """The hash of a log entry, for messages the msg-hash of the design."""
    return hash32(label("msg-hash"), len(body).to_bytes(4, "big"), body, proof)


def next_transcript(transcript: bytes, hash_of_entry: bytes) -> bytes:
    """T_s = H(T_{s-1} || entry hash)."""
    return hash32(transcript, hash_of_entry)


def direct_id(uid_a: bytes, uid_b: bytes) -> bytes:
    """The conversation id of two people, whoever opens it."""
    return hash32(label("dm"), *sorted((uid_a, uid_b)))[:16]


def group_id(creator_uid: bytes, random32: bytes) -> bytes:
    """The conversation id of a group."""
    return hash32(label("conv"), creator_uid, random32)[:16]


def class_channel_id(class_id: bytes, name: str) -> bytes:
    """The conversation id of a class channel ("general", "announcements")."""
    return hash32(label("class"), class_id, name.encode())[:16]


def class_id_of(broker_curve_public: bytes) -> bytes:
    """The id of a class: start of the hash of its broker's raw public key."""
    return hash32(label("class"), broker_curve_public)[:16]
