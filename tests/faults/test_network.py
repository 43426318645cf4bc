"""The line breaks again and again, or one member stands still: nothing is lost, doubled or out of
order.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.invitations import parse_invitation
from tests.support.processes.headless import BrokerProcess, HeadlessClient
from tools.tapped_line import TappedLine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

CUTS, PER_CUT = 6, 12


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path / "broker")
    yield process
    if process.process.poll() is None:
        process.stop()


def test_a_line_that_is_cut_while_sending(tmp_path: Path, broker: BrokerProcess) -> None:
    line = TappedLine(broker.port)
    over_the_line = replace(parse_invitation(broker.invitation), port=line.port).encode()
    bob = HeadlessClient(tmp_path / "bob", "bob", broker.invitation)
    bob.online()
    alice = HeadlessClient(tmp_path / "alice", "alice", over_the_line)
    alice.online()
    try:
        alice.event("group", group="#general", change="added", members=["alice"])
        sent: list[str] = []
        for cut in range(CUTS):
            known = len(alice.lines)
            for item in range(PER_CUT):
                sent.append(
                    alice.send("send", to="#general", text=f"cut {cut} item {item}")["message_id"]
                )
            line.cut()
            alice.event("connection", state="offline", since=known)
            alice.online(since=known)
        for message_id in sent:
            alice.event("message_state", message_id=message_id, state="stored", timeout_s=60)
        bob.event("message", message_id=sent[-1], timeout_s=60)
        got = [each["message_id"] for each in bob.lines if each.get("event") == "message"]
        assert got == sent
    finally:
        line.close()
        for client in (alice, bob):
            client.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process with a POSIX signal")
def test_a_member_that_stands_still_disturbs_nobody(tmp_path: Path, broker: BrokerProcess) -> None:
    people = [
        HeadlessClient(tmp_path / name, name, broker.invitation)
        for name in ("alice", "bob", "carmen")
    ]
    alice, bob, carmen = people
    for person in people:
        person.online()
    try:
        for name in ("bob", "carmen"):
            alice.event("presence", username=name, online=True)
        alice.send("create_group", name="Team", members=["bob", "carmen"])
        for person in (bob, carmen):
            person.event("group", group="#Team", change="created")
        os.kill(carmen.process.pid, signal.SIGSTOP)
        sent = [
            alice.send("send", to="#Team", text=f"message {number}")["message_id"]
            for number in range(30)
        ]
        bob.event("message", message_id=sent[-1])
        for message_id in sent:
            alice.event("message_state", message_id=message_id, state="stored")
        os.kill(carmen.process.pid, signal.SIGCONT)
        carmen.event("message", message_id=sent[-1])
        for person in (bob, carmen):
            assert [
                each["message_id"] for each in person.lines if each.get("event") == "message"
            ] == sent
        alice.event("message_state", message_id=sent[-1], state="delivered")
    finally:
        os.kill(carmen.process.pid, signal.SIGCONT)
        for person in people:
            person.kill()
