"""Names in an export: unchanged, or students as "Student 1", "Student 2", ...; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from client.api.values import Person
from shared.messages import Role

# A name also ends at an underscore or a dot, so that it is found in "alice_hw1.py".
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"


class Names:
    """The name of everybody in one export.

    Staff keep their names; the order of the people gives the numbers.
    """

    def __init__(self, people: Iterable[Person], is_pseudonymous: bool) -> None:
        self.is_pseudonymous = is_pseudonymous
        self._called: dict[str, str] = {}
        if is_pseudonymous:
            students = sorted(person.username for person in people if person.role < Role.ASSISTANT)
            self._called = {name.casefold(): f"Student {at}" for at, name in enumerate(students, 1)}
        longest_first = sorted(self._called, key=len, reverse=True)
        words = "|".join(map(re.escape, longest_first))
        self._pattern = (
            re.compile(f"{_BEFORE}(?:{words}){_AFTER}", re.IGNORECASE) if words else None
        )

    def of(self, username: str) -> str:
        """Return the name of a person in this export."""
        return self._called.get(username.casefold(), username)

    def within(self, text: str) -> str:
        """Return the text with the names in it replaced, with or without an @ before them."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda hit: self._called.get(hit[0].casefold(), "Student"), text)
