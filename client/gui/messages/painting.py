"""Paints laid out rows: avatars, heads, text, code, quotes, reactions, marks, day pills, NEW line,
hover bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import (
    QBrush,
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTextCharFormat,
    QTextLayout,
)

from client.api.values import MessageState, Row, RowKind
from client.gui.kit.avatars import paint_avatar
from client.gui.language.translation import tr, tr_noop
from client.gui.messages.badges import Tone
from client.gui.messages.cards.painting import FilePainter
from client.gui.messages.cards.words import CardAction
from client.gui.messages.layout import NEW_BAND, Pill, RowLayout
from client.gui.messages.look import AVATAR_X, Look
from client.gui.messages.selection import Selection
from client.gui.messages.text.blocks import QUOTE_INDENT, TEXT_X, TextBlock
from client.text.markup import DONE_BOX, OPEN_BOX, BlockKind, one_line

BAR_BUTTON_W, BAR_HEIGHT, BAR_RIGHT = 33, 28, 24
COPY_W, COPY_H = 52, 22
SPILL = 3  # pixels that a glyph may stand out of its block


class BarAction(Enum):
    """A button of the hover bar."""

    REACT = tr_noop("React")
    REPLY = tr_noop("Reply")
    EDIT = tr_noop("Edit")
    MORE = tr_noop("More actions")


@dataclass(slots=True)
class RowState:
    """What the moment adds to a row."""

    index: int
    role: str = ""  # text of the chip
    is_hovered: bool = False
    is_focused: bool = False
    is_flashed: bool = False
    code_block: int = -1  # under the mouse
    selection: Selection | None = None
    file_action: CardAction | None = None  # under the mouse
    picture: QPixmap | None = None  # of an image
    is_animated: bool = False


def bar_rects(row_y: int, layout: RowLayout, width: int) -> list[tuple[BarAction, QRectF]]:
    """The buttons of the hover bar of a row, in viewport coordinates."""
    row = layout.row
    if row is None or row.kind is not RowKind.TEXT or row.sequence == 0:
        return []
    actions = [BarAction.REACT, BarAction.REPLY, BarAction.EDIT, BarAction.MORE]
    if not row.is_own:
        actions.remove(BarAction.EDIT)
    top = max(2.0, row_y + layout.body - (2 if layout.is_head else 14))
    left = min(width - BAR_RIGHT, TEXT_X + layout.column) - BAR_BUTTON_W * len(actions)
    return [
        (action, QRectF(left + at * BAR_BUTTON_W, top, BAR_BUTTON_W, BAR_HEIGHT))
        for at, action in enumerate(actions)
    ]


def copy_rect(block: TextBlock) -> QRectF:
    """The copy button of a code block, relative to the row."""
    return QRectF(block.x + block.width - COPY_W - 6, block.y + 6, COPY_W, COPY_H)


class RowPainter:
    """Owns what painting needs again and again; belongs to one Look."""

    def __init__(self, look: Look) -> None:
        self.look = look
        theme = look.theme
        self._text, self._muted = QColor(theme.text), QColor(theme.muted)
        self._line, self._accent, self._new = (
            QColor(theme.line),
            QColor(theme.accent),
            QColor(theme.new),
        )
        self._link, self._code_bg, self._bg = (
            QColor(theme.link),
            QColor(theme.code_bg),
            QColor(theme.bg),
        )
        self._selected = QTextCharFormat()
        self._selected.setBackground(QBrush(QColor(theme.selection_bg)))
        self._selected.setForeground(QBrush(QColor(theme.selection_text)))
        self._avatars: dict[tuple[str, float], QPixmap] = {}
        self._files = FilePainter(look)

    # --- a row ---

    def paint_ground(
        self, p: QPainter, y: int, width: int, layout: RowLayout, state: RowState
    ) -> None:
        """What lies under the text of the row and its neighbours."""
        area = QRectF(
            0, y + layout.body + (4 if layout.is_head else 0), width, layout.height - layout.body
        )
        area.setBottom(y + layout.height + 2)
        if state.is_flashed:
            p.fillRect(area, QColor(self.look.theme.chosen))
        elif state.is_hovered and layout.row is not None and layout.row.kind is not RowKind.SYSTEM:
            p.fillRect(area, QColor(self.look.theme.hover))
        if layout.row is not None and layout.row.mentions_me:
            p.fillRect(QRectF(0, area.top(), 3, area.height()), self._accent)
        if state.is_focused:
            p.setPen(QPen(self._accent, 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(area.adjusted(3, 1, -3, -2), 6, 6)

    def paint(self, p: QPainter, y: int, width: int, layout: RowLayout, state: RowState) -> None:
        """The row with its top at `y`."""
        row = layout.row
        if row is None:
            self._skeleton(p, y, layout)
            return
        band = float(y)
        if layout.day:
            self._day(p, band, width, layout.day)
            band += self.look.day_band
        if layout.is_new:
            self._new_line(p, band, width)
        p.translate(0, y)
        if layout.is_head:
            self._head(p, layout, row, state)
        elif state.is_hovered and row.kind is not RowKind.SYSTEM:
            p.setFont(self.look.tiny_font)
            p.setPen(self._muted)
            gutter = QRectF(0, layout.body, TEXT_X - 10, self.look.line)
            p.drawText(
                gutter,
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                layout.time,
            )
        if layout.quote is not None:
            self._reply_quote(p, layout)
        self._chips(p, layout)
        for at, block in enumerate(layout.blocks):
            if block.is_file and layout.card is not None:
                is_selected = state.selection is not None and bool(
                    state.selection.span(state.index, at, block.length)
                )
                is_lit = state.is_hovered or state.is_focused
                self._files.paint(
                    p,
                    layout.card,
                    state.file_action,
                    is_lit,
                    is_selected,
                    state.picture,
                    state.is_animated,
                )
            else:
                self._block(p, at, block, row, state)
        for pill in layout.pills:
            self._pill(p, pill)
        if row.is_own and row.kind is RowKind.TEXT:
            self._state(p, layout, row)
        p.translate(0, -y)

    def _head(self, p: QPainter, layout: RowLayout, row: Row, state: RowState) -> None:
        look, y = self.look, layout.head_y
        p.drawPixmap(QPointF(look.avatar_x, y), self._avatar(row.username, p))
        baseline = y + look.baseline(is_code=False)[1]
        p.setFont(look.name_font)
        p.setPen(self._text)
        room = layout.column - 120
        name = look.name_metrics.elidedText(row.username, Qt.TextElideMode.ElideRight, room)
        p.drawText(QPointF(TEXT_X, baseline), name)
        x = TEXT_X + look.name_metrics.horizontalAdvance(name) + 8
        if state.role:
            p.setFont(look.tiny_font)
            chip = QRectF(
                x,
                y + (look.line - 16) / 2,
                look.tiny_metrics.horizontalAdvance(state.role) + 12,
                16,
            )
            p.setPen(QPen(self._accent, 1))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.setPen(self._link)
            p.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), state.role)
            x = chip.right() + 8
        p.setFont(look.small_font)
        p.setPen(self._muted)
        p.drawText(QPointF(x, baseline), layout.time)

    def _avatar(self, username: str, p: QPainter) -> QPixmap:
        device = p.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        key = (username, ratio)
        if key not in self._avatars:
            if len(self._avatars) > 500:
                self._avatars.clear()
            self._avatars[key] = avatar_pixmap(username, self.look.avatar_px, ratio)
        return self._avatars[key]

    def _reply_quote(self, p: QPainter, layout: RowLayout) -> None:
        quote, rect, look = layout.quote, layout.quote_rect, self.look
        if quote is None:
            return
        p.fillRect(
            QRectF(rect.left() + 2, rect.top() + 1, 3, rect.height() - 2),
            QColor(look.theme.field_border),
        )
        baseline = rect.top() + look.baseline(is_code=False)[1]
        x = rect.left() + QUOTE_INDENT
        p.setPen(self._muted)
        p.setFont(look.small_bold)
        p.drawText(QPointF(x, baseline), quote.username)
        x += look.small_bold_metrics.horizontalAdvance(quote.username) + 8
        p.setFont(look.small_font)
        room, words = rect.right() - x, one_line(quote.text)
        text = look.small_metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        p.drawText(QPointF(x, baseline), text)

    def _chips(self, p: QPainter, layout: RowLayout) -> None:
        theme = self.look.theme
        inks = {Tone.QUIET: theme.muted, Tone.ASKING: theme.link, Tone.DONE: theme.added}
        p.setFont(self.look.tiny_font)
        for text, tone, rect in layout.chips:
            p.setPen(QPen(QColor(inks[tone]), 1))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)

    def _block(self, p: QPainter, at: int, block: TextBlock, row: Row, state: RowState) -> None:
        look = self.look
        self._around(p, block)
        p.setPen(self._muted if row.kind is RowKind.SYSTEM else self._text)
        ranges = []
        if state.selection is not None:
            span = state.selection.span(state.index, at, block.length)
            if span is not None:
                selected = QTextLayout.FormatRange()
                selected.start, selected.length, selected.format = (
                    span[0],
                    span[1] - span[0],
                    self._selected,
                )
                ranges.append(selected)
        origin = QPointF(block.x + block.pad_x, block.y)
        if block.text.isascii():
            block.layout.draw(p, origin, ranges)
        else:  # marks that pile up must not cover who wrote this, nor what others wrote
            p.save()
            room = QRectF(0, block.y, block.x + block.width + TEXT_X, block.height).adjusted(
                0, -SPILL, 0, SPILL
            )
            p.setClipRect(room, Qt.ClipOperation.IntersectClip)
            block.layout.draw(p, origin, ranges)
            p.restore()
        if block.kind is BlockKind.CODE and state.code_block == at:
            rect = copy_rect(block)
            p.setPen(QPen(self._line, 1))
            p.setBrush(self._bg)
            p.drawRoundedRect(rect, 5, 5)
            p.setFont(look.small_font)
            p.setPen(self._muted)
            p.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), tr("Copy"))

    def _around(self, p: QPainter, block: TextBlock) -> None:
        """What is drawn under and beside a text: boxes, bars of quotes, markers of lists, rules."""
        box = QRectF(block.x, block.y, block.width, block.height)
        for bar in block.bars:
            p.fillRect(bar, QColor(self.look.theme.field_border))
        if block.kind is BlockKind.CODE:
            p.setPen(QPen(self._line, 1))
            p.setBrush(self._code_bg)
            p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        elif block.kind is BlockKind.TABLE:
            p.setPen(QPen(self._line, 1))
            p.setBrush(self._code_bg if block.is_header else Qt.BrushStyle.NoBrush)
            p.drawRect(box.adjusted(0.5, 0.5, 0.5, 0.5))
        elif block.kind is BlockKind.RULE:
            p.fillRect(
                QRectF(block.x, round(box.center().y()), block.width, 1),
                QColor(self.look.theme.field_border),
            )
        if block.marker in (OPEN_BOX, DONE_BOX):
            self._task_box(p, block)
        elif block.marker:
            p.setFont(self.look.text_font)
            p.setPen(self._text)
            side = Qt.AlignmentFlag.AlignLeft if block.is_rtl else Qt.AlignmentFlag.AlignRight
            p.drawText(block.marker_rect, int(side | Qt.AlignmentFlag.AlignVCenter), block.marker)

    def _task_box(self, p: QPainter, block: TextBlock) -> None:
        is_done, around, size = (
            block.marker == DONE_BOX,
            block.marker_rect,
            self.look.theme.font_px - 2,
        )
        left = around.left() if block.is_rtl else around.right() - size
        box = QRectF(round(left), round(around.center().y() - size / 2), size, size)
        p.setPen(QPen(self._accent if is_done else QColor(self.look.theme.field_border), 1.2))
        p.setBrush(self._accent if is_done else Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if is_done:
            tick = QPainterPath(box.topLeft() + QPointF(size * 0.25, size * 0.52))
            tick.lineTo(box.topLeft() + QPointF(size * 0.44, size * 0.71))
            tick.lineTo(box.topLeft() + QPointF(size * 0.77, size * 0.31))
            p.setPen(QPen(QColor(self.look.theme.on_accent), 1.6))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawPath(tick)

    def _pill(self, p: QPainter, pill: Pill) -> None:
        theme, rect = self.look.theme, pill.rect
        p.setPen(QPen(self._accent if pill.is_mine else self._line, 1))
        p.setBrush(QColor(theme.mention_bg if pill.is_mine else theme.code_bg))
        p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 11, 11)
        font = QFont(self.look.small_font)
        families = self.look.reaction_families()
        if families:
            font.setFamilies(families)
        p.setFont(font)
        p.setPen(self._text)
        align = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        p.drawText(rect.adjusted(8, 0, 0, 0), align, pill.reaction.emoji)
        p.setFont(self.look.small_bold)
        count = str(len(pill.reaction.usernames))
        p.drawText(
            rect.adjusted(0, 0, -8, 0),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
            count,
        )

    def _state(self, p: QPainter, layout: RowLayout, row: Row) -> None:
        if row.state is MessageState.FAILED:
            self._failure(p, layout)
            return
        last = layout.blocks[-1]
        centre = QPointF(
            state_x(layout) + 7, last.y + last.height - last.pad_y - self.look.line / 2
        )
        paint_state(p, centre, row.state, self._muted)

    def _failure(self, p: QPainter, layout: RowLayout) -> None:
        look, height = self.look, layout.retry_rect.height()
        middle = layout.failure_y + height / 2
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(self._new)
        p.drawEllipse(QPointF(TEXT_X + 7, middle), 7, 7)
        p.setPen(QPen(self._bg, 1.8))
        p.drawLine(QPointF(TEXT_X + 7, middle - 3.5), QPointF(TEXT_X + 7, middle + 0.8))
        p.drawPoint(QPointF(TEXT_X + 7, middle + 3.4))
        align = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        p.setPen(self._new)
        p.setFont(look.small_font)
        p.drawText(
            QRectF(TEXT_X + 20, layout.failure_y, layout.column, height), align, layout.failure
        )
        p.setPen(self._link)
        p.setFont(look.small_bold)
        p.drawText(layout.retry_rect, align, tr("Retry"))
        p.drawText(layout.discard_rect, align, tr("Discard"))

    # --- between rows ---

    def _day(self, p: QPainter, y: float, width: int, text: str) -> None:
        look, middle = self.look, y + self.look.day_band / 2 + 2
        p.setPen(QPen(self._line, 1))
        p.drawLine(QPointF(AVATAR_X, middle), QPointF(width - AVATAR_X, middle))
        pill_w = look.small_bold_metrics.horizontalAdvance(text) + 24
        pill = QRectF((width - pill_w) / 2, middle - 11, pill_w, 22)
        p.setBrush(self._bg)
        p.drawRoundedRect(pill, 11, 11)
        p.setPen(self._muted)
        p.setFont(look.small_bold)
        p.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)

    def _new_line(self, p: QPainter, y: float, width: int) -> None:
        look, middle = self.look, y + NEW_BAND / 2
        label_w = look.tiny_metrics.horizontalAdvance(tr("NEW")) + 8
        p.setPen(QPen(self._new, 1))
        p.drawLine(QPointF(AVATAR_X, middle), QPointF(width - AVATAR_X - label_w, middle))
        p.setFont(look.tiny_font)
        label = QRectF(width - AVATAR_X - label_w, y, label_w, NEW_BAND)
        p.drawText(
            label, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), tr("NEW")
        )

    def _skeleton(self, p: QPainter, y: int, layout: RowLayout) -> None:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(self._line)
        p.drawRoundedRect(QRectF(TEXT_X, y + 12, min(layout.column, 320.0) * 0.7, 10), 5, 5)

    # --- over the rows ---

    def paint_bar(
        self, p: QPainter, rects: list[tuple[BarAction, QRectF]], hovered: BarAction | None
    ) -> None:
        """The hover bar."""
        if not rects:
            return
        theme = self.look.theme
        frame = rects[0][1].united(rects[-1][1])
        p.setPen(QPen(self._line, 1))
        p.setBrush(self._bg if not theme.is_dark else QColor(theme.side))
        p.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for action, rect in rects:
            if action is hovered:
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(QColor(theme.chosen))
                p.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 4, 4)
            p.setPen(QPen(self._text if action is hovered else self._muted, 1.4))
            p.setBrush(Qt.BrushStyle.NoBrush)
            _paint_icon(p, action, rect.center() + QPointF(0.5, 0.5))


def state_x(layout: RowLayout) -> float:
    """Where the mark of an own message's state stands."""
    return TEXT_X + layout.column + 8


