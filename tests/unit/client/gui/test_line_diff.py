"""What has changed between two texts: encodings, line ends, lines, words, folded runs, and texts
that are too large.
"""

from __future__ import annotations

import random

import pytest

from client.gui.versions import line_diff
from client.gui.versions.line_diff import (
    CONTEXT,
    MAX_BYTES,
    MAX_LINES,
    NOT_TEXT,
    SAME,
    TOO_LARGE,
    DiffLine,
    LineKind,
    TooLargeToCompare,
    collapse,
    compare_files,
    compare_lines,
    count_changes,
    count_files,
    decode_text,
    line_end_name,
    split_lines,
)


def shown(old: str, new: str) -> list[str]:
    """The comparison as a patch would write it."""
    return [line.kind.value.replace("\u2212", "-") + line.text for line in compare_lines(old, new)]


def marked(old: str, new: str) -> list[list[str]]:
    """The changed words of each line."""
    return [[line.text[start:end] for start, end in line.marks] for line in compare_lines(old, new)]


# --- text or not
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("na\u00efve \u20ac\n".encode(), "na\u00efve \u20ac\n"),
        (b"\xef\xbb\xbfint x;", "int x;"),
        ("a\u00e9\U0001f914\n".encode("utf-16"), "a\u00e9\U0001f914\n"),
        (b"\xfe\xff" + "ab\n".encode("utf-16-be"), "ab\n"),
        (b"caf\xe9\r\n", "caf\u00e9\r\n"),
        (b"\x93quoted\x94", "\u201cquoted\u201d"),
        (b"page\x0cbreak \xe9\t", "page\x0cbreak \u00e9\t"),
        (b"\x1b[1mbold", "\x1b[1mbold"),
    ],
)
def test_text_is_decoded(data: bytes, text: str) -> None:
    assert decode_text(data) == text


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\0\0",
        b"\x89PNG\r\n\x1a\n\xff",
        b"\xe9\0a",
        b"caf\xe9 \x01",
        b"\x81\x8d",
        b"\xff\xfea",  # half a character of UTF-16
        b"\xff\xfe\0\0a\0\0\0",  # UTF-32
        b"\xef\xbb\xbf\xff",
    ],
)
def test_other_bytes_are_not_text(data: bytes) -> None:
    assert decode_text(data) is None
    assert compare_files(data, b"text\n").sentence == NOT_TEXT
    assert compare_files(b"text\n", data).sentence == NOT_TEXT
    assert count_files(data, b"text\n") is None
    assert count_files(b"text\n", data) is None


def test_lines_and_their_ends() -> None:
    assert split_lines("") == []
    assert split_lines("a") == ["a"]
    assert split_lines("a\r\nb\rc\n\nd") == ["a\n", "b\n", "c\n", "\n", "d"]
    assert split_lines("form\x0cfeed\u2028x\n") == ["form\x0cfeed\u2028x\n"]
    assert [line_end_name(text) for text in ("a", "a\n", "a\r\nb\r\n", "a\rb", "a\r\nb\n")] == [
        "",
        "LF",
        "CRLF",
        "CR",
        "mixed",
    ]


# --- lines
# -------------------------------------------------------------------------------------------------------


def test_a_changed_line_stands_between_what_is_the_same() -> None:
    old, new = "a\nb\nc\n", "a\nB\nc\nd\n"
    assert shown(old, new) == [" a", "-b", "+B", " c", "+d"]
    assert [(line.old_number, line.new_number) for line in compare_lines(old, new)] == [
        (1, 1),
        (2, 0),
        (0, 2),
        (3, 3),
        (0, 4),
    ]
    assert count_changes(old, new) == (2, 1)


def test_from_nothing_and_to_nothing() -> None:
    assert shown("", "") == []
    assert shown("", "a\nb\n") == ["+a", "+b"]
    assert shown("a\nb\n", "") == ["-a", "-b"]
    assert shown("a\n", "a\n") == [" a"]


def test_lines_that_stand_once_divide_the_rest() -> None:
    old = "{\n}\none\n{\n}\ntwo\n{\n}\n"
    new = "{\nx\n}\none\n{\ny\n}\ntwo\n}\n"
    assert shown(old, new) == [" {", "+x", " }", " one", " {", "+y", " }", " two", "-{", " }"]


def test_few_kinds_of_lines_that_come_again_and_again() -> None:
    dice = random.Random(3)
    labels = [dice.choice("01") + "\n" for _ in range(3000)]
    changed = list(labels)
    for at in range(100, 3000, 500):
        changed[at] = "?\n"
    assert count_changes("".join(labels), "".join(changed)) == (6, 6)


def test_a_moved_block_is_removed_and_added() -> None:
    lines = [f"line {number}\n" for number in range(9)]
    moved = lines[3:6] + lines[:3] + lines[6:]
    assert count_changes("".join(lines), "".join(moved)) == (3, 3)


def test_a_missing_newline_at_the_end_is_a_change() -> None:
    found = compare_lines("a\nb", "a\nb\n")
    assert [(line.kind, line.text, line.has_end) for line in found] == [
        (LineKind.SAME, "a", True),
        (LineKind.REMOVED, "b", False),
        (LineKind.ADDED, "b", True),
    ]
    assert all(line.marks == () for line in found)


def test_line_ends_are_not_compared() -> None:
    assert shown("a\r\nb\r\n", "a\nb\n") == [" a", " b"]


