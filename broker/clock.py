"""What time it is: the shell and its threads are given a clock, so that a simulation can set it."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]  # Unix milliseconds


def wall_ms() -> int:
    """Read the clock of this computer: Unix milliseconds."""
    return time.time_ns() // 1_000_000
