"""A class of 300 real clients on one machine: all signed in at once, all in #general and in one
study group.

Every client is the product's own: keys, sealing, verification, its store on disk. They run in a few
processes beside
the broker. Run: python -m benchmarks.workloads.class_of_300 [--clients 300] [--processes 10]; prints one JSON
object.
"""

from __future__ import annotations

import argparse
import json
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

import psutil

from client.api.events import (
    Command,
    ConversationsChanged,
    CreateGroup,
    Notice,
    PeopleChanged,
    RowsAppended,
    RowsUpdated,
    SendText,
    SessionOpened,
    SessionSignedIn,
)
from client.api.values import Conversation, RowKind
from client.settings import MINIMAL_COST
from client.threads.network import ClientSession
from shared.invitations import parse_invitation
from tools.processes import ROOT, BrokerProcess

GROUP = "everybody"
IDLE_MESSAGES, BURST_MESSAGES = 15, 200
LIMIT_S = 600.0
Line = dict[str, object]


class Member:
    """One real client inside a worker process; reports what it has to standard output."""

    def __init__(
        self, root: Path, name: str, invitation: str, report: queue.SimpleQueue[Line]
    ) -> None:
        self.name = name
        self._report = report
        self._conversations: dict[bytes, Conversation] = {}
        self._names: set[bytes] = set()
        self._told: tuple[int, int, int] = (0, 0, 0)
        self.uids: dict[str, bytes] = {}
        self.session = ClientSession(
            root / name,
            invitation=parse_invitation(invitation),
            username=name,
            passphrase="of the class",
            deliver=self._take,
            cost=MINIMAL_COST,
        )

    def group(self, name: str) -> bytes:
        """The conv_id of a group."""
        return next(one.conv_id for one in self._conversations.values() if one.name == name)

    def post(self, command: Command) -> None:
        """Order something."""
        self.session.post(command)

    def _take(self, notices: list[Notice]) -> None:
        for notice in notices:
            if isinstance(notice, SessionSignedIn):
                self._report.put({"signed_in": self.name})
            elif isinstance(notice, SessionOpened | PeopleChanged):
                self.uids.update({person.username: person.uid for person in notice.people})
            elif isinstance(notice, ConversationsChanged):
                self._conversations.update({one.conv_id: one for one in notice.conversations})
            elif isinstance(notice, RowsAppended | RowsUpdated):
                for row in notice.rows:
                    if row.kind is RowKind.TEXT:
                        self._report.put({"got": row.text, "name": self.name})
        sizes = {
            one.name: len(one.members) for one in self._conversations.values() if one.is_member
        }
        told = (len(self.uids), sizes.get("general", 0), sizes.get(GROUP, 0))
        if told != self._told:
            self._told = told
            self._report.put(
                {"sees": self.name, "people": told[0], "general": told[1], "group": told[2]}
            )


def work(root: Path, invitation: str, names: list[str]) -> int:
    """A worker process: runs these clients and takes orders as JSON lines."""
    report: queue.SimpleQueue[Line] = queue.SimpleQueue()
    members = {name: Member(root, name, invitation, report) for name in names}

    def write() -> None:
        while line := report.get():
            print(json.dumps(line), flush=True)

    threading.Thread(target=write, daemon=True).start()
    for member in members.values():
        member.session.start()
    for text in sys.stdin:
        order = json.loads(text)
        member = members[order["as"]]
        if order["do"] == "group":
            uids = tuple(uid for name, uid in member.uids.items() if name != member.name)
            member.post(CreateGroup(request_id=1, name=GROUP, members=uids))
        else:
            member.post(SendText(request_id=2, conv_id=member.group(GROUP), text=order["text"]))
    for member in members.values():
        member.session.stop(1.0)
    return 0


