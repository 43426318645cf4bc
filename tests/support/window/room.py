"""A main window over a sample session, for tests of what it shows and what it orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.api.events import Command, Notice
from client.gui.kit.theme import LIGHT
from client.gui.window.main_window import MainWindow
from tests.support.window.window_data import FakeSession, opened

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Room:
    """The window, its session, and what the user sees in words."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.bot: Any = qtbot
        self.session = FakeSession()
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(self.session.post, self.settings, LIGHT)
        qtbot.addWidget(self.window)
        self.window.resize(1240, 780)
        self.window.show()
        self.tell(opened())
        self.session.commands.clear()

    def tell(self, *notices: Notice) -> None:
        """News, and the rows that are asked for because of them."""
        self.window.handle(list(notices))
        self.window.refresh()
        self.answer()

    def answer(self) -> None:
        """Let the disk answer."""
        for _ in range(4):
            QApplication.processEvents()
            self.window.handle(self.session.answers())
        self.window.pane.set_active(False)  # nobody looks, unless a test says so

    def open(self, conv_id: bytes) -> None:
        """Open a conversation and load its rows."""
        self.window.open_conversation(conv_id)
        self.answer()

    def orders(self, kind: type[Command]) -> list[Any]:
        """The commands of one kind so far."""
        return list(self.session.of(kind))

    @property
    def sidebar(self) -> list[str]:
        """The sidebar's rows as a screen reader says them."""
        return [entry.spoken() for entry in self.window.sidebar.model.entries]

    @property
    def edit(self) -> Any:
        """The text field."""
        return self.window.pane.composer.edit

    def type(self, text: str) -> None:
        """Type into the text field."""
        self.bot.keyClicks(self.edit, text)

    def key(self, key: int, modifier: Any = Qt.KeyboardModifier.NoModifier, on: Any = None) -> None:
        """Press a key in the text field or elsewhere."""
        self.bot.keyClick(on or self.edit, key, modifier)
