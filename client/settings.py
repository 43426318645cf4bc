"""The client's options from the command line, and where profiles lie."""

from __future__ import annotations

import argparse
import codecs
import os
import re
from pathlib import Path

import msgspec
from platformdirs import user_data_dir

from shared.crypto.vault import Cost
from shared.filenames import safe_file_name
from shared.invitations import APP_NAME
from shared.settings import settled

MINIMAL_COST = Cost(1, 8 * 1024)
MAX_PASSPHRASE_FILE = 64 * 1024  # the path may name a device that never ends


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was asked for on the command line; empty means not given."""

    profile: Path | None = None
    invitation: str = ""
    username: str = ""
    passphrase_file: Path | None = None
    is_headless: bool = False
    cost: Cost | None = None  # None: the default of the vault
    export_to: Path | None = None
    export_of: str = ""  # one conversation; empty: everything
    has_pseudonyms: bool = False
    has_files: bool = True
    recovers: bool = False

    def __post_init__(self) -> None:
        if self.export_to is None and (self.export_of or self.has_pseudonyms or not self.has_files):
            raise ValueError("--conversation, --pseudonyms and --no-files go with --export")


def default_profiles_dir() -> Path:
    """Where profiles lie when no directory is given."""
    return Path(user_data_dir(APP_NAME, appauthor=False)) / "profiles"


def default_profile_dir(username: str) -> Path:
    """The profile of a user on this computer; its name is one for Windows, too, where nobody's
    folder is called CON.
    """
    plain = re.sub(r"[^\w.-]", "_", username).strip(".") or "default"
    before = (
        default_profiles_dir() / plain
    )  # as it was made before names of devices were thought of
    return (
        before
        if (before / "profile.json").is_file()
        else default_profiles_dir() / safe_file_name(plain)
    )


def read_passphrase(path: Path) -> str:
    """The first line of the file; ValueError with a sentence if there is none, or it cannot be
    read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_PASSPHRASE_FILE)
    except OSError as error:
        raise ValueError(f"The passphrase file {path} cannot be read: {error.strerror}.") from error
    # Windows' PowerShell writes UTF-16 and its Notepad a mark at the beginning: neither is valid in
    # plain UTF-8.
    encoding = "utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    try:
        first_line = raw.decode(encoding).partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"The passphrase file {path} cannot be read: it is not text in UTF-8."
        ) from error
    if not first_line:
        raise ValueError(f"The passphrase file {path} is empty.")
    return first_line


class _Parser(argparse.ArgumentParser):
    """Raises instead of ending the process, so that the caller chooses how to say it."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise ValueError(message)


def _parser() -> _Parser:
    parser = _Parser(
        prog="run_client.py",
        description="The chat of one class, end-to-end encrypted.",
        argument_default=argparse.SUPPRESS,
    )
    _add_what_to_open(parser)
    _add_export(parser)
    # Taken before the rest is read, where the libraries may be missing
    # (client/diagnosis/doctor.py); here for --help.
    parser.add_argument(
        "--doctor",
        action="store_true",
        help="say what is wrong with this computer (--json as JSON)",
    )
    parser.add_argument("--test-cost", action="store_true", help=argparse.SUPPRESS)
    return parser


def _add_what_to_open(parser: _Parser) -> None:
    add = parser.add_argument
    add("link", nargs="?", metavar="LINK", help="invitation: the link, or its file")
    add("--profile", help="directory with this user's keys and history")
    add("--invitation", help="the same as LINK; needed only the first time")
    add("--username", help="your name in the class")
    add("--passphrase-file", help="file whose first line is the passphrase")
    add(
        "--headless",
        dest="is_headless",
        action="store_true",
        help="JSON lines on standard input and output, no window",
    )
    add(
        "--recover",
        dest="recovers",
        action="store_true",
        help="get your account back on this computer",
    )


def _add_export(parser: _Parser) -> None:
    add = parser.add_argument
    add(
        "--export",
        dest="export_to",
        metavar="DIR",
        help="write everything you can read to DIR, and end",
    )
    add(
        "--conversation",
        dest="export_of",
        metavar="NAME",
        help="with --export: #name or @name alone",
    )
    add(
        "--pseudonyms",
        dest="has_pseudonyms",
        action="store_true",
        help='with --export: students as "Student 1", ...',
    )
    add(
        "--no-files",
        dest="has_files",
        action="store_false",
        help="with --export: without the files",
    )


def parse_options(argv: list[str]) -> Options:
    """Read the arguments; ValueError with a sentence if they are not right."""
    given = vars(_parser().parse_args(argv))
    given.pop("doctor", None)
    link = given.pop("link", "")
    if link and given.get("invitation"):
        raise ValueError("the invitation is given twice: as LINK and by --invitation")
    given.update({"invitation": link} if link else {})
    is_cheap = given.pop("test_cost", False) and os.environ.get("CSCE513_ARGON2") == "minimal"
    return msgspec.structs.replace(settled(Options, given), cost=MINIMAL_COST if is_cheap else None)
