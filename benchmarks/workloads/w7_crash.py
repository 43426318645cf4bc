"""W7: kill -9 of the broker under full load: what was acknowledged and is lost, what came twice,
how soon it is back.

50 pairs, 32 messages of each pair not yet acknowledged; 25 receivers online, 25 signed off. After
three seconds the
broker is killed and started again on the same data. All receivers sign in and catch up as real
clients do, page by page
from what they have. Only then do the senders come back and send again what was never acknowledged,
so that doubles
could show. "Back" counts from the kill. Prints one JSON object.

Run: python -m benchmarks.workloads.w7_crash [--runs 3] [--pairs 50] [--load-s 3]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import zmq

from benchmarks.load.crowd import ANSWER_MS, Clocks, Crowd, LoadFailed, VirtualClient, median_of
from shared.codec import decode_answers
from shared.messages import (
    MAX_PAGE_ENTRIES,
    Entries,
    EntryKind,
    Message,
    MessageAccepted,
    ReadLog,
    Refused,
    SendMessage,
    SignedIn,
)

WINDOW = 32
QUIET_MS = 300
FIRST = 1  # the first message of a conversation comes after the record that opened it


@dataclass
class Pair:
    """One direct conversation in one direction, as both ends know it."""

    sender: VirtualClient
    receiver: VirtualClient
    conv_id: bytes
    epoch_id: bytes
    is_online: bool
    cursor: int = 0  # how far the receiver has all entries
    sent: dict[bytes, SendMessage] = field(default_factory=dict)  # in order
    open: dict[bytes, None] = field(default_factory=dict)  # sent, not acknowledged
    acknowledged: set[bytes] = field(default_factory=set)
    seen: list[bytes] = field(
        default_factory=list
    )  # message ids at the receiver, in the order of their coming

    def fill(self) -> None:
        """Send as many as the window allows, in one frame, as a client joins what is ready."""
        room = WINDOW - len(self.open)
        if room > 0:
            fresh = [self.sender.message(self.conv_id, self.epoch_id) for _ in range(room)]
            for message in fresh:
                self.sent[message.message_id] = message
                self.open[message.message_id] = None
            self.sender.send(*fresh)

    def take_acknowledgements(self, messages: Iterable[Message]) -> None:
        """What the broker says to the sender."""
        for message in messages:
            if isinstance(message, Refused):
                raise LoadFailed(message.message)
            if isinstance(message, MessageAccepted) and message.message_id in self.sent:
                self.open.pop(message.message_id, None)
                self.acknowledged.add(message.message_id)

    def take_entries(self, messages: Iterable[Message]) -> None:
        """What the broker says to the receiver: the next entry is taken, known ones and those after
        a gap are not.
        """
        before = self.cursor
        for message in messages:
            if isinstance(message, Refused):
                raise LoadFailed(message.message)
            if not isinstance(message, Entries) or message.log_id != self.conv_id:
                continue
            for entry in message.entries:
                if entry.sequence == self.cursor + 1:
                    self.cursor = entry.sequence
                    if entry.kind == EntryKind.MESSAGE:
                        self.seen.append(entry.message_id)
        if self.cursor > before:
            self.receiver.note_cursor(self.conv_id, self.cursor, time.perf_counter())


def judge(pair: Pair) -> dict[str, int]:
    """What is wrong at one receiver: acknowledged but not there, there twice, not in the order of
    sending.
    """
    order = {message_id: number for number, message_id in enumerate(pair.sent)}
    seen_order = [order[message_id] for message_id in dict.fromkeys(pair.seen)]
    return {
        "lost": len(pair.acknowledged.difference(pair.seen)),
        "doubled": len(pair.seen) - len(set(pair.seen)),
        "order_errors": sum(
            after < before for before, after in zip(seen_order, seen_order[1:], strict=False)
        ),
    }


def totals(pairs: Iterable[Pair]) -> dict[str, int]:
    """The verdicts of all pairs, added."""
    verdicts = [judge(pair) for pair in pairs]
    return {
        name: sum(one[name] for one in verdicts) for name in ("lost", "doubled", "order_errors")
    }


def run(pair_count: int, load_s: float) -> dict[str, object]:
    """One crash."""
    with Crowd() as crowd:
        clients = crowd.add(2 * pair_count)
        pairs = [
            Pair(
                sender, receiver, *sender.open_direct(receiver), is_online=number < pair_count // 2
            )
            for number, (sender, receiver) in enumerate(
                zip(clients[::2], clients[1::2], strict=True)
            )
        ]
        crowd.quiet()
        for pair in pairs:
            pair.cursor = FIRST
            if not pair.is_online:
                pair.receiver.socket.close(0)
        shares = load(crowd, pairs, load_s)
        back = come_back(crowd, pairs)
        acknowledged = sum(len(pair.acknowledged) for pair in pairs)
        lost = totals(pairs)["lost"]
        again = send_again(pairs)
        totalled = totals(pairs)
        return {
            **totalled,
            "lost": max(lost, totalled["lost"]),
            "acknowledged": acknowledged,
            "acknowledged_per_s": round(acknowledged / load_s),
            **back,
            **again,
            **shares,
        }


# --- the load ---


def load(crowd: Crowd, pairs: list[Pair], seconds: float) -> dict[str, float]:
    """Full load; gives the processor shares."""
    readers: dict[zmq.Socket[bytes], Callable[[Iterable[Message]], None]] = {}
    refill: dict[zmq.Socket[bytes], Pair] = {}
    for pair in pairs:
        readers[pair.sender.socket] = pair.take_acknowledgements
        refill[pair.sender.socket] = pair
        if pair.is_online:
            readers[pair.receiver.socket] = pair.take_entries
        pair.fill()
    poller = zmq.Poller()
    for socket in readers:
        poller.register(socket, zmq.POLLIN)
    clocks, ends = Clocks(crowd.broker), time.perf_counter() + seconds
    while time.perf_counter() < ends:
        ready = poller.poll(5_000)
        if not ready:
            raise LoadFailed("the traffic has stopped")
        for socket, _ in ready:
            read_all(socket, readers[socket])
            if socket in refill:
                refill[socket].fill()
    return clocks.shares()


def read_all(socket: zmq.Socket[bytes], take: Callable[[Iterable[Message]], None]) -> None:
    """Whatever is there at a socket."""
    try:
        while True:
            take(decode_answers(socket.recv(zmq.DONTWAIT)))
    except zmq.Again:
        pass


# --- after the crash ---


def come_back(crowd: Crowd, pairs: list[Pair]) -> dict[str, float]:
    """SIGKILL, and a start on the same data; all receivers sign in and catch up.

    Seconds, counted from the kill.
    """
    began = time.perf_counter()
    crowd.broker.kill()
    crowd.broker.start()
    listening = time.perf_counter()
    for pair in pairs:  # what the broker had said before it died
        read_all(pair.sender.socket, pair.take_acknowledgements)
        if pair.is_online:
            read_all(pair.receiver.socket, pair.take_entries)
            pair.receiver.socket.close(0)
    reading = time.perf_counter() - listening  # the load's own work, not the broker's
    heads = sign_in([pair.receiver for pair in pairs[:1]])
    first = time.perf_counter()
    heads += sign_in([pair.receiver for pair in pairs[1:]])
    all_in = time.perf_counter()
    catch_up(pairs, heads)
    done = time.perf_counter()
    return {
        "start_s": round(listening - began, 3),
        "back_s": round(first - began - reading, 3),
        "all_signed_in_s": round(all_in - began - reading, 3),
        "all_caught_up_s": round(done - began - reading, 3),
    }


def sign_in(clients: Sequence[VirtualClient]) -> list[dict[bytes, int]]:
    """On fresh connections, all at once; the heads that the broker names to each."""
    for client in clients:
        client.connect()
        client.hello()
    for client in clients:
        client.sign_in()
    return [{one.log_id: one.head for one in client.wait_for(SignedIn).heads} for client in clients]


def catch_up(pairs: list[Pair], heads: list[dict[bytes, int]]) -> None:
    """Read on from what one has, a page at a time, until the head that was named at the sign-in."""
    behind = {
        pair.receiver.socket: (pair, head[pair.conv_id])
        for pair, head in zip(pairs, heads, strict=True)
        if pair.cursor < head[pair.conv_id]
    }
    poller = zmq.Poller()
    for socket, (pair, _) in behind.items():
        poller.register(socket, zmq.POLLIN)
        pair.receiver.send(ReadLog(pair.conv_id, pair.cursor, MAX_PAGE_ENTRIES))
    while behind:
        ready = poller.poll(ANSWER_MS)
        if not ready:
            raise LoadFailed("a page did not come")
        for socket, _ in ready:
            pair, head = behind[socket]
            before = pair.cursor
            read_all(socket, pair.take_entries)
            if pair.cursor >= head:
                del behind[socket]
                poller.unregister(socket)
            elif pair.cursor > before:
                pair.receiver.send(ReadLog(pair.conv_id, pair.cursor, MAX_PAGE_ENTRIES))


def send_again(pairs: list[Pair]) -> dict[str, int]:
    """The senders come back with what was never acknowledged; until all of it is there, or nothing
    comes any more.
    """
    unanswered = {pair.conv_id: list(pair.open) for pair in pairs}
    stored = sum(len(set(pair.open).intersection(pair.seen)) for pair in pairs)
    for pair in pairs:
        pair.sender.socket.close(0)
    sign_in([pair.sender for pair in pairs])
    readers: dict[zmq.Socket[bytes], Callable[[Iterable[Message]], None]] = {}
    for pair in pairs:
        readers[pair.sender.socket] = pair.take_acknowledgements
        readers[pair.receiver.socket] = pair.take_entries
        if pair.open:
            pair.sender.send(*(pair.sent[message_id] for message_id in pair.open))
    poller = zmq.Poller()
    for socket in readers:
        poller.register(socket, zmq.POLLIN)
    while ready := poller.poll(QUIET_MS):
        for socket, _ in ready:
            read_all(socket, readers[socket])
    if any(pair.open for pair in pairs):
        raise LoadFailed("what was sent again was not acknowledged")
    return {"sent_again": sum(map(len, unanswered.values())), "of_these_stored_before": stored}


def main(argv: list[str] | None = None) -> int:
    """Print the sums of what went wrong, and the median times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--load-s", type=float, default=3.0)
    options = parser.parse_args(argv)
    runs = [run(options.pairs, options.load_s) for _ in range(options.runs)]
    middle = median_of(runs, "back_s")
    wrong = {
        name: sum(int(str(one[name])) for one in runs)
        for name in ("lost", "doubled", "order_errors")
    }
    result = {
        "workload": "W7 crash",
        "durability": "F",
        "pairs": options.pairs,
        **middle,
        **wrong,
        "all_runs_back_s": [one["back_s"] for one in runs],
        "all_runs_acknowledged": [one["acknowledged"] for one in runs],
    }
    print(json.dumps(result))
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
