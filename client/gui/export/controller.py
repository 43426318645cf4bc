"""Exports from the window: the dialog, the thread, and the news between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PyQt5.QtCore import QObject, QStandardPaths, pyqtSignal

from client.api.events import Notice, RowsLoaded
from client.export.job import (
    FIRST_REQUEST,
    ClassSnapshot,
    ExportEnded,
    ExportOptions,
    ExportProgress,
)
from client.export.thread import ExportThread
from client.gui.export.dialog import ExportDialog
from client.gui.language.translation import tr
from client.gui.session.services import WindowServices
from client.gui.session.state import title_of
from shared.filenames import safe_file_name


class ExportController(QObject):
    """Belongs to the main window; one export at a time."""

    _reported = pyqtSignal(object)  # from the thread of the export to the window's

    def __init__(self, services: WindowServices) -> None:
        super().__init__(services.top_level)
        self._services = services
        self._thread: ExportThread | None = None
        self.dialog: ExportDialog | None = None
        self._reported.connect(self._on_report)

    def open(self, conv_id: bytes = b"") -> None:
        """Ask where to; one that is open already comes to the front."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        conversation = self._services.state.conversations.get(conv_id)
        title = title_of(conversation) if conversation is not None else ""
        name = safe_file_name(
            f"{self._services.state.class_name} {title.removeprefix('# ')} {date.today()}"
        )
        documents = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        target = Path(documents or Path.home()) / name
        of = conv_id if conversation is not None else b""
        self.dialog = dialog = ExportDialog(of, title, target, self._services.top_level)
        dialog.wanted.connect(self._start)
        dialog.called_off.connect(self.stop)
        dialog.finished.connect(self._on_finished)
        dialog.show()

    def take(self, notices: Sequence[Notice]) -> list[Notice]:
        """News of the session: the export sees all of them, the window all but the pages read for
        the export.
        """
        if self._thread is None:
            return list(notices)
        self._thread.note(notices)
        return [
            one
            for one in notices
            if not (isinstance(one, RowsLoaded) and one.request_id >= FIRST_REQUEST)
        ]

    def stop(self) -> None:
        """Call a running export off and wait until nothing of it is left."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            thread.cancel()
            thread.join()

    def _start(self, options: ExportOptions) -> None:
        state = self._services.state
        snapshot = ClassSnapshot(
            state.class_name,
            state.me,
            dict(state.people),
            dict(state.conversations),
            state.connection.state,
        )
        self._thread = ExportThread(options, snapshot, self._services.post, self._reported.emit)
        self._thread.start()

    def _on_report(self, news: ExportProgress | ExportEnded) -> None:
        if self._thread is None or self.dialog is None:
            return  # called off
        if isinstance(news, ExportProgress):
            self.dialog.show_progress(news)
            return
        self._thread = None
        self.dialog.show_end(news)
        if not self.dialog.isActiveWindow():
            self._services.say(tr("The export is done."))

    def _on_finished(self) -> None:
        self.dialog = None
