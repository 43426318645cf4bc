"""The seed of an epoch: committing to it, handing it to members, linking it to the one before,
sealing the title.
"""

from __future__ import annotations

from typing import Final

from shared.crypto.public import expect, label
from shared.crypto.secret import Random, aead_open, aead_seal, kdf, keyed_hash, open_sealed, seal_to
from shared.errors import CryptoReject

_MAX_TITLE_BYTES: Final = 200  # sealed it must fit the 256 bytes of a policy's title


def new_seed(random: Random) -> bytes:
    """32 fresh random bytes."""
    return random(32)


def seed_commit(seed: bytes, conv_id: bytes, epoch: int) -> bytes:
    """What the signed record says of the seed: nobody can present another one."""
    return keyed_hash(seed, b"c513-commit", conv_id, epoch.to_bytes(4, "big"))


def device_key(seed: bytes, did: bytes) -> bytes:
    """The message key of one sender device in this epoch."""
    return keyed_hash(kdf(seed, 1, b"c513-msg"), b"c513-sender", did)


def _box_prefix(conv_id: bytes, epoch: int, uid: bytes) -> bytes:
    return label("epoch-box") + conv_id + epoch.to_bytes(4, "big") + uid


def box_seed(seed: bytes, conv_id: bytes, epoch: int, uid: bytes, uk_pub: bytes) -> bytes:
    """The seed for one member, sealed to the account key."""
    return seal_to(uk_pub, _box_prefix(conv_id, epoch, uid) + seed)


def open_box(
    box: bytes, uk_secret: bytes, conv_id: bytes, epoch: int, uid: bytes, commit: bytes
) -> bytes:
    """The seed out of a box from anybody; CryptoReject unless it opens the record's commitment."""
    plain = open_sealed(uk_secret, box)
    prefix = _box_prefix(conv_id, epoch, uid)
    expect(len(plain) == len(prefix) + 32 and plain.startswith(prefix), "box")
    seed = plain[len(prefix) :]
    expect(seed_commit(seed, conv_id, epoch) == commit, "commit")
    return seed


def _link_ad(conv_id: bytes, epoch: int, commit_before: bytes) -> bytes:
    return label("link") + conv_id + epoch.to_bytes(4, "big") + commit_before


def seal_link(
    seed: bytes,
    seed_before: bytes,
    conv_id: bytes,
    epoch: int,
    commit_before: bytes,
    random: Random,
) -> bytes:
    """The seed of epoch - 1 under that of `epoch`, for newcomers who may read history."""
    return aead_seal(
        kdf(seed, 2, b"c513link"), seed_before, _link_ad(conv_id, epoch, commit_before), random
    )


def open_link(seed: bytes, link: bytes, conv_id: bytes, epoch: int, commit_before: bytes) -> bytes:
    """The seed of epoch - 1; CryptoReject unless it opens that record's commitment."""
    seed_before = aead_open(
        kdf(seed, 2, b"c513link"), link, _link_ad(conv_id, epoch, commit_before)
    )
    expect(seed_commit(seed_before, conv_id, epoch - 1) == commit_before, "commit")
    return seed_before


def _title_ad(conv_id: bytes, epoch: int) -> bytes:
    return label("title") + conv_id + epoch.to_bytes(4, "big")


def seal_title(seed: bytes, conv_id: bytes, epoch: int, title: str, random: Random) -> bytes:
    """The name of a private group, padded to 64 bytes and sealed."""
    try:
        data = title.encode()
    except UnicodeEncodeError as error:
        raise CryptoReject("shape") from error
    expect(len(data) <= _MAX_TITLE_BYTES, "too_large")
    padded = data + b"\x80" + bytes(max(0, 63 - len(data)))
    return aead_seal(kdf(seed, 4, b"c513titl"), padded, _title_ad(conv_id, epoch), random)


def open_title(seed: bytes, conv_id: bytes, epoch: int, sealed: bytes) -> str:
    """The name of a private group."""
    padded = aead_open(kdf(seed, 4, b"c513titl"), sealed, _title_ad(conv_id, epoch))
    data, mark, rest = padded.rpartition(b"\x80")
    expect(bool(mark) and not any(rest), "padding")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CryptoReject("shape") from error
