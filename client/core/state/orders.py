"""The effects that the parts of the client core order while events are handled; pure."""

from __future__ import annotations

from client.api.events import Notice
from client.core.state.effects import Drop, Effect, Save, SaveRow, Send, Tell
from client.core.state.saved import Saved, StoredRow
from shared.invariants import require
from shared.messages import Message


class Orders:
    """Owns what was ordered and not yet handed to the shell."""

    def __init__(self) -> None:
        self._changes: dict[
            tuple[str, bytes | int], Effect
        ] = {}  # by place: a later one replaces an earlier one
        self._sends: list[Effect] = []
        self._tells: list[Effect] = []

    def save(self, item: Saved) -> None:
        """Order an item to be kept."""
        self._changes[item.TABLE, item.key()] = Save(item)

    def drop(self, item: Saved) -> None:
        """Order an item to be forgotten."""
        self._changes[item.TABLE, item.key()] = Drop(item.TABLE, item.key())

    def save_row(self, row: StoredRow) -> None:
        """Order a row to be kept."""
        self._changes[row.conv_id.hex(), row.position] = SaveRow(row)

    def send(self, message: Message) -> None:
        """Order a message to be sent."""
        self._sends.append(Send(message))

    def tell(self, notice: Notice) -> None:
        """Order a notice."""
        self._tells.append(Tell(notice))

    def order(self, effect: Effect) -> None:
        """Order something of the connection; it keeps its place among the notices."""
        self._tells.append(effect)

    def take(self, rows: list[Notice]) -> list[Effect]:
        """All that was ordered: changes, then sends, then the news of rows, then the other notices.

        Rows come before the conversations that count them.
        """
        effects = [*self._changes.values(), *self._sends, *map(Tell, rows), *self._tells]
        self._changes, self._sends, self._tells = {}, [], []
        return effects

    def check_invariants(self) -> None:
        """InvariantBroken unless all that was ordered was handed over."""
        require(
            not (self._changes or self._sends or self._tells), "all that was ordered is handed over"
        )
