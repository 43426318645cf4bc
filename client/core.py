"""ClientCore: every event of the client (commands, messages of the broker, time) turned into orders; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from client import conversations as parts
from client.catchup import CatchUp
from client.commands import Commands
from client.conversations import Conversation
from client.drafts import Drafts
from client.effects import (
    CommandPosted,
    ConnectionFailed,
    ConnectionOpened,
    DownloadEnded,
    Effect,
    Event,
    Halt,
    Received,
    SourceFound,
    Started,
    TargetFound,
    TextFound,
    Ticked,
    TransferAdvanced,
    TransferFailed,
    UploadEnded,
)
from client.epochs import answer_key, on_boxes, on_boxes_posted, on_key_requested, want_keys
from client.events import (
    ConversationsChanged,
    Done,
    Quit,
    RetryNow,
    SessionOpened,
    WaitUntilRead,
)
from client.faults import on_heads
from client.marks import Marks
from client.outbox import Outbox
from client.people import People, numbers_in
from client.receive import open_waiting
from client.rotation import advance, on_record_refused, schedule_admission
from client.session import Session, Stage
from client.state import (
    Saved,
    SavedAccount,
    SavedChannel,
    SavedConversation,
    SavedCursors,
    SavedDraft,
    SavedEpoch,
    SavedGroup,
    SavedMarks,
    SavedOutbox,
    SavedSelf,
    SavedSender,
    SavedSnapshot,
    SavedTransfer,
    SavedWaiting,
)
from client.transfers import Transfers
from client.views import is_shown, view
from client.workspace import RowSource, TimerKey, Workspace
from shared.crypto.identity import Identity
from shared.messages import (
    DIRECTORY_LOG,
    Boxes,
    BoxesPosted,
    CursorsAdvanced,
    Entries,
    Heads,
    Hint,
    KeepRecovery,
    KeyRequested,
    MessageAccepted,
    Pong,
    PresenceChanged,
    RecoveryKept,
    Refused,
    Registered,
    SignedIn,
    SignedOut,
    SignOut,
    TypingShown,
    Welcome,
)


class ClientCore:
    """Owns everything the client knows; used on one thread. Effects of one batch are carried out before the next."""

    def __init__(
        self,
        identity: Identity,
        rows: RowSource,
        saved: Iterable[Saved],
        *,
        broker_public: bytes,
        client_public: bytes,
        join_code: str,
        class_name: str,
        random: Callable[[int], bytes],
        jitter: Callable[[], float],
        recovery: KeepRecovery | None = None,
    ) -> None:
        self._recovery = recovery  # what the broker shall keep for the loss of this computer
        self._work = work = Workspace(identity, rows, random, jitter)
        work.people = People(work)
        work.saved_self.class_name = class_name
        self._outbox = Outbox(work)
        self._session = Session(work, broker_public, client_public, join_code)
        self._catch_up = CatchUp(work, self._outbox)
        self._catching_up: list[int] = []  # request_ids of who waits until all is read
        work.drafts = Drafts(work)
        work.marks = Marks(work)
        self._transfers = Transfers(work, self._outbox)
        self._session.outbox_length = lambda: len(self._outbox) + self._transfers.unsent_count
        self._session.is_reading = lambda: not self._catch_up.is_complete
        self._commands = Commands(work, self._outbox, self._catch_up, self._transfers)
        self._was_signed_in = False
        self._load(list(saved))

    # --- the seam ---

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done because of one event."""
        return self.handle_batch([event])

    def handle_batch(self, batch: Iterable[Event]) -> list[Effect]:
        """What is to be done because of several events; the notices are told once for all of them."""
        work = self._work
        work.rows.settled()
        for event in batch:
            work.at = event.at
            self._dispatch(event)
            if self._was_signed_in and not work.is_signed_in:
                self._on_disconnected()
                self._work.people.set_online(set())
            self._was_signed_in = work.is_signed_in
            self._progress()
            self._transfers.pump()
        self._flush()
        return work.take()

    @property
    def next_wake_ms(self) -> int | None:
        """When (steady clock) a Ticked is wanted."""
        return self._work.timers.next_ms()

    # --- loading ---

    def _load(self, saved: list[Saved]) -> None:
        work = self._work
        by_kind: dict[type[Saved], list[Saved]] = {}
        for item in saved:
            by_kind.setdefault(type(item), []).append(item)
        for item in by_kind.get(SavedSelf, []):
            assert isinstance(item, SavedSelf)
            work.saved_self = item
        for item in by_kind.get(SavedAccount, []):
            assert isinstance(item, SavedAccount)
            work.people.load_account(item)
        for item in by_kind.get(SavedChannel, []):
            assert isinstance(item, SavedChannel)
            work.people.channels[item.conv_id] = item
        for item in by_kind.get(SavedConversation, []):
            assert isinstance(item, SavedConversation)
            found = Conversation(item, head=item.cursor)
            found.note_transcript()
            work.conversations[item.conv_id] = found
        for item in saved:
            self._load_part(item)
        for item in by_kind.get(SavedDraft, []):
            assert isinstance(item, SavedDraft)
            work.drafts.load(item)
        for item in by_kind.get(SavedMarks, []):
            assert isinstance(item, SavedMarks)
            work.marks.load(item)
        self._outbox.load([item for item in saved if isinstance(item, SavedOutbox)])
        self._transfers.load([item for item in saved if isinstance(item, SavedTransfer)])

    def _load_part(self, item: Saved) -> None:
        found = self._work.conversations.get(getattr(item, "conv_id", b""))
        if found is None:
            return
        if isinstance(item, SavedSnapshot):
            found.snapshot, found.joined = item.snapshot, item.joined
        elif isinstance(item, SavedEpoch):
            found.epochs[item.epoch] = item
        elif isinstance(item, SavedSender):
            found.senders[item.did] = item
        elif isinstance(item, SavedWaiting):
            found.waiting[item.sequence] = item
        elif isinstance(item, SavedCursors):
            found.cursors = item.cursors
        elif isinstance(item, SavedGroup):
            found.group = item

    # --- events ---

    def _dispatch(self, event: Event) -> None:
        if isinstance(event, Received):
            self._receive(event)
        elif isinstance(event, CommandPosted):
            self._command(event)
        elif isinstance(event, Ticked):
            for key in self._work.timers.due(event.at.steady_ms):
                self._on_timer(key)
        elif isinstance(event, ConnectionOpened):
            self._session.on_opened()
        elif isinstance(event, ConnectionFailed):
            self._session.on_failed(event.code)
        elif isinstance(event, Started):
            self._start()
        elif isinstance(event, SourceFound):
            self._commands.files.on_source_found(event)
        elif isinstance(event, TargetFound):
            self._commands.files.on_target_found(event)
        elif isinstance(event, TextFound):
            self._commands.on_text_found(event)
        else:
            assert isinstance(event, TransferAdvanced | UploadEnded | DownloadEnded | TransferFailed)
            if not (isinstance(event, DownloadEnded | TransferFailed) and self._commands.files.on_preview(event)):
                self._transfers.on_event(event)

    def _start(self) -> None:
        work = self._work
        views = tuple(
            view(work, found) for found in work.conversations.values() if is_shown(work, found)
        )
        unsent = self._outbox.conversations() | self._transfers.conversations()
        pending = tuple((conv_id, self._outbox.pending_rows(conv_id)) for conv_id in sorted(unsent))
        work.tell(SessionOpened(
            work.people.person(work.me), work.saved_self.class_name, work.people.everyone(), views, pending,
            self._transfers.shown(),
        ))  # fmt: skip
        self._session.connect()

    def _command(self, event: CommandPosted) -> None:
        command = event.command
        if isinstance(command, Quit):
            if self._work.is_signed_in:
                self._work.send_raw(SignOut())
            if command.request_id:
                self._work.tell(Done(command.request_id, True))
            self._work.order(Halt())
        elif isinstance(command, WaitUntilRead):
            self._catching_up.append(command.request_id)
        elif isinstance(command, RetryNow):
            self._session.connect()
            if command.request_id:
                self._work.tell(Done(command.request_id, True))
        else:
            self._commands.run(command)

    def _receive(self, event: Received) -> None:
        message = event.message
        if isinstance(message, Welcome):
            self._session.on_welcome(message)
        elif isinstance(message, Registered):
            self._session.on_registered(message)
        elif isinstance(message, SignedIn):
            if self._session.stage is Stage.SIGNING_IN:
                self._session.on_signed_in(message)
                self._work.people.set_online(numbers_in(message.online))
                on_heads(self._work, message.heads)
                self._catch_up.start(message.heads)
                self._transfers.on_signed_in()
                self._keep_recovery()
        elif isinstance(message, Refused):
            self._on_refused(message)
        elif isinstance(message, SignedOut):
            self._session.on_signed_out(message.code)
        elif isinstance(message, Pong):
            self._session.on_pong(message)
        elif self._work.is_signed_in:
            self._receive_signed_in(event)

    def _keep_recovery(self) -> None:
        recovery, kept = self._recovery, self._work.saved_self.recovery_kept
        if recovery is not None and recovery.auth_hash != kept:
            self._work.send(recovery)

    def _on_recovery_kept(self, message: RecoveryKept) -> None:
        self._work.saved_self.recovery_kept = message.auth_hash
        self._work.save(self._work.saved_self)

    def _receive_signed_in(self, event: Received) -> None:
        message, work = event.message, self._work
        if isinstance(message, Entries):
            self._catch_up.on_entries(message)
        elif isinstance(message, Heads):
            if any(found.log_id == DIRECTORY_LOG for found in message.heads):
                self._on_missed(message)
            else:
                self._catch_up.on_heads(message.heads)
        elif isinstance(message, MessageAccepted):
            self._on_accepted(message)
        elif isinstance(message, RecoveryKept):
            self._on_recovery_kept(message)
        elif isinstance(message, PresenceChanged):
            if work.people.set_online(numbers_in(message.online)):
                self._ask_for_keys_again()
        else:
            found = work.conversations.get(getattr(message, "conv_id", b""))
            if found is not None:
                self._receive_in(found, event)

    def _ask_for_keys_again(self) -> None:
        """Somebody is here who may hold the keys that nobody has given us."""
        for found in self._work.conversations.values():
            if found.keys_requested:
                found.keys_asked -= found.keys_requested
                found.keys_requested.clear()
                self._work.touch(found)

    def _receive_in(self, found: Conversation, event: Received) -> None:
        message, work = event.message, self._work
        if isinstance(message, CursorsAdvanced):
            parts.on_cursors(work, found, message.cursors)
        elif isinstance(message, TypingShown):
            parts.on_typing(work, found, message.uid)
        elif isinstance(message, Boxes):
            on_boxes(work, found, message)
            if found.snapshot is not None and message.epoch == found.snapshot.epoch:
                self._catch_up.go_on(found)
        elif isinstance(message, BoxesPosted):
            on_boxes_posted(work, found, message.epoch)
        elif isinstance(message, KeyRequested):
            on_key_requested(work, found, message)
        else:
            assert isinstance(message, Hint)
            if message.kind == "admit":
                schedule_admission(work, found, at_once=True)
            elif message.kind == "rotate":
                found.is_rotation_wanted = True
                work.touch(found)

    def _on_accepted(self, message: MessageAccepted) -> None:
        self._outbox.on_accepted(message)
        self._commands.on_accepted(message.message_id)
        found = self._work.conversations.get(message.log_id)
        if found is not None and found.state.cursor < message.sequence:
            self._catch_up.on_accepted(found, message.sequence)
        elif found is not None:
            self._outbox.on_read(found)

    def _on_refused(self, refused: Refused) -> None:
        if self._session.on_refused(refused) or self._commands.on_refused(refused):
            return
        item = self._outbox.get(refused.about)
        if item is not None:
            found = self._work.conversations[item.conv_id]
            self._outbox.on_refused(found, item, refused)
            if refused.code in ("stale_epoch", "rotation_due"):
                self._catch_up.read_again(found)
            return
        for found in self._work.conversations.values():
            if found.draft is not None and found.draft.post.message_id == refused.about:
                if on_record_refused(self._work, found, refused):
                    self._catch_up.read_again(found)
                return
        self._catch_up.on_refused(refused.about, refused.code)

    def _on_missed(self, heads: Heads) -> None:
        """The broker could not send to us for a while: answers may be lost with the news. Begin as after a sign-in."""
        self._on_disconnected()
        self._catch_up.start(heads.heads)

    def _on_disconnected(self) -> None:
        work = self._work
        self._catch_up.stop()
        self._outbox.on_disconnected()
        self._commands.on_disconnected()
        for found in work.conversations.values():
            found.draft = None
            found.keys_asked.clear()
            found.keys_requested.clear()

    # --- time ---

    def _on_timer(self, key: TimerKey) -> None:
        name, about = key
        if name == "retry":
            self._session.connect()
        elif name == "transfers":
            self._transfers.look_again()
        elif name == "stalled":
            self._session.on_stalled()
        elif name == "ping":
            self._session.on_ping_timer()
        elif name == "refused":
            self._catch_up.read_refused(about)
        else:
            self._on_conversation_timer(self._work.conversations[about[:16]], name, about[16:])

    def _on_conversation_timer(self, found: Conversation, name: str, rest: bytes) -> None:
        work = self._work
        if name == "cursor":
            parts.send_cursor(work, found)
        elif name == "typing":
            parts.on_typing_timer(work, found)
        elif name == "admit":
            schedule_admission(work, found, at_once=True)
        elif name == "answer":
            answer_key(work, found, int.from_bytes(rest[:8], "big"), rest[8:])
        elif name == "reread":
            if not found.is_caught_up:
                self._catch_up.advance()
        elif name == "key":
            self._catch_up.go_on(found)
        elif name in ("hold", "pause"):
            work.restless[found.conv_id] = found

    # --- after each event ---

    def _progress(self) -> None:
        """Let every conversation that changed take its next steps."""
        work = self._work
        if not work.can_send:
            work.restless.clear()
            return
        if self._outbox.take_freed_credit():
            for conv_id in sorted(self._outbox.conversations()):
                work.restless[conv_id] = work.conversations[conv_id]
        for _ in range(8):
            if not work.restless:
                return
            moved, work.restless = work.restless, {}
            self._transfers.look_again()
            for found in moved.values():
                want_keys(work, found)
                if found.waiting:
                    open_waiting(work, found)
                advance(work, found)
                self._outbox.pump(found)

    def _flush(self) -> None:
        """Save and show what changed."""
        work = self._work
        work.people.flush()
        dirty, work.dirty = work.dirty, {}
        for found in dirty.values():
            work.save(found.state)
        views = []
        for found in dirty.values():
            if is_shown(work, found):
                fresh = view(work, found)
                if fresh != found.shown:
                    found.shown = fresh
                    views.append(fresh)
        if views:
            work.tell(ConversationsChanged(tuple(views)))
        pending, work.pending = work.pending, set()
        for conv_id in sorted(pending):
            work.tell(self._outbox.pending_notice(conv_id))
        self._transfers.flush()
        self._session.refresh()
        if self._catching_up and self._catch_up.is_complete:
            for request_id in self._catching_up:
                work.tell(Done(request_id, True))
            self._catching_up.clear()
