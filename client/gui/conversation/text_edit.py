"""The text field of the composer: which keys send, which make a line, and the list of what
completes a word.
"""

from __future__ import annotations

import math
import re

from PyQt5.QtCore import QMimeData, QPoint, Qt, pyqtSignal
from PyQt5.QtGui import (
    QDragEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
)
from PyQt5.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from client.gui.files.outgoing import image_in, paths_in
from client.gui.kit.completion import choices_for, typed_before
from client.gui.kit.key_places import latin_key
from client.gui.language.translation import tr

MAX_LINES = 8
_FENCE = re.compile(r"^ {0,3}```", re.MULTILINE)
_INSERTED = int(Qt.ItemDataRole.UserRole)
_KEY = _INSERTED + 1
_SHIFT, _CTRL = int(Qt.KeyboardModifier.ShiftModifier), int(Qt.KeyboardModifier.ControlModifier)
_KEYPAD = int(Qt.KeyboardModifier.KeypadModifier)


def is_in_fence(text_before: str) -> bool:
    """Whether a ``` fence is open at the end of this text."""
    return len(_FENCE.findall(text_before)) % 2 == 1


class TextEdit(QPlainTextEdit):
    """Enter sends (or Ctrl+Enter, as preferred); Shift+Enter and Enter inside a fence make a
    line.
    """

    send_pressed = pyqtSignal()
    escape_pressed = pyqtSignal()
    edit_last_pressed = pyqtSignal()
    reply_last_pressed = pyqtSignal()
    attach_pressed = pyqtSignal()
    files_pasted = pyqtSignal(object)  # paths
    image_pasted = pyqtSignal(object)  # a QImage
    focus_changed = pyqtSignal(bool)
    wrapped = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.conversations: list[str] = []  # what #names can be completed to
        self.hint = ""  # what stands in the empty field
        self.takes_files = True
        self.enter_sends = True  # otherwise Ctrl+Enter does, and Enter makes a line
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Message"))
        self.document().setDocumentMargin(4)
        self.popup = QListWidget(self.window())
        self.popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.popup.setAccessibleName(tr("Completions"))
        self.popup.itemClicked.connect(self._complete)
        self.popup.hide()
        self._has_moved = False
        self.textChanged.connect(self._suggest)
        self.cursorPositionChanged.connect(self._hide_stale_popup)

    # --- size ---

    def lines(self) -> int:
        """Visible lines of text, wrapped ones counted, at most 8."""
        return max(1, min(MAX_LINES, int(self.document().size().height())))

    def height_for_lines(self) -> int:
        """The height that shows these lines."""
        height, lines = 0.0, 0
        block = self.document().begin()
        while block.isValid() and lines < MAX_LINES:
            self.blockBoundingRect(block)  # lays the block out
            for at in range(min(block.layout().lineCount(), MAX_LINES - lines)):
                height += (
                    block.layout().lineAt(at).height()
                )  # emoji and other fonts make a line higher
                lines += 1
            block = block.next()
        around = 2 * self.frameWidth() + 2 * self.document().documentMargin() + 2
        return math.ceil(max(height, self.fontMetrics().lineSpacing()) + around)

    # --- text ---

    def text_before(self) -> str:
        """All text before the caret."""
        cursor = QTextCursor(
            self.document()
        )  # its positions count UTF-16 units, Python's strings do not
        cursor.setPosition(self.textCursor().position(), QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n")

    def surround(self, before: str, after: str) -> None:
        """Put signs around the selection, or around the caret."""
        cursor = self.textCursor()
        chosen = cursor.selectedText().replace("\u2029", "\n")
        cursor.insertText(f"{before}{chosen}{after}")
        if not chosen:
            cursor.movePosition(
                QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.MoveAnchor, len(after)
            )
        self.setTextCursor(cursor)
        self.setFocus()

    def insert_code(self) -> None:
        """Backticks around one line, a fence around several (or around nothing)."""
        chosen = self.textCursor().selectedText()
        if chosen and "\u2029" not in chosen:
            self.surround("`", "`")
        else:
            first = QTextCursor(self.document())
            first.setPosition(self.textCursor().selectionStart())
            start = "" if first.atBlockStart() else "\n"
            self.surround(f"{start}```\n", "\n```")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hint or not self.document().isEmpty():
            return
        # Qt's own placeholder breaks off into lines, and is lost when the field was filled while
        # hidden.
        margin = int(self.document().documentMargin())
        area = self.viewport().rect().adjusted(margin, margin, -margin, 0)
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        text = self.fontMetrics().elidedText(self.hint, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text)
        painter.end()

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup_key(event) or self._special_key(event):
            return
        super().keyPressEvent(event)

    def _special_key(self, event: QKeyEvent) -> bool:
        key, modifiers = latin_key(event), int(event.modifiers()) & ~_KEYPAD
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._enter(event)
        if key == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
            return True
        if key == Qt.Key.Key_Up and not self.toPlainText():
            if not modifiers:
                self.edit_last_pressed.emit()
                return True
            if modifiers == _SHIFT:
                self.reply_last_pressed.emit()
                return True
        if modifiers == _CTRL and key in (Qt.Key.Key_B, Qt.Key.Key_I):
            sign = "**" if key == Qt.Key.Key_B else "*"
            self.surround(sign, sign)
            return True
        if key == Qt.Key.Key_C and modifiers == _CTRL | _SHIFT:
            self.insert_code()
            return True
        if key == Qt.Key.Key_U and modifiers == _CTRL:
            if self.takes_files:
                self.attach_pressed.emit()
            return True
        return False

    def _enter(self, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertText(
                "\n"
            )  # Qt would put in U+2028, which is not a line of its own
            self.ensureCursorVisible()
            return True
        is_forced = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not is_forced and (not self.enter_sends or is_in_fence(self.text_before())):
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()
            return True
        self.send_pressed.emit()
        return True

    # --- files and images that are pasted or dropped ---

    def canInsertFromMimeData(self, mime: QMimeData) -> bool:
        if self.takes_files and (paths_in(mime) or image_in(mime) is not None):
            return True
        return bool(super().canInsertFromMimeData(mime))

    def insertFromMimeData(self, mime: QMimeData) -> None:
        paths, image = (paths_in(mime), image_in(mime)) if self.takes_files else ([], None)
        if paths:
            self.files_pasted.emit(paths)
        elif image is not None:
            self.image_pasted.emit(image)
        else:
            super().insertFromMimeData(mime)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if paths_in(mime) or image_in(mime) is not None:
            event.ignore()  # files are dropped on the conversation as a whole
        else:
            super().dragEnterEvent(event)

    # --- completion ---

    def _popup_key(self, event: QKeyEvent) -> bool:
        if self.popup.isHidden():
            return False
        key, row = event.key(), self.popup.currentRow()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.popup.setCurrentRow((row + step) % self.popup.count())
            self._has_moved = True
            return True
        item = self.popup.currentItem()
        if key == Qt.Key.Key_Escape or item is None:
            self.popup.hide()
            return True
        is_enter = (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not int(event.modifiers()) & ~_KEYPAD
        )
        typed = typed_before(self.text_before())
        fragment = typed.fragment if typed is not None else ""
        # Enter after a name that is complete, or after a bare @, means "send".
        is_meant = self._has_moved or (
            fragment and fragment.casefold() != item.data(_KEY).casefold()
        )
        if is_enter and is_meant:
            self._complete(item)
            return True
        if is_enter:
            self.popup.hide()
        return False

    def _suggest(self) -> None:
        self.wrapped.emit()
        typed = typed_before(self.text_before()) if self.hasFocus() else None
        choices = choices_for(typed, self.names, self.conversations) if typed is not None else []
        if not choices or is_in_fence(self.text_before()):
            self.popup.hide()
            return
        self._has_moved = False
        self.popup.clear()
        for choice in choices:
            item = QListWidgetItem(choice.shown, self.popup)
            item.setData(_INSERTED, choice.inserted)
            item.setData(_KEY, choice.key)
        self.popup.setCurrentRow(0)
        self._place_popup()

    def _place_popup(self) -> None:
        window = self.window()
        self.popup.setParent(window)
        height = self.popup.sizeHintForRow(0) * self.popup.count() + 6
        corner = self.mapTo(window, QPoint(self.cursorRect().left(), 0))
        left = max(4, min(corner.x(), window.width() - 244))
        self.popup.setGeometry(left, max(4, corner.y() - height - 10), 240, height)
        self.popup.show()
        self.popup.raise_()

    def _complete(self, item: QListWidgetItem) -> None:
        typed, inserted = typed_before(self.text_before()), item.data(_INSERTED)
        self.popup.hide()
        if typed is None:
            return
        cursor, length = self.textCursor(), len(typed.sign + typed.fragment)
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, length)
        cursor.insertText(inserted)
        self.setTextCursor(cursor)

    def _hide_stale_popup(self) -> None:
        if not self.popup.isHidden() and typed_before(self.text_before()) is None:
            self.popup.hide()

    # --- focus ---

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab leaves the field, but with names to choose from it takes one; Qt asks this before any
        key event.
        """
        item = self.popup.currentItem()
        if is_next and not self.popup.isHidden() and item is not None:
            self._complete(item)
            return True
        return bool(super().focusNextPrevChild(is_next))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.popup.hide()
        self.focus_changed.emit(False)
