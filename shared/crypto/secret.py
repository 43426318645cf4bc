"""Make keys, sign, seal, derive: everything that touches a secret key.

The broker never imports it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from nacl import bindings
from nacl.exceptions import CryptoError

from shared.crypto.public import label
from shared.errors import CryptoReject

Random = Callable[[int], bytes]

_NACL_ERRORS = (CryptoError, ValueError, TypeError, RuntimeError)
_PAD_STEPS: Final = (128, 256, 512)


def generate_sign_pair(random: Random) -> tuple[bytes, bytes]:
    """Return (secret seed of 32 bytes, public key of 32 bytes) for Ed25519."""
    seed = random(32)
    public, _ = bindings.crypto_sign_seed_keypair(seed)
    return seed, public


def generate_box_pair(random: Random) -> tuple[bytes, bytes]:
    """Return (secret of 32 bytes, public key of 32 bytes) for X25519."""
    secret = random(32)
    return secret, bindings.crypto_scalarmult_base(secret)


def sign(secret: bytes, label_name: str, *pieces: bytes) -> bytes:
    """Return an Ed25519 signature (64 bytes) over label and parts."""
    _, full = bindings.crypto_sign_seed_keypair(secret)
    return bytes(bindings.crypto_sign(label(label_name) + b"".join(pieces), full)[:64])


def seal_to(box_pub: bytes, data: bytes) -> bytes:
    """Return an anonymous sealed box (libsodium crypto_box_seal)."""
    try:
        return bytes(bindings.crypto_box_seal(data, box_pub))
    except _NACL_ERRORS as error:
        raise CryptoReject("box_key") from error


def open_sealed(box_secret: bytes, data: bytes) -> bytes:
    """Open a sealed box with only the secret key."""
    try:
        return bytes(
            bindings.crypto_box_seal_open(
                data, bindings.crypto_scalarmult_base(box_secret), box_secret
            )
        )
    except _NACL_ERRORS as error:
        raise CryptoReject("box") from error


def aead_seal(key: bytes, plaintext: bytes, ad: bytes, random: Random) -> bytes:
    """Seal with XChaCha20-Poly1305-IETF under 24 fresh random bytes: nonce || ciphertext."""
    fresh = random(24)
    return fresh + bytes(
        bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, fresh, key)
    )


def aead_open(key: bytes, sealed: bytes, ad: bytes) -> bytes:
    """Open what aead_seal made."""
    if type(sealed) is not bytes or len(sealed) < 40:
        raise CryptoReject("cipher_length")
    try:
        return bytes(
            bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], ad, sealed[:24], key)
        )
    except _NACL_ERRORS as error:
        raise CryptoReject("cipher") from error


def kdf(key: bytes, index: int, context: bytes) -> bytes:
    """Derive 32 bytes for (index, 8-byte context) (libsodium's crypto_kdf_derive_from_key)."""
    salt = index.to_bytes(8, "little") + bytes(8)
    return blake2b(b"", digest_size=32, key=key, salt=salt, person=context + bytes(8)).digest()


def keyed_hash(key: bytes, person: bytes, *pieces: bytes) -> bytes:
    """Return a keyed BLAKE2b-256 with a personalisation of at most 16 bytes."""
    return blake2b(b"".join(pieces), digest_size=32, key=key, person=person).digest()


def argon2id(passphrase: str, salt: bytes, ops: int, mem_bytes: int) -> bytes:
    """Derive 32 bytes from a passphrase and 16 bytes of salt.

    The passphrase is normalised (NFKC), so that its encoding does not matter.
    """
    text = unicodedata.normalize("NFKC", passphrase).encode(errors="surrogatepass")
    try:
        return bytes(
            bindings.crypto_pwhash_alg(
                32, text, salt, ops, mem_bytes, bindings.crypto_pwhash_ALG_ARGON2ID13
            )
        )
    except _NACL_ERRORS as error:  # the machine does not have that much memory
        raise CryptoReject("cost") from error


def pad(data: bytes) -> bytes:
    """Pad (ISO 7816-4) to 128, 256 and 512 bytes, then to multiples of 512."""
    needed = len(data) + 1
    size = next((step for step in _PAD_STEPS if needed <= step), -(-needed // 512) * 512)
    return data + b"\x80" + bytes(size - needed)


def unpad(data: bytes) -> bytes:
    """Undo pad."""
    stripped = data.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        raise CryptoReject("padding")
    return stripped[:-1]
