"""What can be said of Windows and macOS from here: imports without what they lack, streams in other
encodings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.invitations import parse_invitation
from tests.support.processes.headless import BrokerProcess
from tools.module_map import ROOT

CLASS = "CSCE 513 · 班級 😀"
ENCODINGS = ("cp1252", "utf-16", "ascii", "utf-8")

# Libraries and the standard library are loaded as they are; then ours are loaded again on a system
# that has less.
ELSEWHERE = """
import builtins, importlib, os, pathlib, sys
folder, platform = sys.argv[1:]
sys.path.insert(0, folder)
names = [
    ".".join(path.relative_to(folder).with_suffix("").parts)
    for part in ("shared", "broker", "client")
    for path in sorted(pathlib.Path(folder, part).rglob("*.py")) if path.name != "__init__.py"
]
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] in ("shared", "broker", "client")]:
    del sys.modules[name]
for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix"):
    sys.modules[name] = None
for name in ("getuid", "geteuid", "chown", "fork", "setpriority", "PRIO_PROCESS", "sysconf", "fchmod", "statvfs"):
    if hasattr(os, name):
        delattr(os, name)
sys.platform = platform
real_open = builtins.open
def no_proc(path, *rest, **words):
    if str(path).startswith(("/proc", "/sys", "/dev")):
        raise FileNotFoundError(2, "No such file or directory", str(path))
    return real_open(path, *rest, **words)
builtins.open = no_proc
for name in names:
    importlib.import_module(name)
import broker.threads.memory_guard, shared.diagnosis.machine
assert broker.threads.memory_guard.resident_bytes() == 0
assert shared.diagnosis.machine.descriptor_limit() is None
assert shared.diagnosis.machine.folder_facts(pathlib.Path(folder)).owner == 0
if platform == "win32":
    assert broker.threads.memory_guard.traffic_of(0) is None
print(len(names))
"""


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_everything_is_imported_without_what_other_systems_lack(platform: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(ROOT), platform],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0 and int(done.stdout) > 150, done.stderr


# --- streams ---


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path_factory.mktemp("class") / "broker", 0, "--class-name", CLASS)
    yield process
    process.stop()


@pytest.fixture
def data_dir(broker: BrokerProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    arguments = broker.process.args
    assert isinstance(arguments, list)
    return str(arguments[arguments.index("--data-dir") + 1])


def run(encoding: str, *command: str, given: bytes = b"") -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
        input=given,
        env={**os.environ, "PYTHONIOENCODING": encoding, "CSCE513_ARGON2": "minimal"},
    )
    assert b"Traceback" not in done.stderr and b"UnicodeEncodeError" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_words_of_the_broker_come_out_in_every_encoding(encoding: str, data_dir: str) -> None:
    code, out, _ = run(encoding, "run_broker.py", "invite", "--data-dir", data_dir)
    assert code == 0
    text = out.decode(encoding)
    assert "CSCE 513" in text and "csce513://" in text
    assert (CLASS if encoding.startswith("utf") else "\\u73ed\\u7d1a") in text
    code, out, _ = run(encoding, "run_broker.py", "invite", "--data-dir", data_dir, "--json")
    assert code == 0 and json.loads(out.decode(encoding))["class_name"] == CLASS
    code, out, _ = run(encoding, "run_broker.py", "--help")
    assert code == 0 and "run_broker.py" in out.decode(encoding)
    code, _, errors = run(encoding, "run_broker.py", "班級")
    assert code == 2 and "there is no command" in errors.decode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_lines_of_the_headless_client_are_utf_8_in_every_encoding(
    encoding: str, broker: BrokerProcess, tmp_path: Path
) -> None:
    (tmp_path / "passphrase").write_text("sechs Wörter 😀\n", encoding="utf-8")
    name = f"ana_{encoding.replace('-', '')}"
    given = [
        "--profile",
        str(tmp_path / "ana"),
        "--username",
        name,
        "--passphrase-file",
        str(tmp_path / "passphrase"),
        "--test-cost",
    ]
    commands = [
        json.dumps(
            {"id": "班 1", "do": "send", "to": "#general", "text": "Zoë 😀"}, ensure_ascii=False
        ).encode(),
        b'{"id": "\\ud800", "do": "status"}',  # half of a pair, as an escape
        b'{"id": 3, "do": "send", "to": "#general", "text": "caf\xe9"}',  # Latin-1: not UTF-8
        b'{"id": 4, "do": "quit"}',
    ]
    code, out, _ = run(
        encoding,
        "run_client.py",
        "--headless",
        broker.invitation,
        *given,
        given=b"\n".join(commands),
    )
    lines = [json.loads(line) for line in out.decode("utf-8").splitlines()]
    replies = {line["reply"]: line for line in lines if "reply" in line}
    assert code == 0 and {"班 1", "\ud800", 3, 4} == set(replies), lines
    assert not replies[3]["ok"] and replies["\ud800"]["ok"]
    code, out, errors = run(
        encoding,
        "run_client.py",
        "--export",
        str(tmp_path / "aus 😀"),
        "--conversation",
        "#班級",
        *given,
    )
    assert code == 2 and "There is no conversation #" in errors.decode(encoding)
    code, out, _ = run(encoding, "run_client.py", "--export", str(tmp_path / "aus 😀"), *given)
    assert code == 0 and "Exported" in out.decode(encoding)


def test_the_ready_words_come_out_in_every_encoding(tmp_path: Path) -> None:
    for encoding in ENCODINGS:
        process = subprocess.Popen(
            [
                sys.executable,
                "run_broker.py",
                "--data-dir",
                str(tmp_path / encoding),
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--class-name",
                CLASS,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            bufsize=0,  # what readline leaves is read by communicate
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        process.terminate()
        rest, errors = process.communicate(timeout=30)
        assert "is ready at" in (first + rest).decode(encoding), errors
        assert process.returncode == 0 and b"Traceback" not in errors


def test_the_invitation_survives_the_encodings(broker: BrokerProcess) -> None:
    assert parse_invitation(broker.invitation).class_name == CLASS
