"""A bare Debian in a folder (debootstrap), entered with processes and mounts of its own.

Needs Linux, root rights and debootstrap.
What it shares with this machine is the network. Package settings of this machine (proxies,
certificates, an apt that
must take an older mirror) come along, so that the same downloads work; nothing that is installed
here does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final

BASES: Final = Path(os.environ.get("ROOTS", "/var/tmp/csce513-roots"))
_COMES_ALONG: Final = ("PIP_", "SSL_CERT_", "http_proxy", "https_proxy", "no_proxy")
_LEFT_OUT: Final = ("PIP_FIND_LINKS", "PIP_CONFIG_FILE", "SSL_CERT_DIR")
_AUTHORITIES: Final = os.environ.get(
    "SSL_CERT_FILE", ""
)  # whom this machine trusts, and so must what it starts
_CARRIED: Final = "/etc/authorities-of-this-machine.pem"
_ENTER: Final = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$@"'
_BOOT_S: Final = 60.0
_BOOT: Final = """
mount --bind "$0" "$0" && cd "$0"
mount -t proc proc proc && mount --rbind /sys sys
mount -t tmpfs tmpfs dev && mkdir dev/pts dev/shm && mount -t devpts devpts dev/pts && mount -t tmpfs tmpfs dev/shm
for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd; ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
mount -t tmpfs tmpfs run
pivot_root . . && umount -l .
exec env -i container=chroot PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init --log-target=console
"""


class NoMachine(Exception):
    """No such root can be made here; the text says why in one line."""


class BareMachine:
    """One fresh root of a Debian release, removed at the end of the `with` block."""

    def __init__(self, suite: str) -> None:
        self.suite = suite
        self._base = BASES / suite
        self.root = Path()
        self._systemd: subprocess.Popen[str] | None = None

    def __enter__(self) -> BareMachine:
        """Copy the kept base, after making it if there is none. NoMachine if that does not work."""
        self._make_base()
        self.root = Path(tempfile.mkdtemp(prefix=f"{self.suite}-", dir=BASES))
        subprocess.run(["cp", "-a", f"{self._base}/.", str(self.root)], check=True)
        self.root.chmod(0o755)
        for path, target in (("/etc/resolv.conf", "/etc/resolv.conf"), (_AUTHORITIES, _CARRIED)):
            if path and Path(path).is_file():
                shutil.copyfile(path, self.root / target.lstrip("/"))
        apt = self.root / "etc/apt/apt.conf.d/99tests"
        # Nobody answers its questions; and a mirror that stands still for some weeks is good enough
        # for a test.
        apt.write_text(
            'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\nAcquire::Check-Valid-Until "false";\n',
            encoding="ascii",
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._systemd is not None:
            end(self._systemd)
        shutil.rmtree(self.root, ignore_errors=True)

    def _make_base(self) -> None:
        if self._base.is_dir():
            return
        if os.geteuid() != 0 or shutil.which("debootstrap") is None:
            raise NoMachine(
                f"a bare {self.suite} takes root rights and debootstrap (apt-get install debootstrap)"
            )
        unfinished = BASES / f"{self.suite}.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        BASES.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", self.suite, str(unfinished)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise NoMachine(
                f"debootstrap {self.suite} failed: {said[-1] if said else done.returncode}"
            )
        unfinished.rename(self._base)

    def command(self, words: Sequence[str], user: str, environment: Mapping[str, str]) -> list[str]:
        """Give the command line of this machine that runs `words` in there; its processes end with
        it.
        """
        home = "/root" if user == "root" else f"/home/{user}"
        comes = {
            name: _CARRIED if value == _AUTHORITIES else value
            for name, value in os.environ.items()
            if name.startswith(_COMES_ALONG) and name not in _LEFT_OUT
        }
        inside = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": home,
            "USER": user,
            "LANG": "C.UTF-8",
            **comes,
            **environment,
        }
        words = [
            "/usr/bin/env",
            "--chdir=/",
            "-i",
            *(f"{name}={value}" for name, value in inside.items()),
            *words,
        ]
        if self._systemd is not None:
            where = f"/proc/{self._init_pid()}/root"
            enter = [
                "nsenter",
                f"--target={self._init_pid()}",
                "--mount",
                "--pid",
                "--uts",
                "--ipc",
                f"--root={where}",
            ]
            return [
                *enter,
                "setpriv",
                f"--reuid={user}",
                f"--regid={user}",
                "--init-groups",
                *words,
            ]
        return [
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "sh",
            "-c",
            _ENTER,
            str(self.root),
            f"--userspec={user}",
            str(self.root),
            *words,
        ]

    def shell(
        self, script: str, user: str = "root", cwd: str = "/", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a script of sh in there and wait for it; what it says goes to `stdout`, errors
        too.
        """
        words = ["sh", "-c", f'cd "{cwd}" && {script}']
        return subprocess.run(
            self.command(words, user, environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def start(
        self, script: str, log: IO[str], user: str = "root", cwd: str = "/", **environment: str
    ) -> subprocess.Popen[str]:
        """Start a script of sh in there; all that it says goes to `log`."""
        words = ["sh", "-c", f'cd "{cwd}" && exec {script}']
        return subprocess.Popen(
            self.command(words, user, environment),
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def boot(self, log: IO[str]) -> None:
        """Start its systemd; `shell` and `start` are on the booted machine from now on.

        NoMachine if it does not.
        """
        if self.shell(
            "apt-get update -qq && apt-get install -qq systemd systemd-sysv dbus >/dev/null"
        ).returncode:
            raise NoMachine(f"systemd cannot be installed on {self.suite}")
        self._systemd = subprocess.Popen(
            [
                "unshare",
                "--mount",
                "--pid",
                "--uts",
                "--ipc",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                _BOOT,
                str(self.root),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        until = time.monotonic() + _BOOT_S
        is_up = "systemctl is-system-running | grep -Eq 'running|degraded'"
        while not self._init_pid() or self.shell(is_up).returncode:
            if self._systemd.poll() is not None or time.monotonic() > until:
                raise NoMachine(
                    f"systemd of {self.suite} does not boot in a namespace of this machine"
                )
            time.sleep(0.5)

    def _init_pid(self) -> int:
        """Give the number that its first process has on this machine; 0 before there is one."""
        assert self._systemd is not None
        return next(iter(_children(self._systemd)), 0)


def end(process: subprocess.Popen[str]) -> None:
    """End what `start` has started, and all of its processes with it."""
    # The first process of the namespace takes all others with it. That it ends with its parent
    # (--kill-child) is
    # forgotten by the system as soon as it becomes another user.
    for child in _children(process):
        os.kill(child, signal.SIGKILL)
    process.kill()
    process.wait()


def _children(process: subprocess.Popen[str]) -> list[int]:
    if process.poll() is not None:
        return []
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in path.read_text(encoding="ascii").split()]
