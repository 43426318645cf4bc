"""The broker's call to itself: before it says "ready", a stranger with the invitation has been
answered.
"""

from __future__ import annotations

import os
from typing import Final

import zmq

from broker.threads.addresses import endpoint
from broker.threads.base import BrokerFailed
from broker.threads.network import NetThread
from broker.threads.shell import OwnCallEnded
from broker.threads.zap import ZapThread
from shared.codec import decode_answers, encode
from shared.errors import ChatError, InvitationInvalid
from shared.invitations import Invitation, parse_invitation, z85_decode
from shared.messages import PROTOCOL_VERSION, Hello, Welcome

_LIMIT_MS: Final = 10_000
_NAME: Final = "own-call"


def check_readable(invitation: Invitation) -> None:
    """BrokerFailed in words if a client would not read in it what stands in it."""
    try:
        is_same = parse_invitation(invitation.encode()) == invitation
    except InvitationInvalid:
        is_same = False
    if not is_same:
        raise BrokerFailed(
            f"No client can read an invitation to {invitation.host} port {invitation.port}; give an address that"
            " students can use (--public-address)."
        )


def call_myself(
    context: zmq.Context[zmq.Socket[bytes]],
    host: str,
    port: int,
    invitation: Invitation,
    net: NetThread,
    zap: ZapThread,
) -> OwnCallEnded:
    """Say hello as a newcomer does, with the key of the invitation.

    BrokerFailed in words if no answer comes.
    """
    public, secret = zmq.curve_keypair()
    zap.own_key = z85_decode(public)
    with context.socket(zmq.DEALER) as dealer:
        for option, value in (
            (zmq.LINGER, 0),
            (zmq.IPV6, int(":" in host)),
            (zmq.RECONNECT_IVL, -1),
            (zmq.HANDSHAKE_IVL, _LIMIT_MS),
        ):
            dealer.setsockopt(option, value)
        dealer.setsockopt(zmq.ROUTING_ID, f"{_NAME}\0".encode() + os.urandom(16))
        dealer.setsockopt(zmq.CURVE_SERVERKEY, invitation.broker_key_z85)
        dealer.setsockopt(zmq.CURVE_PUBLICKEY, public)
        dealer.setsockopt(zmq.CURVE_SECRETKEY, secret)
        dealer.connect(endpoint(host, port))
        dealer.send(encode(Hello(PROTOCOL_VERSION, _NAME, "")), zmq.DONTWAIT)
        answer = _answer(dealer, net, zap)
    return OwnCallEnded(1, len(answer))


def _answer(dealer: zmq.Socket[bytes], net: NetThread, zap: ZapThread) -> bytes:
    for _ in range(_LIMIT_MS // 50):
        if dealer.poll(50):
            answer = dealer.recv(zmq.DONTWAIT)
            try:
                if any(isinstance(message, Welcome) for message in decode_answers(answer)):
                    return answer
            except ChatError:
                break
        if not net.is_alive() or not zap.is_alive():
            break
    raise BrokerFailed(
        "The broker listens, but does not answer a connection with its own invitation."
    )
