"""Paints the rows of the panels of pins, questions and hits: who, when, what, and how far a
question is, or where.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PyQt5.QtCore import QModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QTextLayout
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from client.api.values import Row
from client.gui.kit.theme import Theme, ui_font
from client.gui.language.local_words import moment_text
from client.gui.messages.badges import Tone, answers_of, chips_of
from client.gui.session.panels import WIDTH
from client.text.markup import one_line
from client.text.search_query import Query, marked

SHOWN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_PAD_X, _PAD_Y, _GAP = 16, 8, 3
_SCROLL_BAR = 14
_MOST_LINES = 3
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_WRAPPED = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(
    Qt.TextFlag.TextWordWrap
)


@dataclass(frozen=True, slots=True)
class ShownMark:
    """One row of the panel."""

    row: Row
    now: datetime
    title: str = ""  # of a hit: its conversation
    query: Query = Query()  # what of the text is marked

    @property
    def excerpt(self) -> str:
        """What the message says, in one line, of a hit from shortly before it; of a file its
        name.
        """
        name = self.row.file.name if self.row.file is not None else ""
        text = one_line(self.row.text, 2000)
        hits = marked(text, self.query)
        start = hits[0][0] - 40 if hits else 0
        text = text if start <= 0 else "\u2026" + text[start:].partition(" ")[2]
        return " \u00b7 ".join(
            phrase
            for phrase in (name if self.query.terms or not text else "", text[:300])
            if phrase
        )

    @property
    def status(self) -> tuple[str, Tone] | None:
        """Where a hit is, or how far a question is; None for other messages."""
        if self.title:
            return self.title, Tone.QUIET
        return chips_of(self.row)[0] if self.row.question is not None else None

    @property
    def short_status(self) -> str:
        """The same without the word that stands in the head of the panel."""
        return self.title or answers_of(self.row)

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        status = self.status[0].replace("\u2713", "") if self.status is not None else ""
        words = [
            self.row.username,
            moment_text(self.row.sent_at_ms, self.now),
            status,
            self.excerpt,
        ]
        return ", ".join(word for word in words if word)


class MarkDelegate(QStyledItemDelegate):
    """Paints rows; the excerpt takes at most three lines."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        shown = index.data(SHOWN_ROLE)
        return self.size_of(shown) if isinstance(shown, ShownMark) else QSize()

    def size_of(self, shown: ShownMark) -> QSize:
        """How high the row is; its width is that of the panel."""
        height = 2 * _PAD_Y + self._head().height() + _GAP + self._excerpt_height(shown)
        if shown.status is not None:
            height += self._small().height() + _GAP
        return QSize(0, height)

    def _head(self) -> QFontMetrics:
        return QFontMetrics(ui_font(self.theme.font_px, QFont.Weight.DemiBold))

    def _small(self) -> QFontMetrics:
        return QFontMetrics(ui_font(self.theme.small_px))

    def _excerpt_height(self, shown: ShownMark) -> int:
        metrics = self._small()
        room = QRect(0, 0, WIDTH - 2 * _PAD_X - _SCROLL_BAR, 10_000)
        needed = metrics.boundingRect(room, _WRAPPED, shown.excerpt).height()
        return min(needed, _MOST_LINES * metrics.lineSpacing())

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        shown = index.data(SHOWN_ROLE)
        if painter is None or not isinstance(shown, ShownMark):
            return
        theme, rect = self.theme, option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        around = QRectF(rect.adjusted(8, 1, -8, -1))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if is_chosen else theme.line))
            painter.drawRoundedRect(around, 6, 6)
        ink = theme.text if is_chosen or is_hovered else theme.muted
        top = self._paint_head(painter, rect, shown, ink)
        area = QRect(
            rect.left() + _PAD_X, top, rect.width() - 2 * _PAD_X, self._excerpt_height(shown)
        )
        self._paint_excerpt(painter, area, shown)
        if shown.status is not None:
            self._paint_status(
                painter, rect, area.bottom() + 1 + _GAP, shown.status[1], shown.short_status
            )
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(around.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        painter.restore()

    def _paint_excerpt(self, painter: QPainter, area: QRect, shown: ShownMark) -> None:
        """The text, with what was searched for marked in it."""
        font, text = ui_font(self.theme.small_px), shown.excerpt
        layout = QTextLayout(text, font)
        formats = []
        for start, end in marked(text, shown.query):
            formatted = QTextLayout.FormatRange()
            # QTextLayout counts in UTF-16.
            formatted.start = len(text[:start].encode("utf-16-le")) // 2
            formatted.length = len(text[start:end].encode("utf-16-le")) // 2
            formatted.format.setBackground(QBrush(QColor(self.theme.mention_bg)))
            formatted.format.setFontWeight(QFont.Weight.DemiBold)
            formats.append(formatted)
        layout.setFormats(formats)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(area.width())
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        painter.setPen(QColor(self.theme.text))
        painter.setClipRect(area)
        layout.draw(painter, QPointF(area.topLeft()))
        painter.setClipping(False)

    def _paint_head(self, painter: QPainter, rect: QRect, shown: ShownMark, ink: str) -> int:
        metrics, small = self._head(), self._small()
        area = QRect(
            rect.left() + _PAD_X, rect.top() + _PAD_Y, rect.width() - 2 * _PAD_X, metrics.height()
        )
        moment = moment_text(shown.row.sent_at_ms, shown.now)
        painter.setFont(ui_font(self.theme.font_px, QFont.Weight.DemiBold))
        painter.setPen(QColor(self.theme.text))
        room = area.width() - small.horizontalAdvance(moment) - 8
        painter.drawText(
            area,
            _MIDDLE,
            metrics.elidedText(shown.row.username, Qt.TextElideMode.ElideRight, room),
        )
        painter.setFont(ui_font(self.theme.small_px))
        painter.setPen(QColor(ink))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), moment
        )
        return area.bottom() + 1 + _GAP

    def _paint_status(
        self, painter: QPainter, rect: QRect, top: int, tone: Tone, text: str
    ) -> None:
        inks = {
            Tone.QUIET: self.theme.muted,
            Tone.ASKING: self.theme.link,
            Tone.DONE: self.theme.added,
        }
        painter.setFont(ui_font(self.theme.small_px))
        painter.setPen(QColor(inks[tone]))
        area = QRect(rect.left() + _PAD_X, top, rect.width() - 2 * _PAD_X, self._small().height())
        painter.drawText(area, _MIDDLE, text)
