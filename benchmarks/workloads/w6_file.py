"""W6: a file through the broker, stored there (fsync for every part), from one client to another,
verified.

Three figures side by side: a plain copy over loopback TCP; prepared parts through the broker (no
keys used at the
clients but those of CURVE); and two real clients with sealing, hashing, signatures and
verification. Prints one
JSON object.

Run: python -m benchmarks.workloads.w6_file [--runs 3] [--mib 100] [--profile]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.load.crowd import Crowd, LoadFailed, VirtualClient
from benchmarks.load.headless_client import Client
from shared.files import Layout, part_hash, upload_digest
from shared.messages import (
    CHUNK_BYTES,
    PART_BYTES,
    Attach,
    Attached,
    CloseUpload,
    FetchParts,
    OpenUpload,
    Part,
    PartsStored,
    PutPart,
    UploadClosed,
    UploadReady,
    Welcome,
)
from tools.processes import BrokerProcess

MIB = 1024 * 1024
WINDOW = 16
WHO = ("broker", "sender", "receiver")


def megabytes_per_second(size: int, took_s: float) -> float:
    """10^6 bytes per second."""
    return round(size / 1e6 / took_s, 1)


# --- plain TCP ---


def plain_copy(source: Path, target: Path) -> float:
    """Seconds to send a file over loopback TCP into a file, and fsync it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def receive() -> None:
        connection, _ = listener.accept()
        with connection, target.open("wb") as file:
            while block := connection.recv(CHUNK_BYTES):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    thread = threading.Thread(target=receive)
    thread.start()
    began = time.perf_counter()
    with socket.create_connection(listener.getsockname()) as sender, source.open("rb") as file:
        while block := file.read(CHUNK_BYTES):
            sender.sendall(block)
    thread.join()
    listener.close()
    return time.perf_counter() - began


# --- prepared parts ---


def attach(client: VirtualClient) -> None:
    """Make the client's connection one for files."""
    client.hello()
    client.send(Attach(client.me.uid, client.me.did, client.sign(client.wait_for(Welcome))))
    client.wait_for(Attached)


def put_file(client: VirtualClient, conv_id: bytes, file_id: bytes, parts: list[bytes]) -> None:
    """Upload parts that were made before."""
    client.send(OpenUpload(file_id, conv_id, len(parts), sum(map(len, parts))))
    client.wait_for(UploadReady)
    sent = stored = 0
    while stored < len(parts):
        while sent < len(parts) and sent - stored < WINDOW:
            client.send(PutPart(file_id, sent, parts[sent]))
            sent += 1
        stored += len(client.wait_for(PartsStored).numbers)
    client.send(CloseUpload(file_id, upload_digest([part_hash(part) for part in parts])))
    client.wait_for(UploadClosed)


def get_file(client: VirtualClient, file_id: bytes, count: int) -> int:
    """Fetch all parts; gives how many bytes came."""
    asked, size = min(WINDOW, count), 0
    client.send(FetchParts(file_id, list(range(asked)), []))
    for _ in range(count):
        part = client.wait_for(Part)
        size += len(part.data)
        more = [asked] if asked < count else []
        asked += len(more)
        client.send(FetchParts(file_id, more, [part.receipt]))
    return size


