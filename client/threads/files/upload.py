"""One upload: reads its source in order, hashes it, seals what the broker has not, and says what is
to be sent.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from client.api.said import Detail, Failed
from client.core.state.effects import StartUpload
from client.threads.files.plan import Rate, UploadPlan, Window
from shared.crypto.files import index_root, seal_chunk, seal_index
from shared.files import Layout, part_hash, unpack_stored, upload_digest
from shared.messages import CloseUpload, Message, OpenUpload, PutPart

_HASHED_AT_ONCE: Final = 32  # stored chunks that are read over before other work gets its turn


class TransferError(Exception):
    """A transfer cannot go on; `failure` says why."""

    def __init__(self, failure: Failed) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Upload:
    """Belongs to the thread for files.

    All methods raise TransferError and leave nothing open then.
    """

    def __init__(self, order: StartUpload, random: Callable[[int], bytes]) -> None:
        self.order = order
        self.transfer_id = order.transfer_id
        self.file_id = order.file_id
        self._random = random
        self._layout = Layout(order.size)
        self._plan = UploadPlan(self._layout)
        self._window = Window()
        self._rate = Rate()
        self._source: BinaryIO | None = None
        self._sha256 = hashlib.sha256()
        self._is_open = False
        self._is_closing = False
        self._content: list[bytes] | None = [] if order.keeps_preview else None
        self.sha256 = b""
        self.root = b""

    def start(self) -> list[Message]:
        """Open the source, and ask the broker for what it has."""
        self._open_source()
        layout = self._layout
        return [OpenUpload(self.file_id, self.order.conv_id, layout.part_count, layout.total_bytes)]

    def close(self) -> None:
        """Close the source."""
        if self._source is not None:
            self._source.close()
            self._source = None

    @property
    def bytes_done(self) -> int:
        """Plain bytes that the broker has stored."""
        return self._plan.bytes_stored

    def rate(self, now_ms: int) -> int:
        """Bytes per second."""
        return self._rate.add(now_ms, self.bytes_done)

    def content(self) -> bytes | None:
        """The whole file, if it is to be kept for showing."""
        return b"".join(self._content) if self._content is not None else None

    # --- answers ---

    def on_ready(self, stored: bytes, window: int) -> None:
        """The broker says which parts it has; everything else is sent."""
        self._plan.restart(unpack_stored(stored, self._layout.part_count))
        self._window.limit = window
        self._is_open, self._is_closing = True, False
        self._rewind()

    def on_stored(self, numbers: list[int], window: int, now_ms: int) -> None:
        """These parts are on the broker's disk."""
        self._window.limit = window
        for sent_ms in self._plan.on_stored(numbers):
            self._window.on_answer(now_ms - sent_ms)

    def on_closed(self) -> None:
        """The broker has the whole file; what was read must still be what is there."""
        self._check_source()
        self.root = index_root(self._plan.index())
        self.sha256 = self._sha256.digest()

    # --- sending ---

    def produce(self, now_ms: int) -> Iterator[Message]:
        """What may be sent now; stops after some work so that other transfers get their turn."""
        if not self._is_open or self._is_closing:
            return
        plan, hashed = self._plan, 0
        while plan.may_send and hashed < _HASHED_AT_ONCE:
            if plan.is_next_stored:
                hashed += 1
                if plan.next_number < self._layout.chunk_count:
                    self._read(plan.next_number)
                plan.skip()
            elif len(plan.in_flight) < self._window.open:
                yield self._make_part(plan.next_number, now_ms)
            else:
                return
        if plan.is_complete:
            self._is_closing = True
            yield CloseUpload(self.file_id, upload_digest(plan.ordered_hashes()))

    @property
    def has_work(self) -> bool:
        """Whether `produce` would go on at once."""
        if not self._is_open or self._is_closing or not self._plan.may_send:
            return False
        return self._plan.is_next_stored or len(self._plan.in_flight) < self._window.open

    def _make_part(self, number: int, now_ms: int) -> PutPart:
        order, layout = self.order, self._layout
        if number < layout.chunk_count:
            data = self._read(number)
            part = seal_chunk(self.file_id, order.file_key, layout, number, data, self._random)
        else:
            part = seal_index(
                self.file_id, order.file_key, layout, self._plan.index(), number, self._random
            )
        self._plan.sent(part_hash(part), now_ms)
        return PutPart(self.file_id, number, part)

    # --- the source ---

    def _open_source(self) -> None:
        if self.order.data:
            self._source = io.BytesIO(self.order.data)
            return
        try:
            self._source = open(self.order.path, "rb", buffering=0)  # noqa: SIM115  closed by close()
        except OSError as error:
            raise TransferError(source_failure(self.order.path, error)) from error
        self._check_source()

    def _check_source(self) -> None:
        """The file must be the one that was looked at: same size, not written to since."""
        if self.order.data or self._source is None:
            return
        facts = os.fstat(self._source.fileno())
        if (facts.st_size, stamp_of(facts)) != (self.order.size, self.order.stamp):
            raise TransferError(Failed(code="source_changed"))

    def _rewind(self) -> None:
        assert self._source is not None
        self._check_source()
        self._source.seek(0)
        self._sha256 = hashlib.sha256()
        if self._content is not None:
            self._content = []

    def _read(self, number: int) -> bytes:
        """The next chunk; chunks are read in order, each once."""
        assert self._source is not None
        size = self._layout.chunk_size(number)
        try:
            data = self._source.read(size)
        except OSError as error:
            raise TransferError(source_failure(self.order.path, error)) from error
        if len(data) != size or (number % 16 == 0 and self._is_changed()):
            raise TransferError(Failed(code="source_changed"))
        self._sha256.update(data)
        if self._content is not None:
            self._content.append(data)
        return data

    def _is_changed(self) -> bool:
        try:
            self._check_source()
        except TransferError:
            return True
        return False


def stamp_of(facts: os.stat_result) -> tuple[int, int]:
    """When a file was last written to and changed: (mtime, ctime) in ns.

    A restored mtime does not hide a change.
    """
    return facts.st_mtime_ns, facts.st_ctime_ns


def source_failure(path: str, error: OSError) -> Failed:
    """Why a file cannot be read."""
    name = os.path.basename(path) or path
    if error.errno == errno.ENOENT:
        return Failed(code="source_gone", detail=Detail.SOURCE_MOVED, subject=name)
    if error.errno in (errno.EACCES, errno.EPERM):
        return Failed(code="source_gone", detail=Detail.SOURCE_FORBIDDEN, subject=name)
    system = error.strerror or str(error)
    return Failed(code="source_gone", detail=Detail.SOURCE_UNREADABLE, subject=name, system=system)
