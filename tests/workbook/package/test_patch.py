"""Writing cells: only those, and nothing else, in workbooks of every make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sync.errors import NotAWorkbook, WorkbookError
from sync.workbook.package.cells import Writer
from sync.workbook.package.container import Container
from sync.workbook.package.obstacles import check
from sync.workbook.package.patch import patch
from sync.workbook.package.rows import Row
from sync.workbook.verify import compare
from tests.workbook.package import making, reading
from tests.workbook.package.making import MAIN, SHEET_PART, by_hand, sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.model import CellValue
    from sync.workbook.package.edits import Edits

MAKERS = [making.plain, making.by_openpyxl, making.rich]
PLACES = {"an existing cell": (2, 2), "a new cell": (3, 9), "a new row": (40, 2), "a cell far right": (2, 16_384)}


def written(source: Path, edits: Edits) -> Path:
    """Patch, and have the comparison agree."""
    target = source.with_name("after" + source.suffix)
    patch(source, target, edits)
    certificate = compare(source, target, edits)
    assert certificate.ok, certificate.unplanned
    return target


def records(source: Path, edits: dict[tuple[int, int], str | float | None]) -> str:
    """Patch the sheet Records and give its XML."""
    return reading.part(written(source, {"Records": edits}), SHEET_PART).decode()


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("make", MAKERS)
def test_one_text_changes_one_cell_and_one_part(
    tmp_path: Path, make: Callable[[Path], Path], place: tuple[int, int]
) -> None:
    source = make(tmp_path / "before.xlsx")
    target = written(source, {"Records": {place: "A new text"}})
    assert reading.differing(source, target) == {SHEET_PART}
    assert reading.by_openpyxl(target) == reading.by_openpyxl(source) | {place: "A new text"}
    assert reading.by_openpyxl(target, "Other") == reading.by_openpyxl(source, "Other")
    if place[1] < 100:
        assert reading.by_calamine(target) == reading.by_calamine(source) | {place: "A new text"}


@pytest.mark.parametrize("first", [1, 5])
def test_hundreds_of_rows_get_texts_numbers_and_nothing_in_any_mixture(tmp_path: Path, first: int) -> None:
    source = making.plain(tmp_path / "before.xlsx", rows=150)
    values: list[CellValue] = ["text", "", None, 7, 0, True, "_x0041_", "<&>", "😀", "0", "\x0b"]
    edits = {
        (row, column): values[(row * column) % len(values)] if row % 64 > 2 else f"text {row}"
        for row in range(2, 200)
        for column in range(first, 9)
    }
    target = written(source, {"Records": edits})
    seen = reading.by_calamine(target)
    for place, value in edits.items():
        assert (place in seen) == (value not in {None, ""}), place
        if isinstance(value, str) and value:
            assert seen[place] == value


def test_a_tag_is_not_over_where_a_value_in_it_says_so(tmp_path: Path) -> None:
    row = '<row r="{0}"><c r="A{0}" a="1>2"><v>1</v></c></row>'
    rows = "".join(map(row.format, (1, 2, 3)))
    xml = records(by_hand(tmp_path / "a.xlsx", sheet(rows)), {(n, 2): "b" for n in (1, 2, 3)})
    for number in (1, 2, 3):
        assert f'<c r="A{number}" a="1>2"><v>1</v></c><c r="B{number}"' in xml


def test_a_workbook_with_everything_keeps_everything(tmp_path: Path) -> None:
    source = making.rich(tmp_path / "before.xlsm")
    edits = {(row, 3): f"text {row}\nsecond line" for row in range(2, 11)}
    target = written(source, {"Records": edits, "Other": {(3, 1): "B"}})
    assert reading.differing(source, target) == {SHEET_PART, "xl/worksheets/sheet2.xml"}
    assert {"xl/vbaProject.bin", "xl/media/image1.png", "xl/charts/chart1.xml", "xl/comments1.xml"} <= set(
        reading.raw_entries(target)
    )
    assert reading.by_openpyxl(target)[2, 6] == "=B2*2"
    assert reading.by_calamine(target)[5, 6] == "12"
    certificate = compare(source, target, {"Records": edits, "Other": {(3, 1): "B"}})
    assert certificate.cells_changed == 10
    assert certificate.formulas_kept == 11
    assert certificate.line().startswith("10 cells changed, ")


def test_nothing_but_the_cell_differs_in_the_bytes_of_the_sheet(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "before.xlsx")
    old = reading.part(source, SHEET_PART)
    new = reading.part(written(source, {"Records": {(2, 2): "<new>"}}), SHEET_PART)
    cell = b'<c r="B2" t="inlineStr"><is><t xml:space="preserve">&lt;new&gt;</t></is></c>'
    assert new.replace(cell, b"") == re.sub(rb'<c r="B2".*?</c>', b"", old)


def test_an_empty_value_empties_the_cell_and_keeps_its_style(tmp_path: Path) -> None:
    source = by_hand(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1" s="3" t="s" cm="1"><v>0</v></c></row>'))
    assert '<row r="1"><c r="A1" s="3"/></row>' in records(source, {(1, 1): None, (1, 5): None, (9, 1): ""})


def test_a_number_is_written_as_a_number(tmp_path: Path) -> None:
    source = by_hand(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1" s="3" t="s"><v>0</v></c></row>'))
    xml = records(source, {(1, 1): 12, (1, 2): 0.1, (2, 1): True, (2, 2): 0})
    assert '<c r="A1" s="3"><v>12</v></c><c r="B1"><v>0.1</v></c></row>' in xml
    assert '<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2"><v>0</v></c></row>' in xml


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1])
def test_a_number_that_no_cell_holds_is_refused_and_leaves_no_file(tmp_path: Path, value: float) -> None:
    source = making.plain(tmp_path / "before.xlsx")
    with pytest.raises(ValueError, match="cannot hold"):
        patch(source, tmp_path / "after.xlsx", {"Records": {(1, 1): value}})
    assert not (tmp_path / "after.xlsx").exists()


NEW = '<c r="{}"{} t="inlineStr"><is><t xml:space="preserve">n</t></is></c>'
STYLES = {
    "the row's": ('<row r="2" s="7" customFormat="1">', 3, ' s="7"'),
    "not the row's without customFormat": ('<row r="2" s="7">', 3, ""),
    "the column's": ('<row r="2">', 5, ' s="4"'),
    "the row's before the column's": ('<row r="2" s="7" customFormat="true">', 5, ' s="7"'),
    "the plain one of a row that has it as its own": ('<row r="2" s="0" customFormat="1">', 5, ""),
    "the plain one of a row whose own is not named": ('<row r="2" customFormat="1">', 5, ""),
    "none": ('<row r="2">', 6, ""),
}


@pytest.mark.parametrize(("row", "column", "style"), STYLES.values(), ids=STYLES)
def test_a_new_cell_takes_the_style_excel_would_give_it(tmp_path: Path, row: str, column: int, style: str) -> None:
    columns = '<cols><col min="4" max="5" width="9" style="4"/></cols>'
    source = by_hand(tmp_path / "a.xlsx", sheet(f"{row}</row>", columns))
    address = "ABCDEF"[column - 1] + "2"
    assert row + NEW.format(address, style) + "</row>" in records(source, {(2, column): "n"})


def test_a_row_is_not_appended_to_whose_last_cell_is_of_another_row() -> None:
    raw = b'<row r="2"><c r="A3"/></row>'
    row = Row(2, 0, raw.index(b">") + 1, raw.index(b"</row>"), len(raw))
    with pytest.raises(WorkbookError, match="out of order"):
        Writer("Records", b"", b"").patch(raw, raw, row, {2: b"new"})


N = {place: NEW.format(place, "") for place in ("A1", "B1", "C1", "D1", "A2", "B2", "C2", "B3")}
SHAPES = {
    "self-closed sheetData": ("<sheetData/>", {(2, 2): "n"}, f'<sheetData><row r="2">{N["B2"]}</row></sheetData>'),
    "self-closed sheetData with a space": ("<sheetData />", {(2, 2): "n"}, f'<sheetData ><row r="2">{N["B2"]}</row>'),
    "empty sheetData": ("<sheetData></sheetData>", {(2, 2): "n"}, f'<sheetData><row r="2">{N["B2"]}</row></sheetData>'),
    "self-closed row": (
        '<sheetData><row r="2" ht="20"/></sheetData>',
        {(2, 2): "n"},
        f'<row r="2" ht="20">{N["B2"]}</row>',
    ),
    "row before": (
        '<sheetData><row r="3"><c r="A3"/></row></sheetData>',
        {(2, 2): "n"},
        f'<sheetData><row r="2">{N["B2"]}</row><row r="3"><c r="A3"/></row>',
    ),
    "row between": (
        '<sheetData>\n<row r="1"></row>\n<row r="3"/>\n</sheetData>',
        {(2, 2): "n"},
        f'<row r="1"></row>\n<row r="2">{N["B2"]}</row><row r="3"/>\n</sheetData>',
    ),
    "cell between": (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c> <c r="C1"/></row></sheetData>',
        {(1, 2): "n"},
        f'<c r="A1"><v>1</v></c> {N["B1"]}<c r="C1"/></row>',
    ),
    "cell before": (
        '<sheetData><row r="1"><c r="C1"/></row></sheetData>',
        {(1, 2): "n"},
        f'<row r="1">{N["B1"]}<c r="C1"/></row>',
    ),
    "single quotes": (
        "<sheetData><row r='1'><c r='B1' t='s'><v>3</v></c></row></sheetData>",
        {(1, 2): "n"},
        "<row r='1'><c r='B1' t=\"inlineStr\"><is>",
    ),
    "attributes in another order": (
        '<sheetData><row spans="1:2" r="2"><c s="1" t="n" r="B2"><v>3</v></c></row></sheetData>',
        {(2, 2): "n"},
        '<row spans="1:2" r="2"><c s="1" r="B2" t="inlineStr"><is>',
    ),
    "rows and cells without r": (
        "<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c><c><v>3</v></c></row></sheetData>",
        {(2, 2): "n", (2, 3): "n"},
        '<c><v>2</v></c><c t="inlineStr"><is><t xml:space="preserve">n</t></is></c>' + N["C2"] + "</row>",
    ),
    "some cells without r": (
        '<sheetData><row r="1"><c r="B1"><v>1</v></c><c><v>2</v></c></row></sheetData>',
        {(1, 3): "n", (1, 4): "n"},
        '<c r="B1"><v>1</v></c><c t="inlineStr"><is><t xml:space="preserve">n</t></is></c>' + N["D1"] + "</row>",
    ),
    "extLst in the row": (
        '<sheetData><row r="1"><c r="A1"/><extLst><ext uri="x"/></extLst></row></sheetData>',
        {(1, 2): "n"},
        f'<c r="A1"/>{N["B1"]}<extLst><ext uri="x"/></extLst></row>',
    ),
    "extLst alone in the row": (
        '<sheetData><row r="1"><extLst><ext uri="x"/></extLst></row></sheetData>',
        {(1, 2): "n"},
        f'<row r="1">{N["B1"]}<extLst>',
    ),
    "a fake row in a comment": (
        '<sheetData><!--<row r="1"><c r="A1"/></row>--><row r="1"><!-- <c r="B1"/> --><c r="A1"/></row></sheetData>',
        {(1, 1): "n"},
        f'<!--<row r="1"><c r="A1"/></row>--><row r="1"><!-- <c r="B1"/> -->{N["A1"]}</row>',
    ),
    "a fake cell in CDATA": (
        '<sheetData><row r="1"><c r="A1" t="str"><v><![CDATA[</c><c r="B1">]]></v></c><c r="B1"/></row></sheetData>',
        {(1, 2): "n"},
        f'<v><![CDATA[</c><c r="B1">]]></v></c>{N["B1"]}</row>',
    ),
    "a fake end in a processing instruction": (
        '<?a </sheetData> ?><sheetData><?b <row r="9"/></sheetData>?><row r="1"/></sheetData>',
        {(2, 2): "n"},
        f'<row r="1"/><row r="2">{N["B2"]}</row></sheetData>',
    ),
    "a bracket in an attribute": (
        '<sheetData><row r="1" x="a>b/>"><c r="A1" y="/>"><v>1</v></c></row></sheetData>',
        {(1, 2): "n"},
        f'<c r="A1" y="/>"><v>1</v></c>{N["B1"]}</row>',
    ),
    "one span": ('<sheetData><row r="1" spans="2:3"/></sheetData>', {(1, 1): "n"}, '<row r="1" spans="1:3">'),
    "several spans": (
        '<sheetData><row r="1" spans="2:3 7:9"/></sheetData>',
        {(1, 1): "n"},
        '<row r="1" spans="2:3 7:9">',
    ),
    "dimension": ('<dimension ref="B2:C3"/><sheetData/>', {(1, 4): "n"}, '<dimension ref="B1:D3"/>'),
    "dimension that is wide enough": (
        '<dimension ref="A1:C3"/><sheetData/>',
        {(2, 2): "n"},
        '<dimension ref="A1:C3"/>',
    ),
    "dimension of an emptied cell": ('<dimension ref="A1"/><sheetData/>', {(2, 2): None}, '<dimension ref="A1"/>'),
    "rows of a drawing": (
        '<sheetData/><x><row r="1"><c r="A1"/></row></x>',
        {(1, 1): "n"},
        f'<sheetData><row r="1">{N["A1"]}</row></sheetData><x><row r="1"><c r="A1"/></row></x>',
    ),
}


@pytest.mark.parametrize(("inner", "edits", "expected"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("namespace", [making.MAIN, making.STRICT], ids=["transitional", "strict"])
def test_sheets_of_every_shape_are_patched(
    tmp_path: Path, inner: str, edits: dict[tuple[int, int], str | float | None], expected: str, namespace: str
) -> None:
    xml = f'<worksheet xmlns="{namespace}">{inner}</worksheet>'
    assert expected in records(by_hand(tmp_path / "a.xlsx", xml), edits)


ENCODINGS = {
    "utf-8 with a byte order mark": ("utf-8-sig", "UTF-8"),
    "utf-16 with a byte order mark": ("utf-16", "UTF-16"),
    "latin-1": ("iso-8859-1", "ISO-8859-1"),
    "ascii": ("ascii", "US-ASCII"),
}


@pytest.mark.parametrize(("codec", "declared"), ENCODINGS.values(), ids=ENCODINGS)
def test_a_sheet_keeps_its_encoding(tmp_path: Path, codec: str, declared: str) -> None:
    umlaut = "" if codec == "ascii" else "ä"
    inner = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{umlaut}</t></is></c></row>'
    xml = f'<?xml version="1.0" encoding="{declared}"?>{sheet(inner)}'
    source = by_hand(tmp_path / "a.xlsx", xml.encode(codec))
    target = written(source, {"Records": {(1, 2): "ü€😀"}})
    patched = reading.part(target, SHEET_PART)
    assert patched.decode(codec).startswith(xml[:-40])
    assert patched[:2] == xml.encode(codec)[:2]
    assert reading.by_openpyxl(target)[1, 2] == "ü€😀"


def test_elements_with_a_prefix_get_neighbours_with_that_prefix(tmp_path: Path) -> None:
    xml = (
        f'<x:worksheet xmlns:x="{making.MAIN}"><x:cols><x:col min="3" max="3" style="1"/></x:cols>'
        '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    cells: dict[tuple[int, int], CellValue] = {(1, 1): "one", (1, 3): 3, (2, 1): "two"}
    target = written(by_hand(tmp_path / "a.xlsx", xml), {"Records": cells})
    patched = reading.part(target, SHEET_PART).decode()
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">one</x:t></x:is></x:c>' in patched
    assert '<x:c r="C1" s="1"><x:v>3</x:v></x:c></x:row><x:row r="2">' in patched
    assert reading.by_calamine(target) == {(1, 1): "one", (1, 3): "3", (2, 1): "two"}


@pytest.mark.parametrize(
    "data",
    [
        '<row r="3"/><row r="2"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>',
        '<row r="2"><c r="A2"/><c r="A2"/></row>',
        '<row r="2"><c r="A3"/></row>',
    ],
)
@pytest.mark.parametrize("column", [1, 2, 3])
def test_rows_and_cells_out_of_order_are_refused(tmp_path: Path, data: str, column: int) -> None:
    source = by_hand(tmp_path / "a.xlsx", sheet(data))
    with pytest.raises(WorkbookError, match="out of order"):
        patch(source, tmp_path / "after.xlsx", {"Records": {(2, column): "n"}})
    assert not (tmp_path / "after.xlsx").exists()


UNWRITABLE = {
    "a cell behind a later one": '<row r="2"><c r="C2"><v>5</v></c><c r="A2"><v>1</v></c></row>',
    "a cell twice": '<row r="2"><c r="A2"><v>5</v></c><c r="A2"><v>1</v></c></row>',
    "a row behind a later one": '<row r="3"><c r="A3"><v>5</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
    "small letters": '<row r="2"><c r="a2"><v>5</v></c></row>',
    "a zero in front": '<row r="2"><c r="A02"><v>5</v></c></row>',
    "two prefixes": f'<x:row xmlns:x="{MAIN}" r="2"><x:c r="A2"><x:f>1+1</x:f></x:c></x:row>',
}


@pytest.mark.parametrize("name", UNWRITABLE)
@pytest.mark.parametrize("value", ["n", "", 3])
def test_what_cannot_be_written_into_is_refused_before_anything_is_spent(
    tmp_path: Path, name: str, value: CellValue
) -> None:
    """The check that a plan makes refuses the same; each of them made a damaged or doubled cell once."""
    source = by_hand(tmp_path / "a.xlsx", sheet(UNWRITABLE[name]))
    for column in (1, 2, 3):
        with Container.open(source) as container, pytest.raises(WorkbookError, match=r"order|unusually|two ways"):
            check(container, "Records", {(2, column)})
        with pytest.raises(WorkbookError):
            patch(source, tmp_path / "after.xlsx", {"Records": {(2, column): value}})
        assert not (tmp_path / "after.xlsx").exists()


def test_rows_that_are_not_written_may_be_as_odd_as_they_like(tmp_path: Path) -> None:
    odd = '<row r="1"><c r="C1"><v>5</v></c><c r="a1"><v>1</v></c></row>'
    source = by_hand(tmp_path / "a.xlsx", sheet(f'{odd}<row r="2"><c r="A2"><v>1</v></c></row>'))
    target = written(source, {"Records": {(2, 2): "n"}})
    assert odd in reading.part(target, SHEET_PART).decode()


@pytest.mark.parametrize("inside", ['color rgb="FF123456"', 'charset val="1"', 'condense val="1"'])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_an_end_tag_that_begins_like_that_of_a_cell_ends_none(tmp_path: Path, inside: str, prefix: str) -> None:
    run = f"<r><rPr><b></b><{inside}></{inside.partition(' ')[0]}></rPr><t>old</t></r>"
    xml = sheet(f'<row r="1"><c r="A1" t="inlineStr"><is>{run}</is></c><c r="B1"><v>7</v></c></row>')
    if prefix:
        xml = re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\1{prefix}", xml).replace("xmlns=", "xmlns:x=", 1)
    source = by_hand(tmp_path / "a.xlsx", xml)
    assert reading.by_openpyxl(written(source, {"Records": {(1, 1): "new"}}))[1, 1] == "new"
    target = written(source, {"Records": {(1, 3): "behind"}})
    assert reading.by_openpyxl(target) == {(1, 1): "old", (1, 2): 7, (1, 3): "behind"}


@pytest.mark.parametrize(
    "data",
    ['<row r="0"/>', '<row r="1048577"/>', '<row r="x"/>', "<row>", '<row r="1"><c></row>', '<row><c r="XFE1"/></row>'],
)
def test_rows_and_cells_that_cannot_be_are_damage(tmp_path: Path, data: str) -> None:
    source = by_hand(tmp_path / "a.xlsx", sheet(data))
    with pytest.raises(NotAWorkbook, match="damaged"):
        patch(source, tmp_path / "after.xlsx", {"Records": {(1, 1): "n"}})
    assert not (tmp_path / "after.xlsx").exists()


def test_a_large_sheet_is_patched_across_all_blocks(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="C{row}" t="str"><v>{"x" * (row % 997)}</v></c></row>'
        for row in range(2, 12_000, 2)
    )
    source = by_hand(tmp_path / "a.xlsx", sheet(rows))
    edits = {(row, column): f"{row}/{column}" for row in range(1, 12_010, 7) for column in (2, 3, 4)}
    target = written(source, {"Records": edits})
    grid = {place: str(value) for place, value in reading.by_openpyxl(source).items()} | edits
    assert {place: str(value) for place, value in reading.by_openpyxl(target).items()} == grid


@pytest.mark.parametrize("data", ["", '<row r="1"><c r="A1"><v>1</v></c></row>'], ids=["an empty sheet", "one row"])
def test_many_rows_of_which_most_stay_empty_are_added_below_the_last(tmp_path: Path, data: str) -> None:
    source = by_hand(tmp_path / "a.xlsx", sheet(data))
    source_of_nothing = by_hand(tmp_path / "b.xlsx", sheet(data).replace("<sheetData></sheetData>", "<sheetData/>"))
    edits = {(row, 2): "text" if row in {5, 900, 2000} else None for row in range(2, 2050)}
    for one in (source, source_of_nothing):
        grid = reading.by_openpyxl(written(one, {"Records": edits}))
        assert {place: value for place, value in grid.items() if place[1] == 2} == dict.fromkeys(
            [(5, 2), (900, 2), (2000, 2)], "text"
        )


def test_both_forms_of_edits_give_the_same_bytes(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "a.xlsx")
    flat: dict[tuple[int, int], CellValue] = {(2, 2): "x", (2, 3): 1}
    nested: dict[int, dict[int, CellValue]] = {2: {3: 1, 2: "x"}}
    patch(source, tmp_path / "one.xlsx", {"Records": flat})
    patch(source, tmp_path / "two.xlsx", {"Records": nested})
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_no_edits_give_the_same_file(tmp_path: Path) -> None:
    source = making.rich(tmp_path / "a.xlsx")
    patch(source, tmp_path / "b.xlsx", {"Records": {}})
    assert (tmp_path / "b.xlsx").read_bytes() == source.read_bytes()


def test_a_text_that_had_to_be_cut_is_reported(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "a.xlsx")
    report = patch(source, tmp_path / "b.xlsx", {"Records": {(2, 2): "x" * 40_000}})
    assert [str(note) for note in report.notes] == [
        "Records!B2: cut: a cell holds 32,767 characters, the text has 40,000"
    ]
    assert reading.by_openpyxl(tmp_path / "b.xlsx")[2, 2].endswith("xx… [cut]")


def test_an_unknown_sheet_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="Recordz") as caught:
        patch(making.plain(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", {"Recordz": {(1, 1): "x"}})
    assert caught.value.hint == "It has: Records, Other."


class TestObstacles:
    def reasons(self, path: Path, sheet_name: str, cells: list[tuple[int, int]]) -> dict[str, str]:
        with Container.open(path) as container:
            return {found.address: found.reason for found in check(container, sheet_name, cells)}

    def test_formulas_arrays_and_merged_cells_are_named(self, tmp_path: Path) -> None:
        path = making.rich(tmp_path / "a.xlsx")
        cells = [(2, 6), (2, 3), (3, 8), (2, 10), (2, 11), (3, 10), (4, 10), (1_048_577, 1), (1, 16_385)]
        found = self.reasons(path, "Records", cells)
        assert found.pop("XFE1") == found.pop("A1048577") == "lies outside of any sheet"
        assert found == {
            "F2": "holds a formula",
            "H3": "lies in the range of an array formula or data table",
            "K2": "is part of merged cells",
            "J3": "is part of merged cells",
        }

    def test_headings_and_totals_of_tables_are_named(self, tmp_path: Path) -> None:
        path = making.rich(tmp_path / "a.xlsx")
        found = self.reasons(path, "Other", [(1, 1), (2, 1), (4, 2), (5, 1), (5, 3)])
        assert found == {"A1": "is a heading of a table", "A5": "lies in the totals row of a table"}

    def test_shared_formulas_and_data_tables_are_named(self, tmp_path: Path) -> None:
        data = (
            '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c><c r="C1"/></row>'
            '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c></row>'
            '<row r="3"><c r="D3"><f t="dataTable" ref="D3:E4" dt2D="1" r1="A1" r2="A2"/><v>1</v></c></row>'
        )
        path = by_hand(tmp_path / "a.xlsx", sheet(data))
        found = self.reasons(path, "Records", [(1, 1), (2, 1), (1, 3), (4, 5), (5, 5)])
        assert list(found) == ["A1", "A2", "E4"]

    def test_the_output_of_a_pivot_table_and_its_filters_are_named(self, tmp_path: Path) -> None:
        rels = (
            f'<Relationships xmlns="{making.PACKAGE}"><Relationship Id="rId1" Type="{making.OFFICE}/pivotTable"'
            ' Target="../pivotTables/pivotTable1.xml"/></Relationships>'
        )
        location = '<location ref="B5:D9" rowPageCount="1"/>'
        pivot = f'<pivotTableDefinition xmlns="{making.MAIN}">{location}</pivotTableDefinition>'
        extra = {"xl/worksheets/_rels/sheet1.xml.rels": rels, "xl/pivotTables/pivotTable1.xml": pivot}
        path = by_hand(tmp_path / "a.xlsx", sheet(""), extra)
        assert list(self.reasons(path, "Records", [(2, 2), (3, 2), (5, 2), (9, 4), (10, 4), (9, 5)])) == [
            "B3",
            "B5",
            "D9",
        ]

    def test_nothing_is_written_when_one_cell_must_not_be(self, tmp_path: Path) -> None:
        path = making.rich(tmp_path / "a.xlsx")
        edits = {(row, 6): "x" for row in range(2, 10)}
        with pytest.raises(
            WorkbookError, match=r"Nothing was written: Records!F2 holds a formula; .*and 3 more"
        ) as caught:
            patch(path, tmp_path / "b.xlsx", {"Records": edits, "Other": {(2, 1): "fine"}})
        assert "Replace the formula" in caught.value.hint
        assert not (tmp_path / "b.xlsx").exists()
