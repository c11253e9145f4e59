"""Deciding what a run would do, beside reading the workbook that it is decided for: a season's texts, all filled in.

Six texts of ten are as they were agreed on; of the others one each is missing, edited, changed on the service, and
older than its product. What the service holds and what the journal knows is made before the clock starts.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.processes import told

if TYPE_CHECKING:
    from pathlib import Path

RUNS = 3

_CODE = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from sync.diff import diff
from sync.model import *
from sync.plan import make
from sync.records import input_digests, to_workbook
from sync.records.bulk import without_collecting
from sync.workbook.read import read
begin = time.process_time()
records = list(to_workbook(read(Path(sys.argv[1])), None).records)  # made, as they are looked at below
reading = time.process_time() - begin
texts, bases, changed = {}, {}, []
for n, record in enumerate(records):
    cells, digests = dict(record.texts), input_digests(record)
    for c, wanted in enumerate(record.wanted):
        key, words, state = TextKey(record.key, wanted.text_type), cells[wanted.text_type], (n + c) % 10
        if state == 6:
            cells[wanted.text_type] = ""
            continue
        cells[wanted.text_type] = words + "!" if state == 7 else words
        there = words + "?" if state == 8 else words
        texts[key] = RemoteText(key, f"t-{n}-{c}{state == 8}", there)
        digest = "older" if state == 9 else digests[wanted.text_type]
        bases[key] = Base(words, f"t-{n}-{c}", digest, Origin.GENERATED)
    changed.append(replace(record, texts=cells))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.process_time()
with without_collecting():
    changes = diff(changed, RemoteState(texts), Memory(bases=bases), Policies(), PriceList(), input_digests)
deciding = time.process_time() - begin
begin = time.process_time()
plan = make(changes, None)
planning = time.process_time() - begin
assert len(changes) == sum(plan.counts.values()) == 5 * len(records)
more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(json.dumps([reading, deciding, planning, more]))
"""


class Figures(NamedTuple):
    """Seconds of processor time, and what deciding needs beyond what was there, in MB."""

    reading: float
    deciding: float
    planning: float
    mb: float


def measure(filled: Path, count: int = RUNS) -> Figures:
    """Read a filled workbook and decide about it, so many times; give the medians."""
    runs = [Figures(*told(_CODE, filled)) for _ in range(count)]
    return Figures(*(statistics.median(values) for values in zip(*runs, strict=True)))


def table(rows: int, found: Figures) -> list[str]:
    """Write the figures as lines of a page."""
    share = (found.deciding + found.planning) / found.reading
    return [
        f"### {rows:,} rows with five texts each: read, and decide",
        "",
        "| read and check, CPU s | compare | plan | both, of reading | MB more |",
        "|---:|---:|---:|---:|---:|",
        f"| {found.reading:.2f} | {found.deciding:.2f} | {found.planning:.2f} | {share:.2f} | {found.mb:.0f} |",
        "",
    ]
