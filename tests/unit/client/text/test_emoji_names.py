"""Emoji by name in two languages, and where they stand in a text."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.text.emoji_names import all_emoji, emoji_ranges, find_emoji


@pytest.mark.parametrize(
    ("typed", "emoji", "name"),
    [
        ("rocket", "\U0001f680", "rocket"),
        ("Rakete", "\U0001f680", "rakete"),
        (":tada:", "\U0001f389", "tada"),
        ("party popper", "\U0001f389", "party_popper"),
        ("daumen hoch", "\U0001f44d", "daumen_hoch"),
        ("+1", "\U0001f44d", "+1"),
        ("K\u00c4SE", "\U0001f9c0", "k\u00e4sest\u00fcck"),
        ("zwinker", "\U0001f609", "zwinkerndes_gesicht"),
        ("smile", "\U0001f604", "smile"),
    ],
)
def test_an_emoji_is_found_by_what_it_is_called(typed: str, emoji: str, name: str) -> None:
    assert find_emoji(typed, 5)[0] == (emoji, name)


def test_what_begins_with_it_comes_before_what_holds_it() -> None:
    names = [name for _, name in find_emoji("cat", 60)]
    begins = [name.startswith("cat") for name in names]
    assert begins == sorted(begins, reverse=True) and 3 < sum(begins) < len(begins)
    assert "smile_cat" in names


def test_nothing_is_found_where_nothing_is_meant() -> None:
    assert find_emoji("", 5) == find_emoji(" : ", 5) == find_emoji("no such emoji", 5) == []
    assert len(find_emoji("e", 7)) == 7


def test_each_emoji_is_offered_once_and_without_skin_tones() -> None:
    sequences = [one.emoji for one in all_emoji()]
    assert len(sequences) == len(set(sequences)) > 1900
    assert not [one for one in sequences if "\U0001f3fb" <= one[-1] <= "\U0001f3ff"]
    assert all(
        one.names and all(name == name.casefold() and name for name in one.names)
        for one in all_emoji()
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain text 12 #3 *", []),
        ("gr\u00f6\u00dfer \u201cquoted\u201d \u2026 \u20ac \u00a9 \u2192 \u2764 \u65e5\u672c", []),
        ("\u2764\ufe0f \u00a9\ufe0f 1\ufe0f\u20e3", ["\u2764\ufe0f", "1\ufe0f\u20e3"]),
        ("a\U0001f44d\U0001f44d\U0001f3fdb", ["\U0001f44d", "\U0001f44d\U0001f3fd"]),
        (
            "\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
            ["\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea"],
        ),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\u2b50",
            ["\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\u2b50"],
        ),
    ],
)
def test_where_emoji_stand(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in emoji_ranges(text)] == found


SIGNS = (
    "a1# \u20e3\ufe0f\u200d\U0001f44d\U0001f3fd\U0001f469\u2764\U0001f1e9\U0001f1ea\u65e5\U000e0067"
)


@given(st.text(alphabet=SIGNS, max_size=60))
def test_ranges_lie_in_order_within_the_text(text: str) -> None:
    last = 0
    for start, end in emoji_ranges(text):
        assert last <= start < end <= len(text)
        last = end


def test_every_emoji_of_the_table_is_found_in_a_text() -> None:
    for one in all_emoji():
        if one.emoji[0] >= "\u203c" or one.emoji[0] in "0123456789#*":
            assert emoji_ranges(f"a{one.emoji}b") == [(1, 1 + len(one.emoji))], one


def test_the_table_is_not_loaded_before_it_is_needed() -> None:
    code = "import client.text.emoji_names as e, sys; e.emoji_ranges('gr\u00f6\u00dfer'); print('emoji' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        == "False\n"
    )
