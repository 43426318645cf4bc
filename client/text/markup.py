"""A message as blocks of plain text with styled spans, whatever somebody has sent.

Pure: no Qt, no HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, IntFlag
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from markdown_it.token import Token

from client.text.markdown import tokens_of

MAX_BLOCKS: Final = 400  # of one message; the rest is shown as it was written
LONG_TEXT: Final = 4096  # characters; longer texts are parsed off the window's thread
LONG_LINES: Final = 200


class BlockKind(Enum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"


class Container(Enum):
    """What a block is inside of."""

    QUOTE = "quote"
    LIST = "list"


class Align(Enum):
    """The alignment of a cell's text."""

    START = "start"
    CENTER = "center"
    END = "end"


class Style(IntFlag):
    """The look of a span; flags add up, those from KEYWORD on colour code."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    CODE = 4
    STRIKE = 8
    LINK = 16
    MENTION = 32
    KEYWORD = 64
    STRING = 128
    COMMENT = 256
    NUMBER = 512
    NAME = 1024  # of a function, a class, something built in
    ADDED = 2048
    REMOVED = 4096


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a block's text in one style.

    `target` is the address or the username.
    """

    start: int
    end: int
    style: Style
    target: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table."""

    text: str
    spans: tuple[Span, ...] = ()
    align: Align = Align.START


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a message that is laid out on its own; newlines separate its lines."""

    kind: BlockKind = BlockKind.PARAGRAPH
    text: str = ""  # of a table: its cells with tabs between them
    spans: tuple[Span, ...] = ()
    inside: tuple[Container, ...] = ()  # the outermost first
    marker: str = ""  # "•", "3." or a box of the list item that begins here
    level: int = 0  # of a heading, 1 to 6
    language: str = ""  # of code
    rows: tuple[tuple[Cell, ...], ...] = ()  # of a table, the head first


OPEN_BOX, DONE_BOX = "[ ]", "[x]"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_MARKED = re.compile(r"[\\`*_~\[<@\n]|://|^(?:[\s>#+=-]|\d{1,9}[.)])")
_BOX = re.compile(r"\[([ xX])\](?:[ \n]|$)")
_WITH_SCHEME = re.compile(r"https?:\s*/|^\s*www\.", re.IGNORECASE)
_LIKE_HOST = re.compile(r"\s*[\w.-]+\.(?:com|org|net|edu|gov|io)(?:[:/?#].*)?\s*", re.IGNORECASE)
_OPENING = {"strong_open": Style.BOLD, "em_open": Style.ITALIC, "s_open": Style.STRIKE}
_CLOSING = {"strong_close": Style.BOLD, "em_close": Style.ITALIC, "s_close": Style.STRIKE}


def plain(text: str) -> str:
    """Return the text with one kind of newline and without control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))


def is_long(text: str) -> bool:
    """Return whether the text takes too long to parse between two frames."""
    return len(text) > LONG_TEXT or text.count("\n") > LONG_LINES


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of a message in order, at least one; code is not coloured yet."""
    text = plain(text).expandtabs(4)
    if not _MARKED.search(text):
        return (Block(text=text.strip()),)
    return tuple(_BlockReader(text).read(tokens_of(text))) or (Block(),)


def one_line(text: str, length: int = 200) -> str:
    """Return the text without markup on one line, for quotes, notifications and screen readers."""
    return _one_line(text[: min(4 * length, LONG_TEXT)], length)


@lru_cache(maxsize=512)
def _one_line(text: str, length: int) -> str:
    # Painting asks for the same few lines over and over.
    return " ".join(" ".join(block.text.split()) for block in parse(text) if block.text.strip())[
        :length
    ]


