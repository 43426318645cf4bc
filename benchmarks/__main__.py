"""Runs the benchmarks one after the other, each as a process of its own, and writes what they
found.

Run: python -m benchmarks [--quick] [NAME ...]; without names all of them. Every command can also be
run alone. The raw
figures go to benchmarks/results.json, the table to docs/BENCHMARKS.md; figures of benchmarks that
are not run now stay.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import zmq

from benchmarks.catalogue import BENCHMARKS, Benchmark, Line
from benchmarks.load.disk import fdatasync_ms
from benchmarks.report import conditions, objects_in, replace_table, table
from tools.processes import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
DOCUMENT = ROOT / "docs" / "BENCHMARKS.md"


def machine() -> Line:
    """What the figures depend on."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "fdatasync_per_s": round(1000 / fdatasync_ms()),
        "python": platform.python_version(),
        "libzmq": zmq.zmq_version(),
        "pyzmq": zmq.pyzmq_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _cpu_model() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def run(benchmark: Benchmark, *, is_quick: bool) -> Line:
    """One benchmark; what it printed, or why it failed."""
    options = benchmark.quick if is_quick and benchmark.quick else benchmark.options
    command = [sys.executable, "-m", f"benchmarks.{benchmark.module}", *options]
    began, failure = time.monotonic(), ""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=out,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        try:
            code = process.wait(benchmark.limit_s)
        except subprocess.TimeoutExpired:
            code, failure = -1, f"not done after {benchmark.limit_s:.0f} s"
        finally:
            _end_group(process)
        out.seek(0)
        errors.seek(0)
        printed = objects_in(out.read().decode(errors="replace"))
        last_words = errors.read().decode(errors="replace").strip().splitlines()
    if code and not printed and not failure:
        failure = last_words[-1] if last_words else f"ended with {code}"
    return {
        "command": " ".join(["python", *command[1:]]),
        "taken": datetime.now(UTC).strftime("%Y-%m-%d"),
        "quick": is_quick and options != benchmark.options,
        "took_s": round(time.monotonic() - began, 1),
        "exit_code": code,
        "failure": failure,
        "printed": printed,
    }


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Nothing of a benchmark goes on beside the next one."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def load_results(present: Line) -> dict[str, Line]:
    """What was measured before on such a machine."""
    if not RESULTS.exists():
        return {}
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    if any(kept["machine"].get(key) != present[key] for key in ("cpu", "cores")):
        return {}
    return dict(kept["results"])


def write(present: Line, results: dict[str, Line]) -> None:
    """The raw figures, and the table in the document."""
    RESULTS.write_text(
        json.dumps({"machine": present, "results": results}, indent=1) + "\n", encoding="utf-8"
    )
    words = conditions(
        present,
        [str(one["taken"]) for one in results.values()],
        is_quick=any(one["quick"] for one in results.values()),
    )
    document = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(replace_table(document, words + table(results)), encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Run them; 1 if one of them printed nothing."""
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument(
        "--quick", action="store_true", help="one run where three are usual, and smaller crowds"
    )
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(names):
        parser.error(
            f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}"
        )
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)
    )  # the benchmark that runs is ended, too
    present = machine()
    results = load_results(present)
    failures = 0
    for benchmark in BENCHMARKS:
        if options.names and benchmark.name not in options.names:
            continue
        print(f"{benchmark.name} ...", file=sys.stderr, flush=True)
        result = results[benchmark.name] = run(benchmark, is_quick=options.quick)
        failures += not result["printed"]
        print(table({benchmark.name: result}), flush=True)
        write(present, results)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
