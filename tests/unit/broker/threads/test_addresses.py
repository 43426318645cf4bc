"""Addresses that a host writes: each right one survives the way through an invitation, each wrong
one is refused.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.admin.own_call import check_readable
from broker.admin.settings import load_settings
from broker.threads.addresses import (
    AddressInvalid,
    guess_public,
    loopback_of,
    read_host,
    read_public,
    resolve,
)
from broker.threads.base import BrokerFailed
from shared.errors import InvitationInvalid
from shared.invitations import Invitation, parse_invitation
from shared.settings import SettingsError

KEY = bytes(range(32))
_LABELS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,20}[A-Za-z0-9])?", fullmatch=True)
_NAMES = (
    st.lists(_LABELS, min_size=1, max_size=4)
    .map(".".join)
    .filter(lambda name: not name.split(".")[-1].isdigit())
)
_V4 = st.ip_addresses(v=4).filter(lambda address: not address.is_unspecified)
_V6 = st.ip_addresses(v=6).filter(lambda address: not address.is_unspecified)
_PORTS = st.integers(1, 65535)


def invited(text: str, port: int = 5513) -> Invitation:
    """The invitation that a broker would write."""
    host, public_port = read_public(text)
    return Invitation(host, public_port or port, KEY, "code", "Class & more/é")


@given(host=st.one_of(_NAMES, _V4.map(str)), port=st.one_of(st.just(0), _PORTS))
def test_names_and_ipv4_round_trip(host: str, port: int) -> None:
    made = invited(f"{host}:{port}" if port else host)
    check_readable(made)
    assert parse_invitation(made.encode()) == made and (made.host, made.port) == (
        host.lower(),
        port or 5513,
    )


@given(
    address=_V6, port=st.one_of(st.just(0), _PORTS), is_long=st.booleans(), is_bare=st.booleans()
)
def test_ipv6_round_trips(
    address: ipaddress.IPv6Address, port: int, is_long: bool, is_bare: bool
) -> None:
    text = address.exploded.upper() if is_long else str(address)
    made = invited(text if is_bare and not port else f"[{text}]:{port}" if port else f"[{text}]")
    check_readable(made)
    assert parse_invitation(made.encode()) == made and (made.host, made.port) == (
        str(address),
        port or 5513,
    )
    assert made.endpoint == f"tcp://[{address}]:{port or 5513}"


@given(
    text=st.one_of(st.text(max_size=40), st.text(alphabet="a1.:[]/@?#% -_é", max_size=20)),
    key=st.binary(min_size=32, max_size=32),
    code=st.text(max_size=40),
    name=st.text(max_size=100),
)
def test_whatever_is_taken_is_read_by_a_client(text: str, key: bytes, code: str, name: str) -> None:
    try:
        host, port = read_public(text)
    except AddressInvalid as error:
        assert repr(text) in str(error)
        return
    made = Invitation(host, port or 1, key, code, name)
    assert parse_invitation(made.encode()) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "http://x",
        "tcp://x:1",
        "chat.example.edu/",
        "a b",
        "a\n",
        "x:",
        "x:0",
        "x:65536",
        "x:123456",
        "x:1:2",
        "x:port",
        "x:+1",
        "x:١",
        "[1.2.3.4]",
        "[x]",
        "[x]:1",
        "[]",
        "[]:1",
        "[::1",
        "::1]",
        "[::1]:",
        "[::1]1",
        "[::1]:0",
        "::1:x",
        "1.2.3",
        "1.2.3.4.5",
        "300.1.1.1",
        "1.2.3.4:0",
        "u@h",
        "é.org",
        "x..y",
        ".x",
        "x.",
        "-x",
        "x-",
        "*",
        "0.0.0.0",
        "::",
        "[::]:5513",
        "fe80::1%eth0",
        "a" * 64,
        "a." * 127 + "a",
        "x?y",
        "x#y",
        "%41",
    ],
)
def test_the_rest_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(AddressInvalid, match="public_address must be what students connect to"):
        read_public(text)
    if text:
        with pytest.raises(SettingsError, match="public_address"):
            load_settings(["--data-dir", str(tmp_path), f"--public-address={text}"], {})
        with pytest.raises(SettingsError, match="public_address"):
            load_settings(["--data-dir", str(tmp_path)], {"CSCE513_PUBLIC_ADDRESS": text})


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("0.0.0.0", "*"),
        ("*", "*"),
        ("::", "*"),
        ("[::]", "*"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("Localhost", "localhost"),
        ("my-host.lan", "my-host.lan"),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_what_can_be_listened_on(text: str, host: str) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize(
    "text", ["", "x:1", "[x]", "[1.2.3.4]", "http://x", "a b", "1.2.3", "[::1]:5513"]
)
def test_what_cannot(text: str) -> None:
    with pytest.raises(AddressInvalid, match="host must be"):
        read_host(text)


def test_names_are_looked_up_and_unknown_ones_said() -> None:
    assert (
        resolve("*") == ("*",)
        and resolve("127.0.0.1") == ("127.0.0.1",)
        and resolve("::1") == ("::1",)
    )
    assert "127.0.0.1" in resolve("localhost")
    for name in ("no.such.name.invalid", "a" * 63 + "." + "b" * 63 + ".invalid"):
        with pytest.raises(BrokerFailed, match="is not known to this machine"):
            resolve(name)


def test_what_stands_in_the_invitation_without_an_option() -> None:
    assert guess_public("localhost") == "127.0.0.1" and guess_public("::1") == "::1"
    assert not ipaddress.ip_address(guess_public("*")).is_unspecified
    assert loopback_of(("*",)) == "127.0.0.1" and loopback_of(("::1", "127.0.0.1")) == "::1"


def test_a_changed_invitation_is_noticed() -> None:
    for host in ("Chat.example", "me@home", "x/y", "fe80::1%"):
        with pytest.raises(BrokerFailed, match="--public-address"):
            check_readable(Invitation(host, 1, KEY, "", ""))
    with pytest.raises(InvitationInvalid):
        parse_invitation(Invitation("x/y", 1, KEY, "", "").encode())
