"""Real clients end to end: one writes, signs and seals, the other verifies, opens and stores. A
line for each crowd.

Every client is the product's own network thread, core and sealed store, one process for each; the
window alone is
missing. A sender keeps so many messages under way that its peer has not reported as stored. A
message counts when the
receiver has committed its row and tells the window. Texts have 256 bytes. The clients share the
cores with the broker
and take nearly all of them, so they are the limit; `us_per_message` says what one message costs
each side.

Run: python -m benchmarks.workloads.end_to_end [1 4] [--runs 3]   (how many pairs at once)
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from pathlib import Path
from typing import IO

import psutil

from benchmarks.load.crowd import BODY_BYTES, LoadFailed, median_of
from client.api.events import (
    Done,
    MessageStateChanged,
    Notice,
    OpenDirect,
    PeopleChanged,
    RowsAppended,
    RowsUpdated,
    SendText,
    SessionOpened,
    SessionSignedIn,
    SignInFailed,
)
from client.api.values import MessageState, Row, RowKind
from client.settings import MINIMAL_COST
from client.threads.network import ClientSession
from shared.invitations import parse_invitation
from tools.processes import ROOT, BrokerProcess

UNDER_WAY = 400
WARM_UP_S, MEASURED_S = 2.0, 5.0
LIMIT_S = 60.0
OPEN = 1  # the request to open the conversation
WRITER = "writer"


def text_of(number: int) -> str:
    """256 bytes that begin with a number."""
    return f"{number} ".ljust(BODY_BYTES, "x")


# --- in the process of a client ---


class Worker:
    """One real client that writes to its peer, or counts what comes from it."""

    def __init__(self, folder: Path, invitation: str, name: str, peer: str) -> None:
        self._peer, self._writes = peer, name.startswith(WRITER)
        self._conv_id = b""
        self._posted = self._delivered = self._errors = 0
        self._got: set[int] = set()  # numbers of messages
        self._last = (-1, 0)  # number and sequence of the newest message
        self._waiting: set[int] = (
            set()
        )  # sequences of messages whose key has not come yet, as after a rotation
        self._is_going = False
        self._lock = threading.Lock()
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.session = ClientSession(
            folder / name,
            invitation=parse_invitation(invitation),
            username=name,
            passphrase="of the benchmark",
            deliver=self._take,
            cost=MINIMAL_COST,
        )

    def go(self) -> None:
        """Begin to write."""
        self._is_going = True
        self._fill()

    def _take(self, notices: list[Notice]) -> None:
        for notice in notices:
            match notice:
                case SessionSignedIn() if not self._writes:
                    self._say(ready=True)
                case SignInFailed():
                    self._say(failed=notice.code)
                case SessionOpened() | PeopleChanged() if self._writes and not self._conv_id:
                    for person in notice.people:
                        if person.username == self._peer:
                            self.session.post(OpenDirect(request_id=OPEN, uid=person.uid))
                case Done(request_id=1) if not self._conv_id:
                    assert isinstance(notice.data, bytes)
                    self._conv_id = notice.data
                    self._say(ready=True)
                case RowsAppended() | RowsUpdated() if not self._writes:
                    self._count_rows(notice.rows, is_new=isinstance(notice, RowsAppended))
                case MessageStateChanged() if self._writes:
                    self._delivered += notice.state is MessageState.DELIVERED
                case _:
                    pass
        if self._is_going:
            self._fill()

    def _count_rows(self, rows: tuple[Row, ...], *, is_new: bool) -> None:
        for row in rows:
            if row.kind is RowKind.WAITING and is_new:
                self._waiting.add(row.sequence)
            elif row.kind is RowKind.TEXT and (is_new or row.sequence in self._waiting):
                self._waiting.discard(row.sequence)
                number = int(row.text.partition(" ")[0])
                is_later = number > self._last[0]
                self._errors += number in self._got or is_later != (row.sequence > self._last[1])
                self._got.add(number)
                if is_later:
                    self._last = (number, row.sequence)
        missing = max(0, self._last[0] + 1 - len(self._got) - len(self._waiting))
        self._say(at=time.monotonic(), count=len(self._got), errors=self._errors + missing)

    def _fill(self) -> None:
        with self._lock:
            while self._writes and self._posted - self._delivered < UNDER_WAY:
                self.session.post(SendText(conv_id=self._conv_id, text=text_of(self._posted)))
                self._posted += 1

    def _say(self, **fields: object) -> None:
        self.said.put(json.dumps(fields))


def work(folder: Path, invitation: str, name: str, peer: str) -> int:
    """The process of one client: says what happens to standard output, begins at the first line of
    standard input.
    """
    worker = Worker(folder, invitation, name, peer)

    def write() -> None:
        while True:
            print(worker.said.get(), flush=True)

    threading.Thread(target=write, daemon=True).start()
    worker.session.start()
    if sys.stdin.readline():
        worker.go()
        sys.stdin.readline()
    return 0


# --- outside ---


class Client:
    """The process of one client, seen from outside."""

    def __init__(self, folder: Path, invitation: str, name: str, peer: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "benchmarks.workloads.end_to_end",
                "--work",
                str(folder),
                invitation,
                name,
                peer,
            ],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.counts: list[tuple[float, int]] = [(0.0, 0)]
        self.errors = 0
        self._is_ready: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert self.process.stdout is not None
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for text in stream:
            line = json.loads(text)
            if "at" in line:
                self.counts.append((line["at"], line["count"]))
                self.errors = line["errors"]
            else:
                self._is_ready.put(line.get("failed", ""))

    def wait_until_ready(self) -> None:
        """Signed in, and the conversation is open."""
        try:
            failure = self._is_ready.get(timeout=LIMIT_S)
        except queue.Empty:
            raise LoadFailed("a client did not become ready") from None
        if failure:
            raise LoadFailed(failure)

    def go(self) -> None:
        """Let it write."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def count_at(self, at: float) -> int:
        """How many messages it had then."""
        return self.counts[bisect_right(self.counts, at, key=lambda one: one[0]) - 1][1]

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()


