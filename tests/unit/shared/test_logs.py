"""Log lines: one line each, as text or as JSON, at the level that was asked for, and nothing
twice.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from shared.logs import Log, setup_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The loggers as they were."""
    yield
    root = logging.getLogger("csce513")
    root.handlers.clear()
    root.propagate = True
    root.setLevel(logging.NOTSET)


def test_text_is_one_line_with_its_fields() -> None:
    stream = io.StringIO()
    setup_logging(stream=stream)
    log = Log("broker.network")
    log.info("started", port=5513, name="Class of 24", why="a\nb", empty=None)
    log.debug("hidden")
    (line,) = stream.getvalue().splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} ", line), (
        line
    )  # no day, no zone: no use tomorrow
    assert (
        line[24:]
        == ' info    broker.network started port=5513 name="Class of 24" why="a\\nb" empty=None'
    )


def test_json_holds_the_same() -> None:
    stream = io.StringIO()
    setup_logging("json", "debug", stream)
    log = Log("client.threads.network")
    log.debug("one", count=1)
    log.warning("two", text="Zoë", ok=True)
    try:
        raise ValueError("why")
    except ValueError:
        log.error("three", exc_info=True)
    one, two, three = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (one["level"], one["area"], one["event"], one["count"]) == (
        "debug",
        "client.threads.network",
        "one",
        1,
    )
    assert (two["level"], two["text"], two["ok"]) == ("warning", "Zoë", True) and two[
        "time"
    ].endswith("Z")
    assert (
        three["level"] == "error"
        and "ValueError: why" in three["traceback"]
        and "traceback" not in two
    )


def test_setting_up_again_replaces_and_the_level_counts(capsys: pytest.CaptureFixture[str]) -> None:
    first = io.StringIO()
    setup_logging(stream=first)
    setup_logging(level="error")
    log = Log("x")
    log.warning("quiet")
    try:
        raise ValueError("why")
    except ValueError:
        log.error("loud", exc_info=True)
    assert first.getvalue() == ""
    shown = capsys.readouterr().err
    assert "quiet" not in shown and "error   x loud" in shown and "ValueError: why" in shown
