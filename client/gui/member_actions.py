"""What is done with members and groups: add, remove, roles, rename, leave, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject

from client.events import (
    AddMembers,
    Done,
    GetSafetyNumber,
    LeaveGroup,
    RemoveMembers,
    RenameGroup,
    RestrictPerson,
    SetClassRole,
)
from client.gui.dialogs import AddPeopleDialog, RenameDialog, ask, show_safety_number
from client.gui.session_state import title_of
from client.gui.translation import tr
from shared.messages import Restriction

if TYPE_CHECKING:
    from client.gui.main_window import MainWindow


class MemberActions(QObject):
    """Listens to the head and the members panel of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._state, self._requests = window.state, window.requests
        header, members = window.pane.header, window.members
        header.add_requested.connect(self.add_people)
        header.rename_requested.connect(self.rename)
        header.leave_requested.connect(self.leave)
        header.safety_requested.connect(self._compare_with_other)
        members.add_requested.connect(self.add_people)
        members.remove_requested.connect(self.remove)
        members.role_requested.connect(self._set_role)
        members.restriction_requested.connect(self.restrict)
        members.safety_requested.connect(self.compare)
        members.accept_key_requested.connect(self._accept_key)

    def add_people(self) -> None:
        """Choose whom to add to the open conversation."""
        conversation = self._window.pane.conversation
        if conversation is None:
            return
        conv_id = conversation.conv_id
        dialog = AddPeopleDialog(title_of(conversation), self._state.addable(conversation), self._window)
        dialog.added.connect(lambda uids: self._window.pane.order(AddMembers(conv_id=conv_id, uids=uids)))
        dialog.open()

    def rename(self) -> None:
        """Give the open group another name."""
        conversation = self._window.pane.conversation
        if conversation is None:
            return
        conv_id = conversation.conv_id
        dialog = RenameDialog(conversation.name, self._window)
        dialog.renamed.connect(lambda name: self._window.pane.order(RenameGroup(conv_id=conv_id, name=name)))
        dialog.open()

    def leave(self) -> None:
        """Leave the open conversation, after a question."""
        conversation = self._window.pane.conversation
        if conversation is None:
            return
        conv_id = conversation.conv_id
        ask(
            self._window,
            tr("Leave {title}?", title=title_of(conversation)),
            tr("You keep what you have read, and get nothing new. Somebody inside must add you to come back."),
            tr("Leave"),
            lambda: self._window.pane.order(LeaveGroup(conv_id=conv_id)),
        )

    def remove(self, uid: bytes) -> None:
        """Remove somebody from the open conversation, after a question."""
        conversation, person = self._window.pane.conversation, self._state.people.get(uid)
        if conversation is None or person is None:
            return
        conv_id = conversation.conv_id
        ask(
            self._window,
            tr("Remove {username} from {title}?", username=person.username, title=title_of(conversation)),
            tr("The keys change; nothing that is written from now on can be read by this person."),
            tr("Remove"),
            lambda: self._window.pane.order(RemoveMembers(conv_id=conv_id, uids=(uid,))),
        )

    def compare(self, uid: bytes) -> None:
        """Show the safety number with somebody."""
        person = self._state.people.get(uid)
        if person is None:
            return
        username = person.username

        def answered(done: Done) -> None:
            if done.ok:
                show_safety_number(self._window, username, str(done.data))
            else:
                self._window.pane.tell_failure(done)

        self._requests.ask(GetSafetyNumber(uid=uid), answered)

    def _compare_with_other(self) -> None:
        conversation = self._window.pane.conversation
        if conversation is not None:
            self.compare(self._state.other_of(conversation))

    def restrict(self, uid: bytes, restriction: int) -> None:
        """Mute or ban a student, after a question; give it back without one."""
        person = self._state.people.get(uid)
        if person is None:
            return

        def order() -> None:
            self._window.pane.order(RestrictPerson(uid=uid, restriction=restriction))

        if restriction == Restriction.NONE:
            order()
        elif restriction == Restriction.MUTED:
            ask(
                self._window,
                tr("Mute {username}?", username=person.username),
                tr(
                    "{username} reads everything, but writes in direct conversations only. #general says so.",
                    username=person.username,
                ),
                tr("Mute"),
                order,
            )
        else:
            ask(
                self._window,
                tr("Remove {username} from the class?", username=person.username),
                tr(
                    "{username} is signed out and cannot come back until you allow it. #general says so.",
                    username=person.username,
                ),
                tr("Remove"),
                order,
            )

    def _set_role(self, uid: bytes, role: int) -> None:
        self._window.pane.order(SetClassRole(uid=uid, role=role))

    def _accept_key(self, uid: bytes) -> None:
        person = self._state.people.get(uid)
        if person is not None:
            self._window.pane.ask_accept_key(uid, person.username)
