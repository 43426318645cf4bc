"""No folder is a corridor: at most 16 modules stand side by side, and tests have names of their
own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tools.module_map import ROOT

MOST = 16
_TREES = ("shared", "broker", "client", "tests", "tools", "benchmarks")
# folder -> why it may hold more
_CROWDED: dict[str, str] = {}


def _modules(root: Path) -> list[Path]:
    return [path.relative_to(root) for tree in _TREES for path in (root / tree).rglob("*.py")]


def _crowded(modules: Iterable[Path]) -> set[str]:
    count = Counter(path.parent.as_posix() for path in modules if path.name != "__init__.py")
    return {folder for folder, number in count.items() if number > MOST}


def _doubled(modules: Iterable[Path]) -> set[str]:
    """The names of several test modules: pytest imports them by their names alone."""
    count = Counter(path.name for path in modules if path.name.startswith("test_"))
    return {name for name, number in count.items() if number > 1}


def test_no_folder_holds_more_than_sixteen_modules() -> None:
    assert _crowded(_modules(ROOT)) == set(_CROWDED)


def test_the_names_of_test_modules_are_unique() -> None:
    assert _doubled(_modules(ROOT)) == set()


def test_a_crowded_folder_and_a_doubled_name_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "unit"
    folder.mkdir(parents=True)
    for number in range(MOST):
        (folder / f"test_{number}.py").touch()
    (folder / "__init__.py").touch()
    assert _crowded(_modules(tmp_path)) == _doubled(_modules(tmp_path)) == set()
    (folder / "test_one_more.py").touch()
    assert _crowded(_modules(tmp_path)) == {"tests/unit"}
    (folder.parent / "test_0.py").touch()
    assert _doubled(_modules(tmp_path)) == {"test_0.py"}
