"""`make newest`: the pure and integration tests and the demo, on the newest released Python that
Debian has.

A root of Debian unstable is made by debootstrap. That it cannot be made is said in one line (exit
code 2); a test that
fails there is a fault of ours (1), unless that Python is not released yet.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from tools.bare_machine import BareMachine, NoMachine
from tools.module_map import ROOT

_SUITE: Final = "sid"
_HOME: Final = "/root/program"
_NEWEST: Final = "apt-cache search --names-only '^python3[.][0-9]+$' | sed 's/ .*//' | sort -t. -k2 -n | tail -n 1"
_TESTS: Final = (
    "tests/unit tests/property tests/contract tests/integration tests/upgrade tests/fuzz"
)


def main() -> int:
    """Make the machine, set up as `make setup` does, run the tests and the demo."""
    try:
        with BareMachine(_SUITE) as machine:
            return _run(machine)
    except NoMachine as error:
        print(f"newest: {error}", file=sys.stderr)
        return 2


def _run(machine: BareMachine) -> int:
    # A compiler: a Python this new may have no ready-made packages yet, and then pip builds them.
    if machine.shell("apt-get update -qq").returncode:
        raise NoMachine(f"the package lists of Debian {_SUITE} cannot be fetched")
    python = machine.shell(_NEWEST).stdout.strip()
    wanted = f"{python} {python}-venv {python}-dev git make gcc g++ ca-certificates"
    if not python or machine.shell(f"apt-get install -qq {wanted} >/dev/null").returncode:
        raise NoMachine(f"Debian {_SUITE} does not install {python or 'any Python'}")
    version = machine.shell(f"{python} -c 'import sys; print(*sys.version_info)'").stdout.split()
    is_released = version[3] == "final"
    print(f"newest: Python {'.'.join(version[:3])} {version[3]}", flush=True)
    source = machine.root / "source.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(source)], check=True)
    steps = {
        "set-up": f"git clone --quiet file:///source.git {_HOME} && cd {_HOME} && make setup PYTHON={python}",
        "tests": f"cd {_HOME} && QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -n 2 --dist loadfile {_TESTS}",
        "demo": f"cd {_HOME} && .venv/bin/python -m tools.demo",
    }
    for name, script in steps.items():
        done = machine.shell(script)
        print(f"newest: {name}: {'passed' if not done.returncode else done.stdout}", flush=True)
        if not done.returncode:
            print("\n".join(done.stdout.strip().splitlines()[-2:]), flush=True)
        elif is_released:
            return 1
        else:
            print(f"newest: {name} failed on a Python that is not released yet", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
