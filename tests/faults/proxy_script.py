"""Scripts: who decides what the proxy does, from a list or from a seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.faults.proxy_books import GOOD, Act, Fate, is_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Script:
    """Decides what happens. This one lets everything pass; `Drawn` and `Listed` do not."""

    def connection(self) -> Fate:
        """Say what becomes of the next connection: PASS, REFUSE or RESET."""
        return GOOD

    def exchange(self, line: str, length: int) -> Fate:  # noqa: ARG002 - what other scripts look at
        """Say what becomes of a request, given its first line and its length in bytes."""
        return GOOD


class Listed(Script):
    """Takes fates from a list, for the orders (or for what `about` picks), then lets everything pass."""

    def __init__(self, fates: Iterable[Fate], *, about: Callable[[str], bool] = is_order) -> None:
        self._fates = list(fates)
        self._about = about

    def exchange(self, line: str, length: int) -> Fate:  # noqa: ARG002 - a list knows no lengths
        return self._fates.pop(0) if self._fates and self._about(line) else GOOD


_ORDERS = (
    Act.RESET, Act.CUT_REQUEST, Act.SWALLOW_CLOSE, Act.SWALLOW_RESET, Act.CUT_ANSWER, Act.DELAY, Act.TWICE, Act.LATE,
)  # fmt: skip
_READS = (Act.RESET, Act.CUT_REQUEST, Act.SWALLOW_CLOSE, Act.CUT_ANSWER, Act.DELAY)


class Drawn(Script):
    """Draws fates from a seed: an order goes wrong with `orders`, a read with `reads`, a connection with `doors`.

    Threads draw in the order in which the system lets them: the same seed gives the same script, not the same run.
    """

    def __init__(self, seed: int, *, orders: float, reads: float, doors: float = 0.0) -> None:
        self._dice = random.Random(f"{seed}/proxy")
        self._orders, self._reads, self._doors = orders, reads, doors

    def behave(self) -> None:
        """Let everything go well from now on."""
        self._orders = self._reads = self._doors = 0.0

    def connection(self) -> Fate:
        if self._dice.random() >= self._doors:
            return GOOD
        return Fate(self._dice.choice((Act.REFUSE, Act.RESET)), seconds=self._dice.uniform(0.02, 0.2))

    def exchange(self, line: str, length: int) -> Fate:
        order = is_order(line)
        if self._dice.random() >= (self._orders if order else self._reads):
            return GOOD
        act = self._dice.choice(_ORDERS if order else _READS)
        after = -self._dice.randint(1, 300) if act is Act.CUT_ANSWER else self._dice.randrange(max(1, length))
        return Fate(act, after, self._dice.uniform(0.01, 0.25))
