"""Documents and docstrings are in plain English, in lines short enough to read a diff.

The words that give a translation away are listed here. A folder joins `_CLEAN` once its docstrings
are written as a native engineer would write them; ruff's D401 is on for the same folders.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools.module_map import ROOT

MAX_COLUMNS = 120
_NOT_YET = {"CHANGELOG.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"}
_FOLDERS = ("shared", "broker", "client", "tools", "benchmarks", "tests")

_CLEAN = (
    "shared",
    "broker/core",
    "client/api",
    "client/export",
    "client/storage",
    "client/text",
)

# A first word that makes a docstring of a function a noun clause instead of an order.
_NOUN = re.compile(
    r"(A|After|All|An|And|Another|Both|Each|Every|How|If|Is|It|More|No|Nothing|One|Only|Several|So"
    r"|Some|Somebody|Something|That|The|These|They|This|Those|Two|What|When|Where|Whether|Which|Who"
    r"|Whoever|Whose)\b|[^A-Z]"
)

_GIVEAWAYS = [
    re.compile(pattern)
    for pattern in (
        r"\banew\b",
        r"\b[Ll]ook whether\b",
        r"\b(for|from|only|with|(?<!\bas )to) who\b",
        r"\b[Gg]ives? (\w+ ){0,3}free\b",
        r"\bstands? (in(?! for\b)|under|for ever)\b",
        r"; gives\b",
        r"[;,] [A-Z]\w*(Error|Reject|Broken|Refused|Invalid|Passphrase) (if|for|unless)\b",
        r"\b[Oo]ne upon the other\b",
        r"\bsomebody else than\b",
        r"\binside of what\b",
    )
]


# --- documents ---


def _documents() -> Iterator[tuple[str, str]]:
    paths = [
        *ROOT.glob("*.md"),
        *(path for folder in ("docs", *_FOLDERS) for path in (ROOT / folder).rglob("*.md")),
    ]
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if name not in _NOT_YET:
            yield name, path.read_text(encoding="utf-8")


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that somebody wrote as sentences, with their numbers.

    Tables, code, and lines that a program writes between two comments are left out.
    """
    is_fenced = is_generated = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("<!--"):
            is_generated = not line.startswith("<!-- end")
        elif line.lstrip().startswith("```"):
            is_fenced = not is_fenced
        elif not (is_fenced or is_generated or line.startswith(("|", "    "))):
            yield number, line


def _long_lines(text: str) -> list[int]:
    return [number for number, line in _prose(text) if len(line) > MAX_COLUMNS]


def test_documents_are_wrapped() -> None:
    documents = dict(_documents())
    assert len(documents) > 20 and "README.md" in documents
    assert {name: found for name, text in documents.items() if (found := _long_lines(text))} == {}


def test_a_line_that_is_too_long_is_found() -> None:
    wide = "word " * 30
    text = (
        f"| {wide} |\n```\n{wide}\n```\n    {wide}\n<!-- t -->\n{wide}\n<!-- end of t -->\n{wide}"
    )
    assert _long_lines(text) == [9]
    assert _long_lines(f"- {wide}\n") == [1]


def _given_away(text: str) -> list[str]:
    """Return the giveaways in a text, whose line breaks do not hide any."""
    plain = " ".join(text.split())
    return [hit.group() for pattern in _GIVEAWAYS for hit in pattern.finditer(plain)]


def test_documents_are_plain_english() -> None:
    found = {
        name: hits
        for name, text in _documents()
        if (hits := _given_away("\n".join(line for _, line in _prose(text))))
    }
    assert found == {}


def test_a_translated_document_is_found() -> None:
    assert _given_away("The lock names\nwhat stands\nin it, for who asks.") == [
        "for who",
        "stands in",
    ]
    assert _given_away("Whoever asks as to who may stand in for a teacher is told.") == []


# --- docstrings ---


def _docstrings(source: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the name, the docstring, and whether it must be an order, of everything that has one.

    Modules, classes and properties may be described by a noun.
    """
    for node in ast.walk(ast.parse(source)):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function or isinstance(node, ast.ClassDef | ast.Module):
            text = ast.get_docstring(node)
            decorators = " ".join(map(ast.unparse, getattr(node, "decorator_list", [])))
            if text:
                name = getattr(node, "name", "module")
                yield name, text, is_function and "property" not in decorators


def _faults(source: str) -> list[str]:
    faults = []
    for name, text, is_order in _docstrings(source):
        faults += [f"{name}: {hit}" for hit in _given_away(text)]
        first = text.split()[0]
        if is_order and _NOUN.match(first):
            faults.append(f"{name}: {first}")
    return faults


def test_docstrings_are_plain_english() -> None:
    paths = [path for folder in _CLEAN for path in (ROOT / folder).rglob("*.py")]
    assert len(paths) > 60
    found = {
        path.relative_to(ROOT).as_posix(): faults
        for path in paths
        if (faults := _faults(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "docstring, fault",
    [
        ("The lines of a box.", "f: The"),
        ("Whether it is open.", "f: Whether"),
        ("(name, key) of a row.", "f: (name,"),
        ("0 if there is none.", "f: 0"),
        ("Give the profile free.", "f: Give the profile free"),
        ("Return the header, for who has it.", "f: for who"),
        ("Connect\n    anew.", "f: anew"),
        ("Open it; CryptoReject if it is damaged.", "f: ; CryptoReject if"),
        ("Open it; gives the lock.", "f: ; gives"),
    ],
)
def test_a_translated_docstring_is_found(docstring: str, fault: str) -> None:
    assert _faults(f'def f():\n    """{docstring}"""\n') == [fault]


def test_plain_docstrings_pass() -> None:
    source = '''
class Lock:
    """A lock; `who` has it."""

    @property
    def owner(self):
        """The thread that has it."""

    def open(self):
        """Open it for whoever asks; raises CryptoReject if it is damaged."""
'''
    assert _faults(source) == []


@pytest.mark.parametrize("folder", _CLEAN)
def test_ruff_demands_orders_of_the_same_folders(folder: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", f"{folder}/x.py"],
        input='def f() -> None:\n    """Returns it."""\n',
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "D401" in done.stdout, done.stdout + done.stderr
