"""Dialogs and the members panel: choosing people, groups, questions, roles, safety numbers, the
list of keys.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from client.api.events import (
    AcceptKey,
    AddMembers,
    ConversationsChanged,
    CreateGroup,
    DeleteMessage,
    Done,
    GetSafetyNumber,
    LeaveGroup,
    OpenDirect,
    PeopleChanged,
    RemoveMembers,
    RenameGroup,
    RestrictPerson,
    SessionSignedIn,
    SetClassRole,
)
from client.api.values import Conversation, Member, Person, Trust
from client.gui.kit.dialogs import (
    KEYS,
    MAX_CHIPS,
    AddPeopleDialog,
    KeysDialog,
    NewGroupDialog,
    PeoplePicker,
    RenameDialog,
)
from client.gui.people.members_panel import ShownMember
from client.gui.session.state import Section
from shared.messages import Role
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import (
    EVERYBODY,
    GENERAL,
    HOMEWORK,
    ME,
    NIGHT,
    PEOPLE,
    TEAM,
    changed,
    conversations,
    direct,
    person,
    row,
    uid_of,
)

LEFT = Qt.MouseButton.LeftButton
RETURN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
PROF = direct("Prof.Nguyen").conv_id


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Room:
    made = Room(qtbot, tmp_path)
    QApplication.setActiveWindow(made.window)
    made.answer()
    return made


@pytest.fixture
def picker(qtbot: QtBot) -> PeoplePicker:
    made = PeoplePicker(PEOPLE)
    qtbot.addWidget(made)
    made.show()
    return made


def open_dialog(room: Room, kind: type) -> Any:
    found = [one for one in room.window.findChildren(kind) if one.isVisible()]
    assert len(found) == 1, found
    return found[0]


def press_button(room: Room, text: str) -> None:
    box = open_dialog(room, QMessageBox)
    room.bot.mouseClick(
        next(one for one in box.buttons() if one.text().replace("&", "") == text), LEFT
    )


def shown_names(picker: PeoplePicker) -> list[str]:
    items = [picker.list.item(at) for at in range(picker.list.count())]
    return [item.text() for item in items if item is not None and not item.isHidden()]


def chips(picker: PeoplePicker) -> list[QPushButton]:
    return [one for one in picker.chips.findChildren(QPushButton) if picker._grid.indexOf(one) >= 0]


# --- choosing people ---


def test_search_narrows_the_list(picker: PeoplePicker, qtbot: QtBot) -> None:
    assert len(shown_names(picker)) == len(PEOPLE)
    qtbot.keyClicks(picker.search, " MA ")
    assert shown_names(picker) == ["maria-ta", "fatima"]
    picker.search.clear()
    assert len(shown_names(picker)) == len(PEOPLE)


def test_enter_takes_the_first_found_in_order(picker: PeoplePicker, qtbot: QtBot) -> None:
    for name in ("hyu", "bob"):
        qtbot.keyClicks(picker.search, name)
        qtbot.keyClick(picker.search, RETURN)
    assert picker.chosen() == (uid_of("hyun"), uid_of("bob.k")) and picker.search.text() == ""


def test_a_chip_takes_its_person_out(picker: PeoplePicker, qtbot: QtBot) -> None:
    for name in ("hyun", "deepak"):
        picker.choose(uid_of(name), True)
    assert [one.text() for one in chips(picker)] == ["hyun  \u2715", "deepak  \u2715"]
    chips(picker)[0].click()
    assert picker.chosen() == (uid_of("deepak"),) and [one.text() for one in chips(picker)] == [
        "deepak  \u2715"
    ]


def test_many_chosen_people_are_counted(qtbot: QtBot) -> None:
    many = [person(f"student{number:02}") for number in range(MAX_CHIPS + 3)]
    picker = PeoplePicker(many)
    qtbot.addWidget(picker)
    for one in many:
        picker.choose(one.uid, True)
    last = picker._grid.itemAt(picker._grid.count() - 1)
    assert len(chips(picker)) == MAX_CHIPS and last is not None
    assert (
        getattr(last.widget(), "text", str)() == "and 3 more"
        and len(picker.chosen()) == MAX_CHIPS + 3
    )


def test_nobody_to_add_is_said(qtbot: QtBot) -> None:
    picker = PeoplePicker([])
    qtbot.addWidget(picker)
    assert not picker.nothing.isHidden()


# --- groups ---


def new_group(room: Room, section: Section = Section.GROUPS) -> Any:
    room.window.navigation.add_to_section(section)
    return open_dialog(room, NewGroupDialog)


def test_enter_in_the_search_never_creates(room: Room) -> None:
    dialog = new_group(room)
    room.bot.keyClicks(dialog.name, "night-owls")
    for text in ("zzz", "hyu"):  # nobody of this name, then somebody
        dialog.picker.search.clear()
        room.bot.keyClicks(dialog.picker.search, text)
        room.bot.keyClick(dialog.picker.search, RETURN)
        assert room.orders(CreateGroup) == [] and dialog.isVisible()
    assert dialog.picker.chosen() == (uid_of("hyun"),)


def test_a_group_is_made_and_opened(room: Room) -> None:
    dialog = new_group(room)
    room.bot.keyClicks(dialog.name, "  Night  Owls")
    room.bot.keyClick(dialog.name, RETURN)
    (order,) = room.orders(CreateGroup)
    assert (order.name, order.members, order.is_private, dialog.isVisible()) == (
        "night-owls",
        (),
        True,
        False,
    )
    fresh = replace(
        next(one for one in conversations() if one.conv_id == TEAM),
        conv_id=b"n" * 16,
        name="night-owls",
    )
    room.tell(Done(order.request_id, True, data=fresh.conv_id), ConversationsChanged((fresh,)))
    assert room.window.pane.conv_id == fresh.conv_id


def test_a_group_that_cannot_be_made_is_said(room: Room) -> None:
    dialog = new_group(room)
    room.bot.keyClicks(dialog.name, "x")
    dialog.action.click()
    room.tell(Done(room.orders(CreateGroup)[0].request_id, False, said_so("This name is taken.")))
    assert room.window.pane.composer.typing_label.text() == "This name is taken."


def test_the_dialog_follows_the_section_and_explains_the_choice(room: Room) -> None:
    dialog = new_group(room, Section.CHANNELS)
    assert not dialog.private.isChecked() and dialog.note.text().startswith(
        "Everybody in the class sees the name"
    )
    dialog.private.setChecked(True)
    assert dialog.note.text().startswith("Instructors read it only if")
    room.bot.keyClicks(dialog.name, "open")
    dialog.private.setChecked(False)
    dialog.action.click()
    assert room.orders(CreateGroup)[0].is_private is False


def test_a_wrong_name_is_said_until_it_is_changed(room: Room) -> None:
    dialog = new_group(room)
    room.bot.keyClicks(dialog.name, "no/slash")
    dialog.action.click()
    assert (
        dialog.error.isVisible()
        and room.orders(CreateGroup) == []
        and dialog.name.text() == "no/slash"
    )
    room.bot.keyClick(dialog.name, Qt.Key.Key_Backspace)
    assert not dialog.error.isVisible()
    room.bot.keyClick(dialog, ESCAPE)
    assert not dialog.isVisible() and room.orders(CreateGroup) == []


def test_a_group_is_renamed_from_the_head(room: Room) -> None:
    room.open(TEAM)
    menu = room.window.pane.header.more_menu
    next(one for one in menu.actions() if one.text() == "Rename\u2026").trigger()
    dialog = open_dialog(room, RenameDialog)
    assert dialog.name.text() == dialog.name.selectedText() == "team-epoll"
    dialog.name.setText("!")
    room.bot.keyClick(dialog.name, RETURN)
    assert dialog.isVisible() and dialog.error.text() and room.orders(RenameGroup) == []
    dialog.name.setText("team-kqueue")
    room.open(NIGHT)  # the order is about the group the dialog was opened for
    room.bot.keyClick(dialog.name, RETURN)
    (order,) = room.orders(RenameGroup)
    assert (order.conv_id, order.name) == (TEAM, "team-kqueue")
    room.tell(Done(order.request_id, False, said_so("Only an owner renames it.")))
    assert room.window.pane.composer.typing_label.text() == "Only an owner renames it."


def test_the_head_offers_only_what_is_allowed(room: Room) -> None:
    def offered() -> list[str]:
        words = [
            one.text() for one in room.window.pane.header.more_menu.actions() if one.isVisible()
        ]
        assert words[:5] == [
            "Pinned messages",
            "Questions",
            "",
            "Notifications",
            "Export\u2026",
        ]  # everywhere
        return words[5:]

    room.open(TEAM)
    assert offered() == ["Rename\u2026", "Leave\u2026"] and room.window.pane.header.add.isVisible()
    room.open(HOMEWORK)
    assert offered() == [] and not room.window.pane.header.add.isVisible()
    room.open(PROF)
    assert offered() == ["Compare safety number\u2026"]


def test_only_who_is_outside_can_be_added(room: Room) -> None:
    room.tell(changed(TEAM, members=EVERYBODY[:6]))
    room.open(TEAM)
    room.bot.mouseClick(room.window.pane.header.add, LEFT)
    dialog = open_dialog(room, AddPeopleDialog)
    assert shown_names(dialog.picker) == ["deepak", "fatima", "george-w"]
    dialog.action.click()
    assert dialog.error.text() == "Tick at least one person." and room.orders(AddMembers) == []
    dialog.picker.choose(uid_of("deepak"), True)
    assert not dialog.error.isVisible()
    dialog.action.click()
    assert [(one.conv_id, one.uids) for one in room.orders(AddMembers)] == [
        (TEAM, (uid_of("deepak"),))
    ]


# --- questions ---


def test_leaving_asks_first(room: Room) -> None:
    room.open(TEAM)
    room.window.member_controller.leave()
    press_button(room, "Cancel")
    assert room.orders(LeaveGroup) == []
    room.window.member_controller.leave()
    assert open_dialog(room, QMessageBox).text() == "Leave team-epoll?"
    press_button(room, "Leave")
    assert [one.conv_id for one in room.orders(LeaveGroup)] == [TEAM]


def test_enter_on_a_question_is_no(room: Room) -> None:
    room.tell(changed(TEAM, can_remove=True))
    room.open(TEAM)
    room.window.members.remove_requested.emit(uid_of("hyun"))
    box = open_dialog(room, QMessageBox)
    assert box.text() == "Remove hyun from team-epoll?"
    room.bot.keyClick(box, RETURN)
    assert not box.isVisible() and room.orders(RemoveMembers) == []


# --- the members panel ---


def panel_rows(room: Room) -> list[str]:
    members = room.window.members.list
    return [
        members.item(at).data(int(Qt.ItemDataRole.AccessibleTextRole))
        for at in range(members.count())
    ]


def menu_of(room: Room, name: str) -> QMenu:
    conversation: Conversation = room.window.pane.conversation  # type: ignore[assignment]
    who, member = next(
        pair for pair in room.window.state.members_of(conversation) if pair[0].username == name
    )
    return room.window.members.menu_for(ShownMember(who, member, "", ""))


def choose(room: Room, name: str, text: str) -> None:
    next(one for one in menu_of(room, name).actions() if one.text() == text).trigger()


def texts(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions() if not one.isSeparator()]


def test_the_panel_says_roles_presence_and_trust(room: Room) -> None:
    room.tell(
        changed(TEAM, members=(Member(ME.uid, 1), Member(uid_of("hyun"), 2), *EVERYBODY[1:3]))
    )
    room.open(TEAM)
    hyun = next(one for one in PEOPLE if one.username == "hyun")
    maria = next(one for one in PEOPLE if one.username == "maria-ta")
    room.tell(
        PeopleChanged((replace(hyun, trust=Trust.VERIFIED), replace(maria, trust=Trust.CHANGED)))
    )
    assert panel_rows(room) == [
        "Prof.Nguyen, instructor, online",
        "maria-ta, assistant, offline, key has changed",
        "alice, admin, online, you",
        "hyun, owner, online, verified",
    ]
    assert room.window.members.count.toolTip() == "4 people, 3 online"


def test_the_menu_offers_only_what_is_allowed(room: Room) -> None:
    room.open(TEAM)
    assert texts(menu_of(room, "alice")) == ["This is you"]
    usual = ["Message hyun", "Compare safety number\u2026"]
    assert texts(menu_of(room, "hyun")) == usual
    room.tell(changed(TEAM, can_remove=True))
    assert texts(menu_of(room, "hyun")) == [*usual, "Remove from here\u2026"]
    room.tell(SessionSignedIn(ME.username, int(Role.INSTRUCTOR), ""))
    moderation = ["Mute\u2026", "Remove from the class\u2026"]
    assert texts(menu_of(room, "hyun")) == [
        *usual,
        "Make assistant",
        *moderation,
        "Remove from here\u2026",
    ]
    assert "Make student again" in texts(menu_of(room, "maria-ta"))
    assert not {"Make assistant", "Make student again"} & set(texts(menu_of(room, "Prof.Nguyen")))


def test_the_menu_does_what_it_says(room: Room) -> None:
    room.tell(
        changed(TEAM, can_remove=True), SessionSignedIn(ME.username, int(Role.INSTRUCTOR), "")
    )
    room.open(TEAM)
    choose(room, "hyun", "Message hyun")
    assert [one.uid for one in room.orders(OpenDirect)] == [uid_of("hyun")]
    choose(room, "hyun", "Make assistant")
    choose(room, "maria-ta", "Make student again")
    assert [(one.uid, one.role) for one in room.orders(SetClassRole)] == [
        (uid_of("hyun"), Role.ASSISTANT),
        (uid_of("maria-ta"), Role.STUDENT),
    ]
    choose(room, "hyun", "Remove from here\u2026")
    press_button(room, "Remove")
    assert [(one.conv_id, one.uids) for one in room.orders(RemoveMembers)] == [
        (TEAM, (uid_of("hyun"),))
    ]


def test_the_menu_opens_by_keyboard(room: Room) -> None:
    members = room.window.members.list
    members.setFocus()
    members.setCurrentRow(3)
    room.bot.keyClick(members, RETURN)
    menu = next(one for one in room.window.members.findChildren(QMenu) if one.isVisible())
    assert texts(menu)[0] == f"Message {members.item(3).text()}"
    menu.close()


def test_a_changed_key_is_accepted_after_a_question(room: Room) -> None:
    hyun = next(one for one in PEOPLE if one.username == "hyun")
    room.tell(PeopleChanged((replace(hyun, trust=Trust.CHANGED),)))
    choose(room, "hyun", "Accept the new key\u2026")
    assert (
        room.orders(AcceptKey) == []
        and open_dialog(room, QMessageBox).text() == "Accept the new key of hyun?"
    )
    press_button(room, "Accept")
    assert [one.uid for one in room.orders(AcceptKey)] == [hyun.uid]


def test_a_safety_number_stands_in_groups_of_five(room: Room) -> None:
    room.open(PROF)
    room.window.pane.header.more_menu.actions()[-1].trigger()
    (order,) = room.orders(GetSafetyNumber)
    assert order.uid == uid_of("Prof.Nguyen")
    room.tell(Done(order.request_id, True, data="0123456789" * 6))
    box = open_dialog(room, QMessageBox)
    assert (
        box.text().splitlines() == ["01234  56789  01234  56789"] * 3
        and "Prof.Nguyen" in box.informativeText()
    )


def test_the_place_in_the_panel_stays(room: Room) -> None:
    room.window.members.list.setCurrentRow(4)
    item = room.window.members.list.item(4)
    room.tell(changed(HOMEWORK, unread=5))
    assert room.window.members.list.item(4) is item and room.window.members.list.currentRow() == 4


# --- the list of keys, and messages ---


def test_the_keys_are_listed_and_closed(room: Room) -> None:
    room.window.own_menu.show_keys()
    dialog = open_dialog(room, KeysDialog)
    said = {label.text() for label in dialog.findChildren(type(room.window.members.count))}
    assert {keys for keys, _ in KEYS} <= said
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Close").click()
    assert not dialog.isVisible()


def test_deleting_a_message_asks_first(room: Room) -> None:
    room.window.pane.view.signals.delete_requested.emit(row(5, "alice", "", 0).message_id)
    assert room.orders(DeleteMessage) == []
    press_button(room, "Delete")
    assert [one.message_id for one in room.orders(DeleteMessage)] == [(5).to_bytes(16, "big")]


# --- muting and banning ---


def offered_for(room: Room, who: Person) -> QMenu:
    return room.window.members.menu_for(ShownMember(who, Member(who.uid, 0), "", ""))


def restrictions(menu: QMenu) -> list[str]:
    return [one for one in texts(menu) if "ute" in one or "class" in one or "write again" in one]


def test_the_staff_is_offered_to_mute_and_instructors_to_ban(room: Room) -> None:
    room.open(GENERAL)
    bob = person("bob.k")
    assert restrictions(offered_for(room, bob)) == []  # alice is a student
    for role, offered in (
        (Role.ASSISTANT, ["Mute\u2026"]),
        (Role.INSTRUCTOR, ["Mute\u2026", "Remove from the class\u2026"]),
    ):
        room.tell(PeopleChanged((replace(ME, role=int(role)),)))
        assert restrictions(offered_for(room, bob)) == offered
        assert restrictions(offered_for(room, person("maria-ta", Role.ASSISTANT))) == []
    muted, banned = replace(bob, restriction=1), replace(bob, restriction=2)
    assert restrictions(offered_for(room, muted)) == [
        "Let write again",
        "Remove from the class\u2026",
    ]
    assert restrictions(offered_for(room, banned)) == ["Let into the class again"]
    room.tell(PeopleChanged((muted,)))
    assert any("muted" in line for line in panel_rows(room))


@pytest.mark.parametrize(("restriction", "button"), [(1, "Mute"), (2, "Remove"), (0, "")])
def test_taking_something_from_a_student_asks_first(
    room: Room, restriction: int, button: str
) -> None:
    room.window.members.restriction_requested.emit(uid_of("bob.k"), restriction)
    if button:
        assert not room.orders(RestrictPerson)
        box = open_dialog(room, QMessageBox)
        assert "bob.k" in box.text()
        next(one for one in box.buttons() if one.text() == button).click()
    assert [(one.uid, one.restriction) for one in room.orders(RestrictPerson)] == [
        (uid_of("bob.k"), restriction)
    ]
    room.window.members.restriction_requested.emit(b"?" * 16, restriction)
    assert len(room.orders(RestrictPerson)) == 1


def test_a_muted_person_is_told_why(room: Room) -> None:
    room.tell(PeopleChanged((replace(ME, restriction=1),)), changed(HOMEWORK, can_write=False))
    room.open(HOMEWORK)
    assert (
        "muted you" in room.window.pane.strip.label.text()
        and not room.window.pane.composer.isVisible()
    )


def test_one_types_at_once_and_tab_ends_at_the_buttons(room: Room) -> None:
    """A dialog that opens with the cursor on its button swallows what is typed."""
    rename, people = (
        RenameDialog("team-epoll", room.window),
        AddPeopleDialog("team", PEOPLE, room.window),
    )
    group = NewGroupDialog(PEOPLE, True, room.window)
    for dialog, first in (
        (group, group.name),
        (people, people.picker.search),
        (rename, rename.name),
    ):
        dialog.show()
        QApplication.setActiveWindow(dialog)
        assert dialog.focusWidget() is first
        seen: list[object] = []
        while dialog.focusWidget() not in seen:
            seen.append(dialog.focusWidget())
            room.bot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        buttons = dialog.buttons.buttons()
        assert set(seen[-2:]) == set(buttons) and seen[-2] is dialog.action
        dialog.close()
