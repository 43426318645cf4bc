"""Addresses as a host writes them: what to listen on, and what stands in the invitations.

Anything else is refused.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from typing import Final

from broker.threads.base import BrokerFailed

EVERYWHERE: Final = "*"
_WILDCARDS: Final = ("", "*", "0.0.0.0", "::")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_WITH_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:]*):([0-9]{1,5})")


class AddressInvalid(ValueError):
    """No address; the text says what is."""


def read_host(text: str) -> str:
    """What --host says: EVERYWHERE, a name, or an address without brackets."""
    host = _without_brackets(text)
    if host in _WILDCARDS[1:]:
        return EVERYWHERE
    address = _address(host) or _name(host)
    if not address:
        raise AddressInvalid(
            f"host must be a name or an address of this machine, such as 0.0.0.0, 192.0.2.7 or ::1, not {text!r}"
            " (the port has an option of its own)"
        )
    return address


def read_public(text: str) -> tuple[str, int]:
    """What --public-address says: a name or address without brackets, and its port; 0 if there is
    none.
    """
    host, port = text, 0
    hit = None if _address(text) else _WITH_PORT.fullmatch(text)
    if hit:
        host, port = hit[1], int(hit[2])
    is_bracketed = host.startswith("[")
    host = _without_brackets(host)
    address = _address(host)
    name = address or ("" if is_bracketed else _name(host))
    is_port = 0 < port <= 65535 if hit else True
    if (
        not name
        or not is_port
        or "%" in name
        or host in _WILDCARDS
        or (is_bracketed and ":" not in name)
    ):
        raise AddressInvalid(
            "public_address must be what students connect to: a name or an address, with or without a port, such as"
            f" chat.example.edu, chat.example.edu:443, 192.0.2.7 or [2001:db8::7]:5513, not {text!r}"
        )
    return name, port


def _without_brackets(text: str) -> str:
    inner = text[1:-1]
    return inner if text.startswith("[") and text.endswith("]") and ":" in inner else text


def _address(text: str) -> str:
    """An IP address in its usual form; empty if it is none."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def _name(text: str) -> str:
    """A name of the DNS, in small letters as the invitation has it; empty if it is none."""
    name = text.lower()
    labels = name.split(".")
    is_name = (
        len(name) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    return name if is_name else ""


def resolve(host: str) -> tuple[str, ...]:
    """The addresses to listen on. BrokerFailed in words if a name has none."""
    if host == EVERYWHERE:
        return (EVERYWHERE,)
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BrokerFailed(
            f"The name {host!r} that the broker should listen on is not known to this machine ({reason})."
        ) from error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in infos))


def endpoint(host: str, port: int | str) -> str:
    """As ZeroMQ writes it."""
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"


_REASONS: Final = {
    errno.EADDRINUSE: "another program listens there already",
    errno.EACCES: "this user may not take this port; those below 1024 are for the system",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.ENODEV: "this machine has no such address",
}


def cannot_listen(host: str, port: int, number: int) -> BrokerFailed:
    """The sentence for a number of errno."""
    where = "any address" if host == EVERYWHERE else host
    return BrokerFailed(
        f"Cannot listen on {where} port {port}: {_REASONS.get(number) or os.strerror(number)}."
    )


def loopback_of(addresses: tuple[str, ...]) -> str:
    """Where a client on this machine finds a broker that listens on these."""
    return "127.0.0.1" if addresses[0] == EVERYWHERE else addresses[0]


def guess_public(host: str) -> str:
    """The address for the invitation: the given one, or this machine's in the local network."""
    if host == "localhost":
        return "127.0.0.1"
    if host != EVERYWHERE:
        return host
    for family, far in ((socket.AF_INET, "10.255.255.255"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 1))  # sends nothing; only chooses the interface
                address = str(probe.getsockname()[0])
        except OSError:
            continue
        if not ipaddress.ip_address(address).is_unspecified:
            return address
    return "127.0.0.1"
