"""Reading a workbook: ours, which checks every cell as well, beside what one would read it with instead."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tests.bench.processes import Cost, median, python, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

OURS, FLOOR = "**wtsync: read and check**", "polars.read_excel (calamine)"
MADE = "wtsync: and look at every record"
SLOW = 100_000
"""From so many rows on, what takes half a minute is measured once."""
WAYS = {
    OURS: """
from pathlib import Path; import sys
from sync.workbook.read import read
from sync.records import to_workbook
to_workbook(read(Path(sys.argv[1])), None)
""",
    MADE: """
from pathlib import Path; import sys
from sync.workbook.read import read
from sync.records import to_workbook
for record in to_workbook(read(Path(sys.argv[1])), None).records:
    pass
""",
    FLOOR: "import polars, sys; polars.read_excel(sys.argv[1], engine='calamine', infer_schema_length=0)",
    "openpyxl, read-only": """
import openpyxl, sys
for row in openpyxl.load_workbook(sys.argv[1], read_only=True)["Records"].iter_rows(values_only=True):
    pass
""",
    "pandas + openpyxl": "import pandas, sys; pandas.read_excel(sys.argv[1], engine='openpyxl', dtype=str)",
}
_QUICK = (OURS, MADE, FLOOR)
STEPS = (
    "start Python, import fastexcel and polars",
    "import wtsync",
    "look at every byte of the sheet: can it be read, and what does it show",
    "calamine: cells of all rows",
    "cells as a polars frame",
    "texts as Python has them, and the rows they stand in",
    "check: ids, duplicates, settings, each cell",
)
_STEPS = """
import json, sys, time
from pathlib import Path
marks = [time.perf_counter()]
import fastexcel, polars
marks.append(time.perf_counter())
from sync.records import to_workbook
from sync.workbook.grid import look_at
from sync.workbook.package.container import Container
from sync.workbook.read import read
from sync.workbook.shown import Shown
from sync.workbook.styles import format_codes
marks.append(time.perf_counter())
path = Path(sys.argv[1])
with Container.open(path) as container:
    look_at(container, "Records", Shown(format_codes(container), from_1904=False))
marks.append(time.perf_counter())
loaded = fastexcel.read_excel(path.read_bytes()).load_sheet("Records", header_row=None, skip_rows=0, dtypes="string")
marks.append(time.perf_counter())
frame = polars.DataFrame(loaded)
marks.append(time.perf_counter())
del loaded, frame
begin = time.perf_counter()
tables = read(path)
whole = time.perf_counter() - begin
begin = time.perf_counter()
to_workbook(tables, None)
check = time.perf_counter() - begin
took = [later - earlier for earlier, later in zip(marks, marks[1:])]
print(json.dumps([*took, whole - sum(took[2:]), check]))
"""


def measure(book: Path, rows: int, *, runs: int = 3, ways: tuple[str, ...] = tuple(WAYS)) -> dict[str, Cost]:
    """Read a workbook each way in turn; give the medians."""
    samples: dict[str, list[Cost]] = {name: [] for name in ways}
    for run in range(runs):
        for name in ways:
            if run == 0 or rows < SLOW or name in _QUICK:
                samples[name].append(python(WAYS[name], book))
    return {name: median(costs) for name, costs in samples.items()}


def steps(book: Path, *, runs: int = 3) -> list[float]:
    """Give the seconds that each of the STEPS takes, in the middle of some runs."""
    start = median([python("pass") for _ in range(runs)]).seconds
    found = [told(_STEPS, book) for _ in range(runs)]
    begin, *rest = (statistics.median(seconds) for seconds in zip(*found, strict=True))
    return [start + begin, *rest]


def step_lines(seconds: Sequence[float]) -> list[str]:
    """Write where the seconds of 100,000 rows go, as lines of a page."""
    whole = sum(seconds)
    told = [f"| {name} | {one:.2f} | {one / whole:.0%} |" for name, one in zip(STEPS, seconds, strict=True)]
    head = ["| what | seconds | of all |", "|---|---:|---:|"]
    return [*head, *told, f"| **all** | {whole:.2f} | |", ""]


def lines(rows: int, found: Mapping[str, Cost]) -> list[str]:
    """Write the figures of one size as lines of a page."""
    ours = found[OURS]
    told = [
        f"| {name} | {cost.seconds:.2f} | {cost.cpu:.2f} | {cost.mb:.0f} | {ours.seconds / cost.seconds:.2f} |"
        f" {ours.mb / cost.mb:.2f} |"
        for name, cost in found.items()
    ]
    head = ["| what | seconds | CPU s | MB | wtsync needs of that | in MB |", "|---|---:|---:|---:|---:|---:|"]
    return [f"### {rows:,} rows", "", *head, *told, ""]
