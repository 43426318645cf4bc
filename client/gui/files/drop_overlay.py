"""What lies over the conversation while files are dragged over it."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QWidget

from client.gui.kit.theme import LIGHT, Theme, ui_font
from client.gui.language.translation import tr

MARGIN = 16


class DropOverlay(QWidget):
    """Says where files will go; the mouse passes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT
        self.text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def show_over(self, area: QWidget, title: str) -> None:
        """Cover the whole of a widget."""
        self.text = tr("Drop to send to {title}", title=title)
        self.setAccessibleName(self.text)
        self.setGeometry(area.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        theme, p = self.theme, QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.bg)
        veil.setAlpha(225)
        p.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        ground = QColor(theme.mention_bg)
        ground.setAlpha(160)
        p.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        p.setBrush(ground)
        p.drawRoundedRect(frame, 12, 12)
        font = ui_font(theme.title_px + 2)
        p.setFont(font)
        p.setPen(QColor(theme.text))
        text = QFontMetricsF(font).elidedText(
            self.text, Qt.TextElideMode.ElideRight, frame.width() - 32
        )
        p.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), text)
        p.end()
