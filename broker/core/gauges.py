"""What the broker holds at one moment, in numbers without names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What the core holds at one moment; made by the network thread, read by others."""

    connections: int = 0
    signed_in: int = 0
    file_connections: int = 0
    lagging: int = 0
    accounts: int = 0
    conversations: int = 0
    files: int = 0
    file_bytes: int = 0
    waiting_changes: int = 0
    deliveries: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
