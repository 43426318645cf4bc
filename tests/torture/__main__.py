"""python -m tests.torture [--seconds S] [--seed N]: real processes under fire for a bounded time,
from a seed.

A member is stopped while its group talks, the broker is flooded, and then, seed after seed, broker
and clients are
killed with -9 at random points under load. A line for each; a failing one says how to repeat it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.load.crowd import Times
from benchmarks.workloads.flood import run as run_flood
from tests.support.processes.class_processes import ClassProcesses, class_processes
from tests.support.processes.headless import HeadlessClient

NAMES = ("alice", "bob", "carmen")
MESSAGES, KILLS = 60, 6
PAUSE_S = 0.1  # between two messages while one member stands still
MAX_GROWN_MIB = 64
MIB = 1024 * 1024


def kills(seed: int, seconds: float) -> str:
    """Everybody writes while broker and clients are killed: all of it stands once, in one order,
    for all.
    """
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, class_processes(Path(folder)) as room:
        room.start_all(*NAMES)
        said: list[str] = []
        deadly = sorted(chance.sample(range(MESSAGES), KILLS))
        for number in range(MESSAGES):
            client = room.clients[chance.choice(NAMES)]
            said.append(client.send("send", to="#general", text=f"{seed}: {number}")["message_id"])
            if number in deadly:
                _kill_some(room, chance)
        for name in NAMES:
            _bring_back(room, name)
        orders = [_history(room.clients[name], said) for name in NAMES]
        assert orders[0] == orders[1] == orders[2], "not the same order for all"
        assert sorted(orders[0]) == sorted(said), "something is missing or doubled"
    return f"{MESSAGES} messages, {KILLS} kills"


def _kill_some(room: ClassProcesses, chance: random.Random) -> None:
    victims = chance.sample(("broker", *NAMES), chance.choice((1, 1, 2)))
    for victim in victims:
        if victim == "broker":
            room.kill_broker()
        else:
            room.clients[victim].kill()
    for victim in victims:
        if victim == "broker":
            room.start_broker()
        else:
            room.begin(victim)
    for victim in victims:
        if victim != "broker":
            room.clients[victim].online()


def _bring_back(room: ClassProcesses, name: str) -> None:
    if room.clients[name].process.poll() is not None:
        room.start(name)


def _history(client: HeadlessClient, said: list[str]) -> list[str]:
    """The messages of #general as this client has them, once all are stored."""
    until = time.monotonic() + 60
    while True:
        rows = client.send("history", of="#general", limit=len(said) + 50)["messages"]
        found = [row["message_id"] for row in rows if row.get("sequence")]
        if len(found) >= len(said) or time.monotonic() > until:
            return found
        seen = len(client.lines)
        try:
            client.wait_for(lambda line: "message" in str(line.get("event")), 5, seen)
        except AssertionError:
            continue


def standstill(seed: int, seconds: float) -> str:
    """SIGSTOP of a member while the group talks: others unharmed, memory bounded, it catches up."""
    with tempfile.TemporaryDirectory() as folder, class_processes(Path(folder)) as room:
        alice, bob, carmen = room.start_all(*NAMES)
        memory = psutil.Process(room.broker.process.pid).memory_info
        said: list[str] = []
        usual = _talk(alice, bob, said, seconds / 6)
        before = memory().rss
        os.kill(carmen.process.pid, signal.SIGSTOP)
        try:
            meanwhile = _talk(alice, bob, said, seconds)
        finally:
            os.kill(carmen.process.pid, signal.SIGCONT)
        grown = (memory().rss - before) / MIB
        resumed = time.monotonic()
        carmen.event("message", 60, message_id=said[-1])
        back = time.monotonic() - resumed
        got = [line["message_id"] for line in carmen.lines if line.get("event") == "message"]
        assert got == said, "not everything once and in order"
        assert grown < MAX_GROWN_MIB, f"the broker has grown by {grown:.0f} MiB"
    return (
        f"{seconds:.0f} s, {len(said)} messages of 2 KB; others, command to event: p50 {meanwhile['p50_ms']} ms, p99 "
        f"{meanwhile['p99_ms']} ms (before: {usual['p50_ms']}, {usual['p99_ms']}); broker grew {grown:.1f} MiB; "
        f"caught up in {back:.1f} s"
    )


def _talk(
    sender: HeadlessClient, receiver: HeadlessClient, said: list[str], seconds: float
) -> dict[str, float]:
    """One message after the other, for so long; how long they took."""
    times, pause = Times(), threading.Event()  # never set: it gives the pace
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began, seen = time.perf_counter(), len(receiver.lines)
        said.append(
            sender.send("send", to="#general", text=f"{len(said)} {'x' * 2000}")["message_id"]
        )
        receiver.event("message", message_id=said[-1], since=seen)
        times.ms.append((time.perf_counter() - began) * 1000)
        pause.wait(PAUSE_S)
    return times.summary()


def flood(seed: int, seconds: float) -> str:
    """Three accounts send as fast as they can."""
    found = run_flood("refused", seconds)
    return f"others: p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms, broker grew {found['grown_mib']} MiB"


def attempt(name: str, scene: Callable[[int, float], str], seed: int, seconds: float) -> bool:
    """One scene; a failure says how to repeat it."""
    began = time.monotonic()
    try:
        words = scene(seed, seconds)
    except Exception:  # noqa: BLE001  whatever it was, the seed is what is wanted
        traceback.print_exc()
        print(
            f"FAILED: {name}, to repeat it: python -m tests.torture --only {name} --seed {seed}",
            flush=True,
        )
        return False
    print(f"{name} (seed {seed}): {words}; took {time.monotonic() - began:.0f} s", flush=True)
    return True


def main() -> int:
    """The exit code is 1 if any scene failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="for all of it (default 120)")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first kills; the next ones count up"
    )
    parser.add_argument("--only", choices=("standstill", "flood", "kills"), help="one scene, once")
    options = parser.parse_args()
    until = time.monotonic() + options.seconds
    scenes = {
        "standstill": (standstill, min(60.0, options.seconds / 2)),
        "flood": (flood, 5.0),
        "kills": (kills, 0.0),
    }
    if options.only:
        scene, seconds = scenes[options.only]
        return 0 if attempt(options.only, scene, options.seed, seconds) else 1
    fine = [
        attempt(name, *(scenes[name][0], options.seed, scenes[name][1]))
        for name in ("standstill", "flood")
    ]
    seed = options.seed
    while time.monotonic() < until or seed == options.seed:
        fine.append(attempt("kills", kills, seed, 0))
        seed += 1
    print(f"{fine.count(False)} of {len(fine)} failed")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
