"""Reading real files, made by two different writers."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.errors import NotAWorkbook, WorkbookError
from sync.records import to_workbook
from sync.tables import SettingRow
from sync.workbook.package.container import Container
from sync.workbook.read import read
from sync.workbook.scan import look
from sync.workbook.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def write(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> Path:
    """Write a workbook with openpyxl; every sheet from A1 on."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "veryHidden"
    book.save(path)
    return path


def placed(
    path: Path, cells: Mapping[str, object], sheet: str = "Records", formats: Mapping[str, str] | None = None
) -> Path:
    """Write a workbook with XlsxWriter; each cell where its address says."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    for address, value in cells.items():
        style = book.add_format({"num_format": (formats or {})[address]}) if formats and address in formats else None
        if isinstance(value, str) and value.startswith("="):
            formula, _, result = value.partition(" -> ")
            page.write_formula(address, formula, style, result)
        else:
            page.write(address, value, style)
    book.close()
    return path


def column(path: Path, values: Sequence[object], formats: Mapping[int, str] | None = None) -> list[str]:
    """Read back one column of values written below the heading Thing."""
    cells: dict[str, object] = {"A1": "Record ID", "B1": "Thing"}
    for row, value in enumerate(values, 2):
        cells |= {f"A{row}": f"id-{row}", f"B{row}": value}
    tables = read(placed(path, cells, formats={f"B{at + 2}": code for at, code in (formats or {}).items()}))
    return list(tables.columns[2])


def test_cells_come_as_columns_with_their_rows_and_headings(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Records": [["Record ID", "Name"], ["A1", "Oak"], ["A2", None]]})
    tables = read(path)
    assert tables.sheet == "Records"
    assert tables.header_row == 1
    assert tables.headings == ((1, "Record ID"), (2, "Name"))
    assert list(tables.rows) == [2, 3]
    assert tables.columns == {1: ["A1", "A2"], 2: ["Oak", ""]}
    assert tables.sha256 == sha256(path.read_bytes()).hexdigest()


def test_rows_and_columns_are_absolute_wherever_the_table_stands(tmp_path: Path) -> None:
    cells = {"C4": "Name", "E4": "record id", "C7": "Oak", "E7": "A1", "E12": "A2", "H12": "lost"}
    tables = read(placed(tmp_path / "a.xlsx", cells))
    assert tables.header_row == 4
    assert tables.headings == ((3, "Name"), (5, "record id"))
    assert list(tables.rows) == [7, 12]
    assert tables.columns[5] == ["A1", "A2"]
    assert tables.columns[3] == ["Oak", ""]
    assert tables.columns[8] == ["", "lost"]
    problems = to_workbook(tables, None).problems
    assert [problem.where for problem in problems if problem.kind == "no-heading"] == ["Records!H4"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.tuples(st.integers(2, 60), st.integers(1, 12)), st.sampled_from(["x", "y"]), max_size=30))
def test_every_cell_is_found_in_its_row_and_column(tmp_path: Path, cells: dict[tuple[int, int], str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.cell(1, 3, "Record ID")
    for (row, number), text in cells.items():
        sheet.cell(row, number, text)
    path = tmp_path / "a.xlsx"
    book.save(path)
    tables = read(path)
    seen = {
        (row, number): text
        for number, texts in tables.columns.items()
        for row, text in zip(tables.rows, texts, strict=True)
        if text
    }
    assert seen == cells
    assert list(tables.rows) == sorted({row for row, _ in cells})


def test_the_headings_may_stand_below_a_title(tmp_path: Path) -> None:
    rows = [["Our spring range"], [], ["Please fill in"], ["Name", "Record ID"], ["Oak", "A1"]]
    tables = read(write(tmp_path / "a.xlsx", {"Records": rows}))
    assert tables.header_row == 4
    assert list(tables.rows) == [5]


def test_numbers_are_written_as_people_type_them(tmp_path: Path) -> None:
    values = [4006381333931, 2.5, 0.1 + 0.2, -5.0, 1e15, 0]
    assert column(tmp_path / "a.xlsx", values) == ["4006381333931", "2.5", "0.3", "-5", "1000000000000000", "0"]


def test_dates_times_and_truth(tmp_path: Path) -> None:
    values = [dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 4, 10, 30), dt.time(10, 30), True, False]  # noqa: DTZ001  # Excel has no zones
    formats = {0: "yyyy-mm-dd", 1: "yyyy-mm-dd hh:mm", 2: "hh:mm"}
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Record ID", "Thing"])
    for at, value in enumerate(values):
        sheet.append([f"id-{at}", value])
        sheet.cell(at + 2, 2).number_format = formats.get(at, "General")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").columns[2] == ["2026-03-04", "2026-03-04 10:30", "10:30", "TRUE", "FALSE"]


def test_texts_are_left_exactly_as_they_are(tmp_path: Path) -> None:
    texts = ["true", "2026-03-04 00:00:00", "  two\nlines  ", "<p>a & b</p>"]
    rows = [["Record ID", "Excerpt", "Colour"], *[["A", text, text] for text in texts]]
    columns = read(write(tmp_path / "a.xlsx", {"Records": rows})).columns
    assert columns[2] == texts
    assert columns[3] == texts
    rows[0] = ["Record ID", "Kurztext", "Colour"]
    own = [["Column names", "Kurztext = Excerpt"]]
    assert read(write(tmp_path / "b.xlsx", {"Records": rows, "Settings": own})).columns[2] == texts


def test_formulas_give_their_values_and_failed_ones_their_error(tmp_path: Path) -> None:
    values = ['="x"&1 -> x1', "=1+1 -> 2", "=1/0 -> #DIV/0!", "=NA() -> #N/A", "plain"]
    assert column(tmp_path / "a.xlsx", values) == ["x1", "2", "#DIV/0!", "#N/A", "plain"]


def test_a_row_with_nothing_but_an_error_is_a_row(tmp_path: Path) -> None:
    tables = read(
        placed(tmp_path / "a.xlsx", {"B1": "Record ID", "B2": "A1", "B5": "=1/0 -> #REF!", "D5": "=1/0 -> #NUM!"})
    )
    assert list(tables.rows) == [2, 5]
    assert tables.columns[2] == ["A1", "#REF!"]
    problems = to_workbook(tables, None).problems
    assert ("Records!B5", "error-value") in [(problem.where, problem.kind) for problem in problems]


def test_escaped_characters_are_decoded(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Record ID", "Name"])
    book.worksheets[0].append(["A1", "one_x000B_two"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").columns[2] == ["one\x0btwo"]


# ---------------------------------------------------------------------------------- which sheet


def test_the_sheet_is_found_whatever_its_capital_letters_and_spaces(tmp_path: Path) -> None:
    sheets = {"Other": [["x"]], " records": [["Record ID"], ["A1"]], "More": [["y"]]}
    assert read(write(tmp_path / "a.xlsx", sheets)).sheet == " records"


def test_the_only_visible_sheet_will_do(tmp_path: Path) -> None:
    sheets: dict[str, Any] = {
        "Artikel": [["ID"], ["A1"]],
        "Lists": [["x"]],
        "_sync": [["a", "b"]],
        "Settings": [["a", "b"]],
    }
    assert read(write(tmp_path / "a.xlsx", sheets, hidden=["_sync"])).sheet == "Artikel"


def test_several_sheets_and_none_called_records_is_an_error_that_lists_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Spring": [["Record ID"]], "Autumn": [["Record ID"]]})
    with pytest.raises(WorkbookError, match=r"no sheet called Records\. Its sheets: Spring, Autumn") as caught:
        read(path)
    assert caught.value.hint == "Give the sheet with the products the name Records."


def test_an_empty_sheet_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="The sheet Records is empty"):
        read(write(tmp_path / "a.xlsx", {"Records": []}))


def test_headings_and_nothing_below_are_no_rows(tmp_path: Path) -> None:
    tables = read(write(tmp_path / "a.xlsx", {"Records": [["Record ID", "Name"]]}))
    assert list(tables.rows) == []
    assert to_workbook(tables, None).records == ()


def test_a_misspelt_record_id_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"Did you mean Record ID in Records!B2 \(Recrod ID\)"):
        read(write(tmp_path / "a.xlsx", {"Records": [["Title"], ["Name", "Recrod ID"], ["Oak", "A1"]]}))


def test_a_sheet_without_record_ids_says_how_to_name_them(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="no column Record ID") as caught:
        read(write(tmp_path / "a.xlsx", {"Records": [["Artikel"], ["A1"]]}))
    assert "Your heading = Record ID" in caught.value.hint


# ------------------------------------------------------------------------------ settings, notes


def test_settings_are_read_with_their_rows_and_the_column_of_their_values(tmp_path: Path) -> None:
    sheets: dict[str, Any] = {
        "Records": [["Record ID"], ["A1"]],
        "SETTINGS": [
            ["How it should be done"],
            [],
            ["", "Setting", "What", "Value"],
            ["", "Store", "The shop", "shop-1"],
            ["", "How long", None, None],
            ["", "Budget", None, 250],
        ],
    }
    tables = read(write(tmp_path / "a.xlsx", sheets))
    assert tables.settings_sheet == "SETTINGS"
    assert tables.settings_column == 4
    assert tables.settings == (
        SettingRow(4, "Store", "shop-1"),
        SettingRow(5, "How long", ""),
        SettingRow(6, "Budget", "250"),
    )


def test_settings_without_headings_are_the_first_two_columns(tmp_path: Path) -> None:
    tables = read(write(tmp_path / "a.xlsx", {"Records": [["Record ID"], ["A1"]], "Settings": [["Language", "de"]]}))
    assert tables.settings == (SettingRow(1, "Language", "de"),)
    assert tables.settings_column == 2
    assert to_workbook(tables, None).records[0].key.language == "de"


@pytest.mark.parametrize("rows", [[], [["Setting"]], [["Setting", "Value"]]])
def test_empty_settings_are_no_settings(tmp_path: Path, rows: list[list[str]]) -> None:
    tables = read(write(tmp_path / "a.xlsx", {"Records": [["Record ID"], ["A1"]], "Settings": rows}))
    assert not [row for row in tables.settings if row.value]


def test_the_users_own_heading_finds_the_row_of_the_headings(tmp_path: Path) -> None:
    sheets = {
        "Records": [["Sortiment"], ["Artikel", "Bezeichnung"], ["A1", "Hocker"]],
        "Settings": [["Setting", "Value"], ["Column names", "Artikel = Record ID\nBezeichnung = Name"]],
    }
    tables = read(write(tmp_path / "a.xlsx", sheets))
    assert tables.header_row == 2
    assert to_workbook(tables, None).records[0].inputs.name == "Hocker"


def test_the_workbooks_id_is_in_the_hidden_sheet(tmp_path: Path) -> None:
    sheets = {"Records": [["Record ID"], ["A1"]], "_sync": [["key", "value"], ["workbook id", "wb-42"], ["text", "x"]]}
    assert read(write(tmp_path / "a.xlsx", sheets, hidden=["_sync"])).workbook_id == "wb-42"


def test_without_it_the_place_of_the_file_is_its_id(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Records": [["Record ID"], ["A1"]]})
    (tmp_path / "b").mkdir()
    workbook_id = read(path).workbook_id
    assert workbook_id == "path-" + sha256(str(path.resolve()).encode()).hexdigest()[:24]
    assert read(tmp_path / "b" / ".." / "a.xlsx").workbook_id == workbook_id


# --------------------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize("stray", ["XFD1048576", "J1048576", "XFD1"])
def test_a_stray_cell_far_away_is_refused_and_named_if_it_would_take_too_much(tmp_path: Path, stray: str) -> None:
    rows = {f"A{row}": f"id-{row}" for row in range(2, 400)}
    path = placed(tmp_path / "a.xlsx", {"A1": "Record ID", **rows, stray: "x"})
    with pytest.raises(WorkbookError, match=f"Records!{stray}[.]") as caught:
        read(path)
    assert "empty that cell" in caught.value.hint


def test_a_stray_cell_on_the_settings_is_refused_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Record ID"])
    book.create_sheet("Settings")["XFD1048576"] = "x"
    book.worksheets[0].title = "Records"
    book["Settings"]["A1"] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError, match="Settings!XFD1048576"):
        read(tmp_path / "a.xlsx")


def test_a_stray_cell_elsewhere_does_not_matter(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Records"
    book.worksheets[0].append(["Record ID"])
    book.create_sheet("Scratch")["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").headings == ((1, "Record ID"),)


def test_a_wide_and_a_long_table_are_no_strays(tmp_path: Path) -> None:
    headings = ["Record ID", *[f"Property {number}" for number in range(800)]]
    tables = read(write(tmp_path / "a.xlsx", {"Records": [headings, *[["A1"]] * 20]}))
    assert len(tables.headings) == 801


@pytest.mark.parametrize(
    "content", [b"", b"Record ID,Name\nA1,Oak\n", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64]
)
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook):
        read(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook):
        read(tmp_path / "none.xlsx")


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
UNUSUAL = {
    "prefixed": f"""<x:worksheet xmlns:x="{MAIN}"><x:sheetData>
        <x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Record ID</x:t></x:is></x:c></x:row>
        <x:row r="3"><x:c r="A3" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>""",
    "single quotes": f"""<worksheet xmlns='{MAIN}'><sheetData>
        <row r='1'><c r='A1' t='inlineStr'><is><t>Record ID</t></is></c></row>
        <row r='3'><c r='A3' t='e'><f>1/0</f><v>#N/A</v></c></row></sheetData></worksheet>""",
}


