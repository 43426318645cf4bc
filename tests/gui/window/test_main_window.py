"""The main window at a real keyboard and mouse: moving about, what is read, drafts, strips and
settings.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QPushButton, QShortcut
from pytestqt.qtbot import QtBot

from client.api.events import (
    ConnectionChanged,
    ConversationsChanged,
    Done,
    EditMessage,
    JoinGroup,
    MarkRead,
    OpenDirect,
    PendingChanged,
    RowsAppended,
    SaveUnsentText,
    SendText,
    SetTyping,
    TrustChanged,
    TypingChanged,
)
from client.api.values import ConnectionState, ConversationKind, MessageState
from client.gui.kit.theme import DARK, FONT_PX_MAX, FONT_PX_MIN, LIGHT
from client.gui.session.state import Section
from client.gui.sidebar.jump_dialog import JumpDialog
from client.gui.window.main_window import MainWindow
from tests.support.saying import said_so, told_so
from tests.support.window.room import CTRL, Room
from tests.support.window.window_data import (
    ANNOUNCEMENTS,
    GENERAL,
    HOMEWORK,
    LAB,
    ME,
    NIGHT,
    REVIEW,
    TEAM,
    changed,
    direct,
    opened,
    row,
    uid_of,
)

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
PROF, DEEPAK = direct("Prof.Nguyen").conv_id, direct("deepak").conv_id
BOB = direct("bob.k")


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Room:
    made = Room(qtbot, tmp_path)
    QApplication.setActiveWindow(made.window)
    made.edit.setFocus()
    made.answer()
    return made


def press(room: Room, key: int, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    room.bot.keyClick(QApplication.focusWidget() or room.window, key, modifier)
    QApplication.processEvents()


# --- moving about ---


def test_keys_lead_through_the_conversations(room: Room) -> None:
    up, down = Qt.Key.Key_Up, Qt.Key.Key_Down
    steps = [
        (down, ALT, LAB),
        (up, ALT, HOMEWORK),
        (up, ALT, GENERAL),
        (down, ALT | SHIFT, HOMEWORK),
        (up, ALT | SHIFT, PROF),
        (Qt.Key.Key_1, CTRL, ANNOUNCEMENTS),
        (Qt.Key.Key_7, CTRL, TEAM),
        (Qt.Key.Key_9, CTRL, DEEPAK),
    ]
    for key, modifier, expected in steps:
        press(room, key, modifier)
        assert room.window.pane.conv_id == expected


def test_a_number_without_a_conversation_does_nothing(room: Room) -> None:
    room.window.state.conversations = {HOMEWORK: room.window.state.conversations[HOMEWORK]}
    press(room, Qt.Key.Key_9, CTRL)
    assert room.window.pane.conv_id == HOMEWORK


def test_ctrl_k_jumps_to_somebody_not_written_to(room: Room) -> None:
    press(room, Qt.Key.Key_K, CTRL)
    dialog = room.window.findChild(JumpDialog)
    room.bot.keyClicks(dialog.field, "@carm")
    room.bot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert [order.uid for order in room.orders(OpenDirect)] == [uid_of("carmen_d")]


def test_f6_goes_round(room: Room) -> None:
    window, seen = room.window, []
    for _ in range(5):
        press(room, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert seen == [
        window.members.list,
        window.sidebar.list,
        window.pane.view,
        room.edit,
        window.members.list,
    ]


def test_f6_shows_at_once_which_message_the_keys_act_on(room: Room) -> None:
    view = room.window.pane.view
    assert view.currentIndex().row() < 0
    for _ in range(3):
        press(room, Qt.Key.Key_F6)
    assert view.hasFocus() and view.currentIndex().row() == room.window.pane.model.rowCount() - 1
    assert view.is_row_focused(view.currentIndex().row())


def test_letters_in_the_messages_go_to_the_composer(room: Room) -> None:
    room.window.pane.view.setFocus()
    room.bot.keyClicks(room.window.pane.view, "hi")
    assert room.edit.toPlainText() == "hi" and room.edit.hasFocus()


def test_a_direct_conversation_opens_when_it_comes(room: Room) -> None:
    room.window.navigation.open_direct(uid_of("bob.k"))
    (order,) = room.orders(OpenDirect)
    room.tell(Done(order.request_id, True, data=BOB.conv_id))
    assert room.window.pane.conv_id == HOMEWORK
    room.tell(ConversationsChanged((BOB,)))
    assert room.window.pane.conv_id == BOB.conv_id
    room.open(HOMEWORK)
    room.window.navigation.open_direct(uid_of("bob.k"))  # known now: nothing to order
    assert room.window.pane.conv_id == BOB.conv_id and len(room.orders(OpenDirect)) == 1


def test_a_refused_direct_conversation_is_said(room: Room) -> None:
    room.window.navigation.open_direct(uid_of("bob.k"))
    room.tell(
        Done(
            room.orders(OpenDirect)[0].request_id,
            False,
            said_so("This person has left the class."),
        )
    )
    assert room.window.pane.composer.typing_label.text() == "This person has left the class."
    assert room.window.pane.conv_id == HOMEWORK


def test_a_mention_leads_to_the_person_but_not_to_me(room: Room) -> None:
    for name in ("ALICE", "nobody", "Carmen_D"):
        room.window.pane.mention_activated.emit(name)
    assert [order.uid for order in room.orders(OpenDirect)] == [uid_of("carmen_d")]


# --- what is read ---


def fill(room: Room, conv_id: bytes, count: int) -> None:
    room.session.rows[conv_id] = [row(at, "hyun", f"message {at}", at) for at in range(count)]
    room.tell(changed(conv_id, row_count=count, read_position=count - 1, unread=1))


def test_it_is_read_only_at_the_bottom(room: Room) -> None:
    fill(room, NIGHT, 80)
    room.open(NIGHT)
    view = room.window.pane.view
    view.verticalScrollBar().setValue(0)
    assert not view.is_at_bottom
    room.window.pane.set_active(True)
    room.window.refresh()
    assert room.orders(MarkRead) == []
    view.scroll_to_bottom()
    assert [(order.conv_id, order.position) for order in room.orders(MarkRead)] == [(NIGHT, 80)]


def test_what_comes_while_one_looks_is_read_once_and_has_no_line(room: Room) -> None:
    fill(room, NIGHT, 1)
    room.open(NIGHT)
    room.window.pane.set_active(True)
    room.window.handle([RowsAppended(NIGHT, (row(1, "hyun", "and?", 5),))])
    room.window.refresh()
    room.window.refresh()
    assert [order.position for order in room.orders(MarkRead)] == [1, 2]
    assert room.window.pane.model.new_line == 0  # the one that was there


def test_the_new_line_stays_at_the_first_news_until_escape(room: Room) -> None:
    fill(room, NIGHT, 2)
    room.open(NIGHT)
    assert room.window.pane.model.new_line == 1
    room.tell(RowsAppended(NIGHT, (row(2, "hyun", "more", 5),)))
    assert room.window.pane.model.new_line == 1
    room.bot.keyClick(room.edit, Qt.Key.Key_Escape)
    assert room.window.pane.model.new_line == -1


def test_the_new_line_goes_to_what_came_while_one_was_away(room: Room) -> None:
    fill(room, NIGHT, 2)
    room.open(NIGHT)
    room.window.pane.set_active(True)
    room.window.refresh()
    assert [order.position for order in room.orders(MarkRead)] == [
        2
    ] and room.window.pane.model.new_line == 1
    room.window.pane.set_active(False)
    for at in (2, 3):
        room.window.handle([RowsAppended(NIGHT, (row(at, "hyun", "more", 5),))])
    assert room.window.pane.model.new_line == 2  # the first of them, not what was read before


def test_news_elsewhere_only_counts(room: Room) -> None:
    before = room.window.pane.model.stored_count
    room.tell(RowsAppended(LAB, (row(0, "hyun", "there", 5),)), changed(LAB, row_count=1, unread=4))
    assert room.window.pane.model.stored_count == before and "lab-sockets, 4 unread" in room.sidebar
    assert room.window.windowTitle().startswith("(20) ") and room.orders(MarkRead) == []


# --- writing ---


def test_an_unsent_text_comes_from_disk_and_goes_there_on_closing(room: Room) -> None:
    room.tell(changed(NIGHT, unsent_text="from yesterday"))
    room.open(NIGHT)
    assert room.edit.toPlainText() == "from yesterday" and room.orders(SaveUnsentText) == []
    room.type(" and today")
    with room.bot.waitSignal(room.window.closed, timeout=1000):
        room.window.close()
    (order,) = room.orders(SaveUnsentText)
    assert (order.conv_id, order.text) == (NIGHT, "from yesterday and today")


def test_a_reply_and_an_edit_stay_with_their_conversation(room: Room) -> None:
    context = room.window.pane.composer.context
    room.window.pane.writing.reply_to((4).to_bytes(16, "big"))
    room.open(LAB)
    assert not context.isVisible()
    room.open(HOMEWORK)
    assert context.isVisible() and "bob.k" in room.window.pane.composer.context_label.text()
    room.key(Qt.Key.Key_Escape)
    room.key(Qt.Key.Key_Up)
    room.open(LAB)
    assert room.edit.toPlainText() == "" and room.window.pane.composer.send.text() == "Send"
    room.open(HOMEWORK)
    assert room.window.pane.composer.send.text() == "Save"


def test_a_refusal_does_not_overwrite_what_is_written_by_now(room: Room) -> None:
    room.type("first")
    room.key(Qt.Key.Key_Return)
    room.type("second")
    room.tell(Done(room.orders(SendText)[0].request_id, False))
    assert room.edit.toPlainText() == "second"
    assert room.window.pane.composer.typing_label.text() == "This message could not be sent."


def test_a_refusal_waits_in_the_conversation_it_came_from(room: Room) -> None:
    room.type("for homework")
    room.key(Qt.Key.Key_Return)
    room.open(LAB)
    room.tell(Done(room.orders(SendText)[0].request_id, False, said_so("Not now.")))
    assert room.edit.toPlainText() == ""
    assert (room.orders(SaveUnsentText)[-1].conv_id, room.orders(SaveUnsentText)[-1].text) == (
        HOMEWORK,
        "for homework",
    )
    room.open(HOMEWORK)
    assert room.edit.toPlainText() == "for homework"


def test_up_edits_what_still_waits_in_the_outbox(room: Room) -> None:
    waiting = replace(
        row(0, ME.username, "with a misteak", 9), position=-1, state=MessageState.SAVED
    )
    room.tell(PendingChanged(room.window.pane.conv_id, (waiting,)))
    room.key(Qt.Key.Key_Up)
    assert (
        room.edit.toPlainText() == waiting.text and room.window.pane.composer.send.text() == "Save"
    )
    room.type("!")
    room.key(Qt.Key.Key_Return)
    (order,) = room.orders(EditMessage)
    assert (order.message_id, order.text) == (waiting.message_id, "with a misteak!")


def test_a_refused_edit_can_be_tried_again(room: Room) -> None:
    room.key(Qt.Key.Key_Up)
    room.type("?")
    room.key(Qt.Key.Key_Return)
    (order,) = room.orders(EditMessage)
    room.tell(Done(order.request_id, False, said_so("This message cannot be edited.")))
    assert room.edit.toPlainText() == order.text and room.window.pane.composer.send.text() == "Save"


def test_typing_goes_to_the_open_conversation(room: Room) -> None:
    room.open(LAB)
    room.type("x")
    assert [order.conv_id for order in room.orders(SetTyping)] == [LAB]
    room.tell(TypingChanged(HOMEWORK, ("hyun",)))
    assert room.window.pane.composer.typing_label.text() == ""
    room.open(HOMEWORK)
    assert room.window.pane.composer.typing_label.text() == "hyun is typing\u2026"


# --- strips, banner, news of the key ---


@pytest.mark.parametrize(
    ("conv_id", "changes", "sentence", "button"),
    [
        (REVIEW, {}, "You have not joined # exam-review yet.", "Join"),
        (
            REVIEW,
            {"is_waiting": True},
            "Waiting for a member's computer to let you in. This happens by itself.",
            "",
        ),
        (TEAM, {"is_waiting": True, "status": told_so("Soon.")}, "Soon.", ""),
        (ANNOUNCEMENTS, {}, "Only the staff writes here.", ""),
        (GENERAL, {"can_write": False}, "You cannot write here now.", ""),
        (
            TEAM,
            {"is_member": False, "can_write": False},
            "You are not a member here any more. What you could read stays on this computer.",
            "",
        ),
    ],
)
def test_the_strip_says_why_one_cannot_write(
    room: Room, conv_id: bytes, changes: dict[str, object], sentence: str, button: str
) -> None:
    room.tell(changed(conv_id, **changes))
    room.open(conv_id)
    pane = room.window.pane
    assert (pane.strip.label.text(), pane.strip.button.text()) == (sentence, button)
    assert pane.strip.isVisible() and pane.strip.button.isVisible() is bool(button)
    room.tell(changed(conv_id, is_member=True, can_write=True, is_waiting=False))
    assert not pane.strip.isVisible() and pane.composer.isVisible()


def test_join_asks_to_be_let_in(room: Room) -> None:
    room.open(REVIEW)
    room.bot.mouseClick(room.window.pane.strip.button, LEFT)
    assert [order.conv_id for order in room.orders(JoinGroup)] == [REVIEW]


def test_a_changed_key_is_told_at_once_and_a_pinned_one_is_not(room: Room) -> None:
    label = room.window.pane.composer.typing_label
    room.tell(TrustChanged(uid_of("hyun"), "hyun", "pinned", told_so("First key.")))
    assert label.text() == ""
    room.tell(
        TrustChanged(uid_of("hyun"), "hyun", "changed", told_so("The key of hyun has changed."))
    )
    assert label.text() == "The key of hyun has changed."


def test_a_short_break_shows_no_banner(room: Room) -> None:
    banner = room.window.pane.banner
    room.tell(ConnectionChanged(ConnectionState.OFFLINE, 1.0))
    assert not banner.isVisible() and banner._patience.isActive()
    room.tell(ConnectionChanged(ConnectionState.ONLINE))
    assert not banner.isVisible() and not banner._patience.isActive()


# --- looks and settings ---


def test_the_banner_is_short_where_there_is_little_room(room: Room) -> None:
    banner = room.window.pane.banner
    room.tell(ConnectionChanged(ConnectionState.REFUSED, failure=said_so("Not now."), outbox=2))
    assert banner.isVisible()
    for width, words in ((1400, "saved in your outbox"), (760, "2 messages will be sent")):
        room.window.resize(width, 780)
        QApplication.processEvents()
        assert words in banner.label.text() and banner.label.shown_text() == banner.label.text()


def test_the_size_of_text_has_ends(room: Room) -> None:
    sizes: list[int] = []
    room.window.font_chosen.connect(sizes.append)
    for key in [Qt.Key.Key_Plus] * 20 + [Qt.Key.Key_Minus] * 40:
        press(room, key, CTRL)
    assert max(sizes) == FONT_PX_MAX and sizes[-1] == FONT_PX_MIN
    assert all(abs(one - other) == 1 for one, other in zip(sizes, sizes[1:], strict=False))


def test_the_own_menu_chooses_the_theme(room: Room) -> None:
    names: list[str] = []
    room.window.theme_chosen.connect(names.append)
    for action in room.window.sidebar.own_menu.actions():
        if action.text() in ("Light", "Dark", "As the system"):
            action.trigger()
    assert names == ["light", "dark", "system"]
    room.window.set_theme(DARK)
    assert room.window.sidebar.delegate.theme is DARK and room.window.members.delegate.theme is DARK


def test_what_was_folded_and_hidden_is_so_again(room: Room) -> None:
    room.window.sidebar.list.section_toggled.emit(Section.GROUPS)
    room.window.show_members(False)
    room.window.close()
    room.settings.sync()
    again = MainWindow(room.session.post, room.settings, LIGHT)
    room.bot.addWidget(again)
    again.handle([opened()])
    said = [entry.spoken() for entry in again.sidebar.model.entries]
    assert "late-night-threads" not in said and "Study groups, collapsed" in said
    assert not again.members.isVisibleTo(again)


def test_no_key_is_bound_twice(room: Room) -> None:
    keys = [one.key().toString() for one in room.window.findChildren(QShortcut)]
    assert len(keys) == len(set(keys)) > 20


def test_a_direct_conversation_has_no_members_panel(room: Room) -> None:
    assert room.window.members.isVisible()
    room.open(PROF)
    assert not room.window.members.isVisible() and not room.window.pane.header.members.isVisible()
    kinds = {one.kind for one in room.window.state.conversations.values()}
    assert kinds == set(ConversationKind)


def test_actions_without_room_stand_in_the_menu_and_no_word_is_cut(room: Room) -> None:
    header = room.window.pane.header
    room.open(TEAM)
    room.window.resize(1400, 780)
    QApplication.processEvents()

    def folded() -> list[str]:
        return [one.text() for one in header.more_menu.actions() if one.isVisible()][:4]

    assert header.add.isVisible() and "Add people" not in folded()
    room.window.resize(960, 780)
    QApplication.processEvents()
    assert not header.add.isVisible() and "Add people" in folded()
    buttons = [one for one in header.findChildren(QPushButton) if one.isVisible()]
    assert buttons and all(one.width() >= one.sizeHint().width() for one in buttons)
    header.title.setText(
        "a group with a name that is much longer than there can be room for anywhere in the window"
    )
    assert header.title.shown_text().endswith("\u2026") and header.title.shown_text() != "\u2026"
    room.window.resize(1400, 780)
    QApplication.processEvents()
    assert header.add.isVisible() and "Add people" not in folded()


def test_a_folded_action_does_what_its_button_does(room: Room) -> None:
    header = room.window.pane.header
    room.open(TEAM)
    room.window.resize(760, 520)
    QApplication.processEvents()
    asked: list[bool] = []
    header.add_requested.connect(lambda: asked.append(True))
    (action,) = [one for one in header.more_menu.actions() if one.text() == "Add people"]
    action.trigger()
    assert asked and not header.add.isVisible()
