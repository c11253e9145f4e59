"""`make bench`: what wtsync costs beside what one would use instead, as ratios measured in one go on one machine.

Every figure is taken in a process of its own, peers in turn, the median of three. Writes docs/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
TEXT = "Turned from solid oak and oiled by hand, it carries what a day brings. " * 8  # about 600 characters
SIZES = (1_000, 10_000)

_MAKE = """
import sys, xlsxwriter
rows, path, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
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
_WRITE = """
import sys; from pathlib import Path
from sync.workbook.package.patch import patch
rows, text = int(sys.argv[3]), sys.argv[4]
edits = {(row, column): f"{row} {text}" for row in range(2, rows + 2) for column in range(11, 16)}
patch(Path(sys.argv[1]), Path(sys.argv[2]), {"Records": edits})
"""
_WRITE_PEER = """
import openpyxl, sys
rows, text = int(sys.argv[3]), sys.argv[4]
book = openpyxl.load_workbook(sys.argv[1]); sheet = book["Records"]
for row in range(2, rows + 2):
    for column in range(11, 16):
        sheet.cell(row, column, f"{row} {text}")
book.save(sys.argv[2])
"""
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


def measure(folder: Path) -> list[tuple[str, str, dict[str, float]]]:
    """Measure everything: what it is, what it is compared with, and the figures."""
    rows = [("`wtsync --help`", "`import click`", pair((_HELP,), (_HELP_PEER,)))]
    for size in SIZES:
        book, out = folder / f"{size}.xlsx", folder / "out.xlsx"
        timed(_MAKE, size, book, TEXT)
        reading = pair((_READ, book), (_READ_PEER, book))
        rows.append((f"read and check {size:,} rows", "polars.read_excel (calamine)", reading))
        arguments = (book, out, size, TEXT)
        rows.append((f"write 5 texts into {size:,} rows", "openpyxl load + save",
                     pair((_WRITE, *arguments), (_WRITE_PEER, *arguments))))  # fmt: skip
    return rows


def page(rows: list[tuple[str, str, dict[str, float]]]) -> str:
    """Write the page."""
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`: each figure is the median of three runs in processes of their own, ours and the peer's",
        "in turn. Seconds are of this machine; what counts is the ratio (below 1: wtsync needs less).",
        "",
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, {platform.python_version()}.",
        "",
        "| what | beside | seconds | peer | ratio | peak MB | peer | ratio |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for what, peer, figures in rows:
        lines.append(
            f"| {what} | {peer} | {figures['seconds']:.2f} | {figures['peer']:.2f} | {figures['ratio']:.2f} |"
            f" {figures['mb']:.0f} | {figures['peer_mb']:.0f} | {figures['mb_ratio']:.2f} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, print and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    (ROOT / "docs" / "benchmarks.md").write_text(page(rows), encoding="utf-8")
    sys.stdout.write(page(rows) + "\n" + json.dumps({what: figures for what, _, figures in rows}) + "\n")


if __name__ == "__main__":
    main()
