"""run_broker.py's commands beside serve, with real processes: beside a running broker, and on its
folder alone.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.invitations import parse_invitation
from shared.messages import Refused, Register, Registered, SignIn
from shared.version import VERSION
from tests.support.people import make_person
from tests.support.processes.class_processes import ClassProcesses, class_processes
from tests.support.processes.sockets import (
    BrokerProcess,
    Network,
    connect,
    enroll,
    login_signature,
    sign_in,
)
from tools.module_map import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `run_broker.py` with these arguments; it must end with this code."""
    done = subprocess.run(
        [sys.executable, "run_broker.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done


def told(*arguments: str, code: int = 0) -> Any:
    """The same with --json."""
    return json.loads(run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ClassProcesses]:
    with class_processes(tmp_path / "class") as found:
        yield found


@pytest.fixture
def network() -> Iterator[Network]:
    opened = Network()
    yield opened
    opened.close()


def page(port: int, path: str, host: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def code_of(network: Network, invitation: str, name: str) -> str:
    """What a newcomer with this invitation is told; empty if let in."""
    person, link = make_person(name, os.urandom(8).hex()), parse_invitation(invitation)
    peer = connect(network, link, person)
    peer.send(Register(name, link.join_code, person.genesis, login_signature(peer, person)))
    answer = peer.receive()
    assert isinstance(answer, Refused | Registered)
    return answer.code if isinstance(answer, Refused) else ""


# What dashboards are built on: a name that goes or changes is a CHANGELOG line.
FIGURES = {
    f"csce513_{name}"
    for name in [
        "accounts",
        "build_info",
        "bytes_sent_total",
        "commit_seconds_bucket",
        "commit_seconds_count",
        "commit_seconds_sum",
        "connections",
        "conversations",
        "deliveries_total",
        "disk_free_bytes",
        "entries_stored_total",
        "events_disk_full_total",
        "events_file_expired_total",
        "events_file_stored_total",
        "events_forged_total",
        "events_lagging_total",
        "events_malformed_total",
        "events_registered_total",
        "events_signed_in_total",
        "events_taken_over_total",
        "file_bytes",
        "file_connections",
        "files",
        "frames_total",
        "handshakes_total",
        "healthy",
        "lagging",
        "messages_stored_total",
        "queue_length",
        "signed_in",
        "up_seconds",
    ]
}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sing"], "there is no command 'sing'"),
        (["accounts", "role", "alice"], "takes a name and a role"),
        (["accounts", "list", "alice"], "takes no name"),
        (["accounts", "ban"], "takes a name alone"),
        (["accounts", "role", "alice", "king"], "invalid choice"),
        (["backup"], "required"),
        (["status", "--port", "1"], "unrecognized"),
        (["serve", "--port", "x"], "port must be a whole number between 0 and 65535, not 'x'"),
        (["--metrics-port", "70000"], "between 0 and 65535"),
        (["--nonsense"], "unrecognized"),
        (["invite", "--new", "kings"], "invalid choice"),
        (["check", "--config", "/nowhere"], "cannot be read"),
    ],
)
def test_bad_use_is_one_sentence(arguments: list[str], words: str) -> None:
    done = run(*arguments, code=2)
    assert words in done.stderr and done.stderr.count("\n") == 1 and not done.stdout


def test_every_command_has_a_help(tmp_path: Path) -> None:
    text = run("--help").stdout
    for name in ("invite", "status", "accounts", "backup", "restore", "check"):
        assert f"\n  {name} " in text
        assert "--data-dir" in run(name, "--help").stdout
    for arguments in (
        ["status"],
        ["accounts"],
        ["invite"],
        ["backup", str(tmp_path / "b")],
        ["check"],
    ):
        done = run(*arguments, "--data-dir", str(tmp_path / "nothing"), code=1)
        assert "There is no class in" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "nothing").exists()


