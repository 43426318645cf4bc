"""The right panel of search: a field, here or everywhere, and what was found; it searches while one
types.
"""

from __future__ import annotations

from datetime import datetime

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import Found
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from client.gui.pins.panel import MarksList
from client.gui.pins.row_delegate import SHOWN_ROLE, MarkDelegate, ShownMark
from client.gui.session.panels import WIDTH
from client.text.search_query import parse_query

AGAIN_MS = 700  # while older messages are still being read
HELP = tr_noop('Words, "exact phrases", from:name, has:file.')
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_F3: 1}


class SearchPanel(QFrame):
    """280 px at the right. Up, Down and Enter in the field walk through the hits and show them."""

    search_wanted = pyqtSignal()  # what `text` and `is_everywhere` say
    search_again = pyqtSignal()  # the same: more has been read by now
    message_requested = pyqtSignal(bytes, int)  # conv_id, position
    closed = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setFixedWidth(WIDTH)
        self._places: dict[bytes, bytes] = {}  # message_id -> conv_id
        self._listed = ""  # the text whose hits are listed
        self.title = QLabel(tr("Search"), self)
        self.title.setProperty("title", True)
        self.close_button = QToolButton(self)
        self.close_button.setText("\u2715")
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.setAccessibleName(tr("Close the search"))
        self.close_button.clicked.connect(self.closed)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Search messages"))
        self.field.setAccessibleName(tr("Search messages"))
        self.field.installEventFilter(self)
        self.everywhere = QCheckBox(tr("In all conversations"), self)
        self.sentence = QLabel(tr_dynamic(HELP), self)
        self.sentence.setProperty("muted", True)
        self.sentence.setWordWrap(True)
        self.delegate = MarkDelegate(theme, self)
        self.list = MarksList(self.delegate, self)
        self.list.setAccessibleName(tr("Messages found"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.search_again)
        self.field.textEdited.connect(lambda _text: self.search_wanted.emit())
        self.everywhere.toggled.connect(lambda _on: self.search_wanted.emit())
        self.list.chosen.connect(self._show)
        self.list.escaped.connect(self.closed)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        words = QVBoxLayout()
        words.setContentsMargins(16, 4, 16, 6)
        words.setSpacing(6)
        for widget in (self.field, self.everywhere, self.sentence):
            words.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 8)
        layout.addLayout(head)
        layout.addLayout(words)
        layout.addWidget(self.list, 1)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        for at in range(self.list.count()):
            item = self.list.item(at)
            if item is not None:
                item.setSizeHint(self.delegate.size_of(item.data(SHOWN_ROLE)))
        self.list.viewport().update()

    def begin(self, is_everywhere: bool) -> None:
        """Put the keyboard into the field; what stands there is kept, and replaced by typing."""
        self.everywhere.setChecked(is_everywhere)
        self.field.setFocus()
        self.field.selectAll()

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    @property
    def is_everywhere(self) -> bool:
        """Whether all conversations are searched."""
        return self.everywhere.isChecked()

    def show_found(
        self, text: str, hits: Found, titles: dict[bytes, str], has_more: bool = False
    ) -> None:
        """List what was found for this text. `has_more`: there may be older hits than these."""
        query, now = parse_query(text), datetime.now()
        is_same, self._listed = text == self._listed, text
        chosen, top = (
            (self.list.currentRow(), self.list.verticalScrollBar().value()) if is_same else (0, 0)
        )
        self._timer.stop()
        self.list.clear()
        self._places.clear()
        for conv_id, row in hits.hits:
            self._places[row.message_id] = conv_id
            title = titles.get(conv_id, "") if self.is_everywhere else ""
            shown, item = ShownMark(row, now, title, query), QListWidgetItem(self.list)
            item.setData(SHOWN_ROLE, shown)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), shown.spoken())
            item.setSizeHint(self.delegate.size_of(shown))
        self.list.setCurrentRow(min(max(chosen, 0), self.list.count() - 1))
        self.list.verticalScrollBar().setValue(top)
        self.sentence.setText(self._sentence(text, hits, has_more))
        if not hits.is_complete:
            self._timer.start(AGAIN_MS)

    def _sentence(self, text: str, hits: Found, has_more: bool) -> str:
        if not text:
            return tr_dynamic(HELP)
        older = "" if hits.is_complete else " " + tr("Older messages are still being read.")
        if hits.hits:
            count = len(hits.hits)
            if has_more:
                return (
                    tr_count("The newest message.", "The newest {count} messages.", count) + older
                )
            return (
                tr_count(
                    "{count} message, the newest first.",
                    "{count} messages, the newest first.",
                    count,
                )
                + older
            )
        if self.is_everywhere:
            return tr("Nothing found for \u201c{text}\u201d.", text=text) + older
        return tr("Nothing found here for \u201c{text}\u201d.", text=text) + older

    def _show(self, message_id: bytes) -> None:
        item = self.list.currentItem()
        shown = item.data(SHOWN_ROLE) if item is not None else None
        if isinstance(shown, ShownMark) and shown.row.message_id == message_id:
            self.message_requested.emit(self._places[message_id], shown.row.position)

    def step(self, direction: int) -> None:
        """To the next (1) or previous (-1) hit, and show it."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow((self.list.currentRow() + direction) % count)
            self._show_current()

    def _show_current(self) -> None:
        item = self.list.currentItem()
        shown = item.data(SHOWN_ROLE) if item is not None else None
        if isinstance(shown, ShownMark):
            self._show(shown.row.message_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._show_current()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
            if event.key() in _STEPS:
                is_back = int(event.modifiers()) & int(Qt.KeyboardModifier.ShiftModifier)
                self.step(-1 if is_back else _STEPS[event.key()])
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
