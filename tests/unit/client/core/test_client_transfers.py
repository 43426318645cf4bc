"""Transfers in the core: sending, saving, pausing, cancelling, failing and going on, and the
versions of a draft.
"""

from __future__ import annotations

from typing import TypeVar

import pytest

from client.api import events as ev
from client.api.english import CODES
from client.api.events import Done
from client.api.said import Detail, Failed
from client.api.values import (
    FileInfo,
    MessageState,
    Transfer,
    TransferDirection,
    TransferState,
    Trust,
)
from client.core.files.transfers import MAX_RUNNING
from client.core.state import effects as fx
from shared.crypto.files import Manifest
from shared.messages import DeleteFile
from tests.support.class_room import ClassRoom, Participant
from tests.support.forging import sent_by
from tests.support.pair import pair, pending
from tests.support.saying import why

F = TypeVar("F", bound=fx.FileOrder)
N = TypeVar("N", bound=ev.Notice)


GONE = Failed(code="source_gone", detail=Detail.SOURCE_MISSING, subject="hw1.py")
NOWHERE = Failed(code="bad_path", detail=Detail.FOLDER_MISSING, subject="/nowhere")


def orders(person: Participant, kind: type[F]) -> list[F]:
    return [order for order in person.file_orders if isinstance(order, kind)]


def seen(person: Participant, kind: type[N]) -> list[N]:
    return [notice for notice in person.notices if isinstance(notice, kind)]


def find(
    person: Participant,
    conv: bytes,
    name: str = "hw1.py",
    size: int = 300,
    text: str = "",
    **fields: object,
) -> bytes:
    """Order to send a file that is there; its message_id. It runs at once if it can."""
    command = ev.SendFile(request_id=7, conv_id=conv, path="/x/" + name, text=text, **fields)  # type: ignore[arg-type]
    assert person.order(command) is None
    (found,) = orders(person, fx.FindSource)[-1:]
    person.hand(
        fx.SourceFound(
            person.room.moment,
            token=found.token,
            path=found.path,
            name=name,
            mime="text/x-python",
            size=size,
            stamp=(1, 2),
        )
    )
    done = seen(person, Done)[-1]
    assert done.ok and isinstance(done.data, bytes), done
    return done.data


def finish(person: Participant, transfer_id: bytes) -> None:
    """The broker has the whole file."""
    person.hand(fx.UploadEnded(person.room.moment, transfer_id, b"r" * 32, b"s" * 32))


def send(
    person: Participant, conv: bytes, name: str = "hw1.py", size: int = 300, text: str = ""
) -> bytes:
    """A file, sent and read by everybody who is online."""
    message_id = find(person, conv, name, size, text)
    finish(person, message_id)
    person.room.settle()
    return message_id


def state(person: Participant, transfer_id: bytes) -> Transfer:
    found = [one for notice in seen(person, ev.TransfersChanged) for one in notice.transfers]
    return [one for one in found if one.transfer_id == transfer_id][-1]


def fail(person: Participant, transfer_id: bytes, code: str, retry_after_ms: int = 0) -> None:
    person.hand(
        fx.TransferFailed(person.room.moment, transfer_id, Failed(code=code), retry_after_ms)
    )


def save(person: Participant, message_id: bytes, path: str = "/home/x") -> bytes:
    """Order to save a file; the transfer_id."""
    assert person.order(ev.SaveFile(request_id=8, message_id=message_id, path=path)) is None
    (found,) = orders(person, fx.FindTarget)[-1:]
    person.hand(fx.TargetFound(person.room.moment, found.token, path=path))
    done = seen(person, Done)[-1]
    assert done.ok and isinstance(done.data, bytes), done
    return done.data


def refused(person: Participant, command: ev.Command) -> str:
    done = person.order(command)
    assert done is not None and not done.ok and why(done)
    return done.code


# --- sending ---


