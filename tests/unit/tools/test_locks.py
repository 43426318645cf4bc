"""The locks name all that is needed: what `python -m tools.locks` proves by installing, without a
network.
"""

from __future__ import annotations

import importlib.metadata
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.locks import Pins, pins_of, unsatisfied
from tools.module_map import ROOT

EVERYTHING = ("requirements.txt", "requirements-dev.txt")


def _installed(pins: Pins) -> list[importlib.metadata.Distribution]:
    return [
        one
        for one in importlib.metadata.distributions()
        if canonicalize_name(one.metadata["Name"]) in pins
    ]


def test_what_is_installed_needs_nothing_that_the_locks_do_not_name() -> None:
    pins = pins_of(*EVERYTHING)
    assert len(_installed(pins)) == len(pins)
    assert unsatisfied(pins, _installed(pins)) == []


@pytest.mark.parametrize("locks", [("requirements-broker.txt",), ("requirements.txt",)])
def test_each_program_has_a_lock_that_is_complete(locks: tuple[str, ...]) -> None:
    pins = pins_of(*locks)
    assert unsatisfied(pins, _installed(pins)) == []


def test_a_package_that_is_left_out_is_missed() -> None:
    pins = pins_of(*EVERYTHING)
    del pins[canonicalize_name("cffi")]
    (sentence,) = unsatisfied(pins, _installed(pins_of(*EVERYTHING)))
    assert sentence.startswith("pynacl needs cffi") and sentence.endswith("which no lock names.")


def test_an_extra_that_is_left_out_is_missed() -> None:
    pins = pins_of(*EVERYTHING)
    pins[canonicalize_name("coverage")] = Requirement("coverage==7.17.3")
    sentences = unsatisfied(pins, _installed(pins))
    assert sentences == [
        "pytest-cov needs coverage[toml]>=7.10.6; the lock names coverage==7.17.3 without that extra."
    ]


def test_a_version_that_is_too_old_is_missed() -> None:
    pins = pins_of(*EVERYTHING)
    pins[canonicalize_name("pyqt5-sip")] = Requirement("pyqt5-sip==12.1.0")
    assert any(
        one.startswith("pyqt5 needs PyQt5-sip") for one in unsatisfied(pins, _installed(pins))
    )


def test_the_broker_runs_the_same_releases_as_the_window_and_none_of_qt() -> None:
    broker, window = pins_of("requirements-broker.txt"), pins_of("requirements.txt")
    assert broker.items() <= window.items() and not [name for name in broker if "qt" in name]


def test_every_install_takes_just_what_the_lock_names() -> None:
    """A document or script that resolves would stop working at the next release of somebody
    else.
    """
    for name in ("README.md", "docs/OPERATIONS.md", "Makefile", "tools/setup.sh"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        installs = re.findall(r"pip install .*-r requirements[^\n]*", text)
        assert all("--no-deps" in one and "--require-hashes" in one for one in installs), (
            name,
            installs,
        )
