"""Who is who: the accounts of the directory log, transport keys, sessions, and rules of sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from broker.core.limits import Allowance, Rates
from shared.crypto.accounts import (
    Account,
    extend_account,
    read_genesis,
    verify_genesis,
    verify_login,
)
from shared.crypto.public import expect, is_bytes, pack, unpack_exact
from shared.errors import CryptoReject, NameRefused, RefusedError
from shared.invariants import require
from shared.invitations import z85_decode
from shared.messages import (
    Entry,
    EntryKind,
    Hello,
    Register,
    Restrict,
    Restriction,
    Role,
    SetRole,
    SignIn,
)
from shared.names import name_key, normalize_username, suggest_usernames

NONCE_BYTES = 16
SHUT_OUT: Mapping[int, str] = {
    Restriction.BANNED: "banned",
    Restriction.CLOSED: "account_closed",
}  # -> the refusal
# the first character of the User-Id of an unregistered key; no username can contain it
STRANGER = "?"


def is_claim_honest(routing_id: bytes, user_id: str) -> bool:
    """Return whether a routing id (name, 0x00, 16 bytes) has the name that ZAP found.

    ZAP looks the name up by the connection's key.
    """
    name_length = len(routing_id) - NONCE_BYTES - 1
    if name_length < 1 or routing_id[name_length] != 0 or routing_id[0] == 0 or not user_id:
        return False
    return user_id[0] == STRANGER or routing_id[:name_length] == user_id.encode()


@dataclass(slots=True, kw_only=True)
class Session:
    """One connection. `uid` is empty until it has signed in."""

    id: bytes
    user_id: str
    key: str  # the connection's CURVE key, Z85
    since_ms: int
    allowance: Allowance  # after the sign-in, that of the account
    challenge: bytes = b""
    uid: bytes = b""
    did: bytes = b""
    username: str = ""
    malformed: int = 0
    is_attached: bool = False  # a device's second connection, only for files
    is_lagging: bool = False
    lagging_since_ms: int = 0
    caught_up_ms: int = 0
    held: dict[bytes, tuple[bytes, int]] = field(
        default_factory=dict
    )  # conversation -> (the id that must come first, until when)
    is_flooding: bool = (
        False  # it has sent far more that was in vain than an honest client ever does
    )

    def strike(self, now_ms: int) -> None:
        """Count something sent in vain: refused, repeated, or too often."""
        if self.allowance.strikes.take(now_ms):
            self.is_flooding = True


class Sessions:
    """All connections by routing id.

    Each account has at most one signed-in session and one for files; the newest wins.
    """

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self.all: dict[bytes, Session] = {}
        self.online: dict[bytes, Session] = {}
        self.attached: dict[bytes, Session] = {}  # uid -> its connection for files
        self._allowances: dict[tuple[bytes, bool], Allowance] = {}  # by uid and is_attached

    def open(self, session_id: bytes, user_id: str, key: str, now_ms: int) -> Session:
        """Return the session of a connection, creating it at the first frame."""
        session = self.all.get(session_id)
        if session is None or session.key != key:
            session = Session(
                id=session_id,
                user_id=user_id,
                key=key,
                since_ms=now_ms,
                allowance=Allowance(self._rates, is_stranger=True),
            )
            self.all[session_id] = session
        return session

    def sign_in(self, session: Session, account: Account, did: bytes) -> Session | None:
        """Make it the account's session; returns the one that it replaces."""
        return self._take(self.online, session, account, did)

    def attach(self, session: Session, account: Account, did: bytes) -> Session | None:
        """Make it the account's session for files; returns the one that it replaces."""
        session.is_attached = True
        return self._take(self.attached, session, account, did)

    def _take(
        self, sessions: dict[bytes, Session], session: Session, account: Account, did: bytes
    ) -> Session | None:
        before = sessions.get(account.uid)
        session.uid, session.did, session.username = account.uid, did, account.username
        owner = (account.uid, session.is_attached)
        if owner not in self._allowances:
            self._allowances[owner] = Allowance(self._rates)
        session.allowance = self._allowances[owner]
        sessions[account.uid] = session
        if before is None or before is session:
            return None
        self.all.pop(before.id, None)
        return before

    def close(self, session_id: bytes) -> Session | None:
        """Forget a session; returns it if it was its account's signed-in session."""
        session = self.all.pop(session_id, None)
        if session is not None and self.attached.get(session.uid) is session:
            del self.attached[session.uid]
        if session is None or self.online.get(session.uid) is not session:
            return None
        del self.online[session.uid]
        return session

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless accounts have at most one session of each kind."""
        for session_id, session in self.all.items():
            require(session.id == session_id, "a session stands under its id")
            sessions = self.attached if session.is_attached else self.online
            require(
                not session.uid or sessions.get(session.uid) is session,
                "a signed-in session is that of its account",
            )
        for sessions in (self.online, self.attached):
            for uid, session in sessions.items():
                require(
                    session.uid == uid and self.all.get(session.id) is session,
                    "who is online has a session",
                )


@dataclass(frozen=True, slots=True)
class Admission:
    """How newcomers get in."""

    joining: str  # "code" or "open"
    student_code: str
    instructor_code: str
    personal_codes: Mapping[str, str] = field(
        default_factory=dict
    )  # name_key -> the code to come back with

    def role_for(self, code: str) -> Role:
        """Return the role that a join code grants; raises RefusedError if it grants none."""
        if code and code == self.instructor_code:
            return Role.INSTRUCTOR
        if (code and code == self.student_code) or (not code and self.joining == "open"):
            return Role.STUDENT
        raise RefusedError("wrong_code")


class Directory:
    """The accounts, names, roles and transport keys: the directory log's content, in memory."""

    def __init__(self, admission: Admission, broker_key: bytes) -> None:
        self.admission = admission
        self._broker_key = broker_key
        self.accounts: dict[bytes, Account] = {}
        self.numbers: dict[bytes, int] = {}  # uid -> the sequence of its entry in the log
        self.roles: dict[bytes, int] = {}
        self.restrictions: dict[bytes, int] = {}
        self._uids_by_name: dict[str, bytes] = {}
        self._freed: dict[str, bytes] = {}  # name_key -> the closed account that had the name last
        self.keys: dict[str, tuple[bytes, bytes]] = {}  # Z85 -> (uid, did)

    # --- what the log says ---

    def apply(self, entry: Entry, *, is_verified: bool = False) -> None:
        """Take an entry of the directory log into memory; raises CryptoReject if it is invalid."""
        if entry.kind == EntryKind.ACCOUNT:
            username, role, genesis = unpack_exact(entry.body, 1 << 16, 3)
            account = read_genesis(genesis) if is_verified else verify_genesis(genesis)
            expect(account.username == username and account.uid == entry.sender)
            self.accounts[account.uid] = account
            self.numbers[account.uid] = entry.sequence
            self.roles[account.uid] = int(role)
            self._uids_by_name[name_key(account.username)] = account.uid
            self._freed.pop(name_key(account.username), None)
        elif entry.kind == EntryKind.CHAIN:
            self.accounts[entry.sender] = extend_account(self.accounts[entry.sender], entry.body)
        elif entry.kind == EntryKind.ROLE:
            uid, role = unpack_exact(entry.body, 64, 2)
            expect(is_bytes(uid, 16) and uid in self.accounts)
            self.roles[uid] = int(role)
        elif entry.kind == EntryKind.RESTRICTION:
            uid, restriction = unpack_exact(entry.body, 64, 2)
            expect(is_bytes(uid, 16) and uid in self.accounts)
            self.restrictions[uid] = int(restriction)
            if restriction == Restriction.CLOSED:
                key = name_key(self.accounts[uid].username)
                self._freed[key] = self._uids_by_name.pop(key)

    # --- questions ---

    def account_of(self, uid: bytes) -> Account | None:
        """Return the account of a uid; None if there is none."""
        return self.accounts.get(uid)

    def role_of(self, uid: bytes) -> int:
        """Return the role in the class; a student's if unknown."""
        return self.roles.get(uid, Role.STUDENT)

    def restriction_of(self, uid: bytes) -> int:
        """Return what the staff has forbidden a person."""
        return self.restrictions.get(uid, Restriction.NONE)

    def uid_of_name(self, username: str) -> bytes:
        """Return the uid of the account with this name, or with one that looks the same.

        Empty if there is none.
        """
        try:
            return self._uids_by_name.get(name_key(normalize_username(username)), b"")
        except NameRefused:
            return b""

    def is_freed(self, username: str) -> bool:
        """Return whether the account of this name was closed and nobody has come back under it."""
        return name_key(normalize_username(username)) in self._freed

    def username_of_key(self, key: str) -> str | None:
        """Return the username that a transport key belongs to; None if nobody registered it."""
        owner = self.keys.get(key)
        return self.accounts[owner[0]].username if owner else None

    # --- rules ---

    def check_hello(self, hello: Hello, protocol: int) -> None:
        """Refuse another version of the protocol."""
        if hello.protocol != protocol:
            raise RefusedError("protocol_version")

    def check_register(self, session: Session, request: Register) -> tuple[Account, Role, bool]:
        """Return the account that wants to register, its role, and whether it exists already.

        Raises RefusedError if it may not register.
        """
        try:
            username = normalize_username(request.username)
        except NameRefused as error:
            raise RefusedError("name_invalid", error.message) from error
        if username != request.username:
            raise RefusedError("name_invalid")
        try:
            account = verify_genesis(request.genesis)
        except CryptoReject as error:
            raise RefusedError("bad_signature") from error
        if account.username != username:
            raise RefusedError("name_invalid")
        known = self.accounts.get(account.uid)
        self._check_not_banned(account.uid)
        role = (
            Role(self.role_of(account.uid))
            if known
            else self._check_newcomer(username, request.join_code)
        )
        (did,) = account.devices
        self._check_login(session, known or account, did, request.login_signature)
        return account, role, known is not None

    def _check_newcomer(self, username: str, code: str) -> Role:
        """Return the role of a new account.

        A freed name is reserved for whoever has its personal code.
        """
        key = name_key(username)
        freed = self._freed.get(key)
        if freed is not None and code and code == self.admission.personal_codes.get(key):
            return Role(self.role_of(freed))
        if self._is_taken(username):
            raise RefusedError(
                "name_taken", suggestions=suggest_usernames(username, self._is_taken)
            )
        return self.admission.role_for(code)

    def _is_taken(self, username: str) -> bool:
        key = name_key(username)
        return key in self._uids_by_name or key in self._freed

    def check_sign_in(self, session: Session, request: SignIn) -> Account:
        """Return the account that signs in.

        Raises RefusedError unless its device signed this session's challenge.
        """
        account = self.accounts.get(request.uid)
        if account is None:
            raise RefusedError("unknown_account")
        if session.user_id[0] != STRANGER and session.user_id != account.username:
            raise RefusedError("bad_signature")
        self._check_login(session, account, request.did, request.login_signature)
        self._check_not_banned(account.uid)
        return account

    def _check_not_banned(self, uid: bytes) -> None:
        code = SHUT_OUT.get(self.restriction_of(uid))
        if code is not None:
            raise RefusedError(code)

    def check_new_key(self, session: Session, uid: bytes) -> None:
        """Refuse a transport key of another account: a key never changes its owner."""
        owner = self.keys.get(session.key)
        if owner is not None and owner[0] != uid:
            raise RefusedError("already_registered")

    def check_set_role(self, sender: bytes, request: SetRole) -> None:
        """Refuse unless an instructor grants the role and the class keeps an instructor."""
        if self.role_of(sender) != Role.INSTRUCTOR:
            raise RefusedError("not_allowed")
        if request.uid not in self.accounts:
            raise RefusedError("unknown_user")
        if request.role not in list(Role):
            raise RefusedError("not_allowed")
        instructors = [uid for uid, role in self.roles.items() if role == Role.INSTRUCTOR]
        if instructors == [request.uid] and request.role != Role.INSTRUCTOR:
            raise RefusedError("not_allowed", "The class needs at least one instructor.")

    def check_restrict(self, sender: bytes, request: Restrict) -> None:
        """Refuse unless staff mutes a student, or an instructor bans one or lifts a ban."""
        if request.uid not in self.accounts:
            raise RefusedError("unknown_user")
        wanted, present = request.restriction, self.restriction_of(request.uid)
        needed = Role.INSTRUCTOR if Restriction.BANNED in (wanted, present) else Role.ASSISTANT
        is_for_staff = wanted in list(Restriction) and Restriction.CLOSED not in (wanted, present)
        if (
            self.role_of(sender) < needed
            or self.role_of(request.uid) > Role.STUDENT
            or not is_for_staff
        ):
            raise RefusedError("not_allowed")

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless names, numbers, roles and keys lead to accounts."""
        require(
            self.numbers.keys() == self.accounts.keys() == self.roles.keys(),
            "every account has number and role",
        )
        require(
            len(set(self.numbers.values())) == len(self.numbers), "a number is that of one account"
        )
        for name, uid in (*self._uids_by_name.items(), *self._freed.items()):
            require(name_key(self.accounts[uid].username) == name, "a name is that of its account")
        require(not self._uids_by_name.keys() & self._freed.keys(), "a name is taken or freed")
        require(
            {uid for uid, _ in self.keys.values()} <= self.accounts.keys(),
            "a transport key is that of an account",
        )

    def _check_login(
        self, session: Session, account: Account, did: bytes, signature: bytes
    ) -> None:
        challenge, session.challenge = (
            session.challenge,
            b"",
        )  # good for one attempt, right or wrong
        if not challenge:
            raise RefusedError("bad_signature", "Say hello first.")
        client_key = z85_decode(session.key.encode())
        try:
            verify_login(
                account, did, signature, challenge, self._broker_key, client_key, account.username
            )
        except CryptoReject as error:
            raise RefusedError("bad_signature") from error


def account_body(account: Account, role: int, genesis: bytes) -> bytes:
    """Return the body of an ACCOUNT entry."""
    return pack((account.username, int(role), genesis))


def role_body(uid: bytes, role: int) -> bytes:
    """Return the body of a ROLE entry."""
    return pack((uid, role))


def restriction_body(uid: bytes, restriction: int) -> bytes:
    """Return the body of a RESTRICTION entry."""
    return pack((uid, restriction))


def channel_body(conv_id: bytes, name: str) -> bytes:
    """Return the body of a CHANNEL entry."""
    return pack((conv_id, name))
