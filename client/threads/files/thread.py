"""The thread for files: owns the second DEALER, reads, seals, verifies and writes; the core says
what and when.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, assert_never

import zmq

from client.api.said import Detail, Failed, refused_in_full
from client.clock import system_clock
from client.core.state.effects import (
    DiscardDownload,
    DownloadEnded,
    DropPreview,
    Event,
    FileOrder,
    FindSource,
    FindTarget,
    RemoveSource,
    RestartFiles,
    StartDownload,
    StartUpload,
    StopTransfer,
    TransferAdvanced,
    TransferFailed,
    UploadEnded,
)
from client.storage.keystore import Profile
from client.threads.dealer import Dealer
from client.threads.files.disk import Previews, find_source, find_target
from client.threads.files.download import Download, partial_path
from client.threads.files.upload import TransferError, Upload
from client.threads.mailbox import Mailbox
from shared.codec import decode_answers, encode
from shared.crypto.identity import sign_login
from shared.errors import CodecError
from shared.invitations import Invitation, z85_decode
from shared.logs import Log
from shared.messages import (
    PROTOCOL_VERSION,
    Attach,
    Attached,
    FetchParts,
    Hello,
    Message,
    Part,
    PartsStored,
    Ping,
    Refused,
    SignedOut,
    SignOut,
    UploadClosed,
    UploadReady,
    Welcome,
)

_log = Log("client.transfer")

REPORT_MS: Final = 100
IDLE_MS: Final = 60_000
PING_MS: Final = 10_000
STALLED_MS: Final = 30_000
MAX_DRAIN: Final = 32
MAX_ORDERS: Final = 1000
_QUITE_UNUSUAL: Final = Failed(code="internal", detail=Detail.TRANSFER_BROKE)

Job = Upload | Download


class FileThread:
    """`post` and `stop` from the network thread; `report` is called on this thread."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        profile: Profile,
        folder: Path,
        report: Callable[[Event], None],
        where: Callable[[], Invitation],
    ) -> None:
        self._context = context
        self._profile = profile
        self._where = where  # the address at which the server is reached now
        self._report = report
        self._previews = Previews(folder / "previews", profile.vault)
        self._mailbox: Mailbox[FileOrder | None] = Mailbox(context)
        self._thread = threading.Thread(target=self._run, name="client-files", daemon=True)
        self._dealer: Dealer | None = None
        self._is_attached = False
        self._jobs: dict[bytes, Job] = {}  # transfer_id -> what runs
        self._by_file: dict[bytes, Job] = {}  # one at a time for each file
        self._queue: deque[Job] = deque()
        self._said_ms: dict[bytes, int] = {}
        self._heard_ms = self._asked_ms = 0
        self._idle_since_ms = 0
        self._has_ended = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def post(self, order: FileOrder) -> None:
        """Order something; network thread."""
        self._mailbox.post(order)

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop all transfers where they are, and end the thread."""
        if self._thread.ident is not None:
            self._mailbox.post(None)
            self._thread.join(timeout_s)
        else:
            self._mailbox.close()

    # --- the thread ---

    def _run(self) -> None:
        _give_way()
        try:
            while not self._has_ended:
                self._step()
        except Exception:  # noqa: BLE001 - the top of the thread: transfers stop, the chat goes on
            _log.error("thread for files failed", exc_info=True)
            self._fail_all(_QUITE_UNUSUAL)
        finally:
            for job in (*self._jobs.values(), *self._queue):
                job.close()
            self._disconnect(said_goodbye=self._is_attached)
            self._mailbox.close()

    def _step(self) -> None:
        """Wait for something, and do all of it once."""
        poller = zmq.Poller()
        self._mailbox.register(poller)
        if self._dealer is not None:
            self._dealer.register(poller)
        has_work = self._mailbox.has_items or (
            self._is_attached
            and any(isinstance(job, Upload) and job.has_work for job in self._jobs.values())
        )
        poller.poll(0 if has_work else 1000)
        for order in self._mailbox.take(MAX_ORDERS):
            self._obey(order)
        if self._dealer is not None:
            self._serve(self._dealer)
        self._produce()
        self._look_at_clock()

    def _serve(self, dealer: Dealer) -> None:
        for happened in dealer.events():
            if happened == "opened":
                self._send(
                    [Hello(PROTOCOL_VERSION, "csce513msg-files/1", self._profile.identity.username)]
                )
            else:
                self._lose()
                return
        try:
            for frame in dealer.frames(MAX_DRAIN):
                self._heard_ms = _now_ms()
                for message in decode_answers(frame):
                    self._receive(message)
                    if self._dealer is not dealer:
                        return
        except CodecError as error:
            _log.warning("unreadable frame", reason=error.message)
            self._lose()

    # --- orders ---

    def _obey(self, order: FileOrder | None) -> None:
        match order:
            case None:
                self._has_ended = True
            case FindSource():
                self._report(find_source(order, system_clock()))
            case FindTarget():
                self._report(find_target(order, system_clock()))
            case StartUpload():
                self._begin(Upload(order, os.urandom))
            case StartDownload():
                if not self._show_kept(order):
                    self._begin(Download(order))
            case StopTransfer():
                self._stop(order.transfer_id)
            case RestartFiles():
                self._restart()
            case DropPreview():
                self._previews.drop(order.file_id)
            case DiscardDownload():
                with suppress(OSError):
                    partial_path(order.path, order.transfer_id).unlink(missing_ok=True)
            case RemoveSource():
                path = Path(order.path)
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                    # the folder was made for it; one with anything else in it stays
                    path.parent.rmdir()
            case _:
                assert_never(order)

    def _show_kept(self, order: StartDownload) -> bool:
        data = None if order.path else self._previews.get(order.manifest.file_id)
        if data is None:
            return False
        self._report(DownloadEnded(system_clock(), order.transfer_id, "", data))
        return True

    def _begin(self, job: Job) -> None:
        self._idle_since_ms = 0
        if job.file_id in self._by_file:
            self._queue.append(job)
            return
        self._jobs[job.transfer_id] = self._by_file[job.file_id] = job
        if self._dealer is None:
            self._connect()
        elif self._is_attached:
            self._start(job)

    def _start(self, job: Job) -> None:
        try:
            messages = job.start()
        except TransferError as error:
            self._fail(job, error.failure)
            return
        self._send(messages or [])

    def _stop(self, transfer_id: bytes) -> None:
        for job in list(self._queue):
            if job.transfer_id == transfer_id:
                self._queue.remove(job)
        job_or_none = self._jobs.get(transfer_id)
        if job_or_none is not None:
            self._end(job_or_none)

    def _end(self, job: Job) -> None:
        """The job is over: the next one for the same file gets its turn."""
        job.close()
        if isinstance(job, Download) and self._is_attached:
            self._send(job.last_receipts())
        self._jobs.pop(job.transfer_id, None)
        self._by_file.pop(job.file_id, None)
        self._said_ms.pop(job.transfer_id, None)
        for waiting in list(self._queue):
            if waiting.file_id == job.file_id:
                self._queue.remove(waiting)
                self._begin(waiting)
                return

    def _fail(self, job: Job, failure: Failed, retry_after_ms: int = 0) -> None:
        self._end(job)
        self._tell_failed(job, failure, retry_after_ms)

    def _tell_failed(self, job: Job, failure: Failed, retry_after_ms: int = 0) -> None:
        at = system_clock()
        if job.bytes_done:
            self._report(
                TransferAdvanced(at, job.transfer_id, job.bytes_done, 0)
            )  # how far it came
        self._report(TransferFailed(at, job.transfer_id, failure, retry_after_ms))

    def _fail_all(self, failure: Failed) -> None:
        jobs = [*self._jobs.values(), *self._queue]
        self._jobs.clear()
        self._by_file.clear()
        self._queue.clear()
        for job in jobs:
            job.close()
            self._tell_failed(job, failure)

    # --- the connection ---

    def _connect(self) -> None:
        self._dealer = Dealer(self._context, self._profile.identity, self._where())
        self._heard_ms = self._asked_ms = _now_ms()

    def _disconnect(self, *, said_goodbye: bool = False) -> None:
        if self._dealer is None:
            return
        if said_goodbye:
            self._send([SignOut()])
        if self._dealer is not None:
            self._dealer.close(500 if said_goodbye else 0)
        self._dealer = None
        self._is_attached = False

    def _lose(self) -> None:
        """The connection has ended: the core starts everything again when it is time."""
        self._disconnect()
        self._fail_all(Failed(code="lost"))

    def _restart(self) -> None:
        for job in (*self._jobs.values(), *self._queue):
            job.close()
        self._jobs.clear()
        self._by_file.clear()
        self._queue.clear()
        self._disconnect()

    def _send(self, messages: list[Message]) -> None:
        if self._dealer is None:
            return
        for message in messages:
            if not self._dealer.send(encode(message)):
                self._lose()
                return

    def _receive(self, message: Message) -> None:
        identity, invitation = self._profile.identity, self._profile.invitation
        match message:
            case Welcome():
                keys = (invitation.broker_key, z85_decode(identity.transport_public))
                signature = sign_login(identity, message.challenge, *keys)
                self._send([Attach(identity.uid, identity.did, signature)])
            case Attached():
                self._is_attached = True
                for waiting in list(self._jobs.values()):
                    self._start(waiting)
            case SignedOut():
                self._lose()
            case Refused():
                self._on_refused(message)
            case Part():
                self._on_part(message)
            case UploadReady() | PartsStored() | UploadClosed():
                upload = self._by_file.get(message.file_id)
                if isinstance(upload, Upload):
                    self._on_upload_answer(upload, message)
            case _:
                pass  # nothing else concerns files

    def _on_upload_answer(
        self, job: Upload, message: UploadReady | PartsStored | UploadClosed
    ) -> None:
        try:
            match message:
                case UploadReady():
                    job.on_ready(message.stored, message.window)
                case PartsStored():
                    job.on_stored(message.numbers, message.window, _now_ms())
                case UploadClosed():
                    job.on_closed()
                case _:
                    assert_never(message)
        except TransferError as error:
            self._fail(job, error.failure)
            return
        if isinstance(message, UploadClosed):
            content = job.content()
            if content is not None:
                self._previews.put(job.file_id, content)
            self._end(job)
            self._report(UploadEnded(system_clock(), job.transfer_id, job.root, job.sha256))
        else:
            self._say(job)

    def _on_part(self, message: Part) -> None:
        job = self._by_file.get(message.file_id)
        if not isinstance(job, Download):
            self._send(
                [FetchParts(message.file_id, [], [message.receipt])]
            )  # of one that was stopped
            return
        try:
            is_done = job.on_part(message.number, message.data, message.receipt, _now_ms())
        except TransferError as error:
            self._fail(job, error.failure)
            return
        if is_done:
            content = job.content()
            if content is not None:
                self._previews.put(job.file_id, content)
            self._end(job)
            self._report(
                DownloadEnded(system_clock(), job.transfer_id, job.saved_as, content or b"")
            )
        else:
            self._say(job)

    def _on_refused(self, refused: Refused) -> None:
        job = self._by_file.get(refused.about)
        if job is not None:
            why = refused_in_full(refused.code, refused.message)
            self._fail(job, why, refused.retry_after_ms)
        elif not self._is_attached:
            _log.warning("attach refused", code=refused.code)
            self._lose()

    # --- working ---

    def _produce(self) -> None:
        """Every transfer gets its turn."""
        if not self._is_attached:
            return
        for job in list(self._jobs.values()):
            try:
                for message in job.produce(_now_ms()):
                    self._send([message])
                    if not self._is_attached:
                        return
            except TransferError as error:
                self._fail(job, error.failure)

    def _say(self, job: Job) -> None:
        now_ms = _now_ms()
        if now_ms - self._said_ms.get(job.transfer_id, 0) >= REPORT_MS:
            self._said_ms[job.transfer_id] = now_ms
            at = system_clock()
            self._report(TransferAdvanced(at, job.transfer_id, job.bytes_done, job.rate(now_ms)))

    def _look_at_clock(self) -> None:
        if self._dealer is None:
            return
        now_ms = _now_ms()
        if now_ms - self._heard_ms > STALLED_MS:
            self._lose()
        elif self._is_attached and not self._jobs and not self._queue:
            self._idle_since_ms = self._idle_since_ms or now_ms
            if now_ms - self._idle_since_ms > IDLE_MS:
                self._disconnect(said_goodbye=True)
        elif self._is_attached and now_ms - self._asked_ms > PING_MS:
            self._asked_ms = now_ms
            self._send([Ping(0)])


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _give_way() -> None:
    """Files are less urgent than messages: where threads have priorities of their own, this one
    gets a lower one.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
