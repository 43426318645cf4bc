"""Two people, a real broker, real headless clients: writing, groups, restarts, kills, and refusals
at the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.processes.class_processes import class_processes
from tests.support.processes.headless import BrokerProcess, HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

Start = Callable[..., HeadlessClient]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path / "broker")
    yield process
    if process.process.poll() is None:
        process.stop()


@pytest.fixture
def start(tmp_path: Path, broker: BrokerProcess) -> Iterator[Start]:
    running: list[HeadlessClient] = []

    def begin(name: str, **options: str) -> HeadlessClient:
        is_first = not (tmp_path / name).exists()
        options.setdefault("invitation", broker.invitation if is_first else "")
        client = HeadlessClient(tmp_path / name, name, **options)
        running.append(client)
        return client

    yield begin
    for client in running:
        if client.process.poll() is None:
            client.kill()


def both(start: Start) -> tuple[HeadlessClient, HeadlessClient]:
    alice = start("alice")
    alice.online()
    alice.event("group", group="#general", change="created")
    bob = start("bob")
    bob.online()
    alice.event("group", group="#general", change="added", members=["bob"])
    alice.event("group", group="#announcements", change="added", members=["bob"])
    bob.event("trust", username="alice")
    return alice, bob


def test_writing_to_each_other_and_in_groups(start: Start) -> None:
    alice, bob = both(start)
    sent = alice.send("send", to="@bob", text="Hello Bob")
    got = bob.event("message", text="Hello Bob")
    assert (
        got["conversation"] == "@alice"
        and got["from"] == "alice"
        and got["message_id"] == sent["message_id"]
    )
    alice.event("message_state", message_id=sent["message_id"], state="stored")
    alice.event("message_state", message_id=sent["message_id"], state="delivered")
    bob.send("send", to="@alice", text="Hi", reply_to=sent["message_id"])
    assert alice.event("message", text="Hi")["reply_to"] == sent["message_id"]

    bob.send("send", to="#general", text="All together")
    assert alice.event("message", text="All together")["conversation"] == "#general"

    assert alice.send("create_group", name="Team 7", members=["bob"])["group"] == "#Team 7"
    bob.event("group", group="#Team 7", change="created")
    alice.send("send", to="#Team 7", text="Only us")
    assert bob.event("message", text="Only us")["conversation"] == "#Team 7"
    assert [m["text"] for m in bob.send("history", of="@alice")["messages"]] == ["Hello Bob", "Hi"]
    assert (
        bob.send("safety_number", of="@alice")["digits"]
        == alice.send("safety_number", of="@bob")["digits"]
    )
    assert alice.quit() == 0 and bob.quit() == 0


def test_what_was_written_offline_arrives_after_a_restart(
    start: Start, broker: BrokerProcess, tmp_path: Path
) -> None:
    alice, bob = both(start)
    alice.send("send", to="@bob", text="one")
    bob.event("message", text="one")
    assert bob.quit() == 0
    assert broker.stop() == 0
    alice.event("connection", state="offline")
    texts = [f"offline {number}" for number in range(10)]
    for text in texts:
        assert alice.send("send", to="@bob", text=text)["ok"]
    alice.kill()
    again = BrokerProcess(tmp_path / "broker", broker.port)
    try:
        alice, bob = start("alice"), start("bob")
        bob.event("message", text=texts[-1])
        got = [line["text"] for line in bob.lines if line.get("event") == "message"]
        assert got == texts
        alice.event("message_state", state="delivered")
        assert alice.quit() == 0 and bob.quit() == 0
    finally:
        again.stop()


def test_a_killed_client_shows_every_message_once(start: Start) -> None:
    alice, bob = both(start)
    for number in range(20):
        alice.post("send", to="@bob", text=f"m{number}")
    alice.wait_for(lambda line: line.get("reply") == 20)
    alice.kill()
    alice = start("alice")
    alice.online()
    bob.event("message", text="m19")
    assert [line["text"] for line in bob.lines if line.get("event") == "message"] == [
        f"m{n}" for n in range(20)
    ]
    last = alice.send("send", to="@bob", text="the end")["message_id"]
    alice.event(
        "message_state", message_id=last, state="stored"
    )  # then all before it is here as well
    history = [m["text"] for m in alice.send("history", of="@bob")["messages"]]
    assert history == [*(f"m{n}" for n in range(20)), "the end"]
    assert not [line for line in bob.lines if line.get("event") == "quarantined"]


def test_members_come_and_go(start: Start) -> None:
    alice, bob = both(start)
    alice.send("create_group", name="team", members=["bob"])
    alice.send("send", to="#team", text="before")
    bob.event("message", text="before")
    carmen = start("carmen")
    carmen.event("trust", username="alice")
    alice.event("trust", username="carmen")
    assert alice.send("add_members", group="#team", members=["carmen"])["ok"]
    carmen.event("message", text="before")
    assert alice.send("remove_members", group="#team", members=["bob"])["ok"]
    bob.event("group", group="#team", change="removed")
    alice.send("send", to="#team", text="after")
    carmen.event("message", text="after")
    assert bob.send("send", to="#team", text="still here")["code"] == "not_a_member"
    assert "after" not in [m["text"] for m in bob.send("history", of="#team")["messages"]]
    assert carmen.send("leave", group="team")["ok"]
    alice.event("group", group="#team", change="left")
    alice.send("send", to="#team", text="alone")
    alice.event("message_state", state="stored")


def test_acts_on_messages(start: Start) -> None:
    alice, bob = both(start)
    sent = alice.send("send", to="@bob", text="frist")["message_id"]
    bob.event("message", text="frist")
    alice.event("message_state", message_id=sent, state="delivered")
    alice.send("edit", message_id=sent, text="first")
    assert bob.event("edited", message_id=sent)["text"] == "first"
    bob.send("react", message_id=sent, emoji="👍")
    assert alice.event("reacted", message_id=sent)["emoji"] == "👍"
    alice.send("delete", message_id=sent)
    bob.event("deleted", message_id=sent)
    assert bob.send("edit", message_id=sent, text="x")["ok"] is False


def test_refusals_at_the_door(start: Start, broker: BrokerProcess, tmp_path: Path) -> None:
    alice = start("alice")
    alice.online()
    busy = start("alice")
    assert busy.event("fatal")["code"] == "profile_in_use" and busy.finish() == 5
    assert alice.quit() == 0
    wrong = start("alice", passphrase="not it")
    assert wrong.event("fatal")["code"] == "wrong_passphrase" and wrong.finish() == 4
    taken = HeadlessClient(tmp_path / "other", "alice", broker.invitation)
    fatal = taken.event("fatal")
    assert fatal["code"] == "name_taken" and len(fatal["suggestions"]) == 2 and taken.finish() == 3
    free = HeadlessClient(tmp_path / "other", fatal["suggestions"][0], broker.invitation)
    free.online()
    assert free.quit() == 0
    code = broker.invitation.replace("code=", "code=x")
    refused = HeadlessClient(tmp_path / "third", "carl", code)
    assert refused.event("fatal")["code"] == "wrong_code" and refused.finish() == 3
    none = HeadlessClient(tmp_path / "fourth", "dora")
    assert none.event("fatal")["code"] == "invitation_invalid" and none.finish() == 2


def test_a_server_with_another_key_is_named(broker: BrokerProcess, tmp_path: Path) -> None:
    head, _, rest = broker.invitation.partition("key=")
    forged = f"{head}key={'A' * 43}{rest[43:]}"
    client = HeadlessClient(tmp_path / "eve", "eve", forged)
    fatal = client.event("fatal")
    assert fatal["code"] == "server_key_mismatch" and client.finish() == 3


def test_questions_and_pins(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bob = room.start_all("alice", "bob")
        asked = alice.send("ask", to="#general", text="Does the nonce reset?")
        got = bob.event("message", message_id=asked["message_id"])
        assert (got["question"], got["answers"]) == ("open", 0)
        (open_one,) = bob.send("questions", of="#general", unanswered=True)["messages"]
        assert open_one["text"] == got["text"]
        reply = bob.send("send", to="#general", text="It must not.", reply_to=asked["message_id"])
        alice.event("message", message_id=reply["message_id"])
        assert bob.send("questions", of="#general", unanswered=True)["messages"] == []
        assert bob.send("accept", message_id=reply["message_id"])["code"] == "not_allowed"
        assert alice.send("accept", message_id=reply["message_id"])["ok"]
        assert bob.event("accepted", message_id=reply["message_id"])["removed"] is False
        (listed,) = bob.send("questions", of="#general")["messages"]
        assert (listed["question"], listed["answers"]) == ("accepted", 1)
        assert (
            bob.send("pin", message_id=reply["message_id"])["code"] == "not_allowed"
        )  # staff pins in class channels
        direct = bob.send("send", to="@alice", text="Room 204")
        alice.event("message", message_id=direct["message_id"])
        assert alice.send("pin", message_id=direct["message_id"])["ok"]
        bob.event("pinned", message_id=direct["message_id"])
        bob.kill()
        bob = room.start("bob")
        (pinned,) = bob.send("pins", of="@alice")["messages"]
        assert pinned["text"] == "Room 204" and pinned["pinned"]


def test_muting_and_banning(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        prof = room.start("prof", room.broker.instructor_invitation)
        bob = room.start("bob")
        prof.event("group", group="#general", change="added", members=["bob"])
        bob.event("trust", username="prof")
        assert bob.send("restrict", of="@prof", restriction="muted")["code"] == "not_allowed"
        assert prof.send("restrict", of="@bob", restriction="silent")["code"] == "malformed"
        assert prof.send("restrict", of="@bob", restriction="muted")["ok"]
        prof.send("send", to="#general", text="after it")
        bob.event("message", text="after it")
        assert not bob.send("send", to="#general", text="but")["ok"]
        assert bob.send("send", to="@prof", text="I am sorry")["ok"]
        prof.event("message", text="I am sorry")
        (listed,) = [one for one in prof.send("people")["people"] if one["username"] == "bob"]
        assert listed["restriction"] == "muted"
        assert prof.send("restrict", of="@bob", restriction="banned")["ok"]
        assert bob.event("connection", state="refused")["code"] == "banned"
        bob.kill()
        bob = room.begin("bob")
        assert bob.event("connection", state="refused")["code"] == "banned"
        assert prof.send("restrict", of="@bob", restriction="none")["ok"]
        bob.kill()
        bob = room.start("bob")
        while any(one["restriction"] != "none" for one in bob.send("people")["people"]):
            pass  # until the directory is read
        assert bob.send("send", to="#general", text="back again")["ok"]
        prof.event("message", text="back again")
