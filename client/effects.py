"""What the client core is told by its shell (events) and what it orders (effects); the shell saves, sends, tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client.events import Command, Notice
    from client.state import Saved, StoredRow
    from shared.crypto.files import Manifest
    from shared.messages import Message


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: a steady clock for timers, the wall clock for what people see."""

    steady_ms: int
    wall_ms: int


# --- events: what the core is told ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """Base: everything that the core learns carries its time."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The profile is unlocked and what was saved has been handed over."""


@dataclass(frozen=True, slots=True)
class CommandPosted(Event):
    """The window or the headless caller orders something."""

    command: Command


@dataclass(frozen=True, slots=True)
class ConnectionOpened(Event):
    """The encrypted connection stands; nothing has been said yet."""


@dataclass(frozen=True, slots=True)
class ConnectionFailed(Event):
    """The connection could not be made or has ended."""

    code: str


@dataclass(frozen=True, slots=True)
class Received(Event):
    """One message of the broker."""

    message: Message


@dataclass(frozen=True, slots=True)
class Ticked(Event):
    """Time has passed; asked for by `ClientCore.next_wake_ms`."""


@dataclass(frozen=True, slots=True)
class SourceFound(Event):
    """A file to be sent was looked at; `code` is empty if it can be sent."""

    token: bytes
    code: str = ""
    message: str = ""
    path: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    stamp: tuple[int, int] = (0, 0)
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class TargetFound(Event):
    """A place to save to was looked at; `code` is empty if it can be used."""

    token: bytes
    code: str = ""
    message: str = ""
    path: str = ""  # absolute


@dataclass(frozen=True, slots=True)
class TextFound(Event):
    """The rows that fit a search, in the order asked for. `is_complete`: whether the whole history was looked at."""

    request_id: int
    rows: list[StoredRow]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class TransferAdvanced(Event):
    """More of a file is stored, or verified and written."""

    transfer_id: bytes
    bytes_done: int
    rate: int  # bytes per second


@dataclass(frozen=True, slots=True)
class UploadEnded(Event):
    """The broker has the whole file."""

    transfer_id: bytes
    root: bytes
    sha256: bytes


@dataclass(frozen=True, slots=True)
class DownloadEnded(Event):
    """A file is verified and saved as `path`; `data` instead, if it was fetched to be shown."""

    transfer_id: bytes
    path: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class TransferFailed(Event):
    """A transfer has stopped. `code` "lost" is a lost connection, "source_changed" a file that is another by now."""

    transfer_id: bytes
    code: str
    message: str = ""
    retry_after_ms: int = 0


# --- effects: what the core orders ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """Base. The shell carries out Save, Drop and SaveRow in one transaction, then Send, then the others in order."""


@dataclass(frozen=True, slots=True)
class Save(Effect):
    """Keep this item; it replaces the one of the same table and key."""

    item: Saved


@dataclass(frozen=True, slots=True)
class Drop(Effect):
    """Forget an item."""

    table: str
    key: bytes


@dataclass(frozen=True, slots=True)
class SaveRow(Effect):
    """Keep a row at its position."""

    row: StoredRow


@dataclass(frozen=True, slots=True)
class Send(Effect):
    """Hand a message to the connection."""

    message: Message


@dataclass(frozen=True, slots=True)
class Tell(Effect):
    """Give a notice to the window or the headless caller."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Connect(Effect):
    """Open a connection with a fresh socket and a fresh routing id."""


@dataclass(frozen=True, slots=True)
class Disconnect(Effect):
    """Close the connection."""


@dataclass(frozen=True, slots=True)
class Halt(Effect):
    """Everything is saved: the network thread ends."""


# --- files: carried out by the thread for files ---


@dataclass(frozen=True, slots=True)
class FindText(Effect):
    """Search the history; answered by TextFound. Empty fields do not narrow it."""

    request_id: int
    match: str  # for FTS5
    conv_id: bytes
    sender: bytes
    has_file: bool
    limit: int


@dataclass(frozen=True, slots=True)
class FindQuestions(Effect):
    """Look for earlier questions like this one; answered by TextFound, those of `conv_id` first."""

    request_id: int
    text: str
    conv_id: bytes
    limit: int


@dataclass(frozen=True, slots=True)
class FileOrder(Effect):
    """Base of what the thread for files does. Carried out after everything is saved."""


@dataclass(frozen=True, slots=True)
class FindSource(FileOrder):
    """Look at a file to be sent; answered by SourceFound. With `data` there is no file, only the bytes."""

    token: bytes
    path: str
    name: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class FindTarget(FileOrder):
    """Look whether a file can be saved there; answered by TargetFound."""

    token: bytes
    path: str


@dataclass(frozen=True, slots=True)
class StartUpload(FileOrder):
    """Send a file, or go on with it; answered by UploadEnded or TransferFailed."""

    transfer_id: bytes
    conv_id: bytes
    file_id: bytes
    file_key: bytes
    size: int
    stamp: tuple[int, int]
    path: str
    data: bytes
    keeps_preview: bool


@dataclass(frozen=True, slots=True)
class StartDownload(FileOrder):
    """Fetch a file, or go on with it; answered by DownloadEnded or TransferFailed. No `path`: to be shown."""

    transfer_id: bytes
    manifest: Manifest
    path: str


@dataclass(frozen=True, slots=True)
class StopTransfer(FileOrder):
    """Stop a transfer if it runs; nothing is told of it any more."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True)
class DiscardDownload(FileOrder):
    """Remove what was written of a file that is not whole."""

    transfer_id: bytes
    path: str


@dataclass(frozen=True, slots=True)
class RemoveSource(FileOrder):
    """Remove a file that was made only to be sent."""

    path: str


@dataclass(frozen=True, slots=True)
class DropPreview(FileOrder):
    """Forget a file that was kept to be shown."""

    file_id: bytes


@dataclass(frozen=True, slots=True)
class RestartFiles(FileOrder):
    """Connect anew: what the present connection for files still says is not to be waited for."""
