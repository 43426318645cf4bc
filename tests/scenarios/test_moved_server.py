"""A server that moves: the broker at another port, and clients that learn it from a new invitation,
once.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.invitations import parse_invitation
from tests.support.processes.class_processes import class_processes
from tests.support.processes.headless import BrokerProcess, HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_clients_follow_a_new_invitation_and_no_stranger(tmp_path: Path) -> None:
    with class_processes(tmp_path / "class") as room:
        old = parse_invitation(room.broker.invitation)
        alice = room.start("alice")
        alice.event("group", group="#general", change="created")
        alice.send("send", to="#general", text="before the move")
        alice.event("message_state", state="stored")
        assert alice.quit() == 0
        room.broker.stop()
        room._port = 0  # the kernel gives it another one
        room.start_broker()
        new = parse_invitation(room.broker.invitation)
        assert new.broker_key == old.broker_key and new.endpoint != old.endpoint
        alice = room.start("alice", room.broker.invitation)
        history = alice.send("history", of="#general", limit=10)["messages"]
        assert [message["text"] for message in history if message.get("text")] == [
            "before the move"
        ]
        assert alice.quit() == 0
        alice = room.start("alice")  # without one: it has kept the new address
        assert alice.quit() == 0
        other = BrokerProcess(tmp_path / "other", 0)
        try:
            refused = HeadlessClient(tmp_path / "class" / "alice", "alice", other.invitation)
            assert refused.finish(30) == 2
            fatal = refused.event("fatal")
            assert (
                fatal["code"] == "invitation_invalid"
                and "belongs to another class" in fatal["message"]
            )
        finally:
            other.kill()
        alice = room.start("alice")  # and it has not lost its way
        assert alice.quit() == 0
        kept = json.loads(
            (tmp_path / "class" / "alice" / "profile.json").read_text(encoding="utf-8")
        )["invitation"]
        assert parse_invitation(kept) == new
