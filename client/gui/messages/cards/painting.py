"""Paints the card or the picture of a file: icon by type, words, line of progress, buttons,
badges.
"""

from __future__ import annotations

from PyQt5.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt5.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap

from client.api.values import FileInfo, TransferState
from client.gui.kit.theme import Theme, ui_font
from client.gui.language.translation import tr
from client.gui.messages.cards.layout import (
    ICON_H,
    ICON_W,
    ICON_X,
    IMAGE_RADIUS,
    PROGRESS_HEIGHT,
    WORDS_X,
    FileCard,
    Piece,
    PieceKind,
)
from client.gui.messages.cards.words import CardAction, has_progress
from client.gui.messages.look import Look
from shared.filenames import split_name

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_SHADE = QColor(0, 0, 0, 190)  # under white words on a picture
_WHITE = QColor("#FFFFFF")


class FilePainter:
    """Belongs to one Look."""

    def __init__(self, look: Look) -> None:
        self.look = look
        theme = look.theme
        self._text, self._muted, self._line = (
            QColor(theme.text),
            QColor(theme.muted),
            QColor(theme.line),
        )
        self._accent, self._ground, self._bad = (
            QColor(theme.accent),
            QColor(theme.code_bg),
            QColor(theme.new),
        )
        self._good = QColor(theme.code_string)

    def paint(
        self,
        p: QPainter,
        card: FileCard,
        hovered: CardAction | None,
        is_lit: bool,
        is_selected: bool,
        picture: QPixmap | None,
        is_animated: bool,
    ) -> None:
        """Paint one file; `is_lit`: the mouse or the keyboard is on its row."""
        if card.picture is None:
            self._card(p, card, hovered)
        else:
            self._picture(p, card, hovered, is_lit, picture, is_animated)
        if is_selected:
            tint = QColor(self.look.theme.selection_bg)
            tint.setAlpha(110)
            p.setPen(QPen(self._accent, 1))
            p.setBrush(tint)
            p.drawRoundedRect((card.picture or card.rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    # --- the card ---

    def _card(self, p: QPainter, card: FileCard, hovered: CardAction | None) -> None:
        look, rect = self.look, card.rect
        p.setPen(QPen(self._line, 1))
        p.setBrush(self._ground)
        p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        icon = QRectF(
            rect.left() + ICON_X, rect.top() + (rect.height() - ICON_H) / 2, ICON_W, ICON_H
        )
        paint_file_icon(p, icon, card.file, look.theme)
        top = rect.top() + (rect.height() - look.line - look.small_line) / 2
        p.setFont(look.name_font)
        p.setPen(self._text)
        p.drawText(
            QRectF(rect.left() + WORDS_X, top, rect.width() - WORDS_X, look.line), _LEFT, card.name
        )
        for piece in card.pieces:
            self._piece(p, card, piece, hovered)
        for action, button in card.buttons:
            self._button(p, action, button, action is hovered, self._muted, self._text)
        if has_progress(card.transfer):
            self._progress(p, card, rect, 6)

    def _piece(self, p: QPainter, card: FileCard, piece: Piece, hovered: CardAction | None) -> None:
        look = self.look
        p.setFont(look.small_font)
        if piece.kind is PieceKind.VERSION:
            is_hovered = hovered is CardAction.VERSIONS
            p.setFont(look.tiny_font)
            height = min(piece.rect.height(), look.tiny_metrics.height() + 1)
            chip = QRectF(
                piece.rect.left(), piece.rect.center().y() - height / 2, piece.rect.width(), height
            )
            p.setPen(QPen(self._accent, 1))
            p.setBrush(QColor(look.theme.chosen) if is_hovered else Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.setPen(self._text if is_hovered else QColor(look.theme.link))
            p.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), piece.text)
            return
        if piece.kind is PieceKind.CHANGES:
            p.setFont(look.small_bold)
            added, _, removed = piece.text.partition(" ")
            p.setPen(self._good)
            p.drawText(piece.rect, _LEFT, added)
            shift = look.small_bold_metrics.horizontalAdvance(added + " ")
            p.setPen(self._bad)
            p.drawText(piece.rect.adjusted(shift, 0, 0, 0), _LEFT, removed)
            return
        p.setPen(self._muted)
        if piece.kind is PieceKind.STATUS and card.transfer is not None:
            if card.transfer.state is TransferState.FAILED:
                p.setPen(self._bad)
            elif card.transfer.state is TransferState.DONE:
                p.setPen(self._good)
        p.drawText(piece.rect, _LEFT, piece.text)

    def _progress(self, p: QPainter, card: FileCard, rect: QRectF, radius: float) -> None:
        transfer = card.transfer
        if transfer is None:
            return
        share = transfer.bytes_done / transfer.size if transfer.size > 0 else 0.0
        shape = QPainterPath()
        shape.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        p.save()
        p.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        track = QRectF(rect.left(), rect.bottom() - PROGRESS_HEIGHT, rect.width(), PROGRESS_HEIGHT)
        p.fillRect(track, self._line)
        colour = self._accent
        if transfer.state is TransferState.FAILED:
            colour = self._bad
        elif transfer.state is not TransferState.ACTIVE:
            colour = QColor(self.look.theme.field_border)
        track.setWidth(rect.width() * max(0.0, min(1.0, share)))
        p.fillRect(track, colour)
        p.restore()

    # --- the picture ---

    def _picture(
        self,
        p: QPainter,
        card: FileCard,
        hovered: CardAction | None,
        is_lit: bool,
        picture: QPixmap | None,
        is_animated: bool,
    ) -> None:
        rect = card.picture
        if rect is None:
            return
        if picture is None:
            self._missing(p, card, rect)
        else:
            size = QSizeF(picture.size()) / picture.devicePixelRatio()
            size.scale(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRectF(QPointF(), size)
            area.moveCenter(rect.center())
            p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            p.drawPixmap(area, picture, QRectF(picture.rect()))
            p.setPen(QPen(self._line, 1))  # a white image would have no edge on white
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), IMAGE_RADIUS, IMAGE_RADIUS)
            if is_animated:
                self._badge(p, rect)
        if (
            card.status
            and card.transfer is not None
            and card.transfer.state is not TransferState.DONE
        ):
            self._strip(p, card, rect)
        if is_lit or card.status:
            for action, button in card.buttons:
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(_SHADE)
                p.drawRoundedRect(button.adjusted(1, 1, -1, -1), 6, 6)
                self._button(
                    p, action, button, action is hovered, _WHITE, _WHITE, is_on_picture=True
                )

    def _missing(self, p: QPainter, card: FileCard, rect: QRectF) -> None:
        p.setPen(QPen(self._line, 1))
        p.setBrush(self._ground)
        p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), IMAGE_RADIUS, IMAGE_RADIUS)
        if rect.width() >= 100 and rect.height() >= 40:
            p.setPen(self._muted)
            p.setFont(self.look.small_font)
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            p.drawText(
                rect.adjusted(10, 6, -10, -6), flags, card.note or tr("Loading the image\u2026")
            )

    def _badge(self, p: QPainter, rect: QRectF) -> None:
        if rect.width() < 40 or rect.height() < 30:
            return
        p.setFont(self.look.tiny_font)
        width = self.look.tiny_metrics.horizontalAdvance("GIF") + 12
        badge = QRectF(rect.left() + 8, rect.top() + 8, width, self.look.tiny_metrics.height() + 4)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(_SHADE)
        p.drawRoundedRect(badge, 4, 4)
        p.setPen(_WHITE)
        p.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), "GIF")

    def _strip(self, p: QPainter, card: FileCard, rect: QRectF) -> None:
        look, shape = self.look, QPainterPath()
        shape.addRoundedRect(rect, IMAGE_RADIUS, IMAGE_RADIUS)
        height = look.small_line + 6 + PROGRESS_HEIGHT
        if rect.width() >= 100 and rect.height() >= height:
            p.save()
            p.setClipPath(shape, Qt.ClipOperation.IntersectClip)
            strip = QRectF(rect.left(), rect.bottom() - height, rect.width(), height)
            p.fillRect(strip, _SHADE)
            p.setFont(look.small_font)
            p.setPen(_WHITE)
            words = strip.adjusted(10, 0, -10, -PROGRESS_HEIGHT)
            text = look.small_metrics.elidedText(
                card.status, Qt.TextElideMode.ElideRight, words.width()
            )
            p.drawText(words, _LEFT, text)
            p.restore()
        self._progress(p, card, rect, IMAGE_RADIUS)

    def _button(
        self,
        p: QPainter,
        action: CardAction,
        rect: QRectF,
        is_hovered: bool,
        colour: QColor,
        hovered_colour: QColor,
        is_on_picture: bool = False,
    ) -> None:
        if is_hovered:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(
                QColor(255, 255, 255, 60) if is_on_picture else QColor(self.look.theme.chosen)
            )
            p.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        p.setPen(
            QPen(
                hovered_colour if is_hovered else colour,
                1.6,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawPath(_icon(action, rect.center()))


_ICONS: dict[CardAction, tuple[tuple[tuple[float, float], ...], ...]] = {
    CardAction.SAVE: (
        ((0, -6), (0, 3)),
        ((-4, -1), (0, 3), (4, -1)),
        ((-6, 3), (-6, 6), (6, 6), (6, 3)),
    ),
    CardAction.PAUSE: (((-3, -5), (-3, 5)), ((3, -5), (3, 5))),
    CardAction.RESUME: (((-3, -5), (5, 0), (-3, 5), (-3, -5)),),
    CardAction.CANCEL: (((-4, -4), (4, 4)), ((-4, 4), (4, -4))),
    CardAction.FOLDER: (((-6, 5), (-6, -5), (-2, -5), (0, -3), (6, -3), (6, 5), (-6, 5)),),
    CardAction.COMPARE: (
        ((-6, -3), (0, -3)),
        ((-3, -6), (-3, 0)),
        ((0, 5), (6, 5)),
        ((-4, 6), (4, -6)),
    ),
}


def _icon(action: CardAction, centre: QPointF) -> QPainterPath:
    path = QPainterPath()
    for stroke in _ICONS.get(action, ()):
        path.moveTo(centre + QPointF(*stroke[0]))
        for point in stroke[1:]:
            path.lineTo(centre + QPointF(*point))
    return path


def paint_file_icon(p: QPainter, rect: QRectF, file: FileInfo, theme: Theme) -> None:
    """A sheet with a folded corner; what is on it tells the type, and its extension stands there if
    it is short.
    """
    fold = 7.0
    sheet, corner = QPainterPath(), QPainterPath()
    area = rect.adjusted(0.75, 0.75, -0.75, -0.75)
    sheet.moveTo(area.left() + 3, area.top())
    sheet.lineTo(area.right() - fold, area.top())
    sheet.lineTo(area.right(), area.top() + fold)
    sheet.lineTo(area.right(), area.bottom() - 3)
    sheet.quadTo(area.bottomRight(), QPointF(area.right() - 3, area.bottom()))
    sheet.lineTo(area.left() + 3, area.bottom())
    sheet.quadTo(area.bottomLeft(), QPointF(area.left(), area.bottom() - 3))
    sheet.lineTo(area.left(), area.top() + 3)
    sheet.quadTo(area.topLeft(), QPointF(area.left() + 3, area.top()))
    corner.moveTo(area.right() - fold, area.top())
    corner.lineTo(area.right() - fold, area.top() + fold)
    corner.lineTo(area.right(), area.top() + fold)
    pen = QPen(
        QColor(theme.accent),
        1.5,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )
    p.setPen(pen)
    p.setBrush(QColor(theme.bg))
    p.drawPath(sheet)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawPath(corner)
    extension = split_name(file.name)[1][1:].upper()
    inner = QRectF(area.left(), area.top() + fold + 1, area.width(), area.height() - fold - 2)
    if 0 < len(extension) <= 4 and extension.isascii():
        p.setFont(ui_font(8 if len(extension) > 3 else 9, QFont.Weight.Bold))
        p.setPen(QColor(theme.link))
        p.drawText(inner, int(Qt.AlignmentFlag.AlignCenter), extension)
    else:
        p.drawPath(_signs_of(file.mime, inner.center()))


def _signs_of(mime: str, centre: QPointF) -> QPainterPath:
    path, kind = QPainterPath(), mime.partition("/")[0]
    if kind == "image":
        path.moveTo(centre + QPointF(-7, 5))
        path.lineTo(centre + QPointF(-2, -2))
        path.lineTo(centre + QPointF(2, 3))
        path.lineTo(centre + QPointF(4, 1))
        path.lineTo(centre + QPointF(7, 5))
        path.addEllipse(centre + QPointF(4, -4), 1.5, 1.5)
    elif kind in ("audio", "video"):
        path.moveTo(centre + QPointF(-3, -5))
        path.lineTo(centre + QPointF(5, 0))
        path.lineTo(centre + QPointF(-3, 5))
        path.closeSubpath()
    else:
        for at, width in enumerate((12, 12, 7)):
            path.moveTo(centre + QPointF(-6, -4 + 4 * at))
            path.lineTo(centre + QPointF(-6 + width, -4 + 4 * at))
    return path
