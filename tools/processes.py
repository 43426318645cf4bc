"""Starting the real broker as a process of its own, for the demo, the tests and the benchmarks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def broker_command(data_dir: Path, port: int = 0, *options: str) -> list[str]:
    """The command line of a broker of this machine that says on its first line, in JSON, where it
    listens.
    """
    return [
        sys.executable,
        "run_broker.py",
        "--data-dir",
        str(data_dir),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--json",
        *options,
    ]


@dataclass(frozen=True)
class Ready:
    """What the broker says on its first line."""

    endpoint: str
    invitation: str
    instructor_invitation: str

    @property
    def port(self) -> int:
        """The TCP port it listens on."""
        return int(self.endpoint.rpartition(":")[2])


class BrokerProcess:
    """One `run_broker.py` on 127.0.0.1; start, kill and start again on the same data."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir = data_dir
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self.ready: Ready | None = None

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> Ready:
        """Start and wait for the ready line; a restart takes the same port again."""
        port = self.ready.port if self.ready else 0
        self._process = subprocess.Popen(
            broker_command(self.data_dir, port, *self._options),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(
                f"the broker ended with code {self._process.wait(10)} before it was ready"
            )
        said = json.loads(line)
        self.ready = Ready(said["endpoint"], said["invitation"], said["instructor_invitation"])
        return self.ready

    def kill(self) -> None:
        """SIGKILL: no chance to save anything."""
        self._end(subprocess.Popen.kill)

    def stop(self) -> int:
        """Ask for a clean stop; returns the exit code."""
        return self._end(subprocess.Popen.terminate)

    def _end(self, how: Callable[[subprocess.Popen[str]], None]) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        how(process)
        try:
            return process.wait(15)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()
