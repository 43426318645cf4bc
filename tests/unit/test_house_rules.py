"""Rules of the house that no linter knows: where blocking sends, secrets and sleeps must not stand."""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import inspect
import re
import socketserver
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

from PyQt5.QtWidgets import QWidget

from shared.version import VERSION
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
                assert place.startswith(("broker/storage", "client/store", "client/keystore", "broker/accounts")), place


def test_tests_do_not_sleep() -> None:
    found = [place for place, line in _lines("tests") if re.search(r"\btime\.sleep\(", line)]
    assert all("house_rules" in place for place in found), found


def test_the_network_threads_never_wait_in_a_socket() -> None:
    for path, names in (("broker/loop.py", {"send", "recv", "recv_multipart"}), ("client/dealer.py", {"send", "recv"})):
        calls = [
            call
            for call in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            if isinstance(call, ast.Call) and _name_of(call.func) in names
        ]
        assert calls, path
        for call in calls:
            flags = {_name_of(part) for part in [*call.args, *(word.value for word in call.keywords)]}
            assert flags & {"_DONTWAIT", "_ID_FLAGS", "DONTWAIT"}, f"{path}:{call.lineno}"


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_no_constant_nonces() -> None:
    for place, line in _lines("shared/crypto"):
        assert not re.search(r"nonce\s*=\s*(b[\"']|bytes\()", line), place


_SHOWING = {
    "setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription",
    "setTitle", "setInformativeText", "setStatusTip", "setLabelText", "QLabel", "QPushButton", "QCheckBox",
    "QRadioButton", "QAction", "QMenu", "QGroupBox", "addAction", "addMenu", "addItem", "addTab", "drawText",
    "setHorizontalHeaderLabels", "heading", "note", "tick", "say",
}  # fmt: skip
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
        "setText('Send')": ["Send"], "setText(f'{a} unread')": [" unread"], "setText('a' if b else 'Save')": ["Save"],
        "setText(tr('Send'))": [], "setText('+')": [], "setText(f'{tr(\"Send\")} {a}')": [],
    }  # fmt: skip
    for source, words in found.items():
        call = ast.parse(source).body[0]
        assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
        assert [word for part in call.value.args for word in _plain_words(part)] == words


def test_nothing_forks() -> None:
    """A child would take the sockets of its parent along, and libzmq does not see it."""
    for folder in ("broker", "client", "shared"):
        for place, line in _lines(folder):
            assert not re.search(r"\bos\.fork|\bmultiprocessing\b|ProcessPoolExecutor|preexec_fn", line), place


# Private names of the standard library's classes that newer Pythons have and the one of this test may not.
_LATER_NAMES = {"Thread": {"_context", "_handle", "_os_thread_handle", "_started", "_stderr", "_invoke_excepthook"}}


@functools.cache
def _classes_in(path: str) -> dict[str, ast.ClassDef]:
    found: dict[str, ast.ClassDef] = {}

    def look(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            is_named = isinstance(child, ast.ClassDef | ast.FunctionDef)
            name = f"{prefix}{child.name}" if is_named else prefix
            if isinstance(child, ast.ClassDef):
                found.setdefault(name, child)
            look(child, f"{name}." if isinstance(child, ast.ClassDef) else f"{name}.<locals>." if is_named else prefix)

    look(ast.parse(Path(path).read_text(encoding="utf-8")), "")
    return found


def _source_of(kind: type) -> ast.ClassDef:
    """The class as it is written. OSError or TypeError if it is written in C."""
    path = inspect.getsourcefile(kind) or ""
    if kind.__qualname__ not in _classes_in(path):
        raise OSError(f"{kind.__qualname__} is not in {path}")
    return _classes_in(path)[kind.__qualname__]


def _names_of_outsiders(kind: type) -> dict[str, type]:
    """What the bases outside of this project define: in their classes, and on `self` in the source of their methods."""
    found: dict[str, type] = {}
    for base in kind.__mro__[1:]:
        if base is object or (base.__module__ or "").split(".")[0] in ("broker", "client", "shared", "tools", "tests"):
            continue
        names = set(vars(base)) | _LATER_NAMES.get(base.__name__, set())
        with contextlib.suppress(OSError, TypeError):  # written in C
            names |= _assigned_to_self(_source_of(base))
        found |= {name: base for name in names if not (name.startswith("__") and name.endswith("__"))}
    return found


def _assigned_to_self(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name) and node.value.id == "self"
    }  # fmt: skip


def _hidden_by(kind: type) -> list[str]:
    """Instance attributes with the name of anything of a foreign base, and values in place of its private names."""
    outside = _names_of_outsiders(kind)
    tree = _source_of(kind)
    slots = {name for name in _assigned_to_self(tree) if name in outside}
    own = {name for name in _named_in_body(tree) if name in outside and name.startswith("_")}
    return sorted(name for name in slots | own if not _is_meant(outside[name], name))


def _named_in_body(tree: ast.ClassDef) -> set[str]:
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _is_meant(base: type, name: str) -> bool:
    """What the base offers to be set: its documented fields (`timeout`, `daemon_threads`), which are no functions."""
    value = getattr(base, name, None)
    return not name.startswith("_") and (value is None or isinstance(value, bool | int | float | str | property))


def _classes() -> list[type]:
    found: list[type] = []
    for folder in ("shared", "broker", "client"):
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(name.removesuffix(".__init__"))
            found += [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == name]
    return found


def _is_looked_at(kind: type) -> bool:
    made = any(hasattr(kind, mark) for mark in ("__struct_fields__", "__dataclass_fields__", "_fields", "_member_map_"))
    return not made


def test_no_attribute_hides_one_of_a_foreign_base() -> None:
    """Python 3.14 took `_context` for its own threads, and ours that stored something there were dead."""
    kinds = [kind for kind in _classes() if _is_looked_at(kind)]
    assert len(kinds) > 150 and {"NetThread", "ZapThread", "MainWindow"} <= {kind.__name__ for kind in kinds}
    found = {f"{kind.__module__}.{kind.__qualname__}": hidden for kind in kinds if (hidden := _hidden_by(kind))}
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
            place for place, line in _lines(folder)
            if f'"{VERSION}"' in line and not place.startswith("shared/version.py")
        ]  # fmt: skip
def test_every_text_file_has_an_encoding() -> None:
    """Windows would take the system's. Preview is for this rule alone: set for all it would change others."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--preview", "--select", "PLW1514", "."], cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
