"""Tables of what carries out which kind of command, event, message or notice; pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Kind = TypeVar("Kind")
Answer = TypeVar("Answer")


class Handlers(Generic[Answer]):
    """Owns one handler for each kind.

    That it takes just this kind is checked, by types, where it is registered.
    """

    def __init__(self) -> None:
        self._handlers: dict[type, Callable[[Any], Answer]] = {}

    def on(self, kind: type[Kind], handler: Callable[[Kind], Answer]) -> None:
        """Let a handler carry out one kind."""
        assert kind not in self._handlers, kind
        self._handlers[kind] = handler

    def of(self, thing: object) -> Callable[[Any], Answer] | None:
        """Who carries this out; None if it is of no kind of this table."""
        return self._handlers.get(type(thing))

    @property
    def kinds(self) -> set[type]:
        """All kinds that can be carried out."""
        return set(self._handlers)
