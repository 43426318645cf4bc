"""Check the subjects of commits: `area: do this and that`, at most 72 characters.

Run: python -m tools.commit_subjects   every commit after the one that added this file
     python -m tools.commit_subjects --message FILE   one message (the commit-msg hook)

History before this file is left alone. A shallow clone is checked as far as it reaches, and a
source tree without history has nothing to check.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
THIS: Final = Path(__file__).resolve().relative_to(ROOT).as_posix()
LONGEST: Final = 72

_SHAPE: Final = re.compile(r"[a-z][a-z0-9_.-]*(?:, [a-z][a-z0-9_.-]*)*: (?P<text>\S.*)")
_UNFINISHED: Final = re.compile(r"\b(?:wip\w*|fixup!|squash!|amend!)|^Merge\b", re.IGNORECASE)
_MACHINE_PATH: Final = re.compile(
    r"(?<![\w.])(?:~|/(?:home|root|tmp|Users|work|mnt|opt|srv|var|private))/|\b[A-Za-z]:\\"
)
# English base forms that only look like a past tense, a gerund or a third person.
_BASE_FORMS: Final = """
    embed exceed feed heed need proceed seed shed shred speed succeed weed
    bring cling fling ping ring sing spring sting string swing
    bias bus canvas focus
"""
_NO_VERBS: Final = """
    a an the this that these those what who whoever whatever which how why where when while no
    not nobody nothing one both each every all any some more less other another it its they we
    i in on at of for from by with without after before if as and but or there also now
"""


def is_base_form(word: str) -> bool:
    """Return whether `word` may open an order: "add" may, "added", "adding" and "adds" may not.

    A rule of thumb by endings. It knows no dictionary, so a noun may pass.
    """
    if word in _BASE_FORMS.split():
        return True
    if word in _NO_VERBS.split() or not re.fullmatch(r"[a-z][a-z-]*", word):
        return False
    return not re.search(r"(?:ed|ing|[^s]s)$", word)


def faults(subject: str) -> list[str]:
    """Return what is wrong with the first line of a commit message, as sentences; [] if nothing."""
    faults_found = []
    if len(subject) > LONGEST:
        faults_found.append(f"has {len(subject)} characters, at most {LONGEST} are allowed")
    if _UNFINISHED.search(subject):
        faults_found.append(
            "is work in progress or a merge; finish it, or rebase instead of merging"
        )
    if _MACHINE_PATH.search(subject):
        faults_found.append("names a path of one machine")
    shape = _SHAPE.fullmatch(subject)
    if not shape:
        return [
            *faults_found,
            "does not begin with a lower-case area, such as `broker: ` or `gui: `",
        ]
    first = shape["text"].split()[0]
    if not is_base_form(first):
        faults_found.append(f"does not go on with an imperative: `{first}` is none")
    if subject.endswith("."):
        faults_found.append("ends with a full stop")
    return faults_found


def subjects_to_check(root: Path) -> list[tuple[str, str]]:
    """Return (short hash, subject) of every commit after the one that added this file.

    Reads the history of the repository whose top folder is `root`; [] if `root` is none. In a
    shallow clone the oldest commit present adds every file, so the check begins after that one.

    Raises:
        subprocess.CalledProcessError: git cannot read the history.
    """
    if not (root / ".git").exists():
        return []
    added = _git(root, "log", "--diff-filter=A", "--format=%H", "--", THIS).split()
    if not added:  # not committed yet
        return []
    lines = _git(root, "log", "--format=%h %s", f"{added[-1]}..HEAD").splitlines()
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def _git(root: Path, *command: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *command], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout


def main(arguments: list[str]) -> int:
    """Print one line for each fault; return 1 if there is any."""
    if arguments[:1] == ["--message"]:
        first_line = Path(arguments[1]).read_text(encoding="utf-8").partition("\n")[0]
        subjects = [("this commit", first_line)]
    else:
        subjects = subjects_to_check(ROOT)
    lines = [
        f"{commit}: the subject {fault}: {subject}"
        for commit, subject in subjects
        for fault in faults(subject)
    ]
    print("\n".join(lines) or f"{len(subjects)} commit subjects are as they should be")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