def test_a_file_becomes_a_message_when_the_broker_has_all_of_it() -> None:
    room, alice, bob, conv = pair()
    message_id = find(alice, conv, text="My draft")
    (row,) = pending(alice, conv)
    assert (row.message_id, row.text, row.state) == (message_id, "My draft", MessageState.SAVED)
    assert row.file == FileInfo(name="hw1.py", size=300, mime="text/x-python", sha256=b"")
    (upload,) = orders(alice, fx.StartUpload)
    assert (upload.transfer_id, upload.size, upload.stamp, upload.keeps_preview) == (
        message_id,
        300,
        (1, 2),
        True,
    )
    alice.hand(fx.TransferAdvanced(room.moment, message_id, 120, 5000))
    moved = state(alice, message_id)
    assert (moved.state, moved.bytes_done, moved.rate, moved.direction) == (
        TransferState.ACTIVE,
        120,
        5000,
        TransferDirection.UP,
    )
    assert [row.file for row in bob.rows(conv)] == [None] * len(bob.rows(conv))
    finish(alice, message_id)
    (row,) = pending(alice, conv)
    assert row.file is not None and row.file.sha256 == b"s" * 32
    room.settle()
    assert pending(alice, conv) == ()
    got = bob.rows(conv)[-1]
    assert (got.message_id, got.text, got.kind) == (message_id, "My draft", "text")
    assert got.file is not None and (got.file.key, got.file.root) == (upload.file_key, b"r" * 32)
    done = state(alice, message_id)
    assert (done.state, done.bytes_done, done.sha256) == (TransferState.DONE, 300, b"s" * 32)
    shown = [row for n in seen(bob, ev.RowsAppended) for row in n.rows][-1]
    assert shown.file is not None and (
        shown.file.version,
        shown.file.is_text,
        shown.file.is_image,
    ) == (1, True, False)


def test_what_cannot_be_sent_is_refused_in_words() -> None:
    _, alice, bob, conv = pair()
    assert (
        refused(alice, ev.SendFile(request_id=1, conv_id=b"?" * 16, path="/x"))
        == "unknown_conversation"
    )
    assert refused(alice, ev.SendFile(request_id=1, conv_id=conv)) == "empty"
    assert (
        refused(alice, ev.SendFile(request_id=1, conv_id=conv, path="/x", reply_to=b"?"))
        == "unknown_message"
    )
    assert (
        refused(alice, ev.SendFile(request_id=1, conv_id=conv, path="/x", text="x" * 40_000))
        == "too_large"
    )
    assert (
        refused(alice, ev.SendFile(request_id=1, conv_id=conv, data=bytes(65 * 2**20)))
        == "too_large"
    )
    assert (
        refused(alice, ev.SendFile(request_id=1, conv_id=alice.room.announcements, path="/x"))
        == "not_allowed"
    )
    assert alice.order(ev.SendFile(request_id=5, conv_id=conv, path="/gone")) is None
    (found,) = orders(alice, fx.FindSource)
    alice.hand(fx.SourceFound(alice.room.moment, token=found.token, failure=GONE))
    assert alice.answer(5) == Done(5, False, GONE)
    assert bob.quarantined() == [] and orders(alice, fx.StartUpload) == []


def test_commands_without_a_number_are_not_answered() -> None:
    _, alice, _, conv = pair()
    before = len(seen(alice, Done))
    alice.order(ev.SendFile(conv_id=conv, path="/x/a"))
    (found,) = orders(alice, fx.FindSource)
    alice.hand(
        fx.SourceFound(
            alice.room.moment,
            token=found.token,
            path="/x/a",
            name="a",
            mime="text/plain",
            size=1,
            stamp=(0, 0),
        )
    )
    assert len(seen(alice, Done)) == before and orders(alice, fx.StartUpload)


def test_a_file_in_a_new_direct_conversation_waits_until_it_exists() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    alice.order(ev.OpenDirect(uid=bob.uid))
    conv = room.direct("alice", "bob")
    message_id = find(alice, conv)
    assert orders(alice, fx.StartUpload) == []
    room.settle()
    assert [order.transfer_id for order in orders(alice, fx.StartUpload)] == [message_id]
    finish(alice, message_id)
    room.settle()
    assert bob.rows(conv)[-1].file is not None


