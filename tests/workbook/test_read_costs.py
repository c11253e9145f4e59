"""What reading costs, counted in ways that do not depend on the machine."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.workbook.read import read
from sync.workbook.slices import SLICE
from tests.workbook.counting import ACCOUNT, bytes_read

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 1_500


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Make a workbook whose sheet is nearly all of it, and hard to pack."""
    words = random.Random(2)
    made = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"), {"constant_memory": True})
    sheet = made.add_worksheet("Records")
    sheet.write_row(0, 0, ["Record ID", "Name", "Colour"])
    for row in range(1, ROWS):
        sheet.write_row(row, 0, [f"r{row}", *(f"{words.getrandbits(4000):x}" for _ in range(2))])
    made.close()
    return tmp_path / "book.xlsx"


@pytest.mark.skipif(not ACCOUNT.exists(), reason="the system keeps no account of what is read")
@pytest.mark.parametrize("size", [SLICE, 300_000], ids=["whole", "in ten slices"])
def test_a_workbook_is_read_three_times_however_long_it_is(book: Path, size: int) -> None:
    """Looked through for what calamine does not tell, read, and hashed."""
    read(book, size)  # what Python imports is not counted
    begin, once = bytes_read(), book.stat().st_size
    tables = read(book, size)
    assert len(tables.rows) == ROWS - 1
    assert 2.9 * once < bytes_read() - begin < 3.3 * once
