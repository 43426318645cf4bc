"""ClientShell: hands what has happened to the core and carries its effects out, through ports.

It knows no socket, file, thread or clock of its own: the program gives it real ones, the simulation
and the tests give it theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from client.api.events import Command, Notice, SessionSignedIn
from client.clock import Clock
from client.core.state.effects import (
    CommandPosted,
    Connect,
    ConnectionFailed,
    ConnectionOpened,
    Disconnect,
    Drop,
    Effect,
    Event,
    FileOrder,
    FindQuestions,
    FindText,
    Halt,
    Moment,
    Received,
    Save,
    SaveRow,
    SearchOrder,
    Send,
    Tell,
    Ticked,
)
from client.core.state.saved import StoredRow
from shared.codec import decode_answers, encode, frames
from shared.errors import CodecError
from shared.logs import Log
from shared.messages import Message

_log = Log("client.threads.shell")

MAX_DRAIN = 64  # frames handled together: one commit, one batch of notices
MAX_JOINED_BYTES = 512 * 1024
SUSPEND_MS = 15_000  # the wall clock ran away from the steady one: the computer slept


class Core(Protocol):
    """What decides: `client.core.core.ClientCore`."""

    @property
    def next_wake_ms(self) -> int | None:
        """When `Ticked` is due, on the steady clock."""

    def handle_batch(self, batch: Iterable[Event]) -> list[Effect]:
        """Give what is to be done because of these."""


class Link(Protocol):
    """The connection to the broker: at most one, never waited for."""

    @property
    def is_dialled(self) -> bool:
        """Whether there is a connection, made or being made."""

    def open(self, now: Moment) -> None:
        """Begin a new attempt, giving up what there is."""

    def close(self) -> None:
        """Give up what there is."""

    def frames(self, limit: int) -> Iterator[bytes]:
        """What has come, at most so many; CodecError if it cannot be a frame of ours."""

    def events(self, now: Moment) -> list[str]:
        """What became of the connection: "opened", or the code of its end."""

    def send(self, frame: bytes) -> bool:
        """Hand a frame over; False if the connection takes no more."""


class Store(Protocol):
    """The disk."""

    def apply(self, effects: Iterable[Effect]) -> None:
        """Make every Save, Drop and SaveRow durable, all of them or none."""


class Files(Protocol):
    """What moves files."""

    def post(self, order: FileOrder) -> None:
        """Order something."""


class Search(Protocol):
    """What finds text."""

    def note(self, rows: Iterable[StoredRow]) -> None:
        """These rows are durable now in this form."""

    def post(self, order: SearchOrder) -> None:
        """Order something."""


class ClientShell:
    """Belongs to one thread, which calls `turn` whenever anything may have happened."""

    def __init__(
        self,
        core: Core,
        *,
        clock: Clock,
        link: Link,
        store: Store,
        files: Files,
        search: Search,
        deliver: Callable[[list[Notice]], None],
        signed_in: Callable[[], None] = lambda: None,
        decode: Callable[[bytes], list[Message]] = decode_answers,
    ) -> None:
        self._core = core
        self._clock = clock
        self._link = link
        self._store = store
        self._files = files
        self._search = search
        self._deliver = deliver
        self._signed_in = signed_in
        self._decode = decode
        self._at = clock()
        self.has_ended = False

    @property
    def next_wake_ms(self) -> int | None:
        """When there is to be a turn even if nothing happens, on the steady clock."""
        return self._core.next_wake_ms

    def turn(self, posted: Iterable[Command | Event] = ()) -> None:
        """Hand over all that has happened: to the connection, what was posted, what is due."""
        now = self._clock()
        events = self._suspended(now)
        events += self._arrived(now)
        events += [item if isinstance(item, Event) else CommandPosted(now, item) for item in posted]
        wake = self._core.next_wake_ms
        if wake is not None and wake <= now.steady_ms:
            events.append(Ticked(now))
        if events:
            self._hand(events)

    def _suspended(self, now: Moment) -> list[Event]:
        """After a sleep of the computer the connection is dead, only nobody has said so."""
        drift = (now.wall_ms - self._at.wall_ms) - (now.steady_ms - self._at.steady_ms)
        self._at = now
        if drift > SUSPEND_MS and self._link.is_dialled:
            return [ConnectionFailed(now, "lost")]
        return []

    def _arrived(self, now: Moment) -> list[Event]:
        """What has come. Frames first: what was said before the end of a connection counts."""
        events: list[Event] = []
        try:
            for frame in self._link.frames(MAX_DRAIN):
                events += [Received(now, message) for message in self._decode(frame)]
        except CodecError as error:
            _log.warning("unreadable frame", reason=error.message)
            events.append(ConnectionFailed(now, "malformed"))
        for happened in self._link.events(now):
            events.append(
                ConnectionOpened(now) if happened == "opened" else ConnectionFailed(now, happened)
            )
        return events

    # --- effects ---

    def _hand(self, events: list[Event]) -> None:
        """Change, save, then tell."""
        effects = self._core.handle_batch(events)
        self._store.apply(effects)
        self._search.note(effect.row for effect in effects if isinstance(effect, SaveRow))
        self._send([effect for effect in effects if isinstance(effect, Send)])
        notices: list[Notice] = []
        for effect in effects:
            if isinstance(effect, Tell):
                notices.append(effect.notice)
                if isinstance(effect.notice, SessionSignedIn):
                    self._signed_in()
            else:
                self._carry_out(effect)
        if notices:
            self._deliver(notices)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Save() | Drop() | SaveRow() | Send() | Tell():
                pass  # of these all of a batch together, in _hand
            case Connect():
                self._link.open(self._clock())
            case Disconnect():
                self._link.close()
            case FindText() | FindQuestions():
                self._search.post(effect)
            case Halt():
                self.has_ended = True
            case _:
                self._files.post(effect)

    def _send(self, effects: list[Send]) -> None:
        """Join messages into frames; if the connection takes no more it is given up, the outbox has
        everything.
        """
        if not effects or not self._link.is_dialled:
            return
        items = (encode(effect.message) for effect in effects)
        if not all(self._link.send(frame) for frame in frames(items, MAX_JOINED_BYTES)):
            _log.info("send would block")
            self._hand([ConnectionFailed(self._clock(), "lost")])
