"""The two cores as the programs have them, whose whole state is looked at after every event."""

from __future__ import annotations

from collections.abc import Iterable

from broker.core import events as broker_events
from broker.core.core import BrokerCore
from client.core.core import ClientCore
from client.core.state.effects import Effect, Event


class CheckedClientCore(ClientCore):
    """InvariantBroken at the event after which something does not fit together."""

    def handle_batch(self, batch: Iterable[Event]) -> list[Effect]:
        effects = super().handle_batch(batch)
        self.check_invariants()
        return effects


class CheckedBrokerCore(BrokerCore):
    """InvariantBroken at the event after which something does not fit together."""

    def handle(self, event: broker_events.Event) -> list[broker_events.Action]:
        actions = super().handle(event)
        self.check_invariants()
        return actions
