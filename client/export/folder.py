"""The folder of an export: hidden and partial until it is complete, with a manifest of hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from client.api.said import Detail
from shared.durable import sync_folder, write_new
from shared.errors import ChatError

MANIFEST = "manifest.sha256"
_BLOCK = 1024 * 1024


class ExportRefused(ChatError):
    """The export cannot be written here."""

    code = "export_refused"


class ExportFolder:
    """Writes the folder; belongs to the export's thread.

    Methods raise OSError if the disk refuses something.
    """

    def __init__(self, target: Path) -> None:
        self.target = target = target.expanduser().absolute()
        self._partial = target.parent / f".{target.name}.partial"
        self._hashes: dict[str, str] = {}

    def begin(self) -> None:
        """Make the folder; raises ExportRefused if the target is not empty."""
        if self.target.exists() and (not self.target.is_dir() or any(self.target.iterdir())):
            raise ExportRefused(detail=Detail.EXPORT_NOT_EMPTY, subject=str(self.target))
        if self._partial.exists():  # of an export that was killed
            shutil.rmtree(self._partial)
        self._partial.mkdir(parents=True, mode=0o700)

    def path_of(self, path: str) -> Path:
        """Return where to put a file with this path in the export, and make its folder."""
        target = self._partial / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def write(self, path: str, text: str) -> None:
        """Write a text file."""
        self.path_of(path).write_bytes(text.encode(errors="replace"))
        self.adopt(path)

    def append(self, path: str, text: str) -> None:
        """Append to a text file that `adopt` will end."""
        with self.path_of(path).open("ab") as file:
            file.write(text.encode(errors="replace"))

    def adopt(self, path: str) -> None:
        """Take the hash of a file that is complete at its place."""
        digest = hashlib.sha256()
        with self.path_of(path).open("r+b") as file:  # Windows flushes only writable files
            while block := file.read(_BLOCK):
                digest.update(block)
            os.fsync(file.fileno())
        self._hashes[path] = digest.hexdigest()

    def finish(self) -> None:
        """Write the manifest, and give the folder its name."""
        lines = "".join(f"{self._hashes[path]}  {path}\n" for path in sorted(self._hashes))
        write_new(self.path_of(MANIFEST), lines.encode())
        self._sweep()
        if self.target.exists():
            # it is empty, or somebody has put something there meanwhile: then this fails
            self.target.rmdir()
        self._partial.replace(self.target)
        sync_folder(self.target.parent)

    def _sweep(self) -> None:
        """Remove what is left of files that did not arrive, and their empty folders."""
        for path_of in sorted(self._partial.rglob("*"), reverse=True):
            path = path_of.relative_to(self._partial).as_posix()
            if path_of.is_dir():
                if not any(path_of.iterdir()):
                    path_of.rmdir()
            elif path != MANIFEST and path not in self._hashes:
                path_of.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._partial, ignore_errors=True)
