"""Leads from one conversation to another: by the sidebar, its + and jump field, keys, or somebody's
name.
"""

from __future__ import annotations

from PyQt5.QtCore import QObject

from client.api.events import CreateGroup, Done, OpenDirect
from client.gui.kit.dialogs import NewGroupDialog
from client.gui.session.services import WindowServices
from client.gui.session.state import Section
from client.gui.sidebar.jump_dialog import JumpDialog, Target
from client.gui.sidebar.panel import Sidebar


class NavigationController(QObject):
    """Listens to the sidebar. Lives on the window's thread."""

    def __init__(self, services: WindowServices, sidebar: Sidebar) -> None:
        super().__init__(services.top_level)
        self._services = services
        sidebar.conversation_chosen.connect(services.open_conversation)
        sidebar.person_chosen.connect(self.open_direct)
        sidebar.add_requested.connect(self.add_to_section)
        sidebar.jump_requested.connect(self.show_jump)

    def step(self, direction: int, unread_only: bool) -> None:
        """To the previous (-1) or next (1) conversation."""
        services = self._services
        services.open_conversation(
            services.state.neighbour(services.conv_id, direction, unread_only)
        )

    def open_numbered(self, number: int) -> None:
        """To one of the first nine conversations of the sidebar."""
        order = self._services.state.in_order()
        if 0 < number <= len(order):
            self._services.open_conversation(order[number - 1].conv_id)

    def open_direct(self, uid: bytes) -> None:
        """Write to a person."""
        known = self._services.state.direct_with(uid)
        if known is not None:
            self._services.open_conversation(known.conv_id)
        else:
            self._services.ask(OpenDirect(uid=uid), self._open_answered)

    def _open_answered(self, done: Done) -> None:
        if done.ok and isinstance(done.data, bytes):
            self._services.open_conversation(done.data)
        else:
            self._services.tell_failure(done)

    def open_person_named(self, username: str) -> None:
        """Write to somebody who was mentioned."""
        person = self._services.state.person_named(username)
        if person is not None and not person.is_me:
            self.open_direct(person.uid)

    def add_to_section(self, section: Section) -> None:
        """The + of a section."""
        if section is Section.DIRECT:
            self.show_jump(only_people=True)
            return
        others = self._services.state.others()
        dialog = NewGroupDialog(others, section is not Section.CHANNELS, self._services.top_level)
        dialog.created.connect(self._create_group)
        dialog.open()

    def _create_group(self, name: str, uids: tuple[bytes, ...], is_private: bool) -> None:
        self._services.ask(
            CreateGroup(name=name, members=uids, is_private=is_private), self._open_answered
        )

    def show_jump(self, only_people: bool = False) -> None:
        """The jump field."""
        dialog = JumpDialog(self._services.state, self._services.top_level, only_people is True)
        dialog.chosen.connect(self._jump_to)
        dialog.open()
        dialog.field.setFocus()

    def _jump_to(self, target: Target) -> None:
        if target.conv_id:
            self._services.open_conversation(target.conv_id)
        else:
            self.open_direct(target.uid)
