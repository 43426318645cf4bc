"""What must hold: while it runs, of every frame and every commit; and at the end, when everything
has become quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from broker.core.core import BrokerCore
from broker.core.delivery import RECENT_IDS
from broker.core.limits import MAX_UNANSWERED
from broker.storage.base import Batch
from broker.storage.memory import MemoryStorage
from client.api import events as ev
from client.api.events import Command, Done, Notice
from client.core.conversation.outbox import MAX_IN_FLIGHT
from client.core.session import Stage
from client.core.state.log_position import KEPT_TRANSCRIPTS
from client.core.timers import CursorTimer
from shared.crypto.headers import CONTENT, decode_header
from shared.crypto.public import entry_hash, next_transcript
from shared.crypto.records import FROM_JOIN, decode_record
from shared.messages import (
    DIRECTORY_LOG,
    CursorsAdvanced,
    Entries,
    Entry,
    EntryKind,
    Heads,
    MessageAccepted,
    SignedIn,
)
from tests.simulation.client_host import ClientHost, Decode
from tests.simulation.world import Violation, World

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

MAX_CHANGES = 5000  # of the broker that wait for their commit
MAX_TIMERS = 200


def require(condition: object, sentence: str) -> None:
    """Violation unless it holds."""
    if not condition:
        raise Violation(sentence)


class Watch:
    """Sees every frame that the broker sends, every commit, and what the people were promised."""

    def __init__(self, world: World, storage: MemoryStorage, decode: Decode) -> None:
        self._world = world
        self._storage = storage
        self._stored_ids: set[tuple[bytes, bytes]] = {
            (entry.sender, entry.message_id) for _, entry in storage._order if entry.message_id
        }
        self._told_cursors: dict[tuple[bytes, bytes], int] = {}
        self._decode = decode
        self.said: dict[
            bytes, tuple[bytes, ClientHost]
        ] = {}  # message_id -> (conversation, who): it is in the outbox
        self.discarded: set[bytes] = set()
        self._is_gone: set[bytes] = set()  # of these, those of which it was said
        self.texts: dict[bytes, set[str]] = {}  # all that a message may say in the end
        self._orders: dict[int, Command] = {}

    # --- the broker ---

    def on_commit(self, batch: Batch) -> None:
        """Something becomes durable: nothing twice."""
        for _, entry in batch.entries:
            if entry.message_id:
                place = (entry.sender, entry.message_id)
                require(
                    place not in self._stored_ids, f"{entry.message_id.hex()[:6]} is stored twice"
                )
                self._stored_ids.add(place)
        self._world.note("disk", f"{len(batch.entries)} entries, {len(batch.cursors)} cursors")

    def on_told(self, frame: bytes) -> None:
        """Something is told: only what is durable."""
        for message in self._decode(frame):
            if isinstance(message, MessageAccepted):
                stored = self._entry(message.log_id, message.sequence)
                is_there = stored is not None and stored.message_id == message.message_id
                require(is_there, f"{message.message_id.hex()[:6]} is acknowledged and not stored")
            elif isinstance(message, Entries):
                for entry in message.entries:
                    self._check_entry(message.log_id, entry)
            elif isinstance(message, CursorsAdvanced):
                for cursor in message.cursors:
                    self._check_cursor(message.conv_id, cursor.uid, cursor.sequence)
            elif isinstance(message, Heads | SignedIn):
                for head in message.heads:
                    is_there = head.head <= len(self._storage._logs.get(head.log_id, ()))
                    require(is_there, "a head is told that is not stored")

    def _entry(self, log_id: bytes, sequence: int) -> Entry | None:
        log = self._storage._logs.get(log_id, [])  # type: ignore[call-overload]
        return log[sequence - 1] if 0 < sequence <= len(log) else None

    def _check_entry(self, log_id: bytes, entry: Entry) -> None:
        stored = self._entry(log_id, entry.sequence)
        if entry.kind == EntryKind.WITHHELD:
            require(
                stored is not None and entry_hash(stored.body, stored.proof) == entry.body,
                "a wrong hash is told",
            )
        else:
            require(stored == entry, "an entry is told that is not stored")

    def _check_cursor(self, conv_id: bytes, uid: bytes, sequence: int) -> None:
        require(
            sequence >= self._told_cursors.get((conv_id, uid), 0),
            "a cursor that was told went back",
        )
        require(
            sequence <= self._storage._cursors.get((conv_id, uid), 0),
            "a cursor is told that is not stored",
        )
        self._told_cursors[conv_id, uid] = sequence

    # --- the people ---

    def on_order(self, host: ClientHost, command: Command) -> None:
        """Somebody orders something."""
        self._orders[command.request_id] = command
        if isinstance(command, ev.EditMessage):
            self.texts.setdefault(command.message_id, set()).add(command.text)
        elif isinstance(command, ev.DiscardMessage | ev.DeleteMessage):
            self.discarded.add(
                command.message_id
            )  # perhaps; the process may die between doing and saying so

    def on_notice(self, host: ClientHost, notice: Notice) -> None:
        """Somebody is told something; what is promised is kept in mind."""
        if not isinstance(notice, Done):
            return
        command = self._orders[notice.request_id]
        if isinstance(command, ev.DiscardMessage | ev.DeleteMessage):
            is_act = isinstance(command, ev.DeleteMessage) and notice.data != command.message_id
            if notice.ok and not is_act:
                self._is_gone.add(command.message_id)
            elif (
                command.message_id not in self._is_gone
            ):  # not in the outbox: refused, or an act upon a stored one
                self.discarded.discard(command.message_id)
        if not notice.ok:
            return
        if isinstance(command, ev.SendText):
            assert isinstance(notice.data, bytes)
            self.said[notice.data] = (command.conv_id, host)
            self.texts.setdefault(notice.data, set()).add(command.text)
        elif isinstance(notice.data, bytes) and isinstance(
            command,
            ev.EditMessage | ev.DeleteMessage | ev.ReactToMessage | ev.PinMessage | ev.AcceptAnswer,
        ):
            self.said.setdefault(notice.data, (b"", host))

    def is_stored(self, host: ClientHost, message_id: bytes) -> bool:
        """Whether this message of this person is durable at the broker."""
        return (host.uid, message_id) in self._stored_ids


# --- while it runs ---


def check_now(all_: Simulation) -> None:
    """Nothing grows without bound."""
    if all_.broker.is_up:
        core = all_.broker.core
        require(core.delivery.waiting_count <= MAX_CHANGES, "changes pile up at the broker")
        require(len(core.sessions.all) <= 50, "sessions pile up at the broker")
        require(
            all(len(known) <= RECENT_IDS for known in core.delivery._recent.values()),
            "known ids pile up",
        )
        for session in core.sessions.all.values():
            require(
                0 <= session.allowance.credit._count <= MAX_UNANSWERED,
                "credit of a session is wrong",
            )
            require(len(session.held) <= len(core.conversations.all), "held ids pile up")
    for host in all_.clients:
        link = host.link
        if link is not None:
            require(
                link.up.depth <= all_.pipe_limit and link.down.depth <= all_.pipe_limit,
                "a pipe is over its limit",
            )
        if host.process is not None:
            work, outbox = host.core._work, host.core._outbox
            require(len(outbox._in_flight) <= MAX_IN_FLIGHT, f"{host.name} has too much in flight")
            require(len(work.timers._at) <= MAX_TIMERS, f"timers of {host.name} pile up")
            for found in work.conversations.values():
                require(len(found.reach.transcripts) <= 2 * KEPT_TRANSCRIPTS, "transcripts pile up")


def why_restless(all_: Simulation) -> str:
    """What is still to happen before everything is quiet; empty if nothing is."""
    if not all_.broker.is_up:
        return "the broker is down"
    core = all_.broker.core
    if core.delivery.waiting_count:
        return "the broker has changes to commit"
    for host in all_.clients:
        if all_.is_banned(host):
            continue
        reason = _why_restless(host)
        if reason:
            return f"{host.name} {reason}"
        link = host.link
        if link is None or link.is_cut:
            return f"the connection of {host.name} has ended"
        if link.up.depth or link.down.depth:
            return f"frames of {host.name} are on their way"
    if any(link.is_cut for link in all_.broker.links.values()):
        return "the broker believes in a connection that has ended"
    return ""


def _why_restless(host: ClientHost) -> str:
    if host.process is None:
        return "does not run"
    core = host.core
    work = core._work
    if core._session.stage is not Stage.ONLINE or not work.can_send:
        return f"is not signed in ({core._session.stage}, {core._session.notice.code})"
    if len(core._outbox):
        conv_id = next(item.conv_id for item in core._outbox._items.values() if not item.failure)
        return f"has something in the outbox for {_shown(core, conv_id)}"
    for conv_id, found in work.conversations.items():
        is_member = found.row(work.me) is not None
        checks = (
            (not found.is_caught_up, "is behind"),
            (found.pending.posted, "has a record under way"),
            (found.pending.changes, "has changes of members to make"),
            (found.pending.group, "has a group to create"),
            (core._outbox._sent.get(conv_id), "has messages under way"),
            (found.incoming.waiting and is_member, "waits for keys"),
            (is_member and not found.head_seed(), "has no key"),
            (is_member and found.moves.leavers, "keeps the key of somebody who left"),
            (work.timers.has(CursorTimer(conv_id)), "has a cursor to tell"),
        )
        for is_restless, reason in checks:
            if is_restless:
                return f"{reason} in {_shown(core, conv_id)}"
    return ""


def _shown(core: object, conv_id: bytes) -> str:
    found = core._work.conversations[conv_id]  # type: ignore[attr-defined]
    return f"{conv_id.hex()[:6]} (cursor {found.log.cursor}, head {found.reach.head})"


# --- the end ---


@dataclass
class Truth:
    """What the stored logs say, read anew."""

    core: BrokerCore
    members: dict[tuple[bytes, int], frozenset[bytes]] = field(
        default_factory=dict
    )  # (conversation, epoch)
    transcripts: dict[bytes, list[bytes]] = field(default_factory=dict)  # by sequence


def truth_of(all_: Simulation) -> Truth:
    """Replay the logs."""
    storage = all_.broker.storage
    core = BrokerCore(all_.broker.info, lambda size: bytes(size))
    core.load(storage)
    truth = Truth(core)
    for log_id, log in storage._logs.items():
        if log_id == DIRECTORY_LOG:
            continue
        members: set[bytes] = set()
        transcripts = [bytes(32)]
        for entry in log:
            transcripts.append(
                next_transcript(transcripts[-1], entry_hash(entry.body, entry.proof))
            )
            if entry.kind == EntryKind.RECORD:
                record = decode_record(entry.body)
                members |= {row.uid for row in record.delta.adds}
                members -= set(record.delta.removes)
                truth.members[log_id, record.epoch] = frozenset(members)
        truth.transcripts[log_id] = transcripts
    return truth


def check_end(all_: Simulation) -> None:
    """Everything is quiet: compare what the logs say with what everybody has."""
    truth = truth_of(all_)
    _check_broker(all_, truth)
    for host in all_.clients:
        if not all_.is_banned(host):
            _check_client(all_, truth, host)
    _check_seeds(all_, truth)
    _check_rows_alike(all_, truth)
    for message_id, (_, host) in all_.watch.said.items():
        _check_kept(all_, host, message_id)


def _check_broker(all_: Simulation, truth: Truth) -> None:
    """The memory of the broker is what its logs say."""
    live, stored = all_.broker.core, truth.core
    require(
        live.delivery.heads == stored.delivery.heads == live.delivery.committed,
        "heads of the broker differ",
    )
    for name in ("accounts", "roles", "restrictions", "keys"):
        require(
            getattr(live.directory, name) == getattr(stored.directory, name),
            f"{name} of the broker differ",
        )
    require(
        live.conversations.all.keys() == stored.conversations.all.keys(),
        "conversations of the broker differ",
    )
    for conv_id, one in live.conversations.all.items():
        other = stored.conversations.all[conv_id]
        for name in ("snapshot", "members", "leavers", "joiners", "spans", "cursors", "changed_at"):
            require(
                getattr(one, name) == getattr(other, name),
                f"{name} of {conv_id.hex()[:6]} differ at the broker",
            )
    signed_in = {host.uid for host in all_.clients if not all_.is_banned(host)}
    require(set(live.sessions.online) == signed_in, "the broker believes others to be online")


def _check_client(all_: Simulation, truth: Truth, host: ClientHost) -> None:
    core, work, broker = host.core, host.core._work, truth.core
    require(
        not host.open_requests,
        f"{host.name} waits for answers: {list(host.open_requests.values())[:3]}",
    )
    online = {other.uid for other in all_.clients if not all_.is_banned(other)}
    require(work.people.online == online, f"{host.name} believes others to be online")
    for uid in work.people.accounts:
        known = (work.people.role_of(uid), work.people.restriction_of(uid))
        require(
            known == (broker.directory.role_of(uid), broker.directory.restriction_of(uid)),
            "roles differ",
        )
    # A gap is told where somebody took back what was sealed already; what was said before one came
    # has no place here.
    expected = [("gap", conv_id) for conv_id in broker.conversations.all]
    for conv_id, conversation in broker.conversations.all.items():
        if conversation.snapshot.policy.history == FROM_JOIN:
            expected.append(("unknown_target", conv_id))
    odd = [notice for notice in host.quarantined if (notice.reason, notice.conv_id) not in expected]
    require(not odd, f"{host.name} has set aside {odd[:3]}")
    for conv_id in broker.conversations.by_member.get(host.uid, ()):
        found = work.conversations.get(conv_id)
        through = broker.delivery.through(conv_id, host.uid)  # type: ignore[arg-type]
        name = f"{host.name} in {conv_id.hex()[:6]}"
        require(
            found is not None and found.log.cursor == through, f"{name} has not read everything"
        )
        assert found is not None
        require(
            found.log.transcript == truth.transcripts[conv_id][through],
            f"{name} has another history",
        )
        _check_rows(all_, truth, host, conv_id, through)
        _check_receipts(all_, truth, host, conv_id)
    require(core._outbox._in_flight == {}, f"{host.name} has messages under way")


def _check_rows(
    all_: Simulation, truth: Truth, host: ClientHost, conv_id: bytes, through: int
) -> None:
    """Every message that this person may read stands there once, in the order of the log."""
    found = host.core._work.conversations[conv_id]
    rows = host.store.page(conv_id, 0, host.store.row_count)
    name = f"{host.name} in {conv_id.hex()[:6]}"
    require(
        [row.position for row in rows] == list(range(found.reading.row_count)),
        f"{name}: rows have gaps",
    )
    entries = truth.core.conversations.withheld(
        conv_id, host.uid, all_.broker.storage._logs[conv_id][:through]
    )  # type: ignore[index]
    said = [
        entry.message_id
        for entry in entries
        if entry.kind == EntryKind.MESSAGE and decode_header(entry.body).kind == CONTENT
    ]
    has = [
        row.message_id for row in rows if row.kind in ("text", "deleted", "waiting", "quarantined")
    ]
    require(
        has == said, f"{name}: has {len(has)} messages, the log {len(said)}, or their order differs"
    )
    counts = [row.counts_as_unread for row in rows]
    unread = found.reading.unread
    require(
        unread == sum(counts[found.reading.read_position :]),
        f"{name}: {unread} is a wrong count of unread",
    )
    require(
        found.reading.read_position <= found.reading.row_count,
        f"{name}: more is read than there is",
    )
    for row in rows:
        if row.kind == "text" and row.message_id in all_.watch.said:
            require(
                row.text in all_.watch.texts[row.message_id],
                f"{name}: {row.text!r} was never written",
            )


def _check_receipts(all_: Simulation, truth: Truth, host: ClientHost, conv_id: bytes) -> None:
    """Own messages are shown as delivered if all members' clients have them."""
    conversation = truth.core.conversations.all[conv_id]
    others = [uid for uid in conversation.members if uid != host.uid]
    if host.uid not in conversation.members or not others:
        return
    found = host.core._work.conversations[conv_id]
    for uid in others:
        if not all_.is_banned(all_.by_uid[uid]):
            through = truth.core.delivery.through(conv_id, uid)  # type: ignore[arg-type]
            has = conversation.cursors.get(uid, 0)
            require(
                has == through,
                f"{conv_id.hex()[:6]}: the cursor of {all_.by_uid[uid].name} stands at {has}",
            )
    reached = min(conversation.cursors.get(uid, 0) for uid in others)
    own = host.store.own_rows(conv_id, 0, min(reached, found.log.cursor))
    last = own[-1].sequence if own else 0
    sentence = f"{host.name} in {conv_id.hex()[:6]}: delivered up to {found.reading.delivered_upto} and not {last}"
    require(found.reading.delivered_upto >= last, sentence)


