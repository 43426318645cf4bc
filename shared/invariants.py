"""Conditions that must hold after every event in a core; tests check them, the programs do not."""

from __future__ import annotations


class InvariantBroken(AssertionError):
    """The state of a core is inconsistent: a fault of this program."""


def require(holds: object, rule: str) -> None:
    """Raise InvariantBroken unless the condition holds."""
    if not holds:
        raise InvariantBroken(rule)