def prepared(size: int) -> dict[str, float]:
    """Parts made before, through the broker: what broker and network can do."""
    parts = [os.urandom(PART_BYTES) for _ in range(size // CHUNK_BYTES)]
    layout = Layout(size)
    parts += [os.urandom(layout.chunk_count * 32 + 40)] * layout.index_count
    with Crowd() as crowd:
        sender, receiver = crowd.add(2)
        conv_id, _ = sender.open_direct(receiver)
        crowd.quiet()
        for client in (sender, receiver):
            client.connect()
            attach(client)
        file_id = os.urandom(16)
        began = time.perf_counter()
        put_file(sender, conv_id, file_id, parts)
        uploaded = time.perf_counter()
        if get_file(receiver, file_id, len(parts)) != sum(map(len, parts)):
            raise LoadFailed("bytes are missing")
        done = time.perf_counter()
        return {"up_s": uploaded - began, "down_s": done - uploaded, "s": done - began}


# --- real clients ---


def begin_anew(pid: int) -> None:
    """Let `highest_mib` count from now: opening a profile takes 256 MiB for a moment (argon2id)."""
    if sys.platform == "linux":
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def highest_mib(pid: int) -> float:
    """The most memory that a process had since `begin_anew`, MiB."""
    if sys.platform == "linux":
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return float(psutil.Process(pid).memory_info().rss) / MIB


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def end_to_end(source: Path, folder: Path) -> dict[str, float]:
    """Two real clients: sealed, stored, fetched, verified, saved."""
    size = source.stat().st_size
    broker = BrokerProcess(folder / "broker", "--user-quota-mb", "100000", "--max-file-mb", "4096")
    ready = broker.start()
    clients = [Client(folder, name, ready.invitation) for name in ("alice", "bob")]
    alice, bob = clients
    try:
        alice.wait_for(lambda line: line.get("event") == "trust" and line["username"] == "bob")
        bob.wait_for(lambda line: line.get("event") == "trust" and line["username"] == "alice")
        pids = {"broker": broker.pid, "sender": alice.process.pid, "receiver": bob.process.pid}
        for pid in pids.values():
            begin_anew(pid)
        before = {who: cpu_s(pid) for who, pid in pids.items()}
        began = time.perf_counter()
        sent = alice.send("send_file", to="@bob", path=str(source))
        alice.wait_for(lambda line: line.get("event") == "transfer" and line["state"] == "done")
        uploaded = time.perf_counter()
        bob.wait_for(lambda line: line.get("message_id") == sent["message_id"])
        bob.send("save_file", message_id=sent["message_id"], path=str(folder / "saved.bin"))
        bob.wait_for(lambda line: line.get("event") == "transfer" and line["state"] == "done")
        done = time.perf_counter()
        if (folder / "saved.bin").stat().st_size != size:
            raise LoadFailed("the file is not whole")
        return {
            "up_s": uploaded - began,
            "down_s": done - uploaded,
            "s": done - began,
            **{f"{who}_mib": highest_mib(pid) for who, pid in pids.items()},
            **{f"{who}_cpu_s": cpu_s(pid) - before[who] for who, pid in pids.items()},
        }
    finally:
        for client in clients:
            client.end()
        broker.kill()


def where_time_goes(folder: Path) -> dict[str, float]:
    """Milliseconds that one MiB costs in each step, one thread, nothing else running."""
    from shared.crypto.files import Manifest, open_chunk, seal_chunk

    layout = Layout(CHUNK_BYTES)
    data, file_id, key = os.urandom(CHUNK_BYTES), os.urandom(16), os.urandom(32)
    part = seal_chunk(file_id, key, layout, 0, data, os.urandom)
    manifest = Manifest(file_id, key, CHUNK_BYTES, bytes(32), bytes(32), "x", "a/b")
    index = part_hash(part)
    path = folder / "part"

    def write() -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(descriptor, part)
        os.fsync(descriptor)
        os.close(descriptor)

    steps: dict[str, Callable[[], object]] = {
        "sha256": lambda: hashlib.sha256(data).digest(),
        "seal": lambda: seal_chunk(file_id, key, layout, 0, data, os.urandom),
        "hash_part": lambda: part_hash(part),
        "verify_and_open": lambda: open_chunk(manifest, layout, 0, part, index),
        "write_and_fsync": write,
    }
    costs = {}
    for name, step in steps.items():
        began = time.perf_counter()
        for _ in range(200):
            step()
        costs[f"{name}_ms_per_mib"] = round(
            (time.perf_counter() - began) / 200 * 1000 * MIB / CHUNK_BYTES, 2
        )
    return costs


def main(argv: list[str] | None = None) -> int:
    """Print the medians of the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--mib", type=int, default=100)
    parser.add_argument("--profile", action="store_true", help="what one MiB costs in each step")
    options = parser.parse_args(argv)
    size = options.mib * MIB
    plain, parts, real = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.bin"
        with source.open("wb") as file:
            for _ in range(options.mib):
                file.write(os.urandom(MIB))
        for _ in range(options.runs):
            plain.append(plain_copy(source, folder / "copy.bin"))
            parts.append(prepared(min(size, 512 * MIB)))
            with tempfile.TemporaryDirectory(dir=folder) as inner:
                real.append(end_to_end(source, Path(inner)))
        costs = where_time_goes(folder) if options.profile else {}

    def middle(runs: list[dict[str, float]], name: str) -> float:
        return statistics.median(run[name] for run in runs)

    prepared_size = min(size, 512 * MIB)
    result = {
        "workload": f"W6 file of {options.mib} MiB",
        "durability": "F",
        "plain_tcp_mb_s": megabytes_per_second(size, statistics.median(plain)),
        "prepared_mb_s": megabytes_per_second(prepared_size, middle(parts, "s")),
        "prepared_up_mb_s": megabytes_per_second(prepared_size, middle(parts, "up_s")),
        "prepared_down_mb_s": megabytes_per_second(prepared_size, middle(parts, "down_s")),
        "end_to_end_mb_s": megabytes_per_second(size, middle(real, "s")),
        "end_to_end_up_mb_s": megabytes_per_second(size, middle(real, "up_s")),
        "end_to_end_down_mb_s": megabytes_per_second(size, middle(real, "down_s")),
        "all_end_to_end_mb_s": [megabytes_per_second(size, run["s"]) for run in real],
        "memory_mib": {who: round(middle(real, f"{who}_mib")) for who in WHO},
        "cpu_ms_per_mib": {
            who: round(middle(real, f"{who}_cpu_s") * 1000 / options.mib, 1) for who in WHO
        },
        **costs,
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
