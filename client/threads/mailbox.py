"""How other threads report to one that waits at a poller: a deque, and a bell that ends its wait."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from contextlib import suppress
from typing import Generic, TypeVar

import zmq

T = TypeVar("T")

_numbers = itertools.count()


class Mailbox(Generic[T]):
    """`post` and `ring` from any thread; the rest belongs to the thread that waits."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        address = f"inproc://client-mailbox-{next(_numbers)}"
        self._items: deque[T] = deque()
        self._lock = threading.Lock()  # a socket may go from thread to thread if one stands between
        self._is_closed = False
        self._listener = context.socket(zmq.PULL)
        self._listener.bind(address)
        self._bell = context.socket(zmq.PUSH)
        self._bell.setsockopt(zmq.LINGER, 0)
        self._bell.connect(address)

    def post(self, item: T) -> None:
        """Hand an item over and wake the owner; without effect once it is closed."""
        self._items.append(item)
        self.ring()

    def ring(self) -> None:
        """Wake the owner for something that lies elsewhere."""
        with self._lock:
            if not self._is_closed:
                with suppress(zmq.Again):  # many bells ring already
                    self._bell.send(b"", zmq.DONTWAIT)

    def register(self, poller: zmq.Poller) -> None:
        """Let a poller wait for the bell."""
        poller.register(self._listener, zmq.POLLIN)

    @property
    def has_items(self) -> bool:
        """Whether `take` would give something."""
        return bool(self._items)

    def take(self, limit: int) -> list[T]:
        """Still the bell; the oldest items, at most so many."""
        with suppress(zmq.Again):
            while True:
                self._listener.recv(zmq.DONTWAIT)
        return [self._items.popleft() for _ in range(min(limit, len(self._items)))]

    def close(self) -> None:
        """Close both ends; a second time does nothing."""
        with self._lock:
            self._is_closed = True
            self._bell.close(linger=0)
            self._listener.close(linger=0)