def test_codes_and_accounts_while_it_runs_and_after(room: ClassProcesses, network: Network) -> None:
    data = ["--data-dir", str(room.data_dir)]
    old = told("invite", *data)
    assert old["invitation"] == room.broker.invitation
    new = told("invite", *data, "--new", "students")
    assert (
        new["invitation"] != old["invitation"]
        and new["instructor_invitation"] == old["instructor_invitation"]
    )
    assert code_of(network, old["invitation"], "alice") == "wrong_code"
    alice = make_person("alice")
    peer = enroll(network, parse_invitation(new["invitation"]), alice)
    (one,) = told("accounts", *data)["accounts"]
    assert (one["username"], one["role"], one["state"], one["online"]) == (
        "alice",
        "student",
        "active",
        True,
    )
    assert "Alice is assistant now." in run("accounts", "role", "Alice", "assistant", *data).stdout
    run("accounts", "ban", "alice", *data)
    peer.wait_until_cut()
    room.broker.stop()
    assert told("accounts", *data)["accounts"][0]["state"] == "banned"
    run("accounts", "unban", "alice", *data)
    assert "No person of this name" in run("accounts", "ban", "nobody", *data, code=1).stderr
    newest = told("invite", *data, "--new", "instructors")
    room.start_broker()
    assert room.broker.invitation == newest["invitation"] == new["invitation"]
    assert (
        room.broker.instructor_invitation
        == newest["instructor_invitation"]
        != old["instructor_invitation"]
    )
    sign_in(network, parse_invitation(new["invitation"]), alice)
    assert told("accounts", *data)["accounts"][0]["role"] == "assistant"
    done = run("accounts", *data)
    assert re.search(r"^alice\s+assistant\s+active\s+yes\s+0 bytes$", done.stdout, re.MULTILINE), (
        done.stdout
    )


def test_a_reset_name_is_kept_for_its_owner(room: ClassProcesses, network: Network) -> None:
    data = ["--data-dir", str(room.data_dir)]
    link = parse_invitation(room.broker.invitation)
    old = make_person("alice")
    enroll(network, link, old)
    personal = told("accounts", "reset", "alice", *data)["invitation"]
    peer = connect(network, link, old)
    peer.send(SignIn(old.uid, old.did, login_signature(peer, old)))
    answer = peer.receive()
    assert isinstance(answer, Refused) and answer.code == "account_closed"
    assert code_of(network, room.broker.invitation, "alice") == "name_taken"
    room.broker.kill()
    room.start_broker()
    assert code_of(network, room.broker.invitation, "alice") == "name_taken"
    assert code_of(network, personal, "alice") == ""
    assert [one["state"] for one in told("accounts", *data)["accounts"]] == ["closed", "active"]


def test_the_log_says_who_was_shut_out_let_in_and_reset(tmp_path: Path, network: Network) -> None:
    broker = BrokerProcess(tmp_path / "data", "--log-level", "info")
    enroll(network, broker.invitation, make_person("alice")).close()
    data = ["--data-dir", str(tmp_path / "data")]
    for order in (
        ["ban", "alice"],
        ["unban", "alice"],
        ["role", "alice", "assistant"],
        ["reset", "alice"],
    ):
        run("accounts", *order, *data)
    code = told("invite", "--new", "students", *data)["invitation"]
    run("accounts", "ban", "nobody", *data, code=1)
    errors = broker.stop()[1]
    told_of = re.findall(
        r"^\S+ \S+[+-]\d{4} info +broker\.pages host_order (.*)$", errors, re.MULTILINE
    )
    assert told_of == [
        "order=ban username=alice",
        "order=unban username=alice",
        "order=role username=alice role=assistant",
        "order=reset username=alice",
        "order=invite new=students",
    ]
    assert parse_invitation(code).join_code not in errors


