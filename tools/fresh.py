"""`make fresh`: type every command of README and OPERATIONS on bare Debian machines, as somebody
who has just found us.

On Debian 12 as root without sudo, on Debian 13 as an ordinary user with sudo. `--suites`, `--quick`
(without the two
long commands) for less. Leaves what was said in fresh-output/.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.bare_machine import BareMachine, NoMachine, end
from tools.module_map import ROOT

OUTPUT: Final = ROOT / "fresh-output"
_USERS: Final = {"bookworm": "root", "trixie": "newcomer"}
_BOX: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LONG: Final = ("make demo", "make test")
_READY_S, _WINDOW_S = 60.0, 60.0
_PUBLIC: Final = "chat.example.edu"
_JOIN: Final = """\
sh -c 'printf "a passphrase of the first ten minutes\\n" > pass-{name}.txt
{{ sleep {seconds}; printf "{say}\\n"; sleep {seconds}; }} |
.venv/bin/python run_client.py --headless --profile profile-{name} --username {name} \
--passphrase-file pass-{name}.txt --invitation {invitation}'
"""
_SAY: Final = (
    r"{{\"id\": 1, \"do\": \"send\", \"to\": \"#general\", \"text\": \"Hello from {name}\"}}"
)
_OWN_PORTS: Final = r"""
cd /etc/systemd/system && mkdir -p csce513-broker.service.d && {{
printf '[Service]\nEnvironment=CSCE513_PORT={port}\nExecStart=\n'
grep ^ExecStart= csce513-broker.service | sed 's/--metrics-port 9513/--metrics-port {pages}/'
}} > csce513-broker.service.d/ports.conf
""".strip()


class Failed(Exception):
    """A documented command did not do what the document says."""


def boxes(document: str) -> list[list[str]]:
    """Give the commands of each box marked `sh`, without their comments."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [
        [
            line.partition("  #")[0].strip()
            for line in box.splitlines()
            if line.strip() and line[0] != "#"
        ]
        for box in _BOX.findall(text)
    ]


