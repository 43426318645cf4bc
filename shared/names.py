"""Rules for usernames and group names: what they may contain, and which two look the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import cast

from confusable_homoglyphs.confusables import confusables_data

from shared.errors import NameRefused

MAX_USERNAME = 32
MAX_GROUP_NAME = 40
MAX_NAME_BYTES = 64

# The first word of a letter's Unicode name is its script (LATIN SMALL LETTER A); these belong to
# one writing system.
_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "BOPOMOFO": "CJK"}
# Letters and marks that show nothing (Unicode 15, DerivedCoreProperties,
# Default_Ignorable_Code_Point, categories L and M): fillers of Hangul, vowels of Khmer that are not
# written, joiners of marks, variation selectors.
_UNSEEN = frozenset(
    map(
        chr,
        (
            0x034F,
            0x115F,
            0x1160,
            0x17B4,
            0x17B5,
            0x180B,
            0x180C,
            0x180D,
            0x180F,
            0x3164,
            0xFFA0,
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
_MAX_MARKS = 4  # stacked; the scripts of the world need three
_LOOK_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l"})


def normalize_username(raw: str) -> str:
    """Return the name in its one spelling (NFKC, stripped).

    Raises NameRefused, which says in a sentence what is wrong with it.
    """
    name = unicodedata.normalize("NFKC", raw.strip())
    if not name:
        raise NameRefused("Please enter a name.", detail="name_empty")
    if len(name) > MAX_USERNAME or len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise NameRefused(
            f"A name has at most {MAX_USERNAME} characters.",
            detail="name_too_long",
            count=MAX_USERNAME,
        )
    if not name[0].isalnum():
        raise NameRefused("A name starts with a letter or a digit.", detail="name_begins_wrong")
    for char in name:
        if not _is_name_char(char):
            raise NameRefused(
                "A name holds only letters, digits, dots, hyphens and underscores.",
                detail="name_characters",
            )
    if _has_many_marks(name):
        raise NameRefused("A name has no letter with more than four marks.", detail="name_marks")
    if len(_scripts(name)) > 1:
        raise NameRefused(
            "A name is written in one alphabet; letters of two that look alike could deceive.",
            detail="name_alphabets",
        )
    return name


def name_key(username: str) -> str:
    """Return a key that two names share if they cannot be told apart at a glance.

    It ignores upper case and maps look-alikes to each other: 0 and o; 1, l and i; rn and m.
    """
    folded = unicodedata.normalize("NFKC", username).casefold()
    latin = "".join(_latin_look_alike(char) for char in folded).casefold()
    return latin.translate(_LOOK_ALIKE).replace("rn", "m").replace("vv", "w")


def suggest_usernames(wanted: str, is_taken: Callable[[str], bool]) -> list[str]:
    """Return two free names close to the wanted one; none if that is not a name at all."""
    try:
        base = normalize_username(wanted)
    except NameRefused:
        return []
    suggested: list[str] = []
    number = 2
    while len(suggested) < 2:
        ending = str(number)
        candidate = base[: MAX_USERNAME - len(ending)] + ending
        if len(candidate.encode()) <= MAX_NAME_BYTES and not is_taken(candidate):
            suggested.append(candidate)
        number += 1
        if number > 5000:
            break
    return suggested


def normalize_group_name(raw: str) -> str:
    """Return the name of an open group: lower case, spaces as hyphens, 1 to 40 characters.

    An opening # is dropped.
    """
    text = unicodedata.normalize("NFKC", raw.strip()).removeprefix("#").lower()
    name = "-".join(text.split())
    if not name:
        raise NameRefused("Please enter a name for the group.", detail="group_name_empty")
    if len(name) > MAX_GROUP_NAME or len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise NameRefused(
            f"The name of a group has at most {MAX_GROUP_NAME} characters.",
            detail="group_name_too_long",
            count=MAX_GROUP_NAME,
        )
    if not name[0].isalnum():
        raise NameRefused(
            "The name of a group starts with a letter or a digit.", detail="group_name_begins_wrong"
        )
    if not all(_is_name_char(char) for char in name):
        raise NameRefused(
            "The name of a group holds only letters, digits, dots, hyphens and underscores.",
            detail="group_name_characters",
        )
    if _has_many_marks(name):
        raise NameRefused(
            "The name of a group has no letter with more than four marks.",
            detail="group_name_marks",
        )
    return name


def _is_name_char(char: str) -> bool:
    # Marks (Mn, Mc) are part of letters in Devanagari and others; controls, bidi and invisible
    # signs are Cc, Cf.
    if char in _UNSEEN:
        return False
    return char in "._-" or unicodedata.category(char) in (
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "Nd",
        "Mn",
        "Mc",
    )


def _has_many_marks(name: str) -> bool:
    marks = 0
    for char in name:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks > _MAX_MARKS:
            return True
    return False


def _scripts(name: str) -> set[str]:
    scripts = set()
    for char in name:
        if char.isalpha():
            script = unicodedata.name(char, "UNKNOWN").split()[0]
            scripts.add(_TOGETHER.get(script, script))
    return scripts


def _latin_look_alike(char: str) -> str:
    if char.isascii():
        return char
    similar = cast(list[dict[str, str]], confusables_data.get(char, []))
    return next(
        (item["c"] for item in similar if item["c"].isascii() and item["c"].isalnum()), char
    )
