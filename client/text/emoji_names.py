"""Emoji by their names in English and German, and their positions in a text. No Qt.

The data comes from the library `emoji`. It takes 30 ms to import, so the first text that needs it
does so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

_FIRST = "\u203c"  # below it only digits, # and * can begin an emoji, and those go on above it
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_FULLY_QUALIFIED = 2  # emoji.STATUS: shown in colour without another sign
_LANGUAGE = "de"  # beside English
_NOT_IN_IT = 4  # the rank of a name that does not contain what was typed
_GAP = 256


@dataclass(frozen=True, slots=True)
class Named:
    """An emoji and its names, the usual one first, in lower case with "_" between words."""

    emoji: str
    names: tuple[str, ...]


@cache
def all_emoji() -> tuple[Named, ...]:
    """Return every emoji without skin tones, in the order of the Unicode tables."""
    import emoji

    emoji.config.load_language(_LANGUAGE)
    listed = []
    for sequence, data in emoji.EMOJI_DATA.items():
        if data["status"] == _FULLY_QUALIFIED and not _SKIN_TONES.search(sequence):
            names = [data["en"], *data.get("alias", ()), data.get(_LANGUAGE, "")]
            plain = dict.fromkeys(name.strip(":").casefold() for name in names if name)
            listed.append(Named(sequence, tuple(plain)))
    return tuple(listed)


def find_emoji(typed: str, most: int) -> list[tuple[str, str]]:
    """Return (emoji, name) of the emoji that match what was typed, best first.

    A name that begins with it comes first, then a word that does, then any match.
    """
    wanted = typed.strip().strip(":").casefold().replace(" ", "_")
    if not wanted:
        return []
    ranked = []
    for at, one in enumerate(all_emoji()):
        best = min((_rank(name, wanted), len(name), name) for name in one.names)
        if best[0] < _NOT_IN_IT:
            ranked.append((*best[:2], at, one.emoji, best[2]))
    return [(sequence, name) for *_, sequence, name in sorted(ranked)[:most]]


def _rank(name: str, wanted: str) -> int:
    if name.startswith(wanted):
        return 0 if len(name) == len(wanted) else 1
    return 2 if f"_{wanted}" in name else 3 if wanted in name else _NOT_IN_IT


@cache
def _runs() -> re.Pattern[str]:
    """Return the pattern of runs that may contain emoji: only those are looked up."""
    import emoji

    ranges: list[list[str]] = []
    for sign in sorted(
        {sign for sequence in emoji.EMOJI_DATA for sign in sequence if sign >= _FIRST}
    ):
        if ranges and ord(sign) - ord(ranges[-1][1]) <= _GAP:
            ranges[-1][1] = sign
        else:
            ranges.append([sign, sign])
    signs = "".join(
        f"{first}-{last}" for first, last in ranges
    )  # few ranges: `re` looks through them one by one
    return re.compile(f"[0-9#*]\ufe0f?\u20e3|[{signs}][{signs}\u200d]*")


@lru_cache(maxsize=512)
def _in_run(run: str) -> tuple[tuple[int, int], ...]:
    import emoji

    return tuple(
        (one["match_start"], one["match_end"])
        for one in emoji.emoji_list(run)
        # A single sign that is text unless U+FE0F follows stays text.
        if len(one["emoji"]) > 1 or emoji.EMOJI_DATA[one["emoji"]]["status"] == _FULLY_QUALIFIED
    )


def emoji_ranges(text: str) -> list[tuple[int, int]]:
    """Return where emoji are shown in colour, as (start, end) in characters."""
    if text.isascii() or max(text) < _FIRST:
        return []
    return [
        (run.start() + start, run.start() + end)
        for run in _runs().finditer(text)
        for start, end in _in_run(run.group())
    ]
