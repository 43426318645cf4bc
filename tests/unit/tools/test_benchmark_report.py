"""The runner of the benchmarks: what it reads from their output, what counts as met, and the table
it writes.
"""

from __future__ import annotations

import pytest

from benchmarks.__main__ import run
from benchmarks.catalogue import BENCHMARKS, Benchmark, Goal, Line, Workload
from benchmarks.report import conditions, is_met, number, objects_in, replace_table, table, value_at
from tools.processes import ROOT

W1: Line = {
    "workload": "W1 direct",
    "durability": "F",
    "messages_per_s": 70_000,
    "order_errors": 0,
    "bare_relay_per_s": 140_000,
    "ratio_to_bare_relay": 0.5,
    "broker_cores": 1.2,
    "generator_cores": 0.96,
    "all_runs": [70_000, 60_000, 80_000],
}


def result(*printed: Line, failure: str = "") -> Line:
    return {"printed": list(printed), "failure": failure, "taken": "2026-01-02", "quick": False}


def cells(text: str, row: int) -> list[str]:
    return [cell.strip() for cell in text.splitlines()[row + 2].strip("|").split("|")]


def test_objects_are_found_between_other_words() -> None:
    text = 'warning: {not json}\n{"a": 1}\n{"b":\n {"c": [2]}}\n12 {'
    assert objects_in(text) == [{"a": 1}, {"b": {"c": [2]}}]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", 1.0),
        ("b.c", 2.0),
        ("x|b.c", 2.0),
        ("x", None),
        ("b", None),
        ("a.c", None),
        ("yes", None),
        ("word", None),
    ],
)
def test_a_path_leads_to_a_number(path: str, value: float | None) -> None:
    assert value_at({"a": 1, "b": {"c": 2.0}, "yes": True, "word": "1"}, path) == value


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal("", "v", at_least=5), True),
        (Goal("", "v", at_least=6), False),
        (Goal("", "v", at_most=5), True),
        (Goal("", "v", at_most=4), False),
        (Goal("", "v", at_most=0), False),
        (Goal("", "zero", at_most=0), True),
        (Goal("", "v", at_most_key="limit"), True),
        (Goal("", "v", at_most_key="zero"), False),
        (Goal("", "v", at_most_key="missing"), None),
        (Goal("", "v"), None),
        (Goal("", "missing", at_least=1), None),
    ],
)
def test_met_or_not(goal: Goal, met: bool | None) -> None:
    assert is_met(goal, {"v": 5, "zero": 0, "limit": 7.5}) is met


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "-"),
        (65_000.0, "65,000"),
        (0.0, "0"),
        (12_345.6, "12,346"),
        (0.7811, "0.781"),
        (2.5, "2.5"),
        (3, "3"),
    ],
)
def test_numbers(value: float | None, said: str) -> None:
    assert number(value) == said


def test_a_row_for_each_figure_with_the_conditions_on_the_first() -> None:
    text = table({"w1": result(W1)})
    assert cells(text, 0) == [
        "**W1 direct, 50 pairs**",
        "delivered",
        "70,000 /s",
        ">= 65,000 /s",
        "yes",
        "5,738 in class F (RabbitMQ), 60,800 in class K (JetStream), 1,800 among chat servers",
        "140,000 /s, 0.5",
        "F",
        "1.2, 0.96; the generator is the limit",
        "3",
    ]
    assert cells(text, 1)[:5] == ["", "to the reference", "0.5", ">= 0.6", "**no**"]
    assert cells(text, 2)[:5] == ["", "out of order", "0", "<= 0", "yes"]
    assert cells(text, 3)[:5] == ["", "p99 under load", "- ms", "", ""]
    assert len({line.count("|") for line in text.splitlines()}) == 1


def test_the_generator_is_named_only_where_it_is_the_limit() -> None:
    assert cells(table({"w1": result({**W1, "generator_cores": 0.93})}), 0)[8] == "1.2, 0.93"
    assert cells(table({"w1": result({**W1, "limit": "clients are the limit"})}), 0)[8] == (
        "1.2, 0.96; clients are the limit"
    )


