"""A long sheet is read in slices: they say what the whole says, and none of them is long."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.errors import WtsyncError
from sync.workbook.package.container import Container
from sync.workbook.read import read
from sync.workbook.slices import Disordered, slices

if TYPE_CHECKING:
    from sync.tables import Tables

ROOT = Path(__file__).parents[2]
BOOKS = sorted([*ROOT.glob("tests/workbooks/*.xls[xm]"), *ROOT.glob("samples/*/*.xlsx")])


def told(path: Path, size: int | None = None) -> tuple[Tables | str, list[int]]:
    """Say what reading gives: the tables, and the order of their columns; or else the error."""
    try:
        tables = read(path) if size is None else read(path, size)
    except WtsyncError as error:
        return f"{type(error).__name__}: {error}", []
    return replace(tables, notes=None), list(tables.columns)  # each reading has notes of its own


@pytest.mark.soak
def test_every_workbook_says_the_same_in_slices_as_whole() -> None:
    assert len(BOOKS) > 80
    for path in BOOKS:
        assert told(path, 300) == told(path), path.name


def book_of(path: Path, rows: int) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Records")
    sheet.write_row(1, 1, ["Record ID", "Name", "Colour", "Weight", "Sum"])
    for row in range(2, rows + 2):
        if row % 7:  # a gap now and then
            sheet.write_row(row, 1, [f"{row:06}", f"Oak stool {row}", "oak"])
        if row % 1_000 == 999:
            sheet.write(row, 4, row / 4, book.add_format({"num_format": "0.00"}))
            sheet.write_formula(row, 5, "=1/0", None, "#DIV/0!")
    book.close()
    return path


@pytest.mark.soak
def test_rows_with_gaps_errors_and_columns_that_begin_late_stand_where_they_stand(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", 5_000)
    for size in (1_000, 30_000, 100_000):
        assert told(path, size) == told(path)


def pieces_of(path: Path, size: int) -> list[tuple[int, bytes]]:
    """Give the row before each slice, and the XML of its sheet."""
    with Container.open(path) as container:
        return [
            (before, zipfile.ZipFile(BytesIO(workbook)).read("xl/worksheets/sheet1.xml"))
            for before, workbook in slices(container, "Records", size)
        ]


def test_no_slice_is_longer_than_it_may_be_and_each_row_is_in_one(tmp_path: Path) -> None:
    found = pieces_of(book_of(tmp_path / "a.xlsx", 20_000), 200_000)
    assert len(found) > 10
    assert max(len(xml) for _, xml in found) < 300_000
    rows = [list(map(int, re.findall(rb'<row r="([0-9]+)"', xml))) for _, xml in found]
    assert [numbers[0] for numbers in rows[1:]] == [before for before, _ in found[1:]]  # the mark
    assert all(later[0] == earlier[-1] for earlier, later in pairwise(rows))
    own = [number for numbers, (before, _) in zip(rows, found, strict=True) for number in numbers if number != before]
    assert own == sorted(set(own))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'<row r="9"', b'<row r="5"'),
        (b"</sheetData>", b'</sheetData><sheetData><row r="99"><c r="B99"><v>1</v></c></row></sheetData>'),
        (b"<worksheet", b"<anything"),
    ],
)
def test_rows_out_of_order_are_not_cut(tmp_path: Path, was: bytes, now: bytes) -> None:
    path, other = book_of(tmp_path / "a.xlsx", 20), tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(was, now) if "sheet1" in name else source.read(name))
    with pytest.raises(Disordered):
        pieces_of(other, 500)
    assert told(other, 500) == told(other)
