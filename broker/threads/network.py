"""The network thread: the only owner of the ROUTER.

It waits for frames, mail and time, and gives the shell its turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import zmq

from broker.clock import wall_ms
from broker.core.core import BrokerCore
from broker.core.events import HostAnswered, Persist, ReadBoxes, ReadPage, ReadPart
from broker.core.gauges import Gauges
from broker.metrics import Counters
from broker.threads.base import BrokerFailed, BrokerThread
from broker.threads.database import CommitWorker, ReadWorker
from broker.threads.files import FileReader, FileWriter, WriteOrder
from broker.threads.link import RouterLink
from broker.threads.listening import Address
from broker.threads.mailbox import Mailbox
from broker.threads.shell import BrokerShell
from shared.logs import Log

_TICK_MS: Final = 100
_QUIET_MS: Final = (
    250  # between ticks while nothing comes: waking is most of what an idle broker costs
)
_MAX_WAITING: Final = (
    8192  # changes not committed; above it nothing more is read and TCP holds the clients back
)
_FLUSH_MS: Final = 500  # how long the last words may take when the broker stops
_METRICS_MS: Final = 60_000

_log = Log("broker.network")


@dataclass(frozen=True, slots=True)
class Workers:
    """The threads that touch the disk: the port `Disk` of the shell."""

    commits: CommitWorker
    reads: ReadWorker
    file_writes: FileWriter
    file_reads: FileReader

    def start(self) -> None:
        """Start all of them."""
        for thread in self.all:
            thread.start()

    @property
    def all(self) -> tuple[BrokerThread, ...]:
        """Each of them."""
        return (self.commits, self.reads, self.file_writes, self.file_reads)

    def commit(self, orders: list[Persist]) -> None:
        """Make these durable, in this order."""
        self.commits.put(orders)

    def read(self, order: ReadPage | ReadBoxes) -> None:
        """Read from the history."""
        self.reads.put(order)

    def write_file(self, order: WriteOrder) -> None:
        """Do this with parts of files, after all that was ordered before."""
        self.file_writes.put(order)

    def read_file(self, order: ReadPart) -> None:
        """Read a part of a file."""
        self.file_reads.put(order)

    def stop(self, between: Callable[[], None] = lambda: None) -> None:
        """Let each end after what it has, and wait for it.

        What a commit leads to may still be ordered of the files.
        """
        threads: tuple[CommitWorker | ReadWorker | FileWriter | FileReader, ...]
        for threads in ((self.commits, self.reads), (self.file_writes, self.file_reads)):
            for thread in threads:
                thread.stop()
            for thread in threads:
                if thread.ident is not None:  # it was started
                    thread.join(10)
            between()


class NetThread(BrokerThread):
    """Runs the loop. `ready` is set once it listens (`port`) or has failed (`error`)."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        core: BrokerCore,
        address: Address,
        mailbox: Mailbox,
        workers: Workers,
        names: dict[str, str],
    ) -> None:
        super().__init__("net")
        self._core = core
        self._mailbox = mailbox
        self._workers = workers
        self._link = RouterLink(context, address)
        self._shell = BrokerShell(core, link=self._link, disk=workers, names=names, clock=wall_ms)
        self.gauges = Gauges()
        self.ticked_s = time.monotonic()  # when it was last seen alive
        self.done = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens; 0 before it does."""
        return self._link.port

    @property
    def counters(self) -> Counters:
        """What was counted so far; any thread."""
        return self._shell.counters

    def on_host_answered(self, answer: Callable[[HostAnswered], None]) -> None:
        """Have the answers to what the host has ordered told here, on this thread."""
        self._shell.answer_host = answer

    # --- life ---

    def work(self) -> None:
        """Listen and serve until stopped."""
        try:
            self._link.listen()
            self.ready.set()
            try:
                self._serve()
                self._finish()
            finally:
                self._link.close(_FLUSH_MS)
        finally:
            self._mailbox.close()
            self.done.set()

    def failed(self, error: BaseException) -> None:
        """What cannot be listened on is said by whoever starts the broker; anything else is a fault
        of ours.
        """
        if not isinstance(error, BrokerFailed):
            super().failed(error)

    def _serve(self) -> None:
        shell, link, mailbox, delivery = self._shell, self._link, self._mailbox, self._core.delivery
        calm, busy = zmq.Poller(), zmq.Poller()
        for poller in (calm, busy):
            poller.register(mailbox.socket, zmq.POLLIN)
            link.register(poller, with_frames=poller is calm)
        next_tick_ms = wall_ms()
        next_metrics_ms = next_tick_ms + _METRICS_MS
        wait_ms = _TICK_MS
        while not shell.is_stopping:
            poller = calm if delivery.waiting_count < _MAX_WAITING else busy
            ready = dict(poller.poll(wait_ms))
            wait_ms = _TICK_MS if ready or shell.has_to_cut else _QUIET_MS
            mail = mailbox.take() if mailbox.socket in ready else ()
            now_ms = wall_ms()
            # or the clock was set back
            is_tick = now_ms >= next_tick_ms or next_tick_ms - now_ms > _TICK_MS
            shell.turn(mail, link.arrivals(ready), is_tick=is_tick)
            if is_tick:
                next_tick_ms = now_ms + _TICK_MS
                self.gauges, self.ticked_s = self._core.gauges(), time.monotonic()
                if now_ms >= next_metrics_ms:
                    next_metrics_ms = now_ms + _METRICS_MS
                    _log.info("metrics", **self.counters.as_fields())

    def _finish(self) -> None:
        """Commit and answer what was taken, then say goodbye."""
        shell, link = self._shell, self._link
        self._workers.stop(lambda: shell.take_mail(self._mailbox.take()))
        shell.say_goodbye()
        # libzmq drops what a client has not read yet when its connection ends: leave them the time
        # to hang up first.
        until_ms = wall_ms() + _FLUSH_MS
        while link.count and wall_ms() < until_ms:
            shell.turn(arrivals=link.ends(_TICK_MS))
