"""The right panel over a sample session: files on their way, files of the conversation, versions,
comparing, counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QDesktopServices, QGuiApplication
from PyQt5.QtWidgets import QApplication, QMessageBox, QShortcut
from pytestqt.qtbot import QtBot

from client.api.events import (
    CancelTransfer,
    ConnectionChanged,
    Done,
    FetchPreview,
    GetDrafts,
    Notice,
    PauseTransfer,
    ResumeTransfer,
    RowsAppended,
    RowsUpdated,
    SaveFile,
    TransferRemoved,
    TransfersChanged,
)
from client.api.values import (
    ConnectionState,
    ConversationKind,
    Row,
    RowKind,
    TransferDirection,
    TransferState,
)
from client.gui.files.panel import NO_FILES, NOTHING_MOVES
from client.gui.files.row_delegate import FileAction, ShownDraft, ShownHeading, ShownTransfer
from client.gui.kit.theme import DARK, LIGHT
from client.gui.messages.cards.words import amount_text, progress_texts, statuses_of, time_left_text
from client.gui.session.panels import PanelKind
from client.gui.window.main_window import MainWindow
from tests.support.saying import said_so
from tests.support.window.room import CTRL, Room
from tests.support.window.version_data import NEW, OLD
from tests.support.window.window_data import (
    HOMEWORK,
    TEAM,
    changed,
    file_info,
    file_row,
    homework_rows,
    opened,
    transfer_of,
)

FILE = FileAction
IDS = [number.to_bytes(16, "big") for number in range(20)]
VERSIONS = tuple(
    file_row(
        6 + at,
        ("alice", "bob.k", "alice")[at],
        file_info("hw3_broker.py", 4000 + at, version=at + 1, previous=IDS[5 + at] if at else b""),
        "",
        minute=40 + at,
    )
    for at in range(3)
)
PICTURE = file_row(9, "fatima", file_info("notes.pdf", 9_122_611), "", minute=45)
PENDING = replace(
    file_row(10, "alice", file_info("draft.zip", 48_000_000), "", minute=46),
    position=-1,
    sequence=0,
    is_own=True,
)
UP = transfer_of(PENDING, TransferState.ACTIVE, 17_900_000, rate=13_000_000, transfer_id=b"u" * 16)
DOWN = transfer_of(PICTURE, TransferState.PAUSED, 3_900_000, transfer_id=b"d" * 16)
SAVED = transfer_of(
    VERSIONS[0], TransferState.DONE, 4000, sha256=bytes(range(32)), transfer_id=b"s" * 16
)
TEXTS = {IDS[6]: OLD.encode(), IDS[7]: NEW.encode(), IDS[8]: (NEW + "x\n").encode()}


class FileRoom(Room):
    """Answers what is asked about files."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.drafts: tuple[tuple[Row, ...], ...] = ((PICTURE,), VERSIONS)
        self.is_offline = False
        super().__init__(qtbot, folder)
        self.session.rows[HOMEWORK] = [*homework_rows(), *VERSIONS, PICTURE]
        self.tell(changed(HOMEWORK, row_count=10, read_position=10, unread=0))
        self.open(HOMEWORK)

    def answer(self) -> None:
        for _ in range(6):
            super().answer()
            self.window.refresh()
            self.window.handle(self._file_answers())

    def _file_answers(self) -> list[Notice]:
        found: list[Notice] = []
        for command in list(self.session.commands):
            if isinstance(command, GetDrafts):
                found.append(Done(command.request_id, True, data=self.drafts))
            elif isinstance(command, FetchPreview):
                data = None if self.is_offline else TEXTS[command.message_id]
                why = said_so("Not now.") if self.is_offline else None
                found.append(Done(command.request_id, why is None, why, data))
            else:
                continue
            self.session.commands.remove(command)
        return found

    @property
    def panel(self) -> object:
        return self.window.panel.shown

    @property
    def list(self):  # type: ignore[no-untyped-def]
        return self.window.files.transfers.list

    def rows(self) -> list[object]:
        return [self.list.shown(self.list.item(at)) for at in range(self.list.count())]

    def choose(self, key: bytes) -> None:
        at = next(at for at, shown in enumerate(self.rows()) if getattr(shown, "key", b"") == key)
        self.list.setCurrentRow(at)

    def click(self, key: bytes, action: FileAction) -> None:
        """Click on a word of a row."""
        at = next(at for at, shown in enumerate(self.rows()) if getattr(shown, "key", b"") == key)
        item, shown = self.list.item(at), self.list.shown(self.list.item(at))
        self.list.scrollToItem(item)
        rect = self.list.visualItemRect(item)
        places = dict(self.list._delegate.buttons(rect, shown))
        point = (
            places[action].center()
            if action in places
            else QPoint(rect.left() + 20, rect.top() + 12)
        )
        self.bot.mouseMove(self.list.viewport(), point)
        self.bot.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
        self.answer()


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileRoom]:
    monkeypatch.setenv("CSCE513_DOWNLOADS", str(tmp_path / "downloads"))
    room = FileRoom(qtbot, tmp_path)
    room.window.show_panel(PanelKind.FILES, True)
    room.answer()
    yield room
    for dialog in list(room.window.files.dialogs):
        dialog.close()


