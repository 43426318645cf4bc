"""W3: one pair, the next message when the last has arrived: milliseconds from send to parsed. Prints one JSON object.

Run: python -m benchmarks.w3_latency [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from benchmarks.load import ANSWER_MS, Crowd, LoadFailed, Times, median_of, messages_in
from benchmarks.relay_client import relay_latency_ms

DROPPED, MEASURED = 100, 1_500


def run() -> dict[str, object]:
    """One run on a fresh broker."""
    with Crowd() as crowd:
        sender, receiver = crowd.add(2)
        conv_id, epoch_id = sender.open_direct(receiver)
        crowd.quiet()
        times = Times()
        for number in range(DROPPED + MEASURED):
            message = sender.message(conv_id, epoch_id)
            began = time.perf_counter()
            sender.send(message)
            is_there, sequence = False, 0
            while not is_there:
                if not receiver.socket.poll(ANSWER_MS):
                    raise LoadFailed("a message did not arrive")
                for message_id, _, upto in messages_in(receiver.socket.recv()):
                    sequence = upto
                    is_there = is_there or message_id == message.message_id
                    if number >= DROPPED and is_there:
                        times.ms.append((time.perf_counter() - began) * 1000)
            receiver.note_cursor(conv_id, sequence, time.perf_counter())
            while sender.socket.poll(0):
                sender.socket.recv()
        return dict(times.summary())


def main(argv: list[str] | None = None) -> int:
    """Print the median of the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    runs = [run() for _ in range(options.runs)]
    floor = relay_latency_ms(DROPPED, MEASURED)
    middle = median_of(runs, "p50_ms")
    result = {
        "workload": "W3 latency", "durability": "F", **middle, "all_runs_p50_ms": [one["p50_ms"] for one in runs],
        "bare_relay_p50_ms": round(floor, 3), "ratio_to_bare_relay": round(float(str(middle["p50_ms"])) / floor, 1),
    }  # fmt: skip
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
