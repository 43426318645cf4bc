"""The people of the class: verified account chains, pins, roles, presence, and the open groups the
directory names.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from client.api.events import PeopleChanged, Quarantined, TrustChanged
from client.api.said import (
    AccountClosed,
    Banned,
    KeyAccepted,
    KeyChanged,
    KeyPinned,
    KeyRenewed,
    Muted,
    Unbanned,
    Unmuted,
    tell,
)
from client.api.values import Person, Trust
from client.core.state.orders import Orders
from client.core.state.saved import SavedAccount, SavedChannel, SavedSelf
from shared.crypto.accounts import Account, extend_account, safety_number, verify_genesis
from shared.crypto.identity import Identity
from shared.errors import CryptoReject
from shared.invariants import require
from shared.messages import DIRECTORY_LOG, Entry, EntryKind, Restriction, Role
from shared.names import name_key

_ROLES = tuple(Role)


def numbers_in(row: bytes) -> set[int]:
    """The numbers of the bits that are set."""
    return {
        8 * index + bit
        for index, byte in enumerate(row)
        if byte
        for bit in range(8)
        if byte >> bit & 1
    }


Restricted = Muted | Unmuted | Banned | Unbanned | AccountClosed  # what the staff, or the host, did


def _restricted(by: bytes, uid: bytes, before: int, after: int) -> Restricted:
    if after == Restriction.CLOSED:
        return AccountClosed(by=by, uid=uid)
    if after == Restriction.BANNED:
        return Banned(by=by, uid=uid)
    if before == Restriction.BANNED:
        return Unbanned(by=by, uid=uid)
    return Muted(by=by, uid=uid) if after else Unmuted(by=by, uid=uid)


class People:
    """Owns what is known of the accounts of the class; pure."""

    def __init__(
        self,
        identity: Identity,
        known: SavedSelf,
        orders: Orders,
        accounts: Iterable[SavedAccount] = (),
        channels: Iterable[SavedChannel] = (),
    ) -> None:
        self._identity = identity
        self._known = known
        self._orders = orders
        self.accounts: dict[bytes, Account] = {}
        self.saved: dict[bytes, SavedAccount] = {}
        self.channels: dict[bytes, SavedChannel] = {}
        self._online: set[int] = (
            set()
        )  # by number; some may be of accounts that the directory has yet to bring
        self._uid_by_number: dict[
            int, bytes
        ] = {}  # the place of an account's entry in the directory
        self._unnumbered: set[bytes] = set()
        self._uid_by_name: dict[str, bytes] = {}  # the pins
        self._shown: set[bytes] = set()
        for account in accounts:
            self._load(account)
        for channel in channels:
            self.channels[channel.conv_id] = channel

    def _load(self, item: SavedAccount) -> None:
        """Rebuild one account from disk by verifying it again."""
        account = verify_genesis(item.genesis)
        for blob in item.chain:
            account = extend_account(account, blob)
        self.accounts[account.uid] = account
        self.saved[account.uid] = item
        if item.number:
            self._uid_by_number[item.number] = account.uid
        else:
            self._unnumbered.add(account.uid)
        if item.trust != Trust.CHANGED or account.uid == self._identity.uid:
            self._uid_by_name[name_key(item.username)] = account.uid

    # --- looking up ---

    @property
    def online(self) -> set[bytes]:
        """Who is signed in, as far as they are known."""
        return {self._uid_by_number[number] for number in self._online & self._uid_by_number.keys()}

    @property
    def lacks_numbers(self) -> bool:
        """Whether an earlier version kept accounts without their place in the directory."""
        return bool(self._unnumbered)

    def account(self, uid: bytes) -> Account | None:
        """The verified account."""
        return self.accounts.get(uid)

    def username(self, uid: bytes) -> str:
        """The name, or a mark for somebody unknown."""
        account = self.accounts.get(uid)
        if account is not None:
            return account.username
        return self._identity.username if uid == self._identity.uid else "?"

    def role_of(self, uid: bytes) -> int:
        """The present role in the class."""
        item = self.saved.get(uid)
        return item.role if item else 0

    def highest_role_of(self, uid: bytes) -> int:
        """The highest role ever held: what staff did while they were staff stays valid."""
        item = self.saved.get(uid)
        return item.max_role if item else 0

    def uid_of(self, username: str) -> bytes:
        """Whose name this is, in any case of letters; empty if nobody has it."""
        return self._uid_by_name.get(name_key(username), b"")

    def restriction_of(self, uid: bytes) -> int:
        """What the staff has taken from this person."""
        item = self.saved.get(uid)
        return item.restriction if item else 0

    def trust(self, uid: bytes) -> Trust:
        """How we know this person's key."""
        item = self.saved.get(uid)
        return item.trust if item else Trust.PINNED

    def is_blocked(self, uid: bytes) -> bool:
        """Whether nothing may be sealed to this person: the key is not accepted, or the account is
        closed.
        """
        return self.trust(uid) is Trust.CHANGED or self.restriction_of(uid) == Restriction.CLOSED

    def person(self, uid: bytes) -> Person:
        """As the window sees them."""
        restriction = self.restriction_of(uid)
        # The alarm belongs to whoever comes under the name of a closed account, not to that account
        # itself.
        trust = Trust.PINNED if restriction == Restriction.CLOSED else self.trust(uid)
        return Person(
            uid=uid,
            username=self.username(uid),
            role=self.role_of(uid),
            is_online=self.is_online(uid),
            trust=trust,
            is_me=uid == self._identity.uid,
            restriction=restriction,
        )

    def is_online(self, uid: bytes) -> bool:
        """Whether this person is signed in."""
        item = self.saved.get(uid)
        return item is not None and item.number in self._online

    def everyone(self) -> tuple[Person, ...]:
        """All people known."""
        return tuple(self.person(uid) for uid in self.accounts)

    def safety_number(self, uid: bytes) -> str:
        """The 60 digits of this person and me."""
        mine, theirs = verify_genesis(self._identity.genesis), self.accounts[uid]
        return safety_number(mine.uid, mine.root_pub, theirs.uid, theirs.root_pub)

    # --- changing ---

    def apply(self, entry: Entry) -> Restricted | None:
        """One entry of the directory log. What does not verify is set aside with a notice.

        Returns what was done about somebody, which concerns the whole class.
        """
        try:
            if entry.kind == EntryKind.ACCOUNT:
                self._add_account(
                    entry.sequence, *msgspec.msgpack.decode(entry.body, type=tuple[str, int, bytes])
                )
            elif entry.kind == EntryKind.CHAIN:
                self._extend(entry)
            elif entry.kind == EntryKind.ROLE:
                self._set_role(*msgspec.msgpack.decode(entry.body, type=tuple[bytes, int]))
            elif entry.kind == EntryKind.RESTRICTION:
                return self._restrict(
                    entry, *msgspec.msgpack.decode(entry.body, type=tuple[bytes, int])
                )
            elif entry.kind == EntryKind.CHANNEL:
                self._add_channel(*msgspec.msgpack.decode(entry.body, type=tuple[bytes, str]))
            else:
                raise CryptoReject("kind")
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._orders.tell(Quarantined(DIRECTORY_LOG, "shape", entry.sequence))
        except CryptoReject as reject:
            self._orders.tell(Quarantined(DIRECTORY_LOG, reject.reason, entry.sequence))
        return None

    def _add_account(self, number: int, username: str, role: int, genesis: bytes) -> None:
        account = verify_genesis(genesis)
        if account.username != username or account.uid in self.accounts or role not in _ROLES:
            raise CryptoReject("account")
        if account.uid == self._identity.uid:
            self._unpin(username)  # whoever had my name before me
        pinned = self._uid_by_name.setdefault(name_key(username), account.uid)
        is_changed = pinned != account.uid
        trust = Trust.CHANGED if is_changed else Trust.PINNED
        item = SavedAccount(
            uid=account.uid,
            username=username,
            role=role,
            max_role=role,
            genesis=genesis,
            trust=trust,
            number=number,
        )
        self.accounts[account.uid] = account
        self._uid_by_number[number] = account.uid
        self._keep(item)
        if is_changed:
            self._tell_trust("changed", KeyChanged(uid=account.uid))
        elif account.uid != self._identity.uid:
            self._tell_trust("pinned", KeyPinned(uid=account.uid))

    def _tell_trust(
        self, change: str, said: KeyPinned | KeyChanged | KeyRenewed | KeyAccepted
    ) -> None:
        told = tell(said, self.username)
        self._orders.tell(TrustChanged(said.uid, self.username(said.uid), change, told))

    def _extend(self, entry: Entry) -> None:
        account = self.accounts.get(entry.sender)
        if account is None:
            raise CryptoReject("unknown_account")
        self.accounts[account.uid] = extend_account(account, entry.body)
        item = self.saved[account.uid]
        item.chain.append(entry.body)
        self._keep(item)
        self._tell_trust("extended", KeyRenewed(uid=account.uid))

    def _set_role(self, uid: bytes, role: int) -> None:
        item = self.saved.get(uid)
        if item is None or role not in _ROLES:
            raise CryptoReject("unknown_account")
        item.role, item.max_role = role, max(role, item.max_role)
        if uid == self._identity.uid:
            self._known.role = role
            self._orders.save(self._known)
        self._keep(item)

    def _restrict(self, entry: Entry, uid: bytes, restriction: int) -> Restricted:
        item = self.saved.get(uid)
        if item is None or restriction not in list(Restriction):
            raise CryptoReject("unknown_account")
        is_ban = Restriction.BANNED in (restriction, item.restriction)
        is_final = Restriction.CLOSED in (restriction, item.restriction)
        is_staff = self.role_of(entry.sender) >= (Role.INSTRUCTOR if is_ban else Role.ASSISTANT)
        # An entry without a sender is the broker's own. It is believed, for the broker alone
        # decides whom it serves.
        if entry.sender and (is_final or not is_staff):
            raise CryptoReject("not_allowed")
        before, item.restriction = item.restriction, restriction
        self._keep(item)
        return _restricted(entry.sender, uid, before, restriction)

    def _add_channel(self, conv_id: bytes, name: str) -> None:
        if len(conv_id) != 16:
            raise CryptoReject("shape")
        self.channels[conv_id] = item = SavedChannel(conv_id, name)
        self._orders.save(item)

    def accept_key(self, uid: bytes) -> bool:
        """The user accepts a changed key: it is the pin of this name from now on."""
        item = self.saved.get(uid)
        if item is None or item.trust != Trust.CHANGED or item.restriction == Restriction.CLOSED:
            return False
        self._unpin(item.username)
        item.trust = Trust.PINNED
        self._uid_by_name[name_key(item.username)] = uid
        self._keep(item)
        self._tell_trust("pinned", KeyAccepted(uid=uid))
        return True

    def _unpin(self, username: str) -> None:
        """The account that had this name is not its owner any more: nothing is sealed to it."""
        uid = self._uid_by_name.pop(name_key(username), b"")
        before = self.saved.get(uid)
        if before is not None:
            before.trust = Trust.CHANGED
            self._keep(before)

    def note_number(self, entry: Entry) -> None:
        """An entry that was read before stands at this place."""
        if entry.kind == EntryKind.ACCOUNT and entry.sender in self._unnumbered:
            self._unnumbered.discard(entry.sender)
            item = self.saved[entry.sender]
            item.number = entry.sequence
            self._uid_by_number[item.number] = item.uid
            self._keep(item)

    def set_online(self, numbers: set[int]) -> bool:
        """Exactly these are online. Whether anybody came."""
        before, self._online = self._online, numbers
        for number in (numbers ^ before) & self._uid_by_number.keys():
            self._shown.add(self._uid_by_number[number])
        return not numbers <= before

    def flush(self) -> None:
        """Tell who changed."""
        people = tuple(self.person(uid) for uid in sorted(self._shown) if uid in self.accounts)
        self._shown.clear()
        if people:
            self._orders.tell(PeopleChanged(people))

    def check_invariants(self) -> None:
        """InvariantBroken unless names and numbers lead to accounts that are known."""
        require(self.accounts.keys() == self.saved.keys(), "every account is kept")
        require(
            set(self._uid_by_name.values()) <= self.accounts.keys(),
            "every name leads to an account",
        )
        for number, uid in self._uid_by_number.items():
            require(self.saved[uid].number == number, "every number leads to its account")
        for name, uid in self._uid_by_name.items():
            require(name_key(self.saved[uid].username) == name, "every name leads to who has it")
        require(not self._shown, "who changed is told")

    def _keep(self, item: SavedAccount) -> None:
        self.saved[item.uid] = item
        self._orders.save(item)
        self._shown.add(item.uid)
