"""Transfers: which files are on their way, in what order they run, and what becomes of them;
pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from client.api.events import TransferRemoved, TransfersChanged
from client.api.said import Detail, Failed
from client.api.values import (
    FileInfo,
    MessageState,
    Row,
    RowKind,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.core.context import Context
from client.core.conversation.membership_changes import create_direct
from client.core.conversation.outbox import Outbox, pending_quote
from client.core.conversation.receiving import manifest_of
from client.core.refusals import check_caption
from client.core.server_faults import is_stopped
from client.core.state.conversation import DIRECT_KIND
from client.core.state.effects import (
    DiscardDownload,
    DownloadEnded,
    FindSource,
    RemoveSource,
    RestartFiles,
    SourceFound,
    StartDownload,
    StartUpload,
    StopTransfer,
    TransferAdvanced,
    TransferFailed,
    UploadEnded,
)
from client.core.state.saved import SavedTransfer, StoredFile
from client.core.timers import TransfersTimer
from client.core.views import can_write
from shared.crypto.content import File
from shared.crypto.files import Manifest
from shared.invariants import require
from shared.messages import DeleteFile

MAX_RUNNING: Final = 3  # in each direction; the others wait for their turn
FIRST_RETRY_MS, LAST_RETRY_MS = 500, 30_000
# After these a transfer goes on by itself; after all others it waits for the user.
PASSING: Final = frozenset(("lost", "slow_down", "busy", "internal", "disk_full"))
WAITING, PAUSED, DONE, FAILED = (
    TransferState.WAITING,
    TransferState.PAUSED,
    TransferState.DONE,
    TransferState.FAILED,
)
_RETRY: Final = TransfersTimer()


class Transfers:
    """Owns the transfers; the thread for files carries them out and reports."""

    def __init__(self, work: Context, outbox: Outbox, saved: Iterable[SavedTransfer] = ()) -> None:
        self._work = work
        self._outbox = outbox
        # What ran when the program ended goes on when there is a connection.
        self._items = {item.transfer_id: item for item in sorted(saved, key=lambda one: one.order)}
        self._running: dict[bytes, int] = {}  # transfer_id -> bytes per second
        self._previews: dict[bytes, bytes] = {}  # transfer_id -> message_id
        self._attempt = 0
        self._changed: dict[bytes, None] = {}
        self._is_idle = False  # nothing can have become possible since the last look

    def get(self, transfer_id: bytes) -> SavedTransfer | None:
        """A transfer that is on the list."""
        return self._items.get(transfer_id)

    def shown(self) -> tuple[Transfer, ...]:
        """All transfers as the window sees them."""
        return tuple(self._show(item) for item in self._items.values())

    @property
    def unsent_count(self) -> int:
        """How many messages wait for their file to be at the broker."""
        return sum(item.is_upload and item.state == WAITING for item in self._items.values())

    def conversations(self) -> set[bytes]:
        """Which conversations have an upload that is no message yet."""
        return {
            item.conv_id for item in self._items.values() if item.is_upload and item.state != DONE
        }

    # --- orders of the user ---

    def add(self, item: SavedTransfer) -> None:
        """A new transfer; it starts as soon as that is possible."""
        self._items[item.transfer_id] = item
        self._keep(item)

    def preview(self, message_id: bytes, file: StoredFile) -> bytes:
        """Fetch a small file to be shown; gives the transfer_id, the same for all who ask
        meanwhile.
        """
        for transfer_id, asked in self._previews.items():
            if asked == message_id:
                return transfer_id
        transfer_id = self._work.random(16)
        self._previews[transfer_id] = message_id
        self._work.order(StartDownload(transfer_id, manifest_of(file), ""))
        return transfer_id

    def end_preview(self, transfer_id: bytes) -> bytes:
        """It is here, or will not come; gives the message_id, empty if nobody asked."""
        return self._previews.pop(transfer_id, b"")

    def pause(self, item: SavedTransfer) -> bool:
        """Hold it; False if there is nothing to hold."""
        if item.state not in (WAITING, FAILED):
            return item.state == PAUSED
        self._halt(item)
        self._set(item, PAUSED)
        return True

    def resume(self, item: SavedTransfer) -> bool:
        """Go on; False if it is done."""
        if item.state in (PAUSED, FAILED):
            self._attempt = 0
            self._set(item, WAITING)
        return item.state != DONE

    def cancel(self, item: SavedTransfer) -> None:
        """Give it up, and remove what was stored of it; one that is done only leaves the list."""
        work = self._work
        self._halt(item)
        if item.state != DONE:
            if item.is_upload:
                work.send(DeleteFile(item.file_id))
                self._release(item)
            else:
                work.order(DiscardDownload(item.transfer_id, item.path))
        del self._items[item.transfer_id]
        self._changed.pop(item.transfer_id, None)
        work.drop(item)
        work.tell(TransferRemoved(item.transfer_id))
        self._show_pending(item)
        self._is_idle = False

    def change_caption(self, item: SavedTransfer, text: str) -> None:
        """What the message of an upload will say."""
        check_caption(text)
        item.text = text
        self._keep(item)

    def _halt(self, item: SavedTransfer) -> None:
        if self._running.pop(item.transfer_id, None) is not None:
            self._work.order(StopTransfer(item.transfer_id))

    def _release(self, item: SavedTransfer) -> None:
        """The source is not needed any more."""
        item.data = b""
        if item.is_temporary:
            self._work.order(RemoveSource(item.path))

    # --- running ---

    def pump(self) -> None:
        """Start what may run now."""
        if self._is_idle or not self._work.can_send or self._work.timers.has(_RETRY):
            return
        self._is_idle = True
        running = {True: 0, False: 0}
        for transfer_id in self._running:
            running[self._items[transfer_id].is_upload] += 1
        for item in self._items.values():
            if (
                item.state != WAITING
                or item.transfer_id in self._running
                or running[item.is_upload] >= MAX_RUNNING
            ):
                continue
            if not item.is_upload:
                self._start_download(item)
            elif self._is_ready(item):
                self._start_upload(item)
            else:
                continue
            running[item.is_upload] += 1

    def _is_ready(self, item: SavedTransfer) -> bool:
        """Whether the broker knows the conversation, and I may write there."""
        conversation = self._work.conversations[item.conv_id]
        if not conversation.is_caught_up or is_stopped(conversation):
            return False
        if not can_write(self._work, conversation):
            if not conversation.about.peer:  # else it waits until the changed key is accepted
                self._fail(item, Failed(code="not_allowed", detail=Detail.CANNOT_WRITE_HERE))
            return False
        is_direct = conversation.about.kind == DIRECT_KIND
        if conversation.snapshot is None and is_direct and conversation.pending.posted is None:
            create_direct(self._work, conversation)
        return conversation.snapshot is not None

    def _start_upload(self, item: SavedTransfer) -> None:
        stamp = (item.stamp[0], item.stamp[1])
        info = _info(item)
        self._run(item)
        self._work.order(
            StartUpload(
                transfer_id=item.transfer_id,
                conv_id=item.conv_id,
                file_id=item.file_id,
                file_key=item.file_key,
                size=item.size,
                stamp=stamp,
                path=item.path,
                data=item.data,
                keeps_preview=info.is_image or info.is_text,
            )
        )

    def _start_download(self, item: SavedTransfer) -> None:
        row = self._work.rows.get(item.message_id)
        if row is None or row.file is None:
            self._fail(item, Failed(code="deleted", detail=Detail.MESSAGE_DELETED))
            return
        self._run(item)
        self._work.order(StartDownload(item.transfer_id, manifest_of(row.file), item.path))

    def _run(self, item: SavedTransfer) -> None:
        self._running[item.transfer_id] = 0
        item.failure = None
        self._changed[item.transfer_id] = None

    def look_again(self) -> None:
        """Something changed that may let a transfer run."""
        self._is_idle = False

    def on_signed_in(self) -> None:
        """A new connection: the one for files is made anew, too, and everything goes on."""
        self._attempt = 0
        self._work.timers.drop(_RETRY)
        self._work.order(RestartFiles())
        for transfer_id in list(self._running):
            self._wait(self._items[transfer_id], None)
        self._is_idle = False

    # --- reports of the thread for files ---

    def on_event(
        self, event: TransferAdvanced | UploadEnded | DownloadEnded | TransferFailed
    ) -> None:
        """What became of a transfer; reports of one that was stopped meanwhile count no more."""
        item = self._items.get(event.transfer_id)
        if item is None or event.transfer_id not in self._running:
            return
        if not isinstance(event, TransferAdvanced):
            del self._running[event.transfer_id]
            self._is_idle = False
        match event:
            case TransferAdvanced():
                self._attempt = 0
                self._running[event.transfer_id] = event.rate
                item.bytes_done = event.bytes_done
                self._changed[event.transfer_id] = None
            case UploadEnded():
                self._on_uploaded(item, event)
            case DownloadEnded():
                item.path = event.path
                self._finish(item)
            case TransferFailed():
                self._on_failed(item, event)
            case _:
                assert_never(event)

    def _on_uploaded(self, item: SavedTransfer, event: UploadEnded) -> None:
        """The broker has the file: now its message can be written."""
        item.root, item.sha256 = event.root, event.sha256
        manifest = Manifest(
            item.file_id,
            item.file_key,
            item.size,
            item.root,
            item.sha256,
            item.name,
            item.mime,
            item.width,
            item.height,
        )
        conversation = self._work.conversations[item.conv_id]
        self._outbox.add(conversation, File(manifest, item.text, item.reply_to), item.message_id)
        self._release(item)
        self._finish(item)

    def _finish(self, item: SavedTransfer) -> None:
        item.bytes_done = item.size
        item.failure = None
        if not item.is_upload:
            row = self._work.rows.get(item.message_id)
            item.sha256 = row.file.sha256 if row is not None and row.file is not None else b""
        self._set(item, DONE)

    def _on_failed(self, item: SavedTransfer, event: TransferFailed) -> None:
        code = event.failure.code
        if code in PASSING:
            quiet = Failed(code=code, detail=Detail.QUIET)
            self._wait(item, event.failure if code == "disk_full" else quiet)
            pause_ms = min(LAST_RETRY_MS, FIRST_RETRY_MS * 2**self._attempt)
            pause_ms = max(event.retry_after_ms, int(pause_ms * (0.5 + self._work.jitter() / 2)))
            self._attempt = min(self._attempt + 1, 10)
            self._work.timers.set(_RETRY, self._work.at.steady_ms + pause_ms)
        elif code == "source_changed" and not item.data:
            # Parts of the old content are of no use: the file is looked at anew and sent as what it
            # is now.
            self._wait(item, event.failure)
            self._running[item.transfer_id] = 0
            self._work.order(FindSource(item.transfer_id, item.path))
        else:
            self._fail(item, event.failure)

    def on_source_again(self, item: SavedTransfer, event: SourceFound) -> None:
        """The source of an upload had changed and was looked at again."""
        if self._running.pop(item.transfer_id, None) is None:
            return
        if event.failure is not None:
            self._fail(item, event.failure)
            return
        work = self._work
        work.send(DeleteFile(item.file_id))
        item.file_id, item.file_key = work.random(16), work.random(32)
        item.size, item.stamp, item.bytes_done = event.size, list(event.stamp), 0
        item.mime, item.width, item.height = event.mime, event.width, event.height
        work.timers.set_once(
            _RETRY, work.at.steady_ms + FIRST_RETRY_MS
        )  # whoever writes it may not be done
        self._set(item, WAITING)

    def _wait(self, item: SavedTransfer, failure: Failed | None) -> None:
        self._running.pop(item.transfer_id, None)
        item.failure = failure
        self._set(item, WAITING)

    def _fail(self, item: SavedTransfer, failure: Failed) -> None:
        item.failure = failure
        self._set(item, FAILED)

    # --- keeping and showing ---

    def _set(self, item: SavedTransfer, state: TransferState) -> None:
        if state in (PAUSED, WAITING) and state != item.state:
            item.failure = None
        item.state = state
        self._is_idle = False
        self._keep(item)

    def _keep(self, item: SavedTransfer) -> None:
        self._work.save(item)
        self._changed[item.transfer_id] = None
        self._is_idle = False
        self._show_pending(item)

    def _show_pending(self, item: SavedTransfer) -> None:
        if item.is_upload:
            self._outbox.tell_pending(item.conv_id)

    def flush(self) -> None:
        """Tell what changed."""
        if self._changed:
            changed, self._changed = self._changed, {}
            self._work.tell(
                TransfersChanged(
                    tuple(self._show(self._items[transfer_id]) for transfer_id in changed)
                )
            )

    def check_invariants(self) -> None:
        """InvariantBroken unless what runs is on the list, waits for nothing else, and is not too
        much.
        """
        require(not self._changed, "what changed is told")
        require(self._running.keys() <= self._items.keys(), "what runs is on the list")
        running = [self._items[transfer_id] for transfer_id in self._running]
        require(all(item.state == WAITING for item in running), "what runs was waiting to")
        for is_upload in (True, False):
            count = sum(item.is_upload == is_upload for item in running)
            require(count <= MAX_RUNNING, "no more runs than may")
        for item in self._items.values():
            require(0 <= item.bytes_done <= item.size, "no more of a file is done than there is")

    def _show(self, item: SavedTransfer) -> Transfer:
        is_running = item.transfer_id in self._running
        state = TransferState.ACTIVE if is_running else item.state
        direction = TransferDirection.UP if item.is_upload else TransferDirection.DOWN
        return Transfer(
            transfer_id=item.transfer_id,
            message_id=item.message_id,
            conv_id=item.conv_id,
            direction=direction,
            state=state,
            name=item.name,
            size=item.size,
            bytes_done=item.bytes_done,
            path=item.path,
            rate=self._running.get(item.transfer_id, 0),
            sha256=item.sha256 if item.state == DONE else b"",
            failure=item.failure,
        )

    def pending_rows(self, conv_id: bytes) -> list[tuple[int, Row]]:
        """(order, row) of the messages whose file is not at the broker yet."""
        work = self._work
        rows = []
        for item in self._items.values():
            if item.conv_id != conv_id or not item.is_upload or item.state == DONE:
                continue
            has_failed = item.state == FAILED
            row = Row(
                position=-1,
                message_id=item.message_id,
                sequence=0,
                kind=RowKind.TEXT,
                sender=work.me,
                username=work.identity.username,
                sent_at_ms=item.sent_at_ms,
                text=item.text,
                is_own=True,
                state=MessageState.FAILED if has_failed else MessageState.SAVED,
                quote=pending_quote(work, item.reply_to),
                failure=item.failure if has_failed else None,
                file=self._pending_info(item),
            )
            rows.append((item.order, row))
        return rows

    def _pending_info(self, item: SavedTransfer) -> FileInfo:
        version, previous = self._work.drafts.next_version(item.conv_id, item.name)
        return _info(item, version, previous)


def _info(item: SavedTransfer, version: int = 1, previous: bytes = b"") -> FileInfo:
    return FileInfo(
        name=item.name,
        size=item.size,
        mime=item.mime,
        sha256=b"",
        version=version,
        previous=previous,
        width=item.width,
        height=item.height,
    )
