"""The sub-commands of run_broker.py beside serve: invite, status, accounts, backup, restore,
check.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from broker.admin.doctor import main as doctor
from broker.admin.http import ask_running
from broker.admin.operations import ROLE_NAMES, core_of, perform_on_folder
from broker.admin.settings import COMMANDS, Parser, add_place, from_arguments
from broker.storage.backups import backup_faults, file_faults, make_backup, restore_backup
from broker.storage.data_folder import DataDir, DataDirInUse
from broker.storage.inspection import database_faults
from broker.storage.nightly import nightly_backup
from broker.storage.owner import become_owner_of
from broker.storage.sqlite import SqliteStorage
from shared.errors import ChatError
from shared.settings import SettingsError
from shared.sizes import size_text

EXIT_OK, EXIT_FAILED, EXIT_BAD_ARGUMENTS, EXIT_NOT_RUNNING = 0, 1, 2, 3
_PROGRAM: Final = "run_broker.py"
_KEPT: Final = 14  # nights
_STATUS_S: Final = 5.0  # a broker that takes longer to say how it is, is not well


def run_command(argv: Sequence[str]) -> int:
    """Run one command; gives the exit code."""
    name, *rest = argv
    if name == "doctor":
        return doctor(rest)
    run = _COMMANDS.get(name)
    if run is None:
        print(
            f"{_PROGRAM}: there is no command {name!r}; there are {', '.join(COMMANDS)}.",
            file=sys.stderr,
        )
        return EXIT_BAD_ARGUMENTS
    parser = Parser(prog=f"{_PROGRAM} {name}", description=COMMANDS[name].capitalize() + ".")
    add_place(parser)
    _ARGUMENTS[name](parser)
    arguments = parser.parse_args(rest)
    try:
        data_dir = from_arguments(
            {"data_dir": arguments.data_dir, "config": arguments.config}
        ).data_dir
        if name not in ("backup", "restore") and not getattr(arguments, "backup", None):
            become_owner_of(data_dir)  # those work outside of the folder as well
        return run(data_dir, arguments)
    except SettingsError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return EXIT_BAD_ARGUMENTS
    except ChatError as error:
        if getattr(arguments, "json", False):
            print(json.dumps({"ok": False, "code": error.code, "message": error.message}))
        print(f"{parser.prog}: {error.message}", file=sys.stderr)
        return EXIT_FAILED


def _ask(data_dir: Path, **request: str) -> Mapping[str, Any]:
    """Done by the running broker, else on the folder itself."""
    try:
        return perform_on_folder(data_dir, request)
    except DataDirInUse:
        return ask_running(DataDir(data_dir), request)


def _print_json(value: object) -> None:
    print(json.dumps(value))  # in ASCII: it is JSON in every encoding that the stream may have


# --- invite ---


def _invite_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--new", choices=("students", "instructors"), help="make a new join code; the old one ends"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def _invite(data_dir: Path, arguments: argparse.Namespace) -> int:
    answer = _ask(data_dir, do="invite", new=arguments.new or "")
    if arguments.json:
        _print_json(answer)
        return EXIT_OK
    if arguments.new:
        print(
            f"There is a new join code for {arguments.new}; the old one does not work any more.\n"
        )
    print(
        f"{answer['class_name']} at {answer['endpoint']}\n\n"
        f"Invitation for students (pass it on):\n  {answer['invitation']}\n  also in {answer['file']}\n\n"
        f"Invitation for instructors (keep it to yourself):\n  {answer['instructor_invitation']}\n"
        f"  also in {answer['instructor_file']}"
    )
    return EXIT_OK


# --- status ---


def _json_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _status(data_dir: Path, arguments: argparse.Namespace) -> int:
    data = DataDir(data_dir)
    try:
        data.check_is_class()
        data.open()
    except DataDirInUse:
        answer = ask_running(data, {"do": "status"}, _STATUS_S)
    else:
        data.close()
        if arguments.json:
            _print_json({"running": False})
        else:
            print(f"No broker runs on {data_dir}.")
        return EXIT_NOT_RUNNING
    problems = answer["problems"]
    assert isinstance(problems, list)
    if arguments.json:
        _print_json({"running": True, **answer})
    else:
        _print_status(answer, problems)
    return EXIT_FAILED if problems else EXIT_OK


def _print_status(answer: Mapping[str, Any], problems: list[str]) -> None:
    minutes = answer["uptime_s"] // 60
    uptime = f"{minutes // 1440} d {minutes // 60 % 24} h {minutes % 60} min"
    print(
        f"{answer['class_name']} at {answer['endpoint']}, process {answer['pid']}, running for {uptime}\n"
        f"People:   {answer['online']} of {answer['accounts']} online, {answer['conversations']} conversations\n"
        f"Messages: {answer['messages_since_start']} since the start, {answer['waiting_changes']} wait for the disk\n"
        f"Files:    {answer['files']}, {size_text(answer['file_bytes'])};"
        f" {size_text(answer['disk_free_bytes'])} of the disk are free\n"
        f"Pages:    {answer['pages']}/metrics and /health"
    )
    print("\n".join(["", "NOT WELL:", *problems]) if problems else "All is well.")


# --- accounts ---


def _accounts_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = (
        f"{_PROGRAM} accounts [list | role NAME ROLE | ban NAME | unban NAME | reset NAME]"
        " [--data-dir DIR] [--config FILE] [--json]"
    )
    parser.add_argument(
        "what",
        nargs="?",
        default="list",
        choices=("list", "role", "ban", "unban", "reset"),
        help="list everybody (default); give a role; shut somebody out, or let in again; close an"
        " account whose owner lost everything, and print the invitation to come back under the same"
        " name with new keys",
    )
    parser.add_argument("name", nargs="?", default="", help="username")
    parser.add_argument(
        "role",
        nargs="?",
        default="",
        choices=("", *ROLE_NAMES),
        metavar="ROLE",
        help=f"one of {', '.join(ROLE_NAMES)}",
    )
    _json_argument(parser)


def _accounts(data_dir: Path, arguments: argparse.Namespace) -> int:
    what, name, role = arguments.what, arguments.name, arguments.role
    if bool(name) != (what != "list") or bool(role) != (what == "role"):
        wanted = {"list": "no name", "role": "a name and a role"}.get(what, "a name alone")
        raise SettingsError(f"'{what}' takes {wanted}.")
    request = {"do": "accounts" if what == "list" else what, "username": name, "role": role}
    answer = _ask(data_dir, **request)
    if arguments.json:
        _print_json(answer)
    elif what == "list":
        _print_accounts(answer["accounts"])
    elif what == "reset":
        print(
            f"The account of {name} is closed, and the name is kept for whoever has this invitation. Give it to {name}"
            f" in person:\n  {answer['invitation']}\n\n"
            "Everybody is told that the key has changed, and accepts the new one before anything is sent to it."
        )
    else:
        print(f"{name} is {answer['role'] if what == 'role' else answer['state']} now.")
    return EXIT_OK


def _print_accounts(accounts: list[Mapping[str, Any]]) -> None:
    width = max([8, *(len(account["username"]) for account in accounts)])
    print(f"{'username':{width}}  {'role':10}  {'state':7}  {'online':6}  files")
    for one in accounts:
        online = "yes" if one["online"] else "no"
        print(
            f"{one['username']:{width}}  {one['role']:10}  {one['state']:7}  {online:6}  {size_text(one['file_bytes'])}"
        )


# --- backup, restore, check ---


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target", type=Path, metavar="TARGET", help="folder to be made for this backup"
    )
    parser.add_argument(
        "--previous",
        type=Path,
        metavar="BACKUP",
        help="an earlier backup on the same disk: parts of files that it has are linked, not copied",
    )
    parser.add_argument(
        "--nightly",
        action="store_true",
        help="TARGET holds a row of backups: make one in it, named by its time, that links what the one"
        " before has, and remove the oldest",
    )
    parser.add_argument(
        "--keep", type=int, metavar="N", help="how many of the row are kept (default 14)"
    )
    _json_argument(parser)


def _backup(data_dir: Path, arguments: argparse.Namespace) -> int:
    if arguments.nightly and arguments.previous:
        raise SettingsError("--nightly finds the backup before by itself; leave --previous out.")
    if arguments.keep is not None and (not arguments.nightly or arguments.keep < 1):
        raise SettingsError("--keep goes with --nightly, and keeps at least 1.")
    removed: list[Path] = []
    if arguments.nightly:
        made, removed = nightly_backup(data_dir, arguments.target, arguments.keep or _KEPT)
    else:
        made = make_backup(data_dir, arguments.target, arguments.previous)
    if arguments.json:
        _print_json(
            {
                "ok": not made.missing,
                "path": str(made.path),
                "entries": made.entries,
                "files": made.files,
                "copied_bytes": made.copied_bytes,
                "missing": made.missing,
                "removed": [str(path) for path in removed],
            }
        )
    else:
        print(
            f"{made.path}: {made.entries} entries, {made.files} files, {size_text(made.copied_bytes)} written."
        )
        for path in removed:
            print(f"{path} was removed.")
        print("\n".join(made.missing), end="\n" if made.missing else "")
    return EXIT_FAILED if made.missing else EXIT_OK


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, metavar="BACKUP", help="folder that `backup` made")
    _json_argument(parser)


def _restore(data_dir: Path, arguments: argparse.Namespace) -> int:
    count = restore_backup(arguments.backup, data_dir)
    if arguments.json:
        _print_json({"ok": True, "path": str(data_dir), "files": count})
    else:
        print(f"Restored {count} files to {data_dir}. Start the broker there.")
    return EXIT_OK


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--backup",
        type=Path,
        metavar="BACKUP",
        help="look at this backup instead of the data folder",
    )
    parser.add_argument(
        "--quick", action="store_true", help="do not read the parts of files, only look for them"
    )
    _json_argument(parser)


def _check(data_dir: Path, arguments: argparse.Namespace) -> int:
    started_s = time.monotonic()
    faults = (
        backup_faults(arguments.backup)
        if arguments.backup
        else _data_faults(data_dir, is_thorough=not arguments.quick)
    )
    if arguments.json:
        _print_json(
            {"ok": not faults, "faults": faults, "seconds": round(time.monotonic() - started_s, 3)}
        )
    elif faults:
        print("\n".join(faults))
    else:
        print(f"{arguments.backup or data_dir}: no fault found.")
    return EXIT_FAILED if faults else EXIT_OK


def _data_faults(data_dir: Path, *, is_thorough: bool) -> list[str]:
    data = DataDir(data_dir)
    data.check_is_class()
    faults = database_faults(data.database)
    if faults:
        return faults
    return [*_log_faults(data), *file_faults(data, is_thorough=is_thorough)]


def _log_faults(data: DataDir) -> list[str]:
    """Whether a broker could start: every account, record and statement is verified."""
    try:
        storage = SqliteStorage(data.database, is_read_only=True)
        try:
            core_of(data, storage)
        finally:
            storage.close()
    except ChatError as error:
        return [error.message]
    return []


_COMMANDS: Final[Mapping[str, Callable[[Path, argparse.Namespace], int]]] = {
    "invite": _invite,
    "status": _status,
    "accounts": _accounts,
    "backup": _backup,
    "restore": _restore,
    "check": _check,
}
_ARGUMENTS: Final[Mapping[str, Callable[[argparse.ArgumentParser], None]]] = {
    "invite": _invite_arguments,
    "status": _json_argument,
    "accounts": _accounts_arguments,
    "backup": _backup_arguments,
    "restore": _restore_arguments,
    "check": _check_arguments,
}
