"""The thread that says who may connect is gone: nobody new gets in, and whoever is in is served (it
fails closed).
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import zmq

from shared.codec import encode
from shared.messages import Ping, Pong
from tests.support.people import make_person
from tests.support.processes.inside import inside_broker
from tests.support.processes.sockets import Network, connect, enroll


def test_without_its_answers_nobody_new_gets_in(tmp_path: Path) -> None:
    network = Network()
    with inside_broker(tmp_path / "data") as inside:
        alice = enroll(network, inside.invitation, make_person("alice"))
        before = connect(network, inside.invitation, make_person("bo"))
        before.send(Ping(1))
        assert before.receive() == Pong(1)
        zap = inside.broker._zap
        zap.stop()
        zap.join(10)
        newcomer = connect(network, inside.invitation, make_person("carmen"))
        with suppress(zmq.Again):  # it may be cut before it can say a word
            newcomer.socket.send(encode(Ping(1)), zmq.DONTWAIT)
        newcomer.wait_until_cut()
        assert newcomer.is_silent(0)
        for peer in (alice, before):
            peer.send(Ping(2))
            peer.receive_until(lambda m: m == Pong(2))
        network.close()
