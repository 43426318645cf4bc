"""Search over a long sealed history in the real window: reading it in, hits while one types,
similar questions, memory.

The messages are those of a class: words as rare as in a language, code, 5 % of them questions. They
are written into
the sealed store of a real profile (they do not come from a broker). The clock runs from the key
that is pressed to the
hits that are painted, with all that lies between: pause, network thread, search thread, opening the
sealed rows, list.
Each run starts a process of its own. Prints one JSON object.

Run: QT_QPA_PLATFORM=offscreen python -m benchmarks.window.search [--messages 100000] [--runs 1]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")

import psutil
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from benchmarks.window.window_start import BATCH, MIB, PASSPHRASE
from client.api.events import Done, Search
from client.api.values import Found, RowKind
from client.core.state.effects import Save, SaveRow
from client.core.state.saved import SavedConversation, StoredRow
from client.gui.app import create_application
from client.gui.window.main_window import MainWindow
from client.storage.keystore import Keystore
from client.storage.store import Store
from tools.processes import ROOT, BrokerProcess
from tools.window_driver import Person, wait_until

START_MS = 1_700_000_000_000
_WORDS = (
    "the to a of is in it i and you that for on not do my with this have be if can but what at socket so when we are "
    "or does poll why how from message just get there it's broker as client file server use time one after thread an "
    "loop error here port queue before homework part same frame close python data recv send connect then your line "
    "yes should works code test run timeout router dealer main nonce reset key reconnect due friday identity list "
    "draft version class deadline lecture slides exam project group office hours epoll buffer signal install curve "
    "handshake certificate benchmark latency throughput segment checksum retry window packet header payload encoding"
)
WORDS = _WORDS.split()
VOCABULARY = 6000  # words of a class in a term, names and typing errors included
QUESTIONS = (
    "Does the {} have to be reset after a {}?",
    "Why does my {} block when the {} is closed?",
    "How do I {} a {} in {}?",
    "Is the {} of homework {} due on {}?",
    "What is the difference between {} and {}?",
    "Can {} be used with {} and {}?",
)
QUERIES = (
    "poll loop",
    "why does recv block",
    "nonce reset",
    "homework due friday",
    '"office hours"',
    "epoll timeout",
    "the socket is",
    "deadline",
    "handshake certificate",
    "nothingofthekind",
)
ASKED = (
    "Do I have to reset the nonce after a reconnect?",
    "Why does recv block when the socket is closed?",
    "When is the homework due?",
)


def texts(count: int) -> Iterator[tuple[str, bool]]:
    """(text, whether it is a question) of each message; the same ones every time."""
    dice = random.Random(513)
    syllables = [
        first + second for first in "bcdfglmnprstv" for second in ("a", "en", "i", "or", "u", "est")
    ]
    made = (
        "".join(dice.choices(syllables, k=dice.randint(2, 4)))
        for _ in range(VOCABULARY - len(WORDS))
    )
    words = [*WORDS, *made]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))  # Zipf's law
    for _ in range(count):
        chosen = dice.choices(
            words, cum_weights=weights, k=min(60, 3 + int(dice.expovariate(1 / 10)))
        )
        text, kind = " ".join(chosen), dice.random()
        if kind < 0.05:
            pattern = dice.choice(QUESTIONS)
            yield (
                pattern.format(*dice.choices(words, cum_weights=weights, k=3)) + " " + text[:80],
                True,
            )
        elif kind < 0.12:
            code = "\n".join(f"    {word} = sock.recv({n})" for n, word in enumerate(chosen[:6]))
            yield f"{text}\n```python\n{code}\n```", False
        else:
            yield text, False


def make_profile(profiles: Path, invitation: str, count: int) -> None:
    """Join, and write the history into the store: four fifths in #general, the rest in
    #announcements.
    """
    app = create_application()
    alice = Person(app, profiles, "alice", PASSPHRASE)
    alice.join(invitation)
    conv_ids = [alice.open(name).conv_id for name in ("#general", "#announcements")]
    alice.close()
    keystore = Keystore(alice.profile)
    profile = keystore.open(None, "", PASSPHRASE, os.urandom, lambda: (b"", b""), None)
    store = Store(keystore.database_path, profile.vault)
    conversations = {one.conv_id: one for one in store.load() if isinstance(one, SavedConversation)}
    rows: list[SaveRow] = []
    for number, (text, is_question) in enumerate(texts(count)):
        conversation = conversations[conv_ids[number % 5 == 0]]
        rows.append(
            SaveRow(
                StoredRow(
                    conv_id=conversation.conv_id,
                    position=conversation.reading.row_count,
                    message_id=os.urandom(16),
                    sequence=1,
                    kind=RowKind.TEXT,
                    sender=profile.identity.uid,
                    sent_at_ms=START_MS + number * 60_000,
                    text=text,
                    is_question=is_question,
                )
            )
        )
        conversation.reading.row_count = conversation.reading.read_position = (
            conversation.reading.row_count + 1
        )
        if len(rows) == BATCH or number == count - 1:
            store.apply(rows)
            rows.clear()
    store.apply([Save(conversations[conv_id]) for conv_id in conv_ids])
    store.close()
    keystore.close()


def wait_for_index(window: MainWindow) -> None:
    """Until the whole history is in the index."""
    answers: list[Done] = []

    def ask() -> bool:
        if answers and isinstance(answers[-1].data, Found) and answers[-1].data.is_complete:
            return True
        answers.clear()
        window.requests.ask(Search(query="nothingofthekind", limit=1), answers.append)
        wait_until(lambda: bool(answers), "an answer")
        return False

    wait_until(ask, "all is in the index", 120)


class Typist:
    """Types letter by letter, and takes the time until what was found for each is painted."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self._app = app
        self._told = 0  # answers that have been shown
        answer = window.requests.answer

        def answered(done: Done) -> None:
            answer(done)
            self._told += isinstance(done.data, Found)

        window.requests.answer = answered  # type: ignore[method-assign]

    def type(self, text: str, field: QLineEdit | QPlainTextEdit, painted: QWidget) -> list[float]:
        """Milliseconds for each letter; each waits for the answer to the one before.

        The field is emptied first.
        """
        took = []
        field.clear()
        QTest.qWait(400)
        for letter in text:
            before, at = self._told, time.perf_counter()
            QTest.keyClick(field, letter)
            while self._told == before and time.perf_counter() - at < 10:
                self._app.processEvents()
            painted.repaint()
            took.append((time.perf_counter() - at) * 1000)
        QTest.qWait(400)
        return took


