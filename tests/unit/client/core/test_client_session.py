"""The session with the broker: attempts, refusals, pings, and what must not be believed before the
sign-in.
"""

from __future__ import annotations

import msgspec
import pytest

from client.api.english import CODES
from client.api.events import (
    ConnectionChanged,
    Done,
    Quit,
    RetryNow,
    SendText,
    SessionSignedIn,
    SignInFailed,
)
from client.api.values import ConnectionState
from client.core.session import CONNECT_TIMEOUT_MS, PING_EVERY_MS, QUIET_PINGS
from client.core.state.effects import (
    CommandPosted,
    Connect,
    ConnectionFailed,
    ConnectionOpened,
    Disconnect,
    Effect,
    Event,
    Moment,
    Received,
    Send,
    Ticked,
)
from shared.messages import (
    DIRECTORY_LOG,
    Entries,
    Hello,
    Message,
    Ping,
    Pong,
    Refused,
    Register,
    Registered,
    SignedIn,
    SignedOut,
    SignIn,
    SignOut,
    Welcome,
)
from tests.support.class_room import ClassRoom, Participant
from tests.support.saying import why


def person_at(*answers: type[Message]) -> tuple[ClassRoom, Participant]:
    """Somebody new from whom the broker's answers of these kinds are kept."""
    room = ClassRoom()
    alice = Participant(room, "alice", "student-code")
    alice.tamper = lambda message: None if isinstance(message, answers) else message
    room.people["alice"] = alice
    alice.start()
    room.flow()
    return room, alice


def online() -> tuple[ClassRoom, Participant]:
    room = ClassRoom(["alice"])
    return room, room.people["alice"]


def state(person: Participant) -> ConnectionChanged:
    found = person.seen(ConnectionChanged)[-1]
    assert isinstance(found, ConnectionChanged)
    return found


def effects(person: Participant, event: Event) -> list[Effect]:
    return person.core.handle(event)


def sent(found: list[Effect]) -> list[Message]:
    return [effect.message for effect in found if isinstance(effect, Send)]


def welcome(room: ClassRoom, **changes: object) -> Welcome:
    return msgspec.structs.replace(
        Welcome(1, "Class", room.class_id, bytes(32), "code", b""), **changes
    )


def refused(code: str) -> Refused:
    return Refused(code, "Why.", b"", [], 0)


# --- the attempt ---


@pytest.mark.parametrize(
    ("kept", "code"), [(Welcome, "timeout"), (Registered, "timeout"), (SignedIn, "timeout")]
)
def test_an_attempt_that_is_not_answered_ends_and_another_follows(
    kept: type[Message], code: str
) -> None:
    room, alice = person_at(kept)
    room.pass_time(CONNECT_TIMEOUT_MS)
    assert (state(alice).state, state(alice).code) == (ConnectionState.OFFLINE, code)
    alice.tamper = lambda message: message
    room.settle()
    assert state(alice).state is ConnectionState.ONLINE


def test_a_connection_that_never_opens_is_called_unreachable() -> None:
    room, alice = online()
    alice.cut()
    room.now_ms += 60_000
    found = effects(alice, retry_now(room))
    assert any(isinstance(effect, Connect) for effect in found)
    room.now_ms += CONNECT_TIMEOUT_MS
    alice.hand(Ticked(room.moment))
    assert (state(alice).code, why(state(alice))) == ("unreachable", CODES["unreachable"])


def retry_now(room: ClassRoom) -> Event:
    return CommandPosted(room.moment, RetryNow())


def test_events_that_come_too_late_change_nothing() -> None:
    room, alice = online()
    before = len(alice.notices)
    for event in (
        ConnectionOpened(room.moment),
        Received(room.moment, welcome(room)),
        Received(room.moment, Registered(alice.uid)),
        Received(room.moment, SignedIn(alice.uid, "alice", 2, [], [], 1)),
    ):
        assert not sent(effects(alice, event))
    alice.order(RetryNow())
    assert len(alice.notices) == before and alice.core._work.saved_self.role == 0  # noqa: SLF001
    alice.hand(Received(room.moment, SignedOut("kicked", "")))
    told = state(alice)
    alice.hand(ConnectionFailed(room.moment, "lost"))  # the end of the closed connection
    assert state(alice) == told and told.state is ConnectionState.REFUSED


