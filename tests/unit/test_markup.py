"""The Markdown subset: what becomes a block, what becomes a span, and what stays text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.markup import Block, BlockKind, Style, highlight, one_line, parse, trim_url


def styled(block: Block) -> list[tuple[str, Style]]:
    return [(block.text[span.start : span.end], span.style) for span in block.spans]


def only(text: str) -> Block:
    (block,) = parse(text)
    return block


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("**bold** x", "bold x", [("bold", Style.BOLD)]),
        ("*it* and _it_", "it and it", [("it", Style.ITALIC), ("it", Style.ITALIC)]),
        ("a `x * y * z` b", "a x * y * z b", [("x * y * z", Style.CODE)]),
        ("``a ` b``", "a ` b", [("a ` b", Style.CODE)]),
        ("~~no~~", "no", [("no", Style.STRIKE)]),
        ("**a *b* c**", "a b c", [("a ", Style.BOLD), ("b", Style.BOLD | Style.ITALIC), (" c", Style.BOLD)]),
        ("ask @carmen_d!", "ask @carmen_d!", [("@carmen_d", Style.MENTION)]),
        ("@bob.k.", "@bob.k.", [("@bob.k", Style.MENTION)]),
        ("mail a@b.edu", "mail a@b.edu", []),
        ("2 * 3 * 4", "2 * 3 * 4", []),
        ("snake_case_name", "snake_case_name", []),
        (r"\*not\*", "*not*", []),
        ("**open", "**open", []),
        ("<b>no html</b> &amp;", "<b>no html</b> &amp;", []),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", []),
    ],
)
def test_inline(source: str, text: str, spans: list[tuple[str, Style]]) -> None:
    block = only(source)
    assert block.text == text
    assert styled(block) == spans


def test_links_know_their_address() -> None:
    block = only("see [slides](https://x.edu/s_1_) or https://y.edu/a_(b)?q=1, ok")
    assert [(span.target, span.style) for span in block.spans] == [
        ("https://x.edu/s_1_", Style.LINK),
        ("https://y.edu/a_(b)?q=1", Style.LINK),
    ]
    assert block.text == "see slides or https://y.edu/a_(b)?q=1, ok"


def test_trim_url() -> None:
    assert trim_url("https://a.b/c).") == "https://a.b/c"
    assert trim_url("https://a.b/c_(d)") == "https://a.b/c_(d)"


def test_blocks() -> None:
    blocks = parse("Two\nlines\n\n- one\n  more\n  - deep\n3. three\n> said\n> so\n```py\nx = 1  # a\n```\nend")
    assert [(block.kind, block.text, block.marker, block.level) for block in blocks] == [
        (BlockKind.PARAGRAPH, "Two\nlines", "", 0),
        (BlockKind.LIST_ITEM, "one\nmore", "•", 0),
        (BlockKind.LIST_ITEM, "deep", "•", 1),
        (BlockKind.LIST_ITEM, "three", "3.", 0),
        (BlockKind.QUOTE, "said\nso", "", 0),
        (BlockKind.CODE, "x = 1  # a", "", 0),
        (BlockKind.PARAGRAPH, "end", "", 0),
    ]


def test_an_open_fence_runs_to_the_end_and_keeps_markup() -> None:
    blocks = parse("```\n**x**\n\n- y")
    assert [(block.kind, block.text) for block in blocks] == [(BlockKind.CODE, "**x**\n\n- y")]


def test_highlighting_stops_comments_at_the_end_of_the_line() -> None:
    code = 'if x:  # why\n    return "a # b", 0x1F'
    assert [(code[span.start : span.end], span.style) for span in highlight(code, "python")] == [
        ("if", Style.KEYWORD),
        ("# why", Style.COMMENT),
        ("return", Style.KEYWORD),
        ('"a # b"', Style.STRING),
        ("0x1F", Style.NUMBER),
    ]
    assert [span.style for span in highlight("x // y", "c")] == [Style.COMMENT]
    assert highlight("if x", "text") == ()


def test_control_characters_go() -> None:
    assert only("a\x00b\u2028c").text == "ab\nc"


def test_one_line() -> None:
    assert one_line("**a**\n\n```\ncode\n```\n- b") == "a code b"
    assert len(one_line("x" * 1000)) == 200


@given(st.text(alphabet="ab *_`~[]()<>@-#\n\\1.!:/https", max_size=200))
def test_spans_lie_in_order_within_the_text(source: str) -> None:
    blocks = parse(source)
    assert blocks
    for block in blocks:
        end = 0
        for span in block.spans:
            assert end <= span.start < span.end <= len(block.text)
            end = span.end


@pytest.mark.parametrize(
    "piece", ["**", "*a ", "`", "[", "[a](https://", "_a ", "~~", "@", "> ", "- ", "```\n", '"""', "/*"]
)
def test_hostile_texts_take_no_long_time(piece: str) -> None:
    source = piece * (16_000 // len(piece))
    started = time.perf_counter()
    parse(source)
    highlight(source, "c")
    assert time.perf_counter() - started < 1.5
