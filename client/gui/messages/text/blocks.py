"""The blocks of a message laid out for a width: each a QTextLayout at its place, with what is drawn
beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextLayout, QTextOption

from client.gui.messages.look import Look
from client.gui.messages.text.table_layout import fit_columns
from client.text.emoji_names import emoji_ranges
from client.text.markup import Align, Block, BlockKind, Cell, Container, Span, Style

TEXT_X = 64
CODE_PAD, CELL_PAD_X, CELL_PAD_Y = 10, 8, 4
QUOTE_INDENT, LIST_INDENT, BAR_WIDTH = 14, 18, 3
BLOCK_GAP, RULE_HEIGHT = 4, 14
MAX_EMOJI_RUNS = 500  # of one block get the font of emoji; each costs Qt 70 us
_WIDEST = 1e6
_LEFT, _MIDDLE, _RIGHT = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignHCenter,
    Qt.AlignmentFlag.AlignRight,
)
# By whether the text runs from right to left: Qt does not turn the sides round.
_ALIGNED = {
    False: {Align.START: _LEFT, Align.CENTER: _MIDDLE, Align.END: _RIGHT},
    True: {Align.START: _RIGHT, Align.CENTER: _MIDDLE, Align.END: _LEFT},
}


@dataclass(slots=True)
class TextBlock:
    """A block of text, or a cell of a table, at its place in the row.

    Offsets are UTF-16 units, as Qt counts.
    """

    kind: BlockKind
    layout: QTextLayout
    text: str  # what can be selected, "\n" between lines
    length: int  # of it, in UTF-16 units; the layout may end with a mark like "(edited)"
    x: float
    y: float
    width: float  # of the box (code, cell) or the column
    height: float
    line: float = 0.0  # height of one line
    pad_x: float = 0.0  # from the box to the text
    pad_y: float = 0.0
    marker: str = ""
    marker_rect: QRectF = field(default_factory=QRectF)
    depth: int = 0  # of lists around it
    is_rtl: bool = False
    is_header: bool = False  # a cell of a table's head
    joint: str = "\n"  # between the block before and this one, when both are copied
    bars: list[QRectF] = field(default_factory=list)  # of the quotes around it
    targets: list[tuple[int, int, Style, str]] = field(default_factory=list)
    is_file: bool = (
        False  # stands for the card or picture of a file; `text` is its name, selected as a whole
    )

    def piece(self, start: int, end: int) -> str:
        """The characters between two UTF-16 offsets."""
        return self.text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


def utf16_length(text: str) -> int:
    """Return how many units Qt counts."""
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def is_rtl(text: str) -> bool:
    """Return whether a paragraph runs from right to left: its first letter with a direction says
    so.
    """
    if text.isascii():
        return False
    return next(
        (kind != "L" for letter in text if (kind := unicodedata.bidirectional(letter)) in _STRONG),
        False,
    )


_STRONG = frozenset(("L", "R", "AL"))


def _utf16_offsets(text: str) -> list[int] | None:
    """For each character its UTF-16 offset; None if they are the same."""
    if text.isascii() or max(text) <= "\uffff":
        return None
    offsets, at = [], 0
    for letter in text:
        offsets.append(at)
        at += 2 if letter > "\uffff" else 1
    return [*offsets, at]


def _range(start: int, end: int, made: QTextCharFormat) -> QTextLayout.FormatRange:
    formatted = QTextLayout.FormatRange()
    formatted.start, formatted.length, formatted.format = start, end - start, made
    return formatted


def text_layout(
    text: str,
    font: QFont,
    formats: Sequence[QTextLayout.FormatRange],
    align: Align = Align.START,
    rtl: bool = False,
) -> QTextLayout:
    """Return a layout that is not broken into lines yet."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption(Qt.Alignment(_ALIGNED[rtl][align]))
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    )
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    if formats:
        layout.setFormats(list(formats))
    return layout


