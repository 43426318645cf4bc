"""Keeps the panels of files and versions, the comparing windows and the counts of changes up to
date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from PyQt5.QtCore import QObject, pyqtSignal

from client.api.events import Done, GetDrafts
from client.api.values import ConnectionState, Row
from client.gui.files.panel import TransfersPanel
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr_dynamic, tr_noop
from client.gui.messages.cards.words import file_of
from client.gui.session.panels import PanelKind
from client.gui.session.requests import Requests
from client.gui.session.services import WindowServices
from client.gui.session.state import Changed, title_of
from client.gui.versions.change_counts import ChangeCounts
from client.gui.versions.compare_dialog import CompareDialog
from client.gui.versions.panel import VersionsPanel

Draft = tuple[Row, ...]
NOT_HERE = tr_noop("The message of this file is not here any more.")


class FilePanelController(QObject):
    """Lives on the window's thread.

    Knows the drafts of the open conversation as they were told last.
    """

    save_requested = pyqtSignal(bytes)  # message_id
    transfer_action = pyqtSignal(
        bytes, str
    )  # transfer_id, "pause" | "resume" | "cancel" | "folder"

    def __init__(self, services: WindowServices, requests: Requests) -> None:
        super().__init__(services.top_level)
        self._services = services
        self._requests = requests
        self.transfers = TransfersPanel(services.theme, services.top_level)
        self.versions = VersionsPanel(services.theme, requests, services.top_level)
        self.counts = ChangeCounts(requests, self)
        self.dialogs: list[CompareDialog] = []
        self._drafts: tuple[Draft, ...] = ()
        self._shown_draft: bytes = b""  # a message_id of the draft whose versions are shown
        self._is_stale = True
        self._was_online = False
        self._connect()

    def _connect(self) -> None:
        services = self._services
        self.counts.counted.connect(self.versions.set_changes)
        transfers, versions = self.transfers, self.versions
        transfers.message_requested.connect(self.reveal)
        transfers.transfer_action.connect(self.transfer_action)
        transfers.save_requested.connect(self.save_requested)
        transfers.versions_requested.connect(self.show_versions)
        transfers.closed.connect(partial(services.show_panel, PanelKind.FILES, False))
        versions.message_requested.connect(
            lambda message_id: self.reveal(services.conv_id, message_id)
        )
        versions.save_requested.connect(self.save_requested)
        versions.compare_requested.connect(self.compare)
        versions.closed.connect(partial(services.show_panel, PanelKind.VERSIONS, False))

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.transfers.set_theme(theme)
        self.versions.set_theme(theme)
        for dialog in self.dialogs:
            dialog.set_theme(theme)

    # --- what the window tells ---

    def leave_conversation(self) -> None:
        """Another conversation is opened."""
        self._drafts, self._shown_draft, self._is_stale = (), b"", True

    def refresh(self, changed: Changed) -> None:
        """Write what has changed since the last time."""
        state, shown = self._services.state, self._services.shown_panel
        if changed & Changed.CONNECTION:
            is_online = state.connection.state is ConnectionState.ONLINE
            if is_online and not self._was_online:
                self.counts.retry()
                self.versions.counts.retry()
            self._was_online = is_online
        if shown is PanelKind.FILES:
            titles = {
                conv_id: title_of(one).replace("# ", "#")
                for conv_id, one in state.conversations.items()
            }
            self.transfers.show_transfers(state.transfers.values(), titles)
        if self._is_stale and (self.dialogs or shown in (PanelKind.FILES, PanelKind.VERSIONS)):
            self._is_stale = False
            self._with_drafts(self._services.conv_id, self._show_drafts)

    def note_rows(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Rows came or changed: some of them may be files, or may have been."""
        if conv_id != self._services.conv_id:
            return
        self.counts.show_rows(row for row in rows if file_of(row) is not None)
        known = {row.message_id for draft in self._drafts for row in draft}
        if any(file_of(row) is not None or row.message_id in known for row in rows):
            self._is_stale = True

    def _show_drafts(self, drafts: tuple[Draft, ...]) -> None:
        conversation = self._services.conversation
        self._drafts = drafts
        title = title_of(conversation).replace("# ", "#") if conversation is not None else ""
        self.transfers.show_files(self._services.conv_id, title, drafts)
        draft = self._draft_of(self._shown_draft)
        if self._shown_draft:
            self.versions.refresh(draft)
        for dialog in self.dialogs:
            dialog.refresh(self._draft_of(dialog.chosen[1]))

    def _draft_of(self, message_id: bytes) -> Draft:
        return next(
            (draft for draft in self._drafts if any(row.message_id == message_id for row in draft)),
            (),
        )

    def _with_drafts(self, conv_id: bytes, then: Callable[[tuple[Draft, ...]], None]) -> None:
        """Ask for the files of a conversation; nothing happens if another one is open by then."""

        def answered(done: Done) -> None:
            if not done.ok:
                self._services.tell_failure(done)
            elif conv_id == self._services.conv_id:
                then(cast("tuple[Draft, ...]", done.data))

        if conv_id:
            self._requests.ask(GetDrafts(conv_id=conv_id), answered)

    # --- what the user does ---

    def show_versions(self, message_id: bytes) -> None:
        """All versions of the draft that this message belongs to."""

        def go_on(drafts: tuple[Draft, ...]) -> None:
            self._show_drafts(drafts)
            draft = self._draft_of(message_id)
            if draft:
                self._shown_draft = message_id
                self._services.show_panel(PanelKind.VERSIONS, True)
                self.versions.show_draft(draft, message_id)

        self._with_drafts(self._services.conv_id, go_on)

    def compare_with_before(self, message_id: bytes) -> None:
        """Compare a version with the one before it."""

        def go_on(drafts: tuple[Draft, ...]) -> None:
            self._show_drafts(drafts)
            row = next(
                (row for row in self._draft_of(message_id) if row.message_id == message_id), None
            )
            file = file_of(row) if row is not None else None
            if file is not None and file.previous:
                self.compare(file.previous, message_id)

        self._with_drafts(self._services.conv_id, go_on)

    def compare(self, old_id: bytes, new_id: bytes) -> None:
        """Two versions side by side, in a window of their own; one that is open for them comes to
        the front.
        """
        for dialog in self.dialogs:
            if dialog.chosen == (old_id, new_id):
                dialog.raise_()
                dialog.activateWindow()
                return
        draft = self._draft_of(new_id)
        if draft:
            dialog = CompareDialog(
                self._services.theme,
                self._requests,
                draft,
                old_id,
                new_id,
                self._services.top_level,
            )
            dialog.finished.connect(partial(self._forget, dialog))
            self.dialogs.append(dialog)
            dialog.show()

    def _forget(self, dialog: CompareDialog, _result: int = 0) -> None:
        self.dialogs.remove(dialog)

    def reveal(self, conv_id: bytes, message_id: bytes) -> None:
        """Show the message of a file, in whichever conversation it is."""
        if conv_id not in self._services.state.conversations:
            return
        if conv_id != self._services.conv_id:
            self._services.open_conversation(conv_id)
        index = self._services.find_message(message_id)
        if index >= 0:
            self._services.reveal(conv_id, index)
            return

        def go_on(drafts: tuple[Draft, ...]) -> None:
            rows = (row for draft in drafts for row in draft)
            row = next((row for row in rows if row.message_id == message_id), None)
            if row is not None:
                self._services.reveal(conv_id, row.position)
            else:
                self._services.say(tr_dynamic(NOT_HERE))

        self._with_drafts(conv_id, go_on)
