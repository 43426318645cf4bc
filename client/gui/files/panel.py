"""The right panel: what is on its way in all conversations, and the files of the open one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from PyQt5.QtCore import QEvent, QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from client.api.values import Row, Transfer, TransferState
from client.gui.files.row_delegate import (
    SHOWN_ROLE,
    FileAction,
    FileRowDelegate,
    Shown,
    ShownDraft,
    ShownHeading,
    ShownTransfer,
)
from client.gui.kit.theme import Theme
from client.gui.language.translation import tr, tr_dynamic, tr_noop
from client.gui.session.panels import WIDTH

NOTHING_MOVES = tr_noop("Nothing is on its way. Files that you send or save appear here.")
NO_FILES = tr_noop("No files yet. Drop one on the messages, or press Ctrl+U.")
_KEY_ROLE = int(Qt.ItemDataRole.UserRole)
_ORDER = {
    TransferState.ACTIVE: 0,
    TransferState.WAITING: 1,
    TransferState.PAUSED: 2,
    TransferState.FAILED: 2,
}


class FileRowsList(QListWidget):
    """The list.

    Enter shows the message, Space pauses and goes on, S saves, V shows versions, Delete cancels.
    """

    action_chosen = pyqtSignal(object, object)  # ShownTransfer or ShownDraft, FileAction
    escaped = pyqtSignal()

    def __init__(self, delegate: FileRowDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self._pressed: tuple[bytes, FileAction] | None = None
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Files"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)

    def shown(self, item: QListWidgetItem | None) -> Shown | None:
        """What an item shows."""
        shown_here = item.data(SHOWN_ROLE) if item is not None else None
        return shown_here if isinstance(shown_here, Shown) else None

    def action_at(self, point: QPoint) -> tuple[Shown, FileAction] | None:
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

    def _hover(self, pointed: tuple[Shown, FileAction] | None) -> None:
        now = (pointed[0].key, pointed[1]) if pointed is not None else None
        if now != self._delegate.hovered:
            self._delegate.hovered = now
            is_button = pointed is not None and pointed[1] is not FileAction.ROW
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if is_button else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        pointed = self.action_at(event.pos())
        self._pressed = (pointed[0].key, pointed[1]) if pointed is not None else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pointed, pressed = self.action_at(event.pos()), self._pressed
        self._pressed = None
        # Rows move while files do: only what was pressed is meant, not what came to lie under the
        # mouse since.
        if (
            pointed is not None
            and event.button() == Qt.MouseButton.LeftButton
            and pressed == (pointed[0].key, pointed[1])
        ):
            self._choose(*pointed)

    def _choose(self, shown: Shown | None, action: FileAction | None) -> None:
        if action is not None and isinstance(shown, ShownTransfer | ShownDraft):
            self.action_chosen.emit(shown, action)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        shown = self.shown(self.itemAt(event.pos()))
        if isinstance(shown, ShownTransfer | ShownDraft):
            menu = self.menu_for(shown)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(event.globalPos())

    def menu_for(self, shown: ShownTransfer | ShownDraft) -> QMenu:
        """All that can be done with a row."""
        menu = QMenu(self)
        menu.addAction(tr("Show the message"), lambda: self._choose(shown, FileAction.ROW))
        for action in shown.actions:
            menu.addAction(tr_dynamic(action.value), lambda one=action: self._choose(shown, one))
        if isinstance(shown, ShownTransfer) and shown.transfer.sha256:
            digest = shown.transfer.sha256.hex()
            menu.addAction(
                tr("Copy the SHA-256"), lambda: QGuiApplication.clipboard().setText(digest)
            )
        return menu

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            pointed = self.action_at(event.pos())
            QToolTip.showText(
                event.globalPos(), pointed[0].tool_tip() if pointed is not None else "", self
            )
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = _KEYS.get(event.key(), ())
        shown = self.shown(self.currentItem())
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif wanted and not int(event.modifiers()) & int(Qt.KeyboardModifier.ControlModifier):
            actions = (FileAction.ROW, *shown.actions) if shown is not None else ()
            self._choose(shown, next((action for action in wanted if action in actions), None))
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()


_KEYS: dict[int, tuple[FileAction, ...]] = {
    Qt.Key.Key_Return: (FileAction.ROW,),
    Qt.Key.Key_Enter: (FileAction.ROW,),
    Qt.Key.Key_S: (FileAction.SAVE,),
    Qt.Key.Key_Space: (FileAction.PAUSE, FileAction.RESUME, FileAction.RETRY),
    Qt.Key.Key_V: (FileAction.VERSIONS,),
    Qt.Key.Key_Delete: (FileAction.CANCEL, FileAction.REMOVE),
    Qt.Key.Key_F: (FileAction.FOLDER,),
}
_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)


class TransfersPanel(QFrame):
    """280 px at the right."""

    message_requested = pyqtSignal(bytes, bytes)  # conv_id, message_id
    transfer_action = pyqtSignal(
        bytes, str
    )  # transfer_id, "pause" | "resume" | "cancel" | "folder"
    save_requested = pyqtSignal(bytes)
    versions_requested = pyqtSignal(bytes)
    closed = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setFixedWidth(WIDTH)
        self._conv_id, self._title = b"", ""
        self._drafts: tuple[tuple[Row, ...], ...] = ()
        self._transfers: list[ShownTransfer] = []
        self.title = QLabel(tr("Files"), self)
        self.title.setProperty("title", True)
        self.close_button = QToolButton(self)
        self.close_button.setText("\u2715")
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.setAccessibleName(tr("Close the files"))
        self.close_button.clicked.connect(self.closed)
        self.delegate = FileRowDelegate(theme, self)
        self.list = FileRowsList(self.delegate, self)
        self.list.action_chosen.connect(self._on_action)
        self.list.escaped.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 8)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        self._show_rows()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        for item in self._items():
            shown = self.list.shown(item)
            if shown is not None:
                item.setSizeHint(self.delegate.size_of(shown))
        self.list.viewport().update()

    def show_transfers(self, transfers: Iterable[Transfer], titles: dict[bytes, str]) -> None:
        """What is on its way: what moves first, then what waits, then what is done, the newest
        first.
        """
        rows = [ShownTransfer(one, titles.get(one.conv_id, "")) for one in transfers]
        rows.reverse()
        rows.sort(key=lambda shown: _ORDER.get(shown.transfer.state, 3))
        self._transfers = rows
        self._show_rows()

    def show_files(self, conv_id: bytes, title: str, drafts: tuple[tuple[Row, ...], ...]) -> None:
        """The files of the open conversation, the draft that changed last first."""
        self._conv_id, self._title, self._drafts = conv_id, title, drafts
        self._show_rows()

    # --- rows ---

    def _rows(self) -> list[Shown]:
        now = datetime.combine(
            date.today(), time()
        )  # the words follow the day; rows that stay the same stay equal
        heading = tr("FILES IN {title}", title=self._title) if self._title else tr("FILES HERE")
        return [
            ShownHeading(
                b"transfers", tr("TRANSFERS"), "" if self._transfers else tr_dynamic(NOTHING_MOVES)
            ),
            *self._transfers,
            ShownHeading(b"files", heading, "" if self._drafts else tr_dynamic(NO_FILES)),
            *(ShownDraft(draft, now) for draft in self._drafts),
        ]

    def _show_rows(self) -> None:
        """Rows that stay are changed in place: keyboard and mouse keep what they are on."""
        rows, items = self._rows(), self._items()
        if [row.key for row in rows] != [item.data(_KEY_ROLE) for item in items]:
            items = self._make_items(rows)
        for row, item in zip(rows, items, strict=True):
            if item.data(SHOWN_ROLE) == row:
                continue
            item.setData(SHOWN_ROLE, row)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), row.spoken())
            size = self.delegate.size_of(row)
            if item.sizeHint() != size:
                item.setSizeHint(size)

    def _make_items(self, rows: Sequence[Shown]) -> list[QListWidgetItem]:
        current = self.list.currentItem()
        chosen = current.data(_KEY_ROLE) if current is not None else None
        scrolled = self.list.verticalScrollBar().value()
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(self.list)
            item.setData(_KEY_ROLE, row.key)
            if isinstance(row, ShownHeading):
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            elif row.key == chosen:
                self.list.setCurrentItem(item)
        self.list.verticalScrollBar().setValue(scrolled)
        return self._items()

    def _items(self) -> list[QListWidgetItem]:
        return [item for at in range(self.list.count()) if (item := self.list.item(at)) is not None]

    # --- what the user does ---

    def _on_action(self, shown: ShownTransfer | ShownDraft, action: FileAction) -> None:
        if isinstance(shown, ShownDraft):
            message_id = shown.newest.message_id
            if action is FileAction.SAVE:
                self.save_requested.emit(message_id)
            elif action is FileAction.VERSIONS:
                self.versions_requested.emit(message_id)
            else:
                self.message_requested.emit(self._conv_id, message_id)
        elif action is FileAction.ROW:
            self.message_requested.emit(shown.transfer.conv_id, shown.transfer.message_id)
        else:
            self.transfer_action.emit(shown.transfer.transfer_id, _ACTIONS[action])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


_ACTIONS = {
    FileAction.PAUSE: "pause",
    FileAction.RESUME: "resume",
    FileAction.RETRY: "resume",
    FileAction.CANCEL: "cancel",
    FileAction.REMOVE: "cancel",
    FileAction.FOLDER: "folder",
}
