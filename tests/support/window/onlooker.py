"""The real window over a real client core of a class in memory: what a person sees while a server
misbehaves.
"""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication, QListWidgetItem
from pytestqt.qtbot import QtBot

from client.api.events import Command
from client.gui.kit.theme import LIGHT
from client.gui.people.members_panel import ShownMember
from client.gui.window.main_window import MainWindow
from tests.support.class_room import Participant


class Onlooker:
    """Looks at the window of one participant; `look` lets the window hear what the core has told
    since.
    """

    def __init__(self, qtbot: QtBot, folder: Path, person: Participant) -> None:
        self._person = person
        self._heard = 0
        settings = QSettings(str(folder / f"{person.name}.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(self._post, settings, LIGHT)
        qtbot.addWidget(self.window)
        self.window.resize(1240, 780)
        self.window.show()

    def _post(self, command: Command) -> None:
        self._person.order(command)

    def look(self, conv_id: bytes = b"") -> None:
        """Take in the news, and open a conversation."""
        for _ in range(8):
            fresh = self._person.notices[self._heard :]
            self._heard += len(fresh)
            self.window.handle(fresh)
            self.window.refresh()
            if conv_id:
                self.window.open_conversation(conv_id)
            QApplication.processEvents()

    @property
    def rows(self) -> list[str]:
        """What the rows of the open conversation say."""
        model = self.window.pane.model
        return [str(model.data(model.index(at))) for at in range(model.rowCount())]

    @property
    def header(self) -> str:
        """The second line of the head."""
        return self.window.pane.header.subtitle.text()

    @property
    def strip(self) -> str:
        """What stands in place of the composer; empty while one can write."""
        pane = self.window.pane
        return pane.strip.label.text() if pane.strip.isVisibleTo(pane) else ""

    @property
    def can_write(self) -> bool:
        """Whether there is a field to write in."""
        pane = self.window.pane
        return pane.composer.isVisibleTo(pane)

    @property
    def said(self) -> str:
        """What the line under the composer says."""
        return self.window.pane.composer.typing_label.text()

    @property
    def banner(self) -> str:
        """What the connection banner says."""
        return self.window.pane.banner.label.toolTip()

    @property
    def members(self) -> list[str]:
        """The lines of the members panel."""
        self.window.show_members(True)
        self.window.refresh()
        entries = self.window.members.list
        lines = [entries.item(at) for at in range(entries.count())]
        shown = [_member(line) for line in lines if line is not None]
        return [one.spoken() for one in shown if one is not None]

    @property
    def sidebar(self) -> list[str]:
        """The sidebar's rows."""
        return [entry.spoken() for entry in self.window.sidebar.model.entries]


def _member(line: QListWidgetItem) -> ShownMember | None:
    for role in range(256, 260):
        found = line.data(role)
        if isinstance(found, ShownMember):
            return found
    return None
