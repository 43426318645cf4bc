"""Which messages the user is told about, when it is quiet, and in which words.

Pure: no Qt, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Protocol

from client.api.values import Conversation, ConversationKind, Row, RowKind
from client.gui.language.translation import tr, tr_count, tr_noop
from client.gui.session.state import title_of
from client.text.markup import one_line

MAX_TEXT = 120
MORNING = time(8, 0)  # when "until tomorrow" ends
APP_TITLE = "csce513fall24Msg"


class Level(Enum):
    """What of a conversation one is told about; the value stands in the settings."""

    ALL = "all"
    MENTIONS = "mentions"  # and direct messages
    NOTHING = "nothing"


LEVEL_WORDS = {
    Level.ALL: tr_noop("All messages"),
    Level.MENTIONS: tr_noop("Mentions and direct"),
    Level.NOTHING: tr_noop("Nothing"),
}


class TellingRules(Protocol):
    """What the decision needs of the preferences."""

    @property
    def do_not_disturb_until_ms(self) -> int:
        """Unix milliseconds; 0 if one may be disturbed."""
        ...

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """From and to, every day; None if there are none."""
        ...

    def level_of(self, conv_id: bytes) -> Level:
        """The level of a conversation."""
        ...


def is_between(start: time, end: time, now: time) -> bool:
    """Whether a time of day lies in [start, end), also over midnight.

    An empty span holds nothing.
    """
    if start <= end:
        return start <= now < end
    return now >= start or now < end


def is_quiet(rules: TellingRules, now: datetime) -> bool:
    """Whether nobody wants to be disturbed now."""
    if now.timestamp() * 1000 < rules.do_not_disturb_until_ms:
        return True
    hours = rules.quiet_hours
    return hours is not None and is_between(hours[0], hours[1], now.time())


def should_tell(
    row: Row, conversation: Conversation, preferences: TellingRules, now: datetime, is_seen: bool
) -> bool:
    """Whether the user is told about this row."""
    if row.is_own or row.kind is not RowKind.TEXT or is_seen or is_quiet(preferences, now):
        return False
    level = preferences.level_of(conversation.conv_id)
    if level is Level.MENTIONS:
        return row.mentions_me or conversation.kind is ConversationKind.DIRECT
    return level is Level.ALL


def tomorrow(now: datetime) -> datetime:
    """The next morning that is not today's."""
    return datetime.combine((now + timedelta(days=1)).date(), MORNING)


def short_text(row: Row) -> str:
    """What a row says on one line; a file by its name."""
    text = one_line(row.text, MAX_TEXT + 1) if row.text else ""
    if row.file is not None:
        name = one_line_name(row.file.name)
        text = f"{name}: {text}" if text else name
    text = " ".join(text.split())
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "\u2026"


def one_line_name(name: str) -> str:
    """A file name as one line; its signs are no markup."""
    return " ".join(name.split())


def words_for(told: Sequence[tuple[Conversation, Row]], shows_text: bool) -> tuple[str, str]:
    """Title and text for one message, or for several in short."""
    conversation, row = told[-1]
    is_direct = conversation.kind is ConversationKind.DIRECT
    where = title_of(conversation).replace("# ", "#")
    count = len(told)
    if len({one.conv_id for one, _ in told}) > 1:
        conversation_count = len({one.conv_id for one, _ in told})
        several = tr_count(
            "{count} new message in {places} conversations",
            "{count} new messages in {places} conversations",
            count,
            places=conversation_count,
        )
        return APP_TITLE, several
    if count == 1 and shows_text:
        title = (
            row.username
            if is_direct
            else tr("{username} in {place}", username=row.username, place=where)
        )
        return _cut(title), short_text(row)
    number = tr_count("New message", "{count} new messages", count)
    if not is_direct:
        number = tr("{messages} in {place}", messages=number, place=where)
    elif shows_text:
        number = tr("{messages} from {place}", messages=number, place=where)
    return APP_TITLE, _cut(number)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "\u2026"
