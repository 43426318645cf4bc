"""Hints: ask one online member at a time to let people in or to change the keys after a leave."""

from __future__ import annotations

from dataclasses import dataclass, field

from broker.core.accounts import Directory, Sessions
from broker.core.conversations import Conversations
from broker.core.delivery import Delivery
from shared.codec import encode
from shared.crypto.records import CLASS_CHANNEL
from shared.messages import Hint

_FIRST_WAIT_MS = 2_000
_LONGEST_WAIT_MS = 60_000


@dataclass(slots=True)
class _Need:
    due_ms: int
    wait_ms: int = _FIRST_WAIT_MS
    asked: set[bytes] = field(default_factory=set)


class Hints:
    """What clients still have to do, and who has been asked.

    Correctness never depends on a hint.
    """

    def __init__(
        self,
        directory: Directory,
        sessions: Sessions,
        conversations: Conversations,
        delivery: Delivery,
    ) -> None:
        self._directory = directory
        self._sessions = sessions
        self._conversations = conversations
        self._delivery = delivery
        self._needs: dict[tuple[bytes, str], _Need] = {}

    def look_at(self, conv_id: bytes, now_ms: int) -> None:
        """Note what a changed conversation needs now, and ask at once."""
        for kind in ("admit", "rotate"):
            if self._is_needed(conv_id, kind):
                self._needs.setdefault((conv_id, kind), _Need(now_ms))
            else:
                self._needs.pop((conv_id, kind), None)
        self.ask(now_ms)

    def look_at_class_channels(self, now_ms: int) -> None:
        """Check the class channels after the directory grew."""
        for conv_id in self._conversations.class_channels:
            self.look_at(conv_id, now_ms)

    def came_online(self, uid: bytes, now_ms: int) -> None:
        """Note that somebody who may be able to help has come online."""
        for (conv_id, _), need in self._needs.items():
            if uid in self._conversations.all[conv_id].members:
                need.due_ms = min(need.due_ms, now_ms + _FIRST_WAIT_MS)
                need.wait_ms = _FIRST_WAIT_MS

    def ask(self, now_ms: int) -> None:
        """Send the hints that are due; each time to another member, and less and less often."""
        for (conv_id, kind), need in list(self._needs.items()):
            if need.due_ms > now_ms:
                continue
            if not self._is_needed(conv_id, kind):
                del self._needs[conv_id, kind]
                continue
            uid = self._helper(conv_id, need.asked)
            if uid is not None:
                need.asked.add(uid)
                self._delivery.send_to_uids([uid], encode(Hint(conv_id, kind)))
            elif need.asked:
                need.asked.clear()
            need.due_ms = now_ms + need.wait_ms
            need.wait_ms = min(2 * need.wait_ms, _LONGEST_WAIT_MS)

    def shift(self, ms: int) -> None:
        """Adjust all times by `ms` after the clock was set."""
        for need in self._needs.values():
            need.due_ms += ms

    def _is_needed(self, conv_id: bytes, kind: str) -> bool:
        if kind == "admit":
            return self._conversations.missing(conv_id)
        conversation = self._conversations.all.get(conv_id)
        return conversation is not None and bool(conversation.leavers)

    def _helper(self, conv_id: bytes, asked: set[bytes]) -> bytes | None:
        # People wait only for open groups and class channels: any member may let them in.
        conversation = self._conversations.all[conv_id]
        snapshot = conversation.snapshot
        best, best_rank = None, -1
        for uid, row in conversation.members.items():
            session = self._sessions.online.get(uid)
            if session is None or session.is_lagging or uid in asked:
                continue
            rank = (
                self._directory.role_of(uid) if snapshot.origin.kind == CLASS_CHANNEL else row.role
            )
            if rank > best_rank:
                best, best_rank = uid, rank
        return best
