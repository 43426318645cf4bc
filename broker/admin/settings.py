"""The broker's settings: command line, then CSCE513_* in the environment, then the TOML file, then
the defaults.
"""

from __future__ import annotations

import argparse
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NoReturn

from broker.threads.addresses import AddressInvalid, read_host, read_public
from shared.files import MAX_FILE_BYTES
from shared.invitations import default_broker_dir

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


class SettingsError(Exception):
    """A setting has no legal value; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    data_dir: Path
    host: str = "0.0.0.0"
    port: int = 5513
    public_address: str = ""
    class_name: str = "CSCE 513, Fall 2024"
    joining: str = "code"
    message_rate: float = 20.0
    message_burst: float = 60.0
    max_groups: int = 500
    max_file_mb: int = 2048
    user_quota_mb: int = 10_240
    class_quota_mb: int = 102_400
    disk_reserve_mb: int = 256
    upload_expiry_hours: int = 168
    file_retention_days: int = 0
    metrics_port: int = 0
    log_format: str = "text"
    log_level: str = "info"
    json: bool = False


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
_CHOICES = {
    "joining": ("code", "open"),
    "log_format": ("text", "json"),
    "log_level": ("debug", "info", "warning", "error"),
}
_TYPES: dict[str, type] = {
    "port": int,
    "max_groups": int,
    "message_rate": float,
    "message_burst": float,
    "max_file_mb": int,
    "user_quota_mb": int,
    "class_quota_mb": int,
    "disk_reserve_mb": int,
    "upload_expiry_hours": int,
    "file_retention_days": int,
    "metrics_port": int,
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
    values: dict[str, object] = {"data_dir": str(default_broker_dir())}
    values.update(_from_file(Path(str(config_path))) if config_path else {})
    names = [field.name for field in fields(Settings)]
    values.update(
        {
            name: environment[key]
            for name in names
            if (key := f"{_PREFIX}{name.upper()}") in environment
        }
    )
    values.update(
        {name: value for name, value in arguments.items() if name in names and value is not None}
    )
    return _checked(values)


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
    known = {field.name for field in fields(Settings)}
    for name in values:
        if name not in known:
            raise SettingsError(f"The configuration file {path} holds an unknown setting: {name}")
    return values


def _checked(values: dict[str, object]) -> Settings:
    checked: dict[str, object] = {}
    for name, value in values.items():
        if name == "data_dir":
            checked[name] = Path(str(value)).expanduser()
        elif name == "json":
            checked[name] = value is True or str(value).lower() in ("1", "true", "yes")
        elif name in _TYPES:
            checked[name] = _number(name, value)
        else:
            checked[name] = str(value).lower() if name in _CHOICES else str(value)
        if name in _CHOICES and checked[name] not in _CHOICES[name]:
            raise SettingsError(f"{name} must be one of: {', '.join(_CHOICES[name])}")
    settings = Settings(**checked)  # type: ignore[arg-type]  # each value has just been given its type
    for name in ("port", "metrics_port"):
        if not 0 <= getattr(settings, name) <= 65535:
            raise SettingsError(f"{name} must be between 0 and 65535")
    try:
        read_host(settings.host)
        if settings.public_address:
            read_public(settings.public_address)
    except AddressInvalid as error:
        raise SettingsError(f"{error}") from error
    if not 0 < len(settings.class_name) <= 200 or not settings.class_name.isprintable():
        raise SettingsError("class_name must have 1 to 200 printable characters")
    if settings.message_burst < 1:
        raise SettingsError("message_burst must be at least 1")
    if not 1 <= settings.max_file_mb <= MAX_FILE_BYTES // MIB:
        raise SettingsError(f"max_file_mb must be between 1 and {MAX_FILE_BYTES // MIB}")
    if not settings.upload_expiry_hours:
        raise SettingsError("upload_expiry_hours must be at least 1")
    return settings


def _number(name: str, value: object) -> float:
    try:
        number: float = _TYPES[name](str(value))
    except ValueError as error:
        raise SettingsError(f"{name} must be a number") from error
    if not 0 <= number < 1e9:
        raise SettingsError(f"{name} must be a number from 0 up")
    return number
