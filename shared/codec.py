"""Turn messages into bytes and back; no other file knows the framing.

A frame is one message, or a counted row of messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Union, cast

import msgspec

from shared.errors import CodecError
from shared.messages import ANSWERS, MAX_FRAME_BYTES, REQUESTS, Message

MAX_MESSAGES: Final = 1024  # in one frame

# MessagePack's array with a length of 16 bits; no message begins like that, because none has 16 fields
_ROW: Final = b"\xdc"


def prepare(kinds: Iterable[type]) -> None:
    """Let msgspec examine these structs now, while only one thread runs.

    It would otherwise do so at their first use, and two threads using one for the first time
    together crash the process (msgspec 0.22).
    """
    for kind in kinds:
        msgspec.msgpack.Decoder(kind)


class _Reader:
    """Reads what one side sends.

    msgspec checks every length against the bytes present before it allocates memory for it.
    """

    def __init__(self, kinds: tuple[type[Message], ...]) -> None:
        prepare(kinds)
        self._one = msgspec.msgpack.Decoder(cast(type[Message], Union[kinds]))  # noqa: UP007  made from a tuple
        self._row = msgspec.msgpack.Decoder(list[Union[kinds]])  # type: ignore[valid-type]  # noqa: UP007

    def read(self, frame: bytes) -> list[Message]:
        if not 0 < len(frame) <= MAX_FRAME_BYTES:
            raise CodecError("frame size")
        try:
            if not frame.startswith(_ROW):
                return [self._one.decode(frame)]
            if not 0 < int.from_bytes(frame[1:3], "big") <= MAX_MESSAGES:
                raise CodecError("number of messages in a frame")
            return self._row.decode(frame)
        except (ValueError, RecursionError) as error:  # msgspec's own errors are ValueErrors
            raise CodecError(str(error)) from error


_requests = _Reader(REQUESTS)
_answers = _Reader(ANSWERS)
_encoder = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """Return one message as bytes: a frame by itself, or a part for `join`."""
    return _encoder.encode(message)


def join(items: Sequence[bytes]) -> bytes:
    """Return one frame of 1 to MAX_MESSAGES encoded messages."""
    if len(items) == 1:
        return items[0]
    return b"".join((_ROW, len(items).to_bytes(2, "big"), *items))


def frames(items: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Join encoded messages into as few frames as their number and `max_bytes` allow.

    A message longer than `max_bytes` gets a frame of its own.
    """
    waiting: list[bytes] = []
    size = 0
    for item in items:
        if waiting and (size + len(item) > max_bytes or len(waiting) == MAX_MESSAGES):
            yield join(waiting)
            waiting, size = [], 0
        waiting.append(item)
        size += len(item)
    if waiting:
        yield join(waiting)


def decode_requests(frame: bytes) -> list[Message]:
    """Read a client's frame.

    Raises CodecError, and nothing else, for anything that does not match the tables exactly.
    """
    return _requests.read(frame)


def decode_answers(frame: bytes) -> list[Message]:
    """Read the broker's frame. Raises CodecError, and nothing else."""
    return _answers.read(frame)
