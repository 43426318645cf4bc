"""Builds the broker and runs it: data folder, keys, storage, core, threads, invitations, a clean stop."""

from __future__ import annotations

import gc
import ipaddress
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence

import zmq

from broker.accounts import Admission
from broker.commands import run_command
from broker.core import BrokerCore, ClassInfo
from broker.datadir import DataDir, DataDirInUse
from broker.file_workers import FileReader, FileWriter
from broker.files import FileLimits
from broker.filestore import FileStore, PartReader
from broker.health import Running
from broker.host import Answer, Asking, Host
from broker.limits import Rates
from broker.local_pages import LocalPages, page_url
from broker.loop import Address, NetThread, StopRequested, Workers
from broker.mailbox import Mailbox
from broker.settings import MIB, Settings, SettingsError, load_settings
from broker.storage.base import Storage
from broker.storage.sqlite import SqliteStorage
from broker.workers import CommitWorker, ReadWorker
from broker.zap import ZapThread
from shared.crypto.public import class_id_of
from shared.errors import ChatError
from shared.invitations import Invitation, z85_decode
from shared.logs import Log, setup_logging

EXIT_OK, EXIT_FAILED, EXIT_BAD_ARGUMENTS, EXIT_IN_USE = 0, 1, 2, 5

_log = Log("broker.app")


class BrokerFailed(ChatError):
    """The broker could not start."""

    code = "start_failed"


class Broker:
    """All parts of a running broker. `start` returns when it listens; `stop` when everything is committed and told."""

    def __init__(self, settings: Settings, storage: Storage | None = None) -> None:
        self._settings = settings
        self._data = DataDir(settings.data_dir)
        self._given_storage = storage
        self._is_started = False
        self._bell_lock = threading.Lock()
        self._pages: LocalPages | None = None

    def start(self) -> None:
        """Raises ChatError in words if it cannot."""
        self._data.open()
        try:
            self._build()
        except BaseException:
            self._data.close()
            raise

    def _build(self) -> None:
        settings = self._settings
        public, secret = self._data.curve_pair(zmq.curve_keypair())
        codes = self._data.codes()
        raw_key = z85_decode(public)
        admission = Admission(settings.joining, codes.student, codes.instructor, codes.personal)
        rates = Rates(message_rate=settings.message_rate, message_burst=settings.message_burst)
        info = ClassInfo(
            settings.class_name, class_id_of(raw_key), raw_key, admission, rates, settings.max_groups,
            _file_limits(settings),
        )  # fmt: skip
        core = BrokerCore(info, os.urandom)
        self._storage = self._given_storage or SqliteStorage(self._data.database)
        try:
            core.load(self._storage, is_verified=True)
        except ChatError:
            self._storage.close()
            raise
        files = FileStore(self._data.files, settings.disk_reserve_mb * MIB)
        try:
            files.prepare(set(core.files.all))
        except OSError as error:
            raise BrokerFailed(f"The folder {self._data.files} cannot be used: {error.strerror}.") from error
        names = {key: name for key in core.directory.keys if (name := core.directory.username_of_key(key))}
        self._start_threads(core, Address(settings.host, settings.port, public, secret), names, files)
        self.port = self._net.port
        host = settings.public_address or _guess_address(settings.host)
        self.student_invitation = Invitation(host, self.port, raw_key, codes.student, settings.class_name)
        self.instructor_invitation = Invitation(host, self.port, raw_key, codes.instructor, settings.class_name)
        self._data.write_invitations(self.student_invitation, self.instructor_invitation)
        self._start_pages()

    def _start_threads(self, core: BrokerCore, address: Address, names: dict[str, str], files: FileStore) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context(io_threads=1)
        self._context.max_sockets = 1023
        mailbox = Mailbox(self._context)
        self._bell = mailbox.connect()
        self._zap = ZapThread(self._context, names)
        self._workers = Workers(
            CommitWorker(self._storage, mailbox), ReadWorker(self._storage, mailbox), FileWriter(files, mailbox),
            FileReader(PartReader(self._data.files), mailbox),
        )  # fmt: skip
        self._net = NetThread(self._context, core, address, mailbox, self._workers, names)
        self._is_started = True
        self._zap.start()
        self._zap.ready.wait(10)  # it must answer before the first handshake
        self._workers.start()
        self._net.start()
        self._net.ready.wait(30)
        if self._net.error is not None:
            error = self._net.error
            self.stop()
            reason = error.strerror if isinstance(error, zmq.ZMQError) else str(error)
            raise BrokerFailed(f"Cannot listen on {address.host} port {address.port}: {reason}.") from error

    def _start_pages(self) -> None:
        """Pages and orders of this machine, when everything else stands."""
        settings, port = self._settings, self._settings.metrics_port
        running = Running(
            self._net, self._zap, self._workers, settings.data_dir, settings.disk_reserve_mb * MIB, time.monotonic()
        )
        asking = Asking(self._post)
        self._net.answer_host = asking.on_answered
        about: Answer = {"class_name": settings.class_name, "endpoint": self.endpoint, "pid": os.getpid()}
        try:
            self._pages = LocalPages(port, running, Host(self._data, asking.ask), about)
        except OSError as error:
            self.stop()
            raise BrokerFailed(f"Cannot listen on 127.0.0.1 port {port}: {error.strerror}.") from error
        about["pages"] = page_url(self._pages.server_port)
        self._data.write_control(self._pages.server_port, self._pages.token)
        self._pages.start()

    def _post(self, item: object) -> None:
        with self._bell_lock:  # a socket may go from thread to thread if a lock stands between
            self._bell.post(item)

    @property
    def endpoint(self) -> str:
        """What a client on this machine or in the network connects to."""
        return self.student_invitation.endpoint

    @property
    def done(self) -> threading.Event:
        """Set when the network thread has ended, by order or by a fault."""
        return self._net.done

    @property
    def has_failed(self) -> bool:
        """Whether it ended by a fault."""
        return self._net.error is not None

    def stop(self) -> None:
        """Take no more, commit and answer what was taken, say goodbye, end all threads."""
        if not self._is_started:
            return
        self._is_started = False
        if self._pages is not None:
            self._data.remove_control()
            self._pages.stop()
        if not self._net.done.is_set():
            self._post(StopRequested())
        self._net.join(30)
        self._workers.stop()
        self._zap.stop()
        self._zap.join(10)
        self._bell.close()
        self._context.term()
        self._storage.close()
        self._data.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl+C; gives the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and not arguments[0].startswith("-") and arguments[0] != "serve":
        return run_command(arguments)
    try:
        settings = load_settings(arguments[1:] if arguments[:1] == ["serve"] else arguments)
    except SettingsError as error:
        print(f"run_broker.py: {error}", file=sys.stderr)
        return EXIT_BAD_ARGUMENTS
    setup_logging(settings.log_format, settings.log_level)
    _prepare_process()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    broker = Broker(settings)
    try:
        broker.start()
    except ChatError as error:
        return _report_failure(settings, error)
    _print_ready(settings, broker)
    _log.info("started", port=broker.port)
    gc.collect()
    gc.freeze()
    while not stop.wait(0.5):  # a wait without end would not notice Ctrl+C on Windows
        if broker.done.is_set():
            break
    has_failed = broker.has_failed
    broker.stop()
    _log.info("stopped")
    return EXIT_FAILED if has_failed else EXIT_OK


