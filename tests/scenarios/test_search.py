"""Search with real processes: what was written, edited, deleted, in files, after restarts; nothing
of it on a disk.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.processes.class_processes import class_processes
from tests.support.processes.headless import HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


def search(client: HeadlessClient, query: str, **fields: object) -> list[str]:
    """The texts that are found once the whole history is in the index."""
    while True:
        found = client.send("search", query=query, **fields)
        assert found["ok"], found
        if found["complete"]:
            return [message["text"] for message in found["messages"]]


def test_people_find_what_they_can_read(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bob, carmen = room.start_all("alice", "bob", "carmen")
        alice.send("send", to="#general", text="The nonce must reset on reconnect")
        bob.event("message", text="The nonce must reset on reconnect")
        secret = alice.send("send", to="@bob", text="my nonce is 4711")
        bob.event("message", message_id=secret["message_id"])
        assert search(bob, "nonce") == ["my nonce is 4711", "The nonce must reset on reconnect"]
        assert search(bob, "NONC", **{"in": "#general"}) == ["The nonce must reset on reconnect"]
        carmen.event("message", text="The nonce must reset on reconnect")
        assert search(carmen, "nonce") == ["The nonce must reset on reconnect"]
        assert (
            search(bob, "nonce from:carmen")
            == search(bob, "from:nobody nonce")
            == search(bob, "")
            == []
        )
        alice.send("edit", message_id=secret["message_id"], text="my number is 4711")
        bob.event("edited", message_id=secret["message_id"])
        assert len(search(bob, "nonce")) == 1 and search(bob, '"number is"') == [
            "my number is 4711"
        ]
        draft = tmp_path / "homework_three.py"
        draft.write_text("print()\n", encoding="utf-8")
        sent = alice.send_file("@bob", draft, text="please read")
        bob.event("message", message_id=sent["message_id"])
        assert search(bob, "homework_three") == search(bob, "has:file") == ["please read"]
        bob.kill()
        bob = room.start("bob")
        assert search(bob, "4711") == ["my number is 4711"]
        alice.send("delete", message_id=secret["message_id"])
        bob.event("deleted", message_id=secret["message_id"])
        assert search(bob, "4711") == []
        assert bob.send("search", query="x", limit=0)["code"] == "malformed"
        assert not bob.send("search", query="x", **{"in": "#nowhere"})["ok"]
        asked = alice.send("ask", to="#general", text="Does the nonce reset on reconnect?")
        bob.event("message", message_id=asked["message_id"])
        again = bob.send("similar", text="do we reset the nonce after a reconn", to="@alice")
        assert [message["text"] for message in again["messages"]] == [
            "Does the nonce reset on reconnect?"
        ]
        assert bob.send("similar", text="which port is the right one")["messages"] == []
        assert bob.send("similar", text="x", limit=0)["code"] == "malformed"
        files = [path.read_bytes() for path in (tmp_path / "bob").rglob("*") if path.is_file()]
        assert not any(b"must reset" in data or b"homework_three" in data for data in files)
