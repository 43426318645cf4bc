"""Hashes, labels, ids, and checks of signatures and keys: everything that needs no secret key."""

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
    """Return the prefix of every signed or associated byte string of this kind."""
    if name not in LABELS:
        raise ValueError(f"no such label: {name}")
    return _PREFIX + name.encode() + b"\0"


def hash32(*pieces: bytes) -> bytes:
    """Return the BLAKE2b-256 of the parts joined."""
    return blake2b(b"".join(pieces), digest_size=32).digest()


def verify(sign_pub: bytes, signature: bytes, label_name: str, *pieces: bytes) -> None:
    """Check an Ed25519 signature over label and parts (RFC 8032, libsodium's strict rules).

    Raises CryptoReject if it does not hold.
    """
    if not (is_bytes(signature, 64) and is_bytes(sign_pub, 32)):
        raise CryptoReject("signature_length")
    try:
        bindings.crypto_sign_open(signature + label(label_name) + b"".join(pieces), sign_pub)
    except (CryptoError, ValueError, TypeError, RuntimeError) as error:
        raise CryptoReject("signature") from error


def check_sign_key(pub: bytes) -> None:
    """Refuse an Ed25519 key that is not a valid point of the main subgroup."""
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
    """Read a MessagePack array of `length` items from at most `limit` bytes.

    Raises CryptoReject, and nothing else.
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
    """Return a MessagePack array.

    Raises CryptoReject for items that cannot be in one, such as half a surrogate pair in a text.
    """
    try:
        return bytes(msgpack.packb(tuple(items)))
    except (ValueError, TypeError, OverflowError) as error:
        raise CryptoReject("shape") from error


def is_bytes(value: object, length: int) -> bool:
    """Return whether the value is a byte string of exactly this length."""
    return type(value) is bytes and len(value) == length


def is_count(value: object, limit: int = 2**53) -> bool:
    """Return whether the value is an integer in 0..limit (booleans are not integers)."""
    return type(value) is int and 0 <= value <= limit


def expect_version(version: object, suite: object) -> None:
    """Raise CryptoReject unless these are, as integers, the version and suite we speak."""
    expect(
        type(version) is int and type(suite) is int and (version, suite) == (VERSION, SUITE),
        "version",
    )


def expect(condition: bool, reason: str = "shape") -> None:  # noqa: FBT001  # it is read as a sentence
    """CryptoReject(reason) unless the condition holds."""
    if not condition:
        raise CryptoReject(reason)


def entry_hash(body: bytes, proof: bytes) -> bytes:
    """Return the hash of a log entry (for messages, the design's msg-hash)."""
    return hash32(label("msg-hash"), len(body).to_bytes(4, "big"), body, proof)


def next_transcript(transcript: bytes, hash_of_entry: bytes) -> bytes:
    """Return T_s = H(T_{s-1} || entry hash)."""
    return hash32(transcript, hash_of_entry)


def direct_id(uid_a: bytes, uid_b: bytes) -> bytes:
    """Return the id of two people's conversation, whichever of them opens it."""
    return hash32(label("dm"), *sorted((uid_a, uid_b)))[:16]


def group_id(creator_uid: bytes, random32: bytes) -> bytes:
    """Return the conversation id of a group."""
    return hash32(label("conv"), creator_uid, random32)[:16]


def class_channel_id(class_id: bytes, name: str) -> bytes:
    """Return the conversation id of a class channel ("general", "announcements")."""
    return hash32(label("class"), class_id, name.encode())[:16]


def class_id_of(broker_curve_public: bytes) -> bytes:
    """Return the id of a class: the first bytes of the hash of its broker's raw public key."""
    return hash32(label("class"), broker_curve_public)[:16]
