"""/health of a running broker turns red, with a sentence, when something in it does not work; and
green again.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.admin.http import ask_running
from broker.admin.settings import Settings
from broker.app import Broker, BrokerFailed
from broker.core.events import Persist
from broker.storage.base import Batch, StorageError
from broker.storage.memory import MemoryStorage

pytestmark = pytest.mark.slow


class Disk(MemoryStorage):
    """A storage that is broken, or so slow that it stands still, as the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = False
        self.is_done = threading.Event()
        self.was_tried = threading.Semaphore(0)

    def commit(self, batch: Batch) -> None:
        """Fail, or work."""
        self.was_tried.release()
        if self.is_full:
            raise StorageError("The disk is full.")
        super().commit(batch)
        self.is_done.set()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def broker(tmp_path: Path, disk: Disk) -> Iterator[Broker]:
    running = Broker(Settings(data_dir=tmp_path / "data", host="127.0.0.1", port=0), disk)
    running.start()
    yield running
    running.stop()


def health(broker: Broker) -> tuple[int, str]:
    """The answer of the page."""
    assert broker._pages is not None
    connection = http.client.HTTPConnection("127.0.0.1", broker._pages.server_port, timeout=10)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_disk_that_takes_nothing_and_works_again(broker: Broker, disk: Disk) -> None:
    assert health(broker) == (200, "ok\n")
    disk.is_full = True
    broker._workers.commits.put([Persist(0, Batch())])
    for _ in range(2):  # at the second try the first is known to have failed
        assert disk.was_tried.acquire(timeout=20)
    status, text = health(broker)
    assert status == 503 and "The disk does not take messages at present" in text
    disk.is_full = False
    assert disk.is_done.wait(20)
    disk.is_done.clear()
    broker._workers.commits.put([Persist(0, Batch())])
    assert disk.is_done.wait(20)  # so the one before is over and counted
    assert health(broker) == (200, "ok\n")


def test_nobody_at_the_door(broker: Broker) -> None:
    broker._zap.stop()
    broker._zap.join(20)
    status, text = health(broker)
    assert status == 503 and "Nobody answers handshakes" in text


def test_a_thread_that_has_ended(broker: Broker) -> None:
    broker._workers.file_reads.stop()
    broker._workers.file_reads.join(20)
    assert "The thread file-read does not work." in health(broker)[1]


def test_a_loop_and_a_commit_that_stand_still(broker: Broker) -> None:
    """What is measured is the time since the last sign of life; the test looks from the future."""
    assert broker._pages is not None
    running = broker._pages.running
    broker._workers.commits.meter.begin()
    found = running.problems(running.net.ticked_s + 1e6)
    assert "The network thread does not work." in found
    assert "The disk has not finished a commit for ten seconds." in found


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    reserve_mb = 900_000_000  # more than any disk has
    broker = Broker(
        Settings(data_dir=tmp_path / "data", host="127.0.0.1", port=0, disk_reserve_mb=reserve_mb)
    )
    broker.start()
    try:
        status, text = health(broker)
        assert status == 503 and "of the disk are free" in text
        problems = ask_running(broker._data, {"do": "status"})["problems"]
        assert isinstance(problems, list) and len(problems) == 1
    finally:
        broker.stop()


def test_a_port_that_is_taken_is_a_sentence(broker: Broker, tmp_path: Path) -> None:
    assert broker._pages is not None
    port = broker._pages.server_port
    other = Broker(
        Settings(data_dir=tmp_path / "other", host="127.0.0.1", port=0, metrics_port=port)
    )
    with pytest.raises(BrokerFailed, match=f"Cannot listen on 127.0.0.1 port {port}"):
        other.start()
    assert threading.active_count() < 20
