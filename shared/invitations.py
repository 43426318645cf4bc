"""Invitations: one link with the broker's address and key, the join code and the class's name."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from platformdirs import user_data_dir

from shared.errors import InvitationInvalid

SCHEME = "csce513"
APP_NAME = "csce513fall24msg"
STUDENT_FILE = "invitation-students.txt"
INSTRUCTOR_FILE = "invitation-instructor.txt"
_MAX_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where the broker is, its CURVE public key (32 raw bytes), and what it asks of newcomers."""

    host: str
    port: int
    broker_key: bytes
    join_code: str
    class_name: str

    @property
    def endpoint(self) -> str:
        """The address as ZeroMQ writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"

    @property
    def broker_key_z85(self) -> bytes:
        """The key in the 40 characters that ZeroMQ's options take."""
        return z85_encode(self.broker_key)

    def encode(self) -> str:
        """Return the link."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        key = base64.urlsafe_b64encode(self.broker_key).decode().rstrip("=")
        code, name = quote(self.join_code, safe=""), quote(self.class_name, safe="")
        return f"{SCHEME}://{host}:{self.port}/join?key={key}&code={code}&class={name}"


def parse_invitation(text_or_path: str) -> Invitation:
    """Read a link, or a file that holds one. Raises InvitationInvalid for anything else."""
    text = text_or_path.strip()
    if not text.startswith(f"{SCHEME}:"):
        text = _link_in_file(text)
    if len(text) > _MAX_TEXT:
        raise InvitationInvalid()
    try:
        return _parse_link(text)
    except (ValueError, binascii.Error) as error:
        raise InvitationInvalid() from error


def default_broker_dir() -> Path:
    """Return the folder in which a broker started without --data-dir keeps its data."""
    return Path(user_data_dir(APP_NAME, appauthor=False)) / "broker"


def find_local_invitation() -> Invitation | None:
    """Return the students' invitation of a broker on this machine; None if there is none."""
    try:
        return parse_invitation(str(default_broker_dir() / STUDENT_FILE))
    except InvitationInvalid:
        return None


def _link_in_file(path: str) -> str:
    try:
        with Path(path).expanduser().open(encoding="utf-8") as file:
            content = file.read(4 * _MAX_TEXT)
    except (OSError, ValueError, RuntimeError) as error:
        raise InvitationInvalid() from error
    link = next(
        (line.strip() for line in content.splitlines() if line.strip().startswith(f"{SCHEME}:")), ""
    )
    if not link:
        raise InvitationInvalid()
    return link


def _parse_link(text: str) -> Invitation:
    link = urlsplit(text)
    query = parse_qs(link.query, keep_blank_values=True, strict_parsing=True, max_num_fields=16)
    if link.scheme != SCHEME or link.path != "/join" or not link.hostname or not link.port:
        raise ValueError("not an invitation")
    encoded = query.get("key", [""])[0]
    key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    if len(key) != 32:
        raise ValueError("key length")
    code, name = query.get("code", [""])[0], query.get("class", [""])[0]
    return Invitation(link.hostname, link.port, key, code, name)


_Z85 = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_B85 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_TO_Z85 = bytes.maketrans(_B85, _Z85)
_Z85_VALUES = {char: value for value, char in enumerate(_Z85)}


def z85_encode(raw: bytes) -> bytes:
    """Return ZeroMQ's text form (RFC 32); the length must be a multiple of 4."""
    if len(raw) % 4:
        raise ValueError("length")
    return base64.b85encode(raw).translate(
        _TO_Z85
    )  # the same numbers, written with other characters


def z85_decode(text: bytes) -> bytes:
    """Return the bytes of a Z85 text; raises ValueError if it is not one."""
    if len(text) % 5:
        raise ValueError("length")
    out = bytearray()
    for start in range(0, len(text), 5):
        value = 0
        for char in text[start : start + 5]:
            if char not in _Z85_VALUES:
                raise ValueError("character")
            value = value * 85 + _Z85_VALUES[char]
        out += value.to_bytes(4, "big") if value < 2**32 else _too_big()
    return bytes(out)


def _too_big() -> bytes:
    raise ValueError("value")
