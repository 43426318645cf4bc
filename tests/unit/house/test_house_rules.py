"""Rules of the house that no linter knows: where blocking sends, secrets and sleeps must not
stand.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import importlib
import inspect
import re
import socketserver
import subprocess
import sys
import threading
import tomllib
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import cast, get_args

import msgspec
import pytest
from PyQt5.QtWidgets import QWidget

from client.api import events
from client.api.events import Command, Quit
from client.core.core import ClientCore
from client.core.state.effects import Event, Ticked
from client.headless.program import COMMAND_FIELDS, Headless
from client.threads.network import ClientSession
from shared.version import VERSION
from tests.support.class_room import ClassRoom
from tools.module_map import ROOT


def _lines(folder: str) -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(ROOT)}:{number}", line)
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def test_only_two_modules_import_nacl() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("shared", "broker", "client")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(import|from) nacl", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importers == {"shared/crypto/public.py", "shared/crypto/secret.py"}


def test_only_the_codec_and_the_crypto_pack_messagepack() -> None:
    for folder in ("broker", "client"):
        for place, line in _lines(folder):
            if re.match(r"\s*(import|from) msgpack", line):
                assert place.startswith(
                    ("broker/storage", "client/store", "client/keystore", "broker/accounts")
                ), place


def test_tests_do_not_sleep() -> None:
    found = [place for place, line in _lines("tests") if re.search(r"\btime\.sleep\(", line)]
    assert all("house_rules" in place for place in found), found


def test_the_network_threads_never_wait_in_a_socket() -> None:
    for path, names in (
        ("broker/threads/link.py", {"send", "recv", "recv_multipart"}),
        ("client/threads/dealer.py", {"send", "recv"}),
    ):
        calls = [
            call
            for call in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            if isinstance(call, ast.Call) and _name_of(call.func) in names
        ]
        assert calls, path
        for call in calls:
            flags = {
                _name_of(part) for part in [*call.args, *(word.value for word in call.keywords)]
            }
            assert flags & {"_DONTWAIT", "_ID_FLAGS", "DONTWAIT"}, f"{path}:{call.lineno}"


def _name_of(node: ast.expr) -> str:
    return (
        node.id
        if isinstance(node, ast.Name)
        else node.attr
        if isinstance(node, ast.Attribute)
        else ""
    )


def test_no_constant_nonces() -> None:
    for place, line in _lines("shared/crypto"):
        assert not re.search(r"nonce\s*=\s*(b[\"']|bytes\()", line), place


_SHOWING = {
    "setText",
    "setToolTip",
    "setWindowTitle",
    "setPlaceholderText",
    "setAccessibleName",
    "setAccessibleDescription",
    "setTitle",
    "setInformativeText",
    "setStatusTip",
    "setLabelText",
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QRadioButton",
    "QAction",
    "QMenu",
    "QGroupBox",
    "addAction",
    "addMenu",
    "addItem",
    "addTab",
    "drawText",
    "setHorizontalHeaderLabels",
    "heading",
    "note",
    "tick",
    "say",
}
_MARKUP = re.compile(r"&nbsp;|^[^<>]*>|<[^<>]*(>|$)")
_NO_WORDS = {"GIF", "csce513fall24Msg"}


def _plain_words(part: ast.expr) -> list[str]:
    """The literals with words in an argument, those inside a call (such as tr) left out."""
    if isinstance(part, ast.Call):
        return []
    if isinstance(part, ast.Constant):
        text = part.value if isinstance(part.value, str) and part.value not in _NO_WORDS else ""
        return [text] if re.search(r"[^\W\d_]{2}", _MARKUP.sub("", text)) else []
    inner = part.values if isinstance(part, ast.JoinedStr) else ast.iter_child_nodes(part)
    return [word for one in inner if isinstance(one, ast.expr) for word in _plain_words(one)]


def test_what_the_window_shows_passes_the_translation() -> None:
    seen = 0
    for path in (ROOT / "client" / "gui").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name_of(call.func) in _SHOWING:
                seen += 1
                words = [word for part in call.args for word in _plain_words(part)]
                assert not words, f"{path.name}:{call.lineno}: {words} must pass tr()"
    assert seen > 100


def test_plain_words_are_found() -> None:
    found = {
        "setText('Send')": ["Send"],
        "setText(f'{a} unread')": [" unread"],
        "setText('a' if b else 'Save')": ["Save"],
        "setText(tr('Send'))": [],
        "setText('+')": [],
        "setText(f'{tr(\"Send\")} {a}')": [],
    }
    for source, words in found.items():
        call = ast.parse(source).body[0]
        assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
        assert [word for part in call.value.args for word in _plain_words(part)] == words


def test_nothing_forks() -> None:
    """A child would take the sockets of its parent along, and libzmq does not see it."""
    for folder in ("broker", "client", "shared"):
        for place, line in _lines(folder):
            assert not re.search(
                r"\bos\.fork|\bmultiprocessing\b|ProcessPoolExecutor|preexec_fn", line
            ), place


# Private names of the standard library's classes that newer Pythons have and the one of this test
# may not.
_LATER_NAMES = {
    "Thread": {
        "_context",
        "_handle",
        "_os_thread_handle",
        "_started",
        "_stderr",
        "_invoke_excepthook",
    }
}


@functools.cache
def _classes_in(path: str) -> dict[str, ast.ClassDef]:
    found: dict[str, ast.ClassDef] = {}

    def look(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            is_named = isinstance(child, ast.ClassDef | ast.FunctionDef)
            name = f"{prefix}{child.name}" if is_named else prefix
            if isinstance(child, ast.ClassDef):
                found.setdefault(name, child)
            look(
                child,
                f"{name}."
                if isinstance(child, ast.ClassDef)
                else f"{name}.<locals>."
                if is_named
                else prefix,
            )

    look(ast.parse(Path(path).read_text(encoding="utf-8")), "")
    return found


def _source_of(kind: type) -> ast.ClassDef:
    """The class as it is written. OSError or TypeError if it is written in C."""
    path = inspect.getsourcefile(kind) or ""
    if kind.__qualname__ not in _classes_in(path):
        raise OSError(f"{kind.__qualname__} is not in {path}")
    return _classes_in(path)[kind.__qualname__]


def _names_of_outsiders(kind: type) -> dict[str, type]:
    """What the bases outside of this project define: in their classes, and on `self` in the source
    of their methods.
    """
    found: dict[str, type] = {}
    for base in kind.__mro__[1:]:
        if base is object or (base.__module__ or "").split(".")[0] in (
            "broker",
            "client",
            "shared",
            "tools",
            "tests",
        ):
            continue
        names = set(vars(base)) | _LATER_NAMES.get(base.__name__, set())
        with contextlib.suppress(OSError, TypeError):  # written in C
            names |= _assigned_to_self(_source_of(base))
        found |= {
            name: base for name in names if not (name.startswith("__") and name.endswith("__"))
        }
    return found


def _assigned_to_self(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def _hidden_by(kind: type) -> list[str]:
    """Instance attributes with the name of anything of a foreign base, and values in place of its
    private names.
    """
    outside = _names_of_outsiders(kind)
    tree = _source_of(kind)
    slots = {name for name in _assigned_to_self(tree) if name in outside}
    own = {name for name in _named_in_body(tree) if name in outside and name.startswith("_")}
    return sorted(name for name in slots | own if not _is_meant(outside[name], name))


def _named_in_body(tree: ast.ClassDef) -> set[str]:
    found = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _is_meant(base: type, name: str) -> bool:
    """What the base offers to be set: its documented fields (`timeout`, `daemon_threads`), which
    are no functions.
    """
    value = getattr(base, name, None)
    return not name.startswith("_") and (
        value is None or isinstance(value, bool | int | float | str | property)
    )


def _classes() -> list[type]:
    found: list[type] = []
    for folder in ("shared", "broker", "client"):
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(name.removesuffix(".__init__"))
            found += [
                kind
                for kind in vars(module).values()
                if isinstance(kind, type) and kind.__module__ == name
            ]
    return found


def _is_looked_at(kind: type) -> bool:
    made = any(
        hasattr(kind, mark)
        for mark in ("__struct_fields__", "__dataclass_fields__", "_fields", "_member_map_")
    )
    return not made


def test_no_attribute_hides_one_of_a_foreign_base() -> None:
    """Python 3.14 took `_context` for its own threads, and ours that stored something there were
    dead.
    """
    kinds = [kind for kind in _classes() if _is_looked_at(kind)]
    assert len(kinds) > 150 and {"NetThread", "ZapThread", "MainWindow"} <= {
        kind.__name__ for kind in kinds
    }
    found = {
        f"{kind.__module__}.{kind.__qualname__}": hidden
        for kind in kinds
        if (hidden := _hidden_by(kind))
    }
    assert not found, found


def test_what_hides_is_found() -> None:
    class Hiding(threading.Thread):
        def __init__(self) -> None:
            super().__init__()
            self._context = 1
            self._target = self.mine = 2
            self.name = "a field that is meant to be set"

    class Window(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.size = self.parent = self.other = 3

    class Server(socketserver.TCPServer):
        allow_reuse_address = True
        _handle_request_noblock = 4

    assert _hidden_by(Hiding) == ["_context", "_target"]
    assert _hidden_by(Window) == ["parent", "size"]
    assert _hidden_by(Server) == ["_handle_request_noblock"]


def test_the_version_is_one() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == VERSION
    for folder in ("shared", "broker", "client", "tools"):
        assert not [
            place
            for place, line in _lines(folder)
            if f'"{VERSION}"' in line and not place.startswith("shared/version.py")
        ]


def test_every_text_file_has_an_encoding() -> None:
    """Windows would take the system's.

    Preview is for this rule alone: set for all it would change others.
    """
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--preview",
            "--select",
            "PLW1514",
            ".",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- who writes what of a conversation ---

_PARTS = (
    "conversation",
    "about",
    "log_position",
    "member_moves",
    "membership",
    "pending_record",
    "reading",
    "sender_order",
)
_MUTATORS = {
    "add",
    "append",
    "appendleft",
    "clear",
    "discard",
    "extend",
    "insert",
    "intersection_update",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "update",
}


def _core_sources() -> dict[str, str]:
    paths = [path for room in ("core", "api") for path in (ROOT / "client" / room).rglob("*.py")]
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def _is_frozen(decorator: ast.expr) -> bool:
    return "frozen=True" in ast.unparse(decorator)


def _owned_fields(sources: dict[str, str]) -> dict[str, str]:
    """Field -> the module that owns it; of everything mutable that a part of a conversation has."""
    owners: dict[str, str] = {}
    for module in _PARTS:
        for found in ast.parse(sources[module]).body:
            if not isinstance(found, ast.ClassDef) or any(map(_is_frozen, found.decorator_list)):
                continue
            names = [
                line.target.id
                for line in found.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            ]
            names += [
                node.attr
                for node in ast.walk(found)
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            ]
            for name in dict.fromkeys(names):
                assert owners.setdefault(name, module) == module, f"two parts have a {name}"
    return owners


def _of_another(node: ast.AST, fields: set[str], aliases: dict[str, str]) -> str:
    """The field that an expression stands for, unless it is one of the object's own; empty if it is
    none.
    """
    if isinstance(node, ast.Name):
        return aliases.get(node.id, "")
    if isinstance(node, ast.Attribute) and node.attr in fields:
        return "" if isinstance(node.value, ast.Name) and node.value.id == "self" else node.attr
    return ""


def _aliases(function: ast.AST, fields: set[str]) -> dict[str, str]:
    """Local names that stand for a field."""
    found = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.NamedExpr):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            pairs = [(target, node.value) for target in targets]
            if isinstance(targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(targets[0].elts, node.value.elts, strict=True))
            for target, value in pairs:
                if (
                    isinstance(target, ast.Name)
                    and isinstance(value, ast.Attribute)
                    and value.attr in fields
                ):
                    found[target.id] = value.attr
    return found


def _containers(sources: dict[str, str]) -> set[str]:
    """The fields that can be written through another name for them."""
    lines = (line for module in _PARTS for line in ast.walk(ast.parse(sources[module])))
    return {
        line.target.id
        for line in lines
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and re.match("dict|list|set|deque", ast.unparse(line.annotation))
    }


def _written(node: ast.AST, fields: set[str], parts: set[str], aliases: dict[str, str]) -> str:
    """The field that a node writes, if it writes one.

    `parts` are no containers: they have methods of their own.
    """
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        return _of_another(node, fields, {})
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return _of_another(node.value, fields, aliases)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return _of_another(node.target, fields, aliases)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _MUTATORS
    ):
        return _of_another(node.func.value, fields - parts, aliases)
    is_hidden = isinstance(node, ast.Call) and _name_of(node.func) in {
        "setattr",
        "delattr",
        "force_setattr",
    }
    return "something by name" if is_hidden else ""


def _foreign_writes(sources: dict[str, str]) -> list[str]:
    """Where a module writes to a part of a conversation that another module owns."""
    owners, containers, found = _owned_fields(sources), _containers(sources), []
    parts = {name for name, owner in owners.items() if owner == "conversation"}
    for module, source in sources.items():
        foreign = {name for name, owner in owners.items() if owner != module}
        tree = ast.parse(source)
        scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] or [tree]
        for scope in scopes:
            aliases = _aliases(scope, foreign & containers)
            writes = (_written(node, foreign, parts, aliases) for node in ast.walk(scope))
            found += [
                f"{module} writes {name} of {owners.get(name, 'another')}"
                for name in writes
                if name
            ]
    return found


def test_every_field_of_a_conversation_is_written_by_one_module() -> None:
    sources = _core_sources()
    owners = _owned_fields(sources)
    assert len(owners) >= 45 and {
        "cursor",
        "unread",
        "leavers",
        "snapshot",
        "keys_asked",
        "posted",
    } <= set(owners)
    assert _foreign_writes(sources) == []


@pytest.mark.parametrize(
    "line, field",
    [
        ("conversation.log.cursor = 5", "cursor"),
        ("conversation.reading.unread += 1", "unread"),
        ("conversation.moves.left, other = [], 1", "left"),
        ("conversation.keys.epochs[3] = other", "epochs"),
        ("del conversation.incoming.waiting[3]", "waiting"),
        ("conversation.pending.changes.popleft()", "changes"),
        ("asked = conversation.keys.keys_asked; asked.add(3)", "keys_asked"),
        (
            "log, cursors = conversation.log, conversation.receipts.cursors; cursors[other] = 3",
            "cursors",
        ),
        ("leavers = conversation.moves.leavers; leavers += [other]", "leavers"),
        ("for conversation.reach.head in (1, 2): pass", "head"),
        ("conversation.log = other", "log"),
        ("setattr(conversation.log, 'cursor', 5)", "something by name"),
    ],
)
def test_a_write_from_elsewhere_is_found(line: str, field: str) -> None:
    sources = _core_sources()
    sources["views"] += f"\n\ndef _mutant(conversation, other):\n    {line}\n"
    assert [found.split(" of ")[0] for found in _foreign_writes(sources)] == [
        f"views writes {field}"
    ]


# --- what carries out what ---


def _kinds(module: ModuleType, base: type) -> set[type]:
    return {
        found
        for found in vars(module).values()
        if isinstance(found, type) and base in found.__mro__[1:]
    }


def _core() -> ClientCore:
    return ClassRoom(["alice"]).people["alice"].core


def test_every_command_and_every_event_has_its_handler() -> None:
    core = _core()
    assert core.command_table.kinds == _kinds(events, Command)
    assert core.event_table.kinds == set(get_args(Event))


def test_every_headless_command_has_its_method() -> None:
    assert set(Headless(cast(ClientSession, None), StringIO()).methods) == set(COMMAND_FIELDS)


def test_a_handler_that_is_missing_or_registered_twice_is_noticed() -> None:
    core = _core()
    del core.command_table._handlers[Quit]
    assert Quit not in core.command_table.kinds
    with pytest.raises(AssertionError):
        core.event_table.on(Ticked, print)


_BY_NAME = re.compile(r"getattr\(.*(__name__|f[\"'])")


def test_nothing_is_found_by_the_name_of_a_class() -> None:
    for folder in ("broker", "client", "shared"):
        for place, line in _lines(folder):
            assert not _BY_NAME.search(line), place
    assert _BY_NAME.search('method = getattr(self, f"_on_{type(command).__name__}")')
    assert _BY_NAME.search("getattr(self, type(command).__name__, None)")


# --- wide records ---


def _fields_of(kind: type) -> list[str]:
    """The fields that may be given by their place."""
    if dataclasses.is_dataclass(kind):
        return [
            found.name for found in dataclasses.fields(kind) if found.init and not found.kw_only
        ]
    if not issubclass(kind, msgspec.Struct):
        return []
    return [
        name
        for name, found in inspect.signature(kind).parameters.items()
        if found.kind is not found.KEYWORD_ONLY
    ]


def _wide(module: ModuleType) -> list[str]:
    kinds = [found for found in vars(module).values() if isinstance(found, type)]
    return [
        f"{module.__name__}.{kind.__name__}"
        for kind in kinds
        if kind.__module__ == module.__name__ and len(_fields_of(kind)) > 6
    ]


def test_records_of_more_than_six_fields_are_written_with_their_names() -> None:
    names = [
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for folder in ("broker", "client")
        for path in (ROOT / folder).rglob("*.py")
        if not path.is_relative_to(ROOT / "client" / "gui") and path.stem != "__init__"
    ]
    wide = [one for name in names for one in _wide(importlib.import_module(name))]
    assert wide == []


def test_a_record_that_is_too_wide_is_found() -> None:
    module = ModuleType("made")
    fields = [(f"f{number}", int) for number in range(7)]
    module.Wide = dataclasses.make_dataclass("Wide", fields)  # type: ignore[attr-defined]
    module.Named = dataclasses.make_dataclass("Named", fields, kw_only=True)  # type: ignore[attr-defined]
    module.Struct = msgspec.defstruct("Struct", fields)  # type: ignore[attr-defined]
    for kind in (module.Wide, module.Named, module.Struct):
        kind.__module__ = "made"
    assert _wide(module) == ["made.Wide", "made.Struct"]


def test_nobody_but_the_program_reaches_the_main_window() -> None:
    """Controllers get WindowServices and the one widget they own: what they need is read in their
    constructors.
    """
    importers = set()
    for path in (ROOT / "client" / "gui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("main_window"):
                importers.add(path.name)
            assert not (isinstance(node, ast.Attribute) and node.attr == "_window"), (
                f"{path.name} holds the window"
            )
    assert importers == {"app.py"}


MAX_METHODS = 40
_TO_BE_DIVIDED = {"client/core/commands.py: Commands"}  # one method for each command


def test_no_class_has_more_than_forty_methods() -> None:
    found = set()
    for folder in ("shared", "broker", "client", "tools", "benchmarks", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    methods = [
                        one
                        for one in node.body
                        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                    ]
                    if len(methods) > MAX_METHODS:
                        found.add(f"{path.relative_to(ROOT).as_posix()}: {node.name}")
    assert found == _TO_BE_DIVIDED
