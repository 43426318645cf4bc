"""Pins and questions in the window: chips, menus, asking, the two panels, by mouse and by
keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QMenu, QShortcut
from pytestqt.qtbot import QtBot

from client.api.events import (
    AcceptAnswer,
    Done,
    GetPins,
    GetQuestions,
    Notice,
    PinMessage,
    RowsUpdated,
    SendText,
)
from client.api.values import QuestionState, Quote, Row, RowKind
from client.gui.kit.theme import DARK
from client.gui.messages.badges import Tone, chips_of, spoken_chips
from client.gui.messages.model import accessible_text
from client.gui.pins.panel import ALL_ANSWERED, NO_PINS, NO_QUESTIONS
from client.gui.session.panels import PanelKind
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import (
    HOMEWORK,
    TEAM,
    changed,
    file_info,
    file_row,
    homework_rows,
    row,
)

ROWS = homework_rows()
QUESTION = replace(ROWS[4], question=QuestionState.OPEN)  # of bob.k
MINE = row(
    6,
    "alice",
    "Is part 2 due on Friday?",
    50,
    question=QuestionState.ANSWERED,
    answers=2,
    is_own=True,
)
ANSWER = row(
    7,
    "hyun",
    "Yes, at noon.",
    51,
    quote=Quote(MINE.message_id, "alice", "Is part 2 due on Friday?"),
    is_answer=True,
)


class MarkRoom(Room):
    """Answers what is asked about pins and questions."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.pins: tuple[Row, ...] = ()
        self.questions: tuple[Row, ...] = ()
        super().__init__(qtbot, folder)

    def answer(self) -> None:
        for _ in range(4):
            super().answer()
            self.window.refresh()
            self.window.handle(self._mark_answers())

    def _mark_answers(self) -> list[Notice]:
        found: list[Notice] = []
        for command in list(self.session.commands):
            if isinstance(command, GetPins | GetQuestions):
                data = self.pins if isinstance(command, GetPins) else self.questions
                found.append(Done(command.request_id, True, data=data))
                self.session.commands.remove(command)
        return found

    def menu_of(self, one: Row) -> dict[str, object]:
        """What the menu of a row offers."""
        return {action.text(): action for action in self.window.pane.view.menus.of(one).actions()}


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[MarkRoom]:
    room = MarkRoom(qtbot, tmp_path)
    room.session.rows[HOMEWORK] = [*ROWS[:4], QUESTION, ROWS[5], MINE, ANSWER]
    room.tell(changed(HOMEWORK, row_count=8, read_position=8, unread=0, can_pin=True))
    room.open(TEAM)
    room.open(HOMEWORK)
    yield room


# --- chips ---


def test_marks_are_said_in_words() -> None:
    one = ROWS[0]
    assert chips_of(one) == () and spoken_chips(one) == ""
    assert chips_of(QUESTION) == (("Question", Tone.ASKING),)
    assert chips_of(replace(MINE, answers=1)) == (("Question \u00b7 1 answer", Tone.ASKING),)
    done = replace(MINE, question=QuestionState.ACCEPTED, is_pinned=True)
    assert chips_of(done) == (
        ("Question \u00b7 answered \u2713", Tone.DONE),
        ("Pinned", Tone.QUIET),
    )
    assert chips_of(replace(one, is_accepted=True)) == (("\u2713 Accepted answer", Tone.DONE),)
    assert chips_of(replace(done, kind=RowKind.DELETED)) == ()
    assert "Question, answered, Pinned: Is part 2" in accessible_text(done)


def test_chips_stand_above_the_text(room: MarkRoom) -> None:
    view = room.window.pane.view
    index = room.window.pane.model.find_message(MINE.message_id)
    layout = view.timeline.layout(index)
    ((text, _, rect),) = layout.chips
    assert text == "Question \u00b7 2 answers" and rect.bottom() < layout.blocks[0].y
    before = layout.height
    room.tell(RowsUpdated(HOMEWORK, (replace(MINE, question=None, answers=0),)))
    assert view.timeline.layout(index).height < before
    room.tell(RowsUpdated(HOMEWORK, (replace(MINE, is_pinned=True),)))
    assert len(view.timeline.layout(index).chips) == 2
    view.viewport().grab()


