"""What has changed between two versions of a text, line by line and word by word; pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import Enum
from itertools import accumulate, groupby

from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop

MAX_LINES = 20_000
MAX_BYTES = 2_000_000
CONTEXT = 3  # unchanged lines that stay around a change
MIN_HIDDEN = 3  # fewer unchanged lines than this are not worth a gap
NOT_TEXT = tr_noop("This file can be saved, but not compared.")
TOO_LARGE = tr_noop("These versions are too large to be compared. They can be saved.")
SAME = tr_noop("These versions are the same.")

_LINE_BUDGET = 10_000_000  # comparisons of two lines; about a second
_WORD_BUDGET = 5_000_000  # comparisons of two words
_WIDTHS = (1, 4, 16, 48)  # lines that are looked for together
_SHORT = 40_000  # lines times lines that are compared at once
_PAIRED_LINES = 300  # a changed block with more lines than this shows no changed words
_LOOK_AHEAD = 8  # lines
_MARKED_CHARACTERS = 1000  # a longer line shows no changed words
_LEAST_LIKENESS = 0.5
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_LINE_END_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class TooLargeToCompare(Exception):
    """More lines or characters than are compared."""


class LineKind(Enum):
    """Where a line stands: in both versions, or in one of them."""

    SAME = " "
    ADDED = "+"
    REMOVED = "\u2212"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of the comparison. Numbers count from 1; 0: the line is not in that version."""

    kind: LineKind
    old_number: int
    new_number: int
    text: str  # without its line end
    marks: tuple[tuple[int, int], ...] = ()  # [start, end) of words that have changed
    has_end: bool = True  # False: the last line of a version, and nothing ends it


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring lines that are all shown, or all folded away."""

    lines: tuple[DiffLine, ...]
    is_hidden: bool

    @property
    def words(self) -> str:
        """What stands in place of the hidden lines."""
        return "\u2026 " + tr_count(
            "{count} unchanged line", "{count} unchanged lines", len(self.lines)
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is to be said of two versions: lines, or a sentence in place of them."""

    lines: tuple[DiffLine, ...] = ()
    added: int = 0
    removed: int = 0
    sentence: str = ""
    note: str = ""  # said beside the lines


# --- bytes and lines
# ---------------------------------------------------------------------------------------------


