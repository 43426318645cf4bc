"""What stands out in a conversation: pinned messages, questions and their accepted answers;
pure.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from client.api.values import RowKind
from client.core.state.orders import Orders
from client.core.state.rows import Rows
from client.core.state.saved import SavedMarks, StoredRow
from shared.crypto.content import Accept, Pin
from shared.errors import CryptoReject

MAX_PINS = 100


class Marks:
    """Owns the lists of pinned messages and of questions; the rows say the rest."""

    def __init__(self, rows: Rows, orders: Orders, saved: Iterable[SavedMarks] = ()) -> None:
        self._rows = rows
        self._orders = orders
        self._marks = {marks.conv_id: marks for marks in saved}
        # message_ids, of all conversations
        self._questions = {
            message_id for marks in self._marks.values() for _, message_id in marks.questions
        }

    def _of(self, conv_id: bytes) -> SavedMarks:
        return self._marks.setdefault(conv_id, SavedMarks(conv_id))

    # --- questions ---

    def on_shown(self, row: StoredRow) -> None:
        """A message is readable now: it may be a question, or answer one."""
        if row.is_question:
            marks = self._of(row.conv_id)
            insort(marks.questions, (row.sequence, row.message_id))
            self._questions.add(row.message_id)
            self._orders.save(marks)
        question = self.question_of(row)
        if question is not None and question.sender != row.sender:
            self._rows.change(question, answers=question.answers + 1)

    def on_deleted(self, row: StoredRow) -> None:
        """A message is gone, and with it what it stood for."""
        marks = self._of(row.conv_id)
        if row.message_id in marks.pins or row.is_question:
            marks.pins = [pinned for pinned in marks.pins if pinned != row.message_id]
            marks.questions = [pinned for pinned in marks.questions if pinned[1] != row.message_id]
            self._questions.discard(row.message_id)
            self._orders.save(marks)
        question = self.question_of(row)
        if question is not None and question.sender != row.sender:
            accepted = b"" if question.accepted == row.message_id else question.accepted
            self._rows.change(question, answers=question.answers - 1, accepted=accepted)

    def is_question(self, message_id: bytes) -> bool:
        """Whether this is a question; for the rows that reply to it, without looking it up on the
        disk.
        """
        return message_id in self._questions

    def question_of(self, answer: StoredRow) -> StoredRow | None:
        """The question that a message answers, if it answers one."""
        question = self._rows.get(answer.reply_to) if answer.reply_to else None
        return (
            question
            if question is not None and question.is_question and question.kind == RowKind.TEXT
            else None
        )

    def accept(self, answer: StoredRow, act: Accept, uid: bytes, is_staff: bool) -> None:
        """Take an answer as the right one, or not any more.

        CryptoReject unless the asker or staff says so.
        """
        question = self.question_of(answer)
        if question is None:
            raise CryptoReject("unknown_target")
        if uid != question.sender and not is_staff:
            raise CryptoReject("not_allowed")
        if act.remove and question.accepted != answer.message_id:
            return
        before = self._rows.get(question.accepted) if question.accepted else None
        if before is not None and before.message_id != answer.message_id:
            self._rows.change(before, is_accepted=False)
        self._rows.change(question, accepted=b"" if act.remove else answer.message_id)
        self._rows.change(answer, is_accepted=not act.remove)

    def questions(self, conv_id: bytes) -> list[StoredRow]:
        """All questions of a conversation, the newest first."""
        return self._readable(
            [message_id for _, message_id in reversed(self._of(conv_id).questions)]
        )

    # --- pins ---

    def pin(self, target: StoredRow, act: Pin) -> None:
        """Pin a message or take it down."""
        marks = self._of(target.conv_id)
        pins = [pinned for pinned in marks.pins if pinned != target.message_id]
        if not act.remove:
            pins.append(target.message_id)
        for dropped in pins[:-MAX_PINS]:
            row = self._rows.get(dropped)
            if row is not None:
                self._rows.change(row, is_pinned=False)
        marks.pins = pins[-MAX_PINS:]
        self._orders.save(marks)
        self._rows.change(target, is_pinned=not act.remove)

    def pins(self, conv_id: bytes) -> list[StoredRow]:
        """The pinned messages of a conversation, the one pinned last first."""
        return self._readable(list(reversed(self._of(conv_id).pins)))

    def _readable(self, message_ids: list[bytes]) -> list[StoredRow]:
        rows = (self._rows.get(message_id) for message_id in message_ids)
        return [row for row in rows if row is not None and row.kind == RowKind.TEXT]
