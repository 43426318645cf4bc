"""Paints the rows of the files panel (headings, transfers, drafts), and knows what lies where in
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from PyQt5.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from client.api.values import (
    Row,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.gui.kit.theme import Theme, ui_font
from client.gui.language.local_words import moment_text, size_words
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from client.gui.messages.cards.words import file_of, has_progress, percent_of, statuses_of
from client.gui.session.panels import WIDTH

SHOWN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_PAD_X, _PAD_Y, _GAP = 16, 8, 3
_BAR = 4
_SCROLL_BAR = 14  # may stand beside the rows
_MOST_LINES = 6  # of a sentence that says why something does not move
_BUTTON_GAP = 16
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_WRAPPED = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(
    Qt.TextFlag.TextWordWrap
)


class FileAction(Enum):
    """What of a row was clicked or is meant by a key; the value is the word on it."""

    ROW = ""
    PAUSE = tr_noop("Pause")
    RESUME = tr_noop("Resume")
    RETRY = tr_noop("Try again")
    CANCEL = tr_noop("Cancel")
    FOLDER = tr_noop("Open folder")
    REMOVE = tr_noop("Remove")
    SAVE = tr_noop("Save")
    VERSIONS = tr_noop("Versions")


_ACTIONS_OF = {
    TransferState.ACTIVE: (FileAction.PAUSE, FileAction.CANCEL),
    TransferState.WAITING: (FileAction.PAUSE, FileAction.CANCEL),
    TransferState.PAUSED: (FileAction.RESUME, FileAction.CANCEL),
    TransferState.FAILED: (FileAction.RETRY, FileAction.REMOVE),
}


@dataclass(frozen=True, slots=True)
class ShownHeading:
    """The name of a section, and what stands there if it is empty."""

    key: bytes
    text: str
    sentence: str = ""

    actions: tuple[FileAction, ...] = ()

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        return f"{self.text}. {self.sentence}" if self.sentence else self.text

    def tool_tip(self) -> str:
        """Nothing more to say."""
        return ""


@dataclass(frozen=True, slots=True)
class ShownTransfer:
    """A file on its way, or one that has arrived."""

    transfer: Transfer
    title: str  # the conversation, as the sidebar calls it

    @property
    def key(self) -> bytes:
        """What the row is known by."""
        return self.transfer.transfer_id

    @property
    def statuses(self) -> tuple[str, ...]:
        """Where it stands, in more and in fewer words: what fits is shown."""
        return statuses_of(self.transfer)

    @property
    def actions(self) -> tuple[FileAction, ...]:
        """What can be done, from left to right."""
        buttons = _ACTIONS_OF.get(self.transfer.state)
        if buttons is not None:
            return buttons
        is_saved = self.transfer.direction is TransferDirection.DOWN
        return (FileAction.FOLDER, FileAction.REMOVE) if is_saved else (FileAction.REMOVE,)

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        name, is_up = self.transfer.name, self.transfer.direction is TransferDirection.UP
        doing = tr("Sending {name}", name=name) if is_up else tr("Saving {name}", name=name)
        percent = (
            tr("{percent} percent", percent=percent_of(self.transfer))
            if has_progress(self.transfer)
            else ""
        )
        return ", ".join(word for word in (doing, percent, self.statuses[0], self.title) if word)

    def tool_tip(self) -> str:
        """Name, conversation and the whole hash."""
        transfer = self.transfer
        lines = [transfer.name, self.title]
        if transfer.direction is TransferDirection.DOWN and transfer.path:
            lines.append(transfer.path)
        if transfer.sha256:
            lines.append(f"SHA-256 {transfer.sha256.hex()}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A file of the conversation with all its versions; the newest one stands for it."""

    draft: tuple[Row, ...]
    now: datetime

    @property
    def newest(self) -> Row:
        """The row of the newest version."""
        return self.draft[-1]

    @property
    def key(self) -> bytes:
        """What the row is known by."""
        return b"draft" + self.draft[0].message_id

    @property
    def name(self) -> str:
        """The name of the file."""
        file = file_of(self.newest)
        return file.name if file is not None else ""

    @property
    def statuses(self) -> tuple[str, ...]:
        """ "3 versions · alice · 12:04 · 4.8 KB", and less of it."""
        file = file_of(self.newest)
        words = [self.newest.username, moment_text(self.newest.sent_at_ms, self.now)]
        if len(self.draft) > 1:
            words.insert(0, tr_count("{count} version", "{count} versions", len(self.draft)))
        if file is not None:
            words.append(size_words(file.size))
        return tuple(" \u00b7 ".join(words[:count]) for count in range(len(words), 0, -1))

    @property
    def actions(self) -> tuple[FileAction, ...]:
        """What can be done, from left to right."""
        return (FileAction.SAVE, FileAction.VERSIONS) if len(self.draft) > 1 else (FileAction.SAVE,)

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        return f"{self.name}, {self.statuses[0]}"

    def tool_tip(self) -> str:
        """The whole name."""
        return self.name


