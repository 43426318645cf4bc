"""How the rows of the sidebar are painted."""

from __future__ import annotations

from PyQt5.QtCore import QModelIndex, QObject, QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from client.gui.kit.avatars import paint_avatar, paint_pill, paint_presence
from client.gui.kit.theme import LIGHT, Theme, ui_font
from client.gui.language.translation import tr_dynamic
from client.gui.sidebar.model import ENTRY_ROLE, Entry

ROW_HEIGHT, HEAD_HEIGHT, AVATAR = 34, 30, 22
COMPACT_ROW, COMPACT_HEAD, COMPACT_AVATAR = 26, 25, 18
ADD_WIDTH = 36
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class SidebarDelegate(QStyledItemDelegate):
    """Paints entries; heights are uniform per kind."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT
        self.open_conv = b""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        entry: Entry | None = index.data(ENTRY_ROLE)
        more = self.theme.font_px - 14  # rows grow with the text
        head, row = (
            (COMPACT_HEAD, COMPACT_ROW) if self.theme.is_compact else (HEAD_HEIGHT, ROW_HEIGHT)
        )
        if entry is not None and entry.is_head:
            return QSize(0, head + more)
        return QSize(0, row + more)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        entry: Entry | None = index.data(ENTRY_ROLE)
        if painter is None or entry is None:
            return
        painter.save()
        if entry.is_head:
            self._paint_head(painter, option, entry)
        elif entry.hint:
            painter.setFont(ui_font(self.theme.small_px))
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(option.rect.adjusted(16, 0, -8, 0), _MIDDLE, entry.hint)
        else:
            self._paint_conversation(painter, option, entry)
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        theme, rect = self.theme, option.rect.adjusted(16, 6, 0, 0)
        font = ui_font(theme.font_px - 3, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.5)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        name = tr_dynamic(entry.section.value)
        text = f"{name} \u25b8" if entry.is_collapsed else name
        plus = QRect(rect.right() - 33, rect.top(), 24, rect.height())
        room = (plus.left() if entry.can_add else rect.right()) - rect.left()
        painter.drawText(
            rect, _MIDDLE, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        )
        if entry.can_add:
            painter.drawText(plus, int(Qt.AlignmentFlag.AlignCenter), "+")
        self._paint_focus(painter, option)

    def _paint_conversation(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry
    ) -> None:
        theme = self.theme
        row = option.rect.adjusted(8, 1, -8, -1)
        is_open = (
            bool(entry.conv_id) and entry.conv_id == self.open_conv
        )  # somebody not written to has none
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = theme.chosen if is_open else theme.line if is_hovered else theme.side
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_open or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(row), 6, 6)
        is_strong = (bool(entry.unread) and not entry.is_muted) or is_open
        colour = QColor(theme.text if is_strong else theme.muted)
        right = row.right() - 7
        if entry.badge:
            right -= (
                paint_pill(painter, right, row.center().y() + 1, entry.badge, theme, entry.is_red)
                + 6
            )
        left = self._paint_sign(painter, row, entry, colour, ground)
        font = ui_font(theme.font_px, QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
        font.setItalic(not entry.is_member)
        painter.setFont(font)
        painter.setPen(colour)
        area = QRect(left, row.top(), right - left, row.height())
        name = QFontMetrics(font).elidedText(entry.name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _MIDDLE, name)
        self._paint_focus(painter, option)

    def _paint_sign(
        self, painter: QPainter, row: QRect, entry: Entry, colour: QColor, ground: str
    ) -> int:
        if entry.is_person:
            size = COMPACT_AVATAR if self.theme.is_compact else AVATAR
            left, top = row.left() + 10 + (AVATAR - size) // 2, row.center().y() + 1 - size // 2
            paint_avatar(painter, QRectF(left, top, size, size), entry.name)
            dot = QPointF(left + size - 1.5, top + size - 2)
            paint_presence(painter, dot, entry.is_online, self.theme, ground)
            return row.left() + 42
        is_bold = bool(entry.unread) and not entry.is_muted
        painter.setFont(
            ui_font(self.theme.font_px, QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
        )
        painter.setPen(colour)
        area = QRect(row.left() + 8, row.top(), 18, row.height())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), entry.sign)
        return row.left() + 32

    def _paint_focus(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if not option.state & QStyle.StateFlag.State_HasFocus:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.accent), 1.5))
        painter.drawRoundedRect(QRectF(option.rect.adjusted(8, 1, -8, -1)), 6, 6)
