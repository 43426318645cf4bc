"""Search in the window: as one types, here and everywhere, walking through hits, sentences, late
answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QShortcut
from pytestqt.qtbot import QtBot

from client.api.events import Done, Search
from client.api.values import Found, Row
from client.gui.kit.theme import DARK
from client.gui.search.controller import ALL_HITS, FIRST_HITS
from client.gui.search.panel import HELP
from client.gui.session.panels import PanelKind
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import HOMEWORK, TEAM, file_info, file_row, homework_rows, row

ROWS = homework_rows()


class SearchRoom(Room):
    """Answers searches when a test says so."""

    def press(self, keys: str) -> None:
        """A key of the window."""
        next(
            one for one in self.window.findChildren(QShortcut) if one.objectName() == keys
        ).activated.emit()
        while self.window.search._is_searching:
            self.answer_with()

    def answer_with(self, *hits: tuple[bytes, Row], is_complete: bool = True) -> Search:
        """Answer the last search."""
        order: Search = self.orders(Search)[-1]
        self.window.handle([Done(order.request_id, True, data=Found(hits, is_complete))])
        return order

    @property
    def spoken(self) -> list[str]:
        """The hits as a screen reader says them."""
        found = self.window.search.panel.list
        return [
            found.item(at).data(int(Qt.ItemDataRole.AccessibleTextRole))
            for at in range(found.count())
        ]


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SearchRoom]:
    room = SearchRoom(qtbot, tmp_path)
    room.open(HOMEWORK)
    room.shown: list[int] = []  # type: ignore[attr-defined, misc]
    monkeypatch.setattr(room.window.pane.view, "scroll_to_position", room.shown.append)  # type: ignore[attr-defined]
    yield room


def test_it_searches_while_one_types(room: SearchRoom) -> None:
    panel = room.window.search.panel
    room.press("Ctrl+F")
    assert (
        room.window.panel.shown is PanelKind.SEARCH
        and panel.field.hasFocus()
        and panel.sentence.text() == HELP
    )
    room.answer_with()
    before = len(room.orders(Search))
    room.bot.keyClicks(panel.field, "pol")
    assert [one.query for one in room.orders(Search)[before:]] == ["p"]  # one at a time
    room.answer_with((HOMEWORK, ROWS[0]))
    assert panel.list.count() == 0  # there is a newer text by now
    order = room.answer_with((HOMEWORK, ROWS[0]), (HOMEWORK, ROWS[1]))
    assert (order.query, order.conv_id, order.limit) == ("pol", HOMEWORK, FIRST_HITS)
    assert len(room.orders(Search)) == before + 2
    assert (
        room.spoken[0].startswith("bob.k, ")
        and panel.sentence.text() == "2 messages, the newest first."
    )
    panel.grab()


def test_enter_and_arrows_walk_through_the_hits(room: SearchRoom) -> None:
    panel = room.window.search.panel
    room.press("Ctrl+F")
    panel.field.setText("poll")
    room.window.search.search()
    room.answer_with((HOMEWORK, ROWS[3]), (HOMEWORK, ROWS[1]))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up):
        room.key(key, on=panel.field)
    room.press("F3")
    room.press("Shift+F3")
    assert room.shown == [3, 1, 3, 1, 3]  # type: ignore[attr-defined]
    panel.list.setCurrentRow(1)
    room.key(Qt.Key.Key_Return, on=panel.list)
    assert room.shown[-1] == 1  # type: ignore[attr-defined]
    room.key(Qt.Key.Key_Escape, on=panel.field)
    assert room.window.panel.shown is not PanelKind.SEARCH


def test_everywhere_names_the_conversations_and_opens_them(room: SearchRoom) -> None:
    panel = room.window.search.panel
    room.press("Ctrl+Shift+F")
    panel.field.setText("draft")
    room.window.search.search()
    elsewhere = row(0, "hyun", "the draft of part 2", 5)
    order = room.answer_with((TEAM, elsewhere), (HOMEWORK, ROWS[3]))
    assert (
        order.conv_id == b"" and "team-epoll" in room.spoken[0] and "#homework-3" in room.spoken[1]
    )
    room.key(Qt.Key.Key_Return, on=panel.field)
    assert room.window.pane.conv_id == TEAM and room.window.panel.shown is PanelKind.SEARCH
    assert room.shown == [0]  # type: ignore[attr-defined]
    panel.everywhere.setChecked(False)
    assert room.orders(Search)[-1].conv_id == TEAM
    room.open(HOMEWORK)
    room.answer_with((TEAM, elsewhere))
    assert (
        room.orders(Search)[-1].conv_id == HOMEWORK and panel.list.count() == 2
    )  # not those of the other one


def test_sentences_for_nothing_and_for_not_yet(room: SearchRoom) -> None:
    panel = room.window.search.panel
    room.press("Ctrl+F")
    panel.field.setText("nowhere")
    room.window.search.search()
    room.answer_with(is_complete=False)
    assert panel.sentence.text() == (
        "Nothing found here for \u201cnowhere\u201d. Older messages are still being read."
    )
    with room.bot.waitSignal(panel.search_again, timeout=3000):  # it asks again by itself
        pass
    assert room.orders(Search)[-1].limit == ALL_HITS
    room.answer_with()
    assert panel.sentence.text() == "Nothing found here for \u201cnowhere\u201d."
    room.press("F3")
    assert room.shown == []  # type: ignore[attr-defined]
    room.window.search.search()
    order = room.orders(Search)[-1]
    room.window.handle([Done(order.request_id, False, said_so("There is no such conversation."))])
    assert "There is no such" in room.window.pane.composer.typing_label.text()


def test_many_hits_come_in_two_steps_and_nothing_jumps(room: SearchRoom) -> None:
    panel = room.window.search.panel
    hits = [(HOMEWORK, row(at, "hyun", f"poll number {at}", at)) for at in range(ALL_HITS)]
    room.press("Ctrl+F")
    room.bot.keyClicks(panel.field, "p")
    room.answer_with(*hits[:FIRST_HITS])
    assert panel.sentence.text() == "The newest 30 messages."
    panel.list.setCurrentRow(25)
    top = panel.list.verticalScrollBar().value()
    assert top > 0
    room.bot.waitUntil(lambda: room.orders(Search)[-1].limit == ALL_HITS, timeout=3000)
    room.answer_with(*hits)
    assert (
        panel.list.count(),
        panel.list.currentRow(),
        panel.list.verticalScrollBar().value(),
    ) == (200, 25, top)
    assert (
        panel.sentence.text() == "The newest 200 messages."
        and not room.window.search._rest_timer.isActive()
    )
    room.bot.keyClicks(panel.field, "o")
    room.answer_with(*hits[:3])
    assert (panel.list.currentRow(), panel.list.verticalScrollBar().value()) == (0, 0)
    assert (
        panel.sentence.text() == "3 messages, the newest first."
        and not room.window.search._rest_timer.isActive()
    )


def test_answers_for_older_questions_are_dropped(room: SearchRoom) -> None:
    panel = room.window.search.panel
    room.press("Ctrl+F")
    panel.field.setText("one")
    room.window.search.search()
    panel.field.setText("two")
    room.window.search.search()
    assert room.answer_with((HOMEWORK, ROWS[0])).query == "one" and panel.list.count() == 0
    assert room.answer_with((HOMEWORK, ROWS[1])).query == "two" and panel.list.count() == 1


def test_long_texts_and_files_are_shown_around_the_hit(room: SearchRoom) -> None:
    panel = room.window.search.panel
    room.press("Ctrl+F")
    panel.field.setText("needle")
    long = replace(ROWS[0], text="hay " * 200 + "needle in it")
    file = file_row(9, "alice", file_info("needle.py"), "read this")
    room.window.search.search()
    room.answer_with((HOMEWORK, long), (HOMEWORK, file))
    assert "needle in it" in room.spoken[0] and "\u2026" in room.spoken[0]
    assert "needle.py \u00b7 read this" in room.spoken[1]
    room.window.set_theme(replace(DARK, font_px=20))
    panel.grab()


def test_the_head_offers_it_and_a_window_begins_without(room: SearchRoom) -> None:
    room.window.pane.header.search.click()
    assert room.window.panel.shown is PanelKind.SEARCH
    assert room.settings.value("right_panel", "", type=str) != "search"
    room.key(Qt.Key.Key_Escape, on=room.window.search.panel)
    assert room.window.panel.shown is not PanelKind.SEARCH