def decode_text(data: bytes) -> str | None:
    """The text of a file, without its byte order mark; None if it is not text.

    UTF-8, UTF-16 with a byte order mark, else Windows-1252, which is Latin-1 with its typographic
    quotes.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    text = _decoded(data, "utf-8")
    if text is not None or b"\0" in data:
        return text
    text = _decoded(data, "cp1252")
    return None if text is None or _CONTROL.search(text) else text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def split_lines(text: str) -> list[str]:
    """The lines, each ended by one line feed whatever ended it before; the last one may have no
    end.
    """
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def line_end_name(text: str) -> str:
    """What ends the lines: "LF", "CRLF", "CR", "mixed", or "" if nothing does."""
    ends = set(_LINE_ENDS.findall(text))
    if not ends:
        return ""
    return _LINE_END_NAMES[ends.pop()] if len(ends) == 1 else tr("mixed")


def _lines_of(text: str) -> list[str]:
    if len(text) > MAX_BYTES:
        raise TooLargeToCompare
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        raise TooLargeToCompare
    return lines


# --- whole files
# -------------------------------------------------------------------------------------------------


def compare_files(old: bytes, new: bytes) -> Comparison:
    """Compare the contents of two files. Raises nothing."""
    if old == new:
        return Comparison(sentence=tr_dynamic(SAME))
    if max(len(old), len(new)) > MAX_BYTES:
        return Comparison(sentence=tr_dynamic(TOO_LARGE))
    old_text, new_text = decode_text(old), decode_text(new)
    if old_text is None or new_text is None:
        return Comparison(sentence=tr_dynamic(NOT_TEXT))
    try:
        lines = compare_lines(old_text, new_text)
    except TooLargeToCompare:
        return Comparison(sentence=tr_dynamic(TOO_LARGE))
    kinds = Counter(line.kind for line in lines)
    added, removed = kinds[LineKind.ADDED], kinds[LineKind.REMOVED]
    before, after = line_end_name(old_text), line_end_name(new_text)
    note = (
        tr("Line ends: {before} before, {after} now.", before=before, after=after)
        if before and after and before != after
        else ""
    )
    if added or removed:
        return Comparison(lines, added, removed, note=note)
    if old_text == new_text:
        return Comparison(
            sentence=tr("These versions hold the same text. Only its encoding differs.")
        )
    return Comparison(sentence=f"{tr('Only the line ends differ.')} {note}".rstrip())


def count_files(old: bytes, new: bytes) -> tuple[int, int] | None:
    """(lines added, lines removed) between two files; None if they cannot be compared.

    Raises nothing.
    """
    old_text, new_text = decode_text(old), decode_text(new)
    if old_text is None or new_text is None:
        return None
    try:
        return count_changes(old_text, new_text)
    except TooLargeToCompare:
        return None


# --- lines
# -------------------------------------------------------------------------------------------------------


def count_changes(old: str, new: str) -> tuple[int, int]:
    """(lines added, lines removed). Raises TooLargeToCompare."""
    before, after = _lines_of(old), _lines_of(new)
    matched = sum(size for _, _, size in _blocks(before, after))
    return len(after) - matched, len(before) - matched


def compare_lines(old: str, new: str) -> tuple[DiffLine, ...]:
    """All lines of both texts in order, removed before added. Raises TooLargeToCompare.

    What ends a line is not compared, but whether the last one is ended at all.
    """
    before, after = _lines_of(old), _lines_of(new)
    lines: list[DiffLine] = []
    old_at = new_at = 0
    budget = _Budget(_WORD_BUDGET)
    for old_start, new_start, size in (*_blocks(before, after), (len(before), len(after), 0)):
        removed, added = before[old_at:old_start], after[new_at:new_start]
        old_marks, new_marks = _marks_of_block(removed, added, budget)
        for at, text in enumerate(removed):
            lines.append(_line(LineKind.REMOVED, old_at + at + 1, 0, text, old_marks.get(at, ())))
        for at, text in enumerate(added):
            lines.append(_line(LineKind.ADDED, 0, new_at + at + 1, text, new_marks.get(at, ())))
        for at in range(size):
            lines.append(
                _line(LineKind.SAME, old_start + at + 1, new_start + at + 1, before[old_start + at])
            )
        old_at, new_at = old_start + size, new_start + size
    return tuple(lines)


def _line(
    kind: LineKind,
    old_number: int,
    new_number: int,
    text: str,
    marks: tuple[tuple[int, int], ...] = (),
) -> DiffLine:
    return DiffLine(
        kind, old_number, new_number, text.removesuffix("\n"), marks, text.endswith("\n")
    )


@dataclass(slots=True)
class _Budget:
    left: int


class _Matcher(SequenceMatcher[str]):
    """Stops looking when the budget is used up: what is left then counts as replaced.

    No text can keep it for long.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], budget: _Budget) -> None:
        super().__init__(None, old, new, autojunk=False)
        counts = Counter(new)
        self._costs = (0, *accumulate(counts[line] + 1 for line in old))
        self._budget = budget

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """As in the base."""
        assert ahi is not None and bhi is not None
        self._budget.left -= self._costs[ahi] - self._costs[alo]
        if self._budget.left < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """(start in old, start in new, size) of what both have, in order; the common head and tail are
    cut off first.
    """
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield 0, 0, head
    for old_at, new_at, size in _search(
        old[head:old_end], new[head:new_end], _Budget(_LINE_BUDGET), _WIDTHS
    ):
        yield head + old_at, head + new_at, size
    if tail:
        yield old_end, new_end, tail


def _search(
    old: list[str], new: list[str], budget: _Budget, widths: tuple[int, ...]
) -> Iterator[tuple[int, int, int]]:
    """As _blocks. What stands once on both sides divides the rest, so that only short stretches are
    compared.

    First single lines; in a stretch that is still long, more and more lines together.
    """
    is_short = len(old) * len(new) <= _SHORT and widths != _WIDTHS
    if is_short or not widths:
        if old and new:
            for block in _Matcher(old, new, budget).get_matching_blocks()[:-1]:
                yield block.a, block.b, block.size
        return
    old_at = new_at = 0
    for old_anchor, new_anchor in _anchors(old, new, widths[0]):
        for old_found, new_found, size in _search(
            old[old_at:old_anchor], new[new_at:new_anchor], budget, widths[1:]
        ):
            yield old_at + old_found, new_at + new_found, size
        yield old_anchor, new_anchor, 1
        old_at, new_at = old_anchor + 1, new_anchor + 1
    for old_found, new_found, size in _search(old[old_at:], new[new_at:], budget, widths[1:]):
        yield old_at + old_found, new_at + new_found, size


