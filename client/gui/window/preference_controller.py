"""Carries what the user prefers to the parts of the window, and connects tray, notifier and
settings with it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PyQt5.QtCore import QObject, QPoint, QTimer
from PyQt5.QtWidgets import QMenu

from client.api.events import MarkRead
from client.gui.conversation.pane import ConversationPane
from client.gui.language.translation import tr
from client.gui.notifications.level_menu import LevelMenu
from client.gui.notifications.notifier import Notifier
from client.gui.notifications.tray import Tray
from client.gui.session.notification_rules import Level
from client.gui.session.preferences import Preferences
from client.gui.session.services import WindowServices
from client.gui.settings.dialog import SettingsDialog
from client.gui.sidebar.panel import Sidebar


class PreferenceController(QObject):
    """Belongs to the main window; lives on its thread."""

    def __init__(
        self,
        services: WindowServices,
        preferences: Preferences,
        pane: ConversationPane,
        sidebar: Sidebar,
    ) -> None:
        super().__init__(services.top_level)
        self._services, self._preferences, self._pane = services, preferences, pane
        self.profile_folder = ""
        self.dialog: SettingsDialog | None = None
        self.tray = Tray(services, preferences)
        self.notifier = Notifier(services, preferences, self.tray)
        pane.header.level_menu = LevelMenu(self._open_level, self._set_open_level, pane.header)
        sidebar.list.menu_requested.connect(self._show_menu)
        preferences.changed.connect(self._follow)
        self._end_timer = QTimer(self)
        self._end_timer.setSingleShot(True)
        self._end_timer.timeout.connect(lambda: preferences.changed.emit("do_not_disturb_until_ms"))
        for name in ("level", "enter_sends", "downloads", "do_not_disturb_until_ms"):
            self._follow(name)

    def refresh(self) -> None:
        """News came: the icon in the tray follows."""
        state = self._services.state
        self.tray.show_state(state.unread_total(), state.mentions_total(), state.class_name)

    def _follow(self, name: str) -> None:
        services, preferences = self._services, self._preferences
        if name == "level":
            services.state.muted = preferences.muted()
            services.refresh_soon()
        elif name == "enter_sends":
            self._pane.composer.set_enter_sends(preferences.enter_sends)
        elif name == "downloads":
            self._pane.files.set_downloads(preferences.downloads)
        elif name == "do_not_disturb_until_ms":
            self._await_end()
            self.refresh()

    def _await_end(self) -> None:
        """The icon and the settings say it when one may be disturbed again."""
        left_ms = self._preferences.do_not_disturb_until_ms - int(datetime.now().timestamp() * 1000)
        if left_ms > 0:
            self._end_timer.start(min(left_ms + 500, 24 * 3_600_000))
        else:
            self._end_timer.stop()

    def take_over(self, other: PreferenceController) -> None:
        """Go on for another one, whose window has been made anew."""
        self.profile_folder = other.profile_folder
        self.tray.holds_window = other.tray.holds_window
        self.notifier.take_over(other.notifier)

    def reopen(self, page: int) -> None:
        """Open the settings again where they were; -1: they were not open."""
        if page >= 0:
            self.show_settings()
            assert self.dialog is not None
            self.dialog.list.setCurrentRow(page)

    # --- settings ---

    def show_settings(self, page: str = "") -> None:
        """Open the settings, maybe on one of its pages."""
        if self.dialog is None:
            self.dialog = SettingsDialog(
                self._services.top_level,
                self._services.state,
                self._preferences,
                self.tray,
                self.profile_folder,
            )
            self.dialog.finished.connect(self._forget_dialog)
            self.dialog.open()
        if page:
            self.dialog.show_page(page)

    def _forget_dialog(self, _result: int) -> None:
        self.dialog = None

    # --- the level of a conversation ---

    def _open_level(self) -> Level:
        return self._preferences.level_of(self._services.conv_id)

    def _set_open_level(self, level: Level) -> None:
        if self._services.conv_id:
            self._preferences.set_level(self._services.conv_id, level)

    def menu_for(self, conv_id: bytes) -> QMenu:
        """The context menu of a conversation in the sidebar."""
        services = self._services
        conversation = services.state.conversations.get(conv_id)
        menu = QMenu(services.top_level)
        menu.addAction(tr("Open"), partial(services.open_conversation, conv_id))
        if conversation is not None and conversation.unread:
            menu.addAction(tr("Mark as read"), lambda: services.post(MarkRead(conv_id=conv_id)))
        menu.addMenu(
            LevelMenu(
                partial(self._preferences.level_of, conv_id),
                partial(self._preferences.set_level, conv_id),
                menu,
            )
        )
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _show_menu(self, conv_id: bytes, point: QPoint) -> None:
        self.menu_for(conv_id).popup(point)
