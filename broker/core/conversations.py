"""Conversations: members and epochs according to the stored records, and who may write and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from broker.core.accounts import Directory, Session
from shared.crypto.accounts import statement_device, verify_statement
from shared.crypto.headers import unpack_header
from shared.crypto.public import class_channel_id, entry_hash
from shared.crypto.records import (
    CLASS_CHANNEL,
    DIRECT,
    FROM_JOIN,
    GROUP,
    OPEN,
    RecordMember,
    SignedRecord,
    Snapshot,
    apply_record,
    is_allowed,
    members_after_leave,
    read_record,
)
from shared.errors import CryptoReject, NameRefused, RefusedError
from shared.invariants import require
from shared.messages import (
    Entry,
    EntryKind,
    PostRecord,
    PostStatement,
    RequestKey,
    Restriction,
    SendMessage,
)
from shared.names import name_key, normalize_group_name

CLASS_CHANNELS = ("general", "announcements")


@dataclass(slots=True)
class Span:
    """One membership: from the entry that added the member to the one that ended it (0: not yet)."""

    start: int
    visible_from: int  # 0, or `start` if history begins with joining
    end: int = 0


@dataclass(slots=True, kw_only=True)
class Conversation:
    """One conversation in memory.

    `members` are those of the snapshot, without members who have left since.
    """

    snapshot: Snapshot
    members: Mapping[bytes, RecordMember]
    leavers: frozenset[bytes] = frozenset()
    joiners: frozenset[bytes] = frozenset()
    spans: dict[bytes, list[Span]] = field(default_factory=dict)
    changed_at: int = 0  # the last sequence at which somebody came or went
    cursors: dict[bytes, int] = field(default_factory=dict)
    last_sent: dict[bytes, int] = field(default_factory=dict)
    loaded_head: int = 0  # up to here `last_sent` was not recorded by this process

    @property
    def kind(self) -> int:
        """The origin: DIRECT, GROUP or CLASS_CHANNEL."""
        return self.snapshot.origin.kind


class Conversations:
    """All conversations, and the rules for what is appended to them."""

    def __init__(self, directory: Directory, class_id: bytes, max_groups: int) -> None:
        self._directory = directory
        self._class_id = class_id
        self._max_groups = max_groups
        self._group_count = 0
        self.all: dict[bytes, Conversation] = {}
        self.by_member: dict[
            bytes, set[bytes]
        ] = {}  # uid -> conversations it may read something of
        self.class_channels = {class_channel_id(class_id, name): name for name in CLASS_CHANNELS}
        self._open_names: dict[str, bytes] = {
            name_key(name): conv_id for conv_id, name in self.class_channels.items()
        }
        self._name_keys: dict[bytes, str] = {}

    def get(self, conv_id: bytes) -> Conversation:
        """Return the conversation; raises RefusedError if there is none."""
        conversation = self.all.get(conv_id)
        if conversation is None:
            raise RefusedError("unknown_conversation")
        return conversation

    def get_as_member(self, conv_id: bytes, uid: bytes) -> Conversation:
        """Return the conversation; raises RefusedError unless `uid` is a member now."""
        conversation = self.get(conv_id)
        if uid not in conversation.members:
            raise RefusedError("not_a_member")
        return conversation

    # --- rules: may this be appended? ---

    def check_may_write(self, conv_id: bytes, uid: bytes) -> Conversation:
        """Return the conversation; raises RefusedError unless `uid` may write there as a member."""
        conversation = self.get_as_member(conv_id, uid)
        snapshot = conversation.snapshot
        who_writes = snapshot.policy.who_writes
        if who_writes and not is_allowed(who_writes, snapshot, uid, self._directory.role_of):
            raise RefusedError("not_allowed")
        if conversation.kind != DIRECT and self._directory.restriction_of(uid) != Restriction.NONE:
            raise RefusedError("muted")
        return conversation

    def check_message(self, session: Session, request: SendMessage) -> Conversation:
        """Return the conversation that a message may be appended to.

        Raises RefusedError unless the header is the sender's and of the current epoch, and writing
        is allowed.
        """
        conversation = self.check_may_write(request.conv_id, session.uid)
        snapshot = conversation.snapshot
        try:
            header = unpack_header(request.header)
        except CryptoReject as error:
            raise RefusedError("malformed") from error
        if header.conv_id != request.conv_id or header.message_id != request.message_id:
            raise RefusedError("malformed")
        if header.uid != session.uid or header.did != session.did:
            raise RefusedError("malformed")
        if header.epoch != snapshot.epoch or header.epoch_id != snapshot.epoch_id:
            raise RefusedError("stale_epoch")
        if conversation.leavers:
            raise RefusedError("rotation_due")
        return conversation

    def check_record(self, session: Session, request: PostRecord) -> tuple[Snapshot, str | None]:
        """Return the snapshot that a record leads to, and the new name of an open group.

        The name is None unless it changes. Raises RefusedError if the record is not valid.
        """
        conversation = self.all.get(request.conv_id)
        before = conversation.snapshot if conversation else None
        signed = _read(request.record, request.signature)
        record = signed.record
        if (record.conv_id, record.uid, record.did) != (request.conv_id, session.uid, session.did):
            raise RefusedError("invalid_record")
        if before is None and record.epoch != 0:
            raise RefusedError("unknown_conversation")
        if before is not None and (
            record.epoch != before.epoch + 1 or record.prev != before.epoch_id
        ):
            raise RefusedError("epoch_taken")
        if conversation is not None and session.uid not in conversation.members:
            raise RefusedError("not_a_member")
        snapshot = self._applied(conversation, signed)
        if (
            before is None
            and snapshot.origin.kind == GROUP
            and self._group_count >= self._max_groups
        ):
            raise RefusedError("too_many_groups")
        members = snapshot.members
        if any(
            box.uid not in members or box.uk_gen != members[box.uid].uk_gen for box in request.boxes
        ):
            raise RefusedError("invalid_record")
        return snapshot, self._new_name(before, snapshot)

    def _applied(self, conversation: Conversation | None, signed: SignedRecord) -> Snapshot:
        try:
            return apply_record(
                conversation.snapshot if conversation else None,
                signed,
                account_of=self._directory.account_of,
                role_of=self._directory.role_of,
                class_id=self._class_id,
                leavers=conversation.leavers if conversation else frozenset(),
                joiners=conversation.joiners if conversation else frozenset(),
            )
        except CryptoReject as error:
            code = "not_allowed" if error.reason == "not_allowed" else "invalid_record"
            raise RefusedError(code, reason=error.reason) from error

    def _new_name(self, before: Snapshot | None, after: Snapshot) -> str | None:
        if after.origin.kind != GROUP or after.policy.visibility != OPEN:
            return None
        if before is not None and before.policy.title == after.policy.title:
            return None
        try:
            title = after.policy.title.decode()
            name = normalize_group_name(title)
        except (UnicodeDecodeError, NameRefused) as error:
            raise RefusedError("name_invalid") from error
        if name != title:
            raise RefusedError("name_invalid")
        if self._open_names.get(name_key(name), after.conv_id) != after.conv_id:
            raise RefusedError("group_name_taken")
        return name

    def check_statement(self, session: Session, request: PostStatement) -> Conversation:
        """Return the conversation that a statement is about.

        Raises RefusedError unless the sender leaves it, or asks to join it, on their own behalf.
        """
        conversation = self.get(request.conv_id)
        is_member = session.uid in conversation.members
        if request.kind == EntryKind.LEAVE:
            word = "leave"
            if not is_member:
                raise RefusedError("not_a_member")
            if conversation.kind == DIRECT:
                raise RefusedError("not_allowed")
        elif request.kind == EntryKind.JOIN:
            word = "join"
            if (
                is_member
                or conversation.snapshot.policy.visibility != OPEN
                or conversation.kind == DIRECT
            ):
                raise RefusedError("not_allowed")
        else:
            raise RefusedError("malformed")
        self._check_signed(session, word, request.conv_id, request.statement, request.signature)
        return conversation

    def check_key_request(self, session: Session, request: RequestKey) -> Conversation:
        """Return the conversation of a request for a key.

        Raises RefusedError unless a member asks, signed by the session's device.
        """
        conversation = self.get_as_member(request.conv_id, session.uid)
        self._check_signed(session, "keyreq", request.conv_id, request.statement, request.signature)
        return conversation

    def _check_signed(
        self, session: Session, word: str, conv_id: bytes, statement: bytes, signature: bytes
    ) -> None:
        account = self._directory.accounts[session.uid]
        try:
            if statement_device(statement) != session.did:
                raise RefusedError("bad_signature")
            signed = verify_statement(account, session.did, word, statement, signature)
        except CryptoReject as error:
            raise RefusedError("bad_signature") from error
        if signed.conv_id != conv_id:
            raise RefusedError("bad_signature")

    # --- what the logs say ---

    def apply(self, conv_id: bytes, entry: Entry, snapshot: Snapshot | None = None) -> None:
        """Take an entry into memory.

        `snapshot` saves verifying a record again that has just been checked.
        """
        if entry.kind == EntryKind.RECORD:
            conversation = self.all.get(conv_id)
            after = snapshot or self._applied(conversation, _read(entry.body, entry.proof))
            self._apply_record(conv_id, conversation, after, entry.sequence)
            return
        conversation = self.all[conv_id]
        if entry.kind == EntryKind.LEAVE:
            conversation.leavers |= {entry.sender}
            members = members_after_leave(conversation.snapshot, conversation.leavers)
            self._change_members(conv_id, conversation, members, entry.sequence)
        else:  # JOIN
            conversation.joiners |= {entry.sender}
        conversation.last_sent[entry.sender] = entry.sequence

    def _apply_record(
        self, conv_id: bytes, conversation: Conversation | None, after: Snapshot, sequence: int
    ) -> None:
        if conversation is None:
            conversation = self.all[conv_id] = Conversation(snapshot=after, members={})
            self._group_count += after.origin.kind == GROUP
        conversation.snapshot = after
        conversation.leavers = frozenset()
        conversation.joiners -= after.members.keys()
        self._change_members(conv_id, conversation, after.members, sequence)
        conversation.last_sent[after.author] = sequence
        if after.origin.kind == GROUP and after.policy.visibility == OPEN:
            self._open_names.pop(self._name_keys.get(conv_id, ""), None)
            key = name_key(after.policy.title.decode())
            self._open_names[key] = conv_id
            self._name_keys[conv_id] = key

    def _change_members(
        self,
        conv_id: bytes,
        conversation: Conversation,
        members: Mapping[bytes, RecordMember],
        sequence: int,
    ) -> None:
        before = conversation.members.keys()
        added, ended = sorted(members.keys() - before), sorted(before - members.keys())
        from_join = conversation.snapshot.policy.history == FROM_JOIN
        for uid in added:
            span = Span(sequence, sequence if from_join else 0)
            conversation.spans.setdefault(uid, []).append(span)
            self.by_member.setdefault(uid, set()).add(conv_id)
        for uid in ended:
            conversation.spans[uid][-1].end = sequence
        conversation.members = members
        if added or ended:
            conversation.changed_at = sequence

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless members, spans and names match the records."""
        for conv_id, conversation in self.all.items():
            snapshot, members = conversation.snapshot, conversation.members.keys()
            require(snapshot.conv_id == conv_id, "a conversation stands under its id")
            require(
                members == snapshot.members.keys() - conversation.leavers,
                "members are those who have not left",
            )
            require(
                not conversation.joiners & snapshot.members.keys() - conversation.leavers,
                "who asks is no member",
            )
            for uid, spans in conversation.spans.items():
                require(all(span.end for span in spans[:-1]), "who came back had left")
                require(
                    (spans[-1].end == 0) == (uid in members), "the last span of a member is open"
                )
                require(conv_id in self.by_member[uid], "who may read something is known to")
            require(members <= conversation.spans.keys(), "every member has a span")
        groups = sum(one.kind == GROUP for one in self.all.values())
        require(self._group_count == groups, "groups are counted")
        for conv_id, key in self._name_keys.items():
            require(self._open_names[key] == conv_id, "an open group has its name")

    # --- who may read what ---

    def through(self, conv_id: bytes, uid: bytes, committed: int) -> int:
        """Return the last sequence of this log that `uid` may read.

        0 if there is none, or none is committed yet.
        """
        conversation = self.all.get(conv_id)
        spans = conversation.spans.get(uid, []) if conversation else []
        for span in reversed(spans):
            if span.start <= committed:
                return min(span.end or committed, committed)
        return 0

    def withheld(self, conv_id: bytes, uid: bytes, entries: list[Entry]) -> list[Entry]:
        """Return the page as this reader may have it.

        Messages outside of the reader's visible spans are replaced by their hash.
        """
        spans = self.all[conv_id].spans.get(uid, [])
        if any(span.visible_from == 0 for span in spans):
            return entries
        return [
            entry
            if entry.kind != EntryKind.MESSAGE or _is_visible(spans, entry)
            else _hidden(entry)
            for entry in entries
        ]

    def missing(self, conv_id: bytes) -> bool:
        """Return whether somebody is waiting to be let in."""
        conversation = self.all.get(conv_id)
        if conversation is None:
            return False
        if conversation.joiners:
            return True
        if conversation.kind != CLASS_CHANNEL or len(conversation.members) == len(
            self._directory.accounts
        ):
            return False
        return any(uid not in conversation.spans for uid in self._directory.accounts)


def _read(raw: bytes, signature: bytes) -> SignedRecord:
    try:
        return read_record(raw, signature)
    except CryptoReject as error:
        raise RefusedError("invalid_record") from error


def _is_visible(spans: list[Span], entry: Entry) -> bool:
    return any(
        span.visible_from <= entry.sequence and (not span.end or entry.sequence <= span.end)
        for span in spans
    )


def _hidden(entry: Entry) -> Entry:
    return Entry(
        entry.sequence,
        EntryKind.WITHHELD,
        entry.sender,
        entry.stored_at_ms,
        entry.message_id,
        entry_hash(entry.body, entry.proof),
        b"",
    )
