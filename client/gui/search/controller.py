"""Searches for what the panel of search says, and shows there what was found."""

from __future__ import annotations

from functools import partial

from PyQt5.QtCore import QObject, QTimer

from client.api.events import Done, Search
from client.api.values import Found
from client.gui.kit.theme import Theme
from client.gui.search.panel import SearchPanel
from client.gui.session.panels import PanelKind
from client.gui.session.services import WindowServices
from client.gui.session.state import title_of

FIRST_HITS = 30  # as many as are seen at once; they come while one types
ALL_HITS = 200
REST_MS = 250  # after the first hits, the others are asked for


class SearchController(QObject):
    """Lives on the window's thread.

    One search is under way at a time: what is typed meanwhile is the next one.
    """

    def __init__(self, services: WindowServices) -> None:
        super().__init__(services.top_level)
        self._services = services
        self.panel = SearchPanel(services.theme, services.top_level)
        self._is_searching = False
        self._is_stale = False  # something else is to be searched for than what is under way
        self._rest_timer = QTimer(self)
        self._rest_timer.setSingleShot(True)
        self._rest_timer.setInterval(REST_MS)
        self._rest_timer.timeout.connect(partial(self.search, ALL_HITS))
        self.panel.search_wanted.connect(lambda: self.search())
        self.panel.search_again.connect(partial(self.search, ALL_HITS))
        self.panel.message_requested.connect(self._reveal)
        self.panel.closed.connect(partial(services.show_panel, PanelKind.SEARCH, False))

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.panel.set_theme(theme)

    def open(self, is_everywhere: bool) -> None:
        """Show the panel with the keyboard in its field."""
        self._services.show_panel(PanelKind.SEARCH, True)
        self.panel.begin(is_everywhere)
        self.search()

    def leave_conversation(self) -> None:
        """Another conversation is opened: a search in one conversation is made anew there."""
        if self._services.shown_panel is PanelKind.SEARCH and not self.panel.is_everywhere:
            self.search()

    def search(self, limit: int = FIRST_HITS) -> None:
        """Ask for what the panel says."""
        self._rest_timer.stop()
        self._is_stale = self._is_searching
        if self._is_searching:
            return
        self._is_searching = True
        text = self.panel.text
        conv_id = b"" if self.panel.is_everywhere else self._services.conv_id

        def answered(done: Done) -> None:
            self._is_searching = False
            if self._is_stale:
                self.search()
            elif done.ok and isinstance(done.data, Found):
                self._show(text, done.data, limit)
            else:
                self._services.tell_failure(done)

        self._services.ask(Search(query=text, conv_id=conv_id, limit=limit), answered)

    def _show(self, text: str, hits: Found, limit: int) -> None:
        conversations = self._services.state.conversations
        titles = {key: title_of(one).replace("# ", "#") for key, one in conversations.items()}
        has_more = len(hits.hits) == limit
        self.panel.show_found(text, hits, titles, has_more)
        if has_more and limit < ALL_HITS:
            self._rest_timer.start()

    def _reveal(self, conv_id: bytes, position: int) -> None:
        if conv_id != self._services.conv_id:
            self._services.open_conversation(conv_id)
            self._services.show_panel(PanelKind.SEARCH, True)
        self._services.reveal(conv_id, position)
