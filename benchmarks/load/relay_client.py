"""Drives the reference relay (reference_relay.py) with the same pairs and the same window as the
product.

Run: python -m benchmarks.load.relay_client [--runs 3] [--pairs 50]; prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import psutil
import zmq
from zmq.backend import Socket as BackendSocket

from benchmarks.load.reference_relay import TO_ALL
from shared.codec import decode_answers, encode
from shared.crypto.headers import Header, encode_header
from shared.messages import Entries, Entry, SendMessage
from tools.processes import ROOT

BODY_BYTES = 256
_DONTWAIT = int(zmq.DONTWAIT)
_MORE = int(zmq.SNDMORE)


def product_frame() -> bytes:
    """What a client of the product sends for one message: a SendMessage with header and 256 bytes
    of cipher.
    """
    message_id, conv_id = os.urandom(16), os.urandom(16)
    header = Header(0, conv_id, 0, os.urandom(32), os.urandom(16), os.urandom(16), 1, message_id, 1)
    return encode(SendMessage(message_id, conv_id, encode_header(header), os.urandom(BODY_BYTES)))


@dataclass(frozen=True)
class RelayPeer:
    """A connected DEALER and its routing id."""

    socket: zmq.Socket[bytes]
    routing_id: bytes


@contextmanager
def relay_peers(count: int) -> Iterator[tuple[int, list[RelayPeer]]]:
    """The process id of a relay, and so many peers that are connected to it."""
    pairs = [zmq.curve_keypair() for _ in range(count)]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load.reference_relay"],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(
        "".join(f"{public.decode()} p{at}\n" for at, (public, _) in enumerate(pairs)) + "\n"
    )
    process.stdin.flush()
    port, key = process.stdout.readline().split()
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    peers = []
    try:
        for at, (public, secret) in enumerate(pairs):
            peer = RelayPeer(context.socket(zmq.DEALER), f"p{at}".encode() + b"\0" + os.urandom(16))
            peer.socket.setsockopt(zmq.LINGER, 0)
            peer.socket.setsockopt(zmq.ROUTING_ID, peer.routing_id)
            peer.socket.setsockopt(zmq.CURVE_SERVERKEY, key.encode())
            peer.socket.setsockopt(zmq.CURVE_PUBLICKEY, public)
            peer.socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
            peer.socket.connect(f"tcp://127.0.0.1:{port}")
            peers.append(peer)
        for peer in peers:  # the first message to oneself says that one is known
            peer.socket.send_multipart([peer.routing_id, b"hello"])
        for peer in peers:
            peer.socket.recv()
        yield process.pid, peers
    finally:
        for peer in peers:
            peer.socket.close(0)
        context.term()
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _cpu_s(*pids: int) -> list[float]:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return [one.user + one.system for one in times]


def relay_load(pairs: int, window: int, warm_up_s: float, measured_s: float) -> dict[str, float]:
    """Messages per second over the relay, and the cores that it and this process took."""
    with relay_peers(2 * pairs) as (pid, peers):
        poller = zmq.Poller()
        ways = {}
        for sender, receiver in zip(peers[::2], peers[1::2], strict=True):
            frame, send = product_frame(), partial(BackendSocket.send, sender.socket)
            ways[receiver.socket] = (
                partial(BackendSocket.recv, receiver.socket),
                send,
                receiver.routing_id,
                frame,
            )
            poller.register(receiver.socket, zmq.POLLIN)
            for _ in range(window):
                send(receiver.routing_id, _MORE)
                send(frame)
        begins = time.perf_counter() + warm_up_s
        delivered, now, before = 0, 0.0, _cpu_s(pid, os.getpid())
        is_measured = False
        while now < begins + measured_s:
            if not is_measured and now >= begins:
                is_measured, delivered, before = True, 0, _cpu_s(pid, os.getpid())
            for socket, _ in poller.poll(5_000):
                recv, send, target, frame = ways[socket]
                try:
                    for _ in range(window):
                        recv(_DONTWAIT)
                        delivered += 1
                        send(target, _MORE)
                        send(frame)
                except zmq.Again:
                    pass
            now = time.perf_counter()
        shares = [
            (after - then) / measured_s
            for after, then in zip(_cpu_s(pid, os.getpid()), before, strict=True)
        ]
    return {
        "messages_per_s": round(delivered / measured_s),
        "broker_cores": round(shares[0], 2),
        "generator_cores": round(shares[1], 2),
    }


def relay_rate(pairs: int, window: int, warm_up_s: float, measured_s: float) -> float:
    """Messages per second over the relay."""
    return relay_load(pairs, window, warm_up_s, measured_s)["messages_per_s"]


def relay_fan_out(members: int, together: int, warm_up_s: float, measured_s: float) -> float:
    """Deliveries per second to so many receivers, with `together` messages in a frame, which each
    of them parses.
    """
    entries = [
        Entry(at + 1, 1, os.urandom(16), 1, os.urandom(16), os.urandom(116), os.urandom(BODY_BYTES))
        for at in range(together)
    ]
    frame = encode(Entries(os.urandom(16), entries, together))
    with relay_peers(members + 1) as (_, (sender, *receivers)):
        begins = time.perf_counter() + warm_up_s
        delivered, now = 0, 0.0
        while now < begins + measured_s:
            sender.socket.send_multipart([TO_ALL, frame])
            for receiver in receivers:
                for message in decode_answers(receiver.socket.recv()):
                    assert isinstance(message, Entries)
                    delivered += len(message.entries) if now >= begins else 0
            now = time.perf_counter()
    return delivered / (now - begins)


def relay_latency_ms(dropped: int, measured: int) -> float:
    """Median of one message at a time over the relay."""
    with relay_peers(2) as (_, (sender, receiver)):
        frame, times = product_frame(), []
        for _ in range(dropped + measured):
            began = time.perf_counter()
            sender.socket.send_multipart([receiver.routing_id, frame])
            receiver.socket.recv()
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[dropped:])


def main(argv: list[str] | None = None) -> int:
    """Print the median of the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=50)
    options = parser.parse_args(argv)
    runs = [relay_load(options.pairs, 32, 1.5, 5.0) for _ in range(options.runs)]
    middle = sorted(runs, key=lambda run: run["messages_per_s"])[len(runs) // 2]
    p50 = statistics.median(relay_latency_ms(100, 1_500) for _ in range(options.runs))
    result = {
        "workload": "reference relay",
        "durability": "none",
        "pairs": options.pairs,
        **middle,
        "p50_ms": round(p50, 3),
        "all_runs": [one["messages_per_s"] for one in runs],
        "frame_bytes": len(product_frame()),
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