def free_port() -> int:
    """Find a TCP port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Newcomer:
    """Types what the documents say on one machine, in order, and looks at what comes of it."""

    machine: BareMachine
    user: str
    is_quick: bool
    log_path: Path
    cwd: str = ""
    serving: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = "/root" if self.user == "root" else f"/home/{self.user}"
        self.cwd = self.home
        self._log = self.log_path.open("w", encoding="utf-8")
        self.environment = {
            "CSCE513_PORT": str(free_port())
        }  # the network is this machine's, where 5513 may be taken

    def prepare(self) -> None:
        """Bring the program within reach, and for somebody who is not root: an account with
        sudo.
        """
        source = self.machine.root / "source.git"
        subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(source)], check=True)
        hosts = self.machine.root / "etc/hosts"
        hosts.write_text(f"127.0.0.1 localhost {_PUBLIC}\n::1 localhost\n", encoding="ascii")
        if self.user != "root":
            self._must("apt-get update -qq && apt-get install -qq sudo >/dev/null", user="root")
            self._must(f"useradd --create-home --shell /bin/bash {self.user}", user="root")
            self._must(
                f"echo '{self.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/newcomer", user="root"
            )
        # The owner of the source is of this machine, and git asks who owns what it reads.
        (self.machine.root / "etc/gitconfig").write_text(
            "[safe]\n\tdirectory = *\n", encoding="ascii"
        )

    def type(self, line: str) -> None:
        """Type one documented command. Failed in a sentence if it does not succeed."""
        line = line.replace("YOUR-SOURCE", "file:///source.git")
        if self.user == "root":
            line = line.removeprefix("sudo ")
        if line.startswith("cd "):
            self.cwd = f"{self.cwd}/{line[3:]}"
        elif self.is_quick and line in _LONG:
            self._say(f"(not typed: {line})")
        elif " run_broker.py --" in line:
            self._serve(line)
        elif line.endswith(" run_client.py"):
            self._open_window(line)
        else:
            self._must(line)

    def operate(self) -> None:
        """Type the boxes of OPERATIONS for a server with systemd, on the booted machine, and look
        at the service.
        """
        self.machine.boot(self._log)
        try:
            self._type_boxes_of_root()
        finally:
            journal = self.machine.shell(
                "journalctl -u csce513-broker -u csce513-backup --no-pager -o cat"
            ).stdout
            self._say(f"The journal:\n{journal}")
        if "csce513://" in journal:
            raise Failed("an invitation stands in the journal")
        kept = self._must("ls /var/backups/csce513; systemctl list-timers --no-pager", user="root")
        if "csce513-backup.timer" not in kept or not kept[:4].isdigit():
            raise Failed("the timer, or the backup that it made, is not there")
        self._outlive()

    def _type_boxes_of_root(self) -> None:
        # 5513 may be taken on the network that is shared with this machine, and so may the port of
        # the pages.
        own = _OWN_PORTS.format(port=self.environment["CSCE513_PORT"], pages=free_port())
        for number, box in enumerate(boxes("docs/OPERATIONS.md")):
            for line in box:
                if line == "systemctl daemon-reload" and not number:
                    self._must(own, user="root")
                self._must(line.replace("YOUR-SOURCE", "file:///source.git"), user="root")
            self._must("systemctl is-active csce513-broker", user="root")

    def _outlive(self) -> None:
        """End the service by force more often than systemd tolerates by default; it must come back
        each time.
        """
        pid = "systemctl show -p MainPID --value csce513-broker"
        for _ in range(6):
            before = self._must(pid, user="root").strip()
            self._must(f"kill -9 {before}", user="root")
            is_back = f"systemctl is-active -q csce513-broker && [ $({pid}) != {before} ]"
            self._must(
                f"for i in $(seq 200); do {is_back} && exit 0; sleep 0.2; done; exit 1", user="root"
            )

    def join_all(self) -> None:
        """Take part as an instructor and as a student, by the invitations that the broker wrote,
        without a window.
        """
        professor = self._join("professor", "instructor", 60)
        self.serving.append(self.machine.start(professor, self._log, self.user, self.cwd))
        said = self._must(self._join("alice", "students", 10))
        events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        if not any(one.get("state") == "stored" for one in events):
            raise Failed("what a student wrote to #general was not stored within 20 s")

    def _join(self, name: str, whose: str, seconds: int) -> str:
        path = f"{self.home}/.local/share/csce513fall24msg/broker/invitation-{whose}.txt"
        return _JOIN.format(
            name=name, say=_SAY.format(name=name), seconds=seconds, invitation=path
        ).rstrip()

    def stop(self) -> None:
        """Stop what serves."""
        while self.serving:
            end(self.serving.pop())

    def end(self) -> None:
        """Stop, and write nothing more."""
        self.stop()
        self._log.close()

    def _must(self, line: str, user: str = "") -> str:
        self._say(f"$ {line}")
        began = time.monotonic()
        done = self.machine.shell(
            line, user or self.user, self.cwd if not user else "/", **self.environment
        )
        self._say(f"{done.stdout}({time.monotonic() - began:.0f} s, exit code {done.returncode})")
        if done.returncode:
            last = (done.stdout.strip() or "nothing").splitlines()[-1]
            raise Failed(f"{line!r} ended with {done.returncode}, and said last: {last}")
        return done.stdout

    def _serve(self, line: str) -> None:
        self._say(f"$ {line} &")
        process = self.machine.start(line, self._log, self.user, self.cwd, **self.environment)
        self.serving.append(process)
        self._wait(
            _READY_S,
            lambda: " is ready at " in self._heard() and f"{_PUBLIC}:" in self._heard(),
            process,
            line,
        )

    def _open_window(self, line: str) -> None:
        """Open the window on a screen of its own (Xvfb), and see that it is there and stays."""
        self._must("apt-get install -qq xvfb xdotool >/dev/null", user="root")
        display = f":{int(self.environment['CSCE513_PORT']) % 1000 + 100}"
        screen = self.machine.start(
            f"Xvfb {display} -screen 0 1280x800x24", self._log, self.user, self.home
        )
        self.serving.append(screen)
        window = self.machine.start(line, self._log, self.user, self.cwd, DISPLAY=display)
        self.serving.append(window)
        look = "xdotool search --onlyvisible --name '.+'"

        def is_open() -> bool:
            return self.machine.shell(look, self.user, self.home, DISPLAY=display).returncode == 0

        self._wait(_WINDOW_S, is_open, window, line)
        self._say(f"$ {line}\n(the window is open)")

    def _wait(
        self, seconds: float, is_done: Callable[[], bool], process: subprocess.Popen[str], line: str
    ) -> None:
        until = time.monotonic() + seconds
        while not is_done():
            if process.poll() is not None:
                raise Failed(f"{line!r} ended with {process.returncode}")
            if time.monotonic() > until:
                raise Failed(f"{line!r} was not there after {seconds:.0f} s")
            time.sleep(0.2)

    def _heard(self) -> str:
        return self.log_path.read_text(encoding="utf-8")

    def _say(self, text: str) -> None:
        print(text, file=self._log, flush=True)


def walk(newcomer: Newcomer) -> Iterator[str]:
    """Do all that README says, a chapter at a time; gives the name of each chapter that is done."""
    newcomer.prepare()
    chapters = (
        "what it needs, and the program",
        "make demo and make test",
        "the host",
        "everybody",
    )
    readme = boxes("README.md")
    if len(readme) != len(chapters):
        raise Failed(f"README has {len(readme)} boxes of commands; this walk knows {len(chapters)}")
    for name, box in zip(chapters, readme, strict=True):
        for line in box:
            if name == "everybody" and line.endswith("--doctor"):
                line = f"QT_QPA_PLATFORM=offscreen {line}"  # the screen comes with the next command
            newcomer.type(line)
        yield name
    newcomer.join_all()
    newcomer.stop()
    yield "an instructor and a student in #general"
    newcomer.operate()
    yield "a service of systemd, with backups, an upgrade and six violent ends"


def main() -> int:
    """Walk through all machines; 1 with a sentence if a command failed, 2 if no machine could be
    made.
    """
    parser = argparse.ArgumentParser(
        prog="make fresh", description="Types the documented commands on bare machines."
    )
    parser.add_argument("--suites", nargs="+", default=list(_USERS), choices=list(_USERS))
    parser.add_argument("--quick", action="store_true", help="without make demo and make test")
    options = parser.parse_args()
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    for suite in options.suites:
        user = _USERS[suite]
        try:
            with BareMachine(suite) as machine:
                newcomer = Newcomer(machine, user, options.quick, OUTPUT / f"{suite}.log")
                try:
                    for chapter in walk(newcomer):
                        print(f"fresh: {suite} as {user}: {chapter}: as documented", flush=True)
                finally:
                    newcomer.end()
        except NoMachine as error:
            print(f"fresh: {error}", file=sys.stderr)
            return 2
        except Failed as error:
            print(
                f"fresh: {suite} as {user}: {error}. All that was said: {OUTPUT}/{suite}.log",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