def test_status_and_pages(room: ClassProcesses, network: Network) -> None:
    data = ["--data-dir", str(room.data_dir)]
    enroll(network, parse_invitation(room.broker.invitation), make_person("alice"))
    assert code_of(network, room.broker.instructor_invitation, "bob") == ""
    found = told("status", *data)
    assert found["running"] and found["accounts"] == 2 and found["pid"] == room.broker.process.pid
    assert found["problems"] == []
    assert "All is well." in run("status", *data).stdout
    port = int(found["pages"].rpartition(":")[2])
    assert page(port, "/health") == (200, "ok\n")
    status, text = page(port, "/metrics")
    assert status == 200 and "alice" not in text and "bob" not in text
    for line in text.splitlines():
        name = r"(csce513|process)_\w+"
        assert re.fullmatch(
            rf'# (HELP|TYPE) {name} .+|{name}(\{{\w+="[\w.+]+"\}})? [\d.]+(e[+-]?\d+)?', line
        ), line
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    figures = {name: float(value) for name, value in lines}
    assert len(figures) == len(lines)  # each figure stands once
    named = {name.partition("{")[0] for name in figures if name.startswith("csce513_")}
    assert named - {"csce513_refused_total"} == FIGURES  # nothing may have been refused yet
    assert figures["csce513_accounts"] == 2 and figures["csce513_entries_stored_total"] >= 2
    assert figures["csce513_commit_seconds_count"] >= 2
    assert figures[f'csce513_build_info{{version="{VERSION}"}}'] == 1
    assert found["version"] == VERSION
    if Path("/proc/self/fd").exists():
        process = Path(f"/proc/{room.broker.process.pid}")
        resident = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        assert abs(figures["process_resident_memory_bytes"] - resident) < 16 * 1024 * 1024
        assert abs(figures["process_open_fds"] - len(list((process / "fd").iterdir()))) < 5
    assert (
        figures['csce513_commit_seconds_bucket{le="+Inf"}']
        == figures["csce513_commit_seconds_count"]
    )
    assert page(port, "/metrics", "evil.example:80")[0] == 403 and page(port, "/other")[0] == 404
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/host", "{}", {"Authorization": "Bearer guess"})
    assert connection.getresponse().status == 403
    connection.close()
    assert stat.S_IMODE((room.data_dir / "control.json").stat().st_mode) == 0o600
    room.broker.stop()
    assert told("status", *data, code=3) == {"running": False}


def a_class_with_a_file(room: ClassProcesses, folder: Path) -> bytes:
    """Two people, a few messages, and a file of several parts; gives what is in the file."""
    alice, bob = room.start_all("alice", "bob")
    for number in range(5):
        alice.send("send", to="#general", text=f"message {number}")
    content = os.urandom(700_000)
    folder.mkdir(parents=True)
    (folder / "draft.bin").write_bytes(content)
    sent = alice.send_file("#general", folder / "draft.bin")
    bob.event("message", message_id=sent["message_id"])
    for client in (alice, bob):
        assert client.quit() == 0
    return content


def test_backup_damage_restore(room: ClassProcesses, tmp_path: Path) -> None:
    data = ["--data-dir", str(room.data_dir)]
    content = a_class_with_a_file(room, tmp_path / "home")
    first, second = tmp_path / "backups" / "one", tmp_path / "backups" / "two"
    made = told("backup", str(first), *data)
    assert made["ok"] and made["files"] == 1 and made["copied_bytes"] > len(content)
    again = told("backup", str(second), "--previous", str(first), *data)
    assert again["copied_bytes"] < made["copied_bytes"] - len(
        content
    )  # parts never change, so they are linked
    assert "exists already" in run("backup", str(first), *data, code=1).stderr
    assert "no fault found" in run("check", *data).stdout
    assert "no fault found" in run("check", "--backup", str(second)).stdout
    for path in first.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) in (0o600, 0o700), path
    assert "is not empty" in run("restore", str(first), *data, code=1).stderr
    room.broker.kill()
    shutil.rmtree(room.data_dir)
    assert "Start the broker there." in run("restore", str(second), *data).stdout
    room.start_broker()
    bob = room.start("bob")
    history = bob.send("history", of="#general", limit=20)["messages"]
    (shared,) = [message for message in history if message.get("file")]
    bob.save_file(shared["message_id"], tmp_path / "saved.bin")
    assert (tmp_path / "saved.bin").read_bytes() == content
    assert [m["text"] for m in history if m["text"].startswith("message")] == [
        f"message {n}" for n in range(5)
    ]


