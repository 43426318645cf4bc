"""A small grid of emoji to choose from, and a field to find all others by their names."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QFont
from PyQt5.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.gui.kit.theme import emoji_families
from client.gui.language.translation import tr
from client.text.emoji_names import find_emoji

COLUMNS = 8
EMOJI = (
    "👍",
    "👎",
    "❤️",
    "😀",
    "😂",
    "🙂",
    "😉",
    "😍",
    "🤔",
    "🤨",
    "😅",
    "😢",
    "😭",
    "😡",
    "😱",
    "😴",
    "🎉",
    "🙏",
    "👏",
    "💪",
    "👀",
    "✅",
    "❌",
    "❓",
    "❗",
    "💡",
    "🔥",
    "⭐",
    "🐛",
    "💻",
    "📎",
    "📚",
    "📝",
    "⏰",
    "🚀",
    "☕",
    "🍕",
    "🌍",
    "🤝",
    "👋",
)


class EmojiPicker(QFrame):
    """A popup; it goes away by itself. Enter takes the first one that is shown."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._font = QFont()
        self._font.setFamilies([*emoji_families(), self._font.defaultFamily()])
        self._font.setPixelSize(18)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Find an emoji, e.g. rocket"))
        self.search.setAccessibleName(tr("Find an emoji"))
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._take_first)
        self.nothing = QLabel(tr("There is no emoji of this name."), self)
        self.nothing.setProperty("muted", True)
        self._grid = QGridLayout()
        self._grid.setSpacing(2)
        self._buttons: list[QToolButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        for at in range(len(EMOJI)):
            self._add_button(at)
        self._fill()

    def _add_button(self, at: int) -> None:
        button = QToolButton(self)
        button.setFont(self._font)
        button.setFixedSize(32, 32)
        button.clicked.connect(lambda _checked=False: self._choose(button.text()))
        self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
        self._buttons.append(button)

    def _fill(self) -> None:
        wanted = self.search.text().strip()
        shown = find_emoji(wanted, len(EMOJI)) if wanted else [(emoji, "") for emoji in EMOJI]
        self.nothing.setVisible(not shown)
        for at, button in enumerate(self._buttons):
            emoji, name = shown[at] if at < len(shown) else ("", "")
            button.setText(emoji)
            button.setToolTip(name.replace("_", " "))
            button.setAccessibleName(name.replace("_", " ") or emoji)
            button.setVisible(bool(emoji))

    def shown(self) -> list[str]:
        """The emoji in the grid, in order."""
        return [button.text() for button in self._buttons if button.text()]

    def show_above(self, widget: QWidget) -> None:
        """Open with the right end over this widget."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width(), 0))
        self.open_at(QPoint(corner.x() - self.width(), corner.y() - self.height() - 6))

    def open_at(self, corner: QPoint) -> None:
        """Open with the upper left corner here, with the keyboard in the field."""
        self.adjustSize()
        self.setFixedSize(self.size())  # so that it does not jump while one types
        self.move(corner)
        self.show()
        self.search.setFocus()

    def _take_first(self) -> None:
        shown = self.shown()
        if shown and self.search.text().strip():
            self._choose(shown[0])

    def _choose(self, emoji: str) -> None:
        self.chosen.emit(emoji)
        self.close()
