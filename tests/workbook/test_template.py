from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import fastexcel
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from sync.errors import ProblemsFound, WorkbookBusy
from sync.model import CATEGORY_TEXTS, PRODUCT_TEXTS, Action, Cell, Choice, Reference, Rules
from sync.records import to_workbook
from sync.report.rows import _ITEM_WORDS
from sync.workbook.layout import (
    HEADINGS,
    IMAGES,
    LISTS,
    RECORDS,
    SETTINGS,
    SETTINGS_ROWS,
    START,
    SYNC,
    Role,
    setting_for,
)
from sync.workbook.package.text import LIMIT, units
from sync.workbook.read import read
from sync.workbook.template import BLANKS, Column, ProductTable, make, make_blanks
from sync.workbook.template_lists import BUILT_IN_TONES
from sync.workbook.template_rows import attribute_column, fit, known_column
from sync.workbook.template_styles import HEADER

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).parents[2]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

ACCOUNT = Reference(
    rules=Rules(),
    tones=(Choice("t1", "Cheerful"), Choice("t2", "Dry, but kind")),
    styles=(Choice("s1", "Story"),),
    audiences=(Choice("a1", "Parents"), Choice("a2", "Gardeners")),
)


def columns(*fields: str) -> tuple[Column, ...]:
    known = {heading.field: heading for heading in HEADINGS}
    return tuple(known_column(known[field]) if field in known else attribute_column(field) for field in fields)


def table(fields: tuple[str, ...], *rows: tuple[str, ...]) -> ProductTable:
    return ProductTable("Shopify", "export.csv", columns(*fields), rows)


