"""Each contract on who may import whom catches a violation: one is added in a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.module_map import ROOT

PACKAGES = ("broker", "client", "shared")
LATER = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import "
VIOLATIONS = [
    ("shared imports neither side", "shared/sizes.py", "import zmq"),
    ("broker and client are strangers", "broker/admin/health.py", "import client.settings"),
    ("the broker holds no secret-key code", "broker/core/limits.py", "import shared.crypto.secret"),
    ("the floors of the broker", "broker/core/limits.py", f"{LATER}broker.threads.mailbox"),
    (
        "the core of the broker knows no engine",
        "broker/core/limits.py",
        "import broker.storage.memory",
    ),
    ("the floors of the client", "client/text/filetypes.py", "import client.api.values"),
    (
        "the window knows what a face may know",
        "client/gui/kit/avatars.py",
        "import client.storage.store",
    ),
    ("the rooms of the window", "client/gui/kit/avatars.py", f"{LATER}client.gui.session.panels"),
    ("the cores are pure", "client/core/timers.py", "def now():\n    import time"),
    ("the cores are pure", "broker/core/limits.py", "import shared.logs"),  # which imports time
    ("no circles", "client/core/state/orders.py", "import client.core.conversation.epochs"),
]


def test_every_contract_has_a_violation() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    assert {one["name"] for one in contracts} == {name for name, _, _ in VIOLATIONS}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all that the contracts speak of."""
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        skipped = shutil.ignore_patterns("__pycache__", "*.po", "*.mo", "pictures")
        shutil.copytree(ROOT / package, copy / package, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def broken(tree: Path) -> set[str]:
    """The contracts that are broken."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
    ]
    done = subprocess.run(
        [*command, "--cache-dir", str(tree / "cache")],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    return {line.partition(" BROKEN")[0] for line in lines if " BROKEN" in line}


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_violation_is_caught(tree: Path, contract: str, module: str, line: str) -> None:
    path = tree / module
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n\n{line}\n", encoding="utf-8")
    try:
        assert contract in broken(tree)
    finally:
        path.write_text(before, encoding="utf-8")
