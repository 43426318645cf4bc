"""The export's thread: pages, hashes and writing, so that window and network need not wait for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from client.api.events import Command, Notice
from client.api.said import Detail, Failed
from client.export.job import ClassSnapshot, ExportEnded, ExportJob, ExportOptions, ExportProgress
from shared.logs import Log

_log = Log("client.export")

Report = Callable[[ExportProgress | ExportEnded], None]


class ExportThread:
    """Runs an ExportJob; ends after ExportEnded.

    `note` and `cancel` may be called from any thread; `post` and `report` are called on this one.
    """

    def __init__(
        self,
        options: ExportOptions,
        snapshot: ClassSnapshot,
        post: Callable[[Command], None],
        report: Report,
    ) -> None:
        self._job = ExportJob(options, snapshot, post, report, datetime.now().astimezone())
        self._inbox: queue.SimpleQueue[Sequence[Notice] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="client-export", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def note(self, notices: Sequence[Notice]) -> None:
        """Take notices of the session: all of them, in order. Any thread."""
        self._inbox.put(list(notices))

    def cancel(self) -> None:
        """Cancel the export and remove everything written. Any thread."""
        self._inbox.put(None)

    def join(self, timeout_s: float = 10.0) -> None:
        """Wait until the thread ends."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._job.start()
            while not self._job.has_ended:
                notices = self._inbox.get()
                if notices is None:
                    self._job.cancel()
                for notice in notices or ():
                    self._job.handle(notice)
        except Exception:  # noqa: BLE001 - the top of the thread: say it instead of dying silently
            _log.error("export failed", exc_info=True)
            self._job.fail(Failed(code="internal", detail=Detail.EXPORT_BROKE))
