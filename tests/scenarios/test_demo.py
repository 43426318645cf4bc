"""The demo as a test: a broker process, three windows, a crash, a removal; it checks itself and
leaves pictures.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt5.QtGui import QImage

from tools.processes import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def brightness(path: Path) -> float:
    """Mean lightness of a picture, 0 to 255."""
    image = QImage(str(path)).scaled(32, 32)
    assert not image.isNull(), f"{path.name} is no picture"
    return sum(image.pixelColor(x, y).lightness() for x in range(32) for y in range(32)) / 1024


def test_the_demo_plays_a_class(tmp_path: Path) -> None:
    output = tmp_path / "demo"
    command = [
        sys.executable,
        "-m",
        "tools.demo",
        "--offscreen",
        "--close",
        "--output",
        str(output),
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    played = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=170, check=False
    )
    assert played.returncode == 0, played.stdout + played.stderr
    for name in ("alice", "bob.k", "Prof.Nguyen"):
        assert brightness(output / f"light-{name}.png") > 200
        assert brightness(output / f"dark-{name}.png") < 60
    assert brightness(output / "diff-light.png") > 200 and brightness(output / "diff-dark.png") < 60
    for name in (
        "sign-in",
        "name-taken",
        "no-server",
        "removed",
        "send-file",
        "versions",
        "transfer-waits",
        "files",
    ):
        assert (output / f"{name}.png").is_file()
