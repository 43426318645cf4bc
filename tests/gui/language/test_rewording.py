"""Another language at once: every part of the window is made anew, and what was written, opened and
chosen stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QEvent, QLocale, QObject, QSettings, Qt
from PyQt5.QtWidgets import QApplication, QComboBox, QDialog, QMessageBox, QShortcut, QWidget
from pytestqt.qtbot import QtBot

from client.api.events import Done, FetchPreview, RowsAppended, Search, SendText
from client.gui.app import WindowProgram
from client.gui.kit.theme import LIGHT
from client.gui.language import translation
from client.gui.session.panels import PanelKind
from client.gui.sign_in.window import SignInRequest
from client.settings import Options
from tests.gui.language.test_language import _NAMES, ALL_SCENES, data_of, is_forgotten, texts_of
from tests.support.saying import said_so
from tests.support.window.room import CTRL, Room
from tests.support.window.window_data import GENERAL, HOMEWORK, LAB, opened, row
from tools.screenshots import Pseudo, Studio


@pytest.fixture(autouse=True)
def english_after(qapp: QApplication) -> Iterator[None]:
    """Whatever a test speaks, the next one finds English."""
    before = QLocale()
    yield
    translation.use()
    QLocale.setDefault(before)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.window.quit()


class German:
    """What these tests look for."""

    def gettext(self, message: str) -> str:
        return {"Send": "Senden", "Settings": "Einstellungen"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


def says(room: Room, word: str) -> bool:
    """Whether the button says so by now; what was asked meanwhile is answered, as the disk
    would.
    """
    waiting = room.window.requests._waiting
    numbers = [number for number, (kind, _) in waiting.items() if kind is not FetchPreview]
    room.window.handle([Done(number, True, data=()) for number in numbers])
    return bool(room.window.pane.composer.send.text() == word)


def reword(room: Room, speaker: translation.Speaker | None = None, word: str = "Senden") -> None:
    """Speak German, and wait until the window does."""
    translation.use(speaker or German())
    room.window.reword_soon()
    room.bot.waitUntil(lambda: says(room, word))
    room.answer()


# --- nothing stays in the old language ---

_OTHER_WINDOWS = ("sign-in", "invitation", "get-back")  # are not parts of the main window
SCENES = [name for name in ALL_SCENES if name not in _OTHER_WINDOWS]


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_said_in_the_new_language(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    studio = Studio(qapp, LIGHT, tmp_path)
    try:
        before = set(qapp.topLevelWidgets())
        ALL_SCENES[name](studio)
        studio.settle()
        settings = studio.window.preference_controller
        is_asking = any(
            one.isVisible() and one is not settings.dialog for one in dialogs_of(studio.window)
        )
        if is_asking or qapp.activePopupWidget() is not None:
            return  # waits until they are closed: see below
        translation.use(Pseudo())
        studio.window.reword_soon()
        qtbot.waitUntil(lambda: is_said_anew(studio))
        studio.settle()
        said = [
            text
            for widget in [studio.window, *studio.window.findChildren(QWidget)]
            for text in texts_of(widget)
        ]
        known = data_of(studio) | _NAMES
        assert sorted(text for text in said if is_forgotten(text, known)) == []
        settings = studio.window.preference_controller
        assert {one for one in qapp.topLevelWidgets() if one.isVisible()} <= before | {
            settings.dialog
        }
    finally:
        studio.end()


def is_said_anew(studio: Studio) -> bool:
    is_anew = "\u27e6" in studio.window.pane.composer.send.text()
    if not is_anew:
        studio.window.requests.forget()  # the pretended session answers no search
    return is_anew


def dialogs_of(window: QWidget) -> list[QDialog]:
    return window.findChildren(QDialog)


def test_it_looks_as_if_it_had_been_so_from_the_start(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    pictures = []
    for is_late in (False, True):
        translation.use(translation.AS_WRITTEN if is_late else Pseudo())
        studio = Studio(qapp, LIGHT, tmp_path)
        if is_late:
            translation.use(Pseudo())
            studio.window.reword_soon()
            qtbot.waitUntil(lambda studio=studio: is_said_anew(studio))
        studio.settle()
        pictures.append(studio.window.grab().toImage())
        studio.end()
    assert pictures[0] == pictures[1]


# --- what stays ---


def test_what_was_written_stays_with_its_conversation(room: Room) -> None:
    room.open(GENERAL)
    room.type("half a sentence")
    room.open(HOMEWORK)
    room.window.pane.view.signals.reply_requested.emit(room.session.rows[HOMEWORK][2].message_id)
    room.type("an answer")
    before = room.window.pane.composer.state()
    assert before.reply is not None
    reword(room)
    assert room.window.pane.conv_id == HOMEWORK and room.window.pane.composer.state() == before
    assert room.edit.hasFocus() or not room.window.isActiveWindow()
    room.key(Qt.Key.Key_Return)
    (sent,) = room.orders(SendText)
    assert (sent.text, sent.reply_to) == ("an answer", before.reply.message_id)
    room.open(GENERAL)
    assert room.edit.toPlainText() == "half a sentence"


def test_the_place_in_the_log_stays(room: Room) -> None:
    room.session.rows[HOMEWORK] = [row(at, "bob.k", f"line {at}\n" * 3, at) for at in range(200)]
    room.open(HOMEWORK)
    room.tell(RowsAppended(HOMEWORK, tuple(room.session.rows[HOMEWORK])))
    view = room.window.pane.view
    view.scroll_to_position(3)
    place = view.timeline.top_place
    assert not view.timeline.is_at_bottom
    reword(room)
    again = room.window.pane.view
    assert (
        again is not view and not again.timeline.is_at_bottom and again.timeline.top_place == place
    )
    again.timeline.scroll_to_bottom()
    reword_back(room)
    assert room.window.pane.view.timeline.is_at_bottom


def reword_back(room: Room) -> None:
    """Speak English again."""
    reword(room, translation.AS_WRITTEN, "Send")


def test_panel_search_size_and_folded_sections_stay(room: Room) -> None:
    room.open(HOMEWORK)
    room.window.resize(1111, 701)
    room.window.show_panel(PanelKind.PINS, True)
    room.window.sidebar.set_collapsed(["DIRECT MESSAGES"])
    room.settings.setValue("collapsed", ["DIRECT MESSAGES"])
    folded = room.sidebar
    reword(room)
    assert room.window.panel.shown is PanelKind.PINS and room.sidebar == folded
    assert (room.window.width(), room.window.height()) == (1111, 701)
    room.window.search.open(True)
    room.window.search.panel.field.setText("nonce")
    room.session.commands.clear()
    room.window.requests.forget()
    reword_back(room)
    panel = room.window.search.panel
    assert room.window.panel.shown is PanelKind.SEARCH and (panel.text, panel.is_everywhere) == (
        "nonce",
        True,
    )
    assert {one.query for one in room.orders(Search)} == {"nonce"}


def test_the_settings_open_again_on_their_page(room: Room) -> None:
    room.window.preference_controller.profile_folder = "/profile"
    room.window.preference_controller.show_settings("Appearance")
    old: Any = room.window.preference_controller.dialog
    assert old.windowTitle() == "Settings"
    reword(room)
    new: Any = room.window.preference_controller.dialog
    assert new is not old and new.isVisible() and new.windowTitle() == "Einstellungen"
    assert new.pages[new.list.currentRow()] is new.appearance and new.account.folder == "/profile"


def test_the_window_goes_on_working_and_nothing_is_there_twice(room: Room) -> None:
    room.open(HOMEWORK)
    reword(room)

    def parts() -> tuple[int, int, int]:
        window = room.window
        return (
            len(window.children()),
            len(window.findChildren(QShortcut)),
            len(window.findChildren(QObject)),
        )

    once = parts()
    for _ in range(3):
        reword_back(room)
        reword(room)
    assert parts() == once
    room.bot.keyClick(room.window, Qt.Key.Key_K, CTRL)
    jump = [one for one in dialogs_of(room.window) if one.isVisible()]
    assert len(jump) == 1
    jump[0].close()
    room.type("once")
    room.key(Qt.Key.Key_Return)
    assert len(room.orders(SendText)) == 1
    fresh = row(99, "bob.k", "@alice are you there?", 99)
    room.tell(RowsAppended(LAB, (fresh,)))
    assert room.window.preference_controller.notifier._gathered == [
        (LAB, fresh)
    ]  # who was told before is told now
    reword_back(room)
    assert room.window.preference_controller.notifier._gathered == [(LAB, fresh)]


# --- it waits for what would be lost ---


def test_a_message_that_is_refused_is_given_back_first(room: Room) -> None:
    room.open(HOMEWORK)
    room.type("do not lose me")
    room.key(Qt.Key.Key_Return)
    translation.use(German())
    room.window.reword_soon()
    room.bot.wait_signal(room.window._reword_timer.timeout).wait()
    assert room.window.pane.composer.send.text() == "Send"
    (sent,) = room.orders(SendText)
    room.tell(Done(sent.request_id, False, said_so("No.")))
    reword(room)
    assert room.edit.toPlainText() == "do not lose me"


def test_a_picture_on_its_way_is_asked_for_again(room: Room) -> None:
    called: list[Done] = []
    number = room.window.requests.ask(FetchPreview(message_id=b"m" * 16), called.append)
    reword(room)
    room.tell(Done(number, True, data=b"late"))
    assert called == []


def test_a_question_that_is_open_is_answered_first(room: Room) -> None:
    room.open(HOMEWORK)
    room.window.pane.view.signals.delete_requested.emit(room.session.rows[HOMEWORK][3].message_id)
    box = room.window.findChild(QMessageBox)
    translation.use(German())
    room.window.reword_soon()
    room.bot.wait_signal(room.window._reword_timer.timeout).wait()
    assert box is not None and box.isVisible() and room.window.pane.composer.send.text() == "Send"
    box.reject()
    reword(room)


# --- the program ---


class ProgramSession:
    """A session that does nothing."""

    def start(self) -> None: ...

    def post(self, command: object) -> None: ...

    def stop(self, timeout_s: float = 0) -> None: ...


def test_the_choice_in_the_settings_is_spoken_at_once(
    qtbot: QtBot, tmp_path: Path, qapp: QApplication
) -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    looks = qapp.styleSheet(), qapp.font(), qapp.palette()
    options = Options(
        profile=tmp_path / "profile",
        invitation="",
        username="alice",
        passphrase_file=None,
        is_headless=False,
        cost=None,
    )
    program = WindowProgram(qapp, options, lambda *_args: ProgramSession(), settings, [])
    program._start_session(SignInRequest("alice", "secret"))
    window: Any = program.window
    try:
        window.handle([opened()])
        program._open_window()
        for code, words in (
            ("de", ("Senden", "Einstellungen", "Abbrechen")),
            ("en", ("Send", "Settings", "Cancel")),
        ):
            window.preference_controller.show_settings()
            boxes = window.preference_controller.dialog.findChildren(QComboBox)
            box = next(one for one in boxes if one.findData(code) >= 0)
            box.setCurrentIndex(box.findData(code))
            box.activated.emit(box.currentIndex())
            qtbot.waitUntil(lambda said=words[0]: window.pane.composer.send.text() == said)
            assert (
                window.preference_controller.dialog.windowTitle() == words[1] and window.isVisible()
            )
            assert program.window is window and program.preferences.language == code
            assert program.sign_in.isHidden() and program.sign_in.cancel_button.text() == words[2]
    finally:
        with qtbot.waitSignal(program.ended, timeout=5000):
            program.quit()
        qapp.setStyleSheet(looks[0])
        qapp.setFont(looks[1])
        qapp.setPalette(looks[2])
