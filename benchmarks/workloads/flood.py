"""How long a message of others takes while some of the class flood the broker. Prints one JSON
object per attack.

Three signed-in accounts, in a process of their own, send as fast as the sockets take it: messages
beyond their rate,
requests that are refused, pings whose answers nobody reads, or new connections and handshakes.
Beside them one pair
talks, a message every 60 ms, and it is measured from send to parsed. All on the same cores, so the
load itself counts.

Run: python -m benchmarks.workloads.flood [--seconds 10] [ATTACK ...]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import zmq

from benchmarks.load.crowd import (
    ANSWER_MS,
    Clocks,
    Crowd,
    LoadFailed,
    Times,
    VirtualClient,
    messages_in,
)
from shared.codec import encode
from shared.invitations import Invitation, parse_invitation
from shared.messages import Message, PutPart, Registered, SignedIn

PAUSE_S = 0.06
FLOODERS = 3


def _ready(client: VirtualClient) -> None:
    client.connect()
    client.hello()
    client.sign_in()
    client.wait_for(SignedIn)


def _read_away(client: VirtualClient) -> None:
    while client.socket.poll(0):
        client.socket.recv()


def _send_on(
    client: VirtualClient, make: Callable[[], Message], until: float, *, reads: bool
) -> int:
    """Send until the time is over; a connection that was cut is made anew, as fast as the broker
    lets it.
    """
    sent, stuck_since = 0, 0.0
    frames = [encode(make()) for _ in range(64)]
    while time.monotonic() < until:
        try:
            for frame in frames:
                client.socket.send(frame, zmq.DONTWAIT)
            sent += len(frames)
            stuck_since = 0.0
        except zmq.Again:
            stuck_since = stuck_since or time.monotonic()
            client.socket.poll(5, zmq.POLLOUT)
            if time.monotonic() - stuck_since > 0.5:
                client.socket.close(0)
                try:
                    _ready(client)
                except LoadFailed:
                    continue
        if reads:
            _read_away(client)
    return sent


def attack(kind: str, invitation: Invitation, seconds: float, name: str) -> None:
    """One flooder; prints how much it sent."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    context.set(zmq.MAX_SOCKETS, 20_000)
    client = VirtualClient(context, invitation, name)
    client.connect()
    client.hello()
    client.register()
    client.wait_for(Registered)
    client.socket.close(0)
    _ready(client)
    conv_id, epoch_id = client.create_group([])
    print("ready", flush=True)
    until = time.monotonic() + seconds
    if kind == "messages":
        sent = _send_on(client, lambda: client.message(conv_id, epoch_id), until, reads=True)
    elif kind == "refused":
        sent = _send_on(client, lambda: PutPart(os.urandom(16), 1, bytes(100)), until, reads=True)
    elif kind == "deaf":
        sent = _send_on(client, lambda: PutPart(os.urandom(16), 1, bytes(100)), until, reads=False)
    else:
        sent = 0
        while time.monotonic() < until:
            fresh = [VirtualClient(context, invitation, name) for _ in range(8)]
            for one in fresh:
                one.connect()
                one.hello()
            for one in fresh:
                one.socket.poll(500)
                one.socket.close(0)
            sent += len(fresh)
    print(sent, flush=True)
    client.socket.close(0)
    context.term()


def measure(
    sender: VirtualClient, receiver: VirtualClient, ids: tuple[bytes, bytes], seconds: float
) -> Times:
    """One message after the other, for so long."""
    conv_id, epoch_id = ids
    times, until = Times(), time.monotonic() + seconds
    while time.monotonic() < until:
        message = sender.message(conv_id, epoch_id)
        began = time.perf_counter()
        sender.send(message)
        is_there = False
        while not is_there:
            if not receiver.socket.poll(ANSWER_MS):
                raise LoadFailed("a message did not arrive")
            is_there = any(
                message_id == message.message_id
                for message_id, _, _ in messages_in(receiver.socket.recv())
            )
        times.ms.append((time.perf_counter() - began) * 1000)
        _read_away(sender)
        time.sleep(max(0.0, PAUSE_S - (time.perf_counter() - began)))
    return times


def run(kind: str, seconds: float) -> dict[str, object]:
    """One attack on a fresh broker; "" for none."""
    with Crowd("--message-rate", "20", "--message-burst", "60") as crowd:
        sender, receiver = crowd.add(2)
        ids = sender.open_direct(receiver)
        crowd.quiet()
        memory = psutil.Process(crowd.broker.pid).memory_info
        before = memory().rss
        command = [
            sys.executable,
            "-m",
            "benchmarks.workloads.flood",
            "--link",
            crowd.invitation.encode(),
            "--attack",
            kind,
        ]
        command += ["--seconds", str(seconds + 2)]
        children = [
            subprocess.Popen(
                [*command, "--name", f"flooder{number}"], stdout=subprocess.PIPE, text=True
            )
            for number in range(FLOODERS if kind else 0)
        ]
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()
        clocks = Clocks(crowd.broker)
        times = measure(sender, receiver, ids, seconds)
        shares = clocks.shares()
        grown = memory().rss - before
        sent = sum(int(child.communicate()[0] or 0) for child in children)
        return {
            "attack": kind or "none",
            **times.summary(),
            "max_ms": round(max(times.ms), 1),
            "flood_sent": sent,
            "broker_cores": shares["broker_cores"],
            "grown_mib": round(grown / 2**20, 1),
            "measured": len(times.ms),
        }


def main(argv: list[str] | None = None) -> int:
    """Print a line for each attack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    for name in ("link", "attack", "name"):
        parser.add_argument(f"--{name}", default="", help=argparse.SUPPRESS)
    parser.add_argument(
        "attacks", nargs="*", default=["", "messages", "refused", "deaf", "connections"]
    )
    options = parser.parse_args(argv)
    if options.link:
        attack(options.attack, parse_invitation(options.link), options.seconds, options.name)
        return 0
    for kind in options.attacks:
        print(json.dumps(run(kind, options.seconds)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
