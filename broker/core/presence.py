"""Who is online: one bit for each account, so that a full picture of thousands is small."""

from __future__ import annotations

from broker.core.accounts import Directory, Session, Sessions
from broker.core.delivery import Outgoing
from shared.codec import encode
from shared.messages import PresenceChanged

_PUSHES_PER_S = 2000  # on average


class Presence:
    """Keeps the row of bits, and what of it has been sent.

    Bit n is the account with the n-th entry in the directory.
    """

    def __init__(self, directory: Directory, sessions: Sessions, out: Outgoing) -> None:
        self._directory = directory
        self._sessions = sessions
        self._out = out
        self._row = bytearray()
        self._told = b""
        self._told_ms = 0

    def touch(self, uid: bytes) -> None:
        """Note that somebody came or went; told with a later tick."""
        index, bit = self._place_of(uid)
        if uid in self._sessions.online:
            self._row.extend(bytes(max(0, index + 1 - len(self._row))))
            self._row[index] |= bit
        else:
            self._row[index] &= ~bit

    def row_for(self, uid: bytes) -> bytes:
        """Return who is online as last sent, plus the asker.

        Never anything newer: that might change back and then not be told.
        """
        index, bit = self._place_of(uid)
        row = bytearray(self._told.ljust(index + 1, b"\0"))
        row[index] |= bit
        return bytes(row)

    def tell(self, now_ms: int) -> None:
        """Send one `PresenceChanged` to everybody if anything has changed since the last one.

        The more people are online, the longer changes are gathered: a thousand people arriving
        within a second would otherwise be a million messages.
        """
        online = self._sessions.online
        if 0 <= now_ms - self._told_ms < len(online) * 1000 // _PUSHES_PER_S:
            return
        row = bytes(self._row).rstrip(b"\0")
        if row == self._told:
            return
        self._told, self._told_ms = row, now_ms
        blob = encode(PresenceChanged(row))
        for session in online.values():
            if not session.is_lagging:
                self._out.add(session.id, blob)

    def tell_missed(self, session: Session) -> None:
        """Send the row as last sent to a session that lagged."""
        self._out.add(session.id, encode(PresenceChanged(self._told)))

    def _place_of(self, uid: bytes) -> tuple[int, int]:
        number = self._directory.numbers[uid]
        return number >> 3, 1 << (number & 7)