def _check_seeds(all_: Simulation, truth: Truth) -> None:
    """Nobody has a key of an epoch to which they never belonged, unless a later one that is theirs
    opens it.
    """
    holders: dict[bytes, set[bytes]] = {host.uid: set() for host in all_.clients}
    places: dict[tuple[bytes, int], bytes] = {}
    for host in all_.clients:
        for item in host.store.load():
            seed = getattr(item, "seed", b"")
            if seed:
                holders[host.uid].add(seed)
                places[item.conv_id, item.epoch] = seed  # type: ignore[attr-defined]
    for (conv_id, epoch), seed in places.items():
        for host in all_.clients:
            is_wrong = seed in holders[host.uid] and not may_hold(truth, conv_id, epoch, host.uid)
            require(
                not is_wrong, f"{host.name} holds the key of epoch {epoch} of {conv_id.hex()[:6]}"
            )
    for conv_id, epoch, uid in all_.broker.storage._boxes:
        is_right = may_hold(truth, conv_id, epoch, uid)
        require(
            is_right,
            f"a box of epoch {epoch} of {conv_id.hex()[:6]} was made for {all_.by_uid[uid].name}",
        )


def may_hold(truth: Truth, conv_id: bytes, epoch: int, uid: bytes) -> bool:
    """Whether a person belongs to this epoch, or to a later one and may read history."""
    if uid in truth.members.get((conv_id, epoch), ()):
        return True
    snapshot = truth.core.conversations.all[conv_id].snapshot
    later = range(epoch + 1, snapshot.epoch + 1)
    return snapshot.policy.history != FROM_JOIN and any(
        uid in truth.members[conv_id, number] for number in later
    )


