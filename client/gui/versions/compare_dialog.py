"""The window that compares two versions of a draft: which ones, what has changed in short, and line
by line.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from functools import partial

from PyQt5 import sip
from PyQt5.QtCore import QPointF, QSize, Qt
from PyQt5.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt5.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QShortcut,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.events import Done, FetchPreview
from client.api.values import Row
from client.gui.kit.theme import Theme
from client.gui.kit.workers import Workers
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from client.gui.messages.cards.words import MINUS, file_of
from client.gui.session.requests import Requests
from client.gui.versions.diff_text import DiffText
from client.gui.versions.line_diff import NOT_TEXT, SAME, Comparison, compare_files
from client.gui.versions.words import is_comparable, spoken_changes, version_label

SIZE = QSize(900, 640)
LEAST = QSize(520, 320)
_ARROW = 26
MAX_KEPT_TEXTS = 8
LOADING = tr_noop("Loading the versions\u2026")
COMPARING = tr_noop("Comparing\u2026")
FAILED = tr_noop("This version could not be loaded.")


class VersionBox(QComboBox):
    """Chooses a version.

    Long words are elided; the arrow is painted, as that of the style cuts the frame.
    """

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.arrow_colour = ""
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setStyleSheet(f"QComboBox::drop-down {{ border: none; width: {_ARROW}px; }}")

    @property
    def chosen(self) -> bytes:
        """The message_id of the version, empty if there is none."""
        return bytes(self.currentData() or b"")

    def choose(self, message_id: bytes) -> None:
        """Show this version; the newest if it is not there."""
        # findData() compares ids as text, and so takes some for others.
        indexes = (at for at in range(self.count()) if bytes(self.itemData(at)) == message_id)
        self.setCurrentIndex(next(indexes, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - _ARROW - 14
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.arrow_colour), 1.6))
        x, y = self.width() - 17.0, self.height() / 2.0 - 2
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y), QPointF(x, y + 4), QPointF(x + 4, y)]))
        painter.end()


class CompareDialog(QDialog):
    """Not modal. n and p, or F7 and Shift+F7, go through the changes; Esc closes."""

    def __init__(
        self,
        theme: Theme,
        requests: Requests,
        draft: tuple[Row, ...],
        old_id: bytes,
        new_id: bytes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._requests, self._theme = requests, theme
        self._draft: tuple[Row, ...] = ()
        self._texts: OrderedDict[bytes, bytes] = OrderedDict()
        self._asked: set[bytes] = set()
        self._failures: dict[bytes, str] = {}
        self._turn = 0  # answers for other turns are dropped
        self._comparison = Comparison()
        self._workers = Workers(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.old_box, self.new_box = (
            VersionBox(tr("Older version"), self),
            VersionBox(tr("Newer version"), self),
        )
        for box in (self.old_box, self.new_box):
            box.activated.connect(self._choose)
        self._build_line()
        self.text = DiffText(theme, self)
        self.text.change_reached.connect(self._on_change_reached)
        self._build_sentence()
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.sentence_page)
        self.pages.addWidget(self.text)
        self._lay_out()
        self._add_keys()
        self.setMinimumSize(LEAST)
        self.resize(SIZE)
        self._fill_boxes(draft, old_id, new_id)
        self.set_theme(theme)
        self._choose()
        self.sentence_page.setFocus()

    # --- building ---

    def _build_line(self) -> None:
        self.summary = QLabel(self)
        self.note = QLabel(self)
        self.note.setProperty("muted", True)
        self.change_number = QLabel(self)
        self.change_number.setProperty("muted", True)
        self.previous_button = self._button("\u2191", tr("Previous change (p, Shift+F7)"))
        self.next_button = self._button("\u2193", tr("Next change (n, F7)"))

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0])
        return button

    def _build_sentence(self) -> None:
        self.sentence_page = QFrame(self)
        self.sentence_page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sentence = QLabel(self.sentence_page)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.retry = QPushButton(tr("Try again"), self.sentence_page)
        self.retry.setAutoDefault(False)
        self.retry.clicked.connect(self._choose)
        layout = QVBoxLayout(self.sentence_page)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.addStretch(1)
        layout.addWidget(self.sentence)
        layout.addSpacing(6)
        layout.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def _lay_out(self) -> None:
        boxes = QHBoxLayout()
        boxes.setContentsMargins(16, 14, 16, 0)
        boxes.setSpacing(10)
        arrow = QLabel("\u2192", self)
        boxes.addWidget(self.old_box, 1)
        boxes.addWidget(arrow)
        boxes.addWidget(self.new_box, 1)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 12, 0)
        line.setSpacing(12)
        line.addWidget(self.summary)
        line.addWidget(self.note)
        line.addStretch(1)
        line.addWidget(self.change_number)
        line.addWidget(self.previous_button)
        line.addWidget(self.next_button)
        self.rule = QFrame(self)
        self.rule.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(boxes)
        layout.addSpacing(6)
        layout.addLayout(line)
        layout.addSpacing(6)
        layout.addWidget(self.rule)
        layout.addWidget(self.pages, 1)

    def _add_keys(self) -> None:
        for keys, go in (
            (("N", "F7"), self.text.next_change),
            (("P", "Shift+F7"), self.text.previous_change),
        ):
            for key in keys:
                QShortcut(QKeySequence(key), self).activated.connect(go)
        self.next_button.clicked.connect(self.text.next_change)
        self.previous_button.clicked.connect(self.text.previous_change)

    def _fill_boxes(self, draft: tuple[Row, ...], old_id: bytes, new_id: bytes) -> None:
        self._draft = draft
        file = file_of(draft[-1]) if draft else None
        self.setWindowTitle(
            tr("Compare {name}", name=file.name) if file is not None else tr("Compare")
        )
        now = datetime.now()
        for box, chosen in ((self.old_box, old_id), (self.new_box, new_id)):
            box.clear()
            for row in reversed(draft):
                box.addItem(version_label(row, now), row.message_id)
            box.choose(chosen)

    # --- what the window tells ---

    @property
    def chosen(self) -> tuple[bytes, bytes]:
        """The message_ids of the older and the newer version."""
        return self.old_box.chosen, self.new_box.chosen

    def choose(self, old_id: bytes, new_id: bytes) -> None:
        """Compare these two versions of the draft."""
        for box, chosen in ((self.old_box, old_id), (self.new_box, new_id)):
            box.choose(chosen)
        self._choose()

    def refresh(self, draft: tuple[Row, ...]) -> None:
        """There are other versions to choose from; what is shown stays if it still can be."""
        chosen = self.chosen
        if draft and draft != self._draft:
            self._fill_boxes(draft, *chosen)
            if self.chosen != chosen:
                self._choose()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self._theme = theme
        self.old_box.arrow_colour = self.new_box.arrow_colour = theme.muted
        self.rule.setStyleSheet(f"background: {theme.line};")
        self.text.set_theme(theme)
        self._write_summary()

    # --- loading ---

    def _choose(self) -> None:
        self._turn += 1
        self._failures.clear()
        self._comparison = Comparison()
        self._write_summary()
        rows = {row.message_id: row for row in self._draft}
        old_id, new_id = self.chosen
        if not is_comparable(rows.get(old_id)) or not is_comparable(rows.get(new_id)):
            self._say(tr_dynamic(NOT_TEXT))
        elif old_id == new_id:
            self._say(tr_dynamic(SAME))
        else:
            self._load()

    def _load(self) -> None:
        """Compare the chosen versions, or ask for those that are not here yet."""
        old_id, new_id = self.chosen
        failure = next(
            (self._failures[one] for one in (old_id, new_id) if one in self._failures), ""
        )
        if failure:
            self._say(failure, can_retry=True)
        elif old_id in self._texts and new_id in self._texts:
            self._say(tr_dynamic(COMPARING))
            compare = partial(compare_files, self._texts[old_id], self._texts[new_id])
            self._workers.run(compare, partial(self._on_compared, self._turn))
        else:
            self._say(tr_dynamic(LOADING))
            for message_id in (old_id, new_id):
                if message_id not in self._texts and message_id not in self._asked:
                    self._asked.add(message_id)
                    self._requests.ask(
                        FetchPreview(message_id=message_id), partial(self._on_text, message_id)
                    )

    def _on_text(self, message_id: bytes, done: Done) -> None:
        if sip.isdeleted(self):
            return
        self._asked.discard(message_id)
        if done.ok and isinstance(done.data, bytes):
            self._texts[message_id] = done.data
            self._drop_texts()
        else:
            self._failures[message_id] = failure_words(done.failure) or tr_dynamic(FAILED)
        if message_id in self.chosen:
            self._load()

    def _drop_texts(self) -> None:
        """Keep those of the chosen versions and a few more."""
        for message_id in [one for one in self._texts if one not in self.chosen]:
            if len(self._texts) > MAX_KEPT_TEXTS:
                del self._texts[message_id]

    def _on_compared(self, turn: int, comparison: Comparison) -> None:
        if turn != self._turn:
            return
        self._comparison = comparison
        self._write_summary()
        if comparison.sentence:
            self._say(comparison.sentence)
            return
        is_in_box = self.old_box.hasFocus() or self.new_box.hasFocus()
        self.pages.setCurrentWidget(self.text)
        self.text.show_lines(comparison.lines)
        if not is_in_box:
            self.text.setFocus()

    # --- showing ---

    def _say(self, sentence: str, can_retry: bool = False) -> None:
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
        self.retry.setVisible(can_retry)
        self.pages.setCurrentWidget(self.sentence_page)
        self._on_change_reached(0, 0)

    def _write_summary(self) -> None:
        comparison, theme = self._comparison, self._theme
        has_lines = bool(comparison.lines)
        self.summary.setText(
            f'<b><span style="color: {theme.added}">+{comparison.added}</span>'
            f'&nbsp;&nbsp;<span style="color: {theme.removed}">{MINUS}{comparison.removed}</span></b>'
            if has_lines
            else "\u00a0"
        )
        self.summary.setAccessibleName(
            spoken_changes(comparison.added, comparison.removed) if has_lines else ""
        )
        self.text.setAccessibleDescription(self.summary.accessibleName())
        self.note.setText(comparison.note)

    def _on_change_reached(self, number: int, count: int) -> None:
        one = (
            tr("Change {number} of {count}", number=number, count=count)
            if number
            else tr_count("{count} change", "{count} changes", count)
        )
        self.change_number.setText(one if count else "")
        self.previous_button.setEnabled(count > 0)
        self.next_button.setEnabled(count > 0)
