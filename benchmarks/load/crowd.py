"""Many clients in one process for the benchmarks: real sign-ins over real CURVE sockets, the real
protocol.

Bodies are 256 random bytes where a client would put its sealed text: the broker cannot tell the
difference, and the
figures are those of the broker and the network, not of Python's signatures. Like real clients,
receivers parse what
comes and report their cursor at most ten times a second.
"""

from __future__ import annotations

import copy
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import psutil
import zmq

from shared.codec import decode_answers, encode, join
from shared.crypto.accounts import Account, verify_genesis
from shared.crypto.headers import Header, encode_header
from shared.crypto.identity import Identity, create_identity, sign_login
from shared.crypto.public import ZERO32, direct_id, group_id, hash32
from shared.crypto.records import (
    DIRECT,
    DIRECT_POLICY,
    GROUP,
    GroupRole,
    Origin,
    Policy,
    build_record,
    encode_record,
    member_of,
)
from shared.crypto.secret import sign
from shared.crypto.seeds import seed_commit
from shared.invitations import Invitation, parse_invitation, z85_decode
from shared.messages import (
    AdvanceCursor,
    Box,
    Entries,
    EntryKind,
    Hello,
    Message,
    MessageAccepted,
    PostRecord,
    Refused,
    Register,
    Registered,
    SendMessage,
    SignedIn,
    SignIn,
    Welcome,
)
from tools.processes import BrokerProcess

BODY_BYTES = 256
CURSOR_EVERY_S = 0.1
ANSWER_MS = 20_000

Answer = TypeVar("Answer", bound=Message)


class LoadFailed(RuntimeError):
    """The run is worth nothing: somebody was refused, or something did not come."""