def with_sheet(path: Path, xml: bytes) -> Path:
    """Write a workbook whose first sheet is this XML."""
    write(path.with_name("plain.xlsx"), {"Records": [["Record ID"], ["A1"]]})
    with zipfile.ZipFile(path.with_name("plain.xlsx")) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, xml if entry.filename.endswith("sheet1.xml") else source.read(entry))
    return path


@pytest.mark.parametrize("spelling", UNUSUAL)
def test_sheets_written_in_an_unusual_way_are_read_too(tmp_path: Path, spelling: str) -> None:
    tables = read(with_sheet(tmp_path / "a.xlsx", UNUSUAL[spelling].encode()))
    assert list(tables.rows) == [3]
    assert tables.columns[1] == ["#N/A"]


def test_a_stray_cell_in_an_unusual_sheet_is_found_too(tmp_path: Path) -> None:
    xml = UNUSUAL["prefixed"].replace('"3"', '"1048576"').replace("A3", "XFD1048576")
    with pytest.raises(WorkbookError, match="Records!XFD1048576"):
        read(with_sheet(tmp_path / "a.xlsx", xml.encode()))


@pytest.mark.parametrize(
    "stray",
    [
        '<row r="3"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c s="0" r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="3"><c\nr="XFD1048576"><v>1</v></c></row>',
        f'<row r="3">{"<c><v>1</v></c>" * 16_000}</row><row r="99999"><c r="A99999"><v>1</v></c></row>',
        f'<x:row xmlns:x="{MAIN}" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        f'<row r="3"><x:c xmlns:x="{MAIN}" r="XFD1048576"><x:v>1</x:v></x:c></row>',
    ],
    ids=range(7),
)
def test_a_stray_cell_among_usual_ones_is_not_overlooked_however_it_is_written(tmp_path: Path, stray: str) -> None:
    usual = '<row r="1"><c r="A1" t="inlineStr"><is><t>Record ID</t></is></c></row>'
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{usual}{stray}</sheetData></worksheet>'
    path = with_sheet(tmp_path / "a.xlsx", xml.encode())
    with Container.open(path) as container, pytest.raises(WorkbookError):
        look(container, "Records", Shown(("General",), from_1904=False))


