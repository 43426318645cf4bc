"""A real client as a process of its own, driven by JSON lines, for the benchmarks."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from benchmarks.load.crowd import LoadFailed
from tools.processes import ROOT

Line = dict[str, Any]


class Client:
    """A headless client process."""

    def __init__(self, folder: Path, name: str, invitation: str) -> None:
        secret = folder / f"{name}.passphrase"
        secret.write_text("six words\n", encoding="utf-8")
        command = [
            sys.executable,
            "run_client.py",
            "--headless",
            "--profile",
            str(folder / name),
            "--username",
            name,
            "--passphrase-file",
            str(secret),
            "--invitation",
            invitation,
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._lines: queue.SimpleQueue[Line] = queue.SimpleQueue()
        self._number = 0
        assert self.process.stdout is not None
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for text in stream:
            self._lines.put(json.loads(text))

    def wait_for(self, wanted: Callable[[Line], bool]) -> Line:
        """The next line that is wanted."""
        while True:
            line = self._lines.get(timeout=600)
            if line.get("state") == "failed":
                raise LoadFailed(str(line))
            if wanted(line):
                return line

    def post(self, do: str, **fields: object) -> int:
        """A command; its number."""
        self._number += 1
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": self._number, "do": do, **fields}) + "\n")
        self.process.stdin.flush()
        return self._number

    def send(self, do: str, **fields: object) -> Line:
        """A command and its reply."""
        number = self.post(do, **fields)
        return self.wait_for(lambda line: line.get("reply") == number)

    def end(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
