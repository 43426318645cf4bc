"""One simulated class: the broker, the clients, the network between them, and the faults that
befall them.

What it does not have: files (and their second connection), the full-text index, the window; damage
to what is on a
disk (SQLite's own tests are trusted with torn writes: a transaction is there or not); more than one
device of a person;
renewed account keys; a hostile broker or client; threads, whose turns are drawn as delays of the
workers instead.
"""

from __future__ import annotations

from functools import lru_cache

import shared.crypto.secret
from broker.core.accounts import Admission
from broker.core.core import ClassInfo
from broker.core.limits import Rates
from broker.storage.memory import MemoryStorage
from client.api.events import RetryNow
from client.api.values import ConnectionState
from shared.codec import decode_answers
from shared.crypto.identity import Identity, create_identity
from shared.crypto.public import class_id_of
from shared.invitations import z85_encode
from shared.messages import Message
from tests.simulation.actors import Actors
from tests.simulation.broker_host import BrokerHost
from tests.simulation.client_host import BROKER_KEY, ClientHost, Decode, SimConnection, SimStore
from tests.simulation.invariants import Watch, check_end, check_now, why_restless
from tests.simulation.network import HEARTBEAT_BROKER_MS, HEARTBEAT_CLIENT_MS, Link
from tests.simulation.world import Violation, World
from tests.support.members import CountedRandom

NAMES = ("ana", "bo", "carmen", "dan", "eva", "finn")
CODES = ("instructor-code", "student-code")
FAST = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 1e6))
NORMAL = Rates()
TIGHT = Rates(
    message_rate=5,
    message_burst=6,
    request_rate=50,
    request_burst=60,
    stranger_rate=20,
    stranger_burst=40,
)
CONVERGES_WITHIN_MS = 400_000
QUIET_MS = 3000
CONNECT_TIMEOUT_MS = 8000


class Simulation:
    """Everything of one seed. `run` plays it and raises Violation if something does not hold."""

    def __init__(
        self, seed: int, *, is_traced: bool = False, is_calm: bool = False, count: int = 0
    ) -> None:
        self.world = world = World(seed, is_traced=is_traced)
        self.rng = rng = world.rng
        count = count or rng.randint(3, 6)
        known = 0 if is_calm or rng.random() < 0.1 else rng.randint(max(1, count - 2), count)
        storage, stores = base(known)
        decode = _remembering()
        self.watch = Watch(world, storage, decode)
        rates = FAST if is_calm else rng.choice((FAST, NORMAL, NORMAL, TIGHT))
        admission = Admission("code", CODES[1], CODES[0])
        info = ClassInfo(
            class_name="Class",
            class_id=class_id_of(BROKER_KEY),
            broker_key=BROKER_KEY,
            admission=admission,
            rates=rates,
        )
        self.pipe_limit = rng.choice((8, 30, 1000, 1000))
        self.broker = BrokerHost(world, info, storage, self.watch.on_told)
        self.broker.on_commit = self.watch.on_commit
        self.broker.on_crash = lambda: world.after(rng.randint(50, 4000), self._boot)
        self.clients: list[ClientHost] = []
        for number, name in enumerate(NAMES[:count]):
            store = stores[number] if number < known else SimStore()
            host = ClientHost(
                world, identity(name), CODES[number > 0], store, self._dial, hang_up, decode
            )
            host.watch = self.watch.on_notice
            self.clients.append(host)
        self.by_uid = {host.uid: host for host in self.clients}
        self.actors = Actors(self)

    # --- a run ---

    def run(self) -> None:
        """Play the script, heal everything, wait until it is quiet, and look whether all is as it
        should be.
        """
        self._boot()
        for host in self.clients:
            self.world.after(self.rng.randrange(3000), host.start)
        end_ms = self.rng.randint(8_000, 40_000)
        self.actors.plan(end_ms)
        while self.world.now_ms < end_ms:
            self.world.run_until(self.world.now_ms + 500)
            check_now(self)
        self.settle()
        check_end(self)

    def settle(self) -> None:
        """Heal everything and wait until it is quiet; it must become so."""
        self.world.note("world", "heals")
        self.actors.stop()
        self.broker.is_disk_full = False
        self.broker.crash_in = 0
        self._boot()
        for host in self.clients:
            self.heal(host)
            host.resume()
            host.crash_in = 0
            host.start()
        quiet_from = self.world.now_ms
        end_ms = self.world.now_ms + CONVERGES_WITHIN_MS
        while self.world.now_ms - quiet_from < QUIET_MS:
            self.world.run_until(self.world.now_ms + 250)
            check_now(self)
            for host in self.clients:
                if host.state is ConnectionState.REFUSED and not self.is_banned(host):
                    host.order(RetryNow())
            reason = why_restless(self)
            if reason:
                quiet_from = self.world.now_ms
                if quiet_from > end_ms:
                    raise Violation(f"does not converge: {reason}")

    def is_banned(self, host: ClientHost) -> bool:
        """Whether this person cannot sign in."""
        return self.broker.is_up and self.broker.core.directory.restriction_of(host.uid) == 2

    def _boot(self) -> None:
        if not self.broker.is_up:
            self.world.note("broker", "starts")
            self.broker.boot()

    # --- connections ---

    def _dial(self, host: ClientHost, connection: SimConnection) -> None:
        self.world.after(self.rng.choice((1, 2, 5, 30)), lambda: self._connect(host, connection))

    def _connect(self, host: ClientHost, connection: SimConnection) -> None:
        if connection.is_closed:
            return
        if host.is_partitioned:
            self.world.after(CONNECT_TIMEOUT_MS, lambda: connection.tell("unreachable"))
        elif not self.broker.is_up:
            connection.tell("unreachable")
        else:
            routing_id = host.name.encode() + b"\0" + self.rng.randbytes(16)
            connection.link = link = Link(
                self.world,
                routing_id,
                self.broker.user_id_of(host.key),
                host.key,
                is_held=lambda: host.is_partitioned,
                limit=self.pipe_limit,
                at_broker=self.broker.take,
                at_client=connection.arrived,
                broker_lost=self.broker.lost,
                client_lost=lambda _: connection.tell("lost"),
            )
            self.broker.accept(link)
            connection.tell("opened")

    def cut(self, host: ClientHost) -> None:
        """The connection breaks; one side may not notice for long."""
        link = host.link
        if link is not None:
            self.world.note(host.name, "is cut off")
            waits = ((5, 5), (0, 20_000), (15_000, 0), (1000, HEARTBEAT_BROKER_MS))
            link.cut(*self.rng.choice(waits))

    def part(self, host: ClientHost) -> None:
        """Nothing passes between this client and the broker, and nobody is told."""
        if host.is_partitioned:
            return
        self.world.note(host.name, "is partitioned")
        host.is_partitioned = True
        link = host.link

        def time_out() -> None:
            if host.is_partitioned and link is not None and host.link is link:
                link.cut(0, HEARTBEAT_BROKER_MS - HEARTBEAT_CLIENT_MS)

        self.world.after(HEARTBEAT_CLIENT_MS, time_out)

    def heal(self, host: ClientHost) -> None:
        """The partition ends; what TCP still holds goes on."""
        if host.is_partitioned:
            self.world.note(host.name, "is reachable")
            host.is_partitioned = False
            link = host.link
            if link is not None:
                link.pump()

    def pause(self, host: ClientHost, ms: int) -> None:
        """The process is stopped for a while; its connection lives as long as the broker believes
        in it.
        """
        if host.process is None or host.is_paused:
            return
        self.world.note(host.name, f"stops for {ms} ms")
        host.pause()
        link = host.link
        if ms > HEARTBEAT_BROKER_MS and link is not None:
            self.world.after(HEARTBEAT_BROKER_MS, lambda: link.cut(0, 0))
        self.world.after(ms, host.resume)


