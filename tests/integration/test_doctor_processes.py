"""`run_broker.py doctor` and `run_client.py --doctor` as real processes, with a real server and
with none.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes.headless import HeadlessClient
from tests.support.processes.sockets import BrokerProcess
from tools.module_map import ROOT


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path / "broker")
    yield process
    if process.process.poll() is None:
        process.stop()


def examined(*command: str, **environment: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and subject -> finding."""
    done = subprocess.run(
        [sys.executable, *command, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
    )
    assert not done.stderr, done.stderr
    said = json.loads(done.stdout)
    assert said["ok"] is (done.returncode == 0)
    return done.returncode, {finding["subject"]: finding for finding in said["findings"]}


def test_the_broker_before_its_start_and_beside_it(tmp_path: Path, broker: BrokerProcess) -> None:
    code, found = examined(
        "run_broker.py", "doctor", "--data-dir", str(tmp_path / "new"), "--port", "0"
    )
    assert code == 0 and found["data folder"]["words"].endswith("is made at the first start")
    assert {"Python", "pyzmq", "PyNaCl", "disk", "file descriptors", "port", "address"} <= set(
        found
    )
    code, found = examined("run_broker.py", "doctor", "--data-dir", str(tmp_path / "broker"))
    assert (
        code == 0
        and found["port"]["words"]
        == f"{broker.invitation.port} answers: the broker runs on this folder"
    )
    assert found["data folder"]["verdict"] == "ok"
    code, found = examined(
        "run_broker.py",
        "doctor",
        "--data-dir",
        str(tmp_path / "new"),
        "--host",
        "127.0.0.1",
        "--port",
        str(broker.invitation.port),
        "--public-address",
        "something.invalid",
    )
    assert code == 1 and "another program listens" in found["port"]["words"]
    assert found["address"]["verdict"] == "wrong"
    code, found = examined(
        "run_broker.py", "doctor", "--data-dir", str(tmp_path / "new"), "--port", "many"
    )
    assert code == 1
    sentence = "port must be a whole number between 0 and 65535, not 'many'"
    assert found["settings"]["words"] == sentence


def test_without_libraries_it_says_which() -> None:
    for command in (("run_broker.py", "doctor"), ("run_client.py", "--doctor")):
        code, found = examined("-S", *command)
        assert (
            code == 1
            and found["pyzmq"]["verdict"] == "wrong"
            and found["Python"]["verdict"] == "ok"
        )
        assert "requirements" in found["msgspec"]["advice"] or ".venv" in found["msgspec"]["advice"]


def test_the_way_to_the_server(tmp_path: Path, broker: BrokerProcess) -> None:
    link, profile = broker.invitation, str(tmp_path / "ana")
    code, found = examined("run_client.py", "--doctor", "--profile", profile, link.encode())
    assert code == 0 and found["server"]["words"] == (
        f"CSCE 513, Fall 2024 answers at 127.0.0.1 port {link.port}, with the right key"
    )
    assert found["screen"]["verdict"] == "ok" and found["clock"]["verdict"] == "note"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        free = closed.getsockname()[1]
    for wrong, words in (
        (replace(link, broker_key=bytes(range(32))), "not with the key of your invitation"),
        (replace(link, port=free), "127.0.0.1: refused"),
        (replace(link, host="something.invalid"), "the name of the server"),
    ):
        code, found = examined("run_client.py", "--doctor", "--profile", profile, wrong.encode())
        assert (
            code == 1
            and found["server"]["verdict"] == "wrong"
            and words in found["server"]["words"]
        )
    code, found = examined("run_client.py", "--doctor", "--profile", profile, "csce513://nowhere")
    assert code == 1 and found["server"]["words"] == "this is not an invitation"


def test_the_clock_of_the_server(tmp_path: Path, broker: BrokerProcess) -> None:
    client = HeadlessClient(tmp_path / "ana", "ana", broker.invitation.encode())
    client.online()
    given = ["run_client.py", "--doctor", "--profile", str(tmp_path / "ana"), "--passphrase-file"]
    secret = str(tmp_path / "ana.passphrase")
    code, found = examined(*given, secret)  # nobody is signed out by the doctor
    assert code == 0 and "open in another window" in found["clock"]["words"]
    assert client.send("status")["connection"] == "online"
    assert client.quit() == 0
    code, found = examined(*given, secret)
    assert code == 0 and found["clock"] == {
        "subject": "clock",
        "verdict": "ok",
        "words": "the same as the server's",
        "advice": "",
    }
    (tmp_path / "wrong").write_text("other words\n", encoding="utf-8")
    code, found = examined(*given, str(tmp_path / "wrong"))
    assert "passphrase does not open" in found["clock"]["words"]
    code, found = examined(*given, str(tmp_path / "none"))
    assert code == 1 and "cannot be read" in found["clock"]["words"]
    again = HeadlessClient(tmp_path / "ana", "ana")  # the profile is as it was
    again.online()
    assert again.quit() == 0


def test_without_a_screen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "run_client.py", "--doctor", "--profile", str(tmp_path / "ana")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "nonsense"},
    )
    assert (
        done.returncode == 1
        and "WRONG screen: " in done.stdout
        and "Traceback" not in done.stdout + done.stderr
    )
