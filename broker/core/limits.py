"""Limits of an account or a stranger's connection: token buckets for rates, credit for requests.

Credit limits what is unanswered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MAX_UNANSWERED = 64
MAX_UNANSWERED_BYTES = 256 * 1024
CREDIT_RETRY_MS = 100


class Bucket:
    """Fills with `rate` tokens per second up to `burst`; a rate of 0 means no limit.

    The caller passes the time in.
    """

    __slots__ = ("_at_ms", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now_ms: int) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at_ms = now_ms

    def take(self, now_ms: int) -> int:
        """Take a token and return 0, or return in how many ms there will be one."""
        if self._rate <= 0:
            return 0
        elapsed_ms = max(0, now_ms - self._at_ms)  # a clock set back must not empty the bucket
        self._tokens = min(self._burst, self._tokens + elapsed_ms * self._rate / 1000)
        self._at_ms = now_ms
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return int((1 - self._tokens) * 1000 / self._rate) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Tokens per second and burst of each kind of request."""

    message_rate: float = 20
    message_burst: float = 60
    post_rate: float = 20  # records, statements, boxes, directory entries: stored, but not messages
    post_burst: float = 200
    request_rate: float = 200
    request_burst: float = 400
    stranger_rate: float = 5  # before sign-in every request may cost a signature check
    stranger_burst: float = 20
    typing_rate: float = 0.5
    typing_burst: float = 1
    key_rate: float = 10  # each is passed on to all members of a conversation
    key_burst: float = 100
    strike_rate: float = (
        1000  # an honest client with a long outbox is refused some 300 times a second
    )
    strike_burst: float = 2000


class Credit:
    """What a session has sent that is not committed yet."""

    __slots__ = ("_bytes", "_count")

    def __init__(self) -> None:
        self._count = 0
        self._bytes = 0

    def take(self, size: int) -> bool:
        """Return whether there was room; a single item of any legal size always fits."""
        if self._count and (
            self._count >= MAX_UNANSWERED or self._bytes + size > MAX_UNANSWERED_BYTES
        ):
            return False
        self._count += 1
        self._bytes += size
        return True

    def give_back(self, count: int, size: int) -> None:
        """Give back the credit for `count` answered requests of `size` bytes together."""
        self._count -= count
        self._bytes -= size


class Allowance:
    """What one account may do, over all its connections of one kind.

    Reconnecting does not reset it. A bucket is made when it is first asked for, as full as it would
    be by then: most of the thousands of idle people need none.
    """

    __slots__ = (
        "_is_stranger",
        "_rates",
        "credit",
        "keys",
        "messages",
        "posts",
        "requests",
        "strikes",
        "typing",
    )
    keys: Bucket
    messages: Bucket
    posts: Bucket
    requests: Bucket
    strikes: Bucket
    typing: Bucket

    def __init__(self, rates: Rates, *, is_stranger: bool = False) -> None:
        self._rates = rates
        self._is_stranger = is_stranger
        self.credit = Credit()

    def __getattr__(self, name: str) -> Bucket:
        limit = _LIMITS.get(name)
        if limit is None:
            raise AttributeError(name)
        if name == "requests" and self._is_stranger:
            limit = _OF_STRANGERS
        bucket = Bucket(*limit(self._rates), 0)
        setattr(self, name, bucket)
        return bucket


_Limit = Callable[[Rates], tuple[float, float]]  # rate and burst
_OF_STRANGERS: _Limit = lambda rates: (rates.stranger_rate, rates.stranger_burst)  # noqa: E731
_LIMITS: dict[str, _Limit] = {
    "messages": lambda rates: (rates.message_rate, rates.message_burst),
    "posts": lambda rates: (rates.post_rate, rates.post_burst),
    "requests": lambda rates: (rates.request_rate, rates.request_burst),
    "typing": lambda rates: (rates.typing_rate, rates.typing_burst),
    "keys": lambda rates: (rates.key_rate, rates.key_burst),
    "strikes": lambda rates: (rates.strike_rate, rates.strike_burst),
}
