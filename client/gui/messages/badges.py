"""What the marks of a message say: pinned, a question and how far it is, the accepted answer."""

from __future__ import annotations

from enum import Enum

from client.api.values import QuestionState, Row, RowKind
from client.gui.language.translation import tr, tr_count


class Tone(Enum):
    """In which colour a chip stands."""

    QUIET = "quiet"
    ASKING = "asking"
    DONE = "done"


def chips_of(row: Row) -> tuple[tuple[str, Tone], ...]:
    """The chips above the text of a row, from left to right."""
    if row.kind is not RowKind.TEXT:
        return ()
    chips: list[tuple[str, Tone]] = []
    if row.question is QuestionState.OPEN:
        chips.append((tr("Question"), Tone.ASKING))
    elif row.question is QuestionState.ANSWERED:
        chips.append((f"{tr('Question')} \u00b7 {answers_of(row)}", Tone.ASKING))
    elif row.question is QuestionState.ACCEPTED:
        chips.append((f"{tr('Question')} \u00b7 {answers_of(row)}", Tone.DONE))
    if row.is_accepted:
        chips.append((tr("\u2713 Accepted answer"), Tone.DONE))
    if row.is_pinned:
        chips.append((tr("Pinned"), Tone.QUIET))
    return tuple(chips)


def answers_of(row: Row) -> str:
    """How far a question is."""
    if row.question is QuestionState.ANSWERED:
        return tr_count("{count} answer", "{count} answers", row.answers)
    return tr("answered \u2713") if row.question is QuestionState.ACCEPTED else tr("no answer yet")


def spoken_chips(row: Row) -> str:
    """The same as a screen reader says it, with a colon; "" for none."""
    words = ", ".join(
        text.replace("\u2713", "").replace(" \u00b7 ", ", ").strip() for text, _ in chips_of(row)
    )
    return f"{words}: " if words else ""
