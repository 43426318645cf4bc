"""Being told: bubbles and blinking, bursts, the tray, and the level of each conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QIcon
from PyQt5.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from client.api.events import MarkRead, RowsAppended, RowsUpdated
from client.api.values import Row, RowKind
from client.gui.notifications import notifier as notifier_module
from client.gui.notifications import tray
from client.gui.notifications.notifier import Notifier
from client.gui.session.notification_rules import APP_TITLE, Level
from client.gui.sidebar.model import Entry
from tests.support.window.room import Room
from tests.support.window.window_data import (
    GENERAL,
    HOMEWORK,
    LAB,
    TEAM,
    changed,
    direct,
    file_info,
    file_row,
    row,
)

PROF = direct("Prof.Nguyen").conv_id


class FakeIcon(QObject):
    """The icon in a tray that is there."""

    activated = pyqtSignal(object)
    messageClicked = pyqtSignal()

    class ActivationReason:
        Trigger = 3

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: list[tuple[str, str]] = []
        self.icons: list[QIcon] = []
        self.tip, self.is_visible = "", False

    @staticmethod
    def isSystemTrayAvailable() -> bool:
        return True

    @staticmethod
    def supportsMessages() -> bool:
        return True

    def setContextMenu(self, menu: QMenu) -> None:
        self.menu = menu

    def setIcon(self, icon: QIcon) -> None:
        self.icons.append(icon)

    def setToolTip(self, text: str) -> None:
        self.tip = text

    def isVisible(self) -> bool:
        return self.is_visible

    def show(self) -> None:
        self.is_visible = True

    def hide(self) -> None:
        self.is_visible = False

    def showMessage(self, title: str, text: str, _icon: QIcon, _ms: int) -> None:
        self.shown.append((title, text))


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked for: "alert" and "beep"."""
    heard: list[str] = []
    monkeypatch.setattr(QApplication, "alert", lambda *_args: heard.append("alert"))
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append("beep"))
    return heard


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, alerts: list[str]) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.window.quit()


@pytest.fixture
def tray_room(
    qtbot: QtBot, tmp_path: Path, alerts: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    monkeypatch.setattr(tray, "QSystemTrayIcon", FakeIcon)
    made = Room(qtbot, tmp_path)
    yield made
    made.window.quit()


def come(room: Room, conv_id: bytes, *rows: Row) -> None:
    """Rows arrive, and the time to gather is over."""
    room.window.handle([RowsAppended(conv_id, rows)])
    notifier(room).flush()


def notifier(room: Room) -> Notifier:
    return room.window.preference_controller.notifier


def heard(room: Room, act: Callable[[], object]) -> list[tuple[str, str]]:
    """What is told while something is done."""
    said: list[tuple[str, str]] = []
    slot = lambda title, text: said.append((title, text))  # noqa: E731
    notifier(room).told.connect(slot)
    act()
    notifier(room).told.disconnect(slot)
    return said


def icon(room: Room) -> Any:
    return room.window.preference_controller.tray._icon


def says(at: int = 40, text: str = "hello", **changes: object) -> Row:
    return row(at, "bob.k", text, at, **changes)


# --- whether ---


def test_a_direct_message_is_told(room: Room, alerts: list[str]) -> None:
    assert heard(room, lambda: come(room, PROF, says())) == [("bob.k", "hello")]
    assert alerts == ["alert", "beep"]


def test_talk_in_a_channel_is_told_if_it_is_wanted(room: Room) -> None:
    assert heard(room, lambda: come(room, GENERAL, says())) == []
    assert heard(room, lambda: come(room, GENERAL, says(mentions_me=True))) == [
        ("bob.k in #general", "hello")
    ]
    room.window.preferences.set_level(GENERAL, Level.ALL)
    assert heard(room, lambda: come(room, GENERAL, says(41))) == [("bob.k in #general", "hello")]
    room.window.preferences.set_level(GENERAL, Level.NOTHING)
    assert heard(room, lambda: come(room, GENERAL, says(42, mentions_me=True))) == []


def test_own_and_system_rows_are_not_told(room: Room, alerts: list[str]) -> None:
    room.window.preferences.default_level = Level.ALL
    come(room, GENERAL, row(40, "alice", "mine", 40), says(41, kind=RowKind.SYSTEM))
    assert alerts == []


def test_what_is_seen_is_not_told(room: Room) -> None:
    room.window.preferences.default_level = Level.ALL
    room.window.pane.set_active(True)
    assert heard(room, lambda: come(room, HOMEWORK, says(6))) == []
    room.window.pane.set_active(False)
    assert heard(room, lambda: come(room, HOMEWORK, says(7))) == [("bob.k in #homework-3", "hello")]


def test_what_was_read_meanwhile_is_not_told(room: Room) -> None:
    room.window.handle([RowsAppended(PROF, (says(1),)), replace_read(2)])
    assert heard(room, notifier(room).flush) == []


def replace_read(position: int) -> Any:
    return changed(PROF, row_count=position, read_position=position, unread=0)


def test_nothing_is_told_while_one_may_not_be_disturbed(room: Room) -> None:
    preferences, now = room.window.preferences, datetime(2024, 10, 18, 23, 30)
    notifier(room).now = lambda: now
    preferences.quiet_span = (time(22), time(7))
    preferences.has_quiet_hours = True
    assert heard(room, lambda: come(room, PROF, says())) == []
    preferences.has_quiet_hours = False
    preferences.do_not_disturb_until_ms = int((now + timedelta(hours=1)).timestamp() * 1000)
    assert heard(room, lambda: come(room, PROF, says())) == []
    preferences.do_not_disturb_until_ms = 0
    assert heard(room, lambda: come(room, PROF, says())) == [("bob.k", "hello")]


def test_a_message_whose_key_comes_late_is_told_then(room: Room) -> None:
    waiting = says(kind=RowKind.WAITING, text="")
    assert heard(room, lambda: come(room, PROF, waiting)) == []

    def open_it() -> None:
        room.window.handle([RowsUpdated(PROF, (says(),))])
        notifier(room).flush()

    assert heard(room, open_it) == [("bob.k", "hello")]
    assert heard(room, open_it) == []  # an edit is no news


def test_nothing_is_told_before_the_window_was_there(
    qtbot: QtBot, tmp_path: Path, alerts: list[str]
) -> None:
    made = Room(qtbot, tmp_path)
    made.window.preference_controller.notifier._is_started = False
    come(made, PROF, says())
    assert alerts == []
    made.window.hide()
    made.window.show()
    come(made, PROF, says(41))
    assert alerts == ["alert", "beep"]


# --- how ---


def test_a_burst_is_told_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifier_module, "PAUSE_MS", 50)
    room.window.preferences.default_level = Level.ALL
    rows = [says(40 + at) for at in range(5)]

    def burst() -> None:
        for one in rows:
            room.window.handle([RowsAppended(GENERAL, (one,))])
        notifier(room).flush()

    assert heard(room, burst) == [(APP_TITLE, "5 new messages in #general")]
    with room.bot.waitSignal(notifier(room).told, timeout=5000) as told:  # the rest after a pause
        room.window.handle([RowsAppended(GENERAL, (says(50),)), RowsAppended(PROF, (says(1),))])
    assert told.args == [APP_TITLE, "2 new messages in 2 conversations"]


