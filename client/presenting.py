"""What is stored, as the window sees it: rows with names, quotes, files; and what of it is new; pure."""

from __future__ import annotations

from collections.abc import Iterable

from client.context import Context
from client.events import Notice, RowsAppended, RowsUpdated
from client.state import StoredFile, StoredRow
from client.values import FileInfo, MessageState, QuestionState, Quote, Reaction, Row, RowKind


def show_row(work: Context, row: StoredRow) -> Row:
    """A stored row as the window sees it."""
    conversation = work.conversations.get(row.conv_id)
    is_delivered = conversation is not None and 0 < row.sequence <= conversation.reading.delivered_upto
    quote = None
    if row.reply_to:
        quote = Quote(row.reply_to, work.people.username(row.quote_sender), row.quote_text)
    reactions = tuple(
        Reaction(found.emoji, tuple(work.people.username(uid) for uid in found.uids)) for found in row.reactions
    )
    return Row(
        row.position, row.message_id, row.sequence, RowKind(row.kind), row.sender,
        work.people.username(row.sender) if row.sender else "", row.sent_at_ms, row.text, row.is_own,
        MessageState.DELIVERED if is_delivered else MessageState.STORED, row.is_edited, row.mentions_me, quote,
        reactions, "", show_file(row.file) if row.file else None, row.is_pinned, _question_state(row), row.answers,
        row.is_accepted, work.marks.is_question(row.reply_to),
    )  # fmt: skip


def show_rows(work: Context, rows: Iterable[StoredRow]) -> tuple[Row, ...]:
    """Stored rows as the window sees them."""
    return tuple(show_row(work, row) for row in rows)


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


def take_row_news(work: Context) -> list[Notice]:
    """The news of rows. Changed ones come before new ones: what has waited for its key is told in its place."""
    updated, appended = work.rows.take_news()
    news: list[Notice] = []
    for conv_id, found in updated.items():
        news.append(RowsUpdated(conv_id, show_rows(work, (found[position] for position in sorted(found)))))
    for conv_id, found in appended.items():
        news.append(RowsAppended(conv_id, show_rows(work, (found[position] for position in sorted(found)))))
    return news