def test_pasted_data_and_temporary_files_are_let_go_when_sent() -> None:
    room, alice, _, conv = pair()
    alice.order(ev.SendFile(request_id=7, conv_id=conv, data=b"png", name="image.png"))
    (found,) = orders(alice, fx.FindSource)
    assert (found.data, found.name) == (b"png", "image.png")
    alice.hand(
        fx.SourceFound(
            room.moment,
            token=found.token,
            path="",
            name="image.png",
            mime="image/png",
            size=3,
            stamp=(0, 0),
            width=40,
            height=30,
        )
    )
    (row,) = pending(alice, conv)
    assert (
        row.file is not None and row.file.is_image and (row.file.width, row.file.height) == (40, 30)
    )
    (upload,) = orders(alice, fx.StartUpload)
    assert upload.data == b"png"
    finish(alice, upload.transfer_id)
    zipped = find(alice, conv, "hw.zip", is_temporary=True)
    finish(alice, zipped)
    assert [order.path for order in orders(alice, fx.RemoveSource)] == ["/x/hw.zip"]
    alice.kill()
    alice.start()
    opened = seen(alice, ev.SessionOpened)[-1]
    assert [one.state for one in opened.transfers] == [TransferState.DONE] * 2


def test_the_caption_can_be_changed_and_the_file_given_up_before_it_is_sent() -> None:
    room, alice, bob, conv = pair()
    one, two, three = (find(alice, conv, name) for name in ("a", "b", "c"))
    assert alice.order(ev.EditMessage(request_id=2, message_id=one, text="better")) == Done(
        2, True, data=one
    )
    assert alice.order(ev.EditMessage(request_id=2, message_id=one, text="")) == Done(
        2, True, data=one
    )
    assert alice.order(ev.EditMessage(request_id=2, message_id=one, text="best")) == Done(
        2, True, data=one
    )
    assert alice.order(ev.DeleteMessage(request_id=3, message_id=two)) == Done(3, True, data=two)
    assert alice.order(ev.DiscardMessage(request_id=4, message_id=three)) == Done(4, True)
    assert [row.text for row in pending(alice, conv)] == ["best"]
    assert [order.transfer_id for order in orders(alice, fx.StopTransfer)] == [two, three]
    assert [notice.transfer_id for notice in seen(alice, ev.TransferRemoved)] == [two, three]
    finish(alice, one)
    finish(alice, two)  # a report that was on its way counts no more
    room.settle()
    assert bob.texts(conv) == ["zero", "best"]
    assert (
        alice.order(ev.EditMessage(request_id=5, message_id=one, text="")) is not None
    )  # of a file, a caption may go
    room.settle()
    assert bob.texts(conv) == ["zero", ""]


def test_a_caption_of_the_outbox_can_still_be_changed() -> None:
    room, alice, bob, conv = pair()
    one = find(alice, conv)
    alice.reachable = False
    alice.cut()
    finish_later = fx.UploadEnded(room.moment, one, b"r" * 32, b"s" * 32)
    alice.hand(finish_later)  # the connection for files is another
    assert alice.order(ev.EditMessage(request_id=2, message_id=one, text="late")) == Done(
        2, True, data=one
    )
    (row,) = pending(alice, conv)
    assert row.text == "late" and row.file is not None
    alice.reachable = True
    room.settle(40_000)
    assert bob.rows(conv)[-1].text == "late" and bob.rows(conv)[-1].file is not None


# --- order and turns ---


def test_only_some_run_at_once_and_the_others_follow() -> None:
    room, alice, _, conv = pair()
    ids = [find(alice, conv, f"f{number}") for number in range(MAX_RUNNING + 2)]
    started = [order.transfer_id for order in orders(alice, fx.StartUpload)]
    assert started == ids[:MAX_RUNNING] and state(alice, ids[-1]).state is TransferState.WAITING
    finish(alice, ids[0])
    alice.order(ev.PauseTransfer(transfer_id=ids[1]))
    assert [order.transfer_id for order in orders(alice, fx.StartUpload)] == ids
    room.settle()


def test_pause_resume_and_restart() -> None:
    room, alice, _, conv = pair()
    one = find(alice, conv)
    alice.hand(fx.TransferAdvanced(room.moment, one, 100, 1))
    assert alice.order(ev.PauseTransfer(request_id=2, transfer_id=one)) == Done(2, True)
    assert alice.order(ev.PauseTransfer(request_id=3, transfer_id=one)) == Done(3, True)
    assert (state(alice, one).state, state(alice, one).bytes_done) == (TransferState.PAUSED, 100)
    alice.kill()
    alice.start()
    room.settle()
    assert len(orders(alice, fx.StartUpload)) == 1  # it stays paused
    assert pending(alice, conv) if seen(alice, ev.PendingChanged) else True
    opened = seen(alice, ev.SessionOpened)[-1]
    assert (
        opened.transfers[0].state is TransferState.PAUSED
        and opened.pending[0][1][0].file is not None
    )
    assert alice.order(ev.ResumeTransfer(request_id=4, transfer_id=one)) == Done(4, True)
    assert len(orders(alice, fx.StartUpload)) == 2
    finish(alice, one)
    assert refused(alice, ev.ResumeTransfer(request_id=5, transfer_id=one)) == "done"
    assert refused(alice, ev.PauseTransfer(request_id=6, transfer_id=one)) == "done"
    for command in (ev.PauseTransfer, ev.ResumeTransfer, ev.CancelTransfer):
        assert refused(alice, command(request_id=7, transfer_id=b"?" * 16)) == "unknown_transfer"
    assert alice.order(ev.CancelTransfer(request_id=8, transfer_id=one)) == Done(
        8, True
    )  # off the list, not undone
    room.settle()
    assert alice.rows(conv)[-1].file is not None