def _file_limits(settings: Settings) -> FileLimits:
    return FileLimits(
        settings.max_file_mb * MIB, settings.user_quota_mb * MIB, settings.class_quota_mb * MIB,
        settings.upload_expiry_hours * 3_600_000, settings.file_retention_days * 86_400_000,
    )  # fmt: skip


def _prepare_process() -> None:
    sys.setswitchinterval(0.0005)  # a busy worker would otherwise hold up each send for 5 ms
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # one descriptor per client


def _report_failure(settings: Settings, error: ChatError) -> int:
    if settings.json:
        print(json.dumps({"event": "fatal", "code": error.code, "message": error.message}), flush=True)
    print(f"run_broker.py: {error.message}", file=sys.stderr, flush=True)
    return EXIT_IN_USE if isinstance(error, DataDirInUse) else EXIT_FAILED


def _print_ready(settings: Settings, broker: Broker) -> None:
    students, instructor = broker.student_invitation.encode(), broker.instructor_invitation.encode()
    if settings.json:
        line = {
            "event": "ready", "endpoint": broker.endpoint, "invitation": students, "instructor_invitation": instructor
        }  # fmt: skip
        print(json.dumps(line), flush=True)
        return
    print(
        f"The broker of {settings.class_name} is ready at {broker.endpoint}.\n\n"
        f"Invitation for students (pass it on):\n  {students}\n\n"
        f"Invitation for instructors (keep it to yourself):\n  {instructor}\n\n"
        f"Both are also in {settings.data_dir}. Stop with Ctrl+C.",
        flush=True,
    )


def _guess_address(host: str) -> str:
    """The address for the invitation: the given one, or this machine's in the local network."""
    if host == "localhost":
        return "127.0.0.1"
    if host not in ("0.0.0.0", "*", "::"):
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))  # sends nothing; only chooses the interface
            address = str(probe.getsockname()[0])
            return address if not ipaddress.ip_address(address).is_unspecified else "127.0.0.1"
        except OSError:
            return "127.0.0.1"
