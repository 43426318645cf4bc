"""A TCP relay that keeps what passes, cuts it or slows it down: for tests and benchmarks."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class TappedLine:
    """Listens on a free port of this machine and passes on to another; `captured` holds both
    directions.

    `rate`: bytes per second of each connection and direction, 0 for as many as possible. `keeps`:
    whether to capture.
    """

    def __init__(self, target_port: int, rate: int = 0, *, keeps: bool = True) -> None:
        self._keeps = keeps
        self._target_port = target_port
        self._rate = rate
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._chunks: list[bytes] = []
        self._open: list[socket.socket] = []
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def captured(self) -> bytes:
        """All that has passed, direction by direction as it came."""
        with self._lock:
            return b"".join(self._chunks)

    def cut(self) -> None:
        """Break all connections that stand."""
        with self._lock:
            standing, self._open = self._open, []
        for end in standing:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """Let nobody in any more and break what stands."""
        self._closed.set()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._target_port), 5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                with self._lock:
                    self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if self._keeps:
                    with self._lock:
                        self._chunks.append(data)
                sink.sendall(data)
                if self._rate:
                    self._closed.wait(len(data) / self._rate)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
