"""What a save costs, counted in ways that do not depend on the machine."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.workbook.package.forecast import quick
from sync.workbook.save import save
from tests.workbook.counting import ACCOUNT, bytes_read, bytes_written
from tests.workbook.package import reading
from tests.workbook.package.making import SHEET_PART

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 400


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Make a workbook whose sheet is nearly all of it, and hard to pack."""
    words = random.Random(2)
    made = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"), {"constant_memory": True})
    sheet = made.add_worksheet("Records")
    for row in range(ROWS):
        sheet.write_row(row, 0, [f"{words.getrandbits(4000):x}" for _ in range(3)])
    made.close()
    return tmp_path / "book.xlsx"


def edits() -> dict[str, dict[tuple[int, int], str]]:
    words = random.Random(3)
    return {"Records": {(row, column): f"{words.getrandbits(2000):x}" for row in range(2, ROWS) for column in (5, 6)}}


@pytest.mark.skipif(not ACCOUNT.exists(), reason="the system keeps no account of what is read")
def test_a_save_reads_the_old_workbook_five_times_and_the_new_one_twice(book: Path) -> None:
    """The old one: hashed, looked through for obstacles, patched, compared, hashed again. The new: compared, hashed."""
    wanted, old, begin = edits(), book.stat().st_size, bytes_read()
    save(book, wanted)
    read, new = bytes_read() - begin, book.stat().st_size
    assert 4.5 * old + 1.9 * new < read < 5.5 * old + 2.2 * new


@pytest.mark.skipif(not ACCOUNT.exists(), reason="the system keeps no account of what is written")
@pytest.mark.parametrize("kept", [False, True], ids=["alone", "with a backup"])
def test_a_save_writes_the_workbook_once_and_a_backup_once(book: Path, tmp_path: Path, kept: bool) -> None:
    save(book, {"Records": {(2, 5): "once before: what Python imports is not counted"}})
    wanted, begin = edits(), bytes_written()
    report = save(book, wanted, backup_dir=tmp_path / "backups" if kept else None)
    old = 0 if report.backup is None else report.backup.stat().st_size
    assert bytes_written() - begin == pytest.approx(book.stat().st_size + old, rel=0.01)
    assert kept == bool(old)


def test_both_sheets_are_gone_through_once(book: Path) -> None:
    wanted = edits()
    before = reading.part(book, SHEET_PART)
    save(book, wanted)
    after = reading.part(book, SHEET_PART)
    taken = {"before": 0, "after": 0}

    def pieces(name: str, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), 100_000):
            taken[name] += 1
            yield data[at : at + 100_000]

    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in wanted["Records"].items():
        rows.setdefault(row, {})[column] = text
    assert quick(pieces("before", before), pieces("after", after), rows) == (2 * (ROWS - 2), 0)
    assert taken == {"before": -(-len(before) // 100_000), "after": -(-len(after) // 100_000)}