def cpu_s(pids: list[int]) -> float:
    """Processor time of all of them."""
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return float(sum(one.user + one.system for one in times))


def run(pairs: int) -> dict[str, object]:
    """So many pairs on a fresh broker."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        broker = BrokerProcess(root / "broker", "--message-rate", "0", "--log-level", "error")
        invitation = broker.start().invitation
        names = [(f"{WRITER}{at}", f"reader{at}") for at in range(pairs)]
        readers = [Client(root, invitation, reader, writer) for writer, reader in names]
        writers: list[Client] = []
        try:
            for reader in readers:
                reader.wait_until_ready()
            writers += [Client(root, invitation, writer, reader) for writer, reader in names]
            for writer in writers:
                writer.wait_until_ready()
            for writer in writers:
                writer.go()
            return measure(broker, writers, readers)
        finally:
            for client in readers + writers:
                client.close()
            broker.stop()


def measure(
    broker: BrokerProcess, writers: list[Client], readers: list[Client]
) -> dict[str, object]:
    """Count for a while after the warm-up."""
    groups = [
        [broker.pid],
        [one.process.pid for one in writers],
        [one.process.pid for one in readers],
    ]
    time.sleep(WARM_UP_S)
    began, before = time.monotonic(), [cpu_s(pids) for pids in groups]
    time.sleep(MEASURED_S)
    ended, after = time.monotonic(), [cpu_s(pids) for pids in groups]
    time.sleep(0.2)  # for what the readers have said by then
    count = sum(one.count_at(ended) - one.count_at(began) for one in readers)
    if not count:
        raise LoadFailed("nothing was delivered")
    used = [late - early for early, late in zip(before, after, strict=True)]
    took = ended - began
    return {
        "pairs": len(readers),
        "messages_per_s": round(count / took),
        "errors": sum(one.errors for one in readers),
        "broker_cores": round(used[0] / took, 2),
        "generator_cores": round((used[1] + used[2]) / took, 2),
        "limit": "the clients are the limit"
        if used[1] + used[2] > used[0]
        else "the broker is the limit",
        "us_per_message": {
            who: round(share / count * 1e6)
            for who, share in zip(("broker", "writer", "reader"), used, strict=True)
        },
    }


def main(argv: list[str]) -> int:
    """Print the median of the runs for each crowd."""
    if argv[:1] == ["--work"]:
        return work(Path(argv[1]), *argv[2:])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=int, nargs="*", default=[1, 4])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    has_errors = False
    for pairs in options.pairs:
        runs = [run(pairs) for _ in range(options.runs)]
        has_errors = has_errors or any(one["errors"] for one in runs)
        middle = median_of(runs, "messages_per_s")
        rates = [one["messages_per_s"] for one in runs]
        print(
            json.dumps({"workload": "end to end", "durability": "F", **middle, "all_runs": rates}),
            flush=True,
        )
    return 1 if has_errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
