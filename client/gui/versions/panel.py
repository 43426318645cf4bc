"""The right panel: all versions of one draft, newest first, to be saved, compared, and found in the
conversation.
"""

from __future__ import annotations

from datetime import datetime

from PyQt5.QtCore import QEvent, QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from client.api.values import Row
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from client.gui.messages.cards.words import file_of
from client.gui.session.requests import Requests
from client.gui.versions.change_counts import ChangeCounts
from client.gui.versions.row_delegate import (
    SHOWN_ROLE,
    ShownVersion,
    VersionAction,
    VersionDelegate,
)
from client.gui.versions.words import is_comparable, version_number

WIDTH = 280
HINT = tr_noop("Tick two versions to compare them.")
ONE_VERSION = tr_noop("Send a file of the same name here to add a version.")
ALL_DELETED = tr_noop("All versions of this file were deleted.")
_ID_ROLE = int(Qt.ItemDataRole.UserRole)


class VersionsList(QListWidget):
    """The list: a click on a row or Enter jumps to the message; Space ticks, C compares, S saves,
    Esc closes.
    """

    action_chosen = pyqtSignal(object, object)  # ShownVersion, VersionAction
    escaped = pyqtSignal()

    def __init__(self, delegate: VersionDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Versions"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(False)

    def shown(self, item: QListWidgetItem | None) -> ShownVersion | None:
        """What an item shows."""
        pointed = item.data(SHOWN_ROLE) if item is not None else None
        return pointed if isinstance(pointed, ShownVersion) else None

    def action_at(self, point: QPoint) -> tuple[ShownVersion, VersionAction] | None:
        """What lies under a point of the viewport."""
        item = self.itemAt(point)
        shown = self.shown(item)
        if item is None or shown is None:
            return None
        return shown, self._delegate.action_at(self.visualItemRect(item), shown, point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.action_at(event.pos()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, pointed: tuple[ShownVersion, VersionAction] | None) -> None:
        now = (pointed[0].message_id, pointed[1]) if pointed is not None else None
        if now != self._delegate.hovered:
            self._delegate.hovered = now
            is_button = pointed is not None and pointed[1] is not VersionAction.ROW
            shape = Qt.CursorShape.PointingHandCursor if is_button else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pointed = self.action_at(event.pos())
        if pointed is not None and event.button() == Qt.MouseButton.LeftButton:
            self.action_chosen.emit(*pointed)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            pointed = self.action_at(event.pos())
            QToolTip.showText(
                event.globalPos(),
                pointed[0].tool_tip(pointed[1]) if pointed is not None else "",
                self,
            )
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = _KEYS.get(event.key())
        shown = self.shown(self.currentItem())
        is_plain = int(event.modifiers()) in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif action is not None and is_plain:
            if shown is not None:
                self.action_chosen.emit(shown, action)
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()


_KEYS: dict[int, VersionAction] = {
    Qt.Key.Key_Return: VersionAction.ROW,
    Qt.Key.Key_Enter: VersionAction.ROW,
    Qt.Key.Key_Space: VersionAction.TICK,
    Qt.Key.Key_C: VersionAction.COMPARE,
    Qt.Key.Key_S: VersionAction.SAVE,
}
_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)


class VersionsPanel(QFrame):
    """280 px at the right."""

    message_requested = pyqtSignal(bytes)
    save_requested = pyqtSignal(bytes)
    compare_requested = pyqtSignal(bytes, bytes)  # older message_id, newer message_id
    closed = pyqtSignal()

    def __init__(self, theme: Theme, requests: Requests, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setFixedWidth(WIDTH)
        self._draft: tuple[Row, ...] = ()
        self._ticked: list[bytes] = []
        self._changes: dict[bytes, tuple[int, int]] = {}
        self.counts = ChangeCounts(requests, self)
        self.counts.counted.connect(self.set_changes)
        self.title = QLabel(tr("Versions"), self)
        self.title.setProperty("title", True)
        self.count = QLabel(self)
        self.count.setProperty("muted", True)
        self.close_button = QToolButton(self)
        self.close_button.setText("\u2715")
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.setAccessibleName(tr("Close the versions"))
        self.close_button.clicked.connect(self.closed)
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.delegate = VersionDelegate(theme, self)
        self.list = VersionsList(self.delegate, self)
        self.list.action_chosen.connect(self._on_action)
        self.list.escaped.connect(self.closed)
        self.hint = QLabel(self)
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self.compare = QPushButton(tr("Compare"), self)
        self.compare.setProperty("primary", True)
        self.compare.clicked.connect(self._compare_ticked)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.close_button)
        name = QHBoxLayout()
        name.setContentsMargins(16, 0, 16, 6)
        name.addWidget(self.name)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.hint)
        foot.addWidget(self.compare)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addLayout(head)
        layout.addLayout(name)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)

    # --- what the window tells ---

    def show_draft(self, draft: tuple[Row, ...], message_id: bytes) -> None:
        """List the versions, oldest given first; the one of this message is chosen and gets the
        keyboard.
        """
        self._ticked = []
        self._draft = draft
        self.counts.retry()
        self.counts.show_rows(row for row in draft if row.message_id not in self._changes)
        self._fill(message_id)
        self.list.setFocus()

    def refresh(self, draft: tuple[Row, ...]) -> None:
        """The draft has changed: a version came, went, or has another text.

        What was chosen and ticked stays.
        """
        if draft == self._draft:
            return
        before = {
            row.message_id: file.previous
            for row in self._draft
            if (file := file_of(row)) is not None
        }
        for row in draft:
            file = file_of(row)
            if file is not None and before.get(row.message_id, file.previous) != file.previous:
                self._changes.pop(row.message_id, None)  # it is compared with another one now
        self._draft = draft
        self._ticked = [one for one in self._ticked if any(row.message_id == one for row in draft)]
        self.counts.retry()
        self.counts.show_rows(row for row in draft if row.message_id not in self._changes)
        shown = self.list.shown(self.list.currentItem())
        self._fill(shown.message_id if shown is not None else b"")

    def set_changes(self, message_id: bytes, added: int, removed: int) -> None:
        """How many lines a version, of this draft or of another, has added and removed."""
        if self._changes.get(message_id) == (added, removed):
            return
        self._changes[message_id] = (added, removed)
        self._show_rows()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        self._show_rows()
        self.list.viewport().update()
        self._write_head()

    @property
    def ticked(self) -> tuple[bytes, ...]:
        """The versions that are ticked, in the order of ticking."""
        return tuple(self._ticked)

    # --- showing ---

    def _fill(self, chosen: bytes) -> None:
        scrolled = self.list.verticalScrollBar().value()
        self.list.clear()
        for row in reversed(self._draft):
            if file_of(row) is not None:
                item = QListWidgetItem(self.list)
                item.setData(_ID_ROLE, row.message_id)
        self._show_rows()
        self.list.verticalScrollBar().setValue(scrolled)
        for at, item in enumerate(self._items()):
            if item.data(_ID_ROLE) == chosen or at == 0:
                self.list.setCurrentItem(item)
        self.list.setVisible(self.list.count() > 0)
        self._write_head()

    def _show_rows(self) -> None:
        rows = {row.message_id: row for row in self._draft}
        now = datetime.now()
        for item in self._items():
            row = rows[item.data(_ID_ROLE)]
            before = self._before(row.message_id)
            can_compare = is_comparable(row) and is_comparable(before)
            shown = ShownVersion(
                row,
                now,
                self._changes.get(row.message_id) if can_compare else None,
                before.message_id if can_compare and before is not None else b"",
                version_number(before) if before is not None else 0,
                is_comparable(row) and self._can_tick(),
                row.message_id in self._ticked,
            )
            if item.data(SHOWN_ROLE) != shown:
                item.setData(SHOWN_ROLE, shown)
                item.setData(int(Qt.ItemDataRole.AccessibleTextRole), shown.spoken())
            item.setSizeHint(self.delegate.size_of(shown))
        self._write_foot()

    def _items(self) -> list[QListWidgetItem]:
        return [item for at in range(self.list.count()) if (item := self.list.item(at)) is not None]

    def _write_head(self) -> None:
        newest = self._draft[-1] if self._draft else None
        file = file_of(newest) if newest is not None else None
        name = file.name if file is not None else ""
        self.ensurePolished()
        width = WIDTH - 33
        self.name.setText(
            self.name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, width)
        )
        self.name.setToolTip(name)
        self.name.setVisible(bool(name))
        self.count.setText(
            tr_count("{count} version", "{count} versions", self.list.count())
            if self.list.count()
            else ""
        )

    def _write_foot(self) -> None:
        can_tick = self._can_tick()
        self.compare.setVisible(can_tick)
        pair = self._pair()
        self.compare.setEnabled(bool(pair))
        numbers = {row.message_id: version_number(row) for row in self._draft}
        words = (
            tr("Compare {old} with {new}", old=numbers[pair[0]], new=numbers[pair[1]])
            if pair
            else tr("Compare")
        )
        self.compare.setText(words)
        hint = HINT if can_tick and not pair else ""
        if self.list.count() == 0:
            hint = ALL_DELETED
        elif self.list.count() == 1:
            hint = ONE_VERSION
        self.hint.setText(tr_dynamic(hint) if hint else "")
        self.hint.setVisible(bool(hint))

    def _can_tick(self) -> bool:
        return sum(map(is_comparable, self._draft)) > 2

    def _before(self, message_id: bytes) -> Row | None:
        at = next(at for at, row in enumerate(self._draft) if row.message_id == message_id)
        return self._draft[at - 1] if at > 0 else None

    # --- what the user does ---

    def _on_action(self, shown: ShownVersion, action: VersionAction) -> None:
        if action is VersionAction.ROW:
            self.message_requested.emit(shown.message_id)
        elif action is VersionAction.SAVE:
            self.save_requested.emit(shown.message_id)
        elif action is VersionAction.TICK:
            self._tick(shown)
        elif shown.before:
            self.compare_requested.emit(shown.before, shown.message_id)

    def _tick(self, shown: ShownVersion) -> None:
        if not shown.can_tick:
            return
        if shown.message_id in self._ticked:
            self._ticked.remove(shown.message_id)
        else:
            self._ticked = [*self._ticked[-1:], shown.message_id]  # of three the first is let go
        self._show_rows()

    def _pair(self) -> tuple[bytes, bytes] | None:
        """The two that are ticked, the older one first."""
        pair = [row.message_id for row in self._draft if row.message_id in self._ticked]
        return (pair[0], pair[1]) if len(pair) == 2 else None

    def _compare_ticked(self) -> None:
        pair = self._pair()
        if pair is not None:
            self.compare_requested.emit(*pair)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
