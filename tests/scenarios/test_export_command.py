"""`run_client.py --export` between real processes: what was written and sent, hashed, readable,
with pseudonyms.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.class_processes import class_processes
from tests.support.processes.headless import HeadlessClient

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def export(
    client: HeadlessClient, folder: Path, target: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    profile = folder / client.username
    arguments = [
        sys.executable,
        "run_client.py",
        "--test-cost",
        "--profile",
        str(profile),
        "--username",
        client.username,
        "--passphrase-file",
        str(profile.with_suffix(".passphrase")),
        "--export",
        str(target),
        *options,
    ]
    environment = {**os.environ, "CSCE513_ARGON2": "minimal"}
    return subprocess.run(
        arguments, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def contents(target: Path) -> Iterator[str]:
    for path in target.rglob("*"):
        yield path.relative_to(target).as_posix()
        if path.is_file():
            yield path.read_bytes().decode(errors="replace")


def check_manifest(target: Path) -> None:
    listed = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "manifest.sha256"],
        cwd=target,
        capture_output=True,
        check=False,
    )
    assert listed.returncode == 0, listed.stdout
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    lines = (target / "manifest.sha256").read_text(encoding="utf-8").splitlines()
    assert {line.partition("  ")[2] for line in lines} == files - {"manifest.sha256"}


def test_an_export_holds_what_was_written_and_sent_also_by_who_was_away(tmp_path: Path) -> None:
    with class_processes(tmp_path) as room:
        alice, bobby = room.start_all("alice", "bobby")
        assert bobby.quit() == 0
        source = tmp_path / "alice_hw1.bin"
        source.write_bytes(os.urandom(700_000))
        sent = alice.send_file("@bobby", source, text="My draft, says alice")
        asked = alice.send("ask", to="@bobby", text="Is **this** right, @bobby?")
        alice.event("message_state", message_id=asked["message_id"], state="stored")

        done = export(bobby, tmp_path, tmp_path / "plain")
        assert done.returncode == 0, done.stderr
        assert "1 files" in done.stdout and "Exported" in done.stdout
        check_manifest(tmp_path / "plain")
        (path,) = (tmp_path / "plain").glob("conversations/* alice/messages.jsonl")
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [record["id"] for record in records if "from" in record] == [
            sent["message_id"],
            asked["message_id"],
        ]
        file = next(record["file"] for record in records if "file" in record)
        assert (tmp_path / "plain" / file["path"]).read_bytes() == source.read_bytes()
        (page,) = (tmp_path / "plain").glob("conversations/* alice/page-001.html")
        assert "Is <b>this</b> right" in page.read_text(encoding="utf-8")

        hidden = export(
            bobby, tmp_path, tmp_path / "hidden", "--pseudonyms", "--conversation", "@alice"
        )
        assert hidden.returncode == 0, hidden.stderr
        check_manifest(tmp_path / "hidden")
        everything = "\n".join(contents(tmp_path / "hidden")).lower()
        assert "alice" not in everything and "bobby" not in everything and "student 1" in everything

        again = export(bobby, tmp_path, tmp_path / "plain")
        assert again.returncode == 1 and "not empty" in again.stderr
        nobody = export(bobby, tmp_path, tmp_path / "none", "--conversation", "#nothing")
        assert nobody.returncode == 2 and "There is no conversation #nothing" in nobody.stderr
        assert not (tmp_path / "none").exists()

        room.kill_broker()
        offline = export(bobby, tmp_path, tmp_path / "offline")
        assert offline.returncode == 0, offline.stderr
        assert "Not in the export: alice_hw1.bin" in offline.stdout
        check_manifest(tmp_path / "offline")
        assert any("Is <b>this</b> right" in text for text in contents(tmp_path / "offline"))
