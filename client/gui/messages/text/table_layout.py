"""How wide the columns of a table are; pure."""

from __future__ import annotations

from collections.abc import Sequence


def fit_columns(natural: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns: what they need if there is room, else the wide ones share what
    the narrow leave.
    """
    widths = list(natural)
    if sum(widths) <= room:
        return widths
    left, remaining = room, len(widths)
    for at in sorted(range(len(widths)), key=lambda at: natural[at]):
        widths[at] = min(natural[at], left / remaining)
        left, remaining = left - widths[at], remaining - 1
    return widths
