"""One row laid out for a width: text blocks as QTextLayouts, and where quote, reactions and marks
stand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QTextLayout

from client.api.values import (
    MessageState,
    Quote,
    Reaction,
    Row,
    RowKind,
)
from client.gui.language.local_words import day_text, moment_of, time_text
from client.gui.language.said_words import failure_words, said_words
from client.gui.language.translation import tr
from client.gui.messages.badges import Tone, chips_of
from client.gui.messages.cards.layout import FileCard, arrange, card_of
from client.gui.messages.cards.words import file_of, shows_image
from client.gui.messages.look import AVATAR_X, Look
from client.gui.messages.model import sentence_of
from client.gui.messages.text.blocks import (
    TEXT_X,
    BlockComposer,
    TextBlock,
    break_lines,
    is_rtl,
    text_layout,
    utf16_length,
)
from client.text import markup
from client.text.highlighting import coloured
from client.text.markup import Block, BlockKind

TEXT_MAX = 860
RIGHT_MARGIN = 36  # room for the mark of the message's state
GROUP_MS = 7 * 60 * 1000
ROW_GAP, NEW_BAND = 0, 20
FOLDED_LINES, FOLDED_LENGTH = 8, 480
PILL_HEIGHT, PILL_GAP = 22, 5
LAYOUTS_KEPT = 600


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
    card: FileCard | None = None  # of the row's file
    column: float = 0.0


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


Read = Callable[[Row], tuple[Block, ...] | None]


def read_now(row: Row) -> tuple[Block, ...]:
    """The blocks of a row's text, coloured, however long it takes."""
    return coloured(markup.parse(row.text))


