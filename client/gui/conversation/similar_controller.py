"""Looks for similar questions while one is written: after a pause, off the window's thread, late
answers dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer
from PyQt5.QtGui import QKeyEvent, QTextCursor

from client.api.events import Done, FindSimilar
from client.api.values import Found, Row, RowKind
from client.gui.conversation.pane import ConversationPane
from client.gui.conversation.similar_panel import SimilarPanel
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr_count
from client.gui.session.services import WindowServices
from client.gui.session.state import title_of

PAUSE_MS = 250  # after the last letter
AGAIN_MS = 1500  # while older messages are still being read
MARGIN = 16  # of the composer's box
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class SimilarController(QObject):
    """Lives on the window's thread. Esc closes the list until another question is begun."""

    def __init__(self, services: WindowServices, pane: ConversationPane) -> None:
        super().__init__(services.top_level)
        self._services, self._pane = services, pane
        self._composer = pane.composer
        self.panel = SimilarPanel(services.theme, pane)
        self._wanted = (b"", "")  # conv_id and text that an answer must be for
        self._closed_in = b""  # the conversation where the user has closed the list
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self._composer.question_changed.connect(self._on_question)
        self._composer.installEventFilter(self)
        self._composer.edit.installEventFilter(self)
        self.panel.chosen.connect(self._reveal)
        self.panel.left.connect(self._composer.edit.setFocus)
        self.panel.closed.connect(self._close)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.panel.set_theme(theme)
        self._place()

    def note_rows(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Rows have changed: what is listed is kept up, and what was deleted goes."""
        changed = {row.message_id: row for row in rows}
        if any(row.message_id in changed for _, row in self.panel.hits):
            self._show([(conv, changed.get(row.message_id, row)) for conv, row in self.panel.hits])

    # --- asking ---

    def _on_question(self, text: str) -> None:
        conv_id = self._services.conv_id
        if not text or conv_id != self._wanted[0]:
            self._show([])
        self._wanted = (conv_id, text)
        if not text:
            self._closed_in = b""
            self._timer.stop()
        elif self._closed_in != conv_id:
            self._timer.start(PAUSE_MS)

    def _ask(self) -> None:
        asked = self._wanted

        def answered(done: Done) -> None:
            if (
                asked != self._wanted
                or self._closed_in == asked[0]
                or not isinstance(done.data, Found)
            ):
                return
            self._show(done.data.hits)
            if not done.data.is_complete:
                self._timer.start(AGAIN_MS)

        self._services.ask(FindSimilar(text=asked[1], conv_id=asked[0]), answered)

    # --- showing ---

    def _show(self, hits: Sequence[tuple[bytes, Row]]) -> None:
        there = [
            (conv, row)
            for conv, row in hits
            if row.kind is RowKind.TEXT and row.question is not None
        ]
        open_one, conversations = self._services.conv_id, self._services.state.conversations
        self.panel.show_hits(
            there,
            {
                conv: title_of(conversations[conv]).replace("# ", "#")
                for conv, _ in there
                if conv != open_one and conv in conversations
            },
        )
        self._place()

    def _place(self) -> None:
        pane, composer = self._pane, self._composer
        bottom = composer.y() + 6
        is_shown = composer.isVisibleTo(pane) and self.panel.place_above(
            MARGIN, bottom, pane.width() - 2 * MARGIN, bottom - pane.view.y() - MARGIN
        )
        if self.panel.list.hasFocus() and not is_shown:
            composer.edit.setFocus()
        self.panel.setVisible(is_shown)
        self.panel.raise_()
        count = len(self.panel.hits)
        composer.edit.setAccessibleDescription(
            tr_count(
                "{count} similar question was asked before. Down goes to it.",
                "{count} similar questions were asked before. Down goes to them.",
                count,
            )
            if is_shown
            else ""
        )

    def _close(self) -> None:
        self._closed_in = self._wanted[0]
        self._timer.stop()
        self._show([])
        self._composer.edit.setFocus()

    def _reveal(self, conv_id: bytes, position: int) -> None:
        self._services.reveal(conv_id, position)

    # --- keys of the text field, and where the composer is ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._composer and event.type() in _FOLLOWED and self.panel.hits:
            self._place()
        elif (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._takes(event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _takes(self, event: QKeyEvent) -> bool:
        edit = self._composer.edit
        if self.panel.isHidden() or not edit.popup.isHidden() or int(event.modifiers()):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return True
        if event.key() == Qt.Key.Key_Down and not QTextCursor(edit.textCursor()).movePosition(
            QTextCursor.MoveOperation.Down
        ):
            self.panel.take_keyboard()
            return True
        return False