def test_a_killed_client_goes_on_by_itself() -> None:
    room, alice, bob, conv = pair()
    one = find(alice, conv)
    alice.kill()
    alice.start()
    room.settle()
    first, second = orders(alice, fx.StartUpload)
    assert (first.file_id, first.file_key) == (second.file_id, second.file_key)
    finish(alice, one)
    room.settle()
    assert bob.rows(conv)[-1].message_id == one


def test_a_new_connection_starts_everything_anew() -> None:
    room, alice, _, conv = pair()
    one = find(alice, conv)
    alice.file_orders.clear()
    alice.cut()
    room.settle()
    assert [type(order) for order in alice.file_orders] == [fx.RestartFiles, fx.StartUpload]
    finish(alice, one)
    alice.hand(fx.TransferAdvanced(room.moment, one, 1, 1))  # late
    assert state(alice, one).state is TransferState.DONE


# --- failing ---


@pytest.mark.parametrize("code", ["lost", "slow_down", "busy", "internal", "disk_full"])
def test_what_passes_is_tried_again_after_a_while(code: str) -> None:
    room, alice, _, conv = pair()
    one = find(alice, conv)
    fail(alice, one, code, 3000)
    waiting = state(alice, one)
    assert waiting.state is TransferState.WAITING
    assert why(waiting) == (CODES["disk_full"] if code == "disk_full" else "")
    room.settle(2000)
    assert len(orders(alice, fx.StartUpload)) == 1
    room.settle(2000)
    assert len(orders(alice, fx.StartUpload)) == 2
    assert state(alice, one).state is TransferState.ACTIVE and state(alice, one).failure is None


def test_the_pauses_grow() -> None:
    room, alice, _, conv = pair()
    one = find(alice, conv)
    for _ in range(8):
        fail(alice, one, "lost")
        room.settle(400)
    assert len(orders(alice, fx.StartUpload)) < 5


@pytest.mark.parametrize("code", ["file_too_large", "quota_user", "source_gone", "not_allowed"])
def test_what_does_not_pass_waits_for_the_user(code: str) -> None:
    room, alice, _, conv = pair()
    one = find(alice, conv)
    fail(alice, one, code)
    failed = state(alice, one)
    assert (failed.state, failed.failure) == (TransferState.FAILED, Failed(code=code))
    (row,) = pending(alice, conv)
    assert (row.state, row.failure) == (MessageState.FAILED, Failed(code=code))
    room.settle(40_000)
    assert len(orders(alice, fx.StartUpload)) == 1
    assert alice.order(ev.RetryMessage(request_id=3, message_id=one)) == Done(3, True)
    assert len(orders(alice, fx.StartUpload)) == 2
    fail(alice, one, code)
    assert alice.order(ev.PauseTransfer(request_id=4, transfer_id=one)) == Done(4, True)
    alice.order(ev.CancelTransfer(transfer_id=one))
    assert pending(alice, conv) == ()


