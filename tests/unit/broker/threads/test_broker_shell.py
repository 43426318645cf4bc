"""The shell of the broker through its ports: what it leaves, whom it cuts off, and what it says of
those who do not take what they are sent.
"""

from __future__ import annotations

from collections.abc import Collection

import pytest

from broker.core.events import (
    Action,
    Disconnect,
    Event,
    FrameMalformed,
    FrameReceived,
    PeerGone,
    PeerLagging,
    Persist,
    ReadBoxes,
    ReadFailed,
    ReadPage,
    ReadPart,
    RegisterKey,
    Report,
    SendTo,
    Stopping,
    Ticked,
    WritePart,
)
from broker.storage.base import Batch
from broker.threads.page_queue import AT_ONCE, MAX_WAITING
from broker.threads.shell import (
    Arrived,
    BrokerShell,
    Ended,
    Mail,
    OwnCallEnded,
    StopRequested,
    Unsent,
)
from shared.codec import encode
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, Ping

ANA, BO = b"ana\0" + b"1" * 16, b"bo\0" + b"2" * 16
PING = encode(Ping(1))


class Scene:
    """A core that orders what a test wants; all ports are this one object."""

    def __init__(self, *orders: Action, names: dict[str, str] | None = None) -> None:
        names = {} if names is None else names
        self.now_ms = 1000
        self.told: list[Event] = []
        self.orders = list(orders)  # for every frame
        self.unsent: list[Unsent] = []
        self.cut_off: list[bytes] = []
        self.committed: list[list[Persist]] = []
        self.ordered: list[ReadPage | ReadBoxes] = []
        self.of_files: list[object] = []
        self.hoarders = 0
        self.shell = BrokerShell(self, link=self, disk=self, names=names, clock=lambda: self.now_ms)

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
        return self.hoarders

    def commit(self, orders: list[Persist]) -> None:
        self.committed.append(orders)

    def read(self, order: ReadPage | ReadBoxes) -> None:
        self.ordered.append(order)

    def write_file(self, order: object) -> None:
        self.of_files.append(order)

    read_file = write_file

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


def test_a_request_to_stop_and_the_fault_of_a_worker_come_as_mail() -> None:
    scene = Scene()
    assert scene.turn(mail=(StopRequested(),)) == [] and scene.shell.is_stopping
    scene.shell.say_goodbye()
    assert scene.told == [Stopping()]
    with pytest.raises(RuntimeError, match="the disk is gone"):
        scene.turn(mail=(OSError("the disk is gone"),))


def test_the_call_to_itself_is_not_counted() -> None:
    scene = Scene(SendTo((ANA,), b"data"))
    scene.turn(ping(), mail=(OwnCallEnded(1, 4),))
    counters = scene.shell.counters
    assert (counters.frames_in, counters.frames_out, counters.bytes_out) == (0, 0, 0)


def test_whoever_asks_for_too_much_of_the_history_is_refused() -> None:
    page, boxes = ReadPage(ANA, DIRECTORY_LOG, 0, 9, 9), ReadBoxes(ANA, b"c" * 16, 0, b"u" * 16)
    scene = Scene(*[page] * (AT_ONCE + MAX_WAITING), page, boxes)
    told = scene.turn(ping())
    assert told[1:] == [ReadFailed(ANA, DIRECTORY_LOG), ReadFailed(ANA, b"c" * 16)]
    assert scene.ordered == [page] * AT_ONCE
    scene.turn(mail=(ReadFailed(ANA, DIRECTORY_LOG),))  # one is done: the next has its turn
    assert scene.ordered == [page] * (AT_ONCE + 1)


def test_what_is_reported_and_who_hoards_is_counted() -> None:
    scene = Scene(Report("registered", "ana"))
    scene.hoarders = 2
    scene.turn(ping())
    scene.shell.turn(is_tick=True)
    assert scene.told[-1] == Ticked(1000) and scene.shell.counters.hoarding == 2


def test_whoever_has_gone_already_is_not_cut_off() -> None:
    scene = Scene(Disconnect(ANA, 500))
    scene.turn(ping())
    scene.turn(Ended(ANA))
    scene.now_ms += 500
    scene.shell.turn(is_tick=True)
    assert scene.cut_off == []


def test_what_is_ordered_of_files_and_keys_goes_to_its_port() -> None:
    scene = Scene(WritePart(ANA, b"f" * 16, 0, b"part"), ReadPart(ANA, b"f" * 16, 0))
    scene.turn(ping())
    assert scene.of_files == scene.orders
    names: dict[str, str] = {}
    scene = Scene(RegisterKey("key", "ana"), names=names)
    scene.turn(ping())
    assert names == {"key": "ana"}
