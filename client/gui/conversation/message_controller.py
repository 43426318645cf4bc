"""What the user does with single messages: react, pin, accept, delete, discard, send again, follow
links and quotes.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QWidget

from client.api.events import (
    AcceptAnswer,
    Command,
    DeleteMessage,
    DiscardMessage,
    Done,
    LocateMessage,
    PinMessage,
    ReactToMessage,
    RetryMessage,
)
from client.gui.kit.dialogs import ask
from client.gui.language.translation import tr
from client.gui.messages.message_view import MessageView
from client.gui.session.requests import Requests


class MessageController(QObject):
    """Listens to the message view of a conversation pane. Lives on the window's thread."""

    def __init__(
        self,
        pane: QWidget,
        view: MessageView,
        requests: Requests,
        order: Callable[[Command], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(pane)
        self._pane, self._view, self._requests = pane, view, requests
        self._order, self._say = order, say
        self._conv_id = b""
        actions = view.signals
        actions.delete_requested.connect(self._ask_delete)
        actions.discard_requested.connect(self._ask_discard)
        actions.retry_requested.connect(lambda key: requests.post(RetryMessage(message_id=key)))
        actions.react_requested.connect(
            lambda key, emoji, remove: order(
                ReactToMessage(message_id=key, emoji=emoji, remove=remove)
            )
        )
        actions.pin_requested.connect(
            lambda key, remove: order(PinMessage(message_id=key, remove=remove))
        )
        actions.accept_requested.connect(
            lambda key, remove: order(AcceptAnswer(message_id=key, remove=remove))
        )
        actions.link_activated.connect(lambda link: QDesktopServices.openUrl(QUrl(link)))
        actions.quote_activated.connect(self._show_quoted)

    def enter(self, conv_id: bytes) -> None:
        """Another conversation is opened."""
        self._conv_id = conv_id

    def _show_quoted(self, message_id: bytes) -> None:
        """Go to a message that is not among the loaded rows."""
        asked = self._conv_id

        def answered(done: Done) -> None:
            if asked != self._conv_id:
                return
            if done.ok and isinstance(done.data, tuple) and done.data[0] == asked:
                self._view.scroll_to_position(done.data[1])
            else:
                self._say(tr("The quoted message is not on this computer."))

        self._requests.ask(LocateMessage(message_id=message_id), answered)

    def _ask_delete(self, message_id: bytes) -> None:
        ask(
            self._pane,
            tr("Delete this message for everybody?"),
            tr("It is taken from the window of every member. This cannot be undone."),
            tr("Delete"),
            lambda: self._order(DeleteMessage(message_id=message_id)),
        )

    def _ask_discard(self, message_id: bytes) -> None:
        ask(
            self._pane,
            tr("Discard this message?"),
            tr("It has not been sent and will not be. Its text is lost."),
            tr("Discard"),
            lambda: self._requests.post(DiscardMessage(message_id=message_id)),
        )
