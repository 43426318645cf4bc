"""The colours of code: Pygments' tokens as spans, for the languages named here, within bounds.

Code in a fence comes from other people, and a lexer is a heap of regular expressions. So only a few
dozen languages that a class uses are coloured, a hostile text stops being coloured after a tenth of
a second of this thread's time, and no language is guessed. Everything else stays plain.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Token, _TokenType

from client.text.markup import Block, BlockKind, Span, Style

MAX_CODE: Final = 20_000  # characters; longer code stays plain
MAX_LINE: Final = 2_000
BUDGET_S: Final = 0.1  # of the thread's own time; 400 lines of Python take about 30 ms
QUICK_LINES: Final = 60  # 4 ms of Python; a lexer that is used for the first time takes 2 to 25 ms
TOKENS_A_LOOK: Final = 16  # at the clock
LANGUAGES: Final = frozenset(
    {
        "python",
        "pycon",
        "c",
        "cpp",
        "csharp",
        "java",
        "kotlin",
        "scala",
        "swift",
        "go",
        "rust",
        "javascript",
        "typescript",
        "php",
        "ruby",
        "perl",
        "lua",
        "r",
        "julia",
        "haskell",
        "sql",
        "bash",
        "powershell",
        "batch",
        "json",
        "yaml",
        "toml",
        "ini",
        "xml",
        "html",
        "css",
        "make",
        "docker",
        "cmake",
        "diff",
        "console",
        "http",
        "tex",
    }
)
STYLES: Final[dict[_TokenType, Style]] = {
    Token.Keyword: Style.KEYWORD,
    Token.Operator.Word: Style.KEYWORD,
    Token.Name.Tag: Style.KEYWORD,
    Token.Literal.String: Style.STRING,
    Token.Literal.Number: Style.NUMBER,
    Token.Comment: Style.COMMENT,
    Token.Generic.Output: Style.COMMENT,
    Token.Name.Function: Style.NAME,
    Token.Name.Class: Style.NAME,
    Token.Name.Decorator: Style.NAME,
    Token.Name.Builtin: Style.NAME,
    Token.Name.Exception: Style.NAME,
    Token.Name.Attribute: Style.NAME,
    Token.Generic.Heading: Style.NAME,
    Token.Generic.Subheading: Style.NAME,
    Token.Generic.Inserted: Style.ADDED,
    Token.Generic.Deleted: Style.REMOVED,
}


@cache
def _names() -> dict[str, str]:
    """Return the language of each name that may follow a fence."""
    return {
        alias: known[0]
        for _, aliases, _, _ in get_all_lexers(plugins=False)
        if (known := [one for one in aliases if one in LANGUAGES])
        for alias in aliases
    }


def language_of(info: str) -> str:
    """Return the language that a name means; "" if it is not coloured."""
    return _names().get(info.lower(), "")


_lexers: dict[str, Lexer] = {}
_loading = threading.Lock()  # a lexer's class is completed when it is used for the first time


def _lexer(language: str) -> Lexer:
    if language not in _lexers:
        with _loading:
            _lexers[language] = get_lexer_by_name(language)
    return _lexers[language]


@cache
def _style(token: _TokenType) -> Style:
    while token is not Token:
        if token in STYLES:
            return STYLES[token]
        token = token.parent
    return Style.PLAIN


def highlight(
    code: str, info: str = "", clock: Callable[[], float] = time.thread_time
) -> tuple[Span, ...]:
    """Return the coloured tokens of code. Any thread."""
    language = language_of(info)
    if not language or len(code) > MAX_CODE or max(map(len, code.split("\n"))) > MAX_LINE:
        return ()
    lexer = _lexer(language)  # loading it does not count, because the code is not to blame for it
    spans: list[Span] = []
    end, at = clock() + BUDGET_S, 0
    # Many lexers see a comment only if its line ends.
    for number, (start, token, text) in enumerate(lexer.get_tokens_unprocessed(f"{code}\n")):
        if number % TOKENS_A_LOOK == 0 and clock() > end:
            break
        style, stop = _style(token), min(start + len(text), len(code))
        if not style or start < at or start >= stop:
            continue
        at = stop
        last = spans[-1] if spans else None
        if last is not None and (last.end, last.style) == (start, style):
            spans[-1] = Span(last.start, at, style)
        else:
            spans.append(Span(start, at, style))
    return tuple(spans)


def coloured(
    blocks: tuple[Block, ...], clock: Callable[[], float] = time.thread_time
) -> tuple[Block, ...]:
    """Return the blocks with their code coloured; all of them share one bound. Any thread."""
    end = clock() + 2 * BUDGET_S
    return tuple(
        replace(block, spans=highlight(block.text, block.language, clock))
        if block.kind is BlockKind.CODE and block.language and clock() < end
        else block
        for block in blocks
    )


def is_quick(blocks: tuple[Block, ...]) -> bool:
    """Return whether colouring fits between two frames.

    It does for little code in languages whose lexers are loaded.
    """
    painted = [(block, language) for block in blocks if (language := language_of(block.language))]
    lines = sum(block.text.count("\n") + 1 for block, _ in painted)
    return lines <= QUICK_LINES and all(language in _lexers for _, language in painted)
