"""Decides how long to wait before looking again. Pure.

Quick while things move, slower when they do not, and never much more often than the service's own estimate makes
sensible. Between looks: at least a third of a second, at most a minute.
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

    def after(self, *, moved: bool, remaining: float | None) -> Pace:
        """Give the next pace.

        `moved`: whether the last look showed anything new. `remaining`: seconds until the service expects to be done
        with what is open, None when it does not say. A look is worth while about ten times over that time.
        """
        if remaining is None or remaining <= 0:
            wait = QUICKEST if moved else self.wait * _GROWTH
            return Pace(_within(wait))
        sensible = remaining / 10
        wait = sensible if moved else max(sensible, self.wait * _GROWTH)
        # Towards the end the estimate says when to look: a slow pace must not sleep far past it.
        return Pace(_within(min(wait, max(remaining, QUICKEST) + QUICKEST)))


def _within(seconds: float) -> float:
    return min(max(seconds, QUICKEST), SLOWEST)


def backoff(attempt: int, spread: float) -> float:
    """Give the wait before attempt number `attempt` (from 1) of something that failed, in seconds.

    `spread` is a random number between 0 and 1: many clients must not come back all at once.
    """
    return min(SLOWEST, float(2 ** min(attempt, 6))) * (0.5 + spread / 2)
