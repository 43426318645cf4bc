"""Getting an account back on a new computer: its keys come from the broker, opened by the
passphrase.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Final

import zmq

from client.api.said import Detail
from client.storage.keystore import Keystore
from client.threads.dealer import Dealer
from client.threads.resolver import Resolve, resolve_name
from shared.codec import decode_answers, encode
from shared.crypto.identity import Identity, create_identity
from shared.crypto.recovery import FLOOR, keys_from, open_identity
from shared.crypto.vault import Cost
from shared.errors import ChatError, CodecError, CryptoReject, InvitationInvalid, RefusedError
from shared.invitations import Invitation
from shared.messages import AskRecovery, Recovery, Refused
from shared.names import normalize_username

WAIT_S: Final = 15.0
_LONG_MS: Final = 30_000  # nothing but wrong passphrases is to be paid for with so long a wait


class BrokerUnreachable(ChatError):
    """The server cannot be reached. An account comes back only from there; try again when it is."""

    code = "unreachable"
    detail = Detail.RECOVERY_UNREACHABLE


class RecoveryDamaged(ChatError):
    """What the server keeps for this name cannot be used."""

    code = "no_recovery"
    detail = Detail.RECOVERY_DAMAGED


def restore_account(
    context: zmq.Context[zmq.Socket[bytes]],
    keystore: Keystore,
    invitation: Invitation | None,
    username: str,
    passphrase: str,
    cost: Cost | None,
    resolve: Resolve = resolve_name,
) -> None:
    """Fetch, open, and write the profile. ChatError if it fails; runs on the network thread before its
    loop.

    The broker shows the salt and the cost first; less than FLOOR is refused, since a broker could
    make guessing cheap.
    """
    if invitation is None:
        raise InvitationInvalid(detail=Detail.NO_INVITATION_TO_RECOVER)
    name = normalize_username(username)
    pair = zmq.curve_keypair()
    stranger = create_identity(
        name, "recovery", int(time.time() * 1000), os.urandom, (pair[0], pair[1])
    )
    dealer = _reach(context, stranger, invitation, resolve)
    try:
        header = _ask(dealer, AskRecovery(name, b"")).header
        keys = keys_from(header, passphrase, cost or FLOOR)
        identity = open_identity(keys, _ask(dealer, AskRecovery(name, keys.auth)).blob, name)
    except CryptoReject as error:
        raise RecoveryDamaged() from error
    finally:
        dealer.close(0)
    keystore.restore(invitation, identity, keys, passphrase, os.urandom, cost)


def _reach(
    context: zmq.Context[zmq.Socket[bytes]],
    stranger: Identity,
    invitation: Invitation,
    resolve: Resolve,
) -> Dealer:
    """A connection to the first address of the server that answers; BrokerUnreachable if none
    does.
    """
    ends = time.monotonic() + WAIT_S
    for address in resolve(invitation.host, invitation.port):
        dealer = Dealer(context, stranger, replace(invitation, host=address))
        poller = zmq.Poller()
        dealer.register(poller)
        while not dealer.has_failed and (left := ends - time.monotonic()) > 0:
            poller.poll(int(left * 1000) + 1)
            happened = dealer.events()
            if "opened" in happened:
                return dealer
            if happened:
                break
        dealer.close(0)
    raise BrokerUnreachable()


def _ask(dealer: Dealer, question: AskRecovery) -> Recovery:
    """One question, one answer."""
    poller = zmq.Poller()
    dealer.register(poller)
    frame, is_sent = encode(question), False
    ends = time.monotonic() + WAIT_S
    while (left := ends - time.monotonic()) > 0:
        if dealer.is_open and not is_sent:
            is_sent = dealer.send(frame)
        poller.poll(int(left * 1000) + 1)
        if set(dealer.events()) & {"lost", "handshake", "unreachable"}:
            break
        try:
            answers = [
                message for frame_in in dealer.frames(8) for message in decode_answers(frame_in)
            ]
        except CodecError:
            break
        for answer in answers:
            if isinstance(answer, Recovery):
                return answer
            if isinstance(answer, Refused):
                raise _refused(answer)
    raise BrokerUnreachable()


def _refused(answer: Refused) -> RefusedError:
    if answer.code == "slow_down" and answer.retry_after_ms >= _LONG_MS:
        minutes = max(1, round(answer.retry_after_ms / 60_000))
        return RefusedError(answer.code, detail=Detail.TOO_MANY_GUESSES, count=minutes)
    return RefusedError(answer.code, answer.message or answer.code, system=answer.message)
