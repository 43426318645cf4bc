"""The sign-in window: join with an invitation, or open a profile that is on this computer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QCloseEvent
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client.api.events import SignInFailed
from client.gui.kit.theme import mono_font
from client.gui.language.said_words import error_words, failure_words
from client.gui.language.translation import tr, tr_dynamic, tr_noop
from shared.crypto.vault import generate_passphrase
from shared.errors import InvitationInvalid, NameRefused
from shared.invitations import SCHEME, Invitation, parse_invitation
from shared.names import normalize_username

MIN_PASSPHRASE = 8
WRITE_DOWN = tr_noop(
    "Write it down: it opens your messages, here and on a new computer. Nobody can give it back to you, "
    "neither the server nor your instructor."
)
COMES_BACK = tr_noop(
    "Your keys and all your messages come back from the server; only your passphrase opens them."
)


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """A profile on this computer whose account exists."""

    directory: Path
    username: str
    class_name: str
    is_open: bool = False  # in another window


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """What was typed, checked as far as the window can. `directory` is None for somebody new."""

    username: str
    passphrase: str
    invitation: Invitation | None = None
    directory: Path | None = None
    recovers: bool = False  # the account exists; it comes back on this computer


class Field(QWidget):
    """A label, an input and the line under it that says what is wrong with it."""

    def __init__(
        self, label: str, edit: QWidget, *beside: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.edit = edit
        self.label = QLabel(label, self)
        self.label.setBuddy(edit)
        edit.setAccessibleName(label)
        self.error = QLabel(self)
        self.error.setProperty("error", True)
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.hide()
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(edit, 1)
        for widget in beside:
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addLayout(row)
        layout.addWidget(self.error)

    def say(self, sentence: str) -> None:
        """Say what is wrong; nothing with an empty sentence."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.edit.setProperty("invalid", bool(sentence))
        style = self.edit.style()
        if style is not None:
            style.unpolish(self.edit)
            style.polish(self.edit)


