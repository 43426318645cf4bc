"""Prove who a person is: a signed list of keys (the account chain), and their devices' signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from shared.crypto.public import (
    ZERO32,
    check_box_key,
    check_sign_key,
    expect,
    expect_version,
    hash32,
    is_bytes,
    is_count,
    label,
    unpack_exact,
    verify,
)
from shared.errors import CryptoReject
from shared.messages import MAX_CHAIN_ENTRY_BYTES, MAX_STATEMENT_BYTES

STATEMENT_KINDS = ("leave", "join", "keyreq")


@dataclass(frozen=True, slots=True)
class Device:
    """One device of an account: `did` is the first bytes of the hash of its signing key."""

    did: bytes
    sign_pub: bytes
    box_pub: bytes
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """The verified state of a chain.

    `uks` holds the account key of every generation, `head` the last entry's hash.
    """

    uid: bytes
    username: str
    root_pub: bytes
    devices: Mapping[bytes, Device]
    uk_gen: int
    uk_pub: bytes
    uks: Mapping[int, bytes]
    sequence: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence signed by a device: leave, join, or keyreq (extra = [epoch, uk_gen])."""

    kind: str
    conv_id: bytes
    epoch_id: bytes
    uid: bytes
    did: bytes
    extra: tuple[int, ...]


def device_id(sign_pub: bytes) -> bytes:
    """Return the id of the device that signs with this key."""
    return hash32(sign_pub)[:16]


def verify_genesis(blob: bytes) -> Account:
    """Return the account founded by a blob `[entry, root signature, device signature]`.

    Raises CryptoReject if a signature or a key does not hold.
    """
    account = read_genesis(blob)
    entry, root_sig, device_sig = unpack_exact(blob, MAX_CHAIN_ENTRY_BYTES, 3)
    (device,) = account.devices.values()
    _check_keys(sign=(account.root_pub, device.sign_pub), box=(account.uk_pub, device.box_pub))
    verify(account.root_pub, root_sig, "acct", entry)
    verify(device.sign_pub, device_sig, "acct", entry)
    return account


def read_genesis(blob: bytes) -> Account:
    """Return the account of a blob that has been verified before.

    Signatures and keys are not checked again: the uid is the hash of the entry, so a blob with a
    known uid holds the known entry.
    """
    entry, _, _ = unpack_exact(blob, MAX_CHAIN_ENTRY_BYTES, 3)
    body = _entry_body(entry, uid=None, sequence=0, prev=ZERO32, kind="genesis", length=7)
    username, root_pub, device_items, uk_gen, uk_pub, expires, random = body
    expect(type(username) is str and 0 < len(username) <= 64 and is_bytes(random, 32))
    expect(uk_gen == 1 and type(uk_gen) is int and is_count(expires))
    expect(is_bytes(root_pub, 32) and is_bytes(uk_pub, 32))
    device = _read_device(device_items)
    head = hash32(entry)
    devices = MappingProxyType({device.did: device})
    return Account(
        head[:16], username, root_pub, devices, 1, uk_pub, MappingProxyType({1: uk_pub}), 0, head
    )


def extend_account(account: Account, blob: bytes) -> Account:
    """Return the account after one more entry `[entry, signature]`.

    Raises CryptoReject unless the entry continues this chain.
    """
    entry, signature = unpack_exact(blob, MAX_CHAIN_ENTRY_BYTES, 2)
    expect(type(entry) is bytes)
    items = unpack_exact(entry, MAX_CHAIN_ENTRY_BYTES, 9)
    kind, signer = items[5], items[8]
    expect(type(kind) is str and type(signer) is bytes)
    lengths = {"rotate_uk": 3, "add_device": 4, "revoke_device": 4}
    expect(kind in lengths, "chain_kind")
    body = _entry_body(
        entry,
        uid=account.uid,
        sequence=account.sequence + 1,
        prev=account.head,
        kind=kind,
        length=lengths[kind],
    )
    _verify_signer(account, signer, signature, entry)
    if kind == "add_device":
        extended = _with_device(account, _device(body))
    elif kind == "revoke_device":
        extended = _with_uk(_without_device(account, body[0]), body[1:])
    else:
        extended = _with_uk(account, body)
    return replace(extended, sequence=account.sequence + 1, head=hash32(entry))


def login_items(
    challenge: bytes, broker_curve_pub: bytes, client_curve_pub: bytes, username: str, did: bytes
) -> tuple[bytes, ...]:
    """Return the parts that a login signature covers; curve keys are 32 raw bytes."""
    name = username.encode()
    return challenge, broker_curve_pub, client_curve_pub, len(name).to_bytes(2, "big"), name, did


