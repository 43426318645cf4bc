"""Which message of each device came last, and which messages wait for their key; pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from client.state import SavedSender, SavedWaiting


@dataclass
class Incoming:
    """Owns the last message of every device and the messages whose key has not arrived."""

    senders: dict[bytes, SavedSender] = field(default_factory=dict)  # by did
    waiting: dict[int, SavedWaiting] = field(default_factory=dict)  # by sequence

    def note_sender(self, item: SavedSender) -> None:
        """A device has sent this last."""
        self.senders[item.did] = item

    def hold(self, item: SavedWaiting) -> None:
        """A message waits for its key."""
        self.waiting[item.sequence] = item

    def release(self, item: SavedWaiting) -> None:
        """It is open, or was set aside."""
        del self.waiting[item.sequence]
