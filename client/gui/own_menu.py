"""The menu behind one's own name: new group, theme, size of text, settings, keys, quit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject

from client.gui.dialogs import KeysDialog
from client.gui.session_state import Section
from client.gui.translation import tr

if TYPE_CHECKING:
    from client.gui.main_window import MainWindow


class OwnMenu(QObject):
    """Fills the sidebar's own menu."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        menu = window.sidebar.own_menu
        menu.addAction(tr("New group\u2026"), lambda: window.add_to_section(Section.GROUPS))
        menu.addAction(tr("Write to somebody\u2026"), lambda: window.add_to_section(Section.DIRECT))
        menu.addSeparator()
        for name, text in (("light", tr("Light")), ("dark", tr("Dark")), ("system", tr("As the system"))):
            menu.addAction(text, lambda one=name: window.theme_chosen.emit(one))
        menu.addSeparator()
        menu.addAction(tr("Larger text\tCtrl++"), lambda: window.change_font(1))
        menu.addAction(tr("Smaller text\tCtrl+-"), lambda: window.change_font(-1))
        menu.addSeparator()
        menu.addAction(tr("Export everything\u2026"), lambda: window.exports.open())
        menu.addAction(tr("Settings\u2026\tCtrl+,"), lambda: window.links.show_settings())
        menu.addAction(tr("Keys\u2026\tCtrl+/"), self.show_keys)
        menu.addAction(tr("Quit\tCtrl+Q"), self._quit)

    def show_keys(self) -> None:
        """The list of keys."""
        KeysDialog(self._window).open()

    def _quit(self) -> None:
        self._window.quit()
