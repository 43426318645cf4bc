"""What the threads of the broker have in common: they say when they work, and whoever waits hears
if they do not.
"""

from __future__ import annotations

import threading
from typing import Final

from shared.errors import ChatError
from shared.logs import Log

_LOOK_S: Final = 0.05

_log = Log("broker.threads")


class BrokerFailed(ChatError):
    """The broker could not start, or cannot go on."""

    code = "start_failed"


class BrokerThread(threading.Thread):
    """Subclasses say in `work` what they do, and set `ready` as soon as they do it.

    `error` is what ended it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.ready = threading.Event()
        self.error: BaseException | None = None

    def work(self) -> None:
        """Do it until told to stop."""
        raise NotImplementedError

    def failed(self, error: BaseException) -> None:
        """Tell whoever must know. The process ends all the same."""
        _log.error("thread_failed", thread=self.name, reason=type(error).__name__, exc_info=True)

    def run(self) -> None:
        """Work until stopped; the top of the thread."""
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001  whatever ends a thread ends the process, in words
            self.error = error
            self.failed(error)

    def wait_until_ready(self, limit_s: float) -> None:
        """BrokerFailed in words if it ends before it is ready, or takes too long."""
        left = round(limit_s / _LOOK_S)
        while not self.ready.wait(_LOOK_S):
            left -= 1
            if not self.is_alive():
                raise BrokerFailed(
                    f"The thread {self.name} has ended before it was ready{_because(self.error)}."
                )
            if left <= 0:
                raise BrokerFailed(
                    f"The thread {self.name} was not ready after {limit_s:g} seconds."
                )


def fault_of(thread: threading.Thread) -> str:
    """A sentence if this thread should run and does not."""
    if thread.is_alive():
        return ""
    return f"The thread {thread.name} has ended{_because(getattr(thread, 'error', None))}."


def _because(error: BaseException | None) -> str:
    return (
        f": {' '.join(str(error).split()).rstrip('.') or type(error).__name__}"
        if error is not None
        else ""
    )
