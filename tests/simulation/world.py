"""The simulated world: one random source, virtual time, what happens next, and a trace of what has
happened.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

START_WALL_MS = 1_700_000_000_000
KEPT_LINES = 60
MAX_STEPS = 100_000


class Crashed(BaseException):
    """A process dies here; nothing but its own host may catch this."""


class Violation(AssertionError):
    """An invariant does not hold."""


class World:
    """Everything of one run hangs on `rng` and on the order of the queue, so one seed gives one
    history.
    """

    def __init__(self, seed: int, *, is_traced: bool = False) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.now_ms = 0
        self.steps = 0
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0
        self._hash = blake2b(digest_size=16)
        self.is_traced = is_traced
        self.lines: deque[str] = deque(maxlen=None if is_traced else KEPT_LINES)

    def after(self, delay_ms: int, action: Callable[[], None]) -> None:
        """Let something happen later; what is due at the same time happens in the order of these
        calls.
        """
        self._count += 1
        heapq.heappush(self._queue, (self.now_ms + max(0, delay_ms), self._count, action))

    def run_until(self, end_ms: int) -> None:
        """Let everything happen that is due by then."""
        queue = self._queue
        while queue and queue[0][0] <= end_ms:
            self.now_ms, _, action = heapq.heappop(queue)
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise Violation("there is no end to what happens")
            action()
        self.now_ms = end_ms

    def note(self, who: str, what: str) -> None:
        """One line of the trace."""
        line = f"{self.now_ms:7} {who}: {what}"
        self._hash.update(line.encode())
        self.lines.append(line)

    def detail(self, who: str, messages: Iterable[Any]) -> None:
        """More lines, for whoever looks at one seed; no part of the digest."""
        if self.is_traced:
            self.lines += [f"{self.now_ms:7}     {who} {_short(message)}" for message in messages]

    def digest(self) -> str:
        """The same for the same history."""
        return self._hash.hexdigest()

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share


def _short(message: Any) -> str:
    """A message or notice in one line."""
    words = ""
    fields = getattr(message, "__struct_fields__", None) or tuple(
        getattr(message, "__dataclass_fields__", ())
    )
    for name in fields:
        value = getattr(message, name)
        if isinstance(value, bytes):
            value = value.hex()[:6]
        elif isinstance(value, list):
            value = f"[{', '.join(_short(item) if hasattr(item, '__struct_fields__') else '.' for item in value[:6])}]"
        words += f" {name}={str(value)[:400]}"
    return type(message).__name__ + words


class Clock:
    """The clocks of one computer: a steady one, and a wall clock that somebody may set."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._steady_from = world.rng.randrange(1_000_000)
        self._wall_from = START_WALL_MS + world.rng.randrange(-5000, 5000)

    @property
    def steady_ms(self) -> int:
        """Never goes back."""
        return self._steady_from + self._world.now_ms

    @property
    def wall_ms(self) -> int:
        """Unix milliseconds, as this computer believes."""
        return self._wall_from + self._world.now_ms

    def jump(self, ms: int) -> None:
        """The wall clock is set."""
        self._wall_from += ms
