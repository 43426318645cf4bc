"""What lies under the mouse in a laid out row: text, link, mention, reaction, mark, quote."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PyQt5.QtCore import QRectF

from client.api.values import (
    MessageState,
    Reaction,
    RowKind,
)
from client.gui.language.local_words import full_time, size_words
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr_dynamic, tr_noop
from client.gui.messages.cards.words import CardAction
from client.gui.messages.layout import RowLayout
from client.gui.messages.look import AVATAR_PX, AVATAR_X
from client.gui.messages.painting import copy_rect, state_x
from client.gui.messages.selection import Caret
from client.gui.messages.text.blocks import TEXT_X, TextBlock
from client.text.markup import BlockKind, Style

STATE_WORDS = {
    MessageState.FAILED: tr_noop("Not sent"),
    MessageState.SAVED: tr_noop("Saved on this computer, not sent yet"),
    MessageState.SENT: tr_noop("Sent, the server has not confirmed it yet"),
    MessageState.STORED: tr_noop("Stored by the server"),
    MessageState.DELIVERED: tr_noop("Delivered to everybody"),
}


class HitKind(Enum):
    """What a click would mean."""

    NOTHING = "nothing"
    TEXT = "text"
    LINK = "link"
    MENTION = "mention"
    PILL = "pill"
    RETRY = "retry"
    DISCARD = "discard"
    QUOTE = "quote"
    COPY = "copy"
    FILE = "file"  # a button of the card, or the picture
    CARD = "card"  # the rest of the card


CLICKABLE = frozenset(HitKind) - {HitKind.NOTHING, HitKind.TEXT, HitKind.CARD}


@dataclass(frozen=True, slots=True)
class Hit:
    """The answer of a hit test."""

    kind: HitKind
    row: int = -1
    block: int = -1
    target: str = ""  # address, username, or the code to copy
    reaction: Reaction | None = None
    action: CardAction | None = None


def _char_at(block: TextBlock, x: float, y: float) -> int:
    """The caret nearest to a point relative to the row."""
    if block.is_file:
        return block.length if x > block.x + block.width / 2 else 0
    number = _line_at(block, y)
    if number < 0:
        return 0
    char = block.layout.lineAt(number).xToCursor(x - block.x - block.pad_x)
    at = char[0] if isinstance(char, tuple) else char
    return min(int(at), block.length)


def _line_at(block: TextBlock, y: float) -> int:
    """The line nearest to a height; -1 if there is none."""
    return min(
        block.layout.lineCount() - 1,
        max(0, int((y - block.y - block.pad_y) // max(1.0, block.line))),
    )


def caret_at(layout: RowLayout, row: int, x: float, y: float) -> Caret:
    """The caret nearest to a point relative to the row."""
    blocks = layout.blocks
    if not blocks or y < blocks[0].y:
        return Caret(row, 0, 0)
    last = len(blocks) - 1
    at = next((at for at, block in enumerate(blocks) if y < block.y + block.height), last)
    if y >= blocks[at].y + blocks[at].height:
        return Caret(row, last, blocks[last].length)
    while (
        at < last and blocks[at + 1].joint == "\t" and x >= blocks[at + 1].x
    ):  # cells stand side by side
        at += 1
    return Caret(row, at, _char_at(blocks[at], x, y))


def _in_block(block: TextBlock, at: int, row: int, x: float, y: float) -> Hit:
    if block.kind is BlockKind.CODE and copy_rect(block).contains(x, y):
        return Hit(HitKind.COPY, row, at, block.text)
    if block.targets:
        char = _char_at(block, x, y)
        for start, end, style, target in block.targets:
            # xToCursor rounds to the nearer caret, so the end belongs to the last letter.
            if start <= char <= end and _is_over(block, start, end, x, y):
                return Hit(HitKind.LINK if style & Style.LINK else HitKind.MENTION, row, at, target)
    return Hit(HitKind.TEXT, row, at)


def _is_over(block: TextBlock, start: int, end: int, x: float, y: float) -> bool:
    line = block.layout.lineAt(max(0, _line_at(block, y)))
    first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
    if first >= last:
        return False
    edges = []
    for char in (first, last):
        edge = line.cursorToX(char)
        edges.append(float(edge[0] if isinstance(edge, tuple) else edge))
    return min(edges) <= x - block.x - block.pad_x <= max(edges)


def hit_test(layout: RowLayout, row: int, x: float, y: float) -> Hit:
    """What is at this point relative to the row."""
    if layout.row is None:
        return Hit(HitKind.NOTHING, row)
    for pill in layout.pills:
        if pill.rect.contains(x, y):
            return Hit(HitKind.PILL, row, reaction=pill.reaction)
    if layout.failure:
        if layout.retry_rect.contains(x, y):
            return Hit(HitKind.RETRY, row)
        if layout.discard_rect.contains(x, y):
            return Hit(HitKind.DISCARD, row)
    if layout.quote is not None and layout.quote_rect.contains(x, y):
        return Hit(HitKind.QUOTE, row)
    for at, block in enumerate(layout.blocks):
        if QRectF(block.x, block.y, block.width, block.height).contains(x, y):
            if block.is_file and layout.card is not None:
                action = layout.card.action_at(x, y)
                return Hit(HitKind.CARD if action is None else HitKind.FILE, row, at, action=action)
            return _in_block(block, at, row, x, y)
    return Hit(HitKind.NOTHING, row)


def tooltip_of(layout: RowLayout, hit: Hit, x: float, y: float) -> str:
    """What the tool tip at this point says, "" for none."""
    row = layout.row
    if row is None:
        return ""
    if hit.kind is HitKind.LINK:
        return hit.target
    if hit.kind is HitKind.PILL and hit.reaction is not None:
        return ", ".join(hit.reaction.usernames)
    if hit.action is not None and hit.action is not CardAction.IMAGE:
        return tr_dynamic(hit.action.value)
    if layout.card is not None and hit.kind in (HitKind.FILE, HitKind.CARD):
        lines = (
            layout.card.file.name,
            size_words(layout.card.file.size),
            layout.card.words_of_state,
        )
        return "\n".join(line for line in lines if line)
    if row.is_own and row.kind is RowKind.TEXT and x >= state_x(layout) - 4:
        return failure_words(row.failure) or tr_dynamic(STATE_WORDS[row.state])
    head = QRectF(AVATAR_X, layout.head_y, TEXT_X + layout.column, 22)
    gutter = QRectF(0, layout.body, AVATAR_X + AVATAR_PX, layout.height)
    if (layout.is_head and head.contains(x, y)) or gutter.contains(x, y):
        return full_time(row.sent_at_ms)
    return ""
