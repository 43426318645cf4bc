"""Tries the way to a server for the doctor, step by step: name, port, key, greeting, and with a
profile the sign-in.
"""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import zmq

from client.storage.keystore import Keystore
from client.threads.dealer import Dealer
from client.threads.resolver import resolve_name
from shared.codec import decode_answers, encode
from shared.crypto.identity import Identity, create_identity, sign_login
from shared.errors import ChatError, CodecError
from shared.invitations import Invitation, z85_decode
from shared.messages import (
    PROTOCOL_VERSION,
    Hello,
    Message,
    Refused,
    SignedIn,
    SignIn,
    SignOut,
    Welcome,
)

TCP_S: Final = 5.0
ANSWER_S: Final = 10.0
_VISITOR: Final = "visitor"


@dataclass(frozen=True, slots=True)
class Probed:
    """How far one came.

    `stage` is where it ended: "name", "port", "key", "greeting", or "" if all is well.
    """

    stage: str
    reason: str = ""  # in words
    where: Invitation | None = None  # at the address that answered
    class_name: str = ""


def probe(invitation: Invitation) -> Probed:
    """Go as far as a stranger can. Waits some seconds at most."""
    try:
        addresses = resolve_name(invitation.host, invitation.port)
    except ChatError as error:
        return Probed("name", error.message)
    reasons: dict[str, str] = {}
    for address in addresses:
        reason = _tcp_fault(address, invitation.port)
        if not reason:
            return _greet(replace(invitation, host=address))
        reasons[address] = reason
    return Probed("port", "; ".join(f"{address}: {reason}" for address, reason in reasons.items()))


def _tcp_fault(address: str, port: int) -> str:
    try:
        socket.create_connection((address, port), timeout=TCP_S).close()
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "no answer"
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _greet(where: Invitation) -> Probed:
    pair = zmq.curve_keypair()
    stranger = create_identity(
        _VISITOR, "doctor", time.time_ns() // 1_000_000, os.urandom, (pair[0], pair[1])
    )
    with _Line(stranger, where) as line:
        if not line.is_opened():
            return Probed("key", "", where)
        answer = line.ask(
            Hello(PROTOCOL_VERSION, "csce513msg-doctor/1", _VISITOR), (Welcome, Refused)
        )
    if isinstance(answer, Welcome):
        return Probed("", "", where, answer.class_name)
    return Probed("greeting", answer.message if isinstance(answer, Refused) else "no answer", where)


def server_clock(profile: Path, passphrase: str, invitation: Invitation) -> int:
    """This machine's clock minus the server's, in ms: only a sign-in tells the server's time.
    ChatError in words.

    The profile must not be open elsewhere, so that nobody is signed out by this.
    """
    keystore = Keystore(profile)
    try:
        opened = keystore.open(None, "", passphrase, os.urandom, _no_new_keys, None)
        return _ask_clock(opened.identity, invitation)
    finally:
        keystore.close()


def _no_new_keys() -> tuple[bytes, bytes]:
    raise ChatError("There is no account in this profile yet.")


def _ask_clock(me: Identity, where: Invitation) -> int:
    with _Line(me, where) as line:
        if not line.is_opened():
            raise ChatError("The server cannot be reached.")
        welcome = line.ask(
            Hello(PROTOCOL_VERSION, "csce513msg-doctor/1", me.username), (Welcome, Refused)
        )
        if not isinstance(welcome, Welcome):
            raise ChatError("The server does not answer.")
        signature = sign_login(
            me, welcome.challenge, where.broker_key, z85_decode(me.transport_public)
        )
        begun_ms = time.time_ns() // 1_000_000
        answer = line.ask(SignIn(me.uid, me.did, signature), (SignedIn, Refused))
        ended_ms = time.time_ns() // 1_000_000
        if not isinstance(answer, SignedIn):
            raise ChatError(
                answer.message if isinstance(answer, Refused) else "The server does not answer."
            )
        line.say(SignOut())
    return (begun_ms + ended_ms) // 2 - answer.server_time_ms


class _Line:
    """One connection, used by one thread that may wait."""

    def __init__(self, me: Identity, where: Invitation) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._dealer = Dealer(self._context, me, where)
        self._poller = zmq.Poller()
        self._dealer.register(self._poller)

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._dealer.close(500 if self._dealer.is_open else 0)
        self._context.term()

    def is_opened(self) -> bool:
        """Wait for the end of the handshake: whether it was one."""
        ends = time.monotonic() + ANSWER_S
        while (left := ends - time.monotonic()) > 0:
            happened = self._dealer.events()
            if happened:
                return happened[0] == "opened"
            self._poller.poll(int(left * 1000) + 1)
        return False

    def say(self, message: Message) -> None:
        """Without an answer."""
        self._dealer.send(encode(message))

    def ask(self, message: Message, wanted: tuple[type[Message], ...]) -> Message | None:
        """The first answer of a wanted kind; None if none comes, or something that is no
        message.
        """
        self.say(message)
        ends = time.monotonic() + ANSWER_S
        while (left := ends - time.monotonic()) > 0:
            self._poller.poll(int(left * 1000) + 1)
            try:
                came = [
                    answer for frame in self._dealer.frames(8) for answer in decode_answers(frame)
                ]
            except CodecError:
                return None
            for answer in came:
                if isinstance(answer, wanted):
                    return answer
            if self._dealer.events():
                return None
        return None
