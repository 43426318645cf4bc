"""What the window says of the versions of a draft, in words."""

from __future__ import annotations

from datetime import datetime

from client.api.values import Row
from client.gui.language.local_words import moment_text
from client.gui.language.translation import tr, tr_count
from client.gui.messages.cards.words import MINUS, file_of


def changes_text(added: int, removed: int) -> str:
    """ "+12 −4": lines added and removed."""
    return f"+{added} {MINUS}{removed}"


def spoken_changes(added: int, removed: int) -> str:
    """The same as a screen reader says it."""
    lines = tr_count("{count} line added", "{count} lines added", added)
    return tr("{lines}, {count} removed", lines=lines, count=removed)


def version_number(row: Row) -> int:
    """Which version of its draft the file of the row is; 0 if it shows none."""
    file = file_of(row)
    return file.version if file is not None else 0


def version_label(row: Row, now: datetime) -> str:
    """ "Version 1 · alice · 12:04"."""
    version = tr("Version {number}", number=version_number(row))
    return f"{version} \u00b7 {row.username} \u00b7 {moment_text(row.sent_at_ms, now)}"


def is_comparable(row: Row | None) -> bool:
    """Whether the file of the row holds lines of text."""
    file = file_of(row) if row is not None else None
    return file is not None and file.is_text
