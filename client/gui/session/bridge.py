"""The paced bridge from the network thread to the window: a few milliseconds of news at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from PyQt5.QtCore import QObject, Qt, QTimer, pyqtSignal

from client.api.events import Notice

BUDGET_S = 0.008
MAX_BATCH = 64  # notices of one kind that are handed over together


class Bridge(QObject):
    """`deliver` may be called on any thread; everything else lives on the window's thread."""

    arrived = pyqtSignal(list)  # notices of one type, in order
    _bell = pyqtSignal()

    def __init__(self, parent: QObject | None = None, budget_s: float = BUDGET_S) -> None:
        super().__init__(parent)
        self._budget_s = budget_s
        self._waiting: deque[Notice] = deque()
        self._is_rung = False
        self._is_closed = False
        self._bell.connect(self._drain, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        # A timer of 0 ms lets input and painting go first; a queued signal would be handled in the
        # same round.
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self._drain)

    def deliver(self, notices: Sequence[Notice]) -> None:
        """Take notices from the network thread; returns at once."""
        if self._is_closed or not notices:
            return
        self._waiting.extend(notices)
        # Filled first, looked at second; the other side clears the flag first and takes second: no
        # bell is lost.
        if not self._is_rung:
            self._is_rung = True
            self._bell.emit()

    def close(self) -> None:
        """Nothing is handed over any more."""
        self._is_closed = True
        self._waiting.clear()
        self._again.stop()

    def _drain(self) -> None:
        self._is_rung = False
        ends = time.perf_counter() + self._budget_s
        while self._waiting and not self._is_closed:
            self.arrived.emit(self._next_batch())
            if time.perf_counter() >= ends:
                break
        if self._waiting and not self._again.isActive():
            self._again.start()

    def _next_batch(self) -> list[Notice]:
        first = self._waiting.popleft()
        batch = [first]
        while self._waiting and len(batch) < MAX_BATCH and type(self._waiting[0]) is type(first):
            batch.append(self._waiting.popleft())
        return batch
