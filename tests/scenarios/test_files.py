"""Files between real processes: sent, saved, resumed, refused, versions of a draft; always
bit-equal.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from shared.invitations import parse_invitation
from tests.support.processes.class_processes import class_processes
from tools.tapped_line import TappedLine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MIB = 1024 * 1024


def draft(tmp_path: Path, size: int = 3 * MIB + 17, name: str = "hw1.bin") -> Path:
    path = tmp_path / "sources" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(os.urandom(size))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def broker_bytes(data_dir: Path) -> int:
    return sum(path.stat().st_size for path in (data_dir / "files").rglob("*") if path.is_file())


def test_a_file_arrives_verified_and_without_the_right_to_execute(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bob = room.start_all("alice", "bob")
        path = draft(tmp_path)
        path.chmod(0o755)
        sent = alice.send_file("@bob", path, text="My draft")
        assert (
            sent["sha256"] == sha256(path)
            and sent["bytes_done"] == sent["size"] == path.stat().st_size
        )
        alice.event("message_state", message_id=sent["message_id"], state="delivered")
        got = bob.event("message", message_id=sent["message_id"])
        assert (got["text"], got["file"]["name"], got["file"]["sha256"]) == (
            "My draft",
            "hw1.bin",
            sha256(path),
        )
        inbox = tmp_path / "inbox"
        inbox.mkdir()
        saved = bob.save_file(sent["message_id"], inbox)
        assert saved["sha256"] == sha256(path) and Path(saved["path"]) == inbox / "hw1.bin"
        assert (inbox / "hw1.bin").read_bytes() == path.read_bytes()
        assert stat.S_IMODE((inbox / "hw1.bin").stat().st_mode) & 0o111 == 0
        again = bob.send("save_file", transfer_id=got["file"]["transfer_id"], path=str(inbox))
        assert Path(bob.transfer(again["transfer_id"], "done")["path"]) == inbox / "hw1 (2).bin"
        own = alice.save_file(sent["message_id"], tmp_path / "back.bin")
        assert sha256(Path(own["path"])) == sha256(path)
        assert [one["state"] for one in bob.send("transfers")["transfers"]] == ["done", "done"]
        assert sorted(os.listdir(inbox)) == ["hw1 (2).bin", "hw1.bin"]


def test_the_group_is_served_from_one_upload_also_who_was_away_and_who_joins_later(
    tmp_path: Path,
) -> None:
    with class_processes(tmp_path) as room:
        alice, bob, carmen = room.start_all("alice", "bob", "carmen")
        assert alice.send("create_group", name="team", members=["bob", "carmen"])["ok"]
        carmen.event("group", group="#team", change="created")
        assert carmen.quit() == 0
        path = draft(tmp_path)
        sent = alice.send_file("#team", path)
        bob.event("message", message_id=sent["message_id"])
        carmen = room.start("carmen")
        carmen.event("message", message_id=sent["message_id"])
        dora = room.start("dora")
        alice.event("trust", username="dora")
        assert alice.send("add_members", group="#team", members=["dora"])["ok"]
        dora.event("message", message_id=sent["message_id"])
        for client in (bob, carmen, dora):
            saved = client.save_file(sent["message_id"], tmp_path / f"{client.username}.bin")
            assert sha256(Path(saved["path"])) == sha256(path)
        assert path.stat().st_size < broker_bytes(room.data_dir) < 1.01 * path.stat().st_size
        assert alice.send("remove_members", group="#team", members=["bob"])["ok"]
        bob.event("group", group="#team", change="removed")
        refused = bob.send(
            "save_file", message_id=sent["message_id"], path=str(tmp_path / "no.bin")
        )
        failed = bob.transfer(refused["transfer_id"], "failed")
        assert failed["code"] == "not_a_member" and not (tmp_path / "no.bin").exists()


def test_pause_resume_and_cancel_on_both_sides(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        line = TappedLine(room.broker.port, rate=8 * MIB)
        slow = replace(parse_invitation(room.broker.invitation), port=line.port).encode()
        bob = room.start("bob")
        alice = room.start("alice", slow)
        bob.event("trust", username="alice")
        alice.event("trust", username="bob")
        path = draft(tmp_path, 6 * MIB)
        sent = alice.send("send_file", to="@bob", path=str(path))
        alice.transfer(sent["transfer_id"], "active")
        assert alice.send("pause", transfer_id=sent["transfer_id"])["ok"]
        paused = alice.transfer(sent["transfer_id"], "paused")
        assert paused["bytes_done"] < paused["size"]
        alice.kill()
        alice = room.start("alice")
        (listed,) = alice.send("transfers")["transfers"]
        assert listed["state"] == "paused"
        passed = len(line.captured)
        assert alice.send("resume", transfer_id=sent["transfer_id"])["ok"]
        alice.transfer(sent["transfer_id"], "done")
        assert len(line.captured) - passed < path.stat().st_size - listed["bytes_done"] + 2 * MIB
        bob.event("message", message_id=sent["message_id"])

        other = draft(tmp_path, 6 * MIB, "other.bin")
        given_up = alice.send("send_file", to="@bob", path=str(other))
        alice.moving(given_up["transfer_id"])
        assert alice.send("cancel", transfer_id=given_up["transfer_id"])["ok"]
        alice.event("transfer", transfer_id=given_up["transfer_id"], code="cancelled")
        assert not alice.send("resume", transfer_id=given_up["transfer_id"])["ok"]

        back = alice.send(
            "save_file", message_id=sent["message_id"], path=str(tmp_path / "back.bin")
        )
        alice.moving(back["transfer_id"])
        assert alice.send("pause", transfer_id=back["transfer_id"])["ok"]
        alice.kill()
        assert not (tmp_path / "back.bin").exists() and list(tmp_path.glob(".*.part"))
        alice = room.start("alice")
        assert alice.send("resume", transfer_id=back["transfer_id"])["ok"]
        alice.transfer(back["transfer_id"], "done")
        assert sha256(tmp_path / "back.bin") == sha256(path) and not list(tmp_path.glob(".*.part"))
        dropped = alice.send(
            "save_file", message_id=sent["message_id"], path=str(tmp_path / "dropped.bin")
        )
        alice.moving(dropped["transfer_id"])
        assert alice.send("cancel", transfer_id=dropped["transfer_id"])["ok"]
        alice.event("transfer", transfer_id=dropped["transfer_id"], code="cancelled")
        assert alice.send("send", to="@bob", text="still here")["ok"]
        bob.event("message", text="still here")
        assert not (tmp_path / "dropped.bin").exists() and not list(tmp_path.glob(".*.part"))
        line.close()


def test_a_line_that_is_cut_again_and_again(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        line = TappedLine(room.broker.port, rate=16 * MIB)
        over_the_line = replace(parse_invitation(room.broker.invitation), port=line.port).encode()
        bob = room.start("bob")
        alice = room.start("alice", over_the_line)
        bob.event("trust", username="alice")
        alice.event("trust", username="bob")
        path = draft(tmp_path, 8 * MIB)
        sent = alice.send("send_file", to="@bob", path=str(path))
        done = 0
        for _ in range(3):
            known = len(alice.lines)
            done = alice.moving(sent["transfer_id"], done)
            line.cut()
            alice.transfer(sent["transfer_id"], "waiting", since=known)
        alice.transfer(sent["transfer_id"], "done", 60)
        bob.event("message", message_id=sent["message_id"])
        back = alice.send(
            "save_file", message_id=sent["message_id"], path=str(tmp_path / "back.bin")
        )
        done = 0
        for _ in range(3):
            known = len(alice.lines)
            done = alice.moving(back["transfer_id"], done)
            line.cut()
            alice.transfer(back["transfer_id"], "waiting", since=known)
        alice.transfer(back["transfer_id"], "done", 60)
        assert sha256(tmp_path / "back.bin") == sha256(path)
        # The whole way, both directions, with what was on its way at six cuts: nothing was sent
        # twice beyond that.
        assert len(line.captured) < 2 * path.stat().st_size + 7 * 4 * MIB
        line.close()


def test_a_source_that_changes_is_sent_as_it_is_then(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        line = TappedLine(room.broker.port, rate=8 * MIB)
        slow = replace(parse_invitation(room.broker.invitation), port=line.port).encode()
        bob = room.start("bob")
        alice = room.start("alice", slow)
        bob.event("trust", username="alice")
        alice.event("trust", username="bob")
        path = draft(tmp_path, 4 * MIB)
        sent = alice.send("send_file", to="@bob", path=str(path))
        alice.transfer(sent["transfer_id"], "active")
        assert alice.send("pause", transfer_id=sent["transfer_id"])["ok"]
        path.write_bytes(os.urandom(5 * MIB))
        assert alice.send("resume", transfer_id=sent["transfer_id"])["ok"]
        done = alice.transfer(sent["transfer_id"], "done", 60)
        assert (done["size"], done["sha256"]) == (5 * MIB, sha256(path))
        bob.event("message", message_id=sent["message_id"])
        saved = bob.save_file(sent["message_id"], tmp_path / "saved.bin")
        assert sha256(Path(saved["path"])) == sha256(path)
        line.close()


def test_limits_and_quotas_are_refused_in_words(tmp_path: Path) -> None:
    with class_processes(
        tmp_path, "--max-file-mb", "2", "--user-quota-mb", "3", "--class-quota-mb", "4"
    ) as room:
        alice, bob = room.start_all("alice", "bob")
        large = alice.send("send_file", to="@bob", path=str(draft(tmp_path, 3 * MIB + 100_000)))
        failed = alice.transfer(large["transfer_id"], "failed")
        assert failed["code"] == "file_too_large"
        assert failed["message"] == "This file has 3.1 MB; the limit of this class is 2 MB."
        first = alice.send_file("@bob", draft(tmp_path, 2 * MIB))
        second = alice.send("send_file", to="@bob", path=str(draft(tmp_path, 2 * MIB)))
        failed = alice.transfer(second["transfer_id"], "failed")
        assert failed["code"] == "quota_user" and "3 MB" in failed["message"]
        theirs = bob.send("send_file", to="@alice", path=str(draft(tmp_path, 2 * MIB, "b.bin")))
        failed = bob.transfer(theirs["transfer_id"], "failed")
        assert failed["code"] == "quota_class" and "4 MB" in failed["message"]
        deleted = alice.send("delete", message_id=first["message_id"])
        bob.event("deleted", message_id=first["message_id"])
        alice.event("message_state", message_id=deleted["message_id"], state="stored")
        assert bob.send("resume", transfer_id=theirs["transfer_id"])["ok"]  # now there is space
        bob.transfer(theirs["transfer_id"], "done")
        gone = bob.send("save_file", message_id=first["message_id"], path=str(tmp_path / "x"))
        assert gone["code"] == "unknown_message"


def test_a_full_disk_of_the_broker_is_said_and_waited_for(tmp_path: Path) -> None:
    with class_processes(tmp_path, "--disk-reserve-mb", str(10**8)) as room:
        alice, bob = room.start_all("alice", "bob")
        path = draft(tmp_path)
        sent = alice.send("send_file", to="@bob", path=str(path))
        waiting = alice.event(
            "transfer", transfer_id=sent["transfer_id"], state="waiting", code="disk_full"
        )
        assert "disk is full" in waiting["message"]
        assert alice.send("send", to="@bob", text="words still go")["ok"]
        bob.event("message", text="words still go")
        room.broker.stop()
        room.start_broker("--disk-reserve-mb", "0")
        alice.transfer(sent["transfer_id"], "done", 60)
        bob.event("message", message_id=sent["message_id"])
        assert sha256(Path(bob.save_file(sent["message_id"], tmp_path / "x")["path"])) == sha256(
            path
        )


def test_a_name_sent_again_is_the_next_version(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bob = room.start_all("alice", "bob")
        ids = []
        for number, client in enumerate((alice, bob, alice), 1):
            path = draft(tmp_path, 1000, "essay.txt")
            to = "@bob" if client is alice else "@alice"
            ids.append(client.send_file(to, path)["message_id"])
            other = bob if client is alice else alice
            got = other.event("message", message_id=ids[-1])
            assert (got["file"]["name"], got["file"]["version"]) == ("essay.txt", number)
        history = bob.send("history", of="@alice")["messages"]
        assert [message["file"]["version"] for message in history] == [1, 2, 3]


def test_bad_orders_are_refused_in_words(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bob = room.start_all("alice", "bob")
        sent = alice.send_file("@bob", draft(tmp_path, 10))
        bob.event("message", message_id=sent["message_id"])
        for code, do, fields in (
            ("source_gone", "send_file", {"to": "@bob", "path": str(tmp_path / "none")}),
            ("is_folder", "send_file", {"to": "@bob", "path": str(tmp_path)}),
            ("not_a_file", "send_file", {"to": "@bob", "path": "/dev/null"}),
            ("unknown_user", "send_file", {"to": "@nobody", "path": "x"}),
            ("unknown_message", "save_file", {"message_id": "00" * 16, "path": str(tmp_path)}),
            (
                "bad_path",
                "save_file",
                {"message_id": sent["message_id"], "path": str(tmp_path / "no" / "x")},
            ),
            ("missing_field", "save_file", {"path": "x"}),
            ("malformed", "save_file", {"message_id": "xyz", "path": "x"}),
            ("unknown_transfer", "pause", {"transfer_id": "00" * 16}),
            ("unknown_transfer", "cancel", {"transfer_id": "00" * 16}),
            ("done", "resume", {"transfer_id": sent["transfer_id"]}),
        ):
            refused = alice.send(do, **fields)
            assert (refused["ok"], refused["code"]) == (False, code), refused
            assert re.match(r"[A-Z/a-z].*\.$", refused["message"]), refused


def test_hostile_names_come_out_safe(tmp_path: Path) -> None:
    names = (
        "CON",
        "invoice\u202efdp.exe",
        "line\nbreak\x07.txt",
        ".hidden",
        "x" * 251 + ".txt",
        "a\\..\\b.py",
    )
    with class_processes(tmp_path) as room:
        alice, bob = room.start_all("alice", "bob")
        inbox = tmp_path / "inbox"
        inbox.mkdir()
        for name in names:
            sent = alice.send_file("@bob", draft(tmp_path, 100, name))
            bob.event("message", message_id=sent["message_id"])
            saved = Path(bob.save_file(sent["message_id"], inbox)["path"])
            assert saved.parent == inbox and saved.is_file()
            assert (
                len(saved.name.encode()) <= 255 and saved.name.isprintable() and saved.name != "CON"
            )
            assert not set(saved.name) & set("/\\\u202e\n\x07") and not saved.name.startswith(".")
        assert len(list(inbox.iterdir())) == len(names)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounts a small file system")
def test_a_full_disk_of_the_receiver_loses_nothing(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("nothing may be mounted here")
    try:
        with class_processes(tmp_path) as room:
            alice, bob = room.start_all("alice", "bob")
            path = draft(tmp_path, 3 * MIB)
            sent = alice.send_file("@bob", path)
            bob.event("message", message_id=sent["message_id"])
            (small / "filler").write_bytes(bytes(MIB // 2))
            saving = bob.send("save_file", message_id=sent["message_id"], path=str(small / "x.bin"))
            failed = bob.transfer(saving["transfer_id"], "failed")
            assert failed["code"] == "no_space" and "no space left" in failed["message"]
            assert 0 < failed["bytes_done"] < failed["size"] and not (small / "x.bin").exists()
            (small / "filler").unlink()
            subprocess.run(["mount", "-o", "remount,size=8m", str(small)], check=True)
            assert bob.send("resume", transfer_id=saving["transfer_id"])["ok"]
            saved = bob.transfer(saving["transfer_id"], "done")
            assert sha256(Path(saved["path"])) == sha256(path)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