class SignIn(QWidget):
    """One window for both; what has been typed stays, whatever happens."""

    submitted = pyqtSignal(object)  # SignInRequest
    cancelled = pyqtSignal()
    closed = pyqtSignal()

    def __init__(
        self,
        profiles: Sequence[KnownProfile],
        local_invitation: Invitation | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Sign in \u2013 csce513fall24Msg"))
        self._profiles = list(profiles)
        self._invitation: Invitation | None = None
        self._given: Invitation | None = None
        self._is_busy = False
        self._build()
        self._lay_out()
        self._connect()
        if local_invitation is not None:
            self.invitation.setText(local_invitation.encode())
            self.invitation.setCursorPosition(0)
            self.known_note.setText(tr("Found on this computer."))
        self._choose_profile()
        # The first passphrase reads a list of words; by the time of the click it is there.
        threading.Thread(target=generate_passphrase, name="word-list", daemon=True).start()

    # --- building ---

    def _build(self) -> None:
        self.heading = QLabel(tr("Sign in"), self)
        self.heading.setStyleSheet("font-size: 20px; font-weight: 600;")
        self.intro = QLabel(self)
        self.intro.setProperty("muted", True)
        self.intro.setWordWrap(True)
        self.profile = QComboBox(self)
        for known in self._profiles:
            where = tr("open in another window") if known.is_open else known.class_name
            self.profile.addItem(f"{known.username}  \u00b7  {where}")
        self.profile.addItem(tr("Somebody new: join with an invitation"))
        free = [at for at, known in enumerate(self._profiles) if not known.is_open]
        self.profile.setCurrentIndex(free[0] if free else len(self._profiles))
        self.profile_field = Field(tr("Who are you?"), self.profile, parent=self)
        self.invitation = QLineEdit(self)
        self.invitation.setPlaceholderText(
            tr("Paste the link ({scheme}://\u2026) that your instructor sent", scheme=SCHEME)
        )
        self.file_button = QPushButton(tr("File\u2026"), self)
        self.file_button.setToolTip(tr("Choose an invitation file"))
        self.invitation_field = Field(
            tr("Invitation"), self.invitation, self.file_button, parent=self
        )
        self.known_note = QLabel(self)
        self.known_note.setProperty("muted", True)
        self.class_label = QLabel(self)
        self.class_label.setTextFormat(Qt.TextFormat.PlainText)
        self.class_label.setStyleSheet("font-weight: 600;")
        self.server_label = QLabel(self)
        self.server_label.setProperty("muted", True)
        self.server_label.setTextFormat(Qt.TextFormat.PlainText)
        self.username = QLineEdit(self)
        self.username.setPlaceholderText(tr("The name the class sees, e.g. carmen_d"))
        self.username_field = Field(tr("Username"), self.username, parent=self)
        self.suggestions = QWidget(self)
        self._suggestion_row = QHBoxLayout(self.suggestions)
        self._suggestion_row.setContentsMargins(0, 0, 0, 0)
        self.suggestions.hide()
        self.passphrase = QLineEdit(self)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_button = QPushButton(tr("Show"), self)
        self.show_button.setCheckable(True)
        self.offer = QPushButton(tr("Suggest one"), self)
        self.passphrase_field = Field(
            tr("Passphrase"), self.passphrase, self.show_button, self.offer, parent=self
        )
        self.write_down = QLabel(tr_dynamic(WRITE_DOWN), self)
        self.write_down.setProperty("muted", True)
        self.write_down.setWordWrap(True)
        self.returning = QCheckBox(
            tr("I have an account in this class: get it back on this computer"), self
        )
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.submit_button = QPushButton(self)
        self.submit_button.setProperty("primary", True)
        self.submit_button.setDefault(True)
        self.cancel_button = QPushButton(tr("Cancel"), self)
        self.cancel_button.hide()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(10)
        for widget in (
            self.heading,
            self.intro,
            self.profile_field,
            self.invitation_field,
            self.known_note,
            self.class_label,
            self.server_label,
            self.username_field,
            self.suggestions,
            self.passphrase_field,
            self.write_down,
            self.returning,
        ):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.status)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.submit_button)
        layout.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("signIn")
        self.setMinimumWidth(500)
        self.resize(520, 560)

    def _connect(self) -> None:
        self.profile.currentIndexChanged.connect(lambda _index: self._choose_profile())
        self.invitation.textChanged.connect(lambda _text: self._read_invitation(is_final=False))
        self.invitation.editingFinished.connect(lambda: self._read_invitation(is_final=True))
        self.file_button.clicked.connect(self._choose_file)
        self.username.textChanged.connect(lambda _text: self._clear_name_error())
        self.passphrase.textChanged.connect(lambda _text: self.passphrase_field.say(""))
        self.show_button.toggled.connect(self._show_passphrase)
        self.offer.clicked.connect(self._offer_passphrase)
        self.returning.toggled.connect(lambda _is_on: self._choose_profile())
        self.submit_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.cancelled)
        for edit in (self.invitation, self.username, self.passphrase):
            edit.returnPressed.connect(self.submit)

    # --- what the application tells ---

    def prefill(self, invitation: str, username: str) -> None:
        """What was given on the command line."""
        if invitation:
            self.profile.setCurrentIndex(len(self._profiles))
            self.invitation.setText(invitation)
            self.invitation.setCursorPosition(0)
            self._read_invitation(is_final=True)
            self._given = self._invitation
            self.known_note.setText("")
        if username:
            known = next(
                (at for at, one in enumerate(self._profiles) if one.username == username), -1
            )
            self.profile.setCurrentIndex(known if known >= 0 else len(self._profiles))
            self.username.setText(username)
        self._focus_first_empty()

    def submit_passphrase(self, passphrase: str) -> None:
        """As if it had been typed, and Enter pressed."""
        self.passphrase.setText(passphrase)
        self.submit()

    def set_busy(self, sentence: str) -> None:
        """Say what goes on; an empty sentence gives the fields back."""
        self._is_busy = bool(sentence)
        for widget in (
            self.profile,
            self.invitation,
            self.file_button,
            self.username,
            self.passphrase,
            self.offer,
            self.submit_button,
            self.suggestions,
            self.returning,
        ):
            widget.setEnabled(not self._is_busy)
        self.cancel_button.setVisible(self._is_busy)
        self._say(sentence, is_error=False)

    def show_failure(self, failure: SignInFailed) -> None:
        """Say under the field that it is about what went wrong, with free names to click."""
        self.set_busy("")
        fields = {
            "invitation": self.invitation_field,
            "username": self.username_field,
            "passphrase": self.passphrase_field,
        }
        field = fields.get(failure.field)
        if field is None or field.isHidden():
            self._say(failure_words(failure.failure), is_error=True)
            return
        field.say(failure_words(failure.failure))
        field.edit.setFocus()
        if isinstance(field.edit, QLineEdit):
            field.edit.selectAll()
        if failure.field == "username":
            self._show_suggestions(failure.suggestions)

    # --- profiles ---

    @property
    def known(self) -> KnownProfile | None:
        """The chosen profile; None for somebody new."""
        at = self.profile.currentIndex()
        return self._profiles[at] if 0 <= at < len(self._profiles) else None

    def _choose_profile(self) -> None:
        is_new = self.known is None
        comes_back = is_new and self.returning.isChecked()
        self.profile_field.setVisible(bool(self._profiles))
        for widget in (self.invitation_field, self.username_field, self.write_down, self.returning):
            widget.setVisible(is_new)
        self.offer.setVisible(is_new and not comes_back)
        self.write_down.setText(tr_dynamic(COMES_BACK if comes_back else WRITE_DOWN))
        joining = tr("Get my account back") if comes_back else tr("Join the class")
        self.submit_button.setText(joining if is_new else tr("Sign in"))
        self.heading.setText(
            tr("Join your class") if is_new and not comes_back else tr("Welcome back")
        )
        self.intro.setText(
            tr(
                "Messages are encrypted on this computer; the server passes on and keeps only what it cannot read."
            )
            if is_new
            else tr("Your passphrase opens what is kept on this computer. It is never sent.")
        )
        self._show_invitation()
        self._say("", is_error=False)
        self._focus_first_empty()

    def _focus_first_empty(self) -> None:
        edits = (
            (self.invitation, self.username, self.passphrase)
            if self.known is None
            else (self.passphrase,)
        )
        next((edit for edit in edits if not edit.text()), edits[-1]).setFocus()

    # --- the invitation ---

    def _read_invitation(self, is_final: bool) -> None:
        text = self.invitation.text().strip()
        self._invitation = None
        self.invitation_field.say("")
        self.known_note.setText("")
        is_link = text.startswith(f"{SCHEME}:")
        if text and (is_link or is_final):  # half a path is no file yet
            try:
                self._invitation = self._parse(text, is_link)
            except InvitationInvalid as invalid:
                if is_final:
                    self.invitation_field.say(error_words(invalid))
        self._show_invitation()

    def _parse(self, text: str, is_link: bool) -> Invitation:
        # Only plain files are opened: a device or a pipe could hold the window up.
        if not is_link and not _is_file(text):
            raise InvitationInvalid()
        return parse_invitation(text)

    def _show_invitation(self) -> None:
        invitation = self._invitation if self.known is None else None
        for label in (self.class_label, self.server_label):
            label.setVisible(invitation is not None)
        self.known_note.setVisible(self.known is None and bool(self.known_note.text()))
        if invitation is not None:
            key = invitation.broker_key.hex()[:16].upper()
            groups = " ".join(key[at : at + 4] for at in range(0, 16, 4))
            self.class_label.setText(tr("Class: {class_name}", class_name=invitation.class_name))
            self.server_label.setText(
                tr(
                    "Server {host}:{port}, key {groups}",
                    host=invitation.host,
                    port=invitation.port,
                    groups=groups,
                )
            )

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Choose the invitation"), "", tr("Invitations (*.txt);;All files (*)")
        )
        if path:
            self.invitation.setText(path)
            self._read_invitation(is_final=True)

    # --- name and passphrase ---

    def _clear_name_error(self) -> None:
        self.username_field.say("")
        self._show_suggestions(())

    def _show_suggestions(self, names: Sequence[str]) -> None:
        while self._suggestion_row.count():
            taken = self._suggestion_row.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.deleteLater()
        self.suggestions.setVisible(bool(names))
        if not names:
            return
        self._suggestion_row.addWidget(QLabel(tr("Free:"), self.suggestions))
        for name in names:
            button = QPushButton(name, self.suggestions)
            button.setAccessibleName(tr("Take the name {name}", name=name))
            button.clicked.connect(lambda _checked=False, one=name: self.username.setText(one))
            self._suggestion_row.addWidget(button)
        self._suggestion_row.addStretch(1)

    def _show_passphrase(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self.passphrase.setEchoMode(mode)
        self.show_button.setText(tr("Hide") if is_shown else tr("Show"))

    def _offer_passphrase(self) -> None:
        self.passphrase.setText(generate_passphrase())
        self.passphrase.setFont(mono_font(13))
        self.passphrase.setCursorPosition(0)
        self.show_button.setChecked(True)
        self.passphrase_field.say("")

    # --- submitting ---

    def submit(self) -> None:
        """Check what can be checked here, then hand it over."""
        if self._is_busy:
            return
        self._say("", is_error=False)
        known = self.known
        if known is not None:
            if not self.passphrase.text():
                self.passphrase_field.say(tr("Please type your passphrase."))
                return
            # A server that has moved: the invitation of the command line says where it is now.
            self.submitted.emit(
                SignInRequest(known.username, self.passphrase.text(), self._given, known.directory)
            )
            return
        self._read_invitation(is_final=True)
        if self._invitation is None and not self.invitation.text().strip():
            self.invitation_field.say(
                tr("Paste the invitation that your instructor sent, or choose its file.")
            )
        username = self._checked_username()
        is_long_enough = len(self.passphrase.text()) >= MIN_PASSPHRASE
        if not is_long_enough:
            self.passphrase_field.say(
                tr("At least {count} characters, or take a suggested one.", count=MIN_PASSPHRASE)
            )
        if self._invitation is None or not username or not is_long_enough:
            return
        recovers = self.returning.isChecked()
        self.submitted.emit(
            SignInRequest(username, self.passphrase.text(), self._invitation, recovers=recovers)
        )

    def _checked_username(self) -> str:
        try:
            return normalize_username(self.username.text())
        except NameRefused as refused:
            self.username_field.say(error_words(refused))
            return ""

    def _say(self, sentence: str, is_error: bool) -> None:
        self.status.setProperty("error", is_error)
        self.status.setProperty("muted", not is_error)
        style = self.status.style()
        if style is not None:
            style.unpolish(self.status)
            style.polish(self.status)
        self.status.setText(sentence)
        self.status.setVisible(bool(sentence))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()


def _is_file(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, RuntimeError, ValueError):  # too long for a path; the home of nobody
        return False
