"""A class under random cuts, kills, restarts and changes of members: every message once, one order,
no key too much.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from client.api.events import (
    AddMembers,
    CreateGroup,
    LeaveGroup,
    OpenDirect,
    RemoveMembers,
)
from client.core.state.saved import SavedConversation, SavedEpoch, SavedSnapshot
from tests.support.class_room import ClassRoom, Participant

NAMES = ("ana", "bo", "carmen", "dan")
who = st.sampled_from(NAMES)


class ClassMachine(RuleBasedStateMachine):
    """The real broker core and four real client cores."""

    @initialize()
    def enter(self) -> None:
        self.room = ClassRoom(NAMES)
        self.said: dict[bytes, tuple[bytes, str]] = {}  # message_id -> (conv_id, sender)
        self.groups: list[bytes] = []
        self.number = 0
        self.create_group("ana", {"bo", "carmen"}, True)
        self.create_group("bo", {"ana", "dan"}, False)
        self.room.flow()

    def person(self, name: str) -> Participant:
        return self.room.people[name]

    def _say(self, name: str, conv_id: bytes) -> None:
        person = self.person(name)
        if person.is_halted or not (conv_id in person.shown and person.shown[conv_id].can_write):
            return
        self.number += 1
        message_id = person.say(conv_id, f"{name} {self.number}")
        self.said[message_id] = (conv_id, name)

    @rule(name=who)
    def say_to_all(self, name: str) -> None:
        self._say(name, self.room.general)

    @rule(name=who, other=who)
    def say_directly(self, name: str, other: str) -> None:
        person = self.person(name)
        if name != other and not person.is_halted:
            person.order(OpenDirect(uid=self.person(other).uid))
            self._say(name, self.room.direct(name, other))

    @rule(name=who, number=st.integers(0, 1), times=st.integers(1, 3))
    def say_in_group(self, name: str, number: int, times: int) -> None:
        for _ in range(times):
            self._say(name, self.groups[number])

    def create_group(self, name: str, others: set[str], history_all: bool) -> None:
        person = self.person(name)
        uids = tuple(self.person(other).uid for other in sorted(others - {name}))
        done = person.order(
            CreateGroup(request_id=1, name="group", members=uids, history_all=history_all)
        )
        assert done is not None and isinstance(done.data, bytes)
        self.groups.append(done.data)

    @rule(
        name=who,
        other=who,
        number=st.integers(0, 1),
        kind=st.sampled_from(("add", "add", "remove", "leave")),
    )
    def change_members(self, name: str, other: str, number: int, kind: str) -> None:
        person = self.person(name)
        if person.is_halted:
            return
        conv_id, uid = self.groups[number], self.person(other).uid
        if kind == "add":
            person.order(AddMembers(conv_id=conv_id, uids=(uid,)))
        elif kind == "remove":
            person.order(RemoveMembers(conv_id=conv_id, uids=(uid,)))
        else:
            person.order(LeaveGroup(conv_id=conv_id))

    @rule(name=who)
    def cut(self, name: str) -> None:
        if not self.person(name).is_halted:
            self.person(name).cut()

    @rule(name=who)
    def kill(self, name: str) -> None:
        self.person(name).kill()

    @rule(name=who)
    def start(self, name: str) -> None:
        if self.person(name).is_halted:
            self.person(name).start()

    @rule()
    def restart_broker(self) -> None:
        self.room.restart_broker()

    @rule(name=who, frames=st.integers(1, 6))
    def deliver(self, name: str, frames: int) -> None:
        person = self.person(name)
        for _ in range(frames):
            if person.to_broker:
                self.room.deliver_to_broker(person)
            if person.to_client:
                self.room.deliver_to_client(person)

    @rule(ms=st.sampled_from((50, 300, 2500)))
    def wait(self, ms: int) -> None:
        self.room.pass_time(ms)

    @rule()
    def flow(self) -> None:
        self.room.flow()

    def teardown(self) -> None:
        if not hasattr(self, "room"):
            return
        for person in self.room.people.values():
            if person.is_halted:
                person.start()
        self.room.settle(45_000)
        for conv_id in {
            self.room.general,
            *self.groups,
            *(conv_id for conv_id, _ in self.said.values()),
        }:
            self._check(conv_id)
        for person in self.room.people.values():
            assert not person.quarantined(), (person.name, person.quarantined())
            states = [item for item in person.store.load() if isinstance(item, SavedConversation)]
            assert not [state.doubts.fault for state in states if state.doubts.fault], person.name

    def _check(self, conv_id: bytes) -> None:
        transcripts, orders = set(), {}
        for person in self.room.people.values():
            items = [
                item for item in person.store.load() if getattr(item, "conv_id", b"") == conv_id
            ]
            states = [item for item in items if isinstance(item, SavedConversation)]
            snapshots = [item for item in items if isinstance(item, SavedSnapshot)]
            epochs = {item.epoch: item for item in items if isinstance(item, SavedEpoch)}
            if not snapshots or not states:
                continue
            is_member = (
                person.uid in snapshots[0].snapshot.members
                and person.uid not in states[0].moves.leavers
            )
            if not is_member:
                last = max((number for number, epoch in epochs.items() if epoch.has_me), default=-1)
                assert not [n for n, epoch in epochs.items() if n > last and epoch.seed], (
                    person.name
                )
                continue
            transcripts.add((states[0].log.cursor, states[0].log.transcript))
            rows = [row for row in person.rows(conv_id) if row.kind in ("text", "waiting")]
            assert not [row for row in rows if row.kind == "waiting"], person.name
            orders[person.name] = [row.message_id for row in rows]
            shown = person.shown_rows(conv_id)
            assert len(shown) == len(set(shown))
        assert len(transcripts) <= 1
        whole = max(orders.values(), key=len, default=[])
        for name, order in orders.items():
            assert len(order) == len(set(order))
            assert order == [message_id for message_id in whole if message_id in set(order)], name
        for message_id, (said_in, sender) in self.said.items():
            if said_in == conv_id and sender in orders and not self._failed(sender, message_id):
                assert message_id in orders[sender], (sender, message_id)

    def _failed(self, sender: str, message_id: bytes) -> bool:
        """Refused for good: it was written by somebody who was no member when it was sent."""
        pending = [
            item
            for item in self.person(sender).store.load()
            if getattr(item, "message_id", b"") == message_id
        ]
        return any(getattr(item, "failure", "") for item in pending)


ClassMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestClassMachine = ClassMachine.TestCase
