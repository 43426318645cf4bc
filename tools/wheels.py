"""Asks for a wheel of each pin on each promised system and writes the table of docs/SYSTEMS.md:
`make wheels`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

from packaging.markers import Marker

from tools.module_map import ROOT

DOCUMENT: Final = ROOT / "docs" / "SYSTEMS.md"
BEGIN, END = "<!-- wheels -->\n", "<!-- end of wheels -->\n"
AT_ONCE: Final = 6
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
_GLIBC: Final = tuple(f"manylinux_2_{minor}" for minor in range(17, 37)) + (
    "manylinux2014",
    "manylinux1",
)
_MUSL: Final = ("musllinux_1_1", "musllinux_1_2")
# What a newer macOS installs, too: wheels for it and for all before it.
_MACS: Final = (
    *(f"macosx_{number}_0" for number in range(14, 10, -1)),
    *(f"macosx_10_{minor}" for minor in range(16, 8, -1)),
)
# system -> (the platforms that its pip takes, `sys_platform` of the markers in the locks)
SYSTEMS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "Linux x86_64": (tuple(f"{one}_x86_64" for one in _GLIBC), "linux"),
    "Linux aarch64": (tuple(f"{one}_aarch64" for one in _GLIBC), "linux"),
    "musl x86_64": (tuple(f"{one}_x86_64" for one in _MUSL), "linux"),
    "musl aarch64": (tuple(f"{one}_aarch64" for one in _MUSL), "linux"),
    "Windows amd64": (("win_amd64",), "win32"),
    "macOS x86_64": (
        tuple(f"{one}_{arch}" for one in _MACS for arch in ("x86_64", "universal2")),
        "darwin",
    ),
    "macOS arm64": (
        tuple(f"{one}_{arch}" for one in _MACS for arch in ("arm64", "universal2")),
        "darwin",
    ),
}
Pin = tuple[str, str, str]  # name, version, marker


def pins(lock: Path) -> list[Pin]:
    """The pins of a lock, with their markers."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    line = r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)[ \t]*(?:;([^\n]*?))?(?:\s+--hash|\s*$)"
    hits = re.findall(line, text, re.MULTILINE)
    return [(name, version, marker.strip()) for name, version, marker in hits]


def applies(marker: str, system: str, python: str) -> bool:
    """Whether a pin is installed there."""
    facts = {
        "sys_platform": SYSTEMS[system][1],
        "platform_machine": system.rpartition(" ")[2],
        "python_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return not marker or Marker(marker).evaluate(facts)


def has_wheel(pin: Pin, platforms: tuple[str, ...], python: str) -> str:
    """Empty if pip finds a wheel; else its last line."""
    name, version, _ = pin
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--ignore-installed",
            "--target",
            folder,
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--implementation",
            "cp",
            "--python-version",
            python,
            *(word for one in platforms for word in ("--platform", one)),
            f"{name}=={version}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        return (
            "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        )


Missing = dict[tuple[str, str], list[str]]  # (system, Python) -> the pins without a wheel there


def survey(locks: Sequence[Path]) -> list[Missing]:
    """What each lock lacks; a pin that stands in several is asked for once."""
    missing_of: list[Missing] = [
        {(system, python): [] for system in SYSTEMS for python in PYTHONS} for _ in locks
    ]
    tasks: dict[tuple[str, str, Pin], list[Missing]] = {}
    for lock, missing in zip(locks, missing_of, strict=True):
        for system, python in missing:
            for pin in pins(lock):
                if applies(pin[2], system, python):
                    tasks.setdefault((system, python, pin), []).append(missing)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        everywhere = _pure({task[2] for task in tasks}, pool)
        tasks = {task: lacking for task, lacking in tasks.items() if task[2] not in everywhere}
        answers = pool.map(lambda task: has_wheel(task[2], SYSTEMS[task[0]][0], task[1]), tasks)
        for ((system, python, pin), lacking), answer in zip(tasks.items(), answers, strict=True):
            if answer:
                print(f"{system}, Python {python}: {pin[0]}: {answer}", file=sys.stderr, flush=True)
            for missing in lacking if answer else ():
                missing[system, python].append(f"{pin[0]} {pin[1]}")
    return missing_of


def _pure(asked: set[Pin], pool: ThreadPoolExecutor) -> set[Pin]:
    """The pins with a wheel of plain Python: it serves every system and every Python."""
    in_order = sorted(asked)
    answers = pool.map(lambda pin: has_wheel(pin, ("any",), PYTHONS[0]), in_order)
    return {pin for pin, answer in zip(in_order, answers, strict=True) if not answer}


def table(broker: Missing, window: Missing, today: date) -> str:
    """The facts in Markdown."""
    how = "`pip install --dry-run --only-binary :all: --platform ... --python-version ...`"
    lines = [
        f"Asked on {today.isoformat()} with {how}.\n",
        "\n| System | " + " | ".join(PYTHONS) + " |\n",
        "|---|" + "---|" * len(PYTHONS) + "\n",
    ]
    for system in SYSTEMS:
        cells = [_cell(broker[system, python], window[system, python]) for python in PYTHONS]
        lines.append(f"| {system} | " + " | ".join(cells) + " |\n")
    return "".join(lines)


def _cell(broker: list[str], window: list[str]) -> str:
    if not window:
        return "broker, window"
    if not broker:
        return f"broker; no wheel of {', '.join(window)}"
    return f"no wheel of {', '.join(dict.fromkeys([*broker, *window]))}"


def main() -> int:
    """Ask for everything, print the table and put it into the document; 1 if a wheel is missing for
    the broker.
    """
    broker, window = survey([ROOT / "requirements-broker.txt", ROOT / "requirements.txt"])
    text = table(broker, window, date.today())
    print(text)
    document = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = document.partition(BEGIN)
    DOCUMENT.write_text(before + BEGIN + text + END + rest.partition(END)[2], encoding="utf-8")
    return 1 if any(broker.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