def _anchors(old: list[str], new: list[str], width: int) -> list[tuple[int, int]]:
    """The longest chain of places where so many lines stand that do so once on both sides, in the
    order of both.
    """
    old_keys, new_keys = _windows(old, width), _windows(new, width)
    old_counts, new_counts = Counter(old_keys), Counter(new_keys)
    new_ats = {key: at for at, key in enumerate(new_keys) if new_counts[key] == 1}
    pairs = [
        (at, new_ats[key])
        for at, key in enumerate(old_keys)
        if old_counts[key] == 1 and key in new_ats
    ]
    ends: list[int] = []  # for each length of chain the least place in new where one ends
    chains: list[int] = []  # and the pair that ends it
    before: list[int] = []  # for each pair the one before it in its chain
    for number, (_, new_at) in enumerate(pairs):
        length = bisect_left(ends, new_at)
        before.append(chains[length - 1] if length else -1)
        ends[length : length + 1] = [new_at]
        chains[length : length + 1] = [number]
    anchors = []
    number = chains[-1] if chains else -1
    while number >= 0:
        anchors.append(pairs[number])
        number = before[number]
    return anchors[::-1]


def _windows(lines: list[str], width: int) -> list[tuple[str, ...]]:
    return [tuple(lines[at : at + width]) for at in range(len(lines) - width + 1)]


# --- words
# -------------------------------------------------------------------------------------------------------

_Marks = dict[int, tuple[tuple[int, int], ...]]


def _marks_of_block(removed: list[str], added: list[str], budget: _Budget) -> tuple[_Marks, _Marks]:
    """By index the changed words of lines that were rewritten."""
    old_marks: _Marks = {}
    new_marks: _Marks = {}
    if max(len(removed), len(added)) <= _PAIRED_LINES:
        for old_at, new_at in _pairs(removed, added):
            marks = _changed_words(
                removed[old_at].removesuffix("\n"), added[new_at].removesuffix("\n"), budget
            )
            old_marks[old_at], new_marks[new_at] = marks
    return old_marks, new_marks


def _pairs(removed: list[str], added: list[str]) -> Iterator[tuple[int, int]]:
    """Which added line is which removed line rewritten, in the order of both."""
    old_words, new_words = [_bag(line) for line in removed], [_bag(line) for line in added]
    start = 0
    for at, words in enumerate(old_words):
        likeness = [_likeness(words, other) for other in new_words[start : start + _LOOK_AHEAD]]
        best = max(likeness, default=0.0)
        if best >= _LEAST_LIKENESS:
            start += likeness.index(best) + 1
            yield at, start - 1


def _bag(line: str) -> Counter[str]:
    return Counter(word for word in _WORDS.findall(line[:_MARKED_CHARACTERS]) if not word.isspace())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _changed_words(
    old: str, new: str, budget: _Budget
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """[start, end) of the words that differ, in the old line and in the new one."""
    if max(len(old), len(new)) > _MARKED_CHARACTERS:
        return (), ()
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    old_ends = (0, *accumulate(map(len, before)))
    new_ends = (0, *accumulate(map(len, after)))
    old_marks: list[tuple[int, int]] = []
    new_marks: list[tuple[int, int]] = []
    for tag, old_from, old_to, new_from, new_to in _Matcher(before, after, budget).get_opcodes():
        if tag != "equal":
            _mark(old_marks, old, old_ends[old_from], old_ends[old_to])
            _mark(new_marks, new, new_ends[new_from], new_ends[new_to])
    return tuple(old_marks), tuple(new_marks)


def _mark(marks: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add a mark; one that only a space parts from the last is joined to it."""
    if start == end:
        return
    if marks and text[marks[-1][1] : start].isspace():
        start = marks.pop()[0]
    marks.append((start, end))


# --- folding
# -----------------------------------------------------------------------------------------------------


def collapse(lines: Sequence[DiffLine], context: int = CONTEXT) -> tuple[Run, ...]:
    """All lines as runs; unchanged ones that are farther than `context` from a change are
    hidden.
    """
    is_near = [False] * len(lines)
    for at, line in enumerate(lines):
        if line.kind is not LineKind.SAME:
            start = max(0, at - context)
            is_near[start : at + context + 1] = [True] * (min(len(lines), at + context + 1) - start)
    runs: list[Run] = []
    for is_shown, group in groupby(zip(is_near, lines, strict=True), key=lambda pair: pair[0]):
        run = tuple(line for _, line in group)
        is_hidden = not is_shown and len(run) >= MIN_HIDDEN
        if runs and not runs[-1].is_hidden and not is_hidden:
            run = runs.pop().lines + run
        runs.append(Run(run, is_hidden))
    return tuple(runs)
