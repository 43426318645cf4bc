"""The right panel: members, files, versions, pins or questions; beside the messages, or over them if it is narrow."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QFrame, QStackedWidget, QWidget

from client.gui.members_panel import WIDTH
from client.values import ConversationKind

if TYPE_CHECKING:
    from client.gui.main_window import MainWindow

NARROW = 900  # below, the panel lies over the messages


class PanelKind(Enum):
    """What the panel shows; the value stands in the settings."""

    NONE = ""
    MEMBERS = "members"
    FILES = "files"
    VERSIONS = "versions"
    PINS = "pins"
    QUESTIONS = "questions"
    SEARCH = "search"


_KEPT = (PanelKind.MEMBERS, PanelKind.FILES, PanelKind.PINS, PanelKind.QUESTIONS)


class RightPanel(QObject):
    """Decides what is shown, and where. All but the versions stay chosen from one conversation to the next."""

    def __init__(self, window: MainWindow, panels: dict[PanelKind, QFrame]) -> None:
        super().__init__(window)
        self._window = window
        self._panels = panels
        self.stack = QStackedWidget(window)
        self.stack.setFixedWidth(WIDTH)
        for panel in panels.values():
            self.stack.addWidget(panel)
        self._chosen = self._stored_choice()
        self._overlay = PanelKind.NONE  # what lies over the messages of a narrow window
        self._has_versions = False
        self.shown = PanelKind.NONE

    def _stored_choice(self) -> PanelKind:
        settings = self._window.settings
        if settings.contains("right_panel"):
            stored = settings.value("right_panel", "", type=str)
            return next((kind for kind in _KEPT if kind.value == stored), PanelKind.NONE)
        return PanelKind.MEMBERS if settings.value("members_shown", True, type=bool) else PanelKind.NONE

    @property
    def _is_narrow(self) -> bool:
        return self._window.width() < NARROW

    def show_panel(self, kind: PanelKind, is_shown: bool) -> None:
        """Show or hide one of the panels; the versions lie on top until they are closed."""
        if kind is PanelKind.VERSIONS:
            self._has_versions = is_shown
        elif is_shown or self.wanted is kind:
            self._has_versions = False
            self._choose(kind if is_shown else PanelKind.NONE)
        self.place()

    def _choose(self, kind: PanelKind) -> None:
        if self._is_narrow:
            self._overlay = kind
            return
        self._chosen = kind
        if kind is not PanelKind.SEARCH:  # a window begins without one
            self._window.settings.setValue("right_panel", kind.value)
        self._window.settings.setValue("members_shown", kind is PanelKind.MEMBERS)

    @property
    def wanted(self) -> PanelKind:
        """What the user has chosen for a window of this width."""
        return self._overlay if self._is_narrow else self._chosen

    def leave_conversation(self) -> None:
        """Another conversation is opened: what lay over the last one goes."""
        self._overlay, self._has_versions = PanelKind.NONE, False

    def place(self) -> None:
        """Show what is to be shown now, where it belongs."""
        conversation = self._window.pane.conversation
        kind = PanelKind.NONE
        if conversation is not None:
            kind = PanelKind.VERSIONS if self._has_versions else self.wanted
            if kind is PanelKind.MEMBERS and conversation.kind is ConversationKind.DIRECT:
                kind = PanelKind.NONE
        self.shown = kind
        self._window.dock(self.stack, not self._is_narrow)
        self.stack.setVisible(kind is not PanelKind.NONE)
        if kind is not PanelKind.NONE:
            self.stack.setCurrentWidget(self._panels[kind])
            if self._is_narrow:
                top = self._window.pane.header.height()
                height = self._window.height() - top
                self.stack.setGeometry(self._window.width() - WIDTH, top, WIDTH, height)
                self.stack.raise_()

    def focus_target(self) -> QWidget | None:
        """What F6 gives the keyboard to, if the panel is shown."""
        panel = self._panels.get(self.shown)
        found = getattr(panel, "list", None)
        return found if isinstance(found, QWidget) else None
