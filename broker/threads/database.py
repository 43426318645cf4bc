"""The two threads that touch the disk: one commits, gathering what waits; one reads pages of
history and boxes.
"""

from __future__ import annotations

import queue
import threading
from typing import assert_never

from broker.clock import wall_ms
from broker.core.events import (
    BoxesRead,
    CommitStalled,
    Committed,
    PageRead,
    Persist,
    ReadBoxes,
    ReadFailed,
    ReadPage,
)
from broker.metrics import CommitMeter
from broker.storage.base import Batch, Reader, Storage, StorageError
from broker.threads.base import BrokerThread
from broker.threads.mailbox import Bell, Mailbox
from shared.logs import Log
from shared.messages import MAX_PAGE_BYTES

_MAX_ROWS = (
    512  # more than that at once makes everybody wait for each other: see docs/decisions/0010
)
_MAX_BYTES = 4 * 1024 * 1024
_RETRY_S = 1.0

_log = Log("broker.database")


class CommitWorker(BrokerThread):
    """Owns the writing storage.

    What has gathered while one commit ran goes into the next as one transaction.
    """

    def __init__(self, storage: Storage, mailbox: Mailbox) -> None:
        super().__init__("commit")
        self._storage = storage
        self._mailbox = mailbox
        self._queue: queue.SimpleQueue[list[Persist] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self.meter = CommitMeter()

    def put(self, orders: list[Persist]) -> None:
        """Commit these, in this order."""
        self._queue.put(orders)

    @property
    def queue_length(self) -> int:
        """How many lists of orders wait."""
        return self._queue.qsize()

    def stop(self) -> None:
        """Commit what is there, then end. A disk that does not take it is not waited for."""
        self._queue.put(None)
        self._stopping.set()

    def work(self) -> None:
        """Commit until stopped."""
        with self._mailbox.connect() as bell:
            self.ready.set()
            self._take_turns(bell)

    def _take_turns(self, bell: Bell) -> None:
        is_last = False
        while not is_last:
            orders = self._queue.get()
            if orders is None:
                return
            batch = Batch()
            size = _merge(batch, orders)
            ticket = orders[-1].ticket
            while len(batch.entries) < _MAX_ROWS and size < _MAX_BYTES and not self._queue.empty():
                more = self._queue.get_nowait()
                if more is None:
                    is_last = True
                    break
                size += _merge(batch, more)
                ticket = more[-1].ticket
            if not self._commit(batch, bell):
                return
            bell.post(Committed(ticket, wall_ms()))

    def _commit(self, batch: Batch, bell: Bell) -> bool:
        """Commit, again and again if need be; False if told to stop before it worked."""
        while True:
            self.meter.begin()
            try:
                self._storage.commit(batch)
            except StorageError as error:
                if not self.meter.is_stalled:
                    self.meter.is_stalled = True
                    _log.error("commit_failed", reason=error.message)
                    bell.post(CommitStalled())
                if self._stopping.wait(_RETRY_S):
                    return False
                continue
            self.meter.end(batch)
            if self.meter.is_stalled:
                self.meter.is_stalled = False
                _log.info("commit_works_again")
            return True


def _merge(batch: Batch, orders: list[Persist]) -> int:
    size = 0
    for order in orders:
        batch.extend(order.batch)
        size += order.batch.size
    return size


class ReadWorker(BrokerThread):
    """Owns a reading connection of its own, so that long histories never hold up commits."""

    def __init__(self, storage: Storage, mailbox: Mailbox) -> None:
        super().__init__("read")
        self._storage = storage
        self._mailbox = mailbox
        self._queue: queue.SimpleQueue[ReadPage | ReadBoxes | None] = queue.SimpleQueue()

    def put(self, order: ReadPage | ReadBoxes) -> None:
        """Read this and report."""
        self._queue.put(order)

    @property
    def queue_length(self) -> int:
        """How many orders wait."""
        return self._queue.qsize()

    def stop(self) -> None:
        """End after what is there."""
        self._queue.put(None)

    def work(self) -> None:
        """Read until stopped."""
        with self._mailbox.connect() as bell:
            reader = self._storage.reader()
            self.ready.set()
            while (order := self._queue.get()) is not None:
                self._read(reader, order, bell)
            if reader is not self._storage:
                reader.close()

    def _read(self, reader: Reader, order: ReadPage | ReadBoxes, bell: Bell) -> None:
        try:
            bell.post(_answer(reader, order))
        except StorageError as error:
            _log.error("read_failed", reason=error.message)
            bell.post(ReadFailed(order.session, order.about))


def _answer(reader: Reader, order: ReadPage | ReadBoxes) -> PageRead | BoxesRead:
    match order:
        case ReadPage():
            entries = reader.entries_after(
                order.log_id, order.after, order.through, order.limit, MAX_PAGE_BYTES
            )
            return PageRead(order.session, order.log_id, order.through, entries)
        case ReadBoxes():
            boxes = reader.boxes_for(order.conv_id, order.epoch, order.uid)
            return BoxesRead(order.session, order.conv_id, order.epoch, boxes)
        case _:
            assert_never(order)
