"""W1: 50 senders write to 50 receivers, 32 messages of each pair under way. Prints one JSON object.

Run: python -m benchmarks.workloads.w1_direct [--runs 3] [--pairs 50]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import deque
from dataclasses import dataclass, field

import zmq

from benchmarks.load.crowd import Clocks, Crowd, LoadFailed, Times, VirtualClient, median_of
from benchmarks.load.relay_client import relay_rate
from shared.codec import decode_answers, join
from shared.messages import Entries, Refused

WINDOW = 32
WARM_UP_S, MEASURED_S = 1.5, 5.0


@dataclass
class Pair:
    """One direct conversation in one direction."""

    sender: VirtualClient
    receiver: VirtualClient
    conv_id: bytes
    epoch_id: bytes
    under_way: deque[tuple[bytes, float]] = field(default_factory=deque)
    number: int = 0

    def __post_init__(self) -> None:
        self._stamp = self.sender.stamp(self.conv_id, self.epoch_id)
        self._start = os.urandom(8)

    def fill(self, now: float) -> None:
        """Send as many as the window allows, in one frame, as a client joins what is ready."""
        room = WINDOW - len(self.under_way)
        if room > 0:
            ids = [
                self._start + number.to_bytes(8, "big")
                for number in range(self.number, self.number + room)
            ]
            self.number += room
            self.sender.socket.send(join([self._stamp(message_id) for message_id in ids]))
            self.under_way.extend([(message_id, now) for message_id in ids])

    def take(self, frame: bytes, now: float, late_ms: list[float]) -> tuple[int, int, int]:
        """Parse what has come: how many, how many of them out of order, and the last sequence."""
        count = disorder = sequence = 0
        for message in decode_answers(frame):
            if isinstance(message, Entries):
                sequence = message.entries[-1].sequence
                for entry in message.entries:
                    expected, sent_at = self.under_way.popleft()
                    disorder += expected != entry.message_id
                    late_ms.append((now - sent_at) * 1000)
                count += len(message.entries)
            elif isinstance(message, Refused):
                raise LoadFailed(message.message)
        return count, disorder, sequence


def run(pair_count: int) -> dict[str, object]:
    """One run on a fresh broker."""
    with Crowd() as crowd:
        clients = crowd.add(2 * pair_count)
        pairs = []
        for sender, receiver in zip(clients[::2], clients[1::2], strict=True):
            pairs.append(Pair(sender, receiver, *sender.open_direct(receiver)))
        crowd.quiet()
        return _measure(crowd, pairs)


def _measure(crowd: Crowd, pairs: list[Pair]) -> dict[str, object]:
    poller = crowd.poller()
    receivers = {pair.receiver.socket: pair for pair in pairs}
    times, delivered, disorder = Times(), 0, 0
    begins = time.perf_counter() + WARM_UP_S
    ends = begins + MEASURED_S
    clocks: Clocks | None = None
    now = time.perf_counter()
    for pair in pairs:
        pair.fill(now)
    while now < ends:
        if clocks is None and now >= begins:
            clocks = Clocks(crowd.broker)
        ready = poller.poll(5_000)
        if not ready:
            raise LoadFailed("the traffic has stopped")
        for socket, _ in ready:
            frames = _drain(socket)
            if socket not in receivers:
                continue  # acknowledgements, and what the sender wrote itself
            pair = receivers[socket]
            now = time.perf_counter()
            sequence = 0
            for frame in frames:
                late_ms: list[float] = []
                count, wrong, upto = pair.take(frame, now, late_ms)
                sequence, disorder = upto or sequence, disorder + wrong
                if clocks is not None:
                    delivered += count
                    times.ms += late_ms
            if sequence:
                pair.receiver.note_cursor(pair.conv_id, sequence, now)
            pair.fill(now)
        now = time.perf_counter()
    assert clocks is not None
    return {
        "messages_per_s": round(delivered / MEASURED_S),
        "order_errors": disorder,
        **times.summary(),
        **clocks.shares(),
    }


def _drain(socket: zmq.Socket[bytes]) -> list[bytes]:
    frames = []
    try:
        for _ in range(64):
            frames.append(socket.recv(zmq.DONTWAIT))
    except zmq.Again:
        pass
    return frames


def main(argv: list[str] | None = None) -> int:
    """Print the median of the runs, and the ratio to the bare relay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=50)
    options = parser.parse_args(argv)
    runs = [run(options.pairs) for _ in range(options.runs)]
    middle = median_of(runs, "messages_per_s")
    floor = relay_rate(options.pairs, WINDOW, WARM_UP_S, MEASURED_S)
    ratio = float(str(middle["messages_per_s"])) / floor
    result = {
        "workload": "W1 direct",
        "durability": "F",
        "pairs": options.pairs,
        **middle,
        "all_runs": [one["messages_per_s"] for one in runs],
        "bare_relay_per_s": round(floor),
        "ratio_to_bare_relay": round(ratio, 2),
    }
    print(json.dumps(result))
    return 1 if any(one["order_errors"] for one in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