def test_text_is_kept_off_the_screen_if_wanted(room: Room) -> None:
    room.window.preferences.shows_text = False
    said = heard(room, lambda: come(room, GENERAL, says(mentions_me=True)))
    assert said == [(APP_TITLE, "New message in #general")]
    assert heard(room, lambda: come(room, PROF, says())) == [(APP_TITLE, "New message")]


def test_sound_can_be_off(room: Room, alerts: list[str]) -> None:
    room.window.preferences.has_sound = False
    come(room, PROF, says())
    assert alerts == ["alert"]


def test_a_file_is_told_by_its_name(room: Room) -> None:
    one = file_row(40, "bob.k", file_info("hw3.py"))
    assert heard(room, lambda: come(room, PROF, one)) == [("bob.k", "hw3.py")]


# --- the tray ---


def test_without_a_tray_closing_ends(room: Room) -> None:
    room.window.preferences.keeps_in_tray = True
    assert not room.window.preference_controller.tray.is_possible
    with room.bot.waitSignal(room.window.closed):
        room.window.close()


def test_the_bubble_comes_from_the_tray(tray_room: Room, alerts: list[str]) -> None:
    come(tray_room, PROF, says(text="x < y > z"))
    assert icon(tray_room).shown == [("bob.k", "x \u2039 y \u203a z")]  # never taken for markup
    assert alerts == ["beep"]


def test_a_click_on_the_bubble_opens_the_conversation(tray_room: Room) -> None:
    come(tray_room, PROF, says())
    tray_room.window.hide()
    icon(tray_room).messageClicked.emit()
    assert tray_room.window.isVisible() and tray_room.window.pane.conv_id == PROF


def test_the_icon_says_what_is_unread(tray_room: Room) -> None:
    before = len(icon(tray_room).icons)
    assert "19 unread" in icon(tray_room).tip
    tray_room.tell(changed(HOMEWORK, unread=0, unread_mentions=0))
    assert len(icon(tray_room).icons) == before + 1  # fewer mentions
    images = [
        tray.tray_icon(*look).pixmap(32).toImage()
        for look in ((False, 0), (True, 0), (True, 3), (True, 100))
    ]
    assert all(one != other for at, one in enumerate(images) for other in images[:at])


def test_closing_keeps_the_program_in_the_tray_if_wanted(tray_room: Room) -> None:
    window, ended = tray_room.window, []
    window.closed.connect(lambda: ended.append(True))
    window.preferences.keeps_in_tray = True
    window.close()
    assert not window.isVisible() and not ended and window.preference_controller.tray.holds_window
    come(tray_room, PROF, says())
    assert icon(tray_room).shown  # told from there
    window.preference_controller.tray.menu.actions()[0].trigger()
    assert window.isVisible() and not window.preference_controller.tray.holds_window
    window.close()
    assert not window.isVisible() and not ended
    window.preference_controller.tray.menu.actions()[-1].trigger()  # Quit quits
    assert ended and not icon(tray_room).is_visible