def test_nothing_is_believed_before_the_sign_in() -> None:
    room, alice = person_at(SignedIn)
    alice.hand(Received(room.moment, Entries(DIRECTORY_LOG, [], 5)))
    assert alice.core._work.saved_self.directory_cursor == 0  # noqa: SLF001
    assert not alice.core._work.is_signed_in  # noqa: SLF001


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"protocol": 2}, "protocol_version"), ({"class_id": b"x" * 16}, "server_key_mismatch")],
)
def test_a_welcome_of_another_class_or_version_is_refused(
    changes: dict[str, object], code: str
) -> None:
    room, alice = person_at(Welcome)
    alice.hand(Received(room.moment, welcome(room, **changes)))
    failed = alice.seen(SignInFailed)[-1]
    assert isinstance(failed, SignInFailed) and failed.code == code
    assert state(alice).state is ConnectionState.REFUSED
    room.settle(60_000)
    assert state(alice).state is ConnectionState.REFUSED  # only the user tries again


def test_registers_where_unknown_and_signs_in_where_known() -> None:
    room, alice = person_at(Welcome)
    kinds = []
    for uid in (b"", b"o" * 16, alice.uid):
        alice.hand(ConnectionFailed(room.moment, "lost"))
        alice.order(RetryNow())
        kinds.append(type(sent(effects(alice, Received(room.moment, welcome(room, uid=uid))))[-1]))
    assert kinds == [Register, Register, SignIn]


@pytest.mark.parametrize("code", ["busy", "internal", "slow_down"])
def test_a_busy_broker_is_tried_again(code: str) -> None:
    room, alice = person_at(Registered)
    alice.hand(Received(room.moment, refused(code)))
    assert (state(alice).state, state(alice).code) == (ConnectionState.OFFLINE, "lost")
    alice.tamper = lambda message: message
    room.settle()
    assert state(alice).state is ConnectionState.ONLINE


def test_a_wrong_code_is_said_at_its_field_and_not_tried_again() -> None:
    room = ClassRoom()
    alice = room.enter("alice", "wrong")
    room.settle()
    failed = alice.seen(SignInFailed)
    assert [(n.code, n.field) for n in failed if isinstance(n, SignInFailed)] == [
        ("wrong_code", "invitation")
    ]


# --- the wrong key ---


def test_a_wrong_server_key_is_told_at_first_sign_in_only_after_several_failures() -> None:
    room, alice = person_at(Welcome)
    alice.hand(ConnectionFailed(room.moment, "lost"))
    for number in range(3):
        alice.reachable = False
        effects(alice, retry_now(room))
        alice.hand(ConnectionFailed(room.moment, "handshake"))
        assert bool(alice.seen(SignInFailed)) is (number == 2)
    failed = alice.seen(SignInFailed)[-1]
    assert isinstance(failed, SignInFailed) and (failed.code, failed.field) == (
        "server_key_mismatch",
        "invitation",
    )


def test_who_was_signed_in_before_goes_on_trying_at_a_wrong_server_key() -> None:
    room, alice = online()
    alice.cut()
    for _ in range(4):
        effects(alice, retry_now(room))
        alice.hand(ConnectionFailed(room.moment, "handshake"))
    assert not alice.seen(SignInFailed)
    assert (state(alice).state, state(alice).code) == (
        ConnectionState.OFFLINE,
        "server_key_mismatch",
    )
    room.settle(60_000)
    assert state(alice).state is ConnectionState.ONLINE


# --- while it stands ---


def test_two_unanswered_pings_end_the_connection() -> None:
    room, alice = online()
    alice.tamper = lambda message: None if isinstance(message, Pong) else message
    for _ in range(QUIET_PINGS + 2):  # nothing waits, so the first is asked late
        assert state(alice).state is ConnectionState.ONLINE
        room.pass_time(PING_EVERY_MS)
        room.flow()
    assert (state(alice).state, state(alice).code) == (ConnectionState.OFFLINE, "timeout")


