"""What the targets of the fuzzer are made for: good bytes, to be changed; and the people and the
group behind them.
"""

from __future__ import annotations

from functools import cache

from shared.codec import encode
from shared.crypto.accounts import verify_genesis
from shared.crypto.content import Text, encode_content
from shared.crypto.files import Manifest
from shared.crypto.headers import Header, encode_header
from shared.crypto.identity import Identity, make_statement
from shared.crypto.public import pack
from shared.crypto.records import EpochRecord, Policy, encode_record
from shared.crypto.secret import pad
from shared.invitations import Invitation
from shared.messages import (
    Entries,
    Entry,
    EntryKind,
    FetchParts,
    Hello,
    Message,
    OpenUpload,
    Part,
    PartsStored,
    PutPart,
    Refused,
    SendMessage,
    SignedIn,
    UploadReady,
    Welcome,
)
from tests.support.members import Group, make_identity
from tests.support.people import BROKER_KEY, Room, new_id

KEY, SEED = b"k" * 32, b"s" * 32
HEADER = Header(0, KEY[:16], 0, KEY, KEY[:16], KEY[:16], 1, KEY[:16], 5)
RAW_HEADER = encode_header(HEADER)
MANIFEST = Manifest(b"f" * 16, KEY, 10, bytes(32), bytes(32), "a.py", "text/x-python")
LINK = (
    Invitation("127.0.0.1", 5513, BROKER_KEY, "abc-def", "Class")
    .encode()
    .removeprefix("csce513:")
    .encode()
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
GIF = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)
BMP = bytes.fromhex(
    "424d3a0000000000000036000000280000000100000001000000010018000000000004000000"
) + bytes(20)
VAULT = pack((pack((1, "argon2id13", 1, 8192, bytes(16), bytes(32))), bytes(72)))
MARKUP = (
    b"# **bold** _it_ `code` ~~no~~ [a](https://b.c) @ana https://x.y\n"
    b"```python\ndef f(): return 1\n```\n> q\n- a\n- [x] b\n  1. c\n\n"
    b"|a|b|\n|-|:-:|\n|1|2|\n***\n\xf0\x9f\x91\x8d <mailto:a@b.c>\n"
)
TOML = b'port = 5513\nclass_name = "Class"\njoining = "open"\nmessage_rate = 1.5\n'
LINES = [b"one\ntwo\nthree\n\xff\x00one\n2\nthree\r\n", b"\xff\xfea\0\xff\x00b"]


@cache
def class_of_two() -> tuple[Room, Identity, Identity, bytes]:
    """Two people and their group; what is stored of it is the beginning of every run of
    `broker`.
    """
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    return room, alice, bo, room.create_group(alice, bo)


@cache
def group_of_two() -> Group:
    """A group that stands."""
    return Group.of("ana", "bo", policy=Policy(title=b"t"))


def requests() -> list[bytes]:
    """What clients send."""
    room, alice, _, conv_id = class_of_two()
    samples: list[Message] = [
        Hello(1, "test", "ana"),
        SendMessage(bytes(16), bytes(16), b"header", b"cipher"),
        OpenUpload(bytes(16), bytes(16), 3, 300_000),
        PutPart(bytes(16), 2, b"part"),
        FetchParts(bytes(16), [0, 1], [bytes(8)]),
        room.message(alice, conv_id),
    ]
    return [encode(sample) for sample in samples]


def answers() -> list[bytes]:
    """What the broker sends."""
    samples: list[Message] = [
        Entries(bytes(16), [Entry(1, 1, bytes(16), 5, bytes(16), b"body", b"proof")], 1),
        SignedIn(bytes(16), "ana", 0, [], [bytes(16)], 5),
        UploadReady(bytes(16), bytes(72), 16),
        PartsStored(bytes(16), [1, 2], 4),
        Part(bytes(16), 5, bytes(8), b"part"),
        Welcome(1, "Class", bytes(16), bytes(32), "code", b""),
        Refused("malformed", "Why.", b"", ["ana2"], 100),
    ]
    return [encode(sample) for sample in samples]


def broker() -> list[bytes]:
    """A first byte (who speaks) and frames."""
    room, alice, bo, conv_id = class_of_two()
    said: list[Message] = [
        room.message(alice, conv_id),
        room.change(alice, conv_id, remove=[bo.uid]),
        room.statement(alice, conv_id, EntryKind.LEAVE),
        OpenUpload(new_id(), conv_id, 2, 10 + 32 + 80),
    ]
    alone = [b"\0" + encode(message) for message in said]
    return [
        *alone,
        b"\0" + b"\xc1\xc1".join(map(encode, said)),
        b"\xc0" + encode(Hello(1, "x", "alice")),
    ]


def message() -> list[bytes]:
    """The inside of a sealed message."""
    inner = pack((bytes(32), [0, bytes(32)], encode_content(Text("hello"))))
    return [pad(bytes(64) + inner), pad(bytes(64))]


def account() -> list[bytes]:
    """A first entry, a statement, a later entry."""
    person = make_identity("ana")
    statement, _ = make_statement(person, "leave", b"c" * 16, b"e" * 32)
    head = verify_genesis(person.genesis).head
    entry = pack((1, 1, person.uid, 1, head, "rotate_uk", [2, b"u" * 32, 0], 5, b"root"))
    return [person.genesis, statement, pack((entry, bytes(64)))]


def record() -> list[bytes]:
    """The second record of a group, and a first one."""
    group = group_of_two()
    return [
        encode_record(group.next_record("ana", group.rows().values())),
        encode_record(_first_record()),
    ]


def _first_record() -> EpochRecord:
    group = Group.of("ana", "bo")
    rows, group.snapshot = group.rows(), None
    return group.next_record("ana", rows.values(), Policy(title=b"t"))
