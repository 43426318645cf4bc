"""When the client core wants to be woken, and for what; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryTimer:
    """Connect again."""


@dataclass(frozen=True, slots=True)
class StalledTimer:
    """The attempt to connect takes too long."""


@dataclass(frozen=True, slots=True)
class PingTimer:
    """Ask whether the broker is still there."""


@dataclass(frozen=True, slots=True)
class TransfersTimer:
    """Try again what stopped of the transfers."""


@dataclass(frozen=True, slots=True)
class RefusedTimer:
    """Read again a log that was refused."""

    log_id: bytes


@dataclass(frozen=True, slots=True)
class CursorTimer:
    """Say how far a conversation is stored here."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class TypingTimer:
    """Somebody may have stopped typing."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class TypedTimer:
    """Until then it need not be said again that I type."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class AdmissionTimer:
    """Let in who waits."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class AnswerTimer:
    """Share the key of an epoch with a member who misses it."""

    conv_id: bytes
    epoch: int
    uid: bytes


@dataclass(frozen=True, slots=True)
class RereadTimer:
    """What was accepted should have been pushed by now."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class KeyTimer:
    """A log is held for a key no longer."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class HoldTimer:
    """Until then no record is made after one was refused."""

    conv_id: bytes


@dataclass(frozen=True, slots=True)
class PauseTimer:
    """Until then nothing is sent here."""

    conv_id: bytes


ConversationTimer = (
    CursorTimer
    | TypingTimer
    | TypedTimer
    | AdmissionTimer
    | AnswerTimer
    | RereadTimer
    | KeyTimer
    | HoldTimer
    | PauseTimer
)
Timer = RetryTimer | StalledTimer | PingTimer | TransfersTimer | RefusedTimer | ConversationTimer


class Timers:
    """Owns the times of the wake-ups; setting a timer again replaces it."""

    def __init__(self) -> None:
        self._at: dict[Timer, int] = {}

    def set(self, timer: Timer, steady_ms: int) -> None:
        """Wake at this time."""
        self._at[timer] = steady_ms

    def set_once(self, timer: Timer, steady_ms: int) -> None:
        """Wake at this time, unless the timer runs already."""
        self._at.setdefault(timer, steady_ms)

    def drop(self, timer: Timer) -> None:
        """Do not wake for this."""
        self._at.pop(timer, None)

    def has(self, timer: Timer) -> bool:
        """Whether the timer runs."""
        return timer in self._at

    def due(self, steady_ms: int) -> list[Timer]:
        """Take out and return what is due, oldest first."""
        timers = sorted(
            (timer for timer, at in self._at.items() if at <= steady_ms), key=self._at.__getitem__
        )
        for timer in timers:
            del self._at[timer]
        return timers

    def left_ms(self, timer: Timer, steady_ms: int) -> int:
        """How long until this is due, 0 if it does not run."""
        return max(0, self._at.get(timer, steady_ms) - steady_ms)

    def next_ms(self) -> int | None:
        """The time of the next wake-up."""
        return min(self._at.values(), default=None)
