"""The broker's settings: command line, then CSCE513_* in the environment, then the TOML file, then
the defaults.
"""

from __future__ import annotations

import argparse
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import msgspec

from broker.threads.addresses import AddressInvalid, read_host, read_public
from shared.files import MAX_FILE_BYTES
from shared.invitations import default_broker_dir
from shared.settings import SettingsError, settled

COMMANDS = {
    "serve": "run the server; the same as no command",
    "invite": "print the invitations, or make a new join code",
    "status": "say how the running server is",
    "accounts": "list accounts, give roles, ban, or close an account whose owner lost everything",
    "backup": "write a backup; the server may go on",
    "restore": "bring a backup back into an empty folder",
    "doctor": "say what is wrong with this machine, before the start or beside the running server",
    "check": "look for damage in the data or in a backup; the server may go on",
}
MIB = 1024 * 1024
_PREFIX = "CSCE513_"
_TOO_MUCH = 10**9  # for any number that is set
_IN_ANY_CASE = ("joining", "log_format", "log_level")


_Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
_Count = Annotated[int, msgspec.Meta(ge=0, lt=_TOO_MUCH)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set."""

    data_dir: Path
    host: str = "0.0.0.0"
    port: _Port = 5513
    public_address: str = ""
    class_name: str = "CSCE 513, Fall 2024"
    joining: Literal["code", "open"] = "code"
    message_rate: Annotated[float, msgspec.Meta(ge=0, lt=_TOO_MUCH)] = 20.0
    message_burst: Annotated[float, msgspec.Meta(ge=1, lt=_TOO_MUCH)] = 60.0
    max_groups: _Count = 500
    max_file_mb: Annotated[int, msgspec.Meta(ge=1, le=MAX_FILE_BYTES // MIB)] = 2048
    user_quota_mb: _Count = 10_240
    class_quota_mb: _Count = 102_400
    disk_reserve_mb: _Count = 256
    upload_expiry_hours: Annotated[int, msgspec.Meta(ge=1, lt=_TOO_MUCH)] = 168
    file_retention_days: _Count = 0
    metrics_port: _Port = 0
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    json: bool = False

    def __post_init__(self) -> None:
        try:
            read_host(self.host)
            if self.public_address:
                read_public(self.public_address)
        except AddressInvalid as error:
            raise ValueError(f"{error}") from error
        if not 0 < len(self.class_name) <= 200 or not self.class_name.isprintable():
            raise ValueError("class_name must have 1 to 200 printable characters")


_HELP = {
    "data_dir": "folder of the broker's data: keys, join codes, all stored messages (default: the user's data folder)",
    "host": "name or address to listen on (default 0.0.0.0: every interface, by IPv4 and IPv6, as is [::];"
    " 127.0.0.1: this machine only)",
    "port": "TCP port to listen on (default 5513; 0 takes a free one)",
    "public_address": "what stands in the invitations: HOST or HOST:PORT, an IPv6 address in brackets before a port"
    " (default: this machine's address in the local network, and --port)",
    "class_name": 'name of the class, shown to everybody (default "CSCE 513, Fall 2024")',
    "joining": "code: only with an invitation's join code; open: students need none (default code)",
    "message_rate": "messages per second of one person (default 20; 0: no limit)",
    "message_burst": "messages of one person at once (default 60)",
    "max_groups": "how many groups there may be (default 500)",
    "max_file_mb": "largest file in MB, 1 to 4096 (default 2048)",
    "user_quota_mb": "space for the files of one person in MB (default 10240)",
    "class_quota_mb": "space for the files of the whole class in MB (default 102400)",
    "disk_reserve_mb": "free space of the disk in MB that files leave to messages (default 256)",
    "upload_expiry_hours": "after so many hours an upload that nobody went on with is removed (default 168)",
    "file_retention_days": "after so many days files are removed (default 0: they are kept)",
    "metrics_port": "TCP port on 127.0.0.1 of the pages /metrics and /health (default 0: a free one; status names it)",
    "log_format": "text for people, json for machines (default text)",
    "log_level": "debug, info, warning or error (default info)",
}


def load_settings(argv: Sequence[str], environment: Mapping[str, str] | None = None) -> Settings:
    """Read all four sources.

    SettingsError in words; --help and unknown options end the program as argparse does.
    """
    return from_arguments(vars(_parser().parse_args(argv)), environment)


def from_arguments(
    arguments: dict[str, object], environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings, with what the command line says about some of them."""
    environment = os.environ if environment is None else environment
    config_path = arguments.pop("config", None) or environment.get(f"{_PREFIX}CONFIG")
    names = Settings.__struct_fields__
    from_environment: dict[str, object] = {
        name: environment[key]
        for name in names
        if (key := f"{_PREFIX}{name.upper()}") in environment
    }
    from_line = {n: value for n, value in arguments.items() if n in names and value is not None}
    from_file = _from_file(Path(str(config_path))) if config_path else {}
    sources = (from_file, from_environment, from_line)
    default = {"data_dir": default_broker_dir()}
    return settled(Settings, default, *map(_without_case, sources))


def _without_case(source: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.lower() if name in _IN_ANY_CASE and isinstance(value, str) else value
        for name, value in source.items()
    }


class Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with 2."""
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


def add_place(parser: argparse.ArgumentParser) -> None:
    """The options that say where the data of the class lies."""
    parser.add_argument("--data-dir", help=_HELP["data_dir"], metavar="DIR")
    parser.add_argument("--config", help="TOML file with settings", metavar="FILE")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="run_broker.py",
        usage="run_broker.py [serve] [options]\n       run_broker.py COMMAND [options]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="The server of one class. It works without any option, and prints the invitations to pass on.\n\n"
        "Other commands, each with a --help of its own:\n"
        + "\n".join(f"  {name:9} {text}" for name, text in COMMANDS.items()),
        epilog="Each option can also be set by an environment variable (--class-name: CSCE513_CLASS_NAME) or in the"
        " TOML file given by --config (class_name = ...). The command line wins, then the environment, then the file.",
    )
    for name, text in _HELP.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", help=text, metavar=name.upper().rpartition("_")[2]
        )
    parser.add_argument("--config", help="TOML file with settings", metavar="FILE")
    parser.add_argument(
        "--json", action="store_true", default=None, help="print the ready line as JSON"
    )
    return parser


def _from_file(path: Path) -> dict[str, object]:
    try:
        values: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"The configuration file {path} cannot be read: {error}") from error
    for name in values:
        if name not in Settings.__struct_fields__:
            raise SettingsError(f"The configuration file {path} holds an unknown setting: {name}")
    return values
