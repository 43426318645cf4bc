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
import msgspec

from client.api.said import Detail, Failed
from client.core.state.effects import FindSource, FindTarget, Moment, SourceFound, TargetFound
from client.text.filetypes import IMAGE_TYPES, guess_type
from client.threads.files.upload import source_failure, stamp_of
from shared.crypto.files import MAX_PIXELS
from shared.crypto.vault import Vault
from shared.durable import write_whole
from shared.errors import CryptoReject
from shared.filenames import safe_file_name
from shared.files import MAX_FILE_BYTES

CACHE_BYTES: Final = 256 * 1024 * 1024


def find_source(order: FindSource, at: Moment) -> SourceFound:
    """What there is to be sent, or why it cannot be."""
    if order.data:
        return _pasted(order, at)
    path = os.path.abspath(os.path.expanduser(order.path))
    name = safe_file_name(order.name or os.path.basename(path))
    try:
        with open(path, "rb") as file:
            facts = os.fstat(file.fileno())
    except IsADirectoryError:
        return _not_found(order, at, Failed(code="is_folder", subject=name))
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        if os.path.isdir(path):
            return _not_found(order, at, Failed(code="is_folder", subject=name))
        return _not_found(order, at, _source_failure(path, error))
    if not stat.S_ISREG(facts.st_mode):
        return _not_found(order, at, Failed(code="not_a_file", subject=name))
    if facts.st_size > MAX_FILE_BYTES:
        why = Failed(
            code="file_too_large",
            detail=Detail.LARGER_THAN_ANY,
            size=facts.st_size,
            limit=MAX_FILE_BYTES,
        )
        return _not_found(order, at, why)
    mime = guess_type(name)
    width, height = _image_size(path, mime)
    return SourceFound(
        at,
        token=order.token,
        path=path,
        name=name,
        mime=mime,
        size=facts.st_size,
        stamp=stamp_of(facts),
        width=width,
        height=height,
    )


def _pasted(order: FindSource, at: Moment) -> SourceFound:
    name = safe_file_name(order.name)
    mime = guess_type(name)
    width, height = _image_size(io.BytesIO(order.data), mime)
    return SourceFound(
        at,
        token=order.token,
        path="",
        name=name,
        mime=mime,
        size=len(order.data),
        stamp=(0, 0),
        width=width,
        height=height,
    )


def _not_found(order: FindSource, at: Moment, failure: Failed) -> SourceFound:
    return SourceFound(at, token=order.token, failure=failure)


def _source_failure(path: str, error: OSError | ValueError) -> Failed:
    if isinstance(error, ValueError):
        name = os.path.basename(path) or path
        return Failed(code="source_gone", detail=Detail.SOURCE_NO_PATH, subject=name)
    facts = source_failure(path, error)
    if facts.detail == Detail.SOURCE_MOVED:  # nothing says that it was ever there
        return msgspec.structs.replace(facts, detail=Detail.SOURCE_MISSING)
    return facts


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
            return _no_target(order, at, Detail.FOLDER_MISSING, folder)
        if not os.access(folder, os.W_OK):
            return _no_target(order, at, Detail.FOLDER_CLOSED, folder)
        if path.exists() and not path.is_dir() and not path.is_file():
            return _no_target(order, at, Detail.TARGET_NO_FILE, path)
    except (OSError, ValueError):
        return _no_target(order, at, Detail.TARGET_NO_PATH)
    return TargetFound(at, order.token, path=str(path))


def _no_target(
    order: FindTarget, at: Moment, detail: Detail, subject: Path | str = ""
) -> TargetFound:
    return TargetFound(
        at, order.token, Failed(code="bad_path", detail=detail, subject=str(subject))
    )


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
            write_whole(self._path(file_id), self._vault.seal("preview", file_id, "value", data))
            self._trim()

    def drop(self, file_id: bytes) -> None:
        """Forget a content."""
        with contextlib.suppress(OSError):
            self._path(file_id).unlink(missing_ok=True)

    def _trim(self) -> None:
        previews = [
            (entry.stat().st_mtime_ns, entry.stat().st_size, entry.path)
            for entry in os.scandir(self._folder)
        ]
        total = sum(size for _, size, _ in previews)
        for _, size, path in sorted(previews):
            if total <= CACHE_BYTES:
                return
            os.unlink(path)
            total -= size

    def _path(self, file_id: bytes) -> Path:
        return self._folder / file_id.hex()
