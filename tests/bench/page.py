"""The page of figures, docs/benchmarks.md, and its picture: made of what each part found when it was measured last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench import capacity, planning, plot, reading, sizes, starting, writing
from tests.bench.processes import ROOT, Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE, PICTURE = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "pictures" / "benchmarks.svg"
Figures = dict[str, Any]

_HEAD = """
# Benchmarks

Made by `make bench`, in about twenty minutes on a quiet machine with two cores; not on Windows. Each figure is taken in
a process of its own, everything in turn: the median of three runs, but for what takes half a minute and more, which
runs once. Seconds are of the machine and its other work; what counts is the ratio. MB are memory at the highest.

One part alone: `python -m tests.bench.measure capacity`; the parts are starting, capacity, script, reading, steps,
writing, sizes and million. `make bench-million` measures a workbook with a million rows, which takes a quarter of an
hour and 1.3 GB.
"""
_ALT = (
    "Two plots of seconds against rows, both in powers of ten. Left, reading: openpyxl and pandas take longest; wtsync"
    " takes about twice as long as polars at 100,000 rows, and a whole first plan longer than any reading. Right, five"
    " texts into each row: wtsync takes a fraction of what openpyxl, pandas and XlsxWriter take."
)
_CAPACITY = """
## 10,000 records through a service of fixed capacity

`wtsync run` on 10,000 records with five texts each, against `wtsync simulate --capacity {capacity}
--seconds-per-record {seconds}`. The service's own time is records x seconds / capacity: what the work takes when the
service is never idle. A real service takes hours for this; here it is quick, so that what wtsync adds shows.

"""
_CAPACITY_WHY = """
What is added comes before the first order (the workbook is read, the service asked what it has) and after the last
text (it is collected, the workbook is written and proved). It grows with the records and not with the service's
seconds, so that the ratio falls as the service takes longer. In between, four requests of fifty records are kept open:
the service has the next ones before it is done with these. One that works on more records at a time gets more requests,
as soon as it says of all that is open that it is being made: up to sixteen, or a tenth of the run's orders.
"""
_SCRIPT = """
## Beside a straightforward script

[straightforward.py](../tests/bench/straightforward.py) is what one writes in an hour: it reads the workbook with
openpyxl, orders fifty records at a time with httpx, asks once a second until they are done, and saves with openpyxl.
Both are given 1,000 records, five texts each, and a new service like the one above.

"""
_SCRIPT_WHY = """
The script needs less of the processor, and fewer requests: it does less. It looks for no text that the service has
already, and orders those again. It knows no price, and no budget. Broken off, it has lost all that was made so far,
which is paid for, and pays again when it is run again; the same goes for an answer that gets lost. A mistake in row 900
shows after 850 rows were paid for. It saves through openpyxl, which drops what openpyxl does not know.
wtsync has the intent on disk before each order and each text when it is seen, asks before each order whether somebody
else was quicker, and proves the file that it writes.
"""
_READING = """
## Reading

wtsync reads with the same library as polars, checks every cell and keeps its row. A record is made of its cells when
somebody looks at it, and is not held; the second line is reading, checking, and such a look at every record.

"""
_STEPS = """
### 100,000 rows: where the seconds go

The goals are twice what polars takes, and an eighth of what openpyxl takes. polars has all but looking, texts and
checking to do as well, which is why wtsync cannot come near it; and what calamine, polars and starting take is about
half of an eighth of openpyxl, so that the second goal is met on some machines and days, and missed on others. What
would be needed is to know that a sheet is safe to read without looking at each byte (a stray cell in the last row has
calamine reserve more memory than there is, and ends the process), or a reader that says rows, formats and errors
itself.

"""
_MILLION = """
## A million rows

Measured by `make bench-million`, once. The service that is planned against holds nothing yet, and says so of each
record: later plans ask only for what changed.

