"""The middle of the window: head, banner, messages and composer of the open conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PyQt5.QtCore import Qt, QTimer, QUrl, pyqtSignal
from PyQt5.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
)
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QShortcut, QVBoxLayout, QWidget

from client.events import (
    AcceptAnswer,
    AcceptKey,
    Command,
    DeleteMessage,
    DiscardMessage,
    Done,
    EditMessage,
    JoinGroup,
    LoadRows,
    LocateMessage,
    MarkRead,
    PinMessage,
    ReactToMessage,
    RetryMessage,
    RetryNow,
    SaveDraft,
    SendText,
    SetTyping,
)
from client.gui.banner import Banner
from client.gui.composer import NOTE_MS, Composer, ComposerState
from client.gui.dialogs import ask
from client.gui.file_desk import FileDesk
from client.gui.header import Header
from client.gui.member_actions import ask_accept_key
from client.gui.message_view import MessageView
from client.gui.models import ConversationModel
from client.gui.outside_words import tr_outside
from client.gui.requests import Requests
from client.gui.session_state import SessionState, empty_sentence, title_of, trust_sentence, typing_sentence
from client.gui.theme import Theme
from client.gui.translation import tr, tr_dynamic, tr_noop
from client.markup import one_line
from client.values import (
    Conversation,
    ConversationKind,
    Quote,
    Row,
    RowKind,
    Transfer,
    Trust,
)
from shared.errors import REFUSAL_SENTENCES
from shared.messages import Restriction

NEAR_ROWS = 64  # how far back Up looks for the last own message
FIRST_RUN = tr_noop(
    "Welcome to {class_name}.\n\nChannels and groups appear at the left; press + beside STUDY GROUPS to found one.\n"
    "Press Ctrl+K and a name to write to somebody.\nGive your classmates the invitation so that they can join."
)


class ConversationPane(QWidget):
    """Shows one conversation and turns what the user does there into commands."""

    mention_activated = pyqtSignal(str)
    escaped = pyqtSignal()

    def __init__(
        self, state: SessionState, requests: Requests, parent: QWidget | None = None, downloads: str = ""
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._requests = requests
        self._composers: dict[bytes, ComposerState] = {}
        self._marked = -1
        self._is_active = False
        self._row_requests: set[int] = set()
        self.conv_id = b""
        self.header = Header(self)
        self.banner = Banner(self)
        self.model = ConversationModel(self)
        self.view = MessageView(self)
        self.view.setModel(self.model)
        self.strip = QFrame(self)
        self.strip_label = QLabel(self.strip)
        self.strip_label.setWordWrap(True)
        self.strip_button = QPushButton(self.strip)
        self.strip_button.clicked.connect(self._on_strip)
        self.said = QLabel(self)  # what the composer says while it is hidden
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setProperty("error", True)
        self.said.setWordWrap(True)
        self.said.setContentsMargins(16, 6, 16, 6)
        self._said_timer = QTimer(self)
        self._said_timer.setSingleShot(True)
        self._said_timer.setInterval(NOTE_MS)
        self._said_timer.timeout.connect(self._place_said)
        self.composer = Composer(self)
        self.files = FileDesk(self, self.view, self.composer, self.model, requests, downloads)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.show_conversation(b"")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.strip)
        row.setContentsMargins(16, 6, 16, 6)
        row.addWidget(self.strip_label, 1)
        row.addWidget(self.strip_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.header, self.banner):
            layout.addWidget(part)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.strip)
        layout.addWidget(self.said)
        layout.addWidget(self.composer)

    def _connect(self) -> None:
        view, composer = self.view, self.composer
        self.model.rows_wanted.connect(self._load_rows)
        view.reply_requested.connect(self.reply_to)
        view.edit_requested.connect(self.edit_message)
        view.delete_requested.connect(self._ask_delete)
        view.react_requested.connect(self._react)
        view.retry_requested.connect(lambda message_id: self._requests.post(RetryMessage(message_id=message_id)))
        view.discard_requested.connect(self._ask_discard)
        view.link_activated.connect(lambda link: QDesktopServices.openUrl(QUrl(link)))
        view.mention_activated.connect(self.mention_activated)
        view.quote_activated.connect(self._show_quoted)
        view.at_bottom_changed.connect(lambda _is_at_bottom: self.mark_read_if_seen())
        composer.send_requested.connect(self._send)
        composer.question_submitted.connect(lambda text: self._send(text, b"", is_question=True))
        view.pin_requested.connect(lambda key, remove: self.order(PinMessage(message_id=key, remove=remove)))
        view.accept_requested.connect(lambda key, remove: self.order(AcceptAnswer(message_id=key, remove=remove)))
        composer.edit_submitted.connect(self._submit_edit)
        composer.draft_changed.connect(self._save_draft)
        composer.typing_noticed.connect(self._notice_typing)
        composer.edit_last_requested.connect(self._edit_last)
        composer.reply_last_requested.connect(self._reply_last)
        composer.escaped.connect(self.escaped)
        composer.said.connect(self._on_said)
        attach = QShortcut(QKeySequence("Ctrl+U"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        attach.activated.connect(self.files.choose_files)
        self.banner.retry_requested.connect(lambda: self._requests.post(RetryNow()))

    # --- what the window tells ---

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation."""
        return self._state.conversations.get(self.conv_id)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.view.set_theme(theme)
        self.composer.set_theme(theme)
        self.files.set_theme(theme)
        self.strip.setStyleSheet(f"QFrame {{ background: {theme.side}; }} QLabel {{ color: {theme.text}; }}")

    def set_transfers(self, transfers: Mapping[bytes, Transfer]) -> None:
        """The files on their way, by the message_id of their message."""
        self.view.set_transfers(transfers)
        every = {transfer.transfer_id: transfer for transfer in transfers.values()}
        self.files.set_transfers({**every, **self._state.transfers})

    def set_changes(self, message_id: bytes, added: int, removed: int) -> None:
        """How many lines a version of a file has added to the one before, and removed."""
        self.view.set_changes(message_id, added, removed)

    def set_active(self, is_active: bool) -> None:
        """Whether the user looks at the window: only then is something read."""
        self._is_active = is_active
        self.mark_read_if_seen()

    def is_seen(self, conv_id: bytes) -> bool:
        """Whether the user looks at the newest message of this conversation."""
        return conv_id == self.conv_id and self._is_active and self.view.is_at_bottom

    def show_conversation(self, conv_id: bytes) -> None:
        """Open a conversation; what stood in the composer of the last one stays there."""
        if self.conv_id and self.conv_id != conv_id:
            self.composer.flush_draft()
            self._composers[self.conv_id] = self.composer.state()
        self.conv_id, self._marked = conv_id, -1
        self._row_requests.clear()
        conversation = self.conversation
        if conversation is None:
            self.model.reset(0, 0, False, ())
            self.view.set_empty_text(tr_dynamic(FIRST_RUN, class_name=self._state.class_name or tr("the class")))
            self.header.show_nothing(self._state.class_name)
            self.composer.hide()
            self.strip.hide()
            self._place_said()
            self.files.set_place(b"", "", False)
            return
        pending = self._state.pending.get(conv_id, ())
        self.model.reset(conversation.row_count, conversation.read_position, conversation.unread > 0, pending)
        self.composer.set_state(self._composers.get(conv_id, ComposerState(conversation.draft)))
        self.refresh()
        self.show_typing()
        if self.composer.isVisibleTo(self):
            self.composer.edit.setFocus()
        self.mark_read_if_seen()

    def refresh(self) -> None:
        """The conversation, its people or the connection changed: write all but the rows anew."""
        self.banner.set_connection(self._state.connection)
        conversation = self.conversation
        if conversation is None:
            return
        state = self._state
        self.header.show_conversation(conversation, state)
        self.view.set_empty_text(empty_sentence(conversation, state.class_name))
        self.view.set_can_moderate(state.may_moderate(conversation))
        self.view.set_rights(conversation.can_pin, state.is_staff())
        names = [person.username for person, _ in state.members_of(conversation) if not person.is_me]
        # Who may pin for everybody may address everybody: in class channels the staff.
        everybody = ["all"] if conversation.can_pin and conversation.kind is not ConversationKind.DIRECT else []
        sign = title_of(conversation).replace("# ", "#")
        others = [one.name for one in state.in_order() if one.kind is not ConversationKind.DIRECT]
        self.composer.set_place(tr("Message {sign}", sign=sign), [*sorted(names, key=str.casefold), *everybody], others)
        can_write = conversation.is_member and conversation.can_write
        self.files.set_place(self.conv_id, sign, can_write)
        self._write_strip(conversation)

    def show_people(self) -> None:
        """Names or roles changed."""
        self.view.set_staff(self._state.staff())
        if self._state.me is not None:
            self.view.set_me(self._state.me.username)

    def show_typing(self) -> None:
        """Who types here."""
        self.composer.set_typing(typing_sentence(self._state.typing.get(self.conv_id, ())))

    # --- rows ---

    def rows_appended(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """New rows; if nobody looks, the NEW line goes before the first that is not read."""
        conversation = self.conversation
        if conv_id != self.conv_id or conversation is None or not rows:
            return
        is_seen = self._is_active and self.view.is_at_bottom
        first_new = next((row for row in rows if not row.is_own and row.kind is not RowKind.SYSTEM), None)
        was_all_read = max(self._marked, conversation.read_position) >= self.model.stored_count
        has_line = self.model.new_line >= 0 and not was_all_read
        self.model.rows_appended(rows)
        if not is_seen and not has_line and first_new is not None:
            self.model.set_read(first_new.position, True)
        self.mark_read_if_seen()

    def rows_updated(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Changed rows."""
        if conv_id == self.conv_id:
            self.model.rows_updated(rows)

    def rows_loaded(self, conv_id: bytes, rows: Sequence[Row]) -> None:
        """Rows from disk."""
        if conv_id == self.conv_id:
            self.model.rows_loaded(rows)

    def pending_changed(self, conv_id: bytes) -> None:
        """Own messages on their way."""
        if conv_id == self.conv_id:
            self.model.set_pending(self._state.pending.get(conv_id, ()))

    def mark_read_if_seen(self) -> None:
        """Tell that all is read if the newest row is on the screen of an active window."""
        conversation = self.conversation
        if conversation is None or not self._is_active or not self.view.is_at_bottom:
            return
        count = self.model.stored_count
        if self._marked < count and (conversation.unread or conversation.read_position < count):
            self._marked = count
            self._requests.post(MarkRead(conv_id=self.conv_id, position=count))

    def go_to_end(self) -> None:
        """Esc: all is read, the line goes, the newest message is shown."""
        self.model.set_read(0, False)
        self.view.scroll_to_bottom()
        self.mark_read_if_seen()

    def _load_rows(self, first: int, count: int) -> None:
        self._requests.post(LoadRows(conv_id=self.conv_id, first=first, count=count))

    def _rows_from_end(self) -> Iterator[Row]:
        last = self.model.rowCount() - 1
        for index in range(last, max(-1, last - NEAR_ROWS), -1):
            row = self.model.row_at(index)
            if row is not None:
                yield row

    # --- what the user does ---

    def reply_to(self, message_id: bytes) -> None:
        """Answer this message."""
        quote = self._quote_of(message_id)
        if quote is not None and self.composer.isVisibleTo(self):
            self.composer.begin_reply(quote)

    def _quote_of(self, message_id: bytes) -> Quote | None:
        row = self.model.row_at(self.model.find_message(message_id))
        if row is None:
            return None
        text = row.text or (row.file.name if row.file is not None else "")
        return Quote(message_id, row.username, one_line(text, 120))

    def _show_quoted(self, message_id: bytes) -> None:
        """Go to a message that is not among the loaded rows."""
        asked = self.conv_id

        def answered(done: Done) -> None:
            if asked != self.conv_id:
                return
            if done.ok and isinstance(done.data, tuple) and done.data[0] == asked:
                self.view.scroll_to_position(done.data[1])
            else:
                self.composer.say(tr("The quoted message is not on this computer."))

        self._requests.ask(LocateMessage(message_id=message_id), answered)

    def edit_message(self, message_id: bytes) -> None:
        """Edit this own message."""
        row = self.model.row_at(self.model.find_message(message_id))
        if row is not None and row.is_own and row.kind is RowKind.TEXT:
            self.composer.begin_edit(message_id, row.text)

    def _edit_last(self) -> None:
        for row in self._rows_from_end():
            if row.is_own and row.kind is RowKind.TEXT and row.text:
                self.composer.begin_edit(row.message_id, row.text)  # also what still waits in the outbox
                return

    def _reply_last(self) -> None:
        for row in self._rows_from_end():
            if not row.is_own and row.kind is RowKind.TEXT:
                self.reply_to(row.message_id)
                return

    def _send(self, text: str, reply_to: bytes, is_question: bool = False) -> None:
        conv_id, quote = self.conv_id, self._quote_of(reply_to) if reply_to else None

        def answered(done: Done) -> None:
            # Nothing written may be lost: what was not taken goes back to where it came from.
            if done.ok:
                return
            self._give_back(conv_id, ComposerState(text, quote, is_question=is_question))
            self.composer.say(tr_outside(done.message) or tr("This message could not be sent."))

        command = SendText(conv_id=conv_id, text=text, reply_to=reply_to, is_question=is_question)
        self._requests.ask(command, answered)
        self.view.scroll_to_bottom()

    def _kept(self, conv_id: bytes) -> ComposerState:
        return self.composer.state() if conv_id == self.conv_id else self._composers.get(conv_id, ComposerState())

    def _give_back(self, conv_id: bytes, written: ComposerState) -> None:
        """Put it into the composer of its conversation, if nothing else stands there by now."""
        kept = self._kept(conv_id)
        if kept.text or kept.editing:
            return
        self._composers[conv_id] = written
        if conv_id == self.conv_id:
            self.composer.set_state(written)
        self._requests.post(SaveDraft(conv_id=conv_id, text=written.text))

    def _submit_edit(self, message_id: bytes, text: str) -> None:
        conv_id = self.conv_id

        def answered(done: Done) -> None:
            if done.ok:
                return
            if conv_id == self.conv_id and not self.composer.state().editing:
                self.composer.begin_edit(message_id, text)
            self.composer.say(tr_outside(done.message) or tr("The message could not be edited."))

        self._requests.ask(EditMessage(message_id=message_id, text=text), answered)

    def order(self, command: Command) -> None:
        """Post a command; if it fails, say why."""
        self._requests.ask(command, self.tell_failure)

    def tell_failure(self, done: Done) -> None:
        """Say in words why something did not work."""
        if not done.ok:
            self.composer.say(tr_outside(done.message) or tr("This did not work."))

    def _on_said(self, sentence: str) -> None:
        self.said.setText(sentence)
        self._said_timer.start()
        self._place_said()

    def _place_said(self) -> None:
        self.said.setVisible(self._said_timer.isActive() and not self.composer.isVisibleTo(self))

    def _react(self, message_id: bytes, emoji: str, remove: bool) -> None:
        self.order(ReactToMessage(message_id=message_id, emoji=emoji, remove=remove))

    def _ask_delete(self, message_id: bytes) -> None:
        ask(
            self,
            tr("Delete this message for everybody?"),
            tr("It is taken from the window of every member. This cannot be undone."),
            tr("Delete"),
            lambda: self.order(DeleteMessage(message_id=message_id)),
        )

    def _ask_discard(self, message_id: bytes) -> None:
        ask(
            self,
            tr("Discard this message?"),
            tr("It has not been sent and will not be. Its text is lost."),
            tr("Discard"),
            lambda: self._requests.post(DiscardMessage(message_id=message_id)),
        )

    def _save_draft(self, text: str) -> None:
        if self.conv_id:
            self._requests.post(SaveDraft(conv_id=self.conv_id, text=text))

    def _notice_typing(self) -> None:
        if self.conv_id:
            self._requests.post(SetTyping(conv_id=self.conv_id))

    # --- files that are dragged over the conversation ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.files.drag_entered(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.files.drag_left()

    def dropEvent(self, event: QDropEvent) -> None:
        self.files.dropped(event)

    # --- the strip over the composer: why one cannot write, or what is wrong, and what to do about it ---

    def _write_strip(self, conversation: Conversation) -> None:
        person = self._state.other_person(conversation)
        text, action = "", ""
        if person is not None and person.restriction == Restriction.CLOSED:
            text = tr("This account was closed. Whoever comes back under this name has new keys.")
        elif person is not None and person.trust is Trust.CHANGED:
            text, action = trust_sentence(person), tr("Accept new key")
        elif conversation.is_waiting:
            text = tr_outside(conversation.status) or tr(
                "Waiting for a member's computer to let you in. This happens by itself."
            )
        elif not conversation.is_member and conversation.kind is ConversationKind.CHANNEL:
            text, action = tr("You have not joined {title} yet.", title=title_of(conversation)), tr("Join")
        elif not conversation.is_member:
            text = tr("You are not a member here any more. What you could read stays on this computer.")
        elif not conversation.can_write:
            is_staff_only = conversation.kind is ConversationKind.ANNOUNCEMENTS
            text = tr("Only the staff writes here.") if is_staff_only else tr("You cannot write here now.")
            text = tr_outside(conversation.status) or text
            if self._state.me is not None and self._state.me.restriction:
                text = tr_outside(REFUSAL_SENTENCES["muted"])
        else:
            text = tr_outside(conversation.status)  # the server does what does not fit together; one may still write
        self.strip_label.setText(text)
        self.strip_button.setText(action)
        self.strip_button.setVisible(bool(action))
        self.strip.setVisible(bool(text))
        self.composer.setVisible(conversation.is_member and conversation.can_write)
        self._place_said()

    def _on_strip(self) -> None:
        conversation = self.conversation
        if conversation is None:
            return
        person = self._state.other_person(conversation)
        if person is not None and person.trust is Trust.CHANGED:
            accept = AcceptKey(uid=person.uid)
            ask_accept_key(self, person.username, lambda: self.order(accept))
        else:
            self.order(JoinGroup(conv_id=self.conv_id))
