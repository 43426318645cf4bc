"""The ROUTER of the broker: its options, and where it listens."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

import zmq

from broker.threads.addresses import EVERYWHERE, cannot_listen, endpoint
from broker.threads.zap import DOMAIN
from shared.messages import MAX_FRAME_BYTES


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and the broker's CURVE pair in Z85."""

    host: str  # as it was asked for
    hosts: tuple[str, ...]  # what it stands for
    port: int
    curve_public: bytes
    curve_secret: bytes


def open_router(context: zmq.Context[zmq.Socket[bytes]], address: Address) -> zmq.Socket[bytes]:
    """The ROUTER with all its options, not listening yet."""
    if sys.platform != "win32":
        # libzmq draws the ids of anonymous peers from an unseeded rand(); a client that claims the
        # next one aborts it.
        ctypes.CDLL(None).srand(int.from_bytes(os.urandom(4), "little"))
    router = context.socket(zmq.ROUTER)
    for option, value in (
        (zmq.ROUTER_MANDATORY, 1),
        (zmq.ROUTER_HANDOVER, 0),
        (zmq.CURVE_SERVER, 1),
        (zmq.ZAP_ENFORCE_DOMAIN, 1),
        (zmq.SNDHWM, 1000),
        (zmq.RCVHWM, 200),
        (zmq.SNDBUF, 262_144),
        (zmq.HANDSHAKE_IVL, 5000),
        (zmq.HEARTBEAT_IVL, 0),
        (zmq.TCP_KEEPALIVE, 1),
        (zmq.TCP_KEEPALIVE_IDLE, 60),
        (zmq.TCP_KEEPALIVE_INTVL, 15),
        (zmq.TCP_KEEPALIVE_CNT, 4),
        (zmq.BACKLOG, 4096),
        (zmq.LINGER, 0),
        (zmq.MAXMSGSIZE, MAX_FRAME_BYTES + 65_536),
    ):
        router.setsockopt(option, value)
    router.setsockopt(zmq.ZAP_DOMAIN, DOMAIN)
    router.setsockopt(zmq.CURVE_PUBLICKEY, address.curve_public)
    router.setsockopt(zmq.CURVE_SECRETKEY, address.curve_secret)
    return router


def bind(router: zmq.Socket[bytes], address: Address) -> int:
    """Listen on all of the addresses; everywhere is by IPv6 and IPv4 alike. Gives the port."""
    # Without IPv6 on the machine, everywhere is 0.0.0.0. Of the addresses of a name one is enough.
    hosts = ("*", "0.0.0.0") if EVERYWHERE in address.hosts else address.hosts
    bound, failure, port = 0, 0, address.port
    for host in hosts:
        router.setsockopt(zmq.IPV6, int(host == "*" or ":" in host))
        try:
            router.bind(endpoint(host, port or "*"))
        except zmq.ZMQError as error:
            failure = error.errno or 0
        else:
            bound, port = (
                bound + 1,
                int(router.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2]),
            )
        if failure == zmq.EADDRINUSE or (bound and host == "*"):
            break
    if failure == zmq.EADDRINUSE or not bound:
        router.close(0)
        raise cannot_listen(address.host, port, failure)
    return port
