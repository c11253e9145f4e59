"""A workbook without an id gets the one that its journal goes by, and keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.workbook.identity import identity_sheets
from sync.workbook.read import read
from sync.workbook.save import save
from sync.workbook.template import LAYOUT, make
from tests.workbook.package import reading
from tests.workbook.package.making import pack

if TYPE_CHECKING:
    from pathlib import Path

ID = "path-0123456789abcdef01234567"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Make somebody's own workbook."""
    book = xlsxwriter.Workbook(tmp_path / "own.xlsx")
    page = book.add_worksheet("Records")
    page.write_row(0, 0, ["Record ID", "Name"])
    page.write_row(1, 0, ["A1", "Oak table"])
    book.close()
    return tmp_path / "own.xlsx"


def test_a_workbook_of_ones_own_gets_an_id_with_its_first_cells_and_keeps_it(own: Path, tmp_path: Path) -> None:
    before = own.read_bytes()
    report = save(own, {"Records": {(2, 3): "text"}}, identity_sheets(own, ID))
    assert report.certificate.line().startswith("1 cell changed, 1 sheet added, ")
    (tmp_path / "before.xlsx").write_bytes(before)
    old, new = reading.raw_entries(tmp_path / "before.xlsx"), reading.raw_entries(own)
    assert {name for name in old if old[name] != new[name]} == {
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/worksheets/sheet1.xml",
    }
    moved = own.rename(tmp_path / "moved.xlsx")
    assert read(moved).workbook_id == ID
    assert identity_sheets(moved, "another") == ()
    assert "sheet" not in save(moved, {"Records": {(2, 3): "more"}}, identity_sheets(moved, "x")).certificate.line()


def test_a_blank_template_gets_its_id_on_the_sheet_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    make(path, workbook_id="")
    before = reading.raw_entries(path)
    report = save(path, {}, identity_sheets(path, ID))
    after = reading.raw_entries(path)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet6.xml"]
    assert "1 sheet written anew" in report.certificate.line()
    assert read(path).workbook_id == ID
    assert reading.by_openpyxl(path, "_sync")[2, 2] == str(LAYOUT)


def test_a_workbook_that_bears_an_id_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path / "a.xlsx", workbook_id="mine")
    assert identity_sheets(tmp_path / "a.xlsx", ID) == ()


def test_a_workbook_that_takes_no_sheet_goes_without(own: Path, tmp_path: Path) -> None:
    content = {name: reading.part(own, name) for name in reading.raw_entries(own)}
    locked = b'<workbookProtection lockStructure="true"/><bookViews>'
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(b"<bookViews>", locked)
    assert identity_sheets(pack(tmp_path / "locked.xlsx", content), ID) == ()
