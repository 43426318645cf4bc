"""Durable writing: what was written is on the disk whole when the call returns, or not at all, and
is at no moment readable by anybody but its owner.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
# Never through a link that somebody has laid; Windows would change the ends of lines.
_PLAIN: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_CANNOT: Final = (errno.EINVAL, errno.ENOTSUP)  # some network file systems do not sync folders


def new_file(path: Path) -> int:
    """Make a file that its owner alone can read; what had this name is gone. Return a descriptor."""
    path.unlink(missing_ok=True)
    return os.open(path, _NEW | _PLAIN, 0o600)


def write_whole(path: Path, data: bytes, *, make: Callable[[Path], int] = new_file) -> None:
    """Replace a file: after a crash the old or the new one is there. OSError leaves the old one.

    `make` opens the new file beside it, as `new_file` does.
    """
    unfinished = path.with_name(f".{path.name}.part")
    write_beside(unfinished, path, data, make=make)
    sync_folder(path.parent)


def write_beside(
    unfinished: Path, path: Path, data: bytes, *, make: Callable[[Path], int] = new_file
) -> None:
    """Write `unfinished`, and rename it to `path`: the name is safe after `sync_folder`."""
    try:
        write_new(unfinished, data, make=make)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def write_new(path: Path, data: bytes, *, make: Callable[[Path], int] = new_file) -> None:
    """Write a file that nobody reads before the folder that it lies in has got its name."""
    with os.fdopen(make(path), "wb", buffering=0) as file:
        write_all(file, data)
        os.fsync(file.fileno())


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write to an unbuffered file, which may take a part only, when the disk becomes full."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def sync_file(path: Path) -> None:
    """Make safe what somebody else has written to a file."""
    with path.open("r+b") as file:  # Windows flushes only what may be written
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder safe."""
    if os.name != "posix":  # a folder cannot be opened there; the rename itself is written through
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(descriptor)
