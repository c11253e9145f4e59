"""What is written into the workbook, as the journal has it at that moment; and what that takes in memory."""

from __future__ import annotations

import gc
import random
import tracemalloc
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter

from sync.cli.writing import write_back
from sync.journal import Journal
from sync.model import Delivery, Origin, RecordKey, TextKey
from sync.workbook.identity import identity_sheets
from sync.workbook.read import read
from sync.workbook.save import save

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

RESULTS = ["Status", "Message", "Updated", "Credits"]
HEADINGS = ["Record ID", "Name", "Store", "Language", "Page title", "Page description", *RESULTS]
TITLE, STATUS = 5, 7
ROWS, LENGTH = 1500, 8000


def workbook(path: Path, rows: int) -> Path:
    """Make a workbook with our very hidden sheet, as all have that come from the template."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as made:
        sheet = made.add_worksheet("Records")
        sheet.write_row(0, 0, HEADINGS)
        for row in range(1, rows):
            sheet.write_row(row, 0, [f"A{row}", "Oak stool", "shop", "en"])
    save(path, {}, identity_sheets(path, "w-one"))
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "w-one.sqlite3", "any", simulated=True) as opened:
        yield opened


def key(row: int, text_type: str = "page title") -> TextKey:
    return TextKey(RecordKey("shop", "Product", f"A{row}", "en"), text_type)


def texts(*rows: int) -> list[Delivery]:
    return [Delivery(key(row), f"t{row}", f"words {row}", "", "d", Origin.GENERATED, "run") for row in rows]


def put(file: Path, *cells: tuple[int, int, str | None]) -> None:
    book = openpyxl.load_workbook(file)
    for row, column, value in cells:
        book["Records"].cell(row, column).value = value
    book.save(file)


def column(file: Path, number: int) -> list[str]:
    return [*read(file).columns[number]]


def test_a_text_that_was_kept_back_and_is_written_after_all_is_done(tmp_path: Path, journal: Journal) -> None:
    file = workbook(tmp_path / "shop.xlsx", 3)
    put(file, (2, TITLE, "mine"))
    journal.pull([], texts(1, 2))
    written = write_back(file, journal, simulated=True)
    assert (column(file, TITLE), column(file, STATUS)) == (["mine", "words 2"], ["Yours kept", "Done"])
    assert [str(state) for _, state in written.projection.settled] == ["kept", "written"]
    assert written.projection.texts == 1
    put(file, (2, TITLE, None), (3, TITLE, "theirs"))
    write_back(file, journal, simulated=True, again=True)
    assert (column(file, TITLE), column(file, STATUS)) == (["words 1", "theirs"], ["Done", "Yours kept"])


def test_a_result_that_cannot_be_written_keeps_back_no_text(tmp_path: Path, journal: Journal) -> None:
    file = workbook(tmp_path / "shop.xlsx", 4)
    put(file, (2, STATUS, '="a"&"b"'), (3, TITLE, '="c"&"d"'))
    journal.pull([], texts(1, 2, 3))
    written = write_back(file, journal, simulated=True)
    assert sorted(str(one) for one in written.obstacles) == ["Records!E3 holds a formula", "Records!G2 holds a formula"]
    assert [(item.text_id, why) for item, why in written.left] == [("t2", "Records!E3: the cell holds a formula")]
    shown = openpyxl.load_workbook(file)["Records"]
    assert [shown.cell(row, TITLE).value for row in (2, 3, 4)] == ["words 1", '="c"&"d"', "words 3"]
    assert [shown.cell(row, STATUS).value for row in (2, 4)] == ['="a"&"b"', "Done"]
    assert journal.texts.deliveries() == texts(2)


def words(row: int, text_type: str) -> str:
    """Make a text that is as hard to pack as a real one."""
    return f"{random.Random(f'{row} {text_type}').getrandbits(4 * LENGTH):x}"


def season() -> Iterable[Delivery]:
    for row in range(1, ROWS):
        for name in ("page title", "page description"):
            yield Delivery(key(row, name), f"t{row}", words(row, name), "", "d", Origin.GENERATED, "run")


def test_a_season_of_long_texts_is_written_without_ever_being_in_memory_as_a_whole(
    tmp_path: Path, journal: Journal
) -> None:
    file = workbook(tmp_path / "shop.xlsx", ROWS)
    journal.pull([], season())
    tables = read(file)
    gc.collect()
    tracemalloc.start()
    written = write_back(file, journal, simulated=True, seen=tables)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The texts alone are 24 MB. Some 28 are for the pieces in which two workbooks are compared, however many texts.
    assert peak < 42_000_000
    assert written.projection.texts == 2 * (ROWS - 1)
    assert journal.texts.deliveries() == []
    assert len(journal.texts.bases()) == 2 * (ROWS - 1)
    assert column(file, TITLE) == [words(row, "page title") for row in range(1, ROWS)]
    assert column(file, TITLE + 1) == [words(row, "page description") for row in range(1, ROWS)]
    assert {*column(file, STATUS)} == {"Done"}
