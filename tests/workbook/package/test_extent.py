"""How far a sheet reaches, measured before a dense reader allocates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fastexcel
import pytest

from sync.errors import NotAWorkbook
from sync.workbook.package.container import Container
from sync.workbook.package.extent import Extent, extent
from tests.workbook.package import making
from tests.workbook.package.making import by_hand, sheet

if TYPE_CHECKING:
    from pathlib import Path


def measured(path: Path) -> Extent:
    with Container.open(path) as container:
        return extent(container, "Records")


FILLED = '<row r="3"><c r="C3"><v>1</v></c></row>'
SHEETS = {
    "empty": ("", (0, 0, 0, 0, 0)),
    "one cell": (FILLED, (3, 3, 3, 3, 1)),
    "styled blanks do not count": (FILLED + '<row r="9"><c r="Z9" s="1"/><c r="AA9" s="1"></c></row>', (3, 3, 3, 3, 1)),
    "a stray cell": (FILLED + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', (3, 3, 1_048_576, 16_384, 2)),
    "a cell that lies about its row": (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B77"><v>1</v></c></row>',
        (1, 1, 77, 2, 2),
    ),
    "single quotes": ("<row r='3'><c r='C3'><v>1</v></c><c s='1' r='E3'><v>1</v></c></row>", (3, 3, 3, 5, 2)),
    "a closed tag in an attribute": (
        '<row r="1"><c r="A1" x="/>"><v>1</v></c><c r="B1" x="/>"/></row>',
        (1, 1, 1, 1, 1),
    ),
    "no places": ("<row><c/><c><v>1</v></c></row><row><c><f>A1</f></c></row>", (1, 1, 2, 2, 2)),
    "cells out of order": ('<row r="3"><c r="C3"><v>1</v></c><c r="A3"><v>1</v></c></row>', (3, 1, 3, 3, 2)),
    "an inline text that looks like a cell": (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>c r="Z9" &lt;c r="Z9"&gt;</t></is></c></row>',
        (1, 1, 1, 1, 1),
    ),
    "a comment that looks like a cell": (FILLED + '<!--<row r="9"><c r="Z9"><v>1</v></c></row>-->', (3, 3, 3, 3, 1)),
}


@pytest.mark.parametrize(("data", "expected"), SHEETS.values(), ids=SHEETS)
def test_the_extent_is_that_of_the_cells_that_hold_something(
    tmp_path: Path, data: str, expected: tuple[int, int, int, int, int]
) -> None:
    assert measured(by_hand(tmp_path / "a.xlsx", sheet(data))) == expected


@pytest.mark.parametrize("name", [name for name in SHEETS if name not in {"empty", "a stray cell"}])
def test_calamine_allocates_no_more_than_the_extent(tmp_path: Path, name: str) -> None:
    path = by_hand(tmp_path / "a.xlsx", sheet(SHEETS[name][0]))
    frame = fastexcel.read_excel(path).load_sheet("Records", header_row=None, dtypes="string").to_polars()
    found = measured(path)
    # It leaves out the rows and columns before the first cell, or counts from A1: either way no more than this.
    assert frame.height <= found.last_row
    assert frame.width <= found.last_column


@pytest.mark.parametrize("make", [making.plain, making.by_openpyxl])
def test_real_workbooks_are_measured(tmp_path: Path, make: object) -> None:
    assert callable(make)
    found = measured(make(tmp_path / "a.xlsx"))
    assert found[:4] == (1, 1, 5, 4)
    assert found.area == 20


@pytest.mark.parametrize(
    "data",
    [
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row><c r="A0"><v>1</v></c></row>',
        '<row><c r="1"><v>1</v></c></row>',
    ],
)
def test_places_that_do_not_exist_are_damage(tmp_path: Path, data: str) -> None:
    with pytest.raises(NotAWorkbook):
        measured(by_hand(tmp_path / "a.xlsx", sheet(data)))


@pytest.mark.parametrize(
    "xml",
    [
        "<worksheet/>",
        "",
        "no xml",
        sheet("<row>"),
        sheet("<row><c></row>"),
        "<worksheet><sheetData>",
        "<worksheet><!--",
    ],
)
def test_a_sheet_that_is_cut_off_is_damage(tmp_path: Path, xml: str) -> None:
    with pytest.raises(NotAWorkbook):
        measured(by_hand(tmp_path / "a.xlsx", xml))
