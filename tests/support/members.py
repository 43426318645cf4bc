"""People with real keys for tests of records and messages; randomness is drawn from a counter, so
runs repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from shared.crypto.accounts import Account, verify_genesis
from shared.crypto.identity import Identity, create_identity
from shared.crypto.public import ZERO32, group_id
from shared.crypto.records import (
    GROUP,
    EpochRecord,
    GroupRole,
    Origin,
    Policy,
    RecordMember,
    Snapshot,
    apply_record,
    build_record,
    encode_record,
    member_of,
    read_record,
)
from shared.crypto.secret import sign
from shared.crypto.seeds import seed_commit

CLASS_ID = b"c" * 16


class CountedRandom:
    """A stand-in for os.urandom that repeats from run to run and remembers what it was asked
    for.
    """

    def __init__(self, name: str = "") -> None:
        self._name = name.encode()
        self.asked: list[int] = []

    def __call__(self, size: int) -> bytes:
        self.asked.append(size)
        number = len(self.asked).to_bytes(8, "big")
        return b"".join(
            blake2b(self._name + number + bytes([i])).digest() for i in range(-(-size // 64))
        )[:size]


def make_identity(name: str) -> Identity:
    """An identity whose keys depend on the name alone."""
    return create_identity(name, "laptop", 1_000, CountedRandom(name), (b"p" * 40, b"s" * 40))


@dataclass
class Group:
    """A group whose chain a test extends record by record."""

    people: Mapping[str, Identity]
    accounts: dict[bytes, Account] = field(default_factory=dict)
    roles: dict[bytes, int] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    conv_id: bytes = b""

    @classmethod
    def of(cls, *names: str, policy: Policy | None = None, outsiders: Iterable[str] = ()) -> Group:
        """A group created by the first name with the others as members."""
        people = {name: make_identity(name) for name in (*names, *outsiders)}
        group = cls(people)
        group.accounts = {p.uid: verify_genesis(p.genesis) for p in people.values()}
        rows = {
            name: group.row(name, GroupRole.OWNER if i == 0 else GroupRole.MEMBER)
            for i, name in enumerate(names)
        }
        group.conv_id = group_id(people[names[0]].uid, b"r" * 32)
        record = group.next_record(names[0], rows.values(), policy or Policy(title=b"t"))
        group.apply(record, names[0])
        return group

    def row(self, name: str, role: int = GroupRole.MEMBER) -> RecordMember:
        """The present row of a person."""
        return member_of(self.accounts[self.people[name].uid], role)

    def rows(self) -> dict[bytes, RecordMember]:
        """The members now."""
        assert self.snapshot is not None
        return dict(self.snapshot.members)

    def next_record(
        self,
        author: str,
        rows: Iterable[RecordMember],
        policy: Policy | None = None,
        link: bytes | None = None,
    ) -> EpochRecord:
        """The next record, unsigned."""
        before = self.snapshot
        epoch = before.epoch + 1 if before else 0
        chosen = policy or (before.policy if before else Policy())
        person = self.people[author]
        return build_record(
            before,
            conv_id=self.conv_id,
            origin=Origin(GROUP, b"r" * 32),
            members_after={r.uid: r for r in rows},
            policy=chosen,
            commit=seed_commit(bytes([epoch]) * 32, self.conv_id, epoch),
            link=link,
            base_seq=0,
            base_t=ZERO32,
            sent_at_ms=1_000,
            uid=person.uid,
            did=person.did,
            reason="create" if before is None else "add",
        )

    def apply(
        self,
        record: EpochRecord,
        signer: str,
        leavers: Iterable[str] = (),
        joiners: Iterable[str] = (),
    ) -> Snapshot:
        """Sign, verify and take over; CryptoReject leaves the group as it was."""
        raw = encode_record(record)
        self.snapshot = apply_record(
            self.snapshot,
            read_record(raw, sign(self.people[signer].sign_secret, "epoch-sig", raw)),
            account_of=self.accounts.get,
            role_of=lambda uid: self.roles.get(uid, 0),
            class_id=CLASS_ID,
            leavers=frozenset(self.people[n].uid for n in leavers),
            joiners=frozenset(self.people[n].uid for n in joiners),
        )
        return self.snapshot

    def with_role(self, name: str, role: int) -> dict[bytes, RecordMember]:
        """The members now, one of them with another role."""
        rows = self.rows()
        uid = self.people[name].uid
        rows[uid] = replace(rows[uid], role=int(role))
        return rows
