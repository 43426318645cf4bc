"""The settings: a list of pages at the left, the page at the right. Everything applies at once."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtGui import QResizeEvent, QShowEvent
from PyQt5.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client.gui.language.translation import tr
from client.gui.notifications.tray import Tray
from client.gui.session.preferences import Preferences
from client.gui.session.state import SessionState
from client.gui.settings.choice_pages import (
    AppearancePage,
    FilesPage,
    NotificationsPage,
    WritingPage,
)
from client.gui.settings.info_pages import AboutPage, AccountPage, ShortcutsPage
from client.gui.settings.page import Page

WIDTH, HEIGHT = 720, 560
LEAST_WIDTH, LEAST_HEIGHT = 560, 380


class SettingsDialog(QDialog):
    """Never larger than the window that it belongs to."""

    def __init__(
        self,
        window: QWidget,
        state: SessionState,
        preferences: Preferences,
        tray: Tray,
        profile_folder: str,
    ) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Settings"))
        self.account = AccountPage(state, profile_folder)
        self.notifications = NotificationsPage(preferences, tray)
        self.appearance = AppearancePage(preferences)
        self.writing = WritingPage(preferences)
        self.files = FilesPage(preferences)
        self.shortcuts = ShortcutsPage()
        self.about = AboutPage()
        self.pages: tuple[Page, ...] = (
            self.account,
            self.notifications,
            self.appearance,
            self.writing,
            self.files,
            self.shortcuts,
            self.about,
        )
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Pages of the settings"))
        self.stack = QStackedWidget(self)
        for page in self.pages:
            self.list.addItem(page.title)
            self.stack.addWidget(page)
        self.list.currentRowChanged.connect(self._show)
        self._lay_out()
        preferences.changed.connect(self._read)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.resize(min(WIDTH, window.width() - 20), min(HEIGHT, window.height() - 20))
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _lay_out(self) -> None:
        close = QPushButton(tr("Close"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.list)
        middle.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(middle, 1)
        layout.addLayout(foot)

    def show_page(self, title: str) -> None:
        """Go to the page of this title."""
        for at, page in enumerate(self.pages):
            if page.title == title:
                self.list.setCurrentRow(at)

    def _show(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        self.pages[row].read()

    def _read(self, _name: str) -> None:
        for page in self.pages:
            page.read()

    def _fit(self) -> None:
        wanted = self.list.sizeHintForColumn(0) + 2 * self.list.frameWidth() + 8
        self.list.setFixedWidth(max(120, wanted))
        self.shortcuts.read()

    def _widen(self) -> None:
        """As wide as the widest line of a page, as far as the window lets it; beyond that the page
        scrolls.
        """
        lines = max(
            page.body.minimumSizeHint().width() + page.verticalScrollBar().sizeHint().width()
            for page in self.pages
        )
        wanted = self.list.width() + lines + 2 * 16 + 16
        self.resize(max(self.width(), min(wanted, self.parentWidget().width() - 20)), self.height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._widen()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(
            self, "pages"
        ):
            self._fit()
            self._widen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
