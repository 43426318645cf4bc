"""Days, times and sizes as people of the user's language write them.

No Qt: names of days come from the translation.
"""

from __future__ import annotations

from datetime import datetime

from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from shared.sizes import size_text

WEEKDAYS = (
    tr_noop("Monday"),
    tr_noop("Tuesday"),
    tr_noop("Wednesday"),
    tr_noop("Thursday"),
    tr_noop("Friday"),
    tr_noop("Saturday"),
    tr_noop("Sunday"),
)
MONTHS = (
    tr_noop("January"),
    tr_noop("February"),
    tr_noop("March"),
    tr_noop("April"),
    tr_noop("May"),
    tr_noop("June"),
    tr_noop("July"),
    tr_noop("August"),
    tr_noop("September"),
    tr_noop("October"),
    tr_noop("November"),
    tr_noop("December"),
)
_SHORT_MONTHS = (
    tr_noop("Jan"),
    tr_noop("Feb"),
    tr_noop("Mar"),
    tr_noop("Apr"),
    tr_noop("May"),
    tr_noop("Jun"),
    tr_noop("Jul"),
    tr_noop("Aug"),
    tr_noop("Sep"),
    tr_noop("Oct"),
    tr_noop("Nov"),
    tr_noop("Dec"),
)


def moment_of(at_ms: int) -> datetime:
    """Unix milliseconds in local time."""
    return datetime.fromtimestamp(at_ms / 1000)


def time_text(at_ms: int) -> str:
    """ "14:05" in local time."""
    return f"{moment_of(at_ms):%H:%M}"


def weekday(moment: datetime) -> str:
    """ "Monday"."""
    return tr_dynamic(WEEKDAYS[moment.weekday()])


def day_text(at_ms: int) -> str:
    """ "Monday, 18 October 2024"."""
    moment = moment_of(at_ms)
    month = tr_dynamic(MONTHS[moment.month - 1])
    return tr(
        "{weekday}, {day} {month} {year}",
        weekday=weekday(moment),
        day=moment.day,
        month=month,
        year=moment.year,
    )


def full_time(at_ms: int) -> str:
    """ "Monday, 18 October 2024, 14:05:09"."""
    return f"{day_text(at_ms)}, {moment_of(at_ms):%H:%M:%S}"


def moment_text(at_ms: int, now: datetime) -> str:
    """The time today, else with the day, in local time: "14:05", "18 Oct 14:05", "18 Oct 2024"."""
    moment = moment_of(at_ms)
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    month = tr_dynamic(_SHORT_MONTHS[moment.month - 1])
    if moment.year == now.year:
        return tr("{day} {month} {time}", day=moment.day, month=month, time=f"{moment:%H:%M}")
    return tr("{day} {month} {year}", day=moment.day, month=month, year=moment.year)


def size_words(size: int) -> str:
    """A number of bytes in words, with the language's decimal sign: "1 byte", "340 KB", "3.1
    GB".
    """
    number, _, unit = size_text(size).partition(" ")
    whole, point, tenth = number.partition(".")
    if unit in ("byte", "bytes"):
        return tr_count("{count} byte", "{count} bytes", int(number))
    return f"{tr('{whole}.{tenth}', whole=whole, tenth=tenth) if point else whole} {unit}"
