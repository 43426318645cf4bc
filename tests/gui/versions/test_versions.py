"""Versions of drafts: the panel that lists them, and the counts of changed lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QEvent, QObject, QPoint, Qt
from PyQt5.QtGui import QHelpEvent
from PyQt5.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from client.api.values import Row, RowKind
from client.gui.kit.theme import DARK, LIGHT, Theme, apply_theme, contrast, diff_pairs
from client.gui.versions.change_counts import ChangeCounts
from client.gui.versions.panel import ALL_DELETED, HINT, ONE_VERSION, VersionsPanel
from client.gui.versions.row_delegate import VersionAction
from client.gui.versions.words import moment_text, version_label
from tests.support.window.version_data import NEW, OLD, Broker, at_id, draft_of

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


# --- words and colours
# -------------------------------------------------------------------------------------------


def test_times_say_the_day_unless_it_is_today() -> None:
    now = datetime(2024, 10, 18, 15, 0)
    moments = [
        datetime(2024, 10, 18, 14, 5),
        datetime(2024, 10, 17, 9, 30),
        datetime(2023, 12, 1, 9, 30),
    ]
    assert [moment_text(int(one.timestamp() * 1000), now) for one in moments] == [
        "14:05",
        "17 Oct 09:30",
        "1 Dec 2023",
    ]
    assert (
        version_label(draft_of(1)[0], datetime(2024, 10, 18))
        == "Version 1 \u00b7 carmen_d \u00b7 14:05"
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_text_on_every_ground_of_a_comparison_can_be_read(theme: Theme) -> None:
    grounds = (
        theme.added_bg,
        theme.added_word_bg,
        theme.removed_bg,
        theme.removed_word_bg,
        theme.bg,
    )
    assert all(contrast(theme.text, ground) >= 4.5 for ground in grounds)
    assert all(contrast(front, ground) >= least for front, ground, least in diff_pairs(theme))
    assert len({*grounds}) == 5


# --- the panel
# ---------------------------------------------------------------------------------------------------


class Panel:
    """The panel, and all that it asks for."""

    def __init__(
        self, qtbot: QtBot, broker: Broker, draft: tuple[Row, ...], theme: Theme = LIGHT
    ) -> None:
        self.bot: Any = qtbot
        self.panel = VersionsPanel(theme, broker.requests)
        self.panel.resize(280, 620)
        self.panel.show()
        self.said: list[tuple[object, ...]] = []
        for name in ("message_requested", "save_requested", "compare_requested", "closed"):
            getattr(self.panel, name).connect(
                lambda *ids, name=name: self.said.append((name, *ids))
            )
        self.panel.show_draft(draft, draft[-1].message_id)
        self.panel.grab()

    def rows(self) -> list[Any]:
        return [
            self.panel.list.shown(self.panel.list.item(at)) for at in range(self.panel.list.count())
        ]

    def point(self, at: int, action: VersionAction) -> QPoint:
        view = self.panel.list
        rect, shown = view.visualItemRect(view.item(at)), view.shown(view.item(at))
        assert shown is not None
        if action is VersionAction.TICK:
            return self.panel.delegate._tick_rect(rect).center()
        if action is VersionAction.ROW:
            return rect.topLeft() + QPoint(40, 12)
        return next(
            place for one, _, place in self.panel.delegate.buttons(rect, shown) if one is action
        ).center()

    def click(self, at: int, action: VersionAction) -> None:
        self.bot.mouseClick(
            self.panel.list.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, self.point(at, action)
        )

    def key(self, *keys: int) -> None:
        for key in keys:
            self.bot.keyClick(self.panel.list, key)

    def spoken(self, at: int) -> str:
        return str(self.panel.list.item(at).data(int(Qt.ItemDataRole.AccessibleTextRole)))


Panels = Callable[..., Panel]


@pytest.fixture
def panels(qtbot: QtBot, broker: Broker) -> Iterator[Panels]:
    # Held until the end: a panel that is garbage must not be collected while it is painted.
    made: list[Panel] = []

    def make(draft: tuple[Row, ...], theme: Theme = LIGHT) -> Panel:
        made.append(Panel(qtbot, broker, draft, theme))
        return made[-1]

    yield make
    for one in made:
        sip.delete(one.panel)


def test_versions_are_listed_newest_first(panels: Panels, theme: Theme) -> None:
    draft = draft_of(4)
    panel = panels(draft, theme)
    assert [shown.message_id for shown in panel.rows()] == [
        row.message_id for row in reversed(draft)
    ]
    assert panel.panel.width() == 280
    assert panel.panel.name.text() == "hw3_broker.py"
    assert panel.panel.count.text() == "4 versions"
    assert panel.panel.hint.text() == HINT
    panel.panel.set_changes(at_id(3), 12, 4)
    panel.panel.set_changes(at_id(0), 1, 1)  # there is nothing before it
    assert "version 4, Prof.Nguyen" in panel.spoken(0)
    assert "12 lines added, 4 removed" in panel.spoken(0)
    assert "added" not in panel.spoken(3) and "caption 1" in panel.spoken(3)
    image = panel.panel.grab().toImage()
    assert theme.added.lower() in {
        image.pixelColor(x, y).name() for x in range(280) for y in range(60, 140)
    }


def test_a_click_does_what_it_says(panels: Panels) -> None:
    panel = panels(draft_of(3))
    panel.click(1, VersionAction.ROW)
    panel.click(0, VersionAction.COMPARE)
    panel.click(2, VersionAction.SAVE)
    panel.panel.close_button.click()
    assert panel.said == [
        ("message_requested", at_id(1)),
        ("compare_requested", at_id(1), at_id(2)),
        ("save_requested", at_id(0)),
        ("closed",),
    ]


def test_any_two_are_ticked_and_compared(panels: Panels) -> None:
    panel = panels(draft_of(4))
    assert not panel.panel.compare.isEnabled()
    panel.click(0, VersionAction.TICK)
    panel.click(3, VersionAction.TICK)
    assert panel.panel.compare.text() == "Compare 1 with 4"
    assert panel.spoken(3).endswith("ticked")
    panel.panel.compare.click()
    panel.click(1, VersionAction.TICK)  # the first of three is let go
    assert set(panel.panel.ticked) == {at_id(0), at_id(2)}
    panel.panel.compare.click()
    panel.click(1, VersionAction.TICK)
    assert not panel.panel.compare.isEnabled() and panel.panel.hint.text() == HINT
    panel.panel._compare_ticked()
    assert panel.said == [
        ("compare_requested", at_id(0), at_id(3)),
        ("compare_requested", at_id(0), at_id(2)),
    ]


def test_keys_of_the_panel(panels: Panels) -> None:
    key = Qt.Key
    panel = panels(draft_of(3))
    panel.key(
        key.Key_Down,
        key.Key_Return,
        key.Key_C,
        key.Key_S,
        key.Key_Space,
        key.Key_Down,
        key.Key_C,
        key.Key_X,
    )
    panel.key(key.Key_Space, key.Key_Escape)
    assert panel.said == [
        ("message_requested", at_id(1)),
        ("compare_requested", at_id(0), at_id(1)),
        ("save_requested", at_id(1)),
        ("closed",),
    ]
    assert set(panel.panel.ticked) == {at_id(0), at_id(1)}
    panel.bot.keyClick(panel.panel.close_button, key.Key_Escape)
    assert panel.said[-1] == ("closed",) and len(panel.said) == 5
    panel.panel.list.clear()
    panel.key(key.Key_S)
    assert len(panel.said) == 5


def test_what_a_click_would_do_is_said_before(panels: Panels) -> None:
    panel = panels(draft_of(3))
    viewport, found = panel.panel.list.viewport(), []
    for action in (
        VersionAction.SAVE,
        VersionAction.COMPARE,
        VersionAction.TICK,
        VersionAction.ROW,
    ):
        point = panel.point(0, action)
        panel.bot.mouseMove(viewport, point)
        QApplication.sendEvent(
            viewport, QHelpEvent(QEvent.Type.ToolTip, point, viewport.mapToGlobal(point))
        )
        panel.panel.grab()
        found.append(QToolTip.text())
    QToolTip.hideText()
    assert found == [
        "Save this version (S)",
        "Show what has changed since version 2 (C)",
        "Tick two versions to compare them (Space)",
        "Show the message (Enter)",
    ]
    panel.bot.mouseMove(viewport, QPoint(100, 600))
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert panel.panel.delegate.hovered is None


def test_versions_come_and_go(panels: Panels) -> None:
    draft = draft_of(4)
    panel = panels(draft[:3])
    panel.panel.set_changes(at_id(2), 5, 0)
    panel.panel.list.setCurrentRow(1)
    panel.panel._tick(panel.rows()[2])
    panel.panel._tick(panel.rows()[1])
    panel.panel.refresh(draft[:3])
    panel.panel.refresh(draft)
    assert panel.panel.count.text() == "4 versions"
    assert panel.panel.list.currentRow() == 2 and set(panel.panel.ticked) == {at_id(0), at_id(1)}
    assert panel.rows()[1].changes == (5, 0)
    # Version 2 is deleted: the third one is compared with the first, and the old count is wrong.
    third = draft[2]
    assert third.file is not None
    panel.panel.refresh(
        (draft[0], replace(third, file=replace(third.file, previous=at_id(0))), draft[3])
    )
    assert set(panel.panel.ticked) == {at_id(0)}
    assert panel.rows()[1].changes is None and panel.rows()[1].before == at_id(0)
    panel.panel.refresh(())
    assert panel.panel.hint.text() == ALL_DELETED and not panel.panel.compare.isVisible()


def test_one_version_and_versions_of_a_picture(panels: Panels, broker: Broker) -> None:
    panel = panels(draft_of(1))
    assert panel.panel.hint.text() == ONE_VERSION
    assert not panel.panel.compare.isVisible()
    panel.key(Qt.Key.Key_C)
    pictures = draft_of(3, "plot.png", width=20, height=10)
    panel.panel.show_draft(pictures, at_id(1))
    assert panel.panel.list.currentRow() == 1
    panel.key(Qt.Key.Key_C, Qt.Key.Key_Space)
    assert panel.said == [] and panel.panel.ticked == ()
    assert not panel.panel.compare.isVisible()
    assert broker.posted == []


def test_the_panel_counts_what_it_is_not_told(panels: Panels, broker: Broker) -> None:
    panel = panels(draft_of(2))
    broker.answer({at_id(0): OLD.encode(), at_id(1): NEW.encode()})
    panel.bot.waitUntil(lambda: panel.rows()[0].changes == (3, 2))
    panel.panel.show_draft(draft_of(2), at_id(0))
    assert broker.posted == []


def test_another_theme_and_size_of_text(panels: Panels) -> None:
    panel = panels(draft_of(3))
    before = panel.panel.list.item(0).sizeHint().height()
    panel.panel.set_theme(replace(DARK, font_px=20))
    assert panel.panel.list.item(0).sizeHint().height() > before
    rect = panel.panel.list.visualItemRect(panel.panel.list.item(0))
    assert all(
        place.right() < rect.right()
        for _, _, place in panel.panel.delegate.buttons(rect, panel.rows()[0])
    )
    panel.panel.grab()


# --- counts
# ------------------------------------------------------------------------------------------------------


class Counted:
    """The counts, and what they have told."""

    def __init__(self, qtbot: QtBot, broker: Broker) -> None:
        self.bot: Any = qtbot
        self.owner = QObject()
        self.counts = ChangeCounts(broker.requests, self.owner)
        self.told: list[tuple[bytes, int, int]] = []
        self.counts.counted.connect(lambda *one: self.told.append(one))

    def wait(self, count: int) -> None:
        self.bot.waitUntil(lambda: len(self.told) >= count)


TEXTS: dict[bytes, bytes | None] = {at_id(at): b"same\n" + b"more\n" * at for at in range(12)}


def test_changes_are_counted_once(qtbot: QtBot, broker: Broker) -> None:
    one, draft = Counted(qtbot, broker), draft_of(3)
    one.counts.show_rows(draft)
    one.counts.show_rows(draft)
    while len(one.told) < 2:
        assert len(broker.waiting()) <= 2
        broker.answer(TEXTS)
        qtbot.wait(1)
    assert one.told == [(at_id(2), 1, 0), (at_id(1), 1, 0)]
    assert sorted(broker.asked) == [at_id(0), at_id(1), at_id(2)]
    assert one.counts.known(at_id(2)) == (1, 0) and one.counts.known(at_id(0)) is None
    for row in draft:
        one.counts.want(row)
    one.counts.retry()
    assert broker.posted == []


def test_what_cannot_be_counted_is_not_fetched(qtbot: QtBot, broker: Broker) -> None:
    one, (first, row) = Counted(qtbot, broker), draft_of(2)
    assert row.file is not None
    for other in (
        first,
        replace(row, file=None),
        replace(row, kind=RowKind.DELETED),
        replace(row, sequence=0),
        replace(row, file=replace(row.file, size=2_000_000)),
        draft_of(2, "plot.png")[1],
    ):
        one.counts.want(other)
    assert broker.posted == []


@pytest.mark.parametrize("data", [b"\0binary", b"x" * 1_100_000], ids=["binary", "large"])
def test_what_turns_out_not_to_be_text_is_not_asked_for_again(
    qtbot: QtBot, broker: Broker, data: bytes
) -> None:
    one, draft = Counted(qtbot, broker), draft_of(2)
    one.counts.want(draft[1])
    broker.answer({at_id(0): b"text\n", at_id(1): data})
    one.bot.waitUntil(lambda: at_id(1) in one.counts._known)
    one.counts.want(draft[1])
    assert broker.posted == [] and one.told == [] and one.counts.known(at_id(1)) is None


def test_a_failure_waits_for_the_connection(qtbot: QtBot, broker: Broker) -> None:
    one, draft = Counted(qtbot, broker), draft_of(2)
    one.counts.want(draft[1])
    broker.answer({at_id(0): b"same\n", at_id(1): None})
    one.counts.want(draft[1])
    assert broker.posted == []
    one.counts.retry()
    assert broker.waiting() == [at_id(1)]  # the other one is kept
    one.counts.want(draft[1])  # it is under way
    assert broker.waiting() == [at_id(1)]
    broker.answer(TEXTS)
    one.wait(1)
    assert one.told == [(at_id(1), 1, 0)]


def test_another_version_before_is_counted_again(qtbot: QtBot, broker: Broker) -> None:
    one, draft = Counted(qtbot, broker), draft_of(3)
    one.counts.want(draft[2])
    broker.answer(TEXTS)
    one.wait(1)
    assert draft[2].file is not None
    one.counts.want(replace(draft[2], file=replace(draft[2].file, previous=at_id(0))))
    broker.answer(TEXTS)
    one.wait(2)
    assert one.told == [(at_id(2), 1, 0), (at_id(2), 2, 0)]


def test_few_texts_and_few_wishes_are_kept(
    qtbot: QtBot, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.gui.versions.change_counts.MAX_WAITING", 9)
    one, draft = Counted(qtbot, broker), draft_of(12)
    one.counts.show_rows(draft)
    while len(one.told) < 9:
        broker.answer(TEXTS)
        qtbot.wait(1)
    assert [told[0] for told in one.told] == [at_id(at) for at in range(11, 2, -1)]
    assert len(one.counts._texts) == 8
    assert len(broker.asked) == len(set(broker.asked)) == 10


@pytest.mark.parametrize("when", ["loading", "counting"])
def test_counts_may_go_while_work_runs(qtbot: QtBot, broker: Broker, when: str) -> None:
    one = Counted(qtbot, broker)
    one.counts.want(draft_of(2)[1])
    if when == "counting":
        broker.answer(TEXTS)
    sip.delete(one.owner)
    if when == "loading":
        broker.answer(TEXTS)
    qtbot.wait(1)
    assert one.told == []
