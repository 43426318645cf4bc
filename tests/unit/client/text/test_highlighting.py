"""The colours of code: which tokens, which languages, and what it may cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.text import highlighting
from client.text.highlighting import (
    BUDGET_S,
    LANGUAGES,
    MAX_CODE,
    MAX_LINE,
    QUICK_LINES,
    TOKENS_A_LOOK,
    coloured,
    highlight,
    is_quick,
    language_of,
)
from client.text.markup import Block, BlockKind, Style, parse


def painted(code: str, info: str) -> list[tuple[str, Style]]:
    return [(code[span.start : span.end], span.style) for span in highlight(code, info)]


def test_highlighting_stops_comments_at_the_end_of_the_line() -> None:
    assert painted('if x:  # why\n    return "a # b", 0x1F', "python") == [
        ("if", Style.KEYWORD),
        ("# why", Style.COMMENT),
        ("return", Style.KEYWORD),
        ('"a # b"', Style.STRING),
        ("0x1F", Style.NUMBER),
    ]
    assert painted("x // y", "c") == [("// y", Style.COMMENT)]


@pytest.mark.parametrize(
    ("info", "code", "token", "style"),
    [
        ("py", "def run(): pass", "run", Style.NAME),
        ("Python3", "@cached", "@cached", Style.NAME),
        ("python", "a and b", "and", Style.KEYWORD),
        ("c++", "int x = 1;", "int", Style.KEYWORD),
        ("html", '<a href="x">', "href", Style.NAME),
        ("sql", "SELECT 1", "SELECT", Style.KEYWORD),
        ("rs", 'let x = "\U0001f44d y";', '"\U0001f44d y"', Style.STRING),
        ("diff", "+a", "+a", Style.ADDED),
        ("diff", "-a", "-a", Style.REMOVED),
        ("json", '{"a": 12}', "12", Style.NUMBER),
        ("console", "$ ls", "ls", Style.PLAIN),
    ],
)
def test_what_a_token_looks_like(info: str, code: str, token: str, style: Style) -> None:
    found = painted(code, info)
    assert ((token, style) in found) if style else not [one for one in found if one[0] == token]


@pytest.mark.parametrize(
    "info", ["", "text", "output", "nonsense", "brainfuck", "x" * 400, "../python", "{.py"]
)
def test_what_is_no_known_language_stays_plain(info: str) -> None:
    assert language_of(info) == "" and highlight("if x: # y", info) == ()


@pytest.mark.slow
def test_every_language_has_a_lexer() -> None:
    for language in LANGUAGES:
        assert language_of(language) == language
        highlight("a", language)  # an unknown name would be an error


def test_too_much_code_stays_plain() -> None:
    line = "if x: # y\n"
    assert highlight(line * (MAX_CODE // len(line)), "python")
    assert highlight(line * (MAX_CODE // len(line) + 1), "python") == ()
    assert highlight("#" * MAX_LINE, "python") and highlight("#" * (MAX_LINE + 1), "python") == ()


def clock_of(step: float) -> Callable[[], float]:
    """A clock that goes on by a step each time somebody looks."""
    now = 0.0

    def look() -> float:
        nonlocal now
        now += step
        return now

    return look


def test_colouring_ends_when_its_time_is_over() -> None:
    code = "if x: # y\n" * 100
    spans = highlight(code, "python", clock_of(BUDGET_S / 5))
    assert 5 < len(spans) <= 5 * TOKENS_A_LOOK and spans == highlight(code, "python")[: len(spans)]
    blocks = (Block(kind=BlockKind.CODE, text=code, language="python"),) * 5
    made = coloured(blocks, clock_of(BUDGET_S / 5))
    assert [bool(block.spans) for block in made] == [True, True, False, False, False]


def test_only_code_is_coloured() -> None:
    blocks = parse("if *x*:\n\n```py\nif\n```\n\n    if\n")
    assert [block.spans for block in coloured(blocks)] == [
        blocks[0].spans,
        highlight("if", "python"),
        (),
    ]


def test_what_is_quick() -> None:
    def code(lines: int, language: str = "python") -> tuple[Block, ...]:
        return parse(f"```{language}\n" + "\n".join(["x"] * lines) + "\n```")

    highlight("x", "python")
    assert is_quick(code(QUICK_LINES)) and not is_quick(code(QUICK_LINES + 1))
    assert not is_quick(code(QUICK_LINES // 2 + 1) * 2)
    assert is_quick(code(1000, "nonsense")) and is_quick(parse("text"))
    highlighting._lexers.pop("julia", None)  # another test may have read it
    assert not is_quick(code(1, "julia"))
    highlight("x", "julia")
    assert is_quick(code(1, "julia"))


@given(st.text(max_size=300), st.sampled_from(sorted(LANGUAGES)))
def test_spans_lie_in_order_within_any_code(code: str, language: str) -> None:
    end = 0
    for span in highlight(code, language):
        assert end <= span.start < span.end <= len(code) and span.style
        end = span.end
