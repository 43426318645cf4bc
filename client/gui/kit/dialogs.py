"""Dialogs: new group, add people, rename, safety number, list of keys, and questions before what is
final.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import Person
from client.gui.kit.avatars import avatar_icon
from client.gui.kit.theme import mono_font
from client.gui.language.said_words import error_words
from client.gui.language.translation import tr, tr_dynamic, tr_noop
from shared.errors import NameRefused
from shared.names import normalize_group_name

CHIPS_PER_ROW = 3
MAX_CHIPS = 12
LIST_HEIGHT = 180
_UID_ROLE = int(Qt.ItemDataRole.UserRole) + 1

KEYS = (
    (tr_noop("Ctrl+K"), tr_noop("Jump to a conversation or person")),
    (tr_noop("Alt+Up, Alt+Down"), tr_noop("Previous, next conversation")),
    (tr_noop("Alt+Shift+Up, Alt+Shift+Down"), tr_noop("Previous, next unread conversation")),
    (tr_noop("Ctrl+1 \u2026 Ctrl+9"), tr_noop("The first nine conversations")),
    (tr_noop("Esc"), tr_noop("Close, cancel; then mark read and go to the newest message")),
    (tr_noop("Shift+Esc"), tr_noop("Mark all conversations read")),
    (tr_noop("Enter"), tr_noop("Send (a new line inside ```)")),
    (tr_noop("Shift+Enter"), tr_noop("New line")),
    (tr_noop("Ctrl+Enter"), tr_noop("Send, also inside ```")),
    (tr_noop("Up in an empty field"), tr_noop("Edit your last message")),
    (tr_noop("Shift+Up in an empty field"), tr_noop("Reply to the last message")),
    (tr_noop("Tab"), tr_noop("Complete a @name, a #conversation or an :emoji:")),
    (tr_noop("Ctrl+Shift+Q"), tr_noop("Ask a question")),
    (tr_noop("Down, Esc in a question"), tr_noop("Go to similar questions, close them")),
    (tr_noop("Ctrl+B, Ctrl+I, Ctrl+Shift+C"), tr_noop("Bold, italic, code")),
    (
        tr_noop("Up, Down, Menu in the messages"),
        tr_noop("Move between messages, open their actions"),
    ),
    (tr_noop("F6"), tr_noop("Go to the next pane")),
    (tr_noop("Ctrl+M"), tr_noop("Show or hide the members")),
    (tr_noop("Ctrl+F, Ctrl+Shift+F"), tr_noop("Search here, everywhere")),
    (tr_noop("F3, Shift+F3"), tr_noop("Next, previous hit")),
    (tr_noop("Ctrl+U"), tr_noop("Send files")),
    (tr_noop("Ctrl+Shift+U"), tr_noop("Files and transfers")),
    (tr_noop("n, p or F7, Shift+F7"), tr_noop("Next, previous change while comparing")),
    (tr_noop("Ctrl++, Ctrl+-, Ctrl+0"), tr_noop("Larger, smaller, usual text")),
    (tr_noop("Ctrl+,"), tr_noop("Settings")),
    (tr_noop("Ctrl+/"), tr_noop("This list")),
    (tr_noop("Ctrl+Q"), tr_noop("Quit")),
)


class SearchField(QLineEdit):
    """Enter takes what was searched for; only in an empty field it presses the button of the
    dialog.
    """

    taken = pyqtSignal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            event.accept()
            self.taken.emit()
        else:
            super().keyPressEvent(event)


class PeoplePicker(QWidget):
    """Search, a list to tick, and the chosen people as chips that go away by a click."""

    changed = pyqtSignal()

    def __init__(self, people: Sequence[Person], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = {person.uid: person for person in people}
        self._chosen: dict[bytes, None] = {}  # in the order of choice
        self.search = SearchField(self)
        self.search.setPlaceholderText(tr("Search people"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.taken.connect(self._take_first)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("People"))
        self.list.setMinimumHeight(LIST_HEIGHT)
        self.list.itemChanged.connect(self._on_item)
        self.chips = QWidget(self)
        self._grid = QGridLayout(self.chips)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(CHIPS_PER_ROW, 1)  # chips are as wide as their names
        self.nothing = QLabel(tr("There is nobody to add."), self)
        self.nothing.setProperty("muted", True)
        self.nothing.setVisible(not people)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.chips, self.search, self.list, self.nothing):
            layout.addWidget(widget)
        for person in people:
            item = QListWidgetItem(avatar_icon(person.username), person.username)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(_UID_ROLE, person.uid)
            self.list.addItem(item)

    def chosen(self) -> tuple[bytes, ...]:
        """The uids chosen, in order."""
        return tuple(self._chosen)

    def choose(self, uid: bytes, is_chosen: bool) -> None:
        """Tick or untick somebody."""
        for at in range(self.list.count()):
            item = self.list.item(at)
            if item is not None and item.data(_UID_ROLE) == uid:
                item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)

    def _on_item(self, item: QListWidgetItem) -> None:
        uid = item.data(_UID_ROLE)
        if item.checkState() == Qt.CheckState.Checked:
            self._chosen[uid] = None
        else:
            self._chosen.pop(uid, None)
        self._fill_chips()
        self.changed.emit()

    def _fill_chips(self) -> None:
        for at in reversed(range(self._grid.count())):
            taken = self._grid.takeAt(at)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.deleteLater()
        for at, uid in enumerate(list(self._chosen)[:MAX_CHIPS]):
            name = self._people[uid].username
            chip = QPushButton(f"{name}  \u2715".replace("&", "&&"), self.chips)
            chip.setAccessibleName(tr("Take out {name}", name=name))
            chip.clicked.connect(lambda _checked=False, one=uid: self.choose(one, False))
            self._grid.addWidget(chip, at // CHIPS_PER_ROW, at % CHIPS_PER_ROW)
        if len(self._chosen) > MAX_CHIPS:
            more = QLabel(tr("and {count} more", count=len(self._chosen) - MAX_CHIPS), self.chips)
            self._grid.addWidget(more, MAX_CHIPS // CHIPS_PER_ROW, 0)

    def _filter(self, text: str) -> None:
        key = text.strip().casefold()
        for at in range(self.list.count()):
            item = self.list.item(at)
            if item is not None:
                item.setHidden(key not in item.text().casefold())

    def _take_first(self) -> None:
        shown = [
            item
            for at in range(self.list.count())
            if (item := self.list.item(at)) and not item.isHidden()
        ]
        if shown:
            self.choose(shown[0].data(_UID_ROLE), True)
            self.search.clear()


class FormDialog(QDialog):
    """A dialog with an error line and the buttons at its foot."""

    def __init__(self, title: str, action: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.form = QVBoxLayout()
        self.error = QLabel(self)
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        self.error.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.action = QPushButton(action, self)
        self.action.setProperty("primary", True)
        self.action.setDefault(True)
        self.buttons.addButton(self.action, QDialogButtonBox.ButtonRole.ActionRole)
        self.action.clicked.connect(self.submit)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addLayout(self.form)
        layout.addWidget(self.error)
        layout.addWidget(self.buttons)

    def begin_with(self, first: QWidget, last: QWidget) -> None:
        """The cursor stands in `first`; Tab leads from `last` to the buttons, which were made
        before the fields.
        """
        first.setFocus()
        self.setTabOrder(last, self.action)
        for button in self.buttons.buttons():
            if button is not self.action:
                self.setTabOrder(self.action, button)

    def submit(self) -> None:
        """What the action button does."""
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """Say under the fields what is wrong."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


