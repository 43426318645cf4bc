"""Commands on their way: numbers them, and gives each answer to whom it belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from client.api.events import Command, Done


class Requests:
    """Lives on the window's thread."""

    def __init__(self, post: Callable[[Command], None]) -> None:
        self._post = post
        self._last = 0
        self._waiting: dict[int, tuple[type[Command], Callable[[Done], None]]] = {}

    def post(self, command: Command) -> None:
        """Order something whose outcome shows by itself."""
        self._post(command)

    def ask(self, command: Command, answered: Callable[[Done], None]) -> int:
        """Order something and be called back once with its outcome."""
        self._last += 1
        self._waiting[self._last] = type(command), answered
        self._post(replace(command, request_id=self._last))
        return self._last

    def answer(self, done: Done) -> None:
        """Pass on an outcome; those nobody waits for are dropped."""
        _, answered = self._waiting.pop(done.request_id, (None, None))
        if answered is not None:
            answered(done)

    def is_waiting(self, *, but_for: type[Command]) -> bool:
        """Return whether an outcome is still to come, those of one kind of command left out."""
        return any(kind is not but_for for kind, _ in self._waiting.values())

    def forget(self) -> None:
        """Call nobody back any more: those who waited are gone."""
        self._waiting.clear()
