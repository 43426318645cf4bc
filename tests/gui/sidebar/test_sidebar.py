"""The sidebar and its jump field: badges, folding, people not written to yet, the keyboard, empty
classes, finding.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.api.events import (
    ConversationsChanged,
    OpenDirect,
    PeopleChanged,
    SessionOpened,
)
from client.gui.kit.theme import LIGHT
from client.gui.session.state import Section
from client.gui.sidebar.jump_dialog import JumpDialog, Target, best, score
from client.gui.sidebar.model import MAX_PEOPLE, Entry
from tests.support.window.room import Room
from tests.support.window.window_data import (
    HOMEWORK,
    ME,
    NIGHT,
    PEOPLE,
    TEAM,
    changed,
    direct,
    person,
    uid_of,
)

BOB = direct("bob.k")
LEFT = Qt.MouseButton.LeftButton
RETURN, DOWN, UP, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape
PROF = direct("Prof.Nguyen").conv_id


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Room:
    made = Room(qtbot, tmp_path)
    QApplication.setActiveWindow(made.window)
    made.answer()
    return made


def entry_named(room: Room, name: str) -> Entry:
    return next(entry for entry in room.window.sidebar.model.entries if entry.name == name)


def centre_of(room: Room, row_number: int) -> Any:
    sidebar = room.window.sidebar
    sidebar.list.scrollTo(sidebar.model.index(row_number))
    return sidebar.list.visualRect(sidebar.model.index(row_number)).center()


def click(room: Room, row_number: int) -> None:
    place = centre_of(room, row_number)
    room.bot.mouseClick(room.window.sidebar.list.viewport(), LEFT, pos=place)
    room.answer()


def test_badges_count_and_tell_what_is_for_me(room: Room) -> None:
    assert (entry_named(room, "homework-3").badge, entry_named(room, "homework-3").is_red) == (
        "@2",
        True,
    )
    assert (entry_named(room, "team-epoll").badge, entry_named(room, "team-epoll").is_red) == (
        "12",
        False,
    )
    assert (entry_named(room, "Prof.Nguyen").badge, entry_named(room, "general").badge) == (
        "@1",
        "",
    )
    room.tell(changed(TEAM, unread=1000))
    assert entry_named(room, "team-epoll").badge == "999+"
    room.tell(changed(TEAM, unread=0))
    assert entry_named(room, "team-epoll").badge == "" and "team-epoll" in room.sidebar


def test_a_click_opens_a_conversation(room: Room) -> None:
    click(room, room.window.sidebar.model.row_of(NIGHT))
    assert (
        room.window.pane.conv_id == NIGHT
        and room.window.pane.header.title.text() == "late-night-threads"
    )


def test_a_click_on_a_head_folds_and_on_its_plus_adds(room: Room) -> None:
    model = room.window.sidebar.model
    at = next(
        number
        for number, one in enumerate(model.entries)
        if one.is_head and one.section is Section.DIRECT
    )
    place = centre_of(room, at)
    place.setX(room.window.sidebar.list.viewport().width() - 10)
    room.bot.mouseClick(room.window.sidebar.list.viewport(), LEFT, pos=place)
    dialog = room.window.findChild(JumpDialog)
    assert dialog.windowTitle() == "Write to somebody" and "deepak, online" in room.sidebar
    dialog.reject()
    click(room, at)
    assert "deepak, online" not in room.sidebar and "Prof.Nguyen, online, 1 unread" in room.sidebar
    click(room, at)
    assert "deepak, online" in room.sidebar


def test_the_keyboard_stays_with_its_person(room: Room) -> None:
    sidebar = room.window.sidebar
    at = next(number for number, one in enumerate(sidebar.model.entries) if one.name == "hyun")
    sidebar.list.setFocus()
    sidebar.list.setCurrentIndex(sidebar.model.index(at))
    room.tell(PeopleChanged((person("aaron"),)))  # stands before hyun
    current = sidebar.list.entry_at(sidebar.list.currentIndex())
    assert current is not None and current.name == "hyun"
    room.bot.keyClick(sidebar.list, Qt.Key.Key_Return)
    assert [order.uid for order in room.orders(OpenDirect)] == [uid_of("hyun")]


def test_nobody_looks_chosen_while_nothing_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(qtbot, tmp_path)
    sidebar = room.window.sidebar
    room.tell(SessionOpened(ME, "CSCE 513", PEOPLE, ()))
    room.window.open_conversation(b"")
    at = next(number for number, one in enumerate(sidebar.model.entries) if one.name == "hyun")
    rect = sidebar.list.visualRect(sidebar.model.index(at))
    pixel = (
        sidebar.list.viewport()
        .grab(rect)
        .toImage()
        .pixelColor(rect.width() - 14, rect.height() // 2)
    )
    assert pixel.name().upper() != LIGHT.chosen


def test_a_large_class_is_cut_and_says_so(room: Room) -> None:
    many = tuple(person(f"student{number:02}") for number in range(40))
    room.tell(PeopleChanged(many))
    found = [one for one in room.window.sidebar.model.entries if one.uid]
    assert len(found) == MAX_PEOPLE and room.sidebar[-1] == f"{40 + 4 - MAX_PEOPLE} more: press +"
    click(room, len(room.sidebar) - 1)
    assert room.window.findChild(JumpDialog).windowTitle() == "Write to somebody"


def test_a_person_has_one_place_only(room: Room) -> None:
    assert [said for said in room.sidebar if said.startswith("bob.k")] == ["bob.k, online"]
    room.tell(ConversationsChanged((replace(BOB, unread=1, last_at_ms=1),)))
    assert [said for said in room.sidebar if said.startswith("bob.k")] == [
        "bob.k, online, 1 unread"
    ]


def test_a_class_of_one_is_told_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(qtbot, tmp_path)
    room.tell(SessionOpened(ME, "CSCE 513", (), ()))
    assert room.window.pane.conv_id == b"" and not room.window.pane.composer.isVisible()
    assert (
        room.sidebar[-1] == "Nobody else has joined yet" and "Press + to start one" in room.sidebar
    )
    assert "Welcome to CSCE 513." in room.window.pane.view.empty_text
    assert not room.window.members.isVisible() and room.window.windowTitle() == "CSCE 513"


# --- the jump field ---


def jump(room: Room, text: str = "", only_people: bool = False) -> Any:
    room.window.navigation.show_jump(only_people)
    dialog: Any = room.window.findChild(JumpDialog)
    room.bot.keyClicks(dialog.field, text)
    return dialog


def lines(dialog: Any) -> list[str]:
    return [dialog.list.item(at).text() for at in range(dialog.list.count())]


def test_without_letters_the_unread_come_first(room: Room) -> None:
    found = lines(jump(room))
    assert found[0] == "# homework-3   (3 unread)" and all("unread" in line for line in found[:4])
    assert "unread" not in found[4]


def test_arrows_choose_and_go_round(room: Room) -> None:
    dialog = jump(room)
    room.bot.keyClick(dialog.field, UP)
    assert dialog.list.currentRow() == dialog.list.count() - 1
    room.bot.keyClick(dialog.field, DOWN)
    room.bot.keyClick(dialog.field, DOWN)
    wanted = lines(dialog)[1]
    assert wanted == "Prof.Nguyen   (1 unread)"
    room.bot.keyClick(dialog.field, RETURN)
    assert room.window.pane.conv_id == PROF and not dialog.isVisible()


def test_nothing_found_is_said_and_enter_stays(room: Room) -> None:
    dialog = jump(room, "qqqq")
    room.bot.keyClick(dialog.field, RETURN)
    assert (
        dialog.isVisible() and dialog.nothing.text() == "Nothing of this name. Try fewer letters."
    )
    room.bot.keyClick(dialog.field, ESCAPE)
    assert not dialog.isVisible() and room.window.pane.conv_id == HOMEWORK


def test_only_people(room: Room) -> None:
    assert set(lines(jump(room, only_people=True))) == {
        one.username if one.username != "Prof.Nguyen" else "Prof.Nguyen   (1 unread)"
        for one in PEOPLE
    }


def test_better_names_come_first() -> None:
    names = ["team-epoll", "epoll", "deep-poll", "e-p-o-l-l-l", "unrelated"]
    assert [one.name for one in best("#epoll", [Target(name) for name in names])][:2] == [
        "epoll",
        "team-epoll",
    ]
    assert (
        score("xyz", "epoll") == 0
        and score("", "epoll") == 1
        and score("EP", "epoll") > score("EP", "deep")
    )
