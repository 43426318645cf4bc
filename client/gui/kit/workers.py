"""Work off the window's thread: functions run in a pool, their answers come back on the thread of
the owner.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from PyQt5.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, pyqtSignal

MAX_THREADS = 2
QUIT_MS = 3000


class _Bell(QObject):
    """Carries answers over to the owner's thread; outlives the owner while work is under way."""

    rung = pyqtSignal(int, object)


class _Job(QRunnable):
    def __init__(self, bell: _Bell, number: int, function: Callable[[], object]) -> None:
        super().__init__()
        self._bell, self._number, self._function = bell, number, function

    def run(self) -> None:
        self._bell.rung.emit(self._number, self._function())


@lru_cache(maxsize=1)
def _pool() -> QThreadPool:
    pool = QThreadPool()
    pool.setMaxThreadCount(MAX_THREADS)
    app = QCoreApplication.instance()
    if app is not None:
        app.aboutToQuit.connect(_finish)
    return pool


def _finish() -> None:
    _pool().clear()
    _pool().waitForDone(QUIT_MS)


class Workers(QObject):
    """Runs functions that raise nothing.

    When it is deleted, answers that are still to come are dropped.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last = 0
        self._waiting: dict[int, Callable[[Any], None]] = {}
        self._bell = _Bell()
        self._bell.rung.connect(self._on_rung)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._waiting)

    def run(self, function: Callable[[], object], answered: Callable[[Any], None]) -> None:
        """Run the function in the pool, then give what it returned to `answered` on this object's
        thread.
        """
        self._last += 1
        self._waiting[self._last] = answered
        _pool().start(_Job(self._bell, self._last, function))

    def _on_rung(self, number: int, answer: object) -> None:
        answered = self._waiting.pop(number, None)
        if answered is not None:
            answered(answer)
