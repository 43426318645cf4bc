"""Connects the panel of search with the main window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject

from client.events import Done, Search
from client.gui.right_panel import PanelKind
from client.gui.search_panel import SearchPanel
from client.gui.session_state import title_of
from client.gui.theme import Theme
from client.values import Found

if TYPE_CHECKING:
    from client.gui.main_window import MainWindow


class SearchLink(QObject):
    """Lives on the window's thread; an answer for an older question is dropped."""

    def __init__(self, window: MainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self.panel = SearchPanel(theme, window)
        self._asked = (b"", "", False)

    def connect(self) -> None:
        """To be called once all parts of the window are there."""
        self.panel.search_wanted.connect(self.search)
        self.panel.message_requested.connect(self._reveal)
        self.panel.closed.connect(partial(self._window.show_panel, PanelKind.SEARCH, False))
        self._window.pane.header.search_requested.connect(partial(self.open, False))

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.panel.set_theme(theme)

    def open(self, is_everywhere: bool) -> None:
        """Show the panel with the keyboard in its field."""
        self._window.show_panel(PanelKind.SEARCH, True)
        self.panel.begin(is_everywhere)
        self.search()

    def leave_conversation(self) -> None:
        """Another conversation is opened: a search in one conversation is made anew there."""
        if self._window.panel.shown is PanelKind.SEARCH and not self.panel.is_everywhere:
            self.search()

    def search(self) -> None:
        """Ask for what the panel says."""
        text, is_everywhere = self.panel.text, self.panel.is_everywhere
        conv_id = b"" if is_everywhere else self._window.pane.conv_id
        asked = self._asked = (conv_id, text, is_everywhere)

        def answered(done: Done) -> None:
            if asked != self._asked:
                return
            if done.ok and isinstance(done.data, Found):
                conversations = self._window.state.conversations
                titles = {key: title_of(one).replace("# ", "#") for key, one in conversations.items()}
                self.panel.show_found(text, done.data, titles)
            else:
                self._window.pane.tell_failure(done)

        self._window.requests.ask(Search(query=text, conv_id=conv_id), answered)

    def _reveal(self, conv_id: bytes, position: int) -> None:
        if conv_id != self._window.pane.conv_id:
            self._window.open_conversation(conv_id)
            self._window.show_panel(PanelKind.SEARCH, True)
        self._window.pane.view.scroll_to_position(position)
