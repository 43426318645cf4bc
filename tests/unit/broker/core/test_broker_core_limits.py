"""Limits and trouble: rates, credit, a full disk, taken names and keys, replaced connections,
damaged data.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import msgspec
import pytest

from broker.core.accounts import STRANGER
from broker.core.events import Committed, FrameReceived, PeerGone, PeerLagging, Ticked
from broker.core.limits import (
    MAX_UNANSWERED,
    MAX_UNANSWERED_BYTES,
    Allowance,
    Bucket,
    Credit,
    Rates,
)
from broker.storage.base import Batch, StorageError
from broker.storage.memory import MemoryStorage
from shared.crypto.identity import make_statement, rotate_uk, sign_login
from shared.crypto.records import OPEN, Policy
from shared.invitations import z85_decode
from shared.messages import (
    DIRECTORY_LOG,
    AdvanceCursor,
    AppendChain,
    Box,
    BoxesPosted,
    Entry,
    EntryKind,
    Hello,
    KeyRequested,
    Ping,
    Pong,
    PostBoxes,
    PresenceChanged,
    ReadLog,
    Refused,
    Register,
    Registered,
    RequestKey,
    SignedIn,
    SignedOut,
    SignIn,
    SignOut,
    StartTyping,
    TypingShown,
    Welcome,
)
from tests.support.people import (
    BROKER_KEY,
    STUDENT_CODE,
    Room,
    account_of,
    bits,
    first_record,
    make_person,
    message_of,
    new_id,
    revocation,
)


def codes(answers: list[object]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


# --- buckets and credit ---


def test_a_bucket_fills_again_and_says_how_long_to_wait() -> None:
    bucket = Bucket(rate=10, burst=2, now_ms=1_000)
    assert [bucket.take(1_000) for _ in range(3)] == [0, 0, 101]
    assert bucket.take(1_101) == 0
    assert bucket.take(500) > 0  # a clock set back gives nothing, and takes nothing
    assert bucket.take(10_000) == 0


def test_a_rate_of_zero_is_no_limit() -> None:
    bucket = Bucket(rate=0, burst=0, now_ms=0)
    assert not any(bucket.take(0) for _ in range(1_000))


def test_credit_counts_items_and_bytes_but_one_item_always_fits() -> None:
    credit = Credit()
    assert credit.take(2 * MAX_UNANSWERED_BYTES) and not credit.take(1)
    credit.give_back(1, 2 * MAX_UNANSWERED_BYTES)
    assert all(credit.take(1) for _ in range(MAX_UNANSWERED)) and not credit.take(1)


def test_a_held_message_that_never_comes_again_does_not_block_for_ever() -> None:
    room = Room(rates=Rates(message_rate=10, message_burst=1))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    first, lost, later = (room.message(alice, conv_id) for _ in range(3))
    assert codes(room.say(alice, first, lost)) == ["slow_down"]
    room.now_ms += 1_000
    assert codes(room.say(alice, later)) == ["slow_down"]
    room.now_ms += 6_000
    assert not codes(room.say(alice, later))


def test_requests_have_a_rate_of_their_own_and_typing_is_dropped_silently() -> None:
    room = Room(rates=Rates(request_rate=1, request_burst=5))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    answers = room.say(alice, *(Ping(number) for number in range(10)))
    assert len([m for m in answers if isinstance(m, Pong)]) < 10 and set(codes(answers)) == {
        "slow_down"
    }
    assert not codes(
        room.say(alice, StartTyping(conv_id), StartTyping(conv_id), room.message(alice, conv_id))
    )
    assert len(room.got(bo, TypingShown)) == 1


def test_records_and_statements_count_against_the_credit() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    room.say(alice, *(room.message(alice, conv_id) for _ in range(MAX_UNANSWERED)))
    (refused,) = room.say(alice, first_record(alice, [bo], Policy(title=b"t")))
    assert (
        isinstance(refused, Refused) and refused.code == "slow_down" and refused.retry_after_ms > 0
    )


# --- a full disk ---


def test_while_the_disk_is_full_nothing_new_is_taken() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.say(alice, room.message(alice, conv_id))
    room.stall()
    eve = make_person("eve")
    assert codes(room.register(eve)) == ["busy"]
    alice_elsewhere = replace(
        alice, transport_public=eve.transport_public, transport_secret=eve.transport_secret
    )
    session = room.connect(alice_elsewhere)
    signature = room.login_signature(session, alice_elsewhere)
    assert codes(room.send(session, alice_elsewhere, SignIn(alice.uid, alice.did, signature))) == [
        "busy"
    ]
    eve = make_person("eve", seed="with a key of its own")
    _, chain = rotate_uk(alice, account_of(alice), 2_000, lambda n: b"r" * n)
    leave = room.statement(bo, conv_id, EntryKind.LEAVE)
    assert codes(room.say(alice, AppendChain(new_id(), chain))) == ["busy"]
    assert codes(room.say(alice, PostBoxes(conv_id, 0, [Box(bo.uid, 1, b"x")]))) == ["busy"]
    assert codes(room.say(bo, leave)) == ["busy"]
    assert (
        codes(room.say(bo, AdvanceCursor(conv_id, 2))) == ["busy"] and room.held == []
    )  # it must come again
    assert room.say(bo, Ping(3)) == [Pong(3)]  # reading goes on
    room.is_holding = False
    room.tell(Committed(0, room.now_ms))  # the disk has room again
    assert not codes(room.say(bo, leave)) and not codes(room.register(eve))


# --- names, keys, connections ---


def test_hello_with_a_name_that_cannot_be_has_no_account() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    eve = make_person("eve")
    session = room.connect(eve)
    for name, uid in (("", b""), ("no\nname", b""), ("ALICE", alice.uid)):
        (welcome,) = room.send(session, eve, Hello(1, "test", name))
        assert isinstance(welcome, Welcome) and welcome.uid == uid


def test_the_name_in_a_registration_must_be_the_one_that_is_signed() -> None:
    room = Room()
    eve = make_person("eve")
    for name in ("adam", "eve ", "e\nve"):
        session = room.connect(eve)
        signature = room.login_signature(session, eve)
        assert codes(
            room.send(session, eve, Register(name, STUDENT_CODE, eve.genesis, signature))
        ) == ["name_invalid"]


def test_a_transport_key_belongs_to_one_account_even_before_the_commit() -> None:
    room = Room()
    alice = make_person("alice")
    twin = replace(
        make_person("twin"),
        transport_public=alice.transport_public,
        transport_secret=alice.transport_secret,
    )
    room.is_holding = True
    assert room.register(alice) == []
    assert codes(room.register(twin)) == ["already_registered"]
    room.commit()
    assert room.names[alice.transport_public.decode()] == "alice"
    assert codes(room.register(twin)) == ["already_registered"]
    assert room.core.directory.username_of_key(alice.transport_public.decode()) == "alice"
    assert room.core.directory.username_of_key("nobody's") is None


def test_a_login_needs_a_hello_first() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    key = z85_decode(alice.transport_public)
    session = room.connect(alice)
    (refused,) = room.send(
        session, alice, SignIn(alice.uid, alice.did, sign_login(alice, b"", BROKER_KEY, key))
    )
    assert (
        isinstance(refused, Refused)
        and refused.code == "bad_signature"
        and "hello" in refused.message
    )


def test_what_follows_a_sign_out_in_the_same_frame_is_not_answered() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    assert room.say(alice, Ping(1), SignOut(), Ping(2)) == [Pong(1)]


def test_signing_in_again_on_the_same_connection_replaces_nobody() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    session = room.sessions[alice.uid]
    signature = room.login_signature(session, alice)
    (signed_in,) = room.send(session, alice, SignIn(alice.uid, alice.did, signature))
    assert (
        isinstance(signed_in, SignedIn)
        and room.ended == []
        and room.say(alice, Ping(1)) == [Pong(1)]
    )


def test_another_connection_of_the_same_routing_id_starts_as_a_stranger() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    room.tick()
    session = room.sessions[alice.uid]
    eve = make_person("eve")
    room.tell(
        FrameReceived(
            session,
            STRANGER + eve.transport_public.decode(),
            eve.transport_public.decode(),
            [ReadLog(DIRECTORY_LOG, 0, 0)],
            room.now_ms,
        )
    )
    assert codes(list(room.inbox[session]))[-1:] == ["not_signed_in"]
    room.tick()
    assert [told.online for told in room.got(bo, PresenceChanged)] == [bits(1, 2), bits(2)]


def test_a_device_removed_from_its_account_is_signed_out() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    blob = revocation(alice)
    session = room.sessions[alice.uid]
    room.clear()
    room.say(alice, AppendChain(new_id(), blob))
    assert [m.code for m in room.inbox[session] if isinstance(m, SignedOut)] == ["kicked"]
    assert room.ended == [session]
    assert codes(room.sign_in(alice)) == ["bad_signature"]
    assert room.say(bo, Ping(1)) == [Pong(1)]


# --- lagging ---


def test_lagging_is_noted_once_and_of_known_sessions_only() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    assert room.tell(PeerLagging(b"nobody", room.now_ms)) == []
    assert len(room.tell(PeerLagging(room.sessions[alice.uid], room.now_ms))) == 1
    assert room.tell(PeerLagging(room.sessions[alice.uid], room.now_ms + 1)) == []


def test_who_speaks_but_does_not_read_is_disconnected_all_the_same() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    session = room.sessions[alice.uid]
    for _ in range(8):
        room.tell(PeerLagging(session, room.now_ms))
        room.tick(10_000)
        if session in room.ended:
            break
        room.say(alice, Ping(1))
    assert session in room.ended


def test_a_stranger_that_lagged_is_told_nothing_of_the_class() -> None:
    room = Room()
    room.enroll("alice")
    eve = make_person("eve")
    session = room.connect(eve)
    room.send(session, eve, Ping(1))
    room.tell(PeerLagging(session, room.now_ms))
    assert room.send(session, eve, Ping(2)) == [Pong(2)]


def test_a_tick_soon_after_another_sweeps_nothing() -> None:
    room = Room()
    room.tick()
    eve = make_person("eve")
    session = room.connect(eve)
    room.send(session, eve, Ping(1))
    assert room.tell(Ticked(room.now_ms + 1)) == []
    room.tell(PeerGone(session))
    room.tick(200_000)
    assert room.ended == []


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    room = Room(
        Rates(
            message_rate=1e6,
            message_burst=1e6,
            post_rate=1e6,
            post_burst=1e6,
            request_rate=1e6,
            request_burst=1e6,
            stranger_rate=1e6,
            stranger_burst=1e6,
        )
    )
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.tick()
    slow, held, eve = (
        room.sessions[alice.uid],
        room.core.sessions.online[bo.uid],
        make_person("eve"),
    )
    stranger = room.connect(eve)
    room.send(stranger, eve, Ping(1))
    room.tell(PeerLagging(slow, room.now_ms))
    held.held[conv_id] = (new_id(), room.now_ms + 5_000)
    room.core._file_requests.flows.sent(room.sessions[bo.uid], b"receipt", room.now_ms)
    room.say(bo, room.statement(bo, conv_id, EntryKind.LEAVE))
    needs = room.core._hints._needs
    room.tick(-3_600_000)
    assert all(need.due_ms <= room.now_ms + 60_000 for need in needs.values()) and needs
    assert held.held[conv_id][1] <= room.now_ms + 5_000
    room.tick(61_000)
    assert slow in room.ended and room.sessions[bo.uid] in room.ended
    room.tick(60_000)
    assert stranger in room.ended


# --- refused requests ---


def test_refusals_name_what_they_are_about() -> None:
    room = Room()
    (alice,) = room.enroll("alice")
    message = message_of(alice, b"n" * 16, 0, bytes(32), b"c")
    answers = room.say(
        alice,
        message,
        ReadLog(b"n" * 16, 0, 0),
        AdvanceCursor(b"m" * 16, 1),
        Hello(9, "x", "alice"),
    )
    assert [(m.code, m.about) for m in answers if isinstance(m, Refused)] == [
        ("unknown_conversation", message.message_id),
        ("unknown_conversation", b"n" * 16),
        ("unknown_conversation", b"m" * 16),
        ("protocol_version", b""),
    ]


def test_a_chain_that_begins_in_the_middle_is_refused() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    other = room.create_group(alice, bo)
    record = room.change(alice, conv_id)
    moved = type(record)(new_id(), other, record.record, record.signature, [])
    assert codes(room.say(alice, moved)) == ["invalid_record"]
    elsewhere = Room()
    (alone,) = elsewhere.enroll("alice")
    assert alone.uid == alice.uid
    assert codes(elsewhere.say(alone, record)) == ["unknown_conversation"]


def test_an_open_group_may_not_take_a_name_that_is_none() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    for title in (b"\xff\xfe", b"", b"a\nb"):
        assert codes(
            room.say(alice, first_record(alice, [bo], Policy(visibility=OPEN, title=title)))
        ) == ["name_invalid"]


def test_who_is_no_member_cannot_leave_and_a_statement_needs_its_form() -> None:
    room = Room()
    alice, bo, eve = room.enroll("alice", "bo", "eve")
    conv_id = room.create_group(alice, bo)
    assert codes(room.say(eve, room.statement(eve, conv_id, EntryKind.LEAVE))) == ["not_a_member"]
    leave = room.statement(bo, conv_id, EntryKind.LEAVE)
    junk = type(leave)(new_id(), conv_id, leave.kind, b"junk", leave.signature)
    assert codes(room.say(bo, junk)) == ["bad_signature"]
    asked, signature = make_statement(eve, "keyreq", conv_id, bytes(32), (0, 1))
    assert codes(room.say(eve, RequestKey(conv_id, 0, asked, signature))) == ["not_a_member"]


# --- damaged data ---


@pytest.mark.parametrize("log_id", [DIRECTORY_LOG, b"g" * 16])
def test_data_that_does_not_verify_is_not_served(log_id: bytes) -> None:
    storage = MemoryStorage()
    kind = EntryKind.ACCOUNT if log_id == DIRECTORY_LOG else EntryKind.LEAVE
    storage.commit(Batch(entries=[(log_id, Entry(1, int(kind), b"s" * 16, 1, b"", b"junk", b""))]))  # type: ignore[list-item]
    with pytest.raises(StorageError):
        Room(storage=storage)


def test_accounts_are_verified_when_they_come_and_when_one_asks_for_it() -> None:
    alice = make_person("alice")
    other, root_signature, device_signature = msgspec.msgpack.decode(
        make_person("alice", "other").genesis
    )
    entry, *_ = msgspec.msgpack.decode(alice.genesis)
    badly_signed = msgspec.msgpack.encode([entry, root_signature, device_signature])
    wholly_other = msgspec.msgpack.encode([other, root_signature, device_signature])
    for genesis, is_served in ((badly_signed, True), (wholly_other, False)):
        storage = MemoryStorage()
        body = msgspec.msgpack.encode(["alice", 0, genesis])
        storage.commit(
            Batch(
                entries=[
                    (DIRECTORY_LOG, Entry(1, int(EntryKind.ACCOUNT), alice.uid, 1, b"", body, b""))
                ]
            )
        )
        core = Room().core
        with nullcontext() if is_served else pytest.raises(StorageError):
            core.load(storage, is_verified=True)
        with pytest.raises(StorageError):
            Room(storage=storage)


def test_a_registration_whose_answer_was_lost_counts() -> None:
    room = Room()
    room.is_holding = True
    alice = make_person("alice")
    assert room.register(alice) == []  # the connection ends before the answer
    room.commit()
    room.is_holding = False
    assert (
        room.register(alice) == [Registered(alice.uid)] and room.storage.heads()[DIRECTORY_LOG] == 1
    )
    assert isinstance(room.sign_in(alice)[0], SignedIn)


# --- floods ---


def test_an_allowance_makes_what_is_asked_for_and_nothing_else() -> None:
    allowance = Allowance(Rates(post_burst=2, stranger_burst=1), is_stranger=True)
    assert [allowance.posts.take(5) > 0 for _ in range(3)] == [False, False, True]
    assert [allowance.requests.take(5) > 0 for _ in range(2)] == [False, True]
    with pytest.raises(AttributeError):
        allowance.wishes  # noqa: B018


def test_who_connects_anew_goes_on_where_it_was() -> None:
    room = Room(rates=Rates(message_burst=3))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    assert not codes(room.say(alice, *(room.message(alice, conv_id) for _ in range(3))))
    room.sign_in(alice)
    assert codes(room.say(alice, room.message(alice, conv_id))) == ["slow_down"]
    assert not codes(room.say(bo, room.message(bo, conv_id)))


def test_credit_is_the_accounts_too() -> None:
    room = Room()
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    room.is_holding = True
    room.say(alice, *(room.message(alice, conv_id) for _ in range(MAX_UNANSWERED)))
    room.sign_in(alice)
    assert codes(room.say(alice, room.message(alice, conv_id))) == ["slow_down"]
    room.commit()
    room.now_ms += 10_000
    assert not codes(room.say(alice, room.message(alice, conv_id)))


def test_far_too_much_in_vain_ends_the_connection() -> None:
    room = Room(rates=Rates(strike_rate=10, strike_burst=20))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    known = room.message(alice, conv_id)
    room.say(alice, known)
    for in_vain in (ReadLog(b"n" * 16, 0, 0), known, StartTyping(conv_id)):
        session = room.sessions[alice.uid]
        room.now_ms += 10_000
        for _ in range(19):
            room.say(alice, in_vain)
        assert session not in room.ended
        assert [m.code for m in room.say(alice, *[in_vain] * 9) if isinstance(m, SignedOut)] == [
            "kicked"
        ]
        assert session in room.ended
        room.now_ms += 10_000
        room.sign_in(alice)
    assert room.say(bo, Ping(1)) == [Pong(1)]


def test_a_stranger_may_not_ask_on_and_on_either() -> None:
    room = Room(rates=Rates(strike_burst=50, strike_rate=1))
    eve = make_person("eve")
    session = room.connect(eve)
    room.send(session, eve, *(ReadLog(DIRECTORY_LOG, 0, 0) for _ in range(60)))
    assert session in room.ended


def test_keys_are_asked_for_at_a_bounded_rate() -> None:
    room = Room(rates=Rates(key_rate=1, key_burst=3))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    statement, signature = make_statement(
        alice, "keyreq", conv_id, room.snapshot(conv_id).epoch_id, (0, 1)
    )
    assert not codes(room.say(alice, *[RequestKey(conv_id, 0, statement, signature)] * 10))
    assert len(room.got(bo, KeyRequested)) == 3


def test_records_and_boxes_have_a_rate_and_boxes_take_no_rows_without_end() -> None:
    room = Room(rates=Rates(post_rate=1, post_burst=3))
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo)
    assert codes(room.say(alice, PostBoxes(conv_id, 0, [Box(bo.uid, 77, b"x")]))) == ["not_allowed"]
    draft = first_record(alice, [bo], Policy(title=b"t"))
    made_up = type(draft)(
        new_id(), draft.conv_id, draft.record, draft.signature, [Box(bo.uid, 77, b"x")]
    )
    assert codes(room.say(alice, made_up)) == ["invalid_record"]
    twice = PostBoxes(conv_id, 0, [Box(bo.uid, 1, b"x")] * 2)
    assert codes(room.say(alice, twice, twice, twice)) == ["slow_down"]
    assert len(room.got(bo, BoxesPosted)) == 2
    room.now_ms += 2_000
    assert not codes(room.say(alice, twice))
