"""A run against a service of fixed capacity: how much of its time is the service's, and what is asked of it.

The service's own time is what its work takes when it is never idle: records x seconds a record / capacity. Where the
time beyond that goes is read off three moments: the first order sent, the last text made (by the service's own ledger),
and the end of the command.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

from tests.bench.processes import WTSYNC, Cost, measured, simulator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CAPACITY, SECONDS = 50, 1.5
"""Records that the service works on at a time, and how long it takes for one; give or take 30 per cent."""


class Figures(NamedTuple):
    """One run. Times in seconds."""

    records: int
    texts: int
    own: float
    """What the work takes at this capacity."""
    cost: Cost
    before: float
    """Until the first order was sent: reading, looking at what is there, planning."""
    working: float
    """From then until the last text was made."""
    after: float
    """From then until the command had ended: the last texts collected, the workbook written and proved."""
    requests: int


class Script(NamedTuple):
    """A run beside the script. `own` in seconds, as above."""

    cost: Cost
    requests: int
    own: float


def measure(book: Path, records: int, capacity: int = CAPACITY, seconds: float = SECONDS) -> Figures:
    """Run a workbook whose texts are all to be made against a new service, with a state folder of its own."""
    state, said = book.with_suffix(".state"), list[str]()
    with simulator(capacity, seconds) as names:
        rich(names["WTSYNC_API_URL"])
        begin = time.time()
        words = ("run", book, "--yes", "--stats", "--over-budget", "--over-records")
        cost = measured((*WTSYNC, *words), env={**names, "WTSYNC_STATE_DIR": str(state)}, heard=said.append)
        end = time.time()
        last, texts = ledger(names["WTSYNC_API_URL"])
    first, own = first_order(state), records * seconds / capacity
    return Figures(records, texts, own, cost, first - begin, last - first, end - last, requests(said))


def requests(said: Iterable[str]) -> int:
    """Find the number of requests in what `--stats` has said at the end."""
    told = [line for line in said if " requests over " in line]
    return int(told[-1].split()[1].replace(",", ""))


def first_order(state: Path) -> float:
    """Look into the journal when the first order was sent, in seconds since 1970."""
    journal = next(path for path in state.glob("journals/*.sqlite3") if ".copy." not in path.name)
    with closing(sqlite3.connect(journal)) as database:
        return float(database.execute("SELECT min(sent_at) FROM batch WHERE sent_at > 0").fetchone()[0])


def rich(url: str) -> None:
    """Let the account have enough credits."""
    httpx.post(f"{url}/_simulator/credits", json={"available": 10_000_000}, trust_env=False).raise_for_status()


def ledger(url: str) -> tuple[float, int]:
    """Give when the last text was made, in seconds since 1970, and how many were charged."""
    answer = httpx.get(f"{url}/_simulator/ledger", trust_env=False, timeout=60)
    charges = answer.raise_for_status().json()
    return max(datetime.fromisoformat(one["time"]).timestamp() for one in charges), len(charges)


_SCRIPT = Path(__file__).with_name("straightforward.py")


def beside(book: Path, records: int) -> dict[str, Script]:
    """Run the same workbook by the straightforward script and by wtsync, each against a new service."""
    copy = Path(shutil.copy(book, book.with_name("script.xlsx")))
    asked: list[str] = []
    with simulator(CAPACITY, SECONDS) as names:
        rich(names["WTSYNC_API_URL"])
        cost = measured((sys.executable, _SCRIPT, copy), env=names, heard=asked.append)
    ours = measure(book, records)
    own = records * SECONDS / CAPACITY
    return {
        "a straightforward script": Script(cost, int(asked[-1]), own),
        "**`wtsync run`**": Script(ours.cost, ours.requests, own),
    }


def lines(told: Figures) -> list[str]:
    """Write the figures of the run as lines of a page."""
    cost = Cost(*told.cost)
    rows = {
        "wall time, of the service's own time": f"{cost.seconds / told.own:.3f}",
        "wall time, s": f"{cost.seconds:.1f}",
        "the service's own time, s": f"{told.own:.1f}",
        "from the start to the first order, s": f"{told.before:.1f}",
        "from the first order to the last text made, s": f"{told.working:.1f}",
        "from then to the end, s": f"{told.after:.1f}",
        "CPU of wtsync, ms a record": f"{1000 * cost.cpu / told.records:.1f}",
        "CPU of wtsync, ms a text": f"{1000 * cost.cpu / told.texts:.1f}",
        "requests per 1,000 records": f"{1000 * told.requests / told.records:.0f}",
        "memory at the highest, MB": f"{cost.mb:.0f}",
    }
    return ["| what | |", "|---|---:|", *(f"| {name} | {figure} |" for name, figure in rows.items()), ""]


def beside_lines(found: Mapping[str, Script]) -> list[str]:
    """Write the two runs side by side as lines of a page."""
    head = ["| what | seconds | of the service's own | CPU s | MB | requests |", "|---|---:|---:|---:|---:|---:|"]
    rows = [(name, Cost(*told.cost), told) for name, told in found.items()]
    return [
        *head,
        *(
            f"| {name} | {cost.seconds:.1f} | {cost.seconds / told.own:.2f} | {cost.cpu:.1f} | {cost.mb:.0f} |"
            f" {told.requests} |"
            for name, cost, told in rows
        ),
        "",
    ]
