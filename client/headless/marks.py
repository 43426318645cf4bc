"""The commands of the headless client about what stands out: ask, similar, accept, pin, lists of
questions and pins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from client.api import events
from client.api.events import Command, Done
from client.api.values import Found, QuestionState, Row
from client.headless.events import ClassView, message_fields
from client.headless.files import Ask, InTarget
from client.headless.protocol import Fields, Method, message_answer, message_id_of

MARK_FIELDS: dict[str, dict[str, tuple[type, bool]]] = {
    "ask": {"to": (str, True), "text": (str, True)},
    "similar": {"text": (str, True), "to": (str, False), "limit": (int, False)},
    "accept": {"message_id": (str, True), "remove": (bool, False)},
    "pin": {"message_id": (str, True), "remove": (bool, False)},
    "questions": {"of": (str, True), "unanswered": (bool, False)},
    "pins": {"of": (str, True)},
}


class HeadlessMarks:
    """Carries out these commands; runs on the main thread."""

    def __init__(self, ask: Ask, in_target: InTarget, view: ClassView) -> None:
        self._ask = ask
        self._in_target = in_target
        self._view = view
        self.methods: dict[str, Method] = {
            "ask": self._do_ask,
            "similar": self._do_similar,
            "accept": self._do_accept,
            "pin": self._do_pin,
            "questions": self._do_questions,
            "pins": self._do_pins,
        }

    def _do_ask(self, reply_id: object, fields: Fields) -> Fields:
        text = str(fields["text"])

        def send(conv_id: bytes) -> Fields:
            def make(number: int) -> Command:
                return events.SendText(
                    request_id=number, conv_id=conv_id, text=text, is_question=True
                )

            return self._ask(reply_id, make, message_answer)

        return self._in_target(reply_id, str(fields["to"]), send)

    def _do_similar(self, reply_id: object, fields: Fields) -> Fields:
        text, limit = str(fields["text"]), fields.get("limit", 3)
        assert isinstance(limit, int)

        def look(conv_id: bytes) -> Fields:
            def make(number: int) -> Command:
                return events.FindSimilar(
                    request_id=number, text=text, conv_id=conv_id, limit=limit
                )

            return self._ask(reply_id, make, self.on_found)

        return self._in_target(reply_id, str(fields["to"]), look) if "to" in fields else look(b"")

    def on_found(self, done: Done) -> Fields:
        """The messages of a search, or similar questions."""
        result = done.data
        assert isinstance(result, Found)
        messages = [message_fields(self._view.target(conv_id), row) for conv_id, row in result.hits]
        return {"messages": messages, "complete": result.is_complete}

    def _do_accept(self, reply_id: object, fields: Fields) -> Fields:
        message_id, remove = (
            message_id_of(str(fields["message_id"])),
            bool(fields.get("remove", False)),
        )
        return self._ask(
            reply_id,
            lambda n: events.AcceptAnswer(request_id=n, message_id=message_id, remove=remove),
            message_answer,
        )

    def _do_pin(self, reply_id: object, fields: Fields) -> Fields:
        message_id, remove = (
            message_id_of(str(fields["message_id"])),
            bool(fields.get("remove", False)),
        )
        return self._ask(
            reply_id,
            lambda n: events.PinMessage(request_id=n, message_id=message_id, remove=remove),
            message_answer,
        )

    def _do_questions(self, reply_id: object, fields: Fields) -> Fields:
        def is_wanted(row: Row) -> bool:
            return not fields.get("unanswered") or row.question is QuestionState.OPEN

        return self._list(
            reply_id,
            fields,
            lambda n, conv_id: events.GetQuestions(request_id=n, conv_id=conv_id),
            is_wanted,
        )

    def _do_pins(self, reply_id: object, fields: Fields) -> Fields:
        return self._list(
            reply_id,
            fields,
            lambda n, conv_id: events.GetPins(request_id=n, conv_id=conv_id),
            lambda row: True,
        )

    def _list(
        self,
        reply_id: object,
        fields: Fields,
        make: Callable[[int, bytes], Command],
        is_wanted: Callable[[Row], bool],
    ) -> Fields:
        def read(conv_id: bytes) -> Fields:
            def answer(done: Done) -> Fields:
                target = self._view.target(conv_id)
                rows = [row for row in cast("tuple[Row, ...]", done.data) if is_wanted(row)]
                return {"messages": [message_fields(target, row) for row in rows]}

            return self._ask(reply_id, lambda number: make(number, conv_id), answer)

        return self._in_target(reply_id, str(fields["of"]), read)
