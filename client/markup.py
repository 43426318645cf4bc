"""The Markdown that messages may use, as blocks of plain text with styled spans. Pure: no Qt, no HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntFlag


class BlockKind(Enum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    CODE = "code"
    QUOTE = "quote"
    LIST_ITEM = "list_item"


class Style(IntFlag):
    """How a span looks; flags add up, the last four colour code."""

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


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the block's text in a style; `target` is the address or the username."""

    start: int
    end: int
    style: Style
    target: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message that is laid out by itself; lines of it are separated by newlines."""

    kind: BlockKind
    text: str
    spans: tuple[Span, ...] = ()
    marker: str = ""  # "•" or "3." of a list item
    level: int = 0  # nesting of a list item
    language: str = ""  # of code


# Every repetition has an upper bound: a hostile message must not make the scan quadratic.
_INLINE = re.compile(
    r"""\\(?P<escaped>[\\`*_~\[\]()>#@-])
    | (?P<ticks>`{1,2})(?P<code>[^\n]{1,500}?)(?P=ticks)(?!`)
    | \[(?P<label>[^\[\]\n]{1,200})\]\((?P<address>(?:https?://|mailto:)[^\s()<>]{1,1000})\)
    | (?P<url>https?://[^\s<>"`]{1,1000})
    | (?<![\w@.])@(?P<mention>\w(?:[\w.-]{0,38}\w)?)
    | \*\*(?P<bold>(?=\S)[^\n]{1,500}?(?<=\S))\*\*(?!\*)
    | (?<!\w)__(?P<bold2>(?=\S)[^\n]{1,500}?(?<=\S))__(?!\w)
    | \*(?P<italic>(?=[^\s*])[^*\n]{1,500}?(?<=\S))\*
    | (?<!\w)_(?P<italic2>(?=[^\s_])[^_\n]{1,500}?(?<=\S))_(?!\w)
    | ~~(?P<strike>(?=\S)[^\n]{1,500}?(?<=\S))~~""",
    re.VERBOSE,
)
_NESTED = {
    "bold": Style.BOLD,
    "bold2": Style.BOLD,
    "italic": Style.ITALIC,
    "italic2": Style.ITALIC,
    "strike": Style.STRIKE,
}
_MAX_NESTING = 4
_HAS_INLINE = re.compile(r"[\\`\[*_~@]|https?://")
_FENCE = re.compile(r" {0,3}(```+|~~~+)[ \t]*([\w+#.-]{0,20})[ \t]*$")
_ITEM = re.compile(r"([ \t]{0,12})([-*+•]|\d{1,9}[.)])[ \t]+(?=\S)")
_BLOCKISH = re.compile(r"[ \t]*(?:>|[-*+•][ \t]|\d{1,9}[.)][ \t]|```|~~~)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def plain(text: str) -> str:
    """The text with one kind of newline and without control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a message, in order."""
    text = plain(text)
    if "\n" not in text and not _BLOCKISH.match(text):
        return (_styled(BlockKind.PARAGRAPH, text.strip()),)
    return tuple(_Parser(text.split("\n")).blocks()) or (Block(BlockKind.PARAGRAPH, ""),)


def one_line(text: str, length: int = 200) -> str:
    """The text without markup on one line, for quotes, notifications and screen readers."""
    return " ".join(" ".join(block.text.split()) for block in parse(text[: length * 4]))[:length]


class _Parser:
    """Walks the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._blocks: list[Block] = []
        self._paragraph: list[str] = []

    def blocks(self) -> list[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if fence := _FENCE.match(line):
                self._end_paragraph()
                self._code(fence.group(1), fence.group(2))
            elif line.lstrip(" ").startswith(">"):
                self._end_paragraph()
                self._quote()
            elif item := _ITEM.match(line):
                self._end_paragraph()
                self._item(item)
            else:
                self._at += 1
                if line.strip():
                    self._paragraph.append(line.strip())
                else:
                    self._end_paragraph()
        self._end_paragraph()
        return self._blocks

    def _end_paragraph(self) -> None:
        if self._paragraph:
            self._blocks.append(_styled(BlockKind.PARAGRAPH, "\n".join(self._paragraph)))
            self._paragraph = []

    def _code(self, fence: str, language: str) -> None:
        self._at += 1
        lines: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                break
            lines.append(line)
        text = "\n".join(lines).expandtabs(4)
        self._blocks.append(Block(BlockKind.CODE, text, highlight(text, language), language=language.lower()))

    def _quote(self) -> None:
        lines: list[str] = []
        while self._at < len(self._lines) and (line := self._lines[self._at].lstrip(" ")).startswith(">"):
            lines.append(line[1:].strip())
            self._at += 1
        self._blocks.append(_styled(BlockKind.QUOTE, "\n".join(lines).strip("\n")))

    def _item(self, item: re.Match[str]) -> None:
        indent = len(item.group(1).expandtabs(4))
        lines = [self._lines[self._at][item.end() :].strip()]
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            # A line that is indented further and is no item of its own belongs to this item.
            if not line.strip() or not line.startswith((" ", "\t")) or _BLOCKISH.match(line):
                break
            lines.append(line.strip())
            self._at += 1
        sign = item.group(2)
        marker = sign if sign[0].isdigit() else "•"
        self._blocks.append(_styled(BlockKind.LIST_ITEM, "\n".join(lines), marker, min(indent // 2, 4)))


def _styled(kind: BlockKind, source: str, marker: str = "", level: int = 0) -> Block:
    if not _HAS_INLINE.search(source):
        return Block(kind, source, (), marker, level)
    inline = _Inline()
    inline.scan(source, Style.PLAIN, 0)
    return Block(kind, "".join(inline.parts), tuple(inline.spans), marker, level)


class _Inline:
    """Collects the plain text of one block and its spans."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.spans: list[Span] = []
        self._length = 0

    def scan(self, source: str, style: Style, depth: int) -> None:
        at = 0
        while found := _INLINE.search(source, at):
            self._put(source[at : found.start()], style)
            at = self._take(found, style, depth)
        self._put(source[at:], style)

    def _put(self, text: str, style: Style, target: str = "") -> None:
        if not text:
            return
        if style:
            self.spans.append(Span(self._length, self._length + len(text), style, target))
        self.parts.append(text)
        self._length += len(text)

    def _take(self, found: re.Match[str], style: Style, depth: int) -> int:
        """Put what was found; the answer is where to go on."""
        kind, group = found.lastgroup or "", found.group
        if kind == "escaped":
            self._put(group("escaped"), style)
        elif kind == "code":
            code = group("code")
            self._put(code.strip() if code.strip() else code, style | Style.CODE)
        elif kind == "address":
            self._put(group("label"), style | Style.LINK, group("address"))
        elif kind == "url":
            url = trim_url(group("url"))
            self._put(url, style | Style.LINK, url)
            return found.start() + len(url)
        elif kind == "mention":
            self._put("@" + group("mention"), style | Style.MENTION, group("mention"))
        elif depth < _MAX_NESTING:
            self.scan(group(kind), style | _NESTED[kind], depth + 1)
        else:
            self._put(group(kind), style | _NESTED[kind])
        return found.end()


def trim_url(url: str) -> str:
    """An address without the punctuation of the sentence around it."""
    while url and url[-1] in ".,;:!?'*_~)]}":
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


# --- code --------------------------------------------------------------------------------------------------------

_WORDS = (
    "and as assert async await break case catch class const continue def default del delete do elif else enum except "
    "export extends false False finally fn for from func function global goto if impl implements import in instanceof "
    "interface is lambda let match mut namespace new nil None nonlocal not null nullptr or package pass private "
    "protected pub public raise return self sizeof static struct super switch template this throw throws trait true "
    "True try type typedef typeof union unsigned use using var virtual void volatile while with yield "
    "select insert update where join SELECT INSERT UPDATE DELETE FROM WHERE JOIN AND OR NOT NULL "
    "int long short char float double bool string then fi done echo"
)
_TOKEN = (
    r'(?P<string>"""(?:.|\n){{0,4000}}?"""|"(?:[^"\\\n]|\\.){{0,500}}"|'
    r"'(?:[^'\\\n]|\\.){{0,500}}')"
    r"|(?P<comment>{comment})"
    r"|(?P<number>\b(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b)"
    r"|(?P<keyword>\b(?:" + "|".join(_WORDS.split()) + r")\b)"
)
_HASH, _SLASHES, _DASHES = r"\#[^\n]*", r"//[^\n]*|/\*(?:.|\n){0,4000}?\*/", r"--[^\n]*"
_COMMENTS = {
    **dict.fromkeys(("", "python", "py", "python3", "sh", "bash", "shell", "zsh", "yaml", "yml", "toml", "ruby", "rb",
                     "r", "make", "makefile", "dockerfile", "perl", "ini", "conf"), _HASH),
    **dict.fromkeys(("c", "cpp", "c++", "h", "java", "js", "javascript", "ts", "typescript", "go", "rust", "rs", "cs",
                     "c#", "kotlin", "swift", "scala", "php", "json", "css"), _SLASHES),
    **dict.fromkeys(("sql", "lua", "haskell", "hs"), _DASHES),
}  # fmt: skip
_UNPAINTED = frozenset(("text", "txt", "plain", "diff", "log", "output", "md", "markdown"))
_PATTERNS: dict[str, re.Pattern[str]] = {}
_STYLES = {
    "string": Style.STRING,
    "comment": Style.COMMENT,
    "number": Style.NUMBER,
    "keyword": Style.KEYWORD,
}
_HIGHLIGHT_LIMIT = 20_000  # characters; longer code stays plain


def highlight(code: str, language: str = "") -> tuple[Span, ...]:
    """The coloured tokens of code, by small regexes: pygments takes 5 ms for 40 lines."""
    language = language.lower()
    if language in _UNPAINTED or len(code) > _HIGHLIGHT_LIMIT:
        return ()
    comment = _COMMENTS.get(language, _HASH)
    pattern = _PATTERNS.get(comment)
    if pattern is None:
        pattern = _PATTERNS[comment] = re.compile(_TOKEN.format(comment=comment))
    return tuple(
        Span(found.start(), found.end(), _STYLES[found.lastgroup or "keyword"]) for found in pattern.finditer(code)
    )
