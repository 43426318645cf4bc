"""Files at the broker's core: attaching, uploads, parts, downloads, quotas, removal, expiry,
credit.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from broker.core.events import (
    Disconnect,
    PartRead,
    PartsListed,
    PartsWritten,
    PeerGone,
    PeerLagging,
    RemoveParts,
    WrittenPart,
)
from broker.core.files.catalogue import FileLimits
from broker.core.files.credit import MAX_PARTS_IN_MEMORY, STALLED_MS, Flows
from broker.storage.base import FileState
from shared.crypto.identity import Identity
from shared.crypto.records import ADMINS, Policy
from shared.files import layout_of, part_hash, unpack_stored
from shared.messages import (
    MAX_ASKED,
    MAX_WINDOW,
    AppendChain,
    Attach,
    Attached,
    CloseUpload,
    DeleteFile,
    Entries,
    FetchParts,
    Hello,
    Message,
    OpenUpload,
    Part,
    PartsStored,
    Ping,
    Pong,
    ReadLog,
    Refused,
    SignedOut,
    SignIn,
    SignOut,
    UploadClosed,
    UploadReady,
)
from tests.support.file_room import FileRoom, UploadOf
from tests.support.people import INSTRUCTOR_CODE, direct_record, new_id, revocation

MIB = 1024 * 1024
SMALL = FileLimits(
    max_file_bytes=2 * MIB, user_bytes=3 * MIB, class_bytes=4 * MIB, upload_expiry_ms=3_600_000
)


def codes(answers: list[Message]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def parts_of(answers: list[Message]) -> list[Part]:
    return [answer for answer in answers if isinstance(answer, Part)]


@pytest.fixture
def room() -> FileRoom:
    return FileRoom()


def two(room: FileRoom) -> tuple[Identity, Identity, bytes, bytes, bytes]:
    """Alice and Bo, a group of both, and the connection for files of each."""
    alice, bo = room.enroll("alice", "bo")
    return alice, bo, room.create_group(alice, bo), room.attach(alice), room.attach(bo)


# --- attaching ---


def test_a_second_connection_is_attached_and_the_first_stays(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    session = room.attach(alice)
    assert room.inbox[session] == [Attached(alice.uid, 2048 * MIB)]
    assert not room.ended and room.say(alice, Ping(7)) == [Pong(7)]
    assert room.send(session, alice, Ping(8)) == [Pong(8)]


def test_an_attached_connection_gets_files_only(room: FileRoom) -> None:
    alice, bo, conv_id, session, _ = two(room)
    for request in (
        ReadLog(conv_id, 0, 0),
        Hello(1, "x", "alice"),
        SignIn(alice.uid, alice.did, bytes(64)),
    ):
        assert codes(room.send(session, alice, request)) == ["not_allowed"]
    room.inbox[session].clear()
    room.say(bo, room.message(bo, conv_id))
    room.tick()
    assert not room.inbox[session] and room.got(alice, Entries)


def test_attaching_is_verified_like_signing_in(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    session = room.connect(alice)
    assert codes(room.send(session, alice, Attach(alice.uid, alice.did, bytes(64)))) == [
        "bad_signature"
    ]
    room.hello(session, alice)
    assert codes(room.send(session, alice, Attach(alice.uid, alice.did, bytes(64)))) == [
        "bad_signature"
    ]
    assert codes(room.send(session, alice, FetchParts(new_id(), [0], []))) == ["not_signed_in"]
    assert codes(room.say(alice, Attach(alice.uid, alice.did, bytes(64)))) == ["not_allowed"]


def test_the_newest_attached_connection_wins(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    first = room.attach(alice)
    second = room.attach(alice)
    assert room.ended == [first]
    assert [answer.code for answer in room.inbox[first] if isinstance(answer, SignedOut)] == [
        "taken_over"
    ]
    room.tell(PeerGone(first))
    assert room.core.sessions.attached[alice.uid].id == second
    room.tell(PeerGone(second))
    assert not room.core.sessions.attached and alice.uid in room.core.sessions.online


def test_an_attached_connection_is_no_stranger(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    session = room.attach(alice)
    room.tick(300_000)
    room.tick()
    assert session not in room.ended and room.send(session, alice, Ping(1)) == [Pong(1)]


def test_a_revoked_device_loses_both_connections(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    session = room.attach(alice)
    room.say(alice, AppendChain(new_id(), revocation(alice)))
    assert set(room.ended) == {session, room.sessions[alice.uid]}


def test_a_lagging_connection_for_files_is_not_told_of_logs(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    session = room.attach(alice)
    room.tell(PeerLagging(session, room.now_ms))
    assert room.send(session, alice, Ping(1)) == [Pong(1)]


# --- uploads ---


def test_an_upload_is_stored_part_by_part_and_fetched_by_the_members(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    file = UploadOf(600_000)
    (ready,) = room.send(up, alice, file.opening(conv_id))
    assert ready == UploadReady(file.file_id, b"", MAX_WINDOW)
    for number in range(file.layout.part_count):
        assert room.send(up, alice, file.part(number)) == [
            PartsStored(file.file_id, [number], MAX_WINDOW)
        ]
    assert codes(room.send(down, bo, FetchParts(file.file_id, [0], []))) == [
        "unknown_file"
    ]  # not complete yet
    assert room.send(up, alice, file.closing()) == [UploadClosed(file.file_id)]
    got = parts_of(room.send(down, bo, FetchParts(file.file_id, [3, 0, 1, 2], [])))
    assert [part.number for part in got] == [3, 0, 1, 2]
    assert all(part.data == file.data(part.number) for part in got)
    assert len({part.receipt for part in got}) == 4


def test_nothing_is_answered_before_the_commit(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(10)
    room.is_holding = True
    assert room.send(up, alice, file.opening(conv_id)) == []
    room.commit()
    assert [type(answer) for answer in room.inbox[up]] == [UploadReady]
    room.is_holding = False
    for number in range(2):
        room.send(up, alice, file.part(number))
    room.is_holding = True
    assert room.send(up, alice, file.closing()) == []
    room.commit()
    assert room.inbox[up] == [UploadClosed(file.file_id)]


def test_an_upload_goes_on_with_what_the_disk_holds(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(600_000)
    room.send(up, alice, file.opening(conv_id))
    room.send(up, alice, file.part(1))
    again = room.attach(alice)
    (ready,) = room.send(again, alice, file.opening(conv_id))
    assert isinstance(ready, UploadReady)
    assert unpack_stored(ready.stored, 4) == {1: part_hash(file.data(1))}
    assert codes(room.send(again, alice, file.part(2))) == []
    room.parts[file.file_id][77] = b"left over"  # no part of this file
    for number in (0, 3):
        room.send(again, alice, file.part(number))
    assert room.send(again, alice, file.closing()) == [UploadClosed(file.file_id)]


def test_a_broker_that_starts_again_goes_on(room: FileRoom) -> None:
    alice, bo, conv_id, up, _ = two(room)
    done = room.upload(up, alice, conv_id)
    file = UploadOf(300_000)
    room.send(up, alice, file.opening(conv_id))
    room.send(up, alice, file.part(0))
    later = FileRoom(storage=room.storage)
    later.parts = room.parts
    for person in (alice, bo):
        later.sign_in(person)
    up, down = later.attach(alice), later.attach(bo)
    (ready,) = later.send(up, alice, file.opening(conv_id))
    assert isinstance(ready, UploadReady) and list(unpack_stored(ready.stored, 3)) == [0]
    assert parts_of(later.send(down, bo, FetchParts(done, [0], [])))


def test_closing_with_other_parts_says_what_is_there(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(300_000)
    room.send(up, alice, file.opening(conv_id))
    for number in range(3):
        room.send(up, alice, file.part(number))
    (ready,) = room.send(up, alice, CloseUpload(file.file_id, bytes(32)))
    assert isinstance(ready, UploadReady) and len(unpack_stored(ready.stored, 3)) == 3
    del room.parts[file.file_id][2]
    (ready,) = room.send(up, alice, file.closing())
    assert isinstance(ready, UploadReady) and len(unpack_stored(ready.stored, 3)) == 2


def test_a_complete_upload_can_be_closed_again(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(10)
    room.send(up, alice, file.opening(conv_id), file.part(0), file.part(1))
    for number in range(2):
        room.send(up, alice, file.part(number))
    room.send(up, alice, file.closing())
    (ready,) = room.send(up, alice, file.opening(conv_id))
    assert isinstance(ready, UploadReady) and len(unpack_stored(ready.stored, 2)) == 2
    assert room.send(up, alice, file.closing()) == [UploadClosed(file.file_id)]
    assert codes(room.send(up, alice, file.part(0))) == [
        "malformed"
    ]  # nothing of it changes any more


def test_closing_twice_before_the_disk_has_looked(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(10)
    room.send(up, alice, file.opening(conv_id))
    for number in range(2):
        room.send(up, alice, file.part(number))
    room.is_disk_slow = True
    room.send(up, alice, file.closing(), file.closing())
    room.is_holding = True  # both are committed together
    room.work()
    room.commit()
    assert room.inbox[up] == [UploadClosed(file.file_id)]


@pytest.mark.parametrize(
    ("part_count", "total_bytes"), [(1, 10), (2, 10), (3, 10**9), (16_386, 100), (5, 2**40)]
)
def test_sizes_that_no_file_has_are_refused(
    room: FileRoom, part_count: int, total_bytes: int
) -> None:
    alice, _, conv_id, up, _ = two(room)
    assert layout_of(part_count, total_bytes) is None
    opening = OpenUpload(new_id(), conv_id, part_count, total_bytes)
    (refused,) = room.send(up, alice, opening)
    assert isinstance(refused, Refused) and (refused.code, refused.about) == (
        "malformed",
        opening.file_id,
    )


def test_an_upload_of_somebody_else_is_not_touched(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    file = UploadOf(10)
    room.send(up, alice, file.opening(conv_id))
    assert codes(room.send(down, bo, file.opening(conv_id))) == ["unknown_file"]
    assert codes(room.send(down, bo, file.part(0))) == ["unknown_file"]
    assert codes(room.send(down, bo, file.closing())) == ["unknown_file"]
    assert codes(room.send(up, alice, OpenUpload(file.file_id, conv_id, 3, 10))) == ["malformed"]


def test_parts_need_an_opening_and_the_right_size(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(300_000)
    assert codes(room.send(up, alice, file.part(0))) == ["unknown_file"]
    assert codes(room.send(up, alice, file.closing())) == ["unknown_file"]
    room.send(up, alice, file.opening(conv_id))
    part = file.part(1)
    for wrong in (replace_part(part, data=part.data + b"x"), replace_part(part, number=3)):
        assert codes(room.send(up, alice, wrong)) == ["malformed"]
    assert codes(room.say(alice, file.part(0))) == ["not_allowed"]  # opened on the other connection
    assert codes(room.say(alice, file.closing())) == ["not_allowed"]


def replace_part(part: Message, **values: object) -> Message:
    fields = {name: getattr(part, name) for name in part.__struct_fields__}
    return type(part)(**{**fields, **values})


def test_who_may_not_write_may_not_upload(room: FileRoom) -> None:
    alice, bo = room.enroll("alice", "bo")
    conv_id = room.create_group(alice, bo, policy=Policy(title=b"t", who_writes=ADMINS))
    up, down = room.attach(alice), room.attach(bo)
    assert codes(room.send(down, bo, UploadOf(10).opening(conv_id))) == ["not_allowed"]
    assert codes(room.send(down, bo, UploadOf(10).opening(new_id()))) == ["unknown_conversation"]
    assert codes(room.send(up, alice, UploadOf(10).opening(conv_id))) == []
    (carmen,) = room.enroll("carmen")
    assert codes(room.say(carmen, UploadOf(10).opening(conv_id))) == ["not_a_member"]


def test_limits_are_told_in_words() -> None:
    room = FileRoom(SMALL)
    alice, bo, conv_id, up, down = two(room)
    (refused,) = room.send(up, alice, UploadOf(3_250_000).opening(conv_id))
    assert isinstance(refused, Refused) and refused.code == "file_too_large"
    assert refused.message == "This file has 3.1 MB; the limit of this class is 2 MB."
    first = room.upload(up, alice, conv_id, 2 * MIB)
    (refused,) = room.send(up, alice, UploadOf(2 * MIB).opening(conv_id))
    assert (
        isinstance(refused, Refused)
        and refused.code == "quota_user"
        and "2 MB of 3 MB" in refused.message
    )
    (refused,) = room.send(down, bo, UploadOf(2 * MIB).opening(conv_id))
    assert (
        isinstance(refused, Refused)
        and refused.code == "quota_class"
        and "2 MB of 4 MB" in refused.message
    )
    room.say(alice, DeleteFile(first))
    room.upload(down, bo, conv_id, 2 * MIB)


def test_a_full_disk_refuses_what_does_not_fit(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(300_000)
    room.spare_bytes = 200_000
    (refused,) = room.send(up, alice, file.opening(conv_id))
    assert isinstance(refused, Refused)
    assert (refused.code, refused.about, refused.retry_after_ms) == (
        "disk_full",
        file.file_id,
        5000,
    )
    room.spare_bytes = 10**9
    room.send(up, alice, file.opening(conv_id))
    room.code = "disk_full"
    (refused,) = room.send(up, alice, file.part(0))
    assert isinstance(refused, Refused) and (refused.code, refused.about) == (
        "disk_full",
        file.file_id,
    )
    room.code = ""
    assert room.send(up, alice, file.part(0)) == [PartsStored(file.file_id, [0], MAX_WINDOW)]
    room.spare_bytes = 100_000  # enough for what is missing
    (ready,) = room.send(up, alice, file.opening(conv_id))
    assert isinstance(ready, UploadReady)


def test_while_the_database_is_stalled_uploads_wait(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    room.stall()
    assert codes(room.send(up, alice, UploadOf(10).opening(conv_id))) == ["busy"]
    assert codes(room.send(up, alice, UploadOf(10).closing())) == ["busy"]


def test_answers_of_the_disk_for_those_who_went_change_nothing(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    file = UploadOf(300_000)
    room.send(up, alice, file.opening(conv_id))
    room.is_disk_slow = True
    room.send(up, alice, file.part(0), file.part(1))
    room.code = "internal"
    room.work(1)
    room.code = ""
    room.send(up, alice, file.closing())
    room.tell(PeerGone(up))
    room.code = "disk_full"
    room.work(1)
    room.code = ""
    room.work()
    assert room.core.files.all[file.file_id].state == FileState.OPEN
    done = room.attach(alice)
    room.is_disk_slow = False
    stored = room.upload(done, alice, conv_id)
    room.is_disk_slow = True
    room.send(down, bo, FetchParts(stored, [0], []))
    room.tell(PeerGone(down))
    assert not room.tell(PartRead(down, stored, 0, b"x", room.now_ms))
    assert not room.tell(PartsListed(down, stored, b"", {}, 0, room.now_ms))
    stranger = room.connect(bo)
    room.hello(stranger, bo)
    assert not room.tell(PartsListed(stranger, stored, b"", {}, 0, room.now_ms))


def test_a_session_that_went_while_its_upload_was_opened_is_not_answered(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    room.is_holding = True
    room.send(up, alice, UploadOf(10).opening(conv_id))
    room.tell(PeerGone(up))
    room.commit()
    assert not room.waiting
    room.is_holding = False
    again = room.attach(alice)
    file = UploadOf(10)
    room.send(again, alice, file.opening(conv_id))
    for number in range(2):
        room.send(again, alice, file.part(number))
    room.is_holding = True
    room.send(again, alice, file.closing())
    room.tell(PeerGone(again))
    room.commit()
    assert (
        room.core.files.all[file.file_id].state == FileState.COMPLETE
    )  # the next opening will tell


# --- removal and time ---


def test_a_file_is_removed_by_its_sender_and_by_moderators(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    mine, theirs = room.upload(up, alice, conv_id), room.upload(down, bo, conv_id)
    (carmen,) = room.enroll("carmen")
    assert codes(room.say(bo, DeleteFile(mine))) == ["not_allowed"]
    assert codes(room.say(carmen, DeleteFile(mine))) == ["not_allowed"]
    assert room.say(bo, DeleteFile(theirs)) == []
    theirs = room.upload(down, bo, conv_id)
    assert room.say(alice, DeleteFile(theirs)) == []  # the owner of the group
    assert room.say(alice, DeleteFile(theirs)) == []  # gone already
    assert list(room.parts) == [mine]
    assert [file.file_id for file in room.storage.files()] == [mine]
    assert codes(room.send(down, bo, FetchParts(theirs, [0], []))) == ["unknown_file"]


def test_nobody_else_removes_a_file_of_a_direct_conversation(room: FileRoom) -> None:
    (alice,) = room.enroll("alice", code=INSTRUCTOR_CODE)
    (bo,) = room.enroll("bo")
    record = direct_record(bo, alice)
    room.say(bo, record)
    stored = room.upload(room.attach(bo), bo, record.conv_id)
    assert codes(room.say(alice, DeleteFile(stored))) == ["not_allowed"]


def test_what_is_removed_while_it_is_sent_is_gone(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(10)
    room.is_disk_slow = True
    room.send(up, alice, file.opening(conv_id))
    room.say(alice, DeleteFile(file.file_id))
    room.work()
    (refused,) = room.inbox[up]
    assert isinstance(refused, Refused) and (refused.code, refused.about) == (
        "unknown_file",
        file.file_id,
    )
    room.is_disk_slow = False
    room.send(up, alice, file.opening(conv_id))
    room.is_disk_slow = True
    room.send(up, alice, file.part(0))
    room.say(alice, DeleteFile(file.file_id))
    room.inbox[up].clear()
    room.work()
    assert room.inbox[up] == [] and file.file_id not in room.parts
    assert codes(room.send(up, alice, file.part(1))) == ["unknown_file"]


def test_abandoned_uploads_and_old_files_are_swept() -> None:
    limits = replace(SMALL, retention_ms=86_400_000)
    room = FileRoom(limits)
    alice, _, conv_id, up, _ = two(room)
    kept = room.upload(up, alice, conv_id)
    file = UploadOf(300_000)
    room.send(up, alice, file.opening(conv_id))
    room.send(up, alice, file.part(0))
    room.tick(3_600_000)
    assert file.file_id in room.core.files.all
    room.tick(60_001)
    assert list(room.core.files.all) == [kept] and list(room.parts) == [kept]
    room.tick(90_000_000)
    assert not room.core.files.all and not room.parts and not list(room.storage.files())


def test_files_are_kept_for_ever_unless_told_otherwise(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    kept = room.upload(up, alice, conv_id)
    room.tick(10**12)
    assert list(room.core.files.all) == [kept]
    room.stall()
    room.tick(100_000)  # while the disk takes nothing nothing is swept


def test_the_parts_go_after_the_row_has_gone(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    stored = room.upload(up, alice, conv_id)
    room.is_holding = room.is_disk_slow = True
    room.say(alice, DeleteFile(stored))
    assert not room.waiting
    room.commit()
    assert room.waiting == [RemoveParts(stored)]


# --- downloads ---


def test_only_members_fetch_and_only_what_there_is(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    stored = room.upload(up, alice, conv_id)
    (carmen,) = room.enroll("carmen")
    (refused,) = room.say(carmen, FetchParts(stored, [0], []))
    assert isinstance(refused, Refused) and (refused.code, refused.about) == (
        "not_a_member",
        stored,
    )
    assert codes(room.send(down, bo, FetchParts(stored, [0, 2], []))) == ["malformed"]
    assert codes(room.send(down, bo, FetchParts(new_id(), [0], []))) == ["unknown_file"]
    room.say(alice, room.change(alice, conv_id, remove=[bo.uid]))
    assert codes(room.send(down, bo, FetchParts(stored, [0], []))) == ["not_a_member"]
    room.say(alice, room.change(alice, conv_id, add=[carmen]))
    assert (
        len(parts_of(room.say(carmen, FetchParts(stored, [0, 1], [])))) == 2
    )  # on the first connection, too


def test_parts_beyond_the_window_wait_for_receipts(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    stored = room.upload(up, alice, conv_id)
    asked = [0, 1] * (MAX_WINDOW // 2 + 2)
    got = parts_of(room.send(down, bo, FetchParts(stored, asked, [])))
    assert len(got) == MAX_WINDOW
    assert not parts_of(room.send(down, bo, FetchParts(stored, [], [b"forged.."])))
    more = parts_of(
        room.send(
            down, bo, FetchParts(stored, [], [got[0].receipt, got[0].receipt, got[1].receipt])
        )
    )
    assert len(more) == 2
    assert not parts_of(room.send(down, bo, FetchParts(stored, [], [got[0].receipt])))
    last = [part.receipt for part in (*got[2:], *more)]
    assert len(parts_of(room.send(down, bo, FetchParts(stored, [], last)))) == 2


def test_asking_for_too_much_is_refused_and_the_rest_comes(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    stored = room.upload(up, alice, conv_id)
    got = parts_of(room.send(down, bo, FetchParts(stored, [0] * MAX_ASKED, [])))
    answers = room.send(down, bo, FetchParts(stored, [1] * MAX_ASKED, [got[0].receipt]))
    assert codes(answers) == ["slow_down"] and len(parts_of(answers)) == 1


def test_who_does_not_read_is_ended(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    stored = room.upload(up, alice, conv_id)
    (part,) = parts_of(room.send(down, bo, FetchParts(stored, [0], [])))
    room.tick(STALLED_MS)
    assert down not in room.ended
    room.send(down, bo, FetchParts(stored, [0], [part.receipt]))
    room.tick(STALLED_MS)
    assert down not in room.ended
    room.tick(1_001)
    assert down in room.ended and bo.uid not in room.core.sessions.attached
    assert room.core.sessions.online[bo.uid]


def test_a_part_that_cannot_be_read_is_said(room: FileRoom) -> None:
    alice, bo, conv_id, up, down = two(room)
    stored = room.upload(up, alice, conv_id)
    room.code = "unknown_file"
    (refused,) = room.send(down, bo, FetchParts(stored, [0], []))
    assert isinstance(refused, Refused) and (refused.code, refused.about) == (
        "unknown_file",
        stored,
    )
    room.code = ""
    assert len(parts_of(room.send(down, bo, FetchParts(stored, [0], [])))) == 1


def test_uploads_beyond_the_credit_are_told_to_come_later(room: FileRoom) -> None:
    alice, _, conv_id, up, _ = two(room)
    file = UploadOf(256 * 1024 * 20)
    room.send(up, alice, file.opening(conv_id))
    room.is_disk_slow = True
    answers = [codes(room.send(up, alice, file.part(number))) for number in range(MAX_WINDOW + 1)]
    assert answers == [[]] * MAX_WINDOW + [["slow_down"]]
    room.work(1)
    assert codes(room.send(up, alice, file.part(MAX_WINDOW))) == []


def test_sign_out_ends_the_connection_for_files(room: FileRoom) -> None:
    (alice,) = room.enroll("alice")
    session = room.attach(alice)
    assert room.send(session, alice, SignOut()) == []
    assert room.ended == [session] and not room.core.sessions.attached
    assert not any(isinstance(action, Disconnect) for action in room.tell(PartsWritten([])))


# --- credit of all together ---


def test_the_window_is_shared_by_all_who_transfer() -> None:
    flows = Flows()
    assert flows.window == MAX_WINDOW
    for number in range(MAX_PARTS_IN_MEMORY * 2):
        flows.of(number.to_bytes(4, "big"))
        assert 1 <= flows.window <= MAX_WINDOW
        assert flows.window * (number + 1) <= max(MAX_PARTS_IN_MEMORY, number + 1)
    assert flows.window == 1


def test_all_together_have_a_bound() -> None:
    flows = Flows()
    taken = sum(
        flows.take_write(bytes([session])) for session in range(40) for _ in range(MAX_WINDOW)
    )
    assert taken == MAX_PARTS_IN_MEMORY
    flows.close(b"\0")
    assert not flows.take_write(b"\x30")
    flows.written(b"\0")  # of a session that has ended: its memory is free all the same
    assert flows.take_write(b"\x30") and not flows.take_write(b"\x31")


def test_an_answer_for_nobody_counts_nothing() -> None:
    flows = Flows()
    assert not flows.read(b"gone")
    flows.of(b"here")
    assert not flows.read(b"here")


def test_written_parts_of_unknown_sessions_are_let_go(room: FileRoom) -> None:
    room.core._file_requests.flows.take_write(b"gone")
    assert all(
        type(action).__name__ == "Report"
        for action in room.tell(PartsWritten([WrittenPart(b"gone", new_id(), 0, "disk_full")]))
    )
