"""The rows of the open conversation as a Qt model: pages of 128 rows, 64 of them kept, asked for
when needed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PyQt5.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, pyqtSignal

from client.api.values import Row, RowKind
from client.gui.language.local_words import time_text
from client.gui.language.said_words import failure_words, said_words
from client.gui.language.translation import tr
from client.gui.messages.badges import spoken_chips
from client.gui.messages.cards.words import copied_file, spoken_file
from client.text import markup

PAGE_ROWS = 128
PAGES_KEPT = 64
_MAX_TRIES = 3  # a page whose rows do not come is not asked for at every paint


def sentence_of(row: Row) -> str:
    """What the row says in words, also when its text cannot be shown."""
    if row.kind is RowKind.DELETED:
        return tr("This message was deleted.")
    if row.kind is RowKind.WAITING:
        return tr("Waiting for the key of this message from {username}.", username=row.username)
    if row.kind is RowKind.QUARANTINED:
        return said_words(row.said)
    return copied_file(row) if row.kind is RowKind.TEXT else said_words(row.said)


def _spoken_file(row: Row) -> str:
    return spoken_file(row, "")


def accessible_text(row: Row, file_words: Callable[[Row], str] = _spoken_file) -> str:
    """One row as a screen reader says it; `file_words` says its file with the state of the
    transfer.
    """
    if row.kind is RowKind.SYSTEM:
        return said_words(row.said)
    time = time_text(row.sent_at_ms)
    text = markup.one_line(row.text, 2000) if row.kind is RowKind.TEXT else sentence_of(row)
    text = ". ".join(phrase for phrase in (file_words(row), text) if phrase)
    quote = tr("in reply to {username}", username=row.quote.username) + ", " if row.quote else ""
    end = f", {tr('edited')}" if row.is_edited else ""
    if row.failure:
        end += ", " + tr("not sent: {reason}", reason=failure_words(row.failure))
    return f"{row.username}, {time}: {quote}{spoken_chips(row)}{text}{end}"


class ConversationModel(QAbstractListModel):
    """Stored rows 0 .. row_count - 1, then the pending ones. Lives on the window's thread."""

    rows_wanted = pyqtSignal(int, int)  # first, count: answered by rows_loaded()
    new_line_moved = pyqtSignal(int, int)  # old and new index of the NEW line, -1 for none

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row_count = 0
        self._pending: list[Row] = []
        self._pages: OrderedDict[int, list[Row | None]] = OrderedDict()
        self._tries: dict[int, int] = {}
        self._in_flight: set[int] = set()
        self._new_line = -1
        self.file_words: Callable[[Row], str] = _spoken_file  # the view knows the transfers too

    # --- what the window tells ---

    def reset(
        self, row_count: int, read_position: int, has_unread: bool, pending: Sequence[Row]
    ) -> None:
        """Show another conversation."""
        self.beginResetModel()
        self._row_count = row_count
        self._pending = list(pending)
        self._pages.clear()
        self._tries.clear()
        self._in_flight.clear()
        self._new_line = read_position if has_unread and read_position < row_count else -1
        self.endResetModel()

    def rows_loaded(self, rows: Sequence[Row]) -> None:
        """The answer to rows_wanted."""
        self._put([row for row in rows if 0 <= row.position < self._row_count])

    def rows_appended(self, rows: Sequence[Row]) -> None:
        """New stored rows at the end. A pending row that is among them leaves the pending ones."""
        fresh = [row for row in rows if row.position >= self._row_count]
        self._put([row for row in rows if 0 <= row.position < self._row_count])
        if not fresh:
            return
        ids = {row.message_id for row in fresh}
        if any(row.message_id in ids for row in self._pending):
            self.set_pending([row for row in self._pending if row.message_id not in ids])
        last = max(row.position for row in fresh)
        self.beginInsertRows(QModelIndex(), self._row_count, last)
        self._row_count = last + 1
        for row in fresh:
            self._store(row)
        self.endInsertRows()

    def rows_updated(self, rows: Sequence[Row]) -> None:
        """Rows that changed; those of pages that are not here come when they are asked for."""
        here = [row for row in rows if row.position // PAGE_ROWS in self._pages]
        self._put([row for row in here if 0 <= row.position < self._row_count])

    def set_pending(self, rows: Sequence[Row]) -> None:
        """All own messages that are not stored yet."""
        fresh, had = list(rows), len(self._pending)
        start, kept = self._row_count, min(had, len(fresh))
        if len(fresh) > had:
            self.beginInsertRows(QModelIndex(), start + had, start + len(fresh) - 1)
            changed = self._replace_pending(fresh)
            self.endInsertRows()
        elif len(fresh) < had:
            first = next((at for at in range(kept) if fresh[at] != self._pending[at]), kept)
            self.beginRemoveRows(QModelIndex(), start + first, start + first + had - len(fresh) - 1)
            del self._pending[first : first + had - len(fresh)]
            self.endRemoveRows()
            changed = self._replace_pending(fresh)
        else:
            changed = self._replace_pending(fresh)
        for at in changed:
            self.dataChanged.emit(self.index(start + at), self.index(start + at))

    def set_read(self, read_position: int, has_unread: bool) -> None:
        """Move or take away the NEW line."""
        old, self._new_line = (
            self._new_line,
            read_position if has_unread and read_position < self._row_count else -1,
        )
        if old == self._new_line:
            return
        self.new_line_moved.emit(old, self._new_line)
        for at in {old, self._new_line} - {-1}:
            if at < self.rowCount():
                self.dataChanged.emit(self.index(at), self.index(at))

    # --- what the view asks ---

    @property
    def new_line(self) -> int:
        """The row before which the NEW line stands, or -1."""
        return self._new_line

    @property
    def stored_count(self) -> int:
        """Rows without the pending ones."""
        return self._row_count

    def row_at(self, index: int) -> Row | None:
        """The row; None while its page is not here (it has been asked for) or when there is
        none.
        """
        if index >= self._row_count:
            at = index - self._row_count
            return self._pending[at] if at < len(self._pending) else None
        if index < 0:
            return None
        row = self._here(index)
        if row is None:
            self._ask(index // PAGE_ROWS)
            row = self._here(index)  # the answer may have come at once
        return row

    def find_message(self, message_id: bytes) -> int:
        """The index of a message among the rows that are here, newest first; -1 if it is not."""
        for at, row in enumerate(self._pending):
            if row.message_id == message_id:
                return self._row_count + at
        for page in sorted(self._pages, reverse=True):
            for slot, stored in enumerate(self._pages[page]):
                if stored is not None and stored.message_id == message_id:
                    return page * PAGE_ROWS + slot
        return -1

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._row_count + len(self._pending)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if (
            role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            or not index.isValid()
        ):
            return None
        row = self.row_at(index.row())
        if row is None:
            return tr("Loading")
        is_spoken = role == Qt.ItemDataRole.AccessibleTextRole
        return accessible_text(row, self.file_words) if is_spoken else sentence_of(row)

    # --- pages ---

    def _here(self, index: int) -> Row | None:
        page = self._pages.get(index // PAGE_ROWS)
        if page is None:
            return None
        self._pages.move_to_end(index // PAGE_ROWS)
        return page[index % PAGE_ROWS]

    def _ask(self, page: int) -> None:
        if page in self._in_flight or self._tries.get(page, 0) >= _MAX_TRIES:
            return
        self._in_flight.add(page)
        self._tries[page] = self._tries.get(page, 0) + 1
        first = page * PAGE_ROWS
        self.rows_wanted.emit(first, min(PAGE_ROWS, self._row_count - first))

    def _store(self, row: Row) -> None:
        number, slot = divmod(row.position, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = [None] * PAGE_ROWS
            while len(self._pages) > PAGES_KEPT:
                dropped, _ = self._pages.popitem(last=False)
                self._tries.pop(dropped, None)
        page[slot] = row
        self._pages.move_to_end(number)

    def _put(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        for row in rows:
            self._store(row)
            self._in_flight.discard(row.position // PAGE_ROWS)
        positions = [row.position for row in rows]
        if len(positions) == max(positions) - min(positions) + 1:
            self.dataChanged.emit(self.index(min(positions)), self.index(max(positions)))
            return
        for position in positions:
            self.dataChanged.emit(self.index(position), self.index(position))

    def _replace_pending(self, fresh: list[Row]) -> list[int]:
        changed = [
            at
            for at, (old, new) in enumerate(zip(self._pending, fresh, strict=False))
            if old != new
        ]
        self._pending = fresh
        return changed
