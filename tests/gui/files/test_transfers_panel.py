"""The files panel under the mouse while rows move, and sentences that are seen although nobody can
write here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QEvent, QPoint, Qt
from PyQt5.QtGui import QContextMenuEvent, QHelpEvent
from PyQt5.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from client.api.events import (
    CancelTransfer,
    Done,
    GetDrafts,
    PauseTransfer,
    ResumeTransfer,
    SaveFile,
    SessionSignedIn,
    TransfersChanged,
)
from client.api.values import Row, Transfer, TransferDirection, TransferState
from client.gui.files.panel_controller import NOT_HERE
from client.gui.files.row_delegate import FileAction
from client.gui.session.panels import PanelKind
from client.gui.session.state import Changed, SessionState, empty_sentence
from shared.messages import Role
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import (
    ANNOUNCEMENTS,
    HOMEWORK,
    TEAM,
    changed,
    conversations,
    file_info,
    file_row,
    transfer_of,
)

LEFT = Qt.MouseButton.LeftButton
ROWS = tuple(
    file_row(6 + at, "bob.k", file_info(f"notes-{at}.pdf", 9_122_611), minute=40 + at)
    for at in range(4)
)


def moving(at: int, state: TransferState, done: int = 3_900_000) -> Transfer:
    """A file that is being saved; its id is its number."""
    return transfer_of(
        ROWS[at], state, done, transfer_id=bytes([at]) * 16, direction=TransferDirection.DOWN
    )


A, B = moving(0, TransferState.ACTIVE), moving(1, TransferState.PAUSED)


class PanelRoom(Room):
    """The window with the files shown."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.drafts: tuple[tuple[Row, ...], ...] = ()
        super().__init__(qtbot, folder)
        self.open(HOMEWORK)
        self.window.show_panel(PanelKind.FILES, True)
        self.answer()

    def answer(self) -> None:
        for _ in range(3):
            super().answer()
            self.window.refresh()
            asked = [one for one in self.session.commands if isinstance(one, GetDrafts)]
            for one in asked:
                self.session.commands.remove(one)
            self.window.handle([Done(one.request_id, True, data=self.drafts) for one in asked])

    @property
    def list(self):  # type: ignore[no-untyped-def]
        return self.window.files.transfers.list

    def point_of(self, key: bytes, action: FileAction) -> QPoint:
        """Where a word of a row stands now."""
        items = (self.list.item(at) for at in range(self.list.count()))
        item = next(one for one in items if self.list.shown(one).key == key)
        rect = self.list.visualItemRect(item)
        places = dict(self.list._delegate.buttons(rect, self.list.shown(item)))
        return (
            places[action].center()
            if action in places
            else QPoint(rect.left() + 20, rect.top() + 12)
        )

    def press(self, point: QPoint) -> None:
        self.bot.mousePress(self.list.viewport(), LEFT, pos=point)

    def release(self, point: QPoint) -> None:
        self.bot.mouseRelease(self.list.viewport(), LEFT, pos=point)
        self.answer()


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PanelRoom]:
    monkeypatch.setenv("CSCE513_DOWNLOADS", str(tmp_path / "downloads"))
    yield PanelRoom(qtbot, tmp_path)


# --- the mouse, while rows move ---


def test_what_came_to_lie_under_the_mouse_since_is_not_meant(room: PanelRoom) -> None:
    room.tell(TransfersChanged((A, B)))
    point = room.point_of(A.transfer_id, FileAction.PAUSE)
    room.press(point)
    room.tell(TransfersChanged((replace(A, state=TransferState.DONE, sha256=bytes(32)),)))
    assert (
        room.point_of(B.transfer_id, FileAction.RESUME).y() == point.y()
    )  # the other file lies there now
    room.release(point)
    assert (
        not room.orders(PauseTransfer)
        and not room.orders(ResumeTransfer)
        and not room.orders(CancelTransfer)
    )


def test_another_word_in_the_same_place_is_not_meant(room: PanelRoom) -> None:
    room.tell(TransfersChanged((A,)))
    point = room.point_of(A.transfer_id, FileAction.PAUSE)
    room.press(point)
    room.tell(TransfersChanged((replace(A, state=TransferState.PAUSED),)))
    room.release(point)
    assert not room.orders(ResumeTransfer)


def test_progress_between_press_and_release_takes_nothing_away(room: PanelRoom) -> None:
    room.tell(TransfersChanged((A, B)))
    point = room.point_of(A.transfer_id, FileAction.PAUSE)
    room.press(point)
    room.tell(TransfersChanged((replace(A, bytes_done=5_000_000),)))
    room.release(point)
    assert [one.transfer_id for one in room.orders(PauseTransfer)] == [A.transfer_id]


def test_a_press_beside_the_rows_or_dragged_away_does_nothing(room: PanelRoom) -> None:
    room.tell(TransfersChanged((A,)))
    empty = QPoint(20, room.list.viewport().height() - 4)
    room.press(empty)
    room.release(room.point_of(A.transfer_id, FileAction.CANCEL))
    room.press(room.point_of(A.transfer_id, FileAction.CANCEL))
    room.release(empty)
    assert not room.orders(CancelTransfer)


