"""The headless client: JSON lines for bots, scripts and tests, over the same core, thread and store
as the window.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from client.api import events
from client.api.english import failure_words
from client.api.events import (
    Command,
    Done,
    Notice,
    RowsLoaded,
)
from client.api.values import RowKind
from client.headless.events import RESTRICTION_WORDS, ClassView, message_fields
from client.headless.files import FILE_FIELDS, HeadlessFiles
from client.headless.marks import MARK_FIELDS, HeadlessMarks
from client.headless.protocol import (
    CONTINUED,
    Answer,
    Fields,
    Method,
    Refusal,
    as_bytes,
    empty_answer,
    message_answer,
    message_id_of,
)
from client.settings import Options, default_profile_dir, read_passphrase
from client.threads.network import ClientSession
from shared.errors import ChatError
from shared.invitations import Invitation, parse_invitation

EXIT_OK, EXIT_INTERNAL, EXIT_ARGUMENTS, EXIT_REFUSED, EXIT_PASSPHRASE, EXIT_IN_USE = (
    0,
    1,
    2,
    3,
    4,
    5,
)
EXIT_INTERRUPTED = 130
EXIT_CODES = {
    "wrong_passphrase": EXIT_PASSPHRASE,
    "profile_in_use": EXIT_IN_USE,
    "invitation_invalid": EXIT_ARGUMENTS,
    "profile_of_other": EXIT_ARGUMENTS,
    "no_recovery": EXIT_REFUSED,
    "unreachable": EXIT_REFUSED,
    "name_unknown": EXIT_REFUSED,
    "names_unavailable": EXIT_REFUSED,
    "slow_down": EXIT_REFUSED,
    "profile_exists": EXIT_ARGUMENTS,
    "internal": EXIT_INTERNAL,
}
HISTORY_PAGE = 200

# command -> {field: (type, is required)}
COMMAND_FIELDS: dict[str, dict[str, tuple[type, bool]]] = {
    "send": {"to": (str, True), "text": (str, True), "reply_to": (str, False)},
    "edit": {"message_id": (str, True), "text": (str, True)},
    "delete": {"message_id": (str, True)},
    "react": {"message_id": (str, True), "emoji": (str, True), "remove": (bool, False)},
    "create_group": {
        "name": (str, True),
        "members": (list, True),
        "history": (str, False),
        "private": (bool, False),
    },
    "add_members": {"group": (str, True), "members": (list, True)},
    "remove_members": {"group": (str, True), "members": (list, True)},
    "join": {"group": (str, True)},
    "leave": {"group": (str, True)},
    "groups": {},
    "people": {},
    "history": {"of": (str, True), "before": (int, False), "limit": (int, False)},
    "search": {"query": (str, True), "in": (str, False), "limit": (int, False)},
    "safety_number": {"of": (str, True)},
    "restrict": {"of": (str, True), "restriction": (str, True)},
    "mark_read": {"of": (str, True)},
    "status": {},
    "quit": {},
    **FILE_FIELDS,
    **MARK_FIELDS,
}


class Headless:
    """Owns the two streams; all its methods run on the main thread."""

    def __init__(self, session: ClientSession, out: TextIO) -> None:
        self._session = session
        self._out = out
        self._view = ClassView()
        self._requests: dict[int, tuple[object, Answer]] = {}
        self._loads: dict[int, Callable[[RowsLoaded], None]] = {}
        self._files = HeadlessFiles(self._ask, self._in_target, self._view)
        self._marks = HeadlessMarks(self._ask, self._in_target, self._view)
        self.methods: dict[str, Method] = {
            "send": self._do_send,
            "edit": self._do_edit,
            "delete": self._do_delete,
            "react": self._do_react,
            "create_group": self._do_create_group,
            "add_members": self._do_add_members,
            "remove_members": self._do_remove_members,
            "join": self._do_join,
            "leave": self._do_leave,
            "groups": self._do_groups,
            "people": self._do_people,
            "status": self._do_status,
            "search": self._do_search,
            "safety_number": self._do_safety_number,
            "restrict": self._do_restrict,
            "mark_read": self._do_mark_read,
            "history": self._do_history,
            "quit": self._do_quit,
            **self._files.methods,
            **self._marks.methods,
        }
        self._last_request = 0
        self._early_lines: list[str] = []
        self._is_open = False
        self._has_input_ended = False
        self._is_late = False  # the lines that came before the profile was open are done
        self.exit_code: int | None = None

    def write(self, line: Fields) -> None:
        """One JSON object, flushed."""
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()

    # --- notices ---

    def on_notices(self, batch: list[Notice]) -> None:
        """A batch of news in order."""
        self._view.prepare(batch)
        for notice in batch:
            match notice:
                case Done():
                    self._on_done(notice)
                case RowsLoaded():
                    self._loads.pop(notice.request_id)(notice)
                case events.SignInFailed():
                    self._on_failed(notice)
                case _:
                    for line in self._view.lines(notice):
                        self.write(line)
            if isinstance(notice, events.SessionOpened):
                self._is_open = True
        if self._is_open and (self._early_lines or self._has_input_ended) and not self._is_late:
            self._is_late = True
            early, self._early_lines = self._early_lines, []
            for text in early:
                self.on_line(text)
            if self._has_input_ended:
                self.on_end_of_input()

    def _on_failed(self, notice: events.SignInFailed) -> None:
        fatal: Fields = {
            "event": "fatal",
            "code": notice.code,
            "message": failure_words(notice.failure),
        }
        if notice.suggestions:
            fatal["suggestions"] = list(notice.suggestions)
        self.write(fatal)
        # A name that is not one is an argument; one that the broker refuses comes after the profile
        # is open.
        code = EXIT_REFUSED if self._is_open else EXIT_ARGUMENTS
        self.exit_code = EXIT_CODES.get(notice.code, code)

    def _on_done(self, done: Done) -> None:
        reply_id, answer = self._requests.pop(done.request_id)
        if not done.ok:
            self._refuse(reply_id, done.code, failure_words(done.failure))
            return
        try:
            fields = answer(done)
        except ChatError as error:
            self._refuse(reply_id, error.code, error.message)
            return
        if fields is not CONTINUED:
            self.write({"reply": reply_id, "ok": True, **fields})

    def _refuse(self, reply_id: object, code: str, message: str) -> None:
        self.write({"reply": reply_id, "ok": False, "code": code, "message": message})

    # --- commands ---

    def on_line(self, line: str) -> None:
        """One line of standard input."""
        if not self._is_open:
            self._early_lines.append(line)
            return
        if not line.strip():
            return
        reply_id: object = None
        try:
            command = _parse(line)
            reply_id = command.pop("id")
            fields = self._run(reply_id, str(command.pop("do")), command)
        except ChatError as error:
            self._refuse(
                reply_id if reply_id is not None else _id_of(line), error.code, error.message
            )
            return
        if fields is not CONTINUED:
            self.write({"reply": reply_id, "ok": True, **fields})

    def on_end_of_input(self) -> None:
        """The caller is gone: what was ordered is carried out, then the end as after `quit`."""
        self._has_input_ended = True
        if self._is_open and self.exit_code is None:
            self._ask(None, lambda number: events.Quit(request_id=number), self._end_quietly)

    def _run(self, reply_id: object, do: str, fields: Fields) -> Fields:
        expected = COMMAND_FIELDS.get(do)
        if expected is None:
            raise Refusal("unknown_command", f"There is no command {do!r}.")
        _check_fields(fields, expected)
        return self.methods[do](reply_id, fields)

    def _ask(self, reply_id: object, make: Callable[[int], Command], answer: Answer) -> Fields:
        self._last_request += 1
        self._requests[self._last_request] = (reply_id, answer)
        self._session.post(make(self._last_request))
        return CONTINUED

    def _in_target(self, reply_id: object, target: str, then: Callable[[bytes], Fields]) -> Fields:
        """Go on with the conversation of a target; a direct one is opened first."""
        if target.startswith("@"):
            uid = self._view.uid(target)
            return self._ask(
                reply_id,
                lambda number: events.OpenDirect(request_id=number, uid=uid),
                lambda done: then(as_bytes(done.data)),
            )
        return then(self._view.group(target))

    def _do_send(self, reply_id: object, fields: Fields) -> Fields:
        reply_to = message_id_of(str(fields["reply_to"])) if "reply_to" in fields else b""
        text = str(fields["text"])

        def send(conv_id: bytes) -> Fields:
            def make(number: int) -> Command:
                return events.SendText(
                    request_id=number, conv_id=conv_id, text=text, reply_to=reply_to
                )

            return self._ask(reply_id, make, message_answer)

        return self._in_target(reply_id, str(fields["to"]), send)

    def _do_edit(self, reply_id: object, fields: Fields) -> Fields:
        message_id, text = message_id_of(str(fields["message_id"])), str(fields["text"])
        return self._ask(
            reply_id,
            lambda n: events.EditMessage(request_id=n, message_id=message_id, text=text),
            message_answer,
        )

    def _do_delete(self, reply_id: object, fields: Fields) -> Fields:
        message_id = message_id_of(str(fields["message_id"]))
        return self._ask(
            reply_id,
            lambda n: events.DeleteMessage(request_id=n, message_id=message_id),
            message_answer,
        )

    def _do_react(self, reply_id: object, fields: Fields) -> Fields:
        message_id, emoji = message_id_of(str(fields["message_id"])), str(fields["emoji"])
        remove = bool(fields.get("remove", False))

        def make(number: int) -> Command:
            return events.ReactToMessage(
                request_id=number, message_id=message_id, emoji=emoji, remove=remove
            )

        return self._ask(reply_id, make, message_answer)

    def _do_create_group(self, reply_id: object, fields: Fields) -> Fields:
        history = fields.get("history", "all")
        if history not in ("all", "from_join"):
            raise Refusal("malformed", "history is all or from_join.")
        name, members = str(fields["name"]).removeprefix("#"), self._uids(fields["members"])
        is_private = bool(fields.get("private", True))

        def make(number: int) -> Command:
            return events.CreateGroup(
                request_id=number,
                name=name,
                members=members,
                history_all=history == "all",
                is_private=is_private,
            )

        return self._ask(
            reply_id, make, lambda done: {"group": "#" + self._view.name(as_bytes(done.data))}
        )

    def _do_add_members(self, reply_id: object, fields: Fields) -> Fields:
        conv_id, uids = self._view.group(str(fields["group"])), self._uids(fields["members"])
        return self._ask(
            reply_id,
            lambda n: events.AddMembers(request_id=n, conv_id=conv_id, uids=uids),
            empty_answer,
        )

    def _do_remove_members(self, reply_id: object, fields: Fields) -> Fields:
        conv_id, uids = self._view.group(str(fields["group"])), self._uids(fields["members"])
        return self._ask(
            reply_id,
            lambda n: events.RemoveMembers(request_id=n, conv_id=conv_id, uids=uids),
            empty_answer,
        )

    def _do_join(self, reply_id: object, fields: Fields) -> Fields:
        conv_id = self._view.group(str(fields["group"]))
        return self._ask(
            reply_id, lambda n: events.JoinGroup(request_id=n, conv_id=conv_id), empty_answer
        )

    def _do_leave(self, reply_id: object, fields: Fields) -> Fields:
        conv_id = self._view.group(str(fields["group"]))
        return self._ask(
            reply_id, lambda n: events.LeaveGroup(request_id=n, conv_id=conv_id), empty_answer
        )

    def _do_groups(self, _: object, __: Fields) -> Fields:
        return {"groups": self._view.groups_list()}

    def _do_people(self, _: object, __: Fields) -> Fields:
        return {"people": self._view.people_list()}

    def _do_status(self, _: object, __: Fields) -> Fields:
        return self._view.status()

    def _do_search(self, reply_id: object, fields: Fields) -> Fields:
        query, limit = str(fields["query"]), fields.get("limit", 50)
        assert isinstance(limit, int)

        def search(conv_id: bytes) -> Fields:
            return self._ask(
                reply_id,
                lambda n: events.Search(request_id=n, query=query, conv_id=conv_id, limit=limit),
                self._marks.on_found,
            )

        return (
            self._in_target(reply_id, str(fields["in"]), search) if "in" in fields else search(b"")
        )

    def _do_safety_number(self, reply_id: object, fields: Fields) -> Fields:
        uid = self._view.uid(str(fields["of"]))
        is_verified = self._view.is_verified(uid)
        return self._ask(
            reply_id,
            lambda n: events.GetSafetyNumber(request_id=n, uid=uid),
            lambda done: {"digits": done.data, "verified": is_verified},
        )

    def _do_restrict(self, reply_id: object, fields: Fields) -> Fields:
        uid, word = self._view.uid(str(fields["of"])), str(fields["restriction"])
        if word not in RESTRICTION_WORDS[:3]:
            raise Refusal("malformed", "restriction is none, muted or banned.")
        restriction = RESTRICTION_WORDS.index(word)
        return self._ask(
            reply_id,
            lambda n: events.RestrictPerson(request_id=n, uid=uid, restriction=restriction),
            empty_answer,
        )

    def _do_mark_read(self, reply_id: object, fields: Fields) -> Fields:
        def mark(conv_id: bytes) -> Fields:
            return self._ask(
                reply_id, lambda n: events.MarkRead(request_id=n, conv_id=conv_id), empty_answer
            )

        return self._in_target(reply_id, str(fields["of"]), mark)

    def _do_history(self, reply_id: object, fields: Fields) -> Fields:
        before, limit = fields.get("before", 2**53), fields.get("limit", 50)
        assert isinstance(before, int) and isinstance(limit, int)
        if not 0 < limit <= 10_000:
            raise Refusal("malformed", "limit is 1 to 10000.")

        def read(conv_id: bytes) -> Fields:
            self._load_history(reply_id, conv_id, before, limit, self._view.row_count(conv_id), [])
            return CONTINUED

        return self._in_target(reply_id, str(fields["of"]), read)

    def _load_history(
        self,
        reply_id: object,
        conv_id: bytes,
        before: int,
        limit: int,
        end: int,
        history: list[Fields],
    ) -> None:
        """Read pages backwards until there are enough messages."""
        if end <= 0 or len(history) >= limit:
            self.write({"reply": reply_id, "ok": True, "messages": history[-limit:]})
            return
        first = max(0, end - HISTORY_PAGE)

        def on_loaded(loaded: RowsLoaded) -> None:
            name = self._view.target(conv_id)
            rows = [row for row in loaded.rows if row.kind in _SHOWN and row.sequence < before]
            older = [message_fields(name, row) for row in rows]
            self._load_history(reply_id, conv_id, before, limit, first, older + history)

        self._last_request += 1
        self._loads[self._last_request] = on_loaded
        self._session.post(
            events.LoadRows(
                request_id=self._last_request, conv_id=conv_id, first=first, count=end - first
            )
        )

    def _do_quit(self, reply_id: object, _: Fields) -> Fields:
        return self._ask(reply_id, lambda n: events.Quit(request_id=n), self._end)

    def _end(self, _: Done) -> Fields:
        self.exit_code = EXIT_OK
        return {}

    def _end_quietly(self, _: Done) -> Fields:
        self.exit_code = EXIT_OK
        return CONTINUED

    def _uids(self, names: object) -> tuple[bytes, ...]:
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise Refusal("malformed", "members is a list of names.")
        return tuple(self._view.uid(name) for name in names)


_SHOWN = (RowKind.TEXT, RowKind.DELETED)


def _parse(line: str) -> Fields:
    try:
        command = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed", "This line is not JSON.") from error
    if (
        not isinstance(command, dict)
        or not isinstance(command.get("do"), str)
        or command.get("id") is None
    ):
        raise Refusal("malformed", "A command is an object with `id` and `do`.")
    return command


def _id_of(line: str) -> object:
    try:
        command = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return command.get("id") if isinstance(command, dict) else None


def _check_fields(fields: Fields, expected: dict[str, tuple[type, bool]]) -> None:
    for name, value in fields.items():
        if name not in expected:
            raise Refusal("unknown_field", f"There is no field {name!r} here.")
        if type(value) is not expected[name][0]:
            raise Refusal("malformed", f"The field {name!r} has the wrong type.")
    for name, (_, is_required) in expected.items():
        if is_required and name not in fields:
            raise Refusal("missing_field", f"The field {name!r} is missing.")


# --- running ---


def run_headless(options: Options, lines: TextIO, out: TextIO) -> int:
    """Until `quit`, the end of input, or a fatal problem; the exit code."""
    try:
        invitation, username, passphrase, profile = _arguments(options)
    except (ChatError, ValueError) as error:
        code = error.code if isinstance(error, ChatError) else "bad_arguments"
        fatal = {"event": "fatal", "code": code, "message": str(error)}
        out.write(json.dumps(fatal) + "\n")
        out.flush()
        return EXIT_ARGUMENTS
    inbox: queue.SimpleQueue[str | list[Notice] | None] = queue.SimpleQueue()
    session = ClientSession(
        profile,
        invitation=invitation,
        username=username,
        passphrase=passphrase,
        deliver=inbox.put,
        cost=options.cost,
        recovers=options.recovers,
    )
    headless = Headless(session, out)
    session.start()
    threading.Thread(
        target=_read_lines, args=(lines, inbox), name="headless-input", daemon=True
    ).start()
    try:
        while headless.exit_code is None:
            item = inbox.get()
            if item is None:
                headless.on_end_of_input()
            elif isinstance(item, str):
                headless.on_line(item)
            else:
                headless.on_notices(item)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    finally:
        session.stop()
    return headless.exit_code


def _read_lines(lines: TextIO, inbox: queue.SimpleQueue[str | list[Notice] | None]) -> None:
    for line in lines:
        inbox.put(line)
    inbox.put(None)


def _arguments(options: Options) -> tuple[Invitation | None, str, str, Path]:
    if options.profile is None and not options.username:
        raise ValueError("--profile or --username is needed")
    if options.passphrase_file is None:
        raise ValueError("--passphrase-file is needed")
    passphrase = read_passphrase(options.passphrase_file)
    invitation = parse_invitation(options.invitation) if options.invitation else None
    profile = options.profile or default_profile_dir(options.username)
    return invitation, options.username, passphrase, profile
