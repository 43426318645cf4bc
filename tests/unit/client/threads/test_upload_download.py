"""Uploads and downloads on real files: changed sources, full disks, broken content, names, rights,
previews.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from client.api.english import failure_words
from client.api.said import Detail, Failed
from client.core.state.effects import FindSource, FindTarget, Moment
from client.threads.files import disk, download
from client.threads.files.disk import Previews, find_source, find_target
from client.threads.files.download import partial_path
from client.threads.files.upload import TransferError, stamp_of
from shared.crypto.vault import Cost, Vault
from shared.messages import CHUNK_BYTES, FetchParts
from tests.support.members import CountedRandom
from tests.support.part_store import (
    PartStore,
    download_of,
    manifest_of,
    receive_all,
    send_all,
    upload_of,
)

AT = Moment(0, 0)
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 5]


def source_of(tmp_path: Path, size: int = 2 * CHUNK_BYTES + 5) -> Path:
    path = tmp_path / "hw1.py"
    path.write_bytes(os.urandom(size))
    return path


def sent(path: Path) -> tuple[PartStore, download.Manifest]:
    """A file that the broker has."""
    found = path.stat()
    store, upload = PartStore(), upload_of(str(path), found.st_size, stamp_of(found))
    send_all(upload, store)
    upload.close()
    return store, manifest_of(upload)


def code_of(error: pytest.ExceptionInfo[TransferError]) -> str:
    assert words_of(error)
    return error.value.failure.code


def words_of(error: pytest.ExceptionInfo[TransferError]) -> str:
    return failure_words(error.value.failure)


@pytest.mark.parametrize("size", SIZES)
def test_bit_equal_at_every_edge(tmp_path: Path, size: int) -> None:
    path = source_of(tmp_path, size)
    store, manifest = sent(path)
    target = tmp_path / "saved.py"
    loading = download_of(manifest, str(target))
    receive_all(loading, store)
    assert target.read_bytes() == path.read_bytes() and loading.saved_as == str(target)
    assert stat.S_IMODE(target.stat().st_mode) & 0o111 == 0
    assert [found.name for found in tmp_path.iterdir() if found.name.startswith(".")] == []
    assert loading.bytes_done == size
    (receipts,) = loading.last_receipts()
    assert isinstance(receipts, FetchParts) and receipts.receipts and loading.last_receipts() == []


def test_data_without_a_file_and_content_for_showing() -> None:
    store, upload = PartStore(), upload_of("", 5, (0, 0), b"hello", keeps=True)
    send_all(upload, store)
    assert upload.content() == b"hello" and upload.bytes_done == 5 and upload.rate(10) == 0
    loading = download_of(manifest_of(upload), "")
    receive_all(loading, store)
    assert loading.content() == b"hello" and loading.saved_as == ""


@pytest.mark.parametrize("change", ["grown", "cut", "rewritten", "replaced"])
def test_a_source_that_changes_is_noticed(tmp_path: Path, change: str) -> None:
    path = source_of(tmp_path, 40 * CHUNK_BYTES)
    found = path.stat()
    store, upload = PartStore(window=2), upload_of(str(path), found.st_size, stamp_of(found))
    store.take(upload, upload.start())
    store.take(upload, list(upload.produce(0)))
    store.sync(upload)
    if change == "grown":
        with path.open("ab") as file:
            file.write(b"more")
    elif change == "cut":
        os.truncate(path, 10)
    elif change == "rewritten":  # with the old time of change put back
        with path.open("r+b") as file:
            file.write(b"other")
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    else:
        (tmp_path / "new").write_bytes(bytes(found.st_size))
        os.replace(tmp_path / "new", path)
        upload.close()
        upload = upload_of(str(path), found.st_size, stamp_of(found))
    with pytest.raises(TransferError) as error:
        if change == "replaced":
            upload.start()
        while not store.is_complete:
            store.take(upload, list(upload.produce(0)))
            store.sync(upload)
    assert error.value.failure.code == "source_changed" and not upload.sha256
    upload.close()


def test_a_source_that_is_gone_or_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TransferError) as error:
        upload_of(str(tmp_path / "gone.py"), 1, (0, 0)).start()
    assert (error.value.failure.code, words_of(error)) == (
        "source_gone",
        "gone.py is not there any more.",
    )
    path = source_of(tmp_path)
    found = path.stat()
    upload = upload_of(str(path), found.st_size, stamp_of(found))
    store = PartStore()
    store.take(upload, upload.start())
    os.close(upload._source.fileno())  # type: ignore[union-attr]
    with pytest.raises(TransferError) as error:
        list(upload.produce(0))
    assert error.value.failure.code == "source_gone" and "cannot be read" in words_of(error)
    with pytest.raises(OSError):
        upload.close()


def test_what_the_broker_has_otherwise_is_sent_again(tmp_path: Path) -> None:
    path = source_of(tmp_path)
    found = path.stat()
    store, upload = PartStore(), upload_of(str(path), found.st_size, stamp_of(found))
    store.take(upload, upload.start())
    store.take(upload, list(upload.produce(0)))
    store.sync(upload)
    first = list(upload.produce(0))
    del store.parts[1]  # a disk that forgot
    store.take(upload, first)
    store.sync(upload)
    while not store.is_complete:
        store.take(upload, list(upload.produce(0)))
        store.sync(upload)
    upload.close()
    loading = download_of(manifest_of(upload), str(tmp_path / "saved"))
    receive_all(loading, store)
    assert (tmp_path / "saved").read_bytes() == path.read_bytes()


def test_a_whole_file_at_the_broker_is_only_read_over(tmp_path: Path) -> None:
    path = source_of(tmp_path, 50 * CHUNK_BYTES)
    store, manifest = sent(path)
    store.puts.clear()
    store.is_complete = False
    found = path.stat()
    upload = upload_of(str(path), found.st_size, stamp_of(found))
    send_all(upload, store)
    upload.close()
    assert store.puts == [] and (upload.root, upload.sha256) == (manifest.root, manifest.sha256)


# --- receiving ---


def test_a_file_in_a_folder_never_replaces_another(tmp_path: Path) -> None:
    store, manifest = sent(source_of(tmp_path))
    folder = tmp_path / "inbox"
    folder.mkdir()
    names = []
    for _ in range(3):
        loading = download_of(manifest, str(folder))
        receive_all(loading, store)
        names.append(Path(loading.saved_as).name)
    assert names == ["hw1.py", "hw1 (2).py", "hw1 (3).py"] and sorted(os.listdir(folder)) == sorted(
        names
    )


def test_folders_without_links_get_the_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, manifest = sent(source_of(tmp_path))
    folder = tmp_path / "inbox"
    folder.mkdir()

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    for _ in range(2):
        receive_all(download_of(manifest, str(folder)), store)
    assert sorted(os.listdir(folder)) == ["hw1 (2).py", "hw1.py"]


def test_a_part_that_is_not_right_ends_it_and_nothing_is_saved(tmp_path: Path) -> None:
    store, manifest = sent(source_of(tmp_path))
    store.parts[1] = store.parts[0]
    loading = download_of(manifest, str(tmp_path / "saved"))
    with pytest.raises(TransferError) as error:
        receive_all(loading, store)
    assert code_of(error) == "crypto_reject" and "signed" in words_of(error)
    assert (
        not (tmp_path / "saved").exists()
        and not partial_path(str(tmp_path / "saved"), b"d" * 16).exists()
    )


def test_a_hash_that_is_not_right_is_found_at_the_end(tmp_path: Path) -> None:
    store, manifest = sent(source_of(tmp_path))
    wrong = download.StartDownload(
        b"d" * 16,
        type(manifest)(
            manifest.file_id, manifest.key, manifest.size, manifest.root, b"?" * 32, "x", "a/b"
        ),
        str(tmp_path / "saved"),
    )
    with pytest.raises(TransferError) as error:
        receive_all(download.Download(wrong), store)
    assert code_of(error) == "crypto_reject" and not (tmp_path / "saved").exists()


def test_a_partial_file_that_a_power_cut_damaged_is_fetched_anew(tmp_path: Path) -> None:
    path = source_of(tmp_path, 4 * CHUNK_BYTES)
    store, manifest = sent(path)
    target = tmp_path / "saved"
    partial = partial_path(str(target), b"d" * 16)
    partial.write_bytes(bytes(3 * CHUNK_BYTES + 7))  # zeros, as some file systems leave them
    loading = download_of(manifest, str(target))
    receive_all(loading, store)
    assert target.read_bytes() == path.read_bytes()


def test_late_parts_of_an_earlier_try_are_left_alone(tmp_path: Path) -> None:
    store, manifest = sent(source_of(tmp_path))
    loading = download_of(manifest, str(tmp_path / "saved"))
    loading.start()
    assert loading.on_part(1, store.parts[1], b"r" * 8, 0) is False and loading.bytes_done == 0
    loading.close()


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, "no_space", "no space left"),
        (errno.EACCES, "bad_path", "Nothing can be saved"),
        (errno.ENOENT, "bad_path", "not there any more"),
        (errno.EIO, "bad_path", "cannot be saved"),
    ],
)
def test_disk_errors_in_words_and_what_came_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, words: str
) -> None:
    path = source_of(tmp_path, 3 * CHUNK_BYTES)
    store, manifest = sent(path)
    target = tmp_path / "saved"
    loading = download_of(manifest, str(target))
    written = 0

    def failing(file: object, data: bytes) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise OSError(number, "it failed")
        whole(file, data)  # type: ignore[arg-type]

    whole = download.write_all
    monkeypatch.setattr(download, "write_all", failing)
    with pytest.raises(TransferError) as error:
        receive_all(loading, store)
    assert code_of(error) == code and words in words_of(error)
    assert partial_path(str(target), b"d" * 16).stat().st_size == 2 * CHUNK_BYTES
    store.asked.clear()
    again = download_of(manifest, str(target))
    again.start()
    assert again.bytes_done == 2 * CHUNK_BYTES
    again.close()
    receive_all(download_of(manifest, str(target)), store)
    assert target.read_bytes() == path.read_bytes()


def test_a_link_laid_at_the_partial_file_is_not_followed(tmp_path: Path) -> None:
    _, manifest = sent(source_of(tmp_path))
    victim = tmp_path / "victim"
    victim.write_text("mine")
    partial_path(str(tmp_path / "saved"), b"d" * 16).symlink_to(victim)
    with pytest.raises(TransferError):
        download_of(manifest, str(tmp_path / "saved")).start()
    assert victim.read_text() == "mine"


def test_a_folder_that_went_away(tmp_path: Path) -> None:
    _, manifest = sent(source_of(tmp_path))
    with pytest.raises(TransferError) as error:
        download_of(manifest, str(tmp_path / "gone" / "saved")).start()
    assert code_of(error) == "bad_path" and "not there any more" in words_of(error)


# --- looking at the disk ---


def test_sources_are_looked_at(tmp_path: Path) -> None:
    path = source_of(tmp_path, 77)
    found = find_source(FindSource(b"t", str(path)), AT)
    assert (found.failure, found.name, found.size, found.mime) == (
        None,
        "hw1.py",
        77,
        "text/x-python",
    )
    assert found.stamp == stamp_of(path.stat()) and found.path == str(path)
    for bad, code in (
        (str(tmp_path), "is_folder"),
        (str(tmp_path / "no"), "source_gone"),
        ("a\0b", "source_gone"),
        ("/dev/null", "not_a_file"),
    ):
        refused = find_source(FindSource(b"t", bad), AT)
        assert refused.failure is not None and refused.failure.code == code
        assert failure_words(refused.failure).endswith(".")


def test_files_over_the_limit_of_the_format_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "MAX_FILE_BYTES", 10)
    refused = find_source(FindSource(b"t", str(source_of(tmp_path, 11))), AT)
    assert refused.failure is not None
    assert (refused.failure.code, failure_words(refused.failure)) == (
        "file_too_large",
        "This file has 11 bytes; no file may have more than 10 bytes.",
    )


PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000280000001e0802000000")


def test_images_tell_their_size(tmp_path: Path) -> None:
    found = find_source(FindSource(b"t", "", "../shot.png", PNG), AT)
    assert (found.name, found.mime, found.width, found.height, found.size) == (
        "shot.png",
        "image/png",
        40,
        30,
        len(PNG),
    )
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG nothing")
    assert find_source(FindSource(b"t", str(broken)), AT).width == 0
    huge = PNG[:16] + bytes([127, 0, 0, 0]) + PNG[20:]
    assert find_source(FindSource(b"t", "", "x.png", huge), AT).width == 0


def test_targets_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_target(FindTarget(b"t", str(tmp_path)), AT).path == str(tmp_path)
    assert find_target(FindTarget(b"t", str(tmp_path / "new.py")), AT).failure is None
    for bad in (str(tmp_path / "no" / "x"), "/dev/null", "a\0b"):
        refused = find_target(FindTarget(b"t", bad), AT)
        assert refused.failure is not None and refused.failure.code == "bad_path"
        assert failure_words(refused.failure).endswith(".")
    monkeypatch.setattr(os, "access", lambda *_: False)
    closed = find_target(FindTarget(b"t", str(tmp_path)), AT).failure
    assert closed == Failed(code="bad_path", detail=Detail.FOLDER_CLOSED, subject=str(tmp_path))


# --- previews ---


def test_previews_are_sealed_and_the_oldest_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, _ = Vault.create("six words", CountedRandom("v"), Cost(1, 8192))
    previews = Previews(tmp_path / "previews", vault)
    one, two = b"1" * 16, b"2" * 16
    assert previews.get(one) is None
    previews.put(one, b"secret words")
    assert previews.get(one) == b"secret words"
    (file,) = (tmp_path / "previews").iterdir()
    assert b"secret" not in file.read_bytes() and stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "previews" / two.hex()).write_bytes(file.read_bytes())  # moved: does not open there
    assert previews.get(two) is None
    os.utime(file, ns=(1, 1))
    monkeypatch.setattr(disk, "CACHE_BYTES", 100)
    previews.put(two, b"x" * 50)
    assert previews.get(one) is None and previews.get(two) == b"x" * 50
    previews.drop(two)
    previews.drop(two)
    assert previews.get(two) is None
