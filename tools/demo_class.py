"""The class that the demo plays: a broker process and three people at real windows.

Every step is checked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QPushButton, QWidget

from client.api.values import MessageState
from client.core.state.saved import SavedEpoch
from client.gui.app import create_application
from client.storage.keystore import Keystore
from client.storage.store import Store
from tools.demo_drafts import FIRST, NAME, Drafts
from tools.processes import BrokerProcess
from tools.window_driver import Person, wait_until

SIZE = (1240, 780)
SECRET = "what bob must not read: the answer is 42"
CODE = (
    "My poll() loop burns 100 % CPU:\n```python\nwhile True:\n    events = dict(poller.poll(1000))\n"
    "    if sock in events:\n        data = sock.recv(zmq.NOBLOCK)   # raises?\n```"
)


class Show:
    """The script. Every step waits until it is seen in the windows."""

    def __init__(self, output: Path) -> None:
        self.output = output
        app = create_application()
        self.broker = BrokerProcess(
            output / "broker", "--class-name", "CSCE 513 · Fall", "--log-level", "error"
        )
        profiles = output / "profiles"
        self.prof = Person(app, profiles, "Prof.Nguyen", "granite lamp seventeen boats")
        self.alice = Person(app, profiles, "alice", "velvet comet outside ladder")
        self.bob = Person(app, profiles, "bob.k", "paper walnut sailing frost")
        self.people = (self.prof, self.alice, self.bob)
        self.drafts = Drafts(self)

    def play(self) -> None:
        """All of it."""
        for scene in (
            self.open_the_class,
            self.join,
            self.talk_in_channels,
            self.talk_directly,
            self.make_study_group,
            self.drafts.share,
            self.drafts.revise,
            self.drafts.show_a_picture,
            self.drafts.pull_the_network,
            self.write_to_somebody_away,
            self.crash,
            self.come_back,
            self.remove,
            self.look,
            self.search_the_server,
        ):
            with told(scene.__doc__ or ""):
                scene()

    # --- the scenes ---

    def open_the_class(self) -> None:
        """The broker starts and prints its invitations"""
        ready = self.broker.start()
        assert ready.invitation != ready.instructor_invitation
        for name in ("invitation-students.txt", "invitation-instructor.txt"):
            assert (self.broker.data_dir / name).is_file(), f"{name} is missing"

    def join(self) -> None:
        """Three people join; a name that is taken is refused with two free ones"""
        assert self.broker.ready is not None
        invitation = self.broker.ready.invitation
        self.prof.join(self.broker.ready.instructor_invitation)
        self.picture(self.alice.start(invitation).sign_in, "sign-in")
        self.alice.try_to_join()
        self.alice.wait_for_window()
        form = self.bob.start(invitation).sign_in
        self.bob.try_to_join("alice")
        wait_until(lambda: not form.suggestions.isHidden(), "two free names under the field")
        assert "taken" in form.username_field.error.text(), form.username_field.error.text()
        assert form.username.text() == "alice" and form.passphrase.text(), "what was typed is gone"
        assert len(form.suggestions.findChildren(QPushButton)) == 2
        self.picture(form, "name-taken")
        self.bob.try_to_join()
        self.bob.wait_for_window()
        for person in self.people:
            person.window.resize(*SIZE)

    def talk_in_channels(self) -> None:
        """#announcements and #general, seen by all; students cannot write announcements"""
        announcement = "Homework 3 is out. Drafts are welcome before Friday, see **part 2** first."
        self.prof.open("#announcements")
        self.prof.write(announcement)
        for person in (self.alice, self.bob):
            person.open("#announcements")
            person.wait_for_texts(announcement)
            composer = person.window.pane.composer
            wait_until(
                lambda composer=composer: not composer.isVisible(),  # type: ignore[misc]
                f"{person.username} may only read",
            )
        for person in self.people:
            person.open("#general")
        self.bob.write(CODE)
        self.alice.wait_for_texts(CODE)
        answer = "Right. @bob.k see slide 31, and https://docs.example.edu/zmq/poller for details."
        self.prof.wait_for_texts(CODE)
        self.prof.write(answer)
        for person in self.people:
            person.wait_for_texts(CODE, answer)
        self.alice.write(
            "Two questions:\n- does the nonce reset on **reconnect**?\n- can `IDENTITY` be reused?"
        )

    def talk_directly(self) -> None:
        """alice and the professor write to each other, and see what has arrived"""
        self.alice.open("@Prof.Nguyen")
        self.alice.write("Could I have two more days for part 2? I was ill.")
        self.prof.open("@alice")
        self.prof.wait_for_texts("Could I have two more days for part 2? I was ill.")
        self.prof.write("Of course. Get well first! \U0001f340")
        self.alice.wait_for_texts("Of course. Get well first! \U0001f340")
        self.alice.wait_for_state(
            ["Could I have two more days for part 2? I was ill."], MessageState.DELIVERED
        )

    def make_study_group(self) -> None:
        """alice makes a private study group of three"""
        self.alice.create_group("team-epoll", "bob.k", "Prof.Nguyen")
        self.alice.write("Third draft of part 2. Comments welcome before tonight!")
        for person in (self.bob, self.prof):
            person.open("#team-epoll")
            person.wait_for_texts("Third draft of part 2. Comments welcome before tonight!")
        self.bob.write("Looks good. You never *unregister* the socket, though.")
        self.alice.wait_for_texts("Looks good. You never *unregister* the socket, though.")
        self.picture_all("group")

    def write_to_somebody_away(self) -> None:
        """bob.k closes his window; the others go on"""
        self.bob.close()
        self.early = [f"While you are away, part {number}" for number in range(1, 4)]
        for text in self.early:
            self.alice.write(text)
        self.prof.wait_for_texts(*self.early)

    def crash(self) -> None:
        """The broker is killed with -9 in the middle of it, and started again"""
        self.late = [f"Across the crash, part {number}" for number in range(1, 7)]
        for number, text in enumerate(self.late):
            self.alice.write(text)
            if number == 2:
                self.broker.kill()
        wait_until(
            lambda: self.alice.window.pane.banner.isVisible(),
            "the banner says that the server is away",
        )
        wait_until(
            lambda: self.alice.texts()[-6:] == self.late,
            "what was written without a server is shown",
        )
        self.picture(self.alice.window, "no-server")
        self.broker.start()
        self.alice.wait_for_state(self.late, MessageState.STORED)
        wait_until(lambda: not self.alice.window.pane.banner.isVisible(), "the banner goes")
        self.prof.wait_for_texts(*self.early, *self.late)

    def come_back(self) -> None:
        """bob.k comes back and has missed nothing: each message once, in order"""
        self.bob.come_back()
        self.bob.window.resize(*SIZE)
        self.bob.open("#team-epoll")
        self.bob.wait_for_texts(*self.early, *self.late)
        got = [text for text in self.bob.texts() if text in {*self.early, *self.late}]
        assert got == [*self.early, *self.late], f"lost, doubled or out of order: {got}"
        # Older rows come from the disk a moment later.
        wait_until(
            lambda: self.bob.texts() == self.alice.texts() == self.prof.texts(), "one order for all"
        )
        self.alice.wait_for_state(self.late, MessageState.DELIVERED)
        self.bob.write("I am back, and have read it all.")
        self.alice.wait_for_texts("I am back, and have read it all.")

    def remove(self) -> None:
        """alice removes bob.k; what is written afterwards he can neither get nor open"""
        conv_id = self.alice.open("#team-epoll").conv_id
        self.alice.remove("bob.k")
        wait_until(
            lambda: not self.bob.window.state.conversations[conv_id].is_member,
            "bob.k is told that he is out",
        )
        self.alice.write(SECRET)
        self.prof.wait_for_texts(SECRET)
        assert SECRET not in self.bob.texts()
        wait_until(
            lambda: not self.bob.window.pane.composer.isVisible(), "bob.k may not write any more"
        )
        self.picture(self.bob.window, "removed")
        self.bob.close()
        self.alice.close()
        his, hers = epochs_opened_by(self.bob, conv_id), epochs_opened_by(self.alice, conv_id)
        assert his and max(his) < max(hers), f"bob.k holds the keys of {his}, alice those of {hers}"
        self.alice.come_back()
        self.alice.window.resize(*SIZE)

    def look(self) -> None:
        """Every window in both themes"""
        self.bob.come_back()
        self.bob.window.resize(*SIZE)
        self.prof.open("#general")
        self.alice.open("#general")
        self.alice.wait_for_texts(CODE)
        for theme in ("light", "dark"):
            for person in self.people:
                assert person.program is not None
                person.program.choose_theme(theme)
            self.picture_all(theme)
        for person in self.people:
            assert person.program is not None
            person.program.choose_theme("light")

    def search_the_server(self) -> None:
        """Nothing of what was written can be found at the server"""
        words = [
            SECRET,
            CODE[:30],
            *self.early,
            *self.late,
            "team-epoll",
            "Could I have two more days",
        ]
        words += [NAME, FIRST[:60], "It stays flat now"]
        for path in sorted(self.broker.data_dir.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                readable = [word for word in words if word.encode() in data]
                assert not readable, f"{path.name} holds {readable}"

    # --- around ---

    def picture(self, widget: QWidget, name: str) -> None:
        """Keep a picture of a window."""
        QTest.qWait(120)
        assert widget.grab().save(str(self.output / f"{name}.png")), (
            f"{name}.png could not be written"
        )

    def picture_all(self, name: str) -> None:
        """One picture of every main window."""
        for person in self.people:
            if person.program is not None and person.program.window is not None:
                self.picture(person.window, f"{name}-{person.username}")

    def hand_over(self) -> None:
        """Let the user play until all windows are closed."""
        wait_until(
            lambda: all(person.is_ended for person in self.people),
            "the windows are closed",
            float("inf"),
        )

    def end(self) -> None:
        """Close what is open and stop the broker."""
        for person in self.people:
            person.close()
        self.broker.stop()


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what goes on and how long it took."""
    print(f"  {what} ...", end=" ", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def epochs_opened_by(person: Person, conv_id: bytes) -> list[int]:
    """The epochs of a conversation whose key lies in somebody's closed profile."""
    keystore = Keystore(person.profile)
    try:
        profile = keystore.open(None, "", person.passphrase, os.urandom, lambda: (b"", b""), None)
        store = Store(keystore.database_path, profile.vault)
        try:
            items = [item for item in store.load() if isinstance(item, SavedEpoch)]
        finally:
            store.close()
    finally:
        keystore.close()
    return [item.epoch for item in items if item.conv_id == conv_id and item.seed]
