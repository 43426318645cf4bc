"""The simulated network: connections, ordered and reliable until they are cut, as ZeroMQ over TCP
gives them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from tests.simulation.world import World

HEARTBEAT_CLIENT_MS = (
    25_000  # how long a silent connection is believed in: client/threads/dealer.py
)
HEARTBEAT_BROKER_MS = 30_000


class Pipe:
    """One direction.

    Frames arrive in order; a cut loses what is behind some point, never something in the middle.
    """

    def __init__(
        self,
        world: World,
        is_held: Callable[[], bool],
        limit: int,
        arrived: Callable[[bytes], None],
    ) -> None:
        self._world = world
        self._is_held = is_held
        self._limit = limit
        self._arrived = arrived
        self._due: deque[tuple[int, bytes]] = deque()
        self._last_due = 0
        self._is_pumping = False
        self._is_full = False
        self.is_cut = False
        self.unread = 0  # arrived, but not read by the process at the end

    @property
    def depth(self) -> int:
        """Frames that are on their way or wait to be read."""
        return len(self._due) + self.unread

    def takes(self) -> bool:
        """Whether there is room; a pipe that was full has none until half of it is read, as in
        libzmq.
        """
        if self.is_cut:
            return True  # nobody has noticed yet
        depth = self.depth
        self._is_full = depth >= self._limit or (self._is_full and depth > self._limit // 2)
        return not self._is_full

    def send(self, frame: bytes) -> None:
        """Put a frame on its way."""
        if self.is_cut:
            return
        latency = self._world.rng.choice((0, 1, 1, 2, 5, 20))
        self._last_due = max(self._last_due, self._world.now_ms + latency)
        self._due.append((self._last_due, frame))
        self.pump()

    def pump(self) -> None:
        """Let the next frame arrive when it is due."""
        if self._due and not self._is_pumping and not self._is_held():
            self._is_pumping = True
            self._world.after(self._due[0][0] - self._world.now_ms, self._arrive)

    def _arrive(self) -> None:
        self._is_pumping = False
        if self._is_held():
            return
        while self._due and self._due[0][0] <= self._world.now_ms:
            _, frame = self._due.popleft()
            self.unread += 1
            self._arrived(frame)
        self.pump()

    def cut(self, kept: int) -> None:
        """Only so many of the frames on their way still arrive."""
        self.is_cut = True
        while len(self._due) > kept:
            self._due.pop()

    def cut_somewhere(self) -> None:
        """Some of the frames on their way still arrive."""
        self.cut(self._world.rng.randint(0, len(self._due)))

    @property
    def last_due_ms(self) -> int:
        """When the last frame that is on its way arrives."""
        return self._due[-1][0] if self._due else 0


class Link:
    """One connection. Each end learns of its end in its own time."""

    def __init__(
        self,
        world: World,
        routing_id: bytes,
        user_id: str,
        key: str,
        *,
        is_held: Callable[[], bool],
        limit: int,
        at_broker: Callable[[Link, bytes], None],
        at_client: Callable[[bytes], None],
        broker_lost: Callable[[Link], None],
        client_lost: Callable[[Link], None],
    ) -> None:
        self._world = world
        self.routing_id, self.user_id, self.key = routing_id, user_id, key
        self.up = Pipe(world, is_held, limit, lambda frame: at_broker(self, frame))
        self.down = Pipe(world, is_held, limit, at_client)
        self.is_held = is_held
        self._broker_lost, self._client_lost = broker_lost, client_lost
        self.is_known = False  # the broker has read a frame of it
        self.is_over_at_broker = False
        self.is_over_at_client = False

    @property
    def is_cut(self) -> bool:
        """Whether nothing new arrives any more."""
        return self.up.is_cut

    def cut(self, client_after_ms: int, broker_after_ms: int) -> None:
        """The connection breaks; the ends notice after so long, never before what still arrives."""
        if self.is_cut:
            return
        self.up.cut_somewhere()
        self.down.cut_somewhere()
        now = self._world.now_ms
        self._world.after(max(client_after_ms, self.down.last_due_ms - now), self.end_at_client)
        self._world.after(max(broker_after_ms, self.up.last_due_ms - now), self.end_at_broker)

    def end_at_client(self) -> None:
        """The client is told."""
        if not self.is_over_at_client:
            self.is_over_at_client = True
            self._client_lost(self)

    def end_at_broker(self) -> None:
        """The broker is told."""
        if not self.is_over_at_broker:
            self.is_over_at_broker = True
            self._broker_lost(self)

    def pump(self) -> None:
        """After a partition: what has waited goes on."""
        self.up.pump()
        self.down.pump()