# --- menus ---


def test_pinning_by_the_menu(room: MarkRoom) -> None:
    menu = room.menu_of(ROWS[0])
    menu["Pin"].trigger()  # type: ignore[attr-defined]
    room.menu_of(replace(ROWS[0], is_pinned=True))["Unpin"].trigger()  # type: ignore[attr-defined]
    assert [(one.message_id, one.remove) for one in room.orders(PinMessage)] == [
        (ROWS[0].message_id, False),
        (ROWS[0].message_id, True),
    ]
    room.tell(changed(HOMEWORK, row_count=8, read_position=8, unread=0, can_pin=False))
    assert "Pin" not in room.menu_of(ROWS[0])


def test_the_asker_accepts_answers(room: MarkRoom) -> None:
    menu = room.menu_of(ANSWER)
    menu["Accept as the answer"].trigger()  # type: ignore[attr-defined]
    again = room.menu_of(replace(ANSWER, is_accepted=True))
    again["Do not accept this answer any more"].trigger()  # type: ignore[attr-defined]
    assert [(one.message_id, one.remove) for one in room.orders(AcceptAnswer)] == [
        (ANSWER.message_id, False),
        (ANSWER.message_id, True),
    ]
    to_bob = replace(ANSWER, quote=Quote(QUESTION.message_id, "bob.k", "Two questions"))
    assert "Accept as the answer" not in room.menu_of(to_bob)  # bob.k has asked
    assert "Accept as the answer" not in room.menu_of(replace(ANSWER, is_answer=False))
    far_above = replace(ANSWER, quote=Quote(b"f" * 16, "alice", "asked weeks ago"))
    assert "Accept as the answer" in room.menu_of(far_above)
    room.window.pane.view.menus.set_rights(can_pin=False, is_staff=True)
    assert "Accept as the answer" in room.menu_of(to_bob)


# --- asking ---


def test_asking_a_question(room: MarkRoom) -> None:
    composer = room.window.pane.composer
    menu = composer.insert.menu()
    assert isinstance(menu, QMenu)
    next(
        action for action in menu.actions() if action.text().startswith("Ask a question")
    ).trigger()
    assert composer.context.isVisible() and composer.send.text() == "Ask"
    room.type("When is it due?")
    room.key(Qt.Key.Key_Return)
    (order,) = room.orders(SendText)
    assert (order.text, order.is_question, order.reply_to) == ("When is it due?", True, b"")
    assert not composer.context.isVisible() and composer.send.text() == "Send"
    room.tell(Done(order.request_id, False, said_so("You cannot write here.")))
    assert (
        composer.state().is_question and composer.edit.toPlainText() == "When is it due?"
    )  # nothing is lost


def test_a_question_is_given_up_by_esc_and_kept_by_its_conversation(room: MarkRoom) -> None:
    composer = room.window.pane.composer
    composer.begin_question()
    room.type("half a question")
    room.open(TEAM)
    assert not composer.state().is_question
    room.open(HOMEWORK)
    assert composer.state().is_question and composer.edit.toPlainText() == "half a question"
    room.key(Qt.Key.Key_Escape)
    assert not composer.state().is_question and composer.edit.toPlainText() == "half a question"
    composer.begin_question()
    composer.begin_reply(Quote(ROWS[0].message_id, "bob.k", "x"))
    assert not composer.state().is_question
    composer.begin_edit(MINE.message_id, "edited")
    composer.begin_question()
    assert composer.state().is_question and not composer.state().editing


# --- the panels ---


def sentence(room: MarkRoom) -> str:
    panel = room.window.panel.stack.currentWidget()
    return panel.sentence.text() if panel.sentence.isVisible() else ""  # type: ignore[union-attr]


