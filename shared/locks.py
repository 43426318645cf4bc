"""Locks between processes: a file that one holder at a time has locked, for as long as it lives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from filelock import lock_descriptor


def try_lock(path: Path) -> BinaryIO | None:
    """Lock a file, which is made if need be; None if somebody else holds it, without waiting.

    The lock lasts until the returned file is closed, or until the process ends, however it ends.
    The file itself is never removed: a second holder could lock a new one of the same name.
    OSError if the file cannot be opened, or if this file system knows no locks.
    """
    # Its owner alone may open it: whoever can read a file can lock it, too.
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    try:
        if lock_descriptor(file.fileno(), blocking=False):
            return file
    except OSError:
        file.close()
        raise
    file.close()
    return None
