"""Make file names from other people safe for a disk and a screen."""

from __future__ import annotations

import unicodedata

from pathvalidate import sanitize_filename

MAX_FILE_NAME_BYTES = 255
FALLBACK = "file"
_JOINERS = "\u200c\u200d"  # parts of emoji and of words in some scripts; they change no order


def safe_file_name(name: str) -> str:
    """Return the last part of a path as a name that is safe on Linux, Windows and macOS.

    It has 1 to 255 bytes in UTF-8: no folders, no control characters, nothing that changes the
    direction of writing, no device names (CON, LPT1, ...), no leading dot (hidden, or a
    configuration file), no dot or space at the end; the extension stays.
    """
    last = name.encode(errors="replace").decode().replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(one for one in unicodedata.normalize("NFC", last) if _is_plain(one))
    # Cut the end first: the extension is looked for in what is left.
    stem, extension = split_name(" ".join(plain.split()).rstrip(". "))
    stem = _clean(stem).lstrip(". ")
    extension = _clean(extension)
    stem = stem or FALLBACK
    name = _shorten(stem, extension)
    # Device names count with any extension, so check the whole name again.
    safe = sanitize_filename(
        name, "_", platform="universal", additional_reserved_names=["CONIN$", "CONOUT$"]
    )
    return safe.rstrip(". ") or FALLBACK


def split_name(name: str) -> tuple[str, str]:
    """Return (name without extension, extension with its dot or nothing).

    "hw1.tar.gz" gives ("hw1.tar", ".gz").
    """
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem.strip(". ") or len(extension) > 20 or not extension.strip():
        return name, ""
    return stem, "." + extension


def numbered_name(name: str, number: int) -> str:
    """Return a name for another file beside an existing one: "hw1 (2).py"."""
    stem, extension = split_name(name)
    return _shorten(stem, f" ({number}){extension}")


def _is_plain(character: str) -> bool:
    # Cc control, Cf format (everything that changes the direction of writing), Co private, Cs half pairs,
    # Zl/Zp line breaks
    return character in _JOINERS or unicodedata.category(character) not in (
        "Cc",
        "Cf",
        "Co",
        "Cs",
        "Zl",
        "Zp",
    )


def _clean(text: str) -> str:
    return "".join("_" if one in '<>:"|?*/\\' else one for one in text)


def _shorten(stem: str, extension: str) -> str:
    room = MAX_FILE_NAME_BYTES - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + extension
