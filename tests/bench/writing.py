"""Five texts into each row of somebody's workbook: what that takes, in seconds and in memory beyond the texts.

Each way runs in a process of its own, which first makes the texts and then starts the clock. The floor is one thread
that inflates the written sheet and deflates it again, with the library and level that the save uses: whoever
wants that file cannot do less.
"""

from __future__ import annotations

import statistics
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.processes import told

if TYPE_CHECKING:
    from pathlib import Path

RUNS = 3
SLOW = 100_000
"""From so many rows on, what takes a minute is measured once, and what takes minutes not at all."""

PREFACE = """
## Five texts of about 600 characters into each row of a workbook with 15 columns

The floor is one thread that inflates the written sheet and deflates it again, with the library and level of the save.
The whole verified save patches a copy, flushes it to the disk, reads it back from there, compares every byte of the
sheet with what the old sheet and the plan foretell, hashes both files, and replaces the old one.

isal is optional: `pip install isal`, and it is used (there is no wheel for Windows on ARM). It packs three to four
times faster than zlib at level 1, into five per cent less. But packing goes on beside the patching, in two threads, and
reading back is left to zlib in either case, so that the file is proved to be one that others can read. What remains is
less work for the processor; how much less time that is depends on how many cores are free.

What the whole save takes beyond the floor is Python: finding the rows and spelling the texts, once to write and once
more, by other code, to prove; and the one inflating that the proof needs. It is the same work with either library, so
that it looks larger beside the lower floor of isal.
"""

_BEGIN = """
import resource, shutil, sys, time
from pathlib import Path
book, out, rows = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
if sys.argv[4] == "zlib":
    sys.modules["isal"] = None  # as if it were not installed
from tests.bench.texts import texts
edits = texts(rows)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
"""
_END = """
import json
took = time.perf_counter() - begin, time.process_time() - worked, peak() - base, base
print(json.dumps(took))
"""
_CLOCK = "\nbase, begin, worked = peak(), time.perf_counter(), time.process_time()\n"

_OPENPYXL = (
    "import openpyxl",
    """
made = openpyxl.load_workbook(book)
sheet = made["Records"]
for (row, column), text in edits.items():
    sheet.cell(row, column, text)
made.save(out)
""",
)
_REWRITTEN = (
    "import polars, xlsxwriter",
    """
frame = polars.read_excel(book, sheet_name="Records", engine="calamine", infer_schema_length=0, has_header=False)
made = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_numbers": False})
sheet = made.add_worksheet("Records")
for row, cells in enumerate(frame.iter_rows()):
    for column, cell in enumerate(cells):
        if cell is not None:
            sheet.write_string(row, column, cell)
    for column in range(11, 16):
        if text := edits.get((row + 1, column)):
            sheet.write_string(row, column - 1, text)
made.close()
""",
)
_PANDAS = (
    "import pandas",
    """
frame = pandas.read_excel(book, sheet_name="Records", engine="openpyxl", dtype=str)
for column in range(11, 16):
    frame[frame.columns[column - 1]] = [edits.get((row, column)) for row in range(2, len(frame) + 2)]
frame.to_excel(out, sheet_name="Records", index=False, engine="openpyxl")
""",
)
_PATCH = ("from sync.workbook.package.patch import patch", "patch(book, out, {'Records': edits})")
_SAVE = (
    "from sync.workbook.save import save; shutil.copy(book, out)",
    "assert save(out, {'Records': edits}).certificate.cells_changed == 5 * rows",
)
_FLOOR = (
    """
import zipfile
from sync.workbook.package.codec import CODEC
if CODEC.name == "isal":
    from isal import isal_zlib as zlib
else:
    import zlib
with zipfile.ZipFile(out) as archive:
    info = archive.getinfo("xl/worksheets/sheet1.xml")
    archive.fp.seek(info.header_offset + 26)
    skipped = int.from_bytes(archive.fp.read(2), "little") + int.from_bytes(archive.fp.read(2), "little")
    start = archive.fp.tell() + skipped
""",
    """
inflater, deflater, size = zlib.decompressobj(-15), zlib.compressobj(CODEC.level, 8, -15), 0
with out.open("rb") as file:
    file.seek(start)
    while not inflater.eof:
        raw = inflater.decompress(inflater.unconsumed_tail or file.read(1 << 20), 1 << 20)
        deflater.compress(raw)
        size += len(raw)
deflater.flush()
assert size == info.file_size
""",
)

WAYS = {
    "openpyxl: load and save": (_OPENPYXL, ""),
    "pandas + openpyxl: a new workbook, all else lost": (_PANDAS, ""),
    "polars + XlsxWriter: a new workbook, all else lost": (_REWRITTEN, ""),
    "patch alone, isal": (_PATCH, "isal"),
    "**whole verified save, isal**": (_SAVE, "isal"),
    "floor, isal": (_FLOOR, "isal"),
    "patch alone, zlib": (_PATCH, "zlib"),
    "**whole verified save, zlib**": (_SAVE, "zlib"),
    "floor, zlib": (_FLOOR, "zlib"),
}


class Figures(NamedTuple):
    """What one way took: the medians of its runs."""

    seconds: float
    cpu: float
    """Seconds of all threads together: what other work on the machine disturbs least."""
    mb: float
    """Beyond the texts, at the highest."""
    texts: float
    """What the process held before, in MB: Python and the texts."""


def ways() -> dict[str, tuple[tuple[str, str], str]]:
    """Leave out what cannot run here."""
    there = find_spec("isal") is not None
    return {name: way for name, way in WAYS.items() if there or way[1] != "isal"}


def run(way: tuple[str, str], library: str, book: Path, rows: int) -> Figures:
    """Run one way once, in a process of its own."""
    code = _BEGIN + way[0] + _CLOCK + way[1] + _END
    out = book.with_name(f"out-{library or 'peer'}.xlsx")
    return Figures(*told(code, book, out, rows, library))


def measure(book: Path, rows: int) -> dict[str, Figures]:
    """Run every way in turn, three times, what is slow once; give the medians."""
    samples: dict[str, list[Figures]] = {name: [] for name in ways()}
    for turn in range(RUNS):
        for name, (way, library) in ways().items():
            if rows < SLOW or library or (turn == 0 and way is not _PANDAS):
                samples[name].append(run(way, library, book, rows))
    return {
        name: Figures(*(statistics.median(values) for values in zip(*runs, strict=True)))
        for name, runs in samples.items()
        if runs
    }


def table(rows: int, found: dict[str, Figures]) -> list[str]:
    """Write the figures of one size as lines of a page."""
    peer = found["openpyxl: load and save"]
    lines = [
        f"### {rows:,} rows",
        "",
        "| what | seconds | CPU s | faster than openpyxl | in CPU | times the floor | in CPU | MB | of openpyxl's |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, figures in found.items():
        floor = found[f"floor, {name.rpartition(' ')[2].strip('*')}"] if name.endswith(("isal", "zlib", "**")) else None
        share = f"{figures.seconds / floor.seconds:.1f} | {figures.cpu / floor.cpu:.1f}" if floor else "|"
        lines.append(
            f"| {name} | {figures.seconds:.2f} | {figures.cpu:.2f} |"
            f" {peer.seconds / figures.seconds:.1f} | {peer.cpu / figures.cpu:.1f} | {share} |"
            f" {figures.mb:.0f} | {figures.mb / peer.mb:.2f} |"
        )
    return [*lines, "", f"MB are beyond Python and the texts themselves, which are {peer.texts:.0f} MB.", ""]
