"""The pages of the settings where something is chosen: notifications, appearance, writing,
files.
"""

from __future__ import annotations

import os
from datetime import datetime, time

from PyQt5.QtCore import Qt, QTime
from PyQt5.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QTimeEdit,
    QVBoxLayout,
)

from client.gui.conversation.file_controller import downloads_folder
from client.gui.kit.theme import FONT_PX_MAX, FONT_PX_MIN, ui_font
from client.gui.language.choice import ENGLISH, languages
from client.gui.language.local_words import time_text, weekday
from client.gui.language.translation import tr, tr_dynamic, tr_noop
from client.gui.notifications.tray import Tray
from client.gui.session.notification_rules import LEVEL_WORDS, Level
from client.gui.session.preferences import Density, Preferences, ThemeChoice
from client.gui.settings.page import Page

SAMPLE = tr_noop("Is part 2 due on Friday at noon, or at the end of the day?")


class NotificationsPage(Page):
    """What one is told about, how, and when not."""

    def __init__(self, preferences: Preferences, tray: Tray) -> None:
        super().__init__(tr("Notifications"))
        self._preferences = preferences
        self.heading(tr("Tell me about"))
        options = [(level, tr_dynamic(LEVEL_WORDS[level])) for level in Level]
        self.levels = self.choices(tr("Tell me about"), options, self._set_level)
        self.note(
            tr(
                "A conversation can have its own rule: More, Notifications; or its menu in the sidebar."
            )
        )
        self.heading(tr("How"))
        self.text = self.tick(tr("Show who writes and what"), self._set_text)
        self.sound = self.tick(tr("Play a sound"), self._set_sound)
        self.keep = self.tick(
            tr("Keep running in the tray when the window is closed"), self._set_keep
        )
        self.keep.setVisible(tray.is_possible)
        self.heading(tr("Do not disturb"))
        self.state = self.note("")
        self.hour, self.day, self.off = self.buttons(
            (tr("For 1 hour"), tr("Do not disturb for 1 hour"), tray.be_quiet_for_an_hour),
            (
                tr("Until tomorrow"),
                tr("Do not disturb until tomorrow"),
                tray.be_quiet_until_tomorrow,
            ),
            (tr("Off"), tr("Do not disturb: off"), tray.be_loud),
        )
        self._build_quiet_hours()
        self.end()
        self.read()

    def _build_quiet_hours(self) -> None:
        row = QHBoxLayout()
        self.quiet = self.tick(tr("Quiet hours, every day from"), self._set_quiet, row)
        self.quiet_from, self.quiet_to = QTimeEdit(self.body), QTimeEdit(self.body)
        for edit, name in ((self.quiet_from, tr("Quiet from")), (self.quiet_to, tr("Quiet until"))):
            edit.setDisplayFormat("HH:mm")
            edit.setAccessibleName(name)
            edit.setButtonSymbols(
                QTimeEdit.ButtonSymbols.NoButtons
            )  # arrows, digits and the wheel change it
            edit.setMinimumWidth(72)
            edit.setAlignment(Qt.Alignment(Qt.AlignmentFlag.AlignCenter))
        row.addWidget(self.quiet_from)
        row.addWidget(QLabel(tr("to"), self.body))
        row.addWidget(self.quiet_to)
        row.addStretch(1)
        self.column.addLayout(row)
        for edit in (self.quiet_from, self.quiet_to):
            edit.timeChanged.connect(lambda _time: self._set_span())

    def read(self) -> None:
        preferences = self._preferences
        self.levels[preferences.default_level].setChecked(True)
        self.text.setChecked(preferences.shows_text)
        self.sound.setChecked(preferences.has_sound)
        self.keep.setChecked(preferences.keeps_in_tray)
        self.state.setText(quiet_sentence(preferences.do_not_disturb_until_ms, datetime.now()))
        self.quiet.setChecked(preferences.has_quiet_hours)
        for edit, at in zip((self.quiet_from, self.quiet_to), preferences.quiet_span, strict=True):
            edit.blockSignals(True)  # the other one is not written yet
            edit.setTime(QTime(at.hour, at.minute))
            edit.blockSignals(False)
            edit.setEnabled(preferences.has_quiet_hours)

    def _set_level(self, level: Level) -> None:
        self._preferences.default_level = level

    def _set_text(self, is_on: bool) -> None:
        self._preferences.shows_text = is_on

    def _set_sound(self, is_on: bool) -> None:
        self._preferences.has_sound = is_on

    def _set_keep(self, is_on: bool) -> None:
        self._preferences.keeps_in_tray = is_on

    def _set_quiet(self, is_on: bool) -> None:
        self._preferences.has_quiet_hours = is_on

    def _set_span(self) -> None:
        start, end = (
            time(one.time().hour(), one.time().minute()) for one in (self.quiet_from, self.quiet_to)
        )
        self._preferences.quiet_span = (start, end)


def quiet_sentence(until_ms: int, now: datetime) -> str:
    """Until when nobody disturbs, in words."""
    if now.timestamp() * 1000 >= until_ms:
        return tr("Off: you are told as chosen above.")
    until = datetime.fromtimestamp(until_ms / 1000)
    time = time_text(until_ms)
    if until.date() == now.date():
        return tr("Nobody disturbs you until {time}.", time=time)
    return tr("Nobody disturbs you until {weekday} {time}.", weekday=weekday(until), time=time)


