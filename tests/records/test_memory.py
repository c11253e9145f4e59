"""What records and the decisions about them take of memory, a row: it decides whether a million rows can be planned."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace

import pytest

from sync.diff import diff
from sync.model import Kind, Memory, Policies, PriceList, RemoteState
from sync.packing import Packed
from sync.records import input_digests, to_workbook
from sync.tables import Tables

ROWS = 5_000
HEADINGS = ("Record ID", "Name", "Keywords", "Colour", "Page title", "Page description")


def tables_of(*texts: str) -> Tables:
    """Make a sheet of many rows, each with these texts and a number."""
    numbers = range(ROWS)
    columns = {
        1: [f"{row:07}" for row in numbers],
        2: [f"Oak stool {row}" for row in numbers],
        3: ["oak, stool"] * ROWS,
        4: [f"shade {row % 17}" for row in numbers],
        5: [f"{texts[0]} {row}" if texts[0] else "" for row in numbers],
        6: [f"{texts[1]} {row}" if texts[1] else "" for row in numbers],
    }
    return Tables("Records", 1, tuple(enumerate(HEADINGS, 1)), list(range(2, ROWS + 2)), columns, "book", "sha")


EMPTY = Tables(
    "Images", 1, ((1, "Image ID"), (2, "Record ID"), (3, "Alt text")), [], {1: [], 2: [], 3: []}, "book", "sha"
)


@pytest.mark.parametrize("images", [None, EMPTY], ids=["alone", "with a sheet for images"])
def test_a_record_takes_next_to_nothing_beside_its_cells_until_somebody_looks_at_it(images: Tables | None) -> None:
    tables = replace(tables_of("A title", "A description"), images=images)
    gc.collect()
    tracemalloc.start()
    book = to_workbook(tables, None)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(book.records) == ROWS
    assert held / ROWS < 200  # 110; 500 when the records themselves were held
    assert peak / ROWS < 300


def test_a_decision_to_leave_a_text_takes_less_than_300_bytes_and_one_to_make_it_less_than_420() -> None:
    for texts, kind, most in ((("A title", "A description"), Kind.PROTECTED, 300), (("", ""), Kind.GENERATE, 420)):
        records = list(to_workbook(tables_of(*texts), None).records)
        gc.collect()
        tracemalloc.start()
        changes = diff(records, RemoteState({}), Memory(), Policies(), PriceList(), input_digests)
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert {change.kind for change in changes} == {kind}
        assert held / len(changes) < most


def test_packed_it_takes_less_than_a_hundred_bytes_whatever_it_is() -> None:
    for texts in (("A title", "A description"), ("", "")):
        records = list(to_workbook(tables_of(*texts), None).records)
        changes = diff(records, RemoteState({}), Memory(), Policies(), PriceList(), input_digests)
        gc.collect()
        tracemalloc.start()
        packed = Packed(changes)
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert held / len(packed) < 100
