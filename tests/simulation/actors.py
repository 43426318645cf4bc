"""What the people of a run do and what befalls them, drawn from its seed.

Each seed likes other things (swarm).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from client.api import events as ev
from client.api.values import ConnectionState, ConversationKind
from client.core.state.saved import StoredRow
from tests.simulation.client_host import ClientHost

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

Deed = Callable[[ClientHost], None]


class Actors:
    """Draws deeds and faults until it is stopped."""

    def __init__(self, simulation: Simulation) -> None:
        self._all = simulation
        self.rng = rng = simulation.rng
        self._is_over = False
        self._requests = 0
        self._texts = 0
        deeds: list[tuple[Deed, int]] = [
            (self.say, 30),
            (self.say_much, 3),
            (self.say_directly, 10),
            (self.create_group, 3),
            (self.change_group, 8),
            (self.leave_or_join, 4),
            (self.act_on_message, 12),
            (self.act_on_pending, 3),
            (self.read, 6),
            (self.change_person, 2),
            (self.type, 2),
        ]
        faults: list[tuple[Deed, int]] = [
            (self._all.cut, 6),
            (self.partition, 4),
            (self.kill, 5),
            (self.quit, 2),
            (self.pause, 3),
            (self.jump, 2),
            (self.crash_broker, 4),
            (self.stop_broker, 1),
            (self.fill_disk, 2),
            (self.jump_broker, 1),
            (self.retry, 1),
        ]
        self._deeds = [(deed, weight * rng.choice((0, 1, 1, 3))) for deed, weight in deeds]
        self._faults = [(fault, weight * rng.choice((0, 0, 1, 2))) for fault, weight in faults]
        self._fault_share = rng.choice((0.0, 0.1, 0.2, 0.4))

    def plan(self, end_ms: int) -> None:
        """Spread deeds over the time of the run."""
        count = self.rng.randint(10, 60)
        for at_ms in sorted(self.rng.randrange(1000, end_ms) for _ in range(count)):
            self._all.world.after(at_ms, self._draw)

    def stop(self) -> None:
        """Nobody does anything any more."""
        self._is_over = True

    def _draw(self) -> None:
        if self._is_over:
            return
        kinds = self._faults if self._all.world.chance(self._fault_share) else self._deeds
        if not any(weight for _, weight in kinds):
            return
        (deed,) = self.rng.choices([deed for deed, _ in kinds], [weight for _, weight in kinds])
        deed(self.rng.choice(self._all.clients))

    def _order(self, host: ClientHost, command: ev.Command) -> None:
        self._all.world.note(host.name, f"orders {type(command).__name__}")
        self._all.watch.on_order(host, command)
        host.order(command)

    def _next(self) -> int:
        self._requests += 1
        return self._requests

    def _text(self, host: ClientHost) -> str:
        self._texts += 1
        return f"{host.name} {self._texts}"

    # --- deeds ---

    def say(self, host: ClientHost) -> None:
        """Write where one may write."""
        places = [conv_id for conv_id, found in sorted(host.shown.items()) if found.can_write]
        if places:
            conv_id = self.rng.choice(places)
            row = self._row(host, conv_id) if self._all.world.chance(0.2) else None
            question = row is None and self._all.world.chance(0.1)
            reply_to = row.message_id if row is not None else b""
            text = self._text(host)
            self._order(
                host,
                ev.SendText(
                    request_id=self._next(),
                    conv_id=conv_id,
                    text=text,
                    reply_to=reply_to,
                    is_question=question,
                ),
            )

    def say_much(self, host: ClientHost) -> None:
        """Many messages at once."""
        for _ in range(self.rng.choice((5, 12, 80))):
            self.say(host)

    def _other(self, host: ClientHost) -> ClientHost:
        return self.rng.choice([other for other in self._all.clients if other is not host])

    def say_directly(self, host: ClientHost) -> None:
        """Open a direct conversation; what is written there comes later by `say`."""
        self._order(host, ev.OpenDirect(request_id=self._next(), uid=self._other(host).uid))
        self._all.world.after(20, lambda: self.say(host))

    def create_group(self, host: ClientHost) -> None:
        """A new group, private or open."""
        others = self.rng.sample(self._all.clients, self.rng.randint(0, len(self._all.clients) - 1))
        uids = tuple(other.uid for other in others if other is not host)
        name = f"group {self.rng.randint(1, 4)}"
        self._order(
            host,
            ev.CreateGroup(
                request_id=self._next(),
                name=name,
                members=uids,
                history_all=self._all.world.chance(0.5),
                is_private=self._all.world.chance(0.6),
            ),
        )

    def _groups(self, host: ClientHost) -> list[bytes]:
        kinds = (ConversationKind.GROUP, ConversationKind.CHANNEL)
        return [conv_id for conv_id, found in sorted(host.shown.items()) if found.kind in kinds]

    def change_group(self, host: ClientHost) -> None:
        """Add, remove, rename."""
        groups = self._groups(host)
        if not groups:
            return
        conv_id, uids = self.rng.choice(groups), (self._other(host).uid,)
        number = self._next()
        self._order(
            host,
            self.rng.choice(
                (
                    ev.AddMembers(request_id=number, conv_id=conv_id, uids=uids),
                    ev.RemoveMembers(request_id=number, conv_id=conv_id, uids=uids),
                    ev.RenameGroup(
                        request_id=number, conv_id=conv_id, name=f"group {self.rng.randint(1, 4)}"
                    ),
                )
            ),
        )

    def leave_or_join(self, host: ClientHost) -> None:
        """Go, or ask to be let in."""
        groups = self._groups(host)
        if groups:
            conv_id = self.rng.choice(groups)
            kind = ev.LeaveGroup if host.shown[conv_id].is_member else ev.JoinGroup
            self._order(host, kind(request_id=self._next(), conv_id=conv_id))

    def _row(self, host: ClientHost, conv_id: bytes) -> StoredRow | None:
        count = host.shown[conv_id].row_count
        rows = [
            row for row in host.store.page(conv_id, max(0, count - 10), 10) if row.kind == "text"
        ]
        return self.rng.choice(rows) if rows else None

    def act_on_message(self, host: ClientHost) -> None:
        """Edit, delete, react, pin, accept; also what one may not."""
        if not host.shown:
            return
        row = self._row(host, self.rng.choice(sorted(host.shown)))
        if row is None:
            return
        number, target, is_back = self._next(), row.message_id, self._all.world.chance(0.2)
        self._order(
            host,
            self.rng.choice(
                (
                    ev.EditMessage(request_id=number, message_id=target, text=self._text(host)),
                    ev.DeleteMessage(request_id=number, message_id=target),
                    ev.ReactToMessage(
                        request_id=number,
                        message_id=target,
                        emoji=self.rng.choice("ab"),
                        remove=is_back,
                    ),
                    ev.PinMessage(request_id=number, message_id=target, remove=is_back),
                    ev.AcceptAnswer(request_id=number, message_id=target, remove=is_back),
                )
            ),
        )

    def act_on_pending(self, host: ClientHost) -> None:
        """Change one's mind about what is not stored yet, or try again what failed."""
        if host.process is None:
            return
        pending = sorted(host.core._outbox._items)
        if pending:
            number, target = self._next(), self.rng.choice(pending)
            self._order(
                host,
                self.rng.choice(
                    (
                        ev.EditMessage(request_id=number, message_id=target, text=self._text(host)),
                        ev.DiscardMessage(request_id=number, message_id=target),
                        ev.DeleteMessage(request_id=number, message_id=target),
                        ev.RetryMessage(request_id=number, message_id=target),
                    )
                ),
            )

    def read(self, host: ClientHost) -> None:
        """Have read up to some place."""
        if host.shown:
            conv_id = self.rng.choice(sorted(host.shown))
            position = self.rng.randint(-1, host.shown[conv_id].row_count)
            self._order(
                host, ev.MarkRead(request_id=self._next(), conv_id=conv_id, position=position)
            )

    def type(self, host: ClientHost) -> None:
        """Type something."""
        if host.shown:
            self._order(host, ev.SetTyping(conv_id=self.rng.choice(sorted(host.shown))))

    def change_person(self, host: ClientHost) -> None:
        """Roles, muting, banning."""
        uid, number = self._other(host).uid, self._next()
        self._order(
            host,
            self.rng.choice(
                (
                    ev.SetClassRole(request_id=number, uid=uid, role=self.rng.randint(0, 2)),
                    ev.RestrictPerson(
                        request_id=number, uid=uid, restriction=self.rng.choice((0, 0, 1, 2))
                    ),
                )
            ),
        )

    def retry(self, host: ClientHost) -> None:
        """Do not wait for the next attempt."""
        self._order(host, ev.RetryNow(request_id=self._next()))

    # --- faults ---

    def partition(self, host: ClientHost) -> None:
        """Some are unreachable for a while."""
        for one in self.rng.sample(self._all.clients, self.rng.randint(1, 2)):
            self._all.part(one)
            self._all.world.after(
                self.rng.choice((200, 3000, 12_000, 40_000)), lambda one=one: self._all.heal(one)
            )

    def kill(self, host: ClientHost) -> None:
        """The process dies: at once, or between two steps of what it does next."""
        if host.process is None or self._all.world.chance(0.3):
            host.die()
        else:
            host.crash_in = self.rng.randint(1, 8)
            if self._all.world.chance(0.7):
                self.say(host)
        self._all.world.after(self.rng.choice((10, 500, 5000)), host.start)

    def quit(self, host: ClientHost) -> None:
        """Close the program; come back later."""
        if host.process is not None:
            self._order(host, ev.Quit(request_id=self._next()))
            self._all.world.after(100, lambda: host.die("quits"))
            self._all.world.after(self.rng.choice((200, 3000, 15_000)), host.start)

    def pause(self, host: ClientHost) -> None:
        """The process stands still."""
        self._all.pause(host, self.rng.choice((300, 3000, 15_000, 65_000)))

    def _jump_ms(self) -> int:
        size = self.rng.choice((50, 3000, 70_000, 3_600_000, 40 * 86_400_000))
        return self.rng.choice((-1, 1)) * size

    def jump(self, host: ClientHost) -> None:
        """Somebody sets the clock."""
        ms = self._jump_ms()
        self._all.world.note(host.name, f"clock jumps by {ms} ms")
        host.clock.jump(ms)

    def jump_broker(self, host: ClientHost) -> None:
        """Somebody sets the clock of the broker."""
        ms = self._jump_ms()
        self._all.world.note("broker", f"clock jumps by {ms} ms")
        self._all.broker.clock.jump(ms)

    def crash_broker(self, host: ClientHost) -> None:
        """The broker dies: at once, or between two steps of what it does next."""
        broker = self._all.broker
        if not broker.is_up:
            return
        if self._all.world.chance(0.2):
            broker.die("is killed")
        else:
            broker.crash_in = self.rng.randint(1, 30)

    def stop_broker(self, host: ClientHost) -> None:
        """The broker is restarted in order."""
        broker = self._all.broker
        if broker.is_up:
            broker.crash_in = 0
            broker.stop_gracefully()
            self._all.world.after(100, lambda: broker.die("stops") if broker.is_up else None)

    def fill_disk(self, host: ClientHost) -> None:
        """The disk of the broker takes nothing for a while."""
        broker = self._all.broker
        self._all.world.note("broker", "disk is full")
        broker.is_disk_full = True
        self._all.world.after(self.rng.choice((500, 5000)), self._empty_disk)

    def _empty_disk(self) -> None:
        self._all.broker.is_disk_full = False


def is_online(host: ClientHost) -> bool:
    """Whether this client is signed in."""
    return host.state is ConnectionState.ONLINE
