"""Exporting from the window: the dialog by keys and mouse, the thread behind it, what comes of
it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QAction, QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from client.api.events import CancelTransfer, Done, LoadRows, RowsLoaded, SaveFile, TransfersChanged
from client.api.values import Transfer, TransferDirection, TransferState
from client.gui.export.dialog import ExportDialog
from tests.support.window.room import Room
from tests.support.window.window_data import HOMEWORK, NIGHT, changed, file_info, row

LEFT = Qt.MouseButton.LeftButton
ROWS = [
    row(0, "hyun", "Is it due on Friday?", 1),
    row(1, "alice", "", 2, file=file_info("alice-plan.txt")),
]


class ExportRoom(Room):
    """A window whose NIGHT conversation holds ROWS; a file is there as soon as the test says so."""

    def begin(self, name: str = "Export\u2026") -> ExportDialog:
        self.choose(name)
        dialog = self.window.export_controller.dialog
        assert dialog is not None and dialog.isVisible() and not dialog.isModal()
        return dialog

    def choose(self, name: str) -> None:
        menus = (self.window.pane.header.more_menu, self.window.sidebar.own_menu)
        actions: list[QAction] = [
            one for menu in menus for one in menu.actions() if one.text() == name
        ]
        actions[0].trigger()

    def load(self) -> None:
        """Answer what the export asks for, as the session does."""
        self.bot.waitUntil(
            lambda: bool(self.orders(LoadRows)) and self.orders(LoadRows)[-1].request_id >= 1 << 40
        )
        order = self.orders(LoadRows)[-1]
        self.tell(
            RowsLoaded(order.request_id, order.conv_id, tuple(self.session.rows[order.conv_id]))
        )

    def send_file(self) -> None:
        self.bot.waitUntil(lambda: bool(self.orders(SaveFile)))
        order = self.orders(SaveFile)[-1]
        Path(order.path).write_text("the plan", encoding="utf-8")
        done = Transfer(
            transfer_id=b"t" * 16,
            message_id=order.message_id,
            conv_id=NIGHT,
            direction=TransferDirection.DOWN,
            state=TransferState.DONE,
            name="x",
            size=8,
            bytes_done=8,
            path=order.path,
        )
        self.tell(Done(order.request_id, True, data=b"t" * 16), TransfersChanged((done,)))


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> ExportRoom:
    made = ExportRoom(qtbot, tmp_path)
    QApplication.setActiveWindow(made.window)
    made.answer()
    made.session.rows[NIGHT] = list(ROWS)
    made.tell(changed(NIGHT, row_count=len(ROWS)))
    made.open(NIGHT)
    return made


def ended(room: ExportRoom, dialog: ExportDialog) -> None:
    room.bot.waitUntil(lambda: not dialog.is_running)


def test_a_conversation_is_exported_while_one_watches(
    room: ExportRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = room.begin()
    assert "late-night-threads" in dialog.folder.text() and dialog.focusWidget() is dialog.folder
    dialog.folder.setText(str(tmp_path / "out"))
    room.bot.mouseClick(dialog.pseudonyms, LEFT, pos=dialog.pseudonyms.rect().center() / 8)
    assert dialog.pseudonyms.isChecked() and dialog.warning.isVisible()
    room.bot.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert dialog.is_running and not dialog.action.isEnabled() and dialog.bar.isVisible()
    room.load()
    room.bot.waitUntil(lambda: "Fetching" in dialog.status.text())
    assert "alice" not in dialog.status.text()
    room.send_file()
    ended(room, dialog)
    assert (
        dialog.outcome.text().startswith("Exported 2 messages and 1 file to")
        and dialog.open_folder.isVisible()
    )
    (path,) = (tmp_path / "out").glob("conversations/*/messages.jsonl")
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first["text"] == "Is it due on Friday?" and first["from"].startswith("Student ")
    assert (tmp_path / "out" / second["file"]["path"]).read_text() == "the plan"
    assert [one.transfer_id for one in room.orders(CancelTransfer)] == [b"t" * 16]
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    room.bot.mouseClick(dialog.open_folder, LEFT)
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "out")]
    room.bot.keyClick(dialog.action, Qt.Key.Key_Return)  # Close
    assert room.window.export_controller.dialog is None


def test_the_pages_of_an_export_do_not_disturb_the_open_conversation(
    room: ExportRoom, tmp_path: Path
) -> None:
    count = room.window.pane.model.rowCount()
    dialog = room.begin()
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.files.setChecked(False)
    dialog.submit()
    room.load()
    ended(room, dialog)
    assert room.window.pane.model.rowCount() == count and "1 file" not in dialog.outcome.text()


def test_escape_calls_it_off_and_leaves_nothing(room: ExportRoom, tmp_path: Path) -> None:
    dialog = room.begin()
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.submit()
    room.load()
    room.bot.waitUntil(lambda: bool(room.orders(SaveFile)))
    room.bot.keyClick(dialog, Qt.Key.Key_Escape)
    assert room.window.export_controller.dialog is None
    assert not (tmp_path / "out").exists() and not (tmp_path / ".out.partial").exists()


def test_what_cannot_be_is_said(
    room: ExportRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    dialog = room.begin("Export everything\u2026")
    assert (
        dialog.windowTitle() == "Export" and room.begin("Export everything\u2026") is dialog
    )  # one at a time
    dialog.folder.setText("  ")
    dialog.submit()
    assert "Say where" in dialog.error.text() and not dialog.is_running
    dialog.folder.setText("/somewhere/full")
    room.bot.mouseClick(dialog.choose, LEFT)
    assert dialog.folder.text() == str(tmp_path / "full")
    dialog.submit()
    ended(room, dialog)
    assert (
        "not empty" in dialog.error.text()
        and dialog.action.isEnabled()
        and dialog.action.text() == "Export"
    )


def test_the_window_that_closes_takes_its_export_with_it(room: ExportRoom, tmp_path: Path) -> None:
    dialog = room.begin()
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.submit()
    room.bot.waitUntil(
        lambda: bool([one for one in room.orders(LoadRows) if one.conv_id != HOMEWORK])
    )
    room.window.close()
    assert not (tmp_path / ".out.partial").exists()
