"""What the window knows, without Qt: sections, order, neighbours, people, counting, and its
sentences.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.api.english import CODES
from client.api.events import (
    ConnectionChanged,
    ConversationsChanged,
    PendingChanged,
    PeopleChanged,
    Quarantined,
    RowsAppended,
    SessionOpened,
    SessionSignedIn,
    TransferRemoved,
    TransfersChanged,
    TypingChanged,
)
from client.api.said import Failed
from client.api.values import (
    ConnectionState,
    ConversationKind,
    Member,
    TransferState,
    Trust,
)
from client.gui.session.state import (
    Changed,
    Section,
    SessionState,
    banner_sentence,
    empty_sentence,
    title_of,
    trust_sentence,
    typing_sentence,
)
from shared.messages import Role
from tests.support.saying import said_so, told_so
from tests.support.window.window_data import (
    ANNOUNCEMENTS,
    EVERYBODY,
    GENERAL,
    HOMEWORK,
    LAB,
    ME,
    NIGHT,
    PEOPLE,
    REVIEW,
    TEAM,
    conversation,
    conversations,
    direct,
    file_info,
    file_row,
    opened,
    person,
    row,
    transfer_of,
    uid_of,
)

DEEPAK = direct("deepak").conv_id


@pytest.fixture
def state() -> SessionState:
    made = SessionState()
    assert made.apply(opened()) is Changed.EVERYTHING
    return made


# --- sections and order ---


def test_sections_stand_in_order_and_are_sorted(state: SessionState) -> None:
    found = [(section, [one.name for one in content]) for section, content in state.sections()]
    assert found == [
        (Section.ANNOUNCEMENTS, ["announcements"]),
        (
            Section.CHANNELS,
            ["general", "homework-3", "lab-sockets", "exam-review"],
        ),  # not joined: after the others
        (Section.GROUPS, ["late-night-threads", "team-epoll"]),
        (Section.DIRECT, ["Prof.Nguyen", "deepak", "fatima", "george-w"]),  # the newest first
    ]


def test_a_newer_message_lifts_a_direct_conversation(state: SessionState) -> None:
    newest = max(one.last_at_ms for one in state.conversations.values())
    state.apply(
        ConversationsChanged((replace(state.conversations[DEEPAK], last_at_ms=newest + 1),))
    )
    assert dict(state.sections())[Section.DIRECT][0].name == "deepak"


def test_neighbours_go_round_the_ends(state: SessionState) -> None:
    order = [one.conv_id for one in state.in_order()]
    assert state.neighbour(order[0], 1, False) == order[1]
    assert state.neighbour(order[0], -1, False) == order[-1]
    assert state.neighbour(order[-1], 1, False) == order[0]


def test_unread_neighbours_skip_what_is_read(state: SessionState) -> None:
    prof = direct("Prof.Nguyen").conv_id
    found, at = [], GENERAL
    for _ in range(4):
        at = state.neighbour(at, 1, True)
        found.append(at)
    assert found == [HOMEWORK, LAB, TEAM, prof]
    assert state.neighbour(prof, 1, True) == HOMEWORK


def test_there_may_be_no_neighbour() -> None:
    state = SessionState()
    assert state.neighbour(b"x" * 16, 1, False) == b"x" * 16
    state.apply(
        SessionOpened(
            ME, "class", PEOPLE, (conversation(GENERAL, ConversationKind.CHANNEL, "general"),)
        )
    )
    assert (
        state.neighbour(GENERAL, 1, False) == GENERAL
        and state.neighbour(GENERAL, -1, True) == GENERAL
    )


def test_it_starts_in_the_newest_conversation_of_mine(state: SessionState) -> None:
    assert state.first_choice() == HOMEWORK
    late = replace(state.conversations[REVIEW], last_at_ms=9_000_000_000_000)
    state.apply(ConversationsChanged((late,)))
    assert state.first_choice() == HOMEWORK  # not a member of the newest
    assert SessionState().first_choice() == b""


@pytest.mark.parametrize(("unread", "expected"), [(0, GENERAL), (1, ANNOUNCEMENTS)])
def test_announcements_come_first_only_with_news(unread: int, expected: bytes) -> None:
    state, kind = SessionState(), ConversationKind
    news = conversation(
        ANNOUNCEMENTS, kind.ANNOUNCEMENTS, "announcements", unread=unread, last_at_ms=5
    )
    general = conversation(GENERAL, kind.CHANNEL, "general", last_at_ms=1)
    state.apply(SessionOpened(ME, "class", PEOPLE, (news, general)))
    assert state.first_choice() == expected


def test_unread_rows_are_summed(state: SessionState) -> None:
    assert state.unread_total() == 3 + 3 + 12 + 1


# --- people ---


def test_who_was_not_written_to_is_listed_staff_first(state: SessionState) -> None:
    assert [one.username for one in state.not_written_to()] == [
        "maria-ta",
        "bob.k",
        "carmen_d",
        "hyun",
    ]
    state.apply(ConversationsChanged((direct("hyun"),)))
    assert "hyun" not in [one.username for one in state.not_written_to()]
    known = state.direct_with(uid_of("hyun"))
    assert known is not None and known.conv_id == direct("hyun").conv_id
    assert state.direct_with(uid_of("bob.k")) is None


def test_a_person_changes_everywhere(state: SessionState) -> None:
    fatima = replace(person("fatima"), is_online=True, role=int(Role.ASSISTANT))
    assert state.apply(PeopleChanged((fatima,))) is Changed.PEOPLE
    assert state.staff() == {
        uid_of("Prof.Nguyen"): "instructor",
        uid_of("maria-ta"): "assistant",
        uid_of("fatima"): "assistant",
    }
    assert state.other_person(direct("fatima")) == fatima


def test_my_own_role_comes_with_the_sign_in(state: SessionState) -> None:
    assert not state.is_instructor()
    assert (
        state.apply(SessionSignedIn(ME.username, int(Role.INSTRUCTOR), "New name"))
        is Changed.PEOPLE
    )
    assert state.is_instructor() and state.class_name == "New name"
    assert state.people[ME.uid].role == Role.INSTRUCTOR


def test_names_are_found_in_any_case(state: SessionState) -> None:
    found = state.person_named("PROF.nguyen")
    assert found is not None and found.uid == uid_of("Prof.Nguyen")
    assert state.person_named("prof") is None


def test_members_stand_staff_first_then_who_is_online(state: SessionState) -> None:
    names = [one.username for one, _ in state.members_of(state.conversations[HOMEWORK])]
    assert names == [
        "Prof.Nguyen",
        "maria-ta",
        "alice",
        "bob.k",
        "carmen_d",
        "deepak",
        "hyun",
        "fatima",
        "george-w",
    ]


def test_only_who_is_not_inside_can_be_added(state: SessionState) -> None:
    few = replace(state.conversations[TEAM], members=EVERYBODY[:6])
    assert [one.username for one in state.addable(few)] == ["deepak", "fatima", "george-w"]


def test_who_may_moderate(state: SessionState) -> None:
    team = state.conversations[TEAM]
    assert not state.may_moderate(team) and not state.may_moderate(state.conversations[GENERAL])
    admin = replace(team, members=(Member(ME.uid, 1), *EVERYBODY[1:]))
    assert state.may_moderate(admin)
    state.apply(SessionSignedIn(ME.username, int(Role.ASSISTANT), ""))
    assert state.may_moderate(state.conversations[GENERAL])
    assert not state.may_moderate(team)  # a study group is its own members' affair
    assert not state.may_moderate(state.conversations[DEEPAK])


# --- rows ---


def test_rows_are_counted_before_their_conversation_is(state: SessionState) -> None:
    late = row(6, "hyun", "news", 90)
    assert state.apply(RowsAppended(HOMEWORK, (late,))) is Changed.CONVERSATIONS
    found = state.conversations[HOMEWORK]
    assert (found.row_count, found.last_at_ms, found.unread) == (7, late.sent_at_ms, 3)
    assert state.apply(RowsAppended(HOMEWORK, (late,))) is Changed.NOTHING
    assert state.apply(RowsAppended(b"?" * 16, (late,))) is Changed.NOTHING


def test_a_stored_message_waits_no_more(state: SessionState) -> None:
    first, second = (
        replace(row(6 + at, "alice", "mine", 90), position=-1, sequence=0) for at in range(2)
    )
    assert state.apply(PendingChanged(HOMEWORK, (first, second))) is Changed.PENDING
    state.apply(RowsAppended(HOMEWORK, (replace(first, position=6, sequence=7),)))
    assert state.pending[HOMEWORK] == (second,)


def test_what_is_not_shown_changes_nothing(state: SessionState) -> None:
    assert state.apply(Quarantined(HOMEWORK, "gap")) is Changed.NOTHING
    assert state.apply(TypingChanged(HOMEWORK, ("hyun",))) is Changed.TYPING
    assert state.apply(ConnectionChanged(ConnectionState.ONLINE)) is Changed.CONNECTION


# --- sentences ---


@pytest.mark.parametrize(
    ("usernames", "sentence"),
    [
        ((), ""),
        (("hyun",), "hyun is typing\u2026"),
        (("hyun", "bob.k"), "hyun and bob.k are typing\u2026"),
        (("hyun", "bob.k", "deepak"), "Several people are typing\u2026"),
    ],
)
def test_who_types(usernames: tuple[str, ...], sentence: str) -> None:
    assert typing_sentence(usernames) == sentence


OFF, REFUSED = ConnectionState.OFFLINE, ConnectionState.REFUSED
ONE_WAITS = "1 message is saved in your outbox and will be sent."


@pytest.mark.parametrize(
    ("connection", "seconds", "sentence"),
    [
        (ConnectionChanged(ConnectionState.CONNECTING), 0.0, "Connecting\u2026"),
        (
            ConnectionChanged(ConnectionState.CONNECTING, outbox=1),
            0.0,
            f"Connecting\u2026 {ONE_WAITS}",
        ),
        (ConnectionChanged(OFF), 4.4, "Reconnecting in 4 s."),
        (ConnectionChanged(OFF), 0.1, "Reconnecting in 1 s."),
        (ConnectionChanged(OFF), -1.0, "Reconnecting\u2026"),
        (
            ConnectionChanged(OFF, failure=said_so("No route.")),
            3.0,
            "No route. Reconnecting in 3 s.",
        ),
        (
            ConnectionChanged(OFF, 0, 1, said_so("No route.")),
            3.0,
            f"Reconnecting in 3 s. {ONE_WAITS}",
        ),
        (
            ConnectionChanged(OFF, 0, 1, Failed(code="server_key_mismatch")),
            3.0,
            f"{CODES['server_key_mismatch']} Reconnecting in 3 s.",
        ),
        (
            ConnectionChanged(REFUSED, failure=said_so("Signed in elsewhere.")),
            0.0,
            "Signed in elsewhere.",
        ),
        (
            ConnectionChanged(REFUSED, outbox=1),
            0.0,
            f"The server refused the connection. {ONE_WAITS}",
        ),
    ],
)
def test_the_banner(connection: ConnectionChanged, seconds: float, sentence: str) -> None:
    assert banner_sentence(connection, seconds) == sentence


def test_the_banner_in_short() -> None:
    away = ConnectionChanged(ConnectionState.OFFLINE, outbox=2)
    assert (
        banner_sentence(away, 4.0, is_short=True) == "Reconnecting in 4 s. 2 messages will be sent."
    )
    assert banner_sentence(replace(away, outbox=0), 4.0, is_short=True) == "Reconnecting in 4 s."


def test_titles_carry_their_sign() -> None:
    titles = {one.conv_id: title_of(one) for one in conversations()}
    assert (
        titles[HOMEWORK] == "# homework-3"
        and titles[TEAM] == "team-epoll"
        and titles[DEEPAK] == "deepak"
    )


def test_an_empty_conversation_says_what_to_do(state: SessionState) -> None:
    night = state.conversations[NIGHT]
    assert empty_sentence(night, "C").startswith("No messages yet. Say hello, or ask")
    assert empty_sentence(replace(night, can_write=False), "C") == "No messages yet."
    assert "hand over the keys" in empty_sentence(replace(night, is_waiting=True), "C")
    assert empty_sentence(replace(night, is_waiting=True, status=told_so("Soon.")), "C") == "Soon."
    assert empty_sentence(state.conversations[DEEPAK], "C").startswith(
        "No messages yet. Say hello to deepak."
    )


def test_only_a_changed_key_alarms() -> None:
    assert (
        trust_sentence(PEOPLE[0]) == ""
        and trust_sentence(replace(PEOPLE[0], trust=Trust.VERIFIED)) == ""
    )
    alarm = trust_sentence(replace(PEOPLE[0], trust=Trust.CHANGED))
    assert alarm.startswith("The key of Prof.Nguyen has changed.") and alarm.endswith(
        "until then nothing is sent."
    )


def test_transfers_are_kept_and_the_one_that_matters_is_shown(state: SessionState) -> None:
    one = file_row(6, "bob.k", file_info())
    done = transfer_of(one, TransferState.DONE, 4915, transfer_id=b"1" * 16)
    running = transfer_of(one, TransferState.ACTIVE, 100, transfer_id=b"2" * 16)
    again = transfer_of(one, TransferState.DONE, 4915, transfer_id=b"3" * 16)
    assert state.apply(replace(opened(), transfers=(done,))) is Changed.EVERYTHING
    assert state.transfers_by_message() == {one.message_id: done} and state.running_transfers() == 0
    assert state.apply(TransfersChanged((running, again))) is Changed.TRANSFERS
    assert (
        state.transfers_by_message() == {one.message_id: running} and state.running_transfers() == 1
    )
    assert state.apply(TransferRemoved(running.transfer_id)) is Changed.TRANSFERS
    assert state.transfers_by_message() == {one.message_id: again}
    assert state.apply(TransferRemoved(running.transfer_id)) is Changed.TRANSFERS
