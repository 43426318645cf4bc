"""Which letter a key has on a Latin keyboard, by its place: so Ctrl+K works on Cyrillic and Greek
layouts, too.
"""

from __future__ import annotations

import sys

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeyEvent

# Places of keys as Linux counts them (linux/input-event-codes.h); Windows counts the same keys
# alike (scan code set 1).
_ROWS = ((2, "1234567890-="), (16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM,./"))
_LETTERS = {first + at: letter for first, letters in _ROWS for at, letter in enumerate(letters)}
_X11_OFFSET = 8  # X11 and Wayland count from 8
_FIRST_OTHER, _FIRST_SPECIAL = 0x80, int(Qt.Key.Key_Escape)


def latin_key(event: QKeyEvent, platform: str = sys.platform) -> int:
    """The key of the layout; if that is no Latin letter, the one that stands in its place on a US
    keyboard.
    """
    key = event.key()
    if not _FIRST_OTHER <= key < _FIRST_SPECIAL:
        return key
    if platform.startswith("linux"):
        letter = _LETTERS.get(event.nativeScanCode() - _X11_OFFSET)
    elif platform == "win32":
        letter = _LETTERS.get(event.nativeScanCode())
    else:
        letter = None  # macOS itself gives Latin letters while Command is held
    return ord(letter) if letter is not None else key
