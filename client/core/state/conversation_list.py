"""The conversations that this client knows, and which of them have changed; pure."""

from __future__ import annotations

from collections.abc import Iterable

from client.core.state.conversation import Conversation
from client.core.state.saved import SavedConversation
from shared.invariants import require


class Conversations(dict[bytes, Conversation]):
    """Owns the conversations by conv_id; used on the network thread only."""

    def __init__(self, saved: Iterable[SavedConversation] = ()) -> None:
        super().__init__((item.conv_id, Conversation(item)) for item in saved)
        self._dirty: dict[bytes, Conversation] = {}  # to be saved and shown at the end
        self._restless: dict[bytes, Conversation] = {}  # to be looked at for what they need next

    def ensure(self, conv_id: bytes) -> Conversation:
        """The conversation, made new if nothing is known of it."""
        conversation = self.get(conv_id)
        if conversation is None:
            conversation = self[conv_id] = Conversation(SavedConversation(conv_id=conv_id))
            self.touch(conversation)
        return conversation

    def touch(self, conversation: Conversation) -> None:
        """It changed: save it, show it, see what it needs next."""
        self._dirty[conversation.conv_id] = conversation
        self._restless[conversation.conv_id] = conversation

    def stir(self, conversation: Conversation) -> None:
        """See what it needs next."""
        self._restless[conversation.conv_id] = conversation

    def take_dirty(self) -> list[Conversation]:
        """Take out what is to be saved and shown."""
        taken, self._dirty = list(self._dirty.values()), {}
        return taken

    def take_restless(self) -> list[Conversation]:
        """Take out what is to be looked at."""
        taken, self._restless = list(self._restless.values()), {}
        return taken

    def check_invariants(self, me: bytes, can_send: bool) -> None:
        """InvariantBroken unless every conversation fits together, and none is left to be saved or
        looked at.
        """
        require(not self._dirty, "what changed is saved and shown")
        require(not self._restless, "every conversation is at rest")
        for conv_id, conversation in self.items():
            require(conversation.conv_id == conv_id, "a conversation stands under its id")
            conversation.check_invariants(me, can_send)