class AppearancePage(Page):
    """Colours, size of text, how close rows stand, the language, and where the window opens."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(tr("Appearance"))
        self._preferences = preferences
        self.heading(tr("Theme"))
        names = [
            (ThemeChoice.LIGHT, tr("Light")),
            (ThemeChoice.DARK, tr("Dark")),
            (ThemeChoice.SYSTEM, tr("As the system")),
        ]
        self.themes = self.choices(tr("Theme"), names, self._set_theme)
        self.heading(tr("Size of text"))
        self._build_size()
        self.heading(tr("Density"))
        words = [
            (Density.COMFORTABLE, tr("Comfortable")),
            (Density.COMPACT, tr("Compact: more messages on the screen")),
        ]
        self.densities = self.choices(tr("Density"), words, self._set_density)
        self._build_languages()
        self.heading(tr("Window"))
        self.remembers_window = self.tick(
            tr("Open the window where it was closed"), self._set_remembers_window
        )
        self.end()
        self.read()

    def _build_languages(self) -> None:
        self.heading(tr("Language"))
        self.language = QComboBox(self.body)
        self.language.setAccessibleName(tr("Language"))
        self.language.addItem(tr("As the system"), "")
        for code, name in {ENGLISH: "English", **languages()}.items():
            self.language.addItem(name, code)
        self.language.activated.connect(lambda _at: self._set_language())
        row = QHBoxLayout()
        row.addWidget(self.language)
        row.addStretch(1)
        self.column.addLayout(row)

    def _build_size(self) -> None:
        row = QHBoxLayout()
        self.size_slider = QSlider(Qt.Orientation.Horizontal, self.body)
        self.size_slider.setRange(FONT_PX_MIN, FONT_PX_MAX)
        self.size_slider.setPageStep(2)
        self.size_slider.setMinimumHeight(26)  # the handle is higher than the line
        self.size_slider.setAccessibleName(tr("Size of text in pixels"))
        self.size_slider.valueChanged.connect(self._set_size)
        self.size_label = QLabel(self.body)
        row.setSpacing(12)
        row.addWidget(self.size_slider, 1)
        row.addWidget(self.size_label)
        self.column.addLayout(row)
        frame = QFrame(self.body)
        frame.setObjectName("sample")
        self.sample = QLabel(tr_dynamic(SAMPLE), frame)
        self.sample.setWordWrap(True)
        self.sample.setAccessibleName(tr("Sample of the text"))
        inner = QVBoxLayout(frame)
        inner.addWidget(self.sample)
        self.column.addWidget(frame)

    def read(self) -> None:
        preferences = self._preferences
        self.themes[preferences.theme].setChecked(True)
        self.densities[preferences.density].setChecked(True)
        self.language.setCurrentIndex(max(0, self.language.findData(preferences.language)))
        self.remembers_window.setChecked(preferences.remembers_place)
        size = preferences.font_px
        self.size_slider.setValue(size)
        self.size_label.setText(tr("{size} px", size=size))
        self.sample.setFont(ui_font(size))

    def _set_theme(self, choice: ThemeChoice) -> None:
        self._preferences.theme = choice

    def _set_language(self) -> None:
        self._preferences.language = str(self.language.currentData())

    def _set_size(self, size: int) -> None:
        self._preferences.font_px = size

    def _set_density(self, density: Density) -> None:
        self._preferences.density = density

    def _set_remembers_window(self, is_on: bool) -> None:
        self._preferences.remembers_place = is_on


class WritingPage(Page):
    """Which keys send."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(tr("Writing"))
        self._preferences = preferences
        self.heading(tr("Sending"))
        words = [
            (True, tr("Enter sends, Shift+Enter makes a new line")),
            (False, tr("Ctrl+Enter sends, Enter makes a new line")),
        ]
        self.keys = self.choices(tr("Sending"), words, self._set_enter)
        self.note(
            tr(
                "Inside code (between lines of ```) Enter always makes a new line, and Ctrl+Enter always sends. "
                "While names are offered to complete a word, Enter takes one."
            )
        )
        self.end()
        self.read()

    def read(self) -> None:
        self.keys[self._preferences.enter_sends].setChecked(True)

    def _set_enter(self, is_on: bool) -> None:
        self._preferences.enter_sends = is_on


class FilesPage(Page):
    """Where files are saved."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(tr("Files"))
        self._preferences = preferences
        self.heading(tr("Save files to"))
        self.folder = QLineEdit(self.body)
        self.folder.setReadOnly(True)
        self.folder.setAccessibleName(tr("Folder for files"))
        self.column.addWidget(self.folder)
        self.choose, self.reset = self.buttons(
            (tr("Choose\u2026"), tr("Choose the folder for files"), self._choose),
            (tr("Use the usual folder"), tr("Save files to the usual folder"), self._reset),
        )
        self.problem = QLabel(self.body)
        self.problem.setProperty("error", True)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.column.addWidget(self.problem)
        self.note(tr("A file is saved when you press Save on its card. Save as asks each time."))
        self.end()
        self.read()

    def read(self) -> None:
        chosen = self._preferences.downloads
        folder = downloads_folder(chosen)
        self.folder.setText(folder)
        self.folder.setCursorPosition(0)
        self.folder.setToolTip(folder.replace("<", "\u2039"))
        self.reset.setEnabled(bool(chosen))
        sentence = problem_of(folder) if chosen else ""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("Save files to"), downloads_folder(self._preferences.downloads)
        )
        if folder:
            self._preferences.downloads = folder

    def _reset(self) -> None:
        self.choose.setFocus()  # the other button goes grey
        self._preferences.downloads = ""


def problem_of(folder: str) -> str:
    """Why files cannot be saved there; empty if they can."""
    if not os.path.isdir(folder):
        return tr("This folder is not there. It is made when the first file is saved.")
    if not os.access(folder, os.W_OK):
        return tr("You may not write to this folder. Choose another one.")
    return ""
