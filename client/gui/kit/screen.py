"""Whether there is a screen: Qt ends the process if there is none, so it is said before, or in its
stead.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PyQt5.QtCore import QLibraryInfo, QMessageLogContext, QtMsgType, qInstallMessageHandler

from shared.starting import how_to_get, system_library

EXIT_NO_SCREEN: Final = 1
_WHAT_TO_DO: Final = "Start it in a desktop session (over SSH: ssh -X), or use --headless."


def screen_fault(environment: Mapping[str, str], platform: str) -> str | None:
    """Why no window can be opened, in a sentence; None if one may."""
    if platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return None
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return None
    return f"There is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set. {_WHAT_TO_DO}"


@contextmanager
def screen_needed() -> Iterator[None]:
    """While the application is made: where Qt would abort the process, it ends with a sentence."""
    said: list[str] = []

    def on_message(kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
        if kind != QtMsgType.QtFatalMsg:
            said.append(text or "")
            return
        reasons = " ".join(
            one.strip().rstrip(".") + "." for one in said if "even though it was found" not in one
        )
        print(
            f"run_client.py: {abort_words(reasons, _missing_of_plugin())}",
            file=sys.stderr,
            flush=True,
        )
        os._exit(EXIT_NO_SCREEN)  # Qt aborts as soon as this returns

    qInstallMessageHandler(on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(None)
    for text in said:  # what was no reason to end
        print(text, file=sys.stderr)


def abort_words(reasons: str, missing: str | None) -> str:
    """The sentence instead of the abort."""
    if missing is not None:
        return f"The system's library {missing} is missing, which the window needs. {how_to_get(missing)}"
    return f"The window cannot be opened. {reasons} {_WHAT_TO_DO}".replace("  ", " ")


def _missing_of_plugin() -> str | None:
    """The library that keeps Qt's plugin for X11 from being loaded; Qt itself does not say
    which.
    """
    folder = Path(QLibraryInfo.location(QLibraryInfo.LibraryLocation.PluginsPath))
    try:
        ctypes.CDLL(str(folder / "platforms" / "libqxcb.so"))
    except OSError as error:
        return system_library(str(error))
    return None
