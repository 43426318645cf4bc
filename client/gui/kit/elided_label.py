"""A label of one line that ends in "…" where it has no room; the whole text is its tool tip
then.
"""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QRect, QSize, Qt
from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import QLabel, QToolTip, QWidget

MIN_WIDTH = 24


class ElidedLabel(QLabel):
    """A plain QLabel for its callers (text, accessible name, style); only painting and the least
    width differ.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(MIN_WIDTH)

    def minimumSizeHint(self) -> QSize:
        """Never in the way of what stands beside it."""
        return QSize(MIN_WIDTH, super().minimumSizeHint().height())

    def shown_text(self) -> str:
        """What is painted in the present width."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )

    def event(self, event: QEvent) -> bool:
        """The tool tip is the whole text where it is cut, else the given one."""
        if (
            event.type() == QEvent.Type.ToolTip
            and not self.toolTip()
            and self.shown_text() != self.text()
        ):
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self.text(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text as the style paints it, cut with an ellipsis."""
        painter = QPainter(self)
        rect: QRect = self.contentsRect()
        flags = int(self.alignment()) | int(Qt.TextFlag.TextSingleLine)
        self.style().drawItemText(
            painter,
            rect,
            flags,
            self.palette(),
            self.isEnabled(),
            self.shown_text(),
            self.foregroundRole(),
        )
