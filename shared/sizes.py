"""Sizes as people read them."""

from __future__ import annotations

_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def size_text(size: int) -> str:
    """Return a number of bytes in words, in steps of 1024: "1 byte", "340 KB", "3.1 GB"."""
    if size == 1:
        return "1 byte"
    value, unit = float(size), 0
    while unit < len(_UNITS) - 1 and round(value, 1 if value < 9.95 and unit else 0) >= 1024:
        value /= 1024
        unit += 1
    number = f"{value:.1f}" if unit and value < 99.95 else f"{value:.0f}"
    return f"{number.removesuffix('.0')} {_UNITS[unit]}"
