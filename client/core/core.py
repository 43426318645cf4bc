"""ClientCore: every event of the client (commands, messages of the broker, time) turned into
orders; pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, assert_never

from client.api import values
from client.api.events import (
    ConversationsChanged,
    Done,
    PendingChanged,
    Quit,
    RetryNow,
    SessionOpened,
    WaitUntilRead,
)
from client.api.values import Row
from client.core.commands import Commands
from client.core.context import Context
from client.core.conversation import conversation_events
from client.core.conversation.epochs import (
    answer_key,
    on_boxes,
    on_boxes_posted,
    on_key_requested,
    want_keys,
)
from client.core.conversation.log_reading import CatchUp
from client.core.conversation.membership_changes import (
    advance,
    on_record_refused,
    schedule_admission,
    take_hint,
)
from client.core.conversation.outbox import Outbox
from client.core.conversation.receiving import open_waiting
from client.core.files.file_commands import FileCommands
from client.core.files.transfers import Transfers
from client.core.handlers import Handlers
from client.core.loading import Kept, load_saved
from client.core.presenting import take_row_news
from client.core.refusals import LATER
from client.core.server_faults import on_heads
from client.core.session import Session, Stage
from client.core.state.conversation import Conversation
from client.core.state.conversation_list import Conversations
from client.core.state.effects import (
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
from client.core.state.file_versions import Drafts
from client.core.state.orders import Orders
from client.core.state.people import People, numbers_in
from client.core.state.pins_and_questions import Marks
from client.core.state.rows import Rows, RowSource
from client.core.state.saved import (
    Saved,
    SavedAccount,
    SavedChannel,
    SavedConversation,
    SavedDraft,
    SavedMarks,
    SavedOutbox,
    SavedSelf,
    SavedTransfer,
)
from client.core.timers import (
    AdmissionTimer,
    AnswerTimer,
    ConversationTimer,
    CursorTimer,
    HoldTimer,
    KeyTimer,
    PauseTimer,
    PingTimer,
    RefusedTimer,
    RereadTimer,
    RetryTimer,
    StalledTimer,
    Timer,
    TransfersTimer,
    TypedTimer,
    TypingTimer,
)
from client.core.views import is_shown, view
from shared.crypto.identity import Identity
from shared.invariants import require
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
    Message,
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

MAX_ROUNDS: Final = 8  # in which every conversation must have taken its steps after an event


class ClientCore:
    """Owns everything the client knows; used on one thread.

    Effects of one batch are carried out before the next.
    """

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
        kept = Kept(saved)
        known = kept.first(SavedSelf) or SavedSelf(class_name=class_name)
        orders = Orders()
        conversations = Conversations(kept.all(SavedConversation))
        stored_rows = Rows(rows, orders, conversations)
        self._work = work = Context(
            identity=identity,
            random=random,
            jitter=jitter,
            saved_self=known,
            orders=orders,
            conversations=conversations,
            rows=stored_rows,
            people=People(identity, known, orders, kept.all(SavedAccount), kept.all(SavedChannel)),
            drafts=Drafts(stored_rows, orders, random, kept.all(SavedDraft)),
            marks=Marks(stored_rows, orders, kept.all(SavedMarks)),
        )
        for item in kept.items:
            load_saved(conversations, item)
        self._outbox = Outbox(work, kept.all(SavedOutbox))
        self._transfers = Transfers(work, self._outbox, kept.all(SavedTransfer))
        self._catch_up = CatchUp(work, self._outbox)
        self._catching_up: list[int] = []  # request_ids of who waits until all is read
        self._session = Session(
            work,
            broker_public=broker_public,
            client_public=client_public,
            join_code=join_code,
            outbox_length=lambda: len(self._outbox) + self._transfers.unsent_count,
            is_reading=lambda: not self._catch_up.is_complete,
        )
        self.command_table = Handlers[object]()
        self._commands = Commands(work, self.command_table, self._outbox, self._transfers)
        self._files = FileCommands(work, self.command_table, self._outbox, self._transfers)
        self._shown: dict[bytes, values.Conversation] = {}  # what the window was told last
        self._was_signed_in = False
        self.event_table = Handlers[object]()
        self._session_messages = Handlers[object]()  # those that may come before the sign-in stands
        self._messages = Handlers[object]()  # the others
        self._register()

    def _register(self) -> None:
        on = self.event_table.on
        on(Received, self._receive)
        on(CommandPosted, lambda event: self._commands.run(event.command))
        on(Ticked, self._on_tick)
        on(ConnectionOpened, lambda event: self._session.on_opened())
        on(ConnectionFailed, lambda event: self._session.on_failed(event.code))
        on(Started, lambda event: self._start())
        on(SourceFound, self._files.on_source_found)
        on(TargetFound, self._files.on_target_found)
        on(TextFound, self._commands.on_text_found)
        on(TransferAdvanced, self._transfers.on_event)
        on(UploadEnded, self._transfers.on_event)
        on(DownloadEnded, self._on_transfer_ended)
        on(TransferFailed, self._on_transfer_ended)
        on = self.command_table.on
        on(Quit, self._quit)
        on(WaitUntilRead, self._wait_until_read)
        on(RetryNow, lambda command: self._session.connect())
        on = self._session_messages.on
        on(Welcome, self._session.on_welcome)
        on(Registered, self._session.on_registered)
        on(SignedIn, self._on_signed_in)
        on(Refused, self._on_refused)
        on(SignedOut, lambda message: self._session.on_signed_out(message.code))
        on(Pong, self._session.on_pong)
        on = self._messages.on
        on(Entries, self._catch_up.on_entries)
        on(Heads, self._on_heads)
        on(MessageAccepted, self._on_accepted)
        on(RecoveryKept, self._on_recovery_kept)
        on(PresenceChanged, self._on_presence)

    # --- the seam ---

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done because of one event."""
        return self.handle_batch([event])

    def handle_batch(self, batch: Iterable[Event]) -> list[Effect]:
        """What is to be done because of several events; the notices are told once for all of
        them.
        """
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
        return work.orders.take(take_row_news(work))

    @property
    def next_wake_ms(self) -> int | None:
        """When (steady clock) a Ticked is wanted."""
        return self._work.timers.next_ms()

    def check_invariants(self) -> None:
        """InvariantBroken unless the whole state fits together; for tests, between two events."""
        work = self._work
        work.conversations.check_invariants(work.me, work.can_send)
        work.orders.check_invariants()
        work.people.check_invariants()
        self._outbox.check_invariants()
        self._transfers.check_invariants()
        self._session.check_invariants()
        self._catch_up.check_invariants()
        require(self._was_signed_in == work.is_signed_in, "the end of a session was noticed")
        require(
            work.is_signed_in or not work.people.online, "who is offline believes nobody online"
        )

    # --- events ---

    def _dispatch(self, event: Event) -> None:
        handler = self.event_table.of(event)
        assert handler is not None, event
        handler(event)

    def _on_tick(self, event: Ticked) -> None:
        for timer in self._work.timers.due(event.at.steady_ms):
            self._on_timer(timer)

    def _on_transfer_ended(self, event: DownloadEnded | TransferFailed) -> None:
        if not self._files.on_preview(event):
            self._transfers.on_event(event)

    def _start(self) -> None:
        work = self._work
        views = tuple(
            view(work, conversation)
            for conversation in work.conversations.values()
            if is_shown(work, conversation)
        )
        unsent = self._outbox.conversations() | self._transfers.conversations()
        pending = tuple((conv_id, self._pending_rows(conv_id)) for conv_id in sorted(unsent))
        work.tell(
            SessionOpened(
                work.people.person(work.me),
                work.saved_self.class_name,
                work.people.everyone(),
                views,
                pending,
                self._transfers.shown(),
            )
        )
        self._session.connect()

    # --- commands of the program itself ---

    def _quit(self, command: Quit) -> object:
        if self._work.is_signed_in:
            self._work.send_raw(SignOut())
        if command.request_id:
            self._work.tell(Done(command.request_id, True))
        self._work.order(Halt())
        return LATER

    def _wait_until_read(self, command: WaitUntilRead) -> object:
        self._catching_up.append(command.request_id)
        return LATER

    # --- messages of the broker ---

    def _receive(self, event: Received) -> None:
        message = event.message
        handler = self._session_messages.of(message)
        if handler is None and self._work.is_signed_in:
            handler = self._messages.of(message) or self._receive_in_conversation
        if handler is not None:
            handler(message)

    def _on_signed_in(self, message: SignedIn) -> None:
        if self._session.stage is Stage.SIGNING_IN:
            self._session.on_signed_in(message)
            self._work.people.set_online(numbers_in(message.online))
            on_heads(self._work, message.heads)
            self._catch_up.start(message.heads)
            self._transfers.on_signed_in()
            self._keep_recovery()

    def _keep_recovery(self) -> None:
        recovery, kept = self._recovery, self._work.saved_self.recovery_kept
        if recovery is not None and recovery.auth_hash != kept:
            self._work.send(recovery)

    def _on_recovery_kept(self, message: RecoveryKept) -> None:
        self._work.saved_self.recovery_kept = message.auth_hash
        self._work.save(self._work.saved_self)

    def _on_heads(self, message: Heads) -> None:
        if any(head.log_id == DIRECTORY_LOG for head in message.heads):
            self._on_missed(message)
        else:
            self._catch_up.on_heads(message.heads)

    def _on_presence(self, message: PresenceChanged) -> None:
        if self._work.people.set_online(numbers_in(message.online)):
            self._ask_for_keys_again()

    def _ask_for_keys_again(self) -> None:
        """Somebody is here who may hold the keys that nobody has given us."""
        for conversation in self._work.conversations.values():
            if conversation.keys.ask_requested_again():
                self._work.touch(conversation)

    def _receive_in_conversation(self, message: Message) -> None:
        if not isinstance(
            message, CursorsAdvanced | TypingShown | Boxes | BoxesPosted | KeyRequested | Hint
        ):
            return
        work, conversation = self._work, self._work.conversations.get(message.conv_id)
        if conversation is None:
            return
        match message:
            case CursorsAdvanced():
                conversation_events.on_cursors(work, conversation, message.cursors)
            case TypingShown():
                conversation_events.on_typing(work, conversation, message.uid)
            case Boxes():
                on_boxes(work, conversation, message)
                if (
                    conversation.snapshot is not None
                    and message.epoch == conversation.snapshot.epoch
                ):
                    self._catch_up.go_on(conversation)
            case BoxesPosted():
                on_boxes_posted(work, conversation, message.epoch)
            case KeyRequested():
                on_key_requested(work, conversation, message)
            case Hint():
                take_hint(work, conversation, message.kind)
            case _:
                assert_never(message)

    def _on_accepted(self, message: MessageAccepted) -> None:
        self._outbox.on_accepted(message)
        self._commands.on_accepted(message.message_id)
        conversation = self._work.conversations.get(message.log_id)
        if conversation is not None and conversation.log.cursor < message.sequence:
            self._catch_up.on_accepted(conversation, message.sequence)
        elif conversation is not None:
            self._outbox.on_read(conversation)

    def _on_refused(self, refused: Refused) -> None:
        if self._session.on_refused(refused) or self._commands.on_refused(refused):
            return
        item = self._outbox.get(refused.about)
        if item is not None:
            conversation = self._work.conversations[item.conv_id]
            self._outbox.on_refused(conversation, item, refused)
            if refused.code in ("stale_epoch", "rotation_due"):
                self._catch_up.read_again(conversation)
            return
        for conversation in self._work.conversations.values():
            posted = conversation.pending.posted
            if posted is not None and posted.post.message_id == refused.about:
                if on_record_refused(self._work, conversation, refused):
                    self._catch_up.read_again(conversation)
                return
        self._catch_up.on_refused(refused.about, refused.code)

    def _on_missed(self, heads: Heads) -> None:
        """The broker could not send to us for a while: answers may be lost with the news.

        Begin as after a sign-in.
        """
        self._on_disconnected()
        self._catch_up.start(heads.heads)

    def _on_disconnected(self) -> None:
        work = self._work
        self._catch_up.stop()
        self._outbox.on_disconnected()
        self._commands.on_disconnected()
        for conversation in work.conversations.values():
            conversation.pending.take_posted()
            conversation.keys.on_disconnected()

    # --- time ---

    def _on_timer(self, timer: Timer) -> None:
        match timer:
            case RetryTimer():
                self._session.connect()
            case TransfersTimer():
                self._transfers.look_again()
            case StalledTimer():
                self._session.on_stalled()
            case PingTimer():
                self._session.on_ping_timer()
            case RefusedTimer():
                self._catch_up.read_refused(timer.log_id)
            case _:
                self._on_conversation_timer(timer, self._work.conversations[timer.conv_id])

    def _on_conversation_timer(self, timer: ConversationTimer, conversation: Conversation) -> None:
        work = self._work
        match timer:
            case CursorTimer():
                conversation_events.send_cursor(work, conversation)
            case TypingTimer():
                conversation_events.on_typing_timer(work, conversation)
            case AdmissionTimer():
                schedule_admission(work, conversation, at_once=True)
            case AnswerTimer():
                answer_key(work, conversation, timer.epoch, timer.uid)
            case RereadTimer():
                if not conversation.is_caught_up:
                    self._catch_up.advance()
            case KeyTimer():
                self._catch_up.go_on(conversation)
            case HoldTimer() | PauseTimer():
                work.conversations.stir(conversation)
            case TypedTimer():
                pass  # it only kept me from saying it again
            case _:
                assert_never(timer)

    # --- after each event ---

    def _progress(self) -> None:
        """Let every conversation that changed take its next steps; that comes to rest, or the core
        is wrong.
        """
        work = self._work
        if not work.can_send:
            work.conversations.take_restless()
            return
        if self._outbox.take_freed_credit():
            for conv_id in sorted(self._outbox.conversations()):
                work.conversations.stir(work.conversations[conv_id])
        rounds = 0
        while moved := work.conversations.take_restless():
            rounds += 1
            if rounds > MAX_ROUNDS:
                raise Restless([conversation.conv_id.hex() for conversation in moved])
            self._transfers.look_again()
            for conversation in moved:
                want_keys(work, conversation)
                if conversation.incoming.waiting:
                    open_waiting(work, conversation)
                advance(work, conversation)
                self._outbox.pump(conversation)

    def _pending_rows(self, conv_id: bytes) -> tuple[Row, ...]:
        """The messages that are not stored yet, in order; those whose file is on its way among
        them.
        """
        rows = self._outbox.pending_rows(conv_id) + self._transfers.pending_rows(conv_id)
        return tuple(row for _, row in sorted(rows, key=lambda numbered: numbered[0]))

    def _flush(self) -> None:
        """Save and show what changed."""
        work = self._work
        work.people.flush()
        dirty = work.conversations.take_dirty()
        views = []
        for conversation in dirty:
            work.save(conversation.saved)
        for conversation in dirty:
            if is_shown(work, conversation):
                fresh = view(work, conversation)
                if fresh != self._shown.get(conversation.conv_id):
                    self._shown[conversation.conv_id] = fresh
                    views.append(fresh)
        if views:
            work.tell(ConversationsChanged(tuple(views)))
        for conv_id in self._outbox.take_changed():
            work.tell(PendingChanged(conv_id, self._pending_rows(conv_id)))
        self._transfers.flush()
        self._session.refresh()
        if self._catching_up and self._catch_up.is_complete:
            for request_id in self._catching_up:
                work.tell(Done(request_id, True))
            self._catching_up.clear()


class Restless(AssertionError):
    """Conversations that do not come to rest after an event, by conv_id: a fault of this
    program.
    """
