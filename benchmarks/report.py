"""From what the benchmarks printed to the table of docs/BENCHMARKS.md; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from benchmarks.catalogue import BENCHMARKS, Benchmark, Goal, Line, Workload

BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
LIMIT_OF_GENERATOR = 0.94  # of a core
HEADS = (
    "Workload",
    "Figure",
    "Result",
    "Target",
    "Met",
    "Best of the others",
    "Reference in the same run, ratio",
    "Class",
    "Cores: broker, generator",
    "Runs",
)


def objects_in(text: str) -> list[Line]:
    """Every JSON object in what a command printed, also one over several lines; anything else is
    passed over.
    """
    decoder, objects, at = json.JSONDecoder(), [], 0
    while (at := text.find("{", at)) >= 0:
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            at += 1
        else:
            objects.append(value)
    return objects


def value_at(line: Mapping[str, object], path: str) -> float | None:
    """The number under a path of `Goal.key`; None if there is none."""
    for name in path.split("|"):
        value: object = line
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def belongs(line: Line, workload: Workload) -> bool:
    """Whether a printed object is about this workload.

    Longer names count too: they end in conditions.
    """
    for key, wanted in workload.where:
        value = line.get(key)
        if not (value.startswith(str(wanted)) if isinstance(value, str) else value == wanted):
            return False
    return True


def is_met(goal: Goal, line: Line) -> bool | None:
    """Whether the figure reaches its target; None if either is missing."""
    value = value_at(line, goal.key)
    most = value_at(line, goal.at_most_key) if goal.at_most_key else goal.at_most
    if value is None or (goal.at_least is None and most is None):
        return None
    return (goal.at_least is None or value >= goal.at_least) and (most is None or value <= most)


def number(value: float | None) -> str:
    """As a reader wants it: three digits that count, thousands parted."""
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(results: Mapping[str, Line]) -> str:
    """The table, one row for each figure.

    `results` is what the runner keeps, by the name of the benchmark.
    """
    rows = ["| " + " | ".join(HEADS) + " |", "|" + "---|" * len(HEADS)]
    for benchmark in BENCHMARKS:
        if benchmark.name in results:
            rows += [
                "| " + " | ".join(cells) + " |"
                for cells in _rows(benchmark, results[benchmark.name])
            ]
    return "\n".join(rows) + "\n"


def _rows(benchmark: Benchmark, result: Line) -> Iterator[tuple[str, ...]]:
    lines = result.get("printed")
    printed = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    if not printed:
        why = str(result.get("failure") or "nothing was printed")
        yield (
            f"**{benchmark.name}**",
            f"failed: {why}".replace("|", "/"),
            *[""] * (len(HEADS) - 2),
        )
    for workload in benchmark.workloads:
        for line in printed:
            if belongs(line, workload):
                yield from _figures(workload, line)


def _figures(workload: Workload, line: Line) -> Iterator[tuple[str, ...]]:
    about = (_reference(workload, line), str(line.get("durability", "")), _cores(line), _runs(line))
    title = f"**{workload.title}**"
    for goal in workload.goals:
        met = {True: "yes", False: "**no**", None: ""}[is_met(goal, line)]
        yield (
            title,
            goal.says,
            f"{number(value_at(line, goal.key))} {goal.unit}".strip(),
            _target(goal, line),
            met,
            goal.others,
            *about,
        )
        title, about = "", ("", "", "", "")


def _target(goal: Goal, line: Line) -> str:
    most = value_at(line, goal.at_most_key) if goal.at_most_key else goal.at_most
    if goal.at_least is not None:
        return f">= {number(goal.at_least)} {goal.unit}".strip()
    return f"<= {number(most)} {goal.unit}".strip() if most is not None else ""


def _reference(workload: Workload, line: Line) -> str:
    reference = value_at(line, workload.reference) if workload.reference else None
    if reference is None:
        return ""
    said = f"{number(reference)} {workload.unit}".strip()
    ratio = value_at(line, workload.ratio) if workload.ratio else None
    return said if ratio is None else f"{said}, {number(ratio)}"


def _cores(line: Line) -> str:
    broker, generator = value_at(line, "broker_cores"), value_at(line, "generator_cores")
    if broker is None and generator is None:
        return ""
    said = f"{number(broker)}, {number(generator)}"
    limit = line.get("limit")
    if isinstance(limit, str):
        return f"{said}; {limit}"
    return f"{said}; the generator is the limit" if (generator or 0) >= LIMIT_OF_GENERATOR else said


def _runs(line: Line) -> str:
    lists = [
        value for key, value in line.items() if key.startswith("all_") and isinstance(value, list)
    ]
    return str(len(lists[0])) if lists else "1"


def conditions(machine: Line, dates: Iterable[str], *, is_quick: bool) -> str:
    """The words above the table."""
    days = sorted(set(dates))
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    rough = " Some are single runs (`--quick`): rough figures." if is_quick else ""
    return (
        f"Measured {when} on {machine['cpu']}, {machine['cores']} cores shared by broker and load,"
        f" {machine['memory_gib']} GiB, {machine['system']}; the disk makes {machine['fdatasync_per_s']:,} fdatasync/s"
        f" of 4 KiB; Python {machine['python']}, libzmq {machine['libzmq']} (pyzmq {machine['pyzmq']}),"
        f" SQLite {machine['sqlite']}.{rough}\n\n"
    )


def replace_table(document: str, text: str) -> str:
    """The document with another text between its two marks."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document has no marks for the table")
    return before + begin + text + end + after
