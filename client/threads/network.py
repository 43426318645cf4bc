"""ClientSession: the background thread of one profile, with its mailbox, its connection, the store
and the core.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import zmq

from client.api.events import (
    Command,
    ConnectionChanged,
    Notice,
    Quit,
    SignInFailed,
)
from client.api.said import Detail, Failed, failed_by
from client.api.values import ConnectionState
from client.clock import Clock, system_clock
from client.core.core import ClientCore
from client.core.state.effects import Event, Started
from client.storage.keystore import Keystore, Profile, profile_at
from client.storage.store import Store
from client.threads.files.thread import FileThread
from client.threads.link import BrokerLink
from client.threads.mailbox import Mailbox
from client.threads.recovery import restore_account
from client.threads.resolver import Resolve, Resolver, resolve_name
from client.threads.search import SearchThread
from client.threads.shell import MAX_DRAIN, ClientShell
from shared.crypto.vault import Cost
from shared.errors import ChatError
from shared.invitations import Invitation, z85_decode
from shared.logs import Log

_log = Log("client.network")

MAX_POSTED = 4 * MAX_DRAIN
MAX_POLL_MS = 60_000
_FIELDS = {
    "wrong_passphrase": "passphrase",
    "invitation_invalid": "invitation",
    "name_invalid": "username",
    "profile_of_other": "username",
    "profile_exists": "username",
    "no_recovery": "username",
}


class ClientSession:
    """One profile's connection.

    `post` from any thread; `deliver` is called on the network thread.
    """

    def __init__(
        self,
        profile_dir: Path,
        *,
        invitation: Invitation | None,
        username: str,
        passphrase: str,
        deliver: Callable[[list[Notice]], None],
        cost: Cost | None = None,
        recovers: bool = False,
        resolve: Resolve = resolve_name,
    ) -> None:
        self._resolve = resolve
        self._recovers = recovers  # the account is fetched from the broker first
        self._profile_dir = profile_dir
        self._invitation = invitation
        self._username = username
        self._passphrase = passphrase
        self._deliver = deliver
        self._cost = cost
        self._context = zmq.Context()
        # commands, and what the other threads report
        self._mailbox: Mailbox[Command | Event] = Mailbox(self._context)
        self._thread = threading.Thread(target=self._run, name="client-network", daemon=True)

    def start(self) -> None:
        """Start the thread; it unlocks the profile first."""
        self._thread.start()

    def post(self, command: Command) -> None:
        """Order something; any thread."""
        self._mailbox.post(command)

    def stop(self, timeout_s: float = 5.0) -> None:
        """Save, say goodbye, end the thread."""
        if self._thread.ident is None:
            self._mailbox.close()
            self._context.term()
            return
        self.post(Quit())
        self._thread.join(timeout_s)

    # --- the thread ---

    def _run(self) -> None:
        with ExitStack() as exits:  # what stays open would keep the thread from ending
            exits.callback(self._context.term)
            exits.callback(self._mailbox.close)
            try:
                self._work(exits)
            except ChatError as error:
                self._deliver([SignInFailed(failed_by(error), _FIELDS.get(error.code, ""))])
            except Exception:  # noqa: BLE001 - the top of the thread: say it instead of dying silently
                _log.error("network thread failed", exc_info=True)
                broke = Failed(code="internal", detail=Detail.CLIENT_BROKE)
                self._deliver(
                    [
                        ConnectionChanged(ConnectionState.REFUSED, 0.0, 0, broke),
                        SignInFailed(broke),
                    ]
                )

    def _work(self, exits: ExitStack) -> None:
        """Unlock the profile, or make it or fetch it, and serve until it is left."""
        with profile_at(self._profile_dir):
            keystore = exits.enter_context(closing(Keystore(self._profile_dir)))
            profile = self._unlock(keystore)
            store = exits.enter_context(closing(Store(keystore.database_path, profile.vault)))
            where = profile.invitation
            resolver = Resolver(where.host, where.port, self._resolve, self._mailbox.ring)
            link = BrokerLink(self._context, profile.identity, where, resolver)
            exits.callback(link.say_goodbye)
            search = SearchThread(keystore.database_path, profile.vault, self._mailbox.post)
            exits.callback(search.stop)
            files = FileThread(
                self._context,
                profile,
                self._profile_dir,
                self._mailbox.post,
                lambda: link.where,
            )
            exits.callback(files.stop)
            shell = ClientShell(
                _core_of(profile, store),
                clock=system_clock,
                link=link,
                store=store,
                files=files,
                search=search,
                deliver=self._deliver,
                signed_in=keystore.mark_registered,
            )
        files.start()
        search.start()
        serve(shell, link, self._mailbox, system_clock)

    def _unlock(self, keystore: Keystore) -> Profile:
        if self._recovers:
            restore_account(
                self._context,
                keystore,
                self._invitation,
                self._username,
                self._passphrase,
                self._cost,
                self._resolve,
            )
        profile = keystore.open(
            self._invitation,
            self._username,
            self._passphrase,
            os.urandom,
            _transport_keypair,
            self._cost,
        )
        self._passphrase = ""
        return profile


def _transport_keypair() -> tuple[bytes, bytes]:
    public, secret = zmq.curve_keypair()
    return public, secret


def _core_of(profile: Profile, store: Store) -> ClientCore:
    identity, invitation = profile.identity, profile.invitation
    return ClientCore(
        identity,
        store,
        store.load(),
        broker_public=invitation.broker_key,
        client_public=z85_decode(identity.transport_public),
        join_code=invitation.join_code,
        class_name=invitation.class_name,
        random=os.urandom,
        jitter=random.SystemRandom().random,
        recovery=profile.recovery_blob(os.urandom),
    )


def serve(
    shell: ClientShell, link: BrokerLink, mailbox: Mailbox[Command | Event], clock: Clock
) -> None:
    """Sleep until anything happens, give the shell its turn, until it has ended."""
    shell.turn([Started(clock())])
    while not shell.has_ended:
        if not mailbox.has_items:
            poller = zmq.Poller()
            mailbox.register(poller)
            link.register(poller)
            poller.poll(_left_ms(shell, link, clock))
        shell.turn(mailbox.take(MAX_POSTED))


def _left_ms(shell: ClientShell, link: BrokerLink, clock: Clock) -> int:
    now, wake = clock(), shell.next_wake_ms
    most_ms = MAX_POLL_MS if wake is None else min(MAX_POLL_MS, max(0, wake - now.steady_ms))
    return link.left_ms(now, most_ms)
