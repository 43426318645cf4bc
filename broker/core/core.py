"""The broker's core: told what happened, it orders what to do; no socket, file, thread or clock.

A step changes memory at once, so that requests can follow each other without waiting; nobody is
told before the commit. Nothing a client sends makes `handle` raise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from broker.core.accounts import (
    SHUT_OUT,
    STRANGER,
    Admission,
    Directory,
    Session,
    Sessions,
    account_body,
)
from broker.core.administration import Hosting
from broker.core.conversations import Conversations
from broker.core.delivery import RECENT_IDS, Change, Delivery
from broker.core.events import (
    Action,
    BoxesRead,
    CommitStalled,
    Committed,
    Disconnect,
    Event,
    FrameMalformed,
    FrameReceived,
    HostAnswered,
    HostOrdered,
    PageRead,
    PartRead,
    PartsListed,
    PartsWritten,
    PeerGone,
    PeerLagging,
    ReadFailed,
    RegisterKey,
    Report,
    Stopping,
    Ticked,
)
from broker.core.files.catalogue import FileLimits, Files
from broker.core.files.requests import FileRequests
from broker.core.gauges import Gauges
from broker.core.helpers import Hints
from broker.core.limits import Rates
from broker.core.posting import Posting
from broker.core.presence import Presence
from broker.core.reading import Reading
from broker.core.recovery import Recoveries
from broker.storage.base import Storage, StorageError, TransportKey
from shared import messages as m
from shared.codec import encode
from shared.errors import REFUSAL_SENTENCES, ChatError, RefusedError
from shared.invariants import require

_MALFORMED_LIMIT: Final = 3
_STRANGER_MS: Final = 120_000  # how long a connection may stay signed out
_LAGGING_MS: Final = 60_000
_TRY_LAGGING_MS: Final = 5_000  # how often a silent lagging session is retried
_LINGER_MS: Final = 300  # between the last words and the end of the connection
_SMALL_CONVERSATION: Final = 32  # in larger ones cursors are sent per tick, not per commit
_FREE: Final = (m.Hello, m.Register, m.SignIn, m.SignOut, m.Ping, m.Attach, m.AskRecovery)
_OF_FILES: Final = (
    m.OpenUpload,
    m.PutPart,
    m.CloseUpload,
    m.FetchParts,
    m.DeleteFile,
    m.Ping,
    m.SignOut,
)  # all that an attached session may ask for
_OWN_LIMITS: Final = (
    m.SendMessage,
    m.StartTyping,
    m.PutPart,
    m.FetchParts,
)  # limited by rates or credit of their own

Handler = Callable[[Session, Any, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassInfo:
    """The class that this broker serves."""

    class_name: str
    class_id: bytes
    broker_key: bytes  # CURVE public key, 32 bytes
    admission: Admission
    rates: Rates = field(default_factory=Rates)
    max_groups: int = 500
    file_limits: FileLimits = field(default_factory=FileLimits)


class BrokerCore:
    """All state of the broker in memory: a cache of the stored logs, rebuilt by `load`."""

    def __init__(self, info: ClassInfo, random: Callable[[int], bytes]) -> None:
        self._info = info
        self._random = random
        self.sessions = Sessions(info.rates)
        self.directory = Directory(info.admission, info.broker_key)
        self.conversations = Conversations(self.directory, info.class_id, info.max_groups)
        self.delivery = Delivery(self.sessions, self.conversations)
        self._presence = Presence(self.directory, self.sessions, self.delivery.out)
        self._posting = Posting(self.directory, self.conversations, self.delivery)
        self._recoveries = Recoveries(self.directory, self.delivery)
        self._hints = Hints(self.directory, self.sessions, self.conversations, self.delivery)
        self._actions: list[Action] = []
        self.files = Files(self.directory, self.conversations, info.file_limits)
        self._file_requests = FileRequests(
            self.sessions,
            self.files,
            self.delivery,
            self._posting,
            self._actions,
            random,
            self._refuse,
        )
        self._reading = Reading(
            self.sessions, self.conversations, self.delivery, self._actions, self._refuse
        )
        self._hosting = Hosting(
            self.directory, self.sessions, self.files, self.delivery, self._posting, self._actions
        )
        self._strangers: dict[bytes, int] = {}
        self._lagging: set[bytes] = set()
        self._refused: dict[str, int] = {}  # code -> how often
        self._next_sweep_ms = 0
        self._ticked_ms = 0
        self._events = self._event_table()
        self._handlers = self._request_table()

    def _event_table(self) -> dict[type, Callable[[Any], None]]:
        reading, files = self._reading, self._file_requests
        return {
            FrameReceived: self._on_frame,
            FrameMalformed: self._on_malformed,
            Committed: self._on_committed,
            CommitStalled: self._on_stalled,
            PageRead: reading.on_page,
            BoxesRead: reading.on_boxes,
            ReadFailed: reading.on_failed,
            PartsWritten: files.on_written,
            PartsListed: files.on_listed,
            PartRead: files.on_read,
            PeerGone: self._on_gone,
            PeerLagging: self._on_lagging,
            Ticked: self._on_tick,
            HostOrdered: self._hosting.on_ordered,
            Stopping: self._on_stopping,
        }

    def _request_table(self) -> dict[type, Handler]:
        posting, reading, files = self._posting, self._reading, self._file_requests
        return {
            m.SendMessage: posting.send_message,
            m.PostRecord: posting.post_record,
            m.PostStatement: posting.post_statement,
            m.PostBoxes: posting.post_boxes,
            m.AppendChain: posting.append_chain,
            m.SetRole: posting.set_role,
            m.Restrict: posting.restrict,
            m.AdvanceCursor: posting.advance_cursor,
            m.KeepRecovery: self._keep_recovery,
            m.Hello: self._hello,
            m.Register: self._register,
            m.SignIn: self._sign_in,
            m.SignOut: self._sign_out,
            m.AskRecovery: self._recoveries.ask,
            m.Attach: self._attach,
            m.Ping: self._ping,
            m.ReadLog: reading.read_log,
            m.FetchBoxes: reading.fetch_boxes,
            m.RequestKey: reading.request_key,
            m.FetchCursors: reading.fetch_cursors,
            m.StartTyping: reading.start_typing,
            m.OpenUpload: files.open_upload,
            m.PutPart: files.put_part,
            m.CloseUpload: files.close_upload,
            m.FetchParts: files.fetch_parts,
            m.DeleteFile: files.delete_file,
        }

    def load(self, storage: Storage, *, is_verified: bool = False) -> None:
        """Rebuild everything from the stored logs, in the order of the commits.

        With `is_verified`, the signatures under the accounts are not checked again: they were
        checked when the accounts arrived.
        """
        try:
            for log_id, entry in storage.state_entries():
                if log_id == m.DIRECTORY_LOG:
                    self.directory.apply(entry, is_verified=is_verified)
                else:
                    self.conversations.apply(log_id, entry)
        except StorageError:
            raise
        except (ChatError, KeyError) as error:
            raise StorageError(
                "The stored data does not verify; restore it from a backup."
            ) from error
        heads = storage.heads()
        known = [k for uid in self.directory.accounts for k in storage.recent_ids(uid, RECENT_IDS)]
        self.delivery.load(heads, known)
        for conv_id, conversation in self.conversations.all.items():
            conversation.loaded_head = heads.get(m.LogId(conv_id), 0)
        for cursor in storage.cursors():
            self.conversations.all[cursor.conv_id].cursors[cursor.uid] = cursor.sequence
        for key in storage.transport_keys():
            self.directory.keys[key.key] = (key.uid, key.did)
        self.files.load(storage.files())
        self._recoveries.load(storage.recoveries())
        for conv_id in self.conversations.all:
            self._hints.look_at(conv_id, 0)

    def handle(self, event: Event) -> list[Action]:
        """Return what to do about an event, in order."""
        self._events[type(event)](event)
        persist = self.delivery.persist()
        actions: list[Action] = [] if persist is None else [persist]
        actions += self._actions
        actions += self.delivery.out.take()
        if self._actions:
            self._actions.clear()
            # Disconnects come last, so that the last words go out before them.
            actions.sort(key=lambda action: type(action) is Disconnect)
        return actions

    def gauges(self) -> Gauges:
        """Return the current counts."""
        sessions = self.sessions
        return Gauges(
            connections=len(sessions.all),
            signed_in=len(sessions.online),
            file_connections=len(sessions.attached),
            lagging=len(self._lagging),
            accounts=len(self.directory.accounts),
            conversations=len(self.conversations.all),
            files=len(self.files.all),
            file_bytes=self.files.used_by_class,
            waiting_changes=self.delivery.waiting_count,
            deliveries=self.delivery.delivered,
            refused=dict(self._refused),
        )

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless the whole state is consistent; for tests, between events."""
        self.sessions.check_invariants()
        self.directory.check_invariants()
        self.conversations.check_invariants()
        self.delivery.check_invariants()
        self.files.check_invariants()
        self._file_requests.flows.check_invariants()
        require(not self._actions, "all that was ordered is handed over")
        every = self.sessions.all
        require(
            all(one in every and not every[one].uid for one in self._strangers),
            "a stranger is a session",
        )
        require(
            self._lagging == {one.id for one in every.values() if one.is_lagging},
            "who lags is known",
        )
        for uid in (*self.sessions.online, *self.sessions.attached):
            require(uid in self.directory.accounts, "who is signed in has an account")
        for conv_id, conversation in self.conversations.all.items():
            head = self.delivery.heads.get(m.LogId(conv_id), 0)
            require(
                all(0 < at <= head for at in conversation.cursors.values()),
                "a cursor lies within its log",
            )
            require(conversation.changed_at <= head, "members change within the log")

    # --- frames ---

    def _session(self, event: FrameReceived | FrameMalformed) -> Session:
        before = self.sessions.all.get(event.session)
        if before is not None and before.key != event.key:
            self._forget(before.id)  # the same routing id, but another connection
        session = self.sessions.open(event.session, event.user_id, event.key, event.now_ms)
        if not session.uid and session.id not in self._strangers:
            self._strangers[session.id] = event.now_ms
        if session.is_lagging:
            self._resume(session, event.now_ms)
        return session

    def _resume(self, session: Session, now_ms: int) -> None:
        """Tell a session that lagged what it has missed.

        If even that cannot be sent, it stays lagging.
        """
        session.is_lagging = False
        session.caught_up_ms = now_ms
        self._lagging.discard(session.id)
        if self.sessions.online.get(session.uid) is session:
            self.delivery.tell_missed(session)
            self._presence.tell_missed(session)

    def _on_frame(self, event: FrameReceived) -> None:
        session = self._session(event)
        for message in event.messages:
            if self.sessions.all.get(session.id) is not session:
                return  # it signed out, or was ended, within this frame
            try:
                self._handle_request(session, message, event.now_ms)
            except RefusedError as refusal:
                self._refuse(session, refusal, _about(message))
                session.strike(event.now_ms)
            if session.is_flooding:
                self._end(session, "kicked", "This client sends too much.", after_ms=0)
                return

    def _handle_request(self, session: Session, message: m.Message, now_ms: int) -> None:
        kind = type(message)
        if not session.uid and kind not in _FREE:
            raise RefusedError("not_signed_in")
        if session.is_attached and kind not in _OF_FILES:
            raise RefusedError("not_allowed", "This connection is for files alone.")
        if kind not in _OWN_LIMITS:
            wait_ms = session.allowance.requests.take(now_ms)
            if wait_ms:
                raise RefusedError("slow_down", retry_after_ms=wait_ms)
        self._handlers[kind](session, message, now_ms)

    def _refuse(self, session: Session, refusal: RefusedError, about: bytes) -> None:
        self._refused[refusal.code] = self._refused.get(refusal.code, 0) + 1
        suggestions = refusal.details.get("suggestions", [])
        retry_after_ms = refusal.details.get("retry_after_ms", 0)
        refused = m.Refused(
            refusal.code,
            refusal.message,
            about,
            list(suggestions) if isinstance(suggestions, list) else [],
            retry_after_ms if isinstance(retry_after_ms, int) else 0,
        )
        self.delivery.out.add(session.id, encode(refused))

    def _on_malformed(self, event: FrameMalformed) -> None:
        session = self._session(event)
        session.malformed += 1
        self._actions.append(Report("malformed_frame", session.username))
        if session.malformed > _MALFORMED_LIMIT or (
            not session.uid and session.malformed == _MALFORMED_LIMIT
        ):
            self._end(
                session, "kicked", "The messages of this client could not be read.", after_ms=0
            )
        elif session.uid:
            self._refuse(session, RefusedError("malformed"), b"")

    # --- hello, register, sign in ---

    def _hello(self, session: Session, request: m.Hello, now_ms: int) -> None:
        self.directory.check_hello(request, m.PROTOCOL_VERSION)
        session.challenge = self._random(32)
        info = self._info
        uid = self.directory.uid_of_name(request.username)
        welcome = m.Welcome(
            m.PROTOCOL_VERSION,
            info.class_name,
            info.class_id,
            session.challenge,
            info.admission.joining,
            uid,
        )
        self.delivery.out.add(session.id, encode(welcome))

    def _register(self, session: Session, request: m.Register, now_ms: int) -> None:
        if self._posting.is_stalled:
            raise RefusedError("busy", retry_after_ms=1000)
        account, role, is_known = self.directory.check_register(session, request)
        self.directory.check_new_key(session, account.uid)
        if not is_known:
            body = account_body(account, role, request.genesis)
            entry = self.delivery.append(
                m.DIRECTORY_LOG, m.EntryKind.ACCOUNT, account.uid, b"", body, b"", now_ms
            )
            self.directory.apply(entry, is_verified=True)
        (did,) = account.devices
        self._register_key(session, account.uid, did)

    def _register_key(self, session: Session, uid: bytes, did: bytes) -> None:
        self.directory.keys[session.key] = (uid, did)
        key = TransportKey(session.key, uid, did)
        change = self.delivery.change()
        change.batch.keys.append(key)
        change.registered.append((session, key))
        change.has_others = True

    def _sign_in(self, session: Session, request: m.SignIn, now_ms: int) -> None:
        account = self.directory.check_sign_in(session, request)
        if session.user_id[0] == STRANGER:
            if self._posting.is_stalled:
                raise RefusedError("busy", retry_after_ms=1000)
            self.directory.check_new_key(session, account.uid)
            self._register_key(session, account.uid, request.did)
            return
        replaced = self.sessions.sign_in(session, account, request.did)
        if replaced is not None:
            self._end(
                replaced, "taken_over", "You have signed in somewhere else.", after_ms=_LINGER_MS
            )
        self._strangers.pop(session.id, None)
        self._presence.touch(account.uid)
        self._hints.came_online(account.uid, now_ms)
        self._actions.append(Report("signed_in", account.username))
        signed_in = m.SignedIn(
            account.uid,
            account.username,
            self.directory.role_of(account.uid),
            self.delivery.readable_heads(account.uid),
            self._presence.row_for(account.uid),
            now_ms,
        )
        self.delivery.out.add(session.id, encode(signed_in))

    def _attach(self, session: Session, request: m.Attach, now_ms: int) -> None:
        if session.uid:
            raise RefusedError("not_allowed", "This connection is signed in already.")
        account = self.directory.check_sign_in(
            session, m.SignIn(request.uid, request.did, request.login_signature)
        )
        replaced = self.sessions.attach(session, account, request.did)
        if replaced is not None:
            self._end(
                replaced,
                "taken_over",
                "There is a newer connection for files.",
                after_ms=_LINGER_MS,
            )
        self._strangers.pop(session.id, None)
        attached = m.Attached(account.uid, self.files.limits.max_file_bytes)
        self.delivery.out.add(session.id, encode(attached))

    def _keep_recovery(self, session: Session, request: m.KeepRecovery, now_ms: int) -> None:
        self._recoveries.keep(session, request, is_stalled=self._posting.is_stalled)

    def _sign_out(self, session: Session, request: m.SignOut, now_ms: int) -> None:
        self._forget(session.id)
        self._actions.append(Disconnect(session.id))

    def _end(self, session: Session, code: str, message: str, *, after_ms: int) -> None:
        self.delivery.out.add(session.id, encode(m.SignedOut(code, message)))
        self._forget(session.id)
        self._actions.append(Report(code, session.username))
        self._actions.append(Disconnect(session.id, after_ms))

    def _forget(self, session_id: bytes) -> None:
        self._strangers.pop(session_id, None)
        self._lagging.discard(session_id)
        self._file_requests.close(session_id)
        closed = self.sessions.close(session_id)
        if closed is not None:
            self._presence.touch(closed.uid)

    def _ping(self, session: Session, request: m.Ping, now_ms: int) -> None:
        self.delivery.out.add(session.id, encode(m.Pong(request.nonce)))

    # --- after the commit ---

    def _on_committed(self, event: Committed) -> None:
        self._posting.is_stalled = False
        changes = self.delivery.take_committed(event.ticket)
        self.delivery.tell_accepted(changes)
        self.delivery.tell_entries(changes)
        for change in changes:
            if change.has_others:
                self._tell_others(change, event.now_ms)
        self.delivery.tell_cursors(_SMALL_CONVERSATION)

    def _tell_others(self, change: Change, now_ms: int) -> None:
        batch = change.batch
        if batch.cursors:
            self.delivery.apply_cursors(batch.cursors)
        for session, key in change.registered:
            username = self.directory.accounts[key.uid].username
            self._actions.append(RegisterKey(key.key, username))
            self.delivery.out.add(session.id, encode(m.Registered(key.uid)))
            self._actions.append(Report("registered", username))
        if change.host_number:
            self._actions.append(HostAnswered(change.host_number))
        for conv_id, epoch, uids in change.boxes_for:
            self.delivery.send_to_uids(uids, encode(m.BoxesPosted(conv_id, epoch)))
        for file in batch.files:
            self._file_requests.on_committed(file)
        for recovery in batch.recoveries:
            self._recoveries.on_committed(recovery)
        for log_id, entry in batch.entries:
            if entry.kind in (m.EntryKind.RECORD, m.EntryKind.LEAVE, m.EntryKind.JOIN):
                self._hints.look_at(log_id, now_ms)
            elif entry.kind == m.EntryKind.ACCOUNT:
                self._hints.look_at_class_channels(now_ms)
            elif entry.kind == m.EntryKind.CHAIN:
                self._end_revoked(entry.sender)
            elif entry.kind == m.EntryKind.RESTRICTION:
                self._end_banned()

    def _end_banned(self) -> None:
        """Tell everybody who may no longer sign in, and end their connections."""
        for uid, restriction in self.directory.restrictions.items():
            code = SHUT_OUT.get(restriction)
            for session in (self.sessions.online.get(uid), self.sessions.attached.get(uid)):
                if session is not None and code is not None:
                    self._end(session, code, REFUSAL_SENTENCES[code], after_ms=_LINGER_MS)

    def _end_revoked(self, uid: bytes) -> None:
        for session in (self.sessions.online.get(uid), self.sessions.attached.get(uid)):
            if session is None or self.directory.accounts[uid].devices[session.did].is_active:
                continue
            self._end(
                session, "kicked", "This device was removed from the account.", after_ms=_LINGER_MS
            )

    def _on_stalled(self, event: CommitStalled) -> None:
        self._posting.is_stalled = True

    # --- connections and time ---

    def _on_gone(self, event: PeerGone) -> None:
        self._forget(event.session)

    def _on_lagging(self, event: PeerLagging) -> None:
        session = self.sessions.all.get(event.session)
        if session is None or session.is_lagging:
            return
        session.is_lagging = True
        self._lagging.add(session.id)
        # A session that speaks but still does not read has not caught up: its time keeps running.
        if not session.lagging_since_ms or event.now_ms - session.caught_up_ms > _LAGGING_MS // 2:
            session.lagging_since_ms = event.now_ms
        self._actions.append(Report("lagging", session.username))

    def _on_set_back(self, ms: int) -> None:
        """Move all deadlines and starting times along when the clock is set back (`ms` < 0)."""
        self._next_sweep_ms += ms
        self._hints.shift(ms)
        self._strangers = {
            session_id: since_ms + ms for session_id, since_ms in self._strangers.items()
        }
        self._file_requests.shift(ms)
        for session in self.sessions.all.values():
            if session.lagging_since_ms:
                session.lagging_since_ms += ms
                session.caught_up_ms += ms
            session.held = {
                conv_id: (first, until_ms + ms)
                for conv_id, (first, until_ms) in session.held.items()
            }

    def _on_tick(self, event: Ticked) -> None:
        passed_ms, self._ticked_ms = event.now_ms - (self._ticked_ms or event.now_ms), event.now_ms
        if passed_ms < 0:
            self._on_set_back(passed_ms)
        self._presence.tell(event.now_ms)
        self.delivery.tell_cursors(m.MAX_MEMBERS)
        if event.now_ms < self._next_sweep_ms:
            return
        self._next_sweep_ms = event.now_ms + 1000
        self._hints.ask(event.now_ms)
        stalled = [
            self.sessions.all[i]
            for i in self._file_requests.on_tick(event.now_ms)
            if i in self.sessions.all
        ]
        for session in stalled:
            self._end(session, "too_slow", "The connection was too slow.", after_ms=0)
        for session_id in sorted(i for i in self._lagging if i in self.sessions.all):
            session = self.sessions.all[session_id]
            if event.now_ms - session.lagging_since_ms > _LAGGING_MS:
                self._end(session, "too_slow", "The connection was too slow.", after_ms=0)
            elif (
                event.now_ms - max(session.lagging_since_ms, session.caught_up_ms)
                >= _TRY_LAGGING_MS
            ):
                self._resume(session, event.now_ms)
        for session_id, since_ms in list(self._strangers.items()):
            if event.now_ms - since_ms < _STRANGER_MS:
                break  # they are in the order of arrival
            self._forget(session_id)
            self._actions.append(Disconnect(session_id))

    def _on_stopping(self, event: Stopping) -> None:
        blob = encode(m.SignedOut("stopping", "The server is stopping; it will be back."))
        for session_id in self.sessions.all:
            self.delivery.out.add(session_id, blob)


def _about(message: m.Message) -> bytes:
    """Return what a refusal names: the message_id or file_id, else the conversation or log."""
    for name in ("message_id", "file_id", "conv_id", "log_id"):
        value = getattr(message, name, None)
        if isinstance(value, bytes):
            return value
    return b""
