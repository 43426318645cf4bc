"""ClientSession: the background thread that owns the DEALER, its monitor and bell, the store and the core."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import zmq
from zmq.utils.monitor import recv_monitor_message

from client.core import ClientCore
from client.effects import (
    CommandPosted,
    Connect,
    ConnectionFailed,
    ConnectionOpened,
    Disconnect,
    Effect,
    Event,
    Halt,
    Moment,
    Received,
    Send,
    Started,
    Tell,
    Ticked,
)
from client.events import Command, ConnectionChanged, ConnectionState, Notice, Quit, SessionSignedIn, SignInFailed
from client.keystore import Keystore, Profile
from client.store import Store
from shared.codec import decode_answers, encode
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
_FAILURES = {
    zmq.EVENT_CLOSED, zmq.EVENT_DISCONNECTED, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.EVENT_HANDSHAKE_FAILED_AUTH,
}  # fmt: skip
_FIELDS = {"wrong_passphrase": "passphrase", "invitation_invalid": "invitation", "name_invalid": "username",
           "profile_of_other": "username"}  # fmt: skip


class ClientSession:
    """One profile's connection. `post` from any thread; `deliver` is called on the network thread."""

    def __init__(
        self,
        profile_dir: Path,
        *,
        invitation: Invitation | None,
        username: str,
        passphrase: str,
        deliver: Callable[[list[Notice]], None],
        cost: Cost | None = None,
    ) -> None:
        self._profile_dir = profile_dir
        self._invitation = invitation
        self._username = username
        self._passphrase = passphrase
        self._deliver = deliver
        self._cost = cost
        self._commands: deque[Command] = deque()
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
        self._commands.append(command)
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
            keystore = Keystore(self._profile_dir)
            profile = keystore.open(
                self._invitation, self._username, self._passphrase, os.urandom, _transport_keypair, self._cost
            )
            self._passphrase = ""
            loop = _Loop(self._context, self._listener, self._commands, profile, keystore, self._deliver)
            loop.run()
        except ChatError as error:
            self._deliver([SignInFailed(error.code, error.message, _FIELDS.get(error.code, ""))])
        except Exception:  # noqa: BLE001 - the top of the thread: say it instead of dying silently
            _log.error("network thread failed", exc_info=True)
            sentence = "The client had a problem and stopped. What you wrote is saved; start it again."
            self._deliver([
                ConnectionChanged(ConnectionState.REFUSED, 0.0, 0, "internal", sentence),
                SignInFailed("internal", sentence),
            ])  # fmt: skip
        finally:
            if loop is not None:
                loop.close()
            if keystore is not None:
                keystore.close()
            self._close_bell()
            self._listener.close(linger=0)
            self._context.term()


def _transport_keypair() -> tuple[bytes, bytes]:
    public, secret = zmq.curve_keypair()
    return public, secret


