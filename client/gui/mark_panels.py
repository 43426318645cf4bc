"""Connects the panels of pins and questions with the main window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PyQt5.QtCore import QObject

from client.events import Command, Done, GetPins, GetQuestions
from client.gui.marks_panel import MarksPanel
from client.gui.right_panel import PanelKind
from client.gui.theme import Theme
from client.gui.translation import tr
from client.values import Row

if TYPE_CHECKING:
    from client.gui.main_window import MainWindow


class MarkPanels(QObject):
    """Lives on the window's thread; asks anew whenever a message that is or was marked has changed."""

    def __init__(self, window: MainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self.pins = MarksPanel(tr("Pinned"), theme, has_filter=False, parent=window)
        self.questions = MarksPanel(tr("Questions"), theme, has_filter=True, parent=window)
        self._panels = {PanelKind.PINS: self.pins, PanelKind.QUESTIONS: self.questions}
        self._known: dict[bytes, Row] = {}  # what the panel lists
        self._shown: tuple[PanelKind, bytes] = (PanelKind.NONE, b"")
        self._is_stale = True

    def connect(self) -> None:
        """To be called once all parts of the window are there."""
        header = self._window.pane.header
        header.pins_requested.connect(partial(self._window.show_panel, PanelKind.PINS, True))
        header.questions_requested.connect(partial(self._window.show_panel, PanelKind.QUESTIONS, True))
        for kind, panel in self._panels.items():
            panel.message_requested.connect(self._reveal)
            panel.closed.connect(partial(self._window.show_panel, kind, False))

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.pins.set_theme(theme)
        self.questions.set_theme(theme)

    def note_rows(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Rows came or changed: some of them may be marked, or may have been."""
        if conv_id == self._window.pane.conv_id and any(
            row.is_pinned or row.question is not None or row.message_id in self._known for row in rows
        ):
            self._is_stale = True

    def refresh(self) -> None:
        """Ask for what is shown, if it may have changed."""
        conv_id, kind = self._window.pane.conv_id, self._window.panel.shown
        panel = self._panels.get(kind)
        if panel is None or not conv_id:
            self._shown = (PanelKind.NONE, b"")
            return
        if (kind, conv_id) == self._shown and not self._is_stale:
            return
        self._shown, self._is_stale = (kind, conv_id), False

        def answered(done: Done) -> None:
            if done.ok and conv_id == self._window.pane.conv_id:
                rows = cast("tuple[Row, ...]", done.data)
                self._known = {row.message_id: row for row in rows}
                panel.show_rows(rows)
            elif not done.ok:
                self._window.pane.tell_failure(done)

        command: Command = GetPins(conv_id=conv_id) if kind is PanelKind.PINS else GetQuestions(conv_id=conv_id)
        self._window.requests.ask(command, answered)

    def _reveal(self, message_id: bytes) -> None:
        row = self._known.get(message_id)
        if row is not None:
            self._window.pane.view.scroll_to_position(row.position)
