"""Which message of each device came last, and which messages wait for their key; pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from client.core.state.saved import SavedSender, SavedWaiting
from shared.invariants import require


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

    def check_invariants(self, conv_id: bytes, cursor: int, epochs: Container[int]) -> None:
        """All of it is of this conversation and within the log."""
        for did, sender in self.senders.items():
            require(
                (sender.conv_id, sender.did) == (conv_id, did),
                "the order of a sender is of this conversation",
            )
            require(0 < sender.sequence <= cursor, "the last message of a sender is in the log")
        for sequence, item in self.waiting.items():
            require(
                (item.conv_id, item.sequence) == (conv_id, sequence),
                "what waits is of this conversation",
            )
            require(0 < sequence <= cursor, "what waits for its key is in the log")
            require(item.epoch in epochs, "what waits was sealed in an epoch that is known")
