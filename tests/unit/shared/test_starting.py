"""What is said when a program cannot start: libraries of Python and of the system, a screen, a
passphrase file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from client.gui.kit.screen import abort_words, screen_fault
from client.settings import default_profile_dir, parse_options, read_passphrase
from shared.starting import missing_words, system_library
from tools.module_map import ROOT

ELSEWHERE = Path("/nowhere")


def missing(name: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("zmq", "pyzmq"),
        ("zmq.utils", "pyzmq"),
        ("nacl.bindings", "PyNaCl"),
        ("PyQt5.sip", "PyQt5-sip"),
        ("msgspec", "msgspec"),
    ],
)
def test_a_library_of_python_is_named_as_it_is_installed(name: str, package: str) -> None:
    words = missing_words(missing(name), "run_client.py", ELSEWHERE, "linux")
    assert words is not None and f"The library {package} is not installed" in words
    assert ".venv/bin/python -m pip install --no-deps --require-hashes -r requirements.txt" in words


def test_the_commands_are_those_of_the_program_and_the_system() -> None:
    words = missing_words(missing("zmq"), "run_broker.py", ELSEWHERE, "win32")
    assert words is not None and "  py -m venv .venv\n" in words
    assert (
        r".venv\Scripts\python -m pip install --no-deps --require-hashes -r requirements-broker.txt"
        in words
    )


def test_an_environment_beside_the_program_is_named(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    words = missing_words(missing("zmq"), "run_broker.py", tmp_path, "linux")
    assert (
        words is not None
        and words.endswith("\n  .venv/bin/python run_broker.py")
        and "pip" not in words
    )


def test_a_library_of_the_system_is_named_with_its_package() -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    words = missing_words(error, "run_client.py", ELSEWHERE, "linux")
    assert words is not None and "libGL.so.1 is missing" in words and "apt install libgl1)" in words
    error = ImportError("libnew.so.7: cannot open shared object file: No such file or directory")
    words = missing_words(error, "run_client.py", ELSEWHERE, "linux")
    assert words is not None and "Install the package of your system that has it." in words
    assert system_library("/lib/libz.so.1: file too short") == "libz.so.1"
    assert system_library("QtGui.abi3.so: undefined symbol: _Z") is None


def test_a_library_that_does_not_fit_is_told_with_its_reason() -> None:
    error = ImportError(
        "DLL load failed while importing QtCore: no such procedure", name="PyQt5.QtCore"
    )
    words = missing_words(error, "run_client.py", ELSEWHERE, "win32")
    assert words is not None and "PyQt5 cannot be loaded: DLL load failed" in words


def test_our_own_faults_are_not_hidden() -> None:
    assert missing_words(missing("client.nothing"), "run_client.py", ELSEWHERE, "linux") is None
    assert missing_words(ImportError("circular"), "run_client.py", ELSEWHERE, "linux") is None


def test_every_locked_library_is_known_by_its_name() -> None:
    """The name in the sentence is the name in the lock, for whoever looks there."""
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8").casefold().replace("_", "-")
    for module in (
        "zmq",
        "nacl",
        "PyQt5",
        "msgpack",
        "msgspec",
        "platformdirs",
        "confusable_homoglyphs",
        "xkcdpass",
    ):
        words = missing_words(missing(module), "run_client.py", ELSEWHERE, "linux")
        assert words is not None
        assert f"\n{words.split()[2].casefold().replace('_', '-')}==" in f"\n{locked}"


# --- the screen ---


def test_without_a_screen_there_is_a_sentence() -> None:
    said = screen_fault({}, "linux")
    assert said is not None and "DISPLAY" in said and "--headless" in said
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        assert screen_fault({name: ":0"}, "linux") is None
    assert screen_fault({}, "win32") is None and screen_fault({}, "darwin") is None


def test_the_sentence_instead_of_an_abort() -> None:
    assert "libxcb-icccm4" in abort_words("", "libxcb-icccm.so.4")
    assert "could not connect to display :9. Start it" in abort_words(
        "could not connect to display :9.", None
    )


# --- the passphrase file ---


@pytest.mark.parametrize(
    "raw",
    [
        b"six words\n",
        b"six words",
        b"six words\r\nmore",
        b"\xef\xbb\xbfsix words\r\n",
        "six words\r\n".encode("utf-16"),
    ],
)
def test_passphrase_files_of_every_editor(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes(raw)
    assert read_passphrase(path) == "six words"


def test_passphrase_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes(b"caf\xe9\n")  # as Windows writes it in its old encoding
    with pytest.raises(ValueError, match="is not text in UTF-8"):
        read_passphrase(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="is not text in UTF-8"):
        read_passphrase(path)
    path.write_bytes(b"\nsecond line")
    with pytest.raises(ValueError, match="is empty"):
        read_passphrase(path)
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        read_passphrase(tmp_path / "none")
    with pytest.raises(ValueError, match="cannot be read"):
        read_passphrase(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="a device that never ends")
def test_a_passphrase_file_without_end() -> None:
    assert len(read_passphrase(Path("/dev/zero"))) == 64 * 1024


# --- the link ---


def test_the_link_stands_alone_or_behind_its_option() -> None:
    link = "csce513://127.0.0.1:5513/join?key=a"
    assert (
        parse_options([link]).invitation == parse_options(["--invitation", link]).invitation == link
    )
    assert parse_options(["--headless", link, "--username", "ana"]).invitation == link
    with pytest.raises(ValueError, match="given twice"):
        parse_options([link, "--invitation", link])
    with pytest.raises(ValueError, match="unrecognized"):
        parse_options([link, link])


# --- the folder of a profile ---


@pytest.mark.parametrize(
    ("username", "folder"),
    [
        ("ana", "ana"),
        ("Zo\u00eb_D", "Zo\u00eb_D"),
        ("ana.", "ana"),
        ("CON", "CON_"),
        ("aux.b", "aux_.b"),
        ("nul", "nul_"),
        ("LPT1", "LPT1_"),
        ("C:evil", "C_evil"),
        ("\\\\server\\share", "__server_share"),
        ("a:b", "a_b"),
        ("..", "default"),
        ("a/../b", "a_.._b"),
        ("x ", "x_"),
    ],
)
def test_every_name_has_a_folder_on_every_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, username: str, folder: str
) -> None:
    monkeypatch.setattr("client.settings.default_profiles_dir", lambda: tmp_path)
    assert default_profile_dir(username) == tmp_path / folder


def test_a_folder_that_is_there_already_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("client.settings.default_profiles_dir", lambda: tmp_path)
    (tmp_path / "aux").mkdir()
    (tmp_path / "aux" / "profile.json").touch()
    assert default_profile_dir("aux") == tmp_path / "aux"
