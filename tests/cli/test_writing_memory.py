"""Writing takes memory for where the texts go, not for the texts."""

from __future__ import annotations

import gc
import random
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.cli.writing import write_back
from sync.journal import Journal
from sync.model import Delivery, Origin, RecordKey, TextKey
from sync.workbook.read import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 2500
LENGTH = 8000
RESULTS = ["Status", "Message", "Updated", "Credits"]


def words(row: int, text_type: str) -> str:
    """Make a text that is as hard to pack as a real one."""
    return f"{random.Random(f'{row} {text_type}').getrandbits(4 * LENGTH):x}"


def texts() -> Iterator[Delivery]:
    for row in range(1, ROWS):
        record = RecordKey("shop", "Product", f"A{row}", "en")
        for name in ("page title", "page description"):
            yield Delivery(TextKey(record, name), f"t{row}", words(row, name), "", "d", Origin.GENERATED, "run")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = xlsxwriter.Workbook(str(tmp_path / "shop.xlsx"), {"constant_memory": True})
    sheet = made.add_worksheet("Records")
    sheet.write_row(0, 0, ["Record ID", "Name", "Store", "Language", "Page title", "Page description", *RESULTS])
    for row in range(1, ROWS):
        sheet.write_row(row, 0, [f"A{row}", "Oak stool", "shop", "en"])
    made.close()
    return tmp_path / "shop.xlsx"


def test_a_season_of_long_texts_is_written_without_ever_being_in_memory_as_a_whole(file: Path) -> None:
    tables = read(file)
    with Journal(file.parent / f"{tables.workbook_id}.sqlite3", "any", simulated=True) as journal:
        journal.pull([], texts())
        gc.collect()
        tracemalloc.start()
        written = write_back(file, journal, simulated=True, seen=tables)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert written.projection.texts == 2 * (ROWS - 1)
        assert journal.texts.deliveries() == []
        agreed = journal.texts.bases()
    assert peak < 2 * ROWS * LENGTH, "more than the texts alone"
    shown = read(file)
    assert [*shown.columns[5]] == [words(row, "page title") for row in range(1, ROWS)]
    assert [*shown.columns[6]] == [words(row, "page description") for row in range(1, ROWS)]
    assert {*shown.columns[7]} == {"Done"}
    assert len(agreed) == 2 * (ROWS - 1)
