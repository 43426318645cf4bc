"""Notices as the JSON events of the headless client, and the small picture of the class that names
in them need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from client.api import events
from client.api.english import failure_words, words
from client.api.events import (
    ConnectionChanged,
    ConversationsChanged,
    Notice,
    PeopleChanged,
    RowsAppended,
    RowsUpdated,
    SessionOpened,
)
from client.api.said import Failed
from client.api.values import (
    ConnectionState,
    Conversation,
    ConversationKind,
    MessageState,
    Person,
    Row,
    RowKind,
    Transfer,
    TransferState,
    Trust,
)
from client.core.handlers import Handlers
from shared.errors import RefusedError
from shared.messages import Restriction
from shared.names import name_key

Fields = dict[str, object]
CLASS_ROLES = ("student", "assistant", "instructor")
GROUP_ROLES = ("member", "admin", "owner")


RESTRICTION_WORDS = ("none", "muted", "banned", "closed")  # by shared.messages.Restriction


def iso_time(at_ms: int) -> str:
    """ISO 8601 UTC with milliseconds."""
    return (
        datetime.fromtimestamp(at_ms / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def message_fields(conversation: str, row: Row) -> Fields:
    """One message as it stands in events and replies."""
    fields: Fields = {
        "conversation": conversation,
        "from": row.username,
        "text": row.text,
        "message_id": row.message_id.hex(),
        "sequence": row.sequence,
        "sent_at": iso_time(row.sent_at_ms),
        "reply_to": row.quote.message_id.hex() if row.quote else None,
    }
    if row.file is not None:
        fields["file"] = {
            "name": row.file.name,
            "size": row.file.size,
            "transfer_id": row.message_id.hex(),
            "sha256": row.file.sha256.hex(),
            "mime": row.file.mime,
            "version": row.file.version,
        }
    if row.question is not None:
        fields["question"], fields["answers"] = row.question.value, row.answers
    for name, is_so in (
        ("pinned", row.is_pinned),
        ("accepted", row.is_accepted),
        ("edited", row.is_edited),
    ):
        if is_so:
            fields[name] = True
    if row.kind is RowKind.DELETED:
        fields["deleted"] = True
    if row.mentions_me:
        fields["mentions_me"] = True
    if row.reactions:
        fields["reactions"] = [{"emoji": r.emoji, "by": list(r.usernames)} for r in row.reactions]
    return fields


def transfer_fields(transfer: Transfer) -> Fields:
    """One transfer as it stands in events and in the list."""
    fields: Fields = {
        "transfer_id": transfer.transfer_id.hex(),
        "message_id": transfer.message_id.hex(),
        "direction": transfer.direction.value,
        "state": transfer.state.value,
        "name": transfer.name,
        "bytes_done": transfer.bytes_done,
        "size": transfer.size,
        "path": transfer.path,
        "rate": transfer.rate,
    }
    if transfer.sha256:
        fields["sha256"] = transfer.sha256.hex()
    if transfer.failure is not None:
        fields.update(code=transfer.failure.code, message=failure_words(transfer.failure))
    return fields


class ClassView:
    """What the headless client remembers of people and conversations."""

    def __init__(self) -> None:
        self.transfers: dict[bytes, Transfer] = {}
        self._people: dict[bytes, Person] = {}
        self._conversations: dict[bytes, Conversation] = {}
        self._online: set[bytes] = set()
        self._connection = ConnectionChanged(ConnectionState.OFFLINE)
        self._told: tuple[object, ...] = ()
        self._opened: set[bytes] = set()  # the messages of this batch that had waited for their key
        self._told_as = Handlers[Iterator[Fields]]()
        on = self._told_as.on
        on(ConnectionChanged, self._of_connection_changed)
        on(events.SessionSignedIn, self._of_session_signed_in)
        on(RowsAppended, self._of_rows_appended)
        on(RowsUpdated, self._of_rows_updated)
        on(events.MessageChanged, self._of_message_changed)
        on(events.MessageStateChanged, self._of_message_state_changed)
        on(events.TransfersChanged, self._of_transfers_changed)
        on(events.TransferRemoved, self._of_transfer_removed)
        on(events.GroupChanged, self._of_group_changed)
        on(PeopleChanged, self._of_people_changed)
        on(events.TypingChanged, self._of_typing_changed)
        on(events.TrustChanged, self._of_trust_changed)
        on(events.Quarantined, self._of_quarantined)

    # --- looking up ---

    def uid(self, target: str) -> bytes:
        """The person `@name`, sign optional; the newest account if the name has changed hands."""
        key = name_key(target.removeprefix("@"))
        named = [person for person in self._people.values() if name_key(person.username) == key]
        named.sort(key=lambda person: person.restriction != Restriction.CLOSED)
        if not named:
            raise RefusedError("unknown_user")
        return named[-1].uid

    def group(self, target: str) -> bytes:
        """The group or channel `#name`, sign optional; one I belong to before others."""
        name = target.removeprefix("#").casefold()
        named = [
            conversation
            for conversation in self._conversations.values()
            if conversation.kind is not ConversationKind.DIRECT
            and conversation.name.casefold() == name
        ]
        if not named:
            raise RefusedError("unknown_conversation")
        return max(named, key=lambda conversation: conversation.is_member).conv_id

    def name(self, conv_id: bytes) -> str:
        """The name without sign."""
        conversation = self._conversations.get(conv_id)
        return conversation.name if conversation else ""

    def target(self, conv_id: bytes) -> str:
        """The name with its sign."""
        conversation = self._conversations.get(conv_id)
        sign = (
            "@"
            if conversation is not None and conversation.kind is ConversationKind.DIRECT
            else "#"
        )
        return sign + self.name(conv_id)

    def row_count(self, conv_id: bytes) -> int:
        """How many rows there are."""
        conversation = self._conversations.get(conv_id)
        return conversation.row_count if conversation else 0

    def is_verified(self, uid: bytes) -> bool:
        """Whether the key was compared."""
        return self._people[uid].trust is Trust.VERIFIED

    # --- lists ---

    def groups_list(self) -> list[Fields]:
        """All conversations that are not direct."""
        return [
            {
                "group": "#" + conversation.name,
                "kind": conversation.kind.value,
                "is_member": conversation.is_member,
                "private": conversation.kind is ConversationKind.GROUP,
                "unread": conversation.unread,
                "mentions": conversation.unread_mentions,
                "can_write": conversation.can_write,
                "status": words(conversation.status),
                "members": [
                    {"username": self._username(member.uid), "role": GROUP_ROLES[member.group_role]}
                    for member in conversation.members
                ],
            }
            for conversation in self._conversations.values()
            if conversation.kind is not ConversationKind.DIRECT
        ]

    def people_list(self) -> list[Fields]:
        """Everybody in the class."""
        unread = {
            member.uid: conversation.unread
            for conversation in self._conversations.values()
            if conversation.kind is ConversationKind.DIRECT
            for member in conversation.members
        }
        return [
            {
                "username": person.username,
                "role": CLASS_ROLES[person.role],
                "online": person.is_online,
                "trust": person.trust.value,
                "is_me": person.is_me,
                "restriction": RESTRICTION_WORDS[person.restriction],
                "unread": 0 if person.is_me else unread.get(person.uid, 0),
            }
            for person in self._people.values()
        ]

    def status(self) -> Fields:
        """Connection, outbox, sequences."""
        return {
            "connection": self._connection.state.value,
            "outbox": self._connection.outbox,
            "sequences": {
                self.target(conv_id): conversation.sequence
                for conv_id, conversation in self._conversations.items()
            },
        }

    def _username(self, uid: bytes) -> str:
        person = self._people.get(uid)
        return person.username if person else "?"

    # --- notices ---

    def prepare(self, batch: list[Notice]) -> None:
        """Take over names before the events that use them."""
        self._opened.clear()
        for notice in batch:
            match notice:
                case SessionOpened():
                    self._people.update(
                        {person.uid: person for person in (notice.me, *notice.people)}
                    )
                    self._conversations.update({one.conv_id: one for one in notice.conversations})
                    self.transfers.update({one.transfer_id: one for one in notice.transfers})
                case PeopleChanged():
                    self._people.update({person.uid: person for person in notice.people})
                case ConversationsChanged():
                    self._conversations.update({one.conv_id: one for one in notice.conversations})
                case ConnectionChanged():
                    self._connection = notice
                case events.MessageChanged() if notice.change == "opened":
                    self._opened.add(notice.message_id)
                case _:
                    pass

    def lines(self, notice: Notice) -> Iterator[Fields]:
        """The events of one notice."""
        handler = self._told_as.of(notice)
        if handler is not None:
            yield from handler(notice)

    def _of_connection_changed(self, notice: ConnectionChanged) -> Iterator[Fields]:
        told = (notice.state, notice.failure)
        if told == self._told:
            return  # only the outbox changed, or another socket of the same attempt
        self._told = told
        fields: Fields = {
            "event": "connection",
            "state": notice.state.value,
            "retry_in_s": notice.retry_in_s,
            "outbox": notice.outbox,
        }
        if notice.failure is not None:
            fields.update(code=notice.code, message=failure_words(notice.failure))
        yield fields

    def _of_session_signed_in(self, notice: events.SessionSignedIn) -> Iterator[Fields]:
        yield {
            "event": "signed_in",
            "username": notice.username,
            "role": CLASS_ROLES[notice.role],
            "class": notice.class_name,
        }

    def _of_rows_appended(self, notice: RowsAppended) -> Iterator[Fields]:
        for row in notice.rows:
            if row.kind is RowKind.TEXT and not row.is_own:
                yield {"event": "message", **message_fields(self.target(notice.conv_id), row)}

    def _of_rows_updated(self, notice: RowsUpdated) -> Iterator[Fields]:
        for row in notice.rows:
            if row.message_id in self._opened and not row.is_own:
                yield {"event": "message", **message_fields(self.target(notice.conv_id), row)}

    def _of_message_changed(self, notice: events.MessageChanged) -> Iterator[Fields]:
        if notice.change == "opened":
            return  # told with the row
        fields: Fields = {
            "event": notice.change,
            "conversation": self.target(notice.conv_id),
            "message_id": notice.message_id.hex(),
            "by": notice.by,
        }
        if notice.change == "edited":
            fields["text"] = notice.text
        elif notice.change == "reacted":
            fields.update(emoji=notice.emoji, removed=notice.removed)
        elif notice.change in ("pinned", "accepted"):
            fields["removed"] = notice.removed
        yield fields

    def _of_message_state_changed(self, notice: events.MessageStateChanged) -> Iterator[Fields]:
        if notice.state is MessageState.SAVED:
            return
        fields: Fields = {
            "event": "message_state",
            "message_id": notice.message_id.hex(),
            "conversation": self.target(notice.conv_id),
            "state": notice.state.name.lower(),
        }
        if notice.sequence:
            fields["sequence"] = notice.sequence
        if notice.code:
            fields["code"] = notice.code
        if notice.delivered_to:
            fields["delivered_to"] = list(notice.delivered_to)
        yield fields

    def _of_transfers_changed(self, notice: events.TransfersChanged) -> Iterator[Fields]:
        for transfer in notice.transfers:
            self.transfers[transfer.transfer_id] = transfer
            yield {"event": "transfer", **transfer_fields(transfer)}

    def _of_transfer_removed(self, notice: events.TransferRemoved) -> Iterator[Fields]:
        removed = self.transfers.pop(notice.transfer_id)
        if removed.state is not TransferState.DONE:
            cancelled = replace(removed, failure=Failed(code="cancelled"))
            yield {"event": "transfer", **transfer_fields(cancelled), "state": "failed"}

    def _of_group_changed(self, notice: events.GroupChanged) -> Iterator[Fields]:
        yield {
            "event": "group",
            "group": "#" + self.name(notice.conv_id),
            "change": notice.change,
            "members": list(notice.members),
            "by": notice.by,
        }

    def _of_people_changed(self, notice: PeopleChanged) -> Iterator[Fields]:
        for person in notice.people:
            if person.is_me or person.is_online == (person.uid in self._online):
                continue
            self._online ^= {person.uid}
            yield {"event": "presence", "username": person.username, "online": person.is_online}

    def _of_typing_changed(self, notice: events.TypingChanged) -> Iterator[Fields]:
        yield {
            "event": "typing",
            "conversation": self.target(notice.conv_id),
            "usernames": list(notice.usernames),
        }

    def _of_trust_changed(self, notice: events.TrustChanged) -> Iterator[Fields]:
        yield {
            "event": "trust",
            "username": notice.username,
            "change": notice.change,
            "message": words(notice.told),
        }

    def _of_quarantined(self, notice: events.Quarantined) -> Iterator[Fields]:
        known = notice.conv_id in self._conversations
        yield {
            "event": "quarantined",
            "reason": notice.reason,
            "sequence": notice.sequence,
            "conversation": self.target(notice.conv_id) if known else None,
        }
