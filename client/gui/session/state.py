"""What the window knows: people, conversations, typing and the connection, kept up by notices.

Plain Python, no Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum, IntFlag

from client.api.events import (
    ConnectionChanged,
    ConversationsChanged,
    Notice,
    PendingChanged,
    PeopleChanged,
    RowsAppended,
    SessionOpened,
    SessionSignedIn,
    TransferRemoved,
    TransfersChanged,
    TypingChanged,
)
from client.api.values import (
    ConnectionState,
    Conversation,
    ConversationKind,
    Member,
    Person,
    Row,
    Transfer,
    TransferState,
    Trust,
)
from client.gui.language.said_words import failure_words, said_words
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from shared.messages import Restriction, Role

GROUP_OWNER, GROUP_ADMIN = 2, 1
ROLE_WORDS = {
    Role.INSTRUCTOR: tr_noop("instructor"),
    Role.ASSISTANT: tr_noop("assistant"),
    Role.STUDENT: tr_noop("student"),
}

RESTRICTION_WORDS = {
    int(Restriction.MUTED): tr_noop("muted"),
    int(Restriction.BANNED): tr_noop("removed"),
    int(Restriction.CLOSED): tr_noop("closed account"),
}


class Section(Enum):
    """The sections of the sidebar, in order; the value is what they are called, in English."""

    ANNOUNCEMENTS = tr_noop("ANNOUNCEMENTS")
    CHANNELS = tr_noop("CHANNELS")
    GROUPS = tr_noop("STUDY GROUPS")
    DIRECT = tr_noop("DIRECT MESSAGES")


class Changed(IntFlag):
    """What a notice has changed."""

    NOTHING = 0
    PEOPLE = 1
    CONVERSATIONS = 2
    CONNECTION = 4
    TYPING = 8
    PENDING = 16
    TRANSFERS = 32
    EVERYTHING = 63


_SECTION_OF = {
    ConversationKind.ANNOUNCEMENTS: Section.ANNOUNCEMENTS,
    ConversationKind.CHANNEL: Section.CHANNELS,
    ConversationKind.GROUP: Section.GROUPS,
    ConversationKind.DIRECT: Section.DIRECT,
}


class SessionState:
    """The window's picture of the session. Lives on the window's thread."""

    def __init__(self) -> None:
        self.me: Person | None = None
        self.class_name = ""
        self.people: dict[bytes, Person] = {}
        self.conversations: dict[bytes, Conversation] = {}
        self.pending: dict[bytes, tuple[Row, ...]] = {}
        self.typing: dict[bytes, tuple[str, ...]] = {}
        self.connection = ConnectionChanged(ConnectionState.CONNECTING)
        self.transfers: dict[bytes, Transfer] = {}  # in the order of their beginning
        self.muted: frozenset[bytes] = (
            frozenset()
        )  # conversations that the user wants to hear nothing of

    # --- notices ---

    def apply(self, notice: Notice) -> Changed:
        """Take in one notice and say what it has changed."""
        if isinstance(notice, SessionOpened):
            return self._open(notice)
        if isinstance(notice, SessionSignedIn):
            self.class_name = notice.class_name or self.class_name
            if self.me is not None:
                self._put_people([replace(self.me, role=notice.role)])
            return Changed.PEOPLE
        if isinstance(notice, PeopleChanged):
            self._put_people(notice.people)
            return Changed.PEOPLE
        if isinstance(notice, ConversationsChanged):
            for conversation in notice.conversations:
                self.conversations[conversation.conv_id] = conversation
            return Changed.CONVERSATIONS
        if isinstance(notice, RowsAppended):
            return self._count_rows(notice)
        if isinstance(notice, PendingChanged):
            self.pending[notice.conv_id] = notice.rows
            return Changed.PENDING
        if isinstance(notice, ConnectionChanged):
            self.connection = notice
            return Changed.CONNECTION
        if isinstance(notice, TransfersChanged):
            self.transfers.update((transfer.transfer_id, transfer) for transfer in notice.transfers)
            return Changed.TRANSFERS
        if isinstance(notice, TransferRemoved):
            self.transfers.pop(notice.transfer_id, None)
            return Changed.TRANSFERS
        if isinstance(notice, TypingChanged):
            self.typing[notice.conv_id] = notice.usernames
            return Changed.TYPING
        return Changed.NOTHING

    def _open(self, notice: SessionOpened) -> Changed:
        self.me = notice.me
        self.class_name = notice.class_name
        self.people = {person.uid: person for person in (*notice.people, notice.me)}
        self.conversations = {
            conversation.conv_id: conversation for conversation in notice.conversations
        }
        self.pending = dict(notice.pending)
        self.typing = {}
        self.transfers = {transfer.transfer_id: transfer for transfer in notice.transfers}
        return Changed.EVERYTHING

    def _put_people(self, people: Iterable[Person]) -> None:
        for person in people:
            self.people[person.uid] = person
            if self.me is not None and person.uid == self.me.uid:
                self.me = person

    def _count_rows(self, notice: RowsAppended) -> Changed:
        # The rows may come before the conversation that counts them: opening it then must show
        # them.
        conversation = self.conversations.get(notice.conv_id)
        if conversation is None or not notice.rows:
            return Changed.NOTHING
        count = max(row.position for row in notice.rows) + 1
        gone = {row.message_id for row in notice.rows}
        pending = self.pending.get(notice.conv_id, ())
        if any(row.message_id in gone for row in pending):
            self.pending[notice.conv_id] = tuple(
                row for row in pending if row.message_id not in gone
            )
        if count <= conversation.row_count:
            return Changed.NOTHING
        newest = max(conversation.last_at_ms, notice.rows[-1].sent_at_ms)
        self.conversations[notice.conv_id] = replace(
            conversation, row_count=count, last_at_ms=newest
        )
        return Changed.CONVERSATIONS

    # --- conversations ---

    def sections(self) -> list[tuple[Section, list[Conversation]]]:
        """The sidebar's content: channels and groups by name, direct conversations newest first."""
        sections: dict[Section, list[Conversation]] = {section: [] for section in Section}
        for conversation in self.conversations.values():
            sections[_SECTION_OF[conversation.kind]].append(conversation)
        for section, conversations in sections.items():
            if section is Section.DIRECT:
                conversations.sort(key=lambda one: (-one.last_at_ms, one.name.casefold()))
            else:
                conversations.sort(key=lambda one: (not one.is_member, one.name.casefold()))
        return list(sections.items())

    def in_order(self) -> list[Conversation]:
        """All conversations as the sidebar has them from top to bottom."""
        return [
            conversation for _, conversations in self.sections() for conversation in conversations
        ]

    def neighbour(self, conv_id: bytes, step: int, unread_only: bool) -> bytes:
        """The previous (-1) or next (1) conversation, round the ends; the same one if there is no
        other.
        """
        order = self.in_order()
        if not order:
            return conv_id
        start = next((at for at, one in enumerate(order) if one.conv_id == conv_id), 0)
        for distance in range(1, len(order) + 1):
            candidate = order[(start + step * distance) % len(order)]
            if candidate.conv_id != conv_id and (candidate.unread or not unread_only):
                return candidate.conv_id
        return conv_id

    def first_choice(self) -> bytes:
        """The conversation to open at the start: the newest one; announcements only if there is
        something new.
        """
        members = [one for one in self.in_order() if one.is_member]
        if not members:
            return b""

        def rank(one: Conversation) -> tuple[bool, int]:
            return one.kind is not ConversationKind.ANNOUNCEMENTS or one.unread > 0, one.last_at_ms

        return max(members, key=rank).conv_id

    def direct_with(self, uid: bytes) -> Conversation | None:
        """The direct conversation with a person, if there is one."""
        for conversation in self.conversations.values():
            if conversation.kind is ConversationKind.DIRECT and self.other_of(conversation) == uid:
                return conversation
        return None

    def not_written_to(self) -> list[Person]:
        """Everybody with whom there is no direct conversation yet: staff first, then by name."""
        known = {
            self.other_of(one)
            for one in self.conversations.values()
            if one.kind is ConversationKind.DIRECT
        }
        others = [
            person
            for person in self.people.values()
            if not person.is_me and person.uid not in known
        ]
        return sorted(others, key=lambda one: (-one.role, one.username.casefold()))

    def other_of(self, conversation: Conversation) -> bytes:
        """The uid of the other person of a direct conversation (mine in the one with myself)."""
        mine = self.me.uid if self.me is not None else b""
        return next((member.uid for member in conversation.members if member.uid != mine), mine)

    def other_person(self, conversation: Conversation) -> Person | None:
        """The other person of a direct conversation."""
        if conversation.kind is not ConversationKind.DIRECT:
            return None
        return self.people.get(self.other_of(conversation))

    def unread_total(self) -> int:
        """All unread rows, for the title of the window; of muted conversations those that mention
        me.
        """
        every = self.conversations.values()
        return sum(
            one.unread_mentions if one.conv_id in self.muted else one.unread for one in every
        )

    def mentions_total(self) -> int:
        """How often I am meant: unread mentions, and all that is unread in direct conversations
        that are not muted.
        """
        total = 0
        for one in self.conversations.values():
            is_direct = one.kind is ConversationKind.DIRECT and one.conv_id not in self.muted
            total += one.unread if is_direct else one.unread_mentions
        return total

    # --- files ---

    def transfers_by_message(self) -> dict[bytes, Transfer]:
        """What the card of each message shows: a transfer that is not done before one that is, then
        the newest.
        """
        transfers: dict[bytes, Transfer] = {}
        for transfer in self.transfers.values():
            before = transfers.get(transfer.message_id)
            if (
                before is None
                or before.state is TransferState.DONE
                or transfer.state is not TransferState.DONE
            ):
                transfers[transfer.message_id] = transfer
        return transfers

    def running_transfers(self) -> int:
        """How many files are on their way, or wait for their turn."""
        return sum(
            one.state in (TransferState.ACTIVE, TransferState.WAITING)
            for one in self.transfers.values()
        )

    # --- people ---

    def others(self) -> list[Person]:
        """Everybody but me, by name."""
        mine = self.me.uid if self.me is not None else b""
        return sorted(
            (p for p in self.people.values() if p.uid != mine), key=lambda p: p.username.casefold()
        )

    def person_named(self, username: str) -> Person | None:
        """The person with this username, in any case of letters."""
        key = username.casefold()
        return next(
            (person for person in self.people.values() if person.username.casefold() == key), None
        )

    def staff(self) -> dict[bytes, str]:
        """The word behind the name of everybody who is not a student."""
        return {
            p.uid: tr_dynamic(ROLE_WORDS[Role(p.role)])
            for p in self.people.values()
            if p.role > Role.STUDENT
        }

    def is_instructor(self) -> bool:
        """Whether I am an instructor."""
        return self.me is not None and self.me.role == Role.INSTRUCTOR

    def members_of(self, conversation: Conversation) -> list[tuple[Person, Member]]:
        """The members as the panel lists them: staff, then those online, then the others, by
        name.
        """
        members = [
            (self.people[one.uid], one) for one in conversation.members if one.uid in self.people
        ]
        members.sort(
            key=lambda pair: (-pair[0].role, not pair[0].is_online, pair[0].username.casefold())
        )
        return members

    def addable(self, conversation: Conversation) -> list[Person]:
        """Who could still be added."""
        inside = {member.uid for member in conversation.members}
        return [person for person in self.others() if person.uid not in inside]

    def is_staff(self) -> bool:
        """Whether I am an instructor or an assistant."""
        return self.me is not None and self.me.role > Role.STUDENT

    def may_moderate(self, conversation: Conversation) -> bool:
        """Whether I may delete the messages of others here."""
        if self.me is None or conversation.kind is ConversationKind.DIRECT:
            return False
        mine = next((one for one in conversation.members if one.uid == self.me.uid), None)
        is_class = conversation.kind is not ConversationKind.GROUP
        return (mine is not None and mine.group_role >= GROUP_ADMIN) or (
            is_class and self.me.role > Role.STUDENT
        )