def test_each_object_goes_to_its_workload_and_others_are_left_out() -> None:
    large: Line = {
        "workload": "W2 group",
        "members": 1000,
        "deliveries_per_s": 1,
        "idle_ms_to_last": 19,
    }
    text = table(
        {"w2": result(large, {"workload": "W2 group", "members": 7, "deliveries_per_s": 2})}
    )
    assert cells(text, 0)[:5] == [
        "**W2 group of 1,000**",
        "delivered",
        "1 /s",
        ">= 500,000 /s",
        "**no**",
    ]
    assert cells(text, 1)[1:5] == ["idle, to the last member", "19 ms", "<= 20 ms", "yes"]
    assert len(text.splitlines()) == 4


def test_a_target_from_the_same_run() -> None:
    text = table(
        {
            "w3": result(
                {"workload": "W3 latency", "p50_ms": 0.5, "p99_ms": 3, "limit_p50_ms": 0.426}
            )
        }
    )
    assert cells(text, 2)[2:5] == ["0.5 ms", "<= 0.426 ms", "**no**"]


def test_a_benchmark_that_failed_is_said_to_have_failed() -> None:
    text = table({"w7": result(failure="LoadFailed: a | b"), "w6": result()})
    assert cells(text, 0)[:2] == ["**w6**", "failed: nothing was printed"]
    assert cells(text, 1)[:2] == ["**w7**", "failed: LoadFailed: a / b"]


def test_only_the_table_is_replaced() -> None:
    document = "before\n<!-- table -->\nold\n<!-- end of table -->\nafter\n"
    assert (
        replace_table(document, "new\n")
        == "before\n<!-- table -->\nnew\n<!-- end of table -->\nafter\n"
    )
    with pytest.raises(ValueError, match="no marks"):
        replace_table("before\n<!-- table -->\nold\n", "new\n")


def test_the_conditions_name_machine_versions_and_dates() -> None:
    machine: Line = {
        "cpu": "A CPU",
        "cores": 2,
        "memory_gib": 4,
        "system": "Linux 6",
        "fdatasync_per_s": 5000,
        "python": "3.11.7",
        "libzmq": "4.3.5",
        "pyzmq": "27",
        "sqlite": "3.45",
    }
    text = conditions(machine, ["2026-01-03", "2026-01-02"], is_quick=True)
    assert (
        text.startswith("Measured 2026-01-02 to 2026-01-03 on A CPU, 2 cores")
        and "5,000 fdatasync/s" in text
    )
    assert "--quick" in text and "--quick" not in conditions(
        machine, ["2026-01-02"], is_quick=False
    )


def test_names_and_workloads_are_unique() -> None:
    names = [benchmark.name for benchmark in BENCHMARKS]
    titles = [workload.title for benchmark in BENCHMARKS for workload in benchmark.workloads]
    assert len(set(names)) == len(names) and len(set(titles)) == len(titles)
    assert all(
        (ROOT / "benchmarks" / benchmark.module.replace(".", "/")).with_suffix(".py").exists()
        for benchmark in BENCHMARKS
    )


@pytest.mark.slow
def test_a_benchmark_is_a_process_of_its_own() -> None:
    workload = Workload("None", (("workload", "none"),), ())
    missing = run(Benchmark("missing", "there_is_none", (workload,)), is_quick=True)
    assert (
        missing["exit_code"] == 1
        and "there_is_none" in str(missing["failure"])
        and not missing["quick"]
    )
    late = run(Benchmark("late", "workloads.w1_direct", (workload,), limit_s=0.05), is_quick=False)
    assert late["failure"] == "not done after 0 s" and late["printed"] == []
    help_only = run(
        Benchmark("help", "workloads.w3_latency", (workload,), quick=("--help",)), is_quick=True
    )
    assert help_only["exit_code"] == 0 and help_only["printed"] == [] and help_only["quick"]
    assert help_only["command"] == "python -m benchmarks.workloads.w3_latency --help"
