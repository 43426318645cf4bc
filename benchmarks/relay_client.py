"""Drives the bare relay of reference_relay.py with the same pairs and the same window as the product."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import zmq

from tools.processes import ROOT

BODY = b"x" * 256


@contextmanager
def relay_sockets(names: list[bytes]) -> Iterator[list[zmq.Socket[bytes]]]:
    """A relay process, and one connected DEALER for each name."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.reference_relay"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    port, key = process.stdout.readline().split()
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    sockets = []
    try:
        for name in names:
            socket = context.socket(zmq.DEALER)
            public, secret = zmq.curve_keypair()
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.ROUTING_ID, name)
            socket.setsockopt(zmq.CURVE_SERVERKEY, key.encode())
            socket.setsockopt(zmq.CURVE_PUBLICKEY, public)
            socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
            socket.connect(f"tcp://127.0.0.1:{port}")
            sockets.append(socket)
        for name, socket in zip(names, sockets, strict=True):  # the first message to oneself says that one is known
            socket.send_multipart([name, BODY])
            socket.recv()
        yield sockets
    finally:
        for socket in sockets:
            socket.close(0)
        context.term()
        process.kill()
        process.wait()
        process.stdout.close()


def relay_rate(pairs: int, window: int, warm_up_s: float, measured_s: float) -> float:
    """Messages per second over the bare relay."""
    names = [b"%c%d" % (side, number) for number in range(pairs) for side in b"ab"]
    with relay_sockets(names) as sockets:
        senders = dict(zip(sockets[1::2], sockets[::2], strict=True))
        targets = dict(zip(sockets[::2], names[1::2], strict=True))
        poller = zmq.Poller()
        more = int(zmq.SNDMORE)
        for sender, target in targets.items():
            for _ in range(window):
                sender.send(target, more)
                sender.send(BODY)
        for receiver in senders:
            poller.register(receiver, zmq.POLLIN)
        begins = time.perf_counter() + warm_up_s
        delivered, now = 0, 0.0
        while now < begins + measured_s:
            for receiver, _ in poller.poll(5_000):
                sender = senders[receiver]
                target = targets[sender]
                try:
                    for _ in range(window):
                        receiver.recv(zmq.DONTWAIT)
                        delivered += now >= begins
                        sender.send(target, more)
                        sender.send(BODY)
                except zmq.Again:
                    pass
            now = time.perf_counter()
    return delivered / measured_s


def relay_latency_ms(dropped: int, measured: int) -> float:
    """Median of one message at a time over the bare relay."""
    target = os.urandom(8).hex().encode()
    with relay_sockets([b"a", target]) as (sender, receiver):
        times = []
        for _ in range(dropped + measured):
            began = time.perf_counter()
            sender.send_multipart([target, BODY])
            receiver.recv()
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[dropped:])