def test_empty_panels_say_what_to_do(room: MarkRoom) -> None:
    def choose(words: str) -> None:
        (action,) = [
            one for one in room.window.pane.header.more_menu.actions() if one.text() == words
        ]
        action.trigger()

    choose("Pinned messages")
    room.answer()
    assert room.window.panel.shown is PanelKind.PINS and sentence(room) == NO_PINS
    choose("Questions")
    room.answer()
    assert room.window.panel.shown is PanelKind.QUESTIONS and sentence(room) == NO_QUESTIONS


def test_questions_are_listed_and_filtered(room: MarkRoom) -> None:
    room.questions = (MINE, QUESTION)
    room.window.show_panel(PanelKind.QUESTIONS, True)
    room.answer()
    panel = room.window.marks.questions
    assert panel.list.count() == 2 and sentence(room) == ""
    spoken = [panel.list.item(at).data(int(Qt.ItemDataRole.AccessibleTextRole)) for at in range(2)]
    assert spoken[0].startswith("alice, ") and "2 answers" in spoken[0]
    panel.unanswered.setChecked(True)
    assert panel.list.count() == 1
    room.questions = (MINE,)
    room.tell(RowsUpdated(HOMEWORK, (replace(QUESTION, kind=RowKind.DELETED, question=None),)))
    assert panel.list.count() == 0 and sentence(room) == ALL_ANSWERED
    panel.unanswered.setChecked(False)
    room.window.set_theme(replace(DARK, font_px=20))
    panel.grab()
    assert panel.list.count() == 1


def test_a_click_or_enter_shows_the_message(
    room: MarkRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(room.window.pane.view, "scroll_to_position", shown.append)
    picture = file_row(3, "carmen_d", file_info("notes.pdf"), is_pinned=True)
    room.pins = (replace(ROWS[1], is_pinned=True), picture)
    room.window.show_panel(PanelKind.PINS, True)
    room.answer()
    panel = room.window.marks.pins
    assert "notes.pdf" in panel.list.item(1).data(int(Qt.ItemDataRole.AccessibleTextRole))
    panel.grab()
    rect = panel.list.visualItemRect(panel.list.item(0))
    room.bot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    room.key(Qt.Key.Key_Down, on=panel.list)
    room.key(Qt.Key.Key_Return, on=panel.list)
    room.key(Qt.Key.Key_A, on=panel.list)
    assert shown == [1, 3]
    room.key(Qt.Key.Key_Escape, on=panel.list)
    assert room.window.panel.shown is PanelKind.NONE


def test_panels_follow_the_conversation_and_refusals_are_said(room: MarkRoom) -> None:
    room.pins = (replace(ROWS[1], is_pinned=True),)
    room.window.show_panel(PanelKind.PINS, True)
    room.answer()
    room.pins = ()
    room.open(TEAM)
    assert room.window.marks.pins.list.count() == 0 and room.window.panel.shown is PanelKind.PINS
    room.window.show_panel(PanelKind.QUESTIONS, True)
    room.window.refresh()
    (asked,) = room.orders(GetQuestions)
    room.session.commands.clear()
    room.window.handle([Done(asked.request_id, False, said_so("There is no such conversation."))])
    assert "There is no such" in room.window.pane.composer.typing_label.text()
    room.key(Qt.Key.Key_Escape, on=room.window.marks.questions)
    assert room.window.panel.shown is PanelKind.NONE


def test_a_question_is_begun_by_keys_where_one_may_write(room: MarkRoom) -> None:
    composer = room.window.pane.composer
    shortcut = room.window.findChild(QShortcut, "Ctrl+Shift+Q")
    shortcut.activated.emit()
    assert composer.send.text() == "Ask"
    composer.cancel_context()
    composer.hide()
    shortcut.activated.emit()
    assert composer.send.text() == "Send"


def test_only_who_may_address_everybody_is_offered_it(room: MarkRoom) -> None:
    composer = room.window.pane.composer
    composer.set_place("Message #general", ["bob"])
    assert not composer.mention_all.isVisible()
    composer.set_place("Message #general", ["bob", "all"])
    assert composer.mention_all.isVisible()
