"""Painted parts that stand for people and counts: avatars, presence dots, pills and role chips."""

from __future__ import annotations

from PyQt5.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPen, QPixmap

from client.gui.kit.theme import AVATAR_TEXT, Theme, avatar_colour, initials, ui_font

PILL_HEIGHT = 18


def paint_avatar(painter: QPainter, rect: QRectF, username: str) -> None:
    """A round avatar with initials."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(avatar_colour(username)))
    painter.drawEllipse(rect)
    text = initials(username)
    size = rect.width() * (0.40 if len(text) > 1 else 0.45)
    painter.setFont(ui_font(max(7, round(size)), QFont.Weight.DemiBold))
    painter.setPen(QColor(AVATAR_TEXT))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def paint_presence(
    painter: QPainter, centre: QPointF, is_online: bool, theme: Theme, ground: str
) -> None:
    """A full dot for those online, a ring for the others: the shape differs, not only the
    colour.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawEllipse(centre, 6.0, 6.0)
    if is_online:
        painter.setBrush(QColor(theme.online))
        painter.drawEllipse(centre, 4.5, 4.5)
    else:
        painter.setPen(QPen(QColor(theme.muted), 1.4))
        painter.drawEllipse(centre, 3.8, 3.8)
    painter.restore()


def pill_width(text: str, theme: Theme) -> int:
    """How wide the pill of a count is."""
    return max(22, QFontMetrics(_pill_font(theme)).horizontalAdvance(text) + 14)


def paint_pill(
    painter: QPainter, right: int, middle: int, text: str, theme: Theme, is_mention: bool
) -> int:
    """A pill whose right end stands at `right`; gives its width."""
    width = pill_width(text, theme)
    rect = QRectF(right - width, middle - PILL_HEIGHT / 2, width, PILL_HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.badge if is_mention else theme.count_bg))
    painter.drawRoundedRect(rect, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
    painter.setFont(_pill_font(theme))
    painter.setPen(QColor(theme.on_badge if is_mention else theme.count_text))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()
    return width


def paint_chip(painter: QPainter, rect: QRect, text: str, theme: Theme) -> None:
    """An outlined chip with a word: a role."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.link), 1))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(ui_font(theme.small_px))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def avatar_icon(username: str, size: int = 22) -> QIcon:
    """The avatar as an icon for menus and lists."""
    pixmap = QPixmap(QSize(size, size) * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_avatar(painter, QRectF(0, 0, size, size), username)
    painter.end()
    return QIcon(pixmap)


def _pill_font(theme: Theme) -> QFont:
    return ui_font(theme.small_px, QFont.Weight.DemiBold)
