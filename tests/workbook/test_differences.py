"""Two workbooks side by side: what cells show, however the file spells it, and whatever else differs."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sync.errors import NotAWorkbook
from sync.workbook.differences import Differences, differences
from sync.workbook.save import save
from tests.workbook.package import making

if TYPE_CHECKING:
    from pathlib import Path


def compared(one: Path, other: Path) -> Differences:
    return differences(one, other, most=50)


def listed(found: Differences) -> list[tuple[str, str, str]]:
    return [(one.where, one.was, one.now) for one in found.cells]


def saved_anew(book: Path, target: Path, **cells: Any) -> Path:
    """Save a workbook as another program does, which spells everything its own way."""
    opened: Any = openpyxl.load_workbook(book)
    for address, value in cells.items():
        opened["Records"][address] = value
    opened.save(target)
    return target


def with_parts(
    book: Path, target: Path, change: dict[str, bytes | None], extra: dict[str, bytes] | None = None
) -> Path:
    """Copy a workbook with parts changed, taken out (None) or added."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = change.get(info.filename, old.read(info))
            if content is not None:
                new.writestr(info, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return target


def test_a_workbook_is_the_same_as_itself(tmp_path: Path) -> None:
    book = making.rich(tmp_path / "a.xlsx")
    found = compared(book, book)
    assert found.identical
    assert (found.formulas_kept, found.cells) == (11, [])


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm"])
def test_after_a_save_of_ours_only_the_cells_that_were_asked_for_differ(tmp_path: Path, name: str) -> None:
    book = making.rich(tmp_path / name)
    before = tmp_path / f"before-{name}"
    before.write_bytes(book.read_bytes())
    save(book, {"Records": {(2, 4): "Oak", (3, 4): 5, (30, 2): "new row", (4, 1): None}})
    found = compared(before, book)
    assert listed(found) == [
        ("Records!D2", "", "Oak"),
        ("Records!D3", "", "5"),
        ("Records!A4", "P00003", ""),
        ("Records!B30", "", "new row"),
    ]
    assert found.only_values
    assert not found.identical
    assert found.formulas_kept == 11
    assert found.formulas_differing == 0


def test_the_wish_to_have_formulas_calculated_is_told_and_is_no_other_difference(tmp_path: Path) -> None:
    made = making.rich(tmp_path / "made.xlsx")
    part = "xl/workbook.xml"
    xml = zipfile.ZipFile(made).read(part)
    without = xml.replace(b' fullCalcOnLoad="1"', b"")
    assert without != xml
    book = with_parts(made, tmp_path / "a.xlsx", {part: without})
    found = compared(book, made)
    assert (found.recalculates, found.only_values) == (True, True)
    other = compared(book, with_parts(made, tmp_path / "b.xlsx", {part: xml.replace(b"Prices", b"Costs")}))
    assert (other.recalculates, other.parts_differing) == (False, [part])


def test_another_spelling_of_the_same_cells_is_no_difference_of_cells(tmp_path: Path) -> None:
    plain = making.plain(tmp_path / "a.xlsx")
    found = compared(plain, saved_anew(plain, tmp_path / "b.xlsx", B2="hers"))
    assert listed(found) == [("Records!B2", "text 1 1", "hers")]
    assert not found.only_values, "styles and properties were written anew"
    assert "xl/styles.xml" in found.parts_differing


def test_formulas_that_are_gone_new_or_others_are_counted_and_shown(tmp_path: Path) -> None:
    book = making.rich(tmp_path / "a.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(book).read(sheet)
    other = xml.replace(b"<f>B2*2</f>", b"", 1).replace(b"<f>B3*2</f>", b"<f>B3*3</f>", 1)
    assert other.count(b"<f>") == xml.count(b"<f>") - 1
    found = compared(book, with_parts(book, tmp_path / "b.xlsx", {sheet: other}))
    assert [(one.where, one.was_formula, one.now_formula) for one in found.cells] == [
        ("Records!F2", "B2*2", None),
        ("Records!F3", "B3*2", "B3*3"),
    ]
    assert (found.formulas_differing, found.formulas_kept) == (2, 9)
    assert not found.only_values


def test_a_part_that_differs_is_new_or_gone_is_named(tmp_path: Path) -> None:
    book = making.rich(tmp_path / "a.xlsx")
    changed = with_parts(
        book,
        tmp_path / "b.xlsx",
        {"xl/styles.xml": b"<styleSheet/>" + b" " * 99, "xl/drawings/drawing1.xml": None},
        {"customXml/item1.xml": b"<a/>" + b" " * 99},
    )
    found = compared(book, changed)
    assert found.parts_differing == ["xl/styles.xml"]
    assert found.parts_removed == ["xl/drawings/drawing1.xml"]
    assert found.parts_added == ["customXml/item1.xml"]
    assert (found.cells_differing, found.only_values) == (0, False)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (b'<c r="A2">', b'<c r="A2" s="1">', "Records: 1 format of a cell differs"),
        (b'<row r="3" ', b'<row ht="99" customHeight="1" r="3" ', "Records: 1 format of a row differs"),
        (b"</worksheet>", b'<pageMargins left="9" right="9" top="9" bottom="9" header="9" footer="9"/></worksheet>',
         "Records: something besides its cells differs"),
    ],
)  # fmt: skip
def test_formats_and_all_else_in_a_sheet_are_told_in_words(tmp_path: Path, was: bytes, now: bytes, said: str) -> None:
    book = making.plain(tmp_path / "a.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(book).read(sheet)
    assert was in xml
    found = compared(book, with_parts(book, tmp_path / "b.xlsx", {sheet: xml.replace(was, now, 1)}))
    assert found.others == [said]
    assert (found.cells_differing, found.only_values) == (0, False)


def test_rich_text_that_has_lost_its_formats_is_a_difference_though_it_reads_the_same(tmp_path: Path) -> None:
    book = making.rich(tmp_path / "a.xlsx")
    strings = "xl/sharedStrings.xml"
    xml = zipfile.ZipFile(book).read(strings)
    other = xml.replace(b"<b/>", b"<i/>", 1)
    assert other != xml
    found = compared(book, with_parts(book, tmp_path / "b.xlsx", {strings: other}))
    assert found.cells_differing == 0
    assert found.others == ["Records: 1 format inside a text differs"]


def test_all_differences_are_counted_however_few_are_listed(tmp_path: Path) -> None:
    book = making.plain(tmp_path / "a.xlsx", rows=200)
    before = tmp_path / "before.xlsx"
    before.write_bytes(book.read_bytes())
    save(book, {"Records": {(row, 2): "x" for row in range(2, 102)}})
    found = differences(before, book, most=3)
    assert (found.cells_differing, len(found.cells)) == (100, 3)


def test_a_sheet_that_has_another_name_is_told(tmp_path: Path) -> None:
    book = making.plain(tmp_path / "a.xlsx")
    xml = zipfile.ZipFile(book).read("xl/workbook.xml").replace(b'name="Other"', b'name="Else"')
    found = compared(book, with_parts(book, tmp_path / "b.xlsx", {"xl/workbook.xml": xml}))
    assert found.others == ["the sheet Other is gone", "the sheet Else is new"]


def test_what_cannot_be_read_is_an_error_in_words(tmp_path: Path) -> None:
    book = making.plain(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_text("no workbook")
    with pytest.raises(NotAWorkbook, match=r"b\.xlsx is a text file"):
        compared(book, tmp_path / "b.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    broken = with_parts(
        book, tmp_path / "c.xlsx", {sheet: zipfile.ZipFile(book).read(sheet).replace(b"<v>0</v>", b"<v>77</v>")}
    )
    with pytest.raises(NotAWorkbook, match="shared string"):
        compared(book, broken)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"<f>1+1</f>", b'<f t="array" ref="A1:A3">1+1</f>'),
        (b'<f t="array" ref="A1:A3">1+1</f>', b'<f t="array" ref="A1:A2">1+1</f>'),
        (b'<c r="A1"><f>1+1</f>', b'<c r="A1" cm="1"><f>1+1</f>'),
        (b'<c r="A1"><f>1+1</f>', b'<c r="A1" vm="1"><f>1+1</f>'),
    ],
)
def test_what_a_cell_is_besides_its_value_is_a_difference(tmp_path: Path, was: bytes, now: bytes) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    book.save(tmp_path / "made.xlsx")
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(tmp_path / "made.xlsx") as archive:
        sheet = archive.read(part)
    plain = b'<c r="A1"><f>1+1</f>'
    assert plain in sheet
    first = sheet.replace(b"<f>1+1</f>", was) if was.startswith(b"<f") else sheet
    second = sheet.replace(b"<f>1+1</f>", now) if now.startswith(b"<f") else sheet.replace(plain, now)
    one = with_parts(tmp_path / "made.xlsx", tmp_path / "one.xlsx", {part: first})
    other = with_parts(tmp_path / "made.xlsx", tmp_path / "other.xlsx", {part: second})
    assert compared(one, one).identical
    assert not compared(one, other).identical
