"""python -m tests.fuzz SECONDS [TARGET ...]: every target of targets.py under atheris, which looks
for new branches.

A finding is written to fuzz-findings/ and its name is printed; `python -m tests.fuzz --again FILE`
runs it alone. What
is mended gets its bytes into tests/fuzz/corpus, which `make test` runs for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
FINDINGS = Path("fuzz-findings")
PACKAGES = ["broker", "client", "shared"]


def main(arguments: list[str]) -> int:
    """The exit code is 1 if anything was found."""
    match arguments:
        case ["--target", name, seconds]:
            _fuzz(name, int(seconds))
            return 0
        case ["--again", file]:
            from tests.fuzz.targets import TARGETS

            TARGETS[Path(file).name.partition("-")[0]].run(Path(file).read_bytes())
            return 0
        case [seconds, *names] if seconds.isdigit():
            return _fuzz_all(seconds, names)
    print(__doc__)
    return 2


def _fuzz_all(seconds: str, names: list[str]) -> int:
    from tests.fuzz.targets import TARGETS

    failed = []
    for name in names or list(TARGETS):
        began = time.monotonic()
        child = subprocess.run(
            [sys.executable, "-m", "tests.fuzz", "--target", name, seconds],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        runs = [line.split()[1] for line in child.stderr.splitlines() if line.startswith("Done ")]
        took = f"{time.monotonic() - began:.0f} s"
        if child.returncode:
            failed.append(name)
            print(
                f"{name}: FAILED after {took}\n{child.stdout[-3000:]}{child.stderr[-1500:]}",
                flush=True,
            )
        else:
            print(f"{name}: {runs[0] if runs else '?'} runs in {took}", flush=True)
    print(f"{len(failed)} of {len(names or TARGETS)} targets failed {' '.join(failed)}".rstrip())
    return 1 if failed else 0


def _fuzz(name: str, seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=PACKAGES):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    FINDINGS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        for number, sample in enumerate(target.samples()):
            (Path(folder) / f"sample-{number}").write_bytes(sample)
        for kept in (HERE / "corpus").glob(f"{name}-*"):
            (Path(folder) / kept.name).write_bytes(kept.read_bytes())
        options = [
            f"-max_total_time={seconds}",
            "-max_len=4096",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=0",
            f"-artifact_prefix={FINDINGS}/{name}-",
            "-verbosity=1",
        ]
        atheris.Setup([sys.argv[0], *options, folder], target.run)
        atheris.Fuzz()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
