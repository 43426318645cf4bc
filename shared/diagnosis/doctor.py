"""Judge what a machine offers: facts in, one line out that says what is wrong and how to fix it.

Pure; needs only the standard library.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from shared.sizes import size_text
from shared.starting import OLDEST, how_to_get, package_of, system_library

MIB = 1024 * 1024
LEAST_FREE = 256 * MIB


class Verdict(Enum):
    """The mark at the beginning of a finding's line."""

    OK = "ok"
    NOTE = "note"  # good to know; nothing is wrong
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    subject: str
    verdict: Verdict
    words: str
    advice: str = ""  # what to do about it

    @property
    def line(self) -> str:
        """The finding as people read it."""
        advice = f" - {self.advice}" if self.advice else ""
        return f"{self.verdict.value:5} {self.subject}: {self.words}{advice}"


def ok(subject: str, words: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(subject, Verdict.OK, words)


def note(subject: str, words: str, advice: str = "") -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(subject, Verdict.NOTE, words, advice)


def wrong(subject: str, words: str, advice: str) -> Finding:
    """Return a finding that keeps the program from working."""
    return Finding(subject, Verdict.WRONG, words, advice)


def report(findings: Iterable[Finding], *, is_json: bool) -> int:
    """Print all of them; the exit code: 1 if something is wrong."""
    all_findings = list(findings)
    is_well = all(finding.verdict is not Verdict.WRONG for finding in all_findings)
    if is_json:
        rows = [
            {
                "subject": one.subject,
                "verdict": one.verdict.value.lower(),
                "words": one.words,
                "advice": one.advice,
            }
            for one in all_findings
        ]
        print(json.dumps({"ok": is_well, "findings": rows}), flush=True)
    else:
        for finding in all_findings:
            print(finding.line, flush=True)
    return 0 if is_well else 1


# --- what each fact means ---


def check_python(version: Sequence[int], executable: str) -> Finding:
    """Check whether this Python is new enough."""
    have = ".".join(str(number) for number in version[:3])
    if tuple(version[:2]) < OLDEST:
        return wrong(
            "Python", f"{have} at {executable}", f"install Python {OLDEST[0]}.{OLDEST[1]} or newer"
        )
    return ok("Python", f"{have} at {executable}")


def check_libraries(rows: Iterable[tuple[str, str, str | None]], install: str) -> list[Finding]:
    """Check the Python libraries: (module, version, why it cannot be loaded).

    `install` says how to get them. A library of several modules is one finding.
    """
    judged: dict[str, Finding] = {}
    for module, version, error in rows:
        package = package_of(module)
        if package not in judged or error is not None:
            judged[package] = _check_library(package, version, error, install)
    return list(judged.values())


def _check_library(package: str, version: str, error: str | None, install: str) -> Finding:
    if error is None:
        return ok(package, version or "there")
    library = system_library(error)
    if library is not None:
        return wrong(package, f"the system's library {library} is missing", how_to_get(library))
    return wrong(package, error, install)


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """The state of a folder as it was found.

    On systems without owners (Windows) the ids are 0 and the mode is that of a private folder.
    """

    path: str
    kind: str  # "folder", "file" or "nothing"
    parent: str  # the nearest existing parent folder
    error: str = ""  # why nothing can be written there; empty: it can
    owner: int = 0
    user: int = 0  # whoever runs the program
    mode: int = 0o700
    strangers: int = 0  # files in it whose owner is not the folder.s


def check_folder(subject: str, facts: FolderFacts) -> Finding:
    """Check whether the program can keep its data there and nobody else can read it."""
    path = facts.path
    if facts.kind == "file":
        return wrong(subject, f"{path} is a file", "choose a folder")
    if facts.error:
        return wrong(
            subject,
            f"nothing can be written in {facts.parent}: {facts.error}",
            "choose another folder, or have its owner give you the right to write there",
        )
    if facts.kind == "nothing":
        return ok(subject, f"{path} is made at the first start")
    if facts.owner != facts.user:
        return wrong(
            subject,
            f"{path} belongs to user {facts.owner}, and you are {facts.user}",
            "run the program as the user that the folder belongs to",
        )
    if facts.strangers:
        return wrong(
            subject,
            f"{facts.strangers} files in {path} belong to another user",
            f"give them to the owner of the folder: chown -R {facts.owner} {path}",
        )
    if facts.mode & 0o077:
        return wrong(subject, f"others on this machine can look into {path}", f"chmod 700 {path}")
    return ok(subject, f"{path} can be written, by you alone")


def check_disk(path: str, free: int, needed: int) -> Finding:
    """Check whether there is enough space for the data to come."""
    words = f"{size_text(free)} free at {path}"
    if free < needed:
        return wrong("disk", words, f"make space; {size_text(needed)} are needed at least")
    return ok("disk", words)


def check_descriptors(hard: int | None, needed: int) -> Finding:
    """Check how many connections one process may have; None where there is no such limit."""
    if hard is None or hard < 0:
        return ok("file descriptors", "no limit")
    if hard < needed:
        return wrong(
            "file descriptors",
            f"at most {hard}, one for each client",
            f"raise the hard limit to {needed} (ulimit -Hn, LimitNOFILE= in the unit)",
        )
    return ok("file descriptors", f"at most {hard}")


def check_clock(difference_ms: int) -> Finding:
    """Compare this machine's clock with the server's; positive: this one is ahead."""
    seconds = abs(difference_ms) / 1000
    direction = "ahead of" if difference_ms > 0 else "behind"
    if seconds < 5:
        return ok("clock", "the same as the server's")
    words = f"{seconds:.0f} s {direction} the server's"
    if seconds < 120:
        return note("clock", words)
    return wrong(
        "clock",
        words,
        "set one of the two by the network's time: messages show the time of their writer",
    )


# --- the window ---


@dataclass(frozen=True, slots=True)
class Window:
    """What a process found that opened Qt's application. `error` if it could not."""

    error: str = ""
    platform: str = ""
    emoji: tuple[str, ...] = ()
    has_bridge: bool = False


def check_window(window: Window, system: str, emoji_families: Sequence[str]) -> list[Finding]:
    """Check the screen, a font with emoji, and the connection to a screen reader."""
    if window.error:
        return [
            wrong(
                "screen",
                window.error,
                "start it in a desktop session (over SSH: ssh -X), or use --headless",
            )
        ]
    return [
        ok("screen", f"Qt opens it ({window.platform})"),
        _check_font(window, emoji_families),
        _check_reader(window, system),
    ]


def _check_font(window: Window, families: Sequence[str]) -> Finding:
    if window.emoji:
        return ok("emoji", window.emoji[0])
    get = f"install one of {', '.join(families)} (Debian, Ubuntu: sudo apt install fonts-noto-color-emoji)"
    return wrong("emoji", "no font has them: reactions are drawn as boxes", get)


def _check_reader(window: Window, system: str) -> Finding:
    if system in ("win32", "darwin"):
        return ok("screen reader", "Qt talks to the system's own")
    if window.has_bridge:
        return ok("screen reader", "this Qt has the AT-SPI bridge")
    return note(
        "screen reader",
        "this Qt has no AT-SPI bridge, so screen readers hear nothing",
        "if you use one: install the system's PyQt5 (Debian, Ubuntu: sudo apt install python3-pyqt5) and make the "
        "environment with --system-site-packages and without PyQt5",
    )
