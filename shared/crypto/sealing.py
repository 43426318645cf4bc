"""Seal and open one message: signature inside, header bound, under the key of the sender's device."""

from __future__ import annotations

from dataclasses import dataclass

from shared.crypto.headers import Header, decode_header, encode_header
from shared.crypto.public import expect, is_bytes, is_count, label, pack, unpack_exact, verify
from shared.crypto.secret import Random, aead_open, aead_seal, pad, sign, unpad
from shared.crypto.seeds import device_key
from shared.errors import CryptoReject
from shared.messages import MAX_CIPHER_BYTES


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified message.

    `prev` is the entry hash of this device's previous message; `seen` = (sequence, transcript).
    """

    header: Header
    prev: bytes
    seen: tuple[int, bytes]
    body: bytes


def _signed(header_bytes: bytes, inner: bytes) -> tuple[bytes, bytes, bytes]:
    return len(header_bytes).to_bytes(4, "big"), header_bytes, inner


def seal_message(
    seed: bytes,
    sign_secret: bytes,
    header: Header,
    prev: bytes,
    seen: tuple[int, bytes],
    body: bytes,
    random: Random,
) -> tuple[bytes, bytes]:
    """Return (header bytes, cipher).

    Raises CryptoReject("too_large") if the cipher would exceed the limit.
    """
    header_bytes = encode_header(header)
    inner = pack((prev, list(seen), body))
    signature = sign(sign_secret, "msg-sig", *_signed(header_bytes, inner))
    key = device_key(seed, header.did)
    cipher = aead_seal(key, pad(signature + inner), label("msg") + header_bytes, random)
    expect(len(cipher) <= MAX_CIPHER_BYTES, "too_large")
    return header_bytes, cipher


def open_message(
    seed: bytes,
    sender_sign_pub: bytes,
    header_bytes: bytes,
    cipher: bytes,
    header: Header | None = None,
) -> Opened:
    """Decrypt a message, then verify the sender's signature.

    Raises CryptoReject if anything does not hold. Pass `header`, the result of decode_header for
    these very bytes, if you have decoded them already.
    """
    header = header or decode_header(header_bytes)
    expect(len(cipher) <= MAX_CIPHER_BYTES, "too_large")
    plain = unpad(aead_open(device_key(seed, header.did), cipher, label("msg") + header_bytes))
    signature, inner = plain[:64], plain[64:]
    verify(sender_sign_pub, signature, "msg-sig", *_signed(header_bytes, inner))
    prev, seen, body = unpack_exact(inner, MAX_CIPHER_BYTES, 3)
    if not (is_bytes(prev, 32) and type(seen) is list and len(seen) == 2 and type(body) is bytes):
        raise CryptoReject("shape")
    expect(is_count(seen[0]) and is_bytes(seen[1], 32))
    return Opened(header, prev, (seen[0], seen[1]), body)
