"""The documents are written in plain English, in lines short enough for a diff to be read."""

from __future__ import annotations

from collections.abc import Iterator

from tools.module_map import ROOT

MAX_COLUMNS = 120
_NOT_YET = {"CHANGELOG.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"}


def _documents() -> Iterator[tuple[str, str]]:
    paths = [
        *ROOT.glob("*.md"),
        *(
            path
            for folder in ("docs", "tests", "broker", "client", "shared", "tools", "benchmarks")
            for path in (ROOT / folder).rglob("*.md")
        ),
    ]
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if name not in _NOT_YET:
            yield name, path.read_text(encoding="utf-8")


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that somebody wrote as sentences, with their numbers.

    Tables, code, and what a program writes between two comments are left out.
    """
    is_fenced = is_generated = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("<!--"):
            is_generated = not line.startswith("<!-- end")
        elif line.lstrip().startswith("```"):
            is_fenced = not is_fenced
        elif not (is_fenced or is_generated or line.startswith(("|", "    "))):
            yield number, line


def _long_lines(text: str) -> list[int]:
    return [number for number, line in _prose(text) if len(line) > MAX_COLUMNS]


def test_documents_are_wrapped() -> None:
    documents = dict(_documents())
    assert len(documents) > 20 and "README.md" in documents
    assert {name: found for name, text in documents.items() if (found := _long_lines(text))} == {}


def test_a_line_that_is_too_long_is_found() -> None:
    wide = "word " * 30
    text = (
        f"| {wide} |\n```\n{wide}\n```\n    {wide}\n<!-- t -->\n{wide}\n<!-- end of t -->\n{wide}"
    )
    assert _long_lines(text) == [9]
    assert _long_lines(f"- {wide}\n") == [1]
