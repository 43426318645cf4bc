"""How a message is parsed: CommonMark by markdown-it-py, our additions, and our bounds; pure.

On: the commonmark preset with tables and strikethrough. Off: HTML, entities and images (a message
is never HTML), and link references (a line that defines one would not be shown). Ours: mentions,
bare addresses, the indentation of lines within a paragraph, and bounds of depth and cells. All work
is linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_LEVEL: Final = (
    16  # a quote takes one level, a list two; deeper text becomes a paragraph as it was written
)
MAX_COLUMNS: Final = 16
MAX_CELLS: Final = 400  # in all tables of a message; further rows are lines of text
MAX_ADDRESS: Final = 1000  # characters, more where they are written as %XX
_OFF = ("html_block", "html_inline", "entity", "image", "reference")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_MENTION = re.compile(r"@(\w(?:[\w.-]{0,38}\w)?)")
_REST_OF_URL = re.compile(rf'://[^\s<>"`]{{1,{MAX_ADDRESS}}}')
_SCHEME = re.compile(r"(?<!\w)https?$", re.IGNORECASE)


class _Reader(MarkdownIt):
    """Accepts only web and mail addresses as links."""

    def validateLink(self, url: str) -> bool:
        return len(url) <= 3 * MAX_ADDRESS and _ADDRESS.fullmatch(url) is not None


@cache
def _reader() -> MarkdownIt:
    reader = (
        _Reader("commonmark", {"html": False})
        .enable(["table", "strikethrough"])
        .disable(list(_OFF))
    )
    reader.block.ruler.at("table", _table, {"alt": ["paragraph"]})
    reader.block.ruler.before("table", "deep", _deep)
    reader.inline.ruler.at("newline", _newline)
    reader.inline.ruler.after("newline", "mention", _mention)
    reader.inline.ruler.after("newline", "url", _url)
    return reader


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text that `markup.plain` has cleaned."""
    return _reader().parse(text, {})


def trim_url(url: str) -> str:
    """Return an address without the punctuation of the sentence around it."""
    while url and url[-1] in ".,;:!?'*_~)]}":
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


# --- blocks ---


def _deep(state: StateBlock, start: int, end: int, _silent: bool) -> bool:
    """Take text that is nested too deeply as one paragraph: the library would drop it."""
    if state.level < MAX_LEVEL:
        return False
    line = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    state.line = line
    for kind, nesting in (("paragraph_open", 1), ("inline", 0), ("paragraph_close", -1)):
        token = state.push(kind, "p" if nesting else "", nesting)  # type: ignore[arg-type]
        token.map = [start, line]
        if not nesting:
            token.content, token.children = (
                state.getLines(start, line, state.blkIndent, False).strip(),
                [],
            )
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table of at most 16 columns, and no more rows than the message has cells left."""
    if start + 2 > end:
        return False
    columns = max(1, state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) - 1)
    rows = (MAX_CELLS - state.env.get("cells", 0)) // (columns + 2)
    if columns > MAX_COLUMNS or rows < 1:
        return False
    if not table(state, start, min(end, start + 1 + rows), silent):
        return False
    if not silent:
        state.env["cells"] = state.env.get("cells", 0) + (state.line - start - 1) * (columns + 2)
    return True


# --- inlines ---


def _newline(state: StateInline, silent: bool) -> bool:
    """Break the line as it was written, and keep the spaces at the start of the next one."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
        state.push("softbreak", "br", 0)
    state.pos += 1
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    """Take @name unless it is inside a word or a link."""
    at = state.pos
    if silent or state.src[at] != "@" or state.linkLevel:
        return False
    if at and (state.src[at - 1].isalnum() or state.src[at - 1] in "_@."):
        return False
    hit = _MENTION.match(state.src, at, state.posMax)
    if hit is None:
        return False
    state.push("mention", "", 0).content = hit.group(1)
    state.pos = hit.end()
    return True


def _url(state: StateInline, silent: bool) -> bool:
    """Take a bare web address, whose scheme has already been read."""
    at = state.pos
    # Silent: this looks for the end of a label, and an address must not extend beyond it.
    if silent or state.src[at] != ":" or state.linkLevel:
        return False
    scheme = _SCHEME.search(state.src, max(0, at - 6), at)
    rest = _REST_OF_URL.match(state.src, at, state.posMax)
    if scheme is None or rest is None:
        return False
    url = trim_url(scheme.group() + rest.group())
    if len(url) <= len(scheme.group()) + 3 or not state.pending.endswith(scheme.group()):
        return False  # nothing is behind it, or it is the end of something else, such as a mention
    target = state.md.normalizeLink(url)
    if not state.md.validateLink(target):
        state.append_pending(
            rest.group()
        )  # as a whole: another address may begin at each of its letters
        state.pos = rest.end()
        return True
    state.pending = state.pending[: -len(scheme.group())]
    state.push("link_open", "a", 1).attrs = {"href": target}
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos = at + len(url) - len(scheme.group())
    return True
