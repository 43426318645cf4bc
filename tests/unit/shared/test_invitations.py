"""Invitations survive the way through a link and a file, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared import invitations
from shared.errors import InvitationInvalid
from shared.invitations import (
    Invitation,
    find_local_invitation,
    parse_invitation,
    z85_decode,
    z85_encode,
)

KEY = bytes(range(32))
SAMPLE = Invitation("192.0.2.7", 5513, KEY, "ab cd&=", "CSCE 513, Fall 2024 & more/é")


@pytest.mark.parametrize("host", ["192.0.2.7", "chat.example.org", "fe80::1"])
def test_round_trip(host: str) -> None:
    invitation = Invitation(host, 5513, KEY, SAMPLE.join_code, SAMPLE.class_name)
    assert parse_invitation(f"  {invitation.encode()}\n") == invitation


def test_endpoint() -> None:
    assert SAMPLE.endpoint == "tcp://192.0.2.7:5513"
    assert Invitation("::1", 1, KEY, "", "").endpoint == "tcp://[::1]:1"


def test_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "invitation.txt"
    path.write_text(f"Dear class,\n{SAMPLE.encode()}\n", encoding="utf-8")
    assert parse_invitation(str(path)) == SAMPLE
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(InvitationInvalid):
        parse_invitation(str(path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "/no/such/file",
        "http://x:1/join?key=a",
        "csce513://x/join?key=AA",
        "csce513://x:1/join?key=AA",
        "csce513://x:99999/join?key=" + "A" * 43,
        "csce513://x:1/other?key=" + "A" * 43,
        "csce513:" + "A" * 9000,
        "csce513://x:1/join",
        "csce513://[:1/join?key=" + "A" * 43,
        "a\0b",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(InvitationInvalid):
        parse_invitation(text)


def test_the_local_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "default_broker_dir", lambda: tmp_path)
    assert find_local_invitation() is None
    (tmp_path / invitations.STUDENT_FILE).write_text(SAMPLE.encode(), encoding="utf-8")
    assert find_local_invitation() == SAMPLE


def test_z85() -> None:
    assert z85_encode(bytes.fromhex("864fd26fb559f75b")) == b"HelloWorld"
    assert z85_decode(b"HelloWorld") == bytes.fromhex("864fd26fb559f75b")
    for bad in (b"Hello ", b"Hell", b"#####", b"Hell\x80"):
        with pytest.raises(ValueError):
            z85_decode(bad)
    with pytest.raises(ValueError):
        z85_encode(b"abc")


def test_the_key_as_zeromq_takes_it() -> None:
    assert z85_decode(SAMPLE.broker_key_z85) == SAMPLE.broker_key


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvitationInvalid):
        parse_invitation(Invitation("x", 1, KEY, "", "n" * 9000).encode())


def test_the_place_of_a_local_broker() -> None:
    assert (
        invitations.default_broker_dir().name == "broker"
        and invitations.default_broker_dir().is_absolute()
    )
