"""The profile folder: lock, vault header, sealed identity, and the class and user it belongs to."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from client.api.said import Detail
from shared.codec import prepare
from shared.crypto.identity import Identity, create_identity, pack_identity, unpack_identity
from shared.crypto.recovery import RecoveryKeys, auth_hash, make_keys, seal_identity
from shared.crypto.vault import MODERATE, Cost, Vault
from shared.durable import write_whole
from shared.errors import ChatError, InvitationInvalid, ProfileInUse
from shared.invitations import Invitation, parse_invitation
from shared.locks import try_lock
from shared.messages import KeepRecovery
from shared.names import normalize_username

_LOCK, _VAULT, _IDENTITY, _PROFILE = "lock", "vault.bin", "identity.bin", "profile.json"
_RECOVERY = "recovery.bin"


class ProfileOfOther(ChatError):
    """This profile belongs to another user. Choose another profile directory."""

    code = "profile_of_other"


class ProfileExists(ChatError):
    """There is a profile of this name on this computer already. Sign in with it."""

    code = "profile_exists"


class ProfileUnusable(ChatError):
    """The profile folder cannot be used."""

    code = "profile_unusable"


@contextmanager
def profile_at(directory: Path) -> Iterator[None]:
    """While a profile is opened or made: whatever is wrong with its folder becomes a
    ProfileUnusable.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ProfileUnusable(subject=str(directory), system=reason) from error


class ProfileFile(msgspec.Struct):
    """What is known of a profile before it is unlocked."""

    username: str
    invitation: str
    is_registered: bool = False


prepare((ProfileFile,))


@dataclass(frozen=True)
class Profile:
    """An unlocked profile."""

    vault: Vault
    identity: Identity
    invitation: Invitation
    recovery: RecoveryKeys

    def recovery_blob(self, random: Callable[[int], bytes]) -> KeepRecovery:
        """Return what the broker keeps in case this computer is lost."""
        keys = self.recovery
        return KeepRecovery(
            keys.header, auth_hash(keys.auth), seal_identity(keys, self.identity, random)
        )


def read_profile(directory: Path) -> ProfileFile | None:
    """Return the user and invitation of a profile; None if there is none yet.

    Raises OSError if the file cannot be read.
    """
    try:
        return msgspec.json.decode((directory / _PROFILE).read_bytes(), type=ProfileFile)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def is_profile_open(directory: Path) -> bool:
    """Return whether another program has this profile open.

    Raises OSError if that cannot be determined.
    """
    try:
        _lock(directory / _LOCK).close()
    except ProfileInUse:
        return True
    return False


