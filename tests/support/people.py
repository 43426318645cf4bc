"""People with keys of their own in front of a real BrokerCore: a storage in memory, inboxes, a
clock that is set.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TypeVar

import zmq

from broker.core.accounts import Admission
from broker.core.core import ClassInfo
from broker.core.events import (
    Action,
    CommitStalled,
    Disconnect,
    Event,
    Persist,
    Ticked,
)
from broker.core.files.catalogue import FileLimits
from broker.core.limits import Rates
from broker.storage.memory import MemoryStorage
from broker.threads.shell import Arrived
from shared.codec import decode_answers, encode, join
from shared.crypto.accounts import Account, verify_genesis
from shared.crypto.headers import Header, encode_header
from shared.crypto.identity import Identity, create_identity, make_statement, sign_login
from shared.crypto.public import ZERO32, class_channel_id, class_id_of, direct_id, group_id, pack
from shared.crypto.records import (
    CHANNEL_POLICIES,
    CLASS_CHANNEL,
    DIRECT,
    DIRECT_POLICY,
    GROUP,
    GroupRole,
    Origin,
    Policy,
    RecordMember,
    Snapshot,
    build_record,
    encode_record,
    member_of,
)
from shared.crypto.secret import sign
from shared.crypto.seeds import seed_commit
from shared.invitations import z85_decode
from shared.messages import (
    Box,
    EntryKind,
    Hello,
    Message,
    PostRecord,
    PostStatement,
    Register,
    SendMessage,
    SignIn,
    Welcome,
)
from tests.bench.broker import BrokerBench, FileOrder
from tests.support.checked import CheckedBrokerCore
from tests.support.members import CountedRandom

BROKER_KEY = b"k" * 32
CLASS_ID = class_id_of(BROKER_KEY)
STUDENT_CODE, INSTRUCTOR_CODE = "student-code", "instructor-code"
FAST = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 1e6))
M = TypeVar("M", bound=Message)

_numbers = itertools.count(1)


def make_person(name: str, seed: str = "") -> Identity:
    """An identity with a real CURVE pair; another seed makes another person of this name."""
    return create_identity(name, "laptop", 1_000, CountedRandom(seed + name), zmq.curve_keypair())


def new_id() -> bytes:
    """16 bytes that no one else has."""
    return next(_numbers).to_bytes(16, "big")


def account_of(person: Identity) -> Account:
    """The verified account of a person who never changed it."""
    return verify_genesis(person.genesis)


def bits(*numbers: int) -> bytes:
    """A row of bits with these set, as `PresenceChanged` has it: n is the n-th entry of the
    directory.
    """
    return sum(1 << number for number in numbers).to_bytes(max(numbers) // 8 + 1, "little")


class Room:
    """A broker core with a storage in memory.

    Commits at once unless `is_holding`; then `commit` does.
    """

    def __init__(
        self,
        rates: Rates = FAST,
        joining: str = "code",
        max_groups: int = 100,
        storage: MemoryStorage | None = None,
        file_limits: FileLimits | None = None,
    ) -> None:
        self.storage = storage or MemoryStorage()
        admission = Admission(joining, STUDENT_CODE, INSTRUCTOR_CODE)
        info = ClassInfo(
            class_name="Test class",
            class_id=CLASS_ID,
            broker_key=BROKER_KEY,
            admission=admission,
            rates=rates,
            max_groups=max_groups,
            file_limits=file_limits or FileLimits(),
        )
        self.core = CheckedBrokerCore(info, CountedRandom("broker"))
        self.core.load(self.storage)
        self.now_ms = 1_000_000
        self.inbox: dict[bytes, list[Message]] = {}
        self.sessions: dict[bytes, bytes] = {}  # uid -> routing id
        self.ended: list[bytes] = []
        self.frames_sent = 0
        self.bench = BrokerBench(
            self.core,
            self.storage,
            lambda: self.now_ms,
            self._receive,
            on_order=self._see,
            on_file_order=self.on_file_order,
        )

    # --- events and orders ---

    def tell(self, event: Event) -> list[Action]:
        """Tell the core and carry out its orders."""
        return self.bench.tell(event)

    def on_file_order(self, order: FileOrder) -> None:
        """Nothing is stored of files; a FileRoom does."""

    def _receive(self, session: bytes, data: bytes) -> None:
        self.frames_sent += 1
        self.inbox.setdefault(session, []).extend(decode_answers(data))

    def _see(self, action: Action) -> None:
        if isinstance(action, Disconnect):
            self.ended.append(action.session)

    @property
    def names(self) -> dict[str, str]:
        """Whose each transport key is."""
        return self.bench.names

    @property
    def held(self) -> list[Persist]:
        """What is to be committed while the disk is held."""
        return self.bench.held

    @held.setter
    def held(self, orders: list[Persist]) -> None:
        self.bench.held = orders

    @property
    def is_holding(self) -> bool:
        """Whether commits wait for `commit`."""
        return self.bench.is_holding

    @is_holding.setter
    def is_holding(self, is_holding: bool) -> None:
        self.bench.is_holding = is_holding

    def commit(self) -> None:
        """Commit all that is held, as one batch, and tell the core."""
        self.bench.commit()

    def stall(self) -> None:
        """The disk is full."""
        self.is_holding = True
        self.tell(CommitStalled())

    def tick(self, ms: int = 1_000) -> None:
        """Time passes."""
        self.now_ms += ms
        self.tell(Ticked(self.now_ms))

    # --- people ---

    def connect(self, person: Identity) -> bytes:
        """A fresh connection; gives its routing id."""
        name = self.names.get(person.transport_public.decode()) or person.username
        return name.encode() + b"\0" + new_id()

    def send(self, session: bytes, person: Identity, *messages: Message) -> list[Message]:
        """One frame; gives what came back to this session meanwhile."""
        key = person.transport_public.decode()
        frame = join([encode(message) for message in messages])
        user_id = self.names.get(key, f"?{key}")
        self.inbox.setdefault(session, []).clear()
        self.bench.arrive(Arrived(session, user_id, key, frame))
        return list(self.inbox[session])

    def hello(self, session: bytes, person: Identity) -> Welcome:
        """Say hello."""
        (welcome,) = self.send(session, person, Hello(1, "test", person.username))
        assert isinstance(welcome, Welcome)
        return welcome

    def login_signature(self, session: bytes, person: Identity) -> bytes:
        """The answer to a fresh challenge."""
        challenge = self.hello(session, person).challenge
        return sign_login(person, challenge, BROKER_KEY, z85_decode(person.transport_public))

    def register(self, person: Identity, code: str = STUDENT_CODE) -> list[Message]:
        """Create the account on a connection of its own."""
        session = self.connect(person)
        signature = self.login_signature(session, person)
        return self.send(
            session, person, Register(person.username, code, person.genesis, signature)
        )

    def sign_in(self, person: Identity) -> list[Message]:
        """Sign in on a fresh connection."""
        session = self.connect(person)
        signature = self.login_signature(session, person)
        self.sessions[person.uid] = session
        return self.send(session, person, SignIn(person.uid, person.did, signature))

    def enroll(self, *names: str, code: str = STUDENT_CODE) -> list[Identity]:
        """Register and sign in, in this order."""
        people = [make_person(name) for name in names]
        for person in people:
            self.register(person, code)
            self.sign_in(person)
        return people

    def say(self, person: Identity, *messages: Message) -> list[Message]:
        """Send on the person's present session."""
        return self.send(self.sessions[person.uid], person, *messages)

    def got(self, person: Identity, kind: type[M]) -> list[M]:
        """What the person's session has received since it was last cleared."""
        return [
            message
            for message in self.inbox[self.sessions[person.uid]]
            if isinstance(message, kind)
        ]

    def clear(self) -> None:
        """Forget what was received."""
        for box in self.inbox.values():
            box.clear()

    # --- conversations ---

    def snapshot(self, conv_id: bytes) -> Snapshot:
        """The broker's view of a conversation."""
        return self.core.conversations.all[conv_id].snapshot

    def create_group(
        self, creator: Identity, *members: Identity, policy: Policy | None = None
    ) -> bytes:
        """Create a group; gives its id."""
        post = first_record(creator, members, policy or Policy(title=b"t"))
        answers = self.say(creator, post)
        assert (
            any(type(answer).__name__ == "MessageAccepted" for answer in answers) or self.is_holding
        ), answers
        return post.conv_id

    def change(
        self,
        author: Identity,
        conv_id: bytes,
        add: Iterable[Identity] = (),
        remove: Iterable[bytes] = (),
        policy: Policy | None = None,
    ) -> PostRecord:
        """A record that adds and removes; leavers are dropped."""
        before = self.core.conversations.all[conv_id]
        rows = dict(before.members)
        rows.update({p.uid: member_of(account_of(p), GroupRole.MEMBER) for p in add})
        for uid in remove:
            del rows[uid]
        return next_record(author, before.snapshot, rows, policy)

    def message(self, sender: Identity, conv_id: bytes, cipher: bytes = b"sealed") -> SendMessage:
        """A message of the present epoch; the broker cannot see that nothing is sealed in it."""
        snapshot = self.snapshot(conv_id)
        return message_of(sender, conv_id, snapshot.epoch, snapshot.epoch_id, cipher)

    def statement(self, person: Identity, conv_id: bytes, kind: EntryKind) -> PostStatement:
        """A leave or a join."""
        word = "leave" if kind == EntryKind.LEAVE else "join"
        statement, signature = make_statement(
            person, word, conv_id, self.snapshot(conv_id).epoch_id
        )
        return PostStatement(new_id(), conv_id, int(kind), statement, signature)


