"""Plays many seeds, in several processes, and says of each failure how to repeat it."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from tests.simulation.cheap_crypto import cheap_crypto
from tests.simulation.simulation import Simulation

CHUNK = 10


@dataclass(frozen=True)
class Outcome:
    """What became of one seed."""

    seed: int
    digest: str
    steps: int
    failure: str = ""
    lines: tuple[str, ...] = ()


def play(seed: int, *, is_traced: bool = False) -> Outcome:
    """Play one seed with the primitives that are set."""
    simulation = Simulation(seed, is_traced=is_traced)
    failure = ""
    try:
        simulation.run()
    except Exception as error:  # noqa: BLE001 - whatever a core raises is a failure of this seed
        last = traceback.extract_tb(error.__traceback__)[-1]
        failure = (
            f"{type(error).__name__}: {error} ({os.path.basename(last.filename)}:{last.lineno})"
        )
        if is_traced:
            traceback.print_exception(error)
    world = simulation.world
    return Outcome(
        seed,
        world.digest(),
        world.steps,
        failure,
        tuple(world.lines) if failure or is_traced else (),
    )


def play_many(seeds: list[int], is_real: bool) -> list[Outcome]:
    """Play some seeds in this process."""
    with nullcontext() if is_real else cheap_crypto():
        return [play(seed) for seed in seeds]


def _play_chunk(chunk: tuple[list[int], bool]) -> list[Outcome]:
    return play_many(*chunk)


def _outcomes(seeds: range, is_real: bool, jobs: int, until: float) -> Iterator[Outcome]:
    chunks = [(list(seeds[i : i + CHUNK]), is_real) for i in range(0, len(seeds), CHUNK)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for outcomes in pool.imap_unordered(_play_chunk, chunks):
            yield from outcomes
            if until and time.monotonic() > until:
                pool.terminate()
                return


def _how_to_repeat(outcome: Outcome, is_real: bool) -> str:
    return f"python -m tests.simulation --seed {outcome.seed}{' --real-crypto' if is_real else ''} --trace"


def main(argv: list[str]) -> int:
    """The command; 1 if a seed fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--start", type=int, default=1, help="the first one")
    parser.add_argument("--seconds", type=float, default=0, help="stop after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes")
    parser.add_argument(
        "--real-crypto", action="store_true", help="libsodium instead of the cheap stand-ins"
    )
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument(
        "--trace", action="store_true", help="with --seed: print everything that happens"
    )
    options = parser.parse_args(argv)
    if options.seed is not None:
        return _play_alone(options.seed, options.trace, options.real_crypto)
    began = time.monotonic()
    until = began + options.seconds if options.seconds else 0
    failed: list[Outcome] = []
    count = steps = 0
    seeds = range(options.start, options.start + (10**9 if options.seconds else options.seeds))
    if options.seconds:
        seeds = range(options.start, options.start + max(CHUNK, int(options.seconds * 200)))
    for outcome in _outcomes(seeds, options.real_crypto, options.jobs, until):
        count, steps = count + 1, steps + outcome.steps
        if outcome.failure:
            failed.append(outcome)
            print(f"seed {outcome.seed}: {outcome.failure}", flush=True)
    took = time.monotonic() - began
    for outcome in failed[:1]:
        print("\n".join(outcome.lines))
    for outcome in failed[:5]:
        print(f"repeat with: {_how_to_repeat(outcome, options.real_crypto)}")
    print(
        f"{count} seeds from {options.start}, {len(failed)} failed, {steps:,} steps, {took:.1f} s, "
        f"{60 * count / took:,.0f} seeds a minute with {options.jobs} processes"
    )
    return 1 if failed else 0


def _play_alone(seed: int, is_traced: bool, is_real: bool) -> int:
    with nullcontext() if is_real else cheap_crypto():
        outcome = play(seed, is_traced=is_traced)
    if outcome.failure or is_traced:
        print("\n".join(outcome.lines))
    print(
        f"seed {seed}: {outcome.failure or 'all is as it should be'} (trace {outcome.digest}, {outcome.steps} steps)"
    )
    return 1 if outcome.failure else 0
