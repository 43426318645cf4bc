"""The sidebar: class name, own menu, jump field, and the sections of conversations."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QModelIndex, QPoint, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client.gui.kit.theme import LIGHT, Theme, ui_font
from client.gui.language.translation import tr
from client.gui.session.state import Section, SessionState
from client.gui.sidebar.model import ENTRY_ROLE, Entry, SidebarModel, entries_of
from client.gui.sidebar.row_delegate import ADD_WIDTH, SidebarDelegate

WIDTH = 264


class SidebarList(QListView):
    """The list itself; a click on a head folds its section, one on + adds to it."""

    conversation_chosen = pyqtSignal(bytes)
    person_chosen = pyqtSignal(bytes)
    section_toggled = pyqtSignal(object)
    add_requested = pyqtSignal(object)
    menu_requested = pyqtSignal(bytes, QPoint)  # conv_id, where on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Conversations"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTriggers(QListView.EditTrigger.NoEditTriggers))

    def entry_at(self, index: QModelIndex) -> Entry | None:
        """The entry of an index."""
        entry = index.data(ENTRY_ROLE) if index.isValid() else None
        return entry if isinstance(entry, Entry) else None

    def is_on_add(self, point: QPoint) -> bool:
        """Whether the point is on the + of a section's head."""
        index = self.indexAt(point)
        entry = self.entry_at(index)
        return (
            entry is not None
            and entry.can_add
            and point.x() >= self.visualRect(index).right() - ADD_WIDTH
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        entry = self.entry_at(self.indexAt(event.pos()))
        if event.button() != Qt.MouseButton.LeftButton or entry is None:
            return
        if entry.is_head:
            signal = self.add_requested if self.is_on_add(event.pos()) else self.section_toggled
            signal.emit(entry.section)
        elif entry.hint:
            self.add_requested.emit(entry.section)
        else:
            self._choose(entry)

    def _choose(self, entry: Entry) -> None:
        if entry.uid:
            self.person_chosen.emit(entry.uid)
        elif entry.conv_id:
            self.conversation_chosen.emit(entry.conv_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_by_key else self.indexAt(event.pos())
        entry = self.entry_at(index)
        if entry is None or not entry.conv_id:
            return
        point = self.visualRect(index).center() if is_by_key else event.pos()
        self.menu_requested.emit(entry.conv_id, self.viewport().mapToGlobal(point))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        on_something = self.entry_at(self.indexAt(event.pos())) is not None
        shape = Qt.CursorShape.PointingHandCursor if on_something else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.entry_at(self.currentIndex())
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            and entry is not None
        ):
            if entry.is_head:
                self.section_toggled.emit(entry.section)
            else:
                self._choose(entry)
        elif event.key() == Qt.Key.Key_Plus and entry is not None:
            self.add_requested.emit(entry.section)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class Sidebar(QFrame):
    """The whole left column."""

    conversation_chosen = pyqtSignal(bytes)
    person_chosen = pyqtSignal(bytes)
    add_requested = pyqtSignal(object)  # Section
    jump_requested = pyqtSignal()
    collapsed_changed = pyqtSignal(list)  # names of sections

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(WIDTH)
        self._collapsed: frozenset[Section] = frozenset()
        self._open_conv = b""
        self._state: SessionState | None = None
        self._class_name = ""
        self.class_label = QLabel(self)
        self.class_label.setProperty("title", True)
        self.class_label.setTextFormat(Qt.TextFormat.PlainText)
        self.own = QPushButton(self)
        self.own.setProperty("flat", True)
        self.own.setAccessibleName(tr("Own menu"))
        self.own_menu = QMenu(self)
        self.own.setMenu(self.own_menu)
        self.jump = QPushButton(self)
        self.jump.setObjectName("jumpField")
        self.jump.setCursor(Qt.CursorShape.PointingHandCursor)
        self.jump.clicked.connect(self.jump_requested)
        self.model = SidebarModel(self)
        self.delegate = SidebarDelegate(self)
        self.list = SidebarList(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.conversation_chosen.connect(self.conversation_chosen)
        self.list.person_chosen.connect(self.person_chosen)
        self.list.section_toggled.connect(self._toggle)
        self.list.add_requested.connect(self.add_requested)
        self._lay_out()
        self.set_theme(LIGHT)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 4, 0)
        top.addWidget(self.class_label, 1)
        top.addWidget(self.own)
        field = QHBoxLayout()
        field.setContentsMargins(16, 0, 12, 0)
        field.addWidget(self.jump)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addLayout(field)
        layout.addWidget(self.list, 1)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        self._write_jump(theme)
        self.jump.setMinimumHeight(32)
        self.jump.setStyleSheet(
            f"#jumpField {{ text-align: left; color: {theme.muted}; background: {theme.bg};"
            f" border: 1px solid {theme.line}; border-radius: 6px; padding: 5px 14px; }}"
            f"#jumpField:hover, #jumpField:focus {{ border-color: {theme.accent}; }}"
        )
        self.list.scheduleDelayedItemsLayout()

    def set_collapsed(self, names: Sequence[str]) -> None:
        """The sections that were folded when the window was last open."""
        self._collapsed = frozenset(section for section in Section if section.name in names)

    def show_state(self, state: SessionState, open_conv: bytes) -> None:
        """Show all conversations with this one open."""
        self._state, self._open_conv = state, open_conv
        self.own.setText(f"{state.me.username} \u25be" if state.me is not None else "")
        self._class_name = state.class_name
        self._write_class_name()
        current = self.list.entry_at(self.list.currentIndex())
        self.model.show(entries_of(state, self._collapsed, open_conv))
        if (
            current is not None and not self.list.currentIndex().isValid()
        ):  # the keyboard stays where it was
            self.list.setCurrentIndex(self.model.index(self.model.row_at(current)))
        self.delegate.open_conv = open_conv
        row = self.model.row_of(open_conv)
        if row >= 0 and self.list.currentIndex().row() != row and not self.list.hasFocus():
            self.list.setCurrentIndex(self.model.index(row))
        self.list.viewport().update()

    def reveal(self, conv_id: bytes) -> None:
        """Move the list so that this conversation is seen."""
        row = self.model.row_of(conv_id)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
            self.list.scrollTo(self.model.index(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write_class_name()

    def _write_class_name(self) -> None:
        room = WIDTH - 28 - self.own.sizeHint().width()
        text = self.class_label.fontMetrics().elidedText(
            self._class_name, Qt.TextElideMode.ElideRight, room
        )
        self.class_label.setText(text)
        self.class_label.setToolTip(self._class_name.replace("<", "\u2039"))

    def _write_jump(self, theme: Theme) -> None:
        whole = tr("Jump to\u2026      Ctrl+K")
        room = WIDTH - 28 - 30  # the margins around it, and its own
        has_room = QFontMetrics(ui_font(theme.font_px)).horizontalAdvance(whole) <= room
        self.jump.setText(whole if has_room else whole.partition("  ")[0])  # without its key

    def _toggle(self, section: Section) -> None:
        self._collapsed = self._collapsed ^ {section}
        self.collapsed_changed.emit(sorted(one.name for one in self._collapsed))
        if self._state is not None:
            self.show_state(self._state, self._open_conv)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)
