"""Which benchmarks there are, what is held against which target, and what others reach
(docs/BENCHMARKS.md).
"""

from __future__ import annotations

from dataclasses import dataclass

Line = dict[str, object]

F, K = "class F", "class K"


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure of a workload.

    `key` leads into what the command prints: dots go inwards, bars part other names.
    """

    says: str
    key: str
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    at_most_key: str = ""  # the target is another figure of the same run
    others: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """What one printed object is about: the one whose fields say this."""

    title: str
    where: tuple[tuple[str, object], ...]
    goals: tuple[Goal, ...]
    reference: str = ""  # keys of the reference in the same run, and of the ratio to it
    ratio: str = ""
    unit: str = ""  # of the reference


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One command, a process of its own."""

    name: str
    module: str
    workloads: tuple[Workload, ...]
    options: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()  # instead of the options, where a rough figure will do
    limit_s: float = 1800.0


def _named(name: str, **fields: object) -> tuple[tuple[str, object], ...]:
    return (("workload", name), *fields.items())


def _group(members: int, rate: float, idle_ms: float, others: str, others_idle: str) -> Workload:
    return Workload(
        f"W2 group of {members:,}",
        _named("W2 group", members=members),
        (
            Goal("delivered", "deliveries_per_s", "/s", at_least=rate, others=others),
            Goal(
                "idle, to the last member",
                "idle_ms_to_last",
                "ms",
                at_most=idle_ms,
                others=others_idle,
            ),
        ),
        reference="bare_relay_per_s",
        ratio="ratio_to_bare_relay",
        unit="/s",
    )


def _idle(clients: int, others: str, *, back_s: float | None = None) -> Workload:
    return Workload(
        f"W5 {clients:,} idle clients",
        _named("W5 idle", clients=clients),
        (
            Goal("memory of each", "kib_per_client", "KiB", at_most=45, others=others),
            Goal("idle processor", "idle_percent_of_a_core", "% of a core", at_most=3),
            Goal("all back after a kill -9", "all_back_s", "s", at_most=back_s),
        ),
    )


def _flood(attack: str, title: str) -> Workload:
    return Workload(
        f"Others during {title}",
        (("attack", attack),),
        (
            Goal("one message, p50", "p50_ms", "ms"),
            Goal("one message, p99", "p99_ms", "ms"),
            Goal("memory grown", "grown_mib", "MiB"),
        ),
    )