def test_a_file_that_changed_is_sent_as_what_it_is_now() -> None:
    room, alice, bob, conv = pair()
    one = find(alice, conv)
    before = orders(alice, fx.StartUpload)[-1]
    fail(alice, one, "source_changed")
    look = orders(alice, fx.FindSource)[-1]
    assert (look.token, look.path) == (one, "/x/hw1.py") and "changed" in why(state(alice, one))
    found = fx.SourceFound(
        room.moment,
        token=one,
        path=look.path,
        name="hw1.py",
        mime="text/x-python",
        size=500,
        stamp=(9, 9),
    )
    sent = sent_by(alice, found)
    assert [message.file_id for message in sent if isinstance(message, DeleteFile)] == [
        before.file_id
    ]
    room.settle(2000)
    after = orders(alice, fx.StartUpload)[-1]
    assert (
        after.file_id != before.file_id and after.file_key != before.file_key and after.size == 500
    )
    fail(alice, one, "source_changed")
    alice.hand(fx.SourceFound(room.moment, token=one, failure=GONE))
    assert state(alice, one).state is TransferState.FAILED
    alice.hand(found)  # once more, but nobody asked
    assert state(alice, one).state is TransferState.FAILED
    assert bob.texts(conv) == ["zero"]


def test_who_may_write_no_more_sends_no_file() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    done = alice.order(ev.CreateGroup(request_id=1, name="team", members=(bob.uid,)))
    assert done is not None and isinstance(done.data, bytes)
    conv = done.data
    room.settle()
    one = find(bob, conv)
    bob.order(ev.PauseTransfer(transfer_id=one))
    alice.order(ev.RemoveMembers(conv_id=conv, uids=(bob.uid,)))
    room.settle()
    bob.order(ev.ResumeTransfer(transfer_id=one))
    failed = state(bob, one)
    assert failed.state is TransferState.FAILED and failed.failure == Failed(
        code="not_allowed", detail=Detail.CANNOT_WRITE_HERE
    )
    assert refused(bob, ev.SendFile(request_id=2, conv_id=conv, path="/x")) == "not_a_member"


def test_a_file_to_somebody_whose_key_changed_waits_until_it_is_accepted() -> None:
    room, alice, bob, conv = pair()
    alice.reachable = False
    alice.cut()
    one = find(alice, conv)
    account = alice.core._work.people.saved[bob.uid]
    account.trust = Trust.CHANGED
    alice.reachable = True
    room.settle(40_000)
    assert state(alice, one).state is TransferState.WAITING and not orders(alice, fx.StartUpload)
    assert (
        seen(alice, ev.ConnectionChanged)[-1].outbox == 1
    )  # it counts as one message that is to be sent
    assert alice.order(ev.AcceptKey(request_id=2, uid=bob.uid)) == Done(2, True)
    room.settle()
    assert len(orders(alice, fx.StartUpload)) == 1


def test_a_file_waits_until_the_conversation_has_caught_up() -> None:
    room, alice, _, conv = pair()
    conversation = alice.core._work.conversations[conv]
    head = conversation.reach.head  # the broker tells of an entry that is still on its way
    alice.core._catch_up._note_head(conversation, head + 1)
    one = find(alice, conv)
    assert state(alice, one).state is TransferState.WAITING and not orders(alice, fx.StartUpload)
    conversation.reach.end_at(head)
    room.settle()
    alice.order(ev.ResumeTransfer(transfer_id=one))
    alice.order(ev.PauseTransfer(transfer_id=one))
    alice.order(ev.ResumeTransfer(transfer_id=one))
    assert len(orders(alice, fx.StartUpload)) == 1


# --- saving ---


def test_a_file_is_saved_and_the_place_remembered() -> None:
    room, alice, bob, conv = pair()
    message_id = send(alice, conv)
    transfer_id = save(bob, message_id)
    (download,) = orders(bob, fx.StartDownload)
    assert (download.transfer_id, download.path, download.manifest.name) == (
        transfer_id,
        "/home/x",
        "hw1.py",
    )
    bob.hand(fx.TransferAdvanced(room.moment, transfer_id, 10, 0))
    bob.hand(fx.DownloadEnded(room.moment, transfer_id, "/home/x/hw1.py"))
    done = state(bob, transfer_id)
    assert (done.state, done.path, done.sha256, done.bytes_done) == (
        TransferState.DONE,
        "/home/x/hw1.py",
        b"s" * 32,
        300,
    )
    bob.kill()
    bob.start()
    assert seen(bob, ev.SessionOpened)[-1].transfers == (done,)


