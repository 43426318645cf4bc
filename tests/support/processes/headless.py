"""Drives real broker and headless client processes: send commands, wait for events; every wait has
a time limit.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tools.processes import ROOT, broker_command

Line = dict[str, Any]
WAIT_S = 20.0


class _Process:
    """A child process whose standard output is JSON lines, collected by a thread."""

    def __init__(self, arguments: list[str]) -> None:
        environment = {**os.environ, "CSCE513_ARGON2": "minimal", "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env=environment,
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.lines: list[Line] = []
        self.errors: list[str] = []
        self._arrived: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        assert self.process.stdout is not None and self.process.stderr is not None
        self._threads = [
            threading.Thread(target=self._read, args=(self.process.stdout,)),
            threading.Thread(target=self._read_errors, args=(self.process.stderr,)),
        ]
        for thread in self._threads:
            thread.start()

    def _read(self, stream: IO[str]) -> None:
        for text in stream:
            self._arrived.put(json.loads(text))
        self._arrived.put(None)

    def _read_errors(self, stream: IO[str]) -> None:
        self.errors.extend(stream)

    def wait_for(
        self, wanted: Callable[[Line], bool], timeout_s: float = WAIT_S, since: int = 0
    ) -> Line:
        """The first line, from number `since` on, that is wanted."""
        limit = time.monotonic() + timeout_s
        for line in self.lines[since:]:
            if wanted(line):
                return line
        while True:
            try:
                arrived = self._arrived.get(timeout=max(0.01, limit - time.monotonic()))
            except queue.Empty:
                arrived = None
            if arrived is None:
                shown = "\n".join(map(str, self.lines[-30:])) + "\n" + "".join(self.errors[-30:])
                raise AssertionError(f"it never came; the last lines:\n{shown}")
            self.lines.append(arrived)
            if wanted(arrived):
                return arrived

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.finish()

    def finish(self, timeout_s: float = WAIT_S) -> int:
        """Wait for its end; the exit code."""
        code = self.process.wait(timeout_s)
        for thread in self._threads:
            thread.join(timeout_s)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code


class BrokerProcess(_Process):
    """A real broker on a free port of this machine."""

    def __init__(self, data_dir: Path, port: int = 0, *options: str) -> None:
        super().__init__(broker_command(data_dir, port, *options))
        ready = self.wait_for(lambda line: line.get("event") == "ready")
        self.endpoint = str(ready["endpoint"])
        self.port = int(self.endpoint.rsplit(":", 1)[1])
        self.invitation = str(ready["invitation"])
        self.instructor_invitation = str(ready["instructor_invitation"])

    def stop(self) -> int:
        """A clean stop."""
        self.process.terminate()
        return self.finish()


class HeadlessClient(_Process):
    """A real headless client process."""

    def __init__(
        self,
        profile: Path,
        username: str,
        invitation: str = "",
        passphrase: str = "six words",
        *options: str,
    ) -> None:
        profile.parent.mkdir(parents=True, exist_ok=True)
        secret = profile.with_suffix(".passphrase")
        secret.write_text(passphrase + "\n", encoding="utf-8")
        arguments = [
            sys.executable,
            "run_client.py",
            "--headless",
            "--test-cost",
            "--profile",
            str(profile),
        ]
        arguments += ["--username", username]
        arguments += ["--passphrase-file", str(secret)]
        if invitation:
            arguments += ["--invitation", invitation]
        super().__init__([*arguments, *options])
        self.username = username
        self._last_id = 0

    def post(self, do: str, **fields: object) -> int:
        """Send a command without waiting; its id."""
        self._last_id += 1
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": self._last_id, "do": do, **fields}) + "\n")
        self.process.stdin.flush()
        return self._last_id

    def send(self, do: str, **fields: object) -> Line:
        """Send a command and wait for its reply."""
        number = self.post(do, **fields)
        return self.wait_for(lambda line: line.get("reply") == number)

    def event(self, name: str, timeout_s: float = WAIT_S, since: int = 0, **fields: object) -> Line:
        """Wait for an event with these fields."""

        def wanted(line: Line) -> bool:
            return line.get("event") == name and all(
                line.get(key) == value for key, value in fields.items()
            )

        return self.wait_for(wanted, timeout_s, since)

    def online(self, since: int = 0) -> Line:
        """Wait until it is signed in."""
        return self.event("signed_in", since=since)

    def transfer(
        self, transfer_id: str, state: str, timeout_s: float = WAIT_S, since: int = 0
    ) -> Line:
        """Wait until a transfer is in this state."""
        return self.event("transfer", timeout_s, since, transfer_id=transfer_id, state=state)

    def moving(self, transfer_id: str, beyond: int = 0) -> int:
        """Wait until more than so many bytes of a transfer have arrived; gives how many."""
        line = self.wait_for(
            lambda line: (
                line.get("transfer_id") == transfer_id and line.get("bytes_done", 0) > beyond
            )
        )
        return int(line["bytes_done"])

    def send_file(self, to: str, path: Path, timeout_s: float = WAIT_S, **fields: object) -> Line:
        """Send a file and wait until the broker has it; the last line about the transfer."""
        sent = self.send("send_file", to=to, path=str(path), **fields)
        assert sent["ok"], sent
        return self.transfer(sent["transfer_id"], "done", timeout_s)

    def save_file(self, message_id: str, path: Path, timeout_s: float = WAIT_S) -> Line:
        """Save the file of a message and wait until it is verified; the last line about the
        transfer.
        """
        saving = self.send("save_file", message_id=message_id, path=str(path))
        assert saving["ok"], saving
        return self.transfer(saving["transfer_id"], "done", timeout_s)

    def quit(self) -> int:
        """A clean end; the exit code."""
        self.send("quit")
        return self.finish()
