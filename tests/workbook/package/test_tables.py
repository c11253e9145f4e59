"""Tables that grow over rows written right below them, where that is asked for, and never otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

from sync.errors import WorkbookError
from sync.workbook.package.patch import patch
from sync.workbook.save import save
from sync.workbook.verify import compare
from tests.workbook.package import reading
from tests.workbook.package.making import pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.model import CellValue
    from sync.workbook.package.edits import Edits

TABLE = "xl/tables/table1.xml"
SHEET = "xl/worksheets/sheet1.xml"


def tabled(path: Path, more: Callable[[Any], object] = lambda _: None, **options: object) -> Path:
    """Make a workbook with a table in B2:D5."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Keywords")
    columns = [{"header": name} for name in ("Keyword", "Volume", "Note")]
    data = [["a", 1, "x"], ["b", 2, "y"], ["c", 3, "z"]]
    page.add_table("B2:D5", {"columns": columns, "data": data, "name": "Words", **options})
    more(page)
    book.close()
    return path


def below(*rows: int, columns: tuple[int, ...] = (2, 3, 4)) -> Edits:
    cells: dict[tuple[int, int], CellValue] = {(row, column): f"{row}/{column}" for row in rows for column in columns}
    return {"Keywords": cells}


def grown(source: Path, edits: Edits) -> tuple[str, int]:
    """Write with growth; give how far the table reaches, and how many grew."""
    target = source.with_name("after.xlsx")
    patch(source, target, edits, grow=True)
    certificate = compare(source, target, edits, grow=True)
    assert certificate.ok, certificate.unplanned
    table = openpyxl.load_workbook(target)["Keywords"].tables["Words"]
    assert not certificate.tables_grown or table.autoFilter is None or table.autoFilter.ref == table.ref
    sheet = {name for name in reading.differing(source, target) if name.startswith("xl/worksheets")}
    assert reading.differing(source, target) == sheet | ({TABLE} if certificate.tables_grown else set())
    return table.ref, certificate.tables_grown


GROWTH = {
    "one row": (below(6), "B2:D6"),
    "three rows": (below(6, 7, 8), "B2:D8"),
    "one cell a row": (below(6, 7, columns=(4,)), "B2:D7"),
    "with a column beside it": (below(6, columns=(1, 2, 9)), "B2:D6"),
    "up to a gap": (below(6, 7, 9), "B2:D7"),
    "not over a gap": (below(7, 8), "B2:D5"),
    "not for another column": (below(6, columns=(1, 5)), "B2:D5"),
    "not for cells inside": (below(4, 5), "B2:D5"),
    "not for emptied cells": ({"Keywords": {(6, 2): None, (6, 3): ""}}, "B2:D5"),
}


@pytest.mark.parametrize(("edits", "expected"), GROWTH.values(), ids=GROWTH)
def test_a_table_reaches_over_the_rows_right_below_it(tmp_path: Path, edits: Edits, expected: str) -> None:
    assert grown(tabled(tmp_path / "a.xlsx"), edits) == (expected, int(expected != "B2:D5"))


def test_nothing_but_its_reach_differs(tmp_path: Path) -> None:
    source = tabled(tmp_path / "a.xlsx")
    old = reading.part(source, TABLE)
    grown(source, below(6))
    assert old.count(b"B2:D5") == 2
    assert reading.part(tmp_path / "after.xlsx", TABLE) == old.replace(b"B2:D5", b"B2:D6")


def test_a_table_never_grows_by_accident(tmp_path: Path) -> None:
    source = tabled(tmp_path / "a.xlsx")
    patch(source, tmp_path / "b.xlsx", below(6))
    assert reading.differing(source, tmp_path / "b.xlsx") == {SHEET}
    assert compare(source, tmp_path / "b.xlsx", below(6)).ok
    patch(source, tmp_path / "c.xlsx", below(6), grow=True)
    assert not compare(source, tmp_path / "c.xlsx", below(6)).ok


def test_a_table_without_a_filter_grows(tmp_path: Path) -> None:
    assert grown(tabled(tmp_path / "a.xlsx", autofilter=False), below(6)) == ("B2:D6", 1)


