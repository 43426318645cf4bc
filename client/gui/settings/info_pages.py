"""The pages of the settings that only tell: the account, the keys, and what this program is."""

from __future__ import annotations

import platform
from importlib import metadata

from PyQt5.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, Qt, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QHeaderView, QLabel, QLineEdit, QTableWidget, QTableWidgetItem

from client.gui.kit.dialogs import KEYS
from client.gui.kit.theme import mono_font
from client.gui.language.translation import tr, tr_dynamic
from client.gui.session.notification_rules import APP_TITLE
from client.gui.session.state import ROLE_WORDS, SessionState
from client.gui.settings.page import Page
from shared.messages import Role
from shared.version import VERSION

LICENCE = "GPL-3.0-or-later"
LIBRARIES = (
    ("pyzmq", "BSD-3-Clause"),
    ("PyNaCl", "Apache-2.0"),
    ("msgpack", "Apache-2.0"),
    ("msgspec", "BSD-3-Clause"),
    ("platformdirs", "MIT"),
    ("confusable_homoglyphs", "MIT"),
    ("imagesize", "MIT"),
    ("pathvalidate", "MIT"),
    ("filelock", "MIT"),
    ("xkcdpass", "BSD-3-Clause"),
    ("markdown-it-py", "MIT"),
    ("Pygments", "BSD-2-Clause"),
    ("emoji", "BSD-3-Clause"),
    ("Jinja2", "BSD-3-Clause"),
    ("MarkupSafe", "BSD-3-Clause"),
)


class AccountPage(Page):
    """Who one is here, and where one's keys lie."""

    def __init__(self, state: SessionState, folder: str) -> None:
        super().__init__(tr("Account"))
        self._state, self.folder = state, folder
        self.heading(tr("You"))
        self.rows = self.facts([(tr("Username"), ""), (tr("Class"), ""), (tr("Role"), "")])
        self._names = tuple(self.rows)  # as they were said when the page was made
        self.heading(tr("Profile folder"))
        self.path = QLineEdit(folder, self.body)
        self.path.setReadOnly(True)
        self.path.setCursorPosition(0)
        self.path.setAccessibleName(tr("Profile folder"))
        self.path.setToolTip(folder.replace("<", "\u2039"))
        self.column.addWidget(self.path)
        self.note(
            tr(
                "Your keys and your history lie there, sealed by your passphrase. Nobody can replace them."
            )
        )
        (self.show_folder,) = self.buttons(
            (tr("Open folder"), tr("Open the profile folder"), self._open_folder)
        )
        for widget in (self.path, self.show_folder):
            widget.setEnabled(bool(folder))
        self.heading(tr("Safety numbers"))
        self.note(
            tr(
                "To be sure that nobody stands between you and a classmate, compare safety numbers: open your direct "
                "conversation, then More, Compare safety number. Both of you must see the same digits."
            )
        )
        self.end()
        self.read()

    def read(self) -> None:
        me = self._state.me
        username = me.username if me is not None else ""
        role = tr_dynamic(ROLE_WORDS[Role(me.role)]).capitalize() if me is not None else ""
        for name, text in zip(self._names, (username, self._state.class_name, role), strict=True):
            self.rows[name].setText(text)
            self.rows[name].setAccessibleName(f"{name}: {text}")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder))


class ShortcutsPage(Page):
    """All keys, to be searched by key or by what it does."""

    def __init__(self) -> None:
        super().__init__(tr("Shortcuts"))
        self.filter = QLineEdit(self.body)
        self.filter.setPlaceholderText(tr("Search keys, e.g. Ctrl or files"))
        self.filter.setAccessibleName(tr("Search keys"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._apply)
        self.table = QTableWidget(len(KEYS), 2, self.body)
        self.table.setAccessibleName(tr("Keys"))
        self.table.setHorizontalHeaderLabels([tr("Keys"), tr("What they do")])
        self.table.setEditTriggers(
            QTableWidget.EditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        )
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(True)
        self.table.setMinimumHeight(200)
        for at, (keys, meaning) in enumerate(KEYS):
            for column, text in enumerate((keys, meaning)):
                item = QTableWidgetItem(tr_dynamic(text))
                item.setFlags(
                    Qt.ItemFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                )
                self.table.setItem(at, column, item)
        self.nothing = QLabel(tr("No key matches."), self.body)
        self.nothing.setProperty("muted", True)
        self.nothing.hide()
        for widget in (self.filter, self.nothing):
            self.column.addWidget(widget)
        self.column.addWidget(self.table, 1)
        self._head()

    def _head(self) -> None:
        across, down = self.table.horizontalHeader(), self.table.verticalHeader()
        if across is not None and down is not None:
            down.hide()
            down.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            across.setStretchLastSection(True)
            across.setDefaultAlignment(
                Qt.Alignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            )
            across.setHighlightSections(False)

    def read(self) -> None:
        size = max(11, self.fontInfo().pixelSize() - 1)
        for at in range(self.table.rowCount()):
            item = self.table.item(at, 0)
            if item is not None:
                item.setFont(mono_font(size))
        self.table.setColumnWidth(
            0, min(self.table.sizeHintForColumn(0) + 12, max(140, self.width() // 2))
        )

    def _apply(self, text: str) -> None:
        words, shown = text.casefold().split(), 0
        for at, row in enumerate(KEYS):
            is_shown = all(word in " ".join(map(tr_dynamic, row)).casefold() for word in words)
            self.table.setRowHidden(at, not is_shown)
            shown += is_shown
        self.nothing.setVisible(not shown)


class AboutPage(Page):
    """Name, version, licence, and the libraries that it stands on."""

    def __init__(self) -> None:
        super().__init__(tr("About"))
        self.heading(f"{APP_TITLE} {VERSION}")
        self.note(tr("The chat of one class: end-to-end encrypted, nothing you write is lost."))
        self.note(
            tr(
                "Free software under the licence {licence}. It comes without any warranty.",
                licence=LICENCE,
            )
        )
        self.heading(tr("Libraries"))
        rows = [
            ("Python", f"{platform.python_version()}, PSF-2.0"),
            ("Qt", f"{QT_VERSION_STR}, LGPL-3.0"),
            ("PyQt5", f"{PYQT_VERSION_STR}, GPL-3.0"),
        ]
        self.libraries = self.facts(
            rows + [(name, _described(name, licence)) for name, licence in LIBRARIES]
        )
        self.end()


def _described(name: str, licence: str) -> str:
    try:
        return f"{metadata.version(name)}, {licence}"
    except metadata.PackageNotFoundError:  # packed into an installer without its metadata
        return licence
