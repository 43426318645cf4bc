"""`run_broker.py doctor`: what is wrong with this machine, one line each, before the broker is
started or beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import ipaddress
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broker.threads.addresses import AddressInvalid, guess_public, read_host, read_public
from shared.diagnosis import doctor, machine
from shared.diagnosis.doctor import LEAST_FREE, MIB, Finding, note, ok, wrong
from shared.starting import how_to_install

if TYPE_CHECKING:  # it needs libraries, and the doctor is there to say that they are missing
    from broker.admin.settings import Settings

_DESCRIPTORS: Final = 1100  # a class of 300 with files, and the broker's own
_ALL: Final = ("0.0.0.0", "*", "::", "")
_PROGRAM: Final = "run_broker.py doctor"


def main(argv: Sequence[str]) -> int:
    """Look at everything, say it; the exit code."""
    parser = argparse.ArgumentParser(
        prog=_PROGRAM, description="Say what is wrong with this machine, and what to do."
    )
    parser.add_argument("--data-dir", metavar="DIR", help="folder of the broker's data")
    parser.add_argument("--config", metavar="FILE", help="TOML file with settings")
    parser.add_argument("--host", metavar="HOST", help="address to listen on")
    parser.add_argument("--port", metavar="PORT", help="TCP port to listen on")
    parser.add_argument(
        "--public-address", metavar="ADDRESS", help="address that stands in the invitations"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(argv)
    install = how_to_install("run_broker.py", Path(sys.argv[0]).resolve().parent, sys.platform)
    is_json = bool(arguments.json)
    findings = [
        doctor.check_python(tuple(sys.version_info[:3]), sys.executable),
        *doctor.check_libraries(machine.libraries(machine.BROKER_MODULES), install),
    ]
    try:
        from broker.admin.settings import from_arguments
        from shared.settings import SettingsError
    except ImportError:
        return doctor.report(findings, is_json=is_json)  # the missing library stands among them
    given = {name: value for name, value in vars(arguments).items() if name != "json"}
    try:
        settings = from_arguments(given)
    except SettingsError as error:
        findings.append(wrong("settings", str(error), "see run_broker.py --help"))
    else:
        findings += _of_settings(settings)
    return doctor.report(findings, is_json=is_json)


def _of_settings(settings: Settings) -> list[Finding]:
    path = settings.data_dir
    return [
        doctor.check_folder("data folder", machine.folder_facts(path)),
        doctor.check_disk(
            str(path), machine.free_bytes(path), max(LEAST_FREE, settings.disk_reserve_mb * MIB)
        ),
        doctor.check_descriptors(machine.descriptor_limit(), _DESCRIPTORS),
        _port(settings),
        _address(settings),
    ]


# --- the port ---


def _port(settings: Settings) -> Finding:
    running = _running_port(settings.data_dir)
    if running:
        return check_running(running, has_answered=_connects(running))
    return check_port(settings.host, settings.port, listen_error(settings.host, settings.port))


def _running_port(data_dir: Path) -> int:
    """The port of the broker that runs on this folder; 0 if none does, or it does not say."""
    with contextlib.suppress(Exception):  # whatever is wrong with it, the other checks say
        from broker.admin.http import ask_running
        from broker.storage.data_folder import DataDir

        data = DataDir(data_dir)
        if data.control() is not None:
            return int(str(ask_running(data, {"do": "status"}, 5.0)["endpoint"]).rpartition(":")[2])
    return 0


def _connects(port: int) -> bool:
    for host in ("127.0.0.1", "::1", *_own_addresses()):
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=3):
            return True
    return False


def _own_addresses() -> list[str]:
    with contextlib.suppress(OSError):
        return [
            str(info[4][0])
            for info in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
        ]
    return []


def listen_error(host: str, port: int) -> OSError | None:
    """Listen there for a moment; what the system says if that cannot be."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":  # as ZeroMQ does: a port that was closed a minute ago is free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("" if host in _ALL else host.strip("[]"), port))
            probe.listen(1)
    except OSError as error:
        return error
    return None


def check_running(port: int, *, has_answered: bool) -> Finding:
    """The port of a broker that runs."""
    if has_answered:
        return ok("port", f"{port} answers: the broker runs on this folder")
    return wrong(
        "port",
        f"the broker on this folder does not answer at port {port}",
        "look at its log; start it again",
    )


def check_port(host: str, port: int, error: OSError | None) -> Finding:
    """Whether the broker could listen."""
    where = f"port {port}" if host in _ALL else f"{host} port {port}"
    if error is None:
        return ok("port", f"{where} is free" if port else "a free one is taken")
    if isinstance(error, socket.gaierror):
        return wrong(
            "port", f"the name {host} has no address here", "give --host an address of this machine"
        )
    if error.errno == errno.EADDRINUSE:
        return wrong(
            "port", f"another program listens on {where}", "end it, or choose another --port"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return wrong(
            "port",
            f"{host} is not an address of this machine",
            "leave --host out, or give one that is",
        )
    if error.errno == errno.EACCES:
        return wrong("port", f"{where} is reserved for the system", "choose a --port from 1024 up")
    return wrong(
        "port", f"nobody can listen on {where}: {error.strerror}", "choose another --host or --port"
    )


# --- the address in the invitations ---


def _address(settings: Settings) -> Finding:
    text = settings.public_address
    if not text:
        return check_guess(guess_public(read_host(settings.host)))
    host = host_of(text)
    try:
        addresses = (
            [str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
            if host
            else []
        )
    except (OSError, UnicodeError):
        addresses = []
    own = {address for address in addresses if machine.is_own_address(address)}
    return check_address(text, list(dict.fromkeys(addresses)), own)


def host_of(text: str) -> str:
    """Give the host of what --public-address says; empty if it is refused."""
    try:
        return read_public(text)[0]
    except AddressInvalid:
        return ""


def check_guess(address: str) -> Finding:
    """The address that stands in the invitations if none is given."""
    if is_loopback(address):
        return note(
            "address",
            f"{address}, which only this machine reaches",
            "give --public-address for a real class",
        )
    if is_private(address):
        return note(
            "address",
            f"{address}, which only this network reaches",
            "give --public-address if people are elsewhere",
        )
    return ok("address", address)


def check_address(text: str, addresses: Sequence[str], own: set[str]) -> Finding:
    """The address that was given: what it resolves to, and which of these are this machine's
    own.
    """
    if not addresses:
        return wrong(
            "address",
            f"{text} has no address: no client will find it",
            "correct --public-address, or enter the name at your name service",
        )
    shown = f"{text} is {', '.join(addresses)}"
    if all(is_loopback(address) for address in addresses):
        return note(
            "address", f"{shown}, which only this machine reaches", "give another for a real class"
        )
    if not own:
        return note(
            "address",
            f"{shown}, none of which is this machine's",
            "right if a router passes the port on to this machine",
        )
    return ok("address", f"{shown}, of this machine")


def is_loopback(address: str) -> bool:
    """Whether it is 127.0.0.1, ::1 or localhost."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"


def is_private(address: str) -> bool:
    """Whether it is an address of a local network."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address).is_private
    return False