def revocation(person: Identity) -> bytes:
    """A chain entry that takes the only device out of the account."""
    _, uk_pub = next(
        iter(make_person("fresh").uk_secrets.values())
    )  # a key of the account for later
    head = account_of(person).head
    entry = pack(
        (1, 1, person.uid, 1, head, "revoke_device", [person.did, 2, uk_pub, 0], 5, b"root")
    )
    return pack((entry, sign(person.root_secret, "acct", entry)))


def message_of(
    sender: Identity, conv_id: bytes, epoch: int, epoch_id: bytes, cipher: bytes
) -> SendMessage:
    """A message with a right header."""
    message_id = new_id()
    header = Header(0, conv_id, epoch, epoch_id, sender.uid, sender.did, 1, message_id, 1_000)
    return SendMessage(message_id, conv_id, encode_header(header), cipher)


def first_record(creator: Identity, members: Iterable[Identity], policy: Policy) -> PostRecord:
    """Epoch 0 of a group."""
    secret = new_id() * 2
    rows = {p.uid: member_of(account_of(p), GroupRole.MEMBER) for p in members}
    rows[creator.uid] = member_of(account_of(creator), GroupRole.OWNER)
    return _posted(
        creator, None, group_id(creator.uid, secret), Origin(GROUP, secret), rows, policy
    )


