"""The base of views that paint their rows themselves: a list for screen readers, without delegates
or selected rows.
"""

from __future__ import annotations

from PyQt5.QtCore import QModelIndex, QRect, Qt
from PyQt5.QtGui import QRegion
from PyQt5.QtWidgets import QAbstractItemView, QAbstractScrollArea


class QListView(QAbstractItemView):
    """An item view without delegates and selected rows.

    Qt's accessibility takes a view for a list if a class of this name is among its bases: PyQt5 has
    no
    QAccessibleInterface to say it otherwise, and the real QListView asks the delegate for each row.
    """

    def configure(self) -> None:
        """To be called once the part of the subclass exists: Qt asks it for indexes meanwhile."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
        self.setAutoScroll(False)  # a click must not move the text
        self.viewport().setMouseTracking(True)

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifiers | Qt.KeyboardModifier,
    ) -> QModelIndex:
        return self.currentIndex()  # the subclass handles the keys

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: QModelIndex) -> bool:
        return False

    def setSelection(self, rect: QRect, command: object) -> None:
        """Rows are not selected, text is."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion()

    def keyboardSearch(self, search: str | None) -> None:
        """Typing must not walk through a hundred thousand rows."""
