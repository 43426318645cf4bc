"""A whole broker inside the test's process, with real sockets and threads, on a storage that a test
can break.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from broker.admin.settings import Settings
from broker.app import Broker
from broker.storage.base import Batch
from broker.storage.sqlite import SqliteStorage
from shared.invitations import Invitation


class BreakableStorage(SqliteStorage):
    """SQLite whose writing fails when `fails(number of the commit)` says so: in its middle, as a
    full disk does.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.commits = 0
        self.failures = 0
        self.fails: Callable[[int], str] = lambda number: ""

    def _write(self, batch: Batch) -> None:
        self.commits += 1
        super()._write(batch)
        reason = self.fails(self.commits)
        if reason:
            self.failures += 1
            raise sqlite3.OperationalError(reason)


class InsideBroker:
    """Started; `invitation` leads to it."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        settings = Settings(
            data_dir=data_dir,
            host="127.0.0.1",
            port=0,
            disk_reserve_mb=0,
            message_rate=0,
            log_level="error",
        )
        self.storage = BreakableStorage(data_dir / "broker.sqlite3")
        self.broker = Broker(settings, self.storage)
        self.broker.start()
        self.invitation: Invitation = self.broker.student_invitation


@contextmanager
def inside_broker(data_dir: Path) -> Iterator[InsideBroker]:
    """A broker for one test; its data stay."""
    inside = InsideBroker(data_dir)
    try:
        yield inside
    finally:
        inside.broker.stop()
