"""Requests about files and the disk's answers: uploads, parts, downloads, removal.

Requests that are not allowed are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from broker.core.accounts import Session, Sessions
from broker.core.delivery import Delivery
from broker.core.events import (
    Action,
    ListParts,
    PartRead,
    PartsListed,
    PartsWritten,
    ReadPart,
    RemoveParts,
    Report,
    WritePart,
)
from broker.core.files.catalogue import Files
from broker.core.files.credit import Flows
from broker.core.posting import Posting
from broker.storage.base import FileState, StoredFile
from shared import messages as m
from shared.codec import encode
from shared.errors import RefusedError
from shared.files import Layout, layout_of, pack_stored, upload_digest

_RETRY_MS: Final = 500
_DISK_RETRY_MS: Final = 5000
_EXPIRY_MS: Final = 60_000  # how often expired files are looked for

Refuse = Callable[[Session, RefusedError, bytes], None]


class FileRequests:
    """Handles the requests.

    The disk is the source of truth for an upload: it is asked what it holds at every opening and
    closing.
    """

    def __init__(
        self,
        sessions: Sessions,
        files: Files,
        delivery: Delivery,
        posting: Posting,
        actions: list[Action],
        random: Callable[[int], bytes],
        refuse: Refuse,
    ) -> None:
        self._sessions = sessions
        self._files = files
        self._delivery = delivery
        self._posting = posting
        self._actions = actions
        self._random = random
        self._refuse = refuse
        self.flows = Flows()
        self._uploader: dict[bytes, bytes] = {}  # file_id -> the session whose parts are taken
        self._opening: dict[bytes, bytes] = {}  # file_id -> the session that waits for the commit
        self._closing: dict[bytes, bytes] = {}
        self._next_expiry_ms = 0

    def close(self, session_id: bytes) -> None:
        """Forget a session that has ended."""
        self.flows.close(session_id)
        for waiting in (self._uploader, self._opening, self._closing):
            for file_id in [
                waiting_id for waiting_id, owner in waiting.items() if owner == session_id
            ]:
                del waiting[file_id]

    def _keep(self, file: StoredFile) -> None:
        change = self._delivery.change()
        change.batch.files.append(file)
        change.has_others = True

    def _check_disk(self) -> None:
        if self._posting.is_stalled:
            raise RefusedError("busy", retry_after_ms=1000)

    # --- uploads ---

    def open_upload(self, session: Session, request: m.OpenUpload, now_ms: int) -> None:
        """Begin or resume an upload; answered once it is known what the disk holds."""
        self._check_disk()
        file = self._files.check_open(session.uid, request, now_ms)
        self.flows.of(session.id)
        if file.state == FileState.COMPLETE:
            self._actions.append(ListParts(session.id, file.file_id))
            return
        self._opening[file.file_id] = session.id
        self._keep(self._files.touched(file, now_ms))

    def put_part(self, session: Session, request: m.PutPart, now_ms: int) -> None:
        """Store a part of an upload that this session has opened."""
        file = self._files.check_part(
            session.uid, request.file_id, request.number, len(request.data)
        )
        if self._uploader.get(file.file_id) != session.id:
            raise RefusedError("not_allowed", "Open the upload first.")
        if not self.flows.take_write(session.id):
            raise RefusedError("slow_down", retry_after_ms=_RETRY_MS)
        self._actions.append(WritePart(session.id, file.file_id, request.number, request.data))

    def close_upload(self, session: Session, request: m.CloseUpload, now_ms: int) -> None:
        """Close an upload whose parts were all sent.

        Answered once it is known whether the disk holds exactly these parts.
        """
        self._check_disk()
        file = self._files.all.get(request.file_id)
        if file is None or file.uid != session.uid:
            raise RefusedError("unknown_file")
        if file.state == FileState.COMPLETE:
            self._delivery.out.add(session.id, encode(m.UploadClosed(file.file_id)))
        elif self._uploader.get(file.file_id) != session.id:
            raise RefusedError("not_allowed", "Open the upload first.")
        else:
            self._actions.append(ListParts(session.id, file.file_id, request.digest))

    def on_listed(self, event: PartsListed) -> None:
        """Finish an opening or a closing."""
        session, file = self._sessions.all.get(event.session), self._files.all.get(event.file_id)
        if session is None or not session.uid:
            return
        if file is None or file.uid != session.uid:
            self._refuse(session, RefusedError("unknown_file"), event.file_id)
            return
        layout = layout_of(file.part_count, file.total_bytes)
        assert layout is not None  # otherwise it would not have been opened
        hashes = {
            number: event.hashes[number]
            for number in sorted(event.hashes)
            if number < file.part_count
        }
        if (
            event.digest
            and len(hashes) == file.part_count
            and upload_digest(list(hashes.values())) == event.digest
        ):
            self._uploader.pop(file.file_id, None)
            self._closing[file.file_id] = session.id
            self._keep(self._files.touched(file, event.now_ms, FileState.COMPLETE))
        elif file.state == FileState.OPEN and _missing_bytes(layout, hashes) > event.spare_bytes:
            self._refuse(
                session, RefusedError("disk_full", retry_after_ms=_DISK_RETRY_MS), file.file_id
            )
        else:
            if file.state == FileState.OPEN:
                self._uploader[file.file_id] = session.id
            ready = m.UploadReady(file.file_id, pack_stored(hashes), self.flows.window)
            self._delivery.out.add(session.id, encode(ready))

    def on_written(self, event: PartsWritten) -> None:
        """Tell each session which of its parts are on the disk."""
        stored: dict[tuple[bytes, bytes], list[int]] = {}
        failed: dict[tuple[bytes, bytes], str] = {}
        for part in event.parts:
            self.flows.written(part.session)
            key = (part.session, part.file_id)
            if part.code:
                failed[key] = part.code
            else:
                stored.setdefault(key, []).append(part.number)
        for (session_id, file_id), numbers in stored.items():
            if session_id in self._sessions.all and file_id in self._files.all:
                self._delivery.out.add(
                    session_id, encode(m.PartsStored(file_id, numbers, self.flows.window))
                )
        for (session_id, file_id), code in failed.items():
            session = self._sessions.all.get(session_id)
            self._actions.append(Report(code, session.username if session else ""))
            if session is not None:
                self._refuse(session, RefusedError(code, retry_after_ms=_DISK_RETRY_MS), file_id)

    def on_committed(self, file: StoredFile) -> None:
        """Act on the new state of a file, now that it is stored."""
        if file.state == FileState.REMOVED:
            self._actions.append(RemoveParts(file.file_id))
        elif file.state == FileState.OPEN:
            session_id = self._opening.pop(file.file_id, b"")
            if session_id:
                self._actions.append(ListParts(session_id, file.file_id))
        else:
            session_id = self._closing.pop(file.file_id, b"")
            self._actions.append(Report("file_stored"))
            if session_id:
                self._delivery.out.add(session_id, encode(m.UploadClosed(file.file_id)))

    # --- downloads ---

    def fetch_parts(self, session: Session, request: m.FetchParts, now_ms: int) -> None:
        """Take back credit, and hand out as many parts as there is credit for."""
        self.flows.give_back(session.id, request.receipts, now_ms)
        try:
            if request.numbers:
                self._files.check_fetch(session.uid, request.file_id, request.numbers)
                if not self.flows.ask(session.id, request.file_id, request.numbers):
                    raise RefusedError("slow_down", retry_after_ms=_RETRY_MS)
        finally:
            self._hand_out(session.id)

    def _hand_out(self, session_id: bytes) -> None:
        for file_id, number in self.flows.to_read(session_id):
            self._actions.append(ReadPart(session_id, file_id, number))

    def on_read(self, event: PartRead) -> None:
        """Send a part to its session if that is still there."""
        session = self._sessions.all.get(event.session)
        if not self.flows.read(event.session) or session is None:
            return
        if event.code:
            self._actions.append(Report(event.code, session.username))
            self._refuse(
                session, RefusedError(event.code, retry_after_ms=_DISK_RETRY_MS), event.file_id
            )
            self._hand_out(session.id)
            return
        receipt = self._random(m.RECEIPT_BYTES)
        self.flows.sent(session.id, receipt, event.now_ms)
        self._delivery.out.add(
            session.id, encode(m.Part(event.file_id, event.number, receipt, event.data))
        )

    # --- removal ---

    def delete_file(self, session: Session, request: m.DeleteFile, now_ms: int) -> None:
        """Remove a file; one that does not exist counts as removed."""
        file = self._files.all.get(request.file_id)
        if file is None:
            return
        if not self._files.may_delete(session.uid, file):
            raise RefusedError("not_allowed")
        self._remove(file)

    def _remove(self, file: StoredFile) -> None:
        for waiting in (self._uploader, self._opening, self._closing):
            waiting.pop(file.file_id, None)
        self._keep(self._files.removed(file))

    def shift(self, ms: int) -> None:
        """Adjust all times by `ms` after the clock was set."""
        self._next_expiry_ms += ms
        self.flows.shift(ms)

    def on_tick(self, now_ms: int) -> list[bytes]:
        """Sweep what has expired; returns sessions that do not take what they asked for."""
        if now_ms >= self._next_expiry_ms and not self._posting.is_stalled:
            self._next_expiry_ms = now_ms + _EXPIRY_MS
            for file in self._files.expired(now_ms):
                self._actions.append(Report("file_expired"))
                self._remove(file)
        return self.flows.stalled(now_ms)


def _missing_bytes(layout: Layout, hashes: dict[int, bytes]) -> int:
    return layout.total_bytes - sum(layout.part_size(number) for number in hashes)
