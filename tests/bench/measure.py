"""`make bench`: what wtsync costs beside what one would use instead, as ratios measured in one go on one machine.

Every figure is taken in a process of its own, peers in turn, the median of three. Writes docs/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.bench import planning, writing

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
SIZES = (10_000, 100_000)

_MAKE = """
import sys, xlsxwriter
rows, path = int(sys.argv[1]), sys.argv[2]
names = ["Record ID", "Name", "SKU", "Keywords", "Other details", "Material", "Colour", "Size", "Weight", "Origin",
         "Page title", "Page description", "Product description", "Excerpt", "Open graph text"]
book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
sheet = book.add_worksheet("Records")
sheet.write_row(0, 0, names)
for row in range(1, rows + 1):
    sheet.write_row(row, 0, [f"{row:06d}", f"Oak stool {row}", f"00{row}", "oak, stool", "Made in a small workshop",
                             "Oak", f"shade {row % 17}", "45 cm", "4 kg", "Denmark"])
book.close()
"""

_READ = """
from pathlib import Path; import sys
from sync.workbook.read import read
from sync.records import to_workbook
to_workbook(read(Path(sys.argv[1])), None)
"""
_READ_PEER = "import polars, sys; polars.read_excel(sys.argv[1], engine='calamine', infer_schema_length=0)"
_HELP = "import sys; sys.argv = ['wtsync', '--help']; from sync.cli import main; main()"
_HELP_PEER = "import click"
_RUSAGE = """
import atexit, resource, sys
atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
"""


def timed(code: str, *arguments: object) -> tuple[float, float]:
    """Run code in a new Python; give seconds from start to end and peak memory in MB."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _RUSAGE + code, *map(str, arguments)],
        check=True, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return time.perf_counter() - begin, int(done.stderr.split()[-1]) / 1024


def pair(ours: tuple[object, ...], peers: tuple[object, ...]) -> dict[str, float]:
    """Measure two pieces of code in turn; give medians and our share of the peer's time and memory."""
    samples = [(timed(*ours), timed(*peers)) for _ in range(RUNS)]  # type: ignore[arg-type]  # code first, then arguments
    our = [statistics.median(one[0][part] for one in samples) for part in (0, 1)]
    peer = [statistics.median(one[1][part] for one in samples) for part in (0, 1)]
    return {
        "seconds": our[0], "peer": peer[0], "ratio": our[0] / peer[0],
        "mb": our[1], "peer_mb": peer[1], "mb_ratio": our[1] / peer[1],
    }  # fmt: skip


def measure(folder: Path) -> tuple[list[tuple[str, str, dict[str, float]]], list[str]]:
    """Measure everything: rows of what it is, what it is compared with, and the figures; the tables of writing."""
    rows = [("`wtsync --help`", "`import click`", pair((_HELP,), (_HELP_PEER,)))]
    lines: list[str] = []
    for size in SIZES:
        book = folder / f"{size}.xlsx"
        timed(_MAKE, size, book)
        reading = pair((_READ, book), (_READ_PEER, book))
        rows.append((f"read and check {size:,} rows", "polars.read_excel (calamine)", reading))
        lines += writing.table(size, writing.measure(book, size))
        lines += planning.table(size, planning.measure(book.with_name("out-zlib.xlsx")))
        sys.stdout.write("\n".join(lines) + "\n")
    return rows, lines


def page(rows: list[tuple[str, str, dict[str, float]]], lines: list[str]) -> str:
    """Write the page."""
    head = [
        "# Benchmarks",
        "",
        "Made by `make bench`: each figure is the median of three runs in processes of their own, everything in turn.",
        "Seconds are of this machine and its other work; what counts is the ratio.",
        "",
        f"Machine: {machine()}.",
        "",
        "## Start and reading",
        "",
        "A ratio below 1: wtsync needs less.",
        "",
        "| what | beside | seconds | peer | ratio | peak MB | peer | ratio |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for what, peer, figures in rows:
        head.append(
            f"| {what} | {peer} | {figures['seconds']:.2f} | {figures['peer']:.2f} | {figures['ratio']:.2f} |"
            f" {figures['mb']:.0f} | {figures['peer_mb']:.0f} | {figures['mb_ratio']:.2f} |"
        )
    return "\n".join([*head, "", *(writing.PREFACE.strip().splitlines()), "", *lines])


def machine() -> str:
    """Name the machine, and how busy it is with other things."""
    name = platform.processor() or platform.machine()
    with suppress(OSError):
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        name = found[1] if found else name
    load = f", load {os.getloadavg()[1]:.1f} over the last five minutes" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, {name}, {platform.system()}, Python {platform.python_version()}{load}"


def main() -> None:
    """Measure, print and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        rows, lines = measure(Path(folder))
    text = page(rows, lines)
    (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text + "\n" + json.dumps({what: figures for what, _, figures in rows}) + "\n")


if __name__ == "__main__":
    main()
