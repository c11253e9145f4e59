"""How a run is shown while it goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sync.batch import Tally
from sync.cli.showing import Display
from sync.run.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK = Event("progress", "3 records being made, 2 waiting.", {"running": 3})


@dataclass
class Journal:
    """Counts, which takes so many seconds of a clock that only this and `looks` move."""

    takes: float
    now: float = 0.0
    counted: int = 0

    def tally(self) -> Tally:
        self.now += self.takes
        self.counted += 1
        return Tally(total=100, done=self.counted)

    def looks(self, many: int) -> Iterator[Event]:
        for _ in range(many):
            yield LOOK
            self.now += 1.0


@pytest.mark.parametrize(("takes", "counted"), [(0.001, 200), (0.5, 20), (9.0, 2)])
def test_counting_takes_a_twentieth_of_the_time_at_most(
    takes: float, counted: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else a run of 10,000 records spends half of its work on counting what it has done so far."""
    journal = Journal(takes)
    display = Display(journal.tally, as_json=True, clock=lambda: journal.now)
    for event in journal.looks(200):
        display.show(event)
    told = [json.loads(line)["done"] for line in capsys.readouterr().out.splitlines()]
    assert len(told) == 200, "each look is told of"
    assert journal.counted == counted
    assert told == sorted(told)
    assert set(told) == set(range(1, counted + 1)), "the last figures stand meanwhile"