class RowComposer:
    """Builds RowLayouts for one look and width; `read` gives None for a text that is still being
    read.
    """

    def __init__(
        self,
        look: Look,
        width: int,
        as_image: Callable[[Row], bool] = shows_image,
        read: Read = read_now,
    ) -> None:
        self.look = look
        self.width = width
        self._as_image = as_image
        self._read = read
        self.column = float(max(120, min(TEXT_MAX, width - TEXT_X - RIGHT_MARGIN)))

    def compose(
        self, row: Row, before: Row | None, is_first: bool, is_new: bool, my_name: str
    ) -> RowLayout:
        """Lay out one row; `before` is None if it is the first or not here yet."""
        made = RowLayout(row, 0, is_new=is_new, column=self.column, time=time_text(row.sent_at_ms))
        is_other_day = (
            before is not None
            and moment_of(before.sent_at_ms).date() != moment_of(row.sent_at_ms).date()
        )
        if is_first or is_other_day:
            made.day = day_text(row.sent_at_ms)
        made.body = float((self.look.day_band if made.day else 0) + (NEW_BAND if is_new else 0))
        if row.kind is RowKind.SYSTEM:
            return self._system(made, row)
        made.is_head = bool(made.day) or is_new or is_head(row, before)
        is_by_file = file_of(row) is not None or (
            before is not None and file_of(before) is not None
        )
        # A caption must be seen to belong to the file above it, not to the one below.
        y = made.body + (
            self.look.group_gap if made.is_head else self.look.file_gap if is_by_file else ROW_GAP
        )
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
            made.height = max(
                made.height, int(made.head_y) + self.look.avatar_px + 2 * self.look.bottom_gap
            )
        return made

    def _chips(self, made: RowLayout, row: Row, y: float) -> float:
        left, height = float(TEXT_X), self.look.tiny_metrics.height() + 4
        for text, tone in chips_of(row):
            rect = QRectF(left, y + 2, self.look.tiny_metrics.horizontalAdvance(text) + 12, height)
            made.chips.append((text, tone, rect))
            left = rect.right() + 6
        return y + height + 5 if made.chips else y

    def _system(self, made: RowLayout, row: Row) -> RowLayout:
        text = markup.plain(said_words(row.said)).replace("\n", " ")
        layout = text_layout(text, self.look.small_font, [], markup.Align.CENTER, is_rtl(text))
        width, line = float(max(120, self.width - 2 * AVATAR_X - 12)), float(self.look.small_line)
        height = break_lines(layout, width, line, self.look.small_metrics.ascent() + 1)
        y, length = made.body + 6, utf16_length(text)
        made.blocks.append(
            TextBlock(BlockKind.PARAGRAPH, layout, text, length, AVATAR_X, y, width, height, line)
        )
        made.height = int(made.body + 6 + height + 6)
        return made

    def _file(self, made: RowLayout, row: Row, y: float) -> float:
        file = file_of(row)
        if file is None:
            return y
        made.card = card_of(row, file, self._as_image(row), self.look, TEXT_X, y, self.column)
        arrange(made.card, self.look)
        rect = made.card.rect
        made.blocks.append(
            TextBlock(
                BlockKind.PARAGRAPH,
                QTextLayout(),
                file.name,
                utf16_length(file.name),
                TEXT_X,
                rect.top(),
                rect.width(),
                rect.height(),
                is_file=True,
            )
        )
        return float(rect.bottom()) + 4

    def _blocks(self, made: RowLayout, row: Row, y: float) -> float:
        composer = BlockComposer(self.look, self.column)
        if row.kind is not RowKind.TEXT:
            text = Block(text=markup.plain(sentence_of(row)))
            y = composer.compose((text,), y, whole=self.look.note_format(is_italic=True))
        elif row.text or made.card is None:
            edited, blocks = f" {tr('(edited)')}" if row.is_edited else "", self._read(row)
            if blocks is None:
                blocks, edited = (folded(row.text),), f" \u2026{edited}"
            y = composer.compose(blocks, y, edited)
        made.blocks += composer.made
        return y

    def _pills(
        self, made: RowLayout, reactions: tuple[Reaction, ...], y: float, my_name: str
    ) -> float:
        x = float(TEXT_X)
        for reaction in reactions:
            count = self.look.small_bold_metrics.horizontalAdvance(str(len(reaction.usernames)))
            width = 22 + self.look.theme.font_px + count
            if x + width > TEXT_X + self.column and x > TEXT_X:
                x, y = float(TEXT_X), y + PILL_HEIGHT + PILL_GAP
            made.pills.append(
                Pill(QRectF(x, y, width, PILL_HEIGHT), reaction, my_name in reaction.usernames)
            )
            x += width + PILL_GAP
        return y + PILL_HEIGHT

    def _failure(self, made: RowLayout, row: Row, y: float) -> float:
        metrics = self.look.small_bold_metrics
        retry, discard = (
            metrics.horizontalAdvance(tr("Retry")),
            metrics.horizontalAdvance(tr("Discard")),
        )
        room = self.column - retry - discard - 40
        made.failure = self.look.small_metrics.elidedText(
            tr(
                "Not sent: {reason}",
                reason=markup.one_line(failure_words(row.failure) or tr("the server refused it")),
            ),
            Qt.TextElideMode.ElideRight,
            room,
        )
        made.failure_y, height = y, float(self.look.small_line + 4)
        x = TEXT_X + 20 + self.look.small_metrics.horizontalAdvance(made.failure) + 10
        made.retry_rect = QRectF(x, y, retry + 4, height)
        made.discard_rect = QRectF(x + retry + 14, y, discard + 4, height)
        return y + height


def folded(text: str) -> Block:
    """The beginning of a long text as it was written: what is shown until it has been read."""
    lines = markup.plain(text[:FOLDED_LENGTH]).split("\n")[:FOLDED_LINES]
    return Block(text="\n".join(lines).strip())


class LayoutCache:
    """The last 600 layouts by row index."""

    def __init__(self) -> None:
        self._layouts: OrderedDict[int, RowLayout] = OrderedDict()

    def get(self, index: int) -> RowLayout | None:
        """The layout, now the youngest; None if it must be built."""
        layout = self._layouts.get(index)
        if layout is not None:
            self._layouts.move_to_end(index)
        return layout

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
