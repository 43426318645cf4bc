"""Somebody comes back to thousands of messages: how long until all are there, and how long the window ever stood still.

Run: QT_QPA_PLATFORM=offscreen python -m benchmarks.window_catch_up [--messages 3000]; prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")

from PyQt5.QtCore import QTimer

from client.events import SendText
from client.gui.app import create_application
from client.settings import MINIMAL_COST
from tools.processes import BrokerProcess
from tools.window_driver import Person, wait_until

BEAT_MS = 5


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


def run(messages: int) -> dict[str, object]:
    """Write while the other is away, then let the other come back."""
    app = create_application()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        broker = BrokerProcess(root / "broker", "--log-level", "error", "--message-rate", "0")
        invitation = broker.start().invitation
        profiles = root / "profiles"
        alice, bob = (Person(app, profiles, name, "of the class", cost=MINIMAL_COST) for name in ("alice", "bob"))
        alice.join(invitation)
        bob.join(invitation)
        bob.open("#general")
        bob.close()
        conv_id = alice.open("#general").conv_id
        for number in range(messages):
            text = f"message {number} of a long night, with *some* markup and `code` in it"
            alice.window.requests.post(SendText(conv_id=conv_id, text=text))

        def sequence(person: Person) -> int:
            return person.window.state.conversations[conv_id].sequence

        wait_until(lambda: sequence(alice) >= messages, "all is stored", 300)
        target = sequence(alice)
        alice.close()
        bob.start()
        heartbeat = Heartbeat()
        began = time.perf_counter()
        bob.open_profile()
        bob.wait_for_window()
        signed_in = time.perf_counter()
        bob.open("#general")
        wait_until(lambda: sequence(bob) >= target, "bob has all", 300)
        done = time.perf_counter()
        gaps = sorted(heartbeat.gaps_ms)
        bob.close()
        broker.stop()
    return {
        "messages": messages, "window_after_s": round(signed_in - began, 2),
        "all_there_after_s": round(done - began, 2),
        "messages_per_s": round(messages / (done - signed_in)), "longest_standstill_ms": round(gaps[-1], 1),
        "p99_standstill_ms": round(gaps[len(gaps) * 99 // 100], 1),
    }  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000)
    print(json.dumps({"benchmark": "window catch-up", **run(parser.parse_args(argv).messages)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