def figures(name: str, took: list[float]) -> dict[str, float]:
    """Median, 95th percentile and the longest."""
    ordered = sorted(took)
    return {
        f"{name}_p50_ms": statistics.median(ordered),
        f"{name}_p95_ms": ordered[int(len(ordered) * 0.95)],
        f"{name}_max_ms": ordered[-1],
        f"{name}_count": len(ordered),
    }


def measure(profiles: Path) -> dict[str, float]:
    """One start, in this process."""
    app = create_application()
    alice = Person(app, profiles, "alice", PASSPHRASE)
    alice.start()
    app.processEvents()
    alice.open_profile()
    program, process = alice.program, psutil.Process()
    wait_until(
        lambda: program is not None and program.window is not None and program.window.isVisible(),
        "the window",
    )
    window = alice.window
    alice.open("#general")
    began, worked, before = (
        time.perf_counter(),
        sum(process.cpu_times()[:2]),
        process.memory_info().rss / MIB,
    )
    wait_for_index(window)
    result = {
        "index_s": time.perf_counter() - began,
        "index_cpu_s": sum(process.cpu_times()[:2]) - worked,
        "memory_before_index_mib": before,
        "memory_mib": process.memory_info().rss / MIB,
    }
    typist = Typist(app, window)
    window.search.open(is_everywhere=True)
    panel = window.search.panel
    took = [ms for query in QUERIES for ms in typist.type(query, panel.field, panel)]
    result |= figures("search", took)
    composer = window.pane.composer
    composer.begin_question()
    took = [ms for text in ASKED for ms in typist.type(text, composer.edit, window.similar.panel)]
    result |= figures("similar", took)
    composer.edit.clear()
    result["memory_at_end_mib"] = process.memory_info().rss / MIB
    alice.close()
    return result


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
                "benchmarks.window.search",
                "--profiles",
                str(root / "profiles"),
            ]
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=240
            )
            results.append(json.loads(done.stdout.splitlines()[-1]))
        broker.stop()
    return {name: round(statistics.median(one[name] for one in results), 2) for name in results[0]}


def main(argv: list[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument(
        "--profiles", type=Path, help=argparse.SUPPRESS
    )  # one start over these profiles
    options = parser.parse_args(argv)
    if options.profiles is not None:
        print(json.dumps(measure(options.profiles)))
        return 0
    conditions = f"search, {options.messages} messages, 5 % questions, sealed store, {os.cpu_count()} cores, offscreen"
    print(json.dumps({"benchmark": conditions, **run(options.messages, options.runs)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
