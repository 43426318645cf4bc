"""Similar questions in the window: while a question is typed, by keys and mouse, never in the way
of writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.api.events import Done, FindSimilar, RowsUpdated, SendText
from client.api.values import Found, QuestionState, Row, RowKind
from client.gui.conversation.similar_panel import SimilarPanel
from client.gui.kit.theme import DARK, apply_theme
from tests.support.saying import said_so
from tests.support.window.room import SHIFT, Room
from tests.support.window.window_data import HOMEWORK, LAB, TEAM, changed, homework_rows, row

ROWS = homework_rows()
OPEN = replace(ROWS[4], question=QuestionState.OPEN)
DONE = row(
    6,
    "alice",
    "Does the nonce reset\non reconnect?",
    50,
    question=QuestionState.ACCEPTED,
    answers=2,
)
ELSEWHERE = row(
    2, "hyun", "Where do nonces come from?", 5, question=QuestionState.ANSWERED, answers=3
)


class AskingRoom(Room):
    """A question is being written; tests answer what is asked about it."""

    @property
    def panel(self) -> SimilarPanel:
        """The list over the messages."""
        return self.window.similar.panel

    @property
    def spoken(self) -> list[str]:
        """The questions as a screen reader says them; none if the list is not shown."""
        found = self.panel.list
        role = int(Qt.ItemDataRole.AccessibleTextRole)
        return (
            [found.item(at).data(role) for at in range(found.count())]
            if self.panel.isVisible()
            else []
        )

    def wait_for_question(self) -> FindSimilar:
        """The next question that is asked of the index."""
        count = len(self.orders(FindSimilar))
        self.bot.waitUntil(lambda: len(self.orders(FindSimilar)) > count, timeout=3000)
        order: FindSimilar = self.orders(FindSimilar)[-1]
        return order

    def answer_with(
        self, order: FindSimilar, *hits: tuple[bytes, Row], is_complete: bool = True
    ) -> None:
        """Answer it."""
        self.window.handle([Done(order.request_id, True, data=Found(hits, is_complete))])

    def begin(self, text: str = "does the nonce") -> FindSimilar:
        """Begin a question and type."""
        self.window.pane.composer.begin_question()
        self.type(text)
        return self.wait_for_question()

    def show(self) -> None:
        """A question is written, and three like it are shown."""
        self.answer_with(self.begin(), (HOMEWORK, DONE), (HOMEWORK, OPEN), (LAB, ELSEWHERE))


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AskingRoom]:
    room = AskingRoom(qtbot, tmp_path)
    room.session.rows[HOMEWORK] = [*ROWS[:4], OPEN, ROWS[5], DONE]
    room.tell(changed(HOMEWORK, row_count=7, read_position=7, unread=0))
    room.open(HOMEWORK)
    QApplication.setActiveWindow(room.window)
    room.edit.setFocus()
    room.shown: list[int] = []  # type: ignore[attr-defined, misc]
    monkeypatch.setattr(room.window.pane.view, "scroll_to_position", room.shown.append)  # type: ignore[attr-defined]
    yield room


def test_they_are_looked_for_once_after_a_pause(room: AskingRoom) -> None:
    order = room.begin()
    assert (order.text, order.conv_id, order.limit) == ("does the nonce", HOMEWORK, 3)
    assert len(room.orders(FindSimilar)) == 1 and room.spoken == []
    room.type(" ")
    assert room.wait_for_question().text == "does the nonce "  # the word is complete now


def test_messages_that_are_no_questions_are_not_looked_at(room: AskingRoom) -> None:
    room.type("does the nonce")
    room.window.pane.composer.begin_question()
    assert room.wait_for_question().text == "does the nonce"  # what stood there is the question now
    room.key(Qt.Key.Key_Escape)
    room.type(" reset")
    assert not room.window.similar._timer.isActive() and len(room.orders(FindSimilar)) == 1


def test_they_say_how_far_they_are_and_where_they_stand(room: AskingRoom) -> None:
    room.show()
    first, second, third = room.spoken
    assert (
        first.startswith("Does the nonce reset on reconnect?, answered, alice, ")
        and "homework" not in first
    )
    assert ", no answer yet, bob.k, " in second
    assert third.startswith("Where do nonces come from?, 3 answers, hyun, ") and third.endswith(
        "#lab-sockets"
    )
    assert (
        room.edit.accessibleDescription()
        == "3 similar questions were asked before. Down goes to them."
    )
    assert room.panel.list.accessibleName() == room.panel.accessibleName() == "Similar questions"
    for theme in (DARK, replace(DARK, font_px=20)):
        room.window.set_theme(theme)
        room.panel.grab()
    assert len(room.spoken) == 3


def test_neither_the_focus_nor_text_and_messages_move(room: AskingRoom) -> None:
    room.window.pane.composer.begin_question()
    room.type("does the nonce")
    order = room.wait_for_question()
    QApplication.processEvents()
    parts: tuple[QWidget, ...] = (room.edit, room.window.pane.view, room.window.pane.composer)
    before = (
        [part.mapTo(room.window, QPoint(0, 0)) for part in parts],
        [part.size() for part in parts],
    )
    room.answer_with(order, (HOMEWORK, DONE))
    QApplication.processEvents()
    assert len(room.spoken) == 1 and room.edit.hasFocus()
    assert before == (
        [part.mapTo(room.window, QPoint(0, 0)) for part in parts],
        [part.size() for part in parts],
    )
    room.type(" reset")
    assert room.edit.toPlainText() == "does the nonce reset"


def test_down_enter_and_escape(room: AskingRoom) -> None:
    room.show()
    found = room.panel.list
    assert found.currentRow() == -1
    room.key(Qt.Key.Key_Down)
    assert found.hasFocus() and found.currentRow() == 0
    room.panel.grab()
    room.key(Qt.Key.Key_Return, on=found)
    room.key(Qt.Key.Key_Down, on=found)
    room.key(Qt.Key.Key_Return, on=found)
    assert room.shown == [6, 4] and found.hasFocus()  # type: ignore[attr-defined]
    room.key(Qt.Key.Key_Up, on=found)
    assert found.hasFocus()
    room.key(Qt.Key.Key_Up, on=found)
    assert room.edit.hasFocus() and len(room.spoken) == 3
    room.key(Qt.Key.Key_Down)
    room.key(Qt.Key.Key_Escape, on=found)
    assert room.edit.hasFocus() and room.spoken == [] and room.edit.accessibleDescription() == ""
    assert (
        room.window.pane.composer.state().is_question
        and room.edit.toPlainText() == "does the nonce"
    )


def test_letters_typed_in_the_list_go_on_with_the_question(room: AskingRoom) -> None:
    room.show()
    room.key(Qt.Key.Key_Down)
    room.bot.keyClicks(room.panel.list, "s")
    assert room.edit.hasFocus() and room.edit.toPlainText() == "does the nonces"


def test_down_moves_the_caret_while_there_are_lines_below(room: AskingRoom) -> None:
    room.show()
    room.key(Qt.Key.Key_Return, SHIFT)
    room.type("x")
    room.key(Qt.Key.Key_Up)
    room.key(Qt.Key.Key_Down)
    assert room.edit.hasFocus() and room.edit.textCursor().blockNumber() == 1
    room.key(Qt.Key.Key_Down, SHIFT)
    assert room.edit.hasFocus()
    room.key(Qt.Key.Key_Down)
    assert room.panel.list.hasFocus()


def test_escape_closes_completions_then_the_list_then_the_question(room: AskingRoom) -> None:
    room.show()
    room.type(" @bo")
    assert room.edit.popup.isVisible() and len(room.spoken) == 3
    room.key(Qt.Key.Key_Down)  # in the completions
    assert room.edit.hasFocus()
    room.key(Qt.Key.Key_Escape)
    assert not room.edit.popup.isVisible() and len(room.spoken) == 3
    room.key(Qt.Key.Key_Escape)
    assert room.spoken == [] and room.window.pane.composer.state().is_question
    room.key(Qt.Key.Key_Escape)
    assert not room.window.pane.composer.state().is_question


def test_what_was_closed_stays_closed_until_another_question(room: AskingRoom) -> None:
    room.show()
    room.bot.mouseClick(room.panel.close_button, Qt.MouseButton.LeftButton)
    asked = len(room.orders(FindSimilar))
    room.type(" reset")
    assert not room.window.similar._timer.isActive() and room.spoken == []
    room.key(Qt.Key.Key_Return)
    assert room.orders(SendText)[-1].is_question
    room.answer_with(room.begin("another one"), (HOMEWORK, DONE))
    assert len(room.orders(FindSimilar)) == asked + 1 and len(room.spoken) == 1


def test_an_answer_that_comes_after_the_list_was_closed_is_dropped(room: AskingRoom) -> None:
    room.show()
    room.type(" reset")
    late = room.wait_for_question()
    room.key(Qt.Key.Key_Escape)
    room.answer_with(late, (HOMEWORK, DONE))
    assert room.spoken == []


def test_sending_or_giving_up_takes_the_list_away(room: AskingRoom) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        room.show()
        room.edit.clear() if key == Qt.Key.Key_Escape else room.key(key)
        assert room.spoken == []
    room.show()
    room.window.pane.composer.begin_edit(DONE.message_id, "an edit is no question")
    assert room.spoken == []


def test_a_click_shows_a_question_also_in_another_conversation(room: AskingRoom) -> None:
    room.show()
    found = room.panel.list
    for at in (0, 2):
        rect = found.visualItemRect(found.item(at))
        room.bot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert room.shown == [6, 2] and room.window.pane.conv_id == LAB  # type: ignore[attr-defined]
    assert room.spoken == [] and not room.window.pane.composer.state().is_question
    room.open(HOMEWORK)  # what was written is still there, and is looked for again
    room.answer_with(room.wait_for_question(), (HOMEWORK, DONE))
    assert len(room.spoken) == 1 and room.edit.toPlainText() == "does the nonce"


def test_late_answers_and_refusals_are_dropped(room: AskingRoom) -> None:
    old = room.begin()
    room.type(" reset")
    new = room.wait_for_question()
    room.answer_with(new, (HOMEWORK, OPEN))
    room.answer_with(old, (HOMEWORK, DONE))
    assert len(room.spoken) == 1 and "bob.k" in room.spoken[0]
    room.type("s")
    refused = room.wait_for_question()
    room.window.handle([Done(refused.request_id, False, said_so("There is no such conversation."))])
    assert len(room.spoken) == 1 and room.window.pane.composer.typing_label.text() == ""
    room.type("!")
    room.answer_with(room.wait_for_question())
    assert room.spoken == []  # nothing is good enough


def test_the_same_text_in_two_conversations_is_two_questions(room: AskingRoom) -> None:
    room.show()
    room.open(TEAM)
    room.window.pane.composer.begin_question()
    room.type("does the nonce")
    assert room.wait_for_question().conv_id == TEAM
    room.open(HOMEWORK)
    assert room.spoken == [] and room.wait_for_question().conv_id == HOMEWORK


def test_it_looks_again_while_older_messages_are_read(room: AskingRoom) -> None:
    order = room.begin()
    room.answer_with(order, is_complete=False)
    again = room.wait_for_question()
    assert again.text == order.text
    room.answer_with(again, (HOMEWORK, DONE))
    assert len(room.spoken) == 1


def test_what_is_deleted_or_answered_meanwhile(room: AskingRoom) -> None:
    room.answer_with(
        room.begin(),
        (HOMEWORK, DONE),
        (HOMEWORK, OPEN),
        (HOMEWORK, replace(ELSEWHERE, kind=RowKind.DELETED, question=None)),
    )
    assert len(room.spoken) == 2  # deleted while it was looked for
    room.tell(
        RowsUpdated(HOMEWORK, (replace(OPEN, question=QuestionState.ANSWERED, answers=1), ROWS[0]))
    )
    assert "1 answer" in room.spoken[1]
    room.key(Qt.Key.Key_Down)
    for gone in (DONE, OPEN):
        room.tell(
            RowsUpdated(HOMEWORK, (replace(gone, kind=RowKind.DELETED, text="", question=None),))
        )
    assert room.spoken == [] and room.edit.hasFocus()


def test_it_stands_above_the_composer_also_when_that_grows_and_in_small_windows(
    room: AskingRoom,
) -> None:
    def gap() -> int:
        pane = room.window.pane
        return pane.composer.y() - room.panel.geometry().bottom()

    room.show()
    before, top = gap(), room.panel.y()
    for _ in range(5):
        room.key(Qt.Key.Key_Return, SHIFT)
    room.bot.waitUntil(lambda: room.panel.y() < top, timeout=3000)
    assert gap() == before and len(room.spoken) == 3
    room.window.resize(760, 520)
    theme = replace(DARK, font_px=20)
    room.window.set_theme(theme)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, theme)
    try:
        QApplication.processEvents()
        pane = room.window.pane
        room.bot.waitUntil(lambda: room.panel.y() >= pane.view.y(), timeout=3000)
        assert room.panel.isVisible() and gap() == before and not room.panel.keys.isVisible()
        assert room.panel.geometry().right() < pane.width()
    finally:
        app.setStyleSheet("")
    room.tell(changed(HOMEWORK, can_write=False))
    assert room.spoken == []


def test_a_conversation_that_is_not_known_any_more_is_not_named(room: AskingRoom) -> None:
    room.answer_with(room.begin(), (b"?" * 16, ELSEWHERE))
    assert "?" not in room.spoken[0].partition(",")[2] and room.spoken[0].endswith(
        tuple("0123456789")
    )
