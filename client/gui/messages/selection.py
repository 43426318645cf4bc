"""Selected text as (row, block, character) places across messages, and what copying it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from client.api.values import Row, RowKind
from client.gui.messages.layout import RowLayout
from client.gui.messages.model import sentence_of


@dataclass(frozen=True, slots=True, order=True)
class Caret:
    """A caret between characters; `char` counts UTF-16 units of the block's text."""

    row: int
    block: int
    char: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From where the mouse was pressed to where it is."""

    anchor: Caret
    cursor: Caret

    @property
    def is_empty(self) -> bool:
        """Nothing lies between."""
        return self.anchor == self.cursor

    @property
    def ends(self) -> tuple[Caret, Caret]:
        """Start and end in reading order."""
        return (
            (self.anchor, self.cursor) if self.anchor <= self.cursor else (self.cursor, self.anchor)
        )

    def span(self, row: int, block: int, length: int) -> tuple[int, int] | None:
        """The selected characters of one block, None if there are none."""
        start, end = self.ends
        here = (row, block)
        if here < (start.row, start.block) or here > (end.row, end.block):
            return None
        first = min(start.char, length) if here == (start.row, start.block) else 0
        last = min(end.char, length) if here == (end.row, end.block) else length
        return (first, last) if first < last else None


def _heading(row: Row) -> str:
    return f"[{datetime.fromtimestamp(row.sent_at_ms / 1000):%Y-%m-%d %H:%M}]"


def row_line(row: Row, text: str) -> str:
    """One message as copying over several messages writes it."""
    if row.kind is RowKind.SYSTEM:
        return f"{_heading(row)} {text}"
    return f"{_heading(row)} {row.username}: {text}"


def _selected_of_row(selection: Selection, index: int, layout: RowLayout) -> tuple[str, bool]:
    """The selected text of a row and whether that is all of it."""
    text, is_whole = "", True
    for at, block in enumerate(layout.blocks):
        span = selection.span(index, at, block.length)
        is_whole = is_whole and (span == (0, block.length) or block.length == 0)
        if span is not None:
            mark = (
                f"{'  ' * (block.depth - 1)}{block.marker} "
                if block.marker and span[0] == 0
                else ""
            )
            text += (block.joint if text else "") + mark + block.piece(*span)
    return text, is_whole and bool(layout.blocks)


def copied_text(
    selection: Selection, row_at: Callable[[int], Row | None], layout_of: Callable[[int], RowLayout]
) -> str:
    """What goes to the clipboard: whole messages as they were written, parts as they are shown."""
    start, end = selection.ends
    lines: list[str] = []
    for index in range(start.row, end.row + 1):
        row = row_at(index)
        if row is None:
            lines.append("[...]")
            continue
        if start.row < index < end.row:
            lines.append(row_line(row, sentence_of(row)))
            continue
        text, is_whole = _selected_of_row(selection, index, layout_of(index))
        if is_whole:
            text = sentence_of(row)
        if start.row == end.row:
            return text
        if text:
            lines.append(row_line(row, text))
    return "\n".join(lines)