class VirtualClient:
    """One account on one connection."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        invitation: Invitation,
        username: str,
        me: Identity | None = None,
    ) -> None:
        self.me: Identity = me or create_identity(
            username, "load", 1, os.urandom, zmq.curve_keypair()
        )
        self.account: Account = verify_genesis(self.me.genesis)
        self._context = context
        self._invitation = invitation
        self.socket: zmq.Socket[bytes]
        self.unread: list[Message] = []
        self._cursors: dict[bytes, int] = {}  # to be reported
        self._next_report = 0.0

    def connect(self) -> None:
        """A fresh socket with a fresh routing id."""
        socket = self._context.socket(zmq.DEALER)
        for option, value in (
            (zmq.LINGER, 0),
            (zmq.RECONNECT_IVL, -1),
            (zmq.SNDHWM, 1000),
            (zmq.RCVHWM, 1000),
        ):
            socket.setsockopt(option, value)
        socket.setsockopt(zmq.ROUTING_ID, self.me.username.encode() + b"\0" + os.urandom(16))
        socket.setsockopt(zmq.CURVE_SERVERKEY, self._invitation.broker_key_z85)
        socket.setsockopt(zmq.CURVE_PUBLICKEY, self.me.transport_public)
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.me.transport_secret)
        socket.connect(self._invitation.endpoint)
        self.socket = socket

    @property
    def port(self) -> int:
        """Where it connects to."""
        return self._invitation.port

    def move_to(self, port: int) -> None:
        """Connect to another port from the next time on."""
        self._invitation = replace(self._invitation, port=port)

    def twin(self) -> VirtualClient:
        """The same device with a connection of its own."""
        other = copy.copy(self)
        other.unread = []
        return other

    def settle(self) -> None:
        """Wait until the sign-in is answered."""
        self.wait_for(SignedIn)

    def hello(self) -> None:
        """Ask for the challenge."""
        self.send(Hello(1, "load/1", self.me.username))

    def send(self, *messages: Message) -> None:
        """All of them in one frame."""
        self.socket.send(join([encode(message) for message in messages]))

    def _signature(self) -> bytes:
        return self.sign(self.wait_for(Welcome))

    def sign(self, welcome: Welcome) -> bytes:
        """The answer to a challenge."""
        return sign_login(
            self.me,
            welcome.challenge,
            self._invitation.broker_key,
            z85_decode(self.me.transport_public),
        )

    def register(self) -> None:
        """Answer the challenge with a new account."""
        self.send(
            Register(
                self.me.username, self._invitation.join_code, self.me.genesis, self._signature()
            )
        )

    def sign_in(self) -> None:
        """Answer the challenge with the account that is there."""
        self.send(SignIn(self.me.uid, self.me.did, self._signature()))

    def wait_for(self, kind: type[Answer]) -> Answer:
        """The next answer of this kind; others are dropped."""
        while True:
            while self.unread:
                message = self.unread.pop(0)
                if isinstance(message, Refused):
                    raise LoadFailed(f"{self.me.username}: {message.message}")
                if isinstance(message, kind):
                    return message
            if not self.socket.poll(ANSWER_MS):
                raise LoadFailed(f"{self.me.username} waited for {kind.__name__} in vain")
            self.unread = decode_answers(self.socket.recv())

    # --- messages ---

    def message(self, conv_id: bytes, epoch_id: bytes) -> SendMessage:
        """One message of 256 bytes."""
        message_id = os.urandom(16)
        header = Header(0, conv_id, 0, epoch_id, self.me.uid, self.me.did, 1, message_id, 1)
        return SendMessage(message_id, conv_id, encode_header(header), os.urandom(BODY_BYTES))

    def stamp(self, conv_id: bytes, epoch_id: bytes) -> Callable[[bytes], bytes]:
        """Makes encoded messages out of one that was prepared: only the id of each is new."""
        sample = self.message(conv_id, epoch_id)
        before, between, after = encode(sample).split(sample.message_id)
        return lambda message_id: message_id.join((before, between, after))

    def note_cursor(self, conv_id: bytes, sequence: int, now_s: float) -> None:
        """Remember how far this client has read, and report it as a real client does."""
        self._cursors[conv_id] = sequence
        if now_s >= self._next_report:
            self.send(*(AdvanceCursor(conv, upto) for conv, upto in self._cursors.items()))
            self._cursors.clear()
            self._next_report = now_s + CURSOR_EVERY_S

    # --- conversations ---

    def open_direct(self, other: VirtualClient) -> tuple[bytes, bytes]:
        """(conv_id, epoch_id) of a direct conversation."""
        conv_id = direct_id(self.me.uid, other.me.uid)
        return self._post(
            conv_id, Origin(DIRECT, b""), DIRECT_POLICY, (self, other), GroupRole.MEMBER
        )

    def create_group(self, others: Sequence[VirtualClient]) -> tuple[bytes, bytes]:
        """(conv_id, epoch_id) of a private group."""
        secret = os.urandom(32)
        conv_id = group_id(self.me.uid, secret)
        return self._post(
            conv_id, Origin(GROUP, secret), Policy(), (self, *others), GroupRole.OWNER
        )

    def _post(
        self,
        conv_id: bytes,
        origin: Origin,
        policy: Policy,
        members: Iterable[VirtualClient],
        own_role: GroupRole,
    ) -> tuple[bytes, bytes]:
        rows = {one.me.uid: member_of(one.account) for one in members}
        rows[self.me.uid] = member_of(self.account, own_role)
        record = build_record(
            None,
            conv_id=conv_id,
            origin=origin,
            members_after=rows,
            policy=policy,
            commit=seed_commit(bytes(32), conv_id, 0),
            link=None,
            base_seq=0,
            base_t=ZERO32,
            sent_at_ms=1,
            uid=self.me.uid,
            did=self.me.did,
            reason="create",
        )
        raw = encode_record(record)
        signature = sign(self.me.sign_secret, "epoch-sig", raw)
        boxes = [Box(uid, row.uk_gen, os.urandom(120)) for uid, row in rows.items()]
        self.send(PostRecord(os.urandom(16), conv_id, raw, signature, boxes))
        self.wait_for(MessageAccepted)
        return conv_id, hash32(raw)


class Crowd:
    """A fresh broker process and signed-in clients; a context manager."""

    def __init__(self, *options: str) -> None:
        self._directory = tempfile.TemporaryDirectory()
        data_dir = Path(self._directory.name) / "broker"
        self.broker = BrokerProcess(
            data_dir, "--message-rate", "0", "--log-level", "error", *options
        )
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.context.set(zmq.MAX_SOCKETS, 20_000)
        self.clients: list[VirtualClient] = []

    def __enter__(self) -> Crowd:
        self.invitation = parse_invitation(self.broker.start().invitation)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for client in self.clients:
            client.socket.close(0)
        self.context.term()
        self.broker.stop()
        self._directory.cleanup()

    def add(self, count: int) -> list[VirtualClient]:
        """Register these, then sign all of them in."""
        number = len(self.clients)
        fresh = [
            VirtualClient(self.context, self.invitation, f"p{number + at}") for at in range(count)
        ]
        for start in range(0, count, 100):
            batch = fresh[start : start + 100]
            self._step(batch, VirtualClient.register, Registered)
            for client in batch:
                client.socket.close(0)
            self._step(batch, VirtualClient.sign_in, SignedIn)
        self.clients += fresh
        return fresh

    def _step(
        self,
        clients: list[VirtualClient],
        answer: Callable[[VirtualClient], None],
        kind: type[Message],
    ) -> None:
        for client in clients:
            client.connect()
            client.hello()
        for client in clients:
            answer(client)
        for client in clients:
            client.wait_for(kind)

    def quiet(self, ms: int = 300) -> None:
        """Read away what still comes until nothing has come for a while."""
        poller = self.poller()
        while ready := poller.poll(ms):
            for socket, _ in ready:
                socket.recv()

    def poller(self) -> zmq.Poller:
        """One poller over all clients."""
        poller = zmq.Poller()
        for client in self.clients:
            client.unread.clear()
            poller.register(client.socket, zmq.POLLIN)
        return poller


class Clocks:
    """CPU shares of the broker and of this process over a window."""

    def __init__(self, broker: BrokerProcess) -> None:
        self._processes = {
            "broker_cores": psutil.Process(broker.pid),
            "generator_cores": psutil.Process(),
        }
        self._before = self._read()
        self._began = time.perf_counter()

    def _read(self) -> dict[str, float]:
        times = {name: process.cpu_times() for name, process in self._processes.items()}
        return {name: one.user + one.system for name, one in times.items()}

    def shares(self) -> dict[str, float]:
        """Cores used since the start."""
        seconds = time.perf_counter() - self._began
        after = self._read()
        return {name: round((after[name] - self._before[name]) / seconds, 2) for name in after}


@dataclass
class Times:
    """Milliseconds, and what one says of them."""

    ms: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Median and 99th percentile."""
        if len(self.ms) < 2:
            raise LoadFailed("nothing was measured")
        cuts = statistics.quantiles(self.ms, n=100, method="inclusive")
        return {"p50_ms": round(statistics.median(self.ms), 3), "p99_ms": round(cuts[98], 3)}


def messages_in(frame: bytes) -> Iterable[tuple[bytes, bytes, int]]:
    """(message_id, conv_id, sequence) of every conversation message in a frame, parsed as a client
    does.
    """
    for message in decode_answers(frame):
        if isinstance(message, Entries):
            for entry in message.entries:
                if entry.kind == EntryKind.MESSAGE:
                    yield entry.message_id, message.log_id, entry.sequence
        elif isinstance(message, Refused):
            raise LoadFailed(message.message)


def median_of(runs: Sequence[dict[str, object]], key: str) -> dict[str, object]:
    """The run in the middle by this figure."""
    return sorted(runs, key=lambda run: float(str(run[key])))[len(runs) // 2]
