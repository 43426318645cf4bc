"""Texts made to confuse: marks without end, turned writing, nothing to see.

The window stays quick and clear.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QFont, QImage, QTextLayout
from pytestqt.qtbot import QtBot

from client.api.values import Row, RowKind
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel
from client.gui.messages.painting import SPILL
from shared.crypto.content import MAX_TEXT_BYTES

START_MS = 1_760_000_000_000
MARKS = "\u0301\u0489\u20dd\u0316"
TEXTS = {
    "combining marks": "a" + MARKS * (MAX_TEXT_BYTES // 9),
    "marks on every letter": ("z" + MARKS * 20) * 180,
    "turned writing": "\u202e\u2067" * 2000 + "moc.live//:sptth" + "\u202b" * 2000,
    "nothing to see": "\u200b\u2060\u200d\ufeff" * (MAX_TEXT_BYTES // 12),
    "one word": "w" * MAX_TEXT_BYTES,
    "a ligature": "\ufdfd" * (MAX_TEXT_BYTES // 3),
    "lines": "\n" * MAX_TEXT_BYTES,
    "quotes": ">" * MAX_TEXT_BYTES,
    "stars": "*a" * (MAX_TEXT_BYTES // 2),
    "brackets": "[" * (MAX_TEXT_BYTES // 2) + "](https://a.b)",
    "fences": "```\n" * (MAX_TEXT_BYTES // 4),
    "flags": "\U0001f1e6" * (MAX_TEXT_BYTES // 4),
    "family": "\U0001f468\u200d" * (MAX_TEXT_BYTES // 7),
    "mixed": "\u05d0a\u06270" * (MAX_TEXT_BYTES // 6),
}


def row(position: int, text: str, name: str) -> Row:
    return Row(
        position=position,
        message_id=position.to_bytes(16, "big"),
        sequence=position + 1,
        kind=RowKind.TEXT,
        sender=name.encode().ljust(16, b"\0"),
        username=name,
        sent_at_ms=START_MS + position * 600_000,
        text=text,
    )


def view_of(qtbot: QtBot, rows: Sequence[Row]) -> MessageView:
    model, view = ConversationModel(), MessageView()
    qtbot.addWidget(view)
    model.setParent(view)
    model.rows_wanted.connect(
        lambda first, count: model.rows_loaded(list(rows)[first : first + count])
    )
    view.setModel(model)
    view.resize(700, 500)
    view.show()
    model.reset(len(rows), len(rows), False, ())
    return view


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_holds_up_the_window(qtbot: QtBot, name: str) -> None:
    assert len(TEXTS[name].encode()) <= MAX_TEXT_BYTES
    rows = [row(0, "before", "bo"), row(1, TEXTS[name], "mallory"), row(2, "after", "carmen")]
    began = time.perf_counter()
    view = view_of(qtbot, rows)
    view.grab()
    view.resize(760, 520)
    view.grab()
    took = time.perf_counter() - began
    print(f"{name}: {took * 1000:.0f} ms")
    assert took < 10


def strip(image: QImage, top: int, bottom: int) -> QImage:
    return image.copy(0, top, image.width() - 20, bottom - top)


def test_letters_that_stand_out_stay_in_their_own_message(qtbot: QtBot) -> None:
    """Whatever a font makes of piled up marks: not over who wrote this, not over what others
    wrote.
    """
    view = view_of(
        qtbot, [row(0, "first", "bo"), row(1, "z\u0301z", "mallory"), row(2, "last", "carmen")]
    )
    before = view.grab().toImage()
    y = view.timeline.row_y(1)
    assert y is not None
    block = view.timeline.layout(1).blocks[0]
    huge = QFont(view.font())
    huge.setPixelSize(300)
    block.layout = QTextLayout("\u0416\u0416", huge)
    block.layout.beginLayout()
    block.layout.createLine().setPosition(QPointF(0, -150))
    block.layout.endLayout()
    after = view.grab().toImage()
    top, bottom = int(y + block.y) - SPILL - 1, int(y + block.y + block.height) + SPILL + 1
    assert strip(before, top, bottom) != strip(after, top, bottom)
    assert strip(before, 0, top) == strip(after, 0, top)
    assert strip(before, bottom, 500) == strip(after, bottom, 500)
