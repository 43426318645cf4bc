"""Sending files: the dialog, +, Ctrl+U, drag and drop, paste, folders as a zip, and what is
refused.
"""

from __future__ import annotations

import os
import threading
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt5.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.api.events import Done, SendFile, SendText
from client.gui.conversation import file_controller as file_desk
from client.gui.files import outgoing, zipping
from client.gui.files import send_dialog as send_files_dialog
from client.gui.files.outgoing import Outgoing, image_in, outgoing_of, pasted_name, paths_in
from client.gui.files.send_dialog import SendFilesDialog
from client.gui.files.zipping import zip_folder
from tests.support.saying import said_so
from tests.support.window.room import CTRL, Room
from tests.support.window.window_data import ANNOUNCEMENTS, HOMEWORK, changed

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def image(width: int = 40, height: int = 30) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("#2266AA"))
    return made


def dragged(*paths: Path, picture: QImage | None = None, text: str = "") -> QMimeData:
    mime = QMimeData()
    if paths:
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if picture is not None:
        mime.setImageData(picture)
    if text:
        mime.setText(text)
    return mime


class Desk(Room):
    """The window with a conversation open, and the dialog of files."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot, folder)
        self.open(HOMEWORK)
        QApplication.setActiveWindow(self.window)
        self.edit.setFocus()
        self.session.commands.clear()

    @property
    def dialog(self) -> SendFilesDialog:
        dialog = self.window.pane.files.dialog
        assert dialog is not None
        return dialog

    @property
    def has_dialog(self) -> bool:
        return self.window.pane.files.dialog is not None

    def lines(self) -> list[tuple[str, str]]:
        return [(row.name.text(), row.line.text()) for row in self.dialog.rows]

    def offer(self, *paths: Path) -> None:
        self.window.pane.files.offer_paths([str(path) for path in paths])

    def sent(self) -> list[SendFile]:
        return self.orders(SendFile)

    def drop(self, mime: QMimeData) -> bool:
        pane = self.window.pane
        enter = QDragEnterEvent(QPoint(200, 200), COPY, mime, LEFT, NONE)
        enter.ignore()
        QApplication.sendEvent(pane, enter)
        event = QDropEvent(QPointF(200, 200), COPY, mime, LEFT, NONE)
        event.ignore()
        QApplication.sendEvent(pane, event)
        return bool(enter.isAccepted() and event.isAccepted())

    def paste(self, mime: QMimeData) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setMimeData(mime)
        self.key(Qt.Key.Key_V, CTRL)
        clipboard.clear()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(made))
    yield Desk(qtbot, tmp_path)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "hw3_broker.py"
    path.write_text("x" * 2048)
    return path


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    folder = tmp_path / "homework"
    (folder / "src").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "src" / "main.py").write_text("print()\n" * 1000)
    (folder / "notes.md").write_text("# notes")
    (folder / "link.md").symlink_to(folder / "notes.md")
    (folder / "outside").symlink_to(tmp_path)
    return folder


def temporary(tmp_path: Path) -> list[str]:
    return os.listdir(tmp_path / "temporary")


# --- how files come to the dialog ---


def test_ctrl_u_chooses_files_from_the_field_and_from_the_messages(
    desk: Desk, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    folders: list[str] = []

    def choose(_parent: object, title: str, folder: str) -> tuple[list[str], str]:
        asked.append(title)
        folders.append(folder)
        return ([str(draft)] if len(asked) == 2 else []), ""

    monkeypatch.setattr(file_desk.QFileDialog, "getOpenFileNames", choose)
    desk.key(Qt.Key.Key_U, CTRL)
    assert asked == ["Send files to #homework-3"] and not desk.has_dialog
    desk.window.pane.view.setFocus()
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_U, CTRL)
    assert len(asked) == 2 and desk.lines() == [("hw3_broker.py", "2 KB")]
    desk.dialog.reject()
    desk.key(Qt.Key.Key_U, CTRL)
    assert folders == [
        str(Path.home()),
        str(Path.home()),
        str(draft.parent),
    ]  # where the last ones came from


def test_the_plus_offers_files_and_folders(
    desk: Desk, homework: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_desk.QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(file_desk.QFileDialog, "getExistingDirectory", lambda *_: str(homework))
    menu = desk.window.pane.composer.insert.menu()
    assert [one.text() for one in menu.actions()[:2]] == [
        "Send files\u2026\tCtrl+U",
        "Send a folder\u2026",
    ]
    menu.actions()[0].trigger()
    assert not desk.has_dialog
    menu.actions()[1].trigger()
    assert desk.lines() == [("homework/", "homework/ will be sent as homework.zip")]
    monkeypatch.setattr(file_desk.QFileDialog, "getExistingDirectory", lambda *_: "")
    desk.dialog.reject()
    menu.actions()[1].trigger()
    assert not desk.has_dialog


def test_dragged_files_show_where_they_will_go(desk: Desk, draft: Path) -> None:
    pane, overlay = desk.window.pane, desk.window.pane.files.overlay
    mime = dragged(draft)
    event = QDragEnterEvent(QPoint(200, 200), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(pane.composer.edit, event)
    assert overlay.isVisible() or not event.isAccepted()
    QApplication.sendEvent(pane, QDragEnterEvent(QPoint(200, 200), COPY, mime, LEFT, NONE))
    assert overlay.isVisible() and overlay.text == "Drop to send to #homework-3"
    assert overlay.geometry() == pane.rect() and not overlay.grab().isNull()
    QApplication.sendEvent(pane, QDragLeaveEvent())
    assert not overlay.isVisible()


def test_dropped_files_come_to_the_dialog(desk: Desk, draft: Path) -> None:
    assert desk.drop(dragged(draft)) and not desk.window.pane.files.overlay.isVisible()
    assert desk.lines() == [("hw3_broker.py", "2 KB")]


def test_a_dropped_image_comes_to_the_dialog(desk: Desk) -> None:
    assert desk.drop(dragged(picture=image()))
    assert desk.dialog.rows[0].entry.name.startswith("image-")


def test_text_that_is_dragged_is_no_file(desk: Desk) -> None:
    assert not desk.drop(dragged(text="hello")) and not desk.has_dialog
    mime = dragged(text="hello")
    event = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NONE)
    desk.edit.dragEnterEvent(event)
    assert event.isAccepted() and not desk.window.pane.files.overlay.isVisible()
    mime.setUrls([QUrl("https://example.edu/slides.pdf")])
    assert paths_in(mime) == [] and paths_in(None) == []


def test_pasted_files_come_to_the_dialog_and_pasted_text_to_the_field(
    desk: Desk, draft: Path
) -> None:
    desk.paste(dragged(text="words"))
    assert desk.edit.toPlainText() == "words" and not desk.has_dialog
    desk.paste(dragged(draft))
    assert desk.edit.toPlainText() == "words" and desk.lines() == [("hw3_broker.py", "2 KB")]


def test_a_pasted_image_becomes_a_png(desk: Desk) -> None:
    desk.paste(dragged(picture=image(400, 300)))
    desk.bot.waitUntil(lambda: desk.dialog.send.isEnabled(), timeout=5000)
    desk.bot.waitUntil(lambda: desk.dialog.rows[0].picture.pixmap is not None, timeout=5000)
    desk.bot.keyClicks(desk.dialog.caption, "The error")
    desk.key(Qt.Key.Key_Return, on=desk.dialog.caption)
    (sent,) = desk.sent()
    assert sent.path == "" and sent.text == "The error" and sent.name.startswith("image-")
    back = QImage.fromData(sent.data, "PNG")
    assert (back.width(), back.height()) == (400, 300) and not desk.has_dialog


def test_a_copied_table_is_pasted_as_text() -> None:
    assert image_in(dragged(picture=image(), text="a\tb")) is None
    assert image_in(dragged(picture=image())) is not None and image_in(QMimeData()) is None


def test_the_name_of_a_pasted_image() -> None:
    assert pasted_name(datetime(2024, 10, 18, 14, 5, 9)) == "image-20241018-140509.png"


def test_without_the_right_to_write_nothing_is_taken(desk: Desk, draft: Path) -> None:
    assert desk.window.pane.composer.insert.isEnabled()
    desk.tell(changed(HOMEWORK, can_write=False))
    assert not desk.window.pane.composer.insert.isEnabled()
    desk.open(ANNOUNCEMENTS)
    pane = desk.window.pane
    assert not desk.drop(dragged(draft)) and not pane.files.overlay.isVisible()
    assert not pane.composer.edit.canInsertFromMimeData(dragged(picture=image()))
    pane.composer.edit.insertFromMimeData(dragged(picture=image()))
    for act in (pane.files.choose_files, pane.files.choose_folder):
        act()
    pane.files.offer_image(image())
    desk.offer(draft)
    desk.key(Qt.Key.Key_U, CTRL)
    assert not desk.has_dialog and desk.session.of(SendFile) == []


# --- the dialog ---


def test_several_files_go_out_with_the_caption_on_the_first(
    desk: Desk, draft: Path, tmp_path: Path
) -> None:
    other = tmp_path / "notes.md"
    other.write_text("# notes")
    desk.window.pane.writing.reply_to(b"\0" * 16)
    desk.window.pane.composer.edit.setPlainText("half a thought")
    desk.offer(draft, other)
    assert desk.dialog.send.text() == "Send 2 files"
    desk.bot.keyClicks(desk.dialog.caption, "Third draft")
    desk.bot.mouseClick(desk.dialog.send, LEFT)
    first, second = desk.sent()
    assert (first.path, first.text, first.reply_to) == (str(draft), "Third draft", b"\0" * 16)
    assert (second.path, second.text, second.reply_to) == (str(other), "", b"")
    assert first.conv_id == HOMEWORK and first.name == "" and not first.is_temporary
    assert (
        not desk.window.pane.composer.context.isVisible()
        and desk.edit.toPlainText() == "half a thought"
    )
    assert desk.orders(SendText) == []


def test_an_edit_goes_on_while_a_file_is_sent(desk: Desk, draft: Path) -> None:
    desk.window.pane.composer.begin_edit(b"m" * 16, "old")
    desk.offer(draft)
    desk.key(Qt.Key.Key_Return, on=desk.dialog.caption)
    assert desk.sent()[0].reply_to == b"" and desk.window.pane.composer.state().editing == b"m" * 16


def test_escape_sends_nothing(desk: Desk, draft: Path) -> None:
    desk.offer(draft)
    desk.key(Qt.Key.Key_Escape, on=desk.dialog.caption)
    assert desk.sent() == [] and not desk.has_dialog


def test_a_file_can_be_taken_out_again(desk: Desk, draft: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.md"
    other.write_text("# notes")
    desk.offer(draft, other)
    desk.offer(draft)
    assert len(desk.dialog.rows) == 3
    desk.bot.mouseClick(desk.dialog.rows[0].remove, LEFT)
    desk.bot.mouseClick(desk.dialog.rows[1].remove, LEFT)
    assert [one[0] for one in desk.lines()] == ["notes.md"] and desk.dialog.send.text() == "Send"
    desk.bot.mouseClick(desk.dialog.rows[0].remove, LEFT)
    assert not desk.has_dialog and desk.sent() == []


def test_what_cannot_be_sent_is_said_and_left_out(desk: Desk, draft: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    big.write_bytes(b"x" * 5000)
    desk.window.pane.files.max_file_bytes = 4096
    desk.offer(big, tmp_path / "gone.py")
    assert desk.lines() == [
        ("big.bin", "It is too large: 4.9 KB of 4 KB allowed. It will not be sent."),
        ("gone.py", "It is not there. It will not be sent."),
    ]
    assert not desk.dialog.send.isEnabled()
    desk.key(Qt.Key.Key_Return, on=desk.dialog.caption)
    assert desk.sent() == [] and desk.has_dialog
    desk.dialog.add_paths([str(draft)])
    desk.bot.mouseClick(desk.dialog.send, LEFT)
    assert [one.path for one in desk.sent()] == [str(draft)]


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(outgoing, "open", refuse, raising=False)
    assert outgoing_of(str(path)).problem == "It cannot be read: Permission denied."
    os.mkfifo(tmp_path / "pipe")
    assert outgoing_of(str(tmp_path / "pipe")).problem == "This is not a file that can be sent."


def test_a_pasted_image_that_is_too_large_or_broken_is_said(desk: Desk) -> None:
    desk.window.pane.files.max_file_bytes = 10
    desk.paste(dragged(picture=image()))
    row = desk.dialog.rows[0]
    desk.bot.waitUntil(lambda: "too large" in row.line.text(), timeout=5000)
    desk.dialog._preparing += 1
    desk.dialog._on_png(row, b"")
    assert (
        row.line.text() == "This image cannot be read. It will not be sent."
        and not desk.dialog.send.isEnabled()
    )


def test_an_image_gets_its_picture(desk: Desk, tmp_path: Path) -> None:
    path, broken = tmp_path / "plot.png", tmp_path / "broken.png"
    assert image(900, 600).save(str(path))
    broken.write_bytes(b"no image")
    desk.offer(path, broken)
    desk.bot.waitUntil(lambda: desk.dialog.rows[0].picture.pixmap is not None, timeout=5000)
    picture = desk.dialog.rows[0].picture.pixmap
    assert picture is not None and picture.width() <= 44
    desk.bot.waitUntil(lambda: not desk.dialog._workers.is_busy, timeout=5000)
    assert desk.dialog.rows[1].picture.pixmap is None and not desk.dialog.grab().isNull()


# --- what was refused ---


def refuse(desk: Desk, message: str = "There is no room on the server.") -> None:
    for command in desk.sent():
        desk.window.handle([Done(command.request_id, False, said_so(message) if message else None)])


def test_a_refused_file_says_why_and_gives_the_caption_back(desk: Desk, draft: Path) -> None:
    desk.window.pane.writing.reply_to(b"\0" * 16)
    desk.offer(draft)
    desk.bot.keyClicks(desk.dialog.caption, "Third draft")
    desk.key(Qt.Key.Key_Return, on=desk.dialog.caption)
    refuse(desk)
    composer = desk.window.pane.composer
    assert composer.typing_label.text() == "There is no room on the server."
    state = composer.state()
    assert (
        state.text == "Third draft"
        and state.reply is not None
        and state.reply.message_id == b"\0" * 16
    )


def test_a_refused_file_does_not_touch_what_is_being_written(desk: Desk, draft: Path) -> None:
    desk.offer(draft)
    desk.bot.keyClicks(desk.dialog.caption, "Third draft")
    desk.key(Qt.Key.Key_Return, on=desk.dialog.caption)
    desk.type("something else")
    refuse(desk, "")
    composer = desk.window.pane.composer
    assert composer.state().text == "something else"
    assert composer.typing_label.text() == "hw3_broker.py could not be sent."


# --- folders ---


def send_zip(desk: Desk, homework: Path) -> SendFile:
    desk.offer(homework)
    desk.key(Qt.Key.Key_Return, on=desk.dialog.caption)
    desk.bot.waitUntil(lambda: bool(desk.sent()), timeout=5000)
    return desk.sent()[0]


def test_a_folder_is_sent_as_a_zip_without_links(
    desk: Desk, homework: Path, tmp_path: Path
) -> None:
    sent = send_zip(desk, homework)
    assert (
        sent.is_temporary
        and os.path.basename(sent.path) == "homework.zip"
        and len(temporary(tmp_path)) == 1
    )
    with zipfile.ZipFile(sent.path) as packed:
        assert sorted(packed.namelist()) == [
            "homework/empty/",
            "homework/notes.md",
            "homework/src/main.py",
        ]
        assert packed.getinfo("homework/src/main.py").compress_type == zipfile.ZIP_DEFLATED
        assert packed.read("homework/notes.md") == b"# notes"
    desk.window.handle([Done(sent.request_id, True)])
    assert os.path.exists(sent.path)
    refuse(desk)


def test_a_zip_that_is_refused_leaves_nothing_behind(
    desk: Desk, homework: Path, tmp_path: Path
) -> None:
    send_zip(desk, homework)
    refuse(desk)
    assert temporary(tmp_path) == []


def slow_packing(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Packing that has begun and waits until it is let go."""
    begun, go = threading.Event(), threading.Event()

    def wait(folder: str) -> int:
        begun.set()
        assert go.wait(10)
        return 1

    monkeypatch.setattr(send_files_dialog, "folder_bytes", wait)
    return begun, go


