"""What goes wrong between us and the service: kinds of trouble, and when they strike.

A trouble strikes one call of the run's port to the service. `Port` (quick, in process) and `WirePort` (the real client
over HTTP) make the same thing of it. A plus sign at the end of a status says that the order took effect all the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOT_LEFT = ("refused",)
"""S05: no connection came about."""
NO_EFFECT = ("partial", "reset", "500", "502", "503", "504", "408", "409")
"""S06, S07, S15, S18, S19: nobody can tell, and the service has it not."""
EFFECT = ("lost", "cut", "garbage", "500+", "502+", "503+", "504+", "408+", "409+")
"""S07, S08, S15, S18, S19: nobody can tell, and the service has it."""
DEFINITE = ("400", "401", "402", "403", "404", "413", "429", "429 after 7", "307")
"""S10 to S14, S16, S17: a definite no."""
LATE = ("late 1", "late 40", "late 5000")
"""S21: it lands so many seconds after the client has given up."""
ODD = ("twice", "inline")
"""S22 and S09: the gateway delivers it twice; the texts come at once and without a request id."""
ORDER = (*NOT_LEFT, *NO_EFFECT, *EFFECT, *DEFINITE, *LATE, *ODD)

READ = ("silent", "busy", "busy after 7", "signed out", "forbidden")
"""Any read: no answer, 429 with and without Retry-After (P16), a token that is not taken, 403."""
LIST = (*READ, "short", "none")
"""P02: the list of requests leaves some out, or all."""
REQUEST = (*READ, "vanished")
"""P01: 404 for a request that exists."""
CANCEL = ("silent", "deaf", "vanished", "409")
"""P12, P13: it takes effect without an answer; it is lost; 404; 409."""
UPDATE = ("silent", "deaf", "vanished", "409", "429")
"""Of what is sent back: no answer without and with effect, 404, 409, 429."""
TROUBLES: Mapping[str, tuple[str, ...]] = {
    "generate": ORDER, "update": UPDATE, "list": LIST, "request": REQUEST, "texts": READ, "balance": READ,
    "cancel": CANCEL,
}  # fmt: skip
"""Troubles by the call that they can strike."""

MILD = frozenset({"silent", "busy", "busy after 7", "short", "none", "vanished"})
"""Troubles of a read that pass by themselves, and end no run."""


@dataclass
class Network:
    """Which call is struck by what: those of a script, by call and its number from 0, or drawn by chance."""

    script: Mapping[tuple[str, int], str] = field(default_factory=dict)
    chance: float = 0.0
    """For each call."""
    kinds: Mapping[str, Sequence[str]] = field(default_factory=lambda: TROUBLES)
    dice: random.Random = field(default_factory=random.Random)
    made: dict[str, int] = field(default_factory=dict)
    struck: list[str] = field(default_factory=list)

    def strike(self, call: str) -> str:
        """Give the trouble of the next call of a kind, or nothing."""
        number = self.made.get(call, 0)
        self.made[call] = number + 1
        trouble = self.script.get((call, number), "")
        if not trouble and self.chance and self.dice.random() < self.chance:
            kinds = self.kinds.get(call, ())
            trouble = self.dice.choice(kinds) if kinds else ""
        if trouble:
            self.struck.append(f"{call} {trouble}")
        return trouble

    def calm(self) -> None:
        """Let everything go well from now on."""
        self.script, self.chance = {}, 0.0


def wait_of(trouble: str) -> float | None:
    """Give the seconds that a trouble names (`429 after 7`, `late 40`), or None."""
    number = trouble.rpartition(" ")[2]
    return float(number) if number.isdigit() and not trouble.isdigit() else None


def status_of(trouble: str) -> int | None:
    """Give the status of a trouble that is one, or None."""
    word = trouble.partition(" ")[0].removesuffix("+")
    return int(word) if word.isdigit() else None