def test_closing_ends_the_program_by_default(tray_room: Room) -> None:
    with tray_room.bot.waitSignal(tray_room.window.closed):
        tray_room.window.close()


def test_the_menu_of_the_tray_disturbs_nobody_for_a_while(tray_room: Room) -> None:
    one, preferences = tray_room.window.preference_controller.tray, tray_room.window.preferences
    texts = [action.text() for action in one.menu.actions() if action.text()]
    assert texts == [
        "Open",
        "Do not disturb for 1 hour",
        "Do not disturb until tomorrow",
        "Do not disturb: off",
        "Quit",
    ]
    one.quiet_hour.trigger()
    left = preferences.do_not_disturb_until_ms / 1000 - datetime.now().timestamp()
    assert 3500 < left <= 3600 and one.is_quiet() and "do not disturb" in icon(tray_room).tip
    one.quiet_day.trigger()
    until = datetime.fromtimestamp(preferences.do_not_disturb_until_ms / 1000)
    assert until.date() == datetime.now().date() + timedelta(days=1) and until.hour == 8
    one.menu.aboutToShow.emit()
    assert one.quiet_off.isEnabled()
    one.quiet_off.trigger()
    assert not one.is_quiet() and "do not disturb" not in icon(tray_room).tip
    icon(tray_room).activated.emit(FakeIcon.ActivationReason.Trigger)


# --- the level of a conversation ---


def entry(room: Room, conv_id: bytes) -> Entry:
    return next(one for one in room.window.sidebar.model.entries if one.conv_id == conv_id)


def test_the_more_menu_ticks_the_present_level(room: Room) -> None:
    header = room.window.pane.header
    menu = header.level_menu
    assert menu is not None and menu.menuAction() in header.more_menu.actions()
    menu.aboutToShow.emit()
    ticked = {action.text(): action.isChecked() for action in menu.actions()}
    assert ticked == {"All messages": False, "Mentions and direct": True, "Nothing": False}
    menu.actions()[2].trigger()
    assert room.window.preferences.level_of(HOMEWORK) is Level.NOTHING
    room.open(LAB)
    menu.aboutToShow.emit()
    assert menu.actions()[1].isChecked()


def test_a_muted_conversation_is_grey_and_not_counted(room: Room) -> None:
    assert room.window.windowTitle().startswith("(19) ")
    for conv_id in (TEAM, HOMEWORK, PROF):
        room.window.preferences.set_level(conv_id, Level.NOTHING)
    room.window.refresh()
    assert (
        entry(room, TEAM).is_muted
        and entry(room, TEAM).badge == "12"
        and "muted" in entry(room, TEAM).spoken()
    )
    assert entry(room, HOMEWORK).badge == "@2"  # mentions are still seen
    assert entry(room, PROF).badge == "1"
    assert room.window.windowTitle().startswith("(5) ")  # 3 in lab-sockets and 2 mentions
    assert room.window.state.mentions_total() == 2


def test_the_sidebar_has_a_menu_for_each_conversation(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: opened.append(menu))
    side = room.window.sidebar
    place = side.list.visualRect(side.model.index(side.model.row_of(LAB))).center()
    by_mouse = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, side.list.mapToGlobal(place)
    )
    QApplication.sendEvent(side.list.viewport(), by_mouse)
    (menu,) = opened
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Open", "Mark as read", "Notifications"]
    levels = menu.actions()[2].menu()
    assert levels is not None
    levels.aboutToShow.emit()
    levels.actions()[0].trigger()
    assert room.window.preferences.level_of(LAB) is Level.ALL
    menu.actions()[1].trigger()
    assert [order.conv_id for order in room.orders(MarkRead)] == [LAB]
    menu.actions()[0].trigger()
    assert room.window.pane.conv_id == LAB
    side.list.setCurrentIndex(side.model.index(side.model.row_of(GENERAL)))
    by_key = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), side.list.mapToGlobal(QPoint(1, 1))
    )
    QApplication.sendEvent(side.list.viewport(), by_key)
    assert len(opened) == 2 and [action.text() for action in opened[1].actions()] == [
        "Open",
        "Notifications",
    ]
    on_head = side.list.visualRect(side.model.index(0)).center()
    nothing = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, on_head, side.list.mapToGlobal(on_head)
    )
    QApplication.sendEvent(side.list.viewport(), nothing)
    assert len(opened) == 2
    for one in opened:
        one.deleteLater()


def test_the_focus_is_where_it_was_after_a_bubble(room: Room) -> None:
    room.edit.setFocus()
    come(room, PROF, replace(says(), mentions_me=True))
    assert room.edit.hasFocus() and room.window.pane.conv_id == HOMEWORK
    room.key(Qt.Key.Key_Escape)
