"""Packs a folder into a zip in a temporary place, with progress; can be called off. Any thread."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

from client.gui.language.translation import tr

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Zipped:
    """The zip, or the sentence why there is none; neither when it was called off."""

    path: str = ""
    sentence: str = ""


def zip_folder(
    folder: str, stop: Event, progressed: Callable[[int], None], max_bytes: int
) -> Zipped:
    """Pack all regular files below a folder; links are left out.

    `progressed` gets the bytes read so far.
    """
    name = os.path.basename(os.path.normpath(folder)) or "folder"
    folder_made = ""
    try:
        folder_made = tempfile.mkdtemp(prefix="zip-")
        target = os.path.join(folder_made, f"{name}.zip")
        if _pack(folder, name, target, stop, progressed, max_bytes):
            return Zipped(target)
        sentence = (
            "" if stop.is_set() else tr("{name}.zip would be too large to be sent.", name=name)
        )
    except (OSError, ValueError, zipfile.LargeZipFile) as error:
        about = getattr(error, "filename", None)
        reason = getattr(error, "strerror", None) or str(error)
        where = f"{os.path.basename(str(about))}: " if about else ""
        sentence = tr("{name} could not be packed: {reason}.", name=name, reason=where + reason)
    if folder_made:
        shutil.rmtree(folder_made, ignore_errors=True)
    return Zipped(sentence=sentence)


def remove_zip(path: str) -> None:
    """Take a zip that is not sent off the disk, with the temporary folder that was made for it."""
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)


def _pack(
    folder: str,
    name: str,
    target: str,
    stop: Event,
    progressed: Callable[[int], None],
    max_bytes: int,
) -> bool:
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for path in _entries(folder):
            inner = os.path.join(name, os.path.relpath(path, folder))
            info = zipfile.ZipInfo.from_file(path, inner, strict_timestamps=False)
            if info.is_dir():
                made.writestr(info, b"")
                continue
            info.compress_type = zipfile.ZIP_DEFLATED
            size = os.path.getsize(path)
            with (
                open(path, "rb") as source,
                made.open(info, "w", force_zip64=size > 1 << 30) as sink,
            ):
                while piece := source.read(CHUNK_BYTES):
                    if stop.is_set() or os.path.getsize(target) > max_bytes:
                        return False
                    sink.write(piece)
                    done += len(piece)
                    progressed(done)
    return not stop.is_set() and os.path.getsize(target) <= max_bytes


def _entries(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise error  # a folder that cannot be read must not be left out in silence

    for at, folders, files in os.walk(folder, followlinks=False, onerror=refuse):
        folders[:] = sorted(one for one in folders if not os.path.islink(os.path.join(at, one)))
        if not folders and not files and at != folder:
            yield at
        for file in sorted(files):
            path = os.path.join(at, file)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def folder_bytes(folder: str) -> int:
    """The size of all that would be packed, for the line of progress."""
    try:
        return sum(os.path.getsize(path) for path in _entries(folder))
    except OSError:
        return 0  # packing will say why
