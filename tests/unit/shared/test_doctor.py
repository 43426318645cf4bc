"""The doctor judges: each fact gives a line that says what is wrong and what to do; what is right
is left alone.
"""

from __future__ import annotations

import errno
import json
import os
import re
import socket
from pathlib import Path

import pytest

from broker.admin import doctor as broker_doctor
from broker.admin.doctor import (
    check_address,
    check_guess,
    check_port,
    check_running,
    host_of,
    listen_error,
)
from client.diagnosis.doctor import check_server
from client.diagnosis.probe import Probed
from client.gui.kit.theme import EMOJI_FAMILIES
from shared.diagnosis import machine
from shared.diagnosis.doctor import (
    Finding,
    FolderFacts,
    Verdict,
    Window,
    check_clock,
    check_descriptors,
    check_disk,
    check_folder,
    check_libraries,
    check_python,
    check_window,
    note,
    ok,
    report,
    wrong,
)
from shared.diagnosis.machine import BROKER_MODULES, WINDOW_MODULES, folder_facts, libraries
from shared.starting import package_of
from tools.module_map import ROOT

MIB = 1024 * 1024


def is_wrong(finding: Finding, *words: str) -> bool:
    """Whether it is marked as wrong, with advice, and says these words."""
    assert all(word in finding.line for word in words), finding.line
    return (
        finding.verdict is Verdict.WRONG
        and bool(finding.advice)
        and finding.line.startswith("WRONG ")
    )


