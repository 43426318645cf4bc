"""The shell of the client through its ports: what is told to the core, in which order, and when."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import zmq

from client.api.events import Command, Quit, RetryNow, SessionSignedIn
from client.core.state.effects import (
    CommandPosted,
    Connect,
    ConnectionFailed,
    ConnectionOpened,
    DropPreview,
    Effect,
    Event,
    FindText,
    Halt,
    Moment,
    Received,
    Send,
    Tell,
    Ticked,
)
from client.threads.mailbox import Mailbox
from client.threads.shell import SUSPEND_MS, ClientShell
from shared.codec import encode
from shared.messages import Ping, Pong
from tests.bench.client import Arriving, MemoryStore, Outlet


class Scene:
    """A core that orders what a test wants, and a connection that takes frames or does not."""

    def __init__(self) -> None:
        self.now = Moment(1000, 5000)
        self.told: list[Event] = []
        self.orders: list[list[Effect]] = []
        self.arriving = Arriving()
        self.sent: list[bytes] = []
        self.happened: list[str] = []
        self.is_dialled = self.takes = True
        self.next_wake_ms: int | None = None
        self.searches: list[object] = []
        self.file_orders: list[object] = []
        self.shell = ClientShell(
            self,
            clock=lambda: self.now,
            link=self,
            store=MemoryStore(),
            files=Outlet(self.file_orders.append),
            search=Outlet(self.searches.append),
            deliver=lambda notices: self.happened.append("told"),
            signed_in=lambda: self.happened.append("noted"),
        )

    def handle_batch(self, batch: Iterable[Event]) -> list[Effect]:
        self.told += batch
        return self.orders.pop(0) if self.orders else []

    def open(self, now: Moment) -> None:
        self.is_dialled = True

    def close(self) -> None:
        self.is_dialled = False

    def frames(self, limit: int) -> Iterable[bytes]:
        return self.arriving.take_frames(limit)

    def events(self, now: Moment) -> list[str]:
        return self.arriving.take_events()

    def send(self, frame: bytes) -> bool:
        self.sent.append(frame)
        return self.takes

    def turn(self, *posted: Command) -> list[Event]:
        """One turn; what the core was told in it."""
        self.told = []
        self.shell.turn(posted)
        return self.told


def test_a_turn_in_which_nothing_happened_tells_nothing() -> None:
    assert Scene().turn() == []


def test_frames_come_before_the_end_of_their_connection_then_orders_then_time() -> None:
    scene = Scene()
    scene.arriving.events.append("lost")
    scene.arriving.frames.append(encode(Pong(4)))
    scene.next_wake_ms = scene.now.steady_ms
    order, at = RetryNow(), scene.now
    assert scene.turn(order) == [
        Received(at, Pong(4)),
        ConnectionFailed(at, "lost"),
        CommandPosted(at, order),
        Ticked(at),
    ]


def test_what_cannot_be_read_ends_the_connection() -> None:
    scene = Scene()
    scene.arriving.events.append("opened")
    scene.arriving.frames.append(b"no frame")
    assert scene.turn() == [
        ConnectionFailed(scene.now, "malformed"),
        ConnectionOpened(scene.now),
    ]


@pytest.mark.parametrize("is_dialled", [True, False])
def test_after_a_sleep_of_the_computer_the_connection_is_dead(is_dialled: bool) -> None:
    scene = Scene()
    scene.is_dialled = is_dialled
    scene.now = Moment(2000, 6000 + SUSPEND_MS)
    assert scene.turn() == []  # as long as it may take to look away
    scene.now = Moment(3000, 7001 + 2 * SUSPEND_MS)
    assert scene.turn() == ([ConnectionFailed(scene.now, "lost")] if is_dialled else [])


def test_a_connection_that_takes_no_more_is_told_as_lost() -> None:
    scene = Scene()
    scene.takes = False
    scene.orders = [[Send(Ping(1))]]
    told = scene.turn(RetryNow())
    assert told[1:] == [ConnectionFailed(scene.now, "lost")] and len(scene.sent) == 1


def test_without_a_connection_nothing_is_sent() -> None:
    scene = Scene()
    scene.is_dialled = False
    scene.orders = [[Send(Ping(1)), Connect()]]
    scene.turn(RetryNow())
    assert scene.sent == [] and scene.is_dialled


def test_a_search_is_for_the_index_and_a_file_for_the_thread_of_files() -> None:
    scene = Scene()
    search, file = FindText(1, "match", b"", b"", False, 10), DropPreview(b"f" * 16)
    scene.orders = [[search, file]]
    scene.turn(RetryNow())
    assert scene.searches == [search] and scene.file_orders == [file]


def test_that_the_account_is_there_is_noted_before_anybody_is_told() -> None:
    scene = Scene()
    scene.orders = [[Tell(SessionSignedIn("ana", 0, "Class"))]]
    scene.turn(RetryNow())
    assert scene.happened == ["noted", "told"]


def test_the_core_says_when_to_wake() -> None:
    scene = Scene()
    assert scene.shell.next_wake_ms is None
    scene.next_wake_ms = 1001
    assert scene.shell.next_wake_ms == 1001 and scene.turn() == []


def test_halt_ends_it() -> None:
    scene = Scene()
    scene.orders = [[Halt()]]
    scene.turn(Quit())
    assert scene.shell.has_ended


def test_a_mailbox_wakes_whoever_waits_and_keeps_the_order() -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    mailbox: Mailbox[int] = Mailbox(context)
    poller = zmq.Poller()
    mailbox.register(poller)
    assert not poller.poll(0)
    for item in range(5):
        mailbox.post(item)
    assert poller.poll(5000) and mailbox.has_items
    assert mailbox.take(3) == [0, 1, 2] and mailbox.take(3) == [3, 4] and mailbox.take(3) == []
    mailbox.ring()
    assert poller.poll(5000) and mailbox.take(3) == []
    assert not poller.poll(0)
    mailbox.close()
    mailbox.close()
    mailbox.post(9)  # nobody is there any more; nothing is raised
    context.term()
