"""Rules of the house about size, and about the reasons for what is not ours."""

from __future__ import annotations

import ast
import re

import pytest

from tools.module_map import ROOT

MOST_LINES = 40
# What is longer today, with its length: it may become shorter, and then its line goes. Most of them lay out a dialog,
# or are one table that formatting has unfolded.
LONGER = {
    "client/api/english.py:words": 79,  # one `match` over all that can be said
    "client/core/views.py:view": 50,
    "client/core/conversation/epochs.py:apply_record_entry": 49,
    "client/core/conversation/receiving.py:_show_text": 66,
    "client/core/conversation/receiving.py:_act": 41,
    "client/core/core.py:__init__": 55,
    "client/gui/export/dialog.py:__init__": 72,
    "client/gui/language/said_words.py:said_words": 90,  # the same
    "client/gui/files/send_dialog.py:_build": 45,
    "client/gui/messages/cards/layout.py:_pieces": 42,
    "client/gui/messages/layout.py:compose": 41,
    "client/gui/messages/painting.py:paint": 49,
    "client/gui/messages/text/blocks.py:_text": 46,
    "client/gui/sign_in/window.py:_build": 60,
    "client/gui/versions/compare_dialog.py:__init__": 42,
    "shared/crypto/records.py:build_record": 45,
    "shared/crypto/records.py:apply_record": 46,
    "tools/bare_machine.py:command": 59,
    "tools/screenshots.py:sample_rows": 42,
}


def long_functions(source: str) -> dict[str, int]:
    """Name -> lines, from `def` to the last line, of each function that is too long."""
    return {
        node.name: lines
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES
    }


def test_no_function_is_longer_than_forty_lines() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{name}": lines
        for folder in ("broker", "client", "shared", "tools")
        for path in (ROOT / folder).rglob("*.py")
        for name, lines in long_functions(path.read_text(encoding="utf-8")).items()
    }
    grown = {name: lines for name, lines in found.items() if lines > LONGER.get(name, MOST_LINES)}
    assert not grown, f"over {MOST_LINES} lines: split them, or say here why not: {grown}"
    mended = sorted(LONGER.keys() - found.keys())
    assert not mended, f"no longer too long; take them out of the list: {mended}"


@pytest.mark.parametrize("lines", [MOST_LINES, MOST_LINES + 1])
def test_a_long_function_is_found(lines: int) -> None:
    body = "\n".join(["    pass"] * (lines - 1))
    nested = "\n".join(f"    {line}" for line in f"def inner():\n{body}".splitlines())
    assert bool(long_functions(f"def outer():\n{body}")) == (lines > MOST_LINES)
    assert ("inner" in long_functions(f"class A:\n{nested}")) == (lines > MOST_LINES)


def dependencies() -> set[str]:
    """The names in all requirements*.in."""
    texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("requirements*.in")]
    return set(re.findall(r"^([\w-]+)[=>]=?", "\n".join(texts), re.MULTILINE))


def test_every_dependency_has_its_line_in_the_decisions() -> None:
    """Whoever asks why something is there finds an answer, and its licence."""
    text = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    lines = re.split(r"\n(?=- )", text)
    named = {
        name for line in lines if line.startswith("- ") for name in re.findall(r"`([\w-]+)`", line)
    }
    assert len(dependencies()) > 20 and dependencies() - named == set()
