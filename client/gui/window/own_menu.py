"""The menu behind one's own name: new group, theme, size of text, settings, keys, quit."""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QMenu

from client.gui.kit.dialogs import KeysDialog
from client.gui.language.translation import tr
from client.gui.session.services import WindowServices
from client.gui.session.state import Section


class OwnMenu(QObject):
    """Fills the sidebar's own menu, and tells what was chosen there."""

    add_requested = pyqtSignal(object)  # the Section
    theme_chosen = pyqtSignal(str)  # "light" | "dark" | "system"
    export_requested = pyqtSignal()
    settings_requested = pyqtSignal()

    def __init__(self, services: WindowServices, menu: QMenu) -> None:
        super().__init__(services.top_level)
        self._services = services
        menu.addAction(tr("New group\u2026"), lambda: self.add_requested.emit(Section.GROUPS))
        menu.addAction(
            tr("Write to somebody\u2026"), lambda: self.add_requested.emit(Section.DIRECT)
        )
        menu.addSeparator()
        for name, text in (
            ("light", tr("Light")),
            ("dark", tr("Dark")),
            ("system", tr("As the system")),
        ):
            menu.addAction(text, lambda one=name: self.theme_chosen.emit(one))
        menu.addSeparator()
        menu.addAction(tr("Larger text\tCtrl++"), lambda: services.change_font(1))
        menu.addAction(tr("Smaller text\tCtrl+-"), lambda: services.change_font(-1))
        menu.addSeparator()
        menu.addAction(tr("Export everything\u2026"), self.export_requested.emit)
        menu.addAction(tr("Settings\u2026\tCtrl+,"), self.settings_requested.emit)
        menu.addAction(tr("Keys\u2026\tCtrl+/"), self.show_keys)
        menu.addAction(tr("Quit\tCtrl+Q"), services.quit)

    def show_keys(self) -> None:
        """The list of keys."""
        KeysDialog(self._services.top_level).open()
