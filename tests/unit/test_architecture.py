"""The map in docs/ARCHITECTURE.md is that of the modules, and files stay readable in length."""

from __future__ import annotations

from tools.module_map import FOLDERS, ROOT, first_line, module_map, written_map


def test_map_is_up_to_date() -> None:
    assert written_map() == module_map(), "run: python -m tools.module_map"


def test_every_module_says_what_lives_there() -> None:
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "__init__.py":
                assert first_line(path), path


def test_no_file_is_longer_than_650_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 650
    }
    assert not long