def test_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    fine = [ok("disk", "much"), note("address", "local", "think")]
    assert report(fine, is_json=False) == 0
    assert capsys.readouterr().out == "ok    disk: much\nnote  address: local - think\n"
    assert report([*fine, wrong("port", "taken", "choose another")], is_json=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is False
    assert said["findings"][2] == {
        "subject": "port",
        "verdict": "wrong",
        "words": "taken",
        "advice": "choose another",
    }


def test_python() -> None:
    assert is_wrong(check_python((3, 10, 9), "/usr/bin/python3"), "3.10.9", "3.11")
    assert (
        check_python((3, 11, 0), "p").verdict is check_python((4, 0, 0), "p").verdict is Verdict.OK
    )


def test_libraries() -> None:
    rows = [
        ("zmq", "27.1", None),
        ("PyQt5.QtCore", "5.15", None),
        ("PyQt5.QtGui", "5.15", "libGL.so.1: cannot open shared object file: No such file"),
        ("PyQt5.QtWidgets", "5.15", None),
        ("msgpack", "", "No module named 'msgpack'"),
        ("xkcdpass", "", None),
    ]
    pyzmq, qt, msgpack, xkcdpass = check_libraries(rows, "install it")
    assert pyzmq.line == "ok    pyzmq: 27.1" and xkcdpass.line == "ok    xkcdpass: there"
    assert is_wrong(qt, "PyQt5: ", "libGL.so.1", "libgl1") and is_wrong(
        msgpack, "install it", "No module"
    )


def test_all_libraries_of_the_locks_are_looked_for() -> None:
    for name, modules in (
        ("requirements-broker.in", BROKER_MODULES),
        ("requirements.in", WINDOW_MODULES),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        # Qt itself: PyQt5 loads it.
        wanted = set(re.findall(r"^([\w-]+)[=>]", text, re.MULTILINE)) - {"PyQt5-Qt5"}
        assert {package_of(module) for module in modules} == wanted


def test_libraries_are_tried_in_another_process() -> None:
    rows = list(libraries(["json", "no_such_module_here", "antigravity.nothing", "msgspec"]))
    assert rows[0] == ("json", "", None) and rows[3][2] is None and rows[3][1]
    assert "no_such_module_here" in str(rows[1][2])


def test_a_library_that_ends_the_process_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "killer.py").write_text(
        "import os, sys; print('bad day', file=sys.stderr); os._exit(3)", "utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    rows = list(libraries(["json", "killer", "zlib"]))
    assert [row[0] for row in rows] == ["json", "killer", "zlib"]
    assert rows[0][2] is rows[2][2] is None and "ends the process" in str(rows[1][2])


def test_places() -> None:
    assert is_wrong(check_folder("data folder", FolderFacts("/a", "file", "/a")), "is a file")
    assert is_wrong(
        check_folder("data folder", FolderFacts("/a/b", "nothing", "/a", "it is not allowed")),
        "/a:",
    )
    assert is_wrong(
        check_folder("data folder", FolderFacts("/a", "folder", "/a", "Read-only file system")),
        "Read-only",
    )
    assert is_wrong(
        check_folder("data folder", FolderFacts("/a", "folder", "/a", owner=7, user=0)),
        "user 7",
        "you are 0",
    )
    assert is_wrong(
        check_folder("data folder", FolderFacts("/a", "folder", "/a", strangers=2)),
        "2 files",
        "chown -R 0 /a",
    )
    assert is_wrong(
        check_folder("data folder", FolderFacts("/a", "folder", "/a", mode=0o750)), "chmod 700 /a"
    )
    assert check_folder("data folder", FolderFacts("/a", "folder", "/a")).verdict is Verdict.OK
    assert check_folder("data folder", FolderFacts("/a/b", "nothing", "/a")).verdict is Verdict.OK


def test_places_are_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "file").touch()
    assert check_folder("data folder", folder_facts(folder)).verdict is Verdict.OK
    assert sorted(path.name for path in folder.iterdir()) == [
        "file"
    ]  # nothing is left of the trial
    assert folder_facts(folder / "file").kind == "file"
    below = folder_facts(tmp_path / "new" / "below")
    assert (below.kind, below.parent, below.error) == ("nothing", str(tmp_path), "")
    assert folder_facts(folder / "file" / "below").error
    if hasattr(os, "getuid"):
        folder.chmod(0o755)
        assert is_wrong(check_folder("data folder", folder_facts(folder)), "chmod 700")
    if hasattr(os, "getuid") and os.getuid() == 0:
        folder.chmod(0o700)
        os.chown(folder / "file", 12345, -1)
        assert is_wrong(check_folder("data folder", folder_facts(folder)), "1 files")
        os.chown(folder, 12345, -1)
        assert is_wrong(check_folder("data folder", folder_facts(folder)), "user 12345")


def test_disk_and_descriptors() -> None:
    assert is_wrong(check_disk("/a", 10 * MIB, 256 * MIB), "10 MB free", "256 MB")
    assert check_disk("/a", 256 * MIB, 256 * MIB).verdict is Verdict.OK
    assert is_wrong(check_descriptors(256, 1100), "at most 256", "1100")
    assert check_descriptors(1100, 1100).verdict is Verdict.OK
    assert check_descriptors(None, 1100).words == check_descriptors(-1, 1100).words == "no limit"
    assert machine.free_bytes(Path("/nowhere/at/all")) > 0
    assert machine.descriptor_limit() is None or machine.descriptor_limit() != 0


def test_the_clock() -> None:
    assert check_clock(-4_999).verdict is Verdict.OK
    assert check_clock(5_000).line == "note  clock: 5 s ahead of the server's"
    assert is_wrong(check_clock(-3_600_000), "3600 s behind the server's")


def test_the_window() -> None:
    (screen,) = check_window(
        Window(error="could not connect to display :9"), "linux", EMOJI_FAMILIES
    )
    assert is_wrong(screen, "display :9", "--headless")
    screen, emoji, reader = check_window(Window("", "xcb", (), False), "linux", EMOJI_FAMILIES)
    assert screen.verdict is Verdict.OK and is_wrong(
        emoji, "Noto Color Emoji", "fonts-noto-color-emoji"
    )
    assert reader.verdict is Verdict.NOTE and "python3-pyqt5" in reader.advice
    _, emoji, reader = check_window(
        Window("", "xcb", ("Noto Color Emoji",), True), "linux", EMOJI_FAMILIES
    )
    assert emoji.verdict is reader.verdict is Verdict.OK
    _, _, reader = check_window(
        Window("", "windows", ("Segoe UI Emoji",), False), "win32", EMOJI_FAMILIES
    )
    assert reader.verdict is Verdict.OK
    assert machine.EMOJI_FAMILIES == EMOJI_FAMILIES


def test_the_window_is_tried_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert machine.window().platform == "offscreen"
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    assert "nonsense" in machine.window().error


# --- the port ---


def test_the_port() -> None:
    assert check_port("0.0.0.0", 5513, None).words == "port 5513 is free"
    assert check_port("0.0.0.0", 0, None).verdict is Verdict.OK
    for number, words in (
        (errno.EADDRINUSE, "another program listens on port 5513"),
        (errno.EACCES, "reserved"),
        (errno.EADDRNOTAVAIL, "not an address of this machine"),
        (errno.EIO, "nobody can listen"),
    ):
        assert is_wrong(check_port("0.0.0.0", 5513, OSError(number, os.strerror(number))), words)
    assert is_wrong(check_port("nothing", 5513, socket.gaierror(-2, "")), "nothing has no address")
    assert check_running(5513, has_answered=True).verdict is Verdict.OK and is_wrong(
        check_running(5513, has_answered=False), "5513"
    )


def test_ports_are_tried() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        assert is_wrong(
            check_port("127.0.0.1", port, listen_error("127.0.0.1", port)), "another program"
        )
        assert broker_doctor._connects(port)
    assert listen_error("127.0.0.1", port) is None and listen_error("0.0.0.0", 0) is None
    assert is_wrong(
        check_port("192.0.2.99", 0, listen_error("192.0.2.99", 0)), "not an address of this machine"
    )
    assert is_wrong(
        check_port("something.invalid", 0, listen_error("something.invalid", 0)), "has no address"
    )
    assert machine.is_own_address("127.0.0.1") and not machine.is_own_address("203.0.113.77")


# --- the address ---


def test_addresses() -> None:
    assert [
        host_of(text)
        for text in ("a.edu", "a.edu:5513", "192.0.2.1:80", "::1", "[::1]", "[::1]:5513")
    ] == ["a.edu", "a.edu", "192.0.2.1", "::1", "::1", "::1"]
    assert host_of("[") == host_of("") == ""
    assert is_wrong(check_address("chat.edu", [], set()), "chat.edu has no address")
    assert check_address("localhost", ["127.0.0.1", "::1"], {"127.0.0.1"}).verdict is Verdict.NOTE
    assert "router" in check_address("chat.edu", ["192.0.2.7"], set()).advice
    assert check_address("chat.edu", ["192.0.2.7"], {"192.0.2.7"}).verdict is Verdict.OK


def test_the_guess() -> None:
    assert (
        "only this machine" in check_guess("127.0.0.1").line
        and "only this machine" in check_guess("localhost").line
    )
    assert "only this network" in check_guess("192.168.1.7").line
    assert check_guess("8.8.8.8").line == "ok    address: 8.8.8.8"
    assert check_guess("chat.edu").verdict is Verdict.OK


# --- the server ---


def test_the_server() -> None:
    assert check_server("chat.edu", 5513, Probed("", class_name="CSCE 513")).line == (
        "ok    server: CSCE 513 answers at chat.edu port 5513, with the right key"
    )
    unknown = Probed(
        "name", "The name of the server is not known. Compare it with your invitation."
    )
    assert is_wrong(
        check_server("chat.edu", 5513, unknown),
        "chat.edu: the name of the server is not known - compare",
    )
    assert is_wrong(
        check_server("a", 1, Probed("port", "192.0.2.1: refused")),
        "refused",
        "nothing listens there",
    )
    assert is_wrong(
        check_server("a", 1, Probed("port", "192.0.2.1: no answer")), "no answer", "firewall"
    )
    assert is_wrong(check_server("a", 1, Probed("key")), "not with the key of your invitation")
    assert is_wrong(check_server("a", 1, Probed("greeting", "Too fast.")), "Too fast.")
