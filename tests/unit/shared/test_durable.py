"""Durable writing: whole or not at all, for the owner's eyes only, and in the order that makes it
last.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from shared.durable import new_file, sync_folder, write_all, write_beside, write_whole

posix_only = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
@pytest.mark.parametrize("leftover", ["nothing", "a part", "a link"])
def test_what_is_written_is_whole_and_for_its_owner(tmp_path: Path, leftover: str) -> None:
    """A part that a crash or somebody else has left gives neither its rights nor its place."""
    path, other = tmp_path / "key", tmp_path / "other"
    other.write_bytes(b"somebody's")
    part = tmp_path / ".key.part"
    if leftover == "a part":
        part.write_bytes(b"longer than what comes")
        part.chmod(0o666)
    elif leftover == "a link":
        part.symlink_to(other)
    for data in (b"old", b"new"):
        write_whole(path, data)
        assert path.read_bytes() == data and mode(path) == 0o600
    assert other.read_bytes() == b"somebody's"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["key", "other"]


@posix_only
def test_nobody_reads_it_while_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = os.fsync

    def look(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            seen.append((stat.S_IMODE(os.fstat(descriptor).st_mode), (tmp_path / "key").exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    before = os.umask(0)
    try:
        write_whole(tmp_path / "key", b"secret")
        os.close(new_file(tmp_path / "empty"))
    finally:
        os.umask(before)
    assert seen == [(0o600, False)] and mode(tmp_path / "empty") == 0o600


@posix_only
def test_file_then_name_then_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are safe before the name stands for them, and the name before the call returns."""
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        order.append("file" if is_file else "folder")
        fsync(descriptor)

    def named(path: Path, target: Path) -> Path:
        order.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", named)
    write_whole(tmp_path / "a", b"x")
    assert order == ["file", "name", "folder"]
    write_beside(tmp_path / "part", tmp_path / "b", b"x")
    assert order[3:] == ["file", "name"]  # several names are made safe by one sync of the folder


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "codes"
    write_whole(path, b"before")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"after")
    assert [one.name for one in tmp_path.iterdir()] == ["codes"] and path.read_bytes() == b"before"


class Nearly(io.RawIOBase):
    """A file that takes three bytes at a time, as one on a disk that becomes full may."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = b""

    def write(self, data: object) -> int:
        assert isinstance(data, memoryview)
        self.taken += bytes(data[:3])
        return min(3, len(data))


def test_what_is_taken_in_pieces_comes_whole() -> None:
    file = Nearly()
    write_all(cast(BinaryIO, file), b"eight by")
    assert file.taken == b"eight by"


@posix_only
def test_a_folder_that_cannot_be_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems have no such thing; a disk that fails is no such file system."""

    def refuse(descriptor: int) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(os, "fsync", refuse)
    number = errno.EINVAL
    sync_folder(tmp_path)
    number = errno.EIO
    descriptors = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    with pytest.raises(OSError, match="refused"):
        sync_folder(tmp_path)
    if descriptors:
        assert len(os.listdir("/proc/self/fd")) == descriptors
