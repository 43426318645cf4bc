"""A lock of a file lasts as long as the process that has it, however that ends."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from broker.storage.data_folder import DataDir, DataDirInUse, lock_file
from client.storage.keystore import Keystore, is_profile_open
from shared.errors import ProfileInUse
from shared.locks import try_lock
from tools.module_map import ROOT

_DATA = "from broker.storage.data_folder import DataDir; held = DataDir(path); held.open()"
_PROFILE = "from client.storage.keystore import Keystore; held = Keystore(path)"
_PLAIN = "from shared.locks import try_lock; held = try_lock(path)"


def holder(setup: str, path: Path) -> subprocess.Popen[str]:
    """A process that has the lock when this returns, and keeps it until it is killed."""
    program = f"import pathlib, sys; path = pathlib.Path(sys.argv[1]); {setup}; print('held', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=30)


def test_a_data_folder_is_free_when_its_broker_was_killed(tmp_path: Path) -> None:
    process = holder(_DATA, tmp_path)
    with pytest.raises(DataDirInUse, match="Another broker is already running"):
        DataDir(tmp_path).open()
    kill(process)
    data = DataDir(tmp_path)
    data.open()
    data.close()
    assert (tmp_path / "broker.lock").exists()  # it stays: two would lock files of one name


def test_a_profile_is_free_when_its_window_was_killed(tmp_path: Path) -> None:
    process = holder(_PROFILE, tmp_path)
    assert is_profile_open(tmp_path)
    with pytest.raises(ProfileInUse):
        Keystore(tmp_path)
    kill(process)
    assert not is_profile_open(tmp_path)
    Keystore(tmp_path).close()


def test_a_lock_excludes_the_own_process_too(tmp_path: Path) -> None:
    lock = try_lock(tmp_path / "lock")
    assert lock is not None and try_lock(tmp_path / "lock") is None
    lock.close()
    process = holder(_PLAIN, tmp_path / "lock")
    assert try_lock(tmp_path / "lock") is None
    kill(process)
    again = lock_file(tmp_path / "lock")
    assert again is not None
    again.close()


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_nobody_else_can_hold_the_lock(tmp_path: Path) -> None:
    """Whoever may read a file may lock it: a class-mate on the same computer, and nothing starts."""
    before = os.umask(0)
    try:
        lock = try_lock(tmp_path / "lock")
    finally:
        os.umask(before)
    assert lock is not None and stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
    lock.close()


def test_what_cannot_be_locked_is_no_lock_of_somebody(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        try_lock(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        try_lock(tmp_path / "nowhere" / "lock")