BENCHMARKS = (
    Benchmark(
        "w1",
        "workloads.w1_direct",
        (
            Workload(
                "W1 direct, 50 pairs",
                _named("W1 direct"),
                (
                    Goal(
                        "delivered",
                        "messages_per_s",
                        "/s",
                        at_least=65_000,
                        others=f"5,738 in {F} (RabbitMQ), 60,800 in {K} (JetStream), 1,800 among chat servers",
                    ),
                    Goal("to the reference", "ratio_to_bare_relay", at_least=0.6),
                    Goal("out of order", "order_errors", at_most=0),
                    Goal("p99 under load", "p99_ms", "ms"),
                ),
                "bare_relay_per_s",
                "ratio_to_bare_relay",
                "/s",
            ),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "reference",
        "load.relay_client",
        (
            Workload(
                "The reference relay",
                _named("reference relay"),
                (
                    Goal("passed on", "messages_per_s", "/s"),
                    Goal("one message, p50", "p50_ms", "ms"),
                ),
            ),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "w2",
        "workloads.w2_group",
        (
            _group(
                30,
                400_000,
                2.5,
                f"128,200 in {K} (JetStream)",
                f"4.7 in {F} (RabbitMQ), 1.3 in {K}",
            ),
            _group(
                300, 500_000, 8, f"80,300 in {K} (JetStream)", f"41 in {F} (RabbitMQ), 10.3 in {K}"
            ),
            _group(1000, 500_000, 20, f"41,300 in {K} (JetStream)", f"139 in {K}"),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "w3",
        "workloads.w3_latency",
        (
            Workload(
                "W3 one message, idle broker",
                _named("W3 latency"),
                (
                    Goal(
                        "p50",
                        "p50_ms",
                        "ms",
                        at_most=0.9,
                        others="0.43 (RabbitMQ, delivers before its fsync)",
                    ),
                    Goal("p99", "p99_ms", "ms", at_most=2.5, others="0.76 (RabbitMQ)"),
                    Goal(
                        "p50, to reference + 1.5 fdatasync",
                        "p50_ms",
                        "ms",
                        at_most_key="limit_p50_ms",
                    ),
                ),
                "bare_relay_p50_ms",
                "ratio_to_bare_relay",
                "ms",
            ),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "w4",
        "workloads.w4_offline",
        (
            Workload(
                "W4 10,000 messages to somebody away, 4 senders, 100 unacknowledged together",
                _named("W4 offline", senders=4),
                (
                    Goal(
                        "stored",
                        "stored_per_s",
                        "/s",
                        at_least=84_000,
                        others=f"10,183 in {F} (RabbitMQ), 83,700 in {K} (JetStream)",
                    ),
                    Goal(
                        "all at the socket",
                        "receive_s",
                        "s",
                        at_most=0.06,
                        others=f"0.50 in {F}, 0.058 in {K}",
                    ),
                ),
            ),
            Workload(
                "W4 the same, 8 senders with 64 unacknowledged each",
                _named("W4 offline", senders=8),
                (
                    Goal("stored", "stored_per_s", "/s", at_least=84_000),
                    Goal("all at the socket", "receive_s", "s", at_most=0.06),
                ),
            ),
            Workload(
                "W4 the same, one sender",
                _named("W4 offline", senders=1),
                (
                    Goal("stored", "stored_per_s", "/s"),
                    Goal("all at the socket", "receive_s", "s", at_most=0.06),
                ),
            ),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "w5",
        "workloads.w5_idle",
        (
            _idle(1000, "49 among chat servers"),
            _idle(5000, "49 among chat servers", back_s=6),
            _idle(10_000, "49 among chat servers"),
        ),
        quick=("1000", "--idle-s", "10"),
    ),
    Benchmark(
        "w6",
        "workloads.w6_file",
        (
            Workload(
                "W6 a file of 100 MiB",
                _named("W6 file of 100 MiB"),
                (
                    Goal(
                        "through the broker, stored",
                        "prepared_mb_s",
                        "MB/s",
                        at_least=160,
                        others="159",
                    ),
                    Goal("two real clients, sealed and verified", "end_to_end_mb_s", "MB/s"),
                ),
                "plain_tcp_mb_s",
                "",
                "MB/s",
            ),
        ),
        options=("--profile",),
        quick=("--runs", "1", "--profile"),
    ),
    Benchmark(
        "w7",
        "workloads.w7_crash",
        (
            Workload(
                "W7 kill -9 under full load",
                _named("W7 crash"),
                (
                    Goal("acknowledged and lost", "lost", at_most=0, others="0"),
                    Goal("doubled", "doubled", at_most=0),
                    Goal("first sign-in after", "back_s", "s", at_most=1),
                    Goal("all 50 signed in after", "all_signed_in_s", "s"),
                    Goal("all caught up after", "all_caught_up_s", "s"),
                ),
            ),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "clients",
        "workloads.end_to_end",
        tuple(
            Workload(
                title,
                _named("end to end", pairs=pairs),
                (
                    Goal(
                        "written, sealed, delivered, opened, verified, stored",
                        "messages_per_s",
                        "/s",
                    ),
                    Goal("out of order, twice or missing", "errors", at_most=0),
                ),
            )
            for pairs, title in ((1, "Real clients, one pair"), (4, "Real clients, 4 pairs"))
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "class30",
        "workloads.class_of_300",
        (
            Workload(
                "Real clients, a group of 30",
                _named("class of 300", clients=31),
                (
                    Goal("one message to the last of all", "message_to_last_of_all_ms", "ms"),
                    Goal("opened by all together", "messages_opened_per_s", "/s"),
                ),
            ),
        ),
        options=("--clients", "31", "--processes", "4"),
        quick=("--clients", "31", "--processes", "4"),
    ),
    Benchmark(
        "class",
        "workloads.class_of_300",
        (
            Workload(
                "Real clients, a class of 300",
                _named("class of 300", clients=300),
                (
                    Goal("all signed in", "all_signed_in_s", "s"),
                    Goal("one message to the last of all", "message_to_last_of_all_ms", "ms"),
                    Goal("opened by all together", "messages_opened_per_s", "/s"),
                    Goal("memory of the broker", "broker_rss_mb", "MiB"),
                ),
            ),
        ),
    ),
    Benchmark(
        "chat",
        "workloads.file_and_chat",
        (
            Workload(
                "Chat beside a file",
                _named("chat beside a file"),
                (
                    Goal("20 Mbit/s, no file, p50", "20_mbit.none.p50_ms", "ms"),
                    Goal(
                        "20 Mbit/s, file on the same connection, p50", "20_mbit.same.p50_ms", "ms"
                    ),
                    Goal(
                        "20 Mbit/s, file on its own connection, p50", "20_mbit.second.p50_ms", "ms"
                    ),
                    Goal("real clients, no file, p50", "real_clients.idle.p50_ms", "ms"),
                    Goal("real clients, while uploading, p50", "real_clients.upload.p50_ms", "ms"),
                ),
            ),
        ),
        quick=("--messages", "100"),
    ),
    Benchmark(
        "flood",
        "workloads.flood",
        (
            _flood("none", "no flood"),
            _flood("messages", "a flood of messages"),
            _flood("refused", "a flood of refused requests"),
            _flood("deaf", "a flood by somebody who does not read"),
            _flood("connections", "a flood of connections"),
        ),
        quick=("--seconds", "4"),
    ),
    Benchmark(
        "view",
        "window.message_view",
        (
            Workload(
                "The message view, 100,000 messages",
                (("rows", 100_000.0),),
                (
                    Goal("open", "open_ms", "ms", at_most=150),
                    Goal("scroll, p95", "scroll_p95_ms", "ms", at_most=8),
                    Goal("append, p95", "append_p95_ms", "ms", at_most=8),
                    Goal("resize", "resize_ms", "ms", at_most=30),
                    Goal("memory", "rss_mb", "MB", at_most=120),
                ),
            ),
        ),
    ),
    Benchmark(
        "catchup",
        "window.window_catch_up",
        (
            Workload(
                "W4 on the screen of a real client",
                _named("W4 on the screen"),
                (
                    Goal("10,000 messages after the passphrase", "on_screen_s", "s", at_most=1.2),
                    Goal("longest standstill", "longest_standstill_ms", "ms"),
                ),
            ),
            Workload(
                "The window catches up, 3,000 messages",
                (("benchmark", "window catch-up"), ("messages", 3000)),
                (
                    Goal("all there after", "all_there_after_s", "s"),
                    Goal("longest standstill", "longest_standstill_ms", "ms"),
                ),
            ),
        ),
    ),
    Benchmark(
        "start",
        "window.window_start",
        (
            Workload(
                "The window starts, 100,000 messages",
                (("benchmark", "window start, 100000 messages"),),
                (
                    Goal("sign-in is shown", "sign_in_shown_s", "s"),
                    Goal(
                        "usable after the passphrase", "usable_after_passphrase_s", "s", at_most=1.5
                    ),
                    Goal("switching, p95", "switch_p95_ms", "ms", at_most=30),
                    Goal("memory", "memory_mib", "MiB", at_most=200),
                ),
            ),
        ),
        quick=("--runs", "1"),
    ),
    Benchmark(
        "search",
        "window.search",
        (
            Workload(
                "Search as one types, 100,000 messages",
                (("benchmark", "search, 100000 messages"),),
                (
                    Goal("key to hits, p95", "search_p95_ms", "ms", at_most=50),
                    Goal("similar questions, p95", "similar_p95_ms", "ms"),
                ),
            ),
        ),
    ),
)
