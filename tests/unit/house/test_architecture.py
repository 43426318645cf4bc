"""Every folder says what lives in it, and the map in docs/ARCHITECTURE.md names every folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import module_map
from tools.module_map import (
    BEGIN,
    END,
    FOLDERS,
    ROOT,
    WIDTH,
    first_line,
    module_list,
    rooms,
    written_list,
)

ARCHITECTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.relative_to(ROOT).as_posix())
def test_the_readme_of_a_folder_lists_its_modules(room: Path) -> None:
    assert written_list(room) == module_list(room), "run: python -m tools.module_map"


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.relative_to(ROOT).as_posix())
def test_the_readme_of_a_folder_says_what_lives_there(room: Path) -> None:
    text = (room / "README.md").read_text(encoding="utf-8")
    title, _, rest = text.partition("\n")
    assert title == f"# {room.relative_to(ROOT).as_posix()}"
    assert len(rest.partition(BEGIN)[0].strip()) > 60, "say what lives here and who imports it"
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_the_map_names_every_folder_and_no_other() -> None:
    named = {
        line.split("`")[1].rstrip("/")
        for line in ARCHITECTURE.splitlines()
        if line.startswith("| `")
    }
    assert named == {room.relative_to(ROOT).as_posix() for room in rooms()}


def test_every_module_says_what_lives_there() -> None:
    for room in rooms():
        for path in room.glob("*.py"):
            if path.name != "__init__.py":
                assert first_line(path), path


def test_a_module_that_comes_or_goes_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "shared"
    room.mkdir()
    (room / "names.py").write_text('"""Say who\nis who.\n\nMore.\n"""\n', encoding="utf-8")
    (room / "__init__.py").touch()
    (room / "README.md").write_text("# shared\n\nWords.\n", encoding="utf-8")
    monkeypatch.setattr(module_map, "ROOT", tmp_path)
    module_map.main()
    assert (room / "README.md").read_text(encoding="utf-8") == (
        f"# shared\n\nWords.\n\n{BEGIN}- `names.py` Say who is who.\n{END}"
    )
    (room / "codec.py").write_text('"""Bytes."""\n', encoding="utf-8")
    assert written_list(room) != module_list(room)
    module_map.main()
    assert (
        written_list(room)
        == module_list(room)
        == "- `codec.py` Bytes.\n- `names.py` Say who is who.\n"
    )


def test_no_file_is_longer_than_650_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 650
    }
    assert not long
