"""What comes first: a new enough Python, streams that take every character, libraries that load.

Imports only the standard library, and runs (to say so) even on a Python that is too old.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

OLDEST = (3, 11)
EXIT_FAILED = 1
_OWN = ("broker", "client", "shared")
_PACKAGES = {
    "zmq": "pyzmq",
    "nacl": "PyNaCl",
    "PyQt5.sip": "PyQt5-sip",
    "markdown_it": "markdown-it-py",
    "pygments": "Pygments",
    "jinja2": "Jinja2",
    "markupsafe": "MarkupSafe",
    "prometheus_client": "prometheus-client",
}  # module -> the name to install it by
# The system libraries that Qt loads, and the packages that have them in Debian and Ubuntu.
_SYSTEM_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
}


def begin(program: str) -> None:
    """End the process with a sentence if this Python is too old; fix the standard streams.

    From then on they take every character.
    """
    if sys.version_info < OLDEST:
        have = ".".join(str(number) for number in sys.version_info[:3])
        sys.exit(
            f"{program}: this is Python {have}; Python {OLDEST[0]}.{OLDEST[1]} or newer is needed."
        )
    is_protocol = (
        "--headless" in sys.argv
    )  # docs/HEADLESS.md: JSON lines are UTF-8, whatever the system's encoding is
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if hasattr(stream, "reconfigure"):  # without a console there may be no stream at all
            stream.reconfigure(encoding="utf-8" if is_protocol else None, errors=errors)


def end_without(error: ImportError, program: str) -> int:
    """Say what is missing and how to get it; returns the exit code.

    Raises the error again if it is a fault of ours.
    """
    words = missing_words(error, program, Path(sys.argv[0]).resolve().parent, sys.platform)
    if words is None:
        raise error
    if "--headless" in sys.argv or "--json" in sys.argv:
        print(
            json.dumps({"event": "fatal", "code": "missing_library", "message": words}), flush=True
        )
    print(f"{program}: {words}", file=sys.stderr)
    return EXIT_FAILED


def missing_words(error: ImportError, program: str, folder: Path, platform: str) -> str | None:
    """Name the library that cannot be imported, and what to do.

    Returns None if it is a module of ours.
    """
    if (library := system_library(str(error))) is not None:
        return f"The system's library {library} is missing. {how_to_get(library)}"
    name = error.name or ""
    if not name or name.partition(".")[0] in _OWN:
        return None
    package = package_of(name)
    if not isinstance(error, ModuleNotFoundError):
        return f"The library {package} cannot be loaded: {error}. {how_to_install(program, folder, platform)}"
    return f"The library {package} is not installed for {sys.executable}. {how_to_install(program, folder, platform)}"


def package_of(module: str) -> str:
    """Return the name under which a module's library is installed."""
    first = module.partition(".")[0]
    return _PACKAGES.get(module) or _PACKAGES.get(first) or first


def system_library(text: str) -> str | None:
    """Return the shared library that the loader could not find or use; None if there is none."""
    hit = re.search(
        r"([^\s/]+\.so[.\d]*): (cannot open shared object file|file too short|invalid ELF header)",
        text,
    )
    return hit[1] if hit else None


def how_to_get(library: str) -> str:
    """Say what to do about a missing shared library."""
    package = _SYSTEM_PACKAGES.get(library)
    if package is None:
        return "Install the package of your system that has it."
    return f"Install the package that has it (Debian, Ubuntu: sudo apt install {package})."


def how_to_install(program: str, folder: Path, platform: str) -> str:
    """Return the commands that install a program's libraries."""
    is_windows = platform == "win32"
    python = r".venv\Scripts\python" if is_windows else ".venv/bin/python"
    locked = "requirements-broker.txt" if program == "run_broker.py" else "requirements.txt"
    own = folder / ".venv" / ("Scripts/python.exe" if is_windows else "bin/python")
    if own.exists() and not Path(sys.prefix).samefile(folder / ".venv"):
        return f"There is a Python with libraries beside the program; in {folder}:\n  {python} {program}"
    return (
        f"Install what the program needs; in {folder}:\n"
        f"  {'py' if is_windows else 'python3'} -m venv .venv\n"
        f"  {python} -m pip install --no-deps --require-hashes -r {locked}\n"
        f"  {python} {program}"
    )
