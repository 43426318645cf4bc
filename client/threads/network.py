"""ClientSession: the background thread that owns the DEALER, its monitor and bell, the store and
the core.
"""

from __future__ import annotations

import os
import random
import threading
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import zmq

from client.api.events import (
    Command,
    ConnectionChanged,
    Notice,
    Quit,
    SessionSignedIn,
    SignInFailed,
)
from client.api.said import Detail, Failed, failed_by
from client.api.values import ConnectionState
from client.core.core import ClientCore
from client.core.effects import (
    CommandPosted,
    Connect,
    ConnectionFailed,
    ConnectionOpened,
    Disconnect,
    Drop,
    Effect,
    Event,
    FindQuestions,
    FindText,
    Halt,
    Moment,
    Received,
    Save,
    SaveRow,
    Send,
    Started,
    Tell,
    Ticked,
)
from client.storage.keystore import Keystore, Profile, profile_at
from client.storage.store import Store
from client.threads.dealer import Dealer, wall_and_steady
from client.threads.files.thread import FileThread
from client.threads.recovery import restore_account
from client.threads.resolver import Resolve, Resolver, resolve_name
from client.threads.search import SearchThread
from shared.codec import decode_answers, encode, frames
from shared.crypto.vault import Cost
from shared.errors import ChatError, CodecError
from shared.invitations import Invitation, z85_decode
from shared.logs import Log

_log = Log("client.network")

MAX_DRAIN = 64  # frames handled together: one commit, one batch of notices
MAX_JOINED_BYTES = 512 * 1024
MAX_POLL_MS = 60_000
SUSPEND_MS = 15_000  # the wall clock ran away from the steady one: the computer slept
GOODBYE_LINGER_MS = 500
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
        self._inbox: deque[Command | Event] = (
            deque()
        )  # commands, and reports of the thread for files
        self._context = zmq.Context()
        self._address = f"inproc://bell-{id(self)}"
        self._bell_lock = threading.Lock()
        self._listener = self._context.socket(zmq.PULL)
        self._listener.bind(self._address)
        self._bell: zmq.Socket[bytes] | None = self._context.socket(zmq.PUSH)
        self._bell.setsockopt(zmq.LINGER, 0)
        self._bell.connect(self._address)
        self._thread = threading.Thread(target=self._run, name="client-network", daemon=True)

    def start(self) -> None:
        """Start the thread; it unlocks the profile first."""
        self._thread.start()

    def post(self, command: Command) -> None:
        """Order something; any thread."""
        self._put(command)

    def _put(self, item: Command | Event) -> None:
        self._inbox.append(item)
        self._ring()

    def _ring(self) -> None:
        with self._bell_lock:
            if self._bell is not None:
                with suppress(zmq.Again):  # many bells ring already
                    self._bell.send(b"", zmq.DONTWAIT)

    def stop(self, timeout_s: float = 5.0) -> None:
        """Save, say goodbye, end the thread."""
        if self._thread.ident is None:
            self._close_bell()
            self._listener.close(linger=0)
            self._context.term()
            return
        self.post(Quit())
        self._thread.join(timeout_s)

    def _close_bell(self) -> None:
        with self._bell_lock:
            if self._bell is not None:
                self._bell.close(linger=0)
            self._bell = None

    # --- the thread ---

    def _run(self) -> None:
        loop: _Loop | None = None
        keystore: Keystore | None = None
        try:
            with profile_at(self._profile_dir):
                keystore = Keystore(self._profile_dir)
                loop = self._open(keystore)
            loop.run()
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
        finally:
            if loop is not None:
                loop.close()
            if keystore is not None:
                keystore.close()
            self._close_bell()
            self._listener.close(linger=0)
            self._context.term()

    def _open(self, keystore: Keystore) -> _Loop:
        """Unlock the profile, or make it or fetch it, and everything that works on it."""
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
        where = profile.invitation
        with (
            ExitStack() as undo
        ):  # a socket or database that stays open would keep the thread from ending
            store = undo.enter_context(closing(Store(keystore.database_path, profile.vault)))
            files = FileThread(self._context, profile, self._profile_dir, self._put)
            undo.callback(files.stop)
            search = SearchThread(keystore.database_path, profile.vault, self._put)
            resolver = Resolver(where.host, where.port, self._resolve, self._ring)
            loop = _Loop(
                self._context,
                self._listener,
                self._inbox,
                profile,
                keystore,
                store,
                self._deliver,
                files,
                search,
                resolver,
            )
            undo.pop_all()
        return loop


def _transport_keypair() -> tuple[bytes, bytes]:
    public, secret = zmq.curve_keypair()
    return public, secret


