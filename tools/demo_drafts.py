"""The part of the demo that shares homework: a draft, its next version, what has changed, a
picture, a large file.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol

from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QWidget

from client.api.events import CancelTransfer
from client.api.values import MessageState, Row, TransferState
from client.gui.conversation.file_controller import DOWNLOADS_VARIABLE
from client.gui.session.panels import PanelKind
from tools.processes import BrokerProcess
from tools.window_driver import Person, press, wait_until

FIRST = '''"""Homework 3, part 2: a server that answers many clients."""

import zmq


def serve(address):
    context = zmq.Context()
    sock = context.socket(zmq.ROUTER)
    sock.bind(address)
    poller = zmq.Poller()
    poller.register(sock, zmq.POLLIN)
    while True:
        events = dict(poller.poll(1000))
        if sock in events:
            identity, body = sock.recv_multipart()
            sock.send_multipart([identity, answer(body)])


def answer(body):
    name, _, text = body.partition(b" ")
    return b"hello " + name


def count_words(text):
    words = {}
    for word in text.split():
        words[word] = words.get(word, 0) + 1
    return words


if __name__ == "__main__":
    serve("tcp://*:5555")
'''
SECOND = (
    FIRST.replace("    while True:\n", '    print(f"listening on {address}")\n    while True:\n')
    .replace("sock.recv_multipart()", "sock.recv_multipart(zmq.NOBLOCK)")
    .replace('    return b"hello " + name\n', '    return b"hello " + (name or b"you")\n')
    .replace(
        "    words = {}\n    for word in text.split():\n        words[word] = words.get(word, 0) + 1\n",
        "    words = Counter(text.split())\n",
    )
    .replace("import zmq\n", "from collections import Counter\n\nimport zmq\n", 1)
)
NAME = "hw3_server.py"
LARGE = 24 * 1024 * 1024


class Stage(Protocol):
    """What the class offers to this scene."""

    output: Path
    broker: BrokerProcess
    prof: Person
    alice: Person
    bob: Person

    def picture(self, widget: QWidget, name: str) -> None: ...


class Drafts:
    """Three people in the open group #team-epoll share files."""

    def __init__(self, show: Stage) -> None:
        self._show = show
        self._home = show.output / "homework"
        self._downloads = show.output / "downloads"
        self._home.mkdir(exist_ok=True)
        os.environ[DOWNLOADS_VARIABLE] = str(self._downloads)

    def share(self) -> None:
        """alice drops a draft, with a caption; bob.k saves it, verified"""
        show = self._show
        path = self._home / NAME
        path.write_text(FIRST, encoding="utf-8")
        self._send(show.alice, path, "First draft of part 2. Is the loop right?", "send-file")
        row = wait_for_file(show.bob, NAME, 1)
        show.bob.window.pane.files.save(row.message_id)
        saved = wait_for_transfer(show.bob, row.message_id, TransferState.DONE)
        assert Path(saved).read_bytes() == path.read_bytes(), "what was saved is not what was sent"

    def revise(self) -> None:
        """bob.k sends the next version; everybody sees what has changed, and compares"""
        show = self._show
        path = self._home / NAME
        path.write_text(SECOND, encoding="utf-8")
        self._send(show.bob, path, "")
        row = wait_for_file(show.alice, NAME, 2)
        files = show.alice.window.files
        wait_until(
            lambda: files.counts.known(row.message_id) is not None, "the changes are counted"
        )
        files.show_versions(row.message_id)
        wait_until(
            lambda: show.alice.window.panel.shown is PanelKind.VERSIONS, "the versions are listed"
        )
        wait_until(lambda: "2 versions" in files.versions.count.text(), "both versions")
        show.picture(show.alice.window, "versions")
        show.alice.window.pane.view.signals.compare_requested.emit(row.message_id)
        wait_until(
            lambda: bool(files.dialogs and files.dialogs[0].summary.text()),
            "the versions are compared",
        )
        dialog = files.dialogs[0]
        program = show.alice.program
        assert program is not None
        for theme in ("light", "dark"):
            program.choose_theme(theme)
            show.picture(dialog, f"diff-{theme}")
        program.choose_theme("light")
        dialog.close()
        show.alice.window.show_panel(PanelKind.VERSIONS, False)

    def show_a_picture(self) -> None:
        """bob.k pastes a picture; it is seen in the conversation"""
        bob = self._show.bob
        bob.window.pane.files.offer_image(plot())
        dialog = bob.window.pane.files.dialog
        assert dialog is not None
        wait_until(lambda: dialog.send.isEnabled(), "the picture is prepared")
        QTest.keyClicks(dialog.caption, "It stays flat now.")
        press(dialog.send)
        self._show.alice.wait_for_texts("It stays flat now.")
        QTest.qWait(300)  # for the picture of this scene only: decoding takes a moment

    def pull_the_network(self) -> None:
        """A large file while the server dies: it goes on by itself, and arrives bit-equal"""
        show = self._show
        path = self._home / "measurements.bin"
        path.write_bytes(os.urandom(LARGE))
        show.alice.window.show_panel(PanelKind.FILES, True)
        state = show.alice.window.state
        self._send(show.alice, path, "")
        wait_until(
            lambda: any(one.name == path.name for one in state.transfers.values()),
            "it is on the list",
        )
        (transfer_id,) = (
            one.transfer_id for one in state.transfers.values() if one.name == path.name
        )
        wait_until(
            lambda: state.transfers[transfer_id].bytes_done > LARGE // 8,
            "an eighth of it is stored",
        )
        show.broker.kill()
        wait_until(
            lambda: show.alice.window.pane.banner.isVisible(),
            "the banner says that the server is away",
        )
        show.picture(show.alice.window, "transfer-waits")
        show.broker.start()
        row = wait_for_file(show.prof, path.name, 1)
        show.prof.window.pane.files.save(row.message_id)
        saved = wait_for_transfer(show.prof, row.message_id, TransferState.DONE)
        assert digest_of(Path(saved)) == digest_of(path), "what was saved is not what was sent"
        wait_until(lambda: not state.running_transfers(), "nothing is on its way any more")
        show.picture(show.alice.window, "files")
        for ended in list(state.transfers):
            show.alice.window.requests.post(CancelTransfer(transfer_id=ended))
        show.alice.window.show_panel(PanelKind.MEMBERS, True)
        path.unlink()

    def _send(self, person: Person, path: Path, caption: str, picture: str = "") -> None:
        """The dialog that a drop, Ctrl+U and the + lead to."""
        person.window.pane.files.offer_paths([str(path)])
        dialog = person.window.pane.files.dialog
        assert dialog is not None
        QTest.keyClicks(dialog.caption, caption)
        if picture:
            self._show.picture(dialog, picture)
        press(dialog.send)


