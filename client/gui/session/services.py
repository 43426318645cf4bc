"""What the controllers of the window's parts may ask of the window around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PyQt5.QtWidgets import QWidget

from client.api.events import Command, Done
from client.api.values import Conversation
from client.gui.kit.theme import Theme
from client.gui.session.panels import PanelKind
from client.gui.session.state import SessionState


class WindowServices(Protocol):
    """The main window as its controllers know it: no widget of another part can be reached through
    it.

    All of it belongs to the window's thread. `conv_id` is the open conversation, b"" if none is
    open.
    """

    @property
    def state(self) -> SessionState: ...

    @property
    def theme(self) -> Theme: ...

    @property
    def conv_id(self) -> bytes: ...

    @property
    def conversation(self) -> Conversation | None: ...

    @property
    def shown_panel(self) -> PanelKind: ...

    @property
    def top_level(self) -> QWidget: ...  # what dialogs and menus belong to

    def post(self, command: Command) -> None: ...  # its outcome shows by itself

    def ask(
        self, command: Command, answered: Callable[[Done], None]
    ) -> None: ...  # called back once

    def order(self, command: Command) -> None: ...  # if it fails, the user is told why

    def say(self, sentence: str) -> None: ...  # in the line under the composer

    def tell_failure(self, done: Done) -> None: ...  # says nothing of what went well

    def open_conversation(self, conv_id: bytes) -> None: ...

    def show_panel(self, kind: PanelKind, is_shown: bool) -> None: ...

    def reveal(
        self, conv_id: bytes, position: int
    ) -> None: ...  # opens the conversation, and shows the row

    def find_message(
        self, message_id: bytes
    ) -> int: ...  # its position among the open rows, -1 if not there

    def is_seen(self, conv_id: bytes) -> bool: ...  # the user looks at its newest message

    def refresh_soon(
        self,
    ) -> None: ...  # writes what has changed, with all that comes within a moment

    def change_font(self, step: int) -> None: ...  # larger (1), smaller (-1) or usual (0) text

    def quit(self) -> None: ...
