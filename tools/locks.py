"""Prove that the locks are complete: what they name can be installed, and needs nothing that they
do not name.

`python -m tools.locks` installs each lock into an empty environment, with the oldest pip that is
promised and with the
newest, and reads what the installed packages ask for. `unsatisfied` alone needs no network; a unit
test calls it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tools.module_map import ROOT

OLDEST_PIP: Final = "23.0.1"  # Debian 12; it does not start on Python 3.12 and newer
_SETS: Final = (
    ("requirements-broker.txt",),
    ("requirements.txt",),
    ("requirements.txt", "requirements-dev.txt"),
)
_PIN: Final = re.compile(
    r"^(?P<pin>[A-Za-z0-9][^\s;\\]*==[^\s;\\]+)\s*(?:;(?P<marker>[^\\]*))?\\?$"
)

Pins = dict[NormalizedName, Requirement]


def pins_of(*locks: str) -> Pins:
    """Read what the locks name for this system: package -> its pin, with the extras that it is
    pinned with.
    """
    pins: Pins = {}
    for lock in locks:
        for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
            hit = _PIN.match(line)
            if hit and (hit["marker"] is None or Marker(hit["marker"].strip()).evaluate()):
                pin = Requirement(hit["pin"])
                pins[canonicalize_name(pin.name)] = pin
    return pins


def unsatisfied(pins: Pins, distributions: Iterable[Distribution]) -> list[str]:
    """Say in a sentence each what the distributions (and the extras they are pinned with) need and
    the pins lack.
    """
    sentences = []
    for distribution in distributions:
        name = canonicalize_name(distribution.metadata["Name"])
        if name not in pins:
            continue
        for need in _needs(distribution, pins[name].extras):
            pin = pins.get(canonicalize_name(need.name))
            if pin is None:
                sentences.append(f"{name} needs {need}, which no lock names.")
            elif not need.specifier.contains(_version(pin), prereleases=True):
                sentences.append(f"{name} needs {need}; the lock names {pin}.")
            elif need.extras - pin.extras:
                sentences.append(f"{name} needs {need}; the lock names {pin} without that extra.")
    return sentences


def _needs(distribution: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for text in distribution.requires or []:
        need = Requirement(text)
        if need.marker is None or any(
            need.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield need


def _version(pin: Requirement) -> Version:
    (specifier,) = pin.specifier
    return Version(specifier.version)


def _installed(python: Path) -> Iterator[Distribution]:
    code = "import sysconfig; print(sysconfig.get_path('purelib')); print(sysconfig.get_path('platlib'))"
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    return iter(Distribution.discover(path=list(dict.fromkeys(done.stdout.split()))))


def _prove(locks: tuple[str, ...], pip: str, folder: Path) -> list[str]:
    """Install the locks into a new environment with that pip; give what is wrong, in sentences."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    quiet = ["--quiet", "--disable-pip-version-check"]
    wanted = ["pip==" + pip] if pip else ["--upgrade", "pip"]
    subprocess.run([python, "-m", "pip", "install", *quiet, *wanted], check=True)
    files = [word for lock in locks for word in ("-r", str(ROOT / lock))]
    # A pip that resolves must come to what the lock names, too: some will type `pip install -r`
    # alone.
    for mode in (["--dry-run"], ["--no-deps"]):
        done = subprocess.run(
            [python, "-m", "pip", "install", *quiet, *mode, "--require-hashes", *files], check=False
        )
        if done.returncode:
            return [f"pip {pip or 'of today'} {' '.join(mode)} does not install {' '.join(locks)}"]
    checked = subprocess.run(
        [python, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    return ([checked.stdout] if checked.returncode else []) + unsatisfied(
        pins_of(*locks), _installed(python)
    )


def main() -> int:
    """Prove all locks; 1 with sentences if one is not complete."""
    pips = [OLDEST_PIP, ""] if sys.version_info < (3, 12) else [""]
    if len(pips) == 1:
        print(
            f"locks: pip {OLDEST_PIP} does not start on this Python; only the newest pip is tried"
        )
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (locks, pip) in enumerate((locks, pip) for locks in _SETS for pip in pips):
            faults = _prove(locks, pip, Path(folder) / str(number))
            verdict = "; ".join(faults) or "complete"
            print(f"locks: {' '.join(locks)} with pip {pip or 'of today'}: {verdict}", flush=True)
            wrong += faults
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
