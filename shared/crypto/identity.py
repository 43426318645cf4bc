"""A person's own keys: create an account, sign in, sign statements, pack the keys for the vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from shared.crypto.accounts import Account, device_id, login_items, verify_genesis
from shared.crypto.public import (
    SUITE,
    VERSION,
    ZERO32,
    expect,
    is_bytes,
    is_count,
    pack,
    unpack_exact,
)
from shared.crypto.secret import Random, generate_box_pair, generate_sign_pair, sign


@dataclass(frozen=True, slots=True)
class Identity:
    """All secrets of one account on one device.

    Transport keys are in Z85 (40 bytes), the others raw.
    """

    uid: bytes
    username: str
    did: bytes
    sign_secret: bytes
    sign_pub: bytes
    box_secret: bytes
    box_pub: bytes
    uk_secrets: Mapping[int, tuple[bytes, bytes]]
    root_secret: bytes
    genesis: bytes
    transport_public: bytes
    transport_secret: bytes


def create_identity(
    username: str,
    device_name: str,
    now_ms: int,
    random: Random,
    transport_keypair: tuple[bytes, bytes],
) -> Identity:
    """Create the keys of a new account and its genesis entry, signed by root and device."""
    root_secret, root_pub = generate_sign_pair(random)
    sign_secret, sign_pub = generate_sign_pair(random)
    box_secret, box_pub = generate_box_pair(random)
    uk_secret, uk_pub = generate_box_pair(random)
    did = device_id(sign_pub)
    body = [username, root_pub, [did, sign_pub, box_pub, device_name], 1, uk_pub, 0, random(32)]
    entry = pack((VERSION, SUITE, None, 0, ZERO32, "genesis", body, now_ms, b"root"))
    genesis = pack((entry, sign(root_secret, "acct", entry), sign(sign_secret, "acct", entry)))
    account = verify_genesis(genesis)
    return Identity(
        account.uid,
        username,
        did,
        sign_secret,
        sign_pub,
        box_secret,
        box_pub,
        MappingProxyType({1: (uk_secret, uk_pub)}),
        root_secret,
        genesis,
        *transport_keypair,
    )


def sign_login(
    identity: Identity, challenge: bytes, broker_curve_pub: bytes, client_curve_pub: bytes
) -> bytes:
    """Sign the broker's challenge."""
    signed = login_items(
        challenge, broker_curve_pub, client_curve_pub, identity.username, identity.did
    )
    return sign(identity.sign_secret, "login", *signed)


def rotate_uk(
    identity: Identity, account: Account, now_ms: int, random: Random
) -> tuple[Identity, bytes]:
    """Make the next generation of the account key.

    Returns the identity that holds it, and the blob of the chain entry.
    """
    secret, public = generate_box_pair(random)
    gen = account.uk_gen + 1
    entry = pack(
        (
            VERSION,
            SUITE,
            account.uid,
            account.sequence + 1,
            account.head,
            "rotate_uk",
            [gen, public, 0],
            now_ms,
            identity.did,
        )
    )
    uk_secrets = MappingProxyType({**identity.uk_secrets, gen: (secret, public)})
    return replace(identity, uk_secrets=uk_secrets), pack(
        (entry, sign(identity.sign_secret, "acct", entry))
    )


def make_statement(
    identity: Identity, kind: str, conv_id: bytes, epoch_id: bytes, extra: tuple[int, ...] = ()
) -> tuple[bytes, bytes]:
    """Return (statement, signature); `epoch_id` is 32 zero bytes if no epoch is known."""
    statement = pack(
        (VERSION, SUITE, kind, conv_id, epoch_id, identity.uid, identity.did, list(extra))
    )
    return statement, sign(identity.sign_secret, kind, statement)


def pack_identity(identity: Identity) -> bytes:
    """Return the identity as plain bytes; store them only sealed by the vault."""
    i = identity
    uks = [[gen, secret, public] for gen, (secret, public) in sorted(i.uk_secrets.items())]
    return pack(
        (
            1,
            i.uid,
            i.username,
            i.did,
            i.sign_secret,
            i.sign_pub,
            i.box_secret,
            i.box_pub,
            uks,
            i.root_secret,
            i.genesis,
            i.transport_public,
            i.transport_secret,
        )
    )


def unpack_identity(raw: bytes) -> Identity:
    """Undo pack_identity."""
    version, *fields = unpack_exact(raw, 64 * 1024, 13)
    expect(version == 1, "version")
    uks = fields[7]
    expect(type(fields[1]) is str and type(uks) is list and bool(uks))
    expect(all(type(field) is bytes for i, field in enumerate(fields) if i not in (1, 7)))
    for item in uks:
        expect(type(item) is list and len(item) == 3)
        expect(is_count(item[0]) and is_bytes(item[1], 32) and is_bytes(item[2], 32))
    fields[7] = MappingProxyType({gen: (secret, public) for gen, secret, public in uks})
    return Identity(*fields)
