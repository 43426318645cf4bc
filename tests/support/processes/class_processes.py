"""A real broker and real headless clients in folders of their own, ended when the test ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes.headless import BrokerProcess, HeadlessClient


class ClassProcesses:
    """Starts, kills and restarts a broker and its clients; a client that comes back needs no
    invitation.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        self._options = options
        self._port = 0
        self.clients: dict[str, HeadlessClient] = {}
        self.broker = self.start_broker()

    def start_broker(self, *options: str) -> BrokerProcess:
        """Start the broker on its data, at the same port as before."""
        self.broker = BrokerProcess(
            self._folder / "broker", self._port, *(options or self._options)
        )
        self._port = self.broker.port
        return self.broker

    def kill_broker(self) -> None:
        """As a power cut would."""
        self.broker.kill()

    @property
    def data_dir(self) -> Path:
        """The folder of the broker."""
        return self._folder / "broker"

    def start(self, name: str, invitation: str = "") -> HeadlessClient:
        """A client, online."""
        client = self.begin(name, invitation)
        client.online()
        return client

    def begin(self, name: str, invitation: str = "") -> HeadlessClient:
        """A client that is about to connect."""
        is_new = not (self._folder / name).exists()
        given = invitation or (self.broker.invitation if is_new else "")
        self.clients[name] = HeadlessClient(self._folder / name, name, given)
        return self.clients[name]

    def start_all(self, *names: str) -> list[HeadlessClient]:
        """Clients that all know each other and are in #general."""
        found = []
        for name in names:
            client = self.start(name)
            for earlier in found:
                earlier.event("group", group="#general", change="added", members=[name])
            found.append(client)
        for client in found:
            for name in names:
                if name != client.username:
                    client.event("trust", username=name)
        found[-1].event("group", group="#general", change="added", members=[names[-1]])
        return found

    def end(self) -> None:
        """Kill what still runs."""
        for process in (*self.clients.values(), self.broker):
            if process.process.poll() is None:
                process.kill()


@contextmanager
def class_processes(folder: Path, *options: str) -> Iterator[ClassProcesses]:
    """A class for one test."""
    running = ClassProcesses(folder, *options)
    try:
        yield running
    finally:
        running.end()
