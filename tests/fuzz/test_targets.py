"""Every target of the fuzzer with what Hypothesis makes up, and with what was once found
(corpus/).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*-*"))
MANY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", TARGETS)
def test_samples(name: str) -> None:
    for sample in TARGETS[name].samples():
        TARGETS[name].run(sample)


@pytest.mark.parametrize("name", TARGETS)
@MANY
@given(raw=st.binary(max_size=300))
def test_any_bytes(name: str, raw: bytes) -> None:
    TARGETS[name].run(raw)


@pytest.mark.parametrize("name", TARGETS)
@MANY
@given(data=st.data())
def test_changed_samples(name: str, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(TARGETS[name].samples())))
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6)
    ):
        if raw:
            raw[place % len(raw)] = value
    at = data.draw(st.integers(0, len(raw)))
    TARGETS[name].run(bytes(raw[:at] + data.draw(st.binary(max_size=8)) + raw[at:]))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_was_found_before(path: Path) -> None:
    TARGETS[path.name.partition("-")[0]].run(path.read_bytes())
