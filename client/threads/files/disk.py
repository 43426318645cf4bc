"""Looking at files before they are sent or saved, and the sealed cache of small ones that are
shown.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
from pathlib import Path
from typing import Final

import imagesize

from client.core.effects import FindSource, FindTarget, Moment, SourceFound, TargetFound
from client.storage.keystore import write_file
from client.text.filetypes import IMAGE_TYPES, guess_type
from client.threads.files.upload import source_sentence, stamp_of
from shared.crypto.files import MAX_PIXELS
from shared.crypto.vault import Vault
from shared.errors import CryptoReject
from shared.filenames import safe_file_name
from shared.files import MAX_FILE_BYTES
from shared.sizes import size_text

CACHE_BYTES: Final = 256 * 1024 * 1024


def find_source(order: FindSource, at: Moment) -> SourceFound:
    """What there is to be sent, or why it cannot be."""
    if order.data:
        name = safe_file_name(order.name)
        mime = guess_type(name)
        width, height = _image_size(io.BytesIO(order.data), mime)
        return SourceFound(
            at,
            token=order.token,
            code="",
            message="",
            path="",
            name=name,
            mime=mime,
            size=len(order.data),
            stamp=(0, 0),
            width=width,
            height=height,
        )
    path = os.path.abspath(os.path.expanduser(order.path))
    name = safe_file_name(order.name or os.path.basename(path))
    try:
        with open(path, "rb") as file:
            found = os.fstat(file.fileno())
    except IsADirectoryError:
        return _not_found(order, at, "is_folder", f"{name} is a folder. Send it as a zip file.")
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        reason = error if isinstance(error, OSError) else OSError(0, "this is not a path")
        if os.path.isdir(path):
            return _not_found(order, at, "is_folder", f"{name} is a folder. Send it as a zip file.")
        return _not_found(
            order, at, "source_gone", source_sentence(path, reason).replace(" any more", "")
        )
    if not stat.S_ISREG(found.st_mode):
        return _not_found(order, at, "not_a_file", f"{name} is not a file.")
    if found.st_size > MAX_FILE_BYTES:
        sentence = f"This file has {size_text(found.st_size)}; no file may have more than {size_text(MAX_FILE_BYTES)}."
        return _not_found(order, at, "file_too_large", sentence)
    mime = guess_type(name)
    width, height = _image_size(path, mime)
    return SourceFound(
        at,
        token=order.token,
        code="",
        message="",
        path=path,
        name=name,
        mime=mime,
        size=found.st_size,
        stamp=stamp_of(found),
        width=width,
        height=height,
    )


def _not_found(order: FindSource, at: Moment, code: str, message: str) -> SourceFound:
    return SourceFound(at, token=order.token, code=code, message=message)


def _image_size(source: str | io.BytesIO, mime: str) -> tuple[int, int]:
    if mime not in IMAGE_TYPES:
        return 0, 0
    try:
        width, height = imagesize.get(source)
    except Exception:  # noqa: BLE001  a broken image is a file like any other
        return 0, 0
    if 0 < width <= MAX_PIXELS and 0 < height <= MAX_PIXELS:
        return int(width), int(height)
    return 0, 0


def find_target(order: FindTarget, at: Moment) -> TargetFound:
    """Whether a file can be saved there, or why not."""
    try:
        if "\0" in order.path:
            raise ValueError(order.path)
        path = Path(os.path.abspath(os.path.expanduser(order.path)))
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            return TargetFound(at, order.token, "bad_path", f"The folder {folder} does not exist.")
        if not os.access(folder, os.W_OK):
            return TargetFound(at, order.token, "bad_path", f"Nothing can be saved in {folder}.")
        if path.exists() and not path.is_dir() and not path.is_file():
            return TargetFound(at, order.token, "bad_path", f"{path} is not a file.")
    except (OSError, ValueError):
        return TargetFound(
            at, order.token, "bad_path", "This is not a path that a file can be saved to."
        )
    return TargetFound(at, order.token, path=str(path))


class Previews:
    """Small files that were shown, sealed on disk; the oldest go first.

    Belongs to the thread for files.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def get(self, file_id: bytes) -> bytes | None:
        """The content; None if it is not here."""
        path = self._path(file_id)
        try:
            sealed = path.read_bytes()
            data = self._vault.open("preview", file_id, "value", sealed)
        except (OSError, CryptoReject):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return data

    def put(self, file_id: bytes, data: bytes) -> None:
        """Keep a content; without space for it nothing is kept."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_file(self._path(file_id), self._vault.seal("preview", file_id, "value", data))
            self._trim()

    def drop(self, file_id: bytes) -> None:
        """Forget a content."""
        with contextlib.suppress(OSError):
            self._path(file_id).unlink(missing_ok=True)

    def _trim(self) -> None:
        found = [
            (entry.stat().st_mtime_ns, entry.stat().st_size, entry.path)
            for entry in os.scandir(self._folder)
        ]
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= CACHE_BYTES:
                return
            os.unlink(path)
            total -= size

    def _path(self, file_id: bytes) -> Path:
        return self._folder / file_id.hex()
