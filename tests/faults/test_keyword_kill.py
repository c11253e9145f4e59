"""SIGKILL of the real command while it has keywords looked for: each is paid for once, and none is lost.

The service's own ledger is the judge. Kills are aimed at the traffic: after so many more charges, and a moment.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest
from openpyxl import load_workbook

from sync.simulator import Simulator, running
from sync.workbook.layout import RECORDS
from tests.cli.shop import Shop, make_workbook, visit, wait_for
from tests.faults.kill_nursery import Child, Nursery

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forking and signals are as POSIX has them")

RUN = ["run", "shop.xlsx", "--yes", "--only", "keywords"]
KILLS = 10
PATIENCE = 1800.0
"""Seconds for one run: the sheets of 5,000 records have 50,000 rows, and two cores may have other work."""


def wishing(path: Path, records: int) -> Path:
    """Make a workbook in which every row says Keywords."""
    make_workbook(path, records)
    book = load_workbook(path)
    sheet = book[RECORDS]
    heading = next(cell for cell in sheet[1] if cell.value == "Action")
    for row in range(2, records + 2):
        sheet.cell(row, heading.column, "Keywords")
    book.save(path)
    return path


def starts(simulator: Simulator) -> Counter[str]:
    return Counter(one.record_id for one in simulator.account.ledger if one.field == "keywords")


def kill_after(child: Child, simulator: Simulator, charges: int, dice: random.Random) -> bool:
    """Kill a run when it has started so many optimizations; False: it had come to its end before."""
    until, began = time.monotonic() + PATIENCE, len(simulator.account.ledger)
    while len(simulator.account.ledger) < began + charges:
        if child.poll() is not None:
            return False
        assert time.monotonic() < until, "a run that neither ends nor gets anywhere"
        time.sleep(0.001)
    time.sleep(dice.choice((0.0, dice.uniform(0.0, 0.004), dice.uniform(0.0, 0.03))))
    child.kill()
    return child.wait() == -9


def ended(child: Child) -> int:
    """Wait for a run to come to its end, longer than a nursery does: thousands are on their way."""
    until = time.monotonic() + PATIENCE
    while (code := child.poll()) is None:
        assert time.monotonic() < until, "a run that does not end"
        time.sleep(0.02)
    return code


def carried_out(folder: Path, records: int, seed: int) -> int:
    """Kill a run ten times, let it come to its end, and compare; gives the kills that met a run at work.

    What nobody can say about at the end is what never reached the service, and nothing else.
    """
    dice = random.Random(seed)
    simulator = Simulator(capacity=200, seconds_per_record=0.02, credits=100_000)
    wishing(folder / "shop.xlsx", records)
    killed = 0
    with running(simulator) as url, Nursery() as nursery:
        shop = Shop(folder, url, records)
        for _ in range(KILLS):
            child = nursery.start(RUN, shop.env, folder)
            killed += kill_after(child, simulator, dice.randint(1, max(2, records // (KILLS + 2))), dice)
            assert max(starts(simulator).values(), default=0) <= 1, f"paid twice; seed {seed}"
            assert "Traceback" not in child.err
        child = nursery.start(RUN, shop.env, folder)
        ended(child)
        doubted = sorted(set(re.findall(r"--resend (\d+)", child.err)))
        missing = records - starts(simulator).total()
        assert (child.code, len(doubted)) == (3 if missing else 0, missing), f"seed {seed}\n{child.err}"
        if doubted:  # killed between the intent and the service: none of them arrived, and that takes a person's word
            child = nursery.start([*RUN, *(word for one in doubted for word in ("--resend", one))], shop.env, folder)
            assert ended(child) == 0, f"{child.code}\n{child.out}\n{child.err}"
    assert starts(simulator) == Counter({f"{n:05}": 1 for n in range(1, records + 1)}), f"seed {seed}"
    header, *rows = shop.grid()
    keywords, action = header.index("Keywords"), header.index("Action")
    assert all(row[keywords] and not row[action] for row in rows), "every one of them is in the workbook"
    return killed


def test_sixty_keyword_runs_killed_at_random_ten_times_none_started_twice(tmp_path: Path) -> None:
    assert carried_out(tmp_path, 60, seed=1) > 3


def test_a_test_that_fails_leaves_no_command_behind(tmp_path: Path) -> None:
    def failing() -> None:
        with Nursery() as nursery:
            child = nursery.start(["simulate", "--port", "0"], dict(os.environ), tmp_path)
            wait_for(lambda: "http://" in child.out + child.err)
            found.extend(re.findall(r"http://[\w.]+:\d+", child.out + child.err))
            raise ArithmeticError

    found: list[str] = []
    with pytest.raises(ArithmeticError):
        failing()
    with visit(found[0]) as client, pytest.raises(httpx.ConnectError):
        client.get("/")


@pytest.mark.long
def test_five_thousand_keyword_runs_killed_at_random_ten_times_none_started_twice(tmp_path: Path) -> None:
    began = time.monotonic()
    killed = carried_out(tmp_path, 5000, seed=2)
    print(f"5,000 keyword runs, killed {killed} times: {time.monotonic() - began:.0f} s")  # noqa: T201 - the figure
    assert killed == KILLS
