"""The part of the message view that knows files: their transfers and pictures, and what the mouse is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PyQt5.QtCore import QAbstractItemModel, QTimer, pyqtSignal
from PyQt5.QtGui import QPaintEvent
from PyQt5.QtWidgets import QMenu, QWidget

from client.gui.file_layout import FilePlace, arrange
from client.gui.file_words import (
    TOO_LARGE,
    TRANSFER_ORDERS,
    CardAction,
    file_of,
    is_too_large,
    menu_actions_of,
    shows_image,
    spoken_file,
    status_of,
)
from client.gui.hits import HitKind
from client.gui.images import Thumbnails
from client.gui.layouts import RowLayout
from client.gui.painting import RowState
from client.gui.row_view import RowView
from client.gui.translation import tr_dynamic
from client.values import Row, Transfer


class FileRowView(RowView):
    """Keeps the cards of files up to date. Lives on the window's thread."""

    save_requested = pyqtSignal(bytes)  # message_id
    save_as_requested = pyqtSignal(bytes)
    transfer_action = pyqtSignal(bytes, str)  # transfer_id, "pause" | "resume" | "cancel" | "folder"
    versions_requested = pyqtSignal(bytes)
    compare_requested = pyqtSignal(bytes)
    image_requested = pyqtSignal(bytes)
    previews_wanted = pyqtSignal(bytes)  # answered by show_preview() or preview_failed()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transfers: dict[bytes, Transfer] = {}
        self._changes: dict[bytes, tuple[int, int]] = {}
        self._hovered_file: CardAction | None = None
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.previews_wanted)
        self.thumbnails.loaded.connect(self._on_loaded)
        self.thumbnails.refused.connect(self._on_refused)
        self._preview_timer = QTimer(self)  # nothing is asked for while painting
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(0)
        self._preview_timer.timeout.connect(self._want_previews)

    # --- what the window tells ---

    def set_transfers(self, transfers: Mapping[bytes, Transfer]) -> None:
        """What is on its way now, by the message_id of the file's message."""
        self._transfers = dict(transfers)
        self.viewport().update()

    def set_changes(self, message_id: bytes, added: int, removed: int) -> None:
        """How many lines this version has added to the one before, and removed from it."""
        self._changes[message_id] = (added, removed)
        self.viewport().update()

    def show_preview(self, message_id: bytes, data: bytes) -> None:
        """The content of an image that was wanted."""
        self.thumbnails.give(message_id, data)

    def preview_failed(self, message_id: bytes, sentence: str) -> None:
        """The content of an image could not be had now; a click asks for it again."""
        self.thumbnails.fail(message_id, sentence)

    # --- the rows ---

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if self._rows is not None:
            self._rows.file_words = self._spoken

    def reset(self) -> None:
        super().reset()
        if hasattr(self, "thumbnails"):  # the base class resets before our own part exists
            self.thumbnails.forget_failures()

    def _spoken(self, row: Row) -> str:
        return spoken_file(row, status_of(self._transfers.get(row.message_id)) or self._note_of(row))

    def _shows_image(self, row: Row) -> bool:
        return shows_image(row) and not self.thumbnails.refusal(row.message_id)

    def _note_of(self, row: Row) -> str:
        file = file_of(row)
        if file is None or not file.is_image:
            return ""
        if is_too_large(file):
            return tr_dynamic(TOO_LARGE)
        return self.thumbnails.refusal(row.message_id) or self.thumbnails.failure(row.message_id)

    def _layout(self, index: int) -> RowLayout:
        made = super()._layout(index)
        if made.place is not None:
            self._refresh(made.place)
        return made

    def _refresh(self, place: FilePlace) -> None:
        message_id = place.row.message_id
        now = (self._transfers.get(message_id), self._changes.get(message_id), self._note_of(place.row))
        if now != (place.transfer, place.changes, place.note) or not place.name:
            place.transfer, place.changes, place.note = now
            arrange(place, self._look)

    def _state_of(self, index: int) -> RowState:
        state = super()._state_of(index)
        made = self._cache.get(index)
        if made is None or made.place is None:
            return state
        message_id = made.place.row.message_id
        return replace(
            state,
            file_action=self._hovered_file if state.is_hovered else None,
            picture=self.thumbnails.pixmap(message_id) if made.place.picture is not None else None,
            is_animated=self.thumbnails.is_animated(message_id),
        )

    # --- pictures ---

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if any(self._place_of(index) is not None for index, _ in self._shown):
            self._preview_timer.start()

    def _place_of(self, index: int) -> FilePlace | None:
        made = self._cache.get(index)
        return made.place if made is not None and made.place is not None and made.place.picture is not None else None

    def _want_previews(self) -> None:
        for index, _ in list(self._shown):
            place = self._place_of(index)
            if place is not None and place.picture is not None:
                self.thumbnails.want(place.row.message_id, place.picture.size(), self.devicePixelRatioF())

    def _on_loaded(self, _message_id: bytes) -> None:
        self.viewport().update()

    def _on_refused(self, message_id: bytes) -> None:
        """The card takes the place of the picture."""
        index = self._rows.find_message(message_id) if self._rows is not None else -1
        if 0 <= index < len(self._heights):
            self._heights.forget_row(index)
            self._cache.drop(index, index)
        self._touch()

    # --- what the user does ---

    def _rehover(self) -> None:
        super()._rehover()
        self._hovered_file = None
        if self._mouse is not None and not self._is_selecting and self._hovered_action is None:
            hit = self._hit(self._mouse)
            self._hovered_file = hit.action if hit.kind is HitKind.FILE else None

    def do_file_action(self, row: Row, action: CardAction) -> None:
        """What a button of a card, or the same entry of the menu, does."""
        message_id, transfer = row.message_id, self._transfers.get(row.message_id)
        if action in TRANSFER_ORDERS:
            if transfer is not None:
                self.transfer_action.emit(transfer.transfer_id, TRANSFER_ORDERS[action])
        elif action is CardAction.LOAD:
            index = self._rows.find_message(message_id) if self._rows is not None else -1
            place = self._place_of(index)
            if place is not None and place.picture is not None:
                self.thumbnails.want(message_id, place.picture.size(), self.devicePixelRatioF(), again=True)
                self.viewport().update()
        else:
            signals = {
                CardAction.SAVE: self.save_requested, CardAction.SAVE_AS: self.save_as_requested,
                CardAction.VERSIONS: self.versions_requested, CardAction.COMPARE: self.compare_requested,
                CardAction.IMAGE: self.image_requested,
            }  # fmt: skip
            signals[action].emit(message_id)

    def add_file_menu(self, menu: QMenu, row: Row) -> None:
        """Entries for all that can be done with the file of a row."""
        for action in menu_actions_of(row, self._transfers.get(row.message_id)):
            if action is CardAction.IMAGE and not self._shows_image(row):
                continue
            menu.addAction(tr_dynamic(action.value), lambda action=action: self.do_file_action(row, action))
        if file_of(row) is not None:
            menu.addSeparator()