Shown = ShownHeading | ShownTransfer | ShownDraft


class FileRowDelegate(QStyledItemDelegate):
    """Paints rows. `hovered` is the action that the mouse is over."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.hovered: tuple[bytes, FileAction] | None = None

    # --- places ---

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        shown = index.data(SHOWN_ROLE)
        return self.size_of(shown) if isinstance(shown, Shown) else QSize()

    def size_of(self, shown: Shown) -> QSize:
        """How high the row is; its width is that of the panel."""
        line = self._small().height()
        if isinstance(shown, ShownHeading):
            sentence = self._wrapped(shown.sentence, 99) + _GAP if shown.sentence else 0
            return QSize(0, 12 + line + 4 + sentence)
        height = (
            2 * _PAD_Y + self._head().height() + _GAP + self._status_height(shown) + _GAP + line
        )
        if isinstance(shown, ShownTransfer) and has_progress(shown.transfer):
            height += _BAR + 2 * _GAP
        return QSize(0, height)

    def _small(self) -> QFontMetrics:
        return QFontMetrics(ui_font(self.theme.small_px))

    def _head(self) -> QFontMetrics:
        return QFontMetrics(ui_font(self.theme.font_px, QFont.Weight.DemiBold))

    def _status_height(self, shown: ShownTransfer | ShownDraft) -> int:
        """One line while it moves; a sentence that says why it does not move is shown whole."""
        if isinstance(shown, ShownDraft) or shown.transfer.state in (
            TransferState.ACTIVE,
            TransferState.DONE,
        ):
            return self._small().height()
        return self._wrapped(shown.statuses[0], _MOST_LINES)

    def _wrapped(self, text: str, most_lines: int) -> int:
        metrics = self._small()
        room = QRect(0, 0, WIDTH - 2 * _PAD_X - _SCROLL_BAR, 10_000)
        return min(
            metrics.boundingRect(room, _WRAPPED, text).height(), most_lines * metrics.lineSpacing()
        )

    def buttons(self, rect: QRect, shown: Shown) -> list[tuple[FileAction, QRect]]:
        """(action, area) of what can be clicked in the last line of the row."""
        metrics, left, buttons = self._small(), rect.left() + _PAD_X, []
        for action in shown.actions:
            width = metrics.horizontalAdvance(tr_dynamic(action.value)) + 1
            buttons.append(
                (
                    action,
                    QRect(left, rect.bottom() - _PAD_Y - metrics.height(), width, metrics.height()),
                )
            )
            left += width + _BUTTON_GAP
        return buttons

    def action_at(self, rect: QRect, shown: Shown, point: QPoint) -> FileAction:
        """What lies under a point of the row that fills this rectangle."""
        for action, area in self.buttons(rect, shown):
            if area.adjusted(-4, -3, 4, 5).contains(point):
                return action
        return FileAction.ROW

    # --- painting ---

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        shown = index.data(SHOWN_ROLE)
        if painter is None or not isinstance(shown, Shown):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(shown, ShownHeading):
            self._paint_heading(painter, option.rect, shown)
        else:
            self._paint_row(painter, option, shown)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, shown: ShownHeading) -> None:
        metrics = self._small()
        painter.setFont(ui_font(self.theme.small_px, QFont.Weight.DemiBold))
        painter.setPen(QColor(self.theme.muted))
        area = rect.adjusted(_PAD_X, 12, -_PAD_X, 0)
        painter.drawText(
            QRect(area.left(), area.top(), area.width(), metrics.height()), _MIDDLE, shown.text
        )
        painter.setFont(ui_font(self.theme.small_px))
        painter.drawText(area.adjusted(0, metrics.height() + 4, 0, 0), _WRAPPED, shown.sentence)

    def _paint_row(
        self, painter: QPainter, option: QStyleOptionViewItem, shown: ShownTransfer | ShownDraft
    ) -> None:
        theme, rect = self.theme, option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        around = QRectF(rect.adjusted(8, 1, -8, -1))
        if is_chosen or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if is_chosen else theme.line))
            painter.drawRoundedRect(around, 6, 6)
        ink = theme.text if is_chosen or is_hovered else theme.muted
        top = self._paint_name(painter, rect, shown)
        if isinstance(shown, ShownTransfer):
            top = self._paint_bar(painter, rect, top, shown.transfer)
            is_failed = shown.transfer.state is TransferState.FAILED
            self._paint_status(painter, rect, top, shown, theme.new if is_failed else ink)
        else:
            self._paint_status(painter, rect, top, shown, ink)
        self._paint_buttons(painter, rect, shown)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(around.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)

    def _paint_name(self, painter: QPainter, rect: QRect, shown: ShownTransfer | ShownDraft) -> int:
        metrics = self._head()
        painter.setFont(ui_font(self.theme.font_px, QFont.Weight.DemiBold))
        painter.setPen(QColor(self.theme.text))
        name = shown.name if isinstance(shown, ShownDraft) else shown.transfer.name
        area = QRect(
            rect.left() + _PAD_X, rect.top() + _PAD_Y, rect.width() - 2 * _PAD_X, metrics.height()
        )
        if isinstance(shown, ShownTransfer):
            arrow = "\u2191" if shown.transfer.direction is TransferDirection.UP else "\u2193"
            width = metrics.horizontalAdvance("\u2191 ")
            painter.drawText(area, _MIDDLE, arrow)
            area.setLeft(area.left() + width)
        painter.drawText(
            area, _MIDDLE, metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, area.width())
        )
        return rect.top() + _PAD_Y + metrics.height() + _GAP

    def _paint_bar(self, painter: QPainter, rect: QRect, top: int, transfer: Transfer) -> int:
        if not has_progress(transfer):
            return top
        theme = self.theme
        bar = QRectF(rect.left() + _PAD_X, top + _GAP, rect.width() - 2 * _PAD_X, _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.field_border))
        painter.drawRoundedRect(bar, 2, 2)
        share = min(1.0, transfer.bytes_done / transfer.size) if transfer.size else 1.0
        is_still = transfer.state in (TransferState.PAUSED, TransferState.FAILED)
        painter.setBrush(QColor(theme.muted if is_still else theme.accent))
        painter.drawRoundedRect(
            QRectF(bar.left(), bar.top(), max(_BAR, bar.width() * share), _BAR), 2, 2
        )
        return top + _BAR + 2 * _GAP

    def _paint_status(
        self, painter: QPainter, rect: QRect, top: int, shown: ShownTransfer | ShownDraft, ink: str
    ) -> None:
        height, metrics, texts = self._status_height(shown), self._small(), shown.statuses
        painter.setFont(ui_font(self.theme.small_px))
        painter.setPen(QColor(ink))
        area = QRect(rect.left() + _PAD_X, top, rect.width() - 2 * _PAD_X, height)
        if height > metrics.height():
            painter.drawText(area, _WRAPPED, texts[0])
            return
        text = next(
            (one for one in texts if metrics.horizontalAdvance(one) <= area.width()), texts[-1]
        )
        painter.drawText(
            area, _MIDDLE, metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        )

    def _paint_buttons(self, painter: QPainter, rect: QRect, shown: Shown) -> None:
        for action, area in self.buttons(rect, shown):
            font = ui_font(self.theme.small_px)
            font.setUnderline(self.hovered == (shown.key, action))
            painter.setFont(font)
            painter.setPen(QColor(self.theme.link))
            painter.drawText(area, _MIDDLE, tr_dynamic(action.value))
