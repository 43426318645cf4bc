"""W5: thousands of idle, signed-in clients: memory for each, idle CPU, and how soon all are back
after a kill -9.

Memory is the PSS of the broker with N clients minus that with 20, divided by N - 20, on a broker
that knows N accounts;
`kib_with_account` compares with a broker that knows 20, and so holds what the accounts take as
well. Prints one JSON
object for each N. "All back" counts from the kill, with the start of the new process, until the
last is signed in.

Run: python -m benchmarks.workloads.w5_idle [1000 5000 10000] [--idle-s 20] [--no-restart]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.load.crowd import LoadFailed
from benchmarks.load.prepared import create_identities, save_identities, store_accounts
from shared.crypto.identity import Identity
from tools.processes import ROOT, BrokerProcess

FEW = 20
SETTLE_S = 6.0
WORKERS = 4
KIB = 1024


class Herds:
    """The processes that hold the clients."""

    def __init__(self, folder: Path, invitation: str, people: list[Identity]) -> None:
        self._sizes: list[int] = []
        self.processes: list[subprocess.Popen[str]] = []
        for number in range(WORKERS):
            mine = people[number::WORKERS]
            path = folder / f"people-{number}"
            save_identities(path, mine)
            self._sizes.append(len(mine))
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.load.idle_clients", invitation, str(path)],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        self._wait("ready")

    def connect(self, count: int) -> float:
        """Bring that many in all; seconds until the last is signed in."""
        shares = [len(range(number, count, WORKERS)) for number in range(WORKERS)]
        return self._order([f"connect {share}" for share in shares])

    def lose(self) -> None:
        """Tell them that the broker is gone."""
        for process in self.processes:
            self._say(process, "lost")

    def come_back(self) -> None:
        """Wait until all are signed in again."""
        self._wait("online")

    def cpu_s(self) -> float:
        """Processor time of all of them."""
        times = [psutil.Process(process.pid).cpu_times() for process in self.processes]
        return float(sum(one.user + one.system for one in times))

    def close(self) -> None:
        """End them."""
        for process in self.processes:
            process.kill()
            process.wait()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.close()
            process.stdout.close()

    def _order(self, orders: list[str]) -> float:
        began = time.perf_counter()
        for process, order in zip(self.processes, orders, strict=True):
            self._say(process, order)
        self._wait("online")
        return time.perf_counter() - began

    def _say(self, process: subprocess.Popen[str], order: str) -> None:
        assert process.stdin is not None
        process.stdin.write(order + "\n")
        process.stdin.flush()

    def _wait(self, word: str) -> None:
        for process in self.processes:
            assert process.stdout is not None
            if not process.stdout.readline().startswith(word):
                raise LoadFailed("a process of clients has ended")


def pss_kib(broker: BrokerProcess) -> float:
    """The broker's share of the memory."""
    return float(psutil.Process(broker.pid).memory_full_info().pss) / KIB


def cpu_s(broker: BrokerProcess) -> float:
    """The broker's processor time."""
    times = psutil.Process(broker.pid).cpu_times()
    return float(times.user + times.system)


def run(
    people: list[Identity], few_kib: float, idle_s: float, *, with_restart: bool
) -> dict[str, object]:
    """One size on a fresh broker that knows these people."""
    count = len(people)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        store_accounts(root / "broker", people)
        broker = BrokerProcess(root / "broker", "--log-level", "error")
        herds = Herds(root, broker.start().invitation, people)
        try:
            herds.connect(FEW)
            time.sleep(SETTLE_S)
            base_kib = pss_kib(broker)
            connect_s = herds.connect(count)
            time.sleep(SETTLE_S)
            full_kib = pss_kib(broker)
            before, herds_before = cpu_s(broker), herds.cpu_s()
            time.sleep(idle_s)
            result: dict[str, object] = {
                "clients": count,
                "kib_per_client": round((full_kib - base_kib) / (count - FEW), 1),
                "kib_with_account": round((full_kib - few_kib) / (count - FEW), 1),
                "idle_percent_of_a_core": round((cpu_s(broker) - before) / idle_s * 100, 2),
                "generator_cores_idle": round((herds.cpu_s() - herds_before) / idle_s, 2),
                "broker_mib": round(full_kib / KIB, 1),
                "connect_all_s": round(connect_s, 2),
            }
            if with_restart:
                result.update(restart(broker, herds))
            return result
        finally:
            herds.close()
            broker.stop()


def restart(broker: BrokerProcess, herds: Herds) -> dict[str, object]:
    """kill -9, start again at once; the clients come back by their own back-off."""
    before = herds.cpu_s()
    broker.kill()
    began = time.perf_counter()
    herds.lose()
    broker.start()
    listening = time.perf_counter()
    herds.come_back()
    done = time.perf_counter()
    return {
        "all_back_s": round(done - began, 2),
        "of_which_start_s": round(listening - began, 2),
        "restart_broker_cores": round(cpu_s(broker) / (done - began), 2),
        "restart_generator_cores": round((herds.cpu_s() - before) / (done - began), 2),
    }


def few_clients_kib(people: list[Identity]) -> float:
    """PSS of a broker that knows 20 accounts, all of them signed in."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        store_accounts(root / "broker", people[:FEW])
        broker = BrokerProcess(root / "broker", "--log-level", "error")
        herds = Herds(root, broker.start().invitation, people[:FEW])
        try:
            herds.connect(FEW)
            time.sleep(SETTLE_S)
            return pss_kib(broker)
        finally:
            herds.close()
            broker.stop()


def main(argv: list[str] | None = None) -> int:
    """Print the figures of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clients", type=int, nargs="*", default=[1000, 5000, 10_000])
    parser.add_argument("--idle-s", type=float, default=20.0)
    parser.add_argument("--no-restart", action="store_true")
    options = parser.parse_args(argv)
    people = create_identities(max(options.clients))
    few_kib = few_clients_kib(people)
    for count in options.clients:
        figures = run(people[:count], few_kib, options.idle_s, with_restart=not options.no_restart)
        print(json.dumps({"workload": "W5 idle", "durability": "F", **figures}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