def hang_up(link: Link) -> None:
    """The client closes its end."""
    link.is_over_at_client = True
    is_far = link.is_held()
    link.cut(0, HEARTBEAT_BROKER_MS if is_far else 3)
    if is_far:
        link.up.cut(0)


def _remembering() -> Decode:
    """Decode equal frames once: most of them go to everybody."""
    known: dict[bytes, list[Message]] = {}

    def decode(frame: bytes) -> list[Message]:
        messages = known.get(frame)
        if messages is None:
            known[frame] = messages = decode_answers(frame)
        return messages

    return decode


def identity(name: str) -> Identity:
    """The same keys in all runs: making them is slow and no part of what is looked at."""
    return _identity(name, shared.crypto.secret.bindings)


@lru_cache
def _identity(name: str, primitives: object) -> Identity:
    random = CountedRandom(name)
    keypair = (z85_encode(random(32)), z85_encode(random(32)))
    return create_identity(name, "test", 1, random, keypair)


@lru_cache
def _base(count: int, primitives: object) -> tuple[MemoryStorage, list[SimStore]]:
    if not count:
        return MemoryStorage(), []
    simulation = Simulation(count, is_calm=True, count=count)
    simulation.settle()
    return simulation.broker.storage, [host.store for host in simulation.clients]


def base(count: int) -> tuple[MemoryStorage, list[SimStore]]:
    """A class in which so many are members already, for this run alone."""
    storage, stores = _base(count, shared.crypto.secret.bindings)
    return copy_storage(storage), [SimStore(store) for store in stores]


def prepare() -> None:
    """Make the classes that runs begin with, before anything is broken on purpose."""
    for count in range(1, len(NAMES) + 1):
        base(count)


def copy_storage(storage: MemoryStorage) -> MemoryStorage:
    """Another storage with the same content."""
    copy = MemoryStorage()
    copy._logs = {log_id: list(entries) for log_id, entries in storage._logs.items()}
    copy._order = list(storage._order)
    copy._boxes = {place: list(boxes) for place, boxes in storage._boxes.items()}
    copy._cursors, copy._keys, copy._files = (
        dict(storage._cursors),
        dict(storage._keys),
        dict(storage._files),
    )
    return copy
