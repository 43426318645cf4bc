"""The head of the open conversation: its name, one line about it, and what can be done with it."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QAction, QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from client.api.values import Conversation, ConversationKind
from client.gui.kit.elided_label import ElidedLabel
from client.gui.language.said_words import said_words
from client.gui.language.translation import tr, tr_count
from client.gui.session.state import SessionState, title_of

MARGIN_LEFT, MARGIN_RIGHT, SPACING = 20, 10, 2
NAME_WIDTH = 190  # what the name and its second line get before a button does


class Header(QFrame):
    """56 px: name, second line, actions. Actions without room stand in the menu "More"."""

    members_toggled = pyqtSignal(bool)
    files_toggled = pyqtSignal(bool)
    search_requested = pyqtSignal()
    pins_requested = pyqtSignal()
    questions_requested = pyqtSignal()
    add_requested = pyqtSignal()
    rename_requested = pyqtSignal()
    leave_requested = pyqtSignal()
    safety_requested = pyqtSignal()
    export_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(56)
        self.title = ElidedLabel(self)
        self.title.setProperty("title", True)
        self.subtitle = ElidedLabel(self)
        self.subtitle.setProperty("muted", True)
        self.members = self._button(tr("Members"))
        self.members.setCheckable(True)
        self.members.toggled.connect(self.members_toggled)
        self.search = self._button(tr("Search"))
        self.search.clicked.connect(lambda _checked: self.search_requested.emit())
        self.files = self._button(tr("Files"))
        self.files.setCheckable(True)
        self.files.toggled.connect(self.files_toggled)
        self.add = self._button(tr("Add people"))
        self.add.clicked.connect(self.add_requested)
        self.more = self._button(tr("More \u25be"))
        self.more_menu = QMenu(self)
        self.more.setMenu(self.more_menu)
        self._wanted: dict[
            QPushButton, bool
        ] = {}  # what the conversation offers, whether or not there is room
        self._folded: dict[QPushButton, QAction] = {}
        self._menu_of = b""  # the conversation that the menu is about
        self.level_menu: QMenu | None = None  # "Notifications", once the window has one
        self._lay_out()

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("flat", True)
        button.hide()
        return button

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setContentsMargins(0, 6, 0, 6)
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.subtitle)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN_LEFT, 0, MARGIN_RIGHT, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(names, 1)
        for button in (self.add, self.search, self.files, self.members, self.more):
            layout.addWidget(button)

    def show_conversation(self, conversation: Conversation, state: SessionState) -> None:
        """Write the head of this conversation."""
        self.title.setText(title_of(conversation))
        self.subtitle.setText(second_line(conversation, state))
        self.subtitle.setToolTip(tr("The server passes on and keeps only what it cannot read."))
        is_direct = conversation.kind is ConversationKind.DIRECT
        self._fill_menu(conversation, is_direct)
        self._wanted = {
            self.add: conversation.can_add,
            self.files: True,
            self.search: True,
            self.members: not is_direct,
        }
        self._fold()

    def show_nothing(self, class_name: str) -> None:
        """The head while no conversation is open."""
        self.title.setText(class_name)
        self.subtitle.setText("")
        self._wanted = {}
        for button in (self.add, self.search, self.files, self.members, self.more):
            button.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons come and go with the room."""
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text: what had room may have none."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fold()

    def _fold(self) -> None:
        """Hide the buttons that have no room, the first of `_wanted` first; the menu offers those
        instead.
        """
        if not self._wanted:
            return
        room = self.width() - MARGIN_LEFT - MARGIN_RIGHT - self.more.sizeHint().width() - SPACING
        room -= min(
            NAME_WIDTH, max(self.title.sizeHint().width(), self.subtitle.sizeHint().width())
        )
        shown = [button for button, is_wanted in self._wanted.items() if is_wanted]
        while shown and room < sum(button.sizeHint().width() + SPACING for button in shown):
            del shown[0]
        for button, is_wanted in self._wanted.items():
            button.setVisible(button in shown)
            self._folded[button].setVisible(is_wanted and button not in shown)

    def set_panels_shown(self, has_members: bool, has_files: bool) -> None:
        """Follow the right panel without telling it again."""
        for button, is_shown in ((self.members, has_members), (self.files, has_files)):
            button.blockSignals(True)
            button.setChecked(is_shown)
            button.blockSignals(False)
            if button in self._folded:
                self._folded[button].setChecked(is_shown)

    def set_running(self, count: int) -> None:
        """How many files are on their way."""
        self.files.setText(tr("Files \u00b7 {count}", count=count) if count else tr("Files"))
        self.files.setAccessibleName(
            tr("Files, {count} on their way", count=count) if count else tr("Files")
        )
        self._fold()

    def _fill_menu(self, conversation: Conversation, is_direct: bool) -> None:
        if self.more_menu.isVisible() and self._menu_of == conversation.conv_id:
            return  # somebody is choosing from it
        self._menu_of = conversation.conv_id
        self.more_menu.clear()
        for button in (self.search, self.files, self.members, self.add):
            self._folded[button] = action = self.more_menu.addAction(button.text(), button.click)
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
        self.more_menu.addAction(tr("Pinned messages"), self.pins_requested.emit)
        self.more_menu.addAction(tr("Questions"), self.questions_requested.emit)
        self.more_menu.addSeparator()
        if self.level_menu is not None:
            self.more_menu.addMenu(self.level_menu)
        self.more_menu.addAction(tr("Export\u2026"), self.export_requested.emit)
        if is_direct:
            self.more_menu.addAction(tr("Compare safety number\u2026"), self.safety_requested.emit)
        if conversation.can_rename:
            self.more_menu.addAction(tr("Rename\u2026"), self.rename_requested.emit)
        if conversation.can_leave and conversation.is_member:
            self.more_menu.addAction(tr("Leave\u2026"), self.leave_requested.emit)
        self.more.setVisible(not self.more_menu.isEmpty())


def second_line(conversation: Conversation, state: SessionState) -> str:
    """ "End-to-end encrypted · 41 members", and the status if something is to be said."""
    phrases = [tr("End-to-end encrypted")]
    other = state.other_person(conversation)
    if other is not None:
        phrases.append(tr("online") if other.is_online else tr("offline"))
    elif conversation.kind is not ConversationKind.DIRECT:
        phrases.append(tr_count("{count} member", "{count} members", len(conversation.members)))
    if conversation.kind is ConversationKind.ANNOUNCEMENTS:
        phrases.append(tr("staff write here"))
    if conversation.status:
        phrases.append(said_words(conversation.status))
    return " \u00b7 ".join(phrases)
