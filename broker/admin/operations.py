"""What the host can have done (accounts, roles, bans, closing, invitations), in a running broker or
on its folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from broker.clock import wall_ms
from broker.core.accounts import Admission
from broker.core.core import BrokerCore, ClassInfo
from broker.core.events import (
    AccountInfo,
    CloseAccount,
    Committed,
    GiveRole,
    HostAnswered,
    HostOrder,
    HostOrdered,
    ListAccounts,
    Persist,
    RestrictAccount,
    UseCodes,
)
from broker.storage.data_folder import DataDir, new_code
from broker.storage.sqlite import SqliteStorage
from shared.crypto.public import class_id_of
from shared.errors import ChatError
from shared.invitations import INSTRUCTOR_FILE, STUDENT_FILE
from shared.messages import Restriction, Role
from shared.names import name_key, normalize_username

ROLE_NAMES = tuple(role.name.lower() for role in Role)
STATE_NAMES = ("active", "muted", "banned", "closed")  # by Restriction
Answer = dict[str, object]


class HostRefused(ChatError):
    """This cannot be done."""

    code = "host_refused"


class Host:
    """Carries out what is asked, in a running broker and on a folder alike: `ask` brings an order
    to the core.
    """

    def __init__(self, data: DataDir, ask: Callable[[HostOrder], HostAnswered]) -> None:
        self._data = data
        self._ask = ask
        self._lock = threading.Lock()
        self._actions: dict[str, Callable[[Mapping[str, str]], Answer]] = {
            "accounts": self._accounts,
            "role": self._role,
            "ban": self._ban,
            "unban": self._unban,
            "reset": self._reset,
            "invite": self._invite,
        }

    def perform(self, request: Mapping[str, str]) -> Answer:
        """Do one thing. ChatError in words if it cannot be done."""
        action = self._actions.get(request.get("do", ""))
        if action is None:
            raise HostRefused("The broker does not know this order; is it of another version?")
        with self._lock:
            return action(request)

    def _order(self, order: HostOrder) -> HostAnswered:
        answer = self._ask(order)
        if answer.code:
            raise HostRefused(answer.message)
        return answer

    def _accounts(self, request: Mapping[str, str]) -> Answer:
        return {"accounts": [_told(account) for account in self._order(ListAccounts()).accounts]}

    def _role(self, request: Mapping[str, str]) -> Answer:
        if request["role"] not in ROLE_NAMES:
            raise HostRefused(f"A role is one of: {', '.join(ROLE_NAMES)}.")
        self._order(GiveRole(request["username"], ROLE_NAMES.index(request["role"])))
        return {"username": request["username"], "role": request["role"]}

    def _ban(self, request: Mapping[str, str]) -> Answer:
        self._order(RestrictAccount(request["username"], int(Restriction.BANNED)))
        return {"username": request["username"], "state": "banned"}

    def _unban(self, request: Mapping[str, str]) -> Answer:
        self._order(RestrictAccount(request["username"], int(Restriction.NONE)))
        return {"username": request["username"], "state": "active"}

    def _reset(self, request: Mapping[str, str]) -> Answer:
        """The code is kept before the account is closed: a crash between both leaves a code that
        opens nothing.
        """
        username = request["username"]
        students, _ = self._data.invitations()
        codes, code = self._data.codes(), new_code()
        key = name_key(normalize_username(username))
        self._data.store_codes(replace(codes, personal={**codes.personal, key: code}))
        try:
            self._order(CloseAccount(username, code))
        except HostRefused:
            self._data.store_codes(codes)
            raise
        return {
            "username": username,
            "state": "closed",
            "invitation": replace(students, join_code=code).encode(),
        }

    def _invite(self, request: Mapping[str, str]) -> Answer:
        students, instructor = self._data.invitations()
        who = request.get("new", "")
        if who not in ("", "students", "instructors"):
            raise HostRefused("A new join code is for students or for instructors.")
        if who:
            codes = self._data.codes()
            codes = (
                replace(codes, student=new_code())
                if who == "students"
                else replace(codes, instructor=new_code())
            )
            students = replace(students, join_code=codes.student)
            instructor = replace(instructor, join_code=codes.instructor)
            self._data.store_codes(codes)
            self._data.write_invitations(students, instructor)
            self._order(UseCodes(codes.student, codes.instructor))
        return {
            "class_name": students.class_name,
            "endpoint": students.endpoint,
            "invitation": students.encode(),
            "instructor_invitation": instructor.encode(),
            "file": str(self._data.path / STUDENT_FILE),
            "instructor_file": str(self._data.path / INSTRUCTOR_FILE),
        }


def _told(account: AccountInfo) -> Answer:
    return {
        "username": account.username,
        "role": ROLE_NAMES[account.role],
        "state": STATE_NAMES[account.restriction],
        "online": account.is_online,
        "file_bytes": account.file_bytes,
    }


def perform_on_folder(path: Path, request: Mapping[str, str]) -> Answer:
    """The same without a broker: on the data folder itself, under its lock.

    DataDirInUse if a broker runs.
    """
    data = DataDir(path)
    data.check_is_class()
    data.open()
    try:
        storage = SqliteStorage(data.database)
        try:
            core = core_of(data, storage)
            return Host(data, lambda order: _ask_core(core, storage, order)).perform(request)
        finally:
            storage.close()
    finally:
        data.close()


def core_of(data: DataDir, storage: SqliteStorage) -> BrokerCore:
    """A core that knows all that is stored, without anybody online."""
    codes = data.codes()
    students, _ = data.invitations()
    admission = Admission("code", codes.student, codes.instructor, codes.personal)
    key = students.broker_key
    info = ClassInfo(
        class_name=students.class_name,
        class_id=class_id_of(key),
        broker_key=key,
        admission=admission,
    )
    core = BrokerCore(info, bytes)
    core.load(storage)
    return core


def _ask_core(core: BrokerCore, storage: SqliteStorage, order: HostOrder) -> HostAnswered:
    actions = core.handle(HostOrdered(1, order, wall_ms()))
    for action in [action for action in actions if isinstance(action, Persist)]:
        storage.commit(action.batch)
        actions += core.handle(Committed(action.ticket, wall_ms()))
    return next(action for action in actions if isinstance(action, HostAnswered))


class Asking:
    """Brings orders of other threads to the network thread of a running broker, and waits for the
    answers.
    """

    def __init__(self, post: Callable[[HostOrdered], None], timeout_s: float = 30.0) -> None:
        self._post = post
        self._timeout_s = timeout_s
        self._number = 0
        self._waiting: dict[int, list[HostAnswered]] = {}
        self._arrived = threading.Condition()

    def ask(self, order: HostOrder) -> HostAnswered:
        """Any thread. ChatError if nothing comes."""
        with self._arrived:
            self._number += 1
            number = self._number
            answers: list[HostAnswered] = []
            self._waiting[number] = answers
        self._post(HostOrdered(number, order, wall_ms()))
        with self._arrived:
            self._arrived.wait_for(lambda: bool(answers), self._timeout_s)
            del self._waiting[number]
        if not answers:
            raise HostRefused(
                "The broker did not answer in time; it may be stopping, or its disk may be stuck."
            )
        return answers[0]

    def on_answered(self, answer: HostAnswered) -> None:
        """Network thread."""
        with self._arrived:
            if answer.number in self._waiting:
                self._waiting[answer.number].append(answer)
                self._arrived.notify_all()
