"""What lies over the messages while a question is written: earlier questions that are like it, at
most three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PyQt5.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QStyle,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import Row
from client.gui.kit.theme import Theme, ui_font
from client.gui.language.local_words import moment_text
from client.gui.language.translation import tr
from client.gui.messages.badges import Tone, answers_of, chips_of
from client.gui.pins.panel import MarksList
from client.gui.pins.row_delegate import SHOWN_ROLE, MarkDelegate, ShownMark

_PAD_X, _PAD_Y, _GAP = 12, 6, 2
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class SimilarQuestion(ShownMark):
    """One earlier question; `title` is that of its conversation unless that is the open one."""

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        status = answers_of(self.row).replace("\u2713", "").strip()
        words = [
            self.excerpt,
            status,
            self.row.username,
            moment_text(self.row.sent_at_ms, self.now),
            self.title,
        ]
        return ", ".join(word for word in words if word)

    @property
    def quiet_words(self) -> str:
        """Who asked it, when and where."""
        words = [self.row.username, moment_text(self.row.sent_at_ms, self.now), self.title]
        return " \u00b7 ".join(word for word in words if word)


class SimilarDelegate(MarkDelegate):
    """Two lines: the question; how far it is, and who asked it when and where."""

    def size_of(self, shown: ShownMark) -> QSize:
        """How high a row is; all are alike."""
        return QSize(0, 2 * _PAD_Y + _GAP + self._metrics().height() + self._small().height())

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(ui_font(self.theme.font_px))

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        shown = index.data(SHOWN_ROLE)
        if painter is None or not isinstance(shown, SimilarQuestion):
            return
        theme, rect = self.theme, option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_lit = is_chosen or bool(option.state & QStyle.StateFlag.State_MouseOver)
        around = QRectF(rect.adjusted(1, 0, -1, 0))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if is_chosen else theme.line))
            painter.drawRoundedRect(around, 6, 6)
        metrics, small = self._metrics(), self._small()
        line_rect = QRect(
            rect.left() + _PAD_X, rect.top() + _PAD_Y, rect.width() - 2 * _PAD_X, metrics.height()
        )
        painter.setFont(ui_font(theme.font_px))
        painter.setPen(QColor(theme.text))
        painter.drawText(
            line_rect,
            _MIDDLE,
            metrics.elidedText(shown.excerpt, Qt.TextElideMode.ElideRight, line_rect.width()),
        )
        below = QRect(
            line_rect.left(), line_rect.bottom() + 1 + _GAP, line_rect.width(), small.height()
        )
        self._paint_below(painter, below, shown, theme.text if is_lit else theme.muted)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(around.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        painter.restore()

    def _paint_below(
        self, painter: QPainter, line_rect: QRect, shown: SimilarQuestion, ink: str
    ) -> None:
        small, status = self._small(), answers_of(shown.row)
        tone = chips_of(shown.row)[0][1]
        painter.setFont(ui_font(self.theme.small_px))
        painter.setPen(QColor(self.theme.added if tone is Tone.DONE else self.theme.link))
        painter.drawText(line_rect, _MIDDLE, status)
        painter.setPen(QColor(ink))
        after = line_rect.adjusted(small.horizontalAdvance(status), 0, 0, 0)
        words = f" \u00b7 {shown.quiet_words}"
        painter.drawText(
            after, _MIDDLE, small.elidedText(words, Qt.TextElideMode.ElideRight, after.width())
        )


class SimilarPanel(QFrame):
    """Lies on the conversation, right above the composer: neither the messages nor the text field
    move.
    """

    chosen = pyqtSignal(bytes, int)  # conv_id, position
    left = pyqtSignal()  # the keyboard goes back to the text field
    closed = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("similar")
        self.setAccessibleName(tr("Similar questions"))
        self._hits: tuple[tuple[bytes, Row], ...] = ()
        self._titles: dict[bytes, str] = {}
        self.title = QLabel(tr("Similar questions"), self)
        self.title.setProperty("section", True)
        self.keys = QLabel(tr("Down chooses \u00b7 Enter shows \u00b7 Esc closes"), self)
        self.keys.setProperty("muted", True)
        self.close_button = QToolButton(self)
        self.close_button.setText("\u2715")
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.setAccessibleName(tr("Close similar questions"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.clicked.connect(self.closed)
        self.delegate = SimilarDelegate(theme, self)
        self.list = _SimilarList(self.delegate, self)
        self.list.setAccessibleName(tr("Similar questions"))
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.chosen.connect(self._choose)
        self.list.escaped.connect(self.closed)
        self.list.left.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(_PAD_X, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.keys)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 4)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list)
        self.hide()

    @property
    def hits(self) -> tuple[tuple[bytes, Row], ...]:
        """What is listed, with the conversations."""
        return self._hits

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        self._fill()

    def show_hits(self, hits: Sequence[tuple[bytes, Row]], titles: dict[bytes, str]) -> None:
        """List these questions; nothing moves if nothing has changed.

        `titles`: of the other conversations.
        """
        if (tuple(hits), titles) != (self._hits, self._titles):
            self._hits, self._titles = tuple(hits), titles
            self._fill()

    def _fill(self) -> None:
        chosen, now = self.list.currentRow(), datetime.now()
        self.list.clear()
        for conv_id, row in self._hits:
            shown, item = (
                SimilarQuestion(row, now, self._titles.get(conv_id, "")),
                QListWidgetItem(self.list),
            )
            item.setData(SHOWN_ROLE, shown)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), shown.spoken())
            item.setSizeHint(self.delegate.size_of(shown))
        self.list.setCurrentRow(min(chosen, len(self._hits) - 1))

    def place_above(self, left: int, bottom: int, width: int, room: int) -> bool:
        """Stand there with as many rows as `room` is high enough for; False if there is nothing to
        be shown.
        """
        needed = [
            widget.sizeHint().width() for widget in (self.title, self.keys, self.close_button)
        ]
        self.keys.setVisible(width >= sum(needed) + 6 * _PAD_X)
        head = max(self.close_button.sizeHint().height(), self.title.sizeHint().height()) + 6
        row_height = self.list.sizeHintForRow(0)
        rows = min(len(self._hits), (room - head) // row_height) if self._hits else 0
        self.list.setFixedHeight(max(0, rows) * row_height)
        self.setGeometry(left, bottom - head - rows * row_height, width, head + rows * row_height)
        return rows > 0

    def take_keyboard(self) -> None:
        """To the first question."""
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, message_id: bytes) -> None:
        for conv_id, row in self._hits:
            if row.message_id == message_id:
                self.chosen.emit(conv_id, row.position)
                return


class _SimilarList(MarksList):
    """Up from the first question leads back to the text field."""

    left = pyqtSignal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up and self.currentRow() <= 0:
            self.left.emit()
        else:
            super().keyPressEvent(event)