class Class:
    """The worker processes, seen from outside."""

    def __init__(self, root: Path, invitation: str, clients: int, processes: int) -> None:
        names = [f"student{number:03d}" for number in range(clients)]
        self.names = names
        self._lines: queue.SimpleQueue[Line] = queue.SimpleQueue()
        self._home: dict[str, IO[str]] = {}
        self.workers = []
        self.signed_in: set[str] = set()
        self.sees: dict[str, Line] = {}
        self.got: dict[str, set[str]] = {}
        self.last_at: dict[str, float] = {}
        for number in range(processes):
            mine = names[number::processes]
            worker = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.workloads.class_of_300",
                    "--work",
                    str(root),
                    invitation,
                    *mine,
                ],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert worker.stdin is not None and worker.stdout is not None
            self._home.update(dict.fromkeys(mine, worker.stdin))
            self.workers.append(worker)
            threading.Thread(target=self._read, args=(worker.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for text in stream:
            self._lines.put({**json.loads(text), "at": time.perf_counter()})
        self._lines.put({"ended": "a worker process"})

    def order(self, name: str, **fields: str) -> None:
        """Let one client do something."""
        stream = self._home[name]
        stream.write(json.dumps({"as": name, **fields}) + "\n")
        stream.flush()

    def wait(self, what: str, is_so: object) -> float:
        """Take reports until it is so; the time of it."""
        assert callable(is_so)
        ends = time.perf_counter() + LIMIT_S
        while not is_so():
            try:
                line = self._lines.get(timeout=max(0.0, ends - time.perf_counter()))
            except queue.Empty:
                raise TimeoutError(f"not within {LIMIT_S:.0f} s: {what}") from None
            if "ended" in line:
                raise RuntimeError("a worker process has ended")
            if "signed_in" in line:
                self.signed_in.add(str(line["signed_in"]))
            elif "sees" in line:
                self.sees[str(line["sees"])] = line
            else:
                text = str(line["got"])
                self.got.setdefault(text, set()).add(str(line["name"]))
                self.last_at[text] = float(str(line["at"]))
        return time.perf_counter()

    def all_see(self, key: str, count: int) -> bool:
        """Whether every client sees this many."""
        return len(self.sees) == len(self.names) and all(
            line[key] == count for line in self.sees.values()
        )

    def everybody_has(self, text: str) -> bool:
        """Whether a message has arrived at every client, the sender included."""
        return len(self.got.get(text, ())) == len(self.names)

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.kill()
            worker.wait()


def run(clients: int, processes: int) -> dict[str, object]:
    """The whole class once."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        broker = BrokerProcess(root / "broker", "--log-level", "error", "--message-rate", "0")
        invitation = broker.start().invitation
        began = time.perf_counter()
        room = Class(root / "profiles", invitation, clients, processes)
        try:
            signed_in = room.wait("all signed in", lambda: len(room.signed_in) == clients) - began
            together = (
                room.wait("all in #general", lambda: room.all_see("general", clients)) - began
            )
            began = time.perf_counter()
            room.order(room.names[0], do="group")
            grouped = room.wait("the group", lambda: room.all_see("group", clients)) - began
            idle = _idle(room)
            burst = _burst(room)
            memory = psutil.Process(broker.pid).memory_info().rss / 2**20
        finally:
            room.close()
            broker.stop()
    return {
        "clients": clients,
        "processes": processes,
        "all_signed_in_s": round(signed_in, 1),
        "all_in_general_s": round(together, 1),
        "study_group_of_all_s": round(grouped, 1),
        **idle,
        **burst,
        "broker_rss_mb": round(memory, 1),
    }


def _idle(room: Class) -> dict[str, object]:
    """Single messages, each from somebody else."""
    times = []
    for number in range(IDLE_MESSAGES):
        text = f"single {number}"
        began = time.perf_counter()
        room.order(room.names[(number * 37) % len(room.names)], do="say", text=text)
        room.wait(text, lambda text=text: room.everybody_has(text))
        times.append((room.last_at[text] - began) * 1000)
    return {
        "message_to_last_of_all_ms": round(statistics.median(times)),
        "slowest_ms": round(max(times)),
    }


def _burst(room: Class) -> dict[str, object]:
    """Many talk at once."""
    texts = [f"burst {number}" for number in range(BURST_MESSAGES)]
    began = time.perf_counter()
    for number, text in enumerate(texts):
        room.order(room.names[number % len(room.names)], do="say", text=text)
    room.wait("the burst", lambda: all(room.everybody_has(text) for text in texts))
    seconds = time.perf_counter() - began
    received = BURST_MESSAGES * len(room.names)
    return {
        "burst_of_200_at_all_s": round(seconds, 2),
        "messages_opened_per_s": round(received / seconds),
        "from_how_many": min(BURST_MESSAGES, len(room.names)),
    }


def main(argv: list[str]) -> int:
    """Print what was measured."""
    if argv[:1] == ["--work"]:
        return work(Path(argv[1]), argv[2], argv[3:])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--processes", type=int, default=10)
    options = parser.parse_args(argv)
    print(
        json.dumps(
            {
                "workload": "class of 300",
                "durability": "F",
                **run(options.clients, options.processes),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