def drafts_of(room: FileRoom) -> list[str]:
    return [shown.name for shown in room.rows() if isinstance(shown, ShownDraft)]


# --- words ---


def test_progress_is_said_as_far_as_there_is_room() -> None:
    assert progress_texts(UP) == (
        "17.1 of 45.8 MB, 12.4 MB/s, 0:03",
        "17.1 of 45.8 MB, 0:03",
        "17.1 of 45.8 MB",
    )
    assert progress_texts(replace(UP, rate=0)) == ("17.1 of 45.8 MB",)
    assert amount_text(replace(UP, bytes_done=1000)) == "1000 bytes of 45.8 MB"
    assert [time_left_text(seconds) for seconds in (0, 3, 760, 11_100, 10**6)] == [
        "0:00",
        "0:03",
        "12:40",
        "3:05:00",
        "more than a day",
    ]


def test_every_state_has_its_words() -> None:
    assert statuses_of(DOWN) == ("Paused, 3.7 of 8.7 MB", "Paused")
    assert statuses_of(replace(DOWN, state=TransferState.WAITING)) == ("Waiting, 3.7 of 8.7 MB",)
    assert statuses_of(
        replace(DOWN, state=TransferState.WAITING, failure=said_so("The disk is full."))
    ) == ("The disk is full.",)
    assert statuses_of(replace(DOWN, state=TransferState.FAILED)) == (
        "This file could not be transferred.",
    )
    assert statuses_of(SAVED) == (
        "Saved, verified \u00b7 SHA-256 00010203\u2026",
        "Saved, verified",
    )
    sent = replace(SAVED, direction=TransferDirection.UP, sha256=b"")
    assert statuses_of(sent) == ("Sent",) and statuses_of(replace(sent, sha256=b"x"))[1] == "Sent"
    assert statuses_of(replace(SAVED, sha256=b"")) == ("Saved",)


# --- the panel ---


def test_an_empty_panel_says_what_to_do(room: FileRoom) -> None:
    room.drafts = ()
    room.open(TEAM)
    headings = [shown for shown in room.rows() if isinstance(shown, ShownHeading)]
    assert [heading.sentence for heading in headings] == [NOTHING_MOVES, NO_FILES]
    assert room.rows() == headings and "team-epoll" in headings[1].text
    assert headings[0].tool_tip() == "" and headings[1].spoken().endswith(NO_FILES)


def test_what_moves_stands_first_and_is_changed_in_place(room: FileRoom) -> None:
    room.tell(TransfersChanged((SAVED, DOWN, UP)))
    keys = [shown.key for shown in room.rows() if isinstance(shown, ShownTransfer)]
    assert keys == [UP.transfer_id, DOWN.transfer_id, SAVED.transfer_id]
    room.choose(UP.transfer_id)
    item = room.list.currentItem()
    room.tell(TransfersChanged((replace(UP, bytes_done=40_000_000),)))
    assert room.list.currentItem() is item
    assert item.data(int(Qt.ItemDataRole.AccessibleTextRole)) == (
        "Sending draft.zip, 83 percent, 38.1 of 45.8 MB, 12.4 MB/s, 0:01, #homework-3"
    )
    room.tell(TransferRemoved(DOWN.transfer_id))
    assert [shown.key for shown in room.rows() if isinstance(shown, ShownTransfer)] == [
        UP.transfer_id,
        SAVED.transfer_id,
    ]
    assert room.list.shown(room.list.currentItem()).key == UP.transfer_id
    assert room.window.pane.header.files.text() == "Files \u00b7 1"
    room.tell(TransferRemoved(UP.transfer_id))
    assert room.window.pane.header.files.text() == "Files"


