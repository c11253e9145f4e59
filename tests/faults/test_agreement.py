"""The quick port and the real client over the real application come to the same end, schedule by schedule.

Not only is every promise kept on both ways: the batches, texts, charges, calls and even the virtual time are the same.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.figures import add, say, shared
from tests.faults.schedules import Schedule, groups, play
from tests.faults.stories import tell
from tests.faults.wire import API, ELSEWHERE

if TYPE_CHECKING:
    from tests.faults.lab import Lab

SCHEDULES, CHUNKS = 520, 13
STORIES, STORY_CHUNKS = 120, 4


def sample(number: int) -> list[Schedule]:
    """Draw schedules from all groups, with a crash or none."""
    dice = random.Random(2026)
    every = [(how, first) for how, first in groups() if _on_the_wire(first)]
    found = []
    for _ in range(number):
        how, first = dice.choice(every)
        crash = dice.choice([0, *range(1, 24)]) if how != "pair" else 0
        again = dice.randint(1, 12) if how == "two crashes" else 0
        found.append(Schedule(first.workload, crash, again, first.script, first.later))
    return found


def _on_the_wire(schedule: Schedule) -> bool:
    """Leave out what this transport cannot show: it has no trace of how much left."""
    return all(trouble != "partial" for _, _, trouble in schedule.script)


def end_of(lab: Lab) -> dict[str, Any]:
    """Give everything that the two ways must agree on."""
    return {
        "rows": [tuple(row) for row in lab.promises.rows],
        "cells": lab.rows,
        "charges": [(one.text_id, one.request_id, one.record_id, one.field) for one in lab.simulator.account.ledger],
        "calls": lab.network.made,
        "orders": lab.posts(),
        "seams": lab.seams.passed,
        "time": round(lab.clock.time, 3),
    }


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_g4_the_quick_port_and_the_real_client_agree_on_everything(
    chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    began = time.process_time()
    mine = sample(SCHEDULES)[chunk::CHUNKS]
    for schedule in mine:
        quick, real = play(schedule), play(schedule, http=True)
        assert end_of(quick) == end_of(real), f"python -m tests.faults.replay schedule '{schedule.line()}' --http"
        assert f"https://{''.join(real.hosts)}" == API, f"something went to another host than {API}, as {ELSEWHERE}"
    counts = {"schedules": len(mine), "seconds": time.process_time() - began}
    total = add(shared(tmp_path_factory), "agreement", chunk, CHUNKS, counts)
    if total is not None:
        say(
            shared(tmp_path_factory),
            f"real client: {int(total['schedules'])} schedules end the same over HTTP; {total['seconds']:.0f} s",
        )


@pytest.mark.parametrize("chunk", range(STORY_CHUNKS))
def test_g4_stories_keep_every_promise_through_the_real_client(chunk: int) -> None:
    each = STORIES // STORY_CHUNKS
    for seed in range(chunk * each, chunk * each + each):
        tell(seed, http=True)
