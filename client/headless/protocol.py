"""What the commands of the headless client share: refusals, answers, ids."""

from __future__ import annotations

from collections.abc import Callable

from client.api.events import Done
from shared.errors import ChatError

Fields = dict[str, object]
Answer = Callable[[Done], Fields]
Method = Callable[[object, Fields], Fields]  # (id of the reply, fields of the command)
CONTINUED: Fields = {"continued": True}  # compared by identity: the reply comes later


class Refusal(ChatError):
    """The command is not right."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def message_answer(done: Done) -> Fields:
    """The id of the message that a command made."""
    return {"message_id": as_bytes(done.data).hex()}


def empty_answer(_: Done) -> Fields:
    """Nothing but that it is done."""
    return {}


def as_bytes(data: object) -> bytes:
    """The id in an answer."""
    assert isinstance(data, bytes)
    return data


def message_id_of(text: str) -> bytes:
    """An id as it stands in commands; Refusal if it is none."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 16:
        raise Refusal("malformed", "An id is 32 hexadecimal digits.")
    return raw
