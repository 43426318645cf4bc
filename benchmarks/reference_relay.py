"""The least that a relay can do: one ROUTER with CURVE passes a frame on to the peer that it names. Stores nothing.

The floor under the benchmarks: measured in the same run, on the same machine, by the same generator. Run as a process:
python -m benchmarks.reference_relay prints its port and public key.
"""

from __future__ import annotations

import sys

import zmq


def main() -> int:
    """Relay until killed."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    router = context.socket(zmq.ROUTER)
    public, secret = zmq.curve_keypair()
    router.setsockopt(zmq.CURVE_SERVER, 1)
    router.setsockopt(zmq.CURVE_SECRETKEY, secret)
    router.setsockopt(zmq.LINGER, 0)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    print(port, public.decode(), flush=True)
    send, recv, more = router.send, router.recv, int(zmq.SNDMORE)
    while True:
        recv()
        target = recv()
        body = recv()
        send(target, more)
        send(body)


if __name__ == "__main__":
    sys.exit(main())
