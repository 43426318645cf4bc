"""The right panels of pinned messages and of questions; a click shows the message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import QuestionState, Row
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr, tr_dynamic, tr_noop
from client.gui.pins.row_delegate import SHOWN_ROLE, MarkDelegate, ShownMark
from client.gui.session.panels import WIDTH

NO_PINS = tr_noop(
    "Nothing is pinned here. Pin a message by its menu, so that everybody finds it again."
)
NO_QUESTIONS = tr_noop("No questions here yet. Ask one with the + beside the text field.")
ALL_ANSWERED = tr_noop("Every question here has an answer.")
_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)


class MarksList(QListWidget):
    """The list: a click or Enter shows the message, Esc closes."""

    chosen = pyqtSignal(bytes)
    escaped = pyqtSignal()

    def __init__(self, delegate: MarkDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.itemClicked.connect(self._choose)

    def _choose(self, item: QListWidgetItem | None) -> None:
        shown = item.data(SHOWN_ROLE) if item is not None else None
        if isinstance(shown, ShownMark):
            self.chosen.emit(shown.row.message_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentItem())
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()


class MarksPanel(QFrame):
    """280 px at the right.

    With `has_filter` it lists questions, and can hide those that have an answer.
    """

    message_requested = pyqtSignal(bytes)
    closed = pyqtSignal()

    def __init__(
        self, title: str, theme: Theme, has_filter: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setFixedWidth(WIDTH)
        self._rows: tuple[Row, ...] = ()
        self._has_filter = has_filter
        self.title = QLabel(title, self)
        self.title.setProperty("title", True)
        self.close_button = QToolButton(self)
        self.close_button.setText("\u2715")
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.setAccessibleName(
            tr("Close questions") if has_filter else tr("Close pinned")
        )
        self.close_button.clicked.connect(self.closed)
        self.unanswered = QCheckBox(tr("Only those without an answer"), self)
        self.unanswered.setVisible(has_filter)
        self.unanswered.toggled.connect(lambda _on: self._fill())
        self.sentence = QLabel(self)
        self.sentence.setProperty("muted", True)
        self.sentence.setWordWrap(True)
        self.delegate = MarkDelegate(theme, self)
        self.list = MarksList(self.delegate, self)
        self.list.setAccessibleName(title)
        self.list.chosen.connect(self.message_requested)
        self.list.escaped.connect(self.closed)
        self._lay_out()
        self._fill()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        words = QVBoxLayout()
        words.setContentsMargins(16, 4, 16, 6)
        words.addWidget(self.unanswered)
        words.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 8)
        layout.addLayout(head)
        layout.addLayout(words)
        layout.addWidget(self.list, 1)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        self._fill()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """List these messages in this order; nothing moves if nothing has changed."""
        if tuple(rows) != self._rows:
            self._rows = tuple(rows)
            self._fill()

    def _fill(self) -> None:
        only_open = self._has_filter and self.unanswered.isChecked()
        rows = [row for row in self._rows if not only_open or row.question is QuestionState.OPEN]
        chosen, scrolled = self.list.currentRow(), self.list.verticalScrollBar().value()
        self.list.clear()
        now = datetime.now()
        for row in rows:
            shown, item = ShownMark(row, now), QListWidgetItem(self.list)
            item.setData(SHOWN_ROLE, shown)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), shown.spoken())
            item.setSizeHint(self.delegate.size_of(shown))
        self.list.setCurrentRow(min(chosen, len(rows) - 1))
        self.list.verticalScrollBar().setValue(scrolled)
        empty = tr_dynamic(
            (ALL_ANSWERED if self._rows else NO_QUESTIONS) if self._has_filter else NO_PINS
        )
        self.sentence.setText("" if rows else empty)
        self.sentence.setVisible(not rows)
        self.list.setVisible(bool(rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
