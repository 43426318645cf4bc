"""A broker that says "ready" is ready: each thread that ends, before or after, ends the process
with a sentence.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.admin.settings import Settings
from broker.app import Broker
from broker.threads.addresses import EVERYWHERE
from broker.threads.base import BrokerFailed, BrokerThread
from shared.invitations import parse_invitation
from tests.support.people import make_person
from tests.support.processes.sockets import BrokerProcess, Network, enroll
from tools.module_map import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

_CLASSES = {
    "zap": "broker.threads.zap.ZapThread",
    "commit": "broker.threads.database.CommitWorker",
    "read": "broker.threads.database.ReadWorker",
    "file-write": "broker.threads.files.FileWriter",
    "file-read": "broker.threads.files.FileReader",
    "net": "broker.threads.network.NetThread",
    "pages": "broker.admin.http._PagesThread",
}
# A program that is the broker with one fault in it: an exception in the named thread before it is
# ready ...
_BEFORE = """
import sys, importlib
from broker import app
module, _, name = sys.argv[1].rpartition(".")
def work(self): raise OSError("the disk\\nis gone")
getattr(importlib.import_module(module), name).work = work
sys.exit(app.main(sys.argv[2:]))
"""
# ... or afterwards. SystemExit is what no `except Exception` takes; the queues are woken by
# something that is no order.
_AFTER = """
import sys, ctypes, threading
from broker import app
print_ready = app._print_ready
def ready(settings, broker):
    print_ready(settings, broker)
    name = sys.argv[1]
    for worker in broker._workers.all:
        if worker.name == name:
            worker.put(4)
    for thread in threading.enumerate():
        if thread.name == name and name in ("zap", "net", "pages"):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
