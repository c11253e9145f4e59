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


def test_the_last_line_for_programs_is_as_it_stands_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(takes=9.0)
    with Display(journal.tally, as_json=True, clock=lambda: journal.now) as display:
        for event in journal.looks(20):
            display.show(event)
    *before, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["done"] for one in before} == {1}
    assert last == before[-1] | {"message": "2 of 100 texts are here.", "arrived": 0, "done": 2}


def test_what_the_last_look_has_told_is_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    with Display(lambda: Tally(total=100, done=3), as_json=True) as display:
        display.show(LOOK)
    assert len(capsys.readouterr().out.splitlines()) == 1
    with Display(lambda: Tally(total=100), as_json=True) as display:
        display.show(Event("sent", "Sent."))
    assert len(capsys.readouterr().out.splitlines()) == 1, "where nothing was followed, there is no progress to tell of"
