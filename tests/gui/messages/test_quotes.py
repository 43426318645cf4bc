"""A click on a quote leads to its message, also if that stands far above what is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from client.api.events import Done, LocateMessage
from client.api.values import Quote
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import (
    ANNOUNCEMENTS,
    HOMEWORK,
    TEAM,
    changed,
    homework_rows,
    row,
)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(qtbot, tmp_path)
    room.session.rows[HOMEWORK] = [
        *homework_rows(),
        *(row(at, "hyun", f"message {at}", at) for at in range(6, 80)),
    ]
    room.tell(changed(HOMEWORK, row_count=80, read_position=80, unread=0))
    room.open(TEAM)
    room.open(HOMEWORK)
    yield room


def test_a_quote_of_a_message_far_above_is_found_and_shown(room: Room) -> None:
    view, far = room.window.pane.view, b"f" * 16
    view.signals.quote_activated.emit(far)
    (order,) = room.orders(LocateMessage)
    assert order.message_id == far
    room.window.handle([Done(order.request_id, True, data=(HOMEWORK, 3))])
    assert view.timeline.row_y(3) is not None and not view.is_at_bottom
    view.signals.quote_activated.emit(far)
    refused = room.orders(LocateMessage)[-1]
    room.window.handle([Done(refused.request_id, False, said_so("There is no such message."))])
    assert (
        room.window.pane.composer.typing_label.text()
        == "The quoted message is not on this computer."
    )
    view.signals.quote_activated.emit(far)
    late = room.orders(LocateMessage)[-1]
    room.open(ANNOUNCEMENTS)
    room.window.handle([Done(late.request_id, True, data=(HOMEWORK, 3))])
    assert room.window.pane.conv_id == ANNOUNCEMENTS


def test_a_click_on_a_quote_that_is_not_loaded_asks_for_its_place(room: Room) -> None:
    view = room.window.pane.view
    quoting = replace(row(79, "hyun", "see above", 79), quote=Quote(b"f" * 16, "bob.k", "long ago"))
    room.session.rows[HOMEWORK][79] = quoting
    room.open(TEAM)
    room.open(HOMEWORK)
    rect = view.timeline.layout(79).quote_rect
    y = view.timeline.row_y(79)
    assert rect is not None and y is not None
    point = rect.center().toPoint()
    point.setY(point.y() + y)
    room.bot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert [order.message_id for order in room.orders(LocateMessage)] == [b"f" * 16]