# --- sentences
# ---------------------------------------------------------------------------------------------------


def sign_of(conversation: Conversation) -> str:
    """The sign before the name: # for channels, ! for announcements, none for people and groups."""
    signs = {ConversationKind.CHANNEL: "#", ConversationKind.ANNOUNCEMENTS: "!"}
    return signs.get(conversation.kind, "")


def title_of(conversation: Conversation) -> str:
    """The name as the header writes it."""
    sign = sign_of(conversation)
    return f"{sign} {conversation.name}" if sign == "#" else conversation.name


def typing_sentence(usernames: Sequence[str]) -> str:
    """Who types, in words; empty for nobody."""
    if not usernames:
        return ""
    if len(usernames) == 1:
        return tr("{name} is typing\u2026", name=usernames[0])
    if len(usernames) == 2:
        return tr("{first} and {second} are typing\u2026", first=usernames[0], second=usernames[1])
    return tr("Several people are typing\u2026")


_GRAVE = {
    "server_key_mismatch",
    "protocol_version",
}  # does not pass by itself: said rather than the outbox


def banner_sentence(
    connection: ConnectionChanged, seconds_left: float, is_short: bool = False
) -> str:
    """What the banner says while there is no connection; in short where there is little room."""
    saved = ""
    if connection.outbox and is_short:
        saved = " " + tr_count(
            "{count} message will be sent.", "{count} messages will be sent.", connection.outbox
        )
    elif connection.outbox:
        saved = " " + tr_count(
            "{count} message is saved in your outbox and will be sent.",
            "{count} messages are saved in your outbox and will be sent.",
            connection.outbox,
        )
    if connection.state is ConnectionState.REFUSED:
        return (
            failure_words(connection.failure) or tr("The server refused the connection.")
        ) + saved
    if connection.state is ConnectionState.CONNECTING:
        return tr("Connecting\u2026") + saved
    if connection.code in _GRAVE:
        saved = ""
    reason = f"{failure_words(connection.failure)} " if connection.failure and not saved else ""
    seconds = max(1, round(seconds_left)) if seconds_left > 0 else 0
    waiting = (
        tr("Reconnecting in {seconds} s.", seconds=seconds) if seconds else tr("Reconnecting\u2026")
    )
    return f"{reason}{waiting}{saved}"


def empty_sentence(conversation: Conversation, class_name: str) -> str:
    """What stands in a conversation without rows: what to do."""
    if conversation.is_waiting:
        return said_words(conversation.status) or tr(
            "Waiting for a member's computer to hand over the keys. This happens by itself."
        )
    if not conversation.is_member:
        return tr("You are not a member here.")
    if conversation.kind is ConversationKind.DIRECT:
        return tr(
            "No messages yet. Say hello to {name}.\nOnly the two of you can read what is written here.",
            name=conversation.name,
        )
    if conversation.kind is ConversationKind.ANNOUNCEMENTS:
        return tr(
            "No announcements yet. What the staff of {class_name} announces appears here.",
            class_name=class_name,
        )
    if conversation.can_write:
        return tr("No messages yet. Say hello, or ask the first question.")
    return tr("No messages yet.")


def trust_sentence(person: Person) -> str:
    """The alarm about a changed key, or nothing."""
    if person.trust is not Trust.CHANGED:
        return ""
    return tr(
        "The key of {username} has changed. Ask {username} in person before you accept it; until then nothing is sent.",
        username=person.username,
    )
