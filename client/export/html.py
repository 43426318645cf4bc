"""An export as static HTML: no script, nothing from elsewhere, readable in every browser for decades; pure.

All text passes `escape`; addresses are those that the markup parser lets through (http, https, mailto). A content
security policy in each page forbids everything but its own style and the images beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote

from client.export.pseudonyms import Names
from client.export.records import ROLE_WORDS, StoredCopy, utc_text
from client.highlighting import coloured
from client.markup import DONE_BOX, OPEN_BOX, Align, Block, BlockKind, Cell, Container, Span, Style, parse
from client.values import Person, QuestionState, Row, RowKind
from shared.messages import Role
from shared.sizes import size_text

POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --bg: #fff; --text: #1b1f24; --muted: #5b6570; --line: #e3e6eb; --link: #0b5fcc;
  --code: #f4f5f7; --mark: #e8f0fe; --kw: #7b2d8e; --str: #1a6b35; --com: #5b6570; --num: #8a4b00;
  --name: #0f5c9e; --add: #14693a; --rem: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --bg: #17191d; --text: #e6e8eb; --muted: #9aa4af; --line: #333842;
  --link: #7cb7ff; --code: #1f2227; --mark: #223047; --kw: #d8a0ea; --str: #8fd6a5; --com: #9aa4af; --num: #e0b070;
  --name: #86bdf5; --add: #7bd592; --rem: #ff9a92; } }
body { background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto;
  max-width: 52rem; padding: 1.5rem; overflow-wrap: anywhere; }
a { color: var(--link); } h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
.muted { color: var(--muted); font-size: .85rem; } nav { margin: 1rem 0; }
article { padding: .5rem .75rem; border-radius: 6px; } article:target { background: var(--mark); }
.head b { margin-right: .4rem; } .chip { border: 1px solid var(--line); border-radius: 4px; font-size: .75rem;
  padding: 0 .35rem; margin-right: .4rem; } .day { border-top: 1px solid var(--line); margin: 1.5rem 0 .5rem;
  padding-top: .5rem; font-weight: 600; font-size: .85rem; color: var(--muted); } .system { color: var(--muted);
  font-size: .85rem; padding: .25rem .75rem; } p { margin: .15rem 0; white-space: pre-wrap; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .6rem; overflow-x: auto;
  white-space: pre-wrap; font: 13px/1.45 ui-monospace, monospace; } code { background: var(--code); border-radius: 3px;
  font-family: ui-monospace, monospace; font-size: .9em; } blockquote { border-left: 3px solid var(--line);
  color: var(--muted); margin: .25rem 0; padding-left: .6rem; } .mention { color: var(--link); font-weight: 600; }
img { max-width: 100%; max-height: 24rem; border-radius: 6px; display: block; margin: .3rem 0; }
.k { color: var(--kw); } .t { color: var(--str); } .n { color: var(--num); }
.c { color: var(--com); font-style: italic; } .f { color: var(--name); } .a { color: var(--add); }
.r { color: var(--rem); } .list { padding-inline-start: 1.2rem; } .table { width: auto; } .table td, .table th {
  border: 1px solid var(--line); } article h3, article h4, article h5, article h6 { margin: .5rem 0 .15rem; }
table { border-collapse: collapse; width: 100%; } td, th { border-bottom: 1px solid var(--line); padding: .35rem .5rem;
  text-align: left; } @media print { body { max-width: none; } article { break-inside: avoid; } }
"""
_TAGS = {Style.BOLD: "b", Style.ITALIC: "i", Style.STRIKE: "s", Style.CODE: "code"}
_COLOURS = {Style.KEYWORD: "k", Style.STRING: "t", Style.COMMENT: "c", Style.NUMBER: "n", Style.NAME: "f",
            Style.ADDED: "a", Style.REMOVED: "r"}  # fmt: skip