def class_channel_record(creator: Identity, name: str, members: Iterable[Identity]) -> PostRecord:
    """Epoch 0 of a class channel."""
    rows = {p.uid: member_of(account_of(p), GroupRole.MEMBER) for p in (creator, *members)}
    origin = Origin(CLASS_CHANNEL, name.encode())
    return _posted(
        creator,
        None,
        class_channel_id(CLASS_ID, name),
        origin,
        rows,
        CHANNEL_POLICIES[name.encode()],
    )


def direct_record(creator: Identity, other: Identity) -> PostRecord:
    """Epoch 0 of a direct conversation."""
    rows = {p.uid: member_of(account_of(p), GroupRole.MEMBER) for p in (creator, other)}
    conv_id = direct_id(creator.uid, other.uid)
    return _posted(creator, None, conv_id, Origin(DIRECT, b""), rows, DIRECT_POLICY)


def next_record(
    author: Identity,
    before: Snapshot,
    rows: dict[bytes, RecordMember],
    policy: Policy | None = None,
) -> PostRecord:
    """The record after `before`."""
    return _posted(author, before, before.conv_id, None, rows, policy or before.policy)


def _posted(
    author: Identity,
    before: Snapshot | None,
    conv_id: bytes,
    origin: Origin | None,
    rows: dict[bytes, RecordMember],
    policy: Policy,
) -> PostRecord:
    epoch = before.epoch + 1 if before else 0
    record = build_record(
        before,
        conv_id=conv_id,
        origin=origin,
        members_after=rows,
        policy=policy,
        commit=seed_commit(bytes(32), conv_id, epoch),
        link=None,
        base_seq=0,
        base_t=ZERO32,
        sent_at_ms=1_000,
        uid=author.uid,
        did=author.did,
        reason="create" if before is None else "add",
    )
    raw = encode_record(record)
    boxes = [Box(uid, row.uk_gen, b"box for " + uid) for uid, row in rows.items()]
    return PostRecord(new_id(), conv_id, raw, sign(author.sign_secret, "epoch-sig", raw), boxes)
