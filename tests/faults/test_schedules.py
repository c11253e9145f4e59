"""Two things going wrong, exhaustively: no text is paid for twice and none is lost, looked at after every step.

S01 to S22, P01, P02, P12, J01's order of things: see `docs/reliability-lab.md` for which trouble is which.
"""

from __future__ import annotations

import time

import pytest

from tests.faults.figures import add, bound, say, shared
from tests.faults.promises import BrokenPromise
from tests.faults.schedules import ROUNDS, Schedule, expand, groups, play, read_schedule, recovered_twice

CHUNKS = 48
ENOUGH = 10_000


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_g1_g2_every_crash_crossed_with_every_trouble_charges_once_and_loses_nothing(
    chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    began, played, broken = time.process_time(), 0, []
    for how, first in groups()[chunk::CHUNKS]:
        try:
            for _ in expand(how, first):
                played += 1
        except BrokenPromise as error:
            broken.append(str(error))
    counts = {"schedules": played, "broken": len(broken), "seconds": time.process_time() - began}
    total = add(shared(tmp_path_factory), "schedules", chunk, CHUNKS, counts)
    assert not broken, "\n".join(broken)
    if total is not None:
        number = int(total["schedules"])
        assert number >= ENOUGH
        line = f"schedules: {bound(number, int(total['broken']))}; {total['seconds']:.0f} s of one core"
        say(shared(tmp_path_factory), line)


@pytest.mark.parametrize("trouble", ["", "lost", "500", "garbage", "late 1", "429", "twice"])
def test_i7_recovering_twice_is_recovering_once(trouble: str) -> None:
    script = (("generate", 0, trouble),) if trouble else ()
    for crash in range(1, 100):
        if not recovered_twice(Schedule("fresh", crash, 0, script)):
            break
    assert crash > 15, "the seams are there"


def test_i8_calm_comes_within_a_few_commands() -> None:
    assert ROUNDS <= 4


@pytest.mark.parametrize("line", ["fresh 0 0", "again 7 3 generate:1:late_40", "fresh 2 0 later list:0:none"])
def test_a_line_replays_its_schedule(line: str) -> None:
    assert read_schedule(line).line() == line
    play(read_schedule(line))