def test_a_sheet_that_calamine_cannot_read_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    xml = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>many</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(NotAWorkbook, match=r"a\.xlsx cannot be read") as caught:
        read(with_sheet(tmp_path / "a.xlsx", xml.encode()))
    assert "save it as .xlsx" in caught.value.hint


def test_a_damaged_workbook_is_named_whatever_is_damaged_in_it(tmp_path: Path) -> None:
    for number, xml in enumerate(
        (b"<worksheet>", b"no xml at all", f'<worksheet xmlns="{MAIN}"><sheetData><row'.encode())
    ):
        path = with_sheet(tmp_path / f"damaged{number}.xlsx", xml)
        with pytest.raises(NotAWorkbook, match=f"damaged{number}[.]xlsx"):
            read(path)


def test_a_million_rows_of_nothing_but_formatting_are_no_strays(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>' for row in range(3, 1_048_577))
    xml = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Record ID</t></is></c></row>'
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c></row>{blank}</sheetData></worksheet>'
    )
    assert list(read(with_sheet(tmp_path / "a.xlsx", xml.encode())).rows) == [2]


def test_a_text_that_repeats_in_a_column_is_kept_once_and_no_cell_changes_by_it(tmp_path: Path) -> None:
    colours = [f"shade {number % 7}" for number in range(3_000)]
    colours[1_500:1_510] = [f"rare {number}" for number in range(10)]
    names = [f"Oak stool {number}" for number in range(3_000)]
    lines = [["Record ID", "Name", "Colour"], *([f"A{at}", names[at], colours[at]] for at in range(3_000))]
    tables = read(write(tmp_path / "a.xlsx", {"Records": lines}))
    assert list(tables.columns[2]) == names
    assert list(tables.columns[3]) == colours
    assert len({id(text) for text in tables.columns[3]}) == len(set(colours))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has to be told")
def test_memory_that_a_library_has_freed_goes_back_to_the_system() -> None:
    script = (
        "import ctypes\n"
        "from sync.workbook.memory import give_back\n"
        "libc = ctypes.CDLL(None)\n"
        "libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]\n"
        "def held():\n"
        "    return int(open('/proc/self/statm').read().split()[1]) * 4096\n"
        "blocks = [libc.malloc(60_000) for _ in range(1_000)]\n"
        "for block in blocks: ctypes.memset(block, 1, 60_000)\n"
        "kept = blocks.pop()\n"
        "for block in blocks: libc.free(block)\n"
        "before = held()\n"
        "give_back()\n"
        "print(before - held() > 50_000_000)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_the_reading_libraries_are_not_loaded_before_they_are_needed() -> None:
    script = (
        "import sys, sync.workbook.read, sync.records\n"
        "print([name for name in ('polars', 'fastexcel', 'openpyxl') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(NotAWorkbook, match="is no file"):
        read(tmp_path / "pipe.xlsx")
