"""The composer by itself: keys, marks and fences, completion of names, drafts, replies, edits, and
its line.
"""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QTextCursor
from PyQt5.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from client.api.values import Quote
from client.gui.conversation.composer import FENCE_HINT, HINT, Composer, ComposerState
from client.gui.conversation.text_edit import MAX_LINES, is_in_fence
from client.gui.kit.completion import choices_for, matching_names, typed_before
from client.gui.kit.emoji_picker import EmojiPicker
from client.gui.kit.theme import DARK, LIGHT

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier
QUOTE = Quote(b"q" * 16, "bob.k", "does the nonce reset?")
MESSAGE = b"m" * 16


class Desk:
    """A composer with the keyboard on it, and all that it has said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bot: Any = qtbot
        self.composer = Composer()
        qtbot.addWidget(self.composer)
        self.composer.resize(800, 200)
        self.composer.set_place("Message #homework-3", ["bob.k", "bobby", "carmen_d", "all"])
        self.composer.show()
        QApplication.setActiveWindow(self.composer)
        self.edit: Any = self.composer.edit
        self.edit.setFocus()
        assert self.edit.hasFocus()
        self.sent: list[tuple[str, bytes]] = []
        self.edits: list[tuple[bytes, str]] = []
        self.drafts: list[str] = []
        self.said: list[str] = []
        composer = self.composer
        composer.send_requested.connect(lambda text, reply_to: self.sent.append((text, reply_to)))
        composer.edit_submitted.connect(
            lambda message_id, text: self.edits.append((message_id, text))
        )
        composer.unsent_text_changed.connect(self.drafts.append)
        composer.typing_noticed.connect(lambda: self.said.append("typing"))
        composer.edit_last_requested.connect(lambda: self.said.append("edit last"))
        composer.reply_last_requested.connect(lambda: self.said.append("reply last"))
        composer.escaped.connect(lambda: self.said.append("escaped"))

    @property
    def text(self) -> str:
        return str(self.edit.toPlainText())

    def type(self, text: str) -> None:
        self.bot.keyClicks(self.edit, text)

    def key(self, key: int, modifier: Any = NONE) -> None:
        self.bot.keyClick(self.edit, key, modifier)

    def select_all(self) -> None:
        self.edit.selectAll()


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


# --- which keys send ---


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("modifier", [NONE, CTRL, KEYPAD])
def test_enter_sends_what_was_written(desk: Desk, key: int, modifier: Any) -> None:
    desk.type("  hello  ")
    desk.key(key, modifier)
    assert desk.sent == [("  hello", b"")] and desk.text == ""


def test_shift_enter_makes_a_line_like_any_other(desk: Desk) -> None:
    desk.type("one")
    desk.key(Qt.Key.Key_Return, SHIFT)
    desk.type("two")
    assert desk.text == "one\ntwo" and desk.edit.document().blockCount() == 2 and desk.sent == []


def test_enter_in_a_fence_does_not_send(desk: Desk) -> None:
    assert desk.composer.hint.text() == HINT
    desk.type("```c")
    desk.key(Qt.Key.Key_Return)
    assert desk.text == "```c\n" and desk.composer.hint.text() == FENCE_HINT
    desk.key(Qt.Key.Key_Return, CTRL)
    assert desk.sent == [("```c", b"")] and desk.composer.hint.text() == HINT


def test_after_a_closed_fence_enter_sends(desk: Desk) -> None:
    desk.composer.set_state(ComposerState("```\nx\n```"))
    desk.key(Qt.Key.Key_Return)
    assert desk.sent == [("```\nx\n```", b"")]


@pytest.mark.parametrize("blank", ["", "   ", "\n\n", " \n\t\n "])
def test_blank_text_is_kept_and_not_sent(desk: Desk, blank: str) -> None:
    desk.composer.set_state(ComposerState(blank))
    desk.key(Qt.Key.Key_Return)
    desk.composer.send.click()
    assert desk.sent == [] and desk.text == blank


def test_the_button_sends(desk: Desk) -> None:
    desk.type("by mouse")
    desk.bot.mouseClick(desk.composer.send, Qt.MouseButton.LeftButton)
    assert desk.sent == [("by mouse", b"")]


@pytest.mark.parametrize(
    ("before", "is_open"),
    [
        ("", False),
        ("```", True),
        ("t\n```py\nx", True),
        ("```\nx\n```", False),
        ("a ``` b", False),
        ("   ```", True),
    ],
)
def test_open_fences(before: str, is_open: bool) -> None:
    assert is_in_fence(before) is is_open


# --- marks ---


def test_bold_and_italic_wrap_the_selection(desk: Desk) -> None:
    desk.type("word")
    desk.select_all()
    desk.key(Qt.Key.Key_B, CTRL)
    assert desk.text == "**word**"
    desk.select_all()
    desk.key(Qt.Key.Key_I, CTRL)
    assert desk.text == "***word***"


def test_marks_without_a_selection_leave_the_caret_inside(desk: Desk) -> None:
    desk.key(Qt.Key.Key_B, CTRL)
    desk.type("in")
    assert desk.text == "**in**"


def test_code_is_backticks_on_one_line_and_a_fence_otherwise(desk: Desk) -> None:
    desk.type("poll()")
    desk.select_all()
    desk.key(Qt.Key.Key_C, CTRL | SHIFT)
    assert desk.text == "`poll()`"
    desk.composer.set_state(ComposerState("a\nb"))
    desk.select_all()
    desk.key(Qt.Key.Key_C, CTRL | SHIFT)
    assert desk.text == "```\na\nb\n```"
    desk.composer.set_state(ComposerState("see"))
    desk.key(Qt.Key.Key_C, CTRL | SHIFT)
    desk.type("x")
    assert desk.text == "see\n```\nx\n```"


def test_an_emoji_goes_to_the_caret(desk: Desk) -> None:
    desk.type("ab")
    desk.edit.moveCursor(QTextCursor.MoveOperation.Left)
    desk.composer.emoji.click()
    picker = desk.composer.findChild(EmojiPicker)
    button = next(one for one in picker.findChildren(QToolButton) if one.text() == "\U0001f389")
    desk.bot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.text == "a\U0001f389b" and not picker.isVisible()


def test_any_emoji_is_found_by_its_name(desk: Desk) -> None:
    desk.composer.emoji.click()
    picker = desk.composer.findChild(EmojiPicker)
    assert len(picker.shown()) == 40 and picker.nothing.isHidden()
    size = picker.size()
    desk.bot.keyClicks(picker.search, "snow man".replace(" ", ""))
    assert picker.shown()[0].startswith("\u2603") and picker.size() == size
    desk.bot.keyClicks(picker.search, "xyz")
    assert picker.shown() == [] and picker.nothing.isVisible()
    desk.bot.keyClick(picker.search, Qt.Key.Key_Return)
    assert picker.isVisible()  # there is nothing to take
    picker.search.setText("Rocket")
    picker.grab()
    desk.bot.keyClick(picker.search, Qt.Key.Key_Return)
    assert desk.text == "\U0001f680" and not picker.isVisible()


# --- completion ---


@pytest.mark.parametrize(
    ("before", "fragment"),
    [
        ("@", ""),
        ("@bo", "bo"),
        ("hi @bo.k", "bo.k"),
        ("(@c", "c"),
        ("a@b", None),
        ("@bo ", None),
        ("", None),
    ],
)
def test_what_is_typed_of_a_name(before: str, fragment: str | None) -> None:
    typed = typed_before(before)
    assert (typed.fragment if typed is not None else None) == fragment


@pytest.mark.parametrize(
    ("before", "sign", "fragment"),
    [
        ("see #gen", "#", "gen"),
        ("#", None, None),
        ("# title", None, None),
        ("a#b", None, None),
        (":ta", ":", "ta"),
        ("so :+1", ":", "+1"),
        (":t", None, None),
        ("at 10:30", None, None),
        ("http://x", None, None),
    ],
)
def test_what_is_typed_of_conversations_and_emoji(
    before: str, sign: str | None, fragment: str | None
) -> None:
    typed = typed_before(before)
    assert (typed.sign, typed.fragment) == (sign, fragment) if typed is not None else sign is None


def test_emoji_are_found_by_what_people_call_them_and_by_their_names() -> None:
    def first(name: str) -> str:
        typed = typed_before(f":{name}")
        assert typed is not None
        return choices_for(typed, [], [])[0].inserted

    assert first("tada") == "\U0001f389 " and first("party_popper") == "\U0001f389 "
    assert first("+1") == "\U0001f44d " and first("snowm") == "\u2603\ufe0f "
    nothing = typed_before(":zzzzzz")
    assert nothing is not None and choices_for(nothing, [], []) == []


def test_a_conversation_and_an_emoji_are_completed(desk: Desk) -> None:
    desk.edit.conversations = ["general", "team-epoll"]
    desk.type("see #ge")
    desk.key(Qt.Key.Key_Tab)
    desk.type(":tada")
    desk.key(Qt.Key.Key_Tab)
    assert desk.text == "see #general \U0001f389 "


def test_names_that_begin_come_before_names_that_hold() -> None:
    assert matching_names("BO", ["jumbo", "bob", "carl", "Bo"]) == ["bob", "Bo", "jumbo"]
    assert len(matching_names("", [f"name{number}" for number in range(20)])) == 6


def test_arrows_choose_a_name_and_enter_takes_it_without_sending(desk: Desk) -> None:
    desk.type("@bob")
    popup = desk.edit.popup
    assert [popup.item(at).text() for at in range(popup.count())] == [
        "bob.k",
        "bobby",
    ] and popup.isVisible()
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)
    assert desk.text == "@bobby " and desk.sent == [] and not popup.isVisible()
    desk.key(Qt.Key.Key_Return)
    assert desk.sent == [("@bobby", b"")]


def test_tab_takes_the_first_name(desk: Desk) -> None:
    desk.type("thanks @carm")
    desk.key(Qt.Key.Key_Tab)
    assert desk.text == "thanks @carmen_d " and desk.edit.hasFocus()


def test_enter_after_a_complete_name_sends(desk: Desk) -> None:
    desk.type("@BOBBY")
    desk.key(Qt.Key.Key_Return)
    assert desk.sent == [("@BOBBY", b"")]


def test_escape_closes_the_names_first(desk: Desk) -> None:
    desk.type("@bo")
    desk.key(Qt.Key.Key_Escape)
    assert not desk.edit.popup.isVisible() and desk.said == ["typing"]
    desk.key(Qt.Key.Key_Escape)
    assert desk.said == ["typing", "escaped"]


def test_no_names_inside_code(desk: Desk) -> None:
    desk.type("```")
    desk.key(Qt.Key.Key_Return)
    desk.type("@bo")
    assert not desk.edit.popup.isVisible()


# --- replies and edits ---


def test_a_reply_is_named_and_sent_with_its_message_once(desk: Desk) -> None:
    desk.composer.begin_reply(QUOTE)
    assert desk.composer.context.isVisible()
    assert desk.composer.context_label.text() == "Reply to bob.k: does the nonce reset?"
    desk.type("no")
    desk.key(Qt.Key.Key_Return)
    desk.type("second")
    desk.key(Qt.Key.Key_Return)
    assert (
        desk.sent == [("no", QUOTE.message_id), ("second", b"")]
        and not desk.composer.context.isVisible()
    )


def test_calling_off_a_reply_keeps_its_text(desk: Desk) -> None:
    desk.composer.begin_reply(QUOTE)
    desk.type("hm")
    desk.key(Qt.Key.Key_Escape)
    assert (
        not desk.composer.context.isVisible() and desk.text == "hm" and "escaped" not in desk.said
    )
    desk.key(Qt.Key.Key_Return)
    assert desk.sent == [("hm", b"")]


def test_an_edit_parks_what_stood_there(desk: Desk) -> None:
    desk.type("half")
    desk.composer.begin_edit(MESSAGE, "old text")
    assert (desk.text, desk.composer.send.text()) == ("old text", "Save")
    assert desk.composer.context_label.text() == "Editing, Esc to cancel"
    desk.type("!")
    desk.key(Qt.Key.Key_Return)
    assert desk.edits == [(MESSAGE, "old text!")] and desk.sent == []
    assert (desk.text, desk.composer.send.text()) == ("half", "Send")


def test_a_second_edit_does_not_park_the_first(desk: Desk) -> None:
    desk.type("half")
    desk.composer.begin_edit(MESSAGE, "one")
    desk.composer.begin_edit(b"n" * 16, "two")
    desk.composer.context_close.click()
    assert desk.text == "half" and not desk.composer.context.isVisible()


def test_a_reply_ends_an_edit(desk: Desk) -> None:
    desk.composer.begin_edit(MESSAGE, "old text")
    desk.composer.begin_reply(QUOTE)
    assert desk.text == "" and desk.composer.context_label.text().startswith("Reply to bob.k")


def test_up_asks_only_in_an_empty_field(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Up)
    desk.key(Qt.Key.Key_Up, SHIFT)
    assert desk.said == ["edit last", "reply last"]
    desk.type("x")
    desk.key(Qt.Key.Key_Up)
    desk.key(Qt.Key.Key_Up, SHIFT)
    assert desk.said == ["edit last", "reply last", "typing"]


# --- drafts, typing, notes ---


def test_an_unsent_text_is_told_after_a_pause_once(desk: Desk) -> None:
    with desk.bot.waitSignal(desk.composer.unsent_text_changed, timeout=3000):
        desk.type("half a thought")
    assert desk.drafts == ["half a thought"]
    desk.composer.flush_unsent_text()
    assert desk.drafts == ["half a thought"]


def test_a_sent_text_leaves_nothing_unsent(desk: Desk) -> None:
    desk.type("gone")
    desk.key(Qt.Key.Key_Return)
    desk.composer.flush_unsent_text()
    assert desk.drafts == [""]


def test_the_edit_of_a_message_is_no_unsent_text(desk: Desk) -> None:
    desk.type("half")
    desk.composer.begin_edit(MESSAGE, "sent long ago")
    desk.composer.flush_unsent_text()
    desk.type("more")
    desk.composer.flush_unsent_text()
    assert desk.drafts == ["half"]


def test_showing_another_conversation_tells_nothing(desk: Desk) -> None:
    desk.composer.set_state(ComposerState("from disk", QUOTE))
    desk.composer.flush_unsent_text()
    assert desk.drafts == [] and desk.said == []
    assert desk.composer.state() == ComposerState("from disk", QUOTE)


def test_typing_is_told_at_a_pace(desk: Desk) -> None:
    desk.type("many letters")
    assert desk.said == ["typing"]


def test_a_note_hides_who_types_for_a_while(desk: Desk) -> None:
    label = desk.composer.typing_label
    desk.composer.set_typing("hyun is typing\u2026")
    desk.composer.say("This did not work.")
    desk.composer.set_typing("hyun and bob.k are typing\u2026")
    assert label.text() == "This did not work." and label.property("error")
    desk.composer._note_timer.setInterval(1)
    desk.bot.waitUntil(lambda: label.text() == "hyun and bob.k are typing\u2026", timeout=2000)
    assert not label.property("error")


# --- size ---


def test_what_fits_into_eight_lines_needs_no_scroll_bar(desk: Desk) -> None:
    for text in (
        "one",
        "a\n\nb\n```\nx\n```",
        "emoji \U0001f600\n\U0001f44d\n\u6f22\u5b57\nfour",
        "word " * 30,
    ):
        desk.edit.setPlainText(text)
        QApplication.processEvents()
        bar = desk.edit.verticalScrollBar()
        assert bar is not None and bar.maximum() == 0, text


def test_the_field_grows_up_to_eight_lines(desk: Desk) -> None:
    heights = []
    for lines in (1, 3, MAX_LINES, MAX_LINES + 10):
        desk.composer.set_state(ComposerState("\n".join("x" * lines)))
        heights.append(desk.edit.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_theme_colours_the_reply_bar(desk: Desk) -> None:
    for theme in (LIGHT, DARK):
        desk.composer.set_theme(theme)
        assert (
            theme.side in desk.composer.context.styleSheet()
            and theme.accent in desk.composer.context.styleSheet()
        )


# --- the bar above the text field ---


def test_a_long_reply_bar_ends_in_an_ellipsis_and_does_not_widen_the_window(desk: Desk) -> None:
    desk.composer.resize(520, 200)
    desk.composer.begin_reply(Quote(b"q" * 16, "bob.k", "does the nonce reset? " * 6))
    QApplication.processEvents()
    label = desk.composer.context_label
    assert desk.composer.minimumSizeHint().width() <= desk.composer.width() == 520
    assert label.shown_text().endswith("\u2026") and label.text().startswith("Reply to bob.k: does")
    assert desk.composer.context_close.geometry().right() <= desk.composer.context.width()
