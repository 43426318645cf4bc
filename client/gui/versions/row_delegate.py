"""Paints the versions of a draft in the right panel, and knows what lies where in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from PyQt5.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from client.api.values import Row
from client.gui.kit.theme import Theme, ui_font
from client.gui.language.local_words import moment_text, size_words
from client.gui.language.translation import tr
from client.gui.messages.cards.words import MINUS, file_of
from client.gui.versions.words import spoken_changes, version_number
from client.text.markup import one_line

SHOWN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_PAD_X, _PAD_Y, _GAP = 16, 9, 3
_BOX = 15
_BUTTON_GAP = 16
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class VersionAction(Enum):
    """What of a row was clicked or is meant by a key."""

    ROW = "row"
    TICK = "tick"
    SAVE = "save"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One row of the panel."""

    row: Row
    now: datetime
    changes: tuple[int, int] | None
    before: bytes  # message_id of the version it can be compared with, else empty
    before_number: int
    can_tick: bool
    is_ticked: bool

    @property
    def message_id(self) -> bytes:
        """The message that holds this version."""
        return self.row.message_id

    @property
    def size(self) -> str:
        """How large the file is."""
        file = file_of(self.row)
        return size_words(file.size) if file is not None else ""

    @property
    def caption(self) -> str:
        """What was written with the file, in one line."""
        return one_line(self.row.text, 200)

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        words = [
            tr("version {number}", number=version_number(self.row)),
            self.row.username,
            moment_text(self.row.sent_at_ms, self.now),
            self.size,
            spoken_changes(*self.changes) if self.changes is not None else "",
            self.caption,
            tr("ticked") if self.is_ticked else "",
        ]
        return ", ".join(word for word in words if word)

    def tool_tip(self, action: VersionAction) -> str:
        """What a click on it does."""
        if action is VersionAction.SAVE:
            return tr("Save this version (S)")
        if action is VersionAction.COMPARE:
            return tr("Show what has changed since version {number} (C)", number=self.before_number)
        if action is VersionAction.TICK:
            return tr("Tick two versions to compare them (Space)")
        return tr("Show the message (Enter)")


