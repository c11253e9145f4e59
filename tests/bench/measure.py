"""`make bench`: what wtsync costs beside what one would use instead, measured in one go on one machine.

Every figure is taken in a process of its own, peers in turn. Writes docs/benchmarks.md and its picture from
docs/benchmarks.json, which has the figures of each part as it was measured last. One part alone:
`python -m tests.bench.measure capacity`. Without a word, all but the million are measured.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import tempfile
import time
from compileall import compile_dir
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import capacity, page, planning, reading, sizes, starting, writing
from tests.bench.books import book
from tests.bench.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURES = ROOT / "docs" / "benchmarks.json"
SIZES = (1_000, 10_000, 100_000)
BESIDE = 1_000
"""Records of the run beside the script: it takes twice as long as ours."""
RECORDS = 10_000


def _written(folder: Path) -> dict[str, Any]:
    """Measure writing, and deciding upon what was written."""
    found: dict[str, Any] = {}
    for rows in SIZES:
        wrote = writing.measure(book(folder, rows), rows)
        decided = planning.measure(folder / "out-zlib.xlsx", 1 if rows >= writing.SLOW else planning.RUNS)
        found[f"{rows}"] = {"writing": wrote, "planning": decided}
    return found


PARTS: dict[str, Callable[[Path], Any]] = {
    "starting": starting.measure,
    "capacity": lambda folder: capacity.measure(book(folder, RECORDS), RECORDS),
    "script": lambda folder: capacity.beside(book(folder, BESIDE), BESIDE),
    "reading": lambda folder: {f"{rows}": reading.measure(book(folder, rows), rows) for rows in SIZES},
    "steps": lambda folder: reading.steps(book(folder, max(SIZES))),
    "writing": _written,
    "sizes": sizes.measure,
    "million": sizes.million,
}
"""What is measured, by name."""
USUAL = tuple(name for name in PARTS if name != "million")


def machine() -> str:
    """Name the machine, and how busy it is with other things."""
    name = platform.processor() or platform.machine()
    with suppress(OSError):
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        name = found[1] if found else name
    load = f", load {os.getloadavg()[1]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, {name}, {platform.system()}, Python {platform.python_version()}{load}"


def main(names: list[str]) -> None:
    """Measure parts, and write figures, page and picture after each."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"There is no part {unknown[0]!r}; there are {', '.join(PARTS)}.")
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    compile_dir(ROOT / "sync", quiet=1)  # once, as installing does
    for name in names or USUAL:
        begin, there = time.monotonic(), machine()
        with tempfile.TemporaryDirectory() as folder:
            found = PARTS[name](Path(folder))
        took = time.monotonic() - begin
        day = datetime.now(UTC).date().isoformat()
        figures[name] = {"machine": there, "day": day, "seconds": round(took), "found": found}
        figures = json.loads(json.dumps(figures))
        sys.stdout.write(f"{name}: {took:.0f} s\n")
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        page.write(figures)


if __name__ == "__main__":
    main(sys.argv[1:])
