"""The check of commit subjects: what passes, what does not, and which commits it looks at."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.commit_subjects import LONGEST, THIS, faults, is_base_form, main, subjects_to_check


@pytest.mark.parametrize(
    "subject",
    [
        "broker: speak to systemd, and make backups of a timer",
        "client, broker: say what keeps a program from starting",
        "docs: explain why installs take just what the locks name",
        "gui: pass keys on",
        "tests: seed the simulation",
        "core: ping less often",
        "tools: read /proc without root",
        "ci: re-run what failed",
        "pre-commit: check subjects",
        "x: " + "y" * (LONGEST - 3),
    ],
)
def test_a_good_subject_passes(subject: str) -> None:
    assert faults(subject) == []


@pytest.mark.parametrize(
    "subject, word",
    [
        ("x: " + "y" * (LONGEST - 2), "characters"),
        ("Broker: speak to systemd", "area"),
        ("speak to systemd", "area"),
        ("broker:speak to systemd", "area"),
        ("broker : speak to systemd", "area"),
        ("broker/core: speak to systemd", "area"),
        ("broker: added a timer", "imperative"),
        ("broker: adds a timer", "imperative"),
        ("broker: adding a timer", "imperative"),
        ("broker: Add a timer", "imperative"),
        ("broker: a timer makes backups", "imperative"),
        ("gui: the timeline reads long texts off the window's thread", "imperative"),
        ("broker: names, streams and imports", "imperative"),
        ("broker: add a timer.", "full stop"),
        ("broker: wip", "progress"),
        ("wipbench", "progress"),
        ("fixup! broker: add a timer", "progress"),
        ("Merge branch 'main' of /tmp/other", "progress"),
        ("Merge branch 'main' of /tmp/other", "machine"),
        ("broker: start in /home/alice/chat", "machine"),
        ("broker: start in C:\\chat", "machine"),
        ("broker: start in ~/chat", "machine"),
    ],
)
def test_a_bad_subject_is_found(subject: str, word: str) -> None:
    assert any(word in fault for fault in faults(subject)), faults(subject)


def test_base_forms_with_misleading_ends_are_known() -> None:
    assert all(is_base_form(word) for word in ("embed", "bring", "focus", "dismiss", "process"))


needs_git = pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")


def _commit(root: Path, subject: str) -> None:
    name = {"GIT_AUTHOR_NAME": "a", "GIT_COMMITTER_NAME": "a"}
    mail = {"GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_EMAIL": "a@example.org"}
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    subprocess.run(
        ["git", "commit", "-q", "--no-verify", "--allow-empty", "-m", subject],
        cwd=root,
        check=True,
        env={**os.environ, **name, **mail},
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "there"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    _commit(root, "Of before: nobody looks at it")
    (root / "tools").mkdir()
    (root / THIS).write_text("", encoding="utf-8")
    _commit(root, "Adds the check")
    _commit(root, "first: come after it")
    _commit(root, "Second")
    return root


@needs_git
def test_what_came_before_the_check_is_left_alone(repository: Path) -> None:
    assert [text for _, text in subjects_to_check(repository)] == ["Second", "first: come after it"]


@needs_git
def test_a_check_that_is_not_committed_yet_finds_nothing(repository: Path) -> None:
    subprocess.run(["git", "reset", "-q", "--hard", "HEAD~3"], cwd=repository, check=True)
    assert subjects_to_check(repository) == []


@needs_git
@pytest.mark.parametrize(
    "depth, seen", [(1, []), (2, ["Second"]), (4, ["Second", "first: come after it"])]
)
def test_a_shallow_clone_is_checked_as_far_as_it_reaches(
    repository: Path, tmp_path: Path, depth: int, seen: list[str]
) -> None:
    clone = tmp_path / "shallow"
    command = ["git", "clone", "-q", "--depth", str(depth), repository.as_uri(), str(clone)]
    subprocess.run(command, check=True)
    assert [text for _, text in subjects_to_check(clone)] == seen


def test_a_tree_without_history_has_nothing_to_check(tmp_path: Path) -> None:
    assert subjects_to_check(tmp_path) == []


def test_the_hook_reads_the_first_line_of_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text("broker: add a timer\n\nAdded for the host.\n", encoding="utf-8")
    assert main(["--message", str(message)]) == 0
    message.write_text("Added a timer\n", encoding="utf-8")
    assert main(["--message", str(message)]) == 1
    assert (
        "this commit: the subject does not begin with a lower-case area" in capsys.readouterr().out
    )
