"""Makes the data folder of an older version, for the tests of upgrades: python -m
tests.upgrade.make_fixture.

Takes the last commit whose database had version 1 out of the history, plays a small class with that
program, and
packs what its broker left behind, with the profile of one member. The passphrase of the profile is
"six words".
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
COMMIT = "f45aaa8"
TARGET = Path(__file__).parent / "version1.zip"


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "CSCE513_ARGON2": "minimal"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _wait(process: subprocess.Popen[str], **wanted: object) -> dict[str, Any]:
    assert process.stdout is not None
    for text in process.stdout:
        line: dict[str, Any] = json.loads(text)
        if all(line.get(key) == value for key, value in wanted.items()):
            return line
    raise RuntimeError(f"it ended before {wanted}")


def _do(process: subprocess.Popen[str], **command: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(command) + "\n")
    process.stdin.flush()


def _client(program: Path, folder: Path, name: str, invitation: str) -> subprocess.Popen[str]:
    (folder / "secret").write_text("six words\n", encoding="utf-8")
    process = _start(
        program,
        "run_client.py",
        "--headless",
        "--test-cost",
        "--profile",
        str(folder / name),
        "--username",
        name,
        "--passphrase-file",
        str(folder / "secret"),
        "--invitation",
        invitation,
    )
    _wait(process, event="connection", state="online")
    return process


def main() -> None:
    """Play the class and pack it."""
    with tempfile.TemporaryDirectory() as name:
        program, folder = Path(name) / "program", Path(name) / "data"
        program.mkdir()
        folder.mkdir()
        archive = subprocess.run(
            ["git", "archive", COMMIT], cwd=ROOT, check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "-x"], cwd=program, input=archive, check=True)
        broker = _start(
            program,
            "run_broker.py",
            "--data-dir",
            str(folder / "broker"),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--json",
        )
        ready = _wait(broker, event="ready")
        alice = _client(program, folder, "alice", ready["invitation"])
        bob = _client(program, folder, "bob", ready["invitation"])
        _wait(bob, event="group", group="#general", change="added", members=["bob"])
        for number in range(3):
            _do(bob, id=number, do="send", to="#general", text=f"written in version 1: {number}")
            _wait(alice, event="message", text=f"written in version 1: {number}")
        for client in (alice, bob):
            _do(client, id=9, do="quit")
            client.communicate(timeout=20)
        broker.terminate()
        broker.communicate(timeout=20)
        with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted([*(folder / "broker").rglob("*"), *(folder / "alice").rglob("*")]):
                if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal")):
                    packed.write(path, path.relative_to(folder).as_posix())


if __name__ == "__main__":
    main()
