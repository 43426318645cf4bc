"""What is stored, as the window sees it: rows with names, quotes, files; and what of it is new;
pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from client.api.events import Notice, RowsAppended, RowsUpdated
from client.api.said import decode_said, tell
from client.api.values import FileInfo, MessageState, QuestionState, Quote, Reaction, Row
from client.core.context import Context
from client.core.state.saved import StoredFile, StoredRow


def show_row(work: Context, row: StoredRow) -> Row:
    """A stored row as the window sees it."""
    conversation = work.conversations.get(row.conv_id)
    is_delivered = (
        conversation is not None and 0 < row.sequence <= conversation.reading.delivered_upto
    )
    quote = None
    if row.reply_to:
        quote = Quote(row.reply_to, work.people.username(row.quote_sender), row.quote_text)
    reactions = tuple(
        Reaction(reaction.emoji, tuple(work.people.username(uid) for uid in reaction.uids))
        for reaction in row.reactions
    )
    return Row(
        position=row.position,
        message_id=row.message_id,
        sequence=row.sequence,
        kind=row.kind,
        sender=row.sender,
        username=work.people.username(row.sender) if row.sender else "",
        sent_at_ms=row.sent_at_ms,
        text=row.text,
        is_own=row.is_own,
        state=MessageState.DELIVERED if is_delivered else MessageState.STORED,
        is_edited=row.is_edited,
        mentions_me=row.mentions_me,
        quote=quote,
        reactions=reactions,
        said=tell(decode_said(row.said), work.people.username) if row.said else None,
        file=show_file(row.file) if row.file else None,
        is_pinned=row.is_pinned,
        question=_question_state(row),
        answers=row.answers,
        is_accepted=row.is_accepted,
        is_answer=work.marks.is_question(row.reply_to),
    )


def show_rows(work: Context, rows: Iterable[StoredRow]) -> tuple[Row, ...]:
    """Stored rows as the window sees them."""
    return tuple(show_row(work, row) for row in rows)


def show_file(file: StoredFile) -> FileInfo:
    """The file of a row as the window sees it."""
    return FileInfo(
        name=file.name,
        size=file.size,
        mime=file.mime,
        sha256=file.sha256,
        version=file.version,
        previous=file.previous,
        width=file.width,
        height=file.height,
    )


def _question_state(row: StoredRow) -> QuestionState | None:
    if not row.is_question:
        return None
    if row.accepted:
        return QuestionState.ACCEPTED
    return QuestionState.ANSWERED if row.answers else QuestionState.OPEN


def take_row_news(work: Context) -> list[Notice]:
    """The news of rows.

    Changed ones come before new ones: what has waited for its key is told in its place.
    """
    updated, appended = work.rows.take_news()
    news: list[Notice] = []
    for conv_id, rows in updated.items():
        news.append(
            RowsUpdated(conv_id, show_rows(work, (rows[position] for position in sorted(rows))))
        )
    for conv_id, rows in appended.items():
        news.append(
            RowsAppended(conv_id, show_rows(work, (rows[position] for position in sorted(rows))))
        )
    return news
