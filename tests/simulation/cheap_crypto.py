"""Cheap stand-ins for the primitives of libsodium: keyed hashes that refuse what the real ones
refuse. Never secure.

A signature is a keyed hash under the secret that belongs to the public key (this process knows all
of them), a sealed
text is the text with such a hash over key, nonce and associated data. So forged, swapped or
misplaced bytes are
refused as with the real primitives; only secrecy and unforgeability towards a reader of this file
are missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from nacl.exceptions import CryptoError

import shared.crypto.public
import shared.crypto.secret


def _hash(key: bytes, *parts: bytes, size: int = 32) -> bytes:
    return blake2b(b"".join(parts), key=key, digest_size=size).digest()


class CheapBindings:
    """The functions of nacl.bindings that `shared/crypto` uses for signing, sealing and boxes."""

    def __init__(self) -> None:
        self._secrets: dict[bytes, bytes] = {}
        self._random = random.Random(0)

    def crypto_sign_seed_keypair(self, seed: bytes) -> tuple[bytes, bytes]:
        public = _hash(b"sign", seed)
        self._secrets[public] = seed
        return public, seed + public

    def crypto_sign(self, message: bytes, secret_and_public: bytes) -> bytes:
        return _hash(secret_and_public[:32], message, size=64) + message

    def crypto_sign_open(self, signed: bytes, public: bytes) -> bytes:
        secret = self._secrets.get(public)
        if secret is None or _hash(secret, signed[64:], size=64) != signed[:64]:
            raise CryptoError("signature")
        return signed[64:]

    def crypto_core_ed25519_is_valid_point(self, public: bytes) -> bool:
        return public in self._secrets

    def crypto_scalarmult_base(self, secret: bytes) -> bytes:
        return _hash(b"box", secret)

    def crypto_box_seal(self, data: bytes, public: bytes) -> bytes:
        return bytes(32) + data + _hash(public, data, size=16)

    def crypto_box_seal_open(self, sealed: bytes, public: bytes, secret: bytes) -> bytes:
        data, tag = sealed[32:-16], sealed[-16:]
        if public != self.crypto_scalarmult_base(secret) or _hash(public, data, size=16) != tag:
            raise CryptoError("box")
        return data

    def crypto_aead_xchacha20poly1305_ietf_encrypt(
        self, plain: bytes, ad: bytes, nonce: bytes, key: bytes
    ) -> bytes:
        return plain + _hash(key, nonce, len(ad).to_bytes(4, "big"), ad, plain, size=16)

    def crypto_aead_xchacha20poly1305_ietf_decrypt(
        self, sealed: bytes, ad: bytes, nonce: bytes, key: bytes
    ) -> bytes:
        plain, tag = sealed[:-16], sealed[-16:]
        if _hash(key, nonce, len(ad).to_bytes(4, "big"), ad, plain, size=16) != tag:
            raise CryptoError("aead")
        return plain


_CHEAP = CheapBindings()


@contextmanager
def cheap_crypto() -> Iterator[None]:
    """Within this block the whole process uses the stand-ins."""
    modules = (shared.crypto.public, shared.crypto.secret)
    real = [module.bindings for module in modules]
    for module in modules:
        module.bindings = _CHEAP  # type: ignore[assignment]
    try:
        yield
    finally:
        for module, before in zip(modules, real, strict=True):
            module.bindings = before
