"""One word per thing (docs/WORDS.md): second meanings do not come back into the names of the code."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from babel.messages.pofile import read_po

from tools.module_map import ROOT
from tools.strings import TEMPLATE

CODE = ("shared", "broker", "client", "tools", "benchmarks")
WORDS = ROOT / "docs" / "WORDS.md"


@dataclass(frozen=True, slots=True)
class Rule:
    """A word, where alone it may stand, and what is said elsewhere.

    A word is looked for within names (`part` in `last_part`); a `name` must be the whole of it.
    """

    word: str
    instead: str
    only_in: tuple[str, ...] = ()
    is_whole_name: bool = False
    in_tests: bool = False


_FILES = (
    "shared/files.py",
    "shared/messages.py",
    "shared/crypto/files.py",
    "broker/app.py",
    "broker/core/core.py",
    "broker/core/events.py",
    "broker/core/files/*",
    "broker/storage/*",
    "broker/threads/files.py",
    "client/threads/files/*",
    "benchmarks/workloads/file_and_chat.py",
    "benchmarks/workloads/flood.py",
    "benchmarks/workloads/w6_file.py",
)
_VERSIONS = (
    "client/api/events.py",
    "client/core/context.py",
    "client/core/core.py",
    "client/core/conversation/outbox.py",
    "client/core/state/saved.py",
    "client/core/conversation/receiving.py",
    "client/core/files/*",
    "client/core/state/file_versions.py",
    "client/gui/files/*",
    "client/gui/versions/*",
    "tools/demo_class.py",
    "tools/demo_drafts.py",
    "tools/screenshots.py",
)

RULES = (
    Rule("ts", "sent_at_ms", in_tests=True),
    Rule("created_at_ms", "sent_at_ms", is_whole_name=True, in_tests=True),
    Rule("mid", "message_id", in_tests=True),
    Rule("draft", "unsent text", _VERSIONS),
    Rule("drafts", "unsent text", _VERSIONS),
    Rule("SaveDraft", "unsent text", is_whole_name=True, in_tests=True),
    Rule("part", "action", _FILES),
    Rule("parts", "frame item", _FILES),
    Rule("MemberRow", "member", is_whole_name=True, in_tests=True),
    Rule("FilePlace", "card", is_whole_name=True, in_tests=True),
    Rule("place", "position", is_whole_name=True),
    Rule("places", "position", is_whole_name=True),
    Rule("found", "conversation", is_whole_name=True),
)
_SUFFIXES = re.compile(r"(Links?|Panels|Desk|Helper)$")


def names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, name) of whatever the code names itself; what it only reads of others is not its
    choice (`path.parts`).
    """
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield node.lineno, name
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                yield from ((node.lineno, one.asname) for one in imported if one.asname)


def words_of(name: str) -> list[str]:
    """The words of a name in either style, in small letters."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


def faults_of(path: str, source: str) -> list[str]:
    """What in this file has a name with another meaning."""
    is_test, faults = path.startswith("tests/"), []
    for line, name in names_in(ast.parse(source)):
        for rule in RULES:
            if is_test and not (rule.in_tests and not name.startswith("test_")):
                continue
            is_meant = name == rule.word if rule.is_whole_name else rule.word in words_of(name)
            if is_meant and not any(fnmatch.fnmatch(path, one) for one in rule.only_in):
                faults.append(f"{path}:{line} {name}: say {rule.instead}")
        if path.startswith("client/gui/") and name[0].isupper() and _SUFFIXES.search(name):
            faults.append(f"{path}:{line} {name}: say controller")
    return faults


def entries() -> dict[str, list[str]]:
    """The words of the page, each with its meaning and what not to say."""
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \| (.+) \|$", WORDS.read_text("utf-8"), re.M)
    assert len({word for word, *_ in rows}) == len(rows), "a word stands there once"
    return {word: rest for word, *rest in rows}


def test_no_name_has_a_second_meaning() -> None:
    faults = []
    for folder in (*CODE, "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            faults += faults_of(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    assert not faults, "docs/WORDS.md:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("client/core/conversation/outbox.py", "def row(ts_ms: int) -> None: ..."),
        ("client/core/state/saved.py", "class SavedItem:\n    created_at_ms: int"),
        ("tests/support/forging.py", "def forge(mid: bytes) -> None: ..."),
        ("shared/crypto/content.py", "class Edit:\n    target_mid: bytes"),
        ("client/gui/conversation/composer.py", "class Written:\n    def draft(self) -> str: ..."),
        ("client/gui/conversation/composer.py", "class Box:\n    draft_changed = 1"),
        ("client/core/conversation/epochs.py", "posted_draft = 1"),
        ("client/api/events.py", "class SaveDraft: ..."),
        ("client/gui/search/panel.py", "for part in (field, sentence):\n    show(part)"),
        ("client/gui/files/panel.py", "class FilePart: ..."),
        ("shared/codec.py", "def join(parts: list[bytes]) -> bytes: ..."),
        ("client/core/core.py", "from client.core.conversation import events as parts"),
        ("shared/crypto/records.py", "class MemberRow: ..."),
        ("client/core/core.py", "found = conversations.get(conv_id)"),
        ("client/core/core.py", "if (found := take()) is not None: ..."),
        ("client/gui/pins/row_delegate.py", "place = QRect()"),
        ("client/gui/pins/row_delegate.py", "self.places = []"),
        ("client/gui/messages/cards/layout.py", "class FilePlace: ..."),
        ("client/gui/pins/pins.py", "class PinLinks: ..."),
    ],
)
def test_a_second_meaning_is_seen(path: str, source: str) -> None:
    assert len(faults_of(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("broker/core/files/requests.py", "def put_part(part: bytes) -> None: ..."),
        ("client/core/state/file_versions.py", "class Drafts: ..."),
        ("client/gui/conversation/composer.py", "class Written:\n    unsent_text = ''"),
        ("client/export/folder.py", "count = len(path.parts)"),
        ("client/core/core.py", "department = amid = lasts = 1"),
        ("client/api/values.py", "class Found: ..."),
        ("client/core/core.py", "found_at = placed = 1"),
        ("tests/unit/client/export/test_export.py", "place = found = part = draft = 1"),
        ("tests/unit/client/export/test_export.py", "def test_the_ts_of_a_message() -> None: ..."),
        ("client/gui/pins/controller.py", "class PinController: ..."),
    ],
)
def test_the_meaning_of_the_page_may_be_said(path: str, source: str) -> None:
    assert faults_of(path, source) == []


def test_each_word_has_one_line_in_the_order_of_the_alphabet() -> None:
    words = list(entries())
    assert 40 <= len(words) <= 60
    assert words == sorted(words, key=str.casefold)
    assert all(meaning.strip() and avoid.strip() for meaning, avoid in entries().values())


def test_what_is_said_instead_stands_on_the_page() -> None:
    assert {rule.instead for rule in RULES} | {"controller"} <= set(entries())


def test_every_file_in_which_a_word_may_stand_is_there() -> None:
    paths = [
        path.relative_to(ROOT).as_posix() for one in CODE for path in (ROOT / one).rglob("*.py")
    ]
    for rule in RULES:
        for glob in rule.only_in:
            assert fnmatch.filter(paths, glob), f"{rule.word}: {glob} is no file"


def test_the_window_calls_no_unsent_text_a_draft() -> None:
    with TEMPLATE.open("rb") as file:
        shown = [str(message.id) for message in read_po(file)]
    assert len(shown) > 500
    assert [text for text in shown if re.search(r"\bdraft\s*:", text, re.IGNORECASE)] == []
