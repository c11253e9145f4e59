"""What went over the line: counted where it happens, and never asked back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Traffic:
    """Requests, bytes of their bodies, connections, and seconds; repeated requests count again."""

    calls: Counter[str] = field(default_factory=Counter)
    """Requests by the name of their call, as in the table of calls."""
    repeated: int = 0
    """How many of them were sent because the one before brought no answer."""
    connections: int = 0
    """How many connections were opened."""
    sent: int = 0
    received: int = 0
    """Bytes as they came, packed where the service packs its answers."""
    unpacked: int = 0
    waited: float = 0.0
    """Seconds until answers had come."""
    paused: float = 0.0
    """Seconds between one attempt and the next."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self.calls.total()

    def heard(self, event: str, _info: Mapping[str, object]) -> None:
        """Listen to httpcore, which tells of each connection that it opens."""
        self.connections += event.endswith("connect_tcp.complete")
