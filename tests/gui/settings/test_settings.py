"""Preferences over the settings file, the dialog with all its pages, and what follows them in the
window.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QByteArray, QEvent, QSettings, Qt, QTime
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLineEdit,
    QScrollArea,
    QSlider,
    QTableWidget,
    QTimeEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from client.api.events import SaveFile, SendText
from client.gui.app import WindowProgram
from client.gui.conversation.composer import CTRL_HINT, HINT
from client.gui.conversation.file_controller import DOWNLOADS_VARIABLE
from client.gui.kit.dialogs import KEYS
from client.gui.kit.theme import LIGHT, Theme, apply_theme
from client.gui.session.notification_rules import Level
from client.gui.session.preferences import QUIET_FROM, QUIET_TO, Density, Preferences, ThemeChoice
from client.gui.settings.choice_pages import problem_of, quiet_sentence
from client.gui.settings.dialog import SettingsDialog
from client.gui.settings.info_pages import VERSION
from client.gui.sign_in.window import SignIn, SignInRequest
from client.gui.window.main_window import MainWindow
from client.settings import Options
from shared.invitations import Invitation
from tests.support.window.room import CTRL, Room
from tests.support.window.window_data import HOMEWORK, LAB, FakeSession, opened

ROOT = Path(__file__).parents[3]
NAMES = ["Account", "Notifications", "Appearance", "Writing", "Files", "Shortcuts", "About"]


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.window.quit()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))


def dialog_of(room: Room, page: str = "") -> SettingsDialog:
    room.window.preference_controller.show_settings(page)
    dialog = room.window.preference_controller.dialog
    assert dialog is not None
    return dialog


# --- preferences ---


def test_the_defaults(preferences: Preferences) -> None:
    assert preferences.theme is ThemeChoice.SYSTEM and preferences.density is Density.COMFORTABLE
    assert preferences.font_px == 14
    assert preferences.enter_sends and preferences.has_sound and preferences.shows_text
    assert (
        preferences.remembers_place
        and not preferences.keeps_in_tray
        and preferences.downloads == ""
    )
    assert (
        preferences.default_level is Level.MENTIONS and preferences.level_of(LAB) is Level.MENTIONS
    )
    assert preferences.muted() == frozenset()
    assert preferences.do_not_disturb_until_ms == 0 and preferences.quiet_hours is None
    assert preferences.quiet_span == (QUIET_FROM, QUIET_TO)


def fill(preferences: Preferences) -> None:
    preferences.theme = ThemeChoice.DARK
    preferences.font_px = 17
    preferences.density = Density.COMPACT
    preferences.enter_sends = preferences.has_sound = preferences.shows_text = (
        preferences.remembers_place
    ) = False
    preferences.keeps_in_tray = preferences.has_quiet_hours = True
    preferences.downloads = "/somewhere/with, comma"
    preferences.default_level = Level.ALL
    preferences.set_level(LAB, Level.NOTHING)
    preferences.set_level(HOMEWORK, Level.ALL)
    preferences.do_not_disturb_until_ms = 1_900_000_000_123
    preferences.quiet_span = (time(23, 15), time(6, 45))


def test_what_is_set_is_so_after_a_restart(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat)
    fill(Preferences(settings))
    settings.sync()
    again = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    assert (again.theme, again.font_px, again.density) == (ThemeChoice.DARK, 17, Density.COMPACT)
    assert not (again.enter_sends or again.has_sound or again.shows_text or again.remembers_place)
    assert again.keeps_in_tray and again.downloads == "/somewhere/with, comma"
    assert (
        again.default_level is again.level_of(HOMEWORK) is Level.ALL
        and again.level_of(LAB) is Level.NOTHING
    )
    assert again.muted() == {LAB} and again.do_not_disturb_until_ms == 1_900_000_000_123
    assert again.quiet_hours == (time(23, 15), time(6, 45))


def test_what_is_damaged_gives_the_default(tmp_path: Path) -> None:
    keys = (
        "theme",
        "font_px",
        "density",
        "enter_sends",
        "sound",
        "notify_text",
        "remember_place",
        "keep_in_tray",
        "notify_default",
        f"notify\\{LAB.hex()}",
        "notify\\nonsense",
        "dnd_until_ms",
        "quiet_on",
        "quiet_from",
        "quiet_to",
    )
    for value in ("purple", "", "@ByteArray(x)", "@Variant(\\0\\0)", "1, 2", "\u00e9\u00a7"):
        path = tmp_path / f"{abs(hash(value))}.ini"
        path.write_text(
            "[General]\n" + "".join(f"{key}={value}\n" for key in keys), encoding="utf-8"
        )
        damaged = Preferences(QSettings(str(path), QSettings.Format.IniFormat))
        test_the_defaults(damaged)
    damaged._settings.setValue("font_px", 99)
    assert damaged.font_px == 20


def test_a_change_is_told_once(preferences: Preferences, qtbot: QtBot) -> None:
    told: list[str] = []
    preferences.changed.connect(told.append)
    fill(preferences)
    assert sorted(told) == sorted(
        [
            "theme",
            "font_px",
            "density",
            "enter_sends",
            "has_sound",
            "shows_text",
            "remembers_place",
            "keeps_in_tray",
            "quiet_hours",
            "downloads",
            "default_level",
            "level",
            "level",
            "do_not_disturb_until_ms",
            "quiet_hours",
        ]
    )
    told.clear()
    fill(preferences)
    assert told == []


# --- the dialog ---


def test_ctrl_comma_opens_the_settings(room: Room) -> None:
    room.key(Qt.Key.Key_Comma, CTRL)
    dialog = room.window.preference_controller.dialog
    assert dialog is not None and dialog.isVisible()
    assert [dialog.list.item(at).text() for at in range(dialog.list.count())] == NAMES  # type: ignore[union-attr]
    room.bot.keyClick(dialog, Qt.Key.Key_Escape)
    assert room.window.preference_controller.dialog is None
    assert ("Ctrl+,", "Settings") in KEYS
    action = next(
        one for one in room.window.sidebar.own_menu.actions() if one.text().startswith("Settings")
    )
    action.trigger()
    assert room.window.preference_controller.dialog is not None


def test_the_pages_are_reached_by_keys(room: Room) -> None:
    dialog = dialog_of(room)
    room.bot.waitUntil(dialog.list.hasFocus)
    assert dialog.stack.currentWidget() is dialog.account
    for _ in range(2):
        room.bot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.stack.currentWidget() is dialog.appearance
    room.bot.keyClick(dialog.list, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() in dialog.appearance.themes.values()
    room.bot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    assert room.window.preferences.theme is ThemeChoice.DARK


def test_everything_has_a_name_and_a_place(room: Room, qapp: QApplication) -> None:
    old = qapp.styleSheet(), qapp.font(), qapp.palette()
    apply_theme(qapp, replace(LIGHT, font_px=20))
    room.window.resize(760, 520)
    dialog = dialog_of(room)
    assert dialog.width() <= 760 and dialog.height() <= 520
    kinds = (QAbstractButton, QSlider, QLineEdit, QTimeEdit, QTableWidget)
    for page in dialog.pages:
        dialog.show_page(page.title)
        QApplication.processEvents()
        assert page.body.minimumSizeHint().width() <= page.viewport().width(), (
            page.title
        )  # nothing is cut
        for one in page.findChildren(QWidget):
            inside = isinstance(one.parent(), QTimeEdit | QLineEdit | QTableWidget | QScrollArea)
            if (
                isinstance(one, kinds)
                and one.isVisible()
                and not inside
                and one.parent() is page.body
            ):
                assert one.accessibleName(), (page.title, one)
    qapp.setStyleSheet(old[0])
    qapp.setFont(old[1])
    qapp.setPalette(old[2])


def test_the_account_page_tells_who_one_is(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.window.preference_controller.profile_folder = "/profiles/alice"
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    page = dialog_of(room).account
    assert [page.rows[name].text() for name in ("Username", "Class", "Role")] == [
        "alice",
        room.window.state.class_name,
        "Student",
    ]
    page.show_folder.click()
    assert shown == [page.path.text()] == ["/profiles/alice"]


def test_the_notifications_page_applies_at_once(room: Room) -> None:
    page, preferences = dialog_of(room, "Notifications").notifications, room.window.preferences
    assert page.levels[Level.MENTIONS].isChecked() and not page.keep.isVisible()
    page.levels[Level.ALL].click()
    page.text.click()
    page.sound.click()
    assert (
        preferences.default_level is Level.ALL
        and not preferences.shows_text
        and not preferences.has_sound
    )
    assert not page.quiet_from.isEnabled()
    page.quiet.click()
    page.quiet_from.setTime(QTime(23, 30))
    page.quiet_to.setTime(QTime(6, 0))
    assert preferences.quiet_hours == (time(23, 30), time(6, 0))
    page.hour.click()
    assert page.state.text().startswith("Nobody disturbs you until")
    page.day.click()
    page.off.click()
    assert preferences.do_not_disturb_until_ms == 0 and page.state.text().startswith("Off")
    page._set_keep(True)
    assert preferences.keeps_in_tray


def test_until_when_in_words() -> None:
    now = datetime(2024, 10, 18, 14, 0)
    assert quiet_sentence(0, now).startswith("Off")
    assert quiet_sentence(int(datetime(2024, 10, 18, 15, 5).timestamp() * 1000), now).endswith(
        "until 15:05."
    )
    assert quiet_sentence(int(datetime(2024, 10, 19, 8, 0).timestamp() * 1000), now).endswith(
        "until Saturday 08:00."
    )


def test_the_end_of_the_quiet_is_told(room: Room) -> None:
    with room.bot.waitSignal(room.window.preferences.changed):
        room.window.preferences.do_not_disturb_until_ms = (
            int(datetime.now().timestamp() * 1000) + 3_600_000
        )
    assert room.window.preference_controller._end_timer.isActive()
    page = dialog_of(room, "Notifications").notifications
    room.settings.setValue("dnd_until_ms", "1")  # as if the hour were over
    room.window.preference_controller._end_timer.timeout.emit()
    assert (
        page.state.text().startswith("Off")
        and not room.window.preference_controller._end_timer.isActive()
    )


def test_the_appearance_page_applies_at_once(room: Room) -> None:
    page, preferences = dialog_of(room, "Appearance").appearance, room.window.preferences
    page.themes[ThemeChoice.DARK].click()
    page.densities[Density.COMPACT].click()
    page.remembers_window.click()
    assert preferences.theme is ThemeChoice.DARK and preferences.density is Density.COMPACT
    assert not preferences.remembers_place
    room.bot.keyClick(page.size_slider, Qt.Key.Key_End)
    assert preferences.font_px == 20 and page.size_label.text() == "20 px"
    assert page.sample.font().pixelSize() == 20
    room.bot.keyClick(page.size_slider, Qt.Key.Key_Home)
    assert preferences.font_px == 12


def test_ctrl_enter_sends_if_wanted(room: Room) -> None:
    page, composer = dialog_of(room, "Writing").writing, room.window.pane.composer
    assert page.keys[True].isChecked() and composer.hint.text() == HINT
    page.keys[False].click()
    dialog_of(room).accept()
    assert composer.hint.text() == CTRL_HINT
    room.type("one")
    room.key(Qt.Key.Key_Return)
    room.type("two")
    assert not room.orders(SendText)
    room.key(Qt.Key.Key_Return, CTRL)
    assert [order.text for order in room.orders(SendText)] == ["one\ntwo"]
    room.window.preferences.enter_sends = True
    room.type("three")
    room.key(Qt.Key.Key_Return)
    assert room.orders(SendText)[-1].text == "three" and composer.hint.text() == HINT


def test_files_are_saved_where_it_is_wanted(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, chosen = tmp_path / "usual", tmp_path / "chosen"
    chosen.mkdir()
    monkeypatch.setenv(DOWNLOADS_VARIABLE, str(usual))
    page, answers = dialog_of(room, "Files").files, [str(chosen), ""]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: answers.pop(0))
    page.read()
    assert page.folder.text() == str(usual) and not page.reset.isEnabled()
    page.choose.click()
    page.choose.click()  # called off: it stays
    assert page.folder.text() == str(chosen) and page.problem.text() == ""
    room.window.pane.files.save(b"m" * 16)
    page.reset.click()
    room.window.pane.files.save(b"m" * 16)
    assert [order.path for order in room.orders(SaveFile)] == [str(chosen), str(usual)]


def test_a_folder_that_cannot_be_used_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not there" in problem_of(str(tmp_path / "gone")) and problem_of(str(tmp_path)) == ""
    monkeypatch.setattr(os, "access", lambda *_args: False)
    assert "may not write" in problem_of(str(tmp_path))


def test_the_keys_can_be_searched(room: Room) -> None:
    page = dialog_of(room, "Shortcuts").shortcuts
    rows = range(page.table.rowCount())
    assert len(rows) == len(KEYS) and not any(page.table.isRowHidden(at) for at in rows)
    page.filter.setText("send FILES")
    assert [page.table.item(at, 0).text() for at in rows if not page.table.isRowHidden(at)] == [
        "Ctrl+U"
    ]  # type: ignore[union-attr]
    page.filter.setText("no such key")
    assert page.nothing.isVisible()
    page.filter.clear()
    assert not page.nothing.isVisible()


def test_about_names_version_and_licence(room: Room) -> None:
    page = dialog_of(room, "About").about
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION and project["license"] == "GPL-3.0-or-later"
    assert set(page.libraries) >= {"Qt", "PyQt5", "pyzmq", "PyNaCl", "msgspec"}
    required = [
        line.split("==")[0]
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if "==" in line
    ]
    assert {name for name in required if not name.startswith("PyQt5-Qt5")} <= set(page.libraries)


# --- what follows ---


def test_density_moves_the_rows_closer(room: Room) -> None:
    view, side = room.window.pane.view, room.window.sidebar
    view.is_at_bottom  # noqa: B018 - lays the rows out
    heights = [view.timeline.measure(at) for at in range(6)]
    height = side.list.sizeHintForRow(1)
    room.window.set_theme(replace(LIGHT, is_compact=True))
    view.is_at_bottom  # noqa: B018
    closer = [view.timeline.measure(at) for at in range(6)]
    assert all(one < other for one, other in zip(closer, heights, strict=True)), (closer, heights)
    assert side.list.sizeHintForRow(1) < height
    room.window.pane.grab()
    side.grab()
    room.window.set_theme(LIGHT)
    view.is_at_bottom  # noqa: B018
    assert [view.timeline.measure(at) for at in range(6)] == heights


def test_the_place_of_the_window_is_remembered_if_wanted(room: Room) -> None:
    room.window.preferences.remembers_place = False
    room.window.close()
    assert not room.settings.contains("geometry")
    room.window.preferences.remembers_place = True
    room.window.resize(900, 600)
    room.window.close()
    assert isinstance(room.settings.value("geometry"), QByteArray)
    again = MainWindow(room.session.post, room.settings, LIGHT)
    room.bot.addWidget(again)
    assert (again.width(), again.height()) == (900, 600)
    room.window.preferences.remembers_place = False
    third = MainWindow(room.session.post, room.settings, LIGHT)
    room.bot.addWidget(third)
    assert third.width() != 900


INVITATION = Invitation("192.0.2.7", 5513, bytes(range(32)), "abcde-fghjk-mnpqr", "CSCE 513")


class ProgramSession(FakeSession):
    """A session that starts and stops at once."""

    def start(self) -> None:
        """Nothing runs."""

    def stop(self, timeout_s: float = 0) -> None:
        """Nothing runs."""


@pytest.fixture
def looks(qapp: QApplication) -> Iterator[None]:
    """Gives the application its looks back."""
    old = qapp.styleSheet(), qapp.font(), qapp.palette()
    yield
    qapp.setStyleSheet(old[0])
    qapp.setFont(old[1])
    qapp.setPalette(old[2])


@pytest.fixture
def program(
    qtbot: QtBot, tmp_path: Path, qapp: QApplication, looks: None
) -> Iterator[WindowProgram]:
    QApplication.sendPostedEvents(
        None, QEvent.Type.DeferredDelete
    )  # else windows of other tests get the looks, too
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("theme", "dark")
    settings.setValue("font_px", 15)
    options = Options(
        profile=tmp_path / "profile",
        invitation="",
        username="alice",
        passphrase_file=None,
        is_headless=False,
        cost=None,
    )
    made = WindowProgram(qapp, options, lambda *_args: ProgramSession(), settings)
    qtbot.addWidget(made.sign_in)
    made._start_session(SignInRequest("alice", "secret"))
    yield made
    with qtbot.waitSignal(made.ended, timeout=5000):
        made.quit()


def test_the_program_follows_the_settings(program: WindowProgram, tmp_path: Path) -> None:
    window: Any = program.window
    window.handle([opened()])
    assert window.theme.is_dark and window.theme.font_px == 15 and not window.theme.is_compact
    assert window.preference_controller.profile_folder == str(tmp_path / "profile")
    program.preferences.theme = ThemeChoice.LIGHT
    program.preferences.density = Density.COMPACT
    program.preferences.font_px = 18
    theme: Theme = window.theme
    assert (theme.name, theme.font_px, theme.is_compact) == ("light", 18, True)
    window.change_font(1)
    assert program.preferences.font_px == 19 and window.theme.is_compact
    program.choose_theme("dark")
    assert (
        program.preferences.theme is ThemeChoice.DARK
        and window.theme.is_dark
        and window.theme.font_px == 19
    )
    program.preferences.has_sound = False  # nothing to do with looks
    assert window.theme.is_dark


def test_a_window_in_the_tray_stays_there_when_the_connection_is_back(
    program: WindowProgram,
) -> None:
    window: Any = program.window
    program._open_window()
    assert window.isVisible()
    window.preference_controller.tray.holds_window = True
    window.hide()
    program._open_window()
    assert not window.isVisible()
    window.preference_controller.tray.show_window()
    assert window.isVisible()


def test_a_passphrase_file_spares_the_typing(
    qtbot: QtBot, tmp_path: Path, qapp: QApplication, looks: None
) -> None:
    def sign_in_of(first_line: bytes) -> SignIn:
        path = tmp_path / "passphrase"
        path.write_bytes(first_line)
        options = Options(
            profile=tmp_path / "profile",
            invitation=INVITATION.encode(),
            username="alice",
            passphrase_file=path,
            is_headless=False,
            cost=None,
        )
        settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        made = WindowProgram(qapp, options, lambda *_args: ProgramSession(), settings)
        qtbot.addWidget(made.sign_in)
        made.sign_in.submitted.disconnect()
        made.sign_in.submitted.connect(requests.append)
        made.start()
        return made.sign_in

    requests: list[SignInRequest] = []
    sign_in_of(b"correct horse battery\r\nsomething else\n")
    assert [(one.username, one.passphrase) for one in requests] == [
        ("alice", "correct horse battery")
    ]
    assert "cannot be read" in sign_in_of(b"\n").passphrase_field.error.text()
    assert (
        "cannot be read" in sign_in_of(b"\xff\n").passphrase_field.error.text()
        and len(requests) == 1
    )
