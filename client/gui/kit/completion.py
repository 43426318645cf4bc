"""What completes what is being typed: @names, #conversations, and :emoji: by their names. No Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from client.text.emoji_names import find_emoji

MAX_CHOICES = 6
_NAME = re.compile(r"(?:^|(?<=[\s(,;:]))([@#])([\w.-]*)$")
_EMOJI = re.compile(r"(?:^|(?<=\s))(:)([\w+-]{2,})$")


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
    hit = _NAME.search(text_before) or _EMOJI.search(text_before)
    if hit is None or (hit.group(1) == "#" and not hit.group(2)):
        return None
    return Typed(hit.group(1), hit.group(2))


def matching_names(fragment: str, names: Sequence[str]) -> list[str]:
    """Names that begin with the fragment, then those that hold it."""
    key = fragment.casefold()
    begins = [name for name in names if name.casefold().startswith(key)]
    holds = [name for name in names if key in name.casefold() and name not in begins]
    return (begins + holds)[:MAX_CHOICES]


def choices_for(typed: Typed, names: Sequence[str], conversations: Sequence[str]) -> list[Choice]:
    """What it could become, the likeliest first."""
    if typed.sign == ":":
        matching = find_emoji(typed.fragment, MAX_CHOICES)
        return [Choice(f"{emoji} {name}", name, f"{emoji} ") for emoji, name in matching]
    among = names if typed.sign == "@" else conversations
    return [
        Choice(name, name, f"{typed.sign}{name} ") for name in matching_names(typed.fragment, among)
    ]
