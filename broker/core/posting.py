"""The requests that append: messages, records, statements, boxes, chain entries, roles, cursors."""

from __future__ import annotations

from broker.core.accounts import Directory, Session, channel_body, restriction_body, role_body
from broker.core.conversations import Conversations
from broker.core.delivery import Delivery
from broker.core.limits import CREDIT_RETRY_MS
from broker.storage.base import StoredBox, StoredCursor
from shared.crypto.accounts import extend_account
from shared.errors import CryptoReject, RefusedError
from shared.messages import (
    DIRECTORY_LOG,
    AdvanceCursor,
    AppendChain,
    Box,
    EntryKind,
    LogId,
    MessageId,
    PostBoxes,
    PostRecord,
    PostStatement,
    Restrict,
    SendMessage,
    SetRole,
)

_HOLD_MS = 5_000  # how long later messages wait for a refused one to be sent again


class Posting:
    """Checks each request, takes it into memory, and gives the order to commit it.

    RefusedError says why not.
    """

    def __init__(
        self, directory: Directory, conversations: Conversations, delivery: Delivery
    ) -> None:
        self._directory = directory
        self._conversations = conversations
        self._delivery = delivery
        self.is_stalled = False

    def send_message(self, session: Session, request: SendMessage, now_ms: int) -> None:
        """Append a sealed message."""
        if self._delivery.answer_repeat(session, request.message_id):
            session.strike(now_ms)
            return
        conversation = self._conversations.check_message(session, request)
        message_id, conv_id = request.message_id, request.conv_id
        if session.held:
            self._keep_order(session, conv_id, message_id, now_ms)
        size = len(request.header) + len(request.cipher)
        wait_ms = 1000 if self.is_stalled else session.allowance.messages.take(now_ms)
        if not wait_ms and not session.allowance.credit.take(size):
            wait_ms = CREDIT_RETRY_MS
        if wait_ms:
            session.held.setdefault(conv_id, (message_id, now_ms + wait_ms + _HOLD_MS))
            raise RefusedError("busy" if self.is_stalled else "slow_down", retry_after_ms=wait_ms)
        sequence = self._delivery.append_message(session, request, size, now_ms)
        conversation.last_sent[session.uid] = sequence

    def _keep_order(self, session: Session, conv_id: bytes, message_id: bytes, now_ms: int) -> None:
        """Keep later messages from overtaking one that was told to come again later."""
        held = session.held.get(conv_id)
        if held is None:
            return
        first, until_ms = held
        if first != message_id and now_ms < until_ms:
            raise RefusedError("slow_down", retry_after_ms=CREDIT_RETRY_MS)
        del session.held[conv_id]

    def post_record(self, session: Session, request: PostRecord, now_ms: int) -> None:
        """Append an epoch record with its boxes.

        An open group's new name goes to the directory with it.
        """
        message_id, conv_id = MessageId(request.message_id), LogId(request.conv_id)
        if self._delivery.answer_repeat(session, message_id):
            return
        snapshot, new_name = self._conversations.check_record(session, request)
        size = self._take_credit(session, len(request.record) + _size_of(request.boxes), now_ms)
        entry = self._delivery.append(
            conv_id,
            EntryKind.RECORD,
            session.uid,
            message_id,
            request.record,
            request.signature,
            now_ms,
        )
        self._conversations.apply(conv_id, entry, snapshot)
        if new_name is not None:
            body = channel_body(conv_id, new_name)
            self._delivery.append(
                DIRECTORY_LOG, EntryKind.CHANNEL, session.uid, b"", body, b"", now_ms
            )
        boxes = _stored(conv_id, snapshot.epoch, session.uid, request.boxes, by_author=True)
        self._delivery.change().batch.boxes += boxes
        self._delivery.answer(session, message_id, conv_id, entry.sequence, size)

    def post_statement(self, session: Session, request: PostStatement, now_ms: int) -> None:
        """Append a leave, or a request to join."""
        message_id, conv_id = MessageId(request.message_id), LogId(request.conv_id)
        if self._delivery.answer_repeat(session, message_id):
            return
        self._conversations.check_statement(session, request)
        size = self._take_credit(session, len(request.statement), now_ms)
        entry = self._delivery.append(
            conv_id,
            EntryKind(request.kind),
            session.uid,
            message_id,
            request.statement,
            request.signature,
            now_ms,
        )
        self._conversations.apply(conv_id, entry)
        self._delivery.answer(session, message_id, conv_id, entry.sequence, size)

    def post_boxes(self, session: Session, request: PostBoxes, now_ms: int) -> None:
        """Store more boxes of an epoch, and tell the people they are for."""
        conversation = self._conversations.get_as_member(request.conv_id, session.uid)
        if request.epoch > conversation.snapshot.epoch:
            raise RefusedError("not_allowed")
        accounts = self._directory.accounts
        for box in request.boxes:
            if box.uid not in conversation.spans:
                raise RefusedError("not_a_member")
            if box.uk_gen not in accounts[box.uid].uks:  # every number would take up a row for ever
                raise RefusedError("not_allowed")
        if not request.boxes:
            return
        size = self._take_credit(session, _size_of(request.boxes), now_ms)
        change = self._delivery.change()
        change.batch.boxes += _stored(
            request.conv_id, request.epoch, session.uid, request.boxes, by_author=False
        )
        change.boxes_for.append(
            (request.conv_id, request.epoch, list({box.uid: None for box in request.boxes}))
        )
        change.has_others = True
        self._delivery.owe(session, size)

    def append_chain(self, session: Session, request: AppendChain, now_ms: int) -> None:
        """Extend the sender's own account."""
        message_id = MessageId(request.message_id)
        if self._delivery.answer_repeat(session, message_id):
            return
        try:
            extend_account(self._directory.accounts[session.uid], request.entry)
        except CryptoReject as error:
            raise RefusedError("bad_signature") from error
        self._append_to_directory(session, message_id, EntryKind.CHAIN, request.entry, now_ms)

    def set_role(self, session: Session, request: SetRole, now_ms: int) -> None:
        """Change somebody's role in the class."""
        message_id = MessageId(request.message_id)
        if self._delivery.answer_repeat(session, message_id):
            return
        self._directory.check_set_role(session.uid, request)
        body = role_body(request.uid, request.role)
        self._append_to_directory(session, message_id, EntryKind.ROLE, body, now_ms)

    def restrict(self, session: Session, request: Restrict, now_ms: int) -> None:
        """Mute or ban somebody, or take that back."""
        message_id = MessageId(request.message_id)
        if self._delivery.answer_repeat(session, message_id):
            return
        self._directory.check_restrict(session.uid, request)
        body = restriction_body(request.uid, request.restriction)
        self._append_to_directory(session, message_id, EntryKind.RESTRICTION, body, now_ms)

    def _append_to_directory(
        self, session: Session, message_id: MessageId, kind: EntryKind, body: bytes, now_ms: int
    ) -> None:
        size = self._take_credit(session, len(body), now_ms)
        entry = self._delivery.append(
            DIRECTORY_LOG, kind, session.uid, message_id, body, b"", now_ms
        )
        self._directory.apply(entry)
        self._delivery.answer(session, message_id, DIRECTORY_LOG, entry.sequence, size)

    def advance_cursor(self, session: Session, request: AdvanceCursor, now_ms: int) -> None:
        """Advance a member's cursor; a claim to have stored what it cannot have is ignored."""
        conversation = self._conversations.get_as_member(request.conv_id, session.uid)
        sequence = min(
            request.sequence, self._delivery.through(LogId(request.conv_id), session.uid)
        )
        if sequence <= conversation.cursors.get(session.uid, 0):
            return
        self._refuse_if_stalled()  # the client will repeat it
        change = self._delivery.change()
        change.batch.cursors.append(StoredCursor(request.conv_id, session.uid, sequence))
        change.has_others = True

    def _refuse_if_stalled(self) -> None:
        if self.is_stalled:
            raise RefusedError("busy", retry_after_ms=1000)

    def _take_credit(self, session: Session, size: int, now_ms: int) -> int:
        self._refuse_if_stalled()
        wait_ms = session.allowance.posts.take(now_ms)
        if not wait_ms and not session.allowance.credit.take(size):
            wait_ms = CREDIT_RETRY_MS
        if wait_ms:
            raise RefusedError("slow_down", retry_after_ms=wait_ms)
        return size


def _size_of(boxes: list[Box]) -> int:
    return sum(len(box.box) for box in boxes)


def _stored(
    conv_id: bytes, epoch: int, poster: bytes, boxes: list[Box], *, by_author: bool
) -> list[StoredBox]:
    return [
        StoredBox(
            conv_id=conv_id,
            epoch=epoch,
            uid=box.uid,
            uk_gen=box.uk_gen,
            poster=poster,
            by_author=by_author,
            box=box.box,
        )
        for box in boxes
    ]
