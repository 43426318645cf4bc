"""Bytes <-> messages: the only file that knows MessagePack framing. A frame is one or more messages in a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgpack
import msgspec

from shared.errors import CodecError
from shared.messages import ANSWERS, MAX_FRAME_BYTES, REQUESTS, Message

_MAX_ARRAY = 4096
_MAX_MESSAGES = 1024

Table = dict[int, type[Message]]


def prepare(kinds: Iterable[type[msgspec.Struct]]) -> None:
    """Let msgspec look at these structs now, while one thread imports.

    It does so at the first use otherwise, and two threads with the same first use crash the process (msgspec 0.22).
    """
    for kind in kinds:
        msgspec.msgpack.Decoder(kind)


def _table(types: tuple[type[Message], ...]) -> Table:
    return {cast(int, t.__struct_config__.tag): t for t in types}


REQUEST_TABLE = _table(REQUESTS)
ANSWER_TABLE = _table(ANSWERS)
_TAGS = {t: tag for table in (REQUEST_TABLE, ANSWER_TABLE) for tag, t in table.items()}
prepare(_TAGS)


def encode(message: Message) -> bytes:
    """One message as bytes. Several encoded messages may be joined into one frame."""
    return cast(bytes, msgpack.packb((_TAGS[type(message)], *msgspec.structs.astuple(message)), default=_pack_part))


def _pack_part(part: Any) -> Any:
    return msgspec.structs.astuple(part)


def decode_requests(frame: bytes) -> list[Message]:
    """What a client sent. Raises CodecError, and nothing else, for whatever is not exactly as the tables say."""
    return _decode(frame, REQUEST_TABLE)


def decode_answers(frame: bytes) -> list[Message]:
    """What the broker sent. Raises CodecError, and nothing else."""
    return _decode(frame, ANSWER_TABLE)


def _decode(frame: bytes, table: Table) -> list[Message]:
    if not 0 < len(frame) <= MAX_FRAME_BYTES:
        raise CodecError("frame size")
    try:
        # The common case: one message in the frame. ExtraData carries the first object, but not where it ended.
        return [_convert(_unpack_one(frame), table)]
    except msgpack.ExtraData:
        pass
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise CodecError("not MessagePack") from error
    return _decode_many(frame, table)


def _unpack_one(frame: bytes) -> Any:
    return msgpack.unpackb(frame, max_array_len=_MAX_ARRAY, max_map_len=0, max_ext_len=0)


def _decode_many(frame: bytes, table: Table) -> list[Message]:
    unpacker = msgpack.Unpacker(
        max_buffer_size=MAX_FRAME_BYTES, max_array_len=_MAX_ARRAY, max_map_len=0, max_ext_len=0
    )
    unpacker.feed(frame)
    messages: list[Message] = []
    try:
        while unpacker.tell() < len(frame):
            if len(messages) == _MAX_MESSAGES:
                raise CodecError("too many messages in a frame")
            messages.append(_convert(unpacker.unpack(), table))  # OutOfData, an UnpackException, if cut short
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise CodecError("not MessagePack") from error
    return messages


def _convert(item: Any, table: Table) -> Message:
    if type(item) is not list or not item or type(item[0]) is not int:
        raise CodecError("not an array with a tag")
    kind = table.get(item[0])
    if kind is None:
        raise CodecError("unknown tag")
    try:
        return msgspec.convert(item, kind, strict=True)
    except msgspec.ValidationError as error:
        raise CodecError(f"{kind.__name__}: {error}") from error
