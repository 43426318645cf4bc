"""What systemd is told: ready, alive, stopping.

A socket of the test stands for it; the broker is the real one.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.admin.service_manager import ServiceManager
from tools.module_map import ROOT

pytestmark = pytest.mark.timeout(90)


class Systemd:
    """The socket of a service manager, and what it was told."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.settimeout(20)

    def next(self) -> dict[str, str]:
        """The next message."""
        return dict(line.split("=", 1) for line in self._socket.recv(65_536).decode().splitlines())

    def until(self, name: str) -> dict[str, str]:
        """The next message that has this."""
        while name not in (said := self.next()):
            pass
        return said

    def is_silent(self) -> bool:
        """Whether nothing more has come."""
        self._socket.setblocking(False)
        try:
            return not self._socket.recv(65_536)
        except BlockingIOError:
            return True
        finally:
            self._socket.settimeout(20)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Systemd]:
    opened = Systemd(
        f"@csce513-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    )
    yield opened
    opened.close()


def broker(
    systemd: Systemd, data: Path, program: str = "", watchdog_usec: str = "300000"
) -> subprocess.Popen[str]:
    command = [sys.executable, *(["-c", program] if program else ["run_broker.py"])]
    return subprocess.Popen(
        [*command, "--data-dir", str(data), "--host", "127.0.0.1", "--port", "0"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": watchdog_usec},
    )


@pytest.mark.slow
def test_ready_alive_stopping(systemd: Systemd, tmp_path: Path) -> None:
    process = broker(systemd, tmp_path / "data")
    said = systemd.next()
    assert (
        said["READY"] == "1"
        and "tcp://127.0.0.1:" in said["STATUS"]
        and "0 of 0 people online" in said["STATUS"]
    )
    for _ in range(3):
        assert systemd.until("WATCHDOG") == {"WATCHDOG": "1"}
    process.send_signal(signal.SIGTERM)
    assert systemd.until("STOPPING") == {"STOPPING": "1", "STATUS": "Stopping."}
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.slow
def test_nothing_is_said_before_it_is_ready_and_the_fault_afterwards(
    systemd: Systemd, tmp_path: Path
) -> None:
    failing = broker(
        systemd,
        tmp_path / "one",
        "import sys\nfrom broker import app\nfrom broker.threads import zap\n"
        "zap.ZapThread.work = lambda self: 1 / 0\nsys.exit(app.main(sys.argv[1:]))",
    )
    failing.communicate(timeout=30)
    assert failing.returncode == 1 and systemd.is_silent()
    dying = broker(
        systemd,
        tmp_path / "two",
        "import sys\nfrom broker import app\nreal = app._print_ready\n"
        "def ready(settings, broker): real(settings, broker); broker._workers.reads.put(4)\n"
        "app._print_ready = ready\nsys.exit(app.main(sys.argv[1:]))",
    )
    assert systemd.until("STOPPING")["STATUS"].startswith("The thread read has ended")
    dying.communicate(timeout=30)
    assert dying.returncode == 1


@pytest.mark.slow
def test_a_network_thread_that_stands_still_ends_the_signs_of_life(tmp_path: Path) -> None:
    """The watchdog restarts it then; a disk that is full or slow it does not."""
    systemd = Systemd(str(tmp_path / "notify"))
    program = (
        "import os, sys, threading\nfrom broker import app\nfrom broker.admin import health\nreal = app._print_ready\n"
        "health._STUCK_S = 0.6\n"
        "class Full:\n free = 0\n"
        "health.shutil.disk_usage = lambda path: Full\n"  # a full disk, from the beginning
        "def ready(settings, broker):\n"
        " real(settings, broker)\n"
        " broker._workers.commits.meter.running_since_s = 1e-9\n"  # and a commit that does not end
        " def wait():\n"
        "  sys.stdin.readline()\n"
        "  broker._net._core.handle = lambda event: threading.Event().wait()\n"
        " threading.Thread(target=wait, daemon=True).start()\n"
        "app._print_ready = ready\nsys.exit(app.main(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            program,
            "--data-dir",
            str(tmp_path / "data"),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
        ],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "300000"},
    )
    try:
        assert process.stdin is not None
        assert "disk" in systemd.until("READY")["STATUS"]
        for _ in range(4):
            systemd.until("WATCHDOG")
        process.stdin.write("stand still\n")
        process.stdin.flush()
        systemd._socket.settimeout(2.5)  # eight intervals without a sign, at the end
        with pytest.raises(TimeoutError):
            for _ in range(40):
                systemd.next()
        assert process.poll() is None  # it is the watchdog's to end it
    finally:
        process.kill()
        process.communicate()
        systemd.close()


def test_without_a_manager_nothing_is_said(tmp_path: Path) -> None:
    for environment in (
        {},
        {"NOTIFY_SOCKET": "relative"},
        {"NOTIFY_SOCKET": "vsock:2:1"},
        {"NOTIFY_SOCKET": ""},
    ):
        manager = ServiceManager(environment)
        manager.ready("a")
        manager.alive("b")
        manager.stopping("c")


def test_a_manager_that_is_gone_does_no_harm(tmp_path: Path) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    manager.ready("a")


def test_the_watchdog_of_somebody_else_and_lines_in_a_status(tmp_path: Path) -> None:
    systemd = Systemd(str(tmp_path / "notify"))
    try:
        for pid, expected in (("1", False), (str(os.getpid()), True)):
            manager = ServiceManager(
                {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": pid}
            )
            manager.ready("one\nREADY=0")
            assert systemd.next() == {"READY": "1", "STATUS": "one READY=0"}
            manager.alive("one\nREADY=0")
            manager.alive("two")
            if expected:
                assert systemd.next() == {"WATCHDOG": "1"}
            assert systemd.next() == {"STATUS": "two"}
            manager.alive("two")
            assert systemd.is_silent()
    finally:
        systemd.close()
