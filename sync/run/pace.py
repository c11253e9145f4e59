"""Decides how long to wait before looking again. Pure.

Quick while things move, slower when they do not, and never much more often than the service's own estimate makes
sensible. Between looks: at least a third of a second, or less where the simulator says that this suits it; at most a
minute.
"""

from __future__ import annotations

from dataclasses import dataclass

QUICKEST = 0.35
SLOWEST = 60.0
_GROWTH = 1.6

BUSY = frozenset({408, 429})
"""Statuses of an answer, to anything but an order, that mean: later."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the last wait was, in seconds."""

    wait: float = QUICKEST

    def after(self, *, moved: bool, remaining: float | None, quickest: float = QUICKEST) -> Pace:
        """Give the next pace.

        `moved`: whether the last look showed anything new. `remaining`: seconds until the service expects to be done
        with what is open, None when it does not say. A look is worth while about ten times over that time.
        `quickest`: the shortest wait, in seconds.
        """
        if remaining is None or remaining <= 0:
            wait = quickest if moved else self.wait * _GROWTH
            return Pace(min(max(wait, quickest), SLOWEST))
        sensible = remaining / 10
        wait = sensible if moved else max(sensible, self.wait * _GROWTH)
        # Towards the end the estimate says when to look: a slow pace must not sleep far past it.
        wait = min(wait, max(remaining, quickest) + quickest)
        return Pace(min(max(wait, quickest), SLOWEST))


def patience(seconds: float, quickest: float | None) -> float:
    """Give how long to wait for what is late: in proportion less where the simulator's time is short. In seconds."""
    return seconds * min(1.0, (quickest or QUICKEST) / QUICKEST)


def backoff(attempt: int, spread: float) -> float:
    """Give the wait before attempt number `attempt` (from 1) of something that failed, in seconds.

    `spread` is a random number between 0 and 1: many clients must not come back all at once.
    """
    return min(SLOWEST, float(2 ** min(attempt, 6))) * (0.5 + spread / 2)