class _Loop:
    """The loop of the network thread: poll, hand events to the core, carry out its effects."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        listener: zmq.Socket[bytes],
        inbox: deque[Command | Event],
        profile: Profile,
        keystore: Keystore,
        store: Store,
        deliver: Callable[[list[Notice]], None],
        files: FileThread,
        search: SearchThread,
        resolver: Resolver,
    ) -> None:
        self._resolver = resolver
        self._context = context
        self._listener = listener
        self._inbox = inbox
        self._files = files
        self._search = search
        self._profile = profile
        self._keystore = keystore
        self._deliver = deliver
        self._store = store
        identity, invitation = profile.identity, profile.invitation
        self._core = ClientCore(
            identity,
            self._store,
            self._store.load(),
            broker_public=invitation.broker_key,
            client_public=z85_decode(identity.transport_public),
            join_code=invitation.join_code,
            class_name=invitation.class_name,
            random=os.urandom,
            jitter=random.SystemRandom().random,
            recovery=profile.recovery_blob(os.urandom),
        )
        self._dealer: Dealer | None = None
        self._has_ended = False
        self._at = wall_and_steady()

    def run(self) -> None:
        """Until Halt."""
        self._files.start()
        self._search.start()
        self._hand([Started(wall_and_steady())])
        while not self._has_ended:
            events = self._wait()
            if events:
                self._hand(events)

    def close(self) -> None:
        """Close what belongs to this thread."""
        self._files.stop()
        self._search.stop()
        is_open = self._dealer is not None and self._dealer.is_open
        self._close_dealer(GOODBYE_LINGER_MS if is_open else 0)
        self._store.close()

    # --- events ---

    def _wait(self) -> list[Event]:
        """Sleep until something happens; all of it, drained up to a limit."""
        poller = zmq.Poller()
        poller.register(self._listener, zmq.POLLIN)
        if self._dealer is not None:
            self._dealer.register(poller)
        timeout = MAX_POLL_MS
        wake = self._core.next_wake_ms
        if wake is not None:
            timeout = min(timeout, max(0, wake - wall_and_steady().steady_ms))
        if self._resolver.is_waiting:
            timeout = min(timeout, self._resolver.left_ms(wall_and_steady().steady_ms))
        if self._inbox:
            timeout = 0
        ready = dict(poller.poll(timeout))
        now = wall_and_steady()
        events: list[Event] = self._suspended(now)
        events += self._connect_if_known(now)
        if self._dealer is not None:
            events += self._drain(self._dealer, now)
        if self._listener in ready:
            with suppress(zmq.Again):
                while True:
                    self._listener.recv(zmq.DONTWAIT)
        while self._inbox and len(events) < 4 * MAX_DRAIN:
            item = self._inbox.popleft()
            events.append(item if isinstance(item, Event) else CommandPosted(now, item))
        wake = self._core.next_wake_ms
        if wake is not None and wake <= now.steady_ms:
            events.append(Ticked(now))
        return events

    def _suspended(self, now: Moment) -> list[Event]:
        """After a sleep of the computer the connection is dead, only nobody has said so."""
        drift = (now.wall_ms - self._at.wall_ms) - (now.steady_ms - self._at.steady_ms)
        self._at = now
        if drift > SUSPEND_MS and self._dealer is not None:
            return [ConnectionFailed(now, "lost")]
        return []

    def _drain(self, dealer: Dealer, now: Moment) -> list[Event]:
        """What has come. Frames first: what was said before the end of a connection counts."""
        events: list[Event] = []
        try:
            for frame in dealer.frames(MAX_DRAIN):
                events += [Received(now, message) for message in decode_answers(frame)]
        except CodecError as error:
            _log.warning("unreadable frame", reason=error.message)
            events.append(ConnectionFailed(now, "malformed"))
        for happened in dealer.events():
            events.append(
                ConnectionOpened(now) if happened == "opened" else ConnectionFailed(now, happened)
            )
        return events

    # --- effects ---

    def _hand(self, events: list[Event]) -> None:
        effects = self._core.handle_batch(events)
        self._store.apply(effects)
        self._search.note(effect.row for effect in effects if isinstance(effect, SaveRow))
        self._send([effect for effect in effects if isinstance(effect, Send)])
        notices: list[Notice] = []
        for effect in effects:
            if isinstance(effect, Tell):
                notices.append(effect.notice)
                if isinstance(effect.notice, SessionSignedIn):
                    self._keystore.mark_registered()
            else:
                self._carry_out(effect)
        if notices:
            self._deliver(notices)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Save() | Drop() | SaveRow() | Send() | Tell():
                pass  # of these all of a batch together, in _hand
            case Connect():
                self._open_dealer()
            case Disconnect():
                self._close_dealer(0)
            case FindText() | FindQuestions():
                self._search.post(effect)
            case Halt():
                self._has_ended = True
            case _:
                self._files.post(effect)

    def _send(self, effects: list[Send]) -> None:
        """Join messages into frames; if the connection takes no more it is given up, the outbox has
        everything.
        """
        if not effects or self._dealer is None:
            return
        parts = (encode(effect.message) for effect in effects)
        if not all(self._dealer.send(frame) for frame in frames(parts, MAX_JOINED_BYTES)):
            _log.info("send would block")
            self._hand([ConnectionFailed(wall_and_steady(), "lost")])

    def _open_dealer(self) -> None:
        self._close_dealer(0)
        now = wall_and_steady()
        self._resolver.start(now.steady_ms)
        failed = self._connect_if_known(now)
        if failed:
            self._hand(failed)

    def _connect_if_known(self, now: Moment) -> list[Event]:
        """Connect as soon as the address of the server is known; what went wrong.

        ZeroMQ would look a name up itself, in the thread that moves all its bytes, and never say
        that there is none.
        """
        try:
            address = self._resolver.take(now.steady_ms)
        except ChatError as error:
            return [ConnectionFailed(now, error.code)]
        if not address:
            return []
        where = replace(self._profile.invitation, host=address)
        self._dealer = Dealer(self._context, self._profile.identity, where)
        if self._dealer.has_failed:
            return [ConnectionFailed(now, "unreachable")]
        self._files.reach(where)
        return []

    def _close_dealer(self, linger_ms: int) -> None:
        self._resolver.stop()
        if self._dealer is not None:
            self._dealer.close(linger_ms)
            self._dealer = None