class _BlockReader:
    """Walks the tokens of one message once."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._blocks: list[Block] = []
        self._inside: list[Container] = []
        self._marker = ""
        self._rows: list[list[Cell]] = []
        self._open = Token("", "", 0)  # whose text comes next

    def read(self, tokens: list[Token]) -> list[Block]:
        """Return the blocks; if there are too many, the rest of the source becomes one."""
        for token in tokens:
            if len(self._blocks) >= MAX_BLOCKS and token.map is not None and token.type != "inline":
                return [*self._blocks, Block(text="\n".join(self._lines[token.map[0] :]).rstrip())]
            self._take(token)
        return self._blocks

    def _take(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._text(token)
            case "fence" | "code_block":
                words = token.info.split()
                code = token.content.removesuffix("\n")
                self._put(
                    Block(
                        kind=BlockKind.CODE, text=code, language=words[0].lower() if words else ""
                    )
                )
            case "hr":
                self._put(Block(kind=BlockKind.RULE))
            case "blockquote_open":
                self._end_marker()
                self._inside.append(Container.QUOTE)
            case "bullet_list_open" | "ordered_list_open":
                self._end_marker()
                self._inside.append(Container.LIST)
            case "list_item_open":
                self._end_marker()
                self._marker = f"{token.info}{token.markup}" if token.info else "•"
            case "list_item_close":
                self._end_marker()
            case "blockquote_close" | "bullet_list_close" | "ordered_list_close":
                self._inside.pop()
            case "tr_open":
                self._rows.append([])
            case "table_close":
                self._end_table()
            case _:
                self._open = token

    def _text(self, token: Token) -> None:
        children, tag = token.children or [], self._open.tag
        if tag in ("th", "td"):
            text, spans = _inline(children)
            align = str(self._open.attrs.get("style", ""))
            where = (
                Align.CENTER
                if "center" in align
                else Align.END
                if "right" in align
                else Align.START
            )
            self._rows[-1].append(Cell(text.replace("\n", " "), spans, where))
            return
        if tag == "p" and self._marker == "•":
            self._marker = _take_box(children) or self._marker
        text, spans = _inline(children)
        if tag == "p":
            self._put(Block(text=text, spans=spans))
        else:
            self._put(Block(kind=BlockKind.HEADING, text=text, spans=spans, level=int(tag[1:])))

    def _put(self, block: Block) -> None:
        self._blocks.append(replace(block, inside=tuple(self._inside), marker=self._marker))
        self._marker = ""

    def _end_marker(self) -> None:
        """Show an item without text of its own before its contents."""
        if self._marker:
            self._put(Block())

    def _end_table(self) -> None:
        rows = tuple(tuple(row) for row in self._rows)
        text = "\n".join("\t".join(cell.text for cell in row) for row in rows)
        self._rows = []
        self._put(Block(kind=BlockKind.TABLE, text=text, rows=rows))


def _take_box(children: list[Token]) -> str:
    """Return a task's box, and remove it from the text."""
    first = children[0] if children else None
    hit = _BOX.match(first.content) if first is not None and first.type == "text" else None
    if first is None or hit is None:
        return ""
    first.content = first.content[hit.end() :]
    return OPEN_BOX if hit.group(1) == " " else DONE_BOX


def _inline(children: list[Token]) -> tuple[str, tuple[Span, ...]]:
    made = _InlineReader()
    for token in children:
        made.take(token)
    return "".join(made.pieces), tuple(made.spans)


class _InlineReader:
    """Collects the plain text of one block and its spans."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.spans: list[Span] = []
        self._length = 0
        self._styles: list[Style] = []
        self._target = ""
        self._label: tuple[int, int, int] = (
            0,
            0,
            0,
        )  # parts, spans and length before the label of a link

    def take(self, token: Token) -> None:
        """Add one token."""
        kind = token.type
        if kind in _OPENING:
            self._styles.append(_OPENING[kind])
        elif kind in _CLOSING:
            self._styles.remove(_CLOSING[kind])
        elif kind == "link_open":
            self._target = str(token.attrs["href"])
            self._styles.append(Style.LINK)
            self._label = (len(self.pieces), len(self.spans), self._length)
        elif kind == "link_close":
            self._end_link()
        elif kind == "mention":
            self._put("@" + token.content, Style.MENTION, token.content)
        elif kind == "code_inline":
            self._put(token.content, Style.CODE)
        else:
            self._put("\n" if kind == "softbreak" else token.content)

    def _put(self, text: str, more: Style = Style.PLAIN, target: str = "") -> None:
        if not text:
            return
        style, target = more, target or self._target
        for one in self._styles:
            style |= one
        start, end = self._length, self._length + len(text)
        last = self.spans[-1] if self.spans else None
        if last is not None and last.end == start and (last.style, last.target) == (style, target):
            self.spans[-1] = Span(last.start, end, style, target)
        elif style:
            self.spans.append(Span(start, end, style, target))
        self.pieces.append(text)
        self._length = end

    def _end_link(self) -> None:
        target, (pieces, spans, length) = self._target, self._label
        self._styles.remove(Style.LINK)
        self._target = ""
        label = "".join(self.pieces[pieces:])
        if not is_deceptive(label, target):
            return
        # Nobody may read one address and be led to another: show both, and make only the true
        # one a link.
        del self.pieces[pieces:], self.spans[spans:]
        self._length = length
        self._put(f"[{label}](")
        self._put(target, Style.LINK, target)
        self._put(")")


def is_deceptive(label: str, target: str) -> bool:
    """Return whether a link's label looks like an address on another host than its target."""
    if not _WITH_SCHEME.search(label) and not _LIKE_HOST.fullmatch(label):
        return False
    shown = label.strip()
    return _host(shown if "//" in shown else f"https://{shown}") != _host(target)


def _host(address: str) -> str | None:
    try:
        host = urlsplit(address).hostname
    except ValueError:  # brackets that hold no IPv6 address
        return None
    return host.removeprefix("www.") if host else None
