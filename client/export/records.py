"""The records in an export's JSONL files (docs/EXPORT.md); pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from client.api.english import words
from client.api.values import Conversation, ConversationKind, Member, Person, Row, RowKind
from client.export.pseudonyms import Names
from shared.messages import Role

Record = dict[str, object]

ROLE_WORDS = {int(role): role.name.lower() for role in Role}
_GROUP_ROLES = ("member", "admin", "owner")


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """What became of a message's file: its path in the export, or why it is not there."""

    path: str = ""
    missing: str = ""


def utc_text(at_ms: int) -> str:
    """Return a time as ISO 8601 in UTC with milliseconds."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def title_of(conversation: Conversation, names: Names) -> str:
    """Return the name of a conversation for the export; "#" before those of the class."""
    if conversation.kind is ConversationKind.DIRECT:
        return names.of(conversation.name)
    sign = "" if conversation.kind is ConversationKind.GROUP else "#"
    return sign + names.within(conversation.name)


def person_record(person: Person, names: Names) -> Record:
    """Return one line of people.jsonl."""
    return {
        "name": names.of(person.username),
        "role": ROLE_WORDS[person.role],
        "is_me": person.is_me,
    }


def conversation_record(
    conversation: Conversation,
    people: dict[bytes, Person],
    names: Names,
    folder: str,
    messages: int,
) -> Record:
    """Return one line of conversations.jsonl."""
    return {
        "id": conversation.conv_id.hex(),
        "kind": conversation.kind.value,
        "name": title_of(conversation, names),
        "members": [
            _member(member, people, names)
            for member in conversation.members
            if member.uid in people
        ],
        "messages": messages,
        "folder": folder,
    }


def _member(member: Member, people: dict[bytes, Person], names: Names) -> Record:
    return {"name": names.of(people[member.uid].username), "role": _GROUP_ROLES[member.group_role]}


def message_record(row: Row, names: Names, copy: StoredCopy | None) -> Record:
    """Return one line of messages.jsonl, without empty fields."""
    record: Record = {
        "position": row.position,
        "sequence": row.sequence,
        "id": row.message_id.hex(),
        "kind": row.kind.value,
        "sent_at": utc_text(row.sent_at_ms),
        "text": names.within(row.text or words(row.said)),
    }
    if row.kind is not RowKind.SYSTEM:
        record["from"] = names.of(row.username)
    if row.quote is not None:
        record["reply_to"] = row.quote.message_id.hex()
    if row.reactions:
        record["reactions"] = {
            one.emoji: [names.of(name) for name in one.usernames] for one in row.reactions
        }
    if row.question is not None:
        record.update(question=row.question.value, answers=row.answers)
    record.update({word: True for word, is_so in _marks(row) if is_so})
    if row.file is not None and row.kind is RowKind.TEXT:
        record["file"] = {
            "name": names.within(row.file.name),
            "size": row.file.size,
            "mime": row.file.mime,
            "sha256": row.file.sha256.hex(),
            "version": row.file.version,
            **_where(copy or StoredCopy()),
        }
    return record


def _marks(row: Row) -> tuple[tuple[str, bool], ...]:
    return (("edited", row.is_edited), ("pinned", row.is_pinned), ("accepted", row.is_accepted))


def _where(copy: StoredCopy) -> Record:
    return {"path": copy.path} if copy.path else {"missing": copy.missing}