class VersionDelegate(QStyledItemDelegate):
    """Paints versions. `hovered` is what the mouse is over."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.hovered: tuple[bytes, VersionAction] | None = None

    # --- places ---

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        shown = index.data(SHOWN_ROLE)
        return self.size_of(shown) if isinstance(shown, ShownVersion) else QSize()

    def size_of(self, shown: ShownVersion) -> QSize:
        """How high the row is; its width is that of the panel."""
        small = QFontMetrics(ui_font(self.theme.small_px)).height()
        lines = 3 if shown.caption else 2
        return QSize(0, 2 * _PAD_Y + self._head_height() + lines * (small + _GAP) + _GAP)

    def _head_height(self) -> int:
        return QFontMetrics(self._head_font()).height()

    def _head_font(self) -> QFont:
        return ui_font(self.theme.font_px, QFont.Weight.DemiBold)

    def _tick_rect(self, rect: QRect) -> QRect:
        top = rect.top() + _PAD_Y + (self._head_height() - _BOX) // 2
        return QRect(rect.right() - _PAD_X - _BOX + 1, top, _BOX, _BOX)

    def buttons(self, rect: QRect, shown: ShownVersion) -> list[tuple[VersionAction, str, QRect]]:
        """(action, words, area) of what can be clicked in the last line of the row."""
        metrics = QFontMetrics(ui_font(self.theme.small_px))
        words = [(VersionAction.SAVE, tr("Save"))]
        if shown.before:
            room = (
                rect.width() - 2 * _PAD_X - _BUTTON_GAP - metrics.horizontalAdvance(tr("Save")) - 2
            )
            long = tr("Compare with version {number}", number=shown.before_number)
            short = tr("Compare with {number}", number=shown.before_number)
            words.insert(
                0,
                (VersionAction.COMPARE, long if metrics.horizontalAdvance(long) <= room else short),
            )
        left, buttons = rect.left() + _PAD_X, []
        for action, text in words:
            width = metrics.horizontalAdvance(text) + 1
            buttons.append(
                (
                    action,
                    text,
                    QRect(left, rect.bottom() - _PAD_Y - metrics.height(), width, metrics.height()),
                )
            )
            left += width + _BUTTON_GAP
        return buttons

    def action_at(self, rect: QRect, shown: ShownVersion, point: QPoint) -> VersionAction:
        """What lies under a point of the row that fills this rectangle."""
        if shown.can_tick and self._tick_rect(rect).adjusted(-6, -6, 6, 6).contains(point):
            return VersionAction.TICK
        for action, _, area in self.buttons(rect, shown):
            if area.adjusted(-4, -3, 4, 5).contains(point):
                return action
        return VersionAction.ROW

    # --- painting ---

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        shown = index.data(SHOWN_ROLE)
        if painter is None or not isinstance(shown, ShownVersion):
            return
        theme, rect = self.theme, option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = QRectF(rect.adjusted(8, 2, -8, -2))
        if is_chosen or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if is_chosen else theme.line))
            painter.drawRoundedRect(around, 6, 6)
        ink = theme.text if is_chosen or is_hovered else theme.muted
        self._paint_head(painter, rect, shown, ink)
        self._paint_facts(painter, rect, shown, ink)
        for action, text, area in self.buttons(rect, shown):
            font = ui_font(theme.small_px)
            font.setUnderline(self.hovered == (shown.message_id, action))
            painter.setFont(font)
            painter.setPen(QColor(theme.link))
            painter.drawText(area, _MIDDLE, text)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(around.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRect, shown: ShownVersion, ink: str) -> None:
        theme, height = self.theme, self._head_height()
        right = rect.right() - _PAD_X
        if shown.can_tick:
            box = self._tick_rect(rect)
            self._paint_tick(painter, box, shown.is_ticked)
            right = box.left() - 8
        line = QRect(
            rect.left() + _PAD_X, rect.top() + _PAD_Y, right - rect.left() - _PAD_X, height
        )
        painter.setFont(self._head_font())
        painter.setPen(QColor(theme.text))
        painter.drawText(line, _MIDDLE, tr("Version {number}", number=version_number(shown.row)))
        painter.setFont(ui_font(theme.small_px))
        painter.setPen(QColor(ink))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(line, flags, moment_text(shown.row.sent_at_ms, shown.now))

    def _paint_tick(self, painter: QPainter, box: QRect, is_ticked: bool) -> None:
        theme, area = self.theme, QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.accent if is_ticked else theme.field_border), 1))
        painter.setBrush(QColor(theme.accent if is_ticked else theme.bg))
        painter.drawRoundedRect(area, 3, 3)
        if is_ticked:
            painter.setPen(QPen(QColor(theme.on_accent), 2))
            corners = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.3))
            painter.drawPolyline(
                QPolygonF(
                    [
                        QPointF(area.x() + x * area.width(), area.y() + y * area.height())
                        for x, y in corners
                    ]
                )
            )

    def _paint_facts(self, painter: QPainter, rect: QRect, shown: ShownVersion, ink: str) -> None:
        """Who, how large, what has changed; below it the caption."""
        theme, font = self.theme, ui_font(self.theme.small_px)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        left, right = rect.left() + _PAD_X, rect.right() - _PAD_X
        top = rect.top() + _PAD_Y + self._head_height() + _GAP
        pieces = [(f" \u00b7 {shown.size}", ink)]
        if shown.changes is not None:
            added, removed = shown.changes
            pieces += [
                (" \u00b7 ", ink),
                (f"+{added}", theme.added),
                (f" {MINUS}{removed}", theme.removed),
            ]
        rest = sum(metrics.horizontalAdvance(text) for text, _ in pieces)
        name = metrics.elidedText(
            shown.row.username, Qt.TextElideMode.ElideRight, max(24, right - left - rest)
        )
        for text, colour in ((name, ink), *pieces):
            width = metrics.horizontalAdvance(text)
            painter.setPen(QColor(colour))
            painter.drawText(QRect(left, top, width + 2, metrics.height()), _MIDDLE, text)
            left += width
        if shown.caption:
            area = QRect(
                rect.left() + _PAD_X, top + metrics.height() + _GAP, rect.width() - 2 * _PAD_X, 0
            )
            area.setHeight(metrics.height())
            painter.setPen(QColor(theme.text))
            caption = metrics.elidedText(shown.caption, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, _MIDDLE, caption)
