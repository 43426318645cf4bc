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
