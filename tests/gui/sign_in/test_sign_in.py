"""The sign-in window: errors under the field, what was typed is kept, free names, passphrases,
known profiles.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from client.api.events import SignInFailed
from client.app import known_profiles
from client.gui.sign_in.window import KnownProfile, SignIn, SignInRequest
from client.storage.keystore import Keystore, ProfileFile
from shared.invitations import Invitation
from tests.support.saying import said_so

INVITATION = Invitation(
    "192.0.2.7", 5513, bytes(range(32)), "abcde-fghjk-mnpqr", "CSCE 513 \u00b7 Fall"
)


@pytest.fixture
def form(qtbot: QtBot) -> SignIn:
    made = SignIn([], None)
    qtbot.addWidget(made)
    made.show()
    return made


def requests_of(form: SignIn) -> list[SignInRequest]:
    known_note: list[SignInRequest] = []
    form.submitted.connect(known_note.append)
    return known_note


def fill(form: SignIn, invitation: str, username: str, passphrase: str) -> None:
    form.invitation.setText(invitation)
    form.username.setText(username)
    form.passphrase.setText(passphrase)


def test_everything_right_is_handed_over(form: SignIn) -> None:
    known_note = requests_of(form)
    fill(form, INVITATION.encode(), "  Carmen_D ", "correct horse")
    form.submit_button.click()
    assert known_note == [SignInRequest("Carmen_D", "correct horse", INVITATION)]
    assert form.class_label.text() == "Class: CSCE 513 \u00b7 Fall"
    assert form.server_label.text() == "Server 192.0.2.7:5513, key 0001 0203 0405 0607"


def test_each_field_says_what_is_wrong_with_it(form: SignIn) -> None:
    known_note = requests_of(form)
    fill(form, "", "no@sign", "short")
    form.submit_button.click()
    assert "invitation" in form.invitation_field.error.text().lower()
    assert form.username_field.error.isVisible() and form.passphrase_field.error.isVisible()
    assert (form.username.text(), form.passphrase.text(), known_note) == ("no@sign", "short", [])
    form.passphrase.setText("long enough now")
    assert not form.passphrase_field.error.isVisible()


def test_a_broken_link_is_said(form: SignIn) -> None:
    form.invitation.setText("csce513://nowhere")
    form.invitation.editingFinished.emit()
    assert form.invitation_field.error.isVisible() and not form.class_label.isVisible()


def test_an_invitation_in_a_file(form: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "invitation-students.txt"
    path.write_text(f"For the class:\n{INVITATION.encode()}\n", encoding="utf-8")
    form.invitation.setText(str(path))
    form.invitation.editingFinished.emit()
    assert form.class_label.isVisible()


def test_a_taken_name_offers_two_free_ones(form: SignIn, qtbot: QtBot) -> None:
    fill(form, INVITATION.encode(), "alice", "correct horse")
    form.set_busy("Connecting\u2026")
    assert not form.username.isEnabled() and form.cancel_button.isVisible()
    form.show_failure(
        SignInFailed(said_so("This name is already taken."), "username", ("alice2", "alice3"))
    )
    assert form.username_field.error.text() == "This name is already taken."
    assert (form.username.text(), form.passphrase.text(), form.username.isEnabled()) == (
        "alice",
        "correct horse",
        True,
    )
    buttons = form.suggestions.findChildren(QPushButton)
    assert [one.text() for one in buttons] == ["alice2", "alice3"]
    qtbot.waitUntil(lambda: all(one.isVisible() for one in buttons), timeout=2000)
    buttons[1].click()
    assert form.username.text() == "alice3" and not form.username_field.error.isVisible()


def test_a_failure_of_no_field_is_said_below(form: SignIn) -> None:
    form.show_failure(SignInFailed(said_so("Please update this program.")))
    assert form.status.isVisible() and form.status.text() == "Please update this program."


def test_a_passphrase_is_suggested_and_shown(form: SignIn) -> None:
    form.offer.click()
    assert len(form.passphrase.text().split("-")) == 6
    assert (
        form.passphrase.echoMode() == QLineEdit.EchoMode.Normal
        and form.show_button.text() == "Hide"
    )
    first = form.passphrase.text()
    form.offer.click()
    assert form.passphrase.text() != first
    form.show_button.click()
    assert form.passphrase.echoMode() == QLineEdit.EchoMode.Password


def test_the_profiles_on_this_computer_that_have_an_account_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.app.default_profiles_dir", lambda: tmp_path / "profiles")
    assert known_profiles(None) == []
    for name, invitation, is_registered in (
        ("alice", INVITATION.encode(), True),
        ("bob", "no link", True),
        ("carmen", "", False),
    ):
        folder = tmp_path / "profiles" / name
        folder.mkdir(parents=True)
        (folder / "profile.json").write_bytes(
            msgspec.json.encode(ProfileFile(name, invitation, is_registered))
        )
    alice, bob = (tmp_path / "profiles" / name for name in ("alice", "bob"))
    opened = Keystore(alice)
    expected = [
        KnownProfile(alice, "alice", "CSCE 513 \u00b7 Fall", is_open=True),
        KnownProfile(bob, "bob", ""),
    ]
    assert known_profiles(None) == expected and known_profiles(bob) == expected[1:]
    opened.close()
    assert not known_profiles(alice)[0].is_open


def test_a_known_profile_asks_for_the_passphrase_only(qtbot: QtBot, tmp_path: Path) -> None:
    form = SignIn([KnownProfile(tmp_path, "alice", "CSCE 513")], INVITATION)
    qtbot.addWidget(form)
    form.show()
    known_note = requests_of(form)
    assert form.submit_button.text() == "Sign in" and not form.invitation_field.isVisible()
    qtbot.keyClick(form.passphrase, Qt.Key.Key_Return)
    assert form.passphrase_field.error.text() == "Please type your passphrase."
    qtbot.keyClicks(form.passphrase, "correct horse")
    qtbot.keyClick(form.passphrase, Qt.Key.Key_Return)
    assert known_note == [SignInRequest("alice", "correct horse", None, tmp_path)]
    form.show_failure(SignInFailed(said_so("This is not the passphrase."), "passphrase"))
    assert form.passphrase_field.error.isVisible() and form.passphrase.text() == "correct horse"


def test_a_profile_open_elsewhere_is_not_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    form = SignIn([KnownProfile(tmp_path, "alice", "CSCE 513", is_open=True)], INVITATION)
    qtbot.addWidget(form)
    form.show()
    assert form.known is None and form.submit_button.text() == "Join the class"
    assert (
        form.known_note.text() == "Found on this computer."
        and form.invitation.text() == INVITATION.encode()
    )
    assert "open in another window" in form.profile.itemText(0)


def test_what_the_command_line_gave_is_filled_in(form: SignIn) -> None:
    form.prefill(INVITATION.encode(), "dan")
    assert form.invitation.text() == INVITATION.encode() and form.username.text() == "dan"
    assert form.class_label.isVisible()


def test_closing_is_told(form: SignIn, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.closed):
        form.close()


def test_the_button_chooses_a_file(
    form: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "invitation-students.txt"
    path.write_text(INVITATION.encode(), encoding="utf-8")
    answers = [("", ""), (str(path), "")]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: answers.pop(0))
    form.file_button.click()
    assert form.invitation.text() == "" and not form.class_label.isVisible()  # called off
    form.file_button.click()
    assert (
        form.invitation.text() == str(path)
        and form.class_label.text() == "Class: CSCE 513 \u00b7 Fall"
    )
    known_note = requests_of(form)
    form.username.setText("carmen_d")
    form.passphrase.setText("correct horse")
    form.submit_button.click()
    assert [one.invitation for one in known_note] == [INVITATION]


def test_a_file_that_is_none_is_said(form: SignIn, tmp_path: Path) -> None:
    for text in (str(tmp_path), str(tmp_path / "missing.txt")):
        form.invitation.setText(text)
        assert not form.invitation_field.error.isVisible()  # half a path is not wrong yet
        form.invitation.editingFinished.emit()
        assert form.invitation_field.error.isVisible() and form.invitation.text() == text


def test_while_it_works_nothing_is_handed_over_twice(form: SignIn, qtbot: QtBot) -> None:
    known_note = requests_of(form)
    fill(form, INVITATION.encode(), "carmen_d", "correct horse")
    qtbot.keyClick(form.passphrase, Qt.Key.Key_Return)
    form.set_busy("Making your keys\u2026")
    form.submit()
    assert len(known_note) == 1 and form.status.text() == "Making your keys\u2026"
    with qtbot.waitSignal(form.cancelled, timeout=1000):
        qtbot.mouseClick(form.cancel_button, Qt.MouseButton.LeftButton)
    form.set_busy("")
    assert (
        form.username.isEnabled()
        and not form.cancel_button.isVisible()
        and form.status.text() == ""
    )
    assert (form.username.text(), form.passphrase.text()) == ("carmen_d", "correct horse")


def test_typing_another_name_takes_error_and_offers_away(form: SignIn, qtbot: QtBot) -> None:
    fill(form, INVITATION.encode(), "alice", "correct horse")
    form.show_failure(
        SignInFailed(said_so("This name is already taken."), "username", ("alice2", "alice3"))
    )
    assert form.username.selectedText() == "alice"  # typing replaces it
    qtbot.keyClicks(form.username, "bea")
    assert form.username.text() == "bea" and not form.username_field.error.isVisible()
    assert not form.suggestions.isVisible()


def test_changing_between_profiles_keeps_what_was_typed(qtbot: QtBot, tmp_path: Path) -> None:
    form = SignIn([KnownProfile(tmp_path, "alice", "CSCE 513")], None)
    qtbot.addWidget(form)
    form.show()
    form.profile.setCurrentIndex(1)
    fill(form, INVITATION.encode(), "dan", "correct horse")
    form.profile.setCurrentIndex(0)
    assert not form.username_field.isVisible() and not form.class_label.isVisible()
    form.profile.setCurrentIndex(1)
    assert (form.username.text(), form.passphrase.text()) == (
        "dan",
        "correct horse",
    ) and form.class_label.isVisible()
    form.prefill("", "alice")
    assert form.known is not None and form.known.username == "alice"


def test_a_failure_of_a_hidden_field_is_said_below(qtbot: QtBot, tmp_path: Path) -> None:
    form = SignIn([KnownProfile(tmp_path, "alice", "CSCE 513")], None)
    qtbot.addWidget(form)
    form.show()
    form.show_failure(SignInFailed(said_so("The invitation is not valid any more."), "invitation"))
    assert form.status.isVisible() and form.status.text() == "The invitation is not valid any more."


def test_an_account_comes_back_by_name_and_passphrase(form: SignIn, qtbot: QtBot) -> None:
    known_note: list[SignInRequest] = []
    form.submitted.connect(known_note.append)
    assert form.returning.isVisible() and not form.returning.isChecked()
    qtbot.keyClick(form.returning, Qt.Key.Key_Space)
    assert (
        form.submit_button.text() == "Get my account back" and form.heading.text() == "Welcome back"
    )
    assert (
        not form.offer.isVisible() and "only your passphrase opens them" in form.write_down.text()
    )
    fill(form, INVITATION.encode(), "alice", "correct horse")
    qtbot.mouseClick(form.submit_button, Qt.MouseButton.LeftButton)
    assert known_note == [SignInRequest("alice", "correct horse", INVITATION, recovers=True)]
    form.show_failure(SignInFailed(said_so("Nothing is kept for this name."), "username"))
    assert "Nothing is kept" in form.username_field.error.text()
    qtbot.keyClick(form.returning, Qt.Key.Key_Space)
    assert form.submit_button.text() == "Join the class" and form.offer.isVisible()


def test_a_known_profile_takes_the_invitation_of_the_command_line(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """The server has moved; what merely lies on this computer (the local broker's) moves nobody."""
    form = SignIn([KnownProfile(tmp_path, "alice", "CSCE 513")], INVITATION)
    qtbot.addWidget(form)
    form.show()
    known_note = requests_of(form)
    form.submit_passphrase("correct horse")
    form.prefill("csce513://nowhere", "alice")
    form.submit_passphrase("correct horse")
    form.prefill(INVITATION.encode(), "alice")
    form.submit_passphrase("correct horse")
    assert [(one.invitation, one.directory) for one in known_note] == [
        (None, tmp_path),
        (None, tmp_path),
        (INVITATION, tmp_path),
    ]


@pytest.mark.parametrize(
    "given",
    ["csce513://nowhere", "x" * 5000, "~nobody-of-this-name/invitation", "a\0b", "/dev/zero"],
)
def test_a_wrong_link_of_the_command_line_is_said(form: SignIn, given: str) -> None:
    form.prefill(given, "dan")
    assert "not an invitation" in form.invitation_field.error.text()
    assert not form.class_label.isVisible()


def test_profiles_that_cannot_be_looked_at_are_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "odd" / "profile.json").mkdir(parents=True)
    for place in (
        tmp_path / "file",
        tmp_path / "file" / "below",
        tmp_path / "odd",
        tmp_path / "nothing",
    ):
        assert known_profiles(place) == []
