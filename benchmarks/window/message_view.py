"""The message view over 100,000 rows on disk: open, scroll, append, resize, memory. Prints one JSON
object.

Run: QT_QPA_PLATFORM=offscreen python -m benchmarks.window.message_view [--rows 100000] [--check]
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PyQt5.QtCore import QCoreApplication, QEventLoop, QObject, pyqtSignal
from PyQt5.QtWidgets import QApplication

from client.api.values import (
    MessageState,
    Quote,
    Reaction,
    Row,
    RowKind,
)
from client.gui.kit.theme import LIGHT, apply_theme
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel

TARGETS = {
    "open_ms": 150.0,
    "scroll_p95_ms": 8.0,
    "append_p95_ms": 8.0,
    "resize_ms": 30.0,
    "rss_mb": 120.0,
}
PEOPLE = ("alice", "bob.k", "carmen_d", "deepak", "fatima", "george-w", "hyun", "Prof. Nguyen")
WORDS = (
    "socket",
    "poll",
    "queue",
    "broker",
    "frame",
    "retry",
    "the",
    "a",
    "of",
    "in",
    "does",
    "why",
    "draft",
)
START_MS = 1_750_000_000_000


def make_row(position: int) -> Row:
    """The same row for the same position, in the mixture of a class: mostly short, some code,
    lists, quotes.
    """
    dice = random.Random(position)
    who = dice.choice(PEOPLE)
    text = " ".join(dice.choice(WORDS) for _ in range(dice.randint(2, 30)))
    kind = dice.random()
    if kind < 0.08:
        text += (
            "\n```python\n"
            + "\n".join(f"    data{n} = sock.recv({n})  # part {n}" for n in range(6))
            + "\n```"
        )
    elif kind < 0.14:
        text += "\n- first **point**\n- second `point`\n- third, see https://docs.example.edu/a/b"
    elif kind < 0.20:
        text = "> " + text + "\nYes, *exactly* 🤔 @alice"
    row = Row(
        position=position,
        message_id=position.to_bytes(16, "big"),
        sequence=position + 1,
        kind=RowKind.TEXT,
        sender=who.encode().ljust(16, b"\0"),
        username=who,
        sent_at_ms=START_MS + position * 90_000,
        text=text,
        is_own=who == "alice",
        state=MessageState.DELIVERED,
    )
    if kind > 0.93:
        row = replace(row, quote=Quote(b"q" * 16, "hyun", "poll the socket again"))
    return replace(row, reactions=(Reaction("👍", ("bob.k", "hyun")),)) if kind > 0.95 else row


class DiskRows(QObject):
    """A page source in its own thread over a SQLite file, as the client core is one."""

    loaded = pyqtSignal(object)

    def __init__(self, path: Path, count: int) -> None:
        super().__init__()
        self._path = path
        self._wanted: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
        database = sqlite3.connect(path)
        database.execute(
            "CREATE TABLE rows (position INTEGER PRIMARY KEY, who TEXT, sent INTEGER, text TEXT)"
        )
        made = (make_row(position) for position in range(count))
        database.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?)",
            ((r.position, r.username, r.sent_at_ms, r.text) for r in made),
        )
        database.commit()
        database.close()
        self._thread = threading.Thread(target=self._run, name="rows")
        self._thread.start()

    def ask(self, first: int, count: int) -> None:
        self._wanted.put((first, count))

    def stop(self) -> None:
        self._wanted.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        database = sqlite3.connect(self._path)
        while (wanted := self._wanted.get()) is not None:
            first, count = wanted
            stored = database.execute(
                "SELECT position, who, sent, text FROM rows WHERE position >= ? AND position < ? ORDER BY position",
                (first, first + count),
            ).fetchall()
            self.loaded.emit(
                [
                    Row(
                        position=p,
                        message_id=p.to_bytes(16, "big"),
                        sequence=p + 1,
                        kind=RowKind.TEXT,
                        sender=who.encode().ljust(16, b"\0"),
                        username=who,
                        sent_at_ms=sent,
                        text=text,
                        is_own=who == "alice",
                        state=MessageState.DELIVERED,
                    )
                    for p, who, sent, text in stored
                ]
            )
        database.close()


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that the action takes."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


class Bench:
    """One view, one model, one source."""

    def __init__(self, source: DiskRows, count: int) -> None:
        self.count = count
        self.model = ConversationModel()
        self.model.rows_wanted.connect(source.ask)
        source.loaded.connect(self.model.rows_loaded)
        self.view = MessageView()
        self.view.setModel(self.model)
        self.view.resize(1000, 700)
        self.view.show()
        self.settle()
        self.view.grab()  # the first use of a font costs once per process, not per conversation

    def settle(self) -> None:
        """Until nothing that is shown is missing and all is painted."""
        QCoreApplication.processEvents()
        while self._is_missing():
            loop = (
                QEventLoop()
            )  # sleeps until the rows come: spinning would keep the other thread from working
            self.model.dataChanged.connect(loop.quit)
            loop.exec()
            self.model.dataChanged.disconnect(loop.quit)
        QCoreApplication.processEvents()

    def _is_missing(self) -> bool:
        shown = {self.view.timeline.row_under(y) for y in range(0, 700, 20)} - {-1}
        return any(self.model.row_at(row) is None for row in shown)

    def paint(self) -> None:
        self.view.viewport().repaint()

    def open(self) -> float:
        def act() -> None:
            self.model.reset(self.count, self.count, False, ())
            self.settle()
            self.paint()

        return timed(act)

    def scroll(self, steps: int) -> list[float]:
        bar, took = self.view.verticalScrollBar(), []
        for _ in range(steps):
            QCoreApplication.processEvents()  # pages come in here, between frames

            def act() -> None:
                bar.setValue(bar.value() - 90)
                self.paint()

            took.append(timed(act))
        return took

    def jumps(self, times: int) -> list[float]:
        dice, took = random.Random(5), []
        for _ in range(times):
            position = dice.randrange(self.count)

            def act(position: int = position) -> None:
                self.view.scroll_to_position(position)
                self.settle()
                self.paint()

            took.append(timed(act))
        return took

    def append(self, times: int) -> list[float]:
        self.view.scroll_to_bottom()
        self.settle()
        took = []
        for _ in range(times):
            row = make_row(self.count)

            def act(row: Row = row) -> None:
                self.model.rows_appended([row])
                self.paint()

            took.append(timed(act))
            self.count += 1
        return took

    def resize(self, times: int) -> list[float]:
        took = []
        for at in range(times):

            def act(width: int = 700 + 23 * at) -> None:
                self.view.resize(width, 700)
                self.paint()

            took.append(timed(act))
            QCoreApplication.processEvents()
        return took


def measure(count: int) -> dict[str, float]:
    """All figures for so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        source = DiskRows(Path(folder) / "rows.sqlite", count)
        try:
            bench = Bench(source, count)
            opened = [bench.open() for _ in range(5)]
            scrolled, jumped = bench.scroll(400), bench.jumps(60)
            appended, resized = bench.append(200), bench.resize(12)
        finally:
            source.stop()
    return {
        "rows": float(count),
        "open_ms": max(opened),
        "scroll_p50_ms": statistics.median(scrolled),
        "scroll_p95_ms": p95(scrolled),
        "jump_p95_ms": p95(jumped),
        "append_p50_ms": statistics.median(appended),
        "append_p95_ms": p95(appended),
        "resize_ms": statistics.median(resized),
        "resize_max_ms": max(resized),
        "rss_mb": psutil.Process().memory_info().rss / 1e6,
    }


def main() -> int:
    """Print the figures; with --check, 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    apply_theme(app, LIGHT)
    figures = {name: round(value, 2) for name, value in measure(options.rows).items()}
    missed = {name: figures[name] for name, target in TARGETS.items() if figures[name] > target}
    print(json.dumps({**figures, "targets": TARGETS, "missed": missed}, indent=1))
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
