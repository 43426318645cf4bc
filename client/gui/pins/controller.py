"""Keeps the panels of pins and questions up to date, and shows the messages that are clicked
there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

from PyQt5.QtCore import QObject

from client.api.events import Command, Done, GetPins, GetQuestions
from client.api.values import Row
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr
from client.gui.pins.panel import MarksPanel
from client.gui.session.panels import PanelKind
from client.gui.session.services import WindowServices


class MarkController(QObject):
    """Lives on the window's thread; asks anew whenever a message that is or was marked has
    changed.
    """

    def __init__(self, services: WindowServices) -> None:
        super().__init__(services.top_level)
        self._services = services
        theme, parent = services.theme, services.top_level
        self.pins = MarksPanel(tr("Pinned"), theme, has_filter=False, parent=parent)
        self.questions = MarksPanel(tr("Questions"), theme, has_filter=True, parent=parent)
        self._panels = {PanelKind.PINS: self.pins, PanelKind.QUESTIONS: self.questions}
        self._known: dict[bytes, Row] = {}  # what the panel lists
        self._shown: tuple[PanelKind, bytes] = (PanelKind.NONE, b"")
        self._is_stale = True
        for kind, panel in self._panels.items():
            panel.message_requested.connect(self._reveal)
            panel.closed.connect(partial(services.show_panel, kind, False))

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.pins.set_theme(theme)
        self.questions.set_theme(theme)

    def note_rows(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Rows came or changed: some of them may be marked, or may have been."""
        if conv_id == self._services.conv_id and any(
            row.is_pinned or row.question is not None or row.message_id in self._known
            for row in rows
        ):
            self._is_stale = True

    def refresh(self) -> None:
        """Ask for what is shown, if it may have changed."""
        conv_id, kind = self._services.conv_id, self._services.shown_panel
        panel = self._panels.get(kind)
        if panel is None or not conv_id:
            self._shown = (PanelKind.NONE, b"")
            return
        if (kind, conv_id) == self._shown and not self._is_stale:
            return
        self._shown, self._is_stale = (kind, conv_id), False

        def answered(done: Done) -> None:
            if done.ok and conv_id == self._services.conv_id:
                rows = cast("tuple[Row, ...]", done.data)
                self._known = {row.message_id: row for row in rows}
                panel.show_rows(rows)
            elif not done.ok:
                self._services.tell_failure(done)

        command: Command = (
            GetPins(conv_id=conv_id) if kind is PanelKind.PINS else GetQuestions(conv_id=conv_id)
        )
        self._services.ask(command, answered)

    def _reveal(self, message_id: bytes) -> None:
        row = self._known.get(message_id)
        if row is not None:
            self._services.reveal(self._services.conv_id, row.position)
