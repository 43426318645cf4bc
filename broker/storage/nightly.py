"""Backups that are made by a timer: each in a folder named by its time, and the oldest are
removed.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker.storage.backups import ABOUT_FILE, MANIFEST_FILE, BackupFailed, BackupMade, make_backup
from broker.storage.data_folder import KEY_FILE, DataDir, lock_file
from broker.storage.owner import make_folder

_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{4}Z(-\d+)?")
_UNFINISHED: Final = re.compile(rf"{_NAME.pattern}\.part")
_LOCK_FILE: Final = "nightly.lock"


@dataclass(frozen=True, slots=True)
class _Kept:
    """One of the backups of this class that are there."""

    number: int  # counts the nights: the clock of a computer may go back
    name: str
    path: Path


def nightly_backup(
    data_dir: Path, folder: Path, keep: int, now_s: float | None = None
) -> tuple[BackupMade, list[Path]]:
    """Make one in `folder`, and remove what is older than the newest `keep`. ChatError in words.

    Removed is only what was made here, for this class, and is complete; and only after a new one
    that lacks nothing.
    """
    data = DataDir(data_dir)
    data.check_is_class()
    try:
        make_folder(folder)
        lock = lock_file(folder / _LOCK_FILE)
        if lock is None:
            raise BackupFailed(f"Another backup is being written to {folder}.")
        with lock:
            return _make(data, folder, keep, time.time() if now_s is None else now_s)
    except OSError as error:
        raise BackupFailed(
            f"The backup could not be written: {error.strerror} ({error.filename})."
        ) from error


def _make(data: DataDir, folder: Path, keep: int, now_s: float) -> tuple[BackupMade, list[Path]]:
    known = _kept(data, folder)
    newest = known[-1] if known else None
    name = _free_name(folder, time.strftime("%Y-%m-%dT%H%MZ", time.gmtime(now_s)))
    number = newest.number + 1 if newest else 1
    made = make_backup(data.path, folder / name, newest.path if newest else None, number)
    if made.missing:  # the older ones have what this one lacks
        return made, []
    for path in folder.iterdir():
        if _UNFINISHED.fullmatch(path.name) and _is_folder(path):
            shutil.rmtree(path)
    old = [one.path for one in known[: max(0, len(known) + 1 - keep)]]
    for path in old:
        # From here on it is no backup, even if the removal is cut.
        unfinished = path.rename(path.with_name(f"{path.name}.part"))
        shutil.rmtree(unfinished)
    return made, old


def _free_name(folder: Path, wanted: str) -> str:
    """Give the name, with a number if there is one of this minute: one more before an upgrade, or a
    clock set back.
    """
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in itertools.count(1))
    return next(name for name in names if not os.path.lexists(folder / name))


def _kept(data: DataDir, folder: Path) -> list[_Kept]:
    """The backups of this class that a timer made here, the oldest first."""
    key = _public_key(data.path)
    backups = [
        _look(path) for path in folder.iterdir() if _NAME.fullmatch(path.name) and _is_folder(path)
    ]
    ours = [one for one in backups if one is not None and _public_key(one.path) == key]
    return sorted(ours, key=lambda one: (one.number, one.name))


def _look(path: Path) -> _Kept | None:
    try:
        number = json.loads((path / ABOUT_FILE).read_text(encoding="utf-8"))["number"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_ours = isinstance(number, int) and number > 0 and (path / MANIFEST_FILE).is_file()
    return _Kept(number, path.name, path) if is_ours else None


def _public_key(folder: Path) -> str:
    try:
        return str(json.loads((folder / KEY_FILE).read_text(encoding="utf-8"))["public"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
