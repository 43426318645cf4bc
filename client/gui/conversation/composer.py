"""The composer: the field, its reply and edit bar, Send, and the line below with who types and the
keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import Quote
from client.gui.conversation.text_edit import TextEdit, is_in_fence
from client.gui.kit.elided_label import ElidedLabel
from client.gui.kit.emoji_picker import EmojiPicker
from client.gui.kit.theme import LIGHT, Theme
from client.gui.language.translation import tr, tr_dynamic, tr_noop

MIN_HEIGHT = 44
UNSENT_PAUSE_MS = 800
TYPING_PAUSE_MS = 1500
NOTE_MS = 8000
HINT = tr_noop("Enter sends \u00b7 Shift+Enter new line \u00b7 Ctrl+Shift+C code")
CTRL_HINT = tr_noop("Ctrl+Enter sends \u00b7 Enter new line \u00b7 Ctrl+Shift+C code")
FENCE_HINT = tr_noop("Inside code Enter makes a new line \u00b7 Ctrl+Enter sends")


@dataclass(frozen=True, slots=True)
class ComposerState:
    """All that stands in the composer of one conversation."""

    text: str = ""
    reply: Quote | None = None
    editing: bytes = b""  # message_id
    parked: str = ""  # what stood there before the edit began
    is_question: bool = False

    @property
    def unsent_text(self) -> str:
        """What is kept on disk: the edit of a sent message is not unsent text."""
        return self.parked if self.editing else self.text


class Composer(QWidget):
    """Where one writes. Lives on the window's thread."""

    send_requested = pyqtSignal(str, bytes)  # text, message_id of the quoted message or empty
    question_submitted = pyqtSignal(str)
    question_changed = pyqtSignal(str)  # the question that is being written; empty if none is
    edit_submitted = pyqtSignal(bytes, str)
    unsent_text_changed = pyqtSignal(str)
    typing_noticed = pyqtSignal()
    edit_last_requested = pyqtSignal()
    reply_last_requested = pyqtSignal()
    files_wanted = pyqtSignal()  # choose files to send
    folder_wanted = pyqtSignal()
    files_offered = pyqtSignal(object)  # paths that were pasted
    image_offered = pyqtSignal(object)  # a QImage that was pasted
    escaped = pyqtSignal()  # Esc with nothing left to cancel
    said = pyqtSignal(str)  # what say() shows: the line is not seen while the composer is hidden

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reply: Quote | None = None
        self._editing = b""
        self._parked = ""
        self._is_question = False
        self._told_question: str | None = ""
        self._is_loading = False
        self._typing_sentence = ""
        self._build_context()
        self._build_box()
        self._build_line()
        self._unsent_timer = self._timer(UNSENT_PAUSE_MS, self._emit_unsent_text)
        self._typing_timer = self._timer(TYPING_PAUSE_MS, lambda: None)
        self._note_timer = self._timer(NOTE_MS, self._write_line)
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 4)
        layout.setSpacing(3)
        for widget in (self.context, self.box, self.line):
            layout.addWidget(widget)
        self.set_theme(LIGHT)
        self._fit()

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _build_context(self) -> None:
        self.context = QFrame(self)
        self.context_label = ElidedLabel(self.context)
        self.context_label.setProperty("muted", True)
        self.context_close = QToolButton(self.context)
        self.context_close.setText("\u2715")
        self.context_close.setAccessibleName(tr("Cancel reply, edit or question"))
        self.context_close.setToolTip(tr("Cancel (Esc)"))
        row = QHBoxLayout(self.context)
        row.setContentsMargins(10, 0, 2, 0)
        row.addWidget(self.context_label, 1)
        row.addWidget(self.context_close)
        self.context.hide()

    def _build_box(self) -> None:
        self.box = QFrame(self)
        self.box.setObjectName("composer")
        self.insert = QToolButton(self.box)
        self.insert.setText("+")
        self.insert.setAccessibleName(tr("Insert"))
        self.insert.setToolTip(tr("Send files (Ctrl+U), insert code, a mention"))
        self.insert.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.edit = TextEdit(self.box)
        self.emoji = QToolButton(self.box)
        self.emoji.setText("\u263a")
        self.emoji.setAccessibleName(tr("Emoji"))
        self.emoji.setToolTip(tr("Emoji"))
        self.send = QPushButton(tr("Send"), self.box)
        self.send.setProperty("primary", True)
        self.send.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self.insert)
        menu.addAction(tr("Send files\u2026\tCtrl+U"), self.files_wanted.emit)
        menu.addAction(tr("Send a folder\u2026"), self.folder_wanted.emit)
        menu.addSeparator()
        menu.addAction(tr("Ask a question\tCtrl+Shift+Q"), self.begin_question)
        menu.addSeparator()
        menu.addAction(tr("Code\tCtrl+Shift+C"), self.edit.insert_code)
        menu.addAction(tr("Bold\tCtrl+B"), lambda: self.edit.surround("**", "**"))
        menu.addAction(tr("Italic\tCtrl+I"), lambda: self.edit.surround("*", "*"))
        self.mention_all = menu.addAction(
            tr("Mention everybody\t@all"), lambda: self.edit.surround("@all ", "")
        )
        self.insert.setMenu(menu)
        row = QHBoxLayout(self.box)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(6)
        bottom = Qt.Alignment(Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.insert, 0, bottom)
        row.addWidget(self.edit, 1)
        row.addWidget(self.emoji, 0, bottom)
        row.addWidget(self.send, 0, bottom)
        for button in (self.insert, self.emoji, self.send):
            button.setFixedHeight(30)

    def _build_line(self) -> None:
        self.line = QWidget(self)
        self.typing_label = QLabel(self.line)
        self.typing_label.setTextFormat(Qt.TextFormat.PlainText)
        self.hint = QLabel(tr_dynamic(HINT), self.line)
        for label in (self.typing_label, self.hint):
            label.setProperty("muted", True)
        row = QHBoxLayout(self.line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.typing_label, 1)
        row.addWidget(self.hint)

    def _connect(self) -> None:
        self.edit.send_pressed.connect(self.submit)
        self.edit.escape_pressed.connect(self._on_escape)
        self.edit.edit_last_pressed.connect(self.edit_last_requested)
        self.edit.reply_last_pressed.connect(self.reply_last_requested)
        self.edit.attach_pressed.connect(self.files_wanted)
        self.edit.files_pasted.connect(self.files_offered)
        self.edit.image_pasted.connect(self.image_offered)
        self.edit.focus_changed.connect(self._on_focus)
        self.edit.textChanged.connect(self._on_text)
        self.edit.cursorPositionChanged.connect(self._write_hint)
        self.edit.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self.context_close.clicked.connect(self.cancel_context)
        self.send.clicked.connect(self.submit)
        self.emoji.clicked.connect(self._pick_emoji)
        self.edit.installEventFilter(self)

    # --- what the window tells ---

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.context.setStyleSheet(
            f"QFrame {{ background: {theme.side}; border: none; border-left: 3px solid {theme.accent}; }}"
            "QLabel, QToolButton { border: none; }"
        )
        self._fit()

    def set_place(
        self, placeholder: str, names: list[str], conversations: list[str] | None = None
    ) -> None:
        """Whom one writes to, and which names of people and of conversations can be completed."""
        self.edit.hint = placeholder
        self.edit.viewport().update()
        self.edit.names = names
        self.mention_all.setVisible("all" in names)
        self.edit.conversations = conversations or []

    def set_can_attach(self, can_attach: bool) -> None:
        """Whether files may be sent from here."""
        self.insert.setEnabled(can_attach)
        self.edit.takes_files = can_attach

    def set_enter_sends(self, enter_sends: bool) -> None:
        """Whether Enter sends, or Ctrl+Enter."""
        self.edit.enter_sends = enter_sends
        self._write_hint()

    def set_typing(self, sentence: str) -> None:
        """Who types now, in words."""
        self._typing_sentence = sentence
        if not self._note_timer.isActive():
            self._write_line()

    def say(self, sentence: str) -> None:
        """Show a sentence (why something did not work) for some seconds."""
        self.typing_label.setProperty("muted", False)
        self.typing_label.setProperty("error", True)
        self._restyle(self.typing_label)
        self.typing_label.setText(sentence)
        self._note_timer.start()
        self.said.emit(sentence)

    def state(self) -> ComposerState:
        """What stands here."""
        return ComposerState(
            self.edit.toPlainText(), self._reply, self._editing, self._parked, self._is_question
        )

    def set_state(self, state: ComposerState) -> None:
        """Show what stands in another conversation's composer."""
        self._unsent_timer.stop()
        self._reply, self._editing, self._parked = state.reply, state.editing, state.parked
        self._is_question, self._told_question = state.is_question, None
        self._put_text(state.text)
        self._write_context()

    def begin_reply(self, quote: Quote) -> None:
        """Answer a message."""
        if self._editing:
            self.cancel_context()
        self._reply, self._is_question = quote, False
        self._write_context()
        self.edit.setFocus()

    def begin_question(self) -> None:
        """What is written becomes a question; it replies to nothing."""
        if self._editing:
            self.cancel_context()
        self._reply, self._is_question = None, True
        self._write_context()
        self.edit.setFocus()

    def take_reply(self) -> Quote | None:
        """The message that is answered, which a file now answers: the reply bar goes.

        None while editing.
        """
        if self._editing:
            return None
        quote, self._reply = self._reply, None
        self._write_context()
        return quote

    def begin_edit(self, message_id: bytes, text: str) -> None:
        """Edit a sent message; what stood here is parked until then."""
        if not self._editing:
            self._parked = self.edit.toPlainText()
        self._editing = message_id
        self._put_text(text)
        self._write_context()
        self.edit.setFocus()

    def cancel_context(self) -> None:
        """Give up the edit, or the reply; the text of a reply stays."""
        if self._editing:
            self._editing = b""
            self._put_text(self._parked)
            self._parked = ""
        else:
            self._reply, self._is_question = None, False
        self._write_context()
        self.edit.setFocus()

    def submit(self) -> None:
        """Send what stands here, or finish the edit. Blank text is not sent."""
        text = self.edit.toPlainText().strip("\n").rstrip()
        if not text.strip():
            return
        if self._editing:
            message_id = self._editing
            self.cancel_context()
            self.edit_submitted.emit(message_id, text)
            return
        reply_to = self._reply.message_id if self._reply is not None else b""
        is_question = self._is_question
        self._unsent_timer.stop()
        self._reply, self._is_question = None, False
        self._put_text("")
        self._write_context()
        if is_question:
            self.question_submitted.emit(text)
        else:
            self.send_requested.emit(text, reply_to)
        self.unsent_text_changed.emit("")

    def flush_unsent_text(self) -> None:
        """Report unsent text that waits to be reported."""
        if self._unsent_timer.isActive():
            self._unsent_timer.stop()
            self._emit_unsent_text()

    # --- inside ---

    def _put_text(self, text: str) -> None:
        self._is_loading = True
        self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.edit.setTextCursor(cursor)
        self.edit.popup.hide()
        self._is_loading = False
        self._fit()

    def _on_text(self) -> None:
        self._fit()
        self._tell_question()
        if self._is_loading:
            return
        if not self._editing:
            self._unsent_timer.start()
        if self.edit.toPlainText() and not self._typing_timer.isActive():
            self._typing_timer.start()
            self.typing_noticed.emit()

    def _emit_unsent_text(self) -> None:
        self.unsent_text_changed.emit(self.state().unsent_text)

    def _on_escape(self) -> None:
        if self._editing or self._reply is not None or self._is_question:
            self.cancel_context()
        else:
            self.escaped.emit()

    def _write_context(self) -> None:
        if self._editing:
            self.context_label.setText(tr("Editing, Esc to cancel"))
        elif self._reply is not None:
            self.context_label.setText(
                tr(
                    "Reply to {username}: {text}",
                    username=self._reply.username,
                    text=self._reply.text,
                )
            )
        elif self._is_question:
            self.context_label.setText(
                tr("A question: replies to it are its answers. Esc to cancel")
            )
        self.context.setVisible(bool(self._editing) or self._reply is not None or self._is_question)
        self.send.setText(
            tr("Save") if self._editing else tr("Ask") if self._is_question else tr("Send")
        )
        self._tell_question()

    def _tell_question(self) -> None:
        text = self.edit.toPlainText() if self._is_question and not self._editing else ""
        text = text if text.strip() else ""
        if text != self._told_question:
            self._told_question = text
            self.question_changed.emit(text)

    def _write_hint(self) -> None:
        if not self.edit.enter_sends:
            self.hint.setText(tr_dynamic(CTRL_HINT))
        else:
            self.hint.setText(
                tr_dynamic(FENCE_HINT if is_in_fence(self.edit.text_before()) else HINT)
            )

    def _write_line(self) -> None:
        self.typing_label.setProperty("error", False)
        self.typing_label.setProperty("muted", True)
        self._restyle(self.typing_label)
        self.typing_label.setText(self._typing_sentence)

    def _on_focus(self, has_focus: bool) -> None:
        self.box.setProperty("focused", has_focus)
        self._restyle(self.box)

    def _restyle(self, widget: QWidget) -> None:
        style = widget.style()
        if style is not None:
            style.unpolish(widget)
            style.polish(widget)

    def _pick_emoji(self) -> None:
        picker = EmojiPicker(self)
        picker.chosen.connect(lambda emoji: self.edit.surround(emoji, ""))
        picker.show_above(self.emoji)

    def _fit(self) -> None:
        height = max(30, self.edit.height_for_lines())
        self.edit.setFixedHeight(height)
        self.box.setFixedHeight(max(MIN_HEIGHT, height + 14))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() in (
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
        ):
            QTimer.singleShot(0, self._fit)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.setVisible(self.width() >= 560)
        self._fit()
