"""One conversation: nothing but data, in parts that only the module which defines them writes;
pure.
"""

from __future__ import annotations

from client.core.state.about import GroupNews
from client.core.state.log_position import LogReach
from client.core.state.membership import Keys, Membership
from client.core.state.pending_record import PendingRecord
from client.core.state.reading import Receipts, Typing
from client.core.state.saved import SavedConversation
from client.core.state.sender_order import Incoming
from shared.crypto.records import CLASS_CHANNEL, DIRECT, GROUP, RecordMember, Snapshot
from shared.invariants import require

DIRECT_KIND, GROUP_KIND, CLASS_KIND = DIRECT, GROUP, CLASS_CHANNEL


class Conversation:
    """The parts of one conversation. What is in `saved` lies on disk, the rest is rebuilt."""

    def __init__(self, saved: SavedConversation) -> None:
        self.saved = saved
        self.about = saved.about
        self.log = saved.log
        self.own = saved.own
        self.doubts = saved.doubts
        self.reading = saved.reading
        self.moves = saved.moves
        self.reach = LogReach(saved.log.cursor)
        self.reach.note_transcript(saved.log)
        self.membership = Membership()
        self.keys = Keys()
        self.pending = PendingRecord()
        self.incoming = Incoming()
        self.receipts = Receipts()
        self.typing = Typing()
        self.news = GroupNews()

    @property
    def conv_id(self) -> bytes:
        """The id, which is also that of its log."""
        return self.saved.conv_id

    @property
    def is_caught_up(self) -> bool:
        """Whether everything that the broker has is applied."""
        return self.log.cursor >= self.reach.head

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest membership, once the first record has come."""
        return self.membership.snapshot

    def row(self, uid: bytes) -> RecordMember | None:
        """The member row of a person who has not left."""
        if self.snapshot is None or uid in self.moves.leavers:
            return None
        return self.snapshot.members.get(uid)

    def member_uids(self) -> list[bytes]:
        """Current members."""
        if self.snapshot is None:
            return []
        return [uid for uid in self.snapshot.members if uid not in self.moves.leavers]

    def head_seed(self) -> bytes:
        """The seed of the newest epoch, empty while it is missing."""
        if self.snapshot is None:
            return b""
        return self.keys.epochs[self.snapshot.epoch].seed

    def check_invariants(self, me: bytes, can_send: bool) -> None:
        """InvariantBroken unless all parts fit together."""
        self.log.check_invariants()
        self.reach.check_invariants(self.log)
        self.reading.check_invariants(self.log.cursor)
        self.membership.check_invariants()
        self.moves.check_invariants(self.snapshot.members if self.snapshot is not None else ())
        require(
            not (self.moves.asked_to_join and self.row(me) is not None),
            "a member does not wait to be let in",
        )
        self.keys.check_invariants(self.conv_id, self.snapshot)
        self.pending.check_invariants(self.snapshot, can_send)
        self.incoming.check_invariants(self.conv_id, self.log.cursor, self.keys.epochs)
        require(
            can_send or not self.keys.keys_requested, "members are asked for keys on a connection"
        )
