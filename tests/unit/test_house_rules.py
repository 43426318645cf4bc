"""Rules of the house that no linter knows: where blocking sends, secrets and sleeps must not stand."""

from __future__ import annotations

import ast
import re

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
