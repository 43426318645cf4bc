"""Backups of a timer: the oldest go, and nothing else ever does."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from broker.admin.commands import run_command
from broker.storage import nightly
from broker.storage.backups import BackupFailed, backup_faults, folder_of, make_backup
from broker.storage.base import Batch, FileState, StoredFile
from broker.storage.data_folder import DataDir, lock_file
from broker.storage.nightly import nightly_backup
from broker.storage.part_files import FileStore
from broker.storage.sqlite import SqliteStorage
from shared.invitations import Invitation
from shared.messages import LogId

DAY_S = 86_400
START_S = 1_795_746_600.0  # 2026-11-27 02:30 UTC
FILE = b"f" * 16


def a_class(path: Path) -> Path:
    """A data folder with a file of one part."""
    data = DataDir(path)
    data.open()
    data.curve_pair((os.urandom(20).hex().encode(), b"secret"))
    data.codes()
    invitation = Invitation("127.0.0.1", 1, bytes(32), "code", "Class")
    data.write_invitations(invitation, invitation)
    store = FileStore(data.files)
    store.prepare(set())
    store.write(FILE, 0, b"x" * 1000)
    storage = SqliteStorage(data.database)
    file = StoredFile(
        file_id=FILE,
        conv_id=LogId(b"l" * 16),
        uid=b"a" * 16,
        part_count=1,
        total_bytes=1000,
        created_ms=1,
        touched_ms=1,
        state=FileState.COMPLETE,
    )
    storage.commit(Batch(files=[file]))
    storage.close()
    data.close()
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return a_class(tmp_path / "data")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "nightly.lock")


def night(data: Path, folder: Path, number: float, keep: int = 3) -> list[str]:
    """One run; the names of what was removed."""
    made, removed = nightly_backup(data, folder, keep, START_S + number * DAY_S)
    assert backup_faults(made.path) == []
    return [path.name for path in removed]


def cut(path: Path, ignore_errors: bool = False) -> None:
    """A removal that ends at once."""
    if not ignore_errors:
        raise OSError(5, "cut", str(path))


def test_the_oldest_go_and_parts_are_linked(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "row"
    removed = [night(data, folder, number) for number in range(5)]
    assert removed == [[], [], [], ["2026-11-27T0230Z"], ["2026-11-28T0230Z"]]
    assert names(folder) == ["2026-11-29T0230Z", "2026-11-30T0230Z", "2026-12-01T0230Z"]
    parts = [
        next(path for path in (folder / name / "files").rglob("*") if path.is_file())
        for name in names(folder)
    ]
    assert len({path.stat().st_ino for path in parts}) == 1
    assert night(data, folder, 5, keep=1) == [
        "2026-11-29T0230Z",
        "2026-11-30T0230Z",
        "2026-12-01T0230Z",
    ]
    assert names(folder) == ["2026-12-02T0230Z"]


def test_what_was_not_made_here_stays(data: Path, tmp_path: Path) -> None:
    """Whatever lies in the folder: other people's things, other classes, backups made by hand,
    damaged ones, links.
    """
    folder = tmp_path / "row"
    folder.mkdir()
    (folder / "holiday").mkdir()
    (folder / "2020-01-01T0000Z").mkdir()  # named like one
    (folder / "2020-01-02T0000Z").write_text("a file", encoding="utf-8")
    (folder / "2020-01-03T0000Z.part").write_text("a file", encoding="utf-8")
    make_backup(data, folder / "2020-01-04T0000Z")  # by hand
    make_backup(data, folder / "before-exams")
    night(a_class(tmp_path / "other"), folder, -400)
    make_backup(data, tmp_path / "elsewhere", None, 1)
    (folder / "2020-01-05T0000Z").symlink_to(tmp_path / "elsewhere")
    (folder / "2020-01-06T0000Z.part").symlink_to(tmp_path / "elsewhere")
    for number, about in enumerate(
        ("{", "[]", '{"number": "1"}', '{"number": -1}', '{"number": 1}')
    ):
        (damaged := folder / f"2020-02-0{number}T0000Z").mkdir()
        (damaged / "backup.json").write_text(about, encoding="utf-8")
    before = names(folder)
    for number in range(4):
        night(data, folder, number, keep=1)
    assert names(folder) == sorted([*before, "2026-11-30T0230Z"])
    assert backup_faults(tmp_path / "elsewhere") == []


def test_a_clock_that_goes_back(data: Path, tmp_path: Path) -> None:
    """The order is that of the making: a night in a wrong year neither removes the newest nor stays
    for ever.
    """
    folder = tmp_path / "row"
    for number in (0, 1, 20_000, 2, 3):
        night(data, folder, number)
    assert [name[:4] for name in names(folder)] == ["2026", "2026", "2081"]
    assert night(data, folder, -20_000) == ["2081-08-30T0230Z"]
    assert [name[:4] for name in names(folder)] == ["1972", "2026", "2026"]
    assert night(data, folder, 3) and "2026-11-30T0230Z-2" in names(folder)


def test_several_in_one_minute(data: Path, tmp_path: Path) -> None:
    """As before an upgrade, just after the timer was set up: none is refused, and the first made is
    the first to go.
    """
    folder = tmp_path / "row"
    removed = [night(data, folder, 0) for _ in range(5)]
    assert removed == [[], [], [], ["2026-11-27T0230Z"], ["2026-11-27T0230Z-2"]]
    assert names(folder) == ["2026-11-27T0230Z", "2026-11-27T0230Z-3", "2026-11-27T0230Z-4"]
    assert len(names(folder)) == 3


def test_an_interrupted_one_is_none_and_is_swept(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "row"
    for number in range(3):
        night(data, folder, number)
    (folder / "2026-11-20T0230Z.part" / "files").mkdir(parents=True)
    with monkeypatch.context() as patch:
        patch.setattr(nightly.shutil, "rmtree", cut)
        with pytest.raises(BackupFailed, match="cut"):
            night(data, folder, 3)
    assert "2026-11-30T0230Z" in names(folder) and "2026-11-27T0230Z" in names(folder)
    assert night(data, folder, 4) == ["2026-11-27T0230Z", "2026-11-28T0230Z"]
    assert names(folder) == ["2026-11-29T0230Z", "2026-11-30T0230Z", "2026-12-01T0230Z"]


def test_a_removal_that_is_cut_leaves_no_half_backup(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "row"
    night(data, folder, 0, keep=1)
    with monkeypatch.context() as patch:
        patch.setattr(nightly.shutil, "rmtree", cut)
        with pytest.raises(BackupFailed, match="cut"):
            night(data, folder, 1, keep=1)
    assert names(folder) == ["2026-11-27T0230Z.part", "2026-11-28T0230Z"]
    night(data, folder, 2, keep=1)
    assert names(folder) == ["2026-11-29T0230Z"]


def test_one_that_lacks_something_removes_nothing(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "row"
    night(data, folder, 0, keep=1)
    shutil.rmtree(folder_of(data / "files", FILE))
    shutil.rmtree(folder / "2026-11-27T0230Z" / "files")
    made, removed = nightly_backup(data, folder, 1, START_S + DAY_S)
    assert made.missing and not removed and len(names(folder)) == 2


def test_two_at_once(data: Path, tmp_path: Path) -> None:
    lock = lock_file(tmp_path / "nightly.lock")
    assert lock is not None
    with lock, pytest.raises(BackupFailed, match="Another backup is being written"):
        nightly_backup(data, tmp_path, 1)


def test_a_folder_that_cannot_be(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(BackupFailed, match="could not be written"):
        nightly_backup(data, tmp_path / "file", 1)
    with pytest.raises(Exception, match="There is no class"):
        nightly_backup(tmp_path / "nothing", tmp_path / "row", 1)
    assert not (tmp_path / "row").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nightly", "--keep", "0"],
        ["--nightly", "--keep", "-3"],
        ["--keep", "3"],
        ["--nightly", "--previous", "x"],
    ],
)
def test_bad_use_is_refused(
    data: Path, tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["backup", str(tmp_path / "row"), "--data-dir", str(data), *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not (tmp_path / "row").exists()


def test_the_command(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["backup", str(tmp_path / "row"), "--nightly", "--keep", "1", "--data-dir", str(data)]
    old = tmp_path / "row" / "2020-01-01T0000Z"
    (tmp_path / "row").mkdir()
    make_backup(data, old, None, 1)
    assert run_command([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] and said["removed"] == [str(old)] and not old.exists()
    Path(said["path"]).rename(old)
    assert run_command(command) == 0
    assert f"{old} was removed." in capsys.readouterr().out
