"""Reading a workbook: ours, which checks every cell as well, beside what one would read it with instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.processes import Cost, median, python

if TYPE_CHECKING:
    from collections.abc import Mapping
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


def measure(book: Path, rows: int, *, runs: int = 3, ways: tuple[str, ...] = tuple(WAYS)) -> dict[str, Cost]:
    """Read a workbook each way in turn; give the medians."""
    samples: dict[str, list[Cost]] = {name: [] for name in ways}
    for run in range(runs):
        for name in ways:
            if run == 0 or rows < SLOW or name in _QUICK:
                samples[name].append(python(WAYS[name], book))
    return {name: median(costs) for name, costs in samples.items()}


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