def test_a_damaged_backup_is_not_restored(room: ClassProcesses, tmp_path: Path) -> None:
    a_class_with_a_file(room, tmp_path / "home")
    backup = tmp_path / "backup"
    run("backup", str(backup), "--data-dir", str(room.data_dir))
    part = next(path for path in (backup / "files").rglob("*") if path.is_file())
    part.write_bytes(part.read_bytes()[:-1] + b"!")
    assert "was damaged or changed" in run("check", "--backup", str(backup), code=1).stdout
    new = tmp_path / "new"
    assert (
        "Nothing was restored" in run("restore", str(backup), "--data-dir", str(new), code=1).stderr
    )
    assert not new.exists()
    part.unlink()
    assert "is missing in the backup" in run("check", "--backup", str(backup), code=1).stdout
    assert "is not a backup" in run("check", "--backup", str(tmp_path), code=1).stdout


def test_check_finds_what_is_wrong_and_start_says_it(room: ClassProcesses, tmp_path: Path) -> None:
    data = ["--data-dir", str(room.data_dir)]
    a_class_with_a_file(room, tmp_path / "home")
    parts = sorted(path for path in (room.data_dir / "files").rglob("*") if path.is_file())
    kept = parts[0].read_bytes()
    parts[0].write_bytes(kept[:-1] + b"!")
    assert "is damaged" in told("check", *data, code=1)["faults"][0]
    assert told("check", "--quick", *data)["ok"]
    parts[0].unlink()
    assert "is missing" in told("check", "--quick", *data, code=1)["faults"][0]
    assert told("backup", str(tmp_path / "b"), *data, code=1)["missing"]
    parts[0].write_bytes(kept)
    assert told("check", *data)["ok"]
    room.broker.stop()
    database = room.data_dir / "broker.sqlite3"
    whole = database.read_bytes()
    with sqlite3.connect(database) as db:
        db.execute("DELETE FROM entries WHERE id = (SELECT id FROM entries WHERE kind = 1 LIMIT 1)")
    db.close()
    assert "Entries are missing" in told("check", *data, code=1)["faults"][0]
    page_size = int.from_bytes(whole[16:18])
    for number in range(1, len(whole) // page_size):
        database.write_bytes(
            whole[: number * page_size] + b"\xa5" * page_size + whole[(number + 1) * page_size :]
        )
        for name in ("-wal", "-shm"):
            database.with_name(database.name + name).unlink(missing_ok=True)
        if number in (1, len(whole) // page_size - 1):
            found = run("check", *data, code=1)
            assert "damaged" in found.stdout or "cannot be read" in found.stdout
            assert (
                "No backup was made"
                in run("backup", str(tmp_path / f"b{number}"), *data, code=1).stderr
            )
    database.write_bytes(whole[:page_size] + b"\xa5" * (len(whole) - page_size))
    done = run("--host", "127.0.0.1", "--port", "0", *data, code=1)
    assert done.stderr.count("\n") == 1 and (
        "damaged" in done.stderr or "cannot be" in done.stderr
    ), done.stderr
    database.write_bytes(b"not a database at all" * 1000)
    done = run("--host", "127.0.0.1", "--port", "0", *data, code=1)
    assert done.stderr.count("\n") == 1 and "cannot be" in done.stderr, done.stderr
    assert run("check", *data, code=1).stdout


def test_a_restore_that_was_cut_is_not_started(room: ClassProcesses) -> None:
    room.broker.stop()
    (room.data_dir / "restore-unfinished").touch()
    done = run("--port", "0", "--host", "127.0.0.1", "--data-dir", str(room.data_dir), code=1)
    assert "not restored to its end" in done.stderr
