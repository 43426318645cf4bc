"""Who belongs to a conversation, and the keys of its epochs; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from client.core.state.saved import SavedEpoch, SavedSnapshot
from shared.crypto.accounts import Account
from shared.crypto.records import Snapshot
from shared.crypto.seeds import seed_commit
from shared.invariants import require


@dataclass
class Membership:
    """Owns the newest membership as the records say, and since which epoch each member belongs to
    it.
    """

    snapshot: Snapshot | None = None
    joined: dict[bytes, int] = field(default_factory=dict)
    has_old_rows: bool = False  # a member has a newer account key than the member list

    def load(self, item: SavedSnapshot) -> None:
        """Take over what lay on disk."""
        self.snapshot, self.joined = item.snapshot, item.joined

    def take(self, snapshot: Snapshot, added: Iterable[bytes], removed: Iterable[bytes]) -> None:
        """A record was verified: it counts from now on."""
        self.snapshot = snapshot
        for uid in added:
            self.joined[uid] = snapshot.epoch
        for uid in removed:
            self.joined.pop(uid, None)
        self.has_old_rows = False

    def compare(self, accounts: Mapping[bytes, Account]) -> None:
        """Look whether a member has a new account key."""
        assert self.snapshot is not None
        members = self.snapshot.members.items()
        self.has_old_rows = any(
            uid in accounts and accounts[uid].uk_gen != row.uk_gen for uid, row in members
        )

    def saved(self, conv_id: bytes) -> SavedSnapshot:
        """The membership in the form that is kept."""
        assert self.snapshot is not None
        plain = replace(self.snapshot, members=dict(self.snapshot.members))
        return SavedSnapshot(conv_id, plain, dict(self.joined))

    def check_invariants(self) -> None:
        """Of every member it is known since when."""
        members = set(self.snapshot.members) if self.snapshot is not None else set()
        require(set(self.joined) == members, "of every member it is known since which epoch")


@dataclass
class Keys:
    """Owns the epochs with their seeds, and what was asked for of those that are missing."""

    epochs: dict[int, SavedEpoch] = field(default_factory=dict)
    keys_asked: set[int] = field(
        default_factory=set
    )  # epochs whose boxes were fetched on this connection
    keys_requested: set[int] = field(default_factory=set)  # epochs that the members were asked for

    def add(self, epoch: SavedEpoch) -> None:
        """One more epoch, or one from disk."""
        self.epochs[epoch.epoch] = epoch

    def keep_seed(self, number: int, seed: bytes) -> SavedEpoch:
        """The seed of an epoch has come; gives the epoch to be saved."""
        epoch = self.epochs[number] = msgspec.structs.replace(self.epochs[number], seed=seed)
        self.keys_requested.discard(number)
        return epoch

    def note_asked(self, number: int) -> None:
        """The boxes of an epoch are fetched."""
        self.keys_asked.add(number)

    def note_requested(self, number: int) -> None:
        """The members are asked for a key."""
        self.keys_requested.add(number)

    def ask_requested_again(self) -> bool:
        """Ask the broker once more for what nobody has given; False if there is nothing."""
        has_any = bool(self.keys_requested)
        self.keys_asked -= self.keys_requested
        self.keys_requested.clear()
        return has_any

    def forget_asked(self) -> None:
        """What was fetched was refused: it may be fetched again."""
        self.keys_asked.clear()

    def on_disconnected(self) -> None:
        """What was asked for will not be answered."""
        self.keys_asked.clear()
        self.keys_requested.clear()

    def check_invariants(self, conv_id: bytes, snapshot: Snapshot | None) -> None:
        """The epochs are those up to the newest record; keys are asked for where they are
        missing.
        """
        last = -1 if snapshot is None else snapshot.epoch
        require(
            set(self.epochs) == set(range(last + 1)),
            "there is every epoch up to the newest, and none beyond",
        )
        require(
            self.keys_requested | self.keys_asked <= self.epochs.keys(),
            "keys are asked for of epochs that are",
        )
        require(
            not any(self.epochs[n].seed for n in self.keys_requested),
            "members are asked for what is missing",
        )
        if snapshot is not None:
            head = self.epochs[last]
            require(
                head.epoch_id == snapshot.epoch_id, "the newest epoch is that of the membership"
            )
            fits = not head.seed or seed_commit(head.seed, conv_id, last) == head.commit
            require(fits, "a key is that of its epoch")
