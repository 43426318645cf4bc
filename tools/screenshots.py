"""One picture of every screen and dialog in both themes, over the sample class of the tests: `make
screenshots`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QWidget

from client.api.events import (
    ConnectionChanged,
    Done,
    FetchPreview,
    FindSimilar,
    GetDrafts,
    GetPins,
    GetQuestions,
    Notice,
    Search,
)
from client.api.said import Failed
from client.api.values import (
    ConnectionState,
    Found,
    QuestionState,
    Quote,
    Row,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.export.job import OFFLINE, ExportEnded, ExportProgress, Missing
from client.gui.app import create_application
from client.gui.conversation.similar_controller import PAUSE_MS
from client.gui.export.dialog import ExportDialog
from client.gui.kit.dialogs import AddPeopleDialog, KeysDialog, NewGroupDialog, RenameDialog
from client.gui.kit.emoji_picker import EmojiPicker
from client.gui.kit.theme import DARK, LIGHT, Theme, apply_theme
from client.gui.language import translation
from client.gui.language.choice import ENGLISH, Language, languages
from client.gui.messages.model import ConversationModel
from client.gui.session.panels import PanelKind
from client.gui.sidebar.jump_dialog import JumpDialog
from client.gui.sign_in.window import SignIn
from client.gui.versions.compare_dialog import CompareDialog
from client.gui.window.main_window import MainWindow
from tests.support.window.window_data import (
    CLASS_NAME,
    GENERAL,
    HOMEWORK,
    LAB,
    RICH,
    RICH_CODE,
    TEAM,
    FakeSession,
    file_info,
    file_row,
    homework_rows,
    opened,
    row,
    transfer_of,
)
from tools.demo_drafts import FIRST, SECOND, plot

PSEUDO = "pseudo"
SIZE, SMALLEST, NARROW = (1240, 780), (760, 520), (860, 640)
Scene = Callable[["Studio"], QWidget]


def sample_rows() -> list[Row]:
    """The homework conversation with a question, its answer, a pin, and two versions of a draft."""
    rows = homework_rows()
    question = replace(rows[4], question=QuestionState.ACCEPTED, answers=2)
    answer = row(
        6,
        "hyun",
        "It must reset, else the second session repeats the first one's nonces.",
        41,
        is_accepted=True,
        quote=Quote(
            question.message_id, "bob.k", "Two questions: does the nonce reset on reconnect?"
        ),
    )
    first = file_row(
        7, "alice", file_info("hw3_server.py", len(FIRST)), "First draft of part 2", 44
    )
    second = file_row(
        8,
        "bob.k",
        file_info("hw3_server.py", len(SECOND), version=2, previous=first.message_id),
        minute=47,
    )
    open_one = row(
        9,
        "alice",
        "Is part 2 due on Friday at noon, or at the end of the day?",
        55,
        question=QuestionState.OPEN,
        is_own=True,
    )
    return [
        *rows[:2],
        replace(rows[2], is_pinned=True),
        rows[3],
        question,
        rows[5],
        answer,
        first,
        second,
        open_one,
    ]


def sample_transfers(rows: list[Row]) -> tuple[Transfer, ...]:
    """A file in each state."""
    large = file_row(20, "fatima", file_info("lecture-notes-week-12.pdf", 9_122_611))
    archive = replace(file_row(21, "alice", file_info("draft-4.zip", 48_000_000)), sequence=0)
    return (
        transfer_of(rows[7], TransferState.DONE, sha256=bytes(range(32)), transfer_id=b"1" * 16),
        transfer_of(large, TransferState.PAUSED, 3_900_000, transfer_id=b"2" * 16),
        transfer_of(
            large,
            TransferState.FAILED,
            3_900_000,
            transfer_id=b"3" * 16,
            failure=Failed(code="no_space"),
        ),
        transfer_of(
            archive,
            TransferState.ACTIVE,
            17_900_000,
            rate=13_000_000,
            transfer_id=b"4" * 16,
            direction=TransferDirection.UP,
        ),
    )


class Pseudo:
    """A language that shows what was forgotten and what is cut: the text in brackets, longer by 40
    per cent.
    """

    def gettext(self, message: str) -> str:
        return f"\u27e6{message}{'~' * (len(message) * 2 // 5)}\u27e7"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Studio:
    """A window over the sample class; every scene gets a fresh one."""

    def __init__(self, app: QApplication, theme: Theme, folder: Path) -> None:
        self._app = app
        apply_theme(app, theme)
        self.theme = theme
        self.rows = sample_rows()
        self.session = FakeSession()
        self.session.rows[HOMEWORK] = self.rows
        settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        settings.clear()
        self.window = MainWindow(self.session.post, settings, theme)
        self.window.resize(*SIZE)
        self.window.show()
        start = opened()
        known = tuple(
            replace(
                one,
                row_count=len(self.rows),
                read_position=len(self.rows),
                unread=0,
                unread_mentions=0,
                can_pin=True,
            )
            if one.conv_id == HOMEWORK
            else one
            for one in start.conversations
        )
        self.window.handle(
            [replace(start, conversations=known, transfers=sample_transfers(self.rows))]
        )
        self.window.open_conversation(HOMEWORK)
        self.settle()

    def settle(self) -> None:
        """Let everything that was asked be answered, and painted."""
        for _ in range(8):
            self._app.processEvents()
            self.window.refresh()
            self.window.handle([*self.session.answers(), *self._answers()])
            QTest.qWait(15)

    def _answers(self) -> list[Notice]:
        first, second = self.rows[7], self.rows[8]
        texts = {first.message_id: FIRST.encode(), second.message_id: SECOND.encode()}
        answers: list[Notice] = []
        for command in list(self.session.commands):
            data: object
            if isinstance(command, GetDrafts):
                data = ((first, second),)
            elif isinstance(command, GetPins):
                data = (self.rows[2],)
            elif isinstance(command, GetQuestions):
                data = (self.rows[9], self.rows[4])
            elif isinstance(command, FetchPreview):
                data = texts.get(command.message_id, b"")
            else:
                continue
            self.session.commands.remove(command)
            answers.append(Done(command.request_id, True, data=data))
        return answers

    def end(self) -> None:
        """Close what is open."""
        for widget in self._app.topLevelWidgets():
            widget.close()
        self._app.processEvents()


# --- the scenes ---


def panel(kind: PanelKind) -> Scene:
    """The window with one of its panels."""

    def scene(studio: Studio) -> QWidget:
        studio.window.show_panel(kind, True)
        return studio.window

    return scene


def versions(studio: Studio) -> QWidget:
    """All versions of a draft."""
    studio.window.files.show_versions(studio.rows[8].message_id)
    return studio.window


def compare(studio: Studio) -> QWidget:
    """Two versions compared."""
    draft = (studio.rows[7], studio.rows[8])
    dialog = CompareDialog(
        studio.theme,
        studio.window.requests,
        draft,
        draft[0].message_id,
        draft[1].message_id,
        studio.window,
    )
    dialog.show()
    return dialog


def sized(width: int, height: int, font_px: int = 14) -> Scene:
    """The window at another size, with another size of text."""

    def scene(studio: Studio) -> QWidget:
        studio.window.resize(width, height)
        studio.window.set_theme(replace(studio.theme, font_px=font_px))
        apply_theme(studio._app, studio.window.theme)
        return studio.window

    return scene


def empty(studio: Studio) -> QWidget:
    """A conversation without messages."""
    studio.window.open_conversation(TEAM)
    return studio.window


def rich(text: str) -> Scene:
    """A message with much in it."""

    def scene(studio: Studio) -> QWidget:
        model = studio.window.pane.view.model()
        assert isinstance(model, ConversationModel)
        last = studio.rows[-1]
        changed = replace(last, text=text, question=None, is_edited=True)
        studio.session.rows[HOMEWORK][-1] = changed
        model.rows_loaded([changed])
        return studio.window

    return scene


def offline(studio: Studio) -> QWidget:
    """Without a connection, with something in the outbox."""
    studio.window.handle(
        [ConnectionChanged(ConnectionState.OFFLINE, 4.0, 2, Failed(code="unreachable"))]
    )
    QTest.qWait(2200)  # shorter gaps are not told
    return studio.window


def asking(studio: Studio) -> QWidget:
    """A question being written, with an emoji being completed."""
    studio.window.pane.composer.begin_question()
    studio.window.pane.composer.edit.setFocus()
    QTest.keyClicks(studio.window.pane.composer.edit, "Which port? :rock")
    return studio.window


def similar(studio: Studio) -> QWidget:
    """Earlier questions that are like the one being written."""
    window = studio.window
    window.pane.composer.begin_question()
    QTest.keyClicks(window.pane.composer.edit, "Do we have to reset the nonce after a reconnect?")
    QTest.qWait(PAUSE_MS + 50)
    elsewhere = row(
        3,
        "deepak",
        "Where does the nonce come from, and who resets it?",
        9,
        question=QuestionState.ANSWERED,
        answers=3,
    )
    unanswered = row(
        8, "fatima", "May the nonce begin at 0 after a reconnect?", 30, question=QuestionState.OPEN
    )
    hits = Found(((HOMEWORK, studio.rows[4]), (GENERAL, unanswered), (LAB, elsewhere)), True)
    window.handle(
        [Done(order.request_id, True, data=hits) for order in studio.session.of(FindSimilar)]
    )
    QTest.keyClick(window.pane.composer.edit, Qt.Key.Key_Down)
    return window


def emoji(studio: Studio) -> QWidget:
    """Looking for an emoji by its name."""
    studio.window.pane.composer.emoji.click()
    picker = studio.window.pane.composer.findChild(EmojiPicker)
    assert picker is not None
    picker.search.setText("cat")
    return picker


def search(studio: Studio) -> QWidget:
    """Something found in all conversations."""
    window = studio.window
    window.search.open(is_everywhere=True)
    window.search.panel.field.setText("poll")
    window.search.search()
    elsewhere = row(
        3, "deepak", "You could also poll() with a timeout, so that it does not spin", 9
    )
    hits = Found(((HOMEWORK, studio.rows[0]), (HOMEWORK, studio.rows[1]), (TEAM, elsewhere)), True)
    window.handle([Done(order.request_id, True, data=hits) for order in studio.session.of(Search)])
    return window


def send_files(studio: Studio) -> QWidget:
    """The dialog before a picture is sent."""
    studio.window.pane.files.offer_image(plot())
    dialog = studio.window.pane.files.dialog
    assert dialog is not None
    return dialog


def sign_in(studio: Studio) -> QWidget:
    """Joining the class."""
    form = SignIn([], None)
    form.show()
    return form


def export(studio: Studio, news: ExportProgress | ExportEnded) -> QWidget:
    """An export, under way or done."""
    dialog = ExportDialog(b"", "", Path("/home/alice/Documents/CSCE 513"), studio.window)
    dialog.pseudonyms.setChecked(True)
    dialog.show()
    dialog.submit()
    if isinstance(news, ExportProgress):
        dialog.show_progress(news)
    else:
        dialog.show_end(news)
    return dialog


def get_back(studio: Studio) -> QWidget:
    """Getting an account back on a new computer."""
    form = SignIn([], None)
    form.returning.setChecked(True)
    form.show()
    return form


def dialog_of(make: Callable[[MainWindow], QWidget]) -> Scene:
    """A dialog of the main window."""

    def scene(studio: Studio) -> QWidget:
        made = make(studio.window)
        made.show()
        return made

    return scene


SCENES: dict[str, Scene] = {
    "window": lambda studio: studio.window,
    "files": panel(PanelKind.FILES),
    "questions": panel(PanelKind.QUESTIONS),
    "pins": panel(PanelKind.PINS),
    "versions": versions,
    "search": search,
    "compare": compare,
    "smallest": sized(*SMALLEST),
    "narrow": sized(*NARROW),
    "large-text": sized(*SIZE, font_px=20),
    "rich": rich(RICH),
    "rich-code": rich(RICH_CODE),
    "empty": empty,
    "offline": offline,
    "asking": asking,
    "similar": similar,
    "emoji": emoji,
    "send-files": send_files,
    "sign-in": sign_in,
    "get-back": get_back,
    "new-group": dialog_of(lambda window: NewGroupDialog(window.state.others(), True, window)),
    "add-people": dialog_of(
        lambda window: AddPeopleDialog("team-epoll", window.state.others(), window)
    ),
    "rename": dialog_of(lambda window: RenameDialog("team-epoll", window)),
    "export": lambda studio: export(studio, ExportProgress(740, 2310, "hw3_broker.py")),
    "export-done": lambda studio: export(
        studio,
        ExportEnded(
            Path("/home/alice/Documents/CSCE 513"),
            2310,
            41,
            (Missing("trace.pcap", OFFLINE),),
        ),
    ),
    "jump": dialog_of(lambda window: JumpDialog(window.state, window)),
    "keys": dialog_of(KeysDialog),
}


def take(output: Path, names: list[str], language: str = ENGLISH) -> list[Path]:
    """Take these pictures in both themes; gives the files."""
    output.mkdir(parents=True, exist_ok=True)
    app, taken = create_application(), []
    if language == PSEUDO:
        translation.use(Pseudo())
    else:
        Language(app).speak(language)
    with tempfile.TemporaryDirectory() as folder:
        for theme in (LIGHT, DARK):
            for name in names:
                studio = Studio(app, theme, Path(folder))
                widget = SCENES[name](studio)
                studio.settle()
                path = output / f"{name}-{theme.name}.png"
                if not widget.grab().save(str(path)):
                    raise OSError(f"{path} could not be written")
                taken.append(path)
                studio.end()
    return taken


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("screenshots"))
    parser.add_argument(
        "--language", default=ENGLISH, help=f"{ENGLISH}, {', '.join(languages())}, {PSEUDO}"
    )
    parser.add_argument(
        "names", nargs="*", help=f"of {CLASS_NAME}: {', '.join(SCENES)} (default: all)"
    )
    options = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    unknown = [name for name in options.names if name not in SCENES]
    if unknown:
        parser.error(f"there is no screen called {unknown[0]}")
    for path in take(options.output, options.names or list(SCENES), options.language):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