def test_packing_can_be_called_off(
    desk: Desk, homework: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = slow_packing(monkeypatch)
    desk.offer(homework)
    dialog = desk.dialog
    desk.bot.keyClicks(dialog.caption, "All of it")
    desk.key(Qt.Key.Key_Return, on=dialog.caption)
    desk.bot.waitUntil(begun.is_set, timeout=5000)
    assert dialog.progress.isVisible() and dialog.sentence.text() == "Packing homework.zip\u2026"
    assert not dialog.send.isEnabled() and not dialog.rows[0].remove.isEnabled()
    desk.bot.mouseClick(dialog.cancel, LEFT)
    go.set()
    desk.bot.waitUntil(lambda: not dialog._workers.is_busy, timeout=5000)
    assert desk.has_dialog and not dialog.progress.isVisible() and temporary(tmp_path) == []
    assert dialog.send.isEnabled() and dialog.caption.text() == "All of it"
    desk.key(Qt.Key.Key_Return, on=dialog.caption)
    desk.bot.waitUntil(lambda: bool(desk.sent()), timeout=5000)
    assert desk.sent()[0].text == "All of it"


def test_a_folder_that_cannot_be_packed_is_said_and_the_rest_can_be_sent(
    desk: Desk, homework: Path, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open

    def refuse_notes(path: str, *rest: str) -> Any:
        if path.endswith("notes.md"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *rest)

    monkeypatch.setattr(zipping, "open", refuse_notes, raising=False)
    desk.offer(homework, draft)
    desk.bot.mouseClick(desk.dialog.send, LEFT)
    line = desk.dialog.rows[0].line
    desk.bot.waitUntil(lambda: "could not be packed" in line.text(), timeout=5000)
    assert (
        line.text()
        == "homework could not be packed: notes.md: Permission denied. It will not be sent."
    )
    assert desk.sent() == [] and temporary(tmp_path) == []
    desk.bot.mouseClick(desk.dialog.send, LEFT)
    assert [one.path for one in desk.sent()] == [str(draft)]


def test_what_was_packed_goes_when_the_dialog_is_left(
    desk: Desk, homework: Path, tmp_path: Path
) -> None:
    made = zip_folder(str(homework), threading.Event(), lambda _done: None, 1 << 30)
    assert len(temporary(tmp_path)) == 1
    desk.window.pane.files._open_dialog([Outgoing("homework.zip", made.path, 5, is_temporary=True)])
    desk.dialog.reject()
    assert temporary(tmp_path) == [] and not desk.has_dialog


@pytest.mark.parametrize("limit", [0, 10])
def test_a_zip_over_the_limit(
    homework: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = zip_folder(str(homework), threading.Event(), lambda _done: None, limit)
    assert (made.path, made.sentence) == ("", "homework.zip would be too large to be sent.")
    assert not [name for name in os.listdir(tmp_path) if name.startswith("zip-")]


def test_no_place_for_a_zip(homework: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    made = zip_folder(str(homework), threading.Event(), lambda _done: None, 1 << 30)
    assert made.path == "" and made.sentence.startswith("homework could not be packed: ")
    assert zipping.folder_bytes("/proc/nowhere") == 0