def test_saving_is_refused_in_words() -> None:
    room, alice, bob, conv = pair()
    message_id = send(alice, conv)
    text = bob.rows(conv)[-2].message_id
    assert refused(bob, ev.SaveFile(request_id=1, message_id=text, path="/x")) == "unknown_message"
    assert (
        refused(bob, ev.SaveFile(request_id=1, message_id=b"?" * 16, path="/x"))
        == "unknown_message"
    )
    assert refused(bob, ev.SaveFile(request_id=1, message_id=message_id, path="")) == "bad_path"
    bob.order(ev.SaveFile(request_id=2, message_id=message_id, path="/nowhere/x"))
    (look,) = orders(bob, fx.FindTarget)
    bob.hand(fx.TargetFound(room.moment, look.token, NOWHERE))
    assert bob.answer(2) == Done(2, False, NOWHERE)
    bob.order(ev.SaveFile(request_id=3, message_id=message_id, path="/x"))
    alice.order(ev.DeleteMessage(message_id=message_id))
    room.settle()
    bob.hand(fx.TargetFound(room.moment, orders(bob, fx.FindTarget)[-1].token, path="/x"))
    assert bob.answer(3).code == "unknown_message"


def test_a_cancelled_download_leaves_nothing() -> None:
    _, alice, bob, conv = pair()
    transfer_id = save(bob, send(alice, conv))
    bob.order(ev.CancelTransfer(transfer_id=transfer_id))
    assert [order.path for order in orders(bob, fx.DiscardDownload)] == ["/home/x"]
    assert orders(bob, fx.StopTransfer)


def test_a_deleted_file_is_gone_for_everybody() -> None:
    room, alice, bob, conv = pair()
    message_id = send(alice, conv)
    file = bob.rows(conv)[-1].file
    assert file is not None
    transfer_id = save(bob, message_id)
    bob.order(ev.PauseTransfer(transfer_id=transfer_id))
    alice.order(ev.DeleteMessage(message_id=message_id))
    room.flow()
    assert bob.rows(conv)[-1].kind == "deleted" and bob.rows(conv)[-1].file is None
    assert [order.file_id for order in orders(bob, fx.DropPreview)] == [file.file_id]
    room.settle()
    bob.order(ev.ResumeTransfer(transfer_id=transfer_id))
    assert state(bob, transfer_id).failure == Failed(code="deleted", detail=Detail.MESSAGE_DELETED)
    assert alice.order(ev.GetDrafts(request_id=4, conv_id=conv)) == Done(4, True, data=())


def test_drafts_are_of_one_conversation_and_deleted_versions_are_passed_over() -> None:
    room, alice, bob, conv = pair()
    one, two, three, four = (send(alice, conv) for _ in range(4))
    send(alice, room.general)
    for gone in (three, two):
        alice.order(ev.DeleteMessage(message_id=gone))
        room.settle()
    done = bob.order(ev.GetDrafts(request_id=1, conv_id=conv))
    assert done is not None and isinstance(done.data, tuple)
    (draft,) = done.data
    assert [(row.message_id, row.file.version, row.file.previous) for row in draft] == [
        (one, 1, b""),
        (four, 4, one),
    ]


def test_a_message_deleted_while_its_file_is_saved_keeps_what_was_saved() -> None:
    room, alice, bob, conv = pair()
    message_id = send(alice, conv)
    transfer_id = save(bob, message_id)
    alice.order(ev.DeleteMessage(message_id=message_id))
    room.settle()
    bob.hand(fx.DownloadEnded(room.moment, transfer_id, "/home/x/hw1.py"))
    assert (state(bob, transfer_id).state, state(bob, transfer_id).sha256) == (
        TransferState.DONE,
        b"",
    )


# --- looking ---


def test_previews_are_fetched_once_for_all_who_ask() -> None:
    room, alice, bob, conv = pair()
    message_id = send(alice, conv)
    other = send(alice, conv, "notes.txt")
    for number in (21, 22):
        assert bob.order(ev.FetchPreview(request_id=number, message_id=message_id)) is None
    assert bob.order(ev.FetchPreview(request_id=23, message_id=other)) is None
    first, second = orders(bob, fx.StartDownload)
    assert first.path == second.path == ""
    bob.hand(fx.DownloadEnded(room.moment, first.transfer_id, "", b"print()"))
    assert [bob.answer(number).data for number in (21, 22)] == [b"print()"] * 2
    fail(bob, second.transfer_id, "lost")
    assert (bob.answer(23).code, why(bob.answer(23))) == (
        "lost",
        "This needs a connection to the server.",
    )
    assert bob.order(ev.FetchPreview(request_id=25, message_id=other)) is None
    (third,) = orders(bob, fx.StartDownload)[2:]
    fail(bob, third.transfer_id, "unknown_file")
    assert bob.answer(25).code == "unknown_file"
    assert seen(bob, ev.TransfersChanged) == []  # looking is no transfer of the user
    large = send(alice, conv, "big.txt", 2 * 2**20)
    assert refused(bob, ev.FetchPreview(request_id=24, message_id=large)) == "no_preview"