def test_the_buttons_order_what_they_say(room: FileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_folders: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened_folders.append(url.toLocalFile())
    )
    failed = replace(
        DOWN, transfer_id=b"f" * 16, state=TransferState.FAILED, failure=said_so("No space.")
    )
    room.tell(TransfersChanged((SAVED, DOWN, UP, failed)))
    room.click(UP.transfer_id, FILE.PAUSE)
    room.click(DOWN.transfer_id, FILE.RESUME)
    room.click(b"f" * 16, FILE.RETRY)
    room.click(b"f" * 16, FILE.REMOVE)
    room.click(SAVED.transfer_id, FILE.FOLDER)
    assert [one.transfer_id for one in room.orders(PauseTransfer)] == [UP.transfer_id]
    assert [one.transfer_id for one in room.orders(ResumeTransfer)] == [DOWN.transfer_id, b"f" * 16]
    assert [one.transfer_id for one in room.orders(CancelTransfer)] == [b"f" * 16]
    assert opened_folders == ["/home/alice/Downloads"]


def test_calling_off_an_upload_asks_first(room: FileRoom) -> None:
    room.tell(TransfersChanged((UP,)))
    room.click(UP.transfer_id, FILE.CANCEL)
    assert not room.orders(CancelTransfer)
    box = next(
        one
        for one in QApplication.topLevelWidgets()
        if isinstance(one, QMessageBox) and one.isVisible()
    )
    box.accept()
    box.close()


def test_the_keys_of_the_list(room: FileRoom) -> None:
    room.tell(TransfersChanged((SAVED, DOWN, UP)))
    room.choose(UP.transfer_id)
    room.key(Qt.Key.Key_Space, on=room.list)
    assert [one.transfer_id for one in room.orders(PauseTransfer)] == [UP.transfer_id]
    room.choose(SAVED.transfer_id)
    room.key(Qt.Key.Key_Space, on=room.list)  # nothing to pause
    room.key(Qt.Key.Key_Delete, on=room.list)
    assert [one.transfer_id for one in room.orders(CancelTransfer)] == [SAVED.transfer_id]
    room.key(Qt.Key.Key_Down, on=room.list)
    shown = room.list.shown(room.list.currentItem())
    assert (
        isinstance(shown, ShownDraft) and shown.name == "notes.pdf"
    )  # the heading between is passed over
    room.key(Qt.Key.Key_S, on=room.list)
    assert [one.message_id for one in room.orders(SaveFile)] == [PICTURE.message_id]
    room.key(Qt.Key.Key_S, CTRL, on=room.list)
    assert len(room.orders(SaveFile)) == 1
    room.key(Qt.Key.Key_V, on=room.list)
    assert room.panel is PanelKind.FILES  # one version only
    room.key(Qt.Key.Key_Escape, on=room.list)
    assert room.panel is PanelKind.NONE


def test_the_menu_offers_the_hash(room: FileRoom) -> None:
    room.tell(TransfersChanged((SAVED,)))
    shown = next(one for one in room.rows() if isinstance(one, ShownTransfer))
    actions = {action.text(): action for action in room.list.menu_for(shown).actions()}
    assert list(actions) == ["Show the message", "Open folder", "Remove", "Copy the SHA-256"]
    actions["Copy the SHA-256"].trigger()
    assert QGuiApplication.clipboard().text() == bytes(range(32)).hex()
    assert (
        bytes(range(32)).hex() in shown.tool_tip() and "/home/alice/Downloads" in shown.tool_tip()
    )


