"""Append and tell: sequences, repeats, changes waiting for their commit, fan-out and cursors."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from broker.core.accounts import Session, Sessions
from broker.core.conversations import Conversation, Conversations
from broker.core.events import Persist, SendTo
from broker.core.limits import Credit
from broker.storage.base import Batch, KnownId, StoredCursor, TransportKey
from shared.codec import encode, frames
from shared.invariants import require
from shared.messages import (
    DIRECTORY_LOG,
    MAX_PAGE_BYTES,
    MAX_PAGE_ENTRIES,
    Cursor,
    CursorsAdvanced,
    Entries,
    Entry,
    EntryKind,
    Heads,
    LogHead,
    LogId,
    MessageAccepted,
    SendMessage,
)

RECENT_IDS = (
    128  # per sender; a client has at most 64 unanswered, so an honest repeat is always among them
)
_JOIN_BYTES = 256 * 1024  # frames are joined up to this size
_MESSAGE = int(EntryKind.MESSAGE)


class Outgoing:
    """What is sent to each session, in order.

    Equal items are shared, and everything for one session is joined into one frame.
    """

    def __init__(self) -> None:
        self._items: dict[bytes, list[bytes]] = {}

    def add(self, session_id: bytes, blob: bytes) -> None:
        """Add a part for one session."""
        items = self._items.get(session_id)
        if items is None:
            self._items[session_id] = [blob]
        else:
            items.append(blob)

    def add_all(self, session_id: bytes, blobs: Iterable[bytes]) -> None:
        """Add parts for one session."""
        self._items.setdefault(session_id, []).extend(blobs)

    def take(self) -> list[SendTo]:
        """Take everything out; sessions with the same parts share one order."""
        if not self._items:
            return []
        shared: dict[tuple[int, ...], tuple[list[bytes], list[bytes]]] = {}
        for session_id, items in self._items.items():
            key = tuple(map(id, items))
            group = shared.get(key)
            if group is None:
                shared[key] = ([session_id], items)
            else:
                group[0].append(session_id)
        self._items = {}
        return [
            SendTo(ids, frame)
            for ids, items in shared.values()
            for frame in frames(items, _JOIN_BYTES)
        ]


@dataclass(slots=True, kw_only=True)
class Change:
    """What one event has changed in memory, but not on disk yet.

    Usually this is what one session has sent in one frame.
    """

    ticket: int
    batch: Batch = field(default_factory=Batch)
    asker: bytes = b""  # uid of whoever gets MessageAccepted
    answers: list[MessageAccepted] = field(default_factory=list)
    credit: Credit | None = (
        None  # given back after the commit: the number of requests, and their bytes
    )
    credit_count: int = 0
    credit_bytes: int = 0
    has_others: bool = False  # more than messages: others must be told as well
    registered: list[tuple[Session, TransportKey]] = field(default_factory=list)  # told Registered
    boxes_for: list[tuple[bytes, int, list[bytes]]] = field(
        default_factory=list
    )  # (conversation, epoch, uids)
    host_number: int = 0  # of the HostOrdered to answer


@dataclass(slots=True)
class _Moved:
    """Cursors of one conversation that have moved and have not been announced yet."""

    from_sequence: int
    cursors: dict[bytes, int] = field(default_factory=dict)


class Delivery:
    """Owns the sequences and the list of changes that wait for their commit.

    Nothing is told before its commit.
    """

    def __init__(self, sessions: Sessions, conversations: Conversations) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self.out = Outgoing()
        self.heads: dict[LogId, int] = {}  # including what is not committed yet
        self.committed: dict[LogId, int] = {}
        self._recent: dict[bytes, OrderedDict[bytes, tuple[LogId, int]]] = {}
        self._open: Change | None = None
        self._waiting: deque[Change] = deque()
        self._ticket = 0
        self.waiting_count = 0  # entries and other changes that wait for their commit
        self.delivered = 0  # entries handed to sessions
        self._moved: dict[bytes, _Moved] = {}

    # --- appending ---

    def load(self, heads: dict[LogId, int], recent: Iterable[KnownId]) -> None:
        """Take over what the storage holds."""
        self.heads = dict(heads)
        self.committed = dict(heads)
        for known in recent:
            self._recent.setdefault(known.sender, OrderedDict())[known.message_id] = (
                known.log_id,
                known.sequence,
            )

    def change(self) -> Change:
        """Return the change made by the event being handled; it is committed as a whole."""
        change = self._open
        if change is None:
            self._ticket += 1
            change = self._open = Change(ticket=self._ticket)
            self._waiting.append(change)
        return change

    def persist(self) -> Persist | None:
        """Return the order to commit what the event has changed, now that it is handled."""
        change, self._open = self._open, None
        if change is None:
            return None
        self.waiting_count += len(change.batch.entries) or 1
        return Persist(change.ticket, change.batch)

    def append(
        self,
        log_id: LogId,
        kind: EntryKind,
        sender: bytes,
        message_id: bytes,
        body: bytes,
        proof: bytes,
        now_ms: int,
    ) -> Entry:
        """Append an entry other than a message to a log."""
        sequence = self.heads.get(log_id, 0) + 1
        self.heads[log_id] = sequence
        entry = Entry(sequence, int(kind), sender, now_ms, message_id, body, proof)
        change = self.change()
        change.batch.entries.append((log_id, entry))
        change.has_others = True
        return entry

    def append_message(self, session: Session, request: SendMessage, size: int, now_ms: int) -> int:
        """Append a sealed message, to be answered like `answer`; returns its sequence."""
        log_id = LogId(request.conv_id)
        sequence = self.heads[log_id] = self.heads.get(log_id, 0) + 1
        entry = Entry(
            sequence,
            _MESSAGE,
            session.uid,
            now_ms,
            request.message_id,
            request.header,
            request.cipher,
        )
        change = self._open or self.change()
        change.batch.entries.append((log_id, entry))
        self.answer(session, request.message_id, log_id, sequence, size)
        return sequence

    def answer(
        self, session: Session, message_id: bytes, log_id: LogId, sequence: int, size: int
    ) -> None:
        """Tell the sender after the commit, and give back the credit for the request.

        From now on, the id is recognised if it is sent again.
        """
        change = self._open or self.change()
        change.asker = session.uid
        change.answers.append(MessageAccepted(message_id, log_id, sequence))
        change.credit = session.allowance.credit
        change.credit_count += 1
        change.credit_bytes += size
        recent = self._recent.get(session.uid)
        if recent is None:
            recent = self._recent[session.uid] = OrderedDict()
        recent[message_id] = (log_id, sequence)
        if len(recent) > RECENT_IDS:
            recent.popitem(last=False)

    def owe(self, session: Session, size: int) -> None:
        """Give the sender back the credit for one request of `size` bytes after the commit."""
        change = self.change()
        change.credit = session.allowance.credit
        change.credit_count += 1
        change.credit_bytes += size

    def answer_repeat(self, session: Session, message_id: bytes) -> bool:
        """Return whether the id is known.

        A committed one is answered again; for the others the answer is under way.
        """
        recent = self._recent.get(session.uid)
        known = recent.get(message_id) if recent else None
        if known is None:
            return False
        log_id, sequence = known
        if sequence <= self.committed.get(log_id, 0):
            self.out.add(session.id, encode(MessageAccepted(message_id, log_id, sequence)))
        return True

    # --- after the commit ---

    def take_committed(self, ticket: int) -> list[Change]:
        """Take out the changes that are on the disk now."""
        done: list[Change] = []
        while self._waiting and self._waiting[0].ticket <= ticket:
            change = self._waiting.popleft()
            self.waiting_count -= len(change.batch.entries) or 1
            done.append(change)
        return done

    def tell_accepted(self, changes: list[Change]) -> None:
        """Send `MessageAccepted` for every answer, to the session that the sender has now."""
        for change in changes:
            if change.credit is not None:
                change.credit.give_back(change.credit_count, change.credit_bytes)
            session = self._sessions.online.get(change.asker)
            if session is not None and change.answers:
                self.out.add_all(session.id, map(encode, change.answers))

    def tell_entries(self, changes: list[Change]) -> None:
        """Send `Entries` of each log, encoded once, to everybody online who may read them.

        From now on they count as committed.
        """
        by_log: dict[LogId, list[Entry]] = {}
        for change in changes:
            for log_id, entry in change.batch.entries:
                entries = by_log.get(log_id)
                if entries is None:
                    by_log[log_id] = [entry]
                else:
                    entries.append(entry)
        for log_id, entries in by_log.items():
            self.committed[log_id] = entries[-1].sequence
        for log_id, entries in by_log.items():
            blobs = _encoded(log_id, entries)
            if log_id == DIRECTORY_LOG:
                self._push(self._sessions.online.values(), blobs)
                self.delivered += len(entries) * len(self._sessions.online)
                continue
            conversation = self._conversations.all[log_id]
            if conversation.changed_at < entries[0].sequence:
                online = self._sessions.online
                sessions = [online[uid] for uid in conversation.members if uid in online]
                self._push(sessions, blobs)
                self.delivered += len(entries) * len(sessions)
            else:
                self._push_by_span(log_id, conversation, entries)

    def _push(self, sessions: Iterable[Session], blobs: list[bytes]) -> None:
        add = self.out.add
        for session in sessions:
            if not session.is_lagging:
                for blob in blobs:
                    add(session.id, blob)

    def _push_by_span(
        self, log_id: LogId, conversation: Conversation, entries: list[Entry]
    ) -> None:
        """Send each member the entries of their own span, around entries that changed the members."""
        first, last = entries[0].sequence, entries[-1].sequence
        heads = encode(Heads([LogHead(log_id, last)]))
        by_end: dict[int, list[bytes]] = {}
        for uid, spans in conversation.spans.items():
            session = self._sessions.online.get(uid)
            if session is None or session.is_lagging:
                continue
            # The span that was open at `last`: one that begins later belongs to a later commit.
            span = next((span for span in reversed(spans) if span.start <= last), None)
            if span is None or (span.end and span.end < first):
                continue
            end = min(span.end or last, last)
            if end not in by_end:
                by_end[end] = _encoded(
                    log_id, [entry for entry in entries if entry.sequence <= end]
                )
            if span.start >= first:
                # Entries before the addition may be withheld from a newcomer, who reads the log
                # instead.
                blobs = [heads] if end == last else [encode(Heads([LogHead(log_id, end)]))]
                if span.start == first or conversation.spans[uid][0].visible_from == 0:
                    blobs = blobs + by_end[end]
            else:
                blobs = by_end[end]
            self._push([session], blobs)
            self.delivered += len(entries)

    def send_to_uids(self, uids: Iterable[bytes], blob: bytes) -> None:
        """Push one item to those people who are online."""
        online = self._sessions.online
        self._push([online[uid] for uid in uids if uid in online], [blob])

    # --- reading ---

    def through(self, log_id: LogId, uid: bytes) -> int:
        """Return the last committed sequence that `uid` may read; 0 if there is none."""
        committed = self.committed.get(log_id, 0)
        return (
            committed
            if log_id == DIRECTORY_LOG
            else self._conversations.through(log_id, uid, committed)
        )

    def readable_heads(self, uid: bytes) -> list[LogHead]:
        """Return every log that `uid` may read, with its head for this reader."""
        heads = [LogHead(DIRECTORY_LOG, self.committed.get(DIRECTORY_LOG, 0))]
        for conv_id in sorted(self._conversations.by_member.get(uid, ())):
            through = self.through(LogId(conv_id), uid)
            if through:
                heads.append(LogHead(conv_id, through))
        return heads

    def tell_missed(self, session: Session) -> None:
        """Send a session that lagged the heads of its logs, so that it reads on."""
        self.out.add(session.id, encode(Heads(self.readable_heads(session.uid))))

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless the heads are ahead by what waits for its commit."""
        require(self._open is None, "what an event changes is ordered to be committed with it")
        count = sum(len(change.batch.entries) or 1 for change in self._waiting)
        require(self.waiting_count == count, "what waits is counted")
        tickets = [change.ticket for change in self._waiting]
        require(tickets == sorted(set(tickets)), "changes wait in their order")
        waiting = Counter(log_id for change in self._waiting for log_id, _ in change.batch.entries)
        for log_id, head in self.heads.items():
            through = self.committed.get(log_id, 0)
            require(
                head - through == waiting[log_id], "a log is ahead by what waits for its commit"
            )
        require(self.committed.keys() <= self.heads.keys(), "only what was appended is committed")
        for known in self._recent.values():
            require(len(known) <= RECENT_IDS, "known ids do not pile up")
            require(
                all(s <= self.heads.get(log_id, 0) for log_id, s in known.values()),
                "a known id is in its log",
            )

    # --- cursors ---

    def apply_cursors(self, cursors: list[StoredCursor]) -> None:
        """Take committed cursors into memory, and note whom to tell."""
        for cursor in cursors:
            conversation = self._conversations.all[cursor.conv_id]
            before = conversation.cursors.get(cursor.uid, 0)
            if cursor.sequence <= before:
                continue
            conversation.cursors[cursor.uid] = cursor.sequence
            moved = self._moved.setdefault(cursor.conv_id, _Moved(before))
            moved.from_sequence = min(moved.from_sequence, before)
            moved.cursors[cursor.uid] = cursor.sequence

    def tell_cursors(self, largest: int) -> None:
        """Send `CursorsAdvanced` to the senders of the entries that cursors have passed.

        Only in conversations of at most `largest` members.
        """
        for conv_id in list(self._moved):
            conversation = self._conversations.all[conv_id]
            if len(conversation.members) > largest:
                continue
            moved = self._moved.pop(conv_id)
            cursors = [Cursor(uid, sequence) for uid, sequence in moved.cursors.items()]
            blob = encode(CursorsAdvanced(conv_id, cursors))
            if moved.from_sequence < conversation.loaded_head:
                told: Iterable[bytes] = conversation.members
            else:
                told = [
                    uid
                    for uid, last in conversation.last_sent.items()
                    if last > moved.from_sequence
                ]
            only = (
                next(iter(moved.cursors)) if len(cursors) == 1 else None
            )  # nobody needs news only about themselves
            self.send_to_uids(
                [uid for uid in told if uid != only and uid in conversation.members], blob
            )


def _encoded(log_id: LogId, entries: list[Entry]) -> list[bytes]:
    """Return the entries as one or more `Entries`, each within the limits of a page."""
    blob = encode(Entries(log_id, entries, entries[-1].sequence))
    if len(entries) <= MAX_PAGE_ENTRIES and len(blob) <= MAX_PAGE_BYTES:
        return [blob]
    blobs: list[bytes] = []
    start = size = 0
    for index, entry in enumerate(entries):
        entry_size = len(entry.body) + len(entry.proof)
        if index > start and (
            size + entry_size > MAX_PAGE_BYTES or index - start == MAX_PAGE_ENTRIES
        ):
            blobs.append(encode(Entries(log_id, entries[start:index], entries[-1].sequence)))
            start, size = index, 0
        size += entry_size
    blobs.append(encode(Entries(log_id, entries[start:], entries[-1].sequence)))
    return blobs
