"""The command that takes a picture of every screen and dialog in both themes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt5.QtGui import QImage

from tools.processes import ROOT
from tools.screenshots import SCENES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


def run(output: Path, *names: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.screenshots", "--output", str(output), *names]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=140, check=False
    )


def colours(path: Path) -> set[int]:
    """What stands in a picture, coarsely."""
    image = QImage(str(path)).scaled(64, 64)
    assert not image.isNull(), path.name
    return {image.pixel(x, y) for x in range(64) for y in range(64)}


def test_every_screen_has_its_picture_in_both_themes(tmp_path: Path) -> None:
    taken = run(tmp_path)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    for name in SCENES:
        light, dark = (
            colours(tmp_path / f"{name}-light.png"),
            colours(tmp_path / f"{name}-dark.png"),
        )
        assert len(light) > 8 and len(dark) > 8 and light != dark, name


def test_an_unknown_screen_is_refused(tmp_path: Path) -> None:
    refused = run(tmp_path, "nowhere")
    assert refused.returncode == 2 and "no screen called nowhere" in refused.stderr
