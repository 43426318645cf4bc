"""What the window and headless callers order, one method for each command; pure."""

from __future__ import annotations

from client.api import events
from client.api.events import Command, Done, RowsLoaded
from client.api.said import Detail, Failed, failed_by, refused_by
from client.api.values import Found, RowKind
from client.core.context import Context
from client.core.conversation.conversation_events import ensure_direct, mark_read, say_typing
from client.core.conversation.epochs import statement_epoch
from client.core.conversation.membership_changes import may_add
from client.core.conversation.outbox import Outbox
from client.core.conversation.receiving import may_delete
from client.core.files.transfers import DONE, Transfers
from client.core.handlers import Handlers
from client.core.presenting import show_row, show_rows
from client.core.refusals import (
    LATER,
    CommandRefused,
    check_caption,
    check_text,
    check_writable,
    text_size,
)
from client.core.state.conversation import DIRECT_KIND, GROUP_KIND, Conversation
from client.core.state.effects import FindQuestions, FindText, TextFound
from client.core.state.pending_record import Change
from client.core.state.saved import SavedGroup, StoredFile, StoredRow
from client.core.views import (
    can_write,
    is_staff,
    is_staff_member,
    may_pin,
    view,
)
from client.text.search_query import parse_query
from shared.crypto.content import (
    MAX_EMOJI_BYTES,
    Accept,
    Content,
    Delete,
    Edit,
    Pin,
    Question,
    React,
    Text,
)
from shared.crypto.identity import make_statement
from shared.crypto.public import direct_id, group_id
from shared.errors import ChatError, NameRefused, RefusedError
from shared.messages import (
    EntryKind,
    Message,
    MessageId,
    PostStatement,
    Refused,
    Restrict,
    Restriction,
    Role,
    SetRole,
)
from shared.names import MAX_GROUP_NAME, normalize_group_name

MAX_HITS = 500
MAX_SIMILAR = 20


