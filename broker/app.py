"""Builds the broker and runs it: data folder, keys, storage, core, threads, invitations, a clean
stop.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import zmq

from broker.admin.commands import run_command
from broker.admin.health import Running
from broker.admin.http import LocalPages, page_url
from broker.admin.operations import Answer, Asking, Host
from broker.admin.own_call import call_myself, check_readable
from broker.admin.service_manager import ServiceManager
from broker.admin.settings import MIB, Settings, load_settings
from broker.core.accounts import Admission
from broker.core.core import BrokerCore, ClassInfo
from broker.core.files.catalogue import FileLimits
from broker.core.limits import Rates
from broker.storage.base import Storage
from broker.storage.data_folder import Codes, DataDir, DataDirInUse
from broker.storage.owner import become_owner_of
from broker.storage.part_files import FileStore, PartReader
from broker.storage.sqlite import SqliteStorage
from broker.threads.addresses import (
    cannot_listen,
    guess_public,
    loopback_of,
    read_host,
    read_public,
    resolve,
)
from broker.threads.base import BrokerFailed, fault_of
from broker.threads.database import CommitWorker, ReadWorker
from broker.threads.files import FileReader, FileWriter
from broker.threads.listening import Address
from broker.threads.mailbox import Mailbox
from broker.threads.network import NetThread, Workers
from broker.threads.shell import Mail, StopRequested
from broker.threads.zap import ZapThread
from shared.crypto.public import class_id_of
from shared.errors import ChatError
from shared.invitations import INSTRUCTOR_FILE, STUDENT_FILE, Invitation, z85_decode
from shared.logs import Log, setup_logging
from shared.settings import SettingsError
from shared.version import VERSION

EXIT_OK, EXIT_FAILED, EXIT_BAD_ARGUMENTS, EXIT_IN_USE = 0, 1, 2, 5
_READY_S = 30.0  # a thread that is not ready by then never will be
_STOP_S = 25.0  # for a clean end; a service manager waits 30
_LOOK_S = 0.5

_log = Log("broker.app")


class Broker:
    """All parts of a running broker.

    `start` returns when it listens; `stop` when everything is committed and told.
    """

    def __init__(self, settings: Settings, storage: Storage | None = None) -> None:
        self._settings = settings
        self._data = DataDir(settings.data_dir)
        self._given_storage = storage
        self._is_started = False
        self._bell_lock = threading.Lock()
        self._pages: LocalPages | None = None

    def start(self) -> None:
        """Raises ChatError in words if it cannot."""
        host = read_host(self._settings.host)
        self._listen = Address(host, resolve(host), self._settings.port, b"", b"")
        self._data.open()
        try:
            self._build()
        except BaseException:
            self._data.close()
            raise

    def _build(self) -> None:
        public, secret = self._data.curve_pair(zmq.curve_keypair())
        codes = self._data.codes()
        raw_key = z85_decode(public)
        core = BrokerCore(_class_info(self._settings, codes, raw_key), os.urandom)
        self._storage = self._given_storage or SqliteStorage(self._data.database)
        try:
            core.load(self._storage, is_verified=True)
        except ChatError:
            self._storage.close()
            raise
        files = FileStore(self._data.files, self._settings.disk_reserve_mb * MIB)
        try:
            files.prepare(set(core.files.all))
        except OSError as error:
            raise BrokerFailed(
                f"The folder {self._data.files} cannot be used: {error.strerror}."
            ) from error
        names = {
            key: name
            for key in core.directory.keys
            if (name := core.directory.username_of_key(key))
        }
        address = replace(self._listen, curve_public=public, curve_secret=secret)
        self._start_threads(core, address, names, files)
        try:
            self._invite(raw_key, codes)
            self._start_pages()
            own = self.student_invitation
            ended = call_myself(
                self._context, loopback_of(address.hosts), self._net.port, own, self._net, self._zap
            )
            self._post(ended)
        except BaseException:
            self.stop()
            raise

    def _start_threads(
        self, core: BrokerCore, address: Address, names: dict[str, str], files: FileStore
    ) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context(io_threads=1)
        self._context.max_sockets = 1023
        self._mailbox = mailbox = Mailbox(self._context)
        self._bell = mailbox.connect()
        self._zap = ZapThread(self._context, names)
        self._workers = Workers(
            CommitWorker(self._storage, mailbox),
            ReadWorker(self._storage, mailbox),
            FileWriter(files, mailbox),
            FileReader(PartReader(self._data.files), mailbox),
        )
        self._net = NetThread(self._context, core, address, mailbox, self._workers, names)
        self._is_started = True
        try:
            self._zap.start()
            self._zap.wait_until_ready(_READY_S)  # it must answer before the first handshake
            self._workers.start()
            for worker in self._workers.all:
                worker.wait_until_ready(_READY_S)
            self._net.start()
            self._net.wait_until_ready(_READY_S)
        except BrokerFailed as error:
            cause = self._net.error if isinstance(self._net.error, BrokerFailed) else error
            self.stop()
            raise cause from error

    def _invite(self, raw_key: bytes, codes: Codes) -> None:
        """Write the invitations, once it is sure that a client can read them."""
        public, port = self._settings.public_address, 0
        if public:
            public, port = read_public(public)
        host, port = public or guess_public(self._listen.host), port or self._net.port
        self.port = self._net.port
        name = self._settings.class_name
        self.student_invitation = Invitation(host, port, raw_key, codes.student, name)
        self.instructor_invitation = Invitation(host, port, raw_key, codes.instructor, name)
        for invitation in (self.student_invitation, self.instructor_invitation):
            check_readable(invitation)
        self._data.write_invitations(self.student_invitation, self.instructor_invitation)

    def _start_pages(self) -> None:
        """Pages and orders of this machine, when everything else stands."""
        settings, port = self._settings, self._settings.metrics_port
        self._running = running = Running(
            self._net,
            self._zap,
            self._workers,
            settings.data_dir,
            settings.disk_reserve_mb * MIB,
            time.monotonic(),
        )
        asking = Asking(self._post)
        self._net.on_host_answered(asking.on_answered)
        about: Answer = {
            "class_name": settings.class_name,
            "endpoint": self.endpoint,
            "pid": os.getpid(),
        }
        try:
            self._pages = LocalPages(port, running, Host(self._data, asking.ask), about)
        except OSError as error:
            raise cannot_listen("127.0.0.1", port, error.errno or 0) from error
        about["pages"] = page_url(self._pages.server_port)
        self._pages.start()
        self._pages.wait_until_ready(_READY_S)
        self._data.write_control(self._pages.server_port, self._pages.token)

    def _post(self, item: Mail) -> None:
        with self._bell_lock:  # a socket may go from thread to thread if a lock stands between
            self._bell.post(item)

    @property
    def endpoint(self) -> str:
        """What a client on this machine or in the network connects to."""
        return self.student_invitation.endpoint

    def fault(self) -> str:
        """A sentence if a thread of it has ended; it cannot go on without."""
        if (
            self._net.error is not None
        ):  # maybe because a worker has told it, in its last moments, of its own end
            for worker in self._workers.all:
                worker.join(0.1)
        threads = (
            *self._workers.all,
            self._zap,
            self._net,
            *([self._pages.thread] if self._pages else []),
        )
        return next((fault for thread in threads if (fault := fault_of(thread))), "")

    @property
    def status(self) -> str:
        """How it goes, in one line."""
        gauges = self._net.gauges
        problems = self._running.problems()
        return (
            problems[0]
            if problems
            else f"{self.endpoint}, {gauges.signed_in} of {gauges.accounts} people online."
        )

    @property
    def is_stuck(self) -> bool:
        """Whether only a restart can help."""
        return bool(self._running.faults())

    def stop(self) -> None:
        """Take no more, commit and answer what was taken, say goodbye, end all threads."""
        if not self._is_started:
            return
        self._is_started = False
        if self._pages is not None:
            self._data.remove_control()
            self._pages.stop()
        if self._net.is_alive():
            self._post(StopRequested())
        if self._net.ident is not None:
            self._net.join(_READY_S)
        self._workers.stop()
        self._zap.stop()
        if self._zap.ident is not None:
            self._zap.join(10)
        self._bell.close()
        if not any(thread.is_alive() for thread in (self._net, self._zap, *self._workers.all)):
            self._mailbox.close()
            self._context.term()  # it waits for ever for the sockets of a thread that hangs
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
    # Until it is ready it has taken nothing from anybody, so there is nothing to bring to an end.
    _on_signals(lambda: os._exit(EXIT_OK))
    broker = Broker(settings)
    try:
        become_owner_of(settings.data_dir)
        broker.start()
    except ChatError as error:
        return _report_failure(settings, error)
    stop = threading.Event()
    _on_signals(stop.set)
    _print_ready(settings, broker)
    return _serve(broker, stop)


def _serve(broker: Broker, stop: threading.Event) -> int:
    """Watch it until it is told to stop, or cannot go on."""
    manager = ServiceManager()
    manager.ready(broker.status)
    _log.info("started", port=broker.port, version=VERSION)
    gc.collect()
    gc.freeze()
    fault = ""
    while not fault and not stop.wait(
        _LOOK_S
    ):  # a wait without end would not notice Ctrl+C on Windows
        fault = broker.fault()
        if not fault and not broker.is_stuck:
            manager.alive(broker.status)
    manager.stopping(fault or "Stopping.")
    if fault:
        print(f"run_broker.py: {fault} The broker ends.", file=sys.stderr, flush=True)
    _end_in_time()
    broker.stop()
    _log.info("stopped")
    return EXIT_FAILED if fault else EXIT_OK


def _end_in_time() -> None:
    """End the process by force if a thread or the disk hangs: what was not committed was never
    confirmed to anybody.
    """

    def end() -> None:
        print(
            "run_broker.py: The broker did not end in time, so it was cut off.",
            file=sys.stderr,
            flush=True,
        )
        os._exit(EXIT_FAILED)

    timer = threading.Timer(_STOP_S, end)
    timer.daemon = True
    timer.start()


def _on_signals(do: Callable[[], None]) -> None:
    names = (
        "SIGTERM",
        "SIGINT",
        "SIGBREAK",
    )  # the last is Windows' way to end a service or close its window
    for number in [getattr(signal, name) for name in names if hasattr(signal, name)]:
        signal.signal(number, lambda *_: do())


def _class_info(settings: Settings, codes: Codes, raw_key: bytes) -> ClassInfo:
    return ClassInfo(
        class_name=settings.class_name,
        class_id=class_id_of(raw_key),
        broker_key=raw_key,
        admission=Admission(settings.joining, codes.student, codes.instructor, codes.personal),
        rates=Rates(message_rate=settings.message_rate, message_burst=settings.message_burst),
        max_groups=settings.max_groups,
        file_limits=_file_limits(settings),
    )


def _file_limits(settings: Settings) -> FileLimits:
    return FileLimits(
        settings.max_file_mb * MIB,
        settings.user_quota_mb * MIB,
        settings.class_quota_mb * MIB,
        settings.upload_expiry_hours * 3_600_000,
        settings.file_retention_days * 86_400_000,
    )


def _prepare_process() -> None:
    sys.setswitchinterval(0.0005)  # a busy worker would otherwise hold up each send for 5 ms
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # one descriptor per client


def _report_failure(settings: Settings, error: ChatError) -> int:
    if settings.json:
        print(
            json.dumps({"event": "fatal", "code": error.code, "message": error.message}), flush=True
        )
    print(f"run_broker.py: {error.message}", file=sys.stderr, flush=True)
    return EXIT_IN_USE if isinstance(error, DataDirInUse) else EXIT_FAILED


def _print_ready(settings: Settings, broker: Broker) -> None:
    students, instructor = broker.student_invitation.encode(), broker.instructor_invitation.encode()
    if settings.json:
        line = {
            "event": "ready",
            "endpoint": broker.endpoint,
            "invitation": students,
            "instructor_invitation": instructor,
        }
        print(json.dumps(line), flush=True)
        return
    print(f"The broker of {settings.class_name} is ready at {broker.endpoint}.\n")
    if sys.stdout.isatty():
        print(
            f"Invitation for students (pass it on):\n  {students}\n\n"
            f"Invitation for instructors (keep it to yourself):\n  {instructor}\n\n"
            f"Both are also in {settings.data_dir}. Stop with Ctrl+C.",
            flush=True,
        )
    else:  # a journal or a log file is read by others, too
        print(
            f"The invitations are in {settings.data_dir}: {STUDENT_FILE} to pass on, {INSTRUCTOR_FILE} for yourself.\n"
            "`run_broker.py invite` shows them.",
            flush=True,
        )
