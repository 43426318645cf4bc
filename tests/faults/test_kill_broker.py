"""kill -9 of the broker in mid-traffic: nothing acknowledged is lost, nothing comes twice, order is
kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.processes.headless import BrokerProcess, HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

MESSAGES, KILLS = 90, 3


def test_killed_broker_loses_nothing(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "broker")
    alice = HeadlessClient(tmp_path / "alice", "alice", broker.invitation)
    alice.online()
    bob = HeadlessClient(tmp_path / "bob", "bob", broker.invitation)
    bob.online()
    alice.event("group", group="#general", change="added", members=["bob"])
    sent: list[str] = []
    try:
        for number in range(MESSAGES):
            sent.append(alice.send("send", to="#general", text=f"message {number}")["message_id"])
            if number % (MESSAGES // KILLS) == MESSAGES // KILLS // 2:
                # Kill while this message is on its way, whatever stage it has reached.
                alice.event("message_state", message_id=sent[-1], state="sent")
                broker.kill()
                broker = BrokerProcess(tmp_path / "broker", broker.port)
        for message_id in sent:
            alice.event("message_state", message_id=message_id, state="stored", timeout_s=60)
        bob.event("message", text=f"message {MESSAGES - 1}", timeout_s=60)
        got = [line["message_id"] for line in bob.lines if line.get("event") == "message"]
        assert [sent.index(item) for item in got] == list(range(MESSAGES))
        history = bob.send("history", of="#general", limit=MESSAGES + 10)["messages"]
        assert [message["message_id"] for message in history] == sent
    finally:
        for process in (alice, bob, broker):
            process.kill()
