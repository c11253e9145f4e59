"""What records and the decisions about them take of memory, a row: it decides whether a million rows can be planned."""

from __future__ import annotations

import gc
import tracemalloc

from sync.diff import diff
from sync.model import Kind, Memory, Policies, PriceList, RemoteState
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


def test_a_record_takes_half_a_kilobyte_beside_its_texts_and_not_much_more_while_it_is_made() -> None:
    tables = tables_of("A title", "A description")
    gc.collect()
    tracemalloc.start()
    book = to_workbook(tables, None)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(book.records) == ROWS
    assert held / ROWS < 560  # 500; 600 when every row had a dictionary of its texts
    assert peak / ROWS < 850


def test_a_decision_to_leave_a_text_takes_less_than_300_bytes_and_one_to_make_it_less_than_420() -> None:
    for texts, kind, most in ((("A title", "A description"), Kind.PROTECTED, 300), (("", ""), Kind.GENERATE, 420)):
        records = to_workbook(tables_of(*texts), None).records
        gc.collect()
        tracemalloc.start()
        changes = diff(records, RemoteState({}), Memory(), Policies(), PriceList(), input_digests)
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert {change.kind for change in changes} == {kind}
        assert held / len(changes) < most
