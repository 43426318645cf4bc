"""The codec: round trips, joined messages, and refusals."""

from __future__ import annotations

import msgpack
import pytest

from shared.codec import MAX_MESSAGES, decode_answers, decode_requests, encode, frames, join
from shared.errors import CodecError
from shared.messages import MAX_FRAME_BYTES, Entries, Entry, Hello, Message, Ping, Pong, SendMessage

ENTRIES = Entries(bytes(16), [Entry(1, 1, bytes(16), 5, bytes(16), b"body", b"proof")], 1)


@pytest.mark.parametrize(
    "message", [Hello(1, "test", "ana"), Ping(7), SendMessage(bytes(16), bytes(16), b"h", b"c")]
)
def test_request_round_trip(message: Message) -> None:
    assert decode_requests(encode(message)) == [message]


def test_nested_parts_round_trip() -> None:
    assert decode_answers(encode(ENTRIES)) == [ENTRIES]


def test_messages_may_be_joined() -> None:
    assert decode_answers(join([encode(Pong(1)), encode(ENTRIES), encode(Pong(2))])) == [
        Pong(1),
        ENTRIES,
        Pong(2),
    ]
    assert join([encode(Pong(1))]) == encode(Pong(1))


def test_a_frame_takes_so_many_messages_and_bytes() -> None:
    pings = [Ping(number) for number in range(MAX_MESSAGES + 1)]
    by_number = list(frames(map(encode, pings), 1 << 20))
    assert [len(decode_requests(frame)) for frame in by_number] == [MAX_MESSAGES, 1]
    by_bytes = list(frames([b"x" * 40, b"y" * 60, b"z" * 101, b"z"], 100))
    assert by_bytes == [join([b"x" * 40, b"y" * 60]), b"z" * 101, b"z"]
    assert list(frames([], 100)) == []


def test_the_bytes_are_those_of_any_messagepack() -> None:
    sent = SendMessage(bytes(16), bytes(16), b"h", b"c")
    assert encode(sent) == msgpack.packb([11, bytes(16), bytes(16), b"h", b"c"])
    assert encode(ENTRIES) == msgpack.packb(
        [50, bytes(16), [[1, 1, bytes(16), 5, bytes(16), b"body", b"proof"]], 1]
    )


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
        encode(Ping(1)) * 2,
        b"\xdc",
        b"\xdc\0\0",
        b"\xdc\0\1",
        b"\xdc\0\3" + encode(Ping(1)) * 2,
        b"\xdc\0\1" + encode(Ping(1)) * 2,
        b"\xdc\0\1" * 2 + encode(Ping(1)),
        b"\xdc" + (MAX_MESSAGES + 1).to_bytes(2, "big") + encode(Ping(1)) * (MAX_MESSAGES + 1),
        b"\xdd\0\0\0\1" + encode(Ping(1)),
    ],
)
def test_whatever_is_not_a_request_is_refused(frame: bytes) -> None:
    with pytest.raises(CodecError):
        decode_requests(frame)
