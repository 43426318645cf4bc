"""The middle of the window: head, banner, messages and composer of the open conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence
from PyQt5.QtWidgets import QLabel, QShortcut, QVBoxLayout, QWidget

from client.api.events import AcceptKey, Command, Done, JoinGroup, LoadRows, MarkRead, RetryNow
from client.api.values import Conversation, ConversationKind, Row, RowKind, Transfer, Trust
from client.gui.conversation.banner import Banner
from client.gui.conversation.composer import NOTE_MS, Composer
from client.gui.conversation.file_controller import FileController
from client.gui.conversation.header import Header
from client.gui.conversation.message_controller import MessageController
from client.gui.conversation.strip import StripBar, strip_for
from client.gui.conversation.writing_controller import NEAR_ROWS, WritingController
from client.gui.kit.theme import Theme
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr, tr_dynamic, tr_noop
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel
from client.gui.people.member_controller import ask_accept_key
from client.gui.session.requests import Requests
from client.gui.session.state import SessionState, empty_sentence, title_of, typing_sentence

FIRST_RUN = tr_noop(
    "Welcome to {class_name}.\n\nChannels and groups appear at the left; press + beside STUDY GROUPS to found one.\n"
    "Press Ctrl+K and a name to write to somebody.\nGive your classmates the invitation so that they can join."
)


class ConversationPane(QWidget):
    """Shows one conversation and turns what the user does there into commands."""

    mention_activated = pyqtSignal(str)
    escaped = pyqtSignal()

    def __init__(
        self,
        state: SessionState,
        requests: Requests,
        parent: QWidget | None = None,
        downloads: str = "",
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._requests = requests
        self._marked = -1
        self._is_active = False
        self.conv_id = b""
        self.header = Header(self)
        self.banner = Banner(self)
        self.model = ConversationModel(self)
        self.view = MessageView(self)
        self.view.setModel(self.model)
        self.strip = StripBar(self)
        self.strip.pressed.connect(self._on_strip)
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
        self.files = FileController(self, self.view, self.composer, self.model, requests, downloads)
        self.writing = WritingController(self.composer, self.view, self.model, requests)
        self.messages = MessageController(self, self.view, requests, self.order, self.composer.say)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.show_conversation(b"")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.banner):
            layout.addWidget(widget)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.strip)
        layout.addWidget(self.said)
        layout.addWidget(self.composer)

    def _connect(self) -> None:
        self.model.rows_wanted.connect(self._load_rows)
        self.view.signals.mention_activated.connect(self.mention_activated)
        self.view.at_bottom_changed.connect(lambda _is_at_bottom: self.mark_read_if_seen())
        self.composer.escaped.connect(self.escaped)
        self.composer.said.connect(self._on_said)
        attach = QShortcut(
            QKeySequence("Ctrl+U"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
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
        self.strip.set_theme(theme)

    def set_transfers(self, transfers: Mapping[bytes, Transfer]) -> None:
        """The files on their way, by the message_id of their message."""
        self.view.cards.set_transfers(transfers)
        every = {transfer.transfer_id: transfer for transfer in transfers.values()}
        self.files.set_transfers({**every, **self._state.transfers})

    def set_changes(self, message_id: bytes, added: int, removed: int) -> None:
        """How many lines a version of a file has added to the one before, and removed."""
        self.view.cards.set_changes(message_id, added, removed)

    def set_active(self, is_active: bool) -> None:
        """Whether the user looks at the window: only then is something read."""
        self._is_active = is_active
        self.mark_read_if_seen()

    def is_seen(self, conv_id: bytes) -> bool:
        """Whether the user looks at the newest message of this conversation."""
        return conv_id == self.conv_id and self._is_active and self.view.is_at_bottom

    def rows_in_view(self) -> list[Row]:
        """Return the rows that are shown, and their neighbours, as far as they are loaded."""
        top, _ = self.view.timeline.top_place
        near = range(max(0, top - NEAR_ROWS), min(self.model.stored_count, top + NEAR_ROWS))
        return [row for row in map(self.model.row_at, near) if row is not None]

    def show_conversation(self, conv_id: bytes) -> None:
        """Open a conversation; what stood in the composer of the last one stays there."""
        self.writing.enter(conv_id)
        self.messages.enter(conv_id)
        self.conv_id, self._marked = conv_id, -1
        conversation = self.conversation
        if conversation is None:
            self.model.reset(0, 0, False, ())
            self.view.set_empty_text(
                tr_dynamic(FIRST_RUN, class_name=self._state.class_name or tr("the class"))
            )
            self.header.show_nothing(self._state.class_name)
            self.composer.hide()
            self.strip.hide()
            self._place_said()
            self.files.set_place(b"", "", False)
            return
        pending = self._state.pending.get(conv_id, ())
        self.model.reset(
            conversation.row_count, conversation.read_position, conversation.unread > 0, pending
        )
        self.writing.show(conversation.unsent_text)
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
        self.view.menus.set_can_moderate(state.may_moderate(conversation))
        self.view.menus.set_rights(conversation.can_pin, state.is_staff())
        names = [
            person.username for person, _ in state.members_of(conversation) if not person.is_me
        ]
        # Who may pin for everybody may address everybody: in class channels the staff.
        everybody = (
            ["all"]
            if conversation.can_pin and conversation.kind is not ConversationKind.DIRECT
            else []
        )
        sign = title_of(conversation).replace("# ", "#")
        others = [one.name for one in state.in_order() if one.kind is not ConversationKind.DIRECT]
        self.composer.set_place(
            tr("Message {sign}", sign=sign), [*sorted(names, key=str.casefold), *everybody], others
        )
        can_write = conversation.is_member and conversation.can_write
        self.files.set_place(self.conv_id, sign, can_write)
        self.strip.show_words(strip_for(conversation, state.other_person(conversation), state.me))
        self.composer.setVisible(can_write)
        self._place_said()

    def show_people(self) -> None:
        """Names or roles changed."""
        self.view.set_staff(self._state.staff())
        if self._state.me is not None:
            self.view.timeline.set_me(self._state.me.username)

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
        first_new = next(
            (row for row in rows if not row.is_own and row.kind is not RowKind.SYSTEM), None
        )
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

    # --- what is ordered, and said ---

    def order(self, command: Command) -> None:
        """Post a command; if it fails, say why."""
        self._requests.ask(command, self.tell_failure)

    def tell_failure(self, done: Done) -> None:
        """Say in words why something did not work."""
        if not done.ok:
            self.composer.say(failure_words(done.failure) or tr("This did not work."))

    def _on_said(self, sentence: str) -> None:
        self.said.setText(sentence)
        self._said_timer.start()
        self._place_said()

    def _place_said(self) -> None:
        self.said.setVisible(self._said_timer.isActive() and not self.composer.isVisibleTo(self))

    # --- files that are dragged over the conversation ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.files.drag_entered(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.files.drag_left()

    def dropEvent(self, event: QDropEvent) -> None:
        self.files.dropped(event)

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
