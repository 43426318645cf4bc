"""The right panel: members, files, versions, pins or questions; beside the messages, or over them
if it is narrow.
"""

from __future__ import annotations

from PyQt5.QtCore import QObject, QSettings
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from client.api.values import Conversation, ConversationKind
from client.gui.session.panels import WIDTH, PanelKind

NARROW = 900  # below, the panel lies over the messages
_KEPT = (PanelKind.MEMBERS, PanelKind.FILES, PanelKind.PINS, PanelKind.QUESTIONS)


class RightPanel(QObject):
    """Decides what is shown, and where.

    All but the versions stay chosen from one conversation to the next.
    """

    def __init__(
        self,
        top_level: QWidget,
        row: QHBoxLayout,
        settings: QSettings,
        panels: dict[PanelKind, QFrame],
    ) -> None:
        super().__init__(top_level)
        self._top_level, self._row, self._settings = top_level, row, settings
        self._panels = panels
        self.stack = QStackedWidget(top_level)
        self.stack.setFixedWidth(WIDTH)
        for panel in panels.values():
            self.stack.addWidget(panel)
        self._chosen = self._stored_choice()
        self._overlay = PanelKind.NONE  # what lies over the messages of a narrow window
        self._has_versions = False
        self.shown = PanelKind.NONE

    def _stored_choice(self) -> PanelKind:
        settings = self._settings
        if settings.contains("right_panel"):
            stored = settings.value("right_panel", "", type=str)
            return next((kind for kind in _KEPT if kind.value == stored), PanelKind.NONE)
        return (
            PanelKind.MEMBERS
            if settings.value("members_shown", True, type=bool)
            else PanelKind.NONE
        )

    @property
    def _is_narrow(self) -> bool:
        return self._top_level.width() < NARROW

    def show_panel(self, kind: PanelKind, is_shown: bool) -> None:
        """Choose to show or hide one of the panels; the versions lie on top until they are closed.

        show_beside() follows.
        """
        if kind is PanelKind.VERSIONS:
            self._has_versions = is_shown
        elif is_shown or self.wanted is kind:
            self._has_versions = False
            self._choose(kind if is_shown else PanelKind.NONE)

    def _choose(self, kind: PanelKind) -> None:
        if self._is_narrow:
            self._overlay = kind
            return
        self._chosen = kind
        if kind is not PanelKind.SEARCH:  # a window begins without one
            self._settings.setValue("right_panel", kind.value)
        self._settings.setValue("members_shown", kind is PanelKind.MEMBERS)

    @property
    def wanted(self) -> PanelKind:
        """What the user has chosen for a window of this width."""
        return self._overlay if self._is_narrow else self._chosen

    def leave_conversation(self) -> None:
        """Another conversation is opened: what lay over the last one goes."""
        self._overlay, self._has_versions = PanelKind.NONE, False

    def show_beside(self, conversation: Conversation | None, top: int) -> None:
        """Show what is to be shown now beside this conversation, or over it, `top` pixels below the
        window's edge.
        """
        kind = PanelKind.NONE
        if conversation is not None:
            kind = PanelKind.VERSIONS if self._has_versions else self.wanted
            if kind is PanelKind.MEMBERS and conversation.kind is ConversationKind.DIRECT:
                kind = PanelKind.NONE
        self.shown = kind
        self._dock(not self._is_narrow)
        self.stack.setVisible(kind is not PanelKind.NONE)
        if kind is not PanelKind.NONE:
            self.stack.setCurrentWidget(self._panels[kind])
            if self._is_narrow:
                height = self._top_level.height() - top
                self.stack.setGeometry(self._top_level.width() - WIDTH, top, WIDTH, height)
                self.stack.raise_()

    def _dock(self, is_beside: bool) -> None:
        """Put the panel beside the messages, or take it out of the row so that it can lie over
        them.
        """
        is_docked = self._row.indexOf(self.stack) >= 0
        if is_beside and not is_docked:
            self._row.addWidget(self.stack)
        elif not is_beside and is_docked:
            self._row.removeWidget(self.stack)

    def focus_target(self) -> QWidget | None:
        """What F6 gives the keyboard to, if the panel is shown."""
        panel = self._panels.get(self.shown)
        target = getattr(panel, "list", None)
        return target if isinstance(target, QWidget) else None
