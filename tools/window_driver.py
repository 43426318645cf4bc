"""One person at a real window, driven as by hand: for the demo and the tests.

All on the window's thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from PyQt5.QtCore import QEvent, QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget

from client.api.values import (
    Conversation,
    ConversationKind,
    MessageState,
    Row,
    RowKind,
)
from client.app import known_profiles, session_factory
from client.gui.app import WindowProgram
from client.gui.kit.dialogs import NewGroupDialog
from client.gui.session.state import Section
from client.gui.window.main_window import MainWindow
from client.settings import Options
from shared.crypto.vault import Cost

WAIT_S = 30.0


class NotSeen(AssertionError):
    """What should have been shown was not."""


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = WAIT_S) -> None:
    """Let the windows work until it is so; NotSeen after `timeout_s`."""
    ends = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > ends:
            raise NotSeen(f"not seen within {timeout_s:.0f} s: {what}")
        QTest.qWait(10)


class Person:
    """A profile folder, a passphrase and the window over them."""

    def __init__(
        self,
        app: QApplication,
        root: Path,
        username: str,
        passphrase: str,
        *,
        cost: Cost | None = None,
    ) -> None:
        self.username = username
        self.passphrase = passphrase
        self.profile = root / username
        self._app = app
        self._cost = cost
        self.is_ended = True
        self.program: WindowProgram | None = None

    # --- the program ---

    def start(self, invitation: str = "") -> WindowProgram:
        """Start the program; it shows the sign-in."""
        options = Options(
            profile=self.profile,
            invitation=invitation,
            username="",
            passphrase_file=None,
            is_headless=False,
            cost=self._cost,
        )
        self.profile.parent.mkdir(parents=True, exist_ok=True)
        settings = QSettings(str(self.profile.with_suffix(".ini")), QSettings.Format.IniFormat)
        profiles = known_profiles(self.profile)
        self.program = WindowProgram(
            self._app, options, session_factory(options), settings, profiles
        )
        self.is_ended = False
        self.program.ended.connect(self._note_end)
        self.program.start()
        return self.program

    def _note_end(self) -> None:
        self.is_ended = True

    def close(self) -> None:
        """Close the window and wait until all is saved."""
        if self.program is None or self.is_ended:
            return
        self.program.quit()
        wait_until(lambda: self.is_ended, f"{self.username}'s program ends")
        self.program.sign_in.deleteLater()
        self.program.deleteLater()
        self.program = None
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @property
    def window(self) -> MainWindow:
        """The main window."""
        assert self.program is not None and self.program.window is not None, (
            f"{self.username} has no window"
        )
        return self.program.window

    def try_to_join(self, username: str | None = None) -> None:
        """Fill in the fields of somebody new and press the button."""
        assert self.program is not None
        form = self.program.sign_in
        form.username.clear()
        QTest.keyClicks(form.username, username or self.username)
        if not form.passphrase.text():
            QTest.keyClicks(form.passphrase, self.passphrase)
        press(form.submit_button)

    def open_profile(self) -> None:
        """Type the passphrase of the profile that is there, and press the button."""
        assert self.program is not None
        QTest.keyClicks(self.program.sign_in.passphrase, self.passphrase)
        press(self.program.sign_in.submit_button)

    def wait_for_window(self) -> None:
        """The sign-in gives way to the main window, and the connection stands."""
        program = self.program
        assert program is not None
        wait_until(
            lambda: program.window is not None and program.window.isVisible(),
            f"{self.username}'s window",
        )
        wait_until(
            lambda: self.window.state.connection.state.value == "online",
            f"{self.username} is online",
        )

    def join(self, invitation: str) -> None:
        """Start, join, and wait for the window."""
        self.start(invitation)
        self.try_to_join()
        self.wait_for_window()

    def come_back(self) -> None:
        """Start with the profile that is there, and wait for the window."""
        self.start()
        self.open_profile()
        self.wait_for_window()

    # --- looking ---

    def find(self, name: str) -> Conversation | None:
        """The conversation `@name` or `#name` as the sidebar has it."""
        kind, bare = name[0], name[1:]
        for conversation in self.window.state.conversations.values():
            if (conversation.kind is ConversationKind.DIRECT) == (
                kind == "@"
            ) and conversation.name == bare:
                return conversation
        return None

    def open(self, name: str) -> Conversation:
        """Open it as by a click in the sidebar (or, for somebody not written to yet, by the jump
        field).
        """
        state = self.window.state
        if name.startswith("@") and self.find(name) is None:
            wait_until(
                lambda: state.person_named(name[1:]) is not None, f"{self.username} sees {name}"
            )
            person = state.person_named(name[1:])
            assert person is not None
            self.window.navigation.open_direct(person.uid)
        wait_until(
            lambda: self.find(name) is not None, f"{self.username} has {name} in the sidebar"
        )
        conversation = self.find(name)
        assert conversation is not None
        self.window.open_conversation(conversation.conv_id)
        wait_until(
            lambda: self.window.pane.conv_id == conversation.conv_id,
            f"{self.username} opens {name}",
        )
        return conversation

    def rows(self) -> list[Row]:
        """What the open conversation shows, those on their way included."""
        model = self.window.pane.model
        return [row for at in range(model.rowCount()) if (row := model.row_at(at)) is not None]

    def texts(self) -> list[str]:
        """The messages of the open conversation, in order."""
        return [row.text for row in self.rows() if row.kind is RowKind.TEXT]

    def wait_for_texts(self, *texts: str) -> None:
        """All of these stand in the open conversation, in this order."""

        def is_there() -> bool:
            at = iter(self.texts())
            return all(text in at for text in texts)

        wait_until(is_there, f"{self.username} sees {texts} (there is {self.texts()[-6:]})")

    def wait_for_state(self, texts: Iterable[str], state: MessageState) -> None:
        """These own messages have come at least as far."""

        def is_so() -> bool:
            states = {row.text: row.state for row in self.rows() if row.is_own}
            return all(states.get(text, MessageState.FAILED) >= state for text in texts)

        wanted = list(texts)
        wait_until(is_so, f"{self.username}'s {wanted} are {state.name.lower()}")

    # --- doing ---

    def write(self, text: str) -> None:
        """Type into the composer, Shift+Enter for new lines, and send."""
        edit = self.window.pane.composer.edit
        wait_until(lambda: edit.isVisible(), f"{self.username} may write here")
        for at, line in enumerate(text.split("\n")):
            if at:
                QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            if line.isascii():
                QTest.keyClicks(edit, line)
            else:
                edit.insertPlainText(line)
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def create_group(self, name: str, *usernames: str) -> None:
        """The + of the study groups, its dialog, Create."""
        self.window.navigation.add_to_section(Section.GROUPS)
        dialog = self.window.findChild(NewGroupDialog)
        assert dialog is not None
        QTest.keyClicks(dialog.name, name)
        for username in usernames:
            QTest.keyClicks(dialog.picker.search, username)
            QTest.keyClick(dialog.picker.search, Qt.Key.Key_Return)
        press(dialog.action)
        wait_until(
            lambda: (conversation := self.find(f"#{name}")) is not None and conversation.is_member,
            f"#{name} is made",
        )
        self.open(f"#{name}")

    def remove(self, username: str) -> None:
        """Remove somebody from the open conversation, and confirm."""
        person = self.window.state.person_named(username)
        assert person is not None
        self.window.members.remove_requested.emit(person.uid)
        self.confirm("Remove")

    def confirm(self, action: str) -> None:
        """Press this button of the question that is open."""
        box = self.window.findChild(QMessageBox)
        assert box is not None, "no question is open"
        buttons = [button for button in box.buttons() if button.text() == action]
        press(buttons[0])


def press(button: QWidget) -> None:
    """A click; on the offscreen platform too."""
    assert isinstance(button, QPushButton) or hasattr(button, "click")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
