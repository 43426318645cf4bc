"""What time it is: the shell and its threads are given a clock, so that a simulation can set it."""

from __future__ import annotations

import time
from collections.abc import Callable

from client.core.state.effects import Moment

Clock = Callable[[], Moment]


def system_clock() -> Moment:
    """Read the clocks of this computer."""
    return Moment(time.monotonic_ns() // 1_000_000, time.time_ns() // 1_000_000)