class NewGroupDialog(FormDialog):
    """Name, private by default, people: one page."""

    created = pyqtSignal(str, tuple, bool)  # name, uids, is_private

    def __init__(
        self, people: Sequence[Person], is_private: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("New group"), tr("Create"), parent)
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(tr("e.g. team-epoll"))
        self.name.setAccessibleName(tr("Name of the group"))
        self.private = QCheckBox(tr("Private: only people who are added can see and read it"), self)
        self.private.setChecked(is_private)
        self.note = QLabel(self)
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.picker = PeoplePicker(people, self)
        for widget in (
            QLabel(tr("Name")),
            self.name,
            self.private,
            self.note,
            QLabel(tr("People")),
            self.picker,
        ):
            self.form.addWidget(widget)
        self.private.toggled.connect(lambda _checked: self._write_note())
        self.name.textChanged.connect(lambda _text: self.say(""))
        self._write_note()
        self.begin_with(self.name, self.picker.list)

    def _write_note(self) -> None:
        if self.private.isChecked():
            self.note.setText(
                tr(
                    "Instructors read it only if they are in the list of members. You can add people later."
                )
            )
        else:
            self.note.setText(
                tr(
                    "Everybody in the class sees the name and may join; a member's computer lets them in."
                )
            )

    def submit(self) -> None:
        try:
            name = normalize_group_name(self.name.text())
        except NameRefused as refused:
            self.say(error_words(refused))
            self.name.setFocus()
            return
        self.created.emit(name, self.picker.chosen(), self.private.isChecked())
        self.accept()