def test_a_table_with_a_totals_row_stays(tmp_path: Path) -> None:
    assert grown(tabled(tmp_path / "a.xlsx", total_row=True), below(6)) == ("B2:D5", 0)


def test_a_table_that_a_query_fills_stays(tmp_path: Path) -> None:
    source = tabled(tmp_path / "a.xlsx")
    content = {name: reading.part(source, name) for name in reading.raw_entries(source)}
    content[TABLE] = content[TABLE].replace(b' name="Words"', b' name="Words" tableType="queryTable"')
    assert grown(pack(source, content), below(6)) == ("B2:D5", 0)


IN_THE_WAY = {
    "a cell": (lambda page: page.write(5, 3, "mine"), "D6"),
    "a cell further down": (lambda page: page.write(6, 3, "mine"), "D7"),
    "another table": (lambda page: page.add_table("D8:E9"), "another table"),
    "merged cells": (lambda page: page.merge_range("C7:D7", ""), "C7:D7"),
}


@pytest.mark.parametrize(("fill", "what"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_a_table_does_not_swallow_what_stands_below_it(
    tmp_path: Path, fill: Callable[[Any], object], what: str
) -> None:
    source = tabled(tmp_path / "a.xlsx", fill)
    edits = below(6, 7, 8, 9, columns=(2,))
    with pytest.raises(WorkbookError, match=f"The table Words on Keywords cannot grow: {what} stands below") as caught:
        patch(source, tmp_path / "b.xlsx", edits, grow=True)
    assert caught.value.hint
    assert not (tmp_path / "b.xlsx").exists()
    patch(source, tmp_path / "b.xlsx", edits)


def test_cells_that_are_written_over_are_not_in_the_way(tmp_path: Path) -> None:
    source = tabled(tmp_path / "a.xlsx", lambda page: page.write(5, 1, "old"))
    assert grown(source, below(6)) == ("B2:D6", 1)


def test_a_save_says_that_a_table_grew(tmp_path: Path) -> None:
    source = tabled(tmp_path / "a.xlsx")
    assert "3 cells changed, 1 table grown, " in save(source, below(6), grow=True).certificate.line()
    assert openpyxl.load_workbook(source)["Keywords"].tables["Words"].ref == "B2:D6"


def test_a_table_of_a_prefixed_sheet_grows(tmp_path: Path) -> None:
    source = tabled(tmp_path / "a.xlsx")
    content = {name: reading.part(source, name) for name in reading.raw_entries(source)}
    xml = content[TABLE].decode().replace("<", "<t:").replace("<t:/", "</t:").replace("<t:?", "<?")
    content[TABLE] = xml.replace("xmlns=", "xmlns:t=").encode()
    assert grown(pack(source, content), below(6)) == ("B2:D6", 1)


BREACHES = {
    "too far": ("B2:D6", "B2:D7"),
    "not far enough": ("B2:D7", "B2:D6"),
    "too wide": ("B2:D6", "B2:E6"),
    "too wide, and its filter not": ('ref="B2:D6" totalsRowShown', 'ref="B2:E6" totalsRowShown'),
    "from elsewhere": ("B2:D6", "B3:D6"),
    "another column": ('name="Note"', 'name="Text"'),
    "the filter elsewhere": ('<autoFilter ref="B2:D6"', '<autoFilter ref="B2:C6"'),
}


@pytest.mark.parametrize(("old", "new"), BREACHES.values(), ids=BREACHES)
def test_the_certificate_sees_a_table_that_is_not_as_planned(tmp_path: Path, old: str, new: str) -> None:
    source = tabled(tmp_path / "a.xlsx")
    source = pack(source, {name: reading.part(source, name) for name in reading.raw_entries(source)})
    edits = below(6, 7) if "D7" in old else below(6)
    patch(source, tmp_path / "b.xlsx", edits, grow=True)
    content = {name: reading.part(tmp_path / "b.xlsx", name) for name in reading.raw_entries(tmp_path / "b.xlsx")}
    assert old.encode() in content[TABLE]
    assert compare(source, pack(tmp_path / "c.xlsx", content), edits, grow=True).ok
    content[TABLE] = content[TABLE].replace(old.encode(), new.encode())
    assert not compare(source, pack(tmp_path / "c.xlsx", content), edits, grow=True).ok
