"""The content of a sealed message: a text, a question, a file, or an act on another message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from shared.crypto.files import Manifest, pack_manifest, unpack_manifest
from shared.crypto.public import expect, is_bytes, pack, unpack_exact
from shared.errors import CryptoReject

MAX_TEXT_BYTES: Final = 32 * 1024
MAX_EMOJI_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Text:
    """A text; `reply_to` is the message_id that it answers, or empty."""

    text: str
    reply_to: bytes = b""


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text for a message of one's own; `target_hash` is the entry hash of the target."""

    target_message_id: bytes
    target_hash: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Deletes a message for everybody."""

    target_message_id: bytes
    target_hash: bytes


@dataclass(frozen=True, slots=True)
class React:
    """Adds an emoji to a message, or removes it."""

    target_message_id: bytes
    target_hash: bytes
    emoji: str
    remove: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that the broker holds, with a caption (may be empty)."""

    manifest: Manifest
    text: str = ""
    reply_to: bytes = b""


@dataclass(frozen=True, slots=True)
class Pin:
    """Pins a message for everybody, or unpins it."""

    target_message_id: bytes
    target_hash: bytes
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A text that asks for an answer; replies to it are answers."""

    text: str


@dataclass(frozen=True, slots=True)
class Accept:
    """Marks an answer (the target) as the right one, or takes that back."""

    target_message_id: bytes
    target_hash: bytes
    remove: bool = False


Shown = Text | File | Question  # takes a row of its own
Act = Edit | Delete | React | Pin | Accept  # changes the row of another message
Content = Shown | Act


def encode_content(content: Content) -> bytes:
    """Return the body of a message."""
    match content:
        case Text(text, reply_to):
            return pack((1, text, reply_to))
        case Edit(message_id, digest, text):
            return pack((2, message_id, digest, text))
        case Delete(message_id, digest):
            return pack((3, message_id, digest))
        case File(manifest, text, reply_to):
            return pack((5, pack_manifest(manifest), text, reply_to))
        case Pin(message_id, digest, remove):
            return pack((6, message_id, digest, remove))
        case Question(text):
            return pack((7, text))
        case Accept(message_id, digest, remove):
            return pack((8, message_id, digest, remove))
    return pack((4, content.target_message_id, content.target_hash, content.emoji, content.remove))


def decode_content(raw: bytes) -> Content:
    """Read a body; raises CryptoReject for anything this version does not know."""
    kind, *fields = unpack_exact(raw, 64 * 1024) or [None]
    expect(type(kind) is int, "content")
    match kind, len(fields):
        case 1, 2:
            text, reply_to = fields
            expect(_is_text(text) and (reply_to == b"" or is_bytes(reply_to, 16)))
            return Text(text, reply_to)
        case 2, 3:
            _check_target(fields)
            expect(_is_text(fields[2]))
            return Edit(*fields)
        case 3, 2:
            _check_target(fields)
            return Delete(*fields)
        case 4, 4:
            _check_target(fields)
            emoji, remove = fields[2:]
            expect(
                type(emoji) is str
                and 0 < len(emoji.encode()) <= MAX_EMOJI_BYTES
                and type(remove) is bool
            )
            return React(*fields)
        case 5, 3:
            manifest, text, reply_to = fields
            expect(_is_text(text) and (reply_to == b"" or is_bytes(reply_to, 16)))
            return File(unpack_manifest(manifest), text, reply_to)
        case ((6 | 8), 3):
            _check_target(fields)
            expect(type(fields[2]) is bool)
            return Pin(*fields) if kind == 6 else Accept(*fields)
        case 7, 1:
            expect(_is_text(fields[0]))
            return Question(*fields)
    raise CryptoReject("content")


def _is_text(value: Any) -> bool:
    return type(value) is str and len(value.encode()) <= MAX_TEXT_BYTES


def _check_target(fields: list[Any]) -> None:
    expect(is_bytes(fields[0], 16) and is_bytes(fields[1], 32))
