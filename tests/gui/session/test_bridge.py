"""The bridge between the threads: order kept, batches of one type, a little at a time, nothing
after close.
"""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from client.api.events import (
    ConnectionChanged,
    Notice,
    Quarantined,
    SessionSignedIn,
)
from client.api.values import ConnectionState
from client.gui.session.bridge import MAX_BATCH, Bridge


def numbered(count: int) -> list[Notice]:
    return [Quarantined(b"c" * 16, "gap", number) for number in range(count)]


def test_notices_of_another_thread_arrive_in_order(qtbot: QtBot) -> None:
    bridge, batches = Bridge(), []
    bridge.arrived.connect(batches.append)
    notices = numbered(1000)

    def send() -> None:
        for start in range(0, 1000, 7):
            bridge.deliver(notices[start : start + 7])

    thread = threading.Thread(target=send)
    thread.start()
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 1000, timeout=5000)
    thread.join()
    assert [notice for batch in batches for notice in batch] == notices
    assert max(map(len, batches)) <= MAX_BATCH


def test_a_batch_holds_one_kind(qtbot: QtBot) -> None:
    bridge, batches = Bridge(), []
    bridge.arrived.connect(batches.append)
    online = ConnectionChanged(ConnectionState.ONLINE)
    bridge.deliver(
        [*numbered(2), online, online, SessionSignedIn("alice", 0, "class"), *numbered(1)]
    )
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 6, timeout=2000)
    assert [[type(notice) for notice in batch] for batch in batches] == [
        [Quarantined] * 2,
        [ConnectionChanged] * 2,
        [SessionSignedIn],
        [Quarantined],
    ]


def test_the_window_works_between_slow_batches(qtbot: QtBot) -> None:
    bridge, other, seen = Bridge(budget_s=0.0), Bridge(), []

    def busy(_batch: list[Notice]) -> None:
        if not seen:
            other.deliver(numbered(1))  # what comes meanwhile must not wait for all of the news
        seen.append("news")

    other.arrived.connect(lambda _batch: seen.append("other"))
    bridge.arrived.connect(busy)
    bridge.deliver(numbered(MAX_BATCH * 6))
    qtbot.waitUntil(lambda: len(seen) == 7, timeout=3000)
    assert seen.index("other") <= 2


def test_small_news_are_handed_over_in_one_go(qtbot: QtBot) -> None:
    bridge, other, seen = Bridge(budget_s=10.0), Bridge(), []

    def busy(_batch: list[Notice]) -> None:
        if not seen:
            other.deliver(numbered(1))
        seen.append("news")

    other.arrived.connect(lambda _batch: seen.append("other"))
    bridge.arrived.connect(busy)
    bridge.deliver(numbered(MAX_BATCH * 3))
    qtbot.waitUntil(lambda: len(seen) == 4, timeout=3000)
    assert seen == ["news", "news", "news", "other"]


def test_a_close_in_the_middle_ends_it(qtbot: QtBot) -> None:
    bridge, batches, marker = Bridge(budget_s=0.0), [], Bridge()

    def take(batch: list[Notice]) -> None:
        batches.append(batch)
        bridge.close()

    bridge.arrived.connect(take)
    bridge.deliver(numbered(MAX_BATCH * 3))
    qtbot.waitUntil(lambda: bool(batches), timeout=2000)
    with qtbot.waitSignal(marker.arrived, timeout=2000):
        marker.deliver(numbered(1))
    assert len(batches) == 1 and not bridge._again.isActive()  # nor does it go on asking itself


def test_nothing_comes_after_close(qtbot: QtBot) -> None:
    bridge, batches = Bridge(), []
    bridge.arrived.connect(batches.append)
    bridge.deliver(numbered(3))
    bridge.close()
    bridge.deliver(numbered(3))
    marker = Bridge()
    with qtbot.waitSignal(marker.arrived, timeout=2000):
        marker.deliver(numbered(1))
    assert batches == []