"""


def write(figures: Mapping[str, Figures]) -> None:
    """Write page and picture. Parts that were not measured yet are left out."""
    parts = [section(figures[name]) for name, section in _SECTIONS.items() if name in figures]
    picture = drawn(figures)
    text = [_HEAD.strip(), ""]
    if picture:
        PICTURE.write_text(picture, encoding="utf-8")
        text += [f"![{_ALT}](pictures/benchmarks.svg)", ""]
    PAGE.write_text("\n".join([*text, *(line for part in parts for line in part)]).rstrip() + "\n", encoding="utf-8")


def drawn(figures: Mapping[str, Figures]) -> str:
    """Draw seconds against rows; empty while there is nothing to draw."""
    if not {"reading", "writing"} <= set(figures):
        return ""
    read: dict[str, list[tuple[float, float]]] = {}
    for rows, ways in figures["reading"]["found"].items():
        for name, cost in ways.items():
            if name in _READERS:
                read.setdefault(_READERS[name], []).append((int(rows), Cost(*cost).seconds))
    for rows, cost in figures.get("sizes", {}).get("found", {}).items():
        read.setdefault(_PLAN, []).append((int(rows), Cost(*cost).seconds))
    for name, cost in figures.get("million", {}).get("found", {}).items():
        if name in _MILLIONS:
            read[_MILLIONS[name]].append((sizes.MILLION, Cost(*cost).seconds))
    wrote: dict[str, list[tuple[float, float]]] = {}
    for rows, found in figures["writing"]["found"].items():
        for name, line in _WRITERS.items():
            if name in found["writing"]:
                wrote.setdefault(line, []).append((int(rows), writing.Figures(*found["writing"][name]).seconds))
    return plot.drawn([("Reading", "seconds", read), ("Five texts into each row", "seconds", wrote)], _ALT)


_PLAN = "wtsync plan, whole"
_READERS = {
    reading.OURS: "wtsync: read, check",
    reading.FLOOR: "polars: read",
    "openpyxl, read-only": "openpyxl: read",
    "pandas + openpyxl": "pandas: read",
}
_MILLIONS = {sizes.READ: _READERS[reading.OURS], sizes.READ_PEER: _READERS[reading.FLOOR], sizes.PLAN: _PLAN}
_WRITERS = {
    "openpyxl: load and save": "openpyxl: load, save",
    "pandas + openpyxl: a new workbook, all else lost": "pandas: write anew",
    "polars + XlsxWriter: a new workbook, all else lost": "polars: write anew",
    "**whole verified save, zlib**": "wtsync: save, proved",
}


def _measured(part: Figures) -> list[str]:
    return [f"Measured on {part['day']}: {part['machine']}.", ""]


def _costs(part: Figures) -> dict[str, Cost]:
    return {name: Cost(*cost) for name, cost in part["found"].items()}


def _capacity(part: Figures) -> list[str]:
    told = capacity.Figures(*part["found"])
    head = _CAPACITY.strip().format(capacity=capacity.CAPACITY, seconds=capacity.SECONDS).splitlines()
    return [*head, "", *_measured(part), *capacity.lines(told), *_CAPACITY_WHY.strip().splitlines(), ""]


def _script(part: Figures) -> list[str]:
    found = {name: capacity.Script(*told) for name, told in part["found"].items()}
    why = _SCRIPT_WHY.strip().splitlines()
    return [*_SCRIPT.strip().splitlines(), "", *_measured(part), *capacity.beside_lines(found), *why, ""]


def _reading(part: Figures) -> list[str]:
    lines = [*_READING.strip().splitlines(), "", *_measured(part)]
    for rows, ways in part["found"].items():
        lines += reading.lines(int(rows), {name: Cost(*cost) for name, cost in ways.items()})
    return lines


def _writing(part: Figures) -> list[str]:
    lines = [*writing.PREFACE.strip().splitlines(), "", *_measured(part)]
    for rows, found in part["found"].items():
        wrote = {name: writing.Figures(*told) for name, told in found["writing"].items()}
        lines += writing.table(int(rows), wrote)
        lines += planning.table(int(rows), planning.Figures(*found["planning"]))
    return lines


_SECTIONS: dict[str, Callable[[Figures], list[str]]] = {
    "starting": lambda part: [*starting.lines(_costs(part)), *_measured(part)],
    "capacity": _capacity,
    "script": _script,
    "reading": _reading,
    "steps": lambda part: [*_STEPS.strip().splitlines(), "", *_measured(part), *reading.step_lines(part["found"])],
    "sizes": lambda part: [*sizes.lines(_costs(part)), *_measured(part)],
    "writing": _writing,
    "million": lambda part: [*_MILLION.strip().splitlines(), "", *_measured(part), *sizes.million_lines(_costs(part))],
}
