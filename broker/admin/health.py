"""How a running broker is: what is wrong with it, in words, and the figures of `status`."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker.threads.network import NetThread, Workers
from broker.threads.zap import ZapThread
from shared.sizes import size_text
from shared.version import VERSION

_STUCK_S: Final = 10.0
_LEAST_FREE: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of a running broker that are looked at. All looking is reading: any thread."""

    net: NetThread
    zap: ZapThread
    workers: Workers
    data_dir: Path
    reserve_bytes: int
    started_s: float  # monotonic

    def faults(self, now_s: float = 0.0) -> list[str]:
        """What only a restart mends, in sentences. `now_s` is monotonic; without it, now."""
        sentences = []
        now_s = now_s or time.monotonic()
        if not self.net.is_alive() or now_s - self.net.ticked_s > _STUCK_S:
            sentences.append("The network thread does not work.")
        if not self.zap.is_alive():
            sentences.append(
                "Nobody answers handshakes: newcomers and whoever comes back cannot connect."
            )
        return sentences + [
            f"The thread {thread.name} does not work."
            for thread in self.workers.all
            if not thread.is_alive()
        ]

    def problems(self, now_s: float = 0.0) -> list[str]:
        """Sentences; none if all is well.

        A disk that is full or slow is among them: no restart mends it.
        """
        now_s = now_s or time.monotonic()
        sentences = self.faults(now_s)
        meter = self.workers.commits.meter
        since_s = meter.running_since_s
        if meter.is_stalled:
            sentences.append(
                "The disk does not take messages at present; nothing is lost, nothing is accepted."
            )
        elif since_s and now_s - since_s > _STUCK_S:
            sentences.append("The disk has not finished a commit for ten seconds.")
        free = self.free_bytes()
        if free < max(self.reserve_bytes, _LEAST_FREE):
            sentences.append(f"Only {size_text(free)} of the disk are free.")
        return sentences

    def free_bytes(self) -> int:
        """What is free on the disk of the data folder."""
        try:
            return shutil.disk_usage(self.data_dir).free
        except OSError:
            return 0

    def status(self) -> dict[str, object]:
        """For the command `status`."""
        gauges, counters, meter = self.net.gauges, self.net.counters, self.workers.commits.meter
        return {
            "version": VERSION,
            "uptime_s": round(time.monotonic() - self.started_s),
            "accounts": gauges.accounts,
            "online": gauges.signed_in,
            "connections": gauges.connections,
            "conversations": gauges.conversations,
            "messages_since_start": meter.messages,
            "files": gauges.files,
            "file_bytes": gauges.file_bytes,
            "waiting_changes": gauges.waiting_changes,
            "lagging": gauges.lagging,
            "disk_free_bytes": self.free_bytes(),
            "forged": counters.forged,
            "malformed": counters.malformed,
            "problems": self.problems(),
        }
