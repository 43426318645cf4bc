"""Where the card or the picture of a file stands in its row, with the words and buttons on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from PyQt5.QtCore import QRectF, QSizeF, Qt

from client.api.values import FileInfo, Row, Transfer
from client.gui.language.local_words import size_words
from client.gui.messages.cards.words import (
    MINUS,
    CardAction,
    actions_of,
    has_progress,
    status_of,
    version_text,
)
from client.gui.messages.look import Look

CARD_WIDTH, CARD_HEIGHT, PROGRESS_HEIGHT = 320, 54, 3
ICON_X, ICON_W, ICON_H, WORDS_X = 12, 26, 34, 48
BUTTON, BUTTONS_RIGHT, PIECE_GAP = 28, 8, 8
IMAGE_MAX_W, IMAGE_MAX_H, IMAGE_MIN, IMAGE_RADIUS = 360, 260, 24, 8
GAP = 4  # above a card
IMAGE_BOX_W, IMAGE_BOX_H = 150, 40  # the place of a small picture, so that its buttons have room


class PieceKind(Enum):
    """What a part of the second line is."""

    SIZE = "size"
    STATUS = "status"
    VERSION = "version"
    CHANGES = "changes"


@dataclass(slots=True)
class Piece:
    """A part of the second line at its place."""

    kind: PieceKind
    text: str
    rect: QRectF


@dataclass(slots=True)
class FilePlace:
    """The file of one row: its place never changes while the row stands, the rest follows the
    transfer.
    """

    row: Row
    file: FileInfo
    rect: QRectF  # of the card, or the place kept for the picture
    picture: QRectF | None  # where the picture is drawn; None for a card
    transfer: Transfer | None = None
    changes: tuple[int, int] | None = None  # lines added and removed since the version before
    note: str = ""  # why the picture is not shown
    status: str = ""
    name: str = ""
    pieces: list[Piece] = field(default_factory=list)
    buttons: list[tuple[CardAction, QRectF]] = field(default_factory=list)

    @property
    def words_of_state(self) -> str:
        """Where the file stands, as tool tip and screen reader say it."""
        added = f"+{self.changes[0]} {MINUS}{self.changes[1]}" if self.changes else ""
        return ", ".join(part for part in (self.status or self.note, added) if part)

    def action_at(self, x: float, y: float) -> CardAction | None:
        """What a click at this point relative to the row does."""
        for action, rect in self.buttons:
            if rect.contains(x, y):
                return action
        for piece in self.pieces:
            if piece.rect.contains(x, y):
                if piece.kind is PieceKind.VERSION:
                    return CardAction.VERSIONS
                if piece.kind is PieceKind.CHANGES and self.file.is_text:
                    return CardAction.COMPARE
        if self.picture is not None and self.picture.contains(x, y):
            return CardAction.LOAD if self.note else CardAction.IMAGE
        return None


def picture_size(file: FileInfo, column: float) -> QSizeF:
    """The place of a picture in logical pixels: never larger than it is, never more than the
    column.
    """
    width, height = float(max(1, file.width)), float(max(1, file.height))
    scale = min(1.0, min(IMAGE_MAX_W, column) / width, IMAGE_MAX_H / height)
    return QSizeF(max(IMAGE_MIN, round(width * scale)), max(IMAGE_MIN, round(height * scale)))


def place_file(
    row: Row, file: FileInfo, as_image: bool, look: Look, x: float, y: float, column: float
) -> FilePlace:
    """Keep the place of a card or a picture at this corner."""
    if as_image:
        size = picture_size(file, column)
        rect = QRectF(
            x, y + GAP, max(size.width(), min(column, IMAGE_BOX_W)), max(size.height(), IMAGE_BOX_H)
        )
        return FilePlace(row, file, rect, QRectF(rect.topLeft(), size))
    height = max(CARD_HEIGHT, look.line + look.small_line + 16)
    width = min(column, max(CARD_WIDTH, round(CARD_WIDTH * look.theme.font_px / 14)))
    return FilePlace(row, file, QRectF(x, y + GAP, width, height), None)


def arrange(place: FilePlace, look: Look) -> None:
    """Write words and buttons anew, after the transfer or something else has changed."""
    place.status = status_of(place.transfer)
    _put_buttons(place)
    if place.picture is not None:
        place.name, place.pieces = place.file.name, []
        return
    left = place.rect.left() + WORDS_X
    right = place.buttons[0][1].left() - 4 if place.buttons else place.rect.right() - 12
    room = max(24.0, right - left)
    place.name = look.name_metrics.elidedText(place.file.name, Qt.TextElideMode.ElideMiddle, room)
    place.pieces = _pieces(place, look, left, room)


def _put_buttons(place: FilePlace) -> None:
    actions = actions_of(place.row, place.transfer)
    rect = place.rect
    if place.picture is not None:
        actions = tuple(action for action in actions if action is not CardAction.COMPARE)
        top = place.picture.top() + 6
        right = max(place.picture.right() - 6, rect.left() + len(actions) * BUTTON)
        if place.picture.width() < IMAGE_BOX_W:
            right = rect.right()
    else:
        top, right = rect.top() + (rect.height() - BUTTON) / 2, rect.right() - BUTTONS_RIGHT
    left = right - BUTTON * len(actions)
    place.buttons = [
        (action, QRectF(left + at * BUTTON, top, BUTTON, BUTTON))
        for at, action in enumerate(actions)
    ]


def _pieces(place: FilePlace, look: Look, left: float, room: float) -> list[Piece]:
    """The second line: what matters most first gets its room, then all stand in their usual
    order.
    """
    added = f"+{place.changes[0]} {MINUS}{place.changes[1]}" if place.changes else ""
    texts = {
        PieceKind.SIZE: size_words(place.file.size),
        PieceKind.STATUS: place.status or place.note,
        PieceKind.VERSION: version_text(place.file),
        PieceKind.CHANGES: added,
    }
    status, size, version, changes = (
        PieceKind.STATUS,
        PieceKind.SIZE,
        PieceKind.VERSION,
        PieceKind.CHANGES,
    )
    order = (
        (status, size, version, changes)
        if has_progress(place.transfer)
        else (status, version, changes, size)
    )
    widths: dict[PieceKind, float] = {}
    for kind in order:
        if not texts[kind]:
            continue
        width = _width(kind, texts[kind], look)
        used = sum(widths.values()) + PIECE_GAP * len(widths)
        if kind is status and width > room:
            texts[kind] = look.small_metrics.elidedText(
                texts[kind], Qt.TextElideMode.ElideRight, room
            )
            width = room
        if used + width <= room:
            widths[kind] = width
    x, made = left, []
    top = place.rect.top() + (place.rect.height() - look.line - look.small_line) / 2 + look.line
    for kind in (size, status, version, changes):
        if kind in widths:
            made.append(Piece(kind, texts[kind], QRectF(x, top, widths[kind], look.small_line)))
            x += widths[kind] + PIECE_GAP
    return made


def _width(kind: PieceKind, text: str, look: Look) -> float:
    if kind is PieceKind.VERSION:
        return float(look.tiny_metrics.horizontalAdvance(text)) + 12
    metrics = look.small_bold_metrics if kind is PieceKind.CHANGES else look.small_metrics
    return float(metrics.horizontalAdvance(text))
