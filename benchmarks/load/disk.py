"""How long the disk takes to make a write durable, where the benchmarks keep their brokers."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable

WAL_FRAME_BYTES = 24 + 4096  # what SQLite appends to its log for one changed page


def fdatasync_ms(times: int = 400) -> float:
    """Median of appending one frame of SQLite's log to a file and fdatasync (fsync where there is
    no fdatasync).
    """
    sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)
    took = []
    with tempfile.TemporaryFile() as file:
        frame, descriptor = os.urandom(WAL_FRAME_BYTES), file.fileno()
        for _ in range(times):
            began = time.perf_counter()
            os.write(descriptor, frame)
            sync(descriptor)
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