def paint_state(p: QPainter, centre: QPointF, state: MessageState, colour: QColor) -> None:
    """Clock: saved; arrow: sent; one tick: stored; two ticks: delivered."""
    p.setPen(
        QPen(colour, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    p.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    if state is MessageState.SAVED:
        p.drawEllipse(centre, 5, 5)
        path.moveTo(centre + QPointF(0, -3))
        path.lineTo(centre)
        path.lineTo(centre + QPointF(2.4, 1.2))
    elif state is MessageState.SENT:
        path.moveTo(centre + QPointF(0, 4.5))
        path.lineTo(centre + QPointF(0, -4.5))
        path.moveTo(centre + QPointF(-3.5, -1))
        path.lineTo(centre + QPointF(0, -4.5))
        path.lineTo(centre + QPointF(3.5, -1))
    else:
        shifts = (0.0,) if state is MessageState.STORED else (-2.5, 2.5)
        for shift in shifts:
            path.moveTo(centre + QPointF(shift - 4, 0.5))
            path.lineTo(centre + QPointF(shift - 1, 3.5))
            path.lineTo(centre + QPointF(shift + 4.5, -3))
    p.drawPath(path)


def avatar_pixmap(username: str, size: int, ratio: float = 1.0) -> QPixmap:
    """A round avatar with initials."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    p = QPainter(pixmap)
    paint_avatar(p, QRectF(0, 0, size, size), username)
    p.end()
    return pixmap


def _paint_icon(p: QPainter, action: BarAction, centre: QPointF) -> None:
    path = QPainterPath()
    if action is BarAction.REACT:
        p.drawEllipse(centre, 6, 6)
        p.drawPoint(centre + QPointF(-2.2, -1.8))
        p.drawPoint(centre + QPointF(2.2, -1.8))
        path.moveTo(centre + QPointF(-3, 1.5))
        path.quadTo(centre + QPointF(0, 5), centre + QPointF(3, 1.5))
    elif action is BarAction.REPLY:
        path.moveTo(centre + QPointF(-2, -5))
        path.lineTo(centre + QPointF(-6, -1))
        path.lineTo(centre + QPointF(-2, 3))
        path.moveTo(centre + QPointF(-6, -1))
        path.lineTo(centre + QPointF(2, -1))
        path.quadTo(centre + QPointF(6, -1), centre + QPointF(6, 5))
    elif action is BarAction.EDIT:
        path.moveTo(centre + QPointF(-5, 5))
        path.lineTo(centre + QPointF(-4, 1))
        path.lineTo(centre + QPointF(3, -6))
        path.lineTo(centre + QPointF(6, -3))
        path.lineTo(centre + QPointF(-1, 4))
        path.closeSubpath()
    else:
        brush = p.pen().color()
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(brush)
        for shift in (-5.0, 0.0, 5.0):
            p.drawEllipse(centre + QPointF(shift, 0), 1.4, 1.4)
    p.drawPath(path)
