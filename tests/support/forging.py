"""Messages that a class mate or the broker made by hand: each promise of a message can be broken on
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from client.core.state.conversation import Conversation
from client.core.state.effects import Event, Received
from client.core.state.saved import SavedSender
from shared.codec import decode_requests
from shared.crypto.content import Content, encode_content
from shared.crypto.headers import CONTENT, CONTROL, Header
from shared.crypto.identity import make_statement
from shared.crypto.public import ZERO32, entry_hash
from shared.crypto.records import GROUP, RecordMember, build_record, encode_record
from shared.crypto.sealing import seal_message
from shared.crypto.secret import sign
from shared.crypto.seeds import box_seed, seal_title, seed_commit
from shared.messages import Boxes, Entries, Entry, EntryKind, LogId, Message, PostedBox
from tests.support.class_room import ClassRoom, Participant
from tests.support.members import CountedRandom

_random = CountedRandom("forging")


def conversation_of(person: Participant, conv_id: bytes) -> Conversation:
    """The conversation as a client core holds it."""
    return person.core._work.conversations[conv_id]


def known_sender(reader: Participant, sender: Participant, conv_id: bytes) -> SavedSender | None:
    """What the reader knows of the sender's last message."""
    return conversation_of(reader, conv_id).incoming.senders.get(sender.identity.did)


def forge(
    reader: Participant,
    sender: Participant,
    conv_id: bytes,
    content: Content | bytes,
    *,
    sequence: int = 0,
    n: int | None = None,
    prev: bytes | None = None,
    seen: tuple[int, bytes] | None = None,
    kind: int | None = None,
    header_changes: dict[str, object] | None = None,
    message_id: bytes = b"",
    seed: bytes = b"",
) -> Entry:
    """The next entry of the log for this reader, truly sealed by the sender; each part can be set
    wrongly.
    """
    found = conversation_of(reader, conv_id)
    snapshot, last = found.snapshot, known_sender(reader, sender, conv_id)
    assert snapshot is not None
    is_text = not isinstance(content, bytes) and type(content).__name__ in (
        "Text",
        "Question",
        "File",
    )
    number = n if n is not None else (last.n + 1 if last else 1)
    header = Header(
        (CONTENT if is_text else CONTROL) if kind is None else kind,
        conv_id,
        snapshot.epoch,
        snapshot.epoch_id,
        sender.uid,
        sender.identity.did,
        number,
        message_id or _random(16),
        5,
    )
    for name, value in (header_changes or {}).items():
        header = Header(
            *(
                value if field == name else getattr(header, field)
                for field in Header.__struct_fields__
            )
        )
    before = prev if prev is not None else (last.hash if last else bytes(32))
    body = content if isinstance(content, bytes) else encode_content(content)
    key = seed or conversation_of(sender, conv_id).head_seed()
    raw, cipher = seal_message(
        key, sender.identity.sign_secret, header, before, seen or (0, bytes(32)), body, _random
    )
    at = sequence or found.log.cursor + 1
    return Entry(at, int(EntryKind.MESSAGE), sender.uid, 5, header.message_id, raw, cipher)


def push(room: ClassRoom, reader: Participant, conv_id: bytes, *entries: Entry) -> None:
    """The broker pushes these entries to one reader."""
    reader.hand(Received(room.moment, Entries(LogId(conv_id), list(entries), entries[-1].sequence)))


def digest_of(entry: Entry) -> bytes:
    """The hash that the next message of this sender names."""
    return entry_hash(entry.body, entry.proof)


def last_reason(person: Participant) -> str:
    """Why the last thing was set aside; empty if nothing was."""
    found = person.quarantined()
    return found[-1].reason if found else ""


def without_boxes() -> Callable[[Message], Message | None]:
    """A connection on which no key arrives."""
    return lambda message: None if isinstance(message, Boxes) else message


def altered(
    change: Callable[[Entry], Entry], *kinds: EntryKind
) -> Callable[[Message], Message | None]:
    """A connection on which entries of these kinds are altered."""

    def tamper(message: Message) -> Message | None:
        if not isinstance(message, Entries):
            return message
        entries = [change(entry) if entry.kind in kinds else entry for entry in message.entries]
        return msgspec.structs.replace(message, entries=entries)

    return tamper


def forge_record(
    reader: Participant,
    author: Participant,
    conv_id: bytes,
    *,
    seed: bytes = b"s" * 32,
    title: str = "",
    link: bytes | None = None,
    base: tuple[int, bytes] = (0, ZERO32),
    changes: dict[str, object] | None = None,
    members: dict[bytes, RecordMember] | None = None,
) -> Entry:
    """The next epoch record for this reader, signed by the author; `changes` are of the policy."""
    found = conversation_of(reader, conv_id)
    before = found.snapshot
    assert before is not None
    epoch = before.epoch + 1
    policy = before.policy
    if found.about.kind == GROUP:
        policy = replace(
            policy, title=seal_title(seed, conv_id, epoch, title or found.about.title, _random)
        )
    policy = replace(policy, **(changes or {}))  # type: ignore[arg-type]
    record = build_record(
        before,
        conv_id=conv_id,
        origin=None,
        members_after=members or before.members,
        policy=policy,
        commit=seed_commit(seed, conv_id, epoch),
        link=link,
        base_seq=base[0],
        base_t=base[1],
        sent_at_ms=reader.room.moment.wall_ms,
        uid=author.uid,
        did=author.identity.did,
        reason="rotate",
    )
    raw = encode_record(record)
    signature = sign(author.identity.sign_secret, "epoch-sig", raw)
    return Entry(
        found.log.cursor + 1, int(EntryKind.RECORD), author.uid, 5, _random(16), raw, signature
    )


def box_for(
    reader: Participant, conv_id: bytes, epoch: int, seed: bytes, *, poster: bytes = b"p" * 16
) -> PostedBox:
    """The seed of an epoch, sealed to the reader."""
    (_, public) = reader.identity.uk_secrets[1]
    return PostedBox(poster, 1, box_seed(seed, conv_id, epoch, reader.uid, public))


def hand_boxes(
    room: ClassRoom, reader: Participant, conv_id: bytes, epoch: int, *boxes: PostedBox
) -> list[Message]:
    """The broker answers with these boxes; what the reader sends upon that."""
    return sent_by(reader, Received(room.moment, Boxes(conv_id, epoch, list(boxes))))


def sent_by(person: Participant, event: Event) -> list[Message]:
    """What a client sends because of an event."""
    before = list(person.to_broker)
    person.hand(event)
    fresh = list(person.to_broker)[len(before) :]
    return [message for frame in fresh for message in decode_requests(frame)]


def statement_entry(
    reader: Participant, author: Participant, conv_id: bytes, kind: EntryKind, about: bytes = b""
) -> Entry:
    """A signed wish to join or to leave; `about` names another conversation than its place."""
    word = "leave" if kind == EntryKind.LEAVE else "join"
    statement, signature = make_statement(author.identity, word, about or conv_id, ZERO32)
    cursor = conversation_of(reader, conv_id).log.cursor
    return Entry(cursor + 1, int(kind), author.uid, 5, _random(16), statement, signature)
