"""The main window over a sample session: sidebar, conversations, composer, news, members, dialogs,
keys, themes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QMessageBox, QShortcut
from pytestqt.qtbot import QtBot

from client.api.events import (
    AcceptKey,
    AddMembers,
    ConnectionChanged,
    ConversationsChanged,
    CreateGroup,
    Done,
    EditMessage,
    LeaveGroup,
    MarkRead,
    OpenDirect,
    PeopleChanged,
    RemoveMembers,
    RenameGroup,
    RetryNow,
    RowsAppended,
    SaveUnsentText,
    SendText,
    TypingChanged,
)
from client.api.values import ConnectionState, Trust
from client.gui.kit.dialogs import AddPeopleDialog, KeysDialog, NewGroupDialog, RenameDialog
from client.gui.kit.theme import DARK, LIGHT, apply_theme
from client.gui.session.state import Section, empty_sentence
from client.gui.sidebar.jump_dialog import JumpDialog
from tests.support.saying import said_so
from tests.support.window.room import CTRL, SHIFT, Room
from tests.support.window.window_data import (
    ANNOUNCEMENTS,
    GENERAL,
    HOMEWORK,
    LAB,
    NIGHT,
    PEOPLE,
    REVIEW,
    TEAM,
    conversations,
    row,
    uid_of,
)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Room:
    return Room(qtbot, tmp_path)


def changed(conv_id: bytes, **changes: object) -> ConversationsChanged:
    found = next(one for one in conversations() if one.conv_id == conv_id)
    return ConversationsChanged((replace(found, **changes),))  # type: ignore[arg-type]


def press(room: Room, keys: str) -> None:
    """What is bound to these keys; tests/gui/window/test_main_window.py presses real ones."""
    shortcut = room.window.findChild(QShortcut, keys)
    assert shortcut is not None, keys
    shortcut.activated.emit()
    room.answer()


# --- the sidebar ---


def test_the_sidebar_says_all(room: Room) -> None:
    said = room.sidebar
    assert "homework-3, 3 unread, 2 mentions" in said and "exam-review, not joined" in said
    assert "Prof.Nguyen, online, 1 unread" in said and "fatima, offline" in said
    heads = [entry.section for entry in room.window.sidebar.model.entries if entry.is_head]
    assert heads == list(Section)
    assert said.index("maria-ta, offline") > said.index(
        "george-w, offline"
    )  # not written to yet: after the others


def test_a_click_on_a_person_opens_the_conversation(room: Room) -> None:
    entries = room.window.sidebar.model.entries
    at = next(number for number, entry in enumerate(entries) if entry.uid == uid_of("hyun"))
    index = room.window.sidebar.model.index(at)
    place = room.window.sidebar.list.visualRect(index).center()
    room.bot.mouseClick(room.window.sidebar.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    (order,) = room.orders(OpenDirect)
    assert order.uid == uid_of("hyun")


def test_a_folded_section_shows_what_is_unread(room: Room, tmp_path: Path) -> None:
    room.window.sidebar.list.section_toggled.emit(Section.GROUPS)
    assert "team-epoll, 12 unread" in room.sidebar and "late-night-threads" not in room.sidebar
    assert room.settings.value("collapsed") in ("GROUPS", ["GROUPS"])


def test_presence_is_repainted(room: Room) -> None:
    fatima = next(one for one in PEOPLE if one.username == "fatima")
    room.tell(PeopleChanged((replace(fatima, is_online=True),)))
    assert "fatima, online" in room.sidebar


# --- moving about ---


def test_it_opens_with_the_newest_conversation(room: Room) -> None:
    assert room.window.pane.conv_id == HOMEWORK
    assert room.window.windowTitle().endswith("#homework-3 \u2013 CSCE 513 \u00b7 Fall")
    assert room.window.windowTitle().startswith("(19) ")


def test_keys_step_through_the_conversations(room: Room) -> None:
    press(room, "Alt+Down")
    assert room.window.pane.conv_id == LAB
    press(room, "Alt+Up")
    assert room.window.pane.conv_id == HOMEWORK
    press(room, "Alt+Shift+Down")
    assert room.window.pane.conv_id == LAB
    press(room, "Alt+Shift+Down")
    assert room.window.pane.conv_id == TEAM
    press(room, "Ctrl+1")
    assert room.window.pane.conv_id == ANNOUNCEMENTS


def test_the_jump_field_finds_by_a_few_letters(room: Room) -> None:
    press(room, "Ctrl+K")
    dialog = room.window.findChild(JumpDialog)
    room.bot.keyClicks(dialog.field, "lns")
    assert dialog.list.count() == 1 and dialog.list.item(0).text() == "late-night-threads"
    room.bot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert room.window.pane.conv_id == NIGHT


def test_shift_escape_reads_everything(room: Room) -> None:
    press(room, "Shift+Esc")
    assert {order.conv_id for order in room.orders(MarkRead)} >= {HOMEWORK, LAB, TEAM}


# --- writing ---


def test_enter_sends_and_shift_enter_makes_a_line(room: Room) -> None:
    room.type("first")
    room.key(Qt.Key.Key_Return, SHIFT)
    room.type("second")
    room.key(Qt.Key.Key_Return)
    (order,) = room.orders(SendText)
    assert (order.conv_id, order.text, order.reply_to) == (HOMEWORK, "first\nsecond", b"")
    assert room.edit.toPlainText() == ""


def test_enter_in_a_fence_makes_a_line_and_ctrl_enter_sends(room: Room) -> None:
    room.type("```py")
    room.key(Qt.Key.Key_Return)
    room.type("x = 1")
    assert not room.orders(SendText)
    room.key(Qt.Key.Key_Return, CTRL)
    assert room.orders(SendText)[0].text == "```py\nx = 1"


def test_blank_text_is_not_sent(room: Room) -> None:
    room.type("   ")
    room.key(Qt.Key.Key_Return)
    assert not room.orders(SendText)


def test_a_refused_message_comes_back(room: Room) -> None:
    room.type("to nobody")
    room.key(Qt.Key.Key_Return)
    (order,) = room.orders(SendText)
    room.tell(Done(order.request_id, False, said_so("You are not a member here.")))
    assert room.edit.toPlainText() == "to nobody"
    assert room.window.pane.composer.typing_label.text() == "You are not a member here."


def test_a_refused_reply_comes_back_with_its_quote(room: Room) -> None:
    room.window.pane.writing.reply_to((4).to_bytes(16, "big"))
    room.type("Yes.")
    room.key(Qt.Key.Key_Return)
    assert not room.window.pane.composer.context.isVisible()
    room.tell(Done(room.orders(SendText)[0].request_id, False, said_so("Not now.")))
    assert "bob.k" in room.window.pane.composer.context_label.text()
    room.key(Qt.Key.Key_Return)
    assert room.orders(SendText)[1].reply_to == (4).to_bytes(16, "big")


def test_unsent_texts_stay_with_their_conversation(room: Room) -> None:
    room.type("half a thought")
    room.open(LAB)
    assert room.edit.toPlainText() == ""
    assert room.orders(SaveUnsentText)[-1].text == "half a thought"
    room.type("another")
    room.open(HOMEWORK)
    assert room.edit.toPlainText() == "half a thought"


def test_up_edits_the_last_message_of_mine(room: Room) -> None:
    room.key(Qt.Key.Key_Up)
    assert room.edit.toPlainText() == "I think it must not, otherwise replay is possible \U0001f914"
    room.type(" Really.")
    room.key(Qt.Key.Key_Return)
    (order,) = room.orders(EditMessage)
    assert order.message_id == (5).to_bytes(16, "big") and order.text.endswith(" Really.")


def test_escape_gives_up_an_edit(room: Room) -> None:
    room.type("kept")
    room.window.pane.writing.edit_message((5).to_bytes(16, "big"))
    room.key(Qt.Key.Key_Escape)
    assert room.edit.toPlainText() == "kept" and not room.orders(EditMessage)


def test_a_reply_names_its_message(room: Room) -> None:
    room.window.pane.writing.reply_to((4).to_bytes(16, "big"))
    assert "bob.k" in room.window.pane.composer.context_label.text()
    room.type("Yes.")
    room.key(Qt.Key.Key_Return)
    assert room.orders(SendText)[0].reply_to == (4).to_bytes(16, "big")


def test_tab_completes_a_name(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        room.edit, "hasFocus", lambda: True
    )  # the window of this test is not the active one
    room.type("@carm")
    room.key(Qt.Key.Key_Tab)
    assert room.edit.toPlainText() == "@carmen_d "


def test_who_types_is_said(room: Room) -> None:
    room.tell(TypingChanged(HOMEWORK, ("hyun", "bob.k")))
    assert room.window.pane.composer.typing_label.text() == "hyun and bob.k are typing\u2026"
    room.tell(TypingChanged(HOMEWORK, ()))
    assert room.window.pane.composer.typing_label.text() == ""


# --- news ---


def test_a_message_draws_the_new_line_only_when_nobody_looks(room: Room) -> None:
    room.tell(changed(NIGHT, row_count=1))
    room.open(NIGHT)
    assert room.window.pane.model.new_line == -1
    own = row(1, "alice", "mine", 50)
    room.tell(RowsAppended(NIGHT, (own,)))
    assert room.window.pane.model.new_line == -1
    room.tell(RowsAppended(NIGHT, (row(2, "hyun", "yours", 51),)))
    assert room.window.pane.model.new_line == 2


def test_it_is_read_only_in_an_active_window(room: Room) -> None:
    room.session.rows[NIGHT] = [row(0, "hyun", "Anybody awake?", 50)]
    room.tell(changed(NIGHT, row_count=1, unread=1))
    room.open(NIGHT)
    assert not room.orders(MarkRead)
    room.window.pane.set_active(True)
    (order,) = room.orders(MarkRead)
    assert (order.conv_id, order.position) == (NIGHT, 1)


def test_the_banner_says_what_waits(room: Room) -> None:
    pane = room.window.pane
    room.tell(
        ConnectionChanged(ConnectionState.OFFLINE, 4.0, 2, said_so("The connection was lost."))
    )
    room.bot.waitUntil(pane.banner.isVisible, timeout=4000)
    assert pane.banner.label.toolTip().endswith(
        "2 messages are saved in your outbox and will be sent."
    )
    room.bot.mouseClick(pane.banner.retry, Qt.MouseButton.LeftButton)
    assert len(room.orders(RetryNow)) == 1
    room.tell(ConnectionChanged(ConnectionState.ONLINE))
    assert not pane.banner.isVisible()


def test_a_refusal_is_shown_at_once(room: Room) -> None:
    room.tell(
        ConnectionChanged(
            ConnectionState.REFUSED, 0.0, 0, said_so("You signed in from another window.")
        )
    )
    assert room.window.pane.banner.isVisible()
    assert room.window.pane.banner.label.text() == "You signed in from another window."


def test_a_changed_key_blocks_until_it_is_accepted(room: Room) -> None:
    prof = next(one for one in PEOPLE if one.username == "Prof.Nguyen")
    room.tell(PeopleChanged((replace(prof, trust=Trust.CHANGED),)))
    direct = next(one for one in conversations() if one.name == "Prof.Nguyen")
    room.open(direct.conv_id)
    assert room.window.pane.strip.isVisible() and "key" in room.window.pane.strip.label.text()
    room.window.pane.strip.button.click()
    box = room.window.findChild(QMessageBox)
    next(button for button in box.buttons() if "Accept" in button.text()).click()
    assert room.orders(AcceptKey)[0].uid == prof.uid


def test_empty_states_say_what_to_do(room: Room) -> None:
    found = {one.conv_id: empty_sentence(one, "CSCE 513") for one in conversations()}
    assert "Say hello" in found[GENERAL] and "staff of CSCE 513" in found[ANNOUNCEMENTS]
    assert found[REVIEW] == "You are not a member here."
    room.open(REVIEW)
    assert not room.window.pane.composer.isVisible() and room.window.pane.strip.isVisible()


# --- members and groups ---


def test_the_members_panel_lists_and_counts(room: Room) -> None:
    members = room.window.members
    assert members.isVisible() and members.count.toolTip() == "9 people, 6 online"
    press(room, "Ctrl+M")
    assert not members.isVisible() and room.settings.value("members_shown", type=bool) is False
    direct = next(one for one in conversations() if one.name == "deepak")
    press(room, "Ctrl+M")
    room.open(direct.conv_id)
    assert not members.isVisible()


def test_removing_asks_first(room: Room) -> None:
    room.tell(changed(TEAM, can_remove=True))
    room.open(TEAM)
    room.window.members.remove_requested.emit(uid_of("bob.k"))
    assert not room.orders(RemoveMembers)
    box = room.window.findChild(QMessageBox)
    next(button for button in box.buttons() if button.text() == "Remove").click()
    assert room.orders(RemoveMembers)[0].uids == (uid_of("bob.k"),)


def test_leaving_can_be_called_off(room: Room) -> None:
    room.open(TEAM)
    room.window.member_controller.leave()
    box = room.window.findChild(QMessageBox)
    next(button for button in box.buttons() if button.text() == "Cancel").click()
    assert not room.orders(LeaveGroup)


def test_enter_in_the_search_takes_a_person_and_creates_nothing(room: Room) -> None:
    room.window.navigation.add_to_section(Section.GROUPS)
    dialog = room.window.findChild(NewGroupDialog)
    room.bot.keyClicks(dialog.name, "night-owls")
    room.bot.keyClicks(dialog.picker.search, "hyu")
    room.bot.keyClick(dialog.picker.search, Qt.Key.Key_Return)
    assert dialog.picker.chosen() == (uid_of("hyun"),) and not room.orders(CreateGroup)
    assert dialog.picker.search.text() == ""
    room.bot.keyClick(
        dialog.picker.search, Qt.Key.Key_Return
    )  # an empty field: the button of the dialog
    (order,) = room.orders(CreateGroup)
    assert (order.name, order.members, order.is_private) == ("night-owls", (uid_of("hyun"),), True)


def test_a_name_that_cannot_be_is_said_in_the_dialog(room: Room) -> None:
    room.window.navigation.add_to_section(Section.CHANNELS)
    dialog = room.window.findChild(NewGroupDialog)
    assert not dialog.private.isChecked()
    dialog.action.click()
    assert dialog.error.isVisible() and dialog.error.text() and not room.orders(CreateGroup)
    dialog.reject()


def test_adding_and_renaming(room: Room) -> None:
    room.tell(changed(TEAM, members=(), can_add=True))
    room.open(TEAM)
    room.window.member_controller.add_people()
    dialog = room.window.findChild(AddPeopleDialog)
    dialog.action.click()
    assert dialog.error.text() == "Tick at least one person."
    dialog.picker.choose(uid_of("fatima"), True)
    dialog.action.click()
    assert room.orders(AddMembers)[0].uids == (uid_of("fatima"),)
    room.window.member_controller.rename()
    renaming = room.window.findChild(RenameDialog)
    renaming.name.setText("team-kqueue")
    renaming.action.click()
    assert room.orders(RenameGroup)[0].name == "team-kqueue"


# --- looks ---


def test_text_grows_and_shrinks(room: Room) -> None:
    size = room.window.theme.font_px
    with room.bot.waitSignal(room.window.font_chosen):
        press(room, "Ctrl++")
    assert room.window.theme.font_px == size + 1
    press(room, "Ctrl+0")
    assert room.window.theme.font_px == size


def test_a_theme_changes_every_part(room: Room) -> None:
    def lightness() -> int:
        return int(room.window.pane.view.grab().toImage().pixelColor(3, 3).lightness())

    apply_theme(QApplication.instance(), LIGHT)
    room.open(HOMEWORK)
    assert lightness() > 200
    apply_theme(QApplication.instance(), DARK)
    room.window.set_theme(DARK)
    assert lightness() < 60


def test_the_keys_are_listed(room: Room) -> None:
    press(room, "Ctrl+/")
    assert room.window.findChild(KeysDialog).isVisible()


def test_a_narrow_window_lays_the_members_over_the_messages(room: Room) -> None:
    room.window.resize(780, 560)
    assert not room.window.members.isVisible()
    press(room, "Ctrl+M")
    assert room.window.members.isVisible() and room.window.panel.stack.geometry().right() == 779
