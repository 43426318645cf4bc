"""Why a command cannot be carried out, and the checks that several commands share; pure."""

from __future__ import annotations

from typing import cast

from client.api.said import Detail
from client.core import server_faults as faults
from client.core.context import Context
from client.core.state.conversation import Conversation
from client.core.views import can_write
from shared.crypto.content import MAX_TEXT_BYTES
from shared.errors import ChatError, RefusedError

LATER = cast(object, type("Later", (), {})())  # the answer comes when what was asked for is known


class CommandRefused(ChatError):
    """This command cannot be carried out."""

    def __init__(self, code: str, detail: str = "", **details: object) -> None:
        super().__init__("", detail, **details)
        self.code = code


def check_writable(work: Context, conversation: Conversation) -> None:
    """CommandRefused or RefusedError unless I may write here."""
    if conversation.about.peer and work.people.is_blocked(conversation.about.peer):
        raise CommandRefused("key_changed", Detail.THEIR_KEY_CHANGED)
    if faults.is_stopped(conversation):
        raise CommandRefused(conversation.doubts.fault)
    if not can_write(work, conversation):
        is_member = conversation.row(work.me) is not None
        raise RefusedError("not_allowed" if is_member else "not_a_member")


def check_text(text: str) -> None:
    """A text that can be sent."""
    if not text.strip():
        raise CommandRefused("empty")
    check_caption(text)


def check_caption(text: str) -> None:
    """A text that can be sent, or none."""
    if text_size(text) > MAX_TEXT_BYTES:
        raise RefusedError("too_large")


def text_size(text: str) -> int:
    """Bytes in UTF-8."""
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise CommandRefused("malformed", Detail.UNSENDABLE_TEXT) from error
