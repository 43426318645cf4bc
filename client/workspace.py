"""What the parts of the client core share while one event is handled: state, time, randomness, gathered effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from client.effects import Drop, Effect, Moment, Save, SaveRow, Send, Tell
from client.events import Notice, RowsAppended, RowsUpdated
from client.state import Saved, SavedSelf, StoredFile, StoredRow
from client.values import (
    FileInfo,
    MessageState,
    QuestionState,
    Quote,
    Reaction,
    Row,
    RowKind,
)
from shared.crypto.identity import Identity
from shared.messages import Message

if TYPE_CHECKING:
    from client.conversations import Conversation
    from client.drafts import Drafts
    from client.marks import Marks
    from client.people import People

TimerKey = tuple[str, bytes]


class RowSource(Protocol):
    """Where stored rows are read; the store is one."""

    def row(self, message_id: bytes) -> StoredRow | None:
        """The row of a message."""

    def page(self, conv_id: bytes, first: int, count: int) -> list[StoredRow]:
        """Rows [first, first + count)."""

    def own_rows(self, conv_id: bytes, after: int, upto: int) -> list[StoredRow]:
        """Own rows with a sequence in (after, upto]."""

    def count_unread(self, conv_id: bytes, first: int) -> tuple[int, int]:
        """(to be read, of these mentioning me) from position `first` on."""


class RowBook:
    """Stored rows, with those that are ordered to be saved but not yet on disk laid over them."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self._fresh: dict[bytes, StoredRow] = {}

    def settled(self) -> None:
        """All rows ordered so far are on disk."""
        self._fresh.clear()

    def put(self, row: StoredRow) -> None:
        """Lay a row over the stored one."""
        self._fresh[row.message_id] = row

    def get(self, message_id: bytes) -> StoredRow | None:
        """The newest version of a row."""
        return self._fresh.get(message_id) or self.source.row(message_id)

    def own_rows(self, conv_id: bytes, after: int, upto: int) -> list[StoredRow]:
        """Own rows with a sequence in (after, upto], in order."""
        found = {row.message_id: row for row in self.source.own_rows(conv_id, after, upto)}
        for row in self._fresh.values():
            if row.conv_id == conv_id and row.is_own and after < row.sequence <= upto:
                found[row.message_id] = row
        return sorted(found.values(), key=lambda row: row.sequence)

    def page(self, conv_id: bytes, first: int, count: int) -> list[StoredRow]:
        """Rows [first, first + count), in order."""
        found = {row.position: row for row in self.source.page(conv_id, first, count)}
        for row in self._fresh.values():
            if row.conv_id == conv_id and first <= row.position < first + count:
                found[row.position] = row
        return [found[position] for position in sorted(found)]

    def count_unread(self, conv_id: bytes, first: int) -> tuple[int, int]:
        """(to be read, of these mentioning me) from position `first` on."""
        unread, mentions = self.source.count_unread(conv_id, first)
        fresh = sorted(row.position for row in self._fresh.values() if row.conv_id == conv_id and row.position >= first)
        before = [row for start, count in _runs(fresh) for row in self.source.page(conv_id, start, count)]
        for row in self._fresh.values():
            if row.conv_id == conv_id and row.position >= first:
                unread += row.counts_as_unread
                mentions += row.counts_as_unread and row.mentions_me
        for row in before:
            unread -= row.counts_as_unread
            mentions -= row.counts_as_unread and row.mentions_me
        return unread, mentions


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """(first, count) of what follows without a gap in sorted numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


class Timers:
    """When the core wants to be woken, by key; setting a key again replaces it."""

    def __init__(self) -> None:
        self._at: dict[TimerKey, int] = {}

    def set(self, key: TimerKey, steady_ms: int) -> None:
        """Wake at this time."""
        self._at[key] = steady_ms

    def set_once(self, key: TimerKey, steady_ms: int) -> None:
        """Wake at this time, unless the key runs already."""
        self._at.setdefault(key, steady_ms)

    def drop(self, key: TimerKey) -> None:
        """Do not wake for this key."""
        self._at.pop(key, None)

    def has(self, key: TimerKey) -> bool:
        """Whether the key runs."""
        return key in self._at

    def due(self, steady_ms: int) -> list[TimerKey]:
        """Take out and return what is due, oldest first."""
        keys = sorted((at, key) for key, at in self._at.items() if at <= steady_ms)
        for _, key in keys:
            del self._at[key]
        return [key for _, key in keys]

    def left_ms(self, key: TimerKey, steady_ms: int) -> int:
        """How long until this key is due, 0 if it does not run."""
        return max(0, self._at.get(key, steady_ms) - steady_ms)

    def next_ms(self) -> int | None:
        """The time of the next wake-up."""
        return min(self._at.values(), default=None)


class Workspace:
    """Shared by the core's parts; used on the network thread only."""

    def __init__(
        self, identity: Identity, rows: RowSource, random: Callable[[int], bytes], jitter: Callable[[], float]
    ) -> None:
        self.identity = identity
        self.me = identity.uid
        self.random = random
        self.jitter = jitter  # uniform in [0, 1)
        self.rows = RowBook(rows)
        self.timers = Timers()
        self.at = Moment(0, 0)
        self.saved_self = SavedSelf()
        self.is_signed_in = False
        self.is_directory_read = False
        self.is_directory_unchecked = False  # the server has yet to show that it goes on from my last entry
        self.people: People
        self.drafts: Drafts
        self.marks: Marks
        self.conversations: dict[bytes, Conversation] = {}
        self.dirty: dict[bytes, Conversation] = {}  # to be saved and shown at the end
        self.restless: dict[bytes, Conversation] = {}  # to be looked at for what they need next
        self.pending: set[bytes] = set()  # conversations whose pending rows changed
        self._changes: list[Effect] = []
        self._sends: list[Effect] = []
        self._tells: list[Effect] = []
        self._appended: dict[bytes, dict[int, StoredRow]] = {}
        self._updated: dict[bytes, dict[int, StoredRow]] = {}

    @property
    def can_send(self) -> bool:
        """Whether requests about conversations may go out now."""
        return self.is_signed_in and self.is_directory_read

    # --- gathering ---

    def save(self, item: Saved) -> None:
        """Order an item to be kept."""
        self._changes.append(Save(item))

    def drop(self, item: Saved) -> None:
        """Order an item to be forgotten."""
        self._changes.append(Drop(item.TABLE, item.key()))

    def send(self, message: Message) -> None:
        """Order a message to be sent; silently nothing without a sign-in, the log brings it up again."""
        if self.is_signed_in:
            self._sends.append(Send(message))

    def tell(self, notice: Notice) -> None:
        """Order a notice."""
        self._tells.append(Tell(notice))

    def order(self, effect: Effect) -> None:
        """Order something of the connection; it keeps its place among the notices."""
        self._tells.append(effect)

    def send_raw(self, message: Message) -> None:
        """Order a message of the sign-in itself."""
        self._sends.append(Send(message))

    def touch(self, conversation: Conversation) -> None:
        """The conversation changed: save it, show it, see what it needs next."""
        self.dirty[conversation.conv_id] = conversation
        self.restless[conversation.conv_id] = conversation

    def append_row(self, row: StoredRow) -> None:
        """Order a new row to be kept and shown."""
        self._put(row)
        self._appended.setdefault(row.conv_id, {})[row.position] = row

    def update_row(self, row: StoredRow) -> None:
        """Order a changed row to be kept and shown."""
        self._put(row)
        fresh = self._appended.get(row.conv_id, {})
        if row.position in fresh:
            fresh[row.position] = row
        else:
            self._updated.setdefault(row.conv_id, {})[row.position] = row

    def show_again(self, rows: Iterable[StoredRow]) -> None:
        """Show rows anew whose look depends on other things than themselves (delivered)."""
        for row in rows:
            if row.position not in self._appended.get(row.conv_id, {}):
                self._updated.setdefault(row.conv_id, {})[row.position] = row

    def _put(self, row: StoredRow) -> None:
        self.rows.put(row)
        self._changes.append(SaveRow(row))

    def take(self) -> list[Effect]:
        """All effects gathered: changes, then sends, then notices.

        Changed rows come before new ones, so that a message that has waited for its key is told in its place; rows
        come before the conversations that count them.
        """
        rows: list[Effect] = []
        for conv_id, found in self._updated.items():
            rows.append(Tell(RowsUpdated(conv_id, tuple(self.show(found[p]) for p in sorted(found)))))
        for conv_id, found in self._appended.items():
            rows.append(Tell(RowsAppended(conv_id, tuple(self.show(found[p]) for p in sorted(found)))))
        effects = _last_of_each(self._changes) + self._sends + rows + self._tells
        self._changes, self._sends, self._tells, self._appended, self._updated = [], [], [], {}, {}
        return effects

    # --- showing ---

    def show(self, row: StoredRow) -> Row:
        """A stored row as the window sees it."""
        conversation = self.conversations.get(row.conv_id)
        is_delivered = conversation is not None and 0 < row.sequence <= conversation.state.delivered_upto
        quote = None
        if row.reply_to:
            quote = Quote(row.reply_to, self.people.username(row.quote_sender), row.quote_text)
        reactions = tuple(
            Reaction(found.emoji, tuple(self.people.username(uid) for uid in found.uids)) for found in row.reactions
        )
        return Row(
            row.position, row.message_id, row.sequence, RowKind(row.kind), row.sender,
            self.people.username(row.sender) if row.sender else "", row.sent_at_ms, row.text, row.is_own,
            MessageState.DELIVERED if is_delivered else MessageState.STORED, row.is_edited, row.mentions_me, quote,
            reactions, "", show_file(row.file) if row.file else None, row.is_pinned, _question_state(row), row.answers,
            row.is_accepted, self.marks.is_question(row.reply_to),
        )  # fmt: skip


def _last_of_each(changes: list[Effect]) -> list[Effect]:
    """Without those that a later one replaces: all of them are carried out in one transaction."""
    last: dict[tuple[str, bytes | int], Effect] = {}
    for change in changes:
        if isinstance(change, SaveRow):
            place: tuple[str, bytes | int] = (change.row.conv_id.hex(), change.row.position)
        elif isinstance(change, Save):
            place = (change.item.TABLE, change.item.key())
        else:
            assert isinstance(change, Drop)
            place = (change.table, change.key)
        last[place] = change
    return list(last.values())


def show_file(file: StoredFile) -> FileInfo:
    """The file of a row as the window sees it."""
    return FileInfo(
        file.name, file.size, file.mime, file.sha256, file.version, file.previous, file.width, file.height
    )


def _question_state(row: StoredRow) -> QuestionState | None:
    if not row.is_question:
        return None
    if row.accepted:
        return QuestionState.ACCEPTED
    return QuestionState.ANSWERED if row.answers else QuestionState.OPEN
