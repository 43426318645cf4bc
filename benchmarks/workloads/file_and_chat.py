"""How quick messages are while a file streams: on the connection of the chat, on a second one, and
with real clients.

First with prepared bodies, so that both ways can be compared: one client sends a message every 20
ms and uploads
meanwhile, on loopback and over a line of 20 Mbit/s. Then two real clients, whose own messages are
timed while a large
file goes from one to the other. Prints one JSON object.

Run: python -m benchmarks.workloads.file_and_chat [--messages 300]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import zmq

from benchmarks.load.crowd import Crowd, LoadFailed, VirtualClient, messages_in
from benchmarks.load.headless_client import Client
from benchmarks.workloads.w6_file import MIB, WINDOW, attach
from shared.codec import decode_answers
from shared.files import Layout
from shared.messages import CHUNK_BYTES, PART_BYTES, OpenUpload, PartsStored, PutPart, UploadReady
from tools.processes import BrokerProcess
from tools.tapped_line import TappedLine

EVERY_S = 0.02
SLOW_LINE = 20_000_000 // 8
LAYOUT = Layout(8000 * CHUNK_BYTES)  # just below 2 GiB


class Pump:
    """Uploads without end, as much as the window allows."""

    def __init__(self, client: VirtualClient, conv_id: bytes, window: int) -> None:
        self.client = client
        self._file_id = os.urandom(16)
        self._body = os.urandom(PART_BYTES)
        self._window = window
        self._sent = self.stored = 0
        client.send(OpenUpload(self._file_id, conv_id, LAYOUT.part_count, LAYOUT.total_bytes))
        client.wait_for(UploadReady)
        self.fill()

    def fill(self) -> None:
        """Send what the window allows."""
        while self._sent - self.stored < self._window:
            self.client.send(PutPart(self._file_id, self._sent % LAYOUT.chunk_count, self._body))
            self._sent += 1

    def take(self, frame: bytes) -> None:
        """An answer of the broker."""
        for message in decode_answers(frame):
            if isinstance(message, PartsStored):
                self.stored += len(message.numbers)
        self.fill()


def timed(
    sender: VirtualClient,
    receiver: VirtualClient,
    conv: tuple[bytes, bytes],
    pump: Pump | None,
    count: int,
) -> list[float]:
    """Milliseconds from send to arrival of messages sent at fixed times."""
    poller = zmq.Poller()
    sockets = {sender.socket, receiver.socket} | ({pump.client.socket} if pump else set())
    for socket in sockets:
        poller.register(socket, zmq.POLLIN)
    sent_at: dict[bytes, float] = {}
    took: list[float] = []
    due = time.perf_counter()
    deadline = due + 120
    while len(took) < count:
        if time.perf_counter() > deadline:
            raise LoadFailed("messages did not arrive")
        now = time.perf_counter()
        if now >= due:
            message = sender.message(*conv)
            sent_at[message.message_id] = now
            sender.send(message)
            due = now + EVERY_S
        for socket, _ in poller.poll(max(0, int((due - time.perf_counter()) * 1000))):
            frame = socket.recv()
            if socket is receiver.socket:
                for message_id, _, sequence in messages_in(frame):
                    if message_id in sent_at:
                        took.append((time.perf_counter() - sent_at.pop(message_id)) * 1000)
                    receiver.note_cursor(conv[0], sequence, time.perf_counter())
            elif pump is not None and socket is pump.client.socket:
                pump.take(frame)
    return took[20:]


def summary(took: list[float]) -> dict[str, float]:
    """p50 and p99 in ms."""
    return {
        "p50_ms": round(statistics.median(took), 2),
        "p99_ms": round(sorted(took)[int(len(took) * 0.99)], 2),
    }


def prepared(count: int, *, is_slow: bool, way: str) -> dict[str, float]:
    """One of: no file, a file on the same connection, a file on a second one."""
    with Crowd() as crowd:
        sender, receiver = crowd.add(2)
        conv = sender.open_direct(receiver)
        crowd.quiet()
        line = TappedLine(sender.port, SLOW_LINE, keeps=False) if is_slow else None
        port = line.port if line else sender.port
        try:
            sender.move_to(port)
            sender.connect()
            sender.hello()
            sender.sign_in()
            sender.settle()
            pump = None
            window = 4 if is_slow else WINDOW
            if way == "same":
                pump = Pump(sender, conv[0], window)
            elif way == "second":
                second = sender.twin()
                crowd.clients.append(second)
                second.connect()
                attach(second)
                pump = Pump(second, conv[0], window)
            return summary(timed(sender, receiver, conv, pump, count))
        finally:
            if line:
                line.close()


def real_clients(count: int) -> dict[str, object]:
    """Messages of two real clients, idle and while 1.5 GiB go between them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.bin"
        with source.open("wb") as file:
            for _ in range(1536):
                file.write(os.urandom(MIB))
        broker = BrokerProcess(folder / "broker", "--message-rate", "0")
        ready = broker.start()
        clients = [Client(folder, who, ready.invitation) for who in ("alice", "bob")]
        alice, bob = clients
        try:
            alice.wait_for(lambda line: line.get("event") == "trust" and line["username"] == "bob")
            bob.wait_for(lambda line: line.get("event") == "trust" and line["username"] == "alice")
            chat(alice, bob, 50)
            idle = chat(alice, bob, count)
            sent = alice.send("send_file", to="@bob", path=str(source))
            alice.wait_for(
                lambda line: line.get("event") == "transfer" and line["state"] == "active"
            )
            upload = chat(alice, bob, count)
            alice.wait_for(lambda line: line.get("event") == "transfer" and line["state"] == "done")
            bob.wait_for(lambda line: line.get("message_id") == sent["message_id"])
            bob.send("save_file", message_id=sent["message_id"], path=str(folder / "saved.bin"))
            bob.wait_for(lambda line: line.get("event") == "transfer" and line["state"] == "active")
            download = chat(alice, bob, count)
            return {"idle": summary(idle), "upload": summary(upload), "download": summary(download)}
        finally:
            for client in clients:
                client.end()
            broker.kill()


def chat(sender: Client, receiver: Client, count: int) -> list[float]:
    """Milliseconds from the order to send to the event at the other client."""
    took = []
    for number in range(count):
        text = f"{number} {os.urandom(100).hex()}"
        began = time.perf_counter()
        sender.post("send", to="@bob", text=text)
        receiver.wait_for(lambda line, text=text: line.get("text") == text)  # type: ignore[misc]
        took.append((time.perf_counter() - began) * 1000)
        while time.perf_counter() - began < EVERY_S:
            time.sleep(0.001)
    return took


def main(argv: list[str] | None = None) -> int:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300)
    options = parser.parse_args(argv)
    result: dict[str, object] = {"workload": "chat beside a file", "durability": "F"}
    for line, is_slow in (("loopback", False), ("20_mbit", True)):
        result[line] = {
            way: prepared(options.messages, is_slow=is_slow, way=way)
            for way in ("none", "same", "second")
        }
    result["real_clients"] = real_clients(options.messages)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