def wait_for_file(person: Person, name: str, version: int) -> Row:
    """The row of this version in the open conversation, once it is stored."""

    def arrived() -> list[Row]:
        return [
            row
            for row in person.rows()
            if row.file is not None
            and (row.file.name, row.file.version) == (name, version)
            and row.state >= MessageState.STORED
            and row.position >= 0
        ]

    wait_until(lambda: bool(arrived()), f"{person.username} sees version {version} of {name}", 60)
    return arrived()[-1]


def wait_for_transfer(person: Person, message_id: bytes, state: TransferState) -> str:
    """Where the file of a message was saved."""
    transfers = person.window.state.transfers

    def arrived() -> list[str]:
        return [
            one.path
            for one in transfers.values()
            if one.message_id == message_id and one.state is state
        ]

    wait_until(lambda: bool(arrived()), f"{person.username} has saved the file", 60)
    return arrived()[-1]


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def plot() -> QImage:
    """A curve, as somebody would take it from the screen."""
    image = QImage(420, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("#FDFDFD"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#8A93A0"), 1))
    painter.drawLine(40, 200, 400, 200)
    painter.drawLine(40, 20, 40, 200)
    painter.setPen(QPen(QColor("#2563C9"), 2.5))
    steps = [
        QPointF(40 + 12 * step, 200 - (160 if step < 12 else 12) * (1 - 0.03 * (step % 5)))
        for step in range(31)
    ]
    painter.drawPolyline(QPolygonF(steps))
    painter.setPen(QColor("#1B1F24"))
    painter.drawText(60, 226, "clients")
    painter.drawText(QPointF(250, 40), "CPU, percent")
    painter.end()
    return image
