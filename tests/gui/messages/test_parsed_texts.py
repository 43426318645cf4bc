"""Texts that are read off the window's thread: shown folded, laid out when they have been read,
nothing jumps.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import QPointF, Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.gui.kit.theme import LIGHT
from client.gui.messages.layout import FOLDED_LENGTH, FOLDED_LINES, RowComposer, folded
from client.gui.messages.look import Look
from client.gui.messages.message_view import MessageView
from client.gui.messages.text.blocks import MAX_EMOJI_RUNS, TEXT_X, TextBlock, is_rtl
from client.gui.messages.text.parsed_texts import LENGTH_KEPT, TEXTS_KEPT, ParsedTexts
from client.gui.messages.text.table_layout import fit_columns
from client.text.highlighting import QUICK_LINES, highlight
from client.text.markup import LONG_TEXT, BlockKind, Style, parse
from tests.gui.messages.test_message_view import Open, drag, open_view, row

__all__ = ["open_view"]  # the fixture
LONG = "*word* and more\n\n" * (LONG_TEXT // 17 + 2)
CODE = "```python\n" + "x = 1\n" * (QUICK_LINES + 1) + "```"


@pytest.fixture
def texts(qtbot: QtBot) -> ParsedTexts:
    return ParsedTexts()


def test_short_texts_are_read_at_once_and_kept(texts: ParsedTexts) -> None:
    made = texts.blocks(row(0, "**a**"))
    assert made == parse("**a**") and texts.blocks(row(3, "**a**")) is made


def test_a_long_text_comes_later_and_once(qtbot: QtBot, texts: ParsedTexts) -> None:
    told: list[bytes] = []
    texts.ready.connect(told.append)
    assert texts.blocks(row(0, LONG)) is None and texts.blocks(row(3, LONG)) is None
    qtbot.waitUntil(lambda: len(told) == 2)
    assert sorted(told) == sorted([row(0).message_id, row(3).message_id])
    assert texts.blocks(row(0, LONG)) == parse(LONG)


def test_the_youngest_of_those_that_wait_is_read_first(qtbot: QtBot, texts: ParsedTexts) -> None:
    told: list[bytes] = []
    texts.ready.connect(told.append)
    for position in range(4):
        texts.blocks(row(position, f"{position}{LONG}"))
    qtbot.waitUntil(lambda: len(told) == 4)
    assert [one[-1] for one in told] == [0, 3, 2, 1]


def test_much_code_comes_first_without_its_colours(qtbot: QtBot, texts: ParsedTexts) -> None:
    highlight("x", "python")
    with qtbot.waitSignal(texts.ready):
        plain = texts.blocks(row(0, CODE))
        assert plain == parse(CODE) and texts.blocks(row(0, CODE)) is plain
    made = texts.blocks(row(0, CODE))
    assert made is not None and made[0].text == parse(CODE)[0].text
    assert {span.style for span in made[0].spans} == {Style.NUMBER}


def test_what_is_kept_has_a_bound(texts: ParsedTexts) -> None:
    for number in range(TEXTS_KEPT + 20):
        texts.blocks(row(0, f"text {number}"))
    assert len(texts._kept) == TEXTS_KEPT
    for number in range(LENGTH_KEPT // LONG_TEXT + 20):
        texts.blocks(row(0, f"{number} {'x' * (LONG_TEXT - 10)}"))
    assert sum(map(len, texts._kept)) == texts._length <= LENGTH_KEPT


# --- in the view ---


def test_a_long_message_is_folded_and_then_whole(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0), row(1, LONG)])
    shown = view.timeline.layout(1)
    assert len(shown.blocks) == 1 and shown.blocks[0].text == folded(LONG).text
    assert shown.blocks[0].layout.text().endswith("\u2026")
    qtbot.waitUntil(lambda: len(view.timeline.layout(1).blocks) > 100)
    assert view.timeline.is_at_bottom and view.timeline.layout(1).height > 5 * shown.height


def test_what_stands_below_a_message_that_unfolds_stays_in_its_place(
    qtbot: QtBot, open_view: Open
) -> None:
    rows = [
        *(row(position) for position in range(40)),
        row(40, LONG),
        *(row(position) for position in range(41, 90)),
    ]
    view = open_view(rows)
    view.scroll_to_position(60)
    for _ in range(1000):  # until a little of the folded message looks in from above
        if view.timeline.top_place[0] == 40:
            break
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() - 5)
    assert view.timeline.top_place[0] == 40 and view.timeline.top_place[1] > 0
    below = view.timeline.row_y(43)
    with qtbot.waitSignal(view.timeline._texts.ready):
        pass
    view.grab()
    assert view.timeline.row_y(43) == below and view.timeline.top_place[0] == 40


def test_a_message_that_unfolds_above_or_below_moves_nothing(qtbot: QtBot, open_view: Open) -> None:
    view = open_view(
        [row(0, LONG), *(row(position) for position in range(1, 60)), row(60, f"{LONG}b")]
    )
    view.scroll_to_position(5)
    view.timeline._texts.blocks(row(60, f"{LONG}b"))
    before = view.timeline.row_y(6)
    qtbot.waitUntil(lambda: not view.timeline._texts._waiting)
    view.grab()
    assert view.timeline.row_y(6) == before


def test_a_text_that_comes_late_finds_another_conversation(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0, LONG)])
    view.timeline.layout(0)
    model = view.model()
    assert model is not None
    model.reset(0, 0, False, ())  # type: ignore[attr-defined]
    with qtbot.waitSignal(view.timeline._texts.ready):
        pass
    assert view.timeline.top_place == (0, 0)


def test_a_selection_in_a_message_that_unfolds_is_dropped(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0), row(1, LONG)])
    y = view.timeline.row_y(1) or 0
    drag(qtbot, view, QPointF(80, y + 40).toPoint(), QPointF(200, y + 80).toPoint())
    assert view.text.text()
    with qtbot.waitSignal(view.timeline._texts.ready):
        pass
    assert view.text.text() == ""


def test_the_folded_text_is_short_and_as_it_was_written() -> None:
    assert folded("**a**\n" * 100).text == "\n".join(["**a**"] * FOLDED_LINES)
    assert len(folded("x" * 9000).text) == FOLDED_LENGTH


# --- what is drawn ---


def laid_out(text: str, width: int = 700, **changes: object) -> list[TextBlock]:
    return list(
        RowComposer(Look(LIGHT), width)
        .compose(row(0, text, **changes), None, True, False, "")
        .blocks
    )


def test_right_to_left_paragraphs_are_at_the_right() -> None:
    column = RowComposer(Look(LIGHT), 700).column
    source = "\u05e9\u05dc\u05d5\u05dd x\n\nx \u05e9\n\n- \u0646\u0639\u0645\n\n> \u05dc\u05d0"
    hebrew, latin, item, quote = laid_out(source)
    right = hebrew.x + hebrew.width
    assert hebrew.is_rtl and right == TEXT_X + column
    first = hebrew.layout.lineAt(0)
    assert hebrew.x + first.naturalTextRect().right() == pytest.approx(right, abs=1)
    assert not latin.is_rtl and latin.layout.lineAt(0).naturalTextRect().left() == 0
    assert item.x == TEXT_X and item.marker_rect.left() > item.x + item.width
    assert quote.bars[0].left() > quote.x + quote.width


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("abc", False),
        ("", False),
        ("12 \u05d0", True),
        ("a \u05d0", False),
        ("\u4e2d", False),
        ("\u20ac1", False),
    ],
)
def test_the_first_letter_with_a_direction_decides(text: str, rtl: bool) -> None:
    assert is_rtl(text) is rtl


def test_what_is_nested_is_moved_in_and_quotes_have_bars() -> None:
    one, two, quoted, deep = laid_out("- a\n  - b\n\n> q\n>\n> > d")
    assert TEXT_X < one.x < two.x and one.marker == two.marker == "•" and two.depth == 2
    assert len(quoted.bars) == 1 and len(deep.bars) == 2
    assert deep.bars[0].top() < quoted.y + quoted.height  # the bar goes on through the gap
    narrow = laid_out(">" * 16 + " x", width=200)
    assert narrow[0].width >= 60


def test_emoji_that_touch_get_their_font_together_and_not_without_end() -> None:
    (block,) = laid_out("a\U0001f44d\U0001f44d b\u2764\ufe0f")
    assert [(one.start, one.length) for one in block.layout.formats()] == [(1, 4), (7, 2)]
    (many,) = laid_out("\U0001f44d " * (MAX_EMOJI_RUNS + 100))
    assert len(many.layout.formats()) == MAX_EMOJI_RUNS


def test_a_link_in_a_right_to_left_paragraph_can_be_clicked(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0, "\u05e9\u05dc\u05d5\u05dd https://x.edu")])
    block, y = view.timeline.layout(0).blocks[0], view.timeline.row_y(0) or 0
    left = block.layout.lineAt(0).naturalTextRect().left()  # the address ends there
    at = QPointF(block.x + left + 10, y + block.y + block.line / 2).toPoint()
    assert view.hover.hit(QPointF(at)).target == "https://x.edu"
    with qtbot.waitSignal(view.signals.link_activated):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab@ *_`[]()-#>|\n\\1.!:/\u05d0\U0001f44d\ufe0f", min_size=1, max_size=80))
def test_offsets_count_as_qt_does_whatever_is_written(qapp: QApplication, text: str) -> None:
    composer = RowComposer(Look(LIGHT), 400)
    parsed, placed = [], laid_out(text, 400)
    for block in parse(text):
        parsed += [(cell.text, cell.spans) for row in block.rows for cell in row] or [
            (block.text, block.spans)
        ]
    assert [block.text for block in placed] == [text for text, _ in parsed]
    for block, (shown, spans) in zip(placed, parsed, strict=True):
        assert block.piece(0, block.length) == shown and block.layout.lineCount() > 0
        targets = [(shown[span.start : span.end], span.target) for span in spans if span.target]
        assert [
            (block.piece(start, end), target) for start, end, _, target in block.targets
        ] == targets
        assert block.x >= TEXT_X and block.x + block.width <= TEXT_X + composer.column + 0.01


def test_headings_are_larger() -> None:
    one, six, text = laid_out("# a\n###### a\na")
    assert one.height > six.height == text.height
    assert (
        one.layout.font().pixelSize() > six.layout.font().pixelSize() and six.layout.font().bold()
    )


def test_cells_stand_side_by_side_and_never_beyond_the_column() -> None:
    text = f"|a|b|\n|-|-:|\n|1|2|\n|{'word ' * 60}|{'x' * 200}|"
    cells = laid_out(text)
    assert (
        [cell.kind for cell in cells] == [BlockKind.TABLE] * 6
        and cells[0].is_header
        and not cells[2].is_header
    )
    assert (
        cells[0].y == cells[1].y < cells[2].y
        and cells[1].x == cells[0].x + cells[0].width == cells[3].x
    )
    assert cells[4].height == cells[5].height > cells[2].height
    assert cells[1].x + cells[1].width <= TEXT_X + RowComposer(Look(LIGHT), 700).column + 0.01
    number = cells[3].layout.lineAt(0)
    assert number.naturalTextRect().right() == pytest.approx(
        cells[3].width - 2 * cells[3].pad_x, abs=1
    )


def test_columns_share_the_room() -> None:
    assert fit_columns([10, 20], 100) == [10, 20]
    assert fit_columns([300, 10, 300], 110) == [50, 10, 50]
    assert fit_columns([100, 100], 50) == [25, 25]


def test_edited_is_said_where_no_text_ends() -> None:
    for text in ("***", "|a|\n|-|\n|b|", "```\nx\n```"):
        assert laid_out(text, is_edited=True)[-1].layout.text() == "(edited)"
    assert laid_out("# a", is_edited=True)[-1].layout.text() == "a (edited)"


def test_selected_cells_are_copied_with_tabs_and_items_with_their_markers(
    qtbot: QtBot, open_view: Open
) -> None:
    view: MessageView = open_view(
        [row(0, "before\n\n| a | b |\n|---|---|\n| c | d |\n\n- [x] e\n  1. f\n\nafter")]
    )
    blocks, y = view.timeline.layout(0).blocks, view.timeline.row_y(0) or 0
    assert [block.text for block in blocks] == ["before", "a", "b", "c", "d", "e", "f", "after"]

    def point(at: int, dx: float) -> QPointF:
        return QPointF(blocks[at].x + dx, y + blocks[at].y + blocks[at].height / 2)

    drag(qtbot, view, point(1, 0).toPoint(), point(7, 2).toPoint())
    assert view.text.text() == "a\tb\nc\td\n[x] e\n  1. f"
    drag(
        qtbot,
        view,
        point(2, blocks[2].width - 2).toPoint(),
        point(4, blocks[4].width - 2).toPoint(),
    )
    assert view.text.text() == "c\td"
    drag(qtbot, view, point(0, 0).toPoint(), point(3, 1).toPoint())
    assert view.text.text() == "before\na\tb"


def test_a_link_in_a_cell_can_be_clicked(qtbot: QtBot, open_view: Open) -> None:
    view = open_view([row(0, "|a|b|\n|-|-:|\n|x|[wide link](https://x.edu)|")])
    cell, y = view.timeline.layout(0).blocks[3], view.timeline.row_y(0) or 0
    at = QPointF(cell.x + cell.width - cell.pad_x - 4, y + cell.y + cell.height / 2).toPoint()
    with qtbot.waitSignal(view.signals.link_activated) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == ["https://x.edu"]
    view.grab()
