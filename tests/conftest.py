"""For all tests: what a file of tests leaves open is found at its end, not by chance in some later
test.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def what_was_imported_is_not_searched() -> None:
    """Modules and collected tests stay to the end: without them the search after each file of
    tests takes a tenth of its time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left_open() -> Iterator[None]:
    """Databases, sockets, files: Python warns of them when they are collected, and a warning is an
    error here.
    """
    yield
    gc.collect()
