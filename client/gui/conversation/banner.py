"""The connection banner: only after two seconds without a connection, never modal."""

from __future__ import annotations

import time

from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from client.api.events import ConnectionChanged
from client.api.values import ConnectionState
from client.gui.kit.elided_label import ElidedLabel
from client.gui.language.translation import tr
from client.gui.session.state import banner_sentence

PATIENCE_MS = 2000
TICK_MS = 500
MARGIN_LEFT, MARGIN_RIGHT, SPACING = 20, 11, 6


class Banner(QFrame):
    """Shows the connection's state while it is not ONLINE."""

    retry_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setFixedHeight(32)
        self._connection = ConnectionChanged(ConnectionState.CONNECTING)
        self._retry_at = 0.0
        self.label = ElidedLabel(self)
        self.retry = QPushButton(tr("Retry now"), self)
        self.retry.setAccessibleName(tr("Retry the connection now"))
        self.retry.clicked.connect(self._on_retry)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN_LEFT, 0, MARGIN_RIGHT, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.retry)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(patience_ms)
        self._patience.timeout.connect(self._appear)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._write)
        self.hide()

    def set_connection(self, connection: ConnectionChanged) -> None:
        """Follow the connection; a refusal is shown at once, as it does not pass by itself."""
        self._connection = connection
        self._retry_at = time.monotonic() + connection.retry_in_s
        if connection.state is ConnectionState.ONLINE:
            self._patience.stop()
            self._tick.stop()
            self.hide()
            return
        self._write()
        if connection.state is ConnectionState.REFUSED:
            self._appear()
        elif not self.isVisibleTo(self.parentWidget()) and not self._patience.isActive():
            self._patience.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room for the sentence."""
        super().resizeEvent(event)
        self._write()

    def _appear(self) -> None:
        self._patience.stop()
        self._write()
        self._tick.start()
        self.show()

    def _on_retry(self) -> None:
        self._retry_at = 0.0
        self._write()
        self.retry_requested.emit()

    def _write(self) -> None:
        seconds_left = self._retry_at - time.monotonic()
        sentence = banner_sentence(self._connection, seconds_left)
        room = self.width() - MARGIN_LEFT - MARGIN_RIGHT - self.retry.sizeHint().width() - SPACING
        is_short = self.label.fontMetrics().horizontalAdvance(sentence) > room
        self.label.setText(banner_sentence(self._connection, seconds_left, is_short))
        self.label.setToolTip(sentence)
        self.setAccessibleName(sentence)
