"""What lay on disk when the client core was made, handed to its owners; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, assert_never

from client.core.state.conversation_list import Conversations
from client.core.state.saved import (
    Saved,
    SavedCursors,
    SavedEpoch,
    SavedGroup,
    SavedSender,
    SavedSnapshot,
    SavedWaiting,
)

S = TypeVar("S", bound=Saved)


class Kept:
    """What lay on disk, by kind."""

    def __init__(self, items: Iterable[Saved]) -> None:
        self.items = list(items)

    def all(self, kind: type[S]) -> list[S]:
        """All items of a kind."""
        return [item for item in self.items if isinstance(item, kind)]

    def first(self, kind: type[S]) -> S | None:
        """The one item of a kind, if there is one."""
        return next(iter(self.all(kind)), None)


def load_saved(conversations: Conversations, item: Saved) -> None:
    """Hand a part of a conversation that is kept by itself to its owner; what belongs to none is
    left.
    """
    if not isinstance(
        item, SavedSnapshot | SavedEpoch | SavedSender | SavedWaiting | SavedCursors | SavedGroup
    ):
        return
    conversation = conversations.get(item.conv_id)
    if conversation is None:
        return
    match item:
        case SavedSnapshot():
            conversation.membership.load(item)
        case SavedEpoch():
            conversation.keys.add(item)
        case SavedSender():
            conversation.incoming.note_sender(item)
        case SavedWaiting():
            conversation.incoming.hold(item)
        case SavedCursors():
            conversation.receipts.load(item.cursors)
        case SavedGroup():
            conversation.pending.order_group(item)
        case _:
            assert_never(item)
