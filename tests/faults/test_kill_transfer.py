"""kill -9 of the broker and of both clients at random points of a large file: bit-equal at the end,
ten seeded runs.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.class_processes import ClassProcesses, class_processes
from tests.support.processes.headless import HeadlessClient, Line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]

SIZE = 300 * 1024 * 1024 + 12_345
KILLS = 2  # in each direction and run


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """One large file of random bytes, and its SHA-256."""
    path = tmp_path_factory.mktemp("source") / "draft.bin"
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for start in range(0, SIZE, 1024 * 1024):
            block = os.urandom(min(1024 * 1024, SIZE - start))
            digest.update(block)
            file.write(block)
    yield path, digest.hexdigest()
    path.unlink()


def kill_at_some_point(
    room: ClassProcesses, chance: random.Random, name: str, transfer_id: str
) -> None:
    """Wait until a random share of the file is there, then end the client, or the broker, or
    both.
    """
    client = room.clients[name]
    wait_until(client, transfer_id, int(SIZE * chance.random() * 0.9))
    victims = chance.choice((("client",), ("broker",), ("client", "broker")))
    if "broker" in victims:
        room.kill_broker()
    if "client" in victims:
        client.kill()
    if "broker" in victims:
        room.start_broker()
    if "client" in victims:
        room.begin(name)


def wait_until(
    client: HeadlessClient, transfer_id: str, bytes_done: int, timeout_s: float = 60
) -> None:
    """Wait until so much is there; what was done before the client was killed stands in its list
    only.
    """
    listed = client.send("transfers")["transfers"]
    if any(one["transfer_id"] == transfer_id and one["bytes_done"] >= bytes_done for one in listed):
        return

    def is_far_enough(line: Line) -> bool:
        is_it = line.get("event") == "transfer" and line.get("transfer_id") == transfer_id
        return is_it and line["bytes_done"] >= bytes_done

    client.wait_for(is_far_enough, timeout_s)


@pytest.mark.parametrize("seed", range(10))
def test_killed_at_random_points(tmp_path: Path, source: tuple[Path, str], seed: int) -> None:
    path, digest = source
    chance = random.Random(seed)
    with class_processes(tmp_path) as room:
        room.start_all("alice", "bob")
        sent = room.clients["alice"].send("send_file", to="@bob", path=str(path))
        for _ in range(KILLS):
            kill_at_some_point(room, chance, "alice", sent["transfer_id"])
        room.clients["bob"].event("message", 60, message_id=sent["message_id"])
        target = tmp_path / "saved.bin"
        saving = room.clients["bob"].send(
            "save_file", message_id=sent["message_id"], path=str(target)
        )
        for _ in range(KILLS):
            kill_at_some_point(room, chance, "bob", saving["transfer_id"])
        wait_until(room.clients["bob"], saving["transfer_id"], SIZE)
        (saved,) = room.clients["bob"].send("transfers")["transfers"]
        if saved["state"] != "done":
            room.clients["bob"].transfer(saving["transfer_id"], "done")
        with target.open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == digest
        assert not list(tmp_path.glob(".*.part"))
    for left in tmp_path.rglob("*"):  # ten times 600 MB would stay until the end of the session
        if left.is_file() and left.stat().st_size > 100_000:
            left.unlink()
