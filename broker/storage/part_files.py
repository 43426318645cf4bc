"""The parts of files on the disk: a folder for each file, a file for each part, named by its number
and hash.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import OrderedDict
from pathlib import Path
from typing import Final

from shared.durable import sync_folder, write_beside
from shared.files import part_hash

_NAME_LENGTH: Final = 8 + 1 + 64
_REMEMBERED: Final = 32  # files whose names of parts are kept in memory


class _Names:
    """Which parts lie in which folder, for the files used last.

    The writer keeps its own list right.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: OrderedDict[bytes, dict[int, str]] = OrderedDict()

    def folder(self, file_id: bytes) -> Path:
        name = file_id.hex()
        return self._root / name[:2] / name

    def of(self, file_id: bytes) -> dict[int, str]:
        """Number -> name. FileNotFoundError if there is no such folder."""
        names = self._names.get(file_id)
        if names is None:
            names = {}
            for name in sorted(os.listdir(self.folder(file_id))):
                number = _number_of(name)
                if number is not None:
                    names.setdefault(number, name)
            self._names[file_id] = names
            if len(self._names) > _REMEMBERED:
                self._names.popitem(last=False)
        self._names.move_to_end(file_id)
        return names

    def forget(self, file_id: bytes) -> None:
        self._names.pop(file_id, None)


class FileStore:
    """Writes, lists and removes; belongs to one thread. What `write` was given is safe after the
    next `sync`.

    Layout: ROOT/<2 hex>/<file_id in hex>/<number as 8 hex>-<BLAKE2b-256 in hex>. A part is written
    beside its place,
    fsynced and renamed, so a name that is there stands for the whole part.
    """

    def __init__(self, root: Path, reserve_bytes: int = 0) -> None:
        self._root = root
        self._reserve_bytes = reserve_bytes
        self._names = _Names(root)
        self._unsynced: set[Path] = set()

    def prepare(self, known: set[bytes]) -> None:
        """Make the root, and remove what belongs to no file (a crash came between the database and
        the disk).
        """
        self._root.mkdir(mode=0o700, exist_ok=True)
        for shelf in self._root.iterdir():
            for folder in shelf.iterdir() if shelf.is_dir() else ():
                if _file_id_of(folder.name) not in known:
                    shutil.rmtree(folder)

    def spare_bytes(self) -> int:
        """Free space beyond the reserve, which is left to messages; maybe negative."""
        return shutil.disk_usage(self._root).free - self._reserve_bytes

    def write(self, file_id: bytes, number: int, data: bytes) -> None:
        """Write a part; another one of the same number is replaced.

        OSError leaves what was there.
        """
        folder = self._names.folder(file_id)
        if not folder.is_dir():
            self._names.forget(file_id)
            self._make(folder)
        names = self._names.of(file_id)
        name, unfinished = f"{number:08x}-{part_hash(data).hex()}", folder / f".{number:08x}.part"
        write_beside(unfinished, folder / name, data)
        before, names[number] = names.get(number, name), name
        if before != name:
            (folder / before).unlink(missing_ok=True)
        self._unsynced.add(folder)

    def sync(self) -> None:
        """Make the names of what was written safe, too."""
        folders, self._unsynced = self._unsynced, set()
        for folder in folders:
            if folder.is_dir():
                sync_folder(folder)

    def hashes(self, file_id: bytes) -> dict[int, bytes]:
        """The hash of each part that is on the disk, by its number.

        Leftovers of a crash are removed.
        """
        folder = self._names.folder(file_id)
        self._names.forget(file_id)
        try:
            names = self._names.of(file_id)
        except FileNotFoundError:
            return {}
        kept = set(names.values())
        for name in os.listdir(folder):
            if name not in kept:  # half written, or a part that another one was about to replace
                (folder / name).unlink(missing_ok=True)
        return {number: bytes.fromhex(name[9:]) for number, name in names.items()}

    def remove(self, file_id: bytes) -> None:
        """Remove all parts of a file."""
        self._names.forget(file_id)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._names.folder(file_id))

    def _make(self, folder: Path) -> None:
        shelf = folder.parent
        if not shelf.is_dir():
            shelf.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._root)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(shelf)


class PartReader:
    """Reads parts of complete files; belongs to one thread."""

    def __init__(self, root: Path) -> None:
        self._names = _Names(root)

    def read(self, file_id: bytes, number: int) -> bytes:
        """A part. FileNotFoundError if there is none."""
        with contextlib.suppress(FileNotFoundError):
            return self._read(file_id, number)
        self._names.forget(file_id)  # the file was removed, and maybe sent anew
        return self._read(file_id, number)

    def _read(self, file_id: bytes, number: int) -> bytes:
        name = self._names.of(file_id).get(number)
        if name is None:
            raise FileNotFoundError(f"part {number}")
        return (self._names.folder(file_id) / name).read_bytes()


def _file_id_of(name: str) -> bytes:
    try:
        return bytes.fromhex(name)
    except ValueError:
        return b""


def _number_of(name: str) -> int | None:
    """The number of a part by its name; None if it is none."""
    if len(name) != _NAME_LENGTH or name[8] != "-":
        return None
    try:
        return int.from_bytes(bytes.fromhex(name[:8])) if bytes.fromhex(name[9:]) else None
    except ValueError:
        return None
