"""The codec: round trips, joined messages, and refusals."""

from __future__ import annotations

import msgpack
import pytest

from shared.codec import decode_answers, decode_requests, encode
from shared.errors import CodecError
from shared.messages import MAX_FRAME_BYTES, Entries, Entry, Hello, Message, Ping, Pong, SendMessage

ENTRIES = Entries(bytes(16), [Entry(1, 1, bytes(16), 5, bytes(16), b"body", b"proof")], 1)


@pytest.mark.parametrize("message", [Hello(1, "test", "ana"), Ping(7), SendMessage(bytes(16), bytes(16), b"h", b"c")])
def test_request_round_trip(message: Message) -> None:
    assert decode_requests(encode(message)) == [message]


def test_nested_parts_round_trip() -> None:
    assert decode_answers(encode(ENTRIES)) == [ENTRIES]


def test_messages_may_be_joined() -> None:
    assert decode_answers(encode(Pong(1)) + encode(ENTRIES) + encode(Pong(2))) == [Pong(1), ENTRIES, Pong(2)]


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc1",
        b"\x90",
        b"\x80",
        b"\x91\xa1x",
        msgpack.packb([99]),
        msgpack.packb([5]),
        msgpack.packb([5, "x"]),
        msgpack.packb([5, 1, 2]),
        msgpack.packb([5, -1]),
        msgpack.packb([5, True]),
        msgpack.packb([40, 1]),
        msgpack.packb({5: 1}),
        msgpack.packb([5, msgpack.ExtType(1, b"x")]),
        encode(Ping(1)) + b"\x92",
        encode(Ping(1)) + b"\xc1",
        b"\x91" * 3000,
        bytes(MAX_FRAME_BYTES + 1),
        encode(Ping(1)) * 1025,
    ],
)
def test_whatever_is_not_a_request_is_refused(frame: bytes) -> None:
    with pytest.raises(CodecError):
        decode_requests(frame)
