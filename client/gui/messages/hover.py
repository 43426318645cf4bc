"""What the mouse is on in the message view: row, code block, button of a card, and the bar that
comes with a row.
"""

from __future__ import annotations

from PyQt5.QtCore import QPointF, Qt
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import QWidget

from client.gui.language.translation import tr_dynamic
from client.gui.messages.cards.words import CardAction
from client.gui.messages.hit_testing import CLICKABLE, Hit, HitKind, hit_test, tooltip_of
from client.gui.messages.painting import BarAction, RowPainter, bar_rects
from client.gui.messages.text_selection import TextSelection
from client.gui.messages.timeline import Timeline


class Hover:
    """Belongs to a message view; lives on the window's thread."""

    def __init__(self, timeline: Timeline, text: TextSelection, viewport: QWidget) -> None:
        self._timeline, self._text, self._viewport = timeline, text, viewport
        self.mouse: QPointF | None = None
        self.row, self.code = -1, -1
        self.action: BarAction | None = None  # button of the bar
        self.file: CardAction | None = None  # button of a card, or its picture

    def move(self, point: QPointF) -> bool:
        """The mouse went here; whether it is on something else than before."""
        before = (self.row, self.code, self.action, self.file)
        self.mouse = point
        self.update()
        return before != (self.row, self.code, self.action, self.file)

    def leave(self) -> None:
        """The mouse left the view."""
        self.mouse, self.row, self.code, self.action, self.file = None, -1, -1, None, None

    def update(self) -> None:
        """Find what is under the mouse again; the text may have moved below it."""
        self.file = None
        if self.mouse is None or self._text.is_selecting:
            return
        on_bar = self.press(self.mouse)
        self.action = on_bar[1] if on_bar else None
        if on_bar:
            return  # the bar reaches over the row above, and stays with its own row
        hit = self.hit(self.mouse)
        self.row, self.code = hit.row, -1
        is_text = hit.kind in (HitKind.TEXT, HitKind.COPY, HitKind.LINK)
        if is_text and self._timeline.layout(hit.row).blocks[hit.block].text:
            self.code = hit.block
        if hit.kind is HitKind.FILE:
            self.file = hit.action

    def hit(self, point: QPointF) -> Hit:
        """What lies at a point of the viewport, below the bar."""
        index = self._timeline.row_under(int(point.y()))
        if index < 0:
            return Hit(HitKind.NOTHING)
        local, layout = self._timeline.local(index, point), self._timeline.layout(index)
        if local.y() < 0 or local.y() >= layout.height:
            return Hit(HitKind.NOTHING)
        return hit_test(layout, index, local.x(), local.y())

    def press(self, point: QPointF) -> tuple[int, BarAction] | None:
        """The row and the button of its bar at a point, None beside the bar."""
        y = self._timeline.row_y(self.row) if self.row >= 0 else None
        if y is None:
            return None
        for action, rect in bar_rects(y, self._timeline.layout(self.row), self._viewport.width()):
            if rect.contains(point):
                return self.row, action
        return None

    def paint(self, p: QPainter, painter: RowPainter) -> None:
        """The bar of the row under the mouse; none while text is selected."""
        y = (
            self._timeline.row_y(self.row)
            if self.row >= 0 and not self._text.is_selecting
            else None
        )
        if y is not None:
            painter.paint_bar(
                p,
                bar_rects(y, self._timeline.layout(self.row), self._viewport.width()),
                self.action,
            )

    def cursor(self) -> Qt.CursorShape:
        """The shape that the mouse has here."""
        hit = self.hit(self.mouse) if self.mouse is not None else Hit(HitKind.NOTHING)
        if self.action is not None or hit.kind in CLICKABLE:
            return Qt.CursorShape.PointingHandCursor
        return (
            Qt.CursorShape.IBeamCursor if hit.kind is HitKind.TEXT else Qt.CursorShape.ArrowCursor
        )

    def tool_tip(self, point: QPointF) -> str | None:
        """What the tool tip says here, "" for none, None without rows."""
        if self.action is not None:
            return tr_dynamic(self.action.value)
        index = self._timeline.row_under(int(point.y()))
        if index < 0:
            return None
        local, layout = self._timeline.local(index, point), self._timeline.layout(index)
        return tooltip_of(
            layout, hit_test(layout, index, local.x(), local.y()), local.x(), local.y()
        )
