"""A small grid of emoji to choose from."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QFont
from PyQt5.QtWidgets import QFrame, QGridLayout, QToolButton, QWidget

from client.gui.theme import emoji_families

COLUMNS = 8
EMOJI = (
    "👍", "👎", "❤️", "😀", "😂", "🙂", "😉", "😍", "🤔", "🤨", "😅", "😢", "😭", "😡", "😱", "😴",
    "🎉", "🙏", "👏", "💪", "👀", "✅", "❌", "❓", "❗", "💡", "🔥", "⭐", "🐛", "💻", "📎", "📚",
    "📝", "⏰", "🚀", "☕", "🍕", "🌍", "🤝", "👋",
)  # fmt: skip


class EmojiPicker(QFrame):
    """A popup; it goes away by itself."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        font = QFont()
        font.setFamilies([*emoji_families(), font.defaultFamily()])
        font.setPixelSize(18)
        grid = QGridLayout(self)
        grid.setContentsMargins(6, 6, 6, 6)
        grid.setSpacing(2)
        for at, emoji in enumerate(EMOJI):
            button = QToolButton(self)
            button.setText(emoji)
            button.setFont(font)
            button.setFixedSize(32, 32)
            button.clicked.connect(lambda _checked=False, one=emoji: self._choose(one))
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)

    def show_above(self, widget: QWidget) -> None:
        """Open with the right end over this widget."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width(), 0))
        self.move(corner.x() - self.width(), corner.y() - self.height() - 6)
        self.show()

    def _choose(self, emoji: str) -> None:
        self.chosen.emit(emoji)
        self.close()
