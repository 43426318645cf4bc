"""Drafts: the files of one name in a conversation are versions of one draft, in the order of the
log; pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable

import msgspec

from client.core.state.orders import Orders
from client.core.state.rows import Rows, restruct
from client.core.state.saved import SavedDraft, StoredFile, StoredRow


class Drafts:
    """Owns which message is which version of what."""

    def __init__(
        self,
        rows: Rows,
        orders: Orders,
        random: Callable[[int], bytes],
        saved: Iterable[SavedDraft] = (),
    ) -> None:
        self._rows = rows
        self._orders = orders
        self._random = random
        self._drafts = {(draft.conv_id, draft.name): draft for draft in saved}

    def next_version(self, conv_id: bytes, name: str) -> tuple[int, bytes]:
        """(version, message_id of the one before) that a new file of this name will have."""
        draft = self._drafts.get((conv_id, name.casefold()))
        if draft is None:
            return 1, b""
        return len(draft.versions) + 1, draft.versions[-1][1]

    def add_version(
        self, conv_id: bytes, sequence: int, message_id: bytes, file: StoredFile
    ) -> StoredFile:
        """The file with its version.

        One that has waited for its key moves the later ones up by one.
        """
        name = file.name.casefold()
        draft = self._drafts.get((conv_id, name))
        if draft is None:
            draft = self._drafts[conv_id, name] = SavedDraft(self._random(16), conv_id, name)
        index = bisect_left(draft.versions, (sequence, message_id))
        draft.versions.insert(index, (sequence, message_id))
        self._orders.save(draft)
        for later in range(index + 1, len(draft.versions)):
            row = self._rows.get(draft.versions[later][1])
            if row is not None and row.file is not None:
                moved = _numbered(row.file, later + 1, draft.versions[later - 1][1])
                self._rows.update(restruct(row, file=moved))
        return _numbered(file, index + 1, draft.versions[index - 1][1] if index else b"")

    def of_conversation(self, conv_id: bytes) -> list[list[StoredRow]]:
        """All drafts with their versions oldest first, the draft that changed last first; without
        deleted ones.
        """
        drafts = []
        for draft in self._drafts.values():
            if draft.conv_id != conv_id:
                continue
            rows = [
                row
                for _, message_id in draft.versions
                if (row := self._rows.get(message_id)) and row.file
            ]
            if rows:
                drafts.append(rows)
        drafts.sort(key=lambda rows: rows[-1].sequence, reverse=True)
        return drafts

    def on_deleted(self, row: StoredRow) -> None:
        """A version was deleted: the next one is compared with the one before it."""
        assert row.file is not None
        versions = self._drafts[row.conv_id, row.file.name.casefold()].versions
        index = versions.index((row.sequence, row.message_id))
        for _, message_id in versions[index + 1 :]:
            later = self._rows.get(message_id)
            if later is not None and later.file is not None:
                moved = _numbered(later.file, later.file.version, row.file.previous)
                self._rows.update(restruct(later, file=moved))
                return


def _numbered(file: StoredFile, version: int, previous: bytes) -> StoredFile:
    return msgspec.structs.replace(file, version=version, previous=previous)
