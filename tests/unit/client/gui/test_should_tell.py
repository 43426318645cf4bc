"""Which messages the user is told about, when it is quiet, and the words of a bubble."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

import pytest

from client.api.values import Conversation, ConversationKind, RowKind
from client.gui.session.notification_rules import (
    APP_TITLE,
    MAX_TEXT,
    Level,
    is_between,
    is_quiet,
    short_text,
    should_tell,
    tomorrow,
    words_for,
)
from tests.support.window.window_data import (
    GENERAL,
    TEAM,
    conversation,
    direct,
    file_info,
    file_row,
    row,
)

NOON = datetime(2024, 10, 18, 12, 0)
CHANNEL = conversation(GENERAL, ConversationKind.CHANNEL, "general")
GROUP = conversation(TEAM, ConversationKind.GROUP, "team-epoll")
DIRECT = direct("bob.k")
WORDS = row(0, "bob.k", "hello", 1)
MENTION = replace(WORDS, mentions_me=True)


@dataclass
class Rules:
    """Preferences of nothing but plain values."""

    level: Level = Level.MENTIONS
    do_not_disturb_until_ms: int = 0
    quiet_hours: tuple[time, time] | None = None
    own: dict[bytes, Level] = field(default_factory=dict)

    def level_of(self, conv_id: bytes) -> Level:
        return self.own.get(conv_id, self.level)


@pytest.mark.parametrize(
    ("level", "place", "one", "is_told"),
    [
        (Level.ALL, CHANNEL, WORDS, True),
        (Level.ALL, CHANNEL, MENTION, True),
        (Level.ALL, DIRECT, WORDS, True),
        (Level.MENTIONS, CHANNEL, WORDS, False),
        (Level.MENTIONS, GROUP, WORDS, False),
        (Level.MENTIONS, CHANNEL, MENTION, True),
        (Level.MENTIONS, DIRECT, WORDS, True),
        (Level.NOTHING, CHANNEL, MENTION, False),
        (Level.NOTHING, DIRECT, WORDS, False),
    ],
)
def test_the_level_decides(level: Level, place: Conversation, one: object, is_told: bool) -> None:
    assert should_tell(one, place, Rules(level), NOON, False) is is_told  # type: ignore[arg-type]


def test_a_conversation_has_its_own_level() -> None:
    rules = Rules(Level.ALL, own={GENERAL: Level.NOTHING})
    assert not should_tell(MENTION, CHANNEL, rules, NOON, False)
    assert should_tell(WORDS, GROUP, rules, NOON, False)


@pytest.mark.parametrize(
    "kind", [RowKind.SYSTEM, RowKind.WAITING, RowKind.DELETED, RowKind.QUARANTINED]
)
def test_only_messages_are_told(kind: RowKind) -> None:
    assert not should_tell(replace(MENTION, kind=kind), CHANNEL, Rules(Level.ALL), NOON, False)


def test_what_is_own_or_seen_is_not_told() -> None:
    assert not should_tell(replace(WORDS, is_own=True), DIRECT, Rules(Level.ALL), NOON, False)
    assert not should_tell(WORDS, DIRECT, Rules(Level.ALL), NOON, True)


@pytest.mark.parametrize(
    ("start", "end", "now", "is_inside"),
    [
        (time(9), time(17), time(8, 59), False),
        (time(9), time(17), time(9), True),
        (time(9), time(17), time(17), False),
        (time(22), time(7), time(21, 59), False),
        (time(22), time(7), time(22), True),
        (time(22), time(7), time(0), True),
        (time(22), time(7), time(6, 59), True),
        (time(22), time(7), time(7), False),
        (time(8), time(8), time(8), False),
    ],
)
def test_a_span_of_the_day(start: time, end: time, now: time, is_inside: bool) -> None:
    assert is_between(start, end, now) is is_inside


def test_it_is_quiet_until_a_time() -> None:
    until = NOON + timedelta(minutes=5)
    rules = Rules(Level.ALL, do_not_disturb_until_ms=int(until.timestamp() * 1000))
    assert is_quiet(rules, NOON) and not should_tell(WORDS, DIRECT, rules, NOON, False)
    assert not is_quiet(rules, until) and should_tell(WORDS, DIRECT, rules, until, False)


def test_it_is_quiet_over_midnight() -> None:
    rules = Rules(quiet_hours=(time(22), time(7)))
    assert is_quiet(rules, datetime(2024, 10, 18, 23)) and is_quiet(
        rules, datetime(2024, 10, 19, 3)
    )
    assert not is_quiet(rules, NOON)


def test_tomorrow_is_the_next_morning() -> None:
    assert tomorrow(datetime(2024, 12, 31, 23, 59)) == datetime(2025, 1, 1, 8, 0)
    assert tomorrow(datetime(2024, 12, 31, 0, 1)) == datetime(2025, 1, 1, 8, 0)


# --- words ---


def test_one_message_shows_who_and_what() -> None:
    assert words_for([(CHANNEL, WORDS)], True) == ("bob.k in #general", "hello")
    assert words_for([(GROUP, WORDS)], True) == ("bob.k in team-epoll", "hello")
    assert words_for([(DIRECT, WORDS)], True) == ("bob.k", "hello")


def test_without_text_only_the_place_is_told() -> None:
    assert words_for([(CHANNEL, WORDS)], False) == (APP_TITLE, "New message in #general")
    assert words_for([(DIRECT, WORDS)], False) == (APP_TITLE, "New message")
    assert words_for([(DIRECT, WORDS)] * 2, False) == (APP_TITLE, "2 new messages")


def test_a_burst_is_summed_up() -> None:
    assert words_for([(CHANNEL, WORDS)] * 5, True) == (APP_TITLE, "5 new messages in #general")
    assert words_for([(DIRECT, WORDS)] * 3, True) == (APP_TITLE, "3 new messages from bob.k")
    assert words_for([(CHANNEL, WORDS), (DIRECT, WORDS), (CHANNEL, WORDS)], True) == (
        APP_TITLE,
        "3 new messages in 2 conversations",
    )


def test_the_text_is_one_short_line() -> None:
    text = short_text(replace(WORDS, text="**first**\n\n- second\n" + "word " * 60))
    assert text.startswith("first second word") and "\n" not in text
    assert len(text) == MAX_TEXT and text.endswith("\u2026")
    assert short_text(replace(WORDS, text="x" * MAX_TEXT)) == "x" * MAX_TEXT
    _, long = words_for([(replace(CHANNEL, name="c" * 300), WORDS)], False)
    title, _ = words_for([(replace(CHANNEL, name="c" * 300), WORDS)], True)
    assert len(long) == len(title) == MAX_TEXT


def test_a_file_is_told_by_its_name() -> None:
    assert short_text(file_row(1, "bob.k", file_info("a_b_c.py"))) == "a_b_c.py"
    assert (
        short_text(file_row(1, "bob.k", file_info("hw3.py"), "third *draft*"))
        == "hw3.py: third draft"
    )
    assert (
        len(short_text(file_row(1, "bob.k", file_info("n" * 200 + ".py"), "caption"))) == MAX_TEXT
    )
