"""Cost against size: the command itself on 1,000 to 100,000 rows, and, where asked for, on a million.

`wtsync plan` is measured as a user meets it the first time: the service holds nothing yet, and says so of each record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench import reading, writing
from tests.bench.books import book
from tests.bench.capacity import rich
from tests.bench.processes import WTSYNC, Cost, measured, simulator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
FILLED = 10_000
"""Rows of the million that get five texts each: a season's new products."""
READ, PLAN, WRITE = "read and check", "first `wtsync plan`", f"five texts into {FILLED:,} rows, saved and proved"
_WHAT = """
Read, checked, compared with a service on the same machine, priced and shown. The service holds nothing yet, and says so
of each record, a few dozen in a request; a second plan asks only for what changed.
"""
READ_PEER = "polars.read_excel (calamine)"


def plan(path: Path) -> Cost:
    """Plan a workbook against a new service, with a state folder of its own."""
    with simulator(4, 1.0) as names:
        rich(names["WTSYNC_API_URL"])
        env = {**names, "WTSYNC_STATE_DIR": str(path.with_suffix(".planned"))}
        # 5: more than Settings allows; the plan was made and shown all the same.
        return measured((*WTSYNC, "plan", path), env=env, codes=(0, 5))


def measure(folder: Path) -> dict[str, Cost]:
    """Plan each size once."""
    return {f"{rows}": plan(book(folder, rows)) for rows in SIZES}


def million(folder: Path) -> dict[str, Cost]:
    """Read, plan and write a workbook of a million rows: a quarter of an hour, and 1.3 GB."""
    path = book(folder, MILLION)
    found = {
        READ: reading.measure(path, MILLION, runs=1, ways=(reading.OURS,))[reading.OURS],
        READ_PEER: reading.measure(path, MILLION, runs=1, ways=(reading.FLOOR,))[reading.FLOOR],
        PLAN: plan(path),
    }
    saved = writing.run(writing.WAYS["**whole verified save, zlib**"][0], "zlib", path, FILLED)
    return {**found, WRITE: Cost(saved.seconds, saved.cpu, saved.texts + saved.mb)}


def lines(found: Mapping[str, Cost]) -> list[str]:
    """Write what a first plan costs as lines of a page."""
    rows = [f"| {int(rows):,} | {cost.seconds:.1f} | {cost.cpu:.1f} | {cost.mb:.0f} |" for rows, cost in found.items()]
    head = ["## The first `wtsync plan`, as a whole", "", *_WHAT.strip().splitlines(), ""]
    return [*head, "| rows | seconds | CPU s | MB |", "|---:|---:|---:|---:|", *rows, ""]


def million_lines(found: Mapping[str, Cost]) -> list[str]:
    """Write what a million rows cost as lines of a page."""
    rows = [f"| {name} | {cost.seconds:.0f} | {cost.cpu:.0f} | {cost.mb:,.0f} |" for name, cost in found.items()]
    return ["| what | seconds | CPU s | MB |", "|---|---:|---:|---:|", *rows, ""]
