"""The session with the broker: connect, hello, register or sign in, pings, and the back-off between
attempts; pure.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from client.api.events import ConnectionChanged, SessionSignedIn, SignInFailed
from client.api.said import Detail, Failed, refused_in_full
from client.api.values import ConnectionState
from client.core.context import Context
from client.core.state.effects import Connect, Disconnect
from client.core.timers import PingTimer, RetryTimer, StalledTimer
from shared.crypto.identity import sign_login
from shared.crypto.public import class_id_of
from shared.invariants import require
from shared.messages import (
    PROTOCOL_VERSION,
    Hello,
    Ping,
    Pong,
    Refused,
    Register,
    Registered,
    SignedIn,
    SignIn,
    Welcome,
)

CLIENT_NAME = "csce513msg/1"
CONNECT_TIMEOUT_MS = 12_000
PING_EVERY_MS = (
    10_000  # while something waits for an answer; a dead connection is noticed by ZMTP's heartbeats
)
QUIET_PINGS = 90  # while nothing waits, only one in so many is sent
MIN_DELAY_MS, MAX_DELAY_MS = 200, 30_000
WRONG_KEY_FAILURES = 3  # a broker that is just stopping fails a handshake once

_FIELDS = {
    "name_taken": "username",
    "name_invalid": "username",
    "wrong_code": "invitation",
    "server_key_mismatch": "invitation",
}
_RETRIED = {"busy", "internal", "slow_down"}


class Stage(Enum):
    """How far the session has come."""

    IDLE = auto()  # waits for the next attempt
    OPENING = auto()  # the socket is made
    GREETING = auto()  # Hello is said
    SIGNING_IN = auto()  # Register or SignIn is said
    ONLINE = auto()
    REFUSED = auto()  # only the user starts another attempt


class Session:
    """Owns where the connection stands; pure."""

    def __init__(
        self,
        work: Context,
        *,
        broker_public: bytes,
        client_public: bytes,
        join_code: str,
        outbox_length: Callable[[], int],
        is_reading: Callable[[], bool],
    ) -> None:
        self._work = work
        self._keys = (broker_public, client_public)
        self._join_code = join_code
        self._attempt = 0
        self._handshake_failures = 0
        self._unanswered = 0
        self._pings = 0
        self._skipped = 0
        self._outbox_length = outbox_length
        self._is_reading = is_reading
        self.stage = Stage.IDLE
        self.notice = ConnectionChanged(ConnectionState.OFFLINE)

    # --- attempts ---

    def connect(self) -> None:
        """Start an attempt now."""
        if self.stage not in (Stage.IDLE, Stage.REFUSED):
            return
        self._work.timers.drop(RetryTimer())
        self._enter(Stage.OPENING)
        self._work.timers.set(StalledTimer(), self._work.at.steady_ms + CONNECT_TIMEOUT_MS)
        self._work.order(Connect())
        self._tell(ConnectionState.CONNECTING)

    def on_opened(self) -> None:
        """The encrypted connection stands."""
        if self.stage is Stage.OPENING:
            self._handshake_failures = 0
            self._enter(Stage.GREETING)
            self._work.send_raw(Hello(PROTOCOL_VERSION, CLIENT_NAME, self._work.identity.username))

    def on_failed(self, code: str) -> None:
        """The connection failed or ended; try again after a random while."""
        if self.stage in (Stage.IDLE, Stage.REFUSED):
            return
        if code == "handshake":
            self._handshake_failures += 1
            code = (
                "server_key_mismatch"
                if self._handshake_failures >= WRONG_KEY_FAILURES
                else "unreachable"
            )
        if code == "server_key_mismatch" and not self._work.saved_self.has_signed_in:
            self._refuse(Failed(code=code))
            return
        if self.stage is Stage.ONLINE:
            self._attempt = 0
        self._leave()
        ceiling = min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** (self._attempt + 1))
        delay = MIN_DELAY_MS + int((ceiling - MIN_DELAY_MS) * self._work.jitter())
        self._attempt = min(self._attempt + 1, 10)
        self._enter(Stage.IDLE)
        self._work.timers.set(RetryTimer(), self._work.at.steady_ms + delay)
        self._tell(ConnectionState.OFFLINE, delay / 1000, _failed(code))

    # --- answers ---

    def on_welcome(self, welcome: Welcome) -> None:
        """Register, or sign in with the account that is there already."""
        if self.stage is not Stage.GREETING:
            return
        if welcome.protocol != PROTOCOL_VERSION:
            self._refuse(Failed(code="protocol_version"))
            return
        if welcome.class_id != class_id_of(self._keys[0]):
            self._refuse(Failed(code="server_key_mismatch"))
            return
        known = self._work.saved_self
        known.class_id, known.class_name = welcome.class_id, welcome.class_name
        self._work.save(known)
        identity = self._work.identity
        signature = sign_login(identity, welcome.challenge, *self._keys)
        self._enter(Stage.SIGNING_IN)
        if welcome.uid == identity.uid:
            self._work.send_raw(SignIn(identity.uid, identity.did, signature))
        else:  # unknown, or somebody else's: then the refusal brings free names
            self._work.send_raw(
                Register(identity.username, self._join_code, identity.genesis, signature)
            )

    def on_registered(self, _: Registered) -> None:
        """The broker knows my key now: connect anew with it."""
        if self.stage is Stage.SIGNING_IN:
            self._leave()
            self._enter(Stage.IDLE)
            self.connect()

    def on_signed_in(self, answer: SignedIn) -> None:
        """The session stands."""
        self._attempt = 0
        self._enter(Stage.ONLINE)
        self._work.timers.drop(StalledTimer())
        self._work.timers.set(PingTimer(), self._work.at.steady_ms + PING_EVERY_MS)
        self._unanswered = self._skipped = 0
        self._work.is_signed_in = True
        known = self._work.saved_self
        known.role, known.has_signed_in = answer.role, True
        self._work.save(known)
        self._tell(ConnectionState.ONLINE)
        self._work.tell(
            SessionSignedIn(self._work.identity.username, answer.role, known.class_name)
        )

    def on_refused(self, refused: Refused) -> bool:
        """A refusal before the sign-in stands; False if it is about something else."""
        if self.stage not in (Stage.GREETING, Stage.SIGNING_IN):
            return False
        if refused.code in _RETRIED:
            self.on_failed("lost")
        else:
            why = refused_in_full(refused.code, refused.message)
            self._refuse(why, tuple(refused.suggestions))
        return True

    def on_signed_out(self, code: str) -> None:
        """The broker ended the session; if it stops, or this computer was too slow, we come back by
        ourselves.
        """
        if code in ("taken_over", "kicked", "banned", "account_closed"):
            self._end(Failed(code=code))
        else:
            self.on_failed("too_slow" if code == "too_slow" else "stopping")

    def on_pong(self, _: Pong) -> None:
        """The broker is there."""
        self._unanswered = 0

    # --- timers ---

    def on_ping_timer(self) -> None:
        """Ask whether the broker is still there; two questions without an answer end the
        connection.
        """
        if self._unanswered >= 2:
            self.on_failed("timeout")
            return
        self._skipped += 1
        if (
            self._unanswered
            or self._skipped >= QUIET_PINGS
            or self._outbox_length()
            or self._is_reading()
        ):
            self._unanswered += 1
            self._skipped = 0
            self._pings += 1
            self._work.send_raw(Ping(self._pings))
        self._work.timers.set(PingTimer(), self._work.at.steady_ms + PING_EVERY_MS)

    def on_stalled(self) -> None:
        """The attempt took too long."""
        self.on_failed("timeout" if self.stage is not Stage.OPENING else "unreachable")

    def refresh(self) -> None:
        """Tell again if the length of the outbox changed."""
        if self.notice.outbox != self._outbox_length():
            old = self.notice
            self._tell(old.state, self._retry_in_s(), old.failure)

    def check_invariants(self) -> None:
        """InvariantBroken unless the timers fit to how far the session is."""
        timers, stage = self._work.timers, self.stage
        is_opening = stage in (Stage.OPENING, Stage.GREETING, Stage.SIGNING_IN)
        require(self._work.is_signed_in == (stage is Stage.ONLINE), "who is online is signed in")
        require(timers.has(StalledTimer()) == is_opening, "an attempt has its end")
        require(
            timers.has(PingTimer()) == (stage is Stage.ONLINE),
            "who is online looks after the connection",
        )
        require(
            not timers.has(RetryTimer()) or stage is Stage.IDLE,
            "only who is idle tries again by itself",
        )

    # --- inner ---

    def _retry_in_s(self) -> float:
        return self._work.timers.left_ms(RetryTimer(), self._work.at.steady_ms) / 1000

    def _refuse(self, why: Failed, suggestions: tuple[str, ...] = ()) -> None:
        # Told before the state of the connection, which says less about it.
        self._work.tell(SignInFailed(why, _FIELDS.get(why.code, ""), suggestions))
        self._end(why)

    def _end(self, why: Failed) -> None:
        self._leave()
        self._enter(Stage.REFUSED)
        self._tell(ConnectionState.REFUSED, 0.0, why)

    def _leave(self) -> None:
        self._work.order(Disconnect())
        self._work.is_signed_in = False
        for timer in (StalledTimer(), PingTimer(), RetryTimer()):
            self._work.timers.drop(timer)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage

    def _tell(
        self, state: ConnectionState, retry_in_s: float = 0.0, failure: Failed | None = None
    ) -> None:
        self.notice = ConnectionChanged(state, retry_in_s, self._outbox_length(), failure)
        self._work.tell(self.notice)


def _failed(code: str) -> Failed:
    """Why a connection ended: a word of this client, or one of the server's that it retries for."""
    return Failed(code=code, detail=Detail.UNREADABLE_ANSWER if code == "malformed" else "")
