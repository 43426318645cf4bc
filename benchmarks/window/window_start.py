"""A profile with a long history: from the passphrase to a window that can be used, switching,
memory.

The history is written into the sealed store of a real profile (it does not come from a broker).
Each run starts a
process of its own, as a user does. Prints one JSON object.

Run: QT_QPA_PLATFORM=offscreen python -m benchmarks.window.window_start [--messages 100000] [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")

import psutil

from client.api.values import RowKind
from client.core.state.effects import Save, SaveRow
from client.core.state.saved import SavedConversation, StoredRow
from client.gui.app import create_application
from client.storage.keystore import Keystore
from client.storage.store import Store
from tools.processes import ROOT, BrokerProcess
from tools.window_driver import Person, wait_until

PASSPHRASE = "velvet comet outside ladder"
BATCH = 5000
SWITCHES = 40
MIB = 1024 * 1024


def make_profile(profiles: Path, invitation: str, count: int) -> None:
    """Join, and write a long history into the store of the profile."""
    app = create_application()
    alice = Person(app, profiles, "alice", PASSPHRASE)
    alice.join(invitation)
    conv_id = alice.open("#general").conv_id
    alice.open("#announcements")
    alice.close()
    keystore = Keystore(alice.profile)
    profile = keystore.open(None, "", PASSPHRASE, os.urandom, lambda: (b"", b""), None)
    store = Store(keystore.database_path, profile.vault)
    conversation = next(
        item
        for item in store.load()
        if isinstance(item, SavedConversation) and item.conv_id == conv_id
    )
    first = conversation.reading.row_count
    for start in range(0, count, BATCH):
        rows = [
            StoredRow(
                conv_id=conv_id,
                position=first + number,
                message_id=os.urandom(16),
                sequence=1,
                kind=RowKind.TEXT,
                sender=profile.identity.uid,
                sent_at_ms=1_700_000_000_000 + number,
                text=f"message {number}: the *poll* loop of `hw{number % 9}.py` returns at once"
                " when the peer has closed",
            )
            for number in range(start, min(start + BATCH, count))
        ]
        store.apply([SaveRow(row) for row in rows])
    conversation.reading.row_count = conversation.reading.read_position = first + count
    store.apply([Save(conversation)])
    store.close()
    keystore.close()


def measure(profiles: Path) -> dict[str, float]:
    """One start, in this process."""
    app = create_application()
    alice = Person(app, profiles, "alice", PASSPHRASE)
    alice.start()
    app.processEvents()
    sign_in_shown_s = (
        time.time() - psutil.Process().create_time()
    )  # of which most is loading Python and Qt
    asked = time.perf_counter()
    alice.open_profile()
    program = alice.program
    wait_until(
        lambda: program is not None and program.window is not None and program.window.isVisible(),
        "the window",
    )
    window = alice.window
    wait_until(
        lambda: any("general" in one.name for one in window.state.conversations.values()),
        "conversations",
    )
    ids = {one.name: one.conv_id for one in window.state.conversations.values()}
    window.open_conversation(ids["general"])

    def is_shown() -> bool:
        model = window.pane.model
        return model.rowCount() > 0 and model.row_at(model.rowCount() - 1) is not None

    wait_until(is_shown, "the newest message is shown")
    window.grab()
    usable = time.perf_counter()
    took = []
    for number in range(SWITCHES):
        name = ("announcements", "general")[number % 2]
        at = time.perf_counter()
        window.open_conversation(ids[name])
        if name == "general":
            while not is_shown():
                app.processEvents()
        window.grab()
        took.append((time.perf_counter() - at) * 1000)
    memory = psutil.Process().memory_info().rss / MIB
    alice.close()
    return {
        "sign_in_shown_s": sign_in_shown_s,
        "usable_after_passphrase_s": usable - asked,
        "switch_p50_ms": statistics.median(took),
        "switch_p95_ms": sorted(took)[int(len(took) * 0.95)],
        "memory_mib": memory,
    }


def run(count: int, runs: int) -> dict[str, object]:
    """Make the profile, then start it in processes of their own; medians."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        broker = BrokerProcess(root / "broker", "--log-level", "error")
        make_profile(root / "profiles", broker.start().invitation, count)
        results: list[dict[str, float]] = []
        for _ in range(runs):
            command = [
                sys.executable,
                "-m",
                "benchmarks.window.window_start",
                "--profiles",
                str(root / "profiles"),
            ]
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
            )
            results.append(json.loads(done.stdout.splitlines()[-1]))
        broker.stop()
    return {name: round(statistics.median(one[name] for one in results), 2) for name in results[0]}


def main(argv: list[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--profiles", type=Path, help=argparse.SUPPRESS
    )  # one start over these profiles
    options = parser.parse_args(argv)
    if options.profiles is not None:
        print(json.dumps(measure(options.profiles)))
        return 0
    print(
        json.dumps(
            {
                "benchmark": f"window start, {options.messages} messages",
                **run(options.messages, options.runs),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
