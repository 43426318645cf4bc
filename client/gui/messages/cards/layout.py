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
    """What a piece of the second line is."""

    SIZE = "size"
    STATUS = "status"
    VERSION = "version"
    CHANGES = "changes"


@dataclass(slots=True)
class Piece:
    """A piece of the second line, laid out."""

    kind: PieceKind
    text: str
    rect: QRectF


@dataclass(slots=True)
class FileCard:
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
        return ", ".join(phrase for phrase in (self.status or self.note, added) if phrase)

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


def card_of(
    row: Row, file: FileInfo, as_image: bool, look: Look, x: float, y: float, column: float
) -> FileCard:
    """Keep the place of a card or a picture at this corner."""
    if as_image:
        size = picture_size(file, column)
        rect = QRectF(
            x, y + GAP, max(size.width(), min(column, IMAGE_BOX_W)), max(size.height(), IMAGE_BOX_H)
        )
        return FileCard(row, file, rect, QRectF(rect.topLeft(), size))
    height = max(CARD_HEIGHT, look.line + look.small_line + 16)
    width = min(column, max(CARD_WIDTH, round(CARD_WIDTH * look.theme.font_px / 14)))
    return FileCard(row, file, QRectF(x, y + GAP, width, height), None)


def arrange(card: FileCard, look: Look) -> None:
    """Write words and buttons anew, after the transfer or something else has changed."""
    card.status = status_of(card.transfer)
    _put_buttons(card)
    if card.picture is not None:
        card.name, card.pieces = card.file.name, []
        return
    left = card.rect.left() + WORDS_X
    right = card.buttons[0][1].left() - 4 if card.buttons else card.rect.right() - 12
    room = max(24.0, right - left)
    card.name = look.name_metrics.elidedText(card.file.name, Qt.TextElideMode.ElideMiddle, room)
    card.pieces = _pieces(card, look, left, room)


def _put_buttons(card: FileCard) -> None:
    actions = actions_of(card.row, card.transfer)
    rect = card.rect
    if card.picture is not None:
        actions = tuple(action for action in actions if action is not CardAction.COMPARE)
        top = card.picture.top() + 6
        right = max(card.picture.right() - 6, rect.left() + len(actions) * BUTTON)
        if card.picture.width() < IMAGE_BOX_W:
            right = rect.right()
    else:
        top, right = rect.top() + (rect.height() - BUTTON) / 2, rect.right() - BUTTONS_RIGHT
    left = right - BUTTON * len(actions)
    card.buttons = [
        (action, QRectF(left + at * BUTTON, top, BUTTON, BUTTON))
        for at, action in enumerate(actions)
    ]


def _pieces(card: FileCard, look: Look, left: float, room: float) -> list[Piece]:
    """The second line: what matters most first gets its room, then all stand in their usual
    order.
    """
    added = f"+{card.changes[0]} {MINUS}{card.changes[1]}" if card.changes else ""
    texts = {
        PieceKind.SIZE: size_words(card.file.size),
        PieceKind.STATUS: card.status or card.note,
        PieceKind.VERSION: version_text(card.file),
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
        if has_progress(card.transfer)
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
    top = card.rect.top() + (card.rect.height() - look.line - look.small_line) / 2 + look.line
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