# --- versions ---


def test_files_of_one_name_are_versions_of_one_draft() -> None:
    room, alice, bob, conv = pair()
    one, two = send(alice, conv), send(bob, conv, "HW1.py")
    other = send(alice, conv, "notes.txt")
    pend = find(alice, conv, "hw1.PY")
    (row,) = pending(alice, conv)
    assert row.file is not None and (row.file.version, row.file.previous) == (3, two)
    finish(alice, pend)
    room.settle()
    for person in (alice, bob):
        done = person.order(ev.GetDrafts(request_id=9, conv_id=conv))
        assert done is not None and isinstance(done.data, tuple)
        assert [[row.message_id for row in draft] for draft in done.data] == [
            [one, two, pend],
            [other],
        ]
        assert [row.file.version for row in done.data[0]] == [1, 2, 3]
        assert [row.file.previous for row in done.data[0]] == [b"", one, two]
    alice.order(ev.CancelTransfer(transfer_id=pend))
    bob.order(ev.DeleteMessage(message_id=two))
    room.settle()
    alice.kill()
    alice.start()
    done = alice.order(ev.GetDrafts(request_id=9, conv_id=conv))
    assert done is not None and isinstance(done.data, tuple)
    assert [(row.message_id, row.file.version, row.file.previous) for row in done.data[0]] == [
        (one, 1, b""),
        (pend, 3, one),
    ]
    assert refused(alice, ev.GetDrafts(request_id=9, conv_id=b"?" * 16)) == "unknown_conversation"
    bob.order(ev.DeleteMessage(message_id=pend))  # the last version of alice: not his to delete
    alice.order(ev.DeleteMessage(message_id=pend))
    room.settle()
    four = send(alice, conv)
    assert [
        row.file.version for row in alice.rows(conv) if row.file and row.message_id == four
    ] == [4]


def test_a_version_whose_key_comes_late_takes_its_place() -> None:
    room = ClassRoom(["alice", "bob"])
    alice, bob = room.people.values()
    work = bob.core._work
    conv = room.general
    one = send(alice, conv)
    two = send(alice, conv)
    rows = {row.message_id: row for row in bob.rows(conv)}
    file = rows[one].file
    assert file is not None
    placed = work.drafts.add_version(conv, rows[one].sequence - 1, b"early".ljust(16), file)
    work.drafts.add_version(conv, rows[two].sequence + 5, b"unknown".ljust(16), file)
    assert (placed.version, placed.previous) == (1, b"")
    bob.store.apply(work.orders.take([]))
    assert [row.file.version for row in bob.rows(conv) if row.file] == [2, 3]
    assert bob.rows(conv)[-1].file.previous == one  # type: ignore[union-attr]
    work.drafts.add_version(
        conv, rows[two].sequence + 1, b"between".ljust(16), file
    )  # after it stands one that is not here


def test_replies_quote_the_name_of_a_file() -> None:
    room, alice, bob, conv = pair()
    message_id = send(alice, conv)
    bob.say(conv, "Nice", reply_to=message_id)
    (row,) = pending(bob, conv)
    assert row.quote is not None and row.quote.text == "hw1.py"
    room.settle()
    assert alice.rows(conv)[-1].quote_text == "hw1.py"
    answer = find(alice, conv, "hw2.py", reply_to=bob.rows(conv)[-1].message_id)
    (row,) = pending(alice, conv)
    assert row.quote is not None and row.quote.text == "Nice"
    finish(alice, answer)
    room.settle()
    assert bob.rows(conv)[-1].quote_text == "Nice"


def test_manifests_with_hostile_names_come_out_safe() -> None:
    from shared.crypto.files import pack_manifest, unpack_manifest

    manifest = Manifest(
        b"f" * 16, b"k" * 32, 1, b"r" * 32, b"s" * 32, "../../.bashrc", "text/plain"
    )
    assert unpack_manifest(pack_manifest(manifest)).name == "bashrc"
