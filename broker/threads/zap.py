"""The ZAP thread: answers libzmq, at every handshake, whose transport key it sees (ZeroMQ RFC
27).
"""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Mapping

import zmq

from broker.core.accounts import STRANGER
from broker.core.limits import Bucket
from broker.threads.base import BrokerThread
from shared.invitations import z85_encode

DOMAIN = b"csce513"
KEY_PROPERTY = "X-Key"  # the connection's own key, beside its User-Id
_ADDRESS = "inproc://zeromq.zap.01"
_KEY_RATE, _KEY_BURST = 5.0, 20.0  # connections of one key
_MAX_BUCKETS = 20_000


class ZapThread(BrokerThread):
    """Owns the REP socket. Reads `names` (Z85 key -> username), which the network thread fills."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], names: Mapping[str, str]) -> None:
        super().__init__("zap")
        self._sockets = context
        self._names = names
        self._buckets: dict[bytes, Bucket] = {}
        self._stopping = threading.Event()
        # of the broker's call to itself (broker/admin/own_call.py), which is no handshake of a
        # client
        self.own_key = b""
        self.accepted = self.refused = 0  # handshakes

    def work(self) -> None:
        """Answer until stopped."""
        socket = self._sockets.socket(zmq.REP)
        socket.setsockopt(zmq.LINGER, 0)
        try:
            socket.bind(_ADDRESS)
            self.ready.set()
            while not self._stopping.is_set():
                if socket.poll(200):
                    request = socket.recv_multipart()
                    answer = self.answer(request)
                    self._count(request, answer)
                    socket.send_multipart(answer)
        except zmq.ContextTerminated:
            pass
        finally:
            socket.close(0)

    def stop(self) -> None:
        """End within a fifth of a second."""
        self._stopping.set()

    def _count(self, request: list[bytes], answer: list[bytes]) -> None:
        if answer[2] != b"200":
            self.refused += 1
        elif request[-1] != self.own_key:
            self.accepted += 1

    def answer(self, request: list[bytes]) -> list[bytes]:
        """The reply to one ZAP request: 200 with User-Id, 300 try later, 400 never."""
        if len(request) != 7 or request[0] != b"1.0":
            return [b"1.0", request[1] if len(request) > 1 else b"", b"500", b"", b"", b""]
        version, request_id, domain, _address, _identity, mechanism, key = request
        if domain != DOMAIN or mechanism != b"CURVE" or len(key) != 32:
            return [version, request_id, b"400", b"", b"", b""]
        if not self._may_connect(key):
            return [version, request_id, b"300", b"", b"", b""]
        text = z85_encode(key).decode()
        user_id = self._names.get(text) or STRANGER + text
        return [version, request_id, b"200", b"OK", user_id.encode(), _metadata(KEY_PROPERTY, text)]

    def _may_connect(self, key: bytes) -> bool:
        now_ms = time.monotonic_ns() // 1_000_000
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _MAX_BUCKETS:
                self._buckets.clear()
            bucket = self._buckets[key] = Bucket(_KEY_RATE, _KEY_BURST, now_ms)
        return bucket.take(now_ms) == 0


def _metadata(name: str, value: str) -> bytes:
    key, data = name.encode(), value.encode()
    return bytes([len(key)]) + key + struct.pack(">I", len(data)) + data
