"""The requests that read (pages of logs, boxes of keys, cursors), and those only passed on."""

from __future__ import annotations

from collections.abc import Callable

from broker.core.accounts import Session, Sessions
from broker.core.conversations import Conversations
from broker.core.delivery import Delivery
from broker.core.events import Action, BoxesRead, PageRead, ReadBoxes, ReadFailed, ReadPage
from shared import messages as m
from shared.codec import encode
from shared.errors import RefusedError

Refuse = Callable[[Session, RefusedError, bytes], None]


class Reading:
    """Checks who may read what, orders it from the storage, and answers."""

    def __init__(
        self,
        sessions: Sessions,
        conversations: Conversations,
        delivery: Delivery,
        actions: list[Action],
        refuse: Refuse,
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._delivery = delivery
        self._actions = actions
        self._refuse = refuse

    def read_log(self, session: Session, request: m.ReadLog, now_ms: int) -> None:
        """Order a page of a log."""
        log_id = m.LogId(request.log_id)
        through = self._delivery.through(log_id, session.uid)
        if not through and log_id != m.DIRECTORY_LOG:
            self._conversations.get(log_id)
            raise RefusedError("not_a_member")
        if request.after >= through:
            self._delivery.out.add(session.id, encode(m.Entries(log_id, [], through)))
            return
        limit = min(request.limit or m.MAX_PAGE_ENTRIES, m.MAX_PAGE_ENTRIES)
        self._actions.append(ReadPage(session.id, log_id, request.after, through, limit))

    def on_page(self, event: PageRead) -> None:
        """Send the page, as this reader may have it."""
        session = self._sessions.all.get(event.session)
        if session is None or not session.uid:
            return
        entries = event.entries
        if event.log_id != m.DIRECTORY_LOG:
            entries = self._conversations.withheld(event.log_id, session.uid, entries)
        self._delivery.out.add(session.id, encode(m.Entries(event.log_id, entries, event.through)))

    def fetch_boxes(self, session: Session, request: m.FetchBoxes, now_ms: int) -> None:
        """Order the boxes of one epoch for the asker."""
        if session.uid not in self._conversations.get(request.conv_id).spans:
            raise RefusedError("not_a_member")
        self._actions.append(ReadBoxes(session.id, request.conv_id, request.epoch, session.uid))

    def on_boxes(self, event: BoxesRead) -> None:
        """Send the boxes that were read."""
        if event.session in self._sessions.all:
            self._delivery.out.add(
                event.session, encode(m.Boxes(event.conv_id, event.epoch, event.boxes))
            )

    def on_failed(self, event: ReadFailed) -> None:
        """Refuse the request whose data could not be read."""
        session = self._sessions.all.get(event.session)
        if session is not None:
            self._refuse(session, RefusedError("internal", retry_after_ms=1000), event.about)

    def request_key(self, session: Session, request: m.RequestKey, now_ms: int) -> None:
        """Pass on that somebody lacks a key; too frequent requests are dropped."""
        if session.allowance.keys.take(now_ms):
            session.strike(now_ms)
            return
        conversation = self._conversations.check_key_request(session, request)
        asked = m.KeyRequested(
            request.conv_id, request.epoch, session.uid, request.statement, request.signature
        )
        self._delivery.send_to_uids(
            [uid for uid in conversation.members if uid != session.uid], encode(asked)
        )

    def fetch_cursors(self, session: Session, request: m.FetchCursors, now_ms: int) -> None:
        """Send the cursors of all members."""
        conversation = self._conversations.get_as_member(request.conv_id, session.uid)
        cursors = [m.Cursor(uid, conversation.cursors.get(uid, 0)) for uid in conversation.members]
        self._delivery.out.add(session.id, encode(m.CursorsAdvanced(request.conv_id, cursors)))

    def start_typing(self, session: Session, request: m.StartTyping, now_ms: int) -> None:
        """Pass on that somebody is typing; too frequent requests are dropped."""
        if session.allowance.typing.take(now_ms):
            session.strike(now_ms)
            return
        conversation = self._conversations.get_as_member(request.conv_id, session.uid)
        shown = encode(m.TypingShown(request.conv_id, session.uid))
        self._delivery.send_to_uids(
            [uid for uid in conversation.members if uid != session.uid], shown
        )
