"""Which file descriptor a session's connection has: to notice its end at once, and to end it
(kick).
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping

_CAN_KICK = (
    sys.platform != "win32"
)  # there a descriptor is a handle that must not be duplicated like this


class Connections:
    """Maps sessions to descriptors. libzmq tells of an end by descriptor only, and it reuses the
    numbers.

    It announces each end before the next beginning with that number. So whoever reads all
    announcements before `add`
    knows that an end told later is not one from before; one that never said anything may have had
    the number.
    """

    def __init__(self) -> None:
        self._by_fd: dict[int, bytes] = {}
        self._by_session: dict[bytes, tuple[int, object]] = {}

    def __contains__(self, session: bytes) -> bool:
        return session in self._by_session

    def __len__(self) -> int:
        return len(self._by_session)

    def add(self, session: bytes, fd: int) -> bytes | None:
        """A session's first frame.

        Gives the session that had this number and so must have ended unseen.
        """
        before = self._by_fd.get(fd)
        if before is not None:
            del self._by_session[before]
        self._by_fd[fd] = session
        self._by_session[session] = (fd, _peer_of(fd))
        return before

    def ended(self, fd: int) -> bytes | None:
        """libzmq announces the end of a connection; gives the session that had it."""
        session = self._by_fd.pop(fd, None)
        if session is not None:
            del self._by_session[session]
        return session

    def fd_of(self, session: bytes) -> int:
        """The descriptor of a session; -1 if it has ended."""
        return self._by_session.get(session, (-1, None))[0]

    @property
    def by_fd(self) -> Mapping[int, bytes]:
        """The sessions by descriptor."""
        return self._by_fd

    def cut(self, fd: int, port: int) -> bool:
        """End a connection to our port, whether it has said anything or not."""
        if not _CAN_KICK:
            return False
        try:
            with socket.socket(fileno=os.dup(fd)) as connection:
                if connection.getsockname()[1] != port:
                    return False
                connection.shutdown(socket.SHUT_RDWR)
        except (
            OSError,
            IndexError,
        ):  # it has ended, and the number belongs to a file or another socket
            return False
        return True

    def kick(self, session: bytes) -> bool:
        """End the connection of a session, unless its number belongs to something else by now."""
        fd, peer = self._by_session.get(session, (-1, None))
        if fd < 0 or peer is None or not _CAN_KICK:
            return False
        try:
            with socket.socket(fileno=os.dup(fd)) as connection:
                if connection.getpeername() != peer:
                    return False
                connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return False
        return True


def _peer_of(fd: int) -> object:
    if not _CAN_KICK:
        return None
    try:
        with socket.socket(fileno=os.dup(fd)) as connection:
            return connection.getpeername()
    except OSError:
        return None
