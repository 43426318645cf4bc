"""What must hold after every event in a core; tests ask for it, the programs do not."""

from __future__ import annotations


class InvariantBroken(AssertionError):
    """The state of a core does not fit together: a fault of this program."""


def require(holds: object, rule: str) -> None:
    """InvariantBroken unless it holds."""
    if not holds:
        raise InvariantBroken(rule)
