"""How many lines each version of a draft has added and removed: fetched and counted quietly, one
version at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from PyQt5 import sip
from PyQt5.QtCore import QObject, pyqtSignal

from client.api.events import Done, FetchPreview
from client.api.values import Row
from client.gui.kit.workers import Workers
from client.gui.messages.cards.words import file_of
from client.gui.session.requests import Requests
from client.gui.versions.line_diff import count_files
from client.text.filetypes import MAX_TEXT_FILE_BYTES

MAX_KEPT_TEXTS = 8
MAX_WAITING = 500


@dataclass(slots=True)
class _Job:
    """One version and the one before it; two are fetched at a time at most."""

    message_id: bytes
    previous: bytes
    texts: dict[bytes, bytes] = field(default_factory=dict)
    is_failed: bool = False
    open_asks: int = 0


class ChangeCounts(QObject):
    """Lives on the window's thread. What was wanted last is counted first."""

    counted = pyqtSignal(bytes, int, int)  # message_id, lines added, lines removed

    def __init__(self, requests: Requests, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests = requests
        self._workers = Workers(self)
        self._waiting: OrderedDict[bytes, bytes] = OrderedDict()  # message_id -> previous
        self._job: _Job | None = None
        self._failed: dict[bytes, bytes] = {}
        # With the version before: that changes when a version between the two is deleted.
        self._known: dict[bytes, tuple[bytes, tuple[int, int] | None]] = {}
        self._texts: OrderedDict[bytes, bytes] = OrderedDict()

    def known(self, message_id: bytes) -> tuple[int, int] | None:
        """(lines added, lines removed), if they have been counted."""
        counted = self._known.get(message_id)
        return counted[1] if counted is not None else None

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Count all these that can be counted; the last one first."""
        for row in rows:
            self._add(row)
        self._step()

    def want(self, row: Row) -> None:
        """Count this version, if it can be counted."""
        self._add(row)
        self._step()

    def retry(self) -> None:
        """There is a connection again: try what has failed."""
        failed, self._failed = self._failed, {}
        for message_id, previous in failed.items():
            self._waiting.setdefault(message_id, previous)
        self._step()

    def _add(self, row: Row) -> None:
        file, message_id = file_of(row), row.message_id
        if file is None or not file.is_text or not file.previous or row.sequence == 0:
            return
        known = self._known.get(message_id)
        is_known = known is not None and known[0] == file.previous
        if (
            is_known
            or self._failed.get(message_id) == file.previous
            or self._is_current(message_id, file.previous)
        ):
            return
        self._failed.pop(message_id, None)
        self._waiting[message_id] = file.previous
        self._waiting.move_to_end(message_id)
        if len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)  # it is wanted again when it is shown again

    def _is_current(self, message_id: bytes, previous: bytes) -> bool:
        job = self._job
        return job is not None and (job.message_id, job.previous) == (message_id, previous)

    def _step(self) -> None:
        if self._job is not None or not self._waiting:
            return
        message_id, previous = self._waiting.popitem()
        job = self._job = _Job(message_id, previous)
        missing = []
        for wanted in (previous, message_id):
            if wanted in self._texts:
                job.texts[wanted] = self._texts[wanted]
                self._texts.move_to_end(wanted)
            else:
                missing.append(wanted)
        job.open_asks = len(missing)
        for wanted in missing:
            self._requests.ask(FetchPreview(message_id=wanted), partial(self._on_text, job, wanted))
        if not missing:
            self._count(job)

    def _on_text(self, job: _Job, wanted: bytes, done: Done) -> None:
        if sip.isdeleted(self):
            return
        job.open_asks -= 1
        if done.ok and isinstance(done.data, bytes):
            job.texts[wanted] = self._texts[wanted] = done.data
            if len(self._texts) > MAX_KEPT_TEXTS:
                self._texts.popitem(last=False)
        else:
            job.is_failed = True
        if job.open_asks:
            return
        if job.is_failed:
            self._failed[job.message_id] = job.previous
            self._end_job()
        elif max(map(len, job.texts.values())) > MAX_TEXT_FILE_BYTES:
            self._on_counted(job, None)
        else:
            self._count(job)

    def _count(self, job: _Job) -> None:
        count = partial(count_files, job.texts[job.previous], job.texts[job.message_id])
        self._workers.run(count, partial(self._on_counted, job))

    def _on_counted(self, job: _Job, counts: tuple[int, int] | None) -> None:
        self._known[job.message_id] = (job.previous, counts)
        if counts is not None:
            self.counted.emit(job.message_id, *counts)
        self._end_job()

    def _end_job(self) -> None:
        self._job = None
        self._step()
