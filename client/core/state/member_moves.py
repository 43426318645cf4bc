"""Who has left or asked to be let in since the newest record of a conversation; pure."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct, field

from shared.invariants import require


class MemberMoves(Struct, kw_only=True):
    """What has happened in the newest epoch; lies on disk."""

    left: list[bytes] = field(default_factory=list)  # everybody who has ever left or been removed
    leavers: list[bytes] = field(default_factory=list)  # who left since the newest record
    joiners: list[bytes] = field(default_factory=list)  # who asked to be let in since then
    asked_to_join: bool = False  # I have
    messages_in_epoch: int = 0

    def settle(
        self, added: Collection[bytes], removed: Collection[bytes], members: Collection[bytes]
    ) -> None:
        """A record has come: who left is out of it, who asked may be in it."""
        self.leavers = []
        self.left = sorted(uid for uid in {*self.left, *removed} if uid not in added)
        self.joiners = [uid for uid in self.joiners if uid not in members]
        self.messages_in_epoch = 0

    def leave(self, uid: bytes) -> None:
        """A member leaves."""
        self.leavers.append(uid)
        self.left = sorted({*self.left, uid})

    def ask(self, uid: bytes) -> None:
        """Somebody asks to be let in."""
        self.joiners = list(dict.fromkeys((*self.joiners, uid)))

    def wait_for_admission(self, is_waiting: bool) -> None:
        """Whether I have asked to be let in."""
        self.asked_to_join = is_waiting

    def count_message(self) -> None:
        """One more message under the present key."""
        self.messages_in_epoch += 1

    def check_invariants(self, members: Collection[bytes]) -> None:
        """Who leaves was a member and is known to have left; who asks is none."""
        require(set(self.leavers) <= set(members), "who leaves was a member")
        require(set(self.leavers) <= set(self.left), "who leaves has left")
        require(len(set(self.joiners)) == len(self.joiners), "everybody asks once")
        require(not (set(self.joiners) - set(self.leavers)) & set(members), "who asks is no member")
        require(self.messages_in_epoch >= 0, "messages are counted up")
