"""One row laid out for a width: text blocks as QTextLayouts, and where quote, reactions and marks stand."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextLayout, QTextOption

from client import markup
from client.gui.file_layout import FilePlace, arrange, place_file
from client.gui.file_words import file_of, shows_image
from client.gui.local_words import day_text, moment_of, time_text
from client.gui.look import AVATAR_X, Look
from client.gui.mark_words import Tone, chips_of
from client.gui.models import sentence_of
from client.gui.outside_words import tr_outside
from client.gui.translation import tr
from client.markup import Block, BlockKind, Style
from client.values import (
    MessageState,
    Quote,
    Reaction,
    Row,
    RowKind,
)

TEXT_X, TEXT_MAX = 64, 860
RIGHT_MARGIN = 36  # room for the mark of the message's state
GROUP_MS = 7 * 60 * 1000
ROW_GAP, NEW_BAND = 0, 20
CODE_PAD, QUOTE_INDENT, LIST_INDENT = 10, 14, 18
PILL_HEIGHT, PILL_GAP = 22, 5
LAYOUTS_KEPT = 600

# Runs that must come from the emoji font: with the text font alone some come out black and families fall apart.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab"
    "\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55][\u200d\ufe0f\U0001f3fb-\U0001f3ff"
    "\U000e0020-\U000e007f\u2600-\u27bf\U0001f000-\U0001faff]*|[\u2190-\u2bff\u3030\u303d]\ufe0f"
    "(?:\u200d[\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?)*"
)


@dataclass(slots=True)
class TextBlock:
    """A block of text at its place in the row. Offsets are UTF-16 units, as Qt counts."""

    kind: BlockKind
    layout: QTextLayout
    text: str  # what can be selected, "\n" between lines
    length: int  # of it, in UTF-16 units; the layout may end with a mark like "(edited)"
    x: float
    y: float
    width: float  # of the box (code) or the column
    height: float
    marker: str = ""
    level: int = 0
    targets: list[tuple[int, int, Style, str]] = field(default_factory=list)
    is_file: bool = False  # stands for the card or picture of a file; `text` is its name, selected as a whole

    def piece(self, start: int, end: int) -> str:
        """The characters between two UTF-16 offsets."""
        return self.text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


@dataclass(slots=True)
class Pill:
    """A reaction at its place."""

    rect: QRectF
    reaction: Reaction
    is_mine: bool


@dataclass(slots=True)
class RowLayout:
    """All of a row that painting and hit tests need."""

    row: Row | None  # None: not here yet
    height: int
    body: float = 0.0  # below day pill and NEW band
    day: str = ""
    is_new: bool = False
    is_head: bool = False
    head_y: float = 0.0
    time: str = ""
    quote: Quote | None = None
    quote_rect: QRectF = field(default_factory=QRectF)
    chips: list[tuple[str, Tone, QRectF]] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)
    pills: list[Pill] = field(default_factory=list)
    failure: str = ""
    failure_y: float = 0.0
    retry_rect: QRectF = field(default_factory=QRectF)
    discard_rect: QRectF = field(default_factory=QRectF)
    place: FilePlace | None = None  # of the row's file
    column: float = 0.0


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
    part = QTextLayout.FormatRange()
    part.start, part.length, part.format = start, end - start, made
    return part


def is_head(row: Row, before: Row | None) -> bool:
    """Whether a row starts a group with avatar and name."""
    if row.kind is RowKind.SYSTEM:
        return False
    return (
        before is None
        or before.kind is RowKind.SYSTEM
        or before.sender != row.sender
        or row.quote is not None
        or not 0 <= row.sent_at_ms - before.sent_at_ms < GROUP_MS
    )


class RowComposer:
    """Builds RowLayouts for one look and width."""

    def __init__(self, look: Look, width: int, as_image: Callable[[Row], bool] = shows_image) -> None:
        self.look = look
        self.width = width
        self._as_image = as_image
        self.column = float(max(120, min(TEXT_MAX, width - TEXT_X - RIGHT_MARGIN)))

    def compose(self, row: Row, before: Row | None, is_first: bool, is_new: bool, my_name: str) -> RowLayout:
        """Lay out one row; `before` is None if it is the first or not here yet."""
        made = RowLayout(row, 0, is_new=is_new, column=self.column, time=time_text(row.sent_at_ms))
        is_other_day = before is not None and moment_of(before.sent_at_ms).date() != moment_of(row.sent_at_ms).date()
        if is_first or is_other_day:
            made.day = day_text(row.sent_at_ms)
        made.body = float((self.look.day_band if made.day else 0) + (NEW_BAND if is_new else 0))
        if row.kind is RowKind.SYSTEM:
            return self._system(made, row)
        made.is_head = bool(made.day) or is_new or is_head(row, before)
        is_by_file = file_of(row) is not None or (before is not None and file_of(before) is not None)
        # A caption must be seen to belong to the file above it, not to the one below.
        y = made.body + (self.look.group_gap if made.is_head else self.look.file_gap if is_by_file else ROW_GAP)
        if made.is_head:
            made.head_y = y
            y += self.look.line
        if row.quote is not None and row.kind is RowKind.TEXT:
            made.quote, made.quote_rect = row.quote, QRectF(TEXT_X, y, self.column, self.look.line)
            y += self.look.line
        y = self._chips(made, row, y)
        y = self._file(made, row, y)
        y = self._blocks(made, row, y)
        if row.reactions and row.kind is RowKind.TEXT:
            y = self._pills(made, row.reactions, y + 6, my_name) + 2
        if row.is_own and row.state is MessageState.FAILED:
            y = self._failure(made, row, y)
        made.height = int(y + self.look.bottom_gap + 0.999)
        if made.is_head:  # never less than the avatar
            made.height = max(made.height, int(made.head_y) + self.look.avatar_px + 2 * self.look.bottom_gap)
        return made

    def _chips(self, made: RowLayout, row: Row, y: float) -> float:
        left, height = float(TEXT_X), self.look.tiny_metrics.height() + 4
        for text, tone in chips_of(row):
            rect = QRectF(left, y + 2, self.look.tiny_metrics.horizontalAdvance(text) + 12, height)
            made.chips.append((text, tone, rect))
            left = rect.right() + 6
        return y + height + 5 if made.chips else y

    def _system(self, made: RowLayout, row: Row) -> RowLayout:
        layout = self._layout(markup.plain(tr_outside(row.text)).replace("\n", " "), self.look.small_font, [])
        option = layout.textOption()
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.setTextOption(option)
        width = float(max(120, self.width - 2 * AVATAR_X - 12))
        height = self._lines(layout, width, float(self.look.small_line), self.look.small_metrics.ascent() + 1)
        text = layout.text()
        made.blocks.append(
            TextBlock(BlockKind.PARAGRAPH, layout, text, _length(text), AVATAR_X, made.body + 6, width, height)
        )
        made.height = int(made.body + 6 + height + 6)
        return made

    def _file(self, made: RowLayout, row: Row, y: float) -> float:
        file = file_of(row)
        if file is None:
            return y
        made.place = place_file(row, file, self._as_image(row), self.look, TEXT_X, y, self.column)
        arrange(made.place, self.look)
        rect = made.place.rect
        made.blocks.append(
            TextBlock(
                BlockKind.PARAGRAPH,
                QTextLayout(),
                file.name,
                _length(file.name),
                TEXT_X,
                rect.top(),
                rect.width(),
                rect.height(),
                is_file=True,
            )  # fmt: skip
        )
        return float(rect.bottom()) + 4

    def _blocks(self, made: RowLayout, row: Row, y: float) -> float:
        if row.kind is not RowKind.TEXT:
            text = markup.plain(sentence_of(row))
            italic = self.look.note_format(is_italic=True)
            note_block = self._text_block(Block(BlockKind.PARAGRAPH, text), y, "", italic)
            made.blocks.append(note_block)
            return y + note_block.height
        if made.place is not None and not row.text:
            return y
        parsed = markup.parse(row.text)
        before: BlockKind | None = None
        for at, block in enumerate(parsed):
            gap = 0 if before is None or before is block.kind is BlockKind.LIST_ITEM else 4
            note = (
                f" {tr('(edited)')}"
                if row.is_edited and at == len(parsed) - 1 and block.kind is not BlockKind.CODE
                else ""
            )
            placed = self._text_block(block, y + gap, note)
            made.blocks.append(placed)
            y, before = placed.y + placed.height, block.kind
            if block.kind is BlockKind.CODE:
                y += 2
        if row.is_edited and parsed[-1].kind is BlockKind.CODE:
            placed = self._text_block(Block(BlockKind.PARAGRAPH, ""), y, tr("(edited)"))
            made.blocks.append(placed)
            y += placed.height
        return y

    def _text_block(self, block: Block, y: float, note: str, whole: QTextCharFormat | None = None) -> TextBlock:
        look, is_code = self.look, block.kind is BlockKind.CODE
        offsets = _utf16_offsets(block.text)
        length = offsets[-1] if offsets else len(block.text)
        formats, targets = [], []
        if whole is not None or block.kind is BlockKind.QUOTE:
            muted = QTextCharFormat()
            muted.setForeground(QBrush(QColor(look.theme.muted)))
            formats.append(_range(0, length, whole or muted))
        for span in block.spans:
            start, end = (offsets[span.start], offsets[span.end]) if offsets else (span.start, span.end)
            formats.append(_range(start, end, look.format(span.style)))
            if span.target:
                targets.append((start, end, span.style, span.target))
        if not block.text.isascii():
            for run in _EMOJI.finditer(block.text):
                start, end = (offsets[run.start()], offsets[run.end()]) if offsets else run.span()
                formats.append(_range(start, end, look.format(Style.PLAIN, is_emoji=True)))
        if note:
            formats.append(_range(length, length + len(note), look.note_format()))
        layout = self._layout(block.text + note, look.code_font if is_code else look.text_font, formats)
        x, width = float(TEXT_X), self.column
        if block.kind is BlockKind.LIST_ITEM:
            indent = LIST_INDENT * (block.level + 1) + max(0, len(block.marker) - 2) * 8
            x, width = x + indent, width - indent
        elif block.kind is BlockKind.QUOTE:
            x, width = x + QUOTE_INDENT, width - QUOTE_INDENT
        line, baseline = look.baseline(is_code)
        pad = CODE_PAD if is_code else 0
        height = self._lines(layout, width - 2 * pad, line, baseline, 0.0, float(pad)) + 2 * pad
        return TextBlock(
            block.kind, layout, block.text, length, x, y, width, height, block.marker, block.level, targets
        )

    def _layout(self, text: str, font: QFont, formats: list[QTextLayout.FormatRange]) -> QTextLayout:
        layout = QTextLayout(text.replace("\n", "\u2028"), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        if formats:
            layout.setFormats(formats)
        return layout

    def _lines(
        self, layout: QTextLayout, width: float, line_height: float, baseline: float, x: float = 0.0, y: float = 0.0
    ) -> float:
        """Break into lines of equal height; the answer is the height of all."""
        top = y
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(x, y + baseline - line.ascent()))
            y += line_height
        layout.endLayout()
        return max(y - top, line_height)

    def _pills(self, made: RowLayout, reactions: tuple[Reaction, ...], y: float, my_name: str) -> float:
        x = float(TEXT_X)
        for reaction in reactions:
            count = self.look.small_bold_metrics.horizontalAdvance(str(len(reaction.usernames)))
            width = 22 + self.look.theme.font_px + count
            if x + width > TEXT_X + self.column and x > TEXT_X:
                x, y = float(TEXT_X), y + PILL_HEIGHT + PILL_GAP
            made.pills.append(Pill(QRectF(x, y, width, PILL_HEIGHT), reaction, my_name in reaction.usernames))
            x += width + PILL_GAP
        return y + PILL_HEIGHT

    def _failure(self, made: RowLayout, row: Row, y: float) -> float:
        metrics = self.look.small_bold_metrics
        retry, discard = metrics.horizontalAdvance(tr("Retry")), metrics.horizontalAdvance(tr("Discard"))
        room = self.column - retry - discard - 40
        made.failure = self.look.small_metrics.elidedText(
            tr("Not sent: {reason}", reason=markup.one_line(tr_outside(row.failure) or tr("the server refused it"))),
            Qt.TextElideMode.ElideRight,
            room,
        )
        made.failure_y, height = y, float(self.look.small_line + 4)
        x = TEXT_X + 20 + self.look.small_metrics.horizontalAdvance(made.failure) + 10
        made.retry_rect = QRectF(x, y, retry + 4, height)
        made.discard_rect = QRectF(x + retry + 14, y, discard + 4, height)
        return y + height


def _length(text: str) -> int:
    return len(text) + sum(1 for letter in text if letter > "\uffff")


class LayoutCache:
    """The last 600 layouts by row index."""

    def __init__(self) -> None:
        self._layouts: OrderedDict[int, RowLayout] = OrderedDict()

    def get(self, index: int) -> RowLayout | None:
        """The layout, now the youngest; None if it must be built."""
        found = self._layouts.get(index)
        if found is not None:
            self._layouts.move_to_end(index)
        return found

    def put(self, index: int, layout: RowLayout) -> None:
        """Keep it; the oldest goes."""
        self._layouts[index] = layout
        if len(self._layouts) > LAYOUTS_KEPT:
            self._layouts.popitem(last=False)

    def drop(self, first: int, last: int) -> None:
        """These rows changed."""
        if last - first > len(self._layouts):
            for index in [index for index in self._layouts if first <= index <= last]:
                del self._layouts[index]
            return
        for index in range(first, last + 1):
            self._layouts.pop(index, None)

    def clear(self) -> None:
        """All must be built anew."""
        self._layouts.clear()
