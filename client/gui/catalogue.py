"""Reading a translation from Qt's .ts file, and which form a number takes in a language. No Qt."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from client.gui.translation import CONTEXT

Forms = tuple[str, ...]
_GONE = ("vanished", "obsolete")


def _one_other(count: int) -> int:
    return 0 if count == 1 else 1


def _zero_one_other(count: int) -> int:
    return 0 if count < 2 else 1


def _only_one(_count: int) -> int:
    return 0


def _west_slavic(count: int) -> int:
    return 0 if count == 1 else 1 if 2 <= count <= 4 else 2


def _few(count: int) -> bool:
    return 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14


def _polish(count: int) -> int:
    return 0 if count == 1 else 1 if _few(count) else 2


def _east_slavic(count: int) -> int:
    return 0 if count % 10 == 1 and count % 100 != 11 else 1 if _few(count) else 2


def _arabic(count: int) -> int:
    if count < 3:
        return count
    return 3 if 3 <= count % 100 <= 10 else 4 if count % 100 >= 11 else 5


# Which numerusform a number takes, in the order of Qt Linguist. What is not here has one form for 1 and one for others.
_PLURALS: dict[str, Callable[[int], int]] = {
    "fr": _zero_one_other,
    "pt_BR": _zero_one_other,
    **dict.fromkeys(("id", "ja", "ko", "th", "tr", "vi", "zh"), _only_one),
    **dict.fromkeys(("cs", "sk"), _west_slavic),
    "pl": _polish,
    **dict.fromkeys(("be", "bs", "hr", "ru", "sr", "uk"), _east_slavic),
    "ar": _arabic,
}


def plural_of(language: str) -> Callable[[int], int]:
    """The rule of a language such as "de" or "pt_BR"."""
    return _PLURALS.get(language) or _PLURALS.get(language.partition("_")[0], _one_other)


def plural_count(language: str) -> int:
    """How many forms a language has."""
    rule = plural_of(language)
    return 1 + max(rule(count) for count in range(121))


def read_catalogue(path: Path) -> dict[str, Forms]:
    """Source text -> its translation, or its forms; what is not translated is not in it.

    Raises OSError, ValueError (ElementTree.ParseError becomes one).
    """
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise ValueError(f"{path.name}: {error}") from error
    found: dict[str, Forms] = {}
    for context in root.iter("context"):
        if context.findtext("name") != CONTEXT:
            continue
        for message in context.iter("message"):
            source, made = message.findtext("source"), message.find("translation")
            if not source or made is None or made.get("type") in _GONE:
                continue
            forms = tuple(one.text or "" for one in made.iter("numerusform")) or (made.text or "",)
            if all(forms):
                found[source] = forms
    return found
