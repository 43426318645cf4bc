"""The name of the server: looked up on another thread, unknown in other words than unavailable,
tried again.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable

import pytest

from client.threads.resolver import (
    WAIT_MS,
    NamesUnavailable,
    NameUnknown,
    Resolver,
    is_address,
    resolve_name,
)

Answer = tuple[str, ...] | Exception
WAIT_S = 10


class Lookup:
    """A name service that answers when it is told to."""

    def __init__(self, host: str = "chat.example.edu") -> None:
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.rang = threading.Semaphore(0)
        self.asked = 0
        self.resolver = Resolver(host, 5513, self._resolve, self.rang.release)

    def _resolve(self, _host: str, _port: int) -> tuple[str, ...]:
        self.asked += 1
        answer = self.answers.get(timeout=WAIT_S)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def answer(self, answer: Answer) -> None:
        self.answers.put(answer)
        assert self.rang.acquire(timeout=WAIT_S)


def test_an_address_is_not_looked_up() -> None:
    for host in ("127.0.0.1", "::1", "2001:db8::1"):
        lookup = Lookup(host)
        lookup.resolver.start(0)
        assert lookup.resolver.take(0) == host and not lookup.asked
        assert is_address(host)
    assert not is_address("localhost") and not is_address("")


def test_nothing_waits_for_a_slow_name_service() -> None:
    lookup = Lookup()
    lookup.resolver.start(0)
    assert lookup.resolver.take(1) == "" and lookup.resolver.is_waiting
    assert lookup.resolver.left_ms(1) == WAIT_MS - 1
    lookup.answer(("192.0.2.1",))
    assert lookup.resolver.left_ms(2) == 0
    assert lookup.resolver.take(2) == "192.0.2.1" and not lookup.resolver.is_waiting
    assert lookup.resolver.take(3) == ""  # an address for each attempt


def test_each_attempt_takes_the_next_address() -> None:
    lookup, found = Lookup(), []
    for at in range(3):
        lookup.resolver.start(at)
        lookup.answer(("::1", "127.0.0.1"))
        found.append(lookup.resolver.take(at))
    assert found == ["::1", "127.0.0.1", "::1"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(NameUnknown(), NameUnknown), (NamesUnavailable(), NamesUnavailable), ((), NameUnknown)],
)
def test_a_failure_is_told_once_and_the_next_attempt_asks_again(
    answer: Answer, kind: type[Exception]
) -> None:
    lookup = Lookup()
    lookup.resolver.start(0)
    lookup.answer(answer)
    with pytest.raises(kind):
        lookup.resolver.take(1)
    assert lookup.resolver.take(2) == ""
    lookup.resolver.start(3)
    lookup.answer(("192.0.2.1",))
    assert lookup.resolver.take(4) == "192.0.2.1" and lookup.asked == 2


def test_a_question_that_is_still_open_is_not_asked_twice() -> None:
    lookup = Lookup()
    lookup.resolver.start(0)
    with pytest.raises(NamesUnavailable):
        lookup.resolver.take(WAIT_MS)
    lookup.resolver.start(20_000)
    assert lookup.resolver.take(20_001) == ""
    lookup.answer(("192.0.2.1",))
    assert lookup.resolver.take(20_002) == "192.0.2.1" and lookup.asked == 1


def test_an_answer_to_an_attempt_that_was_given_up_serves_the_next() -> None:
    lookup = Lookup()
    lookup.resolver.start(0)
    lookup.resolver.stop()
    lookup.answer(("192.0.2.1",))
    assert lookup.resolver.take(1) == ""
    lookup.resolver.start(2)
    assert lookup.resolver.take(2) == "192.0.2.1" and lookup.asked == 1


def test_a_name_service_that_breaks_is_told_and_asked_again() -> None:
    lookup = Lookup()
    lookup.resolver.start(0)
    lookup.answer(RuntimeError("broken"))
    with pytest.raises(NamesUnavailable):
        lookup.resolver.take(1)


def failing(error: Exception) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, ""), NameUnknown),
        (socket.gaierror(socket.EAI_FAIL, ""), NameUnknown),
        (socket.gaierror(socket.EAI_AGAIN, ""), NamesUnavailable),
        (socket.gaierror(socket.EAI_MEMORY, ""), NamesUnavailable),
        (OSError(24, "Too many open files"), NamesUnavailable),
    ],
)
def test_what_the_system_says(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", failing(error))
    with pytest.raises(kind):
        resolve_name("chat.example.edu", 5513)


def test_names_that_are_none() -> None:
    for host in ("a" * 64, "a..b", "a\0b", "something.invalid", "xn--" + "a" * 70):
        with pytest.raises((NameUnknown, NamesUnavailable)):
            resolve_name(host, 5513)
    for host in ("a" * 64, "a..b", "a\0b"):
        with pytest.raises(NameUnknown):
            resolve_name(host, 5513)


def test_this_machine_has_a_name() -> None:
    assert set(resolve_name("localhost", 5513)) & {"127.0.0.1", "::1"}