class Keystore:
    """Owns the profile folder and its lock; used on the network thread."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix":
            directory.chmod(0o700)
        self._lock = _lock(directory / _LOCK)

    @property
    def database_path(self) -> Path:
        """The path of the store."""
        return self.directory / "history.sqlite3"

    def close(self) -> None:
        """Release the lock on the profile."""
        self._lock.close()

    def open(
        self,
        invitation: Invitation | None,
        username: str,
        passphrase: str,
        random: Callable[[int], bytes],
        transport_keypair: Callable[[], tuple[bytes, bytes]],
        cost: Cost | None,
    ) -> Profile:
        """Unlock the profile, or make it. Takes as long as the passphrase costs."""
        name = normalize_username(username) if username else ""
        known = read_profile(self.directory)
        if known is not None and name and name != known.username:
            if known.is_registered:
                raise ProfileOfOther()
            self._forget()  # the name was refused the first time: the broker knows nothing of it
            known = None
        invitation = self._invitation_of(known, invitation)
        has_identity = (self.directory / _IDENTITY).exists()
        is_damaged = known is None and has_identity and (self.directory / _PROFILE).exists()
        if not has_identity or (known is None and not is_damaged):
            name = normalize_username(username)
            return self._create(invitation, name, passphrase, random, transport_keypair, cost)
        vault = Vault.unlock((self.directory / _VAULT).read_bytes(), passphrase, random)
        identity = unpack_identity(
            vault.open("identity", b"me", "value", (self.directory / _IDENTITY).read_bytes())
        )
        if is_damaged and name and name != identity.username:
            raise ProfileOfOther()
        # If the profile file cannot be read, the keys beside it may still be good: keep them, and
        # write the file again.
        is_registered = known is None or known.is_registered
        self._write_profile(ProfileFile(identity.username, invitation.encode(), is_registered))
        return Profile(
            vault, identity, invitation, self._recovery_keys(vault, passphrase, random, cost)
        )

    def restore(
        self,
        invitation: Invitation,
        identity: Identity,
        recovery: RecoveryKeys,
        passphrase: str,
        random: Callable[[int], bytes],
        cost: Cost | None,
    ) -> None:
        """Make the profile of a recovered account.

        Raises ProfileExists if there is one here already.
        """
        known = read_profile(self.directory)
        if known is not None and known.is_registered:
            raise ProfileExists()
        self._forget()
        vault, header = Vault.create(passphrase, random, cost or MODERATE)
        self._write_keys(vault, header, identity, recovery)
        self._write_profile(ProfileFile(identity.username, invitation.encode(), is_registered=True))

    def _recovery_keys(
        self, vault: Vault, passphrase: str, random: Callable[[int], bytes], cost: Cost | None
    ) -> RecoveryKeys:
        """Return the keys of the recovery blob, making them for profiles that are older."""
        path = self.directory / _RECOVERY
        if path.exists():
            return RecoveryKeys.unpack(vault.open("recovery", b"me", "value", path.read_bytes()))
        keys = make_keys(passphrase, random, cost or MODERATE)
        write_whole(path, vault.seal("recovery", b"me", "value", keys.pack()))
        return keys

    def _write_keys(
        self, vault: Vault, header: bytes, identity: Identity, recovery: RecoveryKeys
    ) -> None:
        write_whole(self.directory / _VAULT, header)
        write_whole(
            self.directory / _RECOVERY, vault.seal("recovery", b"me", "value", recovery.pack())
        )
        write_whole(
            self.directory / _IDENTITY,
            vault.seal("identity", b"me", "value", pack_identity(identity)),
        )

    def mark_registered(self) -> None:
        """Bind the profile to its name, now that the broker has the account."""
        known = read_profile(self.directory)
        if known is not None and not known.is_registered:
            known.is_registered = True
            self._write_profile(known)

    def _create(
        self,
        invitation: Invitation,
        username: str,
        passphrase: str,
        random: Callable[[int], bytes],
        transport_keypair: Callable[[], tuple[bytes, bytes]],
        cost: Cost | None,
    ) -> Profile:
        self._forget()
        vault, header = Vault.create(passphrase, random, cost or MODERATE)
        identity = create_identity(
            username, "desktop", int(time.time() * 1000), random, transport_keypair()
        )
        recovery = make_keys(passphrase, random, cost or MODERATE)
        self._write_keys(vault, header, identity, recovery)
        self._write_profile(ProfileFile(username, invitation.encode()))
        return Profile(vault, identity, invitation, recovery)

    def _forget(self) -> None:
        path = self.database_path
        for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            old.unlink(missing_ok=True)
        for name in (_IDENTITY, _PROFILE, _VAULT, _RECOVERY):
            (self.directory / name).unlink(missing_ok=True)

    def _invitation_of(
        self, known: ProfileFile | None, invitation: Invitation | None
    ) -> Invitation:
        """Return the given invitation, or else the kept one; both must be of one class."""
        kept = parse_invitation(known.invitation) if known and known.invitation else None
        is_bound = known is not None and known.is_registered
        if is_bound and kept and invitation and kept.broker_key != invitation.broker_key:
            raise InvitationInvalid(detail=Detail.OTHER_CLASS)
        chosen = invitation or kept
        if chosen is None:
            raise InvitationInvalid(detail=Detail.NO_INVITATION)
        return chosen

    def _write_profile(self, profile: ProfileFile) -> None:
        write_whole(self.directory / _PROFILE, msgspec.json.encode(profile))


def _lock(path: Path) -> BinaryIO:
    lock = try_lock(path)
    if lock is None:
        raise ProfileInUse()
    return lock
