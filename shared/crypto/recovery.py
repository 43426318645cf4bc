"""The recovery blob: an account's keys, sealed by its passphrase and kept by the broker.

It serves people who lose a computer. The broker releases the blob only for `auth`, which is derived
from the passphrase like the key, but does not reveal it: classmates cannot fetch the blob and guess
without limit. The broker's operator could; six generated words (77 bits) are out of reach for that,
a short word is not. Sealing: XChaCha20-Poly1305; derivation: argon2id (RFC 9106).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.crypto.identity import Identity, pack_identity, unpack_identity
from shared.crypto.public import expect, hash32, is_bytes, label, pack, unpack_exact
from shared.crypto.secret import Random, aead_open, aead_seal, argon2id, kdf
from shared.crypto.vault import MODERATE, Cost
from shared.errors import CryptoReject, WrongPassphrase

_CONTEXT: Final = b"c513back"
_MAX_HEADER, _MAX_BLOB = 256, 64 * 1024
_MAX_OPS, _MAX_MEM = 10, 2**30
FLOOR: Final = Cost(2, 64 * 2**20)  # a broker that names less wants the passphrase


@dataclass(frozen=True, slots=True)
class RecoveryKeys:
    """The keys that a passphrase yields under one header (salt and cost)."""

    header: bytes
    key: bytes
    auth: bytes
    commitment: bytes

    def pack(self) -> bytes:
        """Return the keys as plain bytes; store them only sealed by the vault."""
        return pack((self.header, self.key, self.auth, self.commitment))

    @classmethod
    def unpack(cls, raw: bytes) -> RecoveryKeys:
        """Undo pack."""
        header, key, auth, commitment = unpack_exact(raw, 1024, 4)
        expect(
            type(header) is bytes and all(is_bytes(item, 32) for item in (key, auth, commitment))
        )
        return cls(header, key, auth, commitment)


def make_keys(passphrase: str, random: Random, cost: Cost = MODERATE) -> RecoveryKeys:
    """Derive keys under a fresh salt. Takes about 0.5 s at MODERATE."""
    return _derive(pack((1, "argon2id13", cost.ops, cost.mem_bytes, random(16))), passphrase, cost)


def keys_from(header: bytes, passphrase: str, floor: Cost = FLOOR) -> RecoveryKeys:
    """Derive the keys under a header that a broker sent.

    Raises CryptoReject if its cost is outside of what we allow a broker to name.
    """
    return _derive(header, passphrase, floor)


def _derive(header: bytes, passphrase: str, floor: Cost) -> RecoveryKeys:
    version, name, ops, mem_bytes, salt = unpack_exact(header, _MAX_HEADER, 5)
    expect(type(version) is int and version == 1 and name == "argon2id13", "version")
    expect(type(ops) is int and floor.ops <= ops <= _MAX_OPS, "cost")
    expect(type(mem_bytes) is int and floor.mem_bytes <= mem_bytes <= _MAX_MEM, "cost")
    expect(is_bytes(salt, 16))
    master = argon2id(passphrase, salt, ops, mem_bytes)
    key, auth, commitment = (kdf(master, number, _CONTEXT) for number in (1, 2, 3))
    return RecoveryKeys(header, key, auth, commitment)


def auth_hash(auth: bytes) -> bytes:
    """Return what the broker keeps to recognise `auth`."""
    return hash32(label("backup"), auth)


def seal_identity(keys: RecoveryKeys, identity: Identity, random: Random) -> bytes:
    """Return the blob: commitment || nonce || ciphertext."""
    bound = label("backup") + keys.header + keys.commitment
    return keys.commitment + aead_seal(keys.key, pack_identity(identity), bound, random)


def open_identity(keys: RecoveryKeys, blob: bytes, username: str) -> Identity:
    """Return the identity that the blob holds.

    Raises WrongPassphrase if another passphrase sealed it, and CryptoReject if it is not a blob of
    this name.
    """
    if not 32 < len(blob) <= _MAX_BLOB:
        raise CryptoReject("length")
    if blob[:32] != keys.commitment:
        raise WrongPassphrase
    identity = unpack_identity(
        aead_open(keys.key, blob[32:], label("backup") + keys.header + keys.commitment)
    )
    expect(identity.username == username, "username")
    return identity
