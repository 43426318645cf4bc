"""What the client core is told by its shell (events) and what it orders (effects); the shell saves, sends, tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client.events import Command, Notice
    from client.state import Saved, StoredRow
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
