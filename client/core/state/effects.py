"""What the client core is told by its shell (events) and what it orders (effects); the shell saves,
sends, tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client.api.events import Command, Notice
    from client.api.said import Failed
    from client.core.state.saved import Saved, StoredRow
    from shared.crypto.files import Manifest
    from shared.messages import Message


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: a steady clock for timers, the wall clock for what people see."""

    steady_ms: int
    wall_ms: int


# --- events: what the core is told
# ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Timed:
    """Base: everything that the core learns carries its time."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Started(_Timed):
    """The profile is unlocked and what was saved has been handed over."""


@dataclass(frozen=True, slots=True)
class CommandPosted(_Timed):
    """The window or the headless caller orders something."""

    command: Command


@dataclass(frozen=True, slots=True)
class ConnectionOpened(_Timed):
    """The encrypted connection stands; nothing has been said yet."""


@dataclass(frozen=True, slots=True)
class ConnectionFailed(_Timed):
    """The connection could not be made or has ended."""

    code: str


@dataclass(frozen=True, slots=True)
class Received(_Timed):
    """One message of the broker."""

    message: Message


@dataclass(frozen=True, slots=True)
class Ticked(_Timed):
    """Time has passed; asked for by `ClientCore.next_wake_ms`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFound(_Timed):
    """A file to be sent was looked at; `failure` says why it cannot be sent."""

    token: bytes
    failure: Failed | None = None
    path: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    stamp: tuple[int, int] = (0, 0)
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class TargetFound(_Timed):
    """A place to save to was looked at; `failure` says why it cannot be used."""

    token: bytes
    failure: Failed | None = None
    path: str = ""  # absolute


@dataclass(frozen=True, slots=True)
class TextFound(_Timed):
    """The rows that fit a search, in the order asked for.

    `is_complete`: whether the whole history was looked at.
    """

    request_id: int
    rows: list[StoredRow]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class TransferAdvanced(_Timed):
    """More of a file is stored, or verified and written."""

    transfer_id: bytes
    bytes_done: int
    rate: int  # bytes per second


@dataclass(frozen=True, slots=True)
class UploadEnded(_Timed):
    """The broker has the whole file."""

    transfer_id: bytes
    root: bytes
    sha256: bytes


@dataclass(frozen=True, slots=True)
class DownloadEnded(_Timed):
    """A file is verified and saved as `path`; `data` instead, if it was fetched to be shown."""

    transfer_id: bytes
    path: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class TransferFailed(_Timed):
    """A transfer has stopped.

    The code "lost" is a lost connection, "source_changed" a file that is another by now.
    """

    transfer_id: bytes
    failure: Failed
    retry_after_ms: int = 0


Event = (
    Started
    | CommandPosted
    | ConnectionOpened
    | ConnectionFailed
    | Received
    | Ticked
    | SourceFound
    | TargetFound
    | TextFound
    | TransferAdvanced
    | UploadEnded
    | DownloadEnded
    | TransferFailed
)


# --- effects: what the core orders
# ----------------------------------------------------------------------------


# The shell carries out Save, Drop and SaveRow in one transaction, then Send, then the others in
# order.


@dataclass(frozen=True, slots=True)
class Save:
    """Keep this item; it replaces the one of the same table and key."""

    item: Saved


@dataclass(frozen=True, slots=True)
class Drop:
    """Forget an item."""

    table: str
    key: bytes


@dataclass(frozen=True, slots=True)
class SaveRow:
    """Keep a row at its position."""

    row: StoredRow


@dataclass(frozen=True, slots=True)
class Send:
    """Hand a message to the connection."""

    message: Message


@dataclass(frozen=True, slots=True)
class Tell:
    """Give a notice to the window or the headless caller."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Connect:
    """Open a connection with a fresh socket and a fresh routing id."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Close the connection."""


@dataclass(frozen=True, slots=True)
class Halt:
    """Everything is saved: the network thread ends."""


@dataclass(frozen=True, slots=True)
class FindText:
    """Search the history; answered by TextFound. Empty fields do not narrow it."""

    request_id: int
    match: str  # for FTS5
    conv_id: bytes
    sender: bytes
    has_file: bool
    limit: int


@dataclass(frozen=True, slots=True)
class FindQuestions:
    """Look for earlier questions like this one; answered by TextFound, those of `conv_id` first."""

    request_id: int
    text: str
    conv_id: bytes
    limit: int


@dataclass(frozen=True, slots=True)
class FindSource:
    """Look at a file to be sent; answered by SourceFound.

    With `data` there is no file, only the bytes.
    """

    token: bytes
    path: str
    name: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class FindTarget:
    """Look whether a file can be saved there; answered by TargetFound."""

    token: bytes
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUpload:
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
class StartDownload:
    """Fetch a file, or go on with it; answered by DownloadEnded or TransferFailed.

    No `path`: to be shown.
    """

    transfer_id: bytes
    manifest: Manifest
    path: str


@dataclass(frozen=True, slots=True)
class StopTransfer:
    """Stop a transfer if it runs; nothing is told of it any more."""

    transfer_id: bytes


@dataclass(frozen=True, slots=True)
class DiscardDownload:
    """Remove what was written of a file that is not whole."""

    transfer_id: bytes
    path: str


@dataclass(frozen=True, slots=True)
class RemoveSource:
    """Remove a file that was made only to be sent."""

    path: str


@dataclass(frozen=True, slots=True)
class DropPreview:
    """Forget a file that was kept to be shown."""

    file_id: bytes


@dataclass(frozen=True, slots=True)
class RestartFiles:
    """Connect anew: what the present connection for files still says is not to be waited for."""


# What the thread for files does; carried out after everything is saved.
FileOrder = (
    FindSource
    | FindTarget
    | StartUpload
    | StartDownload
    | StopTransfer
    | DiscardDownload
    | RemoveSource
    | DropPreview
    | RestartFiles
)
StoreOrder = Save | Drop | SaveRow
SearchOrder = FindText | FindQuestions
Effect = StoreOrder | Send | Tell | Connect | Disconnect | Halt | SearchOrder | FileOrder
