"""kill -9 of a client in mid-traffic: what it said was saved is sent once, what it received it
has.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.processes.headless import BrokerProcess, HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

ROUNDS, PER_ROUND = 4, 15


def test_killed_sender_sends_what_it_saved_once(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "broker")
    bob = HeadlessClient(tmp_path / "bob", "bob", broker.invitation)
    bob.online()
    alice = HeadlessClient(tmp_path / "alice", "alice", broker.invitation)
    alice.online()
    alice.event("group", group="#general", change="added", members=["alice"])
    saved: list[str] = []
    try:
        for number in range(ROUNDS):
            for item in range(PER_ROUND):
                saved.append(
                    alice.send("send", to="#general", text=f"round {number} item {item}")[
                        "message_id"
                    ]
                )
            alice.kill()
            alice = HeadlessClient(tmp_path / "alice", "alice")
            alice.online()
        bob.event("message", message_id=saved[-1], timeout_s=60)
        got = [line["message_id"] for line in bob.lines if line.get("event") == "message"]
        assert got == saved
    finally:
        for process in (alice, bob, broker):
            process.kill()


def test_killed_receiver_has_everything_once(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "broker")
    alice = HeadlessClient(tmp_path / "alice", "alice", broker.invitation)
    alice.online()
    bob = HeadlessClient(tmp_path / "bob", "bob", broker.invitation)
    bob.online()
    alice.event("group", group="#general", change="added", members=["bob"])
    sent: list[str] = []
    try:
        for number in range(ROUNDS):
            sent += [
                alice.send("send", to="#general", text=f"round {number} item {item}")["message_id"]
                for item in range(PER_ROUND)
            ]
            bob.kill()
            bob = HeadlessClient(tmp_path / "bob", "bob")
            bob.online()
        for message_id in sent:
            alice.event("message_state", message_id=message_id, state="delivered", timeout_s=60)
        history = bob.send("history", of="#general", limit=len(sent) + 10)["messages"]
        assert [message["message_id"] for message in history] == sent
        assert [message["sequence"] for message in history] == sorted(
            {message["sequence"] for message in history}
        )
    finally:
        for process in (alice, bob, broker):
            process.kill()
