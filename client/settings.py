"""The client's options from the command line, and where profiles lie."""

from __future__ import annotations

import argparse
import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_dir

from shared.crypto.vault import Cost
from shared.filenames import safe_file_name
from shared.invitations import APP_NAME

MINIMAL_COST = Cost(1, 8 * 1024)
MAX_PASSPHRASE_FILE = 64 * 1024  # the path may name a device that never ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for on the command line; empty means not given."""

    profile: Path | None
    invitation: str
    username: str
    passphrase_file: Path | None
    is_headless: bool
    cost: Cost | None  # None: the default of the vault
    export_to: Path | None = None
    export_of: str = ""  # one conversation; empty: everything
    has_pseudonyms: bool = False
    has_files: bool = True
    recovers: bool = False


def default_profiles_dir() -> Path:
    """Where profiles lie when no directory is given."""
    return Path(user_data_dir(APP_NAME, appauthor=False)) / "profiles"


def default_profile_dir(username: str) -> Path:
    """The profile of a user on this computer; its name is one for Windows, too, where nobody's folder is called CON."""
    plain = re.sub(r"[^\w.-]", "_", username).strip(".") or "default"
    before = default_profiles_dir() / plain  # as it was made before names of devices were thought of
    return before if (before / "profile.json").is_file() else default_profiles_dir() / safe_file_name(plain)


def read_passphrase(path: Path) -> str:
    """The first line of the file; ValueError with a sentence if there is none, or it cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_PASSPHRASE_FILE)
    except OSError as error:
        raise ValueError(f"The passphrase file {path} cannot be read: {error.strerror}.") from error
    # Windows' PowerShell writes UTF-16 and its Notepad a mark at the beginning: neither is valid in plain UTF-8.
    encoding = "utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    try:
        first_line = raw.decode(encoding).partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise ValueError(f"The passphrase file {path} cannot be read: it is not text in UTF-8.") from error
    if not first_line:
        raise ValueError(f"The passphrase file {path} is empty.")
    return first_line


class _Parser(argparse.ArgumentParser):
    """Raises instead of ending the process, so that the caller chooses how to say it."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise ValueError(message)


def parse_options(argv: list[str]) -> Options:
    """Read the arguments; ValueError with a sentence if they are not right."""
    parser = _Parser(prog="run_client.py", description="The chat of one class, end-to-end encrypted.")
    parser.add_argument("link", nargs="?", default="", metavar="LINK", help="invitation: the link, or its file")
    parser.add_argument("--profile", type=Path, help="directory with this user's keys and history")
    parser.add_argument("--invitation", default="", help="the same as LINK; needed only the first time")
    parser.add_argument("--username", default="", help="your name in the class")
    parser.add_argument("--passphrase-file", type=Path, help="file whose first line is the passphrase")
    parser.add_argument("--headless", action="store_true", help="JSON lines on standard input and output, no window")
    parser.add_argument("--recover", action="store_true", help="get your account back on this computer")
    parser.add_argument("--export", type=Path, metavar="DIR", help="write everything you can read to DIR, and end")
    parser.add_argument("--conversation", default="", metavar="NAME", help="with --export: #name or @name alone")
    parser.add_argument("--pseudonyms", action="store_true", help='with --export: students as "Student 1", ...')
    parser.add_argument("--no-files", action="store_true", help="with --export: without the files")
    # Taken before the rest is read, where the libraries may be missing (client/doctor.py); here for --help.
    parser.add_argument("--doctor", action="store_true", help="say what is wrong with this computer (--json as JSON)")
    parser.add_argument("--test-cost", action="store_true", help=argparse.SUPPRESS)
    found = parser.parse_args(argv)
    cost = MINIMAL_COST if found.test_cost and os.environ.get("CSCE513_ARGON2") == "minimal" else None
    if found.export is None and (found.conversation or found.pseudonyms or found.no_files):
        raise ValueError("--conversation, --pseudonyms and --no-files go with --export")
    if found.link and found.invitation:
        raise ValueError("the invitation is given twice: as LINK and by --invitation")
    return Options(
        profile=found.profile, invitation=found.link or found.invitation, username=found.username,
        passphrase_file=found.passphrase_file, is_headless=found.headless, cost=cost, export_to=found.export,
        export_of=found.conversation, has_pseudonyms=found.pseudonyms, has_files=not found.no_files,
        recovers=found.recover,
    )  # fmt: skip
