"""The keys of the window, key by key, as they are promised: what Esc clears in turn, layouts
without Latin letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from client.api.events import MarkRead, SendText
from client.gui.conversation import file_controller as file_desk
from client.gui.kit.key_places import latin_key
from client.gui.session.panels import PanelKind
from client.gui.sidebar.jump_dialog import JumpDialog
from tests.support.window.room import CTRL, SHIFT, Room
from tests.support.window.window_data import HOMEWORK, TEAM, changed, homework_rows, row

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
CYRILLIC = {
    "\u043b": 37,
    "\u0438": 48,
    "\u0448": 23,
    "\u0441": 46,
    "\u0430": 33,
    "\u0433": 22,
}  # k b i c f u


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(qtbot, tmp_path)
    rows = [*homework_rows(), *(row(at, "hyun", f"message {at}", at) for at in range(6, 80))]
    room.session.rows[HOMEWORK] = rows
    room.tell(changed(HOMEWORK, row_count=80, read_position=80, unread=0))
    room.open(TEAM)
    room.open(HOMEWORK)
    QApplication.setActiveWindow(room.window)
    room.edit.setFocus()
    yield room


def focused() -> Any:
    return QApplication.focusWidget()


def press(room: Room, key: int, modifier: Any = NONE) -> None:
    room.bot.keyClick(focused(), key, modifier)
    room.answer()


def press_letter(target: QWidget, letter: str, modifier: Any) -> None:
    """As the window system sends it on a layout with these letters alone."""
    key, place = ord(letter.upper()), CYRILLIC[letter] + 8
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, modifier, place, 0, 0, letter))


# --- Esc ---


def test_escape_clears_one_thing_after_the_other(room: Room) -> None:
    view, composer = room.window.pane.view, room.window.pane.composer
    room.tell(changed(HOMEWORK, row_count=80, read_position=70, unread=10))
    room.open(TEAM)
    room.open(HOMEWORK)
    view.scroll_to_position(5)
    room.window.pane.writing.reply_to(homework_rows()[0].message_id)
    room.type("text @bo")
    assert room.edit.popup.isVisible() and composer.context.isVisible() and not view.is_at_bottom
    press(room, Qt.Key.Key_Escape)
    assert not room.edit.popup.isVisible() and composer.context.isVisible()
    press(room, Qt.Key.Key_Escape)
    assert (
        not composer.context.isVisible()
        and not view.is_at_bottom
        and room.window.pane.model.new_line >= 0
    )
    room.window.pane.set_active(True)
    room.bot.keyClick(focused(), Qt.Key.Key_Escape)
    assert view.is_at_bottom and room.window.pane.model.new_line < 0
    assert room.orders(MarkRead)[-1].conv_id == HOMEWORK and room.edit.toPlainText() == "text @bo"


def test_escape_goes_to_the_end_from_every_pane(room: Room) -> None:
    view = room.window.pane.view
    for pane in (view, room.window.sidebar.list, room.window.members.list):
        view.scroll_to_position(5)
        assert not view.is_at_bottom
        pane.setFocus()
        press(room, Qt.Key.Key_Escape)
        assert view.is_at_bottom, pane


def test_shift_escape_reads_everything_from_every_pane(room: Room) -> None:
    unread = {one.conv_id for one in room.window.state.conversations.values() if one.unread}
    for pane in (room.edit, room.window.pane.view, room.window.sidebar.list):
        room.session.commands.clear()
        pane.setFocus()
        press(room, Qt.Key.Key_Escape, SHIFT)
        assert {order.conv_id for order in room.orders(MarkRead)} == unread, pane


# --- writing ---


def test_shift_up_replies_to_the_last_message_of_somebody_else(room: Room) -> None:
    press(room, Qt.Key.Key_Up, SHIFT)
    assert room.window.pane.composer.context_label.text() == "Reply to hyun: message 79"
    room.type("yes")
    press(room, Qt.Key.Key_Return)
    (order,) = room.orders(SendText)
    assert (order.text, order.reply_to) == ("yes", (79).to_bytes(16, "big"))


def test_menu_key_and_enter_open_the_actions_of_the_focused_row(room: Room) -> None:
    view = room.window.pane.view
    press(room, Qt.Key.Key_F6)
    while not view.hasFocus():
        press(room, Qt.Key.Key_F6)
    press(room, Qt.Key.Key_Up)
    press(room, Qt.Key.Key_Return)
    menus = [one for one in view.findChildren(QMenu) if one.isVisible() and one.actions()]
    assert menus and "Reply" in [action.text() for action in menus[0].actions()]
    menus[0].close()


# --- layouts without Latin letters ---


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_letters_by_place_where_the_layout_has_no_latin_ones(platform: str) -> None:
    offset = 8 if platform == "linux" else 0

    def key(code: int, place: int) -> int:
        return latin_key(
            QKeyEvent(QEvent.Type.KeyPress, code, CTRL, place + offset, 0, 0), platform
        )

    is_mac = platform == "darwin"
    assert key(0x041B, 37) == (0x041B if is_mac else Qt.Key.Key_K)  # Cyrillic
    assert key(0x039A, 37) == (0x039A if is_mac else Qt.Key.Key_K)  # Greek
    assert key(0xE9, 3) == (0xE9 if is_mac else Qt.Key.Key_2)  # the digits of a French layout
    assert key(Qt.Key.Key_Q, 30) == Qt.Key.Key_Q  # the layout counts where it has Latin letters
    assert key(Qt.Key.Key_Up, 103) == Qt.Key.Key_Up
    assert key(0x041B, 500) == 0x041B


def test_shortcuts_work_on_a_cyrillic_layout(room: Room) -> None:
    press_letter(room.edit, "\u043b", CTRL)
    dialog = room.window.findChild(JumpDialog)
    assert dialog is not None
    dialog.close()
    press_letter(room.edit, "\u0430", CTRL)
    assert (
        room.window.panel.shown is PanelKind.SEARCH and not room.window.search.panel.is_everywhere
    )
    room.window.pane.view.setFocus()
    press_letter(room.window.pane.view, "\u0430", CTRL | SHIFT)
    assert room.window.search.panel.is_everywhere
    assert room.edit.toPlainText() == ""


def test_the_text_field_works_on_a_cyrillic_layout(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: object, title: str, _folder: str) -> tuple[list[str], str]:
        asked.append(title)
        return [], ""

    monkeypatch.setattr(file_desk.QFileDialog, "getOpenFileNames", choose)
    marks = (
        ("\u0438", CTRL, "****"),
        ("\u0448", CTRL, "**"),
        ("\u0441", CTRL | SHIFT, "```\n\n```"),
    )
    for letter, modifier, text in marks:
        room.edit.clear()
        press_letter(room.edit, letter, modifier)
        assert room.edit.toPlainText() == text
    press_letter(room.edit, "\u0433", CTRL)
    assert asked == ["Send files to #homework-3"]
    room.edit.clear()
    for letter in "\u043b\u0438":
        press_letter(room.edit, letter, NONE)
    assert room.edit.toPlainText() == "\u043b\u0438"  # letters without Ctrl are letters
    press_letter(room.edit, "\u043b", CTRL | ALT)  # AltGr
    assert room.window.findChild(JumpDialog) is None