def test_while_something_waits_the_broker_is_asked_at_once() -> None:
    room, alice = online()
    room.settle()
    alice.tamper = lambda message: None
    alice.say(room.general, "are you there?")
    for _ in range(3):
        assert state(alice).state is ConnectionState.ONLINE
        room.pass_time(PING_EVERY_MS)
        room.flow()
    assert (state(alice).state, state(alice).code) == (ConnectionState.OFFLINE, "timeout")


def test_answered_pings_keep_it_up_for_ever() -> None:
    room, alice = online()
    for _ in range(3 * QUIET_PINGS):
        room.pass_time(PING_EVERY_MS)
        room.flow()
    assert state(alice).state is ConnectionState.ONLINE


def test_after_a_stop_or_a_slow_time_it_comes_back_and_a_kick_is_final() -> None:
    room, alice = online()
    alice.hand(Received(room.moment, SignedOut("stopping", "")))
    assert (state(alice).state, state(alice).code) == (ConnectionState.OFFLINE, "stopping")
    room.settle()
    assert state(alice).state is ConnectionState.ONLINE
    alice.hand(Received(room.moment, SignedOut("too_slow", "")))
    assert (state(alice).state, state(alice).code) == (ConnectionState.OFFLINE, "too_slow")
    room.settle()
    assert state(alice).state is ConnectionState.ONLINE
    alice.hand(Received(room.moment, SignedOut("kicked", "")))
    room.settle(60_000)
    assert (state(alice).state, state(alice).code) == (ConnectionState.REFUSED, "kicked")


def test_the_outbox_is_counted_in_the_banner_while_offline() -> None:
    room, alice = online()
    alice.reachable = False
    alice.cut()
    alice.say(room.general, "one")
    assert (state(alice).state, state(alice).outbox) == (ConnectionState.OFFLINE, 1)
    assert 0 < state(alice).retry_in_s <= 30
    alice.reachable = True
    room.settle(40_000)
    assert (state(alice).state, state(alice).outbox) == (ConnectionState.ONLINE, 0)


# --- orders ---


def test_quit_says_goodbye_if_there_is_somebody_to_hear_it() -> None:
    room, alice = online()
    assert sent(effects(alice, CommandPosted(room.moment, Quit()))) == [SignOut()]
    room, alice = person_at(SignedIn)
    assert sent(effects(alice, CommandPosted(room.moment, Quit()))) == []


def test_retry_now_is_answered() -> None:
    room, alice = online()
    assert alice.order(RetryNow(request_id=3)) == Done(3, True)
    alice.cut()
    assert alice.order(RetryNow(request_id=4)) == Done(4, True)
    room.settle()
    assert state(alice).state is ConnectionState.ONLINE


def test_the_first_words_on_a_connection() -> None:
    room, alice = online()
    alice.cut()
    alice.reachable = False
    effects(alice, retry_now(room))
    (hello,) = sent(effects(alice, ConnectionOpened(Moment(room.now_ms, 1))))
    assert isinstance(hello, Hello) and (hello.protocol, hello.username) == (1, "alice")
    found = effects(alice, Received(room.moment, welcome(room, uid=alice.uid)))
    assert isinstance(sent(found)[0], SignIn)
    found = effects(alice, Received(room.moment, SignedIn(alice.uid, "alice", 0, [], [], 1)))
    told = [effect.notice for effect in found if hasattr(effect, "notice")]
    assert any(isinstance(notice, SessionSignedIn) for notice in told)
    assert not any(isinstance(effect, Disconnect) for effect in found)
    assert any(
        isinstance(message, Ping) for message in sent(effects(alice, _tick(room, PING_EVERY_MS)))
    )
    assert alice.order(SendText(request_id=1, conv_id=room.general, text="hi")) is not None


def _tick(room: ClassRoom, ms: int) -> Event:
    room.now_ms += ms
    return Ticked(room.moment)