def _check_rows_alike(all_: Simulation, truth: Truth) -> None:
    """Everybody who may read all of a conversation sees the same."""
    for conv_id, conversation in truth.core.conversations.all.items():
        seen: dict[bytes, tuple[object, str]] = {}
        for host in all_.clients:
            spans = conversation.spans.get(host.uid, [])
            if all_.is_banned(host) or len(spans) != 1 or spans[0].visible_from or spans[0].end:
                continue
            for row in host.store.page(conv_id, 0, host.store.row_count):
                if row.kind == "system":
                    continue
                reactions = tuple((found.emoji, found.uids) for found in row.reactions)
                look = (
                    row.kind,
                    row.text,
                    row.sender,
                    row.is_edited,
                    row.reply_to,
                    reactions,
                    row.is_pinned,
                    row.answers,
                    row.accepted,
                    row.is_accepted,
                )
                other, name = seen.setdefault(row.message_id, (look, host.name))
                require(look == other, f"{host.name} sees {look}, {name} sees {other}")


def _check_kept(all_: Simulation, host: ClientHost, message_id: bytes) -> None:
    """What was promised to be kept is stored, or still in the outbox, or failed with a reason, or
    discarded.
    """
    if all_.watch.is_stored(host, message_id) or message_id in all_.watch.discarded:
        return
    kept = [item for item in host.store.load() if getattr(item, "message_id", b"") == message_id]
    is_there = any(getattr(item, "failure", "") or all_.is_banned(host) for item in kept)
    require(is_there, f"a message of {host.name} is lost: {message_id.hex()[:6]}")
