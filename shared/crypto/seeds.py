"""The seed of an epoch: commit to it, give it to members, link it to the previous one, seal titles."""

from __future__ import annotations

from typing import Final

from shared.crypto.public import expect, label
from shared.crypto.secret import Random, aead_open, aead_seal, kdf, keyed_hash, open_sealed, seal_to
from shared.errors import CryptoReject

_MAX_TITLE_BYTES: Final = 200  # sealed it must fit the 256 bytes of a policy's title


def new_seed(random: Random) -> bytes:
    """Return 32 fresh random bytes."""
    return random(32)


def seed_commit(seed: bytes, conv_id: bytes, epoch: int) -> bytes:
    """Return the signed record's commitment to the seed: nobody can present another one."""
    return keyed_hash(seed, b"c513-commit", conv_id, epoch.to_bytes(4, "big"))


def device_key(seed: bytes, did: bytes) -> bytes:
    """Return the message key of one sender device in this epoch."""
    return keyed_hash(kdf(seed, 1, b"c513-msg"), b"c513-sender", did)


def _box_prefix(conv_id: bytes, epoch: int, uid: bytes) -> bytes:
    return label("epoch-box") + conv_id + epoch.to_bytes(4, "big") + uid


def box_seed(seed: bytes, conv_id: bytes, epoch: int, uid: bytes, uk_pub: bytes) -> bytes:
    """Seal the seed to one member's account key."""
    return seal_to(uk_pub, _box_prefix(conv_id, epoch, uid) + seed)


def open_box(
    box: bytes, uk_secret: bytes, conv_id: bytes, epoch: int, uid: bytes, commit: bytes
) -> bytes:
    """Return the seed in a box from anybody.

    Raises CryptoReject unless it opens the record's commitment.
    """
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
    """Seal the seed of epoch - 1 under that of `epoch`, for newcomers who may read history."""
    return aead_seal(
        kdf(seed, 2, b"c513link"), seed_before, _link_ad(conv_id, epoch, commit_before), random
    )


def open_link(seed: bytes, link: bytes, conv_id: bytes, epoch: int, commit_before: bytes) -> bytes:
    """Return the seed of epoch - 1; raises CryptoReject unless it opens that commitment."""
    seed_before = aead_open(
        kdf(seed, 2, b"c513link"), link, _link_ad(conv_id, epoch, commit_before)
    )
    expect(seed_commit(seed_before, conv_id, epoch - 1) == commit_before, "commit")
    return seed_before


def _title_ad(conv_id: bytes, epoch: int) -> bytes:
    return label("title") + conv_id + epoch.to_bytes(4, "big")


def seal_title(seed: bytes, conv_id: bytes, epoch: int, title: str, random: Random) -> bytes:
    """Pad the name of a private group to 64 bytes and seal it."""
    try:
        data = title.encode()
    except UnicodeEncodeError as error:
        raise CryptoReject("shape") from error
    expect(len(data) <= _MAX_TITLE_BYTES, "too_large")
    padded = data + b"\x80" + bytes(max(0, 63 - len(data)))
    return aead_seal(kdf(seed, 4, b"c513titl"), padded, _title_ad(conv_id, epoch), random)


def open_title(seed: bytes, conv_id: bytes, epoch: int, sealed: bytes) -> str:
    """Return the name of a private group."""
    padded = aead_open(kdf(seed, 4, b"c513titl"), sealed, _title_ad(conv_id, epoch))
    data, mark, rest = padded.rpartition(b"\x80")
    expect(bool(mark) and not any(rest), "padding")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CryptoReject("shape") from error
