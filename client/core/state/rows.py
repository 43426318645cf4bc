"""The rows of all conversations: those on disk, and laid over them those that are ordered to be
saved; pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from client.core.state.conversation import Conversation
from client.core.state.conversation_list import Conversations
from client.core.state.orders import Orders
from client.core.state.saved import StoredRow

RowsByPlace = dict[bytes, dict[int, StoredRow]]  # conv_id -> position -> row


class RowSource(Protocol):
    """Where stored rows are read; the store is one."""

    def row(self, message_id: bytes) -> StoredRow | None:
        """The row of a message."""

    def page(self, conv_id: bytes, first: int, count: int) -> list[StoredRow]:
        """Rows [first, first + count)."""

    def own_rows(self, conv_id: bytes, after: int, upto: int) -> list[StoredRow]:
        """Own rows with a sequence in (after, upto]."""

    def count_unread(self, conv_id: bytes, first: int) -> tuple[int, int]:
        """(to be read, of these mentioning me) from position `first` on."""


class RowBook:
    """Stored rows, with those that are ordered to be saved but not yet on disk laid over them."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self._fresh: dict[bytes, StoredRow] = {}

    def settled(self) -> None:
        """All rows ordered so far are on disk."""
        self._fresh.clear()

    def put(self, row: StoredRow) -> None:
        """Lay a row over the stored one."""
        self._fresh[row.message_id] = row

    def get(self, message_id: bytes) -> StoredRow | None:
        """The newest version of a row."""
        return self._fresh.get(message_id) or self.source.row(message_id)

    def own_rows(self, conv_id: bytes, after: int, upto: int) -> list[StoredRow]:
        """Own rows with a sequence in (after, upto], in order."""
        rows = {row.message_id: row for row in self.source.own_rows(conv_id, after, upto)}
        for row in self._fresh.values():
            if row.conv_id == conv_id and row.is_own and after < row.sequence <= upto:
                rows[row.message_id] = row
        return sorted(rows.values(), key=lambda row: row.sequence)

    def page(self, conv_id: bytes, first: int, count: int) -> list[StoredRow]:
        """Rows [first, first + count), in order."""
        rows = {row.position: row for row in self.source.page(conv_id, first, count)}
        for row in self._fresh.values():
            if row.conv_id == conv_id and first <= row.position < first + count:
                rows[row.position] = row
        return [rows[position] for position in sorted(rows)]

    def count_unread(self, conv_id: bytes, first: int) -> tuple[int, int]:
        """(to be read, of these mentioning me) from position `first` on."""
        unread, mentions = self.source.count_unread(conv_id, first)
        fresh = sorted(
            row.position
            for row in self._fresh.values()
            if row.conv_id == conv_id and row.position >= first
        )
        before = [
            row for start, count in _runs(fresh) for row in self.source.page(conv_id, start, count)
        ]
        for row in self._fresh.values():
            if row.conv_id == conv_id and row.position >= first:
                unread += row.counts_as_unread
                mentions += row.counts_as_unread and row.mentions_me
        for row in before:
            unread -= row.counts_as_unread
            mentions -= row.counts_as_unread and row.mentions_me
        return unread, mentions


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """(first, count) of what follows without a gap in sorted numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def restruct(row: StoredRow, **changes: object) -> StoredRow:
    """A row with some of its fields changed."""
    return msgspec.structs.replace(row, **changes)


class Rows(RowBook):
    """Owns which rows are new and changed since the last notices, and counts them."""

    def __init__(self, source: RowSource, orders: Orders, conversations: Conversations) -> None:
        super().__init__(source)
        self._orders = orders
        self._conversations = conversations
        self._appended: RowsByPlace = {}
        self._updated: RowsByPlace = {}

    def add(self, conversation: Conversation, row: StoredRow) -> StoredRow:
        """Give a row the next position, count it, order it to be kept and shown."""
        placed = restruct(row, position=conversation.reading.row_count)
        conversation.reading.add_row(
            row.sent_at_ms, is_unread=placed.counts_as_unread, mentions_me=placed.mentions_me
        )
        self._keep(placed)
        self._appended.setdefault(row.conv_id, {})[placed.position] = placed
        self._conversations.touch(conversation)
        return placed

    def change(self, row: StoredRow, **changes: object) -> StoredRow:
        """Order a row to be kept and shown in its new form; unread counts follow."""
        changed = restruct(row, **changes)
        conversation = self._conversations[row.conv_id]
        mentions = (changed.counts_as_unread and changed.mentions_me) - (
            row.counts_as_unread and row.mentions_me
        )
        unread = changed.counts_as_unread - row.counts_as_unread
        conversation.reading.change_row(row.position, unread=unread, mentions=mentions)
        self.update(changed)
        self._conversations.touch(conversation)
        return changed

    def update(self, row: StoredRow) -> None:
        """Order a changed row that counts as before to be kept and shown."""
        self._keep(row)
        fresh = self._appended.get(row.conv_id, {})
        if row.position in fresh:
            fresh[row.position] = row
        else:
            self._updated.setdefault(row.conv_id, {})[row.position] = row

    def show_again(self, rows: Iterable[StoredRow]) -> None:
        """Show rows anew whose look depends on other things than themselves (delivered)."""
        for row in rows:
            if row.position not in self._appended.get(row.conv_id, {}):
                self._updated.setdefault(row.conv_id, {})[row.position] = row

    def take_news(self) -> tuple[RowsByPlace, RowsByPlace]:
        """Take out the changed rows and the new ones."""
        taken = self._updated, self._appended
        self._updated, self._appended = {}, {}
        return taken

    def _keep(self, row: StoredRow) -> None:
        self.put(row)
        self._orders.save_row(row)
