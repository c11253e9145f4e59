"""Plays the machine with a seed: the same seed is the same examples, on any day."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

if TYPE_CHECKING:
    from collections import Counter

    from tests.machine.rules import Machine


def play(machine: type[Machine], seed: int, *, examples: int, steps: int, shrinking: bool = False) -> Counter[str]:
    """Let Hypothesis draw so many examples of so many steps; gives what they and earlier ones reached."""
    run_state_machine_as_test(
        hypothesis.seed(seed)(machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.generate, *([Phase.shrink] if shrinking else [])],
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.reached


if __name__ == "__main__":
    from tests.machine.rules import kind_of

    first, count, length = (int(word) for word in [*sys.argv[1:], "100", "16"][:3])
    for name, number in sorted(play(kind_of("Real"), first, examples=count, steps=length, shrinking=True).items()):
        print(f"{number:7,} {name}")  # noqa: T201 - said to whoever plays by hand
