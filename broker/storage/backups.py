"""Backups: a moment of the database, the parts of files, keys and codes, and a manifest of hashes;
and back again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from broker.storage.base import StoredFile
from broker.storage.data_folder import CODES_FILE, DATABASE_FILE, FILES_FOLDER, KEY_FILE, DataDir
from broker.storage.inspection import database_faults, drop_files, entry_count, stored_files
from broker.storage.owner import hand_over, make_folder, open_new
from broker.storage.sqlite import copy_database
from shared.durable import sync_folder, write_new
from shared.errors import ChatError
from shared.invitations import INSTRUCTOR_FILE, STUDENT_FILE

MANIFEST_FILE: Final = "manifest.txt"
ABOUT_FILE: Final = "backup.json"
_FORMAT: Final = 1
_SMALL_FILES: Final = (KEY_FILE, CODES_FILE, STUDENT_FILE, INSTRUCTOR_FILE)
_BLOCK: Final = 1 << 20


class BackupFailed(ChatError):
    """The backup could not be made or brought back."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """What was written."""

    path: Path
    entries: int
    files: int
    parts: int
    copied_bytes: int
    missing: list[str]  # sentences about what should have been there


def part_names(folder: Path) -> dict[int, str]:
    """Number -> name of the parts in the folder of one file."""
    names: dict[int, str] = {}
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir(folder):
            if len(name) == 73 and name[8] == "-":
                names[int(name[:8], 16)] = name
    return names


def folder_of(root: Path, file_id: bytes) -> Path:
    """Where the parts of a file lie (broker/storage/part_files.py)."""
    name = file_id.hex()
    return root / name[:2] / name


def hash_of(path: Path) -> str:
    """BLAKE2b-256 of a file, in hex."""
    digest = blake2b(digest_size=32)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


class _Writer:
    """Writes files into the backup and notes their hashes."""

    def __init__(self, root: Path, previous: Path | None) -> None:
        self.root = root
        self._previous = previous
        self.lines: list[str] = []
        self.copied_bytes = 0

    def note(self, name: str, digest: str) -> None:
        self.lines.append(f"{digest}  {name}")

    def copy(self, source: Path, name: str) -> str:
        """Copy a file; gives its hash."""
        target = self.root / name
        make_folder(target.parent)
        digest = blake2b(digest_size=32)
        with source.open("rb") as old, os.fdopen(open_new(target), "wb") as new:
            while block := old.read(_BLOCK):
                digest.update(block)
                new.write(block)
                self.copied_bytes += len(block)
            new.flush()
            os.fsync(new.fileno())
        return digest.hexdigest()

    def link_from_previous(self, name: str) -> bool:
        """Parts never change, so one that an earlier backup has need not be copied again."""
        if self._previous is None or not (self._previous / name).is_file():
            return False
        target = self.root / name
        make_folder(target.parent)
        try:
            os.link(self._previous / name, target)
        except OSError:
            return False
        return True


def make_backup(
    data_dir: Path, target: Path, previous: Path | None = None, number: int = 0
) -> BackupMade:
    """Write a backup to `target`, which must not exist. A broker may go on meanwhile. ChatError in
    words.

    `number` counts those that a timer makes (broker/storage/nightly.py); 0 is one that is never
    removed by it.
    """
    data = DataDir(data_dir)
    data.check_is_class()
    if target.exists():
        raise BackupFailed(f"{target} exists already; give the backup a name of its own.")
    if previous is not None and not (previous / MANIFEST_FILE).is_file():
        raise BackupFailed(f"{previous} is not a backup.")
    unfinished = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        make_folder(unfinished)
        made = _fill(data, _Writer(unfinished, previous), target, number)
        unfinished.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise BackupFailed(
            f"The backup could not be written: {error.strerror} ({error.filename})."
        ) from error
    return made


def _fill(data: DataDir, writer: _Writer, target: Path, number: int) -> BackupMade:
    """The database first: the parts that it names are there already, and never change."""
    copy = _copy_database(data, writer.root)
    files, parts, gone, missing = stored_files(copy), 0, [], []
    for file in files.values():
        fault = _copy_parts(data, writer, file)
        parts += file.part_count
        if fault and file.file_id not in stored_files(data.database):
            gone.append(file.file_id)  # removed while the backup was made
        elif fault:
            missing.append(fault)
    drop_files(copy, gone)
    writer.note(DATABASE_FILE, hash_of(copy))
    for name in _SMALL_FILES:
        if (data.path / name).exists():
            writer.note(name, writer.copy(data.path / name, name))
    made = BackupMade(
        target,
        entry_count(copy),
        len(files) - len(gone),
        parts,
        writer.copied_bytes + copy.stat().st_size,
        missing,
    )
    about = {
        "format": _FORMAT,
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "entries": made.entries,
        "files": made.files,
        "missing": missing,
        "number": number,
    }
    _write(writer.root / ABOUT_FILE, json.dumps(about, indent=1) + "\n")
    writer.note(ABOUT_FILE, hash_of(writer.root / ABOUT_FILE))
    _write(writer.root / MANIFEST_FILE, "\n".join(writer.lines) + "\n")
    return made


def _copy_database(data: DataDir, root: Path) -> Path:
    copy = root / DATABASE_FILE
    copy_database(data.database, copy)
    hand_over(copy)
    faults = database_faults(copy)
    if faults:
        raise BackupFailed(f"{faults[0]} No backup was made; keep the ones you have.")
    return copy


def _copy_parts(data: DataDir, writer: _Writer, file: StoredFile) -> str:
    """Copy the parts of a file; gives a sentence if not all are there and right."""
    folder = folder_of(data.files, file.file_id)
    names = part_names(folder)
    for number in range(file.part_count):
        name = names.get(number)
        if name is None:
            return f"Part {number} of the file {file.file_id.hex()} is missing."
        path = (Path(FILES_FOLDER) / folder.relative_to(data.files) / name).as_posix()
        if not writer.link_from_previous(path):
            try:
                digest = writer.copy(folder / name, path)
            except FileNotFoundError:
                return f"Part {number} of the file {file.file_id.hex()} is missing."
            if digest != name[9:]:
                (writer.root / path).unlink()
                return f"Part {number} of the file {file.file_id.hex()} is damaged."
        writer.note(path, name[9:])
    return ""


def _write(path: Path, text: str) -> None:
    write_new(path, text.encode(), make=open_new)


def backup_faults(backup: Path) -> list[str]:
    """What is wrong with a backup, in sentences: every file of the manifest is there and has its
    hash.
    """
    try:
        lines = list(_manifest(backup))
    except (OSError, ValueError):
        return [f"{backup} is not a backup, or it was not finished."]
    faults = []
    for digest, name in lines:
        path = backup / name
        if not path.is_file():
            faults.append(f"{name} is missing in the backup.")
        elif hash_of(path) != digest:
            faults.append(f"{name} is not what was backed up: it was damaged or changed.")
    if not any(name == DATABASE_FILE for _, name in lines):
        faults.append("The backup has no database.")
    return faults


def _manifest(backup: Path) -> Iterator[tuple[str, str]]:
    for line in (backup / MANIFEST_FILE).read_text(encoding="utf-8").splitlines():
        digest, space, name = line.partition("  ")
        path = Path(name)
        if len(digest) != 64 or not space or not name or path.is_absolute() or ".." in path.parts:
            raise ValueError("manifest")
        yield digest, name


def restore_backup(backup: Path, data_dir: Path) -> int:
    """Bring a backup back into an empty folder; gives the number of files.

    ChatError in words, nothing changed.
    """
    faults = backup_faults(backup)
    if faults:
        raise BackupFailed(f"{faults[0]} Nothing was restored.")
    data = DataDir(data_dir)
    if not data.is_empty:
        raise BackupFailed(f"{data_dir} is not empty. Move away what is there, then restore again.")
    data.open()
    writer = _Writer(data_dir, None)
    try:
        data.begin_restoring()
        names = [(digest, name) for digest, name in _manifest(backup) if name != ABOUT_FILE]
        for digest, name in names:
            if writer.copy(backup / name, name) != digest:
                raise BackupFailed(
                    f"{name} changed while it was read. Empty {data_dir} and restore again."
                )
        data.end_restoring()
    except OSError as error:
        raise BackupFailed(
            f"The backup could not be restored: {error.strerror} ({error.filename})."
        ) from error
    finally:
        data.close()
    return len(names)


def file_faults(data: DataDir, *, is_thorough: bool) -> list[str]:
    """Which files of the class are not whole. What was removed meanwhile is no fault."""
    faults = []
    for file in stored_files(data.database).values():
        fault = _file_fault(data, file, is_thorough=is_thorough)
        if fault and file.file_id in stored_files(data.database):
            faults.append(fault)
    return faults


def _file_fault(data: DataDir, file: StoredFile, *, is_thorough: bool) -> str:
    folder = folder_of(data.files, file.file_id)
    names = part_names(folder)
    for number in range(file.part_count):
        name = names.get(number)
        if name is None:
            return f"Part {number} of the file {file.file_id.hex()} is missing."
        try:
            if is_thorough and hash_of(folder / name) != name[9:]:
                return f"Part {number} of the file {file.file_id.hex()} is damaged."
        except OSError as error:
            return (
                f"Part {number} of the file {file.file_id.hex()} cannot be read: {error.strerror}."
            )
    return ""
