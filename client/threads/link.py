"""The way to the broker: looks its name up, then holds one connection at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import zmq

from client.core.state.effects import Moment
from client.threads.dealer import Dealer
from client.threads.resolver import Resolver
from shared.crypto.identity import Identity
from shared.errors import ChatError
from shared.invitations import Invitation

GOODBYE_LINGER_MS = 500


class BrokerLink:
    """The port `Link` of the shell over ZeroMQ. Belongs to the network thread."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        identity: Identity,
        invitation: Invitation,
        resolver: Resolver,
    ) -> None:
        self._context = context
        self._identity = identity
        self._invitation = invitation
        self._resolver = resolver
        self._dealer: Dealer | None = None
        self._failure = ""  # of an attempt that got no connection to try
        self.where = invitation  # with the address that was dialled last; read by any thread

    @property
    def is_dialled(self) -> bool:
        """Whether there is a connection, made or being made."""
        return self._dealer is not None

    def open(self, now: Moment) -> None:
        """Begin an attempt; what becomes of it is told by `events`.

        ZeroMQ would look a name up itself, in the thread that moves all its bytes, and never say
        that there is none.
        """
        self.close()
        self._resolver.start(now.steady_ms)
        self._dial(now)

    def _dial(self, now: Moment) -> None:
        try:
            address = self._resolver.take(now.steady_ms)
        except ChatError as error:
            self._failure = error.code
            return
        if not address:
            return
        where = replace(self._invitation, host=address)
        self._dealer = Dealer(self._context, self._identity, where)
        if not self._dealer.has_failed:
            self.where = where

    def frames(self, limit: int) -> Iterator[bytes]:
        """What has come, at most so many frames; CodecError if one is not single."""
        return self._dealer.frames(limit) if self._dealer is not None else iter(())

    def events(self, now: Moment) -> list[str]:
        """Connect as soon as the address is known; "opened", and at the end a code."""
        self._dial(now)
        if self._failure:
            failure, self._failure = self._failure, ""
            return [failure]
        return self._dealer.events() if self._dealer is not None else []

    def send(self, frame: bytes) -> bool:
        """Hand a frame over without waiting; False if the connection takes no more."""
        return self._dealer is not None and self._dealer.send(frame)

    def register(self, poller: zmq.Poller) -> None:
        """Let a poller wait for the connection."""
        if self._dealer is not None:
            self._dealer.register(poller)

    def left_ms(self, now: Moment, most_ms: int) -> int:
        """After how long at most `events` tells something of which no poller hears."""
        if self._failure or (self._dealer is not None and self._dealer.has_failed):
            return 0
        if self._resolver.is_waiting:
            return min(most_ms, self._resolver.left_ms(now.steady_ms))
        return most_ms

    def close(self) -> None:
        """Give the attempt or the connection up."""
        self._end(0)

    def say_goodbye(self) -> None:
        """Close; what was sent over an open connection has a moment to go out."""
        is_open = self._dealer is not None and self._dealer.is_open
        self._end(GOODBYE_LINGER_MS if is_open else 0)

    def _end(self, linger_ms: int) -> None:
        self._resolver.stop()
        self._failure = ""
        if self._dealer is not None:
            self._dealer.close(linger_ms)
            self._dealer = None
