"""The outbox: own messages from the moment they are written until the log has them; sealed when
they are sent; pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from client.api.events import MessageStateChanged
from client.api.said import Detail, Failed
from client.api.values import (
    MessageState,
    QuestionState,
    Quote,
    Row,
    RowKind,
)
from client.core.context import Context
from client.core.conversation.membership_changes import create_direct, is_rotation_due
from client.core.conversation.receiving import manifest_of, quoted_text, stored_file
from client.core.presenting import show_file
from client.core.server_faults import is_stopped
from client.core.state.conversation import DIRECT_KIND, Conversation
from client.core.state.saved import SavedOutbox
from client.core.timers import PauseTimer
from client.core.views import can_write
from shared.crypto.content import Content, File, Question, Shown, Text, encode_content
from shared.crypto.headers import CONTENT, CONTROL, Header
from shared.crypto.public import entry_hash
from shared.crypto.sealing import seal_message
from shared.errors import REFUSAL_SENTENCES
from shared.invariants import require
from shared.messages import MessageAccepted, MessageId, Refused, SendMessage

MAX_IN_FLIGHT = 64
MAX_IN_FLIGHT_BYTES = 256 * 1024
NOT_FINAL = {"stale_epoch", "rotation_due", "slow_down", "busy", "internal", "not_signed_in"}
NOT_IN_LOG = "not_in_log"
PAUSES_MS = {"slow_down": 200, "busy": 500, "internal": 1000}


class Outbox:
    """Owns the messages that are not stored yet, in the order in which they were written."""

    def __init__(self, work: Context, saved: Iterable[SavedOutbox] = ()) -> None:
        self._work = work
        self._items = {item.message_id: item for item in sorted(saved, key=lambda one: one.order)}
        self._accepted: dict[bytes, int] = {}  # message_id -> sequence
        self._in_flight: dict[bytes, int] = {}
        self._is_starved = False  # something stopped for lack of credit
        self._sent: dict[
            bytes, set[bytes]
        ] = {}  # conv_id -> message_ids of what is on its way there
        self._recalled: set[bytes] = (
            set()
        )  # a refusal came: wait for all answers, then seal anew in order
        self._changed_here: set[bytes] = set()  # conversations whose pending rows changed

    def __len__(self) -> int:
        return sum(not item.failure for item in self._items.values())

    def get(self, message_id: bytes) -> SavedOutbox | None:
        """A message that is not stored yet."""
        return self._items.get(message_id)

    def conversations(self) -> set[bytes]:
        """Which conversations have something in the outbox."""
        return {item.conv_id for item in self._items.values()}

    def queue(self, conv_id: bytes) -> list[SavedOutbox]:
        """What is to be sent in one conversation, in order."""
        return [
            item for item in self._items.values() if item.conv_id == conv_id and not item.failure
        ]

    # --- orders of the user ---

    def add(self, conversation: Conversation, content: Content, message_id: bytes = b"") -> bytes:
        """Keep a message; it is sent as soon as that is possible.

        It gets the id given, else a new one.
        """
        work = self._work
        shown = content if isinstance(content, Shown) else None
        reply_to = content.reply_to if isinstance(content, Text | File) else b""
        item = SavedOutbox(
            message_id=MessageId(message_id or work.random(16)),
            conv_id=conversation.conv_id,
            order=self.next_order(),
            body=encode_content(content),
            text=shown.text if shown else "",
            is_act=shown is None,
            reply_to=reply_to,
            sent_at_ms=work.at.wall_ms,
            is_question=isinstance(content, Question),
        )
        if isinstance(content, File):
            item.file = stored_file(content.manifest)
        self._items[item.message_id] = item
        work.save(item)
        self._tell_state(item, MessageState.SAVED)
        self.tell_pending(conversation.conv_id)
        work.touch(conversation)
        return item.message_id

    def next_order(self) -> int:
        """A number that grows with everything written."""
        work = self._work
        work.saved_self.outbox_order += 1
        work.save(work.saved_self)
        return work.saved_self.outbox_order

    def rewrite(self, item: SavedOutbox, text: str) -> bool:
        """Change a text that has not been sent; False if it is on its way, or may have arrived
        before a cut.
        """
        if item.cipher:
            return False
        content: Content = Question(text) if item.is_question else Text(text, item.reply_to)
        if item.file is not None:
            content = File(manifest_of(item.file), text, item.reply_to)
        item.body, item.text, item.cipher, item.failure = encode_content(content), text, b"", ""
        self._changed(item)
        return True

    def retry(self, item: SavedOutbox) -> None:
        """Try a failed message again, after those that wait."""
        if item.failure:
            item.failure = ""
            item.cipher = b""
            del self._items[item.message_id]
            self._items[item.message_id] = item
            item.order = self.next_order()
            self._tell_state(item, MessageState.SAVED)
            self._changed(item)

    def discard(self, item: SavedOutbox) -> bool:
        """Forget a message that was not sent; False if it is on its way, or may have arrived before
        a cut.
        """
        if item.cipher:
            return False
        self._forget(item)
        return True

    # --- sending ---

    def pump(self, conversation: Conversation) -> None:
        """Seal and send what may go now, in order."""
        work = self._work
        queue = self.queue(conversation.conv_id)
        if not queue or work.timers.has(PauseTimer(conversation.conv_id)):
            return
        if not self._is_ready(conversation):
            return
        sent = self._sent.get(conversation.conv_id, ())
        if conversation.conv_id in self._recalled:
            if sent:
                return
            self._recalled.discard(conversation.conv_id)
        number, prev = conversation.own.own_n, conversation.own.own_prev
        is_changed = False
        for item in queue:
            if item.message_id in sent:
                number, prev = item.n, entry_hash(item.header, item.cipher)
                continue
            number += 1
            if not self._has_credit():
                break
            self._seal(conversation, item, number, prev)
            self._send(conversation, item)
            prev = entry_hash(item.header, item.cipher)
            is_changed = True
        if is_changed:
            self.tell_pending(conversation.conv_id)

    def _is_ready(self, conversation: Conversation) -> bool:
        """Whether a message may be sealed now; if only a record is missing, it is asked for."""
        work, snapshot = self._work, conversation.snapshot
        if (
            not conversation.is_caught_up
            or conversation.pending.posted is not None
            or is_stopped(conversation)
        ):
            return False
        if snapshot is None:
            if conversation.about.kind == DIRECT_KIND and can_write(work, conversation):
                create_direct(work, conversation)
            elif conversation.pending.group is None:  # its creation was refused
                self._fail_all(conversation)
            return False
        if not can_write(work, conversation):
            self._fail_all(conversation)
            return False
        if not conversation.head_seed():
            return False
        if is_rotation_due(work, conversation):
            if not conversation.pending.is_rotation_wanted:
                conversation.pending.want_rotation(True)
                work.touch(conversation)
            return False
        return True

    def _fail_all(self, conversation: Conversation) -> None:
        if conversation.about.peer:
            return  # it waits until the changed key is accepted
        code = "not_allowed" if conversation.row(self._work.me) is not None else "not_a_member"
        for item in self.queue(conversation.conv_id):
            if item.message_id not in self._in_flight:
                self._fail(item, code)

    def _has_credit(self) -> bool:
        has = (
            len(self._in_flight) < MAX_IN_FLIGHT
            and sum(self._in_flight.values()) < MAX_IN_FLIGHT_BYTES
        )
        self._is_starved = self._is_starved or not has
        return has

    def take_freed_credit(self) -> bool:
        """Whether conversations that stopped for lack of credit may go on."""
        if self._is_starved and len(self._in_flight) < MAX_IN_FLIGHT // 2:
            self._is_starved = False
            return True
        return False

    def _seal(
        self, conversation: Conversation, item: SavedOutbox, number: int, prev: bytes
    ) -> None:
        """Seal for the present epoch; bytes that were sealed before and still fit are sent again
        unchanged.
        """
        work, snapshot = self._work, conversation.snapshot
        assert snapshot is not None
        if item.cipher and (item.epoch_id, item.n, item.prev) == (snapshot.epoch_id, number, prev):
            return
        kind = CONTROL if item.is_act else CONTENT
        header = Header(
            kind,
            conversation.conv_id,
            snapshot.epoch,
            snapshot.epoch_id,
            work.me,
            work.identity.did,
            number,
            item.message_id,
            item.sent_at_ms,
        )
        seen = (conversation.log.cursor, conversation.log.transcript)
        item.header, item.cipher = seal_message(
            conversation.head_seed(),
            work.identity.sign_secret,
            header,
            prev,
            seen,
            item.body,
            work.random,
        )
        item.epoch_id, item.n, item.prev = snapshot.epoch_id, number, prev
        work.save(item)

    def _send(self, conversation: Conversation, item: SavedOutbox) -> None:
        self._in_flight[item.message_id] = len(item.cipher)
        self._sent.setdefault(conversation.conv_id, set()).add(item.message_id)
        self._work.send(SendMessage(item.message_id, item.conv_id, item.header, item.cipher))
        self._tell_state(item, MessageState.SENT)

    # --- what became of them ---

    def on_accepted(self, accepted: MessageAccepted) -> None:
        """The broker has committed it; the log entry will say where."""
        item = self._items.get(accepted.message_id)
        if item is not None and item.message_id not in self._accepted:
            self._accepted[item.message_id] = accepted.sequence
            self._tell_state(item, MessageState.STORED, accepted.sequence)
            self.tell_pending(item.conv_id)

    def on_stored(
        self, conversation: Conversation, message_id: bytes, sequence: int, is_valid: bool
    ) -> None:
        """The log has an own message."""
        self._land(conversation.conv_id, message_id)
        item = self._items.get(message_id)
        if item is None:
            return
        if not is_valid:
            self._fail(item, "crypto_reject")
            return
        if message_id not in self._accepted:
            self._tell_state(item, MessageState.STORED, sequence)
        self._forget(item)

    def on_read(self, conversation: Conversation, *, is_end: bool = False) -> None:
        """The log is read so far, or to its end: what the broker said to have stored in it, and did
        not, has failed.
        """
        for message_id, sequence in list(self._accepted.items()):
            item = self._items[message_id]
            if item.conv_id == conversation.conv_id and (
                is_end or sequence <= conversation.log.cursor
            ):
                self._land(item.conv_id, message_id)
                self._fail(item, NOT_IN_LOG)

    def on_refused(self, conversation: Conversation, item: SavedOutbox, refused: Refused) -> None:
        """Not stored: sealed anew and sent in order, or failed for good."""
        self._land(item.conv_id, item.message_id)
        work = self._work
        if refused.code in NOT_FINAL:
            self._recalled.add(item.conv_id)
            if (
                refused.code != "not_signed_in"
            ):  # before that nobody looked whether it is stored already
                item.cipher = b""
            if refused.code == "rotation_due":
                conversation.pending.want_rotation(True)
            pause_ms = max(refused.retry_after_ms, PAUSES_MS.get(refused.code, 0))
            if pause_ms:
                work.timers.set(PauseTimer(conversation.conv_id), work.at.steady_ms + pause_ms)
            self.tell_pending(conversation.conv_id)
        else:
            self._fail(item, refused.code)
        work.touch(conversation)

    def on_disconnected(self) -> None:
        """What was on its way is unknown now; the log tells after the next sign-in."""
        self._in_flight.clear()
        self._accepted.clear()
        self._changed_here.update(conv_id for conv_id, sent in self._sent.items() if sent)
        self._sent.clear()
        self._recalled.clear()

    def _fail(self, item: SavedOutbox, code: str) -> None:
        item.failure = code
        item.cipher = b""
        self._accepted.pop(item.message_id, None)
        self._tell_state(item, MessageState.FAILED, 0, code)
        self._changed(item)

    def _forget(self, item: SavedOutbox) -> None:
        del self._items[item.message_id]
        self._accepted.pop(item.message_id, None)
        self._land(item.conv_id, item.message_id)
        self._work.drop(item)
        self.tell_pending(item.conv_id)

    def _land(self, conv_id: bytes, message_id: bytes) -> None:
        """It is not on its way any more."""
        self._in_flight.pop(message_id, None)
        self._sent.get(conv_id, set()).discard(message_id)

    def _changed(self, item: SavedOutbox) -> None:
        conversation = self._work.conversations[item.conv_id]
        self._work.save(item)
        self.tell_pending(conversation.conv_id)
        self._work.touch(conversation)

    def check_invariants(self) -> None:
        """InvariantBroken unless what is on its way is in the outbox, sealed, in order, on a
        connection.
        """
        sent = {message_id for message_ids in self._sent.values() for message_id in message_ids}
        require(
            sent == self._in_flight.keys(), "what is on its way is on its way to a conversation"
        )
        require(
            sent | self._accepted.keys() <= self._items.keys(),
            "what is on its way is in the outbox",
        )
        require(len(sent) <= MAX_IN_FLIGHT, "no more is on its way than may be")
        require(
            self._work.is_signed_in or not (sent or self._accepted),
            "messages are on their way on a connection",
        )
        require(not self._changed_here, "what is pending is told")
        orders = [item.order for item in self._items.values()]
        require(orders == sorted(set(orders)), "the outbox is in the order of writing")
        last: dict[bytes, int] = {}
        for message_id, item in self._items.items():
            require(
                item.conv_id in self._work.conversations,
                "a message is for a conversation that is known",
            )
            require(
                not item.failure or (not item.cipher and message_id not in sent),
                "what has failed is not sent",
            )
            if message_id in sent:
                own_n = self._work.conversations[item.conv_id].own.own_n
                require(item.cipher, "what is on its way is sealed")
                require(
                    item.n > last.get(item.conv_id, own_n),
                    "what is on its way is numbered on from the log",
                )
                last[item.conv_id] = item.n

    # --- showing ---

    def tell_pending(self, conv_id: bytes) -> None:
        """Show what is pending here now; told once at the end of the event."""
        self._changed_here.add(conv_id)

    def take_changed(self) -> list[bytes]:
        """Take out the conversations whose pending rows are to be told."""
        taken, self._changed_here = sorted(self._changed_here), set()
        return taken

    def pending_rows(self, conv_id: bytes) -> list[tuple[int, Row]]:
        """(order, row) of the messages that are not stored yet."""
        return [
            (item.order, self._row(item))
            for item in self._items.values()
            if item.conv_id == conv_id and not item.is_act
        ]

    def _row(self, item: SavedOutbox) -> Row:
        work = self._work
        state = MessageState.SAVED
        if item.failure:
            state = MessageState.FAILED
        elif item.message_id in self._accepted:
            state = MessageState.STORED
        elif item.message_id in self._in_flight:
            state = MessageState.SENT
        file = None
        if item.file is not None:
            version, previous = work.drafts.next_version(item.conv_id, item.file.name)
            file = replace(show_file(item.file), version=version, previous=previous)
        return Row(
            position=-1,
            message_id=item.message_id,
            sequence=0,
            kind=RowKind.TEXT,
            sender=work.me,
            username=work.identity.username,
            sent_at_ms=item.sent_at_ms,
            text=item.text,
            is_own=True,
            state=state,
            quote=pending_quote(work, item.reply_to),
            failure=_failed(item.failure) if item.failure else None,
            file=file,
            question=QuestionState.OPEN if item.is_question else None,
        )

    def _tell_state(
        self, item: SavedOutbox, state: MessageState, sequence: int = 0, code: str = ""
    ) -> None:
        self._work.tell(MessageStateChanged(item.conv_id, item.message_id, state, sequence, code))


def _failed(code: str) -> Failed:
    is_known = code in REFUSAL_SENTENCES or code == NOT_IN_LOG
    return Failed(code=code, detail="" if is_known else Detail.NOT_SENT)


def pending_quote(work: Context, reply_to: bytes) -> Quote | None:
    """What a message that is not stored yet answers."""
    target = work.rows.get(reply_to) if reply_to else None
    if target is None:
        return None
    return Quote(reply_to, work.people.username(target.sender), quoted_text(target))
