"""The cards and pictures of files in the message view: kept in step with transfers, changes and
previews.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from client.api.values import Row, Transfer
from client.gui.language.translation import tr_dynamic
from client.gui.messages.cards.layout import FileCard, arrange
from client.gui.messages.cards.thumbnails import Thumbnails
from client.gui.messages.cards.words import (
    TOO_LARGE,
    CardAction,
    file_of,
    is_too_large,
    shows_image,
    spoken_file,
    status_of,
)
from client.gui.messages.look import Look
from client.gui.messages.painting import RowState


class CardLayer(QObject):
    """Belongs to a message view; lives on the window's thread."""

    changed = pyqtSignal()  # what is shown must be painted again
    refused = pyqtSignal(bytes)  # message_id: the card takes the place of the picture
    previews_wanted = pyqtSignal(
        bytes
    )  # message_id; answered by show_preview() or preview_failed()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transfers: dict[bytes, Transfer] = {}
        self._changes: dict[bytes, tuple[int, int]] = {}
        self._shown: list[FileCard] = []  # pictures that were painted last
        self._ratio = 1.0  # pixels of the device for one of theirs
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.previews_wanted)
        self.thumbnails.loaded.connect(lambda _message_id: self.changed.emit())
        self.thumbnails.refused.connect(self.refused)
        self.preview_timer = QTimer(self)  # nothing is asked for while painting
        self.preview_timer.setSingleShot(True)
        self.preview_timer.setInterval(0)
        self.preview_timer.timeout.connect(self._want_previews)

    # --- what the window tells ---

    def set_transfers(self, transfers: Mapping[bytes, Transfer]) -> None:
        """What is on its way now, by the message_id of the file's message."""
        self._transfers = dict(transfers)
        self.changed.emit()

    def set_changes(self, message_id: bytes, added: int, removed: int) -> None:
        """How many lines this version has added to the one before, and removed from it."""
        self._changes[message_id] = (added, removed)
        self.changed.emit()

    def show_preview(self, message_id: bytes, data: bytes) -> None:
        """The content of an image that was wanted."""
        self.thumbnails.give(message_id, data)

    def preview_failed(self, message_id: bytes, sentence: str) -> None:
        """The content of an image could not be had now; a click asks for it again."""
        self.thumbnails.fail(message_id, sentence)

    # --- what the view asks ---

    def transfer_of(self, message_id: bytes) -> Transfer | None:
        """What is on its way for a message."""
        return self._transfers.get(message_id)

    def shows_image(self, row: Row) -> bool:
        """Whether the row shows its file as a picture."""
        return shows_image(row) and not self.thumbnails.refusal(row.message_id)

    def spoken(self, row: Row) -> str:
        """The file of a row as a screen reader says it."""
        return spoken_file(
            row, status_of(self._transfers.get(row.message_id)) or self._note_of(row)
        )

    def _note_of(self, row: Row) -> str:
        file = file_of(row)
        if file is None or not file.is_image:
            return ""
        if is_too_large(file):
            return tr_dynamic(TOO_LARGE)
        return self.thumbnails.refusal(row.message_id) or self.thumbnails.failure(row.message_id)

    def refresh(self, card: FileCard, look: Look) -> None:
        """Write a card anew if its transfer, its changes or its note are others than the last
        time.
        """
        message_id = card.row.message_id
        now = (
            self._transfers.get(message_id),
            self._changes.get(message_id),
            self._note_of(card.row),
        )
        if now != (card.transfer, card.changes, card.note) or not card.name:
            card.transfer, card.changes, card.note = now
            arrange(card, look)

    def with_file(self, state: RowState, card: FileCard, hovered: CardAction | None) -> RowState:
        """The state of a row with that of its file: the picture, and the button under the mouse."""
        message_id = card.row.message_id
        return replace(
            state,
            file_action=hovered if state.is_hovered else None,
            picture=self.thumbnails.pixmap(message_id) if card.picture is not None else None,
            is_animated=self.thumbnails.is_animated(message_id),
        )

    # --- pictures ---

    def want_soon(self, cards: Iterable[FileCard | None], ratio: float) -> None:
        """These have been painted: the pictures among them are asked for once painting is done."""
        self._shown = [card for card in cards if card is not None and card.picture is not None]
        self._ratio = ratio
        if self._shown:
            self.preview_timer.start()

    def _want_previews(self) -> None:
        for card in self._shown:
            if card.picture is not None:
                self.thumbnails.want(card.row.message_id, card.picture.size(), self._ratio)

    def load_again(self, card: FileCard | None) -> None:
        """Ask once more for a picture that could not be had."""
        if card is not None and card.picture is not None:
            self.thumbnails.want(card.row.message_id, card.picture.size(), self._ratio, again=True)
            self.changed.emit()
