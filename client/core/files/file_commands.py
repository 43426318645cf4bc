"""What the window and headless callers order about files; pure."""

from __future__ import annotations

from client.api import events
from client.api.events import Done
from client.api.said import Detail, Failed
from client.core.context import Context
from client.core.conversation.conversation_events import mark_read
from client.core.conversation.outbox import Outbox
from client.core.files.transfers import WAITING, Transfers
from client.core.handlers import Handlers
from client.core.presenting import show_file, show_rows
from client.core.refusals import LATER, CommandRefused, check_caption, check_writable
from client.core.state.conversation import Conversation
from client.core.state.effects import (
    DownloadEnded,
    FindSource,
    FindTarget,
    SourceFound,
    TargetFound,
    TransferFailed,
)
from client.core.state.saved import SavedTransfer, StoredRow
from shared.errors import RefusedError
from shared.filenames import safe_file_name

MAX_DATA_BYTES = 64 * 1024 * 1024


class FileCommands:
    """Carries out commands about files."""

    def __init__(
        self, work: Context, table: Handlers[object], outbox: Outbox, transfers: Transfers
    ) -> None:
        self._work = work
        self._outbox = outbox
        self._transfers = transfers
        self._sending: dict[
            bytes, events.SendFile
        ] = {}  # message_id to be -> what is being looked at
        self._saving: dict[bytes, events.SaveFile] = {}
        self._asked: dict[bytes, list[int]] = {}  # message_id -> request_ids
        on = table.on
        on(events.SendFile, self._send_file)
        on(events.SaveFile, self._save_file)
        on(events.PauseTransfer, self._pause_transfer)
        on(events.ResumeTransfer, self._resume_transfer)
        on(events.CancelTransfer, self._cancel_transfer)
        on(events.FetchPreview, self._fetch_preview)
        on(events.GetDrafts, self._get_drafts)

    # --- sending ---

    def _send_file(self, command: events.SendFile) -> object:
        check_writable(self._work, self._conversation(command.conv_id))
        check_caption(command.text)
        if len(command.reply_to) not in (0, 16):
            raise CommandRefused("unknown_message", Detail.NO_MESSAGE)
        if len(command.data) > MAX_DATA_BYTES:
            raise CommandRefused("too_large", Detail.DATA_TOO_LARGE, limit=MAX_DATA_BYTES)
        if not command.path and not command.data:
            raise CommandRefused("empty")
        token = self._work.random(16)
        self._sending[token] = command
        self._work.order(FindSource(token, command.path, command.name, command.data))
        return LATER

    def on_source_found(self, event: SourceFound) -> None:
        """A file was looked at: one to be sent now, or one that changed while it was sent."""
        running = self._transfers.get(event.token)
        if running is not None:
            self._transfers.on_source_again(running, event)
            return
        command = self._sending.pop(event.token)
        if event.failure is not None:
            self._answer(command.request_id, event.failure)
            return
        work = self._work
        conversation = self._conversation(command.conv_id)
        mark_read(work, conversation, -1)  # who answers has read
        item = SavedTransfer(
            transfer_id=event.token,
            message_id=event.token,
            conv_id=command.conv_id,
            is_upload=True,
            order=self._outbox.next_order(),
            sent_at_ms=work.at.wall_ms,
            state=WAITING,
            path=event.path,
            name=safe_file_name(command.name or event.name),
            mime=event.mime,
            size=event.size,
            file_id=work.random(16),
            file_key=work.random(32),
            stamp=list(event.stamp),
            width=event.width,
            height=event.height,
            text=command.text,
            reply_to=command.reply_to,
            data=command.data,
            is_temporary=command.is_temporary,
        )
        self._transfers.add(item)
        work.touch(conversation)
        self._answer(command.request_id, data=item.message_id)

    # --- saving ---

    def _save_file(self, command: events.SaveFile) -> object:
        self._file_row(command.message_id)
        if not command.path:
            raise CommandRefused("bad_path", Detail.NO_TARGET)
        token = self._work.random(16)
        self._saving[token] = command
        self._work.order(FindTarget(token, command.path))
        return LATER

    def on_target_found(self, event: TargetFound) -> None:
        """A place to save to was looked at."""
        command = self._saving.pop(event.token)
        row = self._work.rows.get(command.message_id)
        if event.failure is not None or row is None or row.file is None:
            deleted = Failed(code="unknown_message", detail=Detail.FILE_DELETED)
            self._answer(command.request_id, event.failure or deleted)
            return
        file = row.file
        self._transfers.add(
            SavedTransfer(
                transfer_id=event.token,
                message_id=row.message_id,
                conv_id=row.conv_id,
                is_upload=False,
                order=self._outbox.next_order(),
                sent_at_ms=self._work.at.wall_ms,
                state=WAITING,
                path=event.path,
                name=file.name,
                mime=file.mime,
                size=file.size,
                file_id=file.file_id,
                file_key=b"",
            )
        )
        self._answer(command.request_id, data=event.token)

    # --- what runs ---

    def _pause_transfer(self, command: events.PauseTransfer) -> None:
        if not self._transfers.pause(self._transfer(command.transfer_id)):
            raise CommandRefused("done", Detail.TRANSFER_DONE)

    def _resume_transfer(self, command: events.ResumeTransfer) -> None:
        if not self._transfers.resume(self._transfer(command.transfer_id)):
            raise CommandRefused("done", Detail.TRANSFER_DONE)

    def _cancel_transfer(self, command: events.CancelTransfer) -> None:
        self._transfers.cancel(self._transfer(command.transfer_id))

    # --- looking ---

    def _fetch_preview(self, command: events.FetchPreview) -> object:
        row = self._file_row(command.message_id)
        assert row.file is not None
        info = show_file(row.file)
        if not info.is_image and not info.is_text:
            raise CommandRefused("no_preview")
        self._asked.setdefault(command.message_id, []).append(command.request_id)
        self._transfers.preview(command.message_id, row.file)
        return LATER

    def on_preview(self, event: DownloadEnded | TransferFailed) -> bool:
        """The end of a transfer; False if it was not one for looking."""
        message_id = self._transfers.end_preview(event.transfer_id)
        if not message_id:
            return False
        for request_id in self._asked.pop(message_id, []):
            if isinstance(event, DownloadEnded):
                self._answer(request_id, data=event.data)
            else:
                why = event.failure
                if why.code == "lost":
                    why = Failed(code="lost", detail=Detail.NEEDS_CONNECTION)
                self._answer(request_id, why)
        return True

    def _get_drafts(self, command: events.GetDrafts) -> object:
        self._conversation(command.conv_id)
        drafts = self._work.drafts.of_conversation(command.conv_id)
        return tuple(show_rows(self._work, rows) for rows in drafts)

    # --- looking up ---

    def _answer(self, request_id: int, failure: Failed | None = None, data: object = None) -> None:
        if request_id:
            self._work.tell(Done(request_id, failure is None, failure, data))

    def _conversation(self, conv_id: bytes) -> Conversation:
        conversation = self._work.conversations.get(conv_id)
        if conversation is None:
            raise RefusedError("unknown_conversation")
        return conversation

    def _file_row(self, message_id: bytes) -> StoredRow:
        row = self._work.rows.get(message_id)
        if row is None or row.file is None:
            raise CommandRefused("unknown_message", Detail.NO_FILE)
        return row

    def _transfer(self, transfer_id: bytes) -> SavedTransfer:
        item = self._transfers.get(transfer_id)
        if item is None:
            raise CommandRefused("unknown_transfer")
        return item
