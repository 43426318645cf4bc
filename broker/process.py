"""What this process takes of its machine, as far as the system says it."""

from __future__ import annotations

import os


def resident_bytes() -> int:
    """How much memory this process has; 0 if that cannot be known."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def open_descriptors() -> int:
    """How many descriptors this process has open; 0 if that cannot be known."""
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return 0
