"""A name that is not known is said at once, and the client comes in by itself as soon as it is."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.api.events import ConnectionChanged, Notice, RetryNow, SessionSignedIn, SignInFailed
from client.settings import MINIMAL_COST
from client.threads.network import ClientSession
from client.threads.resolver import NamesUnavailable, NameUnknown
from shared.invitations import Invitation, parse_invitation
from tests.support.processes.headless import HeadlessClient
from tests.support.processes.sockets import BrokerProcess
from tests.support.saying import why

WAIT_S = 20
SAID_S = (
    6  # a name service that says nothing is told of after 5 s; a connection that hangs after 12
)


class Names:
    """A name service for the session under test: fails until it knows the name."""

    def __init__(self) -> None:
        self.known: tuple[str, ...] = ()
        self.error: Exception = NameUnknown()
        self.asked: queue.SimpleQueue[str] = queue.SimpleQueue()

    def resolve(self, host: str, _port: int) -> tuple[str, ...]:
        self.asked.put(host)
        if not self.known:
            raise self.error
        return self.known


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path / "broker")
    yield process
    process.stop()


def wait_for(inbox: queue.SimpleQueue[list[Notice]], kind: type[Notice], code: str = "") -> Notice:
    """The next notice of this kind, with this code."""
    ends = time.monotonic() + WAIT_S
    while True:
        for notice in inbox.get(timeout=ends - time.monotonic()):
            if isinstance(notice, kind) and getattr(notice, "code", "") == code:
                return notice


def session_of(
    folder: Path, invitation: Invitation, names: Names, recovers: bool = False
) -> tuple[ClientSession, queue.SimpleQueue[list[Notice]]]:
    inbox: queue.SimpleQueue[list[Notice]] = queue.SimpleQueue()
    session = ClientSession(
        folder,
        invitation=invitation,
        username="alice",
        passphrase="six words",
        deliver=inbox.put,
        cost=MINIMAL_COST,
        recovers=recovers,
        resolve=names.resolve,
    )
    session.start()
    return session, inbox


def test_the_client_comes_in_when_the_name_is_known(tmp_path: Path, broker: BrokerProcess) -> None:
    names = Names()
    session, inbox = session_of(
        tmp_path / "alice", replace(broker.invitation, host="chat.example.edu"), names
    )
    try:
        unknown = wait_for(inbox, ConnectionChanged, "name_unknown")
        assert isinstance(unknown, ConnectionChanged) and "name of the server is not known" in why(
            unknown
        )
        names.error = NamesUnavailable()
        wait_for(inbox, ConnectionChanged, "names_unavailable")
        names.known = ("127.0.0.1",)
        session.post(RetryNow())
        wait_for(inbox, SessionSignedIn)
        assert names.asked.get(timeout=WAIT_S) == "chat.example.edu"
    finally:
        session.stop()


def test_an_address_that_does_not_answer_is_no_end_if_there_is_another(
    tmp_path: Path, broker: BrokerProcess
) -> None:
    """A server that listens on IPv4 alone, under a name that has an IPv6 address as well."""
    names = Names()
    names.known = ("::1", "127.0.0.1")
    session, inbox = session_of(
        tmp_path / "alice", replace(broker.invitation, host="chat.example.edu"), names
    )
    try:
        wait_for(inbox, ConnectionChanged, "unreachable")
        wait_for(inbox, SessionSignedIn)
    finally:
        session.stop()
    session, inbox = session_of(
        tmp_path / "again",
        replace(broker.invitation, host="chat.example.edu"),
        names,
        recovers=True,
    )
    try:
        wait_for(inbox, SessionSignedIn)
    finally:
        session.stop()


def test_an_account_comes_back_only_if_the_name_is_known(
    tmp_path: Path, broker: BrokerProcess
) -> None:
    names = Names()
    session, inbox = session_of(tmp_path / "alice", broker.invitation, names, recovers=True)
    try:
        failed = wait_for(inbox, SignInFailed, "name_unknown")
        assert isinstance(failed, SignInFailed) and "not known" in why(failed)
    finally:
        session.stop()


def test_a_real_name_that_is_none_is_said_at_once(tmp_path: Path, broker: BrokerProcess) -> None:
    link = replace(parse_invitation(broker.ready["invitation"]), host="something.invalid").encode()
    begun = time.monotonic()
    client = HeadlessClient(tmp_path / "alice", "alice", link)
    try:
        # Unknown where there is a name service, unavailable where there is none: never "cannot be
        # reached".
        said = client.wait_for(lambda line: line.get("state") == "offline" and "code" in line)
        assert said["code"] in ("name_unknown", "names_unavailable"), json.dumps(said)
        assert time.monotonic() - begun < SAID_S
        assert client.send("status")["connection"] in (
            "offline",
            "connecting",
        )  # it goes on trying, and answers
        client.event("connection", state="connecting", since=len(client.lines))
        assert client.quit() == 0
    finally:
        if client.process.poll() is None:
            client.kill()
