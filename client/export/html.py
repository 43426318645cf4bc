"""An export as static HTML: no script, nothing external, readable for decades; pure.

The pages are in templates/, which escape whatever is put into them, as does a Markup, the type of a
text with Markdown. Addresses are those that the markup parser lets through (http, https, mailto). A
content security policy in each page forbids everything but its own style and the images beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape

from client.api.english import words
from client.api.values import Person, QuestionState, Row, RowKind
from client.export.pseudonyms import Names
from client.export.records import ROLE_WORDS, StoredCopy, utc_text
from client.text.highlighting import coloured
from client.text.markup import (
    DONE_BOX,
    OPEN_BOX,
    Align,
    Block,
    BlockKind,
    Cell,
    Container,
    Span,
    Style,
    parse,
)
from shared.messages import Role
from shared.sizes import size_text

if TYPE_CHECKING:
    from jinja2 import Environment

_TAGS = {Style.BOLD: "b", Style.ITALIC: "i", Style.STRIKE: "s", Style.CODE: "code"}
_COLOURS = {
    Style.KEYWORD: "k",
    Style.STRING: "t",
    Style.COMMENT: "c",
    Style.NUMBER: "n",
    Style.NAME: "f",
    Style.ADDED: "a",
    Style.REMOVED: "r",
}
_MARKERS = {OPEN_BOX: "\u2610", DONE_BOX: "\u2611"}
_AROUND = {
    Container.QUOTE: (Markup("<blockquote>"), Markup("</blockquote>")),
    Container.LIST: (Markup('<div class="list">'), Markup("</div>")),
}
_ALIGNED = {
    Align.CENTER: Markup(' style="text-align: center"'),
    Align.END: Markup(' style="text-align: end"'),
}
_QUESTION = {
    QuestionState.OPEN: "Question",
    QuestionState.ANSWERED: "Question, answered",
    QuestionState.ACCEPTED: "Question, answer accepted",
}
_NOTES = {
    RowKind.DELETED: "This message was deleted.",
    RowKind.WAITING: "The key of this message has not arrived yet.",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One conversation on the front page."""

    title: str
    kind: str
    messages: int
    address: str  # of its first page


