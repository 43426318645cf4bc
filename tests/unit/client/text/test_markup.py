"""The Markdown of messages: what becomes a block, what becomes a span, and what stays text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from client.text.markdown import MAX_CELLS, MAX_LEVEL, trim_url
from client.text.markup import (
    DONE_BOX,
    LONG_LINES,
    LONG_TEXT,
    MAX_BLOCKS,
    OPEN_BOX,
    Align,
    Block,
    BlockKind,
    Container,
    Style,
    is_deceptive,
    is_long,
    one_line,
    parse,
    plain,
)
from tests.support.work import steps

QUOTE, LIST = Container.QUOTE, Container.LIST


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
        (
            "**a *b* c**",
            "a b c",
            [("a ", Style.BOLD), ("b", Style.BOLD | Style.ITALIC), (" c", Style.BOLD)],
        ),
        ("**a\nb**", "a\nb", [("a\nb", Style.BOLD)]),
        ("ask @carmen_d!", "ask @carmen_d!", [("@carmen_d", Style.MENTION)]),
        ("**@ana**", "@ana", [("@ana", Style.BOLD | Style.MENTION)]),
        ("@bob.k.", "@bob.k.", [("@bob.k", Style.MENTION)]),
        (r"\@bob @@bob", "@bob @@bob", []),
        ("mail a@b.edu", "mail a@b.edu", []),
        ("2 * 3 * 4", "2 * 3 * 4", []),
        ("snake_case_name", "snake_case_name", []),
        (r"\*not\*", "*not*", []),
        ("**open", "**open", []),
        ("a | b", "a | b", []),
        # Entities are HTML, and HTML is off: whoever asks about "&amp;" is quoted as he wrote.
        ("<b>no html</b> &amp; &#8238;", "<b>no html</b> &amp; &#8238;", []),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", []),
        (
            "[x](JAVASCRIPT:a) [y](file:///etc) [z](data:text/html,a) [w](//a.b) [v](a)",
            "[x](JAVASCRIPT:a) [y](file:///etc) [z](data:text/html,a) [w](//a.b) [v](a)",
            [],
        ),
        ("<javascript:a>", "<javascript:a>", []),
        # A line that CommonMark takes for the definition of a reference would vanish.
        ("[note]: the server is down", "[note]: the server is down", []),
        ("hidden [x][note]", "hidden [x][note]", []),
    ],
)
def test_inline(source: str, text: str, spans: list[tuple[str, Style]]) -> None:
    block = only(source)
    assert block.text == text
    assert styled(block) == spans


def test_links_know_their_address() -> None:
    block = only(
        "see [slides](https://x.edu/s_1_) or https://y.edu/a_(b)?q=1, ok <mailto:a@b.c> ![i](HTTPS://z.edu/i)"
    )
    assert [
        (block.text[span.start : span.end], span.target, span.style) for span in block.spans
    ] == [
        ("slides", "https://x.edu/s_1_", Style.LINK),
        ("https://y.edu/a_(b)?q=1", "https://y.edu/a_(b)?q=1", Style.LINK),
        ("mailto:a@b.c", "mailto:a@b.c", Style.LINK),
        ("i", "HTTPS://z.edu/i", Style.LINK),  # an image is not loaded, it is a link
    ]
    assert block.text == "see slides or https://y.edu/a_(b)?q=1, ok mailto:a@b.c !i"


@pytest.mark.parametrize(
    "source", ["xhttps://a.b", "https://", "https://.", "http:/a.b", "ftp://a.b", "@a.https://b"]
)
def test_what_is_no_address(source: str) -> None:
    assert not [span for span in only(source).spans if span.style & Style.LINK]


def test_too_long_an_address_is_no_link() -> None:
    assert only(f"[a](https://b.c/{'d' * 900})").text == "a"
    for source in (f"[a](https://b.c/{'d' * 3000})", "https://b.c/" + "\u20ac" * 900):
        block = only(source)
        assert block.text == source and all(len(span.target) <= 1010 for span in block.spans)


def test_a_label_that_looks_like_another_address_shows_both() -> None:
    block = only("pay [https://bank.edu/x](https://evil.example/y) now")
    assert block.text == "pay [https://bank.edu/x](https://evil.example/y) now"
    assert [(block.text[span.start : span.end], span.target) for span in block.spans] == [
        ("https://evil.example/y", "https://evil.example/y")
    ]
    within = only("a **[www.bank.edu](https://evil.example)**")
    assert within.text == "a [www.bank.edu](https://evil.example)"


@pytest.mark.parametrize(
    ("label", "target", "deceptive"),
    [
        ("https://a.edu/x", "https://a.edu/y", False),
        ("www.a.edu", "https://a.edu", False),
        ("a.edu", "https://www.a.edu/x", False),
        ("bank.com", "https://evil.example", True),
        ("www.bank.de", "https://evil.example", True),
        ("see https://bank.com", "https://evil.example", True),
        ("https://bank.com@evil.example", "https://evil.example", False),
        ("https://[::1", "https://evil.example", True),
        ("main.py", "https://github.com/x", False),
        ("a@bank.com", "mailto:x@evil.example", False),
    ],
)
def test_which_labels_deceive(label: str, target: str, deceptive: bool) -> None:
    assert is_deceptive(label, target) is deceptive


def test_hosts_of_other_letters_are_shown_as_they_are_asked_for() -> None:
    assert (
        only("https://\u0430pple.com/\u00e4").spans[0].target == "https://xn--pple-43d.com/%C3%A4"
    )


def test_trim_url() -> None:
    assert trim_url("https://a.b/c).") == "https://a.b/c"
    assert trim_url("https://a.b/c_(d)") == "https://a.b/c_(d)"


def shape(text: str) -> list[tuple[BlockKind, str, tuple[Container, ...], str]]:
    return [(block.kind, block.text, block.inside, block.marker) for block in parse(text)]


def test_blocks() -> None:
    # CommonMark: what stands right below a list item or a quote, not indented, goes on with it.
    # Here it does not:
    # a fence, a quote and a list begin by themselves, and a blank line ends what is before "end".
    assert shape(
        "Two\nlines\n\n- one\n  more\n  - deep\n\n3. three\n> said\n> so\n```py\nx = 1  # a\n```\nend"
    ) == [
        (BlockKind.PARAGRAPH, "Two\nlines", (), ""),
        (BlockKind.PARAGRAPH, "one\nmore", (LIST,), "•"),
        (BlockKind.PARAGRAPH, "deep", (LIST, LIST), "•"),
        (BlockKind.PARAGRAPH, "three", (LIST,), "3."),
        (BlockKind.PARAGRAPH, "said\nso", (QUOTE,), ""),
        (BlockKind.CODE, "x = 1  # a", (), ""),
        (BlockKind.PARAGRAPH, "end", (), ""),
    ]


def test_nesting_is_that_of_commonmark() -> None:
    assert shape(
        "> a\n>\n> > b\n>\n> 1. c\n>\n>    d\n\n- > e\n- - f\n-\n- ```\n  g\n  ```\n- # h"
    ) == [
        (BlockKind.PARAGRAPH, "a", (QUOTE,), ""),
        (BlockKind.PARAGRAPH, "b", (QUOTE, QUOTE), ""),
        (BlockKind.PARAGRAPH, "c", (QUOTE, LIST), "1."),
        (BlockKind.PARAGRAPH, "d", (QUOTE, LIST), ""),
        (BlockKind.PARAGRAPH, "", (LIST,), "•"),
        (BlockKind.PARAGRAPH, "e", (LIST, QUOTE), ""),
        (BlockKind.PARAGRAPH, "", (LIST,), "•"),
        (BlockKind.PARAGRAPH, "f", (LIST, LIST), "•"),
        (BlockKind.PARAGRAPH, "", (LIST,), "•"),
        (BlockKind.CODE, "g", (LIST,), "•"),
        (BlockKind.HEADING, "h", (LIST,), "•"),
    ]


def test_tasks() -> None:
    found = [
        (block.marker, block.text)
        for block in parse("- [ ] open **x**\n- [X] done\n- [x]\n- [xy] no\n1. [ ] no")
    ]
    assert found == [
        (OPEN_BOX, "open x"),
        (DONE_BOX, "done"),
        (DONE_BOX, ""),
        ("•", "[xy] no"),
        ("1.", "[ ] no"),
    ]


def test_headings_and_rules() -> None:
    blocks = parse("# One *x*\n###### Six\nTwo\n---\n\n***")
    assert [(block.kind, block.text, block.level) for block in blocks] == [
        (BlockKind.HEADING, "One x", 1),
        (BlockKind.HEADING, "Six", 6),
        (BlockKind.HEADING, "Two", 2),
        (BlockKind.RULE, "", 0),
    ]


def test_tables() -> None:
    table = only("| a | b | c |\n|---|:-:|--:|\n| `x\\|y` | **z** |\n| 1 | 2 | 3 | 4 |")
    assert table.kind is BlockKind.TABLE and table.text == "a\tb\tc\nx|y\tz\t\n1\t2\t3"
    assert [cell.align for cell in table.rows[0]] == [Align.START, Align.CENTER, Align.END]
    cell = table.rows[1][0]
    assert [(cell.text[span.start : span.end], span.style) for span in cell.spans] == [
        ("x|y", Style.CODE)
    ]
    assert all(len(row) == 3 for row in table.rows)
    assert [block.kind for block in parse("text\n|a|\n|-|\n|b|\n\ntext")] == [
        BlockKind.PARAGRAPH,
        BlockKind.TABLE,
        BlockKind.PARAGRAPH,
    ]


def test_code_keeps_its_indentation_with_and_without_a_fence() -> None:
    assert (
        only("for x in y:\n    if x:\n        go(x)  \nend").text
        == "for x in y:\n    if x:\n        go(x)\nend"
    )
    assert shape("    def f():\n        return 1") == [
        (BlockKind.CODE, "def f():\n    return 1", (), "")
    ]
    assert only("```\n\tx\n```").text == "    x"


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("C++ title=x", "c++"),
        ("{.py #id} a b", "{.py"),
        ("x" * 300, "x" * 300),
        ("", ""),
    ],
)
def test_a_fence_may_have_any_info(info: str, language: str) -> None:
    for fence in ("```", "~~~~"):
        block = only(f"{fence}{info}\nx\n{fence}")
        assert (block.kind, block.text, block.language) == (BlockKind.CODE, "x", language)


def test_an_open_fence_runs_to_the_end_and_keeps_markup() -> None:
    blocks = parse("```\n**x**\n\n- y")
    assert [(block.kind, block.text) for block in blocks] == [(BlockKind.CODE, "**x**\n\n- y")]


def test_control_characters_go() -> None:
    assert only("a\x00b\u2028c").text == "ab\nc"


def test_one_line() -> None:
    assert (
        one_line("**a**\n\n```\ncode\n```\n- b\n\n|c|d|\n|-|-|\n|e|f|\n***") == "a code b c d e f"
    )
    assert len(one_line("x" * 1000)) == 200
    assert one_line("") == one_line("***") == ""


def test_which_texts_are_long() -> None:
    assert not is_long("x" * LONG_TEXT) and is_long("x" * (LONG_TEXT + 1))
    assert not is_long("\n" * LONG_LINES) and is_long("\n" * (LONG_LINES + 1))


# --- bounds ---


def test_what_is_nested_too_deep_is_text() -> None:
    deep = only(">" * 40 + "a\n" + ">" * 40 + "b")
    assert deep.inside == (QUOTE,) * MAX_LEVEL and deep.text.replace(">", "").split() == ["a", "b"]
    lists = parse("\n".join(f"{'  ' * level}- {level}" for level in range(30)))
    assert max(len(block.inside) for block in lists) == MAX_LEVEL // 2
    assert [
        int(digits) for block in lists for digits in block.text.replace("-", "").split()
    ] == list(range(30))
    ended = parse("- " * 12 + "a\n" + "  " * 12 + "b\n\nc")
    assert [block.text for block in ended][-1] == "c" and ended[-1].inside == ()


def test_too_many_blocks_are_text() -> None:
    blocks = parse("- a\n\n" * (MAX_BLOCKS + 50))
    assert len(blocks) == MAX_BLOCKS + 1
    assert blocks[-1].text == "\n\n".join(["- a"] * 50)


def test_too_many_cells_are_text() -> None:
    wide = only("|a" * 40 + "|\n" + "|-" * 40 + "|\n" + "|b" * 40 + "|")
    assert wide.kind is BlockKind.PARAGRAPH and wide.text.count("b") == 40
    long = parse("|a|b|\n|-|-|\n" + "|c|d|\n" * 500)
    assert [block.kind for block in long] == [BlockKind.TABLE, BlockKind.PARAGRAPH]
    assert sum(len(row) for row in long[0].rows) <= MAX_CELLS
    assert sum(block.text.count("c") for block in long) == 500
    many = parse("|a|\n|-|\n|b|\n\n" * 100)
    assert sum(len(row) for block in many for row in block.rows) <= MAX_CELLS
    assert sum(block.text.count("b") for block in many) == 100


HOSTILE = [
    "*",
    "**",
    "**a",
    "*a ",
    "*a_ ",
    "a*b_",
    "_a ",
    "`",
    "`a",
    "``` `",
    "[",
    "]",
    "[](",
    "[a](",
    "[a](<b",
    "[a](https://",
    "[https://",
    "![",
    "![a](<",
    "<",
    "<a",
    "<a:",
    "~~",
    "~~a",
    "@",
    "@a",
    "@a.",
    "\\",
    "&",
    "#",
    "# a\n",
    "> ",
    ">",
    "> a\n",
    "> - ",
    "- ",
    "- a\n",
    "- [ ] a\n",
    "1. ",
    "```\n",
    "|",
    "|a",
    "|-",
    "|a|\n|-|\n",
    "a|\n-|\n",
    "|a|b|\n|-|-|\n|\n\n",
    "a\n",
    "a\n\n",
    "=\n",
    "-\n",
    "a\n-\n",
    "\t",
    " ",
    " \n",
    "https://a ",
    "http://a) ",
    "(",
    "https://",
    "[a]: b\n",
    "a  \n",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_work_in_proportion_to_their_length(piece: str) -> None:
    def read(length: int) -> int:
        text = (piece * (length // len(piece) + 1))[:length]
        parse("warm *up*")
        return steps(lambda: parse(text))

    small, large = (
        read(1024),
        read(8 * 1024),
    )  # the bounds of blocks and cells make the ratio smaller, not larger
    assert large <= 10 * small, (small, large)


@pytest.mark.slow
def test_many_columns_take_no_more_work_than_their_length() -> None:
    def table(length: int) -> str:
        return "|a" * (length // 6) + "\n" + "|-" * (length // 6) + "\n" + "|\n" * (length // 6)

    assert steps(lambda: parse(table(8192))) <= 10 * steps(lambda: parse(table(1024)))
    sparse = "|a" * 15 + "|\n" + "|-" * 15 + "|\n" + "|\n" * 1900  # the library fills up each row
    assert steps(lambda: parse(sparse)) <= 2 * steps(lambda: parse("a\n" * (len(sparse) // 2)))


# --- whatever is written ---

ALPHABET = "ab *_`~[]()<>@-#\n\\1.!:/https|=+\t&;x\u05d0\U0001f44d"
MARKS = set("*_`~[]()<>#\\!|=+-.:&; \n\t/1") | {"x"}


@given(st.text(alphabet=ALPHABET, max_size=200))
@example("[a](https://[)")
@example("https://[a]:b/")
def test_spans_lie_in_order_within_the_text(source: str) -> None:
    blocks = parse(source)
    assert blocks
    for block in blocks:
        cells = [(cell.text, cell.spans) for row in block.rows for cell in row]
        for text, spans in ((block.text, block.spans), *cells):
            end = 0
            for span in spans:
                assert end <= span.start < span.end <= len(text)
                end = span.end
                if span.style & Style.MENTION:
                    assert text[span.start : span.end] == f"@{span.target}"
                if span.style & Style.LINK:
                    assert span.target.lower().startswith(("http://", "https://", "mailto:"))


@given(st.text(max_size=300))
def test_any_text_can_be_read(source: str) -> None:
    assert "\n" not in one_line(source)
    for block in parse(source):
        assert not set(block.text) & set("\r\0\u2028\u2029")


@given(st.text(alphabet="ab *_~>#\n-|=+@\u05d0\U0001f44d1.\\", max_size=200))
def test_no_letter_gets_lost(source: str) -> None:
    """But for links (whose address is behind the text) and the words behind a fence, all that is no
    mark is shown.
    """

    def letters(text: str) -> list[str]:
        return [letter for letter in text if letter not in MARKS]

    shown = "".join(f"{block.text}" for block in parse(source))
    assert letters(shown) == letters(plain(source))


@given(st.text(alphabet="ab *_`#>|-\n", max_size=200))
def test_what_stands_in_a_fence_stays_as_it_is(code: str) -> None:
    block = parse(f"~~~~\n{code}\n~~~~")[0]
    assert (block.kind, block.text) == (BlockKind.CODE, code)
