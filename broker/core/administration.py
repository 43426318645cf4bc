"""What the host may order: list accounts, grant roles, ban, close accounts, change join codes.

The host is whoever runs the broker.
"""

from __future__ import annotations

from dataclasses import replace

from broker.core.accounts import Directory, Sessions, restriction_body, role_body
from broker.core.delivery import Delivery
from broker.core.events import (
    AccountInfo,
    Action,
    CloseAccount,
    GiveRole,
    HostAnswered,
    HostOrder,
    HostOrdered,
    ListAccounts,
    RestrictAccount,
    UseCodes,
)
from broker.core.files.catalogue import Files
from broker.core.posting import Posting
from shared.errors import NameRefused, RefusedError
from shared.messages import DIRECTORY_LOG, EntryKind, Restriction, Role
from shared.names import name_key, normalize_username

NOBODY = b""  # the sender of an entry that the broker itself makes


class Hosting:
    """Carries out the host's orders.

    The entries it makes have no sender: everybody can see that no member of the class made them.
    """

    def __init__(
        self,
        directory: Directory,
        sessions: Sessions,
        files: Files,
        delivery: Delivery,
        posting: Posting,
        actions: list[Action],
    ) -> None:
        self._directory = directory
        self._sessions = sessions
        self._files = files
        self._delivery = delivery
        self._posting = posting
        self._actions = actions

    def on_ordered(self, event: HostOrdered) -> None:
        """Carry out an order, or say why not.

        An order that changes the log is answered after its commit.
        """
        try:
            answer = self._carry_out(event, event.order)
        except (RefusedError, NameRefused) as refusal:
            answer = HostAnswered(event.number, refusal.code, refusal.message)
        if answer is not None:
            self._actions.append(answer)

    def _carry_out(self, event: HostOrdered, order: HostOrder) -> HostAnswered | None:
        """Return the answer; None if it follows with the commit."""
        match order:
            case ListAccounts():
                return HostAnswered(event.number, accounts=self._accounts())
            case UseCodes():
                self._directory.admission = replace(
                    self._directory.admission,
                    student_code=order.student,
                    instructor_code=order.instructor,
                )
                return HostAnswered(event.number)
            case GiveRole():
                self._append(
                    event, EntryKind.ROLE, role_body(self._uid(order.username), Role(order.role))
                )
            case RestrictAccount():
                body = restriction_body(self._uid(order.username), int(order.restriction))
                self._append(event, EntryKind.RESTRICTION, body)
            case _:
                return self._close(event, order)
        return None

    def _close(self, event: HostOrdered, order: CloseAccount) -> HostAnswered | None:
        """Close an account; a name that was freed before only gets another code."""
        is_freed = self._directory.is_freed(order.username)
        uid = b"" if is_freed else self._uid(order.username)
        self._check_disk()
        codes = {
            **self._directory.admission.personal_codes,
            name_key(normalize_username(order.username)): order.code,
        }
        self._directory.admission = replace(self._directory.admission, personal_codes=codes)
        if is_freed:
            return HostAnswered(event.number)
        self._append(event, EntryKind.RESTRICTION, restriction_body(uid, int(Restriction.CLOSED)))
        return None

    def _append(self, event: HostOrdered, kind: EntryKind, body: bytes) -> None:
        self._check_disk()
        entry = self._delivery.append(DIRECTORY_LOG, kind, NOBODY, b"", body, b"", event.now_ms)
        self._directory.apply(entry)
        self._delivery.change().host_number = event.number

    def _check_disk(self) -> None:
        if self._posting.is_stalled:
            raise RefusedError(
                "busy", "The disk does not take anything at present; nothing was changed."
            )

    def _uid(self, username: str) -> bytes:
        uid = self._directory.uid_of_name(username)
        if not uid:
            raise RefusedError("unknown_user")
        return uid

    def _accounts(self) -> tuple[AccountInfo, ...]:
        directory = self._directory
        infos = [
            AccountInfo(
                account.username,
                directory.role_of(uid),
                directory.restriction_of(uid),
                uid in self._sessions.online,
                self._files.used_by(uid),
            )
            for uid, account in directory.accounts.items()
        ]
        return tuple(sorted(infos, key=lambda info: (-info.role, info.username.casefold())))
