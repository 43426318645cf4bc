"""Collect facts about this machine for the doctor, and judge none of them.

Libraries are loaded in processes of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from shared.diagnosis.doctor import FolderFacts, Window
from shared.starting import package_of

BROKER_MODULES = (
    "zmq",
    "nacl.bindings",
    "msgpack",
    "msgspec",
    "platformdirs",
    "confusable_homoglyphs",
    "pathvalidate",
    "filelock",
    "prometheus_client",
)
WINDOW_MODULES = (
    "PyQt5.QtCore",
    "PyQt5.QtGui",
    "PyQt5.QtWidgets",
    "imagesize",
    "xkcdpass",
    "markdown_it",
    "pygments",
    "emoji",
    "jinja2",
    "markupsafe",
)
EMOJI_FAMILIES = ("Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji")
_CHILD_S = 60
_MAX_STRANGERS_LOOKED_AT = 100_000
# A library that ends the process, as Qt does, ends only this one.
_IMPORTING = """
import importlib, json, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
        said = None
    except Exception as error:
        said = str(error) or type(error).__name__
    print(json.dumps([name, said]), flush=True)
"""
# Qt's bridge to AT-SPI is either compiled into the library of the platform or left out, as in the
# wheels of PyQt5. If it is there, the library contains the name of the bus that it looks for
# (compared with Debian's Qt 5.15, which has it).
_OPENING = """
import json, sys
from pathlib import Path
from PyQt5.QtCore import QLibraryInfo
from PyQt5.QtGui import QFontDatabase
from PyQt5.QtWidgets import QApplication
app = QApplication(["doctor"])
installed = set(QFontDatabase().families())
folder = Path(QLibraryInfo.location(QLibraryInfo.LibraryLocation.LibrariesPath))
name = "libQt5WaylandClient.so.5" if app.platformName().startswith("wayland") else "libQt5XcbQpa.so.5"
has_bridge = (folder / name).is_file() and b"org.a11y.Bus" in (folder / name).read_bytes()
emoji = [family for family in sys.argv[1:] if family in installed]
print(json.dumps({"platform": app.platformName(), "emoji": emoji, "has_bridge": has_bridge}), flush=True)
"""


def libraries(modules: Sequence[str]) -> Iterator[tuple[str, str, str | None]]:
    """Yield each module, its version, and why it cannot be imported (None if it can)."""
    left = list(modules)
    while left:
        done = _child(_IMPORTING, left)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        for name, error in rows:
            yield name, _version(name), error
        left = left[len(rows) :]
        if left:
            yield (
                left[0],
                _version(left[0]),
                f"loading it ends the process ({_last_line(done.stderr)})",
            )
            left = left[1:]


def _version(module: str) -> str:
    try:
        return metadata.version(package_of(module))
    except metadata.PackageNotFoundError:
        return ""


def window() -> Window:
    """Open Qt's application and close it again."""
    done = _child(_OPENING, EMOJI_FAMILIES)
    lines = done.stdout.splitlines()
    if not lines:
        return Window(error=_last_line(done.stderr))
    said = json.loads(lines[-1])
    return Window("", said["platform"], tuple(said["emoji"]), said["has_bridge"])


def _child(source: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(["-S"] if sys.flags.no_site else []), "-c", source, *arguments]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_CHILD_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _last_line(text: str) -> str:
    """Return the line that says most: Python's error, or the first line from Qt."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return "without a word"
    return lines[-1] if any(line.startswith("Traceback") for line in lines) else lines[0]


def folder_facts(path: Path) -> FolderFacts:
    """Examine a data folder, writing a file there and removing it again."""
    path = path.absolute()
    above = next((one for one in (path, *path.parents) if one.exists()), path)
    if not path.exists():
        is_writable = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
        return FolderFacts(
            str(path), "nothing", str(above), "" if is_writable else "it is not allowed"
        )
    if not path.is_dir():
        return FolderFacts(str(path), "file", str(above))
    error = ""
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"x")
    except OSError as problem:
        error = problem.strerror or str(problem)
    if not hasattr(os, "getuid"):
        return FolderFacts(str(path), "folder", str(path), error)
    stat = path.stat()
    strangers = 0
    with suppress(OSError):
        strangers = _strangers(path, stat.st_uid)
    return FolderFacts(
        str(path),
        "folder",
        str(path),
        error,
        stat.st_uid,
        os.getuid(),
        stat.st_mode & 0o777,
        strangers,
    )


def _strangers(folder: Path, owner: int) -> int:
    """Count the files in a folder that do not belong to its owner."""
    count = seen = 0
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            seen += 1
            with suppress(OSError):
                count += Path(root, name).lstat().st_uid != owner
        if seen > _MAX_STRANGERS_LOOKED_AT:
            break
    return count


def free_bytes(path: Path) -> int:
    """Return the free bytes on the disk of a folder, or of its nearest existing parent."""
    path = path.absolute()
    return shutil.disk_usage(next(one for one in (path, *path.parents) if one.exists())).free


def descriptor_limit() -> int | None:
    """Return the hard limit of open files; None where the system does not tell one."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def is_own_address(address: str) -> bool:
    """Return whether the address belongs to one of this machine's interfaces."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