def front_page(
    class_name: str,
    exporter: str,
    made_at: datetime,
    listed: Iterable[Listed],
    notes: Sequence[str],
) -> str:
    """Return index.html: what this is, and links to every conversation."""
    return _rendered(
        "front.html",
        title=class_name,
        exporter=exporter,
        made_at=made_at,
        listed=listed,
        notes=notes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    """The message that another one answers; `address` is empty if it is on no page so far."""

    who: str
    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attached:
    """A file of a message.

    `path` is empty if it is not in the export; `missing` then says why.
    """

    name: str
    version: int
    size: str
    path: str
    missing: str
    is_image: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """A reaction, and the people who gave it."""

    emoji: str
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One row as the template writes it; a row with a `note` has nothing else."""

    day: str  # the day that begins with it, or empty
    is_system: bool
    id: str
    who: str
    role: str
    utc: str
    time: str
    is_edited: bool
    note: str
    quote: _Quoted | None
    chips: list[str]
    file: _Attached | None
    text: Markup
    reactions: list[_Given]


class Pages:
    """Writes the messages of one conversation, page by page, and remembers each one's page."""

    def __init__(
        self, title: str, names: Names, people: dict[bytes, Person], zone: datetime
    ) -> None:
        self._title = title
        self._names = names
        self._roles = {person.uid: person.role for person in people.values()}
        self._zone = zone.tzinfo
        self._page_of: dict[bytes, int] = {}  # message_id -> number of its page

    def write(
        self, rows: Sequence[Row], copies: dict[bytes, StoredCopy], number: int, of: int
    ) -> str:
        """Return page `number` of `of`; the paths of files are relative to the export."""
        self._page_of.update((row.message_id, number) for row in rows)
        before, shown = "", []
        for row in rows:
            moment = datetime.fromtimestamp(row.sent_at_ms / 1000, self._zone)
            today = f"{moment:%A, %d %B %Y}"
            day, before = ("" if today == before else today), today
            shown.append(
                self._shown(row, day, moment, copies.get(row.message_id, StoredCopy()), number)
            )
        return _rendered(
            "conversation.html",
            title=self._title,
            shown=shown,
            number=number,
            of=of,
            page_name=page_name,
        )

    def _shown(self, row: Row, day: str, moment: datetime, copy: StoredCopy, number: int) -> _Shown:
        role, has_body = self._roles.get(row.sender, 0), row.kind is RowKind.TEXT
        return _Shown(
            day=day,
            is_system=row.kind is RowKind.SYSTEM,
            id=row.message_id.hex(),
            who=self._names.of(row.username),
            role=ROLE_WORDS[role] if role >= Role.ASSISTANT else "",
            utc=utc_text(row.sent_at_ms),
            time=f"{moment:%H:%M}",
            is_edited=row.is_edited,
            note="" if has_body else _NOTES.get(row.kind) or self._names.within(words(row.said)),
            quote=self._quoted(row, number),
            chips=_chips(row),
            file=self._attached(row, copy),
            text=text_html(self._names.within(row.text)) if has_body and row.text else Markup(),
            reactions=[
                _Given(
                    emoji=one.emoji, names=", ".join(self._names.of(name) for name in one.usernames)
                )
                for one in row.reactions
            ],
        )

    def _quoted(self, row: Row, number: int) -> _Quoted | None:
        quote = row.quote
        if quote is None:
            return None
        at = self._page_of.get(quote.message_id)
        where = "" if at in (None, number) else page_name(at or 0)
        address = f"{where}#m{quote.message_id.hex()}" if at is not None else ""
        return _Quoted(
            who=self._names.of(quote.username), text=self._names.within(quote.text), address=address
        )

    def _attached(self, row: Row, copy: StoredCopy) -> _Attached | None:
        file = row.file
        if file is None:
            return None
        name, size = self._names.within(file.name), size_text(file.size)
        return _Attached(
            name=name,
            version=file.version,
            size=size,
            path=copy.path,
            missing=copy.missing,
            is_image=file.is_image,
        )


@cache
def _environment() -> Environment:
    """Return the templates, compiled once.

    Jinja2 is loaded with the first page, not with the window.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["path"] = quote
    return made


def _rendered(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values) + "\n"


def page_name(number: int) -> str:
    """Return the file name of a page."""
    return f"page-{number:03d}.html"


def text_html(text: str) -> Markup:
    """Return the text of a message with its Markdown.

    A Markup escapes what is put into it.
    """
    pieces: list[Markup] = []
    around: tuple[Container, ...] = ()
    for block in (*coloured(parse(text)), None):
        inside = block.inside if block is not None else ()
        same = next(
            (
                at
                for at, (one, other) in enumerate(zip(around, inside, strict=False))
                if one is not other
            ),
            min(len(around), len(inside)),
        )
        pieces += [_AROUND[one][1] for one in reversed(around[same:])]
        pieces += [_AROUND[one][0] for one in inside[same:]]
        pieces.append(_block(block) if block is not None else Markup())
        around = inside
    return Markup().join(pieces)


def _chips(row: Row) -> list[str]:
    words = [_QUESTION[row.question]] if row.question is not None else []
    return words + ["Accepted answer"] * row.is_accepted + ["Pinned"] * row.is_pinned


def _block(block: Block) -> Markup:
    marker = (
        Markup("{} ").format(_MARKERS.get(block.marker, block.marker)) if block.marker else Markup()
    )
    if block.kind is BlockKind.CODE:
        return Markup("{}<pre>{}</pre>").format(marker, _spans(block.text, block.spans))
    if block.kind is BlockKind.RULE:
        return Markup("<hr>")
    if block.kind is BlockKind.TABLE:
        rows = (_cells(row, "th" if at == 0 else "td") for at, row in enumerate(block.rows))
        return Markup('<table class="table">{}</table>').format(Markup().join(rows))
    # The page's own title is the only heading of the first level.
    tag = f"h{min(6, block.level + 2)}" if block.kind is BlockKind.HEADING else "p"
    return Markup('<{0} dir="auto">{1}{2}</{0}>').format(
        tag, marker, _spans(block.text, block.spans)
    )


def _cells(row: Sequence[Cell], tag: str) -> Markup:
    cells = (
        Markup("<{0}{1}>{2}</{0}>").format(
            tag, _ALIGNED.get(cell.align, Markup()), _spans(cell.text, cell.spans)
        )
        for cell in row
    )
    return Markup("<tr>{}</tr>").format(Markup().join(cells))


def _spans(text: str, spans: Sequence[Span]) -> Markup:
    """Return a text with its spans, which are in order and do not overlap."""
    pieces, at = [], 0
    for span in spans:
        pieces += [
            escape(text[at : span.start]),
            _piece(escape(text[span.start : span.end]), span.style, span.target),
        ]
        at = span.end
    return Markup().join([*pieces, escape(text[at:])])


def _piece(text: Markup, style: Style, target: str) -> Markup:
    for flag, name in _COLOURS.items():
        if style & flag:
            text = Markup('<span class="{}">{}</span>').format(name, text)
    for flag, tag in _TAGS.items():
        if style & flag:
            text = Markup("<{0}>{1}</{0}>").format(tag, text)
    if style & Style.LINK:
        text = Markup('<a href="{}" rel="noreferrer noopener nofollow">{}</a>').format(target, text)
    elif style & Style.MENTION:
        text = Markup('<span class="mention">{}</span>').format(text)
    return text
