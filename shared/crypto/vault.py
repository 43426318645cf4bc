"""Keys and texts at rest: a random master key, sealed by the passphrase, seals every row."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from xkcdpass import xkcd_password

from shared.crypto.public import expect, is_bytes, label, pack, unpack_exact
from shared.crypto.secret import Random, aead_open, aead_seal, argon2id, kdf
from shared.errors import CryptoReject, WrongPassphrase


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one guess of the passphrase."""

    ops: int
    mem_bytes: int


MODERATE: Final = Cost(3, 256 * 2**20)
_MAX_OPS, _MAX_MEM = 10, 2**30


class Vault:
    """The unlocked vault of one profile. May be used on any thread; holds no file."""

    def __init__(self, master: bytes, random: Random) -> None:
        self._key = kdf(master, 1, b"c513rest")
        self._random = random

    @classmethod
    def create(cls, passphrase: str, random: Random, cost: Cost = MODERATE) -> tuple[Vault, bytes]:
        """Return a vault with a new master key, and the header blob to store beside the data.

        Takes about 0.5 s at MODERATE.
        """
        master = random(32)
        return cls(master, random), _seal_master(master, passphrase, random, cost)

    @classmethod
    def unlock(cls, header_blob: bytes, passphrase: str, random: Random) -> Vault:
        """Unlock the vault with the passphrase; raises WrongPassphrase if it does not fit."""
        return cls(_open_master(header_blob, passphrase), random)

    def seal(self, table: str, key: bytes, column: str, plaintext: bytes) -> bytes:
        """Seal one value so that it opens only in this place."""
        return aead_seal(self._key, plaintext, _place(table, key, column), self._random)

    def open(self, table: str, key: bytes, column: str, sealed: bytes) -> bytes:
        """Open one value; raises CryptoReject if it was changed or moved."""
        return aead_open(self._key, sealed, _place(table, key, column))


def change_passphrase(header_blob: bytes, old: str, new: str, random: Random) -> bytes:
    """Return a header blob that the new passphrase opens, at the same cost."""
    items = _read_header(header_blob)
    return _seal_master(_open_master(header_blob, old), new, random, Cost(items[2], items[3]))


def generate_passphrase(
    random_choice: Callable[[Sequence[str]], str] = secrets.choice, words: int = 6
) -> str:
    """Return six words of the EFF long list: about 77 bits."""
    return "-".join(random_choice(_word_list()) for _ in range(words))


@lru_cache(maxsize=1)
def _word_list() -> tuple[str, ...]:
    file = xkcd_password.locate_wordfile("eff-long")
    return tuple(xkcd_password.generate_wordlist(wordfile=file, min_length=3, max_length=9))


def _place(table: str, key: bytes, column: str) -> bytes:
    return label("rest") + pack((table, key, column))


def _seal_master(master: bytes, passphrase: str, random: Random, cost: Cost) -> bytes:
    salt = random(16)
    wrapped = argon2id(passphrase, salt, cost.ops, cost.mem_bytes)
    header = pack((1, "argon2id13", cost.ops, cost.mem_bytes, salt, kdf(wrapped, 3, b"c513comm")))
    return pack(
        (header, aead_seal(kdf(wrapped, 1, b"c513wrap"), master, label("rest") + header, random))
    )


def _read_header(blob: bytes) -> list[Any]:
    header, _ = unpack_exact(blob, 4096, 2)
    items = unpack_exact(header, 1024, 6)
    expect(type(items[0]) is int and items[0] == 1 and items[1] == "argon2id13", "version")
    expect(type(items[2]) is int and 1 <= items[2] <= _MAX_OPS, "cost")
    expect(type(items[3]) is int and 8192 <= items[3] <= _MAX_MEM, "cost")
    expect(is_bytes(items[4], 16) and is_bytes(items[5], 32))
    return items


def _open_master(blob: bytes, passphrase: str) -> bytes:
    items = _read_header(blob)
    header, sealed = unpack_exact(blob, 4096, 2)
    wrapped = argon2id(passphrase, items[4], items[2], items[3])
    if kdf(wrapped, 3, b"c513comm") != items[5]:
        raise WrongPassphrase
    try:
        return aead_open(kdf(wrapped, 1, b"c513wrap"), sealed, label("rest") + header)
    except CryptoReject as error:
        raise WrongPassphrase from error