app._print_ready = ready
sys.exit(app.main(sys.argv[2:]))
"""
# A thread that never gets ready, and does not end.
_HANGING = """
import sys, threading
from broker import app
from broker.threads import database as workers
app._READY_S = 1.0
workers.ReadWorker.work = lambda self: threading.Event().wait()
sys.exit(app.main(sys.argv[1:]))
"""


def program(text: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", text, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def options(folder: Path, *more: str) -> list[str]:
    return [
        "--data-dir",
        str(folder / "data"),
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--json",
        *more,
    ]


def sentences(errors: str) -> list[str]:
    return [line for line in errors.splitlines() if line.startswith("run_broker.py: ")]


@pytest.mark.parametrize("name", _CLASSES)
def test_a_thread_that_ends_before_it_is_ready(tmp_path: Path, name: str) -> None:
    process = program(_BEFORE, _CLASSES[name], *options(tmp_path))
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and json.loads(said)["event"] == "fatal", (said, errors)
    assert sentences(errors) == [
        f"run_broker.py: The thread {name} has ended before it was ready: the disk is gone."
    ], errors


@pytest.mark.parametrize("name", _CLASSES)
def test_a_thread_that_ends_afterwards(tmp_path: Path, name: str) -> None:
    process = program(_AFTER, name, *options(tmp_path))
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and json.loads(said)["event"] == "ready", (said, errors)
    (sentence,) = sentences(errors)
    assert sentence.startswith(f"run_broker.py: The thread {name} has ended: "), errors
    assert sentence.endswith(" The broker ends.")


def test_a_thread_that_hangs_before_it_is_ready(tmp_path: Path) -> None:
    process = program(_HANGING, *options(tmp_path))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert sentences(errors) == ["run_broker.py: The thread read was not ready after 1 seconds."]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_while_it_starts_and_while_a_thread_hangs(
    tmp_path: Path, number: signal.Signals
) -> None:
    starting = program(
        "import sys, threading\nfrom broker import app\nfrom broker.threads import database as workers\n"
        "def work(self):\n print('hangs', flush=True); threading.Event().wait()\n"
        "workers.ReadWorker.work = work\nsys.exit(app.main(sys.argv[1:]))",
        *options(tmp_path),
    )
    assert starting.stdout is not None and starting.stdout.readline() == "hangs\n"
    starting.send_signal(number)
    _, errors = starting.communicate(timeout=20)
    assert starting.returncode == 0 and "Traceback" not in errors
    # The storage hangs in a commit: the clean end waits, then the process is cut off.
    hanging = program(
        "import sys, threading\nfrom broker import app\nfrom broker.threads import database as workers\n"
        "app._STOP_S = 1.0\n"
        "real = app._print_ready\n"
        "def ready(settings, broker):\n"
        " broker._workers.commits._commit = lambda *_: (real(settings, broker), threading.Event().wait())\n"
        " from broker.core.events import Persist\n from broker.storage.base import Batch\n"
        " broker._workers.commits.put([Persist(0, Batch())])\n"
        "app._print_ready = ready\nsys.exit(app.main(sys.argv[1:]))",
        *options(tmp_path),
    )
    assert hanging.stdout is not None and json.loads(hanging.stdout.readline())["event"] == "ready"
    hanging.send_signal(number)
    _, errors = hanging.communicate(timeout=20)
    assert hanging.returncode == 1 and sentences(errors) == [
        "run_broker.py: The broker did not end in time, so it was cut off."
    ]


def test_who_does_not_answer_its_own_invitation_is_not_ready(tmp_path: Path) -> None:
    process = program(
        "import sys\nfrom broker import app\nfrom broker.admin import own_call\n"
        "from broker.threads import zap\nown_call._LIMIT_MS = 500\n"
        "zap.ZapThread.answer = lambda self, request: [b'1.0', request[1], b'400', b'', b'', b'']\n"
        "sys.exit(app.main(sys.argv[1:]))",
        *options(tmp_path),
    )
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and json.loads(said)["event"] == "fatal"
    assert sentences(errors) == [
        "run_broker.py: The broker listens, but does not answer a connection with its own invitation."
    ]


def test_the_own_call_is_no_client(tmp_path: Path) -> None:
    broker = Broker(Settings(data_dir=tmp_path / "data", host="127.0.0.1", port=0))
    broker.start()
    try:
        for _ in range(
            100
        ):  # until the network thread has taken the note; its beats are 100 ms apart at most
            broker._net.done.wait(0.1)
            if broker._net.counters.frames_in == 0 and broker._net.gauges.connections == 0:
                break
        counters = broker._net.counters
        assert (counters.frames_in, counters.frames_out, counters.bytes_out) == (0, 0, 0)
        assert (broker._zap.accepted, broker._zap.refused) == (
            0,
            0,
        ) and broker._net.gauges.connections == 0
    finally:
        broker.stop()


@pytest.fixture
def network() -> Iterator[Network]:
    opened = Network()
    yield opened
    opened.close()


_OWN_IPV6 = Path("/proc/net/if_inet6")
_HAS_IPV6 = socket.has_ipv6 and _OWN_IPV6.exists() and "lo" in _OWN_IPV6.read_text(encoding="ascii")


@pytest.mark.parametrize(
    ("host", "public", "reached", "invited"),
    [
        ("127.0.0.1", "", ("127.0.0.1",), "tcp://127.0.0.1:PORT"),
        ("localhost", "", ("127.0.0.1",), "tcp://127.0.0.1:PORT"),
        ("0.0.0.0", "chat.example.edu:443", ("127.0.0.1", "::1"), "tcp://chat.example.edu:443"),
        ("::", "[2001:DB8::7]", ("127.0.0.1", "::1"), "tcp://[2001:db8::7]:PORT"),
        ("[::]", "[2001:db8::7]:7000", ("127.0.0.1", "::1"), "tcp://[2001:db8::7]:7000"),
        ("*", "Chat.Example.edu", ("127.0.0.1", "::1"), "tcp://chat.example.edu:PORT"),
        ("[::1]", "", ("::1",), "tcp://[::1]:PORT"),
        ("::1", "192.0.2.7:1", ("::1",), "tcp://192.0.2.7:1"),
    ],
)
def test_where_it_listens_and_invites(
    tmp_path: Path, network: Network, host: str, public: str, reached: tuple[str, ...], invited: str
) -> None:
    if "::1" in reached and not _HAS_IPV6:
        pytest.skip("no IPv6 here")
    command = ["--data-dir", str(tmp_path / "data"), "--port", "0", "--host", host]
    process = program(
        "import sys\nfrom broker import app\nreal = app._log.info\n"
        "app._log.info = lambda event, **fields: print(event, fields.get('port'), flush=True)\n"
        "sys.exit(app.main(sys.argv[1:]))",
        *command,
        "--json",
        *(["--public-address", public] if public else []),
    )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        _, port = process.stdout.readline().split()
        assert (
            said["endpoint"]
            == invited.replace("PORT", port)
            == parse_invitation(said["invitation"]).endpoint
        )
        link = parse_invitation(said["invitation"])
        for number, address in enumerate(reached):
            there = type(link)(address, int(port), link.broker_key, link.join_code, link.class_name)
            enroll(network, there, make_person(f"alice{number}"))
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["--host", "no.such.name.invalid"],
            1,
            "that the broker should listen on is not known to this machine",
        ),
        (["--host", "192.0.2.77"], 1, "this machine has no such address"),
        (["--host", "http://x"], 2, "host must be a name or an address"),
        (["--host", "x:1"], 2, "option of its own"),
        (["--host", "[x]"], 2, "host must be"),
        (["--host", ""], 2, "host must be"),
        (["--host", "fe80::1%lo"], 1, "Cannot listen on"),
        (
            ["--public-address", "https://chat.example.edu"],
            2,
            "public_address must be what students connect to",
        ),
    ],
)
def test_what_cannot_be_is_one_sentence(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    command = [
        sys.executable,
        "run_broker.py",
        "--data-dir",
        str(tmp_path / "data"),
        "--port",
        "0",
        *arguments,
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code and not done.stdout, done
    assert (
        len(sentences(done.stderr)) == 1 and done.stderr.count("\n") == 1 and words in done.stderr
    ), done.stderr
    assert code == 1 or not (tmp_path / "data").exists()


def test_a_port_in_use_is_said_in_other_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        broker = Broker(Settings(data_dir=tmp_path, host="127.0.0.1", port=taken.getsockname()[1]))
        with pytest.raises(BrokerFailed, match="another program listens there already"):
            broker.start()
    Broker(Settings(data_dir=tmp_path, host="127.0.0.1", port=0)).stop()


def test_an_address_that_no_client_reads_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "broker.app.guess_public", lambda host: "me@home" if host == EVERYWHERE else host
    )
    with pytest.raises(BrokerFailed, match="No client can read an invitation to me@home"):
        Broker(Settings(data_dir=tmp_path, port=0)).start()
    assert not list(tmp_path.glob("invitation-*"))


def test_links_are_for_terminals(tmp_path: Path) -> None:
    """What goes to a journal or a file names the files; `invite` shows the links again."""
    command = [
        sys.executable,
        "run_broker.py",
        "--data-dir",
        str(tmp_path / "data"),
        "--host",
        "127.0.0.1",
    ]
    command += ["--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    assert "is ready at" in process.stdout.readline()
    process.terminate()
    with (
        process.stdout as out,
        process.stderr as err,
    ):  # communicate would lose what readline has read ahead
        rest, errors = out.read(), err.read()
    process.wait(30)
    assert "invitation-students.txt" in rest and "run_broker.py invite" in rest
    assert "csce513://" not in rest + errors
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    shown = b""
    while b"Ctrl+C" not in shown:
        shown += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    os.close(ours)
    assert process.returncode == 0 and shown.count(b"csce513://") == 2
    again = subprocess.run(
        [sys.executable, "run_broker.py", "invite", "--data-dir", str(tmp_path / "data")],
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert again.stdout.count("csce513://") == 2


def test_json_keeps_both_links(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "data")
    assert {
        broker.ready[name].split(":")[0] for name in ("invitation", "instructor_invitation")
    } == {"csce513"}
    assert broker.stop()[0] == 0


def test_a_thread_that_was_never_begun_is_said() -> None:
    class Quiet(BrokerThread):
        def work(self) -> None:
            """End at once."""

    thread = Quiet("quiet")
    thread.start()
    with pytest.raises(BrokerFailed, match=r"^The thread quiet has ended before it was ready\.$"):
        thread.wait_until_ready(5)
