"""W4: 10,000 messages are stored for somebody who is away, who then signs in and reads them. One
JSON object a line.

Stored: several senders, each in a direct conversation with the receiver, at most 100 messages
unacknowledged together;
in a further line 8 senders, each with as many unacknowledged as an account may have.
Received: from the TCP connect to the moment at which the last message is parsed, over a full
sign-in; the receiver
does what a real client does: the directory first, then pages, the next ones asked for as
client/core/conversation/log_reading.py does.
The second line is the same with one sender and one conversation (64 unacknowledged: more has no
account).

Run: python -m benchmarks.workloads.w4_offline [--runs 3] [--messages 10000] [--senders 4]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass, field

import zmq

from benchmarks.load.crowd import Clocks, Crowd, LoadFailed, VirtualClient, median_of
from client.core.conversation.log_reading import MAX_READS
from client.core.conversation.page_window import PAGES_AHEAD, Pages
from shared.codec import decode_answers, join
from shared.messages import (
    DIRECTORY_LOG,
    Entries,
    EntryKind,
    LogHead,
    MessageAccepted,
    ReadLog,
    Refused,
    SignedIn,
)

UNACKNOWLEDGED = 100
OF_AN_ACCOUNT = 64  # the broker's credit


@dataclass
class Line:
    """One sender, its conversation with the receiver, and what it has yet to send."""

    client: VirtualClient
    conv_id: bytes
    epoch_id: bytes
    count: int
    sent: list[bytes] = field(default_factory=list)  # message ids in order
    answered: int = 0
    prepared: list[tuple[bytes, bytes]] = field(default_factory=list)  # ids, and encoded messages

    def fill(self, window: int) -> None:
        """Send as many as the window allows, in one frame."""
        room = window - (len(self.sent) - self.answered)
        fresh = self.prepared[len(self.sent) : len(self.sent) + room]
        if fresh:
            self.client.socket.send(join([encoded for _, encoded in fresh]))
            self.sent += [message_id for message_id, _ in fresh]

    def prepare(self) -> None:
        """Seal nothing and encode nothing while the clock runs."""
        stamp = self.client.stamp(self.conv_id, self.epoch_id)
        ids = [os.urandom(16) for _ in range(self.count)]
        self.prepared = [(message_id, stamp(message_id)) for message_id in ids]


def run(messages: int, senders: int, unacknowledged: int) -> dict[str, object]:
    """One run on a fresh broker."""
    with Crowd() as crowd:
        receiver, *others = crowd.add(senders + 1)
        lines = [Line(one, *one.open_direct(receiver), messages // senders) for one in others]
        crowd.quiet()
        receiver.socket.close(0)
        for line in lines:
            line.prepare()
        stored = _store(crowd, lines, min(OF_AN_ACCOUNT, unacknowledged // senders))
        # unused; all that the senders still get is read away before the clock runs
        receiver.connect()
        crowd.quiet()
        receiver.socket.close(0)
        got = _receive(crowd, receiver, {line.conv_id: line.sent for line in lines})
    return {**stored, **got}


def _store(crowd: Crowd, lines: list[Line], window: int) -> dict[str, object]:
    poller = zmq.Poller()
    by_socket = {line.client.socket: line for line in lines}
    for socket in by_socket:
        poller.register(socket, zmq.POLLIN)
    clocks = Clocks(crowd.broker)
    began = time.perf_counter()
    for line in lines:
        line.fill(window)
    missing = sum(line.count for line in lines)
    while missing:
        ready = poller.poll(5_000)
        if not ready:
            raise LoadFailed("nothing is acknowledged any more")
        for socket, _ in ready:
            line = by_socket[socket]
            for message in decode_answers(socket.recv()):
                if isinstance(message, Refused):
                    raise LoadFailed(message.message)
                if isinstance(message, MessageAccepted):
                    if message.message_id != line.sent[line.answered]:
                        raise LoadFailed("acknowledged in another order than sent")
                    line.answered += 1
                    missing -= 1
            line.fill(window)
    seconds = time.perf_counter() - began
    total = sum(line.count for line in lines)
    return {"stored_per_s": round(total / seconds), **clocks.shares()}


def _receive(
    crowd: Crowd, receiver: VirtualClient, expected: dict[bytes, list[bytes]]
) -> dict[str, object]:
    got: dict[bytes, list[tuple[int, bytes]]] = {conv_id: [] for conv_id in expected}
    total = sum(map(len, expected.values()))
    clocks = Clocks(crowd.broker)
    began = time.perf_counter()
    receiver.connect()
    receiver.hello()
    receiver.sign_in()
    heads = receiver.wait_for(SignedIn).heads
    signed_in = time.perf_counter() - began
    _read_directory(receiver, heads)
    pages = {head.log_id: Pages() for head in heads if head.log_id in expected}
    upto = {head.log_id: head.head for head in heads if head.log_id in expected}
    cursors = dict.fromkeys(
        pages, 1
    )  # the record of the conversation is known; its messages are not
    count = asked = 0
    while count < total:
        wanted = []
        for log_id, known in pages.items():
            room = MAX_READS - sum(map(len, pages.values()))
            wanted += [
                ReadLog(log_id, *ask)
                for ask in known.next_asks(cursors[log_id], upto[log_id], room)
            ]
        if wanted:
            receiver.send(*wanted)
            asked += len(wanted)
        for message in decode_answers(receiver.socket.recv()):
            if isinstance(message, Refused):
                raise LoadFailed(message.message)
            if not isinstance(message, Entries):
                continue
            pages[message.log_id].answered(message.entries, message.head)
            cursors[message.log_id] = message.entries[-1].sequence
            fresh = [
                (one.sequence, one.message_id)
                for one in message.entries
                if one.kind == EntryKind.MESSAGE
            ]
            got[message.log_id] += fresh
            count += len(fresh)
    seconds = time.perf_counter() - began
    shares = {f"receive_{name}": share for name, share in clocks.shares().items()}
    for conv_id, ids in expected.items():
        first = got[conv_id][0][0]
        if got[conv_id] != [(first + at, message_id) for at, message_id in enumerate(ids)]:
            raise LoadFailed("not all messages once and in order")
    return {
        "receive_s": round(seconds, 4),
        "signed_in_s": round(signed_in, 4),
        "received": count,
        "distinct": len({one for ids in got.values() for _, one in ids}),
        "is_in_order": True,
        "pages": asked,
        **shares,
    }


def _read_directory(receiver: VirtualClient, heads: list[LogHead]) -> None:
    """As a client that has it: the last entry again, to see that it is the same."""
    head = next(head.head for head in heads if head.log_id == DIRECTORY_LOG)
    receiver.send(ReadLog(DIRECTORY_LOG, head - 1, 0))
    while receiver.wait_for(Entries).log_id != DIRECTORY_LOG:
        pass


def measure(messages: int, senders: int, unacknowledged: int, runs: int) -> dict[str, object]:
    """The run in the middle by what was received, and the figures of all."""
    all_runs = [run(messages, senders, unacknowledged) for _ in range(runs)]
    middle = median_of(all_runs, "receive_s")
    stored = round(statistics.median(float(str(one["stored_per_s"])) for one in all_runs))
    return {
        "workload": "W4 offline",
        "durability": "F",
        "messages": messages,
        "senders": senders,
        "unacknowledged": min(OF_AN_ACCOUNT, unacknowledged // senders) * senders,
        **middle,
        "stored_per_s": stored,
        "pages_ahead": PAGES_AHEAD,
        "all_runs": [[one["stored_per_s"], one["receive_s"]] for one in all_runs],
    }


def main(argv: list[str] | None = None) -> int:
    """Print the median of the runs: several senders, more of them with more under way, then one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--senders", type=int, default=4)
    options = parser.parse_args(argv)
    rounds = {options.senders: UNACKNOWLEDGED, 8: 8 * OF_AN_ACCOUNT, 1: UNACKNOWLEDGED}
    for senders, unacknowledged in rounds.items():
        print(
            json.dumps(measure(options.messages, senders, unacknowledged, options.runs)), flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
