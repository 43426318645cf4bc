"""Parse the search field into words, phrases and conditions; no input does harm. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_QUERY: Final = 200  # characters; the rest is ignored
_TERM = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for.

    `terms` are folded words and phrases that must all occur; the last one is a beginning if
    `is_open`.
    """

    terms: tuple[str, ...] = ()
    sender: str = ""  # from:name
    has_file: bool = False  # has:file
    is_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.terms and not self.sender and not self.has_file

    def match(self) -> str:
        """Return an FTS5 query with every term in quotes, so that nothing is an operator.

        See sqlite.org/fts5.html, section 3.1.
        """
        words = [f'"{term}"' for term in self.terms]
        if words and self.is_open:
            words[-1] += "*"
        return " ".join(words)


def parse_query(text: str) -> Query:
    """Parse what was typed: words, "exact phrases", from:name, has:file."""
    terms: list[str] = []
    sender, has_file, is_open = "", False, False
    for hit in _TERM.finditer(text[:MAX_QUERY]):
        phrase, word = hit.group(1), hit.group(2)
        folded = (word or "").casefold()
        if folded.startswith("from:"):
            sender = (word or "")[5:].removeprefix("@")
        elif folded == "has:file":
            has_file = True
        else:
            # A word with marks in it ("recv_multipart(") is a phrase of its words to FTS5, too.
            pieces = " ".join(_WORD.findall(phrase if phrase is not None else word))
            if pieces:
                terms.append(pieces.casefold())
                is_open = phrase is None and hit.end() == len(text)
    return Query(tuple(terms), sender, has_file, is_open)


def marked(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of what a query's words match in a text.

    They are in order and do not overlap.
    """
    spans: list[tuple[int, int]] = []
    for number, term in enumerate(query.terms):
        words = [re.escape(word) for word in term.split()]
        end = r"\w*" if query.is_open and number == len(query.terms) - 1 else ""
        pattern = r"(?<!\w)" + r"\W+".join(words) + end + r"(?!\w)"
        spans += [hit.span() for hit in re.finditer(pattern, text, re.IGNORECASE)]
    kept: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, stop))
    return tuple(kept)
