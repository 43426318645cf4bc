"""One export from first page to manifest: takes notices, gives commands, writes into its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from client.api import events
from client.api.english import failure_words
from client.api.events import Command, Notice
from client.api.said import Detail, Failed, failed_by
from client.api.values import (
    ConnectionState,
    Conversation,
    Person,
    Row,
    RowKind,
    Transfer,
    TransferState,
)
from client.export.folder import ExportFolder
from client.export.html import Listed, Pages, front_page, page_name
from client.export.pseudonyms import Names
from client.export.records import (
    Record,
    StoredCopy,
    conversation_record,
    message_record,
    person_record,
    title_of,
)
from shared.errors import ChatError
from shared.filenames import safe_file_name

PAGE_ROWS: Final = 500
FIRST_REQUEST: Final = 1 << 40  # requests of others count from 1
OFFLINE: Final = Failed(code="offline", detail=Detail.EXPORT_OFFLINE)
CALLED_OFF: Final = Failed(code="cancelled", detail=Detail.CALLED_OFF)
NOT_WANTED: Final = "files were not asked for"
_NOTES: Final = (
    "All pages can be read without the program and without a network. messages.jsonl beside the pages holds the same"
    " for programs; manifest.sha256 holds the SHA-256 of every file.",
    "Messages are shown as they were last edited. Messages that wait in the outbox are not here.",
)
_PSEUDONYMS_NOTE: Final = (
    "The names of students are replaced by pseudonyms, also where they stand in texts and names of files. Nicknames,"
    " misspelt names, and what stands inside of files are not."
)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export, and where to."""

    target: Path
    conv_ids: tuple[bytes, ...] = ()  # empty: everything
    is_pseudonymous: bool = False
    has_files: bool = True


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """The progress: messages written of all, and the name of the file being waited for."""

    done: int
    total: int
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that is not in the export, and why."""

    name: str
    why: Failed


@dataclass(frozen=True, slots=True)
class ExportEnded:
    """It is whole at `path`, or there is none, and `failure` says why (None: it was called off)."""

    path: Path | None
    messages: int = 0
    files: int = 0
    missing: tuple[Missing, ...] = ()
    failure: Failed | None = None


@dataclass(slots=True)
class ClassSnapshot:
    """What is known of the class, kept up to date by notices."""

    class_name: str = ""
    me: Person | None = None
    people: dict[bytes, Person] = field(default_factory=dict)
    conversations: dict[bytes, Conversation] = field(default_factory=dict)
    connection: ConnectionState = ConnectionState.OFFLINE

    def note(self, notice: Notice) -> None:
        """Take a notice."""
        match notice:
            case events.SessionOpened():
                self.class_name, self.me = notice.class_name, notice.me
                self.people = {person.uid: person for person in notice.people}
                self.conversations = {one.conv_id: one for one in notice.conversations}
            case events.PeopleChanged():
                self.people.update((person.uid, person) for person in notice.people)
            case events.ConversationsChanged():
                self.conversations.update((one.conv_id, one) for one in notice.conversations)
            case events.ConnectionChanged():
                self.connection = notice.state
            case _:
                pass


@dataclass(slots=True)
class _Page:
    """The page in progress: its rows, and what has become of its files."""

    conv_id: bytes
    number: int
    rows: tuple[Row, ...] = ()
    is_loaded: bool = False
    copies: dict[bytes, StoredCopy] = field(default_factory=dict)
    waits: dict[bytes, Row] = field(
        default_factory=dict
    )  # message_id -> row whose file is on its way


class ExportJob:
    """Runs one export, on one thread; does nothing more after it has reported ExportEnded."""

    def __init__(
        self,
        options: ExportOptions,
        snapshot: ClassSnapshot,
        post: Callable[[Command], None],
        report: Callable[[ExportProgress | ExportEnded], None],
        now: datetime,
    ) -> None:
        self._options = options
        self._snapshot = snapshot
        self._post = post
        self._report = report
        self._now = now
        self._folder = ExportFolder(options.target)
        self._names = Names(snapshot.people.values(), options.is_pseudonymous)
        chosen = options.conv_ids or [
            one.conv_id for one in snapshot.conversations.values() if one.row_count
        ]
        self._todo = [
            snapshot.conversations[conv_id]
            for conv_id in chosen
            if conv_id in snapshot.conversations
        ]
        self._total = sum(one.row_count for one in self._todo)
        self._done = self._file_count = 0
        self._missing: list[Missing] = []
        self._records: list[Record] = []
        self._listed: list[Listed] = []
        self._request = FIRST_REQUEST
        self._saves: dict[int, bytes] = {}  # request_id -> message_id
        self._transfers: dict[bytes, bytes] = {}  # transfer_id -> message_id
        self._page: _Page | None = None
        self._pages: Pages | None = None
        self._path = ""  # the folder of the present conversation
        self.has_ended = False

    def start(self) -> None:
        """Begin the export; notices drive everything that follows."""
        self._guard(self._begin)

    def handle(self, notice: Notice) -> None:
        """Take one notice; those not about this export only keep the snapshot up to date."""
        self._snapshot.note(notice)
        if not self.has_ended:
            self._guard(lambda: self._take(notice))

    def cancel(self) -> None:
        """Cancel the export and remove everything written."""
        if not self.has_ended:
            self._end(ExportEnded(None))

    def fail(self, failure: Failed) -> None:
        """Give it up for this reason; nothing of it stays."""
        if not self.has_ended:
            self._end(ExportEnded(None, failure=failure))

    # --- inner ---

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except ChatError as error:
            self.fail(failed_by(error))
        except OSError as error:
            system = error.strerror or str(error)
            self.fail(Failed(code="disk", detail=Detail.EXPORT_UNWRITTEN, system=system))

    def _end(self, ended: ExportEnded) -> None:
        self.has_ended = True
        for transfer_id in self._transfers:
            self._post(events.CancelTransfer(transfer_id=transfer_id))
        if ended.path is None:
            self._folder.discard()
        self._report(ended)

    def _begin(self) -> None:
        self._folder.begin()
        self._next_conversation()

    def _next_conversation(self) -> None:
        if not self._todo:
            self._finish()
            return
        conversation = self._todo[0]
        title = title_of(conversation, self._names)
        name = safe_file_name(title.removeprefix("#"))[:60].rstrip(". ")
        self._path = f"conversations/{len(self._listed) + 1:03d} {name}"
        self._pages = Pages(title, self._names, self._snapshot.people, self._now)
        self._load(conversation.conv_id, 1)

    def _load(self, conv_id: bytes, number: int) -> None:
        self._page = _Page(conv_id, number)
        self._request += 1
        self._post(
            events.LoadRows(
                request_id=self._request,
                conv_id=conv_id,
                first=(number - 1) * PAGE_ROWS,
                count=PAGE_ROWS,
            )
        )

    def _take(self, notice: Notice) -> None:
        match notice:
            case events.RowsLoaded() if notice.request_id == self._request:
                self._on_rows(notice.rows)
            case events.Done() if notice.request_id in self._saves:
                self._on_saving(notice)
            case events.TransfersChanged():
                for transfer in notice.transfers:
                    self._on_transfer(transfer)
            case events.TransferRemoved() if notice.transfer_id in self._transfers:
                self._miss(self._transfers.pop(notice.transfer_id), CALLED_OFF)
                self._go_on()
            case events.ConnectionChanged():
                self._on_connection()
            case _:
                pass

    # --- files ---

    def _on_rows(self, rows: tuple[Row, ...]) -> None:
        page = self._present()
        page.rows, page.is_loaded = rows, True
        page.waits = {
            row.message_id: row for row in rows if row.file is not None and row.kind is RowKind.TEXT
        }
        if not self._options.has_files:
            for message_id in page.waits:
                page.copies[message_id] = StoredCopy(missing=NOT_WANTED)
            page.waits.clear()
        for row in page.waits.values():
            self._request += 1
            self._saves[self._request] = row.message_id
            target = self._folder.path_of(self._path_of(row))
            self._post(
                events.SaveFile(
                    request_id=self._request, message_id=row.message_id, path=str(target)
                )
            )
        self._on_connection()
        self._go_on()

    def _path_of(self, row: Row) -> str:
        return f"files/{row.message_id.hex()[:16]}/{safe_file_name(self._name_of(row))}"

    def _on_saving(self, done: events.Done) -> None:
        message_id = self._saves.pop(done.request_id)
        if done.failure is not None:
            self._miss(message_id, done.failure)
        elif isinstance(done.data, bytes):
            self._transfers[done.data] = message_id
            self._on_connection()
        self._go_on()

    def _on_transfer(self, transfer: Transfer) -> None:
        message_id = self._transfers.get(transfer.transfer_id)
        if message_id is None or transfer.state not in (TransferState.DONE, TransferState.FAILED):
            return
        del self._transfers[transfer.transfer_id]
        self._post(events.CancelTransfer(transfer_id=transfer.transfer_id))  # off the list
        if transfer.failure is not None:
            self._miss(message_id, transfer.failure)
        else:
            self._keep(message_id)
        self._go_on()

    def _keep(self, message_id: bytes) -> None:
        page = self._present()
        path = self._path_of(page.waits.pop(message_id))
        self._folder.adopt(path)
        page.copies[message_id] = StoredCopy(path=path)
        self._file_count += 1

    def _miss(self, message_id: bytes, why: Failed) -> None:
        page = self._present()
        name = self._name_of(page.waits.pop(message_id))
        page.copies[message_id] = StoredCopy(missing=why_missing(why))
        self._missing.append(Missing(name, why))

    def _present(self) -> _Page:
        assert self._page is not None  # a page is written once none of its files is on its way
        return self._page

    def _name_of(self, row: Row) -> str:
        assert row.file is not None  # only rows with files are waited for
        return self._names.within(row.file.name)

    def _on_connection(self) -> None:
        """Count pending files as missing while offline, and continue without them."""
        if self._snapshot.connection in (ConnectionState.ONLINE, ConnectionState.CONNECTING):
            return
        for transfer_id, message_id in list(self._transfers.items()):
            del self._transfers[transfer_id]
            self._post(events.CancelTransfer(transfer_id=transfer_id))
            self._miss(message_id, OFFLINE)
        self._go_on()

    # --- writing ---

    def _go_on(self) -> None:
        """Write the page once all its files are here or missing, and ask for the next."""
        page = self._page
        if page is None or not page.is_loaded:
            return
        if page.waits:
            first = next(iter(page.waits.values()))
            self._report(ExportProgress(self._done, self._total, self._name_of(first)))
            return
        conversation, pages = self._todo[0], self._pages
        assert pages is not None
        count = max(1, -(-conversation.row_count // PAGE_ROWS))
        self._page = None
        text = pages.write(page.rows, page.copies, page.number, count)
        self._folder.write(f"{self._path}/{page_name(page.number)}", text)
        lines = (
            message_record(row, self._names, page.copies.get(row.message_id)) for row in page.rows
        )
        self._folder.append(f"{self._path}/messages.jsonl", _json_lines(lines))
        self._done += len(page.rows)
        self._report(ExportProgress(self._done, self._total))
        if page.number < count:
            self._load(conversation.conv_id, page.number + 1)
            return
        self._folder.adopt(f"{self._path}/messages.jsonl")
        self._list(conversation)
        del self._todo[0]
        self._next_conversation()

    def _list(self, conversation: Conversation) -> None:
        title = title_of(conversation, self._names)
        address = f"{self._path}/{page_name(1)}"
        self._listed.append(Listed(title, conversation.kind.value, conversation.row_count, address))
        self._records.append(
            conversation_record(
                conversation, self._snapshot.people, self._names, self._path, conversation.row_count
            )
        )

    def _finish(self) -> None:
        me, names = self._snapshot.me, self._names
        people = sorted(
            self._snapshot.people.values(), key=lambda person: names.of(person.username).casefold()
        )
        self._folder.write(
            "people.jsonl", _json_lines(person_record(person, names) for person in people)
        )
        self._folder.write("conversations.jsonl", _json_lines(self._records))
        notes = [*_NOTES, *([_PSEUDONYMS_NOTE] if names.is_pseudonymous else [])]
        if self._missing:
            missing = "; ".join(f"{one.name}: {why_missing(one.why)}" for one in self._missing)
            notes.append(f"Files that are not in this export: {missing}.")
        exporter = names.of(me.username) if me is not None else ""
        front = front_page(self._snapshot.class_name, exporter, self._now, self._listed, notes)
        self._folder.write("index.html", front)
        self._folder.finish()
        self._end(
            ExportEnded(self._folder.target, self._done, self._file_count, tuple(self._missing))
        )


def why_missing(why: Failed) -> str:
    """Why a file is not in the export, to stand after its name."""
    return failure_words(why).rstrip(".")


def _json_lines(records: Iterable[Record]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