def test_files_of_the_conversation_come_and_go(room: FileRoom) -> None:
    assert drafts_of(room) == ["notes.pdf", "hw3_broker.py"]
    shown = [one for one in room.rows() if isinstance(one, ShownDraft)]
    assert shown[1].statuses[0].startswith("3 versions \u00b7 alice") and shown[1].actions == (
        FILE.SAVE,
        FILE.VERSIONS,
    )
    assert shown[0].actions == (FILE.SAVE,) and shown[0].tool_tip() == "notes.pdf"
    later = file_row(10, "hyun", file_info("later.txt"), minute=50)
    room.drafts = ((later,), *room.drafts)
    room.tell(RowsAppended(HOMEWORK, (later,)))
    assert drafts_of(room) == ["later.txt", "notes.pdf", "hw3_broker.py"]
    room.drafts = room.drafts[1:]
    room.tell(RowsUpdated(HOMEWORK, (replace(later, kind=RowKind.DELETED, file=None),)))
    assert drafts_of(room) == ["notes.pdf", "hw3_broker.py"]
    room.click(b"draft" + VERSIONS[0].message_id, FILE.SAVE)
    assert [one.message_id for one in room.orders(SaveFile)] == [VERSIONS[2].message_id]


def test_a_click_shows_the_message_wherever_it_is(
    room: FileRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(room.window.pane.view, "scroll_to_position", shown.append)
    room.click(b"draft" + PICTURE.message_id, FILE.ROW)
    assert shown == [9]
    room.open(TEAM)
    room.tell(TransfersChanged((DOWN,)))
    monkeypatch.setattr(room.window.pane.model, "find_message", lambda message_id: -1)
    room.click(DOWN.transfer_id, FILE.ROW)
    assert room.window.pane.conv_id == HOMEWORK and shown == [9, 9]
    room.window.files.reveal(b"?" * 16, b"x")
    room.window.files.reveal(HOMEWORK, b"x")
    assert shown == [9, 9]


# --- versions and comparing ---


def test_versions_are_shown_over_the_files_and_closed_again(room: FileRoom) -> None:
    room.click(b"draft" + VERSIONS[0].message_id, FILE.VERSIONS)
    assert (
        room.panel is PanelKind.VERSIONS and room.window.files.versions.count.text() == "3 versions"
    )
    room.key(Qt.Key.Key_Escape, on=room.window.files.versions.list)
    assert room.panel is PanelKind.FILES
    room.window.pane.view.signals.versions_requested.emit(VERSIONS[1].message_id)
    room.answer()
    assert room.panel is PanelKind.VERSIONS
    room.open(TEAM)
    assert room.panel is PanelKind.FILES


def test_versions_follow_what_happens(room: FileRoom) -> None:
    room.window.files.show_versions(VERSIONS[0].message_id)
    room.answer()
    room.drafts = ((PICTURE,), VERSIONS[:2])
    room.tell(RowsUpdated(HOMEWORK, (replace(VERSIONS[2], kind=RowKind.DELETED, file=None),)))
    assert room.window.files.versions.count.text() == "2 versions"
    room.window.files.versions.message_requested.emit(VERSIONS[1].message_id)
    room.window.files.versions.save_requested.emit(VERSIONS[1].message_id)
    assert [one.message_id for one in room.orders(SaveFile)] == [VERSIONS[1].message_id]


def test_two_versions_are_compared_in_one_window(room: FileRoom) -> None:
    room.window.pane.view.signals.compare_requested.emit(VERSIONS[1].message_id)
    room.answer()
    (dialog,) = room.window.files.dialogs
    assert dialog.isVisible() and dialog.chosen == (IDS[6], IDS[7])
    room.bot.waitUntil(lambda: "+3" in dialog.summary.text(), timeout=5000)
    room.window.files.compare(IDS[6], IDS[7])
    assert len(room.window.files.dialogs) == 1
    room.window.set_theme(DARK)
    room.tell(RowsUpdated(HOMEWORK, (VERSIONS[2],)))
    dialog.close()
    assert not room.window.files.dialogs


def test_a_first_version_and_a_gone_one_are_not_compared(room: FileRoom) -> None:
    room.window.files.compare_with_before(VERSIONS[0].message_id)
    room.answer()
    room.window.files.compare(IDS[1], IDS[2])
    room.window.files.show_versions(IDS[1])
    room.answer()
    assert not room.window.files.dialogs and room.panel is PanelKind.FILES


def test_a_refused_question_is_said(room: FileRoom) -> None:
    room.window.files.show_versions(VERSIONS[0].message_id)
    (asked,) = room.orders(GetDrafts)
    room.session.commands.clear()
    room.window.handle([Done(asked.request_id, False, said_so("There is no such conversation."))])
    assert "There is no such conversation." in room.window.pane.composer.typing_label.text()


def test_cards_say_how_much_has_changed_once_it_is_known(room: FileRoom) -> None:
    counts = room.window.files.counts
    room.tell(RowsUpdated(HOMEWORK, VERSIONS))
    for message_id in (IDS[8], IDS[7]):
        room.bot.waitUntil(
            lambda one=message_id: room.answer() or counts.known(one) is not None, timeout=5000
        )
    assert counts.known(IDS[7]) == (3, 2) and counts.known(IDS[8]) == (1, 0)


def test_what_could_not_be_counted_is_tried_again_with_the_next_connection(
    qtbot: QtBot, tmp_path: Path
) -> None:
    room = FileRoom(qtbot, tmp_path)
    room.is_offline = True
    later = replace(VERSIONS[2], file=replace(VERSIONS[2].file, previous=IDS[6]))  # type: ignore[type-var, arg-type]
    room.tell(RowsUpdated(HOMEWORK, (later,)))
    room.is_offline = False
    room.tell(ConnectionChanged(ConnectionState.OFFLINE), ConnectionChanged(ConnectionState.ONLINE))
    room.bot.waitUntil(
        lambda: room.answer() or room.window.files.counts.known(IDS[8]) is not None, timeout=5000
    )


# --- the place of the panel ---


def test_the_choice_of_panel_is_kept(room: FileRoom) -> None:
    room.open(TEAM)
    assert room.panel is PanelKind.FILES
    direct = next(
        one
        for one in room.window.state.conversations.values()
        if one.kind is ConversationKind.DIRECT
    )
    room.open(direct.conv_id)
    assert room.panel is PanelKind.FILES and room.window.pane.header.files.isVisible()
    room.window.close()
    room.settings.sync()
    again = MainWindow(room.session.post, room.settings, LIGHT)
    room.bot.addWidget(again)
    again.handle([opened()])
    assert again.panel.shown is PanelKind.FILES
    room.settings.setValue("right_panel", "")
    third = MainWindow(room.session.post, room.settings, LIGHT)
    room.bot.addWidget(third)
    third.handle([opened()])
    assert third.panel.shown is PanelKind.NONE


def test_one_panel_takes_the_place_of_the_other(room: FileRoom) -> None:
    header = room.window.pane.header
    assert header.files.isChecked() and not header.members.isChecked()
    header.members.click()
    assert (
        room.panel is PanelKind.MEMBERS
        and header.members.isChecked()
        and not header.files.isChecked()
    )
    header.files.click()
    header.files.click()
    assert room.panel is PanelKind.NONE
    room.window.show_panel(PanelKind.MEMBERS, False)  # it is not shown anyway
    assert room.panel is PanelKind.NONE


def test_the_keys_open_the_files_with_the_keyboard_in_them(room: FileRoom) -> None:
    room.window.show_panel(PanelKind.FILES, False)
    keys = {one.objectName(): one for one in room.window.findChildren(QShortcut)}
    keys["Ctrl+Shift+U"].activated.emit()
    assert room.panel is PanelKind.FILES and room.list.hasFocus()
    keys["F6"].activated.emit()
    keys["Ctrl+Shift+U"].activated.emit()
    assert room.panel is PanelKind.NONE and room.edit.hasFocus()


def test_in_a_narrow_window_it_lies_over_the_messages(room: FileRoom) -> None:
    room.window.resize(780, 560)
    assert room.panel is PanelKind.NONE
    room.window.show_panel(PanelKind.FILES, True)
    assert room.panel is PanelKind.FILES and room.window.panel.stack.geometry().right() == 779
    room.open(TEAM)
    assert room.panel is PanelKind.NONE


def test_themes_and_sizes_of_text_apply_at_once(room: FileRoom) -> None:
    room.tell(TransfersChanged((UP, SAVED)))
    before = room.list.item(1).sizeHint().height()
    room.window.set_theme(replace(DARK, font_px=20))
    assert room.list.item(1).sizeHint().height() > before
    assert room.window.files.transfers.delegate.theme.is_dark
    room.window.files.transfers.grab()
