"""Which files the window shows inline, and which it compares line by line.

Guessed from name and type alone.
"""

from __future__ import annotations

import mimetypes
from typing import Final

from shared.filenames import split_name

MAX_PREVIEW_BYTES: Final = 10 * 1024 * 1024
MAX_TEXT_FILE_BYTES: Final = 1024 * 1024
IMAGE_TYPES: Final = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"))
_OWN_TYPES: Final = {
    ".webp": "image/webp",
    ".md": "text/markdown",
    ".py": "text/x-python",
    ".zip": "application/zip",
}
_TEXT_TYPES: Final = frozenset(
    (
        "application/json",
        "application/xml",
        "application/javascript",
        "application/x-sh",
        "application/x-tex",
        "application/x-latex",
        "application/toml",
        "application/x-yaml",
        "application/yaml",
        "application/sql",
    )
)
_TEXT_EXTENSIONS: Final = frozenset(
    (
        ".asm",
        ".bat",
        ".bib",
        ".c",
        ".cc",
        ".cfg",
        ".conf",
        ".cpp",
        ".cs",
        ".css",
        ".csv",
        ".cu",
        ".cuh",
        ".diff",
        ".go",
        ".h",
        ".hh",
        ".hpp",
        ".hs",
        ".html",
        ".ini",
        ".ipynb",
        ".java",
        ".jl",
        ".js",
        ".json",
        ".kt",
        ".lua",
        ".m",
        ".md",
        ".ml",
        ".patch",
        ".php",
        ".pl",
        ".ps1",
        ".py",
        ".r",
        ".rb",
        ".rs",
        ".rst",
        ".s",
        ".scala",
        ".sh",
        ".sql",
        ".sv",
        ".swift",
        ".tex",
        ".toml",
        ".ts",
        ".tsv",
        ".txt",
        ".v",
        ".vhd",
        ".vhdl",
        ".xml",
        ".yaml",
        ".yml",
    )
)
_TEXT_NAMES: Final = frozenset(("makefile", "readme", "license", "dockerfile"))


def guess_type(name: str) -> str:
    """Return the MIME type (RFC 2046) of a file with this name."""
    extension = split_name(name)[1].lower()
    return _OWN_TYPES.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def is_text_type(name: str, mime: str) -> bool:
    """Return whether a file with this name and type contains lines of text."""
    extension = split_name(name)[1].lower()
    return (
        mime.startswith("text/")
        or mime in _TEXT_TYPES
        or extension in _TEXT_EXTENSIONS
        or name.lower() in _TEXT_NAMES
    )