_MARKERS = {OPEN_BOX: "\u2610", DONE_BOX: "\u2611"}
_AROUND = {Container.QUOTE: ("<blockquote>", "</blockquote>"), Container.LIST: ('<div class="list">', "</div>")}
_ALIGNED = {Align.CENTER: ' style="text-align: center"', Align.END: ' style="text-align: end"'}
_QUESTION = {
    QuestionState.OPEN: "Question", QuestionState.ANSWERED: "Question, answered",
    QuestionState.ACCEPTED: "Question, answer accepted",
}  # fmt: skip
_NOTES = {
    RowKind.DELETED: "This message was deleted.", RowKind.WAITING: "The key of this message has not arrived yet.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One conversation on the front page."""

    title: str
    kind: str
    messages: int
    address: str  # of its first page


def page(title: str, body: str) -> str:
    """A whole document."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n{body}</body></html>\n"
    )


def front_page(
    class_name: str, exporter: str, made_at: datetime, listed: Iterable[Listed], notes: Sequence[str]
) -> str:
    """index.html: what this is, and the way to each conversation."""
    rows = "".join(
        f'<tr><td><a href="{quote(one.address)}">{escape(one.title)}</a></td><td>{escape(one.kind)}</td>'
        f"<td>{one.messages}</td></tr>\n"
        for one in listed
    )
    said = "".join(f"<p>{escape(note)}</p>\n" for note in notes)
    return page(
        class_name,
        f'<h1>{escape(class_name)}</h1><p class="muted">Exported by {escape(exporter)} on {made_at:%Y-%m-%d at %H:%M}.'
        f"</p>\n{said}<table><tr><th>Conversation</th><th>Kind</th><th>Messages</th></tr>\n{rows}</table>\n",
    )


class Pages:
    """Writes the messages of one conversation, page by page; `day` remembers where the last page ended."""

    def __init__(self, title: str, names: Names, people: dict[bytes, Person], zone: datetime) -> None:
        self._title = title
        self._names = names
        self._roles = {person.uid: person.role for person in people.values()}
        self._zone = zone.tzinfo
        self._page_of: dict[bytes, int] = {}  # message_id -> number of its page

    def write(self, rows: Sequence[Row], copies: dict[bytes, StoredCopy], number: int, of: int) -> str:
        """Page `number` of `of`; the paths of files are relative to the export."""
        day, parts = "", []
        for row in rows:
            self._page_of[row.message_id] = number
        for row in rows:
            moment = datetime.fromtimestamp(row.sent_at_ms / 1000, self._zone)
            today = f"{moment:%A, %d %B %Y}"
            if today != day:
                day = today
                parts.append(f'<div class="day">{today}</div>\n')
            parts.append(self._row(row, moment, copies.get(row.message_id), number))
        around = self._around(number, of)
        empty = "" if rows else '<p class="muted">No messages.</p>\n'
        head = f"<h1>{escape(self._title)}</h1>\n"
        return page(self._title, f"{head}{around}<main>\n{''.join(parts)}{empty}</main>\n{around}")

    def _around(self, number: int, of: int) -> str:
        links = ['<a href="../../index.html">All conversations</a>']
        if of > 1:
            links.append(f"page {number} of {of}")
        if number > 1:
            links.append(f'<a href="{page_name(number - 1)}">earlier</a>')
        if number < of:
            links.append(f'<a href="{page_name(number + 1)}">later</a>')
        return f"<nav>{' &middot; '.join(links)}</nav>\n"

    def _row(self, row: Row, moment: datetime, copy: StoredCopy | None, number: int) -> str:
        if row.kind is RowKind.SYSTEM:
            return f'<div class="system">{escape(self._names.within(row.text))}</div>\n'
        role = self._roles.get(row.sender, 0)
        chip = f'<span class="chip">{ROLE_WORDS[role]}</span>' if role >= Role.ASSISTANT else ""
        edited = " (edited)" if row.is_edited else ""
        head = (
            f'<div class="head"><b>{escape(self._names.of(row.username))}</b>{chip}<span class="muted">'
            f'<time datetime="{utc_text(row.sent_at_ms)}">{moment:%H:%M}</time>{edited}</span></div>'
        )
        body = self._body(row, copy, number)
        return f'<article id="m{row.message_id.hex()}">{head}{body}</article>\n'

    def _body(self, row: Row, copy: StoredCopy | None, number: int) -> str:
        if row.kind is not RowKind.TEXT:
            text = _NOTES.get(row.kind, self._names.within(row.text))
            return f'<p class="muted">{escape(text)}</p>'
        parts = [self._quote(row, number), _chips(row)]
        if row.file is not None:
            parts.append(self._file(row, copy or StoredCopy()))
        if row.text:
            parts.append(text_html(self._names.within(row.text)))
        if row.reactions:
            given = (
                f'<span class="chip">{escape(one.emoji)} '
                f"{escape(', '.join(self._names.of(name) for name in one.usernames))}</span>"
                for one in row.reactions
            )
            parts.append(f'<div class="muted">{"".join(given)}</div>')
        return "".join(parts)

    def _quote(self, row: Row, number: int) -> str:
        if row.quote is None:
            return ""
        who, text = self._names.of(row.quote.username), self._names.within(row.quote.text)
        said = f"<b>{escape(who)}</b> {escape(text)}"
        page_number = self._page_of.get(row.quote.message_id)
        if page_number is None:
            return f"<blockquote>{said}</blockquote>"
        where = "" if page_number == number else page_name(page_number)
        return f'<blockquote><a href="{where}#m{row.quote.message_id.hex()}">&uarr;</a> {said}</blockquote>'

    def _file(self, row: Row, copy: StoredCopy) -> str:
        assert row.file is not None
        name = escape(self._names.within(row.file.name))
        about = f'<span class="muted">version {row.file.version}, {size_text(row.file.size)}'
        if not copy.path:
            return f"<p>{name} {about}, not in this export: {escape(copy.missing)}</span></p>"
        address = "../../" + quote(copy.path)
        shown = f'<img src="{address}" alt="{name}">' if row.file.is_image else ""
        return f'<p><a href="{address}">{name}</a> {about}</span></p>{shown}'


def page_name(number: int) -> str:
    """The file of a page."""
    return f"page-{number:03d}.html"


def text_html(text: str) -> str:
    """The text of a message with its Markdown."""
    parts: list[str] = []
    around: tuple[Container, ...] = ()
    for block in (*coloured(parse(text)), None):
        inside = block.inside if block is not None else ()
        same = next((at for at, (one, other) in enumerate(zip(around, inside, strict=False)) if one is not other),
                    min(len(around), len(inside)))  # fmt: skip
        parts += [_AROUND[one][1] for one in reversed(around[same:])]
        parts += [_AROUND[one][0] for one in inside[same:]]
        parts.append(_block(block) if block is not None else "")
        around = inside
    return "".join(parts)


def _chips(row: Row) -> str:
    words = [_QUESTION[row.question]] if row.question is not None else []
    words += ["Accepted answer"] * row.is_accepted + ["Pinned"] * row.is_pinned
    return "".join(f'<span class="chip">{word}</span>' for word in words)


def _block(block: Block) -> str:
    marker = f"{escape(_MARKERS.get(block.marker, block.marker))} " if block.marker else ""
    if block.kind is BlockKind.CODE:
        return f"{marker}<pre>{_spans(block.text, block.spans)}</pre>"
    if block.kind is BlockKind.RULE:
        return "<hr>"
    if block.kind is BlockKind.TABLE:
        rows = (_cells(row, "th" if at == 0 else "td") for at, row in enumerate(block.rows))
        return f'<table class="table">{"".join(rows)}</table>'
    # The page's own title is the only heading of the first level.
    tag = f"h{min(6, block.level + 2)}" if block.kind is BlockKind.HEADING else "p"
    return f'<{tag} dir="auto">{marker}{_spans(block.text, block.spans)}</{tag}>'


def _cells(row: Sequence[Cell], tag: str) -> str:
    cells = (f"<{tag}{_ALIGNED.get(cell.align, '')}>{_spans(cell.text, cell.spans)}</{tag}>" for cell in row)
    return f"<tr>{''.join(cells)}</tr>"


def _spans(text: str, spans: Sequence[Span]) -> str:
    """A text with its spans, which lie in order and apart from each other."""
    parts, at = [], 0
    for span in spans:
        parts += [escape(text[at : span.start]), _piece(escape(text[span.start : span.end]), span.style, span.target)]
        at = span.end
    return "".join([*parts, escape(text[at:])])


def _piece(text: str, style: Style, target: str) -> str:
    for flag, name in _COLOURS.items():
        if style & flag:
            text = f'<span class="{name}">{text}</span>'
    for flag, tag in _TAGS.items():
        if style & flag:
            text = f"<{tag}>{text}</{tag}>"
    if style & Style.LINK:
        text = f'<a href="{escape(target)}" rel="noreferrer noopener nofollow">{text}</a>'
    elif style & Style.MENTION:
        text = f'<span class="mention">{text}</span>'
    return text