def verify_login(
    account: Account,
    did: bytes,
    signature: bytes,
    challenge: bytes,
    broker_curve_pub: bytes,
    client_curve_pub: bytes,
    username: str,
) -> None:
    """Check that an active device of the account signed this challenge on this connection.

    Raises CryptoReject if it did not.
    """
    device = active_device(account, did)
    signed = login_items(challenge, broker_curve_pub, client_curve_pub, username, did)
    verify(device.sign_pub, signature, "login", *signed)


def active_device(account: Account, did: bytes) -> Device:
    """Return the device; raises CryptoReject if it is unknown or revoked."""
    device = account.devices.get(did)
    if device is None or not device.is_active:
        raise CryptoReject("device")
    return device


def verify_statement(
    account: Account, did: bytes, kind: str, statement: bytes, signature: bytes
) -> Statement:
    """Return the statement if a device of the account signed it as this kind.

    Raises CryptoReject otherwise.
    """
    expect(kind in STATEMENT_KINDS)
    items = unpack_exact(statement, MAX_STATEMENT_BYTES, 8)
    version, suite, said, conv_id, epoch_id, uid, signer, extra = items
    expect_version(version, suite)
    expect(said == kind and uid == account.uid and signer == did, "statement")
    expect(is_bytes(conv_id, 16) and is_bytes(epoch_id, 32))
    expect(type(extra) is list and len(extra) <= 8 and all(is_count(item) for item in extra))
    verify(active_device(account, did).sign_pub, signature, kind, statement)
    return Statement(kind, conv_id, epoch_id, uid, did, tuple(extra))


def statement_device(statement: bytes) -> bytes:
    """Return the device that a statement claims to be signed by (not verified yet)."""
    did = unpack_exact(statement, MAX_STATEMENT_BYTES, 8)[6]
    expect(is_bytes(did, 16))
    return bytes(did)


def safety_number(uid_a: bytes, root_a: bytes, uid_b: bytes, root_b: bytes) -> str:
    """Return 60 digits for two people to compare.

    Both get the same digits; if either root key differs, they get others.
    """
    sides = sorted((uid_a + root_a, uid_b + root_b))
    digest = blake2b(label("safety") + b"".join(sides), digest_size=64).digest()
    return "".join(
        f"{int.from_bytes(digest[5 * i : 5 * i + 5], 'big') % 100000:05d}" for i in range(12)
    )


def _entry_body(
    entry: Any, *, uid: bytes | None, sequence: int, prev: bytes, kind: str, length: int
) -> list[Any]:
    expect(type(entry) is bytes)
    items = unpack_exact(entry, MAX_CHAIN_ENTRY_BYTES, 9)
    version, suite, of, seq, previous, said, body, sent_at_ms, signer = items
    expect_version(version, suite)
    expect(of == uid and seq == sequence and type(seq) is int and previous == prev, "chain")
    expect(
        said == kind
        and type(body) is list
        and len(body) == length
        and is_count(sent_at_ms)
        and type(signer) is bytes
    )
    return list(body)


def _check_keys(*, sign: tuple[Any, ...], box: tuple[Any, ...]) -> None:
    expect(all(type(key) is bytes for key in (*sign, *box)))
    for key in sign:
        check_sign_key(key)
    for key in box:
        check_box_key(key)


def _device(items: Any) -> Device:
    device = _read_device(items)
    _check_keys(sign=(device.sign_pub,), box=(device.box_pub,))
    return device


def _read_device(items: Any) -> Device:
    expect(type(items) is list and len(items) == 4)
    did, sign_pub, box_pub, name = items
    expect(is_bytes(sign_pub, 32) and is_bytes(box_pub, 32))
    expect(did == device_id(sign_pub) and type(name) is str and len(name) <= 64)
    return Device(did, sign_pub, box_pub, name)


def _verify_signer(account: Account, signer: bytes, signature: bytes, entry: bytes) -> None:
    if signer == b"root":
        verify(account.root_pub, signature, "acct", entry)
    else:
        verify(active_device(account, signer).sign_pub, signature, "acct", entry)


def _with_device(account: Account, device: Device) -> Account:
    expect(device.did not in account.devices, "chain")
    return replace(account, devices=MappingProxyType({**account.devices, device.did: device}))


def _without_device(account: Account, did: Any) -> Account:
    device = account.devices.get(did) if is_bytes(did, 16) else None
    if device is None or not device.is_active:
        raise CryptoReject("device")
    return replace(
        account,
        devices=MappingProxyType({**account.devices, did: replace(device, is_active=False)}),
    )


def _with_uk(account: Account, items: list[Any]) -> Account:
    uk_gen, uk_pub, expires = items
    expect(type(uk_gen) is int and uk_gen == account.uk_gen + 1 and is_count(expires), "chain")
    _check_keys(sign=(), box=(uk_pub,))
    return replace(
        account, uk_gen=uk_gen, uk_pub=uk_pub, uks=MappingProxyType({**account.uks, uk_gen: uk_pub})
    )
