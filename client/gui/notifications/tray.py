"""The icon in the system's tray, drawn in code, with its menu; without a tray nothing of it is
there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PyQt5.QtCore import QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFont, QIcon, QPainter, QPainterPath, QPixmap
from PyQt5.QtWidgets import QAction, QApplication, QMenu, QSystemTrayIcon

from client.gui.kit.theme import LIGHT, ui_font
from client.gui.language.translation import tr
from client.gui.session.notification_rules import tomorrow
from client.gui.session.preferences import Preferences
from client.gui.session.services import WindowServices

SIZES = (16, 22, 24, 32, 48, 64)
BUBBLE_MS = 6000
_GREY = "#6B7480"  # while nobody may disturb


def tray_icon(has_unread: bool, mentions: int, is_quiet: bool = False) -> QIcon:
    """A speech bubble; with a dot if something is unread, with a number if somebody is meant."""
    icon = QIcon()
    for size in SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 64, size / 64)
        _paint_bubble(painter, is_quiet)
        if mentions:
            _paint_count(painter, mentions)
        elif has_unread:
            _paint_dot(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def _paint_bubble(painter: QPainter, is_quiet: bool) -> None:
    shape, tail = QPainterPath(), QPainterPath()
    shape.addRoundedRect(QRectF(3, 6, 58, 44), 13, 13)
    tail.moveTo(QPointF(14, 44))
    tail.lineTo(QPointF(14, 61))
    tail.lineTo(QPointF(34, 46))
    tail.closeSubpath()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_GREY if is_quiet else LIGHT.accent))
    painter.drawPath(shape.united(tail))
    painter.setBrush(QColor(LIGHT.on_accent))
    for x in (19, 32, 45):
        painter.drawEllipse(QPointF(x, 28), 4.5, 4.5)


def _paint_dot(painter: QPainter) -> None:
    painter.setBrush(QColor(LIGHT.on_accent))
    painter.drawEllipse(QPointF(50, 14), 14, 14)
    painter.setBrush(QColor(LIGHT.new))
    painter.drawEllipse(QPointF(50, 14), 11, 11)


def _paint_count(painter: QPainter, mentions: int) -> None:
    text = str(mentions) if mentions < 100 else "99"
    pill = QRectF(64 - (40 if len(text) == 1 else 54), 0, 40 if len(text) == 1 else 54, 40)
    painter.setBrush(QColor(LIGHT.badge))
    painter.drawRoundedRect(pill, 20, 20)
    painter.setFont(ui_font(34, QFont.Weight.Bold))
    painter.setPen(QColor(LIGHT.on_badge))
    painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)


class Tray(QObject):
    """Belongs to the main window; lives on its thread."""

    bubble_clicked = pyqtSignal()

    def __init__(self, services: WindowServices, preferences: Preferences) -> None:
        super().__init__(services.top_level)
        self._top_level, self._preferences = services.top_level, preferences
        self._look: tuple[bool, int, bool] | None = None
        self.holds_window = False  # the window was closed into the tray
        self.menu = QMenu(services.top_level)
        self.menu.addAction(tr("Open"), self.show_window)
        self.menu.addSeparator()
        self.quiet_hour = self.menu.addAction(
            tr("Do not disturb for 1 hour"), self.be_quiet_for_an_hour
        )
        self.quiet_day = self.menu.addAction(
            tr("Do not disturb until tomorrow"), self.be_quiet_until_tomorrow
        )
        self.quiet_off = self.menu.addAction(tr("Do not disturb: off"), self.be_loud)
        self.menu.addSeparator()
        self.menu.addAction(tr("Quit"), services.quit)
        self.menu.aboutToShow.connect(self._write_menu)
        self._icon: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self.menu)
            self._icon.activated.connect(self._on_activated)
            self._icon.messageClicked.connect(self.bubble_clicked)

    @property
    def is_possible(self) -> bool:
        """Whether this system has a tray."""
        return self._icon is not None

    @property
    def is_there(self) -> bool:
        """Whether there is a tray with the icon in it."""
        return self._icon is not None and self._icon.isVisible()

    def show_state(self, unread: int, mentions: int, name: str) -> None:
        """Show the icon, and what is unread."""
        if self._icon is None or not (self._top_level.isVisible() or self.holds_window):
            return
        look = (unread > 0, mentions, self.is_quiet())
        if look != self._look:
            self._look = look
            self._icon.setIcon(tray_icon(*look))
        phrases = [
            name,
            tr("{unread} unread", unread=unread) if unread else "",
            tr("do not disturb") if look[2] else "",
        ]
        self._icon.setToolTip("\n".join(phrase for phrase in phrases if phrase))
        self._icon.show()

    def show_bubble(self, title: str, text: str) -> bool:
        """Show a bubble; False if the system has no place for it."""
        if self._icon is None or not self.is_there or not QSystemTrayIcon.supportsMessages():
            return False
        # Some systems take what is between < and > for markup.
        title, text = (
            words.replace("<", "\u2039").replace(">", "\u203a") for words in (title, text)
        )
        self._icon.showMessage(title, text, self._top_level.windowIcon(), BUBBLE_MS)
        return True

    def show_window(self) -> None:
        """Bring the window to the front, from the tray or from behind others."""
        self.holds_window = False
        window = self._top_level
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def take_window(self) -> bool:
        """The window is being closed: True if it is only to be hidden, as the user wants that and
        there is a tray.
        """
        app = QApplication.instance()
        is_ending = (
            isinstance(app, QApplication) and app.isSavingSession()
        )  # the user signs out of the computer
        if not self._preferences.keeps_in_tray or not self.is_there or is_ending:
            return False
        self.holds_window = True
        return True

    def hide(self) -> None:
        """The program ends."""
        self.holds_window = False
        if self._icon is not None:
            self._icon.hide()

    # --- do not disturb ---

    def is_quiet(self) -> bool:
        """Whether "do not disturb" holds now."""
        return datetime.now().timestamp() * 1000 < self._preferences.do_not_disturb_until_ms

    def be_quiet_for_an_hour(self) -> None:
        """Do not disturb for one hour."""
        self._set_quiet(datetime.now() + timedelta(hours=1))

    def be_quiet_until_tomorrow(self) -> None:
        """Do not disturb until tomorrow morning."""
        self._set_quiet(tomorrow(datetime.now()))

    def be_loud(self) -> None:
        """Disturb again."""
        self._preferences.do_not_disturb_until_ms = 0

    def _set_quiet(self, until: datetime) -> None:
        self._preferences.do_not_disturb_until_ms = int(until.timestamp() * 1000)

    def _write_menu(self) -> None:
        self._enable(self.quiet_off, self.is_quiet())

    def _enable(self, action: QAction | None, is_enabled: bool) -> None:
        if action is not None:
            action.setEnabled(is_enabled)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.show_window()
