"""The reference: one ROUTER with CURVE that passes each frame on to the peer that it names, and
stores nothing.

It is the bare relay that a broker in Python on libzmq cannot be faster than, written as well as
such a relay can be:
recv and send of the compiled backend bound once, flags as plain integers, at most 256 messages for
each poll; of every
message the number of its frames is checked, and the User-Id that ZAP found for the connection's key
is compared with
the name in the routing id, as a broker must that trusts no client. The frames have the bytes of the
product's: one
SendMessage with its header and 256 bytes of cipher (benchmarks/load/relay_client.py makes them), one
message for each frame.

Run as a process: it reads lines "KEY NAME" (the transport keys that it lets in) from standard input
up to an empty
line, prints its port and public key, and relays until it is killed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import cast

import zmq
from zmq.backend import Socket as BackendSocket

from shared.invitations import z85_encode

DOMAIN = b"relay"
TO_ALL = b"*"  # as the target: everybody but the sender who has been heard
_DRAIN = 256
_DONTWAIT = int(zmq.DONTWAIT)
_ID_FLAGS = int(zmq.DONTWAIT) | int(zmq.SNDMORE)


def answer_handshakes(handler: zmq.Socket[bytes], names: dict[str, str]) -> None:
    """ZAP: the name of a known key becomes the User-Id of its connection; others are refused."""
    while True:
        version, request_id, *_, key = handler.recv_multipart()
        name = names.get(z85_encode(key).decode(), "")
        code = b"200" if name else b"400"
        handler.send_multipart([version, request_id, code, b"", name.encode(), b""])


def relay(router: zmq.Socket[bytes]) -> None:
    """Pass frames on without end."""
    recv, send = partial(BackendSocket.recv, router), partial(BackendSocket.send, router)
    recv_frame = cast("Callable[[int], zmq.Frame]", partial(BackendSocket.recv, router, copy=False))
    poller = zmq.Poller()
    poller.register(router, zmq.POLLIN)
    peers: set[bytes] = set()
    while True:
        poller.poll()
        try:
            for _ in range(_DRAIN):
                sender = recv(_DONTWAIT)
                target = recv(_DONTWAIT)
                frame = recv_frame(_DONTWAIT)
                is_honest = frame.get("User-Id") == sender.partition(b"\0")[0].decode()
                while frame.more:
                    frame = recv_frame(_DONTWAIT)
                    is_honest = False
                if not is_honest:
                    continue
                data = frame.bytes
                peers.add(sender)
                for peer in peers - {sender} if target == TO_ALL else (target,):
                    send(peer, _ID_FLAGS)
                    send(data, _DONTWAIT)
        except zmq.Again:
            pass


def main() -> int:
    """Let the given keys in and relay until killed."""
    names = dict(line.split() for line in iter(sys.stdin.readline, "\n"))
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    handler = context.socket(zmq.REP)
    handler.bind("inproc://zeromq.zap.01")
    threading.Thread(target=answer_handshakes, args=(handler, names), daemon=True).start()
    router = context.socket(zmq.ROUTER)
    public, secret = zmq.curve_keypair()
    for option, value in (
        (zmq.CURVE_SERVER, 1),
        (zmq.ZAP_ENFORCE_DOMAIN, 1),
        (zmq.LINGER, 0),
        (zmq.SNDHWM, 1000),
        (zmq.RCVHWM, 1000),
    ):
        router.setsockopt(option, value)
    router.setsockopt(zmq.ZAP_DOMAIN, DOMAIN)
    router.setsockopt(zmq.CURVE_SECRETKEY, secret)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    print(port, public.decode(), flush=True)
    relay(router)
    return 0


if __name__ == "__main__":
    sys.exit(main())
