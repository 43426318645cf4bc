"""What the parts of the client core share: time, randomness, timers, rows, people, and where they
order; pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from client.api.events import Notice
from client.core.state.conversation import Conversation
from client.core.state.conversation_list import Conversations
from client.core.state.effects import Effect, Moment
from client.core.state.file_versions import Drafts
from client.core.state.orders import Orders
from client.core.state.people import People
from client.core.state.pins_and_questions import Marks
from client.core.state.rows import Rows
from client.core.state.saved import Saved, SavedSelf
from client.core.timers import Timers
from shared.crypto.identity import Identity
from shared.messages import Message


@dataclass(kw_only=True, slots=True)
class Context:
    """Shared by the core's parts; used on the network thread only."""

    identity: Identity
    random: Callable[[int], bytes]
    jitter: Callable[[], float]  # uniform in [0, 1)
    saved_self: SavedSelf
    orders: Orders
    conversations: Conversations
    rows: Rows
    people: People
    drafts: Drafts
    marks: Marks
    timers: Timers = field(default_factory=Timers)
    at: Moment = Moment(0, 0)
    is_signed_in: bool = False
    is_directory_read: bool = False
    is_directory_unchecked: bool = (
        False  # the server has yet to show that it goes on from my last entry
    )

    @property
    def me(self) -> bytes:
        """My uid."""
        return self.identity.uid

    @property
    def can_send(self) -> bool:
        """Whether requests about conversations may go out now."""
        return self.is_signed_in and self.is_directory_read

    def touch(self, conversation: Conversation) -> None:
        """The conversation changed: save it, show it, see what it needs next."""
        self.conversations.touch(conversation)

    # --- ordering ---

    def save(self, item: Saved) -> None:
        """Order an item to be kept."""
        self.orders.save(item)

    def drop(self, item: Saved) -> None:
        """Order an item to be forgotten."""
        self.orders.drop(item)

    def send(self, message: Message) -> None:
        """Order a message to be sent; silently nothing without a sign-in, the log brings it up
        again.
        """
        if self.is_signed_in:
            self.orders.send(message)

    def send_raw(self, message: Message) -> None:
        """Order a message of the sign-in itself."""
        self.orders.send(message)

    def tell(self, notice: Notice) -> None:
        """Order a notice."""
        self.orders.tell(notice)

    def order(self, effect: Effect) -> None:
        """Order something of the connection or of the files; it keeps its place among the
        notices.
        """
        self.orders.order(effect)