TWO = table(
    ("record_id", "name", "sku", "Material", "product description"),
    ("00123", "Linen shirt", "0099", "Linen", "<p>Washed.</p>"),
    ("1E5", "=1+1", "-5", "Cotton; Silk", "+49 170"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "products.xlsx"


def made(path: Path, rows: ProductTable | None = None, reference: Reference | None = None, **settings: str) -> Workbook:
    make(path, workbook_id="f00d", reference=reference, rows=rows, settings=settings)
    return load_workbook(path)


def headings(sheet: Worksheet) -> dict[str, str]:
    """Give the letter of each column by its heading."""
    return {str(cell.value): get_column_letter(number) for number, cell in enumerate(sheet[1], start=1)}


def dropdowns(sheet: Worksheet) -> dict[str, str]:
    rules = sheet.data_validations.dataValidation
    return {str(rule.sqref): str(rule.formula1) for rule in rules if rule.type == "list"}


# ------------------------------------------------------------------------------------ the sheets


def test_the_sheets_stand_in_order_and_the_inner_ones_are_hidden(path: Path) -> None:
    book = made(path)
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        (START, "visible"), (SETTINGS, "visible"), (RECORDS, "visible"), (IMAGES, "visible"),
        (LISTS, "hidden"), (SYNC, "veryHidden"),
    ]  # fmt: skip


def test_the_inner_sheet_holds_the_workbook_id_and_the_layout(path: Path) -> None:
    assert list(made(path)[SYNC].values) == [("workbook id", "f00d"), ("layout", "1")]


def test_the_first_sheet_names_the_three_commands_with_the_file(tmp_path: Path) -> None:
    sheet = made(tmp_path / "my shop.xlsx")[START]
    words = "\n".join(str(value) for row in sheet.values for value in row if value)
    for command in ("plan", "run", "status"):
        assert f"wtsync {command} 'my shop.xlsx'" in words
    links = [cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink]
    assert links == [f"'{SETTINGS}'!A1", f"'{RECORDS}'!A1"]


def test_every_setting_of_this_type_of_record_is_there_once_with_its_default(path: Path) -> None:
    rows = {row[0]: row[1] for row in made(path)[SETTINGS].iter_rows(min_row=2, values_only=True)}
    expected = {s.name: s.value for s in SETTINGS_ROWS if not s.name.startswith("Category description")}
    found = {name: "" if value is None else str(value) for name, value in rows.items() if setting_for(str(name))}
    assert found == expected


def test_group_titles_on_settings_are_no_settings(path: Path) -> None:
    rows = list(made(path)[SETTINGS].iter_rows(min_row=2, values_only=True))
    titles = [row for row in rows if setting_for(str(row[0])) is None]
    assert len(titles) == 6
    assert all(row[1] is None and row[2] is None for row in titles)


def test_settings_may_be_given_by_name_or_field_but_not_made_up(path: Path) -> None:
    make(path, workbook_id="x", settings={"Store": "shop.example", "words_max:excerpt": "60"})
    book = load_workbook(path)
    values = {row[0]: row[1] for row in book[SETTINGS].values}
    assert values["Store"] == "shop.example"
    assert values["Excerpt: most words"] == 60
    with pytest.raises(ValueError, match="no setting 'Colour scheme'"):
        make(path, workbook_id="x", settings={"Colour scheme": "red"})


def test_settings_have_dropdowns_and_checks_where_only_some_values_make_sense(path: Path) -> None:
    sheet = made(path)[SETTINGS]
    place = {row[0].value: row[1].coordinate for row in sheet.iter_rows()}
    lists = dropdowns(sheet)
    assert lists[place["Type"]] == "list_types"
    assert lists[place["Tones"]] == "list_tones"
    assert lists[place["Emptied cell"]] == "list_emptied"
    assert place["Style"] not in lists  # unknown without an account
    numbers = {str(r.sqref): (r.type, r.errorTitle) for r in sheet.data_validations.dataValidation if r.type != "list"}
    assert numbers[place["Excerpt: most words"]] == ("whole", "Not a number")
    assert numbers[place["Budget"]][0] == "decimal"


# ------------------------------------------------------------------------------------ the records


def test_a_blank_workbook_has_the_known_columns_examples_and_the_texts(path: Path) -> None:
    assert list(headings(made(path)[RECORDS])) == [
        "Action", "Record ID", "Name", "SKU", "URL", "Keywords", "Tones", "Style", "Audiences", "Other details",
        "Brand", "Material", "Colour", "Size",
        "Page title", "Page description", "Product description", "Excerpt", "Open graph text",
        "Status", "Message", "Updated", "Credits",
    ]  # fmt: skip


def test_a_workbook_for_categories_has_the_texts_of_categories(path: Path) -> None:
    names = list(headings(made(path, type="Category")[RECORDS]))
    assert [name for name in names if name.lower() in (*PRODUCT_TEXTS, *CATEGORY_TEXTS)] == [
        text.capitalize() for text in CATEGORY_TEXTS
    ]
    assert "Parent category" in names


def test_a_table_brings_its_own_properties_and_no_examples(path: Path) -> None:
    names = list(headings(made(path, TWO)[RECORDS]))
    assert "Material" in names
    assert not {"Brand", "Colour", "Size"} & set(names)
    assert names.index("Material") < names.index("Page title") < names.index("Status")


def test_ids_numbers_and_formulas_stay_the_texts_they_are(path: Path) -> None:
    sheet = made(path, TWO)[RECORDS]
    column = headings(sheet)
    for heading, values in {
        "Record ID": ["00123", "1E5"], "SKU": ["0099", "-5"], "Name": ["Linen shirt", "=1+1"],
        "Product description": ["<p>Washed.</p>", "+49 170"],
    }.items():  # fmt: skip
        cells = [sheet[f"{column[heading]}{row}"] for row in (2, 3)]
        assert [cell.value for cell in cells] == values
        assert [cell.data_type for cell in cells] == ["s", "s"]
    assert sheet[f"{column['Name']}3"].quotePrefix
    assert not sheet[f"{column['Name']}2"].quotePrefix


def test_calamine_reads_the_same_texts(path: Path) -> None:
    made(path, TWO)
    frame = fastexcel.read_excel(path).load_sheet(RECORDS, dtypes="string").to_polars()
    assert frame["Record ID"].to_list() == ["00123", "1E5"]
    assert frame["Name"].to_list() == ["Linen shirt", "=1+1"]
    assert frame["Material"].to_list() == ["Linen", "Cotton; Silk"]


def test_our_own_reader_finds_nothing_to_complain_about(path: Path) -> None:
    made(path, TWO)
    workbook = to_workbook(read(path), None)
    assert workbook.problems == ()
    assert workbook.workbook_id == "f00d"
    assert [record.key.record_id for record in workbook.records] == ["00123", "1E5"]
    assert workbook.records[1].inputs.attributes[0].values == ("Cotton", "Silk")


@pytest.mark.parametrize("blank", BLANKS)
def test_our_own_reader_takes_the_shipped_workbooks_as_they_are(blank: str) -> None:
    workbook = to_workbook(read(ROOT / "templates" / blank), None)
    assert workbook.problems == ()
    assert workbook.records == ()


def test_input_columns_are_text_down_to_the_last_row(path: Path) -> None:
    sheet = made(path)[RECORDS]
    for heading, letter in headings(sheet).items():
        role = next((known.role for known in HEADINGS if known.name == heading), Role.ATTRIBUTE)
        expected = "General" if role in {Role.TEXT, Role.RESULT} else "@"
        assert sheet.column_dimensions[letter].number_format == expected, heading
        assert sheet[f"{letter}2"].number_format == expected, heading


def test_long_texts_wrap_and_stand_at_the_top_in_typed_rows_too(path: Path) -> None:
    sheet = made(path, TWO)[RECORDS]
    letter = headings(sheet)["Product description"]
    for alignment in (sheet[f"{letter}2"].alignment, sheet.column_dimensions[letter].alignment):
        assert (alignment.wrap_text, alignment.vertical) == (True, "top")


def test_headings_have_the_colour_of_their_role_and_a_note(path: Path) -> None:
    sheet = made(path)[RECORDS]
    letter = headings(sheet)
    for heading, role in {"Action": Role.CONTROL, "Record ID": Role.IDENTITY, "Name": Role.INPUT,
                          "Brand": Role.ATTRIBUTE, "Excerpt": Role.TEXT, "Status": Role.RESULT}.items():  # fmt: skip
        cell = sheet[f"{letter[heading]}1"]
        assert cell.fill.start_color.rgb == "FF" + HEADER[role]
        assert cell.comment
    assert len(set(HEADER.values())) == len(HEADER)


def test_headings_and_names_stay_in_sight_on_screen_and_on_paper(path: Path) -> None:
    sheet = made(path)[RECORDS]
    assert sheet.freeze_panes == "D2"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$C")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter
    assert sheet.oddFooter.right.text == "&P / &N"


def test_the_table_covers_headings_and_rows_and_has_their_names(path: Path) -> None:
    sheet = made(path, TWO)[RECORDS]
    only = sheet.tables[RECORDS]
    assert only.ref == f"A1:{get_column_letter(sheet.max_column)}3"
    assert only.autoFilter.ref == only.ref
    assert [column.name for column in only.tableColumns] == list(headings(sheet))
    assert only.tableStyleInfo.showRowStripes


def test_a_blank_table_has_rows_to_type_in(path: Path) -> None:
    assert re.fullmatch(r"A1:[A-Z]+41", made(path)[RECORDS].tables[RECORDS].ref)


def test_headings_are_unique_short_and_on_one_line(path: Path) -> None:
    own = [Column(name, Role.ATTRIBUTE) for name in ("Fit\nand  feel", "x" * 300, "x" * 299)]
    rows = ProductTable("Shopify", "x.csv", (*columns("record_id"), *own), (("a", "b", "c", "d"),))
    sheet = made(path, rows)[RECORDS]
    names = list(headings(sheet))
    assert "Fit and feel" in names
    assert max(map(len, names)) <= 255
    assert len(names) == sheet.max_column
    row = dict(zip(names, next(sheet.iter_rows(min_row=2, values_only=True)), strict=True))
    assert [value for name, value in row.items() if name.startswith("xxx")] == ["c", "d"]


# -------------------------------------------------------------------------------------- dropdowns


def test_actions_are_a_strict_dropdown_down_to_the_last_row(path: Path) -> None:
    book = made(path)
    rule = next(rule for rule in book[RECORDS].data_validations.dataValidation if str(rule.sqref) == "A2:A1048576")
    assert rule.showErrorMessage
    assert "Regenerate" in str(rule.error)
    assert listed(book, str(rule.formula1)) == [action.value for action in Action if action]


def test_without_an_account_only_the_documented_tones_are_offered(path: Path) -> None:
    book = made(path)
    letter = headings(book[RECORDS])
    lists = dropdowns(book[RECORDS])
    assert listed(book, lists[f"{letter['Tones']}2:{letter['Tones']}1048576"]) == list(BUILT_IN_TONES)
    assert not any(area.startswith((letter["Style"] + "2", letter["Audiences"] + "2")) for area in lists)


def test_an_account_brings_its_own_lists_and_several_may_be_typed(path: Path) -> None:
    book = made(path, reference=ACCOUNT)
    letter = headings(book[RECORDS])["Audiences"]
    rule = next(
        r for r in book[RECORDS].data_validations.dataValidation if str(r.sqref) == f"{letter}2:{letter}1048576"
    )
    assert listed(book, str(rule.formula1)) == ["Parents", "Gardeners"]
    assert not rule.showErrorMessage
    assert listed(book, "list_tones") == ["Cheerful", "Dry, but kind"]


def listed(book: Workbook, name: str) -> list[object]:
    """Follow a defined name to its values."""
    ((sheet, area),) = book.defined_names[name].destinations
    return [row[0].value for row in book[sheet][area]]


# ------------------------------------------------------------------------------ what a cell can hold


def test_control_characters_are_left_out_and_told(path: Path) -> None:
    problems = make(path, workbook_id="x", rows=table(("record_id", "name"), ("a", "Bell\x07 and\x0b more\r\nhere")))
    assert [(p.where, p.kind, p.warning) for p in problems] == [(f"{RECORDS}!C2", "control-characters", True)]
    assert load_workbook(path)[RECORDS]["C2"].value == "Bell and more\nhere"


def test_texts_longer_than_a_cell_are_cut_and_told(path: Path) -> None:
    long = "\U0001f9f6" * 20_000
    problems = make(path, workbook_id="x", rows=table(("record_id", "name"), ("a", long)))
    assert [p.kind for p in problems] == ["text-too-long"]
    assert "40,000" in problems[0].what
    value = str(load_workbook(path)[RECORDS]["C2"].value)
    assert value.endswith("… [cut]")
    assert LIMIT - 2 < units(value) <= LIMIT


def test_what_excel_takes_for_an_escape_comes_back_as_it_was(path: Path) -> None:
    made(path, table(("record_id", "name"), ("a", "size_x0041_b")))
    frame = fastexcel.read_excel(path).load_sheet(RECORDS, dtypes="string").to_polars()
    assert frame["Name"].to_list() == ["size_x0041_b"]


def test_ordinary_texts_pass_untouched() -> None:
    text = "Two\nlines, tabs\tand – dashes"  # noqa: RUF001 - the dash is meant
    assert fit(text, Cell(RECORDS, 2, 3)) == (text, None)


def test_no_record_may_stand_there_twice(path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        make(path, workbook_id="x", rows=table(("record_id", "name"), ("a", "A"), ("b", "B"), ("a", "C")))
    assert [(p.where, p.value) for p in caught.value.problems] == [(f"{RECORDS}!B4", "a")]
    assert not path.exists()


def test_one_record_in_two_languages_is_two_records(path: Path) -> None:
    sheet = made(path, table(("record_id", "language", "name"), ("a", "en", "A"), ("a", "de", "A")))[RECORDS]
    assert list(headings(sheet))[:4] == ["Action", "Record ID", "Language", "Name"]
    assert sheet.freeze_panes == "E2"


# ---------------------------------------------------------------------------------------- the file


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1" / "a.xlsx", tmp_path / "2" / "a.xlsx"
    for path in (first, second):
        path.parent.mkdir()
        made(path, TWO, ACCOUNT)
    assert first.read_bytes() == second.read_bytes()


def test_the_date_in_the_file_is_the_one_given(path: Path) -> None:
    when = datetime(2031, 5, 4, 3, 2, 1)  # noqa: DTZ001 - a file's properties bear no time zone
    make(path, workbook_id="x", made=when)
    properties = load_workbook(path).properties
    assert (properties.created, properties.modified) == (when, when)


def test_nothing_is_left_beside_the_workbook(path: Path) -> None:
    made(path, TWO)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_place_where_nothing_may_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "folder.xlsx"
    (folder / "inner").mkdir(parents=True)
    with pytest.raises(Exception, match=r"folder\.xlsx (may not|cannot) be written") as caught:
        make(folder, workbook_id="x")
    assert caught.type.__name__ in {"WorkbookError", WorkbookBusy.__name__}
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder.xlsx"]


def test_numbers_kept_as_text_get_no_green_corners_and_the_parts_stand_in_order(path: Path) -> None:
    made(path, TWO)
    with ZipFile(path) as archive:
        root = ET.fromstring(archive.read("xl/worksheets/sheet3.xml"))  # noqa: S314 - we have just written it
        assert archive.testzip() is None
    tags = [child.tag.removeprefix(MAIN) for child in root]
    order = ["sheetPr", "sheetViews", "sheetFormatPr", "cols", "sheetData", "conditionalFormatting", "dataValidations",
             "pageMargins", "pageSetup", "headerFooter", "ignoredErrors", "legacyDrawing", "tableParts"]  # fmt: skip
    assert list(dict.fromkeys(tags)) == order
    error = root.find(f"{MAIN}ignoredErrors/{MAIN}ignoredError")
    assert error is not None
    assert error.attrib == {"sqref": "A1:XFD1048576", "numberStoredAsText": "1"}


@pytest.mark.parametrize("blank", BLANKS)
def test_the_shipped_workbooks_are_what_would_be_made_now(blank: str, tmp_path: Path) -> None:
    make_blanks(tmp_path)
    shipped, fresh = (load_workbook(folder / blank) for folder in (ROOT / "templates", tmp_path))
    assert shipped.sheetnames == fresh.sheetnames
    for old, new in zip(shipped, fresh, strict=True):
        assert [[looks(cell) for cell in row] for row in old] == [[looks(cell) for cell in row] for row in new]
        assert dropdowns(old) == dropdowns(new)
        assert {k: v.width for k, v in old.column_dimensions.items()} == {
            k: v.width for k, v in new.column_dimensions.items()
        }
        assert (old.sheet_state, old.freeze_panes) == (new.sheet_state, new.freeze_panes)
        assert {t.name: t.ref for t in old.tables.values()} == {t.name: t.ref for t in new.tables.values()}
    assert {n: d.attr_text for n, d in shipped.defined_names.items()} == {
        n: d.attr_text for n, d in fresh.defined_names.items()
    }


def looks(cell: object) -> tuple[object, ...]:
    """Give everything about a cell that somebody sees."""
    names = ("coordinate", "value", "data_type", "number_format", "font", "fill", "border", "alignment", "quotePrefix")
    comment = getattr(cell, "comment", None)
    return (*(repr(getattr(cell, name)) for name in names), comment.text if comment else "")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_shows_every_sheet_that_is_not_hidden(path: Path, tmp_path: Path) -> None:
    made(path, TWO)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert path.with_suffix(".pdf").stat().st_size > 5_000


def test_every_status_that_a_run_writes_has_its_colour(path: Path) -> None:
    sheet = made(path)[RECORDS]
    letter = headings(sheet)["Status"]
    formulas = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules if rule.formula]
    for word in (*(word for _, word in _ITEM_WORDS), "Done", "Fetched", "Yours kept"):
        assert sum(f'${letter}2="{word}"' in formula for formula in formulas) == 1, word


def test_ids_have_room(path: Path) -> None:
    """A long id makes its column wider, so that it can be read whole."""
    long = "a-very-long-handle-of-a-product-42"
    rows = ProductTable("Shopify", "x.csv", (known_column(HEADINGS[1], [long]), *columns("name")), ((long, "A"),))
    assert made(path, rows)[RECORDS].column_dimensions["B"].width > len(long)
