"""The shell of the broker through its ports: what it leaves, whom it cuts off, and what it says of
those who do not take what they are sent.
"""

from __future__ import annotations

from collections.abc import Collection

from broker.core.events import (
    Action,
    Disconnect,
    Event,
    FrameMalformed,
    FrameReceived,
    PeerGone,
    PeerLagging,
    Persist,
    SendTo,
)
from broker.storage.base import Batch
from broker.threads.shell import Arrived, BrokerShell, Ended, Mail, Unsent
from shared.codec import encode
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, Ping

ANA, BO = b"ana\0" + b"1" * 16, b"bo\0" + b"2" * 16
PING = encode(Ping(1))


class Scene:
    """A core that orders what a test wants; all ports are this one object."""

    def __init__(self, *orders: Action) -> None:
        self.now_ms = 1000
        self.told: list[Event] = []
        self.orders = list(orders)  # for every frame
        self.unsent: list[Unsent] = []
        self.cut_off: list[bytes] = []
        self.committed: list[list[Persist]] = []
        self.shell = BrokerShell(self, link=self, disk=self, names={}, clock=lambda: self.now_ms)

    def handle(self, event: Event) -> list[Action]:
        self.told.append(event)
        return self.orders if isinstance(event, FrameReceived) else []

    def send(self, sessions: Collection[bytes], data: bytes) -> list[Unsent]:
        return self.unsent

    def is_reading(self, session: bytes) -> bool:
        return True

    def cut(self, session: bytes) -> None:
        self.cut_off.append(session)

    def cut_hoarders(self) -> int:
        return 0

    def commit(self, orders: list[Persist]) -> None:
        self.committed.append(orders)

    def read(self, order: object) -> None:
        raise AssertionError(order)

    write_file = read_file = read

    def turn(self, *arrivals: Arrived | Ended, mail: tuple[Mail, ...] = ()) -> list[Event]:
        """One turn; what the core was told in it."""
        self.told = []
        self.shell.turn(mail, arrivals)
        return self.told


def ping(session: bytes = ANA, user: str = "ana", parts: int = 1) -> Arrived:
    return Arrived(session, user, "key", PING, parts)


def test_one_turn_is_one_commit_and_what_is_too_much_for_it_is_left() -> None:
    entry = Entry(1, int(EntryKind.MESSAGE), 1, b"s" * 16, b"m" * 16, b"", b"")
    batch = Batch(entries=[(DIRECTORY_LOG, entry)] * 100)
    scene = Scene(Persist(7, batch))
    arrivals = iter([ping() for _ in range(5)])
    scene.shell.turn(arrivals=arrivals)
    assert [len(orders) for orders in scene.committed] == [3] and len(list(arrivals)) == 2


def test_a_name_that_zap_did_not_give_is_cut_off_and_not_read() -> None:
    scene = Scene()
    assert scene.turn(ping(user="bo"), ping()) == []  # the second: it is told to go already
    assert scene.cut_off == [ANA] and scene.shell.counters.forged == 1
    assert scene.turn(Ended(ANA), ping()) != []  # a connection of that number that came later


def test_more_than_one_frame_is_malformed_and_very_many_end_it() -> None:
    scene = Scene()
    assert scene.turn(ping(parts=2)) == [FrameMalformed(ANA, "ana", "key", 1000)]
    assert scene.turn(ping(parts=9)) == [PeerGone(ANA)] and scene.cut_off == [ANA]


def test_who_does_not_take_what_is_sent_lags_or_is_gone() -> None:
    scene = Scene(SendTo((ANA, BO), b"data"))
    scene.unsent = [Unsent(ANA, is_gone=False), Unsent(BO, is_gone=True)]
    assert scene.turn(ping())[1:] == [PeerLagging(ANA, 1000), PeerGone(BO)]
    assert scene.shell.counters.frames_out == 2


def test_whoever_is_told_to_go_has_their_time_and_is_not_read_meanwhile() -> None:
    scene = Scene(Disconnect(ANA, 500))
    scene.turn(ping())
    scene.now_ms += 499
    scene.shell.turn(is_tick=True)
    assert scene.cut_off == [] and scene.shell.has_to_cut and scene.turn(ping()) == []
    scene.now_ms += 1
    scene.shell.turn(is_tick=True)
    assert scene.cut_off == [ANA] and not scene.shell.has_to_cut
