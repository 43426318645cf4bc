"""The two threads of the file store: one writes, lists and removes in order; one reads, so nobody
waits for writing.
"""

from __future__ import annotations

import errno
import queue
from typing import Final, assert_never

from broker.clock import wall_ms
from broker.core.events import (
    ListParts,
    PartRead,
    PartsListed,
    PartsWritten,
    ReadPart,
    RemoveParts,
    WritePart,
    WrittenPart,
)
from broker.storage.part_files import FileStore, PartReader
from broker.threads.base import BrokerThread
from broker.threads.mailbox import Bell, Mailbox
from shared.logs import Log

_BATCH_BYTES: Final = 4 * 1024 * 1024
_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)

_log = Log("broker.files")

WriteOrder = WritePart | ListParts | RemoveParts


class FileWriter(BrokerThread):
    """Owns the file store. What has gathered while one batch was written goes into the next."""

    def __init__(self, store: FileStore, mailbox: Mailbox) -> None:
        super().__init__("file-write")
        self._store = store
        self._mailbox = mailbox
        self._queue: queue.SimpleQueue[WriteOrder | None] = queue.SimpleQueue()

    def put(self, order: WriteOrder) -> None:
        """Do this after all that was ordered before."""
        self._queue.put(order)

    @property
    def queue_length(self) -> int:
        """How many orders wait."""
        return self._queue.qsize()

    def stop(self) -> None:
        """End after what is there."""
        self._queue.put(None)

    def work(self) -> None:
        """Work until stopped."""
        with self._mailbox.connect() as bell:
            self.ready.set()
            while self._step(bell):
                pass

    def _step(self, bell: Bell) -> bool:
        """Do what waits, in its order, up to a batch; False if told to stop."""
        orders, size = [self._queue.get()], 0
        while size < _BATCH_BYTES and not self._queue.empty():
            orders.append(self._queue.get_nowait())
            size += len(orders[-1].data) if isinstance(orders[-1], WritePart) else 0
        batch: list[WritePart] = []
        for order in orders:
            if isinstance(order, WritePart):
                batch.append(order)
                continue
            self._write(batch, bell)
            batch = []
            match order:
                case ListParts():
                    self._list(order, bell)
                case RemoveParts():
                    self._remove(order)
                case None:
                    return False
                case _:
                    assert_never(order)
        self._write(batch, bell)
        return True

    def _write(self, batch: list[WritePart], bell: Bell) -> None:
        if not batch:
            return
        codes = []
        try:
            spare = self._store.spare_bytes()
            for part in batch:
                spare -= len(part.data)
                codes.append("disk_full" if spare < 0 else self._write_part(part))
            self._store.sync()
        except (
            OSError
        ) as error:  # the folder or the whole disk is gone: nothing of this batch counts
            codes = [_code_of(error)] * len(batch)
        bell.post(
            PartsWritten(
                [
                    WrittenPart(part.session, part.file_id, part.number, code)
                    for part, code in zip(batch, codes, strict=True)
                ]
            )
        )

    def _write_part(self, part: WritePart) -> str:
        try:
            self._store.write(part.file_id, part.number, part.data)
        except OSError as error:
            return _code_of(error)
        return ""

    def _list(self, order: ListParts, bell: Bell) -> None:
        try:
            hashes, spare = self._store.hashes(order.file_id), self._store.spare_bytes()
        except OSError as error:
            _code_of(error)
            hashes, spare = {}, -1  # refused as a full disk, so the client comes again
        bell.post(PartsListed(order.session, order.file_id, order.digest, hashes, spare, wall_ms()))

    def _remove(self, order: RemoveParts) -> None:
        try:
            self._store.remove(order.file_id)
        except OSError as error:  # removed at the next start
            _code_of(error)


class FileReader(BrokerThread):
    """Reads parts, one after the other."""

    def __init__(self, reader: PartReader, mailbox: Mailbox) -> None:
        super().__init__("file-read")
        self._reader = reader
        self._mailbox = mailbox
        self._queue: queue.SimpleQueue[ReadPart | None] = queue.SimpleQueue()

    def put(self, order: ReadPart) -> None:
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
        """Work until stopped."""
        with self._mailbox.connect() as bell:
            self.ready.set()
            while (order := self._queue.get()) is not None:
                data, code = b"", ""
                try:
                    data = self._reader.read(order.file_id, order.number)
                except FileNotFoundError:
                    code = "unknown_file"
                except OSError as error:
                    code = _code_of(error)
                bell.post(
                    PartRead(order.session, order.file_id, order.number, data, wall_ms(), code)
                )


def _code_of(error: OSError) -> str:
    code = "disk_full" if error.errno in _NO_SPACE else "internal"
    _log.error("file_store_failed", reason=error.strerror or str(error), code=code)
    return code
