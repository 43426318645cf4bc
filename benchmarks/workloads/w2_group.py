"""W2: one sender in a group of N: time until the last member has a message, and deliveries per
second under load.

Run: python -m benchmarks.workloads.w2_group [--runs 3] [--members 30 300 1000]; prints one JSON object per N.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time

import zmq

from benchmarks.load.crowd import Clocks, Crowd, LoadFailed, VirtualClient, median_of
from benchmarks.load.relay_client import relay_fan_out
from shared.codec import decode_answers, join
from shared.messages import Entries, Refused

IDLE_DROPPED, IDLE_MEASURED = 5, 10
UNDER_WAY = 8
WARM_UP_S, MEASURED_S = 1.0, 3.3


class Member:
    """A receiver, and how many messages it has parsed."""

    def __init__(self, client: VirtualClient) -> None:
        self.client = client
        self.got = 0
        client.socket.setsockopt(zmq.RCVTIMEO, 10_000)

    def read(self, upto: int, sent: list[bytes], conv_id: bytes) -> None:
        """Parse what comes until `upto` messages are there.

        They must be those that were `sent`, in that order.
        """
        sequence = 0
        while self.got < upto:
            try:
                frame = self.client.socket.recv()
            except zmq.Again:
                raise LoadFailed("the traffic has stopped") from None
            for message in decode_answers(frame):
                if isinstance(message, Entries):
                    for entry in message.entries:
                        if entry.message_id != sent[self.got]:
                            raise LoadFailed("a message is missing, doubled or out of order")
                        self.got += 1
                    sequence = message.entries[-1].sequence
                elif isinstance(message, Refused):
                    raise LoadFailed(message.message)
        if sequence:
            self.client.note_cursor(conv_id, sequence, time.perf_counter())


class Group:
    """One sender and N receivers.

    Receivers are read in turn: who waits for the last needs no poll over all.
    """

    def __init__(self, crowd: Crowd, members: int) -> None:
        sender, *others = crowd.add(members + 1)
        self.conv_id, epoch_id = sender.create_group(others)
        crowd.quiet(500)
        self.sender = sender
        self.members = [Member(client) for client in others]
        self.echo = Member(sender)  # what the sender wrote comes back to it, too; not counted
        self.sent: list[bytes] = []
        self.sent_at: list[float] = []
        self.complete = 0
        self._stamp = sender.stamp(self.conv_id, epoch_id)

    def send(self, count: int) -> None:
        """So many messages to all, in one frame, as a client joins what is ready."""
        ids = [os.urandom(16) for _ in range(count)]
        self.sent += ids
        self.sent_at += [time.perf_counter()] * count
        self.sender.socket.send(join([self._stamp(message_id) for message_id in ids]))

    def complete_next(self, count: int) -> float:
        """Wait until the oldest `count` incomplete messages are at all members; milliseconds since
        they were sent.
        """
        upto = self.complete + count
        for member in self.members:
            member.read(upto, self.sent, self.conv_id)
        now = time.perf_counter()
        self.echo.read(upto, self.sent, self.conv_id)
        sent_at, self.complete = self.sent_at[self.complete], upto
        return (now - sent_at) * 1000


def run(members: int) -> dict[str, object]:
    """One run on a fresh broker."""
    with Crowd() as crowd:
        group = Group(crowd, members)
        idle_ms = []
        for _ in range(IDLE_DROPPED + IDLE_MEASURED):
            group.send(1)
            idle_ms.append(group.complete_next(1))
        begins = time.perf_counter() + WARM_UP_S
        late_ms: list[float] = []
        clocks, before = None, 0
        while (now := time.perf_counter()) < begins + MEASURED_S:
            if clocks is None and now >= begins:
                clocks, before = Clocks(crowd.broker), group.complete
                late_ms.clear()
            group.send(UNDER_WAY)
            late_ms.append(group.complete_next(UNDER_WAY))
        assert clocks is not None
        return {
            "members": members,
            "idle_ms_to_last": round(statistics.median(idle_ms[IDLE_DROPPED:]), 2),
            "deliveries_per_s": round((group.complete - before) * members / (now - begins)),
            "load_ms_to_last": round(statistics.median(late_ms), 1),
            **clocks.shares(),
        }


def main(argv: list[str] | None = None) -> int:
    """Print the median of the runs for each N."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--members", type=int, nargs="+", default=[30, 300, 1000])
    options = parser.parse_args(argv)
    for members in options.members:
        runs = [run(members) for _ in range(options.runs)]
        middle = median_of(runs, "deliveries_per_s")
        floor = relay_fan_out(members, UNDER_WAY, WARM_UP_S, MEASURED_S)
        result = {
            "workload": "W2 group",
            "durability": "F",
            **middle,
            "all_runs": [one["deliveries_per_s"] for one in runs],
            "all_runs_idle_ms": [one["idle_ms_to_last"] for one in runs],
            "bare_relay_per_s": round(floor),
            "ratio_to_bare_relay": round(float(str(middle["deliveries_per_s"])) / floor, 2),
        }
        print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