class Commands:
    """Carries out commands; a command with a request_id is answered by exactly one Done."""

    def __init__(
        self, work: Context, table: Handlers[object], outbox: Outbox, transfers: Transfers
    ) -> None:
        self._work = work
        self._table = table
        self._outbox = outbox
        self._transfers = transfers
        self._asked: dict[
            bytes, tuple[int, bytes]
        ] = {}  # message_id -> (request_id, conv_id) of a statement or role
        on = table.on
        on(events.SendText, self._send_text)
        on(events.EditMessage, self._edit_message)
        on(events.DeleteMessage, self._delete_message)
        on(events.ReactToMessage, self._react_to_message)
        on(events.PinMessage, self._pin_message)
        on(events.AcceptAnswer, self._accept_answer)
        on(events.LocateMessage, self._locate_message)
        on(events.Search, self._search)
        on(events.FindSimilar, self._find_similar)
        on(events.GetPins, self._get_pins)
        on(events.GetQuestions, self._get_questions)
        on(events.RetryMessage, self._retry_message)
        on(events.DiscardMessage, self._discard_message)
        on(events.OpenDirect, self._open_direct)
        on(events.CreateGroup, self._create_group)
        on(events.AddMembers, self._add_members)
        on(events.RemoveMembers, self._remove_members)
        on(events.RenameGroup, self._rename_group)
        on(events.JoinGroup, self._join_group)
        on(events.LeaveGroup, self._leave_group)
        on(events.SetClassRole, self._set_class_role)
        on(events.RestrictPerson, self._restrict_person)
        on(events.MarkRead, self._mark_read)
        on(events.SetTyping, self._set_typing)
        on(events.SaveUnsentText, self._save_unsent_text)
        on(events.AcceptKey, self._accept_key)
        on(events.GetSafetyNumber, self._get_safety_number)
        on(events.LoadRows, self._load_rows)

    def run(self, command: Command) -> None:
        """Carry out one command."""
        handler = self._table.of(command)
        try:
            if handler is None:
                raise CommandRefused("not_yet", Detail.NOT_YET)
            answer = handler(command)
        except ChatError as error:
            if command.request_id:
                self._work.tell(Done(command.request_id, False, failed_by(error)))
            return
        if answer is not LATER and command.request_id:
            self._work.tell(Done(command.request_id, True, data=answer))

    # --- messages ---

    def _send_text(self, command: events.SendText) -> object:
        conversation = self._conversation(command.conv_id)
        check_text(command.text)
        if len(command.reply_to) not in (0, 16):
            raise CommandRefused("unknown_message", Detail.NO_MESSAGE)
        check_writable(self._work, conversation)
        mark_read(self._work, conversation, -1)  # who answers has read
        if command.is_question:
            if command.reply_to:
                raise CommandRefused("unknown_message", Detail.QUESTION_REPLIES)
            return self._outbox.add(conversation, Question(command.text))
        return self._outbox.add(conversation, Text(command.text, command.reply_to))

    def _edit_message(self, command: events.EditMessage) -> object:
        pending = self._outbox.get(command.message_id)
        if pending is not None and not pending.is_act:
            self._check_edit(command.text, pending.file)
            if not self._outbox.rewrite(pending, command.text):
                raise CommandRefused("busy", Detail.MESSAGE_ON_ITS_WAY)
            return pending.message_id
        uploading = self._transfers.get(command.message_id)
        if uploading is not None and uploading.state != DONE:
            self._transfers.change_caption(uploading, command.text)
            return command.message_id
        row = self._own_row(command.message_id)
        self._check_edit(command.text, row.file)
        return self._act(row, Edit(row.message_id, row.hash, command.text))

    def _delete_message(self, command: events.DeleteMessage) -> object:
        pending = self._outbox.get(command.message_id)
        if pending is not None:
            if not self._outbox.discard(pending):
                raise CommandRefused("busy", Detail.MESSAGE_ON_ITS_WAY)
            return pending.message_id
        if self._cancelled_upload(command.message_id):
            return command.message_id
        row = self._text_row(command.message_id)
        conversation = self._conversation(row.conv_id)
        if not row.is_own and not may_delete(self._work, conversation, self._work.me):
            raise RefusedError("not_allowed")
        return self._act(row, Delete(row.message_id, row.hash))

    def _check_edit(self, text: str, file: StoredFile | None) -> None:
        """A text must say something; the caption of a file need not."""
        (check_text if file is None else check_caption)(text)

    def _cancelled_upload(self, message_id: bytes) -> bool:
        """Give up a file that is no message yet; False if there is none."""
        uploading = self._transfers.get(message_id)
        if uploading is None or not uploading.is_upload or uploading.state == DONE:
            return False
        self._transfers.cancel(uploading)
        return True

    def _react_to_message(self, command: events.ReactToMessage) -> object:
        if not 0 < text_size(command.emoji) <= MAX_EMOJI_BYTES:
            raise RefusedError("too_large")
        row = self._text_row(command.message_id)
        return self._act(row, React(row.message_id, row.hash, command.emoji, command.remove))

    def _pin_message(self, command: events.PinMessage) -> object:
        row = self._text_row(command.message_id)
        if not may_pin(self._work, self._conversation(row.conv_id), self._work.me):
            raise RefusedError("not_allowed")
        return self._act(row, Pin(row.message_id, row.hash, command.remove))

    def _accept_answer(self, command: events.AcceptAnswer) -> object:
        row = self._text_row(command.message_id)
        question = self._work.marks.question_of(row)
        if question is None:
            raise CommandRefused("unknown_message", Detail.NO_ANSWER_TO_ACCEPT)
        conversation = self._conversation(row.conv_id)
        if question.sender != self._work.me and not is_staff_member(
            self._work, conversation, self._work.me
        ):
            raise RefusedError("not_allowed")
        return self._act(row, Accept(row.message_id, row.hash, command.remove))

    def _locate_message(self, command: events.LocateMessage) -> object:
        row = self._work.rows.get(command.message_id)
        if row is None:
            raise CommandRefused("unknown_message", Detail.NO_MESSAGE)
        return row.conv_id, row.position

    def _search(self, command: events.Search) -> object:
        if command.conv_id:
            self._conversation(command.conv_id)
        if not 0 < command.limit <= MAX_HITS:
            raise CommandRefused("malformed", Detail.SEARCH_LIMIT, count=MAX_HITS)
        query = parse_query(command.query)
        sender = self._work.people.uid_of(query.sender) if query.sender else b""
        if query.is_empty or (query.sender and not sender):
            return Found((), True)
        self._work.order(
            FindText(
                command.request_id,
                query.match(),
                command.conv_id,
                sender,
                query.has_file,
                command.limit,
            )
        )
        return LATER

    def _find_similar(self, command: events.FindSimilar) -> object:
        if command.conv_id:
            self._conversation(command.conv_id)
        if not 0 < command.limit <= MAX_SIMILAR:
            raise CommandRefused("malformed", Detail.SIMILAR_LIMIT, count=MAX_SIMILAR)
        self._work.order(
            FindQuestions(command.request_id, command.text, command.conv_id, command.limit)
        )
        return LATER

    def on_text_found(self, event: TextFound) -> None:
        """The answer of a search, or of a look for similar questions."""
        hits = tuple((row.conv_id, show_row(self._work, row)) for row in event.rows)
        self._work.tell(Done(event.request_id, True, data=Found(hits, event.is_complete)))

    def _get_pins(self, command: events.GetPins) -> object:
        self._conversation(command.conv_id)
        return show_rows(self._work, self._work.marks.pins(command.conv_id))

    def _get_questions(self, command: events.GetQuestions) -> object:
        self._conversation(command.conv_id)
        return show_rows(self._work, self._work.marks.questions(command.conv_id))

    def _act(self, row: StoredRow, content: Content) -> bytes:
        conversation = self._conversation(row.conv_id)
        if not can_write(self._work, conversation):
            raise RefusedError("not_allowed")
        return self._outbox.add(conversation, content)

    def _retry_message(self, command: events.RetryMessage) -> None:
        uploading = self._transfers.get(command.message_id)
        if uploading is not None and uploading.state != DONE:
            self._transfers.resume(uploading)
            return
        item = self._outbox.get(command.message_id)
        if item is None:
            raise CommandRefused("unknown_message", Detail.NOT_IN_OUTBOX)
        self._outbox.retry(item)

    def _discard_message(self, command: events.DiscardMessage) -> None:
        if self._cancelled_upload(command.message_id):
            return
        item = self._outbox.get(command.message_id)
        if item is None or not self._outbox.discard(item):
            raise CommandRefused("unknown_message", Detail.NOT_IN_OUTBOX_OR_ON_ITS_WAY)

    # --- conversations ---

    def _open_direct(self, command: events.OpenDirect) -> object:
        work = self._work
        if command.uid == work.me or command.uid not in work.people.accounts:
            raise RefusedError("unknown_user")
        conversation = ensure_direct(work, direct_id(work.me, command.uid), command.uid)
        conversation.about.open()
        return conversation.conv_id

    def _create_group(self, command: events.CreateGroup) -> object:
        work = self._work
        name = command.name.strip() if command.is_private else normalize_group_name(command.name)
        self._check_group_name(name)
        members = sorted(set(command.members) - {work.me})
        self._check_people(members)
        random = work.random(32)
        conversation = work.conversations.ensure(group_id(work.me, random))
        group = SavedGroup(
            conversation.conv_id, random, name, members, command.history_all, command.is_private
        )
        conversation.pending.order_group(group)
        work.save(group)
        work.touch(conversation)
        return conversation.conv_id

    def _check_group_name(self, name: str) -> None:
        if (
            not 0 < len(name) <= MAX_GROUP_NAME
            or not name.isprintable()
            or len(name.encode()) > 120
        ):
            raise NameRefused(detail=Detail.GROUP_NAME_LENGTH, count=MAX_GROUP_NAME)

    def _check_people(self, uids: list[bytes] | tuple[bytes, ...]) -> None:
        for uid in uids:
            if uid not in self._work.people.accounts:
                raise RefusedError("unknown_user")
            if self._work.people.is_blocked(uid):
                raise CommandRefused("key_changed", Detail.KEY_OF_ONE_CHANGED)

    def _add_members(self, command: events.AddMembers) -> object:
        conversation = self._group(command.conv_id)
        self._check_people(command.uids)
        if conversation.snapshot is not None and not may_add(self._work, conversation):
            raise RefusedError("not_allowed")
        return self._change(
            conversation, Change("add", command.uids, request_id=command.request_id)
        )

    def _remove_members(self, command: events.RemoveMembers) -> object:
        conversation = self._group(command.conv_id)
        if self._work.me in command.uids:
            raise CommandRefused("not_allowed", Detail.LEAVE_INSTEAD)
        if conversation.snapshot is not None and not view(self._work, conversation).can_remove:
            raise RefusedError("not_allowed")
        if any(
            conversation.snapshot is not None and conversation.row(uid) is None
            for uid in command.uids
        ):
            raise CommandRefused("not_a_member", Detail.PERSON_NO_MEMBER)
        return self._change(
            conversation, Change("remove", command.uids, request_id=command.request_id)
        )

    def _rename_group(self, command: events.RenameGroup) -> object:
        conversation = self._group(command.conv_id)
        snapshot = conversation.snapshot
        if snapshot is not None and not view(self._work, conversation).can_rename:
            raise RefusedError("not_allowed")
        is_open = snapshot is not None and snapshot.policy.visibility == 1
        name = normalize_group_name(command.name) if is_open else command.name.strip()
        self._check_group_name(name)
        return self._change(
            conversation, Change("rename", name=name, request_id=command.request_id)
        )

    def _change(self, conversation: Conversation, change: Change) -> object:
        if conversation.snapshot is None and conversation.pending.group is None:
            raise RefusedError(
                "not_a_member"
            )  # an open group that one may join; the change would wait for ever
        conversation.pending.order(change)
        self._work.touch(conversation)
        return LATER

    def _join_group(self, command: events.JoinGroup) -> object:
        conversation = self._conversation(command.conv_id)
        if conversation.row(self._work.me) is not None:
            return None
        answer = self._state(conversation, "join", command.request_id)
        conversation.moves.wait_for_admission(True)
        self._work.touch(conversation)
        return answer

    def _leave_group(self, command: events.LeaveGroup) -> object:
        conversation = self._group(command.conv_id)
        if conversation.row(self._work.me) is None:
            raise RefusedError("not_a_member")
        return self._state(conversation, "leave", command.request_id)

    def _state(self, conversation: Conversation, kind: str, request_id: int) -> object:
        work = self._work
        statement, signature = make_statement(
            work.identity, kind, conversation.conv_id, statement_epoch(conversation)
        )
        number = EntryKind.LEAVE if kind == "leave" else EntryKind.JOIN
        message_id = MessageId(work.random(16))
        post = PostStatement(message_id, conversation.conv_id, int(number), statement, signature)
        return self._ask(post, message_id, conversation.conv_id, request_id)

    def _set_class_role(self, command: events.SetClassRole) -> object:
        if self._work.people.role_of(self._work.me) < Role.INSTRUCTOR:
            raise RefusedError("not_allowed")
        if command.uid not in self._work.people.accounts:
            raise RefusedError("unknown_user")
        message_id = MessageId(self._work.random(16))
        return self._ask(
            SetRole(message_id, command.uid, command.role), message_id, b"", command.request_id
        )

    def _restrict_person(self, command: events.RestrictPerson) -> object:
        people = self._work.people
        if command.uid not in people.accounts:
            raise RefusedError("unknown_user")
        is_ban = Restriction.BANNED in (command.restriction, people.restriction_of(command.uid))
        is_final = Restriction.CLOSED in (command.restriction, people.restriction_of(command.uid))
        is_staff = people.role_of(self._work.me) >= (Role.INSTRUCTOR if is_ban else Role.ASSISTANT)
        if not is_staff or is_final or people.role_of(command.uid) > Role.STUDENT:
            raise RefusedError("not_allowed")
        message_id = MessageId(self._work.random(16))
        restrict = Restrict(message_id, command.uid, command.restriction)
        return self._ask(restrict, message_id, b"", command.request_id)

    def _ask(self, message: Message, message_id: bytes, conv_id: bytes, request_id: int) -> object:
        if not self._work.can_send:
            raise CommandRefused("offline")
        self._asked[message_id] = (request_id, conv_id)
        self._work.send(message)
        return LATER

    def on_accepted(self, message_id: bytes) -> bool:
        """The broker committed a statement or role; False if it is about something else."""
        asked = self._asked.pop(message_id, None)
        if asked is not None and asked[0]:
            self._work.tell(Done(asked[0], True))
        return asked is not None

    def on_refused(self, refused: Refused) -> bool:
        """The broker refused a statement or role; False if it is about something else."""
        asked = self._asked.pop(refused.about, None)
        if asked is None:
            return False
        request_id, conv_id = asked
        conversation = self._work.conversations.get(conv_id)
        if conversation is not None and conversation.moves.asked_to_join:
            conversation.moves.wait_for_admission(False)
            self._work.touch(conversation)
        if request_id:
            why = refused_by(refused.code, refused.message)
            self._work.tell(Done(request_id, False, why))
        return True

    def on_disconnected(self) -> None:
        """What was asked is unknown now."""
        for request_id, _ in self._asked.values():
            if request_id:
                why = Failed(code="offline", detail=Detail.ANSWER_LOST)
                self._work.tell(Done(request_id, False, why))
        self._asked.clear()

    # --- the rest ---

    def _mark_read(self, command: events.MarkRead) -> None:
        mark_read(self._work, self._conversation(command.conv_id), command.position)

    def _set_typing(self, command: events.SetTyping) -> None:
        say_typing(self._work, self._conversation(command.conv_id))

    def _save_unsent_text(self, command: events.SaveUnsentText) -> None:
        conversation = self._conversation(command.conv_id)
        text = command.text.encode(errors="replace").decode()  # half a character cannot be kept
        if conversation.about.unsent_text != text:
            conversation.about.keep_unsent(text)
            self._work.touch(conversation)

    def _accept_key(self, command: events.AcceptKey) -> None:
        if not self._work.people.accept_key(command.uid):
            raise CommandRefused("unknown_user", Detail.NO_CHANGED_KEY)
        for conversation in self._work.conversations.values():
            self._work.touch(conversation)

    def _get_safety_number(self, command: events.GetSafetyNumber) -> object:
        if command.uid not in self._work.people.accounts or command.uid == self._work.me:
            raise RefusedError("unknown_user")
        return self._work.people.safety_number(command.uid)

    def _load_rows(self, command: events.LoadRows) -> object:
        work = self._work
        rows = work.rows.page(command.conv_id, max(0, command.first), max(0, command.count))
        work.tell(RowsLoaded(command.request_id, command.conv_id, show_rows(work, rows)))
        return LATER

    # --- looking up ---

    def _conversation(self, conv_id: bytes) -> Conversation:
        conversation = self._work.conversations.get(conv_id)
        if conversation is None:
            raise RefusedError("unknown_conversation")
        return conversation

    def _group(self, conv_id: bytes) -> Conversation:
        conversation = self._conversation(conv_id)
        if conversation.about.kind == DIRECT_KIND or (
            conversation.about.kind != GROUP_KIND and not is_staff(self._work)
        ):
            raise RefusedError("not_allowed")
        return conversation

    def _text_row(self, message_id: bytes) -> StoredRow:
        row = self._work.rows.get(message_id)
        if row is None or row.kind != RowKind.TEXT:
            raise CommandRefused("unknown_message", Detail.NO_MESSAGE)
        return row

    def _own_row(self, message_id: bytes) -> StoredRow:
        row = self._text_row(message_id)
        if not row.is_own:
            raise RefusedError("not_allowed")
        return row
