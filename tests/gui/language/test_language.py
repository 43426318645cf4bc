"""The window in another language: a pseudo language finds what was forgotten; German is spoken from
the settings.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QCoreApplication,
    QLocale,
    QSettings,
    Qt,
)
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from client.gui.kit.emoji_picker import EmojiPicker
from client.gui.kit.theme import LIGHT, apply_theme
from client.gui.language import translation
from client.gui.language.catalogue import catalogue_path
from client.gui.language.choice import Language, language_for, languages
from client.gui.session.preferences import Preferences
from client.gui.settings.dialog import SettingsDialog
from tests.support.window.window_data import CLASS_NAME
from tools.screenshots import SCENES, Pseudo, Scene, Studio

GERMAN = QLocale("de")


@pytest.fixture(autouse=True)
def english_after(qapp: QApplication) -> Iterator[None]:
    """Whatever a test speaks, the next one finds English."""
    before = QLocale()
    yield
    translation.use()
    QLocale.setDefault(before)


@pytest.fixture
def spoken(qapp: QApplication) -> Iterator[Callable[..., str]]:
    """Speak a language and return which one it became; English again at the end."""
    made = []

    def begin(wanted: str, *folder: Path) -> str:
        made.append(Language(qapp, *folder))
        made[-1].speak(wanted)
        return made[-1].code

    yield begin
    for one in made:
        one.speak("en")


# --- nothing is forgotten ---


_SAID = re.compile(r"\u27e6[^\u27e6\u27e7]*\u27e7")
_CUT = re.compile(r"\u27e6[^\u27e7]*(\u2026|$)")
_TAG = re.compile(r"<[^>]*>|&nbsp;")


def left_over(text: str) -> str:
    """What of a text did not pass the translation."""
    before = None
    while text != before:
        before, text = text, _SAID.sub("", text)
    return _CUT.sub("", text)


def words_of(*texts: str) -> set[str]:
    return {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)}


# What no translation changes: formats, units, hashes, names of other programs and their licences,
# and file types.
_NAMES = words_of(
    "SHA KB MB GB px PNG GIF LF CRLF PY csce513 Python Qt PyQt5 pyzmq PyNaCl msgpack msgspec platformdirs imagesize",
    "confusable_homoglyphs pathvalidate xkcdpass markdown it py Pygments emoji Jinja2 MarkupSafe BSD Clause Apache",
    "MIT PSF LGPL GPL or later English Deutsch image filelock",
    "HH mm csce513fall24Msg Cancel",  # Qt translates the last one
)


def is_forgotten(text: str, known: set[str]) -> bool:
    """Whether a text holds a word that is neither translated nor known; the last one of a cut text
    may be cut, too.
    """
    if re.fullmatch(r"[A-Z]{2}", text):  # the initials of an avatar
        return False
    left = left_over(text)
    strange = words_of(left) - known
    if left.endswith("\u2026") and len(strange) == 1:
        last = re.findall(r"[^\W\d_]+", left)[-1].casefold()
        strange -= {last} if any(word.startswith(last) for word in known) else set()
    return bool(strange)


def data_of(studio: Studio) -> set[str]:
    """Names and messages of the sample class."""
    state = studio.window.state
    texts = [CLASS_NAME, *(one.name for one in state.conversations.values())]
    texts += [person.username for person in state.people.values()]
    for row in [*studio.rows, *(row for rows in studio.session.rows.values() for row in rows)]:
        texts += [row.text, row.username, row.file.name if row.file is not None else ""]
        texts += [row.quote.text if row.quote is not None else ""]
    texts += [
        os.path.expanduser("~/Downloads"),
        "You could also poll() with a timeout, so that it does not spin",
    ]
    texts += [row.text for _, row in studio.window.similar.panel.hits]
    popup = studio.window.pane.composer.edit.popup  # completions: emoji have their names of Unicode
    texts += [popup.item(at).text() for at in range(popup.count())]
    for picker in studio.window.findChildren(EmojiPicker):
        texts += [
            f"{one.toolTip()} {one.accessibleName()}"
            for one in picker.findChildren(QAbstractButton)
        ]
    texts += [transfer.name for transfer in state.transfers.values()]
    return words_of(*texts)


def texts_of_model(model: QAbstractItemModel) -> Iterator[str]:
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for at in range(model.rowCount()):
        for column in range(columns):
            for role in roles:
                yield str(model.data(model.index(at, column), role) or "")
    for column in range(columns):
        name = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        yield name if isinstance(name, str) and not name.isdigit() else ""


def texts_of(widget: QWidget) -> Iterator[str]:
    """All that a widget says, seen or read out; what was typed into it is not its own."""
    yield from (
        widget.toolTip(),
        widget.windowTitle(),
        widget.accessibleName(),
        widget.accessibleDescription(),
    )
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield _TAG.sub(" ", widget.text())
    if isinstance(widget, (QLineEdit, QPlainTextEdit)):
        yield widget.placeholderText()
    if isinstance(widget, QMenu):
        yield widget.title()
    if isinstance(widget, QMessageBox):
        yield widget.informativeText()
    if isinstance(widget, (QComboBox, QAbstractItemView)) and widget.model() is not None:
        yield from texts_of_model(widget.model())
    for action in widget.actions():
        yield from (action.text(), action.toolTip())


def settings_scene(studio: Studio) -> QWidget:
    """All pages of the settings."""
    studio.window.preference_controller.show_settings()
    dialog = studio.window.findChild(SettingsDialog)
    assert dialog is not None
    return dialog


def menus_scene(studio: Studio) -> QWidget:
    """The menus that are made when they are asked for."""
    view, panel = studio.window.pane.view, studio.window.members
    made = [view.menus.of(row) for row in studio.rows]
    made += [
        panel.menu_for(shown)
        for at in range(panel.list.count())
        if (shown := panel._shown(panel.list.item(at)))
    ]
    assert sum(len(menu.actions()) for menu in made) > 20
    return studio.window


def question_scene(studio: Studio) -> QWidget:
    """A question before what is final."""
    studio.window.pane.view.signals.delete_requested.emit(studio.rows[9].message_id)
    box = studio.window.findChild(QMessageBox)
    assert box is not None
    return box


ALL_SCENES: dict[str, Scene] = {
    **SCENES,
    "settings": settings_scene,
    "menus": menus_scene,
    "question": question_scene,
}


@pytest.mark.parametrize("name", ALL_SCENES)
def test_nothing_is_said_that_did_not_pass_the_translation(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    painted: list[str] = []
    draw = QPainter.drawText

    def noting(self: QPainter, *args: object) -> object:
        painted.extend(part for part in args if isinstance(part, str))
        return draw(self, *args)

    monkeypatch.setattr(QPainter, "drawText", noting)
    translation.use(Pseudo())
    before = set(qapp.topLevelWidgets())
    studio = Studio(qapp, LIGHT, tmp_path)
    try:
        shown = ALL_SCENES[name](studio)
        painted.clear()  # what the scene itself has painted is a picture
        shown.grab()
        studio.settle()
        known = data_of(studio) | _NAMES
        said = list(painted)
        for top in set(qapp.topLevelWidgets()) - before:
            for widget in [top, *top.findChildren(QWidget)]:
                said += texts_of(widget)
        assert any("\u27e6" in text for text in said)
        assert sorted(text for text in said if is_forgotten(text, known)) == []
    finally:
        studio.end()


def test_the_check_itself_finds_what_is_forgotten() -> None:
    assert (
        left_over("\u27e6a \u27e6b~\u27e7 c~~\u27e7") == "" and left_over("\u27e6Wait\u2026") == ""
    )
    assert words_of(left_over("\u27e6x\u27e7 unread")) == {"unread"}


# --- German ---


def test_german_is_spoken_with_its_forms_and_qt_follows(spoken: Callable[..., str]) -> None:
    assert languages()["de"] == "Deutsch"
    assert spoken("de") == "de" and QLocale().language() == GERMAN.language()
    assert translation.tr("Send") == "Senden"
    assert translation.tr_count("{count} member", "{count} members", 1) == "1 Mitglied"
    assert translation.tr_count("{count} member", "{count} members", 7) == "7 Mitglieder"
    assert translation.tr("No translation has this") == "No translation has this"


def test_german_words_stand_in_the_window(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, spoken: Callable[..., str]
) -> None:
    spoken("de")
    studio = Studio(qapp, LIGHT, tmp_path)
    try:
        assert studio.window.pane.composer.send.text() == "Senden"
        studio.window.resize(760, 520)
        studio.settle()
        assert studio.window.width() == 760
    finally:
        studio.end()


def test_a_broken_file_leaves_the_window_in_english(
    tmp_path: Path, spoken: Callable[..., str]
) -> None:
    path = catalogue_path(tmp_path, "de")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xde\x12\x04\x95 and no more")
    assert spoken("de") == "de" and translation.tr("Send") == "Senden"
    assert spoken("de", tmp_path) == "en" and translation.tr("Send") == "Send"
    assert spoken("de", tmp_path / "nowhere") == "en" and translation.tr("Send") == "Send"


def test_which_language_is_spoken() -> None:
    known = ["de", "pt_BR"]
    assert language_for("de", ["en-US"], known) == "de"
    assert language_for("en", ["de-DE"], known) == "en"
    assert language_for("xx", ["de-DE"], known) == "en"
    assert language_for("", ["fr-FR", "de-AT", "en-US"], known) == "de"
    assert language_for("", ["pt-BR"], known) == "pt_BR"
    assert language_for("", ["C"], known) == "en" and language_for("", [], known) == "en"


def test_the_language_is_chosen_in_the_settings_and_kept(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    studio = Studio(qapp, LIGHT, tmp_path)
    try:
        dialog = settings_scene(studio)
        box = next(box for box in dialog.findChildren(QComboBox) if box.findData("de") >= 0)
        assert box.currentData() == "" and box.itemText(box.findData("de")) == "Deutsch"
        box.setFocus()
        box.setCurrentIndex(box.findData("de"))
        box.activated.emit(box.currentIndex())
        kept = Preferences(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
        studio.window.settings.sync()
        assert kept.language == "de" and translation.tr("Send") == "Send"
    finally:
        studio.end()


def test_a_text_beyond_ascii_is_found_and_qt_speaks_the_same(spoken: Callable[..., str]) -> None:
    spoken("de")
    assert translation.tr("Connecting\u2026") != "Connecting\u2026"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    spoken("en")
    assert translation.tr("Send") == "Send"


def test_longer_words_at_the_largest_text_are_not_cut(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, spoken: Callable[..., str]
) -> None:
    spoken("de")
    studio = Studio(qapp, LIGHT, tmp_path)
    try:
        large = replace(LIGHT, font_px=20)
        studio.window.set_theme(large)
        apply_theme(qapp, large)
        dialog = settings_scene(studio)
        assert isinstance(dialog, SettingsDialog)
        for at in range(dialog.list.count()):
            dialog.list.setCurrentRow(at)
            studio.settle()
            assert dialog.pages[at].horizontalScrollBar().maximum() == 0, dialog.pages[at].title
        jump = studio.window.sidebar.jump
        assert jump.text().startswith("Springen") and jump.sizeHint().width() <= jump.width()
    finally:
        studio.end()
        apply_theme(qapp, LIGHT)
