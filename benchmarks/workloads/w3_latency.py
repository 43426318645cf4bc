"""W3: one pair, the next message when the last has arrived: milliseconds from send to parsed.
Prints one JSON object.

Beside it, in the same run: the same over the reference relay, which stores nothing, and one
fdatasync of the same disk
(a page of 4 KiB appended, as a commit of SQLite's log). A durable message cannot be quicker than
both together; the
limit that is compared with is the relay and one and a half fdatasync.

Run: python -m benchmarks.workloads.w3_latency [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time

from benchmarks.load.crowd import ANSWER_MS, Crowd, LoadFailed, Times, median_of, messages_in
from benchmarks.load.disk import fdatasync_ms
from benchmarks.load.relay_client import relay_latency_ms

DROPPED, MEASURED = 100, 1_500
SYNCS = 1.5  # of the disk, above the relay, that a message may take


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
    runs, floors, syncs = [], [], []
    for _ in range(options.runs):
        syncs.append(fdatasync_ms())
        runs.append(run())
        floors.append(relay_latency_ms(DROPPED, MEASURED))
    syncs.append(fdatasync_ms())
    middle = median_of(runs, "p50_ms")
    p50, floor, sync = (
        float(str(middle["p50_ms"])),
        statistics.median(floors),
        statistics.median(syncs),
    )
    limit = floor + SYNCS * sync
    result = {
        "workload": "W3 latency",
        "durability": "F",
        **middle,
        "all_runs_p50_ms": [one["p50_ms"] for one in runs],
        "all_runs_p99_ms": [one["p99_ms"] for one in runs],
        "bare_relay_p50_ms": round(floor, 3),
        "ratio_to_bare_relay": round(p50 / floor, 1),
        "fdatasync_ms": round(sync, 3),
        "limit_p50_ms": round(limit, 3),
        "is_within_limit": p50 <= limit,
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
