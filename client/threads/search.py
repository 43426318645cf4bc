"""The thread of full-text search: reads the sealed history into the index, keeps it up, and
answers.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from client.clock import system_clock
from client.core.state.effects import Event, FindQuestions, FindText, TextFound
from client.core.state.saved import StoredRow
from client.storage.search_index import TextIndex
from client.storage.similar_questions import wanted
from client.storage.store import Store
from shared.crypto.vault import Vault
from shared.logs import Log

_PAGE: Final = 256
_PAUSE_S: Final = 0.002  # between pages, so that the window is never held up

_CALM_S: Final = (
    0.3  # new rows are indexed when none have come for so long, or when somebody searches
)
_MAX_BEHIND: Final = 20_000  # rows that may wait for that

_log = Log("client.search")


class SearchThread:
    """`note`, `post` and `stop` from the network thread; `report` is called on this thread."""

    def __init__(self, database: Path, vault: Vault, report: Callable[[Event], None]) -> None:
        self._database = database
        self._vault = vault
        self._report = report
        self._orders: queue.SimpleQueue[FindText | FindQuestions | list[StoredRow] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name="client-search", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def post(self, order: FindText | FindQuestions) -> None:
        """Search, or look for similar questions."""
        self._orders.put(order)

    def note(self, rows: Iterable[StoredRow]) -> None:
        """These rows are on disk now in this form."""
        taken = list(rows)
        if taken:
            self._orders.put(taken)

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the thread; the index goes with it."""
        if self._thread.ident is not None:
            self._orders.put(None)
            self._thread.join(timeout_s)

    # --- the thread ---

    def _run(self) -> None:
        try:
            with (
                closing(Store(self._database, self._vault)) as store,
                closing(TextIndex()) as index,
            ):
                self._work(store, index)
        except Exception:  # noqa: BLE001 - the top of the thread: there is no search any more, the chat goes on
            _log.error("search failed", exc_info=True)

    def _work(self, store: Store, index: TextIndex) -> None:
        # The newest pages of all conversations come first: that is what is searched for most.
        unread = sorted(
            (
                (first, conv_id)
                for conv_id, count in store.extents()
                for first in range(0, count, _PAGE)
            ),
        )
        behind: deque[list[StoredRow]] = deque()
        while True:
            pause_s = _CALM_S if behind else None
            try:
                order = self._orders.get(timeout=_PAUSE_S if unread else pause_s)
            except queue.Empty:
                if unread:
                    first, conv_id = unread.pop()
                    index.put(store.page(conv_id, first, _PAGE))
                else:
                    index.put(behind.popleft())
                continue
            if order is None:
                return
            if isinstance(order, FindText | FindQuestions):
                while behind:
                    index.put(behind.popleft())
                self._report(self._find(store, index, order, is_complete=not unread))
            else:
                behind.append(order)
                while sum(map(len, behind)) > _MAX_BEHIND:
                    index.put(behind.popleft())

    def _find(
        self, store: Store, index: TextIndex, order: FindText | FindQuestions, is_complete: bool
    ) -> TextFound:
        if isinstance(order, FindQuestions):
            positions = index.similar(wanted(order.text), order.conv_id, order.limit)
        else:
            positions = index.find(
                order.match, order.conv_id, order.sender, order.has_file, order.limit
            )
        rows = [row for conv_id, position in positions for row in store.page(conv_id, position, 1)]
        return TextFound(system_clock(), order.request_id, rows, is_complete)