class AddPeopleDialog(FormDialog):
    """Whom to add to a conversation."""

    added = pyqtSignal(tuple)  # uids

    def __init__(self, name: str, people: Sequence[Person], parent: QWidget | None = None) -> None:
        super().__init__(tr("Add people"), tr("Add"), parent)
        head = QLabel(tr("Add people to {name}", name=name), self)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setProperty("title", True)
        note = QLabel(tr("They can read what was written before as well."), self)
        note.setProperty("muted", True)
        self.picker = PeoplePicker(people, self)
        for widget in (head, note, self.picker):
            self.form.addWidget(widget)
        self.picker.changed.connect(lambda: self.say(""))
        self.begin_with(self.picker.search, self.picker.list)

    def submit(self) -> None:
        if not self.picker.chosen():
            self.say(tr("Tick at least one person."))
            return
        self.added.emit(self.picker.chosen())
        self.accept()


class RenameDialog(FormDialog):
    """Another name for a group."""

    renamed = pyqtSignal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Rename"), tr("Rename"), parent)
        self.name = QLineEdit(name, self)
        self.name.selectAll()
        self.name.setAccessibleName(tr("New name"))
        self.form.addWidget(QLabel(tr("New name")))
        self.form.addWidget(self.name)
        self.begin_with(self.name, self.name)

    def submit(self) -> None:
        try:
            name = normalize_group_name(self.name.text())
        except NameRefused as refused:
            self.say(error_words(refused))
            return
        self.renamed.emit(name)
        self.accept()


class KeysDialog(QDialog):
    """The list of keys (Ctrl+/)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(24)
        for row, (keys, meaning) in enumerate(KEYS):
            label = QLabel(tr_dynamic(keys), self)
            label.setFont(mono_font(12))
            grid.addWidget(label, row, 0)
            grid.addWidget(QLabel(tr_dynamic(meaning), self), row, 1)
        close = QPushButton(tr("Close"), self)
        close.clicked.connect(self.accept)
        grid.addWidget(close, len(KEYS), 1, Qt.Alignment(Qt.AlignmentFlag.AlignRight))


def ask(
    parent: QWidget,
    question: str,
    details: str,
    action: str,
    confirmed: Callable[[], None],
    is_danger: bool = True,
) -> QMessageBox:
    """Ask before something that cannot be undone; the window stays alive meanwhile."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(parent.window().windowTitle())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(details)
    button = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    if is_danger:
        button.setProperty("danger", True)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    button.clicked.connect(lambda _checked=False: confirmed())
    box.open()
    return box


def show_safety_number(parent: QWidget, username: str, digits: str) -> QMessageBox:
    """The 60 digits to compare."""
    groups = [digits[at : at + 5] for at in range(0, len(digits), 5)]
    lines = "\n".join("  ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("Safety number"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setText(lines)
    box.setInformativeText(
        tr(
            "Compare these numbers with {username}, face to face or on the phone. "
            "If both of you see the same, nobody stands between you.",
            username=username,
        )
    )
    box.open()
    return box
