"""Credit: whatever clients ask, claim and drop, what is in memory stays within its bounds and
nobody starves.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from broker.core.files.credit import MAX_PARTS_IN_MEMORY, Flows
from shared.messages import MAX_ASKED, MAX_WINDOW

SESSIONS = [bytes([number]) for number in range(30)]
ANY = st.sampled_from(SESSIONS)


class CreditMachine(RuleBasedStateMachine):
    """Beside the flows: what really is in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.flows = Flows()
        self.writing: list[bytes] = []
        self.reading: list[bytes] = []
        self.held: dict[bytes, list[bytes]] = {}  # parts that were sent and not confirmed
        self.wanted: dict[bytes, int] = {}  # parts asked for and not sent
        self.count = 0

    @rule(session=ANY, count=st.integers(1, 20))
    def put(self, session: bytes, count: int) -> None:
        for _ in range(count):
            has_room = len(self.writing) < MAX_PARTS_IN_MEMORY
            taken = self.flows.take_write(session)
            assert not taken or has_room
            if taken:
                self.writing.append(session)

    @rule(count=st.integers(1, 40))
    def write(self, count: int) -> None:
        for session in self.writing[:count]:
            self.flows.written(session)
        del self.writing[:count]

    @rule(session=ANY, count=st.integers(1, MAX_ASKED))
    def ask(self, session: bytes, count: int) -> None:
        if self.flows.ask(session, b"file", list(range(count))):
            self.wanted[session] = self.wanted.get(session, 0) + count
        self.hand_out(session)

    @rule(session=ANY, count=st.integers(1, MAX_ASKED))
    def confirm(self, session: bytes, count: int) -> None:
        held = self.held.get(session, [])
        given, self.held[session] = held[:count], held[count:]
        self.flows.give_back(session, [*given, *given, b"forged"], 0)
        self.hand_out(session)

    @rule(count=st.integers(1, 40))
    def read(self, count: int) -> None:
        for session in self.reading[:count]:
            if self.flows.read(session):
                self.count += 1
                receipt = self.count.to_bytes(8, "big")
                self.flows.sent(session, receipt, 0)
                self.held.setdefault(session, []).append(receipt)
        del self.reading[:count]

    @rule(session=ANY)
    def leave(self, session: bytes) -> None:
        self.flows.close(session)
        self.reading = [one for one in self.reading if one != session]  # their answers find nobody
        self.held.pop(session, None)
        self.wanted.pop(session, None)
        # What it had sent is in memory until the disk has taken it.

    def hand_out(self, session: bytes) -> None:
        for _ in self.flows.to_read(session):
            self.reading.append(session)
            self.wanted[session] -= 1

    @invariant()
    def memory_is_bounded(self) -> None:
        assert len(self.writing) <= MAX_PARTS_IN_MEMORY
        for session in SESSIONS:
            assert len(self.held.get(session, [])) + self.reading.count(session) <= MAX_WINDOW
            assert self.wanted.get(session, 0) <= MAX_ASKED

    @invariant()
    def nobody_starves(self) -> None:
        for session, wanted in self.wanted.items():
            if wanted and not self.held.get(session) and session not in self.reading:
                self.hand_out(session)
                assert session in self.reading

    def teardown(self) -> None:
        for session in self.writing:
            self.flows.written(session)
        assert self.flows._writing == 0


CreditMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestCredit = CreditMachine.TestCase
