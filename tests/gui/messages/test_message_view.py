"""The message view over its model: pages, anchor, NEW line, grouping, mouse, keys, menus,
selection, accessibility.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from client.api.said import Failed
from client.api.values import (
    MessageState,
    Quote,
    Reaction,
    Row,
    RowKind,
)
from client.gui.kit.emoji_picker import EmojiPicker
from client.gui.kit.theme import DARK, LIGHT, apply_theme
from client.gui.messages.hit_testing import HitKind
from client.gui.messages.layout import RowComposer
from client.gui.messages.look import Look
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import PAGE_ROWS, PAGES_KEPT, ConversationModel
from client.gui.messages.painting import BarAction, bar_rects
from client.gui.messages.text_selection import word_around
from client.text.markup import BlockKind
from tests.support.saying import said_so, told_so

START_MS = 1_760_000_000_000
HOUR_MS = 3_600_000
NAMES = ("alice", "bo", "carmen")


def row(position: int, text: str = "", **changes: object) -> Row:
    name = NAMES[position % 3]
    made = Row(
        position=position,
        message_id=position.to_bytes(16, "big"),
        sequence=position + 1,
        kind=RowKind.TEXT,
        sender=name.encode().ljust(16, b"\0"),
        username=name,
        sent_at_ms=START_MS + position * 60_000,
        text=text or f"message {position}",
        is_own=name == "alice",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def pending(
    number: int, state: MessageState = MessageState.SAVED, failure: Failed | None = None
) -> Row:
    return replace(
        row(0, f"pending {number}"),
        position=-1,
        message_id=bytes([200 + number]) * 16,
        sequence=0,
        state=state,
        failure=failure,
        sent_at_ms=START_MS + 900 * HOUR_MS,
    )


class Source:
    """Answers rows_wanted when told to."""

    def __init__(
        self, model: ConversationModel, rows: Sequence[Row], is_prompt: bool = True
    ) -> None:
        self.model, self.rows, self.is_prompt = model, list(rows), is_prompt
        self.asked: list[tuple[int, int]] = []
        model.rows_wanted.connect(self.on_wanted)

    def on_wanted(self, first: int, count: int) -> None:
        self.asked.append((first, count))
        if self.is_prompt:
            self.model.rows_loaded(self.rows[first : first + count])

    def answer_all(self) -> None:
        for first, count in list(self.asked):
            self.model.rows_loaded(self.rows[first : first + count])


Open = Callable[..., MessageView]


@pytest.fixture
def open_view(qtbot: QtBot) -> Open:
    def build(
        rows: Sequence[Row],
        *,
        unread_from: int = -1,
        outbox: Sequence[Row] = (),
        size: tuple[int, int] = (700, 500),
    ) -> MessageView:
        model = ConversationModel()
        view = MessageView()
        qtbot.addWidget(view)
        model.setParent(view)
        view.source = Source(model, rows)  # type: ignore[attr-defined]
        view.setModel(model)
        view.resize(*size)
        view.show()
        model.reset(
            len(rows), unread_from if unread_from >= 0 else len(rows), unread_from >= 0, outbox
        )
        view.grab()
        return view

    return build


def model_of(view: MessageView) -> ConversationModel:
    model = view.model()
    assert isinstance(model, ConversationModel)
    return model


def centre(view: MessageView, index: int, block: int = 0, dx: float = 20) -> QPoint:
    y = view.timeline.row_y(index)
    assert y is not None
    placed = view.timeline.layout(index).blocks[block]
    return QPointF(placed.x + dx, y + placed.y + 10).toPoint()


# --- the model ---


def test_pages_are_asked_for_once_and_the_oldest_are_dropped(qtbot: QtBot) -> None:
    model = ConversationModel()
    rows = [row(position) for position in range(PAGE_ROWS * (PAGES_KEPT + 2))]
    source = Source(model, rows, is_prompt=False)
    model.reset(len(rows), 0, False, ())
    assert model.row_at(0) is None
    assert model.row_at(5) is None
    assert source.asked == [(0, PAGE_ROWS)]
    with qtbot.waitSignal(model.dataChanged):
        source.answer_all()
    assert model.row_at(5) == rows[5]
    source.is_prompt = True
    for page in range(1, PAGES_KEPT + 2):
        model.row_at(page * PAGE_ROWS)
    asked = len(source.asked)
    assert model.row_at(PAGE_ROWS * PAGES_KEPT) is not None
    assert len(source.asked) == asked
    assert model.row_at(0) == rows[0]
    assert len(source.asked) == asked + 1


def test_a_page_that_never_comes_is_not_asked_for_without_end() -> None:
    model = ConversationModel()
    source = Source(model, [row(0)])
    model.reset(3, 0, False, ())
    for _ in range(20):
        model.row_at(2)
    assert len(source.asked) <= 3


def test_a_stored_row_replaces_its_pending_one() -> None:
    model = ConversationModel()
    model.reset(0, 0, False, [pending(1), pending(2)])
    model.rows_appended([replace(pending(1), position=0, sequence=1)])
    assert [model.row_at(at).text for at in range(model.rowCount())] == ["pending 1", "pending 2"]  # type: ignore[union-attr]
    assert model.stored_count == 1
    model.set_pending([])
    assert model.rowCount() == 1


def test_appending_keeps_rows_before_that_are_not_here() -> None:
    model = ConversationModel()
    source = Source(model, [row(position) for position in range(11)])
    model.reset(10, 10, False, ())
    model.rows_appended([row(10)])
    assert model.row_at(10) == row(10)
    assert model.row_at(3) == row(3)
    assert source.asked == [(0, 11)]


def test_accessible_text() -> None:
    model = ConversationModel()
    model.reset(0, 0, False, ())
    model.rows_appended([row(0, "**hi** there", is_edited=True), row(1, kind=RowKind.DELETED)])
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(said, str)
    assert said.startswith("alice, ")
    assert said.endswith(": hi there, edited")
    assert str(model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole)).endswith(
        "This message was deleted."
    )


# --- where the text stands ---


def test_opens_at_the_bottom(open_view: Open) -> None:
    view = open_view([row(position) for position in range(1000)])
    assert view.is_at_bottom
    assert view.timeline.row_y(999) is not None
    assert view.timeline.row_y(10) is None
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0


def test_opens_at_the_new_line(open_view: Open) -> None:
    view = open_view([row(position) for position in range(300)], unread_from=100)
    assert not view.is_at_bottom
    layout = view.timeline.layout(100)
    assert layout.is_new
    assert layout.is_head
    assert layout.body >= 20
    assert view.timeline.row_y(100) == view.viewport().height() // 4
    model_of(view).set_read(300, False)
    assert not view.timeline.layout(100).is_new


def test_rows_that_come_later_keep_the_bottom(qtbot: QtBot) -> None:
    model, view = ConversationModel(), MessageView()
    qtbot.addWidget(view)
    source = Source(
        model, [row(position, "long " * 80) for position in range(500)], is_prompt=False
    )
    view.setModel(model)
    view.resize(500, 400)
    view.show()
    model.reset(500, 500, False, ())
    view.grab()
    source.answer_all()
    view.grab()
    y = view.timeline.row_y(499)
    assert y is not None
    assert y + view.timeline.layout(499).height == view.viewport().height()


def test_new_messages_do_not_move_the_text_while_scrolled_up(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(position) for position in range(300)])
    with qtbot.waitSignal(view.at_bottom_changed):
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() - 700)
        view.grab()
    place = view.timeline.top_place
    model_of(view).rows_appended([row(position) for position in range(300, 320)])
    view.grab()
    assert view.timeline.top_place == place
    assert view.jump.isVisible()
    assert "20" in view.jump.text()
    assert view.jump.fontMetrics().horizontalAdvance(view.jump.text()) <= view.jump.width()
    qtbot.mouseClick(view.jump, Qt.MouseButton.LeftButton)
    assert view.is_at_bottom
    assert not view.jump.isVisible()


def test_new_messages_are_followed_at_the_bottom(open_view: Open) -> None:
    view = open_view([row(position) for position in range(300)])
    model_of(view).rows_appended([row(300)])
    view.grab()
    assert view.timeline.row_y(300) is not None
    assert view.is_at_bottom


def test_scrolling_is_exact_to_the_pixel(open_view: Open) -> None:
    view = open_view([row(position, "word " * (position % 60 + 1)) for position in range(300)])
    bar = view.verticalScrollBar()
    for _ in range(30):
        shown = dict(view.timeline.shown)
        bar.setValue(bar.value() - 90)
        view.grab()
        common = set(shown) & set(dict(view.timeline.shown))
        assert common
        assert all(dict(view.timeline.shown)[index] - shown[index] == 90 for index in common)


def test_width_change_keeps_the_place(open_view: Open) -> None:
    view = open_view([row(position, "word " * 50) for position in range(300)])
    view.scroll_to_position(150)
    view.grab()
    y = view.timeline.row_y(150)
    assert y is not None
    view.resize(480, 500)
    view.grab()
    row_index, _ = view.timeline.top_place
    assert 140 <= row_index <= 150
    assert view.timeline.row_y(row_index) is not None


def test_scroll_bar_reaches_both_ends(open_view: Open) -> None:
    view = open_view([row(position, "x\n" * (position % 9 + 1)) for position in range(2000)])
    view.verticalScrollBar().setValue(0)
    view.grab()
    assert view.timeline.top_place == (0, 0)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    view.grab()
    assert view.is_at_bottom


def test_theme_change_keeps_the_place(open_view: Open) -> None:
    view = open_view([row(position) for position in range(300)])
    view.scroll_to_position(100)
    place = view.timeline.top_place
    view.set_theme(DARK)
    view.grab()
    assert view.timeline.top_place == place


# --- rows ---


def test_grouping_within_seven_minutes_and_days() -> None:
    composer = RowComposer(Look(LIGHT), 700)
    first = row(0)
    soon = replace(row(3), sent_at_ms=first.sent_at_ms + 6 * 60_000)
    late = replace(row(3), sent_at_ms=first.sent_at_ms + 8 * 60_000)
    other_day = replace(row(3), sent_at_ms=first.sent_at_ms + 30 * HOUR_MS)
    assert composer.compose(first, None, True, False, "").day
    assert not composer.compose(soon, first, False, False, "").is_head
    assert composer.compose(late, first, False, False, "").is_head
    assert composer.compose(row(1), first, False, False, "").is_head
    assert composer.compose(other_day, first, False, False, "").day
    assert composer.compose(soon, first, False, True, "").is_head


def test_special_rows_say_it_in_words(open_view: Open) -> None:
    rows = [
        row(
            0,
            kind=RowKind.SYSTEM,
            sender=b"",
            username="",
            text="",
            said=told_so("bo added carmen"),
        ),
        row(1, kind=RowKind.WAITING, text=" "),
        row(2, kind=RowKind.DELETED),
        row(3, kind=RowKind.QUARANTINED, text=" ", said=told_so("It was not signed.")),
    ]
    view = open_view([replace(made, text=made.text.strip()) for made in rows])
    texts = [view.timeline.layout(index).blocks[0].text for index in range(4)]
    assert texts == [
        "bo added carmen",
        "Waiting for the key of this message from bo.",
        "This message was deleted.",
        "It was not signed.",
    ]


def test_updated_rows_are_laid_out_anew(open_view: Open) -> None:
    view = open_view([row(position) for position in range(20)])
    height = view.timeline.layout(19).height
    model_of(view).rows_updated(
        [row(19, "now with reactions", reactions=(Reaction("👍", ("bo",)),))]
    )
    view.grab()
    assert view.timeline.layout(19).height > height
    assert view.is_at_bottom


def test_both_themes_paint_everything(open_view: Open, qapp: QApplication) -> None:
    rows = [
        row(0, "a **b** *c* `d` ~~e~~ @bo https://x.edu 👨‍👩‍👧 ✅", mentions_me=True),
        row(
            1, "```py\nif x:  # y\n```\n- a\n1. b\n> c", quote=Quote(b"q" * 16, "bo", "said\nthis")
        ),
        row(2, "شكرا جزيلا", reactions=(Reaction("👍", ("bo", "alice")),)),
        row(3, kind=RowKind.DELETED),
    ]
    outbox = [
        pending(1),
        pending(2, MessageState.SENT),
        pending(3, MessageState.FAILED, said_so("The group is gone.")),
    ]
    view = open_view(rows, unread_from=1, outbox=outbox, size=(760, 640))
    shots = []
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme)
        view.set_theme(theme)
        shots.append(view.grab().toImage())
    assert shots[0].pixelColor(300, 5).name().upper() == LIGHT.bg
    assert shots[1].pixelColor(300, 5).name().upper() == DARK.bg


def test_empty_view_says_what_to_do(open_view: Open) -> None:
    view = open_view([])
    plain = view.grab().toImage()
    view.set_empty_text("No messages yet. Say hello, or drop a draft here.")
    assert view.grab().toImage() != plain


# --- mouse, keys, menus ---


def test_links_mentions_and_reactions_are_clicked(qtbot: QtBot, open_view: Open) -> None:
    view = open_view(
        [row(0, "https://x.edu/a and @carmen", reactions=(Reaction("👍", ("alice",)),))]
    )
    view.timeline.set_me("alice")
    with qtbot.waitSignal(view.signals.link_activated) as link:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre(view, 0))
    assert link.args == ["https://x.edu/a"]
    with qtbot.waitSignal(view.signals.mention_activated) as mention:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre(view, 0, dx=160))
    assert mention.args == ["carmen"]
    pill = view.timeline.layout(0).pills[0].rect.center()
    with qtbot.waitSignal(view.signals.react_requested) as reaction:
        point = QPointF(pill.x(), pill.y() + (view.timeline.row_y(0) or 0)).toPoint()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert reaction.args == [bytes(16), "👍", True]


def test_retry_and_discard(qtbot: QtBot, open_view: Open) -> None:
    failed = pending(1, MessageState.FAILED, said_so("The group is gone."))
    view = open_view([row(0)], outbox=[failed])
    layout, y = view.timeline.layout(1), view.timeline.row_y(1) or 0
    actions = view.signals
    for rect, signal in (
        (layout.retry_rect, actions.retry_requested),
        (layout.discard_rect, actions.discard_requested),
    ):
        with qtbot.waitSignal(signal) as blocker:
            point = (rect.center() + QPointF(0, y)).toPoint()
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert blocker.args == [failed.message_id]


def test_hover_bar(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0), row(1), row(2), row(3)])
    move(view, centre(view, 3))
    view.grab()
    rects = dict(
        bar_rects(view.timeline.row_y(3) or 0, view.timeline.layout(3), view.viewport().width())
    )
    assert BarAction.EDIT in rects
    assert BarAction.EDIT not in dict(bar_rects(0, view.timeline.layout(2), 700))
    actions = view.signals
    for action, signal in (
        (BarAction.REPLY, actions.reply_requested),
        (BarAction.EDIT, actions.edit_requested),
    ):
        with qtbot.waitSignal(signal) as blocker:
            qtbot.mouseClick(
                view.viewport(), Qt.MouseButton.LeftButton, pos=rects[action].center().toPoint()
            )
        assert blocker.args == [(3).to_bytes(16, "big")]


def labels(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_menu_offers_what_may_be_done(open_view: Open) -> None:
    failed = pending(1, MessageState.FAILED, said_so("gone"))
    view = open_view([row(0), row(1)], outbox=[failed])
    assert labels(view.menus.of(row(0))) == [
        "React",
        "Reply",
        "Copy text",
        "Edit",
        "Delete for everyone",
    ]
    assert labels(view.menus.of(row(1))) == ["React", "Reply", "Copy text"]
    view.menus.set_can_moderate(True)
    assert "Delete for everyone" in labels(view.menus.of(row(1)))
    assert labels(view.menus.of(failed)) == ["Copy text", "Retry", "Discard"]


def test_reaction_menu_takes_back_what_i_gave(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0)])
    menu = view.menus.reactions(row(0, reactions=(Reaction("👍", ("alice",)),)))
    for at, remove in ((0, True), (1, False)):
        with qtbot.waitSignal(view.signals.react_requested) as blocker:
            menu.actions()[at].trigger()
        assert blocker.args[2] is remove


def test_any_emoji_can_be_a_reaction(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0)])
    next(
        one for one in view.menus.reactions(row(0)).actions() if one.text() == "Others\u2026"
    ).trigger()
    picker = view.findChild(EmojiPicker)
    picker.search.setText("rocket")
    with qtbot.waitSignal(view.signals.react_requested) as blocker:
        qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert blocker.args[1:] == ["\U0001f680", False]


def test_arrows_move_the_focused_row_and_the_menu_opens(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(position) for position in range(200)])
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.currentIndex().row() == 199
    for _ in range(40):
        qtbot.keyClick(view, Qt.Key.Key_Up)
    view.grab()
    assert view.currentIndex().row() == 159
    y = view.timeline.row_y(159)
    assert y is not None
    assert y >= 0
    qtbot.keyClick(view, Qt.Key.Key_Return)
    menus = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    assert "Reply" in labels(menus[0])
    menus[0].close()


def test_letters_are_left_to_the_window(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0)])
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    view.keyPressEvent(event)
    assert not event.isAccepted()


def test_quote_jumps_to_its_message(qtbot: QtBot, open_view: Open) -> None:
    rows = [row(position) for position in range(200)]
    rows[199] = replace(rows[199], quote=Quote(rows[150].message_id, "bo", "x"))
    rows[198] = replace(rows[198], quote=Quote(b"?" * 16, "bo", "x"))
    view = open_view(rows)
    for index in (198, 199):
        point = view.timeline.layout(index).quote_rect.center() + QPointF(
            0, view.timeline.row_y(index) or 0
        )
        if index == 198:
            with qtbot.waitSignal(view.signals.quote_activated):
                qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
        else:
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert view.timeline.row_y(150) is not None


def test_code_is_copied_by_its_button(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0, "```py\nx = 1\n```")])
    block = view.timeline.layout(0).blocks[0]
    assert block.kind is BlockKind.CODE
    point = QPointF(block.x + block.width - 20, block.y + 15 + (view.timeline.row_y(0) or 0))
    assert view.hover.hit(point).kind is HitKind.COPY
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert QApplication.clipboard().text() == "x = 1"


# --- selection ---


def move(
    view: MessageView, point: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.NoButton
) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view.viewport(), event)


def drag(qtbot: QtBot, view: MessageView, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    move(view, end, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)


def test_selection_across_messages_is_copied_with_names(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0, "alpha beta"), row(1, "**middle** one"), row(2, "gamma delta")])
    drag(qtbot, view, centre(view, 0, dx=-30), centre(view, 2, dx=600))
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("] ")[1] for line in lines] == [
        "alice: alpha beta",
        "bo: **middle** one",
        "carmen: gamma delta",
    ]
    assert all(line.startswith("[2025-10-") for line in lines)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.text.text() == ""


def test_selection_within_a_message_is_only_its_text(qtbot: QtBot, open_view: Open) -> None:
    word = "wide" * 8  # under the click in any font
    view = open_view([row(0, f"👍👍 **{word}** tail")])
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre(view, 0, dx=90))
    assert view.copy_selection() == word


def test_word_around_counts_utf16() -> None:
    assert word_around("👍 ab_c d", 4) == (3, 7)


def test_selection_scrolls_when_dragged_out(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(position) for position in range(300)])
    value = view.verticalScrollBar().value()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    move(view, QPoint(100, -50), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() < value - 100, timeout=3000)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, -50))
    assert len(view.text.text().splitlines()) > 3


# --- what the system sees ---


def test_qt_takes_the_view_for_a_list(open_view: Open) -> None:
    view = open_view([row(0)])
    names, meta = [], view.metaObject()
    while meta is not None:
        names.append(meta.className())
        meta = meta.superClass()
    assert "QListView" in names
    assert names[-1] == "QObject"


def test_only_shown_rows_have_a_place(open_view: Open) -> None:
    view = open_view([row(position) for position in range(300)])
    model = model_of(view)
    assert view.visualRect(model.index(0)).isEmpty()
    shown = view.visualRect(model.index(299))
    assert view.viewport().rect().contains(shown.center())
    assert view.indexAt(shown.center()).row() == 299


def test_tool_tips_are_plain(open_view: Open) -> None:
    view = open_view([row(0, "hello", state=MessageState.DELIVERED)])
    y = view.timeline.row_y(0) or 0
    layout = view.timeline.layout(0)
    point = QPointF(64 + layout.column + 12, y + layout.blocks[0].y + 8).toPoint()
    view.viewportEvent(QHelpEvent(QEvent.Type.ToolTip, point, view.viewport().mapToGlobal(point)))
    assert QToolTip.text() == "Delivered to everybody"
    QToolTip.hideText()
