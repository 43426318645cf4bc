"""The texts of rows as blocks: short ones at once, long ones off the window's thread, and code with
its colours.
"""

from __future__ import annotations

from collections import OrderedDict

from PyQt5.QtCore import QObject, pyqtSignal

from client.api.values import Row
from client.gui.kit.workers import Workers
from client.text.highlighting import coloured, is_quick
from client.text.markup import Block, is_long, parse

TEXTS_KEPT, LENGTH_KEPT = 600, 1_000_000  # texts, and characters in all


class ParsedTexts(QObject):
    """Keeps what has been read lately.

    Lives on the window's thread; one text at a time is read off it.
    """

    ready = pyqtSignal(bytes)  # message_id of a row that must be laid out anew

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[str, tuple[Block, ...]] = OrderedDict()
        self._length = 0
        self._waiting: dict[
            str, tuple[tuple[Block, ...] | None, set[bytes]]
        ] = {}  # what is shown now, and where
        self._workers = Workers(self)

    def blocks(self, row: Row) -> tuple[Block, ...] | None:
        """Return the blocks of a row's text; None while they are read: `ready` follows.

        Code that takes longer comes without its colours at first.
        """
        text = row.text
        if text in self._kept:
            self._kept.move_to_end(text)
            return self._kept[text]
        if text in self._waiting:
            shown, rows = self._waiting[text]
            rows.add(row.message_id)
            return shown
        blocks = None if is_long(text) else parse(text)
        if blocks is not None and is_quick(blocks):
            return self._keep(text, coloured(blocks))
        self._waiting[text] = blocks, {row.message_id}
        self._read_next()
        return blocks

    def _read_next(self) -> None:
        if self._workers.is_busy or not self._waiting:
            return
        text = next(reversed(self._waiting))  # the youngest is the likeliest to be on the screen
        blocks = self._waiting[text][0]
        self._workers.run(
            lambda: coloured(blocks if blocks is not None else parse(text)),
            lambda made: self._on_read(text, made),
        )

    def _on_read(self, text: str, blocks: tuple[Block, ...]) -> None:
        _, rows = self._waiting.pop(text)
        self._keep(text, blocks)
        for message_id in rows:
            self.ready.emit(message_id)
        self._read_next()

    def _keep(self, text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        self._kept[text] = blocks
        self._length += len(text)
        while len(self._kept) > TEXTS_KEPT or (self._length > LENGTH_KEPT and len(self._kept) > 1):
            dropped, _ = self._kept.popitem(last=False)
            self._length -= len(dropped)
        return blocks
