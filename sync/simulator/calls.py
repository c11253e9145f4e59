"""What an operation sees of a call, and what it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.simulator.wire import Json, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.simulator.service import Simulator
    from sync.simulator.wire import Fields


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the operations see it. `faults` holds the kinds that struck it.

    `lag` is how many seconds ago something must have been done for the lists of what was done to tell of it.
    """

    simulator: Simulator
    query: Fields
    body: bytes
    headers: Mapping[str, str]
    path: Mapping[str, str]
    faults: frozenset[str] = frozenset()
    lag: float = 0.0

    def json(self) -> Any:
        """Read the body as JSON, or raise Refusal (400)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Refusal(400, "The body is not valid JSON") from None

    def object(self) -> Json:
        """Read the body as a JSON object; no body at all is an empty one."""
        given = self.json() if self.body.strip() else {}
        if not isinstance(given, dict):
            raise Refusal(400, "The body must be a JSON object")
        return given


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: the name faults know it by, the work, whether it needs a bearer, whether it is ours alone."""

    name: str
    work: Callable[[Call], Answer]
    signed: bool = True
    internal: bool = False
