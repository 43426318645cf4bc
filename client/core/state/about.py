"""What a conversation is and what it is called, and news of it that wait for its name; pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from client.api.events import GroupChanged
from shared.crypto.records import CLASS_CHANNEL, DIRECT, GROUP


class About(Struct, kw_only=True):
    """What a conversation is and what it is called; lies on disk."""

    kind: int = GROUP  # shared.crypto.records: DIRECT, GROUP or CLASS_CHANNEL
    peer: bytes = b""  # of a direct conversation
    channel_name: str = ""  # of a class channel: "general" or "announcements"
    title: str = ""  # of a group
    is_opened: bool = False  # the user asked for it; a direct conversation may be empty
    unsent_text: str = ""  # what stands in the composer

    def become_direct(self, peer: bytes) -> None:
        """It is the conversation with this person; empty if there is nobody else in it."""
        self.kind, self.peer = DIRECT, peer

    def become_class_channel(self, name: str) -> None:
        """It is a channel of the class."""
        self.kind, self.channel_name = CLASS_CHANNEL, name

    def become_group(self) -> None:
        """It is a group."""
        self.kind = GROUP

    def rename(self, title: str) -> None:
        """Take the name of a group."""
        self.title = title

    def open(self) -> None:
        """Let it stand in the sidebar even while it is empty."""
        self.is_opened = True

    def keep_unsent(self, text: str) -> None:
        """Keep what stands in the composer."""
        self.unsent_text = text


@dataclass
class GroupNews:
    """Owns the news that wait until the name of the group can be read."""

    untold: list[GroupChanged] = field(default_factory=list)

    def add(self, notice: GroupChanged) -> None:
        """One more is to be told."""
        self.untold.append(notice)

    def take(self) -> list[GroupChanged]:
        """Take out what is to be told now."""
        taken, self.untold = self.untold, []
        return taken
