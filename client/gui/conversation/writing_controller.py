"""What the user writes in the open conversation: sent, edited, answered, and kept while another one
is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PyQt5.QtCore import QObject

from client.api.events import Done, EditMessage, SaveUnsentText, SendText, SetTyping
from client.api.values import Quote, Row, RowKind
from client.gui.conversation.composer import Composer, ComposerState
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel
from client.gui.session.requests import Requests
from client.text.markup import one_line

NEAR_ROWS = 64  # how far back Up looks for the last own message
QUOTE_CHARS = 120


class WritingController(QObject):
    """Listens to the composer of a conversation pane. Lives on the window's thread."""

    def __init__(
        self, composer: Composer, view: MessageView, model: ConversationModel, requests: Requests
    ) -> None:
        super().__init__(composer)
        self._composer, self._view, self._model, self._requests = composer, view, model, requests
        self._kept: dict[
            bytes, ComposerState
        ] = {}  # what stands in the composers of other conversations
        self._conv_id = b""
        composer.send_requested.connect(self._send)
        composer.question_submitted.connect(lambda text: self._send(text, b"", is_question=True))
        composer.edit_submitted.connect(self._submit_edit)
        composer.unsent_text_changed.connect(self._save)
        composer.typing_noticed.connect(self._notice_typing)
        composer.edit_last_requested.connect(self._edit_last)
        composer.reply_last_requested.connect(self._reply_last)
        view.signals.reply_requested.connect(self.reply_to)
        view.signals.edit_requested.connect(self.edit_message)

    def enter(self, conv_id: bytes) -> None:
        """Another conversation is opened; what stands in the composer of the last one stays
        there.
        """
        if self._conv_id and self._conv_id != conv_id:
            self._composer.flush_unsent_text()
            self._kept[self._conv_id] = self._composer.state()
        self._conv_id = conv_id

    def show(self, saved: str) -> None:
        """Write into the composer what stood there last, or what was saved when the program
        ended.
        """
        self._composer.set_state(self._kept.get(self._conv_id, ComposerState(saved)))

    def written(self) -> dict[bytes, ComposerState]:
        """Return what stands in the composer of each conversation."""
        return {**self._kept, **({self._conv_id: self._composer.state()} if self._conv_id else {})}

    def take_written(self, written: Mapping[bytes, ComposerState]) -> None:
        """Take over what stood in the composers of another pane; to be called before a conversation
        is opened.
        """
        self._kept.update(written)

    # --- replies and edits ---

    def reply_to(self, message_id: bytes) -> None:
        """Answer this message."""
        quote = self._quote_of(message_id)
        if quote is not None and self._composer.isVisibleTo(self._composer.parentWidget()):
            self._composer.begin_reply(quote)

    def _quote_of(self, message_id: bytes) -> Quote | None:
        row = self._model.row_at(self._model.find_message(message_id))
        if row is None:
            return None
        text = row.text or (row.file.name if row.file is not None else "")
        return Quote(message_id, row.username, one_line(text, QUOTE_CHARS))

    def edit_message(self, message_id: bytes) -> None:
        """Edit this own message."""
        row = self._model.row_at(self._model.find_message(message_id))
        if row is not None and row.is_own and row.kind is RowKind.TEXT:
            self._composer.begin_edit(message_id, row.text)

    def _rows_from_end(self) -> Iterator[Row]:
        last = self._model.rowCount() - 1
        for index in range(last, max(-1, last - NEAR_ROWS), -1):
            row = self._model.row_at(index)
            if row is not None:
                yield row

    def _edit_last(self) -> None:
        for row in self._rows_from_end():
            if row.is_own and row.kind is RowKind.TEXT and row.text:
                self._composer.begin_edit(
                    row.message_id, row.text
                )  # also what still waits in the outbox
                return

    def _reply_last(self) -> None:
        for row in self._rows_from_end():
            if not row.is_own and row.kind is RowKind.TEXT:
                self.reply_to(row.message_id)
                return

    def _submit_edit(self, message_id: bytes, text: str) -> None:
        conv_id = self._conv_id

        def answered(done: Done) -> None:
            if done.ok:
                return
            if conv_id == self._conv_id and not self._composer.state().editing:
                self._composer.begin_edit(message_id, text)
            self._composer.say(
                failure_words(done.failure) or tr("The message could not be edited.")
            )

        self._requests.ask(EditMessage(message_id=message_id, text=text), answered)

    # --- sending ---

    def _send(self, text: str, reply_to: bytes, is_question: bool = False) -> None:
        conv_id, quote = self._conv_id, self._quote_of(reply_to) if reply_to else None

        def answered(done: Done) -> None:
            # Nothing written may be lost: what was not taken goes back to where it came from.
            if done.ok:
                return
            self._give_back(conv_id, ComposerState(text, quote, is_question=is_question))
            self._composer.say(failure_words(done.failure) or tr("This message could not be sent."))

        command = SendText(conv_id=conv_id, text=text, reply_to=reply_to, is_question=is_question)
        self._requests.ask(command, answered)
        self._view.scroll_to_bottom()

    def _give_back(self, conv_id: bytes, written: ComposerState) -> None:
        """Put it into the composer of its conversation, if nothing else stands there by now."""
        is_open = conv_id == self._conv_id
        there = self._composer.state() if is_open else self._kept.get(conv_id, ComposerState())
        if there.text or there.editing:
            return
        self._kept[conv_id] = written
        if is_open:
            self._composer.set_state(written)
        self._requests.post(SaveUnsentText(conv_id=conv_id, text=written.text))

    def _save(self, text: str) -> None:
        if self._conv_id:
            self._requests.post(SaveUnsentText(conv_id=self._conv_id, text=text))

    def _notice_typing(self) -> None:
        if self._conv_id:
            self._requests.post(SetTyping(conv_id=self._conv_id))