def _now() -> Moment:
    return Moment(time.monotonic_ns() // 1_000_000, time.time_ns() // 1_000_000)


class _Loop:
    """The loop of the network thread: poll, hand events to the core, carry out its effects."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        listener: zmq.Socket[bytes],
        commands: deque[Command],
        profile: Profile,
        keystore: Keystore,
        deliver: Callable[[list[Notice]], None],
    ) -> None:
        self._context = context
        self._listener = listener
        self._commands = commands
        self._profile = profile
        self._keystore = keystore
        self._deliver = deliver
        self._store = Store(keystore.database_path, profile.vault)
        identity, invitation = profile.identity, profile.invitation
        self._core = ClientCore(
            identity, self._store, self._store.load(), broker_public=invitation.broker_key,
            client_public=z85_decode(identity.transport_public), join_code=invitation.join_code,
            class_name=invitation.class_name, random=os.urandom, jitter=random.SystemRandom().random,
        )  # fmt: skip
        self._dealer: zmq.Socket[bytes] | None = None
        self._monitor: zmq.Socket[bytes] | None = None
        self._has_tcp = False
        self._is_open = False
        self._has_ended = False
        self._at = _now()

    def run(self) -> None:
        """Until Halt."""
        self._hand([Started(_now())])
        while not self._has_ended:
            events = self._wait()
            if events:
                self._hand(events)

    def close(self) -> None:
        """Close what belongs to this thread."""
        self._close_dealer(GOODBYE_LINGER_MS if self._is_open else 0)
        self._store.close()

    # --- events ---

    def _wait(self) -> list[Event]:
        """Sleep until something happens; all of it, drained up to a limit."""
        poller = zmq.Poller()
        for socket in (self._listener, self._dealer, self._monitor):
            if socket is not None:
                poller.register(socket, zmq.POLLIN)
        timeout = MAX_POLL_MS
        wake = self._core.next_wake_ms
        if wake is not None:
            timeout = min(timeout, max(0, wake - _now().steady_ms))
        if self._commands:
            timeout = 0
        ready = dict(poller.poll(timeout))
        now = _now()
        events: list[Event] = self._suspended(now)
        if self._dealer is not None and self._dealer in ready:
            events += self._drain_frames(now)
        if self._monitor is not None and self._monitor in ready:
            events += self._drain_monitor(now)
        if self._listener in ready:
            with suppress(zmq.Again):
                while True:
                    self._listener.recv(zmq.DONTWAIT)
        while self._commands and len(events) < 4 * MAX_DRAIN:
            events.append(CommandPosted(now, self._commands.popleft()))
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

    def _drain_frames(self, now: Moment) -> list[Event]:
        assert self._dealer is not None
        events: list[Event] = []
        try:
            for _ in range(MAX_DRAIN):
                frame = self._dealer.recv(zmq.DONTWAIT)
                if self._dealer.getsockopt(zmq.RCVMORE):
                    raise CodecError("more than one part")
                events += [Received(now, message) for message in decode_answers(frame)]
        except zmq.Again:
            pass
        except CodecError as error:
            _log.warning("unreadable frame", reason=error.message)
            events.append(ConnectionFailed(now, "malformed"))
        return events

    def _drain_monitor(self, now: Moment) -> list[Event]:
        assert self._monitor is not None
        events: list[Event] = []
        while self._monitor.poll(0):
            event = recv_monitor_message(self._monitor)["event"]
            if event == zmq.EVENT_CONNECTED:
                self._has_tcp = True
            elif event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._is_open = True
                events.append(ConnectionOpened(now))
            elif event in _FAILURES:
                events.append(ConnectionFailed(now, self._failure_code()))
                break
        return events

    def _failure_code(self) -> str:
        if self._is_open:
            return "lost"
        return "handshake" if self._has_tcp else "unreachable"

    # --- effects ---

    def _hand(self, events: list[Event]) -> None:
        effects = self._core.handle_batch(events)
        self._store.apply(effects)
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
        if isinstance(effect, Connect):
            self._open_dealer()
        elif isinstance(effect, Disconnect):
            self._close_dealer(0)
        elif isinstance(effect, Halt):
            self._has_ended = True

    def _send(self, effects: list[Send]) -> None:
        """Join messages into frames; if the connection takes no more it is given up, the outbox has everything."""
        if not effects or self._dealer is None:
            return
        frames: list[bytes] = []
        joined = b""
        for effect in effects:
            encoded = encode(effect.message)
            if joined and len(joined) + len(encoded) > MAX_JOINED_BYTES:
                frames.append(joined)
                joined = b""
            joined += encoded
        frames.append(joined)
        try:
            for frame in frames:
                self._dealer.send(frame, zmq.DONTWAIT)
        except zmq.Again:
            _log.info("send would block")
            self._hand([ConnectionFailed(_now(), "lost")])

    def _open_dealer(self) -> None:
        """A fresh socket with a fresh routing id for every attempt: nothing of an old connection can come back."""
        self._close_dealer(0)
        identity, invitation = self._profile.identity, self._profile.invitation
        dealer = self._context.socket(zmq.DEALER)
        for option, value in _OPTIONS:
            dealer.setsockopt(option, value)
        dealer.setsockopt(zmq.ROUTING_ID, identity.username.encode() + b"\0" + os.urandom(16))
        dealer.setsockopt(zmq.CURVE_SERVERKEY, invitation.broker_key_z85)
        dealer.setsockopt(zmq.CURVE_PUBLICKEY, identity.transport_public)
        dealer.setsockopt(zmq.CURVE_SECRETKEY, identity.transport_secret)
        self._monitor = dealer.get_monitor_socket()
        self._dealer = dealer
        self._has_tcp = self._is_open = False
        try:
            dealer.connect(invitation.endpoint)
        except zmq.ZMQError:
            self._hand([ConnectionFailed(_now(), "unreachable")])

    def _close_dealer(self, linger_ms: int) -> None:
        if self._dealer is None:
            return
        self._dealer.disable_monitor()
        if self._monitor is not None:
            self._monitor.close(linger=0)
        self._dealer.close(linger=linger_ms)
        self._dealer = self._monitor = None
        self._has_tcp = self._is_open = False


_OPTIONS: tuple[tuple[int, int], ...] = (
    (zmq.LINGER, 0),
    (zmq.SNDHWM, 1000),
    (zmq.RCVHWM, 1000),
    (zmq.SNDBUF, 262_144),
    (zmq.MAXMSGSIZE, 4 * 1024 * 1024),
    (zmq.HANDSHAKE_IVL, 5000),
    (zmq.HEARTBEAT_IVL, 10_000),
    (zmq.HEARTBEAT_TIMEOUT, 25_000),
    (zmq.HEARTBEAT_TTL, 30_000),
    (zmq.TCP_KEEPALIVE, 1),
    (zmq.TCP_KEEPALIVE_IDLE, 30),
    (zmq.TCP_KEEPALIVE_INTVL, 10),
    (zmq.TCP_KEEPALIVE_CNT, 3),
    (zmq.RECONNECT_IVL, -1),
    (zmq.IMMEDIATE, 1),
    (zmq.CONNECT_TIMEOUT, 8000),
    (zmq.IPV6, 1),
)
