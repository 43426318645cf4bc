"""Who fills the memory: found by the traffic of the connections, and nobody else is."""

from __future__ import annotations

import socket
import sys

import pytest

from broker.core.events import ReadBoxes, ReadPage
from broker.threads.memory_guard import (
    GROWN_BYTES,
    PAGES_BYTES,
    UNFINISHED_BYTES,
    UNREAD_BYTES,
    MemoryGuard,
    Traffic,
    resident_bytes,
    traffic_of,
)
from broker.threads.page_queue import AT_ONCE, MAX_WAITING, PageTurns
from shared.messages import LogId

MIB = 1024 * 1024
SESSIONS = {7: b"alice", 8: b"bo"}


class Scene:
    """A guard over connections 7 (alice), 8 (bo) and 9 (nobody yet), with traffic and memory that a
    test sets.
    """

    def __init__(self) -> None:
        self.memory = 50 * MIB
        self.traffic = {fd: Traffic(1000, 1000) for fd in (7, 8, 9)}
        self.guard = MemoryGuard(lambda: self.memory, lambda fd: self.traffic.get(fd))
        for fd in self.traffic:
            self.guard.connected(fd)
        assert self.look() == []

    def look(self) -> list[int]:
        return self.guard.look(SESSIONS)

    def grow(self, size: int = 2 * GROWN_BYTES) -> None:
        self.memory += size

    def move(self, fd: int, taken: int = 0, received: int = 0) -> None:
        before = self.traffic[fd]
        self.traffic[fd] = Traffic(before.taken + taken, before.received + received)


def test_as_long_as_the_memory_is_as_usual_nobody_is_looked_at() -> None:
    scene = Scene()
    scene.move(9, received=100 * UNFINISHED_BYTES)
    scene.grow(GROWN_BYTES - MIB)
    assert scene.look() == [] and not scene.guard.is_watching


def test_a_stranger_who_never_says_a_whole_word() -> None:
    scene = Scene()
    scene.move(9, received=UNFINISHED_BYTES + 1)
    scene.grow()
    assert scene.look() == [9] and scene.guard.is_watching


def test_somebody_known_is_judged_by_what_comes_from_now_on() -> None:
    scene = Scene()
    scene.move(7, received=100 * UNFINISHED_BYTES)
    scene.grow()
    assert scene.look() == []
    scene.move(7, received=UNFINISHED_BYTES - 1)
    assert scene.look() == []
    scene.move(7, received=10)
    assert scene.look() == [7]


def test_who_ends_messages_may_send_what_they_like() -> None:
    scene = Scene()
    scene.grow()
    scene.look()
    for _ in range(10):
        scene.move(7, received=UNFINISHED_BYTES + 1)
        scene.guard.heard(b"alice")
        assert scene.look() == []


def test_answers_that_are_never_taken() -> None:
    scene = Scene()
    scene.grow()
    scene.look()
    for _ in range(4):
        scene.guard.sent(7, b"alice", UNREAD_BYTES // 2)
        scene.guard.sent(8, b"bo", UNREAD_BYTES // 2)
        scene.move(8, taken=UNREAD_BYTES // 2)
        found = scene.look()
    assert found == [7]


def test_small_traffic_beside_is_no_credit_for_later() -> None:
    scene = Scene()
    scene.grow()
    scene.look()
    scene.move(7, taken=100 * UNREAD_BYTES)
    assert scene.look() == []
    scene.guard.sent(7, b"alice", UNREAD_BYTES + 1)
    assert scene.look() == [7]


def test_whether_a_reader_takes_its_pages() -> None:
    scene = Scene()
    assert scene.guard.is_reading(7, b"alice") and scene.guard.is_reading(-1, b"gone")
    scene.guard.sent(7, b"alice", PAGES_BYTES - 1)
    assert scene.guard.is_reading(7, b"alice")
    scene.guard.sent(7, b"alice", 1)
    assert not scene.guard.is_reading(7, b"alice")
    scene.move(7, taken=1)
    assert scene.guard.is_reading(7, b"alice")
    scene.move(7, taken=2 * PAGES_BYTES)
    assert scene.guard.is_reading(7, b"alice")
    scene.guard.sent(7, b"alice", PAGES_BYTES)
    assert not scene.guard.is_reading(7, b"alice")
    scene.traffic.pop(7)
    assert scene.guard.is_reading(7, b"alice")


def test_what_has_ended_is_forgotten() -> None:
    scene = Scene()
    scene.move(9, received=UNFINISHED_BYTES + 1)
    scene.guard.ended(9, None)
    scene.guard.sent(7, b"alice", UNREAD_BYTES + 1)
    scene.guard.ended(7, b"alice")
    scene.traffic.pop(8)  # the descriptor is something else by now
    scene.grow()
    assert scene.look() == []


def test_after_a_minute_without_a_finding_it_is_as_usual() -> None:
    scene = Scene()
    scene.grow()
    for _ in range(700):
        scene.look()
    assert not scene.guard.is_watching
    scene.memory = 10 * MIB  # and the usual falls with the memory
    scene.look()
    scene.grow()
    assert scene.look() == [] and scene.guard.is_watching


def test_many_connections_are_looked_at_in_turns() -> None:
    scene = Scene()
    for fd in range(100, 2200):
        scene.traffic[fd] = Traffic(0, 0)
        scene.guard.connected(fd)
    scene.traffic[2199] = Traffic(0, UNFINISHED_BYTES + 1)
    scene.grow(1000 * MIB)
    assert [scene.look(), scene.look(), scene.look()] == [[], [], [2199]]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel")
def test_the_kernel_is_asked_rightly() -> None:
    assert resident_bytes() > 10 * MIB
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as one, server.accept()[0] as other:
            one.sendall(b"x" * 50_000)
            left = 50_000
            while left:
                left -= len(other.recv(left))
            traffic = traffic_of(other.fileno())
            assert traffic is not None and traffic.received == 50_000
        assert traffic_of(server.fileno()) is not None
    assert traffic_of(0) is None or sys.stdin is not None


# --- turns ---


def test_few_pages_of_each_at_a_time_in_their_order() -> None:
    put: list[ReadPage | ReadBoxes] = []
    deaf: set[bytes] = set()
    turns = PageTurns(put.append, lambda session: session not in deaf)
    orders = [ReadPage(b"alice", LogId(bytes(16)), number, 100, 10) for number in range(20)]
    assert all(turns.order(order) for order in orders)
    assert turns.order(ReadBoxes(b"bo", bytes(16), 0, bytes(16)))
    assert put[:AT_ONCE] == orders[:AT_ONCE] and len(put) == AT_ONCE + 1
    deaf.add(b"alice")
    for _ in range(AT_ONCE):
        turns.answered(b"alice")
    turns.tick()
    assert len(put) == AT_ONCE + 1
    deaf.clear()
    turns.tick()
    for _ in range(20 - AT_ONCE):
        turns.answered(b"alice")
    assert [order for order in put if order.session == b"alice"] == orders
    turns.answered(b"bo")
    turns.answered(b"bo")  # of a session that has nothing more
    assert not turns._turns


def test_too_many_waiting_are_refused_and_who_has_gone_is_forgotten() -> None:
    put: list[ReadPage | ReadBoxes] = []
    turns = PageTurns(put.append, lambda session: False)
    order = ReadPage(b"alice", LogId(bytes(16)), 0, 100, 10)
    assert all(turns.order(order) for _ in range(MAX_WAITING)) and not turns.order(order)
    turns.ended(b"alice")
    turns.ended(b"alice")
    turns.answered(b"alice")
    turns.tick()
    assert not put and turns.order(order)
