"""docs/OPERATIONS.md and the unit of systemd: every documented command is run as it stands there,
in order.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from broker import app
from broker.admin.settings import COMMANDS, load_settings
from shared.invitations import parse_invitation
from tests.support.processes.headless import HeadlessClient
from tools.module_map import ROOT

DOCUMENT = ROOT / "docs" / "OPERATIONS.md"
UNIT = ROOT / "deploy" / "csce513-broker.service"


def documented() -> list[str]:
    """The lines of all boxes."""
    return re.findall(r"^    (\S.*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)


class Duty:
    """The person on duty: types what the document says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = {"DATA": str(folder / "data"), "BACKUPS": str(folder / "backups")}
        self.broker: subprocess.Popen[str] | None = None
        self.clients: dict[str, HeadlessClient] = {}
        self.outputs: dict[str, str] = {}
        self.port = 0

    def type(self, line: str) -> None:
        """One line of a box."""
        words = shlex.split(re.sub(r"\$(\w+)", lambda found: self.places[found[1]], line))
        if words[0] == ".venv/bin/python":
            words[0] = sys.executable
        if words[2:3] == ["serve"]:
            self._serve(words)
            return
        if words[0] == "mv":
            self.stop(signal.SIGKILL)  # the disaster
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0 and not done.stderr, (line, done)
        self.outputs[line] = done.stdout

    def _serve(self, words: list[str]) -> None:
        assert self.broker is None
        # After the disaster it listens where it did before, as a real one does, so that the clients
        # come back.
        words[words.index("--port") + 1] = str(self.port)
        self.broker = subprocess.Popen(
            [*words, "--json"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.broker.stdout is not None
        self.ready = json.loads(self.broker.stdout.readline())
        self.port = int(self.ready["endpoint"].rpartition(":")[2])

    def stop(self, how: signal.Signals) -> str:
        """End the broker; its log."""
        assert self.broker is not None
        self.broker.send_signal(how)
        _, errors = self.broker.communicate(timeout=30)
        self.broker = None
        return errors

    def join(self, name: str, invitation: str) -> HeadlessClient:
        """A person comes in, or comes back."""
        self.clients[name] = client = HeadlessClient(
            self.folder / "people" / name, name.rstrip("2"), invitation
        )
        client.online()
        return client

    def end(self) -> None:
        """Kill what still runs."""
        for client in self.clients.values():
            if client.process.poll() is None:
                client.kill()
        if self.broker is not None:
            self.stop(signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_term_of_the_document(tmp_path: Path) -> None:
    duty = Duty(tmp_path)
    try:
        for line in documented():
            duty.type(line)
            if " accounts ban " in line:
                assert duty.clients["bob"].wait_for(lambda one: one.get("code") == "banned")
            elif " invite --new students" in line:
                assert (
                    parse_invitation(duty.ready["invitation"]).join_code not in duty.outputs[line]
                )
                (link,) = re.findall(r"student.*\n\s+(csce513://\S+)", duty.outputs[line])
                alice, bob = duty.join("alice", link), duty.join("bob", link)
                bob.event("group", group="#general", change="added", members=["bob"])
                bob.send("send", to="#general", text="before the disaster")
                alice.event("message", text="before the disaster")
            elif " accounts reset " in line:
                (link,) = re.findall(r"csce513://\S+", duty.outputs[line])
                duty.join("bob2", link)
                duty.clients["alice"].event("trust", username="bob", change="changed")
        assert duty.broker is not None
        status = subprocess.run(
            [
                sys.executable,
                "run_broker.py",
                "accounts",
                "--data-dir",
                duty.places["DATA"],
                "--json",
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        accounts = json.loads(status.stdout)["accounts"]
        assert [(a["username"], a["role"], a["state"]) for a in accounts] == [
            ("alice", "assistant", "active"),
            ("bob", "student", "closed"),
            ("bob", "student", "active"),
        ]
        carol = duty.join("carol", duty.ready["invitation"])
        carol.event("message", text="before the disaster")
    finally:
        duty.end()


def test_every_command_is_in_the_document() -> None:
    lines = documented()
    assert all(line.startswith((".venv/bin/python run_broker.py ", "mv ")) for line in lines), lines
    assert {line.split()[2] for line in lines if line.startswith(".venv")} == set(COMMANDS)
    known = "".join(
        (ROOT / "broker" / "admin" / name).read_text(encoding="utf-8")
        for name in ("settings.py", "commands.py")
    )
    for option in set(re.findall(r"`(--[\w-]+)", DOCUMENT.read_text(encoding="utf-8"))) - {
        "--help"
    }:
        assert f'"{option}"' in known or f'"{option[2:].replace("-", "_")}"' in known, option


def boxes_of_root() -> list[list[str]]:
    """The lines of the boxes for a server with systemd."""
    found = re.findall(
        r"^```sh\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [box.splitlines() for box in found]


def test_the_boxes_of_root_name_what_there_is() -> None:
    boxes = boxes_of_root()
    assert len(boxes) >= 3 and all(box[0] == "# as root" for box in boxes)
    lines = [line for box in boxes for line in box[1:]]
    for path in re.findall(r"/opt/csce513/([\w./-]+)", "\n".join(lines)):
        assert path.startswith(".venv/") or (ROOT / path).exists(), path
    units = {path.name for path in (ROOT / "deploy").iterdir()}
    for line in lines:
        if line.startswith("systemctl ") and "daemon-reload" not in line:
            name = line.split()[-1]
            assert (name if "." in name else f"{name}.service") in units, line
        shlex.split(line)
    assert (
        "git clone YOUR-SOURCE /opt/csce513" in lines
    )  # as in README, from the address of the project's page
    (settings,) = [line for line in lines if line.startswith("printf")]
    assert tomllib.loads(shlex.split(settings)[1].replace("\\n", "\n"))["class_name"] == "CSCE 513"


def unit_lines(name: str, key: str) -> list[str]:
    """What a unit says under a name."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def test_the_unit_of_the_broker() -> None:
    name = UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    for line in (
        "Type=notify",
        "NotifyAccess=main",
        "StartLimitIntervalSec=0",
        "Restart=always",
        "RestartSec=2",
    ):
        assert f"\n{line}\n" in text, line
    assert text.index("StartLimitIntervalSec") < text.index(
        "[Service]"
    )  # elsewhere systemd overlooks it
    assert int(unit_lines(name, "WatchdogSec")[0]) >= 30 and "--json" not in text
    assert int(unit_lines(name, "TimeoutStopSec")[0]) > app._STOP_S
    growing = ROOT / "deploy" / f"{name}.d" / "growing-delay.conf"
    assert re.findall(r"^(\w+)=\d+$", growing.read_text(encoding="utf-8"), re.MULTILINE) == [
        "RestartSteps",
        "RestartMaxDelaySec",
    ]


def test_the_unit_of_the_backups() -> None:
    (line,) = unit_lines("csce513-backup.service", "ExecStart")
    words = shlex.split(line)
    assert words[2:4] == ["backup", "/var/backups/csce513"] and "--nightly" in words
    (broker,) = unit_lines(UNIT.name, "ExecStart")
    place = words[words.index("--data-dir") + 1]
    assert f"--data-dir {place} " in broker
    assert set(unit_lines("csce513-backup.service", "ReadWritePaths")[0].split()) == {
        words[3],
        place,
    }
    for key in ("User", "Group"):
        assert unit_lines("csce513-backup.service", key) == unit_lines(UNIT.name, key)
    assert unit_lines("csce513-backup.timer", "OnCalendar") and unit_lines(
        "csce513-backup.timer", "Persistent"
    )


def test_the_unit_starts_what_there_is() -> None:
    text = UNIT.read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    _, program, command, *options = shlex.split(line)
    assert (
        Path(program).name == "run_broker.py"
        and (ROOT / Path(program).name).exists()
        and command == "serve"
    )
    place = options.index("--config")
    settings = load_settings([*options[:place], *options[place + 2 :]], {})
    assert settings.metrics_port == 9513 and settings.log_format == "json"
    assert (
        str(settings.data_dir) == "/var/lib/csce513-broker"
        and "StateDirectory=csce513-broker" in text
    )
    for wanted in (
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "Restart=always",
        "MemoryMax=",
        "LimitNOFILE=",
    ):
        assert wanted in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("has_growing_delay", [False, True])
def test_systemd_takes_the_units(tmp_path: Path, has_growing_delay: bool) -> None:
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    for unit in (tmp_path / "deploy").glob("*.service"):
        text = unit.read_text(encoding="utf-8").replace(
            "/opt/csce513/.venv/bin/python", sys.executable
        )
        unit.write_text(text.replace("/opt/csce513", str(ROOT)), encoding="utf-8")
    folder = tmp_path / "deploy" / f"{UNIT.name}.d"
    if not has_growing_delay:
        shutil.rmtree(folder)
    units = sorted(path for path in (tmp_path / "deploy").iterdir() if path.is_file())
    assert {path.suffix for path in units} == {".service", ".timer"} and len(units) == 3
    environment = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    said = [line for line in done.stderr.splitlines() if "csce513" in line]
    version = subprocess.run(
        ["systemd-analyze", "--version"], capture_output=True, text=True, check=True
    ).stdout
    if (
        has_growing_delay and int(re.findall(r"\d+", version)[0]) < 254
    ):  # known names only from there on
        said = [line for line in said if "Unknown key" not in line or "Restart" not in line]
    assert not said, done.stderr
