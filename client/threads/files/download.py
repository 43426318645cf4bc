"""One download: asks for parts in order, verifies and opens each, and renames the file when all of
it is right.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

from client.api.said import Detail, Failed
from client.core.state.effects import StartDownload
from client.threads.files.plan import DownloadPlan, Rate, Window
from client.threads.files.upload import TransferError
from shared.crypto.files import check_index, open_chunk, open_index_piece
from shared.durable import sync_folder, write_all
from shared.errors import CryptoReject
from shared.filenames import numbered_name
from shared.files import Layout
from shared.messages import CHUNK_BYTES, FetchParts, Message

_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
_MISMATCH: Final = Failed(code="crypto_reject", detail=Detail.NOT_AS_SIGNED)
_MAX_NUMBERED: Final = 10_000


class Download:
    """Belongs to the thread for files.

    The length of the partial file says how far it is, also after a crash.
    """

    def __init__(self, order: StartDownload) -> None:
        self.order = order
        self.transfer_id = order.transfer_id
        self.file_id = order.manifest.file_id
        self._manifest = order.manifest
        self._layout = Layout(order.manifest.size)
        self._window = Window()
        self._rate = Rate()
        self._index = b""
        self._receipts: list[bytes] = []
        self._target: BinaryIO | None = None
        self._data: list[bytes] = []
        self._sha256 = hashlib.sha256()
        self._resumed_from = 0
        self._plan = DownloadPlan(self._layout, 0)
        self.saved_as = ""

    def start(self) -> None:
        """Open the partial file and go on from its end."""
        if not self.order.path:
            return
        try:
            self._open_target()
        except OSError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Close the partial file; it stays."""
        if self._target is not None:
            with contextlib.suppress(OSError):
                self._target.close()
            self._target = None

    @property
    def bytes_done(self) -> int:
        """Bytes that are verified and written."""
        return min(self._plan.chunks_done * CHUNK_BYTES, self._manifest.size)

    def rate(self, now_ms: int) -> int:
        """Bytes per second."""
        return self._rate.add(now_ms, self.bytes_done)

    def content(self) -> bytes | None:
        """The whole file, if it was fetched to be shown."""
        return b"".join(self._data) if not self.order.path else None

    def produce(self, now_ms: int) -> list[Message]:
        """What may be asked for now; gives back the credit of what came."""
        numbers = self._plan.ask(self._window.open, now_ms)
        if not numbers and len(self._receipts) < self._window.open:
            return []
        receipts, self._receipts = self._receipts, []
        return [FetchParts(self.file_id, numbers, receipts)]

    def last_receipts(self) -> list[Message]:
        """The credit of the last parts."""
        receipts, self._receipts = self._receipts, []
        return [FetchParts(self.file_id, [], receipts)] if receipts else []

    def on_part(self, number: int, part: bytes, receipt: bytes, now_ms: int) -> bool:
        """The next part; True when the file is whole, verified and in its place."""
        self._receipts.append(receipt)
        if number != self._plan.expected:
            return False  # of an earlier try on this connection
        try:
            self._take(number, part)
        except CryptoReject as error:
            self._discard()
            raise TransferError(_MISMATCH) from error
        except OSError as error:
            raise self._failure(error) from error
        self._window.on_answer(now_ms - self._plan.came())
        if self._plan.expected is not None:
            return False
        return self._finish()

    def _take(self, number: int, part: bytes) -> None:
        layout, manifest = self._layout, self._manifest
        if number >= layout.chunk_count:
            self._index += open_index_piece(manifest, layout, number, part)
            if number == layout.part_count - 1:
                check_index(manifest, layout, self._index)
            return
        data = open_chunk(manifest, layout, number, part, self._index)
        self._sha256.update(data)
        if self._target is None:
            self._data.append(data)
        else:
            write_all(self._target, data)

    def _finish(self) -> bool:
        if self._sha256.digest() != self._manifest.sha256:
            if not self._resumed_from:
                self._discard()
                raise TransferError(_MISMATCH)
            # What an earlier run left on the disk is not what it wrote (a power cut): once more
            # from the start.
            self._discard()
            self._index, self._resumed_from = b"", 0
            self._plan = DownloadPlan(self._layout, 0)
            self._sha256 = hashlib.sha256()
            self.start()
            return False
        if self._target is not None:
            try:
                self._put_in_place()
            except OSError as error:
                raise self._failure(error) from error
        return True

    # --- the partial file ---

    def _open_target(self) -> None:
        path = partial_path(self.order.path, self.transfer_id)
        # Never through a link that somebody laid there; without the right to execute.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._target = os.fdopen(os.open(path, flags, 0o666), "r+b", buffering=0)
        size = min(os.fstat(self._target.fileno()).st_size, self._manifest.size)
        chunks = size // CHUNK_BYTES
        self._target.truncate(chunks * CHUNK_BYTES)
        for _ in range(chunks):
            self._sha256.update(self._target.read(CHUNK_BYTES))
        self._resumed_from = chunks
        self._plan = DownloadPlan(self._layout, chunks)

    def _put_in_place(self) -> None:
        assert self._target is not None
        os.fsync(self._target.fileno())
        self.close()
        partial, target = partial_path(self.order.path, self.transfer_id), Path(self.order.path)
        if target.is_dir():
            self.saved_as = _name_in_folder(partial, target, self._manifest.name)
        else:
            partial.replace(target)
            self.saved_as = str(target)
        with contextlib.suppress(OSError):  # it is there; some may write to a folder, not read it
            sync_folder(Path(self.saved_as).parent)

    def _discard(self) -> None:
        self.close()
        self._data = []
        if self.order.path:
            with contextlib.suppress(OSError):
                partial_path(self.order.path, self.transfer_id).unlink(missing_ok=True)

    def _failure(self, error: OSError) -> TransferError:
        self.close()
        if error.errno in _NO_SPACE:
            return TransferError(Failed(code="no_space"))
        folder = str(partial_path(self.order.path, self.transfer_id).parent)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            why = Failed(code="bad_path", detail=Detail.FOLDER_CLOSED, subject=folder)
        elif error.errno in (errno.ENOENT, errno.ENOTDIR):
            why = Failed(code="bad_path", detail=Detail.FOLDER_GONE, subject=folder)
        else:
            system = error.strerror or str(error)
            why = Failed(code="bad_path", detail=Detail.SAVE_FAILED, system=system)
        return TransferError(why)


def partial_path(path: str, transfer_id: bytes) -> Path:
    """Where a file is written until it is whole: beside its place, so that the rename is one
    step.
    """
    target = Path(path)
    folder = target if target.is_dir() else target.parent
    return folder / f".{transfer_id.hex()}.part"


def _name_in_folder(partial: Path, folder: Path, name: str) -> str:
    """Give the file its name, or the first free one like it; nothing that is there is replaced."""
    for number in range(1, _MAX_NUMBERED):
        target = folder / (name if number == 1 else numbered_name(name, number))
        try:
            os.link(
                partial, target
            )  # fails if the name is taken, also in the moment between a look and a rename
        except FileExistsError:
            continue
        except OSError:  # no links on this file system
            if target.exists():
                continue
            try:
                os.rename(partial, target)
            except FileExistsError:  # Windows: taken in this moment
                continue
            return str(target)
        partial.unlink()
        return str(target)
    raise FileExistsError(errno.EEXIST, "too many files of this name")
