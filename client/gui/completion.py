"""What completes what is being typed: @names, #conversations, and :emoji: by their Unicode names. No Qt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

MAX_CHOICES = 6
_NAME = re.compile(r"(?:^|(?<=[\s(,;:]))([@#])([\w.-]*)$")
_EMOJI = re.compile(r"(?:^|(?<=\s))(:)([\w+-]{2,})$")
_RANGES = ((0x1F300, 0x1F650), (0x1F680, 0x1F700), (0x1F900, 0x1FA00), (0x1FA70, 0x1FB00), (0x2600, 0x27C0))
# What people know them as, before the names of the Unicode standard.
_ALIASES = {
    "+1": "\U0001f44d", "thumbsup": "\U0001f44d", "-1": "\U0001f44e", "thumbsdown": "\U0001f44e",
    "smile": "\U0001f604", "joy": "\U0001f602", "wink": "\U0001f609", "cry": "\U0001f622", "thinking": "\U0001f914",
    "heart": "\u2764\ufe0f", "tada": "\U0001f389", "pray": "\U0001f64f", "clap": "\U0001f44f", "fire": "\U0001f525",
    "eyes": "\U0001f440", "rocket": "\U0001f680", "bug": "\U0001f41b", "coffee": "\u2615", "wave": "\U0001f44b",
    "check": "\u2705", "question": "\u2753", "idea": "\U0001f4a1", "ok": "\U0001f44c", "party": "\U0001f973",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What has been typed of something that can be completed: its sign and the letters after it."""

    sign: str  # "@", "#" or ":"
    fragment: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list, and what it puts in the place of what was typed."""

    shown: str
    key: str = field(compare=False)  # what would have had to be typed
    inserted: str = ""


def typed_before(text_before: str) -> Typed | None:
    """What stands at the end of this text; None if nothing there can be completed."""
    found = _NAME.search(text_before) or _EMOJI.search(text_before)
    if found is None or (found.group(1) == "#" and not found.group(2)):
        return None
    return Typed(found.group(1), found.group(2))


def matching_names(fragment: str, names: Sequence[str]) -> list[str]:
    """Names that begin with the fragment, then those that hold it."""
    key = fragment.casefold()
    begins = [name for name in names if name.casefold().startswith(key)]
    holds = [name for name in names if key in name.casefold() and name not in begins]
    return (begins + holds)[:MAX_CHOICES]


def choices_for(typed: Typed, names: Sequence[str], conversations: Sequence[str]) -> list[Choice]:
    """What it could become, the likeliest first."""
    if typed.sign == ":":
        found = matching_names(typed.fragment, list(_emoji()))
        return [Choice(f"{_emoji()[name]} {name}", name, f"{_emoji()[name]} ") for name in found]
    among = names if typed.sign == "@" else conversations
    return [Choice(name, name, f"{typed.sign}{name} ") for name in matching_names(typed.fragment, among)]


def find_emoji(fragment: str, most: int) -> list[tuple[str, str]]:
    """(emoji, name) of those whose name begins with the fragment, then of those that hold it; each emoji once."""
    names = sorted(_emoji(), key=lambda name: (not name.startswith(fragment), len(name)))
    found: dict[str, str] = {}
    for name in names:
        if fragment in name:
            found.setdefault(_emoji()[name], name)
    return list(found.items())[:most]


@cache
def _emoji() -> Mapping[str, str]:
    """Every emoji by its name: "party_popper" for U+1F389."""
    table = dict(_ALIASES)
    for first, end in _RANGES:
        for code in range(first, end):
            name = unicodedata.name(chr(code), "")
            if name and not name.startswith("EMOJI MODIFIER"):
                text = chr(code) if code >= 0x1F000 else f"{chr(code)}\ufe0f"
                table.setdefault(name.lower().replace(" ", "_"), text)
    return table
