"""How other threads report to the network thread: a deque, and a bell that ends its wait."""

from __future__ import annotations

import contextlib
import itertools
from collections import deque

import zmq

from broker.threads.shell import Mail

_numbers = itertools.count()


class Mailbox:
    """Owned by the network thread. Others post through a Bell of their own."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        self._context = context
        self._address = f"inproc://broker-mailbox-{next(_numbers)}"
        self._items: deque[Mail] = deque()
        self._is_rung = False
        self.socket = context.socket(zmq.PULL)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.bind(self._address)

    def connect(self) -> Bell:
        """A way to post, for the calling thread alone."""
        socket = self._context.socket(zmq.PUSH)
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(self._address)
        return Bell(self, socket)

    def take(self) -> list[Mail]:
        """All that was posted; to be called by the network thread when the socket is readable."""
        with contextlib.suppress(zmq.Again):
            self.socket.recv(zmq.DONTWAIT)  # should there be another, the socket stays readable
        # The flag falls before the items are taken: whoever posts after this line rings again.
        self._is_rung = False
        items: list[Mail] = []
        while self._items:
            items.append(self._items.popleft())
        return items

    def put(self, item: Mail) -> bool:
        """Add an item; whether the bell must be rung for it."""
        self._items.append(item)
        if self._is_rung:
            return False
        self._is_rung = True
        return True

    def close(self) -> None:
        """Close the owner's end."""
        self.socket.close(0)


class Bell:
    """One thread's way to post to the mailbox."""

    def __init__(self, mailbox: Mailbox, socket: zmq.Socket[bytes]) -> None:
        self._mailbox = mailbox
        self._socket = socket

    def post(self, item: Mail) -> None:
        """Hand an item over and wake the network thread."""
        if self._mailbox.put(item):
            with contextlib.suppress(zmq.Again):  # a full pipe wakes it just as well
                self._socket.send(b"", zmq.DONTWAIT)

    def close(self) -> None:
        """Close this thread's end."""
        self._socket.close(0)

    def __enter__(self) -> Bell:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Whoever ends by a fault tells the network thread, which ends, too."""
        if error is not None:
            self.post(error)
        self.close()
