"""Tells the user about new messages: a bubble at the tray, or a blinking window; a burst is told
once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PyQt5.QtCore import QEvent, QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication

from client.api.values import Conversation, Row, RowKind
from client.gui.notifications.tray import Tray
from client.gui.session.notification_rules import should_tell, words_for
from client.gui.session.preferences import Preferences
from client.gui.session.services import WindowServices

GATHER_MS = 300  # what comes within this time after the first is told with it
PAUSE_MS = 2500  # after one bubble until the next
MAX_WAITING = 1000  # rows whose key has not arrived that are remembered


class Notifier(QObject):
    """Belongs to the main window; lives on its thread."""

    told = pyqtSignal(
        str, str
    )  # title, text: what a bubble says, or would say where there is no tray

    def __init__(
        self,
        services: WindowServices,
        preferences: Preferences,
        tray: Tray,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(services.top_level)
        self._services, self._preferences, self._tray = services, preferences, tray
        self.now = now
        # Nobody is told before the window was there for the first time.
        self._is_started = services.top_level.isVisible()
        self._gathered: list[tuple[bytes, Row]] = []
        self._waiting: dict[bytes, None] = {}  # message_ids whose key has not arrived
        self._last_conv = b""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        services.top_level.installEventFilter(self)
        tray.bubble_clicked.connect(self.open_last)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Show:
            self._is_started = True
            self._services.refresh_soon()  # the icon in the tray comes with the window
        return False

    def take_over(self, other: Notifier) -> None:
        """Go on for another one: with what it has gathered and not told, and with what it waits
        for.
        """
        self._is_started, self._waiting, self._last_conv = (
            other._is_started,
            other._waiting,
            other._last_conv,
        )
        self._gathered = other._gathered
        if self._gathered:
            self._timer.start(GATHER_MS)

    def rows_appended(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """New rows of any conversation."""
        for row in rows:
            if row.kind is RowKind.WAITING and len(self._waiting) < MAX_WAITING:
                self._waiting[row.message_id] = None
        self._gather(conv_id, rows)

    def rows_updated(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Changed rows: those that could not be read until now are news."""
        opened = [
            row
            for row in rows
            if row.message_id in self._waiting and row.kind is not RowKind.WAITING
        ]
        for row in opened:
            del self._waiting[row.message_id]
        self._gather(conv_id, opened)

    def _gather(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        fresh = [(conv_id, row) for row in rows if not row.is_own and row.kind is RowKind.TEXT]
        if not fresh or not self._is_started:
            return
        self._gathered += fresh
        if not self._timer.isActive():
            self._timer.start(GATHER_MS)

    def flush(self) -> None:
        """Tell what has gathered and is still news."""
        gathered, self._gathered = self._gathered, []
        now = self.now()
        told: list[tuple[Conversation, Row]] = []
        for conv_id, row in gathered:
            conversation = self._services.state.conversations.get(conv_id)
            if conversation is None:
                continue
            is_seen = row.position < conversation.read_position or self._services.is_seen(conv_id)
            if should_tell(row, conversation, self._preferences, now, is_seen):
                told.append((conversation, row))
        if told:
            self._tell(told)
            self._timer.start(PAUSE_MS)

    def _tell(self, told: Sequence[tuple[Conversation, Row]]) -> None:
        title, text = words_for(told, self._preferences.shows_text)
        self._last_conv = told[-1][0].conv_id
        if not self._tray.show_bubble(title, text):
            QApplication.alert(self._services.top_level)
        if self._preferences.has_sound:
            QApplication.beep()
        self.told.emit(title, text)

    def open_last(self) -> None:
        """A click on the bubble: show the window and the conversation."""
        self._tray.show_window()
        if self._last_conv:
            self._services.open_conversation(self._last_conv)
