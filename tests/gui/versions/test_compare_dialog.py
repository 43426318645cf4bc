"""The window that compares two versions of a draft: lines, keys, folded runs, sentences, and work
that goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QEvent, QPoint, Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.api.events import Done
from client.gui.kit.theme import DARK, LIGHT, Theme, apply_theme
from client.gui.versions.compare_dialog import COMPARING, FAILED, LOADING, CompareDialog
from client.gui.versions.diff_text import MAX_SHOWN
from client.gui.versions.line_diff import NOT_TEXT, SAME, Run
from tests.support.window.version_data import NEW, OFFLINE, OLD, Broker, at_id, draft_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture(params=[LIGHT, DARK], ids=lambda theme: str(theme.name))
def theme(request: pytest.FixtureRequest) -> Iterator[Theme]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    chosen: Theme = request.param
    apply_theme(app, chosen)
    yield chosen
    apply_theme(app, LIGHT)


class Compared:
    """The window over three versions of one draft."""

    def __init__(
        self, qtbot: QtBot, broker: Broker, theme: Theme = LIGHT, name: str = "hw3_broker.py"
    ) -> None:
        self.bot: Any = qtbot
        self.broker = broker
        self.draft = draft_of(3, name)
        self.dialog = CompareDialog(theme, broker.requests, self.draft, at_id(0), at_id(1))
        self.dialog.show()
        self.text = self.dialog.text

    def answer(self, old: bytes | None, new: bytes | None) -> None:
        self.broker.answer({at_id(0): old, at_id(1): new, at_id(2): new})

    def done(self) -> None:
        """Wait until the worker has answered."""
        self.bot.waitUntil(lambda: not self.dialog._workers.is_busy)

    def show(self, old: str = OLD, new: str = NEW) -> None:
        self.answer(old.encode(), new.encode())
        self.done()
        self.dialog.grab()

    def sentence(self) -> str:
        if self.dialog.pages.currentWidget() is not self.dialog.sentence_page:
            return ""
        return str(self.dialog.sentence.text())

    def entries(self) -> list[str]:
        return [
            one.words if isinstance(one, Run) else one.kind.value + one.text
            for one in self.text.entries
        ]

    def row(self) -> int:
        return int(self.text.textCursor().blockNumber())

    def key(self, key: int, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.bot.keyClick(self.text, key, modifier)

    def point(self, row: int) -> QPoint:
        block = self.text.document().findBlockByNumber(row)
        change_number = self.text.blockBoundingGeometry(block).translated(self.text.contentOffset())
        return QPoint(20, int(change_number.center().y()))


@pytest.fixture
def compared(qtbot: QtBot, broker: Broker) -> Iterator[Callable[..., Compared]]:
    made: list[Compared] = []

    def make(theme: Theme = LIGHT, name: str = "hw3_broker.py") -> Compared:
        made.append(Compared(qtbot, broker, theme, name))
        return made[-1]

    yield make
    for one in made:
        if not sip.isdeleted(one.dialog):
            one.dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_two_versions_are_compared(compared: Callable[..., Compared], theme: Theme) -> None:
    one = compared(theme)
    assert one.sentence() == LOADING
    assert set(one.broker.waiting()) == {at_id(0), at_id(1)}
    assert one.dialog.windowTitle() == "Compare hw3_broker.py"
    assert not one.dialog.isModal()
    assert one.dialog.old_box.currentText().startswith("Version 1 \u00b7 carmen_d \u00b7 ")
    assert [one.dialog.new_box.itemText(at)[:9] for at in range(3)] == [
        "Version 3",
        "Version 2",
        "Version 1",
    ]
    one.answer(OLD.encode(), NEW.encode())
    assert one.sentence() == COMPARING
    one.done()
    assert one.sentence() == ""
    assert one.entries() == [
        " line 1",
        " line 2",
        "\u2212line 3",
        "+line three",
        "+and more",
        " line 4",
        " line 5",
        " line 6",
        "\u2026 11 unchanged lines",
        " line 18",
        " line 19",
        " line 20",
        "\u2212old end",
        "+new end",
    ]
    assert one.dialog.summary.accessibleName() == "3 lines added, 2 removed"
    assert "+3" in one.dialog.summary.text() and "\u22122" in one.dialog.summary.text()
    assert one.dialog.change_number.text() == "Change 1 of 2"
    image = one.dialog.grab().toImage()
    grounds = {
        image.pixelColor(x, y).name() for x in range(0, 300, 2) for y in range(0, image.height(), 2)
    }
    for colour in (theme.added_bg, theme.added_word_bg, theme.removed_bg, theme.removed_word_bg):
        assert colour.lower() in grounds


def test_keys_go_through_the_changes(compared: Callable[..., Compared]) -> None:
    one, key = compared(), Qt.Key
    one.show()
    assert one.row() == 2
    places = []
    for pressed, modifier in (
        (key.Key_N, None),
        (key.Key_N, None),
        (key.Key_P, None),
        (key.Key_P, None),
        (key.Key_F7, None),
        (key.Key_F7, Qt.KeyboardModifier.ShiftModifier),
    ):
        one.key(pressed, modifier or Qt.KeyboardModifier.NoModifier)
        places.append((one.row(), one.dialog.change_number.text()))
    first, second = (2, "Change 1 of 2"), (12, "Change 2 of 2")
    assert places == [second, second, first, first, second, first]
    one.key(key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert one.dialog.change_number.text() == "2 changes"
    one.dialog.next_button.click()
    one.dialog.next_button.click()
    one.dialog.previous_button.click()
    assert one.row() == 2
    one.key(key.Key_Escape)
    assert not one.dialog.isVisible()


def test_a_folded_run_opens(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.show()
    one.bot.mouseMove(one.text.viewport(), one.point(8))
    assert one.text.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    one.bot.mouseMove(one.text.viewport(), one.point(7))
    assert one.text.viewport().cursor().shape() == Qt.CursorShape.IBeamCursor
    one.bot.mouseClick(one.text.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, one.point(7))
    assert len(one.entries()) == 14
    one.bot.mouseClick(one.text.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, one.point(8))
    assert len(one.entries()) == 24 and one.text.document().blockCount() == 24
    assert one.row() == 8 and one.text.document().findBlockByNumber(8).text() == "line 7"
    one.key(Qt.Key.Key_N)
    assert one.row() == 22


def test_a_folded_run_opens_by_enter(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.show("a\n" * 9 + "b\n" + "c\n" * 9, "a\n" * 9 + "x\n" + "c\n" * 9)
    assert one.entries()[0] == "\u2026 6 unchanged lines"
    one.key(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    one.key(Qt.Key.Key_Return)
    assert one.entries()[:10] == [" a"] * 9 + ["\u2212b"]
    one.key(Qt.Key.Key_Return)  # there is nothing to open here
    assert len(one.entries()) == 15
    one.dialog.grab()


def test_what_is_copied_is_the_text_alone(compared: Callable[..., Compared]) -> None:
    one = compared()
    long = "y" * (MAX_SHOWN + 50)
    one.show(OLD, NEW.replace("and more", long).replace("line 4\n", "line \U0001f914 4\n"))
    one.text.selectAll()
    one.text.copy()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    copied = clipboard.text().split("\n")
    assert copied[:5] == ["line 1", "line 2", "line 3", "line 4", "line three"]
    assert copied[5] == long
    assert "line 12" in copied and copied[-2:] == ["old end", "new end"]
    shown = one.text.document().findBlockByNumber(5).text()
    assert shown.endswith("\u2026 50 characters more")
    one.key(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(4):
        one.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert one.text.selected_text() == "line"


def test_characters_that_would_deceive_are_shown(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.show("a\u202e b\u2028c\n", "a b\x85\x0bc\n")
    assert one.text.document().toPlainText() == "a\ufffd b\ufffdc\na b\ufffd\ufffdc"
    assert one.entries() == ["\u2212a\u202e b\u2028c", "+a b\x85\x0bc"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"a\n", b"a\n", SAME),
        (b"a\0\n", b"b\n", NOT_TEXT),
        (b"a\r\n", b"a\n", "Only the line ends differ. Line ends: CRLF before, LF now."),
    ],
)
def test_sentences_in_place_of_lines(
    compared: Callable[..., Compared], old: bytes, new: bytes, sentence: str
) -> None:
    one = compared()
    one.answer(old, new)
    one.done()
    assert one.sentence() == sentence
    assert not one.dialog.retry.isVisible() and not one.dialog.next_button.isEnabled()


def test_a_picture_is_not_fetched(compared: Callable[..., Compared]) -> None:
    one = compared(name="plot.png")
    assert one.sentence() == NOT_TEXT
    assert one.broker.posted == []


def test_a_failure_is_said_and_tried_again(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.answer(None, b"new\n")
    assert one.sentence() == OFFLINE and one.dialog.retry.isVisible()
    one.dialog.retry.click()
    assert one.sentence() == LOADING and one.broker.waiting() == [at_id(0)]
    command = one.broker.posted.pop()
    one.broker.requests.answer(Done(command.request_id, False))
    assert one.sentence() == FAILED
    one.dialog.retry.click()
    one.answer(b"old\n", b"new\n")
    one.done()
    assert one.entries() == ["\u2212old", "+new"]


def test_other_versions_are_chosen(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.show()
    one.dialog.new_box.setFocus()
    one.bot.keyClick(one.dialog.new_box, Qt.Key.Key_Up)
    assert one.dialog.chosen == (at_id(0), at_id(2))
    assert one.sentence() == LOADING and one.broker.waiting() == [at_id(2)]
    one.answer(None, b"third\r\n")
    one.done()
    assert one.entries()[-1] == "+third"
    assert one.dialog.note.text() == "Line ends: LF before, CRLF now."
    one.dialog.choose(at_id(2), at_id(2))
    assert one.sentence() == SAME
    one.dialog.choose(at_id(0), at_id(1))
    one.done()
    assert one.sentence() == "" and one.broker.posted == []


def test_answers_for_older_choices_are_dropped(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.dialog.choose(at_id(1), at_id(2))
    assert sorted(one.broker.waiting()) == [at_id(0), at_id(1), at_id(2)]
    one.broker.answer({at_id(0): b"first\n"}, at_id(0))
    assert one.sentence() == LOADING
    one.broker.answer({at_id(1): b"second\n", at_id(2): b"third\n"})
    assert one.sentence() == COMPARING
    one.dialog.choose(at_id(0), at_id(2))
    one.done()
    assert one.entries() == ["\u2212first", "+third"]


def test_a_new_version_can_be_chosen(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.show()
    one.dialog.refresh(draft_of(4))
    assert one.dialog.chosen == (at_id(0), at_id(1)) and one.dialog.old_box.count() == 4
    assert one.sentence() == ""
    one.dialog.refresh(draft_of(4)[1:])
    assert one.dialog.chosen == (at_id(3), at_id(1)) and one.sentence() == LOADING


def test_many_versions_do_not_fill_the_memory(compared: Callable[..., Compared]) -> None:
    one = compared()
    draft = draft_of(12)
    one.dialog.refresh(draft)
    for row in draft[1:]:
        one.dialog.choose(at_id(0), row.message_id)
        one.broker.answer({each.message_id: b"text\n" for each in draft})
    one.done()
    assert len(one.dialog._texts) <= 9
    assert one.broker.asked.count(at_id(0)) == 1


@pytest.mark.parametrize("when", ["loading", "comparing"])
def test_closing_while_work_runs(compared: Callable[..., Compared], when: str) -> None:
    one = compared()
    if when == "comparing":
        one.answer(OLD.encode(), NEW.encode())
    one.dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(one.dialog)
    if when == "loading":
        one.answer(OLD.encode(), NEW.encode())
    one.bot.wait(1)


def test_another_theme_while_open(compared: Callable[..., Compared]) -> None:
    one = compared()
    one.show()
    width = one.text.margin_width
    one.dialog.set_theme(replace(DARK, font_px=20))
    assert DARK.added in one.dialog.summary.text()
    assert one.text.margin_width > width
    one.dialog.grab()


def test_twenty_thousand_lines_open_quickly(compared: Callable[..., Compared]) -> None:
    one = compared()
    old = "".join(f"line {number}\n" for number in range(20_000))
    one.show(old, old.replace("7\n", "seven\n"))
    assert one.dialog.change_number.text() == "Change 1 of 2000"
    bar = one.text.verticalScrollBar()
    for at in range(0, bar.maximum(), bar.maximum() // 10):
        bar.setValue(at)
        one.dialog.grab()
