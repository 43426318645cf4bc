"""Names: one spelling, one alphabet, and no two that look the same."""

from __future__ import annotations

import pytest

from shared.errors import NameRefused
from shared.names import name_key, normalize_group_name, normalize_username, suggest_usernames


@pytest.mark.parametrize(
    "name", ["alice", "Zoë", "李小龍", "Анна", "a.b-c_d", "7of9", "x", "n" * 32, "अनिल"]
)
def test_good_names_stay(name: str) -> None:
    assert normalize_username(name) == name


def test_spelling_is_made_one() -> None:
    assert normalize_username("  Zoe\u0308 ") == "Zoë"
    assert normalize_username("ａlice") == "alice"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "n" * 33,
        ".alice",
        "-x",
        "al ice",
        "al\0ice",
        "al\u202eice",
        "al\u200bice",
        "аlice",
        "a\nb",
        "?key",
        "alice@x",
        "\ud800",
        "😀",
        "a/b",
        "李" * 32,
    ],
)
def test_bad_names_are_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(NameRefused) as refused:
        normalize_username(name)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "ALICE"),
        ("alice", "a1ice"),
        ("alice", "aIice"),
        ("bob", "b0b"),
        ("marn", "mam"),
        ("ѕсоре", "scope"),
        ("Zoë", "ZOË"),
        ("vvill", "will"),
    ],
)
def test_look_alikes_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_different_names_differ() -> None:
    names = ("alice", "alicia", "bo", "bob", "carmen", "Zoë", "zoe", "李小龍", "user2", "user3")
    assert len({name_key(name) for name in names}) == len(names)


def test_suggestions_are_two_and_free() -> None:
    taken = {"alice", "alice2"}
    found = suggest_usernames("alice", lambda name: name in taken)
    assert len(found) == 2 and not taken & set(found)
    assert all(normalize_username(name) == name for name in found)
    assert all(len(name) <= 32 for name in suggest_usernames("n" * 32, lambda name: False))
    assert suggest_usernames("", lambda name: False) == []


def test_group_names() -> None:
    assert normalize_group_name("  #Thesis Club ") == "thesis-club"
    for bad in ("", "#", "a/b", "-x", "n" * 41, "a\u202eb", "!"):
        with pytest.raises(NameRefused):
            normalize_group_name(bad)


def test_where_every_name_is_taken_none_is_suggested() -> None:
    assert suggest_usernames("alice", lambda name: True) == []
    assert suggest_usernames("not a name", lambda name: False) == []
    assert suggest_usernames("n" * 32, lambda name: False) == ["n" * 31 + "2", "n" * 31 + "3"]


@pytest.mark.parametrize("unseen", "\ufe0f\U000e0101\u034f\u3164\u1160\uffa0\u115f\u17b4\u180b")
def test_letters_that_nobody_sees_are_in_no_name(unseen: str) -> None:
    """A variation selector made a second bob that looked like the first; a filler alone made a name
    of nothing.
    """
    for name in (f"bob{unseen}", unseen, f"b{unseen}ob"):
        with pytest.raises(NameRefused):
            normalize_username(name)
        with pytest.raises(NameRefused):
            normalize_group_name(name)


def test_marks_do_not_pile_up_without_end() -> None:
    for name in ("z" + "\u0316" * 5, "z" + "\u0316\u0301" * 8):
        with pytest.raises(NameRefused, match="marks"):
            normalize_username(name)
        with pytest.raises(NameRefused, match="marks"):
            normalize_group_name(name)
    assert normalize_username("น้ำ") and normalize_group_name("z" + "\u0316" * 4)