def test_news_of_one_file_leaves_the_rows_of_the_others_alone(room: PanelRoom) -> None:
    room.drafts = tuple((row,) for row in ROWS)
    room.open(TEAM)
    room.open(HOMEWORK)
    room.tell(TransfersChanged((A, B)))
    room.list.setCurrentRow(2)
    room.list.setFocus()
    written: list[int] = []
    room.list.model().dataChanged.connect(lambda first, _last: written.append(first.row()))
    room.tell(TransfersChanged((replace(A, bytes_done=5_000_000),)))
    assert set(written) == {1}
    assert room.list.currentRow() == 2 and room.list.hasFocus()


def test_the_menu_and_the_tip_of_a_row(room: PanelRoom) -> None:
    room.tell(TransfersChanged((replace(A, state=TransferState.DONE, sha256=bytes(range(32))),)))
    point = room.point_of(A.transfer_id, FileAction.ROW)
    tip = QHelpEvent(QEvent.Type.ToolTip, point, room.list.viewport().mapToGlobal(point))
    QApplication.sendEvent(room.list.viewport(), tip)
    assert bytes(range(32)).hex() in QToolTip.text()
    QToolTip.hideText()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, point, room.list.viewport().mapToGlobal(point)
    )
    QApplication.sendEvent(room.list.viewport(), event)
    (menu,) = [one for one in room.list.findChildren(QMenu) if one.isVisible()]
    assert "Copy the SHA-256" in [action.text() for action in menu.actions()]
    remove = next(action for action in menu.actions() if action.text() == "Remove")
    remove.trigger()
    menu.close()
    assert [one.transfer_id for one in room.orders(CancelTransfer)] == [A.transfer_id]


# --- sentences ---


def refuse(room: PanelRoom, sentence: str) -> None:
    """The save that was ordered last is refused."""
    room.window.pane.files.save(ROWS[0].message_id)
    asked = room.orders(SaveFile)[-1]
    room.window.handle([Done(asked.request_id, False, said_so(sentence))])


def test_where_nobody_can_write_a_refusal_is_seen_all_the_same(room: PanelRoom) -> None:
    pane = room.window.pane
    room.open(ANNOUNCEMENTS)
    assert not pane.composer.isVisible() and not pane.said.isVisible()
    refuse(room, "The server does not have this file any more.")
    assert (
        pane.said.isVisible() and pane.said.text() == "The server does not have this file any more."
    )
    room.window.refresh()
    assert pane.said.isVisible()  # news do not wipe it
    pane._said_timer.timeout.emit()  # still running: it is read to the end
    assert pane.said.isVisible()
    pane._said_timer.stop()
    room.window.refresh()
    assert not pane.said.isVisible()


def test_where_one_can_write_it_is_said_once(room: PanelRoom) -> None:
    pane = room.window.pane
    refuse(room, "The server does not have this file any more.")
    assert pane.composer.typing_label.text() == "The server does not have this file any more."
    assert not pane.said.isVisible()
    room.tell(changed(HOMEWORK, can_write=False))
    assert pane.said.isVisible()  # the composer went with its line
    room.open(TEAM)
    assert not pane.said.isVisible() and pane.composer.isVisible()


def test_the_first_start_says_what_went_wrong_too(qtbot: QtBot, tmp_path: Path) -> None:
    room = PanelRoom(qtbot, tmp_path)
    room.window.pane.show_conversation(b"")
    room.window.pane.tell_failure(Done(1, False))
    assert (
        room.window.pane.said.isVisible() and room.window.pane.said.text() == "This did not work."
    )


def test_a_message_that_is_gone_is_said(room: PanelRoom) -> None:
    room.tell(TransfersChanged((replace(A, message_id=b"gone" * 4),)))
    point = room.point_of(A.transfer_id, FileAction.ROW)
    room.press(point)
    room.release(point)
    assert room.window.pane.composer.typing_label.text() == NOT_HERE


# --- what the window knows ---


def test_a_sign_in_before_the_session_opens_and_a_transfer_twice() -> None:
    state = SessionState()
    assert state.apply(SessionSignedIn("alice", Role.STUDENT, "CSCE 513")) == Changed.PEOPLE
    assert state.me is None and state.class_name == "CSCE 513"
    done = replace(A, state=TransferState.DONE)
    again = replace(A, transfer_id=b"z" * 16)
    for order in ((done, again), (again, done)):
        state.transfers.clear()
        assert state.apply(TransfersChanged(order)) == Changed.TRANSFERS
        assert (
            state.transfers_by_message() == {A.message_id: again} and state.running_transfers() == 1
        )


def test_an_empty_conversation_that_is_not_mine_says_so() -> None:
    left = replace(conversations()[0], is_member=False, is_waiting=False)
    assert empty_sentence(left, "CSCE 513") == "You are not a member here."
