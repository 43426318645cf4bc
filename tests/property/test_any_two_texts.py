"""Whatever two texts hold: the comparison leads from one to the other, its counts agree, and
folding loses nothing.
"""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from client.gui.versions import line_diff
from client.gui.versions.line_diff import (
    LineKind,
    collapse,
    compare_files,
    compare_lines,
    count_changes,
    count_files,
    decode_text,
    split_lines,
)

# Few lines that come again and again, and now and then anything.
LINES = st.one_of(
    st.sampled_from(
        (
            "",
            "}",
            "    return x",
            "    return x + 1",
            "def f(a, b):",
            "\t",
            "\U0001f914 + y",
            "\u2028",
        )
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=12),
)
ENDS = st.sampled_from(("\n", "\n", "\n", "\r\n", "\r"))
TEXTS = st.builds(
    lambda lines, last: "".join(line + end for line, end in lines) + last,
    st.lists(st.tuples(LINES, ENDS), max_size=40),
    st.one_of(st.just(""), LINES),
)


@given(TEXTS, TEXTS, st.booleans(), st.sampled_from((20, 10_000)))
def test_the_comparison_leads_from_one_text_to_the_other(
    old: str, new: str, is_long: bool, budget: int
) -> None:
    # As if the texts were long, and as if the search had taken too long.
    with (
        patch.object(line_diff, "_SHORT", 0 if is_long else 40_000),
        patch.object(line_diff, "_LINE_BUDGET", budget),
    ):
        lines = compare_lines(old, new)
    for text, absent in ((old, LineKind.ADDED), (new, LineKind.REMOVED)):
        kept = [line for line in lines if line.kind is not absent]
        assert [line.text + "\n" * line.has_end for line in kept] == split_lines(text)
        numbers = [
            line.old_number if absent is LineKind.ADDED else line.new_number for line in kept
        ]
        assert numbers == list(range(1, len(kept) + 1))
    for line in lines:
        assert (line.old_number == 0) == (line.kind is LineKind.ADDED)
        assert (line.new_number == 0) == (line.kind is LineKind.REMOVED)


@given(TEXTS, TEXTS)
def test_counts_are_those_of_the_lines(old: str, new: str) -> None:
    kinds = [line.kind for line in compare_lines(old, new)]
    counts = kinds.count(LineKind.ADDED), kinds.count(LineKind.REMOVED)
    assert count_changes(old, new) == counts
    assert count_changes(new, old)[0] - count_changes(new, old)[1] == counts[1] - counts[0]
    assert (counts == (0, 0)) == (split_lines(old) == split_lines(new))


@given(TEXTS, TEXTS)
def test_marks_lie_in_their_lines_in_order(old: str, new: str) -> None:
    for line in compare_lines(old, new):
        assert line.kind is not LineKind.SAME or not line.marks
        ends = [place for mark in line.marks for place in mark]
        assert all(0 <= place <= len(line.text) for place in ends)
        assert ends == sorted(set(ends))


@given(TEXTS, TEXTS, st.integers(0, 5))
def test_folding_loses_nothing_and_hides_no_change(old: str, new: str, context: int) -> None:
    lines = compare_lines(old, new)
    runs = collapse(lines, context)
    assert [line for run in runs for line in run.lines] == list(lines)
    assert all(line.kind is LineKind.SAME for run in runs if run.is_hidden for line in run.lines)
    assert all(one.is_hidden != other.is_hidden for one, other in zip(runs, runs[1:], strict=False))
    changes = [at for at, line in enumerate(lines) if line.kind is not LineKind.SAME]
    at = 0
    for run in runs:
        if run.is_hidden:
            assert all(
                change < at - context or change >= at + len(run.lines) + context
                for change in changes
            )
        at += len(run.lines)


@given(TEXTS)
def test_a_text_is_decoded_from_what_encodes_it(text: str) -> None:
    data = text.encode()
    if "\0" in text:
        assert decode_text(data) is None
    elif not text.startswith("\ufeff"):
        assert (
            decode_text(data)
            == decode_text(b"\xef\xbb\xbf" + data)
            == decode_text(text.encode("utf-16"))
            == text
        )


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_compared_or_refused_in_words(old: bytes, new: bytes) -> None:
    found = compare_files(old, new)
    assert bool(found.lines) != bool(found.sentence)
    counts = count_files(old, new)
    assert counts is None or counts == (found.added, found.removed)
