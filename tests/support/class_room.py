"""A whole class in memory: the real BrokerCore and several real ClientCores, with connections that
can be cut.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from broker.core import events as broker_events
from broker.core.accounts import Admission
from broker.core.core import ClassInfo
from broker.core.limits import Rates
from broker.storage.memory import MemoryStorage
from broker.threads.shell import Arrived
from client.api.english import words
from client.api.events import (
    Command,
    ConversationsChanged,
    Done,
    Notice,
    Quarantined,
    RowsAppended,
    RowsUpdated,
    SendText,
    SessionOpened,
)
from client.api.said import decode_said, tell
from client.api.values import Conversation, RowKind
from client.core.core import ClientCore
from client.core.state import effects as fx
from client.core.state.saved import StoredRow
from client.threads.shell import ClientShell
from shared.codec import decode_answers, decode_requests, encode
from shared.crypto.identity import create_identity
from shared.crypto.public import class_channel_id, class_id_of, direct_id
from shared.errors import CodecError
from shared.invitations import z85_encode
from shared.messages import KeepRecovery, Message
from tests.bench.broker import BrokerBench
from tests.bench.client import Arriving, MemoryStore, Outlet
from tests.support.checked import CheckedBrokerCore, CheckedClientCore
from tests.support.members import CountedRandom

BROKER_KEY = b"k" * 32
STUDENT_CODE, INSTRUCTOR_CODE = "student-code", "instructor-code"
FAST = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 1e6))


class Participant:
    """One person with a client core, a store, and a connection that can be cut."""

    def __init__(self, room: ClassRoom, name: str, join_code: str, seed: str = "") -> None:
        self.room = room
        self.name = name
        self._random = CountedRandom(seed or name)
        self._jitter = random.Random(name)
        public = self._random(32)
        keypair = (z85_encode(public), z85_encode(self._random(32)))
        self._client_public = public
        self._join_code = join_code
        self.key = keypair[0].decode()
        self.identity = create_identity(name, "test", 1, self._random, keypair)
        self.uid = self.identity.uid
        self.store = MemoryStore()
        self.notices: list[Notice] = []
        self.searches: list[fx.FindText | fx.FindQuestions] = []
        self.file_orders: list[fx.FileOrder] = []  # for the thread for files, which tests play
        self.shown: dict[bytes, Conversation] = {}
        self.session_id = b""
        self.to_broker: deque[bytes] = deque()
        self.to_client: deque[bytes] = deque()
        self._arriving = Arriving()
        self.is_halted = True
        self.reachable = True
        self.tamper: Callable[[Message], Message | None] = lambda message: message
        self._requests = 0
        self.recovery: KeepRecovery | None = None
        self.core: ClientCore

    # --- life ---

    def start(self) -> None:
        """Start a core on what the store holds."""
        self.core = CheckedClientCore(
            self.identity,
            self.store,
            self.store.load(),
            broker_public=BROKER_KEY,
            client_public=self._client_public,
            join_code=self._join_code,
            class_name="Class",
            random=self._random,
            jitter=self._jitter.random,
            recovery=self.recovery,
        )
        self.is_halted = False
        self._arriving = Arriving()
        self._shell = ClientShell(
            self.core,
            clock=lambda: self.room.moment,
            link=self,
            store=self.store,
            files=Outlet(self.file_orders.append),
            search=Outlet(self.searches.append),
            deliver=self._see,
            decode=self._decode,
        )
        self.hand(fx.Started(self.room.moment))

    def kill(self) -> None:
        """The process dies: only what the store holds stays."""
        self.is_halted = True
        self.close()

    def cut(self) -> None:
        """The connection breaks; what was on its way is lost."""
        if self.session_id:
            self.close()
            self.hand(fx.ConnectionFailed(self.room.moment, "lost"))

    def close(self) -> None:
        """End the connection; what was on its way is lost."""
        self._arriving = Arriving()
        if self.session_id:
            self.room.tell_broker(broker_events.PeerGone(self.session_id))
            self.room.by_session.pop(self.session_id, None)
        self.session_id = b""
        self.to_broker.clear()
        self.to_client.clear()

    # --- turns ---

    def hand(self, event: fx.Event) -> None:
        """Something has happened: the shell has its turn, and again while there is more."""
        if not self.is_halted:
            self._turn([event])

    def _turn(self, posted: list[Command | fx.Event]) -> None:
        self._shell.turn(posted)
        while self._arriving and not self._shell.has_ended:
            self._shell.turn()
        if self._shell.has_ended:
            self.kill()

    def arrive(self, frame: bytes) -> None:
        """A frame has come."""
        self._arriving.frames.append(frame)
        self._turn([])

    def happen(self, what: str) -> None:
        """Something happens to the connection: it is told at the next turn."""
        self._arriving.events.append(what)

    def _decode(self, frame: bytes) -> list[Message]:
        try:
            messages = decode_answers(frame)
        except CodecError as error:
            raise AssertionError("the broker sent what cannot be read") from error
        changed = [self.tamper(message) for message in messages]
        return [message for message in changed if message is not None]

    def _see(self, notices: list[Notice]) -> None:
        self.notices += notices
        for notice in notices:
            if isinstance(notice, ConversationsChanged | SessionOpened):
                self.shown.update({found.conv_id: found for found in notice.conversations})

    # --- the port `Link` of its shell ---

    @property
    def is_dialled(self) -> bool:
        return bool(self.session_id)

    def open(self, now: fx.Moment) -> None:
        self.close()
        if not self.reachable:
            self.happen("unreachable")
            return
        self.session_id = self.name.encode() + b"\0" + self._random(16)
        self.room.by_session[self.session_id] = self
        self.user_id = self.room.registered.get(self.key, "?" + self.key)
        self.happen("opened")

    def frames(self, limit: int) -> Iterator[bytes]:
        return self._arriving.take_frames(limit)

    def events(self, now: fx.Moment) -> list[str]:
        return self._arriving.take_events()

    def send(self, frame: bytes) -> bool:
        self.to_broker += [encode(message) for message in decode_requests(frame)]
        return True

    # --- what tests use ---

    def order(self, command: Command) -> Done | None:
        """Post a command; its Done if that came at once."""
        before = len(self.notices)
        self.hand(fx.CommandPosted(self.room.moment, command))
        return next((n for n in self.notices[before:] if isinstance(n, Done)), None)

    def say(self, conv_id: bytes, text: str, reply_to: bytes = b"") -> bytes:
        """Write a message; its id."""
        done = self.order(SendText(request_id=1, conv_id=conv_id, text=text, reply_to=reply_to))
        assert done is not None and done.ok and isinstance(done.data, bytes), done
        return done.data

    def answer(self, request_id: int) -> Done:
        """The Done of a command that was answered by now."""
        return next(n for n in self.notices if isinstance(n, Done) and n.request_id == request_id)

    def seen(self, kind: type[Notice]) -> list[Notice]:
        """All notices of a kind."""
        return [notice for notice in self.notices if isinstance(notice, kind)]

    def rows(self, conv_id: bytes) -> list[StoredRow]:
        """All stored rows of a conversation."""
        return self.store.page(conv_id, 0, 100_000)

    def texts(self, conv_id: bytes) -> list[str]:
        """All readable texts of a conversation in order."""
        return [row.text for row in self.rows(conv_id) if row.kind == RowKind.TEXT.value]

    def sentences(self, conv_id: bytes) -> list[str]:
        """All system sentences of a conversation in order."""
        return [self.words(row) for row in self.rows(conv_id) if row.kind == RowKind.SYSTEM.value]

    def words(self, row: StoredRow) -> str:
        """What a row of no text says, in English."""
        return (
            words(tell(decode_said(row.said), self.core._work.people.username)) if row.said else ""
        )

    def quarantined(self) -> list[Quarantined]:
        """What was set aside."""
        return [notice for notice in self.notices if isinstance(notice, Quarantined)]

    def shown_rows(self, conv_id: bytes) -> list[bytes]:
        """message_ids of rows as the window was told them, in order; updates are left out."""
        found = []
        for notice in self.notices:
            if isinstance(notice, RowsAppended) and notice.conv_id == conv_id:
                found += [row.message_id for row in notice.rows]
        return found

    def updates(self, conv_id: bytes) -> list[RowsUpdated]:
        """RowsUpdated of a conversation."""
        return [n for n in self.notices if isinstance(n, RowsUpdated) and n.conv_id == conv_id]


class ClassRoom:
    """The broker and everybody; `settle` lets everything happen until it is quiet."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.now_ms = 1_000_000
        self.class_id = class_id_of(BROKER_KEY)
        admission = Admission("code", STUDENT_CODE, INSTRUCTOR_CODE)
        info = ClassInfo(
            class_name="Class",
            class_id=self.class_id,
            broker_key=BROKER_KEY,
            admission=admission,
            rates=FAST,
        )
        self._info = info
        self._broker_random = CountedRandom("broker")
        self.storage = MemoryStorage()
        self.by_session: dict[bytes, Participant] = {}
        self.broker = CheckedBrokerCore(info, self._broker_random)
        self._bench = self._bench_of(self.broker)
        self.people: dict[str, Participant] = {}
        for name in names:
            self.enter(name)
        self.settle()

    @property
    def moment(self) -> fx.Moment:
        return fx.Moment(self.now_ms, 1_700_000_000_000 + self.now_ms)

    @property
    def general(self) -> bytes:
        return class_channel_id(self.class_id, "general")

    @property
    def announcements(self) -> bytes:
        return class_channel_id(self.class_id, "announcements")

    def direct(self, one: str, other: str) -> bytes:
        """The id of the direct conversation of two people."""
        return direct_id(self.people[one].uid, self.people[other].uid)

    def enter(self, name: str, join_code: str = STUDENT_CODE) -> Participant:
        """A new person starts a client."""
        self.people[name] = person = Participant(self, name, join_code)
        person.start()
        return person

    def restart_broker(self) -> None:
        """The broker comes back with nothing but its storage."""
        for person in self.people.values():
            if person.session_id:
                person.cut()
        self.broker = CheckedBrokerCore(self._info, self._broker_random)
        self.broker.load(self.storage)
        self._bench = self._bench_of(self.broker)

    def _bench_of(self, core: CheckedBrokerCore) -> BrokerBench:
        return BrokerBench(
            core, self.storage, lambda: self.now_ms, self._send, on_order=self._on_order
        )

    @property
    def registered(self) -> dict[str, str]:
        """Whose each transport key is."""
        return self._bench.names

    # --- passing messages ---

    def tell_broker(self, event: broker_events.Event) -> None:
        """One event for the broker, its actions carried out."""
        self._bench.tell(event)

    def _send(self, session_id: bytes, frame: bytes) -> None:
        person = self.by_session.get(session_id)
        if person is not None:
            person.to_client.append(frame)

    def _on_order(self, action: broker_events.Action) -> None:
        if isinstance(action, broker_events.Disconnect):
            self._kick(action.session)

    def _kick(self, session_id: bytes) -> None:
        person = self.by_session.get(session_id)
        if person is None:
            return
        while person.to_client and person.session_id == session_id:
            self.deliver_to_client(person)
        if person.session_id == session_id:
            person.cut()

    def deliver_to_broker(self, person: Participant) -> None:
        """The next message on its way to the broker arrives."""
        frame = person.to_broker.popleft()
        self._bench.arrive(Arrived(person.session_id, person.user_id, person.key, frame))

    def deliver_to_client(self, person: Participant) -> None:
        """The next frame on its way to a client arrives."""
        person.arrive(person.to_client.popleft())

    def step(self) -> bool:
        """One message arrives somewhere; False if nothing is on its way."""
        for person in self.people.values():
            if person.to_broker:
                self.deliver_to_broker(person)
                return True
            if person.to_client:
                self.deliver_to_client(person)
                return True
        return False

    def flow(self) -> None:
        """Everything that is on its way arrives."""
        for _ in range(100_000):
            if not self.step():
                return
        raise AssertionError("never quiet")

    def pass_time(self, ms: int) -> None:
        """Time passes; timers that are due run."""
        self.now_ms += ms
        self.tell_broker(broker_events.Ticked(self.now_ms))
        for person in self.people.values():
            if not person.is_halted:
                wake = person.core.next_wake_ms
                if wake is not None and wake <= self.now_ms:
                    person.hand(fx.Ticked(self.moment))

    def settle(self, ms: int = 6000) -> None:
        """Messages and timers run for a while."""
        for _ in range(ms // 200):
            self.flow()
            self.pass_time(200)
        self.flow()
