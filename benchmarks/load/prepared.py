"""A class that is there already: accounts made beforehand and written into the database of a broker
that does not run.

Signing up thousands of clients over the wire would take longer than what is to be measured of them
afterwards.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgpack
import zmq

from broker.core.accounts import account_body
from broker.storage.base import Batch, TransportKey
from broker.storage.data_folder import DataDir
from broker.storage.sqlite import SqliteStorage
from shared.crypto.accounts import verify_genesis
from shared.crypto.identity import Identity, create_identity, pack_identity, unpack_identity
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, Role

_ROWS = 2000  # in one transaction


def create_identities(count: int) -> list[Identity]:
    """New people."""
    return [
        create_identity(f"p{at}", "load", 1, os.urandom, zmq.curve_keypair()) for at in range(count)
    ]


def store_accounts(data_dir: Path, people: list[Identity]) -> None:
    """Write their accounts and transport keys as the broker itself would have."""
    data = DataDir(data_dir)
    data.open()
    storage = SqliteStorage(data.database)
    for start in range(0, len(people), _ROWS):
        batch = Batch()
        for sequence, me in enumerate(people[start : start + _ROWS], start + 1):
            body = account_body(verify_genesis(me.genesis), Role.STUDENT, me.genesis)
            entry = Entry(sequence, int(EntryKind.ACCOUNT), me.uid, 1, b"", body, b"")
            batch.entries.append((DIRECTORY_LOG, entry))
            batch.keys.append(TransportKey(me.transport_public.decode(), me.uid, me.did))
        storage.commit(batch)
    storage.close()
    data.close()


def save_identities(path: Path, people: list[Identity]) -> None:
    """For a process that speaks for them."""
    path.write_bytes(msgpack.packb([pack_identity(me) for me in people]))


def load_identities(path: Path) -> list[Identity]:
    """What `save_identities` wrote."""
    return [unpack_identity(raw) for raw in msgpack.unpackb(path.read_bytes())]
