"""A computer is lost: the account and its whole history come back on another one, by name and
passphrase alone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes.class_processes import ClassProcesses, class_processes
from tests.support.processes.headless import HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def recover(
    room: ClassProcesses, folder: Path, name: str, passphrase: str = "six words"
) -> HeadlessClient:
    return HeadlessClient(
        folder / f"new-{name}", name, room.broker.invitation, passphrase, "--recover"
    )


def fatal(client: HeadlessClient) -> tuple[str, int]:
    return client.event("fatal")["code"], client.finish()


def test_a_lost_computer_loses_nothing(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bob = room.start_all("alice", "bob")
        assert alice.send("create_group", name="team", members=["bob"])["ok"]
        bob.event("group", group="#team", change="created")
        ours = alice.send("send", to="#team", text="before the loss")
        theirs = bob.send("send", to="@alice", text="a direct one")
        alice.event("message", message_id=theirs["message_id"])
        alice.event("message_state", message_id=ours["message_id"], state="delivered")
        alice.kill()
        shutil.rmtree(tmp_path / "alice")

        assert fatal(recover(room, tmp_path, "alice", "seven words")) == ("wrong_passphrase", 4)
        assert fatal(recover(room, tmp_path, "nobody")) == ("no_recovery", 3)
        again = recover(room, tmp_path, "alice")
        again.online()
        assert again.event("message", message_id=theirs["message_id"])["text"] == "a direct one"
        again.event("group", group="#team", change="created")
        history = again.send("history", of="#team")["messages"]
        assert [one["text"] for one in history] == ["before the loss"]
        more = again.send("send", to="#team", text="here again")
        assert bob.event("message", message_id=more["message_id"])["from"] == "alice"
        assert not any(
            line.get("event") == "trust" and line["change"] == "changed" for line in bob.lines
        )
        assert again.quit() == 0
        # The profile is whole: it opens without the server's help, and a second recovery into it is
        # refused.
        assert fatal(recover(room, tmp_path, "alice")) == ("profile_exists", 2)
        opened = HeadlessClient(tmp_path / "new-alice", "alice")
        opened.online()
        assert opened.quit() == 0


def test_the_server_keeps_what_it_was_given_over_a_restart(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        assert room.start("alice").quit() == 0
        room.kill_broker()
        room.start_broker()
        again = recover(room, tmp_path, "alice")
        again.online()
        assert again.quit() == 0


def test_without_a_server_nothing_comes_back(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        room.start("alice").quit()
        invitation = room.broker.invitation
        room.kill_broker()
        lost = HeadlessClient(tmp_path / "new-alice", "alice", invitation, "six words", "--recover")
        assert fatal(lost) == ("unreachable", 3)
        assert not (tmp_path / "new-alice" / "identity.bin").exists()
        bare = [sys.executable, "run_client.py", "--headless", "--recover", "--username", "alice"]
        done = subprocess.run(bare, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 2
