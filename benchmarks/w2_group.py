"""W2: one sender in a group of N: time until the last member has a message, and deliveries per second under load.

Run: python -m benchmarks.w2_group [--runs 3] [--members 30 300 1000]; prints one JSON object per N.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time

import zmq

from benchmarks.load import Clocks, Crowd, LoadFailed, VirtualClient, median_of, messages_in

IDLE_DROPPED, IDLE_MEASURED = 5, 10
UNDER_WAY = 8
WARM_UP_S, MEASURED_S = 1.0, 3.3


class Group:
    """One sender and N receivers."""

    def __init__(self, crowd: Crowd, members: int) -> None:
        self.sender, *others = crowd.add(members + 1)
        self.conv_id, self.epoch_id = self.sender.create_group(others)
        crowd.quiet(500)
        self.others = {client.socket: client for client in others}
        self.poller = crowd.poller()
        self.missing: dict[bytes, int] = {}  # message -> members that have not got it
        self.sent_at: dict[bytes, float] = {}
        self.deliveries = 0
        self.to_last_ms: list[float] = []

    def send(self) -> None:
        """One message to all."""
        message = self.sender.message(self.conv_id, self.epoch_id)
        self.missing[message.message_id] = len(self.others)
        self.sent_at[message.message_id] = time.perf_counter()
        self.sender.send(message)

    def receive(self) -> None:
        """Whatever is there at all members."""
        ready = self.poller.poll(10_000)
        if not ready:
            raise LoadFailed("the traffic has stopped")
        for socket, _ in ready:
            client = self.others.get(socket)
            try:
                while True:
                    self._take(client, socket.recv(zmq.DONTWAIT))
            except zmq.Again:
                pass

    def _take(self, client: VirtualClient | None, frame: bytes) -> None:
        if client is None:
            return
        sequence = 0
        for message_id, _, upto in messages_in(frame):
            sequence = upto
            self.deliveries += 1
            self.missing[message_id] -= 1
            if not self.missing[message_id]:
                del self.missing[message_id]
                self.to_last_ms.append((time.perf_counter() - self.sent_at.pop(message_id)) * 1000)
        if sequence:
            client.note_cursor(self.conv_id, sequence, time.perf_counter())


def run(members: int) -> dict[str, object]:
    """One run on a fresh broker."""
    with Crowd() as crowd:
        group = Group(crowd, members)
        for _ in range(IDLE_DROPPED + IDLE_MEASURED):
            group.send()
            while group.missing:
                group.receive()
        idle_ms = statistics.median(group.to_last_ms[IDLE_DROPPED:])
        begins = time.perf_counter() + WARM_UP_S
        clocks, before = None, 0
        while (now := time.perf_counter()) < begins + MEASURED_S:
            if clocks is None and now >= begins:
                clocks, before = Clocks(crowd.broker), group.deliveries
                group.to_last_ms.clear()
            while len(group.missing) < UNDER_WAY:
                group.send()
            group.receive()
        assert clocks is not None
        return {
            "members": members, "idle_ms_to_last": round(idle_ms, 2),
            "deliveries_per_s": round((group.deliveries - before) / MEASURED_S),
            "load_ms_to_last": round(statistics.median(group.to_last_ms), 1), **clocks.shares(),
        }  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Print the median of the runs for each N."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--members", type=int, nargs="+", default=[30, 300, 1000])
    options = parser.parse_args(argv)
    for members in options.members:
        runs = [run(members) for _ in range(options.runs)]
        middle = median_of(runs, "deliveries_per_s")
        rates = [one["deliveries_per_s"] for one in runs]
        print(json.dumps({"workload": "W2 group", "durability": "F", **middle, "all_runs": rates}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
