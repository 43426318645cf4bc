"""The page /metrics: figures of a running broker as Prometheus reads them, made anew for each look
from what the threads have counted. No names, no content.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from broker.admin.health import Running
from broker.metrics import COMMIT_BUCKETS_S, CommitMeter
from broker.process import resident_bytes
from shared.version import VERSION

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_PREFIX: Final = "csce513_"
_EVENTS: Final = (
    "signed_in",
    "registered",
    "lagging",
    "taken_over",
    "forged",
    "malformed",
    "file_stored",
    "file_expired",
    "disk_full",
)


def metrics_page(running: Running) -> str:
    """Return the page; any thread may ask."""
    return generate_latest(_Figures(running)).decode()


class _Figures(Collector):
    """Reads what the threads have counted. Nothing is counted twice, so counting costs as before."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def collect(self) -> Iterator[Metric]:
        """Yield every figure once."""
        yield from self._program()
        yield from self._class()
        yield self._queues()
        yield _commits(self._running.workers.commits.meter)
        yield from self._traffic()
        yield from self._events()

    def _program(self) -> Iterator[Metric]:
        up_s = round(time.monotonic() - self._running.started_s, 1)
        yield _gauge("up_seconds", "Time since the start.", up_s)
        build = GaugeMetricFamily(
            f"{_PREFIX}build_info", "The version of the program.", labels=["version"]
        )
        build.add_metric([VERSION], 1)
        yield build
        # Under the names that Prometheus gives them everywhere; 0: this system does not say.
        if memory := resident_bytes():
            yield GaugeMetricFamily("process_resident_memory_bytes", "Resident memory.", memory)
        if descriptors := _open_descriptors():
            yield GaugeMetricFamily("process_open_fds", "Open descriptors.", descriptors)
        is_well = not self._running.problems()
        yield _gauge("healthy", "1 if /health says that all is well.", int(is_well))
        yield _gauge("disk_free_bytes", "Free bytes of the disk.", self._running.free_bytes())

    def _class(self) -> Iterator[Metric]:
        now = self._running.net.gauges
        yield _gauge("connections", "Connections that have said something.", now.connections)
        yield _gauge("signed_in", "People who are signed in.", now.signed_in)
        yield _gauge("file_connections", "Connections for files.", now.file_connections)
        yield _gauge("lagging", "Connections that read too slowly at present.", now.lagging)
        yield _gauge("accounts", "Accounts, closed ones among them.", now.accounts)
        yield _gauge("conversations", "Conversations of all kinds.", now.conversations)
        yield _gauge("files", "Files and uploads.", now.files)
        yield _gauge("file_bytes", "Bytes that they take or have reserved.", now.file_bytes)

    def _queues(self) -> Metric:
        workers = self._running.workers
        lengths = {
            "changes": self._running.net.gauges.waiting_changes,
            "commit": workers.commits.queue_length,
            "read": workers.reads.queue_length,
            "file_write": workers.file_writes.queue_length,
            "file_read": workers.file_reads.queue_length,
        }
        family = GaugeMetricFamily(
            f"{_PREFIX}queue_length", "What waits for the disk.", labels=["queue"]
        )
        for name, length in sorted(lengths.items()):
            family.add_metric([name], length)
        return family

    def _traffic(self) -> Iterator[Metric]:
        net, zap, meter = self._running.net, self._running.zap, self._running.workers.commits.meter
        gauges, counters = net.gauges, net.counters
        yield _counter("entries_stored", "Entries of all logs that were committed.", meter.entries)
        yield _counter("messages_stored", "Messages among them.", meter.messages)
        yield _counter("deliveries", "Entries handed to connections at once.", gauges.deliveries)
        frames = {"in": counters.frames_in, "out": counters.frames_out}
        yield _counters("frames", "Frames.", "direction", frames)
        yield _counter("bytes_sent", "Bytes handed to connections.", counters.bytes_out)
        yield _counters("refused", "Requests that were refused.", "code", gauges.refused)
        handshakes = {"accepted": zap.accepted, "refused": zap.refused}
        yield _counters("handshakes", "Handshakes.", "result", handshakes)

    def _events(self) -> Iterator[Metric]:
        counted = self._running.net.counters.as_fields()
        for name in _EVENTS:
            yield _counter(f"events_{name}", "See the log event of this name.", counted[name])


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(_PREFIX + name, help_text, value)


def _counter(name: str, help_text: str, value: float) -> Metric:
    return CounterMetricFamily(_PREFIX + name, help_text, value)


def _counters(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, help_text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _commits(meter: CommitMeter) -> Metric:
    # A commit counts in `count` first: read last, it is at least what each bucket says.
    buckets = [
        (str(limit), float(n)) for limit, n in zip(COMMIT_BUCKETS_S, meter.buckets, strict=True)
    ]
    buckets.append(("+Inf", float(meter.count)))
    return HistogramMetricFamily(
        f"{_PREFIX}commit_seconds", "Time of one commit, with its fsync.", buckets, meter.seconds
    )


def _open_descriptors() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return 0
