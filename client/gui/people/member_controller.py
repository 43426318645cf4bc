"""What is done with members and groups: add, remove, roles, rename, leave, keys."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QWidget

from client.api.events import (
    AcceptKey,
    AddMembers,
    Done,
    GetSafetyNumber,
    LeaveGroup,
    RemoveMembers,
    RenameGroup,
    RestrictPerson,
    SetClassRole,
)
from client.gui.kit.dialogs import AddPeopleDialog, RenameDialog, ask, show_safety_number
from client.gui.language.translation import tr
from client.gui.people.members_panel import MembersPanel
from client.gui.session.services import WindowServices
from client.gui.session.state import title_of
from shared.messages import Restriction


class MemberController(QObject):
    """Listens to the members panel. Lives on the window's thread."""

    def __init__(self, services: WindowServices, members: MembersPanel) -> None:
        super().__init__(services.top_level)
        self._services, self._state = services, services.state
        members.add_requested.connect(self.add_people)
        members.remove_requested.connect(self.remove)
        members.role_requested.connect(self._set_role)
        members.restriction_requested.connect(self.restrict)
        members.safety_requested.connect(self.compare)
        members.accept_key_requested.connect(self._accept_key)

    def add_people(self) -> None:
        """Choose whom to add to the open conversation."""
        conversation = self._services.conversation
        if conversation is None:
            return
        conv_id = conversation.conv_id
        dialog = AddPeopleDialog(
            title_of(conversation), self._state.addable(conversation), self._services.top_level
        )
        dialog.added.connect(
            lambda uids: self._services.order(AddMembers(conv_id=conv_id, uids=uids))
        )
        dialog.open()

    def rename(self) -> None:
        """Give the open group another name."""
        conversation = self._services.conversation
        if conversation is None:
            return
        conv_id = conversation.conv_id
        dialog = RenameDialog(conversation.name, self._services.top_level)
        dialog.renamed.connect(
            lambda name: self._services.order(RenameGroup(conv_id=conv_id, name=name))
        )
        dialog.open()

    def leave(self) -> None:
        """Leave the open conversation, after a question."""
        conversation = self._services.conversation
        if conversation is None:
            return
        conv_id = conversation.conv_id
        ask(
            self._services.top_level,
            tr("Leave {title}?", title=title_of(conversation)),
            tr(
                "You keep what you have read, and get nothing new. Somebody inside must add you to come back."
            ),
            tr("Leave"),
            lambda: self._services.order(LeaveGroup(conv_id=conv_id)),
        )

    def remove(self, uid: bytes) -> None:
        """Remove somebody from the open conversation, after a question."""
        conversation, person = self._services.conversation, self._state.people.get(uid)
        if conversation is None or person is None:
            return
        conv_id = conversation.conv_id
        ask(
            self._services.top_level,
            tr(
                "Remove {username} from {title}?",
                username=person.username,
                title=title_of(conversation),
            ),
            tr("The keys change; nothing that is written from now on can be read by this person."),
            tr("Remove"),
            lambda: self._services.order(RemoveMembers(conv_id=conv_id, uids=(uid,))),
        )

    def compare(self, uid: bytes) -> None:
        """Show the safety number with somebody."""
        person = self._state.people.get(uid)
        if person is None:
            return
        username = person.username

        def answered(done: Done) -> None:
            if done.ok:
                show_safety_number(self._services.top_level, username, str(done.data))
            else:
                self._services.tell_failure(done)

        self._services.ask(GetSafetyNumber(uid=uid), answered)

    def compare_with_other(self) -> None:
        """Show the safety number with the other person of the open direct conversation."""
        conversation = self._services.conversation
        if conversation is not None:
            self.compare(self._state.other_of(conversation))

    def restrict(self, uid: bytes, restriction: int) -> None:
        """Mute or ban a student, after a question; give it back without one."""
        person = self._state.people.get(uid)
        if person is None:
            return

        def order() -> None:
            self._services.order(RestrictPerson(uid=uid, restriction=restriction))

        if restriction == Restriction.NONE:
            order()
        elif restriction == Restriction.MUTED:
            ask(
                self._services.top_level,
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
                self._services.top_level,
                tr("Remove {username} from the class?", username=person.username),
                tr(
                    "{username} is signed out and cannot come back until you allow it. #general says so.",
                    username=person.username,
                ),
                tr("Remove"),
                order,
            )

    def _set_role(self, uid: bytes, role: int) -> None:
        self._services.order(SetClassRole(uid=uid, role=role))

    def _accept_key(self, uid: bytes) -> None:
        person = self._state.people.get(uid)
        if person is not None:
            accept = AcceptKey(uid=uid)
            ask_accept_key(
                self._services.top_level, person.username, lambda: self._services.order(accept)
            )


def ask_accept_key(parent: QWidget, username: str, accept: Callable[[], None]) -> None:
    """A changed key may be somebody else's: ask first."""
    ask(
        parent,
        tr("Accept the new key of {username}?", username=username),
        tr(
            "Accept it only if {username} told you, face to face, that the key is new.",
            username=username,
        ),
        tr("Accept"),
        accept,
    )