def break_lines(
    layout: QTextLayout, width: float, line_height: float, baseline: float, top: float = 0.0
) -> float:
    """Break into lines of equal height; the answer is the height of all."""
    y = top
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y + baseline - line.ascent()))
        y += line_height
    layout.endLayout()
    return max(y - top, line_height)


class BlockComposer:
    """Lays out the blocks of one message below each other, for one look and column."""

    def __init__(self, look: Look, column: float) -> None:
        self._look = look
        self._column = column
        self.made: list[TextBlock] = []

    def compose(
        self,
        blocks: Sequence[Block],
        y: float,
        note: str = "",
        whole: QTextCharFormat | None = None,
    ) -> float:
        """Lay them out from `y` on and return where they end; `note` follows the text, `whole` is
        the format of all.
        """
        before: Block | None = None
        for at, block in enumerate(blocks):
            is_noted = (
                note
                and at == len(blocks) - 1
                and block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
            )
            y += self._gap(before, block)
            y = self._block(block, y, note if is_noted else "", whole)
            before = block
        if note and blocks[-1].kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            y = self._block(Block(), y + 2, note.lstrip(), whole)
        return y

    def _gap(self, before: Block | None, block: Block) -> float:
        if before is None or (
            block.marker and Container.LIST in before.inside and before.kind is BlockKind.PARAGRAPH
        ):
            return 0.0
        more = 2 if before.kind is BlockKind.CODE else 0
        return BLOCK_GAP + more + (4 if block.kind is BlockKind.HEADING else 0)

    def _block(self, block: Block, y: float, note: str, whole: QTextCharFormat | None) -> float:
        rtl = block.kind not in (BlockKind.CODE, BlockKind.TABLE) and is_rtl(block.text)
        indent, bars = self._indents(block)
        x, width = TEXT_X + (0.0 if rtl else indent), self._column - indent
        first = len(self.made)
        if block.kind is BlockKind.TABLE:
            end = self._table(block, x, y, width)
        else:
            end = y + self._text(block, x, y, width, note, whole, rtl)
        placed = self.made[first]
        placed.is_rtl, placed.depth = rtl, block.inside.count(Container.LIST)
        placed.marker = block.marker
        if block.marker:
            placed.marker_rect = QRectF(
                x + width + 6 if rtl else x - 60, y + placed.pad_y, 54, placed.line
            )
        self._bars(
            first,
            [TEXT_X + (self._column - bar - BAR_WIDTH if rtl else bar) for bar in bars],
            y,
            end,
        )
        return end

    def _indents(self, block: Block) -> tuple[float, list[float]]:
        """How far a block is moved in, and where the bars of the quotes around it stand."""
        indent, bars, most = 0.0, [], self._column / 2
        for container in block.inside:
            if container is Container.QUOTE:
                bars.append(min(indent, most) + 2)
            indent += QUOTE_INDENT if container is Container.QUOTE else LIST_INDENT
        if len(block.marker) > 2 and block.marker[0].isdigit():
            indent += (len(block.marker) - 2) * 8
        return min(indent, most), bars

    def _bars(self, first: int, lefts: list[float], y: float, end: float) -> None:
        before = self.made[first - 1] if first else None
        for x in lefts:
            goes_on = before is not None and any(bar.x() == x for bar in before.bars)
            top = before.y + before.height - 1 if before is not None and goes_on else y + 1
            self.made[first].bars.append(QRectF(x, top, BAR_WIDTH, end - 1 - top))
        if self.made[-1] is not self.made[first]:
            self.made[-1].bars = self.made[
                first
            ].bars  # the last cell of a table: what follows goes on from it

    def _text(
        self,
        block: Block,
        x: float,
        y: float,
        width: float,
        note: str,
        whole: QTextCharFormat | None,
        rtl: bool,
    ) -> float:
        look, is_code = self._look, block.kind is BlockKind.CODE
        if block.kind is BlockKind.HEADING:
            font, line, baseline = look.heading(block.level)
        else:
            font, (line, baseline) = (
                look.code_font if is_code else look.text_font,
                look.baseline(is_code),
            )
        if whole is None and Container.QUOTE in block.inside:
            whole = QTextCharFormat()
            whole.setForeground(QBrush(QColor(look.theme.muted)))
        formats, targets, length = self._formats(block.text, block.spans, whole)
        if note:
            formats.append(_range(length, length + len(note), look.note_format()))
        layout = text_layout(block.text + note, font, formats, Align.START, rtl)
        pad = CODE_PAD if is_code else 0
        height = break_lines(layout, width - 2 * pad, line, baseline, float(pad)) + 2 * pad
        if block.kind is BlockKind.RULE:
            height = RULE_HEIGHT
        self.made.append(
            TextBlock(
                block.kind,
                layout,
                block.text,
                length,
                x,
                y,
                width,
                height,
                line,
                pad,
                pad,
                targets=targets,
            )
        )
        return height

    def _formats(
        self, text: str, spans: Sequence[Span], whole: QTextCharFormat | None
    ) -> tuple[list[QTextLayout.FormatRange], list[tuple[int, int, Style, str]], int]:
        """The formats of a text, its targets, and its length, all in UTF-16 units."""
        look, offsets = self._look, _utf16_offsets(text)
        length = offsets[-1] if offsets else len(text)
        formats, targets = [], []
        if whole is not None:
            formats.append(_range(0, length, whole))
        for span in spans:
            start, end = (
                (offsets[span.start], offsets[span.end]) if offsets else (span.start, span.end)
            )
            formats.append(_range(start, end, look.format(span.style)))
            if span.target:
                targets.append((start, end, span.style, span.target))
        # Runs that must come from the emoji font: with the text font alone some come out black and
        # families fall apart.
        for first, last in islice(_joined(emoji_ranges(text)), MAX_EMOJI_RUNS):
            start, end = (offsets[first], offsets[last]) if offsets else (first, last)
            formats.append(_range(start, end, look.format(Style.PLAIN, is_emoji=True)))
        return formats, targets, length

    # --- tables ---

    def _table(self, block: Block, x: float, y: float, width: float) -> float:
        rows = [[self._cell(cell, at == 0) for cell in row] for at, row in enumerate(block.rows)]
        natural = [
            max(_natural_width(cell.layout) for cell in column)
            for column in zip(*rows, strict=True)
        ]
        columns = fit_columns([one + 2 * CELL_PAD_X + 1 for one in natural], width)
        line, baseline = self._look.baseline(is_code=False)
        for row in rows:
            left, height = x, 0.0
            for cell, room in zip(row, columns, strict=True):
                inner = max(1.0, room - 2 * CELL_PAD_X)
                text = break_lines(cell.layout, inner, line, baseline, CELL_PAD_Y)
                cell.x, cell.y, cell.width, cell.line = left, y, room, line
                left, height = left + room, max(height, text + 2 * CELL_PAD_Y)
                cell.joint = "\n" if cell is row[0] else "\t"
            for cell in row:
                cell.height = height
            self.made += row
            y += height
        return y

    def _cell(self, cell: Cell, is_header: bool) -> TextBlock:
        bold = self._look.format(Style.BOLD) if is_header else None
        formats, targets, length = self._formats(cell.text, cell.spans, bold)
        rtl = is_rtl(cell.text)
        layout = text_layout(cell.text, self._look.text_font, formats, cell.align, rtl)
        return TextBlock(
            BlockKind.TABLE,
            layout,
            cell.text,
            length,
            0,
            0,
            0,
            0,
            0,
            CELL_PAD_X,
            CELL_PAD_Y,
            is_header=is_header,
            is_rtl=rtl,
            targets=targets,
        )


def _joined(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Return ranges that touch as one."""
    first = last = 0
    for start, end in ranges:
        if start != last:
            if last:
                yield first, last
            first = start
        last = end
    if last:
        yield first, last


def _natural_width(layout: QTextLayout) -> float:
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(_WIDEST)
    layout.endLayout()
    return float(line.naturalTextWidth()) if line.isValid() else 0.0
