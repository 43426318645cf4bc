"""Somebody comes back to 10,000 messages: how long from the click on Open until the last is
painted, all of it real.

Somebody else's real client has written them while the window was closed, sealed and signed one by
one. The clock runs
from the click until all are fetched, decrypted, verified, stored and the last one is painted;
beside it stands how
long the window ever stood still. The passphrase is made cheap to check: its cost is chosen, not
suffered.

Run: QT_QPA_PLATFORM=offscreen python -m benchmarks.window.window_catch_up [--messages 10000] [--runs 3];
one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")

import psutil
from PyQt5.QtCore import QTimer
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from benchmarks.load.crowd import median_of
from client.api.events import ConversationsChanged, Notice, RowsAppended, SendText
from client.api.values import RowKind
from client.gui.app import create_application
from client.settings import MINIMAL_COST
from client.threads.network import ClientSession
from shared.invitations import parse_invitation
from tools.processes import BrokerProcess
from tools.window_driver import Person, press, wait_until

BEAT_MS = 5
BODY_BYTES = 256
PASSPHRASE = "of the class"


class Heartbeat:
    """A timer of the window's thread; remembers how late it was at most."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._last = time.perf_counter()
        self.gaps_ms: list[float] = []
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps_ms.append((now - self._last) * 1000)
        self._last = now


class Writer:
    """A client without a window that writes to #general as fast as the broker takes it."""

    def __init__(self, profile: Path, invitation: str) -> None:
        self._general = b""
        self._own = 0
        self._news = threading.Condition()
        self._session = ClientSession(
            profile,
            invitation=parse_invitation(invitation),
            username="alice",
            passphrase=PASSPHRASE,
            deliver=self._note,
            cost=MINIMAL_COST,
        )
        self._session.start()

    def _note(self, notices: Sequence[Notice]) -> None:
        with self._news:
            for notice in notices:
                if isinstance(notice, ConversationsChanged):
                    for conversation in notice.conversations:
                        if conversation.name == "general" and conversation.can_write:
                            self._general = conversation.conv_id
                elif isinstance(notice, RowsAppended):
                    self._own += sum(row.is_own for row in notice.rows)
            self._news.notify()

    def write(self, texts: Sequence[str]) -> None:
        """Returns when all of it is stored."""
        with self._news:
            if not self._news.wait_for(lambda: self._general, 60):
                raise TimeoutError("the writer has no #general")
        for text in texts:
            self._session.post(SendText(conv_id=self._general, text=text))
        with self._news:
            if not self._news.wait_for(lambda: self._own >= len(texts), 300):
                raise TimeoutError("not all was stored")

    def stop(self) -> None:
        """Sign out."""
        self._session.stop()


def run(app: QApplication, messages: int, runs: int) -> list[dict[str, object]]:
    """Write once while the other is away; let the other come back as often as wanted, each time as
    left.
    """
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        broker = BrokerProcess(root / "broker", "--log-level", "error", "--message-rate", "0")
        invitation = broker.start().invitation
        bob = Person(app, root / "profiles", "bob", PASSPHRASE, cost=MINIMAL_COST)
        writer = Writer(root / "alice", invitation)
        bob.join(invitation)
        bob.open("#general")
        bob.write("good night")
        wait_until(lambda: bool(bob.texts()), "bob's own words")
        bob.close()
        as_left = root / "as-left"
        shutil.copytree(bob.profile, as_left)
        words = b" with *some* markup and `code` in it, as people write when they cannot sleep"
        texts = [
            (f"{number}".encode() + words * 4)[:BODY_BYTES].decode() for number in range(messages)
        ]
        writer.write(texts)
        writer.stop()
        results = []
        for _ in range(runs):
            results.append(_come_back(bob, broker, texts))
            shutil.rmtree(bob.profile)
            shutil.copytree(as_left, bob.profile)
        broker.stop()
    return results


def _come_back(bob: Person, broker: BrokerProcess, texts: Sequence[str]) -> dict[str, object]:
    program = bob.start()
    QTest.keyClicks(program.sign_in.passphrase, bob.passphrase)
    heartbeat = Heartbeat()
    clocks = [psutil.Process().cpu_times(), psutil.Process(broker.pid).cpu_times()]
    began = time.perf_counter()
    press(program.sign_in.submit_button)
    bob.wait_for_window()
    signed_in = time.perf_counter() - began
    bob.open("#general")
    view, model = bob.window.pane.view, bob.window.pane.model

    def has_last() -> bool:
        row = model.row_at(model.stored_count - 1)
        return row is not None and row.text == texts[-1]

    wait_until(has_last, "bob has the last one", 300)
    view.scroll_to_bottom()
    view.viewport().repaint()
    seconds = time.perf_counter() - began
    after = [psutil.Process().cpu_times(), psutil.Process(broker.pid).cpu_times()]
    client_s, broker_s = (
        (new.user + new.system - old.user - old.system)
        for new, old in zip(after, clocks, strict=True)
    )
    gaps = sorted(heartbeat.gaps_ms)
    rows = _stored(bob)
    bob.close()
    if [row for row in rows if row in set(texts)] != list(texts):
        raise AssertionError("not all messages once and in order")
    return {
        "on_screen_s": round(seconds, 3),
        "window_after_s": round(signed_in, 3),
        "client_cores": round(client_s / seconds, 2),
        "broker_cores": round(broker_s / seconds, 2),
        "longest_standstill_ms": round(gaps[-1], 1),
        "p99_standstill_ms": round(gaps[len(gaps) * 99 // 100], 1),
    }


def _stored(bob: Person) -> list[str]:
    """The texts of the open conversation as the store gives them, page by page as by scrolling."""
    model = bob.window.pane.model
    texts = []
    for at in range(model.stored_count):
        wait_until(lambda at=at: model.row_at(at) is not None, f"row {at}")  # type: ignore[misc]
        row = model.row_at(at)
        assert row is not None
        if row.kind is RowKind.TEXT:
            texts.append(row.text)
    return texts


def main(argv: list[str] | None = None) -> int:
    """Print what was measured: the run in the middle, and what all took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    runs = run(create_application(), options.messages, options.runs)
    print(
        json.dumps(
            {
                "workload": "W4 on the screen",
                "messages": options.messages,
                "body_bytes": BODY_BYTES,
                **median_of(runs, "on_screen_s"),
                "all_runs": [one["on_screen_s"] for one in runs],
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
