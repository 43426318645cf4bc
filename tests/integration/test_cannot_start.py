"""Real processes that cannot start: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.invitations import Invitation
from tools.module_map import ROOT

LINK = Invitation("127.0.0.1", 9, bytes(32), "code", "CSCE 513").encode()
QT_NEEDS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
HIDE = """
import runpy, sys
for name in {hidden!r}:
    sys.modules[name] = None
sys.argv = {argv!r}
sys.path.insert(0, {folder!r})
runpy.run_path({program!r}, run_name="__main__")
"""


def started(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run to its end, without a screen."""
    kept = {name: value for name, value in os.environ.items() if name not in QT_NEEDS}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def without(
    modules: tuple[str, ...], *argv: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in whose Python some modules are not installed."""
    program = str(ROOT / argv[0])
    source = HIDE.format(
        hidden=modules, argv=[program, *argv[1:]], folder=str(ROOT), program=program
    )
    return started("-c", source, **environment)


def test_a_python_without_packages() -> None:
    for program in ("run_broker.py", "run_client.py"):
        done = started("-S", program)  # the bare Python
        assert (
            done.returncode == 1
            and "is not installed for" in done.stderr
            and ".venv" in done.stderr
        )
    done = started("-S", "run_client.py", "--headless")
    assert json.loads(done.stdout)["code"] == "missing_library"
    done = started("-S", "run_broker.py", "--json")
    assert json.loads(done.stdout)["code"] == "missing_library"


@pytest.mark.parametrize("module", ["PyQt5", "PyQt5.QtWidgets", "imagesize"])
def test_a_window_without_its_libraries(module: str) -> None:
    done = without((module,), "run_client.py", QT_QPA_PLATFORM="offscreen")
    assert (
        done.returncode == 1
        and f"The library {module.partition('.')[0]} is not installed" in done.stderr
    )


def test_the_broker_needs_nothing_of_the_window(tmp_path: Path) -> None:
    hidden = ("PyQt5", "imagesize", "xkcdpass")
    done = without(hidden, "run_broker.py", "status", "--data-dir", str(tmp_path))
    assert done.returncode == 1 and "There is no class" in done.stderr
    done = without(("zmq",), "run_broker.py", "status", "--data-dir", str(tmp_path))
    assert done.returncode == 1 and "The library pyzmq is not installed" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="libraries as Linux loads them")
@pytest.mark.parametrize(
    ("library", "package"), [("libgthread-2.0.so.0", "libglib2.0-0"), ("libGL.so.1", "libgl1")]
)
def test_a_library_of_the_system_is_missing(tmp_path: Path, library: str, package: str) -> None:
    (tmp_path / library).touch()  # found first, and none
    done = started("run_client.py", LD_LIBRARY_PATH=str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 1 and library in done.stderr and package in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="libraries as Linux loads them")
def test_a_library_of_the_plugin_for_the_screen_is_missing(tmp_path: Path) -> None:
    (tmp_path / "libxcb-icccm.so.4").touch()
    done = started("run_client.py", LD_LIBRARY_PATH=str(tmp_path), DISPLAY=":987")
    assert done.returncode == 1 and "apt install libxcb-icccm4" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a screen may be missing")
def test_there_is_no_screen() -> None:
    done = started("run_client.py")
    assert (
        done.returncode == 1 and "There is no screen" in done.stderr and "--headless" in done.stderr
    )
    done = started("run_client.py", DISPLAY=":987")
    assert done.returncode == 1 and "could not connect to display :987" in done.stderr
    done = started("run_client.py", QT_QPA_PLATFORM="nonsense")
    assert done.returncode == 1 and "nonsense" in done.stderr


def passphrase_in(folder: Path) -> str:
    path = folder / "passphrase"
    path.write_text("six words\n", encoding="utf-8")
    return str(path)


def unusable(folder: Path) -> list[Path]:
    """Profiles that nobody can write: a file, below a file, and with a folder in the place of a
    file.
    """
    (folder / "file").touch()
    for name in ("lock", "history.sqlite3"):
        (folder / name / name).mkdir(parents=True)
    places = [
        folder / "file",
        folder / "file" / "below",
        folder / "lock",
        folder / "history.sqlite3",
    ]
    return [*places, Path("/proc/nothing")] if sys.platform == "linux" else places


def test_a_profile_that_cannot_be_used(tmp_path: Path) -> None:
    given = ["--username", "ana", "--passphrase-file", passphrase_in(tmp_path), "--test-cost", LINK]
    for place in unusable(tmp_path):
        done = started(
            "run_client.py", "--headless", "--profile", str(place), *given, CSCE513_ARGON2="minimal"
        )
        said = json.loads(done.stdout.splitlines()[-1])
        assert done.returncode == 2 and said["code"] == "profile_unusable", (place, done)
        assert str(place) in said["message"] and "cannot be used: " in said["message"]
        done = started(
            "run_client.py",
            "--export",
            str(tmp_path / "out"),
            "--profile",
            str(place),
            *given,
            CSCE513_ARGON2="minimal",
        )
        assert (
            done.returncode == 2 and f"The profile folder {place} cannot be used: " in done.stderr
        )


def test_a_history_that_is_damaged(tmp_path: Path) -> None:
    profile = tmp_path / "ana"
    given = ["--passphrase-file", passphrase_in(tmp_path), "--profile", str(profile), "--test-cost"]
    done = started(
        "run_client.py", "--headless", LINK, "--username", "ana", *given, CSCE513_ARGON2="minimal"
    )
    assert done.returncode == 0
    kept = (profile / "identity.bin").read_bytes()
    (profile / "history.sqlite3").write_bytes(b"junk" * 1000)
    done = started("run_client.py", "--headless", *given, CSCE513_ARGON2="minimal")
    said = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 2
    assert (
        said["message"] == f"The profile folder {profile} cannot be used: file is not a database."
    )
    assert (profile / "identity.bin").read_bytes() == kept


def test_a_passphrase_file_that_cannot_be_read(tmp_path: Path) -> None:
    given = ["--profile", str(tmp_path / "ana"), "--passphrase-file", str(tmp_path)]
    done = started("run_client.py", "--headless", *given)
    said = json.loads(done.stdout)
    assert done.returncode == 2 and said["code"] == "bad_arguments"
    assert said["message"] == f"The passphrase file {tmp_path} cannot be read: Is a directory."
    done = started("run_client.py", "--export", str(tmp_path / "out"), *given)
    assert done.returncode == 2 and "Is a directory." in done.stderr
    done = started(
        "run_client.py", "--export", str(tmp_path / "out"), "--profile", str(tmp_path / "ana")
    )
    assert done.returncode == 2 and "no passphrase was given" in done.stderr


def test_a_wrong_link(tmp_path: Path) -> None:
    given = ["--username", "ana", "--passphrase-file", passphrase_in(tmp_path)]
    for link in (
        "csce513://nowhere",
        "nothing",
        "x" * 5000,
        "~nobody-of-this-name/invitation",
        str(tmp_path),
    ):
        done = started("run_client.py", "--headless", link, *given)
        said = json.loads(done.stdout)
        assert done.returncode == 2 and said["code"] == "invitation_invalid"
        done = started("run_client.py", "--export", str(tmp_path / "out"), link, *given)
        assert done.returncode == 2 and "This is not an invitation" in done.stderr
    done = started("run_client.py", LINK, "--invitation", LINK)
    assert done.returncode == 2 and "given twice" in done.stderr


def test_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        done = started(
            "run_broker.py", "--data-dir", str(place), "--port", "0", "--host", "127.0.0.1"
        )
        assert done.returncode == 1 and f"The data folder {place} cannot be used" in done.stderr
