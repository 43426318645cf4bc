"""The button in the corner of the messages that leads to the newest one."""

from __future__ import annotations

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtWidgets import QPushButton, QWidget

from client.gui.language.translation import tr


class JumpButton(QPushButton):
    """Leads from older messages back to the newest, and says how many have come."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("jumpToBottom")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_in(self, area: QRect, unseen: int) -> None:
        """Show it in the lower right corner of the viewport."""
        text = tr("\u2193 {count} new", count=unseen) if unseen else "\u2193"
        if self.text() != text or not self.isVisible():
            self.setText(text)
            self.setAccessibleName(tr("Jump to the newest message, {count} new", count=unseen))
            self.setToolTip(tr("Jump to the newest message"))
        self.ensurePolished()  # the style sheet decides on the font, and so on the width
        self.setFixedSize(max(44, self.sizeHint().width() + 4), 32)
        self.move(area.right() - self.width() - 16, area.bottom() - 44)
        self.show()
