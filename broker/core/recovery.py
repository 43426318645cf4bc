"""Recovery blobs: kept for people who lose a computer, released only against the passphrase."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from broker.core.accounts import Directory, Session
from broker.core.delivery import Delivery
from broker.core.limits import Bucket
from broker.storage.base import StoredRecovery
from shared.codec import encode
from shared.crypto.public import hash32, label
from shared.errors import RefusedError
from shared.messages import AskRecovery, KeepRecovery, Recovery, RecoveryKept

TRIES, TRIES_PER_S = 5, 1 / 600  # guesses per name: five at once, then one every ten minutes


class Recoveries:
    """Owns the blobs, which are opaque here. RefusedError says why not."""

    def __init__(self, directory: Directory, delivery: Delivery) -> None:
        self._directory = directory
        self._delivery = delivery
        self._all: dict[bytes, StoredRecovery] = {}
        self._tries: dict[bytes, Bucket] = {}  # for accounts that somebody has tried

    def load(self, stored: Iterable[StoredRecovery]) -> None:
        """Take over what is stored."""
        self._all = {one.uid: one for one in stored}

    def keep(self, session: Session, request: KeepRecovery, *, is_stalled: bool) -> None:
        """Store the blob of who is signed in, in place of the one before."""
        if is_stalled:
            raise RefusedError("busy", retry_after_ms=1000)
        one = StoredRecovery(session.uid, request.header, request.auth_hash, request.blob)
        change = self._delivery.change()
        change.batch.recoveries.append(one)
        change.has_others = True

    def on_committed(self, one: StoredRecovery) -> None:
        """Release a blob that is on the disk from now on, and tell its owner."""
        self._all[one.uid] = one
        self._delivery.send_to_uids([one.uid], encode(RecoveryKept(one.auth_hash)))

    def ask(self, session: Session, request: AskRecovery, now_ms: int) -> None:
        """Send the header for a name, or its blob against proof of the passphrase."""
        uid = self._directory.uid_of_name(request.username)
        one = self._all.get(uid)
        if one is None:
            raise RefusedError("no_recovery")
        blob = b""
        if request.auth:
            wait_ms = self._tries.setdefault(uid, Bucket(TRIES_PER_S, TRIES, now_ms)).take(now_ms)
            if wait_ms:
                raise RefusedError("slow_down", _too_many(wait_ms), retry_after_ms=wait_ms)
            if not hmac.compare_digest(hash32(label("backup"), request.auth), one.auth_hash):
                raise RefusedError("wrong_passphrase")
            del self._tries[uid]
            blob = one.blob
        self._delivery.out.add(session.id, encode(Recovery(one.header, blob)))


def _too_many(wait_ms: int) -> str:
    return f"Too many wrong passphrases for this name. Try again in {max(1, round(wait_ms / 60_000))} min."
