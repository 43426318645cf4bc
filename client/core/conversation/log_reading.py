"""Reading logs: which are behind, what is asked of them, the directory before the conversations;
pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from client.core.context import Context
from client.core.conversation.conversation_events import (
    schedule_cursor,
    tell_in_general,
    update_delivered,
)
from client.core.conversation.epochs import record_of, unknown_accounts
from client.core.conversation.membership_changes import create_class_channel
from client.core.conversation.outbox import Outbox
from client.core.conversation.page_window import Ask, Pages
from client.core.conversation.receiving import apply_entry, epoch_of, open_waiting
from client.core.server_faults import check_cursor_entry, digest_of, is_stopped, note_directory
from client.core.state.conversation import CLASS_KIND, Conversation
from client.core.timers import KeyTimer, RefusedTimer, RereadTimer
from shared.crypto.public import class_channel_id
from shared.crypto.records import SignedRecord
from shared.invariants import require
from shared.messages import (
    DIRECTORY_LOG,
    MAX_PAGE_ENTRIES,
    Entries,
    Entry,
    EntryKind,
    FetchBoxes,
    FetchCursors,
    LogHead,
    ReadLog,
)

MAX_READS = 16  # pages on their way, over all logs
MAX_HOLDS = (
    100  # times that a log is held for a key on one connection; then its messages wait one by one
)
HOLD_MS = 2000  # so long a log is held for a key that does not come
CLASS_CHANNELS = ("general", "announcements")


class CatchUp:
    """Owns how far the logs of the broker reach and what has been asked of them."""

    def __init__(self, work: Context, outbox: Outbox) -> None:
        self._work = work
        self._outbox = outbox
        self._directory_head = 0
        self._reading: dict[bytes, Pages] = {}
        self._held: dict[bytes, list[Entries]] = {}  # what has come of logs that wait for a key
        self._holds: Counter[bytes] = Counter()
        self._behind: dict[bytes, Conversation] = {}
        self._paged: set[bytes] = (
            set()
        )  # logs of which something was read, not pushed, since they were caught up
        self._stalled: set[bytes] = set()  # conversations that wait for accounts of the directory
        self._tried: set[tuple[bytes, int]] = set()

    def start(self, heads: Iterable[LogHead]) -> None:
        """A sign-in: the directory first."""
        self.stop()
        self.on_heads(heads)
        self._read(DIRECTORY_LOG)

    def stop(self) -> None:
        """The connection is gone."""
        self._work.is_directory_read = False
        self._reading.clear()
        self._held.clear()
        self._holds.clear()
        self._stalled.clear()
        self._tried.clear()
        self._behind.clear()
        self._paged.clear()

    @property
    def is_complete(self) -> bool:
        """Whether everything that the broker has for me is read."""
        work = self._work
        if not work.is_signed_in or not work.is_directory_read or self._on_way:
            return False
        return all(
            conversation.is_caught_up
            for log_id, conversation in self._behind.items()
            if log_id not in self._stalled
        )

    @property
    def _on_way(self) -> int:
        return sum(map(len, self._reading.values()))

    def on_heads(self, heads: Iterable[LogHead]) -> None:
        """Logs that I may read and how far they reach."""
        for head in heads:
            if head.log_id == DIRECTORY_LOG:
                self._directory_head = max(self._directory_head, head.head)
                continue
            conversation = self._work.conversations.ensure(head.log_id)
            self._note_head(conversation, head.head)
        self.advance()

    def on_accepted(self, conversation: Conversation, sequence: int) -> None:
        """Something of mine is committed; if its entry is not pushed, it is read."""
        self._note_head(conversation, sequence)
        self._work.timers.set_once(
            RereadTimer(conversation.conv_id), self._work.at.steady_ms + 1000
        )

    def read_again(self, conversation: Conversation) -> None:
        """Look for news of a conversation that were not pushed."""
        self._read(conversation.conv_id)

    def on_refused(self, log_id: bytes, code: str) -> None:
        """A log could not be read."""
        self._reading.pop(log_id, None)
        self._held.pop(log_id, None)
        conversation = self._work.conversations.get(log_id)
        if code in ("slow_down", "busy", "internal") and (
            conversation is not None or log_id == DIRECTORY_LOG
        ):
            self._work.timers.set_once(RefusedTimer(log_id), self._work.at.steady_ms + 1000)
            return
        if conversation is None:
            return
        if code == "not_a_member" and conversation.log.cursor:
            # I was a member and may read up to my end: a cursor or a key was refused, not the log.
            self.advance()
            return
        self._behind.pop(log_id, None)
        conversation.reach.end_at(conversation.log.cursor)
        is_new = conversation.snapshot is None and conversation.about.kind == CLASS_KIND
        if code == "unknown_conversation" and is_new and self._work.can_send:
            create_class_channel(self._work, conversation)
        self.advance()

    def read_refused(self, log_id: bytes) -> None:
        """Ask again for what was refused a while ago: the log, and its keys; and say again how far
        it is stored.
        """
        conversation = self._work.conversations.get(log_id)
        if conversation is not None:
            conversation.keys.forget_asked()
            schedule_cursor(self._work, conversation)
            self._work.touch(conversation)
        self._read(log_id)

    def on_entries(self, answer: Entries) -> None:
        """Entries of one log, asked for or pushed."""
        if answer.log_id == DIRECTORY_LOG:
            self._apply_directory(answer)
        else:
            self._apply_conversation(self._work.conversations.ensure(answer.log_id), answer)
        self.advance()

    def advance(self) -> None:
        """Ask for the next pages."""
        if not self._work.is_signed_in:
            return
        if self._work.saved_self.directory_cursor < self._directory_head:
            self._read(DIRECTORY_LOG)
        if not self._work.is_directory_read:
            return
        for log_id, conversation in list(self._behind.items()):
            if self._on_way >= MAX_READS:
                return
            if conversation.is_caught_up:
                del self._behind[log_id]
                if (
                    log_id in self._paged
                ):  # receipts of what was read just now may have been told before
                    self._paged.discard(log_id)
                    self._fetch_cursors(conversation)
            elif not (log_id in self._stalled or log_id in self._held) and not (
                self._work.timers.has(RereadTimer(log_id))
                or self._work.timers.has(RefusedTimer(log_id))
            ):
                pages = self._reading.setdefault(log_id, Pages())
                room = MAX_READS - self._on_way
                self._ask(
                    log_id, pages.next_asks(self._cursor(log_id), conversation.reach.head, room)
                )

    def go_on(self, conversation: Conversation) -> None:
        """The key that a conversation was held for is here, or is not to be had now."""
        open_waiting(self._work, conversation)  # first, for what follows may quote it
        for answer in self._held.pop(conversation.conv_id, ()):
            if conversation.conv_id in self._held:
                self._held[conversation.conv_id].append(answer)
            else:
                self._apply_entries(conversation, answer)
        self.advance()

    def check_invariants(self) -> None:
        """InvariantBroken unless logs are read on a connection, in order, and those held wait for a
        key.
        """
        work = self._work
        require(
            work.is_signed_in or not work.is_directory_read, "the directory is read on a connection"
        )
        require(
            work.is_signed_in or not (self._reading or self._held or self._stalled),
            "logs are read on one",
        )
        for log_id in self._held:
            require(work.timers.has(KeyTimer(log_id)), "a log is not held for ever")
        for log_id, conversation in work.conversations.items():
            is_known = conversation.is_caught_up or log_id in self._behind or not work.can_send
            require(is_known, "what is behind is known to be")

    # --- inner ---

    def _note_head(self, conversation: Conversation, head: int) -> None:
        if is_stopped(conversation) and not conversation.reach.is_unchecked:
            return
        conversation.reach.extend(head)
        if not conversation.is_caught_up:
            self._behind[conversation.conv_id] = conversation

    def _read(self, log_id: bytes) -> None:
        if not self._work.is_signed_in or self._reading.get(log_id):
            return
        pages = self._reading.setdefault(log_id, Pages())
        self._ask(log_id, [pages.begin(self._cursor(log_id))])

    def _ask(self, log_id: bytes, asks: Iterable[Ask]) -> None:
        for after, limit in asks:
            self._paged.add(log_id)
            self._work.send(ReadLog(log_id, after, limit))

    def _note_answer(self, log_id: bytes, answer: Entries, cursor: int) -> bool:
        """Whether this was asked for."""
        pages = self._reading.get(log_id)
        if pages is None:
            return False
        is_asked = pages.answered(answer.entries, answer.head)
        if not is_asked and answer.entries[0].sequence <= cursor + 1:
            pages.forget_first()
        if pages.is_idle:
            del self._reading[log_id]
        return is_asked

    def _cursor(self, log_id: bytes) -> int:
        """After which entry to read; after a sign-in the last known one is read again, to see that
        it is the same.
        """
        if log_id == DIRECTORY_LOG:
            return self._work.saved_self.directory_cursor - self._work.is_directory_unchecked
        conversation = self._work.conversations[log_id]
        return conversation.log.cursor - conversation.reach.is_unchecked

    def _apply_directory(self, answer: Entries) -> None:
        known, was_read = self._work.saved_self, self._work.is_directory_read
        self._directory_head = max(self._directory_head, answer.head)
        before = known.directory_cursor
        if self._work.is_directory_unchecked and not self._check_directory(answer):
            return
        if known.is_directory_lost:
            self._directory_head = before
        self._note_numbers(answer, before)
        for entry in () if known.is_directory_lost else answer.entries:
            if entry.sequence == known.directory_cursor + 1:
                self._apply_person(entry)
                known.directory_cursor, known.directory_digest = entry.sequence, digest_of(entry)
        if known.directory_cursor != before:
            self._work.save(known)
        if answer.entries:
            self._note_answer(DIRECTORY_LOG, answer, before)
        else:
            self._reading.pop(DIRECTORY_LOG, None)
            self._directory_head = known.directory_cursor
        if known.directory_cursor >= self._directory_head:
            self._directory_complete()
        if known.directory_cursor != before or self._work.is_directory_read != was_read:
            for conversation in self._work.conversations.values():
                self._on_directory_change(conversation)

    def _apply_person(self, entry: Entry) -> None:
        restricted = self._work.people.apply(entry)
        if restricted is not None:
            tell_in_general(self._work, restricted, entry)

    def _check_directory(self, answer: Entries) -> bool:
        """Whether this is the answer that begins with the last entry known, or an end; a push is
        read later.
        """
        work, known = self._work, self._work.saved_self
        if answer.entries and answer.entries[0].sequence != known.directory_cursor:
            return False
        work.is_directory_unchecked = False
        if answer.entries:
            note_directory(work, digest_of(answer.entries[0]) != known.directory_digest)
        return True

    def _on_directory_change(self, conversation: Conversation) -> None:
        if conversation.snapshot is None:
            if conversation.conv_id in self._work.people.channels:
                self._work.touch(conversation)
            return
        conversation.membership.compare(self._work.people.accounts)
        if conversation.about.kind == CLASS_KIND or conversation.about.peer:
            self._work.touch(conversation)

    def _directory_complete(self) -> None:
        for log_id in sorted(self._stalled):
            self._behind[log_id] = self._work.conversations[log_id]
        self._stalled.clear()
        for conv_id in self._work.people.channels:
            self._work.conversations.ensure(conv_id)
        if self._work.is_directory_read:
            return
        self._work.is_directory_read = True
        for conversation in self._work.conversations.values():
            self._work.touch(conversation)
            if not conversation.is_caught_up:
                self._behind[conversation.conv_id] = conversation
            elif conversation.reach.is_unchecked:
                self._read(conversation.conv_id)
            else:
                self._fetch_cursors(conversation)
                # What was reported last may have been lost with the connection, or with this
                # program.
                schedule_cursor(self._work, conversation)
        self._look_for_class_channels()
        self._read_numbers(0)

    def _read_numbers(self, after: int) -> None:
        """An earlier version kept accounts without their place in the directory: read it once more
        for that alone.
        """
        if self._work.people.lacks_numbers:
            self._work.send(ReadLog(DIRECTORY_LOG, after, MAX_PAGE_ENTRIES))

    def _note_numbers(self, answer: Entries, known_upto: int) -> None:
        if not self._work.people.lacks_numbers:
            return
        known = [entry for entry in answer.entries if entry.sequence <= known_upto]
        for entry in known:
            self._work.people.note_number(entry)
        if len(known) > 1:  # one alone is the entry at my cursor, which every catch-up begins with
            self._read_numbers(known[-1].sequence)

    def _fetch_cursors(self, conversation: Conversation) -> None:
        if self._work.rows.own_rows(
            conversation.conv_id, conversation.reading.delivered_upto, conversation.log.cursor
        ):
            self._work.send(FetchCursors(conversation.conv_id))

    def _look_for_class_channels(self) -> None:
        for name in CLASS_CHANNELS:
            conversation = self._work.conversations.ensure(
                class_channel_id(self._work.saved_self.class_id, name)
            )
            conversation.about.become_class_channel(name)
            self._work.touch(conversation)
            if conversation.snapshot is None and conversation.is_caught_up:
                self._read(conversation.conv_id)

    def _apply_conversation(self, conversation: Conversation, answer: Entries) -> None:
        work = self._work
        self._note_head(conversation, answer.head)
        if conversation.reach.is_unchecked and not self._check(conversation, answer):
            return
        is_asked = False
        if answer.entries:
            is_asked = self._note_answer(conversation.conv_id, answer, conversation.log.cursor)
        elif (pages := self._reading.get(conversation.conv_id)) is not None:
            if not pages.ended():
                return
            del self._reading[conversation.conv_id]
        if conversation.conv_id in self._held:
            if is_asked:
                self._held[conversation.conv_id].append(answer)
            return
        if not work.is_directory_read:
            return
        if not answer.entries:  # what I may read ends here
            conversation.reach.withhold(answer.head > conversation.log.cursor)
            self._outbox.on_read(conversation, is_end=True)
        if not answer.entries or is_stopped(conversation):
            conversation.reach.end_at(conversation.log.cursor)
            work.touch(conversation)
            return
        conversation.reach.withhold(False)
        self._apply_entries(conversation, answer)

    def _apply_entries(self, conversation: Conversation, answer: Entries) -> None:
        work = self._work
        first_own = 0
        for entry in answer.entries:
            if entry.sequence <= conversation.log.cursor:
                continue
            signed = record_of(entry)
            if entry.sequence != conversation.log.cursor + 1 or self._must_wait(
                conversation, entry, signed
            ):
                break
            if self._needs_key(conversation, entry):
                self._held[conversation.conv_id] = [answer]
                break
            is_valid = apply_entry(work, conversation, entry, signed)
            if entry.sender == work.me and entry.kind == EntryKind.MESSAGE:
                self._outbox.on_stored(conversation, entry.message_id, entry.sequence, is_valid)
                first_own = first_own or entry.sequence
        self._outbox.on_read(conversation)
        if first_own:  # the others may have had it before
            update_delivered(work, conversation, first_own - 1)

    def _check(self, conversation: Conversation, answer: Entries) -> bool:
        """Whether this is the answer that begins with the entry at my cursor, or an end; a push is
        read later.
        """
        if not answer.entries:
            return True
        if answer.entries[0].sequence != conversation.log.cursor:
            return False
        check_cursor_entry(self._work, conversation, answer.entries[0])
        return True

    def _needs_key(self, conversation: Conversation, entry: Entry) -> bool:
        """A message under a key that the broker has a box of for me: fetch it first, once, instead
        of each waiting.
        """
        snapshot, conv_id = conversation.snapshot, conversation.conv_id
        if entry.kind != EntryKind.MESSAGE or snapshot is None or conversation.head_seed():
            return False
        epoch = conversation.keys.epochs[snapshot.epoch]
        is_done = epoch.epoch in conversation.keys.keys_asked or self._holds[conv_id] >= MAX_HOLDS
        if is_done or not epoch.has_me or epoch_of(entry.body) != epoch.epoch:
            return False
        self._holds[conv_id] += 1
        conversation.keys.note_asked(epoch.epoch)
        self._work.send(FetchBoxes(conv_id, epoch.epoch))
        self._work.timers.set(KeyTimer(conv_id), self._work.at.steady_ms + HOLD_MS)
        return True

    def _must_wait(
        self, conversation: Conversation, entry: Entry, signed: SignedRecord | None
    ) -> bool:
        """A record may speak of accounts that the directory log has yet to bring: read that first,
        once.
        """
        key = (conversation.conv_id, entry.sequence)
        if entry.kind not in (EntryKind.RECORD, EntryKind.JOIN) or key in self._tried:
            return False
        if entry.kind == EntryKind.RECORD and (
            signed is None or not unknown_accounts(self._work, signed.record)
        ):
            return False
        if entry.kind == EntryKind.JOIN and entry.sender in self._work.people.accounts:
            return False
        self._tried.add(key)
        self._stalled.add(conversation.conv_id)
        self._read(DIRECTORY_LOG)
        return True