def test_too_many_lines_or_characters_are_refused() -> None:
    for long in ("\n" * (MAX_LINES + 1), "x" * (MAX_BYTES + 1)):
        with pytest.raises(TooLargeToCompare):
            compare_lines("a\n", long)
        with pytest.raises(TooLargeToCompare):
            count_changes(long, "a\n")
        assert compare_files(b"a\n", long.encode()).sentence == TOO_LARGE
        assert count_files(b"a\n", long.encode()) is None
    assert count_changes("", "\n" * MAX_LINES) == (MAX_LINES, 0)


def test_a_search_that_takes_too_long_ends_in_whole_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "head\n" + "a\nb\n" * 100 + "tail\n", "head\n" + "b\nx\na\n" * 100 + "tail\n"
    assert count_changes(old, new) != (300, 200)
    monkeypatch.setattr(line_diff, "_LINE_BUDGET", 1000)
    assert count_changes(old, new) == (300, 200)


# --- words
# -------------------------------------------------------------------------------------------------------


def test_changed_words_are_marked() -> None:
    old = "    frames = sock.recv(1)\n"
    new = "    frames = sock.recv_multipart(1, flags)\n"
    assert marked(old, new) == [["recv"], ["recv_multipart", ", flags"]]


def test_marks_that_only_a_space_parts_are_one() -> None:
    assert marked("the old words are here now\n", "the new names are here now\n") == [
        ["old words"],
        ["new names"],
    ]


def test_changed_spaces_are_marked() -> None:
    assert marked("  x = 1\n", "\tx = 1\n") == [["  "], ["\t"]]
    assert marked(" \n", "\t\n") == [[" "], ["\t"]]


def test_a_rewritten_line_is_found_among_new_ones() -> None:
    found = marked("total = a + b\n", "start()\nmore()\ntotal = a + c\nend()\n")
    assert found == [["b"], [], [], ["c"], []]


def test_unlike_lines_are_not_paired() -> None:
    assert marked("alpha beta\n", "gamma delta\n") == [[], []]


def test_long_lines_and_long_blocks_show_no_words() -> None:
    assert marked("x " * 800 + "a\n", "x " * 800 + "b\n") == [[], []]
    old, new = (
        "".join(f"{word} {number} same words\n" for number in range(301)) for word in ("one", "two")
    )
    assert not any(marked(old, new))


def test_words_are_not_searched_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "one two three\n" * 3, "one 2 three\n" * 3
    assert marked(old, new) == [["two"]] * 3 + [["2"]] * 3
    monkeypatch.setattr(line_diff, "_WORD_BUDGET", 4)
    assert marked(old, new) == [["one two three"]] * 3 + [["one 2 three"]] * 3


# --- whole files
# -------------------------------------------------------------------------------------------------


def test_files_that_differ() -> None:
    found = compare_files(b"a\nb\n", b"a\r\nc\r\nd\r\n")
    assert (found.added, found.removed, found.sentence) == (2, 1, "")
    assert found.note == "Line ends: LF before, CRLF now."
    assert compare_files(b"a\nb\n", b"a\nc\n").note == ""
    assert count_files(b"a\nb\n", b"a\nc\n") == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"a\n", b"a\n", SAME),
        (b"\0\1", b"\0\1", SAME),
        (b"a\r\nb\r\n", b"a\nb\n", "Only the line ends differ. Line ends: CRLF before, LF now."),
        (b"a\r\nb\n", b"a\nb\n", "Only the line ends differ. Line ends: mixed before, LF now."),
        (b"a\r\nb\n", b"a\nb\r\n", "Only the line ends differ."),
        (
            b"\xef\xbb\xbfa\n",
            b"a\n",
            "These versions hold the same text. Only its encoding differs.",
        ),
    ],
)
def test_files_that_say_the_same(old: bytes, new: bytes, sentence: str) -> None:
    found = compare_files(old, new)
    assert (found.lines, found.added, found.removed, found.sentence) == ((), 0, 0, sentence)


# --- folding
# -----------------------------------------------------------------------------------------------------


def same(count: int, start: int = 1) -> list[DiffLine]:
    return [DiffLine(LineKind.SAME, start + at, start + at, "x") for at in range(count)]


NEW_LINE = DiffLine(LineKind.ADDED, 0, 1, "new")


def folded(lines: list[DiffLine], context: int = CONTEXT) -> list[tuple[int, bool]]:
    return [(len(run.lines), run.is_hidden) for run in collapse(lines, context)]


def test_far_lines_are_hidden() -> None:
    assert folded([*same(10), NEW_LINE, *same(10)]) == [(7, True), (7, False), (7, True)]
    assert folded([*same(10), NEW_LINE, *same(10)], context=0) == [
        (10, True),
        (1, False),
        (10, True),
    ]


def test_a_short_gap_is_not_worth_it() -> None:
    assert folded([*same(5), NEW_LINE, *same(8), NEW_LINE]) == [(15, False)]
    assert folded([NEW_LINE, *same(9), NEW_LINE]) == [(4, False), (3, True), (4, False)]


def test_nothing_and_no_change() -> None:
    assert folded([]) == []
    assert folded(same(2)) == [(2, False)]
    assert folded(same(20)) == [(20, True)]


def test_words_of_a_gap() -> None:
    assert collapse(same(42))[0].words == "\u2026 42 unchanged lines"
    assert collapse(same(1))[0].words == "\u2026 1 unchanged line"
