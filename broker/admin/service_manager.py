"""What a service manager (systemd) is told: ready, how it goes, stopping; and a sign of life for
its watchdog.

The protocol is one datagram of NAME=VALUE lines to the socket in NOTIFY_SOCKET: see sd_notify(3).
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping

from shared.logs import Log

_log = Log("broker.service")


class ServiceManager:
    """Does nothing where there is none. Used by the main thread alone."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        path = environment.get("NOTIFY_SOCKET", "")
        is_ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = environment.get("WATCHDOG_USEC", "")
        self._path = (
            f"\0{path[1:]}" if path.startswith("@") else path if path.startswith("/") else ""
        )
        self._interval_s = int(usec) / 2e6 if is_ours and usec.isdigit() else 0.0
        self._status = ""
        self._next_s = 0.0

    def ready(self, status: str) -> None:
        """It works."""
        self._status = status
        self._send("READY=1", f"STATUS={status}")

    def alive(self, status: str) -> None:
        """To be called often while it works: keeps the watchdog quiet, and says how it goes when
        that has changed.
        """
        if status != self._status:
            self._status = status
            self._send(f"STATUS={status}")
        now_s = time.monotonic()
        if self._interval_s and now_s >= self._next_s:
            self._next_s = now_s + self._interval_s
            self._send("WATCHDOG=1")

    def stopping(self, status: str) -> None:
        """It ends, by order or by a fault."""
        self._send("STOPPING=1", f"STATUS={status}")

    def _send(self, *lines: str) -> None:
        if not self._path:
            return
        text = "\n".join(" ".join(line.split()) for line in lines)
        try:
            with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as sender:
                sender.connect(self._path)
                sender.sendall(text.encode())
        except OSError as error:
            _log.warning("notify_failed", reason=error.strerror or str(error))
