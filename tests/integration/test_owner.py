"""What root does to a folder of somebody else leaves everything in it to its owner, whose broker
goes on there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.invitations import parse_invitation
from tests.support.people import make_person
from tests.support.processes.sockets import Network, enroll
from tools.module_map import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(150),
    pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root"),
]
NOBODY, GROUP = 65534, 65533  # a group of its own shows that this is kept, too
# Everything is imported while root still is: the program of a test may lie where nobody else comes.
_AS_NOBODY = (
    "import encodings.idna, fcntl, os, resource, sys\nfrom broker import app\nos.setgroups([])\n"
    f"os.setgid({GROUP})\nos.setuid({NOBODY})\nsys.exit(app.main(sys.argv[1:]))"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody can reach, with a folder of nobody's in it.

    pytest's own are for one user alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="owner-"))
    folder.chmod(0o755)
    (folder / "home").mkdir(mode=0o700)
    os.chown(folder / "home", NOBODY, GROUP)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def network() -> Iterator[Network]:
    opened = Network()
    yield opened
    opened.close()


class Running:
    """A broker with a person in it; `program` is run_broker.py or the same as nobody."""

    def __init__(self, data: Path, *program: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                *program,
                "--data-dir",
                str(data),
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--json",
            ],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()
        self.ready = json.loads(line)
        assert self.ready["event"] == "ready", self.ready

    def enroll(self, network: Network, name: str) -> None:
        peer = enroll(network, parse_invitation(self.ready["invitation"]), make_person(name))
        peer.close()

    def stop(self) -> None:
        self.process.terminate()
        _, errors = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, errors


def as_root(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "run_broker.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (arguments, done)
    return done.stdout


def strangers(folder: Path) -> list[str]:
    """What in a folder, or the folder, does not belong to nobody."""
    return [
        str(p)
        for p in (folder, *folder.rglob("*"))
        if (p.lstat().st_uid, p.lstat().st_gid) != (NOBODY, GROUP)
    ]


def test_every_command_of_root_beside_and_without_a_broker(place: Path, network: Network) -> None:
    data, home = place / "home" / "data", place / "home"
    options = ["--data-dir", str(data)]
    running = Running(data, "-c", _AS_NOBODY)
    running.enroll(network, "alice")
    for is_running in (True, False):
        as_root("invite", "--new", "students", *options)
        as_root("accounts", "role", "alice", "assistant", *options)
        as_root("accounts", "ban", "alice", *options)
        as_root("accounts", "unban", "alice", *options)
        as_root("accounts", *options)
        as_root("check", *options)
        as_root("backup", str(home / "backups" / f"{is_running}"), *options)
        as_root("backup", str(place / f"{is_running}"), *options)
        as_root("check", "--backup", str(place / f"{is_running}"))
        assert strangers(home) == []
        assert (place / f"{is_running}").stat().st_uid == 0  # in a folder of root's, for root alone
        if is_running:
            as_root("status", *options)
            running.stop()
    for path in data.glob("broker.sqlite3-*"):  # the next one makes them anew
        path.unlink()
    as_root("accounts", "reset", "alice", *options)
    as_root("check", "--quick", *options)
    assert strangers(home) == []
    again = Running(data, "-c", _AS_NOBODY)
    again.enroll(network, "bob")
    again.stop()
    assert strangers(home) == []


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_root_has_restored_starts_for_its_owner(
    place: Path, network: Network, is_there: bool
) -> None:
    """A folder that is there and empty stays its owner's; a new one belongs to the owner of the
    folder above.
    """
    data, backup = place / "home" / "data", place / "backup"
    running = Running(data, "-c", _AS_NOBODY)
    running.enroll(network, "alice")
    as_root("backup", str(backup), "--data-dir", str(data))
    running.stop()
    target = place / "restored" if is_there else place / "home" / "deep" / "restored"
    if is_there:
        target.mkdir(mode=0o700)
        os.chown(target, NOBODY, GROUP)
    as_root("restore", str(backup), "--data-dir", str(target))
    assert strangers(target) == [] and strangers(place / "home") == []
    as_root("check", "--data-dir", str(target))
    assert strangers(target) == []
    again = Running(target, "-c", _AS_NOBODY)
    again.enroll(network, "bob")
    again.stop()


def test_a_broker_that_root_starts_there_is_its_owners(place: Path, network: Network) -> None:
    data = place / "home" / "data"
    Running(data, "-c", _AS_NOBODY).stop()
    running = Running(data, "run_broker.py")
    status = Path(f"/proc/{running.process.pid}/status").read_text(encoding="utf-8")
    assert (
        f"\nUid:\t{NOBODY}\t{NOBODY}\t{NOBODY}\t{NOBODY}\n" in status
        and f"\nGroups:\t{GROUP} \n" in status
    )
    running.enroll(network, "alice")
    running.stop()
    assert strangers(place / "home") == []


def test_links_of_the_owner_lead_root_nowhere(place: Path) -> None:
    """Who owns the folder cannot have root write over files, or give away files, that are not in
    it.
    """
    data, mark = place / "home" / "data", place / "of-root"
    Running(data, "-c", _AS_NOBODY).stop()
    mark.write_text("mine", encoding="utf-8")
    mark.chmod(0o600)
    for name in (
        ".join-codes.json.part",
        ".invitation-students.txt.part",
        "restore-unfinished.part",
    ):
        (data / name).symlink_to(mark)
    as_root("invite", "--new", "students", "--data-dir", str(data))
    as_root("backup", str(place / "home" / "backup"), "--data-dir", str(data))
    (place / "home" / "empty").mkdir()
    os.chown(place / "home" / "empty", NOBODY, GROUP)
    (place / "home" / "empty" / "broker.lock").symlink_to(mark)
    as_root("restore", str(place / "home" / "backup"), "--data-dir", str(place / "home" / "empty"))
    assert (
        mark.read_text(encoding="utf-8") == "mine"
        and mark.stat().st_uid == 0
        and mark.stat().st_mode & 0o77 == 0
    )


def test_a_root_that_may_become_nobody_is_told(place: Path) -> None:
    """As in a container that has taken CAP_SETUID away."""
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv")
    data = place / "home" / "data"
    Running(data, "-c", _AS_NOBODY).stop()
    weak = [
        "setpriv",
        "--bounding-set=-setuid,-setgid",
        "--inh-caps=-setuid,-setgid",
        sys.executable,
        "run_broker.py",
    ]
    for command in (
        ["accounts", "--data-dir", str(data)],
        ["--data-dir", str(data), "--port", "0"],
    ):
        done = subprocess.run(
            [*weak, *command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1 and done.stderr.count("\n") == 1, done
        assert f"belongs to user {NOBODY}, whom this process cannot become" in done.stderr


def test_roots_own_folder_stays_roots(place: Path) -> None:
    data = place / "of-root"
    running = Running(data, "run_broker.py")
    as_root("invite", "--new", "students", "--data-dir", str(data))
    running.stop()
    assert {path.stat().st_uid for path in (data, *data.rglob("*"))} == {0}
